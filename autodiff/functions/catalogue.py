"""Families of functions that are imported when one of them is first asked for.

What every program uses is imported with the package; the rest is named here, so that it
costs nothing until then. A test holds each entry against the module's own ``__all__``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["FAMILIES", "HOMES", "find"]

FAMILIES: dict[str, tuple[str, ...]] = {
    "complex_numbers": (
        "angle",
        "conj",
        "conjugate",
        "imag",
        "iscomplex",
        "isreal",
        "make_complex",
        "modulus",
        "polar",
        "real",
        "view_as_complex",
        "view_as_real",
    ),
}
"""Public names by the module in `autodiff.functions` that defines them."""

HOMES: dict[str, str] = {name: home for home, names in FAMILIES.items() for name in names}
"""The module of each name."""


def find(name: str) -> Any:
    """A function of one of the families.

    Raises:
        KeyError: no family has that name.
    """
    return getattr(import_module(f"autodiff.functions.{HOMES[name]}"), name)
