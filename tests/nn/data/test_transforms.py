"""Fitted transforms, encodings, other sizes, and synthetic data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn import data

X = np.random.default_rng(0).standard_normal((40, 5)) @ np.random.default_rng(1).random((5, 5)) + 3
FITTED: dict[str, Any] = {
    "standardizer": data.Standardizer,
    "min-max": lambda shape=(): data.MinMaxScaler(-1, 2, shape),
    "robust": lambda shape=(): data.RobustScaler((10, 90), shape),
    "PCA": lambda shape=(): data.PCA(shape=shape),
    "whitening PCA": lambda shape=(): data.PCA(whiten=True, shape=shape),
    "ZCA": lambda shape=(): data.ZCAWhitening(0.1, shape),
}


@pytest.mark.parametrize("name", FITTED)
@pytest.mark.parametrize("shape", [(5,), (1, 5)])
def test_fitted_transforms(name: str, shape: tuple[int, ...]) -> None:
    make, x = FITTED[name], X.reshape(-1, *shape)
    blank = make(shape)
    for call in (blank.transform, blank.inverse, blank):
        with pytest.raises(ValueError, match="has not been fitted; call fit with the training"):
            call(x)
    fitted = make().fit(x)
    z = fitted.transform(x)
    np.testing.assert_allclose(fitted.inverse(z), x, rtol=1e-9)
    np.testing.assert_allclose(fitted.transform(x[3]), z[3])
    assert fitted.transform(x.astype(np.float32)).dtype == np.float32
    # As a layer: the same numbers, a gradient, and compiled.
    leaf = ad.Tensor(x, requires_grad=True)
    np.testing.assert_allclose(fitted(leaf).data, z, rtol=1e-9)
    fitted(leaf).sum().backward()
    step = 1e-6 * np.random.default_rng(2).standard_normal(x.shape)
    change = (fitted.transform(x + step) - fitted.transform(x - step)).sum() / 2
    np.testing.assert_allclose((leaf.grad.data * step).sum(), change, rtol=1e-4, atol=1e-12)
    blank.load_state_dict(fitted.state_dict())
    np.testing.assert_array_equal(blank.transform(x), z)
    assert not list(fitted.parameters())
    compiled = ad.compile(lambda v: fitted(v) * 1.0)
    for _ in range(2):
        np.testing.assert_allclose(compiled(ad.Tensor(x)).data, z, rtol=1e-9)
    with pytest.raises(ad.ShapeError, match=r"fitted to samples of shape .*data of shape \(2, 3\)"):
        fitted.transform(np.zeros((2, 3)))


def test_they_are_scikit_learns() -> None:
    pre = pytest.importorskip("sklearn.preprocessing")
    dec = pytest.importorskip("sklearn.decomposition")
    for ours, theirs in [
        (data.Standardizer(), pre.StandardScaler()),
        (data.MinMaxScaler(-1, 2), pre.MinMaxScaler((-1, 2))),
        (data.RobustScaler((10, 90)), pre.RobustScaler(quantile_range=(10, 90))),
        (data.PCA(3), dec.PCA(3, svd_solver="full")),
        (data.PCA(whiten=True), dec.PCA(whiten=True, svd_solver="full")),
    ]:
        wanted = theirs.fit_transform(X)
        found = ours.fit(X).transform(X)
        # The sign of a component is free.
        signs = np.sign((found * wanted).sum(axis=0)) if isinstance(ours, data.PCA) else 1.0
        np.testing.assert_allclose(found * signs, wanted, rtol=1e-9, atol=1e-9)


def test_whitening() -> None:
    z = data.ZCAWhitening(0.0).fit(X).transform(X)
    np.testing.assert_allclose(np.cov(z.T), np.eye(5), atol=1e-9)
    matrix = data.ZCAWhitening(0.0).fit(X).matrix.data
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-9)
    np.testing.assert_allclose(matrix @ matrix, np.linalg.inv(np.cov(X.T)), rtol=1e-7)
    few = data.ZCAWhitening(0.5).fit(X[:3])
    covariance = np.cov(X[:3].T) + 0.5 * np.eye(5)
    np.testing.assert_allclose(
        few.matrix.data @ few.matrix.data, np.linalg.inv(covariance), rtol=1e-7
    )
    # Directions without variance stay 0, and are not divided by it.
    flat = np.repeat(X[:, :1], 3, axis=1)
    whitened = data.PCA(whiten=True).fit(flat).transform(flat)
    np.testing.assert_allclose(whitened[:, 1:], 0, atol=1e-12)
    np.testing.assert_allclose(whitened[:, 0].var(ddof=1), 1)


def test_messages_of_transforms() -> None:
    for call, message in [
        (lambda: data.MinMaxScaler(1, 1), "high=1 must be above low=1"),
        (lambda: data.RobustScaler((75, 25)), "in order between 0 and 100"),
        (lambda: data.PCA(0), "n_components must be a positive integer"),
        (lambda: data.PCA(6).fit(X), "n_components=6, and 40 samples of 5 features"),
        (lambda: data.PCA().fit(X[:1]), "at least two samples"),
        (lambda: data.ZCAWhitening(-1), "eps must not be negative"),
        (lambda: data.one_hot([0, 3], 3), "the label 3 has no place among 3"),
        (lambda: data.one_hot([-1]), "the label -1 has no place"),
        (lambda: data.LabelEncoder().transform(["a"]), "has no classes; call fit"),
        (lambda: data.LabelEncoder("ab").transform(["c"]), "'c' is none of the classes 'a', 'b'"),
        (lambda: data.LabelEncoder("ab").inverse([2]), "numbered from 0 to 1"),
        (lambda: data.resize_images(np.zeros((2, 0)), 3), "are resized, not"),
        (lambda: data.resize_images(np.zeros((2, 2)), 0), "must be positive"),
        (lambda: data.make_moons(0), "n_samples must be a positive integer"),
        (lambda: data.make_circles(factor=1.0), "from 0 to less than 1"),
        (lambda: data.make_friedman(n_features=4), "5 inputs that matter"),
        (lambda: data.make_xor(noise=float("nan")), "noise is a standard deviation, 0 or more"),
        (lambda: data.make_sine(noise=-1.0), "noise is a standard deviation, 0 or more, and -1"),
        (lambda: data.make_blobs(cluster_std=-1.0), "cluster_std is a standard deviation"),
        (lambda: data.make_blobs(centers=0), "centers must be a positive integer"),
        (lambda: data.make_spirals(classes=0), "classes must be a positive integer"),
        (lambda: data.make_checkerboard(squares=0), "squares must be a positive integer"),
        (lambda: data.make_linear(n_features=3, n_informative=4), "and there are 3 inputs"),
        (lambda: data.LabelEncoder("aba"), "a class comes twice among"),
        (lambda: data.one_hot([1], 2.5), "num_classes must be a whole number"),  # type: ignore[arg-type]
        (lambda: data.resize_images(np.zeros((2, 2)), (1, 2, 3)), "or one number, not"),  # type: ignore[arg-type]
        (lambda: data.resize_images(np.zeros((2, 2)), 2.5), "or one number, not 2.5"),  # type: ignore[arg-type]
    ]:
        with pytest.raises(ValueError, match=message):
            call()
    with pytest.raises(TypeError, match="labels are whole numbers, not float32"):
        data.one_hot([0.5])


def test_encodings_and_scales_of_samples() -> None:
    assert data.one_hot([[1], [0]]).tolist() == [[[0, 1]], [[1, 0]]]
    encoder = data.LabelEncoder().fit([7, 3, 7])
    assert (encoder.classes, encoder.transform([[3], [7]]).tolist()) == ((3, 7), [[0], [1]])
    assert encoder.inverse([1, 0]).tolist() == [7, 3]
    z = data.normalize_samples(X.reshape(-1, 5, 1))
    np.testing.assert_allclose(z.mean(axis=(1, 2)), 0, atol=1e-9)
    np.testing.assert_allclose(z.std(axis=(1, 2)), 1, rtol=1e-6)


@pytest.mark.parametrize(("old", "new"), [(8, 16), (8, 32), (8, 8), (9, 4), (7, 5), (3, 1)])
def test_sizes_are_those_of_pillow_and_pytorch(old: int, new: int) -> None:
    images = np.random.default_rng(0).random((2, old, old + 1)).astype(np.float32)
    found = data.resize_images(images, (new, new + 2))
    assert (found.shape, found.dtype) == ((2, new, new + 2), np.float32)
    pillow = pytest.importorskip("PIL.Image")
    for image, resized in zip(images, found, strict=True):
        wanted = pillow.fromarray(image).resize((new + 2, new), pillow.Resampling.BILINEAR)
        np.testing.assert_allclose(resized, np.asarray(wanted), atol=1e-6)
    torch = pytest.importorskip("torch")
    theirs = torch.nn.functional.interpolate(
        torch.from_numpy(images)[None], (new, new + 2), mode="bilinear", antialias=True
    )
    np.testing.assert_allclose(found, theirs[0].numpy(), atol=1e-5)


def test_digits_in_other_sizes() -> None:
    pytest.importorskip("sklearn")
    small = data.load_digits()
    for size in (16, 32):
        digits = data.load_digits(size)
        assert digits.features.shape == (1797, size * size)
        np.testing.assert_array_equal(digits.labels, small.labels)
        assert 0 <= digits.images.min() <= digits.images.max() <= 16
    # Beyond the centre of the first pixel there is nothing to interpolate with.
    corner = 0.75 * small.images[:, 0, 0] + 0.25 * small.images[:, 0, 1]
    np.testing.assert_allclose(data.load_digits(16).images[:, 0, 1], corner, atol=1e-5)


SETS: dict[str, Any] = {
    "moons": data.make_moons,
    "circles": data.make_circles,
    "spirals": data.make_spirals,
    "xor": data.make_xor,
    "checkerboard": data.make_checkerboard,
    "blobs": data.make_blobs,
    "linear": data.make_linear,
    "sine": data.make_sine,
    "friedman": data.make_friedman,
}


@pytest.mark.parametrize("name", SETS)
def test_synthetic_data_are_seeded_and_typed(name: str) -> None:
    make = SETS[name]
    first, again, other = make(61, rng=3), make(61, rng=np.random.default_rng(3)), make(61, rng=4)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any((a != b).any() for a, b in zip(first, other, strict=True))
    x, y = first[:2]
    assert (len(x), x.dtype) == (61, np.float32)
    assert y.dtype == (np.int64 if y.ndim == 1 else np.float32)
    assert y.shape in ((61,), (61, 1))
    assert make(61, rng=3, dtype="f8")[0].dtype == np.float64


def test_synthetic_data_are_scikit_learns() -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    for ours, theirs in [
        (data.make_moons, datasets.make_moons),
        (data.make_circles, datasets.make_circles),
    ]:
        for count in (10, 11):
            x, y = ours(count, shuffle=False, dtype="f8")
            wanted = theirs(count, shuffle=False)
            np.testing.assert_allclose(x, wanted[0], atol=1e-12)
            np.testing.assert_array_equal(y, wanted[1])
    x, y = data.make_moons(2000, noise=0.2, shuffle=False, dtype="f8", rng=0)
    clean = data.make_moons(2000, shuffle=False, dtype="f8")[0]
    assert (x - clean).std() == pytest.approx(0.2, rel=0.05)
    model = nn.Sequential(data.Standardizer().fit(x), nn.Linear(2, 2, rng=0))
    assert model(x.astype(np.float32)).shape == (2000, 2)


def test_transforms_in_a_row() -> None:
    both = data.Compose([lambda x: x + 1, lambda x, rng: x + rng.random()])
    assert both(1.0, rng=0) == 2 + np.random.default_rng(0).random()
    mapped = data.MapDataset([0.0, 1.0], both)
    first, again = ([b.tolist() for b in data.DataLoader(mapped, 2, rng=0)] for _ in range(2))
    assert first == again


@pytest.mark.parametrize("dtype", [int, "u1", bool, complex])
def test_what_becomes_floats_is_never_cut_to_whole_numbers(dtype: Any, tmp_path: Any) -> None:
    path = tmp_path / "a.txt"
    path.write_text("1 1:2.5")
    table = data.Table({"a": np.array([0.5]), "b": np.array([1.5])}, target="b")
    for call in (
        lambda: data.read_csv(path, header=False, delimiter=" ", dtype=dtype),
        lambda: data.read_libsvm(path, dtype=dtype),
        lambda: table.matrix(dtype=dtype),
        lambda: table.xy(dtype=dtype),
        *(lambda make=make: make(5, dtype=dtype) for make in (data.make_moons, data.make_sine)),
        lambda: nn.functional.sinusoidal_positions(3, 4, dtype=dtype),
        lambda: nn.Transformer.generate_square_subsequent_mask(3, dtype=dtype),
    ):
        with pytest.raises(TypeError, match="dtype must be a floating type such as"):
            call()
