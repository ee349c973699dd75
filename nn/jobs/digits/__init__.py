"""The job ``digits``: a network learns to read handwritten digits."""

from __future__ import annotations

from nn.jobs.digits.job import run
from nn.jobs.digits.options import DESCRIPTION, EXAMPLES, SUMMARY, add_options

__all__ = ["DESCRIPTION", "EXAMPLES", "SUMMARY", "add_options", "run"]
