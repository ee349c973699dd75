"""The job from the first line to the last."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from nn.inspect import GradientCheck, check_gradients, without_chance
from nn.jobs.console import Say, speaker
from nn.jobs.digits.data import CLASSES
from nn.jobs.digits.options import chosen
from nn.jobs.digits.pictures import neuron_picture, step_picture
from nn.jobs.digits.results import FILES, Results, weights
from nn.jobs.digits.training import Bench, train
from nn.jobs.folder import check_folder, fill_folder
from nn.jobs.threads import single_thread
from nn.report.filling import short
from nn.report.text import percent

__all__ = ["run"]

CHECKED = 8
"""Samples in the gradient check; few, because the loss is computed a few thousand times."""
STEP = 32
"""Samples in the training step that is drawn."""


def run(namespace: argparse.Namespace) -> int:
    """Do what the command line asks for.

    Returns:
        The exit status: 0, or 1 if the gradients are wrong.

    Raises:
        ImportError: scikit-learn is not installed.
        OSError: the files cannot be written.
        FloatingPointError: the training diverged.
        KeyboardInterrupt: Ctrl-C was pressed; its text says what was kept.
    """
    out: Path = namespace.out
    check_folder(out, FILES)
    say = speaker(namespace.quiet)
    bench = Bench.build(chosen(namespace))
    _introduce(bench, say)
    with single_thread():
        if namespace.dry_run:
            check = _rehearse(bench, out, say)
        else:
            check = _perform(bench, out, say, show=not namespace.quiet)
    return 1 if check.verdict == "wrong" else 0


def _introduce(bench: Bench, say: Say) -> None:
    data, options = bench.data, bench.options
    say(
        f"Handwritten digits: {len(data.y_train)} images to learn from, "
        f"{len(data.y_test)} set aside as a test."
    )
    widths = " → ".join(map(str, [data.x_train.shape[1], *options.hidden, len(CLASSES)]))
    count = sum(p.size for p in bench.network.parameters())
    say(f"Network: {widths} units, {options.activation}, {count:,} parameters.")


def _perform(bench: Bench, out: Path, say: Say, *, show: bool) -> GradientCheck:
    """The real thing: train, check, draw, write, and say what came of it."""
    # An overflow is no news beside the error that says what to do about it.
    with np.errstate(over="ignore", invalid="ignore"):
        train(bench, show=show)
    if bench.history.interrupted:
        say("Interrupted: writing what there is; Ctrl-C again ends at once.")
    # What took longest is safe first.
    fill_folder(out, {FILES[0]: weights(bench)})
    try:
        results = _looked_at(bench, say)
        fill_folder(out, results.files())
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"interrupted; the weights are in {out / FILES[0]}, the other files were not written"
        ) from None
    _summarise(results, out, say)
    if bench.history.interrupted:
        raise KeyboardInterrupt(
            f"interrupted after {results.epochs} epochs; the results so far are in {out}"
        )
    return results.check


def _looked_at(bench: Bench, say: Say) -> Results:
    """The trained network with the check and the drawings of it."""
    check = _checked(bench, say)
    return Results(
        bench,
        check,
        step_picture(bench.network, bench.loss, *bench.batch(STEP)),
        neuron_picture(bench.network, bench.data.x_test[0], int(bench.data.y_test[0])),
    )


def _summarise(results: Results, out: Path, say: Say) -> None:
    tested, options = len(results.bench.data.y_test), results.bench.options
    right = round(results.accuracy * tested)
    say(
        f"Test accuracy: {percent(results.accuracy)} "
        f"({right} of {tested} images it had never seen)."
    )
    if not results.learnt:
        say(
            "The network has learnt nothing: always giving the most frequent digit is right for "
            f"{percent(results.guessing)}. Try another --lr (it was {options.lr:g}), --optimizer "
            "or --init, or more --epochs."
        )
    say(f"Results are in {out}: {', '.join(FILES)}.")
    say(f"Open {out / 'report.html'} in a browser to look at everything.")


def _rehearse(bench: Bench, out: Path, say: Say) -> GradientCheck:
    """One step and the gradient check; says what a real run would write."""
    x, y = next(iter(bench.loader))

    def loss() -> float:
        return float(bench.loss(without_chance(bench.network)(x), y).item())

    before = loss()
    bench.network.train()
    bench.loss(bench.network(x), y).backward()
    bench.optimizer.step()
    say(f"One step on {len(y)} images: loss {before:.4g} → {loss():.4g}.")
    check = _checked(bench, say)
    say(f"Dry run: nothing was written. A real run would write to {out}: {', '.join(FILES)}.")
    return check


def _checked(bench: Bench, say: Say) -> GradientCheck:
    check = check_gradients(bench.network, bench.loss, *bench.batch(CHECKED))
    say(f"Gradient check: {check.verdict} ({short(check)}).")
    return check
