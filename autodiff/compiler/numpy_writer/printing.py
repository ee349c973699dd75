"""A recorded step as a program of its own: a file that runs with NumPy and nothing else."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.compiler.numpy_writer.emit import Emitted
from autodiff.compiler.numpy_writer.expressions import dtype_text
from autodiff.compiler.numpy_writer.inlining import Inlined
from autodiff.compiler.numpy_writer.memory_order import new_buffer
from autodiff.compiler.program import Variable
from autodiff.errors import TracingError
from autodiff.live import plain_number

__all__ = ["program_text", "save_program"]

_FEW = 64
_IN_ORDER = '''def in_order(array, order):
    """The array in memory whose axes lie in another order."""
    held = new_buffer(array.shape, array.dtype, order)
    held[...] = array
    return held
'''
_GENERATOR = '''def generator(state):
    """A source of random numbers in the state that was saved."""
    known = json.loads(str(state))
    bits = getattr(np.random, known["bit_generator"])()
    bits.state = known
    return np.random.Generator(bits)
'''


def program_text(emitted: Emitted, name: str) -> str:
    """The whole program: what the step needs, the step, and arrays to try it on.

    Args:
        emitted: the step.
        name: what the step is called.

    Raises:
        TracingError: the step calls a function that cannot be written out.
    """
    inlined = Inlined()
    for function in emitted.functions.values():
        inlined.add(function)
    generators = any(v.kind == "generator" for v in emitted.bound)
    ordered = [v for v in emitted.bound if v.order is not None]
    imports = dict.fromkeys(["import json"] * generators + ["import sys", "import numpy as np"])
    imports |= dict.fromkeys(inlined.imports.values())
    parts = [_head(name) + "\n".join(sorted(imports, key=_place))]
    parts += [part.strip() for part in inlined.parts]
    if ordered or "new_buffer(" in emitted.source:
        source = inspect.getsource(new_buffer)
        parts.append(source[: source.index('"""')].rstrip() + source[source.rindex('"""') + 3 :])
    parts += [emitted.source, _made_up(emitted.bound)]
    if emitted.bound:
        parts += [_IN_ORDER] if ordered else []
        parts += [_GENERATOR] if generators else []
        parts.append(_read(emitted.bound))
    parts += [_example(emitted.inputs), _main(emitted)]
    return "\n\n\n".join(part.strip() for part in parts) + "\n"


def save_program(path: Any, text: str, bound: list[Variable]) -> None:
    """Write a program, and beside it the arrays that its step works on.

    Args:
        path: of the file with the program; the arrays go to one with the suffix ``.npz``.
        text: the program.
        bound: the variables that stand for the arrays.

    Raises:
        TracingError: two of the arrays share memory.
        OSError: a file cannot be written.
    """
    path = Path(path)
    arrays = {v.name: v.source._data if v.kind == "state" else v.source for v in bound}
    plain = [(name, a) for name, a in arrays.items() if is_array(a)]
    for place, (name, array) in enumerate(plain):
        for other, found in plain[:place]:
            if np.may_share_memory(array, found):
                raise TracingError(
                    f"the arrays {other!r} and {name!r} of a compiled step share memory, which a "
                    "file cannot keep; give one of them a copy of its own before saving"
                )
    held: dict[str, Any] = {
        name: a if is_array(a) else np.array(_state_text(a)) for name, a in arrays.items()
    }
    path.write_text(text, encoding="utf-8")
    if held:
        np.savez(path.with_suffix(".npz"), **held)


def _state_text(generator: Any) -> str:
    return json.dumps(generator.bit_generator.state, default=lambda array: array.tolist())


def _head(name: str) -> str:
    return (
        f'"""{name}, recorded by autodiff.compile: straight-line NumPy that runs by itself.\n\n'
        "`make_step` takes the arrays that the step keeps and changes in place, and gives the\n"
        "step; the step takes its arguments and returns results, then gradients, in memory that\n"
        'the next call writes again.\n"""\n\n'
        "from __future__ import annotations\n\n"
    )


def _place(line: str) -> tuple[bool, bool, str]:
    return "numpy" in line, line.startswith("from "), line


def _made_up(bound: list[Variable]) -> str:
    lines = [
        "def made_up():",
        '    """Arrays of the right kinds for `make_step`, to try the step out."""',
        "    rng = np.random.default_rng(0)",
        "    return {",
        *(f"        {v.name!r}: {_random(v)}," for v in bound),
        "    }",
    ]
    return "\n".join(lines if bound else [*lines[:2], "    return {}"])


def _random(variable: Variable) -> str:
    """An expression for an array like that of a variable."""
    if variable.kind == "generator":
        return "np.random.default_rng(1)"
    dtype = dtype_text(variable.dtype)
    if variable.kind == "live":
        number = plain_number(variable.source[0][variable.source[1]], variable.dtype)
        return f"np.array({number.item()!r}, {dtype})"
    if variable.kind == "constant" and variable.source.size <= _FEW:
        numbers = repr(variable.source.tolist())
        if "nan" not in numbers and "inf" not in numbers:
            return f"np.array({numbers}, {dtype})"
    if variable.dtype.kind not in "fc":
        return f"np.zeros({variable.shape}, {dtype})"
    made = f"np.array(rng.random({variable.shape}), {dtype})"
    order = variable.order
    return made if order is None or variable.kind == "argument" else f"in_order({made}, {order})"


def _read(bound: list[Variable]) -> str:
    lines = [
        "def read(path):",
        '    """The arrays that were saved beside this program."""',
        "    with np.load(path) as held:",
        "        arrays = dict(held)",
    ]
    for v in bound:
        if v.kind == "generator":
            lines.append(f"    arrays[{v.name!r}] = generator(arrays[{v.name!r}])")
        elif v.order is not None:
            lines.append(f"    arrays[{v.name!r}] = in_order(arrays[{v.name!r}], {v.order})")
    return "\n".join([*lines, "    return arrays"])


def _example(inputs: list[Variable]) -> str:
    lines = ["def example():", '    """Arguments for the step, of the right kinds."""']
    if inputs:
        lines += ["    rng = np.random.default_rng(2)", "    return ("]
        lines += [f"        {_random(v)},  # {v.name}" for v in inputs]
        return "\n".join([*lines, "    )"])
    return "\n".join([*lines, "    return ()"])


def _main(emitted: Emitted) -> str:
    arrays = "read(sys.argv[1]) if sys.argv[1:] else made_up()" if emitted.bound else "made_up()"
    return "\n".join(
        [
            'if __name__ == "__main__":',
            f"    run = make_step(**{'(' if emitted.bound else ''}{arrays}"
            f"{')' if emitted.bound else ''})",
            "    for _ in range(3):",
            "        for name, found in zip(RESULTS, run(*example())):",
            "            print(name, found.dtype, found.shape, np.ravel(found)[:4])",
        ]
    )
