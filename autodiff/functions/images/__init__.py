"""Signals, images and volumes: convolution, pooling, windows, sampling, resizing."""
