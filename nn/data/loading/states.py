"""The states of generators as plain numbers and text, which JSON can hold."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["generator_from", "generator_state", "restore_generator"]

Rng = np.random.Generator


def generator_state(rng: Rng) -> dict[str, Any]:
    """The state of a generator: integers, text, lists and dicts of them.

    Example:
        >>> generator_state(np.random.default_rng(0))["bit_generator"]
        'PCG64'
    """
    plain: dict[str, Any] = _plain(rng.bit_generator.state)
    return plain


def _plain(state: Any) -> Any:
    if isinstance(state, dict):
        return {name: _plain(entry) for name, entry in state.items()}
    if isinstance(state, np.ndarray | np.integer):
        return state.tolist()
    return state


def restore_generator(rng: Rng, state: dict[str, Any]) -> None:
    """Put a generator into a state that `generator_state` gave.

    Raises:
        ValueError: it is the state of a generator of another kind.
    """
    now = rng.bit_generator.state
    kind = state.get("bit_generator")
    if kind != now["bit_generator"]:
        raise ValueError(
            f"the state is that of a {kind} generator, and the generator to be restored is a "
            f"{now['bit_generator']}; give one of the same kind"
        )
    rng.bit_generator.state = _alike(state, now)


def _alike(state: Any, now: Any) -> Any:
    """The state with arrays where a present one has arrays."""
    if isinstance(now, dict):
        return {name: _alike(state[name], entry) for name, entry in now.items()}
    return np.asarray(state, now.dtype) if isinstance(now, np.ndarray) else state


def generator_from(state: dict[str, Any]) -> Rng:
    """A new generator in that state."""
    kind = getattr(np.random, str(state.get("bit_generator")), None)
    if not isinstance(kind, type) or not issubclass(kind, np.random.BitGenerator):
        raise ValueError(f"{state.get('bit_generator')!r} is no kind of generator that NumPy has")
    rng = np.random.Generator(kind())
    restore_generator(rng, state)
    return rng
