"""Points in the plane that belong to classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from nn.data.synthetic.settings import count, deviation
from nn.module.dtypes import floating

__all__ = [
    "make_blobs",
    "make_checkerboard",
    "make_circles",
    "make_moons",
    "make_spirals",
    "make_xor",
]

Array = np.ndarray[Any, Any]
Rng = np.random.Generator


def finished(
    x: Array, y: Array, noise: float | None, shuffle: bool, rng: Rng, dtype: Any
) -> tuple[Array, Array]:
    """Points with noise, in random order, in the float type that is wanted."""
    if spread := deviation(noise):
        x = x + rng.normal(scale=spread, size=x.shape)
    if shuffle:
        order = rng.permutation(len(x))
        x, y = x[order], y[order]
    return x.astype(floating(dtype)), y


def make_moons(
    n_samples: int = 100,
    *,
    noise: float | None = None,
    shuffle: bool = True,
    rng: Rng | int | None = None,
    dtype: Any = None,
) -> tuple[Array, Array]:
    """Two half circles that reach into each other; without noise scikit-learn's.

    Class 0 lies at (cos t, sin t), class 1 at (1 − cos t, ½ − sin t), t from 0 to π.

    Args:
        n_samples: how many points; half of them, rounded down, in class 0.
        noise: standard deviation of what is added to each coordinate.
        shuffle: mix the classes; if not, class 0 comes first.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        Points of shape (N, 2), and their classes, int64 of shape (N,).

    Example:
        >>> x, y = make_moons(4, shuffle=False)
        >>> x.round(1).tolist(), y.tolist()
        ([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.5], [2.0, 0.5]], [0, 0, 1, 1])
    """
    first = count(n_samples) // 2
    t, u = np.linspace(0, np.pi, first), np.linspace(0, np.pi, n_samples - first)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    lower = np.stack([1 - np.cos(u), 0.5 - np.sin(u)], axis=1)
    y = np.repeat(np.arange(2), [first, n_samples - first])
    points = np.concatenate([upper, lower])
    return finished(points, y, noise, shuffle, ad.random.generator(rng), dtype)


def make_circles(
    n_samples: int = 100,
    *,
    noise: float | None = None,
    factor: float = 0.8,
    shuffle: bool = True,
    rng: Rng | int | None = None,
    dtype: Any = None,
) -> tuple[Array, Array]:
    """A circle around another; without noise scikit-learn's.

    Class 0 has radius 1, class 1 the radius ``factor``.

    Args:
        n_samples: how many points; half of them, rounded down, in class 0.
        noise: as for `make_moons`.
        factor: the radius of the inner circle, from 0 to less than 1.
        shuffle: as for `make_moons`.
        rng: as for `make_moons`.
        dtype: as for `make_moons`.

    Returns:
        Points of shape (N, 2), and their classes, int64 of shape (N,).

    Raises:
        ValueError: the inner circle is not inside.

    Example:
        >>> x, y = make_circles(100, factor=0.5, rng=0)
        >>> np.hypot(*x[y == 1].T).mean().round(3)
        np.float32(0.5)
    """
    if not 0 <= factor < 1:
        raise ValueError(f"factor must lie from 0 to less than 1, and {factor} was given")
    first = count(n_samples) // 2
    sizes = (first, n_samples - first)
    turns = [np.linspace(0, 2 * np.pi, size, endpoint=False) for size in sizes]
    rings = [np.stack([np.cos(t), np.sin(t)], axis=1) for t in turns]
    y = np.repeat(np.arange(2), sizes)
    points = np.concatenate([rings[0], factor * rings[1]])
    return finished(points, y, noise, shuffle, ad.random.generator(rng), dtype)


def make_spirals(
    n_samples: int = 100,
    *,
    classes: int = 2,
    turns: float = 1.0,
    noise: float | None = None,
    shuffle: bool = True,
    rng: Rng | int | None = None,
    dtype: Any = None,
) -> tuple[Array, Array]:
    """Arms that wind around the origin.

    Point k of an arm with n has radius r = (k + 1)/n and angle 2π·(turns·r + class/classes).

    Args:
        n_samples: how many points, shared out among the classes.
        classes: how many arms.
        turns: how often an arm goes around.
        noise: as for `make_moons`.
        shuffle: as for `make_moons`.
        rng: as for `make_moons`.
        dtype: as for `make_moons`.

    Returns:
        Points of shape (N, 2), and their classes, int64 of shape (N,).

    Example:
        >>> x, y = make_spirals(300, classes=3, rng=0)
        >>> x.shape, np.bincount(y).tolist()
        ((300, 2), [100, 100, 100])
    """
    sizes = [
        len(part) for part in np.array_split(np.arange(count(n_samples)), count(classes, "classes"))
    ]
    y = np.repeat(np.arange(classes), sizes)
    radius = np.concatenate([np.arange(1, size + 1) / max(size, 1) for size in sizes])
    angle = 2 * np.pi * (turns * radius + y / classes)
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return finished(points, y, noise, shuffle, ad.random.generator(rng), dtype)


def _by_place(
    n_samples: int, side: Callable[[Array], Array], noise: float | None, rng: Any, dtype: Any
) -> tuple[Array, Array]:
    """Points that are uniform in a square, whose class follows from where they were put."""
    rng = ad.random.generator(rng)
    x = rng.uniform(-1, 1, (count(n_samples), 2))
    return finished(x, side(x).astype(np.int64), noise, False, rng, dtype)


def make_xor(
    n_samples: int = 100,
    *,
    noise: float | None = None,
    rng: Rng | int | None = None,
    dtype: Any = None,
) -> tuple[Array, Array]:
    """Points in the square from −1 to 1; class 1 where the signs of both coordinates differ.

    Args:
        n_samples: how many points.
        noise: as for `make_moons`; it is added after the classes were found.
        rng: as for `make_moons`.
        dtype: as for `make_moons`.

    Returns:
        Points of shape (N, 2), and their classes, int64 of shape (N,).

    Example:
        >>> x, y = make_xor(100, rng=0)
        >>> bool(((x[:, 0] * x[:, 1] < 0) == y).all())
        True
    """
    return _by_place(n_samples, lambda x: (x[:, 0] > 0) != (x[:, 1] > 0), noise, rng, dtype)


def make_checkerboard(
    n_samples: int = 100,
    *,
    squares: int = 4,
    noise: float | None = None,
    rng: Rng | int | None = None,
    dtype: Any = None,
) -> tuple[Array, Array]:
    """Points on a board of squares by squares fields, from −1 to 1; class 0 at the lower left.

    Args:
        n_samples: how many points.
        squares: fields along each side.
        noise: as for `make_xor`.
        rng: as for `make_moons`.
        dtype: as for `make_moons`.

    Returns:
        Points of shape (N, 2), and the colour of their field, int64 of shape (N,).

    Example:
        >>> x, y = make_checkerboard(1000, squares=2, rng=0)
        >>> set(y[(x < 0).all(axis=1)].tolist()), set(y[(x[:, 0] < 0) & (x[:, 1] > 0)].tolist())
        ({0}, {1})
    """

    def colour(x: Array) -> Array:
        fields: Array = np.floor((x + 1) / 2 * count(squares, "squares")).sum(axis=1) % 2
        return fields

    return _by_place(n_samples, colour, noise, rng, dtype)


def make_blobs(
    n_samples: int = 100,
    n_features: int = 2,
    *,
    centers: Any = 3,
    cluster_std: float = 1.0,
    center_box: tuple[float, float] = (-10.0, 10.0),
    shuffle: bool = True,
    rng: Rng | int | None = None,
    dtype: Any = None,
) -> tuple[Array, Array]:
    """Clouds of normally distributed points, one for each class.

    Args:
        n_samples: how many points, shared out among the classes.
        n_features: how many coordinates, where the centres are drawn.
        centers: how many clouds; or their centres, of shape (classes, features).
        cluster_std: standard deviation of each coordinate.
        center_box: between which the coordinates of centres are drawn uniformly.
        shuffle: as for `make_moons`.
        rng: as for `make_moons`.
        dtype: as for `make_moons`.

    Returns:
        Points of shape (N, features), and their classes, int64 of shape (N,).

    Example:
        >>> x, y = make_blobs(300, centers=[[0.0, 0.0], [9.0, 9.0]], rng=0)
        >>> x.shape, bool((x[y == 1] > 4).all())
        ((300, 2), True)
    """
    rng = ad.random.generator(rng)
    if isinstance(centers, int | np.integer):
        centers = rng.uniform(
            *center_box, (count(centers, "centers"), count(n_features, "n_features"))
        )
    middle = np.asarray(centers, np.float64)
    sizes = [len(part) for part in np.array_split(np.arange(count(n_samples)), len(middle))]
    y = np.repeat(np.arange(len(middle)), sizes)
    return finished(middle[y], y, deviation(cluster_std, "cluster_std"), shuffle, rng, dtype)
