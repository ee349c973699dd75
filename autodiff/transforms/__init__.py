"""Functions that turn functions into others: derivatives, products with derivatives, and more.

`gradient`, `jacobians` and `products` are what users call. `calls` is one call of the given
function, with `arguments` as nodes; `pullback` and `pushforward` go through what it recorded,
backward and forward, `basis` in all directions at once; `nesting` serves transforms in transforms.
In come functions and what they are given, also as trees; out come functions, or derivatives.

May import sweeps, batching, trees and all below them.
"""

from __future__ import annotations

from autodiff.transforms.gradient import grad, value_and_grad
from autodiff.transforms.jacobians import hessian, hvp, jacfwd, jacobian, jacrev
from autodiff.transforms.products import jvp, linearize, vjp

__all__ = [
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linearize",
    "value_and_grad",
    "vjp",
]
