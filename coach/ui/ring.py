"""The countdown: a ring that shows the part that is left, and the seconds inside it.

It leaves out the clock: it draws the moment it is given and owns no timer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from coach.domain.session import breaths_left, digits
from coach.i18n import _, ngettext
from coach.ui.theme import Look, Role, font

__all__ = ["NIGHT_SHAPE", "PLAIN_SHAPE", "SMALL_SHAPE", "Ring", "Shape", "Tone", "spoken_left"]

# Screen readers hear of the seconds this often, in seconds (DESIGN 9).
HEARD_EVERY = 10
# The largest share of the inner diameter that the diagonal of the digits may take.
_ROOM = 0.95
# From 100 s on the digits are m:ss and smaller.
_LONG_SHARE = 0.6


class Tone(Enum):
    """What the ring counts, which decides its colours; words beside it say the same."""

    HOLD = auto()
    QUIET = auto()
    PAUSED = auto()


@dataclass(frozen=True)
class Shape:
    """Stroke and digits as shares of the ring's diameter."""

    stroke: float
    digits: float
    weight: int


# From the design: 18 px and 188 px in a ring of 350 px; the digits grow a little so that they take a
# quarter of the window's height, and by night 8 px and 184 px in 328 px.
PLAIN_SHAPE = Shape(18 / 350, 206 / 350, 600)
NIGHT_SHAPE = Shape(8 / 328, 206 / 328, 500)
SMALL_SHAPE = Shape(8 / 92, 45 / 92, 600)


def spoken_left(remaining: float) -> str:
    """The seconds left in words, for screen readers."""
    whole = max(math.ceil(remaining - 1e-6), 1)
    if whole < 100:
        return ngettext("{n} second left", "{n} seconds left", whole).format(n=whole)
    return _("{time} minutes left").format(time=digits(remaining))


class Ring(QProgressBar):
    """A round progress bar. `show_time` is cheap: it repaints only what the moment changed."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, shape: Shape = PLAIN_SHAPE) -> None:
        super().__init__(parent)
        self._look = look
        self._shape = shape
        self._tone = Tone.HOLD
        self._share = 1.0
        self._text = ""
        self._word = ""
        self._about = ""
        self._remaining: float | None = None
        self._digits_font = QFont()
        self.setTextVisible(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The arc is clear of the corners, so that what lies below shows through.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)

    # ---------------------------------------------------------------- what the page sets

    @property
    def shown_digits(self) -> str:
        """The digits as they stand in the ring; empty where nothing is counted."""
        return self._text

    @property
    def share(self) -> float:
        """The part of the ring that is drawn, 0 to 1."""
        return self._share

    @property
    def digit_height(self) -> int:
        """The size of the digits' type, in px."""
        return self._digits_font.pixelSize()

    @property
    def shape(self) -> Shape:
        return self._shape

    def digits_drawn(self) -> QSizeF:
        """The room that the digits take on the screen, in px."""
        return QFontMetricsF(self._digits_font).tightBoundingRect(self._text).size()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._choose_font()
        self.update()

    def set_shape(self, shape: Shape) -> None:
        if shape != self._shape:
            self._shape = shape
            self._choose_font()
            self.update()

    def show_time(
        self,
        remaining: float | None,
        total: float,
        *,
        tone: Tone = Tone.HOLD,
        word: str = "",
        about: str = "",
        breaths: bool = False,
    ) -> None:
        """Show `remaining` of `total` seconds, or an empty ring where nothing is counted (None).

        `word` stands below the digits; `about` names the step and side to screen readers. With `breaths` the
        digits count slow breaths; screen readers have the seconds all the same.
        """
        text = ""
        if remaining is not None:
            text = str(breaths_left(remaining)) if breaths else digits(remaining)
        share = 0.0
        if remaining is not None and total > 0:
            exact = float(max(math.ceil(remaining - 1e-6), 0)) if self._look.reduced_motion else remaining
            share = min(max(exact / total, 0.0), 1.0)
        if tone is not self._tone or word != self._word or len(text) != len(self._text):
            self._tone, self._word, self._text, self._share = tone, word, text, share
            self._choose_font()
            self.update()
        else:
            if text != self._text:
                self._text = text
                self.update(self._digits_rect())
            if share != self._share:
                changed = self._arc_rect(self._share, share)
                self._share = share
                self.update(changed)
        self._report(remaining, total, about)

    # ---------------------------------------------------------------- screen readers

    def text(self) -> str:
        """What screen readers read as the value."""
        return "" if self._remaining is None else spoken_left(self._remaining)

    def _report(self, remaining: float | None, total: float, about: str) -> None:
        """Tell screen readers of a new step at once and of the seconds every ten."""
        new = about != self._about
        if new:
            self._about = about
            self.setAccessibleName(about)
        whole = 0 if remaining is None else max(math.ceil(remaining - 1e-6), 0)
        most = max(math.ceil(total), whole, 1)
        self._remaining = remaining
        if most != self.maximum() or self.minimum() != 0:
            self.setRange(0, most)
            new = True
        known = self.value()
        if new or -(-known // HEARD_EVERY) != -(-whole // HEARD_EVERY) or whole > known:
            self.setValue(whole)

    # ---------------------------------------------------------------- drawing

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_font()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        circle = self._circle()
        pen = QPen(theme.s2, self._stroke(), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawEllipse(circle)
        if self._share > 0:
            pen.setColor(theme.gfx if self._tone is Tone.HOLD else theme.edge)
            painter.setPen(pen)
            if self._share >= 1:
                painter.drawEllipse(circle)
            else:
                painter.drawArc(circle, 90 * 16, round(-360 * 16 * self._share))
        if self._text and event.rect().intersects(self._digits_rect()):
            self._paint_digits(painter, theme.text3 if self._tone is Tone.PAUSED else theme.text1)

    def _paint_digits(self, painter: QPainter, colour: QColor) -> None:
        metrics = QFontMetricsF(self._digits_font)
        spacing = self._digits_font.letterSpacing()
        width = metrics.horizontalAdvance(self._text) - spacing
        height = metrics.tightBoundingRect("0").height()
        middle = QRectF(self.rect()).center()
        baseline = middle.y() + height / 2
        if self._word:
            baseline -= height * 0.14
        painter.setFont(self._digits_font)
        painter.setPen(colour)
        painter.drawText(QPointF(middle.x() - width / 2, baseline), self._text)
        if self._word:
            small = font(Role.BODY_MEDIUM, self._look.factor)
            line = QFontMetricsF(small)
            painter.setFont(small)
            painter.setPen(self._look.theme.text3)
            at = QPointF(middle.x() - line.horizontalAdvance(self._word) / 2, baseline + line.height() * 1.15)
            painter.drawText(at, self._word)

    def _choose_font(self) -> None:
        """The design's digits, but never wider than the ring: the typeface may be the system's."""
        diameter = min(self.width(), self.height())
        made = QFont(font(Role.COUNTDOWN, 1.0))
        made.setWeight(QFont.Weight(self._shape.weight))
        sample = "0" * max(len(self._text), 2) if ":" not in self._text else "0:00"
        size = diameter * self._shape.digits * (_LONG_SHARE if ":" in self._text else 1.0)
        room = (diameter - 2 * self._stroke()) * _ROOM
        made.setPixelSize(100)
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, -4.5)
        drawn = QFontMetricsF(made).tightBoundingRect(sample)
        diagonal = math.hypot(drawn.width(), drawn.height())
        if diagonal > 0:
            size = min(size, room / diagonal * 100)
        pixels = max(round(size), 13)
        made.setPixelSize(pixels)
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, -0.045 * pixels)
        self._digits_font = made

    def _stroke(self) -> float:
        return min(self.width(), self.height()) * self._shape.stroke

    def _circle(self) -> QRectF:
        side = min(self.width(), self.height()) - self._stroke() - 1
        middle = QRectF(self.rect()).center()
        return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)

    def _digits_rect(self) -> QRect:
        """Everything inside the stroke that the digits may touch."""
        inner = self._circle().width() - self._stroke()
        side = math.ceil(inner * 0.96)
        box = QRect(0, 0, side, math.ceil(side * 0.72))
        box.moveCenter(self.rect().center())
        return box

    def _arc_rect(self, one: float, other: float) -> QRect:
        """What a change of the arc from `one` to `other` can touch, both 0 to 1."""
        if abs(one - other) > 0.12 or max(one, other) >= 1:
            return self.rect()
        circle, reach = self._circle(), self._stroke() / 2 + 2
        radius, middle = circle.width() / 2, circle.center()
        corners = []
        for step in range(5):
            turn = 2 * math.pi * (one + (other - one) * step / 4)
            corners.append(middle + QPointF(radius * math.sin(turn), -radius * math.cos(turn)))
        box = QRectF(corners[0], QSize(0, 0))
        for corner in corners[1:]:
            box = box.united(QRectF(corner.x() - 0.5, corner.y() - 0.5, 1, 1))
        return box.adjusted(-reach, -reach, reach, reach).toAlignedRect()
