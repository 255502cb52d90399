"""The first picture is noticed once, and noted when somebody measures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from coach.desktop.startup import FirstPaint, mark


def test_the_first_picture_is_noticed_once(qtbot: QtBot) -> None:
    window = QLabel("hello")
    qtbot.addWidget(window)
    seen: list[bool] = []
    FirstPaint(window, lambda: seen.append(window.isVisible()))
    window.show()
    qtbot.waitUntil(lambda: seen == [True])
    window.hide()
    window.show()
    qtbot.waitExposed(window)
    assert seen == [True]


def test_marks_are_written_only_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark("painted")
    monkeypatch.setenv("COACH_STARTUP_MARKS", str(tmp_path / "marks"))
    mark("painted")
    mark("interactive")
    lines = [line.split() for line in (tmp_path / "marks").read_text().splitlines()]
    assert [name for name, _ns in lines] == ["painted", "interactive"]
    assert int(lines[0][1]) <= int(lines[1][1])


def test_marks_that_cannot_be_written_stop_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_STARTUP_MARKS", "/nowhere/marks")
    mark("painted")
