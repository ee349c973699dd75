"""The page that leads through the engine names what there is, and no more than can be read."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reading.md"
MOST = 1500
"""So many lines of source can be read in an evening."""

TEXT = PAGE.read_text(encoding="utf-8")
STEP = re.compile(
    r"^- \[`([\w/.]+)`\]\(\.\./([\w/.]+)\)(?:, whole|: ((?:`[\w.]+`(?:, )?)+))\. ", re.M
)
CHAPTER = re.compile(r"^## (.+) \(at most (\d+) lines\)$", re.M)
Parts = dict[str, list[tuple[Path, list[str]]]]


def chapters() -> tuple[Parts, dict[str, int]]:
    """Each chapter with the files and parts to be read in it, and with its most lines."""
    pieces = CHAPTER.split(TEXT)[1:]
    steps: Parts = {}
    for title, text in zip(pieces[::3], pieces[2::3], strict=True):
        found = STEP.findall(text.partition("\n## ")[0])
        steps[title] = [
            (ROOT / path, re.findall(r"`([\w.]+)`", names)) for shown, path, names in found
        ]
    return steps, {title: int(most) for title, most in zip(pieces[::3], pieces[1::3], strict=True)}


STEPS, BUDGETS = chapters()


@cache
def definitions(path: Path) -> dict[str, int]:
    """The lines of all that a file defines, by name; those of the file by the empty name."""
    text = path.read_text(encoding="utf-8")
    found = {"": len(text.splitlines())}
    for name, lines in _defined(ast.parse(text).body, ""):
        found[name] = found.get(name, 0) + lines  # a property has up to three definitions
    return found


def _defined(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, int]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            yield prefix + node.name, (node.end_lineno or 0) - first + 1
            if isinstance(node, ast.ClassDef):
                yield from _defined(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name):
                yield prefix + target.id, (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("chapter", STEPS)
def test_what_is_to_be_read_exists_and_is_short(chapter: str) -> None:
    lines = {}
    for path, names in STEPS[chapter]:
        shown = path.relative_to(ROOT)
        assert path.is_file(), (
            f"docs/reading.md leads to {shown}, which is gone: name its new place"
        )
        for name in names or [""]:
            assert name in definitions(path), f"docs/reading.md leads to {name} in {shown}: gone"
            lines[f"{shown} {name}".strip()] = definitions(path)[name]
    total = sum(lines.values())
    assert STEPS[chapter], chapter
    assert total <= BUDGETS[chapter], (
        f"chapter {chapter!r} of docs/reading.md has {total} lines to be read, more than "
        f"{BUDGETS[chapter]}: name fewer parts there, or make one shorter of {lines}"
    )


def test_the_whole_is_read_in_an_evening() -> None:
    assert sum(BUDGETS.values()) <= MOST


def test_every_step_is_counted() -> None:
    listed = [line for line in TEXT.splitlines() if line.startswith("- [`")]
    assert len(listed) == sum(map(len, STEPS.values())) == len(STEP.findall(TEXT))
    assert all(shown == path for shown, path, _ in STEP.findall(TEXT))


def test_every_link_leads_to_a_file() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (PAGE.parent / target).exists(), f"docs/reading.md links to {target}, which is gone"


def test_the_words_are_found_where_the_glossary_says() -> None:
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| .+ \| \[`\S+`\]\(\.\./(\S+)\) \|$", TEXT, re.M)
    assert len(rows) > 20
    assert len(rows) == TEXT.count("\n| **")
    for words, path in rows:
        text = (ROOT / path).read_text(encoding="utf-8").lower()
        for word in words.split(", "):
            assert word in text, f"the glossary sends {word!r} to {path}, which does not say it"


def test_its_examples_run() -> None:
    done = doctest.testfile(
        str(PAGE), module_relative=False, encoding="utf-8", optionflags=doctest.ELLIPSIS
    )
    assert done.attempted > 10
    assert done.failed == 0
