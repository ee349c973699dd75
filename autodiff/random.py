"""The library's random numbers: one seed, explicit generators."""

from __future__ import annotations

import numpy as np

__all__ = ["generator", "seed"]


def __dir__() -> list[str]:
    return __all__


_library = np.random.default_rng(0)


def seed(number: int) -> np.random.Generator:
    """Start the library's generator anew, so that everything drawn from it repeats.

    Args:
        number: the seed, 0 or larger.

    Returns:
        The generator.

    Example:
        >>> a = seed(7).standard_normal()
        >>> b = seed(7).standard_normal()
        >>> bool(a == b)
        True
    """
    # The same generator in a new state: layers and recorded steps may hold on to it.
    _library.bit_generator.state = np.random.default_rng(number).bit_generator.state
    return _library


def generator(rng: np.random.Generator | int | None = None) -> np.random.Generator:
    """The given generator, a new one for a seed, or the library's own when None is given.

    Args:
        rng: a generator; or a whole number from 0 up, with which a new one begins.

    Raises:
        TypeError: something else was given.
        ValueError: the seed is negative.

    Example:
        >>> isinstance(generator(), np.random.Generator)
        True
        >>> bool(generator(7).random() == np.random.default_rng(7).random())
        True
    """
    if rng is None:
        return _library
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer):
        hint = "; for numpy.random.RandomState write numpy.random.default_rng(seed)"
        raise TypeError(
            "randomness comes from a numpy.random.Generator, a seed (a whole number) or None, and "
            f"a {type(rng).__name__} was given" + hint * isinstance(rng, np.random.RandomState)
        )
    if rng < 0:
        raise ValueError(f"a seed must not be negative, and {rng} was given")
    return np.random.default_rng(rng)
