"""The estimators pass every check that scikit-learn has for estimators, without an exception."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

checks = pytest.importorskip("sklearn.utils.estimator_checks")

from nn.estimators import NetClassifier, NetRegressor  # noqa: E402 - they need scikit-learn


@checks.parametrize_with_checks([NetClassifier(max_iter=100), NetRegressor(max_iter=100)])
def test_of_scikit_learn(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)
