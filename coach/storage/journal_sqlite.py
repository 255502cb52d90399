"""The journal database: sessions and the seconds really held, with a copy a day.

It leaves out what is read from them: trends, nights and ratings.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from coach.domain.exercise import Side
from coach.domain.night import HoldRecord, Outcome, SessionRecord
from coach.i18n import N_, Line, render
from coach.services.ports import StoreError
from coach.storage import files

log = logging.getLogger(__name__)

T = TypeVar("T")

BACKUP_FOLDER = "journal-backup"
BACKUPS_KEPT = 7
# Seconds to wait for another process that is writing.
_PATIENCE = 2.0
# SQLite keeps these beside the database; without them its last entries may be missing.
_BESIDE = ("-wal", "-shm", "")

# Number n leads from schema n-1 to schema n; one that was ever released is never changed.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE session (
            id INTEGER PRIMARY KEY,
            night TEXT NOT NULL,
            plan_id TEXT NOT NULL,
            plan_name TEXT NOT NULL,
            started TEXT NOT NULL,
            ended TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('finished', 'partial')),
            planned REAL NOT NULL
        )""",
        "CREATE INDEX session_by_night ON session (night)",
        """CREATE TABLE hold (
            session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            step INTEGER NOT NULL,
            exercise TEXT NOT NULL,
            side TEXT CHECK (side IN ('left', 'right')),
            round INTEGER NOT NULL,
            planned REAL NOT NULL,
            held REAL NOT NULL,
            extra REAL NOT NULL,
            how TEXT NOT NULL,
            PRIMARY KEY (session, number)
        ) WITHOUT ROWID""",
    ),
)
SCHEMA = len(MIGRATIONS)


class SqliteJournal:
    """A Journal in the file `path`, opened on first use.

    `today` names the copy that is made when the journal is opened, one a day, the last seven are kept.
    `report` hears when a damaged journal was put aside; without it that is only logged.
    """

    def __init__(
        self, path: Path, *, today: Callable[[], date], report: Callable[[Line], None] | None = None
    ) -> None:
        self._path = path
        self._today = today
        self._report = report
        self._connection: sqlite3.Connection | None = None

    def add_session(self, record: SessionRecord) -> None:
        """Keep a session; it is on the disk when this returns. Raises StoreError."""
        self._mended(lambda database: _insert(database, record))

    def sessions(self) -> Sequence[SessionRecord]:
        """All sessions, oldest first. Raises StoreError."""
        return self._mended(_select)

    def sessions_of(self, night: date) -> Sequence[SessionRecord]:
        """The sessions of one night, without those of its morning, oldest first. Raises StoreError."""
        found = self._mended(lambda database: _select(database, night))
        return [record for record in found if not record.is_morning]

    def close(self) -> None:
        """Close the database; it opens again on the next use."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _mended(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work`; if the database proves damaged, once more on the one that takes its place."""
        try:
            return self._do(work)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise _refusal(self._path, error) from error
        self._put_aside()
        try:
            return self._do(work)
        except sqlite3.DatabaseError as error:
            raise _refusal(self._path, error) from error

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._opened()
        return work(self._connection)

    def _opened(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise files.unwritable(self._path, error) from error
        connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
        try:
            found = _version(connection)
            if not 0 <= found <= SCHEMA:
                fields = (("path", files.shown(self._path)),)
                sentence = N_(
                    "“{path}” is from a newer version of Stretch Coach. Nothing was changed; please update."
                )
                raise StoreError(Line(sentence, fields))
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._back_up(connection, found)
            _migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _back_up(self, connection: sqlite3.Connection, schema: int) -> None:
        """Copy a sound journal once a day, before a migration could spoil it."""
        folder = self._path.parent / BACKUP_FOLDER
        copy = folder / f"{self._path.stem}-{self._today().isoformat()}{self._path.suffix}"
        if schema == 0 or copy.exists():
            return
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise _damaged()
        new = copy.with_name(copy.name + ".new")
        try:
            folder.mkdir(exist_ok=True)
            new.unlink(missing_ok=True)
            with closing(sqlite3.connect(new)) as target:
                connection.backup(target)
                # One file with nothing beside it is easier to copy away.
                target.execute("PRAGMA journal_mode = DELETE")
            new.replace(copy)
            for old in self._backups()[BACKUPS_KEPT:]:
                old.unlink()
        except (OSError, sqlite3.Error) as error:
            # A full disk must not keep anyone from the journal itself.
            log.warning("no copy of the journal was made: %s", error)

    def _backups(self) -> list[Path]:
        """The copies, newest first."""
        pattern = f"{self._path.stem}-????-??-??{self._path.suffix}"
        return sorted((self._path.parent / BACKUP_FOLDER).glob(pattern), reverse=True)

    def _put_aside(self) -> None:
        """Rename the damaged journal, and go on from the newest sound copy if there is one."""
        self.close()
        aside = files.put_aside(self._path, _BESIDE)
        fields = [("path", files.shown(self._path)), ("aside", aside.name)]
        sentence = N_("“{path}” was damaged. It is kept as “{aside}”, and a new journal was begun.")
        copy = next((one for one in self._backups() if _is_sound(one)), None)
        if copy is not None:
            try:
                files.replace(self._path, copy.read_bytes())
            except OSError as error:
                raise files.unwritable(self._path, error) from error
            fields.append(("copy", copy.name))
            sentence = N_("“{path}” was damaged. It is kept as “{aside}”; the journal goes on from “{copy}”.")
        line = Line(sentence, tuple(fields))
        if self._report is None:
            log.warning("%s", render(line))
        else:
            self._report(line)


def _insert(database: sqlite3.Connection, record: SessionRecord) -> None:
    with _transaction(database):
        cursor = database.execute(
            "INSERT INTO session (night, plan_id, plan_name, started, ended, outcome, planned)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                record.night.isoformat(),
                record.plan_id,
                record.plan_name,
                record.started.isoformat(),
                record.ended.isoformat(),
                record.outcome.value,
                record.planned,
            ),
        )
        database.executemany(
            "INSERT INTO hold (session, number, step, exercise, side, round, planned, held, extra, how)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    cursor.lastrowid,
                    number,
                    hold.step,
                    hold.exercise,
                    hold.side.value if hold.side else None,
                    hold.round,
                    hold.planned,
                    hold.held,
                    hold.extra,
                    hold.how,
                )
                for number, hold in enumerate(record.holds)
            ],
        )


def _select(database: sqlite3.Connection, night: date | None = None) -> list[SessionRecord]:
    """All sessions, or those of one night."""
    where, what = ("", ()) if night is None else (" WHERE night = ?", (night.isoformat(),))
    holds: dict[int, list[HoldRecord]] = {}
    rows = database.execute(
        "SELECT session, step, exercise, side, round, planned, held, extra, how FROM hold"
        + (where and f" WHERE session IN (SELECT id FROM session{where})")
        + " ORDER BY session, number",
        what,
    )
    for session, step, exercise, side, lap, planned, held, extra, how in rows:
        record = HoldRecord(step, exercise, Side(side) if side else None, lap, planned, held, extra, how)
        holds.setdefault(session, []).append(record)
    rows = database.execute(
        f"SELECT id, plan_id, plan_name, started, ended, outcome, planned FROM session{where} ORDER BY id",
        what,
    )
    sessions: list[SessionRecord] = []
    for session, plan_id, plan_name, started, ended, outcome, planned in rows:
        try:
            begin, end = datetime.fromisoformat(started), datetime.fromisoformat(ended)
            if begin.tzinfo is None or end.tzinfo is None:
                raise ValueError("no offset")
        except (TypeError, ValueError):
            # Written by something else; the others are still worth showing.
            log.warning("session %s in the journal has no readable time and is passed over", session)
            continue
        sessions.append(
            SessionRecord(
                plan_id, plan_name, begin, end, Outcome(outcome), planned, tuple(holds.get(session, ()))
            )
        )
    # Offsets change in spring and autumn, so that the texts do not sort by themselves.
    return sorted(sessions, key=lambda record: record.started)


def _migrate(database: sqlite3.Connection) -> None:
    with _transaction(database):
        # Read again inside: another process may have been first.
        for number in range(_version(database), SCHEMA):
            for statement in MIGRATIONS[number]:
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {number + 1}")


def _version(database: sqlite3.Connection) -> int:
    database.execute("SELECT count(*) FROM sqlite_master")
    return int(database.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        # SQLite has rolled back by itself after some errors.
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as database:
            return bool(
                0 < _version(database) <= SCHEMA
                and database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            )
    except sqlite3.Error:
        return False


def _damaged() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("quick_check found damage")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _code(error: sqlite3.Error) -> int:
    """The primary result code of SQLite; 0 when there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _refusal(path: Path, error: sqlite3.Error) -> StoreError:
    match _code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            sentence = N_("“{path}” is in use by another program. Close that, then try again.")
        case sqlite3.SQLITE_FULL:
            sentence = N_("“{path}” cannot be saved: the disk is full. Make some room, then try again.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            sentence = N_("“{path}” cannot be written. Allow that, or choose another place with --data-dir.")
        case _:
            sentence = N_(
                "“{path}” cannot be used: {reason}. Check the disk, or choose another with --data-dir."
            )
    return StoreError(Line(sentence, (("path", files.shown(path)), ("reason", str(error)))))
