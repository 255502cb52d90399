"""Media keys, headset and phone drive a session like a music player, and music can wait for it (MPRIS 2).

It leaves out what a session does with its inputs, and whether music should wait. Nothing here ticks: the
position is told when somebody asks, changes when they happen.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coach.desktop.bus import Bus, CallError, Interface, Method, Property, succeeded
from coach.domain.session import TRANSITIONS, Input, Phase, Snapshot
from coach.domain.timeline import Segment, SegmentKind
from coach.i18n import _
from coach.paths import APP_ID
from coach.services.player import Player

if TYPE_CHECKING:
    from jeepney import Message

log = logging.getLogger(__name__)

APP_NAME = "Stretch Coach"
PATH = "/org/mpris/MediaPlayer2"
NAME = "org.mpris.MediaPlayer2.stretchcoach"
_ROOT = "org.mpris.MediaPlayer2"
_PLAYER = "org.mpris.MediaPlayer2.Player"
_PROPERTIES = "org.freedesktop.DBus.Properties"
# It stands for whichever other player was used last, maybe us.
_PROXY = "org.mpris.MediaPlayer2.playerctld"
# More other players than this are let play.
_MOST = 16
# Seconds by which the place in a segment may be off before it counts as a jump.
_JUMP = 0.5


@dataclass(frozen=True)
class _Told:
    """What listeners know of a moment."""

    session: int
    segment: Segment | None
    seconds: float | None
    status: str
    may_skip: bool
    phase: Phase
    began: float


class Mpris:
    """Our sessions as a media player: on the session bus while one runs, and gone when it is over.

    One segment is one track, its length that of the hold or side. `raise_window` brings the window to the
    front. Building it connects to nothing.
    """

    def __init__(self, bus: Bus, player: Player, raise_window: Callable[[], None]) -> None:
        self._bus = bus
        self._player = player
        self._raise_window = raise_window
        self._sessions = 0
        self._told: _Told | None = None
        self._name = NAME
        self._stop_serving: Callable[[], None] = lambda: None
        self._unsubscribe = player.moments.subscribe(self._look)

    def close(self) -> None:
        """Be gone, whatever runs."""
        self._unsubscribe()
        self._leave()

    # ---------------------------------------------------------------- what changed

    def _look(self, moment: Snapshot) -> None:
        if moment.phase.is_over:
            self._leave()
            return
        before = self._told
        if before is None:
            self._sessions += 1
            self._told = self._state(moment)
            self._enter()
            return
        now = self._told = self._state(moment)
        changed: list[str] = []
        if now.segment is not before.segment or now.seconds != before.seconds:
            changed.append("Metadata")
        if now.status != before.status:
            changed.append("PlaybackStatus")
        if now.may_skip != before.may_skip:
            changed += ["CanGoNext", "CanGoPrevious"]
        if changed:
            self._bus.changed(PATH, _PLAYER, *changed)
        if now.segment is before.segment and self._has_jumped(before, now):
            self._bus.emit(PATH, _PLAYER, "Seeked", "x", (_position(moment),))

    def _state(self, moment: Snapshot) -> _Told:
        return _Told(
            session=self._sessions,
            segment=moment.segment,
            seconds=moment.seconds,
            status=_status(moment),
            may_skip=moment.phase is Phase.NEW or Input.SKIP in TRANSITIONS[moment.phase],
            phase=moment.phase,
            began=moment.clock - moment.elapsed,
        )

    def _has_jumped(self, before: _Told, now: _Told) -> bool:
        # Listeners count on from a "Playing" by themselves, but the count after a pause stands still.
        counted = before.phase is Phase.COUNT_IN and now.phase is Phase.RUNNING
        return counted or abs(now.began - before.began) > _JUMP

    def _enter(self) -> None:
        self._stop_serving = self._bus.serve(PATH, self._root(), self._controls())
        self._name = NAME
        self._bus.request_name(NAME, self._named)

    def _named(self, owned: bool) -> None:
        """A second one of us, with a data folder of its own, gets a name of its own, as MPRIS wishes it."""
        if not owned and self._name == NAME:
            self._bus.release_name(NAME)
            self._name = f"{NAME}.instance{os.getpid()}"
            self._bus.request_name(self._name, self._named)
        elif not owned:
            log.info("media keys do not reach us")

    def _leave(self) -> None:
        if self._told is not None:
            self._told = None
            self._bus.release_name(self._name)
            self._stop_serving()

    # ---------------------------------------------------------------- what others may do

    def _root(self) -> Interface:
        nothing: list[str] = []
        return Interface(
            _ROOT,
            methods={"Raise": Method(self._raise_window), "Quit": Method(lambda: None)},
            properties={
                "CanQuit": Property("b", lambda: False),
                "CanRaise": Property("b", lambda: True),
                "HasTrackList": Property("b", lambda: False),
                "Identity": Property("s", lambda: APP_NAME),
                "DesktopEntry": Property("s", lambda: APP_ID),
                "SupportedUriSchemes": Property("as", lambda: nothing),
                "SupportedMimeTypes": Property("as", lambda: nothing),
            },
        )

    def _controls(self) -> Interface:
        def may_skip() -> bool:
            return self._told is not None and self._told.may_skip

        return Interface(
            _PLAYER,
            methods={
                "Next": Method(self._next),
                "Previous": Method(lambda: self._player.send(Input.BACK)),
                "Pause": Method(self._pause),
                "PlayPause": Method(self._play_or_pause),
                "Stop": Method(self._player.stop),
                "Play": Method(self._play),
                # CanSeek is false: these have no effect, as the specification wants it.
                "Seek": Method(lambda _by: None, "x", names=("Offset",)),
                "SetPosition": Method(lambda _track, _to: None, "ox", names=("TrackId", "Position")),
                "OpenUri": Method(_open, "s", names=("Uri",)),
            },
            properties={
                "PlaybackStatus": Property("s", lambda: _status(self._player.snapshot())),
                "Rate": Property("d", lambda: 1.0, lambda _rate: None),
                "Metadata": Property("a{sv}", self._metadata),
                "Volume": Property("d", lambda: 1.0, lambda _volume: None),
                "Position": Property("x", lambda: _position(self._player.snapshot()), tells=False),
                "MinimumRate": Property("d", lambda: 1.0),
                "MaximumRate": Property("d", lambda: 1.0),
                "CanGoNext": Property("b", may_skip),
                "CanGoPrevious": Property("b", may_skip),
                "CanPlay": Property("b", lambda: True),
                "CanPause": Property("b", lambda: True),
                "CanSeek": Property("b", lambda: False),
                "CanControl": Property("b", lambda: True, tells=False),
            },
            signals={"Seeked": "x"},
        )

    def _play_or_pause(self) -> None:
        if _status(self._player.snapshot()) == "Playing":
            self._player.send(Input.PAUSE)
        else:
            self._play()

    def _pause(self) -> None:
        if _status(self._player.snapshot()) == "Playing":
            self._player.send(Input.PAUSE)

    def _play(self) -> None:
        moment = self._player.snapshot()
        if moment is None:
            return
        if moment.phase is Phase.PAUSED:
            self._player.send(Input.RESUME)
        elif moment.phase is Phase.LEAVING:
            self._player.send(Input.STAY)
        elif _waits(moment):
            self._player.send(Input.READY)

    def _next(self) -> None:
        moment = self._player.snapshot()
        kind = moment.segment.kind if moment is not None and moment.segment is not None else None
        if moment is not None and moment.phase is Phase.RUNNING and kind is SegmentKind.WAIT:
            self._player.send(Input.READY)  # the user alone knows when this is done: nothing is skipped
        else:
            self._player.send(Input.SKIP)

    def _metadata(self) -> dict[str, tuple[str, Any]]:
        moment = self._player.snapshot()
        if moment is None or moment.segment is None:
            return {"mpris:trackid": ("o", f"{PATH}/TrackList/NoTrack")}
        folder = "/" + APP_ID.replace(".", "/")
        index = moment.segment.index
        found: dict[str, tuple[str, Any]] = {
            "mpris:trackid": ("o", f"{folder}/session{self._sessions}/segment{index}"),
            "xesam:title": ("s", _plain(_title(moment.segment))),
            "xesam:album": ("s", _plain(_(self._player.plan_name))),
            "xesam:artist": ("as", [APP_NAME]),
        }
        if moment.seconds is not None:
            found["mpris:length"] = ("x", round(moment.seconds * 1e6))
        return found


def _status(moment: Snapshot | None) -> str:
    """PlaybackStatus: what waits for the user counts as paused, so that "play" goes on with it."""
    if moment is None or moment.phase.is_over:
        return "Stopped"
    runs = moment.phase in (Phase.NEW, Phase.RUNNING, Phase.COUNT_IN) and not _waits(moment)
    return "Playing" if runs else "Paused"


def _waits(moment: Snapshot) -> bool:
    """Whether an exercise begins only when the user says so."""
    kind = moment.segment.kind if moment.segment is not None else None
    return moment.phase is Phase.RUNNING and kind is SegmentKind.READY and moment.seconds is None


def _position(moment: Snapshot | None) -> int:
    """Microseconds into the segment."""
    return 0 if moment is None or moment.phase.is_over or _waits(moment) else round(moment.elapsed * 1e6)


def _title(segment: Segment) -> str:
    """The exercise, and the leg if it is for one."""
    name = _(segment.exercise.name)
    if segment.side is None:
        return name
    return _("{name}, {leg}").format(name=name, leg=_(segment.side.leg).lower())


def _plain(text: str) -> str:
    """Without what the bus hangs up on, wherever the text came from."""
    return "".join(character for character in text if character.isprintable())


def _open(_uri: str) -> None:
    raise CallError("Nothing can be opened here.", "org.freedesktop.DBus.Error.NotSupported")


# ---------------------------------------------------------------- the players of others


@dataclass
class _Other:
    """A player that was asked to pause; `paused` once it said that it did."""

    end: Callable[[], None]
    paused: bool = False


class OtherPlayers:
    """Pauses the music of others and lets exactly that go on which nobody touched meanwhile."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._asking: object | None = None
        self._others: dict[str, _Other] = {}
        bus.returned.subscribe(lambda _none: self._forget_all())  # after a restart the numbers are others'

    def pause(self) -> None:
        """Pause what plays, apart from ourselves; those who take long are left alone once `go_on` came."""
        try:
            from jeepney import message_bus
        except ImportError:
            log.info("nothing here tells of other players")
            return
        asking = self._asking = object()

        def listed(reply: Message | None) -> None:
            if asking is not self._asking or reply is None or not succeeded(reply):
                return
            names = [name for name in reply.body[0] if name.startswith(f"{_ROOT}.")]
            names = [name for name in names if not name.startswith(NAME) and name != _PROXY]
            for name in names[:_MOST]:
                self._ask(name, asking)

        self._bus.call(message_bus.ListNames(), listed)

    def go_on(self) -> None:
        """Let what was paused play on. It is said at once, so that it holds when the app is closing too."""
        self._asking = None
        for number in tuple(self._others):
            self._bus.tell(_call(number, _PLAYER, "Play"))
        self._forget_all()

    def _ask(self, name: str, asking: object) -> None:
        from jeepney import HeaderFields

        def told(reply: Message | None) -> None:
            if asking is not self._asking or reply is None or not succeeded(reply):
                return
            number = reply.header.fields.get(HeaderFields.sender, "")
            if reply.body == (("s", "Playing"),) and number not in self._others:
                self._pause(number)

        self._bus.call(_call(name, _PROPERTIES, "Get", "ss", (_PLAYER, "PlaybackStatus")), told)

    def _pause(self, number: str) -> None:
        """Pause the player with this number on the bus, which nobody else ever gets."""
        from jeepney import MatchRule

        rule = MatchRule(
            type="signal", sender=number, path=PATH, interface=_PROPERTIES, member="PropertiesChanged"
        )
        other = _Other(self._bus.listen(rule, lambda message: self._changed(number, message)))
        self._others[number] = other

        def done(reply: Message | None) -> None:
            if not succeeded(reply) and self._others.get(number) is other:
                self._forget(number)

        self._bus.call(_call(number, _PLAYER, "Pause"), done)

    def _changed(self, number: str, message: Message) -> None:
        other = self._others.get(number)
        if other is None or len(message.body) != 3 or "PlaybackStatus" not in message.body[1]:
            return
        status = message.body[1]["PlaybackStatus"]
        if status == ("s", "Paused"):
            other.paused = True
        elif other.paused or status != ("s", "Playing"):  # it may still have told of its playing before
            self._forget(number)

    def _forget(self, number: str) -> None:
        self._others.pop(number).end()

    def _forget_all(self) -> None:
        for number in tuple(self._others):
            self._forget(number)


def _call(name: str, interface: str, method: str, signature: str = "", body: tuple[Any, ...] = ()) -> Message:
    """A call to the player object of a name, which starts nobody."""
    from jeepney import DBusAddress, MessageFlag, new_method_call

    message = new_method_call(DBusAddress(PATH, name, interface), method, signature or None, body)
    message.header.flags = MessageFlag.no_auto_start
    return message
