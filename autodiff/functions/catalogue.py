"""Families of functions that are imported when one of them is first asked for.

What every program uses is imported with the package; the rest is named here, so that it
costs nothing until then. A test holds each entry against the module's own ``__all__``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["FAMILIES", "HOMES", "find"]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FAMILIES: dict[str, tuple[str, ...]] = {
    "ordering.quantiles": _names("median nanmedian nanpercentile nanquantile percentile quantile"),
    "creation.diagonals": _names("diag diag_embed diagflat diagonal trace tri"),
    "reductions.statistics": _names("average corrcoef cov ptp"),
    "ordering.histograms": _names("digitize histogram histogram2d histogram_bin_edges histogramdd"),
    "products.filtering": ("convolve", "correlate"),
    "reductions.differences": _names("ediff1d gradient trapezoid unwrap"),
    "products.interpolation": ("interp",),
    "shaping.assembling": _names(
        "array_split block column_stack dsplit dstack hsplit hstack vsplit vstack"
    ),
    "shaping.arranging": _names(
        "atleast_1d atleast_2d atleast_3d fliplr flipud rollaxis rot90 unflatten vander"
    ),
    "shaping.editing": _names("append delete insert resize trim_zeros"),
    "ordering.membership": _names("amax amin argwhere flatnonzero isin unique"),
    "elementwise.applying": _names("apply_along_axis apply_over_axes piecewise vectorize"),
    "creation.spacing": _names("geomspace identity logspace"),
    "ordering.sets": _names("intersect1d setdiff1d setxor1d union1d"),
    "networks.renormalising": _names("renorm"),
    "reductions.nan_sums": _names("nan_to_num nancumprod nancumsum nanprod nansum"),
    "reductions.nan_reductions": _names("nanargmax nanargmin nanmax nanmean nanmin nanstd nanvar"),
    "creation.constants": ("e", "inf", "nan", "newaxis", "pi"),
    "creation.creation": ("arange", "array", "asarray", "eye", "from_dlpack", "linspace"),
    "creation.data_types": _names(
        "bool can_cast complex128 complex64 finfo float16 float32 float64 iinfo int16 int32 "
        "int64 int8 isdtype result_type uint16 uint32 uint64 uint8"
    ),
    "elementwise.floating_point": ("copysign", "nextafter", "round", "signbit"),
    "shaping.repeating": (
        "broadcast_arrays",
        "broadcast_shapes",
        "meshgrid",
        "repeat",
        "tile",
        "unstack",
    ),
    "elementwise.standard_names": (
        "acos",
        "acosh",
        "asin",
        "asinh",
        "atan",
        "atan2",
        "atanh",
        "concat",
        "matrix_transpose",
        "permute_dims",
        "pow",
    ),
    "creation.triangles": ("diff", "tril", "triu"),
    "ordering.unique": ("unique_all", "unique_counts", "unique_inverse", "unique_values"),
    "creation.filling": _names("empty empty_like full full_like ones ones_like zeros zeros_like"),
    "elementwise.number_parts": (
        "bitwise_count",
        "divmod",
        "fabs",
        "fix",
        "float_power",
        "fmax",
        "fmin",
        "fmod",
        "frexp",
        "gcd",
        "heaviside",
        "isneginf",
        "isposinf",
        "lcm",
        "ldexp",
        "modf",
        "spacing",
    ),
    "elementwise.piecewise": tuple(
        (
            "celu glu hardshrink hardsigmoid hardswish hardtanh logsigmoid prelu relu6 "
            "rrelu softmin softshrink softsign squareplus tanhshrink threshold"
        ).split()
    ),
    "indexing.picking": _names(
        "choose compress extract gather index_select masked_select select take"
    ),
    "indexing.placing": _names(
        "fill_diagonal index_copy index_fill masked_fill masked_scatter place put put_along_axis"
    ),
    "products.polynomials": (
        "poly",
        "polyadd",
        "polyder",
        "polydiv",
        "polyfit",
        "polyint",
        "polymul",
        "polysub",
        "polyval",
        "roots",
    ),
    "reductions.recurrences": ("banded_recurrence", "log_banded_recurrence"),
    "reductions.scans": _names(
        "cummax cummin cumprod cumulative_prod cumulative_sum linear_recurrence logcumsumexp"
    ),
    "indexing.scattering": _names(
        "bincount index_max index_min index_multiply scatter_add scatter_reduce segment_max "
        "segment_min segment_prod segment_sum"
    ),
    "ordering.sorting": _names(
        "argpartition argsort lexsort partition scatter_along_axis searchsorted sort "
        "take_along_axis topk"
    ),
    "special.bessel": ("i0", "i0e", "i1", "i1e", "j0", "j1"),
    "images.convolution": (
        "conv1d",
        "conv2d",
        "conv3d",
    ),
    "images.transposed_convolution": (
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
    ),
    "images.adaptive_pooling": (
        "adaptive_avg_pool1d",
        "adaptive_avg_pool2d",
        "adaptive_avg_pool3d",
        "adaptive_max_pool1d",
        "adaptive_max_pool2d",
        "adaptive_max_pool3d",
    ),
    "networks.embeddings": ("embedding", "embedding_bag"),
    "images.fractional_pooling": ("fractional_max_pool2d", "fractional_max_pool3d"),
    "networks.attention": ("scaled_dot_product_attention",),
    "networks.normalization": (
        "group_norm",
        "instance_norm",
        "layer_norm",
        "local_response_norm",
        "rms_norm",
    ),
    "images.grids": ("affine_grid", "grid_sample"),
    "images.shuffling": ("channel_shuffle", "pixel_shuffle", "pixel_unshuffle"),
    "images.unpooling": ("max_unpool1d", "max_unpool2d", "max_unpool3d"),
    "images.power_pooling": ("lp_pool1d", "lp_pool2d", "lp_pool3d"),
    "images.resizing": ("interpolate",),
    "images.pooling": (
        "avg_pool1d",
        "avg_pool2d",
        "avg_pool3d",
        "max_pool1d",
        "max_pool2d",
        "max_pool3d",
    ),
    "images.unfolding": ("fold", "sliding_window_view", "unfold"),
    "elementwise.complex_numbers": (
        "angle",
        "conj",
        "conjugate",
        "imag",
        "iscomplex",
        "isreal",
        "make_complex",
        "modulus",
        "polar",
        "real",
        "view_as_complex",
        "view_as_real",
    ),
    "products.distances": ("cdist", "cosine_similarity", "normalize", "pairwise_distance", "pdist"),
    "elementwise.elementary": tuple(
        ("cbrt deg2rad degrees exprel log_sigmoid logaddexp2 logit rad2deg radians sinc").split()
    ),
    "special.entropies": ("entr", "kl_div", "rel_entr", "xlog1py", "xlogy"),
    "special.error_functions": ("erfcinv", "erfcx", "erfinv", "log_ndtr", "ndtr", "ndtri"),
    "special.gammas": tuple(
        (
            "beta betaln digamma gamma gammainc gammaincc gammaln hurwitz_zeta lgamma multigammaln "
            "polygamma zeta"
        ).split()
    ),
    "products.matrix_products": (
        "cross",
        "einsum_path",
        "kron",
        "matvec",
        "outer",
        "tensordot",
        "vdot",
        "vecdot",
        "vecmat",
    ),
}
"""Public names by the module in `autodiff.functions` that defines them."""

HOMES: dict[str, str] = {name: home for home, names in FAMILIES.items() for name in names}
"""The module of each name."""


def find(name: str) -> Any:
    """A function of one of the families.

    Raises:
        KeyError: no family has that name.
    """
    return getattr(import_module(f"autodiff.functions.{HOMES[name]}"), name)
