"""The display stays awake while a session runs: over a real bus with real peers, and where there is none."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, MatchRule, Message, message_bus, new_method_call
from pytestqt.qtbot import QtBot

from coach.desktop.awake import APP_NAME, BusAwake
from coach.desktop.bus import Bus, succeeded
from tests.fakes import FakeAwake

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("dbus-daemon"), reason="D-Bus is for Linux and the like"
)

PEER = Path(__file__).with_name("bus_peer.py")
ROOT = Path(__file__).resolve().parents[2]
Peer = Callable[[str], Path]


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    """A session bus of our own; the real one is never reached."""
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", process.stdout.readline().strip())
        yield process
        process.terminate()


@pytest.fixture
def bus(daemon: object) -> Iterator[Bus]:
    one = Bus(patience=1000)
    yield one
    one.close()


@pytest.fixture
def peer(daemon: object, tmp_path: Path, qtbot: QtBot) -> Iterator[Peer]:
    """Starts a peer of a kind and returns the file in which its calls appear."""
    started: list[subprocess.Popen[bytes]] = []

    def start(kind: str) -> Path:
        log = tmp_path / kind
        log.touch()
        started.append(subprocess.Popen([sys.executable, str(PEER), kind, str(log)], cwd=ROOT))
        qtbot.waitUntil(lambda: log.read_text().startswith("ready\n"), timeout=5000)
        return log

    yield start
    for process in started:
        process.kill()
        process.wait()


def calls(log: Path) -> list[str]:
    return log.read_text().splitlines()[1:]


def see(qtbot: QtBot, log: Path, count: int) -> list[str]:
    qtbot.waitUntil(lambda: len(calls(log)) >= count, timeout=5000)
    return calls(log)


def settled(qtbot: QtBot, bus: Bus) -> None:
    """Wait until the bus has answered everything we sent it."""
    answers: list[Message | None] = []
    bus.call(message_bus.GetId(), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=2000)


def test_the_screen_saver_is_held_once_and_let_go(bus: Bus, peer: Peer, qtbot: QtBot) -> None:
    log = peer("saver")
    awake = BusAwake(bus)
    awake.hold()
    awake.hold()
    (hold,) = see(qtbot, log, 1)
    assert hold.startswith("/org/freedesktop/ScreenSaver Inhibit")
    assert APP_NAME in hold
    qtbot.waitUntil(lambda: awake._undo is not None, timeout=2000)
    awake.release()
    awake.release()
    assert see(qtbot, log, 2)[1] == "/org/freedesktop/ScreenSaver UnInhibit (4711,)"
    awake.hold()
    assert len(see(qtbot, log, 3)) == 3


def test_a_session_that_ends_before_the_answer_comes_lets_go_all_the_same(
    bus: Bus, peer: Peer, qtbot: QtBot
) -> None:
    log = peer("saver")
    awake = BusAwake(bus)
    awake.hold()
    awake.release()
    assert "UnInhibit" in see(qtbot, log, 2)[1]


@pytest.mark.parametrize("other", ["nothing", "refusing", "deaf"])
def test_the_portal_helps_where_the_screen_saver_does_not(
    bus: Bus, peer: Peer, qtbot: QtBot, other: str
) -> None:
    if other != "nothing":
        peer(other)
    log = peer("portal")
    awake = BusAwake(bus)
    awake.hold()
    (hold,) = see(qtbot, log, 1)
    assert hold.startswith("/org/freedesktop/portal/desktop Inhibit ('', 8, ")
    qtbot.waitUntil(lambda: awake._undo is not None, timeout=2000)
    awake.release()
    assert see(qtbot, log, 2)[1] == "/org/freedesktop/portal/desktop/request/7 Close ()"


def test_in_a_sandbox_the_portal_is_asked_first(bus: Bus, peer: Peer, qtbot: QtBot) -> None:
    saver, portal = peer("saver"), peer("portal")
    BusAwake(bus, sandboxed=True).hold()
    see(qtbot, portal, 1)
    settled(qtbot, bus)
    assert calls(saver) == []


def test_where_nothing_is_offered_it_is_logged_and_nothing_breaks(
    bus: Bus, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    awake = BusAwake(bus)
    awake.hold()
    qtbot.waitUntil(lambda: "nothing here keeps the display awake" in caplog.text, timeout=5000)
    awake.release()


@pytest.mark.parametrize("address", [None, "", "unix:path=/nowhere", "nonsense"])
def test_without_a_bus_every_call_is_answered_at_once(
    address: str | None, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if address is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    bus = Bus()
    answers: list[Message | None] = []
    bus.call(message_bus.GetId(), answers.append)
    assert answers == [None]
    awake = BusAwake(bus)
    awake.hold()
    awake.release()
    bus.close()


def test_a_call_that_nobody_answers_is_given_up(bus: Bus, peer: Peer, qtbot: QtBot) -> None:
    peer("deaf")
    saver = DBusAddress("/x", "org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver")
    answers: list[Message | None] = []
    bus.call(new_method_call(saver, "Inhibit"), answers.append)
    qtbot.waitUntil(lambda: answers == [None], timeout=5000)


def test_an_error_is_an_answer_but_no_success(bus: Bus, qtbot: QtBot) -> None:
    answers: list[Message | None] = []
    bus.call(new_method_call(DBusAddress("/x", "org.nobody.Here", "org.nobody"), "Hello"), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=2000)
    assert answers[0] is not None
    assert not succeeded(answers[0])
    assert not succeeded(None)


def test_signals_reach_those_who_listen(bus: Bus, qtbot: QtBot) -> None:
    heard: list[tuple[str, ...]] = []
    rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    bus.listen(rule, lambda message: heard.append(message.body))
    bus.call(message_bus.RequestName("org.stretchcoach.Test"), lambda _reply: None)
    qtbot.waitUntil(lambda: any(body[0] == "org.stretchcoach.Test" for body in heard), timeout=2000)


def test_a_bus_that_dies_is_noticed_and_nothing_breaks(
    daemon: subprocess.Popen[str], bus: Bus, peer: Peer, qtbot: QtBot
) -> None:
    peer("deaf")
    answers: list[Message | None] = []
    saver = DBusAddress("/x", "org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver")
    bus.call(new_method_call(saver, "Inhibit"), answers.append)
    os.kill(daemon.pid, 9)
    qtbot.waitUntil(lambda: answers == [None], timeout=900)  # sooner than its patience ends
    bus.call(message_bus.GetId(), answers.append)
    assert answers == [None, None]


def test_the_fake_display_counts_as_the_real_one() -> None:
    awake = FakeAwake()
    awake.hold()
    awake.hold()
    assert (awake.held, awake.holds) == (True, 1)
    awake.release()
    assert not awake.held
