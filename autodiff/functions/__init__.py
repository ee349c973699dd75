"""NumPy-like functions on nodes, by family; the file named as its family has the common ones."""
