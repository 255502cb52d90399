"""The window, its pages and the session behind them: intentions in, views out.

It leaves out every decision: plans come from the library, settings from the preferences, and what happens in
a session from the player.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from datetime import time
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer

from coach import compose
from coach.compose import Core, Request
from coach.desktop.startup import FirstPaint, mark
from coach.domain.cues import Tone
from coach.domain.evening import with_bedtime
from coach.domain.night import CRAMP, RESTLESS, RIGHT_NOW, night_of
from coach.domain.plan import Plan
from coach.domain.profile import Adapted, nothing_left
from coach.domain.settings import Settings
from coach.i18n import Line, _, render
from coach.paths import assets_dir
from coach.services.evenings import Evenings
from coach.services.library import NotFoundError
from coach.services.ports import Adapter, Call, Enrolment, PlanFileError, StoreError, Time
from coach.services.topic import Topic
from coach.storage.json_store import JsonStore
from coach.ui import tonight_words
from coach.ui.icons import Icon, app_icon
from coach.ui.main_window import LatePage, MainWindow
from coach.ui.theme import THEMES, Theme, setting_for, theme_for
from coach.ui.tonight_page import LatePictures, Pictures, TonightPage

if TYPE_CHECKING:  # loaded after the first picture
    from pathlib import Path

    from coach.body_desk import BodyDesk
    from coach.desktop.tray import TrayView
    from coach.domain.night import Unfinished
    from coach.evening_desk import EveningDesk
    from coach.library_desk import LibraryDesk
    from coach.plan_desk import Files, PlanDesk
    from coach.session_desk import SessionDesk
    from coach.settings_desk import SettingsDesk
    from coach.staging import Stage
    from coach.welcome_desk import WelcomeDesk

log = logging.getLogger("coach")

# So many small figures are kept: those of the library and of a plan being edited, and some more.
PICTURES = 160
# The places of the pages in the sidebar.
_PLANS, _LIBRARY, _REMINDERS, _SETTINGS = 1, 2, 3, 4


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
        evenings: Evenings,
        *,
        startup: Enrolment,
        os_wake: Enrolment,
        files: Files | None = None,
    ) -> None:
        """`make_stage` is called when the first session, or what broke off, is wanted.

        `startup` and `os_wake` are what the system keeps for the reminders. `files` asks the user for files;
        without it the dialogs of the system do.
        """
        self.settled: Topic[None] = Topic()
        """Published once, when the first picture stands and what it did not need may be loaded."""
        self.closed: Topic[None] = Topic()
        """Published when the window was closed."""
        self.menu_picked: Topic[str] = Topic()
        """Published with the key of an entry of the menu that stands in for the tray's."""
        self._began: Topic[float] = Topic()  # a sentence that was asked for begins to be heard
        self._hearing_changed: Topic[None] = Topic()  # whether the voice can be heard
        self._evenings = evenings
        self._startup = startup
        self._os_wake = os_wake
        self._quit: Callable[[], None] = lambda: None
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
        self._window_values: dict[str, object] = {}
        self._opened = False
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
            (Icon.BELL, _("Reminders"), lambda: self._reminders.page),
            (Icon.SETTINGS, _("Settings"), lambda: self._settings.page),
        ):
            self._window.add_page(icon, name, LatePage(make))
        self._window.offer_help()
        self._minute: Call | None = None
        self._tonight.start_asked.connect(self._start_asked)
        self._tonight.plan_chosen.connect(self._plan_chosen)
        self._tonight.go_on_asked.connect(self._go_on)
        self._tonight.go_on_declined.connect(self._decline)
        self._tonight.restless_asked.connect(lambda: self.right_now(RESTLESS))
        self._tonight.cramp_asked.connect(lambda: self.right_now(CRAMP))
        self._connect_evening()
        self._window.page_shown.connect(self._fill)
        self._window.help_asked.connect(self._show_help)
        self._window.light_asked.connect(self._light_asked)
        self._window.close_asked.connect(self._close_asked)
        self._window.closing.connect(self._window_closes)
        core.preferences.changed.subscribe(self._take_over)

    def open(self) -> None:
        """Show the window, and then load what the first picture did not need; or bring it to the front."""
        if self._opened:
            self._come_forward()
            return
        self._opened = True
        values, _damaged = self._window_store.load()
        self._window_values = dict(values)
        self._window.restore_window(values)
        if self._request.plan is None:
            self._show_tonight()
        plain = self._request.plan is None and self._request.opened is None and not self._request.background
        if plain and not self._core.safety.profile.asked and "welcomed" not in self._window_values:
            self._window_values["welcomed"] = True  # asked once: who put it off finds it all in the settings
            self._welcome.show()
        FirstPaint(self._window, self._painted)
        self._window.windowHandle().windowStateChanged.connect(self._come_back)
        self._window.show()
        if self._request.plan is not None and self._request.right_now:
            self.right_now(self._request.plan.id)
        elif self._request.plan is not None:
            self.lead(self._request.plan, named=True)
        elif self._request.opened is not None:
            opened = self._request.opened
            QTimer.singleShot(0, lambda: self.bring_in(opened))

    @property
    def is_seen(self) -> bool:
        """Whether the window is on the screen."""
        return self._window.isVisible() and not self._window.isMinimized()

    def _come_forward(self) -> None:
        window = self._window
        if not window.isVisible():
            window.show()
        if window.isMinimized():
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        if self._minute is None and not window.in_session:
            self._window.set_theme(self._theme())
            self._show_tonight()

    def minimise(self) -> None:
        """Out of the way, but still in the task list: there is no tray to come back from."""
        self._window.showMinimized()

    def bring_in(self, path: Path) -> None:
        """Show a plan file before it is brought in or not."""
        self._plans.bring_in([path])

    def start_tonight(self) -> None:
        """Begin tonight's plan."""
        plan, _error = self._chosen()
        if plan is not None:
            self.lead(plan)

    def give_in(self) -> None:
        """The system ends the user's session: keep what was done, and let the window be closed unasked."""
        if self._stage is not None:
            self._stage.player.stop()
        self._window.leave_session()
        self._window.set_guard(None)

    def leave(self) -> bool:
        """The app is to end: keep what was done. False when the window asks about something first."""
        if self._stage is not None:
            self._stage.player.stop()
        self._window.leave_session()
        return self._window.close()

    def shutdown(self) -> None:
        """Let go of everything but the stage, which is not this window's."""
        if self._minute is not None:
            self._minute.cancel()
        if self._sessions is not None:
            self._sessions.shutdown()

    # ---------------------------------------------------------------- the Tonight page

    def _painted(self) -> None:
        mark("painted")
        QTimer.singleShot(0, self._settle)

    def _settle(self) -> None:
        """After the first picture: the adapters, what broke off, and a tidy memory."""
        mark("interactive")
        self._settled = True
        self._window.setWindowIcon(app_icon(assets_dir()))
        self.settled.publish(None)
        for line in self._evenings.repairs:
            self._note(render(line))
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
            self._stage.hearing.began.subscribe(self._began.publish)
            self._stage.hearing.changed.subscribe(self._hearing_changed.publish)
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
        try:
            plan, replaced = self._core.library.tonights(
                self._core.preferences.settings.plan, Settings().plan
            )
        except (NotFoundError, PlanFileError) as error:
            return None, _reason(error)
        if replaced is not None:
            self._note(render(replaced))
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
        entries = self._evenings.tonight()
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
                lights_out=tonight_words.lights_out_of(entries),
                evening=tonight_words.evening_view(
                    entries,
                    now,
                    self._evenings.schedule,
                    self._core.preferences.settings,
                    night=self._evenings.night(),
                    quiet=self._evenings.is_quiet_tonight,
                    upcoming=self._evenings.next_due(),
                    missed=self._evenings.missed(),
                    seconds=0.0 if plan is None or plan.id not in laid else laid[plan.id].seconds,
                    promise=self._promise,
                ),
            )
        )
        if self._minute is not None:
            self._minute.cancel()
        self._minute = self._clock.call_later(60.0 - now.second - now.microsecond / 1e6, self._next_minute)

    def _promise(self, bedtime: time) -> str:
        """When the reminder comes with this bedtime, as things stand just now."""
        clock, schedule = self._clock, self._evenings.schedule
        return tonight_words.promise_words(schedule, bedtime, clock.now(), clock.local, every=True)

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
            right_now=self.right_now,
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
            place=_SETTINGS,
            look_at=self._look_at,
        )

    @cached_property
    def _reminders(self) -> EveningDesk:
        from coach.evening_desk import EveningDesk

        return EveningDesk(
            self._window,
            self._core,
            self._clock,
            self._evenings,
            startup=self._startup,
            os_wake=self._os_wake,
            pictures=self._pictures,
            calendar=self._write_calendar,
        )

    def _write_calendar(self) -> Line | None:
        """The reminders into a file for the user's phone; what went wrong, or None."""
        from coach.plan_desk import Dialogs
        from coach.storage import calendar_ics

        files = self._files or Dialogs()
        path = files.save(self._window, "stretch-coach.ics")
        if path is None:
            return None
        text = compose.calendar_text(self._core, self._evenings.schedule, self._clock.now())
        try:
            calendar_ics.write(path, text)
        except StoreError as error:
            return error.line
        return None

    @cached_property
    def _settings(self) -> SettingsDesk:
        from coach.desktop.voice_process import ask_for_voices
        from coach.settings_desk import SettingsDesk

        desk = SettingsDesk(
            self._window,
            self._core,
            self._clock,
            body=self._body,
            startup=self._startup,
            os_wake=self._os_wake,
            hear=lambda text: self._get_stage().hearing.say(text),
            tone=lambda: self._get_stage().hearing.sound(Tone.BEGIN),
            voices=ask_for_voices,
            voice_state=self._hearing_state,
            try_on=lambda settings: self._stage.take_over(settings) if self._stage is not None else None,
        )
        self._began.subscribe(desk.heard)
        self._hearing_changed.subscribe(lambda _none: desk.voice_changed())
        desk.page.reminders_asked.connect(lambda: self._window.show_page(_REMINDERS))
        return desk

    @cached_property
    def _welcome(self) -> WelcomeDesk:
        from coach.welcome_desk import WelcomeDesk

        return WelcomeDesk(
            self._window,
            self._core,
            self._clock,
            self._evenings,
            pictures=self._pictures,
            startup=self._startup,
            hear=lambda text: self._get_stage().hearing.say(text),
            voice_state=self._hearing_state,
            done=self._evening_changed,
            to_body=self._body_before_all,
            to_help=self._show_help,
            began=self._began,
        )

    def _body_before_all(self) -> None:
        """What applies to this person, and then back to the first page."""
        self._window.uncover()
        self._body.ask_ticks(self._welcome.show)

    def _hearing_state(self) -> Adapter:
        """Whether the voice can be heard, as far as is known: nobody waits for it."""
        return Adapter(True, Line("")) if self._stage is None else self._stage.hearing.state

    def _fill(self, number: int) -> None:
        """Draw a page as things stand, just before it is seen."""
        match number:
            case 0:
                self._show_tonight()
            case _ if number == _PLANS:
                self._plans.show()
            case _ if number == _LIBRARY:
                self._library.show()
            case _ if number == _REMINDERS:
                self._reminders.show()
            case _:
                self._settings.show()

    # ---------------------------------------------------------------- the session

    def lead(self, plan: Plan, *, named: bool = False) -> None:
        """Begin a session of `plan`, once what keeps the person safe has been asked.

        The ticks are asked for before the first session of all, unless it was `named` on the command line;
        the warning signs before the first massage. A plan of which nothing is left is said, not begun.
        """
        self._window.uncover()
        self._window.set_theme(self._theme())  # the light of the session before was for that one
        if not self._core.safety.profile.asked and not named:
            self._body.ask_ticks(lambda: self._lead_asked(plan))
        else:
            self._lead_asked(plan)

    def right_now(self, plan_id: str) -> None:
        """Begin what helps right now and ask nothing; a cramp in the dark."""
        self._window.uncover()
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

    # ---------------------------------------------------------------- the evening

    def _connect_evening(self) -> None:
        page, evenings = self._tonight, self._evenings
        page.evening_change_asked.connect(lambda: self._window.show_page(_REMINDERS))
        page.bedtime_set.connect(self._bedtime_set)
        page.item_ticked.connect(evenings.tick)
        page.skip_asked.connect(evenings.skip_tonight)
        page.quiet_undone.connect(evenings.undo_skip)
        page.pause_ended.connect(lambda: self._say(evenings.pause_until(None)))
        page.missed_seen.connect(evenings.acknowledge)
        evenings.changed.subscribe(lambda _none: self._evening_changed())
        evenings.notices.subscribe(lambda line: self._note(render(line)))

    def _bedtime_set(self, at: object) -> None:
        assert isinstance(at, time)
        self._say(self._evenings.change(with_bedtime(self._evenings.schedule, range(7), at)))

    def _say(self, wrong: Line | None) -> None:
        """What could not be kept of the evening, if anything."""
        if wrong is not None:
            self._note(render(wrong))
            self._show_tonight()

    def _evening_changed(self) -> None:
        if self._opened and not self._window.in_session and self._window.page is self._tonight:
            self._show_tonight()

    # ---------------------------------------------------------------- the window

    def _take_over(self, settings: Settings) -> None:
        """What the user just chose, everywhere."""
        self._window.set_text_size(settings.text_size)
        self._window.set_reduced_motion(settings.reduced_motion)
        if not self._window.in_session:
            self._window.set_theme(self._theme())

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

    def set_closing(self, may_close: Callable[[], bool], quit_app: Callable[[], None]) -> None:
        """Have `may_close` asked before the window closes; `quit_app` ends the app and its reminders."""
        self._quit = quit_app
        self._window.set_closing(may_close)

    def said_once(self, where: str, at: str) -> bool:
        """Whether it has been said what closing the window means; else it is said now.

        `where` is "tray" or "no-tray", `at` the time of the next reminder in words, or empty.
        """
        told = self._window_values.get("told")
        known = list(told) if isinstance(told, list) else []
        if where in known:
            return True
        from coach.ui.closing_sheet import ClosingSheet

        def understood() -> None:
            self._window_values["told"] = [*known, where]
            self._window.close()

        sheet = ClosingSheet(where == "tray", at, self._window, self._window.browsing_look)
        sheet.close_asked.connect(lambda: QTimer.singleShot(0, understood))
        sheet.quit_asked.connect(lambda: QTimer.singleShot(0, self._quit))
        sheet.open()
        return False

    def show_menu(self, view: TrayView | None) -> None:
        """Offer the menu of the tray in the window, where there is no tray; None takes it away."""
        if view is None:
            self._window.offer_menu((), self.menu_picked.publish)
            return
        from coach.desktop.tray import entries
        from coach.ui.fields import MenuEntry

        found = [
            MenuEntry(one.wish.value, one.words, enabled=one.enabled) for one in entries(view) if one.wish
        ]
        self._window.offer_menu(found, self.menu_picked.publish)

    def _window_closes(self) -> None:
        self._keep_window()
        QTimer.singleShot(0, lambda: self.closed.publish(None))

    def _keep_window(self) -> None:
        try:
            self._window_values.update(self._window.window_state())
            self._window_store.save(self._window_values)
        except StoreError as error:
            log.info("the window's place was not kept: %s", render(error.line))

    def _change(self, name: str, value: object) -> None:
        wrong = self._core.preferences.change(name, value)
        if wrong is not None:
            self._note(render(wrong))
