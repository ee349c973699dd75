"""What is printed, as a file: text or a page, by the ending of its name."""

from __future__ import annotations

import html
from os import PathLike
from pathlib import Path
from typing import Any

from nn.io.files import write_atomically

__all__ = ["save_told"]

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>:root {{ color-scheme: light dark }}
body {{ font: 15px/1.5 system-ui; margin: 2rem }}</style>
</head><body>
{body}
</body></html>
"""


def save_told(told: Any, path: str | PathLike[str], title: str) -> Path:
    """Write what prints, and shows itself in a notebook, to a file.

    Args:
        told: the object.
        path: ends in ``.txt`` for what it prints as, in ``.html`` for a page by itself.
        title: of the page.

    Returns:
        The path written.

    Raises:
        ValueError: the ending is neither.
        OSError: the file cannot be written.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in (".txt", ".html"):
        raise ValueError(
            f"cannot write {target}: the ending {target.suffix!r} is none of .txt, for the text, "
            "and .html, for a page"
        )
    if ending == ".html":
        text = _PAGE.format(title=html.escape(title), body=told._repr_html_())
    else:
        text = f"{told}\n"
    write_atomically(target, text.encode("utf-8"))
    return target
