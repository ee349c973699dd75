"""How a notebook shows what the engine and `nn` hold: numbers as maps of colour, curves, tables.

`register` says so to the engine, which asks by the name of a kind; in comes a thing with the
`Table` that it tells of itself, out comes HTML, all text in it escaped, in the colours of the
notebook. It may import `autodiff.notebooks`, `viz.charts`, `viz.draw` and `viz.text`.
"""

from __future__ import annotations

from autodiff import notebooks
from viz.notebooks.nodes import node_html
from viz.notebooks.tables import gradcheck_html, history_html, module_html

__all__ = ["register"]


def register() -> None:
    """Have notebooks show things as this package does."""
    for kind, renderer in {
        "value": node_html,
        "tensor": node_html,
        "module": module_html,
        "gradcheck": gradcheck_html,
        "history": history_html,
    }.items():
        notebooks.register(kind, renderer)
