"""What few nodes have beside operands and numbers: a name, hooks, the part of a model.

It lies in a dict that a node gets with the first entry, so that all others pay for one empty
slot. What entries there are is said here and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from autodiff.graph.hooks import Hooks
    from autodiff.graph.modes import Scope
    from autodiff.graph.switches import Use

__all__ = ["Extras", "extras_of", "lasting", "own_extras"]


class Extras(TypedDict, total=False):
    """The entries, each of which may be missing.

    Attributes:
        name: the name used in messages and drawings.
        scope: the modules inside which the node was made, outermost first.
        hooks: what is called with its gradient.
        retained: lives as long as `backward` shall keep the gradient of a node that is no leaf.
        viewed: of a constant whose array is a view: the leaf whose memory it shows, if any.
        params: of a `Value`: the parameters of its operation.
        sign: of a `Value`: what micrograd's ``Value(data, (), sign)`` was given.
        is_variable: whether a transform made the node for what its function was given.
    """

    name: str | None
    scope: Scope
    hooks: Hooks
    retained: Use
    viewed: Any
    params: dict[str, Any]
    sign: str
    is_variable: bool


_NONE: Extras = {}


def extras_of(node: Any) -> Extras:
    """The extras of a node, to be read.

    Example:
        >>> import autodiff as ad
        >>> extras_of(ad.Value(1.0)), extras_of(ad.Value(1.0, name="x"))
        ({}, {'name': 'x'})
    """
    extras: Extras = getattr(node, "_extras", _NONE)
    return extras


def own_extras(node: Any) -> Extras:
    """The extras of a node, to be written into."""
    if not hasattr(node, "_extras"):
        node._extras = {}
    extras: Extras = node._extras
    return extras


def lasting(extras: Extras) -> Extras:
    """Those that are still told of a node whose graph was released."""
    kept: Extras = {}
    if "name" in extras:
        kept["name"] = extras["name"]
    if "scope" in extras:
        kept["scope"] = extras["scope"]
    return kept
