"""Compiling: a step recorded on stand-ins for arrays, written as NumPy source."""

from __future__ import annotations

from autodiff.compiler.step import CompiledStep, compile

__all__ = ["CompiledStep", "compile"]
