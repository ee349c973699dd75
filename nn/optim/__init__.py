"""Optimizers: how gradients change parameters, with PyTorch's names and formulas.

An optimizer is written and listed (``__all__``) in a file of its own, and exported from here.
Parameters, gradients and settings come in; the parameters are changed in place, so that a
recorded step does it too. It may import `nn.module`.
"""

from typing import TYPE_CHECKING, Any

from nn.names.exports import exported
from nn.names.missing import missing
from nn.optim.adafactor import *  # noqa: F403 - each file lists what it gives
from nn.optim.adagrad import *  # noqa: F403
from nn.optim.adam import *  # noqa: F403
from nn.optim.adamax import *  # noqa: F403
from nn.optim.asgd import *  # noqa: F403
from nn.optim.groups import *  # noqa: F403
from nn.optim.lamb import *  # noqa: F403
from nn.optim.lbfgs import *  # noqa: F403
from nn.optim.lr_scheduler import *  # noqa: F403
from nn.optim.muon import *  # noqa: F403
from nn.optim.nadam import *  # noqa: F403
from nn.optim.optimizer import *  # noqa: F403
from nn.optim.radam import *  # noqa: F403
from nn.optim.rmsprop import *  # noqa: F403
from nn.optim.sgd import *  # noqa: F403
from nn.optim.signs import *  # noqa: F403
from nn.optim.swa_utils import *  # noqa: F403

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)

    def __dir__() -> list[str]:
        return __all__
