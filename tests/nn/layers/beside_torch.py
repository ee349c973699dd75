"""A layer and PyTorch's layer of the same name, run on the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

__all__ = ["assert_as_torch", "assert_compiled_as_called"]

Array = np.ndarray[Any, Any]


def _leaf(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.dtype.kind == "f"


def _first(y: Any) -> Any:
    return y[0] if isinstance(y, tuple) else y


def _close(found: Any, wanted: Any, what: str, rtol: float) -> None:
    np.testing.assert_allclose(found, wanted.detach().numpy(), rtol, rtol, err_msg=what)


def assert_as_torch(
    mine: nn.Module,
    theirs: Any,
    *inputs: Any,
    rtol: float = 1e-9,
    twice: bool = False,
    **settings: Any,
) -> None:
    """Values, gradients, buffers and states agree; parameters are drawn anew for both.

    Args:
        mine: the layer.
        theirs: PyTorch's.
        *inputs: what they are called with; what is an array of floats receives a gradient.
        rtol: how much may differ.
        twice: compare the gradient of a gradient, too.
        **settings: further arguments of the call; arrays become tensors.
    """
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(5)
    mine.to(np.float64)
    theirs.double()
    state = mine.state_dict()
    drawn = {k: rng.uniform(0.5, 1.5, a.shape) for k, a in state.items() if a.dtype.kind == "f"}
    report = theirs.load_state_dict(
        {k: torch.tensor(np.array(a)) for k, a in (state | drawn).items()}
    )
    assert not report.missing_keys
    assert list(theirs.state_dict()) == list(state)
    mine.load_state_dict(theirs.state_dict())
    leaves = [ad.Tensor(x, requires_grad=True) if _leaf(x) else x for x in inputs]
    others = [
        torch.tensor(x, requires_grad=_leaf(x)) if isinstance(x, np.ndarray) else x for x in inputs
    ]
    theirs_too = {
        k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()
    }
    found, wanted = mine(*leaves, **settings), theirs(*others, **theirs_too)
    for a, b in zip(*(y if isinstance(y, tuple) else (y,) for y in (found, wanted)), strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            _close(a.data, b, "the result", rtol)
    y, z = _first(found), _first(wanted)
    weights = rng.standard_normal(y.shape)
    named = dict(theirs.named_parameters())
    ours = [x for x in leaves if isinstance(x, ad.Tensor)]
    ours += [p for _, p in mine.named_parameters() if p.requires_grad]
    tensors = [x for x in others if torch.is_tensor(x) and x.requires_grad]
    tensors += [named[name] for name, p in mine.named_parameters() if p.requires_grad]
    names = [f"input {i}" for i, x in enumerate(inputs) if _leaf(x)]
    names += [name for name, p in mine.named_parameters() if p.requires_grad]
    grads = ad.gradients((y * weights).sum(), inputs=ours, create_graph=twice)
    theirs_of = torch.autograd.grad(
        (z * torch.tensor(weights)).sum(), tensors, create_graph=twice, allow_unused=True
    )
    for name, a, b in zip(names, grads, theirs_of, strict=True):
        if b is None:
            assert a is None or not np.any(np.asarray(getattr(a, "data", a))), name
        else:
            _close(getattr(a, "data", a), b, f"the gradient of {name}", rtol)
    if twice:
        total: Any = sum((g * g).sum() for g in grads)
        square = sum((g * g).sum() for g in theirs_of if g is not None)
        again = ad.gradients(total, inputs=ours) if total.requires_grad else ()
        wanted_again = torch.autograd.grad(square, tensors, allow_unused=True) if again else ()
        for name, a, b in zip(names, again, wanted_again, strict=bool(again)):
            if b is not None:
                _close(a, b, f"the second derivative by {name}", rtol)
    for name, array in mine.state_dict().items():
        _close(array, theirs.state_dict()[name], name, rtol)


def assert_compiled_as_called(layer: nn.Module, *inputs: Any, **settings: Any) -> None:
    """Steps of training, compiled, leave the same as ordinary ones, bit for bit."""
    start, gain = layer.state_dict(), nn.Parameter(1.0)
    floats, results = [_leaf(x) for x in inputs], []
    for wrap in (lambda f: f, ad.compile):
        layer.load_state_dict(start)
        ad.random.seed(3)
        gain.data = np.ones((), gain.dtype)
        optimizer = nn.optim.SGD([gain, *layer.parameters()], 0.01)

        def step(*given: Any, optimizer: nn.optim.SGD = optimizer) -> ad.Tensor:
            optimizer.zero_grad()
            scaled = [x * gain if f else x for x, f in zip(given, floats, strict=True)]
            loss = ad.square(_first(layer(*scaled, **settings))).mean()
            loss.backward()
            optimizer.step()
            return loss

        run = wrap(step)
        losses = [run(*inputs).item() for _ in range(3)]
        kept = {"losses": np.array(losses), "gain": gain.numpy().copy()}
        results.append({**layer.state_dict(), **kept})
    for name, array in results[0].items():
        np.testing.assert_array_equal(array, results[1][name], err_msg=name)
