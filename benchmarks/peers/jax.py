"""JAX on the CPU: every step jitted as a whole, its buffers donated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.peer import Job, Outcome, Peer, arrays
from benchmarks.problems import MLP, Chain, Moons, Small, Wide

peer = Peer("JAX", "jax")


def _pure(f: Callable[..., Any], parameters: list[Any]) -> Job:
    """A step without an update: the value and the gradients of `f` at `parameters`."""
    both = jax.jit(jax.value_and_grad(f, argnums=tuple(range(len(parameters)))))
    leaves = [jnp.asarray(p) for p in parameters]
    result: list[Any] = []

    def step() -> None:
        result[:] = both(*leaves)
        jax.block_until_ready(result)

    return Job(step, lambda: Outcome(float(result[0]), arrays(result[1]), []))


@peer.line(Moons, "as tensors")
def _moons(problem: Moons) -> Job:
    x, labels = (jnp.asarray(a, dtype=jnp.float32) for a in problem.data)
    y = labels[:, None]

    def loss(p: list[Any]) -> Any:
        a = jax.nn.relu(x @ p[0].T + p[1])
        a = jax.nn.relu(a @ p[2].T + p[3])
        score = a @ p[4].T + p[5]
        penalty = sum((w * w).sum() for w in p)
        return jax.nn.relu(1 - y * score).mean() + problem.decay * penalty

    def update(p: list[Any]) -> Any:
        value, g = jax.value_and_grad(loss)(p)
        return value, [a - problem.rate * d for a, d in zip(p, g, strict=True)]

    run = jax.jit(update, donate_argnums=0)
    state: list[Any] = [0.0, [jnp.asarray(a, dtype=jnp.float32) for a in problem.parameters]]

    def step() -> None:
        state[:] = run(state[1])
        jax.block_until_ready(state)

    return Job(step, lambda: Outcome(float(state[0]), [], arrays(state[1])))


def _double(f: Callable[..., Any], parameters: list[Any]) -> Job:
    """`_pure` in double precision, as the other engines' scalars are."""
    with jax.enable_x64(True):
        single = _pure(f, parameters)

    def step() -> None:
        with jax.enable_x64(True):
            single.step()

    return Job(step, single.outcome)


@peer.line(Chain, "scan")
def _chain(problem: Chain) -> Job:
    def run(start: Any, w: Any, b: Any) -> Any:
        return jax.lax.scan(lambda y, _: (y * w + b, None), start, length=problem.turns)[0]

    return _double(run, problem.parameters)


@peer.line(Wide, "as arrays")
def _wide(problem: Wide) -> Job:
    i, j = (jnp.asarray(side) for side in problem.pairs)
    return _double(lambda a, b: (a[i] * b[j]).mean(), problem.parameters)


@peer.line(Small)
def _small(problem: Small) -> Job:
    return _pure(lambda x, y: jnp.tanh(x * y + x).sum(), problem.parameters)


@peer.line(MLP)
def _mlp(problem: MLP) -> Job:
    x, labels = (jnp.asarray(a) for a in problem.data)

    def loss(p: list[Any]) -> Any:
        a = x
        for i in range(0, len(p), 2):
            a = a @ p[i].T + p[i + 1]
            if i < len(p) - 2:
                a = jax.nn.relu(a)
        chosen = jnp.take_along_axis(jax.nn.log_softmax(a), labels[:, None], axis=1)
        return -chosen.mean()

    def sgd(p: list[Any], m: list[Any], v: list[Any], steps: Any) -> Any:
        value, g = jax.value_and_grad(loss)(p)
        m = [0.9 * a + d for a, d in zip(m, g, strict=True)]
        return value, [a - problem.rate * d for a, d in zip(p, m, strict=True)], m, v, steps

    def adam(p: list[Any], m: list[Any], v: list[Any], steps: Any) -> Any:
        value, g = jax.value_and_grad(loss)(p)
        steps = steps + 1
        m = [0.9 * a + 0.1 * d for a, d in zip(m, g, strict=True)]
        v = [0.999 * a + 0.001 * d * d for a, d in zip(v, g, strict=True)]
        rate = problem.rate / (1 - 0.9**steps)
        roots = [jnp.sqrt(a / (1 - 0.999**steps)) + 1e-8 for a in v]
        p = [a - rate * d / r for a, d, r in zip(p, m, roots, strict=True)]
        return value, p, m, v, steps

    sgd_chosen = problem.optimizer == "sgd"
    run = jax.jit(sgd if sgd_chosen else adam, donate_argnums=(0, 1, 2, 3))
    p = [jnp.asarray(a) for a in problem.parameters]
    m, v = ([jnp.zeros_like(a) for a in p] for _ in range(2))
    state: list[Any] = [0.0, p, m, [] if sgd_chosen else v, jnp.float32(0)]

    def step() -> None:
        state[:] = run(*state[1:])
        jax.block_until_ready(state)

    def outcome() -> Outcome:
        # After the first step the running mean is the gradient, but for Adam's factor.
        factor = 1.0 if sgd_chosen else 10.0
        gradients = [a * a.dtype.type(factor) for a in arrays(state[2])]
        return Outcome(float(state[0]), gradients, arrays(state[1]))

    return Job(step, outcome)
