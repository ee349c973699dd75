"""What JavaScript's Math lacks, as source: functions with the values of the table's."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["FUNCTIONS", "closure", "source"]

FUNCTIONS: dict[str, str] = {
    # C's, of which JavaScript's differs where 1 is raised to what is not finite.
    "power": """(a, b) => {
  if (a === 1 || b === 0) return 1;
  if (a === -1 && Math.abs(b) === Infinity) return 1;
  return Math.pow(a, b);
}""",
    "rint": """x => {
  const r = Math.round(x);
  return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
}""",
    # The remainder has the sign of the divisor.
    "remainder": """(a, b) => {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
}""",
    "floor_divide": """(a, b) => {
  if (b === 0) return a / b;
  const r = a % b, whole = (a - r) / b - (r !== 0 && r < 0 !== b < 0 ? 1 : 0);
  return whole - Math.floor(whole) > 0.5 ? Math.floor(whole) + 1 : Math.floor(whole);
}""",
    "logaddexp": """(a, b) =>
  a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))""",
    "logaddexp2": """(a, b) =>
  a === b ? a + 1 : Math.max(a, b) + Math.log1p(Math.pow(2, -Math.abs(a - b))) / Math.LN2""",
    # x exp(-x²) 2/√π Σ (2x²)ⁿ/(1·3·5···(2n + 1)), whose terms are all positive.
    "erf": """x => {
  if (Math.abs(x) > 2) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}""",
    "erfc": "x => x > 2 ? Math.exp(-x * x) * erfcx(x) : 1 - erf(x)",
    # 1/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), from the inside out.
    "erfcx": """x => {
  if (!(x > 2)) return Math.exp(x * x) * erfc(x);
  let tail = x;
  for (let n = Math.ceil(40 + 400 / x); n > 0; n--) tail = x + n / 2 / tail;
  return 1 / Math.sqrt(Math.PI) / tail;
}""",
    "ndtr": "x => erfc(-x / Math.SQRT2) / 2",
    "deg2rad": "x => x * (Math.PI / 180)",
    "rad2deg": "x => x * (180 / Math.PI)",
    "gelu": "x => x * erfc(-x / Math.SQRT2) / 2",
    "gelu_slope": """x =>
  erfc(-x / Math.SQRT2) / 2 + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI)""",
    "silu_slope": """x => {
  const e = Math.exp(-Math.abs(x)), s = (x > 0 ? 1 : e) / (1 + e), t = (x > 0 ? e : 1) / (1 + e);
  return s * (1 + x * t);
}""",
}
"""The body of each function by its name, which is that of the table."""


def closure(names: Iterable[str]) -> frozenset[str]:
    """These functions and those that they call."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += [other for other in FUNCTIONS if f"{other}(" in FUNCTIONS[name]]
    return frozenset(found)


def source(names: Iterable[str]) -> str:
    """Statements that define these functions.

    Example:
        >>> print(source(["gelu"]).splitlines()[-1])
        const gelu = x => x * erfc(-x / Math.SQRT2) / 2;
    """
    return "".join(f"const {name} = {FUNCTIONS[name]};\n" for name in sorted(closure(names)))
