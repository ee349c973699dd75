"""What an optimizer knows of its parameters, and the update of a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from autodiff import Tensor, live
from autodiff.extending import raw
from nn.optim.formulas.tracing import Plain
from nn.optim.formulas.variant import Variant
from nn.optim.hyperparameters import Group
from nn.optim.rates import Sources
from nn.optim.together import Bucket, Cohort, Entry

__all__ = ["Entries"]

Member = tuple[Tensor, Any, Any, Entry]


class Entries:
    """The part of an optimizer that keeps state and brings the rule to the arrays."""

    param_groups: list[Group]
    decay: ClassVar[str]
    hidden: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        self.state: dict[Tensor, dict[str, Tensor]] = {}
        self._layout = 0
        self._sources: dict[int, Sources] = {}
        self._entries: dict[Tensor, Entry] = {}
        self._cohorts: dict[Tensor, Cohort] = {}
        self._newest: dict[Any, Cohort] = {}
        self._buckets: dict[Any, Bucket] = {}
        self._variants: list[Variant] = []
        self._scratch: dict[Any, Tensor] = {}

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """The state with which a parameter begins."""
        raise NotImplementedError

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """The new value of a parameter."""
        raise NotImplementedError

    def _whole_rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """The rule with what all optimizers have in common."""
        if "maximize" in h and h.maximize:
            g = -g
        if "weight_decay" in h and self.decay != "own" and h.weight_decay:
            decoupled = self.decay == "decoupled"
            if "decoupled_weight_decay" in h:
                decoupled = h.decoupled_weight_decay
            if decoupled:
                p = p * (1 - h.lr * h.weight_decay)
            else:
                g = g + h.weight_decay * p
        return self.rule(p, g, state, h)

    def _take_over(self, group: Group) -> None:
        """Make the state of a new group's parameters, but for those that are frozen."""
        for p in group["params"]:
            if p.requires_grad:
                self._entry(p, group)

    def _update(
        self, group: Group, active: list[tuple[Tensor, Any]], recorder: live.Recorder | None
    ) -> None:
        """Update the parameters of a group that have a gradient."""
        together: dict[Bucket, list[Member]] = {}
        for p, gradient in active:
            entry, data = self._entries.get(p), raw(p)
            if entry is None or entry.mark is not group.mark or entry.dtype != data.dtype:
                entry = self._entry(p, group)
            together.setdefault(entry.bucket, []).append((p, data, gradient, entry))
        sources, recorded = self._sources[id(group)], recorder is not None
        for bucket, members in together.items():
            if bucket.variant.counts and len(members) < bucket.cohort.size:
                bucket = self._apart(bucket, members)
            bucket.cohort.begun = True
            if recorder is not None:
                _tell(bucket.variant, group)
                # Counts and memory belong to several parameters, so to none by name.
                recorder.subject = None
            numbers = bucket.numbers(sources, {entry.dtype for *_, entry in members})
            update = bucket.variant.update
            for p, data, gradient, entry in members:
                memory = entry.memory(recorded)
                if recorder is not None:
                    recorder.subject = p
                if isinstance(gradient, Tensor):
                    gradient = gradient.data
                arrays = [raw(tensor) for tensor in entry.tensors]
                update(data, gradient, *arrays, *numbers[entry.dtype], *memory)
                p.data = data
                for i in entry.changed:
                    entry.tensors[i].data = arrays[i]
                if recorder is not None:
                    recorder.subject = None

    def _started(self, p: Tensor, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The state with which a parameter begins."""
        like = np.zeros(p.shape, p.dtype)
        sources = self._sources.get(id(settings))
        rate = settings.get("lr")
        if callable(rate):
            settings = {**settings, "lr": rate(0 if sources is None else sources.count())}
        return self.start(like, Plain(settings))

    def _entry(self, p: Tensor, group: Group) -> Entry:
        """What is known of a parameter, brought up to date with the settings and its dtype."""
        start = self._started(p, group)
        like = np.empty(p.shape, p.dtype)
        variant = self._variant(group, start, like)
        state = self.state.setdefault(p, {}) if start else {}
        counts = {name: start[name] for name in variant.counts}
        if counts:
            cohort = self._cohort(p, (id(group), variant), counts)
            state.update({n: cohort.counts[n] for n in start if n in cohort.counts})
        else:
            cohort = self._newest.setdefault((id(group), variant), Cohort({}))
        for name in variant.arrays:
            if name not in state:
                state[name] = Tensor(start[name], name=name)
            elif state[name].dtype != p.dtype:
                state[name].cast_(p.dtype)
        scratch = [self._temporary(p, number) for number in range(variant.temporaries)]
        bucket = self._buckets.setdefault((cohort, variant), Bucket(cohort, variant))
        tensors = [state[name] for name in variant.arrays]
        self._entries[p] = Entry(bucket, tensors, scratch, group.mark, p.dtype)
        return self._entries[p]

    def _variant(self, group: Group, start: Mapping[str, Any], like: Any) -> Variant:
        for known in self._variants:
            if known.fits(group, start, like):
                return known
        made = Variant(f"{type(self).__name__} step", self._whole_rule, group, start, like)
        self._variants.append(made)
        return made

    def _cohort(self, p: Tensor, key: Any, counts: dict[str, Any]) -> Cohort:
        """With whom a parameter shares its counts; with those that begin when it begins."""
        known = self._cohorts.get(p)
        new = [name for name in counts if known is None or name not in known.counts]
        # While a step is recorded there are no numbers to be looked at, and none are needed.
        if set(self.hidden) & set(new) and self._has_begun(p):
            counts = {**counts, **{name: 1.0 for name in self.hidden if name in counts}}
        if known is None:
            key = (*key, tuple(counts.values()))
            known = self._newest.get(key)
            if known is None or known.begun:
                known = self._newest[key] = Cohort(counts)
            known.size += 1
            self._cohorts[p] = known
        for name, value in counts.items():
            if name not in known.counts:
                known.counts[name] = Tensor(np.array(value, np.float64), name=name)
        return known

    def _has_begun(self, p: Tensor) -> bool:
        return any(bool(np.any(t.numpy())) for t in self.state.get(p, {}).values())

    def _apart(self, bucket: Bucket, members: list[Member]) -> Bucket:
        """A bucket for parameters that are updated without the others of their cohort."""
        own = bucket.cohort.apart()
        made = self._buckets[own, bucket.variant] = Bucket(own, bucket.variant)
        for p, *_, entry in members:
            self._join(p, own)
            entry.bucket = made
        self._layout += 1
        return made

    def _join(self, p: Tensor, cohort: Cohort) -> None:
        """Let a parameter belong to another cohort."""
        before = self._cohorts.get(p)
        if before is not None:
            before.size -= 1
        self._cohorts[p] = cohort
        cohort.size += 1
        self.state[p].update({n: t for n, t in cohort.counts.items() if n in self.state[p]})

    def _restore(self, found: Mapping[Tensor, Mapping[str, Any]]) -> None:
        """Give parameters the state that was saved, in the memory of what they have."""
        together: dict[Any, list[Tensor]] = {}
        for group in self.param_groups:
            for p in group["params"]:
                if p in found:
                    variant = self._entry(p, group).bucket.variant
                    for name in variant.arrays:
                        tensor = self.state[p][name]
                        tensor.data = np.array(found[p][name], tensor.dtype)
                    values = tuple(float(found[p][name]) for name in variant.counts)
                    if values:
                        together.setdefault((id(group), variant, values), []).append(p)
        for (_, variant, values), members in together.items():
            cohort = self._cohorts[members[0]]
            if cohort.size != len(members) or any(self._cohorts[p] is not cohort for p in members):
                cohort = cohort.apart()
                self._layout += 1
                for p in members:
                    self._join(p, cohort)
                    self._entries[p].mark = None
            cohort.begun = True
            for name, value in zip(variant.counts, values, strict=True):
                cohort.counts[name].data = np.array(value, np.float64)

    def _temporary(self, p: Tensor, number: int) -> Tensor:
        """Memory in the shape of a parameter, shared by all of that shape; does not last."""
        key = p.shape, p.dtype, number
        if key not in self._scratch:
            self._scratch[key] = Tensor(np.zeros(p.shape, p.dtype), name="scratch")
        return self._scratch[key]


def _tell(variant: Variant, group: Group) -> None:
    """Tell a recording what decided the course."""
    live.setting(vars(group), "kinds")
    for asked in variant.asked:
        (live.setting if asked.exact else live.truth)(group, asked.key)
