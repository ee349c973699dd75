"""Weights move: to PyTorch and back by safetensors, in by NumPy archives, to other processes."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.io import CheckpointError
from tests.nn.layer_rows import Row
from tests.nn.layer_samples import SAMPLES


def _with_state(row: Row) -> bool:
    return row.torch and not row.name.startswith("Lazy") and bool(row.build().state_dict())


SHARED = [row for row in SAMPLES if _with_state(row)]


def _moved(row: Row) -> nn.Module:
    """The layer with numbers of its own in every buffer, too."""
    model = row.build()
    rng = np.random.default_rng(7)
    for buffer in model.buffers():
        if buffer.dtype.kind == "f":
            buffer.data = np.abs(rng.normal(1.0, 0.2, buffer.shape)).astype(buffer.dtype)
    return model


def _numbers(result: Any) -> list[Any]:
    if isinstance(result, tuple | list):
        return [array for part in result for array in _numbers(part)]
    if result is None:
        return []
    return [np.asarray(result.detach().numpy() if hasattr(result, "detach") else result)]


def _tensors(given: Any, torch: Any) -> Any:
    if isinstance(given, tuple):
        return tuple(_tensors(part, torch) for part in given)
    return torch.from_numpy(np.array(given)) if isinstance(given, np.ndarray) else given


@pytest.mark.parametrize("row", SHARED, ids=str)
def test_weights_go_to_pytorch_and_come_back(row: Row, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="compares with PyTorch")
    files = pytest.importorskip("safetensors.torch", reason="PyTorch's own reader of the files")
    model, theirs = _moved(row).eval(), row.build_torch(torch).eval()
    nn.save(model, tmp_path / "ours.safetensors")
    theirs.load_state_dict(files.load_file(tmp_path / "ours.safetensors"), strict=True)
    fresh, state = row.build(seed=5), model.state_dict()
    files.save_file(theirs.state_dict(), tmp_path / "theirs.safetensors")
    nn.load(fresh, tmp_path / "theirs.safetensors")
    for name, array in state.items():
        np.testing.assert_array_equal(fresh.state_dict()[name], array)
    inputs, named = row.arrays(), row.named()
    # With gradients on, or PyTorch takes a path of its own for padded sequences, with other numbers
    # where nothing is to be read.
    expected = _numbers(
        theirs(
            *(_tensors(x, torch) for x in inputs),
            **{key: _tensors(x, torch) for key, x in named.items()},
        )
    )
    for mine, wanted in zip(_numbers(model(*inputs, **named)), expected, strict=True):
        np.testing.assert_allclose(mine, wanted, rtol=1e-9, atol=1e-11)


def _network() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(4, 3, rng=0), nn.BatchNorm1d(3), nn.Tanh(), nn.Linear(3, 2, rng=1)
    )


def test_weights_come_in_by_numpy_archives(tmp_path: Path) -> None:
    model, fresh = _network(), _network()
    model[0].weight.data = model[0].weight.data + 1
    for write in (np.savez, np.savez_compressed):
        write(tmp_path / "w.npz", **model.state_dict())
        assert nn.load(fresh, tmp_path / "w.npz") == {}
        np.testing.assert_array_equal(fresh[0].weight.data, model[0].weight.data)
    assert set(nn.load_state(tmp_path / "w.npz")) == set(model.state_dict())
    # What is in it is looked at, not what it is called.
    (tmp_path / "w.npz").rename(tmp_path / "w.safetensors")
    nn.load(fresh, tmp_path / "w.safetensors")


def test_an_archive_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    model = _network()
    before = model.state_dict()
    np.savez(tmp_path / "w.npz", weight=np.ones(3))
    with pytest.raises(ValueError, match=r"missing: 0\.weight.*\n.*unexpected: weight"):
        nn.load(model, tmp_path / "w.npz")
    np.savez(tmp_path / "o.npz", weight=np.array([{"a": 1}], object))
    with pytest.raises(CheckpointError, match="pickle"):
        nn.load(model, tmp_path / "o.npz")
    content = (tmp_path / "w.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(CheckpointError):
        nn.load(model, tmp_path / "cut.npz")
    with zipfile.ZipFile(tmp_path / "bad.npz", "w") as archive:
        archive.writestr("weight.npy", b"\x93NUMPY" + b"\xff" * 40)
    with pytest.raises(CheckpointError):
        nn.load(model, tmp_path / "bad.npz")
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def _works_elsewhere(state: dict[str, Any], x: Any) -> Any:
    """What a process does with a state: build, load, compute."""
    model = _network().eval()
    model.load_state_dict(state)
    return model(x).numpy()


def test_a_model_works_in_another_process_by_its_state() -> None:
    model = _network().eval()
    model[3].bias.data = model[3].bias.data + 0.5
    x = np.ones((2, 4), np.float32)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(_works_elsewhere, (model.state_dict(), x))
    np.testing.assert_array_equal(found, model(x).numpy())


def test_modules_are_copied_but_not_pickled() -> None:
    model = _network()
    twin = copy.deepcopy(model)
    twin[0].weight.data = twin[0].weight.data * 0
    assert model[0].weight.data.any()
    assert [p.name for p in twin.parameters()] == [p.name for p in model.parameters()]
    for one in (model, model[0].weight, nn.optim.SGD(model.parameters(), lr=0.1)):
        with pytest.raises(TypeError, match=r"cannot be pickled.*state_dict\(\)"):
            pickle.dumps(one)


def test_a_tied_weight_is_one_again_after_loading(tmp_path: Path) -> None:
    def tied() -> nn.ModuleDict:
        encoder, decoder = nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)
        decoder.weight = encoder.weight
        return nn.ModuleDict({"encoder": encoder, "decoder": decoder})

    model, fresh = tied(), tied()
    model["encoder"].weight.data = np.eye(3, dtype=np.float32)
    nn.save(model, tmp_path / "m.safetensors")
    nn.load(fresh, tmp_path / "m.safetensors")
    assert fresh["encoder"].weight is fresh["decoder"].weight
    np.testing.assert_array_equal(fresh["decoder"].weight.data, np.eye(3))
    assert isinstance(fresh["encoder"].weight, ad.Tensor)
