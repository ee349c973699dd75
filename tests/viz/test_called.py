"""Names from the user's source: the variables that hold a node, and never a wrong one."""

from __future__ import annotations

import ast
import linecache
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.viz import programs
from viz import draw

EXPECTED: list[tuple[Callable[[], Any], str]] = [
    (programs.plain, "aa; bb; c = aa · bb"),
    (programs.reassigned, "a₁; b; a₂ = a₁ · b; a₃ = a₂ + b"),
    (programs.augmented, "a; b; total₁ = a · b; total₂ = total₁ + b; total₃ = total₂ − a"),
    (programs.swapped, "p₁; q₁; p₂ = p₁ + q₁; q₂ = p₁ − q₁; r = p₂ · q₂"),
    (programs.loop, "h₁; h₂ = tanh(h₁); h₃ = tanh(h₂); h₄ = tanh(h₃)"),
    (
        programs.comprehension,
        "out₁; w₁; w₂; part₁ = w₁ · 2; part₂ = w₂ · 2; out₂ = out₁ + part₁; out₃ = out₂ + part₂",
    ),
    (programs.several_lines, "left; right; p = left · right; q = left / right; both = p + q"),
    (programs.same_operation_twice_on_a_line, "u; v; w; s = u · v; t = v · w; z = s · t"),
    (programs.inner_function, "p; q; r₁ = p · q; r₂ = r₁ · q"),
    (
        programs.recursive,
        "below; square₁ = below · below; square₂ = square₁ · square₁; square₃ = square₂ · square₂",
    ),
    (programs.anonymous, "v; L = v · v"),
    (programs.chosen, "a; b; c = a · b; e = a + b; p = c · e; L = p + c"),
    (programs.taken_apart, "t; first = t[:2]; p = first · first; L = Σ p"),
    (
        programs.several_results,
        "matrix; v₁ = mirror(matrix); v₂ = eigh(v₁); v₃ = v₂[…, 0, :]; L = Σ v₃",
    ),
    (programs.module_in_the_place_of_an_operand, "t; L = clip(t, 0, 2)"),
    (programs.attributes, "weight; x; out = weight · x"),
    (programs.ends_in_a_digit, "x₁ (1); x₁ (2) = x₁ (1) · x₁ (1); x₁ (3) = tanh(x₁ (2))"),
    (programs.clashing, "c₁; p = c₁ · 3; L = p · c₁"),
    (programs.given_names, "c; b; L = c · b"),
    (programs.constants_of_one_value, "x; y = 2 · x; z = 2 · y"),
    (programs.several_returned, "image; v = max_pool(image); L = Σ v"),
    (
        programs.names_of_two_callers,
        "x; first = x · 3; both = first + first; other = x + x; L = both · other",
    ),
    (
        programs.annotated_and_generated,
        "a; b; p = a · b; d = a − b; s = 0 + p; total = s + d; scaled = total · a",
    ),
    (programs.through_numpy, "x; y = exp(x); data; z = data · y; s = Σ z"),
    (
        programs.products_of_matrices,
        "Wq; bq; data; m = data @ Wq; queries = m + bq; q = queries²; loss = mean q",
    ),
]


def named(result: Any) -> str:
    cards = draw(result, engine="builtin").graph.cards
    return "; ".join(f"{card.name} {card.formula}".strip() for card in cards)


@pytest.mark.parametrize(
    ("program", "expected"), EXPECTED, ids=lambda given: getattr(given, "__name__", "names")
)
def test_variables_name_their_nodes(program: Callable[[], Any], expected: str) -> None:
    assert named(program()) == expected


def test_a_variable_tells_what_is_a_parameter() -> None:
    drawing = draw(programs.products_of_matrices(), engine="builtin")
    roles = {card.name: card.role for card in drawing.graph.cards}
    assert (roles["Wq"], roles["bq"], roles["data"], roles["loss"]) == (
        "parameter", "parameter", "input", "output",
    )  # fmt: skip


def test_a_plain_number_has_no_name() -> None:
    cards = draw(programs.constants_of_one_value(), constants=True, engine="builtin").graph.cards
    assert [card.name for card in cards] == ["c", "x", "y", "z"]


SOURCE = textwrap.dedent(
    """
    from autodiff import Value

    def run():
        aa, bb = Value(2.0), Value(3.0)
        c = aa * bb
        return c
    """
)


def run(source: str, filename: str) -> Any:
    space: dict[str, Any] = {}
    exec(compile(source, filename, "exec"), space)
    return space["run"]()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("aa * bb", "bb * aa"),
        ("c = aa", "d = aa"),
        ("c", "d"),
        ("\n    c", "\n\n    c"),
        (SOURCE, "1 +"),
    ],
)
def test_a_source_that_changed_tells_nothing(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "program.py"
    path.write_text(SOURCE, encoding="utf-8")
    node = run(SOURCE, str(path))
    assert named(node) == "aa; bb; c = aa · bb"
    head, body = SOURCE.split("3.0)")
    changed = f"{head}3.0){body.replace(before, after)}" if before != SOURCE else after
    path.write_text(changed, encoding="utf-8")
    assert named(node) == "x₁; x₂; L = x₁ · x₂"


def test_code_without_a_source_tells_nothing(tmp_path: Path) -> None:
    for filename in ("<string>", str(tmp_path / "absent.py"), __file__):
        assert named(run(SOURCE, filename)) == "x₁; x₂; L = x₁ · x₂"


@pytest.mark.parametrize("mode", ["exec", "single"])
def test_statements_of_a_notebook_are_compiled_one_by_one(mode: str) -> None:
    cell = "from autodiff import Value\naa, bb = Value(2.0), Value(3.0)\nc = aa * bb\nc\n"
    filename = f"<cell {mode}>"
    linecache.cache[filename] = (len(cell), None, cell.splitlines(keepends=True), filename)
    space: dict[str, Any] = {"__name__": "__main__"}
    for statement in ast.parse(cell).body:
        kind: Any = ast.Module([statement], []) if mode == "exec" else ast.Interactive([statement])
        exec(compile(kind, filename, mode), space)
    assert named(space["c"]) == "aa; bb; c = aa · bb"


def test_the_same_line_twice_is_two_nodes() -> None:
    first, second = programs.plain(), programs.plain()
    assert named(first + second) == (
        "aa₁; bb₁; c₁ = aa₁ · bb₁; aa₂; bb₂; c₂ = aa₂ · bb₂; L = c₁ + c₂"
    )


def test_what_a_picture_calls_a_node_can_be_its_focus() -> None:
    node = programs.products_of_matrices()
    for focus, count in (("queries", 4), ("Wq", 2), ("m", 4)):
        cards = draw(node, focus=focus, hops=1, engine="builtin").graph.cards
        assert len(cards) == count
        assert focus in [card.name for card in cards]
    with pytest.raises(ValueError, match="names are: Wq, bq, data, loss, m, q, queries"):
        draw(node, focus="absent")
