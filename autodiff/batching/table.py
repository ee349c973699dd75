"""The table of vmap's rules: how functions of arrays are carried out on all examples at once.

A rule ``rule(batch, function, *args, **kwargs)`` is called with the arguments as they were
given: arrays of the batch stand for one example each. The modules of `autodiff.batching.rules`
enter theirs when they are imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["RULES", "Rule"]

Rule = Callable[..., Any]


class _Rules(dict[Any, Rule]):
    """Rules by NumPy's function, or by the name of one of the library's own.

    ``np.ufunc`` stands for all ufuncs, ``operator.getitem`` for elements at an index.

    Attributes:
        otherwise: the rule of every other function, example by example.
    """

    otherwise: Rule

    def __missing__(self, function: Any) -> Rule:
        return self.otherwise


RULES = _Rules()
