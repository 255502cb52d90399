"""The reminders as a calendar file (RFC 5545) for a phone or another calendar.

It leaves out where the file goes, and every word: names come in as the user reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from coach.domain.evening import DAYS, Schedule, place
from coach.storage import files

# The longest line in bytes, without its end (RFC 5545, 3.1).
LONGEST_LINE = 75
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Series:
    """One reminder of one evening of the week, from `first` (naive, local) on.

    `evening` is the weekday of its evening, `day` the one it comes on by the calendar; 0 is Monday.
    """

    rule: str
    evening: int
    day: int
    first: datetime


def series_of(schedule: Schedule, night: date) -> list[Series]:
    """The reminders as they come from `night` on, one for each item and evening of the week that rings."""
    start = max(night, schedule.paused_until) if schedule.paused_until is not None else night
    found: list[Series] = []
    for item in schedule.items:
        for number in range(7):
            one = start + timedelta(days=number)
            local = place(schedule, one, item.id)
            if local is not None and schedule.evening(one).slots[item.id].bell:
                found.append(Series(item.id, one.weekday(), local.weekday(), local))
    return found


def calendar(
    schedule: Schedule, now: datetime, night: date, names: Mapping[str, str], minutes: Mapping[str, int]
) -> str:
    """The text of the file: one weekly event with an alarm for each series, in floating local time.

    `now` is aware and `night` the one it lies in. `names` are what the items are called, `minutes` how long
    they take (5 where nothing is said). The UID of an event tells its item and its evening, whatever the
    other evenings do, and its SEQUENCE grows with the minutes since 2026, so that a later file replaces what
    an earlier one brought. Evenings that ring no more are not in it: some calendars show cancelled events.
    """
    stamp = now.astimezone(UTC)
    sequence = max(int((stamp - _BEGAN).total_seconds() // 60), 0)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Stretch Coach//Evenings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for one in series_of(schedule, night):
        name = _escaped(names[one.rule])
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.rule}-{DAYS[one.evening]}@stretch-coach.invalid",
            f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
            f"SEQUENCE:{sequence}",
            f"DTSTART:{one.first:%Y%m%dT%H%M%S}",
            f"DURATION:PT{minutes.get(one.rule, 5)}M",
            f"RRULE:FREQ=WEEKLY;BYDAY={_BYDAY[one.day]}",
            f"SUMMARY:{name}",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{name}",
            "TRIGGER:PT0S",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def write(path: Path, text: str) -> None:
    """Put the calendar into a file. Raises StoreError."""
    files.replace(path, text.encode("utf-8"))


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line longer than 75 bytes; what follows begins with a space. No letter is cut apart."""
    pieces: list[str] = []
    piece, size, room = "", 0, LONGEST_LINE
    for letter in line:
        length = len(letter.encode("utf-8"))
        if size + length > room:
            pieces.append(piece)
            piece, size, room = "", 0, LONGEST_LINE - 1
        piece, size = piece + letter, size + length
    return "\r\n ".join([*pieces, piece])
