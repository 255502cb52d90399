"""Wires a session: adapters, player and either the window or the terminal front.

It leaves out every rule and every widget; what can be decided without Qt is decided in compose and services.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import QCoreApplication, QTimer

from coach.compose import Core
from coach.desktop.audio import sound_for_this_system
from coach.desktop.awake import awake_for_this_system
from coach.desktop.bus import Bus
from coach.desktop.keys import Ending, TerminalKeys, one_key_at_a_time
from coach.desktop.qt_time import QtTime
from coach.desktop.startup import FirstPaint, mark
from coach.desktop.voice_process import VoiceProcess
from coach.domain.night import Unfinished
from coach.domain.plan import Plan
from coach.domain.session import Input, Phase, Snapshot
from coach.domain.settings import Settings
from coach.i18n import N_, Line, _, language, render
from coach.paths import Paths, assets_dir
from coach.services.diary import Diary
from coach.services.library import NotFoundError
from coach.services.pace import Faster
from coach.services.player import News, Player, describe
from coach.services.ports import Call, PlanFileError, Sound, StoreError, Time
from coach.storage.journal_sqlite import SqliteJournal
from coach.storage.json_store import JsonStore
from coach.storage.session_log import SessionLogFile
from coach.terminal.front import TerminalFront, intention, where

if TYPE_CHECKING:
    from coach.ui.bridge import PlayerBridge
    from coach.ui.session_page import SessionPage
    from coach.ui.theme import Theme

log = logging.getLogger("coach")

# The name of the desktop entry.
APP_ID = "io.github.stretch_coach.StretchCoach"
# The loudest the night is, of 1.0 (DESIGN 8: a whisper).
WHISPER = 0.25

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
        return _run_in_window(core, request, events)
    finally:
        if events is not None:
            events.close()


@dataclass
class Stage:
    """The adapters and services of sessions, built together and let go together."""

    sound: Sound
    diary: Diary
    player: Player
    close_journal: Callable[[], None]

    @classmethod
    def build(cls, core: Core, request: Request, events: EventFile | None) -> Stage:
        """Put everything together; nothing is started."""
        settings = core.preferences.settings
        time: Time = QtTime()
        if request.speed != 1.0:
            time = Faster(time, request.speed)
        voice = VoiceProcess(
            core.paths.voice_cache, voice=settings.voice_id, rate=settings.voice_rate, language=language()
        )
        sound = sound_for_this_system(assets_dir() / "sounds")
        sound.set_volume(settings.volume / 100)
        journal = SqliteJournal(
            core.paths.journal,
            today=lambda: time.now().date(),
            report=lambda line: diary.notices.publish(line),
        )
        diary = Diary(time, SessionLogFile(core.paths.running_session), journal)
        bus = Bus()
        player = Player(time, voice, sound, awake_for_this_system(bus), diary)
        if events is not None:
            player.news.subscribe(events.write)
        return cls(sound, diary, player, journal.close)

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
        self.close_journal()


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


# -------------------------------------------------------------------- the window


def _run_in_window(core: Core, request: Request, events: EventFile | None) -> int:
    from PySide6.QtWidgets import QApplication

    from coach.ui import theme as looks

    app = QApplication.instance() or QApplication(["coach"])
    assert isinstance(app, QApplication)
    app.setApplicationName("Stretch Coach")
    app.setDesktopFileName(APP_ID)
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(True)
    looks.load_fonts()
    desk = Desk(core, request, QtTime(), lambda: Stage.build(core, request, events))
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


class Desk:
    """The window, its pages and the session behind them: intentions in, views out.

    It decides nothing itself: plans come from the library, settings from the preferences, and what happens
    in a session from the player. Sound, voice and journal are loaded after the first picture.
    """

    def __init__(
        self, core: Core, request: Request, clock: Time, make_stage: Callable[[], Stage]
    ) -> None:
        """`make_stage` is called when the first session, or what broke off, is wanted."""
        from coach.ui.figure_view import Stills
        from coach.ui.icons import Icon
        from coach.ui.main_window import MainWindow
        from coach.ui.tonight_page import TonightPage

        self._core = core
        self._request = request
        self._clock = clock
        self._make_stage = make_stage
        self._stage: Stage | None = None
        self._bridge: PlayerBridge | None = None
        self._session_page: SessionPage | None = None
        self._unfinished: Unfinished | None = None
        self._notices: list[str] = [render(line) for line in core.preferences.repairs]
        self._window_store = JsonStore(core.paths.window)
        settings = core.preferences.settings
        self._window = MainWindow(
            self._theme(),
            text_size=settings.text_size,
            reduced_motion=settings.reduced_motion,
        )
        self._tonight = TonightPage(Stills(assets_dir() / "figures"))
        self._window.add_page(Icon.TONIGHT, _("Tonight"), self._tonight)
        self._glance = QTimer()
        self._glance.setInterval(GLANCE_MS)
        self._glance.timeout.connect(self._look)
        self._minute: Call | None = None
        self._tonight.start_asked.connect(self._start_asked)
        self._tonight.plan_chosen.connect(self._plan_chosen)
        self._tonight.go_on_asked.connect(self._go_on)
        self._tonight.go_on_declined.connect(self._decline)
        self._window.light_asked.connect(self._light_asked)
        self._window.close_asked.connect(self._close_asked)
        self._window.closing.connect(self._keep_window)

    def open(self) -> None:
        """Show the window, and then load what the first picture did not need."""
        values, _damaged = self._window_store.load()
        self._window.restore_window(values)
        if self._request.plan is None:
            self._show_tonight()
        FirstPaint(self._window, self._painted)
        self._window.show()
        if self._request.plan is not None:
            self._begin(self._request.plan, None)

    def leave(self) -> None:
        """The system wants the app to end: keep what was done."""
        if self._stage is not None:
            self._stage.player.stop()
        self._window.leave_session()
        self._window.close()

    def shutdown(self) -> None:
        """Let go of everything."""
        self._glance.stop()
        if self._minute is not None:
            self._minute.cancel()
        if self._bridge is not None:
            self._bridge.release()
        if self._stage is not None:
            self._stage.shutdown()

    # ---------------------------------------------------------------- the Tonight page

    def _painted(self) -> None:
        mark("painted")
        QTimer.singleShot(0, self._settle)

    def _settle(self) -> None:
        """After the first picture: what broke off, the voice's first words, and a tidy memory."""
        from coach.ui.icons import app_icon

        mark("interactive")
        self._window.setWindowIcon(app_icon(assets_dir()))
        stage = self._get_stage()
        if self._request.plan is None and not stage.player.is_running:
            self._unfinished = stage.diary.unfinished()
            self._show_tonight()
        gc.collect()
        gc.freeze()

    def _get_stage(self) -> Stage:
        if self._stage is None:
            self._stage = self._make_stage()
            self._stage.diary.notices.subscribe(lambda line: self._note(render(line)))
        return self._stage

    def _note(self, text: str) -> None:
        """Something to know, shown on Tonight until the window closes."""
        if text not in self._notices:
            self._notices.append(text)

    def _chosen(self) -> tuple[Plan | None, str]:
        """Tonight's plan, and what is wrong when there is none."""
        library, chosen = self._core.library, self._core.preferences.settings.plan
        try:
            return library.find(chosen), ""
        except (NotFoundError, PlanFileError) as error:
            reason = render(error.line if isinstance(error, NotFoundError) else error.problems[0].text)
        try:
            plan = library.find(Settings().plan)
        except (NotFoundError, PlanFileError):
            return None, reason
        self._note(
            _("The plan “{name}” is not there any more. “{other}” takes its place.").format(
                name=chosen, other=_(plan.name)
            )
        )
        return plan, ""

    def _show_tonight(self) -> None:
        """Draw the page for this minute, and again in the next one while it is seen."""
        from coach.ui.tonight_words import tonight_view

        plan, error = self._chosen()
        plans, wrong = self._core.library.plans()
        for problem in wrong:
            self._note(f"{problem.path.name}: {render(problem.text)}")
        now = self._clock.now()
        broken = self._unfinished
        self._tonight.show_tonight(
            tonight_view(
                plan,
                [(one, self._core.library.timeline(one)) for one in plans],
                self._core.library.exercises(),
                now,
                unfinished=where_stopped(self._core, broken) if broken else None,
                notices=self._notices,
                error=error,
            )
        )
        if self._minute is not None:
            self._minute.cancel()
        self._minute = self._clock.call_later(60.0 - now.second - now.microsecond / 1e6, self._next_minute)

    def _next_minute(self) -> None:
        self._minute = None
        if self._window.in_session or self._window.isMinimized() or not self._window.isVisible():
            return  # drawn again when it comes back
        self._window.set_theme(self._theme())
        self._show_tonight()

    def _plan_chosen(self, plan_id: str) -> None:
        self._change("plan", plan_id)
        self._show_tonight()

    def _start_asked(self, plan_id: str) -> None:
        try:
            plan = self._core.library.find(plan_id)
        except (NotFoundError, PlanFileError) as error:
            self._note(render(error.line if isinstance(error, NotFoundError) else error.problems[0].text))
            self._show_tonight()
            return
        self._begin(plan, None)

    def _go_on(self) -> None:
        broken, self._unfinished = self._unfinished, None
        if broken is not None:
            self._begin(broken.plan, broken)

    def _decline(self) -> None:
        self._unfinished = None
        self._get_stage().diary.decline()
        self._show_tonight()

    # ---------------------------------------------------------------- the session

    def _begin(self, plan: Plan, carried: Unfinished | None) -> None:
        page = self._get_session_page()
        stage = self._get_stage()
        self._unfinished = None
        timeline = self._core.library.timeline(plan)
        page.preload(dict.fromkeys(s.exercise.figure for s in timeline.segments if s.exercise.figure))
        self._set_loudness()
        stage.start(self._core, self._request, plan, carried)
        self._window.show_session()
        self._glance.start()

    def _get_session_page(self) -> SessionPage:
        if self._session_page is not None:
            return self._session_page
        from coach.ui.bridge import PlayerBridge
        from coach.ui.figure_view import FigureView
        from coach.ui.session_page import SessionPage

        figures = assets_dir() / "figures"
        settings = self._core.preferences.settings
        page = SessionPage(lambda parent: FigureView(figures, parent), self._window.session_look)
        page.set_text_size(settings.text_size)
        page.set_captions(settings.captions)
        page.asked.connect(self._asked)
        page.volume_asked.connect(self._volume_asked)
        page.caption_toggled.connect(lambda on: self._change("captions", on))
        page.light_asked.connect(self._window.change_night)
        page.fullscreen_asked.connect(self._window.toggle_full_screen)
        page.help_asked.connect(self._window.show_keys)
        page.closed.connect(self._session_closed)
        self._bridge = PlayerBridge(self._get_stage().player)
        self._bridge.snapshot.connect(self._show_moment)
        self._bridge.notice.connect(self._session_notice)
        self._session_page = page
        self._window.set_session_page(page)
        return page

    def _show_moment(self, moment: Snapshot) -> None:
        self._get_session_page().show_moment(moment)
        if moment.phase in (Phase.RUNNING, Phase.COUNT_IN, Phase.NEW):
            if not self._glance.isActive():
                self._glance.start()
        else:
            self._glance.stop()

    def _session_notice(self, text: str) -> None:
        self._note(text)
        self._get_session_page().show_notice(text)

    def _look(self) -> None:
        """Ten times a second while something counts and somebody can see it."""
        if not self._window.isMinimized():
            self._get_stage().player.tick()

    def _asked(self, given: Input) -> None:
        player = self._get_stage().player
        player.send(given)
        moment = player.snapshot()
        if moment is None or self._request.mute or self._request.speed != 1.0:
            return
        if given is Input.VOICE:
            self._change("voice", moment.voice)
        elif given in (Input.WAIT_FOR_ME, Input.COUNT_FOR_ME):
            self._change("wait_for_me", moment.waits)

    def _session_closed(self) -> None:
        self._glance.stop()
        self._window.leave_session()
        self._window.set_theme(self._theme())
        self._show_tonight()

    def _volume_asked(self, step: int) -> None:
        volume = min(max(self._core.preferences.settings.volume + step, 0), 100)
        self._change("volume", volume)
        self._set_loudness()
        self._get_session_page().show_volume(volume)

    def _set_loudness(self) -> None:
        """The user's volume; at night no louder than a whisper and without chimes beside the words."""
        night = self._window.theme.is_night
        volume = self._core.preferences.settings.volume / 100
        stage = self._get_stage()
        stage.sound.set_volume(min(volume, WHISPER) if night else volume)
        stage.player.set_chimes(not night)

    # ---------------------------------------------------------------- the window

    def _theme(self) -> Theme:
        from coach.ui.theme import theme_for

        return theme_for(self._core.preferences.settings.theme, self._clock.now().time())

    def _light_asked(self, name: str) -> None:
        from coach.ui.theme import THEMES, setting_for

        self._change("theme", setting_for(name, self._clock.now().time()))
        self._window.set_theme(THEMES[name])
        if self._stage is not None:
            self._set_loudness()

    def _close_asked(self) -> None:
        """Closing during a session asks as Esc does; closing again leaves and keeps."""
        player = self._get_stage().player
        moment = player.snapshot()
        if moment is not None and not moment.phase.is_over and moment.phase is not Phase.LEAVING:
            player.send(Input.ASK_LEAVE)
        else:
            QTimer.singleShot(0, self.leave)  # a window cannot be closed while it answers a close

    def _keep_window(self) -> None:
        try:
            self._window_store.save(self._window.window_state())
        except StoreError as error:
            log.info("the window's place was not kept: %s", render(error.line))

    def _change(self, name: str, value: object) -> None:
        wrong = self._core.preferences.change(name, value)
        if wrong is not None:
            self._note(render(wrong))
