"""The job ``digits``: a network learns to read handwritten digits."""

from __future__ import annotations

from nn.cli.digits.job import run
from nn.cli.digits.options import DESCRIPTION, EXAMPLES, SUMMARY, add_options

__all__ = ["DESCRIPTION", "EXAMPLES", "SUMMARY", "add_options", "run"]
