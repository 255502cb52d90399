"""The window, its pages and the session behind them: intentions in, views out.

It leaves out every decision: plans come from the library, settings from the preferences, and what happens in
a session from the player.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from coach.compose import Core, Request
from coach.desktop.startup import FirstPaint, mark
from coach.domain.night import night_of
from coach.domain.plan import Plan
from coach.domain.profile import Adapted, nothing_left
from coach.domain.settings import Settings
from coach.i18n import _, render
from coach.paths import assets_dir
from coach.services.library import CRAMP, RESTLESS, RIGHT_NOW, NotFoundError
from coach.services.ports import Call, PlanFileError, StoreError, Time
from coach.storage.json_store import JsonStore
from coach.ui import tonight_words
from coach.ui.icons import Icon, app_icon
from coach.ui.main_window import LatePage, MainWindow
from coach.ui.theme import THEMES, Theme, setting_for, theme_for
from coach.ui.tonight_page import LatePictures, Pictures, TonightPage

if TYPE_CHECKING:  # loaded after the first picture
    from coach.body_desk import BodyDesk
    from coach.domain.night import Unfinished
    from coach.library_desk import LibraryDesk
    from coach.plan_desk import Files, PlanDesk
    from coach.session_desk import SessionDesk
    from coach.staging import Stage

log = logging.getLogger("coach")

# So many small figures are kept: those of the library and of a plan being edited, and some more.
PICTURES = 160
# The places of the pages in the sidebar.
_PLANS, _LIBRARY, _BODY = 1, 2, 3


def _stills() -> Pictures:
    from coach.ui.figure_view import Stills

    return Stills(assets_dir() / "figures", room=PICTURES)


def _reason(error: NotFoundError | PlanFileError) -> str:
    """Why there is no such plan, in one sentence."""
    return render(error.line if isinstance(error, NotFoundError) else error.problems[0].text)


class Desk:
    """The window, its pages and the session behind them: intentions in, views out.

    It decides nothing itself: plans come from the library, settings from the preferences, and what happens
    in a session from the player. Sound, voice and journal are loaded after the first picture.
    """

    def __init__(
        self,
        core: Core,
        request: Request,
        clock: Time,
        make_stage: Callable[[], Stage],
        files: Files | None = None,
    ) -> None:
        """`make_stage` is called when the first session, or what broke off, is wanted.

        `files` asks the user for files; without it the dialogs of the system do.
        """
        self._files = files
        self._core = core
        self._request = request
        self._clock = clock
        self._make_stage = make_stage
        self._stage: Stage | None = None
        self._sessions: SessionDesk | None = None
        self._unfinished: Unfinished | None = None
        self._settled = False
        repairs = (*core.preferences.repairs, *core.safety.repairs)
        self._notices: list[str] = [render(line) for line in repairs]
        self._nothing_left = ""
        core.safety.notices.subscribe(lambda line: self._note(render(line)))
        core.safety.changed.subscribe(lambda _profile: self._say_nothing_left(""))
        self._window_store = JsonStore(core.paths.window)
        settings = core.preferences.settings
        self._window = MainWindow(
            self._theme(),
            text_size=settings.text_size,
            reduced_motion=settings.reduced_motion,
        )
        self._pictures = LatePictures(_stills)
        self._tonight = TonightPage(self._pictures)
        self._window.add_page(Icon.TONIGHT, _("Tonight"), self._tonight)
        for icon, name, make in (
            (Icon.PLANS, _("Plans"), lambda: self._plans.page),
            (Icon.LIBRARY, _("Library"), lambda: self._library.page),
            (Icon.SHIELD, _("My body"), lambda: self._body.page),
        ):
            self._window.add_page(icon, name, LatePage(make))
        self._window.offer_help()
        self._minute: Call | None = None
        self._tonight.start_asked.connect(self._start_asked)
        self._tonight.plan_chosen.connect(self._plan_chosen)
        self._tonight.go_on_asked.connect(self._go_on)
        self._tonight.go_on_declined.connect(self._decline)
        self._tonight.restless_asked.connect(lambda: self._right_now(RESTLESS))
        self._tonight.cramp_asked.connect(lambda: self._right_now(CRAMP))
        self._window.page_shown.connect(self._fill)
        self._window.help_asked.connect(self._show_help)
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
            self.lead(self._request.plan)
        elif self._request.opened is not None:
            opened = self._request.opened
            QTimer.singleShot(0, lambda: self._plans.bring_in([opened]))

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
        self._settled = True
        self._window.setWindowIcon(app_icon(assets_dir()))
        stage = self._get_stage()
        if self._request.plan is None and not stage.player.is_running:
            self._unfinished = stage.unfinished()
        if self._request.plan is None:
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

    def _say_nothing_left(self, text: str) -> None:
        """Why a plan was not begun; true only until the next one is, or until other ticks are set."""
        self._nothing_left = text

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
        plans: list[Plan] = [] if plan is None else [plan]
        if self._settled:  # the first picture does not wait for all the others
            plans, wrong = self._core.library.plans()
            for problem in wrong:
                self._note(f"{problem.path.name}: {render(problem.text)}")
        now = self._clock.now()
        night = night_of(now)
        done = {one.id: self._core.safety.as_done(one, night) for one in plans}
        laid = {one: self._core.library.timeline(one_done) for one, one_done in done.items()}
        self._tonight.show_tonight(
            tonight_words.tonight_view(
                done.get(plan.id, plan) if plan is not None else None,
                [(one, laid[one.id]) for one in done.values() if one.id not in RIGHT_NOW],
                self._core.library.exercises(),
                now,
                unfinished=self._where_stopped(),
                notices=[*self._notices, self._nothing_left] if self._nothing_left else self._notices,
                error=error,
                restless=laid.get(RESTLESS),
                waiting=not self._settled,
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
        self.lead(plan)

    def _go_on(self) -> None:
        broken, self._unfinished = self._unfinished, None
        if broken is not None:
            self._begin(Adapted(broken.plan), broken)

    def _decline(self) -> None:
        self._unfinished = None
        self._get_stage().diary.decline()
        self._show_tonight()

    # ---------------------------------------------------------------- the other pages

    @cached_property
    def _plans(self) -> PlanDesk:
        from coach.plan_desk import PlanDesk

        return PlanDesk(
            self._window,
            self._core,
            self._clock,
            self._pictures,
            place=_PLANS,
            lead=self.lead,
            right_now=self._right_now,
            choose=lambda plan_id: self._change("plan", plan_id),
            files=self._files,
        )

    @cached_property
    def _library(self) -> LibraryDesk:
        from coach.library_desk import LibraryDesk

        return LibraryDesk(
            self._core,
            self._clock,
            self._pictures,
            lead=self.lead,
            add=lambda exercise_id: self._plans.add(exercise_id),
            ask_massage=lambda: self._body.ask_massage(lambda: None),
        )

    def _look_at(self, exercise_id: str) -> None:
        """Show a move in the library, with all there is to read about it."""
        self._window.show_page(_LIBRARY)
        self._library.page.open_exercise(exercise_id)

    def _show_help(self) -> None:
        """When to get help; a session that runs waits meanwhile."""
        if self._stage is not None and self._window.in_session:
            from coach.domain.session import Input

            self._stage.player.send(Input.PAUSE)
        self._body.show_help()

    @cached_property
    def _body(self) -> BodyDesk:
        from coach.body_desk import BodyDesk

        return BodyDesk(
            self._window,
            self._core,
            self._clock,
            self._pictures,
            place=_BODY,
            look_at=self._look_at,
        )

    def _fill(self, number: int) -> None:
        """Draw a page as things stand, just before it is seen."""
        match number:
            case 0:
                self._show_tonight()
            case _ if number == _PLANS:
                self._plans.show()
            case _ if number == _LIBRARY:
                self._library.show()
            case _:
                self._body.show()

    # ---------------------------------------------------------------- the session

    def lead(self, plan: Plan) -> None:
        """Begin a session of `plan`, once what keeps the person safe has been asked.

        The ticks are asked for before the first session of all, unless it was asked for by name on the
        command line; the warning signs before the first massage. A plan of which nothing is left is said,
        not begun.
        """
        if not self._core.safety.profile.asked and self._request.plan is None:
            self._body.ask_ticks(lambda: self._lead_asked(plan))
        else:
            self._lead_asked(plan)

    def _right_now(self, plan_id: str) -> None:
        """Begin what helps right now and ask nothing; a cramp in the dark."""
        try:
            plan = self._core.library.find(plan_id)
        except (NotFoundError, PlanFileError) as error:
            self._note(_reason(error))
            self._show_tonight()
            return
        if plan_id == CRAMP:
            self._window.set_theme(THEMES["night"])
        self._lead_safely(plan)

    def _lead_asked(self, plan: Plan) -> None:
        fine = self._request.massage_is_fine
        if not fine and self._core.safety.needs_massage_check(plan):
            self._body.ask_massage(lambda: self._lead_safely(plan))
        else:
            self._lead_safely(plan)

    def _lead_safely(self, plan: Plan) -> None:
        adapted = self._get_stage().adapt(plan)
        if adapted.is_empty:
            self._say_nothing_left(render(nothing_left(adapted)))
            self._show_tonight()
            self._window.show_page(0)
        else:
            self._begin(adapted, None)

    def _begin(self, adapted: Adapted, carried: Unfinished | None) -> None:
        self._unfinished = None
        self._say_nothing_left("")
        self._get_sessions().begin(adapted, carried)

    def _leave_out(self, exercise_id: str, tonight: bool) -> None:
        night = night_of(self._clock.now()) if tonight else None
        self._core.safety.leave_out(exercise_id, night)

    def _get_sessions(self) -> SessionDesk:
        if self._sessions is None:
            from coach.session_desk import SessionDesk

            self._sessions = SessionDesk(
                self._window,
                self._get_stage(),
                change=self._change,
                note=self._note,
                leave_out=self._leave_out,
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
