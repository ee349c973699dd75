"""How much the gradient checker sees: faults of every size planted into right gradients.

Run with ``python -m benchmarks.gradcheck_power``. For each function and point one entry of
the gradient (not zero, drawn at random) is multiplied by 1 + δ and the checker is asked.
*caught*: it says wrong. *undecided*: it refuses to pass the entry. *below rounding*: it
says that this entry cannot be seen in the function's values. *missed*: it passes.
The first line is about the gradients as they are, where anything but *passed* is a false
alarm.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.testing import Reason, Report, Verdict, check_vjp
from benchmarks.gradcheck_functions import OPTIMISATION, OTHERS, Subject

__all__ = ["DELTAS", "judge", "main", "planted", "table"]

DELTAS = (1e-1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12)
OUTCOMES = ("caught", "undecided", "below rounding", "missed")

Change = Callable[[Any], Any]


def _value(subject: Subject, x: Any) -> Any:
    with ad.no_grad():
        return subject.function(ad.Tensor(x)).numpy()


def gradient(subject: Subject, cotangent: Any, x: Any) -> Any:
    """The vector-Jacobian product that the library computes."""
    leaf = ad.Tensor(x, requires_grad=True)
    subject.function(leaf).backward(cotangent)
    return leaf.grad


def planted(subject: Subject, point: Any, change: Change | None = None) -> Report:
    """Check a gradient after something was done to it.

    Args:
        subject: the function.
        point: where.
        change: what is done; nothing by default.
    """

    def vjp(cotangent: Any, x: Any) -> Any:
        found = gradient(subject, cotangent, x)
        return found if change is None else change(found)

    return check_vjp(lambda x: _value(subject, x), vjp, point, names=["x"])


def judge(report: Report, position: int, shape: tuple[int, ...]) -> str:
    """What the checker says of one entry: one of `OUTCOMES`."""
    index = tuple(int(i) for i in np.unravel_index(position, shape))
    entries = [entry for entry in report.entries if entry.index == index]
    if report.findings or any(entry.verdict is Verdict.WRONG for entry in entries):
        return "caught"
    if not all(entry.passed for entry in entries):
        return "undecided"
    if all(entry.reason is Reason.BELOW_ROUNDING or not entry.analytic for entry in entries):
        return "below rounding"
    return "missed"


def _scaled(position: int, delta: float) -> Change:
    def change(found: Any) -> Any:
        changed = np.array(found)
        changed.flat[position] *= 1 + delta
        return changed

    return change


def _cases(subjects: Sequence[Subject], points: int) -> list[tuple[Subject, Any, int]]:
    cases = []
    for subject in subjects:
        for seed in range(points):
            rng = np.random.default_rng([seed, 1])
            point = subject.point(rng)
            ones = np.ones(np.shape(_value(subject, point)))
            weights = ones * rng.uniform(0.5, 1.5, ones.shape)
            places = np.flatnonzero(gradient(subject, weights, point))
            if len(places):
                cases.append((subject, point, int(rng.choice(places))))
    return cases


def _correct(report: Report) -> str:
    if report.passed:
        return "passed"
    wrong = report.findings or Verdict.WRONG in report.counts
    return "called wrong" if wrong else "undecided"


def table(subjects: Sequence[Subject], points: int, show: bool) -> list[str]:
    """What is seen in the gradients of some functions, as lines of text.

    Args:
        subjects: the functions.
        points: for each, so many points.
        show: name the functions behind what was not caught.
    """
    cases = _cases(subjects, points)
    begin = time.perf_counter()
    alarms = Counter(_correct(planted(subject, point)) for subject, point, _ in cases)
    each = (time.perf_counter() - begin) / len(cases)
    shares = ", ".join(f"{n} {what}" for what, n in alarms.most_common())
    lines = [
        f"{len(cases)} right gradients: {shares}; {1e3 * each:.1f} ms each",
        f"{'per cent':>10} " + "".join(f"{name:>16}" for name in OUTCOMES),
    ]
    for delta in DELTAS:
        found: Counter[str] = Counter()
        behind: Counter[str] = Counter()
        for subject, point, position in cases:
            report = planted(subject, point, _scaled(position, delta))
            what = judge(report, position, subject.shape)
            found[what] += 1
            if what != "caught":
                behind[f"{subject.name} ({what})"] += 1
        cells = "".join(f"{100 * found[name] / len(cases):>16.1f}" for name in OUTCOMES)
        lines.append(f"{f'δ = {delta:.0e}':>10} {cells}")
        if show and behind:
            lines.append("    " + ", ".join(f"{name} ×{n}" for name, n in behind.most_common()))
    return lines


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=15, help="points for each function (15)")
    parser.add_argument("--show", action="store_true", help="name what was not caught")
    options = parser.parse_args()
    for title, subjects in (
        ("test functions of optimisation", OPTIMISATION),
        ("elementary, structured, badly scaled and noisy functions", OTHERS),
    ):
        print(f"{len(subjects)} {title}")
        print("\n".join(table(subjects, options.points, options.show)), end="\n\n")


if __name__ == "__main__":
    main()
