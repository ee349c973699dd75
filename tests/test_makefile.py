"""The Makefile and the search for a Python that it begins with."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.checkout import MAKEFILE, ROOT, makefile_targets, run


def stand_in(path: Path, answer: str, status: int = 0) -> None:
    """Put a program in the place of a Python, with the answer that one would give."""
    path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {status}\n", encoding="utf-8")
    path.chmod(0o755)


def find_python(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the search where no program is found but those in ``path``."""
    if os.name == "nt":
        pytest.skip("the Makefile needs a POSIX shell")
    for tool in ("sort", "tail"):
        where = shutil.which(tool)
        assert where is not None
        (path / tool).symlink_to(where)
    return run(
        "/bin/sh", str(ROOT / ".ci" / "find-python"), cwd=path, PATH=str(path), **environment
    )


def test_help_lists_every_target() -> None:
    listed = set(re.findall(r"make ([\w-]+)  ", MAKEFILE.read_text(encoding="utf-8")))
    assert listed | {"help"} == makefile_targets()


def test_a_python_too_old_is_refused_in_one_line(tmp_path: Path) -> None:
    stand_in(tmp_path / "python3", "old 3.8.10")
    result = find_python(tmp_path)
    assert result.returncode == 1
    assert result.stderr == (
        "error: python3 is version 3.8.10, but Glassgrad needs 3.11 or newer; "
        "install one, or name it: make PYTHON=/path/to/python\n"
    )


def test_a_python_without_venv_is_refused_in_one_line(tmp_path: Path) -> None:
    stand_in(tmp_path / "python3", "bare 3.12.3")
    result = find_python(tmp_path)
    assert result.returncode == 1
    assert result.stderr == (
        "error: python3 (3.12.3) lacks the venv or ensurepip module; "
        "install it (Debian, Ubuntu: apt install python3-venv)\n"
    )


def test_the_newest_python_that_runs_is_taken(tmp_path: Path) -> None:
    stand_in(tmp_path / "python3.11", "fit 3.11.9")
    stand_in(tmp_path / "python3", "fit 3.12.10")
    stand_in(tmp_path / "python3.13", "", status=127)
    result = find_python(tmp_path)
    assert result.stdout == "python3\n"


def test_a_named_python_is_the_only_one_asked(tmp_path: Path) -> None:
    stand_in(tmp_path / "python3", "fit 3.12.10")
    result = find_python(tmp_path, PYTHON="mine")
    assert "no Python among mine" in result.stderr
