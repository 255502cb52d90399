"""The mannequin: a pose becomes joints and a cloud of soft ellipsoids.

Drawing them is left to `picture`; judging whether a pose is possible is left to `check`.
Proportions and radii are those of DESIGN.md section 7 (height 1.72 m, metres throughout).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from figures.maths import Floats, frame, profile, two_bone, unit, vec

Pose = dict[str, Any]
Profile = tuple[list[float], list[float]]
Radii = tuple[float, float, float]

THIGH_LENGTH, SHANK_LENGTH, UPPER_LENGTH, FORE_LENGTH = 0.43, 0.42, 0.285, 0.25
HIP_WIDTH, SHOULDER_WIDTH = 0.088, 0.172
EASY_REACH, GLIDE = 0.44, 0.05
"""The shoulder follows a hand that is further than EASY_REACH, by at most GLIDE."""

SKIN, TOP, LEG, HAIR, WOOD, PAD, CLOTH, BED = range(8)

# Radius profiles: position along the bone from 0 to 1, radius in metres.
THIGH: Profile = ([0, 0.14, 0.34, 0.55, 0.78, 0.93, 1], [0.088, 0.092, 0.085, 0.074, 0.060, 0.054, 0.0535])
THIGH_BACK: Profile = ([0, 0.3, 0.7, 1], [0, -0.006, -0.004, 0])
SHANK: Profile = (
    [0, 0.10, 0.26, 0.42, 0.60, 0.78, 0.92, 1],
    [0.0535, 0.0515, 0.0575, 0.054, 0.043, 0.034, 0.0305, 0.031],
)
CALF_BELLY: Profile = ([0, 0.10, 0.26, 0.42, 0.62, 1], [0, 0.006, 0.018, 0.015, 0.005, 0])
UPPER: Profile = ([0, 0.18, 0.45, 0.75, 1], [0.056, 0.056, 0.049, 0.042, 0.039])
FORE: Profile = ([0, 0.22, 0.55, 0.85, 1], [0.039, 0.042, 0.035, 0.027, 0.0245])

# Along the spine from the hip joint, half width, half depth, forward shift.
TORSO = np.array(
    [
        [-0.075, 0.090, 0.070, -0.006],
        [-0.035, 0.140, 0.100, -0.010],
        [0.02, 0.163, 0.112, -0.012],
        [0.08, 0.154, 0.105, -0.004],
        [0.16, 0.130, 0.090, 0.004],
        [0.22, 0.126, 0.088, 0.006],
        [0.30, 0.140, 0.098, 0.006],
        [0.37, 0.152, 0.103, 0.004],
        [0.43, 0.148, 0.092, -0.004],
        [0.475, 0.120, 0.074, -0.012],
        [0.51, 0.074, 0.056, -0.016],
    ]
)
# Where a breath shows: nothing at the pelvis, most at the belly and lower ribs.
BREATH: Profile = ([-0.08, 0.02, 0.10, 0.20, 0.33, 0.45, 0.53], [0, 0.1, 0.85, 1, 0.75, 0.2, 0])
WAISTBAND = 0.055

# Foot, in the frame of toes, instep and side: (forward, up, radius, half width) at both ends of a sweep.
FOOT = (
    ((-0.040, -0.044, 0.036, 0.033), (0.060, -0.044, 0.036, 0.036)),
    ((0.000, -0.006, 0.033, 0.031), (0.070, -0.036, 0.034, 0.036)),
    ((0.060, -0.044, 0.035, 0.036), (0.135, -0.058, 0.022, 0.044)),
    ((0.135, -0.058, 0.022, 0.044), (0.178, -0.064, 0.016, 0.038)),
)
HAND_WIDTH: Profile = ([0, 0.25, 0.5, 0.8, 1], [0.025, 0.036, 0.039, 0.033, 0.020])
HAND_THICKNESS: Profile = ([0, 0.3, 0.7, 1], [0.022, 0.018, 0.013, 0.011])


@dataclass
class Body:
    """Ellipsoids: centre, 3x3 axes, material and the name of the part each belongs to."""

    centres: list[Floats] = field(default_factory=list)
    axes: list[Floats] = field(default_factory=list)
    materials: list[int] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def add(self, centre: Floats, axes: Floats, material: int, part: str) -> None:
        self.centres.append(centre)
        self.axes.append(axes)
        self.materials.append(material)
        self.parts.append(part)

    def ball(self, centre: Floats, radius: float, material: int, part: str) -> None:
        self.add(centre, np.eye(3) * radius, material, part)

    def egg(self, centre: Floats, turned: Floats, radii: Radii, material: int, part: str) -> None:
        self.add(centre, turned @ np.diag(radii), material, part)

    def tube(
        self,
        a: Floats,
        b: Floats,
        shape: Profile,
        material: int,
        part: str,
        *,
        shift: tuple[Profile, Floats] | None = None,
        split: tuple[float, int] | None = None,
        extra: float = 0.0,
        n: int = 34,
    ) -> None:
        """Spheres swept from a to b. `split` = (position, other material) is the hem of a sleeve or leg."""
        ts = np.linspace(0, 1, n)
        radii = profile(*shape, ts)
        moved = profile(*shift[0], ts) if shift is not None else np.zeros(n)
        for t, r, m in zip(ts, radii, moved, strict=True):
            centre = a + (b - a) * t
            if shift is not None:
                centre = centre + shift[1] * m
            cloth = material if split is None or t < split[0] else split[1]
            self.ball(centre, float(r) + (extra if cloth == material else 0), cloth, part)

    def of(self, *names: str) -> list[int]:
        """Indices of the ellipsoids of these parts."""
        return [i for i, part in enumerate(self.parts) if part in names]

    def extent(self, i: int, direction: Floats) -> float:
        """How far ellipsoid i reaches along a unit direction, from the origin."""
        return float(self.centres[i] @ direction + np.linalg.norm(self.axes[i].T @ direction))


Joints = dict[str, Any]


class Spine:
    """The curve of the trunk: a point and a frame for every centimetre above the hips.

    `spin` (of hips, of chest and, if it follows them, of the head; degrees) turns the body about its own
    length, which the world's yaw cannot do for somebody lying down.
    """

    def __init__(self, pose: Pose) -> None:
        lumbar, chest = pose["spine"]
        twist, side = pose.get("twist", 0.0), pose.get("side", 0.0)
        pitch0, yaw0, roll0 = pose["pelvis_rot"]
        hips_spin, chest_spin = pose.get("spin", (0.0, 0.0))[:2]
        self.pelvis = frame(pitch0, yaw0, roll0) @ frame(0, hips_spin)
        position = vec(*pose["pelvis"]) + self.pelvis @ vec(0, -0.08, 0)
        self.heights = np.arange(-0.08, 0.531, 0.01)
        self.points: list[Floats] = []
        self.frames: list[Floats] = []
        current = self.pelvis
        for i, height in enumerate(self.heights):
            if i:
                position = position + current[:, 1] * (height - self.heights[i - 1])
            w = min(max(height / 0.48, 0), 1)
            pitch = pitch0 + (lumbar - pitch0) * min(w * 2, 1) + (chest - lumbar) * max(w * 2 - 1, 0)
            spin = hips_spin + (chest_spin - hips_spin) * w
            current = frame(pitch, yaw0 + twist * w, roll0 + side * w) @ frame(0, spin)
            self.points.append(position.copy())
            self.frames.append(current)
        self.chest = current

    def at(self, height: float) -> tuple[Floats, Floats]:
        i = int(np.argmin(abs(self.heights - height)))
        return self.points[i], self.frames[i]


def build(pose: Pose) -> tuple[Body, Joints]:
    """Body and joints of a pose. `breath` in the pose (0 to 1) fills the belly and the lower ribs."""
    body = Body()
    spine = Spine(pose)
    hips = vec(*pose["pelvis"])
    joints: Joints = {"pelvis": hips, "pelvis_frame": spine.pelvis, "chest_frame": spine.chest}
    _torso(body, joints, spine, pose)
    _head(body, joints, spine, pose)
    for side, z in (("L", -1), ("R", 1)):
        _leg(body, joints, spine, pose["leg_" + side], side, z)
        _arm(body, joints, spine, pose["arm_" + side], side, z)
    for prop in pose.get("props", ()):
        _prop(body, joints, prop)
    return body, joints


def _torso(body: Body, joints: Joints, spine: Spine, pose: Pose) -> None:
    breath = pose.get("breath", 0.0) * pose.get("sway", {}).get("swell", 0.009)
    for s in np.arange(-0.075, 0.512, 0.009):
        point, turned = spine.at(s)
        width, depth, shift = (float(profile(TORSO[:, 0], TORSO[:, i], s)[0]) for i in (1, 2, 3))
        swell = float(profile(*BREATH, s)[0]) * breath / 2
        cloth = LEG if s < WAISTBAND else TOP
        grow = 0.004 if cloth == TOP else 0
        radii = (depth + grow + swell, 0.034, width + grow + swell * 0.5)
        body.egg(point + turned @ vec(shift + swell, 0, 0), turned, radii, cloth, "torso")
    belly, belly_frame = spine.at(0.14)
    joints.update(
        chest=spine.at(0.36)[0],
        waist=spine.at(0.2)[0],
        belly=belly + belly_frame @ vec(0.08, 0, 0),
        neck=spine.at(0.5)[0],
    )


def _head(body: Body, joints: Joints, spine: Spine, pose: Pose) -> None:
    nod, turn = ([*pose.get("head", (0, 0)), 0])[:2]
    base = spine.at(0.49)[0] + spine.chest @ vec(-0.012, 0, 0)
    pitch, yaw = pose["spine"][1], pose["pelvis_rot"][1] + pose.get("twist", 0)
    head = frame(pitch + nod, yaw + turn, 0)
    neck = frame(pitch + nod * 0.5 + 10, yaw + turn * 0.5, 0)
    if len(pose.get("spin", ())) == 3:
        whole = frame(pitch, yaw, 0) @ frame(0, pose["spin"][2])
        head, neck = whole @ frame(nod, turn), whole @ frame(nod * 0.5 + 10, turn * 0.5)
    top = base + neck @ vec(0, 0.105, 0)
    throat: Profile = ([0, 0.4, 1], [0.058, 0.050, 0.050])
    body.tube(base, top + head @ vec(0.006, 0.03, 0), throat, SKIN, "head", n=16)
    centre = top + head @ vec(0.020, 0.090, 0)
    joints["head"] = centre
    skin = [
        ((0, 0.012, 0), (0.094, 0.100, 0.077)),  # skull
        ((0.026, -0.052, 0), (0.060, 0.064, 0.056)),  # jaw
        ((0.092, -0.022, 0), (0.015, 0.019, 0.012)),  # hint of a nose
        ((-0.008, -0.014, -0.077), (0.016, 0.027, 0.010)),  # ears
        ((-0.008, -0.014, 0.077), (0.016, 0.027, 0.010)),
    ]
    hair = [
        ((-0.020, 0.030, 0), (0.096, 0.098, 0.085)),
        ((-0.048, -0.012, 0), (0.066, 0.078, 0.076)),
        ((0.030, 0.078, 0), (0.060, 0.040, 0.064)),
    ]
    # The knot sits at the back of the head; lying down it would push the head off the pillow, so it goes up.
    knot = (-0.060, 0.112, 0) if abs(pitch) > 60 else (-0.108, 0.040, 0)
    hair.append((knot, (0.042, 0.042, 0.042)))
    for at, radii in skin:
        body.egg(centre + head @ vec(*at), head, radii, SKIN, "head")
    for at, radii in hair:
        body.egg(centre + head @ vec(*at), head, radii, HAIR, "hair")


def _leg(body: Body, joints: Joints, spine: Spine, leg: Pose, side: str, z: int) -> None:
    hip = joints["pelvis"] + spine.pelvis @ vec(0, 0, z * HIP_WIDTH)
    knee, ankle = two_bone(hip, vec(*leg["ankle"]), THIGH_LENGTH, SHANK_LENGTH, vec(*leg["knee"]))
    shank, thigh = unit(ankle - knee), unit(knee - hip)
    toes = unit(vec(*leg["toe"]))
    bend = hip - knee + ankle - knee
    bent = float(np.linalg.norm(bend))
    # The back of the leg: inside the bend, or on a straight leg away from the toes; in between a blend,
    # so that the calf does not jump round the shin while a leg straightens.
    straight = unit(-(toes - np.dot(toes, shank) * shank))
    folded = unit(bend - np.dot(bend, shank) * shank) if bent > 1e-6 else straight
    share = min(max((bent - 0.06) / 0.12, 0), 1)
    back = unit(straight * (1 - share) + folded * share)
    folded_thigh = unit(bend - np.dot(bend, thigh) * thigh) if bent > 1e-6 else back
    thigh_back = back * (1 - share) + folded_thigh * share
    thigh_back = unit(thigh_back - np.dot(thigh_back, thigh) * thigh)
    body.tube(hip, knee, THIGH, LEG, "thigh" + side, shift=(THIGH_BACK, thigh_back), n=40)
    glute = hip + spine.pelvis @ vec(-0.032, -0.012, -z * 0.010) + thigh * 0.02
    body.ball(glute, 0.096, LEG, "thigh" + side)
    cap = min(bent / 0.35, 1) * 0.006
    body.ball(knee - (back + thigh_back) * cap, 0.047, LEG, "shank" + side)
    calf, hem = (CALF_BELLY, back), (0.86, SKIN)
    body.tube(knee, ankle, SHANK, LEG, "shank" + side, shift=calf, split=hem, extra=0.002, n=40)
    up = vec(*leg["up"]) if "up" in leg else -shank
    up = unit(up - np.dot(up, toes) * toes)
    foot = np.column_stack([toes, up, np.cross(toes, up)])
    for (x0, y0, r0, w0), (x1, y1, r1, w1) in FOOT:
        for t in np.linspace(0, 1, 12):
            x, y, r, w = (p + (q - p) * t for p, q in ((x0, x1), (y0, y1), (r0, r1), (w0, w1)))
            body.egg(ankle + foot @ vec(x, y, 0), foot, (r * 1.05, r, w), SKIN, "foot" + side)
    found = {"hip": hip, "knee": knee, "ankle": ankle, "back": back, "thigh_back": thigh_back, "foot": foot}
    joints.update({name + side: value for name, value in found.items()})


def _arm(body: Body, joints: Joints, spine: Spine, arm: Pose, side: str, z: int) -> None:
    target = vec(*arm["wrist"])
    shoulder = spine.at(0.43)[0] + spine.chest @ vec(-0.006, 0, z * SHOULDER_WIDTH)
    reach = target - shoulder
    over = max(float(np.linalg.norm(reach)) - EASY_REACH, 0)
    shoulder = shoulder + unit(reach) * min(over * 0.6, GLIDE)
    elbow, wrist = two_bone(shoulder, target, UPPER_LENGTH, FORE_LENGTH, vec(*arm["elbow"]))
    root = spine.at(0.475)[0] + spine.chest @ vec(-0.012, 0, z * 0.055)
    body.tube(root, shoulder, ([0, 0.5, 1], [0.052, 0.055, 0.057]), TOP, "torso", n=14)
    rib = spine.at(0.36)[0] + spine.chest @ vec(0, 0, z * 0.10)
    body.tube(rib, shoulder, ([0, 1], [0.075, 0.057]), TOP, "torso", n=12)
    body.tube(shoulder, elbow, UPPER, TOP, "arm" + side, split=(0.56, SKIN), extra=0.006)
    body.tube(elbow, wrist, FORE, SKIN, "arm" + side)
    fingers = unit(vec(*arm["hand"])) if "hand" in arm else unit(wrist - elbow)
    palm = vec(*arm.get("palm", (0, -1, 0)))
    palm = unit(palm - np.dot(palm, fingers) * fingers)
    across = np.cross(palm, fingers)
    curl, position, d, q = math.radians(arm.get("curl", 18)), wrist.copy(), fingers, palm
    palm_centre = position
    for i in range(22):
        t = i / 21
        width, thickness = float(profile(*HAND_WIDTH, t)[0]), float(profile(*HAND_THICKNESS, t)[0])
        body.egg(position, np.column_stack([d, q, across]), (0.014, thickness, width), SKIN, "hand" + side)
        if i == 10:
            palm_centre = position + q * thickness
        a = curl / 21 * (0.5 + 1.2 * t)
        d, q = d * math.cos(a) + q * math.sin(a), q * math.cos(a) - d * math.sin(a)
        position = position + d * 0.0078
    outward = arm.get("thumb", z)
    thumb = unit(fingers * 0.75 + palm * 0.45 + across * (0.55 * outward))
    base = wrist + fingers * 0.035 + across * (0.026 * outward)
    body.tube(base, base + thumb * 0.048, ([0, 1], [0.0145, 0.011]), SKIN, "hand" + side, n=8)
    found = {"shoulder": shoulder, "elbow": elbow, "wrist": wrist, "palm": palm_centre}
    joints.update({name + side: value for name, value in found.items()})


def _prop(body: Body, joints: Joints, prop: Pose) -> None:
    """Things that legs pass in front of and behind are drawn with the figure; walls by the app."""
    still = np.eye(3)
    match prop["kind"]:
        case "roller":
            x, y, z0 = prop["at"]
            r, half = prop["r"], prop["half"]
            for t in np.linspace(-1, 1, 46):
                e = r - (0.004 if int((t + 1) * 23) % 5 == 0 else 0)
                body.egg(vec(x, y, z0 + t * half), still, (e, e, 0.007), WOOD, "prop")
            for z in (-1, 1):
                body.egg(vec(x, y, z0 + z * half), still, (r * 0.52, r * 0.52, 0.012), HAIR, "core")
        case "pillow":
            x, y, z0 = prop["at"]
            a, b, c = prop["size"]
            turned = frame(prop.get("tilt", 0))
            for t in np.linspace(-1, 1, 15):
                for u in np.linspace(-1, 1, 9):
                    k = (1 - 0.22 * abs(t) ** 3) * (1 - 0.22 * abs(u) ** 3)
                    at = vec(x, y, z0) + turned @ vec(u * a * 0.55, 0, t * c * 0.72)
                    body.egg(at, turned, (a * 0.5, b * k, c * 0.32), PAD, "prop")
        case "bolster":
            x, y, z0 = prop["at"]
            for t in np.linspace(-1, 1, 24):
                e = prop["r"] * (1 - 0.10 * abs(t) ** 6)
                body.egg(vec(x, y, z0 + t * prop["half"]), still, (e, e, 0.03), PAD, "prop")
        case "chair":
            _chair(body, *prop["at"])
        case "strap" | "towel":
            _band(body, joints, prop)
        case "stick":
            _stick(body, joints, prop)
        case "ball":
            body.ball(vec(*prop["at"]), prop["r"], WOOD, "prop")
        case "block":
            _block(body, prop)
        case "wall":
            pass
        case other:
            known = "wall, pillow, bolster, roller, chair, strap, towel, stick, ball and block"
            raise ValueError(f"unknown prop {other!r}: {known} are known")


def _point(joints: Joints, named: str | list[float]) -> Floats:
    """A joint by its name, the palm of `handR` or `handL`, or the point itself."""
    if isinstance(named, str):
        return vec(*joints[named.replace("hand", "palm")])
    return vec(*named)


SOLE_LOOP = ((0.047, -0.036), (0.044, -0.066), (0.026, -0.086), (0, -0.088))
"""Half of a band under the ball of a foot, from its edge to the middle of the sole: side and up."""
BALL_OF_FOOT = 0.118


def _band(body: Body, joints: Joints, prop: Pose) -> None:
    """A strap or towel from a hand round what it holds, and back to the other hand.

    `from` and `back` are points or joints (`back` is the same hand if left out); `to` is `footR` or `footL`
    (under the ball of the foot), `ankleR`, `shankR`, `thighR` and their like (round the limb, on the side
    away from the hands, at `share` of its length) or a point, where the band ends. `width` in metres,
    `sag` how far the free parts hang through, `tail` what hangs from the hands.
    """
    towel = prop["kind"] == "towel"
    width, thick = prop.get("width", 0.12 if towel else 0.036) / 2, 0.009 if towel else 0.005
    start, to = _point(joints, prop["from"]), prop["to"]
    end = _point(joints, prop.get("back", prop["from"]))
    across: Floats = vec(0, 0, 1)
    loop: list[Floats] = []
    if isinstance(to, str) and to[:-1] == "foot":
        ankle, foot = joints["ankle" + to[-1]], joints[to]
        across = foot[:, 0]
        nearer = 1 if np.dot(start - end, foot[:, 2]) >= 0 else -1
        edge = [(z * nearer, y) for z, y in SOLE_LOOP]
        edge += [(-z, y) for z, y in reversed(edge[:-1])]
        loop = [ankle + foot @ vec(BALL_OF_FOOT, y, z) for z, y in edge]
    elif isinstance(to, str) and to[:-1] in ("ankle", "shank", "thigh"):
        top, bottom, shape = ("hip", "knee", THIGH) if to[:-1] == "thigh" else ("knee", "ankle", SHANK)
        a, b = joints[top + to[-1]], joints[bottom + to[-1]]
        share = prop.get("share", 0.93 if to[:-1] == "ankle" else 0.7)
        middle, across, radius = a + (b - a) * share, unit(b - a), float(profile(*shape, share)[0]) + 0.012
        away = middle - (start + end) / 2
        away = unit(away - np.dot(away, across) * across)
        aside = np.cross(across, away)
        aside = aside * (1 if np.dot(start - end, aside) >= 0 else -1)
        for angle in np.linspace(80, -80, 9):
            turn = math.radians(angle)
            loop.append(middle + (away * math.cos(turn) + aside * math.sin(turn)) * radius)
    else:
        loop = [_point(joints, to)]
        end = loop[0]
    ways = [(start, loop[0], True), *((p, q, False) for p, q in itertools.pairwise(loop))]
    if end is not loop[0]:
        ways.append((end, loop[-1], True))
    gathered = 0.45 if towel else 1.0
    for p, q, free in ways:
        length = float(np.linalg.norm(q - p))
        n = max(int(length / 0.008), 2)
        along = unit(q - p)
        wide = unit(across - np.dot(across, along) * along)
        flat = np.column_stack([along, np.cross(wide, along), wide])
        for t in np.linspace(0, 1, n):
            drop = vec(0, -prop.get("sag", 0.0) * 4 * t * (1 - t) if free else 0, 0)
            # A towel is gathered in the fist and opens towards the foot.
            share = gathered + (1 - gathered) * min(t * 1.6, 1) if free else 1.0
            body.egg(p + (q - p) * t + drop, flat, (0.009, thick, width * share), CLOTH, "prop")
    if "tail" in prop:
        for at in (start, end) if "back" in prop else (start,):
            tip = at + vec(-0.01, -prop["tail"], 0)
            body.tube(at, tip, ([0, 1], [0.010, 0.007]), CLOTH, "prop", n=20)


def _stick(body: Body, joints: Joints, prop: Pose) -> None:
    """A rolling stick held in both fists: `from`, `to` (joints or points), `r`, `over` beyond the hands."""
    a, b = _point(joints, prop["from"]), _point(joints, prop["to"])
    along, r, over = unit(b - a), prop.get("r", 0.019), prop.get("over", 0.05)
    low, high = a - along * (over + 0.04), b + along * (over + 0.04)
    body.tube(low, high, ([0, 1], [r * 0.72, r * 0.72]), HAIR, "prop", n=60)
    body.tube(a + along * 0.05, b - along * 0.05, ([0, 1], [r, r]), WOOD, "prop", n=60)


def _block(body: Body, prop: Pose) -> None:
    """A low box such as a bed: `at` is the middle of its top, `size` its length, height and depth."""
    x, y, z = prop["at"]
    half_x, height, half_z = prop["size"][0] / 2, prop["size"][1], prop["size"][2] / 2
    flat, round_edge, step = 0.02, 0.045, 0.036
    # Overlapping flat eggs on the faces that can be seen: the top, both ends and the side near the viewer.
    low = y - height + round_edge * 0.6
    us = np.linspace(-half_x + round_edge, half_x - round_edge, max(int(2 * half_x / step), 2))
    vs = np.linspace(-half_z + round_edge, half_z - round_edge, max(int(2 * half_z / step), 2))
    hs = np.linspace(low, y - round_edge, max(int(height / step), 2))
    for u in us:
        for v in vs:
            body.egg(vec(x + u, y - flat, z + v), np.eye(3), (round_edge, flat, round_edge), BED, "prop")
        for h in hs:
            at = vec(x + u, h, z + half_z - flat)
            body.egg(at, np.eye(3), (round_edge, round_edge, flat), BED, "prop")
    for h in hs:
        for v in vs:
            for end in (-1, 1):
                at = vec(x + end * (half_x - flat), h, z + v)
                body.egg(at, np.eye(3), (flat, round_edge, round_edge), BED, "prop")


def _chair(body: Body, x: float, y: float) -> None:
    wide, deep = 0.215 - 0.03, 0.205
    for u in np.linspace(-1, 1, 13):
        for v in np.linspace(-1, 1, 13):
            at = vec(x + u * (deep - 0.03), y - 0.020, v * wide)
            body.egg(at, np.eye(3), (0.034, 0.020, 0.034), PAD, "prop")
    for u in (-1, 1):
        for v in (-1, 1):
            top = vec(x + u * (deep - 0.03), y - 0.03, v * wide)
            foot = vec(x + u * (deep + 0.015), 0.012, v * (wide + 0.02))
            body.tube(top, foot, ([0, 1], [0.017, 0.013]), WOOD, "prop", n=40)
    for v in (-1, 1):
        low, high = vec(x - deep + 0.02, y - 0.02, v * wide), vec(x - deep - 0.07, y + 0.42, v * wide)
        body.tube(low, high, ([0, 1], [0.016, 0.014]), WOOD, "prop", n=40)
    for height in (0.22, 0.29, 0.36, 0.40):
        at = x - deep + 0.02 - 0.09 * height / 0.44
        slat: Profile = ([0, 1], [0.022, 0.022])
        body.tube(vec(at, y + height, -wide), vec(at, y + height, wide), slat, WOOD, "prop")
