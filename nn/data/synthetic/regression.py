"""Numbers to be predicted from other numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from nn.data.synthetic.settings import count, deviation
from nn.module.dtypes import floating

__all__ = ["make_friedman", "make_linear", "make_sine"]

Array = np.ndarray[Any, Any]
Rng = np.random.Generator


def _noisy(x: Array, y: Array, noise: float, rng: Rng, dtype: Any) -> tuple[Array, Array]:
    kind = floating(dtype)
    if spread := deviation(noise):
        y = y + rng.normal(scale=spread, size=y.shape)
    return x.astype(kind), y.reshape(len(x), -1).astype(kind)


def make_linear(
    n_samples: int = 100,
    n_features: int = 10,
    *,
    n_targets: int = 1,
    n_informative: int | None = None,
    bias: float = 0.0,
    noise: float = 0.0,
    rng: Rng | int | None = None,
    dtype: Any = None,
) -> tuple[Array, Array, Array]:
    """Targets that are linear in normally distributed inputs: y = x Wᵀ + bias + noise.

    Args:
        n_samples: how many samples.
        n_features: how many inputs.
        n_targets: how many targets.
        n_informative: how many inputs matter, the first ones; the others have weight 0.
        bias: what is added to every target.
        noise: standard deviation of what is added besides.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        Inputs of shape (N, F), targets of shape (N, T), and W of shape (T, F), uniform from -1
        to 1, as `nn.Linear` holds it.

    Raises:
        ValueError: a number is not positive, or more inputs matter than there are.

    Example:
        >>> x, y, weight = make_linear(50, 3, rng=0)
        >>> x.shape, y.shape, bool(np.allclose(x @ weight.T, y, atol=1e-6))
        ((50, 3), (50, 1), True)
    """
    rng = ad.random.generator(rng)
    features, targets = count(n_features, "n_features"), count(n_targets, "n_targets")
    weight = rng.uniform(-1, 1, (targets, features))
    if n_informative is not None:
        if count(n_informative, "n_informative", 0) > features:
            raise ValueError(f"n_informative={n_informative}, and there are {features} inputs")
        weight[:, n_informative:] = 0
    x = rng.standard_normal((count(n_samples), n_features))
    inputs, outputs = _noisy(x, x @ weight.T + bias, noise, rng, dtype)
    return inputs, outputs, weight.astype(inputs.dtype)


def make_sine(
    n_samples: int = 100,
    *,
    noise: float = 0.1,
    rng: Rng | int | None = None,
    dtype: Any = None,
) -> tuple[Array, Array]:
    """A noisy sine: y = sin(x), for x uniform from −π to π.

    Args:
        n_samples: how many samples.
        noise: as for `make_linear`.
        rng: as for `make_linear`.
        dtype: as for `make_linear`.

    Returns:
        Inputs and targets, both of shape (N, 1).

    Example:
        >>> x, y = make_sine(50, noise=0.0, rng=0)
        >>> x.shape, bool(np.allclose(y, np.sin(x), atol=1e-6))
        ((50, 1), True)
    """
    rng = ad.random.generator(rng)
    x = rng.uniform(-np.pi, np.pi, (count(n_samples), 1))
    return _noisy(x, np.sin(x), noise, rng, dtype)


def make_friedman(
    n_samples: int = 100,
    n_features: int = 10,
    *,
    noise: float = 0.0,
    rng: Rng | int | None = None,
    dtype: Any = None,
) -> tuple[Array, Array]:
    """Friedman's first function of five of the inputs, which are uniform from 0 to 1.

    y = 10 sin(π x₀ x₁) + 20 (x₂ − ½)² + 10 x₃ + 5 x₄. Source: Friedman, "Multivariate adaptive
    regression splines", 1991.

    Args:
        n_samples: how many samples.
        n_features: how many inputs, at least 5.
        noise: as for `make_linear`.
        rng: as for `make_linear`.
        dtype: as for `make_linear`.

    Returns:
        Inputs of shape (N, F), and targets of shape (N, 1).

    Raises:
        ValueError: there are fewer than 5 inputs.

    Example:
        >>> x, y = make_friedman(50, rng=0)
        >>> x.shape, y.shape
        ((50, 10), (50, 1))
    """
    if n_features < 5:
        raise ValueError(f"there are 5 inputs that matter, and n_features={n_features}")
    rng = ad.random.generator(rng)
    x = rng.uniform(size=(count(n_samples), n_features))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2
    return _noisy(x, y + 10 * x[:, 3] + 5 * x[:, 4], noise, rng, dtype)
