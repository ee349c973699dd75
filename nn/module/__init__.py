"""What every layer and model is made of: `Module`, parameters, the tree of both, containers.

Data come in as whatever a user has and become tensors of the model's float type (`inputs`,
`dtypes`); parameters, buffers and states go out by name (`tree`, `state`), text in `show`.
It may import `autodiff` only.
"""

from nn.module.base import Module
from nn.module.parameter import Buffer, Parameter

__all__ = ["Buffer", "Module", "Parameter"]
