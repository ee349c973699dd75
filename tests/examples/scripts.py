"""The example scripts, to be run or to be imported."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

from tests.checkout import ROOT

EXAMPLES = ROOT / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))


@cache
def load(name: str) -> Any:
    """The script of that name as a module; its ``main`` is not run."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pictures(readme: Path = EXAMPLES / "README.md") -> dict[str, list[str]]:
    """Which pictures the README promises of which script."""
    rows = [line.split("|") for line in readme.read_text(encoding="utf-8").splitlines()]
    return {
        row[1].strip(" `"): [part.strip(" `") for part in row[4].split(",") if "`" in part]
        for row in rows
        if len(row) == 6 and row[1].strip().startswith("`")
    }
