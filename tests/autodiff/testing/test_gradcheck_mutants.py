"""The checker itself put to the test: planted faults, each of which must be caught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops.primitive import Domain, Elementwise, Notation, Structural
from autodiff.tensors.operations import apply
from autodiff.testing import Report, Verdict, check_vjp, gradcheck
from benchmarks.gradcheck_functions import OPTIMISATION, Subject
from benchmarks.gradcheck_power import planted, table

W = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [0.1, 0.7, -0.2], [1.1, -0.4, 0.9]])
X = np.array([0.3, -1.2, 2.5])


def caught(report: Report) -> str:
    assert not report.passed
    assert Verdict.WRONG in report.counts, report
    return str(report)


def scaled(delta: float) -> Callable[[Any], Any]:
    def change(found: Any) -> Any:
        changed = np.array(found)
        changed.flat[np.argmax(np.abs(changed))] *= 1 + delta
        return changed

    return change


@pytest.mark.parametrize("delta", [1e-1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10])
@pytest.mark.parametrize("subject", OPTIMISATION, ids=lambda s: s.name)
def test_one_entry_scaled(subject: Subject, delta: float) -> None:
    point = subject.point(np.random.default_rng(3))
    report = planted(subject, point, scaled(delta))
    caught(report)
    assert len(report.failures) == 1


def matvec(g: Any, w: Any, x: Any) -> tuple[Any, Any]:
    return np.outer(g, x), w.T @ g


def check_matvec(change: Callable[[Any, Any, Any], Any]) -> str:
    return caught(check_vjp(lambda w, x: w @ x, change, W, X))


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (-1, "has the wrong sign"),
        (2, "is doubled: accumulated twice"),
        (0.5, "is half of what it should be"),
        (4, "is 4 times too large, the length of its axis 0: a sum where there is a mean?"),
        (1 / 12, "is 12 times too small, the number of its entries: a mean where there is a sum?"),
        (1.7, "is off by the factor 1.7 throughout"),
        (1 + 1e-6, "is nearly right, off by 1e-06 at most"),
        (0, "is zero although the function depends on it; is it detached on the way"),
    ],
)
def test_a_factor_is_recognised(factor: float, words: str) -> None:
    text = check_matvec(lambda g, w, x: (factor * np.outer(g, x), w.T @ g))
    assert f"hint: the gradient for 'w' {words}" in text
    assert "for 'x'" not in text


def test_a_forgotten_sum_over_broadcast_axes() -> None:
    report = check_vjp(lambda a, b: a + b, lambda g, a, b: (g, g), W, X)
    assert not report.passed
    assert "a broadcast input needs the sum of the gradient over the axes it was spread" in str(
        report
    )
    text = caught(check_vjp(lambda a, b: a + b, lambda g, a, b: (g, g[0]), W, X))
    assert "b[0] → output[1, 0]: analytic 0, numeric 1 ± " in text


def test_a_transposed_gradient() -> None:
    square = W[:3]
    weights = np.arange(9.0).reshape(3, 3)
    text = caught(
        check_vjp(lambda w: np.sum(weights * w**2), lambda g, w: g * (2 * weights * w).T, square)
    )
    assert "hint: the gradient for 'w' is transposed" in text
    text = caught(check_vjp(lambda x: square @ x, lambda g, x: square @ g, X))
    assert "hint: the Jacobian for 'x' is transposed: J·g in the place of Jᵀ·g?" in text
    report = check_vjp(lambda w: np.sum(w**2), lambda g, w: (g * 2 * w).T, W)
    assert "has shape (3, 4), but the input has shape (4, 3); it is transposed" in str(report)


def test_swapped_reversed_and_misplaced_gradients() -> None:
    y = X[::-1] * 2
    text = caught(check_vjp(lambda a, b: np.sum(a * b), lambda g, a, b: (g * a, g * b), X, y))
    assert "for 'a' is the one that 'b' should have, and the other way round" in text
    text = caught(check_vjp(lambda x: np.sum(x**2), lambda g, x: g * 2 * x[::-1], X))
    assert "hint: the gradient for 'x' is reversed along axis 0" in text
    text = caught(check_vjp(lambda x: np.sum(x**3), lambda g, x: np.roll(g * 3 * x**2, 1), X))
    assert "hint: the gradient for 'x' has the right numbers in the wrong places" in text
    text = caught(check_vjp(lambda x: np.sum(x**3), lambda g, x: g * (3 * x**2 - 1), X))
    assert "hint: the gradient for 'x' is off by -1 throughout: a term forgotten" in text


@pytest.mark.parametrize("rows", [80, pytest.param(400, marks=pytest.mark.exhaustive)])
def test_one_entry_zeroed_among_many_is_found_and_named(rows: int) -> None:
    x = np.random.default_rng(0).standard_normal((rows, 250))

    def zeroed(g: Any, x: Any) -> Any:
        found = g * np.cos(x)
        found[12, 45] = 0
        return found

    report = check_vjp(lambda x: np.sum(np.sin(x)), zeroed, x)
    text = caught(report)
    assert [e.index for e in report.failures if e.index is not None] == [(12, 45)]
    assert "hint: the gradient for 'x' is zero at an entry that the function depends on" in text
    assert report.checked == rows * 250
    assert report.evaluations < 5_000


def test_a_report_on_many_entries_says_what_it_cannot_see() -> None:
    weights = np.random.default_rng(0).uniform(0.5, 1.5, 1000)
    weights[500] = 1e-8

    def check(factor: float) -> Any:
        def vjp(g: Any, x: Any) -> Any:
            found = g * weights * np.cos(x)
            found[500] *= factor
            return found

        return check_vjp(lambda x: np.sum(weights * np.sin(x)), vjp, np.linspace(0.3, 0.9, 1000))

    report = check(1.0)
    assert report.passed
    assert 0 < report.resolution < 1e-8
    said = f"a fault in one alone that is less than {report.resolution:.0e} of the largest"
    assert said in str(report)
    assert "x[500]: analytic 0" in caught(check(0.0))
    assert gradcheck(ad.sin, X).resolution == 0.0


def test_a_few_wrong_entries_among_many_are_all_found() -> None:
    bad = [17, 4_000, 4_001, 19_999]

    def spoiled(g: Any, x: Any) -> Any:
        found = g * 2 * x
        found[bad] *= 1.01
        return found

    report = check_vjp(
        lambda x: np.sum(x**2), spoiled, np.random.default_rng(1).standard_normal(20_000)
    )
    assert sorted(e.index[0] for e in report.failures if e.index is not None) == bad


def test_the_wrong_one_of_many_outputs_is_named() -> None:
    x = np.linspace(0.1, 2, 120)

    def spoiled(g: Any, x: Any) -> Any:
        g = g.copy()
        g[77] *= 1.5
        return g * np.cos(x)

    report = check_vjp(np.sin, spoiled, x)
    text = caught(report)
    assert {e.index for e in report.failures} == {(77,)}
    assert "among the derivatives that are wrong is that of output[77]" in text


def elementwise(name: str, forward: Any, partial: Any) -> Elementwise:
    return Elementwise(
        name, forward, Notation.function(name), domains=(Domain(),), partials=(partial,)
    )


def test_a_wrong_rule_in_the_graph_is_named_with_the_line_that_used_it() -> None:
    wrong = elementwise("softsign", lambda xp, x: xp.tanh(x), lambda xp, y, x: 1 - y)

    def network(w: Any, x: Any) -> Any:
        hidden = ad.matmul(w, x)
        return ad.sum(ad.exp(apply(wrong, hidden)) * 2)

    text = caught(gradcheck(network, W, X))
    assert (
        "the rule of 'softsign' fails its check by itself too, for operands of shape (4,)" in text
    )
    assert "test_gradcheck_mutants.py:" in text
    assert "'exp'" not in text
    assert "'matmul'" not in text


def test_a_wrong_structural_rule_in_the_graph() -> None:
    def rule(xp: Any, g: Any, y: Any, x: Any) -> Any:
        return xp.broadcast_to(g, x.shape) * 2

    wrong = Structural("twice", lambda xp, x: xp.sum(x), Notation.function("twice"), vjp=(rule,))
    text = caught(gradcheck(lambda x: apply(wrong, ad.sin(x)), X))
    assert "is doubled" in text
    assert "the rule of 'twice' fails its check by itself too" in text


def _power(times: float) -> Any:
    @ad.custom_function
    def power(x: Any, exponent: int, scale: Any) -> Any:
        return x**exponent * scale, scale * x

    @power.vjp
    def _(g: Any, y: Any, x: Any, exponent: int, scale: Any) -> Any:
        first, second = g
        for_x = times * first * scale * exponent * x ** (exponent - 1) + second * scale
        return for_x, None, first * x**exponent + second * x

    return power


def test_the_rule_given_to_a_custom_function_is_named() -> None:
    right, wrong = _power(1.0), _power(1.5)
    x, scale = np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0])
    for f in (
        lambda x, scale: wrong(x, 3, scale),
        lambda x, scale: ad.sin(wrong(right(x, 2, scale)[0], 3, scale)[1] + wrong(x, 3, x)[0]),
    ):
        text = caught(gradcheck(f, x, scale))
        named = "the rule given to custom_function 'power' fails its check by itself too, for "
        assert text.count(named) == 1, text
        assert "right by itself" not in text
    text = caught(gradcheck(lambda v: wrong(v, 3, v * v)[0], 1.5))
    assert "the rule given to custom_function 'power'" in text
    text = caught(gradcheck(lambda x: right(x, 3, x)[0] * x.detach(), x))
    assert "custom_function" not in text
    assert "every operation is right by itself; look for" in text


def test_what_cannot_be_checked_by_itself_is_not_cleared() -> None:
    def part(x: Any) -> Any:
        return ad.sin(x)

    text = caught(gradcheck(lambda x: ad.checkpoint(part)(x) * x.detach(), X))
    assert "right by itself, but for 'checkpoint(part)', which cannot be checked so;" in text


def test_a_rule_right_to_first_order_only() -> None:
    # The partial is computed from the operand's numbers, so it cannot be differentiated.
    def frozen(xp: Any, g: Any, y: Any, x: Any) -> Any:
        numbers = x.data if isinstance(x, ad.Tensor) else x
        return g * np.cos(numbers)

    wrong = Structural("sine", lambda xp, x: xp.sin(x), Notation.function("sine"), vjp=(frozen,))
    report = gradcheck(lambda x: ad.sum(apply(wrong, x) * x), X, order=2)
    assert report.passed_here
    assert report.second is not None
    text = caught(report.second)
    assert "second-order gradient check of the function: FAILED" in text
    assert "the rule of 'sine' fails its check by itself too" in text


def test_numbers_taken_out_of_the_graph() -> None:
    text = caught(gradcheck(lambda x: ad.sum(ad.sin(ad.Tensor(x.numpy()))), X))
    assert "is zero although the function depends on it; is it detached on the way" in text
    text = caught(gradcheck(lambda x: ad.softmax(x) * ad.Tensor(x.numpy()), X))
    assert "every operation is right by itself; look for numbers taken out of the graph" in text
    text = caught(gradcheck(lambda a, b: a * b.item(), 2.0, 3.0))
    assert "hint: the gradient for 'b' is zero although the function depends on it" in text


def test_the_table_of_what_is_seen() -> None:
    first, head, *rows = table(OPTIMISATION[:2], points=1, show=True)
    assert first.startswith("2 right gradients: 2 passed; ")
    assert head.split() == ["per", "cent", "caught", "undecided", "below", "rounding", "missed"]
    assert rows[0].split() == ["δ", "=", "1e-01", "100.0", "0.0", "0.0", "0.0"]
    assert len(rows) >= 7
