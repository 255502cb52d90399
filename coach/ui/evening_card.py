"""The card "Your evening": what the evening holds, where it stands now, and the way to a first bedtime.

It leaves out when things are due and what becomes of them: it shows an EveningView and says what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from enum import Enum

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from coach.i18n import _
from coach.ui.controls import (
    Button,
    Card,
    IconButton,
    Kind,
    Mark,
    Round,
    ScrollArea,
    Sheet,
    Text,
    Touch,
    needed_width,
    pass_on,
)
from coach.ui.fields import MenuButton, MenuEntry
from coach.ui.icons import Icon, paint_icon
from coach.ui.theme import Look, Role

__all__ = ["BedtimeSheet", "EveningCard", "EveningLine", "EveningView", "Promise", "Undo"]

Promise = Callable[[time], str]
"""A sentence: when the stretch reminder comes with this bedtime, as things stand when it is asked."""
STACKED = 560
"""Below this width (px at scale 1) the invitation stands above its button."""
RING_ROOM = 6
_AIR = (16, 12, 9, RING_ROOM)
"""Room above and below each line in px, most first: what fits the card is taken."""


class Undo(Enum):
    """What can be taken back at the foot of the card."""

    NOTHING = "nothing"
    QUIET = "quiet"
    PAUSE = "pause"


@dataclass(frozen=True)
class EveningLine:
    """One line of the evening in the user's words; without an `id` it cannot be ticked (lights out).

    `over`: its time has passed. `rings`: a reminder will still come with it. `main`: tonight's stretch.
    """

    name: str
    time: str
    icon: Icon
    detail: str = ""
    id: str = ""
    done: bool = False
    over: bool = False
    rings: bool = False
    main: bool = False


@dataclass(frozen=True)
class EveningView:
    """All that the card shows. Without `has_bedtime` it invites to set one, `bedtime` being the proposal.

    `now` stands before the line number `now_at`. Folded, the card shows `next` ("last screens 22:15") and of
    `later` what fits. `empty` says why there are no lines. `foot` is one quiet sentence below; `quiet` says
    what is silent and takes its place, with `undo`. `stretch` is the id of tonight's stretch as long as it
    can be ticked. `missed` is for the page. `promise` says when a reminder comes with a first bedtime.
    """

    lines: tuple[EveningLine, ...] = ()
    now: str = ""
    now_at: int = 0
    next: str = ""
    later: tuple[EveningLine, ...] = ()
    empty: str = ""
    foot: str = ""
    quiet: str = ""
    undo: Undo = Undo.NOTHING
    may_skip: bool = False
    stretch: str = ""
    stretch_done: bool = False
    missed: str = ""
    has_bedtime: bool = True
    bedtime: time = time(22, 45)
    promise: Promise = field(default=lambda _bedtime: "", compare=False)


# ---------------------------------------------------------------- lines


def _paint_tile(painter: QPainter, where: QRectF, look: Look, line: EveningLine, face: QColor) -> None:
    theme = look.theme
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(face)
    painter.drawRoundedRect(where, look.px(12), look.px(12))
    if line.done:
        icon, ink = Icon.CHECK, theme.ok
    elif line.main:
        icon, ink = line.icon, theme.accent
    else:
        icon, ink = line.icon, theme.text3 if line.over else theme.text2
    side = look.px(22)
    box = QRectF(0, 0, side, side)
    box.moveCenter(where.center())
    paint_icon(painter, icon, box, ink)


class _Tile(QPushButton):
    """The icon of a line that can be ticked as done; it stays as it is shown until it is shown otherwise."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = EveningLine("", "", Icon.NOTE)
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(12))))
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_line(self, line: EveningLine) -> None:
        self._line = line
        with QSignalBlocker(self):
            self.setChecked(line.done)
        self.setAccessibleName(_("{name}, {time}").format(name=line.name, time=line.time))
        does = _("Done. Click to take it back") if line.done else _("I did it already")
        bell = _("A reminder comes") if line.rings else ""
        self.setAccessibleDescription(". ".join(filter(None, (line.detail, bell, does))))
        self.setToolTip(does)
        self.update()

    def nextCheckState(self) -> None:
        """A click only asks; whoever shows the evening decides."""

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def sizeHint(self) -> QSize:
        side = self._touch.look.target(44)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, line = self._touch.look, self._line
        painter = self._touch.begin()
        soft = line.main and not line.done
        face = self._touch.tone(look.theme.soft if soft else look.theme.s2)
        offers = not line.done and (self._touch.heat > 0.5 or self._touch.ringed)
        _paint_tile(painter, QRectF(self.rect()), look, line, face)
        if offers:
            # What a click would make of it, small in the corner.
            side = look.px(16)
            box = QRectF(self.width() - side - look.px(3), self.height() - side - look.px(3), side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(face)
            painter.drawEllipse(box)
            paint_icon(painter, Icon.CHECK, box, look.theme.ok)
        painter.end()


class _Still(QWidget):
    """The icon of a line that cannot be ticked; screen readers read the words beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = EveningLine("", "", Icon.BED)
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_line(self, line: EveningLine) -> None:
        self._line = line
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = self._look.target(44)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_tile(painter, QRectF(self.rect()), self._look, self._line, self._look.theme.s2)
        painter.end()


def _paint_thread(widget: QWidget, look: Look, node: QRect, *, first: bool, last: bool, gap: int) -> None:
    """The line that joins what happens one after the other, above and below `node`."""
    painter = QPainter(widget)
    painter.setPen(QPen(look.theme.line, max(2, look.px(2))))
    x = node.center().x()
    if not first and node.top() > gap:
        painter.drawLine(x, 0, x, node.top() - gap)
    if not last and widget.height() > node.bottom() + gap:
        painter.drawLine(x, node.bottom() + gap, x, widget.height())
    painter.end()


class _Row(QWidget):
    """One line: its tile, name and detail, the time, and a bell when a reminder comes with it."""

    ticked = Signal(str, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = EveningLine("", "", Icon.NOTE)
        self._look = Look()
        self._first = self._last = False
        self.tile = _Tile(self)
        self._still = _Still(self)
        self._name = Text("", Role.BODY_STRONG)
        self._detail = Text("", Role.SMALL, "text3")
        self._time = Text("", Role.SECTION, wrap=False, align=Qt.AlignmentFlag.AlignRight)
        self._bell = Mark(Icon.BELL, "text3", side=16)
        self._bell.setToolTip(_("A reminder comes"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._detail)
        words.addStretch(1)
        ends = QVBoxLayout()
        ends.setSpacing(0)
        ends.addStretch(1)
        ends.addWidget(self._time)
        ends.addWidget(self._bell, 0, Qt.AlignmentFlag.AlignRight)
        ends.addStretch(1)
        self._box = QHBoxLayout(self)
        self._box.addWidget(self.tile, 0, Qt.AlignmentFlag.AlignVCenter)
        self._box.addWidget(self._still, 0, Qt.AlignmentFlag.AlignVCenter)
        self._box.addLayout(words, 1)
        self._box.addLayout(ends)
        self.tile.clicked.connect(lambda: self.ticked.emit(self._line.id, not self._line.done))

    def show_line(self, line: EveningLine, *, first: bool, last: bool) -> None:
        self._line, self._first, self._last = line, first, last
        self.tile.setVisible(bool(line.id))
        self._still.setVisible(not line.id)
        self.tile.show_line(line)
        self._still.show_line(line)
        self._name.setText(line.name)
        self._detail.setText(line.detail)
        self._detail.setVisible(bool(line.detail))
        self._time.setText(line.time)
        past = line.done or line.over
        self._name.set_token("text2" if past else "text1")
        self._time.set_token("text3" if past else "accent" if line.main and line.rings else "text1")
        self._bell.setVisible(line.rings)
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._box.setSpacing(look.px(16))
        pass_on(look, self)

    def set_air(self, air: int) -> None:
        """The room above and below, in px."""
        self._box.setContentsMargins(RING_ROOM, air, 0, air)
        self.updateGeometry()  # what the column measured before is out of date at once

    def paintEvent(self, event: QPaintEvent) -> None:
        node = (self.tile if self._line.id else self._still).geometry()
        _paint_thread(self, self._look, node, first=self._first, last=self._last, gap=self._look.px(4))


class _Now(QWidget):
    """Where the evening stands: a dot with the clock."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self._first = self._last = False
        self._words = Text("", Role.SMALL_STRONG, wrap=False)
        # Not a margin: those are not mirrored.
        self._lead = QSpacerItem(0, 0, QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self._box = QHBoxLayout(self)
        self._box.setSpacing(0)
        self._box.addItem(self._lead)
        self._box.addWidget(self._words, 1)

    def show_now(self, words: str, *, first: bool, last: bool) -> None:
        self._words.setText(words)
        self._first, self._last = first, last
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        lead = RING_ROOM + look.target(44) + look.px(16)
        self._lead.changeSize(lead, 0, QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self._box.setContentsMargins(0, look.px(6), 0, look.px(6))
        self._box.invalidate()
        pass_on(look, self)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        side = look.px(14)
        middle = RING_ROOM + look.target(44) // 2
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            middle = self.width() - middle
        dot = QRect(middle - side // 2, (self.height() - side) // 2, side, side)
        _paint_thread(self, look, dot, first=self._first, last=self._last, gap=look.px(3))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.theme.text1)
        painter.drawEllipse(dot)
        painter.end()


class _Timeline(QWidget):
    """The lines in order, with the present among them."""

    ticked = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._rows: list[_Row] = []
        self._air = _AIR[0]
        self.now = _Now(self)
        self._column = QVBoxLayout(self)
        self.end = RING_ROOM
        self._column.setContentsMargins(0, 0, RING_ROOM, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.now)
        self._column.addStretch(1)

    def set_end(self, end: int) -> None:
        """Leave so many px free at the end of each line."""
        if end != self.end:
            self.end = end
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                self._column.setContentsMargins(end - RING_ROOM, 0, RING_ROOM, 0)
            else:
                self._column.setContentsMargins(0, 0, end, 0)

    @property
    def tiles(self) -> list[_Tile]:
        return [row.tile for row in self._rows]

    def show_lines(self, view: EveningView) -> None:
        while len(self._rows) < len(view.lines):
            row = _Row(self)
            row.set_look(self._look)
            row.set_air(self._air)
            row.ticked.connect(self.ticked)
            self._rows.append(row)
        self._column.removeWidget(self.now)
        for number, row in enumerate(self._rows):
            self._column.removeWidget(row)
            self._column.insertWidget(number, row)
            shown = number < len(view.lines)
            row.setVisible(shown)
            if shown:
                first = number == 0 and view.now_at > 0
                last = number == len(view.lines) - 1 and view.now_at <= number
                row.show_line(view.lines[number], first=first, last=last)
        self._column.insertWidget(view.now_at, self.now)
        self.now.setVisible(bool(view.now and view.lines))
        self.now.show_now(view.now, first=view.now_at == 0, last=view.now_at >= len(view.lines))

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)

    def needed_height(self, width: int, air: int) -> int:
        """The height in px at `width` with so much room round each line."""
        if air != self._air:
            self._air = air
            for row in self._rows:
                row.set_air(air)
        layout = self._column
        return (
            layout.totalHeightForWidth(width)
            if layout.hasHeightForWidth()
            else layout.totalSizeHint().height()
        )


# ---------------------------------------------------------------- the card


class _Folded(QPushButton):
    """The evening in one line; a click unfolds it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = EveningView()
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(20))))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_view(self, view: EveningView) -> None:
        self._view = view
        lead, words = self._words()
        self.setAccessibleName(_("Your evening. {words}").format(words=f"{lead}{words}"))
        self.setAccessibleDescription(", ".join(f"{one.name} {one.time}" for one in view.later))
        self.updateGeometry()
        self.update()

    def _words(self) -> tuple[str, str]:
        """The plain words at the front and the bold ones after them."""
        view = self._view
        if view.quiet:
            return "", view.quiet
        if view.next:
            return _("Next: {item}").partition("{item}")[0], view.next
        return "", view.empty or _("Your evening")

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def _ends(self) -> int:
        look = self._touch.look
        return look.px(22 + 22 + 14) + look.px(18 + 22 + 24)

    def sizeHint(self) -> QSize:
        look = self._touch.look
        lead, words = self._words()
        wide = needed_width(lead, look.font(Role.BODY)) + needed_width(words, look.font(Role.BODY_STRONG))
        return QSize(self._ends() + wide, look.target(60))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), self._touch.look.px(280)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._touch.look, self._touch.look.theme
        painter = self._touch.begin()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._touch.tone(theme.s1))
        painter.drawRoundedRect(QRectF(self.rect()), look.px(20), look.px(20))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft

        def place(x: float, width: float) -> QRectF:
            return QRectF(self.width() - x - width if mirrored else x, 0, width, self.height())

        def icon(kind: Icon, x: float, ink: QColor) -> None:
            side = look.px(22)
            box = place(x, side)
            paint_icon(painter, kind, QRectF(box.x(), (self.height() - side) / 2, side, side), ink)

        def say(words: str, x: float, role: Role, ink: QColor) -> float:
            width = needed_width(words, look.font(role))
            painter.setFont(look.font(role))
            painter.setPen(ink)
            painter.drawText(place(x, width + 1), Qt.AlignmentFlag.AlignCenter, words)
            return x + width

        icon(Icon.CLOCK, look.px(22), theme.text2)
        end = self.width() - look.px(24) - look.px(22)
        icon(Icon.DOWN, end, theme.text2)
        lead, words = self._words()
        x = float(look.px(22 + 22 + 14))
        if lead:
            x = say(lead, x, Role.BODY, theme.text1)
        x = say(words, x, Role.BODY_STRONG, theme.text1)
        room = end - look.px(26) - x
        parts: list[tuple[EveningLine, int]] = []
        for one in self._view.later:
            width = needed_width(f"{one.name} ", look.font(Role.BODY))
            width += needed_width(one.time, look.font(Role.BODY_STRONG))
            if look.px(32) + width > room:
                break
            room -= look.px(32) + width
            parts.append((one, width))
        x = end - look.px(26)
        for one, width in reversed(parts):
            after = say(f"{one.name} ", x - width, Role.BODY, theme.text2)
            say(one.time, after, Role.BODY_STRONG, theme.accent if one.main else theme.text2)
            x -= width + look.px(32)
        painter.end()


class _Seal(Round):
    """An icon in a round, for what has not begun yet."""

    def __init__(self, icon: Icon, parent: QWidget | None = None) -> None:
        super().__init__(64, parent)
        self._icon = icon

    def paint_inside(self, painter: QPainter, look: Look) -> None:
        side = look.px(28)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        paint_icon(painter, self._icon, box, look.theme.accent)


class _Invitation(QWidget):
    """Asks whether a reminder is wanted, with one button."""

    rings_outside = True

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._seal = _Seal(Icon.BELL)
        self._mark = Mark(Icon.BELL, "accent")
        self._title = Text(_("A gentle reminder in the evening?"), Role.CARD_TITLE)
        self._words = Text(
            _("Say when you turn out the light. Once an evening, before that, it is time to stretch."),
            Role.BODY,
            "text2",
        )
        self._short = Text(_("A gentle reminder in the evening?"), Role.BODY_STRONG)
        self.button = Button(_("Set my bedtime"), Kind.OUTLINE, size=QSize(0, 48))
        front = QHBoxLayout()
        front.addWidget(self._mark)
        front.addWidget(self._short, 1)
        self._front = front
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._row.setContentsMargins(RING_ROOM, 0, 0, 0)
        self._row.addStretch(1)
        self._row.addWidget(self._seal)
        self._row.addWidget(self._title)
        self._row.addWidget(self._words)
        self._row.addLayout(front, 1)
        self._row.addWidget(self.button)
        self._row.addStretch(1)

    def set_form(self, *, tall: bool, beside: bool) -> None:
        """As a tall card, or short, with its button beside the words or below them."""
        for card_part in (self._seal, self._title, self._words):
            card_part.setVisible(tall)
        for row_part in (self._mark, self._short):
            row_part.setVisible(not tall)
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        end = self._row.count() - 1
        self._row.setStretch(0, int(tall))
        self._row.setStretch(end, int(tall))
        self._row.setStretch(end - 2, int(beside))

    def set_look(self, look: Look) -> None:
        self._row.setSpacing(look.px(14))
        self._front.setSpacing(look.px(14))
        pass_on(look, self)


class EveningCard(Card):
    """Tonight's evening as a timeline; in a narrow page folded into one line until it is asked for."""

    change_asked = Signal()
    item_ticked = Signal(str, bool)
    """The id of an item of tonight, and whether it is done."""
    bedtime_asked = Signal()
    skip_asked = Signal()
    quiet_undone = Signal()
    pause_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._view = EveningView()
        self._narrow = False
        self._open = False
        self.folded = _Folded(self)
        self._title = Text(_("Your evening"), Role.CARD_TITLE)
        self._more = MenuButton(_("More about tonight"))
        self._change = Button(_("Change"), Kind.GHOST, role=Role.SMALL_STRONG, size=QSize(0, 44))
        self._fold = IconButton(Icon.UP, _("Show less"), Kind.GHOST)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        for button in (self._more, self._change, self._fold):
            self._head.addWidget(button)
        self._empty = Text("", Role.BODY, "text2")
        self._timeline = _Timeline()
        self._scroll = ScrollArea(self._timeline, takes_keys=False)
        self._scroll.installEventFilter(self)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._leave_room)
        self._rule = _Rule(self)
        self._foot = Text("", Role.SMALL, "text2")
        self._undo = Button(_("Undo"), Kind.GHOST, role=Role.SMALL_STRONG, size=QSize(0, 44))
        foot = QHBoxLayout()
        foot.addWidget(self._foot, 1)
        foot.addWidget(self._undo)
        self._feet = QVBoxLayout()
        self._feet.addWidget(self._rule)
        self._feet.addLayout(foot)
        self._invitation = _Invitation(self)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.folded)
        self._column.addLayout(self._head)
        self._column.addWidget(self._empty)
        self._gap = QWidget(self)
        self._column.addWidget(self._gap, 1)
        self._column.addWidget(self._scroll, 1)
        self._column.addLayout(self._feet)
        self._column.addWidget(self._invitation, 1)
        self.folded.clicked.connect(lambda: self._set_open(True))
        self._fold.clicked.connect(lambda: self._set_open(False))
        self._change.clicked.connect(self.change_asked)
        self._invitation.button.clicked.connect(self.bedtime_asked)
        self._timeline.ticked.connect(self.item_ticked)
        self._more.picked.connect(self._picked)
        self._undo.clicked.connect(self._undone)
        self.setAccessibleName(_("Your evening"))
        self._arrange()

    @property
    def rings_outside(self) -> bool:
        """Folded it is one button from edge to edge, whose ring lies round the card."""
        return not self.folded.isHidden()

    @property
    def stops(self) -> list[QWidget]:
        """What takes the focus, in reading order."""
        head = (self.folded, self._more, self._change, self._fold)
        return [*head, *self._timeline.tiles, self._undo, self._invitation.button]

    def show_evening(self, view: EveningView) -> None:
        """Show `view` from now on."""
        if view == self._view:
            return
        moved = view.now_at != self._view.now_at or len(view.lines) != len(self._view.lines)
        invited = self._invitation.button.hasFocus()
        self._view = view
        self._timeline.show_lines(view)
        self.folded.show_view(view)
        self._empty.setText(view.empty)
        self._foot.setText(view.quiet or view.foot)
        self._foot.set_token("text1" if view.quiet else "text2")
        self._undo.set_label(_("End the pause") if view.undo is Undo.PAUSE else _("Undo"))
        if not self._more.is_open:
            self._more.set_entries(self._entries())
        self._arrange()
        if invited and view.has_bedtime:
            # The button is gone. Not to Start: one Enter too many would begin a session.
            (self._change if self.folded.isHidden() else self.folded).setFocus(
                Qt.FocusReason.OtherFocusReason
            )
        if moved:
            self._fit()
            self._scroll.ensureWidgetVisible(self._timeline.now, 0, self.look.px(60))

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow page it is one line, until it is unfolded."""
        self._narrow = narrow
        policy = QSizePolicy.Policy
        self.setSizePolicy(
            policy.Expanding if narrow else policy.Fixed, policy.Fixed if narrow else policy.Expanding
        )
        self._arrange()

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._scroll.set_look(look)
        self._arrange()

    def _entries(self) -> list[MenuEntry]:
        view = self._view
        found = []
        if view.stretch:
            label = _("I did not stretch yet") if view.stretch_done else _("I did it already")
            found.append(MenuEntry("done", label, Icon.UNDO if view.stretch_done else Icon.CHECK))
        if view.may_skip:
            found.append(MenuEntry("skip", _("Not tonight"), Icon.BELL_OFF))
        return found

    def _picked(self, key: str) -> None:
        if key == "done":
            self.item_ticked.emit(self._view.stretch, not self._view.stretch_done)
        else:
            self.skip_asked.emit()

    def _undone(self) -> None:
        if self._view.undo is Undo.PAUSE:
            self.pause_ended.emit()
        else:
            self.quiet_undone.emit()

    def _set_open(self, opened: bool) -> None:
        self._open = opened
        self._arrange()
        (self._fold if opened else self.folded).setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        look, view = self.look, self._view
        folded = self._narrow and not self._open and view.has_bedtime
        whole = view.has_bedtime and not folded
        self.folded.setVisible(folded)
        for one in (self._title, self._change):
            one.setVisible(whole)
        self._more.setVisible(whole and bool(self._entries()))
        self._fold.setVisible(whole and self._narrow)
        self._empty.setVisible(whole and bool(view.empty))
        self._scroll.setVisible(whole and bool(view.lines))
        self._gap.setVisible(whole and not view.lines and not self._narrow)
        foot = whole and bool(view.quiet or view.foot)
        self._rule.setVisible(foot)
        self._foot.setVisible(foot)
        self._undo.setVisible(foot and view.undo is not Undo.NOTHING)
        self._invitation.setVisible(not view.has_bedtime)
        self._form()
        pad, thumb = look.px(28) - RING_ROOM, 0
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if folded:
            self._column.setContentsMargins(0, 0, 0, 0)
        elif self._narrow and not view.has_bedtime:
            self._column.setContentsMargins(look.px(22) - RING_ROOM, look.px(8), look.px(16), look.px(8))
        else:
            # The scroll bar lies in the padding, so that all it moves through keeps its width.
            thumb = self._scroll.verticalScrollBar().sizeHint().width() if view.has_bedtime else 0
            self._column.setContentsMargins(
                pad - mirrored * thumb, look.px(22), pad - (not mirrored) * thumb, look.px(18)
            )
        self._column.setSpacing(look.px(10))
        # The ring of the focus needs its room round the tiles; all the rest stays in line with them.
        front, back = RING_ROOM + mirrored * thumb, (not mirrored) * thumb
        self._head.setContentsMargins(front, 0, back, 0)
        self._head.setSpacing(0)
        self._empty.setContentsMargins(front, 0, RING_ROOM + back, 0)
        self._feet.setContentsMargins(front, 0, RING_ROOM + back, 0)
        self._feet.setSpacing(look.px(10))
        self._leave_room()
        self._fit()
        self.updateGeometry()

    def _leave_room(self) -> None:
        """Keep the lines as wide with a scroll bar as without."""
        bar = self._scroll.verticalScrollBar()
        self._timeline.set_end(RING_ROOM + (0 if bar.maximum() > 0 else bar.sizeHint().width()))

    def _form(self) -> None:
        beside = self._narrow and self.width() >= self.look.px(STACKED)
        self._invitation.set_form(tall=not self._narrow, beside=beside)

    def _fit(self) -> None:
        """Give the lines as much air as there is room for; in a narrow page the card grows with them."""
        look = self.look
        width = self.width() - self._column.contentsMargins().left() - self._column.contentsMargins().right()
        width += self._timeline.end - RING_ROOM - self._scroll.verticalScrollBar().sizeHint().width()
        if self._narrow:
            height = self._timeline.needed_height(width, look.px(_AIR[2]))
            self._scroll.setFixedHeight(height)
            return
        self._scroll.setMinimumHeight(look.px(180))
        self._scroll.setMaximumHeight(16_777_215)
        room = self._scroll.height()
        for air in _AIR:
            if self._timeline.needed_height(width, max(RING_ROOM, look.px(air))) <= room:
                break

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._form()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._scroll:
            self._fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.folded.isHidden():
            super().paintEvent(event)


class _Rule(QWidget):
    """A hairline."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self.setFixedHeight(1)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.line)
        painter.end()


# ---------------------------------------------------------------- the first bedtime


class BedtimeSheet(Sheet):
    """One time to choose and one button: an evening reminder in three steps from the first page."""

    chosen = Signal(object)
    """The bedtime, a datetime.time; the sheet closes before."""

    def __init__(self, bedtime: time, promise: Promise, over: QWidget, look: Look) -> None:
        """Proposes `bedtime` and says the `promise` of whatever is chosen."""
        # Only now: the page itself is painted before such fields are loaded.
        from coach.ui.switches import LargeClock

        super().__init__(_("When do you turn out the light?"), over, look, width=480)
        self._promise = promise
        self._clock = LargeClock(_("Lights out"))
        self._clock.show_time(bedtime)
        self._words = Text("", Role.BODY, "text2")
        self._remind = Button(_("Remind me"), Kind.PRIMARY)
        self.body.addWidget(self._clock, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._words)
        self.body.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self._remind)
        row.addStretch(1)
        self.pin(row)
        self._typed = False
        self._clock.lineEdit().textEdited.connect(self._typing)
        self._clock.installEventFilter(self)
        self._clock.valueChanged.connect(self._say)
        self._remind.clicked.connect(self._confirm)
        self._say()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the field is enough; after typing the first one takes what was typed, to be seen."""
        if watched is self._clock and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if not self._typed and not event.isAutoRepeat():
                    self._confirm()
                    return True
                self._typed = False
        return super().eventFilter(watched, event)

    def _typing(self) -> None:
        self._typed = True

    @property
    def first(self) -> QWidget:
        """What has the focus when it opens."""
        return self._clock

    def _say(self) -> None:
        self._words.setText(self._promise(self._clock.at_time))

    def _confirm(self) -> None:
        at = self._clock.at_time
        self.finish()
        self.chosen.emit(at)
