"""Programs with a planted fault: a kind, the root, what is asked about, and the line at fault.

The line carries the mark ``# fault``; a program without the mark has no line to be named.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
import nn

Program = Callable[[], tuple[Any, ...]]
FAULTS: list[tuple[str, Program]] = []


def fault(kind: str) -> Callable[[Program], Program]:
    def note(program: Program) -> Program:
        FAULTS.append((kind, program))
        return program

    return note


def leaf(*shape: int, name: str = "w", seed: int = 0, scale: float = 1.0) -> ad.Tensor:
    numbers = np.random.default_rng(seed).normal(scale=scale, size=shape)
    return ad.Tensor(numbers, requires_grad=True, name=name)


def batch(*shape: int, seed: int = 9) -> ad.Tensor:
    return ad.Tensor(np.random.default_rng(seed).normal(size=shape), name="X")


@fault("dead")
def scalar_relu_off() -> tuple[Any, ...]:
    w, b = ad.Value(0.5, name="w"), ad.Value(-9.0, name="b")
    z = w * 2.0 + b
    a = ad.relu(z)  # fault
    return (a - 1.0) ** 2, w


@fault("dead")
def tensor_relu_off() -> tuple[Any, ...]:
    w = leaf(3, 4)
    z = batch(5, 3) @ w - 50.0
    h = ad.relu(z)  # fault
    return (h**2).mean(), w


@fault("dead")
def one_dead_unit() -> tuple[Any, ...]:
    w, b = leaf(3, 4), ad.Tensor([0.0, 0.0, -99.0, 0.0], requires_grad=True, name="b")
    h = ad.relu(batch(5, 3) @ w + b)  # fault
    return (h**2).mean(), w, (1, 2)


@fault("dead")
def dead_module() -> tuple[Any, ...]:
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    net[0].bias.data[:] = -100.0
    out = net(batch(5, 3).numpy().astype(np.float32))  # fault
    return (out**2).mean(), "0.weight"


@fault("dead")
def dead_by_bias_in_a_neuron() -> tuple[Any, ...]:
    neuron = nn.scalar.Neuron(2, activation="relu")
    neuron.b.data = -30.0
    o = neuron([1.0, 2.0])  # fault
    return o * 3.0, neuron.w[1]


@fault("saturated")
def sigmoid_at_its_end() -> tuple[Any, ...]:
    w = ad.Value(40.0, name="w")
    z = w * 20.0
    a = ad.sigmoid(z)  # fault
    return (a - 0.5) ** 2, w


@fault("saturated")
def tanh_of_unscaled_inputs() -> tuple[Any, ...]:
    w = leaf(3, 4)
    h = ad.tanh(batch(5, 3) * 1e5 @ w)  # fault
    v = leaf(4, 1, name="v", seed=1)
    return ((h @ v) ** 2).mean(), w


@fault("saturated")
def nearly_flat_sigmoid() -> tuple[Any, ...]:
    w, v = ad.Value(1.0, name="w"), ad.Value(0.8, name="v")
    a = ad.sigmoid(w * 14.0 + 3.0)  # fault
    return (a * v - 0.1) ** 2, w


@fault("saturated")
def softmax_at_a_corner() -> tuple[Any, ...]:
    w = leaf(3, 3)
    p = ad.softmax(batch(4, 3) @ w * 1e4, axis=-1)  # fault
    t = batch(4, 3, seed=3)
    return ((p - t) ** 2).mean(), w


@fault("saturated")
def saturated_lstm_gate() -> tuple[Any, ...]:
    gate, cell = leaf(4, name="gate"), leaf(4, name="cell", seed=2)
    open_ = ad.sigmoid(gate - 800.0)  # fault
    return ((open_ + 1.0) * cell).sum(), gate


@fault("clipped")
def clipped_scalar() -> tuple[Any, ...]:
    w = ad.Value(3.0, name="w")
    y = ad.clip(w * 2.0, -1.0, 1.0)  # fault
    return y**2, w


@fault("clipped")
def clipped_probabilities() -> tuple[Any, ...]:
    w = leaf(4)
    p = ad.clip(ad.exp(w) + 5.0, 0.0, 1.0)  # fault
    return p.sum(), w


@fault("clipped")
def hard_tanh_out_of_bounds() -> tuple[Any, ...]:
    w = leaf(4)
    return (nn.functional.hardtanh(w + 30.0) * 2.0).sum(), w  # fault


@fault("not selected")
def loser_of_maximum() -> tuple[Any, ...]:
    a, b = ad.Value(1.0, name="a"), ad.Value(5.0, name="b")
    m = ad.maximum(a * 2.0, b)  # fault
    return m**2, a


@fault("not selected")
def other_branch_of_where() -> tuple[Any, ...]:
    w, v = leaf(4), leaf(4, name="v", seed=1)
    y = ad.where(np.ones(4, bool), v, ad.exp(w))  # fault
    return (y**2).sum(), w


@fault("not selected")
def entry_that_max_left_out() -> tuple[Any, ...]:
    w = ad.Tensor([1.0, 7.0, 3.0], requires_grad=True, name="w")
    return ad.max(w * 2.0) ** 2, w, (0,)  # fault


@fault("not selected")
def pixel_that_pooling_left_out() -> tuple[Any, ...]:
    image = ad.Tensor(np.arange(16.0).reshape(1, 1, 4, 4), requires_grad=True, name="image")
    small = nn.functional.max_pool2d(image * 1.0, 2)  # fault
    return small.sum(), image, (0, 0, 0, 0)


@fault("not selected")
def row_that_is_not_read() -> tuple[Any, ...]:
    table = leaf(5, 2, name="table")
    rows = table[np.array([0, 1, 1])]  # fault
    return (rows**2).sum(), table, (4, 0)


@fault("zero factor")
def zero_output_weights() -> tuple[Any, ...]:
    w, v = leaf(3, 4), ad.Tensor(np.zeros((4, 1)), requires_grad=True, name="v")
    h = ad.tanh(batch(5, 3) @ w)
    out = h @ v  # fault
    return ((out - 1.0) ** 2).mean(), w


@fault("zero factor")
def coefficient_of_zero() -> tuple[Any, ...]:
    w = ad.Value(2.0, name="w")
    penalty = w**2 * 0.0  # fault
    return penalty + 3.0, w


@fault("zero factor")
def zero_weight_of_a_neuron() -> tuple[Any, ...]:
    u, v = ad.Value(0.7, name="u"), ad.Value(0.0, name="v")
    z = v * ad.tanh(u * 2.0)  # fault
    return (z - 1.0) ** 2, u


@fault("masked")
def everything_dropped() -> tuple[Any, ...]:
    w = leaf(4)
    mask = np.array([0.0, 2.0, 2.0, 0.0])
    y = ad.exp(w) * mask  # fault
    return y.sum(), w, (0,)


@fault("masked")
def padding_of_a_sequence() -> tuple[Any, ...]:
    w = leaf(4)
    y = ad.where(np.array([True, True, False, False]), ad.sin(w), 0.0)  # fault
    return y.sum(), w, (3,)


@fault("flat")
def rounded_numbers() -> tuple[Any, ...]:
    w = leaf(4)
    q = ad.round(w * 8.0) / 8.0  # fault
    return ((q - 1.0) ** 2).mean(), w


@fault("flat")
def a_sign_as_activation() -> tuple[Any, ...]:
    w = ad.Value(0.4, name="w")
    s = ad.sign(w * 3.0)  # fault
    return (s - 0.5) ** 2, w


@fault("flat")
def floors() -> tuple[Any, ...]:
    w = leaf(4, scale=5.0)
    return (ad.floor(w) * 0.5).sum(), w  # fault


@fault("stationary")
def square_at_zero() -> tuple[Any, ...]:
    w = ad.Value(0.0, name="w")
    s = (w * 3.0) ** 2  # fault
    return s * 5.0, w


@fault("stationary")
def absolute_at_zero() -> tuple[Any, ...]:
    w = ad.Value(0.0, name="w")
    return ad.abs(w * 2.0) + 1.0, w  # fault


@fault("cancellation")
def difference_with_itself() -> tuple[Any, ...]:
    w = ad.Value(1.3, name="w")
    a = ad.tanh(w)
    return a * 2.0 - (a + a), w  # fault


@fault("cancellation")
def bias_before_batch_norm() -> tuple[Any, ...]:
    w, b = leaf(3, 4), leaf(4, name="b", seed=2)
    z = batch(6, 3) @ w + b  # fault
    n = (z - z.mean(axis=0)) / ad.std(z, axis=0)
    return (n * batch(6, 4, seed=4)).mean(), b


@fault("cancellation")
def sum_of_probabilities() -> tuple[Any, ...]:
    w = leaf(3, 5)
    p = ad.softmax(w, axis=-1)  # fault
    return p.sum(), w


@fault("cancellation")
def sum_of_what_was_centred() -> tuple[Any, ...]:
    w = leaf(6)
    z = (w - w.mean()) / ad.sqrt(((w - w.mean()) ** 2).mean() + 1e-5)  # fault
    return z.sum() * 2.0, w


@fault("cancellation")
def bias_of_all_logits() -> tuple[Any, ...]:
    w, b = leaf(4, 3), ad.Tensor([0.3], requires_grad=True, name="b")
    logits = batch(6, 4) @ w + b  # fault
    return nn.functional.cross_entropy(logits, np.array([0, 1, 2, 0, 1, 2])), b


@fault("underflow")
def half_precision_underflow() -> tuple[Any, ...]:
    w = ad.Tensor(np.ones(3, np.float16), requires_grad=True, name="w")
    y = w * np.float16(1e-4)  # fault
    return (y * np.float16(1e-4)).sum(), w


@fault("underflow")
def single_precision_underflow() -> tuple[Any, ...]:
    w = ad.Tensor(np.ones(3, np.float32), requires_grad=True, name="w")
    y = w * np.float32(1e-30)  # fault
    return (y * np.float32(1e-30)).sum(), w


@fault("detached")
def detached_features() -> tuple[Any, ...]:
    w, v = leaf(3, 4), leaf(4, 1, name="v", seed=1)
    h = ad.tanh(batch(5, 3) @ w)
    h = h.detach()  # fault
    return ((h @ v) ** 2).mean(), w


@fault("detached")
def stopped_gradient() -> tuple[Any, ...]:
    w, v = ad.Value(0.5, name="w"), ad.Value(2.0, name="v")
    h = ad.stop_gradient(ad.exp(w))  # fault
    return h * v, w


@fault("detached")
def detached_in_a_function() -> tuple[Any, ...]:
    def features(x: ad.Tensor, w: ad.Tensor) -> ad.Tensor:
        hidden = ad.relu(x @ w)
        return hidden.detach() * 2.0  # fault

    w, v = leaf(3, 4), leaf(4, 1, name="v", seed=1)
    return (features(batch(5, 3), w) @ v).sum(), w


@fault("detached")
def array_of_a_result() -> tuple[Any, ...]:
    w, v = leaf(3, 4), leaf(4, 1, name="v", seed=1)
    h = ad.tanh(batch(5, 3) @ w)
    h = ad.Tensor(h.data, requires_grad=True, name="h")  # fault
    return (h @ v).sum(), w


@fault("detached")
def array_of_a_parameter() -> tuple[Any, ...]:
    w, v = leaf(4), leaf(4, name="v", seed=1)
    return (w.data * 1.0 * v).sum() + (ad.exp(ad.Tensor(w.data)) * v).sum(), w  # fault


@fault("not recorded")
def encoder_without_record() -> tuple[Any, ...]:
    encoder, head = nn.Linear(3, 4), nn.Linear(4, 1)
    with ad.no_grad():  # fault
        h = ad.relu(encoder(batch(5, 3).numpy().astype(np.float32)))
    return (head(h) ** 2).mean(), encoder.weight


@fault("not recorded")
def scalar_without_record() -> tuple[Any, ...]:
    w, v = ad.Value(0.5, name="w"), ad.Value(2.0, name="v")
    with ad.no_grad():  # fault
        h = ad.tanh(w * 3.0)
    return h * v, w


@fault("not recorded")
def loss_without_record() -> tuple[Any, ...]:
    w = leaf(4)
    with ad.no_grad():  # fault
        loss = (w * w).sum()
    return loss, w


@fault("no derivative")
def accuracy_as_loss() -> tuple[Any, ...]:
    w = leaf(3, 2)
    logits = batch(5, 3) @ w
    hits = logits > 0.0  # fault
    return (hits * leaf(5, 2, name="v", seed=1)).sum(), w


@fault("no derivative")
def whole_numbers() -> tuple[Any, ...]:
    w, v = leaf(4, scale=9.0), leaf(4, name="v", seed=1)
    steps = (w * 2.0).astype(np.int64)  # fault
    return (steps * v).sum(), w


@fault("no derivative")
def position_of_the_largest() -> tuple[Any, ...]:
    w, v = leaf(4), leaf(4, name="v", seed=1)
    best = ad.argmax(w * 2.0)  # fault
    return (best * v).sum(), w


@fault("to number")
def function_of_python() -> tuple[Any, ...]:
    w, v = ad.Value(0.5, name="w"), ad.Value(2.0, name="v")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        s = math.sin(w)  # fault
    return s * v, w


@fault("to number")
def item_of_a_result() -> tuple[Any, ...]:
    w, v = ad.Value(0.437, name="w"), ad.Value(2.0, name="v")
    s = ad.exp(w).item()  # fault
    return v * s, w


@fault("not used")
def forgotten_bias() -> tuple[Any, ...]:
    w, b = leaf(3, 4), leaf(4, name="b", seed=1)
    return ((batch(5, 3) @ w) ** 2).mean(), b


@fault("not used")
def other_leaf_of_the_name() -> tuple[Any, ...]:
    w, made_again = leaf(3), leaf(3)
    return (made_again**2).sum(), w


@fault("to number")
def copy_of_a_parameter() -> tuple[Any, ...]:
    w = leaf(3)
    copy = ad.Tensor(w.numpy(), requires_grad=True, name="w")  # fault
    return (copy**2).sum(), w


@fault("frozen")
def frozen_layer() -> tuple[Any, ...]:
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    net[0].requires_grad_(False)
    return (net(batch(5, 3).numpy().astype(np.float32)) ** 2).mean(), net[0].weight
