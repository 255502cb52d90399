"""Tells when the first picture of a window is there, and notes it for measurements.

It leaves out measuring itself: packaging/bench reads the file named by COACH_STARTUP_MARKS.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from coach.desktop.qt_time import monotonic_ns


class FirstPaint(QObject):
    """Calls a function once, after `window` has been painted for the first time.

    It watches the native window: widgets that lie under others get no paint event of their own.
    """

    def __init__(self, window: QWidget, function: Callable[[], None]) -> None:
        super().__init__(window)
        self._function: Callable[[], None] | None = function
        window.winId()  # makes the native window, which does not exist before the first show
        window.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Expose and self._function is not None:
            function, self._function = self._function, None
            watched.removeEventFilter(self)
            QTimer.singleShot(0, function)
        return False


def mark(name: str) -> None:
    """Append "name NANOSECONDS" on the monotonic clock to the file COACH_STARTUP_MARKS, if it is set."""
    path = os.environ.get("COACH_STARTUP_MARKS")
    if not path:
        return
    try:
        with open(path, "a", encoding="ascii") as marks:  # noqa: PTH123 - before pathlib is needed
            marks.write(f"{name} {monotonic_ns()}\n")
    except OSError:
        return
