"""Short-time Fourier transforms, and those of conjugate halves, against PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.compositions import check_composition

RNG = np.random.default_rng(11)
X = RNG.standard_normal((2, 13))
Z = X + 1j * RNG.standard_normal((2, 13))
WINDOW = RNG.uniform(0.5, 1.5, 6)
HERMITIAN = ["hfft2", "hfftn", "ihfft2", "ihfftn"]
SETTINGS: list[dict[str, Any]] = [
    {},
    {"hop_length": 3, "window": WINDOW},
    {"win_length": 4, "window": WINDOW[:4], "hop_length": 2},
    {"win_length": 5, "hop_length": 2, "normalized": True},
    {"center": False, "window": WINDOW, "hop_length": 2},
    {"pad_mode": "constant", "onesided": False},
    {"pad_mode": "replicate", "hop_length": 4, "window": WINDOW},
    {"pad_mode": "circular", "normalized": True, "window": WINDOW},
]


def reference(function: Any, x: Any, n: int, options: dict[str, Any]) -> Any:
    torch = pytest.importorskip("torch")
    given = {k: torch.tensor(v) if k == "window" else v for k, v in options.items()}
    if "window" not in given:
        width = options.get("win_length", n)
        given["window"] = torch.ones(width, dtype=torch.tensor(x).real.dtype)
    return function(torch)(torch.tensor(x), n, **given).numpy()


@pytest.mark.parametrize("options", SETTINGS)
@pytest.mark.filterwarnings("ignore:The length of signal")
@pytest.mark.parametrize("x", [X, X[0], Z], ids=["real", "one", "complex"])
def test_there_and_back_as_the_reference(options: dict[str, Any], x: Any) -> None:
    n = 6
    found = ad.fft.stft(x, n, **options)
    expected = reference(lambda t: _complex(t.stft), x, n, options)
    np.testing.assert_allclose(found.data, expected, rtol=1e-12, atol=1e-12)
    back = {k: v for k, v in options.items() if k != "pad_mode"}
    back["return_complex"] = x.dtype.kind == "c"
    for length in (None, 9, 20) if len(options) < 3 and "center" not in options else (9,):
        signal = ad.fft.istft(found, n, **back, length=length)
        wanted = reference(lambda t: t.istft, expected, n, {**back, "length": length})
        np.testing.assert_allclose(signal.data, wanted, rtol=1e-11, atol=1e-12)
        shared = min(signal.shape[-1], x.shape[-1], 12)
        np.testing.assert_allclose(signal.data[..., :shared], x[..., :shared], atol=1e-12)


def _complex(function: Any) -> Any:
    return lambda *args, **options: function(*args, return_complex=True, **options)


def test_gradients_by_signals_and_windows() -> None:
    def there(x: Any, w: Any) -> Any:
        return ad.fft.stft(x, 4, 2, window=w)

    def back(x: Any, w: Any) -> Any:
        return ad.fft.istft(ad.make_complex(x, x), 4, 2, window=w)

    assert ad.gradcheck(there, X[:, :7], WINDOW[:4], order=2).passed
    assert ad.gradcheck(there, Z[0, :5], WINDOW[:4]).passed
    assert ad.gradcheck(back, X[:, :9].reshape(2, 3, 3), WINDOW[:4], order=2).passed
    assert ad.gradcheck(lambda x: ad.fft.istft(x, 4, 2), Z[:, :9].reshape(2, 3, 3)).passed


def test_in_every_mode() -> None:
    def power(x: Any) -> Any:
        return ad.square(ad.abs(ad.fft.stft(x, 4, 2, window=WINDOW[:4].tolist())))

    def plain(x: Any) -> Any:
        x = np.pad(x, [(0, 0), (2, 2)], "reflect")
        pieces = np.lib.stride_tricks.sliding_window_view(x, 4, -1)[..., ::2, :] * WINDOW[:4]
        return np.square(np.abs(np.fft.rfft(pieces))).swapaxes(-1, -2)

    check_composition(power, plain, [X[:, :8]], reduced=False)
    assert ad.fft.stft(np.float32(X), 4, win_length=3).dtype == np.complex64
    pairs = ad.fft.stft(X, 4, return_complex=False)
    assert pairs.shape == (*ad.fft.stft(X, 4).shape, 2)


@pytest.mark.parametrize("name", HERMITIAN)
@pytest.mark.parametrize(
    ("s", "axes", "norm"),
    [(None, (0, 1), None), ((2, 7), (-1, 0), "ortho"), ((4, 5), (1, 2), "forward")],
)
def test_conjugate_halves_as_the_reference(name: str, s: Any, axes: Any, norm: Any) -> None:
    torch = pytest.importorskip("torch")
    x = Z[:, :12].reshape(2, 3, 4)
    x = x.real if name.startswith("i") else x
    found = getattr(ad.fft, name)(x, s, axes, norm)
    expected = getattr(torch.fft, name)(torch.tensor(x), s, axes, norm or "backward").numpy()
    np.testing.assert_allclose(found.data, expected, rtol=1e-12, atol=1e-13)
    assert ad.gradcheck(lambda v: getattr(ad.fft, name)(v, s, axes, norm), x).passed


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ad.fft.stft(X, 20, center=False), "signals of length 13"),
        (lambda: ad.fft.stft(X, 4, window=WINDOW), "win_length=4 numbers"),
        (lambda: ad.fft.stft(X, 4, 0), "hop_length=0"),
        (lambda: ad.fft.stft(X, 4, win_length=5), "no longer window"),
        (lambda: ad.fft.stft(Z, 4, onesided=True), "leave onesided= out"),
        (lambda: ad.fft.stft(1.0, 4), "a single number"),
        (lambda: ad.fft.istft(Z, 4), r"with n_fft=4 give \(…, 3, pieces\)"),
        (lambda: ad.fft.istft(Z[:, :3].T, 4, return_complex=True), "leave return_complex= out"),
        (lambda: ad.fft.istft(Z[:, :3].T, 4, window=np.zeros(4)), "multiplies by 0"),
    ],
)
def test_what_cannot_be_done(call: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call()
