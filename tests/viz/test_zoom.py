"""Pictures of the scalars behind operations on tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
import viz
from tests.autodiff.reference import same
from viz.draw.scene import Text
from viz.elements.names import stems
from viz.elements.rounding import without_rounding
from viz.text.formatting import number


def _x() -> Any:
    return ad.Tensor([1.0, 2.0, 0.5], requires_grad=True, name="x")


def _network(rng: np.random.Generator) -> tuple[Any, Any, list[Any]]:
    leaves = [
        ad.Tensor(rng.normal(size=shape), requires_grad=True, name=name)
        for name, shape in {"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)}.items()
    ]
    w1, b1, w2, b2 = leaves
    hidden = ad.tanh(ad.Tensor([[0.5, -1.0]], name="x") @ w1 + b1)
    return ad.square(hidden @ w2 + b2 - 0.3).sum(), hidden, leaves


def _card(picture: Any, name: str) -> Any:
    return next(card for card in picture.graph.cards if card.name == name)


def _names(picture: Any) -> list[str]:
    return [card.name for card in picture.graph.cards]


def _matmul() -> tuple[Any, list[Any]]:
    rng = np.random.default_rng(0)
    a = ad.Tensor(rng.normal(size=(2, 3)), requires_grad=True, name="A")
    b = ad.Tensor(rng.normal(size=(3, 2)), requires_grad=True, name="B")
    return a @ b, [a, b]


def _convolution() -> tuple[Any, list[Any]]:
    rng = np.random.default_rng(1)
    x = ad.Tensor(rng.normal(size=(1, 1, 3, 3)), requires_grad=True, name="x")
    w = ad.Tensor(rng.normal(size=(1, 1, 2, 2)), requires_grad=True, name="w")
    return ad.conv2d(x, w), [x, w]


def _softmax() -> tuple[Any, list[Any]]:
    x = _x()
    return ad.softmax(x), [x]


def _cross_entropy() -> tuple[Any, list[Any]]:
    z = _x()
    return ad.softmax_cross_entropy(z, ad.Tensor([0.2, 0.5, 0.3], name="y")), [z]


def _batch_norm() -> tuple[Any, list[Any]]:
    a = ad.Tensor([[1.0], [2.0], [0.5], [-1.0]], requires_grad=True, name="a")
    norm = nn.BatchNorm1d(1)
    return norm(a), [a, norm.weight, norm.bias]


CASES = [_matmul, _convolution, _softmax, _cross_entropy, _batch_norm]


@pytest.mark.parametrize("make", CASES)
@pytest.mark.parametrize("hops", [1, None])
def test_what_arrives_at_the_scalars_is_the_gradient_of_the_tensor(make: Any, hops: Any) -> None:
    y, operands = make()
    rng = np.random.default_rng(3)
    loss = (y * rng.normal(size=y.shape)).sum()
    picture = viz.zoom(y, loss=loss, hops=hops, engine="builtin")
    wanted = ad.gradients(loss)
    for node in operands:
        if node in picture.scalars.elements:
            same(picture.gradient(node), wanted[node], rtol=1e-6, atol=1e-6)
    same(picture.gradient(y), wanted[y], rtol=1e-12)
    assert len(picture.graph.cards) >= len(operands)


@pytest.mark.parametrize("make", CASES)
def test_cards_and_wires_say_the_numbers_of_the_tensor(make: Any) -> None:
    y, operands = make()
    picture = viz.zoom(y, engine="builtin")
    wanted = ad.gradients(y, np.ones(y.shape))
    for node in operands:
        values = picture.scalars.elements.get(node)
        for at in np.ndindex(node.shape) if values is not None else ():
            card = _card(picture, values[at].name)
            assert card.value == number(node.detach().numpy()[at])
            assert card.gradient_rms == pytest.approx(abs(wanted[node][at]), rel=1e-6, abs=1e-9)


def test_a_matrix_product() -> None:
    y, (_, b) = _matmul()
    picture = viz.zoom(y, engine="builtin")
    assert len(picture.graph.cards) == 16
    assert len(picture.graph.edges) == 24
    assert _card(picture, "m₁₂").formula == "= a₁₁ · b₁₂ + a₁₂ · b₂₂ + a₁₃ · b₃₂"
    assert {c.role for c in picture.graph.cards if c.name.startswith("m")} == {"output"}
    assert [(c.title, c.description[:3]) for c in picture.graph.clusters] == [
        ("A", "2×3"),
        ("B", "3×2"),
        ("m = A @ B", "2×2"),
    ]
    assert picture.title == "m = A @ B"
    assert picture.graph.notice == "L = Σ m: each element of the result has the gradient 1."
    edge = picture.graph.edges[0]
    assert edge.local.startswith("∂m₁₁/∂a₁₁ = b₁₁ = ")
    assert edge.local.endswith(number(b.detach().numpy()[0, 0]))


def test_one_element_is_drawn_with_what_it_is_computed_from() -> None:
    y, _ = _matmul()
    picture = viz.zoom(y, element=(0, -1), engine="builtin")
    assert _names(picture) == ["a₁₁", "a₁₂", "a₁₃", "b₁₂", "b₂₂", "b₃₂", "m₁₂"]
    assert picture.title == "m₁₂ of m = A @ B"
    assert picture.graph.notice == "The gradients are those of m₁₂."
    assert picture.graph.cards[0].gradient_label == "∂m₁₂/∂a₁₁"
    y, _ = _convolution()
    assert len(viz.zoom(y, element=(0, 0, 1, 1), engine="builtin").graph.cards) == 9


def _texts(picture: Any, kind: str) -> list[str]:
    return [
        "".join(span.text for span in shape.spans)
        for group in picture.scene.groups
        if group.kind == kind
        for shape in group.shapes
        if isinstance(shape, Text)
    ]


def test_a_sum_over_many_elements_is_drawn_as_grids() -> None:
    rng = np.random.default_rng(2)
    x = ad.Tensor(rng.normal(size=(1, 2, 5, 5)), requires_grad=True, name="x")
    w = ad.Tensor(rng.normal(size=(2, 2, 3, 3)), requires_grad=True, name="w")
    b = ad.Tensor([0.5, -1.0], requires_grad=True, name="b")
    y = ad.conv2d(x, w, b)
    loss = (y * rng.normal(size=y.shape)).sum()
    picture = viz.zoom(y, element=(0, 1, 2, 0), loss=loss, engine="builtin")
    told = _texts(picture, "tensor")
    assert told[0] == "x1×2×5×5"
    # In a grid of nine: name, value and gradient of each, row by row as the kernel has them.
    at, kernel = x.detach().numpy()[0, 0, 2, 1], w.detach().numpy()[1, 0, 0, 1]
    g = ad.gradients(loss)[y][0, 1, 2, 0]
    assert told[4:7] == ["x₁₃₂", number(at), number(g * kernel)]
    assert f"x₁₃₂ · w₂₁₁₂ {number(at * kernel)}" in " ".join(told)
    assert told[-3:] == ["b₂", "−1", number(g)]
    assert len(told) == 1 + 18 * 3 + 1 + 18 * 3 + 1 + 18 * 2 + 1 + 3
    said = _texts(picture, "label")
    assert "∂v₂₃₁/∂x = w" in said
    assert "∂L/∂w = ∂L/∂v₂₃₁ × x" in said


@pytest.mark.parametrize(
    ("make", "sign", "gradient"),
    [(ad.sum, "Σ", ["1"] * 12), (ad.max, "max", ["0"] * 5 + ["0.5", "0.5"] + ["0"] * 5)],
)
def test_sums_and_maxima_of_one_tensor_have_one_grid(
    make: Any, sign: str, gradient: list[str]
) -> None:
    x = ad.Tensor(np.minimum(np.arange(12.0) % 7, 5), requires_grad=True, name="x")
    picture = viz.zoom(make(x), engine="builtin")
    told = _texts(picture, "tensor")
    assert told[3::3] == gradient
    assert sign in _texts(picture, "label")


def test_the_paths_through_a_softmax() -> None:
    y, _ = _softmax()
    picture = viz.zoom(y, element=1, engine="builtin")
    assert _card(picture, "p₂").formula == "= e₂ / s"
    assert _card(picture, "m").formula == "= max(x₁, x₂, x₃)"
    # What comes to the maximum cancels, up to rounding.
    assert _card(picture, "m").gradient == "0"
    assert _card(picture, "d₁").cluster == ("1 p",)
    assert picture.graph.clusters[1].title == "p = softmax(x)"


def test_a_whole_network_is_that_of_its_scalars() -> None:
    loss, hidden, leaves = _network(np.random.default_rng(0))
    picture = viz.zoom(loss, hops=None, engine="builtin")
    wanted = ad.gradients(loss)
    for leaf in leaves:
        same(picture.gradient(leaf), wanted[leaf], rtol=1e-12)
    assert {"w⁽¹⁾₁₁", "w⁽¹⁾₂₃", "w⁽²⁾₃", "b⁽¹⁾₁", "b₂", "x₂", "hidden₃"} <= set(_names(picture))
    assert _card(picture, "w⁽¹⁾₂₃").role == "parameter"
    assert _card(picture, "d").formula == "= s − 0.3"
    assert {c.title for c in picture.graph.clusters} == {"x", "W₁", "b₁", "W₂"}
    # Between the two: only what the network's result is computed from directly.
    assert _names(viz.zoom(hidden, engine="builtin"))[:3] == ["z₁", "z₂", "z₃"]
    assert len(_names(viz.zoom(loss, hops=2, engine="builtin"))) == 2


def test_the_gradient_is_that_of_the_loss_or_the_stored_one_or_one() -> None:
    x = _x()
    y = x * 2
    y.retain_grad()
    loss = (y * [3.0, 4.0, 5.0]).sum()
    loss.name = "loss"
    picture = viz.zoom(y, loss=loss, engine="builtin")
    assert _card(picture, "p₂").gradient == "4"
    assert picture.graph.notice == ""
    assert "∂loss" in _card(picture, "x₂").gradient_label
    loss.backward(retain_graph=True)
    picture = viz.zoom(y, engine="builtin")
    assert _card(picture, "x₃").gradient == "10"
    assert picture.graph.notice == "The gradient of p is the one that backward() has stored."
    same(picture.gradient(x), x.grad)
    assert _card(viz.zoom(x * 2, engine="builtin"), "x₃").gradient == "2"


def test_numbers_without_a_name_stay_in_formulas_and_moved_elements_keep_theirs() -> None:
    x = _x()
    picture = viz.zoom((x * 3.0)[::-1] + 1.0, hops=None, engine="builtin")
    assert len(_names(picture)) == 9
    assert _card(picture, "p₁").formula == "= x₁ · 3"
    assert {c.formula for c in picture.graph.cards if c.role == "output"} == {
        "= p₁ + 1",
        "= p₂ + 1",
        "= p₃ + 1",
    }


def test_modules_stay_frames() -> None:
    y, _ = _batch_norm()
    picture = viz.zoom(y, element=(0, 0), hops=None, engine="builtin")
    assert any(c.title == "BatchNorm1d" for c in picture.graph.clusters)
    assert all(card.tooltip for card in picture.graph.cards if card.formula)


@pytest.mark.parametrize("make", CASES)
def test_pictures_have_the_shape_of_a_page(make: Any) -> None:
    layout = viz.zoom(make()[0], engine="builtin").layout
    assert 0.4 <= layout.width / layout.height <= 3


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: viz.zoom(3.0), TypeError, r"zoom\(\) was given a float; give a Tensor that"),
        (lambda: viz.zoom(_x()), TypeError, r"zoom\(\) was given 'x' \(a leaf\).*; give a Tensor"),
        (lambda: viz.zoom(_x() * 2, element=3), IndexError, r"element=3 is no place .* \(3,\)"),
        (lambda: viz.zoom(_x() * 2, element=(0, 0)), IndexError, "each of its 1 axes"),
        (lambda: viz.zoom(_x() * 2, element="a"), TypeError, "is no place of one element"),
        (
            lambda: viz.zoom(_x() * 2, loss=_x().sum()),
            ValueError,
            "the loss given was not computed",
        ),
        (lambda: viz.zoom(_x() * 2, roles={"x": "y"}), ValueError, "role"),
        (lambda: viz.zoom(_x() * 2, engine="x"), ValueError, "engine"),
        (
            lambda: viz.zoom(ad.linalg.inv(ad.Tensor(np.eye(2), requires_grad=True))),
            ad.ScalarizingError,
            "'inv' cannot be expanded into scalars: it is computed by LAPACK",
        ),
        (
            lambda: viz.zoom(ad.Tensor(np.ones((30, 30)), requires_grad=True) * 2),
            ad.ScalarizingError,
            "1800 scalars .* more than the 400 .* element=.* max_nodes=1800",
        ),
        (
            lambda: viz.zoom(ad.concatenate([_x(), ad.Tensor([1.0])]), element=3),
            ad.ScalarizingError,
            "nothing that needs a gradient leads to",
        ),
        (
            lambda: viz.zoom(_x() * 2, engine="builtin").gradient(_x()),
            ValueError,
            r"no elements of 'x' .*; it has: .*'x' \(a leaf\).*multiply",
        ),
    ],
)
def test_what_cannot_be_drawn_says_why(make: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_values_and_tensors_in_one_graph() -> None:
    x = _x()
    value = ad.to_value(ad.exp(x), (1,)) * 3
    assert _names(viz.zoom(value, hops=None, engine="builtin")) == ["x₂", "e₂", "L"]
    a, b = ad.Value(1.0, name="a"), ad.Value(2.0, name="b")
    picture = viz.zoom(ad.softmax(ad.stack([a * 2, b])), element=1, hops=None, engine="builtin")
    assert _names(picture)[:3] == ["a", "b", "p₁"]
    assert picture.gradient(b) == pytest.approx(0.25)


def test_the_scalars_of_a_network_of_tensors_are_a_network() -> None:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(2, 3, rng=rng), nn.Tanh(), nn.Linear(3, 1, rng=rng))
    loss = ad.square(model(ad.Tensor([[1.0, -1.0]], name="x")) - 1.0).sum()
    assert repr(viz.network(ad.scalarize(loss).result)) == "<NetworkPicture of 2-3-1>"


def test_sums_that_cancel_are_zero_and_small_ones_are_not() -> None:
    x = ad.Value(1.0)
    y = x * 1e-25 + x * 0.1 + x * 0.2 - x * 0.3
    found = ad.gradients(y)
    assert 0 < abs(found[x]) < 1e-16
    assert without_rounding(ad.topological_order(y), found)[x] == 0.0
    y = x * 1e-12 + x * 0.5 - x * 0.5
    assert without_rounding(ad.topological_order(y), ad.gradients(y))[x] > 0.0


def test_names_are_told_apart() -> None:
    assert stems(["W₁", "w₁"]) == {"W₁": "W⁽¹⁾", "w₁": "w⁽¹⁾"}
    assert stems(["hidden.layers.0.weight"]) == {"hidden.layers.0.weight": "hidden.layers…"}


def test_a_picture_is_the_same_again() -> None:
    first, second = (viz.zoom(_matmul()[0], engine="builtin").svg for _ in range(2))
    assert first == second
