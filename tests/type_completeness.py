"""How much of what the packages export has a type that is known, and the check of it.

A symbol counts as typed if its annotations alone say what it is, so that every checker and
every editor sees the same. Run as a program, this asks the checker in the extra ``dev`` and
prints the verdict; packages may be named.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"autodiff": 100.0, "nn": 100.0, "viz": 100.0}
"""For each package the least share of typed symbols, in percent."""
SHOWN = 10
"""So many offenders are named."""


def ask(packages: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The checker's report on each package."""
    # It speaks of installed packages only. A path in PYTHONPATH counts as one, while the
    # import hooks of an editable installation are nothing it could follow.
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with tempfile.TemporaryDirectory() as empty:
        running = {
            package: subprocess.Popen(
                [
                    *(sys.executable, "-m", "basedpyright", "--outputjson"),
                    *("--verifytypes", package, "--ignoreexternal"),
                    *("--pythonpath", sys.executable),
                ],
                cwd=empty,
                env={**os.environ, "PYTHONPATH": path},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for package in packages
        }
        said = {package: process.communicate() for package, process in running.items()}
    return {package: _report(*streams) for package, streams in said.items()}


def _report(output: str, errors: str) -> dict[str, Any]:
    try:
        report: dict[str, Any] = json.loads(output)["typeCompleteness"]
    except (ValueError, KeyError):
        sys.exit(f"the checker gave no report; is the extra 'dev' installed?\n{errors or output}")
    return report


def complaints(report: dict[str, Any]) -> Iterator[str]:
    """One line for every exported symbol without a known type, naming file and line."""
    for symbol in report["symbols"]:
        if not symbol["isExported"] or symbol["isTypeKnown"]:
            continue
        # That there is no docstring is told beside, without a bearing on the type.
        told = [d for d in symbol["diagnostics"] if d["severity"] == "error"]
        for diagnostic in told[:1]:
            where = symbol["name"]
            if "range" in diagnostic:
                line = diagnostic["range"]["start"]["line"] + 1
                file = Path(diagnostic["file"])
                inside = file.is_relative_to(ROOT)
                where = f"{file.relative_to(ROOT) if inside else file}:{line}: {where}"
            yield f"{where}: {' '.join(diagnostic['message'].split())}"


def main(packages: Sequence[str]) -> bool:
    """Print the figures; whether one is below its floor."""
    below = False
    for package, report in ask(packages).items():
        counts = report["exportedSymbolCounts"]
        share = 100 * counts["withKnownType"] / sum(counts.values())
        print(
            f"{package}: {math.floor(share * 10) / 10:g} % of {sum(counts.values())} exported "
            f"symbols are typed, wanted {FLOORS[package]:g} %"
        )
        if share < FLOORS[package]:
            below = True
            lines = list(complaints(report))
            print("\n".join(f"  {line}" for line in lines[:SHOWN]))
            if len(lines) > SHOWN:
                print(f"  and {len(lines) - SHOWN} more")
    return below


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(FLOORS)))
