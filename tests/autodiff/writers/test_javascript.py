"""JavaScript of the table's entries, run by Node beside Python's own values."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import ops
from autodiff.backends.arrays import arrays
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.symbolic import Expression, Symbol
from autodiff.symbolic.evaluate import evaluate
from autodiff.symbolic.expression import Apply
from autodiff.symbolic.partial_derivatives import formula_of_partial
from autodiff.symbolic.strong_zeros import choice
from autodiff.writers.javascript import JavaScript, UnwritableError, javascript, javascript_formula
from autodiff.writers.javascript_library import FUNCTIONS, source
from tests.autodiff.symbolic.symbolic_formulas import formulas, value

EDGES = [0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -2.5, 1e-9, 30.0, -30.0, math.inf, -math.inf, math.nan]


def run_node(program: str) -> Any:
    """What a program writes as JSON, where NaN and infinities are text."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    done = subprocess.run([node, "-"], input=program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout, parse_float=float)


SHOW = """
const shown = x => typeof x === "boolean" ? +x : Number.isFinite(x) ? x : String(x);
"""


def number(shown: Any) -> float:
    return float(str(shown).replace("Infinity", "inf"))


def entries() -> Iterator[tuple[Elementwise, JavaScript]]:
    for entry in TABLE.values():
        if isinstance(entry, Elementwise):
            try:
                yield entry, javascript(entry)
            except UnwritableError:
                continue


def points(arity: int, rng: np.random.Generator) -> list[list[float]]:
    """Operands: at edges, alone and in pairs, and anywhere."""
    rows = [[edge] * arity for edge in EDGES]
    rows += [[float(v) for v in rng.choice(EDGES, arity)] for _ in range(60)]
    rows += [[float(v) for v in rng.normal(0, 2, arity)] for _ in range(60)]
    return rows


def close(found: float, wanted: float) -> bool:
    if math.isnan(wanted) or math.isinf(wanted):
        return found == wanted or (math.isnan(found) and math.isnan(wanted))
    return abs(found - wanted) <= 1e-12 * max(1.0, abs(wanted)) or (
        # Beyond what the sample of numbers asks for, neither is exact.
        abs(wanted) > 1e12 and math.isclose(found, wanted, rel_tol=1e-11)
    )


def wanted_of(entry: Elementwise, row: list[float]) -> list[list[Any]]:
    """Value; and the slope and whether it is sent, of each operand."""
    operands = [np.float64(v) for v in row]
    with np.errstate(all="ignore"):
        y = np.float64(entry.forward(arrays, *operands))
        env = {"y": y, **{f"x{i}": v for i, v in enumerate(operands)}}
        found: list[list[Any]] = [[float(y)]]
        for i in range(entry.arity if entry.differentiable else 0):
            condition, slope = choice(formula_of_partial(entry, i, {}))
            sent = condition is None or bool(evaluate(condition, arrays, env))
            found.append([float(evaluate(slope, arrays, env)), sent])
    return found


def test_every_entry_computes_what_python_does() -> None:
    ops.every_primitive()
    rng = np.random.default_rng(0)
    written = list(entries())
    assert len(written) >= 78
    rows = {entry.name: points(entry.arity, rng) for entry, _ in written}
    given_ = json.dumps(
        {name: [[str(v) for v in row] for row in lines] for name, lines in rows.items()}
    )
    table = ",".join(
        f"{json.dumps(e.name)}: {{f: {j.value}, d: [{','.join(j.partials)}], "
        f"s: [{','.join(c or '() => true' for c in j.sends)}]}}"
        for e, j in written
    )
    found = run_node(
        f"""{SHOW}{source(FUNCTIONS)}
const table = {{{table}}}, rows = {given_}, out = {{}};
const read = t => t === "inf" ? Infinity : t === "-inf" ? -Infinity : Number(t);
for (const name in table) out[name] = rows[name].map(row => {{
  const x = row.map(read), entry = table[name], y = entry.f(...x);
  return [[shown(y)], ...entry.d.map((d, i) => [shown(d(y, ...x)), entry.s[i](y, ...x)])];
}});
console.log(JSON.stringify(out));"""
    )
    wrong = []
    for entry, _ in written:
        for row, result in zip(rows[entry.name], found[entry.name], strict=True):
            for part, (have, want) in enumerate(zip(result, wanted_of(entry, row), strict=True)):
                sent = part == 0 or want[1]
                assert part == 0 or have[1] == want[1], (entry.name, row, part)
                if sent and not close(number(have[0]), want[0]):
                    wrong.append((entry.name, row, part, have[0], want[0]))
    assert not wrong, wrong[:20]


@settings(max_examples=5, deadline=None)
@given(st.lists(formulas, min_size=30, max_size=30), st.integers(0, 1000))
def test_random_formulas_compute_what_python_does(es: list[Expression], seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = ["a", "b", "c", "x", "y", "o"]
    env = {name: float(v) for name, v in zip(names, rng.normal(size=len(names)), strict=True)}
    written = ",".join(javascript_formula(e, names)[0] for e in es)
    found = run_node(
        f"""{SHOW}{source(FUNCTIONS)}
const row = {json.dumps(list(env.values()))};
console.log(JSON.stringify([{written}].map(f => shown(f(...row)))));"""
    )
    for e, have in zip(es, found, strict=True):
        wanted = value(e, env)
        if np.isfinite(wanted) and abs(wanted) < 1e6:
            assert close(number(have), float(wanted)), e


LACKING = set(
    "i0 i1 i0e i1e j0 j1 erfinv ndtri gamma gammaln digamma hurwitz_zeta betaln beta gammainc "
    "gammaincc gammainc_derivative gamma_density".split()
)


def test_what_javascript_lacks_is_refused_by_name_and_nothing_else() -> None:
    refused = {}
    for name, entry in ops.every_primitive().items():
        if isinstance(entry, Elementwise):
            try:
                javascript(entry)
            except UnwritableError as error:
                refused[name] = str(error)
    assert refused.keys() == LACKING
    for name, said in refused.items():
        assert said.startswith(f"{name} cannot be written as JavaScript, which has no ")


@pytest.mark.parametrize(
    ("e", "text"),
    [
        (Symbol("a") - (Symbol("b") - Symbol("c")), "a - (b - c)"),
        (-(-Symbol("a") - 1), "1 + a"),
        (Symbol("a") / (Symbol("b") * Symbol("c")), "a / (b * c)"),
        (Symbol("a") ** 4, "power(a, 4)"),
        (Symbol("a") - Apply("negative", (Symbol("b"),)), "a + b"),
    ],
)
def test_brackets_are_those_that_are_needed(e: Expression, text: str) -> None:
    assert javascript_formula(e, ["a", "b", "c"])[0] == f"(a, b, c) => {text}"


def test_helpers_bring_those_that_they_call() -> None:
    written = javascript(TABLE["gelu"])  # type: ignore[arg-type]
    assert written.helpers == {"gelu", "gelu_slope", "erf", "erfc", "erfcx"}
    assert "const erfc = " in source(["gelu"])


def test_an_operation_without_a_counterpart_names_what_needs_it() -> None:
    with pytest.raises(UnwritableError, match="foo cannot be written as JavaScript"):
        javascript_formula(Apply("foo", (Symbol("x"),)), ["x"])
