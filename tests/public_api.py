"""The public interface of the three packages as text: one line a name, with its signature.

What is listed is what is there: the names in each namespace's ``__all__``, and of classes the
public methods and attributes. So a change that takes a name or a parameter away shows.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Container, Iterator
from contextlib import suppress
from enum import Enum
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import Any, get_origin

ROOTS = ("autodiff", "autodiff.testing", "autodiff.typing", "nn", "viz")
"""Where users begin; namespaces that these list are followed."""

_PACKAGES = ("autodiff", "nn", "viz")


class _Bare(str):
    """An annotation that is printed without quotes."""

    __slots__ = ()
    __repr__ = str.__str__


def _bare(annotation: Any) -> Any:
    text = getattr(annotation, "__forward_arg__", annotation)
    return _Bare(text) if isinstance(text, str) else annotation


def _signature(function: Any) -> str:
    if isinstance(function, type) and "__init__" in vars(function):
        found = inspect.signature(vars(function)["__init__"])
        parameters = list(found.parameters.values())[1:]
        returns = found.empty
    else:
        found = inspect.signature(function)
        parameters = list(found.parameters.values())
        returns = found.empty if isinstance(function, type) else _bare(found.return_annotation)
    parameters = [p.replace(annotation=_bare(p.annotation)) for p in parameters]
    text = str(found.replace(parameters=parameters, return_annotation=returns))
    # The default of a parameter may be a function, which lies elsewhere in every process.
    return re.sub(r" at 0x[0-9a-f]+", "", text)


def _value(thing: Any) -> str:
    if isinstance(thing, Enum):
        return repr(thing.value)
    text = repr(thing)
    return type(thing).__name__ if " at 0x" in text else text


def _ours(thing: Any) -> bool:
    return getattr(thing, "__module__", "").split(".")[0] in _PACKAGES


def _members(kind: type, name: str, listed: Container[type]) -> Iterator[str]:
    """The public members that a class has beside those of other classes that are listed."""
    found: dict[str, Any] = {}
    others = [base for base in kind.__mro__[1:] if base in listed]
    shown_there = {base for other in others for base in other.__mro__}
    for base in reversed(kind.__mro__):
        if _ours(base) and base not in shown_there:
            found.update(vars(base))
    for member, thing in found.items():
        if member.startswith("_") or type(thing).__name__ == "OtherName":
            continue
        if isinstance(thing, property | cached_property):
            getter = thing.fget if isinstance(thing, property) else thing.func
            returns = getattr(getter, "__annotations__", {}).get("return", "Any")
            yield f"{name}.{member}: {returns}"
        elif inspect.ismemberdescriptor(thing):
            yield f"{name}.{member}"
        elif callable(getattr(kind, member)):
            function = inspect.getattr_static(kind, member)
            function = getattr(function, "__func__", function)
            if not (callable(function) and inspect.isroutine(function)):
                function = getattr(kind, member)
            yield f"{name}.{member}{_signature(function)}"
        else:
            yield f"{name}.{member} = {_value(thing)}"


def _lines(thing: Any, name: str, listed: Container[type]) -> Iterator[str]:
    if isinstance(thing, type) and _ours(thing):
        # What an exception takes is not told alike by every version of Python.
        plain = issubclass(thing, BaseException | Enum) and "__init__" not in vars(thing)
        bases = ", ".join(base.__name__ for base in thing.__bases__)
        yield f"class {name}({bases})" if plain else f"class {name}{_signature(thing)}"
        yield from _members(thing, name, listed)
    elif isinstance(thing, type):
        yield f"{name} = {thing.__module__}.{thing.__qualname__}"
    elif get_origin(thing):
        yield f"{name}: type"
    elif callable(thing):
        yield f"{name}{_signature(thing)}"
    else:
        yield f"{name} = {_value(thing)}"


def namespaces() -> list[ModuleType]:
    """The modules in which users look: the roots, and those that they list."""
    found = [import_module(name) for name in ROOTS]
    for module in found:
        listed = _listed(module).values()
        found += [one for one in listed if isinstance(one, ModuleType) and one not in found]
    return found


def _listed(module: ModuleType) -> dict[str, Any]:
    """What a namespace gives: what it lists, and what it loads when it is asked for."""
    given = vars(module).get("__dir__", list)()
    found = {}
    for name in {*module.__all__, *given}:
        # Some of it needs a package that is not installed.
        with suppress(ImportError):
            found[name] = getattr(module, name)
    return found


def listing() -> str:
    """The whole interface, sorted."""
    found = {f"{m.__name__}.{n}": thing for m in namespaces() for n, thing in _listed(m).items()}
    listed = {thing for thing in found.values() if isinstance(thing, type)}
    lines: set[str] = set()
    for name, thing in found.items():
        if isinstance(thing, ModuleType):
            lines.add(f"{thing.__name__}: module")
        else:
            lines.update(_lines(thing, name, listed))
    return "\n".join(sorted(lines, key=lambda line: line.removeprefix("class "))) + "\n"
