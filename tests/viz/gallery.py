"""One picture of every kind, for the checks that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
import nn
import viz
from viz.picture import Picture

__all__ = ["KINDS"]


def _neuron() -> Picture:
    x1, x2 = ad.Value(2.0, name="x1"), ad.Value(0.0, name="x2")
    w1, w2 = ad.Value(-3.0, name="w1"), ad.Value(1.0, name="w2")
    b = ad.Value(6.8813735870195432, name="b")
    o = ad.tanh(w1 * x1 + w2 * x2 + b)
    o.backward()
    return viz.draw(o, engine="builtin")


def _loss() -> ad.Tensor:
    rng = np.random.default_rng(0)
    network = nn.Sequential(
        nn.Linear(4, 8, rng=rng), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 3, rng=rng)
    )
    x = ad.Tensor(rng.standard_normal((16, 4)), name="x")
    return nn.CrossEntropyLoss()(network(x), rng.integers(0, 3, 16))


def _step() -> Picture:
    return viz.draw(_loss(), gradients=True, engine="builtin")


def _titled() -> Picture:
    return viz.draw(_loss(), depth=0, title="One step <& more>", engine="builtin")


def _planes() -> Picture:
    model = nn.scalar.MLP(2, [3, 1], rng=np.random.default_rng(0))
    return viz.backward_network(model, [1.0, -1.0], 1.0, loss=lambda o, t: (o - t) ** 2)


def _full() -> Picture:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.ReLU(), nn.Linear(4, 3, rng=rng))
    x, y = rng.standard_normal((1, 3)), np.array([1])
    return viz.network(model, x, y, loss=nn.cross_entropy, detail="full")


def _bundles() -> Picture:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(20, 12, rng=rng), nn.Tanh(), nn.Linear(12, 3, rng=rng))
    x, y = rng.standard_normal((1, 20)), np.array([1])
    return viz.backward_network(model, x, y, loss=nn.cross_entropy)


def _difference() -> Picture:
    def loss(cut: bool) -> ad.Tensor:
        rng = np.random.default_rng(0)
        x = ad.Tensor(rng.standard_normal((6, 3)), name="x")
        v = ad.Tensor(rng.standard_normal((3, 3)), requires_grad=True, name="V")
        w = ad.Tensor(rng.standard_normal((3, 3)), requires_grad=True, name="W")
        h = ad.tanh(x @ v)
        r = ad.relu(h @ w)
        return (h + (r.detach() if cut else r)).mean()

    return viz.diff(loss(False), loss(True), engine="builtin")


def _zoom() -> Picture:
    x = ad.Tensor([1.0, 2.0, 0.5], requires_grad=True, name="x")
    return viz.zoom(ad.softmax(x), element=0, engine="builtin")


def _product() -> Picture:
    a = ad.Tensor([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]], requires_grad=True, name="A")
    return viz.zoom(a @ a.T, engine="builtin", title="A <matrix> & its transpose")


def _network() -> Picture:
    model = nn.scalar.MLP(2, [3, 1], rng=np.random.default_rng(0))
    return viz.network(model, [1.0, -1.0], 1.0, loss=lambda o, t: (o - t) ** 2)


def _network_of_layers() -> Picture:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(20, 12, rng=rng), nn.ReLU(), nn.Linear(12, 3, rng=rng))
    x, y = rng.standard_normal((4, 20)), rng.integers(0, 3, 4)
    return viz.network(model, x, y, loss=nn.CrossEntropyLoss())


def _classifier() -> tuple[nn.Sequential, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(2, 9, rng=rng), nn.Tanh(), nn.Linear(9, 3, rng=rng))
    return model, rng.standard_normal((20, 2)).astype(np.float32), rng.integers(0, 3, 20)


def _flow() -> Picture:
    model, x, y = _classifier()
    return viz.compare({"one": model, "two": model}, nn.CrossEntropyLoss(), x, y)


def _surface(directions: int) -> Picture:
    model, x, y = _classifier()
    rng = np.random.default_rng(0)
    return viz.surface(model, nn.CrossEntropyLoss(), x, y, directions, steps=9, rng=rng)


def _boundary() -> Picture:
    model, x, y = _classifier()
    return viz.boundary(model, x, y, steps=12)


def _failed() -> Picture:
    x = ad.Tensor(np.ones((4, 3)), name="x")
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(4, 2))
    try:
        model(x)
    except ad.ShapeError as error:
        return viz.draw(error, engine="builtin")
    raise AssertionError("the layers fit together")


def _explained() -> Picture:
    x, y = ad.Value(2.5, name="x"), ad.Value(0.4, name="y")
    u = x * y + ad.sin(x)
    return viz.explain(u * x, x, engine="builtin")


def _many_paths() -> Picture:
    x = ad.Value(1.0, name="x")
    y = x
    for _ in range(20):
        y = y - 0.1 * ad.tanh(y)
    return viz.explain(y, x, engine="builtin", title="One million paths")


def _explained_tensor() -> Picture:
    rng = np.random.default_rng(0)
    w = ad.Tensor(rng.standard_normal((4, 4)), requires_grad=True, name="W")
    x = ad.Tensor(rng.standard_normal((3, 4)), name="x")
    for _ in range(12):
        x = ad.tanh(x @ w)
    return viz.explain(ad.mean(ad.square(x)), w, engine="builtin")


def _explained_entry() -> Picture:
    loss = _loss()
    weight = next(node for node in ad.topological_order(loss) if node.requires_grad)
    return viz.explain(loss, weight, element=(0, 1), engine="builtin")


def _lost_in_a_chain() -> Picture:
    a: Any = 1.0
    weights = [ad.Value(w, name=f"w{i}") for i, w in enumerate([2.0, -2.6, 0.4, -0.6, -0.5], 1)]
    for weight, bias in zip(weights, [-0.2, -2.0, -0.2, -0.9, 3.3], strict=True):
        a = ad.sigmoid(weight * a + ad.Value(bias, name="b"))
    return viz.why(0.5 * (a - 1.0) ** 2, weights[0])


def _lost_in_a_deep_network() -> Picture:
    rng = np.random.default_rng(0)
    parts = [part for _ in range(20) for part in (nn.Linear(8, 8, rng=rng), nn.Sigmoid())]
    loss = nn.MSELoss()(nn.Sequential(*parts)(np.ones((3, 8))), np.zeros((3, 8)))
    return viz.why(loss, "0.weight", title="A <deep> network & its first weight")


def _dead() -> Picture:
    w = ad.Tensor(np.ones((3, 2)), requires_grad=True, name="w_with_a_name_that_is_rather_long")
    h = ad.relu(ad.Tensor(np.ones((4, 3)), name="X") @ w - 9.0)
    return viz.why(((h - 1.0) ** 2).mean(), w, element=(0, 1))


def _infinite() -> Picture:
    w = ad.Tensor([0.0, 2.0], requires_grad=True, name="w")
    return viz.why((ad.sqrt(w) * 3.0).sum(), w)


def _detached() -> Picture:
    w, v = ad.Value(0.5, name="w"), ad.Value(2.0, name="v")
    return viz.why(ad.exp(w).detach() * v, w)


def _place() -> Picture:
    rng = np.random.default_rng(0)
    x = ad.Tensor(rng.standard_normal((1, 2, 4, 4)), requires_grad=True, name="x")
    w = ad.Tensor(rng.standard_normal((1, 2, 3, 3)), requires_grad=True, name="w & <w>")
    b = ad.Tensor([0.5], requires_grad=True, name="b")
    return viz.zoom(ad.conv2d(x, w, b), element=(0, 0, 1, 0), engine="builtin")


def _thumbnail() -> Picture:
    model = nn.scalar.MLP(2, [6, 6, 1], rng=np.random.default_rng(0))
    return viz.network(model, [1.0, -1.0], 1.0, loss=lambda o, t: (o - t) ** 2, small=True)


def _opened() -> Picture:
    """Rows, hanging parameters, and a panel."""
    return viz.draw(_loss(), gradients=True, depth=1, opened="1", engine="builtin")


def _steps() -> Picture:
    """A loop around its frame, and a series below."""
    rng = np.random.default_rng(0)
    weight = ad.Tensor(rng.standard_normal((5, 5)) / 3, name="Wh", requires_grad=True)
    state = ad.Tensor(rng.standard_normal((4, 5)), name="h0")
    for step in range(9):
        given = ad.Tensor(rng.standard_normal((4, 5)), name=f"x{step}")
        state = ad.tanh(given + state @ weight)
    return viz.draw((state**2).sum(), gradients=True, engine="builtin")


def _wrapped() -> Picture:
    x = ad.Value(0.5, name="x")
    y = x
    for _ in range(25):
        y = ad.sin(y)
    return viz.draw(y, gradients=True, roll_up=False, engine="builtin")


def _sheet() -> Picture:
    x = ad.Value(1.0001, name="x")
    y = x
    for _ in range(400):
        y = y * x
    return viz.draw(y, gradients=True, roll_up=False)


def _ways() -> Picture:
    model = nn.Linear(2, 1, rng=0)
    x, y = [[1.0, 2.0], [0.5, -1.0]], [[0.5], [1.0]]
    ways = {"slow": [[0.9, 0.8], [0.6, 0.5], [0.5, 0.2]], "fast": [[-0.5, -0.9], [0.4, 0.1]]}
    found = nn.inspect.surface(model, nn.MSELoss(), x, y, steps=9, rng=0)
    return viz.surface(found, paths=ways)


KINDS: dict[str, Callable[[], Picture]] = {
    "draw, scalars": _neuron,
    "draw, tensors": _step,
    "draw, with a title": _titled,
    "draw, with an opened card": _opened,
    "draw, steps of a loop": _steps,
    "draw, in rows": _wrapped,
    "draw, a sheet": _sheet,
    "diff": _difference,
    "draw, an error": _failed,
    "zoom": _zoom,
    "zoom, one place": _place,
    "zoom, all elements": _product,
    "network": _network,
    "network of layers": _network_of_layers,
    "boundary": _boundary,
    "confusion": lambda: viz.confusion([[8, 2], [1, 9]], ["cat", "a longer name"]),
    "confusion of many": lambda: viz.confusion(np.eye(45) * 9 + np.eye(45, k=3)),
    "curves": lambda: viz.curves({"loss": [2.0, 0.5, 0.1], "val_loss": [2.1, 0.9, 0.6]}),
    "explain, scalars": _explained,
    "explain, many paths": _many_paths,
    "explain, tensors": _explained_tensor,
    "explain, an entry": _explained_entry,
    "filters": lambda: viz.filters(nn.Linear(9, 4, rng=np.random.default_rng(0))),
    "flow": _flow,
    "saliency": lambda: viz.saliency(nn.Linear(16, 3), np.ones((2, 16), np.float32)),
    "lines": lambda: viz.lines(
        {
            "sigmoid": {"|∂C/∂W₁|": [0.1, 1e-3, 1e-5], "0.25ᵈ": [0.06, 0.004, 0.0002]},
            "relu": {"|∂C/∂W₁|": [0.4, 0.5, 0.3]},
        },
        [2, 4, 6],
        x_label="depth",
        logarithmic=True,
        guides=["0.25ᵈ"],
        note="a bound is dashed",
    ),
    "surface with paths": _ways,
    "surface, one direction": lambda: _surface(1),
    "surface, two directions": lambda: _surface(2),
    "why, a chain": _lost_in_a_chain,
    "why, many layers": _lost_in_a_deep_network,
    "why, one entry": _dead,
    "why, not finite": _infinite,
    "why, cut off": _detached,
    "network as a thumbnail": _thumbnail,
    "backward network": _planes,
    "every number of a network": _full,
    "backward network of bundles": _bundles,
}
"""By name what makes the picture."""
