"""The computer's sleep and its time zone are noticed, from whoever really tells them."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, HeaderFields, Message, message_bus, new_method_call, new_signal
from pytestqt.qtbot import QtBot

from coach.desktop.bus import Bus, succeeded
from coach.desktop.sleep_watch import SleepWatch, WindowsMessages, _WindowsMessage
from tests.desktop.private_bus import PrivateBus, needs_a_bus

# The mocks of Debian's python3-dbusmock: the system's own Python knows them, ours does not.
PYTHON = Path("/usr/bin/python3")
Mock = Callable[[str], None]


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """A system bus of our own."""
    private = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", private.address)
    yield private
    private.kill()


@pytest.fixture
def bus(daemon: PrivateBus) -> Iterator[Bus]:
    one = Bus("SYSTEM", patience=5000, tries=(20, 40, 80, 160, 320))
    yield one
    one.close()


@pytest.fixture
def stranger(daemon: PrivateBus) -> Iterator[Bus]:
    """Somebody else on the same bus."""
    one = Bus("SYSTEM")
    yield one
    one.close()


def said(qtbot: QtBot, bus: Bus, message: Message) -> Message:
    """The answer to a call."""
    answers: list[Message | None] = []
    bus.call(message, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    assert answers[0] is not None
    return answers[0]


@pytest.fixture
def mock(stranger: Bus, qtbot: QtBot) -> Iterator[Mock]:
    """Starts one of the mocks, such as logind."""
    if (
        not PYTHON.exists()
        or subprocess.run([PYTHON, "-c", "import dbusmock"], capture_output=True).returncode
    ):
        pytest.skip("python3-dbusmock is not installed")
    started: list[subprocess.Popen[bytes]] = []
    names = {"logind": "org.freedesktop.login1", "timedated": "org.freedesktop.timedate1"}

    def start(template: str) -> None:
        command = [str(PYTHON), "-m", "dbusmock", "--system", "--template", template]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        owned = message_bus.NameHasOwner(names[template])
        qtbot.waitUntil(lambda: said(qtbot, stranger, owned).body == (True,), timeout=10_000)

    yield start
    for process in started:
        process.kill()
        process.wait()


def prepare_for_sleep(qtbot: QtBot, bus: Bus, sleeps: bool) -> None:
    """Let logind say that the computer is about to sleep, or woke up."""
    mock = DBusAddress("/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.DBus.Mock")
    body = ("org.freedesktop.login1.Manager", "PrepareForSleep", "b", [("b", sleeps)])
    assert succeeded(said(qtbot, bus, new_method_call(mock, "EmitSignal", "sssav", body)))


def watched(watch: SleepWatch) -> list[str]:
    news: list[str] = []
    watch.asleep.subscribe(lambda asleep: news.append("asleep" if asleep else "awake"))
    watch.zone_changed.subscribe(lambda _none: news.append("zone"))
    return news


@needs_a_bus
def test_logind_tells_before_and_after_a_sleep(bus: Bus, stranger: Bus, mock: Mock, qtbot: QtBot) -> None:
    mock("logind")
    watch = SleepWatch(bus)
    news = watched(watch)
    watch.start()
    watch.start()
    said(qtbot, bus, message_bus.GetId())
    prepare_for_sleep(qtbot, stranger, True)
    prepare_for_sleep(qtbot, stranger, False)
    qtbot.waitUntil(lambda: news == ["asleep", "awake"], timeout=5000)
    watch.close()
    watch.close()
    said(qtbot, bus, message_bus.GetId())
    prepare_for_sleep(qtbot, stranger, True)
    said(qtbot, bus, message_bus.GetId())
    assert news == ["asleep", "awake"]


@needs_a_bus
def test_the_watch_goes_on_when_bus_and_logind_were_restarted(
    daemon: PrivateBus, bus: Bus, stranger: Bus, mock: Mock, qtbot: QtBot
) -> None:
    watch = SleepWatch(bus)
    news, back = watched(watch), list[None]()
    bus.returned.subscribe(back.append)
    watch.start()
    said(qtbot, bus, message_bus.GetId())
    daemon.kill()
    daemon.start()
    qtbot.waitUntil(lambda: bool(back), timeout=5000)
    mock("logind")
    prepare_for_sleep(qtbot, stranger, True)
    qtbot.waitUntil(lambda: news == ["asleep"], timeout=5000)


@needs_a_bus
def test_travelling_to_another_zone_is_told(bus: Bus, stranger: Bus, mock: Mock, qtbot: QtBot) -> None:
    mock("timedated")
    watch = SleepWatch(bus)
    news = watched(watch)
    watch.start()
    said(qtbot, bus, message_bus.GetId())
    timedated = DBusAddress(
        "/org/freedesktop/timedate1", "org.freedesktop.timedate1", "org.freedesktop.timedate1"
    )
    assert succeeded(said(qtbot, stranger, new_method_call(timedated, "SetNTP", "bb", (False, False))))
    said(qtbot, bus, message_bus.GetId())
    assert news == []
    assert succeeded(
        said(qtbot, stranger, new_method_call(timedated, "SetTimezone", "sb", ("Asia/Tokyo", False)))
    )
    qtbot.waitUntil(lambda: news == ["zone"], timeout=5000)


@needs_a_bus
def test_nobody_but_logind_can_put_a_session_to_sleep(bus: Bus, stranger: Bus, qtbot: QtBot) -> None:
    watch = SleepWatch(bus)
    news = watched(watch)
    watch.start()
    bus.request_name("org.stretchcoach.Us")
    said(qtbot, bus, message_bus.GetId())
    emitter = DBusAddress("/org/freedesktop/login1", interface="org.freedesktop.login1.Manager")
    for to in (None, "org.stretchcoach.Us"):
        message = new_signal(emitter, "PrepareForSleep", "b", (True,))
        if to is not None:
            message.header.fields[HeaderFields.destination] = to
        stranger.tell(message)
    said(qtbot, stranger, message_bus.GetId())
    said(qtbot, bus, message_bus.GetId())
    assert news == []


@needs_a_bus
@pytest.mark.parametrize("body", [("s", ("now",)), ("bb", (True, True)), ("", ())])
def test_a_strange_logind_is_not_believed(
    bus: Bus, stranger: Bus, qtbot: QtBot, body: tuple[str, tuple[object, ...]]
) -> None:
    watch = SleepWatch(bus)
    news = watched(watch)
    watch.start()
    said(qtbot, bus, message_bus.GetId())
    stranger.request_name("org.freedesktop.login1")
    stranger.emit("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", *body)
    stranger.emit(
        "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "b", (True,)
    )
    qtbot.waitUntil(lambda: bool(news), timeout=5000)
    assert news == ["asleep"]


def test_without_a_system_bus_it_is_silent(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    watch = SleepWatch(Bus("SYSTEM"))
    news = watched(watch)
    watch.start()
    watch.close()
    assert news == []


def test_windows_tells_it_by_messages_each_sleep_once() -> None:
    news: list[object] = []
    messages = WindowsMessages(news.append, lambda: news.append("zone"))

    def tell(number: int, first: int) -> None:
        message = _WindowsMessage(0, number, first, 0)
        assert messages.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(message)) == (False, 0)

    for number, first in [(0x0218, 4), (0x0218, 4), (0x000F, 4), (0x0218, 0x12), (0x0218, 7), (0x0218, 10)]:
        tell(number, first)
    assert news == [True, False]
    tell(0x001E, 0)
    assert news == [True, False, "zone"]
