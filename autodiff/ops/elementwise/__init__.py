"""Entries of the table that act on each element."""
