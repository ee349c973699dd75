"""Calls of every public function of arrays, with an array wherever one may stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autodiff as ad
from tests.autodiff.calls import linear, networks, placing, reducing, shaping, spectra
from tests.autodiff.calls.numbers import OTHER, POSITIVE, UNIT

__all__ = ["CALLS", "Call", "function", "public"]

Call = tuple[tuple[Any, ...], dict[str, Any]]

_MODULES = {"linalg": ad.linalg, "fft": ad.fft, "special": ad.special}

# What takes no arrays, or takes a function and is tested where transforms are.
_OTHER = frozenset(
    """
    allclose arange asarray backward broadcast_shapes can_cast checkpoint compile custom_function
    default_dtype einsum_path empty eye explain_backward find_root finfo fixed_point from_dlpack
    full get_default_dtype grad gradcheck gradients hessian hvp identity iinfo is_anomaly_enabled
    is_grad_enabled isclose isdtype jacfwd jacobian jacrev jvp largest linearize ndim one_hot
    ones result_type rrelu scalarize scope set_default_dtype set_detect_anomaly shape size
    stop_gradient tensor to_value topological_order total tri value_and_grad values vectorize vjp
    vmap zeros fft.fftfreq fft.rfftfreq
    """.split()
)

_ON_UNIT = frozenset(
    "arccos acos arcsin asin arctanh atanh logit erfinv erfcinv ndtri special.erfinv "
    "special.erfcinv special.logit special.ndtri".split()
)


def function(name: str) -> Callable[..., Any]:
    """The function of a dotted name."""
    home, _, last = name.rpartition(".")
    found: Callable[..., Any] = getattr(_MODULES[home] if home else ad, last)
    return found


def public() -> set[str]:
    """The names of all public functions of arrays."""
    names = {name for name in ad.__all__ if callable(getattr(ad, name))}
    for home, module in _MODULES.items():
        names |= {f"{home}.{name}" for name in module.__all__}
    return {n for n in names if not isinstance(function(n), type)} - _OTHER


CALLS: dict[str, list[Call]] = {}
for _family in (linear, networks, placing, reducing, shaping, spectra):
    CALLS |= _family.CALLS


def _of_numbers(name: str) -> list[Call]:
    domain = UNIT if name in _ON_UNIT else POSITIVE
    for args in ((domain,), (domain, OTHER)):
        try:
            function(name)(*args)
        except (TypeError, ValueError):
            continue
        return [(args, {})]
    return []


for _name in sorted(public() - CALLS.keys()):
    CALLS[_name] = _of_numbers(_name)
