"""How an estimator is pickled and copied: as settings, and the bytes of a safetensors file."""

from __future__ import annotations

import copy
from typing import Any

from nn.estimators.building import Recipe, local_name
from nn.estimators.nested import NestedSettings
from nn.module.base import Module

__all__ = ["Pickled"]


class Pickled(NestedSettings):
    """The part of an estimator that keeps module and optimizer out of pickles."""

    module_: Module
    optimizer_: Any
    _recipe: Recipe

    def __getstate__(self) -> dict[str, Any]:
        """Settings, and what training has changed as the bytes of a safetensors file.

        Raises:
            TypeError: a function among the settings cannot be found by its name.
        """
        for part in self._PARTS:
            held = [getattr(self, part), getattr(vars(self).get("_recipe"), part, None)]
            name = next(filter(None, map(local_name, held)), None)
            if name is not None:
                raise TypeError(
                    f"this {type(self).__name__} cannot be pickled: its {part} {name} has no name "
                    "by which it is found again; define it at module level with def, and give its "
                    f"settings as {part}__name=value"
                )
        return self._state()

    def _state(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        if "module_" in state:
            module, optimizer = state.pop("module_"), state.pop("optimizer_")
            state["_written"] = self._recipe.written(module, optimizer)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        content = state.pop("_written", None)
        super().__setstate__(state)
        if content is not None:
            self.module_, self.optimizer_ = self._recipe.read(content)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        twin.__setstate__(copy.deepcopy(self._state(), memo))
        return twin
