"""Augmentations: seeded, image by image, of any channels and type, and doing what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from nn import data

IMAGES = np.random.default_rng(0).random((6, 3, 8, 7)).astype(np.float32)
ALL: dict[str, Any] = {
    "shift": data.RandomShift((2, 1)),
    "crop": data.RandomCrop((8, 7), padding=2),
    "flip": data.RandomHorizontalFlip(),
    "turn upside down": data.RandomVerticalFlip(),
    "rotate": data.RandomRotation(30),
    "zoom": data.RandomZoom(0.3),
    "bend": data.ElasticTransform(9.0, 1.5),
    "jitter": data.ColorJitter(0.3, 0.4),
    "noise": data.GaussianNoise(0.1),
    "erase": data.RandomErasing(0.7),
    "several": data.Compose([data.RandomShift(1), data.GaussianNoise(0.1)]),
}


@pytest.mark.parametrize("name", ALL)
def test_images_are_changed_alike_for_a_seed(name: str) -> None:
    change = ALL[name]
    for channels in (1, 3):
        images = IMAGES[:, :channels]
        before = images.copy()
        first = change(images, rng=5)
        assert (first.shape, first.dtype) == (images.shape, np.float32)
        np.testing.assert_array_equal(first, change(images, rng=np.random.default_rng(5)))
        assert (first != change(images, rng=6)).any()
        assert (first != images).any()
        np.testing.assert_array_equal(images, before)
    assert change(IMAGES[0], rng=0).shape == (3, 8, 7)
    small = (IMAGES * 255).astype(np.uint8)
    found, labels = change((small, np.arange(6)), rng=0)
    assert found.dtype == np.uint8
    assert labels.tolist() == list(range(6))
    assert change(IMAGES[:0], rng=0).shape == (0, 3, 8, 7)
    wanted = change(small.astype(np.float64), rng=0)
    np.testing.assert_allclose(found, np.clip(wanted, 0, 255), atol=2)


def test_every_image_has_its_own_change() -> None:
    same = np.broadcast_to(IMAGES[:1], (40, 3, 8, 7))
    for name, change in ALL.items():
        found = {image.tobytes() for image in change(same, rng=0)}
        assert len(found) >= (2 if "flip" in name or "upside" in name else 8), name


def test_shifts_and_crops_are_windows() -> None:
    padded = np.pad(IMAGES, ((0, 0), (0, 0), (2, 2), (2, 2)), constant_values=7)
    found = data.RandomCrop((8, 7), padding=2, fill=7)(IMAGES, rng=0)
    for image, margin in zip(found, padded, strict=True):
        windows = np.lib.stride_tricks.sliding_window_view(margin, (8, 7), axis=(1, 2))
        assert any((image == windows[:, i, j]).all() for i in range(5) for j in range(5))
    seen = {
        data.RandomShift(1)(np.pad([[[1]]], ((0, 0), (1, 1), (1, 1))), rng=k).tobytes()
        for k in range(99)
    }
    assert len(seen) == 9
    assert data.RandomCrop((2, 3))(IMAGES, rng=0).shape == (6, 3, 2, 3)
    with pytest.raises(ad.ShapeError, match="window of 9 × 9 pixels does not fit"):
        data.RandomCrop(9)(IMAGES)


def test_turns_and_zooms() -> None:
    square = np.random.default_rng(0).random((4, 2, 9, 9))
    for quarter in range(4):
        turned = data.RandomRotation((90.0 * quarter, 90.0 * quarter))(square)
        np.testing.assert_allclose(turned, np.rot90(square, quarter, axes=(2, 3)), atol=1e-12)
    np.testing.assert_allclose(data.RandomZoom((1.0, 1.0))(square), square, atol=1e-12)
    ramp = np.arange(9.0)[None, None].repeat(9, axis=1)
    np.testing.assert_allclose(data.RandomZoom((2.0, 2.0))(ramp)[0, 4], 4 + (np.arange(9) - 4) / 2)
    # What is outside is what was said, beside it all fades into that.
    assert (data.RandomZoom((0.4, 0.4), fill=5)(ramp)[0, 0] == 5).all()


def test_light_noise_and_patches() -> None:
    jitter = data.ColorJitter(contrast=(0.5, 0.5))(IMAGES)
    mean = IMAGES.mean(axis=(1, 2, 3), keepdims=True)
    np.testing.assert_allclose(jitter, mean + 0.5 * (IMAGES - mean), rtol=1e-5)
    noise = data.GaussianNoise(0.2)(np.zeros((1, 200, 200)), rng=0)
    assert noise.std() == pytest.approx(0.2, rel=0.02)
    ones = np.ones((500, 1, 20, 20))
    erased = 1 - data.RandomErasing(1.0, (0.1, 0.3))(ones, rng=0).mean(axis=(1, 2, 3))
    assert 0.05 < erased.min() < 0.13
    assert 0.25 < erased.max() < 0.34
    some = data.RandomErasing(0.3, (0.2, 0.2))(ones, rng=0).min(axis=(1, 2, 3)) == 0
    assert some.mean() == pytest.approx(0.3, abs=0.06)


def test_mixtures_carry_their_labels() -> None:
    labels = np.arange(6) % 3
    plain = labels[:, None, None, None] * np.ones((6, 2, 20, 20))
    for mix in (data.MixUp(1.0, 3), data.CutMix(1.0, 3)):
        x, y = mix((plain, labels), rng=0)
        np.testing.assert_allclose(x.mean(axis=(1, 2, 3)), y @ np.arange(3.0), atol=1e-5)
        np.testing.assert_allclose(y.sum(axis=1), 1, rtol=1e-5)
        assert ((y > 0).sum(axis=1) > 1).any()
        soft = data.one_hot(labels, 3)
        np.testing.assert_array_equal(mix((plain, soft), rng=0)[1], y)
        with pytest.raises(ValueError, match="give num_classes"):
            type(mix)(1.0)((plain, labels))
    assert set(np.unique(data.CutMix(1.0, 3)((plain, labels), rng=0)[0])) <= {0, 1, 2}


def test_they_serve_as_transforms_of_a_loader() -> None:
    def epochs(workers: int, each: bool) -> list[Any]:
        change = data.Compose([data.RandomShift(1), data.RandomErasing()])
        pairs: Any = data.TensorDataset(IMAGES, np.arange(6))
        loader = (
            data.DataLoader(data.MapDataset(pairs, change), 4, True, num_workers=workers, rng=0)
            if each
            else data.DataLoader(pairs, 4, True, num_workers=workers, batch_transform=change, rng=0)
        )
        return [[(x.tolist(), y.tolist()) for x, y in loader] for _ in range(2)]

    for each in (True, False):
        first = epochs(0, each)
        assert first == epochs(2, each)
        assert first[0] != first[1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: data.RandomHorizontalFlip(1.5), "probability from 0 to 1"),
        (lambda: data.ElasticTransform(-1.0), "alpha: a number from 0 up"),
        (lambda: data.ElasticTransform(sigma=0.0), "sigma: a number above 0"),
        (lambda: data.RandomRotation((3.0, 1.0)), "two limits in order"),
        (lambda: data.RandomZoom(1.0), "above 0"),
        (lambda: data.RandomZoom("half"), "factor: a number"),  # type: ignore[arg-type]
        (lambda: data.ColorJitter(float("nan")), "brightness: a number"),
        (lambda: data.RandomShift(-1), "pixels: a whole number of pixels, 0 or more"),
        (lambda: data.RandomShift(1.5), "pixels: a whole number"),  # type: ignore[arg-type]
        (lambda: data.RandomCrop((3, 0)), "size: a whole number of pixels, 1 or more"),
        (lambda: data.RandomCrop(3, padding=-1), "padding: a whole number"),
        (lambda: data.RandomErasing(scale=(0.5, 2.0)), "scale are shares of the area"),
        (lambda: data.GaussianNoise(-1), "finite and not negative"),
        (lambda: data.RandomErasing(ratio=(0.0, 1.0)), "ratio must be above 0"),
        (lambda: data.MixUp(0.0), "alpha must be above 0"),
        (lambda: data.MixUp()((np.ones(2), np.ones(3))), "2 inputs and 3 labels"),
        (lambda: data.CutMix()((np.ones((2, 3)), np.ones((2, 2)))), "CutMix takes images"),
        (lambda: data.RandomShift(1)(np.ones((2, 2))), "RandomShift changes images of shape"),
    ],
)
def test_messages_of_augmentations(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_bending_moves_pixels_by_a_smooth_field() -> None:
    """As written down: noise, convolved with a Gaussian, times alpha; the same for all channels."""
    count, height, width, alpha, sigma = 2, 9, 12, 6.0, 1.25
    ramp = np.stack([np.tile(np.arange(height)[:, None], width), np.tile(np.arange(width), (9, 1))])
    images = np.broadcast_to(ramp.astype(np.float64), (count, 2, height, width))
    found = data.ElasticTransform(alpha, sigma, fill=-1e9)(images, rng=3)
    drawn = np.random.default_rng(3).uniform(-1, 1, (count, 2, height, width))
    reach = 5
    offsets = np.arange(-reach, reach + 1)
    kernel = np.exp(-(offsets**2) / (2 * sigma**2))
    kernel /= kernel.sum()
    inside = 0
    for n in range(count):
        for i in range(height):
            for j in range(width):
                moved = np.array([i, j], np.float64)
                for axis in range(2):
                    for a, wa in zip(offsets, kernel, strict=True):
                        for b, wb in zip(offsets, kernel, strict=True):
                            if 0 <= i + a < height and 0 <= j + b < width:
                                moved[axis] += alpha * wa * wb * drawn[n, axis, i + a, j + b]
                # On a ramp the number that is found is the place.
                if 0 <= moved[0] <= height - 1 and 0 <= moved[1] <= width - 1:
                    inside += 1
                    np.testing.assert_allclose(found[n, :, i, j], moved, atol=1e-9)
                else:
                    assert found[n].min() < -1
    assert inside > 100
    np.testing.assert_allclose(data.ElasticTransform(0.0)(images, rng=0), images, rtol=1e-12)
    whole = data.ElasticTransform(20.0, 2.0)(IMAGES, rng=0)
    np.testing.assert_array_equal(
        whole[:, :1], data.ElasticTransform(20.0, 2.0)(IMAGES[:, :1], rng=0)
    )
