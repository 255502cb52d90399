"""Pose data: reads the JSON files, finds a pose's neutral and blends between poses.

It does not judge poses (see `check`) and knows nothing of pictures. The format is that of DESIGN.md
section 7, with five additions: `contacts` says what touches what, `sway` how the breath shows, `via` a point
the hips, a hand or a foot pass half-way into the pose, `timing` the share of the entry in which a limb
moves, and `spin` how far hips and chest are turned about the length of the trunk.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from figures.body import Pose
from figures.maths import Floats, in_out_sine, profile, slerp, vec

ROOT = Path(__file__).resolve().parents[2]
POSES = ROOT / "assets" / "poses"
FIGURES = ROOT / "assets" / "figures"

LIMBS = ("leg_R", "leg_L", "arm_R", "arm_L")
TARGETS = {"ankle", "wrist"}
DIRECTIONS = {"knee", "toe", "up", "elbow", "hand", "palm"}

Stations = list[Any]
"""Of a stroke: points, directions or numbers, evenly spaced in time; the first is the held pose's own."""


def load(path: Path) -> Pose:
    """One pose. Raises ValueError with the file's name when it is no JSON object."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as problem:
        raise ValueError(f"{path}: {problem}") from problem
    if not isinstance(data, dict):
        raise ValueError(f"{path}: a pose must be a JSON object")
    data["id"] = path.stem
    return data


def shipped() -> dict[str, Pose]:
    """The poses that become figures of the app, by id."""
    return {path.stem: load(path) for path in sorted(POSES.glob("*.json"))}


def neutral_of(pose: Pose) -> Pose:
    """The neutral a pose is entered from, moved along x to where the pose has its hips."""
    neutral = load(POSES / "neutrals" / f"{pose['neutral']}.json")
    shift = pose["pelvis"][0] - neutral["pelvis"][0] + pose.get("neutral_shift", 0.0)
    neutral["pelvis"][0] += shift
    for limb in LIMBS:
        for target in TARGETS & neutral[limb].keys():
            neutral[limb][target][0] += shift
    # What surrounds the figure, and from where it is seen, never changes on the way.
    for key in ("props", "camera", "glow", "sway"):
        neutral[key] = pose.get(key, [])
    return neutral


def _mix(a: Any, b: Any, t: float) -> Any:
    if isinstance(a, list | tuple):
        return [p + (q - p) * t for p, q in zip(a, b, strict=True)]
    return a + (b - a) * t


def _through(a: list[float], b: list[float], via: list[float] | None, t: float) -> Floats:
    """From a to b, on a curve that passes `via` half-way."""
    start, end = vec(*a), vec(*b)
    if via is None:
        return start + (end - start) * t
    control = 2 * vec(*via) - (start + end) / 2
    return start * (1 - t) ** 2 + control * (2 * t * (1 - t)) + end * t**2


def blend(start: Pose, end: Pose, time: float) -> Pose:
    """The pose at `time` (0 to 1) of the way: targets run, directions turn, each limb in its own `timing`."""
    pose = copy.deepcopy(end)
    t = in_out_sine(time)
    pose["pelvis"] = _through(start["pelvis"], end["pelvis"], end.get("via", {}).get("pelvis"), t).tolist()
    for key in ("pelvis_rot", "spine"):
        pose[key] = _mix(start[key], end[key], t)
    for key in ("twist", "side"):
        pose[key] = _mix(start.get(key, 0.0), end.get(key, 0.0), t)
    if "spin" in start or "spin" in end:
        pose["spin"] = _mix(start.get("spin", (0.0, 0.0)), end.get("spin", (0.0, 0.0)), t)
    heads = [([*p.get("head", (0, 0)), 0])[:2] for p in (start, end)]
    pose["head"] = _mix(*heads, t)
    pose["shine"] = t**1.5
    for limb in LIMBS:
        low, high = end.get("timing", {}).get(limb, (0.0, 1.0))
        share = in_out_sine((time - low) / (high - low))
        a, b = start[limb], end[limb]
        for key in b:
            if key in TARGETS:
                pose[limb][key] = _through(a[key], b[key], end.get("via", {}).get(limb), share).tolist()
            elif key in DIRECTIONS:
                pose[limb][key] = slerp(vec(*a[key]), vec(*b[key]), share).tolist()
            elif key == "curl":
                pose[limb][key] = _mix(a.get(key, 18), b[key], share)
            elif key == "thumb":
                pose[limb][key] = _mix(a.get(key, b[key]), b[key], share)
    return pose


def breathe(pose: Pose, breath: float) -> Pose:
    """The held pose with the lungs filled by `breath` (0 to 1); feet, seat and held hands stay put."""
    sway = pose.get("sway", {})
    out = copy.deepcopy(pose)
    lift = sway.get("chest", 0.0) * breath
    out["breath"] = breath
    out["spine"] = [pose["spine"][0] - lift * 0.5, pose["spine"][1] - lift]
    head = ([*pose.get("head", (0, 0)), 0])[:2]
    out["head"] = [head[0] + lift * 0.4, head[1]]
    for limb, offset in sway.get("hands", {}).items():
        out[limb]["wrist"] = [p + q * breath for p, q in zip(pose[limb]["wrist"], offset, strict=True)]
    return out


def along(path: Stations, share: float) -> Any:
    """Where a smooth way through these stations is at `share` (0 to 1) of it."""
    times = [i / (len(path) - 1) for i in range(len(path))]
    if not isinstance(path[0], list):
        return float(profile(times, path, share)[0])
    return [float(profile(times, [station[n] for station in path], share)[0]) for n in range(len(path[0]))]


def stroke_paths(pose: Pose) -> list[tuple[Pose, str, Stations]]:
    """Every number list a stroke moves: the mapping it stands in, its key there, and its stations.

    In the file `stroke` maps a limb to the stations of its wrist or ankle, or to {key: stations}; `pelvis`,
    `pelvis_rot`, `spine` and `head` to theirs; and `props` the kind of a prop to those of its `at`.
    """
    found: list[tuple[Pose, str, Stations]] = []
    for name, way in pose.get("stroke", {}).items():
        if name == "props":
            for kind, path in way.items():
                found.append((next(p for p in pose["props"] if p["kind"] == kind), "at", path))
        elif name in LIMBS:
            target = "ankle" if name.startswith("leg") else "wrist"
            ways = way if isinstance(way, dict) else {target: way}
            found += [(pose[name], key, path) for key, path in ways.items()]
        else:
            found.append((pose, name, way))
    return found


def stroke(pose: Pose, share: float) -> Pose:
    """A moment of a massage stroke, from its start (0, the held pose) to its end (1)."""
    out = copy.deepcopy(pose)
    for owner, key, path in stroke_paths(out):
        owner[key] = along(path, share)
    return out
