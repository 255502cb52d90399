"""Runs the app: its log, its events file, and the window or the terminal.

It leaves out how the parts fit together (see staging, desk and terminal_desk), every rule and every widget.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from coach.compose import Core, Request
from coach.desktop.keys import Ending
from coach.desktop.qt_time import QtTime
from coach.paths import Paths

if TYPE_CHECKING:  # the window loads these after its first picture
    from coach.live import Door
    from coach.staging import EventFile, Stage

# The log is begun anew when it is larger than this, in bytes.
LARGEST_LOG = 1_000_000
# The name of the desktop entry.
APP_ID = "io.github.stretch_coach.StretchCoach"


def run(core: Core, request: Request, door: Door | None = None) -> int:
    """Lead a session, or open the window, until the user is done. Returns the exit code.

    `door` lets the commands of other processes in; without one nobody can reach this app.
    """
    events: EventFile | None = None
    if request.events is not None:
        from coach.staging import EventFile

        events = EventFile.open(request.events)
    keep_log(core.paths, verbose=request.verbose)
    try:
        if request.terminal:
            from coach.terminal_desk import run_in_terminal

            return run_in_terminal(core, request, events, door)
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
