"""Gradient checks of right functions: what passes, what is said, what is left alone."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.testing import (
    Finding,
    GradientCheckError,
    Reason,
    Verdict,
    assert_gradients,
    check_vjp,
    gradcheck,
)
from benchmarks.gradcheck_functions import SUBJECTS, Subject

A = np.array([[0.5, -1.0, 0.2], [1.5, 0.25, -0.75]])
X = np.array([0.3, -1.2, 2.5])


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.name)
def test_a_right_gradient_is_never_flagged(subject: Subject) -> None:
    for seed in range(3):
        report = gradcheck(subject.function, subject.point(np.random.default_rng(seed)))
        assert report.passed, report
        assert set(report.counts) == {Verdict.OK}


def test_every_entry_for_every_output_is_compared() -> None:
    report = gradcheck(lambda w, x: ad.tanh(w @ x), A, X)
    assert len(report.entries) == 2 * (6 + 3)
    assert {e.argument for e in report.entries} == {"w", "x"}
    entry = report.entries[0]
    assert (entry.index, entry.output) == ((0, 0), (0,))
    expected = 0.3 * (1 - np.tanh(A @ X)[0] ** 2)
    assert entry.analytic == pytest.approx(expected, rel=1e-14)
    assert abs(entry.numeric - expected) <= entry.error < 1e-12 * abs(expected)


def test_values_and_tensors_and_both() -> None:
    assert gradcheck(lambda a, b: ad.sin(a) * b + a**b, 0.5, 2.0).passed
    assert gradcheck(lambda a: a * a, ad.Value(3.0, name="side")).entries[0].argument == "side"
    report = gradcheck(lambda a, x: ad.sum(ad.exp(a * x)), ad.Value(0.5), X)
    assert report.passed
    assert [e.index for e in report.entries] == [(), (0,), (1,), (2,)]


def test_all_results_of_a_function_are_looked_at() -> None:
    report = gradcheck(lambda x: (ad.sin(x), ad.sum(x * x), 3.0), X)
    assert report.passed
    assert len(report.entries) == 3 * 5
    report = gradcheck(lambda x: (ad.sin(x), ad.sum(x * x.detach())), X)
    assert {e.output for e in report.failures} == {(3,)}


def test_rounding_between_several_results_is_no_fault() -> None:
    x = np.random.default_rng(0).standard_normal((3, 3))
    assert gradcheck(lambda x: (x * 1.1, x * x * 2.3, ad.sin(x)), x, order=2).passed
    assert gradcheck(lambda x: (x[0] * x[1], ad.to_value(x[2, 0] * x[0, 0])), x).passed


def test_values_among_tensors_are_not_to_blame() -> None:
    x = np.random.default_rng(0).standard_normal((3, 3))
    report = gradcheck(lambda x, h: x.detach().sum() * ad.stack([h, h]) * x[0, 0], x, 0.5)
    assert not report.passed
    assert "taken out of the graph" in str(report)


def test_inputs_of_no_floating_type_and_constants_are_handed_over() -> None:
    report = gradcheck(lambda x, i: x[i], X, np.array([0, 0, 2]))
    assert report.passed
    assert {e.argument for e in report.entries} == {"x"}
    constant, leaf = ad.Tensor(X), ad.Tensor(X, requires_grad=True)
    seen = []
    report = gradcheck(lambda x, w, flag: seen.append(flag) or w * x, constant, leaf, True)
    assert {e.argument for e in report.entries} == {"w"}
    assert seen[0] is True


def test_lists_and_integers_count_as_floats() -> None:
    assert gradcheck(lambda x: ad.sum(x * x), [1.0, 2.0]).passed
    assert gradcheck(lambda x: x * x, 3).entries[0].analytic == 6.0


def test_names() -> None:
    def product(first: Any, second: Any) -> Any:
        return first * second

    report = gradcheck(product, 2.0, 3.0)
    assert report.function == "product"
    assert [e.argument for e in report.entries] == ["first", "second"]
    assert [e.argument for e in gradcheck(product, 2.0, 3.0, names=["p", "q"]).entries] == [
        "p",
        "q",
    ]
    anonymous = gradcheck(partial(product), 2.0, 3.0)
    assert [e.argument for e in anonymous.entries] == ["x0", "x1"]
    with pytest.raises(ValueError, match="3 names were given for 2 inputs: a, b, c; give one name"):
        gradcheck(product, 2.0, 3.0, names=["a", "b", "c"])


def test_empty_and_zero_dimensional_inputs() -> None:
    assert gradcheck(lambda x: ad.sum(x * x), np.zeros((0, 3))).passed
    assert gradcheck(lambda x: x * x, np.zeros((0, 3))).entries == ()
    report = gradcheck(lambda x: x * x, np.array(1.5))
    assert report.passed
    assert report.entries[0].index == ()


def test_no_floor_below_which_anything_passes() -> None:
    assert gradcheck(lambda x: ad.sum(ad.sin(x)) * 1e-30, X).passed
    report = gradcheck(lambda x: ad.sum(ad.sin(x) + x.detach() * x) * 1e-30, X)
    assert len(report.failures) == 3
    assert gradcheck(lambda x: ad.sum(ad.sin(x)) * 1e30, X).passed


def test_a_kink_is_named_and_passes_where_the_gradient_lies_between() -> None:
    report = gradcheck(ad.relu, np.array([0.0, 1.0, -1.0]))
    assert report.passed
    (kink,) = [e for e in report.entries if e.verdict is Verdict.KINK]
    assert kink.index == kink.output == (0,)
    assert (kink.left, kink.right) == (0, 1)
    assert "a kink: the gradient lies between the one-sided derivatives 0 and 1" in str(report)
    assert gradcheck(ad.abs, 0.0).passed
    assert gradcheck(lambda x: ad.maximum(x, 0.0), 0.0).passed
    assert gradcheck(ad.max, np.array([1.0, 1.0, 0.0])).passed


def test_a_gradient_outside_of_the_one_sided_derivatives_fails() -> None:
    for g in (-0.01, 1.01, 7.0):
        report = check_vjp(lambda x: max(x, 0.0), lambda c, x, g=g: c * g, 0.0)
        assert not report.passed
        assert report.entries[0].verdict is Verdict.KINK
        assert "is not between" in str(report)
    for g in (0.0, 0.3, 1.0):
        assert check_vjp(lambda x: max(x, 0.0), lambda c, x, g=g: c * g, 0.0).passed


@pytest.mark.parametrize("distance", [1e-2, 1e-4, 1e-6])
def test_a_kink_nearby_does_not_hide_the_derivative(distance: float) -> None:
    def bent(x: Any) -> Any:
        return np.maximum(x - 1, 0) + x

    right = check_vjp(bent, lambda g, x: g * np.where(x > 1, 2.0, 1.0), 1 + distance)
    assert right.passed
    assert right.entries[0].verdict is Verdict.OK
    wrong = check_vjp(bent, lambda g, x: g * 1.0, 1 + distance)
    assert wrong.entries[0].verdict is Verdict.WRONG


def test_a_jump_is_named_and_can_be_accepted() -> None:
    report = gradcheck(ad.floor, np.array([2.0, 0.5]))
    assert not report.passed
    assert [e.verdict for e in report.failures] == [Verdict.JUMP]
    assert "a jump: the function is not continuous here" in str(report)
    assert gradcheck(ad.floor, np.array([2.0, 0.5]), accept=("jump",)).passed
    assert gradcheck(ad.sign, 0.0).entries[0].verdict is Verdict.JUMP
    with pytest.raises(ValueError, match="accept='jump': give a tuple of verdicts, out of ok"):
        gradcheck(ad.floor, 2.0, accept="jump")
    with pytest.raises(ValueError, match=r"accept=\('fine',\)"):
        gradcheck(ad.floor, 2.0, accept=("fine",))


def test_at_the_edge_of_the_domain_one_side_counts() -> None:
    report = check_vjp(
        lambda x: np.where(x >= 1, x * x, np.nan), lambda g, x: g * 2 * x, np.array(1.0)
    )
    assert report.passed
    assert report.entries[0].reason is Reason.ONE_SIDED
    assert not check_vjp(
        lambda x: np.where(x >= 1, x * x, np.nan), lambda g, x: g * 3 * x, np.array(1.0)
    ).passed


def test_a_function_may_refuse_points_nearby() -> None:
    def picky(x: Any) -> Any:
        if x.data < 0:
            raise ValueError("negative")
        return x * x * x

    assert gradcheck(picky, 0.5).passed
    report = gradcheck(picky, 0.0)
    assert report.passed
    assert report.entries[0].reason is Reason.ONE_SIDED


@pytest.mark.parametrize("x", [1e300, 1e-300, 5e-324, -0.0, 1e150])
def test_extreme_inputs(x: float) -> None:
    assert gradcheck(lambda x: x * 0.5, x).passed
    assert not gradcheck(lambda x: x * 0.5 + x.detach() * 0.5, x).passed


@pytest.mark.parametrize("x", [np.inf, np.nan])
def test_inputs_that_are_not_finite_decide_nothing(x: float) -> None:
    report = gradcheck(lambda x: x * x, np.array([x, 1.0]))
    assert not report.passed
    assert Verdict.WRONG not in report.counts


def test_undecided_is_no_pass() -> None:
    rng = np.random.default_rng(0)
    table = rng.standard_normal(1 << 16)

    def rough(x: Any) -> Any:
        return table[np.frombuffer(np.float64(x).tobytes(), np.uint16)[0]] * 1e-3 + x * 1e-3

    report = check_vjp(rough, lambda g, x: g * 1e-3, 0.5)
    assert [e.verdict for e in report.entries] == [Verdict.UNDECIDED]
    assert not report.passed
    nowhere = check_vjp(lambda x: x * np.nan, lambda g, x: g * x, 0.5)
    assert nowhere.entries[0].reason is Reason.NOT_FINITE
    assert not nowhere.passed


def test_what_the_values_cannot_show_is_not_called_wrong() -> None:
    report = gradcheck(ad.logsumexp, np.array([-30.0, 30.0]))
    assert report.passed
    assert report.entries[0].reason is Reason.BELOW_ROUNDING
    assert "too small to be seen" in str(report.entries[0])
    assert gradcheck(lambda x: x * 0 + 3, 100.0).passed
    assert gradcheck(lambda x: (x - 3) ** 2, 3.0).passed
    assert gradcheck(ad.cos, 0.0).passed


def test_a_function_that_is_not_repeatable_is_refused() -> None:
    noise = np.random.default_rng(0)
    report = gradcheck(lambda x: x * noise.standard_normal(), 1.0)
    assert report.entries == ()
    assert report.findings[0].check == "repeatability of the value"
    assert "draw them once outside" in str(report)


def test_the_library_s_random_numbers_are_the_same_in_each_call_and_put_back() -> None:
    state = ad.random.generator().bit_generator.state
    report = gradcheck(lambda x: ad.sum(x * ad.random.generator().standard_normal(3)), X)
    assert report.passed
    assert ad.random.generator().bit_generator.state == state


def test_gradients_of_other_leaves_are_left_as_they_were() -> None:
    w, unused = ad.Tensor(X, requires_grad=True), ad.Tensor(X, requires_grad=True)
    w.grad = np.ones(3)
    x = ad.Tensor(X, requires_grad=True)
    assert gradcheck(lambda x: ad.sum(w * unused * x), x, order=2).passed
    assert np.array_equal(w.grad, np.ones(3))
    assert unused.grad is None
    assert x.grad is None


def test_gradients_are_recorded_inside_no_grad_too() -> None:
    with ad.no_grad():
        assert gradcheck(lambda x: ad.sum(x * x), X, order=2).passed


def test_float32_inputs_are_checked_in_both_precisions() -> None:
    x = X.astype(np.float32)
    kinds = set()

    def cube(x: Any) -> Any:
        kinds.add(x.dtype)
        return ad.sum(x**3)

    assert gradcheck(cube, x).passed
    assert kinds == {np.dtype(np.float32), np.dtype(np.float64)}
    assert gradcheck(lambda x, w: ad.tanh(w @ x), x, A.astype(np.float32)).passed


def test_a_float32_gradient_that_loses_digits_is_found() -> None:
    def lossy(x: Any) -> Any:
        if x.dtype == np.float32:
            return ad.sum(ad.sin(x.astype(np.float16).astype(np.float32)))
        return ad.sum(ad.sin(x))

    report = gradcheck(lossy, np.array([0.3, 1.5, 2.5], np.float32))
    assert [finding.check for finding in report.findings] == ["gradient in float32"]
    assert "rounding explains" in str(report)


def test_second_order() -> None:
    report = gradcheck(lambda w, x: ad.tanh(w @ x), A, X, order=2)
    assert report.passed
    assert report.second is not None
    assert report.second.order == 2
    assert len(report.second.entries) == 9 * 9
    assert "second-order gradient check of the function: passed" in str(report)
    assert gradcheck(lambda a, b: ad.sin(a) * b + a**b, 0.5, 2.0, order=2).passed
    assert gradcheck(lambda x: ad.sum(2 * x), X, order=2).passed
    with pytest.raises(ValueError, match="order must be 1 or 2, not 3"):
        gradcheck(ad.sin, 1.0, order=3)


def test_assert_gradients_raises_with_the_report() -> None:
    assert_gradients(ad.tanh, X)
    with pytest.raises(GradientCheckError) as caught:
        assert_gradients(lambda x: ad.sum(x * x.detach()), X)
    assert isinstance(caught.value, AssertionError)
    assert not caught.value.report.passed
    text = str(caught.value)
    assert text.startswith(
        "gradient check of the function: FAILED (3 derivatives compared: 3 wrong"
    )
    assert "x[1]: analytic -1.2, numeric -2.4 ± " in text


def test_a_report_is_true_when_it_passed_and_counts_its_verdicts() -> None:
    good, bad = gradcheck(ad.sin, 0.5), gradcheck(lambda x: x * x.detach(), 0.5)
    assert good
    assert not bad
    assert bad.counts == {Verdict.WRONG: 1}
    assert bad.largest_error == pytest.approx(0.5)
    assert good.largest_error < 1e-12


def test_what_cannot_be_seen_does_not_count_as_an_error() -> None:
    report = gradcheck(lambda x, w: ad.sum(ad.sin(x)) + ad.sum(ad.exp(w)), [3e-14], [1.0])
    assert report
    (unseen,) = (e for e in report.entries if e.reason is Reason.BELOW_ROUNDING)
    assert abs(unseen.analytic - unseen.numeric) > 1e-4
    assert report.largest_error < 1e-12


def test_long_reports_are_shortened() -> None:
    report = gradcheck(lambda x: ad.sum(x * x.detach()), np.linspace(1, 2, 30))
    assert "… and 22 more" in str(report)
    assert len(str(report).splitlines()) < 14


def test_what_cannot_be_checked_is_refused_in_words() -> None:
    with pytest.raises(
        ad.NonDifferentiableError, match="none of the 1 inputs of the function is a"
    ):
        gradcheck(lambda x: x, np.array([1, 2]))
    with pytest.raises(TypeError, match="returned str, which is no Tensor, Value or number"):
        gradcheck(lambda x: "x", 1.0)


def test_structure_of_hand_written_gradients() -> None:
    def findings(vjp: Any, x: Any = X) -> list[Finding]:
        return list(check_vjp(lambda x: np.sin(x), vjp, x).findings)

    (found,) = findings(lambda g, x: (g, g))
    assert "it returned 2 gradients for 1 inputs; return one for each, or None" in str(found)
    (found,) = findings(lambda g, x: np.ones((2, 3)))
    assert "has shape (2, 3), but the input has shape (3,); a broadcast input needs" in str(found)
    (found,) = findings(lambda g, x: (g * np.cos(x)).astype(complex))
    assert found.check == "dtype of the gradient"
    (found,) = findings(lambda g, x: g * np.cos(x) + np.inf)
    assert "is inf; if the derivative really is infinite there" in str(found)
    found = findings(lambda g, x: g * np.abs(g) * np.cos(x))[0]
    assert found.check == "linearity in the cotangent"
    found = findings(lambda g, x: np.abs(g) * np.cos(x))[0]
    assert found.check == "linearity in the cotangent"
    found = findings(lambda g, x: np.max(np.abs(g)) * np.sign(g[0]) * np.cos(x))[0]
    assert found.check == "linearity in the cotangent"
    noise = np.random.default_rng(0)
    found = findings(lambda g, x: g * np.cos(x) * noise.standard_normal())[0]
    assert found.check == "repeatability of the gradient"


def test_writing_into_inputs_or_cotangents_is_found() -> None:
    def in_place(x: Any) -> Any:
        x *= 2
        return x / 2

    report = check_vjp(in_place, lambda g, x: g, X)
    assert "the input 'x' was modified in place; compute with a copy" in str(report)

    def spoils_cotangent(g: Any, x: Any) -> Any:
        result = g * np.cos(x)
        g[...] = 0
        return result

    assert "the cotangent was modified in place" in str(check_vjp(np.sin, spoils_cotangent, X))

    def spoils_tensor(x: Any) -> Any:
        y = ad.sum(x * 2)
        x.data[0] = 5.0
        return y

    assert "the input 'x' was modified in place" in str(gradcheck(spoils_tensor, X))


def test_a_function_that_differs_when_gradients_are_off_is_found() -> None:
    report = gradcheck(lambda x: ad.sum(x * (2 if ad.is_grad_enabled() else 3)), X)
    assert report.findings[0].check == "value with and without gradients"
