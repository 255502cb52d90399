"""A session that breaks off is found again: whatever tears its log, only the running segment is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    Side,
)
from coach.domain.night import HoldRecord, Unfinished
from coach.domain.pacing import BeatKind, Part
from coach.domain.plan import Extra, Plan, Step
from coach.i18n import render
from coach.services.ports import StoreError
from coach.storage.session_log import SessionLogFile

BEGAN = datetime(2026, 11, 20, 22, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
OWN = Exercise(
    "own", "My own “one”", "Own", Kind.MASSAGE, (Posture.BED, Posture.CHAIR), False, 12.5, 40,
    Cues(("Sit.",), ("Breathe.",), "Up."), "dose", ("slip",), "easier",
    variants=("calf_wall",),
    skip_if=(Caution(Flag.BALANCE, "It is done standing."),),
    stop=("pain",), muscles=("calf",), regions=(Region.CALF,),
    parts=(Part(BeatKind.STROKE, 5.0, 0.5, 2.0, count=5, say="Glide up."),),
    start="Ankle", end="Knee", pressure=(2, 3), figure="own", picture="own.png", lying=True,
    evidence=Evidence(Grade.SOME, "ease", "Doe 2020"), own=True,
)  # fmt: skip
PLAN = Plan(
    "bedtime",
    "Bedtime ärger\u2028",
    (
        Step("calf_wall", 30, False, (Side.RIGHT,), 2, 5, Extra(Side.RIGHT, 10), Posture.STANDING, "note"),
        Step("own", wait=True),
    ),
    "Every evening.",
    10,
    (OWN,),
)
RUNNING = Unfinished(PLAN, BEGAN, BEGAN, 0, 912.5, ())


def after(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def hold(number: int, side: Side | None = Side.LEFT) -> HoldRecord:
    return HoldRecord(number, "calf_wall", side, 0, 30.0, 29.5 + number, 10.0, "full")


def a_log(path: Path) -> SessionLogFile:
    """A log in which two holds are over and segment 5 runs."""
    log = SessionLogFile(path)
    log.begin(RUNNING)
    for number in (0, 1):
        log.at(2 * number + 1, after(50 * number))
        log.held(hold(number), after(50 * number + 30))
    log.at(5, after(100))
    return log


def test_without_a_log_there_is_nothing_to_go_on_with(tmp_path: Path) -> None:
    log = SessionLogFile(tmp_path / "session.jsonl")
    assert log.read() is None
    log.clear()


def test_a_session_is_found_again_with_plan_position_and_holds(tmp_path: Path) -> None:
    a_log(tmp_path / "deep" / "session.jsonl")
    found = SessionLogFile(tmp_path / "deep" / "session.jsonl").read()
    assert found == replace(RUNNING, last=after(100), position=5, holds=(hold(0), hold(1)))
    assert found.started.utcoffset() == timedelta(hours=1)


def test_going_on_keeps_what_was_held_before(tmp_path: Path) -> None:
    log = a_log(tmp_path / "session.jsonl")
    found = log.read()
    assert found is not None
    log.begin(found)
    log.held(hold(2, None), after(200))
    assert log.read() == replace(found, last=after(200), holds=(hold(0), hold(1), hold(2, None)))


def test_a_finished_session_is_forgotten(tmp_path: Path) -> None:
    log = a_log(tmp_path / "session.jsonl")
    log.clear()
    assert log.read() is None
    assert list(tmp_path.iterdir()) == []


def test_every_line_is_on_the_disk_when_its_method_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "session.jsonl"
    settled: list[int] = []
    fsync = os.fsync

    def recorded(handle: int) -> None:
        fsync(handle)
        settled.append(path.stat().st_size if path.exists() else 0)

    monkeypatch.setattr(os, "fsync", recorded)
    log = SessionLogFile(path)
    log.begin(RUNNING)
    assert settled[-1] == path.stat().st_size
    log.at(1, after(1))
    assert settled[-1] == path.stat().st_size
    log.held(hold(0), after(2))
    assert settled[-1] == path.stat().st_size


def test_a_log_cut_off_at_any_byte_loses_the_torn_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    log = a_log(path)
    data = path.read_bytes()
    header = data.index(b"\n")
    for length in range(header, len(data) + 1):
        path.write_bytes(data[:length])
        found = log.read()
        held = sum(data[:length].split(b"\n").count(line) for line in data.split(b"\n") if b'"held"' in line)
        assert found is not None
        assert len(found.holds) == held, data[:length][-60:]
    for length in range(0, header, 97):
        path.write_bytes(data[:length])
        assert log.read() is None
        assert not path.exists()


def test_writing_goes_on_after_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    log = a_log(path)
    path.write_bytes(path.read_bytes()[:-4])
    log.at(7, after(300))
    found = log.read()
    assert found is not None
    assert (found.position, found.last, len(found.holds)) == (7, after(300), 2)


@pytest.mark.parametrize(
    "line",
    [
        b"garbage",
        b"[]",
        b'{"at": 9}',
        b'{"at": -1, "when": "2026-11-20T22:40:00+01:00"}',
        b'{"at": true, "when": "2026-11-20T22:40:00+01:00"}',
        b'{"at": 9, "when": "2026-11-20T22:40:00"}',
        b'{"at": 9, "when": "yesterday"}',
        b'{"held": {}, "when": "2026-11-20T22:40:00+01:00"}',
        b'{"held": [], "when": "2026-11-20T22:40:00+01:00"}',
        b'{"when": "2026-11-20T22:40:00+01:00"}',
        b"\xff",
        b"[" * 100_000,
    ],
    ids=lambda line: repr(line[:30]),
)
def test_a_damaged_line_is_passed_over(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "session.jsonl"
    log = a_log(path)
    before = log.read()
    with path.open("ab") as file:
        file.write(b"\n" + line)
    assert log.read() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"version":1', b'"version":2'),
        (b'"running"', b'"ran"'),
        (b'"planned":912.5', b'"planned":1e999'),
        (b'"planned":912.5', b'"planned":NaN'),
        (b'"planned":912.5', b'"planned":"long"'),
        (b'"position":0', b'"position":null'),
        (b'"position":0', b'"position":0,"new":1'),
        (b'"exercise":"calf_wall",', b""),
        (b'"sides":["right"]', b'"sides":["up"]'),
        (b'"sides":["right"]', b'"sides":"right"'),
        (b"+01:00", b""),
    ],
)
def test_a_damaged_header_is_put_aside(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = tmp_path / "session.jsonl"
    log = a_log(path)
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    assert log.read() is None
    assert [one.name for one in tmp_path.iterdir()] == ["session.jsonl.broken-1"]


@settings(deadline=None, max_examples=60)
@given(junk=st.binary(max_size=200), at=st.floats(0, 1))
def test_no_bytes_at_all_bring_it_down(
    junk: bytes, at: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("log") / "session.jsonl"
    log = a_log(path)
    data = path.read_bytes()
    cut = int(at * len(data))
    path.write_bytes(data[:cut] + junk + data[cut + len(junk) :])
    found = log.read()
    assert found is None or len(found.holds) <= 2


def test_a_huge_file_is_put_aside_unread(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    with path.open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    assert SessionLogFile(path).read() is None
    assert not path.exists()


def test_where_nothing_can_be_written_every_step_says_so(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    log = SessionLogFile(tmp_path / "blocked" / "session.jsonl")
    for write in (
        lambda: log.begin(RUNNING),
        lambda: log.at(1, BEGAN),
        lambda: log.held(hold(0), BEGAN),
        log.clear,
        log.read,
    ):
        with pytest.raises(StoreError) as caught:
            write()
        assert "session.jsonl" in render(caught.value.line)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    path.symlink_to("/dev/full")
    with pytest.raises(StoreError) as caught:
        SessionLogFile(path).at(1, BEGAN)
    assert "Make some room on the disk" in render(caught.value.line)


CHILD = """
import sys
from datetime import timedelta
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_session_log import RUNNING, after, hold
from coach.storage.session_log import SessionLogFile

log = SessionLogFile(Path(sys.argv[1]))
log.begin(RUNNING)
for number in range(100_000):
    log.at(2 * number + 1, after(number))
    log.held(hold(number), after(number))
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize("lines", [1, 7, 40])
def test_a_killed_program_loses_at_most_the_running_segment(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "session.jsonl"
    here = Path(__file__).parent
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(here)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=here.parents[1],
    ) as child:
        assert child.stdout is not None
        for _number in range(lines):
            assert child.stdout.readline()
        child.kill()
        said = lines + len(child.stdout.read().splitlines())
    found = SessionLogFile(path).read()
    assert found is not None
    assert found.plan == PLAN
    assert len(found.holds) in (said, said + 1)
    assert found.holds == tuple(hold(number) for number in range(len(found.holds)))
