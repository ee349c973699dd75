"""PyTorch's names that are not here, each with the reason and what to do instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["ABSENT", "absent", "reason"]

_ONE_MEMORY = "arrays lie in the memory of the process, on the CPU; leave the call out"
_ONE_PROCESS = (
    "a model runs in one process, with one memory; leave it out (threads: OPENBLAS_NUM_THREADS)"
)
_INSIDE = "it is a helper of PyTorch's own"
_STATE = "a state is a dict of arrays, taken and loaded whole; change that dict"
_INPLACE = "nothing is written into an operand; the function without the underscore is the same"
_INDICES = "the function without the ending gives the indices where return_indices=True"
_ACCELERATOR = "it is a product for accelerators; use autodiff.matmul or autodiff.einsum"
_PIPES = "datapipes ended in PyTorch too; use a Dataset or an IterableDataset"
_QUANTIZED = "numbers of 8 bits are not computed with; use float32"
_LATER = "a parameter has a shape from the beginning; a lazy layer makes it at its first input"
_RESIZED = "it is nn.functional.interpolate, of which it was the older name"
_BASES = "it is a base class; derive from nn.Module, or ask isinstance of the layers themselves"

ABSENT: Mapping[str, Mapping[str, str]] = {
    "nn": {
        "SyncBatchNorm": "there is one process, so nn.BatchNorm1d, nn.BatchNorm2d and "
        "nn.BatchNorm3d see the whole batch",
        "DataParallel parallel": _ONE_PROCESS,
        "Container": "it is nn.Module, or nn.Sequential",
        "CrossMapLRN2d": "it is nn.LocalResponseNorm",
        "NLLLoss2d": "it is nn.NLLLoss, which takes images too",
        "RNNBase RNNCellBase": _BASES,
        "UninitializedBuffer UninitializedParameter": _LATER,
        "LinearCrossEntropyLoss LinearCrossEntropyOptions": "use nn.Linear and "
        "nn.CrossEntropyLoss, one after the other; what it saves is memory of an accelerator",
        "factory_kwargs common_types": _INSIDE,
        "modules parameter": "all of nn is exported from nn itself: nn.Linear, nn.Parameter",
        "attention": "it is nn.functional.scaled_dot_product_attention, or nn.MultiheadAttention",
        "grad": "derivatives are those of autodiff: autodiff.grad, autodiff.vjp",
        "intrinsic qat quantizable quantized": _QUANTIZED,
    },
    "nn.functional": {
        "celu_ elu_ hardtanh_ leaky_relu_ relu_ rrelu_ selu_ threshold_": _INPLACE,
        "adaptive_max_pool1d_with_indices adaptive_max_pool2d_with_indices "
        "adaptive_max_pool3d_with_indices fractional_max_pool2d_with_indices "
        "fractional_max_pool3d_with_indices max_pool1d_with_indices max_pool2d_with_indices "
        "max_pool3d_with_indices": _INDICES,
        "assert_int_or_pair boolean_dispatch handle_torch_function has_torch_function "
        "has_torch_function_unary has_torch_function_variadic Callable DType Optional ScalingType "
        "SwizzleType": _INSIDE,
        "Tensor": "it is autodiff.Tensor",
        "grouped_mm scaled_grouped_mm scaled_mm": _ACCELERATOR,
        "conv_tbc": "it is nn.functional.conv1d with the axes in another order",
        "native_channel_shuffle": "it is nn.functional.channel_shuffle",
        "upsample upsample_bilinear upsample_nearest": _RESIZED,
        "linear_cross_entropy": "use nn.functional.linear and nn.functional.cross_entropy, one "
        "after the other; what it saves is memory of an accelerator",
        "grad": "derivatives are those of autodiff: autodiff.grad, autodiff.vjp",
    },
    "nn.init": {},
    "nn.optim": {
        "SparseAdam": "it is nn.optim.Adam, since gradients here are dense arrays",
        "swap_in_optimizer_params_and_state": "it serves PyTorch's own tracing; autodiff.compile "
        "records a step without it",
    },
    "nn.optim.lr_scheduler": {},
    "nn.optim.swa_utils": {},
    "nn.utils": {
        "clip_grad_norm": "it is nn.utils.clip_grad_norm_, of which it was the older name",
        "weight_norm": "it is nn.utils.parametrizations.weight_norm",
        "spectral_norm": "it is nn.utils.parametrizations.spectral_norm",
        "remove_weight_norm remove_spectral_norm": "it is "
        "nn.utils.parametrize.remove_parametrizations(module, 'weight')",
        "skip_init": "layers draw their initial values at once; make the layer, then load a state",
        "convert_conv2d_weight_memory_format convert_conv3d_weight_memory_format memory_format": (
            "arrays are arranged where that is necessary; leave the call out"
        ),
        "stateless": "it is nn.functional_call",
        "init": "it is the constructor of the layer",
    },
    "nn.utils.rnn": {},
    "nn.utils.parametrize": {
        "cached": "within one call of a module a parametrized weight is computed once anyway",
        "transfer_parametrizations_and_params": "copy.deepcopy of a module copies them",
        "type_before_parametrizations": "the class of a module stays when it is parametrized; it "
        "is type(module)",
    },
    "nn.data": {
        "DistributedSampler distributed": _ONE_PROCESS,
        "DFIterDataPipe DataChunk IterDataPipe MapDataPipe functional_datapipe argument_validation "
        "guaranteed_datapipes_determinism non_deterministic runtime_validation "
        "runtime_validation_disabled datapipes graph graph_settings": _PIPES,
        "get_worker_info": "every worker gives the samples that it is asked for; which are drawn "
        "does not depend on it (see MapDataset for random ones)",
        "default_collate": "it is nn.data.collate",
        "default_convert": "batches are arrays already",
        "dataloader dataset sampler": "its names are in nn.data itself",
    },
    "nn.Module": {
        "cuda ipu mtia xpu": _ONE_MEMORY,
        "share_memory": "send states between processes: model.state_dict() and load_state_dict",
        "to_empty": "layers are made with their memory; leave the call out",
        "bfloat16": "NumPy has no such type; use float(), or half() to save memory",
        "compile": "autodiff.compile takes the whole step, a function with forward, backward and "
        "optimizer; for the model alone write f = autodiff.compile(model)",
        "get_extra_state set_extra_state": "what is saved is arrays; keep one as a Buffer",
        "register_state_dict_pre_hook register_state_dict_post_hook "
        "register_load_state_dict_pre_hook register_load_state_dict_post_hook": _STATE,
        "register_backward_hook": "it is register_full_backward_hook",
        "T_destination call_super_init dump_patches": _INSIDE,
        "reset_parameters": "there are no parameters of its own; layers that draw some have it",
        "merge_masks check_forward_args check_hidden_size check_input get_expected_cell_size "
        "get_expected_hidden_size permute_hidden": _INSIDE,
    },
    "nn.optim.Optimizer": {
        "share_memory": "send states between processes: optimizer.state_dict() and load_state_dict",
        "OptimizerPreHook OptimizerPostHook profile_hook_step": _INSIDE,
        "register_state_dict_pre_hook register_state_dict_post_hook "
        "register_load_state_dict_pre_hook register_load_state_dict_post_hook": _STATE,
    },
}
"""By a module or class of ours: PyTorch's names that it has not, and why."""


def reason(place: str, name: str) -> str | None:
    """Why one of PyTorch's names is not in a module or class of ours, if it is one of those.

    Example:
        >>> reason("nn.utils", "weight_norm")
        'it is nn.utils.parametrizations.weight_norm'
    """
    listed = ABSENT.get(place, {})
    return next((why for names, why in listed.items() if name in names.split()), None)


def absent(owner: Any, place: str, name: str) -> AttributeError:
    """The error for an attribute that an object lacks.

    Args:
        owner: the object.
        place: under which its class, or a base of it, is listed in `ABSENT`.
        name: of the attribute.
    """
    why = reason(place, name)
    text = f"{type(owner).__name__!r} object has no attribute {name!r}"
    return AttributeError(text if why is None else f"{text}; {why}", name=name, obj=owner)
