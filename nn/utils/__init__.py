"""Helpers around modules, where PyTorch has them.

`nn.utils.rnn` packs sequences, `nn.utils.parametrizations` computes weights from others, and
`nn.utils.parametrize` does so with any module. Tensors and modules come in and go out. It may
import `nn.module`.
"""

from nn.utils import parametrizations, parametrize, rnn

__all__ = ["parametrizations", "parametrize", "rnn"]
