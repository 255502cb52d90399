"""One person's computer for tests of the whole app: real pages, player and files behind a real window.

It leaves out the world: time, voice, sound, display and the dialogs of the system are fakes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from coach import compose
from coach.compose import Request
from coach.desk import Desk
from coach.desktop.tray import TrayView, Wish
from coach.domain.session import Phase
from coach.domain.settings import Settings
from coach.i18n import Line
from coach.paths import locate
from coach.resident import Resident, World
from coach.services.diary import Diary
from coach.services.hearing import Hearing
from coach.services.player import Player
from coach.services.topic import Topic
from coach.staging import Stage
from coach.storage.session_log import SessionLogFile
from tests.fakes import (
    FakeAlarm,
    FakeAwake,
    FakeEnrolment,
    FakeJournal,
    FakeNotifier,
    FakeQuiet,
    FakeSound,
    FakeTime,
    FakeVoice,
)


class FakeFiles:
    """The user's answers to dialogs: what is opened, and where something is written."""

    def __init__(self) -> None:
        self.opened: list[Path] = []
        self.target: Path | None = None
        self.suggested: list[str] = []

    def open(self, over: QWidget) -> list[Path]:
        return self.opened

    def save(self, over: QWidget, name: str) -> Path | None:
        self.suggested.append(name)
        return self.target


class FakeTray:
    """A tray that is there, unless `is_there` says otherwise."""

    def __init__(self) -> None:
        self.wanted: Topic[Wish] = Topic()
        self.there_changed: Topic[bool] = Topic()
        self.is_there = True
        self.view = TrayView()
        self.started = False

    def start(self) -> None:
        self.started = True

    def show(self, view: TrayView) -> None:
        self.view = view

    def close(self) -> None:
        self.started = False


class FakeSleep:
    """The sleep of the computer, as the test has it."""

    def __init__(self) -> None:
        self.asleep: Topic[bool] = Topic()

    def start(self) -> None:
        """Nothing to watch."""

    def close(self) -> None:
        """Nothing was watched."""


class FakeWaking(FakeEnrolment):
    """Remembers when the system was told to wake."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[tuple[int, time]] = []

    def follow(self, times: Sequence[tuple[int, time]]) -> Line | None:
        self.times = list(times)
        return None


class House:
    """One person's computer: it can be switched off hard and on again."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        self.home = home
        self.time = FakeTime()
        self.journal = FakeJournal()
        self.awake = FakeAwake()
        self.sound = FakeSound(self.time)
        self.voice = FakeVoice()
        self.files = FakeFiles()
        self.quiet = FakeQuiet()
        self.tray = FakeTray()
        self.startup = FakeEnrolment()
        self.os_wake = FakeWaking()
        self.taken_over: list[Settings] = []
        self.residents: list[Resident] = []
        self.ended: list[bool] = []

    def start(self, request: Request | None = None, *, first_time: bool = False) -> Resident:
        """Start the app as the command does; with a window unless `request` wants the background."""
        core = compose.build(locate(self.home))
        if not first_time:
            core.safety.set_asked()
        request = request or Request()
        self.sleep = FakeSleep()
        self.alarm = FakeAlarm(self.time)
        self.notifier = FakeNotifier()
        world = World(
            alarm=self.alarm,
            notifier=self.notifier,
            quiet=self.quiet,
            tray=self.tray,
            sleep=self.sleep,
            startup=self.startup,
            os_wake=self.os_wake,
            sessions_of=self.journal.sessions_of,
            make_stage=self._stage(core, request),
            follow=lambda _stage, _raise: None,
            files=self.files,
        )
        resident = Resident(core, request, self.time, world, lambda: self.ended.append(True))
        self.residents.append(resident)
        resident.begin()
        return resident

    def open(self, request: Request | None = None, *, first_time: bool = False) -> Desk:
        """Start the app with a window, and wait until it is settled."""
        resident = self.start(request, first_time=first_time)
        desk = resident._desk
        assert desk is not None
        self.qtbot.waitUntil(lambda: desk._stage is not None)
        return desk

    def _stage(self, core: compose.Core, request: Request):  # type: ignore[no-untyped-def]
        def build() -> Stage:
            diary = Diary(self.time, SessionLogFile(core.paths.running_session), self.journal)
            player = Player(self.time, self.voice, self.sound, self.awake, diary)
            hearing = Hearing(self.voice, self.sound, busy=lambda: player.is_running)
            return Stage(
                core,
                request,
                self.time,
                self.sound,
                diary,
                player,
                hearing,
                self.taken_over.append,
                lambda: None,
            )

        return build

    def close(self) -> None:
        for resident in self.residents:
            resident._leaving = True
            desk = resident._desk
            resident.shutdown()
            if desk is not None:
                desk._window.leave_session()
                desk._window.set_guard(None)
                desk._window.close()
                desk._window.deleteLater()


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = desk._window.focusWidget() or desk._window
    QTest.keyClick(focus, key, modifier)


def click(desk: Desk, name: str) -> None:
    for button in desk._window.findChildren(QPushButton):
        if button.isVisible() and name in (button.accessibleName(), button.text()):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            return
    raise LookupError(f"no visible button is called {name}")


def phase(desk: Desk) -> Phase | None:
    moment = desk._stage.player.snapshot() if desk._stage else None
    return moment.phase if moment else None


def words(desk: Desk) -> str:
    """Everything that is named on the screen."""
    seen = [w for w in desk._window.findChildren(QWidget) if w.isVisible()]
    return "\n".join(text for w in seen if (text := w.accessibleName() or getattr(w, "text", str)()))
