"""The checkout as the tests of the repository itself see it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import textwrap
from functools import cache
from pathlib import Path

import pytest

from tests.import_contracts import ROOT

README = ROOT / "README.md"
MAKEFILE = ROOT / "Makefile"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"

FENCED = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL
)


@cache
def tracked_files() -> tuple[Path, ...]:
    """The files under version control; outside a git checkout the calling test is skipped."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed, so there is no list of tracked files")
    listing = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("this is not a git checkout, so there is no list of tracked files")
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def makefile_targets() -> set[str]:
    """The targets of the Makefile that are named by one word."""
    return set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE.read_text(encoding="utf-8"), re.MULTILINE))


def code_blocks(document: Path, *languages: str) -> list[tuple[int, str]]:
    """First line number and text of a document's fenced blocks in these languages."""
    text = document.read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, match.start("body")) + 1, textwrap.dedent(match["body"]))
        for match in FENCED.finditer(text)
        if match["language"] in languages
    ]


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would who stands in ``cwd`` and has the library installed."""
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
