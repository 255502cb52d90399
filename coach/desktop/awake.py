"""Keeps the display awake during a session, by whatever this system offers for that.

It leaves out when that is wanted. Where nothing is offered it says so in the log and does nothing.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QProcess

from coach.desktop.bus import Bus, succeeded
from coach.i18n import N_, _
from coach.services.ports import Awake

if TYPE_CHECKING:
    from jeepney import Message

log = logging.getLogger(__name__)

APP_NAME = "Stretch Coach"
REASON = N_("A stretching session is under way.")
# org.freedesktop.portal.Inhibit, flag 8: do not count as idle.
_IDLE = 8


def awake_for_this_system(bus: Bus) -> Awake:
    """The Awake port of this platform; `bus` is the session bus, used on Linux and the like only."""
    if sys.platform == "win32":
        return WindowsAwake()
    if sys.platform == "darwin":
        return MacAwake()
    if importlib.util.find_spec("jeepney") is None:
        return NoAwake()
    return BusAwake(bus, sandboxed=Path("/.flatpak-info").exists())


class BusAwake:
    """Over org.freedesktop.ScreenSaver or the desktop portal: the first that answers; the portal first in
    a sandbox, where nothing else can be reached. Asking is never waited for."""

    def __init__(self, bus: Bus, *, sandboxed: bool = False) -> None:
        self._bus = bus
        ways = [self._ask_screen_saver, self._ask_portal]
        self._ways = tuple(reversed(ways)) if sandboxed else tuple(ways)
        self._wanted = False
        self._asking = False
        self._undo: Callable[[], None] | None = None

    def hold(self) -> None:
        self._wanted = True
        if self._undo is None and not self._asking:
            self._asking = True
            self._try(0)

    def release(self) -> None:
        self._wanted = False
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def _try(self, number: int) -> None:
        if number < len(self._ways):
            self._ways[number](lambda undo: self._asked(number, undo))
        else:
            self._asking = False
            log.info("nothing here keeps the display awake")

    def _asked(self, number: int, undo: Callable[[], None] | None) -> None:
        if undo is None:
            self._try(number + 1)
            return
        self._asking = False
        if self._wanted:
            self._undo = undo
        else:  # released while the answer was on its way
            undo()

    def _ask_screen_saver(self, then: Callable[[Callable[[], None] | None], None]) -> None:
        saver = ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver")

        def answered(reply: Message | None) -> None:
            cookie = reply.body[0] if reply is not None and succeeded(reply) and reply.body else None
            if isinstance(cookie, int):
                then(lambda: self._bus.tell(_call(*saver, "UnInhibit", "u", (cookie,))))
            else:
                then(None)

        self._bus.call(_call(*saver, "Inhibit", "ss", (APP_NAME, _(REASON))), answered)

    def _ask_portal(self, then: Callable[[Callable[[], None] | None], None]) -> None:
        name, path = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"

        def answered(reply: Message | None) -> None:
            handle = reply.body[0] if reply is not None and succeeded(reply) and reply.body else None
            if isinstance(handle, str):
                request = "org.freedesktop.portal.Request"
                then(lambda: self._bus.tell(_call(handle, name, request, "Close")))
            else:
                then(None)

        options = {"reason": ("s", _(REASON))}
        interface = "org.freedesktop.portal.Inhibit"
        self._bus.call(_call(path, name, interface, "Inhibit", "sua{sv}", ("", _IDLE, options)), answered)


def _call(
    path: str, name: str, interface: str, method: str, signature: str = "", body: tuple[Any, ...] = ()
) -> Message:
    from jeepney import DBusAddress, new_method_call

    return new_method_call(DBusAddress(path, name, interface), method, signature or None, body)


class WindowsAwake:
    """Over SetThreadExecutionState, which lasts until it is undone or the process ends."""

    def hold(self) -> None:
        self._set(0x80000000 | 0x1 | 0x2)  # continuous, system, display

    def release(self) -> None:
        self._set(0x80000000)

    def _set(self, state: int) -> None:
        import ctypes

        kernel: Any = getattr(ctypes, "windll", None)
        if kernel is None or not kernel.kernel32.SetThreadExecutionState(state):
            log.info("the display cannot be kept awake")


class MacAwake:
    """Over a caffeinate process, which ends with ours."""

    def __init__(self) -> None:
        self._process: QProcess | None = None

    def hold(self) -> None:
        if self._process is None:
            self._process = QProcess()
            self._process.start("/usr/bin/caffeinate", ["-d", "-i", "-w", str(os.getpid())])

    def release(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(500)


class NoAwake:
    """For systems where nothing is known that helps."""

    def hold(self) -> None:
        log.info("nothing here keeps the display awake")

    def release(self) -> None:
        """Nothing was held."""
