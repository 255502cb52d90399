"""Renders the frames of a figure, packs them into one animated WebP and keeps the index the app reads.

The entry runs from the pose's neutral to the held pose; the sway is one slow breath, a loop. A massage has
the moments of one stroke instead of a breath; the app goes to and fro on them.
Still pictures come first, so that the app has something to show while the rest is being drawn.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from figures.body import Pose
from figures.picture import (
    HEIGHT,
    MAT_CORNER,
    WALL_FAR_EDGE,
    WIDTH,
    arrow_of,
    camera_of,
    draw,
    glow_spots,
    spot_of,
    wall_of,
)
from figures.pose import FIGURES, blend, breathe, neutral_of, stroke

ENTRY_FRAMES, ENTRY_MS = 20, 1600
SWAY_FRAMES, BREATH_MS, BREATH_IN_MS = 8, 10_000, 4_000
QUALITY, ALPHA_QUALITY = 84, 90
HELD_SUPERSAMPLE, MOVING_SUPERSAMPLE = 3, 2
"""The held pose is looked at for half a minute; what moves past needs fewer samples and half the time."""


def breath_at(ms: float) -> float:
    """How full the lungs are (0 to 1): four seconds in, six out, sine both ways (DESIGN.md section 6)."""
    ms %= BREATH_MS
    if ms < BREATH_IN_MS:
        return (1 - math.cos(math.pi * ms / BREATH_IN_MS)) / 2
    return (1 + math.cos(math.pi * (ms - BREATH_IN_MS) / (BREATH_MS - BREATH_IN_MS))) / 2


def poses_of(pose: Pose) -> Iterator[Pose]:
    """Every frame's pose in the file's order: the held pose, the rest of the breath or stroke, the entry.

    The held pose comes first because thumbnails and paused screens need nothing else. It is also the last
    picture of the entry and therefore not drawn again. A pose without a neutral is a still of one frame.
    """
    yield breathe(pose, 0.0)
    if "neutral" not in pose:
        return
    for i in range(1, SWAY_FRAMES):
        if "stroke" in pose:
            yield breathe(stroke(pose, i / (SWAY_FRAMES - 1)), 0.0)
            continue
        yield breathe(pose, breath_at(i * BREATH_MS / SWAY_FRAMES))
    neutral = neutral_of(pose)
    for i in range(ENTRY_FRAMES - 1):
        yield breathe(blend(neutral, pose, i / (ENTRY_FRAMES - 1)), 0.0)


def render(pose: Pose) -> Path:
    """Draws all frames of a pose and writes its WebP; returns the file."""
    frames = [
        draw(p, MOVING_SUPERSAMPLE if number else HELD_SUPERSAMPLE) for number, p in enumerate(poses_of(pose))
    ]
    return pack(pose, frames)


def render_still(pose: Pose) -> Path:
    """Only the held pose, as a WebP of one frame: a stand-in until the animation is drawn."""
    return pack(pose, [draw(breathe(pose, 0.0), HELD_SUPERSAMPLE)])


def pack(pose: Pose, frames: list[Image.Image]) -> Path:
    path = FIGURES / f"{pose['id']}.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"quality": QUALITY, "alpha_quality": ALPHA_QUALITY, "method": 6, "exact": True}
    if len(frames) == 1:
        frames[0].save(path, "WEBP", **options)
    else:
        options.update(duration=80, loop=0, kmin=0, kmax=1)
        # Only key frames: no frame depends on what another left behind.
        frames[0].save(path, "WEBP", save_all=True, append_images=frames[1:], **options)
    note(pose, frames, fingerprint(pose))
    return path


def bounds(frames: list[Image.Image]) -> list[int]:
    """Smallest rectangle [x, y, width, height] that holds every frame, a pixel to spare."""
    boxes = [frame.getchannel("A").point(lambda a: 255 if a > 1 else 0).getbbox() for frame in frames]
    found = [box for box in boxes if box]
    x0, y0 = max(min(b[0] for b in found) - 1, 0), max(min(b[1] for b in found) - 1, 0)
    x1, y1 = min(max(b[2] for b in found) + 1, WIDTH), min(max(b[3] for b in found) + 1, HEIGHT)
    return [x0, y0, x1 - x0, y1 - y0]


def entry_of(pose: Pose, frames: list[Image.Image]) -> dict[str, object]:
    """What the app must know of a figure: frames, their bounds, and the camera to paint mat and wall by."""
    camera, data, wall = camera_of(pose), pose["camera"], wall_of(pose)
    x0, x1, half = data["mat"]
    moving = len(frames) > 1
    entry: dict[str, object] = {
        "sway": [*range(SWAY_FRAMES)] if moving and "stroke" not in pose else [0],
        "entry": [*range(SWAY_FRAMES, len(frames)), 0] if moving else [0],
        "bounds": bounds(frames),
        "held": bounds(frames[:1]),
        "camera": {
            "yaw": data["yaw"],
            "pitch": data["pitch"],
            "scale": round(camera.scale, 3),
            "x": round(float(camera.x), 3),
            "y": round(float(camera.y), 3),
        },
        "mat": {"x0": x0, "x1": x1, "half": half, "corner": MAT_CORNER},
    }
    if moving and "stroke" in pose:
        entry["stroke"] = [*range(SWAY_FRAMES)]
    if pose.get("arrows"):
        entry["arrow"] = arrow_of(pose)
    if "spot" in pose:
        entry["spot"] = spot_of(pose)
    if pose.get("glow"):
        entry["glow"] = [glow_spots(p) for p in poses_of(pose)][: len(frames)]
    if wall is not None:
        entry["wall"] = {"x": wall["x"], "height": wall.get("height", 2.7), "far": WALL_FAR_EDGE}
    return entry


def reindex(pose: Pose) -> None:
    """Writes the index entry anew from the WebP as it is; for a changed format of the index."""
    with Image.open(FIGURES / f"{pose['id']}.webp") as image:
        frames = []
        for i in range(getattr(image, "n_frames", 1)):
            image.seek(i)
            frames.append(image.convert("RGBA"))
    figures = json.loads((FIGURES / "index.json").read_text("utf-8"))["figures"]
    note(pose, frames, figures[pose["id"]]["drawn_from"])


def fingerprint(pose: Pose) -> str:
    """Tells whether a figure was drawn from a pose as it is now; the neutral counts as well."""
    sources = [pose, *([neutral_of(pose)] if "neutral" in pose else [])]
    unseen = ("name", "contacts", "arrows", "spot")
    seen = [{key: value for key, value in p.items() if key not in unseen} for p in sources]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


@contextmanager
def _alone_with_the_index() -> Iterator[None]:
    """Several renderers may run at once; only one of them changes the index at a time."""
    import fcntl  # Not there on Windows, where the tests read this module but nobody draws.

    folder = os.open(FIGURES, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def note(pose: Pose, frames: list[Image.Image], drawn_from: str) -> None:
    """Keeps index.json up to date, one figure a line; another renderer's entries are kept."""
    entry = entry_of(pose, frames) | {"drawn_from": drawn_from}
    path = FIGURES / "index.json"
    with _alone_with_the_index():
        figures = json.loads(path.read_text("utf-8"))["figures"] if path.exists() else {}
        figures[pose["id"]] = entry
        head = {
            "width": WIDTH,
            "height": HEIGHT,
            "entry_ms": ENTRY_MS,
            "breath_ms": BREATH_MS,
            "breath_in_ms": BREATH_IN_MS,
        }
        lines = [f"  {json.dumps(k)}: {json.dumps(v)}," for k, v in head.items()]
        body = ",\n".join(f"    {json.dumps(k)}: {json.dumps(figures[k])}" for k in sorted(figures))
        written = path.with_suffix(".new")
        written.write_text("{\n" + "\n".join(lines) + '\n  "figures": {\n' + body + "\n  }\n}\n", "utf-8")
        written.replace(path)
