"""The doctor says what works, and what to do where something does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.desktop import diagnostics
from coach.i18n import Line, render
from coach.paths import locate
from coach.speech import client
from coach.speech.protocol import Ready


def test_every_part_is_named_and_what_fails_comes_with_advice(tmp_path: Path) -> None:
    findings = diagnostics.examine(locate(tmp_path))
    assert [one.what for one in findings] == [
        "screen",
        "toolkit",
        "sound",
        "tray",
        "notifications",
        "data",
        "settings",
        "state",
        "cache",
        "log",
    ]
    for one in findings:
        assert render(one.found)
        assert one.works or one.advice is not None


def test_without_a_screen_the_terminal_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    screen, toolkit = diagnostics.examine(locate(tmp_path))[:2]
    assert screen.advice is not None and not screen.works and "--terminal" in render(screen.advice)
    assert toolkit.works and "offscreen" in render(toolkit.found)


def test_a_toolkit_that_does_not_load_says_how_to_set_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")
    toolkit = diagnostics.examine(locate(tmp_path))[1]
    assert not toolkit.works and toolkit.advice is not None and "run.sh" in render(toolkit.advice)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    data = next(one for one in diagnostics.examine(locate(blocked)) if one.what == "data")
    assert not data.works and str(blocked) in render(data.found)


def test_without_a_bus_tray_and_notifications_are_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    tray = next(one for one in diagnostics.examine(locate(tmp_path)) if one.what == "tray")
    assert not tray.works and render(tray.found) == "There is no session bus."


def test_the_voice_says_a_sentence_for_the_doctor() -> None:
    engine, voice = client.examine()
    assert engine.works and voice.works and "Hold." in render(voice.found)


def test_without_an_engine_captions_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(**_how: object) -> Ready:
        raise client.SpeechError(Line("There is no voice on this computer."))

    monkeypatch.setattr(client, "list_voices", nothing)
    findings = client.examine()
    assert [one.works for one in findings] == [False, False]
    assert all(one.advice for one in findings)
