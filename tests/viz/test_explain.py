"""`viz.explain`: a gradient as the sum over paths, against brute force and the backward pass."""

from __future__ import annotations

import json
import math
import random
import re
import subprocess
import sys
import time
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

import autodiff as ad
import viz
from autodiff.errors import NonDifferentiableError
from autodiff.sweeps.gradients import gradients
from viz.paths.best import best_paths
from viz.paths.between import between
from viz.paths.recursion import swept
from viz.paths.terms import Local
from viz.paths.totals import totals
from viz.paths.written import head


def example() -> tuple[Any, Any, Any]:
    """L = (x · y + sin x) · x."""
    x, y = ad.Value(2.5, name="x"), ad.Value(0.4, name="y")
    p, q = x * y, ad.sin(x)
    u = p + q
    loss = u * x
    for node, name in ((p, "p"), (q, "q"), (u, "u"), (loss, "L")):
        node.name = name
    return loss, x, y


def brute_force(root: Any, wrt: Any) -> list[float]:
    """The product along every path, by walking each of them."""
    if root is wrt:
        return [1.0]
    found = []
    for operand, slope in root.local_gradients():
        found += [slope * rest if slope else 0.0 for rest in brute_force(operand, wrt)]
    return found


OPERATIONS = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a * a,
    lambda a, b: ad.relu(a),
    lambda a, b: ad.sin(a) * 2.0,
    lambda a, b: ad.maximum(a, b),
    lambda a, b: 0.0 * a + b,
]

STEPS = st.lists(
    st.tuples(st.integers(0, len(OPERATIONS) - 1), st.integers(0, 99), st.integers(0, 99)),
    min_size=0,
    max_size=12,
)


def grown(steps: list[tuple[int, int, int]]) -> list[Any]:
    nodes: list[Any] = [ad.Value(0.7), ad.Value(-1.3), ad.Value(0.0)]
    for operation, first, second in steps:
        # Late nodes more often, so that graphs become deep.
        a, b = nodes[-1 - first % len(nodes)], nodes[second % len(nodes)]
        nodes.append(OPERATIONS[operation](a, b))
    return nodes


@settings(max_examples=300, deadline=None)
@given(STEPS, st.integers(0, 99), st.integers(1, 6))
def test_paths_and_their_sums_are_those_of_brute_force(
    steps: list[tuple[int, int, int]], which: int, k: int
) -> None:
    nodes = grown(steps)
    root, wrt = nodes[-1], nodes[which % len(nodes)]
    products = sorted(brute_force(root, wrt), key=abs, reverse=True)
    told = viz.explain(root, wrt, k=k)
    size = math.fsum(map(abs, products))
    near = pytest.approx
    assert told.count == len(products)
    assert told.size == near(size, rel=1e-12, abs=1e-300)
    listed = [path.value for path in told.paths]
    assert len(listed) == min(k, len(products))
    assert sorted(map(abs, listed), reverse=True) == near(
        [abs(p) for p in products[:k]], rel=1e-12, abs=1e-300
    )
    assert told.rest.paths == max(0, len(products) - k)
    assert abs(told.total - gradients(root, inputs=[wrt])[0]) <= 1e-12 * size
    assert told.rest.value == near(
        math.fsum(products) - math.fsum(listed), abs=1e-12 * size + 1e-300
    )
    assert told.rest.size == near(size - math.fsum(map(abs, listed)), abs=1e-12 * size + 1e-300)
    for path in told.paths:
        assert path.value == near(math.prod(step.value for step in path.steps), rel=1e-12)
        assert [step.node for step in path.steps] == list(path.nodes[:-1])
        assert [step.operand for step in path.steps] == list(path.nodes[1:])


@pytest.mark.parametrize("seed", range(20))
def test_of_many_paths_the_largest_are_found(seed: int) -> None:
    rng = random.Random(seed)
    x = ad.Value(rng.gauss(0, 1), name="x")
    row = [ad.sin(x * rng.gauss(0, 1)) for _ in range(3)]
    for _ in range(3):
        row = [sum((v * rng.gauss(0, 1) for v in row), x * 0.1) for _ in range(3)]
    loss = row[0] * row[1] + row[2]
    products = sorted(brute_force(loss, x), key=abs, reverse=True)
    assert len(products) > 100
    told = viz.explain(loss, x, k=9)
    assert [path.value for path in told.paths] == pytest.approx(products[:9], rel=1e-12)
    assert told.rest.value == pytest.approx(math.fsum(products[9:]), abs=1e-13 * told.size)


def test_many_readers_are_told_as_one_number() -> None:
    x = ad.Value(2.0, name="x")
    terms = [x * float(i + 1) for i in range(10)]
    loss = terms[0]
    for term in terms[1:]:
        loss = loss + term
    last = viz.explain(loss, x).deltas[-1]
    told = math.fsum(share.value for share in last.shares)
    assert (len(last.shares), last.untold, told + last.untold_value) == (6, 4, 55.0)
    assert "(4 more terms)" in str(viz.explain(loss, x))


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(0, 99))
def test_deltas_are_the_gradients_of_the_nodes(
    steps: list[tuple[int, int, int]], which: int
) -> None:
    nodes = grown(steps)
    root, wrt = nodes[-1], nodes[which % len(nodes)]
    part = between(root, wrt)
    exact = gradients(root)
    assert swept(part) == pytest.approx([exact.get(node, 0.0) for node in part.nodes], rel=1e-12)
    told = viz.explain(root, wrt)
    for delta in told.deltas[1:]:
        parts = [share.value for share in delta.shares] + [delta.untold_value]
        assert math.fsum(parts) == pytest.approx(delta.value, rel=1e-9, abs=1e-12)


def test_the_example_of_the_page() -> None:
    loss, x, _ = example()
    told = viz.explain(loss, x)
    assert told.name == "∂L/∂x"
    assert [path.nodes for path in told.paths] == [
        ("L", "x"),
        ("L", "u", "p", "x"),
        ("L", "u", "q", "x"),
    ]
    assert [path.formula for path in told.paths] == ["u", "x · y", "x · cos(x)"]
    assert told.formula == "u + x · y + x · cos(x)"
    exact = 2 * 2.5 * 0.4 + math.sin(2.5) + 2.5 * math.cos(2.5)
    assert told.total == pytest.approx(exact, rel=1e-14)
    assert told.cancellation * abs(exact) == pytest.approx(4.601, rel=1e-3)
    assert told.verdict.startswith("The terms nearly cancel: their sizes add to 4.601")
    assert [check.name for check in told.checks] == ["finite differences", "backward pass"]
    assert all(check.agrees for check in told.checks)


def test_a_direct_use_names_what_is_held_fixed() -> None:
    loss, x, y = example()
    assert head(viz.explain(loss, x).paths[0].steps[0]) == "∂L/∂x|u"
    assert head(viz.explain(loss, y).paths[0].steps[-1]) == "∂p/∂y"


def test_the_two_uses_of_a_square_are_two_paths() -> None:
    x = ad.Value(3.0, name="x")
    told = viz.explain(x * x, x)
    assert [head(path.steps[0]) for path in told.paths] == ["∂L/∂x₍₁₎", "∂L/∂x₍₂₎"]
    assert (told.total, told.formula) == (6.0, "2 · x")


def test_the_result_itself_and_what_it_does_not_depend_on() -> None:
    x, other = ad.Value(3.0, name="x"), ad.Value(4.0, name="z")
    y = x * 2.0
    itself = viz.explain(y, y)
    assert (itself.count, itself.total, itself.paths[0].steps) == (1, 1.0, ())
    apart = viz.explain(y, other)
    assert (apart.count, apart.total, apart.paths) == (0, 0.0, [])
    assert "No path leads" in str(apart)
    assert "<svg" in apart.svg
    assert "<svg" in itself.svg


@pytest.mark.parametrize(
    ("make", "value"),
    [
        (lambda x: ad.sqrt(x) * x, math.nan),
        (lambda x: ad.log(x) + x, math.inf),
        (lambda x: ad.relu(x * -1.0) * ad.sqrt(x + 1.0), 0.0),
    ],
)
def test_what_is_not_finite_comes_first_and_is_said(make: Any, value: float) -> None:
    x = ad.Value(0.0, name="x")
    told = viz.explain(make(x), x, k=1)
    if value:
        assert not math.isfinite(told.paths[0].value) or told.paths[0].value == 0.0
    swept = gradients(make(x), inputs=[x])[0]
    assert told.total == pytest.approx(swept, nan_ok=True)
    assert told.svg
    assert str(told)


def test_finite_differences_find_a_wrong_slope() -> None:
    x, y = ad.Value(2.0, name="x"), ad.Value(3.0)
    product = x * y
    product._da = 3.5
    failed = {check.name: check.agrees for check in viz.explain(product * 1.0, x).checks}
    assert failed == {"finite differences": False, "backward pass": True}


def test_a_stored_gradient_of_several_passes_is_told_apart() -> None:
    loss, x, _ = example()
    loss.backward(retain_graph=True)
    loss.backward()
    told = viz.explain(loss, x)
    marks = {check.name: check.agrees for check in told.checks}
    assert marks == {"x.grad": False, "backward pass": True, "finite differences": True}
    assert "several backward() calls" in str(told)


def moons_loss() -> tuple[Any, list[Any]]:
    """micrograd's demonstration: 100 points through 2-16-16-1 neurons, every sum a node."""
    rng = random.Random(0)
    sizes = (2, 16, 16, 1)
    layers = [
        [([ad.Value(rng.uniform(-1, 1)) for _ in range(a)], ad.Value(0.0)) for _ in range(b)]
        for a, b in pairwise(sizes)
    ]
    loss = ad.Value(0.0)
    for _ in range(100):
        values: list[Any] = [ad.Value(rng.gauss(0, 1)) for _ in range(2)]
        for depth, layer in enumerate(layers):
            sums = []
            for weights, bias in layer:
                total = bias
                for w, v in zip(weights, values, strict=True):
                    total = total + w * v
                sums.append(ad.relu(total) if depth < 2 else total)
            values = sums
        loss = loss + ad.relu(1.0 - rng.choice((-1.0, 1.0)) * values[0])
    return loss * 0.01, [layers[0][3][0][0], layers[1][2][0][1], layers[2][0][0][0]]


def test_a_graph_of_65_000_nodes_in_a_second() -> None:
    loss, weights = moons_loss()
    assert len(ad.topological_order(loss)) > 64_000
    exact = gradients(loss, inputs=weights)
    for weight, gradient in zip(weights, exact, strict=True):
        start = time.perf_counter()
        told = viz.explain(loss, weight, k=5)
        took = time.perf_counter() - start
        assert abs(told.total - gradient) <= 1e-12 * told.size
        assert told.rest.paths == told.count - 5
        assert took < 3.0, took  # 0.4 s alone; the machine is shared
    assert all(check.agrees for check in told.checks)
    assert len(str(told)) < 12_000
    assert len(told.svg) < 100_000


def test_more_paths_than_there_are_atoms_are_counted_and_ranked() -> None:
    x = ad.Value(1.0, name="x")
    y = x
    for _ in range(400):
        y = y + 0.01 * ad.tanh(y)
    told = viz.explain(y, x, k=4)
    assert told.count == 2**400
    assert told.paths[0].value == 1.0
    assert abs(told.total - gradients(y, inputs=[x])[0]) <= 1e-12 * told.size
    assert "2.582·10¹²⁰" in str(told)


def test_the_rest_is_a_sum_of_its_own() -> None:
    loss, x, _ = example()
    part = between(loss, x)
    known = totals(part)
    broken = known._replace(sums=[2 * s for s in known.sums])
    assert best_paths(part, broken, 1)[1].value == 2 * best_paths(part, known, 1)[1].value


def test_texts_say_what_the_picture_says() -> None:
    loss, x, _ = example()
    told = viz.explain(loss, x)
    text = str(told)
    for said in (
        "∂L/∂u · ∂u/∂p · ∂p/∂x",
        "x · 1 · y",
        "2.5 × 1 × 0.4",
        "δ_u = δ_L · x",
        "0.5956131 ✓",
    ):
        assert said in text
    assert "δ_L · u + δ_q · cos(x) + δ_p · y" in text
    assert (
        r"\frac{\partial L}{\partial x} &= \left.\frac{\partial L}{\partial x}\right|_{u}"
        in told.latex
    )
    assert r"\delta_{u} &= \delta_{L} \cdot x" in told.latex
    assert told.latex.count("{") == told.latex.count("}")
    assert told.latex.count(r"\left") == told.latex.count(r"\right")
    assert all(ord(char) < 128 for char in told.latex.split("\n", 1)[1])
    assert told.markdown.count("\n| L ← ") == 3
    data = json.loads(told.json())
    assert [path["value"] for path in data["paths"]] == [path.value for path in told.paths]
    assert data["gradient"] == told.total
    for said in ("explain(L, x)", "+1.598", "−2.003", "running sum", told.verdict.split()[2]):
        assert said in told.svg


def test_files_of_every_kind(tmp_path: Any) -> None:
    loss, x, _ = example()
    told = viz.explain(loss, "x", engine="builtin")
    for form in ("svg", "html", "txt", "md", "tex", "json"):
        assert told.save(tmp_path / f"x.{form}").stat().st_size > 200
    assert x is told.wrt


def test_numbers_in_the_picture_do_not_touch() -> None:
    loss, x, _ = example()
    sizes = [float(s) for s in re.findall(r'font-size="([\d.]+)"', viz.explain(loss, x).svg)]
    assert min(sizes) >= 11


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda loss, x: viz.explain(3.0, x), TypeError, "give a Value or a Tensor"),
        (lambda loss, x: viz.explain(loss, 3.0), TypeError, "a node of the graph or its name"),
        (lambda loss, x: viz.explain(loss, "w"), ValueError, "names are: L, p, q, u, x, y"),
        (lambda loss, x: viz.explain(loss, x, k=0), ValueError, "positive whole number"),
        (lambda loss, x: viz.explain(loss, x.detach()), NonDifferentiableError, "no gradient"),
    ],
)
def test_errors_say_what_to_give(call: Any, error: Any, said: str) -> None:
    loss, x, _ = example()
    with pytest.raises(error, match=said):
        call(loss, x)


SCRIPT = """
import autodiff as ad, viz, hashlib
x, y = ad.Value(2.5, name="x"), ad.Value(0.4, name="y")
told = viz.explain((x * y + ad.sin(x)) * x * ad.tanh(y * x), x, engine="builtin")
print(hashlib.sha256((told.svg + told.text + told.latex + told.json()).encode()).hexdigest())
"""


def test_bytes_do_not_depend_on_the_seed_of_hashes() -> None:
    def run(seed: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert run("1") == run("2")


def test_a_local_derivative_of_many_operands_names_its_use() -> None:
    assert head(Local("s", "x", (), 0, "1", "1", 1.0)) == "∂s/∂x"
