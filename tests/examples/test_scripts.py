"""Every example runs as its reader would run it, and draws what the README promises."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.checkout import code_blocks, run
from tests.examples.scripts import EXAMPLES, SCRIPTS, load, pictures

LONGEST_EXAMPLE = 300


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_it_runs_and_draws(script: Path, tmp_path: Path) -> None:
    # ASCII, because the console of a reader may know nothing else.
    # What takes long can be tried out.
    quick = ["--quick"] if '"--quick"' in script.read_text(encoding="utf-8") else []
    result = run(sys.executable, str(script), *quick, cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert result.returncode == 0, result.stderr
    assert "formulas" in result.stdout, "it does not say how engine and formulas compare"
    folder = tmp_path / "runs" / "examples"
    assert sorted(path.name for path in folder.glob("*")) == sorted(pictures()[script.name])
    for path in folder.glob("*.svg"):
        assert ElementTree.parse(path).getroot().tag.endswith("svg")
    for path in folder.glob("*.html"):
        assert path.read_text(encoding="utf-8").count("<svg") > 1


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_it_is_short_and_states_its_formulas(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_EXAMPLE
    assert "∂" in load(script.stem).__doc__


def test_the_same_numbers_every_time(tmp_path: Path) -> None:
    script = str(EXAMPLES / "02_softmax_network.py")
    first, second = (
        run(sys.executable, script, cwd=tmp_path, PYTHONHASHSEED=seed) for seed in ("0", "1")
    )
    assert first.stdout == second.stdout


def test_the_readme_lists_them_all_and_its_commands_work(tmp_path: Path) -> None:
    readme = EXAMPLES / "README.md"
    assert set(pictures()) == {script.name for script in SCRIPTS}
    commands = [line for _, body in code_blocks(readme, "sh") for line in body.splitlines()]
    assert commands
    for command in commands:
        python, script, *arguments = shlex.split(command)
        assert python == "python"
        result = run(sys.executable, str(EXAMPLES.parent / script), *arguments, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
    assert (tmp_path / "pictures" / "sigmoid_chain.svg").is_file()
