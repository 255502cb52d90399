"""What every clock promises, and what the real one adds."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEventLoop
from pytestqt.qtbot import QtBot

from coach.desktop.qt_time import QtTime, _TimerAlarm
from coach.services.ports import Time
from tests.fakes import FakeTime

Pass = Callable[[float], None]


@pytest.fixture(params=["fake", "qt", "qt, where there is no timerfd"])
def clock(request: pytest.FixtureRequest, qtbot: QtBot) -> tuple[Time, Pass]:
    """A clock, and how to let that many seconds pass on it."""
    if request.param == "fake":
        fake = FakeTime()
        return fake, fake.advance
    real = QtTime() if request.param == "qt" else QtTime(_TimerAlarm)

    def let_pass(seconds: float) -> None:
        end = real.monotonic() + seconds
        qtbot.waitUntil(lambda: real.monotonic() >= end, timeout=int(seconds * 1000) + 2000)

    return real, let_pass


def test_a_call_comes_once_and_never_early(clock: tuple[Time, Pass]) -> None:
    time, let_pass = clock
    asked = time.monotonic()
    seen: list[float] = []
    time.call_later(0.0205, lambda: seen.append(time.monotonic() - asked))
    let_pass(0.1)
    assert len(seen) == 1
    assert seen[0] >= 0.0205


def test_calls_come_in_the_order_they_are_due(clock: tuple[Time, Pass]) -> None:
    time, let_pass = clock
    seen: list[str] = []
    time.call_later(0.06, lambda: seen.append("second"))
    time.call_later(0.02, lambda: seen.append("first"))
    let_pass(0.15)
    assert seen == ["first", "second"]


def test_a_cancelled_call_does_not_come_and_may_be_cancelled_again(clock: tuple[Time, Pass]) -> None:
    time, let_pass = clock
    seen: list[str] = []
    call = time.call_later(0.02, lambda: seen.append("cancelled"))
    call.cancel()
    call.cancel()
    let_pass(0.08)
    assert seen == []


def test_a_call_may_cancel_itself_and_ask_for_the_next(clock: tuple[Time, Pass]) -> None:
    time, let_pass = clock
    seen: list[str] = []

    def first() -> None:
        call.cancel()
        seen.append("first")
        time.call_later(0.01, lambda: seen.append("second"))

    call = time.call_later(0.01, first)
    let_pass(0.15)
    assert seen == ["first", "second"]


def test_nothing_is_due_in_the_past(clock: tuple[Time, Pass]) -> None:
    with pytest.raises(ValueError, match="past"):
        clock[0].call_later(-0.001, lambda: None)


def test_the_wall_clock_knows_its_zone(clock: tuple[Time, Pass]) -> None:
    assert clock[0].now().utcoffset() is not None


def test_the_same_instant_falls_due_for_everyone(clock: tuple[Time, Pass]) -> None:
    time, let_pass = clock
    seen: list[int] = []
    for number in range(20):
        time.call_later(0.02, lambda number=number: seen.append(number))  # type: ignore[misc]
    let_pass(0.1)
    assert seen == list(range(20))
    assert time.monotonic() >= 0.1


def test_the_soonest_call_is_not_held_up_by_a_later_one_or_a_cancelled_one(clock: tuple[Time, Pass]) -> None:
    time, let_pass = clock
    seen: list[str] = []
    months = time.call_later(90 * 86_400.0, lambda: seen.append("months"))
    never = time.call_later(0.01, lambda: seen.append("never"))
    time.call_later(0.02, lambda: seen.append("soon"))
    never.cancel()
    let_pass(0.1)
    months.cancel()
    assert seen == ["soon"]


class HastyAlarm:
    """Rings when the test says so, as a timer does that is too early or a wait that is taken in stages."""

    def __init__(self) -> None:
        self.rung: list[Callable[[], None]] = []
        self.settings: list[float] = []

    @property
    def rings(self) -> HastyAlarm:
        return self

    def connect(self, function: Callable[[], None]) -> None:
        self.rung.append(function)

    def set(self, due: float) -> None:
        self.settings.append(due)

    def clear(self) -> None:
        self.settings.append(0.0)

    def heard(self) -> None:
        """Nothing to take back."""


def test_an_alarm_that_rings_too_early_is_set_again() -> None:
    alarm = HastyAlarm()
    seen: list[str] = []
    call = QtTime(lambda: alarm).call_later(60.0, lambda: seen.append("too early"))
    alarm.rung[0]()
    assert seen == []
    assert alarm.settings == [call.due, call.due]
    call.cancel()
    assert alarm.settings[-1] == 0.0


def test_a_clock_that_nobody_uses_sets_nothing_up(qtbot: QtBot) -> None:
    def unwanted() -> _TimerAlarm:
        raise AssertionError("nobody asked for a call")

    clock = QtTime(unwanted)
    clock.now()
    clock.monotonic()


def test_time_goes_on_while_a_call_waits_in_a_dialog(qtbot: QtBot) -> None:
    clock = QtTime()
    seen: list[str] = []
    loop = QEventLoop()

    def dialog() -> None:
        clock.call_later(0.01, lambda: seen.append("meanwhile"))
        clock.call_later(0.03, loop.quit)
        loop.exec()
        seen.append("dialog closed")

    clock.call_later(0.0, dialog)
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=2000)
    assert seen == ["meanwhile", "dialog closed"]


def test_cues_come_within_a_millisecond_by_half(qtbot: QtBot) -> None:
    clock = QtTime()
    late: list[float] = []
    start = clock.monotonic()
    for number in range(1, 40):
        due = number * 0.0117
        clock.call_later(due, lambda due=due: late.append(clock.monotonic() - start - due))  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(late) == 39, timeout=5000)
    assert min(late) >= 0.0
    assert statistics.median(late) < 0.005  # 0.15 ms when nothing else runs: this machine may be busy
