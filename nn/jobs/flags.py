"""The options of a run as flags of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from nn.init import SCHEMES
from nn.jobs.materials.manner import MARKS, Manner, decimal, delimiter, encoding
from nn.jobs.options import ACTIVATIONS, LOSSES, MODELS, OPTIMIZERS, Options, spelt
from nn.jobs.parser import number, one_of, whole_number

__all__ = ["add_manner", "add_options", "add_results", "chosen", "manner_of"]


def _rate(text: str) -> float | str:
    return "auto" if text.lower() == "auto" else number(0, open_low=True)(text)


_READERS: dict[str, Callable[[str], Any]] = {
    "model": one_of(MODELS),
    "hidden": whole_number(1, 4096),
    "channels": whole_number(1, 1024),
    "activation": one_of(ACTIVATIONS),
    "init": one_of(SCHEMES),
    "dropout": number(0, 1),
    "loss": one_of(LOSSES),
    "label_smoothing": number(0, 1),
    "optimizer": one_of(OPTIMIZERS),
    "lr": _rate,
    "weight_decay": number(0),
    "epochs": whole_number(1, 100_000),
    "batch_size": whole_number(2, 100_000),
    "test_share": number(0, 0.9, open_low=True),
    "seed": whole_number(0, 2**32 - 1),
}
_METAVARS = {
    "model": "NAME",
    "activation": "NAME",
    "init": "NAME",
    "loss": "NAME",
    "optimizer": "NAME",
    "dropout": "SHARE",
    "label_smoothing": "SHARE",
    "test_share": "SHARE",
    "lr": "RATE",
    "weight_decay": "RATE",
}
_LISTS: dict[str, Iterable[str]] = {
    "model": MODELS,
    "activation": ACTIVATIONS,
    "init": SCHEMES,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
}
_GROUPS = {
    "the network": ("model", "hidden", "channels", "activation", "init", "batch_norm", "dropout"),
    "the training": (
        "loss", "label_smoothing", "optimizer", "lr", "weight_decay", "epochs", "batch_size",
        "test_share", "seed",
    ),
}  # fmt: skip


def add_options(
    parser: argparse.ArgumentParser, standard: Options, by_data: Collection[str] = ()
) -> None:
    """Add the options of a run to a parser; those that are not given stay None.

    Args:
        parser: the parser.
        standard: what holds without them, for the help.
        by_data: options of which the data decide what holds.
    """
    known = {entry.name: entry for entry in fields(Options)}
    for title, names in _GROUPS.items():
        group = parser.add_argument_group(title)
        for name in names:
            usual = None if name in by_data else getattr(standard, name)
            _add(group, name, known[name].metadata, usual)


def _add(group: Any, name: str, meta: Mapping[str, str], standard: Any) -> None:
    note = f"; one of {', '.join(_LISTS[name])}" if name in _LISTS else ""
    note += "; for sgd 0.1" if name == "lr" and standard != "auto" else ""
    settings: dict[str, Any] = {"default": None}
    if name == "batch_norm":
        settings["action"] = argparse.BooleanOptionalAction
    else:
        settings |= {"metavar": _METAVARS.get(name, "N"), "type": _READERS[name]}
    if name in ("hidden", "channels"):
        settings["nargs"] = "+"
    usual = "by the data" if standard is None else spelt(standard)
    text = f"{meta['meaning']}{note} (default: {usual})"
    group.add_argument(meta["flag"], help=text.replace("%", "%%"), **settings)


def add_results(parser: argparse.ArgumentParser, folder: str) -> None:
    """Add what is about the files of a run, and about going on with it."""
    results = parser.add_argument_group("the results")
    results.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        default=Path(folder) if folder else None,
        help="where the files go; made if it does not exist "
        f"(default: {folder or 'runs/ and the name of the data'})",
    )
    again = results.add_mutually_exclusive_group()
    again.add_argument(
        "--resume",
        action="store_true",
        help="go on with the run in --out that was interrupted, bit by bit as if it had not been",
    )
    again.add_argument(
        "--restart",
        action="store_true",
        help="begin anew, though the run in --out that was interrupted is lost",
    )
    results.add_argument(
        "--dry-run",
        action="store_true",
        help="take one step, check the gradients, and say what would be written; write nothing",
    )
    results.add_argument("--quiet", action="store_true", help="print nothing but errors")


def _said(reader: Callable[[str], str]) -> Callable[[str], str]:
    """A reader whose complaint is that of an option."""

    def read(text: str) -> str:
        try:
            return reader(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def add_manner(parser: argparse.ArgumentParser, *, columns: bool) -> None:
    """Add what says how delimited text is written.

    Args:
        parser: the parser.
        columns: whether columns may be said to be text.
    """
    group = parser.add_argument_group(
        "delimited text", "What is not given is found out, or asked for where it may be either."
    )
    group.add_argument(
        "--delimiter",
        metavar="MARK",
        type=_said(delimiter),
        help=f"what divides fields: one character, or one of {', '.join(MARKS)}",
    )
    group.add_argument(
        "--decimal",
        metavar="MARK",
        type=_said(decimal),
        help="the decimal point, . or , (default: .)",
    )
    group.add_argument(
        "--encoding", metavar="NAME", type=_said(encoding), help="such as latin-1 (default: utf-8)"
    )
    group.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        help="whether the first line names the columns",
    )
    group.add_argument(
        "--missing-values",
        metavar="TEXT",
        nargs="+",
        default=[],
        help="what stands for a missing value, beside an empty cell (default: NA, N/A, NaN, nan, "
        "NULL, null, ?)",
    )
    if columns:
        group.add_argument(
            "--text",
            metavar="COLUMN",
            nargs="+",
            default=[],
            help="columns that are text, though they look like numbers, such as codes",
        )


def manner_of(namespace: argparse.Namespace) -> Manner:
    """How delimited text is written, as was said on the command line."""
    given = namespace
    return Manner(
        given.delimiter, given.decimal, given.encoding, given.header, tuple(given.missing_values),
        tuple(getattr(given, "text", ())),
    )  # fmt: skip


def chosen(namespace: argparse.Namespace) -> dict[str, Any]:
    """The options of a run that were given on the command line; the others are None."""
    return {entry.name: getattr(namespace, entry.name, None) for entry in fields(Options)}
