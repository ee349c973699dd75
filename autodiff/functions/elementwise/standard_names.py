"""The array API standard's names of functions that also have an older one of NumPy's."""

from __future__ import annotations

from autodiff.functions.elementwise.elementwise import arccos as acos
from autodiff.functions.elementwise.elementwise import arccosh as acosh
from autodiff.functions.elementwise.elementwise import arcsin as asin
from autodiff.functions.elementwise.elementwise import arcsinh as asinh
from autodiff.functions.elementwise.elementwise import arctan as atan
from autodiff.functions.elementwise.elementwise import arctan2 as atan2
from autodiff.functions.elementwise.elementwise import arctanh as atanh
from autodiff.functions.elementwise.elementwise import power as pow

__all__ = ["acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "pow"]
