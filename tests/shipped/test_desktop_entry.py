"""The desktop knows the app by one id, and opens a plan with it on a double click."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from coach import paths
from coach.cli import main
from coach.cli_live import PLAN_FILES
from coach.paths import APP_ID
from coach.storage.plan_folder import ENDING

FOLDER = Path(__file__).parents[2] / "packaging" / "desktop"
MIME = "application/x-stretchplan+toml"


def groups_in(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    return parser


def entry_in(path: Path) -> configparser.SectionProxy:
    return groups_in(path)["Desktop Entry"]


def test_the_entry_opens_plans_with_the_app() -> None:
    entry = entry_in(FOLDER / f"{APP_ID}.desktop")
    assert entry["Exec"] == "coach %f" and entry["MimeType"] == f"{MIME};" and entry["Icon"] == APP_ID


def test_the_desktop_knows_the_app_by_the_id_the_app_goes_by() -> None:
    assert APP_ID == paths.APP_ID


def test_a_right_click_in_the_menu_begins_what_cannot_wait() -> None:
    groups = groups_in(FOLDER / f"{APP_ID}.desktop")
    names = [one for one in groups["Desktop Entry"]["Actions"].split(";") if one]
    found = {
        groups[f"Desktop Action {one}"]["Name"]: groups[f"Desktop Action {one}"]["Exec"] for one in names
    }
    assert found == {
        "Start tonight’s plan": "coach run",
        "Cramp now": "coach now cramp",
        "Restless now": "coach now restless",
    }


@pytest.mark.parametrize("arguments", [["run"], ["now", "cramp"], ["now", "restless"]])
def test_what_the_menu_begins_is_a_command_of_the_app(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0  # 2 for a command that is not known


def test_the_type_of_plans_is_known_by_their_ending() -> None:
    root = ElementTree.parse(FOLDER / f"{APP_ID}.mime.xml").getroot()
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    (kind,) = root.findall("m:mime-type", space)
    globs = [one.get("pattern") for one in kind.findall("m:glob", space)]
    assert kind.get("type") == MIME and globs == [f"*{ENDING}"] and ENDING.endswith(PLAN_FILES)


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="the desktop's own check is not here"
)
def test_the_entry_is_valid() -> None:
    subprocess.run(["desktop-file-validate", str(FOLDER / f"{APP_ID}.desktop")], check=True, timeout=30)


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("bash") is None, reason="needs bash")
def test_it_is_put_into_the_menu_and_taken_out_again(tmp_path: Path) -> None:
    script = str(FOLDER / "install.sh")
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "share")}
    subprocess.run(["bash", script], env=environment, check=True, timeout=60, capture_output=True)
    entry = entry_in(tmp_path / "share" / "applications" / f"{APP_ID}.desktop")
    coach = f'"{FOLDER.parents[1] / ".venv" / "bin" / "coach"}"'
    assert entry["Exec"] == f"{coach} %f" and "TryExec" not in entry
    cramp = groups_in(tmp_path / "share" / "applications" / f"{APP_ID}.desktop")["Desktop Action cramp"]
    assert cramp["Exec"] == f"{coach} now cramp"
    assert (tmp_path / "share" / "mime" / "packages" / f"{APP_ID}.xml").is_file()
    subprocess.run(["bash", script, "--remove"], env=environment, check=True, timeout=60, capture_output=True)
    left = list((tmp_path / "share").rglob(f"{APP_ID}*"))
    assert left == []
