"""Parameters that an optimizer is given with their names."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.optim import Optimizer

KINDS = sorted(
    name
    for name, kind in vars(nn.optim).items()
    if isinstance(kind, type) and issubclass(kind, Optimizer) and kind is not Optimizer
)


def trained(name: str, named: bool, compiled: bool = False) -> tuple[Any, Any]:
    bias = name != "Muon"
    model = nn.Linear(3, 2, bias=bias, rng=0)
    given: Any = model.named_parameters() if named else model.parameters()
    optimizer = getattr(nn.optim, name)(given, lr=0.01)

    def step(x: Any) -> Any:
        optimizer.zero_grad()
        loss = ad.sum(ad.square(model(x)))
        loss.backward()
        return loss

    def closure() -> Any:
        return step(np.ones((4, 3), np.float32))

    def whole(x: Any) -> Any:
        loss = step(x)
        optimizer.step()
        return loss

    run = ad.compile(whole) if compiled else whole
    for _ in range(4):
        optimizer.step(closure) if name == "LBFGS" else run(np.ones((4, 3), np.float32))
    return model, optimizer


@pytest.mark.parametrize("name", KINDS)
def test_names_change_no_number_and_are_saved(name: str) -> None:
    plain, _ = trained(name, False)
    model, optimizer = trained(name, True, compiled=name != "LBFGS")
    for mine, other in zip(model.parameters(), plain.parameters(), strict=True):
        np.testing.assert_allclose(mine.data, other.data, rtol=1e-6)
    names = [n for n, _ in model.named_parameters()]
    state = optimizer.state_dict()
    assert state["param_groups"][0]["param_names"] == names
    assert "param_names" not in repr(optimizer)
    twin = copy.deepcopy(optimizer)
    assert twin.param_groups[0]["param_names"] == names
    others = nn.Linear(3, 2, bias=name != "Muon").named_parameters(prefix="head")
    other = getattr(nn.optim, name)(others, lr=0.1)
    assert other.param_groups[0]["param_names"][0] == "head.weight"
    other.load_state_dict(state)
    assert other.param_groups[0]["lr"] == 0.01
    assert other.param_groups[0]["param_names"] == names


def test_names_of_groups_are_those_of_pytorch(tmp_path: Any) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for library, optim in ((nn, nn.optim), (torch.nn, torch.optim)):
        first, second = library.Linear(2, 3), library.Linear(3, 1)
        optimizer = optim.Adam([{"params": first.named_parameters(), "lr": 0.5}], lr=0.1)
        optimizer.add_param_group({"params": second.named_parameters()})
        with pytest.raises(ValueError, match="names"):
            optimizer.add_param_group({"params": library.Linear(1, 1).parameters()})
        groups = optimizer.state_dict()["param_groups"]
        found.append([(g["param_names"], g["params"], g["lr"]) for g in groups])
    assert found[0] == found[1]


def test_names_go_into_checkpoints_and_out_again(tmp_path: Any) -> None:
    model = nn.Linear(2, 1, rng=0)
    optimizer = nn.optim.Adam(model.named_parameters())
    data = np.ones((8, 2), np.float32), np.ones((8, 1), np.float32)
    settings = {"progress": False, "callbacks": [nn.Checkpoint(tmp_path)]}
    nn.fit(model, nn.MSELoss(), optimizer, data, epochs=1, **settings)
    nn.fit(model, nn.MSELoss(), optimizer, data, epochs=2, resume=tmp_path, **settings)
    assert optimizer.param_groups[0]["param_names"] == ["weight", "bias"]
