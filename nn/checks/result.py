"""What all checks found, to be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from html import escape
from pathlib import Path

from nn.checks.finding import Finding
from nn.io.told import save_told

__all__ = ["CheckError", "CheckResult"]

_COLOURS = {"ok": "#2a7a3b", "warning": "#a86400", "wrong": "#b3261e"}


class CheckError(ValueError):
    """A check before training found something wrong."""


class CheckResult:
    """The findings of `check`; printed, a report.

    Args:
        findings: of the checks that were done.
        skipped: why the others were not, by name.
        seconds: how long it took.

    Attributes:
        findings: all of them, those that are well included.
        skipped: why other checks were not done, by their names.
        seconds: how long it took.
    """

    def __init__(
        self, findings: tuple[Finding, ...], skipped: dict[str, str], seconds: float
    ) -> None:
        self.findings: tuple[Finding, ...] = findings
        self.skipped: dict[str, str] = skipped
        self.seconds: float = seconds

    @property
    def ok(self) -> bool:
        """Whether nothing was found, not even a warning."""
        return not self.problems

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong, and then what there is a warning of."""
        found = [one for one in self.findings if one.verdict != "ok"]
        return tuple(sorted(found, key=lambda one: one.verdict != "wrong"))

    def __getitem__(self, name: str) -> Finding:
        """The finding of the check of this name.

        Raises:
            KeyError: there is none, or the check was not done.
        """
        for one in self.findings:
            if one.name == name:
                return one
        why = self.skipped.get(name)
        said = f"it was not done: {why}" if why else f"there are {', '.join(map(repr, self))}"
        raise KeyError(f"no finding {name!r}; {said}")

    def __iter__(self) -> Iterator[str]:
        return (one.name for one in self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def raise_if_wrong(self, warnings: bool = False) -> None:
        """Raise if something is wrong.

        Args:
            warnings: whether to raise for warnings, too.

        Raises:
            CheckError: with all of it in its message.
        """
        found = [one for one in self.problems if warnings or one.verdict == "wrong"]
        if found:
            raise CheckError("before training:\n" + "\n".join(map(str, found)))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the report to a file, whole or not at all.

        Args:
            path: ends in ``.txt`` for the text, in ``.html`` for a page.

        Returns:
            The path written.

        Raises:
            ValueError: the ending is neither.
            OSError: the file cannot be written.
        """
        return save_told(self, path, "Checks before training")

    def _heading(self) -> str:
        counts = dict.fromkeys(_COLOURS, 0)
        for one in self.findings:
            counts[one.verdict] += 1
        return (
            f"{len(self.findings)} checks in {self.seconds:.1f} s: {counts['wrong']} wrong, "
            f"{counts['warning']} warnings, {counts['ok']} ok, {len(self.skipped)} not done"
        )

    def __str__(self) -> str:
        well = [one for one in self.findings if one.verdict == "ok"]
        lines = [self._heading(), *map(str, self.problems), *map(str, well)]
        lines += [f"not done {name}: {why}" for name, why in self.skipped.items()]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = []
        for one in (*self.problems, *(f for f in self.findings if f.verdict == "ok")):
            advice = f"expected: {one.expected}" + (f"; to mend it: {one.mend}" if one.mend else "")
            rows.append(
                f'<tr><td style="color:{_COLOURS[one.verdict]}"><b>{one.verdict}</b></td>'
                f"<td>{escape(one.name)}</td>"
                f'<td style="text-align:left">{escape(one.measured)}<br>'
                f"<small>{escape(advice)}</small></td></tr>"
            )
        skipped = "".join(
            f"<li>{escape(name)}: {escape(why)}</li>" for name, why in self.skipped.items()
        )
        tail = f"<details><summary>not done</summary><ul>{skipped}</ul></details>"
        return (
            f"<p>{escape(self._heading())}</p><table>{''.join(rows)}</table>"
            f"{tail if skipped else ''}"
        )
