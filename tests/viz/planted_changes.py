"""Random programs, and the single changes that are planted in them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import autodiff as ad

__all__ = ["KINDS", "Planted", "plant"]

KINDS = ("value", "operation", "settings", "operands", "order", "cut", "extra", "missing", "frozen")

UNARY: dict[str, Callable[..., Any]] = {
    "tanh": ad.tanh,
    "sigmoid": ad.sigmoid,
    "sin": ad.sin,
    "exp": ad.exp,
    "softplus": ad.softplus,
    "leaky": ad.leaky_relu,
}
BINARY: dict[str, Callable[..., Any]] = {
    "add": ad.add,
    "multiply": ad.multiply,
    "subtract": ad.subtract,
}
LEAVES, STEPS = 3, 12


@dataclass(frozen=True)
class Step:
    """One instruction: an operation, the steps it reads, and what is done to its result."""

    op: str
    reads: tuple[int, ...]
    slope: float = 0.1
    then: str = ""


@dataclass(frozen=True)
class Planted:
    """Two results, and the node at which one change was made.

    ``kind`` is what was changed; ``node`` is of the second graph, of the first for ``missing``.
    """

    kind: str
    a: Any
    b: Any
    node: Any


def _program(rng: random.Random) -> list[Step]:
    steps: list[Step] = []
    for number in range(STEPS):
        known = LEAVES + number
        latest = known - 1
        if number % 2 or rng.random() < 0.3:
            op = "leaky" if number == 5 else rng.choice(sorted(UNARY))
            steps.append(Step(op, (latest,), 0.1))
        else:
            other = rng.choice([i for i in range(known) if i != latest])
            op = "subtract" if number == 4 else rng.choice(sorted(BINARY))
            reads = (latest, other) if rng.random() < 0.5 else (other, latest)
            steps.append(Step(op, reads))
    return steps


def _run(
    steps: list[Step], leaves: list[Any], tensors: bool, frozen: int = -1
) -> tuple[Any, list[Any]]:
    made: list[Any] = []
    for number, data in enumerate(leaves):
        needs = number != frozen
        made.append(
            ad.Tensor(data, requires_grad=needs, name=f"x{number}")
            if tensors
            else ad.Value(float(data[0]), name=f"x{number}")
        )
    for step in steps:
        operands = [made[i] for i in step.reads]
        if step.op == "leaky":
            result = ad.leaky_relu(operands[0], step.slope)
        else:
            result = (UNARY | BINARY)[step.op](*operands)
        if step.then == "detach":
            result = result.detach()
        elif step.then == "sin":
            result = ad.sin(result * 0.7)
        made.append(result)
    # Every leaf is read, so that no change of one goes unnoticed.
    total = ad.tanh(made[-1]) * made[0] + made[1] * made[2]
    return (total.sum() if tensors else total), made


def plant(kind: str, seed: int, tensors: bool) -> Planted | None:
    """Plant one change in a program; `None` where this program offers no place for it."""
    rng = random.Random(seed)
    steps = _program(rng)
    leaves = [np.array([rng.uniform(-0.9, 0.9) for _ in range(5)]) for _ in range(LEAVES)]
    a, _ = _run(steps, leaves, tensors)
    changed, numbers, frozen = list(steps), list(leaves), -1
    place = rng.randrange(STEPS)
    if kind == "value":
        place = rng.randrange(LEAVES)
        numbers[place] = numbers[place] * 1.001
    elif kind == "frozen":
        if not tensors:
            return None
        place = frozen = rng.randrange(LEAVES)
    else:
        step = _changed(kind, place, steps, rng)
        if step is None:
            return None
        changed[place] = step
        place += LEAVES
    if kind == "missing":
        # The other way round: what the first program computes, the second leaves out.
        b, second = _run(changed, numbers, tensors)
        return Planted(kind, b, a, second[place])
    b, second = _run(changed, numbers, tensors, frozen)
    return Planted(kind, a, b, second[place])


def _changed(kind: str, place: int, steps: list[Step], rng: random.Random) -> Step | None:
    step = steps[place]
    if kind == "cut" and not (place + 1 < STEPS and len(steps[place + 1].reads) == 2):
        # What is computed from a number alone is a number, too: the cut would move on.
        return None
    if kind == "operation":
        family = UNARY if step.op in UNARY else BINARY
        return replace(step, op=rng.choice([op for op in sorted(family) if op != step.op]))
    if kind == "settings":
        return replace(step, slope=0.4) if step.op == "leaky" else None
    if kind == "order":
        turned = replace(step, reads=step.reads[::-1])
        return turned if step.op == "subtract" and step.reads[0] != step.reads[1] else None
    if kind == "operands":
        free = [i for i in range(LEAVES + place) if i not in step.reads]
        if len(step.reads) != 2 or not free:
            return None
        # The later one is read on, so that the rest of the program stays.
        keep = max(step.reads)
        return replace(step, reads=tuple(i if i == keep else rng.choice(free) for i in step.reads))
    return replace(step, then={"cut": "detach", "extra": "sin", "missing": "sin"}[kind])
