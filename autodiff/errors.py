"""The library's errors and warnings. Each error is also the built-in one a user would catch."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "AxisError",
    "BatchingError",
    "ConversionError",
    "ConversionWarning",
    "FreedGraphError",
    "GlassgradError",
    "LinAlgError",
    "MissingExtraError",
    "NonDifferentiableError",
    "NonFiniteError",
    "NonScalarBackwardError",
    "ReadOnlyError",
    "ScalarizingError",
    "ShapeError",
    "StaleDataError",
    "TracingError",
    "TracingWarning",
    "missing_extra",
]


class GlassgradError(Exception):
    """Base class of the errors raised on purpose by this library."""


class ShapeError(GlassgradError, ValueError):
    """Operands of an operation do not fit together."""


class AxisError(ShapeError, IndexError):
    """An axis was named that the operand does not have."""


class LinAlgError(GlassgradError, np.linalg.LinAlgError):
    """A matrix does not have what was asked for: an inverse, a Cholesky factor, a gradient."""


class NonScalarBackwardError(GlassgradError, ValueError):
    """`backward` was called on a node with several elements and no starting gradient."""


class NonDifferentiableError(GlassgradError, TypeError):
    """A gradient was asked for where none exists, for example for integers."""


class ConversionError(GlassgradError, TypeError):
    """A node that needs a gradient was turned into a plain array or number, which has none."""


class ConversionWarning(UserWarning):
    """A node that needs a gradient was turned into a Python number, which has none.

    It is given once for each line of code. Tests turn it into an error with
    ``warnings.simplefilter("error", autodiff.ConversionWarning)``, or in pytest's settings
    with ``filterwarnings = error::autodiff.ConversionWarning``.
    """


class TracingWarning(UserWarning):
    """A compiled step does something that later calls will not do, or noticed a change late.

    It names the line where that is done, and what to do instead. Tests turn it into an error
    with ``warnings.simplefilter("error", autodiff.TracingWarning)``.
    """


class FreedGraphError(GlassgradError, RuntimeError):
    """A graph was walked again after `backward` had released it."""


class ReadOnlyError(GlassgradError, ValueError):
    """The numbers of an operation's result were to be written into."""


class ScalarizingError(GlassgradError, TypeError):
    """An operation on tensors has no expansion into operations on scalars, or too large a one."""


class StaleDataError(GlassgradError, RuntimeError):
    """An array that the backward pass needs was changed after the forward pass."""


class NonFiniteError(GlassgradError, FloatingPointError):
    """An operation gave NaN or an infinity where `autodiff.detect_anomaly` was looking.

    Or `autodiff.extending.require_finite` found one.

    Attributes:
        op: the operation's name; None where a gradient given to a leaf is at fault.
        phase: ``"forward"``, ``"backward"`` or ``"tangent"`` (forward mode); ``"required"`` of
            what was required to be finite.
        origin: file and line of the user's code that made the operation, or None.
    """

    op: str | None
    phase: str
    origin: tuple[str, int] | None

    def __init__(
        self, message: str, op: str | None, phase: str, origin: tuple[str, int] | None
    ) -> None:
        super().__init__(message)
        self.op, self.phase, self.origin = op, phase, origin


class BatchingError(GlassgradError, TypeError):
    """A function under `vmap` did something that cannot be done for all examples together."""


class TracingError(GlassgradError, TypeError):
    """A traced function did something that a recording cannot represent.

    Attributes:
        result: what a compiled step returned, if it had run to its end when it was refused: all
            that it does to tensors is done then, once. None if it was broken off.
    """

    result: Any = None


class MissingExtraError(GlassgradError, ImportError):
    """An optional dependency is not installed."""


def missing_extra(package: str, extra: str | None = None) -> MissingExtraError:
    """The error for a package that is needed now and is not installed.

    Args:
        package: the package that could not be imported.
        extra: the extra of this distribution that brings it; None if it usually comes with it.

    Returns:
        An error to raise; its message says what to install.

    Example:
        >>> print(missing_extra("matplotlib", "plot"))
        this needs the package 'matplotlib', ... pip install 'glassgrad[plot]'
    """
    what = package if extra is None else f"'glassgrad[{extra}]'"
    return MissingExtraError(
        f"this needs the package {package!r}, which is not installed; run: pip install {what}"
    )
