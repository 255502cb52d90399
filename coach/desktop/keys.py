"""Keys of the terminal and the system's wish to end, as calls on the Qt loop.

It leaves out what a key means. End of input means that there are no keys, not that the session ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Signal

# An arrow arrives as one piece: Escape, bracket, letter.
_ARROW = 3


class TerminalKeys(QObject):
    """Emits `pressed` with each key of standard input: one character, or an arrow's escape sequence."""

    pressed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notifier: QSocketNotifier | None = None

    def start(self) -> None:
        """Listen until the input ends."""
        if sys.platform == "win32":
            threading.Thread(target=self._read_windows, daemon=True).start()
            return
        try:
            handle = sys.stdin.fileno()
        except (AttributeError, ValueError, OSError):
            return
        self._notifier = QSocketNotifier(handle, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._readable)

    def _readable(self) -> None:
        notifier = self._notifier
        if notifier is None:
            return
        try:
            data = os.read(int(notifier.socket()), 64)
        except OSError:
            data = b""
        if not data:
            notifier.setEnabled(False)
            return
        for key in split_keys(data.decode("utf-8", "replace")):
            self.pressed.emit(key)

    def _read_windows(self) -> None:  # pragma: no cover - only on Windows
        if sys.platform == "win32":
            import msvcrt

            arrows = {"K": "\x1b[D", "M": "\x1b[C"}
            while True:
                key = msvcrt.getwch()
                if key in ("\x00", "\xe0"):
                    key = arrows.get(msvcrt.getwch(), "")
                if key == "\x03":
                    signal.raise_signal(signal.SIGINT)
                elif key:
                    self.pressed.emit(key)


def split_keys(text: str) -> list[str]:
    """Typed text as single keys; an arrow's three characters stay together."""
    keys: list[str] = []
    index = 0
    while index < len(text):
        length = _ARROW if text[index : index + 2] == "\x1b[" and len(text) >= index + _ARROW else 1
        keys.append(text[index : index + length])
        index += length
    return keys


@contextlib.contextmanager
def one_key_at_a_time() -> Iterator[None]:
    """Let the terminal hand over each key at once and unseen, and put it back afterwards."""
    if sys.platform == "win32" or not sys.stdin or not sys.stdin.isatty():
        yield
        return
    import termios
    import tty

    handle = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(handle)
        tty.setcbreak(handle)
    except termios.error:
        yield
        return
    try:
        yield
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


class Ending(QObject):
    """Calls `asked` on the Qt loop when the system or Ctrl+C wants the app to end."""

    asked = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pair: tuple[socket.socket, socket.socket] | None = None
        self._notifier: QSocketNotifier | None = None

    def watch(self) -> None:
        """Take the signals over; Python alone would notice them only when Qt next runs Python code."""
        read, write = socket.socketpair()
        read.setblocking(False)
        write.setblocking(False)
        self._pair = (read, write)
        signal.set_wakeup_fd(write.fileno(), warn_on_full_buffer=False)
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                signal.signal(number, _noticed)
        self._notifier = QSocketNotifier(read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._readable, Qt.ConnectionType.DirectConnection)

    def stop(self) -> None:
        """Give the signals back."""
        if self._pair is None:
            return
        signal.set_wakeup_fd(-1)
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                signal.signal(number, signal.SIG_DFL)
        if self._notifier is not None:
            self._notifier.setEnabled(False)
        for end in self._pair:
            end.close()
        self._pair = None

    def _readable(self) -> None:
        if self._pair is None:
            return
        with contextlib.suppress(BlockingIOError):
            for number in self._pair[0].recv(16):
                self.asked.emit(number)


def _noticed(_number: int, _frame: object) -> None:
    """The wake-up socket tells; a handler must exist for Python to write to it."""
