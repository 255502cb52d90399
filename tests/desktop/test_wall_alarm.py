"""The wall alarm rings at its instant, when the clock was set, and never for nothing."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from coach.desktop.qt_time import QtTime, QtWallAlarm, _EventTimer, _RealTimeFile, _StagedTimer, _WallTimer
from coach.services.ports import WallAlarm

Make = Callable[[Callable[[], None]], _WallTimer]
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="a timerfd is Linux's")


def soon(milliseconds: float) -> datetime:
    return QtTime().now() + timedelta(milliseconds=milliseconds)


@pytest.fixture(params=[pytest.param("the kernel", marks=only_linux), "stages"])
def alarm(request: pytest.FixtureRequest, qtbot: QtBot) -> QtWallAlarm:
    if request.param == "stages":
        return QtWallAlarm(lambda rung: _StagedTimer(rung, stage=0.02))
    return QtWallAlarm(_EventTimer)


def rings_of(alarm: WallAlarm) -> list[datetime]:
    """The instants at which it rings from now on."""
    rung: list[datetime] = []
    alarm.rings.subscribe(lambda _none: rung.append(QtTime().now()))
    return rung


def test_it_rings_once_and_never_early(alarm: QtWallAlarm, qtbot: QtBot) -> None:
    rung = rings_of(alarm)
    when = soon(70.0)
    alarm.set(when)
    qtbot.waitUntil(lambda: bool(rung), timeout=5000)
    assert when <= rung[0] < when + timedelta(seconds=3)
    qtbot.wait(60)
    assert len(rung) == 1


def test_what_is_over_rings_at_once_but_not_from_within_the_setting(alarm: QtWallAlarm, qtbot: QtBot) -> None:
    rung = rings_of(alarm)
    alarm.set(datetime(1969, 7, 20, 20, 17, tzinfo=UTC))
    assert rung == []
    qtbot.waitUntil(lambda: len(rung) == 1, timeout=5000)


def test_the_last_setting_counts(alarm: QtWallAlarm, qtbot: QtBot) -> None:
    rung = rings_of(alarm)
    alarm.set(soon(10))
    alarm.set(soon(86_400_000))
    qtbot.wait(60)
    assert rung == []
    alarm.set(soon(10))
    alarm.set(None)
    qtbot.wait(60)
    assert rung == []


def test_who_is_rung_may_set_it_again(alarm: QtWallAlarm, qtbot: QtBot) -> None:
    rung = rings_of(alarm)
    alarm.rings.subscribe(lambda _none: alarm.set(soon(20) if len(rung) < 3 else None))
    alarm.set(soon(20))
    qtbot.waitUntil(lambda: len(rung) == 3, timeout=5000)
    qtbot.wait(60)
    assert len(rung) == 3


def test_a_change_of_the_zone_is_passed_on(alarm: QtWallAlarm) -> None:
    rung = rings_of(alarm)
    alarm.poke()
    assert len(rung) == 1


def test_after_closing_it_is_silent(alarm: QtWallAlarm, qtbot: QtBot) -> None:
    rung = rings_of(alarm)
    alarm.set(soon(10))
    alarm.close()
    alarm.close()
    alarm.set(soon(10))
    alarm.poke()
    qtbot.wait(60)
    assert rung == []


def test_it_may_be_set_as_far_as_dates_go(alarm: QtWallAlarm, qtbot: QtBot) -> None:
    rung = rings_of(alarm)
    alarm.set(datetime.max.replace(tzinfo=UTC))
    qtbot.wait(60)
    assert rung == []


def test_nothing_is_set_up_before_it_is_set() -> None:
    def unwanted(_rung: Callable[[], None]) -> _WallTimer:
        raise AssertionError("nobody set it")

    QtWallAlarm(unwanted).close()


# ---------------------------------------------------------------- the clock is set: the kernel tells


class SetClock(_RealTimeFile):
    """A timer file whose clock the test sets; what it answers is what timerfd_create(2) promises."""

    def __init__(self) -> None:
        self.number, self._other = os.pipe()
        os.set_blocking(self.number, False)
        self.armed: list[int] = []
        self._was_set = False
        self.fails = 0

    def set(self, instant: int) -> None:
        self.armed.append(instant)
        if self.fails:
            raise OSError(self.fails, "not here")
        if self._was_set:
            self._was_set = False
            os.read(self.number, 8)  # setting it takes the news back
            raise OSError(errno.ECANCELED, "the clock was set")

    def read(self) -> None:
        os.read(self.number, 8)
        if self._was_set:
            self._was_set = False
            raise OSError(errno.ECANCELED, "the clock was set")

    def set_clock(self) -> None:
        self._was_set = True
        os.write(self._other, b"canceled")

    def close(self) -> None:
        os.close(self.number)
        os.close(self._other)


@pytest.fixture
def file() -> SetClock:
    return SetClock()


@pytest.mark.parametrize("when", [None, datetime(2050, 1, 1, tzinfo=UTC)])
@only_linux
def test_it_rings_when_the_clock_was_set_as_often_as_that_happens(
    file: SetClock, qtbot: QtBot, when: datetime | None
) -> None:
    alarm = QtWallAlarm(lambda rung: _EventTimer(rung, file))
    rung = rings_of(alarm)
    alarm.set(when)
    for number in (1, 2, 3):
        file.set_clock()
        qtbot.waitUntil(lambda number=number: len(rung) == number, timeout=5000)  # type: ignore[misc]
    qtbot.wait(30)
    assert len(rung) == 3
    assert min(file.armed) > 2_000_000_000_000_000  # it stayed armed, and far away
    alarm.close()


@only_linux
def test_a_clock_that_is_set_just_before_the_alarm_is_noticed_too(file: SetClock, qtbot: QtBot) -> None:
    alarm = QtWallAlarm(lambda rung: _EventTimer(rung, file))
    rung = rings_of(alarm)
    alarm.set(None)
    file.set_clock()
    alarm.set(soon(3_600_000))
    assert rung == []
    qtbot.waitUntil(lambda: len(rung) == 1, timeout=5000)
    alarm.close()


@only_linux
@pytest.mark.parametrize("reason", [errno.EPERM, errno.EINVAL, errno.ENOSYS])
def test_where_the_kernel_refuses_the_clock_is_looked_at_instead(
    file: SetClock, qtbot: QtBot, reason: int
) -> None:
    alarm = QtWallAlarm(lambda rung: _EventTimer(rung, file))
    rung = rings_of(alarm)
    file.fails = reason
    alarm.set(soon(20))
    qtbot.waitUntil(lambda: len(rung) == 1, timeout=5000)


@only_linux
def test_the_kernel_knows_these_flags_and_watches_the_clock() -> None:
    file = _RealTimeFile()
    file.set(2**33 * 1_000_000)
    described = Path(f"/proc/self/fdinfo/{file.number}").read_text(encoding="ascii")
    assert "clockid: 0\n" in described
    assert "settime flags: 03\n" in described
    with pytest.raises(BlockingIOError):
        file.read()
    file.close()


# ---------------------------------------------------------------- the clock is set: nobody tells


class Moving:
    """Clocks that the test moves, while real time goes on beside them."""

    def __init__(self) -> None:
        self.by = 0
        self.passed = 0.0
        self.offset = timedelta(hours=1)

    def timer(self, rung: Callable[[], None]) -> _StagedTimer:
        real = QtTime()
        return _StagedTimer(
            rung,
            stage=0.02,
            wall=lambda: round(real.now().timestamp() * 1e6) + self.by,
            monotonic=lambda: real.monotonic() + self.passed,
            offset=lambda: self.offset,
        )


@pytest.mark.parametrize("move", ["forward", "back", "slept", "zone", "past"])
def test_without_a_kernel_that_tells_the_next_look_does(qtbot: QtBot, move: str) -> None:
    moving = Moving()
    alarm = QtWallAlarm(moving.timer)
    rung = rings_of(alarm)
    alarm.set(soon(3_600_000))
    qtbot.wait(70)
    assert rung == []
    match move:
        case "forward":
            moving.by = 5_000_000
        case "back":
            moving.by = -5_000_000
        case "slept":
            moving.by, moving.passed = 600_000_000, 600.0
        case "zone":
            moving.offset = timedelta(hours=2)
        case _:
            moving.by = 7_200_000_000
    qtbot.waitUntil(lambda: len(rung) == 1, timeout=5000)
    qtbot.wait(60)
    assert len(rung) == 1


def test_a_clock_that_is_being_adjusted_a_little_rings_nobody(qtbot: QtBot) -> None:
    moving = Moving()
    alarm = QtWallAlarm(moving.timer)
    rung = rings_of(alarm)
    alarm.set(soon(3_600_000))
    moving.by = 300_000
    qtbot.wait(70)
    assert rung == []
