r"""Text for LaTeX: nothing in it is a command, and signs of mathematics are set as such."""

from __future__ import annotations

import re
import unicodedata

from viz.text.formatting import clean

__all__ = ["declared", "to_tex"]

_PLAIN = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", '"': r"\symbol{34}", "|": r"\textbar{}",
    "`": r"\symbol{96}", "'": r"\symbol{39}", "-": "{-}", "…": r"\dots{}", "–": "--", "—": "---",
}  # fmt: skip

_MATHS = {
    "−": "-", "·": r"\cdot ", "×": r"\times ", "÷": r"\div ", "∂": r"\partial ", "∑": r"\sum ",
    "⊙": r"\odot ", "⊗": r"\otimes ", "√": r"\sqrt{\,}", "∞": r"\infty ", "∇": r"\nabla ",
    "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "→": r"\to ", "←": r"\leftarrow ",
    "∈": r"\in ", "∏": r"\prod ", "±": r"\pm ", "⟨": r"\langle ", "⟩": r"\rangle ",
    "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ", "∘": r"\circ ",
    "∧": r"\wedge ", "\u2228": r"\vee ", "¬": r"\neg ", "ℓ": r"\ell ", "‖": r"\|", "∗": "*",
}  # fmt: skip

_VARIANTS = {"ϵ": r"\epsilon ", "ϕ": r"\phi "}

_ALIKE = dict(
    zip(
        "ALPHA BETA EPSILON ZETA ETA IOTA KAPPA MU NU RHO TAU CHI".split(),
        "ABEZHIKMNPTX",
        strict=True,
    )
)
"""Capitals that look like Latin letters, for which LaTeX has no commands."""


def to_tex(text: str) -> str:
    r"""A text as LaTeX.

    >>> to_tex("∂L/∂w₁₂ = x² · 50 %")
    '$\\partial $L/$\\partial $w$_{12}$ = x$^{2}$ $\\cdot $ 50 \\%'
    """
    made = "".join(_character(char) for char in clean(text))
    # What stands side by side is one subscript, one superscript, one formula.
    made = re.sub(r"\}\$\$([_^])\{", lambda m: f"}}$${m[1]}{{", made)
    for sign in "_^":
        joint = rf"(\$\{sign}\{{[^{{}}$]*)\}}\$\$\{sign}\{{"
        while re.search(joint, made):
            made = re.sub(joint, r"\1", made)
    return made


def declared(text: str) -> list[str]:
    """Lines of a preamble for characters that pdfTeX does not know: each becomes a question mark.

    LuaLaTeX and XeLaTeX set them as they are where their font has them.
    """
    unknown = sorted({char for char in text if ord(char) > 0xFF})
    return [rf"\DeclareUnicodeCharacter{{{ord(char):04X}}}{{?}}" for char in unknown]


def _character(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    if char in _MATHS:
        return f"${_MATHS[char]}$"
    if char in _VARIANTS:
        return f"${_VARIANTS[char]}$"
    kind, _, base = unicodedata.decomposition(char).partition(" ")
    if kind in ("<sub>", "<super>") and " " not in base:
        inner = chr(int(base, 16))
        inside = {"−": "-"}.get(inner, inner)
        if inside.isascii():
            return f"${'_' if kind == '<sub>' else '^'}{{{inside}}}$"
    greek = _greek(char)
    return f"${greek}$" if greek else char


def _greek(char: str) -> str:
    match = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(char, ""))
    if match is None or match[2] in ("OMICRON", "FINAL"):
        return ""
    name = {"LAMDA": "lambda"}.get(match[2], match[2].lower())
    if match[1] == "SMALL":
        return rf"\{name} "
    return rf"\mathrm{{{_ALIKE[match[2]]}}}" if match[2] in _ALIKE else rf"\{name.capitalize()} "
