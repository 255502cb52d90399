"""Keys of a terminal, and the wish to end, arrive on the Qt loop."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from coach.desktop.keys import Ending, TerminalKeys, one_key_at_a_time, split_keys


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The writing end of a pipe that is standard input."""
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield write


def test_arrows_stay_together() -> None:
    assert split_keys("a\x1b[Cb\x1b") == ["a", "\x1b[C", "b", "\x1b"]
    assert split_keys("\x1b[") == ["\x1b", "["]


def test_keys_arrive_one_by_one(qtbot: QtBot, keyboard: int) -> None:
    keys = TerminalKeys()
    pressed: list[str] = []
    keys.pressed.connect(pressed.append)
    keys.start()
    os.write(keyboard, b" \x1b[C+")
    qtbot.waitUntil(lambda: pressed == [" ", "\x1b[C", "+"])
    os.close(keyboard)


def test_the_end_of_input_means_no_keys_and_nothing_else(qtbot: QtBot, keyboard: int) -> None:
    keys = TerminalKeys()
    pressed: list[str] = []
    keys.pressed.connect(pressed.append)
    keys.start()
    os.write(keyboard, b"v")
    os.close(keyboard)
    qtbot.waitUntil(lambda: keys._notifier is not None and not keys._notifier.isEnabled())
    assert pressed == ["v"]


def test_without_standard_input_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    keys = TerminalKeys()
    keys.start()
    with one_key_at_a_time():
        assert keys._notifier is None


def test_a_pipe_is_left_as_it_is(keyboard: int) -> None:
    with one_key_at_a_time():
        os.close(keyboard)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_terminal_hands_keys_over_at_once_and_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import pty
    import termios

    try:
        master, slave = pty.openpty()
    except OSError:
        pytest.skip("this system gives out no pseudo-terminals")
    with os.fdopen(slave) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        before = termios.tcgetattr(slave)
        with one_key_at_a_time():
            assert not termios.tcgetattr(slave)[3] & termios.ICANON
        assert termios.tcgetattr(slave)[3] == before[3]
    os.close(master)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_the_wish_to_end_arrives_as_a_call(qtbot: QtBot) -> None:
    ending = Ending()
    asked: list[int] = []
    ending.asked.connect(asked.append)
    ending.watch()
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: asked == [signal.SIGTERM])
    finally:
        ending.stop()
        ending.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)
