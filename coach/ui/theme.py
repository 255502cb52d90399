"""The look in one place: colours of the three lights, the type scale, and how sizes grow with the window.

It leaves out every widget, and the moment at which the light changes: the app asks again as time passes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from datetime import time
from enum import Enum
from functools import cache
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

__all__ = [
    "DESIGN_SIZE",
    "FOLD_WIDTH",
    "SMALLEST_TARGET",
    "SMALLEST_TEXT",
    "THEMES",
    "Look",
    "Role",
    "Theme",
    "browsing_factor",
    "contrast",
    "font",
    "load_fonts",
    "mixed",
    "palette",
    "session_factor",
    "setting_for",
    "theme_for",
    "window_factor",
]

DESIGN_SIZE = QSize(1280, 800)
"""The window that the sizes of the design are drawn for, in px."""
SMALLEST_TEXT = 13
"""No text is smaller than this after scaling, in px."""
SMALLEST_TARGET = 44
"""Nothing that can be clicked is smaller than this after scaling, in px."""
FOLD_WIDTH = 1100
"""Below this width (at normal text size, in px) the sidebar folds into icons and columns stack."""

FAMILY = "Manrope"
_FONT_FILES = ("Manrope-Regular.ttf", "Manrope-Medium.ttf", "Manrope-SemiBold.ttf", "Manrope-Bold.ttf")

_DAY_BEGINS = time(7, 0)
_DAY_ENDS = time(18, 0)


@dataclass(frozen=True, eq=False)
class Theme:
    """The colours of one light, by what they are for (DESIGN.md 2). There is one of each, in THEMES.

    Text tokens reach 4.5:1 on every surface they are used on, `edge` and `gfx` 3:1. `fill` always carries
    `on_fill`. Night shows text on `bg`, `s1` and `soft` only: see `field` and `raised`.
    """

    name: str
    bg: QColor
    s1: QColor
    s2: QColor
    s3: QColor
    line: QColor
    edge: QColor
    text1: QColor
    text2: QColor
    text3: QColor
    accent: QColor
    fill: QColor
    on_fill: QColor
    gfx: QColor
    soft: QColor
    ok: QColor
    error: QColor
    error_bg: QColor
    info: QColor

    @property
    def is_night(self) -> bool:
        return self.name == "night"

    @property
    def is_light(self) -> bool:
        return self.name == "light"

    @property
    def field(self) -> QColor:
        """A surface inside a card that carries text."""
        return self.s1 if self.is_night else self.s2

    @property
    def raised(self) -> QColor:
        """A button's face or the current row, with text on it."""
        return self.soft if self.is_night else self.s3

    def hovered(self, face: QColor, heat: float = 1.0) -> QColor:
        """`face` under the pointer: 6 % lighter, in the light theme darker; `heat` 0 to 1 fades it in."""
        return mixed(face, QColor("#000000" if self.is_light else "#FFFFFF"), 0.06 * heat)

    def pressed(self, face: QColor) -> QColor:
        """`face` while it is held down: 3 % darker than at rest."""
        return mixed(face, QColor("#000000"), 0.03)


def _theme(name: str, colours: str) -> Theme:
    tokens = [one.name for one in fields(Theme)][1:]
    pairs = zip(tokens, colours.split(), strict=True)
    return Theme(name, **{token: QColor(f"#{colour}") for token, colour in pairs})


#                   bg     s1     s2     s3     line   edge   text1  text2  text3
#                   accent fill   on_fill gfx   soft   ok     error  error_bg info
THEMES: dict[str, Theme] = {
    "dark": _theme(
        "dark",
        "16120E 1F1914 2A221B 362C23 3B3026 8C7964 F4EADD CDBEAC AB9A87"
        " F2A65A F2A65A 221405 F2A65A 3A2817 A3C2AE FF9F8C 3A1D17 9CC0BA",
    ),
    "light": _theme(
        "light",
        "FAF5EC FFFDF8 F3EADB EADFCC E2D6C3 8F7E69 2A211A 574A3E 6C5E50"
        " A34C05 EB9647 221405 CF6A12 F9E4CA 2F6B4C A82C1C FBE3DC 2C645E",
    ),
    "night": _theme(
        "night",
        "070402 0E0804 160D06 1F1309 24160B 87561F C07E3C AE7036 AE7036"
        " B8722E B8722E 0A0502 B8722E 21140A AE7036 C8743F 1F0E08 AE7036",
    ),
}


def theme_for(setting: str, at: time) -> Theme:
    """The light for the setting `theme` at a local time of day.

    "auto" and anything unknown follow the clock: light from 07:00 until 18:00, dark otherwise. Night is
    never chosen by the clock, only by the user.
    """
    if setting in THEMES:
        return THEMES[setting]
    return THEMES["light" if _DAY_BEGINS <= at < _DAY_ENDS else "dark"]


def setting_for(chosen: str, at: time) -> str:
    """What to store when the user picks a light: "auto" again when the clock would give the same."""
    return "auto" if theme_for("auto", at).name == chosen else chosen


def mixed(under: QColor, over: QColor, share: float) -> QColor:
    """`under` with `share` (0 to 1) of `over` laid on it."""
    keep = 1.0 - share
    return QColor(
        round(under.red() * keep + over.red() * share),
        round(under.green() * keep + over.green() * share),
        round(under.blue() * keep + over.blue() * share),
    )


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else math.pow((channel + 0.055) / 1.055, 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def palette(theme: Theme) -> QPalette:
    """The colours for what Fusion still draws by itself: tool tips, menus, selections."""
    roles = QPalette.ColorRole
    made = QPalette()
    for role, colour in (
        (roles.Window, theme.bg),
        (roles.WindowText, theme.text1),
        (roles.Base, theme.field),
        (roles.AlternateBase, theme.s1),
        (roles.Text, theme.text1),
        (roles.Button, theme.raised),
        (roles.ButtonText, theme.text1),
        (roles.BrightText, theme.error),
        (roles.Highlight, theme.fill),
        (roles.HighlightedText, theme.on_fill),
        (roles.ToolTipBase, theme.raised),
        (roles.ToolTipText, theme.text1),
        (roles.PlaceholderText, theme.text3),
        (roles.Link, theme.accent),
        (roles.LinkVisited, theme.accent),
        (roles.Light, theme.s3),
        (roles.Midlight, theme.s2),
        (roles.Mid, theme.line),
        (roles.Dark, theme.line),
        (roles.Shadow, theme.bg),
    ):
        made.setColor(role, colour)
    return made


class Role(Enum):
    """What a text is for: (size in px, weight, tracking in percent of the size).

    Sizes are those of DESIGN.md 3. Where that says 600, drawn with Inter, the thinner Manrope takes 700.
    """

    COUNTDOWN = (188, 500, -3.5)
    COUNTDOWN_NIGHT = (184, 400, -3.5)
    LEG = (76, 700, -2.5)
    TITLE = (36, 700, -2.0)
    BIG_NUMBER = (34, 700, -1.5)
    PLAN = (34, 700, -2.0)
    EXERCISE = (30, 500, -1.5)
    CAPTION = (30, 400, -0.5)
    START = (28, 700, -0.5)
    LEAD = (22, 400, -0.3)
    CARD_TITLE = (22, 700, -1.0)
    SECTION = (18, 700, -0.5)
    BODY = (17, 400, 0.0)
    BODY_MEDIUM = (17, 500, 0.0)
    BODY_STRONG = (17, 700, -0.2)
    BUTTON = (17, 700, -0.1)
    SMALL = (15, 400, 0.0)
    SMALL_MEDIUM = (15, 500, 0.0)
    SMALL_STRONG = (15, 700, 0.0)
    TAG = (14, 500, 0.0)
    KEY = (13, 500, 0.0)


@cache
def load_fonts() -> bool:
    """Register the four static weights of the app's typeface, once; False where its package is missing.

    Only after the application object exists. Without it the system's font is used throughout.
    """
    try:
        import font_manrope
    except ImportError:
        return False
    folder = Path(font_manrope.__file__).parent / "files"
    # The variable file is left out on purpose: Qt draws its ExtraLight for every weight.
    found = [QFontDatabase.addApplicationFont(str(folder / name)) for name in _FONT_FILES]
    return all(number >= 0 for number in found)


@cache
def font(role: Role, factor: float = 1.0) -> QFont:
    """The font of a role, scaled, never below 13 px, always with figures of equal width.

    Scripts that the typeface lacks come from the system's fonts.
    """
    size, weight, tracking = role.value
    made = QFont()
    made.setFamilies([FAMILY, *QFont().families()])
    made.setPixelSize(max(SMALLEST_TEXT, round(size * factor)))
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tracking:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, made.pixelSize() * tracking / 100)
    return made


def window_factor(width: float, height: float) -> float:
    """How much larger than the design a window is, 0.86 to 1.9."""
    return max(0.86, min(width / DESIGN_SIZE.width(), height / DESIGN_SIZE.height(), 1.9))


def session_factor(width: float, height: float, text_size: int = 100) -> float:
    """The scale of session screens: in full, because the distance to the screen is fixed.

    `text_size` is in percent, 100 to 150.
    """
    return window_factor(width, height) * text_size / 100


def browsing_factor(width: float, height: float, text_size: int = 100) -> float:
    """The scale of all other screens: above 1 its square root, so that large windows gain room.

    `text_size` is in percent, 100 to 150, and counts in full.
    """
    factor = window_factor(width, height)
    return (math.sqrt(factor) if factor > 1 else factor) * text_size / 100


@dataclass(frozen=True)
class Look:
    """What every widget needs to know to draw itself; widgets take it through `set_look(look)`."""

    theme: Theme = THEMES["dark"]
    factor: float = 1.0
    reduced_motion: bool = False

    def px(self, size: float) -> int:
        """A length of the design in px of this window."""
        return round(size * self.factor)

    def target(self, size: float) -> int:
        """The side of something that can be clicked, never below 44 px."""
        return max(SMALLEST_TARGET, round(size * self.factor))

    def font(self, role: Role) -> QFont:
        """The font of a role, the caller's own: who changes it changes nobody else's."""
        return QFont(font(role, self.factor))
