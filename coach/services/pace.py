"""A clock that runs faster, for looking through a session quickly.

It leaves out the real clock, which it borrows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from coach.services.ports import Call, Time

SLOWEST, FASTEST = 0.1, 100.0


class Faster:
    """The time port at `speed` times the pace of another. The wall clock stays as it is."""

    def __init__(self, time: Time, speed: float) -> None:
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed must be {SLOWEST} to {FASTEST}")
        self._time = time
        self._speed = speed
        self._start = time.monotonic()

    def now(self) -> datetime:
        return self._time.now()

    def local(self, naive: datetime) -> datetime:
        return self._time.local(naive)

    def monotonic(self) -> float:
        return (self._time.monotonic() - self._start) * self._speed

    def call_later(self, seconds: float, function: Callable[[], None]) -> Call:
        return self._time.call_later(seconds / self._speed, function)
