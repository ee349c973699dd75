"""A parser of options whose complaints are one line that says how to mend them."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from nn.report.text import plain

__all__ = ["Parser", "number", "one_of", "suggestion", "whole_number"]


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the paragraphs of descriptions and leaves room beside long options."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=96)


class Parser(argparse.ArgumentParser):
    """An `argparse.ArgumentParser` for people who have not read its manual.

    A wrong option ends in one line on stderr and exit status 2; where a name was
    misspelt, the line says which one was probably meant.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=_Formatter, **settings)

    def error(self, message: str) -> NoReturn:
        """Print the complaint and exit."""
        text = message.removeprefix("argument ")
        # The shell splits lines where the user quoted a line break; ours is one line.
        print(f"{self.prog}: {' '.join(plain(text).split())}", file=sys.stderr)
        sys.exit(2)

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """Complain of arguments that no option takes."""
        name = unknown[0].split("=", 1)[0]
        if name.startswith("--"):
            known = [option for action in self._actions for option in action.option_strings]
            hint = suggestion(name, known) or f"; see {self.prog} --help"
            self.error(f"there is no option {name}{hint}")
        self.error(f"{name!r} was not expected here; see {self.prog} --help")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            choices = [str(choice) for choice in action.choices]
            what = action.metavar if isinstance(action.metavar, str) else action.dest
            hint = suggestion(str(value), choices) or f"; choose one of {', '.join(choices)}"
            raise argparse.ArgumentError(None, f"there is no {what.lower()} {value!r}{hint}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` where a known name is near, else nothing.

    >>> suggestion("rely", ["relu", "tanh"])
    "; did you mean 'relu'?"
    """
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def number(
    low: float, high: float = float("inf"), *, open_low: bool = False, open_high: bool = True
) -> Callable[[str], float]:
    """A reader of numbers in a range.

    Args:
        low: the least number.
        high: the greatest.
        open_low: whether the least itself is refused.
        open_high: whether the greatest itself is.

    Returns:
        A function for ``type=`` of an option.
    """
    wanted = f"a number {'above' if open_low else 'from'} {low:g}"
    if high != float("inf"):
        wanted += f" to {'below ' if open_high else ''}{high:g}"
    elif not open_low:
        wanted += " up"

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected {wanted}, not {text!r}") from None
        below = value > low if open_low else value >= low
        above = value < high if open_high else value <= high
        if not (below and above):
            raise argparse.ArgumentTypeError(f"expected {wanted}, not {text}")
        return value

    return read


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers in a range, both ends included."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(
                f"expected a whole number from {low} to {high}, not {text!r}"
            )
        return value

    return read


def one_of(names: Iterable[str]) -> Callable[[str], str]:
    """A reader of names, which may be written in capitals and with hyphens."""
    known = list(names)

    def read(text: str) -> str:
        name = text.lower().replace("-", "_")
        if name not in known:
            hint = suggestion(name, known)
            raise argparse.ArgumentTypeError(
                f"{text!r} is not known{hint or '; choose one of ' + ', '.join(known)}"
            )
        return name

    return read
