"""Tensors that belong to a model: those that are trained, and those that are only kept."""

from __future__ import annotations

from typing import Any

from autodiff import default_dtype
from nn.module.dtypes import get_default_dtype
from nn.module.in_place import InPlace

__all__ = ["Buffer", "Parameter"]


class _Owned(InPlace):
    """A leaf that belongs to a module, so it may be copied and cast together with it."""

    __slots__ = ()

    def __init__(self, data: Any, dtype: Any, requires_grad: bool, name: str | None) -> None:
        with default_dtype(get_default_dtype()):
            super().__init__(data, dtype, requires_grad, name)


class Parameter(_Owned):
    """A tensor that a `Module` reports as trainable wherever it is kept in it.

    Args:
        data: the initial values; an array keeps its dtype and is copied, lists of Python
            floats get `nn.get_default_dtype`.
        requires_grad: false for a parameter that is saved but not trained.
        dtype: floating dtype of the parameter, if it is to differ from the data's.
        name: shown in drawings; the attribute's name if not given.
        role: what it is for, such as ``weight`` or ``bias``; for optimizers and drawings
            that treat roles differently.

    Example:
        >>> p = Parameter([1.0, 2.0], role="bias")
        >>> p.requires_grad, p.is_leaf, p.role
        (True, True, 'bias')
    """

    __slots__ = ("role",)

    role: str | None

    def __init__(
        self,
        data: Any,
        requires_grad: bool = True,
        *,
        dtype: Any = None,
        name: str | None = None,
        role: str | None = None,
    ) -> None:
        super().__init__(data, dtype, requires_grad, name)
        self.role = role

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        copy = Parameter(self.data, self.requires_grad, name=self.name, role=self.role)
        memo[id(self)] = copy
        return copy


class Buffer(_Owned):
    """A tensor that a `Module` saves but that is not trained, such as a running mean.

    Args:
        data: the initial values; an array keeps its dtype and is copied, lists of Python
            floats get `nn.get_default_dtype`.
        persistent: whether it belongs to the ``state_dict``.
        dtype: dtype, if it is to differ from the data's.
        name: shown in drawings; the attribute's name if not given.

    Example:
        >>> b = Buffer([0.0, 0.0])
        >>> b.requires_grad, b.persistent
        (False, True)
    """

    __slots__ = ("persistent",)

    persistent: bool

    def __init__(
        self,
        data: Any,
        persistent: bool = True,
        *,
        dtype: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(data, dtype, False, name)
        self.persistent = persistent

    def __deepcopy__(self, memo: dict[int, Any]) -> Buffer:
        copy = Buffer(self.data, self.persistent, name=self.name)
        memo[id(self)] = copy
        return copy
