"""Softmax and its losses, normalisation."""
