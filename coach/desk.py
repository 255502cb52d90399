"""The window, its pages and the session behind them: intentions in, views out.

It leaves out every decision: plans come from the library, settings from the preferences, and what happens in
a session from the player.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from coach.compose import Core, Request
from coach.desktop.startup import FirstPaint, mark
from coach.domain.night import Unfinished
from coach.domain.plan import Plan
from coach.domain.session import Input, Phase, Snapshot
from coach.domain.settings import Settings
from coach.i18n import _, render
from coach.paths import assets_dir
from coach.services.library import NotFoundError
from coach.services.ports import Call, PlanFileError, StoreError, Time
from coach.storage.json_store import JsonStore
from coach.ui import tonight_words
from coach.ui.figure_view import Stills
from coach.ui.icons import Icon, app_icon
from coach.ui.main_window import MainWindow
from coach.ui.theme import THEMES, Theme, setting_for, theme_for
from coach.ui.tonight_page import TonightPage

if TYPE_CHECKING:  # loaded after the first picture
    from coach.staging import Stage
    from coach.ui.bridge import PlayerBridge
    from coach.ui.session_page import SessionPage

log = logging.getLogger("coach")

# The loudest the night is, of 1.0 (DESIGN 8: a whisper).
WHISPER = 0.25
# Milliseconds between two looks at the clock while something counts on the screen (DESIGN 6: the ring).
GLANCE_MS = 100


class Desk:
    """The window, its pages and the session behind them: intentions in, views out.

    It decides nothing itself: plans come from the library, settings from the preferences, and what happens
    in a session from the player. Sound, voice and journal are loaded after the first picture.
    """

    def __init__(
        self, core: Core, request: Request, clock: Time, make_stage: Callable[[], Stage]
    ) -> None:
        """`make_stage` is called when the first session, or what broke off, is wanted."""
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
        mark("interactive")
        self._window.setWindowIcon(app_icon(assets_dir()))
        stage = self._get_stage()
        if self._request.plan is None and not stage.player.is_running:
            self._unfinished = stage.unfinished(self._core)
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
        plan, error = self._chosen()
        plans, wrong = self._core.library.plans()
        for problem in wrong:
            self._note(f"{problem.path.name}: {render(problem.text)}")
        now = self._clock.now()
        self._tonight.show_tonight(
            tonight_words.tonight_view(
                plan,
                [(one, self._core.library.timeline(one)) for one in plans],
                self._core.library.exercises(),
                now,
                unfinished=self._where_stopped(),
                notices=self._notices,
                error=error,
            )
        )
        if self._minute is not None:
            self._minute.cancel()
        self._minute = self._clock.call_later(60.0 - now.second - now.microsecond / 1e6, self._next_minute)

    def _where_stopped(self) -> str | None:
        if self._unfinished is None:
            return None
        from coach.staging import where_stopped

        return where_stopped(self._core, self._unfinished)

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
        return theme_for(self._core.preferences.settings.theme, self._clock.now().time())

    def _light_asked(self, name: str) -> None:
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
