"""What part a node plays: input, parameter, constant, operation or output."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from viz.model import ROLES

__all__ = ["check_roles", "role_of"]

_PARAMETER = re.compile(r"(w|W|b|B|θ|γ|β|theta|gamma|beta|weight|bias)([\W_]?[\d₀-₉]+)*")


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


def role_of(node: Any, is_root: bool, late: bool, roles: Mapping[Any, str]) -> str:
    """The role of a node.

    A leaf is a parameter if it is a module's `Parameter`, or if it needs a gradient and
    is called ``w``, ``b``, ``weight``, ``bias`` or a Greek θ, γ, β, with or without an
    index; a `Tensor` that needs a gradient and has no name is one too. Of the other
    leaves, a module's buffers are constants, and so are those without a name that hold
    one number or came up on the way (such as the mask of a dropout). The rest are inputs.

    Args:
        node: a `Value` or a `Tensor`.
        is_root: whether it is the node that was drawn.
        late: whether it was made after the first operation.
        roles: what the caller says, by node or by name; it comes first.
    """
    for key in (node, node.name):
        if key is not None and key in roles:
            return roles[key]
    if not node.is_leaf:
        return "output" if is_root else "op"
    kinds = {kind.__name__ for kind in getattr(node, "kind", type(node)).__mro__}
    if "Parameter" in kinds:
        return "parameter"
    if "Buffer" in kinds:
        return "constant"
    tensor = hasattr(node, "shape")
    if node.requires_grad:
        by_name = node.name is not None and _PARAMETER.fullmatch(node.name)
        return "parameter" if by_name or (tensor and node.name is None) else "input"
    single = getattr(node, "size", 1) == 1
    return "constant" if node.name is None and (single or late) else "input"
