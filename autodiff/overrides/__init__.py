"""The protocols of NumPy and of Python: what their functions do with a node."""
