"""The base class of everything that holds parameters."""

from __future__ import annotations

import inspect
from abc import ABCMeta
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from autodiff import Tensor, live, scope
from nn.module.hidden_tensors import refuse_hidden
from nn.module.parameter import Buffer, Parameter
from nn.module.show import describe, mark_parts, show
from nn.module.state import Array, LoadReport, export_state, import_state
from nn.module.tree import Part, tensors, walk
from nn.names.views import view

__all__ = ["Module"]


class _ModuleType(ABCMeta):
    """Looks a module over, and names its parts, when its constructor has ended."""

    if not TYPE_CHECKING:
        # A type checker sees the parameters of the constructor, and so does help().

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            module = super().__call__(*args, **kwargs)
            module._require_init("does not call")
            refuse_hidden(module)
            vars(module)["_scope"] = scope(type(module).__name__, describe(module))
            mark_parts(module)
            return module

        @property
        def __signature__(cls) -> inspect.Signature:
            _, *own = inspect.signature(cls.__init__).parameters.values()
            return inspect.Signature(own)


def _no_forward(self: Module, *args: Any, **kwargs: Any) -> Any:
    raise NotImplementedError(
        f"{type(self).__name__} has no forward method, so it cannot be called; define "
        "`def forward(self, x): ...` in the class, at the same indentation as __init__"
    )


class Module(Part, metaclass=_ModuleType):
    """Base class of layers and models.

    Assign parameters and other modules to attributes, alone or in lists, tuples and dicts
    nested to any depth; they are found there. What is kept where it cannot be found (a set,
    a closure, an object of another class) is refused when the constructor ends.

    Example:
        >>> import nn
        >>> class Net(nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.layers = [nn.Linear(2, 3), nn.Linear(3, 1)]
        ...     def forward(self, x):
        ...         for layer in self.layers:
        ...             x = layer(x)
        ...         return x
        >>> [name for name, _ in Net().named_parameters()]
        ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias']
    """

    def __init__(self) -> None:
        kind = type(self).__name__
        vars(self).update(training=True, _scope=scope(kind, kind))

    forward: Callable[..., Any] = _no_forward

    @property
    def training(self) -> bool:
        """Whether layers such as dropout behave as in training; see `train`."""
        return live.truth(vars(self), "training")

    @training.setter
    def training(self, mode: bool) -> None:
        vars(self)["training"] = bool(mode)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run `forward`, marking the nodes it makes as belonging to this module."""
        token = self._scope.enter()
        try:
            return self.forward(*args, **kwargs)
        except TypeError as error:
            trace = error.__traceback__
            if trace is not None and trace.tb_next is None:
                # It is the call itself that fits no parameters: forward never began.
                raise TypeError(self._wrong_call(error)) from None
            raise
        finally:
            scope.leave(token)

    def inspected(self, what: str, *args: Any, **kwargs: Any) -> Any:
        """Statistics of this module as plain data, for what draws them.

        Args:
            what: ``boundary``, ``filters``, ``flow``, ``saliency`` or ``surface``: a function of
                `nn.inspect` (``flow`` is `nn.inspect.measure`).
            *args: what that function takes after the module.
            **kwargs: likewise.

        Raises:
            ValueError: if there is nothing of that name.
            TypeError: if the function is called with something else.

        Example:
            >>> import nn
            >>> nn.Linear(9, 4).inspected("filters").weights.shape
            (4, 3, 3)
        """
        found = view(what)
        wanted = inspect.signature(found)
        try:
            wanted.bind(self, *args, **kwargs)
        except TypeError as error:
            listed = ", ".join(wanted.parameters)
            raise TypeError(f"{what}() of a model is called with ({listed}): {error}") from None
        return found(self, *args, **kwargs)

    def _wrong_call(self, error: TypeError) -> str:
        try:
            wanted = str(inspect.signature(self.forward))
        except (TypeError, ValueError):
            return str(error)
        return f"{describe(self)} is called with {wanted}: {error}"

    def _require_init(self, what: str) -> None:
        if "_scope" not in vars(self):
            kind = type(self).__name__
            raise RuntimeError(
                f"{kind}.__init__ {what} super().__init__(); make `super().__init__()` the first "
                f"line of {kind}.__init__"
            )

    def __setattr__(self, name: str, value: Any) -> None:
        old = vars(self).get(name)
        if isinstance(value, Tensor | Module | list | tuple | dict):
            self._require_init(f"assigns {name!r} before calling")
        if isinstance(old, Buffer) and not isinstance(value, Buffer | None):
            value = Buffer(value, old.persistent)
        elif isinstance(old, Parameter) and not isinstance(value, Parameter | None):
            raise TypeError(
                f"{type(self).__name__}.{name} is a Parameter and cannot become a "
                f"{type(value).__name__}, which would not be trained; to change its values "
                f"assign {name}.data, to replace it assign nn.Parameter(...)"
            )
        if isinstance(value, Parameter | Buffer) and value.name is None:
            value.name = name
        super().__setattr__(name, value)
        if isinstance(value, Module):
            mark_parts(self)

    def register_buffer(self, name: str, data: Any, persistent: bool = True) -> None:
        """Keep an array that is saved with the module but not trained.

        Args:
            name: the attribute under which it is found, then a `Buffer`.
            data: its values.
            persistent: whether it belongs to the ``state_dict``.
        """
        setattr(self, name, data if isinstance(data, Buffer) else Buffer(data, persistent))

    def __repr__(self) -> str:
        return show(self)

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all below it, each once, with their names; itself first."""
        return walk(self, prefix, set())

    def modules(self) -> Iterator[Module]:
        """This module and all below it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly in this one, each once, with their names."""
        seen: set[int] = set()
        for member in self._members():
            if isinstance(member.value, Module) and id(member.value) not in seen:
                seen.add(id(member.value))
                yield member.path, member.value

    def children(self) -> Iterator[Module]:
        """The modules directly in this one, each once."""
        return (module for _, module in self.named_children())

    def named_parameters(
        self, prefix: str = "", recurse: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """All parameters with their names; a shared one once, under its first name."""
        return tensors(self, Parameter, prefix, once=True, recurse=recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, a shared one once; what an optimizer takes."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix: str = "") -> Iterator[tuple[str, Buffer]]:
        """All buffers with their names, each once."""
        return tensors(self, Buffer, prefix, once=True)

    def buffers(self) -> Iterator[Buffer]:
        """All buffers, each once."""
        return (buffer for _, buffer in self.named_buffers())

    def state_dict(self, prefix: str = "") -> dict[str, Array]:
        """Copies of all parameters and persistent buffers, by name, as NumPy arrays.

        Names and layouts are PyTorch's. A shared parameter appears under all its names.
        Unlike in PyTorch, later training does not change what was returned.
        """
        return export_state(self, prefix)

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> LoadReport:
        """Copy a state into the parameters and buffers, whose dtypes stay.

        Args:
            state: arrays or tensors by name, of this library or of PyTorch.
            strict: whether the names must match exactly.

        Returns:
            The names that were missing and those that were not expected.

        Raises:
            ValueError: names, shapes or kinds of dtype do not match; all the differences
                are listed, and nothing was loaded.
        """
        return import_state(self, state, strict)

    def train(self, mode: bool = True) -> Self:
        """Switch this module and all below it to training (or, if false, to use)."""
        if not isinstance(mode, bool):
            raise TypeError(
                f"train(mode) takes True or False, not a {type(mode).__name__}; "
                "to fit a model to data call nn.fit(model, ...)"
            )
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch this module and all below it to use: dropout off, running statistics on."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze (false) or release (true) all parameters."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set those there are to zero."""
        for parameter in self.parameters():
            keep = not set_to_none and parameter.grad is not None
            parameter.grad = np.zeros(parameter.shape, parameter.dtype) if keep else None

    def to(self, dtype: Any) -> Self:
        """Change the dtype of all floating parameters and buffers, for example to float64.

        Raises:
            TypeError: the dtype is not a floating one.
        """
        if np.dtype(dtype).kind != "f":
            raise TypeError(
                f"to({dtype!r}): floating parameters take a floating dtype, such as numpy.float64"
            )
        for _, tensor in (*self.named_parameters(), *self.named_buffers()):
            if tensor.dtype.kind == "f":
                tensor.cast_(dtype)
        return self

    def apply(self, function: Callable[[Module], Any]) -> Self:
        """Call a function with every module, inner ones first; for example to initialise."""
        for module in reversed(list(self.modules())):
            function(module)
        return self
