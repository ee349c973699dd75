"""What is said of the elementwise functions, read from the table of operations.

The derivative of each function, its kinks and an example stand in two places that cannot ask the
table: `autodiff/ops/docstrings.txt`, from which the functions take their docstrings when they are
made (asking the symbolic interpreter would lengthen every start), and below each function in its
source, where editors look. Both are written by ``make names``; the tests compare them.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "autodiff" / "ops" / "docstrings.txt"
KINDS = ("Unary", "Binary", "Ternary", "Parametric")
"""How functions that are made from an entry are annotated."""

_LONGEST = 90
_WIDTH = 100


def function_docs() -> dict[Path, str]:
    """Each file that is written, and what should stand in it."""
    from autodiff.ops import every_primitive  # of this checkout, also if run as a program
    from tests.structural_docs import with_derivatives

    table = every_primitive()
    texts: dict[str, str] = {}
    files: dict[Path, str] = {}
    for path in sorted((ROOT / "autodiff" / "functions").glob("*/*.py")):
        source = path.read_text(encoding="utf-8")
        made = list(_made(path, source))
        texts.update({entry.name: _body(entry) for name, entry, _ in made})
        told = with_derivatives(path, _with_docstrings(source, made) if made else source)
        if made or told != source or "    Derivative: " in source:
            files[path] = told
    for path in sorted((ROOT / "autodiff" / "methods").glob("*_declarations.pyi")):
        files[path] = _declared(path.read_text(encoding="utf-8"))
    order = [name for name in table if name in texts]
    files[TEXTS] = "".join(f"[{name}]\n{texts[name]}\n" for name in sorted(order))
    return files


def _made(path: Path, source: str) -> Iterator[tuple[str, Any, ast.AnnAssign]]:
    """The public functions of a file that are made from an entry: name, entry, statement."""
    from autodiff.ops.primitive import TABLE

    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for statement in ast.parse(source).body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id=kind)):
                if kind in KINDS and not name.startswith("_"):
                    yield name, TABLE[getattr(module, name).__name__], statement


def _with_docstrings(source: str, made: list[tuple[str, Any, ast.AnnAssign]]) -> str:
    lines = source.splitlines()
    statements = ast.parse(source).body
    places = {s.lineno: i for i, s in enumerate(statements)}
    for _, entry, statement in reversed(made):
        end = statement.end_lineno or statement.lineno
        after = statements[places[statement.lineno] + 1 :][:1]
        old = end
        for node in after:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                old = node.end_lineno or end
        lines[end:old] = _below(entry)
    return "\n".join(lines) + "\n"


def _declared(source: str) -> str:
    """Declarations of methods, each with the first sentences of what it says at run time."""
    import autodiff as ad

    lines = source.splitlines()
    kinds = {"TensorMethods": ad.Tensor, "ValueMethods": ad.Value, "NodeMethods": ad.Node}
    for group in ast.parse(source).body:
        if not isinstance(group, ast.ClassDef) or group.name not in kinds:
            continue
        for method in reversed(group.body):
            if not isinstance(method, ast.FunctionDef) or method.name.startswith("_"):
                continue
            docstring = _docstring_of(getattr(kinds[group.name], method.name))
            assert method.returns is not None
            assert method.returns.end_lineno is not None
            last, column = method.returns.end_lineno - 1, method.returns.end_col_offset
            body = [f"        {line}".rstrip() for line in docstring]
            lines[last : method.end_lineno] = [f"{lines[last][:column]}:", *body]
    return "\n".join(lines) + "\n"


def _docstring_of(method: Any) -> list[str]:
    from autodiff.ops.primitive import TABLE, Elementwise

    entry = TABLE.get(getattr(method, "__name__", ""))
    if isinstance(entry, Elementwise):
        return _below(entry)
    said = [" ".join(part.split()) for part in (inspect.getdoc(method) or "").split("\n\n")]
    told = next((part for part in said if part.startswith("Derivative: ")), "")
    lines = [*wrap(f'"""{said[0]}', _WIDTH - 8), *([""] if told else []), *wrap(told, _WIDTH - 8)]
    return [f'{lines[0]}"""'] if len(lines) == 1 else [*lines, '"""']


def _below(entry: Any) -> list[str]:
    """The lines below a function in its source."""
    told = _equations(entry)
    single = f'"""{" ".join([entry.doc, *told])}"""'
    if len(told) < 2 and len(single) <= _WIDTH:
        return [single]
    first, *rest = wrap(entry.doc, _WIDTH - 3)
    return [f'"""{first}', *rest, "", *told, '"""']


def _equations(entry: Any) -> list[str]:
    from autodiff.writers.derivatives import derivatives, formula

    found = derivatives(entry)
    if max(map(len, found), default=0) >= _LONGEST:
        found = [f"f = {formula(entry)}", *derivatives(entry, "f")]
    return [
        f"{line}."
        if len(line) < _LONGEST
        else f"{line.partition(' = ')[0]}: see `python -m autodiff show {entry.name}`."
        for line in found
    ]


def _body(entry: Any) -> str:
    from autodiff.writers.derivatives import kinks

    told = [line.removesuffix(".") for line in _equations(entry)]
    parts = ["\n".join(f"    {line}" for line in told)] if told else []
    if entry.kinks:
        slopes = "; ".join(kinks(entry))
        parts.append(f"{slopes[0].upper()}{slopes[1:]}.")
    return "\n\n".join([*parts, _example(entry)])


def _example(entry: Any) -> str:
    from autodiff.names import FUNCTIONS

    names = [entry.name, *(n for n in FUNCTIONS if _name_of(n) == entry.name)]
    name = next(n for n in names if n in FUNCTIONS)
    thirds = [
        [True, False]
        if position in entry.aside
        else [round(d.low + (d.high - d.low) * part / 4, 2) for part in (1, 3)]
        for position, d in enumerate(entry.domains)
    ]
    result = getattr(import_module("autodiff"), name)(*thirds).data
    floats = result.dtype.kind == "f"
    shown = result.round(4).tolist() if floats else result.tolist()
    call = f"ad.{name}({', '.join(map(repr, thirds))})"
    how = ".data.round(4).tolist()" if floats else ".tolist()"
    return "\n".join(
        ["Example:", "    >>> import autodiff as ad", f"    >>> {call}{how}", f"    {shown}"]
    )


def _name_of(public: str) -> str:
    return str(getattr(getattr(import_module("autodiff"), public), "__name__", ""))
