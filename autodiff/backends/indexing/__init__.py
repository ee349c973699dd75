"""Adding and comparing at places of arrays."""
