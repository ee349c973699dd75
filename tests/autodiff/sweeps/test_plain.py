"""The plain pass and the walk with questions give the same gradients, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.graph.switches import Use, switches
from autodiff.ops import Elementwise
from autodiff.sweeps import backward as module
from autodiff.tensors.operations import apply
from tests.autodiff.table import structural_samples
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, operands_for


@pytest.fixture(autouse=True)
def nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever other tests have left alive is not seen."""
    monkeypatch.setattr(switches, "asked", set())


CASES = [*DIFFERENTIABLE, *structural_samples.SAMPLED]


def leaves(entry: Any, dtypes: Any) -> tuple[list[ad.Tensor], dict[str, Any]]:
    """Operands of an entry, in the float types given in turn, and its parameters."""
    if isinstance(entry, Elementwise):
        operands, params = operands_for(entry, np.random.default_rng(3), (2, 3)), {}
    else:
        operands, params = next(structural_samples.samples(entry))
    made = []
    for i, x in enumerate(operands):
        array = np.asarray(x)
        floating = array.dtype.kind == "f"
        wanted = dtypes[i % len(dtypes)] if floating else array.dtype
        made.append(ad.Tensor(array.astype(wanted), requires_grad=array.dtype.kind in "fc"))
    return made, params


def gradients(entry: Any, dtypes: Any) -> list[bytes]:
    """What a backward pass stores, behind an operation that selects and before another use."""
    operands, params = leaves(entry, dtypes)
    with np.errstate(all="ignore"):
        y = apply(entry, *operands, **params)
        if not y.requires_grad:
            return []
        chosen = ad.where(np.arange(y.size).reshape(y.shape) % 2 == 0, y, 0.0)
        root = ad.sum(ad.real(chosen * chosen)) + sum(
            ad.sum(ad.real(x * x)) for x in operands if x.requires_grad
        )
        root.backward()
    return [x.grad.tobytes() for x in operands if x.grad is not None]


@pytest.mark.parametrize("dtypes", [(np.float64,), (np.float32, np.float64)])
@pytest.mark.parametrize("entry", CASES, ids=lambda entry: str(entry.name))
def test_every_operation(entry: Any, dtypes: Any) -> None:
    plain = gradients(entry, dtypes)
    use = Use()
    asked = gradients(entry, dtypes)
    del use
    assert plain == asked


def test_which_is_taken_is_one_look_at_the_switches(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    for name in ("plain_sweep", "walk"):
        function = getattr(module, name)

        def noted(*args: Any, name: str = name, function: Any = function, **options: Any) -> Any:
            taken.append(name)
            return function(*args, **options)

        monkeypatch.setattr(module, name, noted)
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    (x * x).sum().backward()
    y = x * x
    y.retain_grad()
    y.sum().backward()
    del y
    handle = x.register_hook(lambda g: None)
    (x * x).sum().backward()
    handle.remove()
    with ad.detect_anomaly():
        (x * x).sum().backward()
    (x * x).sum().backward(inputs=[x])
    (x * x).sum().backward()
    assert taken == ["plain_sweep", "walk", "walk", "walk", "walk", "plain_sweep"]
