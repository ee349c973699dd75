"""What the functions of signals and images share: settings per axis, batches of one."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

from autodiff.errors import ShapeError
from autodiff.functions.shaping.shaping import expand_dims
from autodiff.tensors.operands import operands_of

__all__: list[str] = []


class Moving(NamedTuple):
    """A window and how it moves, numbers for each axis.

    ``padding`` is what was asked for; ``extra`` is added at the end so that a last window
    that begins inside is whole.
    """

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    dilation: tuple[int, ...]
    extra: tuple[int, ...]

    @property
    def setting(self) -> dict[str, Any]:
        """The parameters of the table's entries."""
        return {"kernel": self.kernel, "stride": self.stride, "dilation": self.dilation}

    @property
    def border(self) -> tuple[tuple[int, int], ...]:
        """All that is added before and after each axis."""
        return tuple((a, b + c) for (a, b), c in zip(self.padding, self.extra, strict=True))


def moving(
    name: str,
    sizes: tuple[int, ...],
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
) -> Moving:
    """The settings of a window that moves over axes of given lengths.

    Args:
        name: of the function that was given them, for the message.
        sizes: lengths of the axes.
        kernel_size: lengths of the window.
        stride: steps between its places; None for its own lengths.
        padding: numbers, ``"valid"`` or ``"same"``.
        dilation: steps between its elements.
        ceil_mode: whether a last window may reach over the end.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> moving("max_pool1d", (5,), 2, None, 0, 1, True).border
        ((0, 1),)
    """
    n = len(sizes)
    kernel = per_axis(name, "kernel_size", kernel_size, n)
    steps = kernel if stride is None or stride == () else per_axis(name, "stride", stride, n)
    taps = per_axis(name, "dilation", dilation, n)
    reach = tuple(d * (k - 1) + 1 for k, d in zip(kernel, taps, strict=True))
    if padding == "same":
        pairs = []
        for length, s, r in zip(sizes, steps, reach, strict=True):
            total = max((-(-length // s) - 1) * s + r - length, 0)
            pairs.append((total // 2, total - total // 2))
        return Moving(kernel, steps, tuple(pairs), taps, (0,) * n)
    if isinstance(padding, str) and padding != "valid":
        raise ValueError(
            f"{name}() takes padding='valid', padding='same' or numbers, not {padding!r}"
        )
    numbers = (0,) * n if padding == "valid" else per_axis(name, "padding", padding, n, low=0)
    if any(p > r // 2 for p, r in zip(numbers, reach, strict=True)):
        raise ValueError(
            f"{name}() was given padding={padding!r} for a window that spans {reach}; give at "
            "most half of that, or a window could lie outside altogether"
        )
    extra = [0] * n
    if ceil_mode:
        for i, (length, p) in enumerate(zip(sizes, numbers, strict=True)):
            s, r = steps[i], reach[i]
            count = -(-(length + 2 * p - r) // s) + 1
            if (count - 1) * s >= length + p:
                count -= 1
            extra[i] = max((count - 1) * s + r - length - 2 * p, 0)
    return Moving(kernel, steps, pairs_of(numbers), taps, tuple(extra))


def per_axis(name: str, what: str, given: Any, n: int, *, low: int = 1) -> tuple[int, ...]:
    """A setting as one number for each of ``n`` axes.

    Args:
        name: of the function that was given it, for the message.
        what: the setting's name.
        given: a number for all axes, or a sequence of numbers.
        n: the number of axes.
        low: the smallest number allowed.

    Returns:
        ``n`` numbers.

    Raises:
        ValueError: there are more or fewer numbers, or a number is too small.

    Example:
        >>> per_axis("conv2d", "stride", 2, 2)
        (2, 2)
    """
    try:
        numbers = tuple(operator.index(k) for k in given) if hasattr(given, "__len__") else None
        numbers = (operator.index(given),) * n if numbers is None else numbers
    except TypeError:
        numbers = ()
    if len(numbers) == 1:
        numbers *= n
    if len(numbers) != n or min(numbers) < low:
        raise ValueError(
            f"{name}() was given {what}={given!r}; give a whole number of at least {low}, or "
            f"{n} of them, one for each spatial axis"
        )
    return numbers


def pairs_of(numbers: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """The same number before and after each axis.

    Example:
        >>> pairs_of((1, 2))
        ((1, 1), (2, 2))
    """
    return tuple((k, k) for k in numbers)


def unbatched(name: str, x: Any, n: int, lead: str) -> tuple[Any, bool]:
    """A tensor with an axis of samples, and whether that was added.

    Args:
        name: of the function that was given the tensor, for the message.
        x: of shape (N, C, …) or (C, …).
        n: the number of spatial axes.
        lead: the name of the axis before these.

    Raises:
        ShapeError: the tensor has another number of axes.
    """
    if x.ndim == n + 2:
        return x, False
    if x.ndim != n + 1:
        axes = ", ".join(["L", "H, W", "D, H, W"][n - 1 : n])
        raise ShapeError(
            f"{name}() takes x of shape (N, {lead}, {axes}) or ({lead}, {axes}), not {x.shape}; "
            "add the missing axes with autodiff.expand_dims"
        )
    return expand_dims(x, 0), True


def kernels_of(name: str, n: int, x: Any, weight: Any, bias: Any, groups: Any) -> Any:
    """Input, weight and bias (or None) of a convolution over ``n`` axes as nodes.

    Raises:
        ShapeError: the weight has another number of axes.
        ValueError: the number of groups is none.
    """
    if not isinstance(groups, int) or groups < 1:
        raise ValueError(f"{name}() was given groups={groups!r}; give a positive whole number")
    if bias is None:
        x, weight = operands_of((x, weight))
    else:
        x, weight, bias = operands_of((x, weight, bias))
    if weight.ndim != n + 2:
        raise ShapeError(
            f"{name}() was given a weight of shape {weight.shape}; give one with {n + 2} axes, "
            f"two of channels and {n} of space"
        )
    return x, weight, bias


def check_weight(name: str, x: Any, weight: Any, bias: Any, groups: int, along: int) -> None:
    """Refuse a weight or bias that does not fit the channels of ``x``.

    Args:
        name: of the function that was given them, for the message.
        x: of shape (N, C, …).
        weight: of shape (O, C / groups, …), or (C, O / groups, …) of a transposed convolution.
        bias: of shape (O,), or None.
        groups: of channels that do not mix.
        along: the axis of the weight that meets the channels of ``x``.

    Raises:
        ShapeError: they do not fit.
    """
    channels, shape = x.shape[1], weight.shape
    expected = channels if along == 0 else channels / groups
    if shape[along] != expected or (shape[0] % groups):
        layout = "(C, O / groups, …)" if along == 0 else "(O, C / groups, …)"
        raise ShapeError(
            f"{name}() was given x with {channels} channels (shape {x.shape}), groups={groups} "
            f"and a weight of shape {shape}; the weight must be {layout} with "
            f"C = {channels}, and its first length a multiple of groups"
        )
    features = shape[0] if along == 1 else shape[1] * groups
    if bias is not None and bias.shape != (features,):
        raise ShapeError(
            f"{name}() was given a bias of shape {bias.shape}; with this weight it must be "
            f"({features},), one number per output channel"
        )
