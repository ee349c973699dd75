"""Functions of single elements on arrays: choices, complex numbers, gated units."""
