"""Saved steps: programs that run where there is nothing but NumPy, and do the same."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.backends.arrays import ArrayNamespace, arrays
from autodiff.backends.kernels import KERNELS, SPECIAL_FUNCTIONS
from autodiff.compiler.numpy_writer.inlining import Inlined
from autodiff.errors import TracingError

_STEPS = 4
_RUNNER = """
import pathlib, runpy, sys
sys.path.append(sys.argv.pop(1))
for name in ("autodiff", "nn"):
    try:
        __import__(name)
    except ImportError:
        continue
    raise AssertionError(f"{name} can be imported")
import numpy as np
for path in sorted(pathlib.Path(sys.argv.pop(1)).glob("*.py")):
    program = runpy.run_path(str(path))
    kept = path.with_suffix(".npz")
    arrays = program["read"](kept) if kept.exists() else {}
    step, settings = program["make_step"](**arrays), program["example"]()[2:]
    with np.load(path.with_suffix(".in")) as given:
        batches = [(given[f"x{i}"], given[f"y{i}"]) for i in range(len(given) // 2)]
    found = {}
    for i, (x, y) in enumerate(batches):
        results = step(x, y, *settings)
        found |= {f"{i} {name}": np.copy(r) for name, r in zip(program["RESULTS"], results)}
    found |= {k: v for k, v in arrays.items() if isinstance(v, np.ndarray)}
    np.savez(open(path.with_suffix(".out"), "wb"), **found)
    sys.argv[1:] = [str(kept)] if kept.exists() else []
    runpy.run_path(str(path), run_name="__main__")
    sys.argv[1:] = []
    runpy.run_path(str(path), run_name="__main__")
"""
Case = tuple[Callable[[Any, Any], Any], list[Any]]


def _training(model: Any, rule: Callable[[Any], Any]) -> Case:
    optimizer = rule(model.parameters())

    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return step, [*model.parameters(), *model.buffers()]


def _sgd(parameters: Any) -> Any:
    return nn.optim.SGD(parameters, lr=0.1, momentum=0.9)


def _adam(parameters: Any) -> Any:
    return nn.optim.Adam(parameters, lr=0.01, weight_decay=0.01)


def _normed() -> Case:
    rng = np.random.default_rng(5)
    layers = [nn.Linear(6, 8), nn.BatchNorm1d(8), nn.GELU(), nn.Dropout(0.3, rng=rng)]
    return _training(nn.Sequential(*layers, nn.Linear(8, 3)), _adam)


def _convolved() -> Case:
    rng = np.random.default_rng(6)
    w = nn.Parameter(rng.standard_normal((3, 1, 2, 2)))
    scale = nn.Parameter(np.ones(3))
    mean, variance = nn.Buffer(np.zeros(3)), nn.Buffer(np.ones(3))

    def step(x: Any, y: Any) -> Any:
        w.zero_grad()
        h = ad.conv2d(ad.reshape(ad.asarray(x), (-1, 1, 2, 3)), w, padding=1)
        h = nn.functional.batch_norm(h, mean, variance, scale, None, training=True)
        h = ad.max_pool2d(ad.relu(h), 2)
        loss = nn.functional.cross_entropy(ad.mean(h, axis=(2, 3)), y)
        loss.backward()
        w.data -= 0.1 * w.grad
        return loss, h

    return step, [w, mean, variance]


def _special() -> Case:
    w = ad.Tensor(np.linspace(0.5, 2.0, 6).astype(np.float32), requires_grad=True)

    def step(x: Any, y: Any) -> Any:
        h = ad.gammaln(w * w) + ad.erf(x) + ad.i0e(x * w) + ad.linalg.norm(w)
        slope = ad.grad(lambda v: ad.sum(ad.log_softmax(h * v, axis=1)[np.arange(8), y]))(w)
        return slope, ad.linalg.solve(ad.matmul(h.T, h) + 3.0 * np.eye(6, dtype=np.float32), w)

    return step, [w]


_CASES: dict[str, Callable[[], Case]] = {
    "mlp": lambda: _training(nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3)), _sgd),
    "adam": lambda: _training(nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3)), _adam),
    "normed": _normed,
    "convolved": _convolved,
    "special": _special,
    "stateless": lambda: (lambda x, y: ad.softmax(ad.multiply(x, 2.0))[y], []),
}


def _leaves(results: Any) -> list[Any]:
    return [r.data for r in (results if isinstance(results, tuple) else (results,))]


def test_saved_programs_do_the_same_with_numpy_alone(tmp_path: Path) -> None:
    """Several steps on: results, gradients and states are the compiled step's to the last bit."""
    rng, expected, states = np.random.default_rng(0), {}, {}
    for name, build in _CASES.items():
        step, tensors = build()
        compiled = ad.compile(step)
        batches = [
            (rng.standard_normal((8, 6)).astype(np.float32), rng.integers(0, 3, 8))
            for _ in range(_STEPS + 3)
        ]
        for x, y in batches[:3]:
            compiled(x, y)
        compiled.save(tmp_path / f"{name}.py")
        given = {f"{k}{i}": b[k == "y"] for i, b in enumerate(batches[3:]) for k in "xy"}
        with (tmp_path / f"{name}.in").open("wb") as file:
            np.savez(file, **given)
        expected[name] = [_leaves(compiled(x, y)) for x, y in batches[3:]]
        states[name] = {t.name: t.data for t in tensors if t.name}
    (tmp_path / "runner").write_text(_RUNNER)
    site = str(Path(np.__file__).parents[1])
    command = [sys.executable, "-I", "-S", "-W", "error", str(tmp_path / "runner"), site]
    done = subprocess.run(
        [*command, str(tmp_path)], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    for name, steps in expected.items():
        with np.load(tmp_path / f"{name}.out") as held:
            found = dict(held)
        for number, results in enumerate(steps):
            values = [v for k, v in found.items() if k.startswith(f"{number} ")]
            for wanted, value in zip(results, values, strict=False):
                assert (value.dtype, value.shape) == (wanted.dtype, wanted.shape)
                np.testing.assert_array_equal(value, wanted, err_msg=name)
        for key, value in states[name].items():
            matching = [v for k, v in found.items() if k.endswith(key) and v.shape == value.shape]
            assert any(np.array_equal(v, value) for v in matching), (name, key)


@pytest.mark.parametrize(
    "name", sorted({*SPECIAL_FUNCTIONS, "power", "label_loss", "subtract_label", "convolution"})
)
def test_functions_are_written_out_with_all_they_need(name: str) -> None:
    """Executed elsewhere, they give what the library's give."""
    namespace = _namespace(name)
    operands = [np.linspace(0.1, 0.9, 5, dtype=np.float32)] * 3
    function = getattr(arrays, name)
    if name in SPECIAL_FUNCTIONS:
        count = len(inspect.signature(function).parameters)
        found = namespace[name](*operands[:count])
        np.testing.assert_array_equal(found, function(*operands[:count]))


def test_every_function_that_is_recorded_can_be_written_out() -> None:
    """Also those that are added later."""
    own = (n for n, f in vars(ArrayNamespace).items() if isinstance(f, staticmethod))
    recorded = [n for n in own if hasattr(getattr(arrays, n), "__wrapped__")]
    assert len(recorded) > 10
    for name in (*KERNELS, *recorded):
        assert callable(_namespace(name)[name])


def _namespace(name: str) -> dict[str, Any]:
    inlined = Inlined()
    inlined.add(getattr(arrays, name))
    lines = ["from __future__ import annotations", *inlined.imports.values(), *inlined.parts]
    assert "autodiff" not in "\n".join(inlined.imports.values())
    namespace: dict[str, Any] = {"__name__": "elsewhere"}
    exec(compile("\n".join(lines), name, "exec"), namespace)
    return namespace


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    """A step that was not called, and arrays in one memory."""
    step = ad.compile(lambda x: x)
    with pytest.raises(TracingError, match=r"was not called yet.*call it once"):
        step.save(tmp_path / "step.py")
    a, b = ad.Tensor([1.0, 2.0], name="a"), ad.Tensor([0.0, 0.0], name="b")
    b._data = a._data
    step = ad.compile(lambda x: a * x + b)
    step(np.ones(2))
    with pytest.raises(TracingError, match="'a' and 'b' of a compiled step share memory"):
        step.save(tmp_path / "step.py")
    assert not (tmp_path / "step.py").exists()
    step = ad.compile(lambda x: x * 2.0)
    step(np.ones(2))
    with pytest.raises(FileNotFoundError):
        step.save(tmp_path / "missing" / "step.py")


def test_the_last_batch_of_special_memory_orders(tmp_path: Path) -> None:
    """A transposed state is saved with its layout."""
    w = ad.Tensor(np.zeros((4, 3)), name="w")
    w.data = np.asfortranarray(np.arange(12.0).reshape(4, 3))
    step = ad.compile(lambda x: ad.sum(w * x, axis=0))
    step(np.ones((4, 3)))
    step.save(tmp_path / "step.py")
    namespace: dict[str, Any] = {"__name__": "elsewhere"}
    exec((tmp_path / "step.py").read_text(), namespace)
    held = namespace["read"](tmp_path / "step.npz")
    assert held["w"].flags.f_contiguous
    assert namespace["make_step"](**held)(np.ones((4, 3)))[0].tolist() == [18.0, 22.0, 26.0]
    assert namespace["make_step"](**namespace["made_up"]())(*namespace["example"]())
