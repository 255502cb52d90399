"""Shows reminders on the system's own notification server, or on the app's own card where that cannot be.

It leaves out when a reminder is due and what follows from an answer. D-Bus is here, Windows and macOS are in
toasts.py. Nothing is waited for, and nothing wakes while a note stands.
"""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QTimer

from coach.desktop.bus import Bus, succeeded
from coach.i18n import N_, _
from coach.services.ports import Act, Note, Notifier
from coach.services.topic import Topic

if TYPE_CHECKING:
    from jeepney import Message

log = logging.getLogger(__name__)

APP_NAME = "Stretch Coach"
OPEN_LABEL = N_("Open Stretch Coach")
# A server that has not shown a note after so many ms does not get it; one that went has as long to come back.
PATIENCE = 3000
# A note that does not stay leaves after so many ms (design, 8: "quiet notes leave after 20 s").
QUIET_FOR = 20_000
# The action of a click on the note itself, by the Desktop Notifications Specification 1.2.
CLICK = "default"

# The one place of all notes that do not stay; no key of a note begins so.
_QUIET_PLACE = "\0quiet"
_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
# In characters. Servers cut texts by themselves, but some of them freeze over a very long one.
_LONGEST_TITLE, _LONGEST_BODY, _LONGEST_LABEL, _LONGEST_TOKEN = 200, 1000, 60, 500


class Server(Protocol):
    """Something of the system that shows notes, one at a place; a new note takes over its place."""

    @property
    def answered(self) -> Topic[tuple[Note, str, str]]:
        """A note that was shown, the action the user chose, and the token to raise a window with or ""."""

    def show(self, place: str, note: Note, failed: Callable[[], None]) -> None:
        """Show a note. `failed` is called if that does not work out in time, or when the server is gone for
        good while the note stands: the note is not there then. It is not called about a note that was
        answered, withdrawn or replaced."""

    def withdraw(self, place: str) -> None:
        """Take away what is at a place; harmless when nothing is."""

    def close(self) -> None:
        """Let go of the system; everything was withdrawn. It may be used again."""


def notifier_for_this_system(
    bus: Bus, card: Callable[[], Notifier], *, app_id: str, icon: Path | None = None
) -> SystemNotifier:
    """The Notifier of this platform; `bus` is the session bus, used on Linux and the like only.

    `card` makes the app's own card on the first need. `app_id` is the name of the desktop entry, `icon` a
    picture (PNG or SVG) for servers that do not find the app's own by that name.
    """
    server: Server | None = None
    if sys.platform in ("win32", "darwin"):
        if importlib.util.find_spec("desktop_notifier") is not None:
            from coach.desktop.toasts import ToastServer

            server = ToastServer(icon)
    elif importlib.util.find_spec("jeepney") is not None:
        server = BusServer(bus, app_id, icon)
    return SystemNotifier(server, card)


class SystemNotifier:
    """The Notifier port: a server of the system, and the card for every note which that does not show."""

    def __init__(self, server: Server | None, card: Callable[[], Notifier]) -> None:
        self._server = server
        self._make_card = card
        self._card: Notifier | None = None
        self._answered: Topic[tuple[str, Act]] = Topic()
        self._notes: dict[str, Note] = {}
        self._on_card: set[str] = set()
        self._token = ""
        if server is not None:
            server.answered.subscribe(self._server_answered)

    @property
    def answered(self) -> Topic[tuple[str, Act]]:
        return self._answered

    @property
    def token(self) -> str:
        """The token of the last answer with which a window may be raised (xdg-activation), or ""."""
        return self._token

    def show(self, note: Note) -> None:
        place = note.key if note.stays else _QUIET_PLACE
        for old, shown in tuple(self._notes.items()):
            if (shown.key == note.key and old != place) or (old == place and old in self._on_card):
                self._take_away(old)
        self._notes[place] = note
        if self._server is None:
            self._to_card(place, note)
        else:
            self._server.show(place, note, lambda: self._to_card(place, note))

    def withdraw(self, key: str) -> None:
        for place, note in tuple(self._notes.items()):
            if note.key == key:
                self._take_away(place)

    def close(self) -> None:
        for place in tuple(self._notes):
            self._take_away(place)
        if self._server is not None:
            self._server.close()
        card, self._card = self._card, None
        if card is not None:
            card.close()

    def _take_away(self, place: str) -> None:
        note = self._notes.pop(place)
        if place in self._on_card and self._card is not None:
            self._on_card.discard(place)
            self._card.withdraw(note.key)
        elif self._server is not None:
            self._server.withdraw(place)

    def _to_card(self, place: str, note: Note) -> None:
        if self._card is None:
            self._card = self._make_card()
            self._card.answered.subscribe(self._card_answered)
        self._on_card.add(place)
        self._card.show(note)

    def _server_answered(self, answer: tuple[Note, str, str]) -> None:
        note, action, token = answer
        act = Act.OPEN if action == CLICK else next((a for a, _label in note.acts if a.value == action), None)
        if act is not None:
            self._tell(note.key, act, token)

    def _card_answered(self, answer: tuple[str, Act]) -> None:
        self._tell(*answer, "")

    def _tell(self, key: str, act: Act, token: str) -> None:
        for place, note in tuple(self._notes.items()):
            if note.key == key:
                self._take_away(place)
        self._token = token
        self._answered.publish((key, act))


@dataclass(frozen=True)
class _Abilities:
    """What a notification server said of itself."""

    actions: bool
    body: bool
    markup: bool
    draws_click: bool  # it would draw the action of a click as one more button


@dataclass
class _Place:
    """What is wanted at a place, and what the server shows there."""

    wanted: Note | None = None  # until it was answered, put away, withdrawn or given to the card
    failed: Callable[[], None] = field(default=lambda: None)
    shown: Note | None = None  # until it was closed
    number: int = 0  # the server's number of `shown`
    busy: bool = False  # a Notify is under way
    deadline: QTimer = field(default_factory=QTimer)

    def forget(self) -> None:
        self.wanted = None
        self.deadline.stop()


class BusServer:
    """org.freedesktop.Notifications on the session bus, listened to only while there is a note of ours.

    What it says is believed only from the connection that owns the name, and about notes of ours.
    """

    def __init__(self, bus: Bus, app_id: str, icon: Path | None = None, *, patience: int = PATIENCE) -> None:
        self._bus = bus
        self._app_id = app_id
        self._icon = icon
        self._patience = patience
        self._answered: Topic[tuple[Note, str, str]] = Topic()
        self._places: dict[str, _Place] = {}
        self._ears: list[Callable[[], None]] = []
        self._asking = False
        self._owner = ""
        self._abilities: _Abilities | None = None
        self._token = (0, "")
        self._grace: QTimer | None = None

    @property
    def answered(self) -> Topic[tuple[Note, str, str]]:
        return self._answered

    def show(self, place: str, note: Note, failed: Callable[[], None]) -> None:
        at = self._places.get(place)
        if at is None:
            at = self._places[place] = _Place()
            at.deadline.setSingleShot(True)
            at.deadline.timeout.connect(partial(self._fail, at))
        at.wanted, at.failed = note, failed
        self._listen()
        self._go_on(at)

    def withdraw(self, place: str) -> None:
        at = self._places.get(place)
        if at is not None:
            at.forget()
            self._clear(at)

    def close(self) -> None:
        """Whoever listens for us stops with the last note."""

    # -- one note ------------------------------------------------------------------------------------------

    def _go_on(self, at: _Place) -> None:
        """Bring the server to show what is wanted at a place."""
        if at.wanted is None or at.busy:
            return
        at.deadline.start(self._patience)
        if self._abilities is None:
            self._ask()
        elif not self._abilities.actions:
            self._fail(at)
        else:
            note, at.busy = at.wanted, True
            message = self._notify(note, at.number if at.shown else 0, self._abilities)
            self._bus.call(message, lambda reply: self._notified(at, note, reply))

    def _notified(self, at: _Place, note: Note, reply: Message | None) -> None:
        at.busy = False
        number = reply.body[0] if reply is not None and _answers(reply, "u") else 0
        if number:
            at.shown, at.number = note, number
        if at.wanted is None:  # withdrawn meanwhile, or too late
            self._clear(at)
        elif at.wanted is not note:
            self._go_on(at)
        elif number:
            at.deadline.stop()
        else:
            log.info("a reminder was not taken: %s", reply.body if reply is not None else "no answer")
            self._fail(at)

    def _fail(self, at: _Place) -> None:
        note, failed = at.wanted, at.failed
        at.forget()
        self._clear(at)
        if note is not None:
            failed()

    def _clear(self, at: _Place) -> None:
        """Take away what is still shown at a place; while a Notify is under way its answer will do that."""
        if at.shown is not None and not at.busy:
            at.shown = None
            self._bus.tell(self._call("CloseNotification", "u", (at.number,)))
        self._rest()

    def _notify(self, note: Note, replaces: int, abilities: _Abilities) -> Message:
        title, body = _fit(note.title, _LONGEST_TITLE), _fit(note.body, _LONGEST_BODY)
        if not abilities.body and body:
            title = f"{title}: {body}"
        if abilities.markup:
            body = _escaped(body)
        actions = [part for act, label in note.acts for part in (act.value, _fit(label, _LONGEST_LABEL))]
        if not abilities.draws_click:
            actions += [CLICK, _(OPEN_LABEL)]
        hints: dict[str, tuple[str, Any]] = {
            "urgency": ("y", 1),
            "desktop-entry": ("s", self._app_id),
            "category": ("s", "x-stretch-coach.reminder"),
            "suppress-sound": ("b", True),
        }
        if not note.stays:  # not to be found in the list of old notes in the morning
            hints["transient"] = ("b", True)
        lasts = 0 if note.stays else QUIET_FOR
        icon = self._icon.as_uri() if self._icon is not None else ""
        arguments = (APP_NAME, replaces, icon, title, body, actions, hints, lasts)
        return self._call("Notify", "susssasa{sv}i", arguments)

    # -- the server ----------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Find out who the server is and what it can do, then show what waits."""
        if not self._asking:
            self._asking = True
            self._bus.call(self._call("GetServerInformation"), self._introduced)

    def _introduced(self, reply: Message | None) -> None:
        if reply is None or not _answers(reply, "ssss"):
            self._asked(None)
            return
        server = " ".join(reply.body[:3])

        def able(reply: Message | None) -> None:
            if reply is None or not _answers(reply, "as"):
                self._asked(None)
                return
            can = reply.body[0]
            log.info("reminders go to %s: %s", server, ", ".join(can))
            self._owner = _sender(reply)
            # Xfce's server draws the action of a click as a button of its own (seen with 0.7.3).
            draws_click = "xfce" in server.lower()
            self._asked(_Abilities("actions" in can, "body" in can, "body-markup" in can, draws_click))

        self._bus.call(self._call("GetCapabilities"), able)

    def _asked(self, abilities: _Abilities | None) -> None:
        self._asking = False
        self._abilities = abilities
        for at in self._waiting():
            if abilities is None:
                self._fail(at)
            else:
                self._go_on(at)
        self._rest()

    def _waiting(self) -> list[_Place]:
        return [at for at in self._places.values() if at.wanted and not at.shown and not at.busy]

    def _listen(self) -> None:
        if self._ears:
            return
        from jeepney import MatchRule

        owner = MatchRule(type="signal", sender="org.freedesktop.DBus", member="NameOwnerChanged")
        owner.add_arg_condition(0, _NAME)
        self._ears = [
            self._bus.listen(owner, self._owner_changed),
            self._bus.listen(MatchRule(type="signal", interface=_NAME, path=_PATH), self._heard),
            self._bus.returned.subscribe(lambda _nothing: self._lost("")),
        ]

    def _rest(self) -> None:
        """Once there is no note of ours any more, let nothing wake us, and believe nobody."""
        for place, at in tuple(self._places.items()):
            if not (at.wanted or at.shown or at.busy):
                del self._places[place]
        if self._places:
            return
        ears, self._ears = self._ears, []
        for stop in ears:
            stop()
        self._owner, self._abilities = "", None
        if self._grace is not None:
            self._grace.stop()

    def _owner_changed(self, message: Message) -> None:
        if _signature(message) == "sss" and message.body[2] != self._owner:
            self._lost(message.body[2])

    def _lost(self, new: str) -> None:
        """Nothing we know of the server holds any longer; `new` owns its name now, or "" nobody."""
        self._owner, self._abilities, self._token = "", None, (0, "")
        for at in self._places.values():
            at.shown = None
        self._rest()
        if self._asking or not self._waiting():
            return
        if new:
            self._show_again()
            return
        # It may be starting anew just now: asking at once could start a second one.
        if self._grace is None:
            self._grace = QTimer()
            self._grace.setSingleShot(True)
            self._grace.timeout.connect(self._show_again)
        self._grace.start(self._patience)

    def _show_again(self) -> None:
        if self._grace is not None:
            self._grace.stop()
        for at in self._waiting():
            self._go_on(at)

    def _heard(self, message: Message) -> None:
        from jeepney import HeaderFields

        if not self._owner or _sender(message) != self._owner:
            return
        signal = (message.header.fields.get(HeaderFields.member), _signature(message))
        if signal == ("ActivationToken", "us"):
            self._token = message.body
        elif signal in (("ActionInvoked", "us"), ("NotificationClosed", "uu")):
            number, what = message.body
            for at in tuple(self._places.values()):
                if at.shown is not None and at.number == number:
                    note, at.shown = at.shown, None
                    if at.wanted is note:
                        at.forget()
                    if signal[0] == "ActionInvoked":
                        self._chosen(at, note, what)
                    self._rest()

    def _chosen(self, at: _Place, note: Note, action: str) -> None:
        if not at.busy:  # some servers leave it to us to take the note away
            self._bus.tell(self._call("CloseNotification", "u", (at.number,)))
        number, token = self._token
        fits = number == at.number and token.isprintable() and len(token) <= _LONGEST_TOKEN
        self._answered.publish((note, action, token if fits else ""))

    def _call(self, method: str, signature: str = "", body: tuple[Any, ...] = ()) -> Message:
        from jeepney import DBusAddress, new_method_call

        return new_method_call(DBusAddress(_PATH, _NAME, _NAME), method, signature or None, body)


def _escaped(text: str) -> str:
    """`text` where the server reads markup. (The html module would bring a table of all its names along.)"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fit(text: str, longest: int) -> str:
    """`text` as D-Bus can carry it: valid UTF-8 without NUL, not longer than `longest` characters."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _signature(message: Message) -> str:
    from jeepney import HeaderFields

    return str(message.header.fields.get(HeaderFields.signature, ""))


def _sender(message: Message) -> str:
    from jeepney import HeaderFields

    return str(message.header.fields.get(HeaderFields.sender, ""))


def _answers(reply: Message, signature: str) -> bool:
    """Whether a reply is no error and carries what it should."""
    return succeeded(reply) and _signature(reply) == signature
