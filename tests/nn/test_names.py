"""What is said of names looked for in the wrong place, and of packages that are absent."""

from __future__ import annotations

import subprocess
import sys
from functools import reduce
from typing import Any

import pytest

import nn
from tests.import_contracts import ROOT

SAID = {
    "nn.relu": "it is nn.functional.relu or nn.ReLU",
    "nn.ReLu": "it is nn.ReLU or nn.functional.relu",
    "nn.LogSoftMax": "it is nn.LogSoftmax or nn.functional.log_softmax",
    "nn.Adam": "it is nn.optim.Adam",
    "nn.Sgd": "it is nn.optim.SGD",
    "nn.DataLoader": "it is nn.data.DataLoader",
    "nn.accuracy": "it is nn.metrics.accuracy or nn.metrics.Accuracy",
    "nn.Tensor": "it is autodiff.Tensor or autodiff.tensor",
    "nn.no_grad": "it is autodiff.no_grad",
    "nn.check_model": "it is autodiff.testing.check_model",
    "nn.Dense": "it is nn.Linear",
    "nn.Linaer": "did you mean nn.Linear?",
    "nn.functional.ReLU": "it is nn.ReLU or nn.functional.relu",
    "nn.functional.MSELoss": "it is nn.MSELoss or nn.mse_loss",
    "nn.functional.hard_tanh": "it is nn.Hardtanh or nn.functional.hardtanh",
    "nn.optim.SparseAdam": "it is nn.optim.Adam, since gradients here are dense arrays",
    "nn.optim.SDG": "did you mean nn.optim.SGD?",
    "nn.data.train_test_spilt": "did you mean nn.data.train_test_split?",
    "nn.metrics.accurracy": "did you mean nn.metrics.accuracy?",
    "nn.metrics.Accurracy": "did you mean nn.metrics.Accuracy?",
    "nn.init.xavier": "did you mean nn.init.xavier_normal?",
}


def look_up(path: str) -> Any:
    return reduce(getattr, path.split(".")[1:], nn)


@pytest.mark.parametrize("path", SAID)
def test_a_name_that_is_elsewhere_is_pointed_to(path: str) -> None:
    with pytest.raises(AttributeError) as caught:
        look_up(path)
    module, name = path.rsplit(".", 1)
    assert str(caught.value) == f"module {module!r} has no attribute {name!r}; {SAID[path]}"


def test_a_name_that_is_like_none_is_only_missing() -> None:
    for path in ("nn.zzz", "nn.optim.zzz", "nn.__zzz__", "nn._relu"):
        with pytest.raises(AttributeError, match=r"has no attribute '\w+'$"):
            look_up(path)
    assert not hasattr(nn, "relu")


@pytest.mark.parametrize("package", ["autodiff", "nn"])
def test_it_is_imported_without_the_packages_that_few_things_need(package: str) -> None:
    code = (
        "import sys\n"
        "for name in ('graphviz', 'safetensors', 'tqdm', 'scipy', 'sklearn', 'matplotlib'):\n"
        "    sys.modules[name] = None\n"
        f"import {package}\n"
        "import numpy as np, tempfile, nn\n"
        "class Terminal:\n"
        "    def isatty(self): return True\n"
        "    def write(self, text): pass\n"
        "    def flush(self): pass\n"
        "model = nn.Linear(2, 1)\n"
        "optimizer = nn.optim.SGD(model.parameters(), lr=0.1)\n"
        "data = np.zeros((4, 2), np.float32), np.ones((4, 1), np.float32)\n"
        "nn.fit(model, nn.MSELoss(), optimizer, data, epochs=1)\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    nn.save(model, folder + '/a')\n"
        "    nn.load(model, folder + '/a')\n"
        "sys.stderr, kept = Terminal(), sys.stderr\n"
        "try:\n"
        "    nn.fit(model, nn.MSELoss(), optimizer, data, epochs=1)\n"
        "except ImportError as error:\n"
        "    print(error)\n"
        "sys.stderr = kept\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stderr == ""
    assert "pip install tqdm, or give progress=False" in done.stdout
