"""Features made uncorrelated: principal components, and whitening that stays near the data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.data.transforms.fitted import FittedTransform

__all__ = ["PCA", "ZCAWhitening"]

Array = np.ndarray[Any, Any]
Shape = int | tuple[int, ...]

_ROUNDING = 1e-12
"""A share of the largest variance that counts as none."""


def _spectrum(x: Array) -> tuple[Array, Array, Array]:
    """Mean, variances in falling order, and directions as rows."""
    if len(x) < 2:
        raise ShapeError(f"variances are fitted to at least two samples, and {len(x)} was given")
    flat = x.reshape(len(x), -1).astype(np.float64)
    mean = flat.mean(axis=0)
    _, singular, directions = np.linalg.svd(flat - mean, full_matrices=False)
    # The sign is free; the largest entry of each direction is made positive.
    largest = np.abs(directions).argmax(axis=1)
    directions *= np.sign(directions[np.arange(len(directions)), largest])[:, None]
    return mean.reshape(x.shape[1:]), singular**2 / (len(x) - 1), directions


def _flat(x: Any, shape: tuple[int, ...]) -> Any:
    """Samples as vectors."""
    lead = tuple(x.shape)[: len(x.shape) - len(shape)]
    return x.reshape((*lead, math.prod(shape)))


class PCA(FittedTransform):
    """Projects samples onto the directions of largest variance.

    z = (x − mean) Vᵀ, where the rows of V are the eigenvectors of the covariance matrix with the
    largest eigenvalues; with ``whiten`` each z is divided by its standard deviation. `inverse`
    gives the point of that subspace. Variances are divided by N − 1, as in scikit-learn.

    Args:
        n_components: how many directions; if not given, as many as there are.
        whiten: scale every component to variance 1. A component without variance stays 0.
        shape: shape of one sample, which becomes a vector; only needed to load a saved state
            before (or instead of) calling `fit`.

    Raises:
        ValueError: ``n_components`` is not positive; or, in `fit`, more than there are.

    Example:
        >>> x = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
        >>> pca = PCA(1).fit(x)
        >>> pca.transform(x).ravel().round(3).tolist()
        [-1.414, 0.0, 1.414]
        >>> pca.inverse(pca.transform(x)).round(6).tolist()
        [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]
    """

    mean: Tensor
    components: Tensor
    variance: Tensor

    def __init__(
        self, n_components: int | None = None, whiten: bool = False, shape: Shape = ()
    ) -> None:
        super().__init__()
        if n_components is not None and n_components < 1:
            raise ValueError(f"n_components must be a positive integer, not {n_components}")
        self.n_components: int | None = n_components
        self.whiten: bool = whiten
        blank = np.full(shape, np.nan)
        kept = blank.size if n_components is None else n_components
        self.hold(mean=blank, components=np.zeros((kept, blank.size)), variance=np.ones(kept))

    def take(self, x: Array) -> None:
        """Mean, directions and variances."""
        mean, variance, directions = _spectrum(x)
        kept = len(variance) if self.n_components is None else self.n_components
        if kept > len(variance):
            raise ValueError(
                f"n_components={kept}, and {len(x)} samples of {mean.size} features have no more "
                f"than {len(variance)}"
            )
        self.hold(mean=mean, components=directions[:kept], variance=variance[:kept])

    def transformed_shape(self) -> tuple[int, ...]:
        """As many as there are components."""
        return (self.components.shape[0],)

    def _scale(self, variance: Any) -> Any:
        """Standard deviations; 1 where there is no variance."""
        return (variance + (variance <= _ROUNDING * variance.max()) * 1.0) ** 0.5

    def forwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """(x − mean) Vᵀ."""
        flat = _flat(x - figures["mean"], self.sample_shape)
        z = flat @ figures["components"].T
        return z / self._scale(figures["variance"]) if self.whiten else z

    def backwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """Z V + mean."""
        z = x * self._scale(figures["variance"]) if self.whiten else x
        flat = z @ figures["components"]
        return flat.reshape((*flat.shape[:-1], *self.sample_shape)) + figures["mean"]

    def extra_repr(self) -> str:
        """How many components."""
        return f"{self.components.shape[0]}, whiten={self.whiten}"


class ZCAWhitening(FittedTransform):
    """Whitens samples and leaves them as near to what they were as can be.

    z = (x − mean) W with W = U diag(1/√(λ + eps)) Uᵀ, where C = U diag(λ) Uᵀ is the covariance
    matrix. Of all whitenings it changes the data least; whitened images still look like images.
    Source: Bell and Sejnowski, "The independent components of natural scenes are edge filters",
    1997; Krizhevsky, "Learning multiple layers of features from tiny images", 2009, appendix A.

    Args:
        eps: added to the variances, so that directions that hardly vary are not blown up; in the
            units of the data squared.
        shape: as for `PCA`; samples keep their shape.

    Raises:
        ValueError: ``eps`` is negative.

    Example:
        >>> x = np.random.default_rng(0).standard_normal((500, 2)) @ [[2.0, 1.0], [0.0, 1.0]]
        >>> z = ZCAWhitening(eps=0.0).fit(x).transform(x)
        >>> bool(np.allclose(np.cov(z.T), np.eye(2)))
        True
    """

    mean: Tensor
    matrix: Tensor
    unmix: Tensor

    def __init__(self, eps: float = 1e-5, shape: Shape = ()) -> None:
        super().__init__()
        if not eps >= 0:
            raise ValueError(f"eps must not be negative, and {eps} was given")
        self.eps: float = eps
        blank = np.full(shape, np.nan)
        square = np.eye(blank.size)
        self.hold(mean=blank, matrix=square, unmix=square)

    def take(self, x: Array) -> None:
        """Mean, and the two matrices."""
        mean, variance, directions = _spectrum(x)
        # Directions beyond those that the samples span have variance 0.
        rest = np.eye(mean.size) - directions.T @ directions
        damped = variance + self.eps
        none = damped <= _ROUNDING * damped.max()
        deviation = np.sqrt(np.where(none, 1.0, damped))
        outside = math.sqrt(self.eps) if self.eps > 0 else 1.0
        self.hold(
            mean=mean,
            matrix=(directions.T / deviation) @ directions + rest / outside,
            unmix=(directions.T * deviation) @ directions + rest * outside,
        )

    def forwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """(x − mean) W."""
        shape = self.sample_shape
        flat = _flat(x - figures["mean"], shape) @ figures["matrix"]
        return flat.reshape((*flat.shape[:-1], *shape))

    def backwards(self, x: Any, figures: dict[str, Any]) -> Any:
        """Z W⁻¹ + mean."""
        shape = self.sample_shape
        flat = _flat(x, shape) @ figures["unmix"]
        return flat.reshape((*flat.shape[:-1], *shape)) + figures["mean"]

    def extra_repr(self) -> str:
        """What is added to the variances."""
        return f"eps={self.eps:g}"
