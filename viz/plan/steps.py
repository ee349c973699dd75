"""One step in the place of all: what a view is when the steps of a loop share their cards."""

from __future__ import annotations

from dataclasses import replace

from viz.plan.loops import Steps, find_steps
from viz.plan.sums import Sums, find_sums
from viz.plan.view import Loop, State, View
from viz.read.skeleton import Path, common_path

__all__ = ["one_step", "without_loops"]

NESTED = 12
"""Loops within loops, and loops after each other, up to so many."""


def without_loops(view: View, layers: bool = False) -> View:
    """The view with one step for every loop in it.

    Args:
        view: what is to be shown.
        layers: whether layers of one structure count as steps, each with parameters of its own.
    """
    for _ in range(NESTED):
        sums = find_sums(view)
        steps = find_steps(view, sums, layers)
        if steps is None:
            break
        view = one_step(view, steps, sums)
    return view


def one_step(view: View, steps: Steps, sums: Sums) -> View:
    """The view with the last step in the place of all."""
    copies = len(steps.positions[0])
    row = len(steps.positions) == 1 and not (steps.states and (steps.shared or steps.each))
    instead = _instead(view, steps, sums)
    entries = {} if row else {p[-1 - back]: start for p, back, start in _states(steps)}
    shown = {steps.positions[0][-1]} if row else {p[-1] for p in steps.positions} | {*entries}
    alike = _beside(view, steps)
    path: Path = () if row else alike.path if alike else _frame(view, shown, copies)
    nodes = [i for i in view.nodes if i in entries or instead.get(i, i) == i]
    operands, paths = list(view.operands), list(view.paths)
    step = set(instead.values())
    for index in nodes:
        own = view.operands[index]
        if index in entries:
            operands[index] = [entries[index]]
        elif index in step and row:
            first = steps.positions[0][0]
            operands[index] = list(view.operands[first])
        elif index in step:
            operands[index] = [o if o in entries else instead.get(o, o) for o in own]
        else:
            operands[index] = [instead.get(o, o) for o in own]
    if path:
        depth = len(path) - 1
        for index in (*step, *entries):
            paths[index] = (*path, *view.paths[index][depth:])
        for index in steps.shared:
            paths[index] = _of_shared(view, index, paths, path)
    own_row = {steps.positions[0][-1]: copies} if row else {}
    return replace(
        view,
        nodes=nodes,
        operands=operands,
        paths=paths,
        titles=view.titles if alike else _titles(view, path, bool(steps.states)),
        stands_for=[s if s < 0 or s in entries else instead.get(s, s) for s in view.stands_for],
        loops=_with(view.loops, _loop(steps, path, sums), alike),
        entries=view.entries | entries.keys(),
        counts={**view.counts, **own_row},
    )


def _states(steps: Steps) -> list[tuple[tuple[int, ...], int, int]]:
    return [(steps.positions[where], back, start) for where, back, start in steps.states]


def _instead(view: View, steps: Steps, sums: Sums) -> dict[int, int]:
    """For every node of a step that of the last step, and for every leaf of one."""
    instead: dict[int, int] = {}
    for nodes in (*steps.positions, *_partial_sums(steps, sums)):
        instead.update(dict.fromkeys(nodes, nodes[-1]))
    for leaves in steps.each:
        own = [i for i in leaves if i >= 0]
        if all(view.graph.nodes[i].is_leaf for i in own):
            for leaf in own:
                instead.setdefault(leaf, own[-1])
    # What was shown in the place of another before may have made room itself.
    return {node: instead.get(last, last) for node, last in instead.items()}


def _frame(view: View, shown: set[int], copies: int) -> Path:
    around = common_path([view.paths[i] for i in sorted(shown)])
    number = sum(loop.path[:-1] == around and bool(loop.path) for loop in view.loops)
    return (*around, f"step {number} of {copies}")


def _of_shared(view: View, index: int, paths: list[Path], frame: Path) -> Path:
    """Where a parameter of all steps stands: with the module that it is of, else outside."""
    node, role = view.graph.nodes[index], view.graph.roles[index]
    if not node.is_leaf or role not in ("parameter", "constant"):
        return paths[index]
    path = common_path([paths[reader] for reader in set(view.graph.readers[index])])
    return frame[:-1] if path == frame else path


def _beside(view: View, steps: Steps) -> Loop | None:
    """A loop of which these steps are the continuation: each reads what one step gives."""
    graph = view.graph
    for loop in view.loops:
        if not loop.path or steps.states or loop.copies != len(steps.positions[0]):
            continue
        given = {row[-1]: row for row in loop.positions if row[-1] in steps.shared}
        begins = min(row[-1] for row in loop.positions)
        others = {*steps.shared, *(i for row in steps.each for i in row)}
        if any(i >= begins and i not in given and not graph.nodes[i].is_leaf for i in others):
            # What was computed between may depend on the loop, and would be before and after it.
            continue
        read = [
            {o for row in steps.positions for o in graph.operands[row[k]]}
            for k in range(loop.copies)
        ]
        if given and all(row[k] in read[k] for row in given.values() for k in range(loop.copies)):
            return loop
    return None


def _with(loops: list[Loop], loop: Loop, alike: Loop | None) -> list[Loop]:
    if alike is None:
        return [*loops, loop]
    own = {row[-1] for row in alike.positions}
    longer = replace(
        alike,
        positions=alike.positions + loop.positions,
        shared=tuple(dict.fromkeys(i for i in (*alike.shared, *loop.shared) if i not in own)),
        each=alike.each + loop.each,
    )
    return [longer if one is alike else one for one in loops]


def _titles(view: View, path: Path, handed_on: bool) -> dict[Path, tuple[str, str]]:
    """Titles with that of the new frame, and those of frames that are inside it now."""
    if not path:
        return view.titles
    outer = path[:-1]
    title = ("one step" if handed_on else "one sample", "")
    moved = {
        (*path, *old[len(outer) :]): text
        for old, text in view.titles.items()
        if len(old) > len(outer) and old[: len(outer)] == outer
    }
    return {**view.titles, path: title, **moved}


def _partial_sums(steps: Steps, sums: Sums) -> list[tuple[int, ...]]:
    """For each addition within a sum of a step that of all steps.

    A first step may have a leaf in the place of a sum, which then stands for its parts, too.
    """
    found: list[tuple[int, ...]] = []
    for nodes in steps.positions:
        parts = sums.parts.get(nodes[-1], [])
        every = [sums.parts.get(node, [node] * len(parts)) for node in nodes]
        found += zip(*every, strict=True)
    return found


def _loop(steps: Steps, path: Path, sums: Sums) -> Loop:
    states = tuple(State(nodes, nodes[-1 - back], start) for nodes, back, start in _states(steps))
    rows = (*steps.positions, *_partial_sums(steps, sums))
    copies = len(steps.positions[0])
    return Loop(path, copies, rows, states, tuple(steps.shared), tuple(steps.each))
