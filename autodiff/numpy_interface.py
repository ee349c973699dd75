"""NumPy's functions applied to nodes: ``np.sin(t)`` and ``array * t`` stay in the graph."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

__all__ = ["apply_function", "apply_ufunc"]

# Questions whose answer is no part of a computation.
_PLAIN = frozenset(
    "allclose array_equal array_equiv array_repr array_str array2string isclose ndim shape "
    "size may_share_memory shares_memory result_type can_cast iscomplexobj isrealobj".split()
)
# Theirs write into the array; ours give a copy, which a caller of theirs would drop.
_WRITING = frozenset({"fill_diagonal", "place", "put", "put_along_axis"})
_NAMES = {
    "invert": "bitwise_invert",
    "left_shift": "bitwise_left_shift",
    "right_shift": "bitwise_right_shift",
}


def apply_ufunc(self: Any, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """What `__array_ufunc__` of a node does: the table's function of the same name.

    Args:
        self: the node that NumPy asks.
        ufunc: the ufunc that was called.
        method: how it was called, ``"__call__"`` for a plain call.
        *inputs: its operands.
        **kwargs: its options, of which none is supported.

    Returns:
        The node that the library's own function gives.

    Raises:
        TypeError: there is no such function, or it was called in another way; the message
            names the alternative.

    Example:
        >>> import numpy as np
        >>> import autodiff as ad
        >>> x = ad.Tensor([0.0, 1.0], requires_grad=True)
        >>> np.exp(x).sum().backward()
        >>> x.grad.round(3).tolist()
        [1.0, 2.7179999351501465]
    """
    name = _NAMES.get(ufunc.__name__, ufunc.__name__)
    kind = type(self).__name__.removeprefix("Constant")
    if method == "__call__" and not kwargs:
        return _counterpart(name, f"numpy.{ufunc.__name__}", kind)(*inputs)
    how = f"numpy.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
    options = f" with {', '.join(kwargs)}=" if kwargs else ""
    raise TypeError(
        f"{how}{options} does not take a {kind}: nodes are not written into or reduced by NumPy; "
        "use autodiff's functions (autodiff.sum, x.at[index].set(v)), or take the plain numbers "
        "with x.detach().numpy()"
    )


def apply_function(self: Any, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """What `__array_function__` of a tensor does: the library's function of the same name.

    Args:
        self: the tensor that NumPy asks.
        function: NumPy's function.
        types: classes of the arguments that take part.
        args: positional arguments.
        kwargs: keyword arguments.

    Returns:
        The tensor that the library's own function gives; for questions such as
        `numpy.allclose` NumPy's own answer.

    Raises:
        TypeError: there is no such function.

    Example:
        >>> import numpy as np
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True)
        >>> np.concatenate([x, x]).requires_grad, np.allclose(x, [1.0, 2.0])
        (True, True)
    """
    name, module = function.__name__, function.__module__
    if name in _WRITING:
        raise TypeError(
            f"{module}.{name} writes into an array, and tensors are not written into; use "
            f"y = autodiff.{name}(...), which gives the changed copy"
        )
    if name in _PLAIN:
        return function(*map(_plain, args), **{k: _plain(v) for k, v in kwargs.items()})
    own = name if module in ("numpy", "numpy.fft", "numpy.linalg") else ""
    home = module.replace("numpy", "autodiff", 1)
    return _counterpart(own, f"{module}.{name}", "Tensor", home)(*args, **kwargs)


def _counterpart(name: str, theirs: str, kind: str, home: str = "autodiff") -> Callable[..., Any]:
    """The library's public function of a name; an error about NumPy's if there is none."""
    module = import_module(home) if name else None
    own: Any = getattr(module, name, None) if name in getattr(module, "__all__", ()) else None
    if not callable(own):
        raise TypeError(
            f"{theirs} has no counterpart for a {kind}; compose it of autodiff's functions, or "
            "take the plain numbers with x.detach().numpy()"
        )
    return own  # type: ignore[no-any-return]


def _plain(x: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return type(x)(map(_plain, x))
    return x.data if hasattr(x, "requires_grad") else x
