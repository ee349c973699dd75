"""The loop around the steps: data of every kind, events, schedules, logs, checkpoints, Ctrl-C."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.training.tallies import Tally
from tests.import_contracts import ROOT

RNG = np.random.default_rng(0)
X = RNG.standard_normal((40, 4)).astype(np.float32)
Y = (X[:, 0] > X[:, 1]).astype(np.int64)
BATCHES = [(X[i : i + 8], Y[i : i + 8]) for i in range(0, 40, 8)]


def setup(**settings: Any) -> tuple[nn.Module, nn.optim.Optimizer]:
    model = nn.Sequential(nn.Linear(4, 8, rng=1), nn.Tanh(), nn.Linear(8, 2, rng=2))
    return model, nn.optim.SGD(model.parameters(), lr=0.1, **settings)


def fit(data: Any = BATCHES, loss: Any = None, **settings: Any) -> tuple[nn.History, nn.Module]:
    model, optimizer = setup()
    settings = {"epochs": 3, "progress": False, **settings}
    return nn.fit(model, loss or nn.CrossEntropyLoss(), optimizer, data, **settings), model


class Stream:
    def __iter__(self) -> Any:
        return iter(BATCHES)


def endless() -> Any:
    while True:
        yield from BATCHES


def test_batches_come_from_anything() -> None:
    expected, model = fit(nn.data.DataLoader((X, Y), 8))
    for data, settings in (
        (BATCHES, {}),
        (Stream(), {}),
        (lambda: iter(BATCHES), {}),
        (endless(), {"steps_per_epoch": 5}),
        (endless, {"steps_per_epoch": 5}),
        ([([list(row) for row in x], list(y)) for x, y in BATCHES], {"batch_size": None}),
    ):
        history, other = fit(data, **settings)
        assert history.epochs == expected.epochs
        for name, array in model.state_dict().items():
            np.testing.assert_array_equal(array, other.state_dict()[name])
    found = nn.evaluate(model, nn.CrossEntropyLoss(), Stream(), metrics=["accuracy"])
    whole = nn.evaluate(model, nn.CrossEntropyLoss(), (X, Y), metrics=["accuracy"], batch_size=7)
    assert found["accuracy"] == whole["accuracy"]
    assert found["loss"] == pytest.approx(whole["loss"])
    np.testing.assert_array_equal(nn.predict(model, Stream()), nn.predict(model, X, 8))
    with pytest.raises(ValueError, match="no batches in epoch 2: what can be walked through only"):
        fit(iter(BATCHES))


def test_short_walks_go_on_in_the_next_epoch() -> None:
    seen: list[float] = []

    class Noting(nn.Callback):
        def on_batch(self, run: nn.Run) -> None:
            seen.append(float(run.batch[0][0, 0]))

    fit(BATCHES, steps_per_epoch=3, epochs=4, callbacks=[Noting()])
    firsts = [float(x[0, 0]) for x, _ in BATCHES]
    assert seen == (firsts * 3)[:12]


class Recorder(nn.Callback):
    def __init__(self, events: list[str], name: str, comes_last: bool = False) -> None:
        self.events, self.name = events, name
        vars(self)["comes_last"] = comes_last
        for event in [event for event in dir(nn.Callback) if event.startswith("on_")]:
            note = f"{event[3:]} {name}"
            vars(self)[event] = lambda run, note=note: events.append(note)


def test_events_and_their_order() -> None:
    events: list[str] = []
    callbacks = [Recorder(events, "z", comes_last=True), Recorder(events, "a")]
    fit(BATCHES[:3], accumulate=2, epochs=1, validation=(X, Y), callbacks=callbacks)
    both = [
        *["begin", "epoch_begin", "batch", "batch", "backward", "step", "batch", "backward"],
        *["step", "validation", "epoch", "epoch_end", "end"],
    ]
    assert events == [f"{event} {name}" for event in both for name in "az"]


def test_gradients_may_be_clipped_between_backward_and_update() -> None:
    norms: list[float] = []

    class Clip(nn.Callback):
        def on_backward(self, run: nn.Run) -> None:
            nn.utils.clip_grad_norm_(run.model.parameters(), 0.01)

        def on_step(self, run: nn.Run) -> None:
            squares = [np.sum(np.square(p.grad)) for p in run.model.parameters()]
            norms.append(float(np.sqrt(sum(squares))))

    history, _ = fit(callbacks=[Clip()], epochs=20)
    np.testing.assert_allclose(norms, 0.01, rtol=1e-3)
    assert not history.reason


def test_errors_are_told_of() -> None:
    told: list[Any] = []

    class Telling(nn.Callback):
        def on_error(self, run: nn.Run) -> None:
            told.append(run.error)

        def on_end(self, run: nn.Run) -> None:
            told.append("end")

    with pytest.raises(ad.ShapeError) as caught:
        fit([(X[:, :3], Y)], callbacks=[Telling()])
    assert told == [caught.value, "end"]


def test_schedules_by_epoch_by_step_and_by_figure() -> None:
    model, optimizer = setup()
    rates: list[float] = []

    class Rates(nn.Callback):
        def on_batch(self, run: nn.Run) -> None:
            rates.append(run.optimizer.param_groups[0]["lr"])

    def run(schedule: Any, epochs: int) -> nn.History:
        rates.clear()
        return nn.fit(
            model,
            nn.CrossEntropyLoss(),
            optimizer,
            BATCHES,
            epochs=epochs,
            schedule=schedule,
            callbacks=[Rates()],
            progress=False,
        )

    history = run(nn.optim.StepLR(optimizer, 1, gamma=0.5), 3)
    assert rates == [0.1] * 5 + [0.05] * 5 + [0.025] * 5
    assert history["lr"] == [0.1, 0.05, 0.025]
    optimizer.param_groups[0]["lr"] = 0.1
    run(nn.Schedule(nn.optim.ExponentialLR(optimizer, 0.5), "step"), 1)
    np.testing.assert_allclose(rates, [0.1 * 0.5**i for i in range(5)])
    run(nn.optim.OneCycleLR(optimizer, 0.1, total_steps=20), 2)
    assert len(set(rates)) == 10
    optimizer.param_groups[0]["lr"] = 0.0
    plateau = nn.optim.ReduceLROnPlateau(optimizer, patience=0)
    optimizer.param_groups[0]["lr"] = 0.1
    run([nn.Schedule(plateau, monitor="loss")], 2)
    with pytest.raises(TypeError, match=r"a schedule has step\(\)"):
        run(lambda step: 0.1, 1)
    with pytest.raises(ValueError, match="every 'step' or 'epoch', not 'day'"):
        nn.Schedule(plateau, "day")


def test_class_weights() -> None:
    rare = np.where(np.arange(40) % 8 == 0, 1, 0)
    weights = nn.training.class_weights(rare)
    np.testing.assert_allclose(weights, [40 / 70, 4.0])
    expected, model = fit((X, rare), nn.CrossEntropyLoss(weight=weights), rng=0)
    for given in ("balanced", weights, {0: 40 / 70, 1: 4.0}):
        for loss in (nn.CrossEntropyLoss(), nn.cross_entropy):
            history, _ = fit((X, rare), loss, class_weight=given, rng=0)
            np.testing.assert_allclose(history["loss"], expected["loss"], rtol=1e-6)
    # The mean of weighted losses is that over all data, whatever the batches.
    loss = nn.CrossEntropyLoss(weight=weights)
    by_batches = nn.evaluate(model, loss, (X, rare), batch_size=7)["loss"]
    assert by_batches == pytest.approx(loss(model(X), rare).item(), rel=1e-6)
    with pytest.raises(TypeError, match="BCEWithLogitsLoss takes pos_weight="):
        fit((X, rare), nn.BCEWithLogitsLoss(), class_weight="balanced")
    with pytest.raises(ValueError, match="class 1 does not occur"):
        nn.training.class_weights([0, 0, 2])


def test_frozen_modules_stay_as_they_are() -> None:
    body = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Dropout(0.5))
    model = nn.Sequential(body, nn.Linear(6, 2))
    before = body.state_dict()
    optimizer = nn.optim.SGD(model[1].parameters(), lr=0.1)
    nn.fit(model, nn.CrossEntropyLoss(), optimizer, BATCHES, frozen=body, progress=False)
    for name, array in body.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    assert all(p.requires_grad for p in body.parameters())


def test_halves_are_refused_with_the_reason() -> None:
    for half in ("float16", np.float16, "bf16-mixed"):
        with pytest.raises(ValueError, match=r"without BLAS, .* 300 times as slowly"):
            fit(precision=half)
    with pytest.raises(ValueError, match=r"call model.double\(\) before"):
        fit(precision="float64")
    fit(precision="float32", epochs=1)


def test_metrics_by_name_object_and_function_agree(tmp_path: Path) -> None:
    metrics = {
        "name": "accuracy",
        "object": nn.metrics.Accuracy(),
        "function": nn.metrics.accuracy,
        "own": lambda p, y: float(np.mean(p.argmax(axis=1) == y)),
    }
    named = ["f1_score", "auroc", "perplexity", "log_loss"]
    history, model = fit(metrics=metrics, validation=(X, Y))
    for epoch in history:
        for kind in ("", "val_"):
            assert len({epoch[f"{kind}{name}"] for name in metrics}) == 1
    found = nn.evaluate(model, nn.CrossEntropyLoss(), BATCHES, metrics=named)
    assert found["perplexity"] == pytest.approx(np.exp(found["loss"]), rel=1e-6)
    assert found["log_loss"] == pytest.approx(found["loss"], rel=1e-6)
    for bad, said in (
        (nn.metrics.ConfusionMatrix(), "gives more than one number"),
        (nn.metrics.Recall(average=None), "gives more than one number"),
        (["accuracy", "accuracy"], "two metrics have the name 'accuracy'"),
    ):
        with pytest.raises(ValueError, match=said):
            fit(metrics=bad)


def test_evaluation_leaves_no_trace() -> None:
    class Drawing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner, self.rng = nn.Linear(4, 2), np.random.default_rng(0)
            self.drop = nn.Dropout(0.5)

        def forward(self, x: Any) -> Any:
            return self.drop(self.inner(x)) + self.rng.standard_normal(2).astype(np.float32)

    model = Drawing()
    model.drop.eval()
    loader = nn.data.DataLoader((X, Y), 8, shuffle=True)
    states = model.rng.bit_generator.state, ad.random.generator().bit_generator.state
    nn.evaluate(model, nn.CrossEntropyLoss(), loader)
    nn.predict(model, loader)
    assert (model.training, model.drop.training) == (True, False)
    assert states == (model.rng.bit_generator.state, ad.random.generator().bit_generator.state)


def test_logs_have_every_epoch_once(tmp_path: Path) -> None:
    table, lines, folder = tmp_path / "a.csv", tmp_path / "a.jsonl", tmp_path / "run"

    def run(epochs: int, resume: Any = None) -> nn.History:
        callbacks = [nn.CSVLog(table), nn.JSONLinesLog(lines), nn.Checkpoint(folder)]
        return fit(epochs=epochs, callbacks=callbacks, resume=resume, metrics="accuracy")[0]

    run(2)
    history = run(4, folder)
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [json.loads(line) for line in lines.read_text().splitlines()] == history.epochs
    assert [float(row["loss"]) for row in rows] == history["loss"]
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]


def test_tensorboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ad.MissingExtraError, match=r"pip install 'glassgrad\[tensorboard\]'"):
        nn.TensorBoardLog(tmp_path)
    monkeypatch.undo()
    pytest.importorskip("tensorboardX")
    with pytest.raises(ValueError, match="every must be a whole number from 1 up, not 0"):
        nn.TensorBoardLog(tmp_path, every=0)
    fit(callbacks=[nn.TensorBoardLog(tmp_path, every=2)])
    assert any(tmp_path.glob("events*"))


def test_the_last_and_the_best_are_kept(tmp_path: Path) -> None:
    figures = [3.0, 1.0, 2.0, 4.0]

    def feed(run: nn.Run) -> None:
        run.figures["figure"] = figures[run.epoch - 1]

    checkpoint = nn.Checkpoint(tmp_path / "run", keep_last=2, monitor="figure")
    fit(epochs=4, callbacks=[checkpoint, feed])
    names = sorted(path.name for path in (tmp_path / "run").iterdir())
    assert names == ["best.safetensors", "step-000000015.safetensors", "step-000000020.safetensors"]
    assert checkpoint.best == 1.0
    best = nn.load_state(tmp_path / "run" / "best.safetensors")
    assert (best["epoch"], best["history"]["columns"]["figure"][-1]) == (2, 1.0)
    with pytest.raises(FileExistsError, match=r"2 checkpoints of another fit.* give fit resume="):
        fit(callbacks=[nn.Checkpoint(tmp_path / "run")])
    earlier = nn.Checkpoint(tmp_path / "run", every_steps=1, keep_last=1, monitor="figure")
    place = tmp_path / "run" / "best.safetensors"
    kept = []

    def look(run: nn.Run) -> None:
        kept.append(earlier.path is not None and earlier.path.exists())

    fit(epochs=3, callbacks=[earlier, feed, look], resume=place)
    assert kept == [True]
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == names


def test_checkpoints_of_something_else_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    fit(callbacks=[nn.Checkpoint(folder)])
    model = nn.Sequential(nn.Linear(4, 9), nn.Tanh(), nn.Linear(9, 2))
    before = model.state_dict()
    with pytest.raises(nn.CheckpointError) as caught:
        nn.fit(
            model,
            nn.CrossEntropyLoss(),
            nn.optim.Adam(model.parameters()),
            BATCHES,
            resume=folder,
            progress=False,
        )
    for said in (
        "0.weight: float32[8, 4] in the checkpoint, float32[9, 4] here",
        "optimizer: SGD in the checkpoint, Adam here",
        "callbacks: Checkpoint in the checkpoint, none here",
        "nothing was loaded",
    ):
        assert said in str(caught.value)
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    nn.save(model, tmp_path / "weights.safetensors")
    with pytest.raises(nn.CheckpointError, match=r"is no checkpoint of a fit"):
        fit(resume=tmp_path / "weights.safetensors")
    with pytest.raises(FileNotFoundError, match="there is no checkpoint"):
        fit(resume=tmp_path / "absent")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no checkpoints to go on from; to begin there"):
        fit(resume=tmp_path / "empty")
    for fresh in (tmp_path / "empty", tmp_path / "new"):
        fit(resume=fresh, callbacks=[nn.Checkpoint(fresh)], epochs=1)


@pytest.mark.parametrize("where", ["step", "validation", "epoch", "raised"])
def test_ctrl_c_leaves_a_checkpoint_that_goes_on_to_the_same_end(
    tmp_path: Path, where: str
) -> None:
    class Stop(nn.Callback):
        def __init__(self, at: int) -> None:
            self.at = at

        def on_step(self, run: nn.Run) -> None:
            if run.step == self.at and where in ("step", "raised"):
                self.stop()

        def on_epoch(self, run: nn.Run) -> None:
            if run.step == self.at and where == "epoch":
                self.stop()

        def stop(self) -> None:
            if where == "raised":
                raise KeyboardInterrupt
            os.kill(os.getpid(), signal.SIGINT)

    def run(at: int, **settings: Any) -> tuple[nn.History, nn.Module, nn.Module]:
        ad.random.seed(1)
        rng = np.random.default_rng(2)
        drop = nn.Dropout(0.3)
        model = nn.Sequential(nn.Linear(4, 8, rng=rng), drop, nn.Linear(8, 2, rng=rng))
        optimizer = nn.optim.Adam(model.parameters())

        def loss(p: Any, y: Any) -> Any:
            if where == "validation" and not model.training and optimizer_steps() == at:
                os.kill(os.getpid(), signal.SIGINT)
            return nn.cross_entropy(p, y)

        def optimizer_steps() -> int:
            return 0 if trainer.run is None else trainer.run.step

        folder = tmp_path / str(at)
        stops = [Stop(at), nn.EarlyStopping("loss"), nn.Checkpoint(folder, every=99)]
        trainer = nn.Trainer(model, loss, optimizer, callbacks=stops, progress=False)
        loader = nn.data.DataLoader((X, Y), 8, shuffle=True, rng=4)
        history = trainer.fit(loader, (X, Y), epochs=3, **settings)
        return history, model, loader

    expected, model, _ = run(-1)
    at = 7 if where in ("step", "raised") else 10
    history, _, _ = run(at)
    assert history.interrupted
    assert len(history) == (2 if where == "epoch" else 1)
    files = [path.name for path in (tmp_path / str(at)).iterdir()]
    assert files == [f"step-{at:09d}.safetensors"]
    monkey = tmp_path / str(at)
    (tmp_path / "-2").mkdir()
    history, other, _ = run(-2, resume=monkey)
    assert history.epochs == expected.epochs
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, other.state_dict()[name])


def test_a_killed_fit_goes_on_to_the_same_end(tmp_path: Path) -> None:
    code = """
        import os, signal, sys
        import numpy as np, autodiff as ad, nn
        ad.random.seed(3)
        rng = np.random.default_rng(0)
        x = rng.standard_normal((40, 4)).astype(np.float32)
        y = (x[:, 0] > 0).astype(int)
        model = nn.Sequential(nn.Linear(4, 8, rng=1), nn.Dropout(0.4), nn.Linear(8, 2, rng=2))
        optimizer = nn.optim.Adam(model.parameters(), lr=0.02)
        class Kill(nn.Callback):
            def on_step(self, run):
                if str(run.step) == sys.argv[2]:
                    os.kill(os.getpid(), signal.SIGKILL)
        folder = sys.argv[1]
        nn.fit(model, nn.CrossEntropyLoss(), optimizer, (x, y), epochs=3, batch_size=8,
               progress=False, compile=True, resume=folder,
               callbacks=[Kill(), nn.Checkpoint(folder, every_steps=2)])
        print(model[0].weight.numpy().tobytes().hex())
    """

    def run(folder: str, kill: str) -> tuple[int, str]:
        command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / folder), kill]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, done.stdout

    _, expected = run("whole", "-1")
    assert run("killed", "9") == (-signal.SIGKILL, "")
    assert run("killed", "-1") == (0, expected)


def test_a_trainer_saves_and_goes_on(tmp_path: Path) -> None:
    def trainer() -> nn.Trainer:
        model, optimizer = setup()
        return nn.Trainer(
            model, nn.CrossEntropyLoss(), optimizer, metrics="accuracy", progress=False
        )

    whole, first, second = trainer(), trainer(), trainer()
    expected = whole.fit(BATCHES, epochs=4)
    with pytest.raises(ValueError, match="there was no fit yet"):
        first.save(tmp_path / "a.safetensors")
    first.fit(BATCHES, epochs=2)
    first.save(tmp_path / "a.safetensors")
    history = second.resume(tmp_path / "a.safetensors", BATCHES, epochs=4)
    assert history.epochs == expected.epochs
    assert whole.evaluate((X, Y)) == second.evaluate((X, Y))
    np.testing.assert_array_equal(whole.predict(X), second.predict(X))


def test_few_steps_are_not_compiled_and_many_are() -> None:
    few, _ = fit()
    assert "compile=False" not in few.reason
    assert "few steps, 15" in few.reason
    many, _ = fit(epochs=20)
    assert many.reason == ""


def test_memory_of_metrics_does_not_grow_with_the_epoch() -> None:
    tally = Tally({"accuracy": nn.metrics.Accuracy()})
    sizes = []
    for _ in range(200):
        tally.outputs(np.zeros((100, 2)), np.zeros(100, int), 100)
        sizes.append(sum(a.nbytes for a in ad.tree.leaves(tally.state_dict()["pending"])))
    assert max(sizes[100:]) == max(sizes[:100]) < 4200 * 24
    tally.loss(1.0, {}, 1.0)
    assert tally.figures() == {"loss": 1.0, "accuracy": 1.0}
