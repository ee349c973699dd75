"""Functions whose gradients checkers are tried on: test functions of optimisation and more.

The formulas of the optimisation functions are those of Jamil and Yang, "A literature
survey of benchmark functions for global optimisation problems" (2013).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import autodiff as ad

__all__ = ["OPTIMISATION", "OTHERS", "SUBJECTS", "Subject"]

PI = float(np.pi)


@dataclass(frozen=True)
class Subject:
    """A function to differentiate, and where.

    Attributes:
        name: what it is called.
        function: takes one tensor.
        shape: of the tensor.
        low: lower end of the box that points are drawn from.
        high: its upper end.
    """

    name: str
    function: Callable[[Any], Any]
    shape: tuple[int, ...]
    low: float
    high: float

    def point(self, rng: np.random.Generator) -> Any:
        """A point of the box."""
        return rng.uniform(self.low, self.high, self.shape)


def _rosenbrock(x: Any) -> Any:
    return ad.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def _rastrigin(x: Any) -> Any:
    return 10 * x.size + ad.sum(x**2 - 10 * ad.cos(2 * PI * x))


def _ackley(x: Any) -> Any:
    bowl = ad.exp(-0.2 * ad.sqrt(ad.mean(x**2)))
    return -20 * bowl - ad.exp(ad.mean(ad.cos(2 * PI * x))) + 20 + np.e


def _griewank(x: Any) -> Any:
    i = np.sqrt(np.arange(1.0, x.size + 1))
    return 1 + ad.sum(x**2) / 4000 - ad.prod(ad.cos(x / i))


def _levy(x: Any) -> Any:
    w = 1 + (x - 1) / 4
    inner = (w[:-1] - 1) ** 2 * (1 + 10 * ad.sin(PI * w[:-1] + 1) ** 2)
    last = (w[-1] - 1) ** 2 * (1 + ad.sin(2 * PI * w[-1]) ** 2)
    return ad.sin(PI * w[0]) ** 2 + ad.sum(inner) + last


def _styblinski_tang(x: Any) -> Any:
    return ad.sum(x**4 - 16 * x**2 + 5 * x) / 2


def _michalewicz(x: Any) -> Any:
    i = np.arange(1.0, x.size + 1)
    return -ad.sum(ad.sin(x) * ad.sin(i * x**2 / PI) ** 20)


def _schwefel(x: Any) -> Any:
    return 418.9829 * x.size - ad.sum(x * ad.sin(ad.sqrt(ad.abs(x))))


def _zakharov(x: Any) -> Any:
    s = ad.sum(0.5 * np.arange(1.0, x.size + 1) * x)
    return ad.sum(x**2) + s**2 + s**4


def _dixon_price(x: Any) -> Any:
    i = np.arange(2.0, x.size + 1)
    return (x[0] - 1) ** 2 + ad.sum(i * (2 * x[1:] ** 2 - x[:-1]) ** 2)


def _beale(x: Any) -> Any:
    a, b = x[0], x[1]
    return (1.5 - a + a * b) ** 2 + (2.25 - a + a * b**2) ** 2 + (2.625 - a + a * b**3) ** 2


def _himmelblau(x: Any) -> Any:
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def _goldstein_price(x: Any) -> Any:
    a, b = x[0], x[1]
    first = 1 + (a + b + 1) ** 2 * (19 - 14 * a + 3 * a**2 - 14 * b + 6 * a * b + 3 * b**2)
    second = 30 + (2 * a - 3 * b) ** 2 * (18 - 32 * a + 12 * a**2 + 48 * b - 36 * a * b + 27 * b**2)
    return first * second


def _easom(x: Any) -> Any:
    return -ad.cos(x[0]) * ad.cos(x[1]) * ad.exp(-((x[0] - PI) ** 2) - (x[1] - PI) ** 2)


def _booth(x: Any) -> Any:
    return (x[0] + 2 * x[1] - 7) ** 2 + (2 * x[0] + x[1] - 5) ** 2


def _branin(x: Any) -> Any:
    a, b = x[0], x[1]
    valley = b - 5.1 / (4 * PI**2) * a**2 + 5 / PI * a - 6
    return valley**2 + 10 * (1 - 1 / (8 * PI)) * ad.cos(a) + 10


def _six_hump_camel(x: Any) -> Any:
    a, b = x[0], x[1]
    return (4 - 2.1 * a**2 + a**4 / 3) * a**2 + a * b + (-4 + 4 * b**2) * b**2


def _powell(x: Any) -> Any:
    a, b, c, d = x[0], x[1], x[2], x[3]
    return (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4


def _wood(x: Any) -> Any:
    a, b, c, d = x[0], x[1], x[2], x[3]
    first = 100 * (b - a**2) ** 2 + (1 - a) ** 2 + 90 * (d - c**2) ** 2 + (1 - c) ** 2
    return first + 10.1 * ((b - 1) ** 2 + (d - 1) ** 2) + 19.8 * (b - 1) * (d - 1)


def _drop_wave(x: Any) -> Any:
    square = ad.sum(x**2)
    return -(1 + ad.cos(12 * ad.sqrt(square))) / (0.5 * square + 2)


def _salomon(x: Any) -> Any:
    length = ad.sqrt(ad.sum(x**2))
    return 1 - ad.cos(2 * PI * length) + 0.1 * length


def _trid(x: Any) -> Any:
    return ad.sum((x - 1) ** 2) - ad.sum(x[1:] * x[:-1])


def _rational(x: Any) -> Any:
    return ad.sum((x**3 - 2 * x + 1) / (x**2 + 0.5))


def _logistic_loss(x: Any) -> Any:
    rows = np.linspace(-1, 1, 7 * x.size).reshape(7, x.size)
    return ad.mean(ad.softplus(ad.matmul(rows**3 + 0.3, x)))


def _matmul_chain(x: Any) -> Any:
    return ad.sum(ad.tanh(ad.matmul(ad.tanh(ad.matmul(x, x.T)), x)) ** 2)


def _network(x: Any) -> Any:
    data = np.cos(np.arange(15.0)).reshape(5, 3)
    return ad.mean(ad.log_softmax(ad.matmul(ad.tanh(ad.matmul(data, x)), x.T)) ** 2)


def _noisy(x: Any) -> Any:
    return ad.sum((x + 1e6) ** 2 - 1e12) / 1e6


def _cancelling(x: Any) -> Any:
    return ad.sum((1 - ad.cos(x * 1e-3)) / (x * 1e-3) ** 2)


OPTIMISATION = (
    Subject("sphere", lambda x: ad.sum(x**2), (4,), -3, 3),
    Subject("Rosenbrock", _rosenbrock, (5,), -2, 2),
    Subject("Rastrigin", _rastrigin, (4,), -5, 5),
    Subject("Ackley", _ackley, (4,), -30, 30),
    Subject("Griewank", _griewank, (4,), -60, 60),
    Subject("Lévy", _levy, (4,), -10, 10),
    Subject("Styblinski-Tang", _styblinski_tang, (4,), -5, 5),
    Subject("Michalewicz", _michalewicz, (4,), 0, 3.1),
    Subject("Schwefel", _schwefel, (4,), -500, 500),
    Subject("Zakharov", _zakharov, (4,), -5, 10),
    Subject("Dixon-Price", _dixon_price, (4,), -10, 10),
    Subject("Beale", _beale, (2,), -4.5, 4.5),
    Subject("Himmelblau", _himmelblau, (2,), -5, 5),
    Subject("Goldstein-Price", _goldstein_price, (2,), -2, 2),
    Subject("Easom", _easom, (2,), 0, 6),
    Subject("Booth", _booth, (2,), -10, 10),
    Subject("Branin", _branin, (2,), -5, 15),
    Subject("six-hump camel", _six_hump_camel, (2,), -3, 3),
    Subject("Powell", _powell, (4,), -4, 5),
    Subject("Wood", _wood, (4,), -10, 10),
    Subject("drop wave", _drop_wave, (2,), -5, 5),
    Subject("Salomon", _salomon, (3,), -10, 10),
    Subject("Trid", _trid, (5,), -25, 25),
    Subject("Hölder table", lambda x: ad.sin(x[0]) * ad.cos(x[1]), (2,), -10, 10),
)

OTHERS = (
    Subject("sin", lambda x: ad.sum(ad.sin(x)), (3,), -20, 20),
    Subject("tan", lambda x: ad.sum(ad.tan(x)), (3,), -1.5, 1.5),
    Subject("exp", lambda x: ad.sum(ad.exp(x)), (3,), -20, 20),
    Subject("log", lambda x: ad.sum(ad.log(x)), (3,), 1e-3, 10),
    Subject("sqrt", lambda x: ad.sum(ad.sqrt(x)), (3,), 1e-3, 10),
    Subject("power", lambda x: ad.sum(x**2.5 - x**-1.5), (3,), 0.1, 5),
    Subject("arcsin", lambda x: ad.sum(ad.arcsin(x)), (3,), -0.99, 0.99),
    Subject("rational", _rational, (4,), -3, 3),
    Subject("erf", lambda x: ad.sum(ad.erf(x)), (3,), -3, 3),
    Subject("GELU", lambda x: ad.sum(ad.gelu(x)), (4,), -4, 4),
    Subject("SiLU", lambda x: ad.sum(ad.silu(x)), (4,), -6, 6),
    Subject("logsumexp", lambda x: ad.logsumexp(x), (5,), -30, 30),
    Subject("softmax", lambda x: ad.softmax(x), (4,), -5, 5),
    Subject("log-softmax", lambda x: ad.log_softmax(x), (4,), -5, 5),
    Subject("norm", lambda x: ad.sqrt(ad.sum(x**2)), (4,), -5, 5),
    Subject("3-norm", lambda x: ad.sum(ad.abs(x) ** 3) ** (1 / 3), (4,), -5, 5),
    Subject("ReLU", lambda x: ad.sum(ad.relu(x) ** 2 + ad.relu(x)), (5,), -2, 2),
    Subject("largest", lambda x: ad.max(ad.sin(x)), (5,), -3, 3),
    Subject("logistic loss", _logistic_loss, (4,), -3, 3),
    Subject("matmul chain", _matmul_chain, (2, 3), -1.5, 1.5),
    Subject("network", _network, (3, 4), -1.5, 1.5),
    Subject("product", lambda x: ad.prod(x), (5,), -2, 2),
    Subject("variance", lambda x: ad.var(x), (5,), -2, 2),
    Subject("scaled by 1e-30", lambda x: 1e-30 * ad.sum(ad.sin(x)), (3,), -2, 2),
    Subject("inputs of 1e-12", lambda x: ad.sum(ad.sin(x * 1e12)), (3,), -2e-12, 2e-12),
    Subject("inputs of 1e12", lambda x: ad.sum(ad.sin(x * 1e-12)), (3,), -2e12, 2e12),
    Subject("cancelling", _cancelling, (3,), 1, 3),
    Subject("noisy", _noisy, (3,), -2, 2),
)

SUBJECTS = OPTIMISATION + OTHERS
