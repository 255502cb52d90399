"""Where things are."""

from __future__ import annotations

from pathlib import Path

from coach.paths import assets_dir, locate


def test_a_data_folder_holds_everything_apart(tmp_path: Path) -> None:
    paths = locate(tmp_path)
    folders = [paths.config, paths.data, paths.state, paths.cache]
    assert len(set(folders)) == 4 and all(folder.parent == tmp_path for folder in folders)
    assert paths.settings.parent == paths.config and paths.window.parent == paths.state
    assert paths.journal.parent == paths.data and paths.plans.parent == paths.data
    assert paths.running_session.parent == paths.state and paths.voice_cache.parent == paths.cache
    assert paths.log.parent == paths.state


def test_nothing_is_created_by_asking(tmp_path: Path) -> None:
    locate(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_without_a_folder_the_platform_decides(fresh_home: Path) -> None:
    assert locate().data.is_relative_to(fresh_home)


def test_the_shipped_files_are_there() -> None:
    for name in ("exercises", "plans", "poses", "figures", "sounds", "icons"):
        assert any((assets_dir() / name).iterdir())
