"""Switches, sliders and clock steppers as a person uses them: by mouse, by keys and by their names.

It leaves out the pages that they stand on.
"""

from datetime import time

import pytest
from PySide6.QtCore import QLocale, QPoint, QSize, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from coach.ui import switches, tonight_page
from coach.ui.switches import ClockStepper, LargeClock, Slider, Switch, minutes_of, time_of
from coach.ui.theme import THEMES, Look

STILL = Look(reduced_motion=True)


def shown(qtbot: QtBot, widget: QWidget) -> None:
    """Show it alone in an active window, with the focus."""
    window = QWidget()
    widget.setParent(window)
    QVBoxLayout(window).addWidget(widget)
    # Whoever has the widget keeps its window.
    widget.destroyed.connect(lambda _gone, kept=window: None)
    qtbot.addWidget(window)
    QCursor.setPos(790, 790)  # where another test left it, it might hover
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    widget.setFocus(Qt.FocusReason.TabFocusReason)


@pytest.fixture
def half_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks with twelve hours."""
    monkeypatch.setattr(switches, "_system", lambda: QLocale("en_US"))


# ---------------------------------------------------------------- minutes since noon


@pytest.mark.parametrize(
    ("at", "minutes"),
    [(time(12), 0), (time(22, 30), 630), (time(23, 59), 719), (time(0), 720), (time(11, 59), 1439)],
)
def test_evenings_count_up_past_midnight(at: time, minutes: int) -> None:
    assert minutes_of(at) == minutes
    assert time_of(minutes) == at


# ---------------------------------------------------------------- the switch


def test_a_switch_says_when_the_user_switches_it_by_mouse_or_by_space(qtbot: QtBot) -> None:
    switch = Switch("Soft chime")
    switch.set_look(STILL)
    shown(qtbot, switch)
    said: list[bool] = []
    switch.clicked.connect(lambda on: said.append(on))
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert said == [True, False]
    assert switch.accessibleName() == "Soft chime"


def test_a_switch_that_is_shown_another_state_says_nothing(qtbot: QtBot) -> None:
    switch = Switch("Soft chime")
    qtbot.addWidget(switch)
    with qtbot.assertNotEmitted(switch.toggled):
        switch.show_on(True)
    assert switch.isChecked()


def test_on_and_off_differ_in_where_the_knob_is_not_in_colour_alone(qtbot: QtBot) -> None:
    theme = THEMES["dark"]
    switch = Switch("Soft chime")
    switch.set_look(STILL)
    shown(qtbot, switch)
    middle = switch.height() // 2
    front, back = QPoint(15, middle), QPoint(37, middle)
    switch.show_on(True)
    on = switch.grab().toImage()
    assert (on.pixelColor(front), on.pixelColor(back)) == (theme.fill, theme.on_fill)
    switch.show_on(False)
    off = switch.grab().toImage()
    assert (off.pixelColor(front), off.pixelColor(back)) == (theme.edge, theme.field)


def test_a_small_switch_is_still_large_enough_to_hit(qtbot: QtBot) -> None:
    switch = Switch("Soft chime")
    switch.set_look(Look(factor=0.86))
    qtbot.addWidget(switch)
    assert switch.sizeHint().expandedTo(QSize(44, 44)) == switch.sizeHint()


# ---------------------------------------------------------------- the slider


@pytest.fixture
def slider(qtbot: QtBot) -> Slider:
    made = Slider("Voice volume", 0, 100, step=5, words=lambda value: f"{value} %")
    made.set_look(STILL)
    made.show_value(60)
    shown(qtbot, made)
    return made


def test_keys_step_a_slider_and_it_says_its_value_in_words(slider: Slider) -> None:
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 65
    QTest.keyClick(slider, Qt.Key.Key_Down)
    assert slider.value() == 60
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    assert (slider.value(), slider.accessibleDescription()) == (100, "100 %")


def test_a_click_on_the_track_goes_there_and_a_drag_follows_in_steps(slider: Slider, qtbot: QtBot) -> None:
    middle = slider.height() // 2
    said: list[int] = []
    slider.valueChanged.connect(said.append)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(0, middle))
    assert slider.value() == 0
    QTest.mouseMove(slider, QPoint(slider.width() // 2, middle))
    QTest.mouseMove(slider, QPoint(slider.width(), middle))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width(), middle))
    assert slider.value() == 100
    assert all(value % 5 == 0 for value in said)


def test_a_slider_that_is_shown_another_value_says_nothing(slider: Slider, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(slider.valueChanged):
        slider.show_value(20)
    assert (slider.value(), slider.accessibleDescription()) == (20, "20 %")


# ---------------------------------------------------------------- the clock


@pytest.fixture
def clock(qtbot: QtBot) -> ClockStepper:
    made = ClockStepper("Lights out on Monday")
    made.set_look(STILL)
    made.show_time(time(22, 30))
    shown(qtbot, made)
    return made


def test_a_bedtime_steps_by_a_quarter_and_with_shift_by_five_minutes(clock: ClockStepper) -> None:
    QTest.keyClick(clock, Qt.Key.Key_Up)
    assert clock.at_time == time(22, 45)
    QTest.keyClick(clock, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert clock.at_time == time(22, 40)


def test_a_bedtime_can_step_past_midnight(clock: ClockStepper) -> None:
    clock.show_time(time(23, 50))
    QTest.keyClick(clock, Qt.Key.Key_Up)
    assert clock.at_time == time(0, 5)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("23:10", time(23, 10)),
        ("2310", time(23, 10)),
        ("930", time(9, 30)),
        ("23.10", time(23, 10)),
        ("0:15", time(0, 15)),
        ("24:00", time(0)),
        ("23", time(23)),
        ("10:45 pm", time(22, 45)),
        ("12:30 am", time(0, 30)),
        ("25:00", time(22, 30)),
        ("23:75", time(22, 30)),
        ("soon", time(22, 30)),
    ],
)
def test_a_time_can_be_typed_in_many_ways_and_nonsense_changes_nothing(
    clock: ClockStepper, typed: str, meant: time
) -> None:
    clock.selectAll()
    QTest.keyClicks(clock, typed)
    QTest.keyClick(clock, Qt.Key.Key_Return)
    assert clock.at_time == meant
    assert clock.text() == tonight_page.clock_text(meant)


def test_where_clocks_have_twelve_hours_the_nearer_half_of_the_day_is_meant(
    half_days: None, clock: ClockStepper
) -> None:
    QTest.keyClicks(clock, "11:15")
    QTest.keyClick(clock, Qt.Key.Key_Return)
    assert clock.at_time == time(23, 15)


def test_a_clock_that_is_shown_another_time_says_nothing(clock: ClockStepper, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(clock.valueChanged):
        clock.show_time(time(12))
    assert clock.at_time == time(12)
    assert not clock._less.isEnabled()


@pytest.mark.parametrize("locale", ["en_US", "de_DE"])
def test_a_large_clock_keeps_its_width_while_it_is_changed(
    locale: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(locale))
    clock = LargeClock("Lights out")
    qtbot.addWidget(clock)
    clock.set_look(Look())
    widths = set()
    for minutes in range(0, 1440, 15):
        clock.setValue(minutes)
        widths.add(clock.sizeHint().width())
    assert len(widths) == 1
