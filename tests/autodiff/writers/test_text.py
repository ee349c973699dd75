"""Formulas as text and as LaTeX."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given

from autodiff.ops import TABLE, Elementwise, Notation
from autodiff.symbolic import Constant, Expression, Symbol
from autodiff.writers.text import to_latex, to_text
from tests.autodiff.symbolic.symbolic_formulas import (
    a,
    arithmetic,
    b,
    c,
    close,
    formulas,
    o,
    points,
    value,
    x,
    xp,
    y,
)

PRINTED = [
    (1 - o**2, "1 − o²", "1 - {o}^{2}"),
    (a - (b - c), "a − (b − c)", r"a - \left(b - c\right)"),
    (a - b - c, "a − b − c", "a - b - c"),
    (a + (b - c), "a + b − c", "a + b - c"),
    ((a + b) * c, "(a + b) · c", r"\left(a + b\right) \cdot c"),
    (a + b * c, "a + b · c", r"a + b \cdot c"),
    (a / (b * c), "a / (b · c)", r"\frac{a}{b \cdot c}"),
    (a / (b + c), "a / (b + c)", r"\frac{a}{b + c}"),
    (a / b / c, "a / b / c", r"\frac{\frac{a}{b}}{c}"),
    ((a + b) ** 2, "(a + b)²", r"{\left(a + b\right)}^{2}"),
    (x**-1, "x⁻¹", "{x}^{-1}"),
    (x**12, "x¹²", "{x}^{12}"),
    ((x**2) ** 3, "(x²)³", r"{\left({x}^{2}\right)}^{3}"),
    (x**0.5, "x^0.5", "{x}^{0.5}"),
    (x**-0.5, "x^(−0.5)", "{x}^{-0.5}"),
    (x ** (y - 1), "x^(y − 1)", "{x}^{y - 1}"),
    ((-x) ** 2, "(−x)²", r"{\left(-x\right)}^{2}"),
    (-(x**2), "−x²", "-{x}^{2}"),
    (-(a + b), "−(a + b)", r"-\left(a + b\right)"),
    (-(a * b), "−a · b", r"-a \cdot b"),
    (a * -b, "a · (−b)", r"a \cdot \left(-b\right)"),
    (a - (-b), "a − (−b)", r"a - \left(-b\right)"),
    (a + Constant(-2), "a + (−2)", r"a + \left(-2\right)"),
    (Constant(-2) ** 2, "(−2)²", r"{\left(-2\right)}^{2}"),
    (-x + y, "−x + y", "-x + y"),
    (xp.sqrt(x), "√x", r"\sqrt{x}"),
    (xp.sqrt(1 - x), "√(1 − x)", r"\sqrt{1 - x}"),
    (xp.sqrt(x) ** 2, "(√x)²", r"{\sqrt{x}}^{2}"),
    (1 / xp.sqrt(x), "1 / √x", r"\frac{1}{\sqrt{x}}"),
    (xp.exp(-x), "exp(−x)", r"\exp\left(-x\right)"),
    (abs(a - b), "|a − b|", r"\left|a - b\right|"),
    (xp.sigmoid(x) * (1 - xp.sigmoid(x)), "σ(x) · (1 − σ(x))",
     r"\sigma\left(x\right) \cdot \left(1 - \sigma\left(x\right)\right)"),
    (xp.where(x > 0, 1, xp.exp(x)), "1 if x > 0, else exp(x)",
     r"\begin{cases}1 & x > 0\\\exp\left(x\right) & \text{otherwise}\end{cases}"),
    (xp.softplus(x), "softplus(x)", r"\operatorname{softplus}\left(x\right)"),
    (xp.unheard_of(x, y), "unheard_of(x, y)", r"\operatorname{unheard\_of}\left(x, y\right)"),
    ((a > b) & (b >= c), "(a > b) and (b ≥ c)",
     r"\left(a > b\right) \land \left(b \ge c\right)"),
    (Symbol("p₁") * Symbol("w12"), "p₁ · w12", r"p_{1} \cdot w_{12}"),
    (Symbol("α") * Symbol("fc1.weight"), "α · fc1.weight", r"\alpha \cdot \mathrm{fc1.weight}"),
    (Symbol("50%_{") + 1, "50%_{ + 1", r"\mathrm{50\%\_\{} + 1"),
    (Symbol("loss") / Symbol("λ"), "loss / λ", r"\frac{\mathrm{loss}}{\lambda}"),
]  # fmt: skip

NUMBERS = [
    (2, "2"), (2.0, "2"), (-1.5, "−1.5"), (1 / 3, "0.3333"), (65536, "65536"), (True, "true"),
    (1.23456e-7, "1.235 · 10⁻⁷"), (1e-5, "10⁻⁵"), (-2e9, "−2 · 10⁹"), (math.inf, "∞"),
    (-math.inf, "−∞"), (math.nan, "nan"),
]  # fmt: skip


class TestPrinting:
    @pytest.mark.parametrize(("e", "text", "latex"), PRINTED, ids=[p[1] for p in PRINTED])
    def test_as_text_and_as_latex(self, e: Expression, text: str, latex: str) -> None:
        assert (to_text(e), to_latex(e)) == (text, latex)

    @pytest.mark.parametrize(("number", "text"), NUMBERS)
    def test_number(self, number: float, text: str) -> None:
        assert to_text(Constant(number)) == text

    def test_a_scientific_number_binds_like_a_product(self) -> None:
        assert to_text(Constant(2e-7) ** 2) == "(2 · 10⁻⁷)²"
        assert to_text(x / Constant(2e-7)) == "x / (2 · 10⁻⁷)"
        assert to_latex(Constant(2e-7)) == r"2 \cdot 10^{-7}"

    def test_words_are_text_in_latex(self) -> None:
        assert to_latex(Constant(math.nan)) == r"\text{nan}"
        assert to_latex(Constant(-math.inf)) == r"-\infty"

    def test_a_notation_may_name_parameters(self, monkeypatch: pytest.MonkeyPatch) -> None:
        notation = Notation("clamp[{low}, {mode}]({0})", r"\mathrm{{clamp}}_{{{low}}}({0})")
        entry = Elementwise("clamp", lambda xp, x: x, notation, partials=(1,))
        monkeypatch.setitem(TABLE, "clamp", entry)
        e = xp.clamp(x + 1, low=-0.5, mode="soft")
        assert to_text(e) == "clamp[−0.5, soft](x + 1)"
        assert to_latex(e) == r"\mathrm{clamp}_{-0.5}(x + 1)"

    @given(formulas)
    def test_brackets_balance(self, e: Expression) -> None:
        text, latex = to_text(e), to_latex(e)
        assert text.count("(") == text.count(")")
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") == latex.count(r"\right")

    @given(arithmetic, points)
    def test_text_reads_back_as_the_same_value(self, e: Expression, env: dict[str, float]) -> None:
        source = to_text(e)
        for written, code in (("−", "-"), ("·", "*"), ("²", "**2"), ("³", "**3")):
            source = source.replace(written, code)
        wanted = value(e, env)
        if np.isfinite(wanted) and abs(wanted) < 1e6:
            assert close(eval(source, {name: np.float64(v) for name, v in env.items()}), wanted)
