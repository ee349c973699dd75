"""Bessel functions of the first kind of order 0 and 1, vectorised.

Up to 8 each is a polynomial of x² with the nearest zero as a factor, so that it is exact
there; from 8 on a wave whose amplitude and phase are such polynomials of (8/x)². They are
interpolants at Chebyshev points, computed with 40 digits.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.backends.special.real_functions import chebyshev, of_reals

__all__ = ["j0", "j1"]

# Zeros in two parts each; sums of Chebyshev polynomials, J₁ divided by x.
_J0_ZEROS = (
    (2.404825557695773, -1.176691651530894e-16),
    (5.520078110286311, 8.088597146146722e-17),
)
_J1_ZEROS = (
    (3.8317059702075125, -1.5269184090088067e-16),
    (7.015586669815619, -9.414165653410389e-17),
)
_J0_FIRST = (
    -0.09725285321432539, 0.06642964278336551, -0.008615586662099379, 0.0005910714537024154,
    -2.5168004276804476e-05, 7.312252062938806e-07, -1.5436848462400268e-08,
    2.4766539591769226e-10, -3.1232348985613776e-12, 3.1781669763692867e-14,
    -2.6651367734986606e-16, 1.8738079587110795e-18,
)  # fmt: skip
_J0_SECOND = (
    0.020611302565502428, -0.013555967573518303, -0.0038632594258398404, 0.0023413108519411982,
    -0.0004623200601204519, 5.218026985556039e-05, -3.940772835807142e-06, 2.1584049461607477e-07,
    -9.020605207920986e-09, 2.981285657462916e-10, -8.003244662564305e-12, 1.7820727810867247e-13,
    -3.3475791046501576e-15, 5.3796948187345454e-17, -7.483798214061456e-19,
)  # fmt: skip
_J1_FIRST = (
    -0.01655959141931198, 0.014507266687922807, -0.002691043069076718, 0.0002781696664513957,
    -1.842243005667995e-05, 8.508465747920954e-07, -2.9016248858447315e-08, 7.614125253115149e-10,
    -1.5861128088857947e-11, 2.687842048997473e-13, -3.779082024964783e-15,
    4.4805218874004995e-17, -4.540852460156547e-19,
)  # fmt: skip
_J1_SECOND = (
    0.0029027804753100814, -0.0006819063965925228, -0.0003134376954037928, 8.602833632743702e-05,
    -9.925959460657278e-06, 6.937917539912398e-07, -3.341204319907286e-08, 1.189144869377497e-09,
    -3.2734880208495874e-11, 7.200645840876573e-13, -1.2972844273773661e-14,
    1.9519088250369797e-16, -2.4918174825969415e-18,
)  # fmt: skip
_P0 = (
    0.9994603493475187, -0.0005365220468132117, 3.0751847875194745e-06, -5.1705945376060975e-08,
    1.6306464635151382e-09, -7.86409137723707e-11, 5.168262387349193e-12, -4.3045788699253914e-13,
    4.3265957431549404e-14, -5.069034095935236e-15, 6.748072215733873e-16,
    -1.0011513723467786e-16,
)  # fmt: skip
_Q0 = (
    -0.015555854605337009, 6.838519942611649e-05, -7.414498411060647e-07, 1.7972457247968992e-08,
    -7.27191593686632e-10, 4.2201219046687385e-11, -3.206747420996635e-12, 3.006145125351706e-13,
    -3.336328185322427e-14, 4.255225040245461e-15, -6.09993013164005e-16, 9.662128970303257e-17,
    -1.6686065214378146e-17, 3.1082440486738143e-18, -6.191115787358145e-19,
)  # fmt: skip
_P1 = (
    1.0009030408600137, 0.0008989898330859408, -3.987284300488908e-06, 6.177633960644299e-08,
    -1.8718907491063067e-09, 8.816898659582339e-11, -5.704863640395645e-12, 4.699195515230542e-13,
    -4.6842237839904895e-14, 5.452674896044717e-15, -7.221180842274018e-16,
    1.0667689114335412e-16, -1.7312313216116335e-17,
)  # fmt: skip
_Q1 = (
    0.04677778706953532, -9.62772354915708e-05, 9.138615257955454e-07, -2.0959781384083424e-08,
    8.229193327650554e-10, -4.686363688176945e-11, 3.5152187949686082e-12, -3.2643156743279e-13,
    3.5967765829165294e-14, -4.5612523950772974e-15, 6.508282957783384e-16,
    -1.0269147531823243e-16, 1.767635548776479e-17, -3.2834519872981614e-18,
)  # fmt: skip
_SQRT_HALF = math.sqrt(0.5)


def _near(x: Any, coefficients: tuple[float, ...], low: float, high: float, zero: Any) -> Any:
    """A function of numbers with ``low`` < x² < ``high``, of which one zero is a factor."""
    z = np.clip(x * x, low, high)
    main, rest = zero
    factor = ((x - main) - rest) * (x + main)
    return factor * chebyshev((2 * z - low - high) / (high - low), coefficients)


def _far(x: Any, p: tuple[float, ...], q: tuple[float, ...], cos: Any, sin: Any) -> Any:
    """A wave with amplitude and phase for numbers from 8 up, by those of its angle."""
    large = np.clip(x, 8.0, 1e300)
    u = 8 / large
    t = 2 * u * u - 1
    wave = chebyshev(t, p) * cos - u * chebyshev(t, q) * sin
    return np.where(np.isinf(x), 0.0, np.sqrt(2 / (math.pi * large)) * wave)


def _angles(x: Any) -> tuple[Any, Any]:
    """Cosine and sine of x - π/4."""
    large = np.where(np.isfinite(x), x, 0.0)
    c, s = np.cos(large), np.sin(large)
    return _SQRT_HALF * (c + s), _SQRT_HALF * (s - c)


@of_reals
def j0(x: Any) -> Any:
    """J₀(x)."""
    z = np.abs(x)
    first = _near(z, _J0_FIRST, 0.0, 16.0, _J0_ZEROS[0])
    second = _near(z, _J0_SECOND, 16.0, 64.0, _J0_ZEROS[1])
    far = _far(z, _P0, _Q0, *_angles(z))
    return np.where(z < 4, first, np.where(z < 8, second, far)) + _unknown(z)


@of_reals
def j1(x: Any) -> Any:
    """J₁(x)."""
    z = np.abs(x)
    first = z * _near(z, _J1_FIRST, 0.0, 29.0, _J1_ZEROS[0])
    second = z * _near(z, _J1_SECOND, 29.0, 64.0, _J1_ZEROS[1])
    cos, sin = _angles(z)
    # A quarter turn later: cos(x - 3π/4) = sin(x - π/4).
    far = _far(z, _P1, _Q1, sin, -cos)
    size = np.where(z * z < 29, first, np.where(z < 8, second, far))
    return np.copysign(1.0, x) * size + _unknown(z)


def _unknown(x: Any) -> Any:
    return np.where(np.isnan(x), x, 0.0)
