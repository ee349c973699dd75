"""The targets: how long a line of ours may take, as a part of a peer's time in the same run."""

from __future__ import annotations

from dataclasses import dataclass

EAGER = "glassgrad"
COMPILED = "glassgrad compiled"


@dataclass(frozen=True)
class Target:
    """`line` may take at most `bound` times as long as `against`.

    `native` is the bound where OpenBLAS chooses its kernels by itself, and `None` where that
    makes no difference.
    """

    line: str
    against: str
    bound: float
    native: float | None = None

    def at(self, native: bool) -> float:
        """The bound for this kind of run."""
        return self.native if native and self.native is not None else self.bound


_SCALARS = [Target(EAGER, "PyTorch", 1 / 10), Target(COMPILED, "PyTorch", 1 / 40)]
_MLP = [
    Target(EAGER, "PyTorch", 0.80, native=0.55),
    Target(COMPILED, "PyTorch", 0.75, native=0.45),
]

TARGETS: dict[str, list[Target]] = {
    "moons": [
        Target(EAGER, "micrograd", 1 / 40),
        Target(COMPILED, "micrograd", 1 / 1000),
        Target(COMPILED, "PyTorch, as tensors", 1.0),
    ],
    "chain": _SCALARS,
    "wide": _SCALARS,
    "small-8": [
        Target(EAGER, "PyTorch", 0.40),
        Target(COMPILED, "PyTorch", 0.15),
        Target(COMPILED, "JAX", 1.0),
    ],
    "mlp-64": _MLP,
    "mlp-256": _MLP,
}

# Beside whom a line is put where no target names anybody.
DEFAULT_AGAINST = ("PyTorch", "JAX")


def compared_with(workload: str) -> list[str]:
    """The peers that a workload's ratios are taken to, each once."""
    named = [target.against for target in TARGETS.get(workload, [])]
    return list(dict.fromkeys([*named, *([] if workload == "moons" else DEFAULT_AGAINST)]))
