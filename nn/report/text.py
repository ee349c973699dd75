"""Text and numbers as they are written into a page."""

from __future__ import annotations

import html
import math

__all__ = ["escape", "number", "percent", "plain", "ticks"]


def plain(value: object) -> str:
    r"""A value as text without control, direction and surrogate characters.

    >>> plain("a\x00b\u202ec")
    'abc'
    """
    spaced = (" " if c.isspace() and c not in "\n\t" else c for c in str(value))
    return "".join(c for c in spaced if c in "\n\t" or c.isprintable())


def escape(value: object) -> str:
    """A value as text or attribute of HTML and SVG.

    >>> escape('<b a="1">')
    '&lt;b a=&quot;1&quot;&gt;'
    """
    return html.escape(plain(value))


def number(x: float, digits: int = 4) -> str:
    """A number to ``digits`` significant digits, with a real minus sign.

    >>> number(0.00012345), number(-1.5), number(1.5e-7)
    ('0.0001234', '−1.5', '1.5e−7')
    """
    if not math.isfinite(x):
        return "not a number" if math.isnan(x) else ("∞" if x > 0 else "−∞")
    text = f"{x:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return ("0" if text == "-0" else text).replace("-", "−")


def percent(share: float, digits: int = 1) -> str:
    """A share as per cent; neither 0 % nor 100 % unless it is.

    >>> percent(0.98607), percent(1.0), percent(0.9999), percent(0.0001)
    ('98.6 %', '100 %', '> 99.9 %', '< 0.1 %')
    """
    if share in (0.0, 1.0) or not math.isfinite(share):
        return f"{number(100 * share)} %"
    step = 10.0**-digits
    if 100 * share < step / 2:
        return f"< {step:.{digits}f} %"
    if 100 * share > 100 - step / 2:
        return f"> {100 - step:.{digits}f} %"
    return f"{100 * share:.{digits}f} %"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers between two, at most about ``count`` of them.

    >>> ticks(0.0, 1.0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)]
