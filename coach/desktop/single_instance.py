"""One running app for each data folder: who is first, and how every later start reaches it.

Who is first is decided by a lock on a file that its owner holds for life: whatever ends the owner leaves
nothing behind that blocks, and the next owner of the lock replaces a stale socket. The owner listens from
then on and answers as soon as it serves. A caller sends one line of JSON and gets one back; anything else is
answered with an error or dropped, within two seconds.

It leaves out what is asked and answered (see cli_live). Nothing of Qt, and little else, is loaded before
there is something to serve: a second start has 60 ms in all.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import stat
import struct
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from coach.i18n import N_, Line

if TYPE_CHECKING:
    from PySide6.QtCore import QSocketNotifier

    from coach.paths import Paths

# Of the lines that are exchanged; another one is refused with a sentence.
VERSION = 1
# Bytes in a line, each way.
LARGEST = 64 * 1024
# Milliseconds a connection may take to send its line, and again to take its answer.
DEADLINE_MS = 2000
# Connections at a time; the others wait their turn in the system's queue.
CALLERS = 8
# Seconds a caller waits for its answer: the first one may still be loading from a slow disk.
PATIENCE = 10.0
# Whoever loses a race tries again so often, so many seconds apart (technology 12).
TRIES, PAUSE = 10, 0.1
# Bytes the name of a socket may have: sun_path less its end.
LONGEST_NAME = 107 if sys.platform == "linux" else 103
# Private, and by the sticky bit left alone by whoever tidies the run-time folder (XDG base directories).
PRIVATE = 0o600 | stat.S_ISVTX

TOO_LONG = N_(
    "The socket “{path}” would have a name of {count} bytes; the system takes {most}. "
    "Set XDG_RUNTIME_DIR to a shorter folder."
)
NOT_PRIVATE = N_(
    "The folder “{path}” belongs to somebody else or is open to others. "
    "Remove it, or set XDG_RUNTIME_DIR to a folder of your own."
)
NO_PLACE = N_(
    "Stretch Coach cannot tell whether it is open already. “{path}”: {reason}. "
    "Set XDG_RUNTIME_DIR to a folder of your own."
)
SILENT = N_(
    "Stretch Coach is open already (process {pid}) but does not answer. End that process, then try again."
)
OTHER_VERSION = N_("The Stretch Coach that is open is another version. Quit it, then try again.")
TOO_MUCH = N_("That is more than can be handed to the Stretch Coach that is open.")
NOT_UNDERSTOOD = N_("That was not understood.")
CUT_SHORT = N_("The answer was too long and is left out.")
FAILED = N_("The Stretch Coach that is open could not do that. Its log says more.")


class InstanceError(Exception):
    """It cannot be told who is first, or the first one does not answer; `line` says what to do."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.template)
        self.line = line


@dataclass(frozen=True)
class Request:
    """A command line for the running app, where it was typed, and the desktop's token to raise a window."""

    argv: tuple[str, ...]
    cwd: str
    token: str = ""


@dataclass(frozen=True)
class Reply:
    """The exit code and what is to be printed."""

    code: int
    out: str = ""
    err: str = ""


# -------------------------------------------------------------------- for callers


class Meeting(Protocol):
    """The place where the first one and the others meet. Building it touches nothing."""

    @property
    def lock(self) -> Path | None:
        """The file whose lock decides; None when its folder is not there, so that nobody can be first."""

    def prepare(self) -> Path:
        """Make the folder and give the lock's file. Raises InstanceError or OSError."""

    def listen(self) -> socket.socket:
        """Be reachable, in the place of whoever was before. Only the owner of the lock may do that."""

    def connect(self, patience: float) -> socket.socket:
        """A connection to the first one. Raises OSError, TimeoutError after `patience` seconds among them."""

    def is_ours(self, connection: socket.socket) -> bool:
        """Whether the other end is the same user, where the system can tell."""

    @property
    def proof(self) -> str:
        """What a caller must send along, known after `connect` or `listen`; "" where none is needed."""

    def leave(self) -> None:
        """Be reachable no more; harmless when it never was."""


def ask(
    paths: Paths, request: Request, *, meeting: Meeting | None = None, patience: float = PATIENCE
) -> Reply | None:
    """Have the running app carry a command out; None when nobody is running. Raises InstanceError."""
    place = meeting or meeting_for(paths)
    try:
        for _try in range(TRIES):
            lock = place.lock
            if lock is None or not _is_held(lock):
                return None
            reply = _ask_once(place, request, patience)
            if reply is not None:
                return reply
            _wait(PAUSE)  # it has the lock and listens in a moment, or it is just leaving
        raise _silent(place)
    except OSError as error:
        raise _no_place(place, error) from error


def claim_or_ask(
    paths: Paths, request: Request, *, meeting: Meeting | None = None, patience: float = PATIENCE
) -> Instance | Reply:
    """Be the first one, or else have the first one carry the command out. Raises InstanceError."""
    place = meeting or meeting_for(paths)
    for _try in range(TRIES):
        instance = Instance.claim(paths, meeting=place)
        if instance is not None:
            return instance
        reply = ask(paths, request, meeting=place, patience=patience)
        if reply is not None:
            return reply
        _wait(PAUSE)
    raise _silent(place)


def _ask_once(place: Meeting, request: Request, patience: float) -> Reply | None:
    """The answer, or None when the other side is not there yet or any more."""
    try:
        connection = place.connect(patience)
    except TimeoutError as error:
        raise _silent(place) from error
    except (OSError, ValueError):  # ValueError: what tells the way is half written
        return None
    with connection:
        try:
            if not place.is_ours(connection):
                return None
        except OSError:  # it went away again
            return None
        line = json.dumps(
            {
                "version": VERSION,
                "proof": place.proof,
                "argv": request.argv,
                "cwd": request.cwd,
                "token": request.token,
            }
        ).encode("ascii")
        if len(line) > LARGEST:
            raise InstanceError(Line(TOO_MUCH))
        try:
            connection.sendall(line + b"\n")
            answer = b""
            while b"\n" not in answer and len(answer) <= LARGEST:
                more = connection.recv(LARGEST)
                if not more:
                    return None
                answer += more
        except TimeoutError as error:
            raise _silent(place) from error
        except OSError:
            return None
    return _read_reply(answer)


def _read_reply(line: bytes) -> Reply:
    try:
        match json.loads(line):
            case {"version": 1, "code": int(code), "out": str(out), "err": str(err)}:
                return Reply(code, out, err)
    except (ValueError, RecursionError):
        pass
    raise InstanceError(Line(OTHER_VERSION))


def _silent(place: Meeting) -> InstanceError:
    pid = "?"
    with contextlib.suppress(OSError):
        if place.lock is not None:
            pid = place.lock.read_bytes()[:20].decode("ascii", "replace").strip() or pid
    return InstanceError(Line(SILENT, (("pid", pid),)))


def _no_place(place: Meeting, error: OSError) -> InstanceError:
    fields = (("path", str(error.filename or place.lock)), ("reason", error.strerror or str(error)))
    return InstanceError(Line(NO_PLACE, fields))


def _wait(seconds: float) -> None:
    """Let the other process get on. Only for callers: nothing of ours runs beside it."""
    from threading import Event  # seldom needed

    Event().wait(seconds)


# -------------------------------------------------------------------- the lock


def _take_lock(path: Path) -> int | None:
    """An open handle that has the lock until it is closed or the process ends; None when another has it.

    It is not handed on to child processes, so none of them can keep the lock.
    """
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            if not _lock(handle, shared=False):
                os.close(handle)
                return None
            if sys.platform != "win32" and not _is_at(handle, path):
                os.close(handle)  # it was swept away in between: the lock on it means nothing
                continue
            os.truncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode("ascii"))
            if hasattr(os, "fchmod"):
                with contextlib.suppress(OSError):  # some systems keep the sticky bit to themselves
                    os.fchmod(handle, PRIVATE)
            return handle
        except OSError:
            os.close(handle)
            raise


def _is_held(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return False
    try:
        return not _lock(handle, shared=True)
    finally:
        os.close(handle)


def _lock(handle: int, *, shared: bool) -> bool:
    """Lock an open file without waiting; False when another has it. Those who only look share."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, LARGEST, os.SEEK_SET)  # beyond what is written: a locked byte cannot be read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            if shared:
                os.lseek(handle, LARGEST, os.SEEK_SET)
                msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


# -------------------------------------------------------------------- where they meet


def meeting_for(paths: Paths) -> Meeting:
    """The way of this system."""
    return Loopback(paths) if sys.platform == "win32" else LocalSocket(paths)


class LocalSocket:
    """POSIX: a socket and a lock in the user's run-time folder, or in a private one for temporary files.

    Both are named by the data folder; the system tells the user at the other end.
    """

    proof = ""

    def __init__(self, paths: Paths) -> None:
        root = os.fsencode(os.path.realpath(paths.data))
        self._name = f"stretch-coach-{zlib.crc32(root):08x}"  # hashlib takes 3 ms to load

    @property
    def lock(self) -> Path | None:
        folder = _run_folder(make=False)
        return None if folder is None else folder / f"{self._name}.lock"

    @property
    def address(self) -> Path | None:
        """The socket. Raises InstanceError when its name is too long."""
        folder = _run_folder(make=False)
        if folder is None:
            return None
        path = folder / f"{self._name}.sock"
        count = len(os.fsencode(path))
        if count > LONGEST_NAME:
            fields = (("path", str(path)), ("count", str(count)), ("most", str(LONGEST_NAME)))
            raise InstanceError(Line(TOO_LONG, fields))
        return path

    def prepare(self) -> Path:
        folder = _run_folder(make=True)
        assert folder is not None
        assert self.address is not None  # said before anything is made
        return folder / f"{self._name}.lock"

    def listen(self) -> socket.socket:
        address = self.address
        assert address is not None
        address.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(str(address))
            try:
                address.chmod(PRIVATE)
            except OSError:
                address.chmod(0o600)
            listener.listen(CALLERS)
        except OSError:
            listener.close()
            raise
        return listener

    def connect(self, patience: float) -> socket.socket:
        address = self.address
        if address is None:
            raise FileNotFoundError
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(patience)
            connection.connect(str(address))
        except OSError:
            connection.close()
            raise
        return connection

    def is_ours(self, connection: socket.socket) -> bool:
        if not hasattr(socket, "SO_PEERCRED"):
            return True  # the rights of the socket and its folder are all there is
        size = struct.calcsize("3i")
        _pid, uid, _gid = struct.unpack(
            "3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
        )
        return bool(uid == os.getuid())

    def leave(self) -> None:
        address = self.address
        if address is not None:
            with contextlib.suppress(OSError):
                address.unlink()


def _run_folder(*, make: bool) -> Path | None:
    """The user's run-time folder; without a usable one a folder of our own among the temporary files.

    None when that is not there and not to be made. Raises InstanceError when somebody else has put one there.
    """
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given.startswith("/") and _is_mine(Path(given), open_to=stat.S_IWGRP | stat.S_IWOTH):
        return Path(given)
    own = Path(os.environ.get("TMPDIR") or "/tmp") / f"stretch-coach-{os.getuid()}"
    try:
        if make:
            own.mkdir(mode=0o700, exist_ok=True)
        elif not own.exists() and not own.is_symlink():
            return None
    except FileExistsError:
        pass  # something else of that name
    except OSError as error:
        fields = (("path", str(own)), ("reason", error.strerror or str(error)))
        raise InstanceError(Line(NO_PLACE, fields)) from error
    if not _is_mine(own, open_to=stat.S_IRWXG | stat.S_IRWXO):
        raise InstanceError(Line(NOT_PRIVATE, (("path", str(own)),)))
    return own


def _is_mine(folder: Path, *, open_to: int) -> bool:
    """Whether this is a real folder of this user that gives others none of the rights `open_to`."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & open_to


class Loopback:
    """Windows, where Python has no local sockets: a port of 127.0.0.1 that changes with each start.

    Its number, and the secret that a caller must know, are in a file of the user's state folder.
    """

    def __init__(self, paths: Paths) -> None:
        self._lock = paths.state / "instance.lock"
        self._card = paths.state / "instance.json"
        self._secret = ""

    @property
    def lock(self) -> Path | None:
        return self._lock

    @property
    def proof(self) -> str:
        return self._secret

    def prepare(self) -> Path:
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        return self._lock

    def listen(self) -> socket.socket:
        self._secret = os.urandom(32).hex()
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            listener.bind(("127.0.0.1", 0))
            listener.listen(CALLERS)
            new = self._card.with_suffix(".new")
            new.unlink(missing_ok=True)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as card:
                json.dump({"port": listener.getsockname()[1], "secret": self._secret}, card)
            new.replace(self._card)
        except OSError:
            listener.close()
            raise
        return listener

    def connect(self, patience: float) -> socket.socket:
        with self._card.open("rb") as file:
            card = file.read(1000)
        match json.loads(card):
            case {"port": int(port), "secret": str(secret)} if 0 < port < 65536:
                self._secret = secret
                return socket.create_connection(("127.0.0.1", port), patience)
        raise ValueError("no port in there")

    def is_ours(self, connection: socket.socket) -> bool:
        return True  # the secret tells

    def leave(self) -> None:
        with contextlib.suppress(OSError):
            self._card.unlink()


# -------------------------------------------------------------------- for the first one


class Instance:
    """The right to be the running app of these folders, until it is closed or the process ends."""

    def __init__(self, meeting: Meeting, lock: int, listener: socket.socket) -> None:
        self._meeting = meeting
        self._lock: int | None = lock
        self._listener = listener
        self._server: _Server | None = None

    @classmethod
    def claim(cls, paths: Paths, *, meeting: Meeting | None = None) -> Instance | None:
        """Be the first one; None when another one is. From here on callers wait for `serve`.

        Raises InstanceError when that cannot be told.
        """
        place = meeting or meeting_for(paths)
        try:
            lock = _take_lock(place.prepare())
            if lock is None:
                return None
            try:
                listener = place.listen()
            except (OSError, InstanceError):
                os.close(lock)
                raise
        except OSError as error:
            raise _no_place(place, error) from error
        listener.setblocking(False)
        return cls(place, lock, listener)

    def serve(self, answer: Callable[[Request], Reply]) -> None:
        """Answer callers from the Qt loop. `answer` gets what anyone may have written."""
        if self._lock is not None and self._server is None:
            self._server = _Server(self._listener, self._meeting, answer)

    def close(self) -> None:
        """Let another one be the first; harmless when that happened already."""
        if self._lock is None:
            return
        if self._server is not None:
            self._server.close()
        self._listener.close()
        self._meeting.leave()
        os.close(self._lock)
        self._lock = None


class _Server:
    """Takes callers, a few at a time, and answers each one line."""

    def __init__(self, listener: socket.socket, meeting: Meeting, answer: Callable[[Request], Reply]) -> None:
        from PySide6.QtCore import QSocketNotifier, QTimer

        self._listener = listener
        self._meeting = meeting
        self._answer = answer
        self._callers: set[_Caller] = set()
        self._open = True
        self._notifier = QSocketNotifier(listener.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._accept)
        self._breath = QTimer()
        self._breath.setSingleShot(True)
        self._breath.setInterval(DEADLINE_MS)
        self._breath.timeout.connect(self._take_more)

    def close(self) -> None:
        self._open = False
        self._notifier.setEnabled(False)
        self._breath.stop()
        for caller in tuple(self._callers):
            caller.close()

    def _accept(self) -> None:
        try:
            connection, _address = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return  # it went away again
        except OSError:  # too many files are open: this would be told again and again
            self._notifier.setEnabled(False)
            self._breath.start()
            return
        try:
            ours = self._meeting.is_ours(connection)
        except OSError:  # it went away again, or the system does not say whose it is
            ours = False
        if not ours:
            connection.close()
            return
        self._callers.add(_Caller(connection, self._reply, self._gone))
        if len(self._callers) >= CALLERS:
            self._notifier.setEnabled(False)

    def _gone(self, caller: _Caller) -> None:
        from PySide6.QtCore import QTimer

        def forget() -> None:
            self._callers.discard(caller)
            if self._open:
                self._take_more()

        QTimer.singleShot(0, forget)  # not while its own notifier is calling

    def _take_more(self) -> None:
        self._notifier.setEnabled(True)

    def _reply(self, line: bytes | None) -> bytes:
        """One line for one line, whatever is in it; None is one that was too long."""
        from coach.i18n import render

        if line is None:
            return _written(Reply(1, err=render(Line(TOO_MUCH)) + "\n"))
        try:
            request = _read_request(line, self._meeting.proof)
        except (ValueError, RecursionError):
            return _written(Reply(1, err=render(Line(NOT_UNDERSTOOD)) + "\n"))
        try:
            reply = self._answer(request)
        except Exception:
            import logging

            logging.getLogger(__name__).exception("a command from outside failed")
            reply = Reply(1, err=render(Line(FAILED)) + "\n")
        written = _written(reply)
        if len(written) > LARGEST:
            written = _written(Reply(reply.code or 1, err=render(Line(CUT_SHORT)) + "\n"))
        return written


class _Caller:
    """One connection: it may send a line, gets a line, and is gone after two seconds whatever it does."""

    def __init__(
        self,
        connection: socket.socket,
        reply: Callable[[bytes | None], bytes],
        gone: Callable[[_Caller], None],
    ) -> None:
        from PySide6.QtCore import QSocketNotifier, QTimer

        connection.setblocking(False)
        self._connection = connection
        self._reply = reply
        self._gone = gone
        self._heard = bytearray()
        self._unsent = b""
        self._open = True
        self._reader = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read)
        self._reader.activated.connect(self._read)
        self._writer: QSocketNotifier | None = None
        self._deadline = QTimer()
        self._deadline.setSingleShot(True)
        self._deadline.setInterval(DEADLINE_MS)
        self._deadline.timeout.connect(self.close)
        self._deadline.start()

    def close(self) -> None:
        """Hang up; harmless when that happened already."""
        if not self._open:
            return
        self._open = False
        self._deadline.stop()
        self._reader.setEnabled(False)
        if self._writer is not None:
            self._writer.setEnabled(False)
        self._connection.close()
        self._gone(self)

    def _read(self) -> None:
        try:
            more = self._connection.recv(LARGEST)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        if not more:  # it left before it had said anything whole
            self.close()
            return
        self._heard += more
        end = self._heard.find(b"\n", len(self._heard) - len(more))
        if end > LARGEST or (end < 0 and len(self._heard) > LARGEST):
            self._say(None)
        elif end >= 0:
            self._say(bytes(self._heard[:end]))

    def _say(self, line: bytes | None) -> None:
        self._reader.setEnabled(False)
        self._deadline.stop()  # what it asked for may take its time
        self._unsent = self._reply(line)
        self._deadline.start()
        self._send()

    def _send(self) -> None:
        from PySide6.QtCore import QSocketNotifier

        try:
            sent = self._connection.send(self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.close()
            return
        self._unsent = self._unsent[sent:]
        if not self._unsent:
            self.close()
        elif self._writer is None:
            self._writer = QSocketNotifier(self._connection.fileno(), QSocketNotifier.Type.Write)
            self._writer.activated.connect(self._send)


def _read_request(line: bytes, proof: str) -> Request:
    """The request in a line. Raises ValueError, or RecursionError when it is nested too deep."""
    from hmac import compare_digest

    match json.loads(line.decode("utf-8")):
        case {
            "version": int(version),
            "proof": str(shown),
            "argv": list(argv),
            "cwd": str(cwd),
            "token": str(token),
        }:
            pass
        case _:
            raise ValueError("not a request")
    if version != VERSION or not compare_digest(os.fsencode(shown), os.fsencode(proof)):
        raise ValueError("not for us")
    if not all(isinstance(word, str) for word in argv) or not Path(cwd).is_absolute():
        raise ValueError("not a command line")
    for word in (*argv, cwd):
        if b"\0" in os.fsencode(word):
            raise ValueError("no file and no word has that in it")
    if not (token.isascii() and token.isprintable()):
        token = ""
    return Request(tuple(argv), cwd, token)


def _written(reply: Reply) -> bytes:
    fields = {"version": VERSION, "code": reply.code, "out": reply.out, "err": reply.err}
    return json.dumps(fields).encode("ascii") + b"\n"
