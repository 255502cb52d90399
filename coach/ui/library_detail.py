"""One exercise in full: its picture, what to do, who leaves it out, the evidence, and what can be decided.

It leaves out the list it was chosen from, and when its picture is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from coach.i18n import _
from coach.ui.controls import (
    Button,
    Card,
    Kind,
    Mark,
    ScrollArea,
    Text,
    pass_on,
)
from coach.ui.fields import Flow, MenuButton, MenuEntry, Tag
from coach.ui.icons import Icon, paint_stand_in
from coach.ui.library_view import Choice, Fate, LibraryItem, fate_icon, fate_words
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures

__all__ = ["Detail"]


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
        elif not self._figure_id:
            paint_stand_in(painter, QRectF(self.rect()), look.px(72), look.theme.text3)
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


class Detail(Card):
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
        if item.lighter:
            made.append(_Section(_("Take it lighter"), item.lighter, "text1"))
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
