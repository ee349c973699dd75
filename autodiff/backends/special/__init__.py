"""Special functions on arrays, in the precision of their operands."""
