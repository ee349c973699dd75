"""NumPy-like functions on nodes: the namespace of the graph."""
