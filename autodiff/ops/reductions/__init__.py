"""Many elements to few along axes, and running along an axis."""
