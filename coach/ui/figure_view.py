"""Shows a figure moving into its stretch and breathing there, on a stage in the colours of the theme.

Frames are read ahead from the animated WebP files, one at a time, and put together outside of painting.
It decides nothing: which figure, which side and when is said by its owner; it draws no words and no ring.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from enum import Enum
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QElapsedTimer,
    QMargins,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QImageIOHandler,
    QImageReader,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRadialGradient,
    QResizeEvent,
    QShowEvent,
    QTransform,
    qRgb,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from coach.ui.icons import Icon, paint_icon
from coach.ui.stage import (
    Figure,
    FigureIndex,
    GlowSpot,
    StageColours,
    fitted,
    load_index,
    mat_bounds,
    paint_arrow,
    paint_grain,
    paint_scenery,
    paint_spot,
    stage_colours,
)
from coach.ui.theme import Theme

log = logging.getLogger(__name__)

TURN_MS, DIM_MS, REDUCED_MS = 700, 220, 200
"""Cross-fades in milliseconds: another figure, side or theme; dimming; any of them with reduced motion."""

ENTRY_TICK_MS, SWAY_TICK_MS = 40, 80
KEPT_CLIPS = 2
"""Figures whose frames stay in memory: the one on show and the next; one takes 10 to 20 MB."""

RADIUS = 28.0
DIMMED = 0.42
"""Share of the picture left over the stage while paused."""

LARGEST_FILE, LARGEST_PICTURE = 20_000_000, 20_000_000
"""Of a picture of the user's own: bytes of the file, and pixels (architecture 6)."""
_NOT_IN_SVG = (
    b"<image",
    b"<!entity",
    b"<!doctype",
    b"<script",
    b"<?xml-stylesheet",
    b"file:",
    b"<foreignobject",
)
_LED_STEPS = 3
"""Pictures put together between two frames of a figure that is led: about ten a second in a stroke."""

_PREMULTIPLIED = QImage.Format.Format_ARGB32_Premultiplied
_NIGHT_STOPS = (
    (0, "#000000"),
    (56, "#22130A"),
    (84, "#351F0E"),
    (140, "#4F2F15"),
    (172, "#6E421F"),
    (205, "#8A5220"),
    (255, "#B8722E"),
)
"""The amber ramp: brightness of the drawn figure (0 to 255) and its colour at night (DESIGN.md section 7)."""


_NIGHT_GLOW = (
    (0.0, "#C9782A", 0.92),
    (0.3, "#BF6E22", 0.82),
    (0.6, "#B4621A", 0.45),
    (0.85, "#B4621A", 0.10),
    (1.0, "#B4621A", 0.0),
)
"""From the middle of a glowing muscle outwards: place, colour, opacity."""


def night_ramp() -> list[int]:
    """The 256 colours that the brightness of a frame becomes at night."""
    ramp = []
    for level in range(256):
        low, high = next(pair for pair in pairwise(_NIGHT_STOPS) if pair[0][0] <= level <= pair[1][0])
        t = (level - low[0]) / (high[0] - low[0])
        a, b = QColor(low[1]), QColor(high[1])
        red, green, blue = (
            round(p + (q - p) * t)
            for p, q in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
        )
        ramp.append(qRgb(red, green, blue))
    return ramp


def at_night(image: QImage, ramp: list[int], glow: tuple[GlowSpot, ...] = ()) -> QImage:
    """The same picture on the amber ramp, its transparency kept and its muscles glowing again.

    The ramp knows brightness only, and a glowing muscle is no brighter than a hand; so the glow comes on top.
    """
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    table = QImage(
        grey.constBits(), grey.width(), grey.height(), grey.bytesPerLine(), QImage.Format.Format_Indexed8
    )
    table.setColorTable(ramp)
    amber = table.convertToFormat(QImage.Format.Format_ARGB32)
    amber.setAlphaChannel(image.convertToFormat(QImage.Format.Format_Alpha8))
    amber = amber.convertToFormat(_PREMULTIPLIED)
    painter = QPainter(amber)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
    for spot in glow:
        slope = QRadialGradient(QPointF(0, 0), 1.35)
        for at, colour, alpha in _NIGHT_GLOW:
            tone = QColor(colour)
            tone.setAlphaF(alpha * spot.strength)
            slope.setColorAt(at, tone)
        painter.setBrush(slope)
        painter.resetTransform()
        painter.translate(spot.x, spot.y)
        painter.rotate(spot.angle)
        painter.scale(spot.half, spot.radius)
        painter.drawEllipse(QPointF(0, 0), 1.35, 1.35)
    painter.end()
    return amber


def by_day(image: QImage) -> QImage:
    """The same picture brighter and richer: frames are drawn for dark rooms and look dull on white."""
    bright = image.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(bright)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_ColorDodge)
    painter.fillRect(bright.rect(), QColor("#202020"))
    painter.end()
    itself = bright.copy()
    painter = QPainter(bright)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SoftLight)
    painter.setOpacity(0.35)  # deepens colours and shadows again that the dodge has paled
    painter.drawImage(0, 0, itself)
    painter.end()
    bright = bright.convertToFormat(QImage.Format.Format_ARGB32)
    bright.setAlphaChannel(image.convertToFormat(QImage.Format.Format_Alpha8))
    return bright.convertToFormat(_PREMULTIPLIED)


def in_light(image: QImage, light: str, glow: tuple[GlowSpot, ...], ramp: list[int]) -> QImage:
    """A frame as the theme called "dark", "light" or "night" shows it; the frames are drawn for "dark"."""
    if light == "night":
        return at_night(image, ramp, glow)
    return by_day(image) if light == "light" else image.convertToFormat(_PREMULTIPLIED)


def mixed(a: QImage, b: QImage, share: float) -> QImage:
    """Exact cross-fade of two pictures of one size; transparent parts fade as well."""
    out = _faded(a, 1 - share)
    painter = QPainter(out)
    # At full opacity: with any other, Qt adds first, cuts off at opaque, and lets the ground shine through.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
    painter.drawImage(0, 0, _faded(b, share))
    painter.end()
    return out


def _faded(image: QImage, share: float) -> QImage:
    out = QImage(image.size(), _PREMULTIPLIED)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    painter.setOpacity(share)
    painter.drawImage(0, 0, image)
    painter.end()
    return out


class _Clip:
    """The frames of one figure, read one at a time; `failed` once the file gives no more."""

    def __init__(self, path: Path, figure: Figure, light: str, ramp: list[int]) -> None:
        self._figure, self._light, self._ramp, self._path = figure, light, ramp, path
        self._reader: QImageReader | None = QImageReader(str(path))
        self._wanted = max((*figure.entry, *figure.sway, *figure.stroke)) + 1
        self._raw: QImage | None = None
        self.frames: list[QImage] = []
        self.failed = False

    @property
    def finished(self) -> bool:
        return self._reader is None and self._raw is None

    def frame(self, number: int) -> QImage | None:
        return self.frames[number] if number < len(self.frames) else None

    def read_one(self) -> bool:
        """One small piece of work: reads a frame, or finishes the one read last; True when there is news."""
        if self._raw is not None:
            self._finish(self._raw)
            return True
        if self._reader is None:
            return False
        image = self._reader.read()
        if image.isNull():
            self.failed = True
            self._reader = None
            log.warning("A figure cannot be shown: %s is missing or damaged", self._path)
            return True
        self._raw = image.copy(self._figure.bounds)
        if len(self.frames) + 1 >= self._wanted:
            self._reader = None
        return False

    def _finish(self, image: QImage) -> None:
        self._raw = None
        number, corner = len(self.frames), self._figure.bounds.topLeft()
        spots = self._figure.glow[number] if number < len(self._figure.glow) else ()
        moved = tuple(replace(spot, x=spot.x - corner.x(), y=spot.y - corner.y()) for spot in spots)
        self.frames.append(in_light(image, self._light, moved, self._ramp))


class Frames(QObject):
    """Reads figures ahead: one frame for each turn of the event loop, the most urgent figure first."""

    arrived = Signal(str)
    """A frame of this figure is there, or its file turned out to be damaged."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self.index: FigureIndex = load_index(folder)
        self._clips: OrderedDict[tuple[str, str], _Clip] = OrderedDict()
        self._ramp = night_ramp()
        self._timer = QTimer(self)
        self._timer.setInterval(2)
        self._timer.timeout.connect(self._read_one)

    def clip(self, figure_id: str, light: str) -> _Clip | None:
        """The figure's frames so far, reading on in the background; None when there is no such figure.

        `light` is the theme's name.
        """
        figure = self.index.figures.get(figure_id)
        if figure is None:
            return None
        key = (figure_id, light)
        if key not in self._clips:
            path = self._folder / f"{figure_id}.webp"
            self._clips[key] = _Clip(path, figure, light, self._ramp)
        self._clips.move_to_end(key)
        while len(self._clips) > KEPT_CLIPS:
            self._clips.popitem(last=False)
        if not self._clips[key].finished:
            self._timer.start()
        return self._clips[key]

    @property
    def reading(self) -> bool:
        return self._timer.isActive()

    def kept(self) -> list[str]:
        """Ids of the figures in memory, the one used last at the end."""
        return [figure_id for figure_id, _ in self._clips]

    def _read_one(self) -> None:
        for (figure_id, _), clip in reversed(self._clips.items()):
            if not clip.finished:
                if clip.read_one():
                    self.arrived.emit(figure_id)
                return
        self._timer.stop()


class Framing(Enum):
    """What a still shows: all of the frame's height, or no more than the figure (and, when wide, its mat)."""

    FRAME = "frame"
    FIGURE = "figure"


class Stills:
    """Small pictures of held poses, kept once made: thumbnails, the set-up strip, the plan card."""

    def __init__(self, folder: Path, index: FigureIndex | None = None, room: int = 48) -> None:
        self._folder, self._room = folder, room
        self._index = load_index(folder) if index is None else index
        self._made: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()

    def pixmap(
        self,
        figure_id: str | None,
        side: str | None,
        size: QSize,
        theme: Theme,
        *,
        ratio: float = 1.0,
        framing: Framing | None = None,
        soft: bool | None = None,
    ) -> QPixmap:
        """The held pose in `size` logical pixels on a transparent ground; empty when there is no such figure.

        Set-up poses show the whole frame's height by default, so that a strip of them has one scale and
        one floor. `soft` lets mat and wall fade out at the edges: by default in the set-up strip, and for
        a wall in a wide picture, which has no frame to run out of.
        """
        figure = self._index.figures.get(figure_id or "")
        setup = figure_id is not None and figure_id.startswith("setup_")
        framing = framing or (Framing.FRAME if setup else Framing.FIGURE)
        if soft is None:
            soft = setup or (figure is not None and figure.wall is not None and _is_wide(QSizeF(size)))
        key = (figure_id, side, size.width(), size.height(), theme.name, ratio, framing, soft)
        if key not in self._made:
            self._made[key] = self._draw(figure_id, side, size, theme, ratio, framing, soft)
        self._made.move_to_end(key)
        while len(self._made) > self._room:
            self._made.popitem(last=False)
        return self._made[key]

    def _draw(
        self,
        figure_id: str | None,
        side: str | None,
        size: QSize,
        theme: Theme,
        ratio: float,
        framing: Framing,
        soft: bool,
    ) -> QPixmap:
        target = QPixmap(size * ratio)
        target.setDevicePixelRatio(ratio)
        target.fill(Qt.GlobalColor.transparent)
        figure = self._index.figures.get(figure_id or "")
        if figure is None or target.isNull():
            return target
        frame = QImageReader(str(self._folder / f"{figure_id}.webp")).read()
        if not frame.isNull():
            frame = in_light(frame, theme.name, figure.glow[0] if figure.glow else (), night_ramp())
        area = QSizeF(size)
        source = self._source(figure, area, framing)
        painter = QPainter(target)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        to = fitted(source, area, flipped=side == "left")
        painter.setTransform(to, True)
        paint_scenery(painter, figure, stage_colours(theme.name))
        painter.resetTransform()
        # Scaled down by averaging first: thumbnails drawn straight from the frame would flicker with detail.
        box = to.mapRect(QRectF(figure.held))
        pixels = QSize(max(round(box.width() * ratio), 1), max(round(box.height() * ratio), 1))
        small = frame.copy(figure.held).scaled(
            pixels, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        if side == "left":
            small = small.flipped(Qt.Orientation.Horizontal)
        painter.drawImage(box, small)
        if soft:
            upright = figure.wall is not None
            _fade_edges(painter, QRectF(0, 0, area.width(), area.height()), upright=upright)
        painter.end()
        return target

    def _source(self, figure: Figure, area: QSizeF, framing: Framing) -> QRectF:
        if framing is Framing.FRAME:
            height = float(self._index.size.height())
            width = min(float(self._index.size.width()), height * area.width() / max(area.height(), 1))
            return QRectF((self._index.size.width() - width) / 2, 0, width, height)
        box = QRectF(figure.held)
        margin = box.width() * 0.03
        if _is_wide(area):
            box = box.united(mat_bounds(figure))
            margin = box.height() * (0.03 if figure.wall is None else 0.09)
        return box.adjusted(-margin, -margin, margin, margin)


def _is_wide(area: QSizeF) -> bool:
    return area.width() > area.height() * 1.2


def _fade_edges(painter: QPainter, area: QRectF, *, upright: bool) -> None:
    """Softly takes away the outer eighth of what is painted: at the sides, if `upright` above and below."""
    painter.save()
    painter.resetTransform()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    ends = [(area.topLeft(), area.topRight())]
    if upright:
        ends.append((area.topLeft(), area.bottomLeft()))
    for start, end in ends:
        slope = QLinearGradient(start, end)
        for at, alpha in ((0.0, 0), (0.13, 255), (0.87, 255), (1.0, 0)):
            slope.setColorAt(at, QColor(0, 0, 0, alpha))
        painter.fillRect(area, slope)
    painter.restore()


class _Own:
    """A picture of the user's own, read once for each size and light."""

    def __init__(self, path: Path | None, icon: Icon) -> None:
        self._path = path
        self.icon = icon
        self._made: tuple[QSize, str, QImage | None] | None = None

    def picture_in(self, room: QSize, light: str) -> QImage | None:
        if self._path is None:
            return None
        if self._made is None or self._made[:2] != (room, light):
            image = own_picture(self._path, room)
            if image is not None and light == "night":
                image = at_night(image, night_ramp())
            self._made = (room, light, image)
        return self._made[2]


def own_picture(path: Path, room: QSize) -> QImage | None:
    """The picture in a file, scaled to fit `room` px; None when it is not one that can be shown safely.

    PNG, JPEG and SVG up to LARGEST_FILE bytes and LARGEST_PICTURE pixels. An SVG that names other files or
    entities is not read: it could show what it was not given.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    vector = path.suffix.lower() == ".svg"
    if vector and any(word in data.lower() for word in _NOT_IN_SVG):
        return None
    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"svg" if vector else b"")
    if bytes(reader.format().data()) not in (b"png", b"jpeg", b"jpg", b"svg"):
        return None
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > LARGEST_PICTURE or room.isEmpty():
        return None
    turned = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
    shown = size.transposed() if turned else size
    fit = shown.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    reader.setScaledSize((fit.transposed() if turned else fit).expandedTo(QSize(1, 1)))
    image = reader.read()
    return None if image.isNull() else image.convertToFormat(_PREMULTIPLIED)


class FigureView(QWidget):
    """A stage with one figure. It has no words of its own: give it an accessible name for what it shows.

    `folder` holds the WebP files and their index, as for `Stills`. Poses are drawn for the right leg, facing
    right; "left" is their mirror image, stage included. Nothing moves while the widget is hidden or its
    window minimised.
    """

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames = Frames(folder, self)
        self._frames.arrived.connect(self._frame_arrived)
        self._stills = Stills(folder, self._frames.index)
        self._theme: Theme | None = None
        self._figure_id: str | None = None
        self._side: str | None = None
        self._waiting: tuple[str, str | None, bool] | None = None
        self._following: tuple[str, ...] = ()
        self._entering = False
        self._dimmed = self._reduced = self._running = False
        self._framed = True
        self._stroke: float | None = None
        self._breath: float | None = None
        self._led: tuple[int, int, int] | None = None
        self._arrow = self._spot = False
        self._own: _Own | None = None
        self._drawn = 0
        self._entry_clock = QElapsedTimer()
        self._breath_clock = QElapsedTimer()
        self._breath_before = 0
        self._old: QImage | None = None
        self._fade_clock = QElapsedTimer()
        self._fade_ms = TURN_MS
        self._fitted: OrderedDict[int, tuple[QPoint, QImage]] = OrderedDict()
        self._scenery: QPixmap | None = None
        self._marks: QPixmap | None = None
        self._canvas: QImage | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setSizePolicy(policy)

    # What the owner says.

    def set_theme(self, colours: Theme) -> None:
        """Other colours, faded over."""
        if self._theme is not None and self._theme.name == colours.name:
            self._theme = colours
            return
        first = self._theme is None
        self._begin_fade(TURN_MS)
        self._theme = colours
        if self._figure_id is not None:
            self._frames.clip(self._figure_id, colours.name)
        self._forget_fitted()
        if first:
            self._old = None
        self._refresh()

    def show_figure(self, figure_id: str | None, side: str | None, *, entering: bool) -> None:
        """Shows a figure: `entering` plays its way into the pose, otherwise it fades to the held pose.

        `side` is "left", "right" or None. None or an unknown figure leaves the stage empty.
        """
        self._waiting = None
        self._own = None
        clip = self._clip_of(figure_id)
        if figure_id is None or clip is None or clip.failed:
            self._apply(figure_id, side, entering=False)
            return
        entering = entering and not self._reduced
        first = self._frames.index.figures[figure_id].entry[0] if entering else 0
        if clip.frame(first) is None and not clip.finished:
            # The old picture stays for the few frames that have to be read first.
            self._waiting = (figure_id, side, entering)
            return
        self._apply(figure_id, side, entering=entering)

    def show_own(self, picture: Path | None, icon: Icon) -> None:
        """The picture of an exercise of the user's own in place of a figure; `icon` where there is none.

        PNG, JPEG or SVG; one that is too large, damaged or refers to other files counts as none.
        """
        self._waiting = None
        self._own = _Own(picture, icon)
        self._apply(None, None, entering=False)

    def lead(self, *, stroke: float | None = None, breath: float | None = None) -> None:
        """Have the figure follow: how far a stroke is on its way, or a breath in its round, both 0 to 1.

        Of a breath the first four tenths are the way in. None for both lets it sway by itself. Cheap to call
        often: a new picture is put together only when it would look different.
        """
        was_led = self._is_led
        self._stroke, self._breath = stroke, breath
        if self._is_led != was_led:
            self._note_breath()
            self._resume_breath()
            self._led = None
        shown = None
        if self._is_led:
            one, two, share = self._position(self._frames.index.figures[self._figure_id or ""])
            shown = (one, two, round(share * _LED_STEPS))
        if self._is_led != was_led or shown != self._led:
            self._led = shown
            self._refresh()

    def set_marks(self, *, arrow: bool, spot: bool) -> None:
        """Whether the way of the stroke and the place to press are drawn, where the figure has them."""
        if (arrow, spot) != (self._arrow, self._spot):
            self._arrow, self._spot = arrow, spot
            self._marks = None
            self._refresh()

    def set_dimmed(self, dimmed: bool) -> None:
        """Paused: the picture sinks into the stage and stands still."""
        if dimmed == self._dimmed:
            return
        self._begin_fade(DIM_MS)
        self._note_breath()
        self._dimmed = dimmed
        self._resume_breath()
        self._refresh()

    def set_motion(self, reduced: bool) -> None:
        """Reduced motion: figures jump to the held pose with a short fade and do not sway."""
        if reduced == self._reduced:
            return
        self._note_breath()
        self._reduced = reduced
        if reduced:
            self._entering = False
        self._resume_breath()
        self._refresh()

    def set_running(self, running: bool) -> None:
        """The breath sways the figure only while this is on."""
        if running == self._running:
            return
        self._note_breath()
        self._running = running
        self._resume_breath()
        self._refresh()

    def set_framed(self, framed: bool) -> None:
        """Whether the stage is a rounded panel; without it mat and wall fade out at the edges."""
        if framed == self._framed:
            return
        self._framed = framed
        self._scenery = None
        self._refresh()

    def preload(self, ids: Iterable[str]) -> None:
        """Reads these figures ahead, as far as there is room beside the one on show."""
        self._following = tuple(ids)
        self._read_ahead()

    def still(
        self,
        figure_id: str | None,
        side: str | None,
        size: QSize,
        theme: Theme,
        *,
        framing: Framing | None = None,
        soft: bool | None = None,
    ) -> QPixmap:
        """A small picture of a held pose on a transparent ground, see `Stills.pixmap`."""
        ratio = self.devicePixelRatioF()
        return self._stills.pixmap(figure_id, side, size, theme, ratio=ratio, framing=framing, soft=soft)

    @property
    def animating(self) -> bool:
        """Whether anything on the stage is moving right now."""
        return self._timer.isActive()

    @property
    def drawn(self) -> int:
        """How many pictures have been put together so far; each costs a few milliseconds."""
        return self._drawn

    @property
    def busy(self) -> bool:
        """Whether pictures are being read ahead."""
        return self._frames.reading

    @property
    def way_in(self) -> float:
        """How much of the way into the pose is done, 0 to 1."""
        if not self._entering:
            return 1.0
        return min(self._entry_clock.elapsed() / self._frames.index.entry_ms, 1.0)

    # Frames.

    def _clip_of(self, figure_id: str | None) -> _Clip | None:
        if figure_id is None:
            return None
        return self._frames.clip(figure_id, self._light)

    @property
    def _light(self) -> str:
        return "dark" if self._theme is None else self._theme.name

    def _read_ahead(self) -> None:
        """Asks for the figures to come, and last, because that makes it the first, for the one wanted now."""
        now = self._figure_id if self._waiting is None else self._waiting[0]
        coming = [figure_id for figure_id in self._following if figure_id != now]
        for figure_id in coming[: KEPT_CLIPS - 1]:
            self._clip_of(figure_id)
        self._clip_of(now)

    def _frame_arrived(self, figure_id: str) -> None:
        if self._waiting is not None and self._waiting[0] == figure_id:
            waiting_id, side, entering = self._waiting
            self.show_figure(waiting_id, side, entering=entering)
            return
        # The held pose came after a change of light, or the file was damaged after all.
        clip = self._clip_of(figure_id) if figure_id == self._figure_id else None
        if clip is not None and (len(clip.frames) == 1 or clip.failed):
            self._refresh()

    def _apply(self, figure_id: str | None, side: str | None, *, entering: bool) -> None:
        same_stage = (figure_id, side) == (self._figure_id, self._side)
        if self._figure_id is None and self._canvas is None:
            self._old = None
        elif not (same_stage and not entering):
            self._begin_fade(TURN_MS)
        self._figure_id, self._side, self._entering = figure_id, side, entering
        self._breath_before = 0
        self._forget_fitted()
        if entering:
            self._entry_clock.start()
        self._resume_breath()
        self._read_ahead()
        self._refresh()

    # Time.

    def _begin_fade(self, ms: int) -> None:
        if not self.isVisible() or self._canvas is None:
            return
        self._old = self._canvas
        self._fade_ms = min(ms, REDUCED_MS) if self._reduced else ms
        self._fade_clock.start()

    def _fade_share(self) -> float:
        """How far the new picture has come, 0 to 1, eased."""
        if self._old is None:
            return 1.0
        t = min(self._fade_clock.elapsed() / self._fade_ms, 1.0)
        return t * t * (3 - 2 * t)

    def _note_breath(self) -> None:
        if self._breath_clock.isValid():
            self._breath_before += self._breath_clock.elapsed()
            self._breath_clock.invalidate()

    def _resume_breath(self) -> None:
        self._breath_clock.invalidate()
        if self._swaying and not self._entering:
            self._breath_clock.start()

    @property
    def _is_led(self) -> bool:
        """Whether the figure follows the page instead of breathing by itself."""
        figure = self._frames.index.figures.get(self._figure_id or "")
        if figure is None or self._reduced:
            return False
        follows = self._stroke is not None and len(figure.stroke) > 1
        return follows or (self._breath is not None and len(figure.sway) > 1)

    @property
    def _swaying(self) -> bool:
        if self._figure_id not in self._frames.index.figures or self._figure_id is None:
            return False
        if self._is_led:
            return False
        moving = len(self._frames.index.figures[self._figure_id].sway) > 1
        return moving and self._running and not self._reduced and not self._dimmed

    def _tick(self) -> None:
        if self.window().isMinimized():
            self._timer.stop()
            return
        if self._entering and self._entry_clock.elapsed() >= self._frames.index.entry_ms:
            self._entering = False
            self._resume_breath()
        if self._old is not None and self._fade_clock.elapsed() >= self._fade_ms:
            self._old = None
        self._refresh()

    def _pace(self) -> None:
        """Runs the timer as fast as what moves needs it, and not at all when nothing moves."""
        if not self.isVisible() or self.window().isMinimized():
            self._timer.stop()
        elif self._entering or self._old is not None:
            self._run_timer(ENTRY_TICK_MS)
        elif self._swaying:
            self._run_timer(SWAY_TICK_MS)
        else:
            self._timer.stop()

    def _run_timer(self, ms: int) -> None:
        if not self._timer.isActive() or self._timer.interval() != ms:
            self._timer.start(ms)

    # Pictures.

    def _position(self, figure: Figure) -> tuple[int, int, float]:
        """Two neighbouring frames and how far the second has come."""
        if self._entering:
            frames, last = figure.entry, len(figure.entry) - 1
            at = self.way_in * last
            i = min(int(at), last)
            return frames[i], frames[min(i + 1, last)], at - i
        if self._is_led and self._stroke is not None and len(figure.stroke) > 1:
            last = len(figure.stroke) - 1
            at = min(max(self._stroke, 0.0), 1.0) * last
            i = min(int(at), last)
            return figure.stroke[i], figure.stroke[min(i + 1, last)], at - i
        if self._is_led and self._breath is not None:
            at = self._breath % 1.0 * len(figure.sway)
            i = int(at)
            return figure.sway[i], figure.sway[(i + 1) % len(figure.sway)], at - i
        breath = self._breath_before
        if self._breath_clock.isValid():
            breath += self._breath_clock.elapsed()
        whole = self._frames.index.breath_ms
        if len(figure.sway) < 2 or self._reduced:
            return 0, 0, 0.0
        at = breath % whole / whole * len(figure.sway)
        i = int(at)
        return figure.sway[i], figure.sway[(i + 1) % len(figure.sway)], at - i

    def _refresh(self) -> None:
        """Puts the next picture together and asks for painting; keeps the timer at the right pace."""
        self._pace()
        if not self.isVisible() or self.width() < 1 or self.height() < 1:
            return
        self._drawn += 1
        canvas = self._compose()
        if self._old is not None and self._old.size() == canvas.size():
            canvas = mixed(self._old, canvas, self._fade_share())
        self._canvas = canvas
        self.update()

    def _compose(self) -> QImage:
        ratio = self.devicePixelRatioF()
        pixels = QSize(round(self.width() * ratio), round(self.height() * ratio))
        canvas = QImage(pixels, _PREMULTIPLIED)
        canvas.fill(Qt.GlobalColor.transparent)
        painter = QPainter(canvas)
        figure = self._frames.index.figures.get(self._figure_id or "")
        if figure is not None:
            if self._scenery is None or self._scenery.size() != pixels:
                self._scenery = self._paint_stage(figure, pixels)
                self._fitted.clear()
            painter.drawPixmap(0, 0, self._scenery)
            self._paint_figure(painter, figure, pixels)
            self._paint_marks(painter, figure, pixels)
        elif self._own is not None:
            self._paint_own(painter, self._own, pixels)
        if self._dimmed:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
            painter.fillRect(canvas.rect(), QColor(0, 0, 0, round(DIMMED * 255)))
        if self._framed:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
            self._paint_panel(painter, pixels)
        painter.end()
        return canvas

    def _paint_figure(self, painter: QPainter, figure: Figure, pixels: QSize) -> None:
        first, second, share = self._position(figure)
        one = self._frame(figure, first, pixels)
        two = self._frame(figure, second, pixels) if share > 0.02 else None
        if one is None:
            # Not read yet: the last picture of the way in there is, or the held pose; else an empty stage.
            past = figure.entry[: figure.entry.index(first)] if self._entering else ()
            there = (self._frame(figure, number, pixels) for number in (*reversed(past), 0))
            one, two = next((frame for frame in there if frame is not None), None), None
        if one is None:
            return
        place, image = one
        painter.drawImage(place, image if two is None else mixed(image, two[1], share))

    def _paint_marks(self, painter: QPainter, figure: Figure, pixels: QSize) -> None:
        if not (self._arrow or self._spot) or self._entering:
            return
        if self._marks is None or self._marks.size() != pixels:
            self._marks = QPixmap(pixels)
            self._marks.fill(Qt.GlobalColor.transparent)
            drawn = QPainter(self._marks)
            drawn.setTransform(self._to_widget(pixels))
            colour = self._stage_colours().mark
            if self._arrow:
                paint_arrow(drawn, figure.arrow, colour)
            if self._spot and figure.spot is not None:
                paint_spot(drawn, figure.spot, colour)
            drawn.end()
        painter.drawPixmap(0, 0, self._marks)

    def _paint_own(self, painter: QPainter, own: _Own, pixels: QSize) -> None:
        """The user's picture as large as it goes with a little air, or the icon, quiet and in the middle."""
        margin = round(min(pixels.width(), pixels.height()) * 0.06)
        room = pixels.shrunkBy(QMargins(margin, margin, margin, margin))
        image = own.picture_in(room, self._light)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if image is None:
            side = min(pixels.width(), pixels.height()) * 0.3
            box = QRectF(0, 0, side, side)
            box.moveCenter(QPointF(pixels.width() / 2, pixels.height() / 2))
            colour = QColor("#8C7964") if self._theme is None else self._theme.edge
            paint_icon(painter, own.icon, box, colour)
            return
        at = QPoint((pixels.width() - image.width()) // 2, (pixels.height() - image.height()) // 2)
        painter.drawImage(at, image)

    def _frame(self, figure: Figure, number: int, pixels: QSize) -> tuple[QPoint, QImage] | None:
        """A frame in the size of the widget, flipped for the left leg, and where it goes."""
        if number in self._fitted:
            self._fitted.move_to_end(number)
            return self._fitted[number]
        clip = self._clip_of(self._figure_id)
        image = None if clip is None else clip.frame(number)
        if image is None:
            return None
        box = self._to_widget(pixels).mapRect(QRectF(figure.bounds))
        size = QSize(max(round(box.width()), 1), max(round(box.height()), 1))
        if image.size() != size:
            image = image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        if self._side == "left":
            image = image.flipped(Qt.Orientation.Horizontal)
        self._fitted[number] = (box.topLeft().toPoint(), image)
        while len(self._fitted) > 10:
            self._fitted.popitem(last=False)
        return self._fitted[number]

    def _to_widget(self, pixels: QSize) -> QTransform:
        whole = QRectF(0, 0, self._frames.index.size.width(), self._frames.index.size.height())
        return fitted(whole, QSizeF(pixels), flipped=self._side == "left")

    def _paint_stage(self, figure: Figure, pixels: QSize) -> QPixmap:
        colours = self._stage_colours()
        scenery = QPixmap(pixels)
        scenery.fill(Qt.GlobalColor.transparent)
        area = QRectF(0, 0, pixels.width(), pixels.height())
        painter = QPainter(scenery)
        painter.setTransform(self._to_widget(pixels))
        paint_scenery(painter, figure, colours)
        painter.resetTransform()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
        paint_grain(painter, area, colours.grain)
        if self._framed:
            mask = QImage(pixels, _PREMULTIPLIED)
            mask.fill(Qt.GlobalColor.transparent)
            shape = QPainter(mask)
            self._paint_panel(shape, pixels)
            shape.end()
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
            painter.drawImage(0, 0, mask)
        else:
            _fade_edges(painter, area, upright=True)
        painter.end()
        return scenery

    def _paint_panel(self, painter: QPainter, pixels: QSize) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._stage_colours().panel)
        scale = min(max(self.width() / 640, 0.7), 1.9) * self.devicePixelRatioF()
        painter.drawRoundedRect(QRect(QPoint(0, 0), pixels), RADIUS * scale, RADIUS * scale)

    def _stage_colours(self) -> StageColours:
        return stage_colours(self._light)

    def _forget_fitted(self) -> None:
        self._fitted.clear()
        self._scenery = None
        self._marks = None

    # Qt.

    def sizeHint(self) -> QSize:
        return QSize(self._frames.index.size)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 128)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._canvas is None:
            return
        painter = QPainter(self)
        painter.drawImage(QRectF(self.rect()), self._canvas)
        painter.end()
        if not self._timer.isActive():
            # Back from being minimised.
            self._pace()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._old = None
        self._forget_fitted()
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._old = None
