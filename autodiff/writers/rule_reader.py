"""The rules of `autodiff.ops.notation.Factor`, which are text, as trees."""

from __future__ import annotations

import re

from autodiff.writers.literals import latex_name
from autodiff.writers.rules import INFIX, PRODUCT, SUFFIXES, Formula, Leaf, Operation

__all__ = ["read_rule"]

_TOKEN = re.compile(
    r"\s*(\{\w+\}|⁻ᵀ|⁻¹|⋆ᵀ|⋆ᵂ|[ᵀᴴ²]|\d+(?:\.\d+)?|[^\W\d][\w'ⱼᵢ]*(?<![ᵀᴴ²])|[-+−·⊙⊗/∗⋆^()|√Σ,])"
)


def read_rule(rule: str) -> tuple[Formula | None, str]:
    """A rule of the table as a formula of ``g``, ``y`` and ``{0}``, ``{1}`` …, and what it adds.

    Args:
        rule: a formula, which words may follow behind a comma, or words alone.

    Returns:
        The formula, None where the rule is words; and the words, empty if there are none.

    Example:
        >>> from autodiff.writers.rules import formula_text
        >>> formula, words = read_rule("g / n, with n elements to each mean")
        >>> formula_text(formula), words
        ('g / n', 'with n elements to each mean')
        >>> read_rule("g rolled back")
        (None, 'g rolled back')
    """
    head, words = _parted(rule)
    try:
        reader = _Reader(head)
        found = reader.sum()
    except _UnreadError:
        return None, rule
    return (found, words) if reader.done else (None, rule)


def _parted(rule: str) -> tuple[str, str]:
    depth = 0
    for place, char in enumerate(rule):
        depth += (char in "({[") - (char in ")}]")
        if not depth and rule.startswith(", ", place):
            return rule[:place], rule[place + 2 :]
    return rule, ""


class _UnreadError(Exception):
    """This is no formula."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            if found is None:
                raise _UnreadError
            self.tokens.append(found[1])
            place = found.end()
        self.place = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    @property
    def done(self) -> bool:
        return self.place == len(self.tokens)

    def take(self, wanted: str = "") -> str:
        token = self.next
        if not token or (wanted and token != wanted):
            raise _UnreadError
        self.place += 1
        return token

    def sum(self) -> Formula:
        found = self.product()
        while self.next in ("+", "−"):
            found = Operation(self.take(), (found, self.product()))
        return found

    def product(self) -> Formula:
        found = self.signed()
        while INFIX.get(self.next) == PRODUCT:
            found = Operation(self.take(), (found, self.signed()))
        return found

    def signed(self) -> Formula:
        if self.next == "−":
            self.take()
            return Operation("neg", (self.signed(),))
        return self.power()

    def power(self) -> Formula:
        found = self.atom()
        while self.next in SUFFIXES:
            found = Operation(self.take(), (found,))
        if self.next == "^":
            self.take()
            return Operation("^", (found, self.atom()))
        return found

    def atom(self) -> Formula:
        token = self.take()
        if token == "(":
            found = self.sum()
            self.take(")")
            return found
        if token == "|":
            found = self.sum()
            self.take("|")
            return Operation("|", (found,))
        if token in ("√", "Σ") or (self.next == "(" and token[0].isalpha()):
            return Operation(token, self.operands())
        if token[0] == "{" or token[0].isalnum():
            plain = token[0] == "{" or token[0].isdigit()
            return Leaf(token, token if plain else latex_name(token))
        raise _UnreadError

    def operands(self) -> tuple[Formula, ...]:
        self.take("(")
        found = [self.sum()]
        while self.next == ",":
            self.take()
            found.append(self.sum())
        self.take(")")
        return tuple(found)
