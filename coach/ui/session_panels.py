"""The parts that take turns on the session screen: the way down, ready, switch, leaving and the end.

It leaves out when each is shown and what its buttons lead to: the page decides and listens.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from coach.domain.exercise import Side
from coach.i18n import _, ngettext
from coach.ui.controls import Button, FocusRing, Kind, RadioRow, Text, draw_key_cap, key_cap_size
from coach.ui.figure_view import Framing
from coach.ui.icons import Icon, paint_icon
from coach.ui.ring import SMALL_SHAPE, Ring
from coach.ui.stage import stage_colours
from coach.ui.theme import SMALLEST_TEXT, Look, Role, Theme, font

__all__ = [
    "Curtain",
    "DropPanel",
    "EndPanel",
    "FitLabel",
    "LeavePanel",
    "NextTile",
    "Note",
    "ReadyPanel",
    "SetupStrip",
    "Still",
    "SwitchPanel",
    "fitted_font",
]


class Still(Protocol):
    """A small picture of a held pose: figure, side ("left", "right" or None), logical size, theme."""

    def __call__(
        self,
        figure_id: str | None,
        side: str | None,
        size: QSize,
        theme: Theme,
        *,
        framing: Framing | None = ...,
    ) -> QPixmap: ...


_CENTRE = Qt.AlignmentFlag.AlignCenter
_WRAPPED = int(Qt.TextFlag.TextWordWrap)


def fitted_font(role: Role, pixels: int, text: str, room: QSize, *, least: int = SMALLEST_TEXT) -> QFont:
    """The role's font at `pixels`, made smaller until `text` fits into `room` with wrapping.

    Words of other languages are up to 40 % longer; they are never cut as long as `least` px allow it.
    """
    size = pixels
    while True:
        made = QFont(font(role, size / role.value[0]))
        metrics = QFontMetrics(made)
        needed = metrics.boundingRect(QRect(0, 0, max(room.width(), 1), 10_000), _WRAPPED, text)
        widest = max((metrics.horizontalAdvance(word) for word in text.split()), default=0)
        fits = needed.height() <= room.height() and max(widest, needed.width()) <= room.width()
        if fits or size <= least:
            return made
        size = max(least, min(size - 1, round(size * 0.96)))


class FitLabel(Text):
    """Words that wrap, and shrink before they would be cut. Plain text always.

    With `focusable` the keyboard can stop here, so that a screen reader can read it again.
    """

    _pixels = 0  # the size to be shown in where there is room; 0 for that of the role

    def __init__(
        self,
        role: Role,
        token: str = "text1",
        *,
        align: Qt.AlignmentFlag = _CENTRE,
        focusable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", role, token, align=align, parent=parent)
        self._focus_ring: FocusRing | None = None
        if focusable:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_pixels(self, pixels: int) -> None:
        """The size to be shown in where there is room, in px."""
        if pixels != self._pixels:
            self._pixels = pixels
            self._apply()

    def set_words(self, words: str) -> None:
        if words != self.text():
            self.setText(words)
            self._apply()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apply()

    def _type(self) -> QFont:
        return fitted_font(self._role, self._pixels or self._role.value[0], self.text(), self.size())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            if self._focus_ring is None:
                self._focus_ring = FocusRing(self, self._words_face)
            self._focus_ring.show_in(self._look.theme.text1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._focus_ring is not None:
            self._focus_ring.hide()

    def _words_face(self) -> tuple[QRect, float]:
        """The words, so that the focus outline hugs them and not the empty column."""
        words = self.fontMetrics().boundingRect(self.rect(), int(self.alignment()) | _WRAPPED, self.text())
        # A line is taller than its letters: the outline must not cross the words above.
        return words.adjusted(-8, round(words.height() * 0.15), 8, 0).intersected(self.rect()), 12.0


# ---------------------------------------------------------------- the way down


class SetupStrip(QWidget):
    """The way down to the floor in three small figures, the current one at full strength (DESIGN 5).

    Narrower than 560 px of the design it shows the current figure alone.
    """

    def __init__(self, still: Still, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still = still
        self._look = look
        self._lying = False
        self._side: Side | None = None
        self._current = 0
        self._alone = False

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def set_alone(self, alone: bool) -> None:
        """Show only the current figure, for small windows."""
        if alone != self._alone:
            self._alone = alone
            self.update()

    def show_way(self, side: Side | None, current: int, *, lying: bool) -> None:
        """The way down, to lie or to sit; `current` (from 0) is where the user should be by now."""
        current = min(max(current, 0), 2)
        if (lying, side, current) != (self._lying, self._side, self._current) or not self.accessibleName():
            self._lying, self._side, self._current = lying, side, current
            words = self._labels()[current]
            self.setAccessibleName(_("The way down, {n} of 3: {what}").format(n=current + 1, what=words))
            self.update()

    def _labels(self) -> tuple[str, str, str]:
        last = _("Lie on your back") if self._lying else _("Sit, legs long")
        return _("Hold on to something"), _("One knee down"), last

    def _figures(self) -> tuple[str, str, str]:
        return "setup_stand", "setup_kneel", "setup_lie" if self._lying else "setup_sit"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        scale = self.width() / 640
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(stage_colours(self._look.theme.name).panel)
        painter.drawRoundedRect(QRectF(self.rect()), 28 * scale, 28 * scale)
        if self._alone:
            pad = 12 * scale
            self._paint_step(painter, self._current, QRectF(self.rect()).adjusted(pad, pad, -pad, -pad))
            return
        pad, gap = 16 * scale, 31 * scale
        width = (self.width() - 2 * pad - 2 * gap) / 3
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for step in range(3):
            place = 2 - step if mirrored else step
            where = QRectF(pad + place * (width + gap), pad, width, self.height() - 2 * pad)
            self._paint_step(painter, step, where)
            if step < 2:
                side = min(26 * scale, gap)
                middle = where.left() - gap / 2 if mirrored else where.right() + gap / 2
                box = QRectF(middle - side / 2, where.top() + where.height() * 0.48 - side / 2, side, side)
                paint_icon(painter, Icon.LEFT if mirrored else Icon.RIGHT, box, self._look.theme.edge)

    def _paint_step(self, painter: QPainter, step: int, where: QRectF) -> None:
        theme, current = self._look.theme, step == self._current
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.field if theme.is_light else theme.s2)
            painter.drawRoundedRect(where, 20, 20)
        number_font = font(Role.CARD_TITLE, self._look.factor)
        number_height = QFontMetrics(number_font).height() * 1.1
        room = QSize(int(where.width() - 12), int(where.height() * (0.15 if not self._alone else 0.12)))
        label = self._labels()[step]
        role = Role.SECTION if current else Role.LEAD
        words = fitted_font(role, round(20 * self._look.factor), label, room)
        words.setWeight(QFont.Weight.DemiBold if current else QFont.Weight.Medium)
        words_height = max(room.height(), QFontMetrics(words).height())
        pad = where.height() * 0.035
        words_top = where.bottom() - pad - words_height
        number_top = words_top - number_height
        box = QRectF(where.left(), where.top() + pad, where.width(), max(number_top - where.top() - pad, 1))
        picture = self._still(
            self._figures()[step],
            self._side.value if self._side else None,
            QSize(int(box.width()), int(box.height())),
            theme,
            framing=Framing.FIGURE if self._alone else None,
        )
        painter.setOpacity(1.0 if current else 0.6)
        painter.drawPixmap(box.topLeft(), picture)
        painter.setOpacity(1.0)
        painter.setFont(number_font)
        painter.setPen(theme.accent if current else theme.text3)
        painter.drawText(
            QRectF(where.left(), number_top, where.width(), number_height), _CENTRE, str(step + 1)
        )
        painter.setFont(words)
        painter.setPen(theme.text1 if current else theme.text2)
        painter.drawText(
            QRectF(where.left() + 6, words_top, where.width() - 12, words_height),
            int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.AlignmentFlag.AlignTop) | _WRAPPED,
            label,
        )


# ---------------------------------------------------------------- ready


class ReadyPanel(QWidget):
    """ "I'm ready", the seconds that are left for it, and whether the app waits or counts."""

    ready = Signal()
    waits_chosen = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._button = Button(
            _("I’m ready"), Kind.PRIMARY, icon=Icon.CHECK, role=Role.START, radius=24, parent=self
        )
        self._ring = Ring(look, self, shape=SMALL_SHAPE)
        self._wait = RadioRow(_("Wait for me"), _("Starts when you press Space"), parent=self)
        self._count = RadioRow("", "", parent=self)
        self._waits = False
        self._chooses = True
        self._seconds = 0
        self._hint = ""
        self._hint_rect = QRect()
        self._button.clicked.connect(self.ready)
        self._wait.clicked.connect(lambda: self.waits_chosen.emit(True))
        self._count.clicked.connect(lambda: self.waits_chosen.emit(False))

    @property
    def button(self) -> Button:
        return self._button

    def set_look(self, look: Look) -> None:
        self._look = look
        self._ring.set_look(look)
        self._arrange()
        self.update()

    def show_choice(self, *, waits: bool, seconds: float, label: str, chooses: bool) -> None:
        """`chooses` shows the two rows; `seconds` is the real time that counting takes."""
        self._button.set_label(label)
        self._waits, self._chooses, self._seconds = waits, chooses, round(seconds)
        self._hint = _("It waits for you.") if waits or not chooses else _("Or it starts by itself.")
        for row, on in ((self._wait, waits), (self._count, not waits)):
            row.setVisible(chooses)
            row.setChecked(on)
        self._ring.setVisible(chooses and not waits)
        self._arrange()
        self.update()

    def show_time(self, remaining: float | None, total: float, about: str) -> None:
        self._ring.show_time(remaining, total, about=about)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        # The focus outline lies round a control, so the panel keeps room for it on every side.
        edge = 8
        width, height = self.width() - 2 * edge, self.height() - edge
        if width < 10 or height < 10:
            return
        f = self._look.factor
        gap = round(10 * min(f, 1.3))
        hint = max(key_cap_size(_("Space"), self._look).height(), round(30 * f))
        least = max(44, round(64 * min(f, 1.1)))
        rows, half = self._choice_rows(width, height - least - hint - 3 * gap, gap)
        between = 3 * gap if rows else gap
        if least + hint + between + rows > height:
            hint = 0  # the button says it already; the rows must be readable
        tall = min(max(height - rows - hint - between, least), round(104 * min(f, 1.4)))
        block = min(tall + hint + between + rows, height)
        top = edge + (height - block) // (3 if rows else 2)
        left = edge
        if self._ring.isVisibleTo(self):
            side = min(tall, round(width * 0.3))
            self._ring.setGeometry(edge, top + (tall - side) // 2, side, side)
            left += side + round(16 * min(f, 1.3))
        room = width + edge - left
        for share in (1.0, 0.9, 0.8, 0.7, 0.6):
            self._button.set_look(replace(self._look, factor=f * share))
            if self._button.sizeHint().width() <= room:
                break
        self._button.setGeometry(left, top, room, tall)
        self._hint_rect = QRect(edge, top + tall + gap, width, hint)
        if not rows:
            return
        rows_top = top + tall + between + hint - (gap if hint else 2 * gap)
        if half:
            self._wait.setGeometry(edge, rows_top, half, rows)
            self._count.setGeometry(edge + half + gap, rows_top, half, rows)
        else:
            row = (rows - gap) // 2
            self._wait.setGeometry(edge, rows_top, width, row)
            self._count.setGeometry(edge, rows_top + row + gap, width, row)

    def _choice_rows(self, width: int, room: int, gap: int) -> tuple[int, int]:
        """The height of both rows, and the width of each where they stand beside each other, else 0.

        Where room is short the small lines go first, then the rows move beside each other.
        """
        if not self._chooses:
            return 0, 0
        f = self._look.factor
        half = (width - gap) // 2
        tallest = 0
        for detailed, beside, share in ((True, False, 1.0), (False, True, 1.0), (False, True, 0.8)):
            look = replace(self._look, factor=f * share)
            self._word_rows(look, detailed=detailed)
            across = half if beside else width
            tallest = max(self._wait.heightForWidth(across), self._count.heightForWidth(across))
            rows = tallest if beside else 2 * tallest + gap
            if rows <= room:
                return rows, half if beside else 0
        return tallest, half

    def _word_rows(self, look: Look, *, detailed: bool) -> None:
        n = self._seconds
        self._wait.set_look(look)
        self._count.set_look(look)
        self._wait.set_words(_("Wait for me"), _("Starts when you press Space") if detailed else "")
        self._count.set_words(
            ngettext("Count {n} second", "Count {n} seconds", n).format(n=n),
            _("Then it starts by itself") if detailed else "",
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._hint_rect.isEmpty():
            return
        painter = QPainter(self)
        theme = self._look.theme
        cap = key_cap_size(_("Space"), self._look)
        words = QFont(font(Role.SECTION, self._look.factor))
        words.setWeight(QFont.Weight.Normal)
        gap = self._look.px(10)
        long = QFontMetrics(words).horizontalAdvance(self._hint)
        left = (self.width() - cap.width() - gap - long) / 2
        where = QRectF(self._hint_rect)
        draw_key_cap(
            painter,
            QRectF(left, where.top(), cap.width(), where.height()),
            _("Space"),
            self._look,
            theme.text2,
            theme.edge,
        )
        painter.setFont(words)
        painter.setPen(theme.text2)
        painter.drawText(
            QRectF(left + cap.width() + gap, where.top(), long + 2, where.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self._hint,
        )


# ---------------------------------------------------------------- switch


class SwitchPanel(QWidget):
    """The side that is done, ticked, and the side that comes, counting; then what to do there."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._ring = Ring(look, self, shape=SMALL_SHAPE)
        self._done: Side | None = None
        self._coming: Side | None = None
        self._advice = FitLabel(Role.LEAD, "text2", parent=self)

    @property
    def ring(self) -> Ring:
        return self._ring

    def set_look(self, look: Look) -> None:
        self._look = look
        self._ring.set_look(look)
        self._advice.set_look(look)
        self._arrange()
        self.update()

    def show_sides(self, done: Side | None, coming: Side | None, advice: str) -> None:
        """`done` is None where no side changes: then the count stands alone."""
        self._done, self._coming = done, coming
        self._advice.set_words(advice)
        self._arrange()
        self.update()

    def show_time(self, remaining: float | None, total: float, about: str) -> None:
        self._ring.show_time(remaining, total, about=about)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        f = self._look.factor
        width, height = self.width(), self.height()
        advice = min(round(30 * f * 2.1), round(height * 0.34))
        label = round(20 * f * 1.5)
        room = height - advice - label - round(28 * f)
        side = round(min(max(room, 60), 116 * f, width * 0.3))
        top = max((room - side) // 2, 0) + round(8 * f)
        reach = max(round(side * 1.12), round(74 * f))
        offset = 0 if self._done is None else min(reach, (width - side) // 2)
        middle = width // 2
        self._circle = QRect(middle - offset - side // 2, top, side, side)
        self._ring.setGeometry(middle + offset - side // 2, top, side, side)
        self._label_rect = QRect(0, top + side + round(8 * f), width, label)
        self._advice.set_pixels(round(22 * f))
        self._advice.setGeometry(0, height - advice, width, advice)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._coming is None or self._done is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        circle = QRectF(self._circle)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.s1)
        painter.drawEllipse(circle)
        tick = circle.width() * 0.4
        box = QRectF(0, 0, tick, tick)
        box.moveCenter(circle.center())
        paint_icon(painter, Icon.CHECK, box, theme.ok)
        ring = QRectF(self._ring.geometry())
        reach = min((ring.left() - circle.right()) * 0.42, 30 * self._look.factor + circle.width() * 0.1)
        middle = QPointF((ring.left() + circle.right()) / 2, circle.center().y())
        pen = QPen(theme.edge, max(4 * self._look.factor, 3), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        tip, tail = QPointF(middle.x() + reach, middle.y()), QPointF(middle.x() - reach, middle.y())
        head = reach * 0.5
        painter.drawLine(tail, tip)
        painter.drawPolyline([tip + QPointF(-head, -head * 0.75), tip, tip + QPointF(-head, head * 0.75)])
        names = {
            Side.LEFT: (_("Left, done"), _("Left, next")),
            Side.RIGHT: (_("Right, done"), _("Right, next")),
        }
        for words, centre, strong in (
            (names[self._done][0], circle.center().x(), False),
            (names[self._coming][1], ring.center().x(), True),
        ):
            role, share = (Role.SECTION, 1.1) if strong else (Role.LEAD, 0.9)
            painter.setFont(font(role, self._look.factor * share))
            painter.setPen(theme.text1 if strong else theme.text2)
            half = self.width() / 4
            where = QRectF(centre - half, self._label_rect.top(), 2 * half, self._label_rect.height())
            painter.drawText(where, _CENTRE, words)


# ---------------------------------------------------------------- next


class NextTile(QWidget):
    """What comes next: a small label, the name, and in a large window a picture."""

    def __init__(self, still: Still, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still = still
        self._look = look
        self._label = ""
        self._words = ""
        self._figure: str | None = None
        self._side: Side | None = None
        self._pictured = True

    @property
    def words(self) -> str:
        return self._words

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def set_pictured(self, pictured: bool) -> None:
        self._pictured = pictured
        self.update()

    def show_next(self, label: str, words: str, figure: str | None, side: Side | None) -> None:
        self._label, self._words, self._figure, self._side = label, words, figure, side
        self.setAccessibleName(f"{label}: {words}" if label else words)
        self.update()

    def needed_width(self) -> int:
        """The px its words take on one line, with the picture."""
        strong = QFontMetrics(font(Role.BODY_STRONG, self._look.factor))
        side = self._tile_side() + self._look.px(12) if self._has_picture() else 0
        return strong.horizontalAdvance(self._words) + 4 + side

    def _tile_side(self) -> int:
        return min(self.height(), round(64 * self._look.factor))

    def _has_picture(self) -> bool:
        return self._pictured and self._figure is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        right = 0
        if self._has_picture():
            side = self._tile_side()
            x = 0 if mirrored else self.width() - side
            tile = QRectF(x, (self.height() - side) / 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(stage_colours(theme.name).panel)
            painter.drawRoundedRect(tile, side / 4, side / 4)
            inset = round(side * 0.07)
            size = QSize(side - 2 * inset, side - 2 * inset)
            picture = self._still(self._figure, self._side.value if self._side else None, size, theme)
            painter.drawPixmap(QPointF(tile.x() + inset, tile.y() + inset), picture)
            right = side + self._look.px(12)
        room = QRect(right if mirrored else 0, 0, self.width() - right, self.height())
        edge = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        flags = int(edge | Qt.AlignmentFlag.AlignAbsolute) | _WRAPPED
        small = font(Role.SMALL, self._look.factor)
        label_height = QFontMetrics(small).height() if self._label else 0
        strong = fitted_font(
            Role.BODY_STRONG,
            round(17 * self._look.factor),
            self._words,
            QSize(room.width(), room.height() - label_height),
        )
        words = QFontMetrics(strong).boundingRect(room, flags, self._words)
        top = (self.height() - label_height - words.height()) // 2
        painter.setFont(small)
        painter.setPen(theme.text3)
        painter.drawText(QRect(room.left(), top, room.width(), label_height), flags, self._label)
        painter.setFont(strong)
        painter.setPen(theme.text1)
        painter.drawText(
            QRect(room.left(), top + label_height, room.width(), words.height() + 2), flags, self._words
        )


# ---------------------------------------------------------------- leaving


class LeavePanel(QWidget):
    """Leaving is allowed and costs nothing: what is kept, and the ways to answer. No dialog window."""

    left = Signal()
    stayed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: list[tuple[str, str]] = []
        self._shown: list[tuple[str, str]] = []
        self._title = FitLabel(Role.LEG, align=_start(), parent=self)
        self._title.set_words(_("Leave for tonight?"))
        self._lead = FitLabel(Role.LEAD, "text2", align=_start(), parent=self)
        self._keep = Button(
            _("Leave and keep this"),
            Kind.PRIMARY,
            key=_("Enter"),
            role=Role.CARD_TITLE,
            radius=20,
            parent=self,
        )
        self._stay = Button(
            _("Go on"), Kind.QUIET, icon=Icon.PLAY, key=_("Space"), role=Role.SECTION, radius=18, parent=self
        )
        self._card = QRect()
        self._keep.clicked.connect(self.left)
        self._stay.clicked.connect(self.stayed)

    @property
    def keep(self) -> Button:
        return self._keep

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What the list shows: names and times."""
        return self._shown

    def set_look(self, look: Look) -> None:
        self._look = look
        for part in (self._title, self._lead):
            part.set_look(look)
        self._arrange()

    def show_kept(self, lead: str, rows: list[tuple[str, str]]) -> None:
        """`rows` are names and times; none when nothing is kept."""
        self._rows = rows
        self._lead.set_words(lead)
        self._keep.set_label(_("Leave and keep this") if rows else _("Leave"))
        self._arrange()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        f, width, height = self._look.factor, self.width() - 12, self.height()
        if width < 40 or height < 40:
            return
        # Large text folds the list before it shrinks the words.
        g = min(f, height / 400)
        self._scale = g
        inner = replace(self._look, factor=g)
        self._keep.set_look(inner)
        self._stay.set_look(inner)
        x = 6
        title, keep, stay, gap = 69 * g, max(76 * g, 44), max(60 * g, 44), 12 * g
        lead_px = round(22 * g)
        lead = lead_px * 1.4 * 2
        self._title.set_pixels(round(50 * g))
        self._title.setGeometry(x, round(4 * g), width, round(title))
        self._lead.set_pixels(lead_px)
        lead_top = 4 * g + title
        self._lead.setGeometry(x, round(lead_top), width, round(lead))
        card_top = lead_top + lead + 14 * g
        buttons = keep + gap + stay + 8
        room = height - card_top - buttons - 14 * g
        self._row = max(min(42 * g, (room - 16 * g) / max(len(self._rows), 1)), 33 * g, 20)
        fits = max(int((room - 16 * g) / self._row + 0.01), 0)
        self._shown = self._folded(fits)
        card = len(self._shown) * self._row + 16 * g if self._shown else 0
        self._card = QRectF(x, card_top, width, card).toRect()
        y = min(card_top + card + (24 if self._shown else 8) * g, height - buttons)
        if not self._rows:
            y = min(y + 16 * g, height - buttons)
        self._keep.setGeometry(x, round(y), width, round(keep))
        self._stay.setGeometry(x, round(y + keep + gap + 2), width, round(stay))
        self.update()

    def _folded(self, fits: int) -> list[tuple[str, str]]:
        """The rows that fit; the earlier ones fold into one line."""
        if len(self._rows) <= fits:
            return self._rows
        if fits == 0:
            return []
        rest = len(self._rows) - (fits - 1)
        seconds = 0
        for _name, time in self._rows[:rest]:
            minutes, _colon, part = time.partition(":")
            seconds += int(minutes) * 60 + int(part)
        line = ngettext("{n} exercise", "{n} exercises", rest).format(n=rest)
        return [(line, f"{seconds // 60}:{seconds % 60:02d}"), *self._rows[rest:]]

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, g = self._look.theme, self._scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.s1)
        card = QRectF(self._card)
        painter.drawRoundedRect(card, 20 * g, 20 * g)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        tick = 18 * g
        least = card.width() - 44 * g - tick - 18 * g - 12
        for share in (1.15, 1.05, 0.95, 0.85):
            words = font(Role.BODY_MEDIUM, g * share)
            metrics = QFontMetrics(words)
            longest = max(metrics.horizontalAdvance(name) for name, _time in self._shown)
            if longest + metrics.horizontalAdvance("00:00") <= least:
                break
        painter.setFont(words)
        for number, (name, time) in enumerate(self._shown):
            top = card.top() + 8 * g + number * self._row
            row = QRectF(card.left() + 22 * g, top, card.width() - 44 * g, self._row)
            box = QRectF(row.left(), row.center().y() - tick / 2, tick, tick)
            text = row.adjusted(tick + 18 * g, 0, -metrics.horizontalAdvance("00:00") - 12, 0)
            if mirrored:
                box.moveRight(row.right())
                text.moveRight(row.right() - tick - 18 * g)
            paint_icon(painter, Icon.CHECK, box, theme.ok)
            lead = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
            trail = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
            painter.setPen(theme.text1)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(text.width()))
            painter.drawText(text, middle | lead, shown)
            painter.setPen(theme.text2)
            painter.drawText(row, middle | trail, time)


class DropPanel(QWidget):
    """Leave an exercise out, tonight or always, or keep it after all; the session waits meanwhile."""

    chosen = Signal(bool)  # whether for tonight only
    kept = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._title = FitLabel(Role.LEG, align=_start(), parent=self)
        self._title.set_words(_("Leave this out?"))
        self._lead = FitLabel(Role.LEAD, "text2", align=_start(), parent=self)
        self._tonight = Button(
            _("Leave it out tonight"), Kind.PRIMARY, role=Role.CARD_TITLE, radius=20, parent=self
        )
        self._always = Button(_("Leave it out always"), Kind.QUIET, role=Role.SECTION, radius=18, parent=self)
        self._keep = Button(
            _("Keep it"), Kind.OUTLINE, key=_("Space"), role=Role.SECTION, radius=18, parent=self
        )
        self._note = FitLabel(Role.BODY, "text3", align=_start(), parent=self)
        self._note.set_words(_("You can bring it back in the library."))
        self._tonight.clicked.connect(lambda: self.chosen.emit(True))
        self._always.clicked.connect(lambda: self.chosen.emit(False))
        self._keep.clicked.connect(self.kept)

    @property
    def tonight(self) -> Button:
        return self._tonight

    def set_look(self, look: Look) -> None:
        self._look = look
        for part in (self._title, self._lead, self._note):
            part.set_look(look)
        self._arrange()

    def show_exercise(self, name: str) -> None:
        self._lead.set_words(name + "\n" + _("The session goes on with what comes next."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        f, width, height = self._look.factor, self.width() - 12, self.height()
        if width < 40 or height < 40:
            return
        g = min(f, height / 420)
        inner = replace(self._look, factor=g)
        for button in (self._tonight, self._always, self._keep):
            button.set_look(inner)
        x, y = 6.0, 4 * g
        lead = 22 * g * 1.4 * 2
        first, other, gap = max(76 * g, 44), max(60 * g, 44), 12 * g
        note = 17 * g * 1.6
        block = 69 * g + lead + 16 * g + first + 2 * (gap + 2 + other) + note + 8 * g
        y += max((height - 4 * g - block) * 0.35, 0)
        self._title.set_pixels(round(50 * g))
        self._title.setGeometry(QRectF(x, y, width, 69 * g).toRect())
        y += 69 * g
        self._lead.set_pixels(round(22 * g))
        self._lead.setGeometry(QRectF(x, y, width, lead).toRect())
        y += lead + 16 * g
        for button, tall in ((self._tonight, first), (self._always, other), (self._keep, other)):
            button.setGeometry(QRectF(x, y, width, tall).toRect())
            y += tall + gap + 2
        self._note.set_pixels(round(17 * g))
        self._note.setGeometry(QRectF(x, y - 4 * g, width, note).toRect())


def _start() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


# ---------------------------------------------------------------- the end


class EndPanel(QWidget):
    """Let go of the screen: one sentence, what was kept, and a way out. No comparison and no praise."""

    closed = Signal()

    def __init__(self, still: Still, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still = still
        self._look = look
        self._title = FitLabel(Role.LEG, parent=self)
        self._title.set_words(_("That is all for tonight."))
        self._kept = FitLabel(Role.LEAD, "text2", parent=self)
        self._close = Button(_("Close"), Kind.OUTLINE, key=_("Esc"), size=QSize(138, 52), parent=self)
        self._dark = FitLabel(Role.SMALL, "text3", align=_start(), parent=self)
        self._dark.set_words(_("The screen goes dark in a minute."))
        self._close.clicked.connect(self.closed)
        self._picture = QRect()

    @property
    def close_button(self) -> Button:
        return self._close

    @property
    def kept_words(self) -> str:
        return self._kept.text()

    def set_look(self, look: Look) -> None:
        self._look = look
        for part in (self._title, self._kept, self._close, self._dark):
            part.set_look(look)
        self._arrange()
        self.update()

    def show_end(self, kept: str) -> None:
        self._kept.set_words(kept)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        f, width, height = self._look.factor, self.width(), self.height()
        night = self._look.theme.is_night
        scale = min(f, height / 560)
        self._dark.setVisible(not night)
        self._kept.setVisible(not night)
        close = self._close.sizeHint()
        low = height - round(30 * min(f, 1.2)) - close.height()
        self._close.setGeometry((width - close.width()) // 2, low, close.width(), close.height())
        note = (width - close.width()) // 2 - round(60 * min(f, 1.2))
        self._dark.set_pixels(round(15 * f))
        self._dark.setGeometry(round(40 * min(f, 1.2)), low, max(note, 0), close.height())
        title, kept = 80 * scale, 34 * scale
        self._title.set_pixels(round((40 if night else 56) * scale))
        self._kept.set_pixels(round(22 * scale))
        side = 0.0 if night else min(low - title - kept - 60 * scale, width * 0.62, 440 * scale)
        block = side + title + kept
        top = max((low - block) / 2, 8.0)
        self._picture = QRectF((width - side) / 2, top, side, side).toRect()
        title_top = top + side * 0.93
        self._title.setGeometry(24, round(title_top), width - 48, round(title))
        self._kept.setGeometry(24, round(title_top + title), width - 48, round(kept * 1.3))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture.isEmpty():
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        theme = self._look.theme
        painter.setPen(Qt.PenStyle.NoPen)
        soft = QColor(theme.s1)
        soft.setAlphaF(0.7)
        painter.setBrush(soft)
        circle = QRectF(self._picture).adjusted(0, 0, 0, -self._picture.height() * 0.08)
        painter.drawEllipse(circle)
        wide = QSize(round(self._picture.width() * 1.45), round(self._picture.height() * 0.62))
        picture = self._still("breathe_slow", "right", wide, theme)
        painter.setOpacity(0.85)
        at = QPointF(circle.center().x() - wide.width() / 2, circle.center().y() - wide.height() * 0.42)
        painter.drawPixmap(at, picture)


class Curtain(QWidget):
    """The dark after the end. Any key or movement draws it aside; Esc and Enter close as well."""

    touched = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAccessibleName(_("The screen is dark. Press any key."))
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.closed.emit()
        else:
            self.touched.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()


class Note(QWidget):
    """A short quiet word, such as the volume, that leaves by itself."""

    def __init__(self, look: Look, parent: QWidget, *, role: Role = Role.BODY_MEDIUM) -> None:
        super().__init__(parent)
        self._look = look
        self._role = role
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def words(self) -> str:
        return self._words

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def say(self, words: str, room: QRect, bottom: int) -> None:
        """Show `words` in the middle of `room`, ending at y `bottom`."""
        self.set_words(words, room, bottom)
        self.raise_()
        self.show()

    def set_words(self, words: str, room: QRect, bottom: int) -> None:
        """Like `say`, but seen only when the owner shows it."""
        self._words = words
        self.setAccessibleName(words)
        metrics = QFontMetrics(font(self._role, self._look.factor))
        widest = max(round(room.width() * 0.92) - self._look.px(40), 160)
        box = metrics.boundingRect(QRect(0, 0, widest, 10_000), _WRAPPED, words)
        width = box.width() + self._look.px(40)
        height = box.height() + self._look.px(18)
        self.setGeometry(room.center().x() - width // 2, max(bottom - height, 4), width, height)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.raised)
        radius = min(self.height() / 2, self._look.px(26))
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setPen(theme.text1)
        painter.setFont(font(self._role, self._look.factor))
        room = QRectF(self.rect()).adjusted(self._look.px(18), 0, -self._look.px(18), 0)
        painter.drawText(room, int(_CENTRE) | _WRAPPED, self._words)
