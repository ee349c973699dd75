"""What the tests of `nn` share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import nn


@pytest.fixture(autouse=True)
def default_dtype_of_models() -> Iterator[None]:
    """See that the default float type of models is left as found."""
    yield
    assert nn.get_default_dtype() == np.float32, "the test left another default dtype behind"
