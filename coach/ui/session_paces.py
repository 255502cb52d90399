"""What stands in the ring's place where a side has a rhythm: the strokes, the tender spot and the breath.

It leaves out every clock: the page says how far a beat is, twenty-five times a second where something moves,
and each part repaints only what that changed. When which of them is shown is the page's choice as well.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QRadialGradient,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from coach.domain.pacing import Beat
from coach.i18n import _
from coach.ui.ring import NIGHT_SHAPE, PLAIN_SHAPE, Ring, Tone
from coach.ui.session_words import BreathWords, PressWords, StrokeWords
from coach.ui.theme import SMALLEST_TEXT, Look, Role, font, mixed

__all__ = ["BreathDisc", "BreathTile", "PaceBar", "PressPanel", "StrokePanel", "stroke_place"]

STEPS = 10
"""Into so many steps the pace bar is divided where motion is reduced (DESIGN 5)."""
# A way back at least this share of the way there is work as well: a roller, not a light return.
_BOTH_WAYS = 0.7


def _eased(share: float) -> float:
    """In-out-sine of a share from 0 to 1."""
    return 0.5 - 0.5 * math.cos(math.pi * min(max(share, 0.0), 1.0))


def stroke_place(beat: Beat, elapsed: float) -> float:
    """How far the hand is, 0 (start) to 1 (end), `elapsed` seconds into a stroke.

    In-out-sine on the way there, still while it lifts, linear on the way back (DESIGN 6); a way back that
    is as slow as the way there is eased as well.
    """
    if elapsed < beat.go:
        return _eased(elapsed / beat.go)
    if elapsed < beat.go + beat.lift or beat.back <= 0:
        return 1.0
    share = min((elapsed - beat.go - beat.lift) / beat.back, 1.0)
    return 1.0 - (_eased(share) if _works_back(beat) else share)


def _works_back(beat: Beat) -> bool:
    return beat.lift == 0 and beat.back >= beat.go * _BOTH_WAYS


def _segment_colours(look: Look, done: QColor) -> tuple[QColor, QColor, QColor]:
    """Of small segments: done, current, to come."""
    theme = look.theme
    # By night amber and text are too much alike to tell them apart.
    return theme.edge if theme.is_night else done, theme.text1, theme.s3


def _paint_segments(
    painter: QPainter, where: QRectF, number: int, count: int, colours: tuple[QColor, QColor, QColor]
) -> None:
    """`count` pills in a row, the `number`th current; as wide as the design's or as there is room."""
    done, current, to_come = colours
    painter.setPen(Qt.PenStyle.NoPen)
    gap = min(where.height() * 0.67, where.width() / max(count, 1) * 0.25)
    wide = min((where.width() - gap * (count - 1)) / max(count, 1), where.height() * 26 / 12)
    total = wide * count + gap * (count - 1)
    x = where.center().x() - total / 2
    radius = min(where.height(), wide) / 2
    for turn in range(1, count + 1):
        painter.setBrush(done if turn < number else current if turn == number else to_come)
        painter.drawRoundedRect(QRectF(x, where.top(), wide, where.height()), radius, radius)
        x += wide + gap


def _sized(role: Role, pixels: float) -> QFont:
    """The role's font at a size in px, never below the smallest that is read."""
    return font(role, max(round(pixels), SMALLEST_TEXT) / role.value[0])


def _narrowed(role: Role, pixels: float, text: str, width: float) -> QFont:
    """The same, smaller where `text` would be wider than `width` px."""
    made = _sized(role, pixels)
    wide = QFontMetricsF(made).horizontalAdvance(text)
    return made if wide <= width or wide == 0 else _sized(role, pixels * width / wide * 0.99)


# ---------------------------------------------------------------- strokes


class PaceBar(QWidget):
    """Where the hand is between the two ends of a stroke: a track, a knob and its soft tail.

    On a light return the knob is hollow and has no tail. With reduced motion ten steps stand in its place.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._scale = 1.0
        self._still = False
        self._beat: Beat | None = None
        self._at = 0.0
        self._drawn: tuple[object, ...] = ()
        self._tail: tuple[tuple[object, ...], QPixmap] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_look(self, look: Look, scale: float, *, still: bool) -> None:
        """`scale` is the size of the bar against the design's; `still` shows steps instead of the knob."""
        self._look, self._scale, self._still = look, scale, still
        self._drawn = ()
        self.update()

    @property
    def step(self) -> int:
        """The step of ten the hand is at, from 0."""
        return min(int(self.place * STEPS), STEPS - 1)

    @property
    def place(self) -> float:
        """How far the hand is, 0 to 1."""
        return stroke_place(self._beat, self._at) if self._beat else 0.0

    def show_beat(self, beat: Beat, elapsed: float) -> None:
        """`elapsed` seconds into `beat`; repaints when that moves something by a third of a pixel."""
        self._beat, self._at = beat, elapsed
        shown: tuple[object, ...] = (self.step, self._phase())
        if not self._still:
            way = max(self.width() - 38 * self._scale, 1.0)
            fading = round(self._presence() * 20)
            shown = (round(self.place * way * 3), self._phase(), fading)
        if shown != self._drawn:
            self._drawn = shown
            self.update()

    def _phase(self) -> int:
        """0 on the way there, 1 while lifting, 2 on the way back."""
        beat = self._beat
        if beat is None or self._at < beat.go or (beat.lift == 0 and beat.back == 0):
            return 0
        return 1 if self._at < beat.go + beat.lift else 2

    def _presence(self) -> float:
        """How clearly the knob is seen: without a way back it fades at both ends instead of leaping."""
        beat = self._beat
        if beat is None or beat.back > 0:
            return 1.0
        edge = min(0.25, beat.seconds * 0.12)
        return min(self._at / edge, (beat.seconds - self._at) / edge, 1.0) if edge else 1.0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        if self._still:
            self._paint_steps(painter)
        else:
            self._paint_knob(painter)

    def _paint_steps(self, painter: QPainter) -> None:
        theme, g = self._look.theme, self._scale
        gap = 8 * g
        wide = (self.width() - gap * (STEPS - 1)) / STEPS
        back = self._phase() == 2
        now, middle = self.step, self.height() / 2
        for turn in range(STEPS):
            current = turn == now
            tall = (22 if current else 10) * g
            passed = turn > now if back else turn < now
            painter.setBrush(theme.gfx if current else theme.edge if passed and not back else theme.s3)
            x = turn * (wide + gap)
            painter.drawRoundedRect(QRectF(x, middle - tall / 2, wide, tall), tall / 2, tall / 2)

    def _paint_knob(self, painter: QPainter) -> None:
        theme, g = self._look.theme, self._scale
        track, knob, middle = 10 * g, 38 * g, self.height() / 2
        painter.setBrush(theme.s3)
        painter.drawRoundedRect(QRectF(0, middle - track / 2, self.width(), track), track / 2, track / 2)
        x = knob / 2 + self.place * (self.width() - knob)
        phase = self._phase()
        back = phase == 2
        working = phase == 0 or (back and self._beat is not None and _works_back(self._beat))
        way = -1 if back else 1
        painter.setOpacity(max(self._presence(), 0.0))
        if working:
            begun = self.width() - knob / 2 if back else knob / 2
            tail = min(150 * g, abs(x - begun) + knob * 0.3)
            self._paint_tail(painter, x, middle, way, tail)
        face = QRectF(x - knob / 2, middle - knob / 2, knob, knob)
        if working:
            painter.setBrush(theme.gfx)
            painter.drawEllipse(face)
        else:
            painter.setBrush(theme.bg)
            painter.setPen(QPen(theme.gfx if phase == 1 else theme.edge, 3 * g))
            painter.drawEllipse(face.adjusted(1.5 * g, 1.5 * g, -1.5 * g, -1.5 * g))
        ink = theme.on_fill if working else theme.gfx if phase == 1 else theme.edge
        pen = QPen(ink, 4 * g, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if phase == 1:  # the hand leaves the skin
            tip = QPointF(x, middle - 5 * g)
            painter.drawPolyline([tip + QPointF(-8 * g, 8 * g), tip, tip + QPointF(8 * g, 8 * g)])
            return
        tip = QPointF(x + way * 4.5 * g, middle)
        painter.drawPolyline([tip + QPointF(-way * 8 * g, -8 * g), tip, tip + QPointF(-way * 8 * g, 8 * g)])

    def _paint_tail(self, painter: QPainter, x: float, middle: float, way: int, length: float) -> None:
        """Narrow and clear at its end, as wide as the knob where it meets it."""
        tail = self._tail_frame(way)
        half = 19 * self._scale
        left = x - length if way > 0 else x
        painter.drawPixmap(QRectF(left, middle - half, length, 2 * half), tail, QRectF(tail.rect()))

    def _tail_frame(self, way: int) -> QPixmap:
        """The tail at its longest, drawn once; a shorter one is the same, pushed together."""
        key = (way, self._scale, self._look.theme.name, self.devicePixelRatioF())
        if self._tail is None or self._tail[0] != key:
            ratio = self.devicePixelRatioF()
            wide, tall = 150 * self._scale * ratio, 38 * self._scale * ratio
            made = QPixmap(max(round(wide), 1), max(round(tall), 1))
            made.fill(Qt.GlobalColor.transparent)
            painter = QPainter(made)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            slope = QLinearGradient(0, 0, wide, 0)
            near, far = QColor(self._look.theme.gfx), QColor(self._look.theme.gfx)
            near.setAlphaF(0.9)
            far.setAlphaF(0.0)
            slope.setColorAt(0, far)
            slope.setColorAt(1, near)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(slope))
            narrow = tall * 0.11
            corners = [(0, tall / 2 - narrow), (wide, 0.0), (wide, tall), (0, tall / 2 + narrow)]
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
            painter.end()
            if way < 0:
                made = made.transformed(QTransform.fromScale(-1, 1))
            self._tail = (key, made)
        return self._tail[1]


class StrokePanel(QWidget):
    """The number of the stroke, large; a pill for each, the pace bar, and how fast and how hard."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._still = False
        self._words: StrokeWords | None = None
        self._dimmed = False
        self._larger = 0.0  # how much larger the small words are wanted, 0 to 1
        self._bar = PaceBar(look, self)

    @property
    def bar(self) -> PaceBar:
        return self._bar

    def set_look(self, look: Look, *, still: bool, text: float = 1.0) -> None:
        """`still` is for reduced motion and for the night: the pace goes in steps.

        `text` is the user's text size, 1.0 to 1.5: the small words grow at the cost of the number.
        """
        self._look, self._still = look, still
        self._larger = min(max((text - 1.0) / 0.5, 0.0), 1.0)
        self._arrange()
        self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Paused: the number stands back."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def show_stroke(self, words: StrokeWords) -> None:
        if words != self._words:
            self._words = words
            self.setAccessibleName(words.spoken)
            self.setAccessibleDescription(", ".join(part for part in (words.pace, words.foot) if part))
            self.update()

    def show_beat(self, beat: Beat, elapsed: float) -> None:
        self._bar.show_beat(beat, elapsed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        # The design's block is 470 x 336 px at full size, with a little air to the words above.
        u = self._larger
        block = 336 - 40 * u
        g = self._scale = max(min(self.width() / 478, self.height() / (block + 14)), 0.3)
        self._top = (self.height() - block * g) / 2 + 5 * g
        self._number_height = (120 - 34 * u) * g
        self._pills_top = self._top + self._number_height + (36 - 12 * u) * g
        bar_top = self._pills_top + (58 - 20 * u) * g
        self._ends_top = bar_top + (54 - 6 * u) * g
        self._words_scale = g * (1 + 0.45 * u)
        wide = min(456 * g, self.width() - 8)
        bar = QRectF((self.width() - wide) / 2, bar_top, wide, 44 * g)
        self._bar.setGeometry(bar.toRect())
        self._bar.set_look(self._look, g, still=self._still)

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self._words
        if words is None or self._bar.geometry().contains(event.rect()):
            return  # the bar moves often, and nothing of this lies under it
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, g, h = self._look.theme, self._scale, self._words_scale
        self._paint_number(painter, words, QRectF(0, self._top, self.width(), self._number_height))
        row = QRectF(0, self._pills_top, min(456 * g, self.width() - 8), 12 * g)
        row.moveCenter(QPointF(self.width() / 2, row.center().y()))
        _paint_segments(painter, row, words.number, words.count, _segment_colours(self._look, theme.gfx))
        edge = (self.width() - min(470 * g, self.width())) / 2
        line = QRectF(edge, self._ends_top, self.width() - 2 * edge, 32 * h)
        foot = self._paint_ends(painter, words, line)
        if foot and not theme.is_night:
            painter.setFont(_narrowed(Role.BODY, 18 * h, foot, self.width() - 8))
            painter.setPen(theme.text2)
            where = QRectF(0, line.bottom() + 4 * g, self.width(), 30 * h)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, foot)

    def _paint_number(self, painter: QPainter, words: StrokeWords, where: QRectF) -> None:
        theme, g = self._look.theme, self._scale
        digits = QFont(font(Role.COUNTDOWN, 1.0))
        # The number changes only with a stroke, so that digits need not be of one width: "11" stays together.
        digits.setFeature(QFont.Tag("tnum"), 0)
        digits.setPixelSize(max(round(self._number_height * 152 / 120), 40))
        digits.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, -0.035 * digits.pixelSize())
        number = str(words.number)
        big = QFontMetricsF(digits)
        wide = big.horizontalAdvance(number)
        gap = 16 * g
        unit = _narrowed(
            Role.EXERCISE, max(35 * g, 24 * self._words_scale), words.unit, where.width() - wide - gap - 8
        )
        unit.setWeight(QFont.Weight.Normal)
        small = QFontMetricsF(unit).horizontalAdvance(words.unit)
        x = where.center().x() - (wide + gap + small) / 2
        baseline = where.bottom() - 2 * g
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        number_x, unit_x = (x + small + gap, x) if mirrored else (x, x + wide + gap)
        painter.setFont(digits)
        painter.setPen(theme.text3 if self._dimmed else theme.text1)
        painter.drawText(QPointF(number_x, baseline), number)
        painter.setFont(unit)
        painter.setPen(theme.text3 if self._dimmed else theme.text2)
        painter.drawText(QPointF(unit_x, baseline), words.unit)

    def _paint_ends(self, painter: QPainter, words: StrokeWords, where: QRectF) -> str:
        """Both ends and the pace between them; gives what goes below, the pace too where it has no room."""
        theme, g = self._look.theme, self._words_scale
        ends, pace = _sized(Role.LEAD, 22 * g), _sized(Role.BODY, 18 * g)
        metrics = QFontMetricsF(ends)
        start, end = metrics.horizontalAdvance(words.start), metrics.horizontalAdvance(words.end)
        between = QFontMetricsF(pace).horizontalAdvance(words.pace)
        fits = 2 * max(start, end) + between + 36 * g <= where.width()
        lead, trail = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            lead, trail = trail, lead
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.setFont(ends)
        painter.setPen(theme.text2)
        painter.drawText(where, middle | lead, words.start)
        painter.drawText(where, middle | trail, words.end)
        if not fits:
            return "  ·  ".join(part for part in (words.pace, words.foot) if part)
        painter.setFont(pace)
        painter.setPen(theme.text3)
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, words.pace)
        return words.foot


# ---------------------------------------------------------------- the tender spot


class PressPanel(QWidget):
    """The seconds of a press, how it should feel by now, and which press it is."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._words: PressWords | None = None
        self._compact = self._large = False
        self._ladder = QRectF()
        self._ring = Ring(look, self)

    @property
    def ring(self) -> Ring:
        return self._ring

    @property
    def shows_ladder(self) -> bool:
        return bool(self._words and self._words.ladder) and not self._compact

    def set_look(self, look: Look, *, compact: bool, large: bool = False) -> None:
        """`compact` says in words what the ladder shows: for small windows and the night.

        `large` gives the words below more of the ring's room.
        """
        self._look, self._compact, self._large = look, compact, large
        self._ring.set_look(look)
        self._ring.set_shape(NIGHT_SHAPE if look.theme.is_night else PLAIN_SHAPE)
        self._arrange()
        self.update()

    def show_press(self, words: PressWords) -> None:
        before, self._words = self._words, words
        if before == words:
            return
        self.setAccessibleName(words.line)
        self.setAccessibleDescription(words.easing)
        if before is None or before.ladder != words.ladder:
            self._arrange()
        self.update()

    def show_time(self, remaining: float, total: float, *, tone: Tone, about: str) -> None:
        self._ring.show_time(remaining, total, tone=tone, about=about)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        width, height = self.width(), self.height()
        f = self._look.factor
        lines = 2 if self._compact and self._words and self._words.easing else 1
        self._line = max(min(height * (0.14 if self._large else 0.1), 34 * f), 20.0)
        foot = lines * self._line + height * 0.03
        if self.shows_ladder:
            # The ring of the design is 264 px beside a ladder of 196 px, with 46 px between them.
            side = min(height - foot, width * 264 / 506)
            gap, ladder = side * 46 / 264, min(side * 196 / 264, width - side * 310 / 264)
            left = (width - side - gap - ladder) / 2
            self._ladder = QRectF(left + side + gap, 0, ladder, side)
        else:
            side = min(height - foot, width)
            left = (width - side) / 2
            self._ladder = QRectF()
        top = max((height - foot - side) / 2, 0.0)
        self._ladder.moveTop(top)
        self._ring.setGeometry(QRectF(left, top, side, side).toRect())
        self._foot = top + side + height * 0.03

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self._words
        if words is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.shows_ladder:
            self._paint_ladder(painter, words)
        self._paint_foot(painter, words)

    def _paint_ladder(self, painter: QPainter, words: PressWords) -> None:
        """A bar for each level from the first to the last; the one to be felt now is taller and amber."""
        theme, box = self._look.theme, self._ladder
        g = box.height() / 264
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        lead = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = lead | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        title, note = _("How it feels"), _("0 touch, 10 pain")
        painter.setFont(_narrowed(Role.BODY, 20 * g, title, box.width()))
        painter.setPen(theme.text2)
        painter.drawText(QRectF(box.left(), box.top() - 10 * g, box.width(), 28 * g), flags, title)
        painter.setFont(_narrowed(Role.BODY, 17 * g, note, box.width()))
        painter.setPen(theme.text3)
        painter.drawText(QRectF(box.left(), box.bottom() - 42 * g, box.width(), 28 * g), flags, note)
        step = min(50 * g, 176 * g / max(len(words.ladder) - 1, 1))
        for turn, level in enumerate(words.ladder):
            now = turn == words.level
            done = words.level is not None and turn < words.level
            y = box.top() + 46 * g + turn * step
            tall = (26 if now else 14) * g
            digit = _sized(Role.SECTION, (46 if now else 28) * g)
            painter.setFont(digit)
            painter.setPen(theme.text1 if now else theme.text2)
            column = QRectF(box.left(), y - 30 * g, 28 * g, 60 * g)
            room = box.width() - 46 * g
            wide = room * level / max(words.ladder[0], 1)
            x = box.left() + 46 * g
            if mirrored:
                column.moveRight(box.right())
                x = box.right() - 46 * g - wide
            painter.drawText(column, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, str(level))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.gfx if now else theme.edge if done else theme.s3)
            painter.drawRoundedRect(QRectF(x, y - tall / 2, wide, tall), tall / 2, tall / 2)

    def _paint_foot(self, painter: QPainter, words: PressWords) -> None:
        theme, tall = self._look.theme, self._line
        pill = tall * 0.36
        pills = words.count * pill * 2.17 + (words.count - 1) * pill * 0.6
        shows = pills < self.width() * 0.4
        gap = tall * 0.5 if shows else 0.0
        room = self.width() - (pills + gap if shows else 0)
        made = _narrowed(Role.BODY, tall * 0.62, words.line, room)
        painter.setFont(made)
        wide = min(QFontMetricsF(made).horizontalAdvance(words.line), room)
        total = wide + (pills + gap if shows else 0)
        x = (self.width() - total) / 2
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        text_x = x if mirrored or not shows else x + pills + gap
        painter.setPen(theme.text2)
        where = QRectF(text_x, self._foot, wide + 2, tall)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, words.line)
        if shows:
            row = QRectF(x + wide + gap if mirrored else x, self._foot + (tall - pill) / 2, pills, pill)
            number = words.number + 1 if words.resting else words.number
            colours = _segment_colours(self._look, theme.edge)
            if words.resting:
                colours = (colours[0], colours[2], colours[2])
            _paint_segments(painter, row, number, words.count, colours)
        if self._compact and words.easing:
            painter.setFont(_narrowed(Role.BODY, tall * 0.62, words.easing, self.width()))
            painter.setPen(theme.text2)
            where = QRectF(0, self._foot + tall, self.width(), tall)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, words.easing)


# ---------------------------------------------------------------- the breath


class BreathDisc(QWidget):
    """A disc that swells with the breath in and sinks with the breath out, inside a segment a second.

    With reduced motion it stands still and the segments step; by night it is an outline only.
    """

    # Of the design: the segments' circle is 350 px wide, the disc 62 to 146 px in radius, 118 px at rest.
    _LEAST, _MOST, _REST, _WHOLE = 62 / 175, 146 / 175, 118 / 175, 168 / 175

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._still = False
        self._dimmed = False
        self._beat: Beat | None = None
        self._at = 0.0
        self._drawn: tuple[object, ...] = ()
        self._frame: QPixmap | None = None
        self._framed: tuple[object, ...] = ()
        self._glow: tuple[tuple[object, ...], QPixmap] | None = None
        self._counted: tuple[tuple[object, ...], QPixmap] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_look(self, look: Look, *, still: bool) -> None:
        """`still` is for reduced motion and for the night."""
        self._look, self._still = look, still
        self._drawn, self._framed = (), ()
        self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Paused: everything stands back."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self._drawn, self._framed = (), ()
            self.update()

    @property
    def segments(self) -> tuple[int, int]:
        """How many whole seconds in and out."""
        if self._beat is None:
            return 4, 6
        return max(round(self._beat.go), 1), max(round(self._beat.back + self._beat.lift), 1)

    @property
    def second(self) -> int:
        """The second of this breath in or out that is counted, from 1."""
        return self._where()[1]

    @property
    def size_of_disc(self) -> float:
        """The disc's radius, 0 (smallest) to 1 (largest)."""
        beat = self._beat
        if beat is None:
            return 0.0
        if self._at < beat.go:
            return _eased(self._at / beat.go)
        out = beat.back + beat.lift
        return 1.0 - _eased((self._at - beat.go) / out) if out else 1.0

    def show_beat(self, beat: Beat, elapsed: float) -> None:
        """`elapsed` seconds into `beat`; repaints when that can be seen."""
        self._beat, self._at = beat, elapsed
        segment, second, share = self._where()
        shown: tuple[object, ...] = (segment, second)
        if not self._still:
            half = self._diameter() / 2
            swell = self.size_of_disc * (self._MOST - self._LEAST) * half
            shown = (segment, second, round(share * 12), round(swell * 2))
        if shown != self._drawn:
            self._drawn = shown
            self.update()

    def _where(self) -> tuple[int, int, float]:
        """The segment that fills, from 0, the second it stands for, from 1, and how full it is."""
        beat, (into, out) = self._beat, self.segments
        if beat is None:
            return 0, 1, 0.0
        if self._at < beat.go:
            at = self._at / beat.go * into
            turn = min(int(at), into - 1)
            return turn, turn + 1, at - turn
        length = beat.back + beat.lift
        at = min((self._at - beat.go) / length, 1.0) * out if length else 0.0
        turn = min(int(at), out - 1)
        return into + turn, turn + 1, min(at - turn, 1.0)

    def _diameter(self) -> float:
        return float(min(self.width(), self.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drawn, self._framed = (), ()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, half = self._look.theme, self._diameter() / 2
        middle = QRectF(self.rect()).center()
        segment, second, share = self._where()
        painter.drawPixmap(0, 0, self._segments_frame(segment))
        ink = theme.edge if self._dimmed else theme.gfx
        self._paint_current(painter, segment, 1.0 if self._still else share, ink)
        if self._still:
            if theme.is_night:
                painter.setPen(QPen(theme.edge, max(half * 0.012, 1.5)))
                painter.setBrush(Qt.BrushStyle.NoBrush)
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.s1)
            painter.drawEllipse(middle, half * self._REST, half * self._REST)
        else:
            radius = half * (self._LEAST + (self._MOST - self._LEAST) * self.size_of_disc)
            inner = radius - half * 0.006
            face = QRectF(middle.x() - inner, middle.y() - inner, 2 * inner, 2 * inner)
            glow = self._glow_frame()
            painter.drawPixmap(face, glow, QRectF(glow.rect()))
            # The outline lies over the edge, which is scaled roughly: that costs a tenth of a new gradient.
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink, half * 0.018))
            painter.drawEllipse(middle, radius, radius)
        painter.drawPixmap(0, 0, self._count_frame(str(second)))

    def _glow_frame(self) -> QPixmap:
        """The disc at its largest, drawn once."""
        theme, ratio = self._look.theme, self.devicePixelRatioF()
        side = max(round(self._diameter() * self._MOST * ratio), 1)
        key = (side, theme.name, self._dimmed)
        if self._glow is None or self._glow[0] != key:
            made = QPixmap(side, side)
            made.fill(Qt.GlobalColor.transparent)
            painter = QPainter(made)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            slope = QRadialGradient(side / 2, side / 2, side / 2)
            slope.setColorAt(0, mixed(theme.bg, theme.gfx, 0.42))
            slope.setColorAt(1, mixed(theme.bg, theme.gfx, 0.24))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.s1 if self._dimmed else QBrush(slope))
            painter.drawEllipse(made.rect())
            painter.end()
            self._glow = (key, made)
        return self._glow[1]

    def _count_frame(self, text: str) -> QPixmap:
        """The count, drawn once a second."""
        key = (text, self.size(), self.devicePixelRatioF(), self._look.theme.name, self._dimmed)
        if self._counted is None or self._counted[0] != key:
            made = self._blank()
            painter = QPainter(made)
            self._paint_count(painter, text, QRectF(self.rect()).center(), self._diameter() / 2)
            painter.end()
            self._counted = (key, made)
        return self._counted[1]

    def _blank(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        made = QPixmap(QSize(math.ceil(self.width() * ratio), math.ceil(self.height() * ratio)))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        return made

    def _paint_count(self, painter: QPainter, text: str, middle: QPointF, half: float) -> None:
        made = QFont(font(Role.COUNTDOWN, 1.0))
        made.setPixelSize(max(round(half * 0.86), 13))
        painter.setFont(made)
        theme = self._look.theme
        painter.setPen(theme.text3 if self._dimmed else theme.text1)
        metrics = QFontMetricsF(made)
        wide = metrics.horizontalAdvance(text) - made.letterSpacing()
        tall = metrics.tightBoundingRect("0").height()
        painter.drawText(QPointF(middle.x() - wide / 2, middle.y() + tall / 2), text)

    def _arcs(self) -> list[tuple[float, float]]:
        """Start and length of each segment in degrees, clockwise from the top; wider gaps part in and out."""
        into, out = self.segments
        count = into + out
        # Of the design: 10 degrees between seconds and twice that between in and out, round caps included.
        narrow, wide = min(12.0, 120 / count), min(21.0, 210 / count)
        each = (360 - narrow * (count - 2) - wide * 2) / count
        arcs, at = [], wide / 2
        for turn in range(count):
            arcs.append((at, each))
            at += each + (wide if turn == into - 1 else narrow)
        return arcs

    def _stroke(self) -> float:
        return self._diameter() * 12 / 350

    def _circle(self) -> QRectF:
        radius = self._diameter() / 2 * self._WHOLE - self._stroke() * 0.3
        middle = QRectF(self.rect()).center()
        return QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)

    def _segments_frame(self, current: int) -> QPixmap:
        """Everything that stands still during one second, drawn once a second."""
        theme, ratio = self._look.theme, self.devicePixelRatioF()
        key = (current, self.segments, self.size(), ratio, theme.name, self._dimmed, self._still)
        if self._frame is not None and key == self._framed:
            return self._frame
        self._framed = key
        frame = self._blank()
        painter = QPainter(frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._still:
            dots = QPen(theme.s3, max(self._diameter() * 0.005, 1.0))
            dots.setDashPattern([1.5, 3.5])
            painter.setPen(dots)
            radius = self._diameter() / 2 * self._MOST
            painter.drawEllipse(QRectF(self.rect()).center(), radius, radius)
        pen = QPen(theme.s3, self._stroke(), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        for turn, (start, length) in enumerate(self._arcs()):
            pen.setColor(theme.edge if turn < current else theme.s3)
            painter.setPen(pen)
            painter.drawArc(self._circle(), round((90 - start) * 16), round(-length * 16))
        painter.end()
        self._frame = frame
        return frame

    def _paint_current(self, painter: QPainter, current: int, share: float, ink: QColor) -> None:
        """The second that runs, filled as far as it is; thicker and whole where nothing moves."""
        start, length = self._arcs()[current]
        wide = self._stroke() * (1.75 if self._still else 1.0)
        painter.setPen(QPen(ink, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        span = max(length * share, 0.1)
        painter.drawArc(self._circle(), round((90 - start) * 16), round(-span * 16))


class BreathTile(QWidget):
    """Which breath it is and how long in and out, in two lines at the foot of the screen."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._words: BreathWords | None = None

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def show_breath(self, words: BreathWords) -> None:
        if words != self._words:
            self._words = words
            self.setAccessibleName(f"{words.line}. {words.lengths}")
            self.update()

    def needed_width(self) -> int:
        """The px its words take."""
        if self._words is None:
            return 0
        small, strong = QFontMetrics(self._small()), QFontMetrics(self._strong())
        wide = max(small.horizontalAdvance(self._words.line), strong.horizontalAdvance(self._words.lengths))
        return wide + 4

    def _small(self) -> QFont:
        return font(Role.SMALL, self._look.factor)

    def _strong(self) -> QFont:
        return font(Role.BODY_STRONG, self._look.factor)

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self._words
        if words is None:
            return
        painter = QPainter(self)
        theme = self._look.theme
        small, strong = self._small(), self._strong()
        first, second = QFontMetrics(small).height(), QFontMetrics(strong).height()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        edge = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = edge | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        top = (self.height() - first - second) // 2
        painter.setFont(small)
        painter.setPen(theme.text3)
        painter.drawText(QRect(0, top, self.width(), first), flags, words.line)
        painter.setFont(strong)
        painter.setPen(theme.text1)
        painter.drawText(QRect(0, top + first, self.width(), second), flags, words.lengths)
