"""Hooks of modules: when they are called, with what, and what becomes of what they return."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import ShapeError, TracingError

X = np.random.default_rng(0).standard_normal((4, 3))


def model(torch: Any = None) -> Any:
    """One network, of ours or of PyTorch's, with the same numbers."""
    library = torch.nn if torch else nn
    made = library.Sequential(library.Linear(3, 3), library.Tanh(), library.Linear(3, 2))
    made = made.double() if torch else made.to(np.float64)
    rng = np.random.default_rng(1)
    state = {name: rng.standard_normal(np.shape(v)) for name, v in made.state_dict().items()}
    if torch:
        state = {name: torch.tensor(v) for name, v in state.items()}
    made.load_state_dict(state)
    return made


def leaf(torch: Any = None, needed: bool = True) -> Any:
    if torch:
        return torch.tensor(X, requires_grad=needed)
    return ad.Tensor(X, requires_grad=needed)


def shown(given: Any) -> Any:
    if isinstance(given, tuple):
        return tuple(map(shown, given))
    if given is None:
        return None
    return np.array(given.detach().numpy() if hasattr(given, "detach") else given)


def watch(net: Any, kind: str, change: Any = None, **options: Any) -> list[Any]:
    seen: list[Any] = []

    def hook(module: Any, *given: Any) -> Any:
        seen.append((type(module).__name__, *map(shown, given)))
        return None if change is None else change(*given)

    getattr(net, f"register_{kind}")(hook, **options)
    return seen


def assert_alike(found: Any, wanted: Any) -> None:
    if isinstance(wanted, tuple | list):
        assert len(found) == len(wanted)
        for a, b in zip(found, wanted, strict=True):
            assert_alike(a, b)
    elif isinstance(wanted, np.ndarray):
        np.testing.assert_allclose(found, wanted, rtol=1e-12)
    else:
        assert found == wanted


CASES: list[tuple[int | None, str, Any]] = [
    (0, "forward_pre_hook", None),
    (2, "forward_pre_hook", lambda args: args[0] * 2),
    (None, "forward_pre_hook", lambda args: (args[0] * 3,)),
    (1, "forward_hook", None),
    (0, "forward_hook", lambda args, y: y * args[0]),
    (None, "forward_hook", lambda args, y: y + 1),
    (0, "full_backward_hook", None),
    (None, "full_backward_hook", lambda gi, go: (gi[0] * 2,)),
    (2, "full_backward_hook", lambda gi, go: (gi[0] * go[0].sum(),)),
    (1, "full_backward_pre_hook", None),
    (None, "full_backward_pre_hook", lambda go: (go[0] * 5,)),
]


@pytest.mark.parametrize(("place", "kind", "change"), CASES)
@pytest.mark.parametrize("needed", [True, False])
@pytest.mark.filterwarnings("ignore:Full backward hook is firing")
def test_as_in_torch(place: int | None, kind: str, change: Any, needed: bool) -> None:
    torch = pytest.importorskip("torch")
    if not needed and place != 2 and change is not None and kind == "full_backward_hook":
        change = None
    results = []
    for library in (None, torch):
        net, x = model(library), leaf(library, needed)
        seen = watch(net if place is None else net[place], kind, change)
        with np.errstate(all="raise"):
            y = net(x)
            (y * y).sum().backward()
        gradients = [shown(p.grad) for p in net.parameters()]
        results.append((seen, shown(y), gradients, shown(x.grad) if needed else None))
    (seen, *rest), (theirs, *wanted) = results
    assert seen
    assert_alike(seen, theirs)
    assert_alike(rest, wanted)


def test_order_names_and_removal() -> None:
    layer, calls = nn.Linear(3, 1), list[str]()
    first = layer.register_forward_pre_hook(lambda m, a: calls.append("first"))
    layer.register_forward_pre_hook(lambda m, a: calls.append("zeroth"), prepend=True)
    layer.register_forward_hook(
        lambda m, a, k, y: calls.append(f"after {sorted(k)}"), with_kwargs=True
    )
    layer.register_forward_pre_hook(
        lambda m, a, k: ((), {"input": k["input"] * 2}), with_kwargs=True
    )
    np.testing.assert_allclose(layer(input=X).data, layer.forward(2 * X).data)
    assert calls == ["zeroth", "first", "after ['input']"]
    first.remove()
    first.remove()
    layer(input=X)
    assert calls[3:] == ["zeroth", "after ['input']"]
    assert len({hook.number for hook in layer._hooks}) == 3


def test_hooks_that_are_called_in_any_case() -> None:
    layer, seen = nn.Linear(3, 1), list[Any]()
    layer.register_forward_hook(lambda m, a, y: seen.append(y), always_call=True)
    layer.register_forward_hook(lambda m, a, y: seen.append("not this"))
    with pytest.raises(ShapeError):
        layer(np.ones((2, 2)))
    assert seen == [None]


def test_wrong_hooks() -> None:
    layer = nn.Linear(3, 1)
    with pytest.raises(TypeError, match="a hook is a function, not 3"):
        layer.register_forward_hook(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a ModuleList is never called"):
        nn.ModuleList([layer]).register_forward_hook(print)
    handle = layer.register_forward_pre_hook(lambda m, a, k: 3, with_kwargs=True)
    with handle, pytest.raises(TypeError, match=r"returns None or a pair \(args, kwargs\), not 3"):
        layer(X)
    handle = layer.register_full_backward_hook(lambda m, gi, go: (None, None))
    with handle, pytest.raises(ShapeError, match=r"returned 2 gradient\(s\); return 1"):
        layer(leaf()).sum().backward()


def test_backward_hooks_under_transforms() -> None:
    """In a graph of gradients they see nodes; forward mode, copies and mapping pass them."""
    net = model()
    seen = watch(net[1], "full_backward_hook")
    plain = model()

    def loss(m: Any) -> Any:
        return ad.sum(ad.square(m(X)))

    for transform in (ad.grad, lambda f: lambda m: ad.hvp(f, (m,), (m,))[0]):
        found, wanted = transform(loss)(net), transform(loss)(plain)
        for a, b in zip(ad.tree.leaves(found), ad.tree.leaves(wanted), strict=True):
            np.testing.assert_allclose(a.data, b.data)
    assert [name for name, *_ in seen] == ["Tanh", "Tanh"]
    wanted = ad.jvp(loss, (plain,), (plain,))[1]
    assert ad.jvp(loss, (net,), (net,))[1].data == pytest.approx(wanted.item())
    net[1]._hooks = ()
    shapes = list[Any]()
    net[1].register_full_backward_hook(lambda m, gi, go: shapes.append(go[0].shape))
    each = ad.vmap(ad.grad(lambda m, x: ad.sum(m(x))), in_axes=(None, 0))
    for a, b in zip(ad.tree.leaves(each(net, X)), ad.tree.leaves(each(plain, X)), strict=True):
        np.testing.assert_allclose(a.data, b.data)
    assert shapes == [(3,)]


def test_several_inputs_and_outputs() -> None:
    class Two(nn.Module):
        def forward(self, a: Any, b: Any, c: Any) -> Any:
            return {"sum": a + b, "product": a * c, "none": 3}

    net = Two()
    seen = watch(net, "full_backward_hook")
    a, c = leaf(), leaf()
    y = net(a, X, c)
    y["product"].sum().backward()
    ((_, gi, go),) = seen
    np.testing.assert_allclose(gi[0], X)
    assert gi[1] is None
    np.testing.assert_allclose(gi[2], X)
    assert go[0] is None
    np.testing.assert_allclose(go[1], np.ones((4, 3)))
    assert not go[2].any()
    np.testing.assert_allclose(a.grad, X)


def test_compiled_steps_take_hooks_that_are_set_later() -> None:
    net = model()
    step = ad.compile(lambda x: net(x))
    for _ in range(20):
        first = step(X).data
    handle = net[1].register_forward_hook(lambda m, a, y: y * 2)
    for _ in range(3):
        np.testing.assert_allclose(step(X).data, net(X).data)
    assert not np.allclose(step(X).data, first)
    handle.remove()
    for _ in range(3):
        np.testing.assert_allclose(step(X).data, first)


def test_compiled_steps_refuse_backward_hooks() -> None:
    net = model()

    def step(x: Any) -> Any:
        net.zero_grad()
        loss = net(x).sum()
        loss.backward()
        return loss

    compiled = ad.compile(step)
    for _ in range(3):
        compiled(X)
    net[0].register_full_backward_hook(lambda m, gi, go: None)
    with pytest.raises(TracingError, match="through a module with a backward hook"):
        compiled(X)


def test_copies_have_the_hooks_that_were_set_before() -> None:
    net = nn.Linear(3, 1)
    net.register_forward_hook(lambda m, a, y: y * 0)
    for made in (copy.deepcopy(net), ad.tree.map(lambda p: p.data, net)):
        assert not made(X).data.any()
        handle = made.register_forward_hook(lambda m, a, y: y + 1)
        assert made(X).data.all()
        assert not net(X).data.any()
        handle.remove()
        assert not made(X).data.any()
