"""Ctrl-C that waits for the end of a step."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

__all__ = ["SafeInterrupt"]


class SafeInterrupt:
    """While entered, Ctrl-C inside `hold` takes effect when that block ends.

    So parameters are those before a step or those after it, never a mixture. Outside the
    main thread, where Python delivers no signals, it does nothing. A second Ctrl-C while
    one is waiting takes effect at once.

    Attributes:
        pending: whether Ctrl-C waits.
    """

    def __init__(self) -> None:
        self._held = False
        self.pending: bool = False
        self._previous: Any = None
        self._installed = False

    def __enter__(self) -> SafeInterrupt:
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.getsignal(signal.SIGINT)
            # A handler of the user's own keeps its say; only Python's default is replaced.
            if self._previous is signal.default_int_handler:
                signal.signal(signal.SIGINT, self._on_signal)
                self._installed = True
        return self

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self._held or self.pending:
            raise KeyboardInterrupt
        self.pending = True

    def hold(self) -> None:
        """Begin a part that must not be cut."""
        self._held = True

    def release(self) -> None:
        """End it; raises what was waiting.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed meanwhile.
        """
        self._held = False
        if self.pending:
            self.pending = False
            raise KeyboardInterrupt

    def pend(self) -> None:
        """Let Ctrl-C wait that was noticed elsewhere."""
        self.pending = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, self._previous)
            self._installed = False
