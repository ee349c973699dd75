"""Pictures in folders, one folder for each class."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from autodiff.errors import missing_extra
from nn.data.datasets import Dataset
from nn.data.readers.cifar import LabelledImages
from nn.data.readers.files import DataFileError, PathLike, suffix_of
from nn.module.dtypes import get_default_dtype

__all__ = ["ImageFolder", "read_image_folder", "read_images"]

Array = np.ndarray[Any, Any]

ENDINGS = {
    ".png",
    ".jpg",
    ".jpeg",
    ".bmp",
    ".gif",
    ".tif",
    ".tiff",
    ".webp",
    ".ppm",
    ".pgm",
    ".pbm",
}
_MODES = {"RGB": 3, "L": 1}
_MOST_PIXELS = 1 << 26


class ImageFolder(Dataset):
    """The pictures in the folders of a folder, of which each is a class; read when asked for.

    Sample i is a picture, of shape (channels, height, width), and the number of its class. The
    classes are numbered in sorted order of their folders' names.

    Args:
        root: the folder of the classes' folders; pictures may lie deeper in those.
        resize: ``(height, width)`` to which every picture is brought, or one number for both
            (Pillow's bilinear filter, which smooths where it shrinks). If not given, a picture
            is as large as it is.
        mode: ``"RGB"``, or ``"L"`` for greyscale; pictures are converted.
        dtype: floats are scaled to lie from 0 to 1, in `nn.get_default_dtype` if not given;
            ``"uint8"`` keeps bytes from 0 to 255.

    Attributes:
        classes: the names of the classes.
        class_to_idx: their numbers by name.
        samples: the path of every picture with the number of its class.
        targets: the numbers of the classes, int64.

    Raises:
        FileNotFoundError: there is no such folder.
        DataFileError: there are no folders in it, or one without pictures; and, when it is
            read, a picture is damaged.
        MissingExtraError: a picture is read, and Pillow is not installed.

    Example:
        >>> import tempfile, pathlib
        >>> from PIL import Image
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name, ink in [("cat", 255), ("ant", 0)]:
        ...         (pathlib.Path(folder) / name).mkdir()
        ...         Image.new("L", (4, 2), ink).save(pathlib.Path(folder) / name / "1.png")
        ...     pictures = ImageFolder(folder, mode="L")
        ...     image, label = pictures[1]
        >>> pictures.classes, label, image.shape, float(image.max())
        (('ant', 'cat'), 1, (1, 2, 4), 1.0)
    """

    def __init__(
        self,
        root: PathLike,
        resize: int | tuple[int, int] | None = None,
        mode: str = "RGB",
        *,
        dtype: Any = None,
    ) -> None:
        self.dtype: np.dtype[Any] = _checked(mode, dtype)
        self.root: Path = Path(root)
        if not self.root.is_dir():
            raise FileNotFoundError(f"there is no folder {os.fspath(root)!r}")
        self.resize: tuple[int, int] | None = _pair(resize)
        self.mode: str = mode
        folders = sorted(
            entry for entry in self.root.iterdir() if entry.is_dir() and not is_hidden(entry)
        )
        self.classes: tuple[str, ...] = tuple(folder.name for folder in folders)
        if not folders:
            raise DataFileError(
                root, "it has no folders; each class is a folder of pictures, named as the class"
            )
        self.class_to_idx: dict[str, int] = {name: i for i, name in enumerate(self.classes)}
        self.samples: list[tuple[Path, int]] = []
        for number, folder in enumerate(folders):
            files = sorted(f for f in folder.rglob("*") if is_picture(f))
            if not files:
                raise DataFileError(
                    folder,
                    f"it holds no picture ({', '.join(sorted(ENDINGS))}); fill or remove it",
                )
            self.samples += [(file, number) for file in files]
        self.targets: Array = np.array([label for _, label in self.samples], np.int64)

    def __len__(self) -> int:
        """Number of pictures."""
        return len(self.samples)

    def __getitem__(self, index: Any) -> tuple[Array, int]:
        """A picture and the number of its class."""
        path, label = self.samples[index]
        return _scaled(_pixels(path, self.mode, self.resize), self.dtype), label


def is_hidden(path: Path) -> bool:
    """Whether a system put a file or folder there, and no person."""
    return path.name.startswith(".") or path.name == "__MACOSX"


def is_picture(path: Path) -> bool:
    """Whether a file is a picture by its name, and not hidden."""
    return suffix_of(path) in ENDINGS and path.is_file() and not is_hidden(path)


def read_image_folder(
    root: PathLike,
    resize: int | tuple[int, int] | None = None,
    mode: str = "RGB",
    *,
    dtype: Any = None,
) -> LabelledImages:
    """All pictures of an `ImageFolder` as one array.

    Args:
        root: as for `ImageFolder`.
        resize: likewise; needed where pictures differ in size.
        mode: likewise.
        dtype: likewise.

    Returns:
        Images of shape (N, channels, height, width), labels and the names of the classes.

    Raises:
        DataFileError: as for `ImageFolder`; or a picture is not as large as the first.
    """
    folder = ImageFolder(root, resize, mode, dtype=dtype)
    images = read_images([path for path, _ in folder.samples], resize, mode, dtype=dtype)
    return LabelledImages(images, folder.targets, folder.classes)


def read_images(
    paths: Iterable[PathLike],
    resize: int | tuple[int, int] | None = None,
    mode: str = "RGB",
    *,
    dtype: Any = None,
) -> Array:
    """Pictures as one array.

    Args:
        paths: the files, one at least.
        resize: as for `ImageFolder`; needed where pictures differ in size.
        mode: likewise.
        dtype: likewise.

    Returns:
        Images of shape (N, channels, height, width).

    Raises:
        DataFileError: a picture is damaged, or not as large as the first.
        ValueError: there are no paths.
        MissingExtraError: Pillow is not installed.

    Example:
        >>> import tempfile, pathlib
        >>> from PIL import Image
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder) / "1.png"
        ...     Image.new("L", (4, 2), 255).save(path)
        ...     images = read_images([path], mode="L")
        >>> images.shape, float(images.max())
        ((1, 1, 2, 4), 1.0)
    """
    files, size, kind = list(paths), _pair(resize), _checked(mode, dtype)
    if not files:
        raise ValueError("there are no pictures to read; give one path at least")
    images: Array | None = None
    for number, path in enumerate(files):
        image = _scaled(_pixels(Path(path), mode, size), kind)
        if images is None:
            images = np.empty((len(files), *image.shape), image.dtype)
        if image.shape != images.shape[1:]:
            raise DataFileError(
                path,
                f"it is {_size(image)} pixels large, and the first picture {_size(images[0])}; "
                "give resize=(height, width)",
            )
        images[number] = image
    assert images is not None
    return images


def _checked(mode: str, dtype: Any) -> np.dtype[Any]:
    """The dtype of pictures."""
    if mode not in _MODES:
        raise ValueError(f"mode is 'RGB' or 'L' (greyscale), not {mode!r}")
    kind = np.dtype(get_default_dtype() if dtype is None else dtype)
    if kind.kind != "f" and kind != np.uint8:
        raise TypeError(f"pictures are floats or uint8, not {kind}")
    return kind


def _scaled(pixels: Array, kind: np.dtype[Any]) -> Array:
    """Bytes as they are, or as floats from 0 to 1."""
    return pixels if kind == np.uint8 else pixels.astype(kind) / kind.type(255)


def _size(image: Array) -> str:
    return f"{image.shape[1]} × {image.shape[2]}"


def _pair(resize: int | tuple[int, int] | None) -> tuple[int, int] | None:
    if resize is None:
        return None
    pair = (resize, resize) if isinstance(resize, int) else tuple(resize)
    if len(pair) != 2 or not all(isinstance(n, int) and n > 0 for n in pair):
        raise ValueError(f"resize is (height, width), two positive integers, not {resize!r}")
    return pair


def _pixels(path: Path, mode: str, resize: tuple[int, int] | None) -> Array:
    """The bytes of a picture, channels first."""
    try:
        # An extra.
        from PIL import Image
    except ImportError:
        raise missing_extra("pillow", "data") from None
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise DataFileError(path, f"it claims {picture.width} × {picture.height} pixels")
            shown = _converted(picture, mode)
            if resize is not None:
                shown = shown.resize(resize[::-1], Image.Resampling.BILINEAR)
            array = np.asarray(shown, np.uint8)
    except DataFileError:
        raise
    except Exception as error:
        # Pillow's decoders raise whatever they stumble on.
        raise DataFileError(path, f"the picture cannot be read: {error}") from None
    return np.ascontiguousarray(array.reshape(*array.shape[:2], _MODES[mode]).transpose(2, 0, 1))


def _converted(picture: Any, mode: str) -> Any:
    """A picture as RGB or grey, what is transparent in it on white."""
    if picture.mode in ("I", "F"):
        raise DataFileError(
            picture.filename,
            f"it has numbers of 32 bits (mode {picture.mode}), whose range is not said; save it "
            "with 8 or 16 bits",
        )
    if picture.mode.startswith("I;16"):
        # Pillow would cut numbers above 255 off.
        return _sixteen(picture, mode)
    if "A" in picture.getbands() or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = layer.copy()
        ground.paste((255, 255, 255, 255), (0, 0, *layer.size))
        ground.alpha_composite(layer)
        return ground.convert(mode)
    return picture.convert(mode)


def _sixteen(picture: Any, mode: str) -> Any:
    """A picture of 16 bits brought to 8."""
    # An extra.
    from PIL import Image

    grey = np.asarray(picture).astype(np.uint16) // 257
    return Image.fromarray(grey.astype(np.uint8)).convert(mode)
