"""What others on the bus see of us, what we hear of them, and what is left of it when the bus dies."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import socket
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from jeepney import (
    DBusAddress,
    Endianness,
    HeaderFields,
    MatchRule,
    Message,
    MessageFlag,
    message_bus,
    new_method_call,
    new_method_return,
    new_signal,
)
from pytestqt.qtbot import QtBot

from coach.desktop.bus import LONGEST, Bus, CallError, Interface, Method, Property, succeeded
from tests.conftest import ExpectWarning
from tests.desktop.private_bus import PrivateBus, needs_a_bus

pytestmark = needs_a_bus

NAME = "org.stretchcoach.Test"
PATH = "/org/stretchcoach/Test"
Talk = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    private = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", private.address)
    yield private
    private.kill()


@pytest.fixture
def new_bus(daemon: PrivateBus) -> Iterator[Callable[..., Bus]]:
    made: list[Bus] = []

    def make(tries: tuple[int, ...] = (20, 40, 80, 160, 320)) -> Bus:
        made.append(Bus(patience=5000, tries=tries))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def talk(daemon: PrivateBus, qtbot: QtBot) -> Talk:
    """Runs a program beside our event loop and returns what it said."""

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        if not shutil.which(command[0]):
            pytest.skip(f"{command[0]} is not installed")
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "LC_ALL": "C"},
        ) as process:
            qtbot.waitUntil(lambda: process.poll() is not None, timeout=10_000)
            out, err = process.communicate()
            return subprocess.CompletedProcess(command, process.returncode, out, err)

    return run


class Lamp:
    """Something to be switched from elsewhere."""

    def __init__(self) -> None:
        self.light = 20
        self.asked: list[str] = []

    def interface(self) -> Interface:
        def say(text: str, times: int) -> tuple[str]:
            self.asked.append(text)
            return (text * times,)

        def refuse() -> None:
            raise CallError("Not tonight.")

        def stumble() -> None:
            raise RuntimeError("a mistake")

        def dim(light: int) -> None:
            self.light = light

        return Interface(
            "org.stretchcoach.Lamp",
            methods={
                "Say": Method(say, "si", "s", ("text", "times", "said")),
                "Refuse": Method(refuse),
                "Stumble": Method(stumble),
                "Lie": Method(lambda: ("no number",), gives="u"),
            },
            properties={
                "Light": Property("u", lambda: self.light, dim),
                "Lengths": Property("a{sx}", lambda: {"long": 2**40}, tells=False),
            },
            signals={"Flickered": "sa{sv}as"},
        )


@pytest.fixture
def lamp(new_bus: Callable[..., Bus], qtbot: QtBot) -> Lamp:
    """A lamp on the bus under our name."""
    lamp, bus, owned = Lamp(), new_bus(), list[bool]()
    bus.serve(PATH, lamp.interface())
    bus.request_name(NAME, owned.append)
    qtbot.waitUntil(lambda: owned == [True], timeout=5000)
    return lamp


def gdbus(method: str, *arguments: str, path: str = PATH) -> tuple[str, ...]:
    return ("gdbus", "call", "--session", "-d", NAME, "-o", path, "-m", method, *arguments)


def to_lamp(method: str, signature: str | None = None, body: tuple[object, ...] = ()) -> Message:
    message: Message = new_method_call(
        DBusAddress(PATH, NAME, "org.stretchcoach.Lamp"), method, signature, body
    )
    return message


def test_a_method_is_called_and_answered(lamp: Lamp, talk: Talk) -> None:
    done = talk(*gdbus("org.stretchcoach.Lamp.Say", "la", "3"))
    assert done.stdout == "('lalala',)\n"
    assert lamp.asked == ["la"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (to_lamp("Say", "sss", ("a", "b", "c")), "InvalidArgs"),
        (to_lamp("Say", "is", (1, "la")), "InvalidArgs"),
        (to_lamp("Say"), "InvalidArgs"),
        (to_lamp("Refuse"), "Failed"),
        (to_lamp("Sing"), "UnknownMethod"),
        (new_method_call(DBusAddress(PATH, NAME, "org.stretchcoach.Sun"), "Say"), "UnknownInterface"),
        (new_method_call(DBusAddress("/elsewhere", NAME, "org.stretchcoach.Lamp"), "Say"), "UnknownObject"),
    ],
)
def test_a_call_that_cannot_be_done_is_answered_with_an_error(
    lamp: Lamp, new_bus: Callable[..., Bus], qtbot: QtBot, call: Message, error: str
) -> None:
    answers: list[Message | None] = []
    new_bus().call(call, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    assert answers[0] is not None and not succeeded(answers[0])
    assert f"org.freedesktop.DBus.Error.{error}" in str(answers[0].header)
    assert lamp.asked == []


@pytest.mark.parametrize("method", ["Stumble", "Lie"])
def test_a_mistake_of_ours_is_logged_and_the_caller_gets_an_error_all_the_same(
    lamp: Lamp, talk: Talk, expected_warnings: ExpectWarning, method: str
) -> None:
    expected_warnings("a call could not be answered")
    done = talk(*gdbus(f"org.stretchcoach.Lamp.{method}"))
    assert "Something went wrong." in done.stderr
    assert talk(*gdbus("org.stretchcoach.Lamp.Say", "on", "1")).stdout == "('on',)\n"


def test_everyone_may_ask_whether_we_are_there(lamp: Lamp, talk: Talk) -> None:
    assert talk(*gdbus("org.freedesktop.DBus.Peer.Ping")).stdout == "()\n"
    assert talk(*gdbus("org.freedesktop.DBus.Peer.Ping", path="/")).stdout == "()\n"


def test_the_description_of_an_object_is_valid_and_can_be_found_from_the_root(lamp: Lamp, talk: Talk) -> None:
    seen = talk("gdbus", "introspect", "--session", "--recurse", "-d", NAME, "-o", "/")
    assert seen.returncode == 0, seen.stderr
    for part in (
        "Say(in  s text,",
        "out s said)",
        "readwrite u Light = 20",
        "readonly a{sx} Lengths",
        f"node {PATH}",
    ):
        assert part in seen.stdout
    (text,) = eval(talk(*gdbus("org.freedesktop.DBus.Introspectable.Introspect")).stdout)
    flickered = ElementTree.fromstring(text).find(".//signal[@name='Flickered']")
    assert flickered is not None
    assert [one.get("type") for one in flickered] == ["s", "a{sv}", "as"]


def test_properties_are_read_and_written_by_their_types(lamp: Lamp, talk: Talk) -> None:
    properties = "org.freedesktop.DBus.Properties"
    of = "org.stretchcoach.Lamp"
    assert talk(*gdbus(f"{properties}.Get", of, "Light")).stdout == "(<uint32 20>,)\n"
    every = talk(*gdbus(f"{properties}.GetAll", of)).stdout
    assert every == "({'Light': <uint32 20>, 'Lengths': <{'long': int64 1099511627776}>},)\n"
    assert talk(*gdbus(f"{properties}.Set", of, "Light", "<uint32 5>")).stdout == "()\n"
    assert lamp.light == 5
    assert "InvalidArgs" in talk(*gdbus(f"{properties}.Set", of, "Light", "<'bright'>")).stderr
    assert "PropertyReadOnly" in talk(*gdbus(f"{properties}.Set", of, "Lengths", "<uint32 5>")).stderr
    assert "UnknownProperty" in talk(*gdbus(f"{properties}.Get", of, "Shade")).stderr
    assert "UnknownInterface" in talk(*gdbus(f"{properties}.GetAll", "org.stretchcoach.Sun")).stderr
    assert lamp.light == 5


def test_a_change_is_told_with_an_empty_list_of_texts_beside_it(
    new_bus: Callable[..., Bus], qtbot: QtBot
) -> None:
    ours, theirs, lamp, heard = new_bus(), new_bus(), Lamp(), list[Message]()
    ours.serve(PATH, lamp.interface())
    rule = MatchRule(type="signal", interface="org.freedesktop.DBus.Properties", path=PATH)
    theirs.listen(rule, heard.append)
    settled(qtbot, theirs, ours)
    ours.changed(PATH, "org.stretchcoach.Lamp", "Light")
    qtbot.waitUntil(lambda: bool(heard), timeout=5000)
    assert heard[0].body == ("org.stretchcoach.Lamp", {"Light": ("u", 20)}, [])
    assert "'sa{sv}as'" in str(heard[0].header)


def test_what_is_no_longer_served_is_gone(new_bus: Callable[..., Bus], talk: Talk, qtbot: QtBot) -> None:
    bus, owned = new_bus(), list[bool]()
    stop = bus.serve(PATH, Lamp().interface())
    bus.request_name(NAME, owned.append)
    qtbot.waitUntil(lambda: owned == [True], timeout=5000)
    stop()
    assert "UnknownObject" in talk(*gdbus("org.stretchcoach.Lamp.Say", "la", "1")).stderr


def test_a_name_belongs_to_who_came_first_until_it_is_released(
    new_bus: Callable[..., Bus], qtbot: QtBot
) -> None:
    first, second, told = new_bus(), new_bus(), list[tuple[str, bool]]()
    first.request_name(NAME, lambda owned: told.append(("first", owned)))
    settled(qtbot, first)
    second.request_name(NAME, lambda owned: told.append(("second", owned)))
    settled(qtbot, second)
    first.release_name(NAME)
    first.release_name(NAME)
    settled(qtbot, first)
    second.request_name(NAME, lambda owned: told.append(("second", owned)))
    settled(qtbot, second)
    assert told == [("first", True), ("second", False), ("second", True)]


def settled(qtbot: QtBot, *buses: Bus) -> None:
    """Wait until the bus has dealt with everything that was sent over these connections."""
    for bus in buses:
        answers: list[Message | None] = []
        bus.call(message_bus.GetId(), answers.append)
        qtbot.waitUntil(partial(bool, answers), timeout=5000)
        assert succeeded(answers[0])


# ---------------------------------------------------------------- who speaks


def flicker(to: str | None = None) -> Message:
    message = new_signal(DBusAddress(PATH, interface="org.stretchcoach.Lamp"), "Flickered", "s", ("now",))
    if to is not None:
        message.header.fields[HeaderFields.destination] = to
    return message


@pytest.mark.parametrize("alone", [False, True], ids=["to everyone", "to us alone"])
def test_only_the_owner_of_the_name_that_is_listened_to_is_heard(
    new_bus: Callable[..., Bus], qtbot: QtBot, alone: bool
) -> None:
    us, lamp, stranger = new_bus(), new_bus(), new_bus()
    heard: list[Message] = []
    us.listen(MatchRule(type="signal", sender=NAME, interface="org.stretchcoach.Lamp"), heard.append)
    us.request_name("org.stretchcoach.Us")
    settled(qtbot, us)
    lamp.request_name(NAME)  # only after we listen: it may come later
    settled(qtbot, lamp, stranger)
    stranger.tell(flicker("org.stretchcoach.Us" if alone else None))
    settled(qtbot, stranger, us)
    assert heard == []
    lamp.tell(flicker("org.stretchcoach.Us" if alone else None))
    qtbot.waitUntil(lambda: len(heard) == 1, timeout=5000)


def test_who_no_longer_listens_hears_nothing(new_bus: Callable[..., Bus], qtbot: QtBot) -> None:
    us, lamp, heard, others = new_bus(), new_bus(), list[Message](), list[Message]()
    rule = MatchRule(type="signal", interface="org.stretchcoach.Lamp")
    stop = us.listen(rule, heard.append)
    us.listen(rule, others.append)
    stop()
    stop()
    settled(qtbot, us, lamp)
    lamp.tell(flicker())
    qtbot.waitUntil(lambda: len(others) == 1, timeout=5000)
    assert heard == []


def test_a_listener_that_stumbles_disturbs_nobody(
    new_bus: Callable[..., Bus], qtbot: QtBot, expected_warnings: ExpectWarning
) -> None:
    expected_warnings("a message could not be dealt with")
    us, heard = new_bus(), list[Message]()
    rule = MatchRule(type="signal", interface="org.stretchcoach.Lamp")
    us.listen(rule, lambda message: print(message.body[7]))
    us.listen(rule, heard.append)
    lamp = new_bus()
    settled(qtbot, us, lamp)
    lamp.tell(flicker())
    qtbot.waitUntil(lambda: len(heard) == 1, timeout=5000)
    us.call(message_bus.GetId(), lambda reply: print(reply.body[7] if reply else ""))
    settled(qtbot, us)


# ---------------------------------------------------------------- the bus dies and comes back


def test_after_a_restart_of_the_bus_everything_is_as_before(
    daemon: PrivateBus, new_bus: Callable[..., Bus], talk: Talk, qtbot: QtBot
) -> None:
    us, heard, owned, back = new_bus(), list[Message](), list[bool](), list[None]()
    us.serve(PATH, Lamp().interface())
    us.request_name(NAME, owned.append)
    us.listen(MatchRule(type="signal", sender="org.stretchcoach.Other"), heard.append)
    us.returned.subscribe(back.append)
    settled(qtbot, us)
    daemon.kill()
    daemon.start()
    qtbot.waitUntil(lambda: owned == [True, True] and back == [None], timeout=5000)
    assert talk(*gdbus("org.stretchcoach.Lamp.Say", "la", "2")).stdout == "('lala',)\n"
    other = new_bus()
    other.request_name("org.stretchcoach.Other")
    settled(qtbot, us, other)
    other.tell(flicker())
    qtbot.waitUntil(lambda: len(heard) == 1, timeout=5000)


def test_a_bus_that_stays_away_is_looked_for_a_few_times_and_then_at_the_next_use(
    daemon: PrivateBus, new_bus: Callable[..., Bus], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "coach")
    us, owned = new_bus(tries=(5, 10)), list[bool]()
    us.request_name(NAME, owned.append)
    settled(qtbot, us)
    daemon.kill()
    qtbot.waitUntil(lambda: caplog.text.count("no session bus") == 2, timeout=5000)
    qtbot.wait(100)
    assert caplog.text.count("no session bus") == 2
    daemon.start()
    qtbot.wait(50)
    assert owned == [True]
    settled(qtbot, us)
    assert owned == [True, True]


def test_what_nobody_misses_is_not_looked_for(
    daemon: PrivateBus, new_bus: Callable[..., Bus], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "coach")
    us = new_bus(tries=(1, 1))
    settled(qtbot, us)
    daemon.kill()
    qtbot.waitUntil(lambda: "the session bus is gone" in caplog.text, timeout=5000)
    qtbot.wait(50)
    assert "no session bus" not in caplog.text
    daemon.start()
    settled(qtbot, us)


def test_a_call_that_is_made_anew_when_the_bus_dies_is_not_mixed_up(
    daemon: PrivateBus, new_bus: Callable[..., Bus], qtbot: QtBot
) -> None:
    us, answers, again = new_bus(), list[Message | None](), list[Message | None]()
    settled(qtbot, us)

    def once_more(reply: Message | None) -> None:
        answers.append(reply)
        daemon.start()
        us.call(message_bus.GetId(), again.append)

    for other in (once_more, answers.append, answers.append):
        us.call(message_bus.GetNameOwner("org.freedesktop.DBus"), other)
    daemon.kill()
    qtbot.waitUntil(lambda: len(again) == 1, timeout=5000)
    if answers[0] is None:  # the bus died before it answered, as it nearly always does
        assert succeeded(again[0])


def test_a_session_that_is_not_told_its_bus_finds_it_where_systemd_puts_it(
    fresh_home: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    private = PrivateBus(fresh_home / "run")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    bus = Bus()
    settled(qtbot, bus)
    bus.close()
    private.kill()


def test_after_closing_nothing_comes_back(
    daemon: PrivateBus, new_bus: Callable[..., Bus], qtbot: QtBot
) -> None:
    us, other, owned = new_bus(), new_bus(), list[bool]()
    us.request_name(NAME, owned.append)
    settled(qtbot, us)
    us.close()
    other.request_name(NAME, owned.append)
    qtbot.waitUntil(lambda: owned == [True, True], timeout=5000)
    settled(qtbot, us)
    assert owned == [True, True]


# ---------------------------------------------------------------- a bus that is none, or a strange one


class StrangeBus:
    """A socket that speaks as the test says."""

    def __init__(self, folder: Path) -> None:
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / "strange"))
        self._listening.listen()
        self.address = f"unix:path={folder / 'strange'}"
        self._peer: socket.socket | None = None

    def greet(self, answer: bytes = b"OK 0123456789abcdef0123456789abcdef\r\n") -> None:
        self._peer, _address = self._listening.accept()
        assert self._peer.recv(1000).startswith(b"\0AUTH EXTERNAL ")
        self._peer.sendall(answer)

    def begin(self, qtbot: QtBot) -> None:
        """Greet as a bus does, hear that the guest begins, and answer its hello."""
        self.greet()
        said = bytearray()

        def begun() -> bool:
            assert self._peer is not None
            with contextlib.suppress(BlockingIOError):
                said.extend(self._peer.recv(1000, socket.MSG_DONTWAIT))
            return b"BEGIN\r\n" in said

        qtbot.waitUntil(begun, timeout=5000)
        self.say(reply_to_hello())

    def say(self, *pieces: bytes) -> None:
        assert self._peer is not None
        for piece in pieces:
            self._peer.sendall(piece)

    def hears(self) -> bytes:
        assert self._peer is not None
        return self._peer.recv(100_000)

    def close(self) -> None:
        self._listening.close()
        if self._peer is not None:
            self._peer.close()


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StrangeBus]:
    bus = StrangeBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    yield bus
    bus.close()


@pytest.fixture
def guest(strange: StrangeBus) -> Iterator[Bus]:
    bus = Bus(patience=5000, tries=())
    yield bus
    bus.close()


def reply_to_hello() -> bytes:
    hello = message_bus.Hello()
    hello.header.serial = 1
    answer: bytes = new_method_return(hello, "s", (":1.1",)).serialise(serial=1)
    return answer


def test_a_peer_that_never_greets_holds_nobody_up(strange: StrangeBus, qtbot: QtBot) -> None:
    bus, answers = Bus(patience=50, tries=()), list[Message | None]()
    bus.call(message_bus.GetId(), answers.append)
    qtbot.waitUntil(lambda: answers == [None], timeout=5000)
    bus.close()


@pytest.mark.parametrize(
    "greeting", [b"REJECTED EXTERNAL\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"x" * 10_000]
)
def test_a_peer_that_is_no_bus_is_left(
    strange: StrangeBus, guest: Bus, qtbot: QtBot, greeting: bytes
) -> None:
    answers: list[Message | None] = []
    guest.call(message_bus.GetId(), answers.append)
    strange.greet(greeting)
    qtbot.waitUntil(lambda: answers == [None], timeout=1000)


def test_what_cannot_be_read_is_passed_over(strange: StrangeBus, guest: Bus, qtbot: QtBot) -> None:
    heard: list[Message] = []
    guest.listen(MatchRule(type="signal", interface="org.stretchcoach.Lamp"), heard.append)
    strange.begin(qtbot)
    fine = flicker().serialise(serial=9)
    strange.say(fine.replace(b"now", b"n\xffw"))  # no UTF-8
    strange.say(fine.replace(b"\x01s\x00", b"\x01h\x00"))  # a file that was never sent
    strange.say(fine.replace(b"\x01s\x00", b"\x01Z\x00"))  # a type that does not exist
    long = new_signal(DBusAddress(PATH, interface="org.stretchcoach.Lamp"), "F", "s", ("x" * LONGEST,))
    data = long.serialise(serial=10)
    for start in range(0, len(data), 100_000):
        strange.say(data[start : start + 100_000])
        qtbot.wait(1)
    strange.say(fine[:10], fine[10:40], fine[40:])
    qtbot.waitUntil(lambda: bool(heard), timeout=5000)
    assert [one.body for one in heard] == [("now",)]


def test_the_other_order_of_bytes_is_read_as_well(strange: StrangeBus, guest: Bus, qtbot: QtBot) -> None:
    heard: list[Message] = []
    guest.listen(MatchRule(type="signal", interface="org.stretchcoach.Lamp"), heard.append)
    strange.begin(qtbot)
    message = flicker()
    message.header.endianness = Endianness.big
    strange.say(message.serialise(serial=9))
    qtbot.waitUntil(lambda: [one.body for one in heard] == [("now",)], timeout=5000)


def test_after_noise_the_connection_is_given_up(strange: StrangeBus, guest: Bus, qtbot: QtBot) -> None:
    answers: list[Message | None] = []
    guest.call(message_bus.GetId(), answers.append)
    strange.begin(qtbot)
    strange.say(b"this is no message of any kind")
    qtbot.waitUntil(lambda: answers == [None], timeout=1000)


def test_who_wants_no_answer_gets_none(strange: StrangeBus, guest: Bus, qtbot: QtBot) -> None:
    lamp = Lamp()
    guest.serve(PATH, lamp.interface())
    guest.request_name(NAME)
    strange.begin(qtbot)
    quiet = to_lamp("Say", "si", ("hush", 1))
    quiet.header.flags = MessageFlag.no_reply_expected
    strange.say(quiet.serialise(serial=7), to_lamp("Say", "si", ("la", 1)).serialise(serial=8))
    qtbot.waitUntil(lambda: lamp.asked == ["hush", "la"], timeout=5000)
    said = b""
    while b"la\x00" not in said:
        said += strange.hears()
    assert b"hush" not in said


def test_a_bus_that_takes_nothing_does_not_hold_up_the_window(
    strange: StrangeBus, guest: Bus, qtbot: QtBot
) -> None:
    answers: list[Message | None] = []
    guest.call(message_bus.GetId(), answers.append)
    strange.begin(qtbot)
    long = new_signal(DBusAddress(PATH, interface="org.stretchcoach.Lamp"), "F", "s", ("x" * 500_000,))
    qtbot.wait(20)
    for _ in range(12):
        guest.tell(long)
    assert answers == [None]  # more than can be kept: it was given up
