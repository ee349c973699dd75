"""PyTorch's own list of module inputs, run through the layers of `nn` beside PyTorch's.

PyTorch keeps for each of its modules a list of constructor arguments and inputs, by which it
tests itself. Here every one of them is made and called on both sides, in float64: outputs,
gradients of inputs and gradients of parameters are compared, and the parameters travel by
``state_dict``. Run as a program, this prints a line for each module: how many cases agree, and why
others do not count.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import autodiff as ad
import nn

__all__ = ["Verdict", "compared", "names"]

RTOL, ATOL = 1e-7, 1e-9

ABSENT = {
    "CrossMapLRN2d": "deprecated in PyTorch; LocalResponseNorm computes the same",
    "SyncBatchNorm": "there is one process",
    "LinearCrossEntropyLoss": "Linear and CrossEntropyLoss one after the other",
}
"""Modules that are not here, each with the reason."""

RANDOM = {
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Dropout3d",
    "AlphaDropout",
    "FeatureAlphaDropout",
    "RReLU",
    "FractionalMaxPool2d",
    "FractionalMaxPool3d",
}
"""Modules whose results in training are drawn at random; their shapes are compared."""


ON_PURPOSE = {
    "no target counts": "a mean over nothing is refused; PyTorch gives NaN",
    "_random_samples of shape": "samples for other batches than the input's are refused",
}
"""What is refused here by a message with these words, and not there, each with the reason."""


class Verdict(NamedTuple):
    """What became of one case.

    Attributes:
        name: the module.
        case: its number in PyTorch's list, and the mode.
        kind: ``agrees``, ``differs``, ``refused`` or ``not compared``.
        why: what differs, the refusal, or why it is not compared.
    """

    name: str
    case: str
    kind: str
    why: str


def _database() -> list[Any]:
    from torch.testing._internal.common_modules import module_db

    found: list[Any] = module_db
    return found


def names() -> list[str]:
    """The modules in PyTorch's list."""
    return sorted({_name(info) for info in _database()})


def _name(info: Any) -> str:
    return str(info.module_cls.__name__)


def compared(name: str) -> Iterator[Verdict]:
    """Every case of the modules of a name."""
    import torch

    torch.manual_seed(0)
    for info in _database():
        if _name(info) != name:
            continue
        modes = (True, False) if info.train_and_eval_differ else (True,)
        dtype = torch.float64 if torch.float64 in info.dtypes else info.dtypes[0]
        for training in modes:
            inputs = info.module_inputs_func(
                info, device="cpu", dtype=dtype, requires_grad=True, training=training
            )
            for number, given in enumerate(inputs):
                case = f"{number} {'train' if training else 'eval'} {given.desc}".strip()
                kind, why = _case(info, given, training)
                yield Verdict(name, case, kind, why)


def _case(info: Any, given: Any, training: bool) -> tuple[str, str]:

    name = _name(info)
    if name in ABSENT:
        return "not compared", ABSENT[name]
    if given.forward_input is None:
        return "not compared", "made and not called"
    made, called = given.constructor_input, given.forward_input
    if name == "MarginRankingLoss":
        # Its targets are signs of numbers, some of which are 0; those rank nothing.
        called.args[2][called.args[2] == 0] = 1
    theirs = info.module_cls(*made.args, **made.kwargs)
    theirs = theirs.double().eval()
    if name.startswith("Lazy"):
        theirs(*called.args, **called.kwargs)
    theirs.train(training)
    try:
        with nn.default_dtype("float64"):
            arguments = [_ours(a) for a in made.args]
            settings = {k: _ours(v) for k, v in made.kwargs.items() if k not in ("device", "dtype")}
            ours = getattr(nn, name)(*arguments, **settings).train(training)
        state = {k: v.detach().numpy() for k, v in theirs.state_dict().items()}
        ours.load_state_dict(state)
        leaves: list[tuple[Any, ad.Tensor]] = []
        own = [_input(a, leaves) for a in called.args]
        own_settings = {k: _input(v, leaves) for k, v in called.kwargs.items()}
    except _NotComparableError as error:
        return "not compared", str(error)
    except Exception as error:
        return "refused", f"{type(error).__name__}: {error}"
    try:
        expected = theirs(*called.args, **called.kwargs)
    except Exception as error:
        return "not compared", f"PyTorch refuses it: {type(error).__name__}"
    try:
        result = ours(*own, **own_settings)
    except Exception as error:
        why = next((why for words, why in ON_PURPOSE.items() if words in str(error)), "")
        return ("not compared", why) if why else ("refused", f"{type(error).__name__}: {error}")
    drawn = training and name in RANDOM
    told = _outputs(result, expected, drawn)
    if told or drawn:
        return ("differs", told) if told else ("agrees", "shapes only")
    told = _gradients(result, expected, leaves, ours, theirs)
    return ("differs", told) if told else ("agrees", "")


class _NotComparableError(Exception):
    pass


def _ours(value: Any) -> Any:
    """A constructor's argument, as it is written here."""
    import torch

    if isinstance(value, torch.Tensor):
        return value.detach().numpy()
    if isinstance(value, torch.nn.Module):
        kind = type(value).__name__
        if kind in ("TransformerEncoderLayer", "TransformerDecoderLayer"):
            attention = value.self_attn
            made = getattr(nn, kind)(
                attention.embed_dim,
                attention.num_heads,
                value.linear1.out_features,
                dropout=value.dropout.p,
                batch_first=attention.batch_first,
                norm_first=value.norm_first,
                bias=value.linear1.bias is not None,
                activation=value.activation.__name__,
            )
            return made
        if kind == "LayerNorm":
            return nn.LayerNorm(value.normalized_shape, eps=value.eps)
        raise _NotComparableError(f"its constructor is given a {kind}")
    if callable(value) and getattr(value, "__module__", "").startswith("torch"):
        return getattr(nn.functional, value.__name__)
    if callable(value) and not isinstance(value, type):
        raise _NotComparableError("its constructor is given a function of tensors of PyTorch's")
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    return value


def _input(value: Any, leaves: list[tuple[Any, ad.Tensor]]) -> Any:
    import torch

    if isinstance(value, torch.Tensor):
        if value.is_sparse or value.layout is not torch.strided:
            raise _NotComparableError("its input is sparse")
        array = value.detach().numpy()
        if not value.requires_grad:
            return array.copy()
        if not value.is_leaf:
            value.retain_grad()
        value.grad = None
        for there, leaf in leaves:
            if there is value:
                return leaf
        leaf = ad.Tensor(array.copy(), requires_grad=True)
        leaves.append((value, leaf))
        return leaf
    if type(value).__name__ == "PackedSequence":
        raise _NotComparableError("its input is packed")
    if isinstance(value, tuple | list):
        return type(value)(_input(item, leaves) for item in value)
    return value


def _pairs(result: Any, expected: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(expected, tuple | list):
        if len(result) != len(expected):
            yield len(result), len(expected)
            return
        for one, other in zip(result, expected, strict=True):
            yield from _pairs(one, other)
    elif expected is not None or result is not None:
        yield result, expected


def _outputs(result: Any, expected: Any, drawn: bool) -> str:
    for one, other in _pairs(result, expected):
        if one is None or other is None or isinstance(one, int):
            return f"gives {one!r} where PyTorch gives {other!r}"
        told = _apart(np.asarray(one.data), other.detach().numpy(), drawn)
        if told:
            return f"output {told}"
    return ""


def _apart(one: Any, other: Any, drawn: bool = False) -> str:
    if one.shape != other.shape:
        return f"has shape {one.shape}, not {other.shape}"
    if drawn or np.allclose(one, other, rtol=RTOL, atol=ATOL, equal_nan=True):
        return ""
    return f"is off by {np.nanmax(np.abs(one - other)):.1e}"


def _gradients(
    result: Any, expected: Any, leaves: list[tuple[Any, ad.Tensor]], ours: nn.Module, theirs: Any
) -> str:
    import torch

    rng = np.random.default_rng(0)
    total, other_total = None, None
    for one, other in _pairs(result, expected):
        if not other.requires_grad:
            continue
        factors = rng.normal(size=other.shape)
        term = (one * factors).sum()
        other_term = (other * torch.from_numpy(np.asarray(factors))).sum()
        total = term if total is None else total + term
        other_total = other_term if other_total is None else other_total + other_term
    if total is None or not total.requires_grad:
        return "" if other_total is None else "nothing needs a gradient"
    total.backward()
    assert other_total is not None
    other_total.backward()
    for number, (there, leaf) in enumerate(leaves):
        own, other_own = leaf.grad, there.grad
        if type(theirs).__name__ == "CTCLoss":
            # PyTorch's gradient by log-probabilities holds only where they come from scores;
            # by those scores both are the same.
            own, other_own = (_by_scores(leaf.numpy(), np.asarray(g)) for g in (own, other_own))
        told = _grad_apart(own, other_own)
        if told:
            return f"gradient of input {number} {told}"
    parameters = dict(theirs.named_parameters())
    for name, parameter in ours.named_parameters():
        told = _grad_apart(parameter.grad, parameters[name].grad)
        if told:
            return f"gradient of {name} {told}"
    return ""


def _by_scores(logs: Any, gradient: Any) -> Any:
    """The gradient by scores z, of one by log softmax(z)."""
    return gradient - np.exp(logs) * gradient.sum(axis=-1, keepdims=True)


def _grad_apart(one: Any, other: Any) -> str:
    if one is None or other is None:
        given = one if other is None else other
        if given is None:
            return ""
        array = np.asarray(given if other is None else given.detach().numpy())
        return f"is {'missing' if one is None else 'there'}" if np.abs(array).max() > 0 else ""
    wanted = np.asarray(other)
    # What nothing depends on has the gradient 0 here, also where PyTorch has NaN.
    wanted = np.where(np.isnan(wanted) & (np.asarray(one) == 0.0), 0.0, wanted)
    return _apart(np.asarray(one), wanted)


def main(wanted: list[str]) -> None:
    """Print how the cases fare, module by module, and what does not agree."""
    warnings.simplefilter("ignore")
    counts: Counter[str] = Counter()
    modules = 0
    for name in names():
        if wanted and name not in wanted:
            continue
        verdicts = list(compared(name))
        kinds = Counter(verdict.kind for verdict in verdicts)
        counts.update(kinds)
        compares = kinds["agrees"] + kinds["differs"] + kinds["refused"]
        modules += bool(compares) and kinds["agrees"] == compares
        print(
            f"{name:28} {kinds['agrees']:4} of {compares:4}   not compared {kinds['not compared']}"
        )
        for (kind, why), times in Counter((v.kind, v.why) for v in verdicts if v.why).items():
            if kind != "agrees":
                cases = [v.case for v in verdicts if (v.kind, v.why) == (kind, why)]
                print(f"    {times} × {kind}: {why[:200]}  ({cases[0]})")
    print(f"{modules} modules agree in all cases; cases:", dict(counts))


if __name__ == "__main__":
    main(sys.argv[1:])
