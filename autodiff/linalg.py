"""Linear algebra with NumPy's names, differentiable to every order.

Matrices are the last two axes; those before them are stacks of matrices, as in
`numpy.linalg`, whose functions applied to tensors lead here.

Example:
    >>> import autodiff as ad
    >>> x = ad.Tensor([[2.0, 0.0], [0.0, 4.0]], requires_grad=True)
    >>> ad.linalg.slogdet(x).logabsdet.backward()
    >>> x.grad.tolist()
    [[0.5, 0.0], [0.0, 0.25]]
"""

from __future__ import annotations

from autodiff.errors import LinAlgError
from autodiff.functions.linalg.chains import multi_dot
from autodiff.functions.linalg.determinants import det, expm, logdet, slogdet, sqrtm
from autodiff.functions.linalg.eigen import eig, eigh, eigvals, eigvalsh, polar, svd, svdvals
from autodiff.functions.linalg.factorizations import cho_factor, cholesky, lu, lu_factor, qr
from autodiff.functions.linalg.householder import householder_product, ormqr
from autodiff.functions.linalg.inverses import (
    inv,
    lstsq,
    matrix_power,
    matrix_rank,
    pinv,
    solve,
)
from autodiff.functions.linalg.norms import cond, matrix_norm, norm, vector_norm
from autodiff.functions.linalg.operands import (
    EighResult,
    EigResult,
    QRResult,
    SlogdetResult,
    SVDResult,
)
from autodiff.functions.linalg.structured import (
    block_diag,
    circulant,
    diagonal,
    matrix_transpose,
    toeplitz,
    trace,
)
from autodiff.functions.linalg.tensor_equations import tensorinv, tensorsolve
from autodiff.functions.linalg.triangular_systems import (
    cho_solve,
    cholesky_inverse,
    lu_solve,
    solve_triangular,
)
from autodiff.functions.parameter_aliases import spelt
from autodiff.functions.products.linear import matmul, tensordot
from autodiff.functions.products.matrix_products import cross, outer, vecdot

__all__ = [
    "EigResult",
    "EighResult",
    "LinAlgError",
    "QRResult",
    "SVDResult",
    "SlogdetResult",
    "block_diag",
    "cho_factor",
    "cho_solve",
    "cholesky",
    "cholesky_inverse",
    "circulant",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "expm",
    "householder_product",
    "inv",
    "logdet",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_solve",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "multi_dot",
    "norm",
    "ormqr",
    "outer",
    "pinv",
    "polar",
    "qr",
    "slogdet",
    "solve",
    "solve_triangular",
    "sqrtm",
    "svd",
    "svdvals",
    "tensordot",
    "tensorinv",
    "tensorsolve",
    "toeplitz",
    "trace",
    "vecdot",
    "vector_norm",
]


def __dir__() -> list[str]:
    return __all__


for _name in __all__:
    globals()[_name] = spelt(globals()[_name])
