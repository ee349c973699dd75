"""What is in use anywhere in the program and has to be looked for: one object says it.

As long as nothing is, nothing is looked for, and a backward pass takes the shortest road.
"""

from __future__ import annotations

__all__ = ["Switches", "Use", "switches"]


class Switches:
    """What costs time where it is looked for, and so is looked for only while it is in use.

    Attributes:
        anomaly: how many threads and tasks look for NaN and infinities.
        asked: identities of all that a backward pass has to look for on its way: hooks, wishes
            of nodes to keep their gradient, the search for anomalies. Empty in most programs.
        changed: when any tensor's data was last changed, by the clock; 0 if none was.
        remembering: released graphs are remembered, for who could look at them.
    """

    __slots__ = ("anomaly", "asked", "changed", "remembering")

    def __init__(self) -> None:
        self.anomaly: int = 0
        # A set, because no other thread can come between while one is added to or taken from.
        self.asked: set[int] = set()
        self.changed: int = 0
        self.remembering: bool = False


switches: Switches = Switches()


class Use:
    """Something that a backward pass has to look for, as long as this object lives.

    Example:
        >>> before = len(switches.asked)
        >>> use = Use()
        >>> len(switches.asked) - before
        1
        >>> del use
        >>> len(switches.asked) - before
        0
    """

    __slots__ = ("__weakref__", "_asked")

    def __init__(self) -> None:
        self._asked = switches.asked
        self._asked.add(id(self))

    def __del__(self) -> None:
        self._asked.discard(id(self))
