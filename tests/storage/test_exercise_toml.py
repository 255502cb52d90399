"""A shipped exercise is read strictly; one that is wrong is left out and logged, and the others work."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.domain.exercise import Cues, Evidence, Exercise, Grade, Kind, Posture
from coach.i18n import render
from coach.services.ports import PlanFileError
from coach.storage.exercise_toml import ExerciseFiles, load

WHOLE = """\
id = "calf"
name = "Calf stretch"
short_name = "Calf"
kind = "stretch"
postures = ["standing", "chair"]
sides = true
setup = 20
seconds = 30
dose = "Twice."
mistakes = ["Bouncing."]
easier = "Sit."
skip_if = ["balance"]
stop = ["a cramp"]
muscles = ["soleus"]
figure = "calf"
[cues]
setup = ["Stand."]
hold = ["Breathe."]
release = "Step in."
[evidence]
grade = "some"
purpose = "ease"
citation = "Doe 2020"
"""


def written(folder: Path, text: str, name: str = "calf.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_every_field_is_read(tmp_path: Path) -> None:
    assert load(written(tmp_path, WHOLE)) == Exercise(
        id="calf",
        name="Calf stretch",
        short_name="Calf",
        kind=Kind.STRETCH,
        postures=(Posture.STANDING, Posture.CHAIR),
        sided=True,
        setup=20,
        seconds=30,
        cues=Cues(("Stand.",), ("Breathe.",), "Step in."),
        dose="Twice.",
        mistakes=("Bouncing.",),
        easier="Sit.",
        skip_if=("balance",),
        stop=("a cramp",),
        muscles=("soleus",),
        figure="calf",
        evidence=Evidence(Grade.SOME, "ease", "Doe 2020"),
    )


def test_figure_and_evidence_may_be_missing(tmp_path: Path) -> None:
    exercise = load(written(tmp_path, WHOLE.split("[evidence]")[0].replace('figure = "calf"\n', "")))
    assert (exercise.figure, exercise.evidence) == (None, None)


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ('id = "calf"', 'id = "cafl"', 1, "“id” must be the name of the file."),
        ('kind = "stretch"', 'kind = "stretching"', 4,
         "“kind” cannot be “stretching”. Did you mean “stretch”? "
         "Allowed: stretch, massage, mobility, breathing, relaxation."),
        ('"chair"]', '"standing"]', 5, "“postures” names something twice."),
        ('["standing", "chair"]', "[]", 5, "“postures” needs at least one entry."),
        ("setup = 20", "setup = 121", 7, "“setup” must be 0 to 120."),
        ("seconds = 30", "seconds = 4", 8, "“seconds” must be 5 to 1800."),
        ('skip_if = ["balance"]', 'skip_if = ["ballance"]', 12,
         "There is no reason to skip called “ballance”."),
        ('stop = ["a cramp"]', "stop = []", 13, "“stop” needs at least one entry."),
        ('stop = ["a cramp"]', 'stop = ["a cramp", " "]', 13,
         "“stop” is empty. Allowed: 1 to 200 characters."),
        ('stop = ["a cramp"]\n', "", 0, "“stop” is missing."),
        ('mistakes = ["Bouncing."]', "mistakes = " + str(["x"] * 13), 10,
         "“mistakes” may have 12 texts at most."),
        ('release = "Step in."', 'relase = "Step in."', 19,
         "“relase” is not a key of the cues. Did you mean “release”? Allowed: setup, hold, release."),
        ('grade = "some"', 'grade = "strong"', 21,
         "“grade” cannot be “strong”. Allowed: good, some, experience."),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    assert old in WHOLE
    with pytest.raises(PlanFileError) as caught:
        load(written(tmp_path, WHOLE.replace(old, new)))
    assert [(one.line_number, render(one.text)) for one in caught.value.problems] == [(line, sentence)]


def test_a_broken_file_is_left_out_and_logged_and_the_others_come_by_kind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    written(tmp_path, WHOLE.replace('"calf"', '"air"').replace('"stretch"', '"breathing"'), "air.toml")
    written(tmp_path, WHOLE)
    written(tmp_path, WHOLE.replace("seconds = 30", "seconds = 3"), "wrong.toml")
    source = ExerciseFiles(tmp_path)
    with caplog.at_level("CRITICAL", logger="coach.storage.exercise_toml"):
        assert list(source.exercises()) == ["calf", "air"]
    assert source.exercises() is source.exercises()


def test_a_missing_table_of_cues_is_a_slip(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError):
        load(written(tmp_path, WHOLE.split("[cues]")[0]))
