"""Discrete Fourier transforms: what `autodiff.fft` gives."""
