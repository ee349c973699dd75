"""How the activation of a layer is written, by the notation of the table."""

from __future__ import annotations

from autodiff.ops import TABLE, Elementwise, Primitive, every_primitive
from viz.networks.model import Layer
from viz.text.formulas import formula

__all__ = ["applied", "entry_of", "function_name", "primed"]


def entry_of(layer: Layer) -> Primitive | None:
    """The entry of the table that is a layer's activation; `None` if none is."""
    name = layer.activation
    # Families that no program has used yet are loaded only when they are asked for.
    return TABLE.get(name) or every_primitive().get(name) if name else None


def function_name(layer: Layer) -> str:
    """The name of the activation as a function of z alone; ``f`` if it has none, empty if linear.

    Example:
        >>> [function_name(Layer("hidden", (), name)) for name in ("sigmoid", "tanh", "")]
        ['σ', 'tanh', '']
    """
    entry = entry_of(layer)
    if not isinstance(entry, Elementwise) or layer.operands != (None,):
        return "f" if layer.activation else ""
    head, slot, _ = entry.notation.text.partition("({0}")
    return head if slot and head else "f"


def applied(layer: Layer, inner: str = "z") -> str:
    """What the neurons compute from their sums, such as ``ReLU(z)`` or ``max(z, 0.1)``."""
    entry = entry_of(layer)
    if not isinstance(entry, Elementwise) or entry.arity != len(layer.operands):
        return f"{layer.activation and 'f'}({inner})" if layer.activation else inner
    operands = [inner if number is None else number for number in layer.operands]
    return formula(entry, list(operands), dict(layer.settings))


def primed(layer: Layer, inner: str = "") -> str:
    """The derivative of the activation, such as ``ReLU′``, ``ReLU′(z)`` or ``(z²)′``."""
    name = function_name(layer)
    if name == "f" and applied(layer, "z") != "f(z)":
        return f"({applied(layer, inner or 'z')})′"
    return f"{name}′({inner})" if inner else f"{name}′"
