"""While nodes prevail among the new objects, the garbage collector comes less often."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

import autodiff as ad
from autodiff.graph import collector

OWN = (500, 7, 9)


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before, enabled = gc.get_threshold(), gc.isenabled()
    gc.enable()
    gc.set_threshold(*OWN)
    yield
    gc.set_threshold(*before)
    if not enabled:
        gc.disable()


def grow(nodes: int) -> ad.Value:
    x = y = ad.Value(1.0)
    for _ in range(nodes):
        y = y + x
    return y


def make_lists(count: int) -> list[list[object]]:
    return [[] for _ in range(count)]


def test_a_big_graph_raises_the_threshold_and_other_objects_restore_it() -> None:
    kept = grow(5000)
    assert gc.get_threshold() == (collector.PATIENT, *OWN[1:])
    others = make_lists(collector.PATIENT + 1000)
    assert gc.get_threshold() == OWN
    assert kept.data == 5001.0
    assert others


def test_programs_without_graphs_are_left_alone() -> None:
    assert make_lists(5000)
    assert gc.get_threshold() == OWN


def test_nodes_that_die_young_are_no_reason() -> None:
    """Garbage in cycles that a program makes beside short-lived graphs is still found."""
    kept = []
    for _ in range(3000):
        grow(3)
        kept.append([])
    assert gc.get_threshold() == OWN


def test_a_threshold_that_the_program_sets_meanwhile_stays() -> None:
    kept = grow(5000)
    gc.set_threshold(300, 5, 5)
    others = make_lists(5000)
    assert gc.get_threshold() == (300, 5, 5)
    assert kept.data == 5001.0
    assert others


def test_a_more_patient_or_disabled_collector_is_left_alone() -> None:
    for own in ((0, 10, 10), (10 * collector.PATIENT, 10, 10)):
        gc.set_threshold(*own)
        kept = grow(5000)
        gc.collect()
        assert gc.get_threshold() == own
        del kept


def test_it_is_installed_once_and_can_be_removed() -> None:
    collector.install()
    assert gc.callbacks.count(collector.attend) == 1
    gc.callbacks.remove(collector.attend)
    try:
        kept = grow(5000)
        assert gc.get_threshold() == OWN
        assert kept.data == 5001.0
    finally:
        collector.install()
