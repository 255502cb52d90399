"""The clock of the running app, on Qt's event loop.

It leaves out what is done when: callers ask for one call at a time. It is the only module that reads clocks.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import heapq
import itertools
import logging
import math
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from PySide6.QtCore import QSocketNotifier, Qt, QTimer

from coach.services.topic import Topic

log = logging.getLogger(__name__)

# A QTimer counts whole milliseconds in 32 bits: about 24 days. Longer waits are taken in stages.
_LONGEST_MS = 2**31 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# An instant that does not come (in 2242, in microseconds since 1970), for an alarm that waits only for the
# clock to be set.
_NEVER = 2**33 * 1_000_000
# Where nothing tells that the clock was set it is looked at every so many seconds (architecture 3).
_STAGE = 60.0
# Seconds by which wall and monotonic clock may drift apart in a stage before the wall clock counts as set; a
# clock that is being slewed moves 0.03 s a minute.
_JUMP = 1.0
# Seconds a stage may be late before the machine counts as having slept.
_OVERSLEPT = 10.0


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


# ---------------------------------------------------------------- the wall clock


def _read_wall() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


def _read_offset() -> timedelta | None:
    """How far the zone of the computer is from UTC just now."""
    _look_at_zone()
    return datetime.now().astimezone().utcoffset()


class _WallTimer(Protocol):
    """Calls back at an instant of the wall clock, in microseconds since 1970, and when that clock moved."""

    def set(self, instant: int | None) -> None:
        """Take the place of what was set before. Raises OSError where that is impossible."""

    def close(self) -> None: ...


class _RealTimeFile:
    """A timerfd on Linux's CLOCK_REALTIME that also tells when that clock was set, as a resume does."""

    # TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET, see timerfd_create(2).
    _FLAGS = 1 | 2

    def __init__(self) -> None:
        """Raises OSError or AttributeError where there is no such thing."""
        self._library = ctypes.CDLL(None, use_errno=True)
        self.number = self._library.timerfd_create(time.CLOCK_REALTIME, os.O_NONBLOCK | os.O_CLOEXEC)
        if self.number < 0:
            raise OSError(ctypes.get_errno(), "no timerfd")

    def set(self, instant: int) -> None:
        """Arm it. Raises OSError; with ECANCELED it is armed, but the clock was set since the last look."""
        seconds, microseconds = divmod(max(instant, 1), 1_000_000)  # zero would switch it off
        value = _TimerSpec(_TimeSpec(0, 0), _TimeSpec(seconds, microseconds * 1000))
        if self._library.timerfd_settime(self.number, self._FLAGS, ctypes.byref(value), None) < 0:
            raise OSError(ctypes.get_errno(), "the alarm cannot be set")

    def read(self) -> None:
        """Take note. Raises BlockingIOError when nothing happened, ECANCELED when the clock was set."""
        os.read(self.number, 8)

    def close(self) -> None:
        os.close(self.number)


class _EventTimer:
    """Over a timer file: wakes at the instant and when the clock was set, and never otherwise."""

    def __init__(self, rung: Callable[[], None], file: _RealTimeFile | None = None) -> None:
        """Raises OSError or AttributeError where there is no such thing."""
        self._rung = rung
        self._file = file or _RealTimeFile()
        self._is_open = True
        self._notifier = QSocketNotifier(self._file.number, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda *_: self._read())

    def __del__(self) -> None:
        with contextlib.suppress(RuntimeError, AttributeError):  # Qt may be gone already
            self.close()

    def set(self, instant: int | None) -> None:
        if not self._arm(instant):
            QTimer.singleShot(0, self._ring)  # the file itself will not tell it any more

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            try:
                self._notifier.setEnabled(False)
            finally:
                self._file.close()

    def _arm(self, instant: int | None) -> bool:
        """Whether the clock stayed as it was; it is armed either way."""
        try:
            self._file.set(_NEVER if instant is None else instant)
        except OSError as error:
            if error.errno != errno.ECANCELED:
                raise
            return False
        return True

    def _read(self) -> None:
        if not self._is_open:
            return
        try:
            self._file.read()
        except BlockingIOError:
            return
        except OSError as error:
            log.info("the clock was set: %s", error)
        # A timer that is over tells no more of the clock. Before the call, which sets it again.
        with contextlib.suppress(OSError):  # the next setting finds that out again
            self._arm(None)
        self._ring()

    def _ring(self) -> None:
        if self._is_open:
            self._rung()


class _StagedTimer:
    """A QTimer that looks at the wall clock from time to time while there is something to wait for."""

    def __init__(
        self,
        rung: Callable[[], None],
        *,
        stage: float = _STAGE,
        wall: Callable[[], int] = _read_wall,
        monotonic: Callable[[], float] = _read_monotonic,
        offset: Callable[[], timedelta | None] = _read_offset,
    ) -> None:
        """`stage` is in seconds; the clocks are for tests."""
        self._rung = rung
        self._stage = stage
        self._wall = wall
        self._monotonic = monotonic
        self._offset = offset
        self._instant: int | None = None
        self._began = (0, 0.0, self._offset(), 0.0)
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def set(self, instant: int | None) -> None:
        self._instant = instant
        self._arm()

    def close(self) -> None:
        self.set(None)

    def _arm(self) -> None:
        self._timer.stop()
        if self._instant is None:
            return
        now = self._wall()
        wait = min(max((self._instant - now) / 1e6, 0.0), self._stage)
        self._began = (now, self._monotonic(), self._offset(), wait)
        self._timer.start(math.ceil(wait * 1000.0))

    def _look(self) -> None:
        if self._instant is None:
            return
        if self._wall() >= self._instant or self._has_moved():
            self._instant = None
            self._rung()
        else:
            self._arm()

    def _has_moved(self) -> bool:
        wall, monotonic, offset, wait = self._began
        by_wall, passed = (self._wall() - wall) / 1e6, self._monotonic() - monotonic
        slept = passed > wait + _OVERSLEPT
        return slept or abs(by_wall - passed) > _JUMP or self._offset() != offset


def _best_wall_timer(rung: Callable[[], None]) -> _WallTimer:
    if sys.platform == "linux":
        try:
            return _EventTimer(rung)
        except (OSError, AttributeError) as error:
            log.info("nothing here tells when the clock is set: %s", error)
    return _StagedTimer(rung)


class QtWallAlarm:
    """The WallAlarm port over Qt's event loop; use it on the main thread only.

    On Linux the kernel wakes it and tells when the clock was set or the machine woke up; elsewhere it looks
    at the clock once a minute while something is set. A change of the zone is told by `poke`. Nothing is set
    up before the first `set`, and nothing is reported from within it. `timer` is for tests.
    """

    def __init__(self, timer: Callable[[Callable[[], None]], _WallTimer] = _best_wall_timer) -> None:
        self._make_timer = timer
        self._timer: _WallTimer | None = None
        self._is_closed = False
        self._rings: Topic[None] = Topic()

    @property
    def rings(self) -> Topic[None]:
        """Published at the instant or whenever the clock moved; ask the time, and set it again."""
        return self._rings

    def set(self, when: datetime | None) -> None:
        """Ring at aware `when`, at once if that is over; None rings only when the clock moved."""
        if self._is_closed:
            return
        instant = None if when is None else (when - _EPOCH) // _MICROSECOND
        if self._timer is None:
            self._timer = self._make_timer(self.poke)
        try:
            self._timer.set(instant)
        except OSError as error:  # whatever a sandbox forbids
            log.info("the alarm looks at the clock itself: %s", error)
            self._timer.close()
            self._timer = _StagedTimer(self.poke)
            self._timer.set(instant)

    def poke(self) -> None:
        """Ring now: something else told that the clock or the zone moved."""
        if not self._is_closed:
            self._rings.publish(None)

    def close(self) -> None:
        """Ring no more."""
        self._is_closed = True
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.close()
