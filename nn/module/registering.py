"""Putting parameters, buffers and modules into a module by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn.module.hooks import Hooked
from nn.module.parameter import Buffer, Parameter
from nn.module.tree import Part

if TYPE_CHECKING:
    from nn.module.base import Module

__all__ = ["Registering"]


class Registering(Hooked):
    """A module as far as something is put into it by name."""

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        """Keep an array that is saved with the module but not trained.

        Args:
            name: the attribute under which it is found, then a `Buffer`.
            tensor: its values; None for an attribute without.
            persistent: whether it belongs to the ``state_dict``.

        Raises:
            KeyError: the name is taken, or is none.
        """
        self._check_free(name, Buffer)
        given = tensor is None or isinstance(tensor, Buffer)
        setattr(self, name, tensor if given else Buffer(tensor, persistent))

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Set a parameter as an attribute, as an assignment does.

        Args:
            name: of the attribute.
            param: the parameter; None for an attribute without.

        Raises:
            KeyError: the name is taken, or is none.
            TypeError: it is no `Parameter`.
        """
        self._check_free(name, Parameter)
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"register_parameter({name!r}, ...) of {type(self).__name__} takes a Parameter or "
                f"None, not a {type(param).__name__}; write nn.Parameter(...)"
            )
        setattr(self, name, param)

    def register_module(self, name: str, module: Module | None) -> None:
        """Set a module as an attribute, as an assignment does.

        Args:
            name: of the attribute.
            module: the module; None for an attribute without.

        Raises:
            KeyError: the name is taken, or is none.
            TypeError: it is no module.
        """
        self._check_free(name, Part)
        if module is not None and not isinstance(module, Part):
            raise TypeError(
                f"register_module({name!r}, ...) of {type(self).__name__} takes a Module or None, "
                f"not a {type(module).__name__}"
            )
        setattr(self, name, module)

    def add_module(self, name: str, module: Module | None) -> None:
        """The same as `register_module`, by its older name."""
        self.register_module(name, module)

    def set_submodule(self, target: str, module: Module, strict: bool = False) -> None:
        """Replace the module of a name, as `named_modules` gives them, or add one.

        Args:
            target: the name.
            module: what is to stand there.
            strict: whether there must be one already.

        Raises:
            AttributeError: there is no module around that name; or none of it, though
                ``strict`` was said.
            TypeError: it is no module.
            ValueError: the name is empty.

        Example:
            >>> import nn
            >>> model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
            >>> model.set_submodule("1", nn.Tanh())
            >>> model[1]
            Tanh()
        """
        if not target:
            raise ValueError("set_submodule() was given an empty name; give that of a part")
        if not isinstance(module, Part):
            raise TypeError(
                f"set_submodule({target!r}, ...) takes a Module, not a {type(module).__name__}"
            )
        names = {name for name, _ in self.named_modules(remove_duplicate=False)}
        if strict or target in names:
            self.get_submodule(target)
        # A list in an attribute is no module, so the module around may be several names up.
        outer, _, own = target.rpartition(".")
        while outer and outer not in names:
            outer, _, more = outer.rpartition(".")
            own = f"{more}.{own}"
        if "." in own and target not in names:
            self.get_submodule(target.rpartition(".")[0])
        self.get_submodule(outer)._set_part(own, module)

    def _set_part(self, path: str, module: Module) -> None:
        """Put a module where `_members` would find it under a path."""
        name, _, rest = path.partition(".")
        if not rest:
            setattr(self, name, module)
            return
        inside = getattr(self, name)
        *steps, last = rest.split(".")
        for step in steps:
            inside = inside[step if hasattr(inside, "keys") else int(step)]
        if isinstance(inside, tuple):
            raise TypeError(
                f"{path!r} of {type(self).__name__} stands in a tuple, which cannot be changed; "
                "keep the modules in a list"
            )
        inside[last if hasattr(inside, "keys") else int(last)] = module

    def _check_free(self, name: str, kind: type) -> None:
        if not isinstance(name, str) or not name or "." in name:
            raise KeyError(
                f"{name!r} cannot name a part of {type(self).__name__}: give text without a dot"
            )
        held = vars(self).get(name)
        taken = hasattr(type(self), name) and getattr(type(self), name) is not None
        if taken or not (held is None or isinstance(held, kind)):
            what = f"a {type(held).__name__}" if held is not None else "something of the class"
            raise KeyError(
                f"{type(self).__name__} has {name!r} already, {what}; choose another name, or "
                "delete the attribute first"
            )
