"""Matrices: factorizations, inverses, eigenvalues, norms, roots."""
