"""PyTorch's names of parameters, for every function, method and module that has its name."""

from __future__ import annotations

import contextlib
import doctest
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.functions.parameter_aliases import IGNORED, REFUSED, meaning, parameters_of

T = ad.Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
F = nn.functional

SAME: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "sum": (lambda: ad.sum(T, dim=1, keepdim=True), lambda: ad.sum(T, 1, True)),
    "sum, first": (lambda: ad.sum(input=T), lambda: ad.sum(T)),
    "method": (lambda: T.mean(dim=0), lambda: T.mean(0)),
    "lazy method": (lambda: T.argsort(dim=0), lambda: T.argsort(0)),
    "questions": (lambda: T.argmax(dim=1, keepdim=True), lambda: T.argmax(1, True)),
    "softmax": (lambda: F.softmax(input=T, dim=0), lambda: ad.softmax(T, 0)),
    "one operand": (lambda: ad.exp(input=T), lambda: ad.exp(T)),
    "one, by kind": (lambda: ad.abs(input=T), lambda: ad.abs(T)),
    "two operands": (lambda: ad.maximum(input=T, other=2.0), lambda: ad.maximum(T, 2.0)),
    "a power": (lambda: ad.pow(T, exponent=3.0), lambda: T**3.0),
    "a choice": (
        lambda: ad.where(condition=T.data > 2, input=T, other=0.0),
        lambda: ad.where(T.data > 2, T, 0.0),
    ),
    "parameters": (lambda: ad.elu(input=T, alpha=2.0), lambda: ad.elu(T, 2.0)),
    "clip": (lambda: ad.clip(input=T, min=1.0), lambda: ad.clip(T, 1.0)),
    "joined": (lambda: ad.stack(tensors=[T, T], dim=1), lambda: ad.stack([T, T], 1)),
    "concat": (lambda: ad.concat([T, T], dim=1), lambda: ad.concat([T, T], axis=1)),
    "flipped": (lambda: ad.flip(T, dims=(0,)), lambda: ad.flip(T, 0)),
    "rolled": (lambda: ad.roll(T, shifts=1, dims=1), lambda: ad.roll(T, 1, 1)),
    "exchanged": (lambda: ad.swapaxes(T, axis0=0, axis1=1), lambda: ad.swapaxes(T, 0, 1)),
    "counted": (lambda: ad.linspace(0.0, end=1.0, steps=3), lambda: ad.linspace(0.0, 1.0, 3)),
    "counted, both": (lambda: ad.linspace(start=0.0, stop=1.0), lambda: ad.linspace(0.0, 1.0)),
    "shaped": (lambda: T.reshape(shape=(3, 2)), lambda: T.reshape(3, 2)),
    "repeated": (lambda: ad.repeat(T, repeats=2, axis=0), lambda: ad.repeat(T, 2, 0)),
    "repeated, in part": (lambda: T.repeat(repeats=[1, 2], axis=0), lambda: T.repeat([1, 2], 0)),
    "tiled": (lambda: ad.tile(T, reps=2), lambda: ad.tile(T, 2)),
    "tiled, theirs": (lambda: ad.tile(T, dims=(2,)), lambda: ad.tile(T, (2,))),
    "largest": (lambda: ad.amax(T, dim=1, keepdim=True), lambda: ad.max(T, 1, True)),
    "smallest": (lambda: ad.amin(T, dim=(0, 1)), lambda: ad.min(T, (0, 1))),
    "sizes": (lambda: ad.zeros(size=(2, 3)), lambda: ad.zeros((2, 3))),
    "classes": (lambda: F.one_hot([1], num_classes=3), lambda: ad.one_hot([1], 3)),
    "triangle": (lambda: ad.triu(T, diagonal=1), lambda: ad.triu(T, 1)),
    "axes flattened": (lambda: T[None].flatten(start_dim=1), lambda: T.reshape(1, 6)),
    "from an axis": (lambda: T[None].flatten(1), lambda: T.reshape(1, 6)),
    "all flattened": (lambda: T.flatten("C"), lambda: T.reshape(6)),
    "norms": (lambda: ad.linalg.norm(T, dim=1), lambda: ad.linalg.norm(T, axis=1)),
    "solved": (lambda: ad.linalg.inv(A=np.eye(2)), lambda: ad.linalg.inv(np.eye(2))),
    "transformed": (lambda: ad.fft.fft(input=T, dim=0), lambda: ad.fft.fft(T, axis=0)),
    "loss": (lambda: F.mse_loss(input=T, target=T), lambda: F.mse_loss(T, T)),
    "in place": (lambda: F.relu(T, inplace=True), lambda: ad.relu(T)),
    "in place, with": (lambda: F.leaky_relu(T, 0.1, inplace=False), lambda: ad.leaky_relu(T, 0.1)),
    "modules": (lambda: nn.ReLU(inplace=True)(T), lambda: ad.relu(T)),
    "softplus": (lambda: nn.Softplus(beta=2)(T), lambda: ad.softplus(2 * T) / 2),
    "softplus, bent": (
        lambda: F.softplus(T, beta=2, threshold=3),
        lambda: ad.where(2 * T.data > 3, T, ad.softplus(2 * T) / 2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_both_names_mean_the_same(name: str) -> None:
    theirs, ours = (f() for f in SAME[name])
    np.testing.assert_array_equal(theirs.data, ours.data)
    assert theirs.op is ours.op or name.startswith("softplus")


def test_both_names_at_once_are_refused() -> None:
    with pytest.raises(TypeError, match="two names of one"):
        ad.sum(T, axis=1, dim=1)
    with pytest.raises(TypeError, match="two names of one"):
        T.argsort(dim=1, axis=1)
    with pytest.raises(TypeError, match="multiple values"):
        ad.sum(T, 1, dim=1)
    with pytest.raises(TypeError, match="unexpected keyword argument 'dims'"):
        ad.exp(T, dims=1)


@pytest.mark.parametrize(("name", "theirs"), REFUSED)
def test_what_means_something_else_is_refused(name: str, theirs: str) -> None:
    with pytest.raises(TypeError, match=re.escape(REFUSED[name, theirs])):
        getattr(ad, name)(T, **{theirs: 0})


def called_by_position() -> Iterator[tuple[Any, list[str]]]:
    """Functions of NumPy's names, whose first parameters have names there, and none here."""
    for name in ad.__all__:
        theirs, ours = getattr(np, name, None), getattr(ad, name)
        if not callable(theirs) or isinstance(theirs, (type, np.ufunc)):
            continue
        with contextlib.suppress(ValueError):
            known = inspect.signature(theirs).parameters
            shown = inspect.signature(ours).parameters.values()
            first = [p.name for p in shown if p.kind is p.POSITIONAL_ONLY]
            if any(n in known and known[n].kind != known[n].POSITIONAL_ONLY for n in first):
                yield ours, first


def test_what_has_a_name_in_numpy_may_be_given_by_it() -> None:
    found = list(called_by_position())
    assert {"repeat", "linspace"} <= {function.__name__ for function, _ in found}
    for function, first in found:
        try:
            function(**dict.fromkeys(first, 1))
        except (TypeError, ValueError) as error:
            refusal = str(error)
        else:
            refusal = ""
        # Refused for what was given, never for its name.
        assert "keyword" not in refusal, function


def test_a_method_is_called_by_its_public_name_in_errors() -> None:
    with pytest.raises(TypeError, match=r"^reshape\(\) got an unexpected keyword argument 'order'"):
        T.reshape(6, order="F")


def test_softplus_needs_a_slope() -> None:
    for make in (lambda: nn.Softplus(beta=0), lambda: F.softplus(T, beta=0)):
        with pytest.raises(ValueError, match="beta must not be 0"):
            make()
    assert repr(nn.Softplus(2.0, 3.0)) == "Softplus(beta=2.0, threshold=3.0)"
    with pytest.raises(ValueError, match="comes after the last"):
        T.flatten(1, 0)


# What PyTorch's functions have beside: other memory, older names, generated documentation.
NOT_OURS = frozenset(
    "out out_dtype layout device pin_memory memory_format generator requires_grad names has_torch "
    "non_blocking size_average reduce dtype self kwargs args _stacklevel cudnn_enabled "
    "cudnn_enable sparse_grad compute_mode foreach maximize capturable differentiable fused "
    "amsgrad decoupled_weight_decay requires_grad_ min_value max_value".split()
)
# Fields of results, and operands of overloads, that schemas list among the arguments.
OVERLOADS = frozenset("a b i t self max_values min_indices max min".split())

DIFFERENT: dict[str, str] = {
    "compile vmap set_default_dtype": "JAX's names",
    "add subtract": "no alpha",
    "divide": "no rounding_mode",
    "max min": "other: maximum, minimum",
    "std std_mean var var_mean": "unbiased: correction",
    "index_add scatter select pad split put take cov": "other functions",
    "kl_div": "elementwise, as in SciPy; the loss is nn.functional.kl_div",
    "logit": "no eps",
    "gradient": "NumPy's spacing",
    "searchsorted": "side",
    "result_type": "any number of operands",
    "norm matrix_norm lstsq lu lu_factor lu_solve matrix_rank pinv qr solve solve_triangular svd "
    "svdvals tensorsolve slogdet vecdot cholesky_ex inv_ex": "NumPy's and SciPy's options",
    "l1_loss mse_loss": "no weight",
    "diagonal": "linalg.diagonal takes the last two axes",
    "cummax cummin eig eigh frexp histogram kthvalue median nanmedian sort topk": "their fields",
    "softplus": "nn.functional.softplus has beta and threshold",
    "isin": "an overload",
    "BatchNorm1d": "affine=False leaves both out",
}
KNOWN_DIFFERENT = {name for names in DIFFERENT for name in names.split()}


def theirs_of(name: str, owners: tuple[Any, ...]) -> set[str]:
    import torch

    for owner in owners:
        function = getattr(owner, name, None)
        if not callable(function):
            continue
        try:
            found = inspect.signature(function).parameters.values()
            return {p.name for p in found if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}
        except (TypeError, ValueError):
            schemas = [
                s
                for space in ("aten::", "aten::special_", "aten::linalg_")
                for s in torch._C._jit_get_schemas_for_operator(space + name)
            ]
            return {"input" if a.name == "self" else a.name for s in schemas for a in s.arguments}
    return set()


def shared() -> Iterator[tuple[str, Any, set[str]]]:
    import torch
    import torch.nn.functional

    spaces: list[tuple[Any, list[str], tuple[Any, ...]]] = [
        (ad, ad.__all__, (torch, torch.nn.functional, torch.special)),
        (ad.linalg, ad.linalg.__all__, (torch.linalg,)),
        (ad.fft, ad.fft.__all__, (torch.fft,)),
        (F, list(F.__all__), (torch.nn.functional,)),
        (ad.Tensor, [n for n in dir(ad.Tensor) if n[0] != "_"], (torch.Tensor,)),
        (nn, nn.__all__, (torch.nn,)),
    ]
    for space, names, owners in spaces:
        for name in names:
            function = getattr(space, name)
            if not callable(function) or (inspect.isclass(function) and space is not nn):
                continue
            found = theirs_of(name, owners) - NOT_OURS - OVERLOADS
            if space is ad.Tensor:
                found -= {"input"}
            if found:
                yield name, function, found


def understood(name: str, function: Any, theirs: str) -> bool:
    if inspect.isclass(function):
        return theirs in inspect.signature(function.__init__).parameters
    shown = inspect.signature(function).parameters
    gathers = any(p.kind is p.VAR_KEYWORD for p in shown.values())
    if theirs in shown or theirs in IGNORED or (gathers and not hasattr(function, "__wrapped__")):
        return True
    own = parameters_of(function)
    try:
        return meaning(function.__name__, own, theirs) is not None or (
            not own and theirs == "input"
        )
    except TypeError:
        return True


def test_every_name_is_understood_or_known_to_differ() -> None:
    pytest.importorskip("torch")
    lacking = {
        (name, theirs)
        for name, function, found in shared()
        for theirs in found
        if not understood(name, function, theirs) and name not in KNOWN_DIFFERENT
    }
    assert sorted(lacking) == []


def test_the_page_is_right() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "names.md"
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed, tried = doctest.testfile(str(page), module_relative=False, optionflags=options)
    assert tried > 10
    assert not failed
