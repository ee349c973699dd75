"""Networks of any size and kind: nothing lies over anything, and all is inside."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.viz.hand_built import hand_built
from tests.viz.shown import tidy
from viz.networks.chips.picture import FullNetwork
from viz.networks.model import Network
from viz.networks.planes.picture import BackwardNetwork

KINDS = ["sigmoid", "tanh", "relu", "gelu", "silu", "", "elu", "softplus"]


def any_network(seed: int) -> Network:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 10 if seed % 3 else 7, rng.integers(2, 5)).tolist()
    kinds = rng.choice(KINDS, len(sizes) - 1).tolist()
    loss = str(rng.choice(["squares", "softmax", "none"]))
    if loss == "softmax":
        kinds[-1] = ""
    weights = [rng.normal(size=(m, n)) * 10.0 ** rng.integers(-3, 3) for n, m in pairwise(sizes)]
    return hand_built(sizes, kinds, loss, seed, bool(rng.integers(2)), weights)


def check(seed: int) -> None:
    network = any_network(seed)
    sizes = [len(layer.neurons) for layer in network.layers]
    tidy(BackwardNetwork(network).scene)
    if max(sizes) <= 6:
        tidy(FullNetwork(network).scene)


@pytest.mark.parametrize("seed", range(12))
def test_some_networks(seed: int) -> None:
    check(seed)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(12, 300))
def test_many_networks(seed: int) -> None:
    check(seed)
