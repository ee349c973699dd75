"""Which part of a step a call belongs to is what the library says of itself, not a guess."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.compiler.instructions import of_ufunc
from autodiff.compiler.parts import Parts
from autodiff.compiler.program import Call, Variable


def _body() -> str:
    ad.random.seed(0)
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 2))
    optimizer = nn.optim.Adam(model.parameters(), lr=0.1)

    @ad.compile
    def step(images: Any, labels: Any) -> Any:
        optimizer.zero_grad()
        scores = model(images)
        loss = nn.functional.cross_entropy(scores * scores, labels)
        loss.backward()
        optimizer.step()
        scale.grad = None
        (images * scale).sum().backward()
        scale.data -= 0.1 * scale.grad
        return loss

    scale = ad.Tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    step(np.ones((5, 4), np.float32), np.array([0, 1, 0, 1, 0]))
    text: str = step.source
    return text[text.index("def make_step") : text.index("RESULTS")]


def test_modules_may_be_renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _body()
    for part in ("forward: 0 Linear(4, 3)", "backward of relu, 2 ReLU()", "Adam: linear0_weight"):
        assert f"\n        # {part}\n" in before
    for name, module in list(sys.modules.items()):
        if name.startswith(("autodiff.", "nn.")):
            monkeypatch.setitem(vars(module), "__name__", "renamed")
    assert _body() == before


def _part(parts: Parts, file: str) -> tuple[str, str]:
    """The part that a call made by code of a file is said to belong to."""
    scope: dict[str, Any] = {}
    exec(compile("def call(parts, made): parts.locate(made)", file, "exec"), scope)
    made = Call(of_ufunc(np.tanh, "__call__"), (), {}, Variable("temp", (), np.dtype(float)))
    scope["call"](parts, made)
    return made.part.phase, made.part.text


def test_what_is_told_holds_inside_and_for_the_engine_alone() -> None:
    parts = Parts()
    node = ad.exp(ad.Tensor([1.0], requires_grad=True))
    engine, user = "<glassgrad test>", "<user>"
    users_line = "update", 'scope["call"](parts, made)'
    assert _part(parts, engine) == users_line
    with parts.backward():
        with parts.backward(node):
            assert _part(parts, engine) == ("backward", "backward of exp")
            assert _part(parts, user) == ("update", "")
        with parts.apart():
            assert _part(parts, engine) == users_line
        assert _part(parts, engine) == ("backward", "gradients")
    with parts.update(node):
        assert _part(parts, engine) == users_line
    assert _part(parts, engine) == users_line


def test_an_optimizer_says_which_tensor_it_updates() -> None:
    parts = Parts()
    with parts.update(parts):
        parts.subject = "weight"
        with parts.backward():
            assert parts.subject is None
        assert parts.subject == "weight"
    assert parts.subject is None
