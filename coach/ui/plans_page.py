"""The Plans page: what runs tonight, the user's own plans, the ready-made ones, and a place to drop a file.

It leaves out storing, running and checking plans: it shows a PlansView and says what the user asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from coach.domain.exercise import Posture
from coach.i18n import N_, _, ngettext
from coach.ui.controls import (
    Button,
    Card,
    Kind,
    Mark,
    ScrollArea,
    Sheet,
    Text,
    Touch,
    draw_key_cap,
    key_cap_size,
    pass_on,
)
from coach.ui.fields import DropDown, DropZone, MenuEntry
from coach.ui.icons import Icon, paint_icon
from coach.ui.plan_rows import Filmstrip, Flow, LateFigures, PlanItem, PlanLine, announce
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures

__all__ = ["BrokenFile", "PlansPage", "PlansView"]

SIDE_BY_SIDE = 1000
"""From this width on (px at scale 1) the ready-made plans stand beside one's own, otherwise below."""
_MOST_BROKEN = 3
_RING = 8
_ANY_HEIGHT = 16_777_215


@dataclass(frozen=True)
class BrokenFile:
    """A file of the user's that cannot be read: "slow.toml:14", and the sentence about its first slip."""

    path: Path
    where: str
    sentence: str


@dataclass(frozen=True)
class PlansView:
    """All that the page shows. `tonight` is the id of tonight's plan.

    `cramp` and `restless` are the second lines of the two plans for right now ("Five minutes, dim"); an empty
    one leaves its tile away. `notice` says what has just happened, or why it could not.
    """

    mine: tuple[PlanLine, ...] = ()
    shipped: tuple[PlanLine, ...] = ()
    tonight: str = ""
    cramp: str = ""
    restless: str = ""
    broken: tuple[BrokenFile, ...] = ()
    notice: str = ""


# Which plans a filter lets through, by the postures they are done in.
_FILTERS: tuple[tuple[str, str, frozenset[Posture]], ...] = (
    ("any", N_("Any position"), frozenset(Posture)),
    ("bed", N_("Bed only"), frozenset({Posture.BED})),
    ("chair", N_("Chair only"), frozenset({Posture.CHAIR})),
    ("off_floor", N_("Not on the floor"), frozenset(Posture) - {Posture.FLOOR}),
    ("sitting", N_("Without standing"), frozenset(Posture) - {Posture.STANDING}),
)

_PLAY, _EDIT, _COPY, _SHORT, _SAVE, _RESTORE, _REMOVE = (
    "play",
    "edit",
    "copy",
    "short",
    "save",
    "restore",
    "remove",
)


def _menu(line: PlanLine) -> list[MenuEntry]:
    entries = [
        MenuEntry(_PLAY, _("Play now"), Icon.PLAY),
        MenuEntry(_SHORT, _("I have 5 minutes"), Icon.CLOCK),
        MenuEntry(_EDIT, _("Edit"), Icon.EDIT),
        MenuEntry(_COPY, _("Copy and edit"), Icon.DUPLICATE),
        MenuEntry(_SAVE, _("Save as a file"), Icon.DOWNLOAD),
    ]
    if line.changed:
        entries.append(MenuEntry(_RESTORE, _("Restore the original"), Icon.UNDO))
    elif line.mine:
        entries.append(MenuEntry(_REMOVE, _("Remove"), Icon.TRASH))
    return entries


# ---------------------------------------------------------------- parts


class _TonightCard(Card):
    """Tonight's plan with its figure and steps; the accent outline says that it is the chosen one."""

    def __init__(self, pictures: Pictures, late: LateFigures, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._pictures = pictures
        self._figure = ""
        self._picture = QPixmap()
        self._picture_of: tuple[str, QSize, str] | None = None
        self._mark = Mark(Icon.CHECK, "accent", side=18)
        # Amber words would be too pale for the raised tone of the light theme.
        self._tonight = Text(_("Tonight"), Role.SMALL_STRONG, "text1", wrap=False)
        self.name = Text("", Role.START)
        self.length = Text("", Role.BODY, "text2")
        self.detail = Text("", Role.BODY, "text2")
        self.strip = Filmstrip(late, QSize(48, 42), count=7, token="bg")
        self.edit = Button(_("Edit"), Kind.QUIET, size=QSize(0, 44))
        self.save = Button(_("Save as a file"), Kind.QUIET, size=QSize(0, 44))
        for button in (self.edit, self.save):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._top = QHBoxLayout()
        self._top.addWidget(self._mark)
        self._top.addWidget(self._tonight)
        self._top.addStretch(1)
        self._words = QVBoxLayout()
        self._words.setSpacing(0)
        self._words.addLayout(self._top)
        for line in (self.name, self.length, self.detail):
            self._words.addWidget(line)
        self._words.addStretch(1)
        self._head = QHBoxLayout()
        self._head.addLayout(self._words, 1)
        self._room = QWidget()
        self._head.addWidget(self._room)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.edit, 1)
        self._foot.addWidget(self.save, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self.strip)
        self._column.addLayout(self._foot)

    def show_plan(self, line: PlanLine | None) -> None:
        self.name.setText(line.name if line else _("No plan for tonight"))
        self.length.setText(line.length if line else _("Pick one: “Use tonight” is in every row."))
        self.detail.setText(line.detail if line else "")
        self.detail.setVisible(bool(line and line.detail))
        self.strip.show_figures(line.figures if line else ())
        self.strip.setVisible(bool(line and line.figures))
        self.edit.setVisible(line is not None)
        self.save.setVisible(line is not None)
        figures = line.figures if line else ()
        # The seated hamstring shows best what an evening of stretching looks like (DESIGN 8).
        self._figure = "ham_floor" if "ham_floor" in figures else next(iter(figures), "")
        self._room.setVisible(bool(self._figure))
        name = _("Tonight’s plan: {name}").format(name=line.name) if line else _("No plan for tonight")
        self.setAccessibleName(name)
        self.update()

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        pad = look.px(24)
        self._column.setContentsMargins(pad, look.px(20), pad, look.px(18))
        self._column.setSpacing(look.px(12))
        self._top.setSpacing(look.px(6))
        self._foot.setSpacing(look.px(10))
        self._room.setFixedSize(look.px(158), look.px(110))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self.look, self.look.theme
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        pen = QPen(theme.accent, 2.5)
        painter.setPen(pen)
        painter.setBrush(theme.raised)
        radius = look.px(20)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.25, 1.25, -1.25, -1.25), radius, radius)
        if self._room.isVisible():
            where = self._room.geometry().adjusted(0, -look.px(10), look.px(10), look.px(8))
            key = (self._figure, where.size(), theme.name)
            if self._picture_of != key:
                self._picture = self._pictures.pixmap(
                    self._figure, "right", where.size(), theme, ratio=self.devicePixelRatioF()
                )
                self._picture_of = key
            painter.drawPixmap(where.topLeft(), self._picture)
        painter.end()


class _NowTile(QPushButton):
    """A plan for right now: icon, name, a line below, and its key."""

    def __init__(self, icon: Icon, name: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._name, self._key = icon, name, key
        self._detail = ""
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(16))))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_detail(self, detail: str) -> None:
        self._detail = detail
        self.setAccessibleDescription(_("{detail}. Key: {key}").format(detail=detail, key=self._key))
        self.setVisible(bool(detail))
        self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def sizeHint(self) -> QSize:
        look = self._touch.look
        words = QFontMetrics(look.font(Role.BODY_STRONG)).height()
        words += QFontMetrics(look.font(Role.SMALL)).height()
        return QSize(look.px(220), max(look.target(60), words + look.px(14)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(180), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._touch.look, self._touch.look.theme
        painter = self._touch.begin()
        painter.setPen(Qt.PenStyle.NoPen)
        # By night a field has the tone of the card.
        painter.setBrush(self._touch.tone(theme.raised if theme.is_night else theme.field))
        painter.drawRoundedRect(QRectF(self.rect()), look.px(16), look.px(16))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft

        def place(x: float, width: float) -> QRectF:
            return QRectF(self.width() - x - width if mirrored else x, 0, width, self.height())

        side = look.px(22)
        icon = place(look.px(16), side)
        box = QRectF(icon.x(), (self.height() - side) / 2, side, side)
        paint_icon(painter, self._icon, box, theme.accent)
        cap = key_cap_size(self._key, look).width()
        left = look.px(50)
        room = self.width() - left - cap - look.px(26)
        strong, small = look.font(Role.BODY_STRONG), look.font(Role.SMALL)
        upper, lower = QFontMetrics(strong), QFontMetrics(small)
        top = (self.height() - upper.height() - lower.height()) / 2
        leading = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = Qt.AlignmentFlag.AlignVCenter | leading | Qt.AlignmentFlag.AlignAbsolute
        where = place(left, room)
        for text, metrics, font, ink, y in (
            (self._name, upper, strong, theme.text1, top),
            (self._detail, lower, small, theme.text2, top + upper.height()),
        ):
            painter.setFont(font)
            painter.setPen(ink)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(room))
            painter.drawText(QRectF(where.x(), y, room, metrics.height()), flags, shown)
        cap_box = place(self.width() - cap - look.px(14), cap)
        draw_key_cap(painter, cap_box, self._key, look, theme.text2, theme.edge)
        painter.end()


class _BrokenRow(QWidget):
    """A file of the user's that cannot be read, kindly."""

    shown = Signal(object)
    """Its path: the user wants to see what is wrong."""

    def __init__(self, broken: BrokenFile, parent: QWidget) -> None:
        super().__init__(parent)
        self._mark = Mark(Icon.WARNING, "error", side=20)
        self._where = Text(broken.where, Role.BODY_STRONG)
        self._sentence = Text(broken.sentence, Role.SMALL, "text2")
        show = Button(_("Show"), Kind.SECONDARY, size=QSize(0, 44))
        show.setAccessibleName(_("Show what is wrong in {file}").format(file=broken.where))
        show.clicked.connect(lambda: self.shown.emit(broken.path))
        self._words = QVBoxLayout()
        self._words.setSpacing(0)
        self._words.addWidget(self._where)
        self._words.addWidget(self._sentence)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(self._words, 1)
        self._row.addWidget(show, 0, Qt.AlignmentFlag.AlignTop)

    def set_look(self, look: Look) -> None:
        pass_on(look, self)
        inner = look.px(12) + _RING
        self._row.setContentsMargins(inner, look.px(6), inner, look.px(6))
        self._row.setSpacing(look.px(12))


class _PlanList(Card):
    """A card with a heading and rows of plans, which scroll in it where they do not fit."""

    used = Signal(str)
    picked = Signal(str, str)

    def __init__(self, title: str, late: LateFigures, *, lead: bool, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._late, self._lead = late, lead
        self._narrow = False
        self.title = Text(title, Role.SECTION, wrap=False)
        self.head = QHBoxLayout()
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.empty = Text("", Role.BODY, "text2")
        self.rows: list[PlanItem] = []
        self._content = QWidget()
        self._list = QVBoxLayout(self._content)
        # The ring of the focus needs its room.
        self._list.setContentsMargins(_RING, _RING, _RING, _RING)
        self._list.setSpacing(0)
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.area = ScrollArea(self._content, takes_keys=False)
        self.column = QVBoxLayout(self)
        self.column.addLayout(self.head)
        self.column.addWidget(self.empty)
        self.column.addWidget(self.area, 1)
        self._filler = QWidget()
        self.column.addWidget(self._filler, 1)

    def show_lines(self, lines: Sequence[PlanLine], tonight: str, empty: str) -> None:
        while len(self.rows) < len(lines):
            row = PlanItem(self._late, lead=self._lead, parent=self._content)
            row.set_look(self.look)
            row.set_narrow(self._narrow)
            row.used.connect(self.used)
            row.picked.connect(self.picked)
            self._list.addWidget(row)
            self.rows.append(row)
        while len(self.rows) > len(lines):
            row = self.rows.pop()
            row.hide()
            self._list.removeWidget(row)
            row.deleteLater()
        for row, line in zip(self.rows, lines, strict=True):
            row.show_line(line, _menu(line), tonight=line.id == tonight)
            row.show()
        self.empty.setText(empty)
        self.empty.setVisible(not lines)
        self._fit()

    def set_narrow(self, narrow: bool) -> None:
        """In one column the page scrolls and not the list in it."""
        self._narrow = narrow
        for row in self.rows:
            row.set_narrow(narrow)
        self._fit()

    def _fit(self) -> None:
        each = self.rows[0].sizeHint().height() if self.rows else 0
        all_rows = len(self.rows) * each + 2 * _RING
        self.area.setVisible(bool(self.rows))
        self._filler.setVisible(not self.rows)
        self.area.setMinimumHeight(all_rows if self._narrow else min(all_rows, 4 * each + 2 * _RING))
        self.area.setMaximumHeight(all_rows if self._narrow else _ANY_HEIGHT)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        pass_on(look, self._content)
        inner = look.px(12)
        self.column.setContentsMargins(inner - _RING, look.px(18), inner - _RING, look.px(18))
        self.column.setSpacing(look.px(4))
        self.head.setContentsMargins(inner + _RING, 0, inner + _RING, 0)
        self.empty.setContentsMargins(inner + _RING, 0, inner + _RING, look.px(8))
        self._fit()

    def show_row(self, row: PlanItem) -> None:
        """Scroll to one of its rows."""
        self.area.ensureWidgetVisible(row, 0, _RING)


# ---------------------------------------------------------------- the page


class PlansPage(QWidget):
    """Shows the plans there are and tells what the user wants with them."""

    tonight_chosen = Signal(str)
    """The id of the plan that is wanted for tonight."""
    play_asked = Signal(str)
    short_asked = Signal(str)
    """ "I have 5 minutes": the plan, shortened, now."""
    edit_asked = Signal(str)
    copy_asked = Signal(str)
    """A copy of the plan is to be edited."""
    new_asked = Signal()
    save_asked = Signal(str)
    """The plan is wanted as a file."""
    remove_asked = Signal(str)
    """The user's own plan is to go; the page has asked once."""
    restore_asked = Signal(str)
    """The user's version of a ready-made plan is to go; the page has asked once."""
    files_dropped = Signal(list)
    """list[Path]"""
    file_asked = Signal()
    """A file is to be chosen in a dialog."""
    broken_asked = Signal(object)
    """The path of a broken file of the user's: show what is wrong."""
    cramp_asked = Signal()
    restless_asked = Signal()

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._view = PlansView()
        self._narrow: bool | None = None
        self._sheet: Sheet | None = None
        self.setAcceptDrops(True)
        late = LateFigures(pictures, self)
        self._content = QWidget()
        self._title = Text(_("Plans"), Role.TITLE, wrap=False)
        self.new = Button(_("New plan"), Kind.PRIMARY, icon=Icon.PLUS)
        self.new.setAccessibleDescription(_("Key: {key}").format(key="N"))
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addStretch(1)
        self._head.addWidget(self.new)
        self._notice = _Notice(self._content)
        self._tonight = _TonightCard(pictures, late, self._content)
        self._mine = _PlanList(_("My plans"), late, lead=True, parent=self._content)
        self._count = Text("", Role.BODY, "text3", wrap=False)
        self._mine.head.addWidget(self._count)
        self._broken = QVBoxLayout()
        self._broken.setSpacing(0)
        self._mine.column.addLayout(self._broken)
        self._more_broken = Text("", Role.SMALL, "text2")
        self._more_broken.hide()
        self._mine.column.addWidget(self._more_broken)
        self._drop = DropZone(
            _("Drop a plan file here"), _("It is checked before anything changes."), _("Choose")
        )
        self._ready = _PlanList(_("Ready-made"), late, lead=False, parent=self._content)
        self._filter = DropDown(
            _("Position"), [(key, _(label)) for key, label, _allowed in _FILTERS], outlined=True
        )
        self._ready.head.addWidget(self._filter)
        self._now_title = Text(_("For right now"), Role.BODY_MEDIUM, "text3", wrap=False)
        self._cramp = _NowTile(Icon.LEG, _("Cramp now"), "C")
        self._restless = _NowTile(Icon.TONIGHT, _("Restless now"), "R")
        self._now = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._now.addWidget(self._cramp, 1)
        self._now.addWidget(self._restless, 1)
        self._line = _Rule(self._ready)
        for one in (self._line, self._now_title):
            self._ready.column.addWidget(one)
        self._ready.column.addLayout(self._now)
        self._left = QVBoxLayout()
        self._left.addWidget(self._tonight)
        self._left.addWidget(self._mine, 1)
        self._left.addWidget(self._drop)
        self._right = QVBoxLayout()
        self._right.addWidget(self._ready, 1)
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.addLayout(self._left, 43)
        self._cards.addLayout(self._right, 55)
        self._column = QVBoxLayout(self._content)
        self._column.addLayout(self._head)
        self._column.addWidget(self._notice)
        self._column.addLayout(self._cards, 1)
        self._scroll = ScrollArea(self._content, takes_keys=False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self.new.clicked.connect(self.new_asked)
        self._tonight.edit.clicked.connect(lambda: self.edit_asked.emit(self._view.tonight))
        self._tonight.save.clicked.connect(lambda: self.save_asked.emit(self._view.tonight))
        self._filter.chosen.connect(self._show_ready)
        for rows in (self._mine, self._ready):
            rows.used.connect(self._use)
            rows.picked.connect(self._pick)
        self._drop.dropped.connect(self.files_dropped)
        self._drop.asked.connect(self.file_asked)
        self._cramp.clicked.connect(self.cramp_asked)
        self._restless.clicked.connect(self.restless_asked)
        self.setFocusProxy(self.new)
        self._arrange()

    # ------------------------------------------------------------ what is shown

    def show_plans(self, view: PlansView) -> None:
        """Show `view` from now on."""
        if view == self._view:
            return
        changed = view.notice and view.notice != self._view.notice
        broken = view.broken != self._view.broken
        self._view = view
        lines = {line.id: line for line in (*view.shipped, *view.mine)}
        self._tonight.show_plan(lines.get(view.tonight))
        empty = _("Copy one of the ready-made plans, or start with New plan.")
        self._mine.show_lines(view.mine, view.tonight, empty)
        self._count.setText(str(len(view.mine)))
        self._count.setVisible(bool(view.mine))
        if broken:
            self._show_broken()
        self._show_ready()
        self._cramp.show_detail(view.cramp)
        self._restless.show_detail(view.restless)
        for one in (self._line, self._now_title):
            one.setVisible(bool(view.cramp or view.restless))
        self._notice.show_words(view.notice)
        if changed:
            announce(self, view.notice)

    def focus_plan(self, plan_id: str) -> None:
        """Give the focus to the row of a plan, for coming back to it; nothing happens when there is none."""
        for row in (*self._mine.rows, *self._ready.rows):
            if row.line.id == plan_id:
                self._go_to(row)

    def _show_ready(self) -> None:
        allowed = next(postures for key, _label, postures in _FILTERS if key == self._filter.key)
        lines = [line for line in self._view.shipped if line.postures <= allowed]
        if self._view.shipped:
            empty = _("No ready-made plan fits. “Any position” shows them all.")
        else:
            empty = _("The ready-made plans could not be read.")
        self._ready.show_lines(lines, self._view.tonight, empty)

    def _show_broken(self) -> None:
        while self._broken.count():
            item = self._broken.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for broken in self._view.broken[:_MOST_BROKEN]:
            row = _BrokenRow(broken, self._mine)
            row.set_look(self._look)
            row.shown.connect(self.broken_asked)
            self._broken.addWidget(row)
            row.show()
        left = len(self._view.broken) - _MOST_BROKEN
        self._more_broken.setVisible(left > 0)
        words = ngettext(
            "and {n} more file that cannot be read", "and {n} more files that cannot be read", left
        )
        self._more_broken.setText(words.format(n=left))

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        self._look = look
        self._scroll.set_look(look)
        pass_on(look, self._content)
        if self._sheet is not None:
            self._sheet.set_look(look)
        self._narrow = None
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        look = self._look
        narrow = self.width() < SIDE_BY_SIDE * look.factor
        if narrow == self._narrow:
            return
        self._narrow = narrow
        side, gap = look.px(28 if narrow else 36), look.px(16)
        self._column.setContentsMargins(
            side, look.px(20 if narrow else 28), side, look.px(28 if narrow else 32)
        )
        self._column.setSpacing(look.px(14))
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._cards.setDirection(below if narrow else beside)
        for box in (self._cards, self._left, self._right):
            box.setSpacing(gap)
        self._now.setSpacing(look.px(10))
        inner = look.px(12) + _RING
        self._now.setContentsMargins(inner, 0, inner, 0)
        self._now_title.setContentsMargins(inner, 0, 0, 0)
        self._more_broken.setContentsMargins(inner, 0, 0, 0)
        self._mine.set_narrow(narrow)
        self._ready.set_narrow(narrow)

    # ------------------------------------------------------------ what is asked for

    def _use(self, plan_id: str) -> None:
        if plan_id != self._view.tonight:
            self.tonight_chosen.emit(plan_id)

    def _pick(self, plan_id: str, key: str) -> None:
        signals = {
            _PLAY: self.play_asked,
            _SHORT: self.short_asked,
            _EDIT: self.edit_asked,
            _COPY: self.copy_asked,
            _SAVE: self.save_asked,
        }
        if key in signals:
            signals[key].emit(plan_id)
            return
        name = next((line.name for line in self._view.mine if line.id == plan_id), plan_id)
        if key == _REMOVE:
            self._ask_once(
                _("Remove “{name}”?").format(name=name),
                _("A copy is kept among the backups."),
                _("Remove"),
                lambda: self.remove_asked.emit(plan_id),
            )
        else:
            self._ask_once(
                _("Restore the original of “{name}”?").format(name=name),
                _("Your own version is then gone; a copy is kept among the backups."),
                _("Restore the original"),
                lambda: self.restore_asked.emit(plan_id),
            )

    def _ask_once(self, title: str, words: str, does: str, then: Callable[[], None]) -> None:
        sheet = Sheet(title, self.window(), self._look, width=460)
        sheet.body.addWidget(Text(words, Role.BODY, "text2"))
        yes = Button(does, Kind.SECONDARY)
        no = Button(_("Keep it"), Kind.GHOST)

        def go() -> None:
            sheet.finish()
            then()

        yes.clicked.connect(go)
        no.clicked.connect(sheet.finish)
        sheet.body.addSpacing(10)
        sheet.body.addLayout(Flow([yes, no]))
        sheet.closed.connect(self._sheet_closed)
        self._sheet = sheet
        sheet.open(yes)

    def _sheet_closed(self) -> None:
        self._sheet = None

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._sheet is not None:
            self._sheet.finish()

    # ------------------------------------------------------------ keys and files

    def _row_in_use(self) -> PlanItem | None:
        now: QWidget | None = self.window().focusWidget()
        while now is not None and not isinstance(now, PlanItem):
            now = now.parentWidget()
        return now

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = event.key()
        row = self._row_in_use()
        if plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._walk(row, Qt.Key(key))
        elif plain and key == Qt.Key.Key_N:
            self.new_asked.emit()
        elif plain and key == Qt.Key.Key_C and self._view.cramp:
            self.cramp_asked.emit()
        elif plain and key == Qt.Key.Key_R and self._view.restless:
            self.restless_asked.emit()
        elif plain and key == Qt.Key.Key_E and (row is not None or self._view.tonight):
            self.edit_asked.emit(row.line.id if row is not None else self._view.tonight)
        elif plain and key == Qt.Key.Key_Delete and row is not None and row.line.mine:
            self._pick(row.line.id, _RESTORE if row.line.changed else _REMOVE)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self._use(row.line.id)
        else:
            super().keyPressEvent(event)

    def _walk(self, row: PlanItem | None, key: Qt.Key) -> None:
        """Up and down through both lists, left and right from one to the other."""
        lists = [self._mine.rows, self._ready.rows]
        rows = [one for some in lists for one in some]
        if not rows:
            return
        if row is None:
            target = rows[0] if key != Qt.Key.Key_Up else rows[-1]
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            at = rows.index(row) + (1 if key == Qt.Key.Key_Down else -1)
            target = rows[min(max(at, 0), len(rows) - 1)]
        else:
            here = next(some for some in lists if row in some)
            there = lists[1] if here is lists[0] else lists[0]
            if not there:
                return
            target = there[min(here.index(row), len(there) - 1)]
        self._go_to(target)

    def _go_to(self, row: PlanItem) -> None:
        row.setFocus(Qt.FocusReason.TabFocusReason)
        (self._mine if row in self._mine.rows else self._ready).show_row(row)
        self._scroll.ensureWidgetVisible(row, 0, self._look.px(24))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if DropZone.files_of(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = DropZone.files_of(event.mimeData().urls())
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)


class _Rule(QWidget):
    """A hairline."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self.setFixedHeight(9)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pad = self._look.px(12) + _RING
        painter.fillRect(QRect(pad, 4, self.width() - 2 * pad, 1), self._look.theme.line)
        painter.end()


class _Notice(Card):
    """What has just happened, in a sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("s1", radius=16, parent=parent)
        self._mark = Mark(Icon.NOTE, "text2", side=20)
        self._words = Text("", Role.BODY, "text2")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._mark)
        self._row.addWidget(self._words, 1)
        self.hide()

    def show_words(self, words: str) -> None:
        self._words.setText(words)
        self.setVisible(bool(words))

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._row.setContentsMargins(look.px(20), look.px(12), look.px(16), look.px(12))
        self._row.setSpacing(look.px(14))
