"""Losses with margins, of distributions and of sequences: PyTorch's numbers and gradients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

F = nn.functional
RNG = np.random.default_rng(5)
X, Y = RNG.standard_normal((4, 3)) * 1.5, RNG.standard_normal((4, 3))
Z = RNG.standard_normal((4, 3))
SIGNS = np.array([[1.0, -1.0, 1.0], [-1.0, -1.0, 1.0], [1.0, 1.0, -1.0], [-1.0, 1.0, 1.0]])
P, Q = 1 / (1 + np.exp(-X)), 1 / (1 + np.exp(-Y))
CLASSES = np.array([2, 0, 1, 2])
WEIGHT = np.array([0.5, 2.0, 1.0])
LABELS = np.array([[2, 0, -1], [-1, 1, 0], [1, -1, 2], [0, 1, 2]])

CASES: list[tuple[str, list[Any], dict[str, Any]]] = [
    ("huber_loss", [X, Y], {}),
    ("huber_loss", [X, Y], {"delta": 0.3}),
    ("huber_loss", [X, Y], {"delta": 0.3, "weight": np.abs(Z)}),
    ("smooth_l1_loss", [X, Y], {}),
    ("smooth_l1_loss", [X, Y], {"beta": 0.4}),
    ("smooth_l1_loss", [X, Y], {"beta": 0.0}),
    ("binary_cross_entropy", [P, Q], {}),
    ("binary_cross_entropy", [P, Q], {"weight": WEIGHT}),
    ("kl_div", [np.log(P), Q], {}),
    ("kl_div", [np.log(P), np.log(Q)], {"log_target": True}),
    ("gaussian_nll_loss", [X, Y, P], {}),
    ("gaussian_nll_loss", [X, Y, P[:, :1]], {"full": True}),
    ("gaussian_nll_loss", [X, Y, P[:, 0]], {"eps": 0.5}),
    ("poisson_nll_loss", [X, 3 * Q], {"full": True}),
    ("poisson_nll_loss", [P, 3 * Q], {"log_input": False}),
    ("hinge_embedding_loss", [X, SIGNS], {"margin": 0.7}),
    ("soft_margin_loss", [X, SIGNS], {}),
    ("margin_ranking_loss", [X, Y, SIGNS], {"margin": 0.2}),
    ("cosine_embedding_loss", [X, Y, SIGNS[:, 0]], {"margin": 0.1}),
    ("triplet_margin_loss", [X, Y, Z], {"margin": 2.0}),
    ("triplet_margin_loss", [X, Y, Z], {"margin": 2.0, "p": 1.0, "swap": True}),
    ("triplet_margin_with_distance_loss", [X, Y, Z], {"margin": 2.0}),
    ("multi_margin_loss", [X, CLASSES], {}),
    ("multi_margin_loss", [X, CLASSES], {"p": 2, "margin": 0.4, "weight": WEIGHT}),
    ("multi_margin_loss", [X[0], CLASSES[0]], {}),
    ("multilabel_margin_loss", [X, LABELS], {}),
    ("multilabel_margin_loss", [X[0], LABELS[0]], {}),
    ("multilabel_soft_margin_loss", [X, Q], {"weight": WEIGHT}),
]


def _title(case: Any) -> str:
    return f"{case[0]}-{'-'.join(case[2])}"


# PyTorch remarks on means of divergences over all entries.
@pytest.mark.filterwarnings("ignore:reduction:UserWarning")
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("case", CASES, ids=_title)
def test_losses_are_those_of_torch(case: Any, reduction: str) -> None:
    torch = pytest.importorskip("torch")
    name, operands, settings = case
    floating = [np.asarray(a).dtype.kind == "f" for a in operands]
    # The targets of these carry no gradient in PyTorch.
    if name.endswith(("soft_margin_loss", "embedding_loss")):
        floating[-1] = False
    nodes = [ad.Tensor(a, requires_grad=f) for a, f in zip(operands, floating, strict=True)]
    theirs = [torch.tensor(a, requires_grad=f) for a, f in zip(operands, floating, strict=True)]
    given = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()}
    y = getattr(F, name)(*nodes, **settings, reduction=reduction)
    z = getattr(torch.nn.functional, name)(*theirs, **given, reduction=reduction)
    np.testing.assert_allclose(y.data, z.detach().numpy(), rtol=1e-11, atol=1e-13)
    assert y.shape == tuple(z.shape)
    w = np.cos(np.arange(y.size)).reshape(y.shape)
    ad.sum(y * w).backward()
    (z * torch.tensor(w)).sum().backward()
    for node, t in zip(nodes, theirs, strict=True):
        if node.requires_grad and t.grad is not None:
            np.testing.assert_allclose(node.grad, t.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_divergence_per_sample_is_that_of_torch() -> None:
    torch = pytest.importorskip("torch")
    z = torch.nn.functional.kl_div(torch.tensor(np.log(P)), torch.tensor(Q), reduction="batchmean")
    assert F.kl_div(np.log(P), Q, "batchmean").item() == pytest.approx(z.item(), rel=1e-12)
    assert F.kl_div([math.log(0.5)], [0.0], "sum").item() == 0.0


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("blank", [0, 3])
def test_sequences_are_those_of_torch(blank: int, reduction: str) -> None:
    torch = pytest.importorskip("torch")
    scores = RNG.standard_normal((7, 3, 4))
    targets = np.array([[1, 2, 2], [2, 1, 1], [1, 1, 1]])
    lengths, counts = np.array([7, 5, 6]), np.array([3, 2, 0])
    flat = np.concatenate([row[:n] for row, n in zip(targets, counts, strict=True)])
    for wanted in (targets, flat):
        x = ad.Tensor(scores, requires_grad=True)
        t = torch.tensor(scores, requires_grad=True)
        y = F.ctc_loss(ad.log_softmax(x, axis=2), wanted, lengths, counts, blank, reduction)
        z = torch.nn.functional.ctc_loss(
            torch.log_softmax(t, 2),
            torch.tensor(wanted),
            torch.tensor(lengths),
            torch.tensor(counts),
            blank,
            reduction,
        )
        np.testing.assert_allclose(y.data, z.detach().numpy(), rtol=1e-10)
        ad.sum(y).backward()
        z.sum().backward()
        np.testing.assert_allclose(x.grad, t.grad.numpy(), rtol=1e-8, atol=1e-10)


def test_sequences_without_a_step() -> None:
    logp = ad.Tensor(np.log(np.full((2, 3, 3), 1 / 3)), requires_grad=True)
    y = F.ctc_loss(logp, [[1], [1], [1]], [0, 0, 1], [0, 1, 1], reduction="none")
    np.testing.assert_allclose(y.data, [0.0, math.inf, math.log(3)])
    y[::2].sum().backward()
    assert not logp.grad[:, :2].any()
    assert logp.grad[0, 2].tolist() == [0.0, -1.0, 0.0]


def test_a_long_sequence_keeps_its_digits_in_float32() -> None:
    scores = np.random.default_rng(5).standard_normal((400, 2, 6))
    targets = np.random.default_rng(6).integers(1, 6, (2, 60))
    found = {}
    for dtype in ("float32", "float64"):
        x = ad.Tensor(scores.astype(dtype), requires_grad=True)
        logp = ad.log_softmax(x, axis=2)
        F.ctc_loss(logp, targets, [400, 350], [60, 50], reduction="sum").backward()
        found[dtype] = x.grad
    np.testing.assert_allclose(found["float32"], found["float64"], atol=2e-4)


def test_a_sequence_too_short_for_its_target_is_impossible() -> None:
    logp = ad.Tensor(np.log(np.full((2, 1, 3), 1 / 3)), requires_grad=True)
    y = F.ctc_loss(logp, [[1, 1]], [2], [2], reduction="sum")
    assert y.item() == math.inf
    y.backward()
    assert not logp.grad.any()
    assert F.ctc_loss(logp, [[1, 1]], [2], [2], zero_infinity=True).item() == 0.0
    one = ad.log_softmax(np.zeros((3, 2)), axis=1)
    assert F.ctc_loss(one, [1], [3], [1], reduction="none").shape == ()
    assert ad.gradcheck(lambda x: F.ctc_loss(x, [[1]], [2], [1]), logp.data, order=2)


def test_certainty_is_bounded_and_has_a_gradient_where_it_is_right() -> None:
    p = ad.Tensor([0.0, 1.0, 0.0, 1.0], requires_grad=True)
    y = F.binary_cross_entropy(p, [0.0, 1.0, 1.0, 0.0], reduction="none")
    assert y.tolist() == [0.0, 0.0, 100.0, 100.0]
    ad.sum(y).backward()
    assert p.grad.tolist()[:2] == [1.0, -1.0]
    assert np.isfinite(p.grad).all()


def test_a_variance_raised_to_the_least_still_gets_a_gradient() -> None:
    var = ad.Tensor(np.zeros(1), requires_grad=True)
    F.gaussian_nll_loss([1.0], [3.0], var, eps=0.5).backward()
    assert var.grad.tolist() == [0.5 * (2.0 - 4.0 / 0.25)]


def test_functions_of_arrays_are_in_the_functional_namespace() -> None:
    for name in F.__all__:
        assert callable(getattr(F, name)), name
    assert F.max_pool2d is ad.max_pool2d
    with pytest.raises(AttributeError, match="frobnicate"):
        F.frobnicate  # noqa: B018


def test_second_derivatives() -> None:
    assert ad.gradcheck(lambda x: F.huber_loss(x, Y), X, order=2)
    assert ad.gradcheck(lambda x: F.triplet_margin_loss(x, Y, Z, 9.0), X, order=2)
    assert ad.gradcheck(lambda x: F.poisson_nll_loss(x, Q), X, order=2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.huber_loss(X, Y, delta=0), ValueError, "a positive delta, not 0"),
        (lambda: F.smooth_l1_loss(X, Y, beta=-1), ValueError, "beta of 0 or more"),
        (lambda: F.smooth_l1_loss(X, Y[:, 0]), ad.ShapeError, "smooth_l1_loss: the prediction"),
        (lambda: F.binary_cross_entropy(X, Q), ValueError, "predictions from 0 to 1"),
        (lambda: F.gaussian_nll_loss(X, Y, -P), ValueError, "variances of 0 or more"),
        (lambda: F.gaussian_nll_loss(X, Y, P[:2]), ad.ShapeError, r"not \(2, 3\)"),
        (lambda: F.multi_margin_loss(X, CLASSES, 3), ValueError, "p=1 or p=2, not 3"),
        (lambda: F.multi_margin_loss(X, X), ad.ShapeError, "and class indices"),
        (lambda: F.multi_margin_loss(X, CLASSES + 1), IndexError, "class 3"),
        (lambda: F.multilabel_margin_loss(X, LABELS + 1), IndexError, "a target is class 3"),
        (lambda: F.ctc_loss(X[0], [1], [1], [1]), ad.ShapeError, r"\(T, N, C\)"),
        (lambda: F.ctc_loss(X, [3], [4], [1]), IndexError, "must be classes, 0 to 2"),
        (lambda: F.ctc_loss(X, [1], [5], [1]), ValueError, "input_lengths"),
        (lambda: F.ctc_loss(Z[:, None], [[1], [1]], [4], [1]), ad.ShapeError, "1 sequences"),
        (lambda: F.ctc_loss(Z[None], [1], [1] * 4, [1] * 4), ValueError, "which add up to 4"),
    ],
)
def test_what_does_not_fit_is_explained(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()
