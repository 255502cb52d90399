"""The app's own reminder card: a small window in the bottom corner, where the desktop shows no notes itself.

It leaves out when a reminder is due and what follows from its buttons: it shows a Note and says what was
chosen.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from coach.domain.evening import MAGNESIUM, STRETCH
from coach.i18n import _
from coach.services.ports import Act, Note
from coach.services.topic import Topic
from coach.ui.controls import Button, Card, Kind, Text, pass_on
from coach.ui.icons import Icon, paint_icon
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures

__all__ = ["CARD_WIDTH", "CardNotifier", "NoteCard", "ReminderCard", "item_icon"]

CARD_WIDTH = 374
"""The width of a card, in px of the design."""
QUIET_MS = 20_000
"""A note that does not stay leaves after so long (DESIGN 8)."""
_MARGIN = 16
_GAP = 12

_ICONS = {
    "morning": Icon.SUNRISE,
    "caffeine": Icon.CUP,
    MAGNESIUM: Icon.PILL,
    "dim": Icon.LAMP,
    STRETCH: Icon.LEG,
    "screens": Icon.SCREEN,
    "massage": Icon.HAND,
}
_KEYS = {Qt.Key.Key_S: Act.SNOOZE, Qt.Key.Key_K: Act.SKIP}
_KEY_NAMES = {Act.START: "Enter", Act.SNOOZE: "S", Act.SKIP: "K"}


def item_icon(rule: str) -> Icon:
    """The icon of an item of the evening; the user's own ones have a clock."""
    return _ICONS.get(rule, Icon.CLOCK)


class _ActButton(Button):
    """A button of a note. The second ones lie on the raised face of the card, by day on white."""

    def __init__(self, act: Act, label: str, kind: Kind, height: int) -> None:
        icon = Icon.PLAY if act is Act.START else None
        super().__init__(label, kind, icon=icon, size=QSize(0, height))
        self.act = act
        self._is_second = kind is Kind.SECONDARY
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if act in _KEY_NAMES:
            self.setAccessibleDescription(_("Key: {key}").format(key=_(_KEY_NAMES[act])))

    def set_look(self, look: Look) -> None:
        if self._is_second:
            self._kind = Kind.SECONDARY if look.theme.is_light else Kind.QUIET
        super().set_look(look)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        # All its words, close to its edges: a note is too small to have any of them cut off.
        look = self._touch.look
        words = sum(self._parts()) + look.px(16)
        return QSize(max(look.target(44), words), super().sizeHint().height())


class _Thumb(QWidget):
    """The figure of a note, or the icon of what it is about."""

    def __init__(self, note: Note, pictures: Pictures) -> None:
        super().__init__()
        self._note = note
        self._pictures = pictures
        self._picture = QPixmap()
        self._picture_of: tuple[QSize, str] | None = None
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def _fill(self) -> None:
        """Fetch the figure in its present size, once it is to be seen."""
        inner, theme = self.size() - QSize(4, 4), self._look.theme
        if self._note.figure and self._picture_of != (inner, theme.name):
            self._picture = self._pictures.pixmap(
                self._note.figure, "right", inner, theme, ratio=self.devicePixelRatioF()
            )
            self._picture_of = (inner, theme.name)

    def sizeHint(self) -> QSize:
        side = self._look.px(72 if self._note.figure and self._note.stays else 48)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._fill()
        look, theme = self._look, self._look.theme
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        tile = QPainterPath()
        tile.addRoundedRect(QRectF(self.rect()), look.px(14), look.px(14))
        painter.fillPath(tile, theme.s2 if theme.is_light else theme.s1)
        if self._picture.isNull():
            side = look.px(24)
            box = QRectF(0, 0, side, side)
            box.moveCenter(QRectF(self.rect()).center())
            icon = Icon.TONIGHT if self._note.rule == STRETCH else item_icon(self._note.rule)
            paint_icon(painter, icon, box, theme.text2)
        else:
            painter.setClipPath(tile)
            painter.drawPixmap(2, 2, self._picture)
        painter.end()


class NoteCard(Card):
    """A note on a card of its own: picture, words, and what can be done. At least CARD_WIDTH wide."""

    chosen = Signal(object)
    """The user chose this Act."""

    def __init__(self, note: Note, pictures: Pictures, *, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.note = note
        self._thumb = _Thumb(note, pictures)
        title = Role.CARD_TITLE if note.stays else Role.BODY_STRONG
        self._heading = Text(note.heading, Role.SMALL, "text2")
        self._title = Text(note.title, title)
        self._body = Text(note.body, Role.BODY if note.stays else Role.SMALL, "text2")
        self._words = QVBoxLayout()
        self._words.setSpacing(0)
        self._words.addStretch(1)
        for line in (self._heading, self._title, self._body):
            line.setVisible(bool(line.text()))
            self._words.addWidget(line)
        self._words.addStretch(1)
        self._head = QHBoxLayout()
        self._head.addWidget(self._thumb, 0, Qt.AlignmentFlag.AlignTop)
        self._head.addLayout(self._words, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        # The first of three stands alone above the others; two stand side by side.
        self._rows: list[tuple[QBoxLayout, list[_ActButton]]] = []
        self.buttons: list[_ActButton] = []
        alone = len(note.acts) > 2
        for number, (act, label) in enumerate(note.acts):
            if number == 0 or (number == 1 and alone):
                self._rows.append((QHBoxLayout(), []))
                self._column.addLayout(self._rows[-1][0])
            kind = Kind.PRIMARY if number == 0 and note.stays else Kind.SECONDARY
            if not note.stays and number:
                kind = Kind.GHOST
            button = _ActButton(act, label, kind, 52 if alone and number == 0 else 48)
            button.clicked.connect(lambda _on=False, act=act: self.chosen.emit(act))
            self._rows[-1][0].addWidget(button, 1)
            self._rows[-1][1].append(button)
            self.buttons.append(button)
        self.setAccessibleName(note.title)
        self.setAccessibleDescription(" ".join(part for part in (note.heading, note.body) if part))

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        pad = look.px(20)
        self._column.setContentsMargins(pad, pad, pad, pad)
        self._column.setSpacing(look.px(10))
        self._head.setContentsMargins(0, 0, 0, look.px(8))
        self._head.setSpacing(look.px(14))
        for row, parts in self._rows:
            row.setSpacing(look.px(10))
            # Side by side while all of their words fit, else one below the other.
            room = look.px(CARD_WIDTH) - 2 * pad
            needed = sum(one.minimumSizeHint().width() for one in parts) + row.spacing() * (len(parts) - 1)
            beside = needed <= room
            row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
            # Alike, unless one of them would be cramped.
            share = (room - row.spacing() * (len(parts) - 1)) // len(parts)
            alike = all(one.minimumSizeHint().width() + look.px(12) <= share for one in parts)
            for at, one in enumerate(parts):
                row.setStretch(at, 1 if alike or not beside else one.minimumSizeHint().width())
        self._column.invalidate()
        self.update()

    def fitting(self) -> QSize:
        """The size that shows all of it."""
        width = max(self.look.px(CARD_WIDTH), self._column.minimumSize().width())
        return QSize(width, max(self._column.totalHeightForWidth(width), self._column.minimumSize().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self.look, self.look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # The wallpaper behind it is unknown, hence the outline.
        painter.setPen(QPen(theme.edge, 1))
        painter.setBrush(theme.s1 if theme.is_light else theme.raised)
        radius = look.px(20)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()


class ReminderCard(QWidget):
    """The window round a NoteCard. It comes without taking the focus; with the focus it has keys.

    Enter does the first thing, S waits, K is not tonight, Esc puts it away. A note that does not stay leaves
    after 20 s, but not from under the pointer or the keyboard.
    """

    chosen = Signal(object)
    """The user chose this Act; the card is gone."""
    gone = Signal()
    """The card is gone, whether by a choice or not."""

    def __init__(self, note: Note, look: Look, pictures: Pictures) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.NoDropShadowWindowHint,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        # Closing it must never end the app, and on macOS it stays while another app is in front.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setWindowTitle(_("Stretch Coach"))
        self.setAccessibleName(note.title)
        self.note = note
        self._look = look
        self.card = NoteCard(note, pictures, parent=self)
        self.card.chosen.connect(self._choose)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.card)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(QUIET_MS)
        self._leaving.timeout.connect(self._leave)
        self.card.set_look(look)
        self.resize(self.card.fitting())

    def appear(self, above: int = 0) -> None:
        """Show it in the bottom corner of the main screen, so many px up; where it may be placed at all."""
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else QRect(0, 0, 1280, 800)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = room.left() + _MARGIN if mirrored else room.right() + 1 - _MARGIN - self.width()
        y = room.bottom() + 1 - _MARGIN - self.height() - above
        self.move(QPoint(max(room.left(), x), max(room.top(), y)))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        if not self.note.stays:
            self._leaving.start()

    def leave(self) -> None:
        """Go away without a word."""
        if not self.isHidden():
            self._leaving.stop()
            self.hide()
            self.gone.emit()
            self.deleteLater()

    def _leave(self) -> None:
        # Not isActiveWindow: Qt counts every tool window as active.
        focused = QGuiApplication.focusWindow() is self.windowHandle()
        if self.underMouse() or focused:
            self._leaving.start()
        else:
            self.leave()

    def _choose(self, act: object) -> None:
        self.leave()
        self.chosen.emit(act)

    def _offers(self, act: Act) -> bool:
        return any(offered is act for offered, _label in self.note.acts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        act = _KEYS.get(key)
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif event.isAutoRepeat():
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.note.acts:
            self._choose(self.note.acts[0][0])
        elif act is not None and self._offers(act):
            self._choose(act)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Now it is wanted: from here on its keys work.
        self.activateWindow()
        event.accept()

    def closeEvent(self, event: QEvent) -> None:
        self.leave()
        event.accept()


class CardNotifier:
    """Notes as cards of our own: one for each key, one above the other; quiet ones replace each other."""

    def __init__(self, look: Callable[[], Look], pictures: Pictures) -> None:
        """`look` is asked for every card: the light may have changed. `pictures` are those of exercises."""
        self._look = look
        self._pictures = pictures
        self._answered: Topic[tuple[str, Act]] = Topic()
        self._cards: dict[str, ReminderCard] = {}

    @property
    def answered(self) -> Topic[tuple[str, Act]]:
        return self._answered

    @property
    def cards(self) -> tuple[ReminderCard, ...]:
        """Those on the screen, lowest first."""
        return tuple(self._cards.values())

    def show(self, note: Note) -> None:
        """Show a note, in place of the one with its key; notes that do not stay replace each other."""
        self.withdraw(note.key)
        if not note.stays:
            for key in [key for key, one in self._cards.items() if not one.note.stays]:
                self.withdraw(key)
        card = ReminderCard(note, self._look(), self._pictures)
        card.gone.connect(lambda: self._forget(note.key, card))
        card.chosen.connect(lambda act: self._answered.publish((note.key, act)))
        above = sum(one.height() + _GAP for one in self._cards.values())
        self._cards[note.key] = card
        card.appear(above)

    def withdraw(self, key: str) -> None:
        """Take a note away; harmless when it is gone."""
        card = self._cards.get(key)
        if card is not None:
            card.leave()

    def close(self) -> None:
        """Take all notes away."""
        for key in list(self._cards):
            self.withdraw(key)

    def _forget(self, key: str, card: ReminderCard) -> None:
        if self._cards.get(key) is card:
            del self._cards[key]
