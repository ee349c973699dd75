"""Some five hundred operators, with the inputs of an independent database.

Values, gradients and second-order products are those of PyTorch. The database is part of
PyTorch's own tests; without it these are skipped.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the operator database is PyTorch's")
pytest.importorskip("expecttest", reason="the operator database needs expecttest")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_methods_invocations import op_db

from tests.autodiff.operators.adapters import (  # noqa: E402
    adapter,
    invariant,
    is_compared,
    is_determined,
)
from tests.autodiff.operators.compare import compare  # noqa: E402

SAMPLES = 25


def _title(operator: Any) -> str:
    variant: str = operator.variant_test_name
    return f"{operator.name}.{variant}" if variant else operator.name


EVERY = [op for op in op_db if op.supports_autograd and torch.float64 in op.dtypes]
COMPARED = [op for op in EVERY if is_compared(op.name, _title(op))]


@pytest.mark.parametrize("operator", COMPARED, ids=_title)
@pytest.mark.filterwarnings("ignore")
def test_operator(operator: Any) -> None:
    torch.manual_seed(0)
    function, shown = adapter(operator.name), invariant(operator.name)
    assert function is not None

    def theirs(*args: Any, **kwargs: Any) -> Any:
        y = operator.op(*args, **kwargs)
        return y if shown is None else shown(y)

    def ours(*args: Any, **kwargs: Any) -> Any:
        y = function(*args, **kwargs)
        return y if shown is None else shown(y)

    compared = 0
    samples = operator.sample_inputs("cpu", torch.float64, requires_grad=True)
    for sample, _ in zip(samples, range(SAMPLES), strict=False):
        if not is_determined(sample.kwargs):
            continue
        given = (sample.input, sample.args, sample.kwargs)
        with np.errstate(all="ignore"):
            compare(theirs, ours, given, second=operator.supports_gradgrad)
        compared += 1
    assert compared


def test_how_many_are_compared() -> None:
    assert len({op.name for op in COMPARED}) >= 380
