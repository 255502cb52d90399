"""The clock of the tests is one that tests can trust.

It leaves out what fakes share with the real adapters: see tests/desktop.
"""

from __future__ import annotations

import pytest

from tests.fakes import FakeTime


def test_calls_happen_in_the_order_they_are_due_each_at_its_instant() -> None:
    time = FakeTime()
    seen: list[tuple[str, float]] = []
    time.call_later(2.0, lambda: seen.append(("late", time.monotonic())))
    time.call_later(1.0, lambda: seen.append(("early", time.monotonic())))
    time.advance(5.0)
    assert seen == [("early", 1.0), ("late", 2.0)]
    assert time.monotonic() == 5.0


def test_a_call_asked_for_on_the_way_still_happens_on_the_way() -> None:
    time = FakeTime()
    seen: list[float] = []

    def again() -> None:
        time.call_later(1.0, lambda: seen.append(time.monotonic()))

    time.call_later(1.0, again)
    time.advance(2.0)
    assert seen == [2.0]


def test_a_cancelled_call_never_happens() -> None:
    time = FakeTime()
    seen: list[float] = []
    time.call_later(1.0, lambda: seen.append(1.0)).cancel()
    time.advance(2.0)
    assert seen == []
    assert time.waiting == []


def test_time_does_not_go_back() -> None:
    time = FakeTime()
    with pytest.raises(ValueError, match="go back"):
        time.advance(-1.0)
    with pytest.raises(ValueError, match="past"):
        time.call_later(-0.1, lambda: None)


def test_after_a_suspend_what_fell_due_is_called_late() -> None:
    time = FakeTime()
    seen: list[float] = []
    time.call_later(10.0, lambda: seen.append(time.monotonic()))
    time.suspend(3600.0)
    assert seen == [3600.0]
