"""Running results and recurrences along an axis of arrays."""
