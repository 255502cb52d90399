"""Replacing a file is all or nothing, and every reason it can fail for has its sentence."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from coach.i18n import render
from coach.services.ports import StoreError
from coach.storage import files


@pytest.mark.parametrize(
    ("reason", "help_"),
    [
        (errno.ENOSPC, "Make some room on the disk, then try again."),
        (errno.EDQUOT, "Make some room on the disk, then try again."),
        (errno.EROFS, "Allow writing there, or choose another place with --data-dir."),
        (errno.EACCES, "Allow writing there, or choose another place with --data-dir."),
        (errno.EIO, "Check that folder, or choose another place with --data-dir."),
    ],
)
def test_the_sentence_says_what_to_do(reason: int, help_: str) -> None:
    error = files.unwritable(Path("/data/settings.json"), OSError(reason, "It went wrong"))
    assert render(error.line) == f"“/data/settings.json” cannot be saved: It went wrong. {help_}"


def test_a_name_that_cannot_be_shown_still_makes_a_sentence() -> None:
    assert files.shown(Path("a\nb\udc80\u202e.json")) == "a?b??.json"


def test_a_folder_that_is_gone_needs_no_settling(tmp_path: Path) -> None:
    files.settle(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="there is no such device here")
def test_where_the_system_cannot_settle_nothing_is_said() -> None:
    files.settle(Path("/dev/null"))


def test_a_reader_gets_one_byte_more_than_it_allows(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 100)
    assert files.read(path, 10) == b"x" * 11
    assert files.read(path, 100) == b"x" * 100
    assert files.read(tmp_path / "none", 10) is None


def test_what_cannot_be_put_aside_is_said(tmp_path: Path) -> None:
    name = "x" * 250  # with .broken-1 too long for any file system
    (tmp_path / name).write_text("")
    with pytest.raises(StoreError):
        files.put_aside(tmp_path / name)
    assert (tmp_path / name).exists()
