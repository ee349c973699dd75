"""Compiling: a step recorded on stand-ins for arrays, written as NumPy source.

`step` is what users call. `tracer` and `trace_array` record a `program` of `instructions` with
`program_builder`, and `parts` names its lines; `passes` shorten it, `buffers` and `memory` plan its
arrays, a writer such as `numpy_writer` turns it into source (`meanings` serve others), and
`specialization` runs it, for arguments of one `signature`. `environment` and `guards` see when it
has to be recorded anew, `verify` holds it against the ordinary code. In comes a function, out
comes source that needs NumPy alone.

May import methods and all below them.
"""

from __future__ import annotations

from autodiff.compiler.step import CompiledStep, compile

__all__ = ["CompiledStep", "compile"]
