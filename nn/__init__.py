"""Neural networks on `autodiff`: modules, losses, optimizers, data and training.

Names, signatures and layouts are PyTorch's, so that code and weights carry over.

Example:
    >>> import nn
    >>> model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    >>> optimizer = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    >>> loss = nn.cross_entropy(model([[0.5, -0.5]]), [1])
    >>> loss.backward()
    >>> optimizer.step()
"""

__glassgrad_library__ = True

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nn import data, functional, init, io, layers, losses, metrics, optim, scalar, training, utils
from nn.functional.binary import binary_cross_entropy_with_logits
from nn.functional.classification import cross_entropy, nll_loss
from nn.functional.regression import half_squared_error, l1_loss, mse_loss
from nn.io import CheckpointError, load, load_state, save, save_state
from nn.layers import *  # noqa: F403 - each room lists what it gives
from nn.losses import *  # noqa: F403
from nn.module.base import Module
from nn.module.containers import ModuleDict, ModuleList
from nn.module.dtypes import default_dtype, get_default_dtype, set_default_dtype
from nn.module.functional_call import functional_call, stack_module_state
from nn.module.hooks import RemovableHandle
from nn.module.inputs import cast_input
from nn.module.parameter import Buffer, Parameter
from nn.module.parameter_containers import ParameterDict, ParameterList
from nn.module.sequential import Sequential
from nn.names.missing import missing
from nn.scalar import *  # noqa: F403
from nn.training import *  # noqa: F403

__all__ = [
    "Buffer",
    "CheckError",
    "CheckResult",
    "CheckpointError",
    "Finding",
    "LRCurve",
    "Module",
    "ModuleDict",
    "ModuleList",
    "Parameter",
    "ParameterDict",
    "ParameterList",
    "RemovableHandle",
    "Sequential",
    "binary_cross_entropy_with_logits",
    "cast_input",
    "check",
    "cross_entropy",
    "data",
    "default_dtype",
    "functional",
    "functional_call",
    "get_default_dtype",
    "half_squared_error",
    "init",
    "io",
    "l1_loss",
    "load",
    "load_state",
    "lr_find",
    "metrics",
    "mse_loss",
    "nll_loss",
    "optim",
    "save",
    "save_state",
    "scalar",
    "set_default_dtype",
    "stack_module_state",
    "summary",
    "utils",
]

if TYPE_CHECKING:
    from nn import estimators as estimators
    from nn import inspect as inspect
    from nn.checks import CheckError as CheckError
    from nn.checks import CheckResult as CheckResult
    from nn.checks import Finding as Finding
    from nn.checks import LRCurve as LRCurve
    from nn.checks import check as check
    from nn.checks import lr_find as lr_find
    from nn.estimators import NetClassifier as NetClassifier
    from nn.estimators import NetRegressor as NetRegressor
    from nn.inspect.summary import summary as summary
else:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ += [*layers.__all__, *losses.__all__, *scalar.__all__, *training.__all__]

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            return import_module(f"nn.{name}")
        if name in _LATER:
            return getattr(import_module(f"nn.{_LATER[name]}"), name)
        raise missing(__name__, name)


# What looks into models is loaded when it is asked for: training does not need it.
_MODULES = ("estimators", "inspect")
_LATER = {
    **dict.fromkeys(["NetClassifier", "NetRegressor"], "estimators"),
    **dict.fromkeys(
        ["CheckError", "CheckResult", "Finding", "LRCurve", "check", "lr_find"], "checks"
    ),
    "summary": "inspect",
}


def __dir__() -> list[str]:
    # Estimators need scikit-learn, which `from nn import *` must not.
    return sorted({*__all__, *_MODULES, *_LATER})
