"""The command line: `python -m benchmarks [workload …]`, `… layers …`, `… fit`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import environment
from benchmarks.fitting import command as fitting
from benchmarks.layers import command as layers


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    from benchmarks.against import ALLOWED, HOT, OURS, ROUNDS
    from benchmarks.peer import ORDER
    from benchmarks.problems import TITLES
    from benchmarks.ratios import FEWEST_ROUNDS

    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Time Glassgrad beside its peers: the same work, interleaved, as ratios.",
        epilog="workloads:\n"
        + "\n".join(f"  {k:13} {v}" for k, v in TITLES.items())
        + "\n\nlayers of nn: python -m benchmarks layers --help\n"
        "nn.fit: python -m benchmarks fit --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("workload", nargs="*", help="which ones to run (default: all)")
    parser.add_argument(
        "--rounds", type=int, help=f"samples of each line (default: 5; --against: {ROUNDS})"
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="CHECKOUT",
        help="time this checkout beside another one instead of beside the peers; exit status 1 "
        f"if a ratio's interval lies wholly above {ALLOWED} (default workloads: {', '.join(HOT)})",
    )
    parser.add_argument("--peers", nargs="+", choices=ORDER, metavar="PEER", help=", ".join(ORDER))
    parser.add_argument("--threads", type=int, default=1, help="of each library (default: 1)")
    parser.add_argument("--native", action="store_true", help="drop OPENBLAS_CORETYPE")
    parser.add_argument(
        "--tuned-malloc", action="store_true", help="let glibc keep big freed blocks"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.workload if name not in TITLES]:
        parser.error(f"no workload is named {unknown[0]!r}; there are {', '.join(TITLES)}")
    fewest, mine = (FEWEST_ROUNDS, OURS) if options.against else (1, ORDER)
    options.peers = options.peers or mine
    if options.rounds is None:
        options.rounds = ROUNDS if options.against else 5
    if options.rounds < 1 or options.threads < 1:
        parser.error("--rounds and --threads take a number from 1 on")
    if options.rounds < fewest:
        parser.error(f"with --against, --rounds takes a number from {fewest} on")
    if options.against:
        if strangers := sorted({*options.peers} - {*OURS}):
            parser.error(f"--against compares {' and '.join(OURS)}, not {', '.join(strangers)}")
        for package in ("autodiff", "nn"):
            if not (options.against / package / "__init__.py").is_file():
                parser.error(f"{options.against} is no checkout of this: it has no {package}/")
        options.against = options.against.resolve()
    return options


def _run(options: argparse.Namespace) -> None:
    from benchmarks import report
    from benchmarks.measure import measure
    from benchmarks.peer import load
    from benchmarks.problems import WORKLOADS

    environment.hold_to_cores(options.threads)
    peers, absent = load(options.peers)
    description = environment.describe()
    description["peers"] = ", ".join(f"{p.name} {p.version}" for p in peers)
    description["rounds"] = f"{options.rounds}, interleaved; medians"
    print(report.header(description, absent), flush=True)
    native = "OPENBLAS_CORETYPE" not in os.environ
    tables: dict[str, Any] = {}
    for name in options.workload or WORKLOADS:
        problem = WORKLOADS[name]
        lines = [line for peer in peers for line in peer.lines_for(problem)]
        results = measure(problem, lines, options.rounds)
        print(report.table(name, results, native=native), flush=True)
        tables[name] = report.as_data(name, results, native=native)
    if options.json:
        data = {"conditions": description, "absent": absent, "workloads": tables}
        options.json.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _compare(options: argparse.Namespace) -> int:
    from benchmarks import against, report
    from benchmarks.worker import HERE

    rows = list(against.comparisons(options.workload or against.HOT, options.peers))
    conditions = {
        **environment.describe(),
        "here": str(HERE),
        "there": str(options.against),
        "rounds": f"{options.rounds}, each with fresh processes that take turns; medians",
    }
    print(report.header(conditions, {}, "This checkout beside another"), flush=True)

    def progress(done: int) -> None:
        print(f"\rround {done} of {options.rounds}", end="", file=sys.stderr, flush=True)

    against.measure(rows, options.against, options.rounds, after=progress)
    print(file=sys.stderr)
    print(against.table(rows), flush=True)
    if options.json:
        data = {"conditions": conditions, "comparisons": against.as_data(rows)}
        options.json.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return int(any(row.slower or row.failure for row in rows))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks in a process whose threads are pinned, starting it if need be."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for name, room in (("layers", layers), ("fit", fitting)):
        if given[:1] == [name]:
            return room.main(given[1:])
    options = _parse(given)
    if environment.is_pinned():
        if options.against:
            return _compare(options)
        _run(options)
        return 0
    pinned = environment.pinned(
        os.environ, options.threads, native=options.native, tuned_malloc=options.tuned_malloc
    )
    return subprocess.call([sys.executable, "-m", "benchmarks", *given], env=pinned)


if __name__ == "__main__":
    sys.exit(main())
