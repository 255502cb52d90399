"""Whether a window can be opened is known before any toolkit is loaded."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.desktop.screen import missing_screen
from coach.i18n import render


def reason(**environment: str) -> str | None:
    line = missing_screen(environment, platform="linux")
    return render(line) if line else None


@pytest.fixture
def compositor(fresh_home: Path) -> Iterator[Path]:
    path = fresh_home / "run" / "wayland-7"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        yield path


@pytest.fixture
def x_server() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        if port < 6000:
            pytest.skip("the system gave a port below those of X servers")
        server.listen()
        yield port - 6000


def test_without_any_screen_it_says_so() -> None:
    assert reason() == "There is no screen here."


def test_a_platform_set_by_hand_is_taken_at_its_word() -> None:
    assert reason(QT_QPA_PLATFORM="offscreen") is None


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_always_have_a_screen(platform: str) -> None:
    assert missing_screen({}, platform) is None


@pytest.mark.parametrize("display", [":4711", "unix:4711", "nonsense", ":", "127.0.0.1:1", "[::1]:99999"])
def test_a_screen_that_does_not_answer_is_named(display: str) -> None:
    assert reason(DISPLAY=display) == f"The screen {display} does not answer."


def test_a_compositor_that_answers_is_a_screen(compositor: Path) -> None:
    assert reason(WAYLAND_DISPLAY=compositor.name, XDG_RUNTIME_DIR=str(compositor.parent)) is None
    assert reason(WAYLAND_DISPLAY=str(compositor)) is None


def test_a_compositor_that_is_gone_is_named(tmp_path: Path) -> None:
    assert reason(WAYLAND_DISPLAY="wayland-9", XDG_RUNTIME_DIR=str(tmp_path)) == (
        "The screen wayland-9 does not answer."
    )


def test_an_x_server_that_answers_is_a_screen(x_server: int) -> None:
    assert reason(WAYLAND_DISPLAY="/nowhere", DISPLAY=f"127.0.0.1:{x_server}.0") is None
