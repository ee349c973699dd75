"""Special functions, elementwise: Bessel, gamma, error functions, entropies."""
