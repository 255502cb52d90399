"""The shipped figures are whole: every frame is there, transparent, in size, and drawn from today's poses.

Whether they are pleasant to look at is left to people.
"""

from __future__ import annotations

import importlib
import itertools
import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "assets" / "figures"
if str(ROOT / "packaging") not in sys.path:
    sys.path.append(str(ROOT / "packaging"))

animate = importlib.import_module("figures.animate")
picture = importlib.import_module("figures.picture")
pose = importlib.import_module("figures.pose")

POSES: dict[str, dict[str, Any]] = pose.shipped()
INDEX: dict[str, Any] = json.loads((FIGURES / "index.json").read_text("utf-8"))

MOVING = [name for name, data in POSES.items() if "neutral" in data]
STROKED = [name for name in MOVING if "stroke" in POSES[name]]
BREATHING = [name for name in MOVING if name not in STROKED]

MIB = 1024 * 1024


def frames_of(name: str) -> list[Any]:
    with Image.open(FIGURES / f"{name}.webp") as image:
        frames = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(image.convert("RGBA"))
        return frames


def test_poses_and_figures_match_one_to_one() -> None:
    files = {path.stem for path in FIGURES.glob("*.webp")}
    assert files == set(POSES) == set(INDEX["figures"])


@pytest.mark.parametrize("name", POSES)
def test_a_figure_was_drawn_from_its_pose_as_it_is_now(name: str) -> None:
    drawn_from = INDEX["figures"][name]["drawn_from"]
    assert drawn_from == animate.fingerprint(POSES[name]), f"run: python packaging/figures render {name}"


@pytest.mark.parametrize("name", POSES)
def test_every_frame_has_the_size_of_the_stage_and_a_transparent_ground(name: str) -> None:
    for frame in frames_of(name):
        assert frame.size == (INDEX["width"], INDEX["height"]) == (640, 512)
        alpha = frame.getchannel("A")
        corners = [alpha.getpixel(at) for at in ((0, 0), (639, 0), (0, 511), (639, 511))]
        assert corners == [0, 0, 0, 0]
        assert alpha.getextrema()[1] == 255


def unlike(a: Any, b: Any) -> float:
    """How many pixels' worth of outline differ between two frames."""
    pairs = zip(a.getchannel("A").tobytes(), b.getchannel("A").tobytes(), strict=True)
    return float(sum(abs(p - q) for p, q in pairs)) / 255


@pytest.mark.parametrize("name", MOVING)
def test_an_exercise_has_twenty_pictures_of_the_way_in_and_eight_of_a_breath_or_stroke(name: str) -> None:
    entry, frames = INDEX["figures"][name], frames_of(name)
    goes_on = entry["stroke"] if name in STROKED else entry["sway"]
    assert len(entry["entry"]) == 20
    assert len(goes_on) == 8
    assert set(entry["entry"]) | set(goes_on) == set(range(len(frames)))
    # The way in ends where the breath begins, and thumbnails need the first frame only.
    assert entry["entry"][-1] == goes_on[0] == entry["sway"][0] == 0


@pytest.mark.parametrize("name", MOVING)
def test_the_figure_really_moves_on_its_way_in(name: str) -> None:
    entry, frames = INDEX["figures"][name], frames_of(name)
    held, start = frames[0], frames[entry["entry"][0]]
    # Least where one only lies down: from lying with arms at the side to lying with a hand on the belly.
    assert unlike(start, held) > 0.03 * sum(held.getchannel("A").tobytes()) / 255


@pytest.mark.parametrize("name", BREATHING)
def test_the_breath_moves_the_figure_only_a_little(name: str) -> None:
    entry, frames = INDEX["figures"][name], frames_of(name)
    held, full = frames[0], frames[entry["sway"][3]]
    assert "stroke" not in entry
    assert 0 < unlike(full, held) < 0.10 * sum(held.getchannel("A").tobytes()) / 255


@pytest.mark.parametrize("name", STROKED)
def test_the_hands_are_elsewhere_at_every_moment_of_a_stroke(name: str) -> None:
    frames = frames_of(name)
    moments = [frames[number].convert("RGB").tobytes() for number in INDEX["figures"][name]["stroke"]]
    assert len(set(moments)) == 8
    assert INDEX["figures"][name]["sway"] == [0]


@pytest.mark.parametrize("name", [name for name, data in POSES.items() if data.get("arrows")])
def test_the_arrow_of_a_stroke_lies_on_the_picture_and_is_that_of_the_pose(name: str) -> None:
    points = INDEX["figures"][name]["arrow"]
    assert len(points) == 12
    assert points == picture.arrow_of(POSES[name]), "run: python packaging/figures index"
    assert all(6 <= x <= 634 and 6 <= y <= 506 for x, y in points)
    way = sum(math.dist(a, b) for a, b in itertools.pairwise(points))
    assert way > 30, "too short to be seen as a direction"


@pytest.mark.parametrize("name", [name for name, data in POSES.items() if "spot" in data])
def test_the_spot_to_press_lies_on_the_body_and_is_that_of_the_pose(name: str) -> None:
    x, y = INDEX["figures"][name]["spot"]
    assert [x, y] == picture.spot_of(POSES[name]), "run: python packaging/figures index"
    assert frames_of(name)[0].getpixel((round(x), round(y)))[3] > 200


@pytest.mark.parametrize("name", POSES)
def test_the_bounds_of_the_index_hold_every_frame(name: str) -> None:
    x, y, width, height = INDEX["figures"][name]["bounds"]
    for frame in frames_of(name):
        box = frame.getchannel("A").point([0, 0] + [255] * 254).getbbox()
        assert box is not None
        assert box[0] >= x
        assert box[1] >= y
        assert box[2] <= x + width
        assert box[3] <= y + height


@pytest.mark.parametrize("name", POSES)
def test_no_head_or_foot_is_cut_off_by_the_edge_of_the_picture(name: str) -> None:
    for frame in frames_of(name):
        solid = frame.getchannel("A").point([0] * 250 + [255] * 6).getbbox()
        assert solid is not None
        assert solid[0] >= 6
        assert solid[1] >= 6
        assert solid[2] <= 640 - 6
        assert solid[3] <= 512 - 6


@pytest.mark.parametrize("name", MOVING)
def test_a_muscle_is_named_for_every_frame_so_that_it_glows_at_night(name: str) -> None:
    entry = INDEX["figures"][name]
    assert len(entry["glow"]) == len(frames_of(name))
    x, y, *_ = entry["glow"][0][0]
    assert frames_of(name)[0].getpixel((round(x), round(y)))[3] > 200


def test_all_figures_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in FIGURES.iterdir()) <= 20 * MIB
