"""What follows from the list of names in `autodiff.names`, and how it is written.

Run as a program (``make names``), this writes the stub of the package, in which type checkers
and editors see each name with its signature, what the elementwise functions say of their
derivatives, the list of everything public in the three packages, and the end of each family's page.
The tests compare all of it with what is there.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUB = ROOT / "autodiff" / "__init__.pyi"
API = ROOT / "docs" / "api.txt"


def stub() -> str:
    """The package as type checkers see it: what is imported from where."""
    from autodiff import names  # of this checkout, also if run as a program

    lines = [
        "# Written by `make names` from autodiff/names.py; not to be edited.",
        "# ruff: noqa: I001",
        *(f"from autodiff import {name} as {name}" for name in names.SUBMODULES),
    ]
    for home, group in groupby(names.HOMES, key=names.HOMES.__getitem__):
        lines.append(f"from {home} import (")
        lines += [f"    {name} as {name}," for name in group]
        lines.append(")")
    return "\n".join([*lines, "", "__all__: list[str]", "", "def __dir__() -> list[str]: ...", ""])


@cache
def written() -> dict[Path, str]:
    """Each file that is written, and what should stand in it."""
    from tests.family_pages import pages  # of this checkout, also if run as a program
    from tests.function_docs import function_docs
    from tests.public_api import listing

    return {STUB: stub(), **function_docs(), API: listing(), **pages()}


def write() -> list[Path]:
    """Write what differs, and name it."""
    files = written()
    changed = [path for path in files if path.read_text(encoding="utf-8") != files[path]]
    for path in changed:
        path.write_text(files[path], encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}", flush=True)
    return changed


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if any(path.suffix == ".py" for path in write()):
        # Methods say what functions say, which was imported before it was written.
        os.execv(sys.executable, [sys.executable, __file__])
