"""The clock of the running app, on Qt's event loop.

It leaves out what is done when: callers ask for one call at a time. It is the only module that reads clocks.
"""

from __future__ import annotations

import contextlib
import ctypes
import heapq
import itertools
import math
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import QSocketNotifier, Qt, QTimer

# A QTimer counts whole milliseconds in 32 bits: about 24 days. Longer waits are taken in stages.
_LONGEST_MS = 2**31 - 1


def _read_monotonic() -> float:
    """Seconds since some start that go on while the machine sleeps, where the system can tell (Linux)."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def _look_at_zone() -> None:
    """Users travel: the C library reads the zone of the system anew only when it is told to."""
    if hasattr(time, "tzset"):
        time.tzset()


def monotonic_ns() -> int:
    """Nanoseconds on the system's monotonic clock, the one other programs measure start-up with."""
    return time.monotonic_ns()


class _Alarm(Protocol):
    """Rings once at an instant of the monotonic clock."""

    @property
    def rings(self) -> Any:
        """The signal of Qt that tells it."""

    def set(self, due: float) -> None: ...
    def clear(self) -> None: ...

    def heard(self) -> None:
        """To be called when it rang."""


class _TimerAlarm:
    """A QTimer: whole milliseconds, rounded up twice on the way, so 0.8 ms late on average."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)

    @property
    def rings(self) -> Any:
        return self._timer.timeout

    def set(self, due: float) -> None:
        wait = math.ceil((due - _read_monotonic()) * 1000.0)
        self._timer.start(min(max(wait, 0), _LONGEST_MS))

    def clear(self) -> None:
        self._timer.stop()

    def heard(self) -> None:
        """A single shot needs nothing."""


class _TimeSpec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _TimerSpec(ctypes.Structure):
    _fields_ = (("interval", _TimeSpec), ("value", _TimeSpec))


class _BootAlarm:
    """A timerfd on Linux's CLOCK_BOOTTIME: in nanoseconds, and at once after a sleep past its instant."""

    _ABSOLUTE = 1

    def __init__(self) -> None:
        """Raises OSError or AttributeError where there is no such thing."""
        self._library = ctypes.CDLL(None, use_errno=True)
        self._file = -1
        self._file = self._library.timerfd_create(time.CLOCK_BOOTTIME, os.O_NONBLOCK | os.O_CLOEXEC)
        if self._file < 0:
            raise OSError(ctypes.get_errno(), "no timerfd")
        self._notifier = QSocketNotifier(self._file, QSocketNotifier.Type.Read)

    def __del__(self) -> None:
        if self._file >= 0:
            with contextlib.suppress(RuntimeError, AttributeError):  # Qt may be gone already
                self._notifier.setEnabled(False)
            os.close(self._file)

    @property
    def rings(self) -> Any:
        return self._notifier.activated

    def set(self, due: float) -> None:
        self._settime(max(due, 1e-9))  # zero would switch it off

    def clear(self) -> None:
        self._settime(0.0)

    def heard(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._file, 8)

    def _settime(self, instant: float) -> None:
        # Rounded up to the next nanosecond: never before the instant.
        seconds, nanoseconds = divmod(math.ceil(instant * 1e9), 1_000_000_000)
        value = _TimerSpec(_TimeSpec(0, 0), _TimeSpec(seconds, nanoseconds))
        self._library.timerfd_settime(self._file, self._ABSOLUTE, ctypes.byref(value), None)


def _best_alarm() -> _Alarm:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            return _BootAlarm()
    return _TimerAlarm()


class _QtCall:
    """One call that waits for its instant."""

    def __init__(self, time: QtTime, due: float, function: Callable[[], None]) -> None:
        self._time = time
        self.due = due
        self.function: Callable[[], None] | None = function

    def cancel(self) -> None:
        if self.function is not None:
            self.function = None
            self._time.forget(self)


class QtTime:
    """The Time port over Qt's event loop; works on QCoreApplication. Use it on the main thread only.

    Nothing is set up before the first call is asked for. `alarm` is for tests.
    """

    def __init__(self, alarm: Callable[[], _Alarm] = _best_alarm) -> None:
        self._make_alarm = alarm
        self._alarm: _Alarm | None = None
        self._waiting: list[tuple[float, int, _QtCall]] = []
        self._serial = itertools.count()

    def now(self) -> datetime:
        """The aware local wall-clock time, in the zone the computer is in just now."""
        _look_at_zone()
        return datetime.now().astimezone()

    def local(self, naive: datetime) -> datetime:
        """The instant of a naive local time; a gap moves forward, a doubled time is its first."""
        _look_at_zone()
        return naive.replace(fold=0).astimezone()

    def monotonic(self) -> float:
        """Seconds that never go back and, on Linux, go on while the machine sleeps."""
        return _read_monotonic()

    def call_later(self, seconds: float, function: Callable[[], None]) -> _QtCall:
        """Call `function` once, never before `seconds` (0 or more) have passed."""
        if seconds < 0:
            raise ValueError(f"{seconds} seconds from now is in the past")
        call = _QtCall(self, _read_monotonic() + seconds, function)
        heapq.heappush(self._waiting, (call.due, next(self._serial), call))
        if self._waiting[0][2] is call:
            self._arm()
        return call

    def forget(self, call: _QtCall) -> None:
        """Drop a cancelled call, so that it wakes nobody."""
        first = self._waiting[0][2] is call
        self._waiting = [entry for entry in self._waiting if entry[2] is not call]
        heapq.heapify(self._waiting)
        if first:
            self._arm()

    def _arm(self) -> None:
        if self._alarm is None:
            self._alarm = self._make_alarm()
            self._alarm.rings.connect(self._ring)
        if self._waiting:
            self._alarm.set(self._waiting[0][0])
        else:
            self._alarm.clear()

    def _ring(self, *_signal: object) -> None:
        assert self._alarm is not None
        self._alarm.heard()
        if not self._waiting or _read_monotonic() < self._waiting[0][0]:
            self._arm()
            return
        _due, _number, call = heapq.heappop(self._waiting)
        # Armed before the call: it may show a dialog, and time goes on meanwhile.
        self._arm()
        function, call.function = call.function, None
        if function is not None:
            function()
