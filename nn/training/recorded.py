"""A function of a training step that is compiled where it can be, and runs as written where not."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import autodiff as ad
from autodiff import live
from autodiff.errors import TracingError, TracingWarning
from nn.training.moments import Moment

__all__ = ["Gate", "Recorded"]

_MOST = 16
"""So many recordings are kept by a compiled step; more of them cost more than they save."""


class _Closed(BaseException):
    """Ordinary code was about to run, and what it changes was not put aside yet."""


class Gate:
    """Stands at the beginning of a step's code, which a replay does not pass.

    Attributes:
        open: whether the code may run.
        recording: whether it was being recorded when it ran last.
        passed: whether it ran since this was set to False.
    """

    settings_are_live: ClassVar[bool] = True

    def __init__(self) -> None:
        self.open = False
        self.recording: bool = False
        self.passed: bool = False

    def enter(self) -> None:
        """Called by the step's code first."""
        if not self.open:
            raise _Closed
        self.passed = True
        self.recording = live.RECORDER.get() is not None


class Recorded:
    """Runs a function compiled, and says why not where it cannot.

    What it gives is always that of the recording, never that of the code from which it is made:
    where the code had to run, to be recorded or compared, everything is put back, and the
    recording runs. So the numbers of a run do not depend on when it was begun.

    Args:
        function: the step. It takes arrays, after the further arguments.
        *parts: what it is given first in every call.
        moment: takes a copy of all that it changes.

    Attributes:
        reason: why it is not compiled; empty if it is.
    """

    def __init__(
        self, function: Callable[..., Any], *parts: Any, moment: Callable[[], Moment]
    ) -> None:
        self._gate = Gate()
        self._code = functools.partial(function, *parts, self._gate)
        vars(self._code).update(__name__="training step", __qualname__="training step")
        self._moment = moment
        self._compiled: Any = ad.compile(self._code)
        self.reason: str = ""
        self.failure: Exception | None = None
        self._begun = False

    def plainly(self, *args: Any) -> Any:
        """Run the code as written."""
        self._gate.open = True
        try:
            return self._code(*args)
        finally:
            self._gate.open = False

    def refuse(self, reason: str) -> None:
        """From now on, run the code as written."""
        self.reason = self.reason or reason

    def __call__(self, *args: Any) -> Any:
        """Run it."""
        compared = False
        while not self.reason:
            try:
                if self._begun:
                    return self._compiled(*args)
                self._begun = True
            except _Closed:
                pass
            except TracingError as refusal:
                # The arguments are none that can be recorded; nothing has run.
                self._give_up(refusal)
                break
            except Exception:
                # The code as written says better what is wrong; where it finds nothing, as with
                # other draws, it has changed nothing either.
                moment = self._moment()
                try:
                    self.plainly(*args)
                finally:
                    moment.restore()
                raise
            result, final = self._opened(args, compared)
            if final:
                return result
            compared = not self._gate.recording
        return self.plainly(*args)

    def _opened(self, args: Any, compared: bool) -> tuple[Any, bool]:
        """Let the code run, recorded or compared; what it returned, and whether that counts."""
        moment, made = self._moment(), self._compiled.recordings
        self._gate.open, self._gate.passed = True, False
        try:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always", TracingWarning)
                result = self._compiled(*args)
        except TracingError as refusal:
            self._give_up(refusal)
            if refusal.result is not None:
                return refusal.result, True
            moment.restore()
            return None, False
        except Exception as error:
            moment.restore()
            self._give_up(error)
            return None, False
        finally:
            self._gate.open = False
        told = self._told(said)
        if told or self._compiled.recordings >= _MOST:
            self.refuse(told or f"batches or settings came in {_MOST} kinds, each recorded anew")
            return result, True
        # State that is made in the first call cannot be put back; nor need it where, as while
        # NaN is looked for, nothing is ever replayed.
        begun = self._gate.recording and self._compiled.recordings == made
        if begun or (compared and not self._gate.recording) or not self._gate.passed:
            return result, True
        moment.restore()
        return None, False

    def _give_up(self, error: Exception) -> None:
        self.failure = error
        self.refuse(
            f"{error}" if isinstance(error, TracingError) else f"recording failed: {error!r}"
        )

    @staticmethod
    def _told(said: list[Any]) -> str:
        """What the compiler warned of; other warnings go on their way."""
        told = ""
        for one in said:
            if issubclass(one.category, TracingWarning):
                told = told or str(one.message)
            else:
                warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
        return told
