"""The evening: a bedtime for each weekday, what is anchored to it, and what becomes of a reminder.

It leaves out clocks, files and notifications: a zone comes in as a function, the present as a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import Enum

from coach.domain.night import night_of
from coach.i18n import N_

# The names of weekdays on the command line and in files; Monday first, as date.weekday() counts.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A reminder that comes later than this is kept as missed (issue: default 2 h).
GRACE = timedelta(hours=2)
SNOOZE = timedelta(minutes=10)
SNOOZES = 2
# While something outside holds a reminder back it is looked at again this often; nothing tells us the end.
HELD_FOR = timedelta(minutes=1)
# An item stands at most so many minutes before lights out.
FARTHEST = 24 * 60 - 1
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


# -------------------------------------------------------------------- what becomes of a reminder


class Fate(Enum):
    """What became of one reminder of one night."""

    SHOWN = "shown"
    SNOOZED = "snoozed"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"
    UNANSWERED = "unanswered"
    MISSED = "missed"
    PASSED = "passed"  # moved to a time that was over already

    @property
    def is_open(self) -> bool:
        """Whether it may still be shown (again)."""
        return self in (Fate.SHOWN, Fate.SNOOZED)


class Why(Enum):
    """Why a reminder was missed, as a sentence to be translated."""

    OFF = N_("the computer or Stretch Coach was off")
    ASLEEP = N_("the computer was asleep")
    BUSY = N_("the screen asked not to be disturbed")


@dataclass(frozen=True)
class Mark:
    """What became of the reminder `rule` of `night`, which was due at `due`.

    `at` is since when it is so, and for SNOOZED until when it waits. `snoozes` counts those used up.
    """

    rule: str
    night: date
    due: datetime
    fate: Fate
    at: datetime
    snoozes: int = 0
    why: Why | None = None


@dataclass(frozen=True)
class Manners:
    """How reminders behave: the user's settings."""

    grace: timedelta = GRACE
    snooze: timedelta = SNOOZE
    snoozes: int = SNOOZES
    partly_counts: bool = True


@dataclass(frozen=True)
class Present:
    """What matters when a reminder is looked at. `since` is when this run of the app began to watch.

    `done`: tonight's stretch was done; `busy`: a session is running; `quiet`: the desktop wants no notes.
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


def judge(due: Due, bed: datetime, mark: Mark | None, present: Present, manners: Manners) -> Verdict:
    """What to do now with a reminder that has `mark` so far; `bed` is lights out of its night.

    It never shows a rule twice a night but for snoozes, nothing after lights out, and nothing that is done.
    """
    now = present.now
    if mark is not None and not mark.fate.is_open:
        return Verdict(mark)
    if present.done and due.rule == STRETCH:
        if mark is None:
            return Verdict(None)
        return Verdict(replace(mark, fate=Fate.DONE, at=now), withdraw=True)
    if mark is None:
        return _judge_first(due, bed, present, manners)
    if present.busy and due.rule == STRETCH:
        return Verdict(replace(mark, fate=Fate.STARTED, at=now), withdraw=True)
    if now >= bed:
        return Verdict(replace(mark, fate=Fate.UNANSWERED, at=now), withdraw=True)
    if mark.fate is Fate.SHOWN:
        # The clock may have been set back: nobody waits longer than one snooze.
        since = min(mark.at, now)
        if now < since + manners.snooze:
            return Verdict(replace(mark, at=since), again=min(since + manners.snooze, bed))
        if mark.snoozes >= manners.snoozes:
            return Verdict(replace(mark, fate=Fate.UNANSWERED, at=now), withdraw=True)
        mark = replace(mark, fate=Fate.SNOOZED, at=now, snoozes=mark.snoozes + 1)
    until = min(mark.at, now + manners.snooze)
    if now < until:
        return Verdict(replace(mark, at=until), again=min(until, bed))
    if present.quiet:
        return Verdict(mark, again=min(now + HELD_FOR, bed))
    return _shown(replace(mark, fate=Fate.SHOWN, at=now), bed, manners)


def _judge_first(due: Due, bed: datetime, present: Present, manners: Manners) -> Verdict:
    now = present.now
    if now < due.at:
        return Verdict(None, again=due.at)
    if present.busy and now < bed:  # the end of the session will tell
        return Verdict(None, again=bed)
    late = now - due.at > manners.grace
    # An item at or after lights out, such as the morning stretch, has only its grace.
    over = now >= bed and due.at < bed
    if late or over:
        why = Why.OFF if present.since > due.at else Why.BUSY if present.quiet else Why.ASLEEP
        return Verdict(Mark(due.rule, due.night, due.at, Fate.MISSED, now, why=why))
    if present.quiet:
        return Verdict(None, again=now + HELD_FOR)
    return _shown(Mark(due.rule, due.night, due.at, Fate.SHOWN, now), bed, manners)


def _shown(mark: Mark, bed: datetime, manners: Manners) -> Verdict:
    again = mark.at + manners.snooze
    return Verdict(mark, show=True, again=min(again, bed) if mark.at < bed else again)


def may_snooze(mark: Mark | None, bed: datetime, now: datetime, manners: Manners) -> bool:
    """Whether "In 10 minutes" can still be offered: not used up, and before lights out."""
    used = 0 if mark is None else mark.snoozes
    return used < manners.snoozes and now + manners.snooze < bed


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
        ticked = mark is not None and mark.fate in (Fate.DONE, Fate.STARTED)
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
    tonight = night_of(now)
    for night in (tonight - timedelta(days=1), tonight, tonight + timedelta(days=1)):
        old = set(dues(before, night, zone))
        yield from (due for due in dues(after, night, zone) if due not in old and due.at <= now)
