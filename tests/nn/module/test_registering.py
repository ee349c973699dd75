"""Finding, setting and replacing parts by name; containers as lists and dicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn


class Net(nn.Module):
    """Parts in attributes, lists and dicts."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
        self.held = [nn.Linear(3, 3), {"in": nn.Tanh()}]
        self.fixed = (nn.ReLU(),)
        self.named = nn.ModuleDict({"a": nn.ModuleList([nn.Linear(3, 1)])})
        self.again = self.first
        self.maybe: Any = None

    def forward(self, x: Any) -> Any:
        return self.first(x)


def test_parts_are_found_by_name() -> None:
    net = Net()
    for name, module in net.named_modules(remove_duplicate=False):
        assert net.get_submodule(name) is module
    for name, parameter in net.named_parameters(remove_duplicate=False):
        assert net.get_parameter(name) is parameter
    for name, buffer in net.named_buffers(remove_duplicate=False):
        assert net.get_buffer(name) is buffer
    assert net.get_parameter("again.0.weight") is net.first[0].weight
    twice = [n for n, _ in net.named_parameters(prefix="p", remove_duplicate=False)]
    assert "p.again.0.weight" in twice
    assert len(twice) == len(list(net.parameters())) + 4
    assert list(net.buffers(recurse=False)) == []
    assert sum(1 for _ in net.modules(remove_duplicate=False)) > sum(1 for _ in net.modules())
    memo = {net.first}
    assert [n for n, _ in net.named_modules(memo)][:2] == ["", "held.0"]
    assert net.first in memo
    assert net.held[0] in memo


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: n.get_submodule("fist"), "Net has no module 'fist'; did you mean 'first'?"),
        (lambda n: n.get_submodule("held"), "Net has no module 'held'"),
        (lambda n: n.get_parameter("first.0"), "no parameter 'first.0'"),
        (lambda n: nn.Tanh().get_buffer("a"), "Tanh has no buffer 'a'; it has none"),
        (lambda n: n.set_submodule("maybe", nn.Tanh(), strict=True), "no module 'maybe'"),
        (lambda n: n.set_submodule("no.such", nn.Tanh()), "no module 'no'"),
        (lambda n: n.set_submodule("", nn.Tanh()), "an empty name"),
        (lambda n: n.set_submodule("maybe", 3), "takes a Module, not a int"),
        (lambda n: n.set_submodule("fixed.0", nn.Tanh()), "stands in a tuple"),
        (lambda n: n.register_parameter("x", 3.0), "write nn.Parameter"),
        (lambda n: n.register_parameter("first", None), "has 'first' already, a Sequential"),
        (lambda n: n.register_buffer("forward", [1.0]), "has 'forward' already, something of"),
        (lambda n: n.register_module("a.b", nn.Tanh()), "give text without a dot"),
        (lambda n: n.add_module("x", np.tanh), "takes a Module or None, not a ufunc"),
    ],
)
def test_what_cannot_be(call: Callable[[Any], Any], message: str) -> None:
    with pytest.raises((AttributeError, ValueError, TypeError, KeyError)) as caught:
        call(Net())
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "name", ["maybe", "first.1", "held.0", "held.1.in", "named.a.0", "named.b"]
)
def test_parts_are_replaced_by_name(name: str) -> None:
    net, made = Net(), nn.Linear(3, 3)
    net.set_submodule(name, made)
    assert net.get_submodule(name) is made
    assert net.get_parameter(f"{name}.weight") is made.weight


def test_registering_is_assigning() -> None:
    net = Net()
    net.register_parameter("gain", nn.Parameter([1.0]))
    net.register_parameter("maybe", None)
    net.register_buffer("seen", np.zeros(2), persistent=False)
    net.register_buffer("none", None)
    net.add_module("tail", nn.Tanh())
    net.register_module("head", None)
    assert "gain" in net.state_dict()
    assert "seen" not in net.state_dict()
    assert net.gain.name == "gain"
    assert [n for n, _ in net.named_children()][-1] == "tail"
    assert net.half().gain.dtype == np.float16
    assert net.double().gain.dtype == np.float64
    assert net.float().gain.dtype == np.float32


def test_a_sequence_is_changed_like_a_list() -> None:
    a, b, c, d = nn.Linear(1, 1), nn.ReLU(), nn.Tanh(), nn.Sigmoid()
    net, other = nn.Sequential(a), [a]
    for changed in (net, other):
        changed.append(b)
        changed.extend([c, d])
        changed.insert(1, d)
        changed.insert(-1, a)
        del changed[0]
        changed[1] = c
        changed += nn.Sequential(b) if changed is net else [b]
        del changed[1:3]
    assert list(net) == other
    assert net.pop() is other.pop()
    assert net.pop(0) is other.pop(0)
    assert list(net) == other
    assert list(net.state_dict()) == [f"{other.index(a)}.{n}" for n in ("weight", "bias")]
    assert list(net + net) == other * 2
    assert list(2 * net) == list(net * 2) == other * 2
    net *= 3
    assert len(net) == 3 * len(other)
    named = nn.Sequential({"in": a, "out": b})
    assert [n for n, _ in named.append(c).named_children()] == ["in", "out", "2"]
    assert [n for n, _ in named.insert(0, d).named_children()] == ["0", "1", "2", "3"]
    for wrong in (lambda: net.insert(99, a), lambda: named.__setitem__(9, a)):
        with pytest.raises(IndexError):
            wrong()
    with pytest.raises(ValueError, match="positive integer"):
        net * 0
    with pytest.raises(TypeError):
        net + other  # type: ignore[operator]


def test_lists_and_dicts_of_modules() -> None:
    a, b = nn.Linear(1, 1), nn.ReLU()
    modules = nn.ModuleList([a])
    modules = modules + nn.ModuleList([b])
    modules += [a]
    modules.insert(0, b)
    assert list(modules) == [b, a, b, a]
    assert modules.pop() is a
    del modules[0]
    assert list(modules) == [a, b]
    named = nn.ModuleDict([("a", a)])
    named.update({"b": b})
    assert (named.pop("a"), list(named)) == (a, ["b"])
    del named["b"]
    named["a"] = a
    named.clear()
    assert len(named) == 0


def test_lists_and_dicts_of_parameters() -> None:
    class Poly(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.terms = nn.ParameterList([[1.0], np.float32([2.0])])
            self.others = nn.ParameterDict({"a": [3.0]})

        def forward(self, x: Any) -> Any:
            return sum(p * x**i for i, p in enumerate(self.terms)) * self.others["a"]

    net = Poly()
    assert list(net.state_dict()) == ["terms.0", "terms.1", "others.a"]
    found = ad.grad(lambda m: ad.sum(m(2.0)))(net)
    assert [float(g.data[0]) for _, g in found.named_parameters()] == [3.0, 6.0, 5.0]
    assert type(found.terms) is nn.ParameterList
    with ad.no_grad():
        stepped = ad.tree.map(lambda p, g: p - g, net, found)
    assert stepped(2.0).item() == pytest.approx((1 - 3 + (2 - 6) * 2) * (3 - 5))
    net.terms[0] = [5.0]
    net.terms += [[7.0]]
    assert net(1.0).item() == (5 + 2 + 7) * 3
    assert len(net.terms[1:]) == 2
    others = net.others
    others["b"] = nn.Parameter([1.0])
    assert others.setdefault("c", [2.0]) is others["c"]
    assert others.get("d") is None
    assert list(reversed(others.copy())) == ["c", "b", "a"]
    assert others.popitem()[0] == "c"
    assert others.pop("b").shape == (1,)
    assert list((others | nn.ParameterDict({"z": [1.0]})).keys()) == ["a", "z"]
    others |= nn.ParameterDict({"y": [1.0]})
    assert [k for k, _ in others.items()] == ["a", "y"]
    assert list(others.fromkeys(["q"], [0.0])) == ["q"]
    assert "y" in others
    del others["y"]
    assert len(list(others.values())) == 1
    others.clear()
    assert len(others) == 0
    with pytest.raises(ValueError, match="cannot name a parameter"):
        others["a.b"] = [1.0]
