"""The instants of reminders against a second opinion: dateutil's recurrences, reading of zones, and gaps.

It leaves out what becomes of a reminder when its instant comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from dateutil.rrule import WEEKLY, rrule

from coach.domain import evening as rules
from coach.domain.evening import DAYS, Due, Evening, Item, Schedule, Slot

# Where, and a year around something odd there; 2025 to 2027 are looked at everywhere.
ZONES: dict[str, int] = {
    "Africa/Cairo": 2023,  # summer time again after eight years, from midnight
    "Africa/Casablanca": 2024,  # winter time in Ramadan only
    "America/Asuncion": 2024,  # summer time for good
    "America/Caracas": 2016,  # half an hour forward for good
    "America/Havana": 2024,  # changes at midnight and at one
    "America/New_York": 2007,  # other Sundays from then on
    "America/Nuuk": 2023,  # the whole of winter time left out
    "America/Santiago": 2022,  # a week later than planned
    "America/Sao_Paulo": 2018,  # a gap at midnight, the last summer but one
    "America/St_Johns": 2011,  # changed one minute after midnight
    "Antarctica/Troll": 2024,  # two hours forward
    "Asia/Gaza": 2023,  # several changes a year
    "Asia/Kathmandu": 2024,  # a quarter of an hour, no summer time
    "Asia/Pyongyang": 2018,  # half an hour forward, just before midnight
    "Asia/Tehran": 2022,  # the last summer time
    "Australia/Lord_Howe": 2024,  # half an hour of summer time
    "Europe/Berlin": 1980,  # the first summer time in thirty years
    "Europe/Dublin": 1971,  # its winter time is the one that is less
    "Pacific/Apia": 2011,  # a whole day is missing
    "Pacific/Auckland": 2007,  # three weeks more summer
    "Pacific/Chatham": 2024,  # changes at a quarter to three
    "UTC": 2024,
}

# Lights out at a quarter to eleven; on Fridays half past midnight, on Saturdays a quarter past three.
BEDTIMES = dict.fromkeys(DAYS, time(22, 45)) | {"fri": time(0, 30), "sat": time(3, 15)}
OWN = {"own-1": time(0, 30), "own-2": time(1, 30), "own-3": time(2, 15)}

# The same in another way: rule, evenings (0 is Monday), day after the evening, hour, minute.
EXPECTED = (
    ("stretch", (0, 1, 2, 3, 6), 0, 22, 0),
    ("stretch", (4,), 0, 23, 45),
    ("stretch", (5,), 1, 2, 30),
    ("dim", (0, 1, 2, 3, 6), 0, 21, 30),
    ("dim", (4,), 0, 23, 15),
    ("dim", (5,), 1, 2, 0),
    ("own-1", range(7), 1, 0, 30),
    ("own-2", range(7), 1, 1, 30),
    ("own-3", range(7), 1, 2, 15),
)


def schedule() -> Schedule:
    slots = {
        **Evening().slots,
        "dim": Slot(before=75, bell=True),
        **{item: Slot(at=at, bell=True) for item, at in OWN.items()},
    }
    evenings = tuple(Evening(BEDTIMES[day], slots=slots) for day in DAYS)
    return Schedule(evenings, tuple(Item(item, item, own=True) for item in OWN))


class SecondOpinion:
    """What dateutil says about one zone; counts what fell into a gap or a doubled hour."""

    def __init__(self, name: str) -> None:
        zone = tz.gettz(name)
        assert zone is not None, name
        self.zone = zone
        self.in_gap = 0
        self.doubled = 0

    def instant(self, local: datetime) -> datetime:
        wall = local.replace(tzinfo=self.zone, fold=0)
        if not tz.datetime_exists(wall):
            self.in_gap += 1
            wall = tz.resolve_imaginary(wall)
        elif tz.datetime_ambiguous(wall):
            self.doubled += 1
        offset = wall.utcoffset()
        assert offset is not None
        return (wall.replace(tzinfo=None) - offset).replace(tzinfo=UTC)

    def dues(self, first: date, last: date) -> Iterator[tuple[datetime, str, date]]:
        """All reminders of the evenings from `first` to `last`."""
        for rule, evenings, after, hour, minute in EXPECTED:
            shift = timedelta(days=after)
            for local in rrule(
                WEEKLY,
                dtstart=datetime.combine(first + shift, time(hour, minute)),
                until=datetime.combine(last + shift, time(hour, minute)),
                byweekday=[(day + after) % 7 for day in evenings],
            ):
                yield self.instant(local), rule, local.date() - shift


@pytest.mark.parametrize("years", ["2025 to 2027", "a year with something odd"])
def test_due_instants_equal_those_of_dateutil(years: str) -> None:
    compared = days = in_gap = doubled = 0
    for name, odd in ZONES.items():
        first = date(2025 if years.startswith("2025") else odd, 1, 1)
        last = date(2027 if years.startswith("2025") else odd, 12, 31)
        opinion = SecondOpinion(name)
        expected = sorted(opinion.dues(first, last))
        # Begin in the morning before the first evening: earlier nights have nothing left to ring by then.
        start = datetime.combine(first, time(11), ZoneInfo(name))
        found = rules.upcoming(schedule(), rules.fixed(start), rules.in_zone(ZoneInfo(name)), len(expected))
        ours = sorted((due.at.astimezone(UTC), due.rule, due.night) for due in found)
        wrong = [pair for pair in zip(ours, expected, strict=True) if pair[0] != pair[1]]
        assert not wrong, f"{name}: {wrong[:3]}"
        compared += len(ours)
        days += (last - first).days + 1
        in_gap += opinion.in_gap
        doubled += opinion.doubled
    print(
        f"{years}: {len(ZONES)} zones, {days} days, {compared} instants, {in_gap} in a gap, {doubled} doubled"
    )
    assert len(ZONES) >= 20
    # Four reminders and five on each day: nothing was left out, and the hours that matter were met.
    assert compared == 5 * days
    assert in_gap >= 20 and doubled >= 20


def test_the_wall_says_the_same_time_wherever_there_is_no_gap() -> None:
    zone = rules.in_zone(ZoneInfo("Europe/Berlin"))
    found = rules.upcoming(schedule(), zone(datetime(2026, 3, 20, 12)), zone, 60)
    moved = [due for due in found if due.at.strftime("%H:%M") not in texts(due)]
    assert {(due.rule, due.at.strftime("%H:%M")) for due in moved} == {
        ("stretch", "03:30"),
        ("dim", "03:00"),
        ("own-3", "03:15"),
    }


def texts(due: Due) -> set[str]:
    return {f"{hour:02}:{minute:02}" for rule, _days, _after, hour, minute in EXPECTED if rule == due.rule}


def test_the_second_opinion_would_notice_an_hour() -> None:
    wrong = replace(schedule(), evenings=(*schedule().evenings[:6], Evening(time(23, 45))))
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 11, 22, 11, tzinfo=zone)
    found = rules.upcoming(wrong, start, rules.in_zone(zone), 1)
    first = min(SecondOpinion("Europe/Berlin").dues(date(2026, 11, 22), date(2026, 11, 22)))
    assert found[0].at.astimezone(UTC) != first[0]
