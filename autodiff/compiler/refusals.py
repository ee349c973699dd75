"""What a compiled step cannot be asked, because its numbers change from call to call."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from autodiff.backends.interpreter import Interpreter
from autodiff.errors import TracingError
from autodiff.methods.numpy_interface import ufunc_support

__all__ = ["Refusing", "refuse_foreign"]


class Refusing(Interpreter):
    """A recording as far as it refuses."""

    records = True

    def refuse(self, array: Any, what: str) -> NoReturn:
        """Raise because a number was asked for that is another one at the next call."""
        raise TracingError(
            f"in a compiled step {what}, for an array of shape {array.shape}; its numbers change "
            "from call to call, so this cannot be recorded: use autodiff.where for a choice, and "
            "return what you want to read, then read it outside the step"
        )

    def refuse_value(self) -> NoReturn:
        """Raise because the gradient by a Value was asked for."""
        raise TracingError(
            "in a compiled step the gradient by a Value or a Python float was asked for, which is "
            "a number of Python; use a tensor without axes, such as autodiff.Tensor(2.0)"
        )


def refuse_foreign(ufunc: Any, method: str) -> None:
    """Refuse a ufunc that is not NumPy's own, whose name in the source would be another's.

    Raises:
        TracingError: it is one that the library does not know.
    """
    if getattr(np, ufunc.__name__, None) is ufunc:
        return
    found = ufunc_support(ufunc, method)
    if found.how == "refused":
        raise TracingError(
            f"{found.title} is not supported in a compiled step: {found.by}, outside the step"
        )
