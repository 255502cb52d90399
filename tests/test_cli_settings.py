"""The commands about settings: what they print, keep and complain of, alone and in the running app."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from coach import cli, compose
from coach.domain.settings import specs
from coach.paths import locate

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def coach(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command over a data folder: its exit code, what it prints, what it complains of."""

    def run(*words: str) -> tuple[int, str, str]:
        try:
            code = cli.main(["--data-dir", str(tmp_path), *words])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return run


def stored(folder: Path) -> dict[str, object]:
    values: dict[str, object] = json.loads((folder / "config" / "settings.json").read_text("utf-8"))
    return values


def test_the_list_names_every_setting_with_its_value_limits_and_sentence(coach: Run) -> None:
    coach("settings", "set", "volume", "45")
    code, out, err = coach("settings", "list")
    assert code == 0 and err == ""
    assert all(f"  {one.name} " in out for one in specs())
    lines = out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("  volume "))
    assert lines[at].split(None, 1) == ["volume", "45         usually 60; 0 to 100"]
    assert lines[at + 1].strip() == "Its own level; the computer’s stays as it is."
    assert "auto, light, dark, night" in out and "(none)     usually (none); text" in out
    assert "22:00      usually 22:00; a time such as 22:30" in out and "usually yes; yes or no" in out


def test_the_list_as_data_has_one_object_a_setting(coach: Run) -> None:
    coach("settings", "set", "theme", "dark")
    rows = {row["name"]: row for row in json.loads(coach("settings", "list", "--json")[1])}
    assert list(rows) == [one.name for one in specs()]
    assert rows["theme"] == {
        "name": "theme",
        "value": "dark",
        "default": "auto",
        "changed": True,
        "choices": ["auto", "light", "dark", "night"],
        "low": None,
        "high": None,
        "label": "Light",
        "sentence": "Light by day, dark in the evening, or one of them always.",
        "group": "Appearance",
    }
    assert (rows["volume"]["low"], rows["volume"]["high"], rows["volume"]["choices"]) == (0, 100, None)
    assert rows["plan"]["group"] is None and rows["voice"]["value"] is True


def test_one_setting_is_printed_so_that_it_can_be_set_again(coach: Run) -> None:
    assert coach("settings", "get", "captions")[:2] == (0, "yes\n")
    assert coach("settings", "get", "volume")[:2] == (0, "60\n")
    assert json.loads(coach("settings", "get", "volume", "--json")[1])["value"] == 60
    code, out, err = coach("settings", "get", "volum")
    assert (code, out) == (1, "") and err == "There is no setting called “volum”. Did you mean “volume”?\n"


@pytest.mark.parametrize(
    ("name", "typed", "value", "shown"),
    [
        ("captions", "off", False, "no"),
        ("volume", "45 %", 45, "45"),
        ("chime_until", "9:15", "09:15", "09:15"),
        ("theme", "NIGHT", "night", "night"),
        ("voice_id", "gmw/en-scotland", "gmw/en-scotland", "gmw/en-scotland"),
    ],
)
def test_a_setting_is_set_and_kept(
    coach: Run, tmp_path: Path, name: str, typed: str, value: object, shown: str
) -> None:
    code, out, err = coach("settings", "set", name, typed)
    assert (code, out, err) == (0, f"{name} is {shown} now.\n", "")
    assert stored(tmp_path)[name] == value


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("volume", "loud"), "“volume” must be a whole number."),
        (("volume", "-1"), "“volume” must be from 0 to 100."),
        (("theme", "nigth"), "“theme” must be one of: auto, light, dark, night. Did you mean “night”?"),
        (("them", "dark"), "There is no setting called “them”. Did you mean “theme”?"),
    ],
)
def test_what_is_wrong_changes_nothing_and_says_what_is_allowed(
    coach: Run, tmp_path: Path, words: tuple[str, str], sentence: str
) -> None:
    assert coach("settings", "set", *words) == (1, "", f"{sentence}\n")
    assert not (tmp_path / "config").exists()


def test_one_or_all_settings_go_back_to_what_is_usual(coach: Run, tmp_path: Path) -> None:
    for name, value in (("volume", "45"), ("voice", "no"), ("voice_id", "x"), ("plan", "self-massage")):
        coach("settings", "set", name, value)
    assert coach("settings", "reset", "voice_id")[1] == "voice_id is (none) again, as usual.\n"
    assert coach("settings", "reset", "--all")[1] == "3 settings are as usual again.\n"
    assert stored(tmp_path) == {"version": 1}
    assert coach("settings", "reset", "volum")[0] == 1
    for words in ((), ("volume", "--all")):
        assert coach("settings", "reset", *words) == (2, "", "Name one setting, or say --all.\n")


def test_what_was_wrong_in_the_file_is_said_and_what_is_unknown_is_kept(coach: Run, tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.json"
    path.parent.mkdir()
    path.write_text('{"version": 1, "volume": "loud", "bells": [1], "voice": false}', "utf-8")
    code, _out, err = coach("settings", "list")
    assert code == 0 and "“volume” must be a whole number." in err and "“bells”" in err
    assert coach("settings", "set", "chimes", "5")[0] == 0
    assert stored(tmp_path) == {"version": 1, "bells": [1], "voice": False, "chimes": 5}


def test_only_a_plan_that_is_there_can_be_tonights(coach: Run, tmp_path: Path) -> None:
    assert coach("settings", "set", "plan", "self-massage")[0] == 0
    code, out, err = coach("settings", "set", "plan", "self-masage")
    assert (code, out) == (1, "") and "Did you mean “self-massage”?" in err
    path = tmp_path / "legs.toml"
    path.write_text('format = 1\nname = "Legs"\n[[steps]]\nexercise = "calf_wall"\n', "utf-8")
    assert coach("settings", "set", "plan", str(path)) == (
        1,
        "",
        f"Bring this file in first: coach plans import {path}\n",
    )
    assert stored(tmp_path)["plan"] == "self-massage"


def test_a_folder_that_cannot_be_written_is_said(coach: Run, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way", "utf-8")
    code, out, err = coach("settings", "set", "volume", "5")
    assert (code, out) == (1, "") and "config" in err
    # Nothing is changed, so that nothing has to be written.
    assert coach("settings", "reset", "volume")[0] == coach("settings", "reset", "--all")[0] == 0


def test_in_the_running_app_the_settings_are_its_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    core = compose.build(locate(tmp_path))
    seen: list[int] = []
    core.preferences.changed.subscribe(lambda settings: seen.append(settings.volume))
    options = cli._parser().parse_args(["settings", "set", "volume", "5"])
    assert options.live(options, SimpleNamespace(core=core)) == 0
    assert seen == [5] and capsys.readouterr().out == "volume is 5 now.\n"
