"""What every clock promises, and what the real one adds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from coach.desktop.qt_time import QtTime
from coach.services.ports import Time
from tests.fakes import FakeTime

Pass = Callable[[float], None]


@pytest.fixture(params=["fake", "qt"])
def clock(request: pytest.FixtureRequest, qtbot: QtBot) -> tuple[Time, Pass]:
    """A clock, and how to let that many seconds pass on it."""
    if request.param == "fake":
        fake = FakeTime()
        return fake, fake.advance
    real = QtTime()

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
    assert sorted(seen) == list(range(20))
    assert time.monotonic() >= 0.1


def test_a_wait_of_months_is_taken_in_stages(qtbot: QtBot) -> None:
    call = QtTime().call_later(90 * 86_400.0, lambda: None)
    call.cancel()
