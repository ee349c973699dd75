"""What is said of a graph that is no network."""

from __future__ import annotations

from autodiff.errors import GlassgradError

__all__ = ["NotANetworkError"]


class NotANetworkError(GlassgradError, ValueError):
    """A graph has no neurons, or something in it is no part of a network of neurons."""
