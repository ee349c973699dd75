"""What a recorded step reads anew in every call: settings, switches, random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff.compiler.guards import SettingGuard
from autodiff.compiler.instructions import RANDOM
from autodiff.compiler.program import Variable
from autodiff.compiler.program_builder import ProgramBuilder

__all__ = ["LiveSettings"]


class LiveSettings(ProgramBuilder):
    """A recording as far as it is told where numbers come from, by `autodiff.live`.

    Attributes:
        guards: settings that decided the step's course.
    """

    def __init__(self) -> None:
        super().__init__()
        self.guards: list[SettingGuard] = []
        self._lives: dict[tuple[int, str, Any], Variable] = {}

    def live_number(self, owner: Mapping[str, Any], key: str, dtype: Any) -> Any:
        """A stand-in for the number ``owner[key]``, read anew in every call."""
        value = np.asarray(owner[key], dtype)
        known = self._lives.get((id(owner), key, value.dtype))
        if known is None:
            name = key if key.isidentifier() else f"setting_{key}"
            known = self.variable("live", value, (owner, key), name)
            self._lives[id(owner), key, value.dtype] = known
        return self.wrap(value, known)

    def guard(self, owner: Mapping[str, Any], key: str, *, exact: bool) -> None:
        """Note what ``owner[key]`` is, or its truth, on which the step's course depends."""
        if not any(g.owner is owner and g.key == key and g.exact == exact for g in self.guards):
            held = owner[key] if exact else bool(owner[key])
            self.guards.append(SettingGuard(owner, key, exact, held))

    def reads_anew(self, owner: Any, key: Any) -> bool:
        """Whether an entry, or all of an array or generator, is looked at in every call."""
        if isinstance(owner, (np.ndarray, np.random.Generator)):
            return id(owner) in self._constants
        lives = ((held, name) for held, name, _ in self._lives)
        guards = ((id(guard.owner), guard.key) for guard in self.guards)
        return (id(owner), key) in {*lives, *guards}

    def uniform(self, rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> Any:
        """Draw from [0, 1), and record the drawing."""
        known = self._constants.get(id(rng))
        if known is None:
            known = Variable("generator", (), np.dtype(object), "rng", source=rng)
            self.program.constants.append(known)
            self._constants[id(rng)] = known
        value = rng.random(shape, dtype=dtype)
        named = {"dtype": np.dtype(dtype)}
        return self._new(RANDOM, (known, tuple(shape)), named, value, takes_out=True)
