"""Where things are."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest

from coach.paths import assets_dir, locate


def test_a_data_folder_holds_everything_apart(tmp_path: Path) -> None:
    paths = locate(tmp_path)
    folders = [paths.config, paths.data, paths.state, paths.cache]
    assert len(set(folders)) == 4 and all(folder.parent == tmp_path for folder in folders)
    assert paths.settings.parent == paths.config and paths.window.parent == paths.state
    assert paths.journal.parent == paths.data and paths.plans.parent == paths.data
    assert paths.running_session.parent == paths.state and paths.voice_cache.parent == paths.cache
    assert paths.log.parent == paths.state
    assert paths.evenings.parent == paths.config and paths.reminders.parent == paths.state


def test_nothing_is_created_by_asking(tmp_path: Path) -> None:
    locate(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_without_a_folder_the_platform_decides(fresh_home: Path) -> None:
    assert locate().data.is_relative_to(fresh_home)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs itself is asked")
@pytest.mark.parametrize("given", [None, "", "relative/folder", "/some/where"])
def test_on_linux_they_are_where_platformdirs_would_have_them(
    monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        if given is None:
            monkeypatch.delenv(f"XDG_{name}_HOME")
        else:
            monkeypatch.setenv(f"XDG_{name}_HOME", given)
    theirs = platformdirs.PlatformDirs("stretch-coach", appauthor=False)
    ours = locate()
    assert ours.config == theirs.user_config_path and ours.data == theirs.user_data_path
    assert ours.state == theirs.user_state_path and ours.cache == theirs.user_cache_path


def test_the_shipped_files_are_there() -> None:
    for name in ("exercises", "plans", "poses", "figures", "sounds", "icons"):
        assert any((assets_dir() / name).iterdir())
