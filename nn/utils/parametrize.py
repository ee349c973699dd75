"""A parameter computed from others in every call, by a module of its own."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autodiff import Tensor
from nn.module.base import Module
from nn.module.containers import ModuleDict
from nn.module.parameter import Buffer, Parameter
from nn.module.show import mark_parts
from nn.names.missing import missing

__all__ = [
    "ParametrizationList",
    "is_parametrized",
    "register_parametrization",
    "remove_parametrizations",
]

M = TypeVar("M", bound=Module)

# Where a module keeps, while it is called, what was computed for this call.
_HELD = "_parametrized"


class ParametrizationList(Module):
    """What a parameter is computed from, and the modules that do it, the first one first.

    Args:
        modules: the modules.
        original: the parameter that was there.

    Attributes:
        original: what is trained in its place; or ``original0``, ``original1``, … if the first
            module takes several.

    Example:
        >>> import nn
        >>> layer = nn.utils.parametrizations.weight_norm(nn.Linear(2, 3))
        >>> layer.parametrizations["weight"]().shape
        (3, 2)
    """

    def __init__(self, modules: list[Module], original: Parameter | Buffer) -> None:
        super().__init__()
        for i, module in enumerate(modules):
            setattr(self, str(i), module)
        self._assign(original.data, original)
        # As in PyTorch, in states the originals come first.
        for i in range(len(modules)):
            vars(self)[str(i)] = vars(self).pop(str(i))

    def __iter__(self) -> Iterator[Module]:
        return (value for name, value in vars(self).items() if name.isdigit())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, index: int) -> Module:
        return list(self)[index]

    def append(self, module: Module) -> None:
        """Add a module that is given what the last one gives."""
        value = module_inverse(module, self().data)
        setattr(self, str(len(self)), module)
        self._assign(value)

    def originals(self) -> list[Parameter | Buffer]:
        """What is trained: one, or all that the first module takes."""
        return [v for name, v in vars(self).items() if name.startswith("original")]

    def forward(self) -> Tensor:
        """The parameter."""
        first, *others = self
        found: Tensor = first(*self.originals())
        for module in others:
            found = module(found)
        return found

    def assign(self, value: Any) -> None:
        """Set the originals so that the parameter becomes ``value``, as far as that can be."""
        array = value.data if isinstance(value, Tensor) else np.asarray(value)
        for module in reversed(list(self)[1:]):
            array = module_inverse(module, array)
        self._assign(array)

    def _assign(self, array: Any, original: Parameter | Buffer | None = None) -> None:
        given = module_inverse(self[0], np.array(array))
        parts = given if isinstance(given, tuple) else (given,)
        names = [f"original{i}" for i in range(len(parts))] if len(parts) > 1 else ["original"]
        for name, part in zip(names, parts, strict=True):
            known = vars(self).get(name)
            if known is not None:
                known.data = part.astype(known.dtype)
            elif isinstance(original, Parameter):
                trained = original.requires_grad
                setattr(self, name, Parameter(part, trained, name=name, role=original.role))
            else:
                setattr(self, name, Buffer(part, name=name))


def module_inverse(module: Module, array: Any) -> Any:
    """What a module has to be given for a result; without ``right_inverse`` the result itself."""
    inverse = getattr(module, "right_inverse", None)
    return array if inverse is None else inverse(array)


def register_parametrization(
    module: M, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> M:
    """Have a parameter of a module computed by another module in every call.

    The class of the module becomes one derived from it, of which the parameter is a property.
    What was the parameter is ``parametrizations.NAME.original``, or what ``right_inverse`` of the
    parametrization makes of it. Several on the same name are called one after the other. Within
    one call of the module the parameter is computed once.

    Args:
        module: whose parameter.
        tensor_name: its name.
        parametrization: a module; ``forward`` takes the originals, ``right_inverse``, which may
            be missing, takes an array and gives those originals as arrays.
        unsafe: whether the result may have another shape.

    Returns:
        The module.

    Raises:
        ValueError: there is no parameter of that name, or the shape becomes another one.

    Example:
        >>> import nn
        >>> class Symmetric(nn.Module):
        ...     def forward(self, x):
        ...         return (x + x.T) / 2
        >>> layer = register_parametrization(nn.Linear(2, 2, rng=0), "weight", Symmetric())
        >>> bool((layer.weight.data == layer.weight.data.T).all())
        True
        >>> [name for name, _ in layer.named_parameters()]
        ['bias', 'parametrizations.weight.original']
    """
    if is_parametrized(module, tensor_name):
        _list(module, tensor_name).append(parametrization)
        mark_parts(module)
        return module
    original = vars(module).get(tensor_name)
    if not isinstance(original, Parameter | Buffer):
        names = [name for name, v in vars(module).items() if isinstance(v, Parameter | Buffer)]
        raise ValueError(
            f"{type(module).__name__} has no parameter {tensor_name!r}; it has {', '.join(names)}"
        )
    made = ParametrizationList([parametrization], original)
    shape = made().shape
    if shape != original.shape and not unsafe:
        raise ValueError(
            f"the parametrization {type(parametrization).__name__} makes {tensor_name!r} of shape "
            f"{original.shape} one of shape {shape}; mend it, or say unsafe=True"
        )
    delattr(module, tensor_name)
    if not is_parametrized(module):
        module.parametrizations = ModuleDict()
    _lists(module)[tensor_name] = made
    _become(module)
    return module


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether a parameter is computed from others; without a name, whether any is.

    Example:
        >>> import nn
        >>> is_parametrized(nn.Linear(2, 2), "weight")
        False
    """
    lists = vars(module).get("parametrizations")
    if not isinstance(lists, ModuleDict):
        return False
    return len(lists) > 0 if tensor_name is None else tensor_name in lists


def remove_parametrizations(module: M, tensor_name: str, leave_parametrized: bool = True) -> M:
    """Make a parameter an ordinary one again.

    Args:
        module: whose parameter.
        tensor_name: its name.
        leave_parametrized: whether it keeps its present values; otherwise it gets those of its
            original, of which there must be one.

    Returns:
        The module.

    Raises:
        ValueError: the parameter is not computed from others, or from several.

    Example:
        >>> import nn
        >>> layer = nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))
        >>> remove_parametrizations(layer, "weight")
        Linear(2, 2)  # 6 parameters
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"{type(module).__name__}.{tensor_name} is not computed from others")
    made = _list(module, tensor_name)
    first, *others = made.originals()
    if others and not leave_parametrized:
        raise ValueError(
            f"{type(module).__name__}.{tensor_name} is computed from {1 + len(others)} originals, "
            "of which none can take its place; leave out leave_parametrized=False"
        )
    values = made().data if leave_parametrized else first.data
    rest = {name: part for name, part in _lists(module).items() if name != tensor_name}
    if rest:
        module.parametrizations = ModuleDict(rest)
    else:
        delattr(module, "parametrizations")
    _become(module)
    kind = (
        Parameter(values, first.requires_grad, role=first.role)
        if isinstance(first, Parameter)
        else Buffer(values)
    )
    setattr(module, tensor_name, kind)
    return module


def _lists(module: Module) -> ModuleDict:
    lists: ModuleDict = vars(module)["parametrizations"]
    return lists


def _list(module: Module, name: str) -> ParametrizationList:
    made = _lists(module)[name]
    assert isinstance(made, ParametrizationList)
    return made


def _become(module: Module) -> None:
    """Give a module the class in which its parametrized parameters are properties."""
    plain: type[Module] = getattr(type(module), "_plain", type(module))
    names = tuple(_lists(module).keys()) if is_parametrized(module) else ()
    module.__class__ = _derived(plain, names) if names else plain
    mark_parts(module)


@functools.cache
def _derived(plain: type[Module], names: tuple[str, ...]) -> type[Module]:
    def call(self: Module, *args: Any, **kwargs: Any) -> Any:
        own = vars(self)
        if _HELD in own:
            return plain.__call__(self, *args, **kwargs)
        own[_HELD] = {}
        try:
            return plain.__call__(self, *args, **kwargs)
        finally:
            del own[_HELD]

    body: dict[str, Any] = {name: _property(name) for name in names}
    body |= {"__call__": call, "_plain": plain, "__module__": plain.__module__}
    kind: Any = type(plain)
    made: type[Module] = kind(f"Parametrized{plain.__name__}", (plain,), body)
    return made


def _property(name: str) -> property:
    def found(self: Module) -> Any:
        held = vars(self).get(_HELD)
        if held is None:
            return _list(self, name)()
        if name not in held:
            held[name] = _list(self, name)()
        return held[name]

    return property(found, lambda self, value: _list(self, name).assign(value))


def __dir__() -> list[str]:
    return sorted(__all__)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
