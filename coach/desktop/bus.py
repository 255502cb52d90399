"""A D-Bus connection on Qt's event loop: calls with an answer later, and signals.

It leaves out what is called. No thread, no waiting: where there is no bus every call is answered with None.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSocketNotifier, QTimer

if TYPE_CHECKING:
    from jeepney import MatchRule, Message

log = logging.getLogger(__name__)

Answer = Callable[["Message | None"], None]
# In seconds; a healthy bus greets within a millisecond.
GREETING = 0.5
# An answer that has not come after so many ms does not come.
PATIENCE = 5000


class Bus:
    """One bus, "SESSION" or "SYSTEM". Building it connects to nothing; the first use does."""

    def __init__(self, which: str = "SESSION", *, patience: int = PATIENCE) -> None:
        self._which = which
        self._patience = patience
        self._connection: Any = None
        self._notifier: QSocketNotifier | None = None
        self._missing = False
        self._answers: dict[int, tuple[Answer, QTimer]] = {}
        self._watchers: list[tuple[MatchRule, Callable[[Message], None]]] = []

    def call(self, message: Message, then: Answer) -> None:
        """Send a method call; `then` gets its reply, or None where there is no bus or no answer in time.

        An error of the peer is a reply too: see `succeeded`. Without a bus `then` is called at once.
        """
        if not self._connect():
            then(None)
            return
        serial = next(self._connection.outgoing_serial)
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._answer(serial, None))
        self._answers[serial] = (then, timer)
        timer.start(self._patience)
        self._send(message, serial)

    def tell(self, message: Message) -> None:
        """Send something that needs no answer, over the connection that is there."""
        if self._connection is not None:
            self._send(message, next(self._connection.outgoing_serial))

    def listen(self, rule: MatchRule, heard: Callable[[Message], None]) -> None:
        """Call `heard` with every signal that matches `rule`, as long as the bus is there."""
        from jeepney import message_bus

        self._watchers.append((rule, heard))
        self.call(message_bus.AddMatch(rule), lambda _reply: None)

    def close(self) -> None:
        """Hang up. What was held over this connection is released by its peers; it may be used again."""
        notifier, self._notifier = self._notifier, None
        connection, self._connection = self._connection, None
        if notifier is not None:
            notifier.setEnabled(False)
            notifier.deleteLater()
        if connection is not None:
            connection.close()
        self._watchers.clear()
        for serial in tuple(self._answers):
            self._answer(serial, None)

    def _connect(self) -> bool:
        if self._connection is not None:
            return True
        if self._missing:
            return False
        try:
            from jeepney.io.blocking import open_dbus_connection

            self._connection = open_dbus_connection(self._which, auth_timeout=GREETING)
        except Exception as error:  # no address, no socket, no jeepney, a peer that is no bus
            log.info("no %s bus: %s: %s", self._which.lower(), type(error).__name__, error)
            self._missing = True
            return False
        self._notifier = QSocketNotifier(self._connection.sock.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda *_: self._read())
        return True

    def _send(self, message: Message, serial: int) -> None:
        try:
            self._connection.send(message, serial=serial)
        except OSError as error:
            self._lost(error)

    def _read(self) -> None:
        while self._connection is not None:
            try:
                message = self._connection.receive(timeout=0)
            except TimeoutError:
                return
            except Exception as error:  # closed by the bus, or a message that cannot be read
                self._lost(error)
                return
            self._dispatch(message)

    def _dispatch(self, message: Message) -> None:
        from jeepney import HeaderFields, MessageType

        if message.header.message_type in (MessageType.method_return, MessageType.error):
            self._answer(message.header.fields.get(HeaderFields.reply_serial, -1), message)
        elif message.header.message_type is MessageType.signal:
            for rule, heard in tuple(self._watchers):
                if rule.matches(message):
                    heard(message)

    def _answer(self, serial: int, message: Message | None) -> None:
        then, timer = self._answers.pop(serial, (None, None))
        if then is not None and timer is not None:
            timer.stop()
            then(message)

    def _lost(self, error: Exception) -> None:
        log.info("the %s bus is gone: %s", self._which.lower(), error)
        self._missing = True
        self.close()


def succeeded(message: Message | None) -> bool:
    """Whether a call was answered, and not with an error."""
    if message is None:
        return False
    from jeepney import MessageType

    return message.header.message_type is MessageType.method_return
