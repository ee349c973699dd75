"""The base class of the optimizers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from autodiff import enable_grad, live
from nn.names.absent import absent
from nn.optim.entries import Entries
from nn.optim.hooks import Hooks, RemovableHandle
from nn.optim.hyperparameters import NOT_SETTINGS, Group, Range, check_settings, checked_rate
from nn.optim.parameter_groups import (
    SCHEDULED,
    Params,
    as_groups,
    checked_flags,
    checked_parameters,
    unnamed,
)
from nn.optim.rates import Sources
from nn.optim.saving import export_state, import_state

__all__ = ["Optimizer"]

Array = np.ndarray[Any, Any]


class Optimizer(Entries):
    """Changes parameters by their gradients, by a rule.

    A subclass writes its `rule` in plain NumPy and says in `start` with which state a parameter
    begins. The rest is done here: groups, weight decay, ``maximize``, a learning rate that is
    a function of the step, saving, and the code that works in place, which `source` shows.

    Args:
        params: parameters, or dicts ``{"params": [...], "lr": ...}`` whose further entries
            override the settings for the parameters in them. Parameters may come with their
            names, as from ``model.named_parameters()``; these are kept and saved as
            ``param_names``.
        defaults: the settings of groups that do not name their own.
        flags: switches of PyTorch's that choose among its implementations. ``foreach``,
            ``fused`` and ``capturable`` are without meaning here; ``differentiable`` is refused.

    Attributes:
        param_groups: the groups, dicts whose settings may be changed at any time; what is out
            of range is refused then too.
        state: for every parameter that was ever updated, its tensors by name.
        settings_are_live: they are read through `autodiff.live`, which tells a compiled step.

    Raises:
        TypeError: something else than floating tensors was given.
        ValueError: nothing was given, a parameter twice, or a setting is out of range.

    Example:
        >>> import numpy as np
        >>> import nn
        >>> class SignDescent(nn.optim.Optimizer):
        ...     def __init__(self, params, lr=0.1, beta=0.5):
        ...         super().__init__(params, {"lr": lr, "beta": beta})
        ...     def start(self, p, h):
        ...         return {"mean": np.zeros_like(p)}
        ...     def rule(self, p, g, state, h):
        ...         state.mean = h.beta * state.mean + (1 - h.beta) * g
        ...         return p - h.lr * np.sign(state.mean)
        >>> p = nn.Parameter([1.0, 2.0])
        >>> (p * p).sum().backward()
        >>> optimizer = SignDescent([p])
        >>> optimizer.step()
        >>> [round(value, 3) for value in p.tolist()]
        [0.9, 1.9]
    """

    settings_are_live: ClassVar[bool] = True
    ranges: ClassVar[Mapping[str, Any]] = {"lr": Range()}
    """What is asked of the settings, by name; see `nn.optim.hyperparameters.Range`."""
    decay: ClassVar[str] = "coupled"
    """What ``weight_decay`` does, where there is such a setting: ``coupled`` adds its share of the
    parameter to the gradient, ``decoupled`` shrinks the parameter, ``own`` leaves it to the rule.
    A setting ``decoupled_weight_decay`` decides it, where there is one."""
    hidden: ClassVar[tuple[str, ...]] = ()
    """Counts that are not saved: 0 before a parameter's first step, 1 after it."""

    def __init__(
        self,
        params: Params,
        defaults: dict[str, Any],
        **flags: Any,
    ) -> None:
        super().__init__()
        checked_flags(type(self).__name__, flags)
        self.defaults: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in defaults.items()
        }
        self.param_groups: list[Group] = []
        self._hooks = Hooks()
        for group in as_groups(params):
            self.add_param_group(group)

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """The state with which a parameter begins; none if not overridden.

        Args:
            p: the parameter's array.
            h: the settings, as attributes.

        Returns:
            Arrays, such as ``numpy.zeros_like(p)``, and numbers, such as a count of steps, by
            name. Parameters that are always updated together share the numbers.
        """
        return {}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """The new value of a parameter, in plain NumPy.

        It is read once, on symbols, for all numbers: it may branch on settings, and on nothing
        else; `numpy.where` chooses by numbers.

        Args:
            p: the parameter.
            g: its gradient, with weight decay and the sign of ``maximize``.
            state: its state; new values are assigned to its attributes.
            h: the settings, as attributes.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define rule")

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Take over more parameters, with settings of their own where given."""
        if not isinstance(group, Mapping) or "params" not in group:
            raise TypeError(
                f"a parameter group is a dict with the key 'params', not {group!r}; write "
                "{'params': [...], 'lr': 0.1}"
            )
        group = unnamed(group, self.param_groups)
        unknown = set(group) - {"params", "param_names", *self.defaults, *SCHEDULED}
        if unknown:
            raise ValueError(
                f"{type(self).__name__} has no setting {sorted(unknown)[0]!r}; "
                f"a group may set {', '.join(self.defaults)}"
            )
        taken = [p for other in self.param_groups for p in other["params"]]
        params = checked_parameters(group["params"], taken)
        settings = {**self.defaults, **group, "params": params}
        self._check(settings)
        if callable(settings.get("lr")):
            checked_rate(f"{type(self).__name__}: lr(0)", settings["lr"](0))
        complete = Group(settings, self._check)
        self.param_groups.append(complete)
        self._layout += 1
        self._sources[id(complete)] = Sources(complete)
        if type(self).rule is not Optimizer.rule:
            self._take_over(complete)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        Entries.__init__(twin)
        made = {*vars(twin), "param_groups", "_hooks"}
        vars(twin).update(
            {name: copy.deepcopy(v, memo) for name, v in vars(self).items() if name not in made}
        )
        twin.param_groups, twin._hooks = [], self._hooks
        for group in self.param_groups:
            twin.add_param_group(copy.deepcopy(dict(group), memo))
        # After the parameters, so that what is known of them is that of the copies.
        twin.load_state_dict(self.state_dict())
        return twin

    @classmethod
    def _check(cls, group: Mapping[str, Any]) -> None:
        """Raise if a setting of a group is out of range."""
        check_settings(cls.__name__, group, {k: v for k, v in cls.ranges.items() if k in group})

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient; the others stay as they are.

        Args:
            closure: computes the loss and the gradients anew, before the update.

        Returns:
            What the closure returned; None without one.
        """
        loss = None
        given: tuple[Any, ...] = () if closure is None else (closure,)
        if self._hooks:
            self._hooks.before(self, given)
        if closure is not None:
            with enable_grad():
                loss = closure()
        # A recorded step does not see by itself that parameters came in or went apart.
        live.setting(vars(self), "_layout")
        recorder = live.RECORDER.get()
        if recorder is None:
            self._step(None)
        else:
            with recorder.update(self):
                self._step(recorder)
        if self._hooks:
            self._hooks.after(self, given)
        return loss

    def _step(self, recorder: live.Recorder | None) -> None:
        for group in self.param_groups:
            active = [(p, g) for p in group["params"] if (g := p.grad) is not None]
            self._update(group, active, recorder)
            self._sources[id(group)].advance(recorder)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients, or set them to zero."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none or p.grad is None:
                    p.grad = None
                else:
                    p.grad = np.zeros(p.shape, p.dtype)

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` before every step; ``remove()`` ends it."""
        return self._hooks.add_before(hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` after every step; ``remove()`` ends it."""
        return self._hooks.add_after(hook)

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on later, in PyTorch's structure, arrays copied.

        Returns:
            ``{"state": {number: {name: array}}, "param_groups": [settings]}``, where the
            parameters are numbered through the groups. A learning rate that is a function is
            saved as the number that it is now, with the count of steps as ``lr_steps``.
        """
        return export_state(self)

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned; nothing is changed if it does not fit.

        Raises:
            ValueError: groups, numbers of parameters, names or shapes differ.
        """
        import_state(self, state_dict)

    def source(self) -> str:
        """The code that a step runs for the first group's parameters, as Python.

        Example:
            >>> import nn
            >>> print(nn.optim.SGD([nn.Parameter([1.0])], lr=0.1).source())
            def update(p, g, lr, t0):
                np.multiply(lr, g, out=t0)
                np.subtract(p, t0, out=p)
            <BLANKLINE>
        """
        group = self.param_groups[0]
        sources = [self._entry(p, group).bucket.variant.source for p in group["params"]]
        return "\n\n".join(dict.fromkeys(sources))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise absent(self, "nn.optim.Optimizer", name)

    def __repr__(self) -> str:
        lines = []
        for number, group in enumerate(self.param_groups):
            count = sum(p.size for p in group["params"])
            settings = ", ".join(f"{k}={v}" for k, v in group.items() if k not in NOT_SETTINGS)
            lines.append(f"  group {number}: {settings}  # {count:,} parameters")
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])
