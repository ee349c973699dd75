"""What computes each operator of the database here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.autodiff.operators import elementwise, linear, networks, placing, reducing, shaping
from tests.autodiff.operators.naming import by_name

__all__ = ["APART", "adapter", "invariant", "is_compared", "is_determined"]

APART = {
    "_unsafe_masked_index": "internal",
    "_unsafe_masked_index_put_accumulate": "internal",
    "as_strided.partial_views": "through the memory behind a view",
    "as_strided_scatter": "its derivative there disagrees with differences of its values",
    "bfloat16": "a dtype that NumPy has not",
    "cholesky_inverse": "the gradient there is not limited to the triangle that is read",
    "cholesky_solve": "the gradient there is not limited to the triangle that is read",
    "cov": "what the weights' second derivative should be, 0, is lost in rounding",
    "float": "in float32",
    "half": "in float16",
    "linalg.norm": "NaN there in the second derivative at zero",
    "linalg.pinv": "the gradient of a symmetric operand is spread otherwise",
    "nextafter": "no gradient here",
    "nn.functional.fractional_max_pool2d": "draws random numbers",
    "nn.functional.fractional_max_pool3d": "draws random numbers",
    "nn.functional.max_unpool1d": "several elements in one place, whose order is not determined",
    "nn.functional.max_unpool2d": "several elements in one place, whose order is not determined",
    "nn.functional.max_unpool3d": "several elements in one place, whose order is not determined",
    "sparse.mm": "sparse",
    "sparse.sampled_addmm": "sparse",
    "to_sparse": "sparse",
}
"""Operators that are not compared, and why."""


def is_compared(name: str, title: str) -> bool:
    """Whether an operator of the database, or a variant of it, is compared."""
    whole = name in APART and not title.endswith(".grad")
    return not whole and title not in APART and adapter(name) is not None


def is_determined(options: dict[str, Any]) -> bool:
    """Whether a sample draws no random numbers."""
    return not options.get("dropout_p") and not options.get("training")


def invariant(name: str) -> Callable[[Any], Any] | None:
    """What of an operator's results does not depend on the choice of phases and signs."""
    return _INVARIANTS.get(name)


def _absolute_vectors(results: Any) -> Any:
    return results[0], abs(results[1])


def _absolute_outer(results: Any) -> Any:
    u, s, vh = results
    count = s.shape[-1]
    return abs(u[..., :count]), s, abs(vh[..., :count, :])


_INVARIANTS: dict[str, Callable[[Any], Any]] = {
    "linalg.eig": _absolute_vectors,
    "linalg.eigh": _absolute_vectors,
    "linalg.svd": _absolute_outer,
}

_ADAPTERS = (
    elementwise.ADAPTERS
    | reducing.ADAPTERS
    | shaping.ADAPTERS
    | placing.ADAPTERS
    | linear.ADAPTERS
    | networks.ADAPTERS
)


def adapter(name: str) -> Callable[..., Any] | None:
    """A function with the arguments that the database gives, None if there is none."""
    return _ADAPTERS.get(name) or by_name(name)
