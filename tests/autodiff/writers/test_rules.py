"""Every rule of the table is read as a formula that is written back and as LaTeX, or is words."""

from __future__ import annotations

import re

import pytest

from autodiff.ops import every_primitive
from autodiff.ops.primitive import Structural
from autodiff.writers.rule_reader import read_rule
from autodiff.writers.rules import Leaf, filled, formula_latex, formula_text

RULES = sorted(
    {
        factor.rule
        for entry in every_primitive().values()
        if isinstance(entry, Structural)
        for factor in entry.factors
    }
)


def bare(text: str) -> str:
    return re.sub(r"[() ]", "", text)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_the_table_is_a_formula_or_words(rule: str) -> None:
    formula, words = read_rule(rule)
    if formula is None:
        assert words == rule
        assert re.search(r"\b[a-z]{2,} ", rule), "a formula that is not understood"
        return
    written = formula_text(formula)
    head = rule.removesuffix(f", {words}") if words else rule
    assert bare(written) == bare(head)
    assert read_rule(written) == (formula, "")
    latex = formula_latex(formula)
    assert latex.isascii(), latex
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")
    assert set(re.findall(r"\{[01]\}", latex)) == set(re.findall(r"\{[01]\}", head))


@pytest.mark.parametrize(
    ("rule", "text", "latex"),
    [
        ("g · {1}ᵀ", "(a + b) · Wᵀ", r"\left(a + b\right) W^{\top}"),
        ("{0}ᵀ · g", "X · (a + b)", r"X \left(a + b\right)"),
        ("−g", "−(a + b)", r"-\left(a + b\right)"),
        ("g / n", "(a + b) / n", r"\frac{a + b}{n}"),
        ("gᵀ · {1}", "(a + b)ᵀ · W", r"\left(a + b\right)^{\top} W"),
        ("y ⊙ (g − Σ(g ⊙ y))", "y ⊙ (a + b − Σ((a + b) ⊙ y))", None),
        ("{1} − g", "W − (a + b)", r"W - \left(a + b\right)"),
        ("g − {1}", "a + b − W", "a + b - W"),
        ("{1} / (g / n)", "W / ((a + b) / n)", r"\frac{W}{\frac{a + b}{n}}"),
    ],
)
def test_formulas_are_put_into_each_other_with_the_brackets_they_need(
    rule: str, text: str, latex: str | None
) -> None:
    formula, _ = read_rule(rule)
    g, _ = read_rule("a + b")
    assert formula is not None
    assert g is not None
    parts = {"g": g, "{0}": Leaf("Xᵀ", r"X^{\top}"), "{1}": Leaf("W", "W")}
    assert formula_text(filled(formula, parts)) == text
    if latex is not None:
        assert formula_latex(filled(formula, parts)) == latex
