"""Losses as modules: their formulas, PyTorch's numbers, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

Array = np.ndarray[Any, Any]

RNG = np.random.default_rng(5)
X, Y, Z = (RNG.standard_normal((4, 3)) * 1.5 for _ in range(3))
SIGNS = np.array([[1.0, -1.0, 1.0], [-1.0, -1.0, 1.0], [1.0, 1.0, -1.0], [-1.0, 1.0, 1.0]])
P, Q = 1 / (1 + np.exp(-X)), 1 / (1 + np.exp(-Y))
LOGP = X - np.log(np.exp(X).sum(1, keepdims=True))
CLASSES, EACH = np.array([2, 0, 1, 2]), np.arange(4)
WEIGHT = np.array([0.5, 2.0, 1.0])
LABELS = np.array([[2, 0, -1], [-1, 1, 0], [1, -1, 2], [0, 1, 2]])


def cosine(x: Array, y: Array) -> Array:
    lengths = np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1)
    return np.asarray((x * y).sum(1) / lengths)


def far(x: Array, y: Array, p: float = 2.0) -> Array:
    return np.asarray((np.abs(x - y + 1e-6) ** p).sum(1) ** (1 / p))


def huber(d: Array, at: float) -> Array:
    return np.where(np.abs(d) < at, d * d / 2, at * (np.abs(d) - at / 2))


def multi_label(x: Array, rows: Array) -> list[float]:
    found = []
    for scores, labels in zip(x, rows, strict=True):
        end = list(labels).index(-1) if -1 in labels else len(labels)
        true = list(labels[:end])
        rest = [c for c in range(3) if c not in true]
        found.append(sum(max(0.0, 1 - scores[t] + scores[r]) for t in true for r in rest) / 3)
    return found


def multi_margin(x: Array, y: Array, p: int, margin: float) -> Array:
    lead = np.maximum(0, margin - x[EACH, y][:, None] + x) ** p
    lead[EACH, y] = 0
    return np.asarray(lead.sum(1) / 3)


Row = tuple[str, list[Any], dict[str, Any], Callable[[], Any]]

# Every loss: its operands, its settings, and what it is for each entry or sample.
ROWS: list[Row] = [
    ("L1Loss", [X, Y], {}, lambda: np.abs(X - Y)),
    ("MSELoss", [X, Y], {}, lambda: (X - Y) ** 2),
    ("HuberLoss", [X, Y], {"delta": 0.7}, lambda: huber(X - Y, 0.7)),
    ("SmoothL1Loss", [X, Y], {"beta": 0.4}, lambda: huber(X - Y, 0.4) / 0.4),
    ("SmoothL1Loss", [X, Y], {"beta": 0.0}, lambda: np.abs(X - Y)),
    ("BCELoss", [P, Q], {}, lambda: -Q * np.log(P) - (1 - Q) * np.log(1 - P)),
    ("BCELoss", [P, Q], {"weight": WEIGHT},
     lambda: -WEIGHT * (Q * np.log(P) + (1 - Q) * np.log(1 - P))),
    ("BCEWithLogitsLoss", [X, Q], {"weight": WEIGHT, "pos_weight": 2 * WEIGHT},
     lambda: -WEIGHT * (2 * WEIGHT * Q * np.log(P) + (1 - Q) * np.log(1 - P))),
    ("NLLLoss", [LOGP, CLASSES], {}, lambda: -LOGP[EACH, CLASSES]),
    ("NLLLoss", [LOGP, CLASSES], {"weight": WEIGHT, "ignore_index": 1},
     lambda: -LOGP[EACH, CLASSES] * WEIGHT[CLASSES] * (CLASSES != 1)),
    ("CrossEntropyLoss", [X, CLASSES], {"label_smoothing": 0.3},
     lambda: -0.7 * LOGP[EACH, CLASSES] - 0.1 * LOGP.sum(1)),
    ("CrossEntropyLoss", [X, CLASSES], {"weight": WEIGHT, "ignore_index": 0},
     lambda: -LOGP[EACH, CLASSES] * WEIGHT[CLASSES] * (CLASSES != 0)),
    ("CrossEntropyLoss", [X, Q], {"weight": WEIGHT}, lambda: -(WEIGHT * Q * LOGP).sum(1)),
    ("PoissonNLLLoss", [X, 3 * Q], {}, lambda: np.exp(X) - 3 * Q * X),
    ("PoissonNLLLoss", [P, 3 * Q], {"log_input": False, "eps": 0.1},
     lambda: P - 3 * Q * np.log(P + 0.1)),
    ("PoissonNLLLoss", [X, 3 * Q], {"full": True}, lambda: np.exp(X) - 3 * Q * X + np.where(
        3 * Q > 1, 3 * Q * np.log(3 * Q) - 3 * Q + 0.5 * np.log(6 * np.pi * Q), 0)),
    ("GaussianNLLLoss", [X, Y, P], {}, lambda: (np.log(P) + (X - Y) ** 2 / P) / 2),
    ("GaussianNLLLoss", [X, Y, P[:, 0]], {"full": True, "eps": 0.3},
     lambda: (np.log(np.maximum(P[:, :1], 0.3)) + (X - Y) ** 2 / np.maximum(P[:, :1], 0.3)
              + np.log(2 * np.pi)) / 2),
    ("KLDivLoss", [LOGP, Q], {}, lambda: Q * (np.log(Q) - LOGP)),
    ("KLDivLoss", [LOGP, np.log(Q)], {"log_target": True}, lambda: Q * (np.log(Q) - LOGP)),
    ("HingeEmbeddingLoss", [X, SIGNS], {"margin": 0.7},
     lambda: np.where(SIGNS > 0, X, np.maximum(0, 0.7 - X))),
    ("SoftMarginLoss", [X, SIGNS], {}, lambda: np.log(1 + np.exp(-SIGNS * X))),
    ("MarginRankingLoss", [X, Y, SIGNS], {"margin": 0.2},
     lambda: np.maximum(0, 0.2 - SIGNS * (X - Y))),
    ("CosineEmbeddingLoss", [X, Y, SIGNS[:, 0]], {"margin": 0.1},
     lambda: np.where(SIGNS[:, 0] > 0, 1 - cosine(X, Y), np.maximum(0, cosine(X, Y) - 0.1))),
    ("TripletMarginLoss", [X, Y, Z], {"margin": 2.0, "p": 1.5},
     lambda: np.maximum(0, far(X, Y, 1.5) - far(X, Z, 1.5) + 2)),
    ("TripletMarginLoss", [X, Y, Z], {"margin": 3.0, "swap": True},
     lambda: np.maximum(0, far(X, Y) - np.minimum(far(X, Z), far(Y, Z)) + 3)),
    ("TripletMarginWithDistanceLoss", [X, Y, Z], {"margin": 3.0, "swap": True},
     lambda: np.maximum(0, far(X, Y) - np.minimum(far(X, Z), far(Y, Z)) + 3)),
    ("MultiMarginLoss", [X, CLASSES], {"p": 2, "margin": 0.4},
     lambda: multi_margin(X, CLASSES, 2, 0.4)),
    ("MultiMarginLoss", [X, CLASSES], {"weight": WEIGHT},
     lambda: multi_margin(X, CLASSES, 1, 1.0) * WEIGHT[CLASSES]),
    ("MultiLabelMarginLoss", [X, LABELS], {}, lambda: multi_label(X, LABELS)),
    ("MultiLabelSoftMarginLoss", [X, Q], {"weight": WEIGHT},
     lambda: -(WEIGHT * (Q * np.log(P) + (1 - Q) * np.log(1 - P))).mean(1)),
]  # fmt: skip
FIXED_TARGETS = {
    "BCELoss",
    "CosineEmbeddingLoss",
    "HingeEmbeddingLoss",
    "MarginRankingLoss",
    "SoftMarginLoss",
}
IDS = [f"{name}-{'-'.join(options)}" for name, _, options, _ in ROWS]


@pytest.mark.parametrize(("name", "operands", "options", "formula"), ROWS, ids=IDS)
def test_losses_are_those_of_the_formula(
    name: str, operands: list[Any], options: dict[str, Any], formula: Callable[[], Any]
) -> None:
    kind, expected = getattr(nn, name), np.asarray(formula())
    each = kind(**options, reduction="none")(*operands)
    np.testing.assert_allclose(each.data, expected, rtol=1e-6, atol=1e-12)
    total = kind(**options, reduction="sum")
    np.testing.assert_allclose(total(*operands).item(), expected.sum(), rtol=1e-6)
    if name not in ("NLLLoss", "CrossEntropyLoss") or not options:
        mean = kind(**options)(*operands).item()
        np.testing.assert_allclose(mean, expected.mean(), rtol=1e-6)
    recorded = ad.compile(lambda *given: total(*given))
    for _ in range(2):
        assert recorded(*operands).item() == total(*operands).item()


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides:UserWarning")
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(("name", "operands", "options"), [row[:3] for row in ROWS], ids=IDS)
def test_values_and_gradients_are_those_of_pytorch(
    name: str, operands: list[Any], options: dict[str, Any], reduction: str
) -> None:
    torch = pytest.importorskip("torch")
    theirs = {k: torch.tensor(v) if k.endswith("weight") else v for k, v in options.items()}
    mine = getattr(nn, name)(**options, reduction=reduction)
    other = getattr(torch.nn, name)(**theirs, reduction=reduction)
    xs = [ad.Tensor(a, requires_grad=a.dtype.kind == "f") for a in operands]
    ts = [torch.tensor(a, requires_grad=a.dtype.kind == "f") for a in operands]
    if name in FIXED_TARGETS:
        xs[-1], ts[-1] = xs[-1].detach(), ts[-1].detach()
    y, u = mine(*xs), other(*ts)
    np.testing.assert_allclose(y.data, u.detach().numpy(), rtol=1e-9, atol=1e-12)
    weights = np.cos(np.arange(y.size)).reshape(y.shape)
    (y * weights).sum().backward()
    (u * torch.tensor(weights)).sum().backward()
    for x, t in zip(xs, ts, strict=True):
        if t.grad is not None:
            np.testing.assert_allclose(x.grad, t.grad.numpy(), rtol=1e-8, atol=1e-12)
    assert list(mine.state_dict()) == list(other.state_dict())


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", ["l1_loss", "mse_loss"])
def test_the_mean_of_weighted_errors_is_by_their_weights(name: str, reduction: str) -> None:
    losses = np.abs(X - Y) ** (2 if name == "mse_loss" else 1) * P
    wanted = {"mean": losses.sum() / P.sum(), "sum": losses.sum(), "none": losses}[reduction]
    found = getattr(nn.functional, name)(X, Y, reduction=reduction, weight=P)
    np.testing.assert_allclose(found.data, wanted, rtol=1e-12)
    with pytest.raises(ad.ShapeError, match=f"{name}: the prediction has shape"):
        getattr(nn.functional, name)(X, Y, weight=P[0])


def test_sequences_as_a_module() -> None:
    torch = pytest.importorskip("torch")
    logp = np.log(RNG.dirichlet(np.ones(4), (6, 2)))
    operands = [logp, np.array([[1, 2, 0], [3, 3, 1]]), np.array([6, 5]), np.array([2, 3])]
    for settings in ({}, {"reduction": "sum"}, {"zero_infinity": True}, {"blank": 3}):
        if "blank" in settings:
            operands[1] = np.array([[1, 2, 0], [0, 0, 1]])
        mine = getattr(nn, "CTCLoss")(**settings)(*operands)  # noqa: B009 - any settings
        theirs = torch.nn.CTCLoss(**settings)(*map(torch.tensor, operands))
        np.testing.assert_allclose(mine.item(), theirs.item(), rtol=1e-10)


def test_a_distance_of_ones_own_may_have_parameters() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter([2.0, 1.0, 1.0])

        def forward(self, x: Any, y: Any) -> ad.Tensor:
            difference = ad.abs(x - y) * self.scale
            return difference.sum(axis=-1)

    loss = nn.TripletMarginWithDistanceLoss(distance_function=Scaled())
    loss(X, Y, Z).backward()
    assert [name for name, _ in loss.named_parameters()] == ["distance_function.scale"]
    assert all(parameter.grad is not None for parameter in loss.parameters())


def test_every_loss_has_a_row() -> None:
    tried = {name for name, *_ in ROWS} | {"CTCLoss", "HalfSquaredErrorLoss"}
    assert tried == set(nn.losses.__all__)


def test_weights_are_buffers_and_settings_are_read_anew() -> None:
    loss = nn.CrossEntropyLoss(weight=WEIGHT)
    assert list(loss.state_dict()) == ["weight"]
    assert not list(loss.parameters())
    step = ad.compile(lambda x: loss(x, CLASSES))
    before = step(X).item()
    loss.label_smoothing = 0.5
    assert step(X).item() == loss(X, CLASSES).item() != before
    loss.weight.data = WEIGHT[::-1]
    assert step(X).item() == loss(X, CLASSES).item()


SMALL = np.array([[0.2, 0.4]])
WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: nn.MSELoss(size_average=True), TypeError, "does not take size_average=: write red"),  # type: ignore[call-arg]
    (lambda: nn.NLLLoss(reduce=False), TypeError, "does not take reduce=: write reduction="),  # type: ignore[call-arg]
    (lambda: nn.functional.mse_loss(X, Y, size_average=True), TypeError, "has no size_average=;"),  # type: ignore[call-arg]
    (lambda: nn.SmoothL1Loss(None, None, "sum"), TypeError, "(*, reduction='mean', beta=1.0): too"),  # type: ignore[misc]
    (lambda: nn.MSELoss("avg"), ValueError, "reduction must be 'mean', 'sum' or 'none', not 'avg'"),
    (lambda: nn.L1Loss(reduction="batchmean"), ValueError, "L1Loss: reduction must be"),
    (lambda: nn.HuberLoss(delta=0), ValueError, "HuberLoss: delta must be positive, not 0"),
    (lambda: nn.MultiMarginLoss(p=3), ValueError, "MultiMarginLoss: p must be 1 or 2, not 3"),
    (lambda: nn.CrossEntropyLoss(label_smoothing=2), ValueError, "must be from 0 to 1, not 2"),
    (lambda: nn.TripletMarginLoss(margin=0), ValueError, "margin must be positive, not 0"),
    (lambda: nn.BCELoss()(SMALL, -SMALL), ValueError, "targets from 0 to 1, and they go from -0.4"),
    (lambda: nn.BCELoss()(SMALL * 3, SMALL), ValueError, "predictions from 0 to 1, and they go"),
    (lambda: nn.BCEWithLogitsLoss()(SMALL, 1 - SMALL * 6), ValueError, "take soft_margin_loss"),
    (lambda: nn.MultiLabelSoftMarginLoss()(SMALL, -SMALL), ValueError, "give 1 for every class"),
    (lambda: nn.SoftMarginLoss()(SMALL, [[0, 1]]), ValueError, "labels 0 and 1 take 2 * y - 1"),
    (lambda: nn.HingeEmbeddingLoss()(SMALL, [[0, 1]]), ValueError, "targets that are 1 or -1"),
    (lambda: nn.MarginRankingLoss()(SMALL, SMALL, [[2, 1]]), ValueError, "1 or -1, and 2 is among"),
    (lambda: nn.CosineEmbeddingLoss()(SMALL, SMALL, [0]), ValueError, "targets that are 1 or -1"),
    (lambda: nn.KLDivLoss()(SMALL, -SMALL), ValueError, "of logarithms give log_target=True"),
    (lambda: nn.PoissonNLLLoss()(SMALL, -SMALL), ValueError, "counts as targets of 0 or more"),
    (lambda: nn.NLLLoss()(SMALL, [0.0]), TypeError, "class indices must be integers"),
    (lambda: nn.NLLLoss()(SMALL, [2]), IndexError, "target[0] is class 2"),
    (lambda: nn.CrossEntropyLoss()(SMALL, [[1]]), ad.ShapeError, "reshape it: target.reshape(1,)"),
    (lambda: nn.CrossEntropyLoss(weight=[1.0])(SMALL, [0]), ad.ShapeError, "2 classes"),
    (lambda: nn.MultiLabelMarginLoss()(SMALL, SMALL), TypeError, "takes indices of classes"),
    (lambda: nn.MultiLabelMarginLoss()(SMALL, [[0, -2]]), IndexError, "target is class -2"),
    (lambda: nn.MultiLabelMarginLoss()(SMALL, [[2, -1]]), IndexError, "a target is class 2; af"),
    (lambda: nn.MultiMarginLoss()(SMALL, [-1]), IndexError, "multi_margin_loss: target[0] is cl"),
    (lambda: nn.CrossEntropyLoss(ignore_index=0)(SMALL, SMALL), ValueError, "which class indices"),
    (lambda: nn.CTCLoss()(LOGP, [0, 1], [4], [2]), ValueError, "class 0 is the blank, and among"),
    (lambda: nn.CTCLoss()(LOGP, [1.5], [4], [1]), TypeError, "takes integers as targets"),
    (lambda: nn.CTCLoss()(LOGP, [1], [3.5], [1]), TypeError, "takes integers as input_lengths"),
    (lambda: nn.GaussianNLLLoss()(SMALL, SMALL), TypeError, "called with (input, target, var)"),  # type: ignore[call-arg]
    (lambda: nn.TripletMarginWithDistanceLoss(distance_function=3), TypeError, "be a function"),  # type: ignore[arg-type]
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[row[2] for row in WRONG])
def test_what_does_not_fit_is_said(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


@pytest.mark.parametrize(("function", "operands", "setting"), [
    ("huber_loss", 2, "delta"), ("smooth_l1_loss", 2, "beta"),
    ("cross_entropy", 2, "label_smoothing"),
    ("gaussian_nll_loss", 3, "eps"), ("poisson_nll_loss", 2, "eps"), ("multi_margin_loss", 2, "p"),
    ("triplet_margin_loss", 3, "margin"), ("triplet_margin_with_distance_loss", 3, "margin"),
    ("l1_penalty", 1, "strength"),
])  # fmt: skip
def test_functions_refuse_what_modules_refuse(function: str, operands: int, setting: str) -> None:
    for wrong in (-1.0, float("nan")):
        with pytest.raises(ValueError, match=f"{setting}.*{wrong:g}"):
            getattr(nn.functional, function)(*[SMALL] * operands, **{setting: wrong})


COLUMN, VECTOR = np.full((4, 1), 0.5), np.full(4, 0.5)


@pytest.mark.parametrize("name", [
    "BCELoss", "BCEWithLogitsLoss", "HuberLoss", "KLDivLoss", "L1Loss", "MSELoss",
    "HalfSquaredErrorLoss", "HingeEmbeddingLoss", "PoissonNLLLoss", "SmoothL1Loss",
    "SoftMarginLoss", "MultiLabelSoftMarginLoss",
])  # fmt: skip
def test_a_column_and_a_vector_are_never_spread_over_each_other(name: str) -> None:
    for operands in ((COLUMN, VECTOR), (VECTOR, COLUMN)):
        with pytest.raises(ad.ShapeError, match="must be equal"):
            getattr(nn, name)()(*operands)


@pytest.mark.parametrize("dtype", ["f2", "f4"])
def test_losses_are_of_the_type_of_the_prediction(dtype: str) -> None:
    sequences = ("CTCLoss", [LOGP[:, None, :], [[1]], [4], [1]], {}, None)
    for name, operands, options, _ in [*ROWS, sequences]:
        given = [a.astype(dtype) if isinstance(a, np.ndarray) and a.dtype.kind == "f" else a
                 for a in operands]  # fmt: skip
        for reduction in ("mean", "none"):
            x = ad.Tensor(given[0], requires_grad=True)
            loss = getattr(nn, name)(**options, reduction=reduction)(x, *given[1:])
            loss.sum().backward()
            assert (loss.dtype, x.grad.dtype) == (dtype, dtype), (name, options)
