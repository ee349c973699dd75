"""A parser of options whose complaints are one line that says how to mend them."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

__all__ = ["Parser", "one_line", "suggestion"]


class Parser(argparse.ArgumentParser):
    """An `argparse.ArgumentParser` that complains in one line on stderr, with exit status 2."""

    def __init__(self, **settings: Any) -> None:
        def wide(prog: str) -> argparse.HelpFormatter:
            return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30, width=96)

        super().__init__(allow_abbrev=False, formatter_class=wide, **settings)

    def error(self, message: str) -> NoReturn:
        """Print the complaint and exit."""
        print(f"{self.prog}: {one_line(message.removeprefix('argument '))}", file=sys.stderr)
        sys.exit(2)

    def refuse(self, unknown: str) -> NoReturn:
        """Complain of a word that no option takes."""
        name = unknown.partition("=")[0]
        if not name.startswith("-"):
            self.error(f"{name!r} was not expected here; see {self.prog} --help")
        known = [option for action in self._actions for option in action.option_strings]
        hint = suggestion(name, known) or f"; see {self.prog} --help"
        self.error(f"there is no option {name}{hint}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            choices = [str(choice) for choice in action.choices]
            what = action.metavar if isinstance(action.metavar, str) else action.dest
            hint = suggestion(str(value), choices) or f"; choose one of {', '.join(choices)}"
            raise argparse.ArgumentError(None, f"there is no {what.lower()} {value!r}{hint}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` where a known name is near, else nothing.

    >>> suggestion("lose", ["loss", "model"])
    "; did you mean 'loss'?"
    """
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def one_line(text: str) -> str:
    r"""A text without line breaks and control characters.

    >>> one_line("a\n  b\x1b[0m")
    'a b [0m'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
