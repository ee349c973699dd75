"""What went wrong, where, and how a value came about."""
