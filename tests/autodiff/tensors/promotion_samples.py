"""Every public function of several operands, with small ones as bare numbers and lists."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

import autodiff as ad

__all__ = ["CASES", "NAMES", "OTHERS", "Case"]


class Case(NamedTuple):
    """A call of one function.

    Attributes:
        name: the function, as it is found from ``autodiff``.
        operands: each a Python float or nested lists of them, no two numbers exact in binary.
        call: takes as many operands of any kind.
    """

    name: str
    operands: tuple[Any, ...]
    call: Callable[..., Any]


V = [0.1, 0.7, 0.3]
W = [1.1, 1.7, 2.3]
POSITIVE = [0.2, 0.4, 0.6]
M = [[2.1, 0.3], [0.7, 3.3]]
N = [[0.1, 1.3], [0.6, 0.7]]
PAIR = [1.1, 0.3]
TRIPLES = [[0.1, 0.7, 0.3], [1.1, 0.2, 0.6]]
ROWS = [[[0.1, 0.7, 0.3, 0.9], [1.1, 0.2, 0.6, 0.4]]]
SIGNED = [[[0.1, -0.7, 0.3], [-1.1, 0.2, -0.6]]]
KERNELS = [[[0.3, 0.1], [0.2, 0.7]]]
BIAS = [0.1]
PLANES = [[[[0.1, 0.7, 0.3], [0.9, 1.1, 0.2], [0.6, 0.4, 1.3]]]]
CUBES = [[[[[0.1, 0.7], [0.9, 1.1]], [[0.3, 0.6], [0.2, 0.4]]]]]
GRID = [[[[0.1, -0.3], [0.6, 0.7]]]]

# Called with two vectors.
BINARY = """add append arctan2 atan2 beta betaln convolve copysign correlate corrcoef cov cross
    divide divmod dot equal float_power floor_divide fmax fmin fmod gammainc gammaincc greater
    greater_equal heaviside hypot inner intersect1d isin kl_div kron less less_equal
    linear_recurrence logaddexp logaddexp2 logical_and logical_or logical_xor make_complex maximum
    minimum mod multiply nextafter not_equal outer polar polyadd polydiv polymul polysub pow power
    rel_entr remainder setdiff1d setxor1d subtract true_divide union1d vdot vecdot xlog1py xlogy
    linalg.cross linalg.outer linalg.toeplitz linalg.vecdot""".split()
# Called with a vector and a number.
WITH_A_NUMBER = """add append arctan2 dot fmax hypot inner logaddexp maximum multiply nextafter
    outer polyadd polyval power remainder quantile nanquantile percentile nanpercentile
    subtract""".split()
# Called with a sequence of two vectors.
JOINING = "concatenate concat stack hstack vstack dstack column_stack".split()
INITIAL = "sum prod max min amax amin nansum nanprod nanmax nanmin".split()
# Called with a place, and a vector of two that is written there.
AT = "index_set index_add index_multiply index_max index_min put".split()

_MASK, _REST, _INDEX = [True, False, True], [False, True, False], [0, 2]


def _found(name: str) -> Any:
    return reduce(getattr, name.split("."), ad)


def _named(name: str) -> Callable[..., Any]:
    return lambda *operands: _found(name)(*operands)


def _joined(name: str) -> Callable[..., Any]:
    return lambda *operands: _found(name)(list(operands))


def _started(name: str) -> Callable[..., Any]:
    return lambda x, initial: _found(name)(x, initial=initial)


def _placed(name: str) -> Callable[..., Any]:
    return lambda x, v: _found(name)(x, _INDEX, v)


def _halved(x: Any, c: Any) -> Any:
    return x / 2 + c


CASES: list[Case] = [
    *(Case(name, (W, V), _named(name)) for name in BINARY),
    *(Case(name, (V, 0.3), _named(name)) for name in WITH_A_NUMBER),
    *(Case(name, (V, W), _joined(name)) for name in JOINING),
    *(Case(name, (V, 0.3), _started(name)) for name in INITIAL),
    *(Case(name, (V, PAIR), _placed(name)) for name in AT),
    Case("clip", (V, 0.2, 0.6), _named("clip")),
    Case("where", (V, W), lambda a, b: ad.where(_MASK, a, b)),
    Case("where", (V, 0.3), lambda a, b: ad.where(np.array([1, 0, 1]), a, b)),
    Case("select", (V, W, 0.3), lambda a, b, c: ad.select([_MASK, _REST], [a, b], c)),
    Case("choose", (V, W), lambda a, b: ad.choose([0, 1, 0], [a, b])),
    Case("dot", (V, W, 0.3), _named("dot")),
    Case("dot", (M, PAIR), _named("dot")),
    Case("matmul", (M, N), _named("matmul")),
    Case("linalg.matmul", (M, N), _named("linalg.matmul")),
    Case("matvec", (M, PAIR), _named("matvec")),
    Case("vecmat", (PAIR, M), _named("vecmat")),
    Case("inner", (M, N), _named("inner")),
    Case("tensordot", (M, N), lambda a, b: ad.tensordot(a, b, 1)),
    Case("linalg.tensordot", (M, N), lambda a, b: ad.linalg.tensordot(a, b, axes=1)),
    Case("einsum", (M, N, PAIR), lambda a, b, c: ad.einsum("ij,jk,k->i", a, b, c)),
    Case("linalg.multi_dot", (M, N, M), _joined("linalg.multi_dot")),
    Case("linalg.block_diag", (M, N), _named("linalg.block_diag")),
    Case("cdist", (M, N), _named("cdist")),
    Case("pairwise_distance", (M, N), _named("pairwise_distance")),
    Case("cosine_similarity", (M, N), _named("cosine_similarity")),
    Case("concatenate", (V, 0.3), lambda a, b: ad.concatenate([a, [b]], axis=None)),
    Case("stack", (V, W), lambda a, b: ad.stack([a, b], axis=1)),
    Case("stack", (0.1, 0.3), _joined("stack")),
    Case("block", (0.1, 0.3), lambda a, b: ad.block([[a], [b]])),
    Case("insert", (V, PAIR), lambda a, b: ad.insert(a, [0, 1], b)),
    Case("polyval", (V, PAIR), _named("polyval")),
    Case("polyint", (V, 0.3), lambda p, k: ad.polyint(p, 1, k)),
    Case("polyfit", (V, W), lambda x, y: ad.polyfit(x, y, 1)),
    Case("polyfit", (V, W, POSITIVE), lambda x, y, w: ad.polyfit(x, y, 1, w=w)),
    Case("linspace", (0.1, 0.7), lambda a, b: ad.linspace(a, b, 4)),
    Case("linspace", (V, 0.7), lambda a, b: ad.linspace(a, b, 4)),
    Case("logspace", (0.1, 0.7, 2.3), lambda a, b, c: ad.logspace(a, b, 4, base=c)),
    Case("geomspace", (0.1, 0.7), lambda a, b: ad.geomspace(a, b, 4)),
    Case("interp", (V, POSITIVE, W), _named("interp")),
    Case("interp", (V, POSITIVE, W, 0.3, 0.9), _named("interp")),
    Case("interp", (V, POSITIVE, W, 0.9), lambda x, xp, fp, p: ad.interp(x, xp, fp, period=p)),
    Case("trapezoid", (W, POSITIVE), _named("trapezoid")),
    Case("trapezoid", (W, 0.3), lambda y, dx: ad.trapezoid(y, dx=dx)),
    Case("gradient", (W, POSITIVE), _named("gradient")),
    Case("gradient", (W, 0.3), _named("gradient")),
    Case("diff", (V, PAIR, PAIR), lambda x, a, b: ad.diff(x, prepend=a, append=b)),
    Case("ediff1d", (V, PAIR, PAIR), _named("ediff1d")),
    Case("average", (V, W), lambda x, w: ad.average(x, weights=w)),
    Case("cov", (TRIPLES, POSITIVE), lambda x, w: ad.cov(x, aweights=w)),
    Case("logsumexp", (V, W), lambda x, b: ad.logsumexp(x, b=b)),
    Case("histogram", (V, W), lambda x, w: ad.histogram(x, 2, (0.0, 1.0), weights=w)[0]),
    Case("nan_to_num", (V, 0.3), lambda x, v: ad.nan_to_num(x, nan=v, posinf=v, neginf=v)),
    Case("pad", (V, 0.3), lambda x, c: ad.pad(x, 1, constant_values=c)),
    Case("index_set", (V, 0.3), lambda x, v: ad.index_set(x, 1, v)),
    Case("index_copy", (V, PAIR), lambda x, v: ad.index_copy(x, 0, _INDEX, v)),
    Case("index_fill", (V, 0.3), lambda x, v: ad.index_fill(x, 0, _INDEX, v)),
    Case("place", (V, PAIR), lambda x, v: ad.place(x, _MASK, v)),
    Case("put_along_axis", (V, PAIR), lambda x, v: ad.put_along_axis(x, _INDEX, v, 0)),
    Case("fill_diagonal", (M, 0.3), _named("fill_diagonal")),
    Case("masked_fill", (V, 0.3), lambda x, v: ad.masked_fill(x, _MASK, v)),
    Case("masked_scatter", (V, W), lambda x, v: ad.masked_scatter(x, _MASK, v)),
    Case("scatter_add", (V, PAIR), lambda x, v: ad.scatter_add(x, 0, _INDEX, v)),
    Case("scatter_reduce", (V, PAIR), lambda x, v: ad.scatter_reduce(x, 0, _INDEX, v, "prod")),
    Case("conv1d", (ROWS, KERNELS, BIAS), _named("conv1d")),
    Case("conv2d", (PLANES, PLANES, BIAS), _named("conv2d")),
    Case("conv3d", (CUBES, CUBES, BIAS), _named("conv3d")),
    Case("conv_transpose1d", (ROWS, [[[0.3]], [[0.1]]], BIAS), _named("conv_transpose1d")),
    Case("conv_transpose2d", (PLANES, PLANES, BIAS), _named("conv_transpose2d")),
    Case("conv_transpose3d", (CUBES, CUBES, BIAS), _named("conv_transpose3d")),
    Case("grid_sample", (PLANES, GRID), _named("grid_sample")),
    Case("standardize", (TRIPLES, V, W), lambda x, w, b: ad.standardize(x, -1, w, b)),
    Case("layer_norm", (TRIPLES, V, W), lambda x, w, b: ad.layer_norm(x, (3,), w, b)),
    Case("rms_norm", (TRIPLES, V), lambda x, w: ad.rms_norm(x, (3,), w)),
    Case("group_norm", (ROWS, PAIR, PAIR), lambda x, w, b: ad.group_norm(x, 1, w, b)),
    Case(
        "instance_norm",
        (ROWS, PAIR, PAIR, PAIR, PAIR),
        lambda x, m, v, w, b: ad.instance_norm(x, m, v, w, b, use_input_stats=False),
    ),
    Case("prelu", (SIGNED, PAIR), _named("prelu")),
    Case("prelu", (SIGNED, 0.3), _named("prelu")),
    Case(
        "embedding_bag",
        (M, [[0.3, 0.1]]),
        lambda w, s: ad.embedding_bag([[0, 1]], w, mode="sum", per_sample_weights=s),
    ),
    Case("softmax_cross_entropy", (TRIPLES, TRIPLES), _named("softmax_cross_entropy")),
    Case(
        "scaled_dot_product_attention",
        (M, N, M, N),
        _named("scaled_dot_product_attention"),
    ),
    Case("linalg.solve", (M, PAIR), _named("linalg.solve")),
    Case("linalg.lstsq", (M, PAIR), lambda a, b: ad.linalg.lstsq(a, b)[0]),
    Case("linalg.solve_triangular", (M, PAIR), _named("linalg.solve_triangular")),
    Case("linalg.tensorsolve", (M, PAIR), _named("linalg.tensorsolve")),
    Case("linalg.cho_solve", (M, PAIR), lambda a, b: ad.linalg.cho_solve((a, True), b)),
    Case("linalg.lu_solve", (M, PAIR), lambda a, b: ad.linalg.lu_solve((a, [0, 1]), b)),
    Case("linalg.householder_product", (M, PAIR), _named("linalg.householder_product")),
    Case("linalg.ormqr", (M, PAIR, N), _named("linalg.ormqr")),
]
CASES += [
    Case("banded_recurrence", ([M, M], M), _named("banded_recurrence")),
    Case(
        "lstm_recurrence",
        ([[[0.1, 0.2, 0.3, 0.4]]], [[0.5]] * 4, [[0.3]], [[0.1]]),
        _named("lstm_recurrence"),
    ),
    Case("log_banded_recurrence", (N, M), _named("log_banded_recurrence")),
    Case("addmm", (PAIR, M, N), _named("addmm")),
    Case("addmv", (PAIR, M, PAIR), _named("addmv")),
    Case("addr", (M, PAIR, PAIR), _named("addr")),
    Case("addbmm", (M, [M, N], [N, M]), _named("addbmm")),
    Case("baddbmm", (PAIR, [M, N], [N, M]), _named("baddbmm")),
    Case("addcmul", (V, W, POSITIVE), _named("addcmul")),
    Case("addcdiv", (V, W, POSITIVE), _named("addcdiv")),
    Case("addcdiv", (V, W, POSITIVE, 0.3), lambda x, a, b, c: ad.addcdiv(x, a, b, value=c)),
    Case("addmm", (PAIR, M, N, 0.3), lambda x, a, b, c: ad.addmm(x, a, b, beta=c)),
    Case("addmm", (PAIR, M, N, 0.3), lambda x, a, b, c: ad.addmm(x, a, b, alpha=c)),
    Case("bilinear", (PAIR, PAIR, [M, N], PAIR), _named("bilinear")),
    Case("lerp", (V, W, 0.3), _named("lerp")),
    Case("lerp", (V, W, POSITIVE), _named("lerp")),
    Case("isclose", (V, W), _named("isclose")),
    Case("cumulative_trapezoid", (W, POSITIVE), _named("cumulative_trapezoid")),
    Case("index_reduce", (V, PAIR), lambda x, v: ad.index_reduce(x, 0, _INDEX, v, "prod")),
    Case("select_scatter", (M, PAIR), lambda x, v: ad.select_scatter(x, v, 0, 1)),
    Case("slice_scatter", (V, PAIR), lambda x, v: ad.slice_scatter(x, v, 0, 1)),
    Case("diagonal_scatter", (M, PAIR), _named("diagonal_scatter")),
    Case("checkpoint", (V, 0.3), lambda x, c: ad.checkpoint(ad.multiply)(x, c)),
    Case("fixed_point", (V, 0.3), lambda x, c: ad.fixed_point(_halved, x, c, tolerance=1e-7)),
    Case("vectorize", (V, 0.3), ad.vectorize(lambda a, b: a * b)),
]
NAMES = frozenset(case.name.removeprefix("linalg.") for case in CASES)

# Functions of several operands whose result has no type common to them: answers, of arrays that
# stay apart, of numbers that are parameters, of whole numbers, and those that name the type.
OTHERS = frozenset(
    """allclose atleast_1d atleast_2d atleast_3d broadcast_arrays ix_ meshgrid
    bincount digitize histogram2d histogram_bin_edges histogramdd searchsorted
    cond hurwitz_zeta moveaxis normalize pdist polyder renorm rollaxis squareplus threshold zeta
    bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor gcd lcm
    left_shift narrow right_shift arange einsum_path full_like""".split()
)
