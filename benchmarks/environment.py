"""The conditions of a run: how they are set, and how they are told."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping

_MARK = "GLASSGRAD_BENCHMARK_PINNED"
_THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
_MALLOC = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_TOP_PAD_": str(1 << 26),
}


def is_pinned() -> bool:
    """Whether this process was started with the environment that `pinned` describes."""
    return _MARK in os.environ


def pinned(
    environment: Mapping[str, str], threads: int, *, native: bool, tuned_malloc: bool
) -> dict[str, str]:
    """The environment of a run; it has to stand before NumPy is imported.

    Args:
        environment: What is there.
        threads: How many threads each numeric library may use.
        native: Let OpenBLAS choose its kernels, whatever `OPENBLAS_CORETYPE` says.
        tuned_malloc: Let glibc keep big freed blocks, which saves their page faults.
    """
    result = dict(environment)
    result.update(dict.fromkeys(_THREADS, str(threads)))
    flags = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"
    result["XLA_FLAGS"] = f"{environment.get('XLA_FLAGS', '')} {flags}".strip()
    result["JAX_PLATFORMS"] = "cpu"
    if native:
        result.pop("OPENBLAS_CORETYPE", None)
    if tuned_malloc:
        result.update(_MALLOC)
    result[_MARK] = str(threads)
    return result


def hold_to_cores(threads: int) -> None:
    """Keep the process on as many cores as it has threads, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
        return names[0]
    except (OSError, IndexError):
        return platform.processor() or platform.machine()


def _blas() -> str:
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return "kernels unknown (threadpoolctl would tell)"
    import numpy.linalg  # noqa: F401  (its BLAS is what is asked about)

    found = [i for i in threadpool_info() if i["user_api"] == "blas"]
    return ", ".join(
        f"{i['internal_api']} {i['version']} with {i.get('architecture', '?')} kernels, "
        f"{i['num_threads']} thread{'s' if i['num_threads'] > 1 else ''}"
        for i in found
    )


def describe() -> dict[str, str]:
    """What a reader has to know of the machine and of the settings of this run."""
    import numpy as np

    environment = os.environ
    threads = environment.get(_MARK, "not pinned")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else "all"
    malloc = [f"{k}={v}" for k, v in sorted(environment.items()) if k.startswith("MALLOC_")]
    return {
        "CPU": f"{_processor()}, {os.cpu_count()} cores; this process is held to {cores}",
        "Python": f"{sys.version.split()[0]} ({platform.system()} {platform.machine()})",
        "NumPy": f"{np.__version__}, {_blas()}",
        "OPENBLAS_CORETYPE": environment.get("OPENBLAS_CORETYPE", "not set (native)"),
        "threads": threads,
        "allocator": ", ".join(malloc) or "as the system has it",
    }
