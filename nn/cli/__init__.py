"""The command line: ``python -m nn train NAME``.

Each job is an entry of `nn.cli.jobs.JOBS`: it adds its options to a parser and runs.
"""

from __future__ import annotations

from nn.cli.main import main

__all__ = ["main"]
