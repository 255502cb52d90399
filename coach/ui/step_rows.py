"""The steps of a plan as a list that is put in order by mouse or keyboard; a thousand open as fast as five.

It leaves out the plan itself: rows show StepViews and the list says what the user wants changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QPushButton, QRadioButton, QSizePolicy, QWidget

from coach.domain.exercise import LONGEST_HOLD, SHORTEST_HOLD
from coach.i18n import _
from coach.ui.controls import IconButton, Kind, Touch
from coach.ui.fields import DropDown, Segmented, Stepper, seconds_words
from coach.ui.icons import Icon, paint_icon
from coach.ui.plan_rows import Filmstrip, LateFigures, UseWatch, holds_focus, tab_out, wrapped
from coach.ui.theme import Look, Role

__all__ = ["StepList", "StepView"]

STEP_SECONDS, BIG_STEP_SECONDS = 5, 10
_DRAG_FROM = 6
"""So many px the mouse must move before a press becomes a drag."""
_EDGE = 56
"""Within so many px of the edge of the visible part a drag scrolls."""
_SCROLL_MS = 16
_GAP = 8
_STACKED = 620
"""Below this width (px at scale 1) sides and seconds go below the name."""
_SPARE = 2
"""So many rows above and below the visible ones are kept ready."""


@dataclass(frozen=True)
class StepView:
    """One step in the user's words.

    `sides` is "left", "right" or "both", "" without sides. `wait` has no seconds. `problem` must be mended
    before the plan can be used; `note` is what the safety profile says about the exercise.
    """

    name: str
    detail: str = ""
    figure: str = ""
    sides: str = ""
    seconds: int = 0
    wait: bool = False
    problem: str = ""
    note: str = ""

    @property
    def sentence(self) -> str:
        return self.problem or self.note


def _side_names() -> dict[str, str]:
    return {"left": _("Left leg"), "right": _("Right leg"), "both": _("Both legs")}


class _Grip(QWidget):
    """Six dots that say: this can be dragged."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = Look()
        self.hot = False
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(_("Drag to move. Keys: Alt+Up, Alt+Down"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self.look.px(22)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        theme = self.look.theme
        paint_icon(painter, Icon.GRIP, box, theme.accent if self.hot else theme.text3)
        painter.end()


class StepRow(QPushButton):
    """One step: grip, figure, name, sides and seconds; with the focus or under the pointer also remove and
    more. It is made once and shows whichever step it is given.
    """

    pressed_at = Signal(QPoint)
    """The mouse went down on the row itself, in px of the screen."""
    dragged_to = Signal(QPoint)
    released_at = Signal(QPoint)
    seconds_set = Signal(int)
    """The user set the seconds."""

    def __init__(self, late: LateFigures, parent: QWidget) -> None:
        super().__init__(parent)
        self.index = -1
        self.view = StepView("")
        self._active = False
        self._showing = False
        self.floating = False
        self._folded = False
        self._touch = Touch(self, self._ring_face)
        self._grip = _Grip(self)
        self._strip = Filmstrip(late, QSize(64, 52), parent=self)
        names = _side_names()
        self.sides = Segmented(
            _("Sides"), [("left", _("L")), ("right", _("R")), ("both", _("Both"))], parent=self
        )
        for part, name in zip(self.sides.findChildren(QRadioButton), names.values(), strict=True):
            part.setAccessibleName(name)
        self.sides_menu = DropDown(
            _("Sides"),
            [("left", _("Left")), ("right", _("Right")), ("both", _("Both"))],
            parent=self,
        )
        self.seconds = Stepper(
            _("Seconds"),
            SHORTEST_HOLD,
            LONGEST_HOLD,
            step=STEP_SECONDS,
            big_step=BIG_STEP_SECONDS,
            parent=self,
        )
        self.remove = IconButton(Icon.CLOSE, _("Remove"), Kind.GHOST, parent=self)
        self.more = IconButton(Icon.MORE, _("More"), Kind.GHOST, parent=self)
        self.seconds.valueChanged.connect(self._seconds_changed)
        for one in (self, *self._controls()):
            # The list walks through its rows itself, and is one stop for Tab from outside.
            one.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        UseWatch(self, *self._controls()).moved.connect(self._look_again)

    def _controls(self) -> list[QWidget]:
        parts = self.sides.findChildren(QRadioButton)
        return [*parts, self.sides_menu, self.seconds, self.remove, self.more]

    def stops(self) -> list[QWidget]:
        """Where Tab goes inside the row, itself first."""
        chosen = [part for part in self.sides.findChildren(QRadioButton) if part.isChecked()]
        stops = [self, *chosen, self.sides_menu, self.seconds, self.remove, self.more]
        return [one for one in stops if one is self or (one.isVisible() and one.isEnabled())]

    def show_step(self, index: int, count: int, view: StepView) -> None:
        """Show step `index` of `count`."""
        self.index, self.view = index, view
        names = _side_names()
        length = _("you say when to go on") if view.wait else seconds_words(view.seconds)
        words = [
            view.name,
            _("step {step} of {count}").format(step=index + 1, count=count),
            names.get(view.sides, ""),
            length,
            view.detail,
        ]
        self.setAccessibleName(", ".join(filter(None, words)))
        self.setAccessibleDescription(view.sentence)
        self.sides.choose(view.sides)
        self.sides_menu.choose(view.sides)
        self._showing = True
        self.seconds.setValue(view.seconds)
        self._showing = False
        self.seconds.setAccessibleName(_("Seconds of {name}").format(name=view.name))
        self.remove.set_name(_("Remove {name}").format(name=view.name))
        self.more.set_name(_("More for {name}").format(name=view.name))
        self._strip.show_figures((view.figure,))
        self._place()

    def _seconds_changed(self, seconds: int) -> None:
        if not self._showing:
            self.seconds_set.emit(seconds)

    def set_folded(self, folded: bool) -> None:
        """Sides as a menu, and room for its buttons at the end."""
        self._folded = folded
        self._place()

    def set_floating(self, floating: bool) -> None:
        """Whether it is being dragged."""
        self.floating = self._grip.hot = floating
        self._grip.setCursor(Qt.CursorShape.ClosedHandCursor if floating else Qt.CursorShape.OpenHandCursor)
        self._grip.update()
        self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)
        self._grip.look = look
        for one in (self._strip, self.sides, self.sides_menu, self.seconds, self.remove, self.more):
            one.set_look(look)
        self._place()

    # ------------------------------------------------------------ size

    def _ring_face(self) -> tuple[QRect, float]:
        return self.rect(), float(self._touch.look.px(16))

    @staticmethod
    def base_height(look: Look) -> int:
        """The height in px of the part with the name."""
        strong, small = QFontMetrics(look.font(Role.BODY_STRONG)), QFontMetrics(look.font(Role.SMALL))
        words = max(2 * strong.lineSpacing(), strong.lineSpacing() + small.lineSpacing())
        return max(look.px(68), words + look.px(10), look.target(44) + look.px(8))

    @staticmethod
    def below(look: Look, width: int, folded: bool) -> int:
        """The px below the name that sides and seconds need in a row too narrow to hold them beside it."""
        if not folded or width >= look.px(_STACKED):
            return 0
        words = QFontMetrics(look.font(Role.BODY_STRONG)).height() + look.px(14)
        return max(look.target(44), words) + look.px(10)

    @staticmethod
    def whole_height(look: Look, width: int, view: StepView, folded: bool) -> int:
        """The height in px that `view` needs in a row `width` px wide."""
        base = StepRow.base_height(look) + StepRow.below(look, width, folded)
        if not view.sentence:
            return base
        room = QRect(0, 0, max(width - look.px(48 + 26 + 16), 40), 10_000)
        words = QFontMetrics(look.font(Role.SMALL)).boundingRect(
            room, int(Qt.TextFlag.TextWordWrap), view.sentence
        )
        return base + words.height() + look.px(12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _mirror(self, box: QRect) -> QRect:
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            box.moveLeft(self.width() - box.right() - 1)
        return box

    def _place(self) -> None:
        look, view = self._touch.look, self.view
        base = self.base_height(look)
        middle = base // 2
        self._grip.setGeometry(self._mirror(QRect(0, 0, look.px(44), base)))
        strip = self._strip.sizeHint()
        where = QRect(look.px(44), middle - strip.height() // 2, strip.width(), strip.height())
        self._strip.setGeometry(self._mirror(where))
        self._text_left = where.right() + look.px(13)

        def before(widget: QWidget, right: int, width: int | None = None) -> int:
            size = widget.sizeHint()
            size.setWidth(width or size.width())
            box = QRect(right - size.width(), middle - size.height() // 2, size.width(), size.height())
            widget.setGeometry(self._mirror(box))
            return right - size.width()

        right = self.width() - look.px(12)
        if self._folded:
            right = before(self.more, self.width() - look.px(6))
            right = before(self.remove, right) - look.px(6)
        control = self.sides_menu if self._folded else self.sides
        below = self.below(look, self.width(), self._folded)
        if below:
            beside, middle = right, base + (below - look.px(10)) // 2
            sides = look.px(112)
            seconds = self.seconds.sizeHint().width()
            before(control, self._text_left + sides, sides)
            before(self.seconds, self._text_left + sides + look.px(12) + seconds)
            right, middle = beside, base // 2
        else:
            right = before(self.seconds, right) - look.px(12)
            right = before(control, right, look.px(112) if self._folded else None)
        self._seconds_box = self.seconds.geometry()
        self._sides_box = control.geometry()
        self.sides.setVisible(not self._folded and bool(view.sides))
        self.sides_menu.setVisible(self._folded and bool(view.sides))
        self.seconds.setVisible(not view.wait)
        self._text_right = right - look.px(10)
        if not self._folded:
            # Over the end of the name: there is no other room in a row this wide.
            end = before(self.more, right - look.px(2))
            self._buttons_left = before(self.remove, end)
        self._show_active()

    # ------------------------------------------------------------ what is shown

    def _look_again(self) -> None:
        active = (holds_focus(self) and self.isActiveWindow()) or self.underMouse()
        if active != self._active:
            self._active = active
            self._show_active()

    def _show_active(self) -> None:
        self.remove.setVisible(self._active and not self.floating)
        self.more.setVisible(self._active and not self.floating)
        self.update()

    def hitButton(self, pos: QPoint) -> bool:
        # The mouse drags a row; what it can do has buttons of its own.
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.pressed_at.emit(event.globalPosition().toPoint())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged_to.emit(event.globalPosition().toPoint())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.released_at.emit(event.globalPosition().toPoint())
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme, view = self._touch.look, self._touch.look.theme, self.view
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self._active or self.floating
        rim = theme.accent if self.floating else theme.error if view.problem else None
        width = 2.0 if self.floating else 1.5
        painter.setPen(QPen(rim, width) if rim is not None else Qt.PenStyle.NoPen)
        painter.setBrush(theme.raised if active else theme.s1)
        inset = width / 2 if rim is not None else 0.0
        radius = look.px(16)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)
        for shown, box, words in (
            (bool(view.sides), self._sides_box, _("No sides")),
            (not view.wait, self._seconds_box, _("Waits for you")),
        ):
            if not shown:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.field)
                painter.drawRoundedRect(QRectF(box), look.px(12), look.px(12))
                painter.setPen(theme.text2 if active else theme.text3)
                font = look.font(Role.SMALL_MEDIUM)
                painter.setFont(font)
                elided = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, box.width() - 8)
                painter.drawText(QRectF(box), Qt.AlignmentFlag.AlignCenter, elided)
        self._paint_words(painter)
        if view.sentence:
            self._paint_sentence(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        look, theme, view = self._touch.look, self._touch.look.theme, self.view
        right = self._text_right
        if self._active and not self._folded and not self.floating:
            right = self._buttons_left - look.px(4)
        room = max(right - self._text_left, 20)
        strong, small = look.font(Role.BODY_STRONG), look.font(Role.SMALL)
        lines = wrapped(view.name, strong, room)
        upper, lower = QFontMetrics(strong), QFontMetrics(small)
        # A name of two lines leaves no room for the muscles; a screen reader says them all the same.
        detail = view.detail if len(lines) == 1 else ""
        base = self.base_height(look)
        height = len(lines) * upper.lineSpacing() + (lower.lineSpacing() if detail else 0)
        top = (base - height) // 2
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        leading = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = Qt.AlignmentFlag.AlignVCenter | leading | Qt.AlignmentFlag.AlignAbsolute
        painter.setFont(strong)
        painter.setPen(theme.text1)
        for line in lines:
            box = self._mirror(QRect(self._text_left, top, room + 2, upper.lineSpacing()))
            painter.drawText(QRectF(box), flags, line)
            top += upper.lineSpacing()
        if detail:
            painter.setFont(small)
            painter.setPen(theme.text2)
            box = self._mirror(QRect(self._text_left, top, room + 2, lower.lineSpacing()))
            elided = lower.elidedText(detail, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(box), flags, elided)

    def _paint_sentence(self, painter: QPainter) -> None:
        look, theme, view = self._touch.look, self._touch.look.theme, self.view
        ink = theme.error if view.problem else theme.text2
        side = look.px(18)
        top = self.base_height(look) + self.below(look, self.width(), self._folded)
        left = look.px(48)
        icon = self._mirror(QRect(left, top + look.px(1), side, side))
        paint_icon(painter, Icon.WARNING if view.problem else Icon.SHIELD, QRectF(icon), ink)
        box = QRect(left + look.px(26), top, self.width() - left - look.px(26 + 16), self.height() - top)
        painter.setPen(ink)
        painter.setFont(look.font(Role.SMALL))
        painter.drawText(QRectF(self._mirror(box)), int(Qt.TextFlag.TextWordWrap), view.sentence)


# ---------------------------------------------------------------- the list


@dataclass
class _Drag:
    """A row on its way: where the mouse holds it, and which place it would take."""

    index: int
    grab: int
    mouse: QPoint
    target: int
    moving: bool = False


class StepList(QWidget):
    """All steps below each other. Only the rows that can be seen exist; they are used again while scrolling.

    Tab goes through the parts of one row and then leaves; Up and Down go from row to row. The owner tells by
    `show_part` which part is visible, and scrolls when `seen_wanted` asks for it.
    """

    RING = 8
    """So many px at both sides of the rows and above them are for the ring of the focus."""

    move_asked = Signal(int, int)
    """Step and the place it should take, both from 0."""
    sides_chosen = Signal(int, str)
    seconds_set = Signal(int, int)
    lengthen_asked = Signal(int, int)
    """Step and seconds, below 0 for shorter."""
    remove_asked = Signal(int)
    duplicate_asked = Signal(int)
    more_asked = Signal(int)
    insert_asked = Signal()
    seen_wanted = Signal(int, int)
    """This part, from and to in px of the list, should be visible."""
    scroll_wanted = Signal(int)
    """Scroll by so many px: a row is dragged over the edge."""

    def __init__(self, late: LateFigures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._late = late
        self._look = Look()
        self._views: tuple[StepView, ...] = ()
        self._tops: list[int] = [0]
        self._measured: tuple[int, Look] | None = None
        self._rows: dict[int, StepRow] = {}
        self._free: list[StepRow] = []
        self._part = (0, 0)
        self._folded = False
        self._current = 0
        self._drag: _Drag | None = None
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll_on)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Steps"))

    # ------------------------------------------------------------ what is shown

    @property
    def current(self) -> int:
        """The step that has the focus or had it last."""
        return self._current

    def show_steps(self, views: Sequence[StepView]) -> None:
        """Show these steps; rows that stay the same are left alone."""
        if self._drag is not None:
            self.end_drag(keep=False)
        before = self._views
        self._views = tuple(views)
        self._measure()
        self._current = min(self._current, max(len(views) - 1, 0))
        counted = len(before) != len(views)
        for index, row in self._rows.items():
            if index < len(views) and (counted or before[index] != views[index]):
                row.show_step(index, len(views), views[index])
        self._fill()

    def set_folded(self, folded: bool) -> None:
        self._folded = folded
        for row in (*self._rows.values(), *self._free):
            row.set_folded(folded)
        self._measure()
        self._fill()

    def set_look(self, look: Look) -> None:
        self._look = look
        for row in (*self._rows.values(), *self._free):
            row.set_look(look)
        self._measure()
        self._fill()

    def show_part(self, top: int, bottom: int) -> None:
        """So much of the list is visible, in its own px."""
        self._part = (top, bottom)
        self._fill()

    def row(self, index: int) -> StepRow:
        """The row of a step, made if there was none yet."""
        if index not in self._rows:
            self._take(index)
            self._place()
        return self._rows[index]

    def place_of(self, index: int) -> tuple[int, int]:
        """From where to where a step lies, in px of the list."""
        return self._tops[index], self._tops[index + 1]

    def focus_step(self, index: int, reason: Qt.FocusReason = Qt.FocusReason.TabFocusReason) -> None:
        """Give the focus to a step and let it be seen; nothing happens when there is none."""
        if not self._views:
            return
        index = min(max(index, 0), len(self._views) - 1)
        self.row(index).setFocus(reason)
        self._current = index
        self.seen_wanted.emit(*self.place_of(index))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        self._fill()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(400), self._tops[-1])

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(300), self._tops[-1])

    def _measure(self) -> None:
        look, width = self._look, self._inner()
        gap = look.px(_GAP)
        plain = StepRow.whole_height(look, width, StepView(""), self._folded)
        heights = [
            (StepRow.whole_height(look, width, view, self._folded) if view.sentence else plain) + gap
            for view in self._views
        ]
        # The ring of the first row needs its room too; below each row the gap gives it.
        self._tops = list(accumulate(heights, initial=self.RING))
        if self.height() != self._tops[-1]:
            self.setFixedHeight(self._tops[-1])
            self.updateGeometry()

    def _inner(self) -> int:
        """The width of a row; the ring of the focus needs room at both sides."""
        return max(self.width() - 2 * self.RING, 100)

    def _fill(self) -> None:
        """Have a row for every step that can be seen, and for the one in use."""
        count = len(self._views)
        top, bottom = self._part
        first = max(bisect_right(self._tops, top) - 1 - _SPARE, 0)
        last = min(bisect_right(self._tops, bottom) + _SPARE, count)
        wanted = set(range(first, last))
        if self._drag is not None:
            wanted.add(self._drag.index)
        for index in list(self._rows):
            in_use = index < count and holds_focus(self._rows[index])
            if index not in wanted and not in_use:
                row = self._rows.pop(index)
                row.hide()
                row.index = -1
                self._free.append(row)
        for index in sorted(wanted):
            if index not in self._rows:
                self._take(index)
        self._place()

    def _take(self, index: int) -> None:
        row = self._free.pop() if self._free else self._make()
        row.show_step(index, len(self._views), self._views[index])
        self._rows[index] = row

    def _make(self) -> StepRow:
        row = StepRow(self._late, self)
        row.set_look(self._look)
        row.set_folded(self._folded)
        row.clicked.connect(lambda: self.more_asked.emit(row.index))
        row.remove.clicked.connect(lambda: self.remove_asked.emit(row.index))
        row.more.clicked.connect(lambda: self.more_asked.emit(row.index))
        row.sides.chosen.connect(lambda key: self.sides_chosen.emit(row.index, key))
        row.sides_menu.chosen.connect(lambda key: self.sides_chosen.emit(row.index, key))
        row.seconds_set.connect(lambda seconds: self.seconds_set.emit(row.index, seconds))
        row.pressed_at.connect(lambda at: self._press(row, at))
        row.dragged_to.connect(self._drag_to)
        row.released_at.connect(lambda _at: self.end_drag(keep=True))
        row.installEventFilter(self)
        for control in row.findChildren(QWidget):
            control.installEventFilter(self)
        return row

    def _place(self) -> None:
        """Put the rows where they belong; around the open place while one is dragged."""
        drag = self._drag if self._drag is not None and self._drag.moving else None
        shift, slot = 0, -1
        if drag is not None:
            shift = self._tops[drag.index + 1] - self._tops[drag.index]
        for index, row in self._rows.items():
            top = self._tops[index]
            height = self._tops[index + 1] - top - self._look.px(_GAP)
            if drag is not None and index == drag.index:
                slot = self.mapFromGlobal(drag.mouse).y() - drag.grab
                slot = min(max(slot, -height // 3), self._tops[-1] - height + height // 3)
                row.setGeometry(self.RING + 8, slot, self._inner(), height)
                row.raise_()
            else:
                if drag is not None and drag.index < index <= drag.target:
                    top -= shift
                elif drag is not None and drag.target <= index < drag.index:
                    top += shift
                row.setGeometry(self.RING, top, self._inner(), height)
            row.show()
        self.update()

    def _slot(self) -> QRect:
        """The open place of the row that is dragged."""
        assert self._drag is not None
        drag, gap = self._drag, self._look.px(_GAP)
        height = self._tops[drag.index + 1] - self._tops[drag.index]
        if drag.target > drag.index:
            top = self._tops[drag.target + 1] - height
        else:
            top = self._tops[drag.target]
        return QRect(self.RING, top, self._inner(), height - gap)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drag is None or not self._drag.moving:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._look.theme.edge, 2)
        pen.setDashPattern([3.0, 3.0])
        painter.setPen(pen)
        radius = self._look.px(16)
        painter.drawRoundedRect(QRectF(self._slot()).adjusted(1, 1, -1, -1), radius, radius)
        painter.end()

    # ------------------------------------------------------------ dragging

    @property
    def is_dragging(self) -> bool:
        return self._drag is not None and self._drag.moving

    def _press(self, row: StepRow, at: QPoint) -> None:
        grab = self.mapFromGlobal(at).y() - self._tops[row.index]
        self._drag = _Drag(row.index, grab, at, row.index)

    def _drag_to(self, at: QPoint) -> None:
        drag = self._drag
        if drag is None:
            return
        if not drag.moving:
            if abs(at.y() - drag.mouse.y()) < _DRAG_FROM:
                return
            drag.moving = True
            self._rows[drag.index].set_floating(True)
            self._scrolling.start()
        drag.mouse = at
        self._aim()

    def _aim(self) -> None:
        """Find the place that the dragged row would take now."""
        assert self._drag is not None
        drag = self._drag
        height = self._tops[drag.index + 1] - self._tops[drag.index]
        middle = self.mapFromGlobal(drag.mouse).y() - drag.grab + height // 2
        place = bisect_right(self._tops, max(middle, 0)) - 1
        drag.target = min(max(place, 0), len(self._views) - 1)
        self._fill()

    def _scroll_on(self) -> None:
        if self._drag is None or not self._drag.moving:
            self._scrolling.stop()
            return
        y = self.mapFromGlobal(self._drag.mouse).y()
        top, bottom = self._part
        edge = self._look.px(_EDGE)
        over = min(y - top - edge, 0) or max(y - bottom + edge, 0)
        if over:
            self.scroll_wanted.emit(max(min(over // 3, 24), -24) or (1 if over > 0 else -1))
            self._aim()

    def end_drag(self, *, keep: bool) -> None:
        """Let go of the row: at its new place, or back where it was."""
        drag, self._drag = self._drag, None
        self._scrolling.stop()
        if drag is None or not drag.moving:
            return
        if drag.index in self._rows:
            self._rows[drag.index].set_floating(False)
        self._fill()
        if keep and drag.target != drag.index:
            self.move_asked.emit(drag.index, drag.target)

    # ------------------------------------------------------------ keys and focus

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            row = self._row_of(watched)
            if row is not None and row.index >= 0:
                self._current = row.index
        return False

    def _row_of(self, part: QObject | None) -> StepRow | None:
        while part is not None and not isinstance(part, StepRow):
            part = part.parent()
        return part

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._views and event.reason() != Qt.FocusReason.MouseFocusReason:
            row = self.row(self._current)
            backwards = event.reason() == Qt.FocusReason.BacktabFocusReason
            self.focus_step(self._current, event.reason())
            if backwards:
                # What only shows with the focus is there after the next turn of the loop; the row is enough.
                row.setFocus(event.reason())
        super().focusInEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        focused = self.window().focusWidget()
        row = self._row_of(focused)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        if row is not None:
            stops = row.stops()
            at = stops.index(focused) if focused in stops else 0
            at += 1 if forward else -1
            if 0 <= at < len(stops):
                stops[at].setFocus(reason)
                return True
        return tab_out(self, forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._row_of(self.window().focusWidget())
        if row is None or row.index < 0 or not self._take_key(row.index, event):
            super().keyPressEvent(event)

    def _take_key(self, index: int, event: QKeyEvent) -> bool:
        key, last = event.key(), len(self._views) - 1
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
        control = Qt.KeyboardModifier.ControlModifier
        page = max(1, (self._part[1] - self._part[0]) // max(StepRow.base_height(self._look), 1) - 1)
        ways = {
            Qt.Key.Key_Up: index - 1,
            Qt.Key.Key_Down: index + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_PageUp: index - page,
            Qt.Key.Key_PageDown: index + page,
        }
        seconds = {
            Qt.Key.Key_Plus: 1,
            Qt.Key.Key_Equal: 1,
            Qt.Key.Key_Asterisk: 1,
            Qt.Key.Key_Minus: -1,
            Qt.Key.Key_Underscore: -1,
        }
        if key == Qt.Key.Key_Escape and self.is_dragging:
            self.end_drag(keep=False)
        elif key in ways and held in (alt, Qt.KeyboardModifier.NoModifier):
            to = min(max(ways[Qt.Key(key)], 0), last)
            if held == alt:
                self.move_asked.emit(index, to)
            else:
                self.focus_step(to)
        elif key in seconds and not held & ~shift:
            by = BIG_STEP_SECONDS if held == shift else STEP_SECONDS
            self.lengthen_asked.emit(index, seconds[Qt.Key(key)] * by)
        elif key == Qt.Key.Key_Delete and not held:
            self.remove_asked.emit(index)
        elif key == Qt.Key.Key_Insert and not held:
            self.insert_asked.emit()
        elif key == Qt.Key.Key_D and held == control | shift:
            self.duplicate_asked.emit(index)
        elif key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and held == shift):
            self.more_asked.emit(index)
        else:
            return False
        return True
