"""Helpers around modules, where PyTorch has them.

`clip_grad_norm_` and its like cut gradients down, `nn.utils.rnn` packs sequences,
`nn.utils.parametrizations` computes weights from others, and `nn.utils.parametrize` does so with
any module. Tensors and modules come in and go out. It may import `nn.module`.
"""

from nn.utils import parametrizations, parametrize, rnn
from nn.utils.clip_grad import (
    clip_grad_norm_,
    clip_grad_norm_each_,
    clip_grad_value_,
    clip_grads_with_norm_,
    get_total_norm,
)

__all__ = [
    "clip_grad_norm_",
    "clip_grad_norm_each_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
    "parametrizations",
    "parametrize",
    "rnn",
]


def __dir__() -> list[str]:
    return sorted(__all__)
