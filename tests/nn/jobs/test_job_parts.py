"""The pieces of the digits job: data, network, flow through the layers, one neuron."""

from __future__ import annotations

import math
import re
import sys
from typing import Any

import numpy as np
import pytest

import nn
from autodiff.testing import Entry, Reason, Report, Verdict
from nn.inspect import check_gradients, measure, without_chance
from nn.inspect.gradients import summary
from nn.jobs.bench import Bench
from nn.jobs.commands.train import job_plan
from nn.jobs.network import build
from nn.jobs.options import Options
from nn.jobs.pictures import neuron_picture
from nn.jobs.registry import JOBS
from nn.jobs.tasks.classes import pixels_of
from nn.jobs.threads import single_thread
from nn.report.filling import fact_of, flow_of

pytest.importorskip("sklearn")


def bench_of(**given: Any) -> Bench:
    """The job with some options."""
    return Bench.build(job_plan("digits", JOBS["digits"], given))


class TestFlow:
    def measured(self, **settings: Any) -> Any:
        bench = bench_of(batch_norm=False, **settings)
        return flow_of("now", measure(bench.network, nn.CrossEntropyLoss(), *bench.batch(64)))

    def test_a_good_start_is_healthy(self) -> None:
        flow = self.measured(hidden=(64, 64))
        assert flow.healthy
        assert flow.verdict == "healthy"
        assert not any(layer.alarming for layer in flow.layers)

    def test_small_weights_let_gradients_vanish(self) -> None:
        flow = self.measured(hidden=(32,) * 5, activation="sigmoid", init="small_normal")
        assert flow.verdict == "vanishing"
        assert flow.layers[0].alarming
        assert flow.layers[0].rms < 1e-6 * flow.layers[4].rms

    def test_large_weights_let_gradients_explode(self) -> None:
        flow = self.measured(hidden=(64,) * 4, init="normal")
        assert flow.verdict == "exploding"
        assert flow.layers[0].rms > 100 * flow.layers[3].rms

    def test_large_weights_saturate(self) -> None:
        flow = self.measured(hidden=(64, 64), activation="tanh", init="normal")
        assert "saturated: hidden1, hidden2" in flow.verdict
        assert flow.layers[0].activations.low == -1.0
        assert re.fullmatch(r"\d\d % saturated", flow.layers[0].notes[1])

    def test_units_that_are_always_off_are_dead(self) -> None:
        flow = self.measured(hidden=(16, 16), init="zeros")
        assert "dead: hidden1, hidden2" in flow.verdict
        assert "100 % of units dead" in flow.layers[0].notes
        assert "100 % of outputs 0" in flow.layers[0].notes
        assert sum(flow.layers[0].activations.counts) == 0

    def test_numbers_that_are_not_finite_are_named(self) -> None:
        bench = bench_of(hidden=(8,), batch_norm=False)
        x, y = bench.batch(16)
        x = x.copy()
        x[0, 0] = np.nan
        assert measure(bench.network, nn.CrossEntropyLoss(), x, y).troubles == ("not finite",)

    def test_histograms_count_all_that_is_not_zero(self) -> None:
        flow = self.measured(hidden=(16,), seed=5)
        zeros = int(flow.layers[0].notes[-1].split(" %")[0]) / 100
        counted = sum(flow.layers[0].activations.counts) / (64 * 16)
        assert counted == pytest.approx(1 - zeros, abs=0.006)


class TestParts:
    def test_the_test_part_is_a_fifth_of_every_class(self) -> None:
        bench = bench_of()
        assert len(bench.y_train) + len(bench.y_test) == 1797
        share = np.bincount(bench.y_test) / np.bincount(bench.material.y)
        assert np.abs(share - 0.2).max() < 0.01

    def test_scaling_is_that_of_the_training_part(self) -> None:
        bench = bench_of()
        assert bench.x_train.mean() == pytest.approx(0.0, abs=1e-5)
        assert bench.x_train.std() == pytest.approx(1.0, abs=1e-5)
        images = pixels_of(bench.material, bench.tested)
        assert images.min() == 0.0
        assert images.max() == 1.0
        again = images.reshape(-1, 64) * 16
        scaled = (again - bench.scaling.mean) / bench.scaling.scale
        assert np.allclose(scaled, bench.x_test, atol=1e-5)

    def test_before_a_normalisation_there_is_no_bias(self) -> None:
        rng = np.random.default_rng(0)
        names = [
            {name for name, _ in build(Options(hidden=(4,), batch_norm=on), (64,), 10, rng, rng)
             .named_parameters()}
            for on in (True, False)
        ]  # fmt: skip
        assert "hidden1.linear.bias" not in names[0]
        assert "hidden1.norm.weight" in names[0]
        assert names[1] == {"hidden1.linear.weight", "hidden1.linear.bias", "output.weight",
                            "output.bias"}  # fmt: skip

    def test_a_copy_without_chance_leaves_the_network_alone(self) -> None:
        bench = bench_of(hidden=(8,), dropout=0.5)
        bench.network.eval()
        twin = without_chance(bench.network, np.float64)
        x, _ = bench.batch(16)
        assert np.array_equal(twin(x.astype(float)).data, twin(x.astype(float)).data)
        assert not bench.network.training
        assert {p.dtype for p in twin.parameters()} == {np.dtype(np.float64)}
        assert {p.dtype for p in bench.network.parameters()} == {np.dtype(np.float32)}

    def test_the_neuron_computes_what_the_network_does(self) -> None:
        bench = bench_of(hidden=(8,), seed=2)
        bench.network(bench.x_train)
        bench.network.eval()
        x = bench.x_test[0]
        drawn = neuron_picture(bench.network, x, (), "it")
        unit = int(re.match(r"Unit (\d+)", drawn.text)[1])  # type: ignore[index]
        block = dict(bench.network.named_children())["hidden1"]
        expected = float(block(x[None]).data[0, unit])
        shown = re.findall(r">([\d.]+)</tspan>", drawn.svg)
        assert f"{expected:.4g}" in shown

    def test_without_threadpoolctl_threads_stay_as_they_are(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "threadpoolctl", None)
        with single_thread() as limits:
            assert limits is None

    def test_linear_algebra_runs_on_one_thread(self) -> None:
        threadpoolctl = pytest.importorskip("threadpoolctl")
        with single_thread():
            pools = threadpoolctl.threadpool_info()
            assert {pool["num_threads"] for pool in pools if pool["user_api"] == "blas"} <= {1}


class TestGradientCheck:
    def test_a_correct_network_passes(self) -> None:
        bench = bench_of(hidden=(4,), activation="tanh")
        check = check_gradients(bench.network, bench.loss, *bench.batch(8))
        assert check.passed
        assert check.verdict == "correct"
        assert check.parameters == 64 * 4 + 2 * 4 + 4 * 10 + 10
        assert fact_of(check).note.startswith("All 314 parameters were covered by ")
        assert check.complaints == ()

    def test_a_wrong_rule_is_found(self) -> None:
        class Wrong(nn.Module):
            """Its gradient is that of half of what it computes."""

            def forward(self, x: Any) -> Any:
                return x * 0.5 + x.detach() * 0.5

        bench = bench_of(hidden=(4,), activation="tanh")
        bench.network.append(Wrong())
        bench.network[0].requires_grad_(False)
        check = check_gradients(bench.network, bench.loss, *bench.batch(8))
        assert not check.passed
        assert check.verdict == "wrong"
        assert check.largest_relative_error > 0.4
        assert "output.bias" in fact_of(check).note

    def test_a_derivative_that_cannot_be_told_is_no_mistake(self) -> None:
        entry = Entry(
            "w", (0,), None, 1.0, 1.1, 0.2, Verdict.UNDECIDED, False, math.nan, math.nan,
            Reason.UNCLEAR,
        )  # fmt: skip
        check = summary(Report("net", entries=(entry,), checked=1), 8)
        assert (check.passed, check.verdict) == (False, "undecided")
        assert len(check.complaints) == 1
