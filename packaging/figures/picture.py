"""Draws one pose as a transparent picture: depth buffer, soft shading, muscle glow, contact shadows.

The floor mat, the wall and the stage behind are painted by the app in its own colours; only the shadows
that fall on mat and wall belong to the picture. One palette serves every theme (DESIGN.md section 7, dark).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from figures.body import Body, Joints, Pose, build
from figures.maths import Floats, blur, rgb, unit, vec

WIDTH, HEIGHT = 640, 512

MATERIALS = ["#D9A07C", "#7A8F8B", "#50535F", "#4A3329", "#8A5A44", "#8C7B68", "#B9A98F", "#5C5148"]
GLOW, GLOW_CORE, SHADOW = "#FF9A3D", "#FFD08A", "#120A05"
STAGE, KEY, FILL, RIM = "#2A211A", "#FFF0DC", "#6A5A60", "#FFD9B0"
RIM_STRENGTH, AMBIENT, HAZE, SHADOW_STRENGTH, HALO = 0.34, 0.54, 0.20, 0.72, 0.34
LIGHT = vec(-0.50, 0.72, 0.55)
NOTHING = -9.0

Bounds = tuple[float, float, float, float]
"""Of a patch of a plane in metres: u from, u to, v from, v to."""


@dataclass(frozen=True)
class Camera:
    """Parallel view: rotation, pixels a metre, and where the world's origin falls on the picture."""

    rotation: Floats
    scale: float
    x: float
    y: float


def camera_of(pose: Pose, supersample: int = 1) -> Camera:
    """The camera of a pose for a picture of WIDTH x HEIGHT, times `supersample`.

    `scale` in the data is pixels a metre for a picture whose shorter side is 900.
    """
    data = pose["camera"]
    yaw, pitch = math.radians(data["yaw"]), math.radians(data["pitch"])
    c, s, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    rotation = np.array([[c, 0, s], [s * sp, cp, -c * sp], [-s * cp, sp, c * cp]])
    scale = data["scale"] / 900 * min(WIDTH, HEIGHT) * supersample
    centre = rotation @ vec(*data["centre"])
    x, y = WIDTH * supersample / 2, HEIGHT * supersample / 2
    return Camera(rotation, scale, x - centre[0] * scale, y + centre[1] * scale)


@dataclass(frozen=True)
class Depth:
    """What is seen first: depth and ellipsoid of each pixel, and the ellipsoids in view space."""

    depth: Floats
    index: np.ndarray
    centres: Floats
    shapes: Floats


def splat(body: Body, rotation: Floats, k: float, ox: float, oy: float, w: int, h: int) -> Depth:
    """Depth towards the viewer in metres (NOTHING where there is no body) and the ellipsoid in front."""
    centres = np.array(body.centres) @ rotation.T
    axes = np.array(body.axes)
    spread = np.einsum("ij,njk,nlk,ml->nim", rotation, axes, axes, rotation)
    shapes = np.linalg.inv(spread)
    depth, index = np.full((h, w), NOTHING, np.float32), np.full((h, w), -1, np.int32)
    for n, ((cx, cy, cz), a) in enumerate(zip(centres, shapes, strict=True)):
        hx, hy = math.sqrt(spread[n, 0, 0]), math.sqrt(spread[n, 1, 1])
        x0, x1 = max(int(ox + (cx - hx) * k), 0), min(int(ox + (cx + hx) * k) + 2, w)
        y0, y1 = max(int(oy - (cy + hy) * k), 0), min(int(oy - (cy - hy) * k) + 2, h)
        if x0 >= x1 or y0 >= y1:
            continue
        dx = ((np.arange(x0, x1) + 0.5 - ox) / k - cx).astype(np.float32)[None, :]
        dy = ((oy - np.arange(y0, y1) - 0.5) / k - cy).astype(np.float32)[:, None]
        b = a[0, 2] * dx + a[1, 2] * dy
        disc = b * b - a[2, 2] * (a[0, 0] * dx * dx + 2 * a[0, 1] * dx * dy + a[1, 1] * dy * dy - 1)
        z = np.where(disc > 0, cz + (np.sqrt(np.maximum(disc, 0)) - b) / a[2, 2], NOTHING)
        part = depth[y0:y1, x0:x1]
        nearer = z > part
        part[nearer] = z[nearer]
        index[y0:y1, x0:x1][nearer] = n
    return Depth(depth, index, centres, shapes)


def muscle(joints: Joints, glow: Pose) -> tuple[Floats, Floats, Floats, float]:
    """Both ends, outward direction and radius of the glowing capsule (DESIGN.md section 7)."""
    n = glow.get("side", "R")
    hip, knee, ankle = (joints[name + n] for name in ("hip", "knee", "ankle"))
    pelvis = joints["pelvis_frame"]
    outwards = 1 if n == "R" else -1
    back, thigh_back, foot = joints["back" + n], joints["thigh_back" + n], joints["foot" + n]
    match glow["muscle"]:
        case "calf":
            return *_between(knee, ankle, 0.06, 0.60), back, 0.060
        case "soleus":
            return *_between(knee, ankle, 0.34, 0.88), back, 0.052
        case "achilles":
            return *_between(knee, ankle, 0.58, 1.0), back, 0.040
        case "shin":
            return *_between(knee, ankle, 0.10, 0.72), -back, 0.052
        case "hamstring":
            return *_between(hip, knee, 0.16, 0.86), thigh_back, 0.078
        case "quad":
            return *_between(hip, knee, 0.16, 0.86), -thigh_back, 0.078
        case "adductor":
            inner = np.cross(unit(knee - hip), thigh_back) * outwards
            return *_between(hip, knee, 0.14, 0.72), inner, 0.072
        case "hip_front":
            ends = hip + pelvis @ vec(0.05, 0.11, 0), hip + (knee - hip) * 0.42
            return *ends, unit(pelvis @ vec(1, 0, 0) - thigh_back), 0.075
        case "glute":
            ends = hip + pelvis @ vec(-0.05, 0.10, 0), hip + pelvis @ vec(-0.03, -0.10, 0)
            return *ends, pelvis @ vec(-1, -0.1, 0.5 * outwards), 0.105
        case "sole":
            ends = ankle + foot @ vec(-0.02, -0.06, 0), ankle + foot @ vec(0.14, -0.06, 0)
            return *ends, foot @ vec(0, -1, 0), 0.050
        case "back":
            low, out = joints["pelvis"] + pelvis @ vec(0, 0.06, 0), joints["chest_frame"] @ vec(-1, 0, 0)
            return low, joints["chest"], out, 0.115
        case "breath":
            return joints["waist"], joints["chest"], joints["chest_frame"] @ vec(1, 0, 0), 0.13
    known = "calf, achilles, soleus, shin, hamstring, quad, adductor, hip_front, glute, sole, back and breath"
    raise ValueError(f"unknown muscle {glow['muscle']!r}: {known} are known")


def _between(a: Floats, b: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    return a + (b - a) * low, a + (b - a) * high


def _shade(body: Body, joints: Joints, pose: Pose, cam: Camera, w: int, h: int) -> tuple[Floats, Floats]:
    """The body as straight-alpha RGBA from 0 to 1, and the halo of the glow as one channel."""
    seen = splat(body, cam.rotation, cam.scale, cam.x, cam.y, w, h)
    ys, xs = np.where(seen.index >= 0)
    y0, y1 = max(ys.min() - 40, 0), min(ys.max() + 40, h)
    x0, x1 = max(xs.min() - 40, 0), min(xs.max() + 40, w)
    depth, index = seen.depth[y0:y1, x0:x1], seen.index[y0:y1, x0:x1]
    hit = index >= 0
    gy, gx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    at = np.dstack([(gx + 0.5 - cam.x) / cam.scale, (cam.y - gy - 0.5) / cam.scale, np.where(hit, depth, 0)])
    i = np.maximum(index, 0)
    normal = np.zeros_like(at)
    normal[hit] = np.einsum("nij,nj->ni", seen.shapes[i[hit]], at[hit] - seen.centres[i[hit]])
    normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-6)
    normal = _melt(normal, np.where(hit, depth, NOTHING).astype(np.float32), cam.scale)

    # Light: warm key from the upper left, dim fill, thin rim.
    key_share = (normal @ unit(LIGHT).astype(np.float32) * 0.62 + 0.38).clip(0, 1)
    key_share = key_share * key_share * (3 - 2 * key_share)
    base = np.array([rgb(c) for c in MATERIALS])[np.array(body.materials)[i]]
    key = (AMBIENT + (1.16 - AMBIENT) * key_share[..., None] * rgb(KEY)) * base
    lit = key + base * (1 - key_share[..., None]) * 0.16 * rgb(FILL)
    rim = ((1 - normal[..., 2].clip(0, 1)) ** 2.6) * (normal[..., 1] * 0.5 + 0.5).clip(0, 1)
    lit += rgb(RIM) * (rim * RIM_STRENGTH)[..., None] * (base * 0.6 + 0.4)

    # Nearer limbs darken what lies just behind them (depth unsharp mask in two sizes).
    hidden = np.zeros_like(depth)
    mask = hit.astype(np.float32)
    for size, gain, limit in ((0.010, 12, 0.26), (0.045, 3.2, 0.24)):
        weight = blur(mask, size * cam.scale)
        mean = blur(np.where(hit, depth, 0).astype(np.float32), size * cam.scale) / np.maximum(weight, 1e-3)
        hidden = hidden + ((mean - depth - 0.004) * gain).clip(0, limit)
    world = at @ cam.rotation
    ground = np.exp(-np.maximum(world[..., 1], 0) / 0.05) * 0.28 * (normal[..., 1] < 0.5)
    lit *= (1 - (hidden + ground).clip(0, 0.52))[..., None]

    # Far limbs drift towards the stage colour.
    near = depth[hit]
    far = ((np.percentile(near, 97) - depth) / max(0.34, np.ptp(near))).clip(0, 1)
    lit = lit + (rgb(STAGE) - lit) * (far * HAZE)[..., None]

    glow = _glow(body, joints, pose, cam, world, np.array(body.parts, dtype=object)[i], hit)
    t = (glow * 1.05).clip(0, 1)[..., None]
    hot = rgb(GLOW) + (rgb(GLOW_CORE) - rgb(GLOW)) * (t**2.2)
    hot = hot * (0.70 + 0.34 * key_share[..., None]) * (1 - hidden * 0.6)[..., None]
    lit = lit * (1 - t * 0.92) + hot * (t * 0.92)

    out = np.zeros((h, w, 4), np.float32)
    out[y0:y1, x0:x1, :3] = lit.clip(0, 1)
    out[y0:y1, x0:x1, 3] = hit
    bloom = np.zeros((h, w), np.float32)
    bloom[y0:y1, x0:x1] = glow * hit
    return out, blur(bloom, 0.05 * cam.scale)


def _melt(normal: Floats, depth: Floats, scale: float) -> Floats:
    """Normals smoothed across small depth steps only: neighbours melt together, real overlaps stay crisp."""
    for r in (1, 2, 4, 7, 11, 7, 4, 2):
        step = max(1, round(r * scale / 840))
        total = normal.copy()
        for dy, dx in ((0, step), (0, -step), (step, 0), (-step, 0)):
            there, other = np.roll(depth, (dy, dx), (0, 1)), np.roll(normal, (dy, dx), (0, 1))
            weight = np.exp(-(((there - depth) / (0.010 + 0.0016 * r)) ** 2)) * (there > NOTHING + 1)
            total += other * weight[..., None]
        normal = total / np.maximum(np.linalg.norm(total, axis=2, keepdims=True), 1e-6)
    return normal


def _glow(
    body: Body, joints: Joints, pose: Pose, cam: Camera, world: Floats, part: np.ndarray, hit: np.ndarray
) -> Floats:
    """Strength of the muscle glow at each pixel, 0 to 1, on the named body parts only."""
    glow = np.zeros(hit.shape, np.float32)
    towards_viewer = cam.rotation.T @ vec(0, 0, 1)
    fade = 1 - 0.18 * pose.get("breath", 0.0)
    for g in pose.get("glow", ()):
        a, b, out, radius = muscle(joints, g)
        axis = unit(b - a)
        centre = (a + b) / 2 + unit(out + towards_viewer * g.get("lean", 0.55)) * g.get("out", 0.045)
        offset = world - centre
        along = offset @ axis
        aside = np.linalg.norm(offset - along[..., None] * axis, axis=2)
        half = float(np.linalg.norm(b - a)) / 2
        strength = np.exp(-((np.abs(along) / half) ** 2.6) - (aside / radius) ** 2.2)
        power = g.get("power", 1) * fade * pose.get("shine", 1.0)
        glow = np.maximum(glow, strength * np.isin(part, g["parts"]) * hit * power)
    return glow


def _contact_shadow(body: Body, rows: Floats, bounds: Bounds, soft_share: float) -> Floats:
    """Darkness on a plane from 0 to 1; `rows` are its two directions and the one towards the viewer."""
    k = 170
    u0, u1, v0, v1 = bounds
    w, h = int((u1 - u0) * k), int((v1 - v0) * k)
    seen = splat(body, rows, k, -u0 * k, v1 * k, w, h)
    gap = np.where(seen.index >= 0, np.maximum(-seen.depth, 0), 9).astype(np.float32)
    tight = blur(np.exp(-gap / 0.018), 0.008 * k)
    middle = blur(np.exp(-gap / 0.07), 0.030 * k)
    soft = blur(np.exp(-gap / 0.38), 0.085 * k)
    return 1 - (1 - 0.50 * tight) * (1 - 0.42 * middle) * (1 - soft_share * soft)


def _on_plane(cam: Camera, origin: Floats, eu: Floats, ev: Floats, w: int, h: int) -> tuple[Floats, Floats]:
    """Plane coordinates (u, v) under every pixel."""
    o, a, b = (cam.rotation @ q for q in (origin, eu, ev))
    gy, gx = np.mgrid[0:h, 0:w].astype(np.float32)
    sx, sy = (gx + 0.5 - cam.x) / cam.scale - o[0], (cam.y - gy - 0.5) / cam.scale - o[1]
    det = a[0] * b[1] - a[1] * b[0]
    return (sx * b[1] - sy * b[0]) / det, (sy * a[0] - sx * a[1]) / det


def _sample(texture: Floats, bounds: Bounds, u: Floats, v: Floats) -> Floats:
    """Bilinear reading of a plane texture whose first row is the largest v; zero outside."""
    u0, u1, v0, v1 = bounds
    h, w = texture.shape
    x, y = (u - u0) / (u1 - u0) * w - 0.5, (v1 - v) / (v1 - v0) * h - 0.5
    inside = (x >= 0) & (y >= 0) & (x < w - 1) & (y < h - 1)
    xi, yi = np.where(inside, x, 0).astype(int), np.where(inside, y, 0).astype(int)
    fx, fy = np.where(inside, x - xi, 0), np.where(inside, y - yi, 0)
    top = texture[yi, xi] * (1 - fx) + texture[yi, xi + 1] * fx
    low = texture[yi + 1, xi] * (1 - fx) + texture[yi + 1, xi + 1] * fx
    return (top * (1 - fy) + low * fy) * inside


MAT_CORNER = 0.07
WALL_FAR_EDGE = -0.62
"""Where the wall begins, left of the figure (z, metres); on the near side it runs out of the picture."""


def _shadows(body: Body, pose: Pose, cam: Camera, w: int, h: int) -> Floats:
    """Alpha of the shadows: the floor's cut to the mat, the wall's to the wall."""
    x0, x1, half = pose["camera"]["mat"]
    floor_rows = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]])
    bounds = (-1.3, 1.3, -0.8, 0.8)
    texture = _contact_shadow(body, floor_rows, bounds, 0.38)
    u, v = _on_plane(cam, vec(0, 0, 0), vec(1, 0, 0), vec(0, 0, 1), w, h)
    # Distance to the rounded edge of the mat, turned into a soft cut two pixels wide.
    qx = np.abs(u - (x0 + x1) / 2) - ((x1 - x0) / 2 - MAT_CORNER)
    qz = np.abs(v) - (half - MAT_CORNER)
    edge = np.hypot(np.maximum(qx, 0), np.maximum(qz, 0)) + np.minimum(np.maximum(qx, qz), 0) - MAT_CORNER
    alpha = _sample(texture, bounds, u, v) * (0.5 - edge * cam.scale / 2).clip(0, 1) * SHADOW_STRENGTH
    wall = wall_of(pose)
    if wall is not None:
        moved = Body([c - vec(wall["x"], 0, 0) for c in body.centres], body.axes, body.materials, body.parts)
        bounds = (-0.6, 0.6, 0.0, 1.9)
        texture = _contact_shadow(moved, np.array([[0, 0, 1.0], [0, 1.0, 0], [1.0, 0, 0]]), bounds, 0.06)
        u, v = _on_plane(cam, vec(wall["x"], 0, 0), vec(0, 0, 1), vec(0, 1, 0), w, h)
        on_wall = (u > WALL_FAR_EDGE) & (v > 0)
        alpha = np.maximum(alpha, _sample(texture, bounds, u, v) * on_wall * SHADOW_STRENGTH * 0.9)
    return alpha.clip(0, 1)


def wall_of(pose: Pose) -> Pose | None:
    return next((prop for prop in pose.get("props", ()) if prop["kind"] == "wall"), None)


def draw(pose: Pose, supersample: int = 2) -> Image.Image:
    """One pose as an RGBA picture of WIDTH x HEIGHT on a transparent ground."""
    w, h = WIDTH * supersample, HEIGHT * supersample
    cam = camera_of(pose, supersample)
    body, joints = build(pose)
    figure, bloom = _shade(body, joints, pose, cam, w, h)
    shadow = _shadows(body, pose, cam, w, h)
    # Premultiplied from here: shadow, the figure over it, the halo over both.
    out = np.dstack([rgb(SHADOW) * shadow[..., None], shadow])
    solid = figure[..., 3:4]
    out = out * (1 - solid) + np.dstack([figure[..., :3] * solid, solid])
    halo = (bloom * HALO).clip(0, 1)[..., None]
    out = out * (1 - halo) + np.dstack([rgb(GLOW) * halo, halo])
    out = out.reshape(HEIGHT, supersample, WIDTH, supersample, 4).mean(axis=(1, 3))
    rgba = np.dstack([_bled(out), out[..., 3]]).clip(0, 1)
    return Image.fromarray((rgba * 255 + 0.5).astype(np.uint8), "RGBA")


def _bled(premultiplied: Floats) -> Floats:
    """Straight colours, run on into the empty ground: lossy pictures would mix black into the edges."""
    alpha = premultiplied[..., 3:4]
    colour = premultiplied[..., :3] / np.maximum(alpha, 1e-4)
    known = alpha > 0.02
    ground = premultiplied.astype(np.float32)
    # Far from the figure a quarter of the pixels in each direction is plenty: nobody sees this colour itself.
    coarse = ground.reshape(HEIGHT // 4, 4, WIDTH // 4, 4, 4).mean(axis=(1, 3))
    for radius in (2, 6, 20, 80):
        fine = radius < 20
        spread = blur(ground, radius) if fine else blur(coarse, radius / 4).repeat(4, 0).repeat(4, 1)
        weight = spread[..., 3:4]
        colour = np.where(known, colour, spread[..., :3] / np.maximum(weight, 1e-6))
        known = known | (weight > 0.01)
    return colour


def glow_spots(pose: Pose) -> list[list[float]]:
    """Where the muscle glows on the frame: x, y, half length, radius (pixels), angle (degrees), strength.

    The app needs it at night, when the frames lose their colours and the glow is painted on top.
    """
    cam = camera_of(pose)
    _, joints = build(pose)
    spots = []
    towards_viewer = cam.rotation.T @ vec(0, 0, 1)
    for g in pose.get("glow", ()):
        a, b, out, radius = muscle(joints, g)
        centre = (a + b) / 2 + unit(out + towards_viewer * g.get("lean", 0.55)) * g.get("out", 0.045)
        along, at = cam.rotation @ (b - a), cam.rotation @ centre
        half = math.hypot(along[0], along[1]) / 2 * cam.scale
        angle = math.degrees(math.atan2(-along[1], along[0]))
        x, y = cam.x + at[0] * cam.scale, cam.y - at[1] * cam.scale
        width = radius * cam.scale
        strength = g.get("power", 1) * (1 - 0.18 * pose.get("breath", 0.0)) * pose.get("shine", 1.0)
        numbers = (x, y, max(half, width * 0.6), width)
        spots.append([*(round(float(v), 1) for v in numbers), round(angle), round(float(strength), 2)])
    return spots


ARROW_POINTS = 12


def arrow_of(pose: Pose) -> list[list[float]]:
    """The way of a stroke beside the limb, as ARROW_POINTS points (pixels) from its start to its end.

    Of the pose's first arrow: `from` and `to` are joints of the working leg or points, `span` which share of
    the way between them, `back` metres towards the back of the limb, `out` metres towards the viewer and
    `bow` how far the middle lies further back. Empty without an arrow.
    """
    for arrow in pose.get("arrows", ()):
        cam, (_, joints) = camera_of(pose), build(pose)
        a, b, back, out = _beside(joints, arrow)
        side = back * arrow.get("back", 0.1) + vec(0, 0, out * arrow.get("out", 0.0))
        low, high = arrow.get("span", (0.0, 1.0))
        start, end = a + (b - a) * low + side, a + (b - a) * high + side
        middle = (start + end) / 2 + back * arrow.get("bow", 0.03)
        control = middle * 2 - (start + end) / 2
        ts = np.linspace(0, 1, ARROW_POINTS)
        return [_seen_at(cam, start * (1 - t) ** 2 + control * 2 * t * (1 - t) + end * t * t) for t in ts]
    return []


def spot_of(pose: Pose) -> list[float]:
    """The place to press as [x, y] in pixels: `from`, `to`, `back`, `out` as in an arrow, at share `at`."""
    if "spot" not in pose:
        return []
    spot, (_, joints) = pose["spot"], build(pose)
    a, b, back, out = _beside(joints, spot)
    side = back * spot.get("back", 0.0) + vec(0, 0, out * spot.get("out", 0.0))
    return _seen_at(camera_of(pose), a + (b - a) * spot["at"] + side)


def _beside(joints: Joints, span: Pose) -> tuple[Floats, Floats, Floats, int]:
    """Both ends of a span, the direction of its limb's back, and which way is outwards."""
    n = span.get("side", "R")
    ends = [joints[p + n] if isinstance(p, str) else vec(*p) for p in (span["from"], span["to"])]
    thigh = "hip" in (span["from"], span["to"])
    return ends[0], ends[1], joints[("thigh_back" if thigh else "back") + n], 1 if n == "R" else -1


def _seen_at(cam: Camera, point: Floats) -> list[float]:
    at = cam.rotation @ point
    return [round(float(cam.x + at[0] * cam.scale), 1), round(float(cam.y - at[1] * cam.scale), 1)]
