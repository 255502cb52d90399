"""Painted controls over Qt's own widgets: the looks of DESIGN.md 5 with the meaning that screen readers know.

It leaves out pages, words of its own and every decision: controls show what they are given and say when
they are used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum
from typing import cast

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from coach.i18n import _
from coach.ui.icons import Icon, paint_icon
from coach.ui.theme import Look, Role, Theme, mixed

__all__ = [
    "Button",
    "Card",
    "FocusRing",
    "IconButton",
    "KeyCap",
    "Kind",
    "Mark",
    "NavItem",
    "RadioRow",
    "Round",
    "ScrollArea",
    "Segments",
    "SessionControl",
    "Sheet",
    "Text",
    "Touch",
    "draw_key_cap",
    "key_cap_size",
    "needed_width",
    "paint_face",
    "pass_on",
]

HOVER_MS = 120
RING_GAP = 3
RING_WIDTH = 3
DISABLED_OPACITY = 0.45
_BY_MOUSE = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_KEPT = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason)
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Kind(Enum):
    """How loud a button is; a screen has one PRIMARY at most."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    OUTLINE = "outline"
    GHOST = "ghost"
    QUIET = "quiet"
    """A face in the tone of a card, for buttons that lie on the window itself."""


def pass_on(look: Look, parent: QObject) -> None:
    """Give `look` to every direct child of `parent` that can take one."""
    for child in parent.children():
        take = getattr(child, "set_look", None)
        if take is not None:
            cast(Callable[[Look], None], take)(look)


def needed_width(text: str, font: QFont) -> int:
    """The px that one line of `text` takes."""
    return QFontMetrics(font).horizontalAdvance(text) + 1


# ---------------------------------------------------------------- key caps


def key_cap_size(key: str, look: Look) -> QSize:
    """The size of the cap that shows `key`."""
    metrics = QFontMetrics(look.font(Role.KEY))
    height = max(metrics.height() + look.px(6), look.px(24))
    return QSize(max(metrics.horizontalAdvance(key) + look.px(16), look.px(26)), height)


def draw_key_cap(painter: QPainter, where: QRectF, key: str, look: Look, ink: QColor, rim: QColor) -> None:
    """Draw a key cap into `where`, centred, in its own size."""
    size = key_cap_size(key, look)
    face = QRectF(0, 0, size.width() - 1, size.height() - 1)
    face.moveCenter(where.center())
    # Down, never up: a cap that fills its place would lose its lower edge.
    face.moveTo(math.floor(face.x()) + 0.5, math.floor(face.y()) + 0.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(rim, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(face, look.px(6), look.px(6))
    painter.setPen(ink)
    painter.setFont(look.font(Role.KEY))
    painter.drawText(face, Qt.AlignmentFlag.AlignCenter, key)


class KeyCap(QWidget):
    """A key that does what stands beside it. Screen readers skip it: the control names its key itself."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return key_cap_size(self._key, self._look)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._look.theme
        draw_key_cap(painter, QRectF(self.rect()), self._key, self._look, theme.text2, theme.edge)
        painter.end()


class Round(QWidget):
    """A soft round with something in it, for the eye alone: screen readers read the words beside it."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        """`side` is in px at scale 1."""
        super().__init__(parent)
        self._side = side
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = self._look.px(self._side)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.soft)
        painter.drawEllipse(QRectF(self.rect()))
        self.paint_inside(painter, self._look)
        painter.end()

    def paint_inside(self, painter: QPainter, look: Look) -> None:
        """Draw what stands in the round."""


# ---------------------------------------------------------------- focus


class FocusRing(QWidget):
    """The outline round a control that has the keyboard's focus: 3 px wide, 3 px away.

    It is a sibling that lies round its control, so the parent needs 6 px of room there. A parent without that
    room sets `rings_outside`; then it is a sibling of the parent, and so on.
    """

    def __init__(self, control: QWidget, face: Callable[[], tuple[QRect, float]]) -> None:
        super().__init__(control.parentWidget())
        self._control = control
        self._face = face
        self._colour = QColor()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        control.installEventFilter(self)

    def show_in(self, colour: QColor) -> None:
        """Show it in `colour`, above its siblings."""
        self._colour = colour
        host = self._control.parentWidget()
        while host is not None and getattr(host, "rings_outside", False) and host.parentWidget() is not None:
            host.installEventFilter(self)  # once, however often it is asked for
            host = host.parentWidget()
        if self.parentWidget() is not host:
            self.setParent(host)
        self._follow()
        self.raise_()
        self.show()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.Move, QEvent.Type.Resize):
            # Not isVisible: on a page behind another one it has to move too.
            if not self.isHidden():
                self._follow()
        elif kind == QEvent.Type.Hide:
            self.hide()
        return False

    def _follow(self) -> None:
        far = RING_GAP + RING_WIDTH
        rect, _radius = self._face()
        host = self.parentWidget()
        if host is not None and host.isAncestorOf(self._control):
            place = self._control.mapTo(host, QPoint(0, 0))
            self.setGeometry(rect.translated(place).adjusted(-far, -far, far, far))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour, RING_WIDTH))
        half = RING_WIDTH / 2
        radius = self._face()[1] + RING_GAP + half
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        painter.end()


class Touch(QObject):
    """What all painted controls share: the tone under the pointer and the ring of the keyboard's focus.

    `face` tells where in the control its face lies, and the radius of its corners in px.
    """

    def __init__(self, control: QWidget, face: Callable[[], tuple[QRect, float]]) -> None:
        super().__init__(control)
        self._control = control
        self._face = face
        self._ring: FocusRing | None = None
        self._fade: QVariantAnimation | None = None
        self.heat = 0.0
        self.look = Look()
        self.ringed = False
        self._by_mouse = False
        control.setAttribute(Qt.WidgetAttribute.WA_Hover)
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        control.installEventFilter(self)

    def set_look(self, look: Look) -> None:
        self.look = look
        if self.ringed and self._ring is not None:
            self._ring.show_in(look.theme.text1)
        self._control.updateGeometry()
        self._control.update()

    def tone(self, face: QColor) -> QColor:
        """`face` as it looks right now: at rest, under the pointer, or held down."""
        if isinstance(self._control, QAbstractButton) and self._control.isDown():
            return self.look.theme.pressed(face)
        return self.look.theme.hovered(face, self.heat) if self.heat else face

    def begin(self) -> QPainter:
        """A painter for the control, pale when it is disabled."""
        painter = QPainter(self._control)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._control.isEnabled():
            painter.setOpacity(DISABLED_OPACITY)
        return painter

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.HoverEnter:
            self._warm(1.0 if self._control.isEnabled() else 0.0)
        elif kind in (QEvent.Type.HoverLeave, QEvent.Type.EnabledChange):
            self._warm(0.0)
        elif kind == QEvent.Type.FocusIn:
            reason = cast(QFocusEvent, event).reason()
            # A window that comes to the front gives focus back as it was before.
            if reason not in _KEPT:
                self._by_mouse = reason in _BY_MOUSE
            self._show_ring(not self._by_mouse)
            if reason in _BY_TAB:
                self._come_into_sight()
        elif kind == QEvent.Type.FocusOut:
            self._show_ring(False)
        elif kind == QEvent.Type.MouseButtonPress:
            self._by_mouse = True
            self._show_ring(False)
        elif kind == QEvent.Type.KeyPress:
            return self._key(cast(QKeyEvent, event))
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if not self.ringed and self._control.hasFocus():
            self._by_mouse = False
            self._show_ring(True)
        if not isinstance(self._control, QAbstractButton):
            return False
        if event.key() in _ENTER and isinstance(self._control, QCheckBox):
            # Space ticks. Enter is for what the page is for: one too many must not tick anything.
            event.ignore()
            return True
        if event.key() in _ENTER and not event.isAutoRepeat() and self._control.isEnabled():
            self._control.click()
            return True
        if event.key() in _ARROWS and not self._control.autoExclusive():
            # Qt would walk to the next control; on our pages arrows have meanings of their own.
            event.ignore()
            return True
        return False

    def _come_into_sight(self) -> None:
        """Scroll to the control. Qt itself does so only while Tab stays within what is scrolled."""
        above = self._control.parentWidget()
        while above is not None:
            content = above.widget() if isinstance(above, ScrollArea) else None
            if isinstance(above, ScrollArea) and content is not None and content.isAncestorOf(self._control):
                # Not ensureWidgetVisible: of a field it only shows where the cursor would be.
                middle = self._control.mapTo(content, self._control.rect().center())
                above.ensureVisible(middle.x(), middle.y(), 0, self._control.height() // 2 + 24)
            above = above.parentWidget()

    def _show_ring(self, wanted: bool) -> None:
        self.ringed = wanted
        if wanted:
            if self._ring is None:
                self._ring = FocusRing(self._control, self._face)
            self._ring.show_in(self.look.theme.text1)
        elif self._ring is not None:
            self._ring.hide()

    def _warm(self, goal: float) -> None:
        if goal == self.heat and self._fade is None:
            return
        if self.look.reduced_motion or not self._control.isVisible():
            self._set_heat(goal)
            return
        if self._fade is None:
            self._fade = QVariantAnimation(self)
            self._fade.setDuration(HOVER_MS)
            self._fade.setEasingCurve(QEasingCurve.Type.OutQuad)
            self._fade.valueChanged.connect(self._set_heat)
        self._fade.stop()
        self._fade.setStartValue(self.heat)
        self._fade.setEndValue(goal)
        self._fade.start()

    def _set_heat(self, heat: object) -> None:
        self.heat = float(cast(float, heat))
        self._control.update()


# ---------------------------------------------------------------- buttons


class Button(QPushButton):
    """A push button with an optional icon at the left and an optional key cap at the right.

    `size` is the least size in px of the design; the button grows with its words. It never wraps: words
    that do not fit end in an ellipsis and are then shown in full as a tool tip.
    """

    def __init__(
        self,
        label: str,
        kind: Kind = Kind.SECONDARY,
        *,
        icon: Icon | None = None,
        key: str = "",
        role: Role = Role.BUTTON,
        size: QSize | None = None,
        radius: int = 14,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._kind = kind
        self._icon = icon
        self._key = key
        self._role = role
        self._least = size or QSize(0, 48)
        self._radius = radius
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(self._radius))))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(label)
        if key:
            self.setAccessibleDescription(_("Key: {key}").format(key=key))

    @property
    def label(self) -> str:
        return self._label

    def set_label(self, label: str) -> None:
        """Change the words, on the button and for screen readers."""
        if label != self._label:
            self._label = label
            self.setAccessibleName(label)
            self.updateGeometry()
            self.update()

    def set_icon(self, icon: Icon | None) -> None:
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def _parts(self) -> tuple[int, int, int]:
        """Widths in px of icon with gap, words, and gap with key cap."""
        look = self._touch.look
        icon = (
            look.px(self._role.value[0] * 1.3 + (18 if self._role is Role.START else 10)) if self._icon else 0
        )
        cap = key_cap_size(self._key, look).width() + look.px(14) if self._key else 0
        return icon, needed_width(self._label, look.font(self._role)), cap

    def sizeHint(self) -> QSize:
        look = self._touch.look
        pad = look.px(14 if self._kind is Kind.GHOST else 24)
        height = max(
            look.target(self._least.height()), QFontMetrics(look.font(self._role)).height() + look.px(16)
        )
        return QSize(max(look.target(self._least.width()), sum(self._parts()) + 2 * pad), height)

    def minimumSizeHint(self) -> QSize:
        look = self._touch.look
        icon, _words, cap = self._parts()
        return QSize(
            min(self.sizeHint().width(), max(look.target(44), icon + cap + look.px(120))),
            self.sizeHint().height(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        cut = sum(self._parts()) + self._touch.look.px(12) > self.width()
        if cut or self.toolTip() == self._label:
            self.setToolTip(self._label if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        painter = self._touch.begin()
        ink = paint_face(
            painter, QRectF(self.rect()), look.px(self._radius), self._kind, look.theme, self._touch
        )
        icon, words, cap = self._parts()
        room = self.width() - look.px(12)
        words = min(words, room - icon - cap)
        left = (self.width() - icon - words - cap) / 2
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft

        def place(x: float, width: float) -> QRectF:
            return QRectF(self.width() - x - width if mirrored else x, 0, width, self.height())

        if self._icon is not None:
            side = look.px(self._role.value[0] * 1.3)
            box = place(left, side)
            paint_icon(painter, self._icon, QRectF(box.x(), (self.height() - side) / 2, side, side), ink)
        font = look.font(self._role)
        painter.setFont(font)
        painter.setPen(ink)
        shown = QFontMetrics(font).elidedText(self._label, Qt.TextElideMode.ElideRight, words + 1)
        painter.drawText(
            place(left + icon, words + 1),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter,
            shown,
        )
        if cap:
            width = key_cap_size(self._key, look).width()
            on_fill = self._kind is Kind.PRIMARY
            rim = mixed(look.theme.fill, look.theme.on_fill, 0.55) if on_fill else look.theme.edge
            draw_key_cap(painter, place(left + icon + words + look.px(14), width), self._key, look, ink, rim)
        painter.end()


def paint_face(
    painter: QPainter, where: QRectF, radius: float, kind: Kind, theme: Theme, touch: Touch
) -> QColor:
    """Draw the face of a button of this kind as it is now; returns the colour for what stands on it."""
    ink = theme.text1
    rim: QColor | None = None
    face: QColor | None = None
    if kind is Kind.PRIMARY:
        face, ink = touch.tone(theme.fill), theme.on_fill
    elif kind is Kind.SECONDARY:
        face = touch.tone(theme.raised)
    elif kind is Kind.QUIET:
        face = touch.tone(theme.s1)
    else:
        ink = theme.text1 if kind is Kind.OUTLINE else theme.text2
        rim = theme.edge if kind is Kind.OUTLINE else None
        if touch.heat:
            face = QColor(theme.field)
            face.setAlphaF(touch.heat)
    painter.setPen(QPen(rim, 1.5) if rim is not None else Qt.PenStyle.NoPen)
    painter.setBrush(face if face is not None else Qt.BrushStyle.NoBrush)
    inset = 0.75 if rim is not None else 0.0
    painter.drawRoundedRect(where.adjusted(inset, inset, -inset, -inset), radius, radius)
    return ink


class IconButton(QPushButton):
    """A square button with an icon alone; its name is a tool tip and is read out."""

    def __init__(
        self, icon: Icon, name: str, kind: Kind = Kind.QUIET, *, side: int = 44, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._kind = kind
        self._side = side
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(14))))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon: Icon) -> None:
        self._icon = icon
        self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def sizeHint(self) -> QSize:
        side = self._touch.look.target(self._side)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        painter = self._touch.begin()
        ink = paint_face(painter, QRectF(self.rect()), look.px(14), self._kind, look.theme, self._touch)
        if self._kind is not Kind.PRIMARY:
            ink = look.theme.text2
        side = look.px(22)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        paint_icon(painter, self._icon, box, ink)
        painter.end()


class SessionControl(QPushButton):
    """A control under the session: a 76 x 64 face with an icon or short words, its key and name below.

    The main one is 152 x 64 and amber. `set_fade` pales the whole control when nobody touches anything.
    """

    def __init__(
        self,
        icon: Icon | None,
        label: str,
        key: str,
        *,
        name: str = "",
        words: str = "",
        main: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`words` stand on the face in place of an icon ("+10 s"); `name` is read out, else `label`."""
        super().__init__(parent)
        self._icon = icon
        self._label = label
        self._key = key
        self._name = name
        self._words = words
        self._main = main
        self._shown = 1.0
        self._touch = Touch(self, self._ring_face)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_label(label, name)

    @property
    def label(self) -> str:
        return self._label

    def set_label(self, label: str, name: str = "") -> None:
        """Change the word under the control and, with `name`, what is read out."""
        self._label = label
        self.setAccessibleName(name or self._name or label)
        self.setAccessibleDescription(_("Key: {key}").format(key=self._key))
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: Icon) -> None:
        if icon is not self._icon:
            self._icon = icon
            self.update()

    def set_fade(self, shown: float) -> None:
        """How clearly it is seen, 0.0 to 1.0; it works the same at any value."""
        if shown != self._shown:
            self._shown = shown
            self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def _face_size(self) -> QSize:
        look = self._touch.look
        width = look.target(152 if self._main else 76)
        if self._words:
            width = max(width, needed_width(self._words, look.font(Role.SECTION)) + look.px(16))
        return QSize(width, look.target(64))

    def _face_rect(self) -> QRect:
        size = self._face_size()
        return QRect(QPoint((self.width() - size.width()) // 2, 0), size)

    def _ring_face(self) -> tuple[QRect, float]:
        return self._face_rect(), float(self._touch.look.px(20))

    def sizeHint(self) -> QSize:
        look = self._touch.look
        face = self._face_size()
        cap = key_cap_size(self._key, look)
        under = cap.width() + look.px(6) + needed_width(self._label, look.font(Role.TAG))
        return QSize(max(face.width(), under), face.height() + look.px(8) + cap.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        if self.isEnabled():
            painter.setOpacity(self._shown)
        face = QRectF(self._face_rect())
        kind = Kind.PRIMARY if self._main else Kind.QUIET
        ink = paint_face(painter, face, look.px(20), kind, theme, self._touch)
        if self._words:
            painter.setPen(ink)
            painter.setFont(look.font(Role.SECTION))
            painter.drawText(face, Qt.AlignmentFlag.AlignCenter, self._words)
        elif self._icon is not None:
            side = look.px(28)
            box = QRectF(0, 0, side, side)
            box.moveCenter(face.center())
            paint_icon(painter, self._icon, box, ink)
        cap = key_cap_size(self._key, look)
        font = look.font(Role.TAG)
        words = needed_width(self._label, font)
        gap = look.px(6)
        left = (self.width() - cap.width() - gap - words) / 2
        top = face.bottom() + look.px(8)
        draw_key_cap(
            painter, QRectF(left, top, cap.width(), cap.height()), self._key, look, theme.text2, theme.edge
        )
        painter.setPen(theme.text3)
        painter.setFont(font)
        painter.drawText(
            QRectF(left + cap.width() + gap, top, words + 2, cap.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self._label,
        )
        painter.end()


class NavItem(QPushButton):
    """A page in the sidebar: icon and name, or the icon alone with its name as a tool tip."""

    def __init__(
        self, icon: Icon, label: str, *, checkable: bool = True, parent: QWidget | None = None
    ) -> None:
        """What is no page (`checkable` false) is written smaller."""
        super().__init__(parent)
        self._icon = icon
        self._label = label
        self._role = Role.BODY_MEDIUM if checkable else Role.SMALL_MEDIUM
        self._folded = False
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(12))))
        self.setCheckable(checkable)
        self.setAutoExclusive(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._name)
        self._name()

    @property
    def label(self) -> str:
        return self._label

    def set_entry(self, icon: Icon, label: str) -> None:
        """Change what it shows."""
        self._icon, self._label = icon, label
        self._name()
        self.updateGeometry()
        self.update()

    def set_folded(self, folded: bool) -> None:
        """Show the icon alone."""
        self._folded = folded
        self._name()
        self.updateGeometry()
        self.update()

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def _name(self) -> None:
        current = self.isCheckable() and self.isChecked()
        self.setAccessibleName(_("{name}, current page").format(name=self._label) if current else self._label)
        if self._folded or self.toolTip():
            self.setToolTip(self._label if self._folded else "")

    def sizeHint(self) -> QSize:
        look = self._touch.look
        height = max(48, look.px(48))
        if self._folded:
            return QSize(height, height)
        words = needed_width(self._label, look.font(self._role))
        return QSize(look.px(50) + words + look.px(8), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        current = self.isCheckable() and self.isChecked()
        face = QColor(theme.raised if current else theme.field)
        if not current:
            face.setAlphaF(self._touch.heat)
        else:
            face = self._touch.tone(face)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(face)
        painter.drawRoundedRect(QRectF(self.rect()), look.px(12), look.px(12))
        side = look.px(22)
        x = (self.width() - side) / 2 if self._folded else look.px(14)
        # On the light theme's s3 amber would be too pale for words, but an icon only needs 3:1.
        ink = theme.accent if current else theme.text2
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if mirrored and not self._folded:
            x = self.width() - x - side
        paint_icon(painter, self._icon, QRectF(x, (self.height() - side) / 2, side, side), ink)
        if not self._folded:
            painter.setPen(theme.text1 if current else theme.text2)
            painter.setFont(look.font(self._role))
            words = QRectF(look.px(50), 0, self.width() - look.px(54), self.height())
            if mirrored:
                words.moveRight(self.width() - look.px(50))
            leading = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
            painter.drawText(
                words, Qt.AlignmentFlag.AlignVCenter | leading | Qt.AlignmentFlag.AlignAbsolute, self._label
            )
        painter.end()


class RadioRow(QRadioButton):
    """One of several choices: a bold line and a small one below; the chosen row is soft with an outline."""

    def __init__(
        self, title: str, detail: str = "", *, token: str = "s1", parent: QWidget | None = None
    ) -> None:
        """`token` names the face of a row that is not chosen: a colour of Theme."""
        super().__init__(parent)
        self._token = token
        self._title = title
        self._detail = detail
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(16))))
        self.setSizePolicy(_growing())
        self._name()

    @property
    def title(self) -> str:
        return self._title

    def set_words(self, title: str, detail: str) -> None:
        if (title, detail) != (self._title, self._detail):
            self._title, self._detail = title, detail
            self._name()
            self.updateGeometry()
            self.update()

    def _name(self) -> None:
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._detail)

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        title, detail = self._heights(width)
        look = self._touch.look
        return max(look.target(72), title + detail + look.px(28))

    def _heights(self, width: int) -> tuple[int, int]:
        look = self._touch.look
        room = max(1, width - look.px(58) - look.px(16))
        flags = Qt.TextFlag.TextWordWrap
        found = []
        for text, role in ((self._title, Role.BODY_STRONG), (self._detail, Role.SMALL)):
            metrics = QFontMetrics(look.font(role))
            found.append(metrics.boundingRect(QRect(0, 0, room, 10_000), flags, text).height() if text else 0)
        return found[0], found[1]

    def sizeHint(self) -> QSize:
        look = self._touch.look
        words = max(
            needed_width(self._title, look.font(Role.BODY_STRONG)),
            needed_width(self._detail, look.font(Role.SMALL)),
        )
        width = words + look.px(74)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(200), self._touch.look.target(72))

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._touch.look
        theme = look.theme
        painter = self._touch.begin()
        on = self.isChecked()
        face = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.setPen(QPen(theme.accent, 1.5) if on else Qt.PenStyle.NoPen)
        painter.setBrush(self._touch.tone(theme.soft if on else cast(QColor, getattr(theme, self._token))))
        painter.drawRoundedRect(face, look.px(16), look.px(16))
        side = look.px(26)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        dot = QRectF(look.px(18), (self.height() - side) / 2, side, side)
        room = QRectF(look.px(58), 0, self.width() - look.px(58) - look.px(16), self.height())
        if mirrored:
            dot.moveRight(self.width() - look.px(18))
            room.moveRight(self.width() - look.px(58))
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.fill)
            painter.drawEllipse(dot)
            painter.setBrush(theme.on_fill)
            painter.drawEllipse(dot.adjusted(side * 0.31, side * 0.31, -side * 0.31, -side * 0.31))
        else:
            painter.setPen(QPen(theme.edge, 1.5))
            painter.setBrush(theme.field)
            painter.drawEllipse(dot.adjusted(0.75, 0.75, -0.75, -0.75))
        title, detail = self._heights(self.width())
        top = (self.height() - title - detail) / 2
        leading = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = int(Qt.TextFlag.TextWordWrap) | int(leading) | int(Qt.AlignmentFlag.AlignAbsolute)
        painter.setPen(theme.accent if on else theme.text1)
        painter.setFont(look.font(Role.BODY_STRONG))
        painter.drawText(QRectF(room.x(), top, room.width(), title), flags, self._title)
        painter.setPen(theme.text2)
        painter.setFont(look.font(Role.SMALL))
        painter.drawText(QRectF(room.x(), top + title, room.width(), detail), flags, self._detail)
        painter.end()


def _growing() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    policy.setHeightForWidth(True)
    return policy


# ---------------------------------------------------------------- surfaces and words


class Card(QFrame):
    """A surface one tone above the window, with round corners."""

    def __init__(self, token: str = "s1", *, radius: int = 20, parent: QWidget | None = None) -> None:
        """`token` names the colour: a field of Theme."""
        super().__init__(parent)
        self._token = token
        self._radius = radius
        self._look = Look()

    @property
    def look(self) -> Look:
        return self._look

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(cast(QColor, getattr(self._look.theme, self._token)))
        radius = self._look.px(self._radius)
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        painter.end()


class Text(QLabel):
    """Words in one role of the type scale and one colour of the theme; they wrap unless told not to.

    Always plain text: words from files are never taken for mark-up.
    """

    def __init__(
        self,
        words: str = "",
        role: Role = Role.BODY,
        token: str = "text1",
        *,
        wrap: bool = True,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role = role
        self._token = token
        self._look = Look()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        self.setText(words)
        self._apply()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._apply()

    def set_token(self, token: str) -> None:
        """Change the colour to another field of Theme."""
        if token != self._token:
            self._token = token
            self._apply()

    def _type(self) -> QFont:
        return self._look.font(self._role)

    def _apply(self) -> None:
        self.setFont(self._type())
        colours = self.palette()
        colours.setColor(self.foregroundRole(), cast(QColor, getattr(self._look.theme, self._token)))
        self.setPalette(colours)


class Mark(QWidget):
    """An icon beside words that say the same; screen readers skip it."""

    def __init__(
        self, icon: Icon, token: str = "text2", *, side: int = 22, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._token = token
        self._side = side
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: Icon) -> None:
        self._icon = icon
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = self._look.px(self._side)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self._look.px(self._side)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        paint_icon(painter, self._icon, box, cast(QColor, getattr(self._look.theme, self._token)))
        painter.end()


# ---------------------------------------------------------------- progress


class Segments(QProgressBar):
    """How far the session is: one 8 px segment a step, done, current and to come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 1
        self._current = 0
        self._part = 0.0
        self._look = Look()
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_progress(0, 1, 0.0)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def set_progress(self, current: int, count: int, part: float) -> None:
        """Step `current` (from 0; `count` when all are done) of `count`, of which `part` (0 to 1) is over."""
        self._count = max(1, count)
        self._current = min(max(0, current), self._count)
        self._part = min(max(0.0, part), 1.0)
        self.setRange(0, self._count)
        self.setValue(self._current)
        step = min(self._current + 1, self._count)
        self.setAccessibleName(_("Step {step} of {count}").format(step=step, count=self._count))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(200), max(6, self._look.px(8)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(60), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        theme = self._look.theme
        height = max(6, self._look.px(8))
        top = (self.height() - height) / 2
        gap = float(self._look.px(8))
        width = (self.width() - gap * (self._count - 1)) / self._count
        if width < height:
            # Very long plans: one bar, because segments this small cannot be told apart.
            width, gap = self.width() / self._count, 0.0
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft

        def bar(x: float, length: float, colour: QColor) -> None:
            start = self.width() - x - length if mirrored else x
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(start, top, length, height), height / 2, height / 2)

        if not gap:
            bar(0, self.width(), theme.s3)
            if self._current:
                bar(0, max(height, width * self._current), theme.edge)
            if self._current < self._count:
                x = min(width * self._current, self.width() - height)
                bar(x, max(height, width * self._part), theme.gfx)
            painter.end()
            return
        for number in range(self._count):
            x = number * (width + gap)
            bar(x, width, theme.edge if number < self._current else theme.s3)
            if number == self._current and self._part > 0:
                bar(x, max(height, width * self._part), theme.gfx)
        painter.end()


# ---------------------------------------------------------------- scrolling


class _Thumb(QScrollBar):
    """A scroll bar of 8 px without arrows or track."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._look = Look()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(14, 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        span = self.maximum() - self.minimum() + self.pageStep()
        if span <= self.pageStep():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.edge)
        length = max(32.0, self.height() * self.pageStep() / span)
        free = self.height() - length
        top = free * (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        painter.drawRoundedRect(QRectF((self.width() - 8) / 2, top, 8, length), 4, 4)
        painter.end()


class ScrollArea(QScrollArea):
    """Room for what is taller than the window; it scrolls up and down only, and is invisible otherwise."""

    def __init__(self, content: QWidget, *, takes_keys: bool = True, parent: QWidget | None = None) -> None:
        """With `takes_keys` arrows and page keys scroll; else its owner decides."""
        super().__init__(parent)
        self._takes_keys = takes_keys
        self._thumb = _Thumb(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(self._thumb)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # A viewport of our own: asking for Qt's would load every widget class there is, for 15 ms.
        self.setViewport(QWidget())
        self.setWidget(content)
        content.setAutoFillBackground(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._takes_keys and self._thumb.maximum() > 0:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def set_look(self, look: Look) -> None:
        self._thumb.set_look(look)
        take = getattr(self.widget(), "set_look", None)
        if take is not None:
            cast(Callable[[Look], None], take)(look)


# ---------------------------------------------------------------- sheets


class _Pinned(QWidget):
    """What stays in sight below the rest of a sheet; rings reach above it."""

    rings_outside = True


class Sheet(QWidget):
    """A card over the dimmed window that holds the focus until it is closed: by Esc, a click beside it, or
    its cross.

    It fills `over`, follows its size and deletes itself when it is closed; `closed` is emitted before.
    """

    closed = Signal()

    def __init__(self, title: str, over: QWidget, look: Look, *, width: int = 520) -> None:
        super().__init__(over)
        self._over = over
        self._look = look
        self._width = width
        self._before = over.window().focusWidget()
        self.setAccessibleName(title)
        self.card = Card(parent=self)
        self._title = Text(title, Role.CARD_TITLE)
        self._cross = IconButton(Icon.CLOSE, _("Close"), Kind.GHOST)
        self._cross.clicked.connect(self.finish)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        """Put what the sheet shows in here, then call `open`."""
        self._scroll = ScrollArea(self._content, takes_keys=False)
        self._pinned: QWidget | None = None
        self._head = head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._cross)
        self._column = QVBoxLayout(self.card)
        self._column.addLayout(head)
        self._column.addWidget(self._scroll, 1)
        over.installEventFilter(self)

    def pin(self, layout: QLayout) -> None:
        """Keep `layout` below what scrolls, so that it is always in sight."""
        self._pinned = _Pinned()
        self._pinned.setLayout(layout)
        # The ring of the focus needs its room.
        layout.setContentsMargins(8, 0, 8, 8)
        self._column.addWidget(self._pinned)

    def open(self, first: QWidget | None = None) -> None:
        """Show it, with the focus on `first` or on the cross."""
        self.set_look(self._look)
        self.show()
        self.raise_()
        (first or self._cross).setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self) -> None:
        """Close it and give the focus back."""
        if self.isHidden():
            return
        self._over.removeEventFilter(self)
        self.hide()
        if self._before is not None and isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def set_look(self, look: Look) -> None:
        self._look = look
        pad, gap = look.px(24), look.px(16)
        self._column.setContentsMargins(pad - 8, look.px(20), pad - 8, pad)
        self._head.setContentsMargins(8, 0, 8, 0)
        self._column.setSpacing(gap)
        # The focus ring needs its room inside the scrolled area too.
        self.body.setContentsMargins(8, 8, 8, 8)
        self.body.setSpacing(look.px(10))
        self.card.set_look(look)
        pass_on(look, self._content)
        if self._pinned is not None:
            pass_on(look, self._pinned)
        self._place()
        self.update()

    def _place(self) -> None:
        self.setGeometry(self._over.rect())
        look = self._look
        width = min(look.px(self._width), self.width() - look.px(48))
        inner = width - 2 * look.px(24) + 16
        wanted = self.body.heightForWidth(inner) if self.body.hasHeightForWidth() else -1
        wanted = max(wanted, self.body.sizeHint().height())
        if self._pinned is not None:
            wanted += self._pinned.sizeHint().height() + look.px(16)
        cross = self._cross.sizeHint()
        beside = inner - 16 - cross.width() - max(self._head.spacing(), 0)
        head = max(cross.height(), self._title.heightForWidth(beside))
        edges = look.px(20) + look.px(24) + look.px(16)  # one by one, as they are rounded in the layout
        height = min(wanted + edges + head, self.height() - look.px(48))
        self.card.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)
        # The edge of the card lies outside of it, so that a card that changes leaves its old edge behind.
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self._place()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        # The cross comes last: what the sheet is for is reached first.
        stops = [*self._stops(), self._cross]
        now = self.window().focusWidget()
        at = stops.index(now) if now in stops else -1
        target = stops[(at + (1 if forward else -1)) % len(stops)]
        target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        if self._content.isAncestorOf(target):
            self._scroll.ensureWidgetVisible(target, 8, 8)
        return True

    def _walks(self) -> bool:
        """Whether arrows walk: a sheet to be read, with one button at the most, scrolls instead."""
        stops = len(self._stops())
        return stops > 1 or (stops > 0 and not self._scroll.verticalScrollBar().maximum())

    def _stops(self) -> list[QWidget]:
        return [
            one
            for part in (self._content, self._pinned)
            if part is not None
            for one in part.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and one.isEnabled()
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through the sheet or scroll it. No key reaches the page below while it is open."""
        bar = self._scroll.verticalScrollBar()
        line = self._look.px(48)
        moves = {
            Qt.Key.Key_Up: -line,
            Qt.Key.Key_Down: line,
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
        }
        if event.key() == Qt.Key.Key_Escape:
            self.finish()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._walks():
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        elif event.key() in moves:
            bar.setValue(bar.value() + moves[Qt.Key(event.key())])
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.finish()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(self._look.theme.bg)
        veil.setAlphaF(0.78)
        painter.fillRect(self.rect(), veil)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.theme.line, 2))
        radius = self._look.px(20)
        painter.drawRoundedRect(QRectF(self.card.geometry()), radius, radius)
        painter.end()
