"""A progress bar, where somebody sees it."""

from __future__ import annotations

import sys
from typing import Any

from autodiff.errors import MissingExtraError

__all__ = ["bar", "is_shown"]


class _Hidden:
    """A bar that nobody sees."""

    def update(self, n: int = 1) -> None:
        """Nothing."""

    def write(self, text: str) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""

    def set_postfix(self, *args: Any, **settings: Any) -> None:
        """Nothing."""

    set_postfix_str = set_description = set_postfix


def bar(total: int | None, show: bool, **settings: Any) -> Any:
    """A bar of tqdm on stderr, if that is a terminal, or in a notebook; else one without effect.

    Args:
        total: how many steps there are; None if that is not known.
        show: whether to show one at all.
        **settings: of tqdm.

    Raises:
        MissingExtraError: it is to be shown, and tqdm is not installed.
    """
    if not show or not (sys.stderr.isatty() or "ipykernel" in sys.modules):
        return _Hidden()
    try:
        # An extra, needed only where somebody watches.
        from tqdm.auto import tqdm
    except ImportError:
        raise MissingExtraError(
            "a progress bar needs the package 'tqdm', which is not installed; run: "
            "pip install tqdm, or give progress=False"
        ) from None
    return tqdm(total=total, dynamic_ncols=True, **settings)


def is_shown(made: Any) -> bool:
    """Whether somebody sees a bar that `bar` made."""
    return not isinstance(made, _Hidden)
