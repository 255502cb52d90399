"""The library: every exercise as a card, three filters and a search, and one exercise in full beside them.

It leaves out what suits whom and every plan: it shows a LibraryView and says what the user asked for.
Pictures are fetched one at a time, only for cards in sight, and never while the list is being scrolled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from coach.i18n import _, ngettext
from coach.ui.controls import (
    Button,
    Card,
    IconButton,
    Kind,
    Mark,
    ScrollArea,
    Text,
    Touch,
    pass_on,
)
from coach.ui.fields import ChipRow, DropDown, Flow, MenuButton, MenuEntry, SearchField, Tag
from coach.ui.icons import Icon, paint_icon
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures

__all__ = ["Choice", "Fate", "LibraryItem", "LibraryPage", "LibraryView"]

SETTLE_MS = 150
"""After a change of size alone, pictures are drawn anew when it has stopped changing for so long."""
SCROLL_MS = 90
"""Pictures wait until the list has stood still for so long."""
SIDE_BY_SIDE = 1000
"""From this width on (px at scale 1) an exercise stands beside the list, otherwise it is a page."""
RING_ROOM = 6
"""The px round the cards that the outline of the focus needs."""
ANY = ""


class Fate(Enum):
    """What becomes of a move for this person: its icon and the words on its card."""

    AS_IS = "as it is"
    LIGHTER = "lighter"
    SWAPPED = "swapped"
    HIDDEN = "hidden"
    KEPT = "kept"
    OUT = "left out"
    OUT_TONIGHT = "left out tonight"

    @property
    def is_out(self) -> bool:
        """Whether it will not be done as it is."""
        return self in (Fate.SWAPPED, Fate.HIDDEN, Fate.OUT, Fate.OUT_TONIGHT)


class Choice(Enum):
    """What can be decided about a move."""

    OUT_TONIGHT = "out tonight"
    OUT_ALWAYS = "out always"
    KEEP = "keep"
    UNKEEP = "unkeep"
    BRING_BACK = "bring back"
    ANSWER_AGAIN = "answer again"


@dataclass(frozen=True)
class LibraryItem:
    """One exercise in the user's words.

    `kind`, `region_keys` and `position_keys` are what the filters go by, `search` is what a search looks
    through. `steps`, `easier`, `leave_out` (sentences), `mistakes`, `dose` and the evidence are left away
    when empty. `reason` says why its `fate` is not AS_IS; `instead` is what is done in its place.
    """

    id: str
    name: str
    regions: str
    kind: str
    region_keys: tuple[str, ...] = ()
    position_keys: tuple[str, ...] = ()
    figure_id: str = ""
    tags: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    dose: str = ""
    easier: str = ""
    leave_out: tuple[str, ...] = ()
    mistakes: str = ""
    evidence: str = ""
    source: str = ""
    search: str = ""
    fate: Fate = Fate.AS_IS
    reason: str = ""
    instead_id: str = ""
    instead: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class LibraryView:
    """All exercises in the order they are shown, and the options of the three filters: (key, label)."""

    items: tuple[LibraryItem, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    regions: tuple[tuple[str, str], ...] = ()
    positions: tuple[tuple[str, str], ...] = ()


def fate_icon(fate: Fate) -> Icon | None:
    """The icon that goes with `fate_words`."""
    return {
        Fate.LIGHTER: Icon.LIGHTER,
        Fate.SWAPPED: Icon.SWAP,
        Fate.HIDDEN: Icon.HIDDEN,
        Fate.KEPT: Icon.SHIELD,
        Fate.OUT: Icon.HIDDEN,
        Fate.OUT_TONIGHT: Icon.TONIGHT,
    }.get(fate)


def fate_words(fate: Fate) -> str:
    """What a card says about a move that is not done as it is."""
    return {
        Fate.AS_IS: "",
        Fate.LIGHTER: _("Lighter for you"),
        Fate.SWAPPED: _("Swapped for you"),
        Fate.HIDDEN: _("Hidden for you"),
        Fate.KEPT: _("From your clinician"),
        Fate.OUT: _("Left out"),
        Fate.OUT_TONIGHT: _("Left out tonight"),
    }[fate]


def _choice_words(choice: Choice) -> str:
    return {
        Choice.OUT_TONIGHT: _("Leave this out tonight"),
        Choice.OUT_ALWAYS: _("Leave this out always"),
        Choice.KEEP: _("My clinician gave me this"),
        Choice.UNKEEP: _("No longer from my clinician"),
        Choice.BRING_BACK: _("Bring it back"),
        Choice.ANSWER_AGAIN: _("Answer the questions again"),
    }[choice]


_CHOICE_ICONS = {
    Choice.OUT_TONIGHT: Icon.TONIGHT,
    Choice.OUT_ALWAYS: Icon.HIDDEN,
    Choice.KEEP: Icon.SHIELD,
    Choice.UNKEEP: Icon.CLOSE,
    Choice.BRING_BACK: Icon.RESUME,
    Choice.ANSWER_AGAIN: Icon.RESUME,
}


# ---------------------------------------------------------------- cards


class _Tile(QPushButton):
    """One exercise: its picture, its name and its body part; what is special about it in words."""

    def __init__(self, item: LibraryItem, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = item
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(20))))
        self._picture = QPixmap()
        self._picture_of: tuple[str, QSize, str] | None = None
        self.beside = False
        self.current = False
        self.show_item(item)

    @property
    def ringed(self) -> bool:
        """Whether the keyboard brought the focus here."""
        return self._touch.ringed

    def show_item(self, item: LibraryItem) -> None:
        self.item = item
        words = [item.name, item.regions, fate_words(item.fate)]
        self.setAccessibleName(". ".join(one for one in words if one))
        self.setAccessibleDescription(item.reason)
        self.setToolTip(item.reason)
        self.update()

    def set_current(self, current: bool) -> None:
        """Whether this one is shown in full beside the list."""
        if current != self.current:
            self.current = current
            self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def words_room(self, width: int) -> int:
        """The px that its words may use of `width`."""
        look = self._touch.look
        return (
            width - 2 * look.px(16) if not self.beside else width - self._picture_width(width) - look.px(32)
        )

    def _picture_width(self, width: int) -> int:
        return min(width * 42 // 100, self._touch.look.px(190))

    def words_height(self, width: int) -> int:
        """The height in px of name, body part and what is special, for a card of this width."""
        look = self._touch.look
        name = QFontMetrics(look.font(Role.BODY_STRONG))
        room = max(1, self.words_room(width))
        taken = name.boundingRect(
            QRect(0, 0, room, 10_000), Qt.TextFlag.TextWordWrap, self.item.name
        ).height()
        lines = min(taken, 2 * name.lineSpacing())
        return lines + QFontMetrics(look.font(Role.SMALL)).lineSpacing() + self._badge_height()

    def _badge_height(self) -> int:
        if not self.item.fate.is_out and self.item.fate in (Fate.AS_IS,):
            return 0
        return QFontMetrics(self._touch.look.font(Role.TAG)).height() + self._touch.look.px(8)

    def picture_place(self) -> QRect:
        look = self._touch.look
        if self.beside:
            where = QRect(0, 0, self._picture_width(self.width()), self.height())
        else:
            taken = self.words_height(self.width()) + look.px(14)
            room = self.height() - taken - look.px(8)
            # Wide enough for the whole mat; a taller picture would cut it off.
            height = min(room, (self.width() - look.px(8)) * 10 // 13)
            where = QRect(0, look.px(6) + (room - height) // 2, self.width(), height)
        if self._mirrored():
            where.moveRight(self.width() - 1)
        return where.adjusted(look.px(4), look.px(2), -look.px(4), 0)

    def _mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    @property
    def wants_picture(self) -> bool:
        size = self.picture_place().size()
        wanted = (self.item.figure_id, size, self._touch.look.theme.name)
        return bool(self.item.figure_id) and not size.isEmpty() and self._picture_of != wanted

    def fill(self, pictures: Pictures) -> None:
        """Fetch the picture in its present size."""
        size = self.picture_place().size()
        theme = self._touch.look.theme
        self._picture = pictures.pixmap(
            self.item.figure_id, "right", size, theme, ratio=self.devicePixelRatioF()
        )
        self._picture_of = (self.item.figure_id, size, theme.name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        face = QRectF(self.rect()).adjusted(1.25, 1.25, -1.25, -1.25)
        painter.setPen(QPen(theme.accent, 2.5) if self.current else Qt.PenStyle.NoPen)
        painter.setBrush(self._touch.tone(theme.raised if self.current else theme.s1))
        radius = look.px(20)
        painter.drawRoundedRect(face, radius, radius)
        where = self.picture_place()
        if not self._picture.isNull():
            if self.item.fate.is_out:
                painter.setOpacity(0.45)
            size = (self._picture.size() / self._picture.devicePixelRatio()).scaled(
                where.size(), Qt.AspectRatioMode.KeepAspectRatio
            )
            box = QRect(where.topLeft(), size)
            box.moveCenter(where.center())
            painter.drawPixmap(box, self._picture)
            painter.setOpacity(1.0)
        self._paint_words(painter, where)
        painter.end()

    def _paint_words(self, painter: QPainter, picture: QRect) -> None:
        look = self._touch.look
        theme = look.theme
        mirrored = self._mirrored()
        room = self.words_room(self.width())
        height = self.words_height(self.width())
        x = look.px(16)
        y = self.height() - look.px(12) - height
        if self.beside:
            x = picture.left() - look.px(12) - room if mirrored else picture.right() + look.px(12)
            y = (self.height() - height) // 2
        lead = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = int(lead) | int(Qt.AlignmentFlag.AlignAbsolute) | int(Qt.AlignmentFlag.AlignTop)
        small = QFontMetrics(look.font(Role.SMALL)).lineSpacing()
        name = height - small - self._badge_height()
        font = look.font(Role.BODY_STRONG)
        painter.setFont(font)
        painter.setPen(theme.text1)
        one_line = name < 2 * QFontMetrics(font).lineSpacing()
        shown = self.item.name
        if one_line:
            shown = QFontMetrics(font).elidedText(shown, Qt.TextElideMode.ElideRight, room + 1)
        painter.drawText(QRectF(x, y, room, name + 1), flags | int(Qt.TextFlag.TextWordWrap), shown)
        painter.setFont(look.font(Role.SMALL))
        painter.setPen(theme.text2)
        shown = QFontMetrics(look.font(Role.SMALL)).elidedText(
            self.item.regions, Qt.TextElideMode.ElideRight, room + 1
        )
        painter.drawText(QRectF(x, y + name, room + 1, small + 1), flags, shown)
        icon = fate_icon(self.item.fate)
        if icon is not None:
            font = look.font(Role.TAG)
            top = y + name + small + look.px(4)
            side = look.px(16)
            line = QFontMetrics(font).height()
            box = QRectF(x + room - side if mirrored else x, top + (line - side) / 2, side, side)
            paint_icon(painter, icon, box, theme.accent)
            painter.setFont(font)
            painter.setPen(theme.text1 if self.current and theme.is_light else theme.accent)
            gap = side + look.px(6)
            words = QFontMetrics(font).elidedText(
                fate_words(self.item.fate), Qt.TextElideMode.ElideRight, room - gap + 1
            )
            painter.drawText(QRectF(x if mirrored else x + gap, top, room - gap + 1, line + 1), flags, words)


class _Grid(QWidget):
    """The cards in columns. It is one stop of Tab; arrows walk through it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self.tiles: list[_Tile] = []
        self._shown: list[_Tile] = []
        self._columns = 1
        self._few = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(_("Exercises"))

    @property
    def shown(self) -> Sequence[_Tile]:
        """The cards that pass the filters, in order."""
        return self._shown

    def show_tiles(self, shown: list[_Tile]) -> None:
        self._shown = shown
        for tile in self.tiles:
            tile.setVisible(tile in shown)
        self._one_stop()
        self.updateGeometry()
        self._place()

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        self.updateGeometry()
        self._place()

    def set_few(self, few: bool) -> None:
        """Two columns, as in a small window."""
        self._few = few
        self.updateGeometry()
        self._place()

    def _layout(self, width: int) -> tuple[int, int, bool, list[int]]:
        """Columns, width of a card, whether words stand beside its picture, and the heights of the rows."""
        look = self._look
        gap = look.px(12)
        width -= 2 * RING_ROOM
        columns = 2 if self._few else max(2, (width + gap) // (look.px(168) + gap))
        if width < look.px(300):
            columns = 1
        each = (width - gap * (columns - 1)) // columns
        beside = each >= look.px(320)
        heights = []
        for start in range(0, len(self._shown), columns):
            row = self._shown[start : start + columns]
            for tile in row:
                tile.beside = beside
            words = max(tile.words_height(each) for tile in row)
            if beside:
                heights.append(max(look.px(116), words + look.px(24)))
            else:
                heights.append(max(look.px(108), min(each * 68 // 100, look.px(150))) + words + look.px(20))
        return columns, each, beside, heights

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        heights = self._layout(width)[3]
        return sum(heights) + max(0, len(heights) - 1) * self._look.px(12) + 2 * RING_ROOM

    def sizeHint(self) -> QSize:
        width = self._look.px(560)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if self.width() < 2:
            return
        gap = self._look.px(12)
        self._columns, each, _beside, heights = self._layout(self.width())
        y = RING_ROOM
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for row, height in enumerate(heights):
            for column, tile in enumerate(self._shown[row * self._columns : (row + 1) * self._columns]):
                x = RING_ROOM + column * (each + gap)
                tile.setGeometry(self.width() - x - each if mirrored else x, y, each, height)
            y += height + gap

    def _one_stop(self, stop: _Tile | None = None) -> None:
        stop = stop or next((tile for tile in self._shown if tile.current), None)
        stop = stop or next(iter(self._shown), None)
        for tile in self.tiles:
            policy = Qt.FocusPolicy.StrongFocus if tile is stop else Qt.FocusPolicy.ClickFocus
            tile.setFocusPolicy(policy)

    def stop_at(self, tile: _Tile) -> None:
        """Let Tab stop here."""
        self._one_stop(tile)

    def neighbour(self, key: int) -> _Tile | None:
        """The card that an arrow leads to from the one with the focus; None beyond the edge."""
        now = next((n for n, tile in enumerate(self._shown) if tile.hasFocus()), None)
        if now is None:
            return None
        ahead = -1 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 1
        by = {
            Qt.Key.Key_Left: -ahead,
            Qt.Key.Key_Right: ahead,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
            Qt.Key.Key_Home: -now,
            Qt.Key.Key_End: len(self._shown) - 1 - now,
        }.get(Qt.Key(key))
        if by is None:
            return None
        at = now + by
        last = len(self._shown) - 1
        if at > last and key == Qt.Key.Key_Down and now // self._columns < last // self._columns:
            at = last  # the last row is shorter
        return self._shown[at] if 0 <= at <= last else None


# ---------------------------------------------------------------- one exercise in full


class _Stage(QWidget):
    """The large picture at the top of an exercise, or at its side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._figure_id = ""
        self._picture = QPixmap()
        self._picture_of: tuple[str, QSize, str] | None = None
        self.beside = False

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def show_figure(self, figure_id: str) -> None:
        self._figure_id = figure_id
        self.update()

    @property
    def wants_picture(self) -> bool:
        wanted = (self._figure_id, self._room().size(), self._look.theme.name)
        return self.isVisible() and not self.size().isEmpty() and self._picture_of != wanted

    def _room(self) -> QRect:
        pad = self._look.px(8)
        return self.rect().adjusted(pad, pad, -pad, -pad)

    def fill(self, pictures: Pictures) -> None:
        """Fetch the picture in its present size."""
        where = self._room()
        theme = self._look.theme
        ratio = self.devicePixelRatioF()
        self._picture = QPixmap()
        if self._figure_id:
            self._picture = pictures.pixmap(self._figure_id, "right", where.size(), theme, ratio=ratio)
        self._picture_of = (self._figure_id, where.size(), theme.name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        radius = look.px(20)
        face = QPainterPath()
        face.setFillRule(Qt.FillRule.WindingFill)
        face.addRoundedRect(QRectF(self.rect()), radius, radius)
        if not self.beside:
            face.addRect(QRectF(0, radius, self.width(), self.height() - radius))
        painter.fillPath(face, look.theme.field)
        fits = self._picture_of is not None and self._picture_of[0] == self._figure_id
        if fits and not self._picture.isNull():
            where = self._room()
            size = (self._picture.size() / self._picture.devicePixelRatio()).scaled(
                where.size(), Qt.AspectRatioMode.KeepAspectRatio
            )
            box = QRect(where.topLeft(), size)
            box.moveCenter(where.center())
            painter.drawPixmap(box, self._picture)
        painter.end()


class _Numbered(QWidget):
    """A number in amber and a sentence."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__()
        self._number = Text(str(number), Role.BODY_STRONG, "accent", wrap=False)
        self._words = Text(words, Role.BODY)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._number, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._words, 1)

    def set_look(self, look: Look) -> None:
        pass_on(look, self)
        self._number.setFixedWidth(look.px(26))
        self._row.setSpacing(0)


class _Section(QWidget):
    """A bold heading in a colour of its own, and what belongs to it."""

    def __init__(self, heading: str, words: Sequence[str], token: str, icon: Icon | None = None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        if icon is not None:
            self._row.addWidget(Mark(icon, token, side=20), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(Text(heading, Role.BODY_STRONG, token), 1)
        column.addLayout(self._row)
        for one in words:
            column.addWidget(Text(one, Role.SMALL, "text2"))

    def set_look(self, look: Look) -> None:
        self._row.setSpacing(look.px(8))
        pass_on(look, self)


class _Line(QFrame):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFixedHeight(look.px(17))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() // 2, self.width(), 1, self._look.theme.line)
        painter.end()


class _Notice(Card):
    """Why a move is not done as it is, and what can be done about it."""

    def __init__(
        self, item: LibraryItem, decide: Callable[[Choice], None], look_at: Callable[[], None]
    ) -> None:
        super().__init__("soft", radius=14)
        icon = fate_icon(item.fate) or Icon.NOTE
        self._row = QHBoxLayout()
        self._row.addWidget(Mark(icon, "accent", side=20), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(fate_words(item.fate), Role.BODY_STRONG, "text1"))
        if item.reason:
            words.addWidget(Text(item.reason, Role.SMALL, "text2"))
        if item.instead:
            words.addWidget(Text(_("In its place: {name}.").format(name=item.instead), Role.SMALL, "text2"))
        self._row.addLayout(words, 1)
        self._flow = Flow(gap=8, line_gap=6)
        buttons: list[QWidget] = []
        if item.instead:
            show = Button(_("Show it"), Kind.OUTLINE, size=QSize(0, 44), role=Role.SMALL_STRONG)
            show.setAccessibleName(_("Show {name}").format(name=item.instead))
            show.clicked.connect(look_at)
            buttons.append(show)
        for choice in item.choices:
            if choice in (Choice.OUT_TONIGHT, Choice.OUT_ALWAYS):
                continue
            button = Button(_choice_words(choice), Kind.OUTLINE, size=QSize(0, 44), role=Role.SMALL_STRONG)
            button.clicked.connect(lambda _on=False, made=choice: decide(made))
            buttons.append(button)
        self._flow.set_parts(buttons)
        self._flow.setVisible(bool(buttons))
        column = QVBoxLayout(self)
        column.addLayout(self._row)
        column.addWidget(self._flow)
        self._column = column

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._column.setContentsMargins(look.px(14), look.px(12), look.px(14), look.px(12))
        self._column.setSpacing(look.px(10))
        self._row.setSpacing(look.px(10))


class _Veil(QWidget):
    """Lets what scrolls on fade away above the buttons, so that no line looks cut in half."""

    def __init__(self, over: ScrollArea) -> None:
        super().__init__(over)
        self._over = over
        self._look = Look()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.installEventFilter(self)
        over.verticalScrollBar().valueChanged.connect(self._follow)
        over.verticalScrollBar().rangeChanged.connect(self._follow)

    def set_look(self, look: Look) -> None:
        self._look = look
        self._follow()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._follow()
        return False

    def _follow(self) -> None:
        bar = self._over.verticalScrollBar()
        height = self._look.px(28)
        width = self._over.width() - bar.sizeHint().width()
        x = bar.sizeHint().width() if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 0
        self.setGeometry(x, self._over.height() - height, width, height)
        self.setVisible(bar.value() < bar.maximum())
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        slope = QLinearGradient(0, 0, 0, self.height())
        clear, full = QColor(self._look.theme.s1), self._look.theme.s1
        clear.setAlpha(0)
        slope.setColorAt(0.0, clear)
        slope.setColorAt(1.0, full)
        painter = QPainter(self)
        painter.fillRect(self.rect(), slope)
        painter.end()


class _Detail(Card):
    """One exercise in full: picture, steps, easier, leave it out, evidence, and two buttons that stay."""

    decided = Signal(object)
    """A Choice about the exercise on show."""
    other_asked = Signal(str)
    """The user wants to look at what is done in its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.item: LibraryItem | None = None
        self.stage = _Stage(self)
        self.name = Text("", Role.CARD_TITLE)
        self.menu = MenuButton(_("Leave this out"))
        self.menu.picked.connect(lambda key: self.decided.emit(Choice(key)))
        self.tags = Flow(gap=6, line_gap=6)
        self._head = QHBoxLayout()
        self._head.addWidget(self.name, 1)
        self._head.addWidget(self.menu, 0, Qt.AlignmentFlag.AlignTop)
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.addLayout(self._head)
        self._column.addWidget(self.tags)
        self._blocks: list[QWidget] = []
        self._column.addStretch(1)
        self._scroll = ScrollArea(self._content)
        self._veil = _Veil(self._scroll)
        self.try_it = Button(_("Try it"), Kind.PRIMARY, icon=Icon.PLAY)
        self.add = Button(_("Add to plan"), Kind.SECONDARY, icon=Icon.PLUS)
        for button, key in ((self.try_it, "T"), (self.add, "A")):
            button.setAccessibleDescription(_("Key: {key}").format(key=key))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.addWidget(self.try_it)
        self._buttons.addWidget(self.add)
        self._words = QVBoxLayout()
        self._words.addWidget(self._scroll)
        self._read = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._read.setSpacing(0)
        self._read.addWidget(self.stage)
        self._read.addLayout(self._words, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._read, 1)
        whole.addLayout(self._buttons)

    def set_beside(self, beside: bool) -> None:
        """Put the picture at the side of the words instead of above them."""
        self.stage.beside = beside
        self._read.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )
        self._fit_stage()

    def _fit_stage(self) -> None:
        if self.stage.beside:
            self.stage.setMinimumSize(0, 0)
            self.stage.setMaximumHeight(16_777_215)
            self.stage.setFixedWidth(max(self.look.px(200), self.width() * 42 // 100))
        else:
            self.stage.setMinimumWidth(0)
            self.stage.setMaximumWidth(16_777_215)
            self.stage.setFixedHeight(min(self.look.px(220), max(self.height() * 3 // 10, self.look.px(110))))
        margins = self._buttons.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self._buttons.spacing()
        both = self.try_it.sizeHint().width() + self.add.sizeHint().width()
        self._buttons.setDirection(
            QBoxLayout.Direction.LeftToRight if both <= room else QBoxLayout.Direction.TopToBottom
        )

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in the order it is read."""
        inside = [
            one
            for block in self._blocks
            for one in block.findChildren(QPushButton)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        return [self.menu, *inside, self.try_it, self.add]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_stage()

    def show_item(self, item: LibraryItem) -> None:
        """Show this one from its first line on."""
        other = self.item is None or self.item.id != item.id
        self.item = item
        self.setAccessibleName(item.name)
        self.stage.show_figure(item.figure_id)
        self.name.setText(item.name)
        self.tags.set_parts([Tag(one) for one in item.tags])
        self.tags.setVisible(bool(item.tags))
        entries = [
            MenuEntry(one.value, _choice_words(one), _CHOICE_ICONS[one])
            for one in item.choices
            if one is not Choice.ANSWER_AGAIN
        ]
        self.menu.set_entries(entries)
        self.menu.setVisible(bool(entries))
        for button in (self.try_it, self.add):
            button.setEnabled(not item.fate.is_out)
            button.setToolTip(item.reason if item.fate.is_out else "")
        for old in self._blocks:
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self._blocks = self._make(item)
        for at, block in enumerate(self._blocks):
            take = getattr(block, "set_look", None)
            if take is not None:
                take(self.look)
            self._column.insertWidget(2 + at, block)
            block.show()
        if other:
            self._scroll.verticalScrollBar().setValue(0)

    def _make(self, item: LibraryItem) -> list[QWidget]:
        made: list[QWidget] = []
        if item.fate is not Fate.AS_IS:
            made.append(_Notice(item, self.decided.emit, lambda: self.other_asked.emit(item.instead_id)))
        made += [_Numbered(number, words) for number, words in enumerate(item.steps, 1)]
        made.append(_Line())
        if item.easier:
            made.append(_Section(_("Easier"), (item.easier,), "text1"))
        if item.leave_out:
            made.append(_Section(_("Leave it out"), item.leave_out, "error"))
        if item.evidence:
            made.append(_Section(item.evidence, (item.source,) if item.source else (), "info"))
        if item.dose:
            made.append(_Section(_("How much"), (item.dose,), "text1"))
        if item.mistakes:
            made.append(_Section(_("Often goes wrong"), (item.mistakes,), "text1"))
        return made

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        pass_on(look, self._content)
        side = look.px(28)
        self._column.setContentsMargins(side - 8, look.px(18), side - 14, look.px(12))
        self._column.setSpacing(look.px(9))
        self._scroll.setContentsMargins(0, 0, 0, 0)
        self._words.setContentsMargins(8, 0, 0, 0)
        self._buttons.setContentsMargins(look.px(24), look.px(10), look.px(24), look.px(20))
        self._buttons.setSpacing(look.px(10))
        self._head.setSpacing(look.px(8))
        self._veil.set_look(look)
        self._fit_stage()


# ---------------------------------------------------------------- the page


class LibraryPage(QWidget):
    """Shows the exercises and tells what the user asks for.

    The app calls `show_library` before the page is seen for the first time, and again when something changed.
    """

    try_asked = Signal(str)
    """Do this exercise now; its id."""
    add_asked = Signal(str)
    """Put this exercise into a plan; its id."""
    leave_out_asked = Signal(str, bool)
    """Leave this exercise out; True for tonight only, False always."""
    keep_asked = Signal(str, bool)
    """A clinician gave this exercise, or (False) no longer."""
    bring_back_asked = Signal(str)
    """Take an exercise in again that was left out."""
    massage_check_asked = Signal()
    """Ask the questions before the first massage again."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._look = Look()
        self._view = LibraryView()
        self._narrow: bool | None = None
        self._opened = False
        self._painted = False
        self._current = ""
        self._title = Text(_("Library"), Role.TITLE, wrap=False)
        self.search = SearchField(_("Find an exercise"))
        self._kinds = ChipRow(_("Kind"), ((ANY, _("All")),))
        self._regions = DropDown(_("Body part"), ((ANY, _("Any body part")),), outlined=True)
        self._positions = DropDown(_("Position"), ((ANY, _("Any position")),), outlined=True)
        self._count = Text("", Role.SMALL, "text3", wrap=False)
        self._filters = Flow(gap=10, line_gap=6)
        self._filters.set_parts([self._regions, self._positions, self._count])
        self._grid = _Grid()
        self._nothing = Text(
            _("Nothing fits all of that. Choose fewer filters, or search for another word."),
            Role.BODY,
            "text2",
        )
        self._all = Button(_("Show all exercises"), Kind.OUTLINE, size=QSize(0, 44))
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addStretch(1)
        self._head.addWidget(self.search, 4)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._above = QVBoxLayout()
        self._above.addLayout(self._head)
        self._above.addWidget(self._kinds)
        self._above.addWidget(self._filters)
        self._column.addLayout(self._above)
        self._column.addWidget(self._grid)
        self._column.addWidget(self._nothing)
        self._column.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self._content = content
        self._scroll = ScrollArea(content, takes_keys=False)
        self._scroll.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._detail = _Detail()
        self._back = IconButton(Icon.LEFT, _("Back to the library"))
        self._back_row = QHBoxLayout()
        self._back_row.addWidget(self._back)
        self._back_words = Text(_("Library"), Role.BODY, "text2", wrap=False)
        self._back_row.addWidget(self._back_words)
        self._back_row.addStretch(1)
        self._side = QWidget()
        self._side_column = QVBoxLayout(self._side)
        self._side_column.addLayout(self._back_row)
        self._side_column.addWidget(self._detail, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._scroll, 1)
        row.addWidget(self._side)
        self._row = row
        self._filling = QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.timeout.connect(self._fill_one)
        self.search.textChanged.connect(self._filter)
        self._kinds.chosen.connect(self._filter)
        self._regions.chosen.connect(self._filter)
        self._positions.chosen.connect(self._filter)
        self._all.clicked.connect(self._clear_filters)
        self._back.clicked.connect(self.close_exercise)
        self._detail.try_it.clicked.connect(self._try)
        self._detail.add.clicked.connect(self._add)
        self._detail.decided.connect(self._decided)
        self._detail.other_asked.connect(self.open_exercise)
        self._arrange()
        self._filter()

    # ------------------------------------------------------------ what is shown

    def show_library(self, view: LibraryView) -> None:
        """Show `view` from now on; filters, search and the exercise on show stay."""
        if view == self._view:
            return
        before = {tile.item.id: tile for tile in self._grid.tiles}
        in_grid = any(tile.hasFocus() for tile in self._grid.tiles)
        self._view = view
        tiles: list[_Tile] = []
        for item in view.items:
            tile = before.pop(item.id, None)
            if tile is None:
                tile = _Tile(item, self._grid)
                tile.set_look(self._look)
                tile.clicked.connect(lambda _on=False, clicked=tile: self._clicked(clicked))
            else:
                tile.show_item(item)
            tiles.append(tile)
        for gone in before.values():
            gone.hide()
            gone.setParent(None)
            gone.deleteLater()
        self._grid.tiles = tiles
        self._kinds.set_options(((ANY, _("All")), *view.kinds))
        self._regions.set_options(((ANY, _("Any body part")), *view.regions))
        self._positions.set_options(((ANY, _("Any position")), *view.positions))
        self._filter()
        self._order_stops()
        tile = self._tile()
        if in_grid and tile is not None and not any(one.hasFocus() for one in tiles):
            tile.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_exercise(self, exercise_id: str) -> None:
        """Show this exercise in full; filters that hide it are taken away. Nothing if there is none."""
        tile = next((one for one in self._grid.tiles if one.item.id == exercise_id), None)
        if tile is None:
            return
        if tile not in self._grid.shown:
            self._clear_filters()
        self._choose(tile)
        self._open(tile)

    def close_exercise(self) -> None:
        """Go back to the list, where the exercise is shown as a page."""
        if not self._opened:
            return
        self._opened = False
        self._show_parts()
        tile = self._tile()
        if tile is not None:
            tile.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(tile, 0, self._look.px(16))

    def _tile(self) -> _Tile | None:
        return next((one for one in self._grid.tiles if one.item.id == self._current), None)

    def _choose(self, tile: _Tile) -> None:
        """Make this the one that is shown in full."""
        self._current = tile.item.id
        for one in self._grid.tiles:
            one.set_current(one is tile and not self._narrow)
        self._grid.stop_at(tile)
        self._detail.show_item(tile.item)
        self._order_detail()
        self._fill_soon()

    def _order_stops(self) -> None:
        """Let Tab follow reading order; Qt takes none of widgets that were never shown."""
        if not self.isVisible():
            return
        stops: list[QWidget] = [self.search, *self._kinds.findChildren(QPushButton)]
        stops += [self._regions, self._positions, *self._grid.tiles]
        for one, after in pairwise(stops):
            QWidget.setTabOrder(one, after)
        self._order_detail()

    def _order_detail(self) -> None:
        if self.isVisible() and self._grid.tiles:
            for one, after in pairwise([self._grid.tiles[-1], self._back, *self._detail.stops()]):
                QWidget.setTabOrder(one, after)

    def _open(self, tile: _Tile) -> None:
        """Show it as a page, or go over to it at the side."""
        if self._narrow:
            self._opened = True
            self._show_parts()
        target = self._detail.try_it if self._detail.try_it.isEnabled() else self._detail.menu
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clicked(self, tile: _Tile) -> None:
        again = tile.item.id == self._current
        self._choose(tile)
        if self._narrow or (again and tile.ringed):
            self._open(tile)

    # ------------------------------------------------------------ filters

    def _filter(self) -> None:
        words = self.search.text().casefold().split()
        kind, region, position = self._kinds.key, self._regions.key, self._positions.key
        shown = [
            tile
            for tile in self._grid.tiles
            if (kind in (ANY, tile.item.kind))
            and (region == ANY or region in tile.item.region_keys)
            and (position == ANY or position in tile.item.position_keys)
            and all(word in tile.item.search.casefold() for word in words)
        ]
        self._grid.show_tiles(shown)
        count = len(shown)
        self._count.setText(ngettext("{n} exercise", "{n} exercises", count).format(n=count))
        self._count.setVisible(bool(self._grid.tiles))
        self._filters.refresh()
        nothing = bool(self._grid.tiles) and not shown
        self._nothing.setVisible(nothing)
        self._all.setVisible(nothing)
        current = self._tile()
        if current is None or (current not in shown and shown and not self._opened):
            current = shown[0] if shown else current
        if current is not None and current in self._grid.tiles:
            self._choose(current)
        self._show_parts()
        self._fill_soon()

    def _clear_filters(self) -> None:
        self._kinds.choose(ANY)
        self._regions.choose(ANY)
        self._positions.choose(ANY)
        self.search.clear()
        self._filter()
        tile = self._tile()
        if tile is not None and not self._opened:
            tile.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what is asked

    def _try(self) -> None:
        if self._current and self._detail.try_it.isEnabled():
            self.try_asked.emit(self._current)

    def _add(self) -> None:
        if self._current and self._detail.add.isEnabled():
            self.add_asked.emit(self._current)

    def _decided(self, choice: object) -> None:
        match choice:
            case Choice.OUT_TONIGHT:
                self.leave_out_asked.emit(self._current, True)
            case Choice.OUT_ALWAYS:
                self.leave_out_asked.emit(self._current, False)
            case Choice.KEEP:
                self.keep_asked.emit(self._current, True)
            case Choice.UNKEEP:
                self.keep_asked.emit(self._current, False)
            case Choice.BRING_BACK:
                self.bring_back_asked.emit(self._current)
            case Choice.ANSWER_AGAIN:
                self.massage_check_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        moves = (
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
        )
        if plain and event.text() == "/":
            self.close_exercise()
            self._scroll.verticalScrollBar().setValue(0)
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        elif plain and key == Qt.Key.Key_T and self._seen():
            self._try()
        elif plain and key == Qt.Key.Key_A and self._seen():
            self._add()
        elif plain and key == Qt.Key.Key_Escape and self._opened:
            self.close_exercise()
        elif plain and key == Qt.Key.Key_Escape and self._filtered():
            self._clear_filters()
        elif plain and key in moves and self._move(key):
            pass
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.hasFocus():
            if self._grid.shown:
                self._choose(self._grid.shown[0])
                self._open(self._grid.shown[0])
        else:
            super().keyPressEvent(event)

    def _seen(self) -> bool:
        """Whether the exercise that keys are about can be seen."""
        return self._opened or not self._narrow or any(tile.hasFocus() for tile in self._grid.shown)

    def _filtered(self) -> bool:
        return bool(self.search.text() or self._kinds.key or self._regions.key or self._positions.key)

    def _move(self, key: int) -> bool:
        """Take an arrow; False when it leads nowhere."""
        if self._opened or not self._grid.shown:
            return False
        in_grid = any(tile.hasFocus() for tile in self._grid.shown)
        if in_grid:
            tile = self._grid.neighbour(key)
        else:
            inside = self.window().focusWidget()
            above = inside is not None and self._scroll.isAncestorOf(inside)
            current = self._tile()
            first = current if current in self._grid.shown else self._grid.shown[0]
            tile = first if key == Qt.Key.Key_Down and above else None
        if tile is None:
            if in_grid and key == Qt.Key.Key_Up:
                self._scroll.verticalScrollBar().setValue(0)
            return in_grid
        self._choose(tile)
        tile.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(tile, 0, self._look.px(16))
        return True

    # ------------------------------------------------------------ looks

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        same_light = look.theme == self._look.theme
        self._look = look
        self._scroll.set_look(look)
        pass_on(look, self._content)
        pass_on(look, self._side)
        self._narrow = None
        self._arrange()
        self._filling.start(SETTLE_MS if same_light else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._filling.start(SETTLE_MS)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_stops()
        self._fill_soon()
        tile = self._tile()
        if tile is not None and not self._opened and not self.search.hasFocus():
            tile.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._filling.stop()

    def focusInEvent(self, event: object) -> None:
        """The page itself never keeps the focus: it goes on to the card of the current exercise."""
        tile = self._tile()
        target: QWidget = self._back if self._opened else tile or self.search
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        look = self._look
        narrow = self.width() < SIDE_BY_SIDE * look.factor
        self._detail.set_beside(narrow and self.width() > 560 * look.factor)
        if narrow == self._narrow:
            return
        self._narrow = narrow
        side = look.px(28 if narrow else 36)
        top = look.px(20 if narrow else 28)
        edge = side - RING_ROOM
        self._column.setContentsMargins(edge, top, edge if narrow else look.px(10), look.px(28))
        self._column.setSpacing(look.px(6))
        self._above.setContentsMargins(RING_ROOM, 0, RING_ROOM, 0)
        self._above.setSpacing(look.px(10))
        self._grid.set_few(narrow)
        self._head.setSpacing(look.px(20))
        self._head.setContentsMargins(0, 0, 0, look.px(2))
        self._nothing.setContentsMargins(RING_ROOM, look.px(24), 0, look.px(8))
        bottom = look.px(20 if narrow else 32)
        if narrow:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16_777_215)
            self._side_column.setContentsMargins(side, top - look.px(4), side, bottom)
        else:
            self._side.setFixedWidth(look.px(384 + 8 + 36))
            self._side_column.setContentsMargins(look.px(8), look.px(32), look.px(36), bottom)
        self._side_column.setSpacing(look.px(10))
        self._back_row.setSpacing(look.px(12))
        self._opened = self._opened and narrow
        current = self._tile()
        for tile in self._grid.tiles:
            tile.set_current(tile is current and not narrow)
        self._show_parts()

    def _show_parts(self) -> None:
        narrow = bool(self._narrow)
        self._scroll.setVisible(not (narrow and self._opened))
        self._side.setVisible(bool(self._current) and (not narrow or self._opened))
        self._back.setVisible(narrow)
        self._back_words.setVisible(narrow)
        self._row.setStretch(0, 0 if narrow and self._opened else 1)
        self._row.setStretch(1, 1 if narrow and self._opened else 0)

    # ------------------------------------------------------------ pictures

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self._filling.start(0)

    def _scrolled(self) -> None:
        self._filling.start(SCROLL_MS)

    def _fill_soon(self) -> None:
        if not self._filling.isActive():
            self._filling.start(0)

    def _in_sight(self, tile: _Tile) -> bool:
        place = QRect(tile.mapTo(self._scroll, QPoint(0, 0)), tile.size())
        return tile.isVisible() and place.intersects(self._scroll.rect())

    def _fill_one(self) -> None:
        """Fetch one picture that is missing in what can be seen, and come back for the next."""
        if not self.isVisible() or not self._painted:
            return
        if self._detail.stage.wants_picture:
            self._detail.stage.fill(self._pictures)
            self._filling.start(0)
            return
        for tile in self._grid.shown:
            if self._in_sight(tile) and tile.wants_picture:
                tile.fill(self._pictures)
                self._filling.start(0)
                return
