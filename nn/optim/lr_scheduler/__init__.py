"""Schedules: how learning rates change from step to step, with PyTorch's names and values.

Each is listed (``__all__``) in the file of its family, and exported from here and from
`nn.optim`. An optimizer comes in, whose groups are set to other rates at every ``step()``;
``NAME.function(lr, ...)`` gives the rate as a function of the step instead. May import
`nn.optim.hyperparameters`.
"""

from typing import TYPE_CHECKING, Any

from nn.names.exports import exported
from nn.names.missing import missing
from nn.optim.lr_scheduler.base import *  # noqa: F403 - each file lists what it gives
from nn.optim.lr_scheduler.composed import *  # noqa: F403
from nn.optim.lr_scheduler.cosine import *  # noqa: F403
from nn.optim.lr_scheduler.cycles import *  # noqa: F403
from nn.optim.lr_scheduler.factors import *  # noqa: F403
from nn.optim.lr_scheduler.plateau import *  # noqa: F403
from nn.optim.lr_scheduler.ramps import *  # noqa: F403

__all__ = exported(globals())

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
