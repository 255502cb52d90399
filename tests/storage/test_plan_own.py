"""Exercises and pictures that a plan brings along are checked before anything shows them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coach.domain.exercise import Cues, Kind, Posture
from coach.i18n import render
from coach.services.ports import PlanFileError
from coach.storage import plan_pictures
from coach.storage.plan_toml import load
from tests.storage.plan_samples import EXERCISES, HEAD, OWN, OWN_STEP, STEP, SVG, jpeg, png, written


def slips(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(PlanFileError) as caught:
        load(path, EXERCISES)
    return [(problem.line_number, render(problem.text)) for problem in caught.value.problems]


def test_an_exercise_of_ones_own_is_understood(tmp_path: Path) -> None:
    written(tmp_path / "towel.png", png())
    text = (
        HEAD
        + OWN_STEP
        + '[[exercises]]\nid = "towel"\nname = "Towel pull"\nkind = "mobility"\npostures = ["bed", "floor"]\n'
        + 'sides = true\nseconds = 45\ncues = ["Towel round the {side} foot.", "Pull gently."]\n'
        + 'stop = ["a sharp pain"]\npicture = "towel.png"\n'
    )
    plan = load(written(tmp_path / "a.toml", text), EXERCISES)
    (own,) = plan.exercises
    assert (own.id, own.name, own.kind, own.sided, own.seconds) == (
        "towel",
        "Towel pull",
        Kind.MOBILITY,
        True,
        45,
    )
    assert own.own and own.picture == "towel.png" and own.stop == ("a sharp pain",)
    assert own.postures == (Posture.BED, Posture.FLOOR)
    assert own.cues == Cues(("Towel round the {side} foot.", "Pull gently."))


def test_markup_in_any_text_stays_the_characters_it_is_made_of(tmp_path: Path) -> None:
    tag = "<img src=file:///etc/passwd>"
    text = (
        f'format = 1\nname = "{tag}"\ndescription = "{tag}"\n{OWN_STEP}note = "{tag}"\n'
        f'[[exercises]]\nid = "towel"\nname = "{tag}"\ncues = ["{tag}"]\nstop = ["{tag}"]\n'
    )
    plan = load(written(tmp_path / "a.toml", text), EXERCISES)
    own = plan.exercises[0]
    assert {plan.name, plan.description, plan.steps[0].note, own.name, *own.cues.setup, *own.stop} == {tag}


@pytest.mark.parametrize(
    "mark", ["\\u202e", "\\u2066", "\\u0007", "\\u0085", "\\u2028", "\\ufeff", "\\u001b[2J"]
)
@pytest.mark.parametrize(
    "text",
    [
        HEAD.replace("Mine", "Mi{}ne") + OWN_STEP + OWN,
        HEAD + 'description = "a{}"\n' + OWN_STEP + OWN,
        HEAD + OWN_STEP + 'note = "a{}"\n' + OWN,
        HEAD + OWN_STEP + OWN.replace("Towel", "To{}wel"),
        HEAD + OWN_STEP + OWN.replace("Sit", "S{}it"),
        HEAD + OWN_STEP + OWN + 'stop = ["a{}"]\n',
    ],
)
def test_what_hides_or_reorders_text_is_refused_everywhere(tmp_path: Path, text: str, mark: str) -> None:
    found = slips(written(tmp_path / "a.toml", text.replace("{}", mark)))
    assert len(found) == 1 and "characters that cannot be shown" in found[0][1]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (OWN.replace("towel", "calf_wall"), 6, "The app has an exercise “calf_wall” already"),
        (OWN + OWN, 10, "There are two exercises with the id “towel”"),
        (OWN.replace('"towel"', '"to wel"'), 6, "“id” may have letters"),
        (OWN.replace('["Sit tall."]', '["Pull {side:>999999999}"]'), 8, "braces"),
        (OWN.replace('["Sit tall."]', '{ setup = ["Sit."], release = "{side.__class__}" }'), 8, "braces"),
        (OWN + 'stop = ["{side:>999999999}"]\n', 9, "braces"),
        (OWN + 'kind = "strech"\n', 9, "Did you mean “stretch”?"),
        (OWN + "seconds = 4\n", 9, "5 to 1800"),
        (OWN + "seconds = nan\n", 9, "whole number"),
        (OWN + "sides = 1\n", 9, "true or false"),
        (OWN + 'colour = "red"\n', 9, "“colour” is not a key of an exercise of one's own"),
    ],
)
def test_a_slip_in_an_exercise_of_ones_own_is_named(
    tmp_path: Path, text: str, line: int, sentence: str
) -> None:
    found = slips(written(tmp_path / "a.toml", HEAD + STEP + text))
    assert [(number, sentence in words) for number, words in found] == [(line, True)], found


def test_more_than_a_hundred_exercises_are_one_slip(tmp_path: Path) -> None:
    text = "".join(OWN.replace("towel", f"towel{n}") for n in range(101))
    found = slips(written(tmp_path / "a.toml", HEAD + STEP + text))
    assert [sentence for _line, sentence in found] == ["A plan may bring 100 exercises of its own at most."]


# -------------------------------------------------------------------- pictures


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.png", png()), ("a.PNG", png()), ("a.jpg", jpeg()), ("a.jpeg", jpeg()), ("a.svg", SVG.encode())],
)
def test_a_whole_picture_beside_the_plan_is_fine(tmp_path: Path, name: str, data: bytes) -> None:
    written(tmp_path / name, data)
    text = HEAD + OWN_STEP + OWN + f'picture = "{name}"\n'
    assert load(written(tmp_path / "a.toml", text), EXERCISES).exercises[0].picture == name


@pytest.mark.parametrize(
    "name",
    [
        "../a.png", "/a.png", "b/a.png", "..\\\\a.png", "a.gif", "a", ".png", ".a.png", "C:a.png",
        "a.png.exe",
        "file:///a.png", "a" * 97 + ".png", "a?.png",
    ],
)  # fmt: skip
def test_a_picture_is_named_by_a_plain_name(tmp_path: Path, name: str) -> None:
    written(tmp_path / "a.png", png())
    found = slips(written(tmp_path / "p" / "a.toml", HEAD + OWN_STEP + OWN + f'picture = "{name}"\n'))
    assert found == [(9, "“picture” must be the name of a PNG, JPEG or SVG file beside the plan.")]


@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("a.png", png()[:-1], "not a whole picture"),
        ("a.png", png()[:40], "not a whole picture"),
        ("a.png", png()[:30] + b"\x00" + png()[31:], "not a whole picture"),
        ("a.png", b"", "not a whole picture"),
        ("a.png", jpeg(), "not a whole picture"),
        ("a.png", png(5001, 4000), "20 million"),
        ("a.png", png(2**31, 2**31), "20 million"),
        ("a.png", png(0, 10), "20 million"),
        ("a.jpg", jpeg()[:-2], "not a whole picture"),
        ("a.jpg", jpeg()[:12] + b"\xff\xd9", "not a whole picture"),
        ("a.jpg", jpeg(65535, 65535), "20 million"),
        ("a.jpg", png(), "not a whole picture"),
        ("a.png", b"\x00" * (8 * 2**20 + 1), "larger than 8 MiB"),
        ("a.svg", b"<svg", "cut short"),
        ("a.svg", b"<html/>", "cut short"),
        ("a.svg", b"<svg>" + b" " * 600_000 + b"</svg>", "512 KiB"),
        ("a.svg", b'<svg width="100000" height="100000"/>', "20 million"),
        ("a.svg", b"<svg>" + b"<g/>" * 6000 + b"</svg>", "too many parts"),
        ("a.svg", b"<svg>" + b"<g>" * 60 + b"</g>" * 60 + b"</svg>", "too many parts"),
    ],
)
def test_a_broken_or_huge_picture_is_refused(tmp_path: Path, name: str, data: bytes, part: str) -> None:
    written(tmp_path / name, data)
    found = slips(written(tmp_path / "a.toml", HEAD + OWN_STEP + OWN + f'picture = "{name}"\n'))
    assert [(line, part in sentence) for line, sentence in found] == [(9, True)], found


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<path onclick="alert(1)"/>',
        '<image href="file:///etc/passwd"/>',
        '<image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="http://a/b.png"/>',
        '<use href="other.svg#a"/>',
        '<rect fill="url(http://a/b.svg#c)"/>',
        "<rect style=\"fill: url( 'file:a' )\"/>",
        "<style>@import 'a.css';</style>",
        "<style>rect { fill: url(http://a) }</style>",
        "<style>rect { fill: u\\rl(http://a) }</style>",
        "<foreignObject/>",
        "<animate/>",
        "<filter/>",
        '<g id="b"><use href="#a"/><use href="#a"/></g><use href="#b"/>',
        '<g id="a"><use href="#a"/></g>',
    ],
)
def test_a_drawing_that_loads_runs_or_repeats_is_refused(inside: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/>{inside}</svg>'
    line = plan_pictures.problem("a.svg", svg.encode())
    assert line is not None and "more than a drawing" in render(line)


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]>',
        '<?xml-stylesheet href="http://a/b.css"?>',
    ],
)
def test_a_drawing_with_a_document_type_is_refused(before: str) -> None:
    line = plan_pictures.problem("a.svg", f"{before}{SVG}".encode())
    assert line is not None and "has a document type" in render(line)


@pytest.mark.parametrize(
    "inside",
    [
        '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs><rect fill="url(#a)"/>',
        '<g id="a"/><use href="#a"/>',
        "<style>.a { fill: red }</style><title>A towel</title>",
    ],
)
def test_a_plain_drawing_is_fine(inside: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'
    assert plan_pictures.problem("a.svg", svg.encode()) is None


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no links here")
def test_a_link_is_no_picture(tmp_path: Path) -> None:
    written(tmp_path / "elsewhere.png", png())
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.png").symlink_to(tmp_path / "elsewhere.png")
    found = slips(written(tmp_path / "p" / "a.toml", HEAD + OWN_STEP + OWN + 'picture = "a.png"\n'))
    assert found == [(9, "“a.png” is a link. Put the picture itself beside the plan.")]


def test_a_missing_picture_or_a_folder_is_a_slip(tmp_path: Path) -> None:
    (tmp_path / "b.png").mkdir()
    text = OWN + 'picture = "a.png"\n' + OWN.replace("towel", "other") + 'picture = "b.png"\n'
    assert slips(written(tmp_path / "a.toml", HEAD + OWN_STEP + text)) == [
        (9, "There is no picture “a.png” beside the plan."),
        (14, "“b.png” is not a file."),
    ]


def test_all_pictures_of_a_plan_together_have_a_bound(tmp_path: Path) -> None:
    large = png(extra=b"\x00" * (7 * 2**20))
    for number in range(5):
        written(tmp_path / f"{number}.png", large)
    text = "".join(OWN.replace("towel", f"towel{n}") + f'picture = "{n}.png"\n' for n in range(5))
    found = slips(written(tmp_path / "a.toml", HEAD + STEP + text))
    assert [sentence for _line, sentence in found] == [
        "The pictures of a plan may have 32 MiB together. Make them smaller."
    ]


# -------------------------------------------------------------------- what is shown of a broken plan


def test_a_slip_is_shown_with_the_lines_around_it_and_marked(tmp_path: Path) -> None:
    text = HEAD + STEP + 'seconds = "forty" # long\n' + STEP
    with pytest.raises(PlanFileError) as caught:
        load(written(tmp_path / "a.toml", text), EXERCISES)
    (problem,) = caught.value.problems
    assert problem.around == (
        (3, "[[steps]]"),
        (4, 'exercise = "calf_wall"'),
        (5, 'seconds = "forty" # long'),
        (6, "[[steps]]"),
        (7, 'exercise = "calf_wall"'),
    )
    assert problem.mark is not None
    assert problem.around[2][1][slice(*problem.mark)] == '"forty"'
    assert caught.value.steps == (("Wall calf stretch", False), ("Wall calf stretch", True))


def test_what_is_no_toml_is_shown_where_it_ends_to_be_it(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError) as caught:
        load(written(tmp_path / "a.toml", "format = 1\nname\u202e = \x07\n"), EXERCISES)
    assert caught.value.problems[0].around == ((1, "format = 1"), (2, "name? = ?"))
