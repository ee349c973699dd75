"""What functions of one structural entry say of its derivative, below them in their source.

Written by ``make names`` before the example of each docstring; the tests compare it with the table.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_WIDTH = 100
CALLED = {
    **{f"conv{n}d": "convolution" for n in (1, 2, 3)},
    **{f"max_pool{n}d": "max_pool" for n in (1, 2, 3)},
    **{"einsum": "einsum", "fftn": "fft", "ifftn": "ifft"},
    **dict.fromkeys(("flipud", "fliplr"), "flip"),
    **dict.fromkeys(("moveaxis", "permute_dims", "rollaxis", "swapaxes"), "transpose"),
    **dict.fromkeys(("ravel", "unflatten"), "reshape"),
}
"""Entries of functions that have other names than theirs, or reach them through another."""
_TOLD = re.compile(r"    Derivative: (?:.+\n)+\n")
_EXAMPLE = "    Example:\n"


def structural_functions(path: Path, source: str) -> Iterator[tuple[ast.FunctionDef, Any]]:
    """The public functions of a file that are one structural entry, and the entry."""
    from autodiff.ops.primitive import TABLE, Structural

    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.FunctionDef):
            continue
        entry = TABLE.get(CALLED.get(statement.name, statement.name))
        if not isinstance(entry, Structural) or statement.name not in module.__all__:
            continue
        used = (_named(module, node) for node in ast.walk(statement))
        if statement.name in CALLED or any(thing is entry for thing in used):
            yield statement, entry


def with_derivatives(path: Path, source: str) -> str:
    """A file's source, each of these functions with what the table says of its derivative."""
    lines = source.splitlines(keepends=True)
    for statement, entry in reversed(list(structural_functions(path, source))):
        docstring = statement.body[0]
        assert docstring.end_lineno is not None
        first, last = docstring.lineno - 1, docstring.end_lineno
        text = _TOLD.sub("", "".join(lines[first:last]))
        before, example, after = text.partition(_EXAMPLE)
        if example:
            lines[first:last] = [f"{before}{_paragraph(statement, entry)}\n{example}{after}"]
    return "".join(lines)


def told_of(entry: Any, names: list[str]) -> str:
    """What the operands of an entry receive, as a sentence."""
    from autodiff.writers.derivatives import cotangent_name, pulled_back

    used = names or [""]
    told = [line.partition(": ") for line in pulled_back(entry, names)]
    each = "; ".join(f"{n} receives {rule}" for n, _, rule in told)
    letter = cotangent_name(used)
    symbols = f"the result's gradient {letter}"
    if any(re.search(r"(?<![a-zA-Z])y(?![a-zA-Z])", rule) for _, _, rule in told):
        symbols = f"the gradient {letter} of the result y" if "y" not in names else symbols
    return " ".join(filter(None, [f"Derivative: of {symbols}, {each}.", entry.kinks]))


def _paragraph(statement: ast.FunctionDef, entry: Any) -> str:
    text = told_of(entry, _operands(statement, entry))
    kept = re.sub(r"(?<=[^ ]) (?=[·⊙⋆∗=/+−] )|(?<= [·⊙⋆∗=/+−]) ", "\0", text)
    indent: dict[str, Any] = {"initial_indent": "    ", "subsequent_indent": "    "}
    lines = wrap(kept, _WIDTH, break_long_words=False, **indent)
    if max(map(len, lines)) > _WIDTH:
        lines = wrap(text, _WIDTH, **indent)
    return "\n".join(lines).replace("\0", " ") + "\n"


def _operands(statement: ast.FunctionDef, entry: Any) -> list[str]:
    """What the function calls the entry's operands."""
    from autodiff.writers.derivatives import operand_names

    names = list(operand_names(entry))
    if names and len(entry.factors) > len(names):
        names.append("bias")
    given = [*statement.args.posonlyargs, *statement.args.args]
    if set(names) <= {argument.arg for argument in given}:
        return names
    return [argument.arg for argument in given[: len(names)]]


def _named(module: Any, node: ast.AST) -> Any:
    if not isinstance(node, ast.Name | ast.Attribute):
        return None
    found: Any = module
    for name in ast.unparse(node).split("."):
        found = getattr(found, name, None)
    return found
