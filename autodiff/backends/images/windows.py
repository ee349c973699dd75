"""Windows that move over arrays: at how many places they fit."""

from __future__ import annotations

__all__ = ["Pairs", "Shape", "output_sizes"]

Shape = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]


def output_sizes(
    sizes: Shape, kernel: Shape, stride: Shape, padding: Pairs, dilation: Shape
) -> Shape:
    """How many places a window has along each axis.

    Args:
        sizes: lengths of the axes.
        kernel: lengths of the window.
        stride: steps between its places.
        padding: elements added before and after each axis.
        dilation: steps between the elements of the window.

    Returns:
        One number per axis, each at least 1.

    Raises:
        ValueError: the window is empty or longer than the axis.
    """
    counts = []
    for n, k, s, (a, b), d in zip(sizes, kernel, stride, padding, dilation, strict=True):
        reach = d * (k - 1) + 1
        if k < 1 or n + a + b < reach:
            padded = f"{n}" if a == b == 0 else f"{n} and {a + b} of padding"
            raise ValueError(
                f"a kernel of {k}, which spans {reach}, does not fit in a length of {padded}; "
                "give a smaller kernel or dilation, or more padding"
            )
        counts.append((n + a + b - reach) // s + 1)
    return tuple(counts)
