"""Discrete Fourier transforms, each the transpose of another one.

A cotangent c stands for dL = Re(c · dz), so what a linear step takes back is its plain
transpose. The matrix exp(-2πi jk/n) equals its transpose, hence `fft` takes back with
`fft`. For the half spectrum of real signals the transpose is the transform in the other
direction, with weights for the frequencies that stand for two.
"""

from __future__ import annotations

from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases

_OTHER_WAY = {"backward": "forward", "ortho": "ortho", "forward": "backward"}

_FULL = cases(
    ((5,), {"axes": (-1,), "norm": "backward"}),
    ((3, 4), {"axes": (0,), "norm": "ortho"}),
    ((3, 4), {"axes": (0, 1), "norm": "forward"}),
    ((2, 3, 2), {"axes": (-1, 0), "norm": "backward"}),
)


def _with_pairs(xp: Any, c: Any, n: int, axis: int, extra: float) -> Any:
    """``extra`` times themselves added to the frequencies that stand for two of n."""
    paired = (slice(None),) * (axis % len(c.shape)) + (slice(1, (n + 1) // 2),)
    return xp.index_add(c, paired, c[paired] * extra)


def _rfft_vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: int, norm: str) -> Any:
    # The real part of a transform of g alone; `irfft` adds the mirrored frequencies.
    n = x.shape[axis]
    c = _with_pairs(xp, xp.conjugate(g), n, axis, -0.5)
    return xp.astype_like(xp.irfft(c, n=n, axis=axis, norm=_OTHER_WAY[norm]), x)


def _irfft_vjp(xp: Any, g: Any, y: Any, x: Any, *, n: int, axis: int, norm: str) -> Any:
    c = xp.conjugate(xp.rfft(g, axis=axis, norm=_OTHER_WAY[norm]))
    return xp.astype_like(_with_pairs(xp, c, n, axis, 1.0), x)


fft: Structural = structural(
    "fft",
    lambda xp, x, *, axes, norm: xp.fft(x, axes=axes, norm=norm),
    [lambda xp, g, y, x, *, axes, norm: xp.astype_like(xp.fft(g, axes=axes, norm=norm), x)],
    notation=Notation.function("FFT"),
    linear=True,
    samples=_FULL,
    factors=[("FFT(g)", "FFT(g)")],
    doc="Discrete Fourier transform along axes.",
)

ifft: Structural = structural(
    "ifft",
    lambda xp, x, *, axes, norm: xp.ifft(x, axes=axes, norm=norm),
    [lambda xp, g, y, x, *, axes, norm: xp.astype_like(xp.ifft(g, axes=axes, norm=norm), x)],
    notation=Notation.function("IFFT"),
    linear=True,
    samples=_FULL,
    factors=[("IFFT(g)", "IFFT(g)")],
    doc="Inverse discrete Fourier transform along axes.",
)

rfft: Structural = structural(
    "rfft",
    lambda xp, x, *, axis, norm: xp.rfft(x, axis=axis, norm=norm),
    [_rfft_vjp],
    notation=Notation.function("RFFT"),
    linear=True,
    samples=cases(
        ((5,), {"axis": 0, "norm": "backward"}),
        ((4, 3), {"axis": -2, "norm": "ortho"}),
        ((2, 6), {"axis": 1, "norm": "forward"}),
        ((2, 1), {"axis": 1, "norm": "backward"}),
    ),
    factors=[("RFFTᵀ(g)", "the real part of FFT(g) with 0 for the frequencies that were left out")],
    doc="Discrete Fourier transform of real signals: the frequencies from 0 up.",
)

irfft: Structural = structural(
    "irfft",
    lambda xp, x, *, n, axis, norm: xp.irfft(x, n=n, axis=axis, norm=norm),
    [_irfft_vjp],
    notation=Notation.function("IRFFT"),
    linear=True,
    samples=cases(
        ((3,), {"n": 5, "axis": 0, "norm": "backward"}),
        ((3, 2), {"n": 4, "axis": -2, "norm": "ortho"}),
        ((2, 4), {"n": 6, "axis": 1, "norm": "forward"}),
        ((2, 1), {"n": 1, "axis": 1, "norm": "backward"}),
    ),
    factors=[
        (
            "IRFFTᵀ(g)",
            "conj(RFFT(g)) in the scale of the inverse, twice where a frequency stands for two",
        )
    ],
    doc="The real signal with given frequencies from 0 up.",
)
