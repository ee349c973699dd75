"""Complex numbers: their parts, how they are put together, and their absolute value.

Within a sweep a complex cotangent c stands for dL = Re(c · dz), so a holomorphic entry
multiplies with its derivative as a real one does. The entries here are linear over the
real numbers only, or give real numbers of complex ones; each says what that means for c.
"""

from __future__ import annotations

from typing import Any

from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases

_ONE = cases(((3, 4), {}), ((5,), {}), ((), {}))


def _imag_vjp(xp: Any, g: Any, y: Any, z: Any) -> Any:
    # Im z = Re(-i z). A real operand has no imaginary part, whatever it is.
    return xp.astype_like(g * -1j, z)


def _modulus_vjp(xp: Any, g: Any, y: Any, z: Any) -> Any:
    # d|z| = Re(z̄/|z| · dz); at 0 the subgradient of least magnitude.
    return g * (xp.conjugate(z) / xp.where(xp.equal(y, 0), 1.0, y))


def _real_of(xp: Any, g: Any, a: Any) -> Any:
    return unbroadcast(xp, xp.real(g), a.shape)


real: Structural = structural(
    "real",
    # NumPy gives a real array itself, which would change with it.
    lambda xp, z: xp.real(z) if z.dtype.kind == "c" else xp.positive(z),
    [lambda xp, g, y, z: xp.astype_like(g, z)],
    notation=Notation.function("Re", r"\operatorname{{Re}}"),
    linear=True,
    samples=_ONE,
    factors=[("1", "g")],
    doc="Real part.",
)

imag: Structural = structural(
    "imag",
    lambda xp, z: xp.imag(z),
    [_imag_vjp],
    notation=Notation.function("Im", r"\operatorname{{Im}}"),
    linear=True,
    samples=_ONE,
    factors=[("−i ·", "−i · g")],
    doc="Imaginary part.",
)

conjugate: Structural = structural(
    "conjugate",
    lambda xp, z: xp.conjugate(z),
    [lambda xp, g, y, z: xp.conjugate(g)],
    notation=Notation("conj({0})", r"\overline{{{0}}}"),
    linear=True,
    samples=_ONE,
    factors=[("conj(g)", "conj(g)")],
    doc="Complex conjugate: the imaginary part with its sign changed.",
)

make_complex: Structural = structural(
    "make_complex",
    lambda xp, a, b: xp.make_complex(a, b),
    [
        lambda xp, g, y, a, b: _real_of(xp, g, a),
        lambda xp, g, y, a, b: _real_of(xp, g * 1j, b),
    ],
    notation=Notation("{0} + i {1}", r"{0} + i\,{1}", 1, (1, 3)),
    linear=True,
    samples=cases(([(3, 4), (3, 4)], {}), ([(3, 1), (4,)], {}), ([(), (2,)], {})),
    factors=[("Re(g)", "Re(g)"), ("−Im(g)", "−Im(g)")],
    doc="Complex numbers with given real and imaginary parts.",
)

modulus: Structural = structural(
    "modulus",
    lambda xp, z: xp.absolute(z),
    [_modulus_vjp],
    notation=Notation("|{0}|", r"\left|{0}\right|"),
    reads=(0, "y"),
    samples=_ONE,
    factors=[("⊙ conj({0})/|{0}|", "g ⊙ conj({0}) / |{0}|")],
    kinks="At 0 the gradient is 0.",
    doc="Absolute value of complex numbers; gradient 0 at 0.",
)
