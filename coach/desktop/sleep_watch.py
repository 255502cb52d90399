"""Tells when the computer goes to sleep, when it woke up, and when its time zone was changed.

It leaves out what follows from that. On Linux logind and timedated tell it, on Windows the messages that
every window gets; on macOS nobody is asked: there a session pauses by the gap in its clock
(domain.session.LATE), and the alarm of reminders finds its clock moved. Where there is no bus it is silent.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractNativeEventFilter, QCoreApplication

from coach.desktop.bus import Bus
from coach.services.topic import Topic

if TYPE_CHECKING:
    from jeepney import Message

log = logging.getLogger(__name__)

_LOGIND = "org.freedesktop.login1"
_TIMEDATED = "org.freedesktop.timedate1"


class SleepWatch:
    """Watches from `start` to `close`. `asleep` publishes True before the computer sleeps and False after.

    A sleep that nobody announced is not told. After a restart of the bus it goes on.
    """

    def __init__(self, system_bus: Bus) -> None:
        self._bus = system_bus
        self._ends: list[Callable[[], None]] = []
        self.asleep: Topic[bool] = Topic()
        self.zone_changed: Topic[None] = Topic()

    def start(self) -> None:
        """Watch; asking twice is harmless."""
        if self._ends:
            return
        if sys.platform == "win32":
            self._watch_windows()
        elif sys.platform != "darwin":
            self._watch_bus()

    def close(self) -> None:
        """Watch no more; harmless when it was not started."""
        ends, self._ends = self._ends, []
        for end in ends:
            end()

    def _watch_bus(self) -> None:
        try:
            from jeepney import MatchRule
        except ImportError:
            log.info("nothing here tells when the computer sleeps")
            return
        sleep = MatchRule(
            type="signal",
            sender=_LOGIND,
            path="/org/freedesktop/login1",
            interface="org.freedesktop.login1.Manager",
            member="PrepareForSleep",
        )
        zone = MatchRule(
            type="signal",
            sender=_TIMEDATED,
            path="/org/freedesktop/timedate1",
            interface="org.freedesktop.DBus.Properties",
            member="PropertiesChanged",
        )
        self._ends += [self._bus.listen(sleep, self._slept), self._bus.listen(zone, self._changed)]

    def _slept(self, message: Message) -> None:
        if len(message.body) == 1 and isinstance(message.body[0], bool):
            self.asleep.publish(message.body[0])

    def _changed(self, message: Message) -> None:
        body = message.body
        if len(body) == 3 and ("Timezone" in body[1] or "Timezone" in body[2]):
            self.zone_changed.publish(None)

    def _watch_windows(self) -> None:
        app = QCoreApplication.instance()
        if app is not None:
            messages = WindowsMessages(self.asleep.publish, lambda: self.zone_changed.publish(None))
            app.installNativeEventFilter(messages)
            self._ends.append(lambda: app.removeNativeEventFilter(messages))


class _WindowsMessage(ctypes.Structure):
    """The start of the MSG of winuser.h."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("number", ctypes.c_uint),
        ("first", ctypes.c_size_t),
        ("second", ctypes.c_ssize_t),
    )


class WindowsMessages(QAbstractNativeEventFilter):
    """Picks WM_POWERBROADCAST and WM_TIMECHANGE out of what the windows of this app are told."""

    # Of winuser.h. The clock and the zone are told by the same message.
    _TIME_CHANGE = 0x001E
    _POWER = 0x0218
    _SUSPEND = 0x0004
    _RESUMED = (0x0007, 0x0012)

    def __init__(self, slept: Callable[[bool], None], changed: Callable[[], None]) -> None:
        super().__init__()
        self._slept = slept
        self._changed = changed
        self._is_asleep = False

    def nativeEventFilter(self, kind: object, message: int) -> tuple[bool, int]:
        """Take note of one message; it goes on to whom it is for."""
        given = _WindowsMessage.from_address(int(message))
        if given.number == self._TIME_CHANGE:
            self._changed()
        elif given.number == self._POWER:
            self._power(given.first)
        return False, 0

    def _power(self, what: int) -> None:
        # Every window is told, and a wake-up twice when somebody sits at the keyboard.
        if what == self._SUSPEND and not self._is_asleep:
            self._is_asleep = True
            self._slept(True)
        elif what in self._RESUMED and self._is_asleep:
            self._is_asleep = False
            self._slept(False)
