"""Where a step finds its numbers: in the group, in a pair of it, in a function of the step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from weakref import ref

import numpy as np

from autodiff import Tensor, live
from autodiff.extending import raw
from nn.optim.formulas.tracing import Setting, element_name
from nn.optim.hyperparameters import Group, checked_rate

__all__ = ["Elements", "Rates", "Sources"]


class Elements(Mapping[str, float]):
    """The elements of a setting by name, whatever the group holds at the moment."""

    def __init__(self, group: Group, key: str) -> None:
        self._group, self._key = group, key
        count = len(group[key])
        self._names = {element_name(key, i): i for i in range(count)}

    def __getitem__(self, name: str) -> float:
        return self._group[self._key][self._names[name]]  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Rates(Mapping[str, float]):
    """The learning rate as a function of the number of steps made.

    Args:
        group: holds the function.
        made: the count of steps, an array without axes that each step adds to.
        ahead: how many steps later than the count the rate is for.
    """

    def __init__(self, group: Group, made: Any, ahead: int = 0) -> None:
        self._group, self._made = group, made
        self.ahead: int = ahead

    def __getitem__(self, key: str) -> float:
        function: Callable[[int], Any] = self._group["lr"]
        step = int(self._made) + self.ahead
        return checked_rate(f"lr({step}), the learning rate as a function,", function(step))

    def __iter__(self) -> Iterator[str]:
        return iter(("lr",))

    def __len__(self) -> int:
        return 1


class Sources:
    """Where the numbers of a group come from.

    Args:
        group: the group.

    Attributes:
        made: the number of steps made while the learning rate is a function.
    """

    def __init__(self, group: Group) -> None:
        self._group = group
        self._elements: dict[str, Elements] = {}
        self.made: Tensor = Tensor(np.zeros((), np.float64), name="steps")
        self._made = raw(self.made)
        self._recorder: Any = None
        self._before = 0

    def count(self) -> int:
        """How many steps were made with the learning rate as a function."""
        return int(self._made)

    def restore(self, count: int) -> None:
        """Go on from so many steps."""
        self.made.data = np.positive(float(count), out=raw(self.made))

    def number(self, setting: Setting, dtype: Any) -> Any:
        """A setting as an array without axes, read anew in every call of a recorded step."""
        if setting.element is not None:
            elements = self._elements.get(setting.key)
            if elements is None:
                elements = self._elements[setting.key] = Elements(self._group, setting.key)
            return live.number(elements, setting.name, dtype)
        if setting.key == "lr" and callable(self._group["lr"]):
            return self._rate(dtype)
        return live.number(self._group, setting.key, dtype)

    def _rate(self, dtype: Any) -> Any:
        rates = Rates(self._group, self._made)
        found = live.number(rates, "lr", dtype)
        # A recorded step reads it at its beginning, when what it does before is not counted yet.
        rates.ahead = self._before if self._is_known(live.RECORDER.get()) else 0
        return found

    def _is_known(self, recorder: Any) -> bool:
        return recorder is not None and self._recorder is not None and self._recorder() is recorder

    def advance(self, recorder: Any) -> None:
        """Count a step."""
        if callable(self._group["lr"]):
            if recorder is not None:
                self._before = self._before + 1 if self._is_known(recorder) else 1
                self._recorder = ref(recorder)
            self.made.data = np.add(raw(self.made), 1.0, out=raw(self.made))
