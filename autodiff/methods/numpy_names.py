"""What each of NumPy's overridable functions and ufuncs does with a node.

Most have a function of the same name in this library and are not named here. The rest is
renamed, answered by NumPy about the plain numbers, or refused with the alternative named.
"""

from __future__ import annotations

__all__ = ["PLAIN", "REFUSED", "RENAMED", "UFUNC_METHODS"]

RENAMED = {
    "numpy.asanyarray": "asarray",
    "numpy.ascontiguousarray": "asarray",
    "numpy.asfortranarray": "asarray",
    "numpy.copy": "positive",
    "numpy.lib.stride_tricks.sliding_window_view": "sliding_window_view",
}
"""NumPy's functions that are called otherwise here."""

PLAIN = frozenset(
    f"numpy.{name}"
    for name in (
        "allclose array2string array_equal array_equiv array_repr array_str can_cast "
        "common_type diag_indices_from einsum_path "
        "iscomplexobj isclose isrealobj ix_ may_share_memory min_scalar_type ndim packbits "
        "ravel_multi_index result_type save savetxt savez savez_compressed shape shares_memory "
        "size tril_indices_from triu_indices_from unpackbits unravel_index"
    ).split()
)
"""Questions and exports, which NumPy answers about the plain numbers: no gradient."""

_WRITES = "it writes into an array, and tensors are not written into; use "
_READS = "it makes arrays of text or bytes; give its result to autodiff.Tensor"
_DAYS = "it is about dates, and tensors hold numbers; take x.numpy()"
_TEXT = "it is about text, and tensors hold numbers; take x.numpy()"
_FIELDS = "it is about records with named fields; keep a dict of tensors, as autodiff.tree takes"

REFUSED = {
    "numpy.busday_count": _DAYS,
    "numpy.busday_offset": _DAYS,
    "numpy.copyto": _WRITES + "autodiff.where(where, src, dst)",
    "numpy.datetime_as_string": _DAYS,
    "numpy.fill_diagonal": _WRITES
    + "y = autodiff.fill_diagonal(...), which gives the changed copy",
    "numpy.frombuffer": _READS,
    "numpy.fromfile": _READS,
    "numpy.fromfunction": "it hands plain arrays over; call the function with autodiff.arange(...)",
    "numpy.fromiter": "it makes a plain array of numbers; use autodiff.stack(list(...))",
    "numpy.fromstring": _READS,
    "numpy.genfromtxt": _READS,
    "numpy.is_busday": _DAYS,
    "numpy.isnat": _DAYS,
    "numpy.loadtxt": _READS,
    "numpy.place": _WRITES + "y = autodiff.place(...), which gives the changed copy",
    "numpy.put": _WRITES + "y = autodiff.put(...), which gives the changed copy",
    "numpy.put_along_axis": (
        _WRITES + "y = autodiff.put_along_axis(...), which gives the changed copy"
    ),
    "numpy.putmask": _WRITES + "autodiff.where(mask, values, x)",
    "numpy.real_if_close": (
        "whether its result is real would depend on the numbers; use autodiff.real(x)"
    ),
    "numpy.require": "it is about the memory of arrays; take x.numpy()",
    "numpy.sort_complex": "complex numbers have no order; use autodiff.sort(autodiff.real(x))",
}
"""Why a function is refused, and what to use instead."""

REFUSED_MODULES = {
    "numpy.lib.recfunctions": _FIELDS,
    "numpy.lib.scimath": (
        "whether its result is complex would depend on the numbers; give it complex numbers: "
        "x.astype(complex) and the function of autodiff"
    ),
    "numpy.strings": _TEXT,
}
"""Whole modules of NumPy that are refused."""

UFUNC_METHODS = {
    ("add", "reduce"): "sum",
    ("multiply", "reduce"): "prod",
    ("maximum", "reduce"): "max",
    ("minimum", "reduce"): "min",
    ("logical_and", "reduce"): "all",
    ("logical_or", "reduce"): "any",
    ("logaddexp", "reduce"): "logsumexp",
    ("add", "accumulate"): "cumsum",
    ("multiply", "accumulate"): "cumprod",
    ("maximum", "accumulate"): "cummax",
    ("minimum", "accumulate"): "cummin",
    ("logaddexp", "accumulate"): "logcumsumexp",
}
"""The functions that a ufunc's ``reduce`` and ``accumulate`` are."""
