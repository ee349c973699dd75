"""What the table writes of cotangents is what its rules compute.

A rule is a formula, which is evaluated here, or words, which stand here with the NumPy function
that they mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autodiff.backends.arrays import arrays
from autodiff.ops import TABLE, Structural, every_primitive
from autodiff.ops.broadcasting import expand_reduced
from autodiff.ops.parameters import keyword_parameters
from autodiff.writers.derivatives import operand_names, pulled_back
from tests.autodiff.table.factor_words import TOLD_ONLY, WORDS

every_primitive()
ENTRIES = [e for e in TABLE.values() if isinstance(e, Structural) and e.differentiable]
CHECKED = [entry for entry in ENTRIES if entry.samples is not None]


class Matrices(np.ndarray):  # type: ignore[type-arg]
    """Arrays whose ``@`` also multiplies by numbers, with the transposes of matrices."""

    def __matmul__(self, other: Any) -> Any:
        numbers = (1, 1) in (self.shape[-2:], np.shape(other)[-2:])
        by_number = numbers or min(self.ndim, np.ndim(other)) < 2
        return self * other if by_number else np.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return other * self

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        return np.swapaxes(self, -1, -2)

    @property
    def H(self) -> Any:  # noqa: N802 - as T
        return self.T.conj()

    @property
    def inv(self) -> Any:
        return np.linalg.inv(self)


SIGNS = [
    (r"(\w+) ⋆ᵀ (\w+)", r"input_of(\1, \2)"),
    (r"(\w+) ⋆ᵂ (\w+)", r"weight_of(\1, \2)"),
    (r"(\w+) ⋆ (\w+)", r"convolved(\1, \2)"),
    (r"\|(\w+)\|", r"abs(\1)"),
    *[("⁻ᵀ", ".inv.T"), ("⁻¹", ".inv"), ("ᵀ", ".T"), ("ᴴ", ".H"), ("²", "**2"), ("√", "sqrt")],
    *[("−", "-"), ("·", "@"), ("⊙", "*"), (r"\^", "**"), ("Σ", "total"), ("'", "_along")],
]


def code(formula: str) -> Any:
    """A formula as code; None for words."""
    for sign, python in SIGNS:
        formula = re.sub(sign, python, formula)
    try:
        return compile(formula, formula, "eval")
    except SyntaxError:
        return None


def table(name: str) -> Callable[..., Any]:
    def run(*operands: Any, **params: Any) -> Any:
        return TABLE[name].forward(arrays, *map(np.asarray, operands), **params).view(Matrices)

    return run


def exp_along(x: Any, e: Any) -> Any:
    n = x.shape[-1]
    block = np.concatenate([np.concatenate([x, e], -1), np.concatenate([0 * x, x], -1)], -2)
    return table("expm")(block)[..., :n, n:]


def sqrtm_along(x: Any, e: Any) -> Any:
    # The solution of r d + d r = e, where r is the root of x.
    n, r = x.shape[-1], table("sqrtm")(x)
    eye = np.eye(n)
    both = np.einsum("...ij,kl->...ikjl", r, eye) + np.einsum("ij,...lk->...ikjl", eye, r)
    both = both.reshape(*x.shape[:-2], n * n, n * n)
    return np.linalg.solve(both, e.reshape(*e.shape[:-2], n * n, 1)).reshape(x.shape)


def diag(x: Any) -> Any:
    """Vectors as matrices; of matrices the diagonal alone."""
    return np.where(np.eye(x.shape[-1]), x, 0).view(Matrices)


def parts(name: str, y: Any, g: Any, m: int, n: int) -> dict[str, Any]:
    """The parts of a result that stand in one array, each with its cotangent."""
    y, g = y.view(Matrices), g.view(Matrices)
    if name in ("eigh", "eig", "svd"):
        rows = {"U": slice(m), "s": slice(m, m + 1), "V": slice(m + 1, None)}
        if name != "svd":
            rows = {"w": slice(1), "V": slice(1, None)}
        found = {k: a[..., r, :] for k, r in rows.items() for k, a in ((k, y), (f"g{k}", g))}
        row = found["s" if name == "svd" else "w"]
        return found | {"sj": row, "si": row.T, "wj": row, "wi": row.T}
    if name == "qr":
        return {"Q": y[..., :m, :], "R": y[..., m:, :].T} | {
            "gQ": g[..., :m, :],
            "gR": np.triu(g[..., m:, :].T),
        }
    if name == "lu":
        low, gboth = np.tril(y[..., :n], -1) + np.eye(n), g[..., :n]
        return {"L": low, "U": np.triu(y[..., :n]), "P": y[..., n:]} | {
            "gL": np.tril(gboth, -1),
            "gU": np.triu(gboth),
        }
    return {"glog": g[..., 1:, None]} if name == "slogdet" else {"L": y}


def separated(rule: str) -> list[str]:
    """The formula and what follows it, apart at commas outside brackets."""
    return re.split(r", (?:with )?(?![^()]*\))", rule)


def fitted(value: Any, operand: Any) -> Any:
    value = np.asarray(value)
    value = value.sum(axis=tuple(range(value.ndim - operand.ndim)))
    axes = tuple(i for i, n in enumerate(operand.shape) if n == 1 and value.ndim == operand.ndim)
    value = value.sum(axis=axes, keepdims=True) if axes else value
    return np.broadcast_to(value if operand.dtype.kind == "c" else value.real, operand.shape)


def evaluated(entry: Structural, rule: str, c: SimpleNamespace) -> Any:
    """The value of a formula; None for words and where it speaks of other shapes."""
    formula, *more = separated(rule)
    if code(formula) is None:
        return None
    x, first = c.operands[0], c.operands[0].shape
    matrices = {"matmul": (2, 3, 4), "inner": (2,)}.get(entry.name)
    if matrices is not None and any(a.ndim not in matrices for a in c.operands):
        return None
    if (entry.name == "lu" and first[-1] != first[-2]) or (
        entry.name == "qr" and first[-1] > first[-2]
    ):
        return None
    axis, g, y = c.params.get("axis"), c.g, c.y
    if entry.name == "det":
        g = g[..., None, None]
    elif "axis" in c.params and y.ndim < x.ndim:
        g, y = (expand_reduced(arrays, a, first, axis, False) for a in (g, y))
    setting = {k: v for k, v in c.params.items() if k != "shape"}

    def softmax(z: Any) -> Any:
        return np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)

    def means(z: Any) -> Any:
        return np.mean(z, axis=axis, keepdims=True)

    names: dict[str, Any] = {
        **{name: getattr(np, name) for name in ("exp", "log", "sqrt", "sign", "conj")},
        **{"abs": np.abs, "Re": np.real, "Im": np.imag, "mean": means, "softmax": softmax},
        "var": lambda z: np.var(z, axis=axis, keepdims=True),
        "total": lambda z: np.sum(z, axis=axis, keepdims=True),
        "Φ": lambda m: np.tril(m, -1) + diag(m) / 2,
        "low": lambda m: np.tril(m, -1),
        "up": np.triu,
        "sym": lambda m: np.triu(m) + np.triu(m, 1).T,
        "FFT": lambda z: np.fft.fftn(z, axes=c.params["axes"], norm=c.params["norm"]),
        "IFFT": lambda z: np.fft.ifftn(z, axes=c.params["axes"], norm=c.params["norm"]),
        **{"diag": diag, "exp_along": exp_along, "sqrtm_along": sqrtm_along},
        **{"cofactor": table("cofactor"), "cofactor_along": table("cofactor_pull")},
        "convolved": lambda a, b: table("convolution")(a, b, **setting),
        "input_of": lambda a, b: table("convolution_input")(
            a, b, shape=c.target.shape[2:], **setting
        ),
        "weight_of": lambda a, b: table("convolution_weight")(
            a, b, shape=c.target.shape[2:], **setting
        ),
        "n": x.size / max(c.y.size, 1),
        "i": 1j,
        **(parts(entry.name, y, g, *first[-2:]) if len(first) > 1 else {}),
        **{k: v for k, v in c.params.items() if isinstance(v, float | int)},
        c.letter: g,
        "y": y,
        **dict(zip(c.names, c.operands, strict=False)),
    }
    if entry.name == "pinv":
        names["I"] = 1.0 * np.eye(first[-2])
        formula = formula.replace("(I − y", "(J − y")
        names["J"] = 1.0 * np.eye(first[-1])
    if entry.name == "svd":
        formula = formula.replace("(I − V", "(J − V")
        names |= {"I": np.eye(first[-2]), "J": np.eye(first[-1])}
    names = {k: v.view(Matrices) if isinstance(v, np.ndarray) else v for k, v in names.items()}
    for definition in reversed(more):
        name, sign, value = definition.partition(" = ")
        if sign:
            with np.errstate(divide="ignore", invalid="ignore"):
                names[name] = eval(code(value), names)
            if name == "F":
                names[name] = np.where(np.eye(names[name].shape[-1]), 0, names[name]).view(Matrices)
    return fitted(eval(code(formula), names), c.target)


def cases(entry: Structural) -> Iterator[tuple[str, SimpleNamespace, Any]]:
    """Each rule with its operands, and what the table's own rule gives for them."""
    rng = np.random.default_rng(7)
    told = pulled_back(entry)
    assert entry.samples is not None
    for operands, given in entry.samples(rng):
        defaults = keyword_parameters(entry)
        params = {**defaults, **given}
        y = np.asarray(entry.forward(arrays, *operands, **given))
        g = rng.standard_normal(y.shape)
        for index in range(len(operands)):
            target = operands[index]
            rule = told[min(index, len(told) - 1)].partition(": ")[2]
            more = {"index": index} if callable(entry.vjp) else {}
            vjp = entry.vjp if callable(entry.vjp) else entry.vjp[index]
            truth = vjp(arrays, g, y, *operands, **given, **more)
            names = (*operand_names(entry), *(["bias"] if entry.name == "convolution" else []))
            letter = "h" if "g" in names else "g"
            yield rule, SimpleNamespace(**locals()), truth


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_each_operand_is_told_what_it_receives(entry: Structural) -> None:
    told = pulled_back(entry)
    if callable(entry.vjp):
        assert told
    else:
        assert len(told) == len(entry.factors) == len(entry.vjp) == len(operand_names(entry))
    for line in told:
        assert "{" not in line
        assert re.search(r"(?<![a-zA-Z])[gh]|0|what .* receives|exp_along|gradient", line), line


@pytest.mark.parametrize("entry", CHECKED, ids=lambda entry: entry.name)
def test_formulas_are_what_the_rules_compute(entry: Structural) -> None:
    for rule, case, truth in cases(entry):
        found = evaluated(entry, rule, case)
        if found is not None:
            np.testing.assert_allclose(found, truth, rtol=1e-9, atol=1e-11, err_msg=rule)


def test_words_mean_what_the_rules_compute() -> None:
    met = set()
    for entry in CHECKED:
        for rule, case, truth in cases(entry):
            if rule in WORDS:
                met.add(rule)
                found = fitted(WORDS[rule](case), case.target)
                np.testing.assert_allclose(found, truth, rtol=1e-9, atol=1e-11, err_msg=entry.name)
    assert met == set(WORDS)


def test_what_is_told_without_a_check_is_known() -> None:
    unchecked = {
        entry.name
        for entry in CHECKED
        for rule, case, _ in cases(entry)
        if rule not in WORDS and code(separated(rule)[0]) is None
    }
    assert unchecked == set(TOLD_ONLY.split())
