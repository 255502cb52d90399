"""Runs the app: its log, its events file, and the window, the background or the terminal.

It leaves out how the parts fit together (see resident, desk, staging and terminal_desk), rules and widgets.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from coach.compose import Core, Request
from coach.paths import APP_ID, Paths, assets_dir
from coach.services.topic import Topic

if TYPE_CHECKING:  # the window loads these after its first picture
    from datetime import date, time

    from coach.desktop.bus import Bus
    from coach.desktop.notifications import SystemNotifier
    from coach.desktop.tray import Tray
    from coach.domain.night import SessionRecord
    from coach.i18n import Line
    from coach.live import Door
    from coach.resident import WakingEnrolment, World
    from coach.services.ports import Act, Adapter, Enrolment, Note, Notifier, Quiet
    from coach.staging import EventFile, Stage

log = logging.getLogger("coach")

E = TypeVar("E", bound="Enrolment")

# The log is begun anew when it is larger than this, in bytes; the one before is kept.
LARGEST_LOG = 1_000_000


def run(core: Core, request: Request, door: Door | None = None) -> int:
    """Lead a session, open the window or stay in the background, until the user is done.

    Through `door` other starts of the command reach this one. Returns the exit code.
    """
    events: EventFile | None = None
    if request.events is not None:
        from coach.staging import EventFile

        events = EventFile.open(request.events)
    keep_log(core.paths, verbose=request.verbose)
    hook = sys.excepthook
    # A slip of ours in an event handler must not pass unseen; the app goes on.
    sys.excepthook = lambda kind, error, trace: log.error("a slip", exc_info=(kind, error, trace))
    try:
        if request.terminal:
            from coach.terminal_desk import run_in_terminal

            return run_in_terminal(core, request, events, door)
        return _run_on_screen(core, request, events, door)
    finally:
        sys.excepthook = hook
        if events is not None:
            events.close()


class BoundedLog(logging.FileHandler):
    """A log that stays small however long the app lives; logging.handlers would take 10 ms to load."""

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        try:
            if self.stream is not None and self.stream.tell() > LARGEST_LOG:
                self.stream.close()
                self.stream = None  # opened again with the next record
                self._begin_anew()
        except (OSError, ValueError):  # a full disk, or a file that was closed by force
            self.handleError(record)

    def _begin_anew(self) -> None:
        path = Path(self.baseFilename)
        try:
            path.replace(path.with_name(f"{path.name}.1"))
        except OSError:  # somebody reads it, where that is in the way
            path.write_bytes(b"")


def keep_log(paths: Paths, *, verbose: bool) -> None:
    """Send warnings, and with `verbose` more, into the log file; without a place for it, nowhere."""
    root = logging.getLogger()
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    try:
        paths.log.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = BoundedLog(paths.log, encoding="utf-8", delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)


def _run_on_screen(core: Core, request: Request, events: EventFile | None, door: Door | None) -> int:
    from PySide6.QtWidgets import QApplication

    from coach.desktop.bus import Bus
    from coach.desktop.tray import Tray

    if not request.background:
        QApplication.setStyle("Fusion")  # before the application, so that no other style is made first
    app = QApplication.instance() or QApplication(["coach"])
    assert isinstance(app, QApplication)
    app.setApplicationName("Stretch Coach")
    app.setDesktopFileName(APP_ID)
    app.setQuitOnLastWindowClosed(False)  # the resident decides that
    bus, system_bus = Bus(), Bus("SYSTEM")
    tray = Tray(bus)
    if request.background:
        tray.start()  # the icon first, then what is behind it
        gc.collect()  # what loading leaves behind is room for what follows: half a megabyte less, all evening
    from coach.desktop.keys import Ending
    from coach.desktop.qt_time import QtTime
    from coach.resident import Resident

    world = _world(core, request, events, bus, system_bus, tray)
    if request.background:
        gc.collect()
    resident = Resident(core, request, QtTime(), world, app.quit)
    ending = Ending()
    ending.asked.connect(lambda _signal: resident.end())
    app.commitDataRequest.connect(lambda _manager: resident.give_in())
    try:
        ending.watch()
        resident.begin()
        if door is not None:
            door.open_to(resident)
        app.exec()
    finally:
        ending.stop()
        resident.shutdown()
        for one in (bus, system_bus):
            one.close()
    return 0


class _LateQuiet:
    """The Quiet port of this system, loaded when the first reminder is due."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._quiet: Quiet | None = None

    def ask(self, then: Callable[[bool], None], *, films: bool, dnd: bool = True) -> None:
        """Ask the desktop."""
        if self._quiet is None:
            from coach.desktop.quiet import quiet_for_this_system

            self._quiet = quiet_for_this_system(self._bus)
        self._quiet.ask(then, films=films, dnd=dnd)


class _LateNotifier:
    """The Notifier port of this system, loaded when the first reminder is shown."""

    def __init__(self, make: Callable[[], SystemNotifier]) -> None:
        self._make = make
        self._made: SystemNotifier | None = None
        self.answered: Topic[tuple[str, Act]] = Topic()

    @property
    def token(self) -> str:
        return "" if self._made is None else self._made.token

    def show(self, note: Note) -> None:
        if self._made is None:
            self._made = self._make()
            self._made.answered.subscribe(self.answered.publish)
        self._made.show(note)

    def withdraw(self, key: str) -> None:
        if self._made is not None:
            self._made.withdraw(key)

    def close(self) -> None:
        if self._made is not None:
            self._made.close()


class _LateEnrolment(Generic[E]):
    """What the system keeps of us, loaded when somebody wants to know or to change it."""

    def __init__(self, make: Callable[[], E]) -> None:
        self._make = make
        self._made: E | None = None

    @property
    def can(self) -> Adapter:
        return self._get().can

    def is_on(self) -> bool:
        return self._get().is_on()

    def turn_on(self) -> Line | None:
        return self._get().turn_on()

    def turn_off(self) -> Line | None:
        return self._get().turn_off()

    def _get(self) -> E:
        if self._made is None:
            self._made = self._make()
        return self._made


class _LateWaking(_LateEnrolment["WakingEnrolment"]):
    """Waking for a reminder: the first times only tell what the system knows already, unless `at_once`."""

    def __init__(self, make: Callable[[], WakingEnrolment], *, at_once: bool) -> None:
        super().__init__(make)
        self._times: Sequence[tuple[int, time]] | None = None
        self._at_once = at_once

    def follow(self, times: Sequence[tuple[int, time]]) -> Line | None:
        """Wake at these times from now on, if it is on; what went wrong, or None."""
        first, self._times = self._times is None, times
        if first and self._made is None and not self._at_once:
            return None
        return super()._get().follow(times)

    def _get(self) -> WakingEnrolment:
        is_new, made = self._made is None, super()._get()
        if is_new and self._times is not None:
            made.follow(self._times)
        return made


def _world(
    core: Core, request: Request, events: EventFile | None, bus: Bus, system_bus: Bus, tray: Tray
) -> World:
    """The adapters of this system; none of them is started."""
    from coach.desktop.qt_time import QtTime, QtWallAlarm
    from coach.desktop.sleep_watch import SleepWatch
    from coach.resident import World

    def startup() -> Enrolment:
        from coach.desktop.autostart import autostart_for_this_system, command_for

        return autostart_for_this_system(core.paths, command_for(core.paths))

    def waking() -> WakingEnrolment:
        from coach.desktop.autostart import command_for
        from coach.desktop.os_wake import Background, os_wake_for_this_system

        return os_wake_for_this_system(core.paths, command_for(core.paths), Background())

    alarm = QtWallAlarm()
    sleep = SleepWatch(system_bus)
    sleep.zone_changed.subscribe(lambda _none: alarm.poke())

    def make_stage() -> Stage:
        from coach.staging import Stage

        return Stage.build(core, request, events, bus)

    def follow(stage: Stage, raise_window: Callable[[], None]) -> None:
        from coach.staging import follow

        follow(stage, bus, raise_window)

    def sessions_of(night: date) -> Sequence[SessionRecord]:
        if not core.paths.journal.exists():
            return ()
        from coach.storage.journal_sqlite import SqliteJournal

        journal = SqliteJournal(core.paths.journal, today=lambda: QtTime().now().date())
        try:
            return journal.sessions_of(night)
        finally:
            journal.close()

    def card() -> Notifier:
        from coach.ui import theme as looks
        from coach.ui.figure_view import Stills
        from coach.ui.reminder_card import CardNotifier

        looks.load_fonts()

        def look() -> looks.Look:
            chosen = core.preferences.settings
            now = QtTime().now().time()
            return looks.Look(looks.theme_for(chosen.theme, now), chosen.text_size / 100)

        return CardNotifier(look, Stills(assets_dir() / "figures", room=4))

    icon = assets_dir() / "icons" / "icon.svg"

    def make_notifier() -> SystemNotifier:
        from coach.desktop.notifications import notifier_for_this_system

        return notifier_for_this_system(bus, card, app_id=APP_ID, icon=icon)

    notifier = _LateNotifier(make_notifier)
    return World(
        alarm=alarm,
        notifier=notifier,
        quiet=_LateQuiet(bus),
        tray=tray,
        sleep=sleep,
        startup=_LateEnrolment(startup),
        os_wake=_LateWaking(waking, at_once=not request.background),
        sessions_of=sessions_of,
        make_stage=make_stage,
        follow=follow,
        token=lambda: notifier.token,
    )
