# Written by `make names` from autodiff/names.py; not to be edited.
# ruff: noqa: I001
from autodiff import linalg as linalg
from autodiff import fft as fft
from autodiff import special as special
from autodiff import extending as extending
from autodiff import live as live
from autodiff import random as random
from autodiff import tree as tree
from autodiff.array_api import (
    __array_api_version__ as __array_api_version__,
    __array_namespace_info__ as __array_namespace_info__,
)
from autodiff.batching import (
    vmap as vmap,
)
from autodiff.compiler import (
    compile as compile,
)
from autodiff.custom.checkpoint import (
    checkpoint as checkpoint,
)
from autodiff.custom.function import (
    custom_function as custom_function,
)
from autodiff.custom.implicit import (
    find_root as find_root,
    fixed_point as fixed_point,
)
from autodiff.custom.stop import (
    stop_gradient as stop_gradient,
)
from autodiff.diagnosis.anomaly import (
    detect_anomaly as detect_anomaly,
    is_anomaly_enabled as is_anomaly_enabled,
    set_detect_anomaly as set_detect_anomaly,
)
from autodiff.diagnosis.explanation import (
    explain_backward as explain_backward,
)
from autodiff.dtypes import (
    default_dtype as default_dtype,
    get_default_dtype as get_default_dtype,
    set_default_dtype as set_default_dtype,
)
from autodiff.errors import (
    AxisError as AxisError,
    BatchingError as BatchingError,
    ConversionError as ConversionError,
    ConversionWarning as ConversionWarning,
    FreedGraphError as FreedGraphError,
    GlassgradError as GlassgradError,
    LinAlgError as LinAlgError,
    MissingExtraError as MissingExtraError,
    NonDifferentiableError as NonDifferentiableError,
    NonFiniteError as NonFiniteError,
    NonScalarBackwardError as NonScalarBackwardError,
    ReadOnlyError as ReadOnlyError,
    ScalarizingError as ScalarizingError,
    ShapeError as ShapeError,
    StaleDataError as StaleDataError,
    TracingError as TracingError,
    TracingWarning as TracingWarning,
)
from autodiff.graph.modes import (
    enable_grad as enable_grad,
    is_grad_enabled as is_grad_enabled,
    no_grad as no_grad,
    scope as scope,
)
from autodiff.graph.node import (
    Node as Node,
)
from autodiff.graph.order import (
    topological_order as topological_order,
)
from autodiff.scalarizing import (
    ScalarGraph as ScalarGraph,
    scalarize as scalarize,
)
from autodiff.sweeps.backward import (
    backward as backward,
)
from autodiff.sweeps.gradients import (
    gradients as gradients,
)
from autodiff.tensors.to_values import (
    to_value as to_value,
    values as values,
)
from autodiff.tensors.tensor import (
    Tensor as Tensor,
)
from autodiff.testing import (
    gradcheck as gradcheck,
)
from autodiff.transforms import (
    grad as grad,
    hessian as hessian,
    hvp as hvp,
    jacfwd as jacfwd,
    jacobian as jacobian,
    jacrev as jacrev,
    jvp as jvp,
    linearize as linearize,
    value_and_grad as value_and_grad,
    vjp as vjp,
)
from autodiff.values.fusions import (
    largest as largest,
    total as total,
)
from autodiff.values.value import (
    Value as Value,
)
from autodiff.functions.creation.constants import (
    e as e,
    inf as inf,
    nan as nan,
    newaxis as newaxis,
    pi as pi,
)
from autodiff.functions.creation.creation import (
    array as array,
    asarray as asarray,
    eye as eye,
    from_dlpack as from_dlpack,
    tensor as tensor,
)
from autodiff.functions.creation.data_types import (
    bool as bool,
    can_cast as can_cast,
    complex128 as complex128,
    complex64 as complex64,
    finfo as finfo,
    float16 as float16,
    float32 as float32,
    float64 as float64,
    iinfo as iinfo,
    int16 as int16,
    int32 as int32,
    int64 as int64,
    int8 as int8,
    isdtype as isdtype,
    result_type as result_type,
    uint16 as uint16,
    uint32 as uint32,
    uint64 as uint64,
    uint8 as uint8,
)
from autodiff.functions.creation.diagonals import (
    diag as diag,
    diag_embed as diag_embed,
    diagflat as diagflat,
    diagonal as diagonal,
    diagonal_scatter as diagonal_scatter,
    trace as trace,
    tri as tri,
)
from autodiff.functions.creation.filling import (
    empty as empty,
    empty_like as empty_like,
    full as full,
    full_like as full_like,
    ones as ones,
    ones_like as ones_like,
    zeros as zeros,
    zeros_like as zeros_like,
)
from autodiff.functions.creation.spacing import (
    arange as arange,
    geomspace as geomspace,
    identity as identity,
    linspace as linspace,
    logspace as logspace,
)
from autodiff.functions.creation.triangular import (
    tril as tril,
    triu as triu,
)
from autodiff.functions.elementwise.activations import (
    elu as elu,
    erf as erf,
    erfc as erfc,
    gelu as gelu,
    gelu_tanh as gelu_tanh,
    leaky_relu as leaky_relu,
    mish as mish,
    relu as relu,
    selu as selu,
    sigmoid as sigmoid,
    silu as silu,
    softplus as softplus,
)
from autodiff.functions.elementwise.applying import (
    apply_along_axis as apply_along_axis,
    apply_over_axes as apply_over_axes,
    piecewise as piecewise,
    vectorize as vectorize,
)
from autodiff.functions.elementwise.bits import (
    bitwise_and as bitwise_and,
    bitwise_invert as bitwise_invert,
    bitwise_left_shift as bitwise_left_shift,
    bitwise_or as bitwise_or,
    bitwise_right_shift as bitwise_right_shift,
    bitwise_xor as bitwise_xor,
)
from autodiff.functions.elementwise.comparison import (
    ceil as ceil,
    equal as equal,
    floor as floor,
    greater as greater,
    greater_equal as greater_equal,
    isfinite as isfinite,
    isinf as isinf,
    isnan as isnan,
    less as less,
    less_equal as less_equal,
    logical_and as logical_and,
    logical_not as logical_not,
    logical_or as logical_or,
    logical_xor as logical_xor,
    not_equal as not_equal,
    rint as rint,
    trunc as trunc,
)
from autodiff.functions.elementwise.complex_numbers import (
    angle as angle,
    conj as conj,
    conjugate as conjugate,
    imag as imag,
    iscomplex as iscomplex,
    isreal as isreal,
    make_complex as make_complex,
    modulus as modulus,
    polar as polar,
    real as real,
    view_as_complex as view_as_complex,
    view_as_real as view_as_real,
)
from autodiff.functions.elementwise.elementary import (
    cbrt as cbrt,
    deg2rad as deg2rad,
    degrees as degrees,
    exprel as exprel,
    log_sigmoid as log_sigmoid,
    logaddexp2 as logaddexp2,
    logit as logit,
    rad2deg as rad2deg,
    radians as radians,
    rsqrt as rsqrt,
    sinc as sinc,
)
from autodiff.functions.elementwise.elementwise import (
    abs as abs,
    absolute as absolute,
    add as add,
    arccos as arccos,
    arccosh as arccosh,
    arcsin as arcsin,
    arcsinh as arcsinh,
    arctan as arctan,
    arctan2 as arctan2,
    arctanh as arctanh,
    clip as clip,
    cos as cos,
    cosh as cosh,
    divide as divide,
    exp as exp,
    exp2 as exp2,
    expm1 as expm1,
    floor_divide as floor_divide,
    hypot as hypot,
    log as log,
    log10 as log10,
    log1p as log1p,
    log2 as log2,
    logaddexp as logaddexp,
    maximum as maximum,
    minimum as minimum,
    multiply as multiply,
    negative as negative,
    positive as positive,
    power as power,
    reciprocal as reciprocal,
    remainder as remainder,
    sign as sign,
    sin as sin,
    sinh as sinh,
    sqrt as sqrt,
    square as square,
    subtract as subtract,
    tan as tan,
    tanh as tanh,
    where as where,
)
from autodiff.functions.elementwise.floating_point import (
    copysign as copysign,
    isclose as isclose,
    nextafter as nextafter,
    round as round,
    signbit as signbit,
)
from autodiff.functions.elementwise.real_numbers import (
    bitwise_count as bitwise_count,
    divmod as divmod,
    fabs as fabs,
    fix as fix,
    float_power as float_power,
    fmax as fmax,
    fmin as fmin,
    fmod as fmod,
    frac as frac,
    frexp as frexp,
    gcd as gcd,
    heaviside as heaviside,
    isneginf as isneginf,
    isposinf as isposinf,
    lcm as lcm,
    ldexp as ldexp,
    modf as modf,
    spacing as spacing,
)
from autodiff.functions.elementwise.piecewise import (
    celu as celu,
    glu as glu,
    hardshrink as hardshrink,
    hardsigmoid as hardsigmoid,
    hardswish as hardswish,
    hardtanh as hardtanh,
    logsigmoid as logsigmoid,
    prelu as prelu,
    relu6 as relu6,
    rrelu as rrelu,
    softmin as softmin,
    softshrink as softshrink,
    softsign as softsign,
    squareplus as squareplus,
    tanhshrink as tanhshrink,
    threshold as threshold,
)
from autodiff.functions.elementwise.second_names import (
    acos as acos,
    acosh as acosh,
    around as around,
    asin as asin,
    asinh as asinh,
    atan as atan,
    atan2 as atan2,
    atanh as atanh,
    bitwise_not as bitwise_not,
    invert as invert,
    left_shift as left_shift,
    mod as mod,
    pow as pow,
    right_shift as right_shift,
    true_divide as true_divide,
)
from autodiff.functions.images.adaptive_pooling import (
    adaptive_avg_pool1d as adaptive_avg_pool1d,
    adaptive_avg_pool2d as adaptive_avg_pool2d,
    adaptive_avg_pool3d as adaptive_avg_pool3d,
    adaptive_max_pool1d as adaptive_max_pool1d,
    adaptive_max_pool2d as adaptive_max_pool2d,
    adaptive_max_pool3d as adaptive_max_pool3d,
)
from autodiff.functions.images.convolution import (
    conv1d as conv1d,
    conv2d as conv2d,
    conv3d as conv3d,
)
from autodiff.functions.images.fractional_pooling import (
    fractional_max_pool2d as fractional_max_pool2d,
    fractional_max_pool3d as fractional_max_pool3d,
)
from autodiff.functions.images.grids import (
    affine_grid as affine_grid,
    grid_sample as grid_sample,
)
from autodiff.functions.images.pooling import (
    avg_pool1d as avg_pool1d,
    avg_pool2d as avg_pool2d,
    avg_pool3d as avg_pool3d,
    max_pool1d as max_pool1d,
    max_pool2d as max_pool2d,
    max_pool3d as max_pool3d,
)
from autodiff.functions.images.power_pooling import (
    lp_pool1d as lp_pool1d,
    lp_pool2d as lp_pool2d,
    lp_pool3d as lp_pool3d,
)
from autodiff.functions.images.resizing import (
    interpolate as interpolate,
)
from autodiff.functions.images.shuffling import (
    channel_shuffle as channel_shuffle,
    pixel_shuffle as pixel_shuffle,
    pixel_unshuffle as pixel_unshuffle,
)
from autodiff.functions.images.transposed_convolution import (
    conv_transpose1d as conv_transpose1d,
    conv_transpose2d as conv_transpose2d,
    conv_transpose3d as conv_transpose3d,
)
from autodiff.functions.images.unfolding import (
    fold as fold,
    sliding_window_view as sliding_window_view,
    unfold as unfold,
)
from autodiff.functions.images.unpooling import (
    max_unpool1d as max_unpool1d,
    max_unpool2d as max_unpool2d,
    max_unpool3d as max_unpool3d,
)
from autodiff.functions.indexing.grids import (
    indices as indices,
    ix_ as ix_,
)
from autodiff.functions.indexing.indexing import (
    getitem as getitem,
    index_add as index_add,
    index_set as index_set,
    one_hot as one_hot,
    scatter as scatter,
)
from autodiff.functions.indexing.picking import (
    choose as choose,
    compress as compress,
    extract as extract,
    gather as gather,
    index_select as index_select,
    masked_select as masked_select,
    select as select,
    take as take,
)
from autodiff.functions.indexing.placing import (
    fill_diagonal as fill_diagonal,
    index_copy as index_copy,
    index_fill as index_fill,
    masked_fill as masked_fill,
    masked_scatter as masked_scatter,
    place as place,
    put as put,
    put_along_axis as put_along_axis,
)
from autodiff.functions.indexing.scattering import (
    index_max as index_max,
    index_min as index_min,
    index_multiply as index_multiply,
    index_reduce as index_reduce,
    scatter_add as scatter_add,
    scatter_reduce as scatter_reduce,
)
from autodiff.functions.indexing.segments import (
    bincount as bincount,
    segment_max as segment_max,
    segment_min as segment_min,
    segment_prod as segment_prod,
    segment_sum as segment_sum,
)
from autodiff.functions.indexing.slices import (
    narrow as narrow,
    select_scatter as select_scatter,
    slice_scatter as slice_scatter,
)
from autodiff.functions.networks.attention import (
    scaled_dot_product_attention as scaled_dot_product_attention,
)
from autodiff.functions.networks.embeddings import (
    embedding as embedding,
    embedding_bag as embedding_bag,
)
from autodiff.functions.networks.labels import (
    label_cross_entropy as label_cross_entropy,
    label_nll as label_nll,
)
from autodiff.functions.networks.local_response import (
    local_response_norm as local_response_norm,
)
from autodiff.functions.networks.normalization import (
    group_norm as group_norm,
    instance_norm as instance_norm,
    layer_norm as layer_norm,
    rms_norm as rms_norm,
    standardize as standardize,
)
from autodiff.functions.networks.probabilities import (
    log_softmax as log_softmax,
    softmax as softmax,
    softmax_cross_entropy as softmax_cross_entropy,
)
from autodiff.functions.networks.recurrences import (
    lstm_recurrence as lstm_recurrence,
)
from autodiff.functions.networks.renormalising import (
    renorm as renorm,
)
from autodiff.functions.ordering.along_axis import (
    scatter_along_axis as scatter_along_axis,
    take_along_axis as take_along_axis,
)
from autodiff.functions.ordering.histograms import (
    digitize as digitize,
    histogram as histogram,
    histogram2d as histogram2d,
    histogram_bin_edges as histogram_bin_edges,
    histogramdd as histogramdd,
)
from autodiff.functions.ordering.quantiles import (
    median as median,
    nanmedian as nanmedian,
    nanpercentile as nanpercentile,
    nanquantile as nanquantile,
    percentile as percentile,
    quantile as quantile,
)
from autodiff.functions.ordering.sets import (
    intersect1d as intersect1d,
    isin as isin,
    setdiff1d as setdiff1d,
    setxor1d as setxor1d,
    union1d as union1d,
)
from autodiff.functions.ordering.sorting import (
    argpartition as argpartition,
    argsort as argsort,
    kthvalue as kthvalue,
    lexsort as lexsort,
    partition as partition,
    searchsorted as searchsorted,
    sort as sort,
    topk as topk,
)
from autodiff.functions.ordering.unique import (
    unique as unique,
    unique_all as unique_all,
    unique_counts as unique_counts,
    unique_inverse as unique_inverse,
    unique_values as unique_values,
)
from autodiff.functions.products.added import (
    addbmm as addbmm,
    addcdiv as addcdiv,
    addcmul as addcmul,
    addmm as addmm,
    addmv as addmv,
    addr as addr,
    baddbmm as baddbmm,
)
from autodiff.functions.products.distances import (
    cdist as cdist,
    cosine_similarity as cosine_similarity,
    normalize as normalize,
    pairwise_distance as pairwise_distance,
    pdist as pdist,
)
from autodiff.functions.products.filtering import (
    convolve as convolve,
    correlate as correlate,
)
from autodiff.functions.products.interpolation import (
    interp as interp,
    lerp as lerp,
)
from autodiff.functions.products.linear import (
    dot as dot,
    einsum as einsum,
    inner as inner,
    matmul as matmul,
    tensordot as tensordot,
)
from autodiff.functions.products.matrix_products import (
    bilinear as bilinear,
    cross as cross,
    einsum_path as einsum_path,
    kron as kron,
    matvec as matvec,
    outer as outer,
    vdot as vdot,
    vecdot as vecdot,
    vecmat as vecmat,
)
from autodiff.functions.products.polynomials import (
    poly as poly,
    polyadd as polyadd,
    polyder as polyder,
    polydiv as polydiv,
    polyfit as polyfit,
    polyint as polyint,
    polymul as polymul,
    polysub as polysub,
    polyval as polyval,
    roots as roots,
)
from autodiff.functions.reductions.differences import (
    cumulative_trapezoid as cumulative_trapezoid,
    diff as diff,
    ediff1d as ediff1d,
    gradient as gradient,
    trapezoid as trapezoid,
    unwrap as unwrap,
)
from autodiff.functions.reductions.nan_reductions import (
    nanargmax as nanargmax,
    nanargmin as nanargmin,
    nanmax as nanmax,
    nanmean as nanmean,
    nanmin as nanmin,
    nanstd as nanstd,
    nanvar as nanvar,
)
from autodiff.functions.reductions.nan_sums import (
    nan_to_num as nan_to_num,
    nancumprod as nancumprod,
    nancumsum as nancumsum,
    nanprod as nanprod,
    nansum as nansum,
)
from autodiff.functions.reductions.searching import (
    all as all,
    allclose as allclose,
    any as any,
    argmax as argmax,
    argmin as argmin,
    argwhere as argwhere,
    count_nonzero as count_nonzero,
    flatnonzero as flatnonzero,
    nonzero as nonzero,
)
from autodiff.functions.reductions.pairs import (
    aminmax as aminmax,
    std_mean as std_mean,
    var_mean as var_mean,
)
from autodiff.functions.reductions.recurrences import (
    banded_recurrence as banded_recurrence,
    log_banded_recurrence as log_banded_recurrence,
)
from autodiff.functions.reductions.reductions import (
    cumsum as cumsum,
    logsumexp as logsumexp,
    max as max,
    mean as mean,
    min as min,
    prod as prod,
    std as std,
    sum as sum,
    var as var,
)
from autodiff.functions.reductions.scans import (
    cummax as cummax,
    cummin as cummin,
    cumprod as cumprod,
    cumulative_prod as cumulative_prod,
    cumulative_sum as cumulative_sum,
    linear_recurrence as linear_recurrence,
    logcumsumexp as logcumsumexp,
)
from autodiff.functions.reductions.statistics import (
    amax as amax,
    amin as amin,
    average as average,
    corrcoef as corrcoef,
    cov as cov,
    ptp as ptp,
)
from autodiff.functions.shaping.arranging import (
    atleast_1d as atleast_1d,
    atleast_2d as atleast_2d,
    atleast_3d as atleast_3d,
    concat as concat,
    fliplr as fliplr,
    flipud as flipud,
    matrix_transpose as matrix_transpose,
    permute_dims as permute_dims,
    rollaxis as rollaxis,
    rot90 as rot90,
    unflatten as unflatten,
    vander as vander,
)
from autodiff.functions.shaping.assembling import (
    array_split as array_split,
    block as block,
    column_stack as column_stack,
    dsplit as dsplit,
    dstack as dstack,
    hsplit as hsplit,
    hstack as hstack,
    vsplit as vsplit,
    vstack as vstack,
)
from autodiff.functions.shaping.editing import (
    append as append,
    delete as delete,
    insert as insert,
    resize as resize,
    trim_zeros as trim_zeros,
)
from autodiff.functions.shaping.joining import (
    chunk as chunk,
    concatenate as concatenate,
    split as split,
    stack as stack,
)
from autodiff.functions.shaping.padding import (
    pad as pad,
)
from autodiff.functions.shaping.repeating import (
    broadcast_arrays as broadcast_arrays,
    broadcast_shapes as broadcast_shapes,
    meshgrid as meshgrid,
    repeat as repeat,
    tile as tile,
    unstack as unstack,
)
from autodiff.functions.shaping.shaping import (
    astype as astype,
    broadcast_to as broadcast_to,
    expand_dims as expand_dims,
    flip as flip,
    moveaxis as moveaxis,
    ravel as ravel,
    reshape as reshape,
    roll as roll,
    squeeze as squeeze,
    swapaxes as swapaxes,
    transpose as transpose,
)
from autodiff.functions.shaping.sizes import (
    ndim as ndim,
    shape as shape,
    size as size,
)
from autodiff.functions.special.bessel import (
    i0 as i0,
    i0e as i0e,
    i1 as i1,
    i1e as i1e,
    j0 as j0,
    j1 as j1,
)
from autodiff.functions.special.entropies import (
    entr as entr,
    kl_div as kl_div,
    rel_entr as rel_entr,
    xlog1py as xlog1py,
    xlogy as xlogy,
)
from autodiff.functions.special.error_functions import (
    erfcinv as erfcinv,
    erfcx as erfcx,
    erfinv as erfinv,
    log_ndtr as log_ndtr,
    ndtr as ndtr,
    ndtri as ndtri,
)
from autodiff.functions.special.gammas import (
    beta as beta,
    betaln as betaln,
    digamma as digamma,
    gamma as gamma,
    gammainc as gammainc,
    gammaincc as gammaincc,
    gammaln as gammaln,
    hurwitz_zeta as hurwitz_zeta,
    lgamma as lgamma,
    multigammaln as multigammaln,
    polygamma as polygamma,
    zeta as zeta,
)

__all__: list[str]

def __dir__() -> list[str]: ...
