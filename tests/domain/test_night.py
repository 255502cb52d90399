"""Nights run from noon to noon."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from coach.domain.night import HoldRecord, Outcome, SessionRecord, Unfinished, is_morning, night_of
from coach.domain.session import Held, How
from tests.script import plan, timeline

ZONE = timezone(timedelta(hours=1))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("when", "night"),
    [(at(20, 22), 20), (at(21, 2), 20), (at(21, 11, 59), 20), (at(21, 12), 21)],
)
def test_after_midnight_belongs_to_the_evening_before(when: datetime, night: int) -> None:
    assert night_of(when) == date(2026, 11, night)


@pytest.mark.parametrize(
    ("when", "morning"),
    [(at(20, 3, 59), False), (at(20, 4), True), (at(20, 11, 59), True), (at(20, 12), False)],
)
def test_from_four_to_noon_is_a_morning_session(when: datetime, morning: bool) -> None:
    assert is_morning(when) is morning


def test_a_record_knows_its_night_and_what_was_held() -> None:
    held = Held(timeline("calf").segments[1], 30.00049, 30, 10, How.FULL)
    hold = HoldRecord.of(held)
    assert (hold.exercise, hold.held, hold.extra, hold.how) == ("calf", 30.0, 10, "full")
    record = SessionRecord("p", "P", at(21, 5), at(21, 5, 10), Outcome.FINISHED, 85, (hold, hold))
    assert (record.night, record.is_morning, record.held) == (date(2026, 11, 20), True, 60.0)


def broken_off(last: datetime) -> Unfinished:
    return Unfinished(plan("calf"), at(20, 23), last, 2, 85, ())


def test_a_broken_session_is_offered_for_an_hour_in_the_same_night() -> None:
    assert broken_off(at(20, 23, 30)).is_offered(at(21, 0, 30))
    assert not broken_off(at(20, 23, 30)).is_offered(at(21, 0, 31))
    assert not broken_off(at(21, 11, 59)).is_offered(at(21, 12, 1))


def test_a_clock_set_back_offers_nothing() -> None:
    assert not broken_off(at(20, 23, 30)).is_offered(at(20, 23, 29))


def test_what_nobody_goes_on_with_is_a_partial_session() -> None:
    record = broken_off(at(20, 23, 30)).as_partial()
    assert (record.outcome, record.ended, record.plan_id) == (Outcome.PARTIAL, at(20, 23, 30), "test")
