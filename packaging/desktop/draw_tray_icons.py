"""Draws the icons of the tray into assets/icons/tray: the strokes of icon-symbolic.svg in their tones.

Run it with .venv/bin/python. It leaves out when an icon is shown, see coach.desktop.tray.
They are drawn beforehand because drawing at the start costs 20 ms, and Qt's SVG module 3 MiB all evening.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPainterPath, QPen

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "icons" / "tray"
SIZES = (16, 22, 24, 32, 48)
GRID, STROKE, EDGE = 24, 2.2, 1.0
# text1 and bg of the dark theme in DESIGN.md 2, both accents, and a grey between both kinds of panels.
LIGHT, DARK, GREY = "#F4EADD", "#16120E", "#86807A"
ACCENT, ACCENT_ON_LIGHT = "#F2A65A", "#A34C05"
# The tone and its edge in the opposite tone, which makes the icon fit for a panel nobody expected.
TONES: dict[str, tuple[str, str | None]] = {
    "idle-dark-panel": (LIGHT, DARK),
    "idle-light-panel": (DARK, LIGHT),
    "running-dark-panel": (ACCENT, DARK),
    "running-light-panel": (ACCENT_ON_LIGHT, LIGHT),
    "quiet": (GREY, None),
    "mask": ("#000000", None),
}


def picture(tone: str, edge: str | None, side: int) -> QImage:
    made = QImage(side, side, QImage.Format.Format_ARGB32)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / GRID, side / GRID)
    strokes = QPainterPath()
    ring = QRectF(2.6, 2.6, 18.8, 18.8)
    strokes.arcMoveTo(ring, 90)
    strokes.arcTo(ring, 90, -262)
    strokes.moveTo(8.2, 15.4)
    for x, y in ((11.2, 9.4), (14.0, 15.4), (16.2, 15.4)):
        strokes.lineTo(QPointF(x, y))
    for colour, width in ((edge, STROKE + 2 * EDGE), (tone, STROKE)):
        if colour is not None:
            cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, cap, join))
            painter.drawPath(strokes)
    painter.end()
    return made


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication([])
    FOLDER.mkdir(exist_ok=True)
    for name, (tone, edge) in TONES.items():
        for side in SIZES:
            picture(tone, edge, side).save(str(FOLDER / f"{name}-{side}.png"))
    app.quit()


if __name__ == "__main__":
    main()
