"""The reminders from the command line, with no app running."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from coach.cli import main
from coach.desktop.autostart import command_for
from coach.desktop.os_wake import os_wake_for_this_system
from coach.paths import locate


def coach(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    try:
        code = main(["--data-dir", str(home), "remind", *words])
    except SystemExit as leaving:
        assert isinstance(leaving.code, int)
        code = leaving.code
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


FROM = ("--from", "2026-11-20T12:00", "--tz", "Europe/Berlin")


def due(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> list[dict[str, str]]:
    code, out, err = coach(capsys, home, "next", "--json", *words)
    assert (code, err) == (0, "")
    found: list[dict[str, str]] = json.loads(out)
    return found


def test_nothing_is_due_until_a_bedtime_is_set(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert due(capsys, home, "--count", "5", *FROM) == []
    code, out, _err = coach(capsys, home, "next", *FROM)
    assert code == 0 and "coach remind set bedtime 22:45" in out
    code, out, _err = coach(capsys, home, "list")
    assert code == 0 and "No bedtime is set" in out


def test_a_bedtime_brings_the_stretch_forty_five_minutes_before(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    code, out, _err = coach(capsys, home, "set", "bedtime", "22:45")
    assert code == 0 and out == "Lights out every evening at 22:45.\n"
    assert due(capsys, home, "--count", "2", *FROM) == [
        {"rule": "stretch", "due": "2026-11-20T22:00:00+01:00"},
        {"rule": "stretch", "due": "2026-11-21T22:00:00+01:00"},
    ]


def test_days_name_the_evening_also_for_a_bedtime_after_midnight(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    coach(capsys, home, "set", "bedtime", "1:30", "--days", "fri")
    coach(capsys, home, "set", "stretch", "--before", "30", "--days", "fri")
    assert due(capsys, home, "--count", "2", *FROM) == [
        {"rule": "stretch", "due": "2026-11-21T01:00:00+01:00"},
        {"rule": "stretch", "due": "2026-11-28T01:00:00+01:00"},
    ]


def test_a_range_of_days_may_go_over_sunday(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    code, out, _err = coach(capsys, home, "set", "bedtime", "22:45", "--days", "sat-mon,wed")
    assert code == 0 and "mon, wed, sat, sun" in out
    found = due(capsys, home, "--count", "4", *FROM)
    assert [datetime.fromisoformat(one["due"]).weekday() for one in found] == [5, 6, 0, 2]


def test_the_gap_moves_forward_and_the_doubled_hour_takes_its_first(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    coach(capsys, home, "set", "bedtime", "03:15")
    berlin = ("--tz", "Europe/Berlin", "--from")
    assert due(capsys, home, *berlin, "2026-03-28T20:00") == [
        {"rule": "stretch", "due": "2026-03-29T03:30:00+02:00"}
    ]
    assert due(capsys, home, *berlin, "2026-10-24T20:00") == [
        {"rule": "stretch", "due": "2026-10-25T02:30:00+02:00"}
    ]


def test_a_time_with_an_offset_is_the_same_instant_elsewhere(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    coach(capsys, home, "set", "bedtime", "22:45")
    found = due(capsys, home, "--from", "2026-11-20T21:00:01+00:00", "--tz", "Europe/Berlin")
    assert found[0]["due"] == "2026-11-21T22:00:00+01:00"
    found = due(capsys, home, "--from", "2026-11-20T21:00:00+00:00", "--tz", "Europe/Berlin")
    assert found[0]["due"] == "2026-11-20T22:00:00+01:00"


def test_an_item_can_ring_too_and_be_switched_off_again(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    coach(capsys, home, "set", "bedtime", "22:45")
    code, out, _err = coach(capsys, home, "set", "screens", "--bell", "--before", "35")
    assert code == 0 and "35 min before" in out
    assert [one["rule"] for one in due(capsys, home, "--count", "2", *FROM)] == ["stretch", "screens"]
    coach(capsys, home, "off", "stretch")
    assert [one["rule"] for one in due(capsys, home, "--count", "2", *FROM)] == ["screens", "screens"]
    coach(capsys, home, "set", "screens", "--no-bell")
    assert due(capsys, home, *FROM) == []


def test_an_item_can_stand_at_a_time_of_the_clock(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    coach(capsys, home, "set", "bedtime", "22:45")
    code, out, _err = coach(capsys, home, "set", "Morning stretch", "--at", "06:50", "--bell")
    assert code == 0 and "06:50" in out
    assert due(capsys, home, "--count", "2", *FROM)[1] == {
        "rule": "morning",
        "due": "2026-11-21T06:50:00+01:00",
    }
    code, _out, _err = coach(capsys, home, "set", "morning", "--no-bell")
    assert code == 0
    code, out, _err = coach(capsys, home, "list", "--json")
    items = {one["item"]: one for one in json.loads(out)[0]["items"]}
    assert items["morning"] == {
        "item": "morning",
        "name": "Morning stretch",
        "before": None,
        "at": "06:50",
        "on": True,
        "bell": False,
    }


def test_whole_evenings_can_be_off_and_the_week_is_listed(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    coach(capsys, home, "set", "bedtime", "22:45")
    code, out, _err = coach(capsys, home, "off", "--days", "sun")
    assert code == 0 and out == "No reminders: sun.\n"
    code, out, _err = coach(capsys, home, "list")
    assert "mon  22:45" in out and "sun  22:45 off" in out and "stretch    45 min before" in out


def test_before_a_bedtime_is_set_an_item_says_that_it_waits_for_one(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    code, out, _err = coach(capsys, home, "set", "stretch", "--before", "20")
    assert code == 0 and "once a bedtime is set" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("set", "bedtime"), "Say when you turn out the light"),
        (("set", "bedtime", "25:00"), "“25:00” is not a time. Write it as 22:45."),
        (("set", "bedtime", "22:45:30"), "is not a time"),
        (("set", "bedtime", "22:45+01:00"), "is not a time"),
        (("set", "bedtime", "22:45", "--days", "someday"), "“someday” are no days"),
        (("set", "bedtime", "22:45", "--days", "mon-day"), "are no days"),
        (("set", "bedtime", "22:45", "--before", "5"), "Say when you turn out the light"),
        (("set", "stretc", "--before", "5"), "nothing called “stretc”"),
        (("set", "stretch", "--before", "-1"), "--before takes 0 to"),
        (("set", "stretch", "22:00"), "Only the bedtime takes a time like that"),
        (("off", "stretc"), "nothing called"),
        (("off", "stretch", "--days", "x"), "are no days"),
        (("next", "--count", "0"), "--count takes 1 to"),
        (("next", "--tz", "Mars/Base"), "no time zone called “Mars/Base”"),
        (("next", "--tz", "../../etc/passwd"), "no time zone called"),
        (("next", "--from", "yesterday"), "“yesterday” is no time"),
        (("next", "--from", "0001-01-01T00:00"), "is no time"),
        (("next", "--from", "9999-12-31T23:59"), "is no time"),
        (("snooze",), "Stretch Coach is not running."),
        (("ics",), "No bedtime is set"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    capsys: pytest.CaptureFixture[str], home: Path, words: tuple[str, ...], sentence: str
) -> None:
    code, out, err = coach(capsys, home, *words)
    assert code == 1 and out == "" and sentence in err and err.count("\n") == 1


def test_a_damaged_schedule_is_said_and_kept_aside(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "evenings.json").write_text("{")
    code, _out, err = coach(capsys, home, "list")
    assert code == 0 and "evenings.json.broken-1" in err


def test_nothing_comes_again_while_no_app_runs_to_show_it(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert coach(capsys, home, "snooze") == (1, "", "Stretch Coach is not running.\n")
    assert not home.exists()


def test_not_tonight_is_kept_for_the_app_that_starts_later(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    coach(capsys, home, "set", "bedtime", "22:45")
    code, out, _err = coach(capsys, home, "skip")
    assert code == 0 and out == "No more reminders tonight.\n"
    assert (home / "state" / "reminders.json").exists()


def test_the_calendar_is_written_into_a_file_or_here(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
) -> None:
    coach(capsys, home, "set", "bedtime", "22:45")
    code, out, _err = coach(capsys, home, "ics")
    assert code == 0
    assert all(f"RRULE:FREQ=WEEKLY;BYDAY={day}" in out for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU"))
    file = tmp_path / "evenings.ics"
    code, out, _err = coach(capsys, home, "ics", "-o", str(file))
    assert code == 0 and "phone" in out and file.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    code, _out, err = coach(capsys, home, "ics", "-o", str(file / "below"))
    assert code == 1 and err.count("\n") == 1
    coach(capsys, home, "set", "stretch", "--before", "45")
    assert "DURATION:PT15M" in file.read_text() or "DURATION:PT16M" in file.read_text()


def test_a_calendar_for_a_folder_that_is_not_there_makes_none(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
) -> None:
    coach(capsys, home, "set", "bedtime", "22:45")
    code, out, err = coach(capsys, home, "ics", "-o", str(tmp_path / "nowhere" / "evenings.ics"))
    assert (code, out) == (1, "") and "nowhere” is not there" in err and err.count("\n") == 1
    assert not (tmp_path / "nowhere").exists()


def test_a_reminder_without_a_screen_is_said(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, _out, err = coach(capsys, home, "fire")
    if sys.platform == "linux":
        assert code == 1 and "need one to be shown on" in err


def test_a_reminder_that_is_not_due_starts_and_ends_the_app_by_itself(home: Path) -> None:
    command = [sys.executable, "-m", "coach", "--data-dir", str(home), "remind", "fire"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")
def test_the_system_wakes_the_app_at_the_new_time_though_no_app_runs(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools, units = tmp_path / "bin", tmp_path / "config"
    tools.mkdir()
    tool = tools / "systemctl"  # takes in whatever it is told
    tool.write_text(
        "#!/bin/sh\n"
        f'wants="{units}/systemd/user/timers.target.wants"\n'
        'case "$2" in enable) mkdir -p "$wants"; ln -sf "../$3" "$wants/$3";;\n'
        "is-enabled) echo enabled;; is-active) echo active;; esac\n"
    )
    tool.chmod(0o755)
    (tmp_path / "run" / "systemd").mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(units))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    assert coach(capsys, home, "set", "bedtime", "22:45")[0] == 0
    assert not units.exists()  # nobody switched that on
    paths = locate(home)
    assert os_wake_for_this_system(paths, command_for(paths)).turn_on() is None
    assert coach(capsys, home, "set", "bedtime", "21:00") == (0, "Lights out every evening at 21:00.\n", "")
    (timer,) = (one for one in units.rglob("*.timer") if not one.is_symlink())
    assert "*-*-* 20:15:00" in timer.read_text()
