"""`viz.why` names the kind and the line of planted faults, before and after `backward`."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import tests.viz.planted_in_networks
import tests.viz.planted_sizes  # noqa: F401 - both add to the list of faults
import viz
from tests.viz.healthy_networks import HEALTHY
from tests.viz.planted_faults import FAULTS, Program
from viz.causes.finding import KINDS


def lines_of(program: Program) -> set[int]:
    source, start = inspect.getsourcelines(program)
    return {start + i for i, line in enumerate(source) if line.rstrip().endswith("# fault")}


def ask(program: Program, *, after: bool) -> Any:
    with np.errstate(all="ignore"):
        root, x, *element = program()
        if after and root.requires_grad:
            root.backward()
    return viz.why(root, x, element=element[0] if element else None)


def right(kind: str, program: Program, *, after: bool) -> str:
    """What is wrong with the answer; empty if nothing is."""
    answer = ask(program, after=after)
    lines = lines_of(program)
    found = None if answer.line is None else answer.line[1]
    if answer.kind == kind and (found in lines if lines else found is None):
        return ""
    return f"{program.__name__}: {kind} at {sorted(lines)}, not {answer.kind} at {found}: {answer}"


def test_first_answers_are_right() -> None:
    wrong = [text for kind, program in FAULTS if (text := right(kind, program, after=False))]
    assert len(FAULTS) >= 90
    assert len({kind for kind, _ in FAULTS}) >= 20
    assert len(wrong) <= 0.05 * len(FAULTS), "\n\n".join(wrong)


def test_the_kinds_are_those_that_are_told_of() -> None:
    assert {kind for kind, _ in FAULTS} | {"healthy", "unknown"} == set(KINDS)


KEPT = [(k, p) for k, p in FAULTS if k not in ("cleared", "changed", "custom")]


def test_answers_after_backward_are_the_same() -> None:
    wrong = [text for kind, program in KEPT if (text := right(kind, program, after=True))]
    assert len(wrong) <= 0.05 * len(KEPT), "\n\n".join(wrong)


@pytest.mark.parametrize("program", [p for _, p in FAULTS], ids=lambda p: p.__name__)
def test_answers_can_be_read_and_drawn(program: Program) -> None:
    answer = ask(program, after=False)
    assert answer.verdict.endswith(".")
    assert answer.verdict in str(answer)
    assert answer.svg.count("<svg") == 1


@pytest.mark.parametrize("network", HEALTHY, ids=lambda n: n.__name__)
def test_silence_on_healthy_networks(network: Any) -> None:
    root, asked = network()
    before = viz.why(root, asked)
    assert before.healthy, str(before)
    root.backward()
    after = viz.why(root, asked)
    assert after.healthy, str(after)
