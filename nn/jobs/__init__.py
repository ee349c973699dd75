"""The command line: ``python -m nn train NAME``.

Each job is an entry of `nn.jobs.known.JOBS`: it adds its options to a parser and runs.
"""

from __future__ import annotations

from nn.jobs.main import main

__all__ = ["main"]
