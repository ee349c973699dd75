"""Glassgrad, the same programs through `autodiff.compile`.

A compiled step records at its first call and compares at its second, so the steps that are
compared with other engines and timed begin after these: they are replays. Steps over Values
are not compiled.
"""

from __future__ import annotations

import autodiff as ad
from benchmarks.peer import Job, Peer
from benchmarks.peers import glassgrad
from benchmarks.problems import MLP, Small

peer = Peer("glassgrad compiled", "glassgrad", numpy_products=True)

_FIRST_CALLS = 3


@peer.line(Small)
def _small(problem: Small) -> Job:
    return glassgrad.small(problem, ad.compile, warm=_FIRST_CALLS)


@peer.line(MLP)
def _mlp(problem: MLP) -> Job:
    return glassgrad.mlp(problem, ad.compile, warm=_FIRST_CALLS)
