"""NumPy's functions called by NumPy's names, and what their page says of tensors in lists."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.methods.numpy_dispatch import dispatched_parameters
from autodiff.methods.numpy_interface import support, ufunc_support
from autodiff.methods.numpy_table import function_row, overridable
from tests.autodiff.methods.numpy_calls import ARRAYS, arguments, by_name
from tests.sampled import sampled

PAGE = Path(__file__).parents[3] / "docs" / "numpy_support.md"
FUNCTIONS = {
    title: function
    for title, function in sorted(overridable().items())
    if support(function).how == "graph"
}
ASKED = [title for title, function in FUNCTIONS.items() if dispatched_parameters(function).nodes]
DRAWN = ("numpy.empty_like",)
# Vectors of which the sign is free.
UNSIGNED = ("numpy.linalg.svd", "numpy.linalg.eigh", "numpy.linalg.eig")

OPTIONS: dict[str, tuple[Any, ...]] = {
    "aweights": (np.array([1.0, 2.0, 3.0]),),
    "axes": ((1, 0),),
    "axis": (0, -1),
    "axis1": (1,),
    "axis2": (0,),
    "base": (2.0,),
    "bias": (True,),
    "bins": (3,),
    "compute_uv": (False,),
    "correction": (1,),
    "ddof": (1,),
    "decimals": (1,),
    "default": (7.0,),
    "deg": (True,),
    "density": (True,),
    "dtype": (np.float32,),
    "dx": (2.0,),
    "edge_order": (2,),
    "endpoint": (False,),
    "full_matrices": (False,),
    "fweights": (np.array([1, 2, 3]),),
    "include_initial": (True,),
    "increasing": (True,),
    "indexing": ("ij",),
    "initial": (2.0,),
    "invert": (True,),
    "k": (1, -1),
    "keepdims": (True,),
    "m": (2,),
    "M": (4,),
    "method": ("lower",),
    "minlength": (5,),
    "mode": ("same", "wrap", "edge"),
    "n": (2,),
    "N": (2,),
    "nan": (1.0,),
    "norm": ("ortho",),
    "num": (4,),
    "offset": (1,),
    "ord": (1,),
    "order": ("F",),
    "prepend": (1.0,),
    "append": (1.0,),
    "range": ((0.0, 2.0), ((0.0, 2.0), (0.0, 3.0))),
    "return_counts": (True,),
    "return_index": (True,),
    "return_indices": (True,),
    "return_inverse": (True,),
    "returned": (True,),
    "right": (True, 9.0),
    "left": (-1.0,),
    "rowvar": (False,),
    "s": ((3, 3),),
    "side": ("right",),
    "sparse": (True,),
    "start": (2,),
    "to_begin": (8.0,),
    "to_end": (9.0,),
    "trim": ("f",),
    "UPLO": ("U",),
    "upper": (True,),
    "weights": (np.array([1.0, 2.0, 3.0]),),
    "where": (np.array([True, False, True]),),
    "x": (np.array([0.0, 1.0, 3.0]),),
    "y": (np.array([3.0, 1.0, 2.0]),),
}
"""Values other than the defaults of options, by NumPy's names."""


def as_nodes(x: Any) -> Any:
    if isinstance(x, list):
        return [as_nodes(part) for part in x]
    return ad.Tensor(x, requires_grad=True) if any(x is array for array in ARRAYS) else x


def check(title: str, found: Any, expected: Any) -> None:
    if isinstance(expected, (tuple, list)):
        for one, other in zip(found, expected, strict=True):
            check(title, one, other)
        return
    numbers = found.data if isinstance(found, ad.Node) else found
    assert np.shape(numbers) == np.shape(expected)
    if title in UNSIGNED:
        numbers, expected = np.abs(numbers), np.abs(expected)
    if title not in DRAWN:
        np.testing.assert_allclose(numbers, expected, rtol=1e-6, atol=1e-7)


def calls(title: str) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Calls that mean the same: with names, by position, with each default written out."""
    function = FUNCTIONS[title]
    args, named = arguments(title, function)
    yield args, named
    parameters = list(inspect.signature(function).parameters.values())
    if not any(p.kind is p.VAR_POSITIONAL for p in parameters):
        given = dict(zip((p.name for p in parameters), args, strict=False)) | named
        by_place = []
        for parameter in parameters:
            if not given or parameter.kind is parameter.KEYWORD_ONLY:
                break
            by_place.append(given.pop(parameter.name, parameter.default))
        yield tuple(by_place), given
    for name, default in by_name(function).items():
        if name not in named and (name, title) not in (
            ("min", "numpy.clip"),
            ("max", "numpy.clip"),
        ):
            yield args, named | {name: default}


@pytest.mark.parametrize("title", ASKED)
def test_a_function_takes_numpys_own_parameter_names(title: str) -> None:
    function = FUNCTIONS[title]
    args, named = arguments(title, function)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = function(*args, **named)
        for args, named in calls(title):
            nodes = {name: as_nodes(x) for name, x in named.items()}
            check(title, function(*map(as_nodes, args), **nodes), expected)


@pytest.mark.parametrize("title", sampled(ASKED, 4))
def test_an_option_means_what_it_means_to_numpy_or_is_refused_by_its_name(title: str) -> None:
    function = FUNCTIONS[title]
    args, named = arguments(title, function)
    for name in OPTIONS.keys() & by_name(function).keys() - named.keys():
        for option in OPTIONS[name]:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    expected = function(*args, **named, **{name: option})
                except (TypeError, ValueError, IndexError):
                    continue
                nodes = {key: as_nodes(x) for key, x in named.items()}
                try:
                    found = function(*map(as_nodes, args), **nodes, **{name: option})
                except TypeError as error:
                    if f"{title} was given {name}=" not in str(error):
                        raise
                else:
                    check(title, found, expected)


def in_graph(found: Any) -> bool:
    if isinstance(found, (tuple, list)):
        return any(map(in_graph, found))
    return isinstance(found, ad.Tensor)


CONVERSIONS = (TypeError, ValueError, IndexError, AttributeError)


@pytest.mark.parametrize("title", FUNCTIONS)
def test_the_page_says_what_a_plain_call_does(title: str) -> None:
    function = FUNCTIONS[title]
    _, tensor, listed, *_ = (
        cell.strip() for cell in function_row(support(function)).split("|")[1:]
    )
    args, named = arguments(title, function)
    given = dict(enumerate(args)) | named
    # The first array of floats, or the first list.
    first = next((k for k, x in given.items() if any(x is a for a in ARRAYS)), None)
    if first is None:
        first = next(k for k, x in given.items() if isinstance(x, list))

    def call(x: Any) -> Any:
        others = {k: as_nodes(one) if isinstance(one, list) else one for k, one in given.items()}
        put = others | {first: x}
        return function(*(put[i] for i in range(len(args))), **{k: put[k] for k in named})

    x = given[first]
    if isinstance(x, list):
        numbers = np.array(x)
        whole, parts = ad.Tensor(numbers, requires_grad=numbers.dtype.kind == "f"), as_nodes(x)
    else:
        whole = as_nodes(x)
        parts = list(whole)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if tensor == "graph":
            assert in_graph(call(whole))
        else:
            assert tensor == "not asked"
            with pytest.raises(CONVERSIONS):
                call(whole)
        if listed == "graph":
            assert in_graph(call(parts))
        elif listed == "not asked":
            with pytest.raises(CONVERSIONS):
                call(parts)
        else:
            assert "graph as" in listed


# These take whole numbers, indices or file names.
OTHERS = "ix_ packbits ravel_multi_index savez savez_compressed unpackbits unravel_index".split()


@pytest.mark.parametrize(
    "title",
    [
        title
        for title, function in sorted(overridable().items())
        if support(function).how == "plain" and title.removeprefix("numpy.") not in OTHERS
    ],
)
def test_a_plain_answer_is_about_the_numbers(title: str) -> None:
    function = overridable()[title]
    args, named = arguments(title, function)
    found = function(*map(as_nodes, args), **{name: as_nodes(x) for name, x in named.items()})
    assert not in_graph(found)
    if title not in ("numpy.array_repr", "numpy.array2string", "numpy.array_str"):
        assert repr(found) == repr(function(*args, **named))
    first = next(x for x in (*args, *named.values()) if any(x is array for array in ARRAYS))

    def answer(given: Any) -> Any:
        put = {name: given if x is first else x for name, x in named.items()}
        return function(*(given if x is first else x for x in args), **put)

    try:
        expected = answer(list(first))
    except CONVERSIONS:
        return
    if "| plain | plain |" not in function_row(support(function)):
        with pytest.raises(CONVERSIONS):
            answer(list(as_nodes(first)))
    elif not isinstance(expected, str):
        assert repr(answer(list(as_nodes(first)))) == repr(expected)


@pytest.mark.parametrize(
    "title",
    [
        title
        for title, function in sorted(overridable().items())
        if support(function).how == "refused" and dispatched_parameters(function).nodes
    ],
)
def test_what_is_refused_says_so_when_it_is_called(title: str) -> None:
    function = overridable()[title]
    where = dispatched_parameters(function).nodes[0]
    args: list[Any] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == where:
            args.append(as_nodes(ARRAYS[1]))
            break
        args.append([1.0])
    needed = [
        p
        for p in inspect.signature(function).parameters.values()
        if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    args += [[1.0]] * (len(needed) - len(args))
    with pytest.raises(TypeError, match=rf"{function.__name__} does not take a Tensor: "):
        function(*args)


def test_the_page_has_these_rows() -> None:
    written = PAGE.read_text(encoding="utf-8")
    if f"\n{'.'.join(np.__version__.split('.')[:2])} lets" not in written:
        pytest.skip("the page is about another version of NumPy")
    rows = [function_row(support(function)) for function in overridable().values()]
    assert [row for row in rows if row not in written] == []
    for row in (
        "| `numpy.sum` | graph | not asked | `autodiff.sum` |",
        "| `numpy.stack` | graph | graph | `autodiff.stack` |",
        "| `numpy.asarray` | not asked | not asked | `autodiff.asarray`, with `like=` alone |",
    ):
        assert row in written


def test_like_makes_tensors() -> None:
    t = ad.Tensor([1.0, 2.0], requires_grad=True)
    made: dict[str, tuple[Any, ...]] = {
        **{name: ([t[0], t[1]],) for name in ("array", "asarray", "asanyarray")},
        "ascontiguousarray": (t,),
        "arange": (3,),
        "zeros": (2,),
        "full": ((2,), 1.0),
        "eye": (2,),
    }
    for name, args in made.items():
        function: Any = getattr(np, name)
        assert isinstance(function(*args, like=t), ad.Tensor), name
    assert np.array([t[0], 1.0], float, ndmin=2, like=t).shape == (1, 2)


class TestForeignUfuncs:
    def test_an_unknown_one_is_refused_and_may_be_wrapped(self) -> None:
        ufunc = np.frompyfunc(lambda x: x * x, 1, 1)
        for node in (ad.Tensor([3.0], requires_grad=True), ad.Value(3.0)):
            with pytest.raises(TypeError, match=r"ufunc <lambda> .*custom_function.*\.numpy\(\)"):
                ufunc(node)
        f = ad.custom_function(lambda x: ufunc(x.numpy()).astype(float))
        f.vjp(lambda g, y, x: g * 2 * x)
        x = ad.Tensor([3.0], requires_grad=True)
        f(x).sum().backward()
        assert x.grad.tolist() == [6.0]

    def test_one_whose_name_is_known_names_the_function_here(self) -> None:
        def erf(x: Any) -> Any:
            return x

        def tanh(x: Any) -> Any:
            return x

        assert ufunc_support(np.frompyfunc(erf, 1, 1)).by.endswith("autodiff.special.erf(x)")
        assert ufunc_support(np.frompyfunc(tanh, 1, 1)).by.endswith("use autodiff.tanh(x)")

    def test_those_of_scipy(self) -> None:
        special = pytest.importorskip("scipy.special")
        x = ad.Tensor([0.5, 0.25], requires_grad=True)
        missing = []
        for name in dir(special):
            ufunc = getattr(special, name)
            if not isinstance(ufunc, np.ufunc):
                continue
            found = ufunc_support(ufunc)
            assert found.how == "refused"
            assert "text" not in found.by
            if "use autodiff" not in found.by:
                missing.append(name)
        assert {"stdtr", "jv"} <= set(missing)
        assert not {"erf", "expit", "gammaln", "psi", "xlogy", "ndtr", "logit"} & set(missing)
        with pytest.raises(TypeError, match=r"ufunc erf does not .* use autodiff.special.erf\(x\)"):
            special.erf(x)

    def test_those_about_text_say_so(self) -> None:
        with pytest.raises(TypeError, match="it is about text"):
            np.strings.str_len(ad.Tensor([1.0]))


def test_where_with_the_condition_alone() -> None:
    t = ad.Tensor([[0.5, 2.0], [3.0, 0.0]], requires_grad=True)
    for found in (np.where(t > 1), ad.where(t > 1)):
        assert isinstance(found, tuple)
        assert [places.tolist() for places in found] == [[0, 1], [1, 0]]
    t[np.where(t > 1)].sum().backward()
    assert t.grad.tolist() == [[0.0, 1.0], [1.0, 0.0]]
    with pytest.raises(TypeError, match=r"where\(\) takes three operands"):
        ad.where(t > 1, t)
