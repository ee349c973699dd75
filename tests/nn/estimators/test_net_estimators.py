"""Estimators in the tools of scikit-learn: clones, pipelines, searches, pickles, weights."""

from __future__ import annotations

import copy
import functools
import pickle
import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

import joblib
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import autodiff as ad
import nn
from nn.estimators import NetClassifier, NetRegressor
from nn.estimators.samples import set_aside

X, Y = make_classification(150, 6, n_informative=4, n_classes=3, random_state=0)
NAMES = np.array(["ant", "bee", "cat"])[Y]
T = X @ [[1.0, 0.0], [-2.0, 1.0], [0.0, 3.0], [0.5, 0.5], [1.0, 1.0], [0.0, 2.0]]
FAST = {"max_iter": 15, "module__hidden": 8, "lr": 0.02, "random_state": 0}


def noisy(n_features: int, n_outputs: int, rng: np.random.Generator, width: int = 8) -> nn.Module:
    """With dropout that draws from its own generator, dropout that does not, and buffers."""
    return nn.Sequential(
        nn.Linear(n_features, width, rng=rng),
        nn.BatchNorm1d(width),
        nn.ReLU(),
        nn.Dropout(0.2, rng=rng),
        nn.Dropout(0.1),
        nn.Linear(width, n_outputs, rng=rng),
    )


def same(a: Any, b: Any, x: Any = X) -> bool:
    """Whether two estimators agree bit by bit."""
    return all(
        np.array_equal(getattr(a, method)(x), getattr(b, method)(x))
        for method in ("predict", "predict_proba")
        if hasattr(a, method)
    )


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_pipelines_are_searched_through(n_jobs: int) -> None:
    pipeline = make_pipeline(StandardScaler(), NetClassifier(noisy, max_iter=10, random_state=0))
    grid = {"netclassifier__module__width": [2, 12], "netclassifier__optimizer__lr": [1e-5, 0.05]}
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=n_jobs).fit(X, NAMES)
    assert search.best_params_ == {
        "netclassifier__module__width": 12,
        "netclassifier__optimizer__lr": 0.05,
    }
    assert search.best_score_ > 0.6
    assert search.best_estimator_[-1].module_[0].weight.shape == (12, 6)


def test_folds_score_the_same_in_one_process_and_in_two() -> None:
    model = NetRegressor(noisy, max_iter=10, random_state=0)
    scores = [cross_val_score(model, X, T, cv=2, n_jobs=jobs) for jobs in (1, 2)]
    assert np.array_equal(*scores)


@pytest.mark.parametrize("optimizer", ["Adam", "SGD"])
@pytest.mark.parametrize("twin", [lambda m: pickle.loads(pickle.dumps(m)), copy.deepcopy])
def test_a_pickle_goes_on_bit_by_bit(twin: Any, optimizer: str) -> None:
    """With the optimizer's state, and with the generators of dropout and of the order."""
    settings: dict[str, Any] = {"optimizer__momentum": 0.9} if optimizer == "SGD" else {}
    model = NetClassifier(
        noisy, optimizer=optimizer, batch_size=32, max_iter=5, random_state=0, **settings
    )
    model.fit(X, NAMES)
    other = twin(model)
    assert same(model, other)
    assert other.history_.epochs == model.history_.epochs
    for each in (model, other):
        each.partial_fit(X, NAMES).partial_fit(X[:40], NAMES[:40])
    assert same(model, other)
    assert other.n_iter_ == 7
    assert not same(model, twin(model).partial_fit(X, NAMES))


def test_a_pickle_holds_bytes_and_no_module() -> None:
    model = NetRegressor(**FAST).fit(X, T)
    state = model.__getstate__()
    assert isinstance(state["_written"], bytes)
    assert "module_" not in state
    assert "optimizer_" not in state
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(model.module_)
    broken = {**state, "_written": state["_written"][:-1]}
    with pytest.raises(nn.CheckpointError):
        NetRegressor().__setstate__(broken)


def test_local_functions_are_copied_but_not_pickled() -> None:
    def local(n_features: int, n_outputs: int, rng: Any) -> nn.Module:
        return nn.Linear(n_features, n_outputs, rng=rng)

    for module in (local, functools.partial(local)):
        model = clone(NetClassifier(module, max_iter=2, random_state=0)).fit(X, Y)
        assert same(model, copy.deepcopy(model))
        with pytest.raises(TypeError, match=r"its module .*local has no name.*define it at module"):
            pickle.dumps(model)
    # It was made by one that is no longer among the settings.
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(model.set_params(module=noisy))
    model = NetClassifier(loss=lambda z, t: nn.cross_entropy(z, t))
    with pytest.raises(TypeError, match=r"its loss .*<lambda>"):
        pickle.dumps(model)


@pytest.mark.parametrize("kind", [NetClassifier, NetRegressor])
def test_a_seed_reproduces_and_leaves_the_librarys_generator_alone(kind: Any) -> None:
    y = NAMES if kind is NetClassifier else T
    before = ad.random.generator().bit_generator.state
    first = kind(noisy, max_iter=4, early_stopping=True, random_state=3).fit(X, y)
    assert ad.random.generator().bit_generator.state == before
    ad.random.seed(99)
    assert same(first, clone(first).fit(X, y))
    assert not same(first, clone(first).set_params(random_state=4).fit(X, y))
    generators = [kind(max_iter=2, random_state=np.random.default_rng(5)) for _ in "ab"]
    assert same(*(model.fit(X, y) for model in generators))


def test_fits_in_threads_are_those_of_one_after_the_other() -> None:
    """Although they draw from the library's generator, of which there is one."""
    model = NetClassifier(noisy, max_iter=8, random_state=0)
    alone = cross_val_score(model, X, Y, cv=6, scoring="neg_log_loss")
    with joblib.parallel_backend("threading"):
        together = cross_val_score(model, X, Y, cv=6, n_jobs=6, scoring="neg_log_loss")
    assert np.array_equal(alone, together)


def test_predictions_wait_for_fits_in_other_threads() -> None:
    """They put the library's generator back, in which a fit would begin again."""
    other = NetRegressor(**FAST).fit(X, T)
    thread = threading.Thread(target=other.predict, args=(X,))
    waited = []

    class Starting(nn.Linear):
        def forward(self, input: Any) -> Any:
            if self.training and not waited:
                thread.start()
                thread.join(0.1)
                waited.append(thread.is_alive())
            return super().forward(input)

    NetClassifier(lambda d, k, rng: Starting(d, k, rng=rng), max_iter=1).fit(X, Y)
    thread.join()
    assert waited == [True]


def test_samples_are_set_aside_with_the_shares_of_the_classes() -> None:
    labels = np.repeat([0, 1, 2], [100, 40, 10])
    for seed in range(3):
        train, held_out = set_aside([labels, labels * 2], 0.1, labels, seed)
        assert np.array_equal(np.bincount(held_out[0]), [10, 4, 1])
        assert np.array_equal(np.bincount(train[0]), [90, 36, 9])
        assert np.array_equal(train[1], train[0] * 2)


def lazy(n_features: int, n_outputs: int, rng: Any) -> nn.Module:
    """Whose sizes follow from the inputs."""
    return nn.Sequential(
        nn.LazyLinear(8), nn.ReLU(), nn.LazyBatchNorm1d(), nn.LazyLinear(n_outputs)
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_modules_may_take_their_sizes_from_the_data(dtype: str) -> None:
    model = NetClassifier(lazy, max_iter=3, dtype=dtype, random_state=0).fit(X, Y)
    assert model.module_[0].weight.dtype == dtype
    again = pickle.loads(pickle.dumps(model))
    assert same(model, again)
    assert same(model.partial_fit(X, Y), again.partial_fit(X, Y))
    assert same(model, clone(model).fit(X, Y).partial_fit(X, Y))


def test_a_weight_counts_as_repetition() -> None:
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 4, len(X))
    for kind, y in ((NetClassifier, Y), (NetRegressor, T)):
        model = kind(**{**FAST, "batch_size": 1000})
        repeated = clone(model).fit(np.repeat(X, counts, 0), np.repeat(y, counts, 0))
        weighted = clone(model).fit(X, y, sample_weight=counts)
        assert np.allclose(
            repeated.module_.layers[0].weight.numpy(), weighted.module_.layers[0].weight.numpy()
        )
        assert not same(weighted, clone(model).fit(X, y))


def test_weights_of_classes_are_weights_of_samples() -> None:
    few = (Y == 0) | (np.arange(len(Y)) % 3 == 0)
    x, y = X[few], NAMES[few]
    counts = {name: (y == name).sum() for name in NAMES}
    by_hand = {name: len(y) / (3 * n) for name, n in counts.items()}
    model = NetClassifier(**FAST)
    plain = clone(model).fit(x, y)
    balanced = clone(model).set_params(class_weight="balanced").fit(x, y)
    assert np.allclose(
        balanced.predict_proba(x),
        clone(model).set_params(class_weight=by_hand).fit(x, y).predict_proba(x),
    )
    weights = np.array([by_hand[name] for name in y])
    assert np.allclose(balanced.predict_proba(x), clone(model).fit(x, y, weights).predict_proba(x))
    counted = np.arange(len(y)) % 3
    assert np.allclose(
        clone(balanced).fit(x, y, counted).predict_proba(x),
        clone(balanced).fit(x.repeat(counted, 0), y.repeat(counted)).predict_proba(x),
    )
    assert balanced.predict_proba(x)[:, 0].mean() < plain.predict_proba(x)[:, 0].mean() - 0.01


def test_several_labels_and_two_classes_have_the_shapes_of_scikit_learn() -> None:
    labels = np.stack([Y == 0, Y != 1], axis=1).astype(int)
    model = NetClassifier(**FAST).fit(X, labels)
    chance = model.predict_proba(X)
    assert np.allclose(chance, 1 / (1 + np.exp(-model.decision_function(X))))
    assert np.array_equal(model.predict(X), chance > 0.5)
    assert (model.predict(X) == labels).mean() > 0.75
    assert np.allclose(np.exp(model.predict_log_proba(X)), chance)
    two = NetClassifier(**FAST).fit(X, Y == 1)
    z = two.decision_function(X)
    assert z.shape == (150,)
    assert np.allclose(two.predict_proba(X)[:, 1], 1 / (1 + np.exp(-z)))
    assert np.allclose(np.exp(two.predict_log_proba(X)), two.predict_proba(X))
    assert list(two.classes_) == [False, True]
    assert two.score(X, Y == 1) > 0.7


@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber", nn.mse_loss])
def test_regressions_do_not_depend_on_units(loss: Any) -> None:
    model = NetRegressor(loss=loss, **{**FAST, "max_iter": 60})
    one = clone(model).fit(X, T)
    other = clone(model).fit(X * 1000 + 5, T * 1e6 - 7)
    assert np.allclose(other.predict(X * 1000 + 5), one.predict(X) * 1e6 - 7, rtol=1e-5, atol=1)
    assert one.score(X, T) > 0.6
    assert clone(model).fit(X, T[:, 0]).predict(X).shape == (150,)
    assert clone(model).fit(X, T[:, :1]).predict(X).shape == (150, 1)
    raw = clone(model).set_params(standardize_targets=False, max_iter=1).fit(X, T)
    assert np.array_equal(raw.target_scale_, [1, 1])


def test_float_types_follow_the_data_or_the_setting() -> None:
    for dtype, given, wanted in (
        (None, "float32", "float32"),
        (None, "int64", "float64"),
        ("float32", "float64", "float32"),
    ):
        model = NetClassifier(dtype=dtype, **FAST).fit(X.astype(given), Y)
        assert {p.dtype.name for p in model.module_.parameters()} == {wanted}
        assert model.predict_proba(X.astype(given)).dtype == wanted
        regression = NetRegressor(dtype=dtype, **FAST).fit(X.astype(given), T)
        assert regression.predict(X.astype(given)).dtype == wanted
    # Made in double precision, not only converted to it.
    weight = NetClassifier(lr=0.0, max_iter=1).fit(X, Y).module_.layers[0].weight.numpy()
    assert (weight != weight.astype(np.float32)).any()
    other = NetClassifier(lambda d, k, rng: nn.Linear(d, k, dtype=np.float32), max_iter=1)
    assert other.fit(X, Y).module_.weight.dtype == np.float64


def test_stopping_early_goes_back_to_the_best_epoch() -> None:
    noise = np.random.default_rng(0).permutation(Y)
    model = NetClassifier(
        lr=0.03, early_stopping=True, validation_fraction=0.3, n_iter_no_change=4, random_state=0
    ).fit(X, noise)
    losses = model.history_["val_loss"]
    best = int(np.argmin(losses))
    assert len(losses) == model.n_iter_ < 200
    assert 0 < model.n_iter_ - 1 - best <= 6
    short = clone(model).set_params(max_iter=best + 1).fit(X, noise)
    assert same(model, short)
    endless = NetClassifier(max_iter=30, n_iter_no_change=None, tol=10.0).fit(X, Y)
    assert endless.n_iter_ == 30
    assert NetClassifier(max_iter=30, n_iter_no_change=2, tol=10.0).fit(X, Y).n_iter_ == 4


def test_warm_starts_and_parts_go_on() -> None:
    model = NetClassifier(warm_start=True, **{**FAST, "max_iter": 3}).fit(X, Y)
    weight = model.module_.layers[0].weight.numpy().copy()
    model.set_params(optimizer__lr=0.0).fit(X, Y)
    assert np.array_equal(weight, model.module_.layers[0].weight.numpy())
    assert model.history_["epoch"] == [1, 2, 3, 4, 5, 6]
    assert model.optimizer_.param_groups[0]["lr"] == 0.0
    with pytest.raises(ValueError, match="module_settings was"):
        model.set_params(module__hidden=3).fit(X, Y)
    with pytest.raises(ValueError, match="classes must be those of the last fit"):
        model.fit(X, Y + 1)
    cold = NetClassifier(**{**FAST, "max_iter": 3}).fit(X, Y).fit(X, Y)
    assert cold.n_iter_ == 3
    parts = NetClassifier(**FAST)
    for i in range(30):
        parts.partial_fit(X[i % 2 :: 2], NAMES[i % 2 :: 2], classes=np.unique(NAMES))
    assert parts.score(X, NAMES) > 0.6


def test_settings_of_parts_are_settings() -> None:
    model = NetClassifier(module__hidden=(4, 3), optimizer__lr=0.5)
    deep = model.get_params()
    assert (deep["module__hidden"], deep["optimizer__lr"]) == ((4, 3), 0.5)
    assert (deep["module__dropout"], deep["loss__label_smoothing"]) == (0.0, 0.0)
    assert deep["optimizer__betas"] == (0.9, 0.999)
    assert set(model.get_params(deep=False)) - {"module__hidden", "optimizer__lr"} == set(
        NetClassifier().get_params(deep=False)
    )
    assert clone(model).get_params() == deep
    assert "module__hidden=(4, 3)" in repr(model)
    with pytest.raises(ValueError, match="no setting 'hiden'"):
        model.set_params(lr=7, module=noisy, module__hiden=3)
    assert model.get_params() == deep
    fitted = model.set_params(module=noisy, module__width=3)
    assert fitted.get_params(deep=False).keys() - {"module__width"} > {"optimizer__lr"}
    assert "module__hidden" not in fitted.get_params()
    assert fitted.fit(X, Y).module_[0].weight.shape == (3, 6)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: NetClassifier(max_itr=3), r"no setting 'max_itr'; did you mean 'max_iter'"),
        (lambda: NetClassifier().set_params(lrr=3), r"no setting 'lrr'; did you mean 'lr'"),
        (lambda: NetClassifier().set_params(modul__hidden=3), r"did you mean 'module__hidden'"),
        (lambda: NetClassifier().set_params(module__hiden=3), r"no setting 'hiden'; did you mea"),
        (lambda: NetClassifier(optimizer__zz=3).fit(X, Y), r"no setting 'zz'; it has lr, betas"),
        (lambda: NetClassifier(optimizer="adm").fit(X, Y), "did you mean 'Adam'"),
        (lambda: NetClassifier(loss="mse").fit(X, Y), "one of .'cross_entropy'"),
        (lambda: NetRegressor(loss=3).fit(X, T), "loss must be a function"),
        (lambda: NetClassifier(nn.Linear(6, 3)).fit(X, Y), "must be a function that makes one"),
        (lambda: NetClassifier(lambda *a: 3).fit(X, Y), "gave a int"),
        (lambda: NetClassifier(noisy).fit(X, Y * 0 + 2), r"have one class, .*2"),
        (lambda: NetClassifier().fit(X, Y * 0.1), "Unknown label type"),
        (lambda: NetClassifier().fit(np.where(X > 2, np.nan, X), Y), "contains NaN"),
        (lambda: NetClassifier().fit(X, Y, np.zeros(len(X))), "at least one non-zero"),
        (lambda: NetClassifier().fit(X, Y, -np.ones(len(X))), "Negative values"),
        (lambda: NetClassifier(class_weight={7: 1}).fit(X, Y), "label 7, and the classes"),
        (
            lambda: NetClassifier(class_weight=dict.fromkeys([0, 1, 2], 0)).fit(X, Y),
            "weights are 0 for all",
        ),
        (lambda: NetClassifier(class_weight="equal").fit(X, Y), "'balanced', a dict or None"),
        (lambda: NetClassifier().partial_fit(X, Y), "needs classes"),
        (lambda: NetClassifier().partial_fit(X, Y, [0, 1]), r"not among the classes"),
        (
            lambda: NetClassifier(warm_start=True, max_iter=1).fit(X, Y).fit(X, np.eye(3)[Y]),
            r"y of shape \(150, 3\) does not go with the 3 classes",
        ),
        (
            lambda: NetClassifier().partial_fit(X, np.eye(3)[Y]).partial_fit(X, np.eye(4)[Y]),
            r"y of shape \(150, 4\) does not go with the 3 classes",
        ),
        (lambda: NetClassifier(dtype="float16").fit(X, Y), "float32, float64 or None"),
        (lambda: NetClassifier(batch_size=0).fit(X, Y), "batch_size must be a whole number"),
        (
            lambda: NetClassifier(early_stopping=True, validation_fraction=2).fit(X, Y),
            "between 0 and 1",
        ),
        (
            lambda: NetClassifier(lambda d, k, rng: nn.Linear(d, k + 1)).fit(X, Y),
            r"outputs of shape \(2, 4\).*expected \(2, 3\): one logit for each class",
        ),
        (
            lambda: NetRegressor(loss=lambda z, t: nn.mse_loss(z, t)).fit(X, T, np.ones(len(X))),
            "let it take reduction='none'",
        ),
    ],
)
def test_what_is_wrong_is_said(change: Any, said: str) -> None:
    with pytest.raises((ValueError, TypeError), match=said):
        change()


def test_a_last_batch_of_one_sample_is_no_trouble_for_batch_normalisation() -> None:
    model = NetClassifier(noisy, batch_size=149, max_iter=2, random_state=0).fit(X, Y)
    assert model.n_iter_ == 2
    assert model.module_.training is False


def test_without_scikit_learn_the_package_is_named() -> None:
    code = (
        "import sys, nn\n"
        "assert 'sklearn' not in sys.modules\n"
        "sys.modules['sklearn'] = sys.modules['sklearn.base'] = None\n"
        "try:\n    nn.NetClassifier\n"
        "except ImportError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "glassgrad[data]" in done.stdout
    assert nn.NetClassifier is NetClassifier
    with pytest.raises(AttributeError, match=r"it is nn\.NetRegressor"):
        nn.MLPRegressor  # noqa: B018
