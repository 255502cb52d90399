"""Whether the desktop wants quiet: asked of real services, each of which may be missing, odd or stuck."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from jeepney import message_bus
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

import coach.desktop.quiet as quiet_module
from coach.desktop.bus import Bus
from coach.desktop.quiet import DesktopQuiet, quiet_for_this_system
from tests.desktop.notification_peers import (
    NAME,
    PATH,
    SYSTEM_PYTHON,
    Desk,
    desk,
    needs_bus,
    needs_dunst,
    needs_mock,
    needs_xfce,
    xfce_program,
)

pytestmark = needs_bus

MOCK = "org.freedesktop.DBus.Mock"
GNOME = {"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk(tmp_path) as one:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", one.environment["DBUS_SESSION_BUS_ADDRESS"])
        yield one


@pytest.fixture
def bus(place: Desk, qapp: object) -> Iterator[Bus]:
    one = Bus(patience=5000)
    yield one
    one.close()


def says(
    qtbot: QtBot, quiet: DesktopQuiet, *, films: bool = False, dnd: bool = True, within: int = 5000
) -> bool:
    """The answer, once it is there."""
    answers: list[bool] = []
    quiet.ask(answers.append, films=films, dnd=dnd)
    qtbot.waitUntil(lambda: bool(answers), timeout=within)
    return answers[0]


def service(place: Desk, name: str, path: str, interface: str) -> None:
    """A mocked service with one empty object."""
    place.start([SYSTEM_PYTHON, "-m", "dbusmock", "--session", name, path, interface], name)


def gsettings(folder: Path, script: str) -> dict[str, str]:
    """An environment of GNOME in which `gsettings` is this script."""
    program = folder / "gsettings"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return GNOME | {"PATH": str(folder)}


# -- do not disturb ----------------------------------------------------------------------------------------


def test_a_desktop_that_says_nothing_is_not_quiet(qtbot: QtBot, bus: Bus) -> None:
    assert says(qtbot, DesktopQuiet(bus, {}), films=True, within=1000) is False


def test_without_a_bus_the_answer_comes_at_once(monkeypatch: pytest.MonkeyPatch, qapp: object) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    answers: list[bool] = []
    one = Bus()
    quiet_for_this_system(one).ask(answers.append, films=True)
    one.close()
    assert answers == [False]


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_systems_that_do_not_tell_are_not_quiet(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    answers: list[bool] = []
    with monkeypatch.context() as change:
        change.setattr(sys, "platform", system)
        quiet = quiet_for_this_system(Bus())
    quiet.ask(answers.append, films=True)
    assert answers == [False]


@needs_dunst
def test_dunst_paused_means_quiet(qtbot: QtBot, place: Desk, bus: Bus) -> None:
    place.screen()
    place.dunst()
    quiet = DesktopQuiet(bus, {})
    assert says(qtbot, quiet) is False
    place.run("dunstctl", "set-paused", "true")
    assert says(qtbot, quiet) is True
    place.run("dunstctl", "set-paused", "false")
    assert says(qtbot, quiet) is False


@needs_xfce
def test_do_not_disturb_of_xfce_means_quiet(qtbot: QtBot, place: Desk, bus: Bus) -> None:
    settings = xfce_program("xfconf", "xfconfd")
    assert settings is not None
    place.start([settings], "org.xfce.Xfconf")
    quiet = DesktopQuiet(bus, {})
    assert says(qtbot, quiet) is False  # never set
    setting = ("xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb")
    place.run(*setting, "-n", "-t", "bool", "-s", "true")
    assert says(qtbot, quiet) is True
    assert says(qtbot, quiet, dnd=False, films=True) is False
    place.run(*setting, "-s", "false")
    assert says(qtbot, quiet) is False


@needs_mock
@pytest.mark.parametrize(("value", "quiet"), [(True, True), (False, False), ("true", False), (1, False)])
def test_inhibited_of_kde_means_quiet(
    qtbot: QtBot, place: Desk, bus: Bus, value: object, quiet: bool
) -> None:
    """And a value that is not yes or no means nothing."""
    kind = {bool: "b", str: "s", int: "i"}[type(value)]
    service(place, NAME, PATH, NAME)
    place.call("AddProperty", "ssv", (NAME, "Inhibited", (kind, value)), interface=MOCK)
    assert says(qtbot, DesktopQuiet(bus, {})) is quiet


@pytest.mark.parametrize(
    ("script", "quiet"),
    [
        ("echo false", True),
        ("echo true", False),
        ("echo 'No such schema' >&2; exit 1", False),
        ("echo false-ish", False),
        ("kill -9 $$", False),
    ],
)
def test_banners_turned_off_in_gnome_mean_quiet(
    qtbot: QtBot, tmp_path: Path, bus: Bus, script: str, quiet: bool
) -> None:
    assert says(qtbot, DesktopQuiet(bus, gsettings(tmp_path, script))) is quiet


def test_gnome_is_asked_for_the_right_setting(qtbot: QtBot, tmp_path: Path, bus: Bus) -> None:
    wanted = '[ "$*" = "get org.gnome.desktop.notifications show-banners" ] && echo false'
    assert says(qtbot, DesktopQuiet(bus, gsettings(tmp_path, wanted))) is True


def test_only_gnome_and_its_kin_are_asked_through_a_process(qtbot: QtBot, tmp_path: Path, bus: Bus) -> None:
    environment = gsettings(tmp_path, "echo false")
    for desktop, quiet in (("XFCE", False), ("Budgie:GNOME", True), ("Unity", True), ("", False)):
        said = says(qtbot, DesktopQuiet(bus, environment | {"XDG_CURRENT_DESKTOP": desktop}))
        assert said is quiet, desktop
    empty = tmp_path / "empty"
    empty.mkdir()
    assert says(qtbot, DesktopQuiet(bus, GNOME | {"PATH": str(empty)})) is False


def test_a_program_that_never_answers_is_ended(qtbot: QtBot, tmp_path: Path, bus: Bus) -> None:
    environment = gsettings(tmp_path, f"echo $$ > {tmp_path}/number; exec /bin/sleep 60")
    quiet = DesktopQuiet(bus, environment, patience=500)
    assert says(qtbot, quiet) is False
    number = (tmp_path / "number").read_text().strip()
    qtbot.waitUntil(lambda: not Path(f"/proc/{number}").exists() and not quiet._programs)


class Stuck(QProcess):
    """A program that hangs in the kernel: being killed does not end it at once."""

    made: ClassVar[list[Stuck]] = []

    def __init__(self) -> None:
        super().__init__()
        self.made.append(self)
        self.waits = 0

    def kill(self) -> None:
        """Comes to nothing for now."""

    def waitForFinished(self, msecs: int = 30_000) -> bool:
        self.waits += 1
        return False


def test_a_program_that_cannot_be_ended_holds_nothing_up(
    qtbot: QtBot, tmp_path: Path, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    Stuck.made.clear()
    monkeypatch.setattr(quiet_module, "QProcess", Stuck)
    quiet = DesktopQuiet(bus, gsettings(tmp_path, "exec /bin/sleep 60"), patience=200)
    assert says(qtbot, quiet) is False
    (program,) = Stuck.made
    assert program.waits == 0 and program.state() is not QProcess.ProcessState.NotRunning
    QProcess.kill(program)
    qtbot.waitUntil(lambda: not quiet._programs)


@needs_dunst
def test_a_service_that_is_stuck_is_not_waited_for_long(qtbot: QtBot, place: Desk, bus: Bus) -> None:
    place.screen()
    server = place.dunst()
    place.run("dunstctl", "set-paused", "true")
    server.send_signal(signal.SIGSTOP)
    assert says(qtbot, DesktopQuiet(bus, {}, patience=300), within=2000) is False
    server.send_signal(signal.SIGCONT)


@needs_mock
def test_the_answer_comes_once_however_many_say_yes(
    qtbot: QtBot, tmp_path: Path, place: Desk, bus: Bus
) -> None:
    service(place, NAME, PATH, NAME)
    for interface, name in ((NAME, "Inhibited"), ("org.dunstproject.cmd0", "paused")):
        place.call("AddProperty", "ssv", (interface, name, ("b", True)), interface=MOCK)
    answers: list[bool] = []
    DesktopQuiet(bus, gsettings(tmp_path, "echo false")).ask(answers.append, films=True)
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    replies: list[object] = []
    bus.call(message_bus.GetId(), replies.append)  # answered after all the others
    qtbot.waitUntil(lambda: bool(replies), timeout=5000)
    assert answers == [True]


@needs_dunst
def test_one_yes_is_enough_and_is_not_kept_waiting(
    qtbot: QtBot, tmp_path: Path, place: Desk, bus: Bus
) -> None:
    place.screen()
    place.dunst()
    place.run("dunstctl", "set-paused", "true")
    slow = gsettings(tmp_path, "exec /bin/sleep 60")
    assert says(qtbot, DesktopQuiet(bus, slow, patience=60_000), within=2000) is True


def test_nothing_is_started_for_the_question(qtbot: QtBot, tmp_path: Path, place: Desk, bus: Bus) -> None:
    started = tmp_path / "started"
    # The bus would answer only after the program has ended without taking the name.
    for name in (NAME, "org.xfce.Xfconf", "org.gnome.SessionManager", "org.freedesktop.PowerManagement"):
        place.offer(name, f"/usr/bin/touch {started}")
    assert says(qtbot, DesktopQuiet(bus, {}), films=True) is False
    assert not started.exists()


# -- films -------------------------------------------------------------------------------------------------

FILMS = {
    "GNOME": (
        "org.gnome.SessionManager",
        "/org/gnome/SessionManager",
        "org.gnome.SessionManager",
        ("IsInhibited", "u", "b", "ret = args[0] == 8"),
    ),
    "Xfce": (
        "org.freedesktop.PowerManagement",
        "/org/freedesktop/PowerManagement/Inhibit",
        "org.freedesktop.PowerManagement.Inhibit",
        ("HasInhibit", "", "b", "ret = True"),
    ),
    "KDE": (
        "org.kde.Solid.PowerManagement.PolicyAgent",
        "/org/kde/Solid/PowerManagement/PolicyAgent",
        "org.kde.Solid.PowerManagement.PolicyAgent",
        ("HasInhibition", "u", "b", "ret = args[0] == 4"),
    ),
}


@needs_mock
@pytest.mark.parametrize("desktop", list(FILMS))
def test_a_film_means_quiet_if_the_user_wants_that(qtbot: QtBot, place: Desk, bus: Bus, desktop: str) -> None:
    name, path, interface, (method, takes, gives, code) = FILMS[desktop]
    service(place, name, path, interface)
    arguments = (interface, method, takes, gives, code)
    place.call("AddMethod", "sssss", arguments, name=name, path=path, interface=MOCK)
    quiet = DesktopQuiet(bus, {})
    assert says(qtbot, quiet, films=True) is True
    assert says(qtbot, quiet, films=True, dnd=False) is True
    assert says(qtbot, quiet, films=False) is False
