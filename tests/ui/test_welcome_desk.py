"""What the first page keeps: the safety tick, a bedtime for every evening, the start at login, the voice.

Leaves out the looks of the page; time, places and devices are fakes.
"""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from coach import compose
from coach.domain.profile import MassageCheck
from coach.i18n import Line
from coach.paths import locate
from coach.services.evenings import Done, Evenings
from coach.services.ports import Adapter
from coach.services.topic import Topic
from coach.ui.icons import Icon
from coach.ui.main_window import MainWindow
from coach.ui.tonight_page import clock_text
from coach.ui.welcome_page import Answers
from coach.welcome_desk import WelcomeDesk
from tests.fakes import FakeAlarm, FakeEnrolment, FakeNotifier, FakeQuiet, FakeStore, FakeTime
from tests.finding import shown_words
from tests.ui.album import Album

ANSWERS = Answers(clear=True, bedtime=time(23, 0), start=False, sound=True)


class FirstRun:
    """One new user in front of the page, with everything it can change."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.time = FakeTime()
        self.core = compose.build(locate(home))
        self.schedule = FakeStore()
        self.startup = FakeEnrolment()
        self.voice = Adapter(True, Line("A voice for tests."))
        self.heard: list[str] = []
        self.began: Topic[float] = Topic()
        self.left = 0
        self.went: list[str] = []
        self.evenings = Evenings(
            self.time,
            FakeAlarm(self.time),
            self.schedule,
            FakeStore(),
            self.core.preferences,
            FakeNotifier(),
            FakeQuiet(),
            done=lambda _night: Done.NO,
            busy=lambda: False,
            offer=lambda _seconds: None,
            chime=lambda: None,
        )
        self.window = MainWindow(reduced_motion=True)
        qtbot.addWidget(self.window)
        self.tonight = QWidget()
        self.window.add_page(Icon.TONIGHT, "Tonight", self.tonight)
        self.desk = self.meet()

    def meet(self) -> WelcomeDesk:
        desk = WelcomeDesk(
            self.window,
            self.core,
            self.time,
            self.evenings,
            startup=self.startup,
            hear=self.heard.append,
            voice_state=lambda: self.voice,
            done=self._done,
            to_body=lambda: self.went.append("body"),
            to_help=lambda: self.went.append("help"),
            began=self.began,
            pictures=Album(),
        )
        self.window.show()
        desk.show()
        return desk

    def _done(self) -> None:
        self.left += 1


@pytest.fixture
def run(qtbot: QtBot, tmp_path: Path) -> FirstRun:
    """The first start on a new computer."""
    return FirstRun(qtbot, tmp_path / "home")


def bedtimes(run: FirstRun) -> list[time | None]:
    return [evening.bedtime for evening in run.evenings.schedule.evenings]


def test_the_page_covers_the_window_until_it_is_answered(run: FirstRun) -> None:
    page = run.desk.page
    assert page.isVisible()
    page.finished.emit(ANSWERS)
    assert not page.isVisible()
    assert run.tonight.isVisible()
    assert run.left == 1


def test_done_keeps_the_tick_and_a_bedtime_for_every_evening(run: FirstRun) -> None:
    run.desk.page.finished.emit(ANSWERS)
    assert run.core.safety.profile.asked
    assert bedtimes(run) == [time(23, 0)] * 7
    assert run.schedule.values
    assert not run.startup.on
    assert run.core.preferences.settings.voice
    due = run.evenings.next_due()
    assert due is not None
    assert (due.rule, due.at.time()) == ("stretch", time(22, 15))


def test_whoever_wants_no_reminder_gets_none(run: FirstRun) -> None:
    run.desk.page.finished.emit(Answers(clear=True, bedtime=None, start=False, sound=True))
    assert not run.evenings.schedule.is_set
    assert run.core.safety.profile.asked


def test_it_starts_at_login_only_when_that_was_ticked(run: FirstRun) -> None:
    run.desk.page.finished.emit(Answers(clear=True, bedtime=time(22, 45), start=True, sound=True))
    assert run.startup.on


def test_a_start_at_login_that_fails_is_said_once_and_all_else_is_kept(run: FirstRun) -> None:
    run.startup.broken = True
    answers = Answers(clear=True, bedtime=time(22, 45), start=True, sound=True)
    run.desk.page.finished.emit(answers)
    assert "It could not be written." in shown_words(run.desk.page)
    assert run.left == 0
    assert bedtimes(run) == [time(22, 45)] * 7
    run.desk.page.finished.emit(answers)
    assert run.left == 1
    assert not run.startup.on


def test_a_bedtime_that_cannot_be_stored_is_said(run: FirstRun) -> None:
    run.schedule.broken = True
    run.desk.page.finished.emit(ANSWERS)
    assert "The settings cannot be written." in shown_words(run.desk.page)
    assert run.left == 0


def test_continue_without_sound_turns_the_voice_off(run: FirstRun) -> None:
    run.desk.page.finished.emit(Answers(clear=True, bedtime=None, start=False, sound=False))
    assert not run.core.preferences.settings.voice


def test_a_sign_makes_breathing_the_plan_and_what_applies_is_asked_later(run: FirstRun) -> None:
    run.desk.page.finished.emit(Answers(clear=False, bedtime=time(22, 45), start=False, sound=True))
    profile = run.core.safety.profile
    assert not profile.asked
    assert profile.massage is MassageCheck.NOT_ASKED
    plan = run.core.library.find(run.core.preferences.settings.plan)
    kinds = {run.core.library.exercises()[step.exercise].kind.value for step in plan.steps}
    assert kinds == {"breathing"}
    assert bedtimes(run) == [time(22, 45)] * 7


def test_when_the_sign_is_gone_the_usual_plan_is_back(run: FirstRun) -> None:
    run.desk.page.finished.emit(Answers(clear=False, bedtime=None, start=False, sound=True))
    run.meet().page.finished.emit(ANSWERS)
    assert run.core.preferences.settings.plan == "bedtime"
    assert run.core.safety.profile.asked


def test_put_off_nothing_is_kept(run: FirstRun) -> None:
    run.desk.page.loudness_chosen.emit("soft")
    run.desk.page.skipped.emit()
    assert run.left == 1
    assert not run.window.is_covered
    assert not run.core.safety.profile.asked
    assert not run.evenings.schedule.is_set
    assert run.core.preferences.settings == type(run.core.preferences.settings)()


@pytest.mark.parametrize(("key", "volume"), [("soft", 30), ("normal", 60)])
def test_the_volume_is_tried_at_once_and_stays(run: FirstRun, key: str, volume: int) -> None:
    run.desk.page.loudness_chosen.emit("soft" if key == "normal" else "normal")
    run.desk.page.loudness_chosen.emit(key)
    assert run.core.preferences.settings.volume == volume
    run.desk.page.finished.emit(ANSWERS)
    assert run.core.preferences.settings.volume == volume


def test_play_says_the_sentence_on_the_page(run: FirstRun) -> None:
    run.desk.page.hear_asked.emit()
    assert run.heard == ["Lean in slowly. Let the heel sink."]
    run.began.publish(60.0)
    assert run.desk.page._wave.lit == 0
    assert not any("can also be read" in words for words in shown_words(run.desk.page))


def test_a_voice_that_fails_meanwhile_is_said(run: FirstRun) -> None:
    run.desk.page.hear_asked.emit()
    run.voice = Adapter(False, Line("The voice does not answer."))
    run.time.advance(4)
    said = "The voice does not answer. Every word can also be read, as here."
    assert said in shown_words(run.desk.page)


def test_nothing_waits_any_more_when_the_page_is_left(run: FirstRun) -> None:
    run.desk.page.hear_asked.emit()
    run.desk.page.finished.emit(Answers(clear=True, bedtime=None, start=False, sound=True))
    assert run.time.waiting == []


def test_a_silent_computer_is_said_from_the_beginning(run: FirstRun) -> None:
    run.voice = Adapter(False, Line("No sound device was found."))
    run.desk.show()
    assert any(words.startswith("No sound device was found.") for words in shown_words(run.desk.page))


def test_what_is_set_already_is_proposed(qtbot: QtBot, run: FirstRun) -> None:
    from coach.domain.evening import with_bedtime

    run.evenings.change(with_bedtime(run.evenings.schedule, range(7), time(0, 15)))
    run.startup.on = True
    again = run.meet()
    words = shown_words(again.page)
    assert f"Your stretch reminder comes at {clock_text(time(23, 30))}." in words
    assert not any(one.isVisible() for one in [again.page._start])


def test_help_and_body_lead_elsewhere_and_back(run: FirstRun) -> None:
    run.desk.page._clear.click()
    run.desk.page.help_asked.emit()
    run.desk.page.body_asked.emit()
    assert run.went == ["help", "body"]
    run.window.uncover()
    run.desk.show()
    assert run.window.is_covered
    assert run.desk.page._clear.isChecked()
