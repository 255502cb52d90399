"""Judges poses: could a body do this, and does it touch what it is said to touch?

It measures the built mannequin and says what is wrong in sentences; mending is left to people.
Tolerances are those of DESIGN.md section 7: soles and seat within 1 cm of the mat, hands within 1.5 cm of
what they hold, limbs within their length, and every `parts` name of a glow exists.
"""

from __future__ import annotations

import numpy as np

from figures.body import FORE_LENGTH, SHANK_LENGTH, THIGH_LENGTH, UPPER_LENGTH, Body, Joints, Pose, build
from figures.maths import STRAIGHT, vec
from figures.picture import muscle, wall_of
from figures.pose import breathe, neutral_of, stroke, stroke_paths

ON_MAT, HELD, INTO_WALL = 0.010, 0.015, 0.015
"""Metres: how far a sole or seat may be from the mat, a hand from what it holds, a body inside the wall."""

LEG, ARM = THIGH_LENGTH + SHANK_LENGTH, UPPER_LENGTH + FORE_LENGTH
UP, DOWN, FORWARD = vec(0, 1, 0), vec(0, -1, 0), vec(1, 0, 0)

SEAT = ("torso", "thighR", "thighL")


def lowest(body: Body, parts: tuple[str, ...], within: float | None = None, around: float = 0.0) -> float:
    """Height in metres of the lowest point of these parts, or only `within` a distance of x = around."""
    chosen = [i for i in body.of(*parts) if within is None or abs(body.centres[i][0] - around) < within]
    return -max(body.extent(i, DOWN) for i in chosen)


def foremost(body: Body, parts: tuple[str, ...]) -> float:
    return max(body.extent(i, FORWARD) for i in body.of(*parts))


def gap(body: Body, a: str, b: str) -> float:
    """Smallest distance between the surfaces of two parts in metres; negative inside each other.

    The radius of each ellipsoid is taken along the line between the two centres, which is exact for the
    round limbs and within a millimetre or two for the flat hand.
    """
    ia, ib = body.of(a), body.of(b)
    ca, cb = np.array([body.centres[i] for i in ia]), np.array([body.centres[i] for i in ib])
    inverse_a = np.linalg.inv(np.array([body.axes[i] for i in ia]))
    inverse_b = np.linalg.inv(np.array([body.axes[i] for i in ib]))
    between = cb[None, :, :] - ca[:, None, :]
    distance = np.linalg.norm(between, axis=2)
    line = between / np.maximum(distance, 1e-9)[..., None]
    radius_a = 1 / np.linalg.norm(np.einsum("aij,abj->abi", inverse_a, line), axis=2)
    radius_b = 1 / np.linalg.norm(np.einsum("bij,abj->abi", inverse_b, line), axis=2)
    return float((distance - radius_a - radius_b).min())


def contact_gap(body: Body, joints: Joints, pose: Pose, part: str, on: str) -> float:
    """Distance in metres between a part and what it should touch; negative inside it."""
    if on == "mat":
        if part == "seat":
            return lowest(body, SEAT, 0.16, float(joints["pelvis"][0]))
        if part.startswith("knee"):
            side = part[-1]
            return lowest(body, ("shank" + side, "thigh" + side), 0.12, float(joints["knee" + side][0]))
        return lowest(body, (part,))
    if on in ("chair", "block"):
        # The height above the seat or the bed: flat things have no useful radius to measure a gap by.
        top = next((prop["at"][1] for prop in pose.get("props", ()) if prop["kind"] == on), float("inf"))
        if part == "seat":
            return lowest(body, SEAT, 0.16, float(joints["pelvis"][0])) - top
        return lowest(body, (part,)) - top
    if on == "wall":
        wall = wall_of(pose)
        return (wall["x"] if wall else float("inf")) - foremost(body, (part,))
    return gap(body, part, on)


def problems(pose: Pose) -> list[str]:
    """What is wrong with a pose, one sentence each; empty when it holds. `id` names it."""
    name = pose.get("id", "pose")
    found: list[str] = []
    body, joints = build(pose)
    found += _reach(name, pose, joints)
    floor = lowest(body, tuple(set(body.parts) - {"prop", "core"}))
    if floor < -ON_MAT:
        found.append(f"{name}: the body sinks {-floor * 100:.1f} cm into the mat; lift what is lowest")
    wall = wall_of(pose)
    if wall is not None:
        depth = foremost(body, tuple(set(body.parts))) - wall["x"]
        if depth > INTO_WALL:
            found.append(f"{name}: the body goes {depth * 100:.1f} cm into the wall")
    for glow in pose.get("glow", ()):
        for part in glow["parts"]:
            if part not in body.parts:
                known = ", ".join(sorted(set(body.parts)))
                found.append(f"{name}: the glow names {part!r}, the parts are {known}")
        muscle(joints, glow)
    for contact in pose.get("contacts", ()):
        part, on = contact["part"], contact["on"]
        distance = contact_gap(body, joints, pose, part, on)
        limit = HELD if part.startswith("hand") or on != "mat" else ON_MAT
        if abs(distance) > limit:
            way = "away from" if distance > 0 else "inside"
            size = f"{abs(distance) * 100:.1f} cm {way} the {on}"
            found.append(f"{name}: {part} is {size}, at most {limit * 100:.1f}")
    return found


def _reach(name: str, pose: Pose, joints: Joints) -> list[str]:
    found = []
    for side in ("R", "L"):
        for limb, start, end, whole, target in (
            ("leg_", "hip", "ankle", LEG, "ankle"),
            ("arm_", "shoulder", "wrist", ARM, "wrist"),
        ):
            far = float(np.linalg.norm(vec(*pose[limb + side][target]) - joints[start + side]))
            if far > whole * STRAIGHT + 1e-6:
                short = (far - whole * STRAIGHT) * 100
                found.append(f"{name}: {limb}{side} cannot reach its {target}, {short:.1f} cm are missing")
            missed = float(np.linalg.norm(vec(*pose[limb + side][target]) - joints[end + side]))
            if missed > 0.001 and far <= whole * STRAIGHT + 1e-6:
                found.append(f"{name}: {limb}{side} misses its {target} by {missed * 100:.1f} cm")
    return found


def all_problems(pose: Pose) -> list[str]:
    """Of the held pose, of what it does next (full lungs, or the stroke), and of its neutral."""
    found = problems(pose)
    if "stroke" in pose:
        for owner, key, path in stroke_paths(pose):
            if owner[key] != path[0]:
                found.append(f"{pose['id']}: the stroke of {key} must start at {owner[key]}, not {path[0]}")
        for share in (0.25, 0.5, 0.75, 1.0):
            moment = stroke(pose, share)
            moment["id"] = f"{pose['id']}, at {share:.0%} of the stroke"
            found += problems(moment)
    else:
        full = breathe(pose, 1.0)
        full["id"] = f"{pose['id']}, breathing in"
        found += problems(full)
    if "neutral" in pose:
        neutral = neutral_of(pose)
        neutral["id"] = f"{pose['id']}, neutral {pose['neutral']}"
        neutral["contacts"] = neutral.get("contacts", [])
        found += problems(neutral)
    return found
