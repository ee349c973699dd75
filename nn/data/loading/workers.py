"""Threads that make batches ahead of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from itertools import count
from typing import Any, TypeVar

__all__ = ["ahead"]

Job = TypeVar("Job")


def ahead(
    make: Callable[[Job], Any],
    jobs: Iterable[Job],
    workers: int,
    most: int,
    begin: Callable[[int], Any] | None = None,
) -> Generator[Any, None, None]:
    """What ``make`` gives for each job, in the order of the jobs, made by threads meanwhile.

    An exception comes out where its result would have come. When the iteration ends, is left
    or is interrupted, jobs that have not begun are dropped and the threads end.

    Args:
        make: a function of a job; it runs with the context variables of the caller.
        jobs: the jobs; they are asked for in the caller's thread.
        workers: how many threads; with 0 everything is made by the caller, when it asks.
        most: how many results there may be that nobody has asked for yet.
        begin: called in each thread with its number before its first job.
    """
    if not workers:
        yield from map(make, jobs)
        return
    pool = ThreadPoolExecutor(
        workers,
        thread_name_prefix="batches",
        initializer=None if begin is None else _numbered(begin),
    )
    waiting: deque[Future[Any]] = deque()
    try:
        for job in jobs:
            waiting.append(pool.submit(copy_context().run, make, job))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _numbered(begin: Callable[[int], Any]) -> Callable[[], None]:
    numbers = count()

    def call() -> None:
        begin(next(numbers))

    return call
