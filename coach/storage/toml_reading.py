"""Reads a TOML file strictly: bounded, every slip collected with its line number.

It leaves out what the keys mean; plans and exercises say that themselves.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Collection, Generator, Iterator, Mapping
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import NoReturn, TypeVar

from coach.domain.plan import UNSHOWABLE, nearest
from coach.i18n import N_, Line
from coach.services.ports import PlanFileError, Problem

E = TypeVar("E", bound=Enum)
# A place in a file: the keys and list positions that lead to it.
Where = tuple[str | int, ...]

# Bytes; larger plans are refused unread (architecture 6).
LARGEST = 1024 * 1024
# More than this many slips are not listed: the reader mends the first ones and asks again.
MOST_PROBLEMS = 200
# Whole numbers beyond this are typing slips, and would not fit on any screen.
LARGEST_NUMBER = 10**9
# More of these in one file than any plan can use: tomllib would make a hundred megabytes of them.
_MOST_OF = {"=": 20_000, "[": 10_000, "{": 5_000, ",": 60_000}
# tomllib takes minutes for keys of thousands of parts, and much memory for many of a few; no key of ours has
# more than three. What looks like one after a comma may be words in a note: some of these are fine.
_FEWEST_PARTS = 4
_PARTS = r"""(?:(?:[\w-]++|"[^"\n]*"|'[^'\n]*')[ \t]*+\.[ \t]*+)"""
_LONG_KEY = re.compile(
    rf"(?:^[ \t]*+(\[*+)|[{{,])[ \t]*+{_PARTS}{{{_FEWEST_PARTS},}}+", re.ASCII | re.MULTILINE
)
_MOST_PARTS, _MOST_DOUBTFUL = 50, 200
# tomllib needs a hundred bytes for every digit of a number.
_LONGEST_NUMBER = 20_000
_LONG_NUMBER = re.compile(rf"[0-9A-Fa-f_]{{{_LONGEST_NUMBER}}}")
# Columns of a line that are shown around a slip, and lines before and after it.
_SHOWN_WIDTH, _SHOWN_AROUND = 120, 2


class TomlFile:
    """One TOML file: `root` is its table, and what is wrong with it gathers until `finish`."""

    def __init__(self, path: Path, data: bytes | None = None) -> None:
        """Read `path`, or take `data` as what is in it, and parse it. Raises PlanFileError."""
        import tomllib

        self.path = path
        self._found: list[tuple[Where, Line]] = []
        self._text = self._decoded(read(path) if data is None else data)
        excess = _excess(self._text)
        if excess is not None:
            at, line = excess
            self._stop(self._text.count("\n", 0, at) + 1 if at >= 0 else 0, line)
        try:
            values = tomllib.loads(self._text)
        except RecursionError:
            self._stop(0, Line(N_("Lists or tables are nested too deeply to be read.")))
        except ValueError as error:
            # TOMLDecodeError, and the plain ValueError of numbers with thousands of digits.
            reason, number = _syntax(str(error), self._text)
            self._stop(number, Line(N_("This is not valid TOML: {reason}."), (("reason", reason),)))
        self.root = Table(self, values, ())

    @property
    def text(self) -> str:
        """What is in the file, without a byte order mark."""
        return self._text

    def wrong(self, where: Where, line: Line) -> None:
        """Note what is wrong at `where`. Raises PlanFileError when the list is full."""
        self._found.append((where, line))
        if len(self._found) >= MOST_PROBLEMS:
            self._found.append(((), Line(N_("There may be more; these come first."))))
            self.finish()

    @property
    def is_fine(self) -> bool:
        return not self._found

    def is_wrong_at(self, where: Where) -> bool:
        """Whether a slip was noted at `where` or inside it."""
        return any(found[: len(where)] == where for found, _line in self._found)

    def finish(self) -> None:
        """Raise PlanFileError with every problem, in the order of the file, if there are any."""
        if not self._found:
            return
        places = _places_of(self._text, {where for where, _line in self._found})
        problems = [self._problem(_nearest_place(places, where), line) for where, line in self._found]
        last = len(self._text)
        raise PlanFileError(sorted(problems, key=lambda problem: problem.line_number or last))

    def _problem(self, at: int | None, line: Line) -> Problem:
        if at is None:
            return Problem(self.path, 0, line)
        number = self._text.count("\n", 0, at) + 1
        start = self._text.rfind("\n", 0, at) + 1
        mark = _mark(self._text, at)
        return Problem(
            self.path,
            number,
            line,
            around=_around(self._text, start, number),
            mark=(min(mark[0] - start, _SHOWN_WIDTH), min(mark[1] - start, _SHOWN_WIDTH)),
        )

    def _decoded(self, data: bytes) -> str:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            number = data.count(b"\n", 0, error.start) + 1
            self._stop(number, Line(N_("This is not UTF-8 text. Save the file as UTF-8.")))

    def _stop(self, number: int, line: Line) -> NoReturn:
        text = getattr(self, "_text", "")  # there is none while it is being decoded
        raise PlanFileError([Problem(self.path, number, line, around=lines_around(text, number))])


class Table:
    """The values of one table; each getter takes one key, checks its type and returns a usable value.

    After a slip a getter returns its default, so that reading can go on to find the next one.
    """

    def __init__(self, file: TomlFile, values: Mapping[str, object], where: Where) -> None:
        self._file = file
        self._values = values
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def names(self) -> tuple[str, ...]:
        """The keys of the table in the order of the file."""
        return tuple(self._values)

    def plain(self, kinds: Mapping[str, type]) -> Mapping[str, object] | None:
        """All values as they are, when every key is one of `kinds` and exactly of that type; else None."""
        for key, value in self._values.items():
            if type(value) is not kinds.get(key):
                return None
        return self._values

    def only(self, allowed: tuple[str, ...], what: str) -> None:
        """Refuse every other key; `what` names the kind of table, marked for translation."""
        for key in self._values:
            if key not in allowed:
                self._unknown(key, allowed, what)

    def wrong(self, key: str | None, line: Line) -> None:
        self._file.wrong(self.where if key is None else (*self.where, key), line)

    def need(self, *keys: str) -> None:
        """Report every one of `keys` that is missing."""
        for key in keys:
            if key not in self._values:
                self.wrong(None, Line(N_("“{key}” is missing."), (("key", key),)))

    def text(self, key: str, longest: int, *, empty: bool = True) -> str:
        """Text of at most `longest` characters that can all be shown; "" when it is missing."""
        where = (*self.where, key)
        return self._text(key, where, self._values.get(key, ""), longest, empty or key not in self)

    def texts(self, key: str, longest: int, most: int) -> tuple[str, ...]:
        """A list of at most `most` texts of 1 to `longest` characters; () when it is missing."""
        values = self._list(key)
        if len(values) > most:
            fields = (("key", key), ("most", str(most)))
            self.wrong(key, Line(N_("“{key}” may have {most} texts at most."), fields))
            return ()
        return tuple(
            self._text(key, (*self.where, key, number), value, longest, False)
            for number, value in enumerate(values)
        )

    def whole(self, key: str) -> int | None:
        """A whole number, or None when it is missing; its range is for the caller."""
        value = self._values.get(key)
        if value is None:
            return None
        if type(value) is not int:
            self.wrong(key, _not(key, N_("a whole number"), value))
            return None
        if abs(value) > LARGEST_NUMBER:
            self.wrong(key, Line(N_("“{key}” is far too large a number."), (("key", key),)))
            return None
        return value

    def number(self, key: str) -> float | None:
        """A finite number, or None when it is missing; its range is for the caller."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1e9 <= value <= 1e9:
            self.wrong(key, _not(key, N_("a number"), value))
            return None
        return float(value)

    def wholes(self, key: str, most: int) -> tuple[int, ...]:
        """A list of at most `most` whole numbers; () when it is missing."""
        values = self._list(key)
        if len(values) > most or not all(type(value) is int for value in values):
            fields = (("key", key), ("most", str(most)))
            self.wrong(key, Line(N_("“{key}” must be a list of up to {most} whole numbers."), fields))
            return ()
        return tuple(value for value in values if type(value) is int)

    def flag(self, key: str) -> bool:
        """true or false; False when it is missing."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, _not(key, N_("true or false"), value))
            return False
        return value

    def choice(self, key: str, choices: type[E]) -> E | None:
        """One value of an enum, or None when it is missing."""
        value = self._values.get(key)
        return None if value is None else self._choice((*self.where, key), key, value, choices)

    def choices(self, key: str, choices: type[E]) -> tuple[E, ...]:
        """A list of different values of an enum; () when it is missing."""
        chosen = [
            self._choice((*self.where, key, number), key, value, choices)
            for number, value in enumerate(self._list(key))
        ]
        known = [one for one in chosen if one is not None]
        if len(set(known)) != len(known):
            self.wrong(key, Line(N_("“{key}” names something twice."), (("key", key),)))
        return tuple(known)

    def table(self, key: str) -> Table | None:
        """The table below `key`, or None when it is missing."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(key, _not(key, N_('a table, like { side = "left", seconds = 10 }'), value))
            return None
        return Table(self._file, value, (*self.where, key))

    def is_list(self, key: str) -> bool:
        """Whether a list stands below `key`, where a table may stand as well."""
        return isinstance(self._values.get(key), list)

    def tables(self, key: str) -> list[Table]:
        """The list of tables below `key`; empty when it is missing."""
        tables: list[Table] = []
        for number, value in enumerate(self._list(key)):
            if isinstance(value, dict):
                tables.append(Table(self._file, value, (*self.where, key, number)))
            else:
                self._file.wrong((*self.where, key, number), _not(key, N_("a list of tables"), value))
        return tables

    def _list(self, key: str) -> list[object]:
        value = self._values.get(key, [])
        if not isinstance(value, list):
            self.wrong(key, _not(key, N_("a list"), value))
            return []
        return value

    def _text(self, key: str, where: Where, value: object, longest: int, empty: bool) -> str:
        fields = (("key", key), ("longest", str(longest)), ("length", ""))
        if not isinstance(value, str):
            self._file.wrong(where, _not(key, N_("text in quotes"), value))
        elif not empty and not value.strip():
            self._file.wrong(where, Line(N_("“{key}” is empty. Allowed: 1 to {longest} characters."), fields))
        elif len(value) > longest:
            fields = (*fields[:-1], ("length", str(len(value))))
            sentence = N_("“{key}” has {length} characters. Allowed: {longest} at most.")
            self._file.wrong(where, Line(sentence, fields))
        elif not value.isprintable() and UNSHOWABLE.search(value):
            sentence = N_("“{key}” has characters that cannot be shown, such as a line break. Remove them.")
            self._file.wrong(where, Line(sentence, fields))
        else:
            return value
        return ""

    def _choice(self, where: Where, key: str, value: object, choices: type[E]) -> E | None:
        allowed = [str(one.value) for one in choices]
        if isinstance(value, str) and value in allowed:
            return choices(value)
        near = nearest(value, allowed) if isinstance(value, str) and len(value) <= 80 else None
        fields = [("key", key), ("value", _shown(value)), ("allowed", ", ".join(allowed))]
        sentence = N_("“{key}” cannot be {value}. Allowed: {allowed}.")
        if near is not None:
            sentence = N_("“{key}” cannot be {value}. Did you mean “{near}”? Allowed: {allowed}.")
            fields.append(("near", near))
        self._file.wrong(where, Line(sentence, tuple(fields)))
        return None

    def _unknown(self, key: str, allowed: tuple[str, ...], what: str) -> None:
        fields = [("key", _short(key)), ("what", what), ("allowed", ", ".join(allowed))]
        near = nearest(key, allowed) if len(key) <= 80 else None
        sentence = N_("“{key}” is not a key of {what}. Allowed: {allowed}.")
        if near is not None:
            sentence = N_("“{key}” is not a key of {what}. Did you mean “{near}”? Allowed: {allowed}.")
            fields.append(("near", near))
        self.wrong(key, Line(sentence, tuple(fields)))


def named(path: Path) -> str:
    """The name of `path` as it may stand in a sentence, whatever bytes it is made of."""
    name = path.name or str(path)
    return UNSHOWABLE.sub("?", name.encode("utf-8", "replace").decode())


def read(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file the user named. Raises PlanFileError when there is none or it is too large."""
    check_file(path)
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        _stop_at(path, N_("“{name}” cannot be read: {reason}."), reason=error.strerror or str(error))
    if len(data) > largest:
        sentence = N_("“{name}” is larger than {most} MiB. A plan is far smaller: is this the right file?")
        _stop_at(path, sentence, most=str(largest // 2**20))
    return data


def check_file(path: Path) -> None:
    """Raises PlanFileError when the user named something that is no file."""
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            _stop_at(path, N_("“{name}” is a folder. Name one plan file in it."))
        if not path.is_file():
            _stop_at(path, N_("“{name}” is not a file."))
    except FileNotFoundError:
        near = _near_file(path)
        if near is None:
            _stop_at(path, N_("There is no file “{name}”."))
        _stop_at(path, N_("There is no file “{name}”. Did you mean “{near}”?"), near=near)
    except OSError as error:
        _stop_at(path, N_("“{name}” cannot be read: {reason}."), reason=error.strerror or str(error))
    except ValueError:
        _stop_at(path, N_("“{name}” cannot be the name of a file."))


def _stop_at(path: Path, sentence: str, **fields: str) -> NoReturn:
    line = Line(sentence, (("name", named(path)), *fields.items()))
    raise PlanFileError([Problem(path, 0, line)])


def showable(text: str) -> str:
    """`text` without what cannot be shown, such as control characters and marks that reorder it."""
    return UNSHOWABLE.sub("", text.encode("utf-8", "ignore").decode())


def shortened(text: str) -> str:
    """`text` as it may stand in a sentence: one short line of what can be shown."""
    return _short(text.encode("utf-8", "replace").decode())


def _near_file(path: Path) -> str | None:
    try:
        files = [file for file in path.parent.iterdir() if file.suffix == ".toml"]
    except OSError:
        return None
    known = {file.name.lower(): file for file in files[:1000]}
    near = nearest(path.name, known)
    return None if near is None else named(known[near])


def _syntax(message: str, text: str) -> tuple[str, int]:
    """The reason and the line number inside a message of tomllib."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if place is None:
        return _short(message), 0
    number = int(place[1]) if place[1] else text.rstrip("\n").count("\n") + 1
    return _short(message[: place.start()]), number


def _short(text: str) -> str:
    text = UNSHOWABLE.sub("?", text)
    return text if len(text) <= 80 else text[:79] + "…"


def _shown(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"“{_short(value)}”"
        case list():
            return N_("a list")
        case dict():
            return N_("a table")
        case datetime() | date() | time():
            return value.isoformat()
        case int() if abs(value) > LARGEST_NUMBER:
            return N_("so large a number")
        case _:
            return str(value)


def _not(key: str, kind: str, value: object) -> Line:
    fields = (("key", key), ("kind", kind), ("value", _shown(value)))
    return Line(N_("“{key}” must be {kind}, not {value}."), fields)


def _excess(text: str) -> tuple[int, Line] | None:
    """What would take tomllib too long or too much memory: where it is in the text, and a sentence."""
    for mark, most in _MOST_OF.items():
        if text.count(mark) > most:
            return -1, Line(N_("There is far more in this file than a plan can have."))
    long = Line(N_("Here are too many words joined by dots."))
    # Most files have no line that could hold such things: that is seen at a glance.
    lines = text.split("\n")
    has_dots = any(line.count(".") >= _FEWEST_PARTS for line in lines)
    for doubtful, match in enumerate(_LONG_KEY.finditer(text) if has_dots else (), 1):
        parts = match[0].count(".")
        if match[1] is not None or parts >= _MOST_PARTS or doubtful > _MOST_DOUBTFUL:
            return match.start(), long
    number = _LONG_NUMBER.search(text) if max(map(len, lines)) >= _LONGEST_NUMBER else None
    return None if number is None else (number.start(), Line(N_("Here is far too long a number.")))


def _nearest_place(places: Mapping[Where, int], where: Where) -> int | None:
    """Where `where` begins in the text, or the nearest thing around it that has a place."""
    while where and where not in places:
        where = where[:-1]
    return places.get(where)


def lines_around(text: str, number: int) -> tuple[tuple[int, str], ...]:
    """The line of this number, from 1, and those near it with theirs, as they can be shown."""
    if not number or not text:
        return ()
    start = 0
    for _before in range(number - 1):
        start = text.find("\n", start) + 1
    return _around(text, start, number)


def _around(text: str, start: int, number: int) -> tuple[tuple[int, str], ...]:
    """The line that begins at `start`, which has this `number`, and those near it, as they can be shown."""
    first, begin = number, start
    while first > max(number - _SHOWN_AROUND, 1):
        begin = text.rfind("\n", 0, begin - 1) + 1
        first -= 1
    shown: list[tuple[int, str]] = []
    while first <= number + _SHOWN_AROUND and begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        line = text[begin : min(end, begin + _SHOWN_WIDTH)].removesuffix("\r")
        shown.append((first, UNSHOWABLE.sub("?", line.replace("\t", " "))))
        first, begin = first + 1, end + 1
    return tuple(shown)


# What TOML is made of; used on text that tomllib has accepted, so that the rules can be loose.
_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY = re.compile(r"[ \t]*(?:([A-Za-z0-9_-]+)|\"((?:[^\"\\\n]|\\.)*)\"|'([^'\n]*)')[ \t]*")
_TEXT = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_EQUALS = re.compile(r"=[ \t]*")
_BARE = re.compile(r"[^,\]}#\r\n]*")


def _places_of(text: str, wanted: Collection[Where]) -> dict[Where, int]:
    """Where each of `wanted`, or else the things around it, begins in valid TOML."""
    needed = {where[:length] for where in wanted for length in range(1, len(where) + 1)}
    missing = set(wanted) - {()}
    places: dict[Where, int] = {}
    try:
        for where, at in _places(text):
            if where in needed:
                places.setdefault(where, at)
                missing.discard(where)
                if not missing:
                    break
    except (RecursionError, ValueError):
        # A place that the scan does not understand: what it found so far still helps.
        pass
    return places


def _mark(text: str, at: int) -> tuple[int, int]:
    """Where the value of the key that begins at `at` stands: what is wrong, as far as it is on that line."""
    try:
        start = _keys(text, at)[1] if not text.startswith("[", at) else at
        if text.startswith("=", start):
            start = _end(_EQUALS, text, start)
        elif start != at:
            start = at
        end = _end(_TEXT if text.startswith(('"', "'"), start) else _BARE, text, start)
    except (IndexError, ValueError):
        start, end = at, at
    line = text.find("\n", at)
    line = len(text) if line < 0 else line
    end = min(end, line)
    return start, start + len(text[start:end].rstrip())


def _places(text: str) -> Iterator[tuple[Where, int]]:
    counts: dict[Where, int] = {}
    table: Where = ()
    at = _end(_GAP, text, 0)
    while at < len(text):
        if text.startswith("[", at):
            many = text.startswith("[[", at)
            keys, end = _keys(text, at + 1 + many)
            table = ()
            for key in keys[:-1]:
                table = (*table, key)
                if table in counts:
                    table = (*table, counts[table] - 1)
            table = (*table, keys[-1])
            if many:
                yield table, at
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            yield table, at
            end += 1 + many
        else:
            keys, end = _keys(text, at)
            where = table
            for key in keys:
                where = (*where, key)
                yield where, at
            end = yield from _value(text, end + 1, where)
        at = _end(_GAP, text, end)


def _value(text: str, at: int, where: Where) -> Generator[tuple[Where, int], None, int]:
    """The places inside the value that begins at `at`; returns where it ends."""
    at = _end(_GAP, text, at)
    if text.startswith("[", at):
        at = _end(_GAP, text, at + 1)
        number = 0
        while not text.startswith("]", at):
            yield (*where, number), at
            at = _end(_GAP, text, (yield from _value(text, at, (*where, number))))
            at = _end(_GAP, text, at + text.startswith(",", at))
            number += 1
        return at + 1
    if text.startswith("{", at):
        at = _end(_GAP, text, at + 1)
        while not text.startswith("}", at):
            start = at
            keys, at = _keys(text, at)
            yield (*where, *keys), start
            at = _end(_GAP, text, (yield from _value(text, at + 1, (*where, *keys))))
            at = _end(_GAP, text, at + text.startswith(",", at))
        return at + 1
    return _end(_TEXT if text.startswith(('"', "'"), at) else _BARE, text, at)


def _keys(text: str, at: int) -> tuple[Where, int]:
    """A dotted key that begins at `at`, and where it ends."""
    keys: list[str] = []
    while True:
        match = _KEY.match(text, at)
        if match is None:
            raise ValueError(at)
        keys.append(next(group for group in match.groups() if group is not None))
        at = match.end()
        if not text.startswith(".", at):
            return tuple(keys), at
        at += 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    if match is None:
        raise ValueError(at)
    return match.end()


def headers(text: str) -> Iterator[tuple[Where, int]]:
    """Every `[table]` and `[[table]]` line of valid TOML, with where in the text it begins."""
    try:
        for where, at in _places(text):
            if text.startswith("[", at) and (not text.startswith("[[", at) or type(where[-1]) is int):
                yield where, at
    except (RecursionError, ValueError):
        return
