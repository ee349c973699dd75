"""Operators and methods of `Value`, `Tensor` and `Node`, and the protocols of NumPy and Python."""
