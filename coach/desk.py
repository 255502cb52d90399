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
from coach.domain.plan import Plan
from coach.domain.settings import Settings
from coach.i18n import _, render
from coach.paths import assets_dir
from coach.services.library import NotFoundError
from coach.services.ports import Call, PlanFileError, StoreError, Time
from coach.storage.json_store import JsonStore
from coach.ui import tonight_words
from coach.ui.icons import Icon, app_icon
from coach.ui.main_window import MainWindow
from coach.ui.theme import THEMES, Theme, setting_for, theme_for
from coach.ui.tonight_page import LatePictures, Pictures, TonightPage

if TYPE_CHECKING:  # loaded after the first picture
    from coach.domain.night import Unfinished
    from coach.session_desk import SessionDesk
    from coach.staging import Stage

log = logging.getLogger("coach")


def _stills() -> Pictures:
    from coach.ui.figure_view import Stills

    return Stills(assets_dir() / "figures")


def _reason(error: NotFoundError | PlanFileError) -> str:
    """Why there is no such plan, in one sentence."""
    return render(error.line if isinstance(error, NotFoundError) else error.problems[0].text)


class Desk:
    """The window, its pages and the session behind them: intentions in, views out.

    It decides nothing itself: plans come from the library, settings from the preferences, and what happens
    in a session from the player. Sound, voice and journal are loaded after the first picture.
    """

    def __init__(self, core: Core, request: Request, clock: Time, make_stage: Callable[[], Stage]) -> None:
        """`make_stage` is called when the first session, or what broke off, is wanted."""
        self._core = core
        self._request = request
        self._clock = clock
        self._make_stage = make_stage
        self._stage: Stage | None = None
        self._sessions: SessionDesk | None = None
        self._unfinished: Unfinished | None = None
        self._notices: list[str] = [render(line) for line in core.preferences.repairs]
        self._window_store = JsonStore(core.paths.window)
        settings = core.preferences.settings
        self._window = MainWindow(
            self._theme(),
            text_size=settings.text_size,
            reduced_motion=settings.reduced_motion,
        )
        self._tonight = TonightPage(LatePictures(_stills))
        self._window.add_page(Icon.TONIGHT, _("Tonight"), self._tonight)
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
        self._window.windowHandle().windowStateChanged.connect(self._come_back)
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
        if self._minute is not None:
            self._minute.cancel()
        if self._sessions is not None:
            self._sessions.shutdown()
        if self._stage is not None:
            self._stage.shutdown()

    # ---------------------------------------------------------------- the Tonight page

    def _painted(self) -> None:
        mark("painted")
        QTimer.singleShot(0, self._settle)

    def _settle(self) -> None:
        """After the first picture: the adapters, what broke off, and a tidy memory."""
        mark("interactive")
        self._window.setWindowIcon(app_icon(assets_dir()))
        stage = self._get_stage()
        if self._request.plan is None and not stage.player.is_running:
            self._unfinished = stage.unfinished()
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
            reason = _reason(error)
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
        return self._get_stage().where_stopped(self._unfinished)

    def _next_minute(self) -> None:
        self._minute = None
        if self._window.in_session or self._window.isMinimized() or not self._window.isVisible():
            return  # drawn again when it comes back
        self._window.set_theme(self._theme())
        self._show_tonight()

    def _come_back(self) -> None:
        """The window is seen again: what stood still meanwhile is drawn anew."""
        if self._minute is None and not self._window.in_session and not self._window.isMinimized():
            self._window.set_theme(self._theme())
            self._show_tonight()

    def _plan_chosen(self, plan_id: str) -> None:
        self._change("plan", plan_id)
        self._show_tonight()

    def _start_asked(self, plan_id: str) -> None:
        try:
            plan = self._core.library.find(plan_id)
        except (NotFoundError, PlanFileError) as error:
            self._note(_reason(error))
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
        self._unfinished = None
        self._get_sessions().begin(plan, carried)

    def _get_sessions(self) -> SessionDesk:
        if self._sessions is None:
            from coach.session_desk import SessionDesk

            self._sessions = SessionDesk(
                self._window,
                self._get_stage(),
                change=self._change,
                note=self._note,
                closed=self._session_closed,
            )
        return self._sessions

    def _session_closed(self) -> None:
        self._window.set_theme(self._theme())
        self._show_tonight()

    # ---------------------------------------------------------------- the window

    def _theme(self) -> Theme:
        return theme_for(self._core.preferences.settings.theme, self._clock.now().time())

    def _light_asked(self, name: str) -> None:
        if not self._window.in_session:  # the light of a session is for that session
            self._change("theme", setting_for(name, self._clock.now().time()))
        self._window.set_theme(THEMES[name])
        if self._sessions is not None:
            self._sessions.set_loudness()

    def _close_asked(self) -> None:
        """Closing during a session asks as Esc does; closing again leaves and keeps."""
        if not self._get_sessions().ask_to_leave():
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
