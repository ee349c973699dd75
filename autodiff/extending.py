"""What a library of layers, losses and optimizers needs beside what every program uses.

`nn` is written with these names and the public ones alone, and so may be what you write.

- `constant`, `raw`: from arrays to tensors and back without a copy;
- `setting`: a parameter by which there is no derivative; `spelt`: PyTorch's names of parameters;
- `hooks_changed`: what says that recorded steps must look at hooks again;
- `mean_variance`: both of an array, in few passes;
- `require_finite`: a step ends at a number that is NaN or infinite, also when it is replayed;
- `within_vmap`: whether what is to be kept beyond the call has to be refused;
- `changed_before`: whether it was done already, since `checkpoint` runs code again;
- `weighted_sum`, `neurons`: neurons of `Value` in one node each;
- `notebook_table`: how a thing of a library is shown in notebooks;
- `build`: a function from generated source, which tracebacks and `inspect` can show.

What is to be read anew in every call of a compiled step is asked of `autodiff.live`, layers mark
their nodes by `autodiff.scope`, and parameters are changed inside `autodiff.no_grad`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.backends.arrays import arrays
from autodiff.functions.parameter_aliases import spelt
from autodiff.graph.hooks import REGISTRATIONS
from autodiff.graph.modes import current_mode
from autodiff.graph.recomputing import changed_before
from autodiff.graph.settings import setting
from autodiff.notebooks import Table, to_html
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.values.fusions import weighted_sum
from autodiff.values.neurons import neurons
from autodiff.writers.build import build

__all__ = [
    "build",
    "changed_before",
    "constant",
    "hooks_changed",
    "mean_variance",
    "neurons",
    "notebook_table",
    "raw",
    "require_finite",
    "setting",
    "spelt",
    "weighted_sum",
    "within_vmap",
]


def __dir__() -> list[str]:
    return __all__


def raw(x: Tensor) -> Any:
    """The array that a tensor holds, itself: for reading, and for ``out=`` of NumPy's functions.

    `Tensor.data` gives it out behind a view that notices whatever is written through it. This
    costs nothing, notices nothing, and so leaves the notice to you: what was written is
    assigned, ``x.data = numpy.add(raw(x), v, out=raw(x))``. Write into leaves only.

    Args:
        x: a tensor.

    Returns:
        Its array; while a step is recorded or mapped, what stands for it.

    Example:
        >>> import numpy as np
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0])
        >>> x.data = np.multiply(raw(x), 2.0, out=raw(x))
        >>> x.tolist()
        [2.0, 4.0]
    """
    return x._data


def hooks_changed() -> None:
    """Say that a hook was set or removed which is called in places that are not tensors.

    Steps that `autodiff.compile` recorded before are recorded anew at their next call.
    """
    REGISTRATIONS["count"] += 1


def mean_variance(x: Any, axis: int | tuple[int, ...]) -> Any:
    """The means of an array along axes, and the variances, which are divided by the number.

    Args:
        x: what `raw` gives, real and floating.
        axis: the axes.

    Returns:
        Both, one after the other along a first axis.

    Example:
        >>> import numpy as np
        >>> mean_variance(np.array([[1.0, 3.0], [2.0, 2.0]]), 1).tolist()
        [[2.0, 2.0], [1.0, 0.0]]
    """
    return arrays.mean_variance(x, axis)


def require_finite(x: Any) -> None:
    """Raise if a number is NaN or infinite; in a compiled step at every call, at this place.

    What comes later in the step, such as an update of parameters, has then not been done.

    Args:
        x: a tensor, or what `raw` gives.

    Raises:
        NonFiniteError: a number is not finite; its text is the number.

    Example:
        >>> import autodiff as ad
        >>> require_finite(ad.Tensor([1.0, float("nan")]))
        Traceback (most recent call last):
        autodiff.errors.NonFiniteError: nan
    """
    arrays.require_finite(getattr(x, "_data", x))


def within_vmap() -> bool:
    """Whether the code being run is that of a function that `vmap` maps over examples.

    There it stands for many calls, none of which can change what lasts, such as a buffer.

    Example:
        >>> import numpy as np
        >>> import autodiff as ad
        >>> within_vmap(), ad.vmap(lambda x: x * within_vmap())(np.ones(2))
        (False, array([1., 1.]))
    """
    return bool(current_mode().batches)


def notebook_table(
    thing: Any,
    kind: str,
    title: str,
    rows: Sequence[Sequence[str]],
    heads: Sequence[str] = (),
    note: str = "",
) -> str:
    """What a ``_repr_html_`` returns: a table, or what a library of pictures makes of the thing.

    Args:
        thing: what is shown.
        kind: under which a library of pictures may have said how it shows such things; `viz` does
            for ``"module"`` and ``"history"``, and for a kind that it does not know nothing.
        title: what the thing is.
        rows: of cells, in plain text.
        heads: of the columns.
        note: what stands below.

    Example:
        >>> print(notebook_table(None, "my schedule", "Schedule", [("steps", "<10")]))
        <table><caption ...>Schedule</caption><tbody>
        <tr><th scope="row" ...>steps</th><td ...>&lt;10</td></tr>
        </tbody></table>
    """
    return to_html(kind, thing, Table(title, rows, heads, note))
