"""Elements picked, put in place and gathered by their indices."""
