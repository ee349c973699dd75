"""Discrete Fourier transforms with NumPy's names, differentiable to every order.

NumPy's own functions of `numpy.fft` applied to tensors lead here. The gradient of a real
number by a complex one is ∂L/∂x + i ∂L/∂y, as everywhere.

Example:
    >>> import autodiff as ad
    >>> x = ad.Tensor([1.0, 0.0, 0.0, 0.0], requires_grad=True)
    >>> power = ad.sum(ad.square(ad.abs(ad.fft.fft(x))))
    >>> power.backward()
    >>> x.grad.tolist()
    [8.0, 0.0, 0.0, 0.0]
"""

from __future__ import annotations

from autodiff.functions.fourier.complex_transforms import fft, fft2, fftn, ifft, ifft2, ifftn
from autodiff.functions.fourier.frequencies import fftfreq, fftshift, ifftshift, rfftfreq
from autodiff.functions.fourier.hermitian_transforms import (
    hfft,
    hfft2,
    hfftn,
    ihfft,
    ihfft2,
    ihfftn,
)
from autodiff.functions.fourier.real_transforms import irfft, irfft2, irfftn, rfft, rfft2, rfftn
from autodiff.functions.fourier.short_time import istft, stft
from autodiff.functions.parameter_aliases import spelt

__all__ = [
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "hfft2",
    "hfftn",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "ihfft2",
    "ihfftn",
    "irfft",
    "irfft2",
    "irfftn",
    "istft",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
    "stft",
]


def __dir__() -> list[str]:
    return __all__


for _name in __all__:
    globals()[_name] = spelt(globals()[_name])
