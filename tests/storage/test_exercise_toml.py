"""A shipped exercise is read strictly; one that is wrong is left out and logged, and the others work."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.domain.cues import unfitting
from coach.domain.exercise import (
    Caution,
    Cues,
    Evidence,
    Exercise,
    Flag,
    Grade,
    Kind,
    Posture,
    Region,
)
from coach.domain.pacing import BeatKind, Part, seconds_of
from coach.domain.plan import Plan, Step
from coach.domain.timeline import build
from coach.i18n import render
from coach.services.ports import PlanFileError
from coach.storage.exercise_toml import ExerciseFiles, exercise_of, load
from coach.storage.toml_reading import TomlFile

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
variants = ["towel"]
stop = ["a cramp"]
muscles = ["soleus"]
regions = ["shin", "foot"]
figure = "calf"
lying = true
[skip_if]
balance = "You could fall."
[lighter_if]
pregnant = "Half is enough."
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
        variants=("towel",),
        skip_if=(Caution(Flag.BALANCE, "You could fall."),),
        lighter_if=(Caution(Flag.PREGNANT, "Half is enough."),),
        stop=("a cramp",),
        muscles=("soleus",),
        regions=(Region.SHIN, Region.FOOT),
        figure="calf",
        lying=True,
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
        ("balance =", "ballance =", 19,
         "There is no reason called “ballance”. Did you mean “balance”? Allowed: "
         + ", ".join(flag.value for flag in Flag) + "."),
        ("balance =", "zzzz =", 19,
         "There is no reason called “zzzz”. Allowed: " + ", ".join(flag.value for flag in Flag) + "."),
        ('balance = "You could fall."', 'balance = ""', 19,
         "“balance” is empty. Allowed: 1 to 200 characters."),
        ('pregnant = "Half is enough."', 'balance = "Half is enough."', 20,
         "“balance” stands in “skip_if” and in “lighter_if”. Remove one."),
        ('stop = ["a cramp"]', "stop = []", 13, "“stop” needs at least one entry."),
        ('stop = ["a cramp"]', 'stop = ["a cramp", " "]', 13,
         "“stop” is empty. Allowed: 1 to 200 characters."),
        ('stop = ["a cramp"]\n', "", 0, "“stop” is missing."),
        ('mistakes = ["Bouncing."]', "mistakes = " + str(["x"] * 13), 10,
         "“mistakes” may have 12 texts at most."),
        ('release = "Step in."', 'relase = "Step in."', 25,
         "“relase” is not a key of the cues. Did you mean “release”? Allowed: setup, hold, release."),
        ('grade = "some"', 'grade = "strong"', 27,
         "“grade” cannot be “strong”. Allowed: good, some, experience."),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    assert old in WHOLE
    with pytest.raises(PlanFileError) as caught:
        load(written(tmp_path, WHOLE.replace(old, new)))
    assert [(one.line_number, render(one.text)) for one in caught.value.problems] == [(line, sentence)]


def test_a_broken_file_is_left_out_and_logged_and_the_others_come_by_id(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    written(tmp_path, WHOLE.replace('"calf"', '"air"').replace('"stretch"', '"breathing"'), "air.toml")
    written(tmp_path, WHOLE)
    written(tmp_path, WHOLE.replace("seconds = 30", "seconds = 3"), "wrong.toml")
    source = ExerciseFiles(tmp_path)
    with caplog.at_level("CRITICAL", logger="coach.storage.exercise_toml"):
        assert list(source.exercises()) == ["air", "calf"]
        assert len(source.exercises()) == 2 and "wrong" not in source.exercises()
    assert source.exercises() is source.exercises()


@pytest.mark.parametrize("name", ["nobody", "../calf", "", "a/b"])
def test_what_is_no_exercise_is_not_looked_for_elsewhere(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    written(tmp_path, WHOLE)
    assert name not in ExerciseFiles(tmp_path / "in").exercises()


def test_a_file_is_read_once_and_only_when_its_exercise_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    source = ExerciseFiles(tmp_path).exercises()
    path.write_text(WHOLE.replace("Calf stretch", "Calf at last"), "utf-8")
    assert source["calf"].name == "Calf at last"
    path.unlink()
    assert source["calf"].name == "Calf at last"


def test_a_missing_table_of_cues_is_a_slip(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError):
        load(written(tmp_path, WHOLE.split("[cues]")[0]))


STROKES = """
[[parts]]
kind = "stroke"
go = 5
lift = 0.5
back = 2
count = 2
place = "Inner lane"
say = "Glide up."
[[parts]]
kind = "press"
go = 5
rest = 5
count = 2
then = "Let go."
"""


def paced(parts: str = STROKES, seconds: int = 30) -> str:
    """The exercise with parts in place of a quiet hold."""
    text = WHOLE.replace("seconds = 30", f"seconds = {seconds}").replace('hold = ["Breathe."]\n', "")
    ends = 'start = "Ankle"\nend = "Knee"\npressure = [2, 3]\n'
    return text.replace("lying = true\n", ends) + parts


def test_a_side_may_be_made_of_parts_and_then_needs_no_words_for_the_hold(tmp_path: Path) -> None:
    exercise = load(written(tmp_path, paced()))
    assert exercise.parts == (
        Part(BeatKind.STROKE, 5.0, lift=0.5, back=2.0, count=2, place="Inner lane", say="Glide up."),
        Part(BeatKind.PRESS, 5.0, rest=5.0, count=2, then="Let go."),
    )
    assert (exercise.start, exercise.end, exercise.pressure) == ("Ankle", "Knee", (2, 3))
    assert exercise.cues.hold == ()
    assert seconds_of(exercise.parts) == exercise.seconds == 30


def test_without_parts_the_hold_needs_its_words(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError) as caught:
        load(written(tmp_path, WHOLE.replace('hold = ["Breathe."]\n', "")))
    assert [render(one.text) for one in caught.value.problems] == ["“hold” is missing."]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("seconds = 30", "seconds = 31",
         "The parts take 30 seconds together, “seconds” says 31. Make them equal."),
        ("go = 5\nlift", "go = 0.1\nlift", "“go” must be 0.2 to 600."),
        ("go = 5\nlift", "go = nan\nlift", "“go” must be a number, not nan."),
        ("go = 5\nlift", "go = true\nlift", "“go” must be a number, not true."),
        ("go = 5\nlift", 'go = "five"\nlift', "“go” must be a number, not “five”."),
        ("back = 2", "back = 601", "“back” must be 0.2 to 600."),
        ("count = 2\nplace", "count = 201\nplace", "“count” must be 1 to 200."),
        ("count = 2\nplace", "count = 0\nplace", "“count” must be 1 to 200."),
        ('kind = "press"', 'kind = "ease"',
         "“kind” cannot be “ease”. Did you mean “tense”? Allowed: stroke, breath, press, rest, tense, stay."),
        ("rest = 5\ncount", "back = 5\ncount", "A part of kind “press” has no “back”."),
        ('kind = "press"\ngo = 5\nrest = 5', 'kind = "breath"\ngo = 5', "“back” is missing."),
        ("pressure = [2, 3]", "pressure = [2, 11]",
         "“pressure” must be one or two whole numbers from 0 to 10."),
        ("pressure = [2, 3]", "pressure = [2.5]", "“pressure” must be a list of up to 2 whole numbers."),
        ("pressure = [2, 3]", "pressure = [1, 2, 3]",
         "“pressure” must be a list of up to 2 whole numbers."),
        ("pressure = [2, 3]", 'regoins = ["calf"]', None),
    ],
)  # fmt: skip
def test_a_slip_in_the_parts_is_named(tmp_path: Path, old: str, new: str, sentence: str | None) -> None:
    text = paced()
    assert text.count(old) == 1
    with pytest.raises(PlanFileError) as caught:
        load(written(tmp_path, text.replace(old, new)))
    said = [render(one.text) for one in caught.value.problems]
    if sentence is None:
        assert len(said) == 1
        assert said[0].startswith("“regoins” is not a key of an exercise. Did you mean “regions”?")
    else:
        assert said == [sentence]


OWN = """\
[[exercises]]
id = "tree"
name = "Tree pose"
kind = "stretch"
postures = ["standing"]
sides = true
seconds = 40
cues = ["Stand tall.", "Lift the {side} foot."]
stop = ["dizziness"]
picture = "tree.png"
"""


def own(folder: Path, text: str) -> Exercise:
    file = TomlFile(written(folder, text, "plan.toml"))
    exercise = exercise_of(file.root.tables("exercises")[0])
    file.finish()
    return exercise


def test_an_exercise_of_ones_own_comes_from_a_plan(tmp_path: Path) -> None:
    assert own(tmp_path, OWN) == Exercise(
        id="tree",
        name="Tree pose",
        short_name="Tree pose",
        kind=Kind.STRETCH,
        postures=(Posture.STANDING,),
        sided=True,
        setup=20,
        seconds=40,
        cues=Cues(("Stand tall.", "Lift the {side} foot.")),
        stop=("dizziness",),
        picture="tree.png",
        own=True,
    )


def test_id_name_and_words_are_enough_for_an_exercise_of_ones_own(tmp_path: Path) -> None:
    exercise = own(tmp_path, '[[exercises]]\nid = "x"\nname = "X"\ncues = []\n')
    assert (exercise.kind, exercise.postures, exercise.sided) == (Kind.STRETCH, (Posture.CHAIR,), False)
    assert (exercise.seconds, exercise.setup) == (30, 20)


def test_the_words_of_ones_own_may_be_a_table(tmp_path: Path) -> None:
    text = OWN.replace('cues = ["Stand tall.", "Lift the {side} foot."]', "")
    text += '[exercises.cues]\nsetup = ["Stand."]\nhold = ["Stay."]\nrelease = "Step down."\n'
    assert own(tmp_path, text).cues == Cues(("Stand.",), ("Stay.",), "Step down.")


def test_many_words_of_ones_own_get_the_time_to_be_said(tmp_path: Path) -> None:
    sentence = "Now do a long and careful thing with the {side} leg, please."
    text = OWN.replace('["Stand tall.", "Lift the {side} foot."]', str([sentence] * 12).replace("'", '"'))
    exercise = own(tmp_path, text)
    alone = Plan("alone", "Alone", (Step("tree"), Step("tree", rounds=2)), exercises=(exercise,))
    assert exercise.setup > 60
    assert unfitting(build(alone, {})) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('id = "tree"\n', "", "“id” is missing."),
        ('id = "tree"', 'id = "../tree"',
         "“id” may have letters, digits, “-” and “_”, a letter or digit first."),
        ('name = "Tree pose"\n', "", "“name” is missing."),
        ("seconds = 40", "seconds = 1801", "“seconds” must be 5 to 1800."),
        ('"Stand tall."', '"Stand {tall}."',
         "The braces { and } may only be used as {side}, and only with “sides = true”."),
        ('"Stand tall."', '"Stand {side:>999999999}."',
         "The braces { and } may only be used as {side}, and only with “sides = true”."),
        ("sides = true", "sides = false",
         "The braces { and } may only be used as {side}, and only with “sides = true”."),
        ("picture", "pictrue",
         "“pictrue” is not a key of an exercise of one's own. Did you mean “picture”? Allowed: "
         "id, name, kind, postures, sides, seconds, cues, stop, picture."),
        ('["Stand tall.", "Lift the {side} foot."]', '"Stand tall."',
         '“cues” must be a table, like { side = "left", seconds = 10 }, not “Stand tall.”.'),
    ],
)  # fmt: skip
def test_a_slip_in_ones_own_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in OWN
    with pytest.raises(PlanFileError) as caught:
        own(tmp_path, OWN.replace(old, new))
    assert [render(one.text) for one in caught.value.problems] == [sentence]
