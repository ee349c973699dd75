"""Convolution, pooling and resampling of arrays."""
