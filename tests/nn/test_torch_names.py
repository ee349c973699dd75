"""PyTorch's names that are not here, each with the reason."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

import nn

ON_ITS_WAY = "on its way"

NO_SHAPES_LATER = "a parameter has a shape from the beginning; lazy layers wait for their input"
ONE_MACHINE = "there is one process and one memory"
INPLACE = "nothing is written into an operand; the function without the underscore is the same"
INSIDE = "a helper of PyTorch's own that its module happens to show"
OLD = "deprecated in PyTorch in favour of another name"
TWO_RESULTS = "the function without the ending gives the indices where return_indices=True"

MISSING: dict[str, dict[str, str]] = {
    "nn": {
        "Container CrossMapLRN2d NLLLoss2d": OLD,
        "DataParallel SyncBatchNorm": ONE_MACHINE,
        "RNNBase RNNCellBase": "bases, which users of PyTorch are not meant to make either",
        "UninitializedBuffer UninitializedParameter": NO_SHAPES_LATER,
        "LinearCrossEntropyLoss LinearCrossEntropyOptions": "Linear and CrossEntropyLoss one after "
        "the other; what it saves is memory of an accelerator",
        "factory_kwargs": INSIDE,
    },
    "functional": {
        "celu_ elu_ hardtanh_ leaky_relu_ relu_ rrelu_ selu_ threshold_": INPLACE,
        "adaptive_max_pool1d_with_indices adaptive_max_pool2d_with_indices "
        "adaptive_max_pool3d_with_indices fractional_max_pool2d_with_indices "
        "fractional_max_pool3d_with_indices max_pool1d_with_indices max_pool2d_with_indices "
        "max_pool3d_with_indices": TWO_RESULTS,
        "Callable DType Optional ScalingType SwizzleType Tensor assert_int_or_pair "
        "boolean_dispatch handle_torch_function has_torch_function has_torch_function_unary "
        "has_torch_function_variadic": INSIDE,
        "grouped_mm scaled_grouped_mm scaled_mm": "products for single accelerators",
        "conv_tbc": "conv1d with the axes in another order",
        "native_channel_shuffle": "channel_shuffle under another name",
        "upsample upsample_bilinear upsample_nearest": OLD,
        "linear_cross_entropy": "linear and cross_entropy, one after the other",
    },
    "init": {},
    "optim": {
        "SparseAdam": "gradients are dense arrays",
        "swap_in_optimizer_params_and_state": "it serves PyTorch's own tracing; `autodiff.compile` "
        "records a step without it",
    },
    "lr_scheduler": {},
}
"""For each module of PyTorch: names, and why they are not here."""

OURS: dict[str, Any] = {
    "nn": nn,
    "functional": nn.functional,
    "init": nn.init,
    "optim": nn.optim,
    "lr_scheduler": nn.optim.lr_scheduler,
}


def reasons(place: str) -> dict[str, str]:
    """The names that are missing in one place, each with its reason."""
    listed = [(name, why) for names, why in MISSING[place].items() for name in names.split()]
    assert len(dict(listed)) == len(listed), "a name is listed twice"
    return dict(listed)


def theirs(place: str) -> set[str]:
    """PyTorch's public names in one place."""
    torch = pytest.importorskip("torch")
    home: dict[str, ModuleType] = {
        "nn": torch.nn,
        "functional": torch.nn.functional,
        "init": torch.nn.init,
        "optim": torch.optim,
        "lr_scheduler": torch.optim.lr_scheduler,
    }
    module = home[place]
    names = getattr(module, "__all__", None) or [
        name for name in dir(module) if not name.startswith("_") and callable(vars(module)[name])
    ]
    return {name for name in names if not isinstance(getattr(module, name), ModuleType)}


@pytest.mark.parametrize("place", MISSING)
def test_every_name_of_pytorch_is_here_or_has_a_reason(place: str) -> None:
    absent = theirs(place) - set(dir(OURS[place]))
    awaited = {name for name, why in reasons(place).items() if why == ON_ITS_WAY}
    assert absent | awaited == reasons(place).keys()


@pytest.mark.parametrize("place", MISSING)
def test_what_is_here_is_not_listed_as_missing(place: str) -> None:
    listed = {name for name, why in reasons(place).items() if why and why != ON_ITS_WAY}
    assert not listed & set(dir(OURS[place]))
