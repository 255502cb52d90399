"""A plan file is read whole or not at all, and every slip in it is named with its line."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain.exercise import LONGEST_HOLD, SHORTEST_HOLD, Cues, Exercise, Kind, Posture, Side
from coach.domain.plan import Extra, Plan, Step
from coach.i18n import render
from coach.services.ports import PlanFileError
from coach.storage.plan_toml import load


def an_exercise(name: str, *postures: Posture) -> Exercise:
    return Exercise(name, name.title(), name, Kind.STRETCH, postures, True, 20, 30, Cues(("Stand.",)))


EXERCISES: Mapping[str, Exercise] = {
    "calf_wall": an_exercise("calf_wall", Posture.STANDING),
    "ham_floor": an_exercise("ham_floor", Posture.FLOOR, Posture.BED),
}
HEAD = 'format = 1\nname = "Mine"\n'
UNSHOWABLE = "“note” has characters that cannot be shown, such as a line break. Remove them."
STEP = '[[steps]]\nexercise = "calf_wall"\n'


class Known:
    def exercises(self) -> Mapping[str, Exercise]:
        return EXERCISES


def written(folder: Path, text: str | bytes, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def slips(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(PlanFileError) as caught:
        load(path, EXERCISES)
    assert all(problem.path == path for problem in caught.value.problems)
    return [(problem.line_number, render(problem.text)) for problem in caught.value.problems]


def test_every_key_of_a_plan_is_understood(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEAD
        + 'id = "mine-2"\ndescription = "For long days."\nrest = 10\n'
        + '[[steps]]\nexercise = "ham_floor"\nseconds = 45\nsides = "right"\nrounds = 3\nrest = 5\n'
        + 'extra = { side = "right", seconds = 10 }\nposture = "bed"\nnote = "Slowly."\n'
        + '[[steps]]\nexercise = "calf_wall"\nwait = true\n',
    )
    assert load(path, EXERCISES) == Plan(
        "mine-2",
        "Mine",
        (
            Step("ham_floor", 45, False, (Side.RIGHT,), 3, 5, Extra(Side.RIGHT, 10), Posture.BED, "Slowly."),
            Step("calf_wall", wait=True),
        ),
        "For long days.",
        10,
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("long-day.toml", "long-day"),
        ("long-day.stretchplan.toml", "long-day"),
        ("LONG.TOML", "LONG"),
        (".toml", "plan"),
        ("x" * 200 + ".toml", "x" * 80),
        ("no ending", "no ending"),
    ],
)
def test_a_plan_without_an_id_is_called_like_its_file(tmp_path: Path, name: str, expected: str) -> None:
    assert load(written(tmp_path, HEAD + STEP, name), EXERCISES).id == expected


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_byte_order_marks_and_line_ends_make_no_difference(tmp_path: Path, mark: bytes, end: str) -> None:
    text = (HEAD + STEP + "seconds = 3\n").replace("\n", end)
    assert slips(written(tmp_path, mark + text.encode()))[0][0] == 5
    good = text.replace("3", "30").encode()
    assert load(written(tmp_path, mark + good), EXERCISES).steps == (Step("calf_wall", 30),)


def test_every_slip_is_named_at_once_with_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'format = 2\nname = ""\nrest = 500\ncolour = "red"\n\n'
        '[[steps]]\nexercise = "calf_wal"\nseconds = 0\nrounds = true\n'
        'extra = { side = "lft", seconds = 4.5 }\n\n'
        '[[steps]]\nexercise = "calf_wall"\nposture = "bed"\nsides = "rigth"\nseconds = 10_000\nsecnds = 3\n',
    )
    assert slips(path) == [
        (1, "“format” must be 1. This plan is for another version of Stretch Coach."),
        (2, "“name” is empty. Allowed: 1 to 80 characters."),
        (3, "The rest between steps must be 0 to 120 seconds."),
        (
            4,
            "“colour” is not a key of a plan. "
            "Allowed: format, name, id, description, rest, steps, exercises.",
        ),
        (7, "There is no exercise called “calf_wal”. Did you mean “calf_wall”?"),
        (8, "A hold of 0 seconds is not possible. Allowed: 5 to 1800."),
        (9, "“rounds” must be a whole number, not true."),
        (10, "“side” cannot be “lft”. Did you mean “left”? Allowed: left, right."),
        (10, "“seconds” must be a whole number, not 4.5."),
        (14, "“Calf_Wall” cannot be done in the position bed. Allowed: standing."),
        (15, "“sides” cannot be “rigth”. Did you mean “right”? Allowed: both, left, right."),
        (16, "A hold of 10000 seconds is not possible. Allowed: 5 to 1800."),
        (
            17,
            "“secnds” is not a key of a step. Did you mean “seconds”? "
            "Allowed: exercise, seconds, wait, sides, rounds, rest, extra, posture, note.",
        ),
    ]


@pytest.mark.parametrize(
    ("line", "number", "sentence"),
    [
        ("seconds = 30.5", 5, "“seconds” must be a whole number, not 30.5."),
        ("seconds = true", 5, "“seconds” must be a whole number, not true."),
        ("seconds = nan", 5, "“seconds” must be a whole number, not nan."),
        ("seconds = 2026-11-20", 5, "“seconds” must be a whole number, not 2026-11-20."),
        ("seconds = 22:45:00", 5, "“seconds” must be a whole number, not 22:45:00."),
        ('seconds = "30"', 5, "“seconds” must be a whole number, not “30”."),
        ("seconds = [30]", 5, "“seconds” must be a whole number, not a list."),
        ("seconds = { a = 1 }", 5, "“seconds” must be a whole number, not a table."),
        ("seconds = 0x" + "f" * 9000, 5, "“seconds” is far too large a number."),
        ("seconds = -1", 5, "A hold of -1 seconds is not possible. Allowed: 5 to 1800."),
        ("rounds = 11", 5, "The rounds must be 1 to 10."),
        ("rounds = 0", 5, "The rounds must be 1 to 10."),
        ("rest = 121", 5, "The rest between rounds must be 0 to 120 seconds."),
        ('extra = { side = "left", seconds = -5 }', 5, "The extra seconds must be 0 to 1800."),
        ("extra = 10", 5, "“extra” must be a table, like { side = \"left\", seconds = 10 }, not 10."),
        ('extra = { side = "left" }', 5, "“seconds” is missing."),
        ("wait = 1", 5, "“wait” must be true or false, not 1."),
        ("wait = true\nseconds = 30", 5, "A step has “seconds” or “wait = true”, not both. Remove one."),
        ("sides = 5", 5, "“sides” cannot be 5. Allowed: both, left, right."),
        ("sides = 99999999999", 5, "“sides” cannot be so large a number. Allowed: both, left, right."),
        ('note = "a\\u202eb"', 5, UNSHOWABLE),
        ('note = """a\nb"""', 5, UNSHOWABLE),
        (f'note = "{"x" * 501}"', 5, "“note” has 501 characters. Allowed: 500 at most."),
        ("note = 5", 5, "“note” must be text in quotes, not 5."),
    ],
)  # fmt: skip
def test_a_slip_in_a_step_is_named(tmp_path: Path, line: str, number: int, sentence: str) -> None:
    assert slips(written(tmp_path, HEAD + STEP + line + "\n")) == [(number, sentence)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(0, "“format” is missing."), (0, "“name” is missing."), (0, "“steps” is missing.")]),
        (HEAD + "steps = []\n", [(3, "The plan has no steps. Add at least one exercise.")]),
        (HEAD + "steps = 3\n", [
            (3, "“steps” must be a list, not 3."),
            (3, "The plan has no steps. Add at least one exercise."),
        ]),
        (HEAD + 'steps = [\n  { exercise = "calf_wall" },\n  "ham_floor",\n]\n', [
            (5, "“steps” must be a list of tables, not “ham_floor”."),
        ]),
        (HEAD + "[[steps]]\nseconds = 30\n", [(3, "“exercise” is missing.")]),
        (HEAD + STEP.replace("calf_wall", "zzz"), [(4, "There is no exercise called “zzz”.")]),
        (HEAD + 'id = "a/b"\n' + STEP, [
            (3, "“id” may have letters, digits, “-”, “_” and “.”, a letter or digit first."),
        ]),
        ('format = "1"\nname = "Mine"\n' + STEP, [(1, "“format” must be a whole number, not “1”.")]),
        (HEAD + STEP + '[[exercises]]\nid = "mine"\n', [
            (5, "“name” is missing."), (5, "“cues” is missing."),
        ]),
        (HEAD + STEP + "\n\nseconds 30\n", [
            (7, "This is not valid TOML: Expected '=' after a key in a key/value pair."),
        ]),
        (HEAD + STEP + "seconds = ", [(5, "This is not valid TOML: Invalid value.")]),
        (HEAD + "a = " + "[" * 5000, [(0, "Lists or tables are nested too deeply to be read.")]),
    ],
)  # fmt: skip
def test_a_slip_in_the_plan_is_named(tmp_path: Path, text: str, expected: list[tuple[int, str]]) -> None:
    assert slips(written(tmp_path, text)) == expected


@pytest.mark.parametrize("key", ["a" + ".a" * 50_000, "a" + ' . "b"' * 50_000, "[a" + ".a" * 50_000 + "]"])
def test_a_key_that_would_take_minutes_to_read_is_refused_at_once(tmp_path: Path, key: str) -> None:
    assert slips(written(tmp_path, HEAD + key + " = 1\n")) == [(3, "Here are too many words joined by dots.")]


@pytest.mark.parametrize("key", ["a.b.c.d.e", "[a.b.c.d.e]", " [[ a . 'b' . \"c\" . d . e ]]"])
def test_a_key_of_more_parts_than_any_of_ours_is_refused_where_it_begins_a_line(
    tmp_path: Path, key: str
) -> None:
    text = HEAD + key + (" = 1\n" if "[" not in key else "\n")
    assert slips(written(tmp_path, text)) == [(3, "Here are too many words joined by dots.")]


def test_so_are_hundreds_of_them_after_commas(tmp_path: Path) -> None:
    text = HEAD + "a = { " + ", ".join(f"k{number}.a.b.c.d = 1" for number in range(201)) + " }\n"
    assert slips(written(tmp_path, text)) == [(3, "Here are too many words joined by dots.")]


@pytest.mark.parametrize("text", ["k = 1\n" * 20_001, "[" * 10_001, "{" * 5_001, "," * 60_001])
def test_what_has_far_more_in_it_than_a_plan_is_not_read(tmp_path: Path, text: str) -> None:
    assert slips(written(tmp_path, HEAD + text)) == [
        (0, "There is far more in this file than a plan can have.")
    ]


def test_of_many_unknown_exercises_the_first_are_told_what_may_be_meant(tmp_path: Path) -> None:
    text = "".join(f'[[steps]]\nexercise = "calf_wal{number}"\nrounds = 0\n' for number in range(30))
    sentences = [sentence for _line, sentence in slips(written(tmp_path, HEAD + text))]
    assert sum("Did you mean “calf_wall”?" in one for one in sentences) == 20
    assert sum("There is no exercise called" in one for one in sentences) == 30
    assert sum("The rounds must be" in one for one in sentences) == 30


def test_dots_in_a_note_are_fine(tmp_path: Path) -> None:
    note = "Calf... then, e.g., 3.5 breaths, in. out. in. out. in. " * 8
    assert load(written(tmp_path, HEAD + STEP + f'note = "{note}"\n'), EXERCISES).steps[0].note == note


def test_deep_lists_do_not_lose_the_count_of_lines(tmp_path: Path) -> None:
    deep = "other = " + "[\n" * 100 + "]" * 100
    found = slips(written(tmp_path, HEAD + STEP + deep + "\nrounds = 0\n"))
    assert found[-1] == (106, "The rounds must be 1 to 10.")


def test_a_number_of_thousands_of_digits_is_only_a_slip(tmp_path: Path) -> None:
    assert len(slips(written(tmp_path, HEAD + STEP + "seconds = " + "9" * 9000))) == 1


@pytest.mark.parametrize("count", [1001, 3000])
def test_more_than_a_thousand_steps_are_one_slip(tmp_path: Path, count: int) -> None:
    expected = [(3, "The plan has more than 1,000 steps. Split it into several plans.")]
    assert slips(written(tmp_path, HEAD + STEP * count)) == expected


def test_a_thousand_steps_are_a_plan(tmp_path: Path) -> None:
    assert len(load(written(tmp_path, HEAD + STEP * 1000), EXERCISES).steps) == 1000


def test_of_endless_slips_the_first_are_listed(tmp_path: Path) -> None:
    found = slips(written(tmp_path, HEAD + "".join(f"key{n} = 1\n" for n in range(5000)) + STEP))
    assert len(found) == 201
    assert found[-1] == (0, "There may be more; these come first.")


@pytest.mark.parametrize(
    ("rest", "number"),
    [
        ('# [[steps]]\n"rest" = 500\n' + STEP, 4),
        ("'rest' = 500\n" + STEP, 3),
        ('description = """x\\"""" # "\nrest = 500\n' + STEP, 4),
        ('description = """x""""\nrest = 500\n' + STEP, 4),
        ("description = '''[[steps]]'''\nrest = 500\n" + STEP, 4),
        (STEP + STEP + "extra.side = 'left'\nextra.seconds = 9000\n", 7),
        (STEP + "[[steps]]\nexercise = 'calf_wall'\n[steps.extra]\nside = 'left'\nseconds = 9000\n", 7),
        ("steps = [{ exercise = 'calf_wall' }, # one\n\n { exercise = 'calf_wall',  seconds = 3 }]\n", 5),
        ("steps = [{ exercise = 'calf_wall', note = 'a, b]}' }, { exercise = 'no' }, ]\n", 3),
    ],
)
def test_lines_are_counted_through_every_way_to_write_toml(tmp_path: Path, rest: str, number: int) -> None:
    assert [line for line, _sentence in slips(written(tmp_path, HEAD + rest))] == [number]


def test_a_file_that_is_not_utf8_is_refused_with_the_line_of_the_first_wrong_byte(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD.encode() + "description = 'für'\n".encode("latin-1"))
    assert slips(path) == [(3, "This is not UTF-8 text. Save the file as UTF-8.")]


def test_a_file_beyond_a_mebibyte_is_refused(tmp_path: Path) -> None:
    found = slips(written(tmp_path, "#" * (1024 * 1024 + 1)))
    assert found == [(0, "“mine.toml” is larger than 1 MiB. A plan is far smaller: is this the right file?")]


def test_a_missing_file_suggests_the_nearest_one_beside_it(tmp_path: Path) -> None:
    written(tmp_path, HEAD + STEP, "Bedtime.toml")
    expected = [(0, "There is no file “bedtme.toml”. Did you mean “Bedtime.toml”?")]
    assert slips(tmp_path / "bedtme.toml") == expected
    assert slips(tmp_path / "zzz") == [(0, "There is no file “zzz”.")]
    assert slips(tmp_path / "nowhere" / "bedtime.toml") == [(0, "There is no file “bedtime.toml”.")]


def test_what_is_not_a_readable_file_is_refused(tmp_path: Path) -> None:
    assert slips(tmp_path) == [(0, f"“{tmp_path.name}” is a folder. Name one plan file in it.")]
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert slips(loop)[0][1].startswith("“loop.toml” cannot be read: ")
    assert slips(tmp_path / "a\0b") == [(0, "“a?b” cannot be the name of a file.")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert slips(tmp_path / "pipe.toml") == [(0, "“pipe.toml” is not a file.")]


texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=80)
steps = st.builds(
    Step,
    exercise=st.sampled_from(sorted(EXERCISES)),
    seconds=st.none() | st.integers(SHORTEST_HOLD, LONGEST_HOLD),
    sides=st.sampled_from([(Side.LEFT, Side.RIGHT), (Side.LEFT,), (Side.RIGHT,)]),
    rounds=st.integers(1, 10),
    rest=st.integers(0, 120),
    extra=st.none() | st.builds(Extra, st.sampled_from(Side), st.integers(0, 60)),
    note=st.just("") | texts,
)
plans = st.builds(
    Plan,
    id=st.just("mine"),
    name=texts,
    steps=st.lists(steps, min_size=1, max_size=5).map(tuple),
    description=st.just("") | texts,
    rest=st.integers(0, 120),
)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def as_toml(plan: Plan) -> str:
    lines = ["format = 1", f"name = {quoted(plan.name)}", f"description = {quoted(plan.description)}"]
    lines.append(f"rest = {plan.rest}")
    for step in plan.steps:
        sides = "both" if len(step.sides) == 2 else step.sides[0].value
        lines += [
            "[[steps]]",
            f'exercise = "{step.exercise}"',
            f'sides = "{sides}"',
            f"rounds = {step.rounds}",
        ]
        lines += [f"rest = {step.rest}", f"note = {quoted(step.note)}"]
        if step.seconds is not None:
            lines.append(f"seconds = {step.seconds}")
        if step.extra is not None:
            lines.append(f'extra = {{ side = "{step.extra.side.value}", seconds = {step.extra.seconds} }}')
    return "\n".join(lines)


@settings(deadline=None, max_examples=60)
@given(plan=plans)
def test_what_was_written_is_what_is_read(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = written(tmp_path_factory.mktemp("plans"), as_toml(plan))
    assert load(path, EXERCISES) == plan


@settings(deadline=None, max_examples=150)
@given(junk=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_at_all_bring_it_down(junk: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert slips(written(tmp_path_factory.mktemp("plans"), junk))


values = st.recursive(
    st.integers() | st.booleans() | st.text("abc\"\\'#[]{}=,", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc\"' .", max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def literal(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{quoted(key)} = {literal(one)}" for key, one in value.items()) + "}"
        case list():
            return "[\n" + ",\n".join(literal(one) for one in value) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


@settings(deadline=None, max_examples=100)
@given(
    before=st.lists(values, max_size=4), key=st.sampled_from(["rest", "seconds", "extra", "sides", "note"])
)
def test_a_slip_after_any_valid_toml_keeps_its_line(
    before: list[object], key: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "".join(f"other{number} = {literal(value)}\n" for number, value in enumerate(before))
    number = text.count("\n") + 1
    path = written(tmp_path_factory.mktemp("plans"), text + "name = 5\n" + f"more = {{ {key} = 1 }}\n")
    assert (number, "“name” must be text in quotes, not 5.") in slips(path)
