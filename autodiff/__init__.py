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
from autodiff.functions import (
    bits,
    catalogue,
    elementwise,
    indexing,
    joining,
    linear,
    probabilities,
    questions,
    reductions,
    shaping,
)
from autodiff.functions.bits import *  # noqa: F403
from autodiff.functions.elementwise import *  # noqa: F403 - the module lists its names
from autodiff.functions.indexing import *  # noqa: F403
from autodiff.functions.joining import *  # noqa: F403
from autodiff.functions.linear import *  # noqa: F403
from autodiff.functions.probabilities import *  # noqa: F403
from autodiff.functions.questions import *  # noqa: F403
from autodiff.functions.reductions import *  # noqa: F403
from autodiff.functions.shaping import *  # noqa: F403
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
    from autodiff.functions.adaptive_pooling import *  # noqa: F403
    from autodiff.functions.applying import *  # noqa: F403
    from autodiff.functions.arranging import *  # noqa: F403
    from autodiff.functions.assembling import *  # noqa: F403
    from autodiff.functions.attention import *  # noqa: F403
    from autodiff.functions.bessel import *  # noqa: F403
    from autodiff.functions.complex_numbers import *  # noqa: F403
    from autodiff.functions.constants import *  # noqa: F403
    from autodiff.functions.convolution import *  # noqa: F403
    from autodiff.functions.creation import *  # noqa: F403
    from autodiff.functions.data_types import *  # noqa: F403
    from autodiff.functions.diagonals import *  # noqa: F403
    from autodiff.functions.differences import *  # noqa: F403
    from autodiff.functions.distances import *  # noqa: F403
    from autodiff.functions.editing import *  # noqa: F403
    from autodiff.functions.elementary import *  # noqa: F403
    from autodiff.functions.embeddings import *  # noqa: F403
    from autodiff.functions.entropies import *  # noqa: F403
    from autodiff.functions.error_functions import *  # noqa: F403
    from autodiff.functions.filling import *  # noqa: F403
    from autodiff.functions.filtering import *  # noqa: F403
    from autodiff.functions.floating_point import *  # noqa: F403
    from autodiff.functions.fractional_pooling import *  # noqa: F403
    from autodiff.functions.gammas import *  # noqa: F403
    from autodiff.functions.grids import *  # noqa: F403
    from autodiff.functions.histograms import *  # noqa: F403
    from autodiff.functions.interpolation import *  # noqa: F403
    from autodiff.functions.matrix_products import *  # noqa: F403
    from autodiff.functions.membership import *  # noqa: F403
    from autodiff.functions.nan_reductions import *  # noqa: F403
    from autodiff.functions.nan_sums import *  # noqa: F403
    from autodiff.functions.normalization import *  # noqa: F403
    from autodiff.functions.number_parts import *  # noqa: F403
    from autodiff.functions.picking import *  # noqa: F403
    from autodiff.functions.piecewise import *  # noqa: F403
    from autodiff.functions.placing import *  # noqa: F403
    from autodiff.functions.polynomials import *  # noqa: F403
    from autodiff.functions.pooling import *  # noqa: F403
    from autodiff.functions.power_pooling import *  # noqa: F403
    from autodiff.functions.quantiles import *  # noqa: F403
    from autodiff.functions.recurrences import *  # noqa: F403
    from autodiff.functions.renormalising import *  # noqa: F403
    from autodiff.functions.repeating import *  # noqa: F403
    from autodiff.functions.resizing import *  # noqa: F403
    from autodiff.functions.scans import *  # noqa: F403
    from autodiff.functions.scattering import *  # noqa: F403
    from autodiff.functions.sets import *  # noqa: F403
    from autodiff.functions.shuffling import *  # noqa: F403
    from autodiff.functions.sorting import *  # noqa: F403
    from autodiff.functions.spacing import *  # noqa: F403
    from autodiff.functions.standard_names import *  # noqa: F403
    from autodiff.functions.statistics import *  # noqa: F403
    from autodiff.functions.transposed_convolution import *  # noqa: F403
    from autodiff.functions.triangles import *  # noqa: F403
    from autodiff.functions.unfolding import *  # noqa: F403
    from autodiff.functions.unique import *  # noqa: F403
    from autodiff.functions.unpooling import *  # noqa: F403
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
