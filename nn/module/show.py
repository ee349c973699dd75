"""How a module prints, and under which name drawings show it."""

from __future__ import annotations

import math

from autodiff import scope
from autodiff.extending import notebook_table
from nn.module.parameter import Parameter
from nn.module.tree import Part, tensors

__all__ = ["describe", "mark_parts", "show", "to_html"]

_MOST = 60
"""So many parts stand in a table."""


def _parts(module: Part) -> list[tuple[str, Part]]:
    return [(m.label, m.value) for m in module._members() if m.is_a(Part)]


def describe(module: Part) -> str:
    """One module on one line, without its parts: ``Linear(2, 16)``, or ``Sequential``."""
    kind, extra = type(module).__name__, module.extra_repr()
    return kind if not extra and _parts(module) else f"{kind}({extra})"


def mark_parts(root: Part) -> None:
    """Give all modules below one the names under which drawings show them."""
    _mark(root, "", {id(root)})


def _mark(module: Part, prefix: str, seen: set[int]) -> None:
    for label, part in _parts(module):
        if id(part) not in seen:
            seen.add(id(part))
            vars(part)["_scope"] = scope(prefix + label, describe(part))
            # A list of modules is never called, so its items carry its name.
            _mark(part, "" if part._is_called else prefix + label, seen)


def _comment(count: int, unit: str = "") -> str:
    return f"  # {count:,}{unit}" if count else ""


def _count(module: Part) -> int:
    found = (p for _, p in tensors(module, Parameter, "", once=True))
    return sum(math.prod(getattr(p, "shape", ())) for p in found)


def _lines(module: Part, indent: str, seen: set[int]) -> list[str]:
    lines: list[str] = []
    for member in module._members():
        head, value = f"{indent}({member.label}): ", member.value
        known = member.key in seen
        seen.add(member.key)
        if not member.is_a(Part):
            if not module.extra_repr():
                shape = getattr(value, "shape", ())
                note = "  # shared" if known else _comment(math.prod(shape))
                lines.append(f"{head}{type(value).__name__}{list(shape)}{note}")
        elif known:
            lines.append(f"{head}{describe(value)}  # shared")
        else:
            inner = _lines(value, indent + "  ", seen)
            note = _comment(_count(value))
            title = describe(value).removesuffix("()") if inner else describe(value)
            lines += (
                [f"{head}{title}(", *inner, f"{indent}){note}"]
                if inner
                else [f"{head}{title}{note}"]
            )
    return lines


def show(module: Part) -> str:
    """The module with everything in it, one line each, and the numbers of parameters."""
    inner = _lines(module, "  ", {id(module)})
    count = _count(module)
    note = _comment(count, f" parameter{'s' * (count != 1)}")
    if not inner:
        return describe(module) + note
    return "\n".join([f"{describe(module).removesuffix('()')}(", *inner, f"){note}"])


def to_html(root: Part) -> str:
    """A module part by part, for a notebook: numbers in parameters, and which are trained.

    ``nn.summary`` tells more, as it is given inputs.
    """
    rows: list[tuple[str, str, str]] = []
    seen: set[int] = set()

    def add(label: str, part: Part, depth: int) -> None:
        known = id(part) in seen
        seen.add(id(part))
        name = "\u2003" * depth + (f"{label}: " if label else "") + describe(part)
        found = [p for _, p in tensors(part, Parameter, "", once=True)]
        frozen = sum(math.prod(getattr(p, "shape", ())) for p in found if not p.requires_grad)
        count = _count(part)
        rows.append((name, "shared" if known else f"{count:,}", f"{frozen:,}" if frozen else ""))
        if not known:
            for inner, child in _parts(part):
                add(inner, child, depth + 1)

    add("", root, 0)
    dropped = len(rows) - _MOST
    note = f"and {dropped} more parts; print the module to see all" if dropped > 0 else ""
    heads = ("module", "parameters", "of them frozen")
    return notebook_table(root, "module", type(root).__name__, rows[:_MOST], heads, note)
