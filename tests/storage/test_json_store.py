"""Named values survive, whatever happens to their file; a damaged file is kept and never stops anyone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.i18n import render
from coach.services.ports import StoreError
from coach.storage.json_store import JsonStore

values = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name != "version"),
    st.integers() | st.booleans() | st.text(max_size=8) | st.floats(allow_nan=False, allow_infinity=False),
    max_size=6,
)


def test_nothing_stored_yet_is_fine(tmp_path: Path) -> None:
    assert JsonStore(tmp_path / "deep" / "settings.json").load() == ({}, None)
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None, max_examples=40)
@given(stored=values)
def test_what_was_saved_is_what_is_loaded(
    stored: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = JsonStore(tmp_path_factory.mktemp("store") / "settings.json")
    store.save(stored)
    assert store.load() == (stored, None)


def test_texts_that_are_no_proper_unicode_survive(tmp_path: Path) -> None:
    store = JsonStore(tmp_path / "settings.json")
    store.save({"a": "\udc80 ä"})
    assert store.load() == ({"a": "\udc80 ä"}, None)


def test_the_file_says_its_version_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    JsonStore(path).save({"volume": 40, "version": 7})
    assert json.loads(path.read_text("utf-8")) == {"version": 1, "volume": 40}
    assert [one.name for one in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"version": 2}',
        b'{"version": true}',
        b'{"version": "1"}',
        b'{"version": 1, "volume": NaN}',
        b'{"version": 1, "volume": -Infinity}',
        b'{"version": 1, "volume": 1e999}',
        b'{"version": 1, "volume": ' + b"9" * 9000 + b"}",
        b'{"version": 1, "volume": ' + b"[" * 100_000,
        b"\xff\xfe{\x00}\x00",
        b"\x00" * 4096,
        b'{"version": 1, "x": "' + b"x" * 1024 * 1024 + b'"}',
    ],
    ids=lambda data: repr(data[:30]),
)
def test_a_damaged_file_is_kept_aside_and_reported_once(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(damaged)
    loaded, line = JsonStore(path).load()
    assert loaded == {}
    assert line is not None
    assert "is kept as “settings.json.broken-1”" in render(line)
    assert (tmp_path / "settings.json.broken-1").read_bytes() == damaged
    assert JsonStore(path).load() == ({}, None)


def test_the_second_damaged_file_does_not_overwrite_the_first(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    for text in ("one", "two"):
        path.write_text(text)
        JsonStore(path).load()
    assert [(tmp_path / f"settings.json.broken-{n}").read_text() for n in (1, 2)] == ["one", "two"]


@settings(deadline=None, max_examples=100)
@given(junk=st.binary(max_size=60))
def test_no_bytes_at_all_bring_it_down(junk: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("store") / "settings.json"
    path.write_bytes(junk)
    loaded, line = JsonStore(path).load()
    assert loaded == {}
    assert line is not None


def test_a_byte_order_mark_from_an_editor_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'\xef\xbb\xbf{"version": 1, "volume": 40}\r\n')
    assert JsonStore(path).load() == ({"volume": 40}, None)


def test_where_nothing_can_be_written_the_sentence_says_what_and_where(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    path = tmp_path / "blocked" / "settings.json"
    with pytest.raises(StoreError) as caught:
        JsonStore(path).save({"volume": 40})
    sentence = render(caught.value.line)
    assert f"“{path}” cannot be saved: " in sentence
    assert sentence.endswith("choose another place with --data-dir.")
    loaded, line = JsonStore(path).load()
    assert loaded == {}
    assert line is not None
    assert "cannot be read" in render(line)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
def test_a_full_disk_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    store = JsonStore(path)
    store.save({"volume": 40})
    (tmp_path / f"settings.json.new-{os.getpid()}").symlink_to("/dev/full")
    with pytest.raises(StoreError) as caught:
        store.save({"volume": 50})
    assert "Make some room on the disk" in render(caught.value.line)
    assert store.load() == ({"volume": 40}, None)
    assert [one.name for one in tmp_path.iterdir()] == ["settings.json"]


def test_a_folder_in_the_place_of_the_file_is_said_and_survives(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    loaded, line = JsonStore(path).load()
    assert loaded == {}
    assert line is not None
    assert render(line).endswith("is not a file. Move it away.")
    with pytest.raises(StoreError):
        JsonStore(path).save({})
    assert path.is_dir()


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    path = tmp_path / "settings.json"
    path.symlink_to(tmp_path / "dotfiles" / "settings.json")
    JsonStore(path).save({"volume": 40})
    assert path.is_symlink()
    assert JsonStore(tmp_path / "dotfiles" / "settings.json").load() == ({"volume": 40}, None)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), "x" * 1024 * 1024])
def test_a_value_that_cannot_be_kept_changes_nothing(tmp_path: Path, value: object) -> None:
    store = JsonStore(tmp_path / "settings.json")
    store.save({"volume": 40})
    with pytest.raises(StoreError) as caught:
        store.save({"volume": value})
    assert render(caught.value.line).endswith("Nothing was saved.")
    assert store.load() == ({"volume": 40}, None)


def test_a_damaged_file_that_cannot_be_moved_is_passed_over_and_said(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 245 + ".json")  # with .broken-1 too long for any file system
    path.write_text("{")
    loaded, line = JsonStore(path).load()
    assert loaded == {}
    assert line is not None
    assert render(line).endswith("cannot be understood and is passed over. Move it away.")
    assert path.read_text() == "{"
