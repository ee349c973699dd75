"""What a strict type checker says of user code: nothing of right code, all of wrong code."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT, run
from tests.typing import user_code

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[int, str]]]:
    """The errors that mypy reports, by file: line and code."""
    pytest.importorskip("mypy", reason="mypy is in the extra 'dev'")
    place = tmp_path_factory.mktemp("typing")
    files = [HERE / "user_code.py", HERE / "wrong_code.py"]
    result = run(
        sys.executable,
        *("-m", "mypy", "--strict", f"--config-file={os.devnull}", f"--cache-dir={place}/cache"),
        *("--follow-imports=silent", "--show-error-codes", "--no-error-summary"),
        *map(str, files),
        cwd=place,
        MYPYPATH=str(ROOT),
        PYTHONWARNINGS="",
    )
    assert result.returncode == 1, result.stdout + result.stderr
    found: dict[str, set[tuple[int, str]]] = {file.name: set() for file in files}
    for line in result.stdout.splitlines():
        match = re.match(r"(?:.*/)?(\w+\.py):(\d+): error: .*\[([\w-]+)\]$", line)
        if match:
            found[match[1]].add((int(match[2]), match[3]))
        else:
            assert ": note: " in line, line
    return found


def test_right_code_passes(said: dict[str, set[tuple[int, str]]]) -> None:
    assert said["user_code.py"] == set()


def test_each_mistake_is_reported(said: dict[str, set[tuple[int, str]]]) -> None:
    lines = (HERE / "wrong_code.py").read_text(encoding="utf-8").splitlines()
    expected = {
        (number, line.split("# expect: ")[1])
        for number, line in enumerate(lines, 1)
        if "# expect: " in line
    }
    assert len(expected) > 10
    assert said["wrong_code.py"] == expected


def test_the_right_code_runs() -> None:
    assert user_code.tensors() > 0
    assert user_code.values() > 0
    user_code.transforms()
    losses = user_code.training()
    assert len(losses) == 3
    assert losses[0] > losses[1]
    assert "y.sum().backward()" in user_code.errors()
