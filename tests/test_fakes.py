"""The clock of the tests is one that tests can trust.

It leaves out what fakes share with the real adapters: see tests/desktop.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coach.domain.night import Outcome, SessionRecord
from coach.services.ports import Act, Note
from tests.fakes import (
    EVENING,
    FakeAlarm,
    FakeEnrolment,
    FakeJournal,
    FakeNotifier,
    FakeQuiet,
    FakeTime,
)


def test_calls_happen_in_the_order_they_are_due_each_at_its_instant() -> None:
    time = FakeTime()
    seen: list[tuple[str, float]] = []
    time.call_later(2.0, lambda: seen.append(("late", time.monotonic())))
    time.call_later(1.0, lambda: seen.append(("early", time.monotonic())))
    time.advance(5.0)
    assert seen == [("early", 1.0), ("late", 2.0)]
    assert time.monotonic() == 5.0


def test_a_call_asked_for_on_the_way_still_happens_on_the_way() -> None:
    time = FakeTime()
    seen: list[float] = []

    def again() -> None:
        time.call_later(1.0, lambda: seen.append(time.monotonic()))

    time.call_later(1.0, again)
    time.advance(2.0)
    assert seen == [2.0]


def test_a_cancelled_call_never_happens() -> None:
    time = FakeTime()
    seen: list[float] = []
    time.call_later(1.0, lambda: seen.append(1.0)).cancel()
    time.advance(2.0)
    assert seen == []
    assert time.waiting == []


def test_time_does_not_go_back() -> None:
    time = FakeTime()
    with pytest.raises(ValueError, match="go back"):
        time.advance(-1.0)
    with pytest.raises(ValueError, match="past"):
        time.call_later(-0.1, lambda: None)


def test_after_a_suspend_what_fell_due_is_called_late() -> None:
    time = FakeTime()
    seen: list[float] = []
    time.call_later(10.0, lambda: seen.append(time.monotonic()))
    time.suspend(3600.0)
    assert seen == [3600.0]


def test_the_wall_follows_its_zone_over_the_night_of_the_gap() -> None:
    time = FakeTime(datetime(2026, 3, 29, 1, 59, tzinfo=ZoneInfo("Europe/Berlin")))
    time.advance(60)
    assert time.now().isoformat() == "2026-03-29T03:00:00+02:00"
    assert time.local(datetime(2026, 3, 29, 2, 30)).isoformat() == "2026-03-29T03:30:00+02:00"


def test_setting_the_clock_and_travelling_move_the_wall_and_nothing_else() -> None:
    time = FakeTime()
    moved: list[datetime] = []
    time.moved.subscribe(lambda _none: moved.append(time.now()))
    time.advance(60)
    time.set_clock(datetime(2026, 1, 1, tzinfo=UTC))
    time.travel(ZoneInfo("Asia/Tokyo"))
    assert time.monotonic() == 60
    assert [one.isoformat() for one in moved] == ["2026-01-01T01:00:00+01:00", "2026-01-01T09:00:00+09:00"]


def test_an_alarm_rings_at_its_instant_of_the_wall_and_when_the_clock_moves() -> None:
    time = FakeTime()
    alarm = FakeAlarm(time)
    rung: list[datetime] = []
    alarm.rings.subscribe(lambda _none: rung.append(time.now()))
    first = time.now() + timedelta(minutes=10)
    alarm.set(time.now() + timedelta(minutes=5))
    alarm.set(first)
    time.advance(3600)
    assert rung == [first]
    again = time.now() + timedelta(hours=2)
    alarm.set(again)
    time.set_clock(time.now() + timedelta(hours=1))
    time.advance(3600)
    assert rung[1:] == [again - timedelta(hours=1), again]
    alarm.close()
    alarm.ring()
    assert len(rung) == 3 and alarm.when is None
    with pytest.raises(ValueError, match="aware"):
        alarm.set(datetime(2026, 1, 1))


def test_quiet_notes_replace_each_other_and_answered_ones_are_gone() -> None:
    notifier = FakeNotifier()
    answers: list[tuple[str, Act]] = []
    notifier.answered.subscribe(answers.append)
    for key, stays in (("a", True), ("b", False), ("c", False)):
        notifier.show(Note(key, key, "", key, "", stays=stays))
    assert list(notifier.there) == ["a", "c"] and len(notifier.shown) == 3
    notifier.answer("a", Act.START)
    notifier.withdraw("c")
    assert notifier.there == {} and answers == [("a", Act.START)]
    notifier.close()
    assert notifier.closed


def test_quiet_is_told_at_once_or_when_the_test_says_so() -> None:
    told: list[bool] = []
    FakeQuiet(film=True).ask(told.append, films=True)
    FakeQuiet(film=True).ask(told.append, films=False)
    slow = FakeQuiet(instant=False)
    slow.ask(told.append, films=True)
    assert told == [True, False]
    slow.tell(True)
    assert told == [True, False, True]


def test_an_enrolment_that_is_broken_changes_nothing() -> None:
    enrolment = FakeEnrolment()
    assert enrolment.turn_on() is None and enrolment.is_on()
    enrolment.broken = True
    assert enrolment.turn_off() is not None and enrolment.is_on()
    assert FakeEnrolment(works=False).turn_on() is not None


def test_the_sessions_of_a_night_are_those_of_its_evening() -> None:
    journal = FakeJournal()
    for hour in (7, 22):
        began = EVENING.replace(hour=hour)
        journal.add_session(SessionRecord("p", "P", began, began, Outcome.FINISHED, 60, ()))
    assert [one.started.hour for one in journal.sessions_of(EVENING.date())] == [22]
    assert list(journal.sessions_of(EVENING.date() - timedelta(days=1))) == []
