"""The page around the parts of a report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nn.report.classes import confusion, gallery
from nn.report.curves import panel
from nn.report.data import Fact, Picture, Report
from nn.report.flow import flow
from nn.report.style import STYLE
from nn.report.text import escape

__all__ = ["render"]

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)

_FLOW_TEXT = (
    "What goes forward through the layers (blue: the outputs of each layer) and what comes back "
    "(orange: the gradient of the loss by those outputs), for one batch of training data. "
    "Exact zeros are counted beside the histograms, not in them."
)

WIDEST = 1800
"""Width in pixels from which on a picture is shown in full size."""
NARROWEST = 760
"""A picture wider than this is never shrunk further, so that it can be read."""

_WIDTH = re.compile(r'^<svg\b[^>]*?\swidth="([\d.]+)"')
_PROLOGUE = re.compile(r"^\s*(<\?xml[^>]*\?>)?\s*(<!DOCTYPE[^>]*>)?\s*", re.IGNORECASE)


def render(report: Report) -> str:
    """The report as one HTML document without script and without outside references.

    Args:
        report: what it shall say. All text is escaped; the pictures are put in as they
            are, so they must come from a trusted source.

    Returns:
        The document; the same report gives the same text.
    """
    sections = list(_sections(report))
    links = "".join(f'<a href="#{key}">{escape(title)}</a>' for key, title, _ in sections)
    body = "\n".join(
        f'<section id="{key}"><h2>{escape(title)}</h2>\n{content}\n</section>'
        for key, title, content in sections
    )
    title = escape(report.title)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{escape(report.summary)}</p>
<dl class="facts">{"".join(_fact(fact) for fact in report.facts)}</dl>
<nav aria-label="Sections">{links}</nav>
</header>
<main>
{body}
</main>
<footer>Made by {" · ".join(f"{escape(n)} {escape(v)}" for n, v in report.versions)}</footer>
</body>
</html>
"""


def _fact(fact: Fact) -> str:
    kind = {None: "", True: ' class="good"', False: ' class="bad"'}[fact.good]
    note = f'<dd class="note">{escape(fact.note)}</dd>' if fact.note else ""
    return (
        f'<div{kind}><dt>{escape(fact.name)}</dt><dd class="value">{escape(fact.value)}</dd>'
        f"{note}</div>"
    )


def _sections(report: Report) -> Iterator[tuple[str, str, str]]:
    """Key, title and content of each section."""
    charts = "".join(
        f"<figure><figcaption>{escape(data.title)}</figcaption>{panel(data)}</figure>"
        for data in report.panels
    )
    yield (
        "curves",
        "Learning curves",
        f'<p>{escape(report.curves_text)}</p><div class="panels">{charts}</div>',
    )
    matrix = confusion(report.confusion, report.classes)
    yield "confusion", "Confusion matrix", f'<div class="scroll">{matrix}</div>'
    cards = gallery(report.mistakes, report.classes) if report.mistakes else ""
    yield "mistakes", "Misclassified digits", f"<p>{escape(report.mistakes_text)}</p>{cards}"
    flows = "".join(flow(data) for data in report.flows)
    yield "flow", "Activations and gradients, layer by layer", f"<p>{_FLOW_TEXT}</p>{flows}"
    yield "check", "Gradient check", _check(report.gradient_check)
    for number, picture in enumerate(report.pictures, 1):
        yield f"picture{number}", picture.title, _picture(picture, number)
    yield "model", "The model", f"<pre>{escape(report.model)}</pre>"
    yield "again", "Make it again", _again(report)


def _check(fact: Fact) -> str:
    kind = {None: "muted", True: "good", False: "bad"}[fact.good]
    return f'<p><strong class="{kind}">{escape(fact.value)}</strong> {escape(fact.note)}</p>'


def _picture(picture: Picture, number: int) -> str:
    svg = _PROLOGUE.sub("", picture.svg, count=1)
    size = _WIDTH.search(svg)
    # Shrunk to the page, a very wide picture could not be read.
    width = 0.0 if size is None else float(size[1])
    full = " checked" if width > WIDEST else ""
    wide = " wide" if width > NARROWEST else ""
    return (
        f"<p>{escape(picture.text)}</p>"
        f'<input type="checkbox" class="size" id="size{number}"{full}>'
        f'<label for="size{number}" class="muted">full size (scroll to look around)</label>'
        f'<div class="picture{wide}" tabindex="0" role="region" '
        f'aria-label="{escape(picture.title)}">{svg}</div>'
    )


def _again(report: Report) -> str:
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{escape(value)}</td>'
        f'<td class="muted">{escape(meaning)}</td></tr>'
        for name, value, meaning in report.options
    )
    said = "The same command gives the same files, byte for byte, on the same machine."
    if not report.repeatable:
        said = "The same command, uninterrupted, goes on to the last epoch."
    return (
        f"<p>{said}</p>"
        f"<pre>{escape(report.command)}</pre>"
        f'<div class="scroll"><table class="facts-table"><tbody>{rows}</tbody></table></div>'
    )
