"""The outcome of a gradient check, to be read by people and by programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autodiff.errors import GlassgradError
from autodiff.notebooks import Table, to_html
from autodiff.testing.verdicts import Reason, Verdict

__all__ = ["Entry", "Finding", "GradientCheckError", "Report"]

_SHOWN = 8
_TOLD = 20
"""So many entries stand in a table."""


class GradientCheckError(GlassgradError, AssertionError):
    """A gradient does not agree with the function it is said to belong to.

    Attributes:
        report: the whole outcome.
    """

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a gradient, or the derivative along one line.

    Attributes:
        argument: name of the input; for a complex one with ``.real`` or ``.imag``.
        index: of the entry in it; None for a derivative along a random line through it.
        output: index of the result's entry that is differentiated, followed by ``"real"``
            or ``"imag"`` if it is complex; None where there is only one, or where a random
            combination of all is differentiated.
        analytic: what the gradient says.
        numeric: what the function's values say.
        error: a bound of the error of ``numeric``.
        verdict: the judgement.
        passed: whether that is acceptable: ok, or a kink with the gradient between the
            derivatives to the left and to the right.
        left: the derivative to the left, where the verdict is a kink; else NaN.
        right: the one to the right.
        reason: more on the verdict.
    """

    argument: str
    index: tuple[int, ...] | None
    output: tuple[int | str, ...] | None
    analytic: float
    numeric: float
    error: float
    verdict: Verdict
    passed: bool
    left: float
    right: float
    reason: Reason

    @property
    def place(self) -> str:
        """Argument and index, and the output's index where there are several."""
        if self.index is None:
            where = f"{self.argument} (along a random line)"
        else:
            where = self.argument + _bracketed(self.index)
        return where if self.output is None else f"{where} → output{_bracketed(self.output)}"

    def __str__(self) -> str:
        text = (
            f"{self.place}: analytic {self.analytic:.10g}, "
            f"numeric {self.numeric:.10g} ± {self.error:.1g}"
        )
        if self.verdict is Verdict.KINK:
            inside = "lies between" if self.passed else "is not between"
            text += (
                f", a kink: the gradient {inside} the one-sided derivatives "
                f"{self.left:.6g} and {self.right:.6g}"
            )
        elif self.verdict is Verdict.JUMP:
            text += ", a jump: the function is not continuous here"
        else:
            text += f", {self.verdict.value}"
        return text + (f" ({self.reason.value})" if self.reason.value else "")


def _cells(entry: Entry) -> tuple[str, str, str, str]:
    verdict = entry.verdict.value + (f" ({entry.reason.value})" if entry.reason.value else "")
    numeric = f"{entry.numeric:.10g} ± {entry.error:.1g}"
    return entry.place, f"{entry.analytic:.10g}", numeric, verdict


def _bracketed(index: tuple[int | str, ...]) -> str:
    if index and isinstance(index[-1], str):
        return f"{_bracketed(index[:-1])}.{index[-1]}"
    return f"[{', '.join(map(str, index))}]" if index else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a gradient as a whole.

    Attributes:
        check: what was looked at, in a few words.
        detail: what was found, what was expected, how to mend it.
    """

    check: str
    detail: str

    def __str__(self) -> str:
        return f"{self.check}: {self.detail}"


@dataclass(frozen=True)
class Report:
    """Everything a gradient check found out.

    Attributes:
        function: name of the function that was checked.
        order: 1 for gradients, 2 for gradients of gradients.
        entries: what was compared, entry by entry.
        findings: structural faults, found before any number was compared.
        hints: what probably went wrong, most telling first.
        checked: the number of gradient entries covered, one by one or by random lines.
        evaluations: how often the function was evaluated.
        resolution: of entries covered by random lines only, a fault in one alone that is less
            than this part of the largest contribution is not seen; 0 if there are none.
        second: the report on gradients of gradients, where that was asked for.
    """

    function: str
    order: int = 1
    entries: tuple[Entry, ...] = ()
    findings: tuple[Finding, ...] = ()
    hints: tuple[str, ...] = ()
    checked: int = 0
    evaluations: int = 0
    resolution: float = 0.0
    second: Report | None = field(default=None)

    @property
    def passed(self) -> bool:
        """Whether every check passed; an undecided entry is none that did."""
        here = not self.findings and all(entry.passed for entry in self.entries)
        return here and (self.second is None or self.second.passed)

    def __bool__(self) -> bool:
        return self.passed

    @property
    def failures(self) -> tuple[Entry, ...]:
        """The entries that did not pass."""
        return tuple(entry for entry in self.entries if not entry.passed)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many entries got which verdict."""
        return dict(Counter(entry.verdict for entry in self.entries))

    @property
    def largest_error(self) -> float:
        """The largest difference, as a part of the largest entry for the same argument.

        Entries that cannot be told from zero, and kinks, are left out.
        """
        sizes: dict[tuple[str, bool], float] = {}
        seen = []
        for entry in self.entries:
            size = max(abs(entry.analytic), abs(entry.numeric))
            unseen = entry.verdict is Verdict.KINK or entry.reason is Reason.BELOW_ROUNDING
            if not unseen and size > entry.error:
                key = (entry.argument, entry.index is None)
                sizes[key] = max(sizes.get(key, 0.0), size)
                seen.append((key, abs(entry.analytic - entry.numeric)))
        return max((off / sizes[key] for key, off in seen), default=0.0)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        told = sorted(self.entries, key=lambda entry: entry.passed)
        rows = [_cells(entry) for entry in told[:_TOLD]]
        left = len(told) - len(rows)
        notes = [*map(str, self.findings), *(f"hint: {hint}" for hint in self.hints)]
        notes = [f"and {left} more entries", *notes] if left else notes
        head, *_ = self._lines()
        table = Table(
            head, rows, ("gradient of", "analytic", "numeric", "verdict"), "; ".join(notes)
        )
        here = to_html("gradcheck", self, table)
        return here if self.second is None else f"{here}\n{self.second._repr_html_()}"

    def _lines(self) -> Iterator[str]:
        what = "gradient" if self.order == 1 else "second-order gradient"
        state = "passed" if self.passed_here else "FAILED"
        yield f"{what} check of {self.function}: {state} ({self._summary()})"
        for finding in self.findings:
            yield f"  {finding}"
        failures = self.failures
        for entry in failures[:_SHOWN]:
            yield f"  {entry}"
        if len(failures) > _SHOWN:
            yield f"  … and {len(failures) - _SHOWN} more"
        for entry in self._remarkable():
            yield f"  {entry}"
        for hint in self.hints:
            yield f"  hint: {hint}"
        if self.second is not None:
            yield str(self.second)

    @property
    def passed_here(self) -> bool:
        """Whether this order passed, whatever the next one did."""
        return not self.findings and not self.failures

    def _summary(self) -> str:
        counts = ", ".join(f"{n} {verdict.value}" for verdict, n in sorted(self.counts.items()))
        compared = f"{len(self.entries)} derivatives compared"
        if self.entries:
            compared += f": {counts}; largest relative difference {self.largest_error:.1e}"
        hidden = sum(entry.reason is Reason.BELOW_ROUNDING for entry in self.entries)
        if hidden:
            compared += f"; {hidden} too small to be seen"
        rough = sum(entry.reason is Reason.ROUGH for entry in self.entries)
        if rough:
            compared += f"; {rough} seen to a few per cent only"
        if self.checked > len(self.entries):
            compared += f"; they cover {self.checked} entries"
        if self.resolution:
            compared += (
                f", of which a fault in one alone that is less than {self.resolution:.0e} of the "
                "largest is not seen"
            )
        return compared

    def _remarkable(self) -> list[Entry]:
        return [e for e in self.entries if e.passed and e.verdict is Verdict.KINK][:_SHOWN]


def merged(reports: Sequence[Report]) -> Report:
    """Reports on the same function, checked in several ways, as one."""
    seconds = [report.second for report in reports if report.second is not None]
    return Report(
        function=" and ".join(report.function for report in reports),
        order=reports[0].order,
        entries=tuple(entry for report in reports for entry in report.entries),
        findings=tuple(finding for report in reports for finding in report.findings),
        hints=tuple(dict.fromkeys(hint for report in reports for hint in report.hints)),
        checked=sum(report.checked for report in reports),
        evaluations=sum(report.evaluations for report in reports),
        resolution=max(report.resolution for report in reports),
        second=merged(seconds) if seconds else None,
    )
