"""The painted stage of a figure: mat, wall, arrow and spot in theme colours, in register with the frames.

It reads the index of the figures for the camera they were drawn with. It decodes no pictures, keeps no
state and knows nothing of sessions. Lengths are metres, x forward, y up, z to the person's right.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)

log = logging.getLogger(__name__)

FRAME = QSize(640, 512)
"""Size of a figure's frame in pixels, when the index does not say otherwise."""

_NEAR, _SLAB = 9.0, 0.014
"""How far the wall runs towards the viewer, and how thick the mat is, in metres."""


@dataclass(frozen=True)
class StageColours:
    """Colours of the stage (DESIGN.md section 7) for one theme, and the ramp of the figure at night."""

    panel: QColor
    mat: QColor
    mat_edge: QColor
    wall: QColor
    wall_edge: QColor
    grain: QColor
    mark: QColor
    """Arrows and the spot to press."""


_COLOURS = {
    "dark": StageColours(
        panel=QColor("#211A14"),
        mat=QColor("#332A22"),
        mat_edge=QColor("#3F342A"),
        wall=QColor("#31281F"),
        wall_edge=QColor("#44382D"),
        grain=QColor("#FFE6C8"),
        mark=QColor("#FFB863"),
    ),
    "light": StageColours(
        panel=QColor("#FFFDF8"),
        mat=QColor("#EADFCC"),
        mat_edge=QColor("#DDCFB8"),
        wall=QColor("#F0E7D8"),
        wall_edge=QColor("#E0D3BE"),
        grain=QColor("#6B543C"),
        mark=QColor("#E2740F"),
    ),
    "night": StageColours(
        panel=QColor("#0A0502"),
        mat=QColor("#150C06"),
        mat_edge=QColor("#1C1008"),
        wall=QColor("#110A05"),
        wall_edge=QColor("#1A0F07"),
        grain=QColor("#B8722E"),
        mark=QColor("#B8722E"),
    ),
}


def stage_colours(theme_name: str) -> StageColours:
    """Colours for "dark", "light" or "night"; any other name gets the dark ones."""
    return _COLOURS.get(theme_name, _COLOURS["dark"])


@dataclass(frozen=True)
class Camera:
    """The parallel view a figure was drawn with: angles in degrees, pixels a metre, the origin in pixels."""

    yaw: float
    pitch: float
    scale: float
    x: float
    y: float

    def point(self, x: float, y: float, z: float) -> QPointF:
        """Where a point of the world falls on the frame."""
        yaw, pitch = math.radians(self.yaw), math.radians(self.pitch)
        c, s, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
        across = c * x + s * z
        up = s * sp * x + cp * y - c * sp * z
        return QPointF(self.x + across * self.scale, self.y - up * self.scale)


@dataclass(frozen=True)
class Mat:
    x0: float
    x1: float
    half: float
    corner: float


@dataclass(frozen=True)
class Wall:
    """A wall square to x; it starts at z = `far` and runs out of the picture on the near side."""

    x: float
    height: float
    far: float


@dataclass(frozen=True)
class GlowSpot:
    """A glowing muscle on a frame: an ellipse in pixels, its long axis turned by degrees, strength 0 to 1."""

    x: float
    y: float
    half: float
    radius: float
    angle: float
    strength: float


@dataclass(frozen=True)
class Figure:
    """One figure of the index: which frames are which, the part of the frame they fill, and the stage.

    `held` is the part the held pose fills, `glow` has the glowing muscles of every frame. Of a massage,
    `stroke` are the frames from the start of a stroke to its end, `arrow` its way beside the limb and
    `spot` where to press, in pixels of the frame.
    """

    entry: tuple[int, ...]
    sway: tuple[int, ...]
    bounds: QRect
    held: QRect
    camera: Camera
    mat: Mat
    wall: Wall | None
    glow: tuple[tuple[GlowSpot, ...], ...]
    stroke: tuple[int, ...] = ()
    arrow: tuple[QPointF, ...] = ()
    spot: QPointF | None = None


@dataclass(frozen=True)
class FigureIndex:
    """What `assets/figures/index.json` says. Times are milliseconds."""

    size: QSize
    entry_ms: int
    breath_ms: int
    figures: dict[str, Figure]


def load_index(folder: Path) -> FigureIndex:
    """Reads the index; a missing or damaged one gives an index without figures and one line in the log."""
    try:
        data = json.loads((folder / "index.json").read_text("utf-8"))
        figures = {name: _figure(entry) for name, entry in data["figures"].items()}
        size = QSize(int(data["width"]), int(data["height"]))
        return FigureIndex(size, int(data["entry_ms"]), int(data["breath_ms"]), figures)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        log.warning("The figures cannot be shown: %s: %s", folder / "index.json", problem)
        return FigureIndex(FRAME, 1600, 10_000, {})


def _figure(entry: dict[str, Any]) -> Figure:
    wall = entry.get("wall")
    return Figure(
        entry=tuple(int(i) for i in entry["entry"]),
        sway=tuple(int(i) for i in entry["sway"]),
        bounds=QRect(*(int(v) for v in entry["bounds"])),
        held=QRect(*(int(v) for v in entry["held"])),
        camera=Camera(**{key: float(value) for key, value in entry["camera"].items()}),
        mat=Mat(**{key: float(value) for key, value in entry["mat"].items()}),
        wall=None if wall is None else Wall(**{key: float(value) for key, value in wall.items()}),
        glow=tuple(
            tuple(GlowSpot(*(float(value) for value in spot)) for spot in spots)
            for spots in entry.get("glow", ())
        ),
        stroke=tuple(int(i) for i in entry.get("stroke", ())),
        arrow=tuple(QPointF(float(x), float(y)) for x, y in entry.get("arrow", ())),
        spot=QPointF(*(float(v) for v in entry["spot"])) if entry.get("spot") else None,
    )


def fitted(source: QRectF, target: QSizeF, *, flipped: bool) -> QTransform:
    """From frame to widget: `source` centred in `target` as large as it goes, mirrored for the left leg."""
    scale = min(target.width() / source.width(), target.height() / source.height())
    to = QTransform()
    to.translate(target.width() / 2, target.height() / 2)
    to.scale(-scale if flipped else scale, scale)
    to.translate(-source.center().x(), -source.center().y())
    return to


def mat_bounds(figure: Figure) -> QRectF:
    """The part of the frame the mat covers."""
    return _mat_path(figure, 0).united(_mat_path(figure, -_SLAB)).boundingRect()


def paint_scenery(painter: QPainter, figure: Figure, colours: StageColours) -> None:
    """Wall and mat in frame coordinates: give the painter the transform of `fitted` and a clip first."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if figure.wall is not None:
        _paint_wall(painter, figure.camera, figure.wall, colours)
    painter.setBrush(colours.mat_edge.darker(135))
    painter.drawPath(_mat_path(figure, -_SLAB))
    mat = _mat_path(figure, 0)
    box = mat.boundingRect()
    slope = QLinearGradient(box.topLeft(), box.bottomRight())
    slope.setColorAt(0, colours.mat_edge)
    slope.setColorAt(1, colours.mat)
    painter.setBrush(slope)
    painter.drawPath(mat)
    painter.restore()


def _paint_wall(painter: QPainter, camera: Camera, wall: Wall, colours: StageColours) -> None:
    corners = ((0.0, wall.far), (wall.height, wall.far), (wall.height, _NEAR), (0.0, _NEAR))
    points = [camera.point(wall.x, height, z) for height, z in corners]
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    box = path.boundingRect()
    # Fades out towards the ceiling: a wall, not a box.
    slope = QLinearGradient(box.topLeft(), box.bottomLeft())
    top = QColor(colours.wall)
    top.setAlpha(0)
    slope.setColorAt(0, top)
    slope.setColorAt(0.55, colours.wall)
    slope.setColorAt(1, colours.wall_edge)
    painter.setBrush(slope)
    painter.drawPath(path)


def _mat_path(figure: Figure, y: float) -> QPainterPath:
    mat, r = figure.mat, figure.mat.corner
    points = []
    corners = (
        (mat.x1 - r, mat.half - r, 0),
        (mat.x0 + r, mat.half - r, 90),
        (mat.x0 + r, r - mat.half, 180),
        (mat.x1 - r, r - mat.half, 270),
    )
    for x, z, start in corners:
        for angle in range(start, start + 91, 6):
            t = math.radians(angle)
            points.append(figure.camera.point(x + r * math.cos(t), y, z + r * math.sin(t)))
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    return path


def paint_arrow(painter: QPainter, points: Sequence[QPointF], colour: QColor) -> None:
    """An arrow along `points` in frame coordinates: clear and narrow at its start, with a head at its end."""
    if len(points) < 3:
        return
    lengths = [math.hypot((b - a).x(), (b - a).y()) for a, b in pairwise(points)]
    whole = sum(lengths)
    head = min(max(whole * 0.26, 20.0), 38.0)
    thick = 5.6 * head / 38
    body: list[tuple[QPointF, QPointF, float]] = []  # point, direction, half width
    gone = 0.0
    for (a, b), length in zip(pairwise(points), lengths, strict=True):
        if length > 0 and gone <= whole - head * 0.8:
            body.append((a, (b - a) / length, thick * (0.25 + 0.75 * gone / whole)))
        gone += length
    if not body:
        return
    tip = points[-1]
    last, before = body[-1][0], tip
    way = before - last
    reach = math.hypot(way.x(), way.y()) or 1.0
    way = way / reach
    neck = tip - way * head * 0.8
    body = [one for one in body if QPointF.dotProduct(neck - one[0], way) > 0]
    body.append((neck, way, thick))
    shape = QPolygonF()
    for at, along, half in body:
        shape.append(at + QPointF(-along.y(), along.x()) * half)
    for at, along, half in reversed(body):
        shape.append(at - QPointF(-along.y(), along.x()) * half)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    slope = QLinearGradient(points[0], neck)
    faint = QColor(colour)
    faint.setAlphaF(0.0)
    slope.setColorAt(0, faint)
    slope.setColorAt(0.75, colour)
    slope.setColorAt(1, colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(slope))
    painter.drawPolygon(shape)
    across = QPointF(-way.y(), way.x()) * head * 0.44
    base = tip - way * head
    painter.setBrush(colour)
    painter.setPen(QPen(colour, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolygon(QPolygonF([tip, base + across, neck, base - across]))
    painter.restore()


def paint_spot(painter: QPainter, at: QPointF, colour: QColor) -> None:
    """Three thin rings round the place to press, in frame coordinates; the inner one is the clearest."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for radius, width, alpha in ((18.0, 4.0, 1.0), (36.0, 2.6, 0.75), (54.0, 2.0, 0.42)):
        tone = QColor(colour)
        tone.setAlphaF(alpha)
        painter.setPen(QPen(tone, width))
        painter.drawEllipse(at, radius, radius)
    painter.restore()


def paint_grain(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """A grain too fine to see that keeps dark gradients from showing rings on 8-bit screens."""
    painter.save()
    painter.resetTransform()
    painter.fillRect(area, QBrush(_grain(colour)))
    painter.restore()


def _grain(colour: QColor) -> QImage:
    side, state = 96, 7
    dots = bytearray()
    for _ in range(side * side):
        # A small generator of its own, so that the stage looks the same at every start.
        state = (state * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        dots.append(state >> 16 & 0x3)
    mask = QImage(bytes(dots), side, side, side, QImage.Format.Format_Alpha8)
    tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(colour)
    painter = QPainter(tile)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, mask)
    painter.end()
    return tile
