"""Frozen dataclasses as plain JSON values, and back with every type checked.

It leaves out files, and whether the values make sense together.
"""

from __future__ import annotations

import dataclasses
import math
import types
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from coach.domain.exercise import Side
from coach.domain.plan import Plan

# What domain.night only names for type checkers, so that reminders need not load it.
_NAMED = {"Plan": Plan, "Side": Side}

T = TypeVar("T")


def plain(value: object) -> object:
    """`value` in dicts, lists, texts and numbers. Fields that have their default are left out."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if getattr(value, field.name) != field.default
        }
    return value


def restored(kind: type[T], value: object) -> T:
    """The `kind` that `plain` made `value` of. Raises ValueError when it is not one."""
    return cast(T, _restored(kind, value))


def _restored(kind: Any, value: Any) -> object:
    if isinstance(kind, types.UnionType):
        choices = [one for one in get_args(kind) if one is not type(None)]
        return None if value is None and len(choices) < len(get_args(kind)) else _restored(choices[0], value)
    if get_origin(kind) is tuple and type(value) is list:
        return tuple(_restored(get_args(kind)[0], one) for one in value)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and type(value) is dict:
        return _record(kind, value)
    if isinstance(kind, type) and issubclass(kind, Enum) and type(value) is str:
        return kind(value)
    if kind is datetime and type(value) is str:
        when = datetime.fromisoformat(value)
        if when.tzinfo is not None:
            return when
    elif kind is float and type(value) in (int, float):
        if abs(value) < 1e9 and math.isfinite(value):
            return float(value)
    elif kind in (int, str, bool) and type(value) is kind:
        return value
    raise ValueError(f"{value!r:.80} is no {kind}")


def _record(kind: type, value: dict[str, object]) -> object:
    hints = get_type_hints(kind, localns=_NAMED)
    if not value.keys() <= hints.keys():
        raise ValueError(f"{kind} has other fields")
    try:
        return kind(**{name: _restored(hints[name], one) for name, one in value.items()})
    except TypeError as error:  # a field without a default is missing
        raise ValueError(str(error)) from error
