"""Finding what is in a module: its parts, parameters and buffers, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nn.module.parameter import Buffer, Parameter
from nn.module.tree import Part, tensors, walk

if TYPE_CHECKING:
    from nn.module.base import Module

__all__ = ["Lookup"]


class Lookup(Part):
    """A module as far as what is in it is found."""

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all below it, each once, with their names; itself first."""
        found: Iterator[tuple[str, Any]] = walk(self, prefix, set())
        return found

    def modules(self) -> Iterator[Module]:
        """This module and all below it, each once."""
        return (module for _, module in self.named_modules())

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
