"""Every structural entry of the table against NumPy and against finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.arrays import arrays
from autodiff.ops import Structural, every_primitive
from autodiff.tensors.operations import apply
from tests.autodiff.reference import (
    differentiate,
    leaves,
    pull,
    same,
    slopes,
    weights,
)
from tests.autodiff.table.structural_samples import COUNTERPARTS, ENTRIES, SAMPLED, samples, title

# These take Values, or belong to one call of vmap, and have tests of their own.
CROSSINGS = {"from_values", "to_value", "enter_batch", "leave_batch"} | {
    f"{name}_batch" for name in ("share_in", "spread_in", "sum_of")
}

# These refuse gradients.
REFUSING = {"complement", "determined", "independent", "undetermined"}

each_entry = pytest.mark.parametrize("entry", SAMPLED, ids=title)


def vjp(entry: Structural, g: Any, y: Any, operands: list[Any], params: Any, i: int) -> Any:
    if callable(entry.vjp):
        return entry.vjp(arrays, g, y, *operands, index=i, **params)
    return entry.vjp[i](arrays, g, y, *operands, **params)


def test_every_entry_has_samples_and_a_counterpart() -> None:
    assert {entry.name for entry in ENTRIES} - {entry.name for entry in SAMPLED} == (
        CROSSINGS | REFUSING
    )
    assert {entry.name for entry in SAMPLED} <= set(COUNTERPARTS)


def test_every_counterpart_belongs_to_an_entry() -> None:
    assert set(COUNTERPARTS) <= set(every_primitive())


@each_entry
def test_value_is_that_of_numpy(entry: Structural) -> None:
    for operands, params in samples(entry):
        y = apply(entry, *operands, **params)
        same(y.data, COUNTERPARTS[entry.name](*operands, **params), rtol=1e-14, atol=1e-15)
        assert y.dtype == np.asarray(COUNTERPARTS[entry.name](*operands, **params)).dtype
        assert y.dtype in (np.float64, np.complex128)
        assert isinstance(y.data, np.ndarray)


@each_entry
def test_gradient_is_that_of_finite_differences(entry: Structural) -> None:
    for operands, params in samples(entry):
        nodes = leaves(operands)
        y = apply(entry, *nodes, **params)
        found = pull(y, nodes)
        w = weights(y.shape)

        def weighted(*values: Any, params: Any = params, w: Any = w) -> Any:
            return np.real(np.sum(w * COUNTERPARTS[entry.name](*values, **params)))

        for i in range(len(operands)):
            assert found[i].dtype == np.float64
            same(*slopes(weighted, operands, i, found[i]), rtol=1e-9, atol=1e-10)


@each_entry
def test_second_derivative_is_that_of_finite_differences(entry: Structural) -> None:
    for operands, params in samples(entry):

        def first(*values: Any, i: int, params: Any = params) -> Any:
            nodes = leaves(values)
            g = pull(apply(entry, *nodes, **params), nodes)[i]
            return np.sum(g * weights(g.shape))

        if entry.linear:
            nodes = leaves(operands)
            for g in differentiate(apply(entry, *nodes, **params), nodes):
                assert not g.requires_grad, "the gradient of a linear function is constant"
            continue
        for i in range(len(operands)):
            nodes = leaves(operands)
            g = differentiate(apply(entry, *nodes, **params), nodes)[i]
            second = pull(g, nodes)
            for j in range(len(operands)):
                along = slopes(lambda *x, i=i, f=first: f(*x, i=i), operands, j, second[j])
                same(*along, rtol=1e-8, atol=1e-9)


@each_entry
def test_linear_is_said_of_what_is_linear(entry: Structural) -> None:
    linear = True
    rng = np.random.default_rng(3)
    for operands, params in samples(entry):
        others = [rng.standard_normal(operand.shape) for operand in operands]
        combined = [2 * a - 3 * b for a, b in zip(operands, others, strict=True)]
        try:
            f, g, h = (apply(entry, *x, **params).data for x in (operands, others, combined))
        except ad.LinAlgError:
            # A linear function is defined everywhere.
            linear = False
            break
        linear = linear and np.allclose(h, 2 * f - 3 * g, atol=1e-12)
    assert entry.linear == linear


@each_entry
def test_rules_read_only_what_they_say(entry: Structural) -> None:
    for operands, params in samples(entry):
        y = np.asarray(COUNTERPARTS[entry.name](*operands, **params))
        g = weights(y.shape)
        everything = "operands" in entry.reads
        hidden = [
            x if everything or i in entry.reads else np.full_like(x, np.nan)
            for i, x in enumerate(operands)
        ]
        hidden_y = y if "y" in entry.reads else np.full_like(y, np.nan)
        for i in range(len(operands)):
            honest = vjp(entry, g, y, operands, params, i)
            assert np.isfinite(honest).all()
            same(vjp(entry, g, hidden_y, hidden, params, i), honest, rtol=0)


@each_entry
def test_what_a_rule_says_it_reads_it_does_read(entry: Structural) -> None:
    for what in entry.reads:
        if what == "operands":
            continue
        changes = False
        for operands, params in samples(entry):
            y = np.asarray(COUNTERPARTS[entry.name](*operands, **params))
            g = weights(y.shape)
            others = [
                x + 0.5 * weights(x.shape) if i == what else x for i, x in enumerate(operands)
            ]
            other_y = y + 0.5 * weights(y.shape) if what == "y" else y
            for i in range(len(operands)):
                with np.errstate(all="ignore"):
                    a = vjp(entry, g, y, operands, params, i)
                    b = vjp(entry, g, other_y, others, params, i)
                changes = changes or not np.array_equal(a, b)
        assert changes, f"{entry.name} does not depend on {what!r}"


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
@each_entry
def test_dtype_is_kept_in_value_and_gradient(entry: Structural, dtype: Any) -> None:
    for operands, params in samples(entry):
        nodes = leaves([operand.astype(dtype) for operand in operands])
        y = apply(entry, *nodes, **params)
        if entry.name != "astype":
            assert y.dtype in (dtype, np.result_type(dtype, np.complex64))
        for g, operand in zip(pull(y, nodes), operands, strict=True):
            assert g.dtype == dtype
            assert g.shape == operand.shape
        for node in nodes:
            node.zero_grad()
        y = apply(entry, *nodes, **params)
        y.backward(weights(y.shape), create_graph=True)
        assert all(node.grad.dtype == dtype for node in nodes)


@each_entry
def test_float32_gradient_agrees_with_float64(entry: Structural) -> None:
    for operands, params in samples(entry):
        single = leaves([operand.astype(np.float32) for operand in operands])
        double = leaves([operand.astype(np.float32).astype(np.float64) for operand in operands])
        for a, b in zip(
            pull(apply(entry, *single, **params), single),
            pull(apply(entry, *double, **params), double),
            strict=True,
        ):
            same(a, b, rtol=1e-4, atol=1e-5)


@each_entry
def test_operands_in_any_memory_layout(entry: Structural) -> None:
    for operands, params in samples(entry):
        nodes = leaves(operands)
        y = apply(entry, *nodes, **params)
        gradients = pull(y, nodes)
        for arrange in (_fortran, _reversed, _strided):
            others = leaves(operands)
            for node, operand in zip(others, operands, strict=True):
                node.data = arrange(operand)
                node.data.flags.writeable = False
            z = apply(entry, *others, **params)
            same(z.data, y.data, rtol=1e-14, atol=1e-15)
            for a, b in zip(pull(z, others), gradients, strict=True):
                same(a, b, rtol=1e-13, atol=1e-14)


def _fortran(x: Any) -> Any:
    return np.array(x, order="F")


def _reversed(x: Any) -> Any:
    back = (slice(None, None, -1),) * x.ndim
    return x[back].copy()[back] if x.ndim else x


def _strided(x: Any) -> Any:
    return np.repeat(x, 2, axis=-1)[..., ::2] if x.ndim else x


@each_entry
def test_operands_and_cotangent_are_not_written_to(entry: Structural) -> None:
    for operands, params in samples(entry):
        nodes = leaves(operands)
        y = apply(entry, *nodes, **params)
        before = y.numpy()
        cotangent = weights(y.shape)
        gradients = pull(y, nodes, cotangent)
        for g in gradients:
            g += 1000.0
        same(cotangent, weights(y.shape), rtol=0)
        same(y.data, before, rtol=0)
        for node, operand in zip(nodes, operands, strict=True):
            same(node.data, operand, rtol=0)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@each_entry
def test_empty_operands(entry: Structural) -> None:
    for operands, params in samples(entry):
        for axis in range(max(operand.ndim for operand in operands)):
            empty = [
                np.zeros(tuple(0 if i == axis else n for i, n in enumerate(operand.shape)))
                for operand in operands
            ]
            _compare_with_numpy(entry, empty, params)


def _compare_with_numpy(entry: Structural, operands: list[Any], params: dict[str, Any]) -> None:
    nodes = leaves(operands)
    try:
        expected = COUNTERPARTS[entry.name](*operands, **params)
    except (ValueError, IndexError):
        with pytest.raises((ad.ShapeError, ad.LinAlgError, IndexError), match=repr(entry.name)):
            apply(entry, *nodes, **params)
        return
    y = apply(entry, *nodes, **params)
    same(y.data, expected)
    for g, operand in zip(pull(y, nodes), operands, strict=True):
        assert g.shape == operand.shape


@each_entry
def test_integers_flow_through_without_gradient(entry: Structural) -> None:
    for operands, params in samples(entry):
        whole = [np.rint(3 * operand).astype(np.int64) for operand in operands]
        y = apply(entry, *whole, **params)
        assert not y.requires_grad
        assert y.op is None
        expected = COUNTERPARTS[entry.name](*whole, **params)
        same(y.data, expected, rtol=1e-13, atol=1e-13 * np.max(np.abs(expected), initial=0.01))


@pytest.mark.parametrize("entry", ENTRIES, ids=title)
def test_entry_is_described(entry: Structural) -> None:
    assert entry.doc.endswith(".")
    for template in (entry.notation.text, entry.notation.latex):
        written = template.format(*(f"operand{i}" for i in range(4)))
        assert written.count("{") == written.count("}")
    for factor in entry.factors:
        assert (
            factor.label.format("operand0", "operand1", y="y")
            or callable(entry.vjp)
            or (entry.name == "to_value")
        )
    for what in entry.reads:
        assert what in ("y", "operands") or (
            isinstance(what, int) and not callable(entry.vjp) and 0 <= what < len(entry.vjp)
        )
