"""Samplers: in which order, how often and in which batches the samples of an epoch come.

A length, weights, labels or a dataset come in; arrays of sample numbers go out.
May import `nn.data.datasets`.
"""
