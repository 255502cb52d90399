"""Bringing in a plan file: a preview of a good one, and one sentence about what is wrong with a broken one.

It leaves out reading and storing files: it shows a PreviewView or a BrokenView and says what the user wants.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from coach.domain.timeline import Timeline
from coach.i18n import _, ngettext, render
from coach.services.ports import PlanFileError, Preview
from coach.ui.controls import Button, Card, IconButton, Kind, Mark, ScrollArea, Text, pass_on
from coach.ui.icons import Icon, paint_icon
from coach.ui.plan_rows import Flow
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import length_text, step_text

__all__ = ["BrokenView", "ImportPage", "PreviewView", "Slip", "broken_view", "preview_view"]

SIDE_BY_SIDE = 1000
"""From this width on (px at scale 1) the steps stand beside the rest, otherwise below it."""
_MOST_STEPS = 40
_MOST_SLIPS = 6


@dataclass(frozen=True)
class Slip:
    """One thing that is wrong: the line (from 1; 0 where none can be named) and a sentence.

    `around` are that line and those near it with their numbers; `mark` is the first and the last column
    (exclusive) of what is wrong in it.
    """

    line: int
    sentence: str
    around: tuple[tuple[int, str], ...] = ()
    mark: tuple[int, int] | None = None


@dataclass(frozen=True)
class BrokenView:
    """A file that cannot be brought in: what is wrong with it, and its steps (name, is it fine).

    `there`: it is a file that can be opened elsewhere.
    """

    path: Path
    slips: tuple[Slip, ...]
    steps: tuple[tuple[str, bool], ...] = ()
    there: bool = True


@dataclass(frozen=True)
class PreviewView:
    """A plan that could be brought in. `steps` are names and details, `lost` what cannot be taken over.

    `replaces` is the name of the plan that Import would replace. `source` names the program that wrote the
    file, "" when it is one of ours. `place` is for several files: "2 of 3".
    """

    path: Path
    name: str
    length: str = ""
    description: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    lost: tuple[str, ...] = ()
    replaces: str = ""
    source: str = ""
    place: str = ""


def broken_view(error: PlanFileError, path: Path, *, there: bool = True) -> BrokenView:
    """What the page shows of a file that cannot be used; `there`: it is at least a file."""
    slips = [Slip(one.line_number, render(one.text), one.around, one.mark) for one in error.problems]
    return BrokenView(path, tuple(slips), tuple(error.steps), there)


def preview_view(preview: Preview, timeline: Timeline, *, replaces: str = "", place: str = "") -> PreviewView:
    """What the page shows of a file that can be brought in; `timeline` is the plan laid out."""
    plan = preview.plan
    exercises = {segment.step: segment.exercise for segment in timeline.segments}
    steps: list[tuple[str, str]] = []
    for number, step in enumerate(plan.steps):
        exercise = exercises[number]
        sides = [side.value for side in step.sides] if exercise.sided else []
        seconds = None if step.wait else step.seconds or exercise.seconds
        steps.append((_(exercise.name), step_text(sides, seconds, step.rounds)))
    source = "" if preview.source == Preview.source else preview.source
    return PreviewView(
        preview.path,
        plan.name,
        length_text(timeline.seconds, len(plan.steps)),
        plan.description,
        tuple(steps),
        tuple(render(line) for line in preview.lost),
        replaces,
        source,
        place,
    )


# ---------------------------------------------------------------- parts


class _Badge(QWidget):
    """An icon on a tile of 56 px."""

    def __init__(self, icon: Icon, ink: str, face: str) -> None:
        super().__init__()
        self._icon, self._ink, self._face = icon, ink, face
        self._look = Look()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFixedSize(look.px(56), look.px(56))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._look, self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(getattr(theme, self._face))
        painter.drawRoundedRect(QRectF(self.rect()), look.px(16), look.px(16))
        side = look.px(28)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        paint_icon(painter, self._icon, box, getattr(theme, self._ink))
        painter.end()


class _Sentence(QWidget):
    """A sentence in large type whose beginning ("Line 14.") is bold and in the colour of errors."""

    def __init__(self, lead: str, words: str) -> None:
        super().__init__()
        self._lead, self._words = lead, words
        self._look = Look()
        self.setAccessibleName(f"{lead} {words}".strip())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def _laid(self, width: int) -> tuple[QTextLayout, float]:
        look = self._look
        text = f"{self._lead} {self._words}" if self._lead else self._words
        layout = QTextLayout(text, look.font(Role.LEAD))
        if self._lead:
            bold = QTextCharFormat()
            bold.setFont(look.font(Role.CARD_TITLE))
            bold.setForeground(look.theme.error)
            span = QTextLayout.FormatRange()
            span.start, span.length, span.format = 0, len(self._lead), bold
            layout.setFormats([span])
        leading = QFontMetrics(look.font(Role.LEAD)).height() * 0.12
        y = 0.0
        layout.beginLayout()
        line = layout.createLine()
        while line.isValid():
            line.setLineWidth(max(width, 40))
            line.setPosition(QPointF(0, y))
            y += line.height() + leading
            line = layout.createLine()
        layout.endLayout()
        return layout, y - leading

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._laid(width)[1]) + 4

    def sizeHint(self) -> QSize:
        width = self._look.px(560)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(200), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._look.theme.text1)
        self._laid(self.width())[0].draw(painter, QPointF(0, 0))
        painter.end()


class _Code(QWidget):
    """Lines of the file with their numbers; the wrong one is marked and what is wrong in it underlined."""

    def __init__(self, slip: Slip) -> None:
        super().__init__()
        self._slip = slip
        self._look = Look()
        lines = [_("Line {n}: {text}").format(n=number, text=text) for number, text in slip.around]
        self.setAccessibleName(_("The lines around it"))
        self.setAccessibleDescription("\n".join(lines))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFixedHeight(len(self._slip.around) * self._row() + 2 * look.px(12))
        self.update()

    def _font(self, *, bold: bool = False) -> QFont:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(max(13, self._look.px(15)))
        font.setBold(bold)
        return font

    def _row(self) -> int:
        return max(self._look.px(32), QFontMetrics(self._font()).height() + self._look.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme, slip = self._look, self._look.theme, self._slip
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.bg)
        painter.drawRoundedRect(QRectF(self.rect()), look.px(16), look.px(16))
        font, bold = self._font(), self._font(bold=True)
        metrics = QFontMetrics(font)
        each = metrics.horizontalAdvance("0")
        digits = max((len(str(number)) for number, _text in slip.around), default=1)
        gutter = look.px(28) + digits * QFontMetrics(bold).horizontalAdvance("0") + look.px(24)
        room = self.width() - gutter - look.px(20)
        # A mark far out in a long line is brought into sight.
        shift = 0
        fits = max(room // max(each, 1), 8)
        if slip.mark is not None and slip.mark[1] > fits - 2:
            shift = max(slip.mark[0] - fits // 2, 0)
        y, row = look.px(12), self._row()
        for number, text in slip.around:
            wrong = number == slip.line
            box = QRect(look.px(10), y, self.width() - look.px(20), row)
            if wrong:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.error_bg)
                painter.drawRoundedRect(QRectF(box), look.px(8), look.px(8))
            painter.setPen(theme.error if wrong else theme.text3)
            painter.setFont(bold if wrong else font)
            painter.drawText(QRect(look.px(28), y, gutter, row), Qt.AlignmentFlag.AlignVCenter, str(number))
            painter.setFont(font)
            painter.setPen(theme.text1 if wrong else theme.text3)
            shown = text.replace("\t", "    ") if slip.mark is None else text.replace("\t", " ")
            if shift:
                shown = "…" + shown[shift + 1 :]
            elided = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room)
            where = QRect(gutter, y, room + 4, row)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), elided)
            if wrong and slip.mark is not None:
                first, last = (max(column - shift, 0) for column in slip.mark)
                left = gutter + metrics.horizontalAdvance(shown[:first])
                right = gutter + metrics.horizontalAdvance(shown[: max(last, first + 1)])
                under = y + (row + metrics.height()) // 2
                painter.setPen(QPen(theme.error, 2))
                painter.drawLine(left, under, min(right, gutter + room), under)
            y += row
        painter.end()


class _Item(QWidget):
    """An icon and a line or two of words."""

    def __init__(self, icon: Icon, ink: str, name: str, detail: str = "", *, spoken: str = "") -> None:
        super().__init__()
        self._mark = Mark(icon, ink, side=20)
        self._name = Text(name, Role.BODY_MEDIUM)
        self._name.setAccessibleName(spoken or name)
        self._detail = Text(detail, Role.SMALL, "text2")
        self._detail.setVisible(bool(detail))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._detail)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(words, 1)

    def set_look(self, look: Look) -> None:
        pass_on(look, self)
        # In line with the first line of the words.
        self._mark.setFixedHeight(QFontMetrics(look.font(Role.BODY_MEDIUM)).height())
        self._row.setContentsMargins(0, look.px(3), 0, look.px(3))
        self._row.setSpacing(look.px(12))


def _line_words(slip: Slip) -> str:
    return _("Line {n}.").format(n=slip.line) if slip.line else ""


# ---------------------------------------------------------------- the page


class ImportPage(QWidget):
    """Shows one file at a time: a preview of a good plan, or what is wrong with a broken one."""

    import_asked = Signal()
    """Bring the plan on show in, in place of the one it replaces, if there is one."""
    copy_asked = Signal()
    """Bring it in under a name of its own."""
    another_asked = Signal()
    """Another file is to be chosen."""
    open_asked = Signal(object)
    """The path: open the file in whatever edits it."""
    report_asked = Signal(str)
    """All problems as text, for the clipboard."""
    left = Signal()
    """The user is done here; nothing was imported."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._view: PreviewView | BrokenView | None = None
        self._open = 0
        self._narrow: bool | None = None
        self._first: Button | None = None
        self._back = IconButton(Icon.LEFT, _("Back to the plans"))
        self._back.clicked.connect(self.left)
        self._title = Text(_("Import a plan"), Role.TITLE, wrap=False)
        self._place = Text("", Role.BODY, "text2", wrap=False)
        self._head = QHBoxLayout()
        self._head.addWidget(self._back)
        self._head.addWidget(self._title)
        self._head.addStretch(1)
        self._head.addWidget(self._place)
        self._main = Card()
        self._side = Card()
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.addWidget(self._main, 1)
        self._cards.addWidget(self._side)
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.addLayout(self._head)
        self._column.addLayout(self._cards)
        self._column.addStretch(1)
        self._scroll = ScrollArea(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

    # ------------------------------------------------------------ what is shown

    def show_preview(self, view: PreviewView) -> None:
        """Show a plan that can be brought in."""
        self._view = view
        self._fill()

    def show_broken(self, view: BrokenView) -> None:
        """Show what is wrong with a file, the first slip in full."""
        self._view = view
        self._open = 0
        self._fill()

    def _fill(self) -> None:
        main, side = QVBoxLayout(), QVBoxLayout()
        if isinstance(self._view, PreviewView):
            self._place.setText(self._view.place)
            self._fill_preview(self._view, main, side)
        elif self._view is not None:
            self._place.setText("")
            self._fill_broken(self._view, main, side)
        for card, column in ((self._main, main), (self._side, side)):
            # What is put into a card that can be seen is shown only some time later.
            card.hide()
            _empty(card)
            card.setLayout(column)
            card.set_look(self._look)
        self._main.show()
        self._side.setVisible(bool(self._view and self._view.steps))
        self._narrow = None
        self._arrange()
        self._scroll.verticalScrollBar().setValue(0)
        if self._first is not None:
            self.setFocusProxy(self._first)
            if self.isVisible():
                # Once it has its place: the ring of the focus follows what it can see.
                first = self._first
                QTimer.singleShot(0, first, lambda: first.setFocus(Qt.FocusReason.OtherFocusReason))

    def _heading(
        self, column: QVBoxLayout, badge: _Badge, title: str, detail: str, icon: Icon = Icon.FILE
    ) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(title, Role.START))
        under = QHBoxLayout()
        under.setSpacing(8)
        under.addWidget(Mark(icon, "text2", side=18))
        under.addWidget(Text(detail, Role.BODY, "text2"), 1)
        words.addLayout(under)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        column.addLayout(row)
        column.addSpacing(8)

    def _fill_broken(self, view: BrokenView, main: QVBoxLayout, side: QVBoxLayout) -> None:
        count = len(view.slips)
        title = ngettext("This plan has one mistake", "This plan has {n} mistakes", count).format(n=count)
        if not view.steps and not any(slip.line for slip in view.slips):
            # Too large, not to be opened, of another kind: there is no plan to find mistakes in.
            title = _("This file cannot be imported")
        self._heading(main, _Badge(Icon.WARNING, "error", "error_bg"), title, view.path.name)
        slip = view.slips[min(self._open, count - 1)] if view.slips else Slip(0, "")
        main.addWidget(_Sentence(_line_words(slip), slip.sentence))
        if slip.around:
            main.addWidget(_Code(slip))
        others = [(number, one) for number, one in enumerate(view.slips) if one is not slip]
        if others:
            main.addWidget(Text(_("Also wrong"), Role.BODY_STRONG))
        for number, one in others[:_MOST_SLIPS]:
            main.addWidget(self._other(number, one))
        if len(others) > _MOST_SLIPS:
            left = len(others) - _MOST_SLIPS
            words = ngettext("and {n} more", "and {n} more", left).format(n=left)
            main.addWidget(Text(words, Role.SMALL, "text2"))
        another = Button(_("Choose another file"), Kind.PRIMARY)
        another.clicked.connect(self.another_asked)
        report = Button(_("Copy this report"), Kind.GHOST)
        report.clicked.connect(lambda: self.report_asked.emit(report_of(view)))
        buttons = [another, report]
        if view.there:
            edit = Button(_("Open the file"), Kind.OUTLINE)
            edit.clicked.connect(lambda: self.open_asked.emit(view.path))
            buttons.insert(1, edit)
        main.addLayout(Flow(buttons, gap=14))
        main.addWidget(_Item(Icon.SHIELD, "text2", _("Nothing was imported. Your own plans are unchanged.")))
        main.addStretch(1)
        self._first = another
        side.addWidget(Text(_("Rest of the file"), Role.SECTION))
        for name, fine in view.steps[:_MOST_STEPS]:
            icon, ink = (Icon.CHECK, "ok") if fine else (Icon.WARNING, "error")
            spoken = _("{name}: fine") if fine else _("{name}: not right yet")
            side.addWidget(_Item(icon, ink, name, spoken=spoken.format(name=name)))
        self._more(side, len(view.steps))
        side.addStretch(1)
        fine_steps = sum(fine for _name, fine in view.steps)
        words = ngettext(
            "{fine} of {n} step is fine. It is imported once every step is.",
            "{fine} of {n} steps are fine. It is imported once every step is.",
            len(view.steps),
        )
        side.addWidget(Text(words.format(fine=fine_steps, n=len(view.steps)), Role.SMALL, "text2"))

    def _other(self, number: int, slip: Slip) -> QWidget:
        """A further slip: its sentence, and a way to see its lines."""
        words = " ".join(filter(None, (_line_words(slip), slip.sentence)))
        item = _Item(Icon.WARNING, "error", words)
        if not slip.around:
            return item
        show = Button(_("Show"), Kind.SECONDARY, size=QSize(0, 44))
        show.setAccessibleName(_("Show line {n}").format(n=slip.line))
        show.clicked.connect(lambda: self._show_slip(number))
        row = QWidget()
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(item, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(show)
        return _Holder(row)

    def _show_slip(self, number: int) -> None:
        self._open = number
        self._fill()

    def _fill_preview(self, view: PreviewView, main: QVBoxLayout, side: QVBoxLayout) -> None:
        detail = view.path.name
        if view.source:
            detail = _("{file}, from {program}").format(file=view.path.name, program=view.source)
        self._heading(main, _Badge(Icon.PLANS, "accent", "soft"), view.name, detail)
        main.addWidget(_Item(Icon.CLOCK, "text2", view.length))
        if view.description:
            main.addWidget(Text(view.description, Role.BODY, "text2"))
        if view.replaces:
            words = _("You have a plan “{name}” already. Import replaces it; it is kept among the backups.")
            main.addWidget(_Item(Icon.NOTE, "accent", words.format(name=view.replaces)))
        if view.lost:
            lost = QVBoxLayout()
            lost.setSpacing(2)
            lost.addWidget(Text(_("What cannot be taken over"), Role.BODY_STRONG))
            for sentence in view.lost[:_MOST_SLIPS]:
                lost.addWidget(_Item(Icon.NOTE, "text2", sentence))
            if len(view.lost) > _MOST_SLIPS:
                left = len(view.lost) - _MOST_SLIPS
                words = ngettext("and {n} more", "and {n} more", left).format(n=left)
                lost.addWidget(Text(words, Role.SMALL, "text2"))
            main.addLayout(lost)
        take = Button(_("Import"), Kind.PRIMARY)
        take.clicked.connect(self.import_asked)
        copy = Button(_("Import as a copy"), Kind.OUTLINE)
        copy.clicked.connect(self.copy_asked)
        cancel = Button(_("Cancel"), Kind.GHOST)
        cancel.clicked.connect(self.left)
        main.addLayout(Flow([take, copy, cancel] if view.replaces else [take, cancel], gap=14))
        main.addWidget(_Item(Icon.SHIELD, "text2", _("Nothing is stored before you choose Import.")))
        main.addStretch(1)
        self._first = take
        side.addWidget(Text(_("Steps"), Role.SECTION))
        for name, words in view.steps[:_MOST_STEPS]:
            side.addWidget(_Item(Icon.CHECK, "ok", name, words))
        self._more(side, len(view.steps))
        side.addStretch(1)

    def _more(self, side: QVBoxLayout, count: int) -> None:
        if count > _MOST_STEPS:
            left = count - _MOST_STEPS
            words = ngettext("and {n} more", "and {n} more", left).format(n=left)
            side.addWidget(Text(words, Role.BODY, "text2"))

    # ------------------------------------------------------------ looks and keys

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        self._look = look
        self._scroll.set_look(look)
        pass_on(look, self._content)
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
        self._column.setContentsMargins(
            side, look.px(20 if narrow else 28), side, look.px(28 if narrow else 32)
        )
        self._column.setSpacing(look.px(18 if narrow else 28))
        self._head.setSpacing(look.px(12))
        directions = QBoxLayout.Direction
        self._cards.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self._cards.setSpacing(look.px(16))
        pad = look.px(28 if narrow else 36)
        for card, around in ((self._main, pad), (self._side, look.px(24))):
            column = card.layout()
            if column is not None:
                column.setContentsMargins(around, around, around, look.px(24))
                column.setSpacing(look.px(18) if card is self._main else look.px(8))
        if narrow:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16_777_215)
        else:
            self._side.setFixedWidth(look.px(260))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _Holder(QWidget):
    """Passes the look on to what is inside a plain row."""

    def __init__(self, row: QWidget) -> None:
        super().__init__()
        self._row = row
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(row)

    def set_look(self, look: Look) -> None:
        pass_on(look, self._row)
        layout = self._row.layout()
        if layout is not None:
            layout.setSpacing(look.px(12))


def report_of(view: BrokenView) -> str:
    """All problems as text, one a line: FILE:LINE: sentence."""
    lines = [
        f"{view.path.name}:{slip.line}: {slip.sentence}"
        if slip.line
        else f"{view.path.name}: {slip.sentence}"
        for slip in view.slips
    ]
    return "\n".join(lines)


def _empty(card: Card) -> None:
    """Take everything out of a card, its layout too."""
    layout = card.layout()
    if layout is None:
        return
    _clear(layout)
    # Qt gives up a layout only to another owner.
    QWidget().setLayout(layout)


def _clear(layout: QLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            break
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            _clear(inner)
