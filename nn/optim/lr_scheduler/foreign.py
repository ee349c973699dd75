"""The states of PyTorch's schedules, which hold their settings, too, and the place under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

__all__ = ["as_kept", "bases_of", "is_foreign"]


def is_foreign(state: Mapping[str, Any]) -> bool:
    """Whether a state is one that PyTorch's schedule gave."""
    return "_step_count" in state or "default_min_lr" in state


def as_kept(schedule: Any, kept: Collection[str], state: Mapping[str, Any]) -> dict[str, Any]:
    """What a schedule keeps of such a state.

    Args:
        schedule: of the same kind, with its settings.
        kept: what it keeps.
        state: PyTorch's.

    Raises:
        ValueError: it lacks what is kept, or its settings are others.
    """
    kind = type(schedule).__name__
    for name, value in state.items():
        own = getattr(schedule, name, None)
        if name in kept or name.startswith("_") or own is None or callable(value):
            continue
        if not _same(own, value):
            raise ValueError(
                f"{kind}: the state is of a schedule with {name}={value!r}, and this one has "
                f"{own!r}; make it with the same settings"
            )
    lacking = [name for name in kept if name not in state and name != "_bases"]
    if lacking:
        raise ValueError(
            f"{kind} keeps {', '.join(kept)}, and the state lacks {', '.join(lacking)}; load the "
            "state of the same kind of schedule"
        )
    return {name: state[name] for name in kept if name in state}


def bases_of(schedule: Any) -> list[float]:
    """From which rates a schedule that stands at a step has come, if others changed them, too."""
    found = []
    for number, (base, last) in enumerate(
        zip(schedule.base_lrs, schedule.get_last_lr(), strict=True)
    ):
        scale, offset = schedule._at(schedule.last_epoch, number)
        found.append((float(last) - offset) / scale if scale else float(base))
    return found


def _same(own: Any, given: Any) -> bool:
    own, given = (
        sorted(one.elements()) if isinstance(one, Counter) else one for one in (own, given)
    )
    if isinstance(own, str) or isinstance(given, str):
        return bool(own == given)
    try:
        return bool(np.allclose(np.asarray(own, float), np.asarray(given, float)))
    except (TypeError, ValueError):
        # Of another form than PyTorch's, so that nothing can be said.
        return True
