"""Second names of functions: NumPy's, and those of the array API standard."""

from __future__ import annotations

from autodiff.functions.elementwise.bits import bitwise_invert as bitwise_not
from autodiff.functions.elementwise.bits import bitwise_invert as invert
from autodiff.functions.elementwise.bits import bitwise_left_shift as left_shift
from autodiff.functions.elementwise.bits import bitwise_right_shift as right_shift
from autodiff.functions.elementwise.elementwise import arccos as acos
from autodiff.functions.elementwise.elementwise import arccosh as acosh
from autodiff.functions.elementwise.elementwise import arcsin as asin
from autodiff.functions.elementwise.elementwise import arcsinh as asinh
from autodiff.functions.elementwise.elementwise import arctan as atan
from autodiff.functions.elementwise.elementwise import arctan2 as atan2
from autodiff.functions.elementwise.elementwise import arctanh as atanh
from autodiff.functions.elementwise.elementwise import divide as true_divide
from autodiff.functions.elementwise.elementwise import power as pow
from autodiff.functions.elementwise.elementwise import remainder as mod
from autodiff.functions.elementwise.floating_point import round as around

__all__ = [
    "acos",
    "acosh",
    "around",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "bitwise_not",
    "invert",
    "left_shift",
    "mod",
    "pow",
    "right_shift",
    "true_divide",
]
