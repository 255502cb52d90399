"""Keeps the speech process at work and its recordings in a folder, so that no engine can delay a session.

It leaves out engines (they live in the child process) and playing. It never waits: everything happens on
events, and a sentence that is not ready in time is simply not there.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
import wave
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer
from shiboken6 import isValid

from coach.domain.settings import DEFAULT_RATE
from coach.i18n import N_, Line
from coach.services.ports import Adapter, Clip
from coach.services.topic import Topic
from coach.speech import protocol
from coach.speech.protocol import Failed, Made, NoEngine, ProtocolError, Ready, Reply, Request

log = logging.getLogger(__name__)

# A phrase that takes longer than this, in ms, means a stuck engine (architecture 4); it takes 10.
PHRASE_DEADLINE = 3000
# A cold start from a slow disk is allowed this long, in ms; a warm one takes 60.
START_DEADLINE = 5000
# Wait before the next start, in ms: this times 2 for every start before it that made nothing.
BACK_OFF = 100
# After so many starts in a row that made no phrase the voice is left alone until the next session.
MOST_STARTS = 3
MOST_TRIES = 2
# And after so many phrases in a row that an engine could make no sound of.
MOST_SILENT = 4
# The process ends after this many ms without work, so that its memory is given back.
IDLE = 20_000
# Bytes of recordings kept, oldest out first; one sentence takes about 200 kB.
CACHE_BYTES = 64_000_000
# Cached recordings looked at in one go: about 0.1 ms each.
SLICE = 20

STARTING = Line(N_("The voice gets ready."))
GONE = Line(N_("The voice is not available here. Tones and captions lead you."))
NO_FOLDER = Line(N_("The voice has no place to keep its recordings. Tones and captions lead you."))


class VoiceProcess:
    """The Voice port over a child process. Building it starts nothing and touches no file.

    `folder` holds the recordings, `voice` is an engine's voice id or empty, `rate` is in words a minute,
    `language` is that of the texts. `command` starts the process, given voice, rate and language.
    """

    def __init__(
        self,
        folder: Path,
        *,
        voice: str = "",
        rate: int = DEFAULT_RATE,
        language: str = "en",
        command: Callable[[str, int, str], list[str]] = protocol.worker_command,
        phrase_deadline: int = PHRASE_DEADLINE,
        idle: int = IDLE,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self._asked_folder = folder
        self._folder: Path | None = None
        self._temporary: Path | None = None
        self._voice, self._rate, self._language = voice, rate, language
        self._command = command
        self._phrase_deadline = phrase_deadline
        self._idle_after = idle
        self._cache_bytes = cache_bytes
        self._state = Adapter(True, STARTING)
        self.changed: Topic[Adapter] = Topic()
        self.made: Topic[str] = Topic()
        self._wanted: tuple[str, ...] = ()
        self._queue: deque[str] = deque()
        self._clips: dict[str, Clip] = {}
        self._tries: dict[str, int] = {}
        self._identity: tuple[str, str] | None = None  # engine and voice, part of every recording's name
        self._process: QProcess | None = None
        self._leaving: set[QProcess] = set()
        self._ready = False
        self._current: tuple[int, str] | None = None
        self._serial = 0
        self._failures = 0
        self._silent = 0
        self._given_up = False
        self._pump_timer = self._timer(self._pump)
        self._deadline = self._timer(self._overdue)
        self._again = self._timer(self._start)
        self._idle = self._timer(self._rest)

    # ------------------------------------------------------------------ the port

    @property
    def state(self) -> Adapter:
        return self._state

    def prepare(self, texts: Sequence[str]) -> None:
        """Make clips of these texts, first one first; a voice that gave up is tried again."""
        self._wanted = tuple(
            dict.fromkeys(text for text in texts if text.strip() and len(text) <= protocol.LONGEST_TEXT)
        )
        self._queue = deque(text for text in self._wanted if text not in self._clips)
        self._tries.clear()
        if self._given_up:
            self._given_up = False
            self._failures = self._silent = 0
            self._set_state(Adapter(True, STARTING))
        if self._open_folder():
            self._pump_timer.start(0)

    def clip(self, text: str) -> Clip | None:
        """The clip of `text`: one that was made, or one that is still there from another day."""
        if text not in self._clips:
            self._look_up(text)
        return self._clips.get(text)

    def shutdown(self) -> None:
        """End the process at once, and forget what was waiting."""
        for timer in (self._pump_timer, self._deadline, self._again, self._idle):
            timer.stop()
        self._queue.clear()
        self._forget_process()
        for process in tuple(self._leaving):
            process.kill()
            process.waitForFinished(1000)
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = self._folder = None
            self._clips.clear()

    def set_voice(self, voice: str, rate: int) -> None:
        """Speak with another voice id ("" for the usual one) or rate from the next `prepare` on."""
        if (voice, rate) == (self._voice, self._rate):
            return
        self._voice, self._rate = voice, rate
        self._identity = None
        self._clips.clear()
        self._queue.clear()
        self._rest()

    # ------------------------------------------------------------------ recordings

    def _open_folder(self) -> bool:
        if self._folder is not None and self._folder.is_dir():
            return True
        self._folder = None
        self._clips.clear()
        try:
            self._asked_folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._asked_folder):
                pass
            self._folder = self._asked_folder
        except OSError as error:
            log.info("recordings go to a temporary folder: %s", error)
            return self._open_temporary()
        self._queue = deque(self._wanted)
        self._identity = self._remembered()
        return True

    def _open_temporary(self) -> bool:
        try:
            self._folder = self._temporary = Path(tempfile.mkdtemp(prefix="stretch-coach-voice-"))
        except OSError as error:
            log.info("no temporary folder either: %s", error)
            self._give_up(NO_FOLDER)
            return False
        return True

    def _path(self, text: str) -> Path | None:
        if self._folder is None or self._identity is None:
            return None
        key = "\n".join((*self._identity, str(self._rate), text))
        return self._folder / (hashlib.sha256(key.encode()).hexdigest() + ".wav")

    def _look_up(self, text: str) -> bool:
        """Take a recording that is there already; a broken one is removed and made again."""
        path = self._path(text)
        if path is None or not path.exists():
            return False
        seconds = _whole_seconds(path)
        if seconds is None:
            path.unlink(missing_ok=True)
            return False
        self._clips[text] = Clip(path, seconds)
        return True

    # The names of recordings hold engine and voice, which are known once the process has said them.
    # They are remembered, so that a session whose recordings are all there needs no process.

    @property
    def _memory(self) -> Path:
        return (self._folder or self._asked_folder) / "engines.json"

    def _asked(self) -> str:
        return "|".join((self._voice, self._language))

    def _remembered(self) -> tuple[str, str] | None:
        try:
            engine, voice = json.loads(self._memory.read_text("utf-8"))[self._asked()]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (str(engine), str(voice))

    def _remember(self, identity: tuple[str, str]) -> None:
        try:
            known = json.loads(self._memory.read_text("utf-8"))
        except (OSError, ValueError):
            known = {}
        if not isinstance(known, dict) or len(known) > 50:
            known = {}
        known[self._asked()] = list(identity)
        try:
            part = self._memory.with_suffix(".part")
            part.write_text(json.dumps(known), "utf-8")
            part.replace(self._memory)
        except OSError as error:
            log.info("cannot remember the engine: %s", error)

    def _prune(self) -> None:
        """Keep the folder within its bounds; what this session uses stays."""
        if self._folder is None:
            return
        used = {clip.path.name for clip in self._clips.values()}
        kept: list[tuple[float, int, Path]] = []
        try:
            for path in self._folder.glob("*.wav"):
                if path.name.endswith(".part.wav"):
                    path.unlink(missing_ok=True)
                elif path.name not in used:
                    status = path.stat()
                    kept.append((status.st_mtime, status.st_size, path))
            room = self._cache_bytes - sum(size for _time, size, _path in kept)
            for _time, size, path in sorted(kept):
                if room >= 0:
                    break
                path.unlink(missing_ok=True)
                room += size
        except OSError as error:
            log.info("cannot tidy the recordings: %s", error)

    # ------------------------------------------------------------------ work

    def _pump(self) -> None:
        """Go through what waits, a slice at a time: take what is there, have the next one made."""
        self._idle.stop()
        for _ in range(SLICE):
            if not self._queue or self._current is not None or self._given_up:
                break
            text = self._queue[0]
            if text in self._clips or self._look_up(text):
                self._queue.popleft()
                self.made.publish(text)
            elif self._process is None:
                if not self._again.isActive():
                    self._start()
                return
            elif not self._ready:
                return
            else:
                self._queue.popleft()
                self._request(text)
                return
        if self._queue and self._current is None and not self._given_up:
            self._pump_timer.start(0)
        elif self._process is not None and not self._queue and self._current is None:
            self._idle.start(self._idle_after)

    def _request(self, text: str) -> None:
        path = self._path(text)
        assert path is not None and self._process is not None  # the process is ready, so both are known
        self._serial += 1
        self._current = (self._serial, text)
        self._process.write(protocol.encode_request(Request(self._serial, text, str(path))).encode())
        self._deadline.start(self._phrase_deadline)

    def _start(self) -> None:
        if self._process is not None or self._given_up or not self._queue:
            return
        command = self._command(self._voice, self._rate, self._language)
        process = QProcess()
        process.setWorkingDirectory(str(protocol.worker_folder()))
        process.readyReadStandardOutput.connect(lambda: self._read(process))
        process.finished.connect(lambda: self._finished(process))
        process.errorOccurred.connect(lambda error: self._error(process, error))
        self._process, self._ready = process, False
        self._deadline.start(START_DEADLINE)
        process.start(command[0], command[1:])

    def _read(self, process: QProcess) -> None:
        while process is self._process and process.canReadLine():
            line = bytes(process.readLine().data()).decode("utf-8", "replace")
            try:
                reply = protocol.decode_reply(line)
            except ProtocolError as error:
                log.info("the voice process said what is not understood: %s", error)
                self._failed_start()
                return
            self._take(reply)
        if process is self._process and process.bytesAvailable() > protocol.LONGEST_LINE:
            log.info("the voice process said too much")
            self._failed_start()

    def _take(self, reply: Reply) -> None:
        match reply:
            case Ready():
                self._greet(reply)
            case NoEngine(detail):
                log.info("no speech engine: %s", detail)
                self._give_up(GONE)
            case Made(number, seconds) if self._current is not None and self._current[0] == number:
                text, path = self._current[1], self._path(self._current[1])
                if path is not None and self._process is not None:
                    self._clips[text] = Clip(path, seconds)
                self._phrase_over()
                self._failures = self._silent = 0
                self.made.publish(text)
            case Failed(number, reason, detail) if self._current is not None and self._current[0] == number:
                log.info("no recording (%s): %s", reason, detail)
                text = self._current[1]
                self._phrase_over()
                if reason == "path" and self._temporary is None and self._open_temporary():
                    self._queue.appendleft(text)
                elif reason == "path":
                    self._give_up(NO_FOLDER)
                else:
                    self._silent += 1
                    if self._silent >= MOST_SILENT:
                        self._give_up(GONE)
            case _:
                log.info("the voice process answered what nobody asked: %r", reply)

    def _greet(self, ready: Ready) -> None:
        self._deadline.stop()
        self._ready = True
        identity = (ready.engine, ready.voice)
        if identity != self._identity:
            self._clips.clear()
            self._queue = deque(self._wanted)
            self._identity = identity
            self._remember(identity)
        name = next((voice.name for voice in ready.voices if voice.id == ready.voice), ready.voice)
        fields = (("name", name), ("engine", ready.engine), ("asked", self._voice))
        if ready.found:
            self._set_state(Adapter(True, Line(N_("{name}, by {engine}."), fields)))
        else:
            what = Line(N_("The voice “{asked}” is not here; {name} speaks, by {engine}."), fields)
            self._set_state(Adapter(True, what))
        self._pump_timer.start(0)

    def _phrase_over(self) -> None:
        self._deadline.stop()
        self._current = None
        self._pump_timer.start(0)

    # ------------------------------------------------------------------ trouble

    def _overdue(self) -> None:
        log.info("the voice process does not answer")
        self._failed_start()

    def _error(self, process: QProcess, error: QProcess.ProcessError) -> None:
        if process is self._process and error is QProcess.ProcessError.FailedToStart:
            log.info("the voice process does not start")
            self._failed_start()

    def _finished(self, process: QProcess) -> None:
        if process is self._process:
            said = bytes(process.readAllStandardError().data())[-500:].decode("utf-8", "replace")
            log.info("the voice process ended: %s", said)
            if self._current is None and not self._queue:
                self._forget_process()  # nobody needs it now
            else:
                self._failed_start()

    def _failed_start(self) -> None:
        """The process is of no use any more: end it, try its phrase once more with a new one, or give up."""
        current = self._current
        process = self._process
        self._forget_process()
        if process is not None:
            process.kill()
        if current is not None:
            text = current[1]
            self._tries[text] = self._tries.get(text, 0) + 1
            if self._tries[text] < MOST_TRIES:
                self._queue.appendleft(text)
        self._failures += 1
        if self._failures >= MOST_STARTS:
            self._give_up(GONE)
        elif self._queue:
            self._again.start(BACK_OFF * 2 ** (self._failures - 1))

    def _give_up(self, why: Line) -> None:
        self._given_up = True
        self._queue.clear()
        process = self._process
        self._forget_process()
        if process is not None:
            process.kill()
        self._set_state(Adapter(False, why))

    def _rest(self) -> None:
        """End the process kindly; its end of input tells it. One that does not listen is killed."""
        process = self._process
        self._forget_process()
        if process is not None:
            process.closeWriteChannel()
            QTimer.singleShot(2000, process, process.kill)
        self._prune()

    def _forget_process(self) -> None:
        """From now on nothing the process does counts; it is deleted when it is gone."""
        for timer in (self._deadline, self._again, self._idle):
            timer.stop()
        process, self._process = self._process, None
        self._ready = False
        self._current = None
        if process is not None and process.state() is not QProcess.ProcessState.NotRunning:
            self._leaving.add(process)
            process.finished.connect(lambda: self._left(process))

    def _left(self, process: QProcess) -> None:
        self._leaving.discard(process)
        process.deleteLater()

    def _set_state(self, state: Adapter) -> None:
        if state != self._state:
            self._state = state
            self.changed.publish(state)

    def _timer(self, function: Callable[[], None]) -> QTimer:
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(function)
        return timer


def _whole_seconds(path: Path) -> float | None:
    """The length of a recording, or None if it is missing, broken, cut short or next to nothing."""
    try:
        with wave.open(str(path), "rb") as file:
            frames, rate = file.getnframes(), file.getframerate()
            size = frames * file.getsampwidth() * file.getnchannels()
        if rate <= 0 or path.stat().st_size < size or frames / rate <= protocol.SHORTEST_CLIP:
            return None
        return frames / rate
    except (OSError, EOFError, wave.Error):
        return None


def ask_for_voices(
    then: Callable[[Sequence[tuple[str, str]]], None],
    *,
    language: str = "en",
    command: Callable[[str, int, str], list[str]] = protocol.worker_command,
    parent: QObject | None = None,
) -> None:
    """Call `then` once with the id and name of every voice here, those of `language` first; none without any.

    A process of its own is asked and ends with its answer, at the latest after START_DEADLINE.
    """
    process = QProcess(parent)
    deadline = QTimer(process)
    deadline.setSingleShot(True)
    deadline.timeout.connect(process.kill)
    words = command("", DEFAULT_RATE, language)
    answered = False

    def over(*_signal: object) -> None:
        nonlocal answered
        if answered or not isValid(process):  # the app ended meanwhile
            return
        answered = True
        deadline.stop()
        then(_voices_in(bytes(process.readAllStandardOutput().data()), language))
        process.deleteLater()

    process.setWorkingDirectory(str(protocol.worker_folder()))
    process.finished.connect(over)
    process.errorOccurred.connect(
        lambda error: over() if error is QProcess.ProcessError.FailedToStart else None
    )
    process.started.connect(process.closeWriteChannel)
    deadline.start(START_DEADLINE)
    process.start(words[0], words[1:])


def _voices_in(said: bytes, language: str) -> Sequence[tuple[str, str]]:
    for line in said.decode("utf-8", "replace").splitlines():
        try:
            reply = protocol.decode_reply(line)
        except ProtocolError:
            continue
        if isinstance(reply, Ready):
            ours = [one for one in reply.voices if one.language.lower().startswith(language)]
            rest = [one for one in reply.voices if one not in ours]
            return [(one.id, f"{one.name} ({one.language})") for one in (*ours, *rest)]
    return ()
