"""The library: every exercise as a card, three filters and a search, and one exercise in full beside them.

It leaves out what suits whom and every plan: it shows a LibraryView and says what the user asked for.
Pictures are fetched one at a time, only for cards in sight, and never while the list is being scrolled.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coach.i18n import _, ngettext
from coach.ui.controls import (
    Button,
    IconButton,
    Kind,
    ScrollArea,
    Text,
    pass_on,
)
from coach.ui.fields import ChipRow, DropDown, Flow, SearchField
from coach.ui.icons import Icon
from coach.ui.library_detail import Detail
from coach.ui.library_grid import RING_ROOM, Grid, Tile
from coach.ui.library_view import Choice, LibraryView
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures

__all__ = ["LibraryPage"]

SETTLE_MS = 150
"""After a change of size alone, pictures are drawn anew when it has stopped changing for so long."""
SCROLL_MS = 90
"""Pictures wait until the list has stood still for so long."""
SIDE_BY_SIDE = 1000
"""From this width on (px at scale 1) an exercise stands beside the list, otherwise it is a page."""
ANY = ""


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
        self._grid = Grid()
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
        self._top = QWidget()
        self._above = QVBoxLayout(self._top)
        self._above.addLayout(self._head)
        self._above.addWidget(self._kinds)
        self._above.addWidget(self._filters)
        self._column.addWidget(self._top)
        self._column.addWidget(self._grid)
        self._column.addWidget(self._nothing)
        self._all_row = QHBoxLayout()
        self._all_row.addWidget(self._all)
        self._all_row.addStretch(1)
        self._column.addLayout(self._all_row)
        self._column.addStretch(1)
        self._content = content
        self._scroll = ScrollArea(content, takes_keys=False)
        self._scroll.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._detail = Detail()
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
        self._left = QVBoxLayout()
        self._left.addWidget(self._scroll, 1)
        row.addLayout(self._left, 1)
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
        tiles: list[Tile] = []
        for item in view.items:
            tile = before.pop(item.id, None)
            if tile is None:
                tile = Tile(item, self._grid)
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

    def _tile(self) -> Tile | None:
        return next((one for one in self._grid.tiles if one.item.id == self._current), None)

    def _choose(self, tile: Tile) -> None:
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

    def _open(self, tile: Tile) -> None:
        """Show it as a page, or go over to it at the side."""
        if self._narrow:
            self._opened = True
            self._show_parts()
        target = self._detail.try_it if self._detail.try_it.isEnabled() else self._detail.menu
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clicked(self, tile: Tile) -> None:
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
            above = inside is not None and (
                self._scroll.isAncestorOf(inside) or self._top.isAncestorOf(inside)
            )
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
        pass_on(look, self._top)
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
            tile.setFocus(self._quietly())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._filling.stop()

    def focusInEvent(self, event: object) -> None:
        """The page itself never keeps the focus: it goes on to the card of the current exercise."""
        tile = self._tile()
        target: QWidget = self._back if self._opened else tile or self.search
        target.setFocus(self._quietly())

    def _quietly(self) -> Qt.FocusReason:
        """In a wide window the card on show is outlined anyway; the first key outlines the focus as well."""
        return Qt.FocusReason.OtherFocusReason if self._narrow else Qt.FocusReason.MouseFocusReason

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
        # In a wide window search and filters stay where they are; in a small one the cards need their room.
        end = edge if narrow else look.px(10)
        self._left.setSpacing(0)
        if narrow:
            self._column.insertWidget(0, self._top)
            self._above.setContentsMargins(RING_ROOM, RING_ROOM, RING_ROOM, 0)
        else:
            self._left.insertWidget(0, self._top)
            # Its end is in line with the cards beside the scroll bar.
            beside = end + RING_ROOM + self._scroll.verticalScrollBar().sizeHint().width()
            self._above.setContentsMargins(side, top, beside, look.px(6))
        self._column.setContentsMargins(edge, top - RING_ROOM if narrow else 0, end, look.px(28))
        self._column.setSpacing(look.px(6))
        self._above.setSpacing(look.px(10))
        self._grid.set_few(narrow)
        self._head.setSpacing(look.px(20))
        self._head.setContentsMargins(0, 0, 0, look.px(2))
        self._all_row.setContentsMargins(RING_ROOM, 0, RING_ROOM, 0)
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

    def _in_sight(self, tile: Tile) -> bool:
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
