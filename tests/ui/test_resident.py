"""The app as it lives through evenings: reminders, tray, windows that come and go, and other starts of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from PySide6.QtCore import QCoreApplication, Qt

from coach.compose import Request
from coach.desktop.tray import TrayState, TrayView, Wish
from coach.domain.evening import with_bedtime
from coach.domain.night import SessionRecord
from coach.domain.session import Input, Phase
from coach.i18n import Line, render
from coach.resident import Resident
from coach.services.ports import Act, StoreError
from tests.fakes import FakeQuiet, FakeTime
from tests.ui.house import House, click, phase, press, words

HOUR = 3600


def evening(house: House, hour: int = 21, minute: int = 0) -> None:
    """It is a Friday evening in November."""
    house.time = FakeTime(datetime(2026, 11, 20, hour, minute, tzinfo=timezone(timedelta(hours=1))))
    house.sound._time = house.time


def in_background(house: House, bedtime: time | None = time(22, 45), *, once: bool = False) -> Resident:
    resident = house.start(Request(background=True, once=once))
    if bedtime is not None:
        schedule = with_bedtime(resident.evenings.schedule, range(7), bedtime)
        assert resident.evenings.change(schedule) is None
    return resident


def shown(house: House) -> TrayView:
    return house.tray.view


def test_in_the_background_there_is_no_window_and_nothing_waits(house: House) -> None:
    evening(house)
    resident = in_background(house, None)
    assert resident._desk is None and resident._stage is None
    assert house.tray.started and house.time.waiting == []
    assert house.tray.view.title == "No reminder is set"
    assert resident.status() == {"session": None, "next": None, "waiting": None, "window": False}


def test_the_tray_names_what_comes_next(house: House) -> None:
    evening(house)
    resident = in_background(house)
    assert house.tray.view.title.startswith("Stretch at ") and "22:45" in house.tray.view.detail
    due = resident.status()["next"]
    assert due == {"rule": "stretch", "due": "2026-11-20T22:00:00+01:00"}


def test_the_reminder_comes_with_the_plan_and_its_length_and_starts_it(house: House) -> None:
    evening(house)
    in_background(house)
    house.time.advance(HOUR)
    (note,) = house.notifier.shown
    assert note.title == "Time for your legs" and "Bedtime" in note.body
    assert [act for act, _label in note.acts] == [Act.START, Act.SNOOZE, Act.SKIP]
    house.notifier.answer(note.key, Act.START)
    desk = house.residents[0]._desk
    assert desk is not None
    assert phase(desk) is Phase.RUNNING and house.tray.view.state is TrayState.RUNNING
    house.time.advance(HOUR)
    assert phase(desk) is Phase.FINISHED and len(house.notifier.shown) == 1


def test_who_has_stretched_already_is_not_reminded(house: House) -> None:
    evening(house, 20)
    desk = house.open()
    resident = house.residents[0]
    resident.evenings.change(with_bedtime(resident.evenings.schedule, range(7), time(22, 45)))
    press(desk, Qt.Key.Key_Return)
    house.time.advance(3 * HOUR)
    assert phase(desk) is Phase.FINISHED and house.notifier.shown == []


def test_not_tonight_from_the_tray_can_be_taken_back(house: House) -> None:
    evening(house)
    in_background(house)
    house.tray.wanted.publish(Wish.SKIP)
    assert shown(house).quiet_tonight and shown(house).state is TrayState.QUIET
    house.tray.wanted.publish(Wish.REMIND)
    assert shown(house).state is TrayState.IDLE
    house.time.advance(HOUR)
    assert len(house.notifier.shown) == 1 and house.tray.view.can_snooze
    house.tray.wanted.publish(Wish.SNOOZE)
    assert house.notifier.there == {} and not shown(house).can_snooze
    house.time.advance(600)
    assert len(house.notifier.shown) == 2


def test_relief_from_the_tray_asks_nothing(house: House) -> None:
    evening(house)
    resident = in_background(house)
    house.tray.wanted.publish(Wish.CRAMP)
    desk = resident._desk
    assert desk is not None and phase(desk) is Phase.RUNNING and desk._window.theme.is_night
    assert resident.status()["window"] is True
    session = resident.status()["session"]
    assert isinstance(session, dict) and session["plan"] == "cramp-now"


def test_start_from_the_tray_leads_tonights_plan_and_open_only_opens(house: House) -> None:
    evening(house)
    resident = in_background(house)
    house.tray.wanted.publish(Wish.OPEN)
    desk = resident._desk
    assert desk is not None and phase(desk) is None and desk.is_seen
    house.tray.wanted.publish(Wish.START)
    assert phase(desk) is Phase.RUNNING
    house.tray.wanted.publish(Wish.START)  # a second one changes nothing
    assert phase(desk) is Phase.RUNNING


def test_closing_the_window_says_once_that_the_reminders_go_on(house: House) -> None:
    evening(house)
    desk = house.open()
    resident = house.residents[0]
    resident.evenings.change(with_bedtime(resident.evenings.schedule, range(7), time(22, 45)))
    desk._window.close()
    assert desk.is_seen and "stays in the tray" in words(desk)
    click(desk, "Close the window")
    house.qtbot.waitUntil(lambda: not desk._window.isVisible())
    assert house.ended == []
    house.tray.wanted.publish(Wish.OPEN)
    assert desk.is_seen
    desk._window.close()
    house.qtbot.waitUntil(lambda: not desk._window.isVisible())
    house.time.advance(HOUR)
    assert len(house.notifier.shown) == 1


def test_the_closing_window_names_the_day_of_a_reminder_that_is_not_tonights(house: House) -> None:
    evening(house)
    resident = in_background(house)
    assert resident._next_words() == "22:00"
    resident.evenings.skip_tonight()
    assert resident._next_words() == "tomorrow at 22:00"
    until = resident.evenings.night() + timedelta(days=7)
    resident.evenings.pause_until(until)
    assert resident._next_words() == f"{until:%A} {until.day} {until:%B} at 22:00"


def test_where_there_is_no_tray_the_window_stays_in_the_task_list_with_the_same_menu(house: House) -> None:
    evening(house)
    house.tray.is_there = False
    desk = house.open()
    resident = house.residents[0]
    resident.evenings.change(with_bedtime(resident.evenings.schedule, range(7), time(22, 45)))
    assert "Quick menu" in words(desk)
    desk._window.close()
    assert "no tray" in words(desk)
    click(desk, "Minimise the window")
    house.qtbot.waitUntil(lambda: desk._window.isMinimized())
    house.tray.is_there = True  # one comes later
    house.tray.there_changed.publish(True)
    house.tray.wanted.publish(Wish.OPEN)
    assert desk.is_seen and "Quick menu" not in words(desk)


def test_a_window_that_a_reminder_opens_where_there_is_no_tray_has_the_menu_too(house: House) -> None:
    evening(house)
    house.tray.is_there = False
    resident = in_background(house)
    house.time.advance(HOUR)
    house.notifier.answer(house.notifier.shown[0].key, Act.OPEN)
    assert resident._desk is not None and "Quick menu" in words(resident._desk)


def test_quitting_from_the_sheet_ends_the_app(house: House) -> None:
    evening(house)
    desk = house.open()
    resident = house.residents[0]
    resident.evenings.change(with_bedtime(resident.evenings.schedule, range(7), time(22, 45)))
    desk._window.close()
    click(desk, "Quit, no reminders")
    house.qtbot.waitUntil(lambda: bool(house.ended))
    assert not desk._window.isVisible()


def test_quitting_asks_about_a_plan_that_was_not_saved_and_then_ends_the_app(house: House) -> None:
    evening(house)
    desk = house.open()
    resident = house.residents[0]
    resident.evenings.change(with_bedtime(resident.evenings.schedule, range(7), time(22, 45)))
    asked: list[Callable[[], None]] = []

    def ask(go: Callable[[], None]) -> bool:
        asked.append(go)
        return False

    desk._window.set_guard(ask)
    house.tray.wanted.publish(Wish.QUIT)
    QCoreApplication.processEvents()
    assert len(asked) == 1 and house.ended == [] and desk.is_seen
    desk._window.set_guard(None)  # as the editor does with the answer
    asked[0]()
    house.qtbot.waitUntil(lambda: bool(house.ended))
    assert not desk._window.isVisible()


def test_an_answer_to_a_note_may_bring_the_window_to_the_front(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    evening(house)
    resident = in_background(house)
    resident._world = replace(resident._world, token=lambda: "front please")
    house.time.advance(HOUR)
    house.notifier.answer(house.notifier.shown[0].key, Act.OPEN)
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "front please"


def test_without_a_bedtime_closing_the_window_ends_the_app(house: House) -> None:
    desk = house.open()
    desk._window.close()
    house.qtbot.waitUntil(lambda: bool(house.ended))


def test_who_wants_no_app_without_a_window_gets_none(house: House) -> None:
    desk = house.open()
    resident = house.residents[0]
    resident.evenings.change(with_bedtime(resident.evenings.schedule, range(7), time(22, 45)))
    resident.core.preferences.change("keep_running", False)
    desk._window.close()
    house.qtbot.waitUntil(lambda: bool(house.ended))


def test_another_start_raises_this_window_and_leads_plans_in_it(house: House) -> None:
    evening(house)
    resident = in_background(house)
    assert resident.open("") is None
    desk = resident._desk
    assert desk is not None and desk.is_seen
    plan = resident.core.library.find("five-stretches")
    assert resident.lead(plan, "") is None
    assert phase(desk) is Phase.RUNNING
    for refusal in (
        resident.lead(plan, ""),
        resident.right_now("cramp-now", ""),
        resident.open_file(house.home / "any.toml", ""),
    ):
        assert refusal is not None and "is running already" in render(refusal)
    assert resident.send(Input.PAUSE) and phase(desk) is Phase.PAUSED
    assert not resident.send(Input.PAUSE)
    assert resident.send(Input.RESUME)


def test_without_a_session_there_is_nothing_to_pause(house: House) -> None:
    resident = in_background(house)
    assert not resident.send(Input.PAUSE)


def test_the_session_waits_when_the_computer_goes_to_sleep(house: House) -> None:
    evening(house)
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    house.sleep.asleep.publish(True)
    assert phase(desk) is Phase.PAUSED
    house.time.suspend(8 * HOUR)
    house.sleep.asleep.publish(False)
    assert phase(desk) is Phase.PAUSED


def test_a_reminder_missed_in_sleep_comes_once_when_the_computer_wakes_in_time(house: House) -> None:
    evening(house)
    in_background(house)
    house.time.suspend(HOUR + 15 * 60)
    house.sleep.asleep.publish(False)
    (note,) = house.notifier.shown
    assert "Your stretch was at" in note.title
    house.sleep.asleep.publish(False)
    assert len(house.notifier.shown) == 1


def test_late_a_shorter_plan_is_offered_that_still_fits(house: House) -> None:
    evening(house)
    resident = in_background(house)
    house.time.suspend(HOUR + 36 * 60)  # nine minutes before lights out
    house.sleep.asleep.publish(False)
    (note,) = house.notifier.shown
    label = dict(note.acts)[Act.START]
    assert label.startswith("Short one")
    house.notifier.answer(note.key, Act.START)
    assert resident._stage is not None and resident._stage.plan_id != "bedtime"


def test_a_chosen_plan_that_is_gone_is_replaced_and_the_reminder_says_so(house: House) -> None:
    evening(house)
    resident = in_background(house)
    resident.core.preferences.change("plan", "quiet-legs")
    house.time.advance(HOUR)
    (note,) = house.notifier.shown
    assert "quiet-legs" in note.body and "Bedtime" in note.body


def test_a_soft_chime_comes_with_the_reminder_but_not_late(house: House) -> None:
    evening(house)
    in_background(house, time(22, 30))  # the stretch at a quarter to ten
    house.time.advance(HOUR)
    assert len(house.sound.heard) == 1
    evening(house, 21, 30)
    house.home = house.home / "other"
    in_background(house, time(23, 0))  # a quarter past ten is later than ten
    house.sound.heard.clear()
    house.time.advance(HOUR)
    assert house.notifier.shown and house.sound.heard == []


def test_the_system_is_told_when_to_wake(house: House) -> None:
    evening(house)
    resident = in_background(house)
    assert house.os_wake.times == [(day, time(22, 0)) for day in range(7)]
    schedule = with_bedtime(resident.evenings.schedule, [4], time(0, 30))  # Friday's is on Saturday
    resident.evenings.change(schedule)
    assert (4, time(23, 45)) in house.os_wake.times and len(house.os_wake.times) == 7
    resident.evenings.pause_until(date(2026, 12, 24))  # the app may be closed when that is over
    assert len(house.os_wake.times) == 7


def test_a_start_for_one_reminder_ends_when_it_is_answered(house: House) -> None:
    evening(house)
    first = in_background(house)
    first.shutdown()
    evening(house, 22, 1)
    house.start(Request(background=True, once=True))
    (note,) = house.notifier.shown
    QCoreApplication.processEvents()
    assert house.ended == []
    house.notifier.answer(note.key, Act.SKIP)
    house.qtbot.waitUntil(lambda: bool(house.ended))


def test_a_start_for_one_reminder_waits_for_what_the_desktop_says(house: House) -> None:
    evening(house)
    in_background(house).shutdown()
    evening(house, 22, 1)
    house.quiet = FakeQuiet(instant=False)
    house.start(Request(background=True, once=True))
    QCoreApplication.processEvents()
    assert house.notifier.shown == [] and house.ended == []
    house.quiet.tell(True)  # it holds the reminder back for a while
    QCoreApplication.processEvents()
    assert house.ended == []
    house.time.advance(60)
    house.quiet.tell(False)
    (note,) = house.notifier.shown
    QCoreApplication.processEvents()
    assert house.ended == []
    house.notifier.answer(note.key, Act.SKIP)
    house.qtbot.waitUntil(lambda: bool(house.ended))


def test_a_start_for_a_reminder_that_is_over_does_not_stay_until_the_next_evening(house: House) -> None:
    evening(house)
    in_background(house).shutdown()
    evening(house, 8)
    house.start(Request(background=True, once=True))
    house.qtbot.waitUntil(lambda: bool(house.ended))


def test_a_start_for_a_reminder_that_is_done_ends_at_once(house: House) -> None:
    evening(house, 23, 0)
    house.start(Request(background=True, once=True))
    house.qtbot.waitUntil(lambda: bool(house.ended))


def test_a_journal_that_cannot_be_read_keeps_no_reminder_away(house: House) -> None:
    evening(house)
    resident = in_background(house)
    resident._world = replace(resident._world, sessions_of=_broken)
    house.time.advance(HOUR)
    assert len(house.notifier.shown) == 1


def _broken(_night: date) -> Sequence[SessionRecord]:
    raise StoreError(Line("The journal cannot be read."))


def test_settings_reach_voice_and_sound_at_once(house: House) -> None:
    house.open()
    house.residents[0].core.preferences.change("volume", 30)
    assert house.taken_over[-1].volume == 30


def test_a_new_user_sets_a_reminder_in_three_steps_from_tonight(house: House) -> None:
    evening(house)
    desk = house.open()
    click(desk, "Set my bedtime")
    click(desk, "Remind me")
    schedule = house.residents[0].evenings.schedule
    assert [one.bedtime for one in schedule.evenings] == [time(22, 45)] * 7
    house.time.advance(HOUR)
    assert len(house.notifier.shown) == 1


def test_a_bedtime_that_cannot_be_kept_is_said_on_tonight(house: House) -> None:
    evening(house)
    desk = house.open()
    house.residents[0].core.paths.evenings.mkdir(parents=True)  # where its file should be
    click(desk, "Set my bedtime")
    click(desk, "Remind me")
    assert "cannot be saved" in words(desk)
    assert house.residents[0].evenings.schedule.is_set  # it holds as long as the app runs


def test_the_first_run_asks_once_and_leads_to_tonight(house: House) -> None:
    desk = house.open(first_time=True)
    assert "Before you start" in words(desk)
    press(desk, Qt.Key.Key_Escape)
    assert "Before you start" not in words(desk) and "Tonight, current page" in words(desk)


def test_who_put_the_first_page_off_is_not_asked_again(house: House) -> None:
    desk = house.open(first_time=True)
    press(desk, Qt.Key.Key_Escape)
    desk._window.close()
    again = house.open(first_time=True)
    assert "Before you start" not in words(again)


def test_logging_out_keeps_the_session_and_is_refused_by_nothing(house: House) -> None:
    evening(house)
    desk = house.open()
    resident = house.residents[0]
    resident.evenings.change(with_bedtime(resident.evenings.schedule, range(7), time(22, 45)))
    press(desk, Qt.Key.Key_Return)
    house.time.advance(130)
    desk._window.set_guard(lambda _go: False)  # a plan that was not saved
    resident.give_in()
    assert len(house.journal.records) == 1
    assert desk._window.close()
    resident.end()
    assert house.ended


def test_a_plan_that_went_since_the_reminder_came_is_replaced(house: House) -> None:
    evening(house)
    resident = in_background(house)
    resident._answered((Act.START, "gone"))
    assert resident._stage is not None and resident._stage.plan_id == "bedtime"


def test_the_token_of_a_click_goes_to_nobody_else(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    in_background(house).open("from-the-desktop")
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "from-the-desktop"
    house.qtbot.waitUntil(lambda: "XDG_ACTIVATION_TOKEN" not in os.environ)


def test_what_fails_on_the_way_out_keeps_nothing_else_open(house: House) -> None:
    resident = in_background(house)

    def fail() -> None:
        raise OSError("no bus")

    house.tray.close = fail  # type: ignore[method-assign]
    with pytest.raises(OSError, match="no bus"):
        resident.shutdown()
    assert house.alarm.closed and house.notifier.closed
    house.tray.close = lambda: None  # type: ignore[method-assign]
