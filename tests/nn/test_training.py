"""The training loop: history, validation, callbacks, interruption, misuse."""

from __future__ import annotations

import functools
import io
import math
import os
import signal
import sys
import threading
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.training.interrupts import SafeInterrupt


def problem(n: int = 60) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, 2)).astype(np.float32)
    return x, (x[:, 0] > x[:, 1]).astype(np.int64)


def setup(**options: Any) -> tuple[nn.Module, nn.optim.Optimizer]:
    model = nn.Sequential(nn.Linear(2, 8, rng=np.random.default_rng(1)), nn.Tanh(), nn.Linear(8, 2))
    return model, nn.optim.Adam(model.parameters(), lr=0.05, **options)


def fit(model: nn.Module, optimizer: nn.optim.Optimizer, **options: Any) -> nn.History:
    settings = {"epochs": 5, "batch_size": 16, "progress": False, "rng": 0, **options}
    return nn.fit(model, nn.CrossEntropyLoss(), optimizer, problem(), **settings)


def test_it_learns_and_keeps_a_history() -> None:
    history = fit(*setup(), epochs=20, validation=problem(30), metrics=["accuracy"])
    assert len(history) == 20
    assert set(history.last) == {"epoch", "loss", "accuracy", "val_loss", "val_accuracy"}
    assert history["epoch"] == list(range(1, 21))
    assert history["loss"][-1] < 0.2 < history["loss"][0]
    assert history.last["val_accuracy"] > 0.9
    assert [epoch["loss"] for epoch in history] == history["loss"]
    assert repr(history).startswith("History(20 epochs: epoch=20, loss=0.")
    assert repr(nn.History()) == "History(0 epochs)"
    with pytest.raises(KeyError, match=r"no epoch has the figure 'acc'; there are accuracy, epoch"):
        history["acc"]


def test_the_same_seed_gives_the_same_bits() -> None:
    def run() -> Any:
        ad.random.seed(3)
        model, optimizer = setup()
        return fit(model, optimizer).epochs, model.state_dict()

    (epochs, state), (again, other) = run(), run()
    assert epochs == again
    for name, array in state.items():
        np.testing.assert_array_equal(array, other[name])


def test_the_loss_of_an_epoch_is_the_mean_over_samples() -> None:
    x, y = problem(10)
    model = nn.Linear(2, 2)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.0)
    history = nn.fit(
        model, nn.cross_entropy, optimizer, (x, y), (x, y), epochs=1, batch_size=4, progress=False
    )
    expected = nn.cross_entropy(model(x), y).item()
    assert history.last["loss"] == pytest.approx(expected)
    assert history.last["val_loss"] == pytest.approx(expected)
    figures = nn.evaluate(model, nn.cross_entropy, (x, y), metrics=["accuracy"], batch_size=3)
    assert figures["loss"] == pytest.approx(expected)
    np.testing.assert_allclose(nn.predict(model, x, batch_size=3), model(x).data, rtol=1e-6)


def test_metrics_by_name_function_and_dict() -> None:
    def wrong(predictions: Any, targets: Any) -> float:
        return 1 - nn.metrics.accuracy(predictions, targets)

    model, optimizer = setup()
    history = fit(model, optimizer, metrics=["accuracy", wrong], epochs=1)
    assert history.last["accuracy"] + history.last["wrong"] == pytest.approx(1)
    history = fit(model, optimizer, metrics={"mine": wrong}, epochs=1)
    assert set(history.last) == {"epoch", "loss", "mine"}
    for bad in ("confusion_matrix", "sensitivity"):
        with pytest.raises(ValueError, match=f"unknown metric '{bad}'; give 'accuracy'"):
            fit(model, optimizer, metrics=[bad])


def test_parts_of_the_wrong_kind_are_named() -> None:
    model, optimizer = setup()
    x, y = problem(4)
    for parts, said in (
        ((nn.Linear, nn.cross_entropy, optimizer), "an nn.Module, and the class Linear was given"),
        ((model, nn.CrossEntropyLoss, optimizer), r"make one of it: CrossEntropyLoss\(\)"),
        ((model, None, optimizer), "the loss, a function .* and a NoneType was given"),
        ((model, nn.cross_entropy, nn.optim.SGD), "and the class SGD was given"),
        ((model, nn.cross_entropy, model), "third an optimizer.* and a Sequential was given"),
    ):
        with pytest.raises(TypeError, match=said):
            nn.fit(*parts, (x, y), progress=False)


def test_an_optimizer_of_one_s_own_needs_two_methods() -> None:
    model, _ = setup()

    class Mine:
        steps = 0

        def zero_grad(self) -> None:
            model.zero_grad()

        def step(self) -> None:
            self.steps += 1

    mine: Any = Mine()
    fit(model, mine, epochs=1)
    assert mine.steps == 4


def test_an_optimizer_of_another_model_is_warned_of() -> None:
    model, _ = setup()
    _, other = setup()
    with pytest.warns(nn.TrainingWarning, match="holds none of the 4 parameters of Sequential"):
        fit(model, other)
    model, optimizer = setup()
    model.requires_grad_(False)
    model[0].weight.requires_grad_(True)
    fit(model, optimizer)
    model.requires_grad_(False)
    with (
        pytest.warns(nn.TrainingWarning, match="are frozen, so nothing will learn"),
        pytest.raises(ad.GlassgradError),
    ):
        fit(model, optimizer)


def test_parameters_that_no_gradient_reached_are_warned_of_once() -> None:
    class Half(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.unused, self.sometimes = (
                nn.Linear(2, 2),
                nn.Linear(2, 2),
                nn.Linear(2, 2),
            )
            self.calls = 0

        def forward(self, x: Any) -> Any:
            self.calls += 1
            return self.used(x) if self.calls % 3 else self.sometimes(self.used(x))

    model = Half()
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    with pytest.warns(nn.TrainingWarning) as caught:
        fit(model, optimizer)
    assert len(caught) == 1
    assert "no gradient reached unused.weight, unused.bias in" in str(caught[0].message)
    assert caught[0].filename == __file__
    model.unused.requires_grad_(False)
    fit(model, optimizer)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"patience": "3"}, TypeError),
        ({"patience": True}, TypeError),
        ({"patience": -1}, ValueError),
        ({"min_delta": "0.1"}, TypeError),
        ({"min_delta": float("nan")}, ValueError),
        ({"mode": "least"}, ValueError),
    ],
)
def test_settings_of_early_stopping(settings: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        nn.EarlyStopping(**settings)


BINARY: dict[str, tuple[Any, float]] = {
    "BCEWithLogitsLoss": (nn.BCEWithLogitsLoss(), 0.0),
    "binary_cross_entropy_with_logits": (nn.binary_cross_entropy_with_logits, 0.0),
    "partial": (functools.partial(nn.functional.soft_margin_loss, reduction="sum"), 0.0),
    "binary_cross_entropy": (nn.functional.binary_cross_entropy, 0.5),
    "mse_loss": (nn.mse_loss, 0.5),
    "of one's own": (lambda z, y: nn.mse_loss(z, y), 0.5),
}


@pytest.mark.parametrize("name", BINARY)
def test_accuracy_of_one_score_per_sample_is_that_of_the_loss_or_refused(name: str) -> None:
    loss, threshold = BINARY[name]
    x, y = problem(20)
    y = (2 * y - 1 if name == "partial" else y)[:, None]
    last = nn.Sigmoid() if name == "binary_cross_entropy" else nn.Identity()
    model = nn.Sequential(nn.Linear(2, 1), last)
    before = model.state_dict()
    optimizer = nn.optim.SGD(model.parameters(), lr=0.0)
    if name in ("mse_loss", "of one's own"):
        with pytest.raises(ValueError, match="give threshold=0 for logits"):
            nn.fit(model, loss, optimizer, (x, y), metrics="accuracy", progress=False)
        with pytest.raises(ad.ShapeError, match="at least 2 classes"):
            nn.fit(model, loss, optimizer, (x, y), metrics=["top_k_accuracy"], progress=False)
        np.testing.assert_array_equal(model.state_dict()["0.weight"], before["0.weight"])
        return
    figures = nn.fit(
        model, loss, optimizer, (x, y), (x, y), epochs=1, metrics="accuracy", progress=False
    ).last
    expected = np.mean((model(x).data > threshold) == (y > 0))
    assert figures["accuracy"] == figures["val_accuracy"] == pytest.approx(expected)
    assert nn.evaluate(model, loss, (x, y), metrics=["accuracy"])["accuracy"] == expected


def test_float64_data_do_not_widen_a_float32_model() -> None:
    x, y = problem()
    seen: list[np.dtype[Any]] = []

    def loss(prediction: ad.Tensor, target: Any) -> ad.Tensor:
        seen.append(prediction.dtype)
        return nn.cross_entropy(prediction, target)

    model, optimizer = setup()
    nn.fit(model, loss, optimizer, (x.astype(np.float64), y), epochs=1, progress=False)
    assert set(seen) == {np.dtype(np.float32)}


def test_modes_during_and_after() -> None:
    model = nn.Sequential(nn.Linear(2, 4), nn.Dropout(0.5), nn.Linear(4, 2))
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    modes: list[bool] = []
    nn.fit(
        model,
        lambda p, y: (modes.append(model.training), nn.cross_entropy(p, y))[1],
        optimizer,
        problem(8),
        problem(8),
        epochs=2,
        batch_size=8,
        progress=False,
    )
    assert modes == [True, False, True, False]
    assert not model.training
    nn.predict(model.train(), problem(4)[0])
    assert model.training


class Recorder(nn.Callback):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def on_begin(self, run: nn.Run) -> None:
        self.events.append(f"begin {run.epoch}")

    def on_step(self, run: nn.Run) -> None:
        assert all(p.grad is not None for p in run.model.parameters())
        self.events.append(f"step {run.step}")

    def on_epoch(self, run: nn.Run) -> None:
        run.figures["norm"] = 1.5
        self.events.append(f"epoch {run.epoch} {len(run.history)}")
        if run.epoch == 2:
            run.stop()

    def on_end(self, run: nn.Run) -> None:
        self.events.append(f"end {len(run.history)}")


def test_callbacks_watch_add_figures_and_stop() -> None:
    recorder = Recorder()
    losses: list[float] = []
    history = fit(
        *setup(),
        batch_size=30,
        callbacks=[recorder, lambda run: losses.append(run.figures["loss"])],
    )
    assert recorder.events == [
        *["begin 0", "step 1", "step 2", "epoch 1 0", "step 3", "step 4", "epoch 2 1", "end 2"]
    ]
    assert history["norm"] == [1.5, 1.5]
    assert losses == history["loss"]
    for bad in (3, nn.EarlyStopping):
        with pytest.raises(TypeError, match=r"not a callback; give a function of a Run"):
            fit(*setup(), callbacks=[bad])


def stopper(values: list[float], **options: Any) -> tuple[nn.EarlyStopping, nn.History, nn.Module]:
    model, optimizer = setup()
    stopping = nn.EarlyStopping("figure", **options)

    def feed(run: nn.Run) -> None:
        run.figures["figure"] = values[run.epoch - 1]

    history = fit(model, optimizer, epochs=len(values), callbacks=[feed, stopping])
    return stopping, history, model


def test_early_stopping() -> None:
    stopping, history, _ = stopper([5.0, 3.0, 4.0, 3.5, 3.2, 1.0], patience=2)
    assert len(history) == 5
    assert (stopping.best, stopping.best_epoch) == (3.0, 2)
    stopping, history, _ = stopper([5.0, 4.9, 4.8, 4.7], patience=1, min_delta=0.5)
    assert (len(history), stopping.best_epoch) == (3, 1)
    stopping, history, _ = stopper([1.0, 2.0, 3.0], patience=0, mode="max")
    assert (len(history), stopping.best) == (3, 3.0)
    stopping, history, _ = stopper([math.nan, 5.0, 4.0, math.nan, 4.5, 9.0], patience=1)
    assert (len(history), stopping.best, stopping.best_epoch) == (5, 4.0, 3)
    assert len(stopper([math.nan] * 6, patience=2)[1]) == 4


def test_early_stopping_restores_the_best() -> None:
    states: list[dict[str, Any]] = []
    model, optimizer = setup()

    def feed(run: nn.Run) -> None:
        states.append(run.model.state_dict())
        run.figures["val_accuracy"] = [0.1, 0.9, 0.5, 0.4, 0.3][run.epoch - 1]

    fit(model, optimizer, callbacks=[feed, nn.EarlyStopping("val_accuracy", patience=1)])
    assert len(states) == 4
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, states[1][name])


def test_early_stopping_refuses() -> None:
    with pytest.raises(KeyError, match=r"watches 'val_loss', but this fit measures loss; give fit"):
        fit(*setup(), callbacks=[nn.EarlyStopping()])
    with pytest.raises(ValueError, match="mode must be 'min' or 'max', not 'best'"):
        nn.EarlyStopping(mode="best")
    with pytest.raises(ValueError, match="patience must not be negative"):
        nn.EarlyStopping(patience=-1)


class InterruptingSGD(nn.optim.SGD):
    """Receives Ctrl-C between the updates of two groups of parameters."""

    at_step = 3
    steps = 0

    def _update(self, group: Any, *parts: Any) -> None:
        super()._update(group, *parts)
        if group is self.param_groups[0]:
            self.steps += 1
            if self.steps == self.at_step:
                os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_leaves_whole_parameters_and_returns_the_history(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def train(kind: Any, epochs: int, batches: int) -> tuple[nn.History, dict[str, Any]]:
        model = nn.Linear(2, 2, rng=np.random.default_rng(0))
        loader = nn.data.DataLoader(problem(20), 10)
        optimizer = kind([{"params": [p]} for p in model.parameters()], lr=0.1)
        stop = [lambda run: None]
        history = nn.fit(
            model, nn.cross_entropy, optimizer, loader, epochs=epochs, progress=True, callbacks=stop
        )
        return history, model.state_dict()

    before = signal.getsignal(signal.SIGINT)
    history, state = train(InterruptingSGD, 5, 2)
    assert signal.getsignal(signal.SIGINT) is before
    assert history.interrupted
    assert len(history) == 1
    assert "interrupted" in repr(history)
    assert (
        "interrupted in epoch 2 after step 3; the parameters are those" in capsys.readouterr().err
    )

    class StopAtThree(nn.Callback):
        def on_step(self, run: nn.Run) -> None:
            if run.step == 3:
                raise KeyboardInterrupt

    model = nn.Linear(2, 2, rng=np.random.default_rng(0))
    nn.fit(
        model,
        nn.cross_entropy,
        nn.optim.SGD(model.parameters(), lr=0.1),
        nn.data.DataLoader(problem(20), 10),
        progress=False,
        callbacks=[StopAtThree()],
    )
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, state[name])


def test_a_second_ctrl_c_does_not_wait() -> None:
    with SafeInterrupt() as interrupt:
        interrupt.hold()
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt.release()
        interrupt.hold()
        interrupt.release()


def test_handlers_of_others_and_other_threads_are_left_alone() -> None:
    def own(number: int, frame: Any) -> None:
        """Does nothing."""

    previous = signal.signal(signal.SIGINT, own)
    try:
        with SafeInterrupt():
            assert signal.getsignal(signal.SIGINT) is own
        assert signal.getsignal(signal.SIGINT) is own
    finally:
        signal.signal(signal.SIGINT, previous)
    found: list[nn.History] = []
    thread = threading.Thread(target=lambda: found.append(fit(*setup(), epochs=1)))
    thread.start()
    thread.join()
    assert len(found[0]) == 1


def test_a_loss_that_is_not_finite_stops_before_the_step() -> None:
    model = nn.Linear(2, 1)
    before = model.state_dict()
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    bad = np.full((4, 2), np.inf, np.float32)
    ended = Recorder()
    with (
        pytest.raises(
            FloatingPointError, match=r"the loss became (nan|inf) in epoch 1, step 1; try"
        ),
        np.errstate(all="ignore"),
    ):
        nn.fit(
            model,
            nn.MSELoss(),
            optimizer,
            (bad, np.zeros((4, 1))),
            progress=False,
            callbacks=[ended],
        )
    assert ended.events[-1] == "end 0"
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_progress_bar_is_for_terminals(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fit(*setup(), progress=True)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    fit(*setup(), progress=False)
    assert terminal.getvalue() == ""
    fit(*setup(), progress=True, epochs=2)
    shown = terminal.getvalue()
    assert "epoch 2/2" in shown
    assert "loss=" in shown
    assert "8/8" in shown


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": -1}, "epochs must be a whole number from 0 up, not -1"),
        ({"epochs": 1.5}, "not 1.5"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"compile": "yes"}, "compile is None, True or False, not 'yes'"),
        ({"frozen": nn.Linear(1, 1)}, "a Linear that is no part of the model; give modules out"),
        ({"class_weight": {"a": 1}}, "class indices from 0 up as keys"),
        ({"class_weight": {-1: 2.0}}, "class indices from 0 up as keys"),
        ({"class_weight": [1.0]}, "class weights of shape (1,) were given for 2 classes"),
        ({"validation": (1, 2, 3)}, "list of such samples or a DataLoader, and 3 arrays"),
    ],
)
def test_messages(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is read below
        fit(*setup(), **options)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"frozen": 3}, "frozen takes modules of the model, not 3"),
        ({"callbacks": nn.EarlyStopping("loss")}, "callbacks are a list: write callbacks=[Early"),
    ],
)
def test_single_things_in_the_place_of_lists(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as caught:
        fit(*setup(), **options)
    assert message in str(caught.value)


def test_weights_by_class_are_1_where_none_is_given() -> None:
    states = []
    for weights in ([0.5, 1.0], {0: 0.5}):
        ad.random.seed(0)
        model, optimizer = setup()
        fit(model, optimizer, class_weight=weights)
        states.append(model.state_dict())
    for name, array in states[0].items():
        np.testing.assert_array_equal(array, states[1][name])


def test_data_without_a_whole_batch() -> None:
    model, optimizer = setup()
    loader = nn.data.DataLoader(problem(3), 4, drop_last=True)
    with pytest.raises(ValueError, match="has no batches: there are fewer samples than one batch"):
        nn.fit(model, nn.cross_entropy, optimizer, loader, progress=False)
    with pytest.raises(ValueError, match="no batches to evaluate"):
        nn.evaluate(model, nn.cross_entropy, loader)


def test_no_epochs_change_nothing() -> None:
    model, optimizer = setup()
    before = model.state_dict()
    assert len(fit(model, optimizer, epochs=0)) == 0
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
