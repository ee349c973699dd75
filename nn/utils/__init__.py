"""Helpers around modules, where PyTorch has them: `nn.utils.rnn` packs sequences.

Tensors and lists of them come in and go out. It may import `nn.module`.
"""

from nn.utils import rnn

__all__ = ["rnn"]
