"""Reminders on real notification servers: shown once, answered, put away; the card where there is none."""

from __future__ import annotations

import html
import json
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from jeepney import DBusAddress, Message, message_bus, new_method_call, new_signal
from jeepney.io.blocking import open_dbus_connection
from pytestqt.qtbot import QtBot

from coach.desktop.bus import Bus
from coach.desktop.notifications import BusServer, SystemNotifier, notifier_for_this_system
from coach.services.ports import Act, Note, Notifier
from coach.services.topic import Topic
from tests.desktop.notification_peers import (
    BUS_ITSELF,
    NAME,
    PATH,
    Desk,
    desk,
    needs_bus,
    needs_dunst,
    needs_mock,
    needs_xfce,
)

pytestmark = needs_bus

ICON = Path(__file__).resolve().parents[2] / "assets" / "icons" / "icon.svg"
APP = "io.github.stretch_coach.StretchCoach"
BUTTONS = ((Act.START, "Start"), (Act.SNOOZE, "In 10 minutes"), (Act.SKIP, "Not tonight"))
LEGS = Note(
    "stretch", "stretch", "Stretch Coach, 22:15", "Time for your legs", "Quiet legs, 14 minutes", BUTTONS
)
SCREENS = Note("screens", "screens", "", "Last screens in 5 minutes", "", ((Act.DONE, "Done"),), stays=False)
LIGHTS = Note("lights", "lights", "", "Dim the lights", "", ((Act.DONE, "Done"),), stays=False)
ALL = "actions body body-markup persistence"


class Card:
    """The app's own card, as far as the notifier knows it."""

    def __init__(self) -> None:
        self._answered: Topic[tuple[str, Act]] = Topic()
        self.shown: dict[str, Note] = {}
        self.closed = False

    @property
    def answered(self) -> Topic[tuple[str, Act]]:
        return self._answered

    def show(self, note: Note) -> None:
        self.shown[note.key] = note

    def withdraw(self, key: str) -> None:
        self.shown.pop(key, None)

    def close(self) -> None:
        self.closed = True


class Reminders:
    """A notifier on a desk, its card, and what the user answered."""

    def __init__(self, bus: Bus, *, patience: int = 3000) -> None:
        self.cards: list[Card] = []
        self.notifier = SystemNotifier(BusServer(bus, APP, ICON, patience=patience), self._card)
        self.answers: list[tuple[str, Act]] = []
        self.notifier.answered.subscribe(self.answers.append)

    def _card(self) -> Notifier:
        self.cards.append(Card())
        return self.cards[-1]

    @property
    def on_card(self) -> list[Note]:
        return [note for card in self.cards for note in card.shown.values()]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk(tmp_path) as one:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", one.environment["DBUS_SESSION_BUS_ADDRESS"])
        yield one


@pytest.fixture
def bus(place: Desk, qapp: object) -> Iterator[Bus]:
    one = Bus(patience=2000)
    yield one
    one.close()


@pytest.fixture
def reminders(bus: Bus) -> Reminders:
    return Reminders(bus)


def settled(qtbot: QtBot, bus: Bus) -> None:
    """Wait until the server has answered everything that was sent to it, and we have read it."""
    for _ in range(3):
        answers: list[Message | None] = []
        bus.call(
            new_method_call(DBusAddress(PATH, NAME, "org.freedesktop.DBus.Peer"), "Ping"), answers.append
        )
        qtbot.waitUntil(partial(bool, answers), timeout=5000)


def heard(qtbot: QtBot, bus: Bus) -> None:
    """Wait until we know what the bus knows."""
    answers: list[Message | None] = []
    bus.call(message_bus.GetId(), answers.append)
    qtbot.waitUntil(partial(bool, answers), timeout=5000)


# -- a mocked server: exactly what was said to it ----------------------------------------------------------


def notified(qtbot: QtBot, place: Desk, count: int) -> list[tuple[object, ...]]:
    """The arguments of every Notify, once there are `count`."""
    found: list[tuple[object, ...]] = []

    def enough() -> bool:
        found[:] = place.mock_calls("Notify")
        return len(found) >= count

    qtbot.waitUntil(enough, timeout=5000)
    return found


@needs_mock
def test_a_reminder_asks_to_stay_without_a_sound_and_with_its_buttons(
    qtbot: QtBot, place: Desk, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    ((app, replaces, icon, title, body, actions, hints, lasts),) = notified(qtbot, place, 1)
    assert (app, replaces, title, body) == (
        "Stretch Coach",
        0,
        "Time for your legs",
        "Quiet legs, 14 minutes",
    )
    assert actions == [
        *("start", "Start", "snooze", "In 10 minutes", "skip", "Not tonight"),
        *("default", "Open Stretch Coach"),
    ]
    assert icon == ICON.as_uri()
    assert lasts == 0
    assert isinstance(hints, dict)
    assert hints["urgency"] == ("y", 1)
    assert hints["desktop-entry"] == ("s", APP)
    assert hints["suppress-sound"] == ("b", True)
    assert "transient" not in hints


@needs_mock
def test_a_quiet_note_leaves_after_20_seconds_and_is_not_kept_in_a_list(
    qtbot: QtBot, place: Desk, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(SCREENS)
    ((*_rest, hints, lasts),) = notified(qtbot, place, 1)
    assert lasts == 20_000
    assert isinstance(hints, dict) and hints["transient"] == ("b", True)


@needs_mock
def test_notes_never_stack(qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders) -> None:
    """One note for each reminder, however often it is shown, and one place for all quiet ones."""
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    for note in (LEGS, SCREENS, LIGHTS):  # at once: the last two before the server has said a number
        reminders.notifier.show(note)
    settled(qtbot, bus)
    reminders.notifier.show(SCREENS)
    calls = notified(qtbot, place, 5)
    assert [(call[1], call[3]) for call in calls] == [
        (0, LEGS.title),
        (1, LEGS.title),
        (0, SCREENS.title),
        (2, LIGHTS.title),
        (2, SCREENS.title),
    ]


@needs_mock
def test_a_reminder_that_becomes_a_quiet_note_is_shown_once(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    reminders.notifier.show(replace(LEGS, stays=False))
    settled(qtbot, bus)
    assert place.mock_calls("CloseNotification") == [(1,)]
    assert len(place.mock_calls("Notify")) == 2


@needs_mock
def test_an_answer_reaches_us_and_the_note_is_taken_away(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    place.mock_emits("ActionInvoked", "us", 1, "snooze")
    qtbot.waitUntil(lambda: reminders.answers == [("stretch", Act.SNOOZE)], timeout=5000)
    settled(qtbot, bus)
    assert place.mock_calls("CloseNotification") == [(1,)]
    place.mock_emits("ActionInvoked", "us", 1, "start")  # a second click on what is gone
    settled(qtbot, bus)
    assert len(reminders.answers) == 1
    reminders.notifier.show(LEGS)
    assert notified(qtbot, place, 2)[-1][1] == 0


@needs_mock
def test_a_reminder_answered_while_it_is_being_renewed_does_not_come_back(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    place.mock_emits("ActionInvoked", "us", 1, "start")
    reminders.notifier.show(replace(LEGS, body="Quiet legs, 8 minutes"))  # before the answer was read
    settled(qtbot, bus)
    assert reminders.answers == [("stretch", Act.START)]
    assert len(place.mock_calls("Notify")) == 2
    assert place.mock_calls("CloseNotification") == [(1,)]


@needs_mock
def test_a_click_on_the_note_opens_the_app_with_the_right_to_come_to_the_front(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    place.mock_emits("ActivationToken", "us", 1, "token-of-the-click")
    place.mock_emits("ActionInvoked", "us", 1, "default")
    qtbot.waitUntil(lambda: reminders.answers == [("stretch", Act.OPEN)], timeout=5000)
    assert reminders.notifier.token == "token-of-the-click"
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    place.mock_emits("ActivationToken", "us", 9, "token-of-another-program")
    place.mock_emits("ActionInvoked", "us", 2, "start")
    qtbot.waitUntil(lambda: len(reminders.answers) == 2, timeout=5000)
    assert reminders.notifier.token == ""


@needs_mock
def test_what_is_not_about_our_notes_is_not_believed(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    place.mock_emits("ActionInvoked", "us", 7, "start")  # somebody else's note
    place.mock_emits("ActionInvoked", "ss", "1", "start")  # other types
    place.mock_emits("ActionInvoked", "us", 1, "rm -rf")  # no button of ours; takes the note away
    with open_dbus_connection(place.environment["DBUS_SESSION_BUS_ADDRESS"]) as stranger:
        stranger.send(new_signal(DBusAddress(PATH, interface=NAME), "ActionInvoked", "us", (1, "start")))
    settled(qtbot, bus)
    assert reminders.answers == []


@needs_mock
def test_only_the_server_itself_can_answer_for_the_user(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    with open_dbus_connection(place.environment["DBUS_SESSION_BUS_ADDRESS"]) as stranger:
        stranger.send(new_signal(DBusAddress(PATH, interface=NAME), "ActionInvoked", "us", (1, "start")))
        settled(qtbot, bus)
        assert reminders.answers == []
    place.mock_emits("ActionInvoked", "us", 1, "start")
    qtbot.waitUntil(lambda: reminders.answers == [("stretch", Act.START)], timeout=5000)


@needs_mock
def test_a_note_put_away_by_the_user_says_nothing_and_may_come_again(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    place.mock_emits("NotificationClosed", "uu", 1, 2)
    settled(qtbot, bus)
    assert reminders.answers == [] and not reminders.cards
    reminders.notifier.withdraw("stretch")
    settled(qtbot, bus)
    assert place.mock_calls("CloseNotification") == []
    reminders.notifier.show(LEGS)
    assert notified(qtbot, place, 2)[-1][1] == 0


@needs_mock
def test_withdrawn_notes_go_even_if_the_server_is_still_thinking(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.mock(ALL)
    reminders.notifier.show(SCREENS)
    settled(qtbot, bus)
    reminders.notifier.withdraw("screens")
    settled(qtbot, bus)
    assert place.mock_calls("CloseNotification") == [(1,)]
    reminders.notifier.show(LEGS)
    reminders.notifier.close()  # before anything was answered
    settled(qtbot, bus)
    shown, taken = len(place.mock_calls("Notify")), len(place.mock_calls("CloseNotification"))
    assert shown == taken


@needs_mock
def test_a_server_without_buttons_leaves_it_to_the_card(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.mock("body persistence")
    reminders.notifier.show(LEGS)
    qtbot.waitUntil(lambda: reminders.on_card == [LEGS], timeout=5000)
    assert place.mock_calls("Notify") == []


@needs_mock
@pytest.mark.parametrize(
    ("capabilities", "body"),
    [("actions body", "Legs & <b>feet</b>"), (ALL, "Legs &amp; &lt;b&gt;feet&lt;/b&gt;")],
)
def test_text_is_only_ever_text(
    qtbot: QtBot, place: Desk, reminders: Reminders, capabilities: str, body: str
) -> None:
    place.mock(capabilities)
    reminders.notifier.show(Note("stretch", "stretch", "", "1 < 2", "Legs & <b>feet</b>", BUTTONS))
    ((*_before, title, said, _actions, _hints, _lasts),) = notified(qtbot, place, 1)
    assert (title, said) == ("1 < 2", body)


@needs_mock
def test_a_server_without_bodies_gets_all_in_the_title(
    qtbot: QtBot, place: Desk, reminders: Reminders
) -> None:
    place.mock("actions")
    reminders.notifier.show(LEGS)
    assert notified(qtbot, place, 1)[0][3] == "Time for your legs: Quiet legs, 14 minutes"


@needs_mock
def test_names_that_the_bus_cannot_carry_do_no_harm(qtbot: QtBot, place: Desk, reminders: Reminders) -> None:
    place.mock("actions body")
    reminders.notifier.show(Note("stretch", "stretch", "", "Legs\0\ud800", "x" * 5000, BUTTONS))
    ((_app, _replaces, _icon, title, body, *_rest),) = notified(qtbot, place, 1)
    assert title == "Legs ?"
    assert isinstance(body, str) and len(body) == 1000
    assert not reminders.cards


@needs_mock
def test_a_server_that_is_stuck_does_not_keep_the_reminder(qtbot: QtBot, place: Desk, bus: Bus) -> None:
    """The card comes in time, and when the server wakes up again there is no second note."""
    reminders = Reminders(bus, patience=300)
    server = place.mock(ALL)
    reminders.notifier.show(SCREENS)
    settled(qtbot, bus)
    server.send_signal(signal.SIGSTOP)
    reminders.notifier.show(LEGS)
    qtbot.waitUntil(lambda: reminders.on_card == [LEGS], timeout=2000)
    server.send_signal(signal.SIGCONT)
    settled(qtbot, bus)
    assert place.mock_calls("CloseNotification") == [(2,)]
    assert reminders.on_card == [LEGS]


@needs_mock
def test_a_note_that_stood_on_a_killed_server_stands_on_the_next_one(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    server = place.mock(ALL)
    reminders.notifier.show(LEGS)
    reminders.notifier.show(SCREENS)
    settled(qtbot, bus)
    place.mock_emits("NotificationClosed", "uu", 2, 1)
    settled(qtbot, bus)
    place.mock_emits("ActivationToken", "us", 1, "token-of-the-old-server")
    place.stop(server, kill=True)
    heard(qtbot, bus)
    place.mock("actions body")
    (again,) = notified(qtbot, place, 1)
    assert (again[1], again[3]) == (0, "Time for your legs")
    settled(qtbot, bus)
    place.mock_emits("ActionInvoked", "us", 1, "start")
    qtbot.waitUntil(lambda: reminders.answers == [("stretch", Act.START)], timeout=5000)
    assert reminders.notifier.token == ""
    assert not reminders.cards


@needs_mock
def test_a_note_that_stood_on_a_killed_server_comes_to_the_card_when_no_other_follows(
    qtbot: QtBot, place: Desk, bus: Bus
) -> None:
    reminders = Reminders(bus, patience=300)
    server = place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    place.stop(server, kill=True)
    qtbot.waitUntil(lambda: reminders.on_card == [LEGS], timeout=5000)


@needs_mock
def test_after_the_answer_nothing_more_is_listened_to(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    """Other programs' notes must not wake a computer at rest."""
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    assert rules(place)
    place.mock_emits("ActionInvoked", "us", 1, "skip")
    qtbot.waitUntil(lambda: bool(reminders.answers), timeout=5000)
    settled(qtbot, bus)
    assert not rules(place)


def rules(place: Desk) -> list[str]:
    """The match rules about notifications that anybody has on the bus."""
    stats = BUS_ITSELF | {"interface": "org.freedesktop.DBus.Debug.Stats"}
    found = place.call("GetAllMatchRules", "", (), **stats).body[0]
    return [rule for all_of_one in found.values() for rule in all_of_one if NAME in rule]


# -- no server, no bus -------------------------------------------------------------------------------------


def test_without_a_server_the_card_takes_it_and_answers(qtbot: QtBot, bus: Bus, reminders: Reminders) -> None:
    assert not reminders.cards  # made on the first need
    reminders.notifier.show(LEGS)
    qtbot.waitUntil(lambda: reminders.on_card == [LEGS], timeout=5000)
    reminders.cards[0].answered.publish(("stretch", Act.SNOOZE))
    assert reminders.answers == [("stretch", Act.SNOOZE)]
    assert reminders.notifier.token == ""
    reminders.notifier.show(LEGS)
    qtbot.waitUntil(lambda: reminders.on_card == [LEGS], timeout=5000)
    reminders.notifier.withdraw("stretch")
    assert not reminders.on_card
    reminders.notifier.close()
    assert len(reminders.cards) == 1 and reminders.cards[0].closed
    reminders.notifier.show(LEGS)  # watched again
    qtbot.waitUntil(lambda: reminders.on_card == [LEGS], timeout=5000)
    assert len(reminders.cards) == 2


def test_without_a_bus_the_card_takes_it_at_once(monkeypatch: pytest.MonkeyPatch, qapp: object) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    card = Card()
    one = Bus()
    notifier = notifier_for_this_system(one, lambda: card, app_id=APP)
    notifier.show(LEGS)
    assert card.shown == {"stretch": LEGS}
    notifier.close()
    one.close()


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_windows_and_macos_have_the_card_where_the_library_is_missing(
    monkeypatch: pytest.MonkeyPatch, qapp: object, system: str
) -> None:
    card = Card()
    with monkeypatch.context() as change:
        change.setattr(sys, "platform", system)
        change.setitem(sys.modules, "desktop_notifier", None)
        notifier = notifier_for_this_system(Bus(), lambda: card, app_id=APP)
    notifier.show(LEGS)
    assert card.shown == {"stretch": LEGS}


@needs_mock
def test_a_server_that_comes_later_gets_the_next_note(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    reminders.notifier.show(LEGS)
    qtbot.waitUntil(lambda: reminders.on_card == [LEGS], timeout=5000)
    place.mock(ALL)
    reminders.notifier.show(LEGS)
    notified(qtbot, place, 1)
    assert not reminders.on_card  # never in two places


@needs_mock
def test_a_server_that_the_bus_can_start_is_started_for_a_note(qtbot: QtBot, place: Desk, bus: Bus) -> None:
    """Also when it was killed while a note stood, but only after it had the time to come back by itself."""
    reminders = Reminders(bus, patience=2000)
    place.offer(NAME, shlex.join(place.mock_command(ALL)))
    reminders.notifier.show(LEGS)
    assert notified(qtbot, place, 1)[0][3] == LEGS.title
    (process,) = place.call("GetConnectionUnixProcessID", "s", (NAME,), **BUS_ITSELF).body
    os.kill(process, signal.SIGKILL)
    qtbot.waitUntil(lambda: place.call("NameHasOwner", "s", (NAME,), **BUS_ITSELF).body == (False,))
    qtbot.waitUntil(lambda: place.call("NameHasOwner", "s", (NAME,), **BUS_ITSELF).body == (True,))
    assert notified(qtbot, place, 1)[0][3] == LEGS.title
    assert not reminders.cards


@needs_mock
def test_a_note_comes_back_when_the_whole_bus_was_lost(
    qtbot: QtBot, tmp_path: Path, place: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.mock(ALL)
    one = Bus(tries=(100, 100, 100))
    reminders = Reminders(one, patience=300)
    reminders.notifier.show(LEGS)
    settled(qtbot, one)
    (tmp_path / "second").mkdir()
    with desk(tmp_path / "second") as other:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", other.environment["DBUS_SESSION_BUS_ADDRESS"])
        other.mock(ALL)
        place.end_bus()
        assert notified(qtbot, other, 1)[0][3] == "Time for your legs"
        one.close()


# -- dunst -------------------------------------------------------------------------------------------------


@pytest.fixture
def dunst(place: Desk) -> Desk:
    """dunst, with a menu in which the user always takes "In 10 minutes"."""
    place.screen()
    menu = place.folder / "menu"
    menu.write_text("#!/bin/sh\ngrep minutes\\ \n")
    menu.chmod(0o755)
    place.dunst(f"    dmenu = {menu}")
    return place


def waiting(place: Desk) -> int:
    return int(place.run("dunstctl", "count", "displayed"))


@needs_dunst
def test_dunst_shows_one_note_and_gives_us_the_click(
    qtbot: QtBot, dunst: Desk, bus: Bus, reminders: Reminders
) -> None:
    for _ in range(3):
        reminders.notifier.show(LEGS)
    reminders.notifier.show(SCREENS)
    reminders.notifier.show(LIGHTS)
    settled(qtbot, bus)
    qtbot.waitUntil(lambda: waiting(dunst) == 2, timeout=5000)
    reminders.notifier.withdraw("lights")
    qtbot.waitUntil(lambda: waiting(dunst) == 1, timeout=5000)
    dunst.run("dunstctl", "action", "0")
    qtbot.waitUntil(lambda: reminders.answers == [("stretch", Act.OPEN)], timeout=5000)
    qtbot.waitUntil(lambda: waiting(dunst) == 0, timeout=5000)


@needs_dunst
def test_a_button_from_the_menu_of_dunst_reaches_us(
    qtbot: QtBot, dunst: Desk, bus: Bus, reminders: Reminders
) -> None:
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    qtbot.waitUntil(lambda: waiting(dunst) == 1, timeout=5000)
    dunst.run("dunstctl", "context")
    qtbot.waitUntil(lambda: reminders.answers == [("stretch", Act.SNOOZE)], timeout=5000)


@needs_dunst
def test_dunst_killed_and_restarted_shows_the_note_again(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.screen()
    server = place.dunst()
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    qtbot.waitUntil(lambda: waiting(place) == 1, timeout=5000)
    place.stop(server, kill=True)
    heard(qtbot, bus)
    place.dunst()
    qtbot.waitUntil(lambda: waiting(place) == 1, timeout=5000)
    place.run("dunstctl", "action", "0")
    qtbot.waitUntil(lambda: reminders.answers == [("stretch", Act.OPEN)], timeout=5000)
    assert not reminders.cards


@needs_dunst
@pytest.mark.parametrize(
    ("markup", "kept"), [("no", "<b>Legs</b> & feet"), ("full", html.escape("<b>Legs</b> & feet"))]
)
def test_dunst_draws_what_the_user_wrote_letter_by_letter(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders, markup: str, kept: str
) -> None:
    """Whether it was told to read markup or not; what it keeps is what it draws from."""
    place.screen()
    place.dunst(f"    markup = {markup}")
    reminders.notifier.show(Note("stretch", "stretch", "", "Time", "<b>Legs</b> & feet", BUTTONS))
    settled(qtbot, bus)
    qtbot.waitUntil(lambda: waiting(place) == 1, timeout=5000)
    place.run("dunstctl", "close")
    history = json.loads(place.run("dunstctl", "history"))
    assert history["data"][0][0]["body"]["data"] == kept


# -- Xfce --------------------------------------------------------------------------------------------------


def windows(place: Desk) -> list[str]:
    """What xdotool sees on the screen of the note; its windows by number."""
    try:
        return place.run("xdotool", "search", "--onlyvisible", "--class", "xfce4-notifyd").split()
    except Exception:
        return []


def geometry(place: Desk, window: str) -> dict[str, int]:
    lines = place.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
    return {name: int(value) for name, _sign, value in (line.partition("=") for line in lines)}


@needs_xfce
def test_a_click_on_a_button_of_xfce_reaches_us(
    qtbot: QtBot, place: Desk, bus: Bus, reminders: Reminders
) -> None:
    place.screen()
    place.xfce()
    reminders.notifier.show(LEGS)
    reminders.notifier.show(LEGS)
    settled(qtbot, bus)
    qtbot.waitUntil(lambda: len(windows(place)) == 1, timeout=10_000)
    where = geometry(place, windows(place)[0])
    # The three buttons share the last row; the middle one is "In 10 minutes".
    x, y = where["X"] + where["WIDTH"] * 58 // 100, where["Y"] + where["HEIGHT"] - 20

    def clicked() -> bool:
        place.run("xdotool", "mousemove", str(x), str(y), "click", "1")
        return bool(reminders.answers)

    qtbot.waitUntil(clicked, timeout=10_000)
    assert reminders.answers == [("stretch", Act.SNOOZE)]
    qtbot.waitUntil(lambda: not windows(place), timeout=10_000)
