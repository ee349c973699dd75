"""Numbers do not leave the graph unnoticed: conversions to arrays and to Python's numbers."""

from __future__ import annotations

import array
import cmath
import doctest
import inspect
import logging
import math
import statistics
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.sampled import sampled

PAGE = Path(__file__).parents[3] / "docs" / "conversions.md"


def tensor() -> Any:
    return ad.Tensor([1.0, 2.0], dtype="float64", requires_grad=True)


def scalar() -> Any:
    return tensor()[1]


def value() -> Any:
    return ad.Value(2.0)


def fill(x: Any) -> None:
    np.zeros(2)[:] = x


def fill_all(x: Any) -> None:
    a = np.zeros((2, 2))
    a[...] = x


def fill_from_list(x: Any) -> None:
    np.zeros((2, 2))[0:2] = [x, x]


def set_item(x: Any) -> None:
    np.zeros(2)[0] = x


def set_item_of_integers(x: Any) -> None:
    np.zeros(2, int)[0] = x


TO_ARRAYS: dict[str, Callable[[Any], Any]] = {
    "asarray": np.asarray,
    "array": np.array,
    "array with a dtype": lambda x: np.array(x, float),
    "array of objects": lambda x: np.array(x, object),
    "ascontiguousarray": np.ascontiguousarray,
    "asarray of a list": lambda x: np.asarray([x, x]),
    "array of nested lists": lambda x: np.array([[x, x], [x, x]]),
    "sum of a list": lambda x: np.sum([x, x]),
    "mean of a list": lambda x: np.mean([x, x]),
    "max of a tuple": lambda x: np.max((x, x)),
    "norm of a list": lambda x: np.linalg.norm([x, x]),
    "reduce of a list": lambda x: np.add.reduce([x, x]),
    "ufunc of a list": lambda x: np.sin([x, x]),
    "ufunc with a list": lambda x: np.multiply(np.ones(2), [x, x]),
    "operator with a list": lambda x: np.ones(2) - [x, x],  # type: ignore[operator]
    "full": lambda x: np.full((2, 2), x),
    "put": lambda x: np.zeros(2).put([0], x),
    "method dot": lambda x: np.ones(2).dot(x),
    "draws around it": lambda x: np.random.default_rng(0).normal(x),
    "masked operand": lambda x: np.ma.array([1.0, 2.0], mask=[0, 1]) * x,
    "masked function": np.ma.sqrt,
    "masked join": lambda x: np.ma.concatenate([x[None], np.ma.ones(x[None].shape)]),
    "columns": lambda x: np.c_[x, x],
    "slice": fill,
    "ellipsis": fill_all,
    "slice from a list": fill_from_list,
}
EXITS = ("autodiff.stack", "x.at[i].set(v)", "autodiff.array", "x.detach().numpy()")


@pytest.mark.parametrize("node", [tensor, scalar])
@pytest.mark.parametrize("name", TO_ARRAYS)
def test_a_conversion_to_an_array_is_an_error(name: str, node: Callable[[], Any]) -> None:
    convert, x = TO_ARRAYS[name], node()
    with pytest.raises(ad.ConversionError) as caught:
        convert(x)
    assert f"was turned into a plain array at {__file__}:" in str(caught.value)
    assert all(way in str(caught.value) for way in EXITS)
    with ad.no_grad():
        convert(x)
    convert(x.detach())
    convert(x.numpy())


def test_the_message_names_the_line_and_numpys_function() -> None:
    losses = [scalar(), scalar()]
    line = inspect.currentframe().f_lineno + 2  # type: ignore[union-attr]
    with pytest.raises(ad.ConversionError) as caught:
        np.mean(losses)
    text = f"was turned into a plain array at {__file__}:{line} (in mean() of numpy; "
    assert text + "autodiff.mean takes nodes, and lists of them): " in str(caught.value)
    with pytest.raises(ad.ConversionError, match=r"norm\(\) of numpy; autodiff.linalg.norm takes"):
        np.linalg.norm(losses)
    assert str(caught.value).startswith("the result of 'getitem' made at")


def refused(error: BaseException | None) -> bool:
    """Whether an error is ours, or one of NumPy's that names ours as its cause."""
    kinds = (ad.ConversionError, ad.ConversionWarning, ad.BatchingError, ad.TracingError)
    return isinstance(error, kinds) or isinstance(error and error.__cause__, kinds)


@pytest.mark.parametrize("put", [set_item, set_item_of_integers])
def test_an_element_of_an_array_is_an_error(put: Callable[[Any], None]) -> None:
    with pytest.raises(ad.ConversionError, match=r"an element of an array at .*x.at\[i\].set"):
        put(value())
    with pytest.raises((TypeError, ValueError)) as caught:
        put(scalar())
    assert refused(caught.value)
    with ad.no_grad():
        put(value())
        put(scalar())
    for rest in (fill, fill_all, fill_from_list):
        with pytest.raises(ad.ConversionError):
            rest(value())


TO_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "float": float,
    "int": int,
    "complex": complex,
    "complex part": lambda x: complex(1, x),
    "math.sin": math.sin,
    "math.hypot": lambda x: math.hypot(x, x),
    "math.fsum": lambda x: math.fsum([x, x]),
    "math.isnan": math.isnan,
    "math.floor": math.floor,
    "cmath.exp": cmath.exp,
    "array.array": lambda x: array.array("d", [x]),
    "statistics": lambda x: statistics.fmean([x, x]),
    "numpy.float64": lambda x: np.float64(x),
    "fromiter": lambda x: np.fromiter([x, x], float),
    "fill": lambda x: np.zeros(2).fill(x),
}
each_number = pytest.mark.parametrize("name", TO_NUMBERS)
NODES: dict[str, Callable[[], Any]] = {
    "Value": value,
    "Tensor": scalar,
    "leaf": lambda: ad.Tensor(2.0, dtype="float64", requires_grad=True),
}


@pytest.mark.parametrize("kind", NODES)
@each_number
def test_a_conversion_to_a_number_warns(name: str, kind: str) -> None:
    convert, x = TO_NUMBERS[name], NODES[kind]()
    with pytest.warns(ad.ConversionWarning, match=r"x.item\(\) where") as caught:
        convert(x)
    assert {w.filename for w in caught} == {__file__}
    with pytest.raises((TypeError, ValueError, UserWarning)) as made:  # as tests make it an error
        convert(x)
    assert refused(made.value)
    with ad.no_grad():
        convert(x)
    convert(x.detach())
    convert(x.item())


def test_a_line_of_code_warns_once() -> None:
    x, y = value(), scalar()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            float(x)
            math.sin(y * 2)
        int(x)
    first = caught[0].lineno
    assert [(w.lineno - first, w.category) for w in caught] == [
        (place, ad.ConversionWarning) for place in (0, 1, 2)
    ]


@pytest.mark.parametrize(
    "transform",
    [
        lambda f: ad.grad(f)(2.0),
        lambda f: ad.value_and_grad(f)(np.array(2.0)),
        lambda f: ad.jvp(f, (2.0,), (1.0,)),
        lambda f: ad.vjp(f, 2.0),
        lambda f: ad.linearize(f, 2.0),
        lambda f: ad.jacfwd(f)(2.0),
        lambda f: ad.jacrev(f)(np.array(2.0)),
        lambda f: ad.hessian(f)(2.0),
        lambda f: ad.hvp(f, (2.0,), (1.0,)),
        lambda f: ad.grad(lambda x: ad.grad(lambda y: f(y) * x)(x))(2.0),
        lambda f: ad.grad(lambda x: ad.grad(lambda y: y * f(x))(x))(2.0),
        lambda f: ad.vmap(f)(np.array([1.0, 2.0])),
        lambda f: ad.grad(lambda x: ad.sum(ad.vmap(lambda y: f(x) * y)(np.ones(2))))(2.0),
        lambda f: ad.compile(f)(ad.Tensor(2.0)),
        lambda f: ad.compile(lambda x: ad.grad(f)(x))(ad.Tensor(2.0)),
    ],
)
@pytest.mark.parametrize("name", sampled(TO_NUMBERS, 5))
def test_in_a_function_that_is_transformed_it_is_an_error(name: str, transform: Any) -> None:
    convert = TO_NUMBERS[name]

    def f(x: Any) -> Any:
        convert(x)
        return x * x

    with pytest.raises((TypeError, ValueError)) as caught:
        transform(f)
    assert refused(caught.value)


def test_the_ways_out_that_are_named_for_a_value_are_there() -> None:
    x = ad.Value(2.0)
    a = np.zeros(1)
    with pytest.raises(ad.ConversionError, match=r"of a Value x\.item\(\)"):
        a[0] = x
    a[0] = x.item()
    assert a[0] == 2.0


def test_what_a_transformed_function_takes_from_around_it_warns() -> None:
    w = value()
    with pytest.warns(ad.ConversionWarning):
        assert ad.grad(lambda x: x * math.exp(w))(3.0) == math.exp(2.0)
    f = lambda x: x * np.sum([w.item(), x.item()])  # noqa: E731
    assert ad.grad(f)(1.0) == 3.0


def test_an_array_within_a_transform_is_an_error() -> None:
    def f(x: Any) -> Any:
        return ad.sum(x * np.mean([x, x]))

    for run in (
        lambda: ad.grad(f)(np.ones(2)),
        lambda: ad.jvp(f, (np.ones(2),), (np.ones(2),)),
        lambda: ad.hessian(f)(np.ones(2)),
    ):
        with pytest.raises(ad.ConversionError, match="plain array"):
            run()
    with pytest.raises(ad.BatchingError, match="plain NumPy array"):
        ad.vmap(f)(np.ones((2, 2)))
    with pytest.raises(ad.TracingError, match="plain NumPy array"):
        ad.compile(f)(ad.Tensor(np.ones(2)))
    with pytest.raises(TypeError, match="bytes-like"):
        memoryview(tensor())
    with pytest.raises(BufferError, match="part of a graph"):
        np.from_dlpack(tensor())


SHOWN: dict[str, Callable[[Any], Any]] = {
    "item": lambda x: x.item(),
    "format": lambda x: f"{x:.3f} {x} {x!r} {x:>12.4e}",
    "format method": "{:.3f}".format,
    "percent": lambda x: "%.3f %s %d" % (x, x, x),  # noqa: UP031
    "percent alone": lambda x: "%.3g" % x,  # noqa: UP031
    "percent in bytes": lambda x: b"%.3f" % x,
    "logging": lambda x: logging.getLogger("glassgrad").error("loss %.3f", x),
    "round": lambda x: (round(x, 2), round(x)),
    "bool": bool,
    "assertions": lambda x: np.testing.assert_array_equal(x, x),
    "near": lambda x: np.testing.assert_almost_equal(x, x),
    "questions": lambda x: (np.shape([x]), np.ndim([x]), np.size([x])),
    "comparison": lambda x: (x > 1, x <= 1.0, x == 2.0),
    "max": lambda x: max([x, x]),
    "sorted": lambda x: sorted([x, x]),
    "print": print,
}


@pytest.mark.parametrize("kind", NODES)
@pytest.mark.parametrize("name", SHOWN)
def test_what_only_shows_a_number_does_not_warn(name: str, kind: str) -> None:
    show = SHOWN[name]
    show(NODES[kind]())

    def f(x: Any) -> Any:
        show(x)
        return x * x

    assert ad.grad(f)(3.0) == 6.0
    assert ad.jvp(f, (np.array(3.0),), (np.array(1.0),))[1] == 6.0


@pytest.mark.parametrize("kind", NODES)
def test_formats_and_rounding(kind: str) -> None:
    x = NODES[kind]() * 0.61705
    assert f"{x:.2f}|{x:8.3e}|{x:%}" == "1.23|1.234e+00|123.410000%"
    assert (f"{x}", format(x)) == (str(x), repr(x))
    assert round(x, 2) == 1.23
    assert type(round(x)) is int
    assert ad.grad(lambda y: y - round(y))(1.2) == 1.0


def test_questions_about_lists_are_answered() -> None:
    x = tensor()
    assert np.array_equal([x, x], [[1.0, 2.0], [1.0, 2.0]])
    assert not np.array_equal([x, x], [[1.0, 2.0], [1.0, 3.0]])
    assert np.allclose([x[0], x[1]], [1.0, 2.0])
    np.testing.assert_allclose(x, [1.0, 2.0])
    with pytest.raises(AssertionError):
        np.testing.assert_allclose([x, x], [1.0, 3.0])


def test_formats_of_tensors_with_axes() -> None:
    x = ad.Tensor([[1.0, 2.5], [0.25, -1.0]], requires_grad=True)
    assert f"{x:.1f}" == "[[1.0, 2.5],\n [0.2, -1.0]]"
    assert round(x).tolist() == [[1.0, 2.0], [0.0, -1.0]]
    assert round(x, 1).tolist() == x.round(1).tolist()
    assert f"{ad.Tensor([1, 2]):03d}" == "[001, 002]"
    with pytest.raises(ad.ShapeError, match=r"single element.*\(2, 2\)"):
        float(x)


def test_results_of_compiled_steps_are_shown_like_others() -> None:
    w = ad.Tensor([1.0, 2.0], requires_grad=True)

    @ad.compile
    def step(x: Any) -> Any:
        w.zero_grad()
        loss = ad.sum(w * x)
        loss.backward()
        return loss

    for _ in range(3):
        loss = step(ad.Tensor([0.5, 0.25]))
        assert (f"{loss:.3f}", "%.1f" % loss, round(loss, 1)) == ("1.000", "1.0", 1.0)  # noqa: UP031
        assert "%s" % loss == str(loss)  # noqa: UP031


@pytest.mark.parametrize("kind", NODES)
def test_divmod(kind: str) -> None:
    x = NODES[kind]() * 3.5
    quotient, rest = divmod(x, 2.0)
    assert (quotient.item(), rest.item()) == divmod(7.0, 2.0)
    assert type(rest) is type(x)
    again, left = divmod(30.0, x)
    assert (again.item(), left.item()) == divmod(30.0, 7.0)
    assert [part.item() for part in np.divmod(x, 2.0)] == [3.0, 1.0]
    # 30 - 4 x, and x = 3.5 times what it was made of
    assert ad.grad(lambda y: divmod(30.0, y)[1])(7.0) == -4.0
    with pytest.raises(TypeError):
        divmod(x, "a")


@ad.custom_function
def cube(x: Any) -> Any:
    return np.asarray(x) ** 3


def test_rules_of_the_users_own_may_use_arrays_where_nothing_is_lost() -> None:
    @cube.vjp
    def rule(g: Any, y: Any, x: Any) -> Any:
        return np.asarray(g) * 3 * np.asarray(x) ** 2

    @cube.jvp
    def push(tangents: Any, y: Any, x: Any) -> Any:
        return float(tangents[0]) * 3 * np.asarray(x) ** 2

    x = ad.Tensor(2.0, dtype="float64", requires_grad=True)
    cube(x).backward()
    assert x.grad == 12.0
    assert ad.grad(cube)(2.0) == 12.0
    assert ad.jvp(cube, (2.0,), (1.0,)) == (8.0, 12.0)
    for lost in (
        lambda: ad.grad(ad.grad(cube))(2.0),
        lambda: ad.hessian(cube)(2.0),
        lambda: cube(x).backward(create_graph=True),
        lambda: ad.jvp(lambda y: ad.jvp(cube, (y,), (y,))[1], (2.0,), (1.0,)),
    ):
        with pytest.raises(ad.ConversionError, match="needs a gradient"):
            lost()


def test_a_number_taken_in_a_rule_is_an_error_in_higher_order() -> None:
    @ad.custom_function
    def square(x: Any) -> Any:
        return x * x

    @square.vjp
    def rule(g: Any, y: Any, x: Any) -> Any:
        return g * 2 * float(x)

    x = ad.Value(3.0)
    square(x).backward()
    assert x.grad == 6.0
    with pytest.raises(ad.ConversionError, match="a Python float"):
        square(x).backward(create_graph=True)


def test_a_forward_rule_that_is_transposed_keeps_its_tangents() -> None:
    @ad.custom_function
    def double(x: Any) -> Any:
        return 2 * x

    @double.jvp
    def push(tangents: Any, y: Any, x: Any) -> Any:
        return x * 0 + 2 * float(tangents[0])

    assert ad.jvp(double, (1.0,), (3.0,)) == (2.0, 6.0)
    x = ad.Value(1.0)
    with pytest.raises(ad.ConversionError, match="a Python float"):
        double(x).backward()


def test_numbers_taken_in_an_equation_that_is_solved_are_an_error() -> None:
    a = ad.Tensor(2.0, requires_grad=True)
    for equation in (lambda x, a: x * x - float(a), lambda x, _: x * x - math.sqrt(a)):
        with pytest.raises(ad.ConversionError, match="a Python float"):
            ad.find_root(equation, 1.0, a)
    assert ad.fixed_point(lambda x, a: ad.cos(x) * a, 1.0, ad.Tensor(0.5)).item() > 0


def test_lists_that_stay_in_the_graph() -> None:
    a, b = value(), value()
    assert np.array([a, b]).dtype == object
    total = np.sum([a * b, b])
    total.backward()
    assert (a.grad, b.grad) == (2.0, 3.0)
    t = tensor()
    np.stack([t[0], t[1]]).sum().backward()
    np.concatenate([t, t]).sum().backward()
    np.array([t[0] * t[1], 3.0], like=t).sum().backward()
    assert t.grad.tolist() == [1 + 2 + 2, 1 + 2 + 1]


@pytest.mark.parametrize(
    "function", "sum mean prod max min median std var ptp average linalg.norm".split()
)
def test_numpy_computes_with_lists_of_values_in_the_graph(function: str) -> None:
    module, _, name = function.rpartition(".")
    theirs = getattr(np.linalg if module else np, name)
    ours = getattr(ad.linalg if module else ad, name)
    nodes = [ad.Value(1.0), ad.Value(4.0), ad.Value(2.5)]
    theirs([3 * node for node in nodes]).backward()
    expected = ad.grad(lambda x: ours(3 * x))(np.array([1.0, 4.0, 2.5]))
    np.testing.assert_allclose([node.grad or 0.0 for node in nodes], expected, rtol=1e-14)


OF_VALUES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "array and Value": lambda o, v, t: (o * v).sum(),
    "Value and array": lambda o, v, t: (v - o).sum() + (2.0 / o).sum() + (v**o).sum(),
    "array and Tensor": lambda o, v, t: ad.to_value(ad.sum(o * t) + ad.sum(t / o)),
    "function": lambda o, v, t: ad.to_value(ad.sum(ad.sin(o)) + ad.dot(o, o)),
    "stacked": lambda o, v, t: ad.to_value(ad.sum(ad.stack([o, t]) ** 2)),
    "array": lambda o, v, t: ad.to_value(ad.sum(ad.array(o) ** 3 + ad.asarray(o))),
    "whole": lambda o, v, t: np.array(v) * v + o @ o,
}


@pytest.mark.parametrize("name", OF_VALUES)
def test_arrays_of_values_go_with_values_tensors_and_the_functions_here(name: str) -> None:
    nodes = [ad.Value(1.5), ad.Value(2.5)]
    factor, other = ad.Value(0.5), ad.Tensor([3.0, 4.0])
    OF_VALUES[name](np.array(nodes), factor, other).backward()

    def plain(x: Any) -> Any:
        return float(OF_VALUES[name](np.array([ad.Value(n) for n in x]), factor, other).item())

    h = 1e-6
    for i, node in enumerate(nodes):
        step = np.eye(2)[i] * h
        slope = (plain(np.array([1.5, 2.5]) + step) - plain(np.array([1.5, 2.5]) - step)) / (2 * h)
        assert node.grad == pytest.approx(slope, rel=1e-7)
    with pytest.raises(TypeError, match="holds numbers"):
        ad.sum(np.array(["a"], object))


def test_array_makes_a_tensor_in_the_graph() -> None:
    t, v = tensor(), value()
    made = ad.array([[t[0], v, 3.0], [v * v, 1, t[1]]])
    assert made.tolist() == [[1.0, 2.0, 3.0], [4.0, 1.0, 2.0]]
    ad.sum(made * made).backward()
    assert t.grad.tolist() == [2.0, 4.0]
    assert v.grad == 4.0 + 2 * 4.0 * 4.0
    assert ad.array(t) is not t
    assert ad.array(t).requires_grad
    assert ad.array(t, "float32", ndmin=3).shape == (1, 1, 2)
    assert ad.array([1, 2]).dtype == np.array([1, 2]).dtype
    with pytest.raises(ad.ShapeError):
        ad.array([[t[0]], [t[0], t[1]]])


def test_an_array_without_a_copy_is_refused() -> None:
    with pytest.raises(ValueError, match="are copied when they become a plain array"):
        np.asarray(ad.Tensor([1.0]), copy=False)
    assert np.asarray(ad.Tensor([1.0]), copy=True).tolist() == [1.0]


def test_functions_of_scipy_name_the_ones_here() -> None:
    special, linalg = (pytest.importorskip(f"scipy.{name}") for name in ("special", "linalg"))
    x = ad.Tensor(np.eye(2), requires_grad=True)
    with pytest.raises(ad.ConversionError, match=r"of scipy; autodiff.special.logsumexp takes"):
        special.logsumexp(x)
    with pytest.raises(ad.ConversionError, match=r"of scipy; autodiff.linalg.solve takes"):
        linalg.solve(x, np.ones(2))


def test_optimizers_of_other_packages() -> None:
    optimize = pytest.importorskip("scipy.optimize")

    def f(w: Any) -> Any:
        return ad.sum((ad.Tensor(w, requires_grad=True) - 3.0) ** 2)

    assert optimize.minimize(lambda w: f(w).item(), np.zeros(2)).x == pytest.approx([3, 3])
    with pytest.warns(ad.ConversionWarning, match=r"x.item\(\) where") as caught:
        optimize.minimize(lambda w: float(f(w)), np.zeros(2))
    assert {w.filename for w in caught} == {__file__}
    with pytest.raises((TypeError, ValueError)) as error:
        optimize.minimize(f, np.zeros(2))
    assert refused(error.value)


def test_the_examples_of_the_page_run() -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    done = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8", optionflags=flags)
    assert done.attempted > 10
    assert done.failed == 0
