"""The loop of a fit: epochs, batches, events, and where it is."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from typing import Any

from nn.metrics import Metric
from nn.training.bar import bar, is_shown
from nn.training.batches import Targets, length_of
from nn.training.callbacks import Calls, Run
from nn.training.evaluation import figures_over
from nn.training.generators import found_generators, generator_states, restore_generators
from nn.training.history import History
from nn.training.interrupts import SafeInterrupt
from nn.training.named_metrics import Function
from nn.training.resuming import put_back, taken
from nn.training.step import Step, StepResult
from nn.training.tallies import Tally
from nn.training.untrained import Reached
from nn.training.walking import END, Walk

__all__ = ["Loop"]

_LOG = logging.getLogger(__name__.rpartition(".")[0])


class Loop:
    """A fit: what it walks through, what it tells whom, and at which place it is.

    Args:
        step: the training step.
        loader: gives the batches of training.
        held_out: gives those of validation; None for none.
        metrics: by name.
        calls: the callbacks.
        epochs: how many epochs there are to be.
        batches: after how many batches an epoch ends; None for when the loader does.
        targets: which part of a batch the targets are.
        frozen: modules that stay in evaluation mode.
        progress: whether to show a bar.
    """

    def __init__(
        self,
        step: Step,
        loader: Any,
        held_out: Any,
        metrics: Mapping[str, Metric | Function],
        calls: Calls,
        epochs: int,
        batches: int | None,
        targets: Targets,
        frozen: tuple[Any, ...],
        progress: bool,
    ) -> None:
        self.step = step
        self.loader = loader
        self.held_out = held_out
        self.metrics = metrics
        self.calls = calls
        self.batches = batches
        self.targets = targets
        self.frozen = frozen
        self.progress = progress
        known = length_of(loader) if batches is None else batches
        self.run: Run = Run(step.model, step.optimizer, History(), epochs, step, known)
        self.run.state = self.state
        self._tally = Tally(metrics)
        self._within = False
        self._walk = Walk(loader, batches, self._generators)
        self._reach: Reached | None = None
        self._since = 0.0
        step.where = lambda: f" in epoch {self.run.epoch}, step {self.run.step + 1}"
        if calls.hears("on_backward"):
            step.on_backward = lambda: calls("on_backward", self.run)

    def state(self) -> dict[str, Any]:
        """All that decides how the fit goes on, at this moment."""
        run = self.run
        return {
            **taken(run.model, self.step.loss, run.optimizer, self.calls.all),
            "generators": generator_states(self._generators()),
            "walk": self._walk.state_dict(),
            "within": self._within,
            "epoch": run.epoch,
            "step": run.step,
            "batch_number": run.batch_number,
            "samples": run.samples,
            "stopped": run.stopped,
            "loss": run.loss,
            "tally": self._tally.state_dict() if self._within else None,
            "figures": {k: v for k, v in run.figures.items() if isinstance(v, int | float | str)},
            "history": run.history.state_dict(),
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was taken."""
        run = self.run
        self._walk.load_state_dict(state["walk"])
        put_back(state, run.model, self.step.loss, run.optimizer, self.calls.all)
        self._within = bool(state["within"])
        for name in ("epoch", "step", "batch_number", "samples", "loss"):
            setattr(run, name, state[name])
        run.figures = dict(state["figures"])
        run.stopped = bool(state["stopped"])
        run.history.load_state_dict(state["history"])
        if self._within:
            self._tally.load_state_dict(state["tally"])
        # Last, since all of the above may have drawn.
        restore_generators(self._generators(), state["generators"])

    def _generators(self) -> Any:
        return found_generators(
            model=self.run.model,
            loss=self.step.loss,
            optimizer=self.run.optimizer,
            loader=self.loader,
            callbacks=self.calls.all,
        )

    def go(self, resumed: Any = None) -> History:
        """Do all epochs, from the first one or from where a checkpoint was taken."""
        run, calls = self.run, self.calls
        run.resumed = resumed is not None
        self._reach = Reached(run.model, run.optimizer) if run.epochs else None
        total = None if run.batches is None else run.batches * run.epochs
        shown: Any = None
        with SafeInterrupt() as interrupt:
            try:
                calls("on_begin", run)
                if resumed is not None:
                    self.load(resumed)
                done = run.batch_number if self._within else 0
                done += 0 if run.batches is None else run.batches * (run.epoch - self._within)
                shown = bar(total, self.progress, unit="step", initial=done)
                self._since = time.perf_counter()
                while self._within or (run.epoch < run.epochs and not run.stopped):
                    self._epoch(interrupt, shown)
            except KeyboardInterrupt:
                run.history.interrupted = True
                run.error = KeyboardInterrupt()
                calls("on_interrupt", run)
            except BaseException as error:
                run.error = error
                calls("on_error", run)
                raise
            finally:
                if shown is not None:
                    shown.close()
                run.history.reason = self.step.reason
                run.model.eval()
                calls("on_end", run)
        if run.history.interrupted and self.progress:
            print(
                f"interrupted in epoch {run.epoch} after step {run.step}; the parameters are "
                "those of that step",
                file=sys.stderr,
            )
        return run.history

    def _epoch(self, interrupt: SafeInterrupt, shown: Any) -> None:
        run, calls = self.run, self.calls
        interrupt.hold()
        from_its_start = not self._within
        if from_its_start:
            run.whole = False
            run.epoch += 1
            run.batch_number, run.figures = 0, {}
            self._walk.new_epoch()
            self._tally = Tally(self.metrics)
            self._train_mode()
            calls("on_epoch_begin", run)
            self._within = run.whole = True
        else:
            self._train_mode()
        shown.set_description(f"epoch {run.epoch}/{run.epochs}", refresh=False)
        self._batches(interrupt, shown)
        if self._reach is not None and from_its_start:
            self._reach.epoch()
            self._reach = None
        run.figures.update(self._tally.figures())
        if self.held_out is not None:
            # Nothing that lasts is changed here, so it can be broken off at any point.
            interrupt.release()
            figures = figures_over(
                run.model, self.held_out, self.step.loss, self.metrics, self.targets
            )
            interrupt.hold()
            run.figures.update({f"val_{k}": v for k, v in figures.items()})
        run.whole = False
        if self.held_out is not None:
            self._tell("on_validation", interrupt)
        self._tell("on_epoch", interrupt)
        run.history.epochs.append({"epoch": run.epoch, **run.figures})
        self._within, run.batch_number, run.whole = False, 0, True
        self._tell("on_epoch_end", interrupt)
        numbers = {k: v for k, v in run.figures.items() if isinstance(v, float)}
        shown.set_postfix({**numbers, **self._rate()}, refresh=False)
        interrupt.release()

    def _rate(self) -> dict[str, str]:
        spent = time.perf_counter() - self._since
        return {"samples/s": f"{self.run.samples / spent:.3g}"} if spent > 0 else {}

    def _tell(self, event: str, interrupt: SafeInterrupt) -> None:
        """Tell of an event; a KeyboardInterrupt in it waits until the place is whole."""
        try:
            self.calls(event, self.run)
        except KeyboardInterrupt:
            interrupt.pend()

    def _train_mode(self) -> None:
        self.run.model.train()
        for module in self.frozen:
            module.eval()

    def _batches(self, interrupt: SafeInterrupt, shown: Any) -> None:
        run, step, tally = self.run, self.step, self._tally
        on_step, on_batch = self.calls.hears("on_step"), self.calls.hears("on_batch")
        wanted, told, seen = bool(self.metrics), False, is_shown(shown)
        while True:
            run.whole = False
            batch = self._walk.next(run.batch_number)
            if batch is END:
                break
            run.batch = batch
            if on_batch:
                self._tell("on_batch", interrupt)
            result: StepResult = step(batch)
            run.loss = result.loss
            run.batch_number += 1
            run.samples += result.size
            if result.parts:
                tally.loss(result.loss, result.parts, result.weight)
            else:
                tally.total += result.loss * result.weight
                tally.weight += result.weight
            if wanted:
                tally.outputs(result.outputs, result.targets, result.size)
            else:
                tally.seen += result.size
            if result.updated:
                if on_step or self._reach is not None:
                    self._updated(on_step, interrupt)
                else:
                    run.step += 1
                run.whole = True
                if interrupt.pending:
                    interrupt.release()
            if step.reason and not told:
                told = True
                self._say(shown)
            if seen:
                shown.update()
        if step.flush():
            self._updated(on_step, interrupt)
        if not tally.seen:
            raise ValueError(
                f"the data gave no batches in epoch {run.epoch}: what can be walked through only "
                "once is used up; give a function that makes it, or a DataLoader"
                if run.epoch > 1
                else f"{self.loader!r} has no batches; give at least one whole batch"
            )
        run.whole = True
        if interrupt.pending:
            interrupt.release()

    def _updated(self, on_step: bool, interrupt: SafeInterrupt) -> None:
        self.run.step += 1
        if self._reach is not None:
            self._reach.step()
        if on_step:
            self._tell("on_step", interrupt)

    def _say(self, shown: Any) -> None:
        """Say once why the step is not compiled, where somebody looks."""
        text = f"not compiled: {self.step.reason}"
        _LOG.info(text)
        write = getattr(shown, "write", None)
        if write is not None:
            write(text)
