"""Sequential, ModuleList and ModuleDict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn


def test_sequential_is_the_composition() -> None:
    first, second = nn.Linear(2, 3), nn.Linear(3, 1)
    net = nn.Sequential(first, nn.Tanh(), second)
    x = np.random.default_rng(0).standard_normal((5, 2)).astype(np.float32)
    np.testing.assert_array_equal(net(x).data, second(ad.tanh(first(x))).data)
    assert nn.Sequential()(x) is x


def test_sequential_as_a_sequence() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    assert len(net) == 3
    assert isinstance(net[1], nn.Tanh)
    assert net[-1] is list(net)[2]
    assert [name for name, _ in net[1:].named_parameters()] == ["2.weight", "2.bias"]
    net.append(nn.ReLU())
    assert isinstance(net["3"], nn.ReLU)


def test_sequential_with_names() -> None:
    net = nn.Sequential({"fc": nn.Linear(1, 1), "act": nn.ReLU()})
    assert list(net.state_dict()) == ["fc.weight", "fc.bias"]
    assert net([[-1.0]]).shape == (1, 1)


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (nn.ReLU, "entry 0 is the class ReLU; make a module of it: ReLU()"),
        (ad.tanh, "use the module of that name, such as nn.Tanh()"),
        ([nn.ReLU()], "entry 0 is a list; give the modules one by one: (*modules)"),
        (3, "entry 0 is a int"),
    ],
)
def test_what_is_no_module_is_refused_with_the_fix(thing: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        nn.Sequential(thing)
    assert message in str(caught.value)


def test_module_list() -> None:
    modules = nn.ModuleList([nn.Linear(1, 2)]).append(nn.ReLU())
    modules.insert(0, nn.Linear(3, 1))
    modules[2] = nn.Tanh()
    assert [type(m).__name__ for m in modules] == ["Linear", "Linear", "Tanh"]
    assert len(modules[:2]) == 2
    assert isinstance(modules[-1], nn.Tanh)
    assert [n for n, _ in modules.named_parameters()][:2] == ["0.weight", "0.bias"]
    with pytest.raises(TypeError, match="entry 0 is the class ReLU"):
        nn.ModuleList([nn.ReLU])  # type: ignore[list-item]


def test_module_dict() -> None:
    modules = nn.ModuleDict({"a": nn.Linear(1, 2)})
    modules["b"] = nn.ReLU()
    assert list(modules) == list(modules.keys()) == ["a", "b"]
    assert "b" in modules
    assert "c" not in modules
    assert len(modules) == len(list(modules.values())) == len(list(modules.items())) == 2
    assert isinstance(modules["a"], nn.Linear)
    for key in ("", "x.y", 3):
        with pytest.raises(ValueError, match="cannot name a module: give text without a dot"):
            modules[key] = nn.ReLU()  # type: ignore[index]
