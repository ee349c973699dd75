"""What a step's own code takes for granted: all that it reaches by name, and the code itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from types import CodeType
from typing import Any

from autodiff.backends.kinds import is_array
from autodiff.compiler.code_names import where_changed, where_drawn
from autodiff.compiler.guards import UNREADABLE, Guard, all_the_same
from autodiff.compiler.reachable import SMALL_ARRAY, Reachable
from autodiff.compiler.refusals import changes_outside, draws_directly, title

__all__ = ["Environment"]

_ENOUGH = 3


class Environment:
    """What a step and its helpers reach by name, and whether it is as it was.

    Args:
        function: the step.
        arguments: what it is given beside arrays.

    Attributes:
        always: what is looked at in every call.
        seldom: what is looked at from time to time.
        shared: arrays that the recording reads anew, but which NumPy alone may have read too.
        in_doubt: whether one of these was refilled since the last comparison.
        codes: of the step and of the functions of the user's own that it calls.
    """

    def __init__(self, function: Callable[..., Any], arguments: Iterable[Any] = ()) -> None:
        self._function = function
        self._reached: Reachable = Reachable(function, arguments)
        self.always: list[Guard] = self._reached.always
        self.seldom: list[Guard] = self._reached.seldom
        self.shared: list[Guard] = []
        self.codes: list[CodeType] = self._reached.codes
        self.in_doubt: bool = False
        self._trusted: float = 0
        self._same: Callable[[], bool] = bool

    def hold(self) -> bool:
        """Whether all that is looked at in every call is as it was."""
        try:
            # Most often every entry is the very same object.
            return self._same() or all(guard.holds() for guard in self.always)
        except UNREADABLE:
            return False

    def late_change(self) -> str | None:
        """What among the rest is not as it was; None if all is."""
        return next((label for guard in self.seldom for label in guard.changed()), None)

    def refilled(self, everything: bool) -> bool:
        """Whether an array has other numbers now, so that a comparison is due.

        Args:
            everything: look at large ones as well.
        """
        looked_at = (w for w in self.shared if everything or w.owner.size <= SMALL_ARRAY)
        self.in_doubt = self.in_doubt or not all(guard.holds() for guard in looked_at)
        return self.in_doubt

    def compared(self, alike: bool) -> None:
        """Note what the comparison for refilled arrays found.

        Numbers may agree by chance, so several are made before a recording is taken to read
        all of them; after one that failed all are made.

        Args:
            alike: the recording gave what the ordinary code gives.
        """
        if not alike:
            self._trusted = -math.inf
        elif self.in_doubt:
            self._trusted += 1
            self.in_doubt = False
            self.shared = [] if self._trusted >= _ENOUGH else [w.anew() for w in self.shared]

    def after_recording(
        self, known: Callable[[Any, Any], bool], masks: Iterable[Any] = ()
    ) -> str | None:
        """Leave out what is looked at in another way.

        What the library's own objects changed in themselves is left out as well.

        Args:
            known: whether an entry of a mapping, or an array, is read anew in every call.
            masks: arrays of booleans that chose elements, so that their counts are shapes.

        Returns:
            What the step changed for later calls, or None.

        Raises:
            TracingError: it gave one of its own names a new meaning, or drew random numbers
                past the recording.
        """
        reached = self._reached
        for guard in reached.own:
            for label in guard.changed():
                where = where_changed(self.codes, label)
                raise changes_outside(title(self._function), repr(label), where, "assigns")
        for label, generator, state in reached.generators:
            if repr(generator.bit_generator.state) != state and not known(generator, None):
                where = where_drawn(self.codes, label)
                raise draws_directly(title(self._function), f"the Generator {label!r}", where)
        arrays = (w for w in (*self.always, *self.seldom) if is_array(w.owner))
        self.shared = [guard for guard in arrays if known(guard.owner, None)]
        self.always = _kept(guard.without(known) for guard in self.always)
        theirs = [*self.always, *_kept(guard.without(known) for guard in reached.theirs)]
        seldom = _kept(guard.without(known) for guard in self.seldom)
        self.seldom = _kept(guard.steady() for guard in seldom)
        self.always += map(Guard.of_count, masks)
        # What was walked through need not live as long as the recording.
        del self._reached
        self._same = all_the_same(self.always)
        return next((label for guard in theirs for label in guard.changed()), None)


def _kept(guards: Iterable[Guard | None]) -> list[Guard]:
    return [guard for guard in guards if guard is not None]
