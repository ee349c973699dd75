"""How functions of arrays are carried out on all examples of a batch at once.

A rule ``rule(batch, function, *args, **kwargs)`` is called with the arguments as they
were given: arrays of the batch stand for one example each. Functions without a rule are
carried out example by example.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from autodiff.batching.batch import Rule
from autodiff.batching.rules.loops import looped

__all__ = ["kernel_rule_of", "rule_of"]

_FAMILIES = (
    "elementwise",
    "reductions",
    "shaping",
    "joining",
    "linear",
    "ordering",
    "questions",
)
_rules: dict[Any, Rule] = {}


def rule_of(function: Any) -> Rule:
    """The rule of a NumPy function."""
    if not _rules:
        for family in _FAMILIES:
            found: Mapping[Any, Rule] = import_module(f"{__name__}.{family}").RULES
            _rules.update(found)
    return _rules.get(function, looped)


def kernel_rule_of(function: Any) -> Rule:
    """The rule of one of the library's own functions of arrays."""
    from autodiff.batching.rules.kernels import RULES

    found: Rule = RULES.get(function.__name__, looped)
    return found
