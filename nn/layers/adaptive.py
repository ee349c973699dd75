"""Log-softmax over very many classes, the frequent ones first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from autodiff.extending import raw
from nn.functional.targets import ignored_mask
from nn.layers import making
from nn.layers.linear_maps import Linear
from nn.module.base import Module
from nn.module.containers import ModuleList
from nn.module.inputs import as_node, cast_input
from nn.module.resetting import Resettable
from nn.module.sequential import Sequential

__all__ = ["AdaptiveLogSoftmaxWithLoss"]

_NONE = -(2**62)
"""No target is left out."""


class Adapted(NamedTuple):
    """What `AdaptiveLogSoftmaxWithLoss` gives.

    Attributes:
        output: the log-probability of each sample's target.
        loss: minus its mean.
    """

    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(Resettable, Module):
    """Log-softmax over very many classes, sorted by how frequent they are, with its loss.

    The head knows the most frequent classes and one stand-in for every cluster of the others,
    whose own classes are worked out for those samples alone that need them; the rarer, the fewer
    features they get. In a recorded step all clusters are worked out for all samples.

    Source: Grave et al., "Efficient softmax approximation for GPUs", 2017.

    Args:
        in_features: length of the last axis of the input.
        n_classes: how many classes there are.
        cutoffs: where the clusters begin, rising numbers from 1 to ``n_classes`` − 1.
        div_value: each cluster has so many times fewer features than the one before.
        head_bias: whether the head has a bias.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        head: the linear layer of the most frequent classes and the clusters.
        tail: for each cluster two linear layers.

    Raises:
        ValueError: the cutoffs do not rise within the classes, or a cluster has no features.

    Example:
        >>> layer = AdaptiveLogSoftmaxWithLoss(8, 10, [4, 7], div_value=2.0)
        >>> found = layer([[0.5] * 8] * 3, [0, 5, 9])
        >>> found.output.shape, found.loss.shape, layer.log_prob([[0.5] * 8]).shape
        ((3,), (), (1, 10))
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        kind = "AdaptiveLogSoftmaxWithLoss"
        self.in_features: int = making.whole(kind, "in_features", in_features)
        self.n_classes: int = making.whole(kind, "n_classes", n_classes)
        self.cutoffs: list[int] = [*cutoffs, self.n_classes]
        if len(self.cutoffs) < 2 or not all(
            isinstance(a, int) and 0 < a < b
            for a, b in zip(self.cutoffs, self.cutoffs[1:], strict=False)
        ):
            raise ValueError(
                f"{kind}: cutoffs must be rising whole numbers from 1 to {n_classes - 1}, not "
                f"{list(cutoffs)}"
            )
        self.div_value: float = div_value
        self.head_bias: bool = head_bias
        source = ad.random.generator(rng)
        sizes = [int(in_features // div_value ** (i + 1)) for i in range(len(self.cutoffs) - 1)]
        if not all(sizes):
            raise ValueError(
                f"{kind}: clusters would have {sizes} features; take a smaller div_value than "
                f"{div_value}, or fewer cutoffs"
            )
        heads = self.cutoffs[0] + len(sizes)
        self.head: Linear = Linear(in_features, heads, head_bias, rng=source, dtype=dtype)
        self.tail: ModuleList = ModuleList()
        for size, low, high in zip(sizes, self.cutoffs, self.cutoffs[1:], strict=False):
            into = Linear(in_features, size, False, rng=source, dtype=dtype)
            out = Linear(size, high - low, False, rng=source, dtype=dtype)
            self.tail.append(Sequential(into, out))

    def forward(self, input: Any, target: Any) -> Adapted:
        """Log-probabilities of the targets, and the loss.

        Args:
            input: of shape (N, in_features), or (in_features,) for one sample.
            target: class indices of shape (N,), or ().

        Raises:
            ShapeError: the shapes do not fit.
            IndexError: a target is not a class.
        """
        x, y = self._input(input), as_node(target)
        if y.shape != x.shape[:-1] or y.dtype.kind not in "iu":
            raise ShapeError(
                f"AdaptiveLogSoftmaxWithLoss takes class indices of shape {x.shape[:-1]} for "
                f"inputs of shape {x.shape}, not {y.dtype} of shape {y.shape}"
            )
        if x.ndim == 1:
            output = self._chosen(ad.expand_dims(x, 0), ad.expand_dims(y, 0))[0]
        else:
            output = self._chosen(x, y)
        return Adapted(output, -ad.mean(output))

    def _input(self, input: Any) -> Tensor:
        x = cast_input(input, self.head.weight)
        if x.ndim not in (1, 2):
            raise ShapeError(
                f"AdaptiveLogSoftmaxWithLoss takes inputs of shape (N, {self.in_features}) or "
                f"({self.in_features},), not {x.shape}"
            )
        return x

    def _chosen(self, x: Tensor, y: Tensor) -> Tensor:
        indices = raw(y)
        if not isinstance(indices, np.ndarray):
            return -ad.label_nll(self.log_prob(x), y, 1, _NONE)
        ignored_mask("AdaptiveLogSoftmaxWithLoss", indices, self.n_classes)
        frequent = self.cutoffs[0]
        stand_ins = np.searchsorted(self.cutoffs, indices, side="right") + frequent - 1
        heads = np.where(indices < frequent, indices, stand_ins)
        output = ad.log_softmax(self.head(x), axis=1)[np.arange(len(indices)), heads]
        rows, found = [], []
        for cluster, low, high in zip(self.tail, self.cutoffs, self.cutoffs[1:], strict=False):
            (chosen,) = np.nonzero((indices >= low) & (indices < high))
            if chosen.size:
                scores = ad.log_softmax(cluster(x[chosen]), axis=1)
                rows.append(chosen)
                found.append(scores[np.arange(chosen.size), indices[chosen] - low])
        if not found:
            return output
        places = np.concatenate(rows)
        return ad.index_add(output, places, ad.concatenate(found))

    def log_prob(self, input: Any) -> Tensor:
        """Log-probabilities of all classes, of shape (N, n_classes)."""
        x = self._input(input)
        heads = ad.log_softmax(self.head(x), axis=-1)
        frequent = self.cutoffs[0]
        parts = [heads[..., :frequent]]
        for number, cluster in enumerate(self.tail):
            share = ad.expand_dims(heads[..., frequent + number], -1)
            parts.append(share + ad.log_softmax(cluster(x), axis=-1))
        return ad.concatenate(parts, axis=-1)

    def predict(self, input: Any) -> Tensor:
        """The likeliest class of each sample, of shape (N,)."""
        found: Tensor = ad.argmax(self.log_prob(input), axis=-1)
        return found
