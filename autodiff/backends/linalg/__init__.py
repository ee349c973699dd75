"""Matrix functions on arrays, for stacks of matrices."""
