"""Modules: finding parameters, state, modes, printing, scopes and misuse."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn


class Net(nn.Module):
    """Modules and parameters in every kind of place."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = [nn.Linear(2, 3), nn.Tanh(), (nn.Linear(3, 3),)]
        self.blocks = {"enc": nn.Linear(3, 1, bias=False), "deep": {"gain": nn.Parameter([1.0])}}
        self.scale = nn.Parameter([2.0, 3.0])
        self.register_buffer("count", np.zeros((), np.int64))

    def forward(self, x: Any) -> Any:
        x = self.layers[1](self.layers[0](x))
        return self.blocks["enc"](self.layers[2][0](x)) * self.blocks["deep"]["gain"]


def names(module: nn.Module) -> list[str]:
    return [name for name, _ in module.named_parameters()]


def test_parameters_are_found_in_lists_tuples_and_dicts() -> None:
    assert names(Net()) == [
        "blocks.deep.gain",
        "scale",
        "layers.0.weight",
        "layers.0.bias",
        "layers.2.0.weight",
        "layers.2.0.bias",
        "blocks.enc.weight",
    ]


def test_parameters_of_a_list_are_trained() -> None:
    net = Net()
    net(np.ones((4, 2), np.float32)).sum().backward()
    assert all(p.grad is not None for n, p in net.named_parameters() if n != "scale")


def test_what_is_appended_later_is_found_as_well() -> None:
    net = Net()
    net.layers.append(nn.Linear(1, 1))  # type: ignore[union-attr, attr-defined]
    assert "layers.3.weight" in names(net)


def test_shared_parameters_and_modules_are_counted_once_and_saved_under_every_name() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a = nn.Linear(2, 2)
            self.b = self.a
            self.c = nn.Linear(2, 2, bias=False)
            self.c.weight = self.a.weight

    tied = Tied()
    assert names(tied) == ["a.weight", "a.bias"]
    assert list(tied.state_dict()) == ["a.weight", "a.bias", "b.weight", "b.bias", "c.weight"]
    assert [type(m).__name__ for m in tied.modules()] == ["Tied", "Linear", "Linear"]
    assert [name for name, _ in tied.named_children()] == ["a", "c"]
    assert list(tied.children()) == [tied.a, tied.c]
    assert repr(tied).splitlines()[2] == "  (b): Linear(2, 2)  # shared"
    y = tied.b(tied.a([[1.0, 2.0]]))
    assert {n.scope[0][0] for n in ad.topological_order(y) if n.op} == {"a"}


def test_a_reference_back_to_the_parent_is_no_trap() -> None:
    class Child(nn.Module):
        def __init__(self, parent: nn.Module) -> None:
            super().__init__()
            self.parent = parent
            self.w = nn.Parameter([1.0])

    class Parent(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.child = Child(self)

    parent = Parent()
    assert names(parent) == ["child.w"]
    assert list(parent.state_dict()) == ["child.w"]
    assert "child" in repr(parent)
    cycle: list[Any] = [nn.Linear(1, 1)]
    cycle.append(cycle)
    parent.cycle = cycle  # type: ignore[attr-defined]
    assert "cycle.0.weight" in names(parent)


class Holder(nn.Module):
    """Keeps whatever it is given."""

    def __init__(self, thing: Any) -> None:
        super().__init__()
        self.thing = thing


class Plain:
    """Not a module."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner


def hidden_places() -> dict[str, Any]:
    from collections import deque
    from functools import partial

    layer = nn.Linear(2, 2)
    return {
        "in a set": {layer},
        "in a deque": deque([layer]),
        "in a Plain object": Plain(layer),
        "in a functools.partial": partial(map, layer),
        "in the closure of a function": lambda x: layer(x),
        "behind a bound method": layer.forward,
        "in a frozenset": [frozenset([nn.Parameter([1.0])])],
    }


@pytest.mark.parametrize("where", list(hidden_places()))
def test_parameters_that_would_be_missed_are_refused_with_the_fix(where: str) -> None:
    with pytest.raises(TypeError) as caught:
        Holder(hidden_places()[where])
    message = str(caught.value)
    assert message.startswith("Holder.thing holds a parameter of shape")
    assert where in message
    assert "keep parameters and modules in attributes, lists, tuples or dicts" in message


def test_what_is_found_elsewhere_or_frozen_may_be_referred_to() -> None:
    class Fine(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(2, 2)
            self.function = lambda x: self.layer(x)
            self.optimizer = nn.optim.SGD(self.layer.parameters(), 0.1)
            self.teacher = Plain(nn.Linear(2, 2).requires_grad_(False))
            self.numpy = np

    assert names(Fine()) == ["layer.weight", "layer.bias"]


def test_a_trainable_tensor_that_is_no_parameter_is_refused() -> None:
    for thing in (ad.Tensor([1.0], requires_grad=True), [ad.Tensor([1.0], requires_grad=True)]):
        with pytest.raises(TypeError, match=r"only Parameters are trained.*write nn\.Parameter"):
            Holder(thing)
    assert names(Holder(ad.Tensor([1.0]))) == []


def test_keys_that_cannot_be_names_are_refused() -> None:
    with pytest.raises(TypeError, match=r"under the key \(1, 2\); keys must be strings or integ"):
        Holder({(1, 2): nn.Linear(1, 1)})
    with pytest.raises(ValueError, match=r"under the key 'a\.b'; a name must not.*contain a dot"):
        Holder({"a.b": nn.Linear(1, 1)})
    assert names(Holder({(1, 2): "harmless", "a.b": 3})) == []
    with pytest.raises(ValueError, match=r"two different tensors of Holder have the name 'thing.0"):
        Holder({0: nn.Parameter([1.0]), "0": nn.Parameter([2.0])}).state_dict()


def test_forgetting_to_initialise_the_base_class_is_explained() -> None:
    class Early(nn.Module):
        def __init__(self) -> None:
            self.fc = nn.Linear(2, 2)

    class Never(nn.Module):
        def __init__(self) -> None:
            self.size = 3

    with pytest.raises(RuntimeError) as early:
        Early()
    assert str(early.value) == (
        "Early.__init__ assigns 'fc' before calling super().__init__(); make "
        "`super().__init__()` the first line of Early.__init__"
    )
    with pytest.raises(RuntimeError, match=r"Never\.__init__ does not call super\(\)"):
        Never()


def test_a_parameter_is_not_replaced_by_an_array_in_silence() -> None:
    layer = nn.Linear(2, 2)
    with pytest.raises(TypeError, match=r"Linear\.bias is a Parameter and cannot become a ndarray"):
        layer.bias = np.zeros(2)  # type: ignore[assignment]
    layer.bias = None
    layer.weight = nn.Parameter(np.ones((2, 2), np.float32))
    np.testing.assert_array_equal(layer([[1.0, 2.0]]).data, [[3.0, 3.0]])


def test_buffers_are_saved_but_not_trained() -> None:
    net = Net()
    assert [name for name, _ in net.named_buffers()] == ["count"]
    net.count = 5
    assert isinstance(net.count, nn.Buffer)
    assert net.count.item() == 5
    net.register_buffer("cache", [1.0], persistent=False)
    assert "count" in net.state_dict()
    assert "cache" not in net.state_dict()
    assert len(list(net.buffers())) == 2


def test_state_dict_round_trip_and_independence() -> None:
    source, target = Net(), Net()
    state = source.state_dict()
    report = target.load_state_dict(state)
    assert report == ([], [])
    for name, array in target.state_dict().items():
        np.testing.assert_array_equal(array, state[name])
    source.scale.data = np.array([9.0, 9.0], np.float32)
    np.testing.assert_array_equal(state["scale"], [2.0, 3.0])
    np.testing.assert_array_equal(target.scale.data, [2.0, 3.0])
    assert next(iter(source.state_dict("model."))) == "model.blocks.deep.gain"


def test_everything_wrong_with_a_state_is_said_at_once_and_nothing_is_loaded() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    before = net.state_dict()
    state = {**before, "0.weight": np.zeros((4, 2)), "extra": np.zeros(1)}
    del state["1.bias"]
    state["0.bias"] = np.zeros(3, complex)
    state["1.weight"] = np.full((1, 3), 7.0)
    with pytest.raises(
        ValueError, match="does not fit Sequential, and nothing was loaded"
    ) as caught:
        net.load_state_dict(state)
    message = str(caught.value)
    assert "missing: 1.bias" in message
    assert "unexpected: extra" in message
    assert "shape of 0.weight: (4, 2) in the state, (3, 2) in the module" in message
    assert "dtype of 0.bias: complex128 in the state, float32 in the module" in message
    assert "strict=False" in message
    for name, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_loading_that_is_not_strict_reports_the_names() -> None:
    net = nn.Linear(2, 1)
    report = net.load_state_dict({"weight": [[5.0, 6.0]], "other": [1.0]}, strict=False)
    assert report.missing_keys == ["bias"]
    assert report.unexpected_keys == ["other"]
    assert net.weight.tolist() == [[5.0, 6.0]]
    with pytest.raises(ValueError, match="shape of weight"):
        net.load_state_dict({"weight": [1.0]}, strict=False)


def test_loading_keeps_the_dtype_and_takes_tensors() -> None:
    net = nn.Linear(2, 1)
    net.load_state_dict({"weight": ad.Tensor(np.ones((1, 2))), "bias": np.ones(1, np.float64)})
    assert net.weight.dtype == np.float32
    for bad, message in (
        ("text", "not numeric"),
        ([[1.0], [2.0, 3.0]], "does not become an array"),
    ):
        with pytest.raises(TypeError, match=message):
            net.load_state_dict({"weight": bad}, strict=False)


def test_modes_reach_every_part() -> None:
    net = Net()
    assert net.training
    assert net.eval() is net
    assert not any(m.training for m in net.modules())
    assert all(m.training for m in net.train().modules())
    with pytest.raises(TypeError, match=r"True or False, not a ndarray; to fit.*nn\.fit"):
        net.train(np.zeros(3))  # type: ignore[arg-type]


def test_freezing_zeroing_casting_and_applying() -> None:
    net = Net()
    net.requires_grad_(False)
    assert not any(p.requires_grad for p in net.parameters())
    net.requires_grad_()
    net(np.ones((1, 2), np.float32)).sum().backward()
    net.zero_grad(set_to_none=False)
    assert net.scale.grad is None
    assert not any(p.grad.any() for n, p in net.named_parameters() if n != "scale")
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())
    net.to(np.float64)
    assert {p.dtype for p in net.parameters()} == {np.dtype(np.float64)}
    assert net.count.dtype == np.int64
    visited: list[str] = []
    net.apply(lambda m: visited.append(type(m).__name__))
    assert visited == ["Linear", "Linear", "Tanh", "Linear", "Net"]


def test_a_deep_copy_is_independent() -> None:
    net = Net()
    twin = copy.deepcopy(net)
    twin.scale.data = np.zeros(2, np.float32)
    assert net.scale.tolist() == [2.0, 3.0]
    assert names(twin) == names(net)
    assert isinstance(twin.count, nn.Buffer)
    assert twin.scale.name == "scale"


def test_names_and_roles_of_parameters() -> None:
    layer = nn.Linear(2, 1)
    assert (layer.weight.name, layer.weight.role) == ("weight", "weight")
    assert layer.bias is not None
    assert layer.bias.role == "bias"


def test_printing_shows_the_nesting_and_the_numbers_of_parameters() -> None:
    assert repr(Net()) == "\n".join(
        [
            "Net(",
            "  (layers[0]): Linear(2, 3)  # 9",
            "  (layers[1]): Tanh()",
            "  (layers[2][0]): Linear(3, 3)  # 12",
            "  (blocks.enc): Linear(3, 1, bias=False)  # 3",
            "  (blocks.deep.gain): Parameter[1]  # 1",
            "  (scale): Parameter[2]  # 2",
            "  (count): Buffer[]  # 1",
            ")  # 27 parameters",
        ]
    )
    inner = nn.Sequential(nn.Sequential(nn.Linear(1000, 2)), nn.ReLU())
    shared = nn.Sequential(inner, inner)
    assert repr(shared) == "\n".join(
        [
            "Sequential(",
            "  (0): Sequential(",
            "    (0): Sequential(",
            "      (0): Linear(1000, 2)  # 2,002",
            "    )  # 2,002",
            "    (1): ReLU()",
            "  )  # 2,002",
            "  (1): Sequential  # shared",
            ")  # 2,002 parameters",
        ]
    )


def test_nodes_know_the_modules_that_made_them() -> None:
    net = Net()
    y = net(np.ones((1, 2), np.float32))
    scopes = {n.scope for n in ad.topological_order(y) if n.op is not None}
    assert scopes == {
        (("Net", "Net"),),
        (("Net", "Net"), ("layers[0]", "Linear(2, 3)")),
        (("Net", "Net"), ("layers[1]", "Tanh()")),
        (("Net", "Net"), ("layers[2][0]", "Linear(3, 3)")),
        (("Net", "Net"), ("blocks.enc", "Linear(3, 1, bias=False)")),
    }


def test_items_of_a_module_list_carry_its_name_in_scopes() -> None:
    class Listed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = nn.ModuleList([nn.Linear(1, 1)])
            self.more = nn.ModuleDict({"last": nn.Sequential(nn.Linear(1, 1))})

        def forward(self, x: Any) -> Any:
            return self.more["last"](self.parts[0](x))

    y = Listed()([[1.0]])
    labels = {tuple(name for name, _ in n.scope) for n in ad.topological_order(y) if n.op}
    assert labels == {("Listed", "parts[0]"), ("Listed", "more.last", "0")}


def test_a_wrong_call_tells_what_is_taken() -> None:
    with pytest.raises(TypeError) as caught:
        nn.Linear(2, 3)()
    assert "Linear(2, 3) is called with (input)" in str(caught.value)
    assert "missing 1 required positional argument" in str(caught.value)

    class Broken(nn.Module):
        def forward(self, x: Any) -> Any:
            return len(3)  # type: ignore[arg-type]

    with pytest.raises(TypeError, match=r"^object of type 'int' has no len\(\)$"):
        Broken()(1)

    class Builtin(nn.Module):
        forward = getattr

    with pytest.raises(TypeError, match=r"^getattr expected at least 2 arguments, got 0$"):
        Builtin()()


def test_a_module_without_forward_says_so() -> None:
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty has no forward method.*def forward"):
        Empty()(1)
    with pytest.raises(NotImplementedError, match="ModuleList has no forward"):
        nn.ModuleList()(1)
