"""Turns what the player publishes into Qt signals, so that widgets need not know services.

It leaves out what the signals lead to; the app connects them.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from coach.i18n import Line, render
from coach.services.player import Player

__all__ = ["PlayerBridge"]


class PlayerBridge(QObject):
    """Listens to a player until `release`: `snapshot` carries a Snapshot, `news` News, `notice` words."""

    snapshot = Signal(object)
    news = Signal(object)
    notice = Signal(str)

    def __init__(self, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ends = [
            player.moments.subscribe(self.snapshot.emit),
            player.news.subscribe(self.news.emit),
            player.notices.subscribe(self._notice),
        ]

    def release(self) -> None:
        """Listen no more."""
        for end in self._ends:
            end()
        self._ends = []

    def _notice(self, line: Line) -> None:
        self.notice.emit(render(line))
