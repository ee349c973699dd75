"""Whatever is installed does the same work: on tiny sizes, as the benchmarks check on theirs."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.agreement import disagreement, tolerance
from benchmarks.measure import measure
from benchmarks.peer import Job, Line, Outcome, load
from benchmarks.problems import MLP, Chain, Moons, Problem, Small, Wide, two_moons
from benchmarks.scalars import run_chain, run_wide

TINY: list[Problem] = [
    Moons(samples=9, sizes=(2, 4, 3, 1)),
    Chain(operations=20),
    Wide(operations=31, leaves=4),
    Small((3,)),
    MLP(batch=5, sizes=(6, 5, 4, 3)),
    MLP(batch=5, optimizer="adam", sizes=(6, 5, 4, 3)),
]
PEERS, ABSENT = load()
CASES = [
    pytest.param(problem, line, id=f"{type(problem).__name__}-{line.title}")
    for problem in TINY
    for peer in PEERS
    for line in peer.lines_for(problem)
    if line.way != "bare products"
]


def _first_step(line: Line, problem: Problem) -> Outcome:
    job = line.make(problem)
    job.step()
    assert job.outcome is not None
    return job.outcome()


def _by_hand(problem: Problem) -> Line:
    peer = next(peer for peer in PEERS if peer.name == "NumPy by hand")
    return peer.lines_for(problem)[0]


@pytest.mark.parametrize(("problem", "line"), CASES)
def test_first_step_is_that_of_numpy_by_hand(problem: Problem, line: Line) -> None:
    outcome, reference = _first_step(line, problem), _first_step(_by_hand(problem), problem)
    distances = disagreement(outcome, reference, problem.parameters)
    assert len(distances) >= 2
    assert max(distances.values()) <= tolerance(outcome, reference), distances


def test_our_engine_is_among_them() -> None:
    assert {"glassgrad", "glassgrad_compiled"}.isdisjoint(ABSENT), ABSENT


def _line(value: float, gradient: float, dtype: type = float) -> Line:
    outcome = Outcome(value, [np.array([gradient, 0.0], dtype)], [])
    return Line("fake", str(value), Small, lambda _: Job(int, lambda: outcome), False)


def test_a_line_that_does_other_work_is_found_out() -> None:
    lines = [_line(2.0, 1.0), _line(2.0, 1.0 + 1e-6), _line(2.0 + 1e-6, 1.0), _line(2.0, 1.0)]
    results = measure(Small((1,)), lines, rounds=1)
    assert [r.agrees for r in results] == [True, False, False, True]
    assert results[1].distances["gradient"] == pytest.approx(1e-6, rel=1e-3)


def test_single_precision_is_judged_by_its_own_measure() -> None:
    lines = [_line(2.0, 1.0, np.float32), _line(2.0, 1.0 + 1e-6), _line(2.0, 1.01)]
    results = measure(Small((1,)), lines, rounds=1)
    assert [r.agrees for r in results] == [True, True, False]


def test_updates_are_compared_by_what_they_moved() -> None:
    start = [np.full(3, 1000.0)]
    moved, still = (Outcome(1.0, [], [start[0] + by]) for by in (1e-3, 0.0))
    assert disagreement(still, moved, start)["update"] == pytest.approx(1.0)
    assert disagreement(moved, moved, start)["update"] == 0.0


def test_a_line_that_fails_says_so_and_the_others_go_on() -> None:
    def step() -> None:
        raise RecursionError("too deep\nsecond line")

    broken = Line("fake", "broken", Small, lambda _: Job(step, None), False)
    failed, whole = measure(Small((1,)), [broken, _line(2.0, 1.0)], rounds=2)
    assert failed.failure == "RecursionError: too deep"
    assert failed.seconds is None
    assert len(whole.samples) == 2
    assert whole.seconds is not None


class _Counting(float):
    """A float that counts the operations done with it."""

    operations = 0

    def __add__(self, other: float) -> _Counting:
        _Counting.operations += 1
        return _Counting(float(self) + other)

    def __mul__(self, other: float) -> _Counting:
        _Counting.operations += 1
        return _Counting(float(self) * other)


@pytest.mark.parametrize("problem", [Chain(), Wide()], ids=["chain", "wide"])
def test_the_scalar_programs_have_as_many_operations_as_they_say(problem: Chain | Wide) -> None:
    _Counting.operations = 0
    if isinstance(problem, Chain):
        run_chain(problem, *map(_Counting, problem.parameters))
    else:
        run_wide(problem, *([_Counting(v) for v in side] for side in problem.parameters))
    assert _Counting.operations == problem.operations == 100_000


def test_two_moons_are_two_half_circles() -> None:
    points, labels = two_moons(101, 0.0, np.random.default_rng(0))
    assert points.shape == (101, 2)
    assert sorted(labels.tolist()) == [-1.0] * 50 + [1.0] * 51
    upper = points[labels < 0]
    lower = points[labels > 0]
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0)
    np.testing.assert_allclose(np.hypot(lower[:, 0] - 1, lower[:, 1] - 0.5), 1.0)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5
