"""Every code block and every local link of the README does what it promises."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.checkout import FENCED, README, ROOT, code_blocks, makefile_targets, run

SHELL = {"sh", "bash", "shell", "console"}


def texts(svg: Path) -> list[str]:
    """What is written in a picture, wherever the layout engine at hand has put it."""
    written = ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}text")
    return sorted("".join(element.itertext()) for element in written)


def test_the_python_blocks_run_in_order(tmp_path: Path) -> None:
    lines: list[str] = []
    for start, body in code_blocks(README, "python"):
        # Padded, so that a traceback gives the line numbers of the README.
        lines += [""] * (start - 1 - len(lines)) + body.splitlines()
    assert lines, "the README shows no Python"
    script = tmp_path / "README.py"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = run(sys.executable, str(script), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    drawn = {path.name: texts(path) for path in tmp_path.glob("*.svg")}
    shown = {
        path.name: texts(path)
        for path in (ROOT / "docs" / "pictures").glob("*.svg")
        if f"docs/pictures/{path.name}" in README.read_text(encoding="utf-8")
    }
    assert shown.items() <= drawn.items(), "a picture is not what the README's code draws now"


def test_the_shell_blocks_say_what_works(tmp_path: Path) -> None:
    commands = [
        (number, command)
        for start, body in code_blocks(README, *SHELL)
        for number, line in enumerate(body.splitlines(), start)
        if (command := line.removeprefix("$ ").split(" #")[0].strip())
    ]
    assert {"make demo", "make test"} <= {command for _, command in commands}
    for number, command in commands:
        where = f"README.md:{number}: {command}"
        match shlex.split(command):
            case ["make", *targets]:
                assert set(targets) <= makefile_targets(), where
            case ["python", "-m", "nn", *arguments]:
                if "train" in arguments:
                    arguments.append("--dry-run")
                result = run(sys.executable, "-m", "nn", *arguments, cwd=tmp_path)
                assert result.returncode == 0, f"{where}\n{result.stderr}"
            case ["pip", "install", *_] | ["git", "clone", _] | ["cd", _]:
                pass
            case _:
                pytest.fail(f"{where}: nothing checks this command")


def test_no_other_block_goes_unchecked() -> None:
    fences = re.findall(r"^ *```", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) == 2 * len(code_blocks(README, "python", "text", *SHELL)), (
        "the README has a code block that no test runs; "
        f"the languages known here are python, text and {', '.join(sorted(SHELL))}"
    )


def test_every_local_link_leads_somewhere() -> None:
    text = FENCED.sub("", README.read_text(encoding="utf-8"))
    links = re.findall(r"\]\(([^)#\s]+)", text)
    links += re.findall(r'(?:src|srcset|href)="([^"#]+)"', text)
    dead = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert not dead, f"README.md links to what does not exist: {dead}"
