"""One small JSON file of named values, written whole and repaired when it is damaged.

It leaves out which names and values are allowed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from coach.i18n import N_, Line
from coach.services.ports import StoreError
from coach.storage import files

VERSION = 1
# Bytes; these files hold a few dozen values.
LARGEST = 1024 * 1024


class JsonStore:
    """A Store in the file `path`, which need not exist: {"version": 1, name: value, ...}."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> tuple[Mapping[str, object], Line | None]:
        """The stored values, none when there is no file; and a sentence when something was wrong.

        A damaged file is renamed to NAME.broken-1 (or -2 ...), and the values start anew. Never raises.
        """
        try:
            data = files.read(self._path, LARGEST)
        except StoreError as error:
            return {}, error.line
        if data is None:
            return {}, None
        try:
            return _parsed(data), None
        except (ValueError, RecursionError):
            pass
        name = files.shown(self._path)
        try:
            aside = files.put_aside(self._path).name
        except StoreError:
            return {}, Line(
                N_("“{name}” cannot be understood and is passed over. Move it away."), (("name", name),)
            )
        fields = (("name", name), ("aside", aside))
        sentence = N_(
            "“{name}” could not be understood. It is kept as “{aside}”, and the usual values are back."
        )
        return {}, Line(sentence, fields)

    def save(self, values: Mapping[str, object]) -> None:
        """Replace the file. Raises StoreError when it cannot be written; the old file is then unchanged."""
        stored = {"version": VERSION, **{name: values[name] for name in values if name != "version"}}
        try:
            text = json.dumps(stored, ensure_ascii=False, allow_nan=False, indent=2)
        except (TypeError, ValueError, RecursionError) as error:
            fields = (("path", files.shown(self._path)),)
            raise StoreError(
                Line(N_("“{path}” cannot hold such a value. Nothing was saved."), fields)
            ) from error
        # A lone surrogate becomes \udc80, which is how JSON spells it.
        data = text.encode("utf-8", "backslashreplace") + b"\n"
        if len(data) > LARGEST:
            fields = (("path", files.shown(self._path)),)
            raise StoreError(Line(N_("“{path}” would be larger than 1 MiB. Nothing was saved."), fields))
        files.replace(self._path, data)


def _parsed(data: bytes) -> dict[str, object]:
    if len(data) > LARGEST:
        raise ValueError("too large")
    values = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite)
    if not isinstance(values, dict) or type(values.get("version")) is not int or values["version"] != VERSION:
        raise ValueError("not this version")
    return {name: value for name, value in values.items() if name != "version"}


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        _no_number(text)
    return value


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
