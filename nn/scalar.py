"""Networks of single neurons over `Value`: every weight a node of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Value
from autodiff.extending import neurons, weighted_sum

__all__ = ["MLP", "Layer", "Neuron"]


def __dir__() -> list[str]:
    return __all__


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

_ACTIVATIONS = {
    "relu": "ReLU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "silu": "SiLU",
    "gelu": "GELU",
    "elu": "ELU",
    "softplus": "Softplus",
}


def _numbered(letter: str, number: int) -> str:
    return letter + str(number).translate(_SUBSCRIPTS)


class _Part:
    """What neuron, layer and network have in common."""

    def parameters(self) -> list[Value]:
        """All weights and biases."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for p in self.parameters():
            p.grad = 0.0


class Neuron(_Part):
    """One neuron: a weighted sum of its inputs plus a bias, then an activation.

    Args:
        nin: number of inputs.
        nonlin: whether the activation is applied.
        activation: ``relu``, ``tanh``, ``sigmoid``, ``silu``, ``gelu``, ``elu`` or
            ``softplus``.
        rng: source of randomness for the weights, drawn from [-1, 1); the library's
            generator if not given.
        expand: build the sum from single multiplications and additions, to be seen in a
            drawing, instead of from one node.

    Attributes:
        w: the weights w₁, w₂, …
        b: the bias, begins at 0.

    Raises:
        ValueError: there are no inputs, or the activation is unknown.

    Example:
        >>> n = Neuron(2)
        >>> n
        ReLUNeuron(2)
        >>> [p.name for p in n.parameters()]
        ['w₁', 'w₂', 'b']
        >>> n([1.0, -2.0]).data >= 0
        True
    """

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        *,
        activation: str = "relu",
        rng: np.random.Generator | None = None,
        expand: bool = False,
    ) -> None:
        if nin < 1:
            raise ValueError(f"a neuron needs at least one input, and nin={nin} was given")
        if activation not in _ACTIVATIONS:
            raise ValueError(
                f"unknown activation {activation!r}; choose one of {', '.join(_ACTIVATIONS)}"
            )
        rng = ad.random.generator(rng)
        draws = rng.uniform(-1.0, 1.0, nin).tolist()
        self.w: list[Value] = [Value(d, name=_numbered("w", i)) for i, d in enumerate(draws, 1)]
        self.b: Value = Value(0.0, name="b")
        self.nonlin = nonlin
        self.activation = activation
        self._activate: Callable[[Value], Value] = getattr(ad, activation)
        self.expand = expand

    def __call__(self, x: Sequence[Any]) -> Value:
        """The neuron's output for its inputs, Values or numbers.

        Raises:
            ShapeError: there are not as many inputs as weights.
        """
        if len(x) != len(self.w):
            raise ad.ShapeError(
                f"{self!r} takes {len(self.w)} inputs, and {len(x)} were given; "
                f"build it with nin={len(x)} or give it {len(self.w)} numbers"
            )
        inputs = x if isinstance(x, list | tuple) else list(x)
        act: Any = self._expanded(inputs) if self.expand else weighted_sum(self.w, inputs, self.b)
        return self._activate(act) if self.nonlin else act

    def _expanded(self, x: Sequence[Any]) -> Any:
        """The weighted sum from single operations, named as in the textbooks."""
        products = [weight * value for weight, value in zip(self.w, x, strict=True)]
        for number, product in enumerate(products, 1):
            product.name = _numbered("p", number)
        act = products[0]
        for product in products[1:]:
            act = act + product
        if len(products) > 1:
            act.name = "s"
        act = act + self.b
        act.name = "z"
        return act

    def parameters(self) -> list[Value]:
        """The weights and the bias."""
        return [*self.w, self.b]

    def __repr__(self) -> str:
        kind = _ACTIVATIONS[self.activation] if self.nonlin else "Linear"
        return f"{kind}Neuron({len(self.w)})"


class Layer(_Part):
    """Neurons side by side, all with the same inputs.

    Args:
        nin: number of inputs.
        nout: number of neurons.
        **settings: of the neurons, see `Neuron`.

    Attributes:
        neurons: the neurons.

    Example:
        >>> Layer(2, 3, nonlin=False)
        Layer of [LinearNeuron(2), LinearNeuron(2), LinearNeuron(2)]
    """

    def __init__(self, nin: int, nout: int, **settings: Any) -> None:
        if nout < 1:
            raise ValueError(f"a layer needs at least one neuron, and nout={nout} was given")
        self.neurons: list[Neuron] = [Neuron(nin, **settings) for _ in range(nout)]

    def __call__(self, x: Sequence[Any]) -> Any:
        """The outputs in a list; of a single neuron its output itself."""
        # What can be walked over once only, such as map(float, row), is walked over here.
        inputs = x if isinstance(x, list | tuple) else list(x)
        alike = self._alike(len(inputs))
        out = self._together(inputs) if alike else [n(inputs) for n in self.neurons]
        return out[0] if len(out) == 1 else out

    def _alike(self, count: int) -> bool:
        """Whether all neurons are of the common kind, and take so many inputs."""
        return all(
            n.__class__ is Neuron and not n.expand and len(n.w) == count for n in self.neurons
        )

    def _together(self, x: Sequence[Any]) -> list[Value]:
        """What the neurons give one by one."""
        own = self.neurons
        names = [n.activation if n.nonlin else None for n in own]
        return neurons([n.w for n in own], x, [n.b for n in own], names)

    def parameters(self) -> list[Value]:
        """All weights and biases, neuron by neuron."""
        return [p for n in self.neurons for p in n.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(str(n) for n in self.neurons)}]"


class MLP(_Part):
    """Layers one after the other, the last one without activation; as in micrograd.

    Args:
        nin: number of inputs.
        nouts: number of neurons of each layer.
        activation: that of all layers but the last, see `Neuron`.
        rng: source of randomness; the library's generator if not given.
        expand: build sums from single operations, see `Neuron`.

    Attributes:
        layers: the layers.

    Raises:
        ValueError: there are no layers.

    Example:
        >>> model = MLP(2, [16, 16, 1], rng=np.random.default_rng(0))
        >>> len(model.parameters())
        337
        >>> model([1.0, -1.0]).backward()
        >>> all(p.grad is not None for p in model.layers[-1].parameters())
        True
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        *,
        activation: str = "relu",
        rng: np.random.Generator | None = None,
        expand: bool = False,
    ) -> None:
        sizes = [nin, *nouts]
        if len(sizes) < 2:
            raise ValueError("a network needs at least one layer; give nouts such as [16, 16, 1]")
        settings = {"activation": activation, "rng": rng, "expand": expand}
        self.layers: list[Layer] = [
            Layer(n, m, nonlin=i < len(nouts), **settings)
            for i, (n, m) in enumerate(zip(sizes, nouts, strict=False), 1)
        ]

    def __call__(self, x: Sequence[Any]) -> Any:
        """The outputs in a list; of a single neuron its output itself."""
        for layer in self.layers:
            x = layer([x] if isinstance(x, Value) else x)
        return x

    def parameters(self) -> list[Value]:
        """All weights and biases, layer by layer."""
        return [p for layer in self.layers for p in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(str(layer) for layer in self.layers)}]"
