"""Files that are read: what they may cost, and those of other formats."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.io import CheckpointError
from tests.nn.test_io import header


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


EMPTY = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
COSTLY: dict[str, Callable[[], bytes]] = {
    "no array can be so long": lambda: header({"w": {**EMPTY, "shape": [0, 1 << 62, 8]}}),
    "more axes than arrays have": lambda: header({"w": {**EMPTY, "shape": [0] * 100}}),
    "200 000 empty arrays": lambda: header({f"w{i}": EMPTY for i in range(200_000)}),
    "a header of 30 MB": lambda: header({"__metadata__": {"a": "x" * 30_000_000}}),
    "a header of lists": lambda: header(b"[" + b"[]," * 699_000 + b"[]]"),
    "a header of dicts": lambda: header(b"[" + b"{}," * 699_000 + b"{}]"),
    "a long number": lambda: header(b'{"w":' + b"9" * 2_000_000 + b"}"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="the most memory used is read from /proc")
def test_no_file_costs_much_time_or_memory(path: Path) -> None:
    code = (
        "import re, sys, time, nn\n"
        "def peak():\n"
        "    return int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "model = nn.Linear(1, 1)\n"
        "for name in sys.argv[1:]:\n"
        "    before, start = peak(), time.process_time()\n"
        "    try:\n"
        "        nn.load(model, name)\n"
        "    except nn.CheckpointError:\n"
        "        print(time.process_time() - start, peak() - before)\n"
    )
    files = []
    for number, make in enumerate(COSTLY.values()):
        files.append(path.with_name(f"{number}.safetensors"))
        files[-1].write_bytes(make())
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-c", code, *map(str, files)]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    lines = ended.stdout.splitlines()
    assert len(lines) == len(COSTLY), ended.stderr
    for line in lines:
        seconds, kilobytes = map(float, line.split())
        assert seconds < 1
        assert kilobytes < 64 * 1024


def test_what_could_not_be_read_is_not_written(path: Path) -> None:
    state = {"losses": [0.1 * i for i in range(20_000)], "last": (1, None)}
    nn.save_state(state, path)
    assert nn.load_state(path) == state
    with pytest.raises(ValueError, match=r"names and shapes of 0 arrays.*numbers as arrays"):
        nn.save_state({"losses": [0.1 * i for i in range(200_000)]}, path)
    assert nn.load_state(path) == state
    with pytest.raises(ValueError, match=r"names and shapes of 1 arrays.*save fewer"):
        nn.save_state({"x" * 3_000_000: np.ones(1)}, path)
    with pytest.raises(ValueError, match="metadata take 3,0"):
        nn.save(nn.Linear(1, 1), path, {"a": "x" * 3_000_000})


FOREIGN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "npy": (lambda p: np.save(p.open("wb"), np.ones(2)), "a single NumPy array"),
    "pickle": (
        lambda p: p.write_bytes(pickle.dumps({"w": [1] * 9})),
        "a PyTorch file or another with.*nothing is ever unpickled",
    ),
    "hdf5": (lambda p: p.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(8)), "an HDF5 file"),
    "keras": (lambda p: zipfile.ZipFile(p, "w").writestr("metadata.json", "{}"), "a Keras file"),
    "zip": (lambda p: zipfile.ZipFile(p, "w").writestr("a.txt", "{}"), "a zip archive"),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", FOREIGN)
def test_files_of_other_formats_are_named(path: Path, name: str) -> None:
    write, said = FOREIGN[name]
    write(path)
    gc.collect()
    for load in (lambda: nn.load(nn.Linear(1, 1), path), lambda: nn.load_state(path)):
        with pytest.raises(CheckpointError, match="is no safetensors file but " + said) as caught:
            load()
        assert "damaged" not in str(caught.value)


@pytest.mark.parametrize("legacy", [False, True])
def test_a_file_of_torch_is_named(path: Path, legacy: bool) -> None:
    torch = pytest.importorskip("torch")
    torch.save({"w": torch.ones(3)}, path, _use_new_zipfile_serialization=not legacy)
    with pytest.raises(CheckpointError, match=r"a PyTorch file.*safetensors.torch.save_file"):
        nn.load(nn.Linear(1, 1), path)
