"""My body: sixteen ticks, and at once which moves they swap, lighten or hide.

It leaves out the rules and the storing: it shows a BodyView and says what was ticked.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from coach.domain.exercise import Flag, Region
from coach.i18n import _, ngettext
from coach.ui.controls import Button, Card, KeyCap, Kind, Mark, ScrollArea, Sheet, Text, Touch, pass_on
from coach.ui.fields import CheckTile, ChipRow
from coach.ui.icons import Icon, paint_icon
from coach.ui.library_view import Fate, fate_icon, fate_words
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures

__all__ = ["BodyContent", "BodyView", "Change", "MyBodyPage", "TickGroup", "TickLine", "effect_words"]

SPACIOUS = 1000
"""From this width (px at scale 1) the page has the margins of a large window."""
TWO_COLUMNS = 720
"""From this width on (px at scale 1) the ticks stand in two columns."""
HIGH_ENOUGH = 650
"""From this height on (px at scale 1) there is room for the effect as a card; else it is a bar."""
SHOWN_CHANGES = 4
RING_ROOM = 6
SETTLE_MS = 120


@dataclass(frozen=True)
class TickLine:
    """A tick: `explanation` is one sentence; `asks_where` offers the parts of the body below it."""

    flag: Flag
    title: str
    explanation: str = ""
    on: bool = False
    asks_where: bool = False


@dataclass(frozen=True)
class TickGroup:
    """Ticks under one heading."""

    title: str
    ticks: tuple[TickLine, ...]


@dataclass(frozen=True)
class Change:
    """What the ticks do to one move: swapped for another, made lighter, or hidden, and why in a sentence."""

    exercise_id: str
    name: str
    figure_id: str
    fate: Fate
    reason: str = ""
    instead: str = ""
    instead_figure: str = ""


@dataclass(frozen=True)
class BodyView:
    """All that the page shows. `regions` are parts of the body that can be chosen, `where` those that are.

    `changes` lists the moves that are not done as they are: swapped ones first, hidden ones last. The
    `first_time` there is a sentence at the top and Done at the end.
    """

    groups: tuple[TickGroup, ...] = ()
    regions: tuple[tuple[Region, str], ...] = ()
    where: frozenset[Region] = frozenset()
    changes: tuple[Change, ...] = ()
    first_time: bool = False


def effect_words(changes: tuple[Change, ...]) -> str:
    """The effect counted: "3 moves swapped, 1 hidden"."""
    swapped, lighter, hidden = (
        sum(change.fate is fate for change in changes) for fate in (Fate.SWAPPED, Fate.LIGHTER, Fate.HIDDEN)
    )
    if not (swapped or lighter or hidden):
        return _("All moves stay as they are")
    parts: list[str] = []
    if swapped:
        parts.append(ngettext("{n} move swapped", "{n} moves swapped", swapped).format(n=swapped))
    if lighter:
        counted = _("{n} lighter") if parts else ngettext("{n} move lighter", "{n} moves lighter", lighter)
        parts.append(counted.format(n=lighter))
    if hidden:
        counted = _("{n} hidden") if parts else ngettext("{n} move hidden", "{n} moves hidden", hidden)
        parts.append(counted.format(n=hidden))
    return ", ".join(parts)


# ---------------------------------------------------------------- the effect


class _Pair(QPushButton):
    """A move and what becomes of it: two small figures, or one crossed out. A click looks at the move."""

    def __init__(self, change: Change, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.change = change
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(12))))
        self._first = QPixmap()
        self._second = QPixmap()
        self._pictures_of: tuple[QSize, str] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if change.instead:
            name = _("{name}, swapped for {instead}").format(name=change.name, instead=change.instead)
        else:
            name = f"{change.name}, {fate_words(change.fate)}"
        self.setAccessibleName(name)
        self.setAccessibleDescription(change.reason)
        self.setToolTip(change.reason)

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def _lines(self) -> tuple[str, str]:
        """The first line and the second."""
        if self.change.instead:
            return self.change.name, self.change.instead
        return self.change.name, self.change.reason or fate_words(self.change.fate)

    def sizeHint(self) -> QSize:
        look = self._touch.look
        lines = (
            QFontMetrics(look.font(Role.SMALL_STRONG)).lineSpacing()
            + QFontMetrics(look.font(Role.SMALL)).lineSpacing()
        )
        return QSize(look.px(330), max(look.target(48), lines + look.px(6)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(220), self.sizeHint().height())

    def _thumb(self) -> QSize:
        look = self._touch.look
        return QSize(look.px(54), look.px(46))

    @property
    def wants_pictures(self) -> bool:
        return self._pictures_of != (self._thumb(), self._touch.look.theme.name)

    def fill(self, pictures: Pictures) -> None:
        """Fetch its figures in their present size."""
        look, size = self._touch.look, self._thumb()
        ratio = self.devicePixelRatioF()
        room = QSize(size.width() - 4, size.height() - 4)
        self._first = pictures.pixmap(self.change.figure_id, "right", room, look.theme, ratio=ratio)
        if self.change.instead_figure:
            self._second = pictures.pixmap(self.change.instead_figure, "right", room, look.theme, ratio=ratio)
        self._pictures_of = (size, look.theme.name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._touch.heat:
            face = theme.field
            painter.setOpacity(0.7 * self._touch.heat)
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()), look.px(12), look.px(12))
            painter.fillPath(path, face)
            painter.setOpacity(1.0)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        thumb = self._thumb()
        x = 0

        def place(width: int, height: int) -> QRect:
            left = self.width() - x - width if mirrored else x
            return QRect(left, (self.height() - height) // 2, width, height)

        swapped = bool(self.change.instead)
        self._paint_thumb(painter, place(thumb.width(), thumb.height()), self._first, pale=True)
        x += thumb.width() + look.px(10)
        side = look.px(18)
        icon = (Icon.LEFT if mirrored else Icon.RIGHT) if swapped else fate_icon(self.change.fate)
        if self.change.fate is Fate.HIDDEN:
            icon = Icon.CLOSE
        if icon is not None:
            ink = theme.text2 if self.change.fate is Fate.HIDDEN else theme.accent
            paint_icon(painter, icon, QRectF(place(side, side)), ink)
        x += side + look.px(10)
        if swapped:
            self._paint_thumb(painter, place(thumb.width(), thumb.height()), self._second, pale=False)
            x += thumb.width() + look.px(10)
        self._paint_lines(painter, place(self.width() - x, self.height()), swapped)
        painter.end()

    def _paint_thumb(self, painter: QPainter, where: QRect, picture: QPixmap, *, pale: bool) -> None:
        look = self._touch.look
        tile = QPainterPath()
        tile.addRoundedRect(QRectF(where), look.px(10), look.px(10))
        painter.fillPath(tile, look.theme.field)
        if not picture.isNull():
            painter.setOpacity(0.45 if pale else 1.0)
            painter.drawPixmap(where.adjusted(2, 2, -2, -2), picture)
            painter.setOpacity(1.0)

    def _paint_lines(self, painter: QPainter, room: QRect, swapped: bool) -> None:
        look = self._touch.look
        theme = look.theme
        right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        lead = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        flags = Qt.AlignmentFlag.AlignVCenter | lead | Qt.AlignmentFlag.AlignAbsolute
        bold, plain = look.font(Role.SMALL_STRONG), look.font(Role.SMALL)
        # What will be done stands out: the new move, or the name of the one that is hidden.
        styles = ((plain, theme.text3), (bold, theme.text1)) if swapped else (
            (bold, theme.text1),
            (plain, theme.text2),
        )  # fmt: skip
        heights = [QFontMetrics(font).lineSpacing() for font, _ink in styles]
        y = (self.height() - sum(heights)) / 2
        for words, (font, ink), height in zip(self._lines(), styles, heights, strict=True):
            painter.setFont(font)
            painter.setPen(ink)
            shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(QRectF(room.x(), y, room.width() + 1, height), flags, shown)
            y += height


class _Effect(Card):
    """What the ticks do, counted and shown as pairs."""

    all_asked = Signal()
    exercise_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title = Text("", Role.CARD_TITLE, "accent")
        self.where = Text(_("in your plans and the library"), Role.SMALL, "text2", wrap=False)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title, 1)
        self._head.addWidget(self.where, 0, Qt.AlignmentFlag.AlignBottom)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.pairs: list[_Pair] = []
        self.more = Button("", Kind.SECONDARY, size=QSize(0, 44), role=Role.SMALL_STRONG)
        self.more.clicked.connect(self.all_asked)
        self._mark = Mark(Icon.NOTE, "text3", side=18)
        self._note = Text(
            _("Nothing here is a diagnosis. You can bring a hidden move back from the library."),
            Role.SMALL,
            "text2",
        )
        self._foot = QHBoxLayout()
        self._foot.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        self._foot.addWidget(self._note, 1)
        self._foot.addWidget(self.more)
        column = QVBoxLayout(self)
        column.addLayout(self._head)
        column.addLayout(self._grid)
        column.addLayout(self._foot)
        self._column = column

    def show_changes(self, changes: tuple[Change, ...]) -> None:
        self.title.setText(effect_words(changes))
        self.title.set_token("accent" if changes else "text1")
        self.where.setVisible(bool(changes))
        shown = changes[:SHOWN_CHANGES]
        if tuple(pair.change for pair in self.pairs) != shown:
            for pair in self.pairs:
                self._grid.removeWidget(pair)
                pair.hide()
                pair.setParent(None)
                pair.deleteLater()
            self.pairs = [_Pair(change) for change in shown]
            for number, pair in enumerate(self.pairs):
                pair.set_look(self.look)
                pair.clicked.connect(
                    lambda _on=False, asked=pair.change.exercise_id: self.exercise_asked.emit(asked)
                )
                self._grid.addWidget(pair, number // 2, number % 2)
                pair.show()
        more = len(changes) - len(shown)
        self.more.set_label(ngettext("and {n} more", "and {n} more", more).format(n=more))
        self.more.setVisible(more > 0)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        side = look.px(28)
        self._column.setContentsMargins(side, look.px(16), side, look.px(14))
        self._column.setSpacing(look.px(10))
        self._grid.setHorizontalSpacing(look.px(18))
        self._grid.setVerticalSpacing(look.px(6))
        self._foot.setSpacing(look.px(10))


# ---------------------------------------------------------------- the ticks


class _Ticks(QWidget):
    """One group of ticks below its heading."""

    ticked = Signal(object, bool)
    """A Flag, and whether it is on now."""
    region_ticked = Signal(object, bool)
    """A Region, and whether it is on now."""

    def __init__(self, group: TickGroup, regions: tuple[tuple[Region, str], ...]) -> None:
        super().__init__()
        self.heading = Text(group.title, Role.SMALL, "text3")
        self.tiles: dict[Flag, CheckTile] = {}
        self._explained: dict[Flag, str] = {}
        self._wheres: dict[Flag, tuple[QWidget, ChipRow]] = {}
        self._where: frozenset[Region] = frozenset()
        self._looks: list[QWidget] = [self.heading]
        column = QVBoxLayout(self)
        # The outline of the focus needs its room at the side.
        column.setContentsMargins(RING_ROOM, 0, RING_ROOM, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        for tick in group.ticks:
            tile = CheckTile(tick.title)
            tile.setAccessibleDescription(tick.explanation)
            tile.setToolTip(tick.explanation)
            tile.setChecked(tick.on)
            tile.clicked.connect(lambda on, flag=tick.flag: self.ticked.emit(flag, on))
            column.addWidget(tile)
            self.tiles[tick.flag] = tile
            self._explained[tick.flag] = tick.explanation
            self._looks.append(tile)
            if tick.asks_where:
                box, row = self._make_where(regions)
                column.addWidget(box)
                self._wheres[tick.flag] = (box, row)
        column.addStretch(1)
        self._column = column

    def _make_where(self, regions: tuple[tuple[Region, str], ...]) -> tuple[QWidget, ChipRow]:
        box = QWidget()
        words = Text(_("Where? Nothing chosen means anywhere."), Role.SMALL, "text2")
        row = ChipRow(_("Where?"), [(region.value, label) for region, label in regions], several=True)
        row.changed.connect(lambda: self._regions_changed(row))
        inner = QVBoxLayout(box)
        inner.addWidget(words)
        inner.addWidget(row)
        box.hide()
        self._looks += [words, row]
        return box, row

    def _regions_changed(self, row: ChipRow) -> None:
        now = frozenset(Region(key) for key in row.keys)
        for region in now ^ self._where:
            self.region_ticked.emit(region, region in now)

    def show_group(self, group: TickGroup, where: frozenset[Region]) -> None:
        self._where = where
        on = {tick.flag for tick in group.ticks if tick.on}
        asked = [flag for flag in self._wheres if flag in on]
        for tick in group.ticks:
            self.tiles[tick.flag].setChecked(tick.on)
        for flag, (box, row) in self._wheres.items():
            row.choose_all(region.value for region in where)
            # Asked once, below the last of the ticks it belongs to.
            box.setVisible(bool(asked) and flag is asked[-1])

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in the order it is read."""
        found: list[QWidget] = []
        for flag, tile in self.tiles.items():
            found.append(tile)
            if flag in self._wheres:
                found += self._wheres[flag][1].findChildren(QPushButton)
        return found

    def explain(self, tile: CheckTile) -> bool:
        """Show the sentence about this tick, or put it away; False when it is none of these."""
        flag = next((flag for flag, one in self.tiles.items() if one is tile), None)
        if flag is None:
            return False
        tile.set_detail("" if tile.detail else self._explained[flag])
        return True

    def set_look(self, look: Look) -> None:
        for one in self._looks:
            one.set_look(look)  # type: ignore[attr-defined]
        for box, _row in self._wheres.values():
            layout = box.layout()
            if layout is not None:
                layout.setContentsMargins(look.px(39), 0, 0, look.px(10))
                layout.setSpacing(look.px(6))


class _EffectBar(Card):
    """The effect at the bottom edge, parted by a hairline from the ticks that scroll away under it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self.look.theme.line)
        painter.end()


class BodyContent(QWidget):
    """Ticks and effect without a title: a page of its own, or a part of the settings.

    In a wide place the effect stands below the ticks; in a narrow one it stays at the bottom edge.
    """

    ticked = Signal(object, bool)
    """A Flag was ticked (True) or not any more."""
    region_ticked = Signal(object, bool)
    """A Region, where a surgery or injury is, was chosen (True) or not any more."""
    exercise_asked = Signal(str)
    """The user wants to read about this move; its id."""
    done_asked = Signal()
    shape_changed = Signal()
    """It folded or unfolded, see `folded`."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._look = Look()
        self._view = BodyView()
        self._shape: tuple[bool, bool] | None = None
        self._side = 8
        self._sheet: Sheet | None = None
        self._sheet_pairs: list[_Pair] = []
        self._groups: list[_Ticks] = []
        self._card = Card()
        self._title = Text(_("Tick what applies to you"), Role.CARD_TITLE)
        self._lock = Mark(Icon.LOCK, "text2", side=18)
        self._stays = Text(_("Stays on this computer"), Role.SMALL, "text2", wrap=False)
        self._private = QWidget()
        private = QHBoxLayout(self._private)
        private.setContentsMargins(0, 0, 0, 0)
        private.addWidget(self._lock)
        private.addWidget(self._stays)
        self._hint = QWidget()
        hint = QHBoxLayout(self._hint)
        hint.setContentsMargins(0, 0, 0, 0)
        hint.addWidget(KeyCap("F1"))
        hint.addWidget(Text(_("explains a line"), Role.SMALL, "text3", wrap=False))
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._hint, 0)
        self._head.addWidget(self._private, 0)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        inside = QVBoxLayout(self._card)
        inside.addLayout(self._head)
        inside.addLayout(self._columns)
        self._inside = inside
        self._effect = _Effect()
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.addWidget(self._card)
        self._column.addWidget(self._effect)
        self._column.addStretch(1)
        self._content = content
        self._scroll = ScrollArea(content, takes_keys=False)
        self._bar = _EffectBar(radius=0)
        self._bar_words = Text("", Role.BODY_STRONG, "accent")
        self._bar_note = Text(_("Nothing here is a diagnosis."), Role.SMALL, "text2")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._bar_words)
        words.addWidget(self._bar_note)
        self._see = Button(_("See which"), Kind.OUTLINE, size=QSize(0, 44))
        self._bar_row = QHBoxLayout(self._bar)
        self._bar_row.addLayout(words, 1)
        self._bar_row.addWidget(self._see)
        self.done = Button(_("Done"), Kind.PRIMARY, size=QSize(0, 44))
        self._bar_row.addWidget(self.done)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self._bar)
        self._filling = QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.timeout.connect(self._fill_one)
        self._see.clicked.connect(self.show_all)
        self.done.clicked.connect(self.done_asked)
        self._effect.all_asked.connect(self.show_all)
        self._effect.exercise_asked.connect(self.exercise_asked)
        self._arrange()

    def show_body(self, view: BodyView) -> None:
        """Show `view` from now on; the focus and what was explained stay."""
        before, self._view = self._view, view
        shape = [(group.title, [tick.flag for tick in group.ticks]) for group in view.groups]
        if shape != [(group.title, [tick.flag for tick in group.ticks]) for group in before.groups]:
            for old in self._groups:
                old.hide()
                old.setParent(None)
                old.deleteLater()
            self._groups = []
            for group in view.groups:
                made = _Ticks(group, view.regions)
                made.ticked.connect(self.ticked)
                made.region_ticked.connect(self.region_ticked)
                made.set_look(self._look)
                self._columns.addWidget(made, 1)
                self._groups.append(made)
        for made, group in zip(self._groups, view.groups, strict=True):
            made.show_group(group, view.where)
        self._effect.show_changes(view.changes)
        self._bar_words.setText(effect_words(view.changes))
        self._bar_words.set_token("accent" if view.changes else "text1")
        self._see.setVisible(bool(view.changes))
        self._show_parts()
        self._order_stops()
        self._filling.start(0)

    def _order_stops(self) -> None:
        """Let Tab follow reading order; Qt takes none of widgets that were never shown."""
        if self.isVisible():
            ticks = [stop for group in self._groups for stop in group.stops()]
            stops = [*ticks, *self._effect.pairs, self._effect.more, self._see, self.done]
            for one, after in pairwise(stops):
                QWidget.setTabOrder(one, after)

    def show_all(self) -> None:
        """Open the list of all moves that change."""
        if self._sheet is not None or not self._view.changes:
            return
        sheet = Sheet(effect_words(self._view.changes), self.window(), self._look, width=640)
        self._sheet_pairs = []
        for change in self._view.changes:
            pair = _Pair(change)
            pair.clicked.connect(lambda _on=False, asked=change.exercise_id: self._asked_in_sheet(asked))
            sheet.body.addWidget(pair)
            self._sheet_pairs.append(pair)
        note = Text(
            _("Nothing here is a diagnosis. You can bring a hidden move back from the library."),
            Role.SMALL,
            "text2",
        )
        sheet.body.addWidget(note)
        sheet.body.addStretch(1)
        sheet.closed.connect(self._sheet_closed)
        self._sheet = sheet
        sheet.open(self._sheet_pairs[0])
        self._filling.start(0)

    def _asked_in_sheet(self, exercise_id: str) -> None:
        if self._sheet is not None:
            self._sheet.finish()
        self.exercise_asked.emit(exercise_id)

    def _sheet_closed(self) -> None:
        self._sheet = None
        self._sheet_pairs = []

    # ------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through the ticks; F1 explains the one with the focus."""
        now = self.window().focusWidget()
        if event.key() == Qt.Key.Key_F1 and isinstance(now, CheckTile):
            if any(group.explain(now) for group in self._groups):
                QTimer.singleShot(0, self, self._keep_in_sight)
                return
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            target = self._next(Qt.Key(event.key()), now)
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                self._keep_in_sight()
                return
        super().keyPressEvent(event)

    def _next(self, key: Qt.Key, now: QWidget | None) -> CheckTile | None:
        lists = [list(group.tiles.values()) for group in self._groups]
        at = next(
            (
                (g, tiles.index(now))
                for g, tiles in enumerate(lists)
                if isinstance(now, CheckTile)
                if now in tiles
            ),
            None,
        )
        if at is None:
            return None
        group, line = at
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            ahead = (key == Qt.Key.Key_Right) != (self.layoutDirection() is Qt.LayoutDirection.RightToLeft)
            group += 1 if ahead else -1
            if self._one_column or not 0 <= group < len(lists):
                return None
            return lists[group][min(line, len(lists[group]) - 1)]
        line += 1 if key == Qt.Key.Key_Down else -1
        if 0 <= line < len(lists[group]):
            return lists[group][line]
        group += 1 if line > 0 else -1
        if not self._one_column or not 0 <= group < len(lists):
            return None
        return lists[group][0 if line > 0 else -1]

    @property
    def _one_column(self) -> bool:
        return self._shape is not None and self._shape[0]

    def _keep_in_sight(self) -> None:
        now = self.window().focusWidget()
        if now is not None and self._content.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now, 0, self._look.px(24))

    @property
    def folded(self) -> bool:
        """Whether the effect, and Done, are a bar at the bottom edge."""
        return self._shape is not None and self._shape[1]

    def set_side(self, side: int) -> None:
        """The room at the left and right of what scrolls, in px of the design."""
        if side != self._side:
            self._side = side
            self._shape = None
            self._arrange()

    def focus_first(self) -> None:
        """Put the focus on the first tick."""
        first = next((tile for group in self._groups for tile in group.tiles.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ looks

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        self._look = look
        self._scroll.set_look(look)
        pass_on(look, self._content)
        pass_on(look, self._private)
        pass_on(look, self._hint)
        self._bar.set_look(look)
        for group in self._groups:
            group.set_look(look)
        if self._sheet is not None:
            self._sheet.set_look(look)
        self._shape = None
        self._arrange()
        self._filling.start(SETTLE_MS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_stops()
        self._filling.start(0)

    def _arrange(self) -> None:
        look = self._look
        narrow = self.width() < TWO_COLUMNS * look.factor
        folded = narrow or self.height() < HIGH_ENOUGH * look.factor
        if (narrow, folded) == self._shape:
            return
        self._shape = (narrow, folded)
        side = look.px(28) - RING_ROOM
        self._inside.setContentsMargins(side, look.px(16), side, look.px(12))
        self._inside.setSpacing(look.px(6))
        self._head.setContentsMargins(RING_ROOM, 0, RING_ROOM, 0)
        self._head.setSpacing(look.px(24))
        self._columns.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        self._columns.setSpacing(look.px(12))
        edge = look.px(self._side)
        # Without a side it stands among the cards of the settings, and begins where they do.
        self._column.setContentsMargins(edge, look.px(4) if self._side else 0, edge, look.px(8))
        self._column.setSpacing(look.px(16))
        within = max(edge, look.px(20))
        self._bar_row.setContentsMargins(within, look.px(10), within, look.px(10))
        self._bar_row.setSpacing(look.px(12))
        for pair in (self._private, self._hint):
            layout = pair.layout()
            if layout is not None:
                layout.setSpacing(look.px(8))
        self._show_parts()
        self.shape_changed.emit()

    def _show_parts(self) -> None:
        narrow, folded = self._shape or (False, False)
        self._effect.setVisible(not folded)
        self._bar.setVisible(folded)
        self._hint.setVisible(not narrow)
        self.done.setVisible(self._view.first_time)

    def _fill_one(self) -> None:
        if not self.isVisible():
            return
        for pair in (*self._sheet_pairs, *self._effect.pairs):
            if pair.isVisible() and pair.wants_pictures and not pair.visibleRegion().isEmpty():
                pair.fill(self._pictures)
                self._filling.start(0)
                return


class MyBodyPage(QWidget):
    """Title, ticks and effect. With `first_time` it is the short set-up: a sentence at the top and Done."""

    ticked = Signal(object, bool)
    """A Flag was ticked (True) or not any more."""
    region_ticked = Signal(object, bool)
    """A Region, where a surgery or injury is, was chosen (True) or not any more."""
    exercise_asked = Signal(str)
    """The user wants to read about this move; its id."""
    help_asked = Signal()
    """The user wants to know when to get help."""
    done_asked = Signal()
    """The first time: the ticks are as they should be."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._title = Text(_("My body"), Role.TITLE)
        self._sentence = Text(
            _("Tick what applies to you, and every evening fits you. Nothing applies? Then choose Done."),
            Role.BODY,
            "text2",
        )
        self._help = Button(_("When to get help"), Kind.OUTLINE, icon=Icon.PHONE)
        self._done = Button(_("Done"), Kind.PRIMARY)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._help, 0, Qt.AlignmentFlag.AlignTop)
        self._head.addWidget(self._done, 0, Qt.AlignmentFlag.AlignTop)
        self.content = BodyContent(pictures)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self._sentence)
        self._column.addWidget(self.content, 1)
        self.content.ticked.connect(self.ticked)
        self.content.region_ticked.connect(self.region_ticked)
        self.content.exercise_asked.connect(self.exercise_asked)
        self.content.done_asked.connect(self.done_asked)
        self._help.clicked.connect(self.help_asked)
        self._done.clicked.connect(self.done_asked)
        self._first_time = False
        self.content.shape_changed.connect(self._show_parts)
        self._show_parts()

    def show_body(self, view: BodyView) -> None:
        """Show `view` from now on."""
        self._first_time = view.first_time
        self._title.setText(_("Before you begin") if view.first_time else _("My body"))
        self.content.show_body(view)
        self._show_parts()

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        self._look = look
        pass_on(look, self)
        self._show_parts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_parts()

    def focusInEvent(self, event: object) -> None:
        """The page itself never keeps the focus."""
        self.content.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter among the ticks goes to Done, the first time; it takes another one to be done."""
        if self._first_time and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                done = self._done if self._done.isVisible() else self.content.done
                done.setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.content.focus_first()

    def _show_parts(self) -> None:
        look = self._look
        narrow = self.width() < SPACIOUS * look.factor
        side = look.px(28 if narrow else 36)
        self._head.setContentsMargins(side, 0, side, 0)
        self._head.setSpacing(look.px(12))
        self._sentence.setContentsMargins(side, 0, side, 0)
        self._column.setContentsMargins(0, look.px(20 if narrow else 28), 0, 0)
        self._column.setSpacing(look.px(4))
        self.content.set_side(28 if narrow else 36)
        self._sentence.setVisible(self._first_time)
        # In a narrow window Done stays with the effect at the bottom edge.
        self._done.setVisible(self._first_time and not self.content.folded)
