"""From ``FILE.py:function`` to the node that the function returns."""

from __future__ import annotations

import inspect
import sys
import traceback
from collections.abc import Callable
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from autodiff.errors import GlassgradError
from autodiff.graph.node import Node
from viz.commands.parser import suggestion

__all__ = ["FORM", "ProgramError", "root_of"]

FORM = "FILE.py:function"


class ProgramError(GlassgradError, ValueError):
    """The program that was given does not lead to a node."""


def root_of(target: str) -> Any:
    """Run a file, call one of its functions, and take what it returns.

    The file runs as a module that is imported, from its own folder: what stands under
    ``if __name__ == "__main__":`` does not run.

    Args:
        target: ``FILE.py:function``, of a function that needs no arguments and returns the node
            that is to be drawn or explained.

    Returns:
        The node.

    Raises:
        ProgramError: the file or the function is not there, needs arguments, raises an error, or
            returns no node. The message is one that says how to mend it.
    """
    path, name = _parted(target)
    module = _loaded(path)
    function = _function(module, path, name)
    told = f"{name}() of {path.name}"
    needed = _needed(function)
    if needed:
        raise ProgramError(
            f"{told} takes {' and '.join(needed)}; give a function without arguments, such as one "
            f"that calls {name} and returns the result"
        )
    found = _run(function, path, told)
    if not isinstance(found, Node):
        what = "nothing (None)" if found is None else f"a {type(found).__name__}"
        inside = isinstance(found, tuple | list) and any(isinstance(one, Node) for one in found)
        more = "; return one of its nodes alone" if inside else ""
        raise ProgramError(
            f"{told} returns {what}, and a Value or a Tensor that was computed from others was "
            f"expected, such as the loss{more}"
        )
    return found


def _parted(target: str) -> tuple[Path, str]:
    file, colon, name = target.rpartition(":")
    if not colon or not name or name.endswith(".py"):
        path = Path(target.rstrip(":"))
        example = f"{path}:function" if path.suffix == ".py" else FORM
        there = _defined(path)
        more = f"; {path.name} has {', '.join(there)}" if there else ""
        raise ProgramError(f"{target!r} names no function; give it as in {example}{more}")
    path = Path(file)
    if not path.is_file():
        beside = path.parent.glob("*.py") if path.parent.is_dir() else ()
        hint = suggestion(path.name, sorted(one.name for one in beside))
        what = "a folder" if path.is_dir() else "not there"
        raise ProgramError(f"the file {file!r} is {what}{hint or '; give the path of a .py file'}")
    return path, name


def _defined(path: Path) -> list[str]:
    """The functions of a file, read without running it."""
    try:
        code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError):
        return []
    return [c.co_name for c in code.co_consts if inspect.iscode(c) and c.co_name.isidentifier()]


def _loaded(path: Path) -> ModuleType:
    spec = spec_from_file_location(path.stem, path.resolve())
    if spec is None or spec.loader is None:
        raise ProgramError(f"{path.name} is no file of Python; give one that ends in .py")
    module = module_from_spec(spec)
    # As when Python runs a file: what lies beside it can be imported.
    sys.path.insert(0, str(path.resolve().parent))
    sys.modules.setdefault(path.stem, module)
    _run(partial(spec.loader.exec_module, module), path, path.name)
    return module


def _function(module: ModuleType, path: Path, name: str) -> Callable[[], Any]:
    found: Callable[[], Any] | None = vars(module).get(name)
    if callable(found):
        return found
    own = [
        key
        for key, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__
    ]
    if name in vars(module):
        problem = f"{name!r} of {path.name} is no function, but of the type {type(found).__name__}"
        hint = f"; define def {name}(): and return the node" if isinstance(found, Node) else ""
    else:
        problem = f"{path.name} has no function {name!r}"
        hint = suggestion(name, own)
    listed = f"; there are {', '.join(own)}" if own else "; it defines none"
    raise ProgramError(problem + (hint or listed))


def _needed(function: Callable[..., Any]) -> list[str]:
    """The names of the arguments that a function cannot do without."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [
        one.name
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]


def _run(function: Callable[[], Any], path: Path, told: str) -> Any:
    """Call what the user wrote; an error of it becomes one line with the place in his file."""
    try:
        return function()
    except SystemExit as error:
        raise ProgramError(
            f"{told} ended the program by SystemExit({error.code}); put what runs the program "
            'under if __name__ == "__main__":'
        ) from error
    except SyntaxError as error:
        where = f"{Path(error.filename or path).name}:{error.lineno}"
        raise ProgramError(f"{where}: SyntaxError: {error.msg}: {error.text or ''}") from error
    except Exception as error:
        raise ProgramError(f"{_place(error, path)}{type(error).__name__}: {error}") from error


def _place(error: Exception, path: Path) -> str:
    """The innermost line of the user's program that an error came through, as a traceback has it.

    What stands beside the file counts as his, and not what his program is built on.
    """
    folder = path.resolve().parent
    own = [
        entry
        for entry in traceback.extract_tb(error.__traceback__)
        if Path(entry.filename).is_relative_to(folder) and "site-packages" not in entry.filename
    ]
    if not own:
        return ""
    entry = own[-1]
    return f"{Path(entry.filename).name}:{entry.lineno}, in {entry.name}: {entry.line} → "
