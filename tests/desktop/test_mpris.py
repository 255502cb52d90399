"""A headset leads the session: playerctl, which stands for it, finds a player that behaves as one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, MatchRule, Message, message_bus, new_method_call
from pytestqt.qtbot import QtBot

from coach.desktop.bus import Bus, Interface, Method, Property, succeeded
from coach.desktop.mpris import NAME, PATH, Mpris, OtherPlayers
from coach.domain.plan import Step
from coach.domain.session import Input
from coach.domain.timeline import build
from coach.services.diary import Diary
from coach.services.player import Player
from tests.desktop.private_bus import PrivateBus, needs_a_bus
from tests.fakes import FakeAwake, FakeJournal, FakeSessionLog, FakeSound, FakeTime, FakeVoice
from tests.script import EXERCISES, plan

pytestmark = needs_a_bus

PLAYER = "org.mpris.MediaPlayer2.Player"
Talk = Callable[..., str]


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    private = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", private.address)
    yield private
    private.kill()


@pytest.fixture
def bus(daemon: PrivateBus) -> Iterator[Bus]:
    one = Bus(patience=5000, tries=(20, 40, 80, 160, 320))
    yield one
    one.close()


@pytest.fixture
def other(daemon: PrivateBus) -> Iterator[Bus]:
    """Somebody else's connection."""
    one = Bus(patience=5000)
    yield one
    one.close()


class Evening:
    """A player among fakes, seen as a media player on a real bus."""

    def __init__(self, bus: Bus) -> None:
        self.time = FakeTime()
        self.journal = FakeJournal()
        diary = Diary(self.time, FakeSessionLog(), self.journal)
        self.player = Player(self.time, FakeVoice(), FakeSound(self.time), FakeAwake(), diary)
        self.raised = 0
        self.mpris = Mpris(bus, self.player, self._raise)

    def _raise(self) -> None:
        self.raised += 1

    def start(self, *steps: Step | str, waits: bool = False) -> None:
        made = plan(*steps or ("calf", "quad"))
        self.player.start(made, build(made, EXERCISES), waits=waits)

    @property
    def phase(self) -> str:
        moment = self.player.snapshot()
        assert moment is not None
        return moment.phase.name.lower()

    @property
    def where(self) -> str:
        """The segment that runs, and the exercise."""
        moment = self.player.snapshot()
        assert moment is not None and moment.segment is not None
        side = f" {moment.segment.side.value}" if moment.segment.side else ""
        return f"{moment.segment.kind.value} {moment.segment.exercise.id}{side}"


@pytest.fixture
def evening(bus: Bus) -> Evening:
    return Evening(bus)


@pytest.fixture
def playerctl(daemon: PrivateBus, qtbot: QtBot) -> Talk:
    """Runs playerctl beside our event loop and returns what it said, complaints included."""
    if not shutil.which("playerctl"):
        pytest.skip("playerctl is not installed")

    def run(*arguments: str) -> str:
        with subprocess.Popen(
            ["playerctl", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        ) as process:
            qtbot.waitUntil(lambda: process.poll() is not None, timeout=10_000)
            out, _err = process.communicate()
            return out.strip()

    return run


def settled(qtbot: QtBot, *buses: Bus) -> None:
    for bus in buses:
        said(qtbot, bus, message_bus.GetId())


def said(qtbot: QtBot, bus: Bus, message: Message) -> Message:
    answers: list[Message | None] = []
    bus.call(message, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    assert answers[0] is not None
    return answers[0]


def call(method: str, signature: str = "", body: tuple[Any, ...] = (), interface: str = PLAYER) -> Message:
    message: Message = new_method_call(DBusAddress(PATH, NAME, interface), method, signature or None, body)
    return message


# ---------------------------------------------------------------- there and gone


def test_media_keys_are_ours_only_while_a_session_runs(
    evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus
) -> None:
    assert playerctl("--list-all") == "No players found"
    evening.start()
    settled(qtbot, bus)
    assert playerctl("--list-all") == "stretchcoach"
    evening.time.advance(10_000)
    assert evening.phase == "finished"
    settled(qtbot, bus)
    assert playerctl("--list-all") == "No players found"
    evening.start()
    settled(qtbot, bus)
    assert playerctl("--list-all") == "stretchcoach"
    evening.mpris.close()
    settled(qtbot, bus)
    assert playerctl("--list-all") == "No players found"


def test_leaving_a_session_gives_the_keys_back_too(
    evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus
) -> None:
    evening.start()
    evening.player.send(Input.ASK_LEAVE)
    settled(qtbot, bus)
    assert playerctl("status") == "Paused"
    evening.player.send(Input.FORGET)
    settled(qtbot, bus)
    assert playerctl("status") == "No players found"


def test_a_second_one_of_us_gets_a_name_of_its_own(
    bus: Bus, other: Bus, playerctl: Talk, qtbot: QtBot
) -> None:
    first, second = Evening(bus), Evening(other)
    first.start()
    settled(qtbot, bus)
    second.start()
    settled(qtbot, other, other)
    assert set(playerctl("--list-all").split()) == {"stretchcoach", f"stretchcoach.instance{os.getpid()}"}
    second.player.stop()
    settled(qtbot, other)
    assert playerctl("--list-all") == "stretchcoach"


def test_the_keys_come_back_with_the_bus(
    daemon: PrivateBus, evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus
) -> None:
    evening.start()
    settled(qtbot, bus)
    back: list[None] = []
    bus.returned.subscribe(back.append)
    daemon.kill()
    evening.time.advance(9)  # the session goes on meanwhile
    daemon.start()
    qtbot.waitUntil(lambda: bool(back), timeout=5000)
    settled(qtbot, bus)
    assert playerctl("play-pause") == ""
    assert evening.phase == "paused"


def test_without_a_bus_a_session_runs_all_the_same(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    evening = Evening(Bus())
    evening.start()
    evening.time.advance(10_000)
    assert evening.phase == "finished"
    evening.mpris.close()


# ---------------------------------------------------------------- what the keys do


def test_every_key_does_what_is_on_it(evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus) -> None:
    evening.start()
    evening.time.advance(30)
    assert evening.where == "hold calf left"
    settled(qtbot, bus)
    playerctl("play-pause")
    assert evening.phase == "paused"
    playerctl("play-pause")
    assert evening.phase == "count_in"
    playerctl("pause")
    playerctl("pause")
    assert evening.phase == "paused"
    playerctl("play")
    evening.time.advance(5)
    playerctl("play")
    assert (evening.phase, evening.where) == ("running", "hold calf left")
    playerctl("next")
    assert evening.where == "switch calf right"
    evening.time.advance(20)
    playerctl("previous")
    assert evening.where == "hold calf right"
    evening.time.advance(65)
    playerctl("stop")
    assert evening.phase == "left"
    assert len(evening.journal.sessions()) == 1  # what was done is kept
    settled(qtbot, bus)
    assert playerctl("status") == "No players found"


def test_play_begins_what_waits_for_the_user(
    evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus
) -> None:
    evening.start("calf", Step("quad", wait=True), waits=True)
    evening.time.advance(100)
    settled(qtbot, bus)
    assert (evening.where, playerctl("status"), playerctl("position")) == (
        "ready calf left",
        "Paused",
        "0.000000",
    )
    playerctl("pause")
    assert evening.phase == "running"
    playerctl("play-pause")
    assert (evening.where, playerctl("status")) == ("hold calf left", "Playing")


def test_next_ends_a_hold_without_a_clock_as_done(
    evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus
) -> None:
    evening.start(Step("quad", wait=True))
    evening.time.advance(60)
    settled(qtbot, bus)
    assert (evening.where, playerctl("status")) == ("wait quad left", "Playing")
    assert "mpris:length" not in playerctl("metadata")
    playerctl("next")
    moment = evening.player.snapshot()
    assert moment is not None
    assert [one.how.value for one in moment.held] == ["full"]


def test_nothing_moves_while_the_app_asks_whether_to_leave(
    evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus
) -> None:
    evening.start()
    evening.time.advance(30)
    evening.player.send(Input.ASK_LEAVE)
    settled(qtbot, bus)
    playerctl("next")
    assert evening.phase == "leaving"
    playerctl("play")
    assert evening.phase == "count_in"


# ---------------------------------------------------------------- what is shown


def test_phone_and_lock_screen_show_the_exercise_the_leg_and_the_plan(
    evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus
) -> None:
    evening.start()
    evening.time.advance(30)
    settled(qtbot, bus)
    wanted = "{{title}}|{{album}}|{{artist}}|{{duration(mpris:length)}}|{{mpris:length}}|{{status}}"
    assert playerctl("metadata", "--format", wanted) == (
        "Calf stretch, left leg|Test|Stretch Coach|0:30|30000000|Playing"
    )
    evening.player.send(Input.ADD)
    assert playerctl("metadata", "mpris:length") == "40000000"
    first = playerctl("metadata", "mpris:trackid")
    playerctl("next")
    second = playerctl("metadata", "mpris:trackid")
    assert first != second
    assert "/io/github/stretch_coach/StretchCoach/session1/segment" in first


def test_the_position_is_that_of_the_moment_of_asking(
    evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus
) -> None:
    evening.start()
    evening.time.advance(20 + 12.345678)
    settled(qtbot, bus)
    assert evening.where == "hold calf left"
    # playerctl counts on by itself between asking and telling.
    assert float(playerctl("position")) == pytest.approx(12.345678, abs=0.1)
    evening.time.advance(2)
    assert float(playerctl("position")) == pytest.approx(14.345678, abs=0.1)
    evening.player.send(Input.PAUSE)
    evening.time.advance(60)
    assert playerctl("position") == "14.345678"


def test_who_follows_hears_of_every_change(
    evening: Evening, playerctl: Talk, qtbot: QtBot, bus: Bus, tmp_path: Path
) -> None:
    evening.start()
    evening.time.advance(30)
    settled(qtbot, bus)
    seen = tmp_path / "seen"
    with (
        seen.open("w") as file,
        subprocess.Popen(
            ["playerctl", "--follow", "metadata", "--format", "{{status}} {{title}}"], stdout=file
        ) as process,
    ):
        try:
            for number, given in enumerate([None, Input.PAUSE, Input.RESUME, Input.SKIP], 1):
                if given is not None:
                    evening.player.send(given)
                qtbot.waitUntil(lambda count=number: len(lines(seen)) >= count, timeout=5000)  # type: ignore[misc]
        finally:
            process.kill()
    assert lines(seen) == [
        "Playing Calf stretch, left leg",
        "Paused Calf stretch, left leg",
        "Playing Calf stretch, left leg",
        "Playing Calf stretch, right leg",
    ]


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line]


@pytest.fixture
def signals(other: Bus, qtbot: QtBot, evening: Evening) -> list[tuple[Any, ...]]:
    """What our player tells everyone from now on."""
    heard: list[tuple[Any, ...]] = []
    other.listen(MatchRule(type="signal", path=PATH), lambda message: heard.append(message.body))
    settled(qtbot, other)
    return heard


def test_nothing_is_told_while_nothing_changes(
    evening: Evening, signals: list[tuple[Any, ...]], qtbot: QtBot, bus: Bus, other: Bus
) -> None:
    evening.start()
    evening.time.advance(21)
    settled(qtbot, bus, other)
    before = len(signals)
    for _ in range(200):
        evening.time.advance(0.1)
        evening.player.tick()
    settled(qtbot, bus, other)
    assert evening.where == "hold calf left"
    assert len(signals) == before


def test_a_jump_is_told_with_the_place_it_went_to(
    evening: Evening, signals: list[tuple[Any, ...]], qtbot: QtBot, bus: Bus, other: Bus
) -> None:
    evening.start()
    evening.time.advance(20 + 12)
    settled(qtbot, bus, other)
    signals.clear()
    evening.player.send(Input.BACK)  # to the start of this hold
    settled(qtbot, bus, other)
    assert signals == [(0,)]
    evening.time.advance(7)
    evening.player.send(Input.PAUSE)
    evening.player.send(Input.RESUME)
    settled(qtbot, bus, other)
    signals.clear()
    evening.time.advance(4)  # three of them are counted in
    settled(qtbot, bus, other)
    assert signals == [(7_000_000,)]


def test_an_empty_list_beside_a_change_is_one_of_texts(
    evening: Evening, qtbot: QtBot, bus: Bus, other: Bus
) -> None:
    heard: list[Message] = []
    rule = MatchRule(type="signal", path=PATH, member="PropertiesChanged")
    other.listen(rule, heard.append)
    settled(qtbot, other)
    evening.start()
    evening.player.send(Input.PAUSE)
    qtbot.waitUntil(lambda: bool(heard), timeout=5000)
    assert "'sa{sv}as'" in str(heard[-1].header)
    assert heard[-1].body == (PLAYER, {"PlaybackStatus": ("s", "Paused")}, [])


# ---------------------------------------------------------------- by the letter of the specification


def test_the_player_describes_itself_as_mpris_wishes_it(evening: Evening, qtbot: QtBot, bus: Bus) -> None:
    if not shutil.which("gdbus"):
        pytest.skip("gdbus is not installed")
    evening.start()
    settled(qtbot, bus)
    with subprocess.Popen(
        ["gdbus", "introspect", "--session", "-d", NAME, "-o", PATH], stdout=subprocess.PIPE, text=True
    ) as process:
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=5000)
        text, _err = process.communicate()
    for part in (
        "interface org.mpris.MediaPlayer2 {",
        "readonly b CanQuit = false;",
        "readonly b CanRaise = true;",
        "readonly s Identity = 'Stretch Coach';",
        "readonly s DesktopEntry = 'io.github.stretch_coach.StretchCoach';",
        "readonly as SupportedMimeTypes = [];",
        "interface org.mpris.MediaPlayer2.Player {",
        "SetPosition(in  o TrackId,",
        "Seeked(x ",
        "readonly s PlaybackStatus = 'Playing';",
        "readwrite d Rate = 1.0;",
        "readonly x Position = 0;",
        "'mpris:length': <int64 20000000>",
        "readonly b CanSeek = false;",
    ):
        assert part in text, text


def test_raise_brings_the_window_and_quit_does_nothing(
    evening: Evening, qtbot: QtBot, bus: Bus, other: Bus
) -> None:
    evening.start()
    settled(qtbot, bus)
    root = "org.mpris.MediaPlayer2"
    assert succeeded(said(qtbot, other, call("Raise", interface=root)))
    assert evening.raised == 1
    assert succeeded(said(qtbot, other, call("Quit", interface=root)))
    assert evening.phase == "running"


@pytest.mark.parametrize(
    "wrong",
    [
        call("Seek", "s", ("far",)),
        call("SetPosition", "sx", ("/track", 5)),
        call("Pause", "b", (True,)),
        call("OpenUri", "s", ("file:///etc/passwd",)),
        call("Dance"),
        call("Set", "ssv", (PLAYER, "Position", ("x", 5)), "org.freedesktop.DBus.Properties"),
        call("Set", "ssv", (PLAYER, "Volume", ("s", "loud")), "org.freedesktop.DBus.Properties"),
    ],
    ids=["seek", "position", "pause", "open", "unknown", "read-only", "type"],
)
def test_a_wrong_call_is_answered_with_an_error_and_changes_nothing(
    evening: Evening, qtbot: QtBot, bus: Bus, other: Bus, wrong: Message
) -> None:
    evening.start()
    evening.time.advance(25)
    settled(qtbot, bus)
    assert not succeeded(said(qtbot, other, wrong))
    assert (evening.phase, evening.where) == ("running", "hold calf left")
    assert succeeded(said(qtbot, other, call("Seek", "x", (5_000_000,))))
    assert succeeded(said(qtbot, other, call("SetPosition", "ox", ("/track", 5))))
    moment = evening.player.snapshot()
    assert moment is not None and moment.elapsed == 5.0


# ---------------------------------------------------------------- the music of others


class Music:
    """Another media player on the bus, which does what it is told and says so."""

    def __init__(self, bus: Bus, name: str = "org.mpris.MediaPlayer2.music", status: str = "Playing") -> None:
        self.bus = bus
        self.status = status
        self.told: list[str] = []
        methods = {"Pause": Method(self._pause), "Play": Method(self._play)}
        properties = {"PlaybackStatus": Property("s", lambda: self.status)}
        bus.serve(PATH, Interface(PLAYER, methods, properties))
        bus.request_name(name)

    def be(self, status: str) -> None:
        """Its own user did something."""
        self.status = status
        self.bus.changed(PATH, PLAYER, "PlaybackStatus")

    def _pause(self) -> None:
        self.told.append("pause")
        self.be("Paused")

    def _play(self) -> None:
        self.told.append("play")
        self.be("Playing")


@pytest.fixture
def new_bus(daemon: PrivateBus) -> Iterator[Callable[[], Bus]]:
    made: list[Bus] = []

    def make() -> Bus:
        made.append(Bus(patience=5000, tries=(20, 40, 80, 160, 320)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def quieted(qtbot: QtBot, bus: Bus, *musics: Music) -> OtherPlayers:
    """Other players, asked to pause, and those that play have done so."""
    settled(qtbot, *(music.bus for music in musics))
    players = OtherPlayers(bus)
    players.pause()
    qtbot.waitUntil(lambda: all(music.status != "Playing" for music in musics), timeout=5000)
    settled(qtbot, *(music.bus for music in musics), bus)
    return players


def test_music_that_plays_is_paused_and_goes_on_afterwards(
    bus: Bus, new_bus: Callable[[], Bus], qtbot: QtBot
) -> None:
    music, film = Music(new_bus()), Music(new_bus(), "org.mpris.MediaPlayer2.film")
    silent = Music(new_bus(), "org.mpris.MediaPlayer2.silent", "Paused")
    over = Music(new_bus(), "org.mpris.MediaPlayer2.over", "Stopped")
    players = quieted(qtbot, bus, music, film, silent, over)
    players.go_on()
    qtbot.waitUntil(lambda: music.status == film.status == "Playing", timeout=5000)
    players.go_on()
    settled(qtbot, bus, silent.bus, over.bus, music.bus)
    assert (music.told, film.told) == (["pause", "play"], ["pause", "play"])
    assert (silent.told, over.told) == ([], [])


@pytest.mark.parametrize("touched", [["Playing"], ["Playing", "Paused"], ["Stopped"]])
def test_music_that_was_touched_meanwhile_is_left_alone(
    bus: Bus, other: Bus, qtbot: QtBot, touched: list[str]
) -> None:
    music = Music(other)
    players = quieted(qtbot, bus, music)
    for status in touched:
        music.be(status)
    settled(qtbot, other, bus)
    players.go_on()
    settled(qtbot, bus, other)
    assert music.told == ["pause"]


def test_a_player_that_ended_meanwhile_is_not_missed(
    bus: Bus, new_bus: Callable[[], Bus], qtbot: QtBot
) -> None:
    music = Music(new_bus())
    players = quieted(qtbot, bus, music)
    music.bus.close()
    again = Music(new_bus(), status="Paused")  # the same name, but somebody else
    settled(qtbot, again.bus, bus)
    players.go_on()
    settled(qtbot, bus, again.bus)
    assert again.told == []


def test_a_session_that_ends_at_once_leaves_the_music_as_it_was(bus: Bus, other: Bus, qtbot: QtBot) -> None:
    music = Music(other)
    settled(qtbot, other)
    players = OtherPlayers(bus)
    players.pause()
    players.go_on()
    settled(qtbot, bus, other, bus, other)
    assert music.status == "Playing"


def test_the_music_goes_on_when_the_app_closes_in_the_middle(bus: Bus, other: Bus, qtbot: QtBot) -> None:
    music = Music(other)
    players = quieted(qtbot, bus, music)
    players.go_on()
    bus.close()
    qtbot.waitUntil(lambda: music.told == ["pause", "play"], timeout=5000)


def test_we_do_not_pause_ourselves(bus: Bus, other: Bus, qtbot: QtBot) -> None:
    ours = Evening(other)
    ours.start()
    proxy = Music(bus, "org.mpris.MediaPlayer2.playerctld")
    settled(qtbot, other, bus)
    players = OtherPlayers(bus)
    players.pause()
    settled(qtbot, bus, other, bus, other)
    assert ours.phase == "running"
    assert proxy.told == []


def test_a_player_that_refuses_or_is_none_holds_nobody_up(
    bus: Bus, new_bus: Callable[[], Bus], qtbot: QtBot
) -> None:
    stranger, music = new_bus(), Music(new_bus())
    properties = {"PlaybackStatus": Property("s", lambda: "Playing")}
    stranger.serve(PATH, Interface(PLAYER, {}, properties))
    stranger.request_name("org.mpris.MediaPlayer2.stranger")
    empty = new_bus()
    empty.request_name("org.mpris.MediaPlayer2.empty")
    settled(qtbot, stranger, empty)
    players = quieted(qtbot, bus, music)
    players.go_on()
    qtbot.waitUntil(lambda: music.told == ["pause", "play"], timeout=5000)


def test_after_a_restart_of_the_bus_nobody_is_mistaken_for_a_player_of_before(
    daemon: PrivateBus, bus: Bus, other: Bus, qtbot: QtBot
) -> None:
    music = Music(other)
    players = quieted(qtbot, bus, music)
    back: list[None] = []
    bus.returned.subscribe(back.append)
    daemon.kill()
    daemon.start()
    qtbot.waitUntil(lambda: bool(back), timeout=5000)
    settled(qtbot, other, bus)
    players.go_on()
    settled(qtbot, bus, other)
    assert music.told == ["pause"]


def test_without_a_bus_there_is_no_music(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    players = OtherPlayers(Bus())
    players.pause()
    players.go_on()
