"""Layers: modules with parameters or settings, one family per file.

A layer is written and listed (``__all__``) in the file of its family, and that is all: this
room and `nn` export whatever those lists name. What a layer computes is a function of
`autodiff` or of `nn.functional`, and is found here too; the layer holds the parameters and
says what does not fit. It may import `nn.module`, `nn.init` and `nn.functional`.
"""

from typing import TYPE_CHECKING, Any

from nn import functional
from nn.layers.activations import *  # noqa: F403 - each file lists what it gives
from nn.layers.adaptive import *  # noqa: F403
from nn.layers.attention import *  # noqa: F403
from nn.layers.distances import *  # noqa: F403
from nn.layers.embedding import *  # noqa: F403
from nn.layers.images import *  # noqa: F403
from nn.layers.lazy import *  # noqa: F403
from nn.layers.linear_maps import *  # noqa: F403
from nn.layers.noise import *  # noqa: F403
from nn.layers.normalization import *  # noqa: F403
from nn.layers.positions import *  # noqa: F403
from nn.layers.probabilities import *  # noqa: F403
from nn.layers.recurrent.cells import *  # noqa: F403
from nn.layers.recurrent.sequences import *  # noqa: F403
from nn.layers.shapes import *  # noqa: F403
from nn.names.exports import exported
from nn.names.missing import missing

if TYPE_CHECKING:
    from nn.functional import batch_norm as batch_norm
    from nn.functional import dropout as dropout
    from nn.functional import flatten as flatten
    from nn.functional import linear as linear
else:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())

    def __getattr__(name: str) -> Any:
        if name in dir(functional):
            return getattr(functional, name)
        raise missing(__name__, name)
