"""The page around the parts of a report."""

from __future__ import annotations

from nn.report.blocks import as_html
from nn.report.data import Fact
from nn.report.sections import Report, Section
from nn.report.style import STYLE
from nn.report.text import escape

__all__ = ["render"]

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def render(report: Report) -> str:
    """The report as one HTML document without script and without outside references.

    Args:
        report: what it shall say. All text is escaped; the pictures are put in as they
            are, so they must come from a trusted source.

    Returns:
        The document; the same report gives the same text.
    """
    links = "".join(f'<a href="#{s.key}">{escape(s.title)}</a>' for s in report.sections)
    body = "\n".join(_section(section) for section in report.sections)
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
<footer>{_footer(report)}</footer>
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


def _section(section: Section) -> str:
    blocks = "\n".join(
        as_html(block, f"{section.key}{number}") for number, block in enumerate(section.blocks, 1)
    )
    return f'<section id="{section.key}"><h2>{escape(section.title)}</h2>\n{blocks}\n</section>'


def _footer(report: Report) -> str:
    made = " · ".join(f"{escape(name)} {escape(version)}" for name, version in report.versions)
    return f"Made by {made}" if made else ""
