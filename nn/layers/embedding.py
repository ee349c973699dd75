"""Tables of vectors that are looked up by number, alone or in bags."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import ShapeError
from nn.init import normal
from nn.layers import making
from nn.module.base import Module
from nn.module.parameter import Parameter
from nn.module.resetting import Resettable

__all__ = ["Embedding", "EmbeddingBag"]


class _Table(Resettable, Module):
    """Base of both: the table, and what may happen to its rows."""

    weight: Parameter

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None,
        max_norm: float | None,
        norm_type: float,
        scale_grad_by_freq: bool,
        sparse: bool,
        given: Any,
        frozen: bool,
        rng: np.random.Generator | int | None,
        dtype: Any,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        self.num_embeddings: int = making.whole(name, "num_embeddings", num_embeddings)
        self.embedding_dim: int = making.whole(name, "embedding_dim", embedding_dim)
        if sparse:
            raise ValueError(
                f"{name}: sparse=True is not supported, since gradients are arrays in the shape "
                "of the table; leave it out"
            )
        self.padding_idx: int | None = None
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(
                    f"{name}: padding_idx={padding_idx} is no row of a table with "
                    f"{num_embeddings} rows"
                )
            self.padding_idx = padding_idx % num_embeddings
        self.max_norm: float | None = max_norm
        self.norm_type: float = norm_type
        self.scale_grad_by_freq: bool = scale_grad_by_freq
        shape = (self.num_embeddings, self.embedding_dim)
        if given is None:
            rows = normal(shape, rng=ad.random.generator(rng), dtype=dtype)
            if self.padding_idx is not None:
                rows[self.padding_idx] = 0.0
        else:
            rows = given.data if isinstance(given, Tensor) else np.asarray(given)
            if rows.shape != shape:
                raise ShapeError(
                    f"{name}({num_embeddings}, {embedding_dim}) was given _weight of shape "
                    f"{rows.shape}; give {shape}"
                )
        self.weight = Parameter(rows, not frozen, dtype=dtype, role="weight")

    def extra_repr(self) -> str:
        """Rows, features, and what differs from the usual."""
        parts = [str(self.num_embeddings), str(self.embedding_dim)]
        usual = {"padding_idx": None, "max_norm": None, "norm_type": 2.0, "mode": "mean"}
        usual |= {"scale_grad_by_freq": False, "include_last_offset": False}
        own = vars(self)
        parts += [f"{k}={own[k]}" for k, v in usual.items() if k in own and own[k] != v]
        return ", ".join(parts)


def _shape_of(name: str, embeddings: Any) -> tuple[int, int]:
    shape = np.shape(embeddings.data if isinstance(embeddings, Tensor) else embeddings)
    if len(shape) != 2:
        raise ShapeError(f"{name}.from_pretrained() takes a table of shape (V, D), and got {shape}")
    return shape[0], shape[1]


class Embedding(_Table):
    """Rows of a table by their numbers; see `embedding`.

    Args:
        num_embeddings: V, how many rows there are.
        embedding_dim: D, the length of each.
        padding_idx: the number of a row that begins at zero and gets no gradient; a negative
            one counts from the end.
        max_norm: rows that are looked up are made as short as this, in the table itself.
        norm_type: of which norm ``max_norm`` is.
        scale_grad_by_freq: whether a row's gradient is divided by how often it was looked up.
        sparse: refused: gradients are arrays in the shape of the table.
        _weight: the table as it begins; drawn from N(0, 1) if not given.
        _freeze: whether the table is not trained.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: parameter of shape (V, D).

    Raises:
        ValueError: a size is not a positive integer, ``padding_idx`` is no row, or ``sparse``.

    Example:
        >>> layer = Embedding(10, 3, padding_idx=0)
        >>> layer([[1, 2, 0], [4, 5, 9]]).shape
        (2, 3, 3)
        >>> layer([0]).tolist()
        [[0.0, 0.0, 0.0]]
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Any = None,
        _freeze: bool = False,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            *(num_embeddings, embedding_dim, padding_idx, max_norm, norm_type),
            *(scale_grad_by_freq, sparse, _weight, _freeze, rng, dtype),
        )

    def forward(self, input: Any) -> Tensor:
        """The rows of these numbers, of shape (*input.shape, D)."""
        names = ("padding_idx", "max_norm", "norm_type", "scale_grad_by_freq")
        return ad.embedding(input, self.weight, *(live.setting(vars(self), name) for name in names))

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Any,
        freeze: bool = True,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Self:
        """A layer with a table that there is already.

        Args:
            embeddings: the table, of shape (V, D).
            freeze: whether it is not trained.
            padding_idx: as above.
            max_norm: as above.
            norm_type: as above.
            scale_grad_by_freq: as above.
            sparse: refused.

        Example:
            >>> Embedding.from_pretrained([[1.0, 2.0], [3.0, 4.0]])([1]).tolist()
            [[3.0, 4.0]]
        """
        return cls(
            *_shape_of(cls.__name__, embeddings),
            padding_idx=padding_idx,
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            sparse=sparse,
            _weight=embeddings,
            _freeze=freeze,
        )


class EmbeddingBag(_Table):
    """Sums, means or largest elements over bags of rows of a table; see `embedding_bag`.

    Args:
        num_embeddings: V, how many rows there are.
        embedding_dim: D, the length of each.
        max_norm: rows that are looked up are made as short as this, in the table itself.
        norm_type: of which norm ``max_norm`` is.
        scale_grad_by_freq: whether a row's gradient is divided by how often it was looked up;
            not with ``mode="max"``.
        mode: ``"sum"``, ``"mean"`` or ``"max"``.
        sparse: refused: gradients are arrays in the shape of the table.
        _weight: the table as it begins; drawn from N(0, 1) if not given.
        include_last_offset: whether the last of the offsets is the end of the last bag.
        padding_idx: the number of a row that counts in no bag.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: parameter of shape (V, D).

    Raises:
        ValueError: a size is not a positive integer, ``padding_idx`` is no row, the mode is
            another one, or ``sparse``.

    Example:
        >>> layer = EmbeddingBag(10, 3, mode="sum")
        >>> layer([1, 2, 4, 5, 4], offsets=[0, 2]).shape
        (2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Any = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        if mode not in ("sum", "mean", "max"):
            raise ValueError(f"EmbeddingBag: mode must be 'sum', 'mean' or 'max', not {mode!r}")
        super().__init__(
            *(num_embeddings, embedding_dim, padding_idx, max_norm, norm_type),
            *(scale_grad_by_freq, sparse, _weight, False, rng, dtype),
        )
        self.mode: str = mode
        self.include_last_offset: bool = include_last_offset

    def forward(self, input: Any, offsets: Any = None, per_sample_weights: Any = None) -> Tensor:
        """One row for every bag, of shape (B, D).

        Args:
            input: numbers of rows: of shape (B, n), or along one axis with ``offsets``.
            offsets: where each bag begins, rising from 0.
            per_sample_weights: factors on the rows, of the shape of ``input``; with
                ``mode="sum"`` only.
        """
        names = "max_norm norm_type scale_grad_by_freq mode include_last_offset padding_idx".split()
        settings: Any = {name: live.setting(vars(self), name) for name in names}
        return ad.embedding_bag(
            input, self.weight, offsets, per_sample_weights=per_sample_weights, **settings
        )

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Any,
        freeze: bool = True,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
    ) -> Self:
        """A layer with a table that there is already; arguments as above.

        Example:
            >>> EmbeddingBag.from_pretrained([[1.0, 2.0], [3.0, 4.0]])([[0, 1]]).tolist()
            [[2.0, 3.0]]
        """
        layer = cls(
            *_shape_of(cls.__name__, embeddings),
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            mode=mode,
            sparse=sparse,
            _weight=embeddings,
            include_last_offset=include_last_offset,
            padding_idx=padding_idx,
        )
        layer.weight.requires_grad_(not freeze)
        return layer
