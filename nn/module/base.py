"""The base class of everything that holds parameters."""

from __future__ import annotations

import inspect
from abc import ABCMeta
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from autodiff import Tensor, live, scope
from nn.module.buffers import replacing
from nn.module.changing import Changing
from nn.module.copies import give_up, make_tree
from nn.module.hidden_tensors import refuse_hidden
from nn.module.hooked_calls import call
from nn.module.parameter import Buffer, Parameter
from nn.module.resetting import remember
from nn.module.show import describe, mark_parts, show, to_html
from nn.module.state import Array, LoadReport, export_state, import_state
from nn.module.tree import SLOTS
from nn.names.absent import absent, reason
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
            remember(module, args, kwargs)
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


class Module(Changing, metaclass=_ModuleType):
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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("get_extra_state", "set_extra_state"):
            if name in vars(cls):
                why = reason("nn.Module", name)
                raise TypeError(f"{cls.__name__}.{name} would never be called: {why}")

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
            if self._hooks:
                return call(self, args, kwargs)
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
            wanted = inspect.signature(self.forward)
        except (TypeError, ValueError):
            return str(error)
        none = inspect.Signature.empty
        plain = [taken.replace(annotation=none) for taken in wanted.parameters.values()]
        wanted = wanted.replace(parameters=plain, return_annotation=none)
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
        if isinstance(old, Buffer):
            value = replacing(self, name, value)
        elif isinstance(old, Parameter) and not isinstance(value, Parameter | None):
            raise TypeError(
                f"{type(self).__name__}.{name} is a Parameter and cannot become a "
                f"{type(value).__name__}, which would not be trained; to change its values "
                f"assign {name}.data, to replace it assign nn.Parameter(...)"
            )
        if isinstance(value, Parameter | Buffer) and value.name is None:
            value.name = name
        if SLOTS in vars(self):
            give_up(vars(self)[SLOTS], name)
        super().__setattr__(name, value)
        if isinstance(value, Module):
            mark_parts(self)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            found = inspect.getattr_static(type(self), name, None)
            if isinstance(found, property):
                # It is there, and its own code failed: that error is the one to be seen.
                return found.fget(self)
            raise absent(self, "nn.Module", name)

    def __repr__(self) -> str:
        return show(self)

    def _repr_html_(self) -> str:
        return to_html(self)

    def state_dict(self, prefix: str = "") -> dict[str, Array]:
        """Copies of all parameters and persistent buffers, by name, as NumPy arrays.

        Names and layouts are PyTorch's. A shared parameter appears under all its names.
        Unlike in PyTorch, later training does not change what was returned, and there is no
        ``keep_vars``: the tensors themselves are ``dict(model.named_parameters())``.

        Args:
            prefix: what all names begin with.
        """
        return export_state(self, prefix)

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> LoadReport:
        """Copy a state into the parameters and buffers, whose dtypes stay.

        Args:
            state_dict: arrays or tensors by name, of this library or of PyTorch.
            strict: whether the names must match exactly.
            assign: whether the tensors themselves are to take the place of the parameters. There
                is only False: optimizers hold on to the parameters.

        Returns:
            The names that were missing and those that were not expected.

        Raises:
            ValueError: names, shapes or kinds of dtype do not match; all the differences
                are listed, and nothing was loaded.
        """
        if assign:
            raise ValueError(
                "load_state_dict() was given assign=True, but values are copied into the "
                "parameters that there are, on which optimizers hold; for another dtype call "
                "to() before"
            )
        return import_state(self, state_dict, strict)


make_tree(Module)
