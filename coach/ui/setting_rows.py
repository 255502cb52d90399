"""One setting as a row: its name and sentence, and the control that its type asks for.

It leaves out which settings there are (see domain.settings), and every decision: a row shows a value and says
what the user chose.

SettingRow(spec): changed_to(str, object), moved_to(str, int), reset_asked(str), tried(str); show_value,
settle, set_voices, set_match.
ActionRow(name, sentence, actions): picked(str); set_words, set_match.
DutyRow(name, sentence): turned(bool); show_duty, set_match.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from datetime import time
from typing import cast

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from coach.domain.settings import Spec
from coach.i18n import _
from coach.ui.controls import Button, IconButton, Kind, Text, Touch, needed_width, pass_on
from coach.ui.fields import DropDown, Option, Segmented, Stepper
from coach.ui.icons import Icon, paint_icon
from coach.ui.switches import ClockStepper, Settled, Slider, Switch, time_of
from coach.ui.theme import Look, Role

__all__ = ["ActionRow", "Control", "DutyRow", "MarkedText", "Row", "SettingRow", "control_for"]

RING_ROOM = 6
"""Px at the sides of a row for the outline of the focus."""
WORDS_ROOM = 210
"""Name and sentence have at least this width beside the control, in px of the design; else it goes below."""
SHORT_CHOICES = 24
"""Choices with no more letters than this stand side by side; more become a drop-down."""
MANY_STEPS = 20
"""An amount with so many steps is a slider, one with fewer a stepper."""
VOICE = "voice_id"
"""The one text setting: its choices are the voices of the computer, which are known late."""
TRIED = {"volume": "voice", "chimes": "tone"}
"""What can be heard at once: the setting and what sounds."""

Control = Switch | Segmented | DropDown | Stepper | Slider | ClockStepper


class MarkedText(Text):
    """Words of ours in which a match is underlined."""

    def __init__(self, words: str, role: Role, token: str) -> None:
        super().__init__(words, role, token)
        self.words = words

    def set_words(self, words: str) -> None:
        """Show other words, with nothing underlined."""
        self.words = words
        self.set_match("")

    def set_match(self, match: str) -> None:
        """Underline every `match`, whatever its case; an empty one nothing."""
        parts = re.split(f"({re.escape(match)})", self.words, flags=re.IGNORECASE) if match else []
        if len(parts) < 2:
            self.setTextFormat(Qt.TextFormat.PlainText)
            self.setText(self.words)
            return
        marked = (
            f"<u>{html.escape(one)}</u>" if number % 2 else html.escape(one)
            for number, one in enumerate(parts)
        )
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText("".join(marked))


class _Dot(QWidget):
    """An amber dot: something was changed. Screen readers hear it from the button beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(_("Changed"))

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(8), self._look.px(8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.gfx)
        painter.drawEllipse(QRectF(self.rect()))
        painter.end()


class _Reset(QPushButton):
    """An arrow back and "Reset", in amber without a face."""

    def __init__(self, of: str) -> None:
        super().__init__()
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(12))))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Reset “{name}”").format(name=of))
        self.setAccessibleDescription(_("Changed") + ". " + _("Key: {key}").format(key=_("Del")))

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def sizeHint(self) -> QSize:
        look = self._touch.look
        font = look.font(Role.SMALL_STRONG)
        words = needed_width(_("Reset"), font)
        height = max(look.target(44), QFontMetrics(font).height() + look.px(14))
        return QSize(look.px(10 + 16 + 8 + 10) + words, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        if self._touch.heat:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setOpacity(self._touch.heat)
            painter.setBrush(theme.field)
            painter.drawRoundedRect(QRectF(self.rect()), look.px(12), look.px(12))
            painter.setOpacity(1.0)
        side, pad = look.px(16), look.px(10)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = self.width() - pad - side if mirrored else pad
        paint_icon(painter, Icon.UNDO, QRectF(x, (self.height() - side) / 2, side, side), theme.accent)
        front = pad + side + look.px(8)
        words = QRectF(0 if mirrored else front, 0, self.width() - front, self.height())
        painter.setPen(theme.accent)
        painter.setFont(look.font(Role.SMALL_STRONG))
        flags = Qt.AlignmentFlag.AlignVCenter | (
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
            if mirrored
            else Qt.AlignmentFlag.AlignLeft
        )
        painter.drawText(words, flags, _("Reset"))
        painter.end()


class _Tools(QWidget):
    """What stands at the end of a row."""

    rings_outside = True

    def __init__(self) -> None:
        super().__init__()
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)


class Row(QWidget):
    """Name and sentence, 68 px high or more, and a control beside them or, where it is narrow, below.

    All but the first of a card have a hairline above.
    """

    search_asked = Signal()
    """The key of the search was pressed in the control."""
    undo_asked = Signal()
    """The key that undoes was pressed in the control."""

    def __init__(self, name: str, sentence: str, *, also: Sequence[str] = ()) -> None:
        """`also` are words by which it is found that stand elsewhere, such as its choices."""
        super().__init__()
        self._also = " ".join(also).casefold()
        self._look = Look()
        self._stacked: bool | None = None
        self.first = False
        self.name = MarkedText(name, Role.BODY_MEDIUM, "text1")
        self.sentence = MarkedText(sentence, Role.SMALL, "text2")
        self.dot = _Dot()
        self.dot.hide()
        self._name_line = QHBoxLayout()
        self._name_line.addWidget(self.name)
        self._name_line.addWidget(self.dot, 0, Qt.AlignmentFlag.AlignVCenter)
        self._name_line.addStretch(1)
        self._words = QVBoxLayout()
        self._words.addStretch(1)
        self._words.addLayout(self._name_line)
        self._words.addWidget(self.sentence)
        self._words.addStretch(1)
        self.tools = _Tools()
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.addLayout(self._words, 1)
        self._whole.addWidget(self.tools, 0)
        # A name is short; it must not wrap because of the stretch beside it.
        self.name.setWordWrap(False)

    def _fill(self, *parts: QWidget, grows: QWidget | None = None) -> None:
        """Put these at the end of the row and listen to their keys."""
        for part in parts:
            self.tools.line.addWidget(part, 1 if part is grows else 0, Qt.AlignmentFlag.AlignVCenter)
            if part is grows:
                self.tools.line.setAlignment(part, Qt.AlignmentFlag(0))
            for one in (part, *part.findChildren(QWidget)):
                one.installEventFilter(self)

    @property
    def stops(self) -> list[QWidget]:
        """What the keyboard stops at, in order."""
        return [
            one
            for one in self.tools.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and one.isEnabled()
        ]

    def has_words(self, match: str) -> bool:
        """Whether this can be found under `match`, whatever its case."""
        low = match.casefold()
        return any(low in words.casefold() for words in (self.name.words, self.sentence.words, self._also))

    def set_match(self, match: str) -> None:
        """Underline what was searched for."""
        self.name.set_match(match)
        self.sentence.set_match(match)

    # ------------------------------------------------------------ keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that mean the page, whatever the control would make of them."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        press = cast(QKeyEvent, event)
        control = press.modifiers() == Qt.KeyboardModifier.ControlModifier
        if press.key() == Qt.Key.Key_Delete:
            self._delete()
        elif press.text() == "/" and not control:
            self.search_asked.emit()
        elif control and press.key() == Qt.Key.Key_Z:
            self.undo_asked.emit()
        else:
            return False
        return True

    def _delete(self) -> None:
        """Del was pressed."""

    # ------------------------------------------------------------ looks

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        pass_on(look, self.tools)
        self.setMinimumHeight(look.px(68))
        self._name_line.setSpacing(look.px(9))
        self._words.setSpacing(0)
        self._whole.setContentsMargins(RING_ROOM, look.px(10), RING_ROOM, look.px(10))
        self._whole.setSpacing(look.px(16))
        self.tools.line.setSpacing(look.px(12))
        self._stacked = None
        self._arrange()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _tools_width(self) -> int:
        return self.tools.sizeHint().width()

    def _arrange(self) -> None:
        look = self._look
        tools = self._tools_width()
        words = max(look.px(WORDS_ROOM), self.name.sizeHint().width() + look.px(20))
        wide = tools + words + look.px(16) + 2 * RING_ROOM > self.width()
        stacked = bool(tools) and (wide or self._always_stacked())
        if stacked == self._stacked:
            return
        self._stacked = stacked
        self._whole.setDirection(
            QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        )
        self._whole.setSpacing(look.px(6 if stacked else 16))
        self._stack(stacked)

    def _always_stacked(self) -> bool:
        return False

    def _stack(self, stacked: bool) -> None:
        side = Qt.AlignmentFlag.AlignLeft if stacked else Qt.AlignmentFlag(0)
        self._whole.setAlignment(self.tools, side)

    @property
    def is_stacked(self) -> bool:
        """Whether the control stands below the words."""
        return bool(self._stacked)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.first:
            return
        painter = QPainter(self)
        painter.setPen(QPen(self._look.theme.line, 1))
        painter.drawLine(RING_ROOM, 0, self.width() - RING_ROOM - 1, 0)
        painter.end()


# ---------------------------------------------------------------- a control by the type of the setting


class _Number(Stepper):
    """A stepper for any number: what is typed is taken as it is, never as minutes of seconds."""

    def _read(self, text: str) -> int | None:
        if self._words(self.value()) == text:
            return self.value()
        found = re.search(r"\d{1,6}", text)
        return int(found[0]) if found else None


class _Voices(DropDown):
    """A drop-down that is no wider than a row has room for, however long the names of voices are."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(min(hint.width(), self._touch.look.px(280)), hint.height())


def _number_words(spec: Spec) -> Callable[[int], str]:
    if not spec.unit:
        return str
    return lambda value: _(spec.unit).format(n=value)


def options_of(spec: Spec) -> list[Option]:
    """The choices of a setting with their words."""
    return [(str(one), _(word)) for one, word in zip(spec.choices, spec.words, strict=True)]


def control_for(spec: Spec) -> Control:
    """The control for a setting, by its type alone."""
    name = _(spec.label)
    if isinstance(spec.default, bool):
        return Switch(name)
    if spec.clock:
        return ClockStepper(name)
    if spec.choices:
        options = options_of(spec)
        short = sum(len(label) for _key, label in options) <= SHORT_CHOICES
        return Segmented(name, options) if short else DropDown(name, options)
    if isinstance(spec.default, int):
        words = _number_words(spec)
        if (spec.high - spec.low) / spec.step >= MANY_STEPS:
            return Slider(name, spec.low, spec.high, step=spec.step, words=words)
        return _Number(name, spec.low, spec.high, step=spec.step, big_step=2 * spec.step, words=words)
    return _Voices(name, [("", _("The usual one"))])


class SettingRow(Row):
    """A setting with its control; once changed, an amber dot and "Reset"."""

    changed_to = Signal(str, object)
    """The user chose another value: the setting's name, and the value."""
    moved_to = Signal(str, int)
    """An amount that can be heard (see TRIED) is on its way to another one."""
    reset_asked = Signal(str)
    """The usual value is wanted again; the setting's name."""
    tried = Signal(str)
    """The user wants to hear it: "voice" or "tone"."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(_(spec.label), _(spec.sentence), also=[_(word) for word in spec.words])
        self.spec = spec
        self._is_changed = False
        self._value: object = None
        self._settled: Settled | None = None
        self._narrow = False
        self._voices: tuple[Option, ...] = ()
        self._offered: list[Option] = []
        self.control = control_for(spec)
        self.reset = _Reset(_(spec.label))
        self.reset.hide()
        self.reset.clicked.connect(self._reset)
        parts: list[QWidget] = [self.reset, self.control]
        if spec.name in TRIED:
            hear = IconButton(Icon.PLAY, _("Hear “{name}”").format(name=_(spec.label)), Kind.SECONDARY)
            hear.clicked.connect(lambda: self.tried.emit(TRIED[spec.name]))
            parts.append(hear)
        self._fill(*parts, grows=self.control if isinstance(self.control, Slider) else None)
        self._connect()

    def _connect(self) -> None:
        control, name = self.control, self.spec.name
        if not isinstance(control, (Slider, DropDown)):  # these say their value in the description
            control.setAccessibleDescription(_(self.spec.sentence))
        if isinstance(control, Switch):
            control.clicked.connect(lambda on: self.changed_to.emit(name, bool(on)))
        elif isinstance(control, (Segmented, DropDown)):
            control.chosen.connect(self._chosen)
        else:
            # Not at every step: each change is written to the disk and told to the whole app.
            self._settled = Settled(control)
            self._settled.chosen.connect(self._counted)
            if name in TRIED:
                self._settled.moved.connect(lambda value: self.moved_to.emit(name, value))

    def _counted(self, number: int) -> None:
        value = time_of(number).strftime("%H:%M") if isinstance(self.control, ClockStepper) else number
        if value != self._value:
            self.changed_to.emit(self.spec.name, value)

    def settle(self) -> None:
        """Say now what the user is just choosing, if they are."""
        if self._settled is not None:
            self._settled.settle()

    def _chosen(self, key: str) -> None:
        value = next((one for one in self.spec.choices if str(one) == key), key)
        self.changed_to.emit(self.spec.name, value)

    def show_value(self, value: object, *, changed: bool) -> None:
        """Show this value from now on, without saying so; what the user is just choosing stays on show."""
        self._value = value
        self._is_changed = changed
        self.dot.setVisible(changed)
        if changed != self.reset.isVisibleTo(self):
            if self.reset.hasFocus() and not changed:
                self.control.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reset.setVisible(changed)
        control = self.control
        if isinstance(control, Switch):
            if control.isChecked() != value:  # else a knob on its way would jump
                control.show_on(bool(value))
        elif self._settled is not None:
            self._settled.show(lambda: self._show_number(value))
        elif isinstance(control, (Segmented, DropDown)):
            if self.spec.name == VOICE:
                self._offer_voices(str(value))
            control.choose(str(value))

    def _show_number(self, value: object) -> None:
        control = self.control
        if isinstance(control, ClockStepper):
            control.show_time(time.fromisoformat(str(value)))
        elif isinstance(control, Slider):
            control.show_value(cast(int, value))
        elif isinstance(control, Stepper):
            control.setValue(cast(int, value))

    def set_needed(self, why_not: str) -> None:
        """Take it out of use with a sentence that says why, or with none put it back."""
        self.control.setEnabled(not why_not)
        self.control.setToolTip(why_not)

    def set_voices(self, voices: Sequence[Option]) -> None:
        """Offer these voices beside the usual one."""
        self._voices = tuple(voices)
        self._offer_voices(cast(DropDown, self.control).key)

    def _offer_voices(self, chosen: str) -> None:
        control = cast(DropDown, self.control)
        known = [("", _("The usual one")), *self._voices]
        if chosen not in dict(known):
            known.append((chosen, chosen))
        if known != self._offered:
            self._offered = known
            control.set_options(known)

    def set_narrow(self, narrow: bool) -> None:
        """Whether the page has one column: a slider then has a line of its own."""
        self._narrow = narrow
        self._arrange()

    def _always_stacked(self) -> bool:
        return self._narrow and isinstance(self.control, Slider)

    def _delete(self) -> None:
        self.settle()
        if self._is_changed:
            self._reset()

    def _reset(self) -> None:
        self.settle()
        self.reset_asked.emit(self.spec.name)

    def _tools_width(self) -> int:
        # Also for a "Reset" that is not there yet: a change moves nothing.
        width = self.tools.sizeHint().width()
        if not self.reset.isVisibleTo(self):
            width += self.reset.sizeHint().width() + self._look.px(12)
        return width

    def _stack(self, stacked: bool) -> None:
        if isinstance(self.control, Slider):
            self._whole.setAlignment(self.tools, Qt.AlignmentFlag(0))
        else:
            super()._stack(stacked)


# ---------------------------------------------------------------- rows that are no settings


class ActionRow(Row):
    """A fact, and buttons for what can be done with it: pairs of a key and a label."""

    picked = Signal(str)
    """The user picked the action with this key."""

    def __init__(
        self, name: str, sentence: str, actions: Sequence[Option] = (), *, also: Sequence[str] = ()
    ) -> None:
        super().__init__(name, sentence, also=also)
        self.buttons: list[Button] = []
        for key, label in actions:
            button = Button(label, Kind.SECONDARY, size=QSize(0, 44), role=Role.SMALL_STRONG)
            button.setAccessibleName(f"{label}: {name}")
            button.clicked.connect(lambda _on=False, picked=key: self.picked.emit(picked))
            self.buttons.append(button)
        self._fill(*self.buttons)
        self.tools.setVisible(bool(actions))

    def set_words(self, sentence: str) -> None:
        """Say something else about it."""
        if sentence != self.sentence.words:
            self.sentence.set_words(sentence)


class DutyRow(Row):
    """Something that the system does for us, on or off as the system itself says."""

    turned = Signal(bool)
    """The user wants it on, or off."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(name, sentence)
        self._plain = sentence
        self.control = Switch(name)
        self.control.setAccessibleDescription(sentence)
        self.control.clicked.connect(self._clicked)
        self._fill(self.control)

    def _clicked(self, on: bool) -> None:
        self.turned.emit(on)

    def show_duty(self, on: bool, why_not: str, place: str = "") -> None:
        """Show how it stands; with `why_not` it cannot be had here, and that is said instead.

        `place` tells where the system keeps it.
        """
        words = why_not or self._plain
        if words != self.sentence.words:
            self.sentence.set_words(words)
        self.control.setEnabled(not why_not)
        self.control.setToolTip(why_not or place)
        self.control.setAccessibleDescription(words)
        self.control.show_on(on)
