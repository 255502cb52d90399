"""Finds widgets as a screen reader does, by what they are called, and measures whether their words fit.

It holds no fakes and makes no widgets.
"""

from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from coach.ui.controls import FocusRing

W = TypeVar("W", bound=QWidget)


def named(parent: QWidget, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
    """The one visible widget below `parent` with this accessible name."""
    found = [one for one in parent.findChildren(kind) if one.accessibleName() == name and one.isVisible()]
    assert len(found) == 1, f"{len(found)} visible widgets are called {name!r}"
    return found[0]


def names(parent: QWidget) -> list[str]:
    """The accessible names of all visible widgets below `parent`."""
    return [one.accessibleName() for one in parent.findChildren(QWidget) if one.isVisible()]


def shown_words(parent: QWidget) -> list[str]:
    """The words of all visible labels below `parent`."""
    return [one.text() for one in parent.findChildren(QLabel) if one.isVisible() and one.text()]


def nameless(parent: QWidget) -> list[str]:
    """The kinds of all visible widgets below `parent` that take the focus and have no name."""
    return [
        type(one).__name__
        for one in parent.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not one.accessibleName()
    ]


def clipped(parent: QWidget) -> list[str]:
    """What below `parent` is shown in less room than it needs, or reaches out at the sides of `parent`."""
    found = []
    for one in parent.findChildren(QWidget):
        if not one.isVisible() or not one.visibleRegion().boundingRect().isValid():
            continue
        says = one.accessibleName() or (one.text() if isinstance(one, QLabel) else "")
        place = QRect(one.mapTo(parent, QPoint(0, 0)), one.size())
        if says and (place.left() < 0 or place.right() >= parent.width()):
            found.append(f"{says!r} reaches out of the window: {place}")
        if isinstance(one, QLabel) and one.text():
            metrics = QFontMetrics(one.font())
            if one.wordWrap():
                room = QRect(0, 0, one.width(), 100_000)
                needed = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), one.text())
            else:
                needed = QRect(0, 0, metrics.horizontalAdvance(one.text()), metrics.height())
            if needed.width() > one.width() + 1 or needed.height() > one.height() + 1:
                found.append(f"{one.text()!r} needs {needed.size()}, has {one.size()}")
        elif one.accessibleName() and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            least = one.sizeHint()
            if one.hasHeightForWidth():
                least.setWidth(0)
                least.setHeight(one.heightForWidth(one.width()))
            if least.width() > one.width() or least.height() > one.height():
                found.append(f"{one.accessibleName()!r} needs {least}, has {one.size()}")
    return found


def cut_rings(parent: QWidget) -> list[str]:
    """The names of what Tab reaches below the shown `parent` whose outline is not to be seen as a whole."""
    found = []
    for one in parent.findChildren(QWidget):
        if not (one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus):
            continue
        one.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        rings = [ring for ring in parent.window().findChildren(FocusRing) if ring.isVisible()]
        if not any(ring.visibleRegion().boundingRect() == ring.rect() for ring in rings):
            found.append(one.accessibleName())
    return found
