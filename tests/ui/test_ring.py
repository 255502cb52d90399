"""The ring shows the part that is left, counts in whole seconds, and does not chatter to screen readers.

Leaves out how it looks to the pixel.
"""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from coach.ui.ring import SMALL_SHAPE, Ring, Tone
from coach.ui.theme import THEMES, Look


class WatchedRing(Ring):
    """Remembers what it was asked to paint."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.painted: list[QRect] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(event.rect())
        super().paintEvent(event)


@pytest.fixture
def ring(qtbot: QtBot) -> WatchedRing:
    made = WatchedRing(Look(THEMES["dark"]))
    made.resize(350, 350)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.mark.parametrize(
    ("remaining", "shown"),
    [(30, "30"), (17.2, "18"), (0.4, "1"), (0, "1"), (99, "99"), (99.2, "1:40"), (180, "3:00")],
)
def test_the_seconds_left_are_rounded_up_and_never_nought(ring: Ring, remaining: float, shown: str) -> None:
    ring.show_time(remaining, 180)
    assert ring.shown_digits == shown


def test_the_ring_shows_the_part_that_is_left(ring: Ring) -> None:
    ring.show_time(18, 30)
    assert ring.share == pytest.approx(0.6)
    ring.show_time(7.5, 30)
    assert ring.share == pytest.approx(0.25)


def test_nothing_is_drawn_where_nothing_is_counted(ring: Ring) -> None:
    ring.show_time(None, 0)
    assert (ring.shown_digits, ring.share, ring.text()) == ("", 0.0, "")


def test_with_reduced_motion_the_ring_steps_once_a_second(ring: Ring) -> None:
    ring.set_look(Look(THEMES["dark"], reduced_motion=True))
    ring.show_time(17.9, 30)
    first = ring.share
    ring.show_time(17.1, 30)
    assert ring.share == first
    ring.show_time(16.9, 30)
    assert ring.share < first


def test_a_screen_reader_hears_of_the_seconds_every_ten(ring: Ring) -> None:
    heard: list[int] = []
    ring.show_time(30, 30, about="Wall calf stretch, left leg")
    ring.valueChanged.connect(heard.append)
    for tenth in range(300):
        ring.show_time(30 - tenth / 10, 30, about="Wall calf stretch, left leg")
    assert heard == [20, 10]
    assert ring.accessibleName() == "Wall calf stretch, left leg"


def test_a_new_step_is_told_at_once(ring: Ring) -> None:
    ring.show_time(30, 30, about="Wall calf stretch, left leg")
    ring.show_time(28, 30, about="Wall calf stretch, right leg")
    assert (ring.accessibleName(), ring.value(), ring.text()) == (
        "Wall calf stretch, right leg",
        28,
        "28 seconds left",
    )


def test_a_tenth_of_a_second_repaints_only_the_end_of_the_arc(ring: WatchedRing, qtbot: QtBot) -> None:
    ring.show_time(17.5, 30)
    qtbot.waitUntil(lambda: bool(ring.painted))
    ring.painted.clear()
    ring.show_time(17.4, 30)
    qtbot.waitUntil(lambda: bool(ring.painted))
    area = ring.width() * ring.height()
    assert sum(rect.width() * rect.height() for rect in ring.painted) < area / 20


def test_a_pause_repaints_all_of_it_once(ring: WatchedRing, qtbot: QtBot) -> None:
    ring.show_time(17.5, 30)
    qtbot.waitUntil(lambda: bool(ring.painted))
    ring.painted.clear()
    ring.show_time(17.5, 30, tone=Tone.PAUSED)
    qtbot.waitUntil(lambda: bool(ring.painted))
    assert ring.rect() in ring.painted


def test_nothing_is_painted_while_nothing_changes(ring: WatchedRing, qtbot: QtBot) -> None:
    ring.show_time(17.5, 30)
    qtbot.waitUntil(lambda: bool(ring.painted))
    ring.painted.clear()
    for _again in range(5):
        ring.show_time(17.5, 30)
        qtbot.wait(1)
    assert not ring.painted


@pytest.mark.parametrize("side", [92, 250, 350, 480])
@pytest.mark.parametrize("text", [8.0, 28.0, 88.0, 599.0])
def test_the_digits_stay_inside_the_stroke(qtbot: QtBot, side: int, text: float) -> None:
    ring = Ring(Look(THEMES["dark"]), shape=SMALL_SHAPE if side < 100 else Ring(Look()).shape)
    qtbot.addWidget(ring)
    ring.resize(side, side)
    ring.show_time(text, 600)
    drawn = ring.digits_drawn()
    inner = side * (1 - 2 * 18 / 350)
    assert (drawn.width() ** 2 + drawn.height() ** 2) ** 0.5 <= inner


def test_who_counts_in_breaths_sees_slow_breaths_and_hears_seconds(ring: WatchedRing) -> None:
    shown = []
    for remaining in (30.0, 20.1, 20.0, 10.0, 0.2):
        ring.show_time(remaining, 30, breaths=True)
        shown.append(ring.shown_digits)
    assert shown == ["3", "3", "2", "1", "1"]
    assert ring.text() == "1 second left"
