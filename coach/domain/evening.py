"""The evening: a bedtime for each weekday, what is anchored to it, and what becomes of a reminder.

It leaves out clocks, files and notifications: a zone comes in as a function, the present as a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import Enum

from coach.domain.night import is_morning, night_of
from coach.i18n import N_, Line

# The names of weekdays on the command line and in files; Monday first, as date.weekday() counts.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A reminder that comes later than this is kept as missed (issue: default 2 h).
GRACE = timedelta(hours=2)
SNOOZE = timedelta(minutes=10)
SNOOZES = 2
# Up to here a reminder is on time, whatever the grace: some systems wake only once a minute.
PROMPT = timedelta(minutes=5)
# While something outside holds a reminder back it is looked at again this often; nothing tells us the end.
HELD_FOR = timedelta(minutes=1)
# An item stands at most so many minutes before lights out.
FARTHEST = 24 * 60 - 1
# The user's own items: how many, and how long their names may be.
OWN_ITEMS = 50
LONGEST_NAME = 80
# Pauses end, and nights are, in these years; files may hold anything.
YEARS = range(2000, 2200)
STRETCH = "stretch"
MAGNESIUM = "magnesium"

Zone = Callable[[datetime], datetime]
"""Makes an instant of a naive local time: a gap moves forward, a doubled hour takes its first.

The instant has a fixed offset: two of one rule-bound tzinfo would be compared by the wall, not by the world.
"""


@dataclass(frozen=True)
class Item:
    """Something with a place in the evening; `name` and `detail` are marked templates or the user's words."""

    id: str
    name: str
    detail: str = ""
    own: bool = False


@dataclass(frozen=True)
class Slot:
    """Where an item stands: `before` minutes ahead of lights out (0 to FARTHEST), or `at` a clock time.

    `on` puts it on the timeline, `bell` also reminds of it. Raises ValueError unless just one place is given.
    """

    before: int | None = None
    at: time | None = None
    on: bool = True
    bell: bool = False

    def __post_init__(self) -> None:
        if (self.before is None) == (self.at is None):
            raise ValueError("an item stands before lights out or at a time")
        if self.before is not None and not 0 <= self.before <= FARTHEST:
            raise ValueError(f"{self.before} minutes before lights out")

    @property
    def rings(self) -> bool:
        return self.on and self.bell


# The evening of content 1.3; hours before bed for caffeine after Gardiner 2023 (evidence 6), rounded up.
ITEMS: Mapping[str, tuple[Item, Slot]] = {
    "morning": (
        Item("morning", N_("Morning stretch"), N_("A first short block")),
        Slot(at=time(7, 30), on=False),
    ),
    "caffeine": (
        Item("caffeine", N_("Last coffee or tea"), N_("Caffeine stays for hours")),
        Slot(before=9 * 60, on=False),
    ),
    MAGNESIUM: (
        # The wording of evidence 9: the user's own choice, without a dose.
        Item(
            MAGNESIUM,
            N_("Magnesium"),
            N_(
                "Your own choice. Unlikely to prevent cramps in older adults; "
                "for restless legs it is unclear. Ask first."
            ),
        ),
        Slot(before=90, on=False),
    ),
    "dim": (Item("dim", N_("Dim the lights"), N_("Warm and low")), Slot(before=60)),
    STRETCH: (Item(STRETCH, N_("Stretch"), N_("Tonight’s plan")), Slot(before=45, bell=True)),
    "screens": (Item("screens", N_("Last screens"), N_("From here on by voice")), Slot(before=30)),
    "massage": (
        Item("massage", N_("Massage"), N_("Slow strokes, as you like")),
        Slot(before=20, on=False),
    ),
}


@dataclass(frozen=True)
class Evening:
    """One weekday's evening. `slots` has a place for every item; `on` False keeps the evening silent."""

    bedtime: time | None = None
    on: bool = True
    slots: Mapping[str, Slot] = field(
        default_factory=lambda: {item_id: slot for item_id, (_item, slot) in ITEMS.items()}
    )


@dataclass(frozen=True)
class Schedule:
    """Seven evenings, Monday first, and own items. `paused_until` is the first night after a pause."""

    evenings: tuple[Evening, ...] = (Evening(),) * 7
    own: tuple[Item, ...] = ()
    paused_until: date | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is a bedtime at all; nothing is due before."""
        return any(evening.bedtime is not None for evening in self.evenings)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items: those that ship, then the user's own."""
        return (*(item for item, _slot in ITEMS.values()), *self.own)

    def item(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)

    def evening(self, night: date) -> Evening:
        return self.evenings[night.weekday()]


# -------------------------------------------------------------------- when


def in_zone(zone: tzinfo) -> Zone:
    """The Zone of a tzinfo: PEP 495's first reading of a local time, moved out of a gap."""

    def resolve(local: datetime) -> datetime:
        return fixed(local.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone))

    return resolve


def fixed(instant: datetime) -> datetime:
    """The same aware instant and wall time, with the offset it has just then."""
    offset = instant.utcoffset()
    assert offset is not None
    return instant.replace(tzinfo=timezone(offset), fold=0)


def wall(night: date, at: time) -> datetime:
    """The naive local time of `at` in `night`: from midnight to noon it is the next day by the calendar."""
    return datetime.combine(night + timedelta(days=at.hour < 12), at)


def lights_out(schedule: Schedule, night: date) -> datetime | None:
    """The naive local bedtime of `night`; None for an evening without one, one that is off, or in a pause."""
    evening = schedule.evening(night)
    paused = schedule.paused_until is not None and night < schedule.paused_until
    if evening.bedtime is None or not evening.on or paused:
        return None
    return wall(night, evening.bedtime)


def place(schedule: Schedule, night: date, item_id: str) -> datetime | None:
    """The naive local time of an item that is on in `night`: offsets are taken on the wall clock."""
    bed = lights_out(schedule, night)
    slot = schedule.evening(night).slots.get(item_id)
    if bed is None or slot is None or not slot.on:
        return None
    if slot.at is not None:
        return wall(night, slot.at)
    assert slot.before is not None
    return bed - timedelta(minutes=slot.before)


@dataclass(frozen=True)
class Due:
    """A reminder that is due: its rule is the id of an item, `night` names the evening."""

    rule: str
    night: date
    at: datetime


def dues(schedule: Schedule, night: date, zone: Zone) -> list[Due]:
    """The reminders of one night, soonest first."""
    found = [
        Due(item.id, night, zone(local))
        for item in schedule.items
        if (local := place(schedule, night, item.id)) is not None
        and schedule.evening(night).slots[item.id].bell
    ]
    return sorted(found, key=lambda due: due.at)


def nights_near(now: datetime) -> tuple[date, date, date]:
    """The nights whose reminders can matter at aware local `now`, oldest first.

    The next one is among them because its items stand up to a day before its lights out.
    """
    night = night_of(now)
    return night - timedelta(days=1), night, night + timedelta(days=1)


def tonight(schedule: Schedule, now: datetime, zone: Zone) -> date:
    """The evening that is meant by "tonight" at aware local `now`.

    In the morning, from 04:00 on, that is the coming one, once the one before is over for two hours.
    """
    night = night_of(now)
    if not is_morning(now):
        return night
    locals_ = [lights_out(schedule, night), *(place(schedule, night, item.id) for item in schedule.items)]
    last = max((zone(local) for local in locals_ if local is not None), default=None)
    return night if last is not None and now < last + GRACE else night + timedelta(days=1)


def upcoming(schedule: Schedule, start: datetime, zone: Zone, count: int = 1) -> list[Due]:
    """The next `count` reminders from aware local `start` on (inclusive), from the rules alone."""
    if not any(slot.rings for evening in schedule.evenings for slot in evening.slots.values()):
        return []
    first = night_of(start) - timedelta(days=1)
    if schedule.paused_until is not None:
        first = max(first, schedule.paused_until - timedelta(days=1))
    found: list[Due] = []
    # Items of one night lie up to two days apart, so that nights may overlap: look three days past the last.
    enough: date | None = None
    for number in range(7 * (count + 2)):
        try:
            night = first + timedelta(days=number)
            if enough is not None and night > enough:
                break
            found += [due for due in dues(schedule, night, zone) if due.at >= start]
        except OverflowError:
            break
        if enough is None and len(found) >= count:
            enough = night + timedelta(days=3)
    return sorted(found, key=lambda due: due.at)[:count]


def weekly(schedule: Schedule, rule: str) -> list[tuple[int, time]]:
    """When a rule rings in any week: weekdays of the calendar (0 Monday) and local times, sorted.

    It knows of no pause: what the system keeps of it outlives one, and within one nothing rings all the same.
    """
    plain, monday = replace(schedule, paused_until=None), date(2024, 1, 1)
    found = []
    for night in (monday + timedelta(days=number) for number in range(7)):
        local = place(plain, night, rule)
        if local is not None and plain.evening(night).slots[rule].bell:
            found.append((local.weekday(), local.time()))
    return sorted(found)


# -------------------------------------------------------------------- what becomes of a reminder


class Fate(Enum):
    """What became of one reminder of one night."""

    HELD = "held"  # due, but the desktop wants no notes
    SHOWN = "shown"
    SNOOZED = "snoozed"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"
    UNANSWERED = "unanswered"
    MISSED = "missed"
    PASSED = "passed"  # nobody waits for it: moved to a time that was over, or a session ran until lights out

    @property
    def is_open(self) -> bool:
        """Whether it may still be shown (again)."""
        return self in (Fate.HELD, Fate.SHOWN, Fate.SNOOZED)


class Why(Enum):
    """Why a reminder was missed, as a part of a sentence to be translated."""

    OFF = N_("the computer or Stretch Coach was off")
    ASLEEP = N_("the computer was asleep or its clock was changed")
    BUSY = N_("the screen asked not to be disturbed")


@dataclass(frozen=True)
class Mark:
    """What became of the reminder `rule` of `night`, which was due at `due`.

    `at` is since when it is so, and for SNOOZED until when it waits. `snoozes` counts those used up, `shows`
    how often it was on the screen.
    """

    rule: str
    night: date
    due: datetime
    fate: Fate
    at: datetime
    snoozes: int = 0
    why: Why | None = None
    shows: int = 0


@dataclass(frozen=True)
class Manners:
    """How reminders behave: the user's settings."""

    grace: timedelta = GRACE
    snooze: timedelta = SNOOZE
    snoozes: int = SNOOZES

    def snoozes_of(self, rule: str) -> int:
        """Only the stretch comes again; the other notes are quiet and leave by themselves."""
        return self.snoozes if rule == STRETCH else 0


@dataclass(frozen=True)
class Present:
    """What matters when a reminder is looked at. `since` is when this run of the app began to watch.

    `done`: that night's stretch was done; `busy`: a session is running; `quiet`: the desktop wants no notes.
    """

    now: datetime
    since: datetime
    done: bool = False
    busy: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Verdict:
    """What to do with a reminder: the mark it has now, whether to show or withdraw it, when to look again."""

    mark: Mark | None
    show: bool = False
    withdraw: bool = False
    again: datetime | None = None


def over_at(schedule: Schedule, due: Due, zone: Zone, manners: Manners) -> datetime:
    """From when on the reminder `due` is of no use any more: lights out of its night.

    An item that stands at lights out or later, such as the morning stretch, has its grace instead.
    """
    local, bed = place(schedule, due.night, due.rule), lights_out(schedule, due.night)
    assert local is not None and bed is not None, f"{due.rule} has no place in {due.night}"
    # Compared on the wall: a gap may move the item past lights out, and then it is of no use at all.
    return zone(bed) if local < bed else due.at + max(manners.grace, PROMPT)


def judge(due: Due, end: datetime, mark: Mark | None, present: Present, manners: Manners) -> Verdict:
    """What to do now with a reminder that has `mark` so far and is over at `end` (see `over_at`).

    Nothing is shown before it is due, from `end` on, during a session, when it is done or answered, nor a
    second time but for the snoozes of the stretch.
    """
    now = present.now
    if mark is not None and not mark.fate.is_open:
        return Verdict(mark)
    if present.done and due.rule == STRETCH:
        if mark is None and now < due.at:
            return Verdict(None)
        mark = mark or Mark(due.rule, due.night, due.at, Fate.DONE, now)
        return Verdict(replace(mark, fate=Fate.DONE, at=now), withdraw=mark.shows > 0)
    if mark is None:
        return _judge_first(due, end, present, manners)
    mark = replace(mark, due=due.at)  # it may have been moved, or the computer with all its times
    if now >= end:
        if mark.fate is Fate.HELD:
            return Verdict(replace(mark, fate=Fate.MISSED, at=now, why=Why.BUSY))
        return Verdict(replace(mark, fate=Fate.UNANSWERED, at=now), withdraw=True)
    if mark.fate is Fate.SHOWN:
        return _judge_shown(due, end, mark, present, manners)
    return _judge_waiting(due, end, mark, present, manners)


def _judge_first(due: Due, end: datetime, present: Present, manners: Manners) -> Verdict:
    now = present.now
    if now < due.at:
        return Verdict(None, again=due.at)
    if present.busy and now < end:  # the end of the session will tell
        return Verdict(None, again=end)
    if present.busy or end <= due.at:
        return Verdict(Mark(due.rule, due.night, due.at, Fate.PASSED, now))
    if now >= end or now - due.at > max(manners.grace, PROMPT):
        why = Why.OFF if present.since > due.at else Why.ASLEEP
        return Verdict(Mark(due.rule, due.night, due.at, Fate.MISSED, now, why=why))
    mark = Mark(due.rule, due.night, due.at, Fate.HELD, now)
    return _judge_waiting(due, end, mark, present, manners)


def _judge_shown(due: Due, end: datetime, mark: Mark, present: Present, manners: Manners) -> Verdict:
    now = present.now
    # The clock may have been set back: nobody waits longer than one snooze.
    since = min(mark.at, now)
    if now < due.at:
        mark = _put_off(mark, due.at, now, manners)
    elif present.busy and due.rule == STRETCH:
        mark = _put_off(mark, now + manners.snooze, now, manners)
    elif now < since + manners.snooze:
        return Verdict(replace(mark, at=since), again=min(since + manners.snooze, end))
    else:
        mark = _put_off(mark, now, now, manners)
    if not mark.fate.is_open:
        return Verdict(mark, withdraw=True)
    then = _judge_waiting(due, end, mark, present, manners)
    return replace(then, withdraw=not then.show)


def _judge_waiting(due: Due, end: datetime, mark: Mark, present: Present, manners: Manners) -> Verdict:
    """For a reminder that is not on the screen and is to come (again)."""
    now = present.now
    until = due.at
    if mark.fate is Fate.SNOOZED:
        until = max(due.at, min(mark.at, now + manners.snooze))
        mark = replace(mark, at=until)
    if now < until:
        return Verdict(mark, again=min(until, end))
    if present.busy:
        return Verdict(mark, again=end)
    if present.quiet:
        return Verdict(mark, again=min(now + HELD_FOR, end))
    shown = replace(mark, fate=Fate.SHOWN, at=now, shows=mark.shows + 1)
    return Verdict(shown, show=True, again=min(now + manners.snooze, end))


def _put_off(mark: Mark, until: datetime, now: datetime, manners: Manners) -> Mark:
    """A reminder without an answer: one snooze is used up, or it is over."""
    if mark.snoozes >= manners.snoozes_of(mark.rule):
        return replace(mark, fate=Fate.UNANSWERED, at=now)
    return replace(mark, fate=Fate.SNOOZED, at=until, snoozes=mark.snoozes + 1)


def may_snooze(mark: Mark | None, end: datetime, now: datetime, manners: Manners) -> bool:
    """Whether "In 10 minutes" can still be offered for the stretch: not used up, and before it is over."""
    used = 0 if mark is None else mark.snoozes
    return used < manners.snoozes and now + manners.snooze < end


# -------------------------------------------------------------------- the timeline of a night


class State(Enum):
    """Where an entry of the timeline stands."""

    DONE = "done"
    PAST = "past"
    NEXT = "next"
    COMING = "coming"


@dataclass(frozen=True)
class Entry:
    """One line of the evening: an item at its instant; `item` None is lights out."""

    item: Item | None
    at: datetime
    state: State
    rings: bool = False
    mark: Mark | None = None


def timeline(
    schedule: Schedule,
    night: date,
    zone: Zone,
    now: datetime,
    marks: Mapping[str, Mark],
    *,
    done: bool = False,
) -> list[Entry]:
    """The evening of `night` in order, lights out with it; empty when it is off or has no bedtime.

    `marks` are those of this night by rule; `done` tells that tonight's stretch was done.
    """
    bed = lights_out(schedule, night)
    if bed is None:
        return []
    places: list[tuple[datetime, Item | None]] = [(zone(bed), None)]
    for one in schedule.items:
        local = place(schedule, night, one.id)
        if local is not None:
            places.append((zone(local), one))
    places.sort(key=lambda entry: entry[0])
    found: list[Entry] = []
    next_taken = False
    for at, item in places:
        mark = marks.get(item.id) if item is not None else None
        ticked = mark is not None and mark.fate is Fate.DONE  # what was begun is done when `done` says so
        if ticked or (done and item is not None and item.id == STRETCH):
            state = State.DONE
        elif at <= now:
            state = State.PAST
        elif not next_taken:
            state, next_taken = State.NEXT, True
        else:
            state = State.COMING
        rings = item is not None and schedule.evening(night).slots[item.id].bell
        found.append(Entry(item, at, state, rings, mark))
    return found


# -------------------------------------------------------------------- edits


def _on_days(schedule: Schedule, days: Sequence[int], change: Callable[[Evening], Evening]) -> Schedule:
    chosen = set(days)
    evenings = tuple(
        change(evening) if day in chosen else evening for day, evening in enumerate(schedule.evenings)
    )
    return replace(schedule, evenings=evenings)


def with_bedtime(schedule: Schedule, days: Sequence[int], at: time | None) -> Schedule:
    """Set lights out on `days` (0 Monday to 6); an evening with a new bedtime is on."""
    return _on_days(schedule, days, lambda one: replace(one, bedtime=at, on=one.on or at is not None))


def with_on(schedule: Schedule, days: Sequence[int], on: bool) -> Schedule:
    """Switch whole evenings on or off."""
    return _on_days(schedule, days, lambda one: replace(one, on=on))


def with_slot(schedule: Schedule, days: Sequence[int], item_id: str, slot: Slot) -> Schedule:
    """Put an item in another place on `days`."""
    return _on_days(schedule, days, lambda one: replace(one, slots={**one.slots, item_id: slot}))


def copied(schedule: Schedule, day: int, days: Sequence[int]) -> Schedule:
    """Make `days` the same as `day`."""
    pattern = schedule.evenings[day]
    return _on_days(schedule, days, lambda _one: pattern)


def with_own(schedule: Schedule, name: str, slot: Slot) -> tuple[Schedule, str]:
    """Add an item of the user's own on every evening; returns its id too."""
    taken = {item.id for item in schedule.own}
    number = next(n for n in range(1, len(taken) + 2) if f"own-{n}" not in taken)
    item = Item(f"own-{number}", name, own=True)
    added = replace(schedule, own=(*schedule.own, item))
    return with_slot(added, range(7), item.id, slot), item.id


def renamed(schedule: Schedule, item_id: str, name: str) -> Schedule:
    """Give an own item another name."""
    own = tuple(replace(item, name=name) if item.id == item_id else item for item in schedule.own)
    return replace(schedule, own=own)


def without_own(schedule: Schedule, item_id: str) -> Schedule:
    """Take an own item away from every evening; items that ship stay."""
    if not any(item.id == item_id for item in schedule.own):
        return schedule
    kept = tuple(item for item in schedule.own if item.id != item_id)
    evenings = tuple(
        replace(evening, slots={id: slot for id, slot in evening.slots.items() if id != item_id})
        for evening in schedule.evenings
    )
    return replace(schedule, own=kept, evenings=evenings)


def moved_into_past(before: Schedule, after: Schedule, zone: Zone, now: datetime) -> Iterator[Due]:
    """Reminders near `now` that a change of the schedule made due in the past: nobody waits for those."""
    for night in nights_near(now):
        old = set(dues(before, night, zone))
        yield from (due for due in dues(after, night, zone) if due not in old and due.at <= now)


# -------------------------------------------------------------------- as plain values, for a file


def problem(schedule: Schedule) -> Line | None:
    """What is wrong with a schedule that is to be kept: too many items of one's own, or a name, or a date."""
    if len(schedule.own) > OWN_ITEMS:
        return Line(N_("There is room for {n} items of your own."), (("n", str(OWN_ITEMS)),))
    for item in schedule.own:
        if not _is_name(item.name):
            fields = (("name", item.name[:LONGEST_NAME]), ("n", str(LONGEST_NAME)))
            return Line(N_("“{name}” cannot be a name: one line of 1 to {n} characters."), fields)
    if schedule.paused_until is not None and schedule.paused_until.year not in YEARS:
        return Line(N_("A pause ends on a day of the calendar, such as 2026-12-01."))
    return None


def values_of(schedule: Schedule) -> dict[str, object]:
    """A schedule as plain values; items that stand where they usually do are left out."""
    usual = Evening().slots
    days: dict[str, object] = {}
    for day, evening in zip(DAYS, schedule.evenings, strict=True):
        slots = {
            item.id: _slot_values(evening.slots[item.id])
            for item in schedule.items
            if item.id in evening.slots and evening.slots[item.id] != usual.get(item.id)
        }
        days[day] = {
            "bedtime": evening.bedtime.strftime("%H:%M") if evening.bedtime is not None else None,
            "on": evening.on,
            "items": slots,
        }
    values: dict[str, object] = {"evenings": days}
    if schedule.own:
        values["own"] = [{"id": item.id, "name": item.name} for item in schedule.own]
    if schedule.paused_until is not None:
        values["paused_until"] = schedule.paused_until.isoformat()
    return values


def _slot_values(slot: Slot) -> dict[str, object]:
    where = {"before": slot.before} if slot.at is None else {"at": slot.at.strftime("%H:%M")}
    return {**where, "on": slot.on, "bell": slot.bell}


def schedule_from(values: Mapping[str, object]) -> tuple[Schedule, list[Line]]:
    """A schedule from stored values: what is wrong falls back to what is usual, and is said.

    It takes anything that JSON can hold. At most 20 things are said one by one.
    """
    reader = _Reader()
    own = reader.own(values.get("own", []))
    days = reader.table(values.get("evenings", {}), "evenings")
    for name in days:
        if name not in DAYS:
            reader.complain(N_("“{where}” is no weekday: mon, tue, wed, thu, fri, sat or sun."), name)
    evenings = tuple(reader.evening(days.get(day, {}), day, own) for day in DAYS)
    paused = reader.day(values.get("paused_until"), "paused_until")
    for name in values:
        if name not in ("own", "evenings", "paused_until"):
            reader.complain(N_("“{where}” is not known."), name)
    return Schedule(evenings, own, paused), reader.lines()


_SAID = 20


class _Reader:
    """Reads values that may be wrong anywhere, and gathers what was wrong."""

    def __init__(self) -> None:
        self._found: list[Line] = []
        self._more = 0

    def lines(self) -> list[Line]:
        if self._more:
            more = Line(N_("{n} more values were wrong as well."), (("n", str(self._more)),))
            return [*self._found, more]
        return self._found

    def complain(self, template: str, where: str) -> None:
        if len(self._found) < _SAID:
            shown = "".join(one if one.isprintable() else "�" for one in where[:LONGEST_NAME])
            self._found.append(Line(template, (("where", shown),)))
        else:
            self._more += 1

    def table(self, value: object, where: str) -> Mapping[str, object]:
        if isinstance(value, Mapping):
            return value
        self.complain(N_("“{where}” must be a table of names and values."), where)
        return {}

    def own(self, value: object) -> tuple[Item, ...]:
        if not isinstance(value, list):
            self.complain(N_("“{where}” must be a list of items."), "own")
            return ()
        found: dict[str, Item] = {}
        for number, entry in enumerate(value, 1):
            where = f"own {number}"
            if len(found) == OWN_ITEMS:
                self.complain(N_("“{where}” and what follows is left out: 50 items are the most."), where)
                break
            entry = self.table(entry, where)
            item_id, name = entry.get("id"), entry.get("name")
            if not isinstance(item_id, str) or not _is_own_id(item_id) or item_id in found:
                self.complain(N_("“{where}” needs an id of its own, such as own-1."), where)
            elif not isinstance(name, str) or not _is_name(name):
                self.complain(N_("“{where}” needs a name: one line of 1 to 80 characters."), where)
            else:
                found[item_id] = Item(item_id, name, own=True)
        return tuple(found.values())

    def evening(self, value: object, day: str, own: Sequence[Item]) -> Evening:
        table = self.table(value, day)
        for name in table:
            if name not in ("bedtime", "on", "items"):
                self.complain(N_("“{where}” is not known."), f"{day} {name}")
        usual = Evening()
        # Where a place of an own item is wrong or missing it is off, so that nothing rings unasked.
        slots = {**usual.slots, **{item.id: Slot(before=60, on=False) for item in own}}
        items = self.table(table.get("items", {}), f"{day} items")
        for item_id, wanted in items.items():
            if item_id not in slots:
                self.complain(N_("“{where}” is not an item of the evening."), f"{day} {item_id}")
            else:
                slots[item_id] = self.slot(wanted, f"{day} {item_id}", slots[item_id])
        bedtime = table.get("bedtime")
        at = self.clock(bedtime, f"{day} bedtime") if bedtime is not None else None
        return Evening(at, self.switch(table, "on", day, usual.on), slots)

    def slot(self, value: object, where: str, usual: Slot) -> Slot:
        table = self.table(value, where)
        on = self.switch(table, "on", where, usual.on)
        bell = self.switch(table, "bell", where, usual.bell)
        for name in table:
            if name not in ("before", "at", "on", "bell"):
                self.complain(N_("“{where}” is not known."), f"{where} {name}")
        if "at" in table and "before" not in table:
            at = self.clock(table["at"], f"{where} at")
            if at is not None:
                return Slot(at=at, on=on, bell=bell)
        elif "before" in table:
            before = table["before"]
            if type(before) is int and 0 <= before <= FARTHEST and "at" not in table:
                return Slot(before=before, on=on, bell=bell)
            template = N_("“{where}” must be either a time or whole minutes from 0 to 1439 before bedtime.")
            self.complain(template, where)
        return replace(usual, on=on, bell=bell)

    def switch(self, table: Mapping[str, object], name: str, where: str, usual: bool) -> bool:
        value = table.get(name, usual)
        if isinstance(value, bool):
            return value
        self.complain(N_("“{where}” must be true or false."), f"{where} {name}")
        return usual

    def clock(self, value: object, where: str) -> time | None:
        try:
            if isinstance(value, str) and (at := time.fromisoformat(value)).strftime("%H:%M") == value:
                return at
        except ValueError:
            pass
        self.complain(N_("“{where}” must be a time such as 22:30."), where)
        return None

    def day(self, value: object, where: str) -> date | None:
        if value is None:
            return None
        try:
            found = date.fromisoformat(value) if isinstance(value, str) else None
            if found is not None and found.isoformat() == value and found.year in YEARS:
                return found
        except ValueError:
            pass
        self.complain(N_("“{where}” must be a day such as 2026-12-01."), where)
        return None


def _is_name(text: str) -> bool:
    return bool(text.strip()) and len(text) <= LONGEST_NAME and text.isprintable()


def _is_own_id(text: str) -> bool:
    number = text.removeprefix("own-")
    return number != text and number.isascii() and number.isdigit() and 0 < len(number) <= 3
