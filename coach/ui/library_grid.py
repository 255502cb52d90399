"""The cards of the library in columns: one stop of Tab, with arrows to walk through them.

It leaves out which cards pass the filters, and when pictures are fetched.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from coach.i18n import _
from coach.ui.controls import (
    Touch,
    pass_on,
)
from coach.ui.icons import paint_icon, paint_stand_in
from coach.ui.library_view import Fate, LibraryItem, fate_icon, fate_words
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures

__all__ = ["RING_ROOM", "Grid", "Tile"]

RING_ROOM = 6
"""The px round the cards that the outline of the focus needs."""


class Tile(QPushButton):
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

    def _words_room(self, width: int, beside: bool) -> int:
        """The px that its words may use of `width`."""
        look = self._touch.look
        if beside:
            return width - self._picture_width(width) - look.px(32)
        return width - 2 * look.px(16)

    def _picture_width(self, width: int) -> int:
        return min(width * 42 // 100, self._touch.look.px(190))

    def words_height(self, width: int, *, beside: bool) -> int:
        """The height in px of name, body part and what is special, for a card of this width."""
        look = self._touch.look
        name = QFontMetrics(look.font(Role.BODY_STRONG))
        room = max(1, self._words_room(width, beside))
        taken = name.boundingRect(
            QRect(0, 0, room, 10_000), Qt.TextFlag.TextWordWrap, self.item.name
        ).height()
        lines = min(taken, 2 * name.lineSpacing())
        return lines + QFontMetrics(look.font(Role.SMALL)).lineSpacing() + self._badge_height()

    def _badge_height(self) -> int:
        if self.item.fate is Fate.AS_IS:
            return 0
        return QFontMetrics(self._touch.look.font(Role.TAG)).height() + self._touch.look.px(8)

    def picture_place(self) -> QRect:
        look = self._touch.look
        if self.beside:
            where = QRect(0, 0, self._picture_width(self.width()), self.height())
        else:
            taken = self.words_height(self.width(), beside=self.beside) + look.px(14)
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
        elif not self.item.figure_id:
            paint_stand_in(painter, QRectF(where), look.px(44), theme.text3)
        self._paint_words(painter, where)
        painter.end()

    def _paint_words(self, painter: QPainter, picture: QRect) -> None:
        look = self._touch.look
        theme = look.theme
        mirrored = self._mirrored()
        room = self._words_room(self.width(), self.beside)
        height = self.words_height(self.width(), beside=self.beside)
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


class Grid(QWidget):
    """The cards in columns. It is one stop of Tab; arrows walk through it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self.tiles: list[Tile] = []
        self._shown: list[Tile] = []
        self._columns = 1
        self._few = False
        self._laid: dict[int, tuple[int, int, bool, list[int]]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(_("Exercises"))

    @property
    def shown(self) -> Sequence[Tile]:
        """The cards that pass the filters, in order."""
        return self._shown

    def show_tiles(self, shown: list[Tile]) -> None:
        self._shown = shown
        for tile in self.tiles:
            tile.setVisible(tile in shown)
        self._one_stop()
        self._lay_anew()

    def _lay_anew(self) -> None:
        self._laid.clear()
        self.updateGeometry()
        self._place()

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        self._lay_anew()

    def set_few(self, few: bool) -> None:
        """Two columns, as in a small window."""
        self._few = few
        self._lay_anew()

    def _layout(self, width: int) -> tuple[int, int, bool, list[int]]:
        """Columns, width of a card, whether words stand beside its picture, and the heights of the rows.

        Kept for each width: layouts ask many times, and measuring words takes long.
        """
        if width not in self._laid:
            self._laid[width] = self._measured(width)
        return self._laid[width]

    def _measured(self, width: int) -> tuple[int, int, bool, list[int]]:
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
            words = max(tile.words_height(each, beside=beside) for tile in row)
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
        self._columns, each, beside, heights = self._layout(self.width())
        y = RING_ROOM
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for row, height in enumerate(heights):
            for column, tile in enumerate(self._shown[row * self._columns : (row + 1) * self._columns]):
                tile.beside = beside
                x = RING_ROOM + column * (each + gap)
                tile.setGeometry(self.width() - x - each if mirrored else x, y, each, height)
            y += height + gap

    def _one_stop(self, stop: Tile | None = None) -> None:
        stop = stop or next((tile for tile in self._shown if tile.current), None)
        stop = stop or next(iter(self._shown), None)
        for tile in self.tiles:
            policy = Qt.FocusPolicy.StrongFocus if tile is stop else Qt.FocusPolicy.ClickFocus
            tile.setFocusPolicy(policy)

    def stop_at(self, tile: Tile) -> None:
        """Let Tab stop here."""
        self._one_stop(tile)

    def neighbour(self, key: int) -> Tile | None:
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
