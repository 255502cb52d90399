"""The running session as lines in a file, so that a crash loses the running segment at most.

It leaves out whether a session that broke off is offered again, and the journal.
"""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from coach.domain.night import HoldRecord, Unfinished
from coach.storage import files
from coach.storage.values import plain, restored

VERSION = 1
# Bytes; a plan of 1,000 steps with ten rounds each writes about 8 MiB.
LARGEST = 32 * 1024 * 1024


class SessionLogFile:
    """A SessionLog in the file `path`: a line that says all there was at the start, then a line an event.

    Every line is on the disk when its method returns. Every method raises StoreError when that is impossible.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, running: Unfinished) -> None:
        """Start a new log over any old one; until the new one is complete the old one stays."""
        files.replace(self._path, _line({"version": VERSION, "running": plain(running)}))

    def at(self, position: int, when: datetime) -> None:
        """Segment `position` has begun."""
        self._append({"at": position, "when": when.isoformat()})

    def held(self, hold: HoldRecord, when: datetime) -> None:
        """A hold is over."""
        self._append({"held": plain(hold), "when": when.isoformat()})

    def clear(self) -> None:
        """Forget the session."""
        try:
            self._path.unlink(missing_ok=True)
            files.settle(self._path.parent)
        except OSError as error:
            raise files.unwritable(self._path, error) from error

    def read(self) -> Unfinished | None:
        """The session that broke off. Lines that are torn or damaged are passed over.

        Without a sound first line there is nothing to go on with: the file is put aside.
        """
        data = files.read(self._path, LARGEST)
        if data is None:
            return None
        first, *lines = data.split(b"\n")
        try:
            if len(data) > LARGEST:
                raise ValueError("too large")
            running = _header(first)
        except (ValueError, RecursionError):
            files.put_aside(self._path)
            return None
        holds = list(running.holds)
        for line in lines:
            try:
                running = _after(running, holds, line)
            except (ValueError, RecursionError):
                continue
        return replace(running, holds=tuple(holds))

    def _append(self, event: dict[str, object]) -> None:
        data = _line(event)
        try:
            # Without O_CREAT: a line without its header would be worth nothing.
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
            try:
                if os.write(handle, data) < len(data):
                    # Half a line is the sign of a full disk; it is passed over when read.
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise files.unwritable(self._path, error) from error


def _line(event: dict[str, object]) -> bytes:
    # The line break in front separates it from a line that was torn before.
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    mark = b"" if "version" in event else b"\n"
    return mark + text.encode("utf-8", "backslashreplace")


def _loaded(line: bytes) -> dict[str, Any]:
    values = json.loads(line.decode("utf-8"))
    if not isinstance(values, dict):
        raise ValueError("no object")
    return values


def _header(line: bytes) -> Unfinished:
    values = _loaded(line)
    if values.get("version") != VERSION:
        raise ValueError("another version")
    return restored(Unfinished, values.get("running"))


def _after(running: Unfinished, holds: list[HoldRecord], line: bytes) -> Unfinished:
    values = _loaded(line)
    when = restored(datetime, values.get("when"))
    if "held" in values:
        holds.append(restored(HoldRecord, values["held"]))
        return replace(running, last=when)
    position = restored(int, values.get("at"))
    if position < 0:
        raise ValueError("no position")
    return replace(running, position=position, last=when)
