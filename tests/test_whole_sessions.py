"""The real command, from outside: sessions at high speed in the terminal, cut off in every way."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

COACH = [sys.executable, "-m", "coach"]


class Running:
    """A session of the command in the terminal, at a speed, with its events."""

    def __init__(self, home: Path, *words: str, speed: int = 100) -> None:
        self.home = home
        self.events = home / "events.jsonl"
        self.process = subprocess.Popen(
            [
                *COACH,
                "--data-dir",
                str(home),
                "run",
                *words,
                "--terminal",
                "--mute",
                f"--speed={speed}",
                "--events",
                str(self.events),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def finish(self) -> tuple[int, str]:
        out, err = self.process.communicate(timeout=60)
        assert "Traceback" not in err
        return self.process.returncode, out

    def until(self, words: str) -> None:
        """Read what it prints until a line has these words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if words in line:
                return
        raise AssertionError(f"never said: {words}")

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.events.read_text(encoding="utf-8").splitlines()]

    def journal(self) -> list[tuple[Any, ...]]:
        file = self.home / "data" / "journal.sqlite3"
        if not file.exists():
            return []
        with sqlite3.connect(file) as database:
            rows = database.execute(
                "SELECT outcome, (SELECT sum(held) FROM hold WHERE session = session.id) FROM session"
            ).fetchall()
        database.close()
        return rows


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "home"
    folder.mkdir()
    yield folder


def test_five_stretches_hold_thirty_seconds_on_each_side_in_the_named_order(home: Path) -> None:
    running = Running(home, "five-stretches")
    code, out = running.finish()
    assert code == 0 and "Done. That is all for tonight." in out
    events = running.read()
    holds = [(e["exercise"], e["side"], e["seconds"]) for e in events if e.get("kind") == "hold"]
    names = ["calf_wall", "ham_floor", "quad_stand", "glute_floor", "knee_chest"]
    assert holds == [(name, side, 30.0) for name in names for side in ("left", "right")]
    segments = [e for e in events if e["event"] == "segment"]
    for one, after in pairwise(segments):
        assert after["due"] == pytest.approx(one["due"] + one["seconds"])
    assert events[-1] == {"event": "phase", "t": events[-1]["t"], "phase": "finished", "slept": False}
    assert running.journal() == [("finished", pytest.approx(300))]


def test_every_spoken_caption_is_a_cue_of_the_events(home: Path) -> None:
    running = Running(home, "five-stretches")
    _code, out = running.finish()
    said = [line.strip().strip("“”") for line in out.splitlines() if line.startswith("  “")]
    assert said == [e["text"] for e in running.read() if e["event"] == "cue"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_ending_it_from_outside_keeps_what_was_done(home: Path, signal_: signal.Signals) -> None:
    running = Running(home, "five-stretches", speed=50)
    running.until("[3/5]")
    running.process.send_signal(signal_)
    assert running.finish()[0] == 0
    ((outcome, held),) = running.journal()
    assert outcome == "partial" and held >= 120


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_kill_loses_the_running_segment_at_most_and_the_rest_is_kept_at_the_next_start(home: Path) -> None:
    running = Running(home, "five-stretches", speed=50)
    running.until("[3/5]")
    running.process.kill()
    running.process.communicate(timeout=20)
    assert running.journal() == []
    again = Running(home, "five-stretches")
    assert again.finish()[0] == 0
    assert sorted(row[0] for row in again.journal()) == ["finished", "partial"]
    assert sum(row[1] for row in again.journal()) == pytest.approx(300 + 120)


def test_a_session_nobody_reads_any_more_ends_and_is_kept(home: Path) -> None:
    running = Running(home, "five-stretches", speed=50)
    running.until("[3/5]")
    assert running.process.stdout is not None
    running.process.stdout.close()
    running.process.stdout = None
    code, _out = running.finish()
    assert code == 0
    assert [row[0] for row in running.journal()] == ["partial"]


def test_a_plan_of_ones_own_runs_from_its_file(home: Path) -> None:
    plan = home / "mine.toml"
    plan.write_text(
        'format = 1\nname = "Mine"\n\n[[steps]]\nexercise = "knee_chest"\nsides = "right"\nseconds = 10\n',
        encoding="utf-8",
    )
    running = Running(home, str(plan))
    code, out = running.finish()
    assert code == 0 and out.startswith("Mine, 1 minute.")
    assert [e["side"] for e in running.read() if e.get("kind") == "hold"] == ["right"]


def work(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = ("hold", "stroke", "breath")
    return [one for one in events if one["event"] == "segment" and one["kind"] in kinds]


def test_without_anybody_to_ask_massage_is_left_out_and_said(home: Path) -> None:
    session = Running(home, "self-massage")
    out, err = session.process.communicate(timeout=60)
    assert session.process.returncode == 0
    assert "add --yes" in err and "is left out. Massage comes after" in out
    assert not [one for one in work(session.read()) if one["kind"] == "stroke"]


def test_with_a_word_for_it_every_stroke_is_an_event_and_both_legs_get_the_same(home: Path) -> None:
    session = Running(home, "self-massage", "--yes")
    assert session.finish()[0] == 0
    events = work(session.read())
    strokes = [one for one in events if one["kind"] == "stroke"]
    assert len(strokes) > 40
    for one, following in pairwise(strokes):
        if following["number"] == one["number"] + 1:
            assert following["due"] == pytest.approx(one["due"] + one["seconds"], abs=0.002)
    legs = {side: sum(one["seconds"] for one in events if one["side"] == side) for side in ("left", "right")}
    assert legs["left"] == pytest.approx(legs["right"])


def test_what_was_ticked_holds_on_the_command_line_and_for_plans_of_ones_own(home: Path) -> None:
    profile = home / "config" / "profile.json"
    profile.parent.mkdir(parents=True)
    profile.write_text('{"version": 1, "flags": ["balance"]}', "utf-8")
    plan = home / "mine.toml"
    plan.write_text('format = 1\nname = "Mine"\n[[steps]]\nexercise = "calf_wall"\nseconds = 20\n', "utf-8")
    session = Running(home, str(plan))
    code, out = session.finish()
    assert code == 0
    assert "Wall calf stretch becomes Seated calf with towel." in out
    assert {one["exercise"] for one in work(session.read())} == {"calf_towel"}


def test_a_plan_of_which_nothing_is_left_is_refused_with_the_reason(home: Path) -> None:
    plan = home / "mine.toml"
    plan.write_text('format = 1\nname = "Rub"\n[[steps]]\nexercise = "calf_glide"\n', "utf-8")
    session = Running(home, str(plan))
    _out, err = session.process.communicate(timeout=60)
    assert session.process.returncode == 1
    assert "Nothing of “Rub” is left for you." in err
