"""Discrete Fourier transforms of arrays."""
