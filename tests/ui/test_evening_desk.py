"""Reminders behind the window: what is changed on the page is kept, undone, and read back.

It leaves out how the page looks (test_reminders_page) and when reminders come (tests/services).
"""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from coach import compose
from coach.domain import evening as rules
from coach.domain.evening import ITEMS, STRETCH, Schedule
from coach.evening_desk import EveningDesk
from coach.paths import locate
from coach.services.evenings import PREVIEW, Done, Evenings
from coach.ui.main_window import MainWindow
from coach.ui.reminders_page import RemindersView
from tests.fakes import FakeAlarm, FakeEnrolment, FakeNotifier, FakeQuiet, FakeStore, FakeTime
from tests.finding import shown_words
from tests.ui.album import Album

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, FRIDAY = 0, 4


class Office:
    """The desk on a Friday evening at six, over real evenings with fakes behind them."""

    def __init__(self, qtbot: QtBot, home: Path, album: Album) -> None:
        self.time = FakeTime(datetime(2026, 11, 20, 18, 0, tzinfo=BERLIN))
        self.core = compose.build(locate(home))
        self.disk = FakeStore()
        self.notifier = FakeNotifier()
        self.startup = FakeEnrolment()
        self.os_wake = FakeEnrolment(works=False)
        self.calendars = 0
        self.evenings = Evenings(
            self.time,
            FakeAlarm(self.time),
            self.disk,
            FakeStore(),
            self.core.preferences,
            self.notifier,
            FakeQuiet(),
            done=lambda _night: Done.NO,
            busy=lambda: False,
            offer=lambda _seconds: None,
            chime=lambda: None,
        )
        self.window = MainWindow(reduced_motion=True)
        qtbot.addWidget(self.window)
        self.desk = EveningDesk(
            self.window,
            self.core,
            self.time,
            self.evenings,
            startup=self.startup,
            os_wake=self.os_wake,
            pictures=album,
            calendar=self.write_calendar,
        )
        self.page = self.desk.page
        self.window.setCentralWidget(self.page)
        self.window.show()
        self.evenings.start()
        self.desk.show()

    def write_calendar(self) -> None:
        self.calendars += 1

    @property
    def schedule(self) -> Schedule:
        return self.evenings.schedule

    @property
    def view(self) -> RemindersView:
        """What the page shows now."""
        return self.page._view

    def is_set(self) -> bool:
        return self.schedule.is_set and self.view.has_bedtime

    def begin(self) -> None:
        self.page.first_bedtime.emit(time(22, 45))


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path, album: Album) -> Office:
    return Office(qtbot, tmp_path / "home", album)


@pytest.fixture
def begun(office: Office) -> Office:
    """With a bedtime of 22:45 on every evening."""
    office.begin()
    return office


# ---------------------------------------------------------------- bedtimes


def test_one_question_sets_all_evenings_and_the_stretch_is_due(office: Office) -> None:
    assert not office.is_set()
    office.begin()
    assert {one.bedtime for one in office.schedule.evenings} == {time(22, 45)}
    assert office.is_set()
    assert office.view.title == "Friday evening", "tonight is on show"
    due = office.evenings.next_due()
    assert due is not None
    assert (due.rule, due.at.strftime("%a %H:%M")) == (STRETCH, "Fri 22:00")


def test_the_bedtime_of_one_day_moves_what_counts_back_from_it(begun: Office) -> None:
    begun.page.day_chosen.emit(MONDAY)
    begun.page.bedtime_changed.emit(MONDAY, time(0, 15))
    assert [one.bedtime for one in begun.schedule.evenings].count(time(0, 15)) == 1
    assert next(item.clock for item in begun.view.items if item.id == STRETCH) == "23:30"
    assert begun.view.midnight.startswith("Already Tuesday")


def test_a_day_is_switched_off_and_on_with_its_bedtime_kept(begun: Office) -> None:
    begun.page.day_switched.emit(FRIDAY, False)
    assert not begun.view.days[FRIDAY].on
    begun.page.day_switched.emit(FRIDAY, True)
    assert begun.schedule.evenings[FRIDAY] == rules.Evening(time(22, 45))


def test_a_day_without_a_bedtime_takes_that_of_the_others_when_it_is_switched_on(office: Office) -> None:
    office.evenings.change(rules.with_bedtime(Schedule(), [MONDAY], time(23, 10)))
    office.page.day_switched.emit(FRIDAY, True)
    assert office.schedule.evenings[FRIDAY].bedtime == time(23, 10)


# ---------------------------------------------------------------- items


def test_items_are_switched_moved_and_rung_on_the_chosen_evening_alone(begun: Office) -> None:
    page = begun.page
    page.item_switched.emit("massage", True)
    page.item_moved.emit("massage", 15)
    page.bell_switched.emit("massage", True)
    assert begun.schedule.evenings[FRIDAY].slots["massage"] == rules.Slot(before=15, bell=True)
    assert begun.schedule.evenings[MONDAY].slots["massage"] == ITEMS["massage"][1]
    page.item_moved.emit("morning", time(6, 45))
    assert begun.schedule.evenings[FRIDAY].slots["morning"].at == time(6, 45)


def test_ones_own_item_is_added_renamed_and_removed(begun: Office) -> None:
    begun.page.own_added.emit("A warm bath")
    (own,) = begun.schedule.own
    assert not begun.schedule.evenings[MONDAY].slots[own.id].bell, "it stands on the timeline only"
    begun.page.own_renamed.emit(own.id, "Cold feet")
    assert [item.name for item in begun.view.items if item.own] == ["Cold feet"]
    begun.page.own_removed.emit(own.id)
    assert begun.schedule.own == ()


def test_a_name_that_cannot_be_is_refused_in_words_and_changes_nothing(begun: Office) -> None:
    before = begun.schedule
    begun.page.own_added.emit("one\nline too many")
    assert begun.schedule == before
    assert "cannot be a name" in begun.view.wrong
    begun.page.undo_asked.emit()
    assert not begun.schedule.is_set, "what came before can still be taken back"


def test_an_evening_is_copied_and_set_back(begun: Office) -> None:
    begun.page.item_moved.emit(STRETCH, 30)
    begun.page.copy_asked.emit([MONDAY])
    assert begun.schedule.evenings[MONDAY] == begun.schedule.evenings[FRIDAY]
    begun.page.usual_asked.emit()
    assert begun.schedule.evenings[FRIDAY].slots[STRETCH] == ITEMS[STRETCH][1]
    assert begun.schedule.evenings[MONDAY].slots[STRETCH].before == 30


# ---------------------------------------------------------------- taking back


def test_changes_are_taken_back_and_made_again_one_by_one(begun: Office) -> None:
    begun.page.item_moved.emit(STRETCH, 30)
    begun.page.day_switched.emit(MONDAY, False)
    begun.page.undo_asked.emit()
    assert begun.schedule.evenings[MONDAY].on
    begun.page.undo_asked.emit()
    assert begun.schedule.evenings[FRIDAY].slots[STRETCH].before == 45
    begun.page.redo_asked.emit()
    assert begun.schedule.evenings[FRIDAY].slots[STRETCH].before == 30
    begun.page.undo_asked.emit()
    begun.page.undo_asked.emit()
    assert not begun.schedule.is_set
    assert not begun.view.may_undo


def test_steps_of_one_time_right_after_each_other_are_one_change(begun: Office) -> None:
    for minutes in (50, 55, 60):
        begun.page.item_moved.emit(STRETCH, minutes)
    begun.page.undo_asked.emit()
    assert begun.schedule.evenings[FRIDAY].slots[STRETCH].before == 45


def test_what_was_changed_elsewhere_is_never_taken_back_here(begun: Office) -> None:
    begun.page.item_moved.emit(STRETCH, 30)
    begun.evenings.change(rules.with_bedtime(begun.schedule, [MONDAY], time(21)))
    begun.page.undo_asked.emit()
    assert begun.schedule.evenings[MONDAY].bedtime == time(21)
    assert not begun.view.may_undo


def test_what_cannot_be_stored_holds_and_is_said(begun: Office) -> None:
    begun.disk.broken = True
    begun.page.item_moved.emit(STRETCH, 30)
    assert begun.view.wrong == "The settings cannot be written."
    assert begun.schedule.evenings[FRIDAY].slots[STRETCH].before == 30
    begun.disk.broken = False
    begun.page.item_moved.emit(STRETCH, 35)
    assert begun.view.wrong == ""


# ---------------------------------------------------------------- quiet


def test_not_tonight_and_ring_again(begun: Office) -> None:
    assert begun.view.may_skip
    begun.page.skip_asked.emit()
    assert begun.view.quiet.startswith("Quiet tonight")
    due = begun.evenings.next_due()
    assert due is not None
    assert due.night == date(2026, 11, 21)
    begun.page.ring_asked.emit()
    assert begun.view.quiet == ""
    due = begun.evenings.next_due()
    assert due is not None
    assert due.night == date(2026, 11, 20)


def test_a_pause_until_a_day_and_its_end(begun: Office) -> None:
    begun.page.pause_asked.emit(date(2026, 11, 30))
    assert begun.view.quiet == "Paused until Monday 30 November."
    assert not begun.view.may_skip
    begun.page.ring_asked.emit()
    assert begun.schedule.paused_until is None
    assert begun.view.quiet == ""


def test_a_missed_reminder_is_shown_until_it_was_seen(begun: Office) -> None:
    begun.time.suspend(18 * 3600)
    assert begun.view.missed.startswith("Last night’s reminder did not come: the computer was asleep")
    begun.page.missed_seen.emit()
    assert begun.view.missed == ""


# ---------------------------------------------------------------- settings and the system


def test_settings_of_reminders_are_kept_at_once(begun: Office) -> None:
    begun.page.setting_changed.emit("snooze_minutes", 15)
    begun.page.setting_changed.emit("reminder_chime", False)
    settings = begun.core.preferences.settings
    assert (settings.snooze_minutes, settings.reminder_chime) == (15, False)
    assert (begun.view.snooze_minutes, begun.view.chime.on) == (15, False)


def test_starting_at_login_is_written_and_read_back(begun: Office) -> None:
    begun.page.login_switched.emit(True)
    assert begun.startup.on
    assert begun.view.login.on
    begun.startup.broken = True
    begun.page.login_switched.emit(False)
    assert begun.view.login.on, "the switch shows what is, not what was wished for"
    assert begun.view.login.wrong == "It could not be written."


def test_what_this_system_cannot_do_says_why(begun: Office) -> None:
    assert not begun.view.wake.enabled
    assert begun.view.wake.detail == "A place for tests."


def test_what_changed_in_the_system_meanwhile_is_seen_when_the_page_is_shown(begun: Office) -> None:
    begun.startup.on = True
    begun.desk.show()
    assert begun.view.login.on


# ---------------------------------------------------------------- the example


def test_the_example_is_tonights_plan_at_the_time_of_the_chosen_evening(begun: Office) -> None:
    example = begun.view.example
    assert example is not None
    assert example.heading == "Stretch Coach, 22:00"
    assert example.body.endswith("minutes")
    assert example.figure == "ham_floor"
    begun.page.item_moved.emit(STRETCH, 30)
    assert begun.view.example is not None
    assert begun.view.example.heading == "Stretch Coach, 22:15"


def test_one_can_be_shown_now_and_a_calendar_written(begun: Office) -> None:
    begun.page.preview_asked.emit()
    assert PREVIEW in begun.notifier.there
    begun.page.calendar_asked.emit()
    assert begun.calendars == 1


def test_the_page_follows_what_happens_elsewhere_while_it_is_seen(begun: Office) -> None:
    begun.evenings.skip_tonight()
    assert any(words.startswith("Quiet tonight") for words in shown_words(begun.page))
    begun.page.hide()
    begun.evenings.undo_skip()
    assert begun.view.quiet, "hidden it costs nothing"
    begun.desk.show()
    assert begun.view.quiet == ""
