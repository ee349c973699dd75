"""Shapes, joining, creation alike, and functions of numbers with parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.autodiff.calls.numbers import POSITIVE, A, B, C, V, W

__all__ = ["CALLS"]

BOX = np.stack([A, B])
Calls = list[tuple[tuple[Any, ...], dict[str, Any]]]
_INTEGERS: Calls = [((np.array([3, 5]),), {})]
_TWO_INTEGERS: Calls = [((np.array([3, 5]), np.array([2, 1])), {})]

CALLS: dict[str, Calls] = {
    "astype": [((A, "f8"), {})],
    "broadcast_to": [((V, (3, 4)), {})],
    "expand_dims": [((A, 1), {})],
    "flip": [((A, 1), {})],
    "moveaxis": [((A, 0, 1), {})],
    "pad": [
        ((A, 1, "constant", 1.5), {}),
        ((A, 1), {"constant_values": np.array([[1.5, 2.5], [0.5, 3.5]])}),
        ((A, 1, "linear_ramp"), {"end_values": 1.5}),
    ],
    "ravel": [((A,), {})],
    "reshape": [((A, (4, 3)), {})],
    "roll": [((A, 1, 1), {})],
    "squeeze": [((A[None],), {})],
    "swapaxes": [((A, 0, 1), {})],
    "transpose": [((A,), {})],
    "permute_dims": [((A, (1, 0)), {})],
    "concatenate": [(([A, B],), {})],
    "concat": [(([A, B],), {})],
    "stack": [(([A, B],), {})],
    "hstack": [(([A, B],), {})],
    "vstack": [(([A, B],), {})],
    "dstack": [(([A, B],), {})],
    "column_stack": [(([A, B],), {})],
    "block": [(([[A, B], [B, A]],), {})],
    "split": [((A, 2, 1), {})],
    "chunk": [((A, 3, 1), {})],
    "array_split": [((A, 2), {})],
    "dsplit": [((BOX, 2), {})],
    "hsplit": [((A, 2), {})],
    "vsplit": [((A, 3), {})],
    "unstack": [((A,), {})],
    "rollaxis": [((A, 1), {})],
    "rot90": [((A,), {})],
    "unflatten": [((A, 1, (2, 2)), {})],
    "append": [((A, B, 0), {}), ((V, 1.5), {})],
    "delete": [((A, 1, 0), {})],
    "insert": [((A, 1, V, 0), {}), ((V, 1, 1.5), {})],
    "resize": [((A, (2, 9)), {})],
    "repeat": [((A, 2), {}), ((A, np.array([1, 0, 2, 1]), 1), {})],
    "tile": [((A, 2), {})],
    "diag": [((V,), {}), ((A,), {})],
    "diag_embed": [((A,), {})],
    "diagflat": [((V,), {})],
    "diagonal": [((A,), {})],
    "trace": [((A,), {})],
    "geomspace": [((POSITIVE, 2 * POSITIVE, 3), {}), ((1.5, 2.5, 3), {})],
    "logspace": [((A, B, 3), {}), ((A, B, 3), {"base": 2.5}), ((0.5, 1.5, 3), {"base": 2.5})],
    "linspace": [((A, B, 3), {}), ((0.5, 1.5, 3), {})],
    "full_like": [((A, 1.5), {}), ((A, V), {})],
    "nan_to_num": [((A,), {}), ((np.array([np.nan, np.inf, -np.inf]), True, 1.5, 2.5, 3.5), {})],
    "clip": [((A, -0.5, 0.5), {}), ((A, B - 0.4, B + 0.4), {})],
    "where": [((A > 0, A, B), {}), ((A > 0, 1.5, B), {})],
    "piecewise": [((A, [A < 0, A >= 0], [lambda x: x * x, 1.5]), {})],
    "select": [(([A < 0, A > 1], [A, B], 1.5), {}), (([A < 0, A > 1], [A, B], V), {})],
    "choose": [((np.array([1, 0, 1, 1]), [V, A[0]]), {})],
    "heaviside": [((A, 0.5), {}), ((A, B), {})],
    "ldexp": [((A, np.full(4, 2)), {})],
    "gelu": [((A,), {})],
    "prelu": [((A[:, :3], W), {})],
    "glu": [((A,), {})],
    "elu": [((A, 1.5), {})],
    "celu": [((A, 1.5), {})],
    "hardtanh": [((A, -0.7, 0.6), {})],
    "hardshrink": [((A, 0.3), {})],
    "softshrink": [((A, 0.3), {})],
    "leaky_relu": [((A, 0.1), {})],
    "squareplus": [((A, 2.5), {})],
    "threshold": [((A, 0.1, 2.5), {})],
    "hurwitz_zeta": [((POSITIVE, 2.5), {})],
    "zeta": [((2.5, POSITIVE), {})],
    "special.zeta": [((2.5, POSITIVE), {})],
    "multigammaln": [((POSITIVE + 3, 3), {})],
    "special.multigammaln": [((POSITIVE + 3, 3), {})],
    "polygamma": [((2, POSITIVE), {})],
    "special.polygamma": [((2, POSITIVE), {})],
    "around": [((A, 1), {})],
    "round": [((A, 1), {})],
    "angle": [((C,), {})],
    "meshgrid": [((V, W), {})],
    "broadcast_arrays": [((V, A), {})],
    "atleast_1d": [((V, A), {})],
    "atleast_2d": [((V, A), {})],
    "atleast_3d": [((V, A), {})],
    "tril": [((A,), {})],
    "triu": [((A,), {})],
    **dict.fromkeys(
        (
            "bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift gcd lcm "
            "left_shift right_shift"
        ).split(),
        _TWO_INTEGERS,
    ),
    **dict.fromkeys("bitwise_invert bitwise_not invert bitwise_count".split(), _INTEGERS),
}
