"""What a job learns from: inputs and targets, with all that is known of them.

The name of a job or the path of a user's file comes in; a `Material` goes out, which is the same
for all: arrays, classes or none, names of columns, and a table of what was read. New data are
read here as well, by what is kept with a trained model. May import `nn.data`.
"""

from __future__ import annotations

from nn.jobs.materials.material import Field, Material, MaterialError, Picturing
from nn.jobs.materials.scaling import Scaling

__all__ = ["Field", "Material", "MaterialError", "Picturing", "Scaling"]
