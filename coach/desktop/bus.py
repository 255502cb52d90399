"""A D-Bus connection on Qt's event loop: calls with an answer later, signals, names and objects of our own.

It leaves out what is called and offered. No thread, no waiting, no waking while nothing happens: where there
is no bus every call is answered with None. What is listened to, named and served comes back with the bus.
"""

from __future__ import annotations

import copy
import logging
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSocketNotifier, QTimer

from coach.services.topic import Topic

if TYPE_CHECKING:
    from jeepney import MatchRule, Message

log = logging.getLogger(__name__)

Answer = Callable[["Message | None"], None]
Values = tuple[Any, ...]
# An answer that has not come after so many ms does not come.
PATIENCE = 5000
# After a bus was lost, ms until each try to find it again; later only the next use looks for it. A bus that
# is restarted for an upgrade is back within seconds.
TRIES = (250, 1000, 4000, 15_000)
# Bytes of the longest message that is read, far more than any we ask for; what is longer is passed over.
LONGEST = 1 << 20
# Bytes that are read or kept for sending at once: a flood must not hold up the window.
_AT_ONCE = 1 << 16
_BACKLOG = 1 << 22

_ERROR = "org.freedesktop.DBus.Error."
_PROPERTIES = "org.freedesktop.DBus.Properties"
_INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
_PEER = "org.freedesktop.DBus.Peer"
_BUS = "org.freedesktop.DBus"


class CallError(Exception):
    """Raised by a method of ours: the caller gets this D-Bus error with this sentence."""

    def __init__(self, text: str, error: str = _ERROR + "Failed") -> None:
        super().__init__(text)
        self.text = text
        self.error = error


@dataclass(frozen=True)
class Method:
    """What a method takes and gives, as D-Bus signatures, and what does it.

    `run` is called with the values of `takes`, checked to be of these types, and returns those of `gives`.
    `names` are those of its arguments, in then out, as far as somebody should read them.
    """

    run: Callable[..., Values | None]
    takes: str = ""
    gives: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Property:
    """A value that can be read, and written where there is a `write`.

    `tells` is whether PropertiesChanged speaks of it.
    """

    signature: str
    read: Callable[[], Any]
    write: Callable[[Any], None] | None = None
    tells: bool = True


@dataclass(frozen=True)
class Interface:
    """What an object offers under one name; signals by name with their signatures."""

    name: str
    methods: Mapping[str, Method] = field(default_factory=dict)
    properties: Mapping[str, Property] = field(default_factory=dict)
    signals: Mapping[str, str] = field(default_factory=dict)


class _Wire:
    """One connection: messages out, messages in. Nothing here waits, not even for the greeting."""

    def __init__(
        self, address: str, heard: Callable[[Message], None], lost: Callable[[Exception], None]
    ) -> None:
        """Raises OSError where nobody listens."""
        from jeepney.auth import Authenticator

        self._heard = heard
        self._lost = lost
        self._greeting: Authenticator | None = Authenticator()
        self._in = bytearray()
        self._out = bytearray()
        self._held = bytearray()  # what is to be said once the greeting is over
        self._passing = 0  # bytes of a message that is too long
        self._serial = 0
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.setblocking(False)
            self._socket.connect(address)
        except OSError:
            self._socket.close()
            raise
        self._reading = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read)
        self._reading.activated.connect(lambda *_: self._read())
        self._writing = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Write)
        self._writing.setEnabled(False)
        self._writing.activated.connect(lambda *_: self._flush())
        self._out += self._greeting.data_to_send() or b""
        self._flush()

    def next_serial(self) -> int:
        self._serial = self._serial % 0xFFFFFFFF + 1
        return self._serial

    def send(self, message: Message, serial: int) -> None:
        """Send, now or as soon as the bus takes it. Raises what jeepney does with values of wrong types."""
        data = message.serialise(serial=serial)
        (self._out if self._greeting is None else self._held).extend(data)
        self._flush()

    def close(self) -> None:
        for notifier in (self._reading, self._writing):
            notifier.setEnabled(False)
            notifier.deleteLater()
        self._socket.close()

    @property
    def _is_open(self) -> bool:
        return self._socket.fileno() >= 0

    def _flush(self) -> None:
        if not self._is_open:
            return
        try:
            while self._out:
                del self._out[: self._socket.send(self._out[:_AT_ONCE])]
        except BlockingIOError:
            if len(self._out) > _BACKLOG:
                self._lost(OSError("the bus takes nothing any more"))
                return
        except OSError as error:
            self._lost(error)
            return
        self._writing.setEnabled(bool(self._out))

    def _read(self) -> None:
        try:
            data = self._socket.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError as error:
            self._lost(error)
            return
        if not data:
            self._lost(ConnectionResetError("hung up"))
            return
        if self._greeting is not None:
            try:
                self._greet(data)
            except ValueError as error:  # a peer that is no bus
                self._lost(error)
            return
        self._in += data
        try:
            self._take()
        except ValueError as error:
            self._lost(error)

    def _greet(self, data: bytes) -> None:
        assert self._greeting is not None
        self._greeting.feed(data)
        if self._greeting.authenticated:
            from jeepney.auth import BEGIN

            self._greeting = None
            self._out += BEGIN + self._held
            self._held.clear()
            self._flush()

    def _take(self) -> None:
        """Hand over the whole messages that are there; one that cannot be read is passed over."""
        from jeepney import Message
        from jeepney.low_level import calc_msg_size, endian_map

        while self._is_open:
            if self._passing:
                gone = min(self._passing, len(self._in))
                del self._in[:gone]
                self._passing -= gone
            if len(self._in) < 16:
                return
            if bytes(self._in[:1]) not in endian_map:
                raise ValueError("not a message")
            size = calc_msg_size(bytes(self._in[:16]))
            if size > LONGEST:
                log.info("a message of %d bytes is passed over", size)
                self._passing = size
                continue
            if len(self._in) < size:
                return
            data = bytes(self._in[:size])
            del self._in[:size]
            try:
                message = Message.from_buffer(data)
            except Exception as error:  # whatever a strange peer can think of
                log.info("a message that cannot be read: %s: %s", type(error).__name__, error)
                continue
            _hand_over(self._heard, message)


@dataclass
class _Watcher:
    rule: MatchRule
    heard: Callable[[Message], None]
    # The rule without its sender where that is a name: messages carry the number of its owner.
    relaxed: MatchRule
    name: str


class Bus:
    """One bus, "SESSION" or "SYSTEM". Building it connects to nothing; the first use does.

    When it is lost, what waits for an answer gets None; then it is looked for a few times, if there is
    something to bring back, and at each use. `returned` tells that it was found again.
    """

    def __init__(
        self, which: str = "SESSION", *, patience: int = PATIENCE, tries: Sequence[int] = TRIES
    ) -> None:
        self._which = which
        self._patience = patience
        self._tries = tuple(tries)
        self._tried = 0
        self._retry: QTimer | None = None
        self._wire: _Wire | None = None
        self._was_lost = False
        self._answers: dict[int, tuple[Answer, QTimer]] = {}
        self._watchers: list[_Watcher] = []
        self._followed: set[str] = set()
        self._owners: dict[str, str] = {}
        self._names: dict[str, Callable[[bool], None]] = {}
        self._objects: dict[str, dict[str, Interface]] = {}
        self.returned: Topic[None] = Topic()

    # ---------------------------------------------------------------- asking others

    def call(self, message: Message, then: Answer) -> None:
        """Send a method call; `then` gets its reply, or None where there is no bus or no answer in time.

        An error of the peer is a reply too: see `succeeded`. Without a bus `then` is called at once. Raises
        what jeepney does with a body that does not fit its signature.
        """
        if self._use():
            self._ask(message, then)
        else:
            then(None)

    def tell(self, message: Message) -> None:
        """Send something that needs no answer, over the connection that is there."""
        if self._wire is not None:
            self._wire.send(message, self._wire.next_serial())

    def listen(self, rule: MatchRule, heard: Callable[[Message], None]) -> Callable[[], None]:
        """Call `heard` with every signal that matches `rule`; the returned function ends that.

        A rule with a sender hears nobody else, also where others send to us alone. It outlives the bus: after
        a restart it holds again, what was said meanwhile is not heard.
        """
        name = rule.header_fields.get("sender", "")
        relaxed = copy.deepcopy(rule)
        if name.startswith(":") or name == _BUS:
            name = ""
        elif name:
            del relaxed.header_fields["sender"]
        watcher = _Watcher(rule, heard, relaxed, name)
        self._watchers.append(watcher)
        if self._wire is not None:
            self._watch(watcher)
        else:
            self._use()  # which sets up every watcher

        def stop() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)
                if self._wire is not None:
                    from jeepney import message_bus

                    self.tell(message_bus.RemoveMatch(rule))

        return stop

    # ---------------------------------------------------------------- being asked

    def request_name(self, name: str, then: Callable[[bool], None] = lambda _owned: None) -> None:
        """Be known as `name`; `then` hears whether we are, each time the bus has answered that.

        Nobody is pushed aside and nobody waited for: a name that is taken stays with its owner.
        """
        self._names[name] = then
        if self._wire is not None:
            self._claim(name)
        else:
            self._use()  # which claims every name

    def release_name(self, name: str) -> None:
        """Be known as `name` no longer; harmless when we are not."""
        if self._names.pop(name, None) is not None and self._wire is not None:
            from jeepney import message_bus

            self.tell(message_bus.ReleaseName(name))

    def serve(self, path: str, *interfaces: Interface) -> Callable[[], None]:
        """Answer calls to the object at `path`; the returned function ends that.

        Introspection, properties and Ping come by themselves. A call with other types, an unknown one, or one
        whose method raises is answered with an error.
        """
        offered = {one.name: one for one in interfaces}
        self._objects[path] = offered

        def stop() -> None:
            if self._objects.get(path) is offered:
                del self._objects[path]

        return stop

    def emit(self, path: str, interface: str, signal: str, signature: str = "", body: Values = ()) -> None:
        """Send a signal to everyone who listens, over the connection that is there."""
        if self._wire is None:
            return
        from jeepney import DBusAddress, new_signal

        self.tell(new_signal(DBusAddress(path, interface=interface), signal, signature or None, body))

    def changed(self, path: str, interface: str, *names: str) -> None:
        """Tell what the named properties of an object that is served are now."""
        offered = self._objects.get(path, {}).get(interface)
        if offered is not None and self._wire is not None:
            values = {name: _variant(offered.properties[name]) for name in names}
            gone: list[str] = []
            self.emit(path, _PROPERTIES, "PropertiesChanged", "sa{sv}as", (interface, values, gone))

    def close(self) -> None:
        """Hang up and forget what was listened to, named and served; it may be used again."""
        self._watchers.clear()
        self._names.clear()
        self._objects.clear()
        self._was_lost = False
        self._rest()
        self._hang_up()

    # ---------------------------------------------------------------- the connection

    def _use(self) -> bool:
        """Whether there is a bus. Somebody wants it, so that it is worth looking for anew."""
        self._tried = 0
        return self._connect()

    def _connect(self) -> bool:
        if self._wire is not None:
            return True
        try:
            self._wire = _Wire(_address(self._which), self._dispatch, self._lose)
        except Exception as error:  # no address, no socket, no jeepney
            log.info("no %s bus: %s: %s", self._which.lower(), type(error).__name__, error)
            return False
        from jeepney import message_bus

        self._ask(message_bus.Hello(), self._greeted)
        for watcher in tuple(self._watchers):
            self._watch(watcher)
        for name in tuple(self._names):
            self._claim(name)
        return self._wire is not None

    def _greeted(self, reply: Message | None) -> None:
        if self._wire is None:
            return
        if not succeeded(reply):
            self._lose(OSError("no greeting"))
            return
        self._rest()
        if self._was_lost:
            self._was_lost = False
            self.returned.publish(None)

    def _lose(self, error: Exception) -> None:
        if self._wire is None:
            return
        log.info("the %s bus is gone: %s", self._which.lower(), error)
        self._was_lost = True
        self._hang_up()
        self._look_again()

    def _hang_up(self) -> None:
        wire, self._wire = self._wire, None
        self._followed.clear()
        self._owners.clear()
        if wire is not None:
            wire.close()
        # Set aside before anyone is told: who asks again does so over a new connection that counts from 1.
        waiting, self._answers = self._answers, {}
        for then, timer in waiting.values():
            timer.stop()
            _hand_over(then, None)

    def _look_again(self) -> None:
        """Arm the next try, if there is something to bring back and it was not in vain too often."""
        if self._retry is not None or self._wire is not None:
            return
        if not (self._watchers or self._names) or self._tried >= len(self._tries):
            return
        self._retry = QTimer()
        self._retry.setSingleShot(True)
        self._retry.timeout.connect(self._try)
        self._retry.start(self._tries[self._tried])
        self._tried += 1

    def _try(self) -> None:
        self._rest()
        if not self._connect():
            self._look_again()

    def _rest(self) -> None:
        timer, self._retry = self._retry, None
        if timer is not None:
            timer.stop()
            timer.deleteLater()

    def _ask(self, message: Message, then: Answer) -> None:
        assert self._wire is not None
        serial = self._wire.next_serial()
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._answer(serial, None))
        self._answers[serial] = (then, timer)
        timer.start(self._patience)
        try:
            self._wire.send(message, serial)
        except Exception:
            del self._answers[serial]
            raise

    def _answer(self, serial: int, message: Message | None) -> None:
        then, timer = self._answers.pop(serial, (None, None))
        if then is not None and timer is not None:
            timer.stop()
            _hand_over(then, message)

    # ---------------------------------------------------------------- names and signals

    def _watch(self, watcher: _Watcher) -> None:
        from jeepney import message_bus

        if watcher.name and watcher.name not in self._followed:
            self._follow(watcher.name)  # first: so that no signal comes before its sender is known
        if self._wire is not None:
            self._ask(message_bus.AddMatch(watcher.rule), lambda _reply: None)

    def _follow(self, name: str) -> None:
        """Know who owns a name from now on."""
        from jeepney import MatchRule, message_bus

        rule = MatchRule(type="signal", sender=_BUS, interface=_BUS, member="NameOwnerChanged")
        rule.add_arg_condition(0, name)

        def told(reply: Message | None) -> None:
            if reply is not None and succeeded(reply):
                self._owners[name] = reply.body[0]

        if self._wire is not None:
            self._followed.add(name)
            self._ask(message_bus.AddMatch(rule), lambda _reply: None)
        if self._wire is not None:
            self._ask(message_bus.GetNameOwner(name), told)

    def _claim(self, name: str) -> None:
        from jeepney import DBusNameFlags, message_bus

        def told(reply: Message | None) -> None:
            then = self._names.get(name)
            if then is not None and reply is not None:  # 1: now ours, 4: already ours
                then(succeeded(reply) and reply.body[0] in (1, 4))

        if self._wire is not None:
            self._ask(message_bus.RequestName(name, DBusNameFlags.do_not_queue), told)

    def _dispatch(self, message: Message) -> None:
        from jeepney import HeaderFields, MessageType

        kind, fields = message.header.message_type, message.header.fields
        if kind in (MessageType.method_return, MessageType.error):
            self._answer(fields.get(HeaderFields.reply_serial, -1), message)
        elif kind is MessageType.signal:
            self._hear(message, fields.get(HeaderFields.sender, ""))
        elif kind is MessageType.method_call:
            self._reply(message)

    def _hear(self, message: Message, sender: str) -> None:
        from jeepney import HeaderFields

        if sender == _BUS and message.header.fields.get(HeaderFields.member) == "NameOwnerChanged":
            name, _before, owner = message.body
            if name in self._followed:
                self._owners[name] = owner
        for watcher in tuple(self._watchers):
            if watcher.name and self._owners.get(watcher.name) != sender:
                continue
            if watcher.relaxed.matches(message) and watcher in self._watchers:
                _hand_over(watcher.heard, message)

    # ---------------------------------------------------------------- calls of others

    def _reply(self, message: Message) -> None:
        from jeepney import MessageFlag, new_error, new_method_return

        try:
            signature, body = self._run(message)
            answer = new_method_return(message, signature or None, body)
            answer.serialise(serial=1)  # a value of a wrong type is a mistake of ours, and found here
        except CallError as refusal:
            answer = new_error(message, refusal.error, "s", (refusal.text,))
        except Exception:
            log.exception("a call could not be answered")
            answer = new_error(message, _ERROR + "Failed", "s", ("Something went wrong.",))
        if not message.header.flags & MessageFlag.no_reply_expected:
            self.tell(answer)

    def _run(self, message: Message) -> tuple[str, Values]:
        from jeepney import HeaderFields

        fields = message.header.fields
        path, member = fields.get(HeaderFields.path, ""), fields.get(HeaderFields.member, "")
        wanted, given = fields.get(HeaderFields.interface), fields.get(HeaderFields.signature, "")
        for name, interface in self._at(path).items():
            if wanted in (None, "", name) and member in interface.methods:
                method = interface.methods[member]
                if given != method.takes:
                    raise CallError(
                        f"{member} takes “{method.takes}”, not “{given}”.", _ERROR + "InvalidArgs"
                    )
                return method.gives, method.run(*message.body) or ()
        known = path in self._objects or any(one.startswith(path.rstrip("/") + "/") for one in self._objects)
        if not known:
            raise CallError(f"There is no object {path}.", _ERROR + "UnknownObject")
        if wanted is not None and wanted not in self._at(path):
            raise CallError(f"There is no interface {wanted} here.", _ERROR + "UnknownInterface")
        raise CallError(f"There is no method {member} here.", _ERROR + "UnknownMethod")

    def _at(self, path: str) -> dict[str, Interface]:
        """Everything that can be called at a path; Peer anywhere."""
        offered = self._objects.get(path, {})
        peer = Interface(_PEER, {"Ping": Method(lambda: ()), "GetMachineId": Method(_machine_id, gives="s")})
        children = {
            one[len(path.rstrip("/")) + 1 :].split("/")[0] for one in self._objects if _below(one, path)
        }
        found = {**offered, _PEER: peer}
        if offered or children:
            found[_INTROSPECTABLE] = Interface(
                _INTROSPECTABLE,
                {"Introspect": Method(lambda: (_introspection(found, children),), gives="s", names=("xml",))},
            )
        if any(one.properties for one in offered.values()):
            found[_PROPERTIES] = _properties(offered)
        return found


def succeeded(message: Message | None) -> bool:
    """Whether a call was answered, and not with an error."""
    if message is None:
        return False
    from jeepney import MessageType

    return message.header.message_type is MessageType.method_return


def _address(which: str) -> str:
    """Where the socket of a bus is. Raises whatever jeepney does where there is none."""
    from jeepney.bus import get_bus

    # Where a session is not told its bus, as over ssh, systemd's is at the place that is agreed on.
    if which == "SESSION" and not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        usual = Path(os.environ["XDG_RUNTIME_DIR"], "bus")
        if usual.is_socket():
            return str(usual)
    found: str = get_bus(which)
    return found


def _hand_over(receiver: Callable[[Any], None], message: Message | None) -> None:
    try:
        receiver(message)
    except Exception:  # a mistake of ours, or a peer that sends what nobody expects, must not end the loop
        log.exception("a message could not be dealt with")


def _variant(one: Property) -> tuple[str, Any]:
    return one.signature, one.read()


def _below(path: str, parent: str) -> bool:
    return path != parent and path.startswith(parent.rstrip("/") + "/")


def _machine_id() -> Values:
    for file in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        try:
            return (file.read_text(encoding="ascii").strip(),)
        except (OSError, ValueError):
            continue
    raise CallError("This machine has no id.")


def _properties(offered: Mapping[str, Interface]) -> Interface:
    """The standard interface to the properties of an object."""

    def of(interface: str) -> Mapping[str, Property]:
        if interface and interface not in offered:
            raise CallError(f"There is no interface {interface} here.", _ERROR + "UnknownInterface")
        if interface:
            return offered[interface].properties
        return {name: one for each in offered.values() for name, one in each.properties.items()}

    def find(interface: str, name: str) -> Property:
        found = of(interface).get(name)
        if found is None:
            raise CallError(f"There is no property {name} here.", _ERROR + "UnknownProperty")
        return found

    def get(interface: str, name: str) -> Values:
        return (_variant(find(interface, name)),)

    def get_all(interface: str) -> Values:
        return ({name: _variant(one) for name, one in of(interface).items()},)

    def write(interface: str, name: str, value: tuple[str, Any]) -> None:
        one = find(interface, name)
        if one.write is None:
            raise CallError(f"{name} can only be read.", _ERROR + "PropertyReadOnly")
        if value[0] != one.signature:
            raise CallError(f"{name} is “{one.signature}”, not “{value[0]}”.", _ERROR + "InvalidArgs")
        one.write(value[1])

    return Interface(
        _PROPERTIES,
        {
            "Get": Method(get, "ss", "v", ("interface_name", "property_name", "value")),
            "GetAll": Method(get_all, "s", "a{sv}", ("interface_name", "properties")),
            "Set": Method(write, "ssv", "", ("interface_name", "property_name", "value")),
        },
        signals={"PropertiesChanged": "sa{sv}as"},
    )


def _introspection(offered: Mapping[str, Interface], children: set[str]) -> str:
    """The description of an object in the XML of the D-Bus specification."""
    from xml.sax.saxutils import quoteattr  # brings ssl and email along: 5 MiB that a tray need not hold

    lines = [
        '<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"',
        ' "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">',
        "<node>",
    ]
    for name, interface in offered.items():
        lines.append(f" <interface name={quoteattr(name)}>")
        for member, method in interface.methods.items():
            lines.append(f"  <method name={quoteattr(member)}>")
            types = [(one, "in") for one in _single(method.takes)] + [
                (one, "out") for one in _single(method.gives)
            ]
            for number, (kind, direction) in enumerate(types):
                called = f" name={quoteattr(method.names[number])}" if number < len(method.names) else ""
                lines.append(f'   <arg{called} type={quoteattr(kind)} direction="{direction}"/>')
            lines.append("  </method>")
        for member, signature in interface.signals.items():
            lines.append(f"  <signal name={quoteattr(member)}>")
            lines += [f"   <arg type={quoteattr(kind)}/>" for kind in _single(signature)]
            lines.append("  </signal>")
        for member, one in interface.properties.items():
            access = "readwrite" if one.write else "read"
            lines.append(
                f'  <property name={quoteattr(member)} type={quoteattr(one.signature)} access="{access}">'
            )
            if not one.tells:
                note = "org.freedesktop.DBus.Property.EmitsChangedSignal"
                lines.append(f'   <annotation name="{note}" value="false"/>')
            lines.append("  </property>")
        lines.append(" </interface>")
    lines += [f" <node name={quoteattr(child)}/>" for child in sorted(children)]
    return "\n".join([*lines, "</node>", ""])


def _single(signature: str) -> list[str]:
    """The complete types of a signature one by one: "sa{sv}as" is s, a{sv} and as."""
    found: list[str] = []
    start = depth = 0
    for index, code in enumerate(signature):
        depth += (code in "({") - (code in ")}")
        if depth == 0 and code != "a":
            found.append(signature[start : index + 1])
            start = index + 1
    return found
