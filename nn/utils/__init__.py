"""Helpers around modules, where PyTorch has them.

`clip_grad_norm_` and its like cut gradients down, `parameters_to_vector` makes one vector of all
parameters, `fuse_conv_bn_eval` takes batch normalisation into weights, `nn.utils.rnn` packs
sequences, `nn.utils.parametrizations` computes weights from others, and `nn.utils.parametrize` does
so with any module. Tensors and modules come in and go out. It may import `nn.module`.
"""

from typing import TYPE_CHECKING, Any

from nn.names.missing import missing
from nn.utils import parametrizations, parametrize, rnn
from nn.utils.clip_grad import (
    clip_grad_norm_,
    clip_grad_norm_each_,
    clip_grad_value_,
    clip_grads_with_norm_,
    get_total_norm,
)
from nn.utils.convert_parameters import parameters_to_vector, vector_to_parameters
from nn.utils.fusion import (
    fuse_conv_bn_eval,
    fuse_conv_bn_weights,
    fuse_linear_bn_eval,
    fuse_linear_bn_weights,
)

__all__ = [
    "clip_grad_norm_",
    "clip_grad_norm_each_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "fuse_conv_bn_eval",
    "fuse_conv_bn_weights",
    "fuse_linear_bn_eval",
    "fuse_linear_bn_weights",
    "get_total_norm",
    "parameters_to_vector",
    "parametrizations",
    "parametrize",
    "rnn",
    "vector_to_parameters",
]


def __dir__() -> list[str]:
    return sorted(__all__)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
