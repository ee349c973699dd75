"""The command line: `python -m benchmarks layers [family or layer …]`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import process_time

from benchmarks import environment
from benchmarks.ratios import FEWEST_ROUNDS


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks layers",
        description="Time every layer, forward and backward, beside PyTorch's of the same name.",
    )
    parser.add_argument("names", nargs="*", help="families or layers (default: all)")
    parser.add_argument("--rounds", type=int, default=7, help="samples of each (default: 7)")
    parser.add_argument("--threads", type=int, default=1, help="of each library (default: 1)")
    parser.add_argument("--native", action="store_true", help="drop OPENBLAS_CORETYPE")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the samples there too")
    options = parser.parse_args(arguments)
    if options.rounds < FEWEST_ROUNDS or options.threads < 1:
        parser.error(f"--rounds takes a number from {FEWEST_ROUNDS} on, --threads one from 1 on")
    from benchmarks.layers.row import chosen

    try:
        options.rows = chosen(options.names)
    except ValueError as error:
        parser.error(str(error))
    return options


def _run(options: argparse.Namespace) -> None:
    from benchmarks import report
    from benchmarks.layers import table
    from benchmarks.measure import measure

    try:
        from benchmarks.layers.ways import COMPILED, EAGER, PYTORCH
    except ImportError as error:
        sys.exit(f"layers are timed beside PyTorch ({error}): pip install 'glassgrad[reference]'")
    environment.hold_to_cores(options.threads)
    conditions = environment.describe()
    conditions["rounds"] = (
        f"{options.rounds}, interleaved; processor time, medians, with 95 % intervals"
    )
    print(report.header(conditions, {}, "Layers beside PyTorch's: forward and backward"))
    done: list[table.Measured] = []
    for family, rows in options.rows.items():
        print(f"### {family}\n\n{table.HEAD}")
        for row in rows:
            results = measure(row, [PYTORCH, EAGER, COMPILED], options.rounds, process_time)
            done.append(table.Measured(row, results))
            print(table.line(done[-1]), flush=True)
        print()
    print(table.summary(done), flush=True)
    if options.json:
        data = {"conditions": conditions, "rows": table.as_data(done)}
        options.json.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")


def main(arguments: Sequence[str]) -> int:
    """Time the layers in a process whose threads are pinned, starting it if need be."""
    options = _parse(arguments)
    if environment.is_pinned():
        _run(options)
        return 0
    settings = environment.pinned(
        os.environ, options.threads, native=options.native, tuned_malloc=False
    )
    command = [sys.executable, "-m", "benchmarks", "layers", *arguments]
    return subprocess.call(command, env=settings)
