"""What all tests share: reproducible hypothesis, and a known state before each test."""

from __future__ import annotations

import os

from hypothesis import settings

# Derandomised by default, so that a failure is the same everywhere; HYPOTHESIS_PROFILE=explore
# draws new examples at every run.
settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
