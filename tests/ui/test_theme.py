"""Colours that can be read, sizes that can be hit, and a light that follows the clock.

Leaves out how widgets use them.
"""

from datetime import time

import pytest
from PySide6.QtGui import QFontInfo, QFontMetrics

from coach.ui.theme import (
    THEMES,
    Look,
    Role,
    browsing_factor,
    contrast,
    font,
    session_factor,
    setting_for,
    theme_for,
    window_factor,
)

# (ink, surface, least ratio, lights); DESIGN.md 2, with the surfaces that night does not use left out.
ALL = ("dark", "light", "night")
DAY = ("dark", "light")
PAIRS = [
    ("text1", "bg", 4.5, ALL),
    ("text1", "s1", 4.5, ALL),
    ("text1", "field", 4.5, ALL),
    ("text1", "raised", 4.5, ALL),
    ("text1", "s3", 4.5, DAY),
    ("text1", "soft", 4.5, ALL),
    ("text2", "bg", 4.5, ALL),
    ("text2", "s1", 4.5, ALL),
    ("text2", "field", 4.5, ALL),
    ("text2", "s3", 4.5, DAY),
    ("text2", "soft", 4.5, DAY),
    ("text2", "error_bg", 4.5, DAY),
    ("text3", "bg", 4.5, ALL),
    ("text3", "s1", 4.5, ALL),
    ("text3", "s3", 4.5, DAY),
    ("accent", "bg", 4.5, ALL),
    ("accent", "s1", 4.5, ALL),
    ("accent", "soft", 4.5, ALL),
    ("ok", "s1", 4.5, ALL),
    ("error", "s1", 4.5, ALL),
    ("error", "error_bg", 4.5, ALL),
    ("info", "s1", 4.5, ALL),
    ("on_fill", "fill", 4.5, ALL),
    ("gfx", "bg", 3.0, ALL),
    ("gfx", "s1", 3.0, ALL),
    ("edge", "bg", 3.0, ALL),
    ("edge", "s2", 3.0, ALL),
    # Icons only need 3:1, so amber may stand on the current row of the sidebar.
    ("accent", "raised", 3.0, ALL),
]


@pytest.mark.parametrize(
    ("ink", "surface", "least", "light"),
    [(ink, surface, least, light) for ink, surface, least, lights in PAIRS for light in lights],
)
def test_what_is_written_can_be_read(ink: str, surface: str, least: float, light: str) -> None:
    theme = THEMES[light]
    assert contrast(getattr(theme, ink), getattr(theme, surface)) >= least


def test_black_on_white_is_the_greatest_contrast_there_is() -> None:
    from PySide6.QtGui import QColor

    assert contrast(QColor("#000000"), QColor("#FFFFFF")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("#FFFFFF")) == pytest.approx(4.54, abs=0.01)


def test_night_holds_no_blue_light() -> None:
    night = THEMES["night"]
    assert max(night.text1.blueF(), night.fill.blueF(), night.bg.blueF()) < 0.25


@pytest.mark.parametrize(
    ("at", "name"),
    [
        (time(6, 59), "dark"),
        (time(7, 0), "light"),
        (time(17, 59), "light"),
        (time(18, 0), "dark"),
        (time(2, 0), "dark"),
    ],
)
def test_the_light_follows_the_clock(at: time, name: str) -> None:
    assert theme_for("auto", at).name == name


def test_a_chosen_light_stays_at_any_hour() -> None:
    assert theme_for("night", time(12, 0)).is_night
    assert theme_for("light", time(23, 0)).is_light


def test_a_light_that_does_not_exist_follows_the_clock() -> None:
    assert theme_for("purple", time(12, 0)).is_light


def test_choosing_what_the_clock_gives_follows_the_clock_again() -> None:
    assert setting_for("dark", time(22, 0)) == "auto"
    assert setting_for("light", time(22, 0)) == "light"


def test_the_scale_has_an_end_at_both_sides() -> None:
    assert window_factor(1280, 800) == 1
    assert window_factor(300, 200) == 0.86
    assert window_factor(10_000, 10_000) == 1.9
    assert window_factor(2560, 800) == 1


def test_large_windows_give_pages_room_and_sessions_size() -> None:
    assert session_factor(1920, 1200) == 1.5
    assert browsing_factor(1920, 1200) == pytest.approx(1.5**0.5)
    assert browsing_factor(900, 600) == 0.86
    assert browsing_factor(1280, 800, text_size=150) == 1.5


@pytest.mark.parametrize("role", Role)
def test_no_text_is_smaller_than_13_px(role: Role) -> None:
    assert font(role, 0.86).pixelSize() >= 13


def test_no_target_is_smaller_than_44_px() -> None:
    assert Look(factor=0.86).target(44) == 44
    assert Look(factor=1.5).target(44) == 66


@pytest.mark.parametrize("role", Role)
def test_text_is_drawn_in_the_typeface_and_weight_that_were_asked_for(role: Role) -> None:
    drawn = QFontInfo(font(role))
    assert drawn.family().startswith("Manrope")
    assert drawn.weight() == role.value[1]


def test_digits_never_shift() -> None:
    metrics = QFontMetrics(font(Role.COUNTDOWN))
    assert len({metrics.horizontalAdvance(digit * 4) for digit in "0123456789"}) == 1
