"""Reminders on Windows and macOS, against a stand-in for desktop-notifier 6.2: neither system is here.

What the stand-in does is what the library documents; whether the systems do the same is not shown by it.
"""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from coach.desktop.notifications import SystemNotifier
from coach.desktop.toasts import ToastServer
from coach.services.ports import Act, Note
from tests.desktop.test_notifications import LEGS, LIGHTS, SCREENS, Card


class Capability(Enum):
    BUTTONS = auto()
    TITLE = auto()


@dataclass(frozen=True)
class Button:
    title: str
    on_pressed: Callable[[], Any] | None = None
    identifier: str = ""


@dataclass(frozen=True)
class Icon:
    path: Path | None = None


@dataclass(frozen=True)
class Notification:
    title: str
    message: str
    buttons: tuple[Button, ...] = ()
    on_dispatched: Callable[[], Any] | None = None
    identifier: str = ""


@dataclass
class Library:
    """The module desktop_notifier: what it can do, and what it did."""

    can: frozenset[Capability] = frozenset(Capability)
    allowed: bool = True
    arrives: bool = True
    stuck: threading.Event | None = None
    broken: bool = False
    shown: dict[str, Notification] = field(default_factory=dict)
    sent: list[Notification] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    made: list[Notifier] = field(default_factory=list)
    Capability: type[Capability] = Capability
    Button: type[Button] = Button
    Icon: type[Icon] = Icon
    Notification: type[Notification] = Notification

    def DesktopNotifier(self, app_name: str, app_icon: object) -> Notifier:
        if self.broken:
            raise RuntimeError("Could not get ToastNotificationManagerForUser")
        self.made.append(Notifier(self, app_name))
        return self.made[-1]


@dataclass
class Notifier:
    library: Library
    app_name: str
    on_button_pressed: Callable[[str, str], Any] | None = None
    on_clicked: Callable[[str], Any] | None = None
    on_dismissed: Callable[[str], Any] | None = None

    async def get_capabilities(self) -> frozenset[Capability]:
        return self.library.can

    async def request_authorisation(self) -> bool:
        return self.library.allowed

    async def send_notification(self, notification: Notification) -> str:
        assert asyncio.get_running_loop()
        self.library.threads.add(threading.current_thread().name)
        self.library.sent.append(notification)
        while self.library.stuck is not None and not self.library.stuck.is_set():
            await asyncio.sleep(0.01)
        if self.library.arrives:
            self.library.shown[notification.identifier] = notification
            if notification.on_dispatched is not None:
                notification.on_dispatched()
        return notification.identifier

    async def clear(self, identifier: str) -> None:
        self.library.shown.pop(identifier, None)


class Reminders:
    def __init__(self, library: Library, *, patience: int = 3000, quiet_for: int = 20_000) -> None:
        self.card = Card()
        self.library = library
        server = ToastServer(library=lambda: library, patience=patience, quiet_for=quiet_for)
        self.notifier = SystemNotifier(server, lambda: self.card)
        self.answers: list[tuple[str, Act]] = []
        self.notifier.answered.subscribe(self.answers.append)

    def titles(self) -> list[str]:
        return [note.title for note in tuple(self.library.shown.values())]

    def identifier(self, note: Note) -> str:
        return next(key for key, one in self.library.shown.items() if one.title == note.title)

    def elsewhere(self, work: Callable[[Notifier], object]) -> None:
        """Do what the system does: call back on a thread of its own."""
        thread = threading.Thread(target=work, args=(self.library.made[0],))
        thread.start()
        thread.join()


Start = Callable[..., Reminders]


@pytest.fixture
def start(qapp: object) -> Iterator[Start]:
    started: list[Reminders] = []

    def begin(library: Library | None = None, **options: int) -> Reminders:
        started.append(Reminders(library or Library(), **options))
        return started[-1]

    yield begin
    for one in started:
        one.notifier.close()


def test_a_note_is_shown_from_a_thread_of_its_own_with_its_buttons(qtbot: QtBot, start: Start) -> None:
    one = start()
    one.notifier.show(LEGS)
    qtbot.waitUntil(lambda: one.titles() == [LEGS.title], timeout=5000)
    (sent,) = one.library.sent
    assert sent.message == LEGS.body
    assert [(button.identifier, button.title) for button in sent.buttons] == [
        (act.value, label) for act, label in LEGS.acts
    ]
    assert one.library.threads == {"notes"}
    assert one.library.made[0].app_name == "Stretch Coach"
    assert not one.card.shown


def test_a_button_reaches_us_from_whatever_thread_and_the_note_goes(qtbot: QtBot, start: Start) -> None:
    one = start()
    one.notifier.show(LEGS)
    qtbot.waitUntil(lambda: bool(one.titles()), timeout=5000)
    identifier = one.identifier(LEGS)
    one.elsewhere(lambda its: its.on_button_pressed and its.on_button_pressed("coach-99", "start"))
    one.elsewhere(lambda its: its.on_button_pressed and its.on_button_pressed(identifier, "snooze"))
    qtbot.waitUntil(lambda: bool(one.answers), timeout=5000)
    assert one.answers == [("stretch", Act.SNOOZE)]
    qtbot.waitUntil(lambda: not one.titles(), timeout=5000)


def test_a_click_on_a_note_opens_the_app(qtbot: QtBot, start: Start) -> None:
    one = start()
    one.notifier.show(LEGS)
    qtbot.waitUntil(lambda: bool(one.titles()), timeout=5000)
    identifier = one.identifier(LEGS)
    one.elsewhere(lambda its: its.on_clicked and its.on_clicked(identifier))
    qtbot.waitUntil(lambda: one.answers == [("stretch", Act.OPEN)], timeout=5000)


def test_quiet_notes_replace_each_other_and_leave_by_themselves(qtbot: QtBot, start: Start) -> None:
    one = start(quiet_for=200)
    one.notifier.show(LEGS)
    one.notifier.show(SCREENS)
    one.notifier.show(LIGHTS)
    qtbot.waitUntil(lambda: sorted(one.titles()) == sorted([LEGS.title, LIGHTS.title]), timeout=5000)
    qtbot.waitUntil(lambda: one.titles() == [LEGS.title], timeout=5000)
    assert not one.card.shown and not one.answers


def test_what_is_said_about_an_old_note_is_not_taken_for_the_new_one(qtbot: QtBot, start: Start) -> None:
    one = start()
    one.notifier.show(LEGS)
    qtbot.waitUntil(lambda: bool(one.titles()), timeout=5000)
    identifier = one.identifier(LEGS)
    one.notifier.show(LEGS)
    one.elsewhere(lambda its: its.on_dismissed and its.on_dismissed(identifier))  # of the old one
    qtbot.waitUntil(lambda: len(one.library.sent) == 2 and len(one.titles()) == 1, timeout=5000)
    assert one.identifier(LEGS) != identifier
    one.elsewhere(lambda its: its.on_button_pressed and its.on_button_pressed(identifier, "start"))
    new = one.identifier(LEGS)
    one.elsewhere(lambda its: its.on_button_pressed and its.on_button_pressed(new, "skip"))
    qtbot.waitUntil(lambda: bool(one.answers), timeout=5000)
    assert one.answers == [("stretch", Act.SKIP)]


def test_a_note_put_away_by_the_user_says_nothing(qtbot: QtBot, start: Start) -> None:
    one = start()
    one.notifier.show(LEGS)
    qtbot.waitUntil(lambda: bool(one.titles()), timeout=5000)
    identifier = one.identifier(LEGS)
    one.elsewhere(lambda its: its.on_dismissed and its.on_dismissed(identifier))
    one.elsewhere(lambda its: its.on_button_pressed and its.on_button_pressed(identifier, "start"))
    one.notifier.show(SCREENS)
    one.elsewhere(lambda its: its.on_button_pressed and its.on_button_pressed("coach-2", "done"))
    qtbot.waitUntil(lambda: bool(one.answers), timeout=5000)
    assert one.answers == [("screens", Act.DONE)]


def test_withdrawn_notes_are_gone_and_close_leaves_none(qtbot: QtBot, start: Start) -> None:
    one = start()
    one.notifier.show(LEGS)
    one.notifier.show(SCREENS)
    qtbot.waitUntil(lambda: len(one.titles()) == 2, timeout=5000)
    one.notifier.withdraw("stretch")
    qtbot.waitUntil(lambda: one.titles() == [SCREENS.title], timeout=5000)
    one.notifier.close()
    assert one.titles() == []
    assert all(thread.name != "notes" for thread in threading.enumerate())


@pytest.mark.parametrize(
    "library",
    [
        Library(can=frozenset()),  # macOS outside a signed bundle
        Library(allowed=False),
        Library(arrives=False),  # it logs that, and says nothing
        Library(broken=True),
    ],
    ids=["no buttons", "not allowed", "did not arrive", "broken"],
)
def test_what_the_system_does_not_show_comes_to_the_card(
    qtbot: QtBot, start: Start, library: Library
) -> None:
    one = start(library)
    one.notifier.show(LEGS)
    qtbot.waitUntil(lambda: one.card.shown == {"stretch": LEGS}, timeout=2000)
    assert one.titles() == []


def test_without_the_library_the_card_takes_it(qtbot: QtBot, qapp: object) -> None:
    card = Card()
    missing = ToastServer(library=lambda: importlib.import_module("desktop_notifier_is_not_here"))
    notifier = SystemNotifier(missing, lambda: card)
    notifier.show(LEGS)
    qtbot.waitUntil(lambda: card.shown == {"stretch": LEGS}, timeout=5000)
    notifier.close()


def test_a_system_that_is_stuck_does_not_keep_the_reminder(qtbot: QtBot, start: Start) -> None:
    stuck = threading.Event()
    one = start(Library(stuck=stuck), patience=200)
    one.notifier.show(LEGS)
    qtbot.waitUntil(lambda: one.card.shown == {"stretch": LEGS}, timeout=2000)
    stuck.set()
    one.notifier.close()
    assert one.titles() == []


def test_a_system_that_is_stuck_does_not_keep_the_app(qtbot: QtBot, start: Start) -> None:
    one = start(Library(stuck=threading.Event()), patience=200)
    one.notifier.show(LEGS)
    qtbot.waitUntil(lambda: one.card.shown == {"stretch": LEGS}, timeout=2000)
    one.notifier.close()
    assert all(thread.name != "notes" for thread in threading.enumerate())
