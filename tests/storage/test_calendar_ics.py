"""The reminders in other calendars: on the right days, at the right local time, replaceable."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.evening import DAYS, Schedule, Slot, upcoming, with_bedtime, with_on, with_own, with_slot
from coach.services.ports import StoreError
from coach.storage.calendar_ics import calendar, series_of, write

FRIDAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
NAMES = {"stretch": "Stretch", "screens": "Last screens", "dim": "Dim the lights", "morning": "Morning"}
WEEK = with_bedtime(Schedule(), range(7), time(22, 45))


def text_of(schedule: Schedule, names: dict[str, str] | None = None, minutes: int = 15) -> str:
    every = {item.id: item.name for item in schedule.items} | (names or NAMES)
    return calendar(schedule, NOW, FRIDAY, every, {"stretch": minutes})


def events_of(text: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def starts_of(text: str, until: datetime) -> list[datetime]:
    """Every start of every event up to `until`, as any calendar would work it out."""
    found: list[datetime] = []
    for event in events_of(text):
        rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=event.decoded("DTSTART"))
        found += rule.between(datetime(2000, 1, 1), until)
    return sorted(found)


def rules_of(text: str) -> dict[str, str]:
    """The rule of every event by its UID, without what all have in common."""
    return {
        str(event["UID"]).removesuffix("@stretch-coach.invalid"): event["RRULE"].to_ical().decode()
        for event in events_of(text)
    }


def test_each_evening_is_a_weekly_event_in_local_time() -> None:
    events = events_of(text_of(WEEK))
    assert len(events) == 7
    for number, event in enumerate(events):
        assert event.decoded("DTSTART") == datetime(2026, 11, 20 + number, 22, 0)
        assert event["DTSTART"].params == {} and event.decoded("DURATION") == timedelta(minutes=15)
        assert str(event["SUMMARY"]) == "Stretch"
        (alarm,) = event.walk("VALARM")
        assert alarm.decoded("TRIGGER") == timedelta(0) and str(alarm["ACTION"]) == "DISPLAY"
    assert rules_of(text_of(WEEK)) == {
        f"stretch-{name}": f"FREQ=WEEKLY;BYDAY={name[:2].upper()}"
        for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    }


def test_a_bedtime_after_midnight_keeps_the_name_of_its_evening_and_an_evening_off_is_left_out() -> None:
    schedule = with_on(with_bedtime(WEEK, [4, 5], time(1, 30)), [6], False)
    rules = rules_of(text_of(schedule))
    assert {name: rule[-2:] for name, rule in rules.items()} == {
        "stretch-mon": "MO",
        "stretch-tue": "TU",
        "stretch-wed": "WE",
        "stretch-thu": "TH",
        "stretch-fri": "SA",
        "stretch-sat": "SU",
    }


WEEKS = st.lists(
    st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=7, max_size=7
)


@given(st.lists(WEEKS, min_size=1, max_size=4))
def test_after_any_changes_a_phone_rings_once_for_each_evening_that_still_rings(
    weeks: list[list[time | None]],
) -> None:
    """A phone keeps what is no longer in the file; that is deleted by hand, and only that."""
    phone: dict[str, Any] = {}
    schedule = Schedule()
    for number, week in enumerate(weeks):
        schedule = Schedule()
        for day, at in enumerate(week):
            schedule = with_bedtime(schedule, [day], at or time(22))
            schedule = with_on(schedule, [day], at is not None)
        every = {item.id: item.name for item in schedule.items}
        now = NOW + timedelta(minutes=number)
        phone |= {str(one["UID"]): one for one in events_of(calendar(schedule, now, FRIDAY, every, {}))}
    off = {f"stretch-{name}" for name, at in zip(DAYS, weeks[-1], strict=True) if at is None}
    kept = [one for uid, one in phone.items() if uid.partition("@")[0] not in off]
    assert sorted(one.decoded("DTSTART") for one in kept) == sorted(
        one.first for one in series_of(schedule, FRIDAY)
    )


def test_a_reminder_after_midnight_is_on_the_day_after_its_evening() -> None:
    schedule = with_slot(
        with_bedtime(WEEK, range(7), time(1, 30)), range(7), "stretch", Slot(before=30, bell=True)
    )
    (one,) = series_of(with_on(schedule, [0, 1, 2, 3, 5, 6], False), FRIDAY)
    assert (one.evening, one.day) == (4, 5)
    assert one.first == datetime(2026, 11, 21, 1, 0)


def test_a_pause_begins_the_events_later() -> None:
    from dataclasses import replace

    events = events_of(text_of(replace(WEEK, paused_until=date(2026, 12, 1))))
    assert [event.decoded("DTSTART") for event in events] == [
        datetime(2026, 12, day, 22, 0) for day in range(1, 8)
    ]


def test_only_what_rings_is_written() -> None:
    ringing = with_slot(WEEK, [0], "screens", Slot(before=30, bell=True))
    assert [str(event["SUMMARY"]) for event in events_of(text_of(ringing))] == ["Stretch"] * 7 + [
        "Last screens"
    ]
    silent = with_slot(WEEK, range(7), "stretch", Slot(before=45))
    assert events_of(text_of(silent)) == []


def test_a_later_file_replaces_an_earlier_one() -> None:
    earlier = events_of(text_of(WEEK))[0]
    every = {item.id: item.name for item in WEEK.items}
    later = events_of(calendar(WEEK, NOW + timedelta(minutes=3), FRIDAY, every, {}))[0]
    assert earlier["UID"] == later["UID"] and later["SEQUENCE"] == earlier["SEQUENCE"] + 3
    clock_wrong = calendar(WEEK, datetime(1999, 1, 1, tzinfo=UTC), FRIDAY, every, {})
    assert events_of(clock_wrong)[0]["SEQUENCE"] == 0


def test_lines_end_as_the_standard_wants_and_none_is_too_long() -> None:
    schedule, item = with_own(
        WEEK, "Fußbad; warm, 10 Minuten \\ " + "ruhig " * 12, Slot(before=60, bell=True)
    )
    text = text_of(schedule, {item: schedule.own[0].name})
    assert text.replace("\r\n", "").find("\n") == -1 and text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert str(events_of(text)[-1]["SUMMARY"]) == schedule.own[0].name


@given(st.text(max_size=80).filter(lambda name: "\r" not in name and name.isprintable()))
def test_any_name_comes_back_as_it_was(name: str) -> None:
    schedule, item = with_own(WEEK, name, Slot(before=60, bell=True))
    events = events_of(text_of(schedule, {item: name}))
    own = [str(one["SUMMARY"]) for one in events if str(one["UID"]).startswith(item)]
    assert own == [name] * 7


@given(
    st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=7, max_size=7),
    st.integers(0, 180),
)
def test_a_calendar_rings_when_the_app_does(bedtimes: list[time], before: int) -> None:
    schedule = Schedule()
    for day, at in enumerate(bedtimes):
        schedule = with_bedtime(schedule, [day], at)
    schedule = with_slot(schedule, range(7), "stretch", Slot(before=before, bell=True))
    start = datetime(2026, 11, 19, 0, 0, tzinfo=UTC)
    ours = upcoming(schedule, start, lambda at: at.replace(tzinfo=UTC), 40)
    wanted = sorted(due.at.replace(tzinfo=None) for due in ours if due.night >= FRIDAY)[:21]
    first = min(one.first for one in series_of(schedule, FRIDAY))
    found = starts_of(text_of(schedule), wanted[-1] + timedelta(seconds=1))
    assert [at for at in found if at >= first] == wanted


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    write(tmp_path / "evenings.ics", text_of(WEEK))
    assert (tmp_path / "evenings.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    with pytest.raises(StoreError):
        write(tmp_path / "evenings.ics" / "below", text_of(WEEK))


@pytest.mark.skipif(shutil.which("calcurse") is None, reason="calcurse is not installed")
def test_calcurse_takes_it_over_with_the_same_dates(tmp_path: Path) -> None:
    schedule = with_on(with_bedtime(WEEK, [4], time(23, 30)), [6], False)
    file = tmp_path / "evenings.ics"
    write(file, text_of(schedule))
    home = {**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "TZ": "Europe/Berlin"}
    folders = ["-D", str(tmp_path / "data"), "-C", str(tmp_path / "config")]
    taken = ["calcurse", *folders, "-i", str(file)]
    subprocess.run(taken, env=home, check=True, capture_output=True, timeout=30)
    asked = [
        "calcurse",
        *folders,
        "-Q",
        "--from",
        "11/20/2026",
        "--days",
        "9",
        "--format-recur-apt",
        "%(start:%F %T)\n",
    ]
    listed = subprocess.run(asked, env=home, check=True, capture_output=True, text=True, timeout=30).stdout
    found = sorted(line.strip() for line in listed.splitlines() if line.strip().startswith("2026-"))
    wanted = starts_of(text_of(schedule), datetime(2026, 11, 29))
    assert found == [f"{at:%Y-%m-%d %H:%M:%S}" for at in wanted] and len(found) == 8


@pytest.mark.skipif(shutil.which("khal") is None, reason="khal is not installed")
def test_khal_takes_it_over_with_the_same_dates(tmp_path: Path) -> None:
    schedule = with_on(with_bedtime(WEEK, [4], time(23, 30)), [6], False)
    file = tmp_path / "evenings.ics"
    write(file, text_of(schedule))
    (tmp_path / "calendar").mkdir()
    config = tmp_path / "khal.conf"
    config.write_text(
        f"[calendars]\n[[evenings]]\npath = {tmp_path / 'calendar'}\n"
        f"[sqlite]\npath = {tmp_path / 'khal.db'}\n"
        "[locale]\nlocal_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    home = {**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    khal = ["khal", "-c", str(config)]
    taken = [*khal, "import", "--batch", "-a", "evenings", str(file)]
    subprocess.run(taken, env=home, check=True, capture_output=True, timeout=60)
    asked = [*khal, "list", "--format", "{start-date} {start-time}", "--day-format", "", "2026-11-20", "9d"]
    listed = subprocess.run(asked, env=home, check=True, capture_output=True, text=True, timeout=60).stdout
    found = sorted(line.strip() for line in listed.splitlines() if line.startswith("2026-"))
    assert found == [f"{at:%Y-%m-%d %H:%M}" for at in starts_of(text_of(schedule), datetime(2026, 11, 29))]
