"""Operators and methods of `Value`, `Tensor` and `Node`, and the protocols of NumPy and Python.

Only here are attributes of the classes set: `install` attaches all of it once, most of it the
functions of the namespace themselves. What checkers and editors see of it are the stubs.
In come calls of methods and of NumPy's functions, out come calls of the library's functions.

May import sweeps, functions and all below them.
"""
