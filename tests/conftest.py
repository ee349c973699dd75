"""What all tests share: reproducible hypothesis, and the same state before each test."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

import autodiff as ad
from autodiff.compiler.buffers import plan_buffers
from autodiff.compiler.numpy_writer import emit
from tests.autodiff.compiler.plans import check_plan, check_rows

# Derandomised by default, so that a failure is the same everywhere; HYPOTHESIS_PROFILE=explore
# draws new examples at every run.
settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


@pytest.fixture(autouse=True, scope="session")
def checked_plans() -> Iterator[None]:
    """See of every step that is compiled in a test that no buffer is overwritten too early.

    And that a writer knows what each call means.
    """

    def plan_and_check(program: Any) -> Any:
        buffers = plan_buffers(program)
        check_plan(program, buffers)
        check_rows(program)
        return buffers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emit, "plan_buffers", plan_and_check)
        yield


def pytest_collection_finish() -> None:
    """Spare the collector the modules and the tests themselves: it then takes milliseconds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def library_state() -> Iterator[None]:
    """Begin with the library's first random number, and see that settings are left as found."""
    ad.random.seed(0)
    yield
    assert ad.get_default_dtype() == np.float64, "the test left another default dtype behind"
    assert ad.is_grad_enabled(), "the test left gradients switched off"
