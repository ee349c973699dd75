"""The job ``digits``: a network learns to read handwritten digits.

Options of the command line come in; weights, figures, drawings and a report go out.
"""

from __future__ import annotations

from nn.jobs.digits.job import run
from nn.jobs.digits.options import DESCRIPTION, EXAMPLES, SUMMARY, add_options

__all__ = ["DESCRIPTION", "EXAMPLES", "SUMMARY", "add_options", "run"]
