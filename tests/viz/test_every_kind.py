"""What holds for every kind of picture: inert, legible, the same each time, in every format."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import viz
from tests.checkout import ROOT
from tests.sampled import sampled
from tests.viz.gallery import KINDS
from tests.viz.samples import SVG, parsed
from tests.viz.test_svg import HOSTILE, contrast
from viz.draw import raster
from viz.draw.metrics import text_width
from viz.draw.palette import DARK, LIGHT, Palette, styles
from viz.draw.scene import Block, Polygon, Scene, Text
from viz.picture import Picture
from viz.text.formatting import clean

LEAST, LEAST_LARGE, LARGE = 4.5, 3.0, 17.0
"""Contrasts by WCAG 2.1, AA: of text, and of text that is large or bold and fairly large."""


@pytest.fixture(scope="module")
def made() -> dict[str, Picture]:
    return {name: make() for name, make in KINDS.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_and_its_picture_have_one_heading(kind: str, made: dict[str, Picture]) -> None:
    picture = made[kind]
    untitled = isinstance(picture, viz.Drawing) and not picture.title
    bare = untitled or kind == "network as a thumbnail"
    assert ("<h1>" in picture.html) == bare
    shown = [t for g in picture.scene.groups for t in g.shapes if isinstance(t, Text)]
    assert bare or any(span.size >= 15 and span.bold for text in shown for span in text.spans)


@pytest.mark.parametrize("kind", KINDS)
def test_json_is_what_strict_parsers_take(kind: str, made: dict[str, Picture]) -> None:
    write = made[kind].formats().get("json")
    if write is not None:

        def refuse(token: str) -> None:
            raise AssertionError(f"{token} is no JSON")

        assert json.loads(write(1.0), parse_constant=refuse)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_inert_and_its_ids_are_unique(kind: str, made: dict[str, Picture]) -> None:
    root = parsed(made[kind].svg)
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")


def test_ids_are_unique_across_drawings_in_one_page(made: dict[str, Picture]) -> None:
    scopes = {kind: parsed(picture.svg).attrib["id"] for kind, picture in made.items()}
    assert len(set(scopes.values())) == len(scopes)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_text_is_legible_where_it_stands(
    kind: str, palette: Palette, made: dict[str, Picture]
) -> None:
    faint = [
        (text, round(found, 2))
        for text, found, least in _contrasts(made[kind].scene, palette)
        if found < least
    ]
    assert faint == []


def _contrasts(scene: Scene, palette: Palette) -> Iterator[tuple[str, float, float]]:
    """For each stretch of text its contrast with what is under its middle."""
    look = styles(palette)
    grounds: list[tuple[float, float, float, float, str, float]] = []
    for group in scene.groups:
        for shape in group.shapes:
            if isinstance(shape, Block):
                r = shape.rect
                box = (r.x, r.y, r.right, r.bottom)
            elif isinstance(shape, Polygon):
                xs, ys = zip(*shape.points, strict=True)
                box = (min(xs), min(ys), max(xs), max(ys))
            elif isinstance(shape, Text):
                yield from _of_text(shape, grounds, look, palette)
                continue
            else:
                continue
            colour = look[shape.style].get("fill", "none")
            if colour != "none":
                grounds.append((*box, colour, shape.opacity))


def _of_text(
    text: Text, grounds: list[Any], look: dict[str, Any], palette: Palette
) -> Iterator[tuple[str, float, float]]:
    widths = [text_width(s.text, s.size, s.bold, s.code) + s.gap for s in text.spans]
    x = text.x - {"start": 0.0, "middle": sum(widths) / 2, "end": sum(widths)}[text.anchor]
    for span, width in zip(text.spans, widths, strict=True):
        place = (x + width / 2, text.y - span.size / 3) if not text.turn else (text.x, text.y)
        x += width
        if not span.text.strip():
            continue
        under = palette.background
        for left, top, right, bottom, colour, opacity in grounds:
            if left <= place[0] <= right and top <= place[1] <= bottom:
                under = _blended(under, colour, opacity)
        large = span.size >= LARGE or (span.bold and span.size >= 14)
        found = contrast(look[span.style]["fill"], under)
        yield span.text, found, LEAST_LARGE if large else LEAST


def _blended(under: str, over: str, opacity: float) -> str:
    pairs = ((int(under[i : i + 2], 16), int(over[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * opacity):02x}" for a, b in pairs)


def test_the_contrast_of_a_planted_faint_text_is_seen() -> None:
    from viz.draw.scene import Group, Span
    from viz.geometry import Rect

    ground = Block(Rect(0, 0, 50, 50), "forward", opacity=0.9)
    group = Group("x", (ground, Text(5, 20, (Span("faint", "muted", 12.0),))))
    scene = Scene(50, 50, (group,), "t", "d")
    ((_, found, least),) = _contrasts(scene, LIGHT)
    assert found < least


@pytest.mark.parametrize("kind", sampled(KINDS, 4))
def test_matplotlib_draws_every_shape(
    kind: str, made: dict[str, Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    image = pytest.importorskip("matplotlib.image")
    monkeypatch.setattr(raster.shutil, "which", lambda _: None)
    picture = made[kind]
    pixels = image.imread(io.BytesIO(picture.formats()["png"](0.5)))
    height, width = pixels.shape[:2]
    assert (width, height) == pytest.approx(
        (picture.scene.width / 2, picture.scene.height / 2), abs=2
    )
    colours = np.unique((pixels[..., :3] * 255).astype(int).reshape(-1, 3), axis=0)
    assert len(colours) > 20


PROGRAM = """
import hashlib, json
from tests.viz.gallery import KINDS
print(json.dumps({k: hashlib.sha256(make().svg.encode()).hexdigest() for k, make in KINDS.items()}))
"""


def test_the_same_input_gives_the_same_bytes_in_every_process(made: dict[str, Picture]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        check=True,
    )
    there = json.loads(done.stdout)
    here = {k: hashlib.sha256(p.svg.encode()).hexdigest() for k, p in made.items()}
    assert {k for k in here if here[k] != there[k]} == set()


def _loss(name: str) -> tuple[ad.Value, ad.Value]:
    """A 2-2-1 network of which the leaves have the name, as near as names may be."""
    x = [ad.Value(0.5, name=name), ad.Value(-1.0, name=f"{name} ")]
    w = [[ad.Value(0.3 * i - 0.2 * j + 0.4, name=f"w{i}{j}") for j in (0, 1)] for i in (0, 1)]
    h = [ad.tanh(w[i][0] * x[0] + w[i][1] * x[1]) for i in (0, 1)]
    o = ad.Value(0.7, name="w3") * h[0] + ad.Value(-0.4, name=name) * h[1]
    return (o - 1.0) ** 2, w[0][0]


def _tensor(name: str) -> ad.Tensor:
    return ad.Tensor([1.0, 2.0], requires_grad=True, name=name)


def _tensor_loss(name: str) -> ad.Tensor:
    x = ad.Tensor([[1.0, 2.0]], name=name)
    return (x @ ad.Tensor([[0.1], [0.2]], requires_grad=True, name=name)).sum()


NAMED: dict[str, Callable[[str], Picture]] = {
    "draw": lambda name: viz.draw(_loss(name)[0], title=name, engine="builtin"),
    "draw, tensors": lambda name: viz.draw(_tensor_loss(name), gradients=True, engine="builtin"),
    "explain": lambda name: viz.explain(*_loss(name)),
    "why": lambda name: viz.why(*_loss(name)),
    "diff": lambda name: viz.diff(
        _loss(name)[0], _loss(name + "2")[0], labels=(name, "b"), engine="builtin"
    ),
    "network": lambda name: viz.network(_loss(name)[0]),
    "backward network": lambda name: viz.backward_network(_loss(name)[0]),
    "zoom": lambda name: viz.zoom(_tensor(name) * 2.0, engine="builtin"),
    "curves": lambda name: viz.curves({name: [1.0, 2.0]}, title=name),
    "confusion": lambda name: viz.confusion([[1, 2], [3, 4]], [name, "b"], title=name),
}


@pytest.mark.parametrize("name", sampled(HOSTILE, 3))
@pytest.mark.parametrize("kind", NAMED)
def test_hostile_names_come_out_as_text(kind: str, name: str) -> None:
    picture = NAMED[kind](name)
    root = parsed(picture.svg)
    said = [e.text or "" for e in root.iter() if e.tag != f"{SVG}style"]
    said += [value for e in root.iter() for value in e.attrib.values()]
    for text in said:
        assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]", text)
    shown = clean(name)[:5]
    assert not shown or any(shown in text for text in said)
    # The page around it has no way out of its text, either.
    assert "<script>alert" not in picture.html
    assert "<svg onload" not in picture.html


def test_titles_differ_between_kinds(made: dict[str, Picture]) -> None:
    for one, other in combinations(made.values(), 2):
        assert one.scene.title
        assert one.svg != other.svg
