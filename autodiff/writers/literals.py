"""How numbers and names are written in formulas."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from autodiff.ops.primitive import ATOM, MULTIPLICATIVE, POWER
from autodiff.symbolic.expression import Number

__all__ = ["Written", "latex_name", "latex_number", "superscript", "text_number"]

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_INDEXED = re.compile(r"([^\W\d_₀-₉]+)(?:_?(\d+|[₀-₉]+))?")
_LATEX_SPECIAL = {
    "\\": r"\backslash{}",
    "^": r"\hat{}",
    "~": r"\tilde{}",
    **{c: rf"\{c}" for c in "{}$&#%_"},
}
_SIGNIFICANT = 4


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of a formula and the precedence of its outermost operation."""

    text: str
    level: int


def superscript(exponent: int) -> str:
    """A whole number in superscript digits."""
    return str(exponent).translate(_SUPERSCRIPTS)


def text_number(x: Number) -> Written:
    """A number to four significant digits, with a real minus sign."""
    mantissa, exponent = _parts(x)
    if exponent is None:
        return Written(mantissa.replace("-", "−").replace("inf", "∞"), ATOM)
    return _scientific(mantissa.replace("-", "−"), " · ", f"10{superscript(exponent)}")


def latex_number(x: Number) -> Written:
    """A number to four significant digits as LaTeX."""
    mantissa, exponent = _parts(x)
    if exponent is None:
        plain = mantissa.replace("inf", r"\infty")
        return Written(rf"\text{{{plain}}}" if plain.isalpha() else plain, ATOM)
    return _scientific(mantissa, r" \cdot ", f"10^{{{exponent}}}")


def _parts(x: Number) -> tuple[str, int | None]:
    """Mantissa and, where the number needs one, exponent of ten."""
    if isinstance(x, bool):
        return ("true" if x else "false"), None
    # Whole numbers that a reader recognises are not rounded: 65536 stays itself.
    if abs(x) < 10**6 and x == math.trunc(x):
        return str(int(x)), None
    mantissa, _, exponent = f"{x:.{_SIGNIFICANT}g}".partition("e")
    return mantissa, int(exponent) if exponent else None


def _scientific(mantissa: str, dot: str, power: str) -> Written:
    if mantissa == "1":
        return Written(power, POWER)
    return Written(f"{mantissa}{dot}{power}", MULTIPLICATIVE)


def latex_name(name: str) -> str:
    r"""A symbol's name as LaTeX: ``w1`` as ``w_{1}``, ``α`` as ``\alpha``, words upright.

    >>> latex_name("W₁ᵀ")
    'W_{1}^{\\top}'
    """
    if name.endswith("ᵀ") and len(name) > 1:
        return rf"{latex_name(name[:-1])}^{{\top}}"
    match = _INDEXED.fullmatch(name)
    if match is None:
        return rf"\mathrm{{{_escaped(name)}}}"
    letters = _greek(match[1]) if len(match[1]) == 1 else rf"\mathrm{{{_escaped(match[1])}}}"
    index = (match[2] or "").translate(_SUBSCRIPTS)
    return f"{letters}_{{{index}}}" if index else letters


def _escaped(name: str) -> str:
    return "".join(_LATEX_SPECIAL.get(c, c) for c in name if c.isprintable())


def _greek(letter: str) -> str:
    full = unicodedata.name(letter, "")
    if full.startswith("GREEK SMALL LETTER ") and full.count(" ") == 3:
        word = full.split()[-1].lower()
        return {"lamda": r"\lambda", "omicron": "o"}.get(word, rf"\{word}")
    return letter
