"""Small vector mathematics for the figures: frames, two-bone limbs, smooth profiles, slerp, box blur.

It knows nothing of bodies, poses or pictures. Lengths are metres and angles degrees; x points forward,
y up and z to the person's right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating]

STRAIGHT = 0.9992
"""A limb is never drawn longer than this share of its bones, so that its bend keeps a direction."""


def vec(*values: float) -> Floats:
    return np.array(values, float)


def unit(v: Floats) -> Floats:
    length = float(np.linalg.norm(v))
    return v / length if length > 1e-9 else v


def frame(pitch: float = 0.0, yaw: float = 0.0, roll: float = 0.0) -> Floats:
    """Columns forward, up, right. Pitch leans forward, yaw turns right, roll tips right."""
    p, y, r = (math.radians(a) for a in (pitch, yaw, roll))
    cp, sp, cy, sy = math.cos(p), math.sin(p), math.cos(y), math.sin(y)
    cr, sr = math.cos(r), math.sin(r)
    lean = np.array([[cp, sp, 0], [-sp, cp, 0], [0, 0, 1]])
    turn = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    tip = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    return turn @ lean @ tip


def two_bone(
    root: Floats, target: Floats, first: float, second: float, pole: Floats
) -> tuple[Floats, Floats]:
    """Middle and end joint of a two-bone limb that bends towards `pole`; a target too far is clipped."""
    d = target - root
    dist = min(float(np.linalg.norm(d)), (first + second) * STRAIGHT)
    u = unit(d)
    x = (first * first - second * second + dist * dist) / (2 * dist)
    height = math.sqrt(max(first * first - x * x, 0.0))
    side = unit(pole - np.dot(pole, u) * u)
    return root + u * x + side * height, root + u * dist


def profile(ts: Sequence[float] | Floats, vs: Sequence[float] | Floats, t: float | Floats) -> Floats:
    """Smooth curve through the points (ts, vs), read at t (one number or many)."""
    ts, vs = np.asarray(ts, float), np.asarray(vs, float)
    at = np.atleast_1d(np.asarray(t, float))
    slope = np.gradient(vs, ts, axis=0)
    i = np.clip(np.searchsorted(ts, at, side="right") - 1, 0, len(ts) - 2)
    h = ts[i + 1] - ts[i]
    s = (at - ts[i]) / h
    return (
        (2 * s**3 - 3 * s**2 + 1) * vs[i]
        + (s**3 - 2 * s**2 + s) * h * slope[i]
        + (-2 * s**3 + 3 * s**2) * vs[i + 1]
        + (s**3 - s**2) * h * slope[i + 1]
    )


def slerp(a: Floats, b: Floats, t: float) -> Floats:
    """Direction between two directions, turning evenly; opposite ones turn through any square direction."""
    a, b = unit(a), unit(b)
    angle = math.acos(float(np.clip(np.dot(a, b), -1, 1)))
    if angle < 1e-4:
        return b
    if math.pi - angle < 1e-3:
        square = unit(np.cross(a, vec(0, 0, 1) if abs(a[2]) < 0.9 else vec(1, 0, 0)))
        return a * math.cos(math.pi * t) + square * math.sin(math.pi * t)
    return (a * math.sin((1 - t) * angle) + b * math.sin(t * angle)) / math.sin(angle)


def in_out_sine(t: float) -> float:
    return (1 - math.cos(math.pi * min(max(t, 0.0), 1.0))) / 2


def blur(a: Floats, radius: float) -> Floats:
    """Two box passes, close enough to a gaussian. The radius is in pixels."""
    r = max(int(radius), 1)
    for _ in range(2):
        for axis in (0, 1):
            pad = [(0, 0)] * a.ndim
            pad[axis] = (r + 1, r)
            c = np.cumsum(np.pad(a, pad, mode="edge"), axis=axis, dtype=np.float64)
            n, width = a.shape[axis], 2 * r + 1
            upper, lower = (c[width:], c[:n]) if axis == 0 else (c[:, width:], c[:, :n])
            a = ((upper - lower) / width).astype(np.float32)
    return a


def rgb(code: str) -> Floats:
    """'#RRGGBB' as three numbers from 0 to 1."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)
