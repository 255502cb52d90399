"""Lists of three other programs become plans, and each says what could not be taken over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.domain.exercise import Kind
from coach.domain.plan import Step
from coach.i18n import render
from coach.services.ports import PlanFileError, Preview
from coach.storage import plan_imports, plan_saving, plan_toml
from tests.storage.plan_samples import EXERCISES, HEAD, OWN, OWN_STEP, STEP, png, written


def preview(path: Path) -> Preview:
    made = plan_imports.preview(path, EXERCISES)
    for one in (made, *made.others):
        # Whatever comes in can be kept, and is the same plan then.
        text = plan_saving.as_text(one.plan)
        kept = plan_toml.load(path, EXERCISES, text.encode(), lambda _name: None)
        assert kept == one.plan
    return made


def lost(made: Preview) -> str:
    return "\n".join(render(line) for line in made.lost)


def refused(path: Path) -> str:
    with pytest.raises(PlanFileError) as caught:
        plan_imports.preview(path, EXERCISES)
    (problem,) = caught.value.problems
    return render(problem.text)


def as_json(path: Path, value: object) -> Path:
    return written(path, json.dumps(value))


def workout(*sets: object, title: str = "Legs") -> dict[str, object]:
    return {"title": title, "sets": list(sets), "version": 2, "position": -1}


def a_set(times: object, *exercises: tuple[str, object], name: str | None = None) -> dict[str, object]:
    listed = [{"name": title, "duration": seconds, "id": "x"} for title, seconds in exercises]
    return {"repetitions": times, "name": name, "id": "y", "exercises": listed}


def names(made: Preview) -> list[str]:
    titles = {one.id: one.name for one in (*EXERCISES.values(), *made.plan.exercises)}
    return [titles[step.exercise] for step in made.plan.steps]


# -------------------------------------------------------------------- our own files


def test_a_plan_of_ours_is_taken_whole(tmp_path: Path) -> None:
    written(tmp_path / "a.png", png())
    path = written(tmp_path / "legs.toml", "# by hand\n" + HEAD + OWN_STEP + OWN + 'picture = "a.png"\n')
    made = plan_imports.preview(path, EXERCISES)
    assert (made.plan.id, made.source, made.lost) == ("legs", "Stretch Coach", ())
    assert made.text == path.read_text() and made.pictures == (("a.png", png()),)


def test_a_file_with_an_odd_name_gives_an_id_that_can_be_one(tmp_path: Path) -> None:
    made = plan_imports.preview(written(tmp_path / "Größe 7 (neu).toml", HEAD + STEP), EXERCISES)
    assert made.plan.id == "grosse-7-neu"


# -------------------------------------------------------------------- Just Another Workout Timer


def test_a_workout_becomes_a_plan_of_its_exercises(tmp_path: Path) -> None:
    sets = [a_set(3, ("Calf raise", 40)), a_set(2, ("Lunge", 30), ("Wall calf stretch", 45), name="B")]
    made = preview(as_json(tmp_path / "a.json", {"workouts": [workout(*sets)]}))
    assert made.source == "Just Another Workout Timer"
    assert (made.plan.id, made.plan.name) == ("legs", "Legs")
    assert names(made) == ["Calf raise", "Lunge", "Wall calf stretch", "Lunge", "Wall calf stretch"]
    assert made.plan.steps[0] == Step("own-calf-raise", 40, rounds=3)
    assert [one.own for one in made.plan.exercises] == [True, True]
    assert "names of sets" in lost(made) and "“Wall calf stretch” is known" in lost(made)
    assert "how to lie, sit or stand" in lost(made)


def test_a_single_workout_and_a_whole_backup_are_both_understood(tmp_path: Path) -> None:
    one = workout(a_set(1, ("Lunge", 30)))
    assert preview(as_json(tmp_path / "one.json", one)).plan.name == "Legs"
    backup = {"workouts": [one, workout(a_set(1, ("Squat", 30)), title="Arms"), one]}
    made = preview(as_json(tmp_path / "all.json", backup))
    assert [other.plan.id for other in (made, *made.others)] == ["legs", "arms", "legs-2"]


def test_pauses_between_exercises_become_the_rest_between_steps(tmp_path: Path) -> None:
    sets = a_set(2, ("Lunge", 30), ("Rest", 15), ("Squat", 30), ("pause", 15))
    made = preview(as_json(tmp_path / "a.json", workout(sets)))
    assert names(made) == ["Lunge", "Squat", "Lunge", "Squat"] and made.plan.rest == 15
    assert "Pauses become the rest between steps (15 seconds)." in lost(made)
    uneven = a_set(1, ("Lunge", 30), ("Rest", 10), ("Squat", 30), ("Rest", 300))
    made = preview(as_json(tmp_path / "b.json", workout(uneven)))
    assert made.plan.rest == 10 and "a rest of 10 seconds between all steps" in lost(made)


@pytest.mark.parametrize(
    ("seconds", "taken", "part"),
    [
        (3, 5, "5 to 1,800"),
        (4000, 1800, "5 to 1,800"),
        (None, 30, "no usable length"),
        ("45", 45, ""),
        (45.4, 45, ""),
        (True, 30, "no usable length"),
        (10**30, 1800, "5 to 1,800"),
        ([], 30, "no usable length"),
    ],
)
def test_lengths_that_cannot_be_are_brought_near_and_said(
    tmp_path: Path, seconds: object, taken: int, part: str
) -> None:
    made = preview(as_json(tmp_path / "a.json", workout(a_set(1, ("Lunge", seconds)))))
    assert made.plan.steps[0].seconds == taken
    assert part in lost(made)


def test_many_repetitions_are_several_steps_and_end_at_a_thousand(tmp_path: Path) -> None:
    made = preview(as_json(tmp_path / "a.json", workout(a_set(25, ("Lunge", 30)))))
    assert [step.rounds for step in made.plan.steps] == [10, 10, 5]
    made = preview(as_json(tmp_path / "b.json", workout(a_set(10**9, ("Lunge", 30), ("Squat", 30)))))
    assert len(made.plan.steps) == 1000 and "Only the first steps" in lost(made)


def test_more_exercises_than_a_plan_may_have_are_cut(tmp_path: Path) -> None:
    listed = [(f"Move {n}", 30) for n in range(150)]
    made = preview(as_json(tmp_path / "a.json", workout(a_set(1, *listed))))
    assert len(made.plan.exercises) == len(made.plan.steps) == 100 and "Only the first steps" in lost(made)


@pytest.mark.parametrize("name", ["Foam rolling, calf", "Wadenmassage", "IT band ROLLER"])
def test_what_sounds_like_a_massage_is_one_so_that_it_is_asked_about(tmp_path: Path, name: str) -> None:
    made = preview(as_json(tmp_path / "a.json", workout(a_set(1, (name, 30), ("Lunge", 30)))))
    assert [one.kind for one in made.plan.exercises] == [Kind.MASSAGE, Kind.STRETCH]


def test_a_slip_in_json_is_shown_with_the_lines_around_it(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError) as caught:
        plan_imports.preview(written(tmp_path / "a.json", '{\n "sets": [\n}\n'), EXERCISES)
    (problem,) = caught.value.problems
    assert problem.line_number == 3
    assert problem.around == ((1, "{"), (2, ' "sets": ['), (3, "}"))


def test_texts_come_in_plain_and_short(tmp_path: Path) -> None:
    title = "<b>Legs</b>\u202e {side:>99}\n" + "x" * 200
    made = preview(
        as_json(tmp_path / "a.json", workout(a_set(1, ("\ud800\x07Lun\u2066ge", 30)), title=title))
    )
    assert made.plan.name.startswith("<b>Legs</b> (side:>99) xxx") and len(made.plan.name) == 80
    assert names(made) == ["Lunge"] and "is cut short" in lost(made)


def test_letters_of_an_old_backup_are_read_as_they_were_written(tmp_path: Path) -> None:
    text = json.dumps(workout(a_set(1, ("Dehnen für Füße", 30))), ensure_ascii=False)
    made = preview(written(tmp_path / "a.json", text.encode("latin-1")))
    assert names(made) == ["Dehnen für Füße"] and "not in UTF-8" in lost(made)


# -------------------------------------------------------------------- Exercise Timer


@pytest.mark.parametrize(
    "preset",
    [
        {"name": "Legs", "sets": 3, "warmup_s": 10, "exercise_s": 40, "rest_s": 20},
        {"name": "Legs", "sets": 3, "prepare_s": 10, "exercise_s": 40, "rest_s": 20},
        {"Title": "Legs", "Sets": 3, "WarmupSec": 10, "ExerciseSec": 40, "RestSec": 20},
        {"Title": "Legs", "Sets": 3, "PreparationSec": 10, "ExerciseSec": 40, "RestSec": 20},
    ],
)
def test_a_preset_is_one_exercise_in_rounds(tmp_path: Path, preset: dict[str, object]) -> None:
    made = preview(as_json(tmp_path / "a.json", preset))
    assert made.source == "Exercise Timer" and made.plan.name == "Legs"
    assert made.plan.steps == (Step("own-legs", 40, rounds=3, rest=20),)
    assert "warm-up time is not taken over" in lost(made)


def test_a_list_of_presets_is_as_many_plans(tmp_path: Path) -> None:
    value = [
        {"name": "A", "exercise_s": 40},
        "no preset",
        {"name": "B", "sets": 16, "exercise_s": 30, "rest_s": 5},
    ]
    made = preview(as_json(tmp_path / "a.json", value))
    assert [one.plan.name for one in (made, *made.others)] == ["A", "B"]
    second = made.others[0]
    assert [step.rounds for step in second.plan.steps] == [10, 6] and second.plan.rest == 5
    assert "number of sets is not usable" in lost(made) and "become several steps" in lost(second)


def test_presets_may_be_as_the_settings_of_the_desktop_print_them(tmp_path: Path) -> None:
    text = '\'[{"Title": "Tom\\\'s legs", "ExerciseSec": 40, "Sets": 2}]\'\n'
    assert preview(written(tmp_path / "a.json", text)).plan.name == "Tom's legs"
    assert "not valid JSON" in refused(written(tmp_path / "b.json", "'"))


def test_of_endless_plans_in_one_file_the_first_are_taken(tmp_path: Path) -> None:
    made = preview(as_json(tmp_path / "a.json", [{"exercise_s": 40, "sets": 10**9, "rest_s": 10**9}] * 300))
    assert len(made.others) == 49 and "Only the first 50 plans" in lost(made)
    assert "first 100 sets" in lost(made) and "120 seconds at most" in lost(made)


# -------------------------------------------------------------------- Workrave

WORKRAVE = """\
<?xml version="1.0" encoding="UTF-8"?>
<exercises>
 <exercise>
  <title>Neck</title><title xml:lang="de">Hals</title>
  <description>Sit tall.  Look left.
     Look right!</description>
  <sequence duration="45">
   <image src="a.png" duration="5"/><image src="b.png" duration="5" mirrorx="yes"/>
  </sequence>
 </exercise>
 <exercise><title xml:lang="nl">Bla</title><sequence duration="20">
   <image src="../c.png"/></sequence></exercise>
 <exercise><description>No title.</description></exercise>
 <exercise><title>wall calf stretch</title><sequence duration="30"/></exercise>
</exercises>
"""


def test_workrave_exercises_come_in_with_their_words_and_first_picture(tmp_path: Path) -> None:
    written(tmp_path / "a.png", png())
    made = preview(written(tmp_path / "exercises.xml", WORKRAVE))
    assert made.source == "Workrave" and names(made) == ["Neck", "Bla", "Wall calf stretch"]
    assert [step.seconds for step in made.plan.steps] == [45, 20, 30]
    neck = made.plan.exercises[0]
    assert neck.cues.setup == ("Sit tall.", "Look left.", "Look right!") and neck.picture == "a.png"
    assert made.pictures == (("a.png", png()),)
    for part in (
        "Of several languages one is taken.",
        "Mirrored pictures",
        "Only the first picture of each exercise",
        "The picture “../c.png” is not there or cannot be used.",
        "without a title",
        "shuffles",
    ):
        assert part in lost(made)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE exercises [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><exercises>&b;</exercises>',
        '<!DOCTYPE exercises SYSTEM "file:///etc/passwd"><exercises/>',
        "<exercises>&nothing;</exercises>",
        "<exercises>" + "<a>" * 5000 + "</a>" * 5000 + "</exercises>",
        "<exercises>",
        "",
    ],
)
def test_xml_that_could_grow_or_ask_for_other_files_is_refused(tmp_path: Path, text: str) -> None:
    assert "is not plain XML" in refused(written(tmp_path / "a.xml", text))


# -------------------------------------------------------------------- what is none of them


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("a.json", "{", "This is not valid JSON"),
        ("a.json", "[NaN]", "numbers that cannot be used"),
        ("a.json", '{"workouts": [' + "9" * 5000 + "]}", "numbers that cannot be used"),
        ("a.json", "[" * 1000, "nested too deeply"),
        ("a.json", '{"fullWorkout": {}}', "Known are Just Another Workout Timer and Exercise Timer."),
        ("a.json", "3", "is no list that is known"),
        ("a.json", '{"workouts": []}', "There is nothing in “a.json”"),
        ("a.json", '{"workouts": [{"title": 5, "sets": 7}, null]}', "There is nothing in “a.json”"),
        ("a.json", '{"sets": [{"exercises": [3]}, 4]}', "There is nothing in “a.json”"),
        ("a.json", " " * (2**20 + 1), "larger than 1 MiB"),
        ("a.xml", "<html/>", "no list of exercises from Workrave"),
        ("a.xml", "<exercises/>", "There is nothing in “a.xml”"),
        ("a.zip", "", "not a whole zip file"),
    ],
)
def test_what_is_no_list_that_is_known_is_refused_with_a_sentence(
    tmp_path: Path, name: str, text: str, part: str
) -> None:
    assert part in refused(written(tmp_path / name, text))
