"""Where a name is that was looked for in the wrong module."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from importlib import import_module

from nn.names.absent import reason

__all__ = ["missing"]

# Searched in this order; what is nearest to the user's code comes first.
_PLACES = (
    "nn",
    "nn.functional",
    "nn.optim",
    "nn.data",
    "nn.init",
    "nn.metrics",
    "nn.io",
    "nn.training",
    "nn.utils",
    "nn.utils.rnn",
    "nn.utils.parametrize",
    "nn.utils.parametrizations",
    "autodiff",
    "autodiff.testing",
)
# Names of other libraries for what is here.
_ELSEWHERE = {
    "dense": "nn.Linear",
    "no_grad": "autodiff.no_grad",
    "tensor": "autodiff.Tensor",
    "dataset": "nn.data.DataLoader, which takes any object with __len__ and __getitem__",
    "randomsplit": "nn.data.split",
    "calculatefaninandfanout": "nn.init.calculate_fan, which takes the weight's shape",
    "mlpclassifier": "nn.NetClassifier, an estimator of scikit-learn",
    "mlpregressor": "nn.NetRegressor, an estimator of scikit-learn",
    "backward": "autodiff.grad, or loss.backward()",
}


def missing(module: str, name: str) -> AttributeError:
    """The error for a name that a module lacks, with where it is, or which one is near.

    Args:
        module: where it was looked for.
        name: the name.

    Example:
        >>> str(missing("nn", "Adam"))
        "module 'nn' has no attribute 'Adam'; it is nn.optim.Adam"
    """
    text = f"module {module!r} has no attribute {name!r}"
    why = reason(module, name)
    if why is not None:
        return AttributeError(f"{text}; {why}")
    if name.startswith("_"):
        known = _ELSEWHERE.get(_plain(name))
        return AttributeError(f"{text}; it is {known}" if known else text)
    found = _found(name, module)
    if found:
        return AttributeError(f"{text}; it is {' or '.join(found)}")
    listed = [(place, entry) for place, entry in _entries() if place != "autodiff"]
    # Within the module that was asked, a name that is less near will do.
    own = [(place, entry) for place, entry in listed if place == module]
    for entries, cutoff in ((own, 0.65), (listed, 0.75)):
        # Of a function and its class, which are spelt alike, the one that is written alike.
        entries.sort(key=lambda pair: pair[1][0].isupper() != name[0].isupper())
        paths = {_plain(entry): f"{place}.{entry}" for place, entry in reversed(entries)}
        near = difflib.get_close_matches(_plain(name), paths, n=1, cutoff=cutoff)
        if near:
            return AttributeError(f"{text}; did you mean {paths[near[0]]}?")
    return AttributeError(text)


def _found(name: str, module: str) -> list[str]:
    """Places of a name, however it is written: that of a function, and that of a module of it."""
    wanted = _plain(name)
    found: dict[str, str] = {}
    for place, entry in _entries():
        if _plain(entry) == wanted and (place, entry) != (module, name):
            # One object is exported from several places; the first is named.
            found.setdefault(entry, f"{place}.{entry}")
    if found:
        return sorted(found.values(), key=lambda path: (path.rsplit(".", 1)[1] != name, path))
    return [_ELSEWHERE[wanted]] if wanted in _ELSEWHERE else []


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _entries() -> Iterator[tuple[str, str]]:
    for place in _PLACES:
        module = import_module(place)
        for entry in sorted(getattr(module, "__all__", ())):
            if not hasattr(sys.modules.get(f"{place}.{entry}"), "__path__"):
                yield place, entry
