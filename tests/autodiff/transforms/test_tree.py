"""Trees: opening containers up, and building them again."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest

import autodiff as ad
from autodiff import tree


class Point(NamedTuple):
    x: Any
    y: Any


@dataclass
class Layer:
    weight: Any
    bias: Any
    label: str = field(default="", metadata={"static": True})


@dataclass(frozen=True, slots=True)
class Frozen:
    a: Any
    b: Any = None

    def __post_init__(self) -> None:
        if not isinstance(self.a, float):
            raise TypeError("only floats")


TREES: list[tuple[Any, list[Any]]] = [
    (1.5, [1.5]),
    (None, []),
    ((), []),
    ([], []),
    ({}, []),
    ([1, (2, [3]), None], [1, 2, 3]),
    ({"b": 1, "a": {"z": 2, "y": 3}}, [3, 2, 1]),
    (OrderedDict(b=1, a=2), [1, 2]),
    (Point(1, [2, 3]), [1, 2, 3]),
    (Layer(1, None, "first"), [1]),
    (Layer({"k": 1}, (2,), "first"), [1, 2]),
    (Frozen(1.0, 2), [1.0, 2]),
    ({1: "one", "two": 2, (3,): 3}, ["one", 2, 3]),
]


@pytest.mark.parametrize(("given", "expected"), TREES, ids=str)
def test_a_tree_is_opened_and_built_again(given: Any, expected: list[Any]) -> None:
    found, shape = tree.flatten(given)
    assert found == expected or sorted(map(str, found)) == sorted(map(str, expected))
    assert tree.leaves(given) == found
    assert shape == tree.structure(given)
    assert shape.count == len(expected) == len(tree.paths(given))
    again = tree.unflatten(shape, found)
    assert type(again) is type(given)
    assert again == given
    if isinstance(given, dict):
        assert list(again) == list(given)


@pytest.mark.parametrize(("given", "expected"), TREES, ids=str)
def test_map_keeps_the_structure(given: Any, expected: list[Any]) -> None:
    marked = tree.map(lambda leaf: f"<{leaf}>", given)
    assert tree.structure(marked) == tree.structure(given)
    assert tree.leaves(marked) == [f"<{leaf}>" for leaf in tree.leaves(given)]
    assert tree.map(lambda x, y: y, given, given) == given


def test_a_defaultdict_keeps_its_default() -> None:
    again = tree.map(lambda x: -x, defaultdict(int, a=1))
    assert again == {"a": -1}
    assert again["other"] == 0


def test_nodes_arrays_and_strings_are_leaves() -> None:
    for leaf in (ad.Value(1.0), ad.Tensor([1.0]), np.ones(2), "text", {1, 2}, Layer):
        found, shape = tree.flatten([leaf])
        assert found[0] is leaf
        assert repr(shape) == "list(0: *)"


def test_equal_dicts_have_equal_leaves_whatever_their_order() -> None:
    first, second = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert tree.flatten(first) == tree.flatten(second)
    assert tree.map(lambda x, y: (x, y), first, second) == {"a": (1, 1), "b": (2, 2)}
    assert tree.structure(OrderedDict(a=1, b=2)) != tree.structure(OrderedDict(b=2, a=1))


def test_structures_tell_kinds_apart() -> None:
    kinds: list[Any] = [
        (1, 2),
        [1, 2],
        Point(1, 2),
        {"x": 1, "y": 2},
        {"x": 1, "z": 2},
        (1, [2]),
        1,
    ]
    shapes = [tree.structure(k) for k in kinds]
    assert len(set(shapes)) == len(shapes)


def test_a_container_may_be_taken_as_a_leaf() -> None:
    given = {"a": [1, 2], "b": None}
    assert tree.leaves(given, is_leaf=lambda x: isinstance(x, list)) == [[1, 2]]
    assert tree.leaves(given, is_leaf=lambda x: x is None) == [1, 2, None]


def test_a_frozen_dataclass_is_built_without_its_constructor() -> None:
    made = tree.map(lambda x: [x], Frozen(1.0, 2.0))
    assert (made.a, made.b) == ([1.0], [2.0])
    layer = tree.map(lambda x: x + 1, Layer(1, 2, "name"))
    assert layer == Layer(2, 3, "name")


def test_paths_are_written_as_in_python() -> None:
    given = {"layers": [Layer(0, (1, 2))], "end": Point(0, None)}
    assert tree.paths(given) == [
        "['end'].x",
        "['layers'][0].weight",
        "['layers'][0].bias[0]",
        "['layers'][0].bias[1]",
    ]
    assert tree.paths(3) == [""]


class Box:
    def __init__(self, *things: Any, lid: str) -> None:
        self.things, self.lid = things, lid


def test_own_containers_are_registered() -> None:
    assert tree.leaves(Box(1, 2, lid="red"))[0].lid == "red"
    tree.register(Box, lambda b: (b.things, b.lid), lambda lid, things: Box(*things, lid=lid))
    doubled = tree.map(lambda x: 2 * x, {"box": Box(1, [2], lid="red")})["box"]
    assert (doubled.things, doubled.lid) == ((2, [4]), "red")
    assert tree.paths(Box(1, [2], lid="")) == ["[0]", "[1][0]"]
    with pytest.raises(ValueError, match="Box is a container already"):
        tree.register(Box, lambda b: ((), None), lambda rest, children: rest)
    for wrong in (ad.Tensor, 3):
        with pytest.raises(TypeError, match="give a class of containers"):
            tree.register(wrong, lambda b: ((), None), lambda rest, children: rest)  # type: ignore[arg-type]


def test_subclasses_of_a_container_are_kinds_of_their_own() -> None:
    class Base:
        def __init__(self, **parts: Any) -> None:
            vars(self).update(parts)

    class Derived(Base):
        pass

    tree.register(
        Base,
        lambda b: (dict(vars(b)), (type(b), list(vars(b)))),
        lambda rest, parts: rest[0](**dict(zip(rest[1], parts, strict=True))),
        subclasses=True,
    )
    doubled = tree.map(lambda x: 2 * x, [Derived(a=1, b=[2])])[0]
    assert type(doubled) is Derived
    assert vars(doubled) == {"a": 2, "b": [4]}
    assert tree.paths(doubled) == [".a", ".b[0]"]
    assert tree.structure(Derived(a=1)) == tree.structure(Derived(a=2))
    assert tree.structure(Derived(a=1)) != tree.structure(Base(a=1))
    with pytest.raises(ad.ShapeError, match=r"has a Derived .* the names 'b'"):
        tree.map(abs, Derived(a=1), Derived(b=1))
    with pytest.raises(ValueError, match="Base is a container already"):
        tree.register(Base, lambda b: ((), None), lambda rest, parts: rest)


def test_trees_that_do_not_match_are_refused_and_the_place_is_named() -> None:
    given = {"a": [1, {"k": 2}], "b": 3}
    for other, message in [
        ([1, 2], "tree 1 of map() has a list at its root, expected a dict"),
        ({"a": [1, {"k": 2}]}, "has a dict at its root with the names 'a', expected one with the "),
        ({"a": [1], "b": 3}, "has a list at ['a'] with 1 element(s), expected one with 2 element"),
        ({"a": [1, 2], "b": 3}, "has a leaf at ['a'][1], expected a dict"),
        ({"a": None, "b": 3}, "has None at ['a'], expected a list"),
    ]:
        with pytest.raises(ad.ShapeError) as caught:
            tree.map(lambda x, y: x, given, other)
        assert message in str(caught.value)


def test_too_few_or_many_leaves_are_refused() -> None:
    shape = tree.structure((1, [2]))
    for wrong in ([1], [1, 2, 3]):
        with pytest.raises(ad.ShapeError, match=rf"{len(wrong)} leaves for a structure with 2"):
            tree.unflatten(shape, wrong)
