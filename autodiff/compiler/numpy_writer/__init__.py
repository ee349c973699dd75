"""The NumPy writer: a recorded program as Python source that calls NumPy.

In come a program after all passes, with its rows of instructions; out go the source of the
step, what its names stand for, and a file that runs by itself. Other writers stand beside this
one and need the program and the rows alone.

May import the compiler's program, instructions and plans of memory.
"""
