"""Wires a session: adapters, player and either the window or the terminal front.

It leaves out every rule and every widget; what can be decided without Qt is decided in compose and services.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QCoreApplication, QTimer

from coach.compose import Core
from coach.desktop.audio import Mixer
from coach.desktop.awake import DesktopAwake
from coach.desktop.keys import Ending, TerminalKeys, one_key_at_a_time
from coach.desktop.qt_time import QtTime
from coach.desktop.voice_process import VoiceProcess
from coach.domain.night import Unfinished
from coach.domain.plan import Plan
from coach.domain.session import Snapshot
from coach.i18n import N_, Line, _, render
from coach.paths import Paths, assets_dir
from coach.services.diary import Diary
from coach.services.pace import Faster
from coach.services.player import News, Player, describe
from coach.services.ports import StoreError, Time
from coach.storage.journal_sqlite import SqliteJournal
from coach.storage.session_log import SessionLogFile
from coach.terminal.front import TerminalFront, intention, where

log = logging.getLogger("coach")

# The log is begun anew when it is larger than this, in bytes.
LARGEST_LOG = 1_000_000
# Milliseconds the last words need before the terminal session gives the prompt back.
LAST_WORDS_MS = 4_000
# Milliseconds between two looks at the clock while something counts on the screen.
GLANCE_MS = 100


@dataclass(frozen=True)
class Request:
    """What the command line asked for. `plan` None opens the Tonight page."""

    plan: Plan | None = None
    terminal: bool = False
    speed: float = 1.0
    mute: bool = False
    events: Path | None = None
    verbose: bool = False


def run(core: Core, request: Request) -> int:
    """Lead a session, or open the window, until the user is done. Returns the exit code."""
    keep_log(core.paths, verbose=request.verbose)
    events = EventFile.open(request.events) if request.events else None
    try:
        if request.terminal:
            return _run_in_terminal(core, request, events)
        from coach.desk import run_in_window

        return run_in_window(core, request, events)
    finally:
        if events is not None:
            events.close()


@dataclass
class Stage:
    """The adapters and services of sessions, built together and let go together."""

    time: Time
    voice: VoiceProcess
    sound: Mixer
    diary: Diary
    player: Player
    journal: SqliteJournal
    _ends: list[Callable[[], None]] = field(default_factory=list)

    @classmethod
    def build(cls, core: Core, request: Request, events: EventFile | None) -> Stage:
        """Put everything together; nothing is started."""
        settings = core.preferences.settings
        time: Time = QtTime()
        if request.speed != 1.0:
            time = Faster(time, request.speed)
        voice = VoiceProcess(core.paths.voice_cache, voice=settings.voice_id, rate=settings.voice_rate)
        sound = Mixer(assets_dir() / "sounds", volume=settings.volume / 100)
        journal = SqliteJournal(core.paths.journal, today=lambda: time.now().date())
        diary = Diary(time, SessionLogFile(core.paths.running_session), journal)
        player = Player(time, voice, sound, DesktopAwake(), diary)
        if events is not None:
            player.news.subscribe(events.write)
        return cls(time, voice, sound, diary, player, journal)

    def start(self, core: Core, request: Request, plan: Plan, carried: Unfinished | None = None) -> None:
        """Begin a session of `plan`, or go on with `carried`."""
        settings = core.preferences.settings
        self.player.start(
            plan,
            core.library.timeline(plan),
            voice=settings.voice and request.speed == 1.0,
            waits=settings.wait_for_me,
            quiet=request.mute,
            carried=carried,
        )

    def shutdown(self) -> None:
        """End what runs, keeping it, and let go of processes, devices and files."""
        self.player.shutdown()
        self.journal.close()


class EventFile:
    """Every segment and cue as one JSON object a line, written at once."""

    def __init__(self, out: TextIO) -> None:
        self._out: TextIO | None = out

    @classmethod
    def open(cls, path: Path) -> EventFile:
        """Begin the file anew. Raises StoreError with a sentence."""
        try:
            return cls(path.open("w", encoding="utf-8", buffering=1))
        except OSError as error:
            raise StoreError(
                Line(
                    N_("{path} cannot be written: {reason}. Choose another file for --events."),
                    (("path", str(path)), ("reason", error.strerror or str(error))),
                )
            ) from error

    def write(self, news: News) -> None:
        """Add one event; a disk that fills up ends the file and not the session."""
        if self._out is None:
            return
        try:
            self._out.write(json.dumps(describe(news), ensure_ascii=False) + "\n")
        except OSError as error:
            log.info("the events file ended: %s", error)
            self._out = None

    def close(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None


def keep_log(paths: Paths, *, verbose: bool) -> None:
    """Send warnings, and with `verbose` more, into the log file; without a place for it, nowhere."""
    root = logging.getLogger()
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    try:
        paths.log.parent.mkdir(parents=True, exist_ok=True)
        if paths.log.exists() and paths.log.stat().st_size > LARGEST_LOG:
            paths.log.unlink()
        handler: logging.Handler = logging.FileHandler(paths.log, encoding="utf-8", delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)


def _run_in_terminal(core: Core, request: Request, events: EventFile | None) -> int:
    app = QCoreApplication.instance() or QCoreApplication([])
    stage = Stage.build(core, request, events)
    assert request.plan is not None
    live = sys.stdout.isatty()
    front = TerminalFront(sys.stdout, live=live, captions=core.preferences.settings.captions)
    session = _TerminalSession(stage, core, request, front, app.quit)
    ending = Ending()
    ending.asked.connect(session.end)
    keys = TerminalKeys()
    keys.pressed.connect(session.key)
    glance = QTimer()
    glance.setInterval(GLANCE_MS)
    glance.timeout.connect(stage.player.tick)
    try:
        with one_key_at_a_time():
            ending.watch()
            keys.start()
            for line in core.preferences.repairs:
                front.notice(line)
            QTimer.singleShot(0, session.begin)
            if live:
                glance.start()
            app.exec()
    finally:
        glance.stop()
        ending.stop()
        stage.shutdown()
        front.end()
    return 0


class _TerminalSession:
    """What happens in a terminal session, from the first question to the prompt."""

    def __init__(
        self, stage: Stage, core: Core, request: Request, front: TerminalFront, leave: Callable[[], None]
    ) -> None:
        self._stage = stage
        self._core = core
        self._request = request
        self._front = front
        self._leave = leave
        self._offered: Unfinished | None = None
        self._over = False
        stage.player.moments.subscribe(self._show)
        stage.player.notices.subscribe(front.notice)

    def begin(self) -> None:
        """Start, unless a session that broke off can be gone on with and somebody is there to say so."""
        self._offered = self._stage.diary.unfinished() if sys.stdin and sys.stdin.isatty() else None
        if self._offered is None:
            self._start(None)
        else:
            self._front.ask(where_stopped(self._core, self._offered))

    def key(self, key: str) -> None:
        """A key of the terminal."""
        if self._offered is not None:
            offered, self._offered = self._offered, None
            self._start(offered if key in ("\r", "\n", " ") else None)
            return
        moment = self._stage.player.snapshot()
        given = intention(key, moment) if moment is not None else None
        if given is not None:
            self._stage.player.send(given)

    def end(self, _signal: int) -> None:
        """Ctrl+C or the system: keep what was done and go."""
        self._stage.player.stop()
        self._leave()

    def _start(self, carried: Unfinished | None) -> None:
        plan = carried.plan if carried else self._request.plan
        assert plan is not None
        self._front.begin(_(plan.name), self._core.library.timeline(plan).seconds)
        self._stage.start(self._core, self._request, plan, carried)

    def _show(self, moment: Snapshot) -> None:
        self._front.show(moment)
        if moment.phase.is_over and not self._over:
            self._over = True
            quiet = self._request.mute or not self._stage.sound.state.works
            QTimer.singleShot(0 if quiet else LAST_WORDS_MS, self._leave)


def where_stopped(core: Core, unfinished: Unfinished) -> str:
    """Where a session broke off, in words: the exercise and the side that come next."""
    timeline = core.library.timeline(unfinished.plan)
    work = next((s for s in timeline.segments[unfinished.position :] if s.kind.is_work), None)
    if work is None:
        return _("Your session had just ended.")
    place = Line(N_("Your session stopped at: {where}."), (("where", where(work)),))
    return render(place)
