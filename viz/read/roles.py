"""What part a node plays: input, variable, parameter, constant, operation or output."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autodiff.graph.extras import extras_of
from viz.model import ROLES

__all__ = ["check_roles", "role_of", "tells"]

_INDEX = r"([\W_]?[\d₀-₉]+)*\]?"
_WEIGHT = re.compile(
    r"([wW]([a-vx-zA-VX-Z]{1,2}|_\w+)?|[bB]([hikoqvxyz]|_\w+)?|θ|γ|β|theta|gamma|beta"
    rf"|(\w+_)?(weights?|bias(es)?)){_INDEX}"
)
_DATA = re.compile(
    r"([hHtuxXyYzZ]|inputs?|data|batch|images?|features?|samples?|points?|targets?|labels?)"
    rf"{_INDEX}"
)


def check_roles(roles: Mapping[Any, str]) -> None:
    """Refuse a role that does not exist.

    Raises:
        ValueError: if a role is none of `viz.model.ROLES`.
    """
    for key, role in roles.items():
        if role not in ROLES:
            name = key if isinstance(key, str) else getattr(key, "name", None)
            raise ValueError(
                f"roles gives {name!r} the role {role!r}; expected one of {', '.join(ROLES)}"
            )


def tells(name: str | None) -> bool:
    """Whether the name of a `Value` says that it is a parameter, or that it is none.

    >>> tells("w12"), tells("x"), tells("v11"), tells(None)
    (True, True, False, False)
    """
    return name is not None and bool(_WEIGHT.fullmatch(name) or _DATA.fullmatch(name))


def role_of(
    node: Any, is_root: bool, late: bool, roles: Mapping[Any, str], called: str | None = None
) -> str:
    """The role of a node.

    A leaf that needs a gradient is a parameter or a variable. It is a parameter if it is a
    module's `Parameter`, and a variable if a transform made it of what its function was given.
    Any other `Tensor` is a parameter, since a gradient had to be asked for, unless its name is
    one of data, such as x, y, t or ``inputs``. Every `Value` needs a gradient: it is a variable
    unless its name is one of weights, such as w₁, Wq, b, θ, γ, ``weight`` or ``bias``.

    Of the leaves without a gradient a module's buffers are constants, and so are those without a
    name that hold one number or came up on the way (such as the mask of a dropout). The rest are
    inputs.

    Args:
        node: a `Value` or a `Tensor`.
        is_root: whether it is the node that was drawn.
        late: whether it was made after the first operation.
        roles: what the caller says, by node or by name; it comes first.
        called: what the user's program calls it, which stands for a name it does not have.
    """
    name = called if node.name is None else node.name
    for key in (node, name):
        if key is not None and key in roles:
            return roles[key]
    if not node.is_leaf:
        return "output" if is_root else "op"
    kinds = {kind.__name__ for kind in getattr(node, "kind", type(node)).__mro__}
    if "Parameter" in kinds:
        return "parameter"
    if "Buffer" in kinds:
        return "constant"
    if node.requires_grad:
        if extras_of(node).get("is_variable"):
            return "variable"
        if hasattr(node, "shape"):
            return "variable" if name is not None and _DATA.fullmatch(name) else "parameter"
        return "parameter" if name is not None and _WEIGHT.fullmatch(name) else "variable"
    single = getattr(node, "size", 1) == 1
    return "constant" if node.name is None and (single or late) else "input"
