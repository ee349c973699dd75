"""The array of an operation's result as `Tensor.data` hands it out: read-only, and it says why."""

from __future__ import annotations

from typing import Any
from weakref import ref

import numpy as np

from autodiff.errors import ReadOnlyError
from autodiff.graph.cuts import note_cut
from autodiff.tensors.leaf_array import LeafArray

__all__ = ["HANDED_OUT", "ResultArray", "note_copied", "show"]


class ResultArray(np.ndarray[Any, np.dtype[Any]]):
    """A read-only view; what is computed from it are ordinary arrays."""

    _node: Any = None

    def __array_finalize__(self, origin: Any) -> None:
        if origin.__class__ is ResultArray:
            self._node = origin._node

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        plain = array.view(np.ndarray) if array.__class__ is ResultArray else array
        return plain[()] if return_scalar else plain

    def __setitem__(self, index: Any, value: Any) -> None:
        if not self.flags.writeable:
            raise _refused(self)
        super().__setitem__(index, value)

    def __repr__(self) -> str:
        return repr(self.view(np.ndarray))

    def __reduce__(self) -> Any:
        return np.array(self).__reduce__()

    def __deepcopy__(self, memo: Any) -> Any:
        return np.array(self)


def _writing(name: str) -> Any:
    plain = getattr(np.ndarray, name)

    def method(self: ResultArray, *args: Any, **kwargs: Any) -> Any:
        if not self.flags.writeable:
            raise _refused(self)
        return plain(self, *args, **kwargs)

    method.__name__ = method.__qualname__ = name
    return method


for _name in (
    "__iadd__ __isub__ __imul__ __itruediv__ __ifloordiv__ __imod__ __ipow__ __imatmul__ "
    "__iand__ __ior__ __ixor__ fill partition put sort"
).split():
    setattr(ResultArray, _name, _writing(_name))


def _refused(array: ResultArray) -> ReadOnlyError:
    node = None if array._node is None else array._node()
    what = "the result of an operation" if node is None else node.describe()
    return ReadOnlyError(
        f"the data of {what} is read-only, because a gradient may need it: write "
        "y = y.at[i].set(v) for a new node with other numbers, y = y.detach() for a constant "
        "whose data may be written into, or y.numpy() for an array of your own"
    )


def show(node: Any) -> ResultArray:
    """The array of a result for reading.

    Example:
        >>> import autodiff as ad
        >>> y = ad.Tensor([1.0, 2.0], requires_grad=True) * 3.0
        >>> y.data[0] = 5.0
        Traceback (most recent call last):
        autodiff.errors.ReadOnlyError: the data of the result of 'multiply' made at ...
    """
    view: ResultArray = node._data.view(ResultArray)
    view.flags.writeable = False
    # Weakly: an array that is kept does not keep the graph.
    view._node = ref(node)
    return view


HANDED_OUT: frozenset[type] = frozenset((ResultArray, LeafArray))
"""The classes of arrays that know whose they are."""


def note_copied(node: Any, array: Any) -> None:
    """Note of a new node that its numbers are those which another handed out.

    Args:
        node: the new one.
        array: what was handed out, of one of the classes `HANDED_OUT`.
    """
    known = array._leaf if array.__class__ is LeafArray else array._node
    source = known() if isinstance(known, ref) else known
    if source is not None and source is not node:
        note_cut(node, source, "data")
