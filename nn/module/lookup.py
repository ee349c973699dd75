"""Finding what is in a module: its parts, parameters and buffers, by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from nn.module.parameter import Buffer, Parameter
from nn.module.tree import Part, tensors, walk

if TYPE_CHECKING:
    from nn.module.base import Module

__all__ = ["Lookup"]

T = TypeVar("T")


class Lookup(Part):
    """A module as far as what is in it is found."""

    def named_modules(
        self, memo: set[Any] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """This module and all below it with their names; itself first.

        Args:
            memo: modules to leave out; those that are found are added.
            prefix: the name of this module.
            remove_duplicate: whether a shared module comes once, under its first name.
        """
        left_out = set() if memo is None else memo
        known = {id(module) for module in left_out} if remove_duplicate else None
        found: Iterator[tuple[str, Any]] = walk(self, prefix, known)
        for name, module in found:
            left_out.add(module)
            yield name, module

    def modules(self, remove_duplicate: bool = True) -> Iterator[Module]:
        """This module and all below it, each once unless ``remove_duplicate`` is false."""
        found = self.named_modules(remove_duplicate=remove_duplicate)
        return (module for _, module in found)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly in this one, each once, with their names."""
        seen: set[int] = set()
        for member in self._members():
            if member.is_a(Part) and id(member.value) not in seen:
                seen.add(id(member.value))
                yield member.path, member.value

    def children(self) -> Iterator[Module]:
        """The modules directly in this one, each once."""
        return (module for _, module in self.named_children())

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """All parameters with their names.

        Args:
            prefix: the name of this module.
            recurse: whether those of the modules below count.
            remove_duplicate: whether a shared one comes once, under its first name.
        """
        for _, part in walk(self, "", set()) if recurse else [("", self)]:
            part._refuse_parameters()
        return tensors(self, Parameter, prefix, once=remove_duplicate, recurse=recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, a shared one once; what an optimizer takes."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Buffer]]:
        """All buffers with their names; arguments as those of `named_parameters`."""
        return tensors(self, Buffer, prefix, once=remove_duplicate, recurse=recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Buffer]:
        """All buffers, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def get_submodule(self, target: str) -> Module:
        """The module of a name, as `named_modules` gives them; of the empty name this one.

        Raises:
            AttributeError: there is none of that name.

        Example:
            >>> import nn
            >>> nn.Sequential(nn.Linear(2, 3), nn.ReLU()).get_submodule("0")
            Linear(2, 3)  # 9 parameters
        """
        return _of(self, "module", target, self.named_modules(remove_duplicate=False))

    def get_parameter(self, target: str) -> Parameter:
        """The parameter of a name, as `named_parameters` gives them.

        Raises:
            AttributeError: there is none of that name.
        """
        return _of(self, "parameter", target, self.named_parameters(remove_duplicate=False))

    def get_buffer(self, target: str) -> Buffer:
        """The buffer of a name, as `named_buffers` gives them.

        Raises:
            AttributeError: there is none of that name.
        """
        return _of(self, "buffer", target, self.named_buffers(remove_duplicate=False))


def _of(owner: Lookup, what: str, target: str, entries: Iterator[tuple[str, T]]) -> T:
    names = []
    for name, found in entries:
        if name == target:
            return found
        names.append(name)
    near = difflib.get_close_matches(target, names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(names) or 'none'}"
    raise AttributeError(f"{type(owner).__name__} has no {what} {target!r}{hint}")
