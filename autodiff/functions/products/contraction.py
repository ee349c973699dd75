"""How `einsum` is called: labels as numbers, and the order in which operands are taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import index
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import numpy as np

__all__: list[str] = []

# As NumPy numbers them, so that labels without an output come out in the order of the numbers.
_LETTER = dict(enumerate(ascii_uppercase + ascii_lowercase))


def lettered(arguments: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """Operands that alternate with lists of numbers as subscripts and operands.

    Args:
        arguments: an operand, its labels, the next operand and so on; the labels of the
            result may come last.

    Returns:
        The subscripts as text, and the operands.

    Raises:
        TypeError: a label is no number from 0 to 51, and no ellipsis.

    Example:
        >>> lettered([[[1.0, 2.0]], [0, 1], [3.0, 4.0], [1], [0]])
        ('AB,B->A', ([[1.0, 2.0]], [3.0, 4.0]))
    """
    pairs = len(arguments) // 2
    operands = tuple(arguments[0 : 2 * pairs : 2])
    text = ",".join(map(_term, arguments[1 : 2 * pairs : 2]))
    return (f"{text}->{_term(arguments[-1])}" if len(arguments) % 2 else text), operands


def _term(labels: Any) -> str:
    try:
        return "".join("..." if one is ... else _LETTER[index(one)] for one in labels)
    except (TypeError, KeyError):
        raise TypeError(
            f"'einsum' was given {labels!r} as the labels of an operand; give a list of numbers "
            "from 0 to 51 (and ...) after each operand, or text such as 'ij,jk->ik' first"
        ) from None


def in_order(
    terms: Sequence[str],
    output: str,
    operands: Sequence[Any],
    optimize: Any,
    contract: Callable[..., Any],
) -> Any:
    """A product of several operands, some at a time, in the order that NumPy finds.

    Args:
        terms: the labels of each operand.
        output: those of the result.
        operands: the operands.
        optimize: how to search; see `numpy.einsum_path`.
        contract: takes subscripts and operands, and gives their product.
    """
    subscripts = f"{','.join(terms)}->{output}"
    if optimize is False or len(terms) < 3:
        return contract(subscripts, *operands)
    shapes = [np.broadcast_to(0.0, x.shape) for x in operands]
    (_, *steps), _ = np.einsum_path(subscripts, *shapes, optimize=optimize)
    left, parts = list(terms), list(operands)
    for step in steps:
        places = sorted(step, reverse=True)
        taken, given = [left.pop(i) for i in places], [parts.pop(i) for i in places]
        later = set(output).union(*left)
        kept = output if not left else "".join(sorted(set().union(*taken) & later))
        parts.append(contract(f"{','.join(taken)}->{kept}", *given))
        left.append(kept)
    return parts[0]
