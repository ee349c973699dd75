"""Estimators of scikit-learn: networks with its `fit`, `predict` and `score`.

Arrays, labels and settings come in; fitted estimators go out. It needs scikit-learn (the extra
`data`), so `nn` loads it when it is asked for. It may import `nn.module`, `nn.functional`,
`nn.layers`, `nn.optim`, `nn.data`, `nn.io` and `nn.training`.
"""

from __future__ import annotations

from nn.estimators.classifier import NetClassifier
from nn.estimators.mlp import TabularMLP
from nn.estimators.regressor import NetRegressor

__all__ = ["NetClassifier", "NetRegressor", "TabularMLP"]


def __dir__() -> list[str]:
    return __all__
