"""The plan editor: steps put in order, made longer or shorter, added and removed, with everything undoable.

It leaves out saving and running: it changes a draft by coach.domain.editing and says what is asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from coach.domain import editing
from coach.domain import plan as rules
from coach.domain.editing import History
from coach.domain.exercise import LONGEST_HOLD, SHORTEST_HOLD, Exercise, Posture, Side
from coach.domain.exercise import Kind as ExerciseKind
from coach.domain.plan import LONGEST_NAME, LONGEST_NOTE, LONGEST_REST, MOST_ROUNDS, Extra, Plan, Step
from coach.i18n import N_, _, ngettext, render
from coach.ui.controls import (
    Button,
    Card,
    IconButton,
    KeyCap,
    Kind,
    Mark,
    ScrollArea,
    Sheet,
    Text,
    Touch,
    needed_width,
    pass_on,
)
from coach.ui.fields import (
    CheckTile,
    Chip,
    ChipRow,
    DropDown,
    MenuButton,
    MenuEntry,
    SearchField,
    Stepper,
    Tag,
    TextField,
    seconds_words,
)
from coach.ui.icons import Icon, paint_icon
from coach.ui.plan_rows import Filmstrip, Flow, LateFigures, announce, tab_out
from coach.ui.step_rows import StepList, StepView
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures

__all__ = ["EditorView", "PlanEditor", "step_view"]

FOLD = 1000
"""Below this width (px at scale 1) the exercises hide behind "Add a step"."""
CRAMPED = 720
"""Below this width (px at scale 1) there is no room for words beside the name."""
_PILL_MS = 4000

_BOTH = (Side.LEFT, Side.RIGHT)
_SIDES = {"left": (Side.LEFT,), "right": (Side.RIGHT,), "both": _BOTH}

# The chips of the shelf: what they are called, and the kinds behind them.
_KINDS: tuple[tuple[str, str, frozenset[ExerciseKind]], ...] = (
    ("stretch", N_("Stretch"), frozenset({ExerciseKind.STRETCH, ExerciseKind.MOBILITY})),
    ("massage", N_("Massage"), frozenset({ExerciseKind.MASSAGE})),
    ("calm", N_("Calm"), frozenset({ExerciseKind.BREATHING, ExerciseKind.RELAXATION})),
)
_POSTURES = {
    Posture.STANDING: N_("Standing"),
    Posture.CHAIR: N_("On a chair"),
    Posture.FLOOR: N_("On the mat"),
    Posture.BED: N_("In bed"),
}

_SHORT, _SORT, _WORSE, _ABOUT, _RESTORE = "short", "sort", "worse", "about", "restore"


@dataclass(frozen=True)
class EditorView:
    """What is edited: a plan, all exercises by id, and what the safety profile says about some of them.

    `saved` is false for a plan that was never stored. `has_original` tells that the plan stands in for a
    ready-made one, which can be restored.
    """

    plan: Plan
    exercises: Mapping[str, Exercise]
    notes: Mapping[str, str] = field(default_factory=dict)
    saved: bool = True
    has_original: bool = False


# ---------------------------------------------------------------- words


def clock_words(seconds: float) -> str:
    """A length as "14:00", from an hour on as "1:05:00"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _region_words(exercise: Exercise) -> str:
    if exercise.regions:
        words = [_(region.word) for region in exercise.regions[:2]]
    else:
        words = [_(muscle) for muscle in exercise.muscles[:2]]
    words[1:] = [word[:1].lower() + word[1:] for word in words[1:]]
    text = ", ".join(words)
    return text[:1].upper() + text[1:]


def step_view(step: Step, exercise: Exercise | None, problem: str = "", note: str = "") -> StepView:
    """A step in the user's words."""
    if exercise is None:
        return StepView(step.exercise, wait=step.wait, seconds=step.seconds or 0, problem=problem, note=note)
    words = [_region_words(exercise)]
    if step.rounds > 1:
        words.append(_("{n} rounds").format(n=step.rounds))
    if step.extra is not None and step.extra.seconds and exercise.sided:
        side = _("left") if step.extra.side is Side.LEFT else _("right")
        words.append(_("{side} {n} s more").format(side=side, n=step.extra.seconds))
    if step.posture is not None and len(exercise.postures) > 1:
        words.append(_(_POSTURES[step.posture]))
    if step.note:
        words.append(_("note"))
    sides = ""
    if exercise.sided:
        sides = "both" if len(step.sides) != 1 else step.sides[0].value
    return StepView(
        _(exercise.name),
        ", ".join(filter(None, words)),
        exercise.figure or "",
        sides,
        editing.seconds_of(step, exercise),
        step.wait,
        problem,
        note,
    )


def _addition_words(exercise: Exercise) -> str:
    return ", ".join(filter(None, (_region_words(exercise), seconds_words(exercise.seconds))))


# ---------------------------------------------------------------- parts


class _NameField(QLineEdit):
    """The name of the plan as the title of the page, to be written over."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(12))))
        self.setFrame(False)
        self.setMaxLength(LONGEST_NAME)
        self.setAccessibleName(_("Name of the plan"))
        self.setToolTip(_("Click to rename"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(lambda _words: self.updateGeometry())
        self.editingFinished.connect(self._finished)

    def show_name(self, name: str) -> None:
        if name != self._kept:
            self._kept = name
            self.setText(name)
            self.setToolTip(_("{name}. Click to rename").format(name=name) if name else _("Click to rename"))
            self.setCursorPosition(0)

    def _finished(self) -> None:
        if self.text() != self._kept:
            self.renamed.emit(self.text())
        # What was taken over may differ: no name at all is none.
        self.setText(self._kept)
        self.setCursorPosition(0)

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)
        self.setFont(look.font(Role.TITLE))
        colours = self.palette()
        for role, colour in (
            (QPalette.ColorRole.Base, Qt.GlobalColor.transparent),
            (QPalette.ColorRole.Text, look.theme.text1),
            (QPalette.ColorRole.Highlight, look.theme.fill),
            (QPalette.ColorRole.HighlightedText, look.theme.on_fill),
        ):
            colours.setColor(role, colour)
        self.setPalette(colours)
        self.setTextMargins(look.px(8), 0, look.px(8), 0)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        look = self._touch.look
        words = needed_width(self.text(), look.font(Role.TITLE)) + look.px(16) + 8
        height = max(look.target(44), QFontMetrics(look.font(Role.TITLE)).height() + look.px(6))
        return QSize(max(words, look.px(120)), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), self._touch.look.px(120)), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.setText(self._kept)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Insert):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            event.accept()
        elif event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_S:
            self._finished()
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        if self.hasFocus() or self._touch.heat:
            painter = self._touch.begin()
            painter.setPen(QPen(look.theme.edge, 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.theme.field if self.hasFocus() else self._touch.tone(look.theme.bg))
            face = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
            painter.drawRoundedRect(face, look.px(12), look.px(12))
            painter.end()
        super().paintEvent(event)
        if not self.hasFocus():
            self._fade_out()

    def _fade_out(self) -> None:
        """A name that is too long fades at its end; a cut letter would look like a mistake."""
        look = self._touch.look
        if needed_width(self.text(), look.font(Role.TITLE)) <= self.width() - look.px(16):
            return
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        far = 0 if mirrored else self.width()
        near = look.px(64) if mirrored else self.width() - look.px(64)
        fade = QLinearGradient(near, 0, far, 0)
        ground = self._touch.tone(look.theme.bg) if self._touch.heat else look.theme.bg
        clear = QColor(ground)
        clear.setAlpha(0)
        fade.setColorAt(0, clear)
        fade.setColorAt(0.85, ground)
        painter = QPainter(self)
        painter.fillRect(QRect(min(near, far), 2, look.px(64), self.height() - 4), fade)
        painter.end()


class _Addition(QPushButton):
    """An exercise that can be added: figure, name and what it is for, and a plus."""

    def __init__(self, exercise: Exercise, late: LateFigures, parent: QWidget) -> None:
        super().__init__(parent)
        self.exercise = exercise
        self._name, self._detail = _(exercise.name), _addition_words(exercise)
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(14))))
        self._strip = Filmstrip(late, QSize(60, 52), parent=self)
        self._strip.show_figures((exercise.figure or "",))
        # Arrows walk through the list; it is one stop for Tab.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(_("Add {name}").format(name=self._name))
        self.setAccessibleDescription(self._detail)
        self.setToolTip("")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)
        self._strip.set_look(look)
        self._place()

    def _place(self) -> None:
        size = self._strip.sizeHint()
        box = QRect(0, (self.height() - size.height()) // 2, size.width(), size.height())
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            box.moveRight(self.width() - 1)
        self._strip.setGeometry(box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        look = self._touch.look
        words = 2 * QFontMetrics(look.font(Role.SMALL_STRONG)).height()
        words += QFontMetrics(look.font(Role.SMALL)).height()
        return QSize(look.px(210), max(look.target(68), words + look.px(6)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(200), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._touch.look, self._touch.look.theme
        painter = self._touch.begin()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft

        def place(x: float, y: float, width: float, height: float) -> QRectF:
            return QRectF(self.width() - x - width if mirrored else x, y, width, height)

        side = look.target(44)
        plus = place(self.width() - side, (self.height() - side) / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._touch.tone(theme.raised if theme.is_night else theme.field))
        painter.drawRoundedRect(plus, look.px(14), look.px(14))
        icon = QRectF(0, 0, look.px(20), look.px(20))
        icon.moveCenter(plus.center())
        paint_icon(painter, Icon.PLUS, icon, theme.text1)
        left = self._strip.sizeHint().width() + look.px(12)
        room = self.width() - side - look.px(8) - left
        strong, small = look.font(Role.SMALL_STRONG), look.font(Role.SMALL)
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignAbsolute)
        flags |= int(Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft)
        upper = QFontMetrics(strong)
        name = upper.boundingRect(QRect(0, 0, int(room), 10_000), flags, self._name).height()
        name = min(name, 2 * upper.lineSpacing())
        lower = QFontMetrics(small)
        top = (self.height() - name - lower.height()) / 2
        painter.setFont(strong)
        painter.setPen(theme.text1)
        painter.drawText(place(left, top, room, name), flags, self._name)
        painter.setFont(small)
        painter.setPen(theme.text2)
        shown = lower.elidedText(self._detail, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(place(left, top + name, room, lower.height()), flags, shown)
        painter.end()


class _Shelf(QWidget):
    """All exercises to choose from, with a search and chips for their kinds. One stop for Tab in the list."""

    added = Signal(str)
    """The id of the exercise."""

    def __init__(self, late: LateFigures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._late = late
        self._look = Look()
        self._rows: list[_Addition] = []
        self.search = SearchField(_("Search"), key="")
        self.kinds = ChipRow(_("Kind"), [])
        self._none = Text(_("Nothing is called that. Try: calf, hip, breath."), Role.SMALL, "text2")
        self._none.hide()
        self._content = _RovingColumn()
        self._content.setAccessibleName(_("Exercises"))
        self._rows_column = QVBoxLayout(self._content)
        self._area = ScrollArea(self._content, takes_keys=False)
        self._content.entered.connect(lambda: self._go(0))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        # The ring of the focus needs its room at both sides.
        self._top = QVBoxLayout()
        for widget in (self.search, self.kinds, self._none):
            self._top.addWidget(widget)
        self._column.addLayout(self._top)
        self._column.addWidget(self._area, 1)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._add_first)
        self.kinds.chosen.connect(self._filter)

    def show_exercises(self, exercises: Sequence[Exercise]) -> None:
        if [row.exercise for row in self._rows] == list(exercises):
            return
        for row in self._rows:
            self._rows_column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        while self._rows_column.count():
            self._rows_column.takeAt(0)
        for exercise in exercises:
            row = _Addition(exercise, self._late, self._content)
            row.set_look(self._look)
            row.clicked.connect(lambda _on=False, picked=exercise.id: self.added.emit(picked))
            self._rows_column.addWidget(row)
            self._rows.append(row)
        self._rows_column.addStretch(1)
        there = {exercise.kind for exercise in exercises}
        options = [(key, _(label)) for key, label, kinds in _KINDS if kinds & there]
        self.kinds.set_options([("all", _("All")), *options] if len(options) > 1 else [])
        self.kinds.setVisible(len(options) > 1)
        self._filter()

    def stops(self) -> list[QWidget]:
        """Where Tab goes, in order."""
        return [self.search, *self.kinds.findChildren(Chip), self._content]

    def _filter(self, _what: str = "") -> None:
        words = self.search.text().casefold().split()
        allowed = next((kinds for key, _label, kinds in _KINDS if key == self.kinds.key), None)
        shown = 0
        for row in self._rows:
            exercise = row.exercise
            text = " ".join(
                (_(exercise.name), _(exercise.short_name), _region_words(exercise), *exercise.muscles)
            ).casefold()
            fits = (allowed is None or exercise.kind in allowed) and all(word in text for word in words)
            row.setVisible(fits)
            shown += fits
        self._none.setVisible(not shown)

    def _seen(self) -> list[_Addition]:
        return [row for row in self._rows if not row.isHidden()]

    def _add_first(self) -> None:
        seen = self._seen()
        if seen and self.search.text().strip():
            self.added.emit(seen[0].exercise.id)

    def _go(self, at: int) -> None:
        seen = self._seen()
        if seen:
            row = seen[min(max(at, 0), len(seen) - 1)]
            row.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(row, 0, 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.window().focusWidget()
        seen = self._seen()
        at = seen.index(focused) if isinstance(focused, _Addition) and focused in seen else -1
        if event.key() == Qt.Key.Key_Down:
            self._go(at + 1)
        elif event.key() == Qt.Key.Key_Up and at > 0:
            self._go(at - 1)
        elif event.key() == Qt.Key.Key_Up and at == 0:
            self.search.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        pass_on(look, self._content)
        self._column.setSpacing(look.px(6))
        self._top.setContentsMargins(6, 6, 6, 0)
        self._top.setSpacing(look.px(10))
        self._rows_column.setContentsMargins(6, 6, 6, 6)
        self._rows_column.setSpacing(0)


class _RovingColumn(QWidget):
    """A list that is one stop for Tab: entering it gives the focus to its first row."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.entered.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        over: QWidget | None = self
        while over is not None and not isinstance(over, Sheet):
            over = over.parentWidget()
        if over is None:
            return tab_out(self, forward)
        # A sheet keeps Tab inside itself, and knows the list but not its rows.
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return super().focusNextPrevChild(forward)


class _StepSheet:
    """What a step has beyond sides and seconds, in a sheet: rounds, rest, extra, position and a note."""

    def __init__(self, editor: PlanEditor, index: int, over: QWidget, look: Look) -> None:
        step = editor.plan.steps[index]
        exercise = editor.exercises.get(step.exercise)
        self._editor, self._index = editor, index
        name = _(exercise.name) if exercise is not None else step.exercise
        self.sheet = Sheet(name, over, look, width=720)
        self.wait = CheckTile(_("Wait for me"), _("No time: it goes on when you say so."))
        self.wait.setChecked(step.wait)
        self.wait.toggled.connect(lambda on: self._set(wait=on))
        self.rounds = Stepper(_("Rounds"), 1, MOST_ROUNDS, step=1, big_step=2, words=str)
        self.rounds.setValue(step.rounds)
        self.rest = Stepper(_("Rest between rounds"), 0, LONGEST_REST, step=5, big_step=10)
        self.rest.setValue(step.rest)
        self.rest.setEnabled(step.rounds > 1)
        self.rounds.valueChanged.connect(self._rounds)
        self.rest.valueChanged.connect(lambda seconds: self._set(rest=seconds))
        rows: list[QWidget | QLayout] = [self.wait, _field_row(_("Rounds"), self.rounds)]
        rows.append(_field_row(_("Rest between rounds"), self.rest))
        self.extra_side = DropDown(
            _("More time for one leg"),
            [("", _("Neither leg")), ("left", _("Left leg")), ("right", _("Right leg"))],
        )
        self.extra = Stepper(_("Seconds more"), SHORTEST_HOLD, LONGEST_HOLD, step=5, big_step=10)
        if exercise is not None and exercise.sided:
            given = step.extra
            self.extra_side.choose(given.side.value if given is not None else "")
            self.extra.setValue(given.seconds if given is not None else 10)
            self.extra.setEnabled(given is not None)
            self.extra_side.chosen.connect(lambda _key: self._extra())
            self.extra.valueChanged.connect(lambda _seconds: self._extra())
            rows.append(_field_row(_("More time for one leg"), self.extra_side, self.extra))
        self.posture = DropDown(_("Position"), [("", _("As it comes"))])
        if exercise is not None and len(exercise.postures) > 1:
            options = [(posture.value, _(_POSTURES[posture])) for posture in exercise.postures]
            self.posture.set_options([("", _("As it comes")), *options])
            self.posture.choose(step.posture.value if step.posture is not None else "")
            self.posture.chosen.connect(lambda key: self._set(posture=Posture(key) if key else None))
            rows.append(_field_row(_("Position"), self.posture))
        self.note = TextField(
            _("Note"), _("Said and shown to you, for example where to hold on"), limit=LONGEST_NOTE
        )
        self.note.set_text(step.note)
        self.note.finished.connect(self._noted)
        rows += [Text(_("Note"), Role.BODY_MEDIUM), self.note]
        if exercise is None:
            rows = []
        for row in rows:
            if isinstance(row, QLayout):
                self.sheet.body.addLayout(row)
            else:
                self.sheet.body.addWidget(row)
        buttons: list[QWidget] = []
        last = len(editor.plan.steps) - 1
        for label, icon, does, possible in (
            (_("Duplicate"), Icon.DUPLICATE, lambda: editor.duplicate_step(index), True),
            (_("Move up"), Icon.ARROW_UP, lambda: editor.move_step(index, index - 1), index > 0),
            (_("Move down"), Icon.ARROW_DOWN, lambda: editor.move_step(index, index + 1), index < last),
            (_("Remove"), Icon.TRASH, lambda: editor.remove_step(index), True),
        ):
            button = Button(label, Kind.SECONDARY, icon=icon, size=QSize(0, 44))
            button.setEnabled(possible)
            button.clicked.connect(lambda _on=False, then=does: self._close_and(then))
            buttons.append(button)
        self.sheet.body.addSpacing(10)
        self.sheet.body.addLayout(Flow(buttons))

    def _set(self, **changes: object) -> None:
        self._editor.change_step(self._index, changes)

    def _rounds(self, rounds: int) -> None:
        self.rest.setEnabled(rounds > 1)
        self._set(rounds=rounds)

    def _extra(self) -> None:
        key = self.extra_side.key
        self.extra.setEnabled(bool(key))
        self._set(extra=Extra(Side(key), self.extra.value()) if key else None)

    def _noted(self) -> None:
        if self._index < len(self._editor.plan.steps):
            self._set(note=self.note.text())

    def _close_and(self, then: Callable[[], None]) -> None:
        self.sheet.finish()
        then()


def _field_row(name: str, *fields: QWidget) -> QHBoxLayout:
    """A name and its fields; a layout, so that the rings of the focus have the room of the sheet."""
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(Text(name, Role.BODY_MEDIUM), 1)
    for one in fields:
        row.addWidget(one)
    return row


class _Keys(QWidget):
    """What the keys do, below the list; it goes where there is no room for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for keys, does in (
            ((_("Alt"), "↑", "↓"), _("move")),
            (("−", "+"), _("seconds")),
            ((_("Del"),), _("remove")),
            ((_("Ctrl"), "S"), _("save")),
        ):
            for key in keys:
                self._row.addWidget(KeyCap(key))
            self._row.addWidget(Text(does, Role.SMALL, "text3", wrap=False))
            self._row.addSpacing(14)
        self._row.addStretch(1)

    def set_look(self, look: Look) -> None:
        pass_on(look, self)
        self._row.setSpacing(look.px(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class _Pill(QWidget):
    """A sentence about what has just happened, over the end of the list; it goes by itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self._above = False
        self.words = Text("", Role.BODY_MEDIUM, "text1", wrap=False, parent=self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PILL_MS)
        self._timer.timeout.connect(self.hide)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, words: str, *, above: bool = False) -> None:
        """Show `words` for a while, at the lower end or `above`."""
        self._above = above
        self.words.setText(words)
        self.show()
        self.place()
        self.raise_()
        self._timer.start()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.words.set_look(look)
        self.place()

    def place(self) -> None:
        look, over = self._look, self.parentWidget()
        if over is None:
            return
        words = self.words.sizeHint()
        width = min(words.width() + look.px(40), over.width() - look.px(24))
        height = words.height() + look.px(20)
        top = look.px(10) if self._above else over.height() - height - look.px(10)
        self.setGeometry((over.width() - width) // 2, top, width, height)
        self.words.setGeometry(look.px(20), look.px(10), width - look.px(40), words.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        painter.setPen(QPen(theme.edge, 1.5))
        painter.setBrush(theme.raised)
        box = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.end()


class _Line(QWidget):
    """A sentence with an icon and a button, for hints and for what went wrong."""

    def __init__(self, icon: Icon, ink: str, face: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._face = face
        self._mark = Mark(icon, ink, side=20)
        self.words = Text("", Role.SMALL_MEDIUM, "text1" if face == "error_bg" else "text2")
        self.button = Button(button, Kind.OUTLINE, size=QSize(0, 44), role=Role.SMALL_STRONG)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._mark)
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.button)
        self.hide()

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        self._row.setContentsMargins(look.px(16), look.px(4), look.px(8), look.px(4))
        self._row.setSpacing(look.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.error_bg if self._face == "error_bg" else theme.s1)
        painter.drawRoundedRect(QRectF(self.rect()), self._look.px(16), self._look.px(16))
        painter.end()


class _Rule(QWidget):
    """A hairline, upright or lying."""

    def __init__(self, *, upright: bool) -> None:
        super().__init__()
        self._look = Look()
        self._upright = upright
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def set_look(self, look: Look) -> None:
        self._look = look
        if self._upright:
            self.setFixedHeight(look.px(40))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.line)
        painter.end()


# ---------------------------------------------------------------- the page


class PlanEditor(QWidget):
    """Edits a draft of one plan. Nothing is stored before the user saves, and everything can be taken back.

    `length` gives the seconds of a whole plan as it would run; it is asked after every change.
    """

    save_asked = Signal(object)
    """The Plan to be stored. Answer with `saved` or `show_error`."""
    try_asked = Signal(object)
    """The Plan as it stands, to be run without being stored."""
    restore_asked = Signal(str)
    """The id of the plan whose original is wanted back; the page has asked once."""
    left = Signal()
    """The user is done here; what was to be kept is kept."""

    def __init__(
        self, pictures: Pictures, length: Callable[[Plan], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._length = length
        self._look = Look()
        self._view = EditorView(Plan("", "", ()), {})
        self._history = History(self._view.plan)
        self._stored: Plan | None = None
        self._leaving = False
        self._then: Callable[[], None] | None = None
        self._folded: bool | None = None
        self._sheet: Sheet | None = None
        self._problems: list[tuple[int | None, str]] = []
        late = LateFigures(pictures, self)

        self._back = IconButton(Icon.LEFT, _("Back to the plans"))
        self._name = _NameField()
        self._unsaved = Tag(_("Not saved yet"), token="accent", face="soft")
        self._undo = Button(_("Undo"), Kind.GHOST, icon=Icon.UNDO, size=QSize(0, 48))
        self._undo.setToolTip(_("Ctrl+Z"))
        self._undo_icon = IconButton(Icon.UNDO, _("Undo"), Kind.GHOST)
        self._redo = IconButton(Icon.REDO, _("Redo"), Kind.GHOST)
        self._menu = MenuButton(_("More for this plan"))
        self._save = Button(_("Save"), Kind.PRIMARY, size=QSize(128, 48))
        self._head = QHBoxLayout()
        self._head.addWidget(self._back)
        self._head.addWidget(self._name)
        self._head.addWidget(self._unsaved)
        self._head.addStretch(1)
        for one in (self._undo, self._undo_icon, self._redo, self._menu, self._save):
            self._head.addWidget(one)

        self._error = _Line(Icon.WARNING, "error", "error_bg", _("Try again"))
        self._error.button.clicked.connect(self._save_now)

        self._total = Text("", Role.BIG_NUMBER, wrap=False)
        self._unit = Text(_("minutes"), Role.SMALL, "text2", wrap=False)
        self._count = Text("", Role.SMALL, "text2", wrap=False)
        small = QVBoxLayout()
        small.setSpacing(0)
        small.addWidget(self._unit)
        small.addWidget(self._count)
        self._meta_rule = _Rule(upright=True)
        self._rest_words = Text(_("Rest between"), Role.BODY, "text2", wrap=False)
        self._rest = Stepper(_("Rest between steps"), 0, LONGEST_REST, step=5, big_step=10)
        self._ready_mark = Mark(Icon.CHECK, "ok", side=20)
        self._ready = Text("", Role.SMALL_MEDIUM, "ok", wrap=False)
        self._attention = Button(
            "", Kind.OUTLINE, icon=Icon.WARNING, size=QSize(0, 44), role=Role.SMALL_STRONG
        )
        self._meta = QHBoxLayout()
        self._meta.addWidget(self._total)
        self._meta.addLayout(small)
        self._meta.addWidget(self._meta_rule)
        self._meta.addWidget(self._rest_words)
        self._meta.addWidget(self._rest)
        self._meta.addStretch(1)
        for part in (self._ready_mark, self._ready, self._attention):
            self._meta.addWidget(part)

        self._hint = _Line(Icon.SORT, "text2", "s1", _("Fewest get-ups"))
        self._list = StepList(late)
        self._empty = Text("", Role.LEAD, "text2", align=Qt.AlignmentFlag.AlignHCenter)
        self._content = QWidget()
        inner = QVBoxLayout(self._content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._empty)
        inner.addWidget(self._list)
        inner.addStretch(1)
        self._inner = inner
        self._scroll = ScrollArea(self._content, takes_keys=False)
        self._pill = _Pill(self._scroll)
        self._keys = _Keys()
        self._left_column = QVBoxLayout()
        self._above = QVBoxLayout()
        self._above.addLayout(self._meta)
        self._above.addWidget(self._hint)
        self._below = QVBoxLayout()
        self._below.addWidget(self._keys)
        self._left_column.addLayout(self._above)
        self._left_column.addWidget(self._scroll, 1)
        self._left_column.addLayout(self._below)

        self._panel = Card()
        self._shelf = _Shelf(late)
        self._panel_title = Text(_("Add a step"), Role.CARD_TITLE, wrap=False)
        self._panel_rule = _Rule(upright=False)
        self._short = Button(_("I have 5 minutes"), Kind.GHOST, icon=Icon.CLOCK, size=QSize(0, 44))
        self._try = Button(_("Try this plan"), Kind.SECONDARY, icon=Icon.PLAY)
        for button in (self._short, self._try):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._panel_column = QVBoxLayout(self._panel)
        self._panel_column.addWidget(self._panel_title)
        self._panel_column.addWidget(self._shelf, 1)
        self._panel_foot = QVBoxLayout()
        for widget in (self._panel_rule, self._short, self._try):
            self._panel_foot.addWidget(widget)
        self._panel_column.addLayout(self._panel_foot)

        self._foot_rule = _Rule(upright=False)
        self._foot = QWidget()
        self._add_button = Button(_("Add a step"), Kind.OUTLINE, icon=Icon.PLUS, key=_("Ins"))
        self._foot_try = Button(_("Try this plan"), Kind.SECONDARY, icon=Icon.PLAY)
        for button in (self._add_button, self._foot_try):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._foot_row = QHBoxLayout(self._foot)
        self._foot_row.addWidget(self._add_button, 4)
        self._foot_row.addWidget(self._foot_try, 3)

        self._body = QHBoxLayout()
        self._body.addLayout(self._left_column, 1)
        self._body.addWidget(self._panel)
        self._column = QVBoxLayout()
        self._column.addLayout(self._head)
        self._column.addWidget(self._error)
        self._column.addLayout(self._body, 1)
        whole = QVBoxLayout(self)
        # In a window made smaller the page folds; it must not hold the window open until then.
        whole.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._column, 1)
        whole.addWidget(self._foot_rule)
        whole.addWidget(self._foot)
        self._connect()
        self.setFocusProxy(self._list)
        self._arrange()

    def _connect(self) -> None:
        self._back.clicked.connect(lambda: self.leave())
        self._name.renamed.connect(lambda name: self._change(editing.rename(self.plan, name)))
        for undo in (self._undo, self._undo_icon):
            undo.clicked.connect(self.undo)
        self._redo.clicked.connect(self.redo)
        self._save.clicked.connect(self._save_now)
        self._menu.picked.connect(self._picked)
        self._rest.valueChanged.connect(lambda seconds: self._change(editing.set_rest(self.plan, seconds)))
        self._attention.clicked.connect(self._show_problem)
        self._hint.button.clicked.connect(self._sort)
        self._short.clicked.connect(self._shorten)
        for one in (self._try, self._foot_try):
            one.clicked.connect(self._try_now)
        self._add_button.clicked.connect(self.open_shelf)
        self._shelf.added.connect(self.add)
        steps = self._list
        steps.move_asked.connect(self.move_step)
        steps.sides_chosen.connect(lambda at, key: self.change_step(at, {"sides": _SIDES[key]}))
        steps.seconds_set.connect(lambda at, seconds: self.change_step(at, {"seconds": seconds}))
        steps.lengthen_asked.connect(
            lambda at, by: self._change(editing.lengthen(self.plan, self.exercises, at, by))
        )
        steps.remove_asked.connect(self.remove_step)
        steps.duplicate_asked.connect(self.duplicate_step)
        steps.more_asked.connect(self.open_step)
        steps.insert_asked.connect(self.open_shelf)
        steps.seen_wanted.connect(self._let_see)
        steps.scroll_wanted.connect(self._scroll_by)
        bar = self._scroll.verticalScrollBar()
        bar.valueChanged.connect(lambda _value: self._show_part())
        bar.rangeChanged.connect(lambda _low, _high: self._show_part())

    # ------------------------------------------------------------ what is edited

    @property
    def plan(self) -> Plan:
        """The draft as it stands."""
        return self._history.present

    @property
    def exercises(self) -> Mapping[str, Exercise]:
        """All exercises by id, those of the plan among them."""
        return rules.known_to(self.plan, self._view.exercises)

    @property
    def has_changes(self) -> bool:
        """Whether leaving now would lose something."""
        return self.plan != self._stored

    def show_plan(self, view: EditorView) -> None:
        """Edit another plan, from the top; what was done to the one before is forgotten."""
        self._close_sheet()
        self._view = view
        self._history = History(view.plan)
        self._stored = view.plan if view.saved else None
        self._leaving = False
        self._error.hide()
        self._pill.hide()
        own = [one for one in view.plan.exercises if one.id not in view.exercises]
        self._shelf.show_exercises([*view.exercises.values(), *own])
        if self.isVisible():
            self._order_tabs()
        self._scroll.verticalScrollBar().setValue(0)
        self._refresh()

    def saved(self, plan: Plan) -> None:
        """`plan` was stored. If the user was leaving, they leave now."""
        self._stored = plan
        # Versions from before belong to the same file, even where that has only now got its id.
        past, future = (
            tuple(replace(one, id=plan.id) for one in versions)
            for versions in (self._history.past, self._history.future)
        )
        self._history = History(plan, past, future)
        self._error.hide()
        self._refresh()
        self._say(_("Saved"))
        if self._leaving:
            self._leaving = False
            self._go(self._then)

    def show_error(self, sentence: str) -> None:
        """Storing was impossible; `sentence` says why and what to do."""
        self._leaving = False
        self._error.words.setText(sentence)
        self._error.show()
        announce(self, sentence)

    def add(self, exercise_id: str) -> None:
        """Put an exercise in after the step in use, or at the end, and let it be seen."""
        at = self._list.current + 1 if self._step_in_use() else len(self.plan.steps)
        at = min(at, len(self.plan.steps))
        in_sheet = self._sheet is not None
        self._close_sheet()
        focused = self.window().focusWidget()
        if not self._change(editing.insert(self.plan, at, exercise_id)):
            return
        name = self._name_of(at)
        self._say(_("{name} added as step {step}").format(name=name, step=at + 1))
        if in_sheet or focused is None or not self._panel.isAncestorOf(focused):
            self._list.focus_step(at)
        else:
            # Stay among the exercises, so that the next one can be added as well.
            self._list.row(at)
            self._list.seen_wanted.emit(*self._list.place_of(at))

    def _step_in_use(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self._list.isAncestorOf(focused)

    def _name_of(self, at: int) -> str:
        step = self.plan.steps[at]
        exercise = self.exercises.get(step.exercise)
        return _(exercise.name) if exercise is not None else step.exercise

    # ------------------------------------------------------------ changes

    def _change(self, new: Plan) -> bool:
        """Take a change over; False when there is no room for one more step."""
        if len(new.steps) > len(self.plan.steps) >= rules.MOST_STEPS:
            self._say(_("A plan has at most 1,000 steps."))
            return False
        if new != self.plan:
            self._history = self._history.change(new)
            self._refresh()
        return True

    def change_step(self, at: int, changes: Mapping[str, object]) -> None:
        """Change some fields of a step (see editing.StepChanges)."""
        self._change(editing.set_step(self.plan, at, **changes))  # type: ignore[arg-type]

    def move_step(self, at: int, to: int) -> None:
        """Move a step, keep the focus on it and say where it is."""
        if at == to or not 0 <= to < len(self.plan.steps):
            return
        name = self._name_of(at)
        self._change(editing.move(self.plan, at, to))
        self._list.focus_step(to)
        words = _("{name} moved to {step} of {count}")
        self._say(words.format(name=name, step=to + 1, count=len(self.plan.steps)))

    def remove_step(self, at: int) -> None:
        """Remove a step; the one after it takes the focus."""
        name = self._name_of(at)
        self._change(editing.remove(self.plan, at))
        if self.plan.steps:
            self._list.focus_step(min(at, len(self.plan.steps) - 1))
        else:
            self._undo_now().setFocus(Qt.FocusReason.OtherFocusReason)
        self._say(_("{name} removed. Ctrl+Z brings it back.").format(name=name))

    def duplicate_step(self, at: int) -> None:
        """Put the same step in once more, after itself."""
        if not self._change(editing.duplicate(self.plan, at)):
            return
        self._list.focus_step(at + 1)
        self._say(_("{name} added as step {step}").format(name=self._name_of(at), step=at + 2))

    def undo(self) -> None:
        """Take the last change back."""
        if self._history.past:
            self._history = self._history.undo()
            self._refresh()
            self._say(_("Taken back"))

    def redo(self) -> None:
        """Make the change again that was taken back."""
        if self._history.future:
            self._history = self._history.redo()
            self._refresh()
            self._say(_("Made again"))

    def _sort(self) -> None:
        self._change(editing.fewest_get_ups(self.plan, self.exercises))
        self._say(_("Sorted: standing, sitting, lying"))
        self._list.focus_step(0)

    def _shorten(self) -> None:
        if self._problems:
            return
        short = editing.shortened(self.plan, self.exercises)
        if short == self.plan:
            self._say(_("This plan takes no more than 5 minutes."))
            return
        self._change(short)
        self._say(_("Shortened to {length}. Ctrl+Z brings the rest back.").format(length=self._total.text()))

    # ------------------------------------------------------------ what is shown

    def _refresh(self) -> None:
        plan = self.plan
        known = self.exercises
        self._problems = [(at, render(line)) for at, line in rules.problems(plan, known)]
        by_step: dict[int, str] = {}
        for at, sentence in self._problems:
            if at is not None:
                by_step[at] = f"{by_step[at]} {sentence}" if at in by_step else sentence
        notes = self._view.notes
        self._list.show_steps(
            [
                step_view(step, known.get(step.exercise), by_step.get(at, ""), notes.get(step.exercise, ""))
                for at, step in enumerate(plan.steps)
            ]
        )
        self._empty.setText(_("No steps yet. Pick the first one from “Add a step”."))
        self._empty.setVisible(not plan.steps)
        # A list that has grown is laid out at once, or its new end could not be scrolled to.
        for widget in (self._content, self._scroll.viewport()):
            QCoreApplication.sendPostedEvents(widget, QEvent.Type.LayoutRequest.value)
        self._show_part()
        self._name.show_name(_(plan.name))
        self._unsaved.setVisible(self.has_changes)
        # What it then says is no change.
        self._rest.setValue(plan.rest)
        self._show_total()
        self._show_state(bool(by_step))
        self._show_hint()
        self._menu.set_entries(self._menu_entries())

    def _show_total(self) -> None:
        runs = not self._problems
        seconds = self._length(self.plan) if runs else 0.0
        self._total.setText(clock_words(seconds))
        # What cannot run has no length.
        self._total.setVisible(runs)
        self._unit.setVisible(runs)
        self._unit.setText(_("hours") if seconds >= 3600 else _("minutes"))
        count = len(self.plan.steps)
        self._count.setText(ngettext("{n} step", "{n} steps", count).format(n=count))

    def _show_state(self, in_steps: bool) -> None:
        wrong = len({at for at, _sentence in self._problems})
        valid = not wrong
        self._ready_mark.setVisible(valid)
        self._ready.setVisible(valid)
        self._ready.setText(_("Ready") if self._folded else _("Ready to use"))
        self._ready.setAccessibleName(_("Ready to use"))
        self._attention.setVisible(not valid and bool(self.plan.steps))
        words = ngettext("{n} step needs attention", "{n} steps need attention", wrong)
        self._attention.set_label(words.format(n=wrong) if in_steps else _("The plan needs attention"))
        self._attention.setToolTip("\n".join(sentence for _at, sentence in self._problems[:5]))
        why = self._problems[0][1] if self._problems else ""
        for button in (self._try, self._foot_try, self._short):
            button.setEnabled(valid)
            button.setToolTip(why)
        can_save = valid and self.has_changes
        if self._save.hasFocus() and not can_save:
            # Else Qt hands the focus on to the rest between steps, where the next key changes it.
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._save.setEnabled(can_save)
        self._save.setToolTip(why or ("" if can_save else _("Everything is saved.")))
        for undo in (self._undo, self._undo_icon):
            undo.setEnabled(bool(self._history.past))
        self._redo.setVisible(bool(self._history.future))

    def _show_hint(self) -> None:
        ups = editing.get_ups(self.plan, self.exercises)
        better = ups and editing.get_ups(editing.fewest_get_ups(self.plan, self.exercises), self.exercises)
        self._hint.setVisible(better < ups)
        words = ngettext("You get up once.", "You get up {n} times.", ups)
        self._hint.words.setText(words.format(n=ups))

    def _menu_entries(self) -> list[MenuEntry]:
        valid = not self._problems
        why = self._problems[0][1] if self._problems else ""
        entries = [
            MenuEntry(_SHORT, _("I have 5 minutes"), Icon.CLOCK, valid, why),
            MenuEntry(_SORT, _("Fewest get-ups"), Icon.SORT, bool(self.plan.steps)),
            MenuEntry(_WORSE, _("More time for one leg"), Icon.LEG, bool(self.plan.steps)),
            MenuEntry(_ABOUT, _("Description"), Icon.EDIT),
        ]
        if self._view.has_original:
            entries.append(MenuEntry(_RESTORE, _("Restore the original"), Icon.UNDO))
        return entries

    def _undo_now(self) -> QWidget:
        return self._undo_icon if self._folded else self._undo

    def _say(self, words: str) -> None:
        top, bottom = self._list.place_of(self._list.current) if self.plan.steps else (0, 0)
        middle = (top + bottom) // 2 + self._list.y() - self._scroll.verticalScrollBar().value()
        self._pill.say(words, above=middle > self._scroll.viewport().height() // 2)
        announce(self._list, words)

    # ------------------------------------------------------------ sheets

    def _open_sheet(self, sheet: Sheet, first: QWidget | None = None) -> None:
        self._close_sheet()
        self._sheet = sheet
        sheet.closed.connect(self._sheet_closed)
        sheet.open(first)

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.finish()

    def _sheet_closed(self) -> None:
        if self._shelf.parentWidget() is not self._panel:
            self._shelve()
        self._sheet = None

    def open_step(self, at: int) -> None:
        """Show everything that can be said about a step."""
        if 0 <= at < len(self.plan.steps):
            made = _StepSheet(self, at, self.window(), self._look)
            self._open_sheet(made.sheet, made.wait if made.wait.parent() is not None else None)

    def open_shelf(self) -> None:
        """Go to the exercises: beside the list, or in a sheet in a small window."""
        if not self._folded:
            self._shelf.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        sheet = Sheet(_("Add a step"), self.window(), self._look, width=560)
        self._shelf.setParent(None)
        sheet.body.addWidget(self._shelf)
        # Only the list in it scrolls, not the sheet as well.
        room = self.window().height() - self._look.px(200)
        self._shelf.setMinimumHeight(min(self._look.px(430), room))
        self._shelf.show()
        self._open_sheet(sheet, self._shelf.search)

    def _shelve(self) -> None:
        """Put the exercises back beside the list."""
        self._shelf.setMinimumHeight(0)
        self._panel_column.insertWidget(1, self._shelf, 1)
        self._shelf.set_look(self._look)
        self._order_tabs()

    def _picked(self, key: str) -> None:
        if key == _SHORT:
            self._shorten()
        elif key == _SORT:
            self._sort()
        elif key == _WORSE:
            self._open_worse()
        elif key == _ABOUT:
            self._open_about()
        else:
            self._ask(
                _("Restore the original?"),
                _("Your own version is then gone; a copy is kept among the backups."),
                [(_("Restore the original"), lambda: self.restore_asked.emit(self.plan.id))],
                _("Keep mine"),
            )

    def _open_worse(self) -> None:
        sheet = Sheet(_("More time for one leg"), self.window(), self._look, width=480)
        sheet.body.addWidget(Text(_("One leg gets more in every step that works on it."), Role.BODY, "text2"))
        side = DropDown(_("Leg"), [("left", _("Left leg")), ("right", _("Right leg"))])
        seconds = Stepper(_("Seconds more"), SHORTEST_HOLD, 120, step=5, big_step=10)
        given = next((step.extra for step in self.plan.steps if step.extra is not None), None)
        seconds.setValue(given.seconds if given is not None else 10)
        side.choose(given.side.value if given is not None else "left")
        sheet.body.addLayout(_field_row(_("Leg"), side))
        sheet.body.addLayout(_field_row(_("Seconds more"), seconds))
        use = Button(_("Use it"), Kind.PRIMARY, size=QSize(0, 44))
        same = Button(_("Both legs the same"), Kind.GHOST, size=QSize(0, 44))

        def set_to(more: int) -> None:
            sheet.finish()
            self._change(editing.worse_leg(self.plan, self.exercises, Side(side.key), more))

        use.clicked.connect(lambda: set_to(seconds.value()))
        same.clicked.connect(lambda: set_to(0))
        sheet.body.addSpacing(10)
        sheet.body.addLayout(Flow([use, same]))
        self._open_sheet(sheet, side)

    def _open_about(self) -> None:
        sheet = Sheet(_("Description"), self.window(), self._look, width=560)
        words = TextField(_("Description"), _("What this plan is for"), limit=LONGEST_NOTE)
        words.set_text(_(self.plan.description))
        use = Button(_("Use it"), Kind.PRIMARY, size=QSize(0, 44))

        def take() -> None:
            sheet.finish()
            if words.text() != _(self.plan.description):
                self._change(editing.describe(self.plan, words.text()))

        use.clicked.connect(take)
        words.line.returnPressed.connect(take)
        sheet.body.addWidget(words)
        sheet.body.addSpacing(10)
        sheet.body.addLayout(Flow([use]))
        self._open_sheet(sheet, words.line)

    def _ask(
        self, title: str, words: str, answers: Sequence[tuple[str, Callable[[], None]]], stay: str
    ) -> None:
        sheet = Sheet(title, self.window(), self._look, width=600)
        sheet.body.addWidget(Text(words, Role.BODY, "text2"))
        buttons: list[QWidget] = []
        first: Button | None = None
        for label, does in answers:
            button = Button(label, Kind.SECONDARY if first else Kind.PRIMARY, size=QSize(0, 44))

            def go(_on: bool = False, then: Callable[[], None] = does) -> None:
                sheet.finish()
                then()

            button.clicked.connect(go)
            buttons.append(button)
            first = first or button
        no = Button(stay, Kind.GHOST, size=QSize(0, 44))
        no.clicked.connect(sheet.finish)
        sheet.body.addSpacing(10)
        sheet.body.addLayout(Flow([*buttons, no]))
        self._open_sheet(sheet, first)

    # ------------------------------------------------------------ leaving, saving, trying

    def leave(self, then: Callable[[], None] | None = None) -> None:
        """Go back to the plans, or do `then` instead; asks once when something would be lost."""
        if not self.has_changes or (not self.plan.steps and self._stored is None):
            self._go(then)
            return
        answers = [(_("Leave without saving"), lambda: self._go(then))]
        words = _("It has changes that are not saved yet.")
        if self._problems:
            words = _("It has changes that are not saved yet, and it cannot be saved as it is.")
        else:
            answers.insert(0, (_("Save and leave"), lambda: self._save_and_leave(then)))
        self._ask(_("Leave this plan?"), words, answers, _("Stay here"))

    def _go(self, then: Callable[[], None] | None) -> None:
        if then is None:
            self.left.emit()
        else:
            then()

    def _save_and_leave(self, then: Callable[[], None] | None) -> None:
        self._leaving, self._then = True, then
        self.save_asked.emit(self.plan)

    def _save_now(self) -> None:
        if self._save.isEnabled():
            self.save_asked.emit(self.plan)

    def _try_now(self) -> None:
        if not self._problems:
            self.try_asked.emit(self.plan)

    def _show_problem(self) -> None:
        at = next((at for at, _sentence in self._problems if at is not None), None)
        if at is not None:
            self._list.focus_step(at)
        elif self._problems:
            self._say(self._problems[0][1])

    # ------------------------------------------------------------ size, scrolling, keys

    def _show_part(self) -> None:
        top = self._scroll.verticalScrollBar().value() - self._list.y()
        self._list.show_part(top, top + self._scroll.viewport().height())

    def _let_see(self, top: int, bottom: int) -> None:
        bar, view = self._scroll.verticalScrollBar(), self._scroll.viewport().height()
        top, bottom = top + self._list.y() - 8, bottom + self._list.y() + 8
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + view:
            bar.setValue(bottom - view)
        self._show_part()

    def _scroll_by(self, by: int) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + by)

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        self._look = look
        pass_on(look, self)
        for part in (self._list, self._empty):
            part.set_look(look)
        pass_on(look, self._foot)
        self._pill.set_look(look)
        if self._sheet is not None:
            self._sheet.set_look(look)
        self._folded = None
        self._arrange()
        self._show_part()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab follows the reading order; Qt takes the order in which widgets were made."""
        stops: list[QWidget] = [self._back, self._name, self._undo, self._undo_icon, self._redo, self._menu]
        stops += [self._save, self._error.button, self._rest, self._attention, self._hint.button, self._list]
        stops += [*self._shelf.stops(), self._short, self._try, self._add_button, self._foot_try]
        for one, after in itertools.pairwise(stops):
            QWidget.setTabOrder(one, after)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._pill.place()
        QTimer.singleShot(0, self, self._show_part)

    def _arrange(self) -> None:
        look = self._look
        folded = self.width() < FOLD * look.factor
        # In the narrowest window with the largest text a dot says it; the name needs the room.
        cramped = self.width() < CRAMPED * look.factor
        self._unsaved.setText("●" if cramped else _("Not saved yet"))
        self._unsaved.setAccessibleName(_("Not saved yet"))
        self._unsaved.setToolTip(_("Not saved yet") if cramped else "")
        if folded == self._folded:
            return
        if self._folded is not None and self._shelf.parentWidget() is not self._panel:
            self._close_sheet()
        self._folded = folded
        side = look.px(28 if folded else 36)
        # The ring of a row needs room at both sides; all else stands in line with the rows.
        ring = StepList.RING
        self._column.setContentsMargins(
            side - ring, look.px(20 if folded else 28), side, look.px(0 if folded else 32)
        )
        self._column.setSpacing(look.px(14 if folded else 18))
        self._head.setSpacing(look.px(8))
        self._head.setContentsMargins(ring, 0, 0, 0)
        self._meta.setSpacing(look.px(12))
        self._body.setSpacing(look.px(14))
        self._left_column.setSpacing(look.px(4))
        self._above.setSpacing(look.px(10))
        self._above.setContentsMargins(ring, 0, 0 if folded else ring, 0)
        self._below.setContentsMargins(ring, look.px(8), ring, 0)
        self._inner.setContentsMargins(0, 0, 0, ring)
        self._empty.setContentsMargins(ring, look.px(24), ring, 0)
        self._panel_column.setContentsMargins(look.px(18), look.px(20), look.px(18), look.px(20))
        self._panel_column.setSpacing(look.px(8))
        self._panel_foot.setContentsMargins(6, 0, 6, 0)
        self._panel_foot.setSpacing(look.px(8))
        self._panel_title.setContentsMargins(6, 0, 0, 0)
        self._panel.setFixedWidth(look.px(320))
        self._panel.setVisible(not folded)
        self._keys.setVisible(not folded)
        self._foot.setVisible(folded)
        self._foot_rule.setVisible(folded)
        self._foot_row.setContentsMargins(side, look.px(12), side, look.px(12))
        self._foot_row.setSpacing(look.px(12))
        self._undo.setVisible(not folded)
        self._undo_icon.setVisible(folded)
        self._list.set_folded(folded)
        self._ready.setText(_("Ready") if folded else _("Ready to use"))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        key = event.key()
        if held == control and key == Qt.Key.Key_S:
            self._save_now()
        elif held == control and key == Qt.Key.Key_Z:
            self.undo()
        elif (held == control | shift and key == Qt.Key.Key_Z) or (held == control and key == Qt.Key.Key_Y):
            self.redo()
        elif not held and key == Qt.Key.Key_Insert:
            self.open_shelf()
        elif not held and key == Qt.Key.Key_Escape:
            self.leave()
        elif not held and key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.plan.steps:
            self._list.focus_step(self._list.current)
        else:
            super().keyPressEvent(event)
