"""What is in use anywhere in the program and has to be looked for: one object says it.

As long as nothing is, `Switches.plain` holds, and a backward pass takes the shortest road.
"""

from __future__ import annotations

__all__ = ["Switches", "Use", "switches"]


class Switches:
    """What costs time where it is looked for, and so is looked for only while it is in use.

    Attributes:
        anomaly: how many threads and tasks look for NaN and infinities.
        changed: sequence number of the latest change to any tensor's data; 0 if there was none.
        hooks: identities of the tables of hooks that hold some.
        retained: identities of the wishes of nodes to keep their gradient.
    """

    __slots__ = ("anomaly", "changed", "hooks", "retained")

    def __init__(self) -> None:
        self.anomaly: int = 0
        self.changed: int = 0
        # Sets, because adding to one and taking from it cannot be interrupted by a thread.
        self.hooks: set[int] = set()
        self.retained: set[int] = set()

    @property
    def plain(self) -> bool:
        """Whether a backward pass has to do nothing but to send gradients to the leaves."""
        return not (self.hooks or self.anomaly or self.retained)


switches: Switches = Switches()


class Use:
    """Something that is in use for as long as this object lives.

    Example:
        >>> before = len(switches.retained)
        >>> use = Use(switches.retained)
        >>> len(switches.retained) - before
        1
        >>> del use
        >>> len(switches.retained) - before
        0
    """

    __slots__ = ("__weakref__", "_uses")

    def __init__(self, uses: set[int]) -> None:
        self._uses = uses
        uses.add(id(self))

    def __del__(self) -> None:
        self._uses.discard(id(self))
