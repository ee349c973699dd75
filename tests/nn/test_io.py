"""Saving and loading: whole files, damaged files, foreign files."""

from __future__ import annotations

import json
import os
import platform
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import nn
from nn.io import CheckpointError, files
from nn.io.container import encode
from nn.io.safetensors_reader import decode


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def model() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))


def assert_equal(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert sorted(a) == sorted(b)
    for name, array in a.items():
        np.testing.assert_array_equal(array, b[name], err_msg=name)
        assert array.dtype == b[name].dtype


def test_a_model_round_trip(path: Path) -> None:
    net, other = model(), model()
    net(np.ones((3, 3), np.float32))
    nn.save(net, path, {"note": 'grüße "quoted"', "epoch": "3"})
    assert nn.load(other, path) == {"note": 'grüße "quoted"', "epoch": "3"}
    assert_equal(net.state_dict(), other.state_dict())


def test_the_file_is_plain_safetensors(path: Path) -> None:
    net = model()
    nn.save(net, path)
    assert_equal(load_file(path), net.state_dict())


def test_files_of_others_are_read(path: Path) -> None:
    net, other = model(), model()
    save_file(net.state_dict(), path, {"format": "pt"})
    assert nn.load(other, path) == {"format": "pt"}
    assert_equal(net.state_dict(), other.state_dict())
    assert_equal(nn.load_state(path), net.state_dict())


@pytest.mark.parametrize(
    "dtype",
    "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64".split(),
)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 2)])
def test_every_dtype_and_shape(path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    array = np.ones(shape, dtype)
    swapped = array.astype(array.dtype.newbyteorder(">"))
    nn.save_state({"a": array, "b": swapped, "c": np.array(array, order="F")}, path)
    for name, found in nn.load_state(path).items():
        np.testing.assert_array_equal(found, array, err_msg=name)
        assert found.dtype == np.dtype(dtype)
        assert found.shape == shape
        assert found.flags.writeable
    assert_equal({k: np.asarray(v) for k, v in load_file(path).items()}, nn.load_state(path))


def test_any_nesting_keeps_its_types(path: Path) -> None:
    rng = np.random.default_rng(0)
    optimizer = nn.optim.Adam([nn.Parameter([1.0, 2.0])])
    state = {
        "optimizer": optimizer.state_dict(),
        "rng": rng.bit_generator.state,
        "epoch": 3,
        "best": (0.1, None, True, "text"),
        "list": [1, [2.5], np.float32(0.5), np.arange(3)],
        7: {"a.b": np.zeros(1), "a": {"b": np.ones(1)}},
        "$dict": {"$array": "x"},
    }
    nn.save_state(state, path, {"note": "x"})
    found = nn.load_state(path)
    np.testing.assert_equal(found, state)
    assert list(found) == list(state)
    assert isinstance(found["best"], tuple)
    assert list(found["optimizer"]["state"]) == [0]
    other = np.random.default_rng(9)
    other.bit_generator.state = found["rng"]
    assert other.random() == rng.random()
    assert "optimizer.state.0.exp_avg" in load_file(path)


@pytest.mark.parametrize("state", [np.arange(3), [], {}, None, 3, "x", {"a": []}])
def test_states_that_are_hardly_any(path: Path, state: Any) -> None:
    nn.save_state(state, path)
    np.testing.assert_equal(nn.load_state(path), state)


def test_training_goes_on_as_if_never_interrupted(path: Path) -> None:
    def build() -> tuple[nn.Module, nn.optim.Optimizer]:
        net = nn.Linear(3, 1, rng=np.random.default_rng(0))
        return net, nn.optim.Adam(net.parameters(), lr=0.1)

    def train(net: nn.Module, optimizer: nn.optim.Optimizer, rng: Any, steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            x = rng.standard_normal((4, 3)).astype(np.float32)
            nn.mse_loss(net(x), x.sum(1, keepdims=True)).backward()
            optimizer.step()

    whole, optimizer = build()
    train(whole, optimizer, np.random.default_rng(1), 6)
    half, optimizer = build()
    rng = np.random.default_rng(1)
    train(half, optimizer, rng, 3)
    states = {"model": half.state_dict(), "optimizer": optimizer.state_dict()}
    nn.save_state({**states, "rng": rng.bit_generator.state}, path)
    again, optimizer = build()
    saved = nn.load_state(path)
    again.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    rng = np.random.default_rng()
    rng.bit_generator.state = saved["rng"]
    train(again, optimizer, rng, 3)
    assert_equal(whole.state_dict(), again.state_dict())


def test_the_same_state_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np, nn\n"
        "net = nn.Linear(3, 2, rng=np.random.default_rng(0))\n"
        "nn.save(net, sys.argv[1], {'c': '1', 'a': '2', 'b': '3'})\n"
    )
    contents = set()
    for seed in ("0", "1", "2"):
        target = tmp_path / f"{seed}.safetensors"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.getcwd()}
        subprocess.run([sys.executable, "-c", code, str(target)], check=True, env=environment)
        contents.add(target.read_bytes())
    assert len(contents) == 1


def small() -> bytes:
    return encode({"w": np.arange(3, dtype=np.float32), "n": np.array(2)}, {"note": "x"})


def test_every_flipped_bit_is_refused() -> None:
    content = small()
    for place in range(len(content)):
        for bit in range(8):
            damaged = bytearray(content)
            damaged[place] ^= 1 << bit
            with pytest.raises(CheckpointError):
                decode(bytes(damaged), "file")


def test_every_truncation_and_every_extension_is_refused() -> None:
    content = small()
    for length in range(len(content)):
        with pytest.raises(CheckpointError, match="it is damaged, was cut short, or is not"):
            decode(content[:length], "file")
    with pytest.raises(CheckpointError):
        decode(content + b"\0", "file")


def header(entries: Any, data: bytes = b"") -> bytes:
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return len(text).to_bytes(8, "little") + text + data


F32 = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x04\x95pickle",
        b"\xff" * 64,
        (1 << 62).to_bytes(8, "little") + b"{}",
        header(b"[" * 100_000),
        header(b"[]"),
        header(b"null"),
        header(b"{\xff}"),
        header({"__metadata__": 3}),
        header({"__metadata__": {"a": 3}}),
        header({"__metadata__": {"a": None}}),
        header({"w": F32}, b"\0" * 4),
        header({"w": F32}, b"\0" * 12),
        header({"w": {**F32, "shape": [3]}}, b"\0" * 8),
        header({"w": {**F32, "shape": [-2]}}, b"\0" * 8),
        header({"w": {**F32, "shape": [1 << 62, 1 << 62]}}, b"\0" * 8),
        header({"w": {**F32, "data_offsets": [8, 0]}}, b"\0" * 8),
        header({"w": {**F32, "dtype": "F31"}}, b"\0" * 8),
        header({"w": 3}),
        header({"v": F32, "w": F32}, b"\0" * 8),
    ],
    ids=range(20),
)
def test_hostile_files_are_refused_with_one_error(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(CheckpointError) as caught:
        nn.load(nn.Linear(1, 1), path)
    assert str(path) in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_types_that_numpy_lacks_are_named(path: Path) -> None:
    path.write_bytes(
        header({"w": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}}, b"\0\0")
    )
    with pytest.raises(CheckpointError, match="holds 'w' as BF16, a type that NumPy lacks"):
        nn.load_state(path)


def test_a_state_whose_description_is_broken(path: Path) -> None:
    for tree in ("{", '{"$array":"gone"}', "[" * 100_000, '{"a":1,"b":2}'):
        path.write_bytes(encode({}, {"glassgrad.state": tree}))
        with pytest.raises(CheckpointError, match="no description of the state"):
            nn.load_state(path)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda p: nn.save({"a": 1}, p), TypeError, "save takes a Module, not a dict"),
        (lambda p: nn.load({}, p), TypeError, "load takes first a Module"),
        (lambda p: nn.save(model(), p, {"a": 1}), TypeError, "'a' is 1; turn it into text"),
        (lambda p: nn.save(model(), p, {"glassgrad.sha256": "x"}), ValueError, "is reserved"),
        (lambda p: nn.save_state({}, p, {"glassgrad.state": "x"}), ValueError, "is reserved"),
        (lambda p: nn.save_state({"__metadata__": np.ones(1)}, p), ValueError, "is reserved by"),
        (lambda p: nn.save_state({"a": np.ones(1, complex)}, p), TypeError, "dtype complex128"),
        (lambda p: nn.save_state({"a": object()}, p), TypeError, "holds a object at a"),
        (lambda p: nn.save_state({(1, 2): 3}, p), TypeError, "integer keys, not (1, 2)"),
        (lambda p: nn.save(model(), p / "x"), FileNotFoundError, "mkdir(parents=True)"),
        (lambda p: nn.save(model(), p.parent), IsADirectoryError, "it is a folder"),
        (lambda p: nn.load(model(), p), FileNotFoundError, "model.safetensors"),
    ],
)
def test_messages(path: Path, call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(path)
    assert message in str(caught.value)
    assert not path.exists()
    assert not list(path.parent.iterdir())


def test_a_file_in_the_place_of_a_folder(path: Path) -> None:
    path.write_bytes(b"")
    with pytest.raises(NotADirectoryError, match="is a file, not a folder"):
        nn.save(model(), path / "x")


def test_a_state_that_does_not_fit_changes_nothing(path: Path) -> None:
    nn.save(nn.Linear(2, 2), path)
    net = nn.Linear(3, 2)
    before = net.state_dict()
    with pytest.raises(ValueError, match="shape of weight"):
        nn.load(net, path)
    assert_equal(before, net.state_dict())


@pytest.mark.parametrize("failing", ["fsync", "replace", "chmod"])
def test_the_old_file_survives_a_failing_write(
    path: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = nn.Linear(2, 2)
    nn.save(net, path)
    old = path.read_bytes()

    def fail(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files.os, failing, fail)
        with pytest.raises(OSError, match="No space left"):
            nn.save(nn.Linear(2, 2), path)
    assert path.read_bytes() == old
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not looked up there")
def test_a_killed_process_leaves_the_old_file_and_its_remains_are_cleaned(path: Path) -> None:
    nn.save(nn.Linear(2, 2), path)
    old = path.read_bytes()
    code = (
        "import os, signal, sys, nn\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "nn.save(nn.Linear(2, 2), sys.argv[1])\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    ended = subprocess.run([sys.executable, "-c", code, str(path)], env=environment)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_bytes() == old
    assert len(list(path.parent.iterdir())) == 2
    running = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}.x.tmp")
    foreign = path.with_name(f".{path.name}.elsewhere.1.x.tmp")
    for other in (running, foreign):
        other.write_bytes(b"")
    nn.save(nn.Linear(2, 2), path)
    assert sorted(path.parent.iterdir()) == sorted([path, running, foreign])


def test_a_folder_that_may_not_be_written_to_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**options: Any) -> None:
        raise PermissionError(13, "Permission denied", str(path) + ".tmp")

    monkeypatch.setattr(files.tempfile, "mkstemp", refuse)
    with pytest.raises(PermissionError) as caught:
        nn.save(nn.Linear(1, 1), path)
    assert f"cannot write {path}: Permission denied" in str(caught.value)
    assert ".tmp" not in str(caught.value)


def test_names_may_be_as_long_as_the_system_allows(path: Path) -> None:
    long = path.with_name("x" * 255)
    nn.save(nn.Linear(1, 1), long)
    assert nn.load(nn.Linear(1, 1), long) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are those of POSIX")
def test_permissions_are_those_of_an_ordinary_file(path: Path) -> None:
    plain = path.with_name("plain")
    plain.write_text("x")
    nn.save(nn.Linear(1, 1), path)
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    path.chmod(0o600)
    nn.save(nn.Linear(1, 1), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
