"""Switches, sliders and steppers of the clock: painted controls for what is on, how much, and when.

It leaves out what they are for, and every decision: they show what they are given and say what was chosen.

Switch(name): QCheckBox; clicked(bool) by the user alone, show_on(on) says nothing.
Slider(name, low, high, *, step, words): QSlider; valueChanged(int), show_value(value) says nothing.
ClockStepper(name): Stepper of minutes since noon; valueChanged(int), at_time; show_time(at) says nothing.
LargeClock(name): the same, to be read across the room.
Settled(control): QObject beside a slider or stepper; moved(int), chosen(int); settle(), is_open, show().
minutes_of(at), time_of(minutes): a time of day as minutes since the noon before, and back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QLocale,
    QObject,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QSlider, QSpinBox, QWidget

from coach.ui.controls import Touch, needed_width
from coach.ui.fields import Stepper
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import clock_text

__all__ = ["ClockStepper", "LargeClock", "Settled", "Slider", "Switch", "minutes_of", "time_of"]

KNOB_MS = 120
SETTLE_MS = 300
"""So long after the last step by key or button a value is chosen."""
LARGE_SIDES = 54
"""The width of minus and plus beside the large clock, in px."""
_DAY = 24 * 60
_NOON = 12 * 60


def _system() -> QLocale:
    return QLocale.system()


def minutes_of(at: time) -> int:
    """A time of day as minutes since the noon before it, 0 to 1439: evenings count up past midnight."""
    return (at.hour * 60 + at.minute - _NOON) % _DAY


def time_of(minutes: int) -> time:
    """The time of day so many minutes (0 to 1439) after noon."""
    hour, minute = divmod((minutes + _NOON) % _DAY, 60)
    return time(hour, minute)


class Switch(QCheckBox):
    """On or off, 52 x 30: on is filled with its knob at the end, off an outline with its knob at the front.

    The words beside it are its owner's; `name` is read out. Space switches.
    """

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._touch = Touch(self, lambda: (self._face(), self._face().height() / 2))
        self._at = 0.0
        self._run = QVariantAnimation(self)
        self._run.setDuration(KNOB_MS)
        self._run.setEasingCurve(QEasingCurve.Type.OutQuad)
        self._run.valueChanged.connect(self._move)
        self.toggled.connect(self._slide)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_on(self, on: bool) -> None:
        """Show another state without saying so."""
        with QSignalBlocker(self):
            self.setChecked(on)
        self._run.stop()
        self._move(float(on))

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def _slide(self, on: bool) -> None:
        self._run.stop()
        if self._touch.look.reduced_motion or not self.isVisible():
            self._move(float(on))
            return
        self._run.setStartValue(self._at)
        self._run.setEndValue(float(on))
        self._run.start()

    def _move(self, at: object) -> None:
        assert isinstance(at, float)
        self._at = at
        self.update()

    def _face(self) -> QRect:
        look = self._touch.look
        face = QRect(0, 0, look.px(52), look.px(30))
        face.moveCenter(self.rect().center())
        return face

    def sizeHint(self) -> QSize:
        look = self._touch.look
        return QSize(look.target(52), look.target(44))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._touch.look.theme
        painter = self._touch.begin()
        on = self.isChecked()
        face = QRectF(self._face())
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._touch.tone(theme.fill))
        else:
            face.adjust(0.75, 0.75, -0.75, -0.75)
            painter.setPen(QPen(theme.edge, 1.5))
            painter.setBrush(self._touch.tone(theme.field))
        painter.drawRoundedRect(face, face.height() / 2, face.height() / 2)
        gap = self._touch.look.px(5)
        side = self._face().height() - 2 * gap
        way = self._face().width() - 2 * gap - side
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        share = 1.0 - self._at if mirrored else self._at
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.on_fill if on else theme.edge)
        painter.drawEllipse(QRectF(self._face().x() + gap + way * share, self._face().y() + gap, side, side))
        painter.end()


class Slider(QSlider):
    """An amount: a 6 px track with a 24 px knob, and the value in words at the end.

    Arrows step, Page Up and Down go ten steps. A click on the track goes there; the wheel leaves it alone.
    """

    def __init__(
        self,
        name: str,
        low: int,
        high: int,
        *,
        step: int = 1,
        words: Callable[[int], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        """`words` makes the shown value ("60 %")."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._words = words
        self._touch = Touch(self, lambda: (self._knob().toAlignedRect(), self._knob().height() / 2))
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setPageStep(10 * step)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.valueChanged.connect(self._say)
        self._say()

    def show_value(self, value: int) -> None:
        """Show another value without saying so."""
        with QSignalBlocker(self):
            self.setValue(value)
        self._say()
        self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def _say(self) -> None:
        self.setAccessibleDescription(self._words(self.value()))
        if self._touch.ringed:
            # The ring of the focus lies round the knob, which has moved.
            self._touch.set_look(self._touch.look)

    def _room(self) -> int:
        """The px that the widest value takes, with the gap before it."""
        look = self._touch.look
        font = look.font(Role.BODY_STRONG)
        values = (self.minimum(), self.maximum(), self.value())
        return look.px(14) + max(needed_width(self._words(value), font) for value in values)

    def _track(self) -> tuple[float, float]:
        """Where the middle of the knob can be, from and to in px, in reading direction."""
        half = self._touch.look.px(24) / 2
        # The focus is outlined 6 px round the knob.
        start, end = half + 6, self.width() - self._room() - half - 6
        if self._is_mirrored():
            return self.width() - start, self.width() - end
        return start, end

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _knob(self) -> QRectF:
        start, end = self._track()
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        side = float(self._touch.look.px(24))
        return QRectF(start + (end - start) * share - side / 2, (self.height() - side) / 2, side, side)

    def _value_at(self, x: float) -> int:
        start, end = self._track()
        share = min(max((x - start) / ((end - start) or 1.0), 0.0), 1.0)
        steps = round((self.maximum() - self.minimum()) * share / self.singleStep())
        return min(self.maximum(), self.minimum() + steps * self.singleStep())

    def sizeHint(self) -> QSize:
        look = self._touch.look
        height = max(look.target(44), QFontMetrics(look.font(Role.BODY_STRONG)).height())
        return QSize(look.px(200) + self._room(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(110) + self._room(), self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self.setValue(self._value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._touch.look, self._touch.look.theme
        painter = self._touch.begin()
        start, end = self._track()
        knob = self._knob()
        thick = look.px(6)
        top = (self.height() - thick) / 2

        def bar(one: float, other: float) -> QRectF:
            return QRectF(min(one, other), top, abs(other - one), thick)

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.s3)
        painter.drawRoundedRect(bar(start, end), thick / 2, thick / 2)
        painter.setBrush(theme.gfx)
        painter.drawRoundedRect(bar(start, knob.center().x()), thick / 2, thick / 2)
        painter.setBrush(self._touch.tone(theme.text1))
        painter.drawEllipse(knob)
        room = QRectF(self.rect())
        if self._is_mirrored():
            room.setRight(self._room() - look.px(14))
        else:
            room.setLeft(self.width() - self._room() + look.px(14))
        painter.setPen(theme.text1)
        painter.setFont(look.font(Role.BODY_STRONG))
        painter.drawText(
            room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._words(self.value())
        )
        painter.end()


class Settled(QObject):
    """What was chosen with a slider or a stepper, said once and not at every step on the way.

    That is when the mouse lets go of the slider, or a short pause after the last step; and at once when the
    control loses the focus or is hidden, so that nothing is lost.
    """

    moved = Signal(int)
    """A step of the user's; the value may still change."""
    chosen = Signal(int)
    """The value that they stopped at."""

    def __init__(self, control: QSlider | QSpinBox) -> None:
        super().__init__(control)
        self._control = control
        self._is_open = False
        self._is_showing = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SETTLE_MS)
        self._pause.timeout.connect(self.settle)
        control.valueChanged.connect(self._step)
        if isinstance(control, QSlider):
            control.sliderReleased.connect(self.settle)
        control.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        """Whether the user is still choosing."""
        return self._is_open

    def show(self, show: Callable[[], object]) -> None:
        """Call `show`, which gives the control a value that is not the user's; but not while they choose."""
        if self._is_open:
            return
        self._is_showing = True
        show()
        self._is_showing = False

    def settle(self) -> None:
        """Say what is chosen now, if that was not said yet."""
        if not self._is_open:
            return
        self._is_open = False
        self._pause.stop()
        self.chosen.emit(self._control.value())

    def _step(self, value: int) -> None:
        if self._is_showing:
            return
        self._is_open = True
        if isinstance(self._control, QSlider) and self._control.isSliderDown():
            self._pause.stop()
        else:
            self._pause.start()
        self.moved.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.settle()
        return False


class ClockStepper(Stepper):
    """A time of day between minus and plus: 15 minutes a step, with Shift 5. Its value is minutes since noon.

    From noon to noon, so that times after midnight follow those before. A time can be typed as it is shown,
    as "22:45", "2245", "10.45 pm" or "23"; where clocks have 12 hours, the nearer half of the day is meant.
    """

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(
            name,
            0,
            _DAY - 1,
            step=15,
            big_step=5,
            words=lambda value: clock_text(time_of(value)),
            parent=parent,
        )

    @property
    def at_time(self) -> time:
        return time_of(self.value())

    def show_time(self, at: time) -> None:
        """Show another time without saying so."""
        if at != self.at_time:
            with QSignalBlocker(self):
                self.setValue(minutes_of(at))
            self._limits()

    def _read(self, text: str) -> int | None:
        if self._words(self.value()) == text:
            return self.value()
        plain = text.strip().casefold().replace("\u00a0", " ").replace("\u202f", " ")
        found = re.search(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})|(\d{2}))?(?!\d)", plain)
        if found is None:
            return None
        hour, minute = int(found[1]), int(found[2] or found[3] or 0)
        if hour > 24 or minute > 59:
            return None
        locale = _system()
        late = any(half in plain for half in ("pm", "p.m", locale.pmText().casefold()) if half)
        early = any(half in plain for half in ("am", "a.m", locale.amText().casefold()) if half)
        if late or early:
            hour = hour % 12 + (12 if late else 0)
        exact = minutes_of(time(hour % 24, minute))
        half_days = "ap" in locale.timeFormat(QLocale.FormatType.ShortFormat).casefold()
        if late or early or not half_days or not 1 <= hour <= 12:
            return exact
        other = (exact + _NOON) % _DAY
        return min(exact, other, key=lambda value: abs(value - self.value()))


class LargeClock(ClockStepper):
    """A time of day that can be read across the room."""

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        font = look.font(Role.TITLE)
        self.setFont(font)
        self.lineEdit().setFont(font)
        self.updateGeometry()

    def _room(self) -> int:
        # As wide for nine as for ten o'clock, so that it stands still while it is changed.
        font = self._touch.look.font(Role.TITLE)
        return max(needed_width(self._words(value), font) for value in (0, 645, 720, self.value()))

    def sizeHint(self) -> QSize:
        look = self._touch.look
        height = max(look.target(76), QFontMetrics(look.font(Role.TITLE)).height() + look.px(16))
        return QSize(2 * look.target(LARGE_SIDES) + self._room() + look.px(20), height)

    def _place(self) -> None:
        side = self._touch.look.target(LARGE_SIDES)
        front = QRect(0, 0, side, self.height())
        back = QRect(self.width() - side, 0, side, self.height())
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self._less.setGeometry(back if mirrored else front)
        self._more.setGeometry(front if mirrored else back)
        self.lineEdit().setGeometry(side, 0, self.width() - 2 * side, self.height())
