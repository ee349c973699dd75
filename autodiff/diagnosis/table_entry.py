"""What `python -m autodiff show` prints of an operation: its entry in the table, and its places."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from inspect import Parameter, getdoc
from pathlib import Path
from textwrap import fill
from types import ModuleType
from typing import Any

from autodiff.names import FUNCTIONS, HOMES, NAMESPACES
from autodiff.ops import every_primitive
from autodiff.ops.parameters import keyword_parameters
from autodiff.ops.primitive import Elementwise, Fused, Primitive, Structural
from autodiff.writers.derivatives import (
    cotangent_name,
    derivatives,
    formula,
    kinks,
    operand_names,
    pulled_back,
    shares,
)

__all__ = ["entry_text", "public_names"]

_ROOT = Path(__file__).resolve().parents[2]
_NONE = "none: it carries no gradient"
_LABEL, _WIDTH = 16, 96
_COMPOSED = ("derivative", "that of the operations it is composed of; it has no entry of its own")


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def public_names() -> dict[str, Any]:
    """The functions of the package and of its namespaces, by what stands after ``autodiff.``.

    Example:
        >>> public_names()["linalg.det"].__name__
        'det'
    """
    found = {name: getattr(import_module(home), name) for name, home in FUNCTIONS.items()}
    for short in NAMESPACES:
        namespace = import_module(f"autodiff.{short}")
        found |= {f"{short}.{name}": getattr(namespace, name) for name in namespace.__all__}
    return {name: f for name, f in found.items() if callable(f) and not isinstance(f, type)}


def entry_text(name: str) -> str:
    """The table's entry of an operation as text, with the files that speak of it.

    Args:
        name: of the entry, a function or a method, with or without ``autodiff.``, a namespace
            or the class.

    Raises:
        KeyError: there is neither; the message names what is spelt alike.

    Example:
        >>> print(entry_text("tanh"))
        tanh: Hyperbolic tangent.
        <BLANKLINE>
          formula       tanh(x)
          derivative    d tanh(x)/dx = 1 − tanh(x)²
          ...
    """
    table, functions = every_primitive(), public_names()
    wanted = re.sub(r"^((autodiff|ad|Tensor|Value)\.)+", "", name)
    chosen = [wanted, *(key for key in functions if key.endswith(f".{wanted}"))]
    public = next((key for key in chosen if key in functions), None)
    function = functions.get(public or "")
    entry = table.get(wanted) or table.get(getattr(function, "__name__", ""))
    if entry is None and function is None:
        raise KeyError(_unknown(wanted, [*table, *functions, *HOMES]))
    rows = list(_of_entry(entry)) if entry is not None else [_COMPOSED]
    rows += _places(entry, function, public)
    title = (entry.doc if entry is not None else "") or (getdoc(function) or "").split("\n\n")[0]
    return "\n".join([fill(f"{wanted}: {title}", _WIDTH), "", *map(_row, *zip(*rows, strict=True))])


def _unknown(wanted: str, known: list[str]) -> str:
    if wanted in HOMES:
        return (
            f"{wanted!r} is no operation but part of {HOMES[wanted]}; see help(autodiff.{wanted})"
        )
    short = {name.rpartition(".")[2]: name for name in reversed(known)}
    alike = [
        *(name for name in short if len(wanted) > 3 and wanted in name),
        *get_close_matches(wanted, short, 5),
    ]
    close = list(dict.fromkeys(short[match] for match in alike))[:5]
    hint = f"; did you mean {', '.join(close)}?" if close else ""
    return f"no operation is called {wanted!r}{hint}"


def _row(label: str, text: str) -> str:
    hanging = " " * _LABEL
    first = f"  {label}".ljust(_LABEL)
    return fill(text, _WIDTH, initial_indent=first, subsequent_indent=hanging) or first.rstrip()


def _of_entry(entry: Primitive) -> Iterator[tuple[str, str]]:
    yield "formula", formula(entry)
    parameters = keyword_parameters(entry)
    if parameters:
        given = {k: "" if v is Parameter.empty else f"={v!r}" for k, v in parameters.items()}
        yield "parameters", ", ".join(f"{k}{v}" for k, v in given.items())
    if isinstance(entry, Elementwise):
        yield from _labelled("derivative", derivatives(entry) or [_NONE])
        yield from _labelled("kinks", kinks(entry))
        named = zip(operand_names(entry), entry.domains, strict=True)
        yield "sampled from", ", ".join(f"{x} in ({d.low:g}, {d.high:g})" for x, d in named)
    elif isinstance(entry, Structural):
        told = [f"to {line}" for line in pulled_back(entry)]
        cotangent = f"gradient {cotangent_name(operand_names(entry))}"
        yield from _labelled(cotangent, [*told, *_computed(entry)] or [_NONE])
        if entry.kinks:
            yield "kinks", entry.kinks
        if entry.convention:
            yield "convention", entry.convention
    elif isinstance(entry, Fused):
        yield from _labelled("derivative", shares(entry))
    if entry.differentiable:
        yield "forward mode", _forward_mode(entry)
    if isinstance(entry, Elementwise) or (isinstance(entry, Structural) and entry.samples):
        yield "vmap", "the same rules, run on all examples at once"


def _labelled(label: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    yield from zip([label, *[""] * len(lines)], lines, strict=False)


def _computed(entry: Structural) -> Iterator[str]:
    """Where the backward rules of an entry are, if they stand apart from the entry."""
    rules = entry.vjp if isinstance(entry.vjp, tuple) else (entry.vjp,)
    for rule in dict.fromkeys(rules if entry.differentiable else ()):
        if rule.__name__ in vars(module := import_module(rule.__module__)):
            yield f"what {rule.__name__} computes, {_at(module, rule.__name__)}"


def _forward_mode(entry: Primitive) -> str:
    if not isinstance(entry, Structural):
        return "the tangent times the derivative"
    if entry.linear:
        return "the operation itself, of the tangent (it is linear)"
    if entry.multilinear:
        return "a sum over operands, one replaced by its tangent (it is linear in each)"
    return "a rule of its own" if entry.jvp else "the backward rule, transposed"


def _places(
    entry: Primitive | None, function: Any, public: str | None
) -> Iterator[tuple[str, str]]:
    family = ""
    if entry is not None:
        module, variable = _rule_of(entry)
        family = module.__name__.split(".")[2]
        yield "rule", _at(module, variable)
    if public is not None:
        module, variable = _home_of(function, public.rpartition(".")[2])
        family = family or module.__name__.split(".")[2]
        yield "function", f"{_at(module, variable)}, as autodiff.{public}"
    name = entry.name if entry is not None else str(public).rpartition(".")[2]
    kind = {Elementwise: "elementwise", Structural: "structural"}.get(type(entry), "")
    tests = [f"tests/autodiff/table/test_table_{kind}.py"] if kind else []
    yield from _labelled("tests", tests + _mentions("tests/autodiff", family, "test_*.py", name))
    yield from _labelled("pages", _mentions("docs", family, "*.md", name))


def _rule_of(entry: Primitive) -> tuple[ModuleType, str]:
    for name, module in sorted(sys.modules.items()):
        if name.startswith("autodiff.ops."):
            for variable, thing in vars(module).items():
                if thing is entry:
                    return module, variable
    raise KeyError(entry.name)


def _home_of(function: Any, name: str) -> tuple[ModuleType, str]:
    if function.__module__.startswith("autodiff.functions."):
        return import_module(function.__module__), function.__name__
    # Made from an entry of the table, in the module that lists it.
    own = function.__name__ if function.__name__ in FUNCTIONS else name
    return import_module(FUNCTIONS[own]), own


def _at(module: ModuleType, variable: str) -> str:
    path = Path(str(module.__file__))
    lines = _read(path).splitlines()
    begins = re.compile(rf"def {variable}\(|{variable}(: \w+)? = ")
    line = next((n for n, line in enumerate(lines, 1) if begins.match(line)), 1)
    return f"{path.relative_to(_ROOT).as_posix()}:{line}"


def _mentions(folder: str, family: str, pattern: str, name: str) -> list[str]:
    """Files of a checkout that lie in a family's folder and speak of the name."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    found = sorted((_ROOT / folder / family).glob(pattern)) if family else []
    return [path.relative_to(_ROOT).as_posix() for path in found if word.search(_read(path))]
