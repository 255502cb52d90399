"""Evenings as the user lives them: a bedtime, a reminder, an answer; told on a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from coach.domain import evening as rules
from coach.domain.evening import STRETCH, Due, Fate, Mark, Schedule, Slot, State, Why
from coach.domain.night import Outcome, SessionRecord
from coach.i18n import Line, render
from coach.services.evenings import KEPT, PREVIEW, Done, Evenings, Offer, done_on
from coach.services.ports import Act, Note, StoreError
from coach.services.preferences import Preferences
from tests.fakes import FakeAlarm, FakeNotifier, FakeQuiet, FakeStore, FakeTime

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 11, 20)
SATURDAY = FRIDAY + timedelta(days=1)
THURSDAY = FRIDAY - timedelta(days=1)
BEDTIME = Offer("bedtime", "Bedtime", 15 * 60, "calf_wall")
SHORT = Offer("short", "Something small", 3 * 60, "quad")
KEY = "stretch 2026-11-20"
START, SNOOZE, SKIP, DONE, OPEN = Act.START, Act.SNOOZE, Act.SKIP, Act.DONE, Act.OPEN


def at(hour: int, minute: int = 0, day: date = FRIDAY, zone: ZoneInfo = BERLIN) -> datetime:
    return rules.fixed(datetime.combine(day, time(hour, minute), zone))


def bedtime(hour: int = 22, minute: int = 45) -> Schedule:
    return rules.with_bedtime(Schedule(), range(7), time(hour, minute))


def ringing(schedule: Schedule, item: str, before: int) -> Schedule:
    return rules.with_slot(schedule, range(7), item, Slot(before=before, bell=True))


class Home:
    """A user's computer; `reboot` starts the app anew with the same files."""

    def __init__(
        self,
        now: datetime | None = None,
        schedule: Schedule | None = None,
        *,
        quiet: FakeQuiet | None = None,
        start: bool = True,
        **settings: Any,
    ) -> None:
        self.time = FakeTime((now or at(18)).astimezone(BERLIN))
        wanted = bedtime() if schedule is None else schedule
        self.schedule_store = FakeStore(rules.values_of(wanted))
        self.mark_store = FakeStore()
        self.preferences = Preferences(FakeStore(settings))
        self.quiet = quiet or FakeQuiet()
        self.sessions: dict[date, Done] = {}
        self.journal_is_broken = False
        self.in_session = False
        self.tonight_plan: Offer | None = BEDTIME
        self.others = [SHORT]
        self.chimes: list[datetime] = []
        self.wanted: list[tuple[Act, str]] = []
        self.notices: list[str] = []
        self.redrawn = 0
        self.begin(start=start)

    def reboot(self, *, start: bool = True) -> None:
        """The app is gone, as after a power cut, and begins anew."""
        self.evenings.stop()
        self.begin(start=start)

    def begin(self, *, start: bool = True) -> None:
        self.alarm = FakeAlarm(self.time)
        self.notifier = FakeNotifier()
        self.evenings = Evenings(
            self.time,
            self.alarm,
            self.schedule_store,
            self.mark_store,
            self.preferences,
            self.notifier,
            self.quiet,
            done=self.done,
            busy=lambda: self.in_session,
            offer=self.offer,
            chime=lambda: self.chimes.append(self.time.now()),
        )
        self.evenings.wanted.subscribe(self.wanted.append)
        self.evenings.notices.subscribe(lambda line: self.notices.append(render(line)))
        self.evenings.changed.subscribe(lambda _none: self.draw())
        if start:
            self.evenings.start()

    def draw(self) -> None:
        self.redrawn += 1

    def done(self, night: date) -> Done:
        if self.journal_is_broken:
            raise StoreError(Line("The journal cannot be read."))
        return self.sessions.get(night, Done.NO)

    def offer(self, seconds: float | None) -> Offer | None:
        if self.tonight_plan is None or seconds is None or self.tonight_plan.seconds <= seconds:
            return self.tonight_plan
        return next((one for one in self.others if one.seconds <= seconds), None)

    def until(self, when: datetime) -> None:
        self.time.advance((when - self.time.now()).total_seconds())

    def sleep_until(self, when: datetime) -> None:
        """The computer is suspended until then; the alarm rings as it wakes."""
        self.time.suspend((when - self.time.now()).total_seconds())
        self.alarm.ring()

    def is_quiet(self) -> bool:
        return self.evenings.is_quiet_tonight

    def off_until(self, when: datetime) -> None:
        self.evenings.stop()
        self.until(when)
        self.begin()

    def answer(self, act: Act, key: str = KEY) -> None:
        assert key in self.notifier.there, "one can only answer what is there"
        self.notifier.answer(key, act)

    @property
    def titles(self) -> list[str]:
        return [note.title for note in self.notifier.shown]

    @property
    def last(self) -> Note:
        return self.notifier.shown[-1]

    def fate(self, rule: str = STRETCH, night: date = FRIDAY) -> Fate | None:
        mark = self.mark(rule, night)
        return mark.fate if mark is not None else None

    def mark(self, rule: str = STRETCH, night: date = FRIDAY) -> Mark | None:
        """What a new run of the app would find."""
        stored = Evenings(
            self.time,
            FakeAlarm(),
            self.schedule_store,
            self.mark_store,
            self.preferences,
            FakeNotifier(),
            FakeQuiet(),
            done=self.done,
            busy=lambda: False,
            offer=self.offer,
            chime=lambda: None,
        )
        return stored._known_marks().get((rule, night))


# -------------------------------------------------------------------- an ordinary evening


def test_the_reminder_comes_at_its_minute_and_says_what_it_is_for() -> None:
    home = Home()
    home.until(at(21, 59))
    assert home.titles == []
    home.until(at(22))
    assert home.last == Note(
        KEY,
        STRETCH,
        "Stretch Coach, 22:00",
        "Time for your legs",
        "Bedtime, 15 minutes",
        ((START, "Start"), (SNOOZE, "In 10 minutes"), (SKIP, "Not tonight")),
        stays=True,
        figure="calf_wall",
    )
    assert home.fate() is Fate.SHOWN


def test_one_alarm_is_armed_for_the_soonest_and_nothing_else() -> None:
    home = Home()
    assert home.alarm.when == at(22)
    assert len(home.time.waiting) == 1
    assert home.evenings.next_due() == Due(STRETCH, FRIDAY, at(22))
    home.until(at(22))
    assert home.alarm.when == at(22, 10)


def test_without_a_bedtime_nothing_is_armed_and_nothing_comes() -> None:
    home = Home(schedule=Schedule())
    assert home.alarm.when is None
    assert home.evenings.next_due() is None
    assert home.evenings.tonight() == []
    home.time.advance(7 * 86400)
    assert home.titles == []


def test_a_week_away_one_bell_is_armed_a_week_ahead() -> None:
    only_thursday = rules.with_on(bedtime(), [0, 1, 2, 4, 5, 6], False)
    home = Home(schedule=only_thursday)
    assert home.alarm.when == at(22, day=THURSDAY + timedelta(days=7))


def test_start_begins_the_plan_that_was_offered() -> None:
    home = Home()
    home.until(at(22))
    home.answer(START)
    assert home.wanted == [(START, "bedtime")]
    assert home.fate() is Fate.STARTED
    home.until(at(18, day=SATURDAY))
    assert len(home.titles) == 1


def test_opening_the_app_leaves_the_reminder_open() -> None:
    home = Home()
    home.until(at(22))
    home.answer(OPEN)
    assert home.wanted == [(OPEN, "")]
    assert home.evenings.open_mark() is not None
    home.until(at(22, 10))
    assert len(home.titles) == 2


def test_not_tonight_is_for_tonight() -> None:
    home = Home()
    home.until(at(22))
    home.answer(SKIP)
    assert home.is_quiet()
    assert home.evenings.next_due() == Due(STRETCH, SATURDAY, at(22, day=SATURDAY))
    home.until(at(21, 59, SATURDAY))
    assert len(home.titles) == 1
    assert not home.is_quiet()
    home.until(at(22, 0, SATURDAY))
    assert len(home.titles) == 2


def test_an_app_that_is_not_watching_keeps_what_it_is_told() -> None:
    home = Home(start=False)
    home.evenings.skip_tonight()
    home.evenings.wake()
    assert home.alarm.when is None and home.redrawn == 1
    home.reboot()
    home.until(at(23))
    assert home.titles == []


def test_starting_twice_is_starting_once_and_after_stop_nothing_comes() -> None:
    home = Home()
    home.evenings.start()
    home.until(at(22))
    assert len(home.titles) == 1
    home.evenings.stop()
    assert home.notifier.closed and home.alarm.closed
    home.evenings.wake()
    home.time.advance(86400 * 2)
    assert len(home.titles) == 1


# -------------------------------------------------------------------- snoozing


def test_in_ten_minutes_means_ten_minutes_and_only_twice() -> None:
    home = Home()
    home.until(at(22))
    home.answer(SNOOZE)
    assert home.fate() is Fate.SNOOZED
    assert home.evenings.next_due() == Due(STRETCH, FRIDAY, at(22, 10))
    home.until(at(22, 9))
    assert len(home.titles) == 1
    home.until(at(22, 12))
    assert len(home.titles) == 2
    home.answer(SNOOZE)
    home.until(at(22, 22))
    assert len(home.titles) == 3
    assert SNOOZE not in dict(home.last.acts)
    assert not home.evenings.may_snooze()
    assert render(home.evenings.snooze() or Line("")) == (
        "It has come as often as it may. It will not come again tonight."
    )
    home.until(at(12, day=SATURDAY))
    assert len(home.titles) == 3 and home.fate() is Fate.UNANSWERED
    assert home.notifier.there == {}


def test_no_answer_in_ten_minutes_counts_as_a_snooze() -> None:
    home = Home()
    home.until(at(23))
    assert [note.heading[-5:] for note in home.notifier.shown] == ["22:00", "22:10", "22:20"]
    assert home.notifier.there == {}
    assert home.fate() is Fate.UNANSWERED


def test_nothing_comes_at_or_after_lights_out() -> None:
    home = Home(schedule=ringing(bedtime(), STRETCH, 15))
    home.until(at(22, 30))
    assert SNOOZE in dict(home.last.acts)
    home.until(at(22, 40))
    assert len(home.titles) == 2 and SNOOZE not in dict(home.last.acts)
    assert home.notifier.there
    home.until(at(22, 45))
    assert home.notifier.there == {}
    home.until(at(12, day=SATURDAY))
    assert len(home.titles) == 2


def test_a_snooze_that_ends_after_lights_out_is_refused_in_words() -> None:
    home = Home(schedule=ringing(bedtime(), STRETCH, 12))
    home.until(at(22, 33))
    home.until(at(22, 36))
    home.answer(SNOOZE)
    assert home.notices == ["Lights out is too near to put it off."]
    home.until(at(23))
    assert len(home.titles) == 1


def test_asking_twice_puts_it_off_once() -> None:
    home = Home()
    home.until(at(22, 1))
    assert home.evenings.snooze() is None
    home.until(at(22, 5))
    assert home.evenings.snooze() is None and not home.evenings.may_snooze()
    mark = home.evenings.open_mark()
    assert mark is not None and (mark.snoozes, mark.at) == (1, at(22, 11))


def test_with_nothing_open_there_is_nothing_to_snooze() -> None:
    home = Home()
    assert not home.evenings.may_snooze()
    assert render(home.evenings.snooze() or Line("")) == "No reminder is waiting for an answer just now."


def test_the_wait_is_the_one_of_the_settings() -> None:
    home = Home(snooze_minutes=15, snooze_times=1)
    home.until(at(22))
    assert dict(home.last.acts)[SNOOZE] == "In 15 minutes"
    home.until(at(22, 14))
    assert len(home.titles) == 1
    home.until(at(23))
    assert len(home.titles) == 2


def test_a_changed_setting_holds_at_once() -> None:
    home = Home()
    home.until(at(22))
    assert home.preferences.change("snooze_minutes", 20) is None
    assert home.alarm.when == at(22, 20)


def test_what_comes_again_offers_what_still_fits() -> None:
    home = Home(schedule=ringing(bedtime(), STRETCH, 20))
    home.until(at(22, 35))
    assert [note.body for note in home.notifier.shown] == [
        "Bedtime, 15 minutes",
        "Something small, 3 minutes",
    ]
    assert dict(home.last.acts)[START] == "Short one, 3 min"
    home.answer(START)
    assert home.wanted == [(START, "short")]


# -------------------------------------------------------------------- done already


@pytest.mark.parametrize(
    ("how", "partly_counts", "notes"),
    [
        (Done.WHOLE, True, 0),
        (Done.WHOLE, False, 0),
        (Done.PARTLY, True, 0),
        (Done.PARTLY, False, 1),
        (Done.NO, True, 1),
    ],
)
def test_what_is_done_already_is_not_reminded_of(how: Done, partly_counts: bool, notes: int) -> None:
    home = Home(partly_counts=partly_counts)
    home.sessions[FRIDAY] = how
    home.until(at(22, 5))
    assert len(home.titles) == notes


def test_the_journal_is_not_opened_before_a_reminder_is_due() -> None:
    home = Home()
    home.journal_is_broken = True
    home.evenings.wake()
    home.until(at(21, 59))
    assert home.notices == []


def test_a_stretch_that_is_done_is_not_the_next_bell() -> None:
    home = Home()
    home.sessions[FRIDAY] = Done.WHOLE
    assert home.evenings.next_due() == Due(STRETCH, SATURDAY, at(22, day=SATURDAY))
    entry = next(one for one in home.evenings.tonight() if one.item and one.item.id == STRETCH)
    assert entry.state is State.DONE


def test_two_bells_that_ring_just_now_do_not_hide_tomorrows() -> None:
    schedule = rules.with_slot(bedtime(), range(7), "screens", Slot(before=45, bell=True))
    home = Home(schedule=schedule)
    home.in_session = True
    home.until(at(22))
    assert home.evenings.next_due() == Due(STRETCH, SATURDAY, at(22, day=SATURDAY))


def test_a_session_takes_the_reminder_off_the_screen_for_good() -> None:
    home = Home()
    home.until(at(22, 3))
    home.in_session = True
    home.evenings.wake()
    assert home.notifier.there == {}
    home.until(at(22, 19))
    home.in_session = False
    home.sessions[FRIDAY] = Done.WHOLE
    home.evenings.wake()
    home.until(at(12, day=SATURDAY))
    assert len(home.titles) == 1 and home.fate() is Fate.DONE


def test_a_running_session_keeps_it_silent_and_one_that_was_not_the_routine_lets_it_come_after() -> None:
    home = Home()
    home.until(at(21, 58))
    home.in_session = True
    home.evenings.wake()
    home.until(at(22, 4))
    assert home.titles == []
    home.in_session = False
    home.evenings.wake()
    assert home.titles == ["Time for your legs"]


def test_a_session_until_lights_out_was_the_evening_and_nothing_was_missed() -> None:
    home = Home()
    home.until(at(21, 58))
    home.in_session = True
    home.until(at(22, 50))
    home.in_session = False
    home.evenings.wake()
    assert home.titles == [] and home.fate() is Fate.PASSED
    assert home.evenings.missed() == []


def test_i_did_it_already_and_taking_that_back() -> None:
    home = Home()
    home.evenings.tick(STRETCH, True)
    assert home.evenings.next_due() == Due(STRETCH, SATURDAY, at(22, day=SATURDAY))
    home.evenings.tick(STRETCH, False)
    assert home.evenings.next_due() == Due(STRETCH, FRIDAY, at(22))
    home.until(at(22))
    home.evenings.tick(STRETCH, True)
    assert home.notifier.there == {}
    home.evenings.tick(STRETCH, False)
    home.until(at(23))
    assert len(home.titles) == 1 and home.fate() is Fate.UNANSWERED


def test_ticks_are_for_every_item_of_tonight_and_for_nothing_else() -> None:
    home = Home()
    home.evenings.tick("screens", True)
    home.evenings.tick("screens", False)
    home.evenings.tick("screens", False)
    home.evenings.tick("dim", True)
    home.evenings.tick("massage", True)
    home.evenings.tick("nonsense", True)
    assert home.fate("screens") is None and home.fate("massage") is None and home.fate("nonsense") is None
    assert home.fate("dim") is Fate.DONE
    home.until(at(22, 30))
    home.evenings.tick("screens", True)
    home.evenings.tick("screens", False)
    assert home.fate("screens") is Fate.PASSED


# -------------------------------------------------------------------- late and missed


def test_after_a_sleep_within_the_grace_it_comes_once_and_says_what_still_fits() -> None:
    home = Home()
    home.sleep_until(at(22, 36))
    assert home.last.title == "Your stretch was at 22:00"
    assert home.last.heading == "It is 22:36"
    assert home.last.body == "3 minutes still fit before lights out. Tomorrow is fine too."
    assert home.last.acts == ((START, "Short one, 3 min"), (SKIP, "Not tonight"))
    home.answer(START)
    assert home.wanted == [(START, "short")]


def test_late_with_time_enough_it_is_still_tonights_plan() -> None:
    home = Home()
    home.sleep_until(at(22, 20))
    assert home.last.body == "15 minutes still fit before lights out. Tomorrow is fine too."
    assert home.last.acts[0] == (START, "Start")


def test_late_with_nothing_that_fits_there_is_no_start() -> None:
    home = Home()
    home.sleep_until(at(22, 43))
    assert home.last.body == "Lights out is near. Tomorrow is fine too."
    assert home.last.acts == ((SKIP, "Not tonight"),)
    assert home.last.figure == ""


def test_a_few_minutes_late_is_on_time_even_without_grace() -> None:
    home = Home(grace_minutes=0)
    home.sleep_until(at(22, 5))
    assert home.last.title == "Time for your legs"
    late = Home(grace_minutes=0)
    late.sleep_until(at(22, 6))
    assert late.titles == [] and late.fate() is Fate.MISSED


def test_asleep_past_lights_out_it_is_missed_with_the_reason_and_said_once() -> None:
    home = Home()
    home.sleep_until(at(7, day=SATURDAY))
    assert home.titles == []
    (missed,) = home.evenings.missed()
    assert (missed.rule, missed.night, missed.due, missed.why) == (STRETCH, FRIDAY, at(22), Why.ASLEEP)
    drawn = home.redrawn
    home.evenings.acknowledge()
    assert home.evenings.missed() == [] and home.redrawn == drawn + 1
    home.evenings.acknowledge()
    assert home.redrawn == drawn + 1
    home.reboot()
    assert home.evenings.missed() == []


def test_with_the_app_off_the_last_two_nights_are_missed_and_no_more() -> None:
    home = Home()
    home.off_until(at(9, day=FRIDAY + timedelta(days=7)))
    assert [(mark.night, mark.why) for mark in home.evenings.missed()] == [
        (FRIDAY + timedelta(days=5), Why.OFF),
        (FRIDAY + timedelta(days=6), Why.OFF),
    ]


def test_what_was_done_by_oneself_was_not_missed() -> None:
    home = Home()
    home.sleep_until(at(23))
    assert len(home.evenings.missed()) == 1
    home.sessions[FRIDAY] = Done.WHOLE
    assert home.evenings.missed() == []


def test_switched_on_late_in_the_evening_it_still_comes() -> None:
    home = Home()
    home.off_until(at(22, 10))
    assert home.titles == ["Your stretch was at 22:00"]


def test_a_crash_does_not_bring_it_twice() -> None:
    home = Home()
    home.until(at(22, 1))
    home.reboot()
    assert home.titles == []
    home.until(at(22, 9))
    assert home.titles == []
    home.until(at(22, 10))
    assert home.titles == ["Time for your legs"]


# -------------------------------------------------------------------- do not disturb


def test_a_film_holds_it_back_until_it_ends() -> None:
    home = Home(quiet=FakeQuiet(film=True))
    home.until(at(22, 20))
    assert home.titles == [] and home.fate() is Fate.HELD
    assert home.evenings.open_mark() is None
    home.quiet.film = False
    home.until(at(22, 22))
    assert home.titles == ["Your stretch was at 22:00"]


def test_held_until_lights_out_it_is_missed_because_of_that() -> None:
    home = Home(quiet=FakeQuiet(quiet=True))
    home.until(at(23))
    assert home.titles == []
    assert [mark.why for mark in home.evenings.missed()] == [Why.BUSY]


def test_held_longer_than_the_grace_it_comes_all_the_same() -> None:
    home = Home(schedule=ringing(bedtime(), STRETCH, 180), quiet=FakeQuiet(quiet=True))
    home.until(at(22, 15))
    home.quiet.quiet = False
    home.until(at(22, 17))
    assert home.titles == ["Your stretch was at 19:45"]


def test_whoever_wants_it_during_films_gets_it() -> None:
    home = Home(quiet=FakeQuiet(film=True), wait_for_films=False)
    home.until(at(22))
    assert home.titles == ["Time for your legs"]


def test_films_and_do_not_disturb_are_heeded_apart() -> None:
    home = Home(quiet=FakeQuiet(film=True, quiet=True), wait_when_quiet=False)
    home.until(at(22))
    assert home.titles == []
    home.quiet.film = False
    home.until(at(22, 1))
    assert home.titles == ["Time for your legs"]


def test_whoever_wants_neither_is_reminded_without_asking() -> None:
    home = Home(quiet=FakeQuiet(film=True, quiet=True), wait_when_quiet=False, wait_for_films=False)
    home.until(at(22))
    assert home.titles == ["Time for your legs"] and home.quiet.asked == []


def test_the_desktop_is_asked_only_when_something_would_be_shown() -> None:
    home = Home()
    home.until(at(21, 59))
    home.evenings.wake()
    assert home.quiet.asked == []
    home.sessions[FRIDAY] = Done.WHOLE
    home.until(at(23))
    assert home.quiet.asked == []


def test_it_waits_for_a_slow_answer_and_asks_no_second_time() -> None:
    home = Home(quiet=FakeQuiet(instant=False))
    home.until(at(22))
    home.evenings.wake()
    assert home.titles == [] and len(home.quiet.waiting) == 1
    home.quiet.tell(False)
    assert home.titles == ["Time for your legs"]


def test_a_desktop_that_never_answers_is_not_waited_for() -> None:
    home = Home(quiet=FakeQuiet(instant=False))
    home.until(at(22, 1))
    assert home.titles == ["Time for your legs"]
    home.quiet.tell(True)  # at last
    assert len(home.titles) == 1 and home.fate() is Fate.SHOWN


def test_an_answer_after_the_end_changes_nothing() -> None:
    home = Home(quiet=FakeQuiet(instant=False))
    home.until(at(22))
    home.evenings.stop()
    home.quiet.tell(False)
    assert home.titles == []


def test_a_snoozed_one_waits_for_the_film_too() -> None:
    home = Home()
    home.until(at(22, 1))
    home.quiet.film = True
    home.until(at(22, 18))
    assert len(home.titles) == 1 and home.notifier.there == {}
    home.quiet.film = False
    home.until(at(22, 19))
    assert len(home.titles) == 2


# -------------------------------------------------------------------- the clock and the world


def test_set_back_after_the_reminder_it_does_not_come_again_as_new() -> None:
    home = Home()
    home.until(at(22, 1))
    home.time.set_clock(at(21, 0))
    assert home.notifier.there == {}
    home.until(at(21, 59))
    assert len(home.titles) == 1
    home.until(at(22, 0))
    assert len(home.titles) == 2
    mark = home.mark()
    assert mark is not None and (mark.snoozes, mark.shows) == (1, 2)


@pytest.mark.parametrize("days", [1, 3, 365, 9999])
def test_set_back_by_days_an_open_reminder_leaves_the_screen_and_goes_on_when_the_clock_is_right(
    days: int,
) -> None:
    home = Home()
    home.until(at(22, 1))
    back = at(22, 1) - timedelta(days=days) + timedelta(hours=2)
    home.time.set_clock(back)
    assert home.notifier.there == {}
    home.time.set_clock(at(22, 3))
    home.until(at(22, 50))
    assert sum(note.key == KEY for note in home.notifier.shown) <= 3
    assert home.fate() is Fate.UNANSWERED


def test_set_forward_past_the_due_time_it_comes_late_and_once() -> None:
    home = Home()
    home.time.set_clock(at(22, 20))
    assert home.titles == ["Your stretch was at 22:00"]
    home.answer(SKIP)
    home.time.set_clock(at(20))
    home.until(at(23))
    assert len(home.titles) == 1


def test_set_forward_by_a_year_and_back_closes_what_was_open() -> None:
    home = Home()
    home.until(at(22, 1))
    home.time.set_clock(at(15) + timedelta(days=365))
    assert home.fate() is Fate.UNANSWERED and home.notifier.there == {}
    home.time.set_clock(at(22, 2))
    home.until(at(23))
    assert sum(note.key == KEY for note in home.notifier.shown) == 1


def test_a_held_one_is_not_called_missed_when_the_clock_runs_away() -> None:
    home = Home(quiet=FakeQuiet(quiet=True))
    home.until(at(22, 1))
    home.time.set_clock(at(15) + timedelta(days=365))
    assert home.fate() is Fate.PASSED


def test_travelling_west_it_comes_by_the_new_wall() -> None:
    home = Home()
    home.time.travel(ZoneInfo("America/New_York"))
    assert home.alarm.when == at(22, zone=ZoneInfo("America/New_York"))
    home.until(at(22, zone=ZoneInfo("America/New_York")))
    assert [note.heading for note in home.notifier.shown] == ["Stretch Coach, 22:00"]


def test_travelling_west_after_the_reminder_it_comes_no_second_time() -> None:
    home = Home()
    home.until(at(22))
    home.answer(SKIP)
    home.time.travel(ZoneInfo("America/New_York"))
    home.until(at(23, zone=ZoneInfo("America/New_York")))
    assert len(home.titles) == 1


def test_travelling_east_past_lights_out_it_is_missed_not_rung() -> None:
    home = Home(at(23, day=THURSDAY))
    home.until(at(18))
    home.time.travel(ZoneInfo("Asia/Tokyo"))  # 18:00 becomes 02:00
    assert home.titles == []
    assert [mark.why for mark in home.evenings.missed()] == [Why.ASLEEP]
    home.until(at(22, day=SATURDAY, zone=ZoneInfo("Asia/Tokyo")))
    assert len(home.titles) == 1


def test_in_the_night_of_the_gap_it_comes_an_hour_forward_and_never_after_lights_out() -> None:
    spring = date(2026, 3, 28)  # 02:00 becomes 03:00 in the morning after
    home = Home(datetime(2026, 3, 28, 20, tzinfo=BERLIN), bedtime(3, 15))
    home.until(datetime(2026, 3, 29, 4, 0, tzinfo=BERLIN))
    assert home.titles == [] and home.fate(night=spring) is Fate.PASSED
    later = Home(datetime(2026, 3, 28, 20, tzinfo=BERLIN), ringing(bedtime(4, 0), STRETCH, 90))
    later.until(datetime(2026, 3, 29, 3, 31, tzinfo=BERLIN))
    assert [note.heading for note in later.notifier.shown] == ["Stretch Coach, 03:30"]


def test_in_the_doubled_hour_it_comes_the_first_time_only() -> None:
    home = Home(datetime(2026, 10, 24, 20, tzinfo=BERLIN), bedtime(3, 15), snooze_times=0)
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    home.until(rules.fixed(first))
    assert len(home.titles) == 1
    home.until(rules.fixed(first.replace(fold=1)) + timedelta(hours=3))
    assert len(home.titles) == 1


def test_after_midnight_it_is_still_the_same_evening() -> None:
    home = Home(schedule=bedtime(1, 30))
    home.until(at(0, 45, SATURDAY))
    assert home.last.key == KEY
    assert home.evenings.night() == FRIDAY
    home.answer(SKIP)
    home.until(at(0, 46, SATURDAY + timedelta(days=1)))
    assert [note.key for note in home.notifier.shown] == [KEY, "stretch 2026-11-21"]


def test_in_the_morning_tonight_is_the_coming_evening() -> None:
    home = Home(at(3, day=SATURDAY))
    assert home.evenings.night() == FRIDAY
    home.until(at(9, day=SATURDAY))
    assert home.evenings.night() == SATURDAY
    home.evenings.skip_tonight()
    home.until(at(23, day=SATURDAY))
    assert home.titles == []


# -------------------------------------------------------------------- other items


def test_another_bell_is_a_quiet_note_that_comes_once() -> None:
    home = Home(schedule=ringing(bedtime(), "screens", 30), snooze_times=0)
    home.until(at(22, 15))
    assert home.last == Note(
        "screens 2026-11-20",
        "screens",
        "Stretch Coach, 22:15",
        "Last screens",
        "From here on by voice",
        ((DONE, "Done"), (SKIP, "Not tonight")),
        stays=False,
    )
    home.until(at(23))
    assert home.titles.count("Last screens") == 1
    assert home.fate("screens") is Fate.UNANSWERED


@pytest.mark.parametrize(("act", "fate"), [(DONE, Fate.DONE), (SKIP, Fate.SKIPPED)])
def test_a_quiet_note_can_be_ticked_or_left_for_tonight(act: Act, fate: Fate) -> None:
    home = Home(schedule=ringing(bedtime(), "dim", 60))
    home.until(at(21, 45))
    home.answer(act, "dim 2026-11-20")
    assert home.fate("dim") is fate
    assert not home.is_quiet()
    home.until(at(22))
    assert home.titles == ["Dim the lights", "Time for your legs"]


def test_magnesium_says_what_is_known_and_names_no_dose() -> None:
    home = Home(schedule=ringing(bedtime(), rules.MAGNESIUM, 90))
    home.until(at(21, 15))
    assert home.last.title == "Magnesium"
    assert home.last.body == (
        "Your own choice. Unlikely to prevent cramps in older adults; "
        "for restless legs it is unclear. Ask first."
    )


def test_an_item_of_ones_own_keeps_its_words() -> None:
    schedule, item_id = rules.with_own(bedtime(), "Feed the cat", Slot(before=75, bell=True))
    home = Home(schedule=schedule)
    home.until(at(21, 30))
    assert (home.last.key, home.last.title, home.last.body) == (f"{item_id} 2026-11-20", "Feed the cat", "")


def test_the_morning_stretch_rings_in_its_morning() -> None:
    schedule = rules.with_slot(bedtime(), range(7), "morning", Slot(at=time(7, 30), bell=True))
    home = Home(at(23), schedule)
    home.until(at(7, 30, SATURDAY))
    assert home.last.key == "morning 2026-11-20"
    home.until(at(7, 35, SATURDAY))
    home.evenings.wake()
    assert home.notifier.there
    home.evenings.tick("morning", True)
    assert home.fate("morning") is Fate.DONE
    home.until(at(12, day=SATURDAY))
    assert home.titles == ["Morning stretch"]


def test_of_several_at_once_the_stretch_stands_on_top_and_quiet_ones_never_pile_up() -> None:
    schedule = ringing(ringing(ringing(bedtime(), "dim", 60), "screens", 45), "massage", 45)
    home = Home(schedule=schedule)
    home.sleep_until(at(22, 3))
    assert home.titles == ["Dim the lights", "Last screens", "Massage", "Time for your legs"]
    assert len(home.notifier.there) == 2
    assert home.chimes == []


# -------------------------------------------------------------------- chime


@pytest.mark.parametrize(
    ("bed", "settings", "chimes"),
    [
        (time(22, 0), {}, 1),
        (time(22, 45), {}, 1),
        (time(22, 46), {}, 0),
        (time(22, 0), {"reminder_chime": False}, 0),
        (time(22, 45), {"chime_until": "01:00"}, 1),
        (time(2, 0), {"chime_until": "01:00"}, 0),
    ],
)
def test_the_chime_comes_with_the_first_stretch_note_and_not_late(
    bed: time, settings: dict[str, Any], chimes: int
) -> None:
    home = Home(schedule=ringing(bedtime(bed.hour, bed.minute), "dim", 60), **settings)
    home.until(at(6, day=SATURDAY))
    assert home.titles.count("Time for your legs") == 3
    assert len(home.chimes) == chimes


# -------------------------------------------------------------------- changing the evening


def test_a_bedtime_holds_at_once() -> None:
    home = Home(schedule=Schedule())
    drawn = home.redrawn
    assert home.evenings.change(bedtime(23, 0)) is None
    assert home.alarm.when == at(22, 15)
    assert home.redrawn == drawn + 1
    assert home.evenings.change(bedtime(23, 0)) is None
    assert home.redrawn == drawn + 1
    home.reboot()
    assert home.evenings.schedule == bedtime(23, 0)


def test_what_is_moved_into_the_past_is_neither_rung_nor_missed() -> None:
    home = Home(at(22, 20), Schedule())
    home.evenings.change(bedtime())
    home.until(at(12, day=SATURDAY))
    assert home.titles == [] and home.evenings.missed() == []


def test_moved_on_from_there_it_comes_after_all() -> None:
    home = Home(at(22, 20), Schedule())
    home.evenings.change(bedtime())
    home.evenings.change(bedtime(23, 30))
    home.until(at(22, 45))
    assert len(home.titles) == 1


def test_moved_later_while_it_is_on_the_screen_it_waits_for_its_new_time() -> None:
    home = Home()
    home.until(at(22, 1))
    home.evenings.change(bedtime(23, 30))
    assert home.notifier.there == {}
    home.until(at(22, 46))
    assert len(home.titles) == 2


def test_an_evening_that_is_switched_off_takes_its_note_away() -> None:
    home = Home()
    home.until(at(22, 1))
    home.evenings.change(rules.with_on(bedtime(), range(7), False))
    assert home.notifier.there == {} and home.fate() is Fate.UNANSWERED
    assert home.alarm.when is None
    home.evenings.change(bedtime())
    home.until(at(23))
    assert len(home.titles) == 1


def test_a_pause_is_quiet_until_its_day() -> None:
    home = Home()
    assert home.evenings.pause_until(date(2026, 11, 23)) is None
    assert home.alarm.when == at(22, day=date(2026, 11, 23))
    home.reboot()
    assert home.evenings.next_due() == Due(STRETCH, date(2026, 11, 23), at(22, day=date(2026, 11, 23)))
    assert home.evenings.pause_until(None) is None
    assert home.alarm.when == at(22)


def test_a_schedule_that_cannot_be_is_refused_in_words() -> None:
    home = Home()
    schedule, _item = rules.with_own(bedtime(), " ", Slot(before=60))
    wrong = home.evenings.change(schedule)
    assert wrong is not None and "cannot be a name" in render(wrong)
    assert home.evenings.schedule == bedtime()


def test_not_tonight_can_be_taken_back() -> None:
    home = Home(schedule=ringing(bedtime(), "dim", 60))
    home.evenings.skip_tonight()
    assert home.is_quiet()
    assert home.evenings.next_due() == Due("dim", SATURDAY, at(21, 45, SATURDAY))
    fates = {one.item.id: one.mark.fate for one in home.evenings.tonight() if one.item and one.mark}
    assert fates == {"dim": Fate.SKIPPED, STRETCH: Fate.SKIPPED}
    home.evenings.undo_skip()
    home.evenings.undo_skip()
    assert not home.is_quiet()
    home.until(at(22))
    assert home.titles == ["Dim the lights", "Time for your legs"]


def test_taken_back_after_it_was_seen_it_comes_as_a_snooze_would() -> None:
    home = Home(schedule=ringing(bedtime(), "dim", 45))
    home.until(at(22))
    home.evenings.skip_tonight()
    assert home.notifier.there == {}
    home.evenings.undo_skip()
    assert len(home.titles) == 2
    home.until(at(22, 10))
    assert home.titles[2:] == ["Time for your legs"]
    mark = home.mark()
    assert mark is not None and mark.snoozes == 1


def test_not_tonight_while_a_film_holds_it_back() -> None:
    home = Home(quiet=FakeQuiet(film=True))
    home.until(at(22, 1))
    home.evenings.skip_tonight()
    assert home.fate() is None
    home.quiet.film = False
    home.until(at(23))
    assert home.titles == [] and home.evenings.missed() == []


# -------------------------------------------------------------------- the note


def test_a_plan_that_is_gone_is_replaced_and_said() -> None:
    home = Home()
    home.tonight_plan = Offer(
        "five", "Five stretches", 300, "calf", "The plan “Mine” is gone. Five takes its place."
    )
    home.until(at(22))
    assert home.last.body == "Five stretches, 5 minutes\nThe plan “Mine” is gone. Five takes its place."


def test_without_any_plan_it_opens_the_app() -> None:
    for minute in (0, 20):
        home = Home()
        home.tonight_plan = None
        home.sleep_until(at(22, minute))
        assert home.last.body == "" and home.last.acts[0] == (OPEN, "Open")


def test_the_preview_is_what_will_come_and_its_buttons_only_put_it_away() -> None:
    home = Home(at(11))
    home.evenings.preview()
    assert home.last.key == PREVIEW
    assert (home.last.heading, home.last.title, home.last.body) == (
        "Stretch Coach, 11:00",
        "Time for your legs",
        "Bedtime, 15 minutes",
    )
    assert [act for act, _label in home.last.acts] == [START, SNOOZE, SKIP]
    home.preferences.change("snooze_times", 0)
    home.evenings.preview()
    assert [act for act, _label in home.last.acts] == [START, SKIP]
    home.answer(START, PREVIEW)
    assert home.wanted == [] and home.fate() is None
    assert home.notifier.withdrawn == [PREVIEW]


def test_a_note_of_another_run_answers_nothing() -> None:
    home = Home()
    home.notifier.answer("stretch 2026-11-19", START)
    assert home.wanted == [] and home.fate(night=THURSDAY) is not Fate.STARTED


# -------------------------------------------------------------------- files


def test_a_full_disk_is_said_once_and_reminders_go_on() -> None:
    home = Home()
    home.mark_store.broken = True
    home.schedule_store.broken = True
    home.until(at(22, 10))
    home.answer(SNOOZE)
    assert len(home.titles) == 2
    assert home.notices == ["The settings cannot be written."]
    assert [render(line) for line in home.evenings.repairs] == home.notices  # for a window that comes later
    wrong = home.evenings.change(bedtime(23, 30))
    assert wrong is not None and render(wrong) == "The settings cannot be written."
    assert home.evenings.schedule == bedtime(23, 30)
    home.schedule_store.broken = False
    assert home.evenings.change(bedtime(23, 30)) is None
    assert home.schedule_store.values == rules.values_of(bedtime(23, 30))


def test_a_journal_that_cannot_be_read_is_said_once_and_the_reminder_comes() -> None:
    home = Home()
    home.journal_is_broken = True
    home.until(at(22))
    assert home.titles == ["Time for your legs"]
    assert home.notices == ["The journal cannot be read."]


def test_damaged_files_are_repaired_and_said() -> None:
    home = Home(start=False)
    home.schedule_store = FakeStore({"evenings": {"mon": {"bedtime": "late"}}}, Line("Put aside."))
    home.mark_store = FakeStore({"marks": [7, {}]}, Line("Put aside too."))
    home.reboot(start=False)
    assert [render(line) for line in home.evenings.repairs] == [
        "Put aside too.",
        "What became of 2 earlier reminders cannot be read.",
        "Put aside.",
        "“mon bedtime” must be a time such as 22:30.",
        "For these times of the evening the usual values are taken.",
    ]


GOOD_MARK: dict[str, object] = {
    "rule": STRETCH,
    "night": "2026-11-20",
    "due": "2026-11-20T22:00:00+01:00",
    "fate": "missed",
    "at": "2026-11-20T23:00:00+01:00",
    "why": "BUSY",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": 7},
        {"rule": "x" * 81},
        {"night": "yesterday"},
        {"night": 3},
        {"night": "9999-12-31"},
        {"due": "2026-11-20T22:00:00"},
        {"due": "soon"},
        {"at": "2026-11-20T22:00:00"},
        {"fate": "lost"},
        {"why": "LAZY"},
        {"why": []},
        {"snoozes": -1},
        {"snoozes": True},
        {"shows": 100},
        {"shows": "2"},
    ],
)
def test_a_mark_that_cannot_be_is_left_out_and_the_others_stay(wrong: dict[str, object]) -> None:
    other = {**GOOD_MARK, "rule": "dim", "told": True}
    home = Home(start=False)
    home.mark_store.values = {"marks": [{**GOOD_MARK, **wrong}, other]}
    assert home.fate() is None and home.fate("dim") is Fate.MISSED
    home.reboot(start=False)
    assert [render(line) for line in home.evenings.repairs] == [
        "What became of 1 earlier reminders cannot be read."
    ]


def test_marks_that_are_no_list_are_said_too() -> None:
    home = Home(start=False)
    home.mark_store.values = {"marks": {"rule": STRETCH}}
    home.reboot(start=False)
    assert len(home.evenings.repairs) == 1


def test_only_the_newest_marks_are_kept() -> None:
    home = Home(snooze_times=0)
    home.time.advance(86400 * (KEPT + 20))
    stored = home.mark_store.values["marks"]
    assert isinstance(stored, list) and len(stored) == KEPT
    assert len(home.titles) == KEPT + 20


# -------------------------------------------------------------------- what counts as done


def record(plan: str = "bedtime", outcome: Outcome = Outcome.FINISHED, hour: int = 22) -> SessionRecord:
    return SessionRecord(plan, plan, at(hour), at(hour, 15), outcome, 900, ())


@pytest.mark.parametrize(
    ("records", "done"),
    [
        ([], Done.NO),
        ([record()], Done.WHOLE),
        ([record(outcome=Outcome.PARTIAL)], Done.PARTLY),
        ([record(outcome=Outcome.PARTIAL), record("five")], Done.WHOLE),
        ([record("cramp-now"), record("restless-now"), record("one-move")], Done.NO),
        ([record(hour=7)], Done.NO),
    ],
)
def test_the_routine_is_done_by_a_session_of_the_evening(records: list[SessionRecord], done: Done) -> None:
    assert done_on(records) is done


def test_a_step_of_a_time_waits_for_the_disk_once_not_twice() -> None:
    home = Home(at(12))
    home.evenings.change(bedtime(23))
    home.mark_store.broken = True
    home.evenings.change(bedtime(23, 15))
    assert home.notices == [], "nothing became of any reminder: there is nothing new to write"


# -------------------------------------------------------------------- whatever happens

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Apia", "Australia/Lord_Howe")
STARTS = (at(18), datetime(2026, 3, 28, 20, tzinfo=BERLIN), datetime(2026, 10, 24, 20, tzinfo=BERLIN))
BELLS = ("dim", "screens", "morning")


class AnyLife(RuleBasedStateMachine):
    """Clocks are set, zones change, computers sleep and crash, people answer; the manners stay."""

    @initialize(start=st.sampled_from(STARTS), bed=st.sampled_from([time(22, 45), time(0, 20), time(3, 15)]))
    def move_in(self, start: datetime, bed: time) -> None:
        schedule = ringing(ringing(bedtime(bed.hour, bed.minute), "dim", 60), "screens", 45)
        schedule = rules.with_slot(schedule, range(7), "morning", Slot(at=time(7, 30), bell=True))
        self.shows: dict[str, int] = {}
        self.held: set[str] = set()
        self.home = Home(start, schedule)
        self.watch()

    def watch(self) -> None:
        notifier, show = self.home.notifier, self.home.notifier.show

        def checked(note: Note) -> None:
            self.check(note)
            show(note)

        notifier.show = checked  # type: ignore[method-assign]

    def check(self, note: Note) -> None:
        """What must hold whenever a note is shown."""
        home, zone = self.home, self.home.time.local
        now = home.time.now()
        rule, night = note.key.split(" ")
        day = date.fromisoformat(night)
        schedule = home.evenings.schedule
        (due,) = [one for one in rules.dues(schedule, day, zone) if one.rule == rule]
        self.shows[note.key] = self.shows.get(note.key, 0) + 1
        assert self.shows[note.key] <= (3 if rule == STRETCH else 1), "shown too often"
        assert now >= due.at, "shown before it is due"
        bed = rules.lights_out(schedule, day)
        assert bed is not None
        if rule != "morning":
            assert now < zone(bed), "shown after lights out"
        if self.shows[note.key] == 1 and note.key not in self.held:
            assert now - due.at <= rules.GRACE, "too late"
        assert not home.in_session, "shown during a session"
        assert not home.quiet.quiet, "shown while the desktop wants no notes"
        assert rule != STRETCH or home.sessions.get(day) is None, "shown though it is done"

    @rule(minutes=st.integers(0, 200))
    def time_passes(self, minutes: int) -> None:
        self.home.time.advance(minutes * 60)

    @rule()
    def the_alarm_comes(self) -> None:
        if self.home.alarm.when is not None:
            self.home.until(self.home.alarm.when)

    @rule()
    def the_evening_comes(self) -> None:
        evenings = self.home.evenings
        self.home.in_session = self.home.quiet.quiet = False
        if not evenings.schedule.is_set or evenings.schedule.paused_until is not None:
            evenings.change(replace(evenings.schedule, evenings=bedtime().evenings, paused_until=None))
        evenings.wake()
        due = evenings.next_due()
        if due is not None:
            self.home.until(due.at)

    @rule(minutes=st.integers(1, 3000))
    def the_computer_sleeps(self, minutes: int) -> None:
        self.home.time.suspend(minutes * 60)
        self.home.alarm.ring()

    @rule(minutes=st.integers(-300, 300), days=st.sampled_from([0, 0, 0, 1, -1, 2, -2, 400, -400]))
    def the_clock_is_set(self, minutes: int, days: int) -> None:
        self.home.time.set_clock(self.home.time.now() + timedelta(days=days, minutes=minutes))

    @rule(zone=st.sampled_from(ZONES))
    def the_computer_travels(self, zone: str) -> None:
        self.home.time.travel(ZoneInfo(zone))

    @rule()
    def the_app_crashes(self) -> None:
        self.home.reboot(start=False)
        self.watch()
        self.home.evenings.start()

    @rule(quiet=st.booleans())
    def the_desktop_wants_quiet(self, quiet: bool) -> None:
        self.home.quiet.quiet = quiet

    @rule(kept=st.booleans())
    def a_session_begins_or_ends(self, kept: bool) -> None:
        self.home.in_session = not self.home.in_session
        if not self.home.in_session and kept:
            self.home.sessions[self.home.evenings.night()] = Done.WHOLE
        self.home.evenings.wake()

    @rule(act=st.sampled_from([SNOOZE, SKIP, START, DONE, OPEN]), which=st.integers(0, 5))
    def the_user_answers(self, act: Act, which: int) -> None:
        there = list(self.home.notifier.there)
        if there:
            self.home.notifier.answer(there[which % len(there)], act)

    @rule(do=st.sampled_from(["skip", "undo", "snooze", "tick", "untick", "acknowledge"]))
    def the_user_chooses(self, do: str) -> None:
        evenings = self.home.evenings
        choices: dict[str, Callable[[], object]] = {
            "skip": evenings.skip_tonight,
            "undo": evenings.undo_skip,
            "snooze": evenings.snooze,
            "tick": lambda: evenings.tick(STRETCH, True),
            "untick": lambda: evenings.tick(STRETCH, False),
            "acknowledge": evenings.acknowledge,
        }
        choices[do]()

    @rule(bed=st.sampled_from([time(22, 0), time(22, 45), time(23, 30), time(1, 0), None]))
    def another_bedtime(self, bed: time | None) -> None:
        evenings = self.home.evenings
        assert evenings.change(rules.with_bedtime(evenings.schedule, range(7), bed)) is None

    @rule(until=st.none() | st.integers(0, 3))
    def a_pause(self, until: int | None) -> None:
        night = self.home.evenings.night()
        self.home.evenings.pause_until(None if until is None else night + timedelta(days=until))

    @invariant()
    def the_alarm_is_armed_for_what_comes_and_never_for_now(self) -> None:
        home = getattr(self, "home", None)
        if home is None:
            return
        now, evenings = home.time.now(), home.evenings
        self.held |= {
            f"{one} {night}"
            for (one, night), mark in evenings._known_marks().items()
            if mark.fate is Fate.HELD
        }
        coming = evenings.next_due()
        assert (home.alarm.when is None) == (coming is None and not waits(evenings, now))
        assert home.alarm.when is None or home.alarm.when > now
        if coming is not None:
            assert coming.at > now and home.alarm.when is not None and home.alarm.when <= coming.at
        assert len([one for one in home.notifier.there.values() if one.stays]) <= 1, "a pile"
        assert len(home.notifier.there) <= 2
        assert (evenings.may_snooze()) <= (evenings.open_mark() is not None)
        assert len(home.mark_store.values["marks"]) <= KEPT if home.mark_store.values else True


def waits(evenings: Evenings, now: datetime) -> bool:
    """Whether a reminder is to be looked at again; one of a far night (the clock was set back) is not."""
    near = rules.nights_near(now)
    return any(mark.fate.is_open and mark.night in near for mark in evenings._known_marks().values())


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
