"""Every case by which PyTorch tests its modules, through the layers of the same names."""

from __future__ import annotations

import warnings

import pytest

pytest.importorskip("torch", reason="compares with PyTorch")
pytest.importorskip("expecttest", reason="PyTorch's own lists need the package expecttest")

import nn
from tests.nn.torch_modules import ABSENT, compared, names


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", names())
def test_every_case_agrees_or_is_refused_on_purpose(name: str) -> None:
    if name.startswith("Lazy") and not hasattr(nn, name):
        pytest.skip("on its way")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        verdicts = [] if name == "LinearCrossEntropyLoss" else list(compared(name))
    wrong = [verdict for verdict in verdicts if verdict.kind in ("differs", "refused")]
    assert wrong == []
    agree = [verdict for verdict in verdicts if verdict.kind == "agrees"]
    assert agree or name in ABSENT
