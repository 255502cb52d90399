"""Runs the app: a session in the terminal, or the window.

It leaves out how the parts fit together (see staging and desk), every rule and every widget.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer

from coach.compose import Core, Request
from coach.desktop.keys import Ending, TerminalKeys, one_key_at_a_time
from coach.desktop.qt_time import QtTime
from coach.i18n import _
from coach.paths import Paths

if TYPE_CHECKING:  # the window loads these after its first picture
    from coach.domain.night import Unfinished
    from coach.domain.session import Snapshot
    from coach.staging import EventFile, Stage
    from coach.terminal.front import TerminalFront

# The log is begun anew when it is larger than this, in bytes.
LARGEST_LOG = 1_000_000
# The name of the desktop entry.
APP_ID = "io.github.stretch_coach.StretchCoach"
# Milliseconds the last words need before the terminal session gives the prompt back.
LAST_WORDS_MS = 4_000
# Milliseconds between two looks at the clock while something counts in the terminal.
GLANCE_MS = 100


def run(core: Core, request: Request) -> int:
    """Lead a session, or open the window, until the user is done. Returns the exit code."""
    events: EventFile | None = None
    if request.events is not None:
        from coach.staging import EventFile

        events = EventFile.open(request.events)
    keep_log(core.paths, verbose=request.verbose)
    try:
        if request.terminal:
            return _run_in_terminal(core, request, events)
        return _run_in_window(core, request, events)
    finally:
        if events is not None:
            events.close()


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
    from coach.staging import Stage
    from coach.terminal.front import TerminalFront

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
    glance = QTimer(app)
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
    if front.is_gone:
        raise BrokenPipeError
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
        self._offered = self._stage.unfinished(self._core) if sys.stdin and sys.stdin.isatty() else None
        if self._offered is None:
            self._start(None)
        else:
            self._front.ask(self._stage.where_stopped(self._core, self._offered))

    def key(self, key: str) -> None:
        """A key of the terminal."""
        if self._offered is not None:
            offered, self._offered = self._offered, None
            self._start(offered if key in ("\r", "\n", " ") else None)
            return
        moment = self._stage.player.snapshot()
        given = self._front.intention(key, moment) if moment is not None else None
        if given is not None:
            self._stage.player.send(given)

    def end(self, _signal: int) -> None:
        """Ctrl+C, the system, or nobody there to read: keep what was done and go."""
        try:
            self._stage.player.stop()
        finally:
            self._leave()

    def _start(self, carried: Unfinished | None) -> None:
        plan = carried.plan if carried else self._request.plan
        assert plan is not None
        self._front.begin(_(plan.name), self._core.library.timeline(plan).seconds)
        self._stage.start(self._core, self._request, plan, carried)

    def _show(self, moment: Snapshot) -> None:
        self._front.show(moment)
        if self._front.is_gone and not self._over:
            self._over = True
            QTimer.singleShot(0, lambda: self.end(0))
        if moment.phase.is_over and not self._over:
            self._over = True
            quiet = self._request.mute or not self._stage.sound.state.works
            QTimer.singleShot(0 if quiet else LAST_WORDS_MS, self._leave)


def _run_in_window(core: Core, request: Request, events: EventFile | None) -> int:
    from PySide6.QtWidgets import QApplication

    from coach.desk import Desk
    from coach.ui import theme as looks

    QApplication.setStyle("Fusion")  # before the application, so that no other style is made first
    app = QApplication.instance() or QApplication(["coach"])
    assert isinstance(app, QApplication)
    app.setApplicationName("Stretch Coach")
    app.setDesktopFileName(APP_ID)
    app.setQuitOnLastWindowClosed(True)
    looks.load_fonts()

    def make_stage() -> Stage:
        from coach.staging import Stage

        return Stage.build(core, request, events)

    desk = Desk(core, request, QtTime(), make_stage)
    ending = Ending()
    ending.asked.connect(lambda _signal: desk.leave())
    try:
        ending.watch()
        desk.open()
        app.exec()
    finally:
        ending.stop()
        desk.shutdown()
    return 0
