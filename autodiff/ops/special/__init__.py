"""Special functions, elementwise."""
