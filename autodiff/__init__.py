"""Automatic differentiation that can be seen through.

A computation graph of `Value` (one float) and `Tensor` (an array) nodes records
operations as they run; `backward` walks it in reverse topological order and looks each
derivative up in one table of operations.

Example:
    >>> import autodiff as ad
    >>> x = ad.Value(2.0, name="x")
    >>> y = ad.tanh(x * x - 3)
    >>> y.backward()
    >>> f"{x.grad:.6f}"
    '1.679897'
"""

from __future__ import annotations

__glassgrad_library__ = True

import sys
from importlib import import_module
from typing import Any

from autodiff import names
from autodiff.functions.parameter_aliases import SPECIAL, spelt
from autodiff.graph import collector
from autodiff.methods.install import install

__all__ = sorted([*names.HOMES, *names.SUBMODULES])

install(sys.modules[__name__])
collector.install()


def __getattr__(name: str) -> Any:
    # What not every program needs is imported when first asked for.
    if name in names.HOMES:
        globals()[name] = _public(name)
    elif name in names.SUBMODULES:
        globals()[name] = import_module(f"autodiff.{name}")
    else:
        from autodiff.functions.other_libraries import missing  # what only a mistake needs

        raise missing("autodiff", name, __all__)
    return globals()[name]


def __dir__() -> list[str]:
    return __all__


_COMMON = (".activations", ".comparison", ".elementwise")


def _public(name: str) -> Any:
    home = names.HOMES[name]
    found = getattr(import_module(home), name)
    # The common elementwise functions have PyTorch's names already, and shall cost no call more.
    if name not in names.FUNCTIONS or (home.endswith(_COMMON) and name not in SPECIAL):
        return found
    return spelt(found)


# What is loaded by now is bound at once, and so is what shares its name with a folder.
globals().update(
    {
        name: _public(name)
        for name, home in names.HOMES.items()
        if home in sys.modules or name == "values"
    }
)
