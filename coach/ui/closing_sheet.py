"""Says what happens to the reminders when the window is closed, once, and lets the user choose.

It leaves out closing anything.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from coach.i18n import _
from coach.ui.controls import Button, Kind, Sheet, Text
from coach.ui.theme import Look, Role


class ClosingSheet(Sheet):
    """Shown the first time the window is closed while reminders are wanted."""

    close_asked = Signal()
    """Out of the way with the window; the reminders go on."""
    quit_asked = Signal()
    """The app ends, and with it the reminders."""

    def __init__(self, tray: bool, at: str, window: QWidget, look: Look) -> None:
        """`tray` tells whether there is one; `at` is when the next reminder comes, in words, or empty."""
        super().__init__(_("Your reminders go on"), window, look)
        if tray:
            words = _("The window closes. Stretch Coach stays in the tray, so that your reminder can come.")
            label = _("Close the window")
        else:
            words = _(
                "Your desktop has no tray. The window goes to the list of open windows instead, "
                "so that your reminder can come."
            )
            label = _("Minimise the window")
        if at:
            words += " " + _("The next one: {time}.").format(time=at)
        text = Text(words, Role.BODY, "text2")
        self.body.addWidget(text)
        self.body.addStretch(1)
        self._close = Button(label, Kind.PRIMARY, size=QSize(0, 52))
        leave = Button(_("Quit, no reminders"), Kind.GHOST, size=QSize(0, 52))
        for button, asked in ((self._close, self.close_asked), (leave, self.quit_asked)):
            button.clicked.connect(self.finish)
            button.clicked.connect(asked)
        row = QHBoxLayout()
        row.addWidget(self._close)
        row.addWidget(leave)
        row.addStretch(1)
        self.pin(row)
        self.set_look(look)

    def open(self, first: QWidget | None = None) -> None:
        super().open(first or self._close)
