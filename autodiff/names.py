"""What users find in `autodiff`: every name, once, beside the module that defines it.

The package's attributes and ``__all__`` come from this list, and so do the names that nodes give
to the table's rules. To add a function is to define it in a module and to name it here; then
``make names`` writes what follows: the stub in which type checkers and editors read signatures
(`autodiff/__init__.pyi`), the list of everything public (`docs/api.txt`) and the pages' ends.
"""

from __future__ import annotations

__all__ = ["FUNCTIONS", "HOMES", "NAMESPACES", "SUBMODULES"]

NAMESPACES = ("linalg", "fft", "special")
"""Modules of the package that hold further functions of arrays, as those of NumPy and SciPy do."""

SUBMODULES = (*NAMESPACES, "extending", "live", "random", "tree")
"""Modules that are attributes of the package."""

_NAMES = {
    "autodiff.array_api": "__array_api_version__ __array_namespace_info__",
    "autodiff.batching": "vmap",
    "autodiff.compiler": "compile",
    "autodiff.custom.checkpoint": "checkpoint",
    "autodiff.custom.function": "custom_function",
    "autodiff.custom.implicit": "find_root fixed_point",
    "autodiff.custom.stop": "stop_gradient",
    "autodiff.diagnosis.anomaly": "detect_anomaly is_anomaly_enabled set_detect_anomaly",
    "autodiff.diagnosis.explanation": "explain_backward",
    "autodiff.dtypes": "default_dtype get_default_dtype set_default_dtype",
    "autodiff.errors": (
        "AxisError BatchingError ConversionError ConversionWarning FreedGraphError "
        "GlassgradError LinAlgError MissingExtraError NonDifferentiableError NonFiniteError "
        "NonScalarBackwardError ReadOnlyError ScalarizingError ShapeError StaleDataError "
        "TracingError TracingWarning"
    ),
    "autodiff.graph.modes": "enable_grad is_grad_enabled no_grad scope",
    "autodiff.graph.node": "Node",
    "autodiff.graph.order": "topological_order",
    "autodiff.scalarizing": "ScalarGraph scalarize",
    "autodiff.sweeps.backward": "backward",
    "autodiff.sweeps.gradients": "gradients",
    "autodiff.tensors.to_values": "to_value values",
    "autodiff.tensors.tensor": "Tensor",
    "autodiff.testing": "gradcheck",
    "autodiff.transforms": (
        "grad hessian hvp jacfwd jacobian jacrev jvp linearize value_and_grad vjp"
    ),
    "autodiff.values.fusions": "largest total",
    "autodiff.values.value": "Value",
    "autodiff.functions.creation.constants": "e inf nan newaxis pi",
    "autodiff.functions.creation.creation": "array asarray eye from_dlpack tensor",
    "autodiff.functions.creation.data_types": (
        "bool can_cast complex128 complex64 finfo float16 float32 float64 iinfo int16 int32 "
        "int64 int8 isdtype result_type uint16 uint32 uint64 uint8"
    ),
    "autodiff.functions.creation.diagonals": (
        "diag diag_embed diagflat diagonal diagonal_scatter trace tri"
    ),
    "autodiff.functions.creation.filling": (
        "empty empty_like full full_like ones ones_like zeros zeros_like"
    ),
    "autodiff.functions.creation.spacing": "arange geomspace identity linspace logspace",
    "autodiff.functions.creation.triangular": "tril triu",
    "autodiff.functions.elementwise.activations": (
        "elu erf erfc gelu gelu_tanh leaky_relu mish relu selu sigmoid silu softplus"
    ),
    "autodiff.functions.elementwise.applying": (
        "apply_along_axis apply_over_axes piecewise vectorize"
    ),
    "autodiff.functions.elementwise.bits": (
        "bitwise_and bitwise_invert bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor"
    ),
    "autodiff.functions.elementwise.comparison": (
        "ceil equal floor greater greater_equal isfinite isinf isnan less less_equal logical_and "
        "logical_not logical_or logical_xor not_equal rint trunc"
    ),
    "autodiff.functions.elementwise.complex_numbers": (
        "angle conj conjugate imag iscomplex isreal make_complex modulus polar real "
        "view_as_complex view_as_real"
    ),
    "autodiff.functions.elementwise.elementary": (
        "cbrt deg2rad degrees exprel log_sigmoid logaddexp2 logit rad2deg radians rsqrt sinc"
    ),
    "autodiff.functions.elementwise.elementwise": (
        "abs absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh clip cos cosh "
        "divide exp exp2 expm1 floor_divide hypot log log10 log1p log2 logaddexp maximum minimum "
        "multiply negative positive power reciprocal remainder sign sin sinh sqrt square subtract "
        "tan tanh where"
    ),
    "autodiff.functions.elementwise.floating_point": "copysign isclose nextafter round signbit",
    "autodiff.functions.elementwise.real_numbers": (
        "bitwise_count divmod fabs fix float_power fmax fmin fmod frac frexp gcd heaviside "
        "isneginf isposinf lcm ldexp modf spacing"
    ),
    "autodiff.functions.elementwise.piecewise": (
        "celu glu hardshrink hardsigmoid hardswish hardtanh logsigmoid prelu relu6 rrelu "
        "softmin softshrink softsign squareplus tanhshrink threshold"
    ),
    "autodiff.functions.elementwise.second_names": (
        "acos acosh around asin asinh atan atan2 atanh bitwise_not invert left_shift mod pow "
        "right_shift true_divide"
    ),
    "autodiff.functions.images.adaptive_pooling": (
        "adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d "
        "adaptive_max_pool2d adaptive_max_pool3d"
    ),
    "autodiff.functions.images.convolution": "conv1d conv2d conv3d",
    "autodiff.functions.images.fractional_pooling": "fractional_max_pool2d fractional_max_pool3d",
    "autodiff.functions.images.grids": "affine_grid grid_sample",
    "autodiff.functions.images.pooling": (
        "avg_pool1d avg_pool2d avg_pool3d max_pool1d max_pool2d max_pool3d"
    ),
    "autodiff.functions.images.power_pooling": "lp_pool1d lp_pool2d lp_pool3d",
    "autodiff.functions.images.resizing": "interpolate",
    "autodiff.functions.images.shuffling": "channel_shuffle pixel_shuffle pixel_unshuffle",
    "autodiff.functions.images.transposed_convolution": (
        "conv_transpose1d conv_transpose2d conv_transpose3d"
    ),
    "autodiff.functions.images.unfolding": "fold sliding_window_view unfold",
    "autodiff.functions.images.unpooling": "max_unpool1d max_unpool2d max_unpool3d",
    "autodiff.functions.indexing.grids": "indices ix_",
    "autodiff.functions.indexing.indexing": "getitem index_add index_set one_hot scatter",
    "autodiff.functions.indexing.picking": (
        "choose compress extract gather index_select masked_select select take"
    ),
    "autodiff.functions.indexing.placing": (
        "fill_diagonal index_copy index_fill masked_fill masked_scatter place put put_along_axis"
    ),
    "autodiff.functions.indexing.scattering": (
        "index_max index_min index_multiply index_reduce scatter_add scatter_reduce"
    ),
    "autodiff.functions.indexing.segments": (
        "bincount segment_max segment_min segment_prod segment_sum"
    ),
    "autodiff.functions.indexing.slices": "narrow select_scatter slice_scatter",
    "autodiff.functions.networks.attention": "scaled_dot_product_attention",
    "autodiff.functions.networks.embeddings": "embedding embedding_bag",
    "autodiff.functions.networks.labels": "label_cross_entropy label_nll",
    "autodiff.functions.networks.local_response": "local_response_norm",
    "autodiff.functions.networks.normalization": (
        "group_norm instance_norm layer_norm rms_norm standardize"
    ),
    "autodiff.functions.networks.probabilities": "log_softmax softmax softmax_cross_entropy",
    "autodiff.functions.networks.recurrences": "lstm_recurrence",
    "autodiff.functions.networks.renormalising": "renorm",
    "autodiff.functions.ordering.along_axis": "scatter_along_axis take_along_axis",
    "autodiff.functions.ordering.histograms": (
        "digitize histogram histogram2d histogram_bin_edges histogramdd"
    ),
    "autodiff.functions.ordering.quantiles": (
        "median nanmedian nanpercentile nanquantile percentile quantile"
    ),
    "autodiff.functions.ordering.sets": "intersect1d isin setdiff1d setxor1d union1d",
    "autodiff.functions.ordering.sorting": (
        "argpartition argsort kthvalue lexsort partition searchsorted sort topk"
    ),
    "autodiff.functions.ordering.unique": (
        "unique unique_all unique_counts unique_inverse unique_values"
    ),
    "autodiff.functions.products.added": ("addbmm addcdiv addcmul addmm addmv addr baddbmm"),
    "autodiff.functions.products.distances": (
        "cdist cosine_similarity normalize pairwise_distance pdist"
    ),
    "autodiff.functions.products.filtering": "convolve correlate",
    "autodiff.functions.products.interpolation": "interp lerp",
    "autodiff.functions.products.linear": "dot einsum inner matmul tensordot",
    "autodiff.functions.products.matrix_products": (
        "bilinear cross einsum_path kron matvec outer vdot vecdot vecmat"
    ),
    "autodiff.functions.products.polynomials": (
        "poly polyadd polyder polydiv polyfit polyint polymul polysub polyval roots"
    ),
    "autodiff.functions.reductions.differences": (
        "cumulative_trapezoid diff ediff1d gradient trapezoid unwrap"
    ),
    "autodiff.functions.reductions.nan_reductions": (
        "nanargmax nanargmin nanmax nanmean nanmin nanstd nanvar"
    ),
    "autodiff.functions.reductions.nan_sums": "nan_to_num nancumprod nancumsum nanprod nansum",
    "autodiff.functions.reductions.searching": (
        "all allclose any argmax argmin argwhere count_nonzero flatnonzero nonzero"
    ),
    "autodiff.functions.reductions.pairs": "aminmax std_mean var_mean",
    "autodiff.functions.reductions.recurrences": "banded_recurrence log_banded_recurrence",
    "autodiff.functions.reductions.reductions": "cumsum logsumexp max mean min prod std sum var",
    "autodiff.functions.reductions.scans": (
        "cummax cummin cumprod cumulative_prod cumulative_sum linear_recurrence logcumsumexp"
    ),
    "autodiff.functions.reductions.statistics": "amax amin average corrcoef cov ptp",
    "autodiff.functions.shaping.arranging": (
        "atleast_1d atleast_2d atleast_3d concat fliplr flipud matrix_transpose permute_dims "
        "rollaxis rot90 unflatten vander"
    ),
    "autodiff.functions.shaping.assembling": (
        "array_split block column_stack dsplit dstack hsplit hstack vsplit vstack"
    ),
    "autodiff.functions.shaping.editing": "append delete insert resize trim_zeros",
    "autodiff.functions.shaping.joining": "chunk concatenate split stack",
    "autodiff.functions.shaping.padding": "pad",
    "autodiff.functions.shaping.repeating": (
        "broadcast_arrays broadcast_shapes meshgrid repeat tile unstack"
    ),
    "autodiff.functions.shaping.shaping": (
        "astype broadcast_to expand_dims flip moveaxis ravel reshape roll squeeze swapaxes "
        "transpose"
    ),
    "autodiff.functions.shaping.sizes": "ndim shape size",
    "autodiff.functions.special.bessel": "i0 i0e i1 i1e j0 j1",
    "autodiff.functions.special.entropies": "entr kl_div rel_entr xlog1py xlogy",
    "autodiff.functions.special.error_functions": "erfcinv erfcx erfinv log_ndtr ndtr ndtri",
    "autodiff.functions.special.gammas": (
        "beta betaln digamma gamma gammainc gammaincc gammaln hurwitz_zeta lgamma multigammaln "
        "polygamma zeta"
    ),
}

HOMES: dict[str, str] = {name: home for home, names in _NAMES.items() for name in names.split()}
"""The module that defines each name."""

FUNCTIONS: dict[str, str] = {
    name: home for name, home in HOMES.items() if home.startswith("autodiff.functions.")
}
"""Those that are functions of tensors, by the rooms of `autodiff.functions`."""
