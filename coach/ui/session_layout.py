"""Where everything on the session screen stands, worked out from the size of the window.

It leaves out the widgets: this is arithmetic on rectangles, so that every size can be looked at and tested.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF

from coach.ui.theme import SMALLEST_TARGET, SMALLEST_TEXT

__all__ = ["LOW_HEIGHT", "Places", "lay_out", "lay_out_night"]

LOW_HEIGHT = 560
"""Below this height, in px, the ring overlays the lower right of the stage (DESIGN 8)."""
# Below these sizes, in px of the design at normal text, the screen is laid out as the small window.
SMALL_WIDTH, SMALL_HEIGHT = 1060, 660
# No wider than this many heights: on a very wide screen the parts stay together.
WIDEST = 1.9
# The stage of the design: 640 x 512.
STAGE_SHAPE = 640 / 512


@dataclass(frozen=True)
class Places:
    """Rectangles of the parts and sizes of the large type, in px.

    `factor` scales everything else, `control_factor` the controls. `small` folds: the next tile is text
    only. `stage` is empty where the figure hides. `low` lays the right column over the stage.
    """

    factor: float
    control_factor: float
    small: bool
    close: QRect
    progress: QRect
    left: QRect
    stage: QRect
    side: QRect
    name: QRect
    leg: QRect
    ring: QRect
    caption: QRect
    controls: QRect
    next: QRect
    name_px: int
    leg_px: int
    caption_px: int
    low: bool = False

    @property
    def column(self) -> QRect:
        """The right column, from the name's top to the ring's bottom."""
        return QRect(self.side.left(), self.name.top(), self.side.width(), self.side.height())


def _box(x: float, y: float, width: float, height: float) -> QRect:
    return QRectF(x, y, max(width, 0.0), max(height, 0.0)).toRect()


def lay_out(width: int, height: int, factor: float) -> Places:
    """The screen by day and in the evening.

    `width` and `height` are the page's, in px; `factor` is the session's scale with the text size in it.
    """
    f = factor
    units_wide, units_high = width / f, height / f
    small = width < SMALL_WIDTH or height < SMALL_HEIGHT or units_wide < 1000 or units_high < SMALL_HEIGHT
    # Buttons and gaps grow with the window but not with the text, so that large text gets their room.
    chrome = window = max(0.86, min(width / 1280, height / 800, 1.9))
    span = min(width, WIDEST * height)
    outer = (width - span) / 2
    margin = outer + (min(24 * chrome, 28) if small else 40 * chrome)
    inner = width - 2 * margin

    bar_top = (13 if small else 24) * chrome
    bar = max(SMALLEST_TARGET, 44 * chrome)
    bar_text = max(110 * f, 90)
    close = _box(margin, bar_top, bar, bar)
    progress_left = margin + bar + (16 if small else 20) * chrome
    left_width = min(bar_text, inner * 0.3)
    progress = _box(progress_left, bar_top, width - margin - left_width - 14 * chrome - progress_left, bar)
    left = _box(width - margin - left_width, bar_top, left_width, bar)

    # Faces of controls grow a little with the text, so that key hints stay beside each other.
    control_factor = chrome * (1 + (f / window - 1) * 0.4)
    control = max(64 * control_factor, SMALLEST_TARGET)
    hint = max(26 * control_factor, SMALLEST_TEXT * 1.9)
    bottom = (16 if small else 22) * chrome
    gap = 8 * control_factor
    controls_height = control + gap + hint
    controls_top = height - bottom - controls_height
    caption_px = max(round(30 * (f if not small else max(0.82 * f, 0.82))), SMALLEST_TEXT)
    # One line for what is said; longer sentences in other languages are set smaller.
    caption_lines = 1.0 if width * 2 / caption_px > 74 else 1.25
    caption_height = caption_px * 1.4 * caption_lines
    caption_gap = (10 if small else 20) * chrome
    caption = _box(margin, controls_top - caption_gap - caption_height, inner, caption_height)

    stage_top = bar_top + bar + (12 if small else 20) * chrome
    middle = caption.top() - (12 if small else 18) * chrome - stage_top
    if height < LOW_HEIGHT:
        return _low(
            Places(
                f,
                control_factor,
                small,
                close,
                progress,
                left,
                QRect(),
                QRect(),
                QRect(),
                QRect(),
                QRect(),
                caption,
                _box(margin, controls_top, inner, controls_height),
                QRect(),
                0,
                0,
                caption_px,
            ),
            _box(margin, stage_top, inner, middle),
        )
    stage_width = min(middle * STAGE_SHAPE, (420 / 900 if small else 0.5) * span)
    stage_height = min(middle, stage_width / STAGE_SHAPE * 1.08)
    stage = _box(margin, stage_top + (middle - stage_height) / 2, stage_width, stage_height)

    side_left = margin + stage_width + (16 if small else 24) * chrome
    side_width = width - outer - side_left - 4
    # In a tall window the right column may be taller than the stage.
    side_height = min(middle, max(stage_height, side_width * 1.1))
    side = _box(side_left, stage_top + (middle - side_height) / 2, side_width, side_height)
    # In a small window the words give way so that ring and digits stay large.
    leg_px = round(min(76 * f, side_height * (0.16 if f <= window * 1.05 else 0.19)))
    name_px = max(round(leg_px * 0.39), 16)
    name_height, leg_height = name_px * 4 / 3, leg_px * 1.1
    above = name_height + (3 if small else 5) * chrome + leg_height
    air = (9 if small else 30) * chrome
    ring_side = min(side_height - above - air, side.width() * 0.86, max(350 * window * 1.25, 0.46 * height))
    spare = max(side_height - above - air - ring_side, 0.0) / 2
    name = _box(side.left(), side.top() + spare, side.width(), name_height)
    leg = _box(side.left(), name.bottom() + 1 + (3 if small else 5) * chrome, side.width(), leg_height)
    centre = side.left() + side.width() / 2
    ring = _box(centre - ring_side / 2, side.top() + side_height - spare - ring_side, ring_side, ring_side)
    next_width = min((width - 2 * margin) * (0.32 if small else 0.26), 320 * f)
    next_height = controls_height if small else 64 * chrome
    next_tile = _box(
        width - margin - next_width,
        controls_top + (0 if small else (controls_height - next_height) / 2 + 9 * chrome),
        next_width,
        next_height,
    )
    return Places(
        f,
        control_factor,
        small,
        close,
        progress,
        left,
        stage,
        side,
        name,
        leg,
        ring,
        caption,
        _box(margin, controls_top, inner, controls_height),
        next_tile,
        name_px,
        leg_px,
        caption_px,
    )


def _low(frame: Places, middle: QRect) -> Places:
    """A very low window: the stage takes the whole width and the ring stands on its lower right."""
    f = frame.factor
    pad = 16.0
    column = min(middle.width() * 0.42, 420 * f)
    name_px, leg_px = max(round(22 * f), 16), round(min(46 * f, middle.height() * 0.16))
    side = _box(middle.right() - column - pad, middle.top() + pad, column, middle.height() - 2 * pad)
    name = _box(side.left(), side.top(), column, name_px * 4 / 3)
    leg = _box(side.left(), name.bottom() + 1, column, leg_px * 1.14)
    ring_side = min(side.bottom() - leg.bottom() - 4, column)
    ring = _box(side.right() - ring_side, side.bottom() - ring_side, ring_side, ring_side)
    return Places(
        f,
        frame.control_factor,
        True,
        frame.close,
        frame.progress,
        frame.left,
        middle,
        side,
        name,
        leg,
        ring,
        frame.caption,
        frame.controls,
        QRect(),
        name_px,
        leg_px,
        frame.caption_px,
        low=True,
    )


def lay_out_night(width: int, height: int, factor: float) -> Places:
    """The sparse screen by night: figure, leg, ring, one line. In a small window the figure hides first."""
    f = factor
    window = max(0.86, min(width / 1280, height / 800, 1.9))
    small = width < SMALL_WIDTH or height < SMALL_HEIGHT or width / f < 1000
    span = min(width, WIDEST * height)
    outer = (width - span) / 2
    stage = QRect() if small else _box(outer, height * 0.1, span * 0.56, height * 0.78)
    side = _box(outer, 0, span, height) if small else _box(outer + span * 0.53, 0, span * 0.44, height)
    foot = max(30 * f, 24)
    foot_top = height - 35 * window - foot
    leg_px = round(62 * f)
    name_px = max(round(22 * f), 16)
    caption_px = max(round(26 * f), 17)
    name_height, leg_height, caption_height = name_px * 4 / 3, leg_px * 1.16, caption_px * 1.35 * 2
    room = foot_top - 24 * window - name_height - leg_height - caption_height - 46 * window
    ring_side = min(max(328 * window, 0.41 * min(width, height)), room, side.width() * 0.8)
    top = max((foot_top - (name_height + leg_height + ring_side + caption_height + 46 * window)) / 2, 12.0)
    centre = side.left() + side.width() / 2
    name = _box(side.left(), top, side.width(), name_height)
    leg = _box(side.left(), name.bottom() + 1, side.width(), leg_height)
    ring = _box(centre - ring_side / 2, leg.bottom() + 1 + 22 * window, ring_side, ring_side)
    caption = _box(side.left(), ring.bottom() + 1 + 24 * window, side.width(), caption_height)
    edge = outer + 60 * window
    third = (width - 2 * edge) / 3
    return Places(
        f,
        window,
        small,
        _box(edge, foot_top, third, foot),
        _box(edge + third, foot_top, third, foot),
        _box(edge + 2 * third, foot_top, third, foot),
        stage,
        side,
        name,
        leg,
        ring,
        caption,
        QRect(),
        QRect(),
        name_px,
        leg_px,
        caption_px,
    )
