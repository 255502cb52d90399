"""What is written down of a session, and what happens when it cannot be."""

from __future__ import annotations

from datetime import timedelta

from coach.domain.night import Outcome, Unfinished
from coach.domain.session import Held, How
from coach.i18n import render
from coach.services.diary import Diary
from tests.fakes import EVENING, FakeJournal, FakeSessionLog, FakeTime
from tests.script import plan, timeline


class Desk:
    def __init__(self) -> None:
        self.time = FakeTime()
        self.log = FakeSessionLog()
        self.journal = FakeJournal()
        self.diary = Diary(self.time, self.log, self.journal)
        self.notices: list[str] = []
        self.diary.notices.subscribe(lambda line: self.notices.append(render(line)))

    def done(self, seconds: float = 30) -> Held:
        return Held(timeline("calf").segments[1], seconds, 30, 0, How.FULL)


def test_nothing_is_offered_when_nothing_broke_off() -> None:
    assert Desk().diary.unfinished() is None


def test_a_session_that_broke_off_is_offered_for_an_hour() -> None:
    desk = Desk()
    desk.diary.begin(plan("calf"), 85)
    desk.diary.began(timeline("calf").segments[2])
    desk.time.advance(3600)
    found = desk.diary.unfinished()
    assert found is not None and found.position == 2
    assert desk.journal.records == []


def test_after_that_it_is_kept_as_partial() -> None:
    desk = Desk()
    desk.diary.begin(plan("calf"), 85)
    desk.diary.held(desk.done(70))
    desk.time.advance(3601)
    assert desk.diary.unfinished() is None
    assert [record.outcome for record in desk.journal.records] == [Outcome.PARTIAL]
    assert desk.log.kept is None


def test_a_few_seconds_that_broke_off_are_not_kept() -> None:
    desk = Desk()
    desk.diary.begin(plan("calf"), 85)
    desk.diary.held(desk.done(20))
    desk.time.advance(3601)
    assert desk.diary.unfinished() is None
    assert desk.journal.records == []


def test_declining_keeps_what_was_done() -> None:
    desk = Desk()
    desk.diary.begin(plan("calf"), 85)
    desk.diary.held(desk.done(70))
    desk.diary.decline()
    assert len(desk.journal.records) == 1 and desk.log.kept is None
    desk.diary.decline()
    assert len(desk.journal.records) == 1


def test_a_new_session_keeps_the_one_that_broke_off_before() -> None:
    desk = Desk()
    desk.diary.begin(plan("calf"), 85)
    desk.diary.held(desk.done(70))
    again = Diary(desk.time, desk.log, desk.journal)
    again.begin(plan("quad"), 85)
    assert [record.outcome for record in desk.journal.records] == [Outcome.PARTIAL]


def test_the_instants_are_those_of_the_wall() -> None:
    desk = Desk()
    desk.diary.begin(plan("calf"), 85)
    desk.time.advance(90)
    desk.diary.held(desk.done())
    desk.diary.finish(Outcome.FINISHED)
    (record,) = desk.journal.records
    assert (record.started, record.ended) == (EVENING, EVENING + timedelta(seconds=90))


def test_a_full_disk_is_said_once_and_stops_nothing() -> None:
    desk = Desk()
    desk.log.broken = True
    desk.diary.begin(plan("calf"), 85)
    desk.diary.began(timeline("calf").segments[0])
    desk.diary.held(desk.done(70))
    desk.diary.finish(Outcome.FINISHED)
    assert desk.notices == ["The disk is full."]
    assert len(desk.journal.records) == 1


def test_a_broken_journal_leaves_the_log_for_later() -> None:
    desk = Desk()
    desk.journal.broken = True
    desk.diary.begin(plan("calf"), 85)
    desk.diary.held(desk.done(70))
    desk.diary.finish(Outcome.FINISHED)
    assert desk.notices == ["The journal cannot be written."]
    assert desk.log.kept is not None
    desk.diary.decline()
    desk.time.advance(7200)
    assert desk.diary.unfinished() is None
    assert desk.log.kept is not None


def test_forgetting_leaves_nothing() -> None:
    desk = Desk()
    desk.diary.begin(plan("calf"), 85)
    desk.diary.held(desk.done(70))
    desk.diary.forget()
    assert desk.log.kept is None and desk.journal.records == []


def test_what_comes_after_the_end_is_not_written() -> None:
    desk = Desk()
    desk.diary.held(desk.done())
    desk.diary.began(timeline("calf").segments[0])
    desk.diary.finish(Outcome.FINISHED)
    assert desk.journal.records == []


def test_going_on_keeps_the_first_start_and_counts_in_the_whole_plan() -> None:
    desk = Desk()
    carried = Unfinished(plan("calf"), EVENING - timedelta(minutes=9), EVENING, 3, 85, ())
    desk.diary.begin(plan("calf"), 50, carried, offset=2)
    desk.diary.began(timeline("calf").segments[1])
    assert desk.log.kept is not None
    assert (desk.log.kept.position, desk.log.kept.started) == (3, EVENING - timedelta(minutes=9))
