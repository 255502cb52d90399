"""Asks the desktop whether it wants no notes just now: do not disturb, or a film that keeps the screen awake.

It leaves out what is done about it. No service is started for the question, and it is never waited for long.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QProcess, QTimer

from coach.desktop.bus import Bus, succeeded
from coach.services.ports import Quiet

if TYPE_CHECKING:
    from jeepney import Message

# Who has not said so after so many ms is not quiet.
PATIENCE = 2000

_PROPERTIES = "org.freedesktop.DBus.Properties"


@dataclass(frozen=True)
class _Question:
    """A method of a service whose answer is a boolean, plain or in a variant."""

    name: str
    path: str
    interface: str
    method: str
    signature: str = ""
    body: tuple[Any, ...] = ()


_NOTIFICATIONS = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
_DO_NOT_DISTURB = (
    # KDE Plasma 5.18 and later
    _Question(*_NOTIFICATIONS, _PROPERTIES, "Get", "ss", ("org.freedesktop.Notifications", "Inhibited")),
    _Question(*_NOTIFICATIONS, _PROPERTIES, "Get", "ss", ("org.dunstproject.cmd0", "paused")),
    _Question(
        "org.xfce.Xfconf",
        "/org/xfce/Xfconf",
        "org.xfce.Xfconf",
        "GetProperty",
        "ss",
        ("xfce4-notifyd", "/do-not-disturb"),
    ),
)
_FILMS = (
    # GNOME: 8 is "the session must not count as idle".
    _Question(
        "org.gnome.SessionManager",
        "/org/gnome/SessionManager",
        "org.gnome.SessionManager",
        "IsInhibited",
        "u",
        (8,),
    ),
    # Xfce, MATE, LXQt and others
    _Question(
        "org.freedesktop.PowerManagement",
        "/org/freedesktop/PowerManagement/Inhibit",
        "org.freedesktop.PowerManagement.Inhibit",
        "HasInhibit",
    ),
    # KDE: 4 is "the screen must stay on".
    _Question(
        "org.kde.Solid.PowerManagement.PolicyAgent",
        "/org/kde/Solid/PowerManagement/PolicyAgent",
        "org.kde.Solid.PowerManagement.PolicyAgent",
        "HasInhibition",
        "u",
        (4,),
    ),
)
# Desktops that keep "no banners" as a setting; asked through a process of theirs.
_GNOME_LIKE = ("GNOME", "Unity", "Budgie")
_BANNERS = ("get", "org.gnome.desktop.notifications", "show-banners")


def quiet_for_this_system(bus: Bus) -> Quiet:
    """The Quiet port of this platform; `bus` is the session bus, used on Linux and the like only.

    Windows (focus assist) and macOS (Focus) hold notes back by themselves and tell no program about it in a
    documented way: there the answer is always False.
    """
    if sys.platform in ("win32", "darwin") or importlib.util.find_spec("jeepney") is None:
        return NeverQuiet()
    return DesktopQuiet(bus, os.environ)


class NeverQuiet:
    """For systems that do not tell: never quiet."""

    def ask(self, then: Callable[[bool], None], *, films: bool, dnd: bool = True) -> None:
        then(False)


class DesktopQuiet:
    """Asks whatever desktop service is running, all at once; one "yes" is enough."""

    def __init__(self, bus: Bus, environment: Mapping[str, str], *, patience: int = PATIENCE) -> None:
        self._bus = bus
        self._environment = environment
        self._patience = patience
        self._rounds: set[_Round] = set()
        self._programs: set[QProcess] = set()  # those that were asked, until they have ended

    def ask(self, then: Callable[[bool], None], *, films: bool, dnd: bool = True) -> None:
        questions = (_DO_NOT_DISTURB if dnd else ()) + (_FILMS if films else ())
        setting = self._setting() if dnd else ""
        asked = _Round(self._programs, self._patience, len(questions) + bool(setting))

        def over(quiet: bool) -> None:
            self._rounds.discard(asked)
            then(quiet)

        asked.begin(over)
        self._rounds.add(asked)
        if setting:
            asked.run(setting)
        for question in questions:
            self._bus.call(_message(question), lambda reply: asked.hear(_says_yes(reply)))

    def _setting(self) -> str:
        """The program that knows the setting of this desktop, or "" where there is none to ask."""
        desktop = self._environment.get("XDG_CURRENT_DESKTOP", "").lower()
        if not any(name.lower() in desktop for name in _GNOME_LIKE):
            return ""
        return shutil.which("gsettings", path=self._environment.get("PATH")) or ""


class _Round:
    """One round of questions: waits for the first yes, the last no, or the end of patience."""

    def __init__(self, programs: set[QProcess], patience: int, open_questions: int) -> None:
        self._programs = programs
        self._open = open_questions
        self._then: Callable[[bool], None] | None = None
        self._process: QProcess | None = None
        self._deadline = QTimer()
        self._deadline.setSingleShot(True)
        self._deadline.setInterval(patience)
        self._deadline.timeout.connect(lambda: self._end(False))

    def begin(self, then: Callable[[bool], None]) -> None:
        self._then = then
        self._deadline.start()

    def hear(self, yes: bool) -> None:
        self._open -= 1
        if yes or self._open <= 0:
            self._end(yes)

    def run(self, program: str) -> None:
        process = self._process = QProcess()
        self._programs.add(process)

        def told(*_: object) -> None:
            self.hear(bytes(process.readAllStandardOutput().data()).strip() == b"false")

        process.finished.connect(told)
        process.errorOccurred.connect(self._broken)
        process.start(program, _BANNERS)

    def _broken(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:  # after any other error it also finishes
            self.hear(False)

    def _end(self, quiet: bool) -> None:
        then, self._then = self._then, None
        if then is None:
            return
        self._deadline.stop()
        process, self._process = self._process, None
        if process is not None:
            self._let_go(process)
        then(quiet)

    def _let_go(self, process: QProcess) -> None:
        """End it if it runs; its end is not waited for, for it may be stuck in the kernel."""

        def forget(*_: object) -> None:
            self._programs.discard(process)
            process.deleteLater()

        if process.state() is QProcess.ProcessState.NotRunning:
            forget()
        else:
            process.finished.connect(forget)
            process.kill()


def _message(question: _Question) -> Message:
    from jeepney import DBusAddress, MessageFlag, new_method_call

    address = DBusAddress(question.path, question.name, question.interface)
    message = new_method_call(address, question.method, question.signature or None, question.body)
    message.header.flags |= MessageFlag.no_auto_start
    return message


def _says_yes(reply: Message | None) -> bool:
    if reply is None or not succeeded(reply) or len(reply.body) != 1:
        return False
    value = reply.body[0]
    return value is True or value == ("b", True)
