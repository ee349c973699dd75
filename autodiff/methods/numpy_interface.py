"""NumPy's functions applied to nodes: ``np.sin(t)`` and ``array * t`` stay in the graph."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from autodiff.methods import numpy_names
from autodiff.methods.numpy_options import translated
from autodiff.tensors.operands import operands_of

__all__ = ["Support", "apply_function", "apply_ufunc", "support", "ufunc_support"]

_MODULES = frozenset(("numpy", "numpy.fft", "numpy.linalg"))


class Support(NamedTuple):
    """What one of NumPy's functions does with a node.

    Attributes:
        title: its full name.
        how: ``"graph"``, ``"plain"`` (answered by NumPy about the numbers) or ``"refused"``.
        by: the function that stands for it; or why it is refused, and what to use instead.
        function: the library's function itself.
    """

    title: str
    how: str
    by: str
    function: Callable[..., Any] | None = None


@cache
def support(function: Any) -> Support:
    """What a function that NumPy lets others take over does with a tensor.

    Args:
        function: NumPy's function.

    Returns:
        How it is supported, or why it is refused.

    Example:
        >>> import numpy as np
        >>> support(np.concatenate).by
        'autodiff.concatenate'
        >>> support(np.copyto).by.split(";")[1]
        ' use autodiff.where(where, src, dst)'
    """
    name, module = function.__name__, function.__module__
    title = f"{module}.{name}"
    if title in numpy_names.PLAIN:
        return Support(title, "plain", title)
    reason = numpy_names.REFUSED.get(title) or numpy_names.REFUSED_MODULES.get(module)
    if reason:
        return Support(title, "refused", reason)
    if title in numpy_names.RENAMED:
        return _found(title, "autodiff", name)
    if module not in _MODULES:
        return Support(title, "refused", _NO_COUNTERPART)
    return _found(title, module.replace("numpy", "autodiff", 1), name)


@cache
def ufunc_support(ufunc: Any, method: str = "__call__") -> Support:
    """What a ufunc, or one of its methods, does with a node.

    Example:
        >>> import numpy as np
        >>> ufunc_support(np.add, "reduce").by
        'autodiff.sum'
    """
    name = ufunc.__name__
    title = f"numpy.{name}"
    if getattr(np, name, None) is not ufunc:
        if not _is_numpys(ufunc):
            return _foreign(name.removesuffix(" (vectorized)"))
        if name != "clip":
            return Support(title, "refused", numpy_names.REFUSED_MODULES["numpy.strings"])
    if title in numpy_names.REFUSED:
        return Support(title, "refused", numpy_names.REFUSED[title])
    if method == "__call__":
        return _found(title, "autodiff", name)
    if method == "outer":
        return _found(f"{title}.outer", "autodiff", name)
    known = numpy_names.UFUNC_METHODS.get((name, method))
    if known is None:
        return Support(f"{title}.{method}", "refused", _METHODS)
    return _found(f"{title}.{method}", "autodiff", known)


def _is_numpys(ufunc: Any) -> bool:
    from numpy.testing.overrides import get_overridable_numpy_ufuncs

    return ufunc in get_overridable_numpy_ufuncs()


def _foreign(name: str) -> Support:
    """Of another package's ufunc nothing is known but its name."""
    title = f"the ufunc {name}"
    for home in ("autodiff.special", "autodiff"):
        if _found(title, home, name).function is not None:
            return Support(title, "refused", f"it is not NumPy's; use {home}.{name}(x)")
    return Support(title, "refused", _UNKNOWN)


_UNKNOWN = (
    "it is not NumPy's, and its derivative is not known here; wrap it with a rule for that, "
    "f = autodiff.custom_function(lambda x: ufunc(x.numpy())) and @f.vjp, or take the plain "
    "numbers with x.detach().numpy()"
)
_NO_COUNTERPART = (
    "it has no counterpart here; compose it of autodiff's functions, or take the plain numbers "
    "with x.detach().numpy()"
)
_METHODS = (
    "nodes are not written into or reduced by NumPy; use autodiff's functions (autodiff.sum, "
    "autodiff.cumsum, autodiff.segment_sum, x.at[index].add(v)), or take the plain numbers with "
    "x.detach().numpy()"
)


def _found(title: str, home: str, name: str) -> Support:
    name = numpy_names.RENAMED.get(title, name)
    module = import_module(home)
    own: Any = getattr(module, name, None) if name in getattr(module, "__all__", ()) else None
    if not callable(own):
        return Support(title, "refused", _NO_COUNTERPART)
    return Support(title, "graph", f"{home}.{name}", own)


def apply_ufunc(self: Any, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """What `__array_ufunc__` of a node does: the table's function of the same name.

    Args:
        self: the node that NumPy asks.
        ufunc: the ufunc that was called.
        method: how it was called, ``"__call__"`` for a plain call.
        *inputs: its operands.
        **kwargs: its options; ``dtype`` converts the result, others are not supported.

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
        [1.0, 2.718]
    """
    if _are_objects(inputs):
        # Arrays of Values and a Value: NumPy applies Python's operators to the elements.
        return getattr(ufunc, method)(*map(_boxed, inputs), **kwargs)
    found = ufunc_support(ufunc, method)
    if found.function is None:
        raise TypeError(f"{found.title} does not take a {_kind(self)}: {found.by}")
    if method == "reduce" and "axis" not in kwargs:
        kwargs["axis"] = 0
    elif method == "accumulate":
        kwargs.setdefault("axis", 0)
    elif method == "outer":
        inputs = _opposed(*inputs)
    if not kwargs:
        return found.function(*inputs)
    if method in ("__call__", "outer"):
        dtype = kwargs.pop("dtype", None)
        if not kwargs:
            return found.function(*inputs).astype(dtype)
        given = ", ".join(f"{name}=" for name in kwargs)
        raise TypeError(
            f"{found.title} with {given} does not take a {_kind(self)}: nodes are not written into "
            "by NumPy; use autodiff.where or x.at[index].set(v), or take the plain numbers with "
            "x.detach().numpy()"
        )
    args, options = translated(ufunc, found.title, found.function, inputs, kwargs)
    return found.function(*args, **options)


def _kind(node: Any) -> str:
    return type(node).__name__.removeprefix("Constant")


def _are_objects(inputs: Any) -> bool:
    """Whether there is an array of objects among them, and no tensor."""
    found = False
    for x in inputs:
        if hasattr(x, "_data"):
            return False
        found = found or getattr(getattr(x, "dtype", None), "kind", "") == "O"
    return found


def _boxed(x: Any) -> Any:
    """A Value as NumPy takes what it does not know, so that arrays of objects stay such arrays."""
    if not hasattr(x, "requires_grad"):
        return x
    box = np.empty((), object)
    box[()] = x
    return box


def _opposed(a: Any, b: Any) -> tuple[Any, Any]:
    """Two operands whose axes come one after the other's."""
    a, b = operands_of((a, b))
    return a.reshape(a.shape + (1,) * b.ndim), b


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
        TypeError: there is no such function, or it has no such option.

    Example:
        >>> import numpy as np
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True)
        >>> np.concatenate([x, x]).requires_grad, np.allclose(x, [1.0, 2.0])
        (True, True)
    """
    found = support(function)
    if found.how == "plain":
        return function(*map(_plain, args), **{k: _plain(v) for k, v in kwargs.items()})
    if found.function is None:
        raise TypeError(f"{found.title} does not take a Tensor: {found.by}")
    args, kwargs = translated(function, found.title, found.function, args, kwargs)
    return found.function(*args, **kwargs)


def _plain(x: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return type(x)(map(_plain, x))
    return x.data if hasattr(x, "requires_grad") else x
