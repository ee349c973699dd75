"""Attention, and the Transformer made of it.

`multihead` is the layer, `encoder` and `decoder` the blocks and stacks of them, `transformer`
both with the mask for what comes later; `stacks` is what these share. Sequences (L, N, E), or
(N, L, E) with ``batch_first``, come in and go out. May import `nn.functional`, `nn.module` and
the other layers.
"""

from typing import TYPE_CHECKING

from nn.layers.attention.decoder import *  # noqa: F403 - each file lists what it gives
from nn.layers.attention.encoder import *  # noqa: F403
from nn.layers.attention.multihead import *  # noqa: F403
from nn.layers.attention.transformer import *  # noqa: F403
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring.
    __all__ = exported(globals())
