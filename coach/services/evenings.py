"""The evenings: keeps the schedule, reminds once and on time, and keeps what became of every reminder.

It leaves out how a note looks and rings (Notifier, chime), and the rules themselves (domain/evening).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import partial

from coach.domain import evening as rules
from coach.domain.evening import STRETCH, Due, Entry, Fate, Manners, Mark, Present, Schedule, Why
from coach.domain.night import ONE_MOVE, RIGHT_NOW, Outcome, SessionRecord, night_of
from coach.i18n import N_, Line, _, ngettext
from coach.services.ports import Act, Note, Notifier, Quiet, Store, StoreError, Time, WallAlarm
from coach.services.preferences import Preferences
from coach.services.topic import Topic

PREVIEW = "preview"
"""The key of the sample note."""

# The rule of the mark that keeps a whole evening quiet.
_EVENING = "*"
# So many marks are kept. Three nights are looked at, with 57 items at most that could ring.
KEPT = 200


class Done(Enum):
    """How much of a night's routine was done."""

    NO = "no"
    PARTLY = "partly"
    WHOLE = "whole"


def done_on(records: Sequence[SessionRecord]) -> Done:
    """How much of the routine the sessions of one night are.

    Those of its morning, those for right now, and the trial of a single move are no part of it.
    """
    besides = (*RIGHT_NOW, ONE_MOVE)
    outcomes = {one.outcome for one in records if not one.is_morning and one.plan_id not in besides}
    if Outcome.FINISHED in outcomes:
        return Done.WHOLE
    return Done.PARTLY if outcomes else Done.NO


@dataclass(frozen=True)
class Offer:
    """A plan a reminder offers: its translated name and remark, its length, the exercise of its picture.

    `remark` says that the plan that was chosen is gone and this one takes its place.
    """

    plan_id: str
    name: str
    seconds: float
    figure: str
    remark: str = ""


def _clock(when: datetime) -> str:
    return when.strftime("%H:%M")


class Evenings:
    """The one scheduler of reminders. Building it starts nothing and reads nothing.

    `done` tells how much of a night's routine was done, `busy` whether a session is running. `offer` gives
    tonight's plan (None), or one that fits into so many seconds: tonight's if it does, else the longest that
    does. `chime` sounds one soft tone. `clock` writes a time of day. A store that fails stops nothing.
    """

    def __init__(
        self,
        time: Time,
        alarm: WallAlarm,
        schedule: Store,
        marks: Store,
        preferences: Preferences,
        notifier: Notifier,
        quiet: Quiet,
        *,
        done: Callable[[date], Done],
        busy: Callable[[], bool],
        offer: Callable[[float | None], Offer | None],
        chime: Callable[[], None],
        clock: Callable[[datetime], str] = _clock,
    ) -> None:
        self._time = time
        self._alarm = alarm
        self._schedule_store = schedule
        self._mark_store = marks
        self._preferences = preferences
        self._notifier = notifier
        self._quiet = quiet
        self._done = done
        self._busy = busy
        self._offer = offer
        self._chime = chime
        self._clock = clock
        self._schedule: Schedule | None = None
        self._is_stored = True
        self._marks: dict[tuple[str, date], Mark] | None = None
        self._stored_marks: dict[str, object] | None = None
        self._told: set[tuple[str, date]] = set()
        # Since when reminders are kept at all: nobody missed one that was due before.
        self._began: datetime | None = None
        self._repairs: list[Line] = []
        self._said: set[Line] = set()
        self._since: datetime | None = None
        self._endings: list[Callable[[], None]] = []
        # The notes that were shown: by their key the reminder, and the plan that Start begins.
        self._there: dict[str, tuple[tuple[str, date], str]] = {}
        # The question to the desktop that has no answer yet: its number, and when it was asked (monotonic).
        self._question = 0
        self._asked: float | None = None
        self.changed: Topic[None] = Topic()
        self.notices: Topic[Line] = Topic()
        self.wanted: Topic[tuple[Act, str]] = Topic()

    # ---------------------------------------------------------------- the schedule

    @property
    def repairs(self) -> Sequence[Line]:
        """What was wrong in the stored files, or could not be stored so far, for saying so once."""
        self._known_marks()
        self._known_schedule()
        return tuple(self._repairs)

    @property
    def schedule(self) -> Schedule:
        return self._known_schedule()

    def change(self, schedule: Schedule) -> Line | None:
        """Keep another schedule and work out what is next. Returns what went wrong.

        One with a name or a number that cannot be is refused. One that cannot be stored holds until the end.
        """
        wrong = rules.problem(schedule)
        if wrong is not None:
            return wrong
        before, marks, now = self.schedule, self._known_marks(), self._now()
        if schedule == before and self._is_stored:
            return None
        self._schedule = schedule
        for due in rules.moved_into_past(before, schedule, self._time.local, now):
            marks.setdefault((due.rule, due.night), Mark(due.rule, due.night, due.at, Fate.PASSED, now))
        for key, mark in list(marks.items()):
            # What never came may come yet, if it stands later now.
            unseen = mark.shows == 0 and mark.fate in (Fate.PASSED, Fate.MISSED)
            if unseen and (due_now := self._due(key)) is not None and due_now.at > now:
                del marks[key]
        self._keep_marks()
        try:
            self._schedule_store.save(rules.values_of(schedule))
            self._is_stored = True
        except StoreError as error:
            self._is_stored = False
            wrong = error.line
        self._look_again()
        return wrong

    def pause_until(self, night: date | None) -> Line | None:
        """Be quiet on all nights before `night`; None ends a pause. Returns what went wrong."""
        return self.change(replace(self.schedule, paused_until=night))

    # ---------------------------------------------------------------- watching

    def start(self) -> None:
        """Judge what is due, and arm the alarm for what comes."""
        if self._since is not None:
            return
        self._since = self._now()
        self._endings = [
            self._alarm.rings.subscribe(lambda _none: self.wake()),
            self._notifier.answered.subscribe(lambda answer: self._answered(*answer)),
            self._preferences.changed.subscribe(lambda _settings: self.wake()),
        ]
        self.wake()

    def stop(self) -> None:
        """Watch no longer; notes are taken away. It cannot be started again."""
        for end in self._endings:
            end()
        self._endings = []
        self._since = None
        self._notifier.close()
        self._alarm.close()

    def wake(self) -> None:
        """Judge anew now: the alarm rang, a session began or ended, the computer woke, a setting changed."""
        if self._since is not None:
            self._look(self._since, None)

    def _look_again(self) -> None:
        if self._since is not None:
            self._look(self._since, None)
        else:
            self.changed.publish(None)

    def _look(self, since: datetime, quiet: bool | None) -> None:
        """Judge all reminders that can matter. `quiet` is what the desktop said, None if it was not asked."""
        now, manners, busy = self._now(), self._manners(), self._busy()
        marks, zone = self._known_marks(), self._time.local
        before = dict(marks)
        settings = self._preferences.settings
        must_ask = quiet is None and (settings.wait_when_quiet or settings.wait_for_films)
        if must_ask and self._asked is not None and self._waited() >= rules.HELD_FOR.total_seconds():
            self._asked, must_ask = None, False  # no answer in a minute: nobody knows
            self._question += 1
        asks = False
        gone = self._close_strays(now)
        shows: list[tuple[Due, datetime, Mark]] = []
        looks: list[datetime] = []
        for night in rules.nights_near(now):
            if (_EVENING, night) in marks:
                continue
            for due in rules.dues(self.schedule, night, zone):
                key = (due.rule, due.night)
                mark = marks.get(key)
                present = Present(now, since, self._is_done(due, mark, now), busy, quiet is True)
                end = rules.over_at(self.schedule, due, zone, manners)
                verdict = rules.judge(due, end, mark, present, manners)
                if verdict.show and must_ask:
                    asks = True
                    looks.append(now + rules.HELD_FOR)
                    continue
                if verdict.mark is not None:
                    marks[key] = self._since_the_beginning(verdict.mark)
                    if verdict.show:
                        shows.append((due, end, verdict.mark))
                if verdict.withdraw:
                    gone.append(key)
                if verdict.again is not None:
                    looks.append(verdict.again)
        if marks != before:
            self._keep_marks()  # before anything is shown, so that a crash does not show it twice
        for key in gone:
            self._withdraw(key)
        coming = self._next(now, by_journal=False)
        self._alarm.set(min([*looks, *([coming.at] if coming is not None else [])], default=None))
        # The stretch comes last and so stands on top; quiet notes take each other's place.
        for due, end, mark in sorted(shows, key=lambda one: one[0].rule == STRETCH):
            self._show(due, end, mark, now)
        self.changed.publish(None)
        if asks and self._asked is None:
            self._asked = self._time.monotonic()
            self._question += 1
            heard = partial(self._heard, self._question)
            self._quiet.ask(heard, films=settings.wait_for_films, dnd=settings.wait_when_quiet)

    def _since_the_beginning(self, mark: Mark) -> Mark:
        """The mark as the user would put it: what was due before the first run was not missed."""
        if mark.fate is Fate.MISSED and self._began is not None and mark.due < self._began:
            return replace(mark, fate=Fate.PASSED, why=None)
        return mark

    def _heard(self, question: int, quiet: bool) -> None:
        """The desktop answered."""
        if question == self._question and self._asked is not None and self._since is not None:
            self._asked = None
            self._look(self._since, quiet)

    def _waited(self) -> float:
        """Seconds since the desktop was asked."""
        return self._time.monotonic() - (self._asked or 0.0)

    def _close_strays(self, now: datetime) -> list[tuple[str, date]]:
        """Close reminders that wait for an answer but have no place in the evening any more."""
        gone = []
        near, marks = rules.nights_near(now), self._known_marks()
        for key, mark in list(marks.items()):
            if not mark.fate.is_open or (mark.night in near and self._due(key) is not None):
                continue
            if mark.night <= near[-1]:
                fate = Fate.PASSED if mark.fate is Fate.HELD else Fate.UNANSWERED
                marks[key] = replace(mark, fate=fate, at=now)
            gone.append(key)  # a later one (the clock was set far back) may wait, but not on the screen
        return gone

    # ---------------------------------------------------------------- tonight

    def night(self) -> date:
        """The evening that is meant by tonight; from 04:00 on the coming one, once the one before is over."""
        return rules.tonight(self.schedule, self._now(), self._time.local)

    def tonight(self) -> list[Entry]:
        """Tonight in order, lights out with it; empty without a bedtime."""
        night, now = self.night(), self._now()
        marks = {rule: mark for (rule, when), mark in self._known_marks().items() if when == night}
        if _EVENING in marks:
            for due in rules.dues(self.schedule, night, self._time.local):
                marks.setdefault(due.rule, replace(marks[_EVENING], rule=due.rule, due=due.at))
        done = self._counts(night)
        return rules.timeline(self.schedule, night, self._time.local, now, marks, done=done)

    def next_due(self) -> Due | None:
        """The next bell, from the rules and what was marked; a snoozed one comes when its wait is over."""
        return self._next(self._now(), by_journal=True)

    def _next(self, now: datetime, *, by_journal: bool) -> Due | None:
        """`by_journal` leaves out a stretch that was done before its time, for which the journal is read."""
        marks, zone = self._known_marks(), self._time.local
        near = rules.nights_near(now)
        snoozed = [
            Due(mark.rule, mark.night, mark.at)
            for mark in marks.values()
            if mark.fate is Fate.SNOOZED and mark.night in near and mark.at > now
        ]
        quiet = {night for rule, night in marks if rule == _EVENING and night >= near[0]}
        known = sum(1 for _rule, night in marks if night >= near[0])
        # A quiet evening has no marks of its reminders: step over all of them.
        known += len(quiet) * len(self.schedule.items)
        # One more for a stretch that was done before its time.
        for due in rules.upcoming(self.schedule, now + timedelta.resolution, zone, known + 2):
            mark = marks.get((due.rule, due.night))
            if due.night in quiet or (mark is not None and mark.fate is not Fate.HELD):
                continue
            if by_journal and due.rule == STRETCH and due.night in near and self._counts(due.night):
                continue
            return min([*snoozed, due], key=lambda one: one.at)
        return min(snoozed, key=lambda one: one.at, default=None)

    @property
    def is_waiting(self) -> bool:
        """Whether a reminder is shown, put off or held back, or the desktop is being asked about one."""
        near = rules.nights_near(self._now())
        return self._asked is not None or any(
            mark.fate.is_open and mark.night in near for mark in self._known_marks().values()
        )

    def open_mark(self) -> Mark | None:
        """The stretch reminder that waits for an answer: it is shown or snoozed."""
        near = rules.nights_near(self._now())
        return next(
            (
                mark
                for mark in self._known_marks().values()
                if mark.rule == STRETCH and mark.night in near and mark.fate in (Fate.SHOWN, Fate.SNOOZED)
            ),
            None,
        )

    def may_snooze(self) -> bool:
        """Whether the stretch is on the screen and may still come again."""
        mark = self.open_mark()
        if mark is not None and mark.fate is Fate.SNOOZED:
            return False
        due = self._due((mark.rule, mark.night)) if mark is not None else None
        if due is None:
            return False
        manners = self._manners()
        end = rules.over_at(self.schedule, due, self._time.local, manners)
        return rules.may_snooze(mark, end, self._now(), manners)

    def snooze(self) -> Line | None:
        """Let the stretch come again later; asking twice puts it off once. Returns why it cannot."""
        mark, manners = self.open_mark(), self._manners()
        if mark is None:
            return Line(N_("No reminder is waiting for an answer just now."))
        if mark.fate is Fate.SNOOZED:
            return None
        if mark.snoozes >= manners.snoozes:
            return Line(N_("It has come as often as it may. It will not come again tonight."))
        if not self.may_snooze():
            return Line(N_("Lights out is too near to put it off."))
        again = replace(mark, fate=Fate.SNOOZED, at=self._now() + manners.snooze, snoozes=mark.snoozes + 1)
        self._withdraw((mark.rule, mark.night))
        self._mark(again)
        return None

    def skip_tonight(self) -> None:
        """No more reminders tonight; harmless when there are none."""
        self._skip(self.night())

    def _skip(self, night: date) -> None:
        now, marks = self._now(), self._known_marks()
        for key, mark in list(marks.items()):
            if mark.night == night and mark.fate.is_open:
                if mark.shows:
                    marks[key] = replace(mark, fate=Fate.SKIPPED, at=now)
                else:
                    del marks[key]
                self._withdraw(key)
        self._mark(Mark(_EVENING, night, now, Fate.SKIPPED, now))

    def undo_skip(self) -> None:
        """Remind tonight after all. What was on the screen already comes again only as a snooze would."""
        night, now, manners, marks = self.night(), self._now(), self._manners(), self._known_marks()
        if marks.pop((_EVENING, night), None) is None:
            return
        for key, mark in list(marks.items()):
            if (
                mark.night == night
                and mark.fate is Fate.SKIPPED
                and mark.snoozes < manners.snoozes_of(mark.rule)
            ):
                until = now + manners.snooze
                marks[key] = replace(mark, fate=Fate.SNOOZED, at=until, snoozes=mark.snoozes + 1)
        self._keep_marks()
        self._look_again()

    @property
    def is_quiet_tonight(self) -> bool:
        """Whether reminders were told to be quiet tonight."""
        return (_EVENING, self.night()) in self._known_marks()

    def tick(self, rule: str, done: bool) -> None:
        """Say that an item of tonight was done already, or take that back.

        A reminder whose time is over does not come when it is taken back.
        """
        night, now, marks = self.night(), self._now(), self._known_marks()
        local = rules.place(self.schedule, night, rule)
        if local is None:
            return
        key, at = (rule, night), self._time.local(local)
        mark = marks.get(key) or Mark(rule, night, at, Fate.DONE, now)
        if done:
            self._withdraw(key)
            self._mark(replace(mark, fate=Fate.DONE, at=now))
        elif key in marks and mark.fate is Fate.DONE:
            if mark.shows == 0 and at > now:
                del marks[key]
            else:
                marks[key] = replace(mark, fate=Fate.UNANSWERED if mark.shows else Fate.PASSED, at=now)
            self._keep_marks()
            self._look_again()

    # ---------------------------------------------------------------- what was missed

    def missed(self) -> list[Mark]:
        """Reminders of the last two nights that never came, oldest first, until they are acknowledged."""
        tonight = night_of(self._now())
        nights = (tonight - timedelta(days=1), tonight)
        found = [
            mark
            for key, mark in self._known_marks().items()
            if mark.fate is Fate.MISSED and mark.night in nights and key not in self._told
        ]
        found = [mark for mark in found if mark.rule != STRETCH or not self._counts(mark.night)]
        return sorted(found, key=lambda mark: mark.due)

    def acknowledge(self) -> None:
        """What was missed has been seen."""
        seen = {(mark.rule, mark.night) for mark in self.missed()}
        if seen:
            self._told |= seen
            self._keep_marks()
            self.changed.publish(None)

    # ---------------------------------------------------------------- notes

    def preview(self) -> None:
        """Show a sample of the stretch note now, whatever the hour; its buttons only put it away."""
        offer, now = self._offer(None), self._now()
        acts = [self._main_act(offer, offer)]
        if self._preferences.settings.snooze_times:
            acts.append((Act.SNOOZE, self._snooze_label()))
        acts.append((Act.SKIP, _("Not tonight")))
        self._notifier.show(self._stretch_note(PREVIEW, offer, _plan_text(offer), acts, now))

    def _show(self, due: Due, end: datetime, mark: Mark, now: datetime) -> None:
        key = _key((due.rule, due.night))
        if due.rule != STRETCH:
            self._there[key] = ((due.rule, due.night), "")
            self._notifier.show(self._quiet_note(key, due, now))
            return
        first = mark.shows == 1
        late = first and now - due.at > rules.PROMPT
        usual = self._offer(None)
        # In time the user's own plan is offered as it is; later only what still fits.
        offer = usual if first and not late else self._offer((end - now).total_seconds())
        acts = []
        if offer is not None or usual is None:
            acts.append(self._main_act(offer, usual))
        if not late and rules.may_snooze(mark, end, now, self._manners()):
            acts.append((Act.SNOOZE, self._snooze_label()))
        acts.append((Act.SKIP, _("Not tonight")))
        if usual is not None and offer is None:
            body = _("Lights out is near. Tomorrow is fine too.")
        else:
            body = _late_text(offer) if late else _plan_text(offer)
        note = self._stretch_note(key, offer, body, acts, now)
        if late:
            title = _("Your stretch was at {time}").format(time=self._clock(due.at))
            note = replace(note, heading=_("It is {time}").format(time=self._clock(now)), title=title)
        self._there[key] = ((due.rule, due.night), offer.plan_id if offer is not None else "")
        self._notifier.show(note)
        if first and self._may_chime(now):
            self._chime()

    def _main_act(self, offer: Offer | None, usual: Offer | None) -> tuple[Act, str]:
        if offer is None:
            return Act.OPEN, _("Open")
        if usual is not None and offer.plan_id == usual.plan_id:
            return Act.START, _("Start")
        return Act.START, _("Short one, {n} min").format(n=_minutes(offer))

    def _stretch_note(
        self, key: str, offer: Offer | None, body: str, acts: Sequence[tuple[Act, str]], now: datetime
    ) -> Note:
        figure = offer.figure if offer is not None else ""
        title = _("Time for your legs")
        return Note(key, STRETCH, self._heading(now), title, body, tuple(acts), figure=figure)

    def _quiet_note(self, key: str, due: Due, now: datetime) -> Note:
        item = self.schedule.item(due.rule)
        assert item is not None, due.rule
        name = item.name if item.own else _(item.name)
        acts = ((Act.DONE, _("Done")), (Act.SKIP, _("Not tonight")))
        return Note(key, due.rule, self._heading(now), name, _(item.detail), acts, stays=False)

    def _heading(self, now: datetime) -> str:
        return _("Stretch Coach, {time}").format(time=self._clock(now))

    def _snooze_label(self) -> str:
        minutes = self._preferences.settings.snooze_minutes
        return ngettext("In {n} minute", "In {n} minutes", minutes).format(n=minutes)

    def _may_chime(self, now: datetime) -> bool:
        settings = self._preferences.settings
        until = _since_noon(time.fromisoformat(settings.chime_until))
        return settings.reminder_chime and _since_noon(now.time()) <= until

    def _withdraw(self, key: tuple[str, date]) -> None:
        if self._there.pop(_key(key), None) is not None:
            self._notifier.withdraw(_key(key))

    def _answered(self, key: str, act: Act) -> None:
        """The user chose something on a note."""
        if key == PREVIEW:
            self._notifier.withdraw(key)
            return
        if key not in self._there:
            return  # a note of another run, or one that was withdrawn on the way
        reminder, plan_id = self._there[key]
        if act is Act.OPEN:
            self.wanted.publish((act, ""))
            return
        wrong = self.snooze() if act is Act.SNOOZE else None
        if wrong is not None:
            self.notices.publish(wrong)
        elif act is Act.SNOOZE:
            return
        self._withdraw(reminder)
        if act is Act.SKIP and reminder[0] == STRETCH:
            self._skip(reminder[1])
            return
        fates = {Act.START: Fate.STARTED, Act.DONE: Fate.DONE, Act.SKIP: Fate.SKIPPED}
        mark = self._known_marks()[reminder]
        self._mark(replace(mark, fate=fates.get(act, Fate.UNANSWERED), at=self._now()))
        if act is Act.START:
            self.wanted.publish((act, plan_id))

    # ---------------------------------------------------------------- what is known

    def _now(self) -> datetime:
        return rules.fixed(self._time.now())

    def _manners(self) -> Manners:
        settings = self._preferences.settings
        return Manners(
            timedelta(minutes=settings.grace_minutes),
            timedelta(minutes=settings.snooze_minutes),
            settings.snooze_times,
        )

    def _due(self, key: tuple[str, date]) -> Due | None:
        """The reminder of this rule and night as the schedule has it now."""
        rule, night = key
        return next(
            (one for one in rules.dues(self.schedule, night, self._time.local) if one.rule == rule), None
        )

    def _counts(self, night: date) -> bool:
        """Whether what was done of a night's routine keeps its reminder silent."""
        try:
            done = self._done(night)
        except StoreError as error:
            self._complain(error)
            return False
        return done is Done.WHOLE or (done is Done.PARTLY and self._preferences.settings.partly_counts)

    def _is_done(self, due: Due, mark: Mark | None, now: datetime) -> bool:
        """Whether the stretch is done; asked only when that matters, since the journal is read for it."""
        if (
            due.rule != STRETCH
            or (mark is None and now < due.at)
            or (mark is not None and not mark.fate.is_open)
        ):
            return False
        return self._counts(due.night)

    def _mark(self, mark: Mark) -> None:
        marks = self._known_marks()
        marks.pop((mark.rule, mark.night), None)
        marks[mark.rule, mark.night] = mark
        self._keep_marks()
        self._look_again()

    # ---------------------------------------------------------------- the stores

    def _known_schedule(self) -> Schedule:
        if self._schedule is None:
            values, damaged = self._schedule_store.load()
            self._schedule, wrong = rules.schedule_from(values)
            usual = [Line(N_("For these times of the evening the usual values are taken."))] if wrong else []
            self._repairs += [*([damaged] if damaged else []), *wrong, *usual]
        return self._schedule

    def _known_marks(self) -> dict[tuple[str, date], Mark]:
        if self._marks is None:
            values, damaged = self._mark_store.load()
            self._marks, self._told, wrong = _marks_from(values)
            self._began = _instant(values.get("began")) or self._now()
            self._repairs += [*([damaged] if damaged else []), *wrong]
        return self._marks

    def _keep_marks(self) -> None:
        marks, near = self._known_marks(), rules.nights_near(self._now())
        for key in sorted(marks, key=lambda one: (one[1] in near, marks[one].at))[:-KEPT]:
            del marks[key]
        self._told &= marks.keys()
        try:
            began = (self._began or self._now()).isoformat()
            values: dict[str, object] = {"began": began, "marks": _mark_values(marks, self._told)}
            if values != self._stored_marks:  # each write waits for the disk, on every step of a time
                self._stored_marks = None
                self._mark_store.save(values)
                self._stored_marks = values
        except StoreError as error:
            self._complain(error)

    def _complain(self, error: StoreError) -> None:
        if error.line not in self._said:
            self._said.add(error.line)
            self._repairs.append(error.line)  # for a window that comes later
            self.notices.publish(error.line)


# -------------------------------------------------------------------- words and values


def _key(reminder: tuple[str, date]) -> str:
    """The key of a note: one a rule and night, so that an old note can never answer for a new one."""
    rule, night = reminder
    return f"{rule} {night.isoformat()}"


def _minutes(offer: Offer) -> int:
    return max(1, round(offer.seconds / 60))


def _plan_text(offer: Offer | None) -> str:
    if offer is None:
        return ""
    minutes = _minutes(offer)
    text = ngettext("{name}, {n} minute", "{name}, {n} minutes", minutes)
    return _with(text.format(name=offer.name, n=minutes), offer.remark)


def _late_text(offer: Offer | None) -> str:
    if offer is None:
        return ""
    minutes = _minutes(offer)
    text = ngettext(
        "{n} minute still fits before lights out. Tomorrow is fine too.",
        "{n} minutes still fit before lights out. Tomorrow is fine too.",
        minutes,
    )
    return _with(text.format(n=minutes), offer.remark)


def _with(text: str, remark: str) -> str:
    return f"{text}\n{remark}" if remark else text


def _since_noon(at: time) -> int:
    """Minutes since the noon before: the evening and the night after it in one row."""
    return (at.hour * 60 + at.minute - 12 * 60) % (24 * 60)


def _mark_values(marks: Mapping[tuple[str, date], Mark], told: Collection[tuple[str, date]]) -> list[object]:
    return [_values_of(mark, key in told) for key, mark in marks.items()]


def _values_of(mark: Mark, told: bool) -> dict[str, object]:
    values: dict[str, object] = {
        "rule": mark.rule,
        "night": mark.night.isoformat(),
        "due": mark.due.isoformat(),
        "fate": mark.fate.value,
        "at": mark.at.isoformat(),
        "snoozes": mark.snoozes,
        "shows": mark.shows,
    }
    if mark.why is not None:
        values["why"] = mark.why.name
    if told:
        values["told"] = True
    return values


def _marks_from(
    values: Mapping[str, object],
) -> tuple[dict[tuple[str, date], Mark], set[tuple[str, date]], list[Line]]:
    """What became of earlier reminders; those that cannot be read are left out, and that is said."""
    stored = values.get("marks", [])
    marks: dict[tuple[str, date], Mark] = {}
    told: set[tuple[str, date]] = set()
    entries = stored if isinstance(stored, list) else [None]
    wrong = 0
    for entry in entries[-2 * KEPT :]:
        mark = _mark_from(entry)
        if mark is None:
            wrong += 1
            continue
        marks[mark.rule, mark.night] = mark
        if isinstance(entry, dict) and entry.get("told") is True:
            told.add((mark.rule, mark.night))
    if not wrong:
        return marks, told, []
    return (
        marks,
        told,
        [Line(N_("What became of {n} earlier reminders cannot be read."), (("n", str(wrong)),))],
    )


def _mark_from(entry: object) -> Mark | None:
    if not isinstance(entry, dict):
        return None
    rule, snoozes, shows = entry.get("rule"), entry.get("snoozes", 0), entry.get("shows", 0)
    why = entry.get("why")
    if not isinstance(rule, str) or len(rule) > rules.LONGEST_NAME:
        return None
    if type(snoozes) is not int or type(shows) is not int or not 0 <= snoozes <= 99 or not 0 <= shows <= 99:
        return None
    try:
        night = date.fromisoformat(entry["night"])
        fate, reason = Fate(entry["fate"]), Why[why] if why is not None else None
    except (KeyError, ValueError, TypeError):
        return None
    due, at = _instant(entry.get("due")), _instant(entry.get("at"))
    if due is None or at is None or night.year not in rules.YEARS:
        return None
    return Mark(rule, night, due, fate, at, snoozes, reason, shows)


def _instant(value: object) -> datetime | None:
    """An aware instant with a fixed offset as it was stored; None if it is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
