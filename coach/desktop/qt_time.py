"""The clock of the running app, on Qt timers.

It leaves out what is done when: callers ask for one call at a time. It is the only module that reads clocks.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer

# A QTimer counts whole milliseconds in 32 bits: about 24 days. Longer waits are taken in stages.
_LONGEST_MS = 2**31 - 1


def _read_monotonic() -> float:
    """Seconds since some start that go on while the machine sleeps, where the system can tell (Linux)."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def monotonic_ns() -> int:
    """Nanoseconds on the system's monotonic clock, the one other programs measure start-up with."""
    return time.monotonic_ns()


class _QtCall:
    """One call that waits for its instant."""

    def __init__(
        self, due: float, function: Callable[[], None], over: Callable[[_QtCall], None]
    ) -> None:
        self._due = due
        self._function: Callable[[], None] | None = function
        self._over = over
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fire)
        self._arm()

    def cancel(self) -> None:
        if self._function is not None:
            self._function = None
            self._timer.stop()
            self._over(self)

    def _arm(self) -> None:
        # Rounded up: a wake before the instant would only lead to a second wake (packaging/bench/lateness.py
        # shows a p50 of about half a millisecond late).
        wait = math.ceil((self._due - _read_monotonic()) * 1000.0)
        self._timer.start(min(max(wait, 0), _LONGEST_MS))

    def _fire(self) -> None:
        if self._function is None:
            return
        if _read_monotonic() < self._due:
            self._arm()
            return
        function, self._function = self._function, None
        self._over(self)
        function()


class QtTime:
    """The Time port over Qt's event loop; works on QCoreApplication. Use it on the main thread only."""

    def __init__(self) -> None:
        self._waiting: set[_QtCall] = set()  # a timer without an owner would be collected before it fires

    def now(self) -> datetime:
        """The aware local wall-clock time."""
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        """Seconds that never go back and, on Linux, go on while the machine sleeps."""
        return _read_monotonic()

    def call_later(self, seconds: float, function: Callable[[], None]) -> _QtCall:
        """Call `function` once, never before `seconds` (0 or more) have passed."""
        if seconds < 0:
            raise ValueError(f"{seconds} seconds from now is in the past")
        call = _QtCall(_read_monotonic() + seconds, function, self._waiting.discard)
        self._waiting.add(call)
        return call
