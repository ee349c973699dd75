"""A run from the first line to the last."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autodiff.errors import GlassgradError
from nn.inspect import GradientCheck, check_gradients, without_chance
from nn.jobs.bench import Bench
from nn.jobs.console import Say, speaker
from nn.jobs.folder import check_folder, fill_folder
from nn.jobs.kept import model_file
from nn.jobs.network import widths
from nn.jobs.page import report_of
from nn.jobs.pictures import Neuron, has_neuron, neuron_picture, step_picture
from nn.jobs.plan import Plan
from nn.jobs.results import MODEL, NAMES, Results
from nn.jobs.threads import single_thread
from nn.jobs.training import train
from nn.report import render
from nn.report.filling import short

__all__ = ["Conduct", "RunError", "perform"]

CHECKED = 8
"""Samples in the gradient check; few, because the loss is computed a few thousand times."""
STEP = 32
"""Samples in the training step that is drawn."""
FOLDER = "checkpoints"
PLAN = "command.txt"


class RunError(GlassgradError, ValueError):
    """A run cannot begin as it was asked for."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a run is to be done, which changes nothing of what comes out.

    Attributes:
        out: where the files go.
        resume: whether to go on with the run there that was interrupted.
        restart: whether to begin anew, though there is one.
        dry: whether to write nothing.
        quiet: whether to say nothing but errors.
    """

    out: Path
    resume: bool = False
    restart: bool = False
    dry: bool = False
    quiet: bool = False


def perform(plan: Plan, conduct: Conduct) -> int:
    """Do what a plan says.

    Returns:
        The exit status: 0, or 1 if the gradients are wrong.

    Raises:
        ImportError: a package is missing.
        OSError: the files cannot be written.
        RunError: there is nothing to go on with, or something that would be lost.
        FloatingPointError: the training diverged.
        KeyboardInterrupt: Ctrl-C was pressed; its text says what was kept.
    """
    check_folder(conduct.out, NAMES)
    if conduct.resume or not conduct.dry:
        _look_for_another(plan, conduct)
    say = speaker(conduct.quiet)
    with single_thread(), np.errstate(over="ignore", invalid="ignore"):
        # An overflow is no news beside the error that says what to do about it.
        bench = Bench.build(plan)
        _introduce(bench, say)
        run = _rehearse if conduct.dry else _perform
        check = run(bench, conduct, say)
    return 1 if check.verdict == "wrong" else 0


def _look_for_another(plan: Plan, conduct: Conduct) -> None:
    """See what an interrupted run has left in the folder."""
    place = conduct.out / FOLDER
    note = place / PLAN
    earlier = note.read_text(encoding="utf-8").strip() if note.is_file() else None
    there = any(place.glob("*.safetensors"))
    if conduct.resume and not there:
        raise RunError(
            f"there is no interrupted run in {conduct.out} to go on with; leave out --resume, or "
            "say where it is with --out"
        )
    earlier, _, data = (earlier or "").partition("\n")
    if conduct.resume and earlier != plan.command():
        raise RunError(
            f"the interrupted run in {conduct.out} was another: {earlier}; give the same options "
            "with --resume"
        )
    if conduct.resume and data != _data(plan):
        raise RunError(
            f"the data are no more those of the interrupted run in {conduct.out}, so it cannot go "
            "on; give --restart to begin anew"
        )
    if there and not conduct.resume and not conduct.restart:
        raise RunError(
            f"an interrupted run is in {conduct.out}: give --resume to go on with it, --restart "
            "to begin anew, or another --out"
        )
    if there and conduct.restart:
        shutil.rmtree(place)


def _data(plan: Plan) -> str:
    return f"data: {plan.material.fingerprint()}"


def _begun(plan: Plan) -> dict[str, bytes]:
    """The file by which a run is known again."""
    return {PLAN: f"{plan.command()}\n{_data(plan)}\n".encode()}


def _introduce(bench: Bench, say: Say) -> None:
    material, options = bench.material, bench.options
    say(
        f"{material.title}: {len(bench.y_train)} {material.unit} to learn from, "
        f"{len(bench.y_test)} set aside as a test."
    )
    for note in material.notes:
        say(note)
    inputs = bench.x_train.shape[1:]
    sizes = widths(options, inputs, material.outputs)
    kind = "" if options.model == "linear" else f" {options.activation},"
    say(f"Network: {sizes} units,{kind} {bench.parameters:,} parameters.")
    if isinstance(options.lr, str):
        say(f"Learning rate: {bench.rate:g}, found by trying rates on a copy.")


def _perform(bench: Bench, conduct: Conduct, say: Say) -> GradientCheck:
    """The real thing: train, check, draw, write, and say what came of it."""
    out, place = conduct.out, conduct.out / FOLDER
    _train(bench, conduct)
    if bench.history.interrupted:
        say("Interrupted: writing what there is; Ctrl-C again ends at once.")
        fill_folder(place, _begun(bench.plan))
    # What took longest is safe first.
    fill_folder(out, {MODEL: model_file(bench)})
    if not any(place.glob("*.safetensors")):
        shutil.rmtree(place, ignore_errors=True)
    try:
        results = _looked_at(bench, say)
        files = results.files(render(report_of(results)))
        fill_folder(out, files)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"interrupted; the weights are in {out / MODEL}, the other files were not written"
        ) from None
    if not bench.history.interrupted:
        # Not before all is written: drawing takes its time, and may be cut short as well.
        shutil.rmtree(place, ignore_errors=True)
    _summarise(results, out, list(files), say)
    if bench.history.interrupted:
        raise KeyboardInterrupt(
            f"interrupted after {results.epochs} epochs; the results so far are in {out}; the "
            "same command with --resume goes on"
        )
    return results.check


def _train(bench: Bench, conduct: Conduct) -> None:
    """Train; a folder of checkpoints that was left empty is taken away again."""
    place = conduct.out / FOLDER
    absent = [folder for folder in (place, *place.parents) if not folder.exists()]
    try:
        if not conduct.resume:
            fill_folder(place, _begun(bench.plan))
        train(bench, place, resume=conduct.resume, show=not conduct.quiet)
    except FileExistsError:
        raise RunError(
            f"another run writes to {conduct.out} just now; wait until it has ended, or give "
            "another --out"
        ) from None
    except BaseException:
        if not conduct.resume and not any(place.glob("*.safetensors")):
            shutil.rmtree(place, ignore_errors=True)
            for folder in absent[1:]:
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
        raise


def _looked_at(bench: Bench, say: Say) -> Results:
    """The trained network with the check and the drawings of it."""
    check = _checked(bench, say)
    graph = step_picture(bench.network, bench.loss, *bench.batch(STEP))
    return Results(bench, check, graph, _neuron(bench))


def _neuron(bench: Bench) -> Neuron | None:
    if not has_neuron(bench.network):
        return None
    material, first = bench.material, int(bench.tested[0])
    one = material.unit.removesuffix("s")
    what = f"the {one} number {first + 1}"
    if material.classes:
        article = "an" if one[0] in "aeiou" else "a"
        what = f"{article} {one} of a {material.classes[int(material.y[first])]}"
    return neuron_picture(bench.network, bench.x_test[0].reshape(-1), material.columns, what)


def _summarise(results: Results, out: Path, names: list[str], say: Say) -> None:
    options, outcome = results.bench.options, results.outcome
    say(outcome.said())
    if not outcome.learnt:
        say(
            f"It is not surely better than guessing: {outcome.guessing()}. Try another --lr (it "
            f"was {results.bench.rate:g}), --optimizer or --init, or more --epochs (they were "
            f"{options.epochs})."
        )
    say(f"Results are in {out}: {', '.join(names)}.")
    say(f"Open {out / 'report.html'} in a browser to look at everything.")


def _rehearse(bench: Bench, conduct: Conduct, say: Say) -> GradientCheck:
    """One step and the gradient check; says what a real run would write."""
    x, y = next(iter(bench.loader))

    def loss() -> float:
        return float(bench.loss(without_chance(bench.network)(x), y).item())

    before = loss()
    bench.network.train()
    bench.loss(bench.network(x), y).backward()
    bench.optimizer.step()
    say(f"One step on {len(y)} {bench.material.unit}: loss {before:.4g} → {loss():.4g}.")
    check = _checked(bench, say)
    names = [n for n in NAMES if n != "neuron.svg" or has_neuron(bench.network)]
    say(
        f"Dry run: nothing was written. A real run would write to {conduct.out}: "
        f"{', '.join(names)}."
    )
    return check


def _checked(bench: Bench, say: Say) -> GradientCheck:
    check = check_gradients(bench.network, bench.loss, *bench.batch(CHECKED))
    say(f"Gradient check: {check.verdict} ({short(check)}).")
    return check
