"""The command line: what it prints, and what it says when something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coach import __version__, cli


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = cli.main(list(words))
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


Capture = pytest.CaptureFixture[str]


def test_the_version_is_one_line(capsys: Capture) -> None:
    assert run(capsys, "--version") == (0, f"coach {__version__}\n", "")


def test_plans_are_listed_with_their_length(capsys: Capture) -> None:
    code, out, _err = run(capsys, "plans", "list")
    assert code == 0 and "five-stretches" in out and "minutes" in out
    code, out, _err = run(capsys, "plans", "list", "--json")
    rows = json.loads(out)
    assert {"five-stretches", "bedtime"} <= {row["id"] for row in rows}
    assert all(row["seconds"] > 0 for row in rows)


def test_a_plan_is_shown_whole(capsys: Capture) -> None:
    code, out, _err = run(capsys, "plans", "show", "five-stretches")
    assert code == 0 and "1. Wall calf stretch: both legs, 30 s" in out
    code, out, _err = run(capsys, "plans", "show", "bedtime", "--json")
    steps = json.loads(out)["steps"]
    assert [step["exercise"] for step in steps][:1] == ["calf_wall"]
    assert steps[0]["rounds"] == 2 and steps[-1]["sides"] == []


def test_an_unknown_plan_suggests_the_nearest_and_is_wrong_input(capsys: Capture) -> None:
    assert run(capsys, "plans", "show", "five-streches") == (
        1,
        "",
        "There is no plan called “five-streches”. Did you mean “five-stretches”?\n",
    )
    code, _out, err = run(capsys, "run", "bedtme", "--terminal", "--mute")
    assert code == 1 and "Did you mean “bedtime”?" in err


def test_an_unknown_exercise_suggests_the_nearest(capsys: Capture) -> None:
    code, _out, err = run(capsys, "exercises", "show", "calf_wal")
    assert code == 1 and "calf_wall" in err


def test_exercises_are_listed_and_shown_with_their_care(capsys: Capture) -> None:
    code, out, _err = run(capsys, "exercises", "list")
    assert code == 0 and "calf_wall" in out
    code, out, _err = run(capsys, "exercises", "show", "calf_wall")
    assert "Stop if" in out and "Evidence" in out and "{side}" not in out
    code, out, _err = run(capsys, "exercises", "show", "breathe_slow", "--json")
    assert json.loads(out)["sided"] is False
    code, out, _err = run(capsys, "exercises", "list", "--json")
    assert len(json.loads(out)) >= 6


def test_a_good_file_is_ready_to_use(capsys: Capture, tmp_path: Path) -> None:
    good = tmp_path / "legs.toml"
    good.write_text('format = 1\nname = "Legs"\n[[steps]]\nexercise = "calf_wall"\n', encoding="utf-8")
    code, out, err = run(capsys, "plans", "check", str(good))
    assert (code, err) == (0, "") and "ready to use" in out and "1 step" in out
    assert json.loads(run(capsys, "plans", "check", str(good), "--json")[1]) == []


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ('format = 1\nname = "x"\n[[steps]]\nexercise = "calf_wal"\n', 4, "Did you mean “calf_wall”?"),
        ('format = 1\nname = "x"\n[[steps]]\nexercise = "calf_wall"\nseconds = 0\n', 5, "5 to 1800"),
        ('format = 1\nname = "x"\n[[steps]]\nexercise = "calf_wall"\nseconds = 10000\n', 5, "5 to 1800"),
        ('format = 1\nname = "x"\n', 0, "“steps”"),
    ],
)
def test_a_bad_file_says_where_and_what(
    capsys: Capture, tmp_path: Path, text: str, line: int, part: str
) -> None:
    bad = tmp_path / "legs.toml"
    bad.write_text(text, encoding="utf-8")
    code, _out, err = run(capsys, "plans", "check", str(bad))
    place = f"{bad}:{line}: " if line else f"{bad}"
    assert code == 1 and err.startswith(place) and part in err
    rows = json.loads(run(capsys, "plans", "check", str(bad), "--json")[1])
    assert rows[0]["file"] == str(bad) and part in rows[0]["problem"]


def test_a_missing_file_is_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    code, _out, err = run(capsys, "plans", "check", str(tmp_path / "nothing.toml"))
    assert code == 1 and "nothing.toml" in err


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "fast", "1000"])
def test_an_impossible_speed_is_wrong_usage(capsys: Capture, speed: str) -> None:
    code, _out, err = run(capsys, "run", f"--speed={speed}")
    assert code == 2 and "0.1 to 100" in err


def test_an_unknown_word_is_wrong_usage(capsys: Capture) -> None:
    assert run(capsys, "dance")[0] == 2
    assert run(capsys, "plans")[0] == 2


def test_the_rate_of_the_voice_has_limits(capsys: Capture, tmp_path: Path) -> None:
    code, _out, err = run(capsys, "say", "Hold.", "-o", str(tmp_path / "a.wav"), "--rate", "400")
    assert code == 1 and "120 to 200" in err


def test_events_that_cannot_be_written_are_said_before_the_session(capsys: Capture, tmp_path: Path) -> None:
    wrong = tmp_path / "no" / "events.jsonl"
    code, _out, err = run(
        capsys, "--data-dir", str(tmp_path), "run", "--terminal", "--mute", "--events", str(wrong)
    )
    assert code == 1 and str(wrong) in err and "--events" in err


def test_damaged_settings_are_said_and_stop_nothing(capsys: Capture, tmp_path: Path) -> None:
    settings = tmp_path / "config" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text("{ this is not", encoding="utf-8")
    code, out, _err = run(capsys, "--data-dir", str(tmp_path), "plans", "list")
    assert code == 0 and "bedtime" in out


# -------------------------------------------------------------------- the running app

ROOT = Path(__file__).parents[1]


class Computer:
    """Real processes of the app over one data folder; all are ended with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[str]] = []

    def start(self, *words: str) -> subprocess.Popen[str]:
        one = subprocess.Popen(
            [sys.executable, "-m", "coach", "--data-dir", str(self.folder), *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.running.append(one)
        return one

    def coach(self, *words: str) -> tuple[int, str, str]:
        one = self.start(*words)
        out, err = one.communicate(timeout=30)
        return one.returncode, out, err

    def status(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.coach("status", "--json")[1])
        return found

    def until(self, is_so: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        """The status as soon as it is so; every look takes a process, so there are few."""
        for _look in range(200):
            status = self.status()
            if is_so(status):
                return status
        raise AssertionError(f"it never came to that: {status}")


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    made = Computer(tmp_path / "mine")
    yield made
    for one in made.running:
        if one.poll() is None:
            one.kill()
        one.communicate(timeout=30)


def session_in(status: dict[str, object]) -> dict[str, object]:
    found = status["session"]
    assert isinstance(found, dict)
    return found


def test_a_session_in_the_terminal_is_driven_by_other_commands(computer: Computer) -> None:
    terminal = computer.start("run", "five-stretches", "--terminal", "--mute")
    status = computer.until(lambda status: status["session"] is not None)
    assert session_in(status)["exercise"] == "calf_wall" and session_in(status)["plan"] == "five-stretches"
    assert computer.coach("pause") == (0, "", "")
    assert session_in(computer.status())["paused"] is True
    code, _out, err = computer.coach()
    assert code == 1 and "in a terminal" in err
    code, _out, err = computer.coach("run", "bedtime", "--terminal")
    assert code == 1 and "coach stop" in err
    assert computer.coach("resume")[0] == 0
    assert computer.coach("stop") == (0, "", "")
    _out, err = terminal.communicate(timeout=30)
    assert terminal.returncode == 0 and "Traceback" not in err
    assert computer.status()["running"] is False


def test_six_starts_at_once_open_one_window(computer: Computer) -> None:
    six = [computer.start() for _one in range(6)]
    computer.until(lambda _status: sum(one.poll() is not None for one in six) >= 5)
    (first,) = [one for one in six if one.poll() is None]
    assert [one.returncode for one in six if one is not first] == [0] * 5
    assert computer.status()["window"] is True
    first.kill()
    first.wait(30)
    again = computer.start()
    assert computer.until(lambda status: status["running"] is True)["session"] is None
    assert again.poll() is None
