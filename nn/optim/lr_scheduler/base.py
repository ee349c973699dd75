"""The base class of the schedules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from autodiff import live
from autodiff.errors import TracingError
from nn.optim.lr_scheduler.foreign import as_kept, bases_of, is_foreign

__all__ = ["LRScheduler"]


class Scheduled(Protocol):
    """What a schedule needs of an optimizer."""

    @property
    def param_groups(self) -> Any:
        """Dicts with the entry ``lr``."""

    @property
    def defaults(self) -> Mapping[str, Any]:
        """The settings a group may have."""


class LRScheduler:
    """Sets the learning rates of an optimizer, step by step.

    Call ``step()`` after the optimizer's, once per step or once per epoch, as the schedule
    counts. A compiled training step reads the rate anew in every call, so ``step()`` belongs
    outside of it.

    A subclass says in `_at` that the rate of step t is ``scale · base + offset``. What others
    have done to a rate meanwhile, by hand or as a second schedule, goes into its base, so
    that it lasts.

    Args:
        optimizer: the optimizer; its rates are set at once to those of step 0.
        last_epoch: the step to go on from; -1 to begin. Going on needs the entry
            ``initial_lr`` in every group, which the first schedule put there.

    Attributes:
        last_epoch: how many steps were taken.
        base_lrs: what the rates of the groups were at the beginning.

    Raises:
        TypeError: that is no optimizer.
        ValueError: there is no ``initial_lr`` to go on from.
    """

    _heeds_others: ClassVar[bool] = True
    _kept: ClassVar[tuple[str, ...]] = ("last_epoch", "base_lrs", "_bases", "_last_lr")

    def __init__(self, optimizer: Scheduled, last_epoch: int = -1) -> None:
        groups = getattr(optimizer, "param_groups", None)
        if groups is None:
            raise TypeError(
                f"{type(self).__name__} takes an optimizer first, and a "
                f"{type(optimizer).__name__} was given"
            )
        for number, group in enumerate(groups):
            if callable(group["lr"]):
                raise TypeError(
                    f"{type(self).__name__}: the rate of group {number} is a function of the step "
                    "already; give the optimizer a number, or no schedule"
                )
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise ValueError(
                    f"{type(self).__name__}: group {number} has no initial_lr, from which step "
                    f"{last_epoch} would go on; load the optimizer's state first, or leave "
                    "last_epoch at -1"
                )
        self.optimizer: Scheduled = optimizer
        self.last_epoch: int = last_epoch
        self.base_lrs: list[float] = [float(group["initial_lr"]) for group in groups]
        self._bases: list[float] = list(self.base_lrs)
        self._last_lr: list[float] = [float(group["lr"]) for group in groups]
        if last_epoch == -1:
            self._begin()
        self._advance(last_epoch + 1)

    def _begin(self) -> None:
        """Take the rates as they are for the bases: another schedule may have been here."""
        if self._heeds_others:
            self._bases = [float(group["lr"]) for group in self.optimizer.param_groups]

    def _at(self, t: int, group: int) -> tuple[float, float]:
        """The scale and the offset of the rate of a group at step ``t``."""
        raise NotImplementedError(f"{type(self).__name__} does not define _at")

    def _advance(self, t: int) -> None:
        """Go from the step under way to step ``t``."""
        before, groups = self.last_epoch, len(self.optimizer.param_groups)
        if groups != len(self._bases):
            raise ValueError(
                f"{type(self).__name__} was made for {len(self._bases)} parameter groups, and the "
                f"optimizer has {groups} now; make the schedule after the last add_param_group"
            )
        self.last_epoch = t
        for number, group in enumerate(self.optimizer.param_groups):
            if self._heeds_others and before >= 0:
                scale, offset = self._at(before, number)
                if not scale:
                    # Nothing is left of the base, nor of what others have done to it.
                    self._bases[number] = self.base_lrs[number]
                elif float(group["lr"]) != self._last_lr[number]:
                    self._bases[number] = (float(group["lr"]) - offset) / scale
            scale, offset = self._at(t, number)
            group["lr"] = scale * self._bases[number] + offset
            self._last_lr[number] = group["lr"]

    def step(self, epoch: int | None = None) -> None:
        """Go one step on.

        Args:
            epoch: the step to go to, if it is not the next one; the rates then begin from
                `base_lrs` again.

        Raises:
            TracingError: inside a function that `autodiff.compile` records.
        """
        refuse_recording(self)
        if epoch is not None:
            self._bases = list(self.base_lrs)
            self._last_lr = [float(group["lr"]) for group in self.optimizer.param_groups]
        self._advance(self.last_epoch + 1 if epoch is None else epoch)

    def _start_over(self) -> None:
        """Take the first step from the base rates, where another schedule hands over to this."""
        self.step(0)

    def _set_back(self) -> None:
        """Undo the first step."""
        self.last_epoch -= 1

    def get_last_lr(self) -> list[float]:
        """The rates of the groups as this schedule has set them."""
        return list(self._last_lr)

    def state_dict(self) -> dict[str, Any]:
        """What is needed to go on later: numbers and lists; functions given are not in it."""
        state = {name: getattr(self, name) for name in self._kept}
        return {name: list(x) if isinstance(x, list) else x for name, x in state.items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned, also PyTorch's. The rates are the optimizer's.

        Raises:
            ValueError: it is the state of another schedule, or of other groups.
        """
        foreign = is_foreign(state)
        if foreign:
            state = as_kept(self, self._kept, state)
        check_kept(self, [name for name in self._kept if not foreign or name in state], state)
        wanted, given = len(self.base_lrs), len(state.get("base_lrs", self.base_lrs))
        if wanted != given:
            raise ValueError(
                f"{type(self).__name__}: the state is for {given} parameter groups, and the "
                f"optimizer has {wanted}"
            )
        for name, value in state.items():
            setattr(self, name, list(value) if isinstance(value, list | tuple) else value)
        if foreign:
            self._bases = bases_of(self) if self._heeds_others else list(self.base_lrs)

    @classmethod
    def function(cls, lr: float, *args: Any, **kwargs: Any) -> Callable[[int], float]:
        """The rate as a function of the step, for ``lr=`` of an optimizer, or for a drawing.

        Args:
            lr: the rate to begin with.
            *args: what the schedule takes after the optimizer.
            **kwargs: likewise.

        Returns:
            A function of the number of steps taken.

        Example:
            >>> import nn
            >>> rate = nn.optim.LinearLR.function(0.1, start_factor=0.5, total_iters=2)
            >>> [round(rate(t), 3) for t in range(4)]
            [0.05, 0.075, 0.1, 0.1]
        """
        return Rates(lambda optimizer: cls(optimizer, *args, **kwargs), lr, cls.__name__)

    def __repr__(self) -> str:
        rates = ", ".join(f"{rate:g}" for rate in self._last_lr)
        return f"{type(self).__name__}(step {self.last_epoch}, lr {rates})"


class _Alone:
    """Stands for an optimizer with one group."""

    def __init__(self, lr: float) -> None:
        self.param_groups: list[dict[str, Any]] = [{"lr": lr}]
        self.defaults: dict[str, Any] = {"lr": lr}


class Rates:
    """The rates of a schedule, step by step, as a function of the step.

    Args:
        make: the schedule over an optimizer.
        lr: the rate to begin with.
        name: the schedule's, for the text.
    """

    def __init__(self, make: Callable[[Scheduled], LRScheduler], lr: float, name: str) -> None:
        self._alone = _Alone(lr)
        self._schedule: LRScheduler = make(self._alone)
        self._known: list[float] = [self._alone.param_groups[0]["lr"]]
        self._name = name

    def __call__(self, step: int) -> float:
        """The rate after so many steps.

        Raises:
            ValueError: the number is negative.
        """
        if step < 0:
            raise ValueError(f"{self._name}: steps are counted from 0, and {step} was given")
        while len(self._known) <= step:
            self._schedule.step()
            self._known.append(self._alone.param_groups[0]["lr"])
        return self._known[step]

    def __repr__(self) -> str:
        return f"{self._name}.function({self._known[0]:g}, ...)"

    def __deepcopy__(self, memo: Any) -> Self:
        # It only remembers what follows from its settings.
        return self


def refuse_recording(schedule: Any) -> None:
    """Raise if a step of a schedule would be recorded, which would happen only once.

    Raises:
        TracingError: a step is being recorded.
    """
    if live.RECORDER.get() is not None:
        name = type(schedule).__name__
        raise TracingError(
            f"{name}.step() inside a compiled function would be taken once, while it is recorded, "
            f"and never again; call it after the compiled function, or give the optimizer "
            f"lr={name}.function(...), which is read anew in every call"
        )


def check_kept(schedule: Any, kept: Collection[str], state: Mapping[str, Any]) -> None:
    """Raise if a state is not that of such a schedule.

    Raises:
        ValueError: it has other entries.
    """
    if set(state) != set(kept):
        raise ValueError(
            f"{type(schedule).__name__} keeps {', '.join(kept)}, and the state holds "
            f"{', '.join(map(str, state))}; load the state of the same kind of schedule"
        )


def per_group(name: str, value: Any, optimizer: Scheduled) -> list[Any]:
    """A setting for every group, from one for all or a list with one for each.

    Raises:
        ValueError: the list is of another length.
    """
    groups = len(optimizer.param_groups)
    if not isinstance(value, list | tuple | np.ndarray):
        return [value] * groups
    if len(value) != groups:
        raise ValueError(f"{name} has {len(value)} entries, and the optimizer {groups} groups")
    return list(value)


def steps(schedule: str, name: str, value: Any, least: int = 1) -> int:
    """A number of steps, refused if it is none.

    Raises:
        ValueError: it is no whole number, or too small.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(
            f"{schedule}: {name} must be a whole number of steps from {least} up, not {value!r}"
        )
    return int(value)
