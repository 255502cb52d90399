"""When to get help: the warning signs in three groups, and the questions before the first massage.

It leaves out whether anything is true for the reader: it asks, says what to do, and tells what was answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import cast

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPagedPaintDevice,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollBar, QSizePolicy, QVBoxLayout, QWidget

from coach.domain.profile import AREA_QUESTIONS, HELP_QUESTIONS, RED_FLAGS
from coach.i18n import _
from coach.ui.controls import (
    Button,
    Card,
    IconButton,
    Kind,
    ScrollArea,
    Sheet,
    Text,
    Touch,
    needed_width,
    pass_on,
)
from coach.ui.icons import Icon, paint_icon
from coach.ui.theme import Look, Role

__all__ = [
    "HelpGroup",
    "HelpPage",
    "HelpView",
    "MassageSheet",
    "emergency_number",
    "help_document",
    "help_view",
]

SIDE_BY_SIDE = 1000
"""From this width on (px at scale 1) the groups stand side by side, otherwise one below the other."""

_FACES = {
    "emergency": (Icon.PHONE, "error_bg", "error"),
    "today": (Icon.CLOCK, "soft", "accent"),
    "visit": (Icon.CALENDAR, "s1", "text1"),
}

_SHARES = {"emergency": 21, "today": 23, "visit": 19}
"""How the width is shared: what is most urgent is to be read without scrolling."""
_END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

# Countries and what they call for an ambulance; only where there is one number for the whole country that is
# beyond doubt. Elsewhere the three most common numbers are named: a wrong number is worse than none.
_NUMBERS = {
    "112": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IN IS IT LT LU LV MT NL PL PT RO SE SI SK TR",
    "113": "NO",
    "144": "CH LI",
    "911": "CA MX PH PR US",
    "999": "GB GG HK IM JE MY",
    "119": "JP KR TW",
    "000": "AU",
    "111": "NZ",
    "120": "CN",
    "995": "SG",
    "1669": "TH",
    "192": "BR",
    "131": "CL",
    "123": "CO EG",
    "101": "IL",
    "997": "SA",
    "998": "AE",
}


@dataclass(frozen=True)
class HelpGroup:
    """Signs of one urgency; each line is what stands out and the rest. `matched` is the line to outline."""

    key: str
    title: str
    when: str
    lines: tuple[tuple[str, str], ...]
    matched: int | None = None


@dataclass(frozen=True)
class HelpView:
    """All groups, most urgent first. `asks` adds the answer “None of this is true for me”."""

    groups: tuple[HelpGroup, ...] = ()
    asks: bool = False


def emergency_number(country: str) -> str:
    """What to call in a country (two letters) or elsewhere; unknown: the three most common numbers."""
    for number, countries in _NUMBERS.items():
        if country.upper() in countries.split():
            # The country is that of the computer's settings, which need not be where the person is.
            return _("{number} or your local number").format(number=number)
    return _("112, 911 or 999")


def help_view(country: str, *, matched: tuple[str, int] | None = None, asks: bool = False) -> HelpView:
    """The page for a country (two letters, "" if unknown).

    `matched` is (group key, line) of what a diary entry was like: that line comes first and is outlined.
    """
    groups = []
    for urgency in RED_FLAGS:
        when = _(urgency.when)
        if urgency.key == "emergency":
            when = _("{number}. {when}").format(number=emergency_number(country), when=when)
        lines = [(_(bold), _(rest)) for bold, rest in urgency.lines]
        first = None
        if matched is not None and matched[0] == urgency.key and 0 <= matched[1] < len(lines):
            lines.insert(0, lines.pop(matched[1]))
            first = 0
        groups.append(HelpGroup(urgency.key, _(urgency.title), when, tuple(lines), first))
    return HelpView(tuple(groups), asks)


# ---------------------------------------------------------------- lines and groups


class _Line(QWidget):
    """A dot and a sentence whose first words are bold."""

    def __init__(self, bold: str, rest: str, dot: str, *, matched: bool = False) -> None:
        """`dot` names the colour of the dot: a field of Theme."""
        super().__init__()
        self._bold, self._rest, self._dot, self._matched = bold, rest, dot, matched
        self._look = Look()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"{bold} {rest}".strip())

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def _pads(self) -> tuple[int, int]:
        """What the dot takes, and the room all round when it is outlined."""
        return self._look.px(19), self._look.px(8) if self._matched else 0

    def _laid(self, width: int) -> tuple[QTextLayout, float]:
        layout = QTextLayout(f"{self._bold} {self._rest}".strip(), self._look.font(Role.BODY))
        strong = QTextLayout.FormatRange()
        strong.start, strong.length = 0, len(self._bold)
        bold = QTextCharFormat()
        bold.setFont(self._look.font(Role.BODY_STRONG))
        strong.format = bold
        layout.setFormats([strong])
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        option.setTextDirection(self.layoutDirection())
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, height

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        dot, pad = self._pads()
        return round(self._laid(width - dot - 2 * pad)[1] + 0.5) + 2 * pad

    def sizeHint(self) -> QSize:
        dot, pad = self._pads()
        words = needed_width(self.accessibleName(), self._look.font(Role.BODY_STRONG))
        width = min(words + dot + 2 * pad, self._look.px(640))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), QFontMetrics(self._look.font(Role.BODY)).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        theme = look.theme
        dot, pad = self._pads()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._matched:
            painter.setPen(QPen(theme.text1, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), look.px(10), look.px(10))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(cast(QColor, getattr(theme, self._dot)))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        radius = look.px(7) / 2
        middle = pad + QFontMetrics(look.font(Role.BODY)).height() / 2
        x = self.width() - pad - radius if mirrored else pad + radius
        painter.drawEllipse(QPointF(x, middle), radius, radius)
        painter.setPen(theme.text1)
        layout, _height = self._laid(self.width() - dot - 2 * pad)
        layout.draw(painter, QPointF(pad if mirrored else pad + dot, pad))
        painter.end()


class _Heading(QWidget):
    """The icon, the name and the when of a group. It covers what scrolls by below it."""

    def __init__(self, group: HelpGroup, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._face, self._ink = _FACES[group.key]
        self._title, self._when = group.title, group.when
        self._look = Look()
        self._pinned = False

    def set_pinned(self, pinned: bool) -> None:
        """Whether it lies at the upper edge of the page, where lines go by below it."""
        if pinned != self._pinned:
            self._pinned = pinned
            self.update()

    def show_group(self, group: HelpGroup) -> None:
        self._title, self._when = group.title, group.when
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def _room(self, width: int) -> QRect:
        look = self._look
        left = look.px(24 + 52 + 14)
        return QRect(left, 0, max(1, width - left - look.px(16)), 10_000)

    def height_for(self, width: int) -> int:
        """The height it needs at this width."""
        return max(self._look.px(24 + 52 + 14), sum(self._heights(width)) + self._look.px(40))

    def _heights(self, width: int) -> tuple[int, int]:
        wrap = Qt.TextFlag.TextWordWrap
        title = QFontMetrics(self._look.font(Role.CARD_TITLE))
        when = QFontMetrics(self._look.font(Role.SMALL))
        room = self._room(width)
        return (
            title.boundingRect(room, wrap, self._title).height(),
            when.boundingRect(room, wrap, self._when).height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        theme = look.theme
        ink = cast(QColor, getattr(theme, self._ink))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(cast(QColor, getattr(theme, self._face)))
        radius = 0 if self._pinned else look.px(20)
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        painter.drawRect(QRectF(0, radius, self.width(), self.height() - radius))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = look.px(52)
        x = self.width() - look.px(24) - side if mirrored else look.px(24)
        tile = QRectF(x, look.px(24), side, side)
        painter.setBrush(theme.bg)
        painter.drawRoundedRect(tile, look.px(14), look.px(14))
        inset = side * 0.28
        paint_icon(painter, self._icon, tile.adjusted(inset, inset, -inset, -inset), ink)
        room = self._room(self.width())
        if mirrored:
            room.moveLeft(self.width() - room.right() - 1)
        title, when = self._heights(self.width())
        y = look.px(24) + max(0, (side - title - when) // 2)
        lead = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = int(Qt.TextFlag.TextWordWrap) | int(lead) | int(Qt.AlignmentFlag.AlignAbsolute)
        painter.setPen(ink)
        painter.setFont(look.font(Role.CARD_TITLE))
        painter.drawText(QRectF(room.x(), y, room.width(), title), flags, self._title)
        painter.setPen(theme.text2)
        painter.setFont(look.font(Role.SMALL))
        painter.drawText(QRectF(room.x(), y + title, room.width(), when), flags, self._when)
        painter.end()


class _Group(Card):
    """One urgency: its heading stays in view while its lines scroll, on its own or with the page."""

    def __init__(self, group: HelpGroup, parent: QWidget | None = None) -> None:
        self._face_token = _FACES[group.key][1]
        super().__init__(self._face_token, parent=parent)
        self.group = group
        self._touch = Touch(self, lambda: (self.rect(), float(self.look.px(20))))
        self._lines = QWidget()
        self._inner = QVBoxLayout(self._lines)
        self.area = ScrollArea(self._lines, takes_keys=False, parent=self)
        self._heading = _Heading(group, self)
        self._offset = 0
        self._alone = True
        self._shown: list[_Line] = []
        self._inner.addStretch(1)
        self.show_group(group)
        self.set_alone(True)

    def show_group(self, group: HelpGroup) -> None:
        self.group = group
        self._heading.show_group(group)
        self.setAccessibleName(f"{group.title}. {group.when}")
        for old in self._shown:
            self._inner.removeWidget(old)
            old.hide()
            old.setParent(None)
            old.deleteLater()
        dot = _FACES[group.key][2]
        self._shown = [
            _Line(bold, rest, dot, matched=number == group.matched)
            for number, (bold, rest) in enumerate(group.lines)
        ]
        for number, line in enumerate(self._shown):
            line.set_look(self.look)
            self._inner.insertWidget(number, line)
            line.show()
        self.updateGeometry()
        self._place()

    def set_alone(self, alone: bool) -> None:
        """Whether its lines scroll by themselves; otherwise it is as tall as they are."""
        self._alone = alone
        self._offset = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(not alone)
        self.setSizePolicy(policy)
        self.updateGeometry()
        self._place()

    def set_offset(self, offset: int) -> None:
        """How many px of it have been scrolled out at the top: the heading moves along."""
        most = max(0, self.height() - self._heading.height() - self.look.px(20))
        offset = min(max(0, offset), most)
        if offset != self._offset:
            self._offset = offset
            self._place()

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._touch.set_look(look)
        for line in self._shown:
            line.set_look(look)
        self._inner.setContentsMargins(look.px(24), look.px(4), look.px(12), look.px(16))
        self._inner.setSpacing(look.px(12))
        self.updateGeometry()
        self._place()

    def hasHeightForWidth(self) -> bool:
        return not self._alone

    def heightForWidth(self, width: int) -> int:
        inner = self._inner.heightForWidth(width)
        return self._heading.height_for(width) + inner + self.look.px(8) if not self._alone else -1

    def sizeHint(self) -> QSize:
        width = self.look.px(320)
        return QSize(width, self.look.px(180) if self._alone else self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.look.px(180))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        head = self._heading.height_for(self.width())
        self._heading.setGeometry(0, self._offset, self.width(), head)
        self._heading.set_pinned(self._offset > 0)
        self.area.setGeometry(0, head, self.width(), max(0, self.height() - head - self.look.px(8)))
        self._heading.raise_()


class HelpPage(QWidget):
    """Three groups of warning signs, the most urgent first. No amber button: leaving is not the goal."""

    back_asked = Signal()
    none_asked = Signal()
    """The reader says that none of this is true; only when the page asks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._view = HelpView()
        self._narrow: bool | None = None
        self._back = IconButton(Icon.LEFT, _("Back"))
        self._title = Text(_("When to get help"), Role.TITLE)
        self._subtitle = Text(
            _("Do not stretch or massage first. Stop here and read this."), Role.BODY, "text2"
        )
        self._print = Button(_("Print"), Kind.SECONDARY, icon=Icon.PRINTER)
        self._print.setVisible(find_spec("PySide6.QtPrintSupport") is not None)
        note = _("General wellbeing help, not medical advice. If you are unsure, ask today.")
        # In a wide window all this stands above, so that the lines have all the height there is.
        self._note_above = Text(note.replace(". ", ".\n", 1), Role.SMALL, "text2", align=_END)
        self._first = QHBoxLayout()
        self._first.addWidget(self._title, 1)
        self._first.addWidget(self._note_above, 1)
        self._first.addWidget(self._print)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(self._first)
        words.addWidget(self._subtitle)
        self._head = QHBoxLayout()
        self._head.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
        self._head.addLayout(words, 1)
        self._groups: list[_Group] = []
        content = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._content = content
        self._scroll = ScrollArea(content, takes_keys=False)
        self._scroll.verticalScrollBar().valueChanged.connect(self._pin)
        self._note = Text(note, Role.SMALL, "text2")
        self._none = Button(_("None of this is true for me"), Kind.OUTLINE)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self._note, 1)
        self._foot.addWidget(self._none)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self._scroll, 1)
        self._column.addLayout(self._foot)
        self._back.clicked.connect(self.back_asked)
        self._none.clicked.connect(self.none_asked)
        self._print.clicked.connect(self._print_asked)
        self._none.hide()
        self._arrange()

    def show_help(self, view: HelpView) -> None:
        """Show `view` from now on, from its first line."""
        self._view = view
        if [one.group.key for one in self._groups] != [group.key for group in view.groups]:
            for old in self._groups:
                old.hide()
                old.setParent(None)
                old.deleteLater()
            self._groups = []
            for group in view.groups:
                made = _Group(group, self._content)
                made.set_look(self._look)
                made.set_alone(not self._narrow)
                self._row.addWidget(made, _SHARES.get(group.key, 1))
                self._groups.append(made)
        for made, group in zip(self._groups, view.groups, strict=True):
            made.show_group(group)
        self._none.setVisible(view.asks)
        self._show_note()
        self._scroll.verticalScrollBar().setValue(0)

    # ------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2, 3 jump to a group, arrows scroll it, Esc goes back."""
        number = event.key() - Qt.Key.Key_1
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        bar = self._bar()
        moves = {
            Qt.Key.Key_Up: -self._look.px(48),
            Qt.Key.Key_Down: self._look.px(48),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
        }
        if plain and event.key() == Qt.Key.Key_Escape:
            self.back_asked.emit()
        elif plain and 0 <= number < len(self._groups):
            self._jump(self._groups[number])
        elif plain and event.key() in moves:
            bar.setValue(bar.value() + moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _bar(self) -> QScrollBar:
        """What arrows scroll: the group with the focus, or the page."""
        focused = next((group for group in self._groups if group.hasFocus()), None)
        if self._narrow or focused is None:
            return self._scroll.verticalScrollBar()
        return focused.area.verticalScrollBar()

    def _jump(self, group: _Group) -> None:
        group.setFocus(Qt.FocusReason.TabFocusReason)
        if self._narrow:
            self._scroll.verticalScrollBar().setValue(group.y() - self._look.px(8))
        else:
            group.area.verticalScrollBar().setValue(0)

    def focusInEvent(self, event: object) -> None:
        """The page itself never keeps the focus."""
        self._focus_first()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Reading order; Qt takes none of widgets that were never shown.
        for one, after in pairwise([self._back, self._print, *self._groups, self._none]):
            QWidget.setTabOrder(one, after)
        self._focus_first()

    def _focus_first(self) -> None:
        target: QWidget = self._none if self._view.asks else self._back
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ looks

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        self._look = look
        pass_on(look, self)
        for group in self._groups:
            group.set_look(look)
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
        self._column.setContentsMargins(0, look.px(20 if narrow else 28), 0, look.px(16 if narrow else 32))
        self._column.setSpacing(look.px(10))
        self._head.setContentsMargins(side, 0, side, 0)
        self._head.setSpacing(look.px(14))
        self._foot.setContentsMargins(side, 0, side, 0)
        self._foot.setSpacing(look.px(12))
        self._row.setContentsMargins(side, look.px(6), side, look.px(6))
        self._row.setSpacing(look.px(16))
        self._row.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        self._first.setSpacing(look.px(20))
        self._show_note()
        for group in self._groups:
            group.set_alone(not narrow)
        self._pin()

    def _show_note(self) -> None:
        above = not self._narrow and not self._view.asks
        self._note_above.setVisible(above)
        self._note.setVisible(not above)

    def _pin(self) -> None:
        """Keep the heading of what is being read at the top of the page."""
        at = self._scroll.verticalScrollBar().value()
        for group in self._groups:
            group.set_offset(at - group.y() if self._narrow else 0)

    # ------------------------------------------------------------ paper

    def _print_asked(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle(_("Print “When to get help”"))
        if dialog.exec():
            print_help(self._view, printer)


# ---------------------------------------------------------------- paper


def help_document(view: HelpView) -> QTextDocument:
    """The page in black on white, for a printer or a file."""
    document = QTextDocument()
    document.setDefaultFont(QFont("Manrope", 10))
    cursor = QTextCursor(document)

    def write(words: str, size: float, weight: QFont.Weight = QFont.Weight.Normal) -> None:
        style = QTextCharFormat()
        style.setForeground(QColor("#000000"))
        style.setFontPointSize(size)
        style.setFontWeight(weight)
        cursor.insertText(words, style)

    def paragraph(above: float, indent: float = 0.0) -> None:
        block = QTextBlockFormat()
        block.setTopMargin(above)
        block.setLeftMargin(indent)
        cursor.insertBlock(block)

    write(_("When to get help"), 18, QFont.Weight.Bold)
    paragraph(2)
    write(_("Do not stretch or massage first. Stop here and read this."), 11)
    for group in view.groups:
        paragraph(14)
        write(group.title, 13, QFont.Weight.Bold)
        write(f"   {group.when}", 11)
        for bold, rest in group.lines:
            paragraph(4, 12)
            write("•  ", 10.5)
            write(f"{bold} ", 10.5, QFont.Weight.Bold)
            write(rest, 10.5)
    paragraph(16)
    write(_("General wellbeing help, not medical advice. If you are unsure, ask today."), 10)
    return document


def print_help(view: HelpView, device: QPagedPaintDevice) -> None:
    """Put the page on paper, or into a PDF file."""
    help_document(view).print_(device)


# ---------------------------------------------------------------- before the first massage


class HelpSheet(Sheet):
    """The same signs over a session, which waits meanwhile."""

    def __init__(self, view: HelpView, over: QWidget, look: Look) -> None:
        super().__init__(_("When to get help"), over, look, width=860)
        for group in view.groups:
            dot = _FACES[group.key][2]
            self.body.addWidget(Text(f"{group.title}. {group.when}", Role.SECTION, dot))
            for bold, rest in group.lines:
                self.body.addWidget(_Line(bold, rest, dot))
            self.body.addSpacing(look.px(12))
        self.body.addStretch(1)
        self.set_look(look)


class MassageSheet(Sheet):
    """Two lists of what speaks against massage; then what to do when something on them is true.

    Closing it unanswered answers nothing: massage then stays out for this time.
    """

    answered = Signal(bool)
    """True: none of it is true. False: something is, and massage stays out."""
    help_asked = Signal()
    """The reader wants to know when to get help; the sheet is closed before."""

    def __init__(self, over: QWidget, look: Look) -> None:
        super().__init__(_("Before the first massage"), over, look, width=860)
        asked = Text(_("Is one of these true for you now? Then massage is left out."), Role.BODY, "text2")
        self.body.addWidget(asked)
        self._lists = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._list_columns: list[QVBoxLayout] = []
        self._asking: list[QWidget] = [asked]
        for heading, questions, dot in (
            (_("Get help, do not massage"), HELP_QUESTIONS, "error"),
            (_("Leave massage out and ask first"), AREA_QUESTIONS, "accent"),
        ):
            column = QVBoxLayout()
            self._list_columns.append(column)
            for one in _list(heading, questions, dot):
                column.addWidget(one)
                self._asking.append(one)
            column.addStretch(1)
            self._lists.addLayout(column, 1)
        self.body.addLayout(self._lists)
        self._clear = Button(_("None of this is true for me"), Kind.OUTLINE)
        self._flagged = Button(_("One of these is true"), Kind.OUTLINE)
        self._help = Button(_("When to get help"), Kind.OUTLINE, icon=Icon.PHONE)
        self._go_on = Button(_("Go on without massage"), Kind.OUTLINE)
        self._told: list[QWidget] = [
            Text(_("Massage is left out from now on."), Role.BODY_STRONG),
            Text(
                _(
                    "Is it swelling, heat, redness, sudden weakness or a cold, pale leg? Get help today, and "
                    "do not wait if breathing is hard or your chest hurts."
                ),
                Role.BODY,
            ),
            Text(
                _(
                    "Is it one of the others? Ask a doctor or pharmacist whether massage is right for you. "
                    "Stretching and breathing stay. You can answer again in the library."
                ),
                Role.BODY,
            ),
        ]
        for one in self._told:
            one.hide()
            self.body.addWidget(one)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for button in (self._clear, self._flagged, self._help, self._go_on):
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self.pin(self._buttons)
        self.body.addStretch(1)
        self._help.hide()
        self._go_on.hide()
        self._clear.clicked.connect(self._say_clear)
        self._flagged.clicked.connect(self._say_flagged)
        self._help.clicked.connect(self._to_help)
        self._go_on.clicked.connect(self.finish)

    def set_look(self, look: Look) -> None:
        stacked = self._over.width() < 620 * look.factor
        self._buttons.setDirection(
            QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        )
        self._buttons.setSpacing(look.px(12))
        self._lists.setDirection(self._buttons.direction())
        self._lists.setSpacing(look.px(12 if stacked else 28))
        for column in self._list_columns:
            column.setSpacing(look.px(8))
        super().set_look(look)

    def _say_clear(self) -> None:
        self.answered.emit(True)
        self.finish()

    def _say_flagged(self) -> None:
        for one in (*self._asking, self._clear, self._flagged):
            one.hide()
        for one in (*self._told, self._help, self._go_on):
            one.show()
        self._place()
        self._help.setFocus(Qt.FocusReason.TabFocusReason)
        self.answered.emit(False)

    def _to_help(self) -> None:
        self.finish()
        self.help_asked.emit()


def _list(heading: str, questions: Sequence[str], dot: str) -> list[QWidget]:
    """A heading and one line a question."""
    title = Text(heading, Role.SECTION, dot)
    title.setContentsMargins(0, 8, 0, 0)
    return [title, *(_Line("", _(one), dot) for one in questions)]
