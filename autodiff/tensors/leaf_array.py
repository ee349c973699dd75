"""The array of a leaf as `Tensor.data` hands it out: what is written through it is noticed."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.graph.staleness import mark_changed

__all__ = ["LeafArray", "hand_out", "is_handed_out"]


class LeafArray(np.ndarray[Any, np.dtype[Any]]):
    """A view of a leaf's array that notes what is written through it, or through its parts.

    Itself it is read-only. What writes is let through to the leaf's own memory and noted,
    so that gradients which need the old numbers are refused: items, operators in place,
    ``out=``, the functions and methods of NumPy that write. Code in other languages that
    writes into memory (a generator's ``out=``, say) finds it read-only. Results of
    computations are ordinary arrays.
    """

    _leaf: Any = None
    _root: Any = None

    def __array_finalize__(self, origin: Any) -> None:
        if origin.__class__ is LeafArray and self.base is not None:
            self._leaf, self._root = origin._leaf, origin._root

    def __setitem__(self, index: Any, value: Any) -> None:
        if _is_noted(self):
            _memory(self)[index] = value
            mark_changed(self._leaf)
        else:
            super().__setitem__(index, value)

    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, out: tuple[Any, ...] = (), **options: Any
    ) -> Any:
        """Compute on plain arrays; write into the leaf's memory and note it."""
        operands = list(map(_plain, inputs))
        written = [*out]
        if method == "at":
            written.append(inputs[0])
            operands[0] = _memory(inputs[0])
        if out:
            options["out"] = tuple(map(_memory, out))
        result = getattr(ufunc, method)(*operands, **options)
        _note(written)
        if not out:
            return result
        return out[0] if len(out) == 1 else out

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's own answer; what it writes into is the leaf's memory, and noted."""
        given, out = kwargs, kwargs.get("out")
        if out.__class__ is LeafArray:
            given = {**kwargs, "out": _memory(out)}
        written = [out]
        if function in _WRITING and args:
            written.append(args[0])
            args = (_memory(args[0]), *args[1:])
        result = super().__array_function__(function, types, args, given)
        _note(written)
        return out if out is not None and result is given.get("out") else result

    def __getattr__(self, name: str) -> Any:
        text = f"{name!r} is no attribute of data, which is a NumPy array"
        if name.endswith("_") and not name.startswith("_"):
            text += f"; write x.data[...] = v, or for a parameter or buffer of nn p.{name}(...)"
            text += " inside autodiff.no_grad(), or its namesake in nn.init"
        raise AttributeError(text, name=name, obj=self)

    def __repr__(self) -> str:
        return repr(_plain(self))

    def __reduce__(self) -> Any:
        return np.array(self).__reduce__()

    def __deepcopy__(self, memo: Any) -> Any:
        return np.array(self)


_WRITING = (np.copyto, np.fill_diagonal, np.place, np.put, np.put_along_axis, np.putmask)


def _method(name: str) -> Any:
    plain = getattr(np.ndarray, name)

    def method(self: LeafArray, *args: Any, **kwargs: Any) -> Any:
        result = plain(_memory(self), *args, **kwargs)
        _note([self])
        return result

    return method


for _name in ("fill", "partition", "put", "sort"):
    setattr(LeafArray, _name, _method(_name))


class _Memory:
    """A piece of memory as NumPy's array interface describes it, and what keeps it alive."""

    __slots__ = ("__array_interface__", "root")

    def __init__(self, interface: dict[str, Any], root: Any) -> None:
        self.__array_interface__, self.root = interface, root


def _is_noted(x: Any) -> bool:
    """Whether an array is read-only for this reason: its memory is that of a leaf."""
    return x.__class__ is LeafArray and x._leaf is not None and not x.flags.writeable


def _memory(x: Any) -> Any:
    """The same memory as a plain array, to be written into where that is noted."""
    if not _is_noted(x):
        return _plain(x)
    interface = x.__array_interface__
    address, _ = interface["data"]
    return np.asarray(_Memory({**interface, "data": (address, False)}, x._root))


def _plain(x: Any) -> Any:
    return x.view(np.ndarray) if x.__class__ is LeafArray else x


def _note(written: list[Any]) -> None:
    for array in written:
        if _is_noted(array):
            mark_changed(array._leaf)


def hand_out(leaf: Any) -> Any:
    """The array of a leaf for reading, and for writing that is noticed.

    Args:
        leaf: a `Tensor` whose array nobody else writes into.

    Returns:
        A view of it.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True)
        >>> y = (x * x).sum()
        >>> x.data[0] = 5.0
        >>> y.backward()
        Traceback (most recent call last):
        autodiff.errors.StaleDataError: backward() through the result of 'multiply' ...
    """
    data = leaf._data
    view: LeafArray = data.view(LeafArray)
    view.flags.writeable = False
    if data.flags.writeable:
        view._leaf, view._root = leaf, data
    return view


def is_handed_out(array: Any, leaf: Any) -> bool:
    """Whether an array is what `hand_out` gave for the present array of this leaf."""
    return array.__class__ is LeafArray and array.base is leaf._data
