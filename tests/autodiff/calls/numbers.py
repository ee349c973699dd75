"""Arrays to call functions with: away from kinks, ties and singular places."""

from __future__ import annotations

import numpy as np

__all__ = ["MASK", "OTHER", "POSITIVE", "SQUARE", "UNIT", "A", "B", "C", "I", "K", "S", "V", "W"]

_rng = np.random.default_rng(4)
A = _rng.normal(size=(3, 4))
B = _rng.normal(size=(3, 4))
C = A + 1j * B
V = _rng.normal(size=4)
W = _rng.normal(size=3)
POSITIVE = np.abs(_rng.normal(size=(3, 4))) + 1.2
OTHER = np.abs(_rng.normal(size=(3, 4))) + 1.3
UNIT = _rng.uniform(0.1, 0.9, (3, 4))
SQUARE = _rng.normal(size=(3, 3)) + 2 * np.eye(3)
S = SQUARE @ SQUARE.T + np.eye(3)
MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])
I = np.array([2, 0])  # noqa: E741
K = _rng.permuted(np.tile(np.arange(4), (3, 1)), axis=1)
