"""A training step: compiled or not, accumulated, with several inputs, and what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

RNG = np.random.default_rng(0)
X = RNG.standard_normal((24, 3)).astype(np.float32)
Y = RNG.integers(0, 3, 24)


def model(seed: int = 1, drop: float = 0.0) -> nn.Sequential:
    rngs = np.random.default_rng(seed).spawn(3)
    last = nn.Linear(8, 3, rng=rngs[1])
    return nn.Sequential(
        nn.Linear(3, 8, rng=rngs[0]), nn.Tanh(), nn.Dropout(drop, rng=rngs[2]), last
    )


def made(net: nn.Module, loss: Any = None, lr: float = 0.1, **settings: Any) -> nn.Step:
    optimizer = nn.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    return nn.Step(net, loss or nn.CrossEntropyLoss(), optimizer, **settings)


def same(one: nn.Module, other: nn.Module, rtol: float = 0.0) -> None:
    for name, array in one.state_dict().items():
        np.testing.assert_allclose(array, other.state_dict()[name], rtol=rtol, atol=rtol)


def by_hand(net: nn.Module, batches: list[Any]) -> list[float]:
    optimizer = nn.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = nn.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


BATCHES = [(X[i : i + 10], Y[i : i + 10]) for i in (0, 10, 20)] * 7


def test_it_is_the_loop_written_by_hand_to_the_last_bit() -> None:
    expected = model(drop=0.4)
    losses = by_hand(expected, BATCHES)
    seen: list[int] = []
    for settings, compiled in (
        ({}, True),
        ({"compile": True}, True),
        ({"compile": False}, False),
        ({"on_backward": lambda: seen.append(1)}, True),
    ):
        net = model(drop=0.4)
        step = made(net, **settings)
        # The last batch of three is smaller, and is recorded for itself.
        results = [step(batch) for batch in BATCHES]
        assert [result.loss for result in results] == losses
        assert step.compiled is compiled
        assert step.reason == ("" if compiled else "compile=False was given")
        assert results[-1].outputs.shape == (4, 3)
        assert all(result.updated for result in results)
        same(net, expected)
    assert len(seen) == len(BATCHES)


def peeks(p: Any, y: Any) -> Any:
    return nn.cross_entropy(p, y) * (1.0 if p.sum() > 0 else 2.0)


COLLECTED: list[Any] = []


def collects(p: Any, y: Any) -> Any:
    COLLECTED.append(p.shape)
    return nn.cross_entropy(p, y)


def prints(p: Any, y: Any) -> Any:
    print("looked at")
    return nn.cross_entropy(p, y)


@pytest.mark.parametrize(
    ("loss", "said"),
    [(peeks, "cannot be recorded"), (collects, "COLLECTED"), (prints, "prints here")],
)
def test_what_cannot_be_compiled_runs_as_written_and_says_why(loss: Any, said: str) -> None:
    nets = model(drop=0.4), model(drop=0.4)
    steps = made(nets[0], loss), made(nets[1], loss, compile=False)
    COLLECTED.clear()
    for batch in BATCHES:
        assert steps[0](batch).loss == steps[1](batch).loss
    same(*nets)
    assert not steps[0].compiled
    assert said in steps[0].reason
    # What ran to its end was not run again.
    assert loss is not collects or len(COLLECTED) == 2 * len(BATCHES)
    if loss is not prints:
        step = made(model(), loss, compile=True)
        with pytest.raises(ad.TracingError, match=said):
            [step(batch) for batch in BATCHES]


@pytest.mark.parametrize("compiled", [None, False])
@pytest.mark.parametrize("loss", ["mean", "weighted", "ignored", "sum"])
def test_accumulated_batches_are_one_large_batch(compiled: bool | None, loss: str) -> None:
    losses = {
        "mean": nn.CrossEntropyLoss(),
        "weighted": nn.CrossEntropyLoss(weight=[0.5, 1.0, 4.0]),
        "ignored": nn.CrossEntropyLoss(ignore_index=2),
        "sum": nn.CrossEntropyLoss(reduction="sum"),
    }
    small, large = model(), model()
    one = made(small, losses[loss], 0.01, accumulate=3, compile=compiled)
    other = made(large, losses[loss], 0.01, compile=False)
    for _ in range(4):
        updated = [one((X[i : i + 5], Y[i : i + 5])).updated for i in range(0, 24, 5)]
        assert updated == [False, False, True, False, False]
        # The last group is of two batches, one of them smaller.
        assert one.flush()
        assert not one.flush()
        other((X[:15], Y[:15]))
        other((X[15:], Y[15:]))
    same(small, large, 2e-5)
    assert one.compiled is (compiled is None)


class Two(nn.Module):
    """A model of two arguments and two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(3, 4, rng=1), nn.Linear(3, 4, rng=2)
        self.head, self.side = nn.Linear(4, 3, rng=3), nn.Linear(4, 1, rng=4)

    def forward(self, left: Any, right: Any) -> Any:
        h = ad.tanh(self.a(left) + self.b(right))
        return {"classes": self.head(h), "number": self.side(h)}


def of_parts(outputs: Any, targets: Any) -> Any:
    classes, number = targets
    return {
        "kind": nn.cross_entropy(outputs["classes"], classes),
        "size": nn.mse_loss(outputs["number"], number),
    }


def test_several_inputs_outputs_and_parts_of_a_loss() -> None:
    number = X[:, :1] * 2
    arranged: list[tuple[Any, Any]] = [
        (((X, X[::-1]), (Y, number)), None),
        (({"left": X, "right": X[::-1]}, (Y, number)), None),
        ((X, X[::-1], Y, number), [-2, -1]),
    ]
    found = []
    for batch, targets in arranged:
        net = Two()
        step = made(net, of_parts, targets=targets)
        results = [step(batch) for _ in range(5)]
        assert step.compiled, step.reason
        for result in results:
            assert result.loss == pytest.approx(sum(result.parts.values()))
            assert set(result.outputs) == {"classes", "number"}
        found.append([result.loss for result in results])
    assert found[0] == found[1] == found[2]
    assert found[0][-1] < found[0][0]
    history = nn.fit(
        net := Two(),
        of_parts,
        nn.optim.SGD(net.parameters(), lr=0.1),
        ((X, X), (Y, number)),
        ((X, X), (Y, number)),
        epochs=2,
        progress=False,
    )
    assert set(history.last) == {
        *("epoch", "loss", "kind", "size", "val_loss", "val_kind", "val_size")
    }
    assert nn.predict(net, (X, X), 7)["classes"].shape == (24, 3)
    assert nn.predict(net, {"left": X, "right": X}, 24)["number"].shape == (24, 1)
    with pytest.raises(TypeError, match=r"'label', but the loader gave a dict with 'x', 'y'"):
        made(model(), targets="label")({"x": X, "y": Y})
    with pytest.raises(TypeError, match=r"for several inputs \(\(x1, x2\), y\)"):
        made(model())((X, X, Y))


@pytest.mark.parametrize("compiled", [True, False])
def test_a_loss_that_is_not_finite_leaves_the_parameters(compiled: bool) -> None:
    net = model()
    step = made(net, compile=compiled)
    for batch in BATCHES[:5]:
        step(batch)
    before, state = net.state_dict(), step.optimizer.state_dict()
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="the loss became nan"):
        step((X[:10] * np.float32(np.nan), Y[:10]))
    for name, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    np.testing.assert_equal(step.optimizer.state_dict(), state)
    assert step.compiled is compiled


def test_parts_may_be_frozen_and_released_meanwhile() -> None:
    net = model()
    step = made(net)
    frozen, free = net[0].weight, net[3].weight
    for freeze in (False, True, False):
        frozen.requires_grad_(not freeze)
        before = frozen.numpy(), free.numpy()
        for batch in BATCHES[:3]:
            step(batch)
        assert np.array_equal(frozen.numpy(), before[0]) is freeze
        assert not np.array_equal(free.numpy(), before[1])
    assert step.compiled


def test_batches_of_other_things_than_arrays_are_not_compiled() -> None:
    class Words(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Linear(3, 3, rng=0)

        def forward(self, words: Any) -> Any:
            return self.table(np.array([[len(w), 1.0, 0.0] for w in words], np.float32))

    step = made(Words())
    step((["a", "bcd"], np.array([0, 1])))
    assert "plain values of Python" in step.reason
    assert isinstance(step((["abc"], [0])).loss, float)


def test_labels_that_are_no_class_are_refused_when_replayed_too() -> None:
    step = made(model())
    for _ in range(3):
        step((X, Y))
    for bad in (7, -1):
        with pytest.raises((ValueError, IndexError), match="class"):
            step((X, np.where(Y == 0, bad, Y)))


@pytest.mark.parametrize("accumulate", [0, 1.5, True])
def test_accumulate_is_a_number_of_batches(accumulate: Any) -> None:
    with pytest.raises(ValueError, match="accumulate must be"):
        made(model(), accumulate=accumulate)
    net = model()
    with pytest.raises(TypeError, match=r"step\(closure\) in a loop of your own"):
        nn.Step(net, nn.CrossEntropyLoss(), nn.optim.LBFGS(net.parameters()))


def test_a_replay_that_fails_changes_nothing_although_the_code_would_run() -> None:
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Dropout(0.5, rng=1), nn.Linear(3, 1, rng=2))
    optimizer = nn.optim.Adam(model.parameters())
    step = nn.Step(model, nn.MSELoss(), optimizer)
    x, y = np.ones((4, 2), np.float32), np.ones((4, 1), np.float32)
    for _ in range(3):
        step((x, y))
    assert step.compiled

    def fails(*args: Any) -> Any:
        raise FloatingPointError("underflow in these draws")

    step._whole._compiled = fails
    before = [*model.state_dict().values(), model[1].rng.bit_generator.state]
    moments = [np.array(t.data) for s in optimizer.state.values() for t in s.values()]
    with pytest.raises(FloatingPointError, match="underflow in these draws"):
        step((x, y))
    after = [*model.state_dict().values(), model[1].rng.bit_generator.state]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_equal(one, other)
    for one, tensor in zip(
        moments, [t for s in optimizer.state.values() for t in s.values()], strict=True
    ):
        np.testing.assert_array_equal(one, tensor.data)
