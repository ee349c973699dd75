"""A module and its optimizer from what makes them, again and again the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.io.container import encode
from nn.io.nested import flatten, restore
from nn.io.safetensors_reader import decode
from nn.module.base import Module
from nn.module.dtypes import default_dtype
from nn.module.lazy import LazyModule
from nn.training.evaluation import predict
from nn.training.generators import found_generators

__all__ = ["Recipe", "local_name"]

_TREE = "state"


@dataclass
class Recipe:
    """From what a module and its optimizer were made.

    Attributes:
        module: a function of the numbers of features and of outputs, a generator, and settings.
        module_settings: these.
        optimizer: a function of parameters and settings.
        optimizer_settings: these.
        n_features: how many inputs there are.
        n_outputs: how many outputs there are.
        seed: of the generator.
        dtype: of the parameters.
    """

    module: Callable[..., Any]
    module_settings: dict[str, Any]
    optimizer: Callable[..., Any]
    optimizer_settings: dict[str, Any]
    n_features: int
    n_outputs: int
    seed: int
    dtype: str

    def make(self) -> Module:
        """A fresh module.

        Raises:
            TypeError: what was given makes none.
        """
        if isinstance(self.module, Module):
            raise TypeError(
                "module must be a function that makes one, since every fit begins with a fresh "
                f"one, and a {type(self.module).__name__} itself was given; write "
                "def module(n_features, n_outputs, rng): return ..."
            )
        if not callable(self.module):
            raise TypeError(
                "module must be a function (n_features, n_outputs, rng, **settings) that gives an "
                f"nn.Module, not {self.module!r}"
            )
        with default_dtype(self.dtype):
            rng = np.random.default_rng(self.seed)
            made = self.module(self.n_features, self.n_outputs, rng, **self.module_settings)
            if isinstance(made, Module) and any(map(_awaits_an_input, made.modules())):
                made.eval()
                made(np.zeros((1, self.n_features), self.dtype))
                made.train()
        if not isinstance(made, Module):
            raise TypeError(
                f"module must give an nn.Module, and {_name(self.module)} gave a "
                f"{type(made).__name__}"
            )
        made.to(np.dtype(self.dtype))
        return made

    def make_optimizer(self, module: Module) -> Any:
        """A fresh optimizer of its parameters."""
        return self.optimizer(list(module.parameters()), **self.optimizer_settings)

    def check(self, module: Module, x: Any, meaning: str) -> None:
        """Let a module compute once, which makes what it makes late, and see what it gives.

        Raises:
            ValueError: its outputs are of another shape than is needed.
        """
        shape = np.shape(predict(module, x))
        if shape != (len(x), self.n_outputs):
            raise ValueError(
                f"the module made by {_name(self.module)} gives outputs of shape {shape} for "
                f"inputs of shape {x.shape}, expected {(len(x), self.n_outputs)}: {meaning}"
            )

    def written(self, module: Module, optimizer: Any) -> bytes:
        """All that training has changed, as the bytes of a safetensors file."""
        generators = found_generators(module=module)
        del generators["library"]
        state = {
            "module": module.state_dict(),
            "optimizer": optimizer.state_dict(),
            "generators": {path: rng.bit_generator.state for path, rng in generators.items()},
        }
        arrays, tree = flatten(state)
        return encode(arrays, {_TREE: tree})

    def read(self, content: bytes) -> tuple[Module, Any]:
        """The module and the optimizer whose state was written."""
        arrays, metadata = decode(content, "the pickled estimator")
        state = restore(arrays, metadata[_TREE])
        module = self.make()
        module.load_state_dict(state["module"])
        optimizer = self.make_optimizer(module)
        optimizer.load_state_dict(state["optimizer"])
        generators = found_generators(module=module)
        for path, place in state["generators"].items():
            if path in generators:
                generators[path].bit_generator.state = place
        module.eval()
        return module, optimizer


def local_name(given: Any) -> str | None:
    """The name of a function that cannot be found again by it, as pickles have to; else None."""
    function = getattr(given, "func", given)
    name = getattr(function, "__qualname__", "")
    return name if "<" in name else None


def _awaits_an_input(part: Module) -> bool:
    return isinstance(part, LazyModule) and part.has_uninitialized_params()


def _name(function: Any) -> str:
    return str(getattr(function, "__qualname__", repr(function)))
