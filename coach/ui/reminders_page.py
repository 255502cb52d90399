"""The Reminders page: a bedtime for each weekday, what counts back from it, and how reminders behave.

It leaves out keeping and ringing anything: it shows a RemindersView and says what the user asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from coach.domain.evening import FARTHEST
from coach.domain.settings import find
from coach.i18n import _, ngettext
from coach.services.ports import Note
from coach.ui.controls import (
    Button,
    Card,
    IconButton,
    Kind,
    Mark,
    ScrollArea,
    Sheet,
    Text,
    Touch,
    needed_width,
    pass_on,
)
from coach.ui.fields import CheckTile, ChipRow, DropDown, MenuButton, MenuEntry, Option, Stepper, TextField
from coach.ui.icons import Icon, paint_icon
from coach.ui.reminder_card import CARD_WIDTH, NoteCard
from coach.ui.switches import ClockStepper, LargeClock, Settled, Switch
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures, clock_text

__all__ = ["DayView", "ItemView", "RemindersPage", "RemindersView", "ToggleView", "before_words"]

SIDE_BY_SIDE = 1000
"""From this width on (px at scale 1) the preview stands beside the evening, otherwise below it."""
STACKED_ROW = 580
"""Below this width (px at scale 1) an item has its name above its controls."""
LONGEST_NAME = 80
_STEP, _SMALL_STEP = 15, 5
_ROW_AIR = 4
"""Room above and below what stands in a row, in px of the design."""


@dataclass(frozen=True)
class DayView:
    """One evening of the week, 0 for Monday: its name, in short too, and its bedtime as it is written."""

    number: int
    name: str
    short: str
    bedtime: str = ""
    on: bool = False


@dataclass(frozen=True)
class ItemView:
    """An item of the chosen evening, either `before` minutes ahead of lights out or `at` a time of day.

    `clock` is when that is, in words. `detail` is shown while it is off, `note` always; `main` is the
    stretch.
    """

    id: str
    name: str
    icon: Icon
    detail: str = ""
    note: str = ""
    on: bool = True
    bell: bool = False
    before: int | None = None
    at: time | None = None
    clock: str = ""
    own: bool = False
    main: bool = False


@dataclass(frozen=True)
class ToggleView:
    """Something that is on or off: a line below its name, and what went wrong with it."""

    on: bool = False
    detail: str = ""
    enabled: bool = True
    wrong: str = ""


@dataclass(frozen=True)
class RemindersView:
    """All that the page shows. Without `has_bedtime` it asks for one, and `bedtime` is the proposal.

    `aside` is said beside the bedtimes, `midnight` below one that is after midnight. `quiet` says that
    reminders are silent and until when, and offers to end that; `is_paused` for longer than tonight.
    `nights` are the dates a pause can end on, `spans` some of them by their length ("one week"); keys are
    ISO dates. `wrong` could not be kept.
    """

    days: tuple[DayView, ...] = ()
    chosen: int = 0
    title: str = ""
    bedtime: time = time(22, 45)
    has_bedtime: bool = True
    items: tuple[ItemView, ...] = ()
    aside: str = ""
    midnight: str = ""
    snooze_minutes: int = 10
    snooze_times: int = 2
    grace_minutes: int = 120
    chime: ToggleView = field(default_factory=ToggleView)
    films: ToggleView = field(default_factory=ToggleView)
    disturb: ToggleView = field(default_factory=ToggleView)
    partly: ToggleView = field(default_factory=ToggleView)
    login: ToggleView = field(default_factory=ToggleView)
    wake: ToggleView = field(default_factory=ToggleView)
    example: Note | None = None
    quiet: str = ""
    is_paused: bool = False
    may_skip: bool = False
    missed: str = ""
    wrong: str = ""
    nights: tuple[Option, ...] = ()
    spans: tuple[Option, ...] = ()
    may_undo: bool = False
    has_calendar: bool = False


def before_words(minutes: int) -> str:
    """How far an item stands ahead of lights out: "45 min before", "1 h 30 before"."""
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return _("at lights out")
    if not hours:
        return _("{n} min before").format(n=rest)
    if not rest:
        return _("{n} h before").format(n=hours)
    return _("{h} h {m:02d} before").format(h=hours, m=rest)


def _breakable(name: str) -> str:
    """A name that wraps even where a word is longer than any line."""
    return re.sub(r"\S{25,}", lambda found: re.sub(r"(.{12})(?=.)", "\\1\u200b", found[0]), name)


def _times_words(times: int) -> str:
    return ngettext("once", "{n} times", times).format(n=times) if times else _("never")


def _minutes_words(minutes: int) -> str:
    return _("{n} min").format(n=minutes)


def _of_setting(
    name: str, label: str, words: Callable[[int], str], *, big_step: int, parent: QWidget | None = None
) -> Stepper:
    """A stepper with the limits of a setting."""
    spec = find(name)
    assert spec is not None
    numbers = [one for one in spec.choices if isinstance(one, int)] or [spec.low, spec.high]
    made = Stepper(
        label, min(numbers), max(numbers), step=spec.step, big_step=big_step, words=words, parent=parent
    )
    made.setAccessibleDescription(_(spec.sentence))
    return made


# ---------------------------------------------------------------- the week


class _DayTile(QRadioButton):
    """A weekday with its bedtime and its switch; the chosen one is outlined.

    Arrows go to the next day and move the bedtime, Space switches the day: the page does that.
    """

    switched = Signal(bool)
    stepped = Signal(int)
    """To the day so many after this one, -1 or 1."""
    moved = Signal(int)
    """The bedtime by so many minutes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day = DayView(0, "", "")
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(14))))
        self.switch = Switch("", parent=self)
        # Space on the tile does the same; seven more stops would only be in the way.
        self.switch.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.switch.clicked.connect(lambda on: self.switched.emit(on))
        self._role = Role.CARD_TITLE
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def day(self) -> DayView:
        return self._day

    def show_day(self, day: DayView, chosen: bool) -> None:
        self._day = day
        self.setChecked(chosen)
        self.switch.show_on(day.on)
        self.switch.setAccessibleName(_("Reminders on {day}").format(day=day.name))
        if day.on:
            name = _("{day}, lights out {time}").format(day=day.name, time=day.bedtime)
        else:
            name = _("{day}, off").format(day=day.name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(_("Up and down change the bedtime, Space switches the day on or off."))
        self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)
        self.switch.set_look(look)
        self._place()

    def hitButton(self, pos: object) -> bool:
        return True

    @property
    def _words(self) -> str:
        return self._day.bedtime or "–"

    def fits(self, role: Role) -> bool:
        """Whether the bedtime has its place when it is written in this role."""
        look = self._touch.look
        return needed_width(self._words, look.font(role)) <= self.width() - look.px(10)

    def set_role(self, role: Role) -> None:
        """Write the bedtime in this role."""
        if role is not self._role:
            self._role = role
            self.update()

    def _heights(self) -> tuple[int, int]:
        look = self._touch.look
        return look.px(28), look.px(34)

    def sizeHint(self) -> QSize:
        look = self._touch.look
        switch = self.switch.sizeHint()
        height = look.px(8) + sum(self._heights()) + switch.height() + look.px(8)
        return QSize(switch.width() + look.px(10), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        size = self.switch.sizeHint()
        y = self.height() - self._touch.look.px(8) - size.height()
        self.switch.setGeometry(QRect((self.width() - size.width()) // 2, y, size.width(), size.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        small = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        by = _SMALL_STEP if small else _STEP
        onwards = -1 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 1
        if held:
            event.ignore()
        elif event.key() == Qt.Key.Key_Left:
            self.stepped.emit(-onwards)
        elif event.key() == Qt.Key.Key_Right:
            self.stepped.emit(onwards)
        elif event.key() == Qt.Key.Key_Up:
            self.moved.emit(by)
        elif event.key() == Qt.Key.Key_Down:
            self.moved.emit(-by)
        elif event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.switched.emit(not self._day.on)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        # Space is no click here.
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._touch.look, self._touch.look.theme
        painter = self._touch.begin()
        chosen = self.isChecked()
        # By night a field has the tone of the card.
        face = theme.soft if chosen else theme.raised if theme.is_night else theme.field
        painter.setPen(QPen(theme.accent, 2) if chosen else Qt.PenStyle.NoPen)
        painter.setBrush(self._touch.tone(face))
        inset = 1.0 if chosen else 0.0
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), look.px(14), look.px(14)
        )
        upper, lower = self._heights()
        top = look.px(8)
        painter.setPen(theme.accent if chosen else theme.text2)
        painter.setFont(look.font(Role.BODY_STRONG if chosen else Role.BODY_MEDIUM))
        room = QRectF(0, top, self.width(), upper)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._day.short)
        painter.setPen(theme.text1 if self._day.on else theme.text3)
        painter.setFont(look.font(self._role))
        room = QRectF(0, top + upper, self.width(), lower)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()


class _Week(Card):
    """The seven bedtimes."""

    chosen = Signal(int)
    switched = Signal(int, bool)
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._title = Text(_("Lights out"), Role.SECTION, wrap=False)
        self._aside = Text("", Role.SMALL, "text2", align=Qt.AlignmentFlag.AlignRight)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addWidget(self._aside, 1)
        self._row = QHBoxLayout()
        self.tiles = [_DayTile() for _number in range(7)]
        for at, tile in enumerate(self.tiles):
            tile.clicked.connect(lambda _on=False, tile=tile: self.chosen.emit(tile.day.number))
            tile.switched.connect(lambda on, tile=tile: self.switched.emit(tile.day.number, on))
            tile.stepped.connect(lambda by, at=at: self._go(at + by))
            tile.moved.connect(lambda by, tile=tile: self._move(tile, by))
            self._row.addWidget(tile, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._row)

    @property
    def chosen_tile(self) -> _DayTile:
        return next((tile for tile in self.tiles if tile.isChecked()), self.tiles[0])

    def show_week(self, view: RemindersView) -> None:
        self._aside.setText(view.aside)
        for tile, day in zip(self.tiles, view.days, strict=False):
            tile.show_day(day, day.number == view.chosen)
        self._even_out()

    def _even_out(self) -> None:
        """Write all seven bedtimes alike: as large as the narrowest place allows."""
        roles = (Role.CARD_TITLE, Role.SECTION, Role.SMALL_STRONG, Role.TAG)
        role = next((one for one in roles if all(tile.fits(one) for tile in self.tiles)), Role.KEY)
        for tile in self.tiles:
            tile.set_role(role)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.activate()
        self._even_out()

    def _go(self, at: int) -> None:
        if 0 <= at < len(self.tiles):
            tile = self.tiles[at]
            tile.setFocus(Qt.FocusReason.TabFocusReason)
            self.chosen.emit(tile.day.number)

    def _move(self, tile: _DayTile, by: int) -> None:
        if not tile.isChecked():
            self.chosen.emit(tile.day.number)
        self.moved.emit(by)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        pad = look.px(20)
        self._column.setContentsMargins(pad, look.px(16), pad, look.px(16))
        self._column.setSpacing(look.px(10))
        self._head.setContentsMargins(look.px(4), 0, look.px(4), 0)
        self._head.setSpacing(look.px(16))
        self._row.setSpacing(look.px(8))


# ---------------------------------------------------------------- the items of an evening


class _Offset(Stepper):
    """How long before lights out, in steps of 5 minutes, with Shift of 15."""

    def __init__(self, name: str) -> None:
        super().__init__(name, 0, FARTHEST, step=5, big_step=15, words=before_words)

    def _read(self, text: str) -> int | None:
        if self._words(self.value()) == text:
            return self.value()
        hours = re.search(r"(\d{1,2})\s*h(?:\D*(\d{1,2}))?", text.casefold())
        if hours:
            return int(hours[1]) * 60 + int(hours[2] or 0)
        return super()._read(text)

    def _room(self) -> int:
        # The usual places, so that a column of them has one width.
        look = self._touch.look
        values = {0, 45, 90, 9 * 60, self.value()}
        return max(needed_width(self._words(value), look.font(Role.BODY_STRONG)) for value in values)


class _Bell(QPushButton):
    """Whether an item reminds: a bell on a soft face, or one that is crossed out."""

    def __init__(self) -> None:
        super().__init__()
        self._touch = Touch(self, lambda: (self._face(), float(self._touch.look.px(12))))
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_bell(self, name: str, on: bool) -> None:
        self.setAccessibleName(_("Remind me: {name}").format(name=name))
        self.setToolTip(_("Reminds you") if on else _("Does not remind you"))
        self.setChecked(on)
        self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def _face(self) -> QRect:
        return self.rect().adjusted(4, 4, -4, -4)

    def sizeHint(self) -> QSize:
        side = self._touch.look.target(44)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._touch.look, self._touch.look.theme
        painter = self._touch.begin()
        on = self.isChecked()
        if on or self._touch.heat:
            face = QColor(self._touch.tone(theme.soft) if on else theme.field)
            face.setAlphaF(1.0 if on else self._touch.heat)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(face)
            painter.drawRoundedRect(QRectF(self._face()), look.px(12), look.px(12))
        side = look.px(20)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        paint_icon(painter, Icon.BELL if on else Icon.BELL_OFF, box, theme.accent if on else theme.text3)
        painter.end()


class _Row(QWidget):
    """A line of the evening: words at the front, controls at the end, or below where it is narrow."""

    rings_outside = True

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.first = False
        self.lead = QHBoxLayout()
        self.words = QVBoxLayout()
        self.words.setSpacing(0)
        self.controls = QHBoxLayout()
        front = QHBoxLayout()
        front.addLayout(self.lead)
        front.addLayout(self.words, 1)
        self._front = front
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._box.addLayout(front, 1)
        self._box.addLayout(self.controls)
        self._whole = QVBoxLayout(self)
        self._whole.setSpacing(0)
        self._whole.addLayout(self._box)
        self.is_stacked = False

    def set_stacked(self, stacked: bool) -> None:
        self.is_stacked = stacked
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._box.setDirection(below if stacked and self._is_wide else beside)

    @property
    def _is_wide(self) -> bool:
        """Whether its controls need a line of their own where it is narrow."""
        return True

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        self._whole.setContentsMargins(0, look.px(_ROW_AIR), 0, look.px(_ROW_AIR))
        self._box.setSpacing(look.px(6))
        self._front.setSpacing(look.px(8))
        self.controls.setSpacing(look.px(8))
        self.setMinimumHeight(look.target(44) + 2 * look.px(_ROW_AIR))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.first:
            painter = QPainter(self)
            painter.setPen(QPen(self._look.theme.line, 1))
            painter.drawLine(0, 0, self.width(), 0)
            painter.end()


class _Lead(QWidget):
    """The place of the icon at the front of a row, as wide as a button there."""

    def __init__(self, icon: Icon, token: str = "text2") -> None:
        super().__init__()
        self.mark = Mark(icon, token)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignCenter)

    def set_look(self, look: Look) -> None:
        self.setFixedWidth(look.target(44))
        pass_on(look, self)


def _clock_label() -> Text:
    return Text("", Role.SECTION, wrap=False, align=Qt.AlignmentFlag.AlignRight)


class _ItemRow(_Row):
    """An item of the evening: where it stands, whether it reminds, and whether it is on."""

    switched = Signal(bool)
    rung = Signal(bool)
    moved = Signal(object)
    """To so many minutes before lights out (int), or to a time of day (time)."""
    edit_asked = Signal()

    def __init__(self, item: ItemView) -> None:
        super().__init__()
        self.item = item
        self.edit = IconButton(Icon.EDIT, "", Kind.GHOST) if item.own else None
        if self.edit is not None:
            self.edit.clicked.connect(self.edit_asked)
            self.lead.addWidget(self.edit)
        else:
            self.lead.addWidget(_Lead(item.icon, "accent" if item.main else "text2"))
        self._name = Text(item.name, Role.BODY_STRONG)
        self._detail = Text("", Role.SMALL, "text2")
        self.words.addWidget(self._name)
        self._below = QHBoxLayout()
        self._whole.addLayout(self._below)
        self.place: Stepper = _Offset(item.name) if item.at is None else ClockStepper(item.name)
        self.place.valueChanged.connect(self._moved)
        self.clock = _clock_label()
        self.bell = _Bell()
        self.bell.clicked.connect(lambda on: self.rung.emit(on))
        self.switch = Switch("")
        self.switch.clicked.connect(lambda on: self.switched.emit(on))
        self.controls.addWidget(self.place)
        self.controls.addWidget(self.clock, 1)
        self.controls.addWidget(self.bell)
        self.controls.addWidget(self.switch)
        self.show_item(item)

    def show_item(self, item: ItemView) -> None:
        self.item = item
        self._name.setText(_breakable(item.name))
        self._name.set_token("text1" if item.on else "text2")
        detail = " ".join(part for part in ("" if item.on else item.detail, item.note) if part)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        for one in (self.place, self.clock, self.bell):
            one.setVisible(item.on)
        self.place.setAccessibleName(_("When: {name}").format(name=item.name))
        if isinstance(self.place, ClockStepper):
            self.place.show_time(item.at or time(12))
        elif item.before is not None:
            self.place.setValue(item.before)
        self.clock.setText(item.clock)
        self.clock.set_token("accent" if item.main else "text1")
        self.bell.show_bell(item.name, item.bell)
        self.switch.setAccessibleName(item.name)
        self.switch.setAccessibleDescription(detail)
        self.switch.show_on(item.on)
        self.set_stacked(self.is_stacked)
        if self.edit is not None:
            self.edit.set_name(_("Rename or remove {name}").format(name=item.name))

    @property
    def _is_wide(self) -> bool:
        return self.item.on

    def set_stacked(self, stacked: bool) -> None:
        super().set_stacked(stacked)
        # Beside the controls a sentence would be a tall thin column: there it goes below, over the whole row.
        below = self.item.on and not stacked
        for layout, wanted in ((self._below, below), (self.words, not below)):
            if wanted and layout.indexOf(self._detail) < 0:
                layout.addWidget(self._detail)
            elif not wanted:
                layout.removeWidget(self._detail)

    @property
    def stops(self) -> list[QWidget]:
        edit = [self.edit] if self.edit is not None else []
        return [*edit, self.place, self.bell, self.switch]

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._below.setContentsMargins(look.target(44) + look.px(8), 0, 0, 0)
        self.clock.setMinimumWidth(needed_width(clock_text(time(22, 45)), look.font(Role.SECTION)) + 4)

    def _moved(self, _value: int) -> None:
        if isinstance(self.place, ClockStepper):
            if self.place.at_time != self.item.at:
                self.moved.emit(self.place.at_time)
        elif self.place.value() != self.item.before:
            self.moved.emit(self.place.value())


class _LightsOut(_Row):
    """The end of the evening, from which everything counts back."""

    moved = Signal(object)
    """The bedtime of this evening: a time."""

    def __init__(self) -> None:
        super().__init__()
        self._bedtime = time(22, 45)
        self.lead.addWidget(_Lead(Icon.BED))
        self._name = Text(_("Lights out"), Role.BODY_STRONG)
        self._note = Text("", Role.SMALL, "text2")
        self.words.addWidget(self._name)
        self.words.addWidget(self._note)
        self.place = ClockStepper("")
        self.place.valueChanged.connect(self._moved)
        self._yours = Text(_("your bedtime"), Role.BODY, "text3", wrap=False)
        self.controls.addWidget(self.place)
        self.controls.addWidget(self._yours, 1)

    def show_bedtime(self, at: time, day: str, note: str) -> None:
        self._bedtime = at
        self.place.setAccessibleName(_("Bedtime, {day}").format(day=day))
        self.place.show_time(at)
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _moved(self, _value: int) -> None:
        if self.place.at_time != self._bedtime:
            self.moved.emit(self.place.at_time)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        # The stepper stands below those of the items.
        side = look.target(44) + look.target(52)
        clock = needed_width(clock_text(time(22, 45)), look.font(Role.SECTION)) + 4
        self._yours.setMinimumWidth(clock + side + 2 * look.px(8))


class _EveningCard(Card):
    """The items of the chosen evening in their order, and lights out."""

    switched = Signal(str, bool)
    rung = Signal(str, bool)
    moved = Signal(str, object)
    edit_asked = Signal(str)
    add_asked = Signal()
    more_asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._title = Text("", Role.SECTION)
        self.menu = MenuButton(_("What to do with this evening"))
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self.menu)
        self._rows_column = QVBoxLayout()
        self._rows_column.setSpacing(0)
        self.rows: dict[str, _ItemRow] = {}
        self.lights = _LightsOut()
        self.more = Button("", Kind.GHOST, icon=Icon.DOWN, role=Role.SMALL_STRONG, size=QSize(0, 44))
        self.more.clicked.connect(self._fold)
        self.add = Button(
            _("Add your own"), Kind.GHOST, icon=Icon.PLUS, role=Role.SMALL_STRONG, size=QSize(0, 44)
        )
        self.add.clicked.connect(self.add_asked)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.add)
        self._foot.addWidget(self.more)
        self._foot.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._rows_column)
        self._column.addWidget(self.lights)
        self._column.addLayout(self._foot)
        self._day: tuple[int, str] | None = None
        self._order: list[str] = []
        self._kept: set[str] = set()
        self._is_open = False

    def show_evening(self, view: RemindersView) -> None:
        self._title.setText(view.title)
        items = {item.id: item for item in view.items}
        day = (view.chosen, view.title)
        if day != self._day:
            # What is moved or switched off stays where it is until another day is chosen.
            self._kept, self._order = set(), list(items)
            self._day = day
        self._order = [id for id in self._order if id in items]
        self._order += [id for id in items if id not in self._order]
        self._kept |= {id for id, item in items.items() if item.on}
        for id in [id for id in self.rows if id not in items]:
            self._drop(self.rows.pop(id))
        for id, item in items.items():
            row = self.rows.get(id)
            if row is not None and (row.item.at is None) == (item.at is None):
                row.show_item(item)
            else:
                if row is not None:
                    self._drop(row)
                self.rows[id] = self._made(item)
        for at, id in enumerate(self._order):
            row = self.rows[id]
            if self._rows_column.indexOf(row) != at:
                self._rows_column.insertWidget(at, row)
        name = next((day.name for day in view.days if day.number == view.chosen), "")
        self.lights.show_bedtime(view.bedtime, name, view.midnight)
        self._show_rows()

    def _made(self, item: ItemView) -> _ItemRow:
        row = _ItemRow(item)
        row.set_look(self.look)
        row.set_stacked(self.lights.is_stacked)
        row.switched.connect(lambda on: self.switched.emit(item.id, on))
        row.rung.connect(lambda on: self.rung.emit(item.id, on))
        row.moved.connect(lambda to: self.moved.emit(item.id, to))
        row.edit_asked.connect(lambda: self.edit_asked.emit(item.id))
        return row

    def _drop(self, row: _ItemRow) -> None:
        self._rows_column.removeWidget(row)
        row.hide()
        row.setParent(None)
        row.deleteLater()

    def _fold(self) -> None:
        self._is_open = not self._is_open
        self._show_rows()
        self.more_asked.emit(self._is_open)

    def _show_rows(self) -> None:
        hidden = [id for id in self._order if id not in self._kept]
        shown = [id for id in self._order if self._is_open or id in self._kept]
        for id, row in self.rows.items():
            row.setVisible(id in shown)
            row.first = bool(shown) and id == shown[0]
        self.lights.first = not shown
        self.more.setVisible(bool(hidden))
        label = _("Show less") if self._is_open else _("More for the evening ({n})").format(n=len(hidden))
        self.more.set_label(label)
        self.more.set_icon(Icon.UP if self._is_open else Icon.DOWN)
        self._even_out()

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in reading order."""
        rows = [stop for id in self._order for stop in self.rows[id].stops]
        return [self.menu, *rows, self.lights.place, self.add, self.more]

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        pad = look.px(24)
        self._column.setContentsMargins(pad, max(6, look.px(6)), pad, max(6, look.px(6)))
        self._column.setSpacing(0)
        self._head.setSpacing(look.px(12))
        self._foot.setContentsMargins(0, look.px(4), 0, 0)
        self._foot.setSpacing(look.px(8))
        self._even_out()

    def _even_out(self) -> None:
        """Give all steppers one width, so that they stand in a column."""
        places = [self.lights.place, *(row.place for row in self.rows.values())]
        widest = max(place.sizeHint().width() for place in places)
        for place in places:
            place.setMinimumWidth(widest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stacked = self.width() < self.look.px(STACKED_ROW)
        if stacked != self.lights.is_stacked:
            for row in (*self.rows.values(), self.lights):
                row.set_stacked(stacked)


# ---------------------------------------------------------------- how reminders behave


class _Snooze(Card):
    """How long "In 10 minutes" is, and how often."""

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._view = RemindersView()
        self._words = QVBoxLayout()
        self._words.setSpacing(0)
        self._words.addWidget(Text(_("If you snooze"), Role.BODY_STRONG))
        self._words.addWidget(Text(_("then quiet until tomorrow"), Role.SMALL, "text2"))
        self.minutes = _of_setting("snooze_minutes", _("Snooze"), _minutes_words, big_step=10)
        self.times = _of_setting("snooze_times", _("At most"), _times_words, big_step=1)
        self._settled_minutes, self._settled_times = Settled(self.minutes), Settled(self.times)
        self._settled_minutes.chosen.connect(self._minutes_changed)
        self._settled_times.chosen.connect(self._times_changed)
        self._most = Text(_("at most"), Role.BODY, "text3", wrap=False)
        self._controls = QHBoxLayout()
        self._controls.addWidget(self.minutes)
        self._controls.addWidget(self._most)
        self._controls.addWidget(self.times)
        self._controls.addStretch(1)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.addLayout(self._words, 1)
        self._box.addLayout(self._controls)

    def show_snooze(self, view: RemindersView) -> None:
        self._view = view
        self._settled_minutes.show(lambda: self.minutes.setValue(view.snooze_minutes))
        self._settled_times.show(lambda: self.times.setValue(view.snooze_times))

    def _minutes_changed(self, minutes: int) -> None:
        if minutes != self._view.snooze_minutes:
            self.changed.emit("snooze_minutes", minutes)

    def _times_changed(self, times: int) -> None:
        if times != self._view.snooze_times:
            self.changed.emit("snooze_times", times)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._box.setContentsMargins(look.px(24), look.px(12), look.px(24), look.px(12))
        self._box.setSpacing(look.px(8))
        self._controls.setSpacing(look.px(8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stacked = self.width() < self.look.px(STACKED_ROW)
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._box.setDirection(below if stacked else beside)


class _Toggle(_Row):
    """A name, a line below it and a switch; what went wrong is said there too."""

    switched = Signal(bool)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = Text(name, Role.BODY_MEDIUM)
        self._detail = Text("", Role.SMALL, "text2")
        self._wrong = Text("", Role.SMALL, "error")
        for line in (self._name, self._detail, self._wrong):
            self.words.addWidget(line)
        self.switch = Switch(name)
        self.switch.clicked.connect(lambda on: self.switched.emit(on))
        self.controls.addWidget(self.switch)

    def show_toggle(self, toggle: ToggleView) -> None:
        self.switch.show_on(toggle.on)
        self.switch.setEnabled(toggle.enabled)
        self.switch.setToolTip("" if toggle.enabled else toggle.detail)
        self.switch.setAccessibleDescription(toggle.wrong or toggle.detail)
        for label, words in ((self._detail, toggle.detail), (self._wrong, toggle.wrong)):
            label.setText(words)
            label.setVisible(bool(words))


class _Example(QWidget):
    """A picture of a reminder, as wide as there is room."""

    def __init__(self, pictures: Pictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._look = Look()
        self._note: Note | None = None
        self._card: NoteCard | None = None
        self._drawn_in: Look | None = None
        self._height = 0
        self._is_pale = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_note(self, note: Note | None) -> None:
        if note != self._note:
            self._note = note
            if self._card is not None:
                self._card.deleteLater()
            self._card, self._drawn_in = None, None
            if note is not None:
                self._card = NoteCard(note, self._pictures)
                # Its corners are round.
                self._card.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
            said = (
                ""
                if note is None
                else ". ".join((note.title, note.body, *(label for _act, label in note.acts)))
            )
            self.setAccessibleName(_("Example of a reminder"))
            self.setAccessibleDescription(said)
            self.updateGeometry()
            self.update()

    def set_pale(self, pale: bool) -> None:
        """Draw it pale, where something else on the page is what to press."""
        self._is_pale = pale
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def _drawn(self, width: int) -> QSize:
        """The size of the card, drawn to fit `width` px."""
        if self._card is None or width < 80:
            return QSize(width, 0)
        factor = min(self._look.factor, width / CARD_WIDTH)
        look = Look(self._look.theme, factor, self._look.reduced_motion)
        if look != self._drawn_in:
            self._drawn_in = look
            self._card.set_look(look)
            self._height = self._card.fitting().height()
        return QSize(width, self._height)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._drawn(width).height()

    def sizeHint(self) -> QSize:
        return self._drawn(self._look.px(312))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._card is not None:
            self._card.resize(self._drawn(self.width()))
            painter = QPainter(self)
            painter.setOpacity(0.6 if self._is_pale else 1.0)
            painter.drawPixmap(0, 0, self._card.grab())
            painter.end()


class _Preview(Card):
    """What a reminder looks like, and how it behaves."""

    changed = Signal(str, object)
    login_switched = Signal(bool)
    wake_switched = Signal(bool)
    preview_asked = Signal()
    calendar_asked = Signal()

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._view = RemindersView()
        self._words = QVBoxLayout()
        self._words.setSpacing(0)
        self._words.addWidget(Text(_("What you will see"), Role.SECTION))
        self._words.addWidget(Text(_("In a corner of the screen, dim, no flashing."), Role.SMALL, "text2"))
        self.example = _Example(pictures)
        self.show_one = Button(_("Show me one now"), Kind.OUTLINE, icon=Icon.EYE)
        self.show_one.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_one.clicked.connect(self.preview_asked)
        self.chime = _Toggle(_("Soft chime"))
        self.films = _Toggle(_("Wait during films and calls"))
        self.login = _Toggle(_("Start when I log in"))
        self.wake = _Toggle(_("Remind me when the app is closed"))
        self.disturb = _Toggle(_("Respect Do not disturb"))
        self.partly = _Toggle(_("Partly done is done"))
        for toggle, name in (
            (self.chime, "reminder_chime"),
            (self.films, "wait_for_films"),
            (self.disturb, "wait_when_quiet"),
            (self.partly, "partly_counts"),
        ):
            toggle.switched.connect(lambda on, name=name: self.changed.emit(name, on))
        self.login.switched.connect(self.login_switched)
        self.wake.switched.connect(self.wake_switched)
        self.grace = _of_setting("grace_minutes", _("Late reminders, up to"), _minutes_words, big_step=60)
        self._settled_grace = Settled(self.grace)
        self._settled_grace.chosen.connect(self._grace_changed)
        self._late = _Row()
        self._late.words.addWidget(Text(_("Late reminders"), Role.BODY_MEDIUM))
        self._late.words.addWidget(
            Text(_("How late one may still come after the computer slept."), Role.SMALL, "text2")
        )
        self._late.controls.addWidget(self.grace)
        self._late.controls.addStretch(1)
        self.calendar = Button(_("For my phone’s calendar"), Kind.OUTLINE, icon=Icon.CALENDAR)
        self.calendar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.calendar.clicked.connect(self.calendar_asked)
        self.more = Button(
            _("More settings"), Kind.GHOST, icon=Icon.DOWN, role=Role.SMALL_STRONG, size=QSize(0, 44)
        )
        self.more.clicked.connect(self._fold)
        self._usual = (self.chime, self.films, self.login)
        self._hidden: tuple[_Row, ...] = (self.wake, self.disturb, self.partly, self._late)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        for row in (*self._usual, *self._hidden):
            self._rows.addWidget(row)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._words)
        self._column.addWidget(self.example)
        self._column.addWidget(self.show_one)
        self._column.addLayout(self._rows)
        self._column.addWidget(self.calendar)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self._is_open = False
        self._show_parts()

    def show_manners(self, view: RemindersView) -> None:
        self._view = view
        self.example.show_note(view.example)
        self.example.set_pale(not view.has_bedtime)
        self.chime.show_toggle(view.chime)
        self.films.show_toggle(view.films)
        self.login.show_toggle(view.login)
        self.wake.show_toggle(view.wake)
        self.disturb.show_toggle(view.disturb)
        self.partly.show_toggle(view.partly)
        self._settled_grace.show(lambda: self.grace.setValue(view.grace_minutes))
        self._show_parts()

    def set_narrow(self, narrow: bool) -> None:
        """In a small window the example is only shown for real, by its button."""
        self.example.setVisible(not narrow)
        self._late.set_stacked(not narrow)

    def _grace_changed(self, minutes: int) -> None:
        if minutes != self._view.grace_minutes:
            self.changed.emit("grace_minutes", minutes)

    def _fold(self) -> None:
        self._is_open = not self._is_open
        self._show_parts()

    def _show_parts(self) -> None:
        for row in self._hidden:
            row.setVisible(self._is_open)
        self.calendar.setVisible(self._is_open and self._view.has_calendar)
        self.more.set_label(_("Fewer settings") if self._is_open else _("More settings"))
        self.more.set_icon(Icon.UP if self._is_open else Icon.DOWN)

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in reading order."""
        rows = [row.switch for row in (*self._usual, self.wake, self.disturb, self.partly)]
        return [self.show_one, *rows, self.grace, self.calendar, self.more]

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        pad = look.px(24)
        self._column.setContentsMargins(pad, look.px(22), pad, look.px(12))
        self._column.setSpacing(look.px(14))


class _First(Card):
    """Before there is a bedtime: one question and one button."""

    set_asked = Signal(object)
    """Lights out every evening at this time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._title = Text(_("When do you turn out the light?"), Role.CARD_TITLE)
        self._detail = Text(
            _("Your stretch comes up 45 minutes before. You can change each evening afterwards."),
            Role.BODY,
            "text2",
        )
        self.place = LargeClock(_("Bedtime"))
        self.begin = Button(_("Remind me every evening"), Kind.PRIMARY, icon=Icon.BELL, size=QSize(0, 52))
        self.begin.clicked.connect(lambda: self.set_asked.emit(self.place.at_time))
        self._controls = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._controls.addWidget(self.place)
        self._controls.addWidget(self.begin)
        self._controls.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._column.addWidget(self._detail)
        self._column.addLayout(self._controls)
        self._shown: time | None = None

    def propose(self, at: time) -> None:
        """Start from this time, unless the user has moved it already."""
        if self._shown != at:
            self._shown = at
            self.place.show_time(at)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        pad = look.px(28)
        self._column.setContentsMargins(pad, pad, pad, pad)
        self._column.setSpacing(look.px(10))
        self._controls.setContentsMargins(0, look.px(10), 0, 0)
        self._controls.setSpacing(look.px(16))
        self.begin.setMinimumWidth(self.begin.sizeHint().width())
        self._form()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._form()

    def _form(self) -> None:
        """The button below the time where both have no place beside each other."""
        margins = self._column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        needed = self.place.sizeHint().width() + self._controls.spacing() + self.begin.sizeHint().width()
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._controls.setDirection(below if needed > room else beside)


class _Banner(Card):
    """An icon, a sentence and a button."""

    def __init__(self, icon: Icon, ink: str, token: str, button: str = "") -> None:
        super().__init__(token, radius=16)
        self._mark = Mark(icon, ink)
        self.words = Text("", Role.BODY)
        self.button = Button(button, Kind.SECONDARY, size=QSize(0, 44))
        self.button.setVisible(bool(button))
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._mark)
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.button)
        self.hide()

    def say(self, words: str) -> None:
        self.words.setText(words)
        self.setVisible(bool(words))

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._row.setContentsMargins(look.px(20), look.px(8), look.px(12), look.px(8))
        self._row.setSpacing(look.px(14))
        self.setMinimumHeight(look.target(44) + 2 * look.px(8))


# ---------------------------------------------------------------- the page


class RemindersPage(QWidget):
    """Bedtimes, the chosen evening, snoozing and the preview; it keeps no clock and no schedule."""

    day_chosen = Signal(int)
    day_switched = Signal(int, bool)
    bedtime_changed = Signal(int, object)
    """Lights out on this day at this time."""
    first_bedtime = Signal(object)
    """Lights out every evening at this time."""
    item_switched = Signal(str, bool)
    bell_switched = Signal(str, bool)
    item_moved = Signal(str, object)
    """To so many minutes before lights out (int), or to a time of day (time)."""
    own_added = Signal(str)
    own_renamed = Signal(str, str)
    own_removed = Signal(str)
    copy_asked = Signal(list)
    """Make these days (list of int) the same as the chosen one."""
    usual_asked = Signal()
    setting_changed = Signal(str, object)
    login_switched = Signal(bool)
    wake_switched = Signal(bool)
    preview_asked = Signal()
    calendar_asked = Signal()
    skip_asked = Signal()
    """Not tonight."""
    pause_asked = Signal(object)
    """Quiet until the evening of this date."""
    ring_asked = Signal()
    """Not quiet any more."""
    missed_seen = Signal()
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(
        self, pictures: Pictures, parent: QWidget | None = None, *, weekdays: Sequence[int] = range(5)
    ) -> None:
        """`weekdays` are those on which people work, 0 for Monday."""
        super().__init__(parent)
        self._look = Look()
        self._view = RemindersView()
        self._weekdays = list(weekdays)
        self._narrow: bool | None = None
        self._sheet: Sheet | None = None
        self._content = QWidget()
        self._title = Text(_("Reminders"), Role.TITLE)
        self._subtitle = Text(_("Set your bedtime. Everything else counts back from it."), Role.BODY, "text2")
        self.skip = Button(_("Not tonight"), Kind.OUTLINE, size=QSize(0, 44))
        self.pause = Button(_("Pause until …"), Kind.OUTLINE, size=QSize(0, 44))
        self.undo = IconButton(Icon.UNDO, _("Undo"), Kind.QUIET)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        self._head = QHBoxLayout()
        self._head.addLayout(words, 1)
        for button in (self.undo, self.skip, self.pause):
            self._head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.wrong = _Banner(Icon.WARNING, "error", "error_bg")
        self.quiet = _Banner(Icon.BELL_OFF, "accent", "soft", _("Remind me tonight after all"))
        self.missed = _Banner(Icon.NOTE, "text2", "s1", _("OK"))
        self.first = _First()
        self.week = _Week()
        self.evening = _EveningCard()
        self.snooze = _Snooze()
        self.preview = _Preview(pictures)
        self._main = QVBoxLayout()
        for card in (self.first, self.week, self.evening, self.snooze):
            self._main.addWidget(card)
        self._main.addStretch(1)
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.addLayout(self._main, 1)
        self._cards.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self._content)
        self._column.addLayout(self._head)
        for banner in (self.wrong, self.quiet, self.missed):
            self._column.addWidget(banner)
        self._column.addLayout(self._cards)
        self._column.addStretch(1)
        self._scroll = ScrollArea(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self._connect()
        self._arrange()

    def _connect(self) -> None:
        self.first.set_asked.connect(self.first_bedtime)
        self.week.chosen.connect(self.day_chosen)
        self.week.switched.connect(self.day_switched)
        place = self.evening.lights.place
        self.week.moved.connect(lambda by: place.setValue(place.value() + by))
        self.evening.lights.moved.connect(lambda at: self.bedtime_changed.emit(self._view.chosen, at))
        self.evening.switched.connect(self.item_switched)
        self.evening.rung.connect(self.bell_switched)
        self.evening.moved.connect(self.item_moved)
        self.evening.edit_asked.connect(self._edit_own)
        self.evening.add_asked.connect(self._add_own)
        self.evening.more_asked.connect(lambda _open: self._order_stops())
        self.evening.menu.picked.connect(self._picked)
        self.snooze.changed.connect(self.setting_changed)
        self.preview.changed.connect(self.setting_changed)
        self.preview.login_switched.connect(self.login_switched)
        self.preview.wake_switched.connect(self.wake_switched)
        self.preview.preview_asked.connect(self.preview_asked)
        self.preview.calendar_asked.connect(self.calendar_asked)
        self.skip.clicked.connect(self.skip_asked)
        self.pause.clicked.connect(self._ask_pause)
        self.undo.clicked.connect(self.undo_asked)
        self.quiet.button.clicked.connect(self.ring_asked)
        self.missed.button.clicked.connect(self.missed_seen)

    def show_reminders(self, view: RemindersView) -> None:
        """Show `view` from now on."""
        rows = set(self.evening.rows)
        was_set = self._view.has_bedtime
        self._view = view
        self.wrong.say(view.wrong)
        self.quiet.say(view.quiet)
        again = _("End the pause") if view.is_paused else _("Remind me tonight after all")
        self.quiet.button.set_label(again)
        self.missed.say(view.missed)
        self.first.setVisible(not view.has_bedtime)
        self.first.propose(view.bedtime)
        self.week.setVisible(view.has_bedtime)
        self.evening.setVisible(view.has_bedtime)
        self.snooze.setVisible(view.has_bedtime)
        self.skip.setVisible(view.may_skip)
        self.pause.setVisible(view.has_bedtime and not view.quiet)
        self.undo.setVisible(view.may_undo)
        self.week.show_week(view)
        self.evening.show_evening(view)
        self.evening.menu.set_entries(self._entries())
        self.snooze.show_snooze(view)
        self.preview.show_manners(view)
        if rows != set(self.evening.rows):
            self._order_stops()
        if view.has_bedtime and not was_set and self.isVisible():
            self.week.chosen_tile.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ the menu and its sheets

    def _entries(self) -> list[MenuEntry]:
        return [
            MenuEntry("weekdays", _("Copy to weekdays"), Icon.DUPLICATE),
            MenuEntry("all", _("Copy to every evening"), Icon.DUPLICATE),
            MenuEntry("some", _("Copy to …"), Icon.DUPLICATE),
            MenuEntry("usual", _("Use the usual times again"), Icon.RESUME),
        ]

    def _picked(self, key: str) -> None:
        if key == "usual":
            self.usual_asked.emit()
        elif key == "some":
            self._ask_days()
        else:
            days = self._weekdays if key == "weekdays" else range(7)
            self.copy_asked.emit([day for day in days if day != self._view.chosen])

    def _open(
        self, title: str, first: QWidget | None, parts: Sequence[QWidget], buttons: Sequence[Button]
    ) -> None:
        sheet = self._sheet
        assert sheet is not None
        for part in parts:
            sheet.body.addWidget(part)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in buttons:
            foot.addWidget(button)
        sheet.pin(foot)
        sheet.open(first)

    def _new_sheet(self, title: str) -> Sheet:
        sheet = Sheet(title, self.window(), self._look, width=480)
        sheet.closed.connect(self._sheet_closed)
        self._sheet = sheet
        return sheet

    def _sheet_closed(self) -> None:
        self._sheet = None

    def _ask_days(self) -> None:
        if self._sheet is not None:
            return
        title = _("Copy to which evenings?")
        sheet = self._new_sheet(title)
        tiles: dict[int, CheckTile] = {}
        for day in self._view.days:
            if day.number != self._view.chosen:
                tiles[day.number] = CheckTile(day.name, day.bedtime if day.on else _("off"))
        copy = Button(_("Copy"), Kind.PRIMARY)
        copy.setEnabled(False)

        def ticked(_on: bool) -> None:
            copy.setEnabled(any(tile.isChecked() for tile in tiles.values()))

        def chosen() -> None:
            days = [number for number, tile in tiles.items() if tile.isChecked()]
            sheet.finish()
            self.copy_asked.emit(days)

        for tile in tiles.values():
            tile.toggled.connect(ticked)
        copy.clicked.connect(chosen)
        self._open(title, next(iter(tiles.values())), list(tiles.values()), [copy])

    def _ask_pause(self) -> None:
        if self._sheet is not None or not self._view.nights:
            return
        title = _("Pause until …")
        sheet = self._new_sheet(title)
        sentence = Text(
            _("No reminders until that evening. Then they come again by themselves."), Role.BODY, "text2"
        )
        spans = ChipRow(_("How long"), self._view.spans)
        nights = DropDown(_("The first evening with reminders"), self._view.nights)
        pause = Button(_("Pause"), Kind.PRIMARY)

        def chosen() -> None:
            until = date.fromisoformat(nights.key)
            sheet.finish()
            self.pause_asked.emit(until)

        spans.chosen.connect(nights.choose)
        nights.chosen.connect(spans.choose)
        if self._view.spans:
            spans.choose(self._view.spans[0][0])
            nights.choose(self._view.spans[0][0])
        pause.clicked.connect(chosen)
        self._open(title, None, [sentence, spans, nights], [pause])

    def _add_own(self) -> None:
        self._ask_name(_("Add your own"), "", lambda name: self.own_added.emit(name), None)

    def _edit_own(self, item_id: str) -> None:
        name = next((item.name for item in self._view.items if item.id == item_id), "")
        self._ask_name(
            _("Change the name"),
            name,
            lambda new: self.own_renamed.emit(item_id, new),
            lambda: self.own_removed.emit(item_id),
        )

    def _ask_name(
        self, title: str, name: str, keep: Callable[[str], None], remove: Callable[[], None] | None
    ) -> None:
        if self._sheet is not None:
            return
        sheet = self._new_sheet(title)
        words = TextField(_("What is it?"), _("A warm bath"), limit=LONGEST_NAME)
        words.set_text(name)
        sentence = Text(
            _("It stands on every evening. Move it, or let it ring, as you like."), Role.SMALL, "text2"
        )
        save = Button(_("Add") if remove is None else _("Save"), Kind.PRIMARY)

        def done() -> None:
            typed = words.text().strip()
            if not typed:
                words.set_error(_("Give it a name, such as “A warm bath”."))
                words.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            sheet.finish()
            keep(typed)

        save.clicked.connect(done)
        words.line.returnPressed.connect(done)
        words.edited.connect(lambda _typed: words.set_error(""))
        buttons = [save]
        if remove is not None:
            away = Button(_("Remove"), Kind.GHOST, icon=Icon.TRASH)

            def removed() -> None:
                sheet.finish()
                remove()

            away.clicked.connect(removed)
            buttons = [away, save]
        self._open(title, words.line, [words, sentence], buttons)

    # ------------------------------------------------------------ keys and focus

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        again = (held == control and event.key() == Qt.Key.Key_Y) or (
            held == control | shift and event.key() == Qt.Key.Key_Z
        )
        if held == control and event.key() == Qt.Key.Key_Z:
            self.undo_asked.emit()
        elif again:
            self.redo_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        """The page itself never keeps the focus."""
        self.focus_first()

    def focus_first(self) -> None:
        """Put the focus on what the page is for."""
        first = self.week.chosen_tile if self._view.has_bedtime else self.first.begin
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_stops()
        self.focus_first()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._sheet is not None:
            self._sheet.finish()

    def _order_stops(self) -> None:
        """Tab goes in reading order, however late a row was made."""
        if not self.isVisible():
            return
        stops = [
            self.undo,
            self.skip,
            self.pause,
            self.quiet.button,
            self.missed.button,
            self.first.place,
            self.first.begin,
            *self.week.tiles,
            *self.evening.stops,
            self.snooze.minutes,
            self.snooze.times,
            *self.preview.stops,
        ]
        for one, after in pairwise(stops):
            QWidget.setTabOrder(one, after)

    # ------------------------------------------------------------ looks

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
        side = look.px(28 if narrow else 36)
        self._column.setContentsMargins(side, look.px(20 if narrow else 28), side, look.px(12))
        self._column.setSpacing(look.px(14))
        self._head.setSpacing(look.px(10))
        self._head.setContentsMargins(0, 0, 0, look.px(0 if narrow else 4))
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._cards.setDirection(below if narrow else beside)
        self._cards.setAlignment(self.preview, Qt.AlignmentFlag(0) if narrow else Qt.AlignmentFlag.AlignTop)
        self._cards.setSpacing(look.px(16))
        self._main.setSpacing(look.px(14))
        self.preview.set_narrow(narrow)
        if narrow:
            self.preview.setMinimumWidth(0)
            self.preview.setMaximumWidth(16_777_215)
        else:
            self.preview.setFixedWidth(look.px(340))
