"""Times how late the clock of the app calls, with and without a window that animates at 30 frames a second.

Run: QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/bench/lateness.py [SECONDS]
Goal (budgets): p50 at most 1 ms, p99 at most 20 ms, no drift. It leaves out judging and sound: it prints.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QPointF, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from coach.desktop.qt_time import QtTime  # noqa: E402

# Calls come this far apart, in seconds: an odd number, so that every part of a millisecond is met.
PACE = 0.0717


class Moving(QWidget):
    """Something to paint: a ring and thirty circles."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(900, 600)
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setInterval(33)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def _step(self) -> None:
        self._turn += 4
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("#8fb7a5"), 14, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(200, 50, 500, 500, self._turn * 16, 200 * 16)
        for i in range(30):
            painter.drawEllipse(QPointF(60 + i * 27, 300 + (self._turn * i) % 90), 12, 12)
        painter.end()


def lateness(app: QApplication, seconds: float) -> list[float]:
    """How many ms late each of the calls came; due times are absolute, so a late call moves no other."""
    clock = QtTime()
    start = clock.monotonic()
    late: list[float] = []

    def due(number: int) -> None:
        at = start + number * PACE
        if at > start + seconds:
            app.quit()
            return
        clock.call_later(max(at - clock.monotonic(), 0.0), lambda: came(number, at))

    def came(number: int, at: float) -> None:
        late.append((clock.monotonic() - at) * 1000)
        due(number + 1)

    due(1)
    app.exec()
    return late


def report(name: str, late: list[float], busy: float) -> None:
    ordered = sorted(late)
    p99 = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    print(
        f"{name:10} {len(late):5} calls   p50 {statistics.median(late):6.2f} ms   p99 {p99:6.2f} ms   "
        f"max {ordered[-1]:6.2f} ms   last {late[-1]:5.2f} ms   CPU {busy:4.1f} %"
    )


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    app = QApplication([])
    for name in ("idle", "animated"):
        window = Moving() if name == "animated" else None
        if window is not None:
            window.show()
        before = time.process_time()
        late = lateness(app, seconds)
        report(name, late, 100 * (time.process_time() - before) / seconds)


if __name__ == "__main__":
    main()
