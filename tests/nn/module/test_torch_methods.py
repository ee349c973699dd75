"""PyTorch's methods of modules and containers that are not here, each with the reason."""

from __future__ import annotations

import inspect

import pytest

import nn

ONE_MEMORY = "there is one memory, that of the process"
STATE = "a state is a dict of arrays, taken and loaded whole; change the dict"

MISSING = {
    "Module": {
        "cpu cuda ipu mtia xpu share_memory to_empty": ONE_MEMORY,
        "bfloat16": "NumPy has no such type",
        "type": "the same as to()",
        "compile": "autodiff.compile takes the whole step",
        "get_extra_state set_extra_state": "what is saved is arrays; keep one as a Buffer",
        "register_state_dict_pre_hook register_state_dict_post_hook "
        "register_load_state_dict_pre_hook register_load_state_dict_post_hook": STATE,
        "register_backward_hook": "deprecated in PyTorch; register_full_backward_hook",
        "T_destination call_super_init dump_patches": "helpers of PyTorch's own",
    },
    "Sequential": {},
    "ModuleList": {},
    "ModuleDict": {},
    "ParameterList": {},
    "ParameterDict": {},
}
SILENT = {"__call__", "__dir__", "__doc__", "__module__", "__annotations__", "__repr__", "__ror__"}
SILENT |= {"extra_repr"}
REFUSED = {
    ("Module", "state_dict"): {"args", "destination", "keep_vars"},
    ("Module", "to"): {"args", "kwargs"},
    ("Module", "get_parameter"): set[str](),
}
"""Arguments that are not taken, or are taken under a name of their own."""


@pytest.mark.parametrize("name", MISSING)
def test_all_others_are_here(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs, ours = getattr(torch.nn, name), getattr(nn, name)
    public = {n for n in vars(theirs) if not n.startswith("_") or n.startswith("__")} - SILENT
    if name == "Module":
        public = {n for n in public if not n.startswith("__")}
    excused = {n for names in MISSING[name] for n in names.split()}
    assert sorted(n for n in public if not hasattr(ours, n)) == sorted(excused & public)
    assert excused <= public
    own = {n for base in ours.__mro__[: ours.__mro__.index(nn.Module)] for n in vars(base)}
    if name != "Module":
        dunder = {n for n in public if n.startswith("__")} - {"__init__"}
        assert sorted(dunder - own - excused - {"__dir__"}) == []


@pytest.mark.parametrize("name", MISSING)
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
