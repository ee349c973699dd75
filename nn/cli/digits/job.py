"""The job from the first line to the last."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from nn.cli.console import Say, speaker
from nn.cli.digits.check import Check, check_gradients
from nn.cli.digits.data import CLASSES
from nn.cli.digits.network import without_chance
from nn.cli.digits.options import chosen
from nn.cli.digits.pictures import neuron_picture, step_picture
from nn.cli.digits.results import FILES, Results
from nn.cli.digits.training import Bench, train
from nn.cli.folder import check_folder, fill_folder
from nn.cli.threads import single_thread
from nn.report.text import percent

__all__ = ["run"]

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
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    out: Path = namespace.out
    check_folder(out)
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


def _perform(bench: Bench, out: Path, say: Say, *, show: bool) -> Check:
    """The real thing: train, check, draw, write, and say what came of it."""
    # An overflow is no news beside the error that says what to do about it.
    with np.errstate(over="ignore", invalid="ignore"):
        train(bench, show=show)
    check = _checked(bench, say)
    data = bench.data
    results = Results(
        bench,
        check,
        step_picture(bench.network, bench.loss, *bench.batch(STEP)),
        neuron_picture(bench.network, data.x_test[0], int(data.y_test[0])),
    )
    fill_folder(out, results.files())
    right = round(results.accuracy * len(data.y_test))
    say(
        f"Test accuracy: {percent(results.accuracy)} "
        f"({right} of {len(data.y_test)} images it had never seen)."
    )
    say(f"Results are in {out}: {', '.join(FILES)}.")
    say(f"Open {out / 'report.html'} in a browser to look at everything.")
    return check


def _rehearse(bench: Bench, out: Path, say: Say) -> Check:
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


def _checked(bench: Bench, say: Say) -> Check:
    check = check_gradients(bench)
    say(f"Gradient check: {check.verdict} ({check.short}).")
    return check
