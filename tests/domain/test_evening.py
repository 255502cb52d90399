"""The rules of the evening, one by one: places, due times, what becomes of a reminder, and files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain import evening as rules
from coach.domain.evening import (
    DAYS,
    ITEMS,
    MAGNESIUM,
    OWN_ITEMS,
    STRETCH,
    Due,
    Evening,
    Fate,
    Item,
    Manners,
    Mark,
    Present,
    Schedule,
    Slot,
    State,
    Verdict,
    Why,
)
from coach.i18n import render

FRIDAY = date(2026, 11, 20)
SATURDAY = FRIDAY + timedelta(days=1)
ZONE = timezone(timedelta(hours=1))
BERLIN = rules.in_zone(ZoneInfo("Europe/Berlin"))
WEEK = range(7)
MANNERS = Manners()


def at(hour: int, minute: int = 0, day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def bedtime(hour: int = 22, minute: int = 45) -> Schedule:
    return rules.with_bedtime(Schedule(), WEEK, time(hour, minute))


# -------------------------------------------------------------------- places


@pytest.mark.parametrize("place", [{}, {"before": 5, "at": time(22)}, {"before": -1}, {"before": 1440}])
def test_an_item_stands_in_just_one_place(place: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"before lights out"):
        Slot(**place)  # type: ignore[arg-type]


def test_only_the_stretch_rings_until_one_says_otherwise() -> None:
    assert [item_id for item_id, (_item, slot) in ITEMS.items() if slot.rings] == [STRETCH]
    assert not ITEMS[MAGNESIUM][1].on


def test_an_offset_is_taken_on_the_wall_and_midnight_changes_no_night() -> None:
    schedule = bedtime(0, 30)
    assert rules.lights_out(schedule, FRIDAY) == datetime(2026, 11, 21, 0, 30)
    assert rules.place(schedule, FRIDAY, STRETCH) == datetime(2026, 11, 20, 23, 45)
    assert rules.place(schedule, FRIDAY, "screens") == datetime(2026, 11, 21, 0, 0)
    morning = rules.with_slot(schedule, WEEK, "morning", Slot(at=time(7, 30)))
    assert rules.place(morning, FRIDAY, "morning") == datetime(2026, 11, 21, 7, 30)


def test_what_is_off_has_no_place() -> None:
    schedule = bedtime()
    assert rules.place(schedule, FRIDAY, "massage") is None
    assert rules.place(schedule, FRIDAY, "nonsense") is None
    assert rules.lights_out(Schedule(), FRIDAY) is None
    assert rules.lights_out(rules.with_on(schedule, [4], False), FRIDAY) is None
    paused = replace(schedule, paused_until=SATURDAY)
    assert rules.lights_out(paused, FRIDAY) is None and rules.lights_out(paused, SATURDAY) is not None
    assert not Schedule().is_set and schedule.is_set


def test_a_fixed_offset_is_the_one_of_that_moment() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert rules.fixed(summer).tzinfo == timezone(timedelta(hours=2))
    assert rules.fixed(summer) == summer


# -------------------------------------------------------------------- what is next


def test_the_next_reminders_come_in_order_and_from_the_very_moment_on() -> None:
    schedule = rules.with_slot(bedtime(), WEEK, "caffeine", Slot(before=24 * 60 - 1, bell=True))
    found = rules.upcoming(schedule, at(22), BERLIN, 3)
    assert [(due.rule, due.night, due.at) for due in found] == [
        (STRETCH, FRIDAY, at(22)),
        ("caffeine", SATURDAY, at(22, 46)),
        (STRETCH, SATURDAY, at(22, day=SATURDAY)),
    ]


def test_nothing_is_next_without_bells_or_in_a_pause_without_end() -> None:
    silent = rules.with_slot(bedtime(), WEEK, STRETCH, Slot(before=45))
    assert rules.upcoming(silent, at(12), BERLIN) == []
    assert rules.upcoming(Schedule(), at(12), BERLIN) == []
    to_the_end = replace(bedtime(), paused_until=date.max)
    assert [due.night for due in rules.upcoming(to_the_end, at(12), BERLIN, 3)] == [date.max]


def test_a_pause_is_stepped_over() -> None:
    paused = replace(bedtime(), paused_until=date(2027, 3, 1))
    assert [due.night for due in rules.upcoming(paused, at(12), BERLIN, 2)] == [
        date(2027, 3, 1),
        date(2027, 3, 2),
    ]


@pytest.mark.parametrize(
    ("bed", "now", "night"),
    [
        (time(22, 45), at(12), FRIDAY),
        (time(22, 45), at(23), FRIDAY),
        (time(22, 45), at(3, 59, SATURDAY), FRIDAY),
        (time(22, 45), at(4, 0, SATURDAY), SATURDAY),
        (time(4, 30), at(6, 29, SATURDAY), FRIDAY),
        (time(4, 30), at(6, 30, SATURDAY), SATURDAY),
        (None, at(4, 0, SATURDAY), SATURDAY),
        (None, at(3, 0, SATURDAY), FRIDAY),
    ],
)
def test_in_the_morning_tonight_is_the_coming_evening_once_the_last_is_over(
    bed: time | None, now: datetime, night: date
) -> None:
    assert rules.tonight(rules.with_bedtime(Schedule(), WEEK, bed), now, BERLIN) == night


def test_a_morning_item_belongs_to_tonight_until_two_hours_after() -> None:
    schedule = rules.with_slot(bedtime(), WEEK, "morning", Slot(at=time(7, 30)))
    assert rules.tonight(schedule, at(9, 29, SATURDAY), BERLIN) == FRIDAY
    assert rules.tonight(schedule, at(9, 30, SATURDAY), BERLIN) == SATURDAY


# -------------------------------------------------------------------- what becomes of a reminder

DUE = Due(STRETCH, FRIDAY, at(22))
BED = at(22, 45)
SHOWN = Mark(STRETCH, FRIDAY, at(22), Fate.SHOWN, at(22), shows=1)
SNOOZED = Mark(STRETCH, FRIDAY, at(22), Fate.SNOOZED, at(22, 10), snoozes=1, shows=1)
HELD = Mark(STRETCH, FRIDAY, at(22), Fate.HELD, at(22))


def look(
    now: datetime,
    mark: Mark | None = None,
    *,
    due: Due = DUE,
    end: datetime = BED,
    manners: Manners = MANNERS,
    since: datetime | None = None,
    done: bool = False,
    busy: bool = False,
    quiet: bool = False,
) -> Verdict:
    return rules.judge(due, end, mark, Present(now, since or at(12), done, busy, quiet), manners)


def fate(verdict: Verdict) -> Fate | None:
    return verdict.mark.fate if verdict.mark is not None else None


def test_before_it_is_due_it_waits() -> None:
    assert look(at(21, 59)) == Verdict(None, again=at(22))
    assert look(at(21, 59), busy=True) == Verdict(None, again=at(22))


def test_at_its_minute_it_is_shown() -> None:
    assert look(at(22)) == Verdict(SHOWN, show=True, again=at(22, 10))


def test_near_lights_out_it_looks_again_then() -> None:
    assert look(at(22, 40)).again == BED
    assert look(at(22, 40), replace(SHOWN, at=at(22, 40))).again == BED
    assert look(at(22, 40), replace(SNOOZED, at=at(22, 50))).again == BED
    assert look(at(22, 44, FRIDAY) + timedelta(seconds=30), HELD, quiet=True).again == BED


@pytest.mark.parametrize(
    ("now", "since", "why"),
    [(at(22, 45), at(12), Why.ASLEEP), (at(3, day=SATURDAY), at(22, 30), Why.OFF)],
)
def test_at_lights_out_it_is_too_late(now: datetime, since: datetime, why: Why) -> None:
    verdict = look(now, since=since)
    assert not verdict.show and verdict.again is None
    assert verdict.mark == Mark(STRETCH, FRIDAY, at(22), Fate.MISSED, now, why=why)


def test_later_than_the_grace_is_too_late_and_five_minutes_never_are() -> None:
    early = replace(DUE, at=at(20))
    assert look(at(22), due=early).show
    assert fate(look(at(22, 1), due=early)) is Fate.MISSED
    none = Manners(grace=timedelta(0))
    assert look(at(22, 5), manners=none).show
    assert fate(look(at(22, 6), manners=none)) is Fate.MISSED


@pytest.mark.parametrize("mark", [SHOWN, SNOOZED, HELD])
def test_lights_out_closes_what_is_open(mark: Mark) -> None:
    verdict = look(BED, mark)
    assert fate(verdict) is (Fate.MISSED if mark is HELD else Fate.UNANSWERED)
    assert verdict.withdraw is (mark is not HELD) and verdict.again is None
    if mark is HELD:
        assert verdict.mark is not None and verdict.mark.why is Why.BUSY


@pytest.mark.parametrize("closed", [one for one in Fate if not one.is_open])
def test_what_is_closed_stays_closed(closed: Fate) -> None:
    mark = replace(SHOWN, fate=closed)
    assert look(at(22, 5), mark) == Verdict(mark)
    assert look(at(22, 5), mark, done=True) == Verdict(mark)


def test_done_is_done() -> None:
    assert look(at(21), done=True) == Verdict(None)
    assert look(at(22), done=True) == Verdict(replace(SHOWN, fate=Fate.DONE, shows=0))
    shown = look(at(22, 3), SHOWN, done=True)
    assert shown == Verdict(replace(SHOWN, fate=Fate.DONE, at=at(22, 3)), withdraw=True)
    other = replace(DUE, rule="dim")
    assert look(at(22), due=other, done=True).show


def test_no_answer_uses_up_one_snooze_after_the_other() -> None:
    assert look(at(22, 9), SHOWN) == Verdict(SHOWN, again=at(22, 10))
    second = look(at(22, 10), SHOWN)
    assert second.show and not second.withdraw and second.mark is not None
    assert (second.mark.snoozes, second.mark.shows) == (1, 2)
    third = look(at(22, 20), second.mark)
    assert third.show and third.mark is not None and third.mark.snoozes == 2
    last = look(at(22, 30), third.mark)
    assert (fate(last), last.show, last.withdraw, last.again) == (Fate.UNANSWERED, False, True, None)


def test_other_items_come_just_once() -> None:
    mark = replace(SHOWN, rule="dim")
    assert fate(look(at(22, 10), mark, due=replace(DUE, rule="dim"))) is Fate.UNANSWERED


def test_a_snooze_waits_and_comes_again() -> None:
    assert look(at(22, 9), SNOOZED) == Verdict(SNOOZED, again=at(22, 10))
    assert look(at(22, 10), SNOOZED).show


def test_a_session_holds_it_back() -> None:
    assert look(at(22, 1), busy=True) == Verdict(None, again=BED)
    assert fate(look(BED, busy=True)) is Fate.PASSED
    shown = look(at(22, 3), SHOWN, busy=True)
    assert (fate(shown), shown.withdraw, shown.again) == (Fate.SNOOZED, True, at(22, 13))
    assert look(at(22, 15), SNOOZED, busy=True) == Verdict(SNOOZED, again=BED)
    last = look(at(22, 23), replace(SHOWN, at=at(22, 20), snoozes=2), busy=True)
    assert (fate(last), last.withdraw) == (Fate.UNANSWERED, True)
    other = replace(SHOWN, rule="dim")
    assert look(at(22, 3), other, due=replace(DUE, rule="dim"), busy=True) == Verdict(other, again=at(22, 10))


def test_do_not_disturb_holds_it_back_as_long_as_it_may() -> None:
    first = look(at(22), quiet=True)
    assert first == Verdict(HELD, again=at(22, 1))
    assert look(at(22, 1), HELD, quiet=True) == Verdict(HELD, again=at(22, 2))
    assert look(at(22, 30), HELD).show
    assert look(at(22, 12), SNOOZED, quiet=True) == Verdict(SNOOZED, again=at(22, 13))
    unanswered = look(at(22, 10), SHOWN, quiet=True)
    assert (fate(unanswered), unanswered.withdraw) == (Fate.SNOOZED, True)
    early = replace(DUE, at=at(19))
    assert look(at(22, 30), replace(HELD, due=early.at), due=early).show


def test_set_back_it_waits_for_its_time_again_and_nobody_longer_than_a_snooze() -> None:
    shown = look(at(21), SHOWN)
    assert (fate(shown), shown.withdraw, shown.again) == (Fate.SNOOZED, True, at(22))
    assert fate(look(at(21), replace(SHOWN, snoozes=2))) is Fate.UNANSWERED
    snoozed = look(at(21), SNOOZED)
    assert snoozed.again == at(22) and not snoozed.show
    assert look(at(21), HELD) == Verdict(HELD, again=at(22))
    later = replace(SHOWN, at=at(22, 30))
    assert look(at(22, 5), later) == Verdict(replace(SHOWN, at=at(22, 5)), again=at(22, 15))
    assert look(at(22, 5), replace(SNOOZED, at=at(22, 40))).again == at(22, 15)


def test_moved_while_open_it_goes_by_its_new_time() -> None:
    moved = replace(DUE, at=at(22, 15))
    assert look(at(22, 5), HELD, due=moved) == Verdict(replace(HELD, due=at(22, 15)), again=at(22, 15))


def test_an_item_at_lights_out_or_later_has_its_grace_instead() -> None:
    schedule = rules.with_slot(bedtime(), WEEK, "morning", Slot(at=time(7, 30), bell=True))
    due = Due("morning", FRIDAY, at(7, 30, SATURDAY))
    end = rules.over_at(schedule, due, BERLIN, MANNERS)
    assert end == at(9, 30, SATURDAY)
    assert look(at(7, 40, SATURDAY), due=due, end=end).show
    assert fate(look(at(9, 30, SATURDAY), due=due, end=end)) is Fate.MISSED
    assert rules.over_at(schedule, due, BERLIN, Manners(grace=timedelta(0))) == at(7, 35, SATURDAY)
    assert rules.over_at(bedtime(), DUE, BERLIN, MANNERS) == BED


def test_what_the_gap_moves_past_lights_out_passes_in_silence() -> None:
    schedule = bedtime(3, 15)
    (due,) = rules.dues(schedule, date(2026, 3, 28), BERLIN)
    end = rules.over_at(schedule, due, BERLIN, MANNERS)
    assert due.at > end
    assert fate(look(due.at, due=due, end=end)) is Fate.PASSED


def test_a_snooze_is_offered_while_it_can_still_come() -> None:
    assert rules.may_snooze(None, BED, at(22), MANNERS)
    assert rules.may_snooze(SNOOZED, BED, at(22, 34), MANNERS)
    assert not rules.may_snooze(SNOOZED, BED, at(22, 35), MANNERS)
    assert not rules.may_snooze(replace(SHOWN, snoozes=2), BED, at(22), MANNERS)


fates = st.none() | st.sampled_from([SHOWN, SNOOZED, HELD, *(replace(SHOWN, fate=f) for f in Fate)])
instants = st.integers(-3 * 86400, 3 * 86400).map(lambda seconds: at(22) + timedelta(seconds=seconds))


@given(
    now=instants,
    mark=fates,
    mark_at=instants,
    snoozes=st.integers(0, 3),
    since=instants,
    done=st.booleans(),
    busy=st.booleans(),
    quiet=st.booleans(),
    grace=st.integers(0, 240),
    rule=st.sampled_from([STRETCH, "dim"]),
    end=st.integers(-60, 300),
)
def test_whatever_happened_before_nothing_is_shown_when_it_must_not_be(
    now: datetime,
    mark: Mark | None,
    mark_at: datetime,
    snoozes: int,
    since: datetime,
    done: bool,
    busy: bool,
    quiet: bool,
    grace: int,
    rule: str,
    end: int,
) -> None:
    due = replace(DUE, rule=rule)
    over = due.at + timedelta(minutes=end)
    manners = Manners(grace=timedelta(minutes=grace))
    before = replace(mark, rule=rule, at=mark_at, snoozes=snoozes) if mark is not None else None
    verdict = rules.judge(due, over, before, Present(now, since, done, busy, quiet), manners)
    if verdict.show:
        assert due.at <= now < over
        assert not busy and not quiet and not (done and rule == STRETCH)
        assert verdict.mark is not None and verdict.mark.fate is Fate.SHOWN and not verdict.withdraw
        if before is None:
            assert now - due.at <= max(manners.grace, rules.PROMPT)
        else:
            assert before.fate.is_open
            assert verdict.mark.shows == before.shows + 1
    if verdict.again is not None:
        assert verdict.again > now
        assert verdict.mark is None or verdict.mark.fate.is_open
    elif verdict.mark is not None:
        assert not verdict.mark.fate.is_open


# -------------------------------------------------------------------- the timeline


def test_the_evening_in_order_with_done_now_and_next() -> None:
    marks = {
        "dim": Mark("dim", FRIDAY, at(21, 45), Fate.DONE, at(21, 45)),
        STRETCH: Mark(STRETCH, FRIDAY, at(22), Fate.SKIPPED, at(22)),
    }
    found = rules.timeline(bedtime(), FRIDAY, BERLIN, at(22, 5), marks)
    assert [(one.item.id if one.item else None, one.at, one.state, one.rings) for one in found] == [
        ("dim", at(21, 45), State.DONE, False),
        (STRETCH, at(22), State.PAST, True),
        ("screens", at(22, 15), State.NEXT, False),
        (None, BED, State.COMING, False),
    ]
    assert [one.mark for one in found] == [marks["dim"], marks[STRETCH], None, None]
    done = rules.timeline(bedtime(), FRIDAY, BERLIN, at(21), {}, done=True)
    assert [one.state for one in done] == [State.NEXT, State.DONE, State.COMING, State.COMING]
    assert rules.timeline(Schedule(), FRIDAY, BERLIN, at(21), {}) == []


@pytest.mark.parametrize("done", [False, True])
def test_a_stretch_that_was_begun_is_done_only_when_the_journal_says_so(done: bool) -> None:
    marks = {STRETCH: Mark(STRETCH, FRIDAY, at(22), Fate.STARTED, at(22))}
    found = rules.timeline(bedtime(), FRIDAY, BERLIN, at(22, 5), marks, done=done)
    states = {one.item.id: one.state for one in found if one.item is not None}
    assert states[STRETCH] is (State.DONE if done else State.PAST)


# -------------------------------------------------------------------- edits


def test_days_are_edited_copied_and_switched_by_themselves() -> None:
    schedule = rules.with_bedtime(Schedule(), [4], time(23, 30))
    assert schedule.evening(FRIDAY).bedtime == time(23, 30)
    assert schedule.evening(SATURDAY).bedtime is None
    copied = rules.copied(schedule, 4, [5, 6])
    assert [one.bedtime for one in copied.evenings] == [None] * 4 + [time(23, 30)] * 3
    off = rules.with_on(copied, [5], False)
    assert [one.on for one in off.evenings] == [True] * 5 + [False, True]
    assert rules.with_bedtime(off, [5], time(22)).evenings[5].on
    assert not rules.with_bedtime(off, [5], None).evenings[5].on


def test_items_of_ones_own_come_get_another_name_and_go() -> None:
    schedule, first = rules.with_own(bedtime(), "Tea", Slot(before=60))
    schedule, second = rules.with_own(schedule, "Cat", Slot(at=time(22, 30)))
    assert (first, second) == ("own-1", "own-2")
    named = rules.renamed(schedule, first, "Herbal tea")
    assert [item.name for item in named.own] == ["Herbal tea", "Cat"]
    assert named.item("own-2") == Item("own-2", "Cat", own=True) and named.item("own-3") is None
    gone = rules.without_own(named, first)
    assert [item.id for item in gone.own] == ["own-2"]
    assert all(first not in evening.slots and second in evening.slots for evening in gone.evenings)
    assert rules.without_own(gone, STRETCH) == gone
    _again, third = rules.with_own(gone, "Bath", Slot(before=90))
    assert third == "own-1"


def test_what_a_change_moves_into_the_past_is_told() -> None:
    after = bedtime(23, 0)
    assert list(rules.moved_into_past(bedtime(), after, BERLIN, at(22, 20))) == [
        Due(STRETCH, FRIDAY - timedelta(days=1), at(22, 15, FRIDAY - timedelta(days=1))),
        Due(STRETCH, FRIDAY, at(22, 15)),
    ]
    assert list(rules.moved_into_past(after, after, BERLIN, at(22, 20))) == []


# -------------------------------------------------------------------- files

times = st.times().map(lambda one: one.replace(second=0, microsecond=0))
slots = st.builds(
    lambda where, on, bell: (
        Slot(before=where, on=on, bell=bell) if isinstance(where, int) else Slot(at=where, on=on, bell=bell)
    ),
    st.integers(0, rules.FARTHEST) | times,
    st.booleans(),
    st.booleans(),
)
names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=80)
OWN_IDS = ("own-1", "own-2", "own-999")


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    own = [Item(item_id, draw(names), own=True) for item_id in OWN_IDS if draw(st.booleans())]
    evenings = tuple(
        Evening(
            draw(st.none() | times),
            draw(st.booleans()),
            {item_id: draw(slots) for item_id in (*ITEMS, *(item.id for item in own))},
        )
        for _day in DAYS
    )
    paused = draw(st.none() | st.dates(date(2000, 1, 1), date(2199, 12, 31)))
    return Schedule(evenings, tuple(own), paused)


@given(schedules())
def test_a_schedule_comes_back_from_its_file_as_it_was(schedule: Schedule) -> None:
    stored = json.loads(json.dumps(rules.values_of(schedule)))
    assert rules.problem(schedule) is None
    assert rules.schedule_from(stored) == (schedule, [])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
keys = st.sampled_from(
    ["evenings", "own", "paused_until", *DAYS, "bedtime", "on", "items", *ITEMS, "id", "name"]
)
likely = st.recursive(
    json_values | st.sampled_from(["22:45", "2026-12-01", "own-1", 45]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=30,
)


@given(st.dictionaries(keys, likely))
def test_anything_in_the_file_gives_a_schedule_that_works(values: dict[str, object]) -> None:
    schedule, wrong = rules.schedule_from(values)
    assert rules.problem(schedule) is None
    assert len(wrong) <= 21 and all(render(line) for line in wrong)
    assert rules.schedule_from(rules.values_of(schedule)) == (schedule, [])
    rules.upcoming(schedule, at(12), rules.in_zone(UTC), 3)


def evening_with(**values: object) -> dict[str, object]:
    return {"evenings": {"mon": {"bedtime": "22:45", **values}}}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"colour": "red"}, "“colour” is not known."),
        ({"evenings": []}, "“evenings” must be a table of names and values."),
        ({"evenings": {"caturday": {}}}, "“caturday” is no weekday: mon, tue, wed, thu, fri, sat or sun."),
        ({"evenings": {"mon": 7}}, "“mon” must be a table of names and values."),
        (evening_with(bedtime="25:00"), "“mon bedtime” must be a time such as 22:30."),
        (evening_with(bedtime="22:45:10"), "“mon bedtime” must be a time such as 22:30."),
        (evening_with(bedtime="22:45+01:00"), "“mon bedtime” must be a time such as 22:30."),
        (evening_with(bedtime=22), "“mon bedtime” must be a time such as 22:30."),
        (evening_with(on="yes"), "“mon on” must be true or false."),
        (evening_with(mood=1), "“mon mood” is not known."),
        (evening_with(items=[]), "“mon items” must be a table of names and values."),
        (evening_with(items={"yoga": {}}), "“mon yoga” is not an item of the evening."),
        (evening_with(items={"dim": 60}), "“mon dim” must be a table of names and values."),
        (evening_with(items={"dim": {"bell": 1}}), "“mon dim bell” must be true or false."),
        (evening_with(items={"dim": {"tone": 1}}), "“mon dim tone” is not known."),
        (evening_with(items={"dim": {"at": "noon"}}), "“mon dim at” must be a time such as 22:30."),
        *(
            (
                evening_with(items={"dim": wrong}),
                "“mon dim” must be either a time or whole minutes from 0 to 1439 before bedtime.",
            )
            for wrong in (
                {"before": -1},
                {"before": 1440},
                {"before": True},
                {"before": 5.0},
                {"before": 5, "at": "22:00"},
            )
        ),
        ({"own": {}}, "“own” must be a list of items."),
        ({"own": ["tea"]}, "“own 1” must be a table of names and values."),
        ({"own": [{"id": "tea", "name": "Tea"}]}, "“own 1” needs an id of its own, such as own-1."),
        ({"own": [{"id": "own-1²", "name": "Tea"}]}, "“own 1” needs an id of its own, such as own-1."),
        ({"own": [{"id": "stretch", "name": "Tea"}]}, "“own 1” needs an id of its own, such as own-1."),
        (
            {"own": [{"id": "own-1", "name": "Tea"}, {"id": "own-1", "name": "Cat"}]},
            "“own 2” needs an id of its own, such as own-1.",
        ),
        *(
            (
                {"own": [{"id": "own-1", "name": wrong}]},
                "“own 1” needs a name: one line of 1 to 80 characters.",
            )
            for wrong in ("", "  ", "x" * 81, "two\nlines", 5)
        ),
        ({"paused_until": "tomorrow"}, "“paused_until” must be a day such as 2026-12-01."),
        ({"paused_until": "9999-12-31"}, "“paused_until” must be a day such as 2026-12-01."),
        ({"paused_until": "20261201"}, "“paused_until” must be a day such as 2026-12-01."),
        ({"paused_until": 5}, "“paused_until” must be a day such as 2026-12-01."),
    ],
)
def test_each_wrong_value_is_said_and_the_rest_stays(values: dict[str, object], sentence: str) -> None:
    rest = {"tue": {"bedtime": "23:15"}}
    evenings = values.get("evenings", {})
    if isinstance(evenings, dict):
        values = {**values, "evenings": {**evenings, **rest}}
    schedule, wrong = rules.schedule_from(values)
    assert render(wrong[0]) == sentence
    assert len(wrong) <= 2
    if isinstance(evenings, dict):
        assert schedule.evenings[1].bedtime == time(23, 15)


def test_a_wrong_place_keeps_the_switches_beside_it() -> None:
    schedule, _wrong = rules.schedule_from(evening_with(items={"dim": {"before": "soon", "bell": True}}))
    assert schedule.evenings[0].slots["dim"] == Slot(before=60, bell=True)
    usual, wrong = rules.schedule_from(evening_with(items={"dim": {"on": False}}))
    assert usual.evenings[0].slots["dim"] == Slot(before=60, on=False) and wrong == []


def test_an_own_item_without_a_place_is_off() -> None:
    schedule, wrong = rules.schedule_from({**evening_with(), "own": [{"id": "own-1", "name": "Tea"}]})
    assert wrong == [] and schedule.evenings[0].slots["own-1"] == Slot(before=60, on=False)


def test_a_file_full_of_nonsense_is_not_told_line_by_line() -> None:
    _schedule, wrong = rules.schedule_from({f"line\n{number}": 0 for number in range(1000)})
    assert len(wrong) == 21
    assert render(wrong[0]) == "“line�0” is not known."
    assert render(wrong[-1]) == "980 more values were wrong as well."


def test_there_is_room_for_fifty_items_of_ones_own() -> None:
    own = [{"id": f"own-{number}", "name": "Tea"} for number in range(OWN_ITEMS + 5)]
    schedule, wrong = rules.schedule_from({"own": own})
    assert len(schedule.own) == OWN_ITEMS
    assert [render(line) for line in wrong] == [
        "“own 51” and what follows is left out: 50 items are the most."
    ]
    crowded, _item = rules.with_own(schedule, "One more", Slot(before=5))
    refused = rules.problem(crowded)
    assert refused is not None and render(refused) == "There is room for 50 items of your own."


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\tb"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    schedule, _item = rules.with_own(bedtime(), name, Slot(before=5))
    refused = rules.problem(schedule)
    assert refused is not None and "one line of 1 to 80 characters" in render(refused)


@pytest.mark.parametrize("day", [date.max, date.min])
def test_a_pause_ends_in_this_age(day: date) -> None:
    assert rules.problem(replace(bedtime(), paused_until=day)) is not None


def test_a_week_of_bells_is_by_the_calendar_and_knows_of_no_pause() -> None:
    found = rules.with_bedtime(rules.with_bedtime(Schedule(), range(5), time(22, 45)), [4], time(0, 30))
    found = rules.with_slot(found, [0], STRETCH, Slot(before=45, bell=False))
    expected = [(1, time(22, 0)), (2, time(22, 0)), (3, time(22, 0)), (4, time(23, 45))]
    assert rules.weekly(found, STRETCH) == expected
    assert rules.weekly(replace(found, paused_until=date(2030, 1, 1)), STRETCH) == expected
