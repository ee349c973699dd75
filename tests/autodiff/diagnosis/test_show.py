"""``python -m autodiff show``: what is printed of operations, and the files that it names."""

from __future__ import annotations

import re
import sys
from typing import Any

import numpy as np
import pytest

from autodiff.__main__ import main
from autodiff.backends.arrays import arrays
from autodiff.batching.batch import Batch
from autodiff.batching.rules.loops import looped
from autodiff.diagnosis.table_entry import entry_text, public_names
from autodiff.ops import Primitive, Structural, every_primitive
from tests.checkout import ROOT
from tests.sampled import sampled

PLACE = re.compile(r"(autodiff/[\w/]+\.py):(\d+)")
FILE = re.compile(r"\b(?:tests|docs)/[\w/]+\.(?:py|md)")


@pytest.mark.parametrize("first", sampled(range(4), 4))
def test_every_operation_is_shown_with_the_lines_where_it_is_defined(first: int) -> None:
    lines: dict[str, list[str]] = {}
    for name in list(dict.fromkeys([*every_primitive(), *public_names()]))[first::4]:
        text = entry_text(name)
        places = PLACE.findall(text)
        assert places, name
        for path, number in places:
            lines.setdefault(path, (ROOT / path).read_text(encoding="utf-8").splitlines())
            assert re.match(r"def \w+\(|\w+(: \w+)? = ", lines[path][int(number) - 1]), text
        for file in FILE.findall(text):
            assert (ROOT / file).exists(), text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tanh", "derivative    d tanh(x)/dx = 1 − tanh(x)²"),
        ("relu", "kinks         at x = 0 the derivative is 0"),
        ("autodiff.multiply", "∂(a · b)/∂b = a"),
        ("ad.acos", "rule          autodiff/ops/elementwise/trigonometric.py"),
        ("matmul", "to b: aᵀ · g"),
        ("linalg.svd", "function      autodiff/functions/linalg/eigen.py"),
        ("det", "as autodiff.linalg.det"),
        ("leaky_relu", "parameters    negative_slope=0.01"),
        ("svd", "to x: U · (diag(gs)"),
        ("concatenate", "to each operand: the part of g where the operand lies"),
        ("convolution", "to bias: g summed over"),
        ("sort", "kinks         Equal elements"),
        ("convolution_input", "gradient h    to g: h ⋆ w"),
        ("weighted_sum", "derivative    ∂y/∂w = x"),
        ("median", "it has no entry of its own"),
        ("equal", "it carries no gradient"),
        ("max", "tests/autodiff/table/test_table_structural.py"),
        ("relu", "docs/elementwise/kinks.md"),
        ("linalg.svd", "what _svd_vjp computes, autodiff/ops/linalg/eigen.py:"),
        ("ad.Tensor.reshape", "as autodiff.reshape"),
        ("Value.exp", "d exp(x)/dx = exp(x)"),
    ],
)
def test_what_is_said(name: str, said: str) -> None:
    assert said in entry_text(name)


@pytest.mark.parametrize("entry", every_primitive().values(), ids=lambda entry: entry.name)
def test_no_entry_is_looped_over_by_vmap(entry: Primitive) -> None:
    if not isinstance(entry, Structural) or entry.samples is None:
        return
    found = []

    def noted(frame: Any, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is looped.__code__:
            found.append(frame.f_locals["function"].__name__)

    batch = Batch(2, 0)
    for operands, params in entry.samples(np.random.default_rng(0)):
        batched = [batch.wrap(np.stack([x, x])) for x in operands]
        before = sys.getprofile()
        sys.setprofile(noted)
        try:
            y = entry.forward(arrays, *batched, **params)
            g = batch.wrap(np.ones((2, *y.shape), y.dtype))
            for index in range(len(batched)):
                if callable(entry.vjp):
                    entry.vjp(arrays, g, y, *batched, **params, index=index)
                else:
                    entry.vjp[index](arrays, g, y, *batched, **params)
        finally:
            sys.setprofile(before)
    assert found == []


def test_what_carries_no_gradient_has_no_forward_mode() -> None:
    for name in ("equal", "argsort", "isnan"):
        assert "forward mode" not in entry_text(name)
    assert "forward mode  the tangent times the derivative" in entry_text("total")


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "show" in capsys.readouterr().out
    assert main(["show", "tanh", "sum"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("tanh: Hyperbolic tangent.\n")
    assert "\n\nsum: " in out
    assert main(["show", "tahn"]) == 2
    assert "did you mean tan, tanh" in capsys.readouterr().err
    assert main(["show", "compile"]) == 2
    assert "is no operation but part of autodiff.compiler" in capsys.readouterr().err
    assert main(["show", "attention"]) == 2
    assert "did you mean scaled_dot_product_attention" in capsys.readouterr().err
    assert main(["show", "qqqqqqqq"]) == 2
    assert capsys.readouterr().err.endswith("no operation is called 'qqqqqqqq'\n")
