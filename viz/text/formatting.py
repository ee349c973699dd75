"""How names and numbers are written in a picture."""

from __future__ import annotations

import math
import re
import unicodedata

import numpy as np

from autodiff.sweeps.released import MISSING

__all__ = [
    "MISSING",
    "clean",
    "factor",
    "number",
    "percent",
    "pretty",
    "subscript",
    "superscript",
    "transposed_name",
]


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_INDEXED = re.compile(r"([^\W\d_]{1,2})_?(\d{1,4})")
_JOINERS = "\u200c\u200d"


def clean(text: str, limit: int = 400) -> str:
    r"""Make any string safe to show: one line, no control and no direction characters.

    What XML forbids, surrogates, non-characters and characters that reorder or hide
    text are dropped; runs of white space become one space; what is longer than
    ``limit`` characters ends in an ellipsis.

    >>> clean("a\x00b\u202e \n c")
    'ab c'
    """
    text = str(text)
    # What `str.isprintable` accepts holds nothing to be dropped, and nearly all text is such.
    if len(text) <= limit and text.isprintable() and "  " not in text and text == text.strip():
        return text
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or _shown(c))
    kept = " ".join(kept.split())
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def _shown(char: str) -> bool:
    code = ord(char)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    # Format characters reorder or hide text; the joiners only shape letters and emoji.
    return char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs")


def pretty(name: str) -> str:
    """A short name with an index is written with a subscript; any other is left alone.

    >>> pretty("x1"), pretty("W_12"), pretty("conv1"), pretty("o")
    ('x₁', 'W₁₂', 'conv1', 'o')
    """
    name = clean(name)
    match = _INDEXED.fullmatch(name)
    return match[1] + subscript(int(match[2])) if match else name


def subscript(index: int) -> str:
    """A non-negative integer in subscript digits."""
    return str(index).translate(_SUBSCRIPTS)


def superscript(number: int) -> str:
    """A whole number in superscript digits."""
    return str(number).translate(_SUPERSCRIPTS)


def transposed_name(name: str) -> str:
    """How the transpose of what has this name is written.

    >>> transposed_name("W₁"), transposed_name("Wᵀ"), transposed_name("a b")
    ('W₁ᵀ', 'W', '(a b)ᵀ')
    """
    if name.endswith("ᵀ"):
        return name[:-1]
    return f"{name}ᵀ" if re.fullmatch(r"\w+", name) else f"({name})ᵀ"


def number(x: complex, digits: int = 4) -> str:
    """A number to ``digits`` significant digits, with a real minus sign.

    >>> number(6.8813735870195432), number(-1.5), number(1.23456e-7), number(2.0)
    ('6.881', '−1.5', '1.235·10⁻⁷', '2')
    >>> number(3 - 0.5j), number(1j), number(-2j)
    ('3 − 0.5i', 'i', '−2i')
    """
    if isinstance(x, complex | np.complexfloating):
        if x.imag == 0:
            return number(x.real, digits)
        size = number(abs(x.imag), digits)
        part = f"{'' if size == '1' else size}i"
        sign = "−" if x.imag < 0 else "+"
        if x.real == 0:
            return part if sign == "+" else sign + part
        return f"{number(x.real, digits)} {sign} {part}"
    x = float(x)
    if math.isnan(x):
        return "nan"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    text = f"{x:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        power = str(int(exponent)).translate(_SUPERSCRIPTS)
        text = f"10{power}" if mantissa == "1" else f"{mantissa}·10{power}"
    if text == "-0":
        text = "0"
    return text.replace("-", "−")


def factor(x: float, digits: int = 4) -> str:
    """A number as it stands after a multiplication sign: negative ones in brackets.

    >>> factor(-3.0)
    '(−3)'
    """
    text = number(x, digits)
    return f"({text})" if text.startswith("−") else text


def percent(share: float | None) -> str:
    """A share, such as a relative difference, in percent.

    >>> percent(0.912), percent(1e-7), percent(float("inf")), percent(None)
    ('91 %', '10⁻⁵ %', '∞', '')
    >>> percent(1.0), percent(9.996), percent(0.9951)
    ('100 %', '1000 %', '100 %')
    """
    if share is None:
        return ""
    if share == float("inf"):
        return "∞"
    if 0.995 <= share < 10:
        return f"{100 * share:.0f} %"
    return f"{number(100 * share, 2 if share < 1 else 3)} %"
