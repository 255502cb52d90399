"""Figures for tests of pages: plain pictures, and a list of what was asked for in which light.

It leaves out how real figures are read and drawn.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap

from coach.ui.theme import Theme


class Album:
    """Pictures that are only asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, str]] = []

    def pixmap(
        self, figure_id: str | None, side: str | None, size: QSize, theme: Theme, *, ratio: float = 1.0
    ) -> QPixmap:
        self.asked.append((figure_id, theme.name))
        picture = QPixmap(size * ratio)
        picture.fill(theme.gfx)
        return picture
