"""Pixels as a PNG file."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

from nn.report.data import Pixel

__all__ = ["data_uri", "png"]


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(pixels: Sequence[Sequence[Pixel]]) -> bytes:
    """A PNG of 8 bits, in grey or in colours.

    Source: W3C, "Portable Network Graphics (PNG) Specification", colour types 0 and 2.

    Args:
        pixels: rows of equal length, of greys from 0 (white) to 1 (black), or of red, green and
            blue from 0 (none) to 1; beyond, they are cut.

    Returns:
        The file. It is not compressed, so that its bytes depend on the pixels alone and
        not on the build of zlib.

    Raises:
        ValueError: there are no pixels, or rows of different lengths.

    Example:
        >>> png([[0.0, 1.0]])[1:4]
        b'PNG'
    """
    widths = {len(row) for row in pixels}
    if len(widths) != 1 or 0 in widths:
        raise ValueError(f"expected rows of one length above 0, and got lengths {sorted(widths)}")
    coloured = isinstance(pixels[0][0], tuple)
    rows = [b"".join(map(_bytes, row)) for row in pixels]
    header = struct.pack(">IIBBBBB", widths.pop(), len(rows), 8, 2 if coloured else 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), level=0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _bytes(pixel: Pixel) -> bytes:
    levels = pixel if isinstance(pixel, tuple) else (1 - pixel,)
    return bytes(round(255 * min(max(level, 0.0), 1.0)) for level in levels)


def data_uri(pixels: Sequence[Sequence[Pixel]]) -> str:
    """The same as an address that carries the picture itself."""
    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode("ascii")
