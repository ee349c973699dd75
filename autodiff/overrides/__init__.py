"""NumPy's functions on nodes: each goes to the library's own, is answered, or refused."""
