"""The Tonight page: the plan for this evening with its length, its steps and one large Start.

It leaves out choosing, storing and running plans: it shows a TonightView and says what the user asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Protocol

from PySide6.QtCore import QLocale, QRect, QRectF, QSize, Qt, QTime, QTimer, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from coach.i18n import _, ngettext
from coach.ui.controls import (
    Button,
    Card,
    IconButton,
    KeyCap,
    Kind,
    Mark,
    RadioRow,
    ScrollArea,
    Sheet,
    Text,
    needed_width,
    pass_on,
)
from coach.ui.evening_card import BedtimeSheet, EveningCard, EveningView
from coach.ui.icons import Icon
from coach.ui.theme import Look, Role, Theme

__all__ = [
    "LatePictures",
    "Pictures",
    "PlanChoice",
    "StepLine",
    "TonightPage",
    "TonightView",
    "clock_text",
    "done_text",
    "greeting",
    "length_text",
    "step_text",
]

SETTLE_MS = 150
"""After a change of size alone, pictures are drawn anew when it has stopped changing for so long."""
SIDE_BY_SIDE = 1000
"""From this width on (px at scale 1) the evening stands beside the plan, otherwise it is a line below it."""
HIGH_ENOUGH = 720
"""From this height on (px at scale 1, without banners) the plan shows its steps; else a button does."""
EVENING_WIDTH, EVENING_SHARE = 328, 0.27
"""The evening beside the plan is at least so wide (px at scale 1), and has this share of a wide page."""


@dataclass(frozen=True)
class StepLine:
    """One step of the plan as a line: its name, "Both legs, 30 s" and its figure."""

    name: str
    detail: str = ""
    figure_id: str = ""


@dataclass(frozen=True)
class PlanChoice:
    """A plan that can be chosen: `length` in words, "15 minutes, 6 steps"."""

    id: str
    name: str
    length: str


@dataclass(frozen=True)
class TonightView:
    """All that the page shows, in the user's words.

    `muscles`, `postures` and `done_at` are left away when empty, and so is the way to relief right now
    without `restless`, its second line. While `waiting` there are more plans than `plans` names.
    `unfinished` asks whether to go on with a session that broke off. `error` says why nothing can be started,
    and what to do; without plans Start is off. Without an `evening` there is no card of it.
    """

    greeting: str
    subtitle: str = ""
    plan_id: str = ""
    plan_name: str = ""
    description: str = ""
    length: str = ""
    done_at: str = ""
    muscles: str = ""
    postures: str = ""
    figure_id: str = ""
    steps: tuple[StepLine, ...] = ()
    plans: tuple[PlanChoice, ...] = ()
    unfinished: str | None = None
    notices: tuple[str, ...] = ()
    error: str = ""
    restless: str = ""
    waiting: bool = False
    evening: EveningView | None = None


class Pictures(Protocol):
    """Where pictures of figures come from (ui.figure_view.Stills)."""

    def pixmap(
        self, figure_id: str | None, side: str | None, size: QSize, theme: Theme, *, ratio: float = 1.0
    ) -> QPixmap:
        """The held pose in `size` px on a transparent ground; empty when there is no such figure."""


class LatePictures:
    """Pictures from a source that is only made when the first one is wanted, after the first paint."""

    def __init__(self, make: Callable[[], Pictures]) -> None:
        self._make = make
        self._made: Pictures | None = None

    def pixmap(
        self, figure_id: str | None, side: str | None, size: QSize, theme: Theme, *, ratio: float = 1.0
    ) -> QPixmap:
        """As the source gives it."""
        if self._made is None:
            self._made = self._make()
        return self._made.pixmap(figure_id, side, size, theme, ratio=ratio)


# ---------------------------------------------------------------- words


def greeting(at: time) -> str:
    """The title for a local time of day."""
    if 5 <= at.hour < 12:
        return _("Good morning")
    if 12 <= at.hour < 17:
        return _("Good afternoon")
    # The small hours too: whoever is up then is not told how late it is.
    return _("Good evening")


def clock_text(at: time, locale: QLocale | None = None) -> str:
    """A time of day as the user's system writes it, "22:10" or "10:10 PM"."""
    words = (locale or QLocale.system()).toString(QTime(at.hour, at.minute), QLocale.FormatType.ShortFormat)
    return words.replace("\u202f", "\u00a0")


def done_text(at: time, locale: QLocale | None = None) -> str:
    """When the plan will be over if it is started now."""
    return _("Done at about {time}").format(time=clock_text(at, locale))


def length_text(seconds: float, steps: int) -> str:
    """The length of a plan in whole minutes, at least one, and its number of steps."""
    minutes = max(1, round(seconds / 60))
    length = ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    return _("{length}, {steps}").format(
        length=length, steps=ngettext("{n} step", "{n} steps", steps).format(n=steps)
    )


def step_text(sides: Sequence[str], seconds: int | None, rounds: int = 1) -> str:
    """Sides, seconds and rounds of a step: "Both legs, 30 s × 2". No seconds: it waits for the user."""
    which: dict[tuple[str, ...], str] = {("left",): _("Left leg"), ("right",): _("Right leg")}
    length = _("as long as you like") if seconds is None else _("{n} s").format(n=seconds)
    if seconds is not None and seconds >= 120 and seconds % 60 == 0:
        length = _("{n} min").format(n=seconds // 60)
    if rounds > 1:
        length = _("{length} × {rounds}").format(length=length, rounds=rounds)
    if not sides:
        return length[:1].upper() + length[1:]
    who = which.get(tuple(sides), _("Both legs"))
    return _("{sides}, {length}").format(sides=who, length=length)


# ---------------------------------------------------------------- parts


class _StepTile(QWidget):
    """One step: a small figure with its name below it, or with name and detail beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = StepLine("")
        self._look = Look()
        self._upright = False
        self._picture = QPixmap()

    def show_line(self, line: StepLine, *, upright: bool, look: Look) -> None:
        self._line, self._upright, self._look = line, upright, look
        words = f"{line.name}. {line.detail}" if line.detail else line.name
        self.setAccessibleName(words)
        self.setToolTip(words if upright else "")
        self.update()

    def thumb(self) -> QRect:
        look = self._look
        if self._upright:
            return QRect(0, 0, self.width(), look.px(70))
        height = min(max(look.px(60), self.height() - look.px(32)), look.px(76), self.height())
        box = QRect(0, (self.height() - height) // 2, height * 13 // 10, height)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            box.moveRight(self.width() - 1)
        return box

    def fill(self, pictures: Pictures) -> None:
        size = self.thumb().size()
        if self._line.figure_id and not size.isEmpty():
            ratio = self.devicePixelRatioF()
            inner = QSize(size.width() - 8, size.height() - 8)
            self._picture = pictures.pixmap(
                self._line.figure_id, "right", inner, self._look.theme, ratio=ratio
            )
        else:
            self._picture = QPixmap()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._look, self._look.theme
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        thumb = self.thumb()
        tile = QPainterPath()
        tile.addRoundedRect(QRectF(thumb), look.px(12), look.px(12))
        painter.fillPath(tile, theme.s2)
        if not self._picture.isNull():
            painter.drawPixmap(thumb.adjusted(4, 4, -4, -4), self._picture)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        leading = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = int(Qt.TextFlag.TextWordWrap) | int(leading) | int(Qt.AlignmentFlag.AlignAbsolute)
        name_font, detail_font = look.font(Role.SMALL_STRONG), look.font(Role.SMALL)
        if self._upright:
            room = QRect(0, thumb.bottom() + look.px(8), thumb.width(), self.height())
            painter.setPen(theme.text2)
            painter.setFont(detail_font)
            painter.drawText(QRectF(room), flags, self._line.name)
            painter.end()
            return
        left = thumb.width() + look.px(14)
        room = QRect(0 if mirrored else left, 0, self.width() - left, self.height())
        metrics = QFontMetrics(name_font)
        name = metrics.boundingRect(QRect(0, 0, room.width(), 10_000), flags, self._line.name).height()
        name = min(name, 2 * metrics.lineSpacing())
        detail = QFontMetrics(detail_font).lineSpacing() if self._line.detail else 0
        top = (self.height() - name - detail) / 2
        painter.setFont(name_font)
        painter.setPen(theme.text1)
        painter.drawText(QRectF(room.x(), top, room.width(), name), flags, self._line.name)
        painter.setFont(detail_font)
        painter.setPen(theme.text2)
        shown = QFontMetrics(detail_font).elidedText(
            self._line.detail, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(QRectF(room.x(), top + name, room.width() + 2, detail + 2), flags, shown)
        painter.end()


class _Steps(QWidget):
    """The steps of the plan as a strip of pictures: as many as fit, and how many more there are."""

    fitted = Signal()
    """How many fit may have changed."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._look = Look()
        self._lines: tuple[StepLine, ...] = ()
        self._more = Text("", Role.SMALL, "text2", parent=self)
        self._tiles: list[_StepTile] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: tuple[StepLine, ...]) -> None:
        if lines != self._lines:
            self._lines = lines
            self._place()

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        self.updateGeometry()
        self._place()

    def sizeHint(self) -> QSize:
        words = 3 * QFontMetrics(self._look.font(Role.SMALL)).lineSpacing()
        return QSize(self._look.px(400), self._look.px(70 + 8) + words)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), self.sizeHint().height())

    @property
    def count(self) -> int:
        return len(self._lines)

    @property
    def shows_all(self) -> bool:
        return self._more.isHidden()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        look = self._look
        total = len(self._lines)
        # A narrow strip rather shows all steps in small tiles than some of them in large ones.
        gap, least = look.px(10), look.px(86)
        room = max(1, (self.width() + gap) // (least + gap))
        count = total if total <= room else room - 1
        seen = max(1, min(total, room))
        width = min(look.px(128), max(least, (self.width() + gap) // seen - gap))
        if seen > 1:
            gap = min(look.px(44), (self.width() - seen * width) // (seen - 1))
        slots = [QRect(n * (width + gap), 0, width, self.height()) for n in range(count)]
        more = QRect(count * (width + gap), 0, width, look.px(70))
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            for one in (*slots, more):
                one.moveLeft(self.width() - one.right() - 1)
        while len(self._tiles) < len(slots):
            self._tiles.append(_StepTile(self))
        for number, tile in enumerate(self._tiles):
            tile.setVisible(number < len(slots))
            if number < len(slots):
                tile.show_line(self._lines[number], upright=True, look=look)
                tile.setGeometry(slots[number])
        left_out = total - len(slots)
        self._more.setVisible(left_out > 0)
        self._more.setText(ngettext("and {n} more", "and {n} more", left_out).format(n=left_out))
        self._more.setGeometry(more)
        self.fitted.emit()

    def fill(self) -> None:
        """Fetch the pictures of the steps that are on show."""
        for tile in self._tiles:
            if not tile.isHidden():
                tile.fill(self._pictures)


class _StepRow(_StepTile):
    """A step in the list of all steps; a long list is walked through by the keyboard."""

    def __init__(self, line: StepLine, parent: QWidget) -> None:
        super().__init__(parent)
        self._of = line
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self.show_line(self._of, upright=False, look=look)
        lines = 3 * QFontMetrics(look.font(Role.SMALL)).lineSpacing()
        self.setFixedHeight(max(look.px(76), lines + look.px(8)))


class _Bullet(QWidget):
    """An icon and a few words."""

    def __init__(self, icon: Icon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = Mark(icon, "text2", side=20)
        self.words = Text("", Role.BODY, "text2")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._mark)
        self._row.addWidget(self.words, 1)

    def set_look(self, look: Look) -> None:
        self._row.setSpacing(look.px(10))
        pass_on(look, self)
        self._hold_width(look)

    def _hold_width(self, look: Look) -> None:
        # A label breaks words that fill it to the px.
        words = needed_width(self.words.text(), look.font(Role.BODY)) + 4
        self.words.setMinimumWidth(min(words, look.px(230)))

    def inked(self) -> int:
        """The width in px up to the end of the words."""
        longest = needed_width(self.words.text(), self.words.font())
        return self._mark.width() + self._row.spacing() + min(longest, self.words.width())

    def show_words(self, words: str, look: Look) -> None:
        self.words.setText(words)
        self._hold_width(look)
        self.setVisible(bool(words))


class _PlanCard(Card):
    """Tonight's plan with its figure and Start."""

    pictures_wanted = Signal(int)
    """The figure is not the one that should be seen; draw it in so many milliseconds."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._pictures = pictures
        self._figure_id = ""
        self._picture = QPixmap()
        self._picture_of: tuple[str, QSize, str] | None = None
        self.painted = False
        self.title = Text(_("Tonight’s plan"), Role.SMALL, "text3", wrap=False)
        self.name = Text("", Role.PLAN)
        self.length = Text("", Role.BODY, "text2")
        self.muscles = _Bullet(Icon.LEG)
        self.postures = _Bullet(Icon.BED)
        self.done = _Bullet(Icon.CLOCK)
        self.start = Button(
            _("Start"), Kind.PRIMARY, icon=Icon.PLAY, role=Role.START, size=QSize(250, 80), radius=20
        )
        self.start.setAccessibleDescription(_("Key: {key}").format(key=_("Enter")))
        self.enter = KeyCap(_("Enter"))
        self.change = Button(_("Change plan"), Kind.OUTLINE, key="P", size=QSize(0, 44))
        self.all_steps = IconButton(Icon.PLANS, _("Show the steps"), Kind.GHOST)
        self.steps = _Steps(pictures, self)
        self.steps.fitted.connect(self._offer_steps)
        words = QVBoxLayout()
        words.setSpacing(0)
        for line in (self.title, self.name, self.length):
            words.addWidget(line)
        self.head = QHBoxLayout()
        self.head.addLayout(words, 1)
        self.head.addWidget(self.all_steps, 0, Qt.AlignmentFlag.AlignTop)
        self.head.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)
        self.bullets = QVBoxLayout()
        for one in (self.muscles, self.postures, self.done):
            self.bullets.addWidget(one)
        self.bullets.addStretch(1)
        self.foot = QHBoxLayout()
        self.foot.addWidget(self.start)
        self.foot.addWidget(self.enter)
        self.foot.addStretch(1)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(0)
        self.column.addLayout(self.head)
        self._above_bullets = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.column.addItem(self._above_bullets)
        # The figure stands at the right of the words.
        beside = QHBoxLayout()
        beside.addLayout(self.bullets, 1)
        beside.addStretch(1)
        self.column.addLayout(beside)
        self.column.addStretch(1)
        self.column.addLayout(self.foot)
        self._above_steps = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.column.addItem(self._above_steps)
        self.column.addWidget(self.steps)

    def show_plan(self, view: TonightView) -> None:
        look = self.look
        self.name.setText(view.plan_name or _("No plan yet"))
        missing = "" if view.plan_name else _("Choose a plan and it will be shown here.")
        self.length.setText(view.length or missing)
        self.length.setVisible(bool(self.length.text()))
        for bullet, words in (
            (self.muscles, view.muscles),
            (self.postures, view.postures),
            (self.done, view.done_at),
        ):
            bullet.show_words(words, look)
        ready = bool(view.plan_name) and not view.error
        self.start.setEnabled(ready)
        self.enter.setVisible(ready)
        if not ready or self.start.toolTip():
            self.start.setToolTip("" if ready else view.error or _("There is no plan to start."))
        self.change.setVisible(view.waiting or len(view.plans) > 1 or (not ready and bool(view.plans)))
        self._figure_id = view.figure_id
        self.steps.show_lines(view.steps)
        self.setAccessibleName(view.plan_name)
        self.setAccessibleDescription(view.description)
        self.update()

    def set_strip(self, shown: bool) -> None:
        """Show the steps as a strip, or else only the way to them."""
        self.steps.setVisible(shown and self.steps.count > 0)
        self._offer_steps()
        self._space()

    def _offer_steps(self) -> None:
        hidden = self.steps.isHidden() or not self.steps.shows_all
        self.all_steps.setVisible(hidden and self.steps.count > 0)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._space()

    def _space(self) -> None:
        look = self.look
        strip = not self.steps.isHidden()
        self.column.setContentsMargins(look.px(32), look.px(26), look.px(24), look.px(20 if strip else 32))
        self.bullets.setSpacing(look.px(8))
        self.foot.setSpacing(look.px(22))
        self.foot.setContentsMargins(0, look.px(20), 0, 0)
        self.head.setSpacing(look.px(12))
        fixed = QSizePolicy.Policy.Fixed
        self._above_bullets.changeSize(0, look.px(12), QSizePolicy.Policy.Minimum, fixed)
        self._above_steps.changeSize(0, look.px(24 if strip else 0), QSizePolicy.Policy.Minimum, fixed)
        self.column.invalidate()
        self.update()

    def stage(self) -> QRect:
        """Where the figure stands: at the right of the words, above the steps."""
        look = self.look
        whole = self.rect()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft

        def end(widget: QWidget, inked: int) -> int:
            at = widget.geometry()
            return (whole.width() - at.right() if mirrored else at.left()) + inked

        lines = [one for one in (self.muscles, self.postures, self.done) if one.isVisible()]
        words = max((end(one, one.inked()) for one in lines), default=0)
        row = max(words, end(self.enter, self.enter.width()))
        top = self.change.geometry().bottom() + look.px(8)
        bottom = whole.height() - look.px(24)
        if not self.steps.isHidden():
            bottom = self.steps.geometry().top() - look.px(12)
        least = whole.width() * 42 // 100
        right = whole.width() - look.px(28)
        # Beside the row with Start, or further out and above it: a figure leaves its lower corner free.
        above = max(words + look.px(20), end(self.start, self.start.width()) + look.px(12), least)
        low = self.start.geometry().center().y()
        beside = max(row + look.px(20), least)
        places = [
            QRect(beside, top, right - beside, bottom - top),
            QRect(above, top, right - above, min(bottom, low) - top),
        ]
        where = max(places, key=lambda one: min(one.width(), one.height() * 13 // 10))
        if mirrored:
            where.moveLeft(whole.width() - where.right() - 1)
        # Broad enough for the whole mat.
        spare = where.height() - where.width() * 10 // 13
        if spare > 0:
            where.adjust(0, spare // 2, 0, spare // 2 - spare)
        return where

    def fill(self) -> None:
        """Fetch the figure in its present size."""
        where = self.stage()
        key = (self._figure_id, where.size(), self.look.theme.name)
        if not self._figure_id or where.width() < 120 or where.height() < 100:
            self._picture, self._picture_of = QPixmap(), key
        elif key != self._picture_of:
            self._picture = self._pictures.pixmap(
                self._figure_id, "right", where.size(), self.look.theme, ratio=self.devicePixelRatioF()
            )
            self._picture_of = key
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted = True
        where = self.stage()
        wanted = (self._figure_id, where.size(), self.look.theme.name)
        if self._picture_of != wanted:
            same = self._picture_of is not None and self._picture_of[::2] == wanted[::2]
            self.pictures_wanted.emit(SETTLE_MS if same else 0)
        if self._picture.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = (self._picture.size() / self._picture.devicePixelRatio()).scaled(
            where.size(), Qt.AspectRatioMode.KeepAspectRatio
        )
        box = QRect(where.topLeft(), size)
        box.moveCenter(where.center())
        painter.drawPixmap(box, self._picture)
        painter.end()


class _Banner(Card):
    """An icon, a sentence, and what can be done about it."""

    def __init__(self, icon: Icon, ink: str, token: str, parent: QWidget | None = None) -> None:
        super().__init__(token, radius=16, parent=parent)
        self._mark = Mark(icon, ink)
        self.words = Text("", Role.BODY, "text1")
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row = QHBoxLayout()
        row.addWidget(self._mark)
        row.addWidget(self.words, 1)
        self._row = row
        self._box.addLayout(row, 1)
        self.buttons = QHBoxLayout()
        self._box.addLayout(self.buttons)

    def set_stacked(self, stacked: bool) -> None:
        """Put the buttons below the words."""
        self._box.setDirection(
            QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        )

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._box.setContentsMargins(look.px(20), look.px(12), look.px(16), look.px(12))
        self._box.setSpacing(look.px(12))
        self._row.setSpacing(look.px(14))
        self.buttons.setSpacing(look.px(14))


class _Relief(Card):
    """The way to what helps right now, for those who cannot wait for the evening's plan."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._words = QVBoxLayout()
        self._words.setSpacing(0)
        self._title = Text(_("Legs restless right now?"), Role.SECTION)
        self._words.addWidget(self._title)
        self.detail = Text("", Role.SMALL, "text2")
        self._words.addWidget(self.detail)
        self.restless = Button(_("Relief now"), Kind.OUTLINE, key="R", size=QSize(0, 52))
        self.cramp = Button(_("Cramp now"), Kind.GHOST, key="C", size=QSize(0, 52))
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.addLayout(self._words, 1)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.cramp)
        self._buttons.addWidget(self.restless, 1)
        self._row.addLayout(self._buttons)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._form()

    def show_detail(self, words: str) -> None:
        """Say what relief is like."""
        if words != self.detail.text():
            self.detail.setText(words)
            self._form()

    def _form(self) -> None:
        """Side by side only where every word has its place: a cut "Cramp now" helps nobody."""
        words = max(needed_width(one.text(), one.font()) for one in (self._title, self.detail))
        buttons = (self.cramp.sizeHint().width(), self.restless.sizeHint().width())
        margins = self._row.contentsMargins()
        gaps = self._row.spacing() + self._buttons.spacing() + margins.left() + margins.right()
        stacked = self.width() < words + sum(buttons) + gaps + 4
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._row.setDirection(below if stacked else beside)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._row.setContentsMargins(look.px(28), look.px(14), look.px(20), look.px(14))
        self._row.setSpacing(look.px(12))
        self._buttons.setSpacing(look.px(12))
        for button in (self.cramp, self.restless):
            button.setMinimumWidth(button.sizeHint().width())
        self._form()


# ---------------------------------------------------------------- the page


class TonightPage(QWidget):
    """Shows tonight's plan and tells what the user asks for; it keeps no clock.

    The app calls `show_tonight` again when something changed, and once a minute while the page is visible.
    """

    start_asked = Signal(str)
    """The id of the plan on show."""
    plan_chosen = Signal(str)
    go_on_asked = Signal()
    go_on_declined = Signal()
    restless_asked = Signal()
    cramp_asked = Signal()
    evening_change_asked = Signal()
    item_ticked = Signal(str, bool)
    """The id of an item of tonight's evening, and whether it is done."""
    bedtime_set = Signal(object)
    """The first bedtime, for every evening: a datetime.time."""
    skip_asked = Signal()
    """No more reminders tonight."""
    quiet_undone = Signal()
    pause_ended = Signal()
    missed_seen = Signal()
    """The notice about a reminder that was missed was put away."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._view = TonightView("")
        self._narrow: bool | None = None
        self._begun = False
        self._chained: list[QWidget] = []
        self._sheet: Sheet | None = None
        self._content = QWidget()
        self._title = Text("", Role.TITLE)
        self._subtitle = Text("", Role.BODY, "text2")
        self._head = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._subtitle)
        self._go_on = _Banner(Icon.RESUME, "accent", "soft")
        self._yes = Button(_("Go on"), Kind.SECONDARY, size=QSize(0, 44))
        self._no = Button(_("Start afresh"), Kind.GHOST, size=QSize(0, 44))
        self._go_on.buttons.addWidget(self._yes)
        self._go_on.buttons.addWidget(self._no)
        self._go_on.buttons.addStretch(1)
        self._error = _Banner(Icon.WARNING, "error", "error_bg")
        self._notice = _Banner(Icon.NOTE, "text2", "s1")
        self._notice.words.set_token("text2")
        self._missed = _Banner(Icon.BELL_OFF, "text2", "s1")
        self._seen = IconButton(Icon.CLOSE, _("Put this away"), Kind.GHOST)
        self._missed.buttons.addWidget(self._seen)
        self._pictures = pictures
        self._plan = _PlanCard(pictures, self._content)
        self._relief = _Relief(self._content)
        self._evening = EveningCard(self._content)
        self._evening.hide()
        self._main = QVBoxLayout()
        self._main.addWidget(self._plan, 1)
        self._main.addWidget(self._relief)
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.addLayout(self._main, 1)
        self._cards.addWidget(self._evening)
        self._column = QVBoxLayout(self._content)
        self._column.addLayout(self._head)
        for banner in self._banners():
            banner.hide()
            self._column.addWidget(banner)
        self._column.addLayout(self._cards, 1)
        self._scroll = ScrollArea(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self._filling = QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.timeout.connect(self._fill)
        self._plan.pictures_wanted.connect(self._filling.start)
        self._plan.start.clicked.connect(self._start)
        self._plan.change.clicked.connect(self.choose_plan)
        self._plan.all_steps.clicked.connect(self.show_steps)
        self._yes.clicked.connect(self.go_on_asked)
        self._no.clicked.connect(self.go_on_declined)
        self._relief.restless.clicked.connect(self.restless_asked)
        self._relief.cramp.clicked.connect(self.cramp_asked)
        self._seen.clicked.connect(self.missed_seen)
        self._evening.change_asked.connect(self.evening_change_asked)
        self._evening.item_ticked.connect(self.item_ticked)
        self._evening.bedtime_asked.connect(self.set_bedtime)
        self._evening.skip_asked.connect(self.skip_asked)
        self._evening.quiet_undone.connect(self.quiet_undone)
        self._evening.pause_ended.connect(self.pause_ended)
        self.setFocusProxy(self._plan.start)
        self._arrange()

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        same_light = look.theme == self._look.theme
        self._look = look
        self._scroll.set_look(look)
        pass_on(look, self._content)
        self._narrow = None
        self._arrange()
        if self._sheet is not None:
            self._sheet.set_look(look)
        self._filling.start(SETTLE_MS if same_light else 0)

    def show_tonight(self, view: TonightView) -> None:
        """Show `view` from now on."""
        if view == self._view:
            return
        self._view = view
        self._title.setText(view.greeting)
        self._subtitle.setText(view.subtitle)
        self._subtitle.setVisible(bool(view.subtitle))
        self._go_on.setVisible(view.unfinished is not None)
        self._go_on.words.setText(view.unfinished or "")
        self._error.setVisible(bool(view.error))
        self._error.words.setText(view.error)
        self._notice.setVisible(bool(view.notices))
        self._notice.words.setText("\n".join(view.notices))
        self._plan.show_plan(view)
        self._relief.show_detail(view.restless)
        self._relief.setVisible(bool(view.restless))
        self._evening.setVisible(view.evening is not None)
        if view.evening is not None:
            self._evening.show_evening(view.evening)
            self._chain()
        self._missed.setVisible(view.evening is not None and bool(view.evening.missed))
        self._missed.words.setText(view.evening.missed if view.evening is not None else "")
        self._show_steps()
        self._filling.start(0)

    def _banners(self) -> tuple[_Banner, ...]:
        return self._go_on, self._error, self._notice, self._missed

    def _show_steps(self) -> None:
        """The steps need a window that is high enough, with what has to be said first."""
        said = [banner for banner in self._banners() if not banner.isHidden()]
        taken = sum(banner.sizeHint().height() + self._column.spacing() for banner in said)
        high = self.height() - taken >= HIGH_ENOUGH * self._look.factor
        self._plan.set_strip(high)

    def choose_plan(self) -> None:
        """Open the list of plans; nothing changes unless one is picked."""
        if self._sheet is not None or not self._view.plans:
            return
        sheet = Sheet(_("Plan for tonight"), self.window(), self._look)
        rows: list[RadioRow] = []
        for plan in self._view.plans:
            row = RadioRow(plan.name, plan.length, token="field")
            # Arrows move along the list; only Enter, Space or a click picks.
            row.setAutoExclusive(False)
            row.setChecked(plan.id == self._view.plan_id)
            row.clicked.connect(lambda _on=False, picked=plan.id: self._pick(picked))
            sheet.body.addWidget(row)
            rows.append(row)
        sheet.body.addStretch(1)
        self._open(sheet, next((row for row in rows if row.isChecked()), rows[0]))

    def show_steps(self) -> None:
        """Open the list of all steps of the plan."""
        if self._sheet is not None or not self._view.steps:
            return
        sheet = Sheet(self._view.plan_name, self.window(), self._look)
        rows: list[_StepRow] = []
        for line in self._view.steps:
            row = _StepRow(line, sheet)
            sheet.body.addWidget(row)
            rows.append(row)
        sheet.body.addStretch(1)
        self._open(sheet, None)
        for row in rows:
            row.fill(self._pictures)

    def set_bedtime(self) -> None:
        """Ask for the first bedtime; nothing is set unless it is confirmed."""
        evening = self._view.evening
        if self._sheet is not None or evening is None:
            return
        sheet = BedtimeSheet(evening.bedtime, evening.promise, self.window(), self._look)
        sheet.chosen.connect(self.bedtime_set)
        self._open(sheet, sheet.first)

    def _open(self, sheet: Sheet, first: QWidget | None) -> None:
        sheet.closed.connect(self._sheet_closed)
        self._sheet = sheet
        sheet.open(first)

    def _pick(self, plan_id: str) -> None:
        if self._sheet is not None:
            self._sheet.finish()
        if plan_id != self._view.plan_id:
            self.plan_chosen.emit(plan_id)

    def _sheet_closed(self) -> None:
        self._sheet = None

    def _start(self) -> None:
        if self._plan.start.isEnabled():
            self.start_asked.emit(self._view.plan_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._start()
        elif plain and event.key() == Qt.Key.Key_P:
            self.choose_plan()
        elif plain and event.key() == Qt.Key.Key_R and self._view.restless:
            self.restless_asked.emit()
        elif plain and event.key() == Qt.Key.Key_C and self._view.restless:
            self.cramp_asked.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._begun:
            # What changed while the page was hidden.
            self._filling.start(0)
        else:
            self._begun = True
            # Only now are all of them in one window.
            self._chained = []
            self._chain()
            first = self._plan.start if self._plan.start.isEnabled() else self._plan.change
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._sheet is not None:
            self._sheet.finish()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < SIDE_BY_SIDE * self._look.factor
        self._go_on.set_stacked(self.width() < 760 * self._look.factor)
        if not narrow:
            share = round(self.width() * EVENING_SHARE)
            self._evening.setFixedWidth(max(self._look.px(EVENING_WIDTH), share))
        if narrow == self._narrow:
            self._show_steps()
            return
        self._narrow = narrow
        look = self._look
        side = look.px(28 if narrow else 36)
        self._column.setContentsMargins(
            side, look.px(20 if narrow else 28), side, look.px(28 if narrow else 32)
        )
        self._column.setSpacing(look.px(14 if narrow else 16))
        beside = QBoxLayout.Direction.LeftToRight
        below = QBoxLayout.Direction.TopToBottom
        self._head.setDirection(beside if narrow else below)
        self._head.setSpacing(look.px(16 if narrow else 0))
        self._head.setContentsMargins(0, 0, 0, look.px(0 if narrow else 8))
        self._subtitle.setWordWrap(not narrow)
        self._cards.setSpacing(look.px(16))
        self._main.setSpacing(look.px(14 if narrow else 16))
        # Beside the plan, or between it and the way to relief.
        self._cards.removeWidget(self._evening)
        self._main.removeWidget(self._evening)
        if narrow:
            self._main.insertWidget(1, self._evening)
            self._evening.setMinimumWidth(0)
            self._evening.setMaximumWidth(16_777_215)
        else:
            self._cards.addWidget(self._evening)
        self._evening.set_narrow(narrow)
        self._show_steps()
        self._chain()

    def _chain(self) -> None:
        """Tab goes from top to bottom, then from left to right; what has to be said comes before the plan."""
        plan = [self._plan.all_steps, self._plan.change]
        said = [self._yes, self._no, self._seen]
        relief = [self._relief.cramp, self._relief.restless]
        evening = self._evening.stops
        order = [*plan, *evening, *relief] if self._narrow else [*plan, *relief, *evening]
        order = [*said, self._plan.start, *order]
        if order == self._chained:
            return
        self._chained = order
        for one, after in pairwise(order):
            QWidget.setTabOrder(one, after)

    def _fill(self) -> None:
        # The first picture of the window does not wait for the figures: painting it asks for them.
        if self.isVisible() and self._plan.painted:
            self._plan.fill()
            self._plan.steps.fill()
