"""Initial values of parameters.

Each scheme comes in two forms: a function of a shape that returns a new array
(``xavier_uniform((16, 2))``) and, with a trailing underscore, one that fills a tensor in
place as in PyTorch (``xavier_uniform_(layer.weight)``). `SCHEMES` finds them by name.
It may import `nn.module`, for the float type.
"""

from typing import TYPE_CHECKING, Any

from nn.init.fans import *  # noqa: F403 - each file lists what it gives
from nn.init.fill import *  # noqa: F403
from nn.init.plain import *  # noqa: F403
from nn.init.registry import *  # noqa: F403
from nn.init.scaled import *  # noqa: F403
from nn.init.scaling import *  # noqa: F403
from nn.init.structured import *  # noqa: F403
from nn.init.truncated import *  # noqa: F403
from nn.names.exports import exported
from nn.names.missing import missing

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)

    def __dir__() -> list[str]:
        return __all__
