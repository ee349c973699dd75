"""What is put in place on the classes of nodes, once, when the package is loaded."""

from __future__ import annotations

from types import ModuleType

from autodiff.graph.node import Node
from autodiff.methods.array_api_protocol import namespace_method
from autodiff.methods.attach import attach
from autodiff.methods.history import trace
from autodiff.methods.micrograd import MICROGRAD_NAMES
from autodiff.methods.notebook_table import node_html
from autodiff.methods.numpy_interface import apply_function, apply_ufunc
from autodiff.methods.python_numbers import NUMBER_METHODS
from autodiff.methods.tensor_methods import TENSOR_METHODS
from autodiff.methods.value_operators import VALUE_METHODS
from autodiff.sweeps.backward import backward
from autodiff.tensors.tensor import Tensor
from autodiff.values.value import Value

__all__ = ["install"]


def install(namespace: ModuleType) -> None:
    """Give nodes, Values and tensors their operators and methods.

    Args:
        namespace: the package, with the functions that take tensors.
    """
    attach(Node, {"backward": backward, "trace": trace, "_repr_html_": node_html})
    for kind in (Value, Tensor):
        attach(kind, {**NUMBER_METHODS, "__array_ufunc__": apply_ufunc})
    attach(Value, {**MICROGRAD_NAMES, **VALUE_METHODS})
    attach(Tensor, {"__array_function__": apply_function, **TENSOR_METHODS})
    attach(Tensor, {"__array_namespace__": namespace_method(namespace)})
