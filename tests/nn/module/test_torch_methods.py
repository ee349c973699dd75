"""PyTorch's methods of modules and containers, and their arguments."""

from __future__ import annotations

import inspect

import pytest

import nn
from nn.names.absent import ABSENT

CONTAINERS = (
    "Module",
    "Sequential",
    "ModuleList",
    "ModuleDict",
    "ParameterList",
    "ParameterDict",
)
SILENT = {"__call__", "__dir__", "__doc__", "__module__", "__annotations__", "__repr__", "__ror__"}
SILENT |= {"extra_repr"}
REFUSED = {
    ("Module", "state_dict"): {"args", "destination", "keep_vars"},
    ("Module", "get_parameter"): set[str](),
}
"""Arguments that are not taken, or are taken under a name of their own."""


@pytest.mark.parametrize("name", CONTAINERS)
def test_all_others_are_here(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs, ours = getattr(torch.nn, name), getattr(nn, name)
    public = {n for n in vars(theirs) if not n.startswith("_") or n.startswith("__")} - SILENT
    if name == "Module":
        public = {n for n in public if not n.startswith("__")}
    excused = {n for names in ABSENT["nn.Module"] for n in names.split()} & public
    assert sorted(n for n in public if not hasattr(ours, n)) == sorted(excused)
    own = {n for base in ours.__mro__[: ours.__mro__.index(nn.Module)] for n in vars(base)}
    if name != "Module":
        dunder = {n for n in public if n.startswith("__")} - {"__init__"}
        assert sorted(dunder - own - excused - {"__dir__"}) == []


@pytest.mark.parametrize("name", CONTAINERS)
def test_arguments_are_the_same(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs, ours = getattr(torch.nn, name), getattr(nn, name)
    for method, function in vars(theirs).items():
        if method.startswith("_") or not inspect.isfunction(function) or method == "forward":
            continue
        mine = getattr(ours, method, None)
        if mine is None or not inspect.isfunction(mine):
            continue
        wanted = list(inspect.signature(function).parameters)
        absent = REFUSED.get((name, method), set())
        found = list(inspect.signature(mine).parameters)
        wanted = [n for n in wanted if n not in absent]
        assert [n for n in found if n in wanted] == wanted, method
