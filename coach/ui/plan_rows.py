"""What pages about plans share: a plan as a line, its row in a list, and small figures that come late.

It leaves out what a choice leads to: rows only say what was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget
from shiboken6 import isValid

from coach.domain.exercise import Exercise, Posture
from coach.domain.plan import Plan, known_to
from coach.domain.timeline import Timeline
from coach.i18n import _, ngettext
from coach.ui.controls import Button, Kind, Touch, needed_width
from coach.ui.fields import MenuButton, MenuEntry
from coach.ui.icons import paint_stand_in
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures
from coach.ui.tonight_words import places

__all__ = [
    "Filmstrip",
    "Flow",
    "LateFigures",
    "PlanItem",
    "PlanLine",
    "announce",
    "minutes_text",
    "plan_line",
    "tab_out",
    "wrapped",
]

MOST_FIGURES = 4
"""So many figures stand behind the name of a plan, where there is room."""


def announce(widget: QWidget, words: str) -> None:
    """Let a screen reader say `words`."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def tab_out(inside: QWidget, forward: bool) -> bool:
    """Give the focus to the next (or last) stop for Tab outside of `inside`; False when there is none.

    For lists that walk through their own rows: those are made and used again in any order.
    """
    one: QWidget | None = inside
    while one is not None:
        one = one.nextInFocusChain() if forward else one.previousInFocusChain()
        if one is None or one is inside:
            break
        takes = one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and one.isEnabled()
        if takes and not inside.isAncestorOf(one) and one.window() is inside.window():
            reasons = Qt.FocusReason
            one.setFocus(reasons.TabFocusReason if forward else reasons.BacktabFocusReason)
            return True
    return False


def wrapped(text: str, font: QFont, room: int) -> list[str]:
    """`text` in one or two lines of `room` px, the second one ended by an ellipsis where it must be."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(room)
    cut = line.textLength()
    layout.endLayout()
    first, rest = text[:cut].rstrip(), text[cut:].strip()
    if not rest:
        return [first]
    return [first, QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, room)]


def minutes_text(seconds: float) -> str:
    """A length in whole minutes, at least one: "7 min"."""
    return _("{n} min").format(n=max(1, round(seconds / 60)))


class Flow(QLayout):
    """Widgets one after the other, in as many lines as they need.

    A layout and no widget: the rings of the focus lie on the surface around, which has room for them.
    """

    def __init__(self, widgets: Sequence[QWidget], *, gap: int = 10) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), really=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, really=True)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items]
        width = sum(size.width() + self._gap for size in sizes) - self._gap
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _place(self, rect: QRect, *, really: bool) -> int:
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = y = line = 0
        for item in self._items:
            size = item.sizeHint()
            if x and x + size.width() > rect.width():
                x, y, line = 0, y + line + self._gap, 0
            if really:
                left = rect.width() - x - size.width() if mirrored else x
                width = min(size.width(), rect.width())
                item.setGeometry(QRect(rect.x() + left, rect.y() + y, width, size.height()))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line


# ---------------------------------------------------------------- a plan as a line


@dataclass(frozen=True)
class PlanLine:
    """A plan in a list, in the user's words.

    `figures` are the ids of its pictures in order, each once. `postures` are those it is done in. `changed`
    marks the user's own version of a ready-made plan.
    """

    id: str
    name: str
    detail: str = ""
    minutes: str = ""
    length: str = ""
    figures: tuple[str, ...] = ()
    postures: frozenset[Posture] = frozenset()
    mine: bool = False
    changed: bool = False


def plan_line(
    plan: Plan,
    timeline: Timeline,
    exercises: Mapping[str, Exercise],
    *,
    detail: str = "",
    mine: bool = False,
    changed: bool = False,
) -> PlanLine:
    """A plan that runs as a line. Without `detail` it says where the plan takes place."""
    known = known_to(plan, exercises)
    figures = (known[step.exercise].figure or "" for step in plan.steps)
    minutes, steps = minutes_text(timeline.seconds), len(plan.steps)
    return PlanLine(
        plan.id,
        _(plan.name),
        detail or places(timeline),
        minutes,
        _("{length}, {steps}").format(
            length=minutes, steps=ngettext("{n} step", "{n} steps", steps).format(n=steps)
        ),
        tuple(dict.fromkeys(filter(None, figures))),
        frozenset(segment.posture for segment in timeline.segments),
        mine,
        changed,
    )


# ---------------------------------------------------------------- figures


class LateFigures(QObject):
    """Draws small figures one by one, after the widgets that show them were painted for the first time.

    Reading a figure takes some milliseconds: a page with sixty of them would stand still for a second.
    """

    def __init__(self, pictures: Pictures, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._waiting: list[Filmstrip] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._draw_one)

    def want(self, strip: Filmstrip) -> None:
        """Fill `strip` soon; asking again is harmless."""
        if strip not in self._waiting:
            self._waiting.append(strip)
            self._timer.start(0)

    def _draw_one(self) -> None:
        while self._waiting:
            strip = self._waiting[0]
            if isValid(strip) and strip.isVisible() and strip.fill_one(self._pictures):
                return
            self._waiting.pop(0)
        self._timer.stop()


class Filmstrip(QWidget):
    """One or several small figures on tiles. Screen readers skip it: the words beside it say the same."""

    def __init__(
        self,
        late: LateFigures,
        tile: QSize,
        *,
        count: int = 1,
        gap: int = 6,
        radius: int = 12,
        token: str = "s2",
        parent: QWidget | None = None,
    ) -> None:
        """`tile` is the size of one in px of the design, `count` how many there is room for; `token` names
        the colour of the tiles.
        """
        super().__init__(parent)
        self._late, self._tile, self._count = late, tile, count
        self._gap, self._radius, self._token = gap, radius, token
        self._all: tuple[str, ...] = ()
        self._figures: tuple[str, ...] = ()
        self._look = Look()
        self._drawn: dict[str, tuple[QPixmap, tuple[int, int, str]]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_count(self, count: int) -> None:
        """Have room for so many figures from now on."""
        if count != self._count:
            self._count = count
            self.show_figures(self._all)
            self.updateGeometry()

    def width_of(self, count: int) -> int:
        """How wide it is with so many figures."""
        gaps = self._look.px(self._gap) * (count - 1)
        return self._look.px(self._tile.width()) * count + gaps

    def show_figures(self, figures: Sequence[str]) -> None:
        """Show the first of these figures; an empty id is an empty tile."""
        self._all = tuple(figures)
        chosen = self._all[: self._count]
        if chosen != self._figures:
            self._figures = chosen
            self._drawn = {name: kept for name, kept in self._drawn.items() if name in chosen}
            self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self._count), self._look.px(self._tile.height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _boxes(self) -> list[QRect]:
        width, height = self._look.px(self._tile.width()), self._look.px(self._tile.height())
        top = (self.height() - height) // 2
        boxes = [
            QRect(n * (width + self._look.px(self._gap)), top, width, height)
            for n in range(len(self._figures))
        ]
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            for box in boxes:
                box.moveRight(self.width() - 1 - box.left())
        return boxes

    def _key(self) -> tuple[int, int, str]:
        look = self._look
        return (look.px(self._tile.width()), look.px(self._tile.height()), look.theme.name)

    def fill_one(self, pictures: Pictures) -> bool:
        """Draw one figure that is missing; False when none is."""
        key = self._key()
        for name in self._figures:
            if name and (name not in self._drawn or self._drawn[name][1] != key):
                size = QSize(key[0], key[1] - 4)
                picture = pictures.pixmap(
                    name, "right", size, self._look.theme, ratio=self.devicePixelRatioF()
                )
                self._drawn[name] = (picture, key)
                self.update()
                return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        missing = False
        key = self._key()
        face = theme.bg if self._token == "bg" else theme.s2
        radius = self._look.px(self._radius)
        for name, box in zip(self._figures, self._boxes(), strict=True):
            tile = QPainterPath()
            tile.addRoundedRect(QRectF(box), radius, radius)
            painter.fillPath(tile, face)
            picture, of = self._drawn.get(name, (QPixmap(), None))
            missing = missing or (bool(name) and of != key)
            if not picture.isNull():
                # A wall goes on to the rim of its tile.
                painter.setClipPath(tile)
                painter.drawPixmap(box.adjusted(0, 2, 0, -2), picture)
                painter.setClipping(False)
            elif not name:
                paint_stand_in(painter, QRectF(box), self._look.px(28), theme.text3)
        painter.end()
        if missing:
            self._late.want(self)


# ---------------------------------------------------------------- a row


def holds_focus(row: QWidget) -> bool:
    """Whether the focus is on the row or on something in it."""
    focused = row.window().focusWidget()
    return focused is not None and (focused is row or row.isAncestorOf(focused))


class UseWatch(QObject):
    """Watches a row and what is in it, and says when the pointer or the focus may have come or gone."""

    moved = Signal()

    def __init__(self, row: QWidget, *inside: QWidget) -> None:
        super().__init__(row)
        for one in (row, *inside):
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (
            QEvent.Type.FocusIn,
            QEvent.Type.FocusOut,
            QEvent.Type.HoverEnter,
            QEvent.Type.HoverLeave,
            QEvent.Type.Enter,
            QEvent.Type.Leave,
        ):
            # After Qt has moved the focus or the pointer.
            QTimer.singleShot(0, self, self.moved.emit)
        return False


class PlanItem(QPushButton):
    """A plan in a list: name, detail, figures and minutes; under the pointer or with the focus it shows
    "Use tonight" and a menu in place of the figures.

    Enter asks for this plan tonight. A click only takes the focus, which shows the same on a touch screen.
    """

    used = Signal(str)
    """The plan is wanted for tonight."""
    picked = Signal(str, str)
    """The id of the plan, and the key of what was picked from its menu."""

    def __init__(self, late: LateFigures, *, lead: bool, parent: QWidget | None = None) -> None:
        """`lead` shows one figure before the name and the menu always, else four figures stand after it."""
        super().__init__(parent)
        self._lead = lead
        self._line = PlanLine("", "")
        self._tonight = False
        self._active = False
        self._narrow = False
        self._touch = Touch(self, lambda: (self._face(), float(self._touch.look.px(16))))
        size = QSize(56, 48) if lead else QSize(46, 40)
        self._strip = Filmstrip(late, size, count=1 if lead else MOST_FIGURES, parent=self)
        self.use = Button(_("Use tonight"), Kind.QUIET, size=QSize(0, 44), parent=self)
        self.more = MenuButton(_("More"), parent=self)
        self.use.clicked.connect(lambda: self.used.emit(self._line.id))
        self.more.picked.connect(lambda key: self.picked.emit(self._line.id, key))
        self.clicked.connect(lambda: self.used.emit(self._line.id))
        UseWatch(self, self.use, self.more).moved.connect(self._look_again)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._show_active()

    @property
    def line(self) -> PlanLine:
        return self._line

    @property
    def leading(self) -> bool:
        """Whether its figure stands before the name."""
        return self._lead

    def show_line(self, line: PlanLine, menu: Sequence[MenuEntry], *, tonight: bool) -> None:
        """Show a plan and what can be done with it; `tonight` when it is already the one for tonight."""
        self._line, self._tonight = line, tonight
        self.more.set_entries(menu)
        words = [line.name, line.length, line.detail]
        words += [_("Changed")] if line.changed else []
        words += [_("tonight’s plan")] if tonight else []
        self.setAccessibleName(", ".join(filter(None, words)))
        self.setAccessibleDescription(_("Enter: use tonight. E: edit."))
        self.use.setAccessibleName(_("Use {name} tonight").format(name=line.name))
        self.more.set_name(_("More for {name}").format(name=line.name))
        self._strip.show_figures(line.figures)
        self._place()

    def set_narrow(self, narrow: bool) -> None:
        """Fewer figures, for a small window."""
        self._narrow = narrow
        self._place()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)
        for one in (self._strip, self.use, self.more):
            one.set_look(look)
        self.updateGeometry()
        self._place()

    # ------------------------------------------------------------ size

    def sizeHint(self) -> QSize:
        look = self._touch.look
        words = QFontMetrics(look.font(Role.BODY_STRONG)).height()
        words += QFontMetrics(look.font(Role.SMALL)).height()
        return QSize(look.px(360), max(look.target(64 if self._lead else 60), words + look.px(12)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(300), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _face(self) -> QRect:
        """What is raised: a little less high, so that the ring of the focus leaves the words around alone."""
        return self.rect().adjusted(0, 3, 0, -3)

    def _mirror(self, box: QRect) -> QRect:
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            box.moveLeft(self.width() - box.right() - 1)
        return box

    def _minutes_width(self) -> int:
        look = self._touch.look
        return max(look.px(66), needed_width(self._line.minutes, look.font(Role.BODY_STRONG)))

    def _place(self) -> None:
        look = self._touch.look
        pad = look.px(12)
        middle = self.height() // 2

        def centred(widget: QWidget, right: int) -> QRect:
            size = widget.sizeHint()
            return QRect(right - size.width(), middle - size.height() // 2, size.width(), size.height())

        more = centred(self.more, self.width() - look.px(4))
        self.more.setGeometry(self._mirror(QRect(more)))
        self.use.setGeometry(self._mirror(centred(self.use, more.left() - look.px(4))))
        if not self._lead:
            self._strip.set_count(self._figures_beside())
        strip = self._strip.sizeHint()
        if self._lead:
            box = QRect(pad, middle - strip.height() // 2, strip.width(), strip.height())
        else:
            right = self.width() - pad - self._minutes_width() - look.px(14)
            box = centred(self._strip, right)
        self._strip.setGeometry(self._mirror(box))
        self._show_active()

    def _figures_beside(self) -> int:
        """How many figures there are room for: the last ones go before words are cut."""
        look, line = self._touch.look, self._line
        words = needed_width(line.name, look.font(Role.BODY_STRONG))
        words = max(words, needed_width(line.detail, look.font(Role.SMALL)))
        taken = look.px(12 + 12 + 14 + 6) + self._minutes_width() + words
        fits = (n for n in range(MOST_FIGURES, 2, -1) if taken + self._strip.width_of(n) <= self.width())
        return next(fits, 2)

    # ------------------------------------------------------------ what is shown

    def _look_again(self) -> None:
        # An open menu lies over the row and holds the pointer and the focus.
        inside = holds_focus(self) or self.more.is_open
        active = self.isVisible() and ((inside and self.isActiveWindow()) or self.underMouse())
        if active != self._active:
            self._active = active
            self._show_active()

    def _show_active(self) -> None:
        self.use.setVisible(self._active and not self._tonight)
        self.more.setVisible(self._active or self._lead)
        roomy = not self._narrow or self.width() > self._touch.look.px(560)
        self._strip.setVisible(self._lead or (not self._active and roomy))
        self.update()

    def hitButton(self, pos: QPoint) -> bool:
        # Only keys and its own buttons use the plan: a click into the row shows what can be done.
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Menu or (event.key() == Qt.Key.Key_F10 and shifted):
            self.more.open_menu()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme, line = self._touch.look, self._touch.look.theme, self._line
        painter = self._touch.begin()
        if self._active:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.raised)
            painter.drawRoundedRect(QRectF(self._face()), look.px(16), look.px(16))
        pad = look.px(12)
        left = self._strip.sizeHint().width() + pad + look.px(12) if self._lead else pad
        if self._active and not self._tonight:
            right = self.width() - self.use.sizeHint().width() - self.more.sizeHint().width() - look.px(20)
        elif self._active:
            right = self.width() - self.more.sizeHint().width() - look.px(12)
        elif self._lead:
            right = self.width() - self.more.sizeHint().width() - look.px(8)
        else:
            right = self.width() - pad
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        leading = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        trailing = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        strong, small = look.font(Role.BODY_STRONG), look.font(Role.SMALL)
        if not self._active:
            width = self._minutes_width()
            painter.setFont(strong)
            painter.setPen(theme.text1)
            box = self._mirror(QRect(right - width, 0, width, self.height()))
            painter.drawText(QRectF(box), middle | trailing, line.minutes)
            right -= width + look.px(14)
            if not self._lead and self._strip.isVisible():
                right -= self._strip.sizeHint().width() + look.px(6)
        room = max(right - left, 1)
        upper, lower = QFontMetrics(strong), QFontMetrics(small)
        detail = line.detail
        if self._active:
            detail = ". ".join(filter(None, (line.length, line.detail)))
        tag = self._tag()
        names = [upper.elidedText(line.name, Qt.TextElideMode.ElideRight, room)]
        if names[0] != line.name and not tag:
            # A name of two lines leaves no room for more; a screen reader says it all the same.
            names, detail = wrapped(line.name, strong, room), ""
        height = len(names) * upper.height() + (lower.height() if detail else 0)
        top = (self.height() - height) / 2
        tag_width = needed_width(tag, look.font(Role.TAG)) + look.px(16 + 8) if tag else 0
        beside = needed_width(line.name, strong) + tag_width <= room
        painter.setFont(strong)
        painter.setPen(theme.text1)
        for number, name in reversed(list(enumerate(names))):
            box = self._mirror(QRect(left, round(top) + number * upper.height(), room, upper.height()))
            painter.drawText(QRectF(box), middle | leading, name)
        lower_box = QRect(left, round(top) + upper.height(), room, lower.height())
        if tag and beside:
            self._paint_tag(painter, tag, left + needed_width(line.name, strong) + look.px(8), box)
        elif tag:
            # No room beside the name: before the detail.
            self._paint_tag(painter, tag, left, lower_box)
            lower_box.adjust(tag_width, 0, 0, 0)
        painter.setFont(small)
        painter.setPen(theme.text2)
        shown = lower.elidedText(detail, Qt.TextElideMode.ElideRight, lower_box.width())
        painter.drawText(QRectF(self._mirror(lower_box)), middle | leading, shown)
        painter.end()

    def _tag(self) -> str:
        # Tonight's plan has a card of its own; that it is changed is said here alone.
        if self._line.changed:
            return _("Changed")
        return _("Tonight") if self._tonight else ""

    def _paint_tag(self, painter: QPainter, tag: str, left: int, line: QRect) -> None:
        look, theme = self._touch.look, self._touch.look.theme
        width = needed_width(tag, look.font(Role.TAG)) + look.px(16)
        height = QFontMetrics(look.font(Role.TAG)).height() + look.px(2)
        box = self._mirror(QRect(left, line.center().y() - height // 2, width, height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.field if self._line.changed else theme.soft)
        painter.drawRoundedRect(QRectF(box), look.px(8), look.px(8))
        painter.setPen(theme.text2 if self._line.changed else theme.accent)
        painter.setFont(look.font(Role.TAG))
        painter.drawText(QRectF(box), Qt.AlignmentFlag.AlignCenter, tag)
