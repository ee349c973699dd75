"""From a live graph of the engine to plain data."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from autodiff.batching import whole
from autodiff.ops.notation import Place
from viz.model import Card, Edge
from viz.read.contributions import on_scalars, slopes
from viz.read.losses import cross_entropy
from viz.read.names import name_all, path_of
from viz.read.skeleton import Skeleton, plain_number
from viz.read.statistics import histogram, rms, shape_text, summary
from viz.text.factors import LONGEST, Received, gradient_letter, received, short_partial
from viz.text.formatting import MISSING, factor, number, transposed_name
from viz.text.formulas import Operand, formula, partial_text, written

__all__ = ["Builder"]


class Builder:
    """Makes cards and edges of single nodes.

    Args:
        graph: the structure of the live graph.
        gradients: by node, as far as they are known.
    """

    def __init__(self, graph: Skeleton, gradients: dict[Any, Any]) -> None:
        self.graph = graph
        self.names: list[str] = name_all(graph)
        self._gradients = gradients
        self._origins: dict[int, str] = {}
        self._latest: tuple[int, list[Operand]] = -1, []
        self._result = self.names[-1] if graph.nodes else ""

    def card(self, index: int, ident: str, cluster: tuple[str, ...]) -> Card:
        """The card of one node."""
        node = self.graph.nodes[index]
        return replace(
            self.distribution(index, _array(node), self.gradient(index)),
            id=ident,
            name=self.names[index],
            role=self.graph.roles[index],
            formula="" if node.is_leaf else self._formula(index),
            dtype=str(node.dtype) if hasattr(node, "dtype") else "",
            tooltip=self.origin(index),
            cluster=cluster,
        )

    def distribution(self, index: int, data: Any, gradient: Any) -> Card:
        """A card that says of an array what there is to say; ``index`` is whose it is."""
        if data is None:
            return self._numberless(index, gradient)
        single = data.size == 1
        label, value = ("value", number(data.reshape(-1)[0])) if single else summary(data)
        text = MISSING
        if gradient is not None:
            text = number(gradient.reshape(-1)[0]) if single else number(rms(gradient))
        return Card(
            "",
            "",
            shape=shape_text(data.shape),
            value=value,
            gradient=text,
            value_label=label,
            gradient_label=self._gradient_label(index, single),
            value_histogram=None if single else histogram(data),
            gradient_histogram=None if single or gradient is None else histogram(gradient),
            gradient_rms=None if gradient is None else rms(gradient),
        )

    def _numberless(self, index: int, gradient: Any) -> Card:
        """The card of a node whose numbers were released."""
        node = self.graph.nodes[index]
        return Card(
            "",
            "",
            shape=shape_text(node.shape),
            gradient=MISSING if gradient is None else number(rms(gradient)),
            gradient_label=self._gradient_label(index, node.size == 1),
            gradient_rms=None if gradient is None else rms(gradient),
        )

    def edge(self, index: int, position: int, source: str, target: str, whole: bool = True) -> Edge:
        """The edge from one operand of a node to it.

        Where a cross-entropy begins it says what the logits receive of all of it, which is what
        is taught; with ``whole=False`` it has the factor of the node alone, as all others do.
        """
        operand = self.graph.operands[index][position]
        node, parent = self.graph.nodes[index], self.graph.nodes[operand]
        names = f"{self.names[operand]} → {self.names[index]}"
        where = self.origin(index)
        tooltip = f"{names} ({where})" if where else names
        if not (parent.requires_grad and node.requires_grad):
            return Edge(source, target, position, differentiable=False, tooltip=tooltip)
        if on_scalars(node):
            return self._scalar_edge(index, position, source, target, tooltip)
        label, rule = self._received(index, position)
        loss = self.whole_loss(index, position) if whole else None
        if loss is not None:
            label = f"∂{self.names[loss[0]]}/∂{self.names[operand]} = {loss[1].label}"
            rule = f"{rule}, in all {loss[1].rule}"
        size = self.gradient(operand)
        back = None if size is None else rms(size)
        tooltip = f"{tooltip}; {self._receives(index, position, rule)}"
        return Edge(
            source, target, position, local=label, rms=back, zero=back == 0.0, tooltip=tooltip
        )

    def _received(self, index: int, position: int) -> Received:
        """The factor of one operand of a tensor, and what it receives."""
        node = self.graph.nodes[index]
        shapes = [getattr(parent, "shape", ()) for parent in node.parents]
        place = Place(shapes, getattr(node, "shape", ()), node.params, position)
        through = (index, position) in self.graph.through
        name = self.names[index]
        return received(node.op, place, self._operands(index), name, transposed=through)

    def whole_loss(self, index: int, position: int) -> tuple[int, Received] | None:
        """Where a cross-entropy begins: the node it ends in, and what its logits receive of it."""
        loss = cross_entropy(self.graph, index) if position == 0 else None
        if loss is None:
            return None
        logits = self.names[self.graph.operands[index][position]]
        targets = self.names[loss.targets] if loss.targets >= 0 else "y"
        label = f"(p − {targets})/n" if loss.rows else f"p − {targets}"
        told = f"{label} with p = softmax({logits})" + (f", n = {loss.rows}" if loss.rows else "")
        if loss.targets < 0:
            told += f", {targets} = 1 at the label and 0 elsewhere"
        return loss.loss, Received(label, told)

    def _receives(self, index: int, position: int, rule: str) -> str:
        """A sentence with what an operand receives."""
        operand = self.names[self.graph.operands[index][position]]
        letter = gradient_letter([*self.names_around(index)])
        return f"{operand} receives {rule}; {letter} = ∂{self._result}/∂{self.names[index]}"

    def names_around(self, index: int) -> list[str]:
        """Names of a node and of its operands."""
        return [*written(self._operands(index)), self.names[index]]

    def _scalar_edge(
        self, index: int, position: int, source: str, target: str, tooltip: str
    ) -> Edge:
        node = self.graph.nodes[index]
        operand = self.graph.operands[index][position]
        operands, name = self._operands(index), self.names[index]
        symbol = partial_text(node.op, position, operands, name, node.params)
        slope = slopes(node)[position]
        head = f"∂{name}/∂{self.names[operand]}"
        parts = [head, symbol, number(slope)]
        if symbol in ("", parts[2]):
            parts = [head, parts[2]]
        local = " = ".join(parts)
        letter = gradient_letter(self.names_around(index))
        rule = head if len(symbol) > LONGEST else symbol or parts[1]
        rule = rule if _ATOM.fullmatch(rule) else f"({rule})"
        tooltip = f"{tooltip}; {self._receives(index, position, f'{letter} · {rule}')}"
        if len(local) > LONGEST and len(parts) == 3:
            tooltip = f"{tooltip}; {local}"
            parts[1] = short_partial(node.op, position, operands, name, node.params)
            local = " = ".join(parts)
            if len(local) > LONGEST:
                local = f"{head} = {parts[2]}"
        upstream = self.gradient(index)
        if upstream is None:
            return Edge(source, target, position, local, tooltip=tooltip)
        arriving = float(upstream)
        product = arriving * slope if arriving else 0.0
        flow = f"{number(arriving)} × {factor(slope)} = {number(product)}"
        return Edge(
            source, target, position, local, flow, abs(product), product == 0.0, tooltip=tooltip
        )

    def origin(self, index: int) -> str:
        """File and line of the user's code that made a node; of a module's parameter its path."""
        found = self._origins.get(index)
        if found is None:
            where = self.graph.nodes[index].origin
            found = (
                path_of(self.graph, index)
                if where is None
                else f"{_file_name(where[0])}:{where[1]}"
            )
            self._origins[index] = found
        return found

    def _formula(self, index: int) -> str:
        node = self.graph.nodes[index]
        text = formula(node.op, self._operands(index), node.params)
        return f"= {text}" if text != self.names[index] else str(node.op.name)

    def _operands(self, index: int) -> list[Operand]:
        # Asked for again and again while the wires of one node are made.
        if self._latest[0] != index:
            self._latest = index, self._named(index)
        return self._latest[1]

    def _named(self, index: int) -> list[Operand]:
        parents = self.graph.nodes[index].parents
        found: list[Operand] = []
        for position, (operand, parent) in enumerate(
            zip(self.graph.operands[index], parents, strict=True)
        ):
            if operand < 0:
                found.append(plain_number(parent))
            elif (index, position) in self.graph.through:
                found.append(transposed_name(self.names[operand]))
            else:
                found.append(self.names[operand])
        return found

    def gradient(self, index: int) -> Any:
        """The gradient of a node as an array; `None` when it is not known."""
        found = self._gradients.get(self.graph.nodes[index])
        if found is None:
            return None
        return np.asarray(whole(getattr(found, "data", found) if hasattr(found, "op") else found))

    def _gradient_label(self, index: int, single: bool) -> str:
        if not self.graph.nodes[index].requires_grad:
            return ""
        if not single:
            return "rms"
        name = self.names[index]
        return f"∂{self._result}/∂{name}" if len(self._result + name) <= 12 else "gradient"


_ATOM = re.compile(r"[\w.∂/]+|\[[^]]*\]")


@cache
def _file_name(path: str) -> str:
    return Path(path).name


def _array(node: Any) -> np.ndarray[Any, Any] | None:
    data = node.data
    return None if data is None else np.asarray(whole(data))
