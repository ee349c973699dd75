"""Elements picked, written and gathered by their indices."""
