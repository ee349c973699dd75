"""An explanation as plain data, for JSON."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viz.paths.explanation import Explanation

__all__ = ["finite", "to_plain_data"]


def to_plain_data(told: Explanation) -> dict[str, Any]:
    """All of it as dicts, lists, strings and numbers; what is not finite as text."""
    found = finite(
        {
            "result": told.result_name,
            "wrt": told.wrt_name,
            "gradient": told.total,
            "formula": told.formula,
            "count": told.count,
            "size": told.size,
            "cancellation": told.cancellation,
            "verdict": told.verdict,
            "paths": [asdict(path) for path in told.paths],
            "rest": told.rest._asdict(),
            "deltas": [asdict(delta) for delta in told.deltas],
            "checks": [asdict(check) for check in told.checks],
        }
    )
    assert isinstance(found, dict)
    return found


def finite(item: object) -> object:
    """The same with numbers that JSON does not have as text."""
    if isinstance(item, dict):
        return {key: finite(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [finite(value) for value in item]
    if isinstance(item, float) and not math.isfinite(item):
        return "nan" if math.isnan(item) else ("inf" if item > 0 else "-inf")
    return item
