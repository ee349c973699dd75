"""Sums of products: matrices, Einstein sums, polynomials, filters, distances."""
