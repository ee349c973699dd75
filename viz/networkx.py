"""`to_networkx`: a graph for the algorithms of NetworkX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import missing_extra
from autodiff.graph.node import Node
from autodiff.sweeps.released import released_graph
from viz.plan.build import Builder
from viz.read.contributions import on_scalars, slopes
from viz.read.gradients import picture_gradients
from viz.read.skeleton import skeleton
from viz.read.statistics import rms

if TYPE_CHECKING:
    import networkx

__all__ = ["to_networkx"]


def to_networkx(
    root: Any, *, gradients: bool | None = None, nodes: bool = False
) -> networkx.MultiDiGraph[str]:
    """The computation graph behind a node as a graph of NetworkX, for its algorithms and files.

    Its nodes are ``n0``, ``n1`` … in topological order, one for each Value or Tensor, also those
    that are plain numbers; nothing is rolled up. An edge leads from an operand to what was computed
    from it, and its key is the position of the operand: ``x * x`` has two. All that they carry are
    strings and numbers, which every format of files can hold.

    Args:
        root: a `Value` or a `Tensor`.
        gradients: true works out the gradients, in a sweep of its own that changes no ``grad``;
            false leaves them out; by default they are there once `backward` has been run.
        nodes: give each node the engine's own as ``node``; files cannot hold those.

    Returns:
        The graph. Its nodes have ``name``, ``role``, ``operation`` (empty for a leaf),
        ``formula``, ``shape``, ``dtype``, ``module`` (its path), ``where`` (file and line),
        ``size`` (how many numbers), ``value`` (of one number, else the root mean square) and,
        where it is known, ``gradient`` likewise; its edges ``position``, ``differentiable``,
        ``factor`` (as in a picture) and, for Values, ``slope``, the local derivative.

    Raises:
        TypeError: if not given a node.
        MissingExtraError: if the package ``networkx`` is not installed.
        FreedGraphError: if `backward` has released the graph, and nothing is known of it.

    Example:
        >>> import autodiff as ad
        >>> import viz
        >>> x, w = ad.Value(2.0, name="x"), ad.Value(-3.0, name="w")
        >>> graph = viz.to_networkx(ad.tanh(w * x), gradients=True)
        >>> [(node, data["name"], data["value"]) for node, data in graph.nodes(data=True)][:3]
        [('n0', 'x', 2.0), ('n1', 'w', -3.0), ('n2', 'z', -6.0)]
        >>> graph["n0"]["n2"][1]["slope"], graph["n0"]["n2"][1]["factor"]
        (-3.0, '∂z/∂x = w = −3')
        >>> import networkx
        >>> networkx.dag_longest_path_length(graph)
        2
    """
    if not isinstance(root, Node):
        raise TypeError(
            f"to_networkx() was given {type(root).__name__!r}; give a Value or a Tensor that was "
            "computed from others, such as the loss"
        )
    graph = _package().MultiDiGraph()
    structure = skeleton(released_graph(root), {}, constants=True, fold=False)
    found = picture_gradients(structure.nodes[-1], structure.nodes, gradients)
    builder = Builder(structure, found)
    for index, node in enumerate(structure.nodes):
        card = builder.card(index, f"n{index}", structure.paths[index])
        data: dict[str, Any] = {
            "name": card.name,
            "role": card.role,
            "operation": "" if node.op is None else node.op.name,
            "formula": card.formula,
            "shape": card.shape,
            "dtype": card.dtype,
            "module": ".".join(name for name, _ in node.scope),
            "where": card.tooltip,
            "size": int(np.prod(getattr(node, "shape", ()), dtype=int)),
        }
        if getattr(node, "data", None) is not None:
            data["value"] = _one(node.data)
        if found.get(node) is not None:
            data["gradient"] = _one(found[node])
        graph.add_node(card.id, **data, **({"node": node} if nodes else {}))
    for target, operands in enumerate(structure.operands):
        node = structure.nodes[target]
        known = slopes(node) if on_scalars(node) and node.requires_grad else {}
        for position, source in enumerate(operands):
            edge = builder.edge(target, position, f"n{source}", f"n{target}", whole=False)
            more = {"slope": known[position]} if position in known else {}
            graph.add_edge(
                edge.source,
                edge.target,
                key=position,
                position=position,
                differentiable=edge.differentiable,
                factor=edge.local,
                **more,
            )
    return graph


def _one(data: Any) -> float:
    """A number as it is, an array as its root mean square."""
    array = np.asarray(data)
    if array.size == 1 and array.dtype.kind in "biuf":
        return float(array.reshape(-1)[0])
    return rms(array)


def _package() -> Any:
    # Only here: pictures are drawn without it.
    try:
        import networkx
    except ImportError:
        raise missing_extra("networkx", "networkx") from None
    return networkx
