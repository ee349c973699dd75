"""PyTorch's names: each is here, or is refused with a reason that is true."""

from __future__ import annotations

import inspect
import re
from functools import reduce
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import nn
from nn.names.absent import ABSENT, reason

PLACES = {
    "nn": "torch.nn",
    "nn.functional": "torch.nn.functional",
    "nn.init": "torch.nn.init",
    "nn.optim": "torch.optim",
    "nn.optim.lr_scheduler": "torch.optim.lr_scheduler",
    "nn.optim.swa_utils": "torch.optim.swa_utils",
    "nn.utils": "torch.nn.utils",
    "nn.utils.rnn": "torch.nn.utils.rnn",
    "nn.utils.parametrize": "torch.nn.utils.parametrize",
    "nn.utils.parametrizations": "torch.nn.utils.parametrizations",
    "nn.data": "torch.utils.data",
    "nn.Module": "torch.nn.Module",
    "nn.optim.Optimizer": "torch.optim.Optimizer",
}
"""Modules and classes of ours, and PyTorch's of the same names."""

SAMPLES: dict[str, Any] = {
    "nn.Module": nn.ReLU,
    "nn.optim.Optimizer": lambda: nn.optim.SGD([nn.Parameter([1.0])], lr=0.1),
}
"""Where an attribute is looked up in an object."""


def found(path: str) -> Any:
    """What a dotted path leads to."""
    parts = path.split(".")
    for count in range(len(parts), 0, -1):
        try:
            module = import_module(".".join(parts[:count]))
        except ImportError:
            continue
        return reduce(getattr, parts[count:], module)
    raise ImportError(path)


def theirs(place: str) -> set[str]:
    """PyTorch's public names in one place, with the modules of its own there."""
    torch = pytest.importorskip("torch")
    home = found(PLACES[place])
    if isinstance(home, type):
        return {name for name in dir(home) if not name.startswith("_")}
    listed = getattr(home, "__all__", None) or [
        name
        for name, value in vars(home).items()
        if callable(value) and getattr(value, "__module__", "").startswith(home.__name__)
    ]
    inside = [
        name
        for name, value in vars(home).items()
        if isinstance(value, ModuleType) and value.__name__ == f"{home.__name__}.{name}"
    ]
    return {
        name for name in (*listed, *inside) if not name.startswith("_") and name not in dir(torch)
    }


def listed(place: str) -> set[str]:
    """The names that are said to be absent in one place."""
    names = [name for together in ABSENT.get(place, {}) for name in together.split()]
    assert len(names) == len(set(names)), "a name is listed twice"
    return set(names)


@pytest.mark.parametrize("place", PLACES)
def test_every_name_of_pytorch_is_here_or_says_why_not(place: str) -> None:
    ours = SAMPLES[place]() if place in SAMPLES else found(place)
    absent = {name for name in theirs(place) if not hasattr(ours, name)}
    assert sorted(absent - listed(place)) == []
    if place not in SAMPLES:
        assert listed(place) <= set(dir(found(PLACES[place])))
    for name in sorted(listed(place)):
        with pytest.raises(AttributeError, match=f"no attribute '{name}'; ") as caught:
            getattr(ours, name)
        assert str(caught.value).endswith(str(reason(place, name)))


@pytest.mark.parametrize("place", ABSENT)
def test_what_is_advised_is_there(place: str) -> None:
    assert place in PLACES
    for why in ABSENT[place].values():
        for path in re.findall(r"\b((?:autodiff|nn)(?:\.\w+)+)", why):
            found(path)


def test_every_class_of_pytorch_has_its_attributes_here() -> None:
    """Methods and properties of all layers, containers, datasets, samplers and optimizers."""
    pytest.importorskip("torch")
    compared = 0
    for place in ("nn", "nn.optim", "nn.data"):
        for name in sorted(theirs(place)):
            ours, other = getattr(found(place), name, None), getattr(found(PLACES[place]), name)
            # Of a tensor other tests ask; a lazy layer becomes another.
            other_kind = name in ("Buffer", "Parameter") or name.startswith("Lazy")
            if other_kind or not (inspect.isclass(other) and inspect.isclass(ours)):
                continue
            compared += 1
            kind = "nn.optim.Optimizer" if place == "nn.optim" else "nn.Module"
            public = {n for n in dir(other) if not n.startswith("_")}
            excused = {*listed(kind), *INSIDE.get(name, "").split()}
            assert sorted(n for n in public - excused if not hasattr(ours, n)) == [], name
    assert compared > 160


INSIDE = {
    "DataLoader": "check_worker_number_rationality multiprocessing_context",
    "ConcatDataset": "cummulative_sizes cumsum",
}
"""Attributes of single classes that only PyTorch's own code, or another kind of worker, needs."""


def test_a_module_goes_to_where_it_is() -> None:
    layer = nn.Linear(2, 1)
    weight = layer.weight
    same = (("cpu",), ("CPU:0",), (np.float32,), ("cpu", "float32"), (np.ones(1, np.float32),))
    for given in same:
        assert layer.to(*given) is layer
        assert layer.weight is weight
        assert weight.dtype == np.float32
    assert layer.cpu() is layer
    assert layer.to(device="cpu", dtype=np.float64, non_blocking=True).weight.dtype == np.float64
    assert layer.type("float32").weight.dtype == np.float32
    assert layer.to("cpu", np.float64, True).weight.dtype == np.float64
    for given in (("cuda",), ("cuda:1", np.float32), ("mps",)):
        with pytest.raises(ValueError, match=f"'{given[0]}'.*only device is 'cpu'"):
            layer.to(*given)
    with pytest.raises(TypeError, match="one dtype"):
        layer.to(np.float32, np.float64)
    with pytest.raises(TypeError, match="no argument 'device_ids'"):
        layer.to("cpu", device_ids=[0])
    torch = pytest.importorskip("torch")
    assert layer.to(torch.device("cpu")) is layer
    with pytest.raises(ValueError, match="'cuda'"):
        layer.to(torch.device("cuda"))
    with pytest.raises(TypeError, match=r"torch\.float64.*no dtype of NumPy"):
        layer.to(torch.float64)


def test_what_would_be_ignored_is_refused_and_other_errors_are_seen() -> None:
    with pytest.raises(TypeError, match=r"Kept\.get_extra_state would never be called.*Buffer"):

        class Kept(nn.Module):
            def get_extra_state(self) -> int:
                return 1

    class Net(nn.Module):
        @property
        def depth(self) -> Any:
            return self.layers

    with pytest.raises(AttributeError, match="no attribute 'layers'"):
        Net().depth  # noqa: B018


def test_running_figures_begin_anew() -> None:
    for layer in (nn.BatchNorm1d(2), nn.InstanceNorm1d(2, track_running_stats=True)):
        fresh = layer.state_dict()
        layer(np.random.default_rng(0).normal(size=(3, 2, 4)).astype(np.float32))
        assert not np.array_equal(layer.state_dict()["running_mean"], fresh["running_mean"])
        layer.reset_running_stats()
        for name, array in layer.state_dict().items():
            np.testing.assert_array_equal(array, fresh[name])
    nn.BatchNorm1d(2, track_running_stats=False).reset_running_stats()
