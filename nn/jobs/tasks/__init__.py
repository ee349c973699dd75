"""What is to be predicted, classes or numbers: the loss, and how a result is judged.

A material comes in and decides which; the loss, the metrics and an `Outcome` with facts, figures
and sections of the report go out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.jobs.materials import Material
from nn.jobs.tasks.classes import Classes
from nn.jobs.tasks.numbers import Numbers
from nn.jobs.tasks.task import Outcome, Task

__all__ = ["Outcome", "Task", "task_of"]


def task_of(material: Material, y: np.ndarray[Any, Any]) -> Task:
    """The task that a material sets.

    Args:
        material: what is learnt from.
        y: the targets of the training part.
    """
    return Classes(material) if material.classes else Numbers(material, y)
