"""Recurrences of networks: each state comes from the one before and from an input.

The derivative is a linear recurrence from the last step to the first. `xp.lstm_adjoint` runs
it: on arrays written for speed, on nodes step by step with the rules of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.ops.primitive import Notation, Structural, structural
from autodiff.ops.sample_operands import cases
from autodiff.ops.shared_rules import each


def lstm_adjoint(xp: Any, r: Any, y: Any, w: Any, c: Any) -> Any:
    """What `lstm_recurrence` sends back, in functions of any namespace.

    Args:
        xp: the namespace.
        r: cotangents of gates and states, of shape (…, T, 6, N, H).
        y: gates and states.
        w: weights, (…, 4 H, H).
        c: the state before the first step, (…, N, H).

    Returns:
        Of shape (…, T + 1, N, 4 H): first what c and h receive and zeros, then what each step
        of ``a`` receives.
    """
    found: list[Any] = []
    dc: Any = None
    for t in reversed(range(y.shape[-4])):
        i, f, g, o, c_after = (y[..., t, k, :, :] for k in range(5))
        r_i, r_f, r_g, r_o, r_c, r_h = (r[..., t, k, :, :] for k in range(6))
        c_before = y[..., t - 1, 4, :, :] if t else c
        out = xp.tanh(c_after)
        dh = r_h if dc is None else r_h + xp.matmul(found[-1], w)
        dc = (r_c if dc is None else r_c + dc) + dh * o * (1 - out * out)
        parts = [
            (dc * g + r_i) * i * (1 - i),
            (dc * c_before + r_f) * f * (1 - f),
            (dc * i + r_g) * (1 - g * g),
            (dh * out + r_o) * o * (1 - o),
        ]
        found.append(xp.concatenate(parts, axis=-1))
        dc = dc * f
    rest = 0 * dc
    found.append(xp.concatenate([dc, xp.matmul(found[-1], w), rest, rest], axis=-1))
    return xp.stack(found[::-1], axis=-3)


def _lstm_vjp(
    xp: Any, r: Any, y: Any, a: Any, w: Any, h: Any, c: Any, *, wanted: Sequence[bool]
) -> Sequence[Any]:
    back = xp.lstm_adjoint(r, y, w, c)
    size = y.shape[-1]
    to_w = None
    if wanted[1]:
        # That of the first step is apart, so that states need not be joined to those before.
        to_w = xp.matmul(xp.swapaxes(back[..., 1, :, :], -1, -2), h)
        if (later := (y.shape[-4] - 1) * y.shape[-2]) > 0:
            rows = xp.reshape(back[..., 2:, :, :], (*y.shape[:-4], later, 4 * size))
            before = xp.reshape(y[..., :-1, 5, :, :], (*y.shape[:-4], later, size))
            to_w = to_w + xp.matmul(xp.swapaxes(rows, -1, -2), before)
    first = back[..., 0, :, :]
    return back[..., 1:, :, :], to_w, first[..., size : 2 * size], first[..., :size]


lstm_recurrence: Structural = structural(
    "lstm_recurrence",
    lambda xp, a, w, h, c: xp.lstm_recurrence(a, w, h, c),
    [each(_lstm_vjp, i) for i in range(4)],
    together=_lstm_vjp,
    notation=Notation.function("LSTM", arity=4),
    reads=(1, 2, 3, "y"),
    samples=cases(
        ([(3, 2, 8), (8, 2), (2, 2), (2, 2)], {}),
        ([(1, 1, 4), (4, 1), (1, 1), (1, 1)], {}),
        ([(2, 2, 1, 4), (2, 4, 1), (2, 1, 1), (2, 1, 1)], {}),
    ),
    factors=[
        ("back through time", "the linear recurrence of g from the last step to the first"),
        ("Σ ⊗ h before", "the sum over steps of what {0} receives, times the state h before"),
        ("of the first step", "what {0} receives at the first step, times {1}"),
        ("⊙ f of the first step", "what the first c receives, times its gate f"),
    ],
    doc="c_t = f c + i g and h_t = o tanh(c_t) at all steps, below the gates i, f, g, o.",
)
