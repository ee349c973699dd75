"""What stands at the end of a family's page: its functions, rules and tests, with their files.

`make names` writes it from what the modules say; the rest of a page is written by hand.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
MARK = "\n<!-- From here on written by `make names`. -->\n"


def families() -> list[str]:
    """The families of functions."""
    return sorted(path.parent.name for path in (ROOT / "autodiff/functions").glob("*/__init__.py"))


def page_of(family: str) -> Path:
    """The page about a family."""
    return ROOT / "docs" / family / "README.md"


def pages() -> dict[Path, str]:
    """Each page of a family, with what should stand in it."""
    said = {page_of(family): page_of(family).read_text(encoding="utf-8") for family in families()}
    return {
        page: text.partition(MARK)[0].rstrip() + "\n" + MARK + _index(page.parent.name)
        for page, text in said.items()
    }


def _index(family: str) -> str:
    functions = [
        f"- {_link('functions', family, path)} {_docstring(path)}\n  {_names(module.__all__)}"
        for path, module in _modules("functions", family)
        if module.__all__
    ]
    rules = [
        f"- {_link('ops', family, path)} {_docstring(path)}\n  {_names(_entries(module))}"
        for path, module in _modules("ops", family)
        if _entries(module)
    ]
    tests = f"Tests: [`tests/autodiff/{family}`](../../tests/autodiff/{family})."
    parts = ["## Where it stands", "Functions:", "\n".join(functions)]
    parts += ["Rules, by the names of the entries of the table:", "\n".join(rules)] if rules else []
    return "\n" + "\n\n".join([*parts, tests]) + "\n"


def _modules(room: str, family: str) -> list[tuple[Path, ModuleType]]:
    return [
        (path, import_module(f"autodiff.{room}.{family}.{path.stem}"))
        for path in sorted((ROOT / "autodiff" / room / family).glob("[a-z]*.py"))
    ]


def _entries(module: ModuleType) -> list[str]:
    from autodiff.ops.primitive import Primitive  # of this checkout, also if run as a program

    entries = (getattr(module, name) for name in _defined(module))
    return list(dict.fromkeys(e.name for e in entries if isinstance(e, Primitive)))


def _defined(module: ModuleType) -> list[str]:
    """The names to which a module assigns, without those that it imports."""
    found: list[ast.expr] = []
    for node in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            found += node.targets
        elif isinstance(node, ast.AnnAssign):
            found.append(node.target)
    return [target.id for target in found if isinstance(target, ast.Name)]


def _link(room: str, family: str, path: Path) -> str:
    return f"[`{room}/{family}/{path.name}`](../../autodiff/{room}/{family}/{path.name})"


def _docstring(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition('"""')[2].partition("\n")[0].rstrip('"')


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
