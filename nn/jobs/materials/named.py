"""Data that come with the library or with scikit-learn, by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import missing_extra
from nn.data import load_digits, make_friedman, make_moons, make_spirals, resize_images
from nn.jobs.materials.describing import fields_of
from nn.jobs.materials.material import Material, Picturing

__all__ = ["diabetes", "digits", "friedman", "iris", "large_digits", "moons", "spirals"]

Array = np.ndarray[Any, Any]

DIGITS = tuple(str(digit) for digit in range(10))
INK = 16.0
"""The grey level of full ink in the images."""


def _digits(images: Array, labels: Array) -> Material:
    side = images.shape[-1]
    picturing = Picturing((1, side, side), 0.0, INK)
    x = images.reshape(len(images), -1)
    return Material(
        "Reading handwritten digits",
        f"{len(x)} images of {side} × {side} pixels that come with scikit-learn",
        "images",
        x,
        labels,
        "digit",
        DIGITS,
        (),
        picturing,
        fields_of(x, labels, DIGITS, "digit", picturing),
        {"kind": "arrays", "shape": [x.shape[1]]},
    )


def digits() -> Material:
    """Handwritten digits, 8 × 8.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    found = load_digits()
    return _digits(found.features.reshape(-1, 8, 8), found.labels)


def large_digits() -> Material:
    """The same brought to 16 × 16 = 256 pixels.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    found = load_digits()
    return _digits(resize_images(found.features.reshape(-1, 8, 8), 16), found.labels)


def _points(title: str, x: Array, y: Array, classes: tuple[str, ...]) -> Material:
    columns = tuple(f"x{i}" for i in range(x.shape[1]))
    return Material(
        title,
        f"{len(x)} points that are made up, always the same",
        "points",
        x,
        y if classes else y.reshape(-1),
        "class" if classes else "y",
        classes,
        columns,
        None,
        fields_of(x, y, classes, "class" if classes else "y", None, columns),
        {"kind": "arrays", "shape": [x.shape[1]]},
    )


def moons() -> Material:
    """Two half moons."""
    x, y = make_moons(600, noise=0.15, rng=0)
    return _points("Two half moons", x, y, ("upper", "lower"))


def spirals() -> Material:
    """Three spirals."""
    x, y = make_spirals(900, classes=3, turns=1.0, noise=0.03, rng=0)
    return _points("Three spirals", x, y, ("first", "second", "third"))


def friedman() -> Material:
    """A function of five of ten inputs."""
    x, y = make_friedman(1000, noise=1.0, rng=0)
    return _points("Friedman's function", x, y, ())


def iris() -> Material:
    """Three kinds of iris.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    found = _bundled("load_iris")
    names = tuple(str(name) for name in found.target_names)
    return _bundle("Three kinds of iris", "flowers", found, found.target.astype(np.int64), names)


def diabetes() -> Material:
    """How diabetes goes on in a year.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    found = _bundled("load_diabetes", scaled=False)
    return _bundle("The course of diabetes", "patients", found, found.target.astype(np.float32), ())


def _bundled(name: str, **settings: Any) -> Any:
    try:
        # An extra.
        import sklearn.datasets as bundled
    except ImportError:
        raise missing_extra("scikit-learn", "data") from None
    return getattr(bundled, name)(**settings)


def _bundle(title: str, unit: str, found: Any, y: Array, classes: tuple[str, ...]) -> Material:
    columns = tuple(str(name) for name in found.feature_names)
    x = found.data.astype(np.float32)
    target = "kind" if classes else "progress"
    return Material(
        title,
        f"{len(x)} {unit} that come with scikit-learn",
        unit,
        x,
        y,
        target,
        classes,
        columns,
        None,
        fields_of(x, y, classes, target, None, columns),
        {"kind": "arrays", "shape": [x.shape[1]]},
    )
