"""`viz.why`: what may be asked, and how an answer is given."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
import viz
from viz.causes.checks import difference
from viz.causes.condense import MOST_ROWS
from viz.causes.slopes import blocked, gate_of, slope


def chain() -> tuple[Any, list[Any]]:
    numbers = [(2.0, -0.2), (-2.6, -2.0), (0.4, -0.2), (-0.6, -0.9), (-0.5, 3.3)]
    weights = [ad.Value(w, name=f"w{i}") for i, (w, _) in enumerate(numbers, 1)]
    a: Any = 1.0
    for weight, (_, b) in zip(weights, numbers, strict=True):
        a = ad.sigmoid(weight * a + ad.Value(b, name="b"))
    return 0.5 * (a - 1.0) ** 2, weights


def network(depth: int = 1) -> tuple[nn.Sequential, ad.Tensor]:
    rng = np.random.default_rng(0)
    parts = [p for _ in range(depth) for p in (nn.Linear(4, 4, rng=rng), nn.Sigmoid())]
    net = nn.Sequential(*parts)
    x = rng.standard_normal((6, 4)).astype(np.float32)
    return net, nn.functional.mse_loss(net(x), np.zeros((6, 4), np.float32))


def test_the_rows_multiply_to_the_gradient() -> None:
    loss, weights = chain()
    answer = viz.why(loss, weights[0])
    loss.backward()
    product = float(np.prod([step.gain for step in answer.steps]))
    assert product == pytest.approx(weights[0].grad, rel=1e-12)
    assert answer.size == weights[0].grad
    assert answer.steps[-1].size == pytest.approx(abs(weights[0].grad), rel=1e-12)
    found, swept = difference(answer.flow) or (0.0, 0.0)
    assert found == pytest.approx(weights[0].grad, rel=1e-5)
    assert swept == weights[0].grad


def test_blocked_is_what_is_missing_of_the_largest_slope() -> None:
    z = ad.Tensor([-3.0, 0.0, 2.0], requires_grad=True)
    a = ad.sigmoid(z)
    s = 1 / (1 + np.exp(-z.numpy()))
    assert np.allclose(slope(a, 0), s * (1 - s))
    assert np.allclose(blocked(a, 0), 1 - 4 * s * (1 - s))
    assert blocked(ad.relu(z), 0).tolist() == [1.0, 1.0, 0.0]
    assert blocked(ad.exp(z), 0) is None


GATES = {
    "relu": "rectifier", "gelu": "rectifier", "softplus": "rectifier", "sigmoid": "levels",
    "tanh": "levels", "erf": "levels", "hardtanh": "bounds", "relu6": "bounds", "floor": "steps",
    "rint": "steps", "sin": "other", "leaky_relu": "other", "exp": None, "log": None,
    "square": None,
}  # fmt: skip


@pytest.mark.parametrize("name", GATES)
def test_gates_are_told_by_their_slopes(name: str) -> None:
    function = getattr(ad, name, None) or getattr(nn.functional, name)
    gate = gate_of(function(ad.Tensor([0.5], requires_grad=True)), 0)
    assert (None if gate is None else gate.kind) == GATES[name]


def test_names_paths_and_models() -> None:
    net, loss = network(2)
    for asked in (net[0].weight, "0.weight", "Sequential.0.weight"):
        assert viz.why(loss, asked).size == viz.why(loss, net)["0.weight"].size
    report = viz.why(loss, net)
    assert list(report) == [name for name, _ in net.named_parameters()]
    assert report.healthy
    assert "Nothing is wrong with any of the 4 gradients" in str(report)
    scalars = nn.scalar.MLP(2, [3, 1], rng=np.random.default_rng(0))
    assert len(viz.why(scalars([1.0, 2.0]), scalars)) == len(scalars.parameters())


WRONG: dict[str, tuple[type[Exception], str, Any]] = {
    "root": (TypeError, "give the Value or Tensor", lambda loss, w: viz.why(3.0, w)),
    "nothing": (TypeError, "was asked about 'NoneType'", lambda loss, w: viz.why(loss)),
    "name": (ValueError, "names are: b", lambda loss, w: viz.why(loss, "unknown")),
    "entry": (ValueError, "whose shape is ()", lambda loss, w: viz.why(loss, w, element=(0,))),
    "entries": (
        ValueError, "is an entry of one node", lambda loss, w: viz.why(loss, [w], element=0)
    ),
    "theme": (ValueError, "not known", lambda loss, w: viz.why(loss, w, theme="pink")),
    "array": (
        ad.NonScalarBackwardError, "no single number",
        lambda loss, w: viz.why(ad.exp(x := ad.Tensor([1.0, 2.0], requires_grad=True)), x),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_bad_questions_are_refused(case: str) -> None:
    kind, message, ask = WRONG[case]
    loss, weights = chain()
    with pytest.raises(kind, match=message.replace("(", r"\(").replace(")", r"\)")):
        ask(loss, weights[0])


def test_nothing_is_touched() -> None:
    net, loss = network()
    called: list[Any] = []
    net[0].weight.register_hook(called.append)
    viz.why(loss, net)
    assert not called
    assert all(p.grad is None for p in net.parameters())
    loss.backward()


def test_one_entry_of_many() -> None:
    w = ad.Tensor([[0.5, -1.0], [2.0, 0.3]], requires_grad=True, name="w")
    x = ad.Tensor([[1.0, 3.0]])
    loss = (ad.relu(x @ w - [0.0, 100.0]) ** 2).sum()
    dead = viz.why(loss, w, element=(0, 1))
    assert (dead.kind, dead.operation, dead.name, dead.share) == ("dead", "relu", "w[0, 1]", 1.0)
    alive = viz.why(loss, w, element=(-2, 0))
    loss.backward()
    assert alive.healthy
    assert alive.name == "w[0, 0]"
    assert alive.size == w.grad[0, 0]


def test_after_backward_and_after_a_step() -> None:
    net, loss = network()
    net[0].bias.data[...] = 1e4
    net, loss = net, nn.functional.mse_loss(net(np.ones((2, 4))), np.zeros((2, 4)))
    before = viz.why(loss, net[0].weight)
    loss.backward()
    after = viz.why(loss, net[0].weight)
    rows = [[(s.operation, s.line, s.size) for s in answer.steps] for answer in (before, after)]
    assert rows[0] == rows[1]
    assert (after.kind, after.line) == (before.kind, before.line)
    assert after.note == "Computed again from the leaves after backward()."
    net[0].bias.data[...] = 0.0
    later = viz.why(loss, net[0].weight)
    assert later.healthy
    assert "changed since" in later.note


def test_what_was_released_is_said() -> None:
    w = ad.Tensor([1.0, 2.0], requires_grad=True, name="w")
    double = ad.custom_function(lambda x: x * 2.0)
    double.vjp(lambda g, y, x: g * 2.0)
    loss = double(ad.relu(w - 9.0)).sum()
    loss.backward()
    answer = viz.why(loss, w)
    assert answer.kind == "unknown"
    assert "retain_graph=True" in answer.note
    other = ad.Tensor([1.0], requires_grad=True, name="v")
    assert viz.why(loss, other).kind == "not used"


def test_complex_and_empty_arrays() -> None:
    z = ad.Tensor([1 + 2j, 0.5 - 1j], requires_grad=True, name="z")
    loss = (ad.abs(z) ** 2).sum()
    answer = viz.why(loss, z)
    loss.backward()
    assert answer.healthy
    assert np.allclose(answer.gradient, z.grad)
    assert viz.why(loss, z).healthy
    nothing = ad.Tensor(np.zeros((0, 3)), requires_grad=True, name="nothing")
    assert viz.why(nothing.sum() + 1.0, nothing).healthy


def test_what_was_not_recorded_is_told_by_its_block() -> None:
    w, v = ad.Value(0.5, name="w"), ad.Value(2.0, name="v")
    with ad.no_grad():
        h = ad.tanh(w)
    answer = viz.why(h * v, w)
    assert answer.line is not None
    assert answer.verdict == (
        "No gradient reaches w: a number that the root uses was computed inside no_grad() at "
        f"test_why.py:{answer.line[1]} (with ad.no_grad():)."
    )
    assert viz.why(h, w).verdict.startswith("No gradient reaches w: the root was computed inside")
    x = ad.Tensor([1.0, 2.0], requires_grad=True, name="x")
    with ad.no_grad():
        y = ad.exp(x)
    verdict = viz.why(y.sum(), x).verdict
    assert verdict.startswith("No gradient reaches x: exp was computed inside no_grad() at ")


def test_numbers_taken_are_told_with_what_made_them() -> None:
    w, v = ad.Value(0.437, name="w"), ad.Value(2.0, name="v")
    answer = viz.why(v * w.item(), w)
    assert answer.verdict.startswith(
        "No gradient reaches w: w was taken out of the graph by item()"
    )
    assert answer.line is None
    answer = viz.why(v * ad.exp(w).item(), w)
    assert answer.kind == "to number"
    assert "the result of exp made at " in answer.verdict


def test_a_cut_of_others_is_not_blamed() -> None:
    x, b, p = (ad.Tensor([1.0, 2.0], requires_grad=True, name=name) for name in "xbp")
    h = ad.exp(x)
    with ad.no_grad():
        size, target = h.mean(), p * 2.0
    for root in (h * (h > 0), h / size, h - target, h * h.detach(), h * p.detach()):
        assert viz.why(root.sum(), b).kind == "not used"
    h[0].item()
    assert viz.why(h.sum(), b).kind == "not used"


def test_long_ways_fit_on_a_page() -> None:
    for depth in (12, 40):
        net, loss = network(depth)
        answer = viz.why(loss, net[0].weight)
        assert len(answer.steps) >= 2 * depth
        assert len(answer.rows) <= MOST_ROWS + 2
        assert 0.5 <= answer.scene.width / answer.scene.height <= 3
        gains = [
            float(np.prod([abs(s.gain) for s in rows])) for rows in (answer.steps, answer.rows)
        ]
        assert gains[0] == pytest.approx(gains[1])


def test_formats(tmp_path: Path) -> None:
    loss, weights = chain()
    answer = viz.why(loss, weights[0], title="Chain")
    for form in ("svg", "html", "txt", "md", "json"):
        assert answer.save(tmp_path / f"why.{form}").stat().st_size > 200
    data = json.loads((tmp_path / "why.json").read_text(encoding="utf-8"))
    assert data["kind"] == "vanishing"
    assert data["verdict"] == answer.verdict
    assert [step["gain"] for step in data["steps"]] == [step.gain for step in answer.steps]
    text = (tmp_path / "why.md").read_text(encoding="utf-8")
    assert text.startswith("**The gradient of w₁ is tiny")
    assert "| layer 2 |" in text.replace("**", "")
    assert "Chain" in answer.svg


def test_hostile_names_come_out_as_text() -> None:
    w = ad.Tensor([0.0], requires_grad=True, name="<script>|*`\u202ex")
    answer = viz.why(ad.sqrt(w).sum(), w)
    assert "<script>" not in answer.svg + answer.html
    assert "\\|" in answer.formats()["md"](1.0).decode()
    assert "\u202e" not in str(answer)


def test_bytes_do_not_depend_on_hashes(tmp_path: Path) -> None:
    program = tmp_path / "one.py"
    program.write_text(
        "import autodiff as ad, viz\n"
        "w, v = (ad.Value(x, name=n) for n, x in (('w', 0.5), ('v', -9.0)))\n"
        "a = viz.why(ad.relu(w * 2 + v) + ad.tanh(v), w)\n"
        "print(a, a.svg, a.to_dict())\n",
        encoding="utf-8",
    )
    seen = {
        subprocess.run(
            [sys.executable, str(program)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2]),
                 "PYTHONIOENCODING": "utf-8"},
            capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(seen) == 1


def test_a_parameter_is_called_by_its_path_and_a_loss_once() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2))
    model[0].bias.data = model[0].bias.data * 0 - 99
    loss = nn.CrossEntropyLoss()(model([[0.5, -0.5]]), [1])
    why = viz.why(loss, model[0].weight)
    assert str(why).startswith("The gradient of 0.weight is 0: relu is off for all entries")
    assert "CrossEntropyLoss CrossEntropyLoss" not in str(why)
    assert viz.why(loss, "2.bias").name == viz.why(loss, model[2].bias).name == "2.bias"
    model = nn.Sequential(*(layer for _ in range(9) for layer in (nn.Linear(2, 2), nn.Sigmoid())))
    deep = viz.why(nn.CrossEntropyLoss()(model([[0.5, -0.5]]), [1]), model[0].weight)
    assert "times less than ∂L/∂16.weight" in deep.svg
    assert "CrossEntropyLoss<" in deep.svg


def test_a_report_is_saved_as_its_ending_says(tmp_path: Path) -> None:
    w = [ad.Value(1.0, name="a|b"), ad.Value(2.0, name="c")]
    report = viz.why(w[0] * 3.0, w)
    told = {form: report.save(tmp_path / f"r.{form}").read_text("utf-8") for form in ("txt", "md")}
    assert told["txt"] == f"{report}\n"
    assert "| c | not used | No gradient reaches c" in told["md"]
    assert json.loads(report.save(tmp_path / "r.json").read_text("utf-8"))["c"]["kind"] == (
        report["c"].kind
    )
    with pytest.raises(ValueError, match=r"report .* must end in one of \.txt, \.md, \.json; each"):
        report.save(tmp_path / "r.svg")
