"""Losses as modules, one family per file; the functions behind them are in `nn.functional`.

A loss is written and listed (``__all__``) in the file of its family; this room and `nn` export
whatever those lists name. The functions are found here too. It may import `nn.module` and
`nn.functional`.
"""

from typing import TYPE_CHECKING, Any

from nn import functional
from nn.losses.binary import *  # noqa: F403 - each file lists what it gives
from nn.losses.classification import *  # noqa: F403
from nn.losses.likelihoods import *  # noqa: F403
from nn.losses.margins import *  # noqa: F403
from nn.losses.regression import *  # noqa: F403
from nn.names.exports import exported
from nn.names.missing import missing

if TYPE_CHECKING:
    from nn.functional.binary import *  # noqa: F403
    from nn.functional.class_margins import *  # noqa: F403
    from nn.functional.classification import *  # noqa: F403
    from nn.functional.ctc import *  # noqa: F403
    from nn.functional.likelihoods import *  # noqa: F403
    from nn.functional.margins import *  # noqa: F403
    from nn.functional.regression import *  # noqa: F403
    from nn.functional.robust import *  # noqa: F403
else:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())

    def __getattr__(name: str) -> Any:
        if name in dir(functional):
            return getattr(functional, name)
        raise missing(__name__, name)
