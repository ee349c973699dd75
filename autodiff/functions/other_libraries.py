"""What other libraries' names are called here, for those who look for them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from autodiff.names import NAMESPACES

__all__ = ["FUNCTIONS", "METHODS", "OtherName", "missing"]

FUNCTIONS = {
    "Variable": "autodiff.Tensor(data, requires_grad=True)",
    "as_tensor": "autodiff.asarray",
    "bmm": "autodiff.matmul",
    "broadcast_tensors": "autodiff.broadcast_arrays",
    "bucketize": "autodiff.searchsorted(boundaries, x)",
    "cat": "autodiff.concatenate",
    "clamp": "autodiff.clip",
    "clamp_max": "autodiff.minimum",
    "clamp_min": "autodiff.maximum",
    "clone": "x.copy(), through which gradients pass, or x.detach()",
    "copy": "x.copy(), or autodiff.array",
    "detach": "x.detach()",
    "device": "the device 'cpu', the only one",
    "div": "autodiff.divide",
    "elementwise_grad": "autodiff.vmap(autodiff.grad(f)), or autodiff.grad of a sum",
    "eq": "x == y",
    "flatten": "x.flatten(start_dim, end_dim)",
    "from_numpy": "autodiff.Tensor(array), which copies, or autodiff.asarray",
    "ge": "x >= y",
    "ger": "autodiff.outer",
    "gt": "x > y",
    "hamming_window": "numpy.hamming(n + 1)[:-1]",
    "hann_window": "numpy.hanning(n + 1)[:-1]",
    "igamma": "autodiff.gammainc",
    "igammac": "autodiff.gammaincc",
    "index_put": "x.at[index].set(v), or x.at[index].add(v)",
    "inverse": "autodiff.linalg.inv",
    "jit": "autodiff.compile",
    "le": "x <= y",
    "lt": "x < y",
    "manual_seed": "autodiff.random.seed",
    "matrix_exp": "autodiff.linalg.expm",
    "mm": "autodiff.matmul",
    "movedim": "autodiff.moveaxis",
    "msort": "autodiff.sort(x, axis=0)",
    "mul": "autodiff.multiply",
    "mv": "autodiff.matmul",
    "mvlgamma": "autodiff.multigammaln",
    "ne": "x != y",
    "neg": "autodiff.negative",
    "nn": "a package of its own: import nn",
    "numel": "autodiff.size",
    "numpy": "autodiff itself: its functions have NumPy's names; import autodiff as np",
    "optim": "nn.optim",
    "orgqr": "autodiff.linalg.householder_product",
    "permute": "autodiff.transpose(x, axes)",
    "pinverse": "autodiff.linalg.pinv",
    "rand": "autodiff.Tensor(numpy.random.default_rng().random((2, 3)))",
    "randint": "numpy.random.default_rng().integers(...)",
    "randn": "autodiff.Tensor(numpy.random.default_rng().normal(size=(2, 3)))",
    "repeat_interleave": "autodiff.repeat",
    "row_stack": "autodiff.vstack",
    "sgn": "autodiff.sign",
    "sub": "autodiff.subtract",
    "swapdims": "autodiff.swapaxes",
    "t": "x.T",
    "take_along_dim": "autodiff.take_along_axis",
    "tensor_split": "autodiff.array_split",
    "trapz": "autodiff.trapezoid",
    "unbind": "autodiff.unstack",
    "unsqueeze": "autodiff.expand_dims",
    "viz": "a package of its own: import viz",
}
"""By a function's name in PyTorch, JAX or autograd: what does it here."""

_INSIDE = (*NAMESPACES, "random", "testing")
_IMPORTED_BY_NAME = (*_INSIDE, "array_api", "extending", "typing")

_IN_PLACE = "no method of a tensor: its numbers stay while a graph lives; write x = {} {}"
_LEAF = "(a leaf's change with x.data[...] = v; the parameters and buffers of nn have methods)"
_FILLED = "nn.init.{}(p) for a parameter, whose numbers it replaces"

METHODS = {
    "add_": _IN_PLACE.format("x + v", _LEAF),
    "addcdiv_": _IN_PLACE.format("x + s * a / b", _LEAF),
    "addcmul_": _IN_PLACE.format("x + s * a * b", _LEAF),
    "clamp": "x.clip(min, max)",
    "clamp_": _IN_PLACE.format("x.clip(min, max)", _LEAF),
    "clone": "x.copy(), through which gradients pass, or x.detach()",
    "contiguous": "not needed: arrays are arranged where that is necessary",
    "copy_": _IN_PLACE.format("v", _LEAF),
    "cpu": "not needed: all tensors are on the CPU",
    "cuda": "not there: tensors are NumPy arrays, on the CPU",
    "data_ptr": "not there; x.numpy() gives the numbers",
    "detach_": "not there; x.detach() gives a copy without a graph",
    "dim": "x.ndim",
    "div_": _IN_PLACE.format("x / v", _LEAF),
    "double": "x.astype('float64')",
    "expand": "autodiff.broadcast_to(x, shape)",
    "fill_": _IN_PLACE.format("autodiff.full_like(x, v)", _LEAF),
    "float": "x.astype('float32')",
    "half": "x.astype('float16')",
    "int": "x.astype('int32')",
    "lerp_": _IN_PLACE.format("x + w * (v - x)", _LEAF),
    "long": "x.astype('int64')",
    "mm": "x @ y",
    "mul_": _IN_PLACE.format("x * v", _LEAF),
    "norm": "autodiff.linalg.norm(x)",
    "normal_": _FILLED.format("normal_"),
    "numel": "x.size",
    "permute": "x.transpose(axes)",
    "pow_": _IN_PLACE.format("x ** v", _LEAF),
    "sub_": _IN_PLACE.format("x - v", _LEAF),
    "t": "x.T",
    "to": "x.astype(dtype); the only device is the CPU",
    "type": "x.astype(dtype)",
    "uniform_": _FILLED.format("uniform_"),
    "unsqueeze": "autodiff.expand_dims(x, axis)",
    "view": "x.reshape(shape)",
    "zero_": "x.grad = None, or x.zero_grad(), for a gradient",
}
"""By a method's name in PyTorch: what does it here."""


def missing(module: str, name: str, known: Iterable[str]) -> AttributeError:
    """The error for a name that a module lacks.

    Args:
        module: the module.
        name: what was looked for.
        known: the names that it has.

    Example:
        >>> print(missing("autodiff", "cat", ["sin"]))
        module 'autodiff' has no attribute 'cat'; that is autodiff.concatenate here
        >>> print(missing("autodiff", "sinn", ["sin"]))
        module 'autodiff' has no attribute 'sinn'; did you mean 'sin'?
        >>> print(missing("autodiff", "norm", ["renorm"]))
        module 'autodiff' has no attribute 'norm'; that is autodiff.linalg.norm here
    """
    text = f"module {module!r} has no attribute {name!r}"
    if name in FUNCTIONS:
        return AttributeError(f"{text}; that is {FUNCTIONS[name]} here", name=name)
    if name in _IMPORTED_BY_NAME:
        return AttributeError(f"{text} yet; write import autodiff.{name}", name=name)
    if not name.startswith("_"):
        for inside in _INSIDE:
            if name in import_module(f"autodiff.{inside}").__all__:
                return AttributeError(f"{text}; that is autodiff.{inside}.{name} here", name=name)
    near = [] if name.startswith("_") else difflib.get_close_matches(name, list(known), n=1)
    return AttributeError(f"{text}; did you mean {near[0]!r}?" if near else text, name=name)


class OtherName:
    """A method that there is not, in its place: asked for, it says what to write instead."""

    __slots__ = ("_instead", "_name")

    def __init__(self, name: str, instead: str) -> None:
        self._name, self._instead = name, instead

    def __get__(self, node: Any, owner: type | None = None) -> Any:
        if node is None:
            return self
        raise AttributeError(
            f"a Tensor has no attribute {self._name!r}; that is {self._instead}",
            name=self._name,
        )
