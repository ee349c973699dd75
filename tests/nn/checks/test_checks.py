"""Planted bugs are named, good set-ups are left alone, and nothing is changed by looking."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.checks.sampling import sample
from nn.checks.trial import Trial
from nn.training.generators import found_generators, generator_states
from tests.nn.checks.further import FURTHER
from tests.nn.checks.good import GOOD
from tests.nn.checks.planted import PLANTED, Setup, blobs, line, mlp

ELSEWHERE = {
    # Found under the name of what follows from it.
    "a class that is ignored": "label range",
    "residual blocks that double": "loss at the start",
    "a group with a learning rate of 0": "settings of the optimizer",
}


def checked(make: Callable[[], Setup]) -> nn.CheckResult:
    model, loss, data, *rest = make()
    optimizer, step = (*rest, None, None)[:2]
    return nn.check(model, loss, data, optimizer, step=step)


def broken(result: nn.CheckResult) -> dict[str, str]:
    """Checks that themselves raised."""
    return {name: why for name, why in result.skipped.items() if why.startswith("it raised")}


@pytest.mark.parametrize("name", [*PLANTED, *FURTHER])
def test_a_planted_bug_is_named(name: str) -> None:
    said, make = {**PLANTED, **FURTHER}[name]
    result = checked(make)
    assert ELSEWHERE.get(name, said) in [one.name for one in result.problems], result
    assert not broken(result)
    assert not result.ok
    assert all(one.mend and one.expected and one.measured for one in result.problems)


@pytest.mark.parametrize("name", GOOD)
def test_of_a_good_set_up_nothing_is_claimed(name: str) -> None:
    result = checked(GOOD[name])
    assert result.ok, result
    assert not broken(result)
    assert len(result) > 12
    assert result.seconds < 5


def test_what_is_to_be_frozen_is_not_held_against_a_set_up() -> None:
    parts = nn.Linear(2, 32, rng=0), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.2, rng=3)
    model = nn.Sequential(nn.Sequential(*parts), nn.Linear(32, 3, rng=1))
    x, y = nn.data.make_blobs(300, rng=0)
    x = (x - x.mean(0)) / x.std(0)
    model[0].eval()
    optimizer = nn.optim.SGD(model[1].parameters(), lr=0.1)
    loss = nn.CrossEntropyLoss()
    said = [one.name for one in nn.check(model, loss, (x, y), optimizer).problems]
    assert said == ["the optimizer's parameters", "modes"]
    result = nn.check(model, loss, (x, y), optimizer, frozen=model[0])
    assert result.ok, result
    assert all(p.requires_grad for p in model.parameters())
    before = copy.deepcopy(model.state_dict())
    curve = nn.lr_find(model, loss, (x, y), optimizer, frozen=[model[0]])
    assert curve.suggestion > 0
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    trial = Trial(model, loss, None, sample((x, y), None, None, 8), None, (model[0],))
    twin, _ = trial.twin()
    trial.train(twin)
    assert [part.training for part in (twin, twin[0], twin[0][1], twin[1])] == [
        True,
        False,
        False,
        True,
    ]
    found = nn.check(model, loss, (x, y), frozen=model)
    assert "all parameters are frozen" in str(found)


def test_nothing_is_changed_bit_for_bit() -> None:
    model = nn.Sequential(
        nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5, rng=3), nn.Linear(8, 3)
    )
    model[3].eval()
    optimizer = nn.optim.Adam(model.parameters(), lr=0.01)
    loader = nn.data.DataLoader(blobs(), 32, shuffle=True, rng=5)
    loss = nn.CrossEntropyLoss()

    def step(x: Any, y: Any) -> None:
        model.train()
        optimizer.zero_grad()
        (loss(model(x), y) + 0 * np.random.normal() * ad.random.generator().normal()).backward()
        optimizer.step()

    step(*blobs())
    model[3].eval()
    arrays = [p.data for p in model.parameters()]

    def now() -> Any:
        found = found_generators(model=model, loader=loader)
        return (
            model.state_dict(),
            [None if p.grad is None else np.array(p.grad) for p in model.parameters()],
            [module.training for module in model.modules()],
            optimizer.state_dict(),
            generator_states(found),
        )

    before = now()
    nn.check(model, loss, loader, optimizer, step=step)
    nn.lr_find(model, loss, loader, optimizer, steps=20)
    np.testing.assert_equal(now(), before)
    for array, p in zip(arrays, model.parameters(), strict=True):
        assert np.shares_memory(array, p.data)


def test_data_are_whatever_fit_takes() -> None:
    x, y = line()
    both = {"a": x[:, :2], "b": x[:, 2:]}

    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp(4, 1)

        def forward(self, a: Any, b: Any) -> Any:
            return self.body(ad.concatenate([a, b], axis=1))

    def batches() -> Any:
        return ((x[i : i + 50], y[i : i + 50]) for i in range(0, 300, 50))

    for model, data in (
        (Two(), (both, y)),
        (Two(), ((both["a"], both["b"]), y)),
        (mlp(4, 1), list(zip(x, y, strict=True))),
        (mlp(4, 1), nn.data.TensorDataset(x, y)),
        (mlp(4, 1), list(batches())),
        (mlp(4, 1), batches),
    ):
        result = nn.check(model, nn.MSELoss(), data)
        assert result.ok, result
        assert not broken(result)
        assert result["a batch is overfitted"].verdict == "ok"
    once = nn.check(mlp(4, 1), nn.MSELoss(), batches())
    assert [one.name for one in once.problems] == ["walks through the data"]
    parts = nn.check(mlp(4, 1), nn.MSELoss(), [{"x": x, "y": y}], targets="y", batch_size=None)
    assert parts.ok, parts


def test_classes_that_are_sorted_are_seen() -> None:
    x, y = blobs()
    order = np.argsort(y, kind="stable")
    loader = nn.data.DataLoader((x[order], y[order]), 32)
    result = nn.check(mlp(), nn.CrossEntropyLoss(), loader)
    assert [one.name for one in result.problems] == ["walks through the data"]


def test_figures_are_those_of_a_calculation_by_hand() -> None:
    x, y = blobs()
    model = nn.Linear(4, 3)
    model.weight.data, model.bias.data = np.zeros((3, 4), "f4"), np.zeros(3, "f4")
    found = nn.check(model, nn.CrossEntropyLoss(), (x, y))["loss at the start"]
    assert found.numbers["loss"] == pytest.approx(np.log(3), rel=1e-6)
    assert found.numbers["log K"] == pytest.approx(np.log(3))
    balance = nn.check(model, nn.CrossEntropyLoss(), (x, y))["class balance"]
    assert balance.numbers["largest share"] == pytest.approx(np.bincount(y).max() / 300)
    x, t = line()
    found = nn.check(nn.Linear(4, 1), nn.MSELoss(), (x[:32], t[:32]))["loss at the start"]
    assert found.numbers["best constant"] == pytest.approx(t[:32].var(), rel=1e-4)


def test_the_report_reads_and_raises() -> None:
    x, y = blobs()
    result = nn.check(mlp(), nn.CrossEntropyLoss(), (x, y + 1))
    text, html = str(result), result._repr_html_()
    assert "wrong   label range: the labels are off by one: they go from 1 to 3" in text
    assert "to mend it: count from 0: targets - 1" in text
    assert "2 wrong" in text
    assert "off by one" in html
    assert "<table>" in html
    assert result["label range"].numbers == {"lowest": 1, "highest": 3, "outputs": 3}
    with pytest.raises(nn.CheckError, match="off by one"):
        result.raise_if_wrong()
    with pytest.raises(KeyError, match="it was not done: model and loss do not run"):
        result["dropout"]
    with pytest.raises(KeyError, match="there are 'finite data'"):
        result["nothing"]
    warned = nn.check(mlp(), nn.CrossEntropyLoss(), (100 * x, y))
    warned.raise_if_wrong()
    with pytest.raises(nn.CheckError, match="scale of inputs"):
        warned.raise_if_wrong(warnings=True)
    nn.check(mlp(), nn.CrossEntropyLoss(), (x, y)).raise_if_wrong(warnings=True)


def test_what_cannot_be_checked_is_refused() -> None:
    x, y = blobs()
    with pytest.raises(TypeError, match="make one of it: CrossEntropyLoss"):
        nn.check(mlp(), nn.CrossEntropyLoss, (x, y))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="give optimizer="):
        nn.check(mlp(), nn.CrossEntropyLoss(), (x, y), step=lambda x, y: None)
    with pytest.raises(ValueError, match="no samples"):
        nn.check(mlp(), nn.CrossEntropyLoss(), iter([]))


def test_the_rates_that_are_found_train() -> None:
    x, y = blobs()
    loss = nn.CrossEntropyLoss()
    model = mlp()
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    curve = nn.lr_find(model, loss, (x, y), optimizer)
    assert len(curve.rates) == len(curve.losses) == len(curve.smoothed)
    np.testing.assert_allclose(np.diff(np.log(curve.rates)), np.log(1e8) / 99)
    assert curve.rates[0] == 1e-7
    # As long as nothing has moved, the loss is the same for whatever batch.
    np.testing.assert_allclose(curve.smoothed[:5], curve.smoothed[0], rtol=1e-5)
    assert np.ptp(curve.losses[:5]) > 0.01
    started = _losses_of_batches(model, loss, (x, y), len(curve.losses))
    level, mean = np.mean(started), 0.0
    for number, (value, start) in enumerate(zip(curve.losses, started, strict=True)):
        mean = 0.9 * mean + 0.1 * (value - start)
        expected = level + mean / (1 - 0.9 ** (number + 1))
        assert curve.smoothed[number] == pytest.approx(expected)
    assert curve.minimum == curve.rates[int(np.argmin(curve.smoothed))]
    assert curve.suggestion**2 == pytest.approx(curve.steepest * curve.minimum / 10)
    assert f"try lr={curve.suggestion:.2g}: of {len(curve.rates)} rates" in str(curve)
    again = nn.lr_find(model, loss, (x, y), optimizer)
    assert again == curve
    optimizer.param_groups[0]["lr"] = curve.suggestion
    history = nn.fit(model, loss, optimizer, (x, y), epochs=10, progress=False, rng=0)
    assert history["loss"][-1] < 0.7 * history["loss"][0]


def _losses_of_batches(model: Any, loss: Any, data: Any, count: int) -> list[float]:
    """What a model that does not learn loses on the batches of the sweep."""
    loader = nn.data.DataLoader(data, 32, True, rng=np.random.default_rng(0))
    found: list[float] = []
    while len(found) < count:
        found += [float(loss(model(x), y).item()) for x, y in loader]
    return found[:count]


def test_noise_between_batches_is_not_taken_for_a_fall_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(72, 2)).astype(np.float32)
    y = (np.arange(72) % 3).astype(np.int64)
    x[:, 0] += 3 * y
    for seed in range(4):
        model = nn.Sequential(
            nn.Linear(2, 32, rng=seed), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.2, rng=seed),
            nn.Linear(32, 3, rng=seed),
        )  # fmt: skip
        curve = nn.lr_find(model, nn.CrossEntropyLoss(), (x, y), batch_size=4)
        assert 1e-3 < curve.suggestion < 0.1
        np.testing.assert_allclose(curve.smoothed[:20], curve.smoothed[0], rtol=1e-3)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"low": 1.0, "high": 0.1}, "0 < low < high"),
        ({"steps": 3}, "at least 10 steps"),
        ({"smoothing": 1.0}, "from 0 up to below 1"),
        ({"low": 1e3, "high": 1e6}, "no rate|finite loss"),
    ],
)
def test_rates_that_cannot_be_tried_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        nn.lr_find(mlp(4, 1), nn.MSELoss(), line(), **settings)


def test_groups_keep_the_ratio_of_their_rates() -> None:
    model = mlp()
    groups = [{"params": model[0].parameters(), "lr": 0.01}, {"params": model[2].parameters()}]
    optimizer = nn.optim.SGD(groups, lr=0.1)
    seen: list[list[float]] = []

    def loss(p: Any, y: Any) -> Any:
        return nn.cross_entropy(p, y)

    class Noting(nn.optim.SGD):
        def step(self, closure: Any = None) -> Any:
            seen.append([group["lr"] for group in self.param_groups])
            return super().step(closure)

    noting = Noting(optimizer.param_groups, lr=0.1)
    nn.lr_find(model, loss, blobs(), noting, steps=40)
    np.testing.assert_allclose([b / a for a, b in seen], 10)


def test_an_optimizer_is_copied_with_its_model() -> None:
    x, y = blobs()
    model = mlp()
    optimizer = nn.optim.Adam(model.parameters(), lr=0.01, weight_decay=0.1)
    step = nn.Step(model, nn.CrossEntropyLoss(), optimizer, compile=False)
    step((x, y))
    twin, other = copy.deepcopy((model, optimizer))
    assert other.param_groups[0]["params"][0] is next(iter(twin.parameters()))
    step((x, y))
    nn.Step(twin, nn.CrossEntropyLoss(), other, compile=False)((x, y))
    np.testing.assert_equal(twin.state_dict(), model.state_dict())
    np.testing.assert_equal(other.state_dict(), optimizer.state_dict())
