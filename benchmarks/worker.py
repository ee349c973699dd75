"""A process that steps an engine on demand, and the handle by which another one drives it."""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import Any

HERE = Path(__file__).resolve().parent.parent

# Both engines do the work as this checkout's adapters put it: `benchmarks` is taken from here
# before the path is turned to the engine.
_START = (
    "import sys; here, engine = sys.argv[1:]; sys.path.insert(0, here); import benchmarks; "
    "sys.path[0] = engine; from benchmarks.worker import serve; serve(engine)"
)


class WorkerError(RuntimeError):
    """A worker ended, or its engine cannot do what was asked."""


class Worker:
    """A fresh process with the engine of a checkout; a context manager that ends it.

    Args:
        engine: Root of the checkout.
    """

    def __init__(self, engine: Path) -> None:
        self.engine = engine
        # Where the stack begins depends on the size of the environment and on the length of the
        # paths, and moves times by some per cent (Mytkowicz et al., ASPLOS 2009): it is drawn
        # anew for each process, so that it is noise for both sides and not a bias for one.
        padding = {"GLASSGRAD_BENCHMARK_PADDING": "x" * random.randrange(4096)}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, str(HERE), str(engine)],
            env={**os.environ, **padding},
            cwd=engine,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, **request: Any) -> Any:
        """Send a request and wait for its answer.

        Raises:
            WorkerError: the process ended, or says why it cannot answer.
        """
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        try:
            requests.write(json.dumps(request) + "\n")
            requests.flush()
            answer = json.loads(answers.readline())
        except (OSError, ValueError):
            _, errors = self._process.communicate()
            last = (errors.strip().splitlines() or ["without a word"])[-1]
            raise WorkerError(f"a process on {self.engine} ended: {last}") from None
        if "failure" in answer:
            raise WorkerError(f"{self.engine}: {answer['failure']}")
        return answer["answer"]

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


class _Bench:
    """What a worker does: one line of one workload at a time."""

    def make(self, workload: str, peer: str, line: str) -> float | None:
        """Set a line up; the loss of its first step."""
        from benchmarks.measure import first_step
        from benchmarks.peer import load
        from benchmarks.problems import WORKLOADS

        (adapter,), problem = load([peer])[0], WORKLOADS[workload]
        made = next(made for made in adapter.lines_for(problem) if made.title == line)
        gc.unfreeze()
        self.job, outcome = first_step(made, problem)
        gc.collect()
        gc.freeze()
        return outcome.loss if outcome else None

    def plan(self) -> int:
        """How many steps a sample should have."""
        from benchmarks.measure import steps_per_sample

        return steps_per_sample(self.job, process_time)[0]

    def time(self, steps: int) -> float:
        """A sample, in seconds of this process's own time: the time that others took is not."""
        from benchmarks.measure import seconds_per_step

        return seconds_per_step(self.job, steps, process_time)


def serve(engine: str) -> None:
    """Answer requests, one JSON object a line, until the input ends."""
    import autodiff
    import nn

    for package in (autodiff, nn):
        place = Path(str(package.__file__)).resolve()
        if not place.is_relative_to(Path(engine).resolve()):
            raise ImportError(f"{package.__name__} came from {place}")
    # Whatever the engine prints must not be read as an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    bench = _Bench()
    for text in sys.stdin:
        request = json.loads(text)
        try:
            reply = {"answer": getattr(bench, request.pop("do"))(**request)}
        except Exception as error:  # an engine that cannot do it is a finding
            reply = {"failure": f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"}
        answers.write(json.dumps(reply) + "\n")
        answers.flush()
