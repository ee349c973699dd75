"""`why`: from a root and a node to an answer."""

from __future__ import annotations

from typing import Any, overload

import numpy as np

from autodiff.errors import FreedGraphError
from autodiff.graph.node import Node
from autodiff.graph.order import topological_order
from autodiff.sweeps.released import HOW_TO_KEEP, ReleasedNode, released_graph, watch
from autodiff.sweeps.replay import replay
from viz.causes.absent import absent
from viz.causes.alike import alike
from viz.causes.answer import Why, WhyReport
from viz.causes.finding import Finding
from viz.causes.flow import Flow, Sweep
from viz.causes.lost import lost
from viz.causes.sizes import out_of_scale
from viz.causes.steps import Step, steps_of
from viz.causes.stored import stored
from viz.causes.strange import strange
from viz.causes.target import checked_element, named_leaf, parameters_of, path_of
from viz.causes.words import called

__all__ = ["why"]

watch()


@overload
def why(
    root: Node, x: Node | str, *, element: Any = None, title: str = "", theme: str = "auto"
) -> Why: ...


@overload
def why(
    root: Node, x: Any = None, *, element: None = None, title: str = "", theme: str = "auto"
) -> WhyReport: ...


def why(
    root: Any,
    x: Any = None,
    *,
    element: Any = None,
    title: str = "",
    theme: str = "auto",
) -> Why | WhyReport:
    """Why a gradient is None, 0, tiny, huge or NaN: where it is lost on its way, and by what.

    The backward pass is run once more for the answer: no ``grad`` is touched, no hook called.
    After ``root.backward()``, which releases the graph, its operations are computed again from
    its leaves, in programs with ``import viz`` above that ``backward()``.

    Args:
        root: the node that is differentiated, such as the loss.
        x: a node that it was computed from; or its name; or the path of a parameter, such as
            ``"hidden1.weight"``. Or a model, or a list or dict of nodes: all of them.
        element: the index of one entry of the node, such as ``(0, 3)``.
        title: printed over the picture.
        theme: ``auto``, ``light`` or ``dark``.

    Returns:
        A `Why`: print it, or look at it as a picture. For a model a `WhyReport`: a `Why` for each
        parameter, those with something to say first.

    Raises:
        TypeError: the root is no node, or what is asked about is neither a node nor a name.
        ValueError: there is no node of that name, or no such entry.
        NonScalarBackwardError: the root has several entries.
        FreedGraphError: the graph was released, and is not known any longer.
        StaleDataError: an array that the pass needs was changed since.

    Example:
        >>> import autodiff as ad
        >>> import viz
        >>> w, b = ad.Value(0.5, name="w"), ad.Value(-9.0, name="b")
        >>> loss = ad.relu(w * 2.0 + b)
        >>> answer = viz.why(loss, w)
        >>> answer.kind, answer.operation
        ('dead', 'relu')
        >>> print(answer.verdict)
        The gradient of w is 0: relu is off because of its bias b at ...
    """
    if not isinstance(root, Node):
        raise TypeError(
            f"why() was given {type(root).__name__!r} as root; give the Value or Tensor that is "
            "differentiated, such as the loss, and then what it is differentiated by"
        )
    many = parameters_of(x)
    if many:
        if element is not None:
            raise ValueError("element= is an entry of one node; give that node instead of many")
        known = _Known(root)
        answers = {name: known.answer(node, name, None, "", theme) for name, node in many}
        return WhyReport(answers)
    known = _Known(root)
    if isinstance(x, str):
        node, name = named_leaf(known.shown, x), x
        return known.answer(node, name, element, title, theme)
    if not isinstance(x, Node):
        raise TypeError(
            f"why() was asked about {type(x).__name__!r}; give a Value or a Tensor, its name, the "
            "path of a parameter, or a model"
        )
    return known.answer(x, called(x, path_of(known.shown, x)), element, title, theme)


class _Known:
    """A root and what is known of its graph: all, or what can be computed again."""

    def __init__(self, root: Any) -> None:
        self.given = self.root = root
        self.shown = released_graph(root)
        self.note, self.same, self.missing = "", False, ""
        self._nodes: dict[int, Any] = {}
        self._sweep: Sweep | None = None
        self.spent = isinstance(self.shown, ReleasedNode)
        if self.spent:
            with np.errstate(all="ignore"):
                again = replay(root)
            self._nodes, self.same, self.missing = again.nodes, again.same, again.missing
            self.root = again.root
            if self.missing:
                self.note = f"backward() has released the graph, and {self.missing}: {HOW_TO_KEEP}."
            elif not self.same:
                self.note = (
                    "Computed again after backward(), from leaves that were changed since: numbers "
                    "are those of now."
                )
            else:
                self.note = "Computed again from the leaves after backward()."

    def answer(self, given: Any, name: str, element: Any, title: str, theme: str) -> Why:
        """The answer for one node."""
        index = checked_element(given, element)
        label = name if index is None else f"{name}[{', '.join(map(str, index))}]"
        if self.root is None:
            return self._unknown(given, label, title, theme)
        x = self._nodes.get(given.sequence, given)
        flow: Flow | None = None
        with np.errstate(all="ignore"):
            if self.root.requires_grad and x.requires_grad:
                self._sweep = self._sweep or Sweep(self.root)
                flow = self._sweep.flow_to(x, index)
            if flow is None or not flow.order:
                finding: Finding | None = absent(self.root, x, label)
                flow = None
            else:
                finding = self._found(flow, given, label)
        known = flow

        def steps() -> list[Step]:
            return [] if known is None else steps_of(known, finding)

        return Why(self.root, x, label, finding, flow, steps, self.note, title=title, theme=theme)

    def _found(self, flow: Flow, given: Any, label: str) -> Finding | None:
        found = strange(flow, label) or lost(flow, label)
        if self.same or not self.spent:
            found = found or stored(flow, given, label, spent=self.spent)
        return found or alike(flow, label) or out_of_scale(flow, label)

    def _unknown(self, x: Any, label: str, title: str, theme: str) -> Why:
        root = self.shown
        try:
            reaches = any(
                node is x or node.sequence == x.sequence for node in topological_order(root)
            )
        except FreedGraphError:
            reaches = True
        if not reaches or not x.requires_grad:
            finding = absent(root, x, label)
        else:
            finding = Finding("unknown", f"What becomes of the gradient of {label} is not known.")
        return Why(root, x, label, finding, None, list, self.note, title=title, theme=theme)
