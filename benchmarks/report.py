"""The report: one Markdown table for each workload, or the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.measure import Result
from benchmarks.problems import TITLES
from benchmarks.targets import TARGETS, compared_with

PRODUCTS = "bare products"
BY_HAND = "NumPy by hand"


def duration(seconds: float) -> str:
    """A time in the unit that suits it.

    >>> duration(0.0000217), duration(1.108)
    ('21.7 µs', '1 108 ms')
    """
    value, unit = (seconds * 1e6, "µs") if seconds < 1e-3 else (seconds * 1e3, "ms")
    text = f"{value:.3g}" if value < 1000 else f"{value:,.0f}".replace(",", " ")
    return f"{text} {unit}"


def ratio(value: float) -> str:
    """A ratio of times; small ones as how many times faster.

    >>> ratio(0.403), ratio(0.004), ratio(12.34)
    ('0.40', '1/250', '12')
    """
    if value < 0.1:
        return f"1/{1 / value:,.0f}".replace(",", " ")
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _named(results: Sequence[Result], title: str) -> Result | None:
    return next((r for r in results if r.line.title == title and r.samples), None)


def compared(ours: Sequence[float] | None, theirs: Sequence[float] | None) -> float | None:
    """The median of the ratios within each round, which drift of the machine does not touch."""
    if not ours or not theirs:
        return None
    return median(a / b for a, b in zip(ours, theirs, strict=False))


def _samples(results: Sequence[Result], title: str) -> list[float] | None:
    found = _named(results, title)
    return found.samples if found else None


def net_of_products(result: Result, results: Sequence[Result]) -> list[float] | None:
    """A line's samples without the matrix products of the library that computes them for it."""
    owner = BY_HAND if result.line.numpy_products else result.line.peer
    products = _samples(results, f"{owner}, {PRODUCTS}")
    if not products or not result.samples or result.line.way == PRODUCTS:
        return None
    return [a - b for a, b in zip(result.samples, products, strict=False)]


def verdicts(workload: str, results: Sequence[Result], *, native: bool) -> list[dict[str, Any]]:
    """Each target of a workload with what was measured, `None` where it could not be."""
    rows = []
    for target in TARGETS.get(workload, []):
        theirs = _samples(results, target.against)
        measured = compared(_samples(results, target.line), theirs)
        bound = target.at(native)
        rows.append(
            {
                "line": target.line,
                "against": target.against,
                "bound": bound,
                "measured": measured,
                "met": None if measured is None else measured <= bound,
                "by_hand": compared(_samples(results, BY_HAND), theirs),
            }
        )
    return rows


def _verdict(row: Mapping[str, Any]) -> str:
    said = {True: "met", False: "**missed**", None: "not measured"}[row["met"]]
    if row["met"] is False and (row["by_hand"] or 0) > row["bound"]:
        said += f" (NumPy by hand: {ratio(row['by_hand'])})"
    return f"≤ {ratio(row['bound'])} of {row['against']}: {said}"


def _agreement(result: Result) -> str:
    if not result.distances:
        return "–"
    worst = max(result.distances, key=lambda name: result.distances[name])
    if not result.agrees:
        return f"**differs** ({worst} by {result.distances[worst]:.1e})"
    return f"yes ({result.distances[worst]:.0e})"


def _cell(value: float | None) -> str:
    return "–" if value is None or value <= 0 else ratio(value)


def table(workload: str, results: Sequence[Result], *, native: bool) -> str:
    """The Markdown section of one workload."""
    columns = [title for title in compared_with(workload) if _named(results, title)]
    torch = next((r for r in results if r.line.title == "PyTorch"), None)
    torch_net = net_of_products(torch, results) if torch else None
    head = ["", "median", "fastest – slowest", *(f"÷ {title}" for title in columns)]
    head += [*(["net of products ÷ PyTorch"] if torch_net else []), "same first step", "target"]
    rows = verdicts(workload, results, native=native)
    lines = [f"### {workload}: {TITLES.get(workload, '')}", "", f"| {' | '.join(head)} |"]
    lines.append(f"|---|{'---:|' * (len(head) - 3)}---|---|")
    for result in results:
        title = result.line.title
        targets = "; ".join(_verdict(row) for row in rows if row["line"] == title)
        if result.seconds is None:
            blank = ["–"] * (len(head) - 3)
            cells = [title, *blank, result.failure or "–", targets]
        else:
            spread = f"{duration(min(result.samples))} – {duration(max(result.samples))}"
            ratios = [compared(result.samples, _samples(results, c)) for c in columns]
            if torch_net:
                ratios.append(compared(net_of_products(result, results), torch_net))
            cells = [title, duration(result.seconds), spread, *map(_cell, ratios)]
            cells += [_agreement(result), targets]
        lines.append(f"| {' | '.join(cells)} |")
    titles = {result.line.title for result in results}
    missing = [row for row in rows if row["line"] not in titles]
    lines += ["", *(f"- {row['line']} {_verdict(row)}" for row in missing)] if missing else []
    return "\n".join(lines) + "\n"


def header(
    description: Mapping[str, str],
    absent: Mapping[str, str],
    title: str = "Glassgrad beside its peers",
) -> str:
    """The conditions of the run and who took no part in it."""
    lines = [f"# {title}", ""]
    lines += [f"- {key}: {value}" for key, value in description.items()]
    lines += [f"- absent: {name} ({reason})" for name, reason in absent.items()]
    return "\n".join(lines) + "\n"


def as_data(workload: str, results: Sequence[Result], *, native: bool) -> dict[str, Any]:
    """The same as plain data, times in seconds."""
    return {
        "lines": [
            {
                "line": result.line.title,
                "median": result.seconds,
                "samples": result.samples,
                "failure": result.failure,
                "agrees": result.agrees,
                "distances": result.distances,
                "net_of_products": net_of_products(result, results),
            }
            for result in results
        ],
        "targets": verdicts(workload, results, native=native),
    }
