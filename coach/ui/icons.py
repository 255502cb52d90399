"""Icons as strokes: each is drawn on a 24 px grid with round lines of 1.7 px, in the colour of its text.

It leaves out when an icon is shown and what it means to a screen reader; the widget says that.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

__all__ = ["GRID", "Icon", "app_icon", "paint_icon", "pixmap"]

GRID = 24
"""The side of the square that icons are drawn on."""
STROKE = 1.7


class Icon(Enum):
    """The icons there are: (strokes, solid shapes) in a small path language.

    M, L, C, Z are as in SVG with absolute numbers; O is a circle (centre, radius) and R a rounded
    rectangle (x, y, width, height, radius).
    """

    TONIGHT = (
        "M 19.8 14.2 C 18.8 14.6 17.8 14.8 16.7 14.8 C 12.6 14.8 9.2 11.4 9.2 7.3 "
        "C 9.2 6.2 9.4 5.2 9.8 4.2 C 6.4 5.4 4 8.6 4 12.2 C 4 16.7 7.5 20 11.8 20 "
        "C 15.5 20 18.7 17.6 19.8 14.2 Z",
        "",
    )
    SUN = (
        "O 12 12 3.7 M 12 3 L 12 5 M 12 19 L 12 21 M 3 12 L 5 12 M 19 12 L 21 12 "
        "M 5.6 5.6 L 7 7 M 17 17 L 18.4 18.4 M 5.6 18.4 L 7 17 M 17 7 L 18.4 5.6",
        "",
    )
    NIGHT = (
        "M 17.6 15.4 C 16.8 15.7 16 15.9 15.1 15.9 C 11.6 15.9 8.8 13 8.8 9.6 C 8.8 8.7 9 7.8 9.3 7 "
        "C 6.4 8 4.4 10.7 4.4 13.8 C 4.4 17.6 7.4 20.5 11 20.5 C 14.1 20.5 16.7 18.4 17.6 15.4 Z "
        "M 17 3.6 L 17 8.4 M 14.6 6 L 19.4 6 M 20.4 10.4 L 20.4 13 M 19.1 11.7 L 21.7 11.7",
        "",
    )
    PLAY = ("", "M 7.5 5.2 L 19 12 L 7.5 18.8 Z")
    PAUSE = ("", "R 6.6 5 3.9 14 1.3 R 13.5 5 3.9 14 1.3")
    BACK = ("M 18.5 6 L 18.5 18 L 9 12 Z M 5.5 5.5 L 5.5 18.5", "")
    SKIP = ("M 5.5 6 L 5.5 18 L 15 12 Z M 18.5 5.5 L 18.5 18.5", "")
    VOICE = (
        "M 4 9.5 L 4 14.5 L 7.4 14.5 L 12 18.6 L 12 5.4 L 7.4 9.5 Z "
        "M 15.2 9.2 C 16.7 10.8 16.7 13.2 15.2 14.8 M 17.9 6.8 C 20.8 9.7 20.8 14.3 17.9 17.2",
        "",
    )
    VOICE_OFF = (
        "M 4 9.5 L 4 14.5 L 7.4 14.5 L 12 18.6 L 12 5.4 L 7.4 9.5 Z "
        "M 15.8 9.6 L 20.6 14.4 M 20.6 9.6 L 15.8 14.4",
        "",
    )
    CLOSE = ("M 6 6 L 18 18 M 18 6 L 6 18", "")
    CHECK = ("M 4.8 12.6 L 9.8 17.4 L 19.2 7", "")
    PLUS = ("M 12 5 L 12 19 M 5 12 L 19 12", "")
    LEFT = ("M 14.6 5.8 L 8.6 12 L 14.6 18.2", "")
    RIGHT = ("M 9.4 5.8 L 15.4 12 L 9.4 18.2", "")
    DOWN = ("M 5.8 9.4 L 12 15.4 L 18.2 9.4", "")
    LEG = (
        "M 8.2 3.4 C 8 7 7.6 9.2 7.8 12 C 8 15 8.6 16.4 8.2 18.4 C 8 19.8 7.4 20.6 8.4 20.6 "
        "L 16.4 20.6 C 17.6 20.6 17.4 19.2 16.2 18.8 L 12.9 17.6 C 12.5 15.6 13.6 13.2 13.9 11.2 "
        "C 14.2 8.8 14.6 6 14.8 3.4",
        "",
    )
    STANDING = (
        "O 12 5 2 M 12 8.6 L 12 14 M 12 14 L 9.4 20.6 M 12 14 L 14.6 20.6 M 7.8 11.2 L 12 9.4 L 16.2 11.2",
        "",
    )
    CHAIR = ("M 7 3.8 L 7 20.2 M 7 13 L 17 13 L 17 20.2 M 7 4.6 L 8.4 4.6", "")
    FLOOR = ("O 6.2 9.6 1.9 M 3.4 18.6 L 20.6 18.6 M 8.4 14.4 L 14.2 14.8 L 20 14.8 M 9.6 11.6 L 15 14.8", "")
    BED = (
        "M 3.6 6 L 3.6 18.6 M 3.6 15.6 L 20.4 15.6 M 20.4 18.6 L 20.4 12.4 C 20.4 10.9 19.4 9.9 17.9 9.9 "
        "L 11 9.9 L 11 15.6 O 7.3 12.2 1.8",
        "",
    )
    CLOCK = ("O 12 12 8.3 M 12 7.4 L 12 12 L 15.2 14", "")
    PLANS = (
        "M 9 6 L 20 6 M 9 12 L 20 12 M 9 18 L 20 18 M 4.4 6 L 4.5 6 M 4.4 12 L 4.5 12 M 4.4 18 L 4.5 18",
        "",
    )
    NOTE = ("O 12 12 8.3 M 12 11.2 L 12 16.2 M 12 7.9 L 12.05 7.9", "")
    WARNING = ("M 12 4.2 L 20.8 19.4 L 3.2 19.4 Z M 12 10 L 12 14.2 M 12 16.8 L 12.05 16.8", "")
    RESUME = (
        "M 19.6 12 C 19.6 16.2 16.2 19.6 12 19.6 C 7.8 19.6 4.4 16.2 4.4 12 C 4.4 7.8 7.8 4.4 12 4.4 "
        "C 14.8 4.4 17.2 5.9 18.6 8.2 M 19 4 L 19 8.4 L 14.6 8.4",
        "",
    )
    MINUS = ("M 5 12 L 19 12", "")
    UP = ("M 5.8 14.8 L 12 8.6 L 18.2 14.8", "")
    ARROW_UP = ("M 12 19 L 12 5 M 6.4 10.6 L 12 5 L 17.6 10.6", "")
    ARROW_DOWN = ("M 12 5 L 12 19 M 6.4 13.4 L 12 19 L 17.6 13.4", "")
    ARROW_RIGHT = ("M 5 12 L 19 12 M 13.4 6.4 L 19 12 L 13.4 17.6", "")
    GRIP = (
        "",
        "O 9 5.8 1.1 O 15 5.8 1.1 O 9 12 1.1 O 15 12 1.1 O 9 18.2 1.1 O 15 18.2 1.1",
    )
    MORE = ("", "O 5.6 12 1.2 O 12 12 1.2 O 18.4 12 1.2")
    SEARCH = ("O 10.8 10.8 6.2 M 15.4 15.4 L 20 20", "")
    TRASH = (
        "M 4.6 7 L 19.4 7 M 9.4 7 L 9.4 4.6 L 14.6 4.6 L 14.6 7 "
        "M 6.6 7 L 7.4 19.6 L 16.6 19.6 L 17.4 7 M 10.3 10.6 L 10.3 16 M 13.7 10.6 L 13.7 16",
        "",
    )
    DUPLICATE = (
        "R 8.8 8.8 11 11 2.2 M 15.2 5.6 L 15.2 6 C 15.2 4.9 14.3 4.2 13.4 4.2 L 6.2 4.2 "
        "C 5.1 4.2 4.2 5.1 4.2 6.2 L 4.2 13.4 C 4.2 14.5 5 15.2 6 15.2",
        "",
    )
    EDIT = ("M 4.6 19.4 L 5.6 15.2 L 16 4.8 L 19.2 8 L 8.8 18.4 Z M 13.6 7.2 L 16.8 10.4", "")
    UNDO = ("M 8.6 5 L 4.4 9.2 L 8.6 13.4 M 4.4 9.2 L 14.6 9.2 C 17.6 9.2 19.6 11.2 19.6 14 L 19.6 18", "")
    REDO = ("M 15.4 5 L 19.6 9.2 L 15.4 13.4 M 19.6 9.2 L 9.4 9.2 C 6.4 9.2 4.4 11.2 4.4 14 L 4.4 18", "")
    DOWNLOAD = (
        "M 12 4 L 12 14.4 M 7.6 10.2 L 12 14.6 L 16.4 10.2 M 4.6 15.4 L 4.6 19.6 L 19.4 19.6 L 19.4 15.4",
        "",
    )
    UPLOAD = (
        "M 12 14.6 L 12 4.2 M 7.6 8.4 L 12 4 L 16.4 8.4 M 4.6 15.4 L 4.6 19.6 L 19.4 19.6 L 19.4 15.4",
        "",
    )
    FILE = ("M 13.4 3.6 L 6.4 3.6 L 6.4 20.4 L 17.6 20.4 L 17.6 7.8 Z M 13.2 3.8 L 13.2 8 L 17.4 8", "")
    FOLDER = ("M 3.8 18.8 L 3.8 5.6 L 9.6 5.6 L 11.6 8 L 20.2 8 L 20.2 18.8 Z", "")
    SORT = ("M 4.4 6.4 L 19.6 6.4 M 4.4 12 L 14.6 12 M 4.4 17.6 L 9.8 17.6", "")
    SWAP = (
        "M 4.6 8.6 L 18.6 8.6 M 14.8 4.8 L 18.8 8.6 L 14.8 12.4 M 19.4 16 L 5.4 16 M 9.2 12.6 "
        "L 5.2 16 L 9.2 19.8",
        "",
    )
    LIGHTER = (
        "M 4.6 19.4 L 9.4 14.6 M 8 16 C 6 10 10.4 4.8 19.2 4.8 C 19.2 13.6 14 18 8 16 Z M 9.4 14.6 L 14 10",
        "",
    )
    HIDDEN = (
        "M 3.4 12 C 5.4 8.2 8.4 6.2 12 6.2 C 15.6 6.2 18.6 8.2 20.6 12 C 18.6 15.8 15.6 17.8 12 17.8 "
        "C 8.4 17.8 5.4 15.8 3.4 12 Z O 12 12 2.5 M 5 19.4 L 19 4.6",
        "",
    )
    SHIELD = (
        "M 12 3.6 L 18.8 6 L 18.8 11.6 C 18.8 15.8 16 18.8 12 20.4 C 8 18.8 5.2 15.8 5.2 11.6 L 5.2 6 Z",
        "",
    )
    LOCK = (
        "R 5.8 10.6 12.4 9.4 2 M 8.4 10.4 L 8.4 7.6 C 8.4 5.4 10 3.9 12 3.9 "
        "C 14 3.9 15.6 5.4 15.6 7.6 L 15.6 10.4",
        "",
    )
    PHONE = (
        "M 5.2 4.4 L 8.4 4 L 10 8.4 L 8 10 C 8.9 12.4 11.2 14.8 13.8 15.9 L 15.6 14 L 20 15.6 "
        "L 19.6 18.8 C 19.4 19.7 18.8 20.2 18 20.1 C 10.6 19.6 4.4 13.4 3.9 6 C 3.8 5.2 4.3 4.6 5.2 4.4 Z",
        "",
    )
    CALENDAR = ("R 4.6 5.8 14.8 14 1.6 M 8.4 3.6 L 8.4 7.4 M 15.6 3.6 L 15.6 7.4 M 4.8 10.6 L 19.2 10.6", "")
    PRINTER = (
        "M 7.4 8.4 L 7.4 4.2 L 16.6 4.2 L 16.6 8.4 M 7.2 16.4 L 4.4 16.4 L 4.4 8.6 L 19.6 8.6 L 19.6 16.4 "
        "L 16.8 16.4 M 7.4 13.6 L 16.6 13.6 L 16.6 19.8 L 7.4 19.8 Z",
        "",
    )
    PAGE = (
        "M 5 4.4 L 19 4.4 L 19 19.6 L 5 19.6 Z M 8.4 9 L 15.6 9 M 8.4 12.4 L 15.6 12.4 M 8.4 15.8 "
        "L 12.4 15.8",
        "",
    )
    LIBRARY = (
        "R 4.2 4.2 6.4 6.4 1.6 R 13.4 4.2 6.4 6.4 1.6 R 4.2 13.4 6.4 6.4 1.6 R 13.4 13.4 6.4 6.4 1.6",
        "",
    )
    BELL = (
        "M 5.4 16.6 C 6.8 15.2 6.8 13.4 6.8 10.8 C 6.8 7.4 9 5 12 5 C 15 5 17.2 7.4 17.2 10.8 "
        "C 17.2 13.4 17.2 15.2 18.6 16.6 Z M 10.2 19.6 C 10.8 20.3 13.2 20.3 13.8 19.6",
        "",
    )
    BELL_OFF = (
        "M 5.4 16.6 C 6.8 15.2 6.8 13.4 6.8 10.8 C 6.8 7.4 9 5 12 5 C 15 5 17.2 7.4 17.2 10.8 "
        "C 17.2 13.4 17.2 15.2 18.6 16.6 Z M 10.2 19.6 C 10.8 20.3 13.2 20.3 13.8 19.6 M 4.4 4.2 L 19.8 20.4",
        "",
    )
    SCREEN = ("R 3.8 4.8 16.4 11.6 2.2 M 9 19.6 L 15 19.6", "")
    PILL = ("R 3.6 8.4 16.8 7.2 3.6 M 12 8.4 L 12 15.6", "")
    LAMP = ("M 9.2 4.4 L 14.8 4.4 L 18 11.8 L 6 11.8 Z M 12 12 L 12 19.4 M 8.4 19.6 L 15.6 19.6", "")
    CUP = (
        "M 4.6 9 L 16 9 L 16 14.6 C 16 17 14.4 18.8 12 18.8 L 8.6 18.8 C 6.2 18.8 4.6 17 4.6 14.6 Z "
        "M 16.2 10.8 C 20.8 10.2 20.8 15.8 15.8 15.2 M 8.4 3.8 L 8.4 6 M 12.2 3.8 L 12.2 6",
        "",
    )
    SUNRISE = (
        "M 3.4 17.4 L 20.6 17.4 M 6.8 17.2 C 6.8 10.4 17.2 10.4 17.2 17.2 M 12 5 L 12 8.2 "
        "M 4.6 9.8 L 6.6 11.6 M 19.4 9.8 L 17.4 11.6 M 8 20.6 L 16 20.6",
        "",
    )
    EYE = (
        "M 3.4 12 C 5.4 8.2 8.4 6.2 12 6.2 C 15.6 6.2 18.6 8.2 20.6 12 C 18.6 15.8 15.6 17.8 12 17.8 "
        "C 8.4 17.8 5.4 15.8 3.4 12 Z O 12 12 2.5",
        "",
    )
    HALF = ("O 12 12 8", "M 12 4 C 16.42 4 20 7.58 20 12 C 20 16.42 16.42 20 12 20 Z")
    DROP = (
        "M 12 4 C 15.4 8 17.6 10.8 17.6 14 C 17.6 17.3 15.2 19.8 12 19.8 C 8.8 19.8 6.4 17.3 6.4 14 "
        "C 6.4 10.8 8.6 8 12 4 Z",
        "",
    )
    JOURNAL = ("M 4.4 20 L 19.6 20 M 7.4 16.4 L 7.4 11.6 M 12 16.4 L 12 5.6 M 16.6 16.4 L 16.6 9", "")
    SETTINGS = (
        "O 12 12 3 M 12 3.8 L 12 6 M 12 18 L 12 20.2 M 3.8 12 L 6 12 M 18 12 L 20.2 12 "
        "M 6.2 6.2 L 7.8 7.8 M 16.2 16.2 L 17.8 17.8 M 6.2 17.8 L 7.8 16.2 M 16.2 7.8 L 17.8 6.2",
        "",
    )
    HAND = (
        "M 7.4 12.6 L 7.4 6.6 C 7.4 5.2 9.6 5.2 9.6 6.6 L 9.6 11 L 9.6 5 C 9.6 3.6 11.9 3.6 11.9 5 L 11.9 11 "
        "L 11.9 5.8 C 11.9 4.4 14.2 4.4 14.2 5.8 L 14.2 11.2 L 14.2 8 C 14.2 6.6 16.4 6.6 16.4 8 L 16.4 14.4 "
        "C 16.4 18 14.6 20.2 11.8 20.2 C 9 20.2 7.8 18.8 6.6 16.6 L 4.4 12.8 "
        "C 3.8 11.6 5.4 10.6 6.3 11.6 L 7.4 12.6",
        "",
    )
    BREATH = (
        "M 3.8 9.4 L 13 9.4 C 16.6 9.4 16.6 4.6 13.2 4.6 C 11.8 4.6 11 5.4 11 6.4 "
        "M 3.8 13 L 17.4 13 C 21.2 13 21.2 18.2 17.6 18.2 C 16.2 18.2 15.4 17.4 15.4 16.4 M 3.8 16.6 "
        "L 11.4 16.6",
        "",
    )


@cache
def _path(spelled: str) -> QPainterPath:
    path = QPainterPath()
    words = iter(spelled.split())

    def numbers(count: int) -> list[float]:
        return [float(next(words)) for _number in range(count)]

    for word in words:
        if word == "M":
            path.moveTo(*numbers(2))
        elif word == "L":
            path.lineTo(*numbers(2))
        elif word == "C":
            path.cubicTo(*numbers(6))
        elif word == "O":
            x, y, radius = numbers(3)
            path.addEllipse(QPointF(x, y), radius, radius)
        elif word == "R":
            x, y, width, height, radius = numbers(5)
            path.addRoundedRect(QRectF(x, y, width, height), radius, radius)
        elif word == "Z":
            path.closeSubpath()
        else:
            raise ValueError(f"{word!r} is not a letter of the path language")
    return path


def paint_stand_in(painter: QPainter, where: QRectF, side: float, colour: QColor) -> None:
    """Draw what stands in for a figure that was never drawn, `side` px wide, in the middle of `where`."""
    box = QRectF(0, 0, side, side)
    box.moveCenter(where.center())
    paint_icon(painter, Icon.LEG, box, colour)


def paint_icon(painter: QPainter, icon: Icon, where: QRectF, colour: QColor) -> None:
    """Draw `icon` into the square `where`, in `colour`; the painter is left as it was."""
    strokes, solid = icon.value
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(where.topLeft())
    painter.scale(where.width() / GRID, where.height() / GRID)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    if strokes:
        painter.setPen(QPen(colour, STROKE, Qt.PenStyle.SolidLine, cap, join))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_path(strokes))
    if solid:
        painter.setPen(QPen(colour, 0.8, Qt.PenStyle.SolidLine, cap, join))
        painter.setBrush(colour)
        painter.drawPath(_path(solid))
    painter.restore()


def pixmap(icon: Icon, side: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """`icon` as a picture of `side` px for a screen with `ratio` device pixels per px."""
    made = QPixmap(QSize(side, side) * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_icon(painter, icon, QRectF(0, 0, side, side), colour)
    painter.end()
    return made


def app_icon(assets: Path) -> QIcon:
    """The icon of the window and the task bar: the ring with a bent leg, plainer up to 32 px.

    Without its files, or without Qt's SVG module, the icon is empty and the desktop shows its own.
    """
    try:
        from PySide6.QtSvg import QSvgRenderer
    except ImportError:
        return QIcon()
    made = QIcon()
    for name, sides in (("icon-small.svg", (16, 24, 32)), ("icon.svg", (48, 64, 128))):
        renderer = QSvgRenderer(str(assets / "icons" / name))
        if not renderer.isValid():
            return QIcon()
        for side in sides:
            picture = QPixmap(side, side)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            renderer.render(painter, QRectF(0, 0, side, side))
            painter.end()
            made.addPixmap(picture)
    return made
