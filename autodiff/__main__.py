"""``python -m autodiff``: what the library says of its operations."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from autodiff.diagnosis.table_entry import entry_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; without one, say what there is.

    Args:
        arguments: of the command line.

    Returns:
        The exit status: 0, or 2 for a name that is unknown.
    """
    parser = ArgumentParser(
        prog="python -m autodiff", description="What the library says of its operations."
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    show = commands.add_parser(
        "show",
        help="the table's entry of an operation: formula, derivative, kinks, files",
        description="Print an operation's formula, derivatives and kinks, read from the table of "
        "operations, and where its rule, function, tests and pages are.",
    )
    show.add_argument("name", nargs="+", help="such as tanh, matmul or linalg.det")
    given = parser.parse_args(arguments)
    if given.command is None:
        parser.print_help()
        return 0
    for position, name in enumerate(given.name):
        try:
            text = entry_text(name)
        except KeyError as error:
            print(f"python -m autodiff show: {error.args[0]}", file=sys.stderr)
            return 2
        print("\n" * bool(position) + text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
