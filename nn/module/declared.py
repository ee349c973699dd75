"""Modules that are rows of a table: the class lists its settings, and the rest follows."""

from __future__ import annotations

import inspect
import numbers
import textwrap
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, dataclass_transform

from autodiff.random import generator
from nn.module.base import Module
from nn.module.parameter import Buffer

__all__ = ["RNG", "UNUSED", "Declared", "Field", "field"]

_NONE = inspect.Parameter.empty
Check = Callable[[str, str, Any], Any]


class Field(NamedTuple):
    """A setting: what `field` was told."""

    meaning: str
    default: Any
    kw_only: bool
    check: Check | None
    shown: bool
    buffer: bool


def field(
    meaning: str,
    *,
    default: Any = _NONE,
    kw_only: bool = False,
    check: Check | None = None,
    shown: bool = True,
    buffer: bool = False,
) -> Any:
    """A setting of a `Declared` module, assigned to its annotated name in the class.

    Args:
        meaning: what it is, for the documentation.
        default: the value if none is given; without it one must be.
        kw_only: whether it is given by name only.
        check: called with the module's class, the setting's name and its value; returns what
            is kept, or raises. Numbers, integers and truth values are checked anyhow, by the
            annotation.
        shown: whether it is printed, where it differs from the default, and handed on.
        buffer: whether it is an array that is saved with the module, a `Buffer`.
    """
    return Field(meaning, default, kw_only, check, shown, buffer)


UNUSED: Any = field("without meaning: the input stays as it is", default=False, shown=False)
"""PyTorch's ``inplace``."""

RNG: Any = field(
    "a generator or a seed; the library's generator if not given",
    default=None,
    kw_only=True,
    check=lambda _kind, _name, given: generator(given),
    shown=False,
)
"""Where random numbers come from."""

_KINDS: dict[str, tuple[Any, str]] = {
    "bool": (bool, "True or False"),
    "float": (numbers.Real, "a number"),
    "int": (numbers.Integral, "an integer"),
}

REFUSED = {
    "device": "arrays lie in the memory of the processor; leave it out",
    "max_value": "it is called max_val",
    "min_value": "it is called min_val",
    "reduce": "write reduction='mean', 'sum' or 'none'",
    "size_average": "write reduction='mean', 'sum' or 'none'",
}
"""PyTorch's arguments that are not taken, and what to do instead."""


@dataclass_transform(field_specifiers=(field,))
class Declared(Module):
    """Base of modules whose constructor, text and documentation follow from their fields.

    As in a dataclass, the annotated names of the class are the parameters of its constructor, in
    their order, those of the bases first; each becomes an attribute. A class that has a
    constructor of its own keeps it.

    Example:
        >>> class Shift(Declared):
        ...     '''x + by.'''
        ...
        ...     by: float = field("how far", default=1.0)
        ...
        ...     def forward(self, x):
        ...         return x + self.by
        >>> Shift(by=2.0), Shift(2.0)(1.0)
        (Shift(by=2.0), 3.0)
        >>> Shift("far")
        Traceback (most recent call last):
        TypeError: Shift: by must be a number, not 'far'
    """

    _fields: ClassVar[dict[str, Field]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__init__" in vars(cls):
            return
        own = {name: vars(cls)[name] for name in inspect.get_annotations(cls) if name in vars(cls)}
        own = {name: given for name, given in own.items() if isinstance(given, Field)}
        cls._fields = {**cls._fields, **own}
        bases = reversed(cls.__mro__)
        kinds = {k: v for base in bases for k, v in inspect.get_annotations(base).items()}
        for name, given in own.items():
            if given.default is _NONE:
                delattr(cls, name)
            else:
                setattr(cls, name, given.default)
        _give_constructor(cls, dict(cls._fields), kinds)
        cls.__doc__ = _documented(cls.__doc__, cls._fields)

    def _fit(self) -> None:
        """Raise if the settings do not fit each other; for subclasses."""

    def extra_repr(self) -> str:
        """The settings that are not as usual."""
        shown = {k: f.default for k, f in self._fields.items() if f.shown and not f.buffer}
        own = vars(self)
        return ", ".join(f"{k}={own[k]!r}" for k, usual in shown.items() if own[k] != usual)


def _give_constructor(cls: type, fields: dict[str, Field], kinds: dict[str, Any]) -> None:
    by_place = inspect.Parameter.POSITIONAL_OR_KEYWORD
    by_name = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter(
            name,
            by_name if given.kw_only else by_place,
            default=given.default,
            annotation=kinds[name],
        )
        for name, given in sorted(fields.items(), key=lambda item: item[1].kw_only)
    ]
    wanted = inspect.Signature(parameters)
    this = inspect.Parameter("self", by_place)

    def construct(self: Declared, *args: Any, **kwargs: Any) -> None:
        Module.__init__(self)
        kind = type(self).__name__
        for name, value in _bound(kind, wanted, args, kwargs).items():
            setattr(self, name, _taken(kind, name, value, fields[name], kinds[name]))
        self._fit()

    vars(construct)["__signature__"] = inspect.Signature([this, *parameters])
    construct.__name__, construct.__qualname__ = "__init__", f"{cls.__qualname__}.__init__"
    construct.__module__ = cls.__module__
    type.__setattr__(cls, "__init__", construct)


def _bound(
    kind: str, wanted: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    for name in [name for name in kwargs if name in REFUSED and name not in wanted.parameters]:
        if kwargs.pop(name) is not None:
            raise TypeError(f"{kind} does not take {name}=: {REFUSED[name]}")
    try:
        bound = wanted.bind(*args, **kwargs)
    except TypeError as error:
        plain = [p.replace(annotation=_NONE) for p in wanted.parameters.values()]
        call = f"{kind}{wanted.replace(parameters=plain)}"
        raise TypeError(f"{kind} is made with {call}: {error}") from None
    bound.apply_defaults()
    return bound.arguments


def _taken(kind: str, name: str, value: Any, given: Field, annotation: str) -> Any:
    """What is kept of a value, once it was found right."""
    if value is None and given.default is None:
        return None
    wanted, called = _KINDS.get(annotation, (object, ""))
    mistaken = isinstance(value, bool) and annotation in ("float", "int")
    if mistaken or not isinstance(value, wanted):
        raise TypeError(f"{kind}: {name} must be {called}, not {value!r}")
    if given.check is not None:
        value = given.check(kind, name, value)
    return Buffer(value) if given.buffer else value


def _documented(text: str | None, fields: dict[str, Field]) -> str:
    """The text of a class with its arguments, before the first section that follows them."""
    text = inspect.cleandoc(text or "")
    if not fields:
        return text
    lines = [
        textwrap.fill(f"{name}: {given.meaning}.", 88, subsequent_indent="    ")
        for name, given in fields.items()
    ]
    said = "Args:\n" + textwrap.indent("\n".join(lines), "    ") + "\n\n"
    for section in ("\nRaises:", "\nExample:"):
        if section in text:
            before, _, after = text.partition(section)
            return f"{before}\n{said}{section[1:]}{after}"
    return f"{text}\n\n{said.rstrip()}"
