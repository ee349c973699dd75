"""How wide text is, without a font at hand.

The widths are those of the wider of Liberation Sans (which has Helvetica's and Arial's)
and DejaVu Sans, so that what fits here fits in whichever of them a viewer falls back to.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["fit", "text_width", "wrap"]

_BY_WIDTH = {
    200: "ᵢⱼ",
    275: "'′",
    300: "IijlÌÍÎÏìíîï",
    325: " ,.\u00a0·’",
    350: "/:;\\|¦ι",
    375: "-f″",
    400: "()[]tᵀₙᵃⁿ⌊⌋⟨⟩",
    425: "!r¡²³¹₀₁₂₃₄₅₆₇₈₉⁰⁴⁵⁶⁷⁸⁹ₖ",
    475: '"ªº',
    500: "*J`¨°‖",
    525: "sz∂“”",
    550: "cçεζ⁻⁺₊₋",
    575: "?L_§¯Γνξ–",
    600: "kvxyýÿγκλςυχ•",
    625: "FTaeo«»¿àáâãäåèéêëðòóôõöøδθοτ",
    650: "$0123456789bdghnpqu{}¢£¤¥µ¶ßñùúûüþΞΣβημρσ√∘",
    675: "EKPSYÈÉÊËÝÞαφ∇",
    700: "ABVXZÀÁÂÃÄÅΔΛπ",
    725: "CRÇψ∑",
    750: "NUÑÙÚÛÜ",
    775: "DHÐΠΩ",
    800: "&GOQÒÓÔÕÖØΘΦ",
    825: "w∏",
    850: "#+<=>^~¬±×÷Ψω∞≈≠≤≥−⊙⊗⊕↑↓",
    875: "M∈",
    975: "%m¼½¾",
    1000: "W©®Ææ→←…—",
    1025: "@",
}
_WIDTHS = {char: width / 1000 for width, chars in _BY_WIDTH.items() for char in chars}


MONOSPACED = 0.61
"""Width of a character of source code, for a font of size 1."""


@lru_cache(maxsize=8_192)
def text_width(text: str, size: float, bold: bool = False, code: bool = False) -> float:
    """An upper estimate of the width of ``text`` set at ``size``, in the same unit."""
    if code:
        wide = sum(unicodedata.east_asian_width(char) in ("W", "F") for char in text)
        return MONOSPACED * size * (len(text) + wide)
    total = 0.0
    for char in text:
        width = _WIDTHS.get(char)
        if width is None:
            width = _unknown(char)
        total += width * 1.06 + 0.06 if bold and width else width
    return total * size


def _unknown(char: str) -> float:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    return 1.25 if unicodedata.east_asian_width(char) in ("W", "F") else 1.05


def wrap(text: str, size: float, room: float, bold: bool = False, first: float = 0.0) -> list[str]:
    """A sentence in as many lines as it takes, broken at plain spaces; none for no words.

    Args:
        text: what is said; a narrow space, as within a number, stays.
        size: of the font.
        room: how wide a line may be; a longer word stands alone on one.
        bold: whether it is bold.
        first: how much of the first line is taken already.

    Example:
        >>> wrap("one two three", 10, 50)
        ['one two', 'three']
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        taken = first if len(lines) == 1 else 0.0
        if lines and taken + text_width(longer, size, bold) <= room:
            lines[-1] = longer.strip()
        elif word:
            lines.append(word)
    return lines


def fit(text: str, size: float, room: float, bold: bool = False) -> str:
    """``text`` if it is at most ``room`` wide, else as much of it as fits before an ellipsis."""
    if text_width(text, size, bold) <= room:
        return text
    room -= text_width("…", size, bold)
    used, kept = 0.0, 0
    for char in text:
        used += text_width(char, size, bold)
        if used > room:
            break
        kept += 1
    return text[:kept].rstrip() + "…"
