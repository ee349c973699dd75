"""Comparisons, logic and rounding: values without a gradient."""

from __future__ import annotations

from autodiff.ops.primitive import ADDITIVE, COMPARISON, Elementwise, Notation, elementwise


def _infix(name: str, text: str, latex: str, doc: str) -> Elementwise:
    return elementwise(
        name,
        name,
        [0, 0],
        notation=Notation(
            f"{{0}} {text} {{1}}", f"{{0}} {latex} {{1}}", COMPARISON, (ADDITIVE, ADDITIVE)
        ),
        differentiable=False,
        doc=doc,
    )


def _function(name: str, doc: str, arity: int = 1) -> Elementwise:
    return elementwise(name, name, [0] * arity, differentiable=False, doc=doc)


equal: Elementwise = _infix("equal", "=", "=", "Whether the operands are equal.")
not_equal: Elementwise = _infix("not_equal", "≠", r"\ne", "Whether the operands differ.")
greater: Elementwise = _infix("greater", ">", ">", "Whether the first operand is greater.")
greater_equal: Elementwise = _infix(
    "greater_equal", "≥", r"\ge", "Whether the first operand is not less."
)
less: Elementwise = _infix("less", "<", "<", "Whether the first operand is less.")
less_equal: Elementwise = _infix(
    "less_equal", "≤", r"\le", "Whether the first operand is not greater."
)
logical_and: Elementwise = _infix("logical_and", "and", r"\land", "Whether both operands are true.")
logical_or: Elementwise = _infix("logical_or", "or", r"\lor", "Whether an operand is true.")
logical_xor: Elementwise = _infix(
    "logical_xor", "xor", r"\oplus", "Whether exactly one operand is true."
)
logical_not: Elementwise = _function("logical_not", "Whether the operand is false.")
isnan: Elementwise = _function("isnan", "Whether the operand is not a number.")
isinf: Elementwise = _function("isinf", "Whether the operand is infinite.")
isfinite: Elementwise = _function("isfinite", "Whether the operand is finite.")
floor: Elementwise = elementwise(
    "floor", "floor", [0], selects=True, doc="The largest integer not above; derivative 0."
)
ceil: Elementwise = elementwise(
    "ceil", "ceil", [0], selects=True, doc="The smallest integer not below; derivative 0."
)
trunc: Elementwise = elementwise(
    "trunc", "trunc", [0], selects=True, doc="The integer towards 0; derivative 0."
)
rint: Elementwise = elementwise(
    "rint", "rint", [0], selects=True, doc="The nearest integer; derivative 0."
)
