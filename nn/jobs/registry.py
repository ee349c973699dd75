"""The jobs that have names."""

from __future__ import annotations

from collections.abc import Mapping

from nn.jobs.job import Job
from nn.jobs.materials import named
from nn.jobs.options import Options

__all__ = ["JOBS"]

JOBS: Mapping[str, Job] = {
    "digits": Job(
        "read handwritten digits: 1797 images of 8 × 8 pixels (a few seconds)",
        named.digits,
        good=0.98,
        needs="data",
    ),
    "digits-16": Job(
        "the same at 16 × 16, by the 256 → 10 network of sigmoid units",
        named.large_digits,
        Options(
            hidden=(30,), activation="sigmoid", init="xavier_normal", batch_norm=False, dropout=0.0,
            label_smoothing=0.0,
        ),
        good=0.95,
        needs="data",
    ),
    "digits-cnn": Job(
        "the same 8 × 8 digits, by convolutions",
        named.digits,
        Options(model="cnn", hidden=(64,), channels=(16, 32), dropout=0.2, epochs=15),
        good=0.98,
        needs="data",
    ),
    "iris": Job(
        "tell three kinds of iris apart by four measures",
        named.iris,
        Options(hidden=(16, 16), dropout=0.0, batch_size=16, epochs=60),
        good=0.9,
        needs="data",
    ),
    "moons": Job(
        "tell two half moons apart; the regions are drawn",
        named.moons,
        Options(
            hidden=(16, 16), activation="tanh", init="xavier_normal", batch_norm=False,
            dropout=0.0, label_smoothing=0.0, lr=0.02, epochs=100, batch_size=32,
        ),
        good=0.95,
    ),
    "spirals": Job(
        "tell three spirals apart, which a straight line cannot",
        named.spirals,
        Options(
            hidden=(32, 32), batch_norm=False, dropout=0.0, label_smoothing=0.0, lr=0.01,
            epochs=100,
        ),
        good=0.95,
    ),
    "diabetes": Job(
        "predict a number: the course of diabetes by ten measures",
        named.diabetes,
        Options(hidden=(32,), batch_norm=False, dropout=0.0, batch_size=32, epochs=60,
                weight_decay=0.1, lr=0.001),
        needs="data",
    ),
    "friedman": Job(
        "predict a number that is a known function of five of ten inputs",
        named.friedman,
        Options(hidden=(64, 64), batch_norm=False, dropout=0.0, epochs=80),
        good=0.9,
    ),
}  # fmt: skip
