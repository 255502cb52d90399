"""Six starts at once give one app, a killed one blocks nobody, and strangers on the socket disturb nothing.

Processes and sockets are real; what stands for the app is instance_peer.py, or an answer in this process.
Both ways to meet are tested wherever the tests run, though only Windows uses the loopback.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from coach.desktop import single_instance
from coach.desktop.single_instance import (
    LARGEST,
    Instance,
    InstanceError,
    LocalSocket,
    Loopback,
    Reply,
    Request,
    ask,
)
from coach.i18n import render
from coach.paths import Paths, locate
from tests.conftest import ExpectWarning

ROOT = Path(__file__).parents[2]
PEER = Path(__file__).with_name("instance_peer.py")
NOBODY = 65534
posix = pytest.mark.skipif(sys.platform == "win32", reason="only where there are local sockets")
as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.getuid() != 0, reason="only root can be two users at once"
)

Way = type[LocalSocket] | type[Loopback]
WAYS: dict[str, Way] = {"local socket": LocalSocket, "loopback": Loopback}


@pytest.fixture(params=WAYS if sys.platform != "win32" else ["loopback"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def paths(fresh_home: Path) -> Paths:
    return locate(fresh_home / "mine")


class Stage:
    """The running app in this process, and callers that it serves on the Qt loop."""

    def __init__(self, qtbot: QtBot, paths: Paths, way: str) -> None:
        self.qtbot = qtbot
        self.paths = paths
        self.way = WAYS[way]
        self.heard: list[Request] = []
        self.reply = Reply(0, "done\n")
        claimed = Instance.claim(paths, meeting=self.way(paths))
        assert claimed is not None
        self.instance = claimed

    def serve(self, answer: Callable[[Request], Reply] | None = None) -> None:
        self.instance.serve(answer or self._note)

    def _note(self, request: Request) -> Reply:
        self.heard.append(request)
        return self.reply

    def asked(self, *words: str) -> Reply | None:
        """What a proper caller gets."""
        got: list[Reply | None] = []
        place = self.way(self.paths)
        caller = threading.Thread(
            target=lambda: got.append(ask(self.paths, Request(words, str(Path.cwd()), "tok"), meeting=place)),
        )
        caller.start()
        self.qtbot.waitUntil(lambda: not caller.is_alive(), timeout=8000)
        return got[0]

    def stranger(self) -> tuple[socket.socket, str]:
        """A connection that can say anything, and the proof that it would have to give."""
        place = self.way(self.paths)
        connection = place.connect(2.0)
        connection.setblocking(False)
        return connection, place.proof

    def line(self, proof: str, changed: dict[str, object] | None = None) -> bytes:
        fields: dict[str, object] = {"version": 1, "proof": proof, "argv": ["status"], "token": ""}
        return json.dumps(fields | {"cwd": str(Path.cwd())} | (changed or {})).encode() + b"\n"

    def hears(self, connection: socket.socket) -> bytes:
        """Everything that comes until the app hangs up."""
        got = bytearray()

        def is_over() -> bool:
            try:
                more = connection.recv(LARGEST)
            except BlockingIOError:
                return False
            except ConnectionError:
                return True
            got.extend(more)
            return not more

        self.qtbot.waitUntil(is_over, timeout=4000)
        connection.close()
        return bytes(got)


@pytest.fixture
def stage(qtbot: QtBot, paths: Paths, way: str) -> Iterator[Stage]:
    made = Stage(qtbot, paths, way)
    yield made
    made.instance.close()


# -------------------------------------------------------------------- who is first


def test_nobody_is_there_at_first_and_asking_makes_nothing(paths: Paths, way: str, fresh_home: Path) -> None:
    assert ask(paths, Request(("status",), "/"), meeting=WAYS[way](paths)) is None
    assert not paths.state.exists() and list((fresh_home / "run").iterdir()) == []


def test_only_one_can_be_first_until_it_closes(paths: Paths, way: str) -> None:
    first = Instance.claim(paths, meeting=WAYS[way](paths))
    assert first is not None
    assert Instance.claim(paths, meeting=WAYS[way](paths)) is None
    first.close()
    first.close()
    second = Instance.claim(paths, meeting=WAYS[way](paths))
    assert second is not None
    second.close()
    assert ask(paths, Request(("status",), "/"), meeting=WAYS[way](paths)) is None


def test_two_data_folders_are_two_apps(fresh_home: Path, way: str) -> None:
    one, other = locate(fresh_home / "one"), locate(fresh_home / "other")
    first, second = (
        Instance.claim(one, meeting=WAYS[way](one)),
        Instance.claim(other, meeting=WAYS[way](other)),
    )
    assert first is not None and second is not None
    first.close()
    second.close()


@posix
def test_a_link_to_the_data_folder_is_the_same_app(fresh_home: Path) -> None:
    (fresh_home / "real").mkdir()
    (fresh_home / "link").symlink_to(fresh_home / "real")
    first = Instance.claim(locate(fresh_home / "real"))
    assert first is not None
    assert Instance.claim(locate(fresh_home / "link")) is None
    first.close()


# -------------------------------------------------------------------- asking and answering


def test_a_command_arrives_whole_and_its_answer_comes_back(stage: Stage) -> None:
    stage.reply = Reply(1, "Wade, 23 s – links\n", "Nein.\n")
    stage.serve()
    odd = os.fsdecode(b"pl\xff\xc3\xa4ne.toml")
    assert stage.asked("run", "Größe", odd) == stage.reply
    assert stage.heard == [Request(("run", "Größe", odd), str(Path.cwd()), "tok")]


def test_who_asks_while_the_first_one_still_loads_is_answered_then(stage: Stage) -> None:
    connection, proof = stage.stranger()
    connection.sendall(stage.line(proof))
    stage.serve()
    assert json.loads(stage.hears(connection))["out"] == "done\n"


def test_who_asks_before_the_first_one_listens_tries_again(qtbot: QtBot, paths: Paths, way: str) -> None:
    place = WAYS[way](paths)
    lock = single_instance._take_lock(place.prepare())
    assert lock is not None
    got: list[Reply | None] = []
    caller = threading.Thread(
        target=lambda: got.append(ask(paths, Request((), "/"), meeting=WAYS[way](paths)))
    )
    caller.start()
    qtbot.wait(150)
    listener = place.listen()
    listener.setblocking(False)
    first = Instance(place, lock, listener)
    first.serve(lambda _request: Reply(0, "there"))
    qtbot.waitUntil(lambda: not caller.is_alive())
    assert got == [Reply(0, "there")]
    first.close()


def test_an_answer_may_end_the_app(stage: Stage) -> None:
    def leave(_request: Request) -> Reply:
        stage.instance.close()
        return Reply(0, "never heard")

    stage.serve(leave)
    connection, proof = stage.stranger()
    connection.sendall(stage.line(proof))
    assert stage.hears(connection) == b""
    assert ask(stage.paths, Request((), "/"), meeting=stage.way(stage.paths)) is None


def test_a_fault_of_ours_is_a_sentence_for_the_caller(stage: Stage, expected_warnings: ExpectWarning) -> None:
    def fail(_request: Request) -> Reply:
        raise KeyError("a fault")

    expected_warnings("a command from outside failed")
    stage.serve(fail)
    reply = stage.asked("status")
    assert reply is not None and reply.code == 1 and "log says more" in reply.err


def test_an_answer_that_is_too_long_is_left_out_and_that_is_said(stage: Stage) -> None:
    stage.reply = Reply(0, "x" * LARGEST)
    stage.serve()
    reply = stage.asked("status")
    assert reply is not None and reply.code == 1 and reply.out == "" and "too long" in reply.err


def test_a_command_that_is_too_long_is_not_sent(stage: Stage) -> None:
    with pytest.raises(InstanceError, match="more than can be handed"):
        ask(stage.paths, Request(("x" * LARGEST,), "/"), meeting=stage.way(stage.paths))


def test_a_long_answer_reaches_one_who_reads_slowly(qtbot: QtBot, paths: Paths) -> None:
    stage = Stage(qtbot, paths, "loopback")
    stage.instance._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
    stage.reply = Reply(0, "x" * 60_000)
    stage.serve()
    card = json.loads((paths.state / "instance.json").read_text("ascii"))
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.connect(("127.0.0.1", card["port"]))
    connection.setblocking(False)
    connection.sendall(stage.line(card["secret"]))
    qtbot.waitUntil(lambda: len(stage.heard) == 1)
    assert json.loads(stage.hears(connection))["out"] == stage.reply.out
    stage.instance.close()


# -------------------------------------------------------------------- what strangers may do

NONSENSE = {
    "nothing": b"\n",
    "words": b"open sesame\n",
    "a browser": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no text at all": b"\xff\xfe\x00\xf0\n",
    "an empty object": b"{}\n",
    "a list": b'["status"]\n',
    "a number of a million digits": b"9" * 60_000 + b"\n",
    "deep nesting": b"[" * 60_000 + b"\n",
    "deep objects": b'{"a":' * 12_000 + b"\n",
}
WRONG_FIELDS: dict[str, dict[str, object]] = {
    "another version": {"version": 2},
    "words that are none": {"argv": [1, None]},
    "one word": {"argv": "status"},
    "no folder": {"cwd": 7},
    "a folder from nowhere": {"cwd": "somewhere"},
    "a zero byte": {"argv": ["run", "a\0b"]},
    "half a character": {"argv": ["\ud800"]},
    "no token": {"token": None},
    "a wrong proof": {"proof": "ä" * 64},
}


@pytest.mark.parametrize("noise", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_answered_with_an_error_and_does_nothing(stage: Stage, noise: bytes) -> None:
    stage.serve()
    connection, _proof = stage.stranger()
    connection.sendall(noise)
    answer = json.loads(stage.hears(connection))
    assert answer["code"] == 1 and answer["err"].endswith(".\n") and stage.heard == []
    assert stage.asked("status") == stage.reply


@pytest.mark.parametrize("changed", WRONG_FIELDS.values(), ids=WRONG_FIELDS)
def test_a_request_that_is_not_in_order_is_refused(stage: Stage, changed: dict[str, object]) -> None:
    stage.serve()
    connection, proof = stage.stranger()
    connection.sendall(stage.line(proof, changed))
    assert json.loads(stage.hears(connection))["code"] == 1 and stage.heard == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("version", "proof", "argv", "cwd", "token")


@given(
    st.binary(max_size=200)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {"version": st.just(1) | VALUES, "proof": st.just("") | VALUES},
        optional={name: VALUES | st.lists(st.text()) for name in FIELDS[2:]},
    ).map(lambda fields: json.dumps(fields).encode())
)
def test_whatever_a_line_holds_it_is_a_request_or_refused(line: bytes) -> None:
    try:
        request = single_instance._read_request(line, "")
    except (ValueError, RecursionError):
        return
    assert Path(request.cwd).is_absolute() and request.token.isprintable()
    assert all("\0" not in word for word in request.argv)


class OutOfHandles:
    """A listening socket in a process that has too many files open."""

    def __init__(self, real: socket.socket) -> None:
        self._real = real
        self.calls = 0
        self.are_out = True

    def accept(self) -> tuple[socket.socket, object]:
        self.calls += 1
        if self.are_out:
            raise OSError(errno.EMFILE, "too many open files")
        return self._real.accept()


def test_with_too_many_files_open_callers_wait_and_nothing_spins(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "DEADLINE_MS", 200)
    stage.serve()
    listener = OutOfHandles(stage.instance._listener)
    monkeypatch.setattr(stage.instance._server, "_listener", listener)
    connection, proof = stage.stranger()
    connection.sendall(stage.line(proof))
    stage.qtbot.waitUntil(lambda: listener.calls == 2)
    stage.qtbot.wait(20)
    assert listener.calls == 2
    listener.are_out = False
    assert json.loads(stage.hears(connection))["code"] == 0


def test_a_caller_of_whom_the_system_says_nothing_is_not_ours(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.serve()

    def nobody_knows(_connection: socket.socket) -> bool:
        raise OSError(errno.EINVAL, "Invalid argument")

    with monkeypatch.context() as change:
        change.setattr(stage.instance._meeting, "is_ours", nobody_knows)
        connection, proof = stage.stranger()
        connection.sendall(stage.line(proof))
        assert stage.hears(connection) == b"" and stage.heard == []
    assert stage.asked("status") == stage.reply


def test_a_first_one_of_whom_the_system_says_nothing_gets_no_word(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "TRIES", 1)
    stage.serve()
    place = stage.way(stage.paths)

    def nobody_knows(_connection: socket.socket) -> bool:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(place, "is_ours", nobody_knows)
    with pytest.raises(InstanceError, match="does not answer"):
        ask(stage.paths, Request(("status",), "/"), meeting=place)
    assert stage.heard == []


def test_a_token_that_no_desktop_gave_is_dropped(stage: Stage) -> None:
    stage.serve()
    connection, proof = stage.stranger()
    connection.sendall(stage.line(proof, {"token": "two\nlines"}))
    stage.hears(connection)
    assert [request.token for request in stage.heard] == [""]


def test_a_line_without_end_is_cut_off(stage: Stage) -> None:
    stage.serve()
    connection, _proof = stage.stranger()
    sent = 0
    with contextlib.suppress(BlockingIOError, ConnectionError):
        while sent < 4 * LARGEST:
            sent += connection.send(b"x" * 4096)
    stage.hears(connection)
    assert stage.heard == [] and stage.asked("status") == stage.reply


def test_a_line_that_is_just_too_long_is_answered_with_that(stage: Stage) -> None:
    stage.serve()
    connection, _proof = stage.stranger()
    rest = b"x" * (LARGEST + 1)
    while rest:
        rest = rest[connection.send(rest) :]
    assert "more than can be handed" in json.loads(stage.hears(connection))["err"]


def test_one_who_writes_letter_by_letter_is_understood(stage: Stage) -> None:
    stage.serve()
    connection, proof = stage.stranger()
    for letter in stage.line(proof):
        connection.sendall(bytes([letter]))
        stage.qtbot.wait(0)
    assert json.loads(stage.hears(connection))["code"] == 0


def test_one_who_says_nothing_is_hung_up_on_and_holds_nobody_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "DEADLINE_MS", 300)
    stage.serve()
    connection, _proof = stage.stranger()
    assert stage.asked("status") == stage.reply
    assert stage.hears(connection) == b""


def test_a_crowd_that_says_nothing_only_makes_others_wait(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "DEADLINE_MS", 300)
    stage.serve()
    crowd = [stage.stranger()[0] for _one in range(single_instance.CALLERS)]
    assert stage.asked("status") == stage.reply
    assert b"" in [heard_now(one) for one in crowd], "somebody had to leave first"
    for one in crowd:
        assert stage.hears(one) == b""


def heard_now(connection: socket.socket) -> bytes | None:
    """What has come already: nothing more to come, or None for nothing yet."""
    try:
        return connection.recv(1)
    except BlockingIOError:
        return None


def test_one_who_has_said_all_may_close_its_side(stage: Stage) -> None:
    stage.serve()
    connection, proof = stage.stranger()
    connection.sendall(stage.line(proof))
    connection.shutdown(socket.SHUT_WR)
    assert json.loads(stage.hears(connection))["code"] == 0


def test_one_who_breaks_off_is_forgotten(stage: Stage) -> None:
    stage.serve()
    connection, proof = stage.stranger()
    connection.sendall(stage.line(proof)[:-5])
    connection.shutdown(socket.SHUT_WR)
    assert stage.hears(connection) == b""
    for words in (b"", stage.line(proof)):
        gone, _proof = stage.stranger()
        gone.sendall(words)
        gone.close()
    assert stage.asked("status") == stage.reply


def test_an_answer_of_another_version_is_a_sentence(paths: Paths, way: str) -> None:
    """The app was updated while it was running."""
    first = Instance.claim(paths, meeting=WAYS[way](paths))
    assert first is not None

    def answer_oddly() -> None:
        first._listener.setblocking(True)
        connection, _address = first._listener.accept()
        connection.recv(LARGEST)
        connection.sendall(b'{"version": 7}\n')
        connection.close()

    older = threading.Thread(target=answer_oddly)
    older.start()
    with pytest.raises(InstanceError, match="another version"):
        ask(paths, Request(("status",), "/"), meeting=WAYS[way](paths))
    older.join()
    first.close()


# -------------------------------------------------------------------- many processes


class Peers:
    """Processes that start as the app does; all of them are ended with the test."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen[str]] = []

    def start(self, folder: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
        peer = subprocess.Popen(
            [sys.executable, str(PEER), str(folder), *options],
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.running.append(peer)
        return peer

    def serving(self, folder: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
        """One that is first and answers."""
        peer = self.start(folder, *options, **environment)
        assert said(peer).startswith("first; ")
        assert said(peer).startswith("serving; ")
        return peer


def said(peer: subprocess.Popen[str]) -> str:
    assert peer.stdout is not None
    return peer.stdout.readline().strip()


@pytest.fixture
def peers() -> Iterator[Peers]:
    made = Peers()
    yield made
    for peer in made.running:
        peer.kill()
        peer.wait(10)
        if peer.stdout is not None:
            peer.stdout.close()


def test_six_starts_at_once_give_one_app_and_five_answers(fresh_home: Path, way: str, peers: Peers) -> None:
    six = [peers.start(fresh_home / "mine", "--meeting", way) for _one in range(6)]
    words = [said(peer) for peer in six]
    first = [peer for peer, word in zip(six, words, strict=True) if word == "first; without Qt"]
    assert len(first) == 1
    assert words.count(f"answered; {first[0].pid} heard open; without Qt") == 5
    assert [peer.wait(10) for peer in six if peer is not first[0]] == [0] * 5


def test_a_killed_app_blocks_nobody(fresh_home: Path, way: str, peers: Peers) -> None:
    first = peers.serving(fresh_home / "mine", "--meeting", way)
    first.kill()
    first.wait(10)
    second = peers.serving(fresh_home / "mine", "--meeting", way)
    third = peers.start(fresh_home / "mine", "--meeting", way)
    assert said(third) == f"answered; {second.pid} heard open; without Qt"


@posix
def test_a_child_that_outlives_the_app_blocks_nobody(fresh_home: Path, peers: Peers) -> None:
    """The speech worker may live a little longer than an app that was killed."""
    first = peers.start(fresh_home / "mine", "--child")
    assert said(first) == "first; without Qt"
    _word, child, _qt = said(first).split("; ")
    os.kill(first.pid, signal.SIGSTOP)  # so that the child's input stays open
    os.kill(int(child), 0)
    first.kill()
    first.wait(10)
    peers.serving(fresh_home / "mine")


@posix
def test_an_app_that_hangs_is_named_with_what_to_do(paths: Paths, way: str, peers: Peers) -> None:
    first = peers.serving(paths.data.parent, "--meeting", way)
    os.kill(first.pid, signal.SIGSTOP)
    with pytest.raises(InstanceError) as refused:
        ask(paths, Request(("open",), "/"), meeting=WAYS[way](paths), patience=0.2)
    assert render(refused.value.line) == (
        f"Stretch Coach is open already (process {first.pid}) but does not answer. "
        "End that process, then try again."
    )


def test_an_app_that_never_listens_is_given_up_on(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(single_instance, "PAUSE", 0.001)
    first = Instance.claim(paths, meeting=WAYS[way](paths))
    assert first is not None
    first._listener.close()
    with pytest.raises(InstanceError, match="does not answer"):
        ask(paths, Request(("open",), "/"), meeting=WAYS[way](paths), patience=0.2)
    first.close()


# -------------------------------------------------------------------- whose folder it is


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@posix
def test_the_socket_is_for_its_user_alone(fresh_home: Path, paths: Paths) -> None:
    first = Instance.claim(paths)
    assert first is not None
    found = {path.suffix: path for path in (fresh_home / "run").iterdir()}
    assert set(found) == {".sock", ".lock"}
    assert [mode_of(path) & 0o777 for path in found.values()] == [0o600, 0o600]
    first.close()
    assert not found[".sock"].exists()


@posix
@pytest.mark.parametrize("given", [None, "", "relative", "/not/there"])
def test_without_a_run_time_folder_one_of_our_own_is_used(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    if given is None:
        monkeypatch.delenv("XDG_RUNTIME_DIR")
    else:
        monkeypatch.setenv("XDG_RUNTIME_DIR", given)
    monkeypatch.setenv("TMPDIR", os.environ["HOME"])
    assert ask(paths, Request(("status",), "/")) is None
    own = Path.home() / f"stretch-coach-{os.getuid()}"
    assert not own.exists()
    first = Instance.claim(paths)
    assert first is not None
    assert mode_of(own) == 0o700 and any(path.suffix == ".sock" for path in own.iterdir())
    assert Instance.claim(paths) is None
    first.close()


@posix
def test_a_run_time_folder_that_others_may_write_in_is_not_used(
    fresh_home: Path, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(fresh_home))
    (fresh_home / "run").chmod(0o777)
    first = Instance.claim(paths)
    assert first is not None and list((fresh_home / "run").iterdir()) == []
    first.close()


def laid_by_others(kind: str, own: Path) -> None:
    """What somebody else may have put where our folder should be."""
    match kind:
        case "an open folder":
            own.mkdir()
            own.chmod(0o777)
        case "a link":
            own.with_name("elsewhere").mkdir(mode=0o700)
            own.symlink_to(own.with_name("elsewhere"))
        case "a dangling link":
            own.symlink_to(own.with_name("nowhere"))
        case "a file":
            own.touch()
        case "another user's folder":
            own.mkdir(mode=0o700)
            os.chown(own, NOBODY, NOBODY)


@posix
@pytest.mark.parametrize(
    "kind",
    [
        "an open folder",
        "a link",
        "a dangling link",
        "a file",
        pytest.param("another user's folder", marks=as_root),
    ],
)
def test_a_folder_that_somebody_else_laid_there_is_refused(
    fresh_home: Path, paths: Paths, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setenv("TMPDIR", str(fresh_home))
    laid_by_others(kind, fresh_home / f"stretch-coach-{os.getuid()}")
    for act in (lambda: Instance.claim(paths), lambda: ask(paths, Request(("status",), "/"))):
        with pytest.raises(InstanceError) as refused:
            act()
        assert "Remove it, or set XDG_RUNTIME_DIR" in render(refused.value.line)
    assert not (fresh_home / "elsewhere").exists() or not any((fresh_home / "elsewhere").iterdir())


@posix
def test_a_name_too_long_for_a_socket_is_said_with_its_limit(
    fresh_home: Path, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = fresh_home / ("d" * 100)
    deep.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with pytest.raises(InstanceError) as refused:
        Instance.claim(paths)
    sentence = render(refused.value.line)
    assert str(single_instance.LONGEST_NAME) in sentence and "shorter folder" in sentence
    assert list(deep.iterdir()) == []


@posix
def test_a_temporary_folder_that_is_not_there_is_a_sentence(
    fresh_home: Path, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setenv("TMPDIR", str(fresh_home / "gone"))
    with pytest.raises(InstanceError, match="cannot tell whether it is open"):
        Instance.claim(paths)


def test_the_secret_of_the_loopback_is_for_its_user_alone_and_new_each_time(paths: Paths) -> None:
    secrets = set()
    for _start in range(2):
        first = Instance.claim(paths, meeting=Loopback(paths))
        assert first is not None
        card = paths.state / "instance.json"
        secrets.add(json.loads(card.read_text("ascii"))["secret"])
        if sys.platform != "win32":
            assert mode_of(card) == 0o600
        first.close()
        assert not card.exists()
    assert len(secrets) == 2 and all(len(bytes.fromhex(secret)) == 32 for secret in secrets)


@pytest.mark.parametrize("card", [b"", b"{", b"[]", b'{"port": 0, "secret": "x"}', b'{"port": "x"}', b"\xff"])
def test_a_card_that_is_half_written_means_to_try_again(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, card: bytes
) -> None:
    monkeypatch.setattr(single_instance, "PAUSE", 0.001)
    first = Instance.claim(paths, meeting=Loopback(paths))
    assert first is not None
    (paths.state / "instance.json").write_bytes(card)
    with pytest.raises(InstanceError, match="does not answer"):
        ask(paths, Request(("open",), "/"), meeting=Loopback(paths))
    first.close()


@as_root
def test_two_users_never_meet(fresh_home: Path, peers: Peers) -> None:
    """Even with the same folders named and every right given away: each has an app of its own."""
    fresh_home.chmod(0o755)
    shared = fresh_home / "shared"
    shared.mkdir(mode=0o777)
    shared.chmod(0o1777)
    places = {"XDG_RUNTIME_DIR": "", "TMPDIR": str(shared)}
    mine = peers.serving(fresh_home / "mine", **places)
    theirs = peers.serving(fresh_home / "mine", "--user", str(NOBODY), **places)
    for user, first in ((0, mine), (NOBODY, theirs)):
        again = peers.start(fresh_home / "mine", "--user", str(user), **places)
        assert said(again).startswith(f"answered; {first.pid} heard open")


AS_NOBODY = """
import os, socket, sys
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
peer = socket.socket(socket.AF_UNIX)
peer.settimeout(8)
"""
CALL = """
peer.connect(sys.argv[1])
try:
    peer.sendall(sys.argv[2].encode() + b"\\n")
    print("heard", peer.recv(100))
except ConnectionError:
    print("heard", b"")
"""
LISTEN = """
peer.bind(sys.argv[1])
peer.listen()
os.chmod(sys.argv[1], 0o666)
print("listening", flush=True)
print("heard", peer.accept()[0].recv(100), flush=True)
"""


def as_nobody(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", AS_NOBODY + script, *arguments], stdout=subprocess.PIPE, text=True
    )


@as_root
def test_another_users_call_is_not_even_read(qtbot: QtBot, fresh_home: Path, paths: Paths) -> None:
    """Where the system cannot keep others from the socket, the app looks who calls."""
    stage = Stage(qtbot, paths, "local socket")
    address = next((fresh_home / "run").glob("*.sock"))
    for path, mode in ((fresh_home, 0o755), (fresh_home / "run", 0o755), (address, 0o666)):
        path.chmod(mode)
    stage.serve()
    caller = as_nobody(CALL, str(address), stage.line("").decode().strip())
    qtbot.waitUntil(lambda: caller.poll() is not None, timeout=8000)
    assert said(caller) == "heard b''"
    assert caller.stdout is not None
    caller.stdout.close()
    assert stage.heard == [] and stage.asked("status") == stage.reply
    stage.instance.close()


@as_root
def test_another_users_socket_gets_no_word_from_us(fresh_home: Path, paths: Paths) -> None:
    """Where the system cannot keep others out of the folder, the caller looks who is at the other end."""
    first = Instance.claim(paths)
    assert first is not None
    place = LocalSocket(paths)
    address = next((fresh_home / "run").glob("*.sock"))
    address.unlink()
    fresh_home.chmod(0o755)
    (fresh_home / "run").chmod(0o777)
    listener = as_nobody(LISTEN, str(address))
    assert said(listener) == "listening"
    (fresh_home / "run").chmod(0o755)
    assert single_instance._ask_once(place, Request(("status",), "/"), 2.0) is None
    assert said(listener) == "heard b''"
    assert listener.wait(8) == 0 and listener.stdout is not None
    listener.stdout.close()
    first.close()
