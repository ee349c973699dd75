"""The command line: `python -m benchmarks fit [--rounds N]`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from statistics import median

from benchmarks import environment
from benchmarks.ratios import FEWEST_ROUNDS, interval

__all__ = ["main"]

# Epochs of one round, whose ratios are no more apart than neighbours are.
_EPOCHS = 12


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks fit",
        description="Time epochs of nn.fit beside those of a compiled loop written by hand.",
    )
    parser.add_argument("--rounds", type=int, default=7, help="of epochs in turns (default: 7)")
    parser.add_argument("--native", action="store_true", help="drop OPENBLAS_CORETYPE")
    options = parser.parse_args(arguments)
    if options.rounds < FEWEST_ROUNDS:
        parser.error(f"--rounds takes a number from {FEWEST_ROUNDS} on")
    return options


def _run(options: argparse.Namespace) -> None:
    from benchmarks import report
    from benchmarks.fitting.rows import ROWS
    from benchmarks.fitting.turns import turns

    environment.hold_to_cores(1)
    conditions = environment.describe()
    conditions["rounds"] = (
        f"{options.rounds} of {_EPOCHS} epochs in turns; processor time of a step, medians"
    )
    print(report.header(conditions, {}, "nn.fit beside a compiled loop written by hand"))
    print("| | loop | nn.fit | ÷ loop | bound | losses |\n|---|---:|---:|---|---:|---|")
    for row in ROWS:
        times = turns(row, options.rounds * _EPOCHS)
        ratios = [fit / hand for fit, hand in zip(times.fit, times.hand, strict=True)]
        rounds = [ratios[i : i + _EPOCHS] for i in range(0, len(ratios), _EPOCHS)]
        found = interval(rounds)
        cells = [report.duration(median(a)) for a in (times.hand, times.fit)]
        spread = f"{found.ratio:.2f} ({found.low:.2f} – {found.high:.2f})"
        same = "same" if times.losses[0] == times.losses[1] else f"**{times.losses}**"
        print(
            f"| {row.title} | {' | '.join(cells)} | {spread} | {row.bound} | {same} |", flush=True
        )


def main(arguments: Sequence[str]) -> int:
    """Time fits in a process whose threads are pinned, starting it if need be."""
    options = _parse(arguments)
    if environment.is_pinned():
        _run(options)
        return 0
    settings = environment.pinned(os.environ, 1, native=options.native, tuned_malloc=False)
    return subprocess.call([sys.executable, "-m", "benchmarks", "fit", *arguments], env=settings)
