"""Whose line a node is from: code of packages that say to be libraries is passed over."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

import autodiff as ad
from autodiff.graph.origin import is_library_module

_CODE = "def made(x):\n    return x * 2\n"


@pytest.mark.parametrize(
    ("said", "passed_over"),
    [
        pytest.param({}, False, id="says nothing"),
        pytest.param({"layers": True}, True, id="library"),
        pytest.param({"layers": True, "layers.demo": False}, False, id="program in a library"),
        pytest.param({"layers": True, "layers.demo.made": True}, True, id="module"),
    ],
)
def test_packages_say_whether_they_are_libraries(
    said: dict[str, bool], passed_over: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("layers", "layers.demo", "layers.demo.made"):
        module = ModuleType(name)
        if name in said:
            vars(module)["__glassgrad_library__"] = said[name]
        monkeypatch.setitem(sys.modules, name, module)
    file = tmp_path / "made.py"
    exec(compile(_CODE, str(file), "exec"), vars(module))
    node = module.made(ad.Value(1.0))
    assert node.origin is not None
    assert node.origin[0] == (__file__ if passed_over else str(file))


def test_the_packages_here() -> None:
    names = ("autodiff.ops.reductions", "nn.layers.linear_maps", "viz.draw", "nn.jobs.main", "json")
    __import__("nn.jobs"), __import__("viz")
    assert [is_library_module(name) for name in names] == [True, True, True, False, False]
