"""The log of an app that lives for weeks: it stays small, and what came last is in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach import app
from coach.paths import Paths, locate

LINES = 200


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """Where a log is kept that may have 2000 bytes."""
    monkeypatch.setattr(app, "LARGEST_LOG", 2000)
    root = logging.getLogger()
    level, before = root.level, list(root.handlers)
    yield locate(tmp_path)
    root.setLevel(level)
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()


def fill() -> None:
    for number in range(LINES):
        logging.getLogger("test.log").info("something happened, number %d", number)


def logs(paths: Paths) -> list[Path]:
    return sorted(paths.log.parent.glob(f"{paths.log.name}*"))


def test_a_log_stays_small_while_the_app_runs(paths: Paths) -> None:
    app.keep_log(paths, verbose=True)
    fill()
    assert len(logs(paths)) == 2 and all(0 < one.stat().st_size < 2200 for one in logs(paths))


def test_what_came_last_is_kept_in_order(paths: Paths) -> None:
    app.keep_log(paths, verbose=True)
    fill()
    text = paths.log.with_name(f"{paths.log.name}.1").read_text() + paths.log.read_text()
    numbers = [int(line.rpartition(" ")[2]) for line in text.splitlines()]
    assert len(numbers) > 10 and numbers == list(range(LINES))[-len(numbers) :]


def test_a_log_that_cannot_be_moved_is_emptied(paths: Paths) -> None:
    app.keep_log(paths, verbose=True)
    (paths.log.with_name(f"{paths.log.name}.1") / "in the way").mkdir(parents=True)
    fill()
    assert 0 < paths.log.stat().st_size < 2200 and f"number {LINES - 1}" in paths.log.read_text()


def test_a_large_log_of_an_earlier_start_is_put_aside(paths: Paths) -> None:
    paths.log.parent.mkdir(parents=True)
    paths.log.write_text("old\n" * 1000)
    app.keep_log(paths, verbose=True)
    assert paths.log.stat().st_size == 4000  # a start that says nothing writes nothing
    fill()
    assert all(one.stat().st_size < 2200 for one in logs(paths))
