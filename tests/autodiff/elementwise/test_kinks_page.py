"""docs/elementwise/kinks.md is what the library does: each row of its tables is run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise, Structural, every_primitive
from tests.autodiff.reference import same

PAGE = (Path(__file__).parents[3] / "docs" / "elementwise" / "kinks.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|$", PAGE, flags=re.MULTILINE)
NAMES = {name: getattr(ad, name) for name in ad.__all__ if not name.startswith("__")}
NUMBERS = {"inf": np.inf, "nan": np.nan}


def numbers(text: str) -> dict[str, Any]:
    separated = re.split(r", (?=[a-z]\s*[=:])", text)
    pairs = (re.split(r"[=:]\s*", part, maxsplit=1) for part in separated)
    return {name: eval(value, dict(NUMBERS)) for name, value in pairs}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("expression", "at", "expected"), ROWS)
def test_a_row(expression: str, at: str, expected: str) -> None:
    for create_graph in (False, True):
        given = {
            name: ad.Tensor(np.array(value, float), requires_grad=True)
            for name, value in numbers(at).items()
        }
        y = eval(expression, NAMES | NUMBERS, given)
        if y.requires_grad:
            y.backward(create_graph=create_graph)
        for name, gradient in numbers(expected).items():
            found = given[name].grad
            found = np.zeros(given[name].shape) if found is None else found
            same(found, np.array(gradient, float), rtol=1e-14, atol=1e-300)
            given[name].grad = None


def test_the_page_has_its_rows() -> None:
    assert len(ROWS) >= 40


def test_every_family_of_kinks_is_on_the_page() -> None:
    shown = " ".join(expression for expression, _, _ in ROWS)
    for name in ("relu", "leaky_relu", "elu", "selu", "abs", "sign", "maximum", "minimum"):
        assert f"{name}(" in shown


def test_every_structural_kink_is_on_the_page() -> None:
    shown = " ".join(expression for expression, _, _ in ROWS)
    entries = [e for e in every_primitive().values() if isinstance(e, Structural) and e.kinks]
    # Of eigenvectors the gradient is refused instead, as the page says.
    missing = [e.name for e in entries if not re.search(rf"\b{e.name}(1d)?\(", shown)]
    assert sorted(missing) == ["eig", "eigh"]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_every_kink_of_the_table_follows_the_rule() -> None:
    checked = 0
    for entry in every_primitive().values():
        if not isinstance(entry, Elementwise) or entry.arity != 1 or not entry.differentiable:
            continue
        function = NAMES.get(entry.name)
        if function is None or entry.name == "sign":
            continue
        for kink in entry.kinks:
            slopes = []
            for h in (-1e-9, 0.0, 1e-9):
                x = ad.Tensor(np.array(kink + h), requires_grad=True)
                function(x).backward()
                slopes.append(float(x.grad))
            left, here, right = slopes
            nearest = 0.0 if left * right <= 0 else min(left, right, key=abs)
            assert here == pytest.approx(nearest, abs=1e-7), (entry.name, kink, slopes)
            checked += 1
    assert checked >= 12
