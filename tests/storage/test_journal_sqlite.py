"""The journal keeps every session, through damage, full disks, old files and newer ones.

samples/journal-1.sqlite3 is a journal of schema 1. It was made once, and is never made again, by

    PYTHONPATH=.:tests/storage python -c "import test_journal_sqlite as t; t.make_sample()"
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain.exercise import Side
from coach.domain.night import HoldRecord, Outcome, SessionRecord
from coach.i18n import render
from coach.services.ports import StoreError
from coach.storage.journal_sqlite import BACKUPS_KEPT, MIGRATIONS, SCHEMA, SqliteJournal

SAMPLES = Path(__file__).parent / "samples"
CET = timezone(timedelta(hours=1))
STARTED = datetime(2026, 11, 20, 22, 30, 0, 125_000, tzinfo=CET)
TODAY = date(2026, 11, 21)
HOLDS = (
    HoldRecord(0, "calf_wall", Side.LEFT, 0, 30.0, 30.0, 0.0, "full"),
    HoldRecord(0, "calf_wall", Side.RIGHT, 0, 30.0, 12.345, 0.0, "skipped"),
    HoldRecord(1, "breathe_slow", None, 1, 90.0, 100.0, 10.0, "full"),
)
SESSION = SessionRecord(
    "bedtime", "Bedtime", STARTED, STARTED + timedelta(minutes=15), Outcome.FINISHED, 912.0, HOLDS
)


def night(number: int) -> SessionRecord:
    started = STARTED + timedelta(days=number)
    return replace(SESSION, started=started, ended=started + timedelta(minutes=15))


def a_journal(path: Path, today: date = TODAY) -> SqliteJournal:
    return SqliteJournal(path, today=lambda: today)


def kept(path: Path, *records: SessionRecord, today: date = TODAY) -> None:
    journal = a_journal(path, today)
    for record in records:
        journal.add_session(record)
    journal.close()


def sessions(path: Path) -> list[SessionRecord]:
    journal = a_journal(path)
    try:
        return list(journal.sessions())
    finally:
        journal.close()


def copies(folder: Path) -> list[str]:
    return sorted(one.name for one in (folder / "journal-backup").glob("*"))


def make_sample() -> None:
    path = SAMPLES / f"journal-{SCHEMA}.sqlite3"
    kept(path, SESSION, replace(night(1), outcome=Outcome.PARTIAL, plan_name="Évening “two”"))
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")


def test_a_session_is_kept_with_every_hold(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal.sqlite3"
    kept(path, SESSION)
    assert sessions(path) == [SESSION]
    assert sessions(path)[0].started.utcoffset() == timedelta(hours=1)


def test_the_sessions_of_one_night_come_with_their_holds_and_without_those_of_its_morning(
    tmp_path: Path,
) -> None:
    after_midnight = replace(SESSION, started=STARTED.replace(hour=1) + timedelta(days=1))
    morning = replace(SESSION, started=STARTED.replace(hour=7) + timedelta(days=1))
    path = tmp_path / "j.sqlite3"
    kept(path, night(-1), morning, after_midnight, SESSION, night(1))
    journal = a_journal(path)
    assert journal.sessions_of(STARTED.date()) == [SESSION, after_midnight]
    assert journal.sessions_of(STARTED.date() + timedelta(days=5)) == []
    journal.close()


def test_nothing_is_opened_before_it_is_needed_nor_after_it_was_closed(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "journal.sqlite3")
    journal.close()
    assert list(tmp_path.iterdir()) == []
    assert journal.sessions() == []
    journal.close()
    assert [one.name for one in tmp_path.iterdir()] == ["journal.sqlite3"]


def test_sessions_come_oldest_first_even_over_a_change_of_the_clocks(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    late = replace(SESSION, started=datetime(2026, 10, 25, 2, 10, tzinfo=CET))
    early = replace(SESSION, started=datetime(2026, 10, 25, 2, 40, tzinfo=timezone(timedelta(hours=2))))
    kept(path, night(1), late, early)
    assert [one.started for one in sessions(path)] == [early.started, late.started, night(1).started]


holds = st.builds(
    HoldRecord,
    step=st.integers(0, 999),
    exercise=st.text(min_size=1, max_size=10).filter(lambda text: text.isprintable()),
    side=st.none() | st.sampled_from(Side),
    round=st.integers(0, 9),
    planned=st.floats(0, 1800),
    held=st.floats(0, 1800),
    extra=st.floats(0, 1800),
    how=st.sampled_from(["full", "skipped", "restarted", "left"]),
)


@settings(deadline=None, max_examples=20)
@given(
    rows=st.lists(holds, max_size=6).map(tuple), outcome=st.sampled_from(Outcome), moved=st.integers(0, 10**8)
)
def test_what_was_kept_is_what_is_read(
    rows: tuple[HoldRecord, ...], outcome: Outcome, moved: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite3"
    started = STARTED + timedelta(seconds=moved)
    record = replace(SESSION, started=started, ended=started, outcome=outcome, holds=rows)
    kept(path, record)
    assert sessions(path) == [record]


def test_the_database_is_safe_against_a_power_cut(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "journal.sqlite3")
    journal.add_session(SESSION)
    database = journal._connection
    assert database is not None
    settings = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert settings == ["wal", 2]
    assert database.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    database.execute("DELETE FROM session")
    assert database.execute("SELECT count(*) FROM hold").fetchone()[0] == 0
    journal.close()


def test_a_killed_program_has_kept_its_sessions(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    here = Path(__file__).parent
    code = (
        f"import sys, os, signal; sys.path.insert(0, {str(here)!r})\n"
        "from pathlib import Path; import test_journal_sqlite as t\n"
        f"t.a_journal(Path({str(path)!r})).add_session(t.SESSION)\n"
        "os.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))\n"
    )
    child = subprocess.run([sys.executable, "-c", code], cwd=here.parents[1], check=False)
    assert child.returncode != 0
    assert sessions(path) == [SESSION]


def test_a_session_that_cannot_be_kept_whole_is_not_kept_in_part(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "journal.sqlite3")
    bad = replace(SESSION, holds=(*HOLDS, replace(HOLDS[0], held=None)))  # type: ignore[arg-type]
    with pytest.raises(StoreError) as caught:
        journal.add_session(bad)
    assert "NOT NULL" in render(caught.value.line)
    assert journal.sessions() == []
    journal.add_session(SESSION)
    assert journal.sessions() == [SESSION]
    journal.close()


@pytest.mark.parametrize("schema", range(1, SCHEMA + 1))
def test_a_journal_of_every_schema_there_ever_was_is_read(tmp_path: Path, schema: int) -> None:
    path = tmp_path / "journal.sqlite3"
    shutil.copy(SAMPLES / f"journal-{schema}.sqlite3", path)
    assert sessions(path)[:2] == [
        SESSION,
        replace(night(1), outcome=Outcome.PARTIAL, plan_name="Évening “two”"),
    ]
    kept(path, night(2))
    assert len(sessions(path)) == 3
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)


@pytest.mark.parametrize("schema", [SCHEMA + 1, 99, -1])
def test_a_journal_from_a_newer_version_is_left_untouched(tmp_path: Path, schema: int) -> None:
    path = tmp_path / "journal.sqlite3"
    shutil.copy(SAMPLES / "journal-1.sqlite3", path)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {schema}")
    before = path.read_bytes()
    journal = a_journal(path)
    for use in (journal.sessions, lambda: journal.add_session(SESSION)):
        with pytest.raises(StoreError) as caught:
            use()
        assert "is from a newer version of Stretch Coach" in render(caught.value.line)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["journal.sqlite3"]


def spoil(path: Path, at: int = 0) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:at] + b"\xa5" * (len(data) - at))


@pytest.mark.parametrize("at", [0, 100, 4096])
def test_a_damaged_journal_is_put_aside_and_said_and_a_new_one_begun(tmp_path: Path, at: int) -> None:
    path = tmp_path / "journal.sqlite3"
    kept(path, SESSION)
    spoil(path, at)
    damaged = path.read_bytes()
    said: list[str] = []
    journal = SqliteJournal(path, today=lambda: TODAY, report=lambda line: said.append(render(line)))
    journal.add_session(night(1))
    assert journal.sessions() == [night(1)]
    journal.close()
    assert said == [
        f"“{path}” was damaged. It is kept as “journal.sqlite3.broken-1”, and a new journal was begun."
    ]
    assert (tmp_path / "journal.sqlite3.broken-1").read_bytes() == damaged


def test_a_damaged_journal_goes_on_from_the_newest_sound_copy(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    kept(path, SESSION)
    kept(path, night(1), today=TODAY)
    kept(path, night(2), today=TODAY + timedelta(days=1))
    kept(path, night(3), today=TODAY + timedelta(days=2))
    spoil(tmp_path / "journal-backup" / "journal-2026-11-23.sqlite3", 4096)
    spoil(path)
    said: list[str] = []
    journal = SqliteJournal(path, today=lambda: TODAY, report=lambda line: said.append(render(line)))
    assert journal.sessions() == [SESSION, night(1)]
    journal.close()
    assert len(said) == 1
    assert said[0].endswith("the journal goes on from “journal-2026-11-22.sqlite3”.")


def test_damage_that_shows_only_in_use_is_mended_too(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    kept(path, *(night(number) for number in range(200)))
    kept(path, night(200))  # makes today's copy, with all the others in it
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xa5" * (len(data) - 8192))
    said: list[str] = []
    journal = SqliteJournal(path, today=lambda: TODAY, report=lambda line: said.append(render(line)))
    assert len(journal.sessions()) == 200
    journal.close()
    assert len(said) == 1


def test_without_anyone_to_tell_the_damage_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    with caplog.at_level("CRITICAL", logger="coach.storage.journal_sqlite"):
        assert sessions(path) == []
    assert (tmp_path / "journal.sqlite3.broken-1").exists()


def test_a_copy_is_made_once_a_day_and_the_last_seven_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    kept(path, SESSION)
    assert copies(tmp_path) == []  # there was nothing to copy yet
    for day in range(10):
        for _twice in range(2):
            kept(path, night(day + 1), today=TODAY + timedelta(days=day))
    last = [TODAY + timedelta(days=day) for day in range(10)][-BACKUPS_KEPT:]
    assert copies(tmp_path) == [f"journal-{day.isoformat()}.sqlite3" for day in last]
    copy = tmp_path / "journal-backup" / copies(tmp_path)[0]
    shutil.copy(copy, tmp_path / "copy.sqlite3")
    assert len(sessions(tmp_path / "copy.sqlite3")) == 1 + 2 * 3


def test_a_copy_that_cannot_be_made_keeps_no_one_from_the_journal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "journal.sqlite3"
    kept(path, SESSION)
    (tmp_path / "journal-backup").write_text("a file where a folder should be")
    with caplog.at_level("CRITICAL", logger="coach.storage.journal_sqlite"):
        kept(path, night(1))
        assert sessions(path) == [SESSION, night(1)]


def test_where_nothing_can_be_written_the_sentence_says_what_and_where(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    path = tmp_path / "blocked" / "deep" / "journal.sqlite3"
    with pytest.raises(StoreError) as caught:
        a_journal(path).add_session(SESSION)
    assert f"“{path}” cannot be saved: " in render(caught.value.line)


def test_a_folder_in_the_place_of_the_journal_is_said(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    path.mkdir()
    with pytest.raises(StoreError) as caught:
        a_journal(path).sessions()
    assert render(caught.value.line).startswith(f"“{path}” cannot be written.")


def test_a_full_disk_is_said_and_what_was_kept_stays(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = a_journal(path)
    journal.add_session(SESSION)
    database = journal._connection
    assert database is not None
    # SQLite's own way to act out a disk on which nothing more fits
    database.execute(f"PRAGMA max_page_count = {database.execute('PRAGMA page_count').fetchone()[0]}")
    long = replace(night(1), holds=HOLDS * 200)
    with pytest.raises(StoreError) as caught:
        journal.add_session(long)
    assert "the disk is full" in render(caught.value.line)
    assert journal.sessions() == [SESSION]
    journal.close()
    kept(path, long)
    assert sessions(path) == [SESSION, long]


def test_a_journal_that_another_program_holds_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.storage.journal_sqlite._PATIENCE", 0.0)
    path = tmp_path / "journal.sqlite3"
    kept(path, SESSION)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        journal = a_journal(path)
        with pytest.raises(StoreError) as caught:
            journal.add_session(night(1))
        assert "is in use by another program" in render(caught.value.line)
        other.execute("ROLLBACK")
    journal.add_session(night(1))
    assert journal.sessions() == [SESSION, night(1)]
    journal.close()


def test_a_session_without_a_readable_time_does_not_hide_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "journal.sqlite3"
    kept(path, SESSION, night(1), night(2))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE session SET started = 'yesterday' WHERE id = 1")
        database.execute("UPDATE session SET ended = '2026-11-20T22:30:00' WHERE id = 2")
    with caplog.at_level("CRITICAL", logger="coach.storage.journal_sqlite"):
        assert sessions(path) == [night(2)]


def test_another_programs_database_is_not_written_into(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE session (x)")
    with pytest.raises(StoreError) as caught:
        a_journal(path).add_session(SESSION)
    assert "cannot be used: table session already exists" in render(caught.value.line)


@pytest.mark.skipif(os.name == "nt", reason="there a file that is open cannot be renamed")
def test_what_lies_beside_a_damaged_journal_goes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    kept(path, *(night(number) for number in range(200)))
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE session SET plan_name = 'Other' WHERE id = 1")
        other.commit()
        assert (tmp_path / "journal.sqlite3-wal").stat().st_size > 0
        with path.open("r+b") as file:
            file.seek(8192)
            file.write(b"\xa5" * (path.stat().st_size - 8192))
        journal = SqliteJournal(path, today=lambda: TODAY, report=lambda _line: None)
        journal.add_session(SESSION)
        assert journal.sessions() == [SESSION]
        journal.close()
        assert (tmp_path / "journal.sqlite3.broken-1-wal").stat().st_size > 0
    assert sessions(path) == [SESSION]


def test_damage_that_cannot_be_put_aside_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 240 + ".sqlite3")  # with .broken-1 too long for any file system
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError) as caught:
        a_journal(path).sessions()
    assert "cannot be saved" in render(caught.value.line)
    assert path.read_bytes() == b"no database at all" * 100
