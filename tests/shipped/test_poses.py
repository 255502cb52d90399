"""Poses are possible for a body, and touch what the words say they touch.

How the poses look is left to people: `python packaging/figures sheet OUT.png`.
"""

from __future__ import annotations

import copy
import importlib
import itertools
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
if str(ROOT / "packaging") not in sys.path:
    sys.path.append(str(ROOT / "packaging"))

body = importlib.import_module("figures.body")
check = importlib.import_module("figures.check")
pose = importlib.import_module("figures.pose")

Pose = dict[str, Any]

POSES: dict[str, Pose] = pose.shipped()
MOVING = [name for name, data in POSES.items() if "neutral" in data]
STROKED = [name for name in MOVING if "stroke" in POSES[name]]
BREATHING = [name for name in MOVING if name not in STROKED]
EXERCISES = sorted((ROOT / "assets" / "exercises").glob("*.toml"))


def changed(name: str, limb: str, target: str, offset: tuple[float, float, float]) -> list[str]:
    """What the check says of a pose after one of its targets was moved."""
    moved = copy.deepcopy(POSES[name])
    moved[limb][target] = [p + q for p, q in zip(moved[limb][target], offset, strict=True)]
    found: list[str] = check.problems(moved)
    return found


@pytest.mark.parametrize("name", POSES)
def test_every_pose_could_be_taken_by_a_body_and_touches_what_it_says(name: str) -> None:
    assert check.all_problems(POSES[name]) == []


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_every_exercise_has_a_pose(path: Path) -> None:
    exercise = tomllib.loads(path.read_text("utf-8"))
    assert exercise.get("figure", path.stem) in POSES


@pytest.mark.parametrize("name", ["setup_stand", "setup_kneel", "setup_sit", "setup_lie"])
def test_the_way_down_to_the_mat_has_its_poses(name: str) -> None:
    assert name in POSES


@pytest.mark.parametrize("name", MOVING)
def test_hands_and_what_the_body_rests_on_say_so(name: str) -> None:
    parts = {contact["part"] for contact in POSES[name]["contacts"]}
    assert parts & {"footR", "footL", "kneeR", "kneeL", "seat"}
    # Hands that hold a strap or a stick hold it by construction: the prop is drawn from them.
    ends = [prop.get(end) for prop in POSES[name].get("props", ()) for end in ("from", "back")]
    assert parts.union(end for end in ends if isinstance(end, str)) & {"handR", "handL"}


def test_a_foot_lifted_by_two_centimetres_is_noticed() -> None:
    assert any("footR" in line for line in changed("calf_wall", "leg_R", "ankle", (0.02, 0.02, 0)))


def test_a_hand_that_lets_go_of_the_wall_is_noticed() -> None:
    assert any("handL" in line for line in changed("calf_wall", "arm_L", "wrist", (-0.02, 0, 0)))


def test_a_hand_inside_the_wall_is_noticed() -> None:
    assert any("into the wall" in line for line in changed("calf_wall", "arm_R", "wrist", (0.03, 0, 0)))


def test_a_hand_that_floats_above_the_shin_is_noticed() -> None:
    assert any("handR" in line for line in changed("ham_floor", "arm_R", "wrist", (0, 0.03, 0)))


def test_a_leg_that_would_have_to_stretch_is_noticed() -> None:
    assert any("cannot reach" in line for line in changed("calf_wall", "leg_R", "ankle", (-0.03, 0, 0)))


def test_a_body_that_sinks_into_the_mat_is_noticed() -> None:
    sunk = copy.deepcopy(POSES["knee_chest"])
    sunk["pelvis"][1] -= 0.02
    assert any("into the mat" in line for line in check.problems(sunk))


def test_a_glow_on_a_part_that_does_not_exist_is_noticed() -> None:
    wrong = copy.deepcopy(POSES["quad_stand"])
    wrong["glow"][0]["parts"] = ["quadR"]
    assert any("'quadR'" in line for line in check.problems(wrong))


@pytest.mark.parametrize("name", BREATHING)
def test_the_breath_moves_the_trunk_by_about_one_to_two_centimetres(name: str) -> None:
    empty, full = POSES[name], pose.breathe(POSES[name], 1.0)
    before, joints = body.build(empty)
    after, _ = body.build(full)
    forward = joints["chest_frame"][:, 0]
    moved = [
        max(
            abs(after.extent(i, forward) - before.extent(i, forward)),
            float(((after.centres[i] - before.centres[i]) ** 2).sum()) ** 0.5,
        )
        for i in before.of("torso")
    ]
    assert 0.008 < max(moved) < 0.025


@pytest.mark.parametrize("name", BREATHING)
def test_feet_stay_where_they_are_while_breathing(name: str) -> None:
    _, before = body.build(POSES[name])
    _, after = body.build(pose.breathe(POSES[name], 1.0))
    for joint in ("ankleR", "ankleL", "kneeR", "kneeL"):
        assert abs(after[joint] - before[joint]).max() < 1e-9


@pytest.mark.parametrize("name", STROKED)
def test_a_stroke_begins_in_the_held_pose_and_moves_evenly(name: str) -> None:
    starts = pose.stroke(POSES[name], 0.0)
    for owner, key, path in pose.stroke_paths(starts):
        assert owner[key] == pytest.approx(path[0]), key
    moments = [body.build(pose.stroke(POSES[name], i / 7))[1] for i in range(8)]
    for moment in moments:
        moment["toesR"] = moment["ankleR"] + moment["footR"][:, 0] * 0.18
    steps = [
        max(float(abs(b[joint] - a[joint]).max()) for joint in ("wristR", "wristL", "toesR", "pelvis"))
        for a, b in itertools.pairwise(moments)
    ]
    assert min(steps) > 0.002, "every moment must be another"
    assert max(steps) < 0.12, "a hand that jumps is no stroke"


def test_a_stroke_that_does_not_begin_where_the_hands_are_is_noticed() -> None:
    wrong = copy.deepcopy(POSES["calf_glide"])
    wrong["stroke"]["arm_R"][0] = [0.3, 0.3, 0.3]
    assert any("must start at" in line for line in check.all_problems(wrong))


def test_hands_that_leave_the_calf_during_a_stroke_are_noticed() -> None:
    wrong = copy.deepcopy(POSES["calf_glide"])
    wrong["stroke"]["arm_R"][-1][2] += 0.03
    assert any("at 100% of the stroke" in line for line in check.all_problems(wrong))


@pytest.mark.parametrize("name", MOVING)
def test_the_way_in_begins_at_the_neutral_and_ends_in_the_held_pose(name: str) -> None:
    neutral = pose.neutral_of(POSES[name])
    for time, there in ((0.0, neutral), (1.0, POSES[name])):
        _, blended = body.build(pose.blend(neutral, POSES[name], time))
        _, wanted = body.build(there)
        for joint in ("ankleR", "ankleL", "wristR", "wristL", "pelvis", "head"):
            assert abs(blended[joint] - wanted[joint]).max() < 1e-6, joint


@pytest.mark.parametrize("name", MOVING)
def test_nothing_dips_into_the_mat_on_the_way_in(name: str) -> None:
    neutral = pose.neutral_of(POSES[name])
    for step in range(1, 10):
        built, _ = body.build(pose.blend(neutral, POSES[name], step / 10))
        parts = tuple(set(built.parts) - {"prop", "core"})
        assert check.lowest(built, parts) > -0.02, f"at {step / 10:.1f} of the way"


def strapped(kind: str) -> tuple[Any, Any]:
    """Body and joints of somebody sitting with a band round the right foot; nothing else is a prop."""
    held = copy.deepcopy(POSES["ham_floor"])
    held["props"] = [{"kind": kind, "from": "handR", "to": "footR", "back": "handL"}]
    built: tuple[Any, Any] = body.build(held)
    return built


@pytest.mark.parametrize("kind", ["strap", "towel"])
def test_a_strap_runs_from_both_hands_round_the_ball_of_the_foot(kind: str) -> None:
    built, joints = strapped(kind)
    band = [built.centres[i] for i in built.of("prop")]
    ball_of_foot = joints["ankleR"] + joints["footR"] @ [0.118, -0.088, 0]
    for point in (joints["palmR"], joints["palmL"], ball_of_foot):
        assert min(float(abs(at - point).max()) for at in band) < 0.01
    assert check.gap(built, "prop", "footR") < 0.01


def test_a_towel_is_wider_than_a_strap() -> None:
    wide = {}
    for kind in ("strap", "towel"):
        built, _ = strapped(kind)
        wide[kind] = max(float(built.axes[i].max()) for i in built.of("prop"))
    assert wide["towel"] > 2 * wide["strap"]


def test_a_prop_nobody_can_draw_is_named_with_those_that_can_be_drawn() -> None:
    wrong = copy.deepcopy(POSES["ham_floor"])
    wrong["props"] = [{"kind": "sofa"}]
    with pytest.raises(ValueError, match=r"'sofa'.*chair.*block"):
        body.build(wrong)


def test_a_pose_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{", "utf-8")
    with pytest.raises(ValueError, match=r"broken\.json"):
        pose.load(path)
