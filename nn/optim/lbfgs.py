"""The quasi-Newton method with a short memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from autodiff import Tensor, enable_grad, live
from autodiff.errors import TracingError
from autodiff.extending import raw
from nn.optim.hyperparameters import Range
from nn.optim.line_search import Point, strong_wolfe
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["LBFGS"]

Array = np.ndarray[Any, Any]
_LISTS = ("old_dirs", "old_stps", "ro")
_KEPT = ("func_evals", "n_iter", "d", "t", *_LISTS, "H_diag", "prev_flat_grad", "prev_loss")


class LBFGS(Optimizer):
    """Newton's method, with curvature estimated from the last changes of the gradient.

    d ← −H g, with H from the last ``history_size`` pairs s (step) and y (change of the gradient)
    by the two-loop recursion;  p ← p + t d, with t = lr, or by a line search. It needs all the
    data, or the same batch, in every evaluation, and one group.

    Source: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization",
    1989, in the form used by PyTorch.

    Args:
        params: the parameters, see `Optimizer`.
        lr: length of a step in units of d, not negative; or a function of the number of steps
            made.
        max_iter: how many directions one `step` goes.
        max_eval: how often it evaluates the closure; 1.25 times ``max_iter`` if not given.
        tolerance_grad: the largest element of a gradient at which it stops.
        tolerance_change: the least change of loss or parameters by which it goes on.
        history_size: number of pairs.
        line_search_fn: ``strong_wolfe``, or None for none.

    Raises:
        ValueError: a setting is out of range, or there are several groups.

    Example:
        >>> import nn
        >>> p = nn.Parameter([5.0, -3.0])
        >>> optimizer = LBFGS([p], line_search_fn="strong_wolfe")
        >>> def closure():
        ...     optimizer.zero_grad()
        ...     loss = ((p - 1.0) ** 4).sum()
        ...     loss.backward()
        ...     return loss
        >>> before = optimizer.step(closure).item()
        >>> before, bool(closure().item() < 1e-4)
        (512.0, True)
    """

    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "max_iter": Range(least=1),
        "max_eval": Range(least=1),
        "tolerance_grad": Range(),
        "tolerance_change": Range(),
        "history_size": Range(least=1),
        "line_search_fn": (None, "strong_wolfe"),
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "max_iter": max_iter,
                "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
                "tolerance_grad": tolerance_grad,
                "tolerance_change": tolerance_change,
                "history_size": history_size,
                "line_search_fn": line_search_fn,
            },
        )
        self._known: dict[str, Any] = {}

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Take over the parameters, once."""
        if self.param_groups:
            raise ValueError(
                "LBFGS takes one group of parameters, since it goes along one direction in all of "
                "them; give a plain list of parameters"
            )
        super().add_param_group(group)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Go along up to ``max_iter`` directions.

        Args:
            closure: sets the gradients to those at the parameters as they are, and returns the
                loss.

        Returns:
            What the closure returned first.

        Raises:
            TypeError: there is no closure.
            TracingError: within a compiled step.
        """
        if closure is None:
            raise TypeError(
                "LBFGS evaluates the loss several times in a step, so step needs a function that "
                "does: step(closure), which calls zero_grad() and backward() and returns the loss"
            )
        if live.RECORDER.get() is not None:
            raise TracingError(
                "LBFGS goes on as long as the numbers ask for it, which a recorded step cannot; "
                "compile the closure, and call step(closure) outside of it"
            )
        if self._hooks:
            self._hooks.before(self, (closure,))
        with enable_grad():
            first = closure()
        self._search(closure, float(_plain(first)))
        self._sources[id(self.param_groups[0])].advance(None)
        if self._hooks:
            self._hooks.after(self, (closure,))
        return first

    def _search(self, closure: Callable[[], Any], loss: float) -> None:
        group, k = self.param_groups[0], self._known
        lr = group["lr"](self._sources[id(group)].count()) if callable(group["lr"]) else group["lr"]
        gradient = self._gradient()
        k.setdefault("func_evals", 0)
        k.setdefault("n_iter", 0)
        k["func_evals"] += 1
        evaluated = 1
        if _largest(gradient) <= group["tolerance_grad"]:
            return
        for number in range(1, int(group["max_iter"]) + 1):
            k["n_iter"] += 1
            self._remember(gradient, int(group["history_size"]))
            k["prev_flat_grad"], k["prev_loss"] = gradient, loss
            d = k["d"]
            k["t"] = lr
            if k["n_iter"] == 1:
                k["t"] = min(1.0, 1.0 / np.abs(gradient).sum()) * lr
            slope = gradient @ d
            if slope > -group["tolerance_change"]:
                break
            more = 0
            if group["line_search_fn"] is None:
                self._move(k["t"] * d)
                if number < group["max_iter"]:
                    with enable_grad():
                        loss = float(_plain(closure()))
                    gradient = self._gradient()
                    more = 1
            else:
                point, more = strong_wolfe(
                    self._evaluation(closure, d),
                    Point(0, loss, gradient, slope),
                    k["t"],
                    _largest(d),
                    most=int(group["max_eval"]) - evaluated,
                )
                loss, gradient, k["t"] = point.loss, point.gradient, point.t
                self._move(k["t"] * d)
            evaluated += more
            k["func_evals"] += more
            if (
                number == group["max_iter"]
                or evaluated >= group["max_eval"]
                or _largest(gradient) <= group["tolerance_grad"]
                or _largest(k["t"] * d) <= group["tolerance_change"]
                or abs(loss - k["prev_loss"]) < group["tolerance_change"]
            ):
                break

    def _remember(self, gradient: Array, most: int) -> None:
        """Take the last step into the memory, and make the next direction of it."""
        k = self._known
        if k["n_iter"] == 1:
            k.update(d=-gradient, H_diag=1.0, **{name: [] for name in _LISTS})
            return
        y, s = gradient - k["prev_flat_grad"], k["d"] * k["t"]
        curvature = y @ s
        if curvature > 1e-10:
            for name, new in zip(_LISTS, (y, s, 1.0 / curvature), strict=True):
                k[name] = [*k[name], new][-most:]
            k["H_diag"] = curvature / (y @ y)
        q, shares = -gradient, []
        for y, s, ro in reversed(list(zip(*(k[name] for name in _LISTS), strict=True))):
            shares.append((s @ q) * ro)
            q = q - shares[-1] * y
        r = q * k["H_diag"]
        for y, s, ro in zip(*(k[name] for name in _LISTS), strict=True):
            r = r + s * (shares.pop() - (y @ r) * ro)
        k["d"] = r

    def _evaluation(self, closure: Callable[[], Any], d: Array) -> Callable[[Any], Point]:
        params = self.param_groups[0]["params"]
        before = [np.array(raw(p)) for p in params]

        def evaluate(t: Any) -> Point:
            self._move(t * d)
            with enable_grad():
                loss = float(_plain(closure()))
            gradient = self._gradient()
            for p, array in zip(params, before, strict=True):
                p.data = np.positive(array, out=raw(p))
            return Point(t, loss, gradient, gradient @ d)

        return evaluate

    def _gradient(self) -> Array:
        """All gradients in one vector, zeros where there is none."""
        parts = [
            np.zeros(p.size, p.dtype) if p.grad is None else np.ravel(_plain(p.grad))
            for p in self.param_groups[0]["params"]
        ]
        return np.concatenate(parts)

    def _move(self, change: Array) -> None:
        """Add a vector to all parameters."""
        offset = 0
        for p in self.param_groups[0]["params"]:
            part = change[offset : offset + p.size].reshape(p.shape)
            p.data = np.add(raw(p), part, out=raw(p), casting="same_kind")
            offset += p.size

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on later, in PyTorch's structure; arrays are never changed."""
        kept = {name: self._known[name] for name in _KEPT if name in self._known}
        kept = {n: list(v) if n in _LISTS else v for n, v in kept.items()}
        return {**super().state_dict(), "state": {0: kept} if kept else {}}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned.

        Raises:
            ValueError: it does not fit.
        """
        entries: Mapping[str, Any] = next(iter(state_dict["state"].values()), {})
        size = sum(p.size for p in self.param_groups[0]["params"])
        unknown = set(entries) - {*_KEPT, "al"}
        if unknown:
            raise ValueError(
                f"the state holds {sorted(entries)}, but LBFGS keeps {sorted(_KEPT)}; it was saved "
                "by another optimizer"
            )
        kind = np.asarray(entries.get("d", 0.0)).dtype
        found = {n: _loaded(n, v, kind) for n, v in entries.items() if n in _KEPT}
        if "d" in found and found["d"].shape != (size,):
            raise ValueError(
                f"the state is for {found['d'].size} numbers, and the parameters have {size}; "
                "build the optimizer with the same parameters in the same order"
            )
        super().load_state_dict({**state_dict, "state": {}})
        self._known = found


def _plain(x: Any) -> Any:
    return x.data if isinstance(x, Tensor) else x


def _largest(x: Array) -> Any:
    return np.abs(x).max(initial=0.0)


def _loaded(name: str, value: Any, kind: Any) -> Any:
    """An entry in the float type of the directions."""
    if name in ("func_evals", "n_iter"):
        return int(value)
    if name == "prev_loss":
        return float(value)
    if name in _LISTS:
        return [np.asarray(v).astype(kind)[()] for v in value]
    return np.asarray(value).astype(kind)[()]
