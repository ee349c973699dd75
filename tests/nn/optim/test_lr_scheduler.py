"""Schedules: their rates against formulas and PyTorch, their states, and what they refuse."""

from __future__ import annotations

import math

import pytest

import autodiff as ad
import nn
from nn import optim
from nn.io import load_state, save_state

# Names, and arguments after the optimizer.
SETTINGS = [
    ("LambdaLR", {"lr_lambda": lambda t: 0.9**t}),
    ("LambdaLR", {"lr_lambda": [lambda t: 1 / (1 + t), lambda t: 0.5**t]}),
    ("MultiplicativeLR", {"lr_lambda": lambda t: 0.9 + 0.01 * t}),
    ("StepLR", {"step_size": 3}),
    ("StepLR", {"step_size": 1, "gamma": 0.7}),
    ("MultiStepLR", {"milestones": [2, 5, 5, 9], "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [0, 7], "gamma": 0.5}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.1, "total_iters": 3}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.2, "end_factor": 0.7, "total_iters": 8}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 8}),
    ("ExponentialLR", {"gamma": 0.8}),
    ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 9, "power": 2.5}),
    ("CosineAnnealingLR", {"T_max": 6}),
    ("CosineAnnealingLR", {"T_max": 5, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.005}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 4}),
    (
        "CyclicLR",
        {
            "base_lr": [0.01, 0.02],
            "max_lr": [0.1, 0.3],
            "step_size_up": 3,
            "step_size_down": 5,
            "mode": "triangular2",
            "max_momentum": 0.95,
        },
    ),
    (
        "CyclicLR",
        {
            "base_lr": 0.01,
            "max_lr": 0.1,
            "step_size_up": 4,
            "mode": "exp_range",
            "gamma": 0.9,
            "cycle_momentum": False,
        },
    ),
    (
        "CyclicLR",
        {
            "base_lr": 0.01,
            "max_lr": 0.1,
            "step_size_up": 4,
            "scale_fn": lambda t: 1 / (1 + t),
            "scale_mode": "iterations",
        },
    ),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 30}),
    ("OneCycleLR", {"max_lr": [0.5, 0.2], "epochs": 3, "steps_per_epoch": 10}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 30, "three_phase": True}),
    (
        "OneCycleLR",
        {
            "max_lr": 0.5,
            "total_steps": 30,
            "pct_start": 0.5,
            "anneal_strategy": "linear",
            "div_factor": 10.0,
            "final_div_factor": 100.0,
        },
    ),
]
IDS = [f"{name}-{number}" for number, (name, _) in enumerate(SETTINGS)]
STEPS = 25


def _optimizer(kind=optim.SGD, **settings):
    groups = [{"params": [nn.Parameter([1.0])], "lr": lr} for lr in (0.1, 0.3)]
    if kind is optim.SGD:
        settings = {"momentum": 0.9, **settings}
    return kind(groups, **settings)


def _torch_optimizer(torch, kind="SGD"):
    groups = [{"params": [torch.nn.Parameter(torch.ones(1))], "lr": lr} for lr in (0.1, 0.3)]
    return getattr(torch.optim, kind)(groups, **({"momentum": 0.9} if kind == "SGD" else {}))


def _read(optimizer):
    return [
        (float(group["lr"]), float(group["betas"][0] if "betas" in group else group["momentum"]))
        for group in optimizer.param_groups
    ]


def _trace(optimizer, schedule, steps=STEPS, figures=None):
    seen = [_read(optimizer)]
    for number in range(steps):
        optimizer.step()
        schedule.step(*(() if figures is None else (figures[number],)))
        seen.append(_read(optimizer))
    return seen


def _flat(trace):
    return [number for step in trace for pair in step for number in pair]


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=IDS)
def test_rates_and_momenta_are_those_of_pytorch(name, settings, kind):
    torch = pytest.importorskip("torch", reason="compares with PyTorch")
    ours, theirs = _optimizer(getattr(optim, kind)), _torch_optimizer(torch, kind)
    schedule = getattr(optim, name)(ours, **settings)
    reference = getattr(torch.optim.lr_scheduler, name)(theirs, **settings)
    got, wanted = _trace(ours, schedule), _trace(theirs, reference)
    assert _flat(got) == pytest.approx(_flat(wanted), rel=1e-12, abs=1e-15)
    assert schedule.get_last_lr() == [lr for lr, _ in got[-1]]


CHAINS = {
    "warm-up and decay": lambda s, o: [
        s.LinearLR(o, start_factor=0.1, total_iters=4),
        s.ExponentialLR(o, gamma=0.9),
    ],
    "cosine with a floor": lambda s, o: [
        s.ConstantLR(o, factor=0.5, total_iters=3),
        s.CosineAnnealingLR(o, T_max=9, eta_min=0.01),
    ],
    "three": lambda s, o: [
        s.StepLR(o, 4, 0.5),
        s.MultiplicativeLR(o, lambda t: 0.95),
        s.PolynomialLR(o, total_iters=40),
    ],
    "one that starts over": lambda s, o: [
        s.ExponentialLR(o, gamma=0.9),
        s.CosineAnnealingWarmRestarts(o, T_0=5),
    ],
}


@pytest.mark.parametrize("name", CHAINS)
def test_chains_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch", reason="compares with PyTorch")
    ours, theirs = _optimizer(), _torch_optimizer(torch)
    there = torch.optim.lr_scheduler
    schedule = optim.ChainedScheduler(CHAINS[name](optim, ours))
    reference = there.ChainedScheduler(CHAINS[name](there, theirs))
    wanted = _flat(_trace(theirs, reference))
    assert _flat(_trace(ours, schedule)) == pytest.approx(wanted, rel=1e-11)


SEQUENCES = {
    "warm-up, cosine": (
        lambda s, o: [
            s.LinearLR(o, start_factor=0.1, total_iters=5),
            s.CosineAnnealingLR(o, T_max=15),
        ],
        [5],
    ),
    "three": (
        lambda s, o: [
            s.ConstantLR(o, 0.5, 2),
            s.ExponentialLR(o, 0.9),
            s.StepLR(o, 2, 0.5),
        ],
        [3, 9],
    ),
    "lambda": (lambda s, o: [s.LambdaLR(o, lambda t: 1 / (t + 1)), s.PolynomialLR(o, 10)], [4]),
    "at once": (lambda s, o: [s.ConstantLR(o, 0.5, 2), s.ExponentialLR(o, 0.9)], [1]),
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_sequences_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch", reason="compares with PyTorch")
    make, milestones = SEQUENCES[name]
    ours, theirs = _optimizer(), _torch_optimizer(torch)
    there = torch.optim.lr_scheduler
    schedule = optim.SequentialLR(ours, make(optim, ours), milestones)
    reference = there.SequentialLR(theirs, make(there, theirs), milestones)
    wanted = _flat(_trace(theirs, reference))
    assert _flat(_trace(ours, schedule)) == pytest.approx(wanted, rel=1e-11)


def test_a_sequence_within_a_sequence_counts_from_where_it_began():
    # PyTorch's counts one step too many.
    optimizer = _optimizer()
    inner = [optim.ConstantLR(optimizer, 0.5, 2), optim.ExponentialLR(optimizer, 0.5)]
    parts = [optim.SequentialLR(optimizer, inner, [3]), optim.StepLR(optimizer, 1, 0.1)]
    schedule = optim.SequentialLR(optimizer, parts, [5])
    rates = [step[0][0] for step in _trace(optimizer, schedule, 7)]
    assert rates == pytest.approx([0.05, 0.05, 0.1, 0.1, 0.05, 0.1, 0.01, 0.001])


FIGURES = [1.0, 0.9, 0.9, 0.9, 0.91, 0.8, 0.8, 0.8, 0.8, 0.79999, 0.8, 0.8, 0.8, 0.8, math.nan]


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("threshold_mode", ["rel", "abs"])
@pytest.mark.parametrize("cooldown", [0, 2])
def test_a_plateau_is_that_of_pytorch(mode, threshold_mode, cooldown):
    torch = pytest.importorskip("torch", reason="compares with PyTorch")
    settings = {
        "mode": mode,
        "threshold_mode": threshold_mode,
        "cooldown": cooldown,
        "factor": 0.5,
        "patience": 1,
        "threshold": 0.01,
        "min_lr": [0.03, 0.0],
    }
    ours, theirs = _optimizer(), _torch_optimizer(torch)
    schedule = optim.ReduceLROnPlateau(ours, **settings)
    reference = torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, **settings)
    got = _trace(ours, schedule, len(FIGURES), FIGURES)
    assert _flat(got) == pytest.approx(
        _flat(_trace(theirs, reference, len(FIGURES), FIGURES)), rel=1e-12
    )
    assert got[0] != got[-1]


SWA = [
    {"swa_lr": 0.05},
    {"swa_lr": [0.01, 0.2], "anneal_epochs": 4, "anneal_strategy": "linear"},
    {"swa_lr": 0.05, "anneal_epochs": 0},
]


@pytest.mark.parametrize("settings", SWA)
def test_the_way_to_averaging_is_that_of_pytorch(settings):
    torch = pytest.importorskip("torch", reason="compares with PyTorch")
    ours, theirs = _optimizer(), _torch_optimizer(torch)
    schedule = optim.SWALR(ours, **settings)
    wanted = _flat(_trace(theirs, torch.optim.swa_utils.SWALR(theirs, **settings)))
    assert _flat(_trace(ours, schedule)) == pytest.approx(wanted, rel=1e-9)


def test_rates_follow_their_formulas():
    formulas = {
        "StepLR": ({"step_size": 3, "gamma": 0.5}, lambda t: 0.5 ** (t // 3)),
        "ExponentialLR": ({"gamma": 0.5}, lambda t: 0.5**t),
        "ConstantLR": ({"factor": 0.5, "total_iters": 3}, lambda t: 0.5 if t < 3 else 1.0),
        "LinearLR": (
            {"start_factor": 0.25, "total_iters": 4},
            lambda t: min(1.0, 0.25 + 0.75 * t / 4),
        ),
        "PolynomialLR": ({"total_iters": 4, "power": 2}, lambda t: max(0.0, 1 - t / 4) ** 2),
        "CosineAnnealingLR": ({"T_max": 7}, lambda t: 0.5 * (1 + math.cos(math.pi * t / 7))),
    }
    for name, (settings, formula) in formulas.items():
        rate = getattr(optim, name).function(0.2, **settings)
        assert [rate(t) for t in range(8)] == pytest.approx([0.2 * formula(t) for t in range(8)])


def test_a_rate_set_by_hand_lasts():
    optimizer = _optimizer()
    schedule = optim.ExponentialLR(optimizer, gamma=0.5)
    schedule.step()
    optimizer.param_groups[0]["lr"] = 1.0
    schedule.step()
    assert optimizer.param_groups[0]["lr"] == 0.5
    assert optimizer.param_groups[1]["lr"] == pytest.approx(0.075)


def _plateau(optimizer):
    return optim.ReduceLROnPlateau(optimizer, factor=0.5, patience=1)


MAKERS = {
    **{
        label: lambda o, name=name, settings=settings: getattr(optim, name)(o, **settings)
        for label, (name, settings) in zip(IDS, SETTINGS, strict=True)
    },
    **{f"chain {n}": lambda o, f=f: optim.ChainedScheduler(f(optim, o)) for n, f in CHAINS.items()},
    **{
        f"sequence {n}": lambda o, f=f, m=m: optim.SequentialLR(o, f(optim, o), m)
        for n, (f, m) in SEQUENCES.items()
    },
    "plateau": _plateau,
}


@pytest.mark.parametrize("stop", [0, 4, 11])
@pytest.mark.parametrize("name", MAKERS)
def test_a_saved_schedule_goes_on_bit_for_bit(name, stop, tmp_path):
    figures = FIGURES if name == "plateau" else None
    whole = _optimizer()
    wanted = _trace(whole, MAKERS[name](whole), 15, figures)
    first = _optimizer()
    schedule = MAKERS[name](first)
    _trace(first, schedule, stop, figures)
    save_state({"o": first.state_dict(), "s": schedule.state_dict()}, tmp_path / "s.safetensors")
    saved = load_state(tmp_path / "s.safetensors")
    again = _optimizer()
    resumed = MAKERS[name](again)
    resumed.load_state_dict(saved["s"])
    again.load_state_dict(saved["o"])
    rest = None if figures is None else figures[stop:]
    assert _trace(again, resumed, 15 - stop, rest) == wanted[stop:]


COMPILED = {
    "sgd": lambda p: optim.SGD([p], lr=0.1, momentum=0.9),
    "dampened": lambda p: optim.SGD([p], lr=0.1, momentum=0.9, dampening=0.1),
    "adam": lambda p: optim.Adam([p], lr=0.1),
}


@pytest.mark.parametrize("name", COMPILED)
def test_a_compiled_step_takes_the_rates_as_they_come(name):
    def run(compiled):
        p = nn.Parameter([1.0, -2.0])
        optimizer = COMPILED[name](p)
        schedule = optim.CyclicLR(optimizer, 0.01, 0.1, step_size_up=3)

        def step():
            optimizer.zero_grad()
            loss = (p * p).sum()
            loss.backward()
            optimizer.step()
            return loss

        call, seen = ad.compile(step) if compiled else step, []
        for _ in range(10):
            call()
            schedule.step()
            seen.append(p.tolist())
        return seen

    assert run(True) == run(False)


def test_a_step_inside_a_compiled_function_is_refused():
    optimizer = _optimizer()
    schedules = [
        optim.StepLR(optimizer, 2),
        _plateau(optimizer),
        optim.ChainedScheduler([optim.StepLR(optimizer, 2)]),
        optim.CosineAnnealingWarmRestarts(optimizer, 2),
    ]
    for schedule in schedules:
        arguments = (1.0,) if isinstance(schedule, optim.ReduceLROnPlateau) else ()

        def step(x, schedule=schedule, arguments=arguments):
            schedule.step(*arguments)
            return x * 2.0

        with pytest.raises(ad.errors.TracingError, match="call it after the compiled function"):
            ad.compile(step)(ad.Tensor([1.0]))


WRONG = [
    (lambda o: optim.StepLR(o, 0), "step_size must be a whole number of steps from 1 up, not 0"),
    (lambda o: optim.StepLR(o, 2, -1.0), "StepLR: gamma must be a finite number not below 0"),
    (lambda o: optim.StepLR(nn.Linear(1, 1), 2), "takes an optimizer first, and a Linear"),
    (lambda o: optim.LambdaLR(o, 0.5), "lr_lambda is a function of the step"),
    (lambda o: optim.LambdaLR(o, [abs]), "has 1 entries, and the optimizer 2 groups"),
    (lambda o: optim.MultiStepLR(o, [1, -2]), "a milestone must be a whole number"),
    (lambda o: optim.LinearLR(o, start_factor=0.0), "start_factor must be a share"),
    (lambda o: optim.LinearLR(o, end_factor=1.5), "end_factor must be a share up to 1"),
    (lambda o: optim.CyclicLR(o, 0.1, 0.2, mode="saw"), "mode is one of triangular"),
    (lambda o: optim.CyclicLR(o, 0.1, 0.2, scale_mode="x"), "scale_mode is 'cycle'"),
    (lambda o: optim.OneCycleLR(o, 0.1), "give total_steps, or epochs and steps_per_epoch"),
    (lambda o: optim.OneCycleLR(o, 0.1, 10, pct_start=2.0), "pct_start is a share from 0 to 1"),
    (lambda o: optim.OneCycleLR(o, 0.1, 10, anneal_strategy="x"), "'cos' or 'linear'"),
    (lambda o: optim.SequentialLR(o, [], []), "takes at least one schedule"),
    (lambda o: optim.SequentialLR(o, [_plateau(o)], []), "goes by steps alone"),
    (lambda o: optim.SequentialLR(o, [optim.StepLR(o, 1)], [2]), "takes 0 milestones"),
    (
        lambda o: optim.SequentialLR(o, [optim.StepLR(o, 1) for _ in range(3)], [4, 4]),
        "milestones must rise",
    ),
    (
        lambda o: optim.ChainedScheduler([optim.StepLR(o, 1), optim.StepLR(_optimizer(), 1)]),
        "entry 1 is for another optimizer",
    ),
    (lambda o: optim.SWALR(o, 0.1, anneal_strategy="x"), "SWALR: anneal_strategy is 'cos'"),
    (lambda o: optim.ReduceLROnPlateau(o, mode="least"), "mode is one of min, max"),
    (lambda o: optim.ReduceLROnPlateau(o, factor=1.0), "factor must be a finite number"),
    (lambda o: optim.StepLR(o, 2, last_epoch=3), "has no initial_lr"),
    (lambda o: optim.StepLR.function(0.1, 2)(-1), "counted from 0"),
    (lambda o: optim.StepLR(o, 2).load_state_dict({"best": 1.0}), "keeps last_epoch"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_is_wrong_is_refused(number):
    make, message = WRONG[number]
    with pytest.raises((ValueError, TypeError), match=message):
        make(_optimizer())


def test_momentum_is_cycled_only_where_there_is_one():
    plain = optim.Adam([nn.Parameter([1.0])])
    plain.defaults.pop("betas")
    with pytest.raises(ValueError, match="no momentum and no betas"):
        optim.OneCycleLR(plain, 0.1, 10)


def test_more_steps_than_a_cycle_has_are_refused():
    optimizer = _optimizer()
    schedule = optim.OneCycleLR(optimizer, 0.1, 3)
    for _ in range(3):
        schedule.step()
    with pytest.raises(ValueError, match="its 3 steps are taken"):
        schedule.step()


def test_a_group_that_comes_later_is_noticed():
    optimizer = _optimizer()
    schedule = optim.StepLR(optimizer, 2)
    optimizer.add_param_group({"params": [nn.Parameter([1.0])]})
    with pytest.raises(ValueError, match="made for 2 parameter groups, and the optimizer has 3"):
        schedule.step()


def test_all_schedules_of_pytorch_are_here():
    torch = pytest.importorskip("torch", reason="compares with PyTorch")
    assert set(torch.optim.lr_scheduler.__all__) <= set(dir(optim.lr_scheduler))


def _taken_over(make, make_theirs, torch, figures=None, stop=7):
    """Rates after PyTorch's states are loaded, and those with which PyTorch goes on."""
    theirs, ours = _torch_optimizer(torch), _optimizer()
    reference = make_theirs(theirs)
    _trace(theirs, reference, stop, figures)
    schedule = make(ours)
    ours.load_state_dict(theirs.state_dict())
    schedule.load_state_dict(reference.state_dict())
    rest = None if figures is None else figures[stop:]
    steps = len(rest) if rest else 8
    return _trace(ours, schedule, steps, rest), _trace(theirs, reference, steps, rest)


def test_states_of_pytorch_are_taken_over():
    torch = pytest.importorskip("torch", reason="loads PyTorch's states")
    there = torch.optim.lr_scheduler
    pairs = [
        (
            lambda o, name=name, settings=settings: getattr(optim, name)(o, **settings),
            lambda o, name=name, settings=settings: getattr(there, name)(o, **settings),
            None,
        )
        for name, settings in SETTINGS
    ]
    for make, milestones in SEQUENCES.values():
        pairs.append((
            lambda o, m=make, at=milestones: optim.SequentialLR(o, m(optim, o), at),
            lambda o, m=make, at=milestones: there.SequentialLR(o, m(there, o), at),
            None,
        ))  # fmt: skip
    for make in CHAINS.values():
        pairs.append((
            lambda o, make=make: optim.ChainedScheduler(make(optim, o)),
            lambda o, make=make: there.ChainedScheduler(make(there, o)),
            None,
        ))  # fmt: skip
    for settings in SWA:
        pairs.append((
            lambda o, settings=settings: optim.SWALR(o, **settings),
            lambda o, settings=settings: torch.optim.swa_utils.SWALR(o, **settings),
            None,
        ))  # fmt: skip
    how = {"factor": 0.5, "patience": 1, "min_lr": [0.03, 0.0]}
    pairs.append((
        lambda o: optim.ReduceLROnPlateau(o, **how),
        lambda o: there.ReduceLROnPlateau(o, **how),
        FIGURES,
    ))  # fmt: skip
    for number, (make, make_theirs, figures) in enumerate(pairs):
        got, wanted = _taken_over(make, make_theirs, torch, figures)
        assert _flat(got) == pytest.approx(_flat(wanted), rel=1e-9, abs=1e-12), number
    with pytest.raises(
        ValueError, match=r"is of a schedule with gamma=0\.5, and this one has 0\.1"
    ):
        _taken_over(lambda o: optim.StepLR(o, 3), lambda o: there.StepLR(o, 3, 0.5), torch)
    with pytest.raises(ValueError, match="the state lacks best"):
        _taken_over(optim.ReduceLROnPlateau, lambda o: there.StepLR(o, 3), torch, [None] * 9)
