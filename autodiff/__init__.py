"""Automatic differentiation that can be seen through.

A computation graph of `Value` (one float) and `Tensor` (an array) nodes records
operations as they run; `backward` walks it in reverse topological order and looks each
derivative up in one table of operations.

Example:
    >>> import autodiff as ad
    >>> x = ad.Value(2.0, name="x")
    >>> y = ad.tanh(x * x - 3)
    >>> y.backward()
    >>> f"{x.grad:.6f}"
    '1.679897'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autodiff import collector, live, random, tree
from autodiff.backward import backward
from autodiff.crossing import to_value, values
from autodiff.diagnosis.anomaly import detect_anomaly, is_anomaly_enabled, set_detect_anomaly
from autodiff.dtypes import default_dtype, get_default_dtype, set_default_dtype
from autodiff.errors import (
    AxisError,
    BatchingError,
    ConversionError,
    ConversionWarning,
    FreedGraphError,
    GlassgradError,
    LinAlgError,
    MissingExtraError,
    NonDifferentiableError,
    NonFiniteError,
    NonScalarBackwardError,
    ReadOnlyError,
    ShapeError,
    StaleDataError,
    TracingError,
)
from autodiff.functions import catalogue
from autodiff.functions.elementwise import bits, elementwise
from autodiff.functions.elementwise.bits import *  # noqa: F403
from autodiff.functions.elementwise.elementwise import *  # noqa: F403 - the module lists its names
from autodiff.functions.indexing import indexing
from autodiff.functions.indexing.indexing import *  # noqa: F403
from autodiff.functions.networks import probabilities
from autodiff.functions.networks.probabilities import *  # noqa: F403
from autodiff.functions.products import linear
from autodiff.functions.products.linear import *  # noqa: F403
from autodiff.functions.reductions import questions, reductions
from autodiff.functions.reductions.questions import *  # noqa: F403
from autodiff.functions.reductions.reductions import *  # noqa: F403
from autodiff.functions.shaping import joining, shaping
from autodiff.functions.shaping.joining import *  # noqa: F403
from autodiff.functions.shaping.shaping import *  # noqa: F403
from autodiff.graph import Node, topological_order
from autodiff.modes import enable_grad, is_grad_enabled, no_grad, scope
from autodiff.overrides.spellings import spelt
from autodiff.sweeps.chosen import gradients
from autodiff.tensor import Tensor
from autodiff.tensors.install import install_methods as _install_methods
from autodiff.transforms import (
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    linearize,
    value_and_grad,
    vjp,
)
from autodiff.value import Value
from autodiff.values.fusions import total
from autodiff.values.operators import install_operators as _install_operators

if TYPE_CHECKING:
    from autodiff import fft, linalg, special
    from autodiff.array_api import __array_api_version__, __array_namespace_info__
    from autodiff.batching import vmap
    from autodiff.compiler import compile
    from autodiff.custom.checkpoint import checkpoint
    from autodiff.custom.function import custom_function
    from autodiff.custom.implicit import find_root, fixed_point
    from autodiff.custom.stop import stop_gradient
    from autodiff.diagnosis.explanation import explain_backward
    from autodiff.functions.creation.constants import *  # noqa: F403
    from autodiff.functions.creation.creation import *  # noqa: F403
    from autodiff.functions.creation.data_types import *  # noqa: F403
    from autodiff.functions.creation.diagonals import *  # noqa: F403
    from autodiff.functions.creation.filling import *  # noqa: F403
    from autodiff.functions.creation.spacing import *  # noqa: F403
    from autodiff.functions.creation.triangles import *  # noqa: F403
    from autodiff.functions.elementwise.applying import *  # noqa: F403
    from autodiff.functions.elementwise.complex_numbers import *  # noqa: F403
    from autodiff.functions.elementwise.elementary import *  # noqa: F403
    from autodiff.functions.elementwise.floating_point import *  # noqa: F403
    from autodiff.functions.elementwise.number_parts import *  # noqa: F403
    from autodiff.functions.elementwise.piecewise import *  # noqa: F403
    from autodiff.functions.elementwise.standard_names import *  # noqa: F403
    from autodiff.functions.images.adaptive_pooling import *  # noqa: F403
    from autodiff.functions.images.convolution import *  # noqa: F403
    from autodiff.functions.images.fractional_pooling import *  # noqa: F403
    from autodiff.functions.images.grids import *  # noqa: F403
    from autodiff.functions.images.pooling import *  # noqa: F403
    from autodiff.functions.images.power_pooling import *  # noqa: F403
    from autodiff.functions.images.resizing import *  # noqa: F403
    from autodiff.functions.images.shuffling import *  # noqa: F403
    from autodiff.functions.images.transposed_convolution import *  # noqa: F403
    from autodiff.functions.images.unfolding import *  # noqa: F403
    from autodiff.functions.images.unpooling import *  # noqa: F403
    from autodiff.functions.indexing.picking import *  # noqa: F403
    from autodiff.functions.indexing.placing import *  # noqa: F403
    from autodiff.functions.indexing.scattering import *  # noqa: F403
    from autodiff.functions.networks.attention import *  # noqa: F403
    from autodiff.functions.networks.embeddings import *  # noqa: F403
    from autodiff.functions.networks.normalization import *  # noqa: F403
    from autodiff.functions.networks.renormalising import *  # noqa: F403
    from autodiff.functions.ordering.histograms import *  # noqa: F403
    from autodiff.functions.ordering.membership import *  # noqa: F403
    from autodiff.functions.ordering.quantiles import *  # noqa: F403
    from autodiff.functions.ordering.sets import *  # noqa: F403
    from autodiff.functions.ordering.sorting import *  # noqa: F403
    from autodiff.functions.ordering.unique import *  # noqa: F403
    from autodiff.functions.products.distances import *  # noqa: F403
    from autodiff.functions.products.filtering import *  # noqa: F403
    from autodiff.functions.products.interpolation import *  # noqa: F403
    from autodiff.functions.products.matrix_products import *  # noqa: F403
    from autodiff.functions.products.polynomials import *  # noqa: F403
    from autodiff.functions.reductions.differences import *  # noqa: F403
    from autodiff.functions.reductions.nan_reductions import *  # noqa: F403
    from autodiff.functions.reductions.nan_sums import *  # noqa: F403
    from autodiff.functions.reductions.recurrences import *  # noqa: F403
    from autodiff.functions.reductions.scans import *  # noqa: F403
    from autodiff.functions.reductions.statistics import *  # noqa: F403
    from autodiff.functions.shaping.arranging import *  # noqa: F403
    from autodiff.functions.shaping.assembling import *  # noqa: F403
    from autodiff.functions.shaping.editing import *  # noqa: F403
    from autodiff.functions.shaping.repeating import *  # noqa: F403
    from autodiff.functions.special.bessel import *  # noqa: F403
    from autodiff.functions.special.entropies import *  # noqa: F403
    from autodiff.functions.special.error_functions import *  # noqa: F403
    from autodiff.functions.special.gammas import *  # noqa: F403
    from autodiff.testing import gradcheck

for _family in (bits, indexing, joining, linear, probabilities, questions, reductions, shaping):
    for _name in _family.__all__:
        globals()[_name] = spelt(globals()[_name])
globals()["power"] = spelt(globals()["power"])
_install_methods()
_install_operators()
collector.install()


def _find(name: str) -> Any:
    # What not every program needs is imported when first asked for.
    if name in _HOMES:
        globals()[name] = getattr(import_module(_HOMES[name]), name)
    elif name in catalogue.HOMES:
        globals()[name] = spelt(catalogue.find(name))
    elif name in _SUBMODULES:
        globals()[name] = import_module(f"autodiff.{name}")
    else:
        from autodiff.overrides.elsewhere import missing

        raise missing("autodiff", name, __all__)
    return globals()[name]


if not TYPE_CHECKING:
    # Hidden from type checkers, so that they report a name that does not exist.
    __getattr__ = _find


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


_SUBMODULES = ("fft", "linalg", "special")
_HOMES = {
    "__array_api_version__": "autodiff.array_api",
    "__array_namespace_info__": "autodiff.array_api",
    "checkpoint": "autodiff.custom.checkpoint",
    "compile": "autodiff.compiler",
    "custom_function": "autodiff.custom.function",
    "find_root": "autodiff.custom.implicit",
    "fixed_point": "autodiff.custom.implicit",
    "explain_backward": "autodiff.diagnosis.explanation",
    "gradcheck": "autodiff.testing",
    "stop_gradient": "autodiff.custom.stop",
    "vmap": "autodiff.batching",
}


__all__ = [
    "AxisError",
    "BatchingError",
    "ConversionError",
    "ConversionWarning",
    "FreedGraphError",
    "GlassgradError",
    "LinAlgError",
    "MissingExtraError",
    "Node",
    "NonDifferentiableError",
    "NonFiniteError",
    "NonScalarBackwardError",
    "ReadOnlyError",
    "ShapeError",
    "StaleDataError",
    "Tensor",
    "TracingError",
    "Value",
    "__array_api_version__",
    "__array_namespace_info__",
    "backward",
    "checkpoint",
    "compile",
    "custom_function",
    "default_dtype",
    "detect_anomaly",
    "enable_grad",
    "explain_backward",
    "fft",
    "find_root",
    "fixed_point",
    "get_default_dtype",
    "grad",
    "gradcheck",
    "gradients",
    "hessian",
    "hvp",
    "is_anomaly_enabled",
    "is_grad_enabled",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linalg",
    "linearize",
    "live",
    "no_grad",
    "random",
    "scope",
    "set_default_dtype",
    "set_detect_anomaly",
    "special",
    "stop_gradient",
    "to_value",
    "topological_order",
    "total",
    "tree",
    "value_and_grad",
    "values",
    "vjp",
    "vmap",
]
__all__ += bits.__all__
__all__ += elementwise.__all__
__all__ += reductions.__all__
__all__ += probabilities.__all__
__all__ += questions.__all__
__all__ += shaping.__all__
__all__ += joining.__all__
__all__ += linear.__all__
__all__ += indexing.__all__
__all__ += catalogue.HOMES
