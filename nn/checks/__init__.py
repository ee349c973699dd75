"""Looking for mistakes before training, and for a learning rate.

A model, a loss and data come in, and stay as they are; `CheckResult` and `LRCurve` go out, as
plain data. `table` lists all checks: each is a function of a `Trial` and gives a `Finding`.
It may import `nn.training`, `nn.inspect` and what they may import; never `viz`.
"""

from __future__ import annotations

from nn.checks.checking import check
from nn.checks.finding import Finding
from nn.checks.rates import LRCurve, lr_find
from nn.checks.result import CheckError, CheckResult

__all__ = ["CheckError", "CheckResult", "Finding", "LRCurve", "check", "lr_find"]
