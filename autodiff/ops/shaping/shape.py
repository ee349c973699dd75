"""Shape: the same elements in another arrangement."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.notation import Place, index_text, summed_text
from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases

Shape = tuple[int, ...]


def _reshaped(place: Place) -> str | None:
    lengths = "×".join(map(str, place.shape))
    return f"reshape to {lengths}" if lengths else None


reshape: Structural = structural(
    "reshape",
    lambda xp, x, *, shape: xp.reshape(x, shape),
    [lambda xp, g, y, x, *, shape: xp.reshape(g, x.shape)],
    notation=Notation("reshape {0}", r"\operatorname{{reshape}} {0}", 2, (3,)),
    linear=True,
    samples=cases(((2, 6), {"shape": (3, 4)}), ((4,), {"shape": (-1, 2)}), ((), {"shape": (1,)})),
    factors=[("reshape", "g in the shape of {0}", _reshaped)],
    doc="The elements in C order under another shape.",
)


def _transpose_vjp(xp: Any, g: Any, y: Any, x: Any, *, axes: Shape | None = None) -> Any:
    if axes is None:
        return xp.transpose(g)
    return xp.transpose(g, tuple(int(i) for i in np.argsort([a % len(axes) for a in axes])))


def _axes_back(place: Place) -> str | None:
    axes = place.params.get("axes")
    if axes is None or len(axes) == 2:
        return None if axes is None or axes[0] % 2 else "1"
    back = np.argsort([axis % len(axes) for axis in axes])
    return f"axes {', '.join(map(str, back))}"


transpose: Structural = structural(
    "transpose",
    lambda xp, x, *, axes=None: xp.transpose(x, axes),
    [_transpose_vjp],
    notation=Notation("{0}ᵀ", "{{{0}}}^T", 4, (5,)),
    linear=True,
    samples=cases(
        ((2, 3), {}), ((2, 3, 4), {"axes": (2, 0, 1)}), ((2, 3, 4), {"axes": (-1, 0, 1)})
    ),
    factors=[("gᵀ", "g with its axes back in the order of {0}", _axes_back)],
    doc="Axes in another order, reversed by default.",
)

expand_dims: Structural = structural(
    "expand_dims",
    lambda xp, x, *, axis: xp.expand_dims(x, axis),
    [lambda xp, g, y, x, *, axis: xp.reshape(g, x.shape)],
    notation=Notation.function("expand_dims"),
    linear=True,
    samples=cases(((2, 3), {"axis": 0}), ((2, 3), {"axis": (0, -1)}), ((), {"axis": 0})),
    factors=[("reshape", "g in the shape of {0}", _reshaped)],
    doc="New axes of length 1.",
)

squeeze: Structural = structural(
    "squeeze",
    lambda xp, x, *, axis=None: xp.squeeze(x, axis=axis),
    [lambda xp, g, y, x, *, axis=None: xp.reshape(g, x.shape)],
    notation=Notation.function("squeeze"),
    linear=True,
    samples=cases(((1, 3, 1), {}), ((1, 3, 1), {"axis": 0})),
    factors=[("reshape", "g in the shape of {0}", _reshaped)],
    doc="Axes of length 1 removed.",
)

broadcast_to: Structural = structural(
    "broadcast_to",
    lambda xp, x, *, shape: xp.broadcast_to(x, shape),
    [lambda xp, g, y, x, *, shape: unbroadcast(xp, g, x.shape)],
    notation=Notation.function("broadcast"),
    linear=True,
    samples=cases(((3,), {"shape": (2, 3)}), ((2, 1), {"shape": (2, 3)}), ((), {"shape": (2, 2)})),
    factors=[
        (
            "Σ",
            "g summed over the axes along which {0} was repeated",
            lambda place: summed_text(place.shape, place.result) or "1",
        )
    ],
    doc="The operand repeated to a larger shape.",
)

flip: Structural = structural(
    "flip",
    lambda xp, x, *, axis=None: xp.flip(x, axis=axis),
    [lambda xp, g, y, x, *, axis=None: xp.flip(g, axis=axis)],
    notation=Notation.function("flip"),
    linear=True,
    samples=cases(((3,), {}), ((2, 3), {"axis": 1}), ((2, 3), {"axis": (0, 1)})),
    factors=[("flip(g)", "g flipped along the same axes")],
    doc="Elements in reverse order along axes.",
)


def _roll_vjp(
    xp: Any, g: Any, y: Any, x: Any, *, shift: int | Shape, axis: int | Shape | None = None
) -> Any:
    back = -shift if isinstance(shift, int) else tuple(-s for s in shift)
    return xp.roll(g, back, axis=axis)


roll: Structural = structural(
    "roll",
    lambda xp, x, *, shift, axis=None: xp.roll(x, shift, axis=axis),
    [_roll_vjp],
    notation=Notation.function("roll"),
    linear=True,
    samples=cases(
        ((5,), {"shift": 2}),
        ((2, 3), {"shift": 1, "axis": 1}),
        ((2, 3), {"shift": (1, -2), "axis": (0, 1)}),
    ),
    factors=[("roll back", "g rolled back")],
    doc="Elements shifted along axes, those that leave re-entering at the other end.",
)


def _inner(pad_width: tuple[tuple[int, int], ...], shape: Shape) -> tuple[slice, ...]:
    return tuple(slice(before, before + n) for (before, _), n in zip(pad_width, shape, strict=True))


def _pad_vjp(
    xp: Any, g: Any, y: Any, x: Any, *, pad_width: tuple[tuple[int, int], ...], value: float = 0.0
) -> Any:
    return g[_inner(pad_width, x.shape)]


def _cropped(place: Place) -> str:
    return f"g[{index_text(_inner(place.params['pad_width'], place.shape))}]"


pad: Structural = structural(
    "pad",
    lambda xp, x, *, pad_width, value=0.0: xp.pad(x, pad_width, constant_values=value),
    [_pad_vjp],
    notation=Notation.function("pad"),
    samples=cases(
        ((3,), {"pad_width": ((1, 2),)}),
        ((2, 3), {"pad_width": ((0, 1), (2, 0)), "value": 1.5}),
    ),
    factors=[("crop", "g without the border", _cropped)],
    doc="A border of a constant value around the operand.",
)

astype: Structural = structural(
    "astype",
    lambda xp, x, *, dtype: xp.astype(x, dtype),
    [lambda xp, g, y, x, *, dtype: xp.astype_like(g, x)],
    notation=Notation.function("astype"),
    linear=True,
    samples=cases(((2, 3), {"dtype": np.dtype(np.float64)})),
    factors=[("1", "g in the type of {0}")],
    doc="The elements in another floating type.",
)
