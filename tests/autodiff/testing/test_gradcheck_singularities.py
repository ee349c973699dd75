"""Near singularities, over many periods, at edges of domains: no right gradient is called wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.testing import Reason, Verdict, check_vjp, differences, gradcheck
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, apply, title

Function = Callable[[Any], Any]

DISTANCES = 10.0 ** -np.arange(2, 13)

# What is not finite, or has no derivative, at a point; and the sides to come from.
SINGULAR: dict[str, tuple[Function, float, str]] = {
    "log": (ad.log, 0.0, "+"),
    "log(x - 1)": (lambda x: ad.log(x - 1), 1.0, "+"),
    "log1p": (ad.log1p, -1.0, "+"),
    "log(1 - x²)": (lambda x: ad.log(1 - x * x), 1.0, "-"),
    "x log x": (lambda x: x * ad.log(x), 0.0, "+"),
    "logit": (lambda x: ad.log(x / (1 - x)), 1.0, "-"),
    "logit at 0": (lambda x: ad.log(x / (1 - x)), 0.0, "+"),
    "1 / x": (lambda x: 1 / x, 0.0, "+-"),
    "1 / (x - 3)": (lambda x: 1 / (x - 3), 3.0, "+-"),
    "1 / (x - 3)²": (lambda x: 1 / (x - 3) ** 2, 3.0, "+-"),
    "x^-2.5": (lambda x: x**-2.5, 0.0, "+"),
    "tan": (ad.tan, np.pi / 2, "+-"),
    "arccos": (ad.arccos, 1.0, "-"),
    "arccos at -1": (ad.arccos, -1.0, "+"),
    "arcsin": (ad.arcsin, 1.0, "-"),
    "arctanh": (ad.arctanh, 1.0, "-"),
    "arctanh at -1": (ad.arctanh, -1.0, "+"),
    "arccosh": (ad.arccosh, 1.0, "+"),
    "√x": (ad.sqrt, 0.0, "+"),
    "√(1 - x)": (lambda x: ad.sqrt(1 - x), 1.0, "-"),
    "√(x - 2)": (lambda x: (x - 2) ** 0.5, 2.0, "+"),
    "cube root": (ad.cbrt, 0.0, "+-"),
    "|x - 1|^1.5": (lambda x: ad.abs(x - 1) ** 1.5, 1.0, "+-"),
    "sin(1 / x)": (lambda x: ad.sin(1 / x), 0.0, "+-"),
}
CASES = [
    pytest.param(f, at + (1 if side == "+" else -1) * DISTANCES, id=f"{name} {side}")
    for name, (f, at, sides) in SINGULAR.items()
    for side in sides
]
# The condition of the one left out is no number.
TABLE = [entry for entry in DIFFERENTIABLE if entry.name != "where"]
SLOW = ("beta", "betaln", "gamma_density", "gammainc", "gammaincc", "gammainc_derivative")


def _faulty(f: Function, fault: float) -> tuple[Function, Callable[[Any, Any], Any]]:
    def value(x: Any) -> Any:
        with ad.no_grad():
            return f(ad.Tensor(x)).numpy()

    def vjp(cotangent: Any, x: Any) -> Any:
        leaf = ad.Tensor(x, requires_grad=True)
        f(leaf).backward(cotangent)
        return (1 + fault) * leaf.grad

    return value, vjp


def _verdicts(f: Function, points: Any, fault: float = 0.0) -> list[Verdict]:
    """The verdict on the derivative at each point."""
    report = check_vjp(*_faulty(f, fault), np.asarray(points))
    assert not report.findings, report
    return [entry.verdict for entry in report.entries if entry.index == (entry.output or ())]


@pytest.mark.parametrize(("f", "points"), CASES)
def test_a_right_gradient_near_a_singularity_is_found_right(f: Function, points: Any) -> None:
    verdicts = _verdicts(f, points[::4])
    assert set(verdicts) <= {Verdict.OK, Verdict.UNDECIDED}
    assert verdicts.count(Verdict.OK) >= 2, verdicts


@pytest.mark.parametrize("fault", [1e-1, 1e-3])
def test_a_fault_near_a_singularity_never_passes(fault: float) -> None:
    found: Counter[Verdict] = Counter()
    for case in CASES:
        f, points = case.values
        verdicts = _verdicts(f, points[[5, 9]], fault)
        assert Verdict.OK not in verdicts, (case.id, verdicts)
        found.update(verdicts)
    assert set(found) <= {Verdict.WRONG, Verdict.UNDECIDED}
    assert found[Verdict.WRONG] > (0.95 if fault > 1e-2 else 0.9) * found.total(), found


@pytest.mark.exhaustive
@pytest.mark.parametrize(("f", "points"), CASES)
def test_each_point_by_itself(f: Function, points: Any) -> None:
    for x in points:
        assert _verdicts(f, x)[0] in (Verdict.OK, Verdict.UNDECIDED), x
        for fault in (1e-1, 1e-3, -1e-3):
            assert _verdicts(f, x, fault)[0] in (Verdict.WRONG, Verdict.UNDECIDED), (x, fault)


@pytest.mark.parametrize(
    ("f", "x"),
    [(ad.log1p, -1 + 1e-10), (lambda x: 1 / (x - 3), 3 + 1e-7), (ad.arctanh, 1 - 1e-10)],
)
def test_numbers_near_a_singularity(f: Function, x: float) -> None:
    assert gradcheck(f, x).passed
    for fault in (1e-1, 1e-3):
        assert _verdicts(f, x, fault) == [Verdict.WRONG]


@pytest.mark.parametrize("x", [1e6, 1e8, 1e10, 1e12, 1e15])
@pytest.mark.parametrize(
    "f", [ad.sin, ad.cos, lambda x: ad.tanh(ad.sin(x)), lambda x: ad.sin(100 * x)]
)
def test_over_many_periods_nothing_right_is_wrong(f: Function, x: float) -> None:
    (verdict,) = _verdicts(f, x)
    assert verdict in (Verdict.OK, Verdict.UNDECIDED)
    if x <= 1e8:
        assert verdict is Verdict.OK
        assert _verdicts(f, x, 0.1) == [Verdict.WRONG]
    assert _verdicts(f, x, 0.1)[0] is not Verdict.OK


def test_a_wave_below_the_resolution_of_its_argument_is_not_called_wrong() -> None:
    report = gradcheck(lambda x: ad.sin(100 * x), 1e12)
    assert [e.verdict for e in report.entries] == [Verdict.UNDECIDED]
    assert report.entries[0].reason is Reason.TOO_NOISY


def _edges(kinks: tuple[float, ...], distances: Any) -> Any:
    at = np.array(sorted({-1.0, 0.0, 1.0, *kinks}))
    return np.concatenate([side * d + at for d in distances for side in (-1, 1)])


def _wrong_at_edges(entry: Any, distances: Any) -> list[Any]:
    """Right derivatives of an entry that are called wrong, near where any might be singular."""
    wrong = []
    middles = [(domain.low + domain.high) / 2 for domain in entry.domains]
    for moving in range(entry.arity):
        others = [np.float64(middle) for middle in middles]

        def one(x: Any, moving: int = moving, others: list[Any] = others) -> Any:
            return apply(entry, *others[:moving], x, *others[moving + 1 :])

        points = _edges(entry.kinks, distances)
        with np.errstate(all="ignore"):
            leaf = ad.Tensor(points, requires_grad=True)
            result = one(leaf)
            result.backward(np.ones(points.shape))
            assert leaf.grad is not None
            points = points[np.isfinite(result.numpy()) & np.isfinite(leaf.grad)]
        for part in np.array_split(points, -(-len(points) // 24)) if len(points) else []:
            report = gradcheck(one, part)
            wrong += [e for e in report.entries if e.verdict is Verdict.WRONG] + [*report.findings]
    return wrong


@pytest.mark.parametrize("entry", [e for e in TABLE if e.name not in SLOW], ids=title)
def test_right_rules_of_the_table_near_the_edges(entry: Any) -> None:
    assert not _wrong_at_edges(entry, [1e-10])


@pytest.mark.exhaustive
@pytest.mark.parametrize("entry", TABLE, ids=title)
def test_right_rules_of_the_table_ever_nearer_to_the_edges(entry: Any) -> None:
    assert not _wrong_at_edges(entry, DISTANCES)


@pytest.mark.parametrize("x", [1e-5, 1e-6, -1e-6, 1.3e-7, 3.37e-8, 2.7e-9])
def test_values_made_of_the_last_places_of_the_argument_accuse_nobody(x: float) -> None:
    assert _verdicts(ad.tanhshrink, x)[0] in (Verdict.OK, Verdict.UNDECIDED)


@pytest.mark.parametrize("f", [ad.floor_divide, ad.remainder])
@pytest.mark.parametrize("divisor", [1e-3, 1.7e-5, 1e-6, -1e-9])
def test_stairs_are_not_called_wrong_for_the_slope_of_the_staircase(f: Any, divisor: float) -> None:
    verdicts = _verdicts(lambda x: f(np.float64(1.5), x), np.array([divisor, 0.7]))
    assert Verdict.WRONG not in verdicts
    assert verdicts[1] is Verdict.OK


@pytest.mark.parametrize("largest", [41, 43, 45, 47])
def test_noise_that_a_special_point_hides_accuses_nobody(
    largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def polar(x: Any) -> Any:
        u, _, vh = ad.linalg.svd(x)
        return u @ vh

    monkeypatch.setattr(differences, "_LARGEST", largest / 128)
    report = gradcheck(polar, np.diag([1.0, 1.0, 2.0]))
    assert set(report.counts) <= {Verdict.OK, Verdict.UNDECIDED}, report


# Each loses most of its digits to cancellation; numbers of few bits hide rounding from equal steps.
CANCELLING: dict[str, tuple[Function, list[float]]] = {
    "(1 - cos x) / x²": (lambda x: (1 - ad.cos(x)) / x**2, [1e-3, 2e-3, 5e-2]),
    "(exp(x) - 1) / x": (lambda x: (ad.exp(x) - 1) / x, [1e-4, 1e-3, -1e-5]),
    "√(x + 1) - √x": (lambda x: ad.sqrt(x + 1) - ad.sqrt(x), [1e6, 1e4, 1e2]),
    "x - sin x": (lambda x: x - ad.sin(x), [1e-3, 1e-2, 0.1]),
    "1 - tanh x": (lambda x: 1 - ad.tanh(x), [5.0, 7.0, 8.0]),
    "variance": (lambda x: ad.mean(x * x) - ad.mean(x) ** 2, [1000.1, 1000.2, 1000.4]),
    "a large number on the way": (lambda x: ((x + 1e4) - 1e4) ** 2, [1e-3, 0.1, 1.0]),
    "log sum exp - max": (lambda x: ad.logsumexp(x) - ad.max(x), [20.0, 1.0, 2.0]),
    "smaller root": (lambda x: (-x + ad.sqrt(x * x - 1)) / 2, [100.0, 1000.0, 3000.0]),
}


@pytest.mark.parametrize("name", CANCELLING)
def test_cancellation_in_single_precision_is_no_fault(name: str) -> None:
    f, point = CANCELLING[name]
    report = gradcheck(f, np.array(point, np.float32))
    assert not report.findings, report
    assert Verdict.WRONG not in report.counts, report


def test_single_precision_that_is_lost_without_cancellation_is_still_found() -> None:
    def rough(x: Any) -> Any:
        return ad.exp(ad.Tensor.astype(x, np.float16) if x.dtype == np.float32 else x)

    report = gradcheck(rough, np.array([0.3, 0.7, -1.1], np.float32))
    assert any(finding.check == "gradient in float32" for finding in report.findings), report
