"""The app while it runs: reminders, the tray icon, one window, and what other starts of `coach` ask for.

It leaves out every rule of a reminder (see services.evenings) and everything a window shows (see desk).
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QDate, QLocale, QTime, QTimer
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication

from coach.compose import Core, Request
from coach.desktop.tray import TrayState, TrayView, Wish
from coach.domain.evening import GRACE, STRETCH, Fate, lights_out, weekly
from coach.domain.night import CRAMP, RESTLESS, RIGHT_NOW, SessionRecord, night_of
from coach.domain.settings import Settings
from coach.i18n import N_, Line, _, render
from coach.services.evenings import Done, Evenings, Offer, done_on
from coach.services.ports import (
    Act,
    Enrolment,
    Notifier,
    PlanFileError,
    Quiet,
    StoreError,
    Time,
    WallAlarm,
)
from coach.services.topic import Topic
from coach.storage.json_store import JsonStore

if TYPE_CHECKING:  # made when they are first needed
    from coach.desk import Desk
    from coach.domain.plan import Plan
    from coach.domain.session import Input, Snapshot
    from coach.plan_desk import Files
    from coach.staging import Stage

log = logging.getLogger("coach")

# So many kB of pictures Qt keeps while there is a window; its own usual limit.
PICTURES_KB = 10_240
BUSY = Line(N_("A session is running already. “coach stop” ends it and keeps what was done."))


class WakingEnrolment(Enrolment, Protocol):
    """Waking for a reminder while the app is closed: it has to know when."""

    def follow(self, times: Sequence[tuple[int, time]]) -> Line | None:
        """Wake at these weekdays of the calendar (0 is Monday) and local times, where that is switched on."""


class TrayIcon(Protocol):
    """The icon in the tray and its menu."""

    @property
    def wanted(self) -> Topic[Wish]: ...

    @property
    def there_changed(self) -> Topic[bool]: ...

    @property
    def is_there(self) -> bool:
        """Whether anybody can see it."""

    def start(self) -> None: ...

    def show(self, view: TrayView) -> None: ...

    def close(self) -> None: ...


class Sleep(Protocol):
    """Tells about the sleep of the computer."""

    @property
    def asleep(self) -> Topic[bool]:
        """True when it goes to sleep, False when it is awake again."""

    def start(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class World:
    """What is around the app; nothing of it is started yet.

    `sessions_of` are the sessions of a night (StoreError where they cannot be read), `make_stage` is called
    when the first session is wanted. `follow` hands the sessions of a stage to media keys and music players.
    """

    alarm: WallAlarm
    notifier: Notifier
    quiet: Quiet
    tray: TrayIcon
    sleep: Sleep
    startup: Enrolment
    os_wake: WakingEnrolment
    sessions_of: Callable[[date], Sequence[SessionRecord]]
    make_stage: Callable[[], Stage]
    follow: Callable[[Stage, Callable[[], None]], None]
    files: Files | None = None
    token: Callable[[], str] = str
    """What lets a window come to the front after the last answer to a note, or ""."""


class Resident:
    """The running app. It is what `coach.live.Live` promises to other starts of the command."""

    def __init__(
        self, core: Core, request: Request, clock: Time, world: World, end: Callable[[], None]
    ) -> None:
        """`end` ends the event loop. Nothing is started before `begin`."""
        self.core = core
        self._request = request
        self._clock = clock
        self._world = world
        self._end = end
        self._stage: Stage | None = None
        self._desk: Desk | None = None
        self._running: str | None = None  # the plan of the session that runs
        self._settled = False
        self._leaving = False
        self._told: tuple[tuple[int, time], ...] | None = None
        self.evenings = Evenings(
            clock,
            world.alarm,
            JsonStore(core.paths.evenings),
            JsonStore(core.paths.reminders),
            core.preferences,
            world.notifier,
            world.quiet,
            done=self._done,
            busy=lambda: self._running is not None,
            offer=self._offer,
            chime=self._chime,
            clock=clock_text,
        )
        self.evenings.wanted.subscribe(self._answered)

    # ---------------------------------------------------------------- start and end

    def begin(self) -> None:
        """Show the window, or stay in the background, as it was asked for."""
        if self._request.background:
            self._rest()
            self._settle()
            gc.collect()
            gc.freeze()
        else:
            self._get_desk().open()

    def quit(self) -> None:
        """End the app, keeping what a running session did; a plan that was not saved is asked about first."""
        self._leaving = True
        if self._desk is not None and not self._desk.leave():
            self._desk.open()  # the question stands there; whoever goes closes the window
            return
        self._end()

    def give_in(self) -> None:
        """The user logs out, or may: keep what was done, and refuse nothing any more."""
        self._leaving = True
        if self._desk is not None:
            self._desk.give_in()

    def end(self) -> None:
        """The system ends the app: keep what was done, and ask nothing."""
        self.give_in()
        if self._desk is not None:
            self._desk.leave()
        self._end()

    def shutdown(self) -> None:
        """Let go of everything, also when something of it fails."""
        with ExitStack() as last:
            last.callback(self._world.sleep.close)
            last.callback(self._world.tray.close)
            if self._stage is not None:
                last.callback(self._stage.shutdown)
            if self._desk is not None:
                last.callback(self._desk.shutdown)
            last.callback(self.evenings.stop)

    def _rest(self) -> None:
        """No window is seen: no picture is kept, whose timers would wake us."""
        if self._desk is None or not self._desk.is_seen:
            QPixmapCache.setCacheLimit(0)

    def _settle(self) -> None:
        """What is around the window, after its first picture: reminders, tray, and the computer's sleep."""
        if self._settled:
            return
        self._settled = True
        tray = self._world.tray
        tray.wanted.subscribe(self._wish)
        tray.there_changed.subscribe(lambda _there: self._show_tray())
        self._world.sleep.asleep.subscribe(self._slept)
        self.evenings.changed.subscribe(lambda _none: self._evening_changed())
        tray.start()
        self._world.sleep.start()
        self.evenings.start()
        self._evening_changed()

    def _get_desk(self) -> Desk:
        QPixmapCache.setCacheLimit(PICTURES_KB)
        if self._desk is None:
            from coach.desk import Desk
            from coach.ui.theme import load_fonts

            load_fonts()
            QApplication.setStyle("Fusion")
            request = Request() if self._request.background else self._request
            self._desk = Desk(
                self.core,
                request,
                self._clock,
                self._get_stage,
                self.evenings,
                startup=self._world.startup,
                os_wake=self._world.os_wake,
                files=self._world.files,
            )
            self._desk.settled.subscribe(lambda _none: self._settle())
            self._desk.closed.subscribe(lambda _none: self._window_closed())
            self._desk.set_closing(self._may_close, self.quit)
            self._desk.menu_picked.subscribe(lambda key: self._wish(Wish(key)))
            if self._settled:
                self._show_tray()  # its menu, where there is no tray
        return self._desk

    def _get_stage(self) -> Stage:
        if self._stage is None:
            stage = self._stage = self._world.make_stage()
            stage.player.moments.subscribe(self._moment)
            self.core.preferences.changed.subscribe(stage.take_over)
            self._world.follow(stage, lambda: self._wish(Wish.OPEN))
        return self._stage

    # ---------------------------------------------------------------- the window comes and goes

    def _bring(self, token: str) -> Desk:
        """The window, to the front."""
        if token:  # the desktop asks for it before it gives the focus away
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        self._leaving = False  # who stayed with an unsaved plan, and wants the window again
        desk = self._get_desk()
        desk.open()
        if token:  # of no use to what we start later
            QTimer.singleShot(0, lambda: os.environ.pop("XDG_ACTIVATION_TOKEN", None))
        return desk

    @property
    def _stays(self) -> bool:
        """Whether reminders are wanted that only come while the app runs."""
        return self.core.preferences.settings.keep_running and self.evenings.schedule.is_set

    def _may_close(self) -> bool:
        """Whether the window may be closed just now; the first time it is said what that means."""
        if self._leaving or not self._stays:
            return True
        assert self._desk is not None
        if self._world.tray.is_there:
            return self._desk.said_once("tray", self._next_words())
        if self._desk.said_once("no-tray", self._next_words()):
            self._desk.minimise()
        return False

    def _window_closed(self) -> None:
        self._rest()
        if self._leaving:
            self._end()
        elif not self._stays:
            self.quit()

    def _next_words(self) -> str:
        """When the next reminder comes, with the day unless it is tonight's; empty without any."""
        due = self.evenings.next_due()
        if due is None:
            return ""
        at, night = clock_text(due.at), self.evenings.night()
        if due.night == night:
            return at
        if due.night == night + timedelta(days=1):
            return _("tomorrow at {time}").format(time=at)
        day = QDate(due.night.year, due.night.month, due.night.day)
        name = QLocale().toString(day, _("dddd d MMMM"))
        return _("{day} at {time}").format(day=name, time=at)

    # ---------------------------------------------------------------- what other starts ask for

    def open(self, token: str) -> Line | None:
        """Show the window and bring it to the front."""
        self._bring(token)
        return None

    def open_file(self, path: Path, token: str) -> Line | None:
        """Show a plan file before it is brought in or not."""
        if self._running is not None:
            return BUSY
        self._bring(token).bring_in(path)
        return None

    def lead(self, plan: Plan, token: str) -> Line | None:
        """Begin a session of this plan at once, unless one is running."""
        if self._running is not None:
            return BUSY
        self._bring(token).lead(plan, named=True)
        return None

    def right_now(self, plan_id: str, token: str) -> Line | None:
        """Begin one of the plans for right now, asking nothing."""
        if self._running is not None:
            return BUSY
        self._bring(token).right_now(plan_id)
        return None

    def status(self) -> dict[str, object]:
        """What goes on, fit for JSON (see coach.live.Live)."""
        from coach.live import session_of

        moment = self._stage.player.snapshot() if self._stage is not None else None
        due, waits = self.evenings.next_due(), self.evenings.open_mark()
        return {
            "session": session_of(moment, self._running or ""),
            "next": None if due is None else {"rule": due.rule, "due": due.at.isoformat()},
            "waiting": None if waits is None else {"state": waits.fate.value, "at": waits.at.isoformat()},
            "window": self._desk is not None and self._desk.is_seen,
        }

    def send(self, given: Input) -> bool:
        """Hand an input to the session; False when there is none or it means nothing just now."""
        from coach.domain.session import TRANSITIONS

        moment = self._stage.player.snapshot() if self._stage is not None else None
        if moment is None or given not in TRANSITIONS[moment.phase]:
            return False
        self._get_stage().player.send(given)
        return True

    # ---------------------------------------------------------------- reminders

    def _answered(self, answer: tuple[Act, str]) -> None:
        """The user chose something on a reminder that is for the window."""
        from coach.services.library import NotFoundError

        (act, plan_id), token = answer, self._world.token()
        if act is Act.START and self._running is None:
            try:  # the plan may have gone since the reminder came
                plan, _replaced = self.core.library.tonights(plan_id, Settings().plan)
            except (NotFoundError, PlanFileError):
                self._bring(token)
                return
            self._bring(token).lead(plan)
        else:
            self._bring(token)

    def _done(self, night: date) -> Done:
        try:
            return done_on(self._world.sessions_of(night))
        except StoreError as error:
            log.info("tonight's sessions are not known: %s", render(error.line))
            return Done.NO

    def _offer(self, left: float | None) -> Offer | None:
        """Tonight's plan, or with less than its length `left` in seconds the longest one that still fits."""
        from coach.services.library import NotFoundError

        library, chosen = self.core.library, self.core.preferences.settings.plan
        try:
            plan, replaced = library.tonights(chosen, Settings().plan)
        except (NotFoundError, PlanFileError):
            return None
        whole = self._offered(plan, "" if replaced is None else render(replaced))
        if left is None or whole.seconds <= left:
            return whole
        others = [self._offered(one) for one in library.plans()[0] if one.id not in RIGHT_NOW]
        fitting = [one for one in others if 0 < one.seconds <= left]
        return max(fitting, key=lambda one: one.seconds, default=None)

    def _offered(self, plan: Plan, remark: str = "") -> Offer:
        done = self.core.safety.as_done(plan, night_of(self._clock.now()))
        library = self.core.library
        return Offer(plan.id, _(plan.name), library.timeline(done).seconds, library.cover(done), remark)

    def _chime(self) -> None:
        from coach.domain.cues import Tone

        self._get_stage().hearing.sound(Tone.NEXT)

    def _evening_changed(self) -> None:
        self._show_tray()
        times = tuple(weekly(self.evenings.schedule, STRETCH))
        if times != self._told:
            self._told = times
            wrong = self._world.os_wake.follow(times)
            if wrong is not None:
                log.warning("the system was not told when to wake: %s", render(wrong))
        if self._request.once:
            QTimer.singleShot(0, self._end_if_settled)  # the desktop may be asked just after this

    def _end_if_settled(self) -> None:
        """A run for one reminder ends when none waits and none is near, unless there is a window."""
        if self._desk is not None or self._leaving or self.evenings.is_waiting:
            return
        due = self.evenings.next_due()
        if due is None or due.at - self._clock.now() > GRACE:
            self.quit()

    # ---------------------------------------------------------------- the tray

    def _show_tray(self) -> None:
        view = self._tray_view()
        self._world.tray.show(view)
        if self._desk is not None:
            self._desk.show_menu(None if self._world.tray.is_there else view)

    def _tray_view(self) -> TrayView:
        evenings = self.evenings
        due, waits = evenings.next_due(), evenings.open_mark()
        state = TrayState.IDLE
        if self._running is not None:
            state = TrayState.RUNNING
        elif evenings.is_quiet_tonight:
            state = TrayState.QUIET
        title, detail = _("No reminder is set"), ""
        if waits is not None and waits.fate is Fate.SHOWN:
            title = _("Time for your legs")
        elif waits is not None:
            title = _("Stretch at {time}").format(time=clock_text(waits.at))
        elif due is not None:
            item = evenings.schedule.item(due.rule)
            name = _(item.name) if item is not None and not item.own else item.name if item else ""
            title = _("{name} at {time}").format(name=name, time=clock_text(due.at))
            if due.night != evenings.night():
                day = QLocale().standaloneDayName(due.at.isoweekday(), QLocale.FormatType.LongFormat)
                title = _("{name}, {day} at {time}").format(name=name, day=day, time=clock_text(due.at))
        bed = lights_out(evenings.schedule, evenings.night())
        if bed is not None and self._clock.local(bed) > self._clock.now():
            detail = _("Lights out {time}").format(time=clock_text(self._clock.local(bed)))
        minutes = self.core.preferences.settings.snooze_minutes
        return TrayView(
            title,
            detail,
            state,
            can_snooze=evenings.may_snooze(),
            snooze=_("In {n} minutes").format(n=minutes),
            can_skip=waits is not None or (due is not None and due.night == evenings.night()),
            quiet_tonight=evenings.is_quiet_tonight,
        )

    def _wish(self, wish: Wish) -> None:
        match wish:
            case Wish.START:
                desk = self._bring("")
                if self._running is None:
                    desk.start_tonight()
            case Wish.RESTLESS:
                self.right_now(RESTLESS, "")
            case Wish.CRAMP:
                self.right_now(CRAMP, "")
            case Wish.SNOOZE:
                self.evenings.snooze()
            case Wish.SKIP:
                self.evenings.skip_tonight()
            case Wish.REMIND:
                self.evenings.undo_skip()
            case Wish.OPEN:
                self._bring("")
            case Wish.QUIT:
                self.quit()

    # ---------------------------------------------------------------- sessions and sleep

    def _moment(self, moment: Snapshot) -> None:
        """Ten times a second while a session runs: only its begin and its end matter here."""
        running = not moment.phase.is_over
        if running == (self._running is not None):
            return
        self._running = self._get_stage().plan_id if running else None
        self.evenings.wake()
        self._show_tray()

    def _slept(self, asleep: bool) -> None:
        if asleep and self._stage is not None:
            from coach.domain.session import Input

            self.send(Input.PAUSE)
        else:
            self.evenings.wake()


def clock_text(when: datetime) -> str:
    """The local time of an instant as the user's system writes it, "22:10" or "10:10 PM"."""
    words = QLocale.system().toString(QTime(when.hour, when.minute), QLocale.FormatType.ShortFormat)
    return words.replace("\u202f", "\u00a0")
