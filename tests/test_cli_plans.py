"""The commands about plans and exercises: what they print, write and ask."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from coach import app, cli, compose
from tests.storage.plan_samples import OWN, OWN_STEP, STEP, png, written

Run = Callable[..., tuple[int, str, str]]
LEGS = 'format = 1\nname = "Legs"\n' + STEP


@pytest.fixture
def coach(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command over an empty data folder: its exit code, what it prints, what it complains of."""

    def run(*words: str) -> tuple[int, str, str]:
        try:
            code = cli.main(["--data-dir", str(tmp_path / "data"), *words])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return run


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())


def answers(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Somebody sits at a terminal and types `words`."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(words))


def own_plans(folder: Path) -> list[str]:
    plans = folder / "data" / "data" / "plans"
    return sorted(path.name for path in plans.iterdir()) if plans.is_dir() else []


# -------------------------------------------------------------------- import


def test_a_new_plan_is_shown_and_brought_in_without_a_terminal(coach: Run, tmp_path: Path) -> None:
    path = written(tmp_path / "legs.toml", LEGS + 'note = "Slowly."\n')
    code, out, err = coach("plans", "import", str(path))
    assert (code, err) == (0, "")
    assert "Legs, 1 step, " in out and "1. Wall calf stretch: both legs, 30 s" in out and "Slowly." in out
    assert "From: Stretch Coach" in out and "coach run legs" in out
    assert own_plans(tmp_path) == ["legs.stretchplan.toml"]
    assert "(mine)" in coach("plans", "list")[1]


def test_nothing_is_replaced_without_a_terminal_or_yes(coach: Run, tmp_path: Path) -> None:
    path = written(tmp_path / "bedtime.toml", LEGS)
    code, out, err = coach("plans", "import", str(path))
    assert code == 1 and "There is a plan “bedtime” already" in err and "Left as it is." in out
    assert own_plans(tmp_path) == []
    code, out, _err = coach("plans", "import", str(path), "--yes")
    assert code == 0 and own_plans(tmp_path) == ["bedtime.stretchplan.toml"]
    coach("plans", "import", str(path), "--yes")
    assert own_plans(tmp_path) == ["backups", "bedtime.stretchplan.toml"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("r\n", ["bedtime.stretchplan.toml"]), ("K\n", ["legs.stretchplan.toml"]), ("n\n", []), ("", [])],
)
def test_somebody_at_a_terminal_is_asked_what_to_do(
    coach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, kept: list[str]
) -> None:
    path = written(tmp_path / "bedtime.toml", LEGS)
    answers(monkeypatch, typed)
    code, out, _err = coach("plans", "import", str(path))
    assert code == 0 and "[r]eplace it, [k]eep both, or [n]one?" in out
    assert own_plans(tmp_path) == kept


@pytest.mark.parametrize(("typed", "kept"), [("y\n", ["legs.stretchplan.toml"]), ("no\n", [])])
def test_a_new_plan_is_asked_about_too(
    coach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, kept: list[str]
) -> None:
    answers(monkeypatch, typed)
    assert coach("plans", "import", str(written(tmp_path / "legs.toml", LEGS)))[0] == 0
    assert own_plans(tmp_path) == kept


def test_every_plan_of_a_backup_comes_in_and_what_is_lost_is_said(coach: Run, tmp_path: Path) -> None:
    one = {"repetitions": 2, "exercises": [{"name": "Lunge", "duration": 3}]}
    backup = {"workouts": [{"title": "A", "sets": [one]}, {"title": "B", "sets": [one]}]}
    code, out, _err = coach("plans", "import", str(written(tmp_path / "a.json", json.dumps(backup))))
    assert code == 0 and own_plans(tmp_path) == ["a.stretchplan.toml", "b.stretchplan.toml"]
    assert "From: Just Another Workout Timer" in out
    assert "What cannot be taken over:\n  “Lunge” lasts 5 to 1,800 seconds here." in out


def test_a_broken_file_is_said_by_line_and_brings_nothing_in(coach: Run, tmp_path: Path) -> None:
    path = written(tmp_path / "legs.toml", LEGS + "seconds = 3\n")
    code, out, err = coach("plans", "import", str(path), "--yes")
    assert (code, out) == (1, "") and err.startswith(f"{path}:5: A hold of 3 seconds")
    assert own_plans(tmp_path) == []


# -------------------------------------------------------------------- check, export, restore, schema


def test_files_of_other_programs_are_checked_as_well(coach: Run, tmp_path: Path) -> None:
    good = written(tmp_path / "a.json", '{"name": "Squats", "exercise_s": 40, "sets": 2, "rest_s": 5}')
    bad = written(tmp_path / "b.zip", b"no zip")
    code, out, err = coach("plans", "check", str(good), str(bad))
    assert (
        code == 1 and "a.json: ready to use. Squats, 1 step" in out and "b.zip: “b.zip” is not a whole" in err
    )


def test_a_plan_goes_out_and_nothing_is_written_over_unasked(coach: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.toml"
    code, out, _err = coach("plans", "export", "bedtime", "-o", str(target))
    assert code == 0 and str(target) in out and coach("plans", "check", str(target))[0] == 0
    target.write_text("mine")
    code, _out, err = coach("plans", "export", "bedtime", "-o", str(target))
    assert code == 1 and "is there already" in err and target.read_text() == "mine"
    assert coach("plans", "export", "bedtime", "-o", str(target), "--yes")[0] == 0
    assert "format = 1" in target.read_text()
    assert coach("plans", "export", "bedtme", "-o", str(target))[0] == 1


def test_a_plan_with_a_picture_goes_out_as_a_zip_and_comes_in_elsewhere(coach: Run, tmp_path: Path) -> None:
    written(tmp_path / "in" / "a.png", png())
    text = 'format = 1\nname = "Towels"\n' + OWN_STEP + OWN + 'picture = "a.png"\n'
    assert coach("plans", "import", str(written(tmp_path / "in" / "towels.toml", text)))[0] == 0
    code, _out, _err = coach("plans", "export", "towels", "-o", str(tmp_path / "towels"))
    assert code == 0 and (tmp_path / "towels.zip").is_file()
    again = cli.main(["--data-dir", str(tmp_path / "other"), "plans", "import", str(tmp_path / "towels.zip")])
    assert again == 0 and (tmp_path / "other" / "data" / "plans" / "a.png").read_bytes() == png()


def test_a_changed_plan_is_restored(coach: Run, tmp_path: Path) -> None:
    path = written(tmp_path / "bedtime.toml", LEGS)
    coach("plans", "import", str(path), "--yes")
    rows = json.loads(coach("plans", "list", "--json")[1])
    assert [(row["mine"], row["changed"]) for row in rows if row["id"] == "bedtime"] == [(True, True)]
    code, out, _err = coach("plans", "restore", "bedtime")
    assert (code, out) == (0, "“Bedtime” is as it was. Your version is in the backups.\n")
    assert own_plans(tmp_path) == ["backups"]
    assert coach("plans", "restore", "bedtime")[1] == "“Bedtime” is there, as it was.\n"
    assert coach("plans", "restore", "bedtme")[0] == 1


def test_the_schema_is_printed(coach: Run) -> None:
    code, out, _err = coach("plans", "schema")
    assert code == 0 and json.loads(out)["title"] == "Stretch Coach plan"


# -------------------------------------------------------------------- exercises


def test_exercises_are_chosen_by_kind_region_and_position(coach: Run) -> None:
    chosen = json.loads(
        coach(
            "exercises", "list", "--kind", "stretch", "--region", "calf", "--posture", "standing", "--json"
        )[1]
    )
    assert {one["id"] for one in chosen} >= {"calf_wall"}
    for one in chosen:
        assert one["kind"] == "stretch" and "calf" in one["regions"] and "standing" in one["postures"]
    code, out, err = coach(
        "exercises", "list", "--kind", "breathing", "--posture", "standing", "--region", "shin"
    )
    assert (code, out) == (0, "") and "No exercise is all of that." in err
    assert coach("exercises", "list", "--kind", "yoga")[0] == 2


def test_an_exercise_is_shown_with_its_strokes_pressure_and_cautions(coach: Run) -> None:
    massage = next(
        one
        for one in json.loads(coach("exercises", "list", "--kind", "massage", "--json")[1])
        if one["pressure"]
    )
    assert massage["parts"] and massage["regions"] and massage["skip_if"][0]["reason"]
    out = coach("exercises", "show", massage["id"])[1]
    for heading in ("How", "Parts of a side", "Pressure", "Left out with", "Stop if", "For", "Evidence"):
        assert f"\n{heading}\n  " in out
    assert "{side}" not in out


# -------------------------------------------------------------------- coach FILE


def requests(monkeypatch: pytest.MonkeyPatch) -> list[compose.Request]:
    """What the window is asked for, without one being opened."""
    seen: list[compose.Request] = []

    def run(_core: compose.Core, request: compose.Request, _door: object) -> int:
        seen.append(request)
        return 0

    monkeypatch.setattr(app, "run", run)
    return seen


def test_a_file_named_instead_of_a_command_is_opened_in_the_window(
    coach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = requests(monkeypatch)
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "legs.stretchplan.toml", LEGS)
    assert coach("legs.stretchplan.toml")[0] == 0
    assert coach()[0] == 0
    assert [one.opened for one in seen] == [tmp_path / "legs.stretchplan.toml", None]
    assert own_plans(tmp_path) == []


def test_a_broken_file_is_left_to_the_window_to_explain(
    coach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = requests(monkeypatch)
    broken = written(tmp_path / "bad.toml", "x")
    assert coach("--verbose", str(broken)) == (0, "", "")
    assert [(one.opened, one.verbose) for one in seen] == [(broken, True)]


def test_without_a_screen_the_file_is_asked_about_in_the_terminal(
    coach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, out, _err = coach(str(written(tmp_path / "legs.toml", LEGS)))
    assert code == 0 and "Brought in as “legs”." in out
    code, _out, err = coach(str(tmp_path / "nothing.toml"))
    assert code == 1 and "There is no file “nothing.toml”." in err
