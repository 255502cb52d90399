"""Painted fields over Qt's own widgets: chips, drop-downs, steppers and what else takes a choice or words.

It leaves out pages and every decision: fields show what they are given and say what the user chose. All take
their look by `set_look(look)`, are at least 44 px high and carry `name` for screen readers. An option is a
pair of a key, which signals carry, and a label, which is shown. Values set by code are not signalled.

Chip(label, *, several=False): QPushButton, checkable.
ChipRow(name, options, *, several=False): chosen(str), with several changed(); key, keys, choose, choose_all.
DropDown(name, options, *, outlined=False): QComboBox; chosen(str); key, choose, set_options.
MenuButton(name, entries=(), *, icon=Icon.MORE, kind=Kind.GHOST): picked(str); MenuEntry(key, label, icon).
SearchField(placeholder, *, key="/"): QLineEdit; textChanged(str).
TextField(name, placeholder="", *, limit=80, role): edited(str), finished(); text, set_text, set_error.
Stepper(name, low, high, *, step=5, big_step=10, words=seconds_words): QSpinBox; valueChanged(int), set_wrong.
Segmented(name, options): chosen(str); key, choose.
CheckTile(label, detail=""): QCheckBox; toggled(bool).
Flow(*, gap=8, line_gap=4): set_parts(widgets) one after the other in lines; refresh after a change of size.
Tag(words, *, token="text2", face="field"): QLabel.
DropZone(title, detail, button): dropped(list of Path), asked() by its button.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from coach.i18n import _
from coach.ui.controls import (
    DISABLED_OPACITY,
    Button,
    Card,
    IconButton,
    Kind,
    Mark,
    NavItem,
    ScrollArea,
    Text,
    Touch,
    draw_key_cap,
    key_cap_size,
    needed_width,
    pass_on,
)
from coach.ui.icons import Icon, paint_icon
from coach.ui.theme import Look, Role

__all__ = [
    "CheckTile",
    "Chip",
    "ChipRow",
    "DropDown",
    "DropZone",
    "Flow",
    "MenuButton",
    "MenuEntry",
    "MenuItem",
    "SearchField",
    "Segmented",
    "Stepper",
    "Tag",
    "TextField",
    "seconds_words",
]

Option = tuple[str, str]
"""A key and its label."""

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _mirrored(widget: QWidget) -> bool:
    return widget.layoutDirection() is Qt.LayoutDirection.RightToLeft


def _leading(widget: QWidget) -> Qt.AlignmentFlag:
    """Where lines begin: left, in right-to-left windows right."""
    side = Qt.AlignmentFlag.AlignRight if _mirrored(widget) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute


def _paint_tick(painter: QPainter, box: QRectF, look: Look, on: bool) -> None:
    """A tick box into the square `box`."""
    theme = look.theme
    radius = look.px(9)
    if not on:
        painter.setPen(QPen(theme.edge, 1.5))
        painter.setBrush(theme.field)
        painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.fill)
    painter.drawRoundedRect(box, radius, radius)
    inset = box.width() * 0.15
    paint_icon(painter, Icon.CHECK, box.adjusted(inset, inset, -inset, -inset), theme.on_fill)


# ---------------------------------------------------------------- chips


class Chip(QPushButton):
    """A round chip that is chosen or not: soft with an outline when it is.

    With `several` chips stand beside each other freely and a chosen one carries a check mark; otherwise those
    of one parent exclude each other and arrow keys walk through them.
    """

    def __init__(self, label: str, *, several: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._several = several
        self._touch = Touch(self, lambda: (self._face(), self._face().height() / 2))
        self.setCheckable(True)
        self.setAutoExclusive(not several)
        self.setAccessibleName(label)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def label(self) -> str:
        return self._label

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def _face(self) -> QRect:
        # The face is a little lower than what can be hit.
        spare = max(0, (self.height() - max(self._touch.look.px(40), self._words_height())) // 2)
        return self.rect().adjusted(0, spare, 0, -spare)

    def _words_height(self) -> int:
        look = self._touch.look
        return QFontMetrics(look.font(Role.SMALL_MEDIUM)).height() + look.px(12)

    def _tick(self) -> int:
        return self._touch.look.px(22) if self._several else 0

    def sizeHint(self) -> QSize:
        look = self._touch.look
        # The room of the check mark is kept free: choosing moves nothing.
        words = needed_width(self._label, look.font(Role.BODY_MEDIUM))
        width = words + self._tick() + 2 * look.px(14 if self._several else 17)
        return QSize(max(look.target(44), width), max(look.target(44), self._words_height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            # The row knows where its chips are; Qt would walk to whatever lies nearest.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        on = self.isChecked()
        face = QRectF(self._face())
        # By night a field has the tone of the card below: an outline shows that it is a control.
        rim = theme.accent if on else theme.edge if theme.is_night else None
        painter.setPen(QPen(rim, 1.5) if rim is not None else Qt.PenStyle.NoPen)
        painter.setBrush(self._touch.tone(theme.soft if on else theme.field))
        inset = 0.75 if rim is not None else 0.0
        radius = face.height() / 2
        painter.drawRoundedRect(face.adjusted(inset, inset, -inset, -inset), radius, radius)
        words = face
        if self._several:
            room = face.adjusted(look.px(14), 0, -look.px(14), 0)
            side = look.px(16)
            x = room.right() - side if _mirrored(self) else room.left()
            box = QRectF(x, face.center().y() - side / 2, side, side)
            paint_icon(painter, Icon.CHECK if on else Icon.PLUS, box, theme.accent if on else theme.text3)
            cut = self._tick()
            words = room.adjusted(0, 0, -cut, 0) if _mirrored(self) else room.adjusted(cut, 0, 0, 0)
        painter.setPen(theme.accent if on else theme.text2)
        painter.setFont(look.font(Role.BODY_MEDIUM))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._label)
        painter.end()


class Flow(QWidget):
    """Widgets one after the other in their own sizes, in as many lines as they need."""

    rings_outside = True
    """It is no larger than its parts: the outline of the focus lies in what is round it."""

    def __init__(self, *, gap: int = 8, line_gap: int = 4, parent: QWidget | None = None) -> None:
        """The gaps are in px of the design."""
        super().__init__(parent)
        self._gap, self._line_gap = gap, line_gap
        self._look = Look()
        self._parts: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_parts(self, parts: Sequence[QWidget]) -> None:
        """Show these; what was there before and is not among them is deleted."""
        for old in self._parts:
            if old not in parts:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        self._parts = list(parts)
        for part in parts:
            part.setParent(self)
            take = getattr(part, "set_look", None)
            if take is not None:
                take(self._look)
            part.show()
        self.refresh()

    def refresh(self) -> None:
        """Place them anew, for when one has changed its size."""
        self.updateGeometry()
        self._place()

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        self.refresh()

    def _lines(self, width: int) -> list[list[QWidget]]:
        gap = self._look.px(self._gap)
        lines: list[list[QWidget]] = [[]]
        used = 0
        for part in self._parts:
            if part.isHidden():
                continue
            needs = part.sizeHint().width()
            if lines[-1] and used + gap + needs > width:
                lines.append([])
                used = 0
            used += needs + (gap if lines[-1] else 0)
            lines[-1].append(part)
        return [line for line in lines if line]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        heights = [max(part.sizeHint().height() for part in line) for line in lines]
        return sum(heights) + max(0, len(lines) - 1) * self._look.px(self._line_gap)

    def sizeHint(self) -> QSize:
        gap = self._look.px(self._gap)
        widths = [part.sizeHint().width() + gap for part in self._parts if not part.isHidden()]
        width = max(sum(widths) - gap, 0)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        sizes = [part.sizeHint() for part in self._parts if not part.isHidden()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        gap, y = self._look.px(self._gap), 0
        for line in self._lines(self.width()):
            x = 0
            height = max(part.sizeHint().height() for part in line)
            for part in line:
                size = part.sizeHint()
                left = self.width() - x - size.width() if _mirrored(self) else x
                part.setGeometry(left, y + (height - size.height()) // 2, size.width(), size.height())
                x += size.width() + gap
            y += height + self._look.px(self._line_gap)


class ChipRow(Flow):
    """Chips one after the other, in as many lines as they need.

    One can be chosen (arrows choose the next), or with `several` any number (arrows move, Space chooses).
    """

    chosen = Signal(str)
    """The user chose this one; only without `several`."""
    changed = Signal()
    """The user chose or left one; only with `several`. See `keys`."""

    def __init__(
        self, name: str, options: Sequence[Option], *, several: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._several = several
        self._chips: dict[str, Chip] = {}
        self.setAccessibleName(name)
        self.set_options(options)

    def set_options(self, options: Sequence[Option]) -> None:
        """Show other chips; what was chosen stays chosen where it still exists."""
        kept = self.keys
        self._chips = {}
        for key, label in options:
            chip = Chip(label, several=self._several)
            chip.clicked.connect(lambda _on=False, picked=key: self._clicked(picked))
            self._chips[key] = chip
        self.set_parts(list(self._chips.values()))
        if self._several:
            self.choose_all(kept)
        elif self._chips:
            self.choose(next((key for key in kept if key in self._chips), next(iter(self._chips))))

    @property
    def key(self) -> str:
        """The chosen one, "" when none is."""
        return next((key for key, chip in self._chips.items() if chip.isChecked()), "")

    @property
    def keys(self) -> frozenset[str]:
        """All that are chosen."""
        return frozenset(key for key, chip in self._chips.items() if chip.isChecked())

    def choose(self, key: str) -> None:
        """Choose one without saying so."""
        if key in self._chips:
            self._chips[key].setChecked(True)

    def choose_all(self, keys: Iterable[str]) -> None:
        """Choose exactly these without saying so; only with `several`."""
        wanted = set(keys)
        for key, chip in self._chips.items():
            chip.setChecked(key in wanted)

    def chip(self, key: str) -> Chip:
        return self._chips[key]

    def _clicked(self, key: str) -> None:
        if self._several:
            self.changed.emit()
        else:
            self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        chips = list(self._chips.values())
        now = next((n for n, chip in enumerate(chips) if chip.hasFocus()), -1)
        if event.key() not in steps or now < 0:
            super().keyPressEvent(event)
            return
        at = now + steps[Qt.Key(event.key())] * (-1 if _mirrored(self) else 1)
        if 0 <= at < len(chips):
            chips[at].setFocus(Qt.FocusReason.TabFocusReason)
            if not self._several:
                chips[at].click()


# ---------------------------------------------------------------- lists that open


@dataclass(frozen=True)
class MenuEntry:
    """One line of a menu; `enabled` off shows it pale, with `why` as its tool tip."""

    key: str
    label: str
    icon: Icon | None = None
    enabled: bool = True
    why: str = ""


class _Entry(QPushButton):
    """A line of an open list."""

    def __init__(self, entry: MenuEntry, ticked: bool | None, parent: QWidget) -> None:
        """`ticked` is None in a menu, where nothing is chosen for good."""
        super().__init__(parent)
        self.entry = entry
        self._ticked = ticked
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(10))))
        self.setCheckable(ticked is not None)
        self.setChecked(bool(ticked))
        self.setAccessibleName(entry.label)
        self.setEnabled(entry.enabled)
        self.setToolTip(entry.why)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def enterEvent(self, event: QEnterEvent) -> None:
        if self.isEnabled():
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def _lead(self) -> int:
        has_mark = self._ticked is not None or self.entry.icon is not None
        return self._touch.look.px(34) if has_mark else 0

    def sizeHint(self) -> QSize:
        look = self._touch.look
        words = needed_width(self.entry.label, look.font(Role.BODY_STRONG))
        return QSize(look.px(14) * 2 + self._lead() + words, look.target(44))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(100), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        if self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.hovered(theme.raised, 1.6))
            painter.drawRoundedRect(QRectF(self.rect()), look.px(10), look.px(10))
        room = QRectF(self.rect()).adjusted(look.px(14), 0, -look.px(14), 0)
        icon = Icon.CHECK if self._ticked else self.entry.icon
        side = look.px(20)
        if icon is not None:
            x = room.right() - side if _mirrored(self) else room.left()
            # Amber is too pale for the raised tone of the light theme.
            paint_icon(painter, icon, QRectF(x, (self.height() - side) / 2, side, side), theme.text1)
        cut = self._lead()
        words = room.adjusted(0, 0, -cut, 0) if _mirrored(self) else room.adjusted(cut, 0, 0, 0)
        painter.setPen(theme.text1)
        font = look.font(Role.BODY_STRONG if self._ticked else Role.BODY_MEDIUM)
        painter.setFont(font)
        label = QFontMetrics(font).elidedText(
            self.entry.label, Qt.TextElideMode.ElideRight, round(words.width()) + 1
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | _leading(self), label)
        painter.end()


class _Choices(QWidget):
    """An open list over the window, beside what opened it; it is gone once something is picked or not."""

    def __init__(
        self,
        anchor: QWidget,
        look: Look,
        entries: Sequence[MenuEntry],
        current: str | None,
        pick: Callable[[str], None],
    ) -> None:
        """`current` is the key to be ticked, None in a menu."""
        window = anchor.window()
        super().__init__(window)
        self._anchor = anchor
        self._look = look
        self._pick = pick
        self._typed = ""
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(900)
        self._forget.timeout.connect(self._forget_typed)
        self.setAccessibleName(anchor.accessibleName())
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.lines = [
            _Entry(entry, None if current is None else entry.key == current, content) for entry in entries
        ]
        for line in self.lines:
            line.set_look(look)
            line.clicked.connect(lambda _on=False, picked=line.entry.key: self._picked(picked))
            column.addWidget(line)
        self._scroll = ScrollArea(content, takes_keys=False, parent=self)
        self._scroll.set_look(look)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)
        anchor.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        first = next((line for line in self.lines if line.isChecked()), None)
        first = first or next((line for line in self.lines if line.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)
            self._scroll.ensureWidgetVisible(first, 0, 8)

    def close_list(self) -> None:
        """Close it and give the focus back to what opened it."""
        if self.isHidden():
            return
        self.window().removeEventFilter(self)
        self.hide()
        if isValid(self._anchor):
            self._anchor.removeEventFilter(self)
            if self._anchor.isVisible():
                self._anchor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    def _picked(self, key: str) -> None:
        self.close_list()
        self._pick(key)

    def _forget_typed(self) -> None:
        self._typed = ""

    def _place(self) -> None:
        window = self.window()
        self.setGeometry(window.rect())
        look = self._look
        pad = look.px(6)
        anchor = QRect(self._anchor.mapTo(window, QPoint(0, 0)), self._anchor.size())
        width = max([anchor.width(), *(line.sizeHint().width() + 2 * pad + 2 for line in self.lines)])
        width = min(width, window.width() - 16)
        height = sum(line.sizeHint().height() + 2 for line in self.lines) - 2 + 2 * pad
        below = window.height() - anchor.bottom() - 12
        above = anchor.top() - 12
        upwards = height > below and above > below
        height = min(height, max(above if upwards else below, look.target(44) + 2 * pad))
        x = anchor.right() + 1 - width if _mirrored(self) or anchor.left() + width > window.width() - 8 else 0
        x = x or anchor.left()
        x = max(8, min(x, window.width() - 8 - width))
        y = anchor.top() - 4 - height if upwards else anchor.bottom() + 5
        self._face = QRect(x, y, width, height)
        self._scroll.setGeometry(self._face.adjusted(pad, pad, -pad, -pad))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        resized = event.type() == QEvent.Type.Resize and watched is self.parent()
        if resized or (event.type() == QEvent.Type.Hide and watched is self._anchor):
            self.close_list()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        self._step(1 if forward else -1)
        return True

    def _step(self, by: int) -> None:
        stops = [line for line in self.lines if line.isEnabled()]
        now = self.window().focusWidget()
        at = stops.index(now) if isinstance(now, _Entry) and now in stops else -1
        self._go(stops[(at + by) % len(stops)])

    def _go(self, line: _Entry) -> None:
        line.setFocus(Qt.FocusReason.PopupFocusReason)
        self._scroll.ensureWidgetVisible(line, 0, 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key reaches the page below while the list is open."""
        key = event.key()
        stops = [line for line in self.lines if line.isEnabled()]
        if key == Qt.Key.Key_Escape:
            self.close_list()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Home:
            self._go(stops[0])
        elif key == Qt.Key.Key_End:
            self._go(stops[-1])
        elif event.text().strip():
            self._typed += event.text().casefold()
            self._forget.start()
            for line in stops:
                if line.entry.label.casefold().startswith(self._typed):
                    self._go(line)
                    break
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._face.contains(event.position().toPoint()):
            self.close_list()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.theme.edge, 1.5))
        painter.setBrush(look.theme.raised)
        face = QRectF(self._face).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(face, look.px(14), look.px(14))
        painter.end()


class DropDown(QComboBox):
    """A value and a chevron; it opens a list with the current value ticked. The wheel leaves it alone."""

    chosen = Signal(str)
    """The user chose the option with this key."""

    def __init__(
        self, name: str, options: Sequence[Option], *, outlined: bool = False, parent: QWidget | None = None
    ) -> None:
        """`outlined` draws a round outline instead of a face, for filters on the window itself."""
        super().__init__(parent)
        self._outlined = outlined
        self._options: tuple[Option, ...] = ()
        self._list: _Choices | None = None
        self._touch = Touch(self, lambda: (self._face(), self._radius()))
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._activated)
        self.currentIndexChanged.connect(self._say)
        self.set_options(options)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other options; the chosen one stays where it still exists, else the first is chosen."""
        kept = self.key if self._options else ""
        self._options = tuple(options)
        self.blockSignals(True)
        self.clear()
        self.addItems([label for _key, label in options])
        self.blockSignals(False)
        self.choose(kept)
        self._say()
        self.updateGeometry()

    @property
    def key(self) -> str:
        at = self.currentIndex()
        return self._options[at][0] if 0 <= at < len(self._options) else ""

    def choose(self, key: str) -> None:
        """Choose one without saying so."""
        at = next((n for n, (one, _label) in enumerate(self._options) if one == key), 0)
        self.setCurrentIndex(at if self._options else -1)

    def _activated(self, at: int) -> None:
        self.chosen.emit(self._options[at][0])

    def _say(self) -> None:
        # A screen reader says the value by itself; the name alone would hide what is being chosen.
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(self.currentText())
        self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)
        self.hidePopup()

    def _face(self) -> QRect:
        look = self._touch.look
        least = QFontMetrics(look.font(Role.BODY_MEDIUM)).height() + look.px(14)
        spare = max(0, (self.height() - max(look.px(40), least)) // 2) if self._outlined else 0
        return self.rect().adjusted(0, spare, 0, -spare)

    def _radius(self) -> float:
        return self._face().height() / 2 if self._outlined else float(self._touch.look.px(12))

    def sizeHint(self) -> QSize:
        look = self._touch.look
        font = look.font(Role.BODY_MEDIUM)
        words = max((needed_width(label, font) for _key, label in self._options), default=0)
        if self._outlined:
            words = needed_width(self.currentText(), font)
        height = max(look.target(44), QFontMetrics(font).height() + look.px(16))
        return QSize(max(look.target(44), words + look.px(16 + 10 + 16 + 14)), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), self._touch.look.px(96)), self.sizeHint().height())

    def showPopup(self) -> None:
        already = self._list is not None and isValid(self._list) and not self._list.isHidden()
        if already or not self._options or not self.isEnabled():
            return
        entries = [MenuEntry(key, label) for key, label in self._options]
        self._list = _Choices(self, self._touch.look, entries, self.key, self._pick)

    def hidePopup(self) -> None:
        if self._list is not None and isValid(self._list):
            self._list.close_list()
        self._list = None

    def _pick(self, key: str) -> None:
        self._list = None
        if key != self.key:
            self.choose(key)
            self.updateGeometry()
            self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*_ENTER, Qt.Key.Key_Space, Qt.Key.Key_F4) and not event.isAutoRepeat():
            self.showPopup()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) or event.text() == "/":
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.showPopup()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        face = QRectF(self._face())
        radius = self._radius()
        if self._outlined:
            painter.setPen(QPen(theme.edge, 1.5))
            fill = QColor(theme.field)
            fill.setAlphaF(self._touch.heat)
            painter.setBrush(fill)
            face.adjust(0.75, 0.75, -0.75, -0.75)
        else:
            # At night its face is that of the card it lies on.
            painter.setPen(QPen(theme.edge, 1.5) if theme.is_night else Qt.PenStyle.NoPen)
            painter.setBrush(self._touch.tone(theme.field))
            if theme.is_night:
                face.adjust(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(face, radius, radius)
        side = look.px(16)
        pad = look.px(14)
        x = pad if _mirrored(self) else self.width() - pad - side
        paint_icon(painter, Icon.DOWN, QRectF(x, face.center().y() - side / 2, side, side), theme.text2)
        room = QRectF(look.px(16), 0, self.width() - look.px(16 + 10) - side - pad + 1, self.height())
        if _mirrored(self):
            room.moveRight(self.width() - look.px(16))
        font = look.font(Role.BODY_MEDIUM)
        painter.setFont(font)
        painter.setPen(theme.text1)
        shown = QFontMetrics(font).elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, round(room.width()) + 1
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | _leading(self), shown)
        painter.end()


class MenuButton(IconButton):
    """A square button that opens a short list of things to do."""

    picked = Signal(str)
    """The user picked the entry with this key."""

    def __init__(
        self,
        name: str,
        entries: Sequence[MenuEntry] = (),
        *,
        icon: Icon = Icon.MORE,
        kind: Kind = Kind.GHOST,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(icon, name, kind, parent=parent)
        self._entries = tuple(entries)
        self._open_list: _Choices | None = None
        self.clicked.connect(self.open_menu)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        if self._open_list is not None and isValid(self._open_list):
            self._open_list.close_list()

    def set_entries(self, entries: Sequence[MenuEntry]) -> None:
        self._entries = tuple(entries)
        self.setEnabled(bool(entries))

    @property
    def is_open(self) -> bool:
        """Whether its list is open: who hides the button then would close the list with it."""
        choices = self._open_list
        return choices is not None and isValid(choices) and not choices.isHidden()

    def open_menu(self) -> None:
        """Open the list; nothing happens when there is nothing in it."""
        if self._entries:
            self._open_list = _Choices(self, self._touch.look, self._entries, None, self.picked.emit)


class MenuItem(NavItem):
    """A line of the sidebar that opens a short list of things to do."""

    picked = Signal(str)
    """The user picked the entry with this key."""

    def __init__(self, icon: Icon, label: str, *, parent: QWidget | None = None) -> None:
        super().__init__(icon, label, checkable=False, parent=parent)
        self._entries: tuple[MenuEntry, ...] = ()
        self._open_list: _Choices | None = None
        self.clicked.connect(self.open_menu)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        if self._open_list is not None and isValid(self._open_list):
            self._open_list.close_list()

    def set_entries(self, entries: Sequence[MenuEntry]) -> None:
        self._entries = tuple(entries)

    def open_menu(self) -> None:
        """Open the list; nothing happens when there is nothing in it."""
        if self._entries:
            self._open_list = _Choices(self, self._touch.look, self._entries, None, self.picked.emit)


# ---------------------------------------------------------------- words


class _Line(QLineEdit):
    """A line of words without a frame; its owner paints the face."""

    def __init__(self, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setFrame(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _colour(self, look: Look) -> None:
        self.setFont(look.font(self._role))
        theme = look.theme
        colours = self.palette()
        for role, colour in (
            (QPalette.ColorRole.Base, QColor(0, 0, 0, 0)),
            (QPalette.ColorRole.Text, theme.text1),
            (QPalette.ColorRole.PlaceholderText, theme.text3),
            (QPalette.ColorRole.Highlight, theme.fill),
            (QPalette.ColorRole.HighlightedText, theme.on_fill),
        ):
            colours.setColor(role, colour)
        self.setPalette(colours)


class SearchField(_Line):
    """A line to search in: a magnifier at the front, a key cap at the end, and a cross once words are in it.

    Esc empties it; in an empty one it is left to the page.
    """

    def __init__(self, placeholder: str, *, key: str = "/", parent: QWidget | None = None) -> None:
        super().__init__(Role.BODY, parent)
        self._key = key
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(14))))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPlaceholderText(placeholder)
        self.setMaxLength(80)
        self.setAccessibleName(placeholder)
        if key:
            self.setAccessibleDescription(_("Key: {key}").format(key=key))
        self._cross = IconButton(Icon.CLOSE, _("Clear the search"), Kind.GHOST, parent=self)
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cross.setCursor(Qt.CursorShape.ArrowCursor)
        self._cross.clicked.connect(self.clear)
        self._cross.hide()
        self.textChanged.connect(self._words_changed)
        self.set_look(Look())

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)
        self._cross.set_look(look)
        self._colour(look)
        front, back = look.px(48), max(look.target(44), look.px(52))
        margins = (back, 0, front, 0) if _mirrored(self) else (front, 0, back, 0)
        self.setTextMargins(*margins)
        self.updateGeometry()
        self._place()

    def _words_changed(self, words: str) -> None:
        self._cross.setVisible(bool(words))
        self.update()

    def _place(self) -> None:
        size = self._cross.sizeHint()
        x = 2 if _mirrored(self) else self.width() - size.width() - 2
        self._cross.setGeometry(QRect(QPoint(x, (self.height() - size.height()) // 2), size))

    def sizeHint(self) -> QSize:
        look = self._touch.look
        words = needed_width(self.placeholderText(), look.font(Role.BODY))
        height = max(look.target(48), QFontMetrics(look.font(Role.BODY)).height() + look.px(16))
        return QSize(words + look.px(48 + 60), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(140), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                event.ignore()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        rimmed = self.hasFocus() or theme.is_night
        painter.setPen(QPen(theme.edge, 1.5) if rimmed else Qt.PenStyle.NoPen)
        painter.setBrush(self._touch.tone(theme.field))
        face = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(face, look.px(14), look.px(14))
        side = look.px(20)
        x = self.width() - look.px(16) - side if _mirrored(self) else look.px(16)
        paint_icon(painter, Icon.SEARCH, QRectF(x, (self.height() - side) / 2, side, side), theme.text3)
        if self._key and not self.text() and not self.hasFocus():
            size = key_cap_size(self._key, look)
            x = look.px(14) if _mirrored(self) else self.width() - look.px(14) - size.width()
            box = QRectF(x, 0, size.width(), self.height())
            draw_key_cap(painter, box, self._key, look, theme.text2, theme.edge)
        painter.end()
        super().paintEvent(event)


class _WordsBox(_Line):
    """The line inside a TextField."""

    def __init__(self, role: Role, parent: QWidget) -> None:
        super().__init__(role, parent)
        self.wrong = False
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(14))))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)
        self._colour(look)
        self.setTextMargins(look.px(16), 0, look.px(16), 0)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        look = self._touch.look
        height = max(look.target(48), QFontMetrics(look.font(self._role)).height() + look.px(16))
        return QSize(look.px(240), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        rimmed = self.hasFocus() or theme.is_night
        rim = theme.error if self.wrong else theme.edge if rimmed else None
        painter.setPen(QPen(rim, 1.5) if rim is not None else Qt.PenStyle.NoPen)
        painter.setBrush(self._touch.tone(theme.field))
        face = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(face, look.px(14), look.px(14))
        painter.end()
        super().paintEvent(event)


class TextField(QWidget):
    """A line of words, with a sentence below it while something is wrong with them."""

    edited = Signal(str)
    """The words as the user types."""
    finished = Signal()
    """Enter, or the focus went elsewhere."""

    def __init__(
        self,
        name: str,
        placeholder: str = "",
        *,
        limit: int = 80,
        role: Role = Role.BODY,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.line = _WordsBox(role, self)
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(placeholder)
        self.line.setMaxLength(limit)
        self.line.textEdited.connect(self.edited)
        self.line.editingFinished.connect(self.finished)
        self._mark = Mark(Icon.WARNING, "error", side=18)
        self._words = Text("", Role.SMALL, "error")
        self._below = QHBoxLayout()
        self._below.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._below.addWidget(self._words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addLayout(self._below)
        self.setFocusProxy(self.line)
        self.set_error("")

    def text(self) -> str:
        return self.line.text()

    def set_text(self, words: str) -> None:
        """Show other words without saying so; the cursor stays when they are the same."""
        if words != self.line.text():
            self.line.setText(words)

    def set_error(self, sentence: str) -> None:
        """Say what is wrong and what to do, or nothing any more."""
        self.line.wrong = bool(sentence)
        self.line.setAccessibleDescription(sentence)
        self._words.setText(sentence)
        self._words.setVisible(bool(sentence))
        self._mark.setVisible(bool(sentence))
        self.line.update()

    def set_look(self, look: Look) -> None:
        pass_on(look, self)
        self._below.setContentsMargins(look.px(4), 0, 0, 0)
        self._below.setSpacing(look.px(8))


class Tag(Text):
    """A few words on a small tile."""

    def __init__(
        self, words: str, *, token: str = "text2", face: str = "field", parent: QWidget | None = None
    ) -> None:
        """`token` and `face` name colours of Theme."""
        super().__init__(words, Role.TAG, token, wrap=False, parent=parent)
        self._face = face
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self.setContentsMargins(look.px(10), look.px(4), look.px(10), look.px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(cast(QColor, getattr(self._look.theme, self._face)))
        painter.drawRoundedRect(QRectF(self.rect()), self._look.px(8), self._look.px(8))
        painter.end()
        super().paintEvent(event)


# ---------------------------------------------------------------- numbers


def seconds_words(seconds: int) -> str:
    """A length as a field shows it: "30 s", "3 min"; whole minutes from two on."""
    if seconds >= 120 and seconds % 60 == 0:
        return _("{n} min").format(n=seconds // 60)
    return _("{n} s").format(n=seconds)


class _StepSide(QPushButton):
    """The minus or the plus of a stepper; the keyboard has arrows instead."""

    def __init__(self, icon: Icon, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(12))))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoRepeat(True)
        self.setAutoRepeatDelay(450)
        self.setAutoRepeatInterval(120)
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        if self.isEnabled() and (self._touch.heat or self.isDown()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._touch.tone(theme.field))
            painter.drawRoundedRect(QRectF(self.rect()), look.px(12), look.px(12))
        side = look.px(20)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        paint_icon(painter, self._icon, box, theme.text2)
        painter.end()


class _StepLine(QLineEdit):
    """The words of a stepper: plain until somebody types; the ring round it tells where the focus is."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() and self.selectedText() != self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.setFont(self.font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Stepper(QSpinBox):
    """Minus, a value in words, plus. Arrows or + and - step, with Shift by the big step; digits type a value.

    At a limit that side is off. The wheel leaves it alone, so that a page of them scrolls.
    """

    def __init__(
        self,
        name: str,
        low: int,
        high: int,
        *,
        step: int = 5,
        big_step: int = 10,
        words: Callable[[int], str] = seconds_words,
        parent: QWidget | None = None,
    ) -> None:
        """`words` makes the shown value; a typed "2 min" or "1:30" counts 60 for a minute."""
        # Before Qt asks for the text of the first value.
        self._words = words
        self._wrong = False
        super().__init__(parent)
        self._line = _StepLine(self)
        self.setLineEdit(self._line)
        self._big = big_step
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(12))))
        self._less = _StepSide(Icon.MINUS, _("Less"), self)
        self._more = _StepSide(Icon.PLUS, _("More"), self)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setFrame(False)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)
        self.setKeyboardTracking(False)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.lineEdit().setFrame(False)
        self.lineEdit().setAccessibleName(name)
        # The field as a whole takes the focus.
        self.lineEdit().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._less.clicked.connect(lambda: self._step(-1))
        self._more.clicked.connect(lambda: self._step(1))
        self.valueChanged.connect(self._limits)
        self._limits()
        self.set_look(Look())

    def set_wrong(self, wrong: bool) -> None:
        """Outline it as something to be mended; the sentence is its owner's."""
        self._wrong = wrong
        self.update()

    def setRange(self, low: int, high: int) -> None:
        super().setRange(low, high)
        self.updateGeometry()
        self._limits()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)
        self._less.set_look(look)
        self._more.set_look(look)
        line = self.lineEdit()
        font = look.font(Role.BODY_STRONG)
        self.setFont(font)
        line.setFont(font)
        for one in (self, line):
            colours = one.palette()
            for role, colour in (
                (QPalette.ColorRole.Base, QColor(0, 0, 0, 0)),
                (QPalette.ColorRole.Text, look.theme.text1),
                # Quiet: the ring of the focus says enough, and amber is for the button.
                (QPalette.ColorRole.Highlight, look.theme.soft),
                (QPalette.ColorRole.HighlightedText, look.theme.text1),
            ):
                colours.setColor(role, colour)
            pale = QColor(look.theme.text1)
            pale.setAlphaF(DISABLED_OPACITY)
            colours.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, pale)
            one.setPalette(colours)
        self._place()

    def textFromValue(self, value: int) -> str:
        return self._words(value)

    def valueFromText(self, text: str) -> int:
        found = self._read(text)
        return self.value() if found is None else found

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        found = self._read(text)
        good = found is not None and self.minimum() <= found <= self.maximum()
        state = QValidator.State.Acceptable if good else QValidator.State.Intermediate
        return state, text, pos

    def fixup(self, text: str) -> str:
        found = self._read(text)
        value = self.value() if found is None else min(max(found, self.minimum()), self.maximum())
        return self._words(value)

    def _read(self, text: str) -> int | None:
        """The value that was typed; None when there is no number in it."""
        if self._words(self.value()) == text:
            return self.value()
        clock = re.fullmatch(r"\s*(\d{1,3}):(\d{2})\s*", text)
        if clock:
            return int(clock[1]) * 60 + int(clock[2])
        number = re.search(r"\d{1,6}", text)
        if number is None:
            return None
        # "3 min" as this field itself writes it, in the user's language.
        as_minutes = text.strip() == _("{n} min").format(n=number[0])
        return int(number[0]) * (60 if as_minutes else 1)

    def _step(self, way: int) -> None:
        shifted = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.setValue(self.value() + way * (self._big if shifted else self.singleStep()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_Plus: 1,
            Qt.Key.Key_Equal: 1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_Minus: -1,
            Qt.Key.Key_Underscore: -1,
        }
        held = event.modifiers()
        if held & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
            event.ignore()
        elif event.key() in ways:
            # "+" itself needs Shift on many keyboards; there it is no wish for the big step.
            by_sign = event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Underscore)
            big = bool(held & Qt.KeyboardModifier.ShiftModifier) and not (
                by_sign and event.key() == Qt.Key.Key_Plus
            )
            self.setValue(
                self.value() + ways[Qt.Key(event.key())] * (self._big if big else self.singleStep())
            )
            self.selectAll()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Insert):
            event.ignore()
        elif event.key() in _ENTER:
            self.interpretText()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.lineEdit().deselect()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _limits(self) -> None:
        if hasattr(self, "_more"):
            self._less.setEnabled(self.value() > self.minimum())
            self._more.setEnabled(self.value() < self.maximum())

    def _room(self) -> int:
        """The px that the widest value takes."""
        font = self._touch.look.font(Role.BODY_STRONG)
        values = {self.minimum(), self.maximum(), self.value(), min(self.maximum(), max(self.minimum(), 110))}
        return max(needed_width(self._words(value), font) for value in values)

    def sizeHint(self) -> QSize:
        look = self._touch.look
        side = look.target(44)
        height = max(side, QFontMetrics(look.font(Role.BODY_STRONG)).height() + look.px(14))
        return QSize(2 * side + max(self._room() + 10, look.px(50)), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        side = self._touch.look.target(44)
        front = QRect(0, 0, side, self.height())
        back = QRect(self.width() - side, 0, side, self.height())
        self._less.setGeometry(back if _mirrored(self) else front)
        self._more.setGeometry(front if _mirrored(self) else back)
        self.lineEdit().setGeometry(side, 0, self.width() - 2 * side, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        painter = self._touch.begin()
        # At night its face is that of the card it lies on.
        rim = look.theme.error if self._wrong else look.theme.edge if look.theme.is_night else None
        painter.setPen(QPen(rim, 1.5) if rim is not None else Qt.PenStyle.NoPen)
        painter.setBrush(look.theme.field)
        face = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(face, look.px(12), look.px(12))
        painter.end()


# ---------------------------------------------------------------- choices side by side


class _Segment(QRadioButton):
    """One choice of a segmented control."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = label
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(9))))
        self.setAccessibleName(label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        look = self._touch.look
        words = needed_width(self.label, look.font(Role.SMALL_MEDIUM))
        return QSize(max(look.target(40), words + look.px(24)), look.target(44))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        on = self.isChecked()
        face = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setPen(Qt.PenStyle.NoPen)
        if on or self._touch.heat:
            chosen = QColor(theme.s1 if theme.is_light else theme.bg)
            fill = chosen if on else theme.hovered(theme.raised, self._touch.heat)
            painter.setBrush(fill)
            painter.drawRoundedRect(face, look.px(9), look.px(9))
        painter.setPen(theme.text1 if on else theme.text2)
        painter.setFont(look.font(Role.SMALL_STRONG if on else Role.SMALL_MEDIUM))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.label)
        painter.end()


class Segmented(QWidget):
    """A few choices in one well; one is chosen, arrows choose the next."""

    rings_outside = True
    chosen = Signal(str)
    """The user chose the option with this key."""

    def __init__(self, name: str, options: Sequence[Option], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._parts: dict[str, _Segment] = {}
        for key, label in options:
            part = _Segment(label, self)
            part.setAccessibleName(_("{name}: {value}").format(name=name, value=label))
            part.toggled.connect(lambda on, picked=key: self._toggled(picked, on))
            row.addWidget(part)
            self._parts[key] = part
        self._quiet = False
        if options:
            self.choose(options[0][0])

    @property
    def key(self) -> str:
        return next((key for key, part in self._parts.items() if part.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose one without saying so."""
        self._quiet = True
        if key in self._parts:
            self._parts[key].setChecked(True)
        self._quiet = False

    def _toggled(self, key: str, on: bool) -> None:
        if on and not self._quiet:
            self.chosen.emit(key)

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        theme = self._look.theme
        # As in plan_editor.png: the well is seen on a card and on the raised row in use; by night a field has
        # the tone of the card.
        painter.setBrush(theme.raised if theme.is_night else theme.field)
        painter.drawRoundedRect(QRectF(self.rect()), self._look.px(12), self._look.px(12))
        painter.end()


class CheckTile(QCheckBox):
    """A tick box and its words, bold once ticked; the whole line can be clicked, and wraps."""

    def __init__(self, label: str, detail: str = "", *, parent: QWidget | None = None) -> None:
        """`detail` is a smaller line below."""
        super().__init__(parent)
        self._label = label
        self._detail = detail
        self._touch = Touch(self, lambda: (self._box(), float(self._touch.look.px(9))))
        self.setAccessibleName(label)
        self.setAccessibleDescription(detail)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def label(self) -> str:
        return self._label

    @property
    def detail(self) -> str:
        return self._detail

    def set_detail(self, detail: str) -> None:
        """Show another smaller line below, or none; what is read out stays."""
        if detail != self._detail:
            self._detail = detail
            self.updateGeometry()
            self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def _box(self) -> QRect:
        """The tick box; the focus is outlined round it alone, so that lines may stand close."""
        side = self._touch.look.px(26)
        x = self.width() - side if _mirrored(self) else 0
        return QRect(x, (self.height() - side) // 2, side, side)

    def _lead(self) -> int:
        return self._touch.look.px(26 + 13)

    def _heights(self, width: int) -> tuple[int, int]:
        look = self._touch.look
        room = QRect(0, 0, max(1, width - self._lead() - look.px(4)), 10_000)
        heights = []
        # Measured in bold: ticking must not move what stands below.
        for text, role in ((self._label, Role.BODY_STRONG), (self._detail, Role.SMALL)):
            metrics = QFontMetrics(look.font(role))
            heights.append(metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height() if text else 0)
        return heights[0], heights[1]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        spare = self._touch.look.px(18 if self._detail else 10)
        return max(self._touch.look.target(44), sum(self._heights(width)) + spare)

    def sizeHint(self) -> QSize:
        look = self._touch.look
        words = max(
            needed_width(self._label, look.font(Role.BODY_STRONG)),
            needed_width(self._detail, look.font(Role.SMALL)) if self._detail else 0,
        )
        width = self._lead() + words + look.px(6)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        look = self._touch.look
        return QSize(min(look.px(180), self.sizeHint().width()), look.target(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        if self._touch.heat:
            fill = QColor(theme.field)
            fill.setAlphaF(0.6 * self._touch.heat)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(self.rect()), look.px(10), look.px(10))
        on = self.isChecked()
        _paint_tick(painter, QRectF(self._box()), look, on)
        cut = self._lead()
        room = QRectF(0 if _mirrored(self) else cut, 0, self.width() - cut, self.height())
        label, detail = self._heights(self.width())
        top = (self.height() - label - detail) / 2
        flags = int(Qt.TextFlag.TextWordWrap) | int(_leading(self))
        painter.setPen(theme.text1)
        painter.setFont(look.font(Role.BODY_STRONG if on else Role.BODY))
        # In the middle: not in bold it may need a line less than was measured.
        middle = flags | int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(room.x(), top, room.width(), label), middle, self._label)
        painter.setPen(theme.text2)
        painter.setFont(look.font(Role.SMALL))
        painter.drawText(QRectF(room.x(), top + label, room.width(), detail), flags, self._detail)
        painter.end()


# ---------------------------------------------------------------- files


class DropZone(Card):
    """A dashed field that takes files, with a button for those who would rather choose them."""

    dropped = Signal(list)
    """The files that were let go over it: list[Path]."""
    asked = Signal()
    """The button was used."""

    def __init__(self, title: str, detail: str, button: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._over = False
        self._mark = Mark(Icon.DOWNLOAD, "text2", side=24)
        self._title = Text(title, Role.BODY_STRONG)
        self._detail = Text(detail, Role.SMALL, "text2")
        self.button = Button(button, Kind.OUTLINE, size=QSize(0, 44))
        self.button.clicked.connect(self.asked)
        self._words = QVBoxLayout()
        self._words.setSpacing(0)
        self._words.addWidget(self._title)
        self._words.addWidget(self._detail)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.addWidget(self._mark)
        self._row.addLayout(self._words, 1)
        self._row.addWidget(self.button)
        self.setAccessibleName(title)
        self.setAccessibleDescription(detail)
        self.setAcceptDrops(True)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        pad = look.px(24)
        self._row.setContentsMargins(pad, look.px(20), pad, look.px(20))
        self._row.setSpacing(look.px(18))

    @staticmethod
    def files_of(urls: Iterable[QUrl]) -> list[Path]:
        """The local files among dragged addresses."""
        return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.files_of(event.mimeData().urls()):
            self._set_over(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        files = self.files_of(event.mimeData().urls())
        self._set_over(False)
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._set_over(False)

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self.look
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.accent if self._over else theme.edge, 2)
        if not self._over:
            pen.setDashPattern([3.0, 3.0])
        painter.setPen(pen)
        painter.setBrush(theme.soft if self._over else Qt.BrushStyle.NoBrush)
        radius = look.px(20)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        painter.end()
