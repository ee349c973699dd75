"""The pictures of the pages, drawn anew by the code that the pages show.

Run as a program, this writes them to ``docs/pictures``.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import runpy
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.checkout import README, code_blocks  # noqa: E402 - also as a program

__all__ = ["GALLERY", "PAGES", "PICTURES", "draw_page", "draw_readme", "with_mermaid"]

PICTURES = ROOT / "docs" / "pictures"
GALLERY = ROOT / "docs" / "gallery.md"
PAGES = [*sorted((ROOT / "docs" / "viz").glob("*.md")), GALLERY]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def draw_page(page: Path) -> doctest.TestResults:
    """Run the examples of a page in the current folder, where they leave their pictures."""
    return doctest.testfile(str(page), module_relative=False, optionflags=FLAGS)


def draw_readme() -> None:
    """Run the Python of the README, likewise."""
    script = Path("README.py")
    script.write_text("\n".join(body for _, body in code_blocks(README, "python")), "utf-8")
    with contextlib.redirect_stdout(io.StringIO()):
        runpy.run_path(str(script), run_name="__main__")


def with_mermaid(page: str, drawn: str) -> str:
    """A page whose block of Mermaid is what was drawn."""
    return re.sub(r"(?<=```mermaid\n).*?(?=```)", lambda _: drawn, page, count=1, flags=re.DOTALL)


def main() -> None:
    """Write every picture that is shown in `PICTURES`, and what Mermaid draws in the gallery."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        draw_readme()
        for page in PAGES:
            draw_page(page)
        for drawn in sorted(Path(folder).glob("*.svg")):
            shown = PICTURES / drawn.name
            if shown.exists() and shown.read_bytes() != drawn.read_bytes():
                shown.write_bytes(drawn.read_bytes())
                print(f"docs/pictures/{drawn.name}")
        page, drawn = GALLERY.read_text("utf-8"), Path("gallery.mmd").read_text("utf-8")
        GALLERY.write_text(with_mermaid(page, drawn), "utf-8")
        os.chdir(ROOT)


if __name__ == "__main__":
    main()
