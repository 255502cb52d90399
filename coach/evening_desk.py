"""The reminders behind the window: changes of the schedule and its settings in, views out.

It leaves out the page itself, the rules of an evening (domain.evening) and ringing (services.evenings).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QLocale

from coach.compose import Core
from coach.domain import evening as rules
from coach.domain.evening import ITEMS, STRETCH, Schedule, Slot
from coach.domain.settings import Settings
from coach.i18n import Line, _, render
from coach.paths import assets_dir
from coach.services.evenings import Evenings
from coach.services.library import NotFoundError
from coach.services.ports import Enrolment, Note, PlanFileError, Time
from coach.ui.main_window import MainWindow
from coach.ui.reminders_page import RemindersPage, ToggleView
from coach.ui.reminders_words import example_note, proposal, reminders_view
from coach.ui.tonight_page import LatePictures, Pictures

MOST_UNDO = 50
"""So many changes of the schedule can be taken back."""
# Where a new item of the user's own stands at first, in minutes before lights out.
_OWN_BEFORE = 60


def _stills() -> Pictures:
    from coach.ui.figure_view import Stills

    return Stills(assets_dir() / "figures")


class EveningDesk:
    """Shows the schedule and hands its changes to the evenings, which keep it.

    Changes of the schedule made here can be taken back; steps of one time right after each other are one.
    """

    def __init__(
        self,
        window: MainWindow,
        core: Core,
        clock: Time,
        evenings: Evenings,
        *,
        startup: Enrolment,
        os_wake: Enrolment,
        pictures: Pictures | None = None,
        calendar: Callable[[], Line | None] | None = None,
    ) -> None:
        """`calendar` writes the evenings into a file for other calendars and says what went wrong; without it
        that is not offered."""
        self._window = window
        self._core = core
        self._clock = clock
        self._evenings = evenings
        self._startup = startup
        self._os_wake = os_wake
        self._has_calendar = calendar is not None
        self._chosen: int | None = None
        self._wrong = ""
        self._keeps = False
        self._past: list[Schedule] = []
        self._future: list[Schedule] = []
        self._last_edit = ""
        self._known: Schedule | None = None
        self._plan: tuple[str, float, str] | None = None
        self._login = ToggleView()
        self._wake = ToggleView()
        weekdays = [day.value - 1 for day in QLocale().weekdays()]
        self.page = RemindersPage(pictures or LatePictures(_stills), weekdays=weekdays)
        self._connect(calendar)
        evenings.changed.subscribe(lambda _none: self._draw_if_seen())
        core.preferences.changed.subscribe(lambda _settings: self._draw_if_seen())

    def _connect(self, calendar: Callable[[], Line | None] | None) -> None:
        page, evenings = self.page, self._evenings
        page.day_chosen.connect(self._choose)
        page.day_switched.connect(self._switch_day)
        page.bedtime_changed.connect(self._set_bedtime)
        page.first_bedtime.connect(self._set_first)
        page.item_switched.connect(self._switch_item)
        page.bell_switched.connect(self._switch_bell)
        page.item_moved.connect(self._move_item)
        page.own_added.connect(self._add_own)
        page.own_renamed.connect(lambda id, name: self._edit(rules.renamed(self._schedule, id, name)))
        page.own_removed.connect(lambda id: self._edit(rules.without_own(self._schedule, id)))
        page.copy_asked.connect(self._copy)
        page.usual_asked.connect(self._usual)
        page.setting_changed.connect(self._set)
        page.login_switched.connect(self._switch_login)
        page.wake_switched.connect(self._switch_wake)
        page.preview_asked.connect(evenings.preview)
        page.calendar_asked.connect(lambda: self._say(calendar()) if calendar is not None else None)
        page.skip_asked.connect(self._skip)
        page.pause_asked.connect(lambda night: self._say(evenings.pause_until(night)))
        page.ring_asked.connect(self._ring)
        page.missed_seen.connect(self._acknowledge)
        page.undo_asked.connect(self._undo)
        page.redo_asked.connect(self._redo)

    def show(self) -> None:
        """Draw everything anew, and look again what the system keeps of us."""
        self._login = _enrolled(self._startup, _("so reminders can arrive"))
        self._wake = _enrolled(self._os_wake, _("the system wakes Stretch Coach for the reminder"))
        self._look_at_plan()
        self._draw()

    # ---------------------------------------------------------------- drawing

    @property
    def _schedule(self) -> Schedule:
        return self._evenings.schedule

    @property
    def chosen(self) -> int:
        """The weekday whose evening is on show, 0 for Monday; at first tonight's."""
        if self._chosen is None:
            self._chosen = self._evenings.night().weekday()
        return self._chosen

    def _draw_if_seen(self) -> None:
        # What this page changes itself is drawn once it is kept, with what went wrong.
        if self.page.isVisible() and not self._keeps:
            self._draw()

    def _draw(self) -> None:
        schedule = self._schedule
        if schedule != self._known:
            # Changed elsewhere: taking a change back here would take that back too.
            self._past, self._future, self._last_edit = [], [], ""
            self._known = schedule
        self.page.show_reminders(
            reminders_view(
                schedule,
                self.chosen,
                self._core.preferences.settings,
                self._evenings.night(),
                example=self._example(),
                skipped=self._evenings.is_quiet_tonight,
                missed=self._evenings.missed(),
                wrong=self._wrong,
                login=self._login,
                wake=self._wake,
                may_undo=bool(self._past),
                has_calendar=self._has_calendar,
            )
        )

    def _look_at_plan(self) -> None:
        """Read tonight's plan for the example: as it is done by this person; not on every step of a time."""
        library, night = self._core.library, self._evenings.night()
        self._plan = None
        try:
            plan, _replaced = library.tonights(self._core.preferences.settings.plan, Settings().plan)
        except (NotFoundError, PlanFileError):
            return
        done = self._core.safety.as_done(plan, night)
        self._plan = (_(plan.name), library.timeline(done).seconds, library.cover(done))

    def _example(self) -> Note | None:
        """The reminder of the chosen evening, with tonight's plan; None when there is no plan at all."""
        if self._plan is None:
            return None
        evening = self._schedule.evenings[self.chosen]
        slot = evening.slots.get(STRETCH, ITEMS[STRETCH][1])
        at = slot.at or _earlier(evening.bedtime or proposal(self._schedule), slot.before or 0)
        return example_note(*self._plan, at, self._core.preferences.settings)

    # ---------------------------------------------------------------- the schedule

    def _edit(self, schedule: Schedule, what: str = "") -> None:
        """Keep another schedule. Edits of the same `what` right after each other are one."""
        before = self._schedule
        if schedule == before:
            self._draw()
            return
        # Steps of one thing right after each other are one change.
        again = bool(what) and what == self._last_edit
        past = self._past if again else [*self._past, before][-MOST_UNDO:]
        if self._keep(schedule, past, []):
            self._last_edit = what

    def _keep(self, schedule: Schedule, past: list[Schedule], future: list[Schedule]) -> bool:
        """Keep it, and then what can be taken back and made again; whether it holds now."""
        # Known before it is kept: the evenings say at once that they changed.
        self._known = schedule
        self._last_edit = ""
        self._keeps = True
        wrong = self._evenings.change(schedule)
        self._keeps = False
        holds = self._schedule == schedule
        if holds:
            self._past, self._future = past, future
        else:
            self._known = self._schedule
        self._say(wrong)
        return holds

    def _say(self, wrong: Line | None) -> None:
        """What could not be kept, or nothing any more."""
        self._wrong = "" if wrong is None else render(wrong)
        self._draw()

    def _undo(self) -> None:
        if self._past:
            self._keep(self._past[-1], self._past[:-1], [self._schedule, *self._future])

    def _redo(self) -> None:
        if self._future:
            self._keep(self._future[0], [*self._past, self._schedule], self._future[1:])

    def _choose(self, day: int) -> None:
        self._chosen = day
        self._last_edit = ""
        self._draw()

    def _switch_day(self, day: int, on: bool) -> None:
        schedule = self._schedule
        if on and schedule.evenings[day].bedtime is None:
            schedule = rules.with_bedtime(schedule, [day], proposal(schedule))
        self._edit(rules.with_on(schedule, [day], on))

    def _set_bedtime(self, day: int, at: time) -> None:
        self._edit(rules.with_bedtime(self._schedule, [day], at), f"bedtime {day}")

    def _set_first(self, at: time) -> None:
        self._edit(rules.with_bedtime(self._schedule, range(7), at))

    def _slot(self, item_id: str) -> Slot | None:
        return self._schedule.evenings[self.chosen].slots.get(item_id)

    def _place(self, item_id: str, slot: Slot, what: str = "") -> None:
        self._edit(rules.with_slot(self._schedule, [self.chosen], item_id, slot), what)

    def _switch_item(self, item_id: str, on: bool) -> None:
        slot = self._slot(item_id)
        if slot is not None:
            self._place(item_id, replace(slot, on=on))

    def _switch_bell(self, item_id: str, bell: bool) -> None:
        slot = self._slot(item_id)
        if slot is not None:
            self._place(item_id, replace(slot, bell=bell))

    def _move_item(self, item_id: str, to: int | time) -> None:
        slot = self._slot(item_id)
        if slot is None:
            return
        before, at = (None, to) if isinstance(to, time) else (to, None)
        self._place(item_id, replace(slot, before=before, at=at), f"{item_id} {self.chosen}")

    def _add_own(self, name: str) -> None:
        schedule, _id = rules.with_own(self._schedule, name, Slot(before=_OWN_BEFORE))
        self._edit(schedule)

    def _copy(self, days: Sequence[int]) -> None:
        self._edit(rules.copied(self._schedule, self.chosen, days))

    def _usual(self) -> None:
        schedule = self._schedule
        for item_id, (_item, slot) in ITEMS.items():
            schedule = rules.with_slot(schedule, [self.chosen], item_id, slot)
        self._edit(schedule)

    # ---------------------------------------------------------------- tonight and pauses

    def _skip(self) -> None:
        self._evenings.skip_tonight()
        self._draw()

    def _ring(self) -> None:
        wrong: Line | None = None
        paused = self._schedule.paused_until
        if paused is not None and self._evenings.night() < paused:
            wrong = self._evenings.pause_until(None)
        if self._evenings.is_quiet_tonight:
            self._evenings.undo_skip()
        self._say(wrong)

    def _acknowledge(self) -> None:
        self._evenings.acknowledge()
        self._draw()

    # ---------------------------------------------------------------- settings and enrolments

    def _set(self, name: str, value: object) -> None:
        self._say(self._core.preferences.change(name, value))

    def _switch_login(self, on: bool) -> None:
        wrong = self._startup.turn_on() if on else self._startup.turn_off()
        self._login = _enrolled(self._startup, _("so reminders can arrive"), wrong)
        self._draw()

    def _switch_wake(self, on: bool) -> None:
        wrong = self._os_wake.turn_on() if on else self._os_wake.turn_off()
        self._wake = _enrolled(self._os_wake, _("the system wakes Stretch Coach for the reminder"), wrong)
        self._draw()


def _enrolled(what: Enrolment, detail: str, wrong: Line | None = None) -> ToggleView:
    """Whether the system keeps it, read back; where it cannot, why."""
    able = what.can
    return ToggleView(
        on=what.is_on(),
        detail=detail if able.works else render(able.what),
        enabled=able.works,
        wrong="" if wrong is None else render(wrong),
    )


def _earlier(at: time, minutes: int) -> time:
    return (datetime.combine(date(2024, 1, 2), at) - timedelta(minutes=minutes)).time()
