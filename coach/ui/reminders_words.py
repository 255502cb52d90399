"""What the Reminders page says about a schedule, as one view.

It leaves out how the page looks, and where schedules, settings and the time come from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QDate, QLocale

from coach.domain.evening import (
    MAGNESIUM,
    STRETCH,
    Evening,
    Item,
    Mark,
    Schedule,
    Slot,
    lights_out,
    wall,
)
from coach.domain.settings import Settings
from coach.i18n import _, ngettext
from coach.services.ports import Act, Note
from coach.ui.reminder_card import item_icon
from coach.ui.reminders_page import DayView, ItemView, RemindersView, ToggleView
from coach.ui.switches import minutes_of
from coach.ui.tonight_page import clock_text

__all__ = ["PROPOSED", "date_words", "day_name", "example_note", "missed_words", "proposal", "reminders_view"]

PROPOSED = time(22, 45)
"""The bedtime that is proposed before there is one."""
FARTHEST_PAUSE = 60
"""A pause can be chosen to end within so many days."""
# A Monday, to have dates to count with: where an item stands on a weekday is the same in every week.
_MONDAY = date(2024, 1, 1)


def day_name(day: int) -> str:
    """The name of a weekday, 0 for Monday."""
    return QLocale().standaloneDayName(day + 1)


def date_words(day: date) -> str:
    """A day with its name: "Monday 30 November"."""
    return QLocale().toString(QDate(day.year, day.month, day.day), _("dddd d MMMM"))


def proposal(schedule: Schedule) -> time:
    """The bedtime to begin with for an evening that has none: that of most other evenings."""
    known = Counter(one.bedtime for one in schedule.evenings if one.bedtime is not None)
    return known.most_common(1)[0][0] if known else PROPOSED


def reminders_view(
    schedule: Schedule,
    chosen: int,
    settings: Settings,
    night: date,
    *,
    example: Note | None = None,
    skipped: bool = False,
    missed: Sequence[Mark] = (),
    wrong: str = "",
    login: ToggleView | None = None,
    wake: ToggleView | None = None,
    may_undo: bool = False,
    has_calendar: bool = False,
) -> RemindersView:
    """The page with the evening `chosen` (0 for Monday), seen in `night`. `skipped`: quiet tonight."""
    evening = schedule.evenings[chosen]
    bedtime = evening.bedtime or proposal(schedule)
    paused = schedule.paused_until is not None and night < schedule.paused_until
    quiet = ""
    if paused and schedule.paused_until is not None:
        quiet = _("Paused until {day}.").format(day=date_words(schedule.paused_until))
    elif skipped:
        quiet = _("Quiet tonight. Tomorrow they come again.")
    on = evening.on and evening.bedtime is not None
    title = _("{day} evening") if on else _("{day} evening, off")
    return RemindersView(
        days=tuple(_day(schedule.evenings[day], day) for day in _week()),
        chosen=chosen,
        title=title.format(day=day_name(chosen)),
        bedtime=bedtime,
        has_bedtime=schedule.is_set,
        items=_items(schedule, chosen, bedtime),
        aside=_aside(schedule),
        midnight=_midnight(chosen, bedtime),
        snooze_minutes=settings.snooze_minutes,
        snooze_times=settings.snooze_times,
        grace_minutes=settings.grace_minutes,
        chime=ToggleView(
            settings.reminder_chime,
            _("off after {time} by itself").format(time=clock_text(time.fromisoformat(settings.chime_until))),
        ),
        films=ToggleView(settings.wait_for_films, _("it comes once they are over")),
        disturb=ToggleView(settings.wait_when_quiet, _("until it is off again, or until bedtime")),
        partly=ToggleView(settings.partly_counts, _("a session you left early counts too")),
        login=login or ToggleView(),
        wake=wake or ToggleView(),
        example=example,
        quiet=quiet,
        is_paused=paused,
        may_skip=not quiet and lights_out(schedule, night) is not None,
        missed="\n".join(missed_words(mark, schedule, night) for mark in missed),
        wrong=wrong,
        nights=tuple(_night(night + timedelta(days=number)) for number in range(1, FARTHEST_PAUSE + 1)),
        spans=tuple(
            ((night + timedelta(days=days)).isoformat(), words)
            for days, words in ((3, _("3 nights")), (7, _("A week")), (14, _("2 weeks")), (28, _("4 weeks")))
        ),
        may_undo=may_undo,
        has_calendar=has_calendar,
    )


def example_note(plan: str, seconds: float, figure: str, at: time, settings: Settings) -> Note:
    """What a reminder of the stretch looks like at `at`."""
    minutes = max(1, round(seconds / 60))
    snooze = settings.snooze_minutes
    acts = [(Act.START, _("Start"))]
    if settings.snooze_times:
        acts.append((Act.SNOOZE, ngettext("In {n} minute", "In {n} minutes", snooze).format(n=snooze)))
    acts.append((Act.SKIP, _("Not tonight")))
    return Note(
        key="example",
        rule=STRETCH,
        heading=_("Stretch Coach, {time}").format(time=clock_text(at)),
        title=_("Time for your legs"),
        body=ngettext("{plan}, {n} minute", "{plan}, {n} minutes", minutes).format(plan=plan, n=minutes),
        acts=tuple(acts),
        figure=figure,
    )


def missed_words(mark: Mark, schedule: Schedule, night: date) -> str:
    """That a reminder did not come, and why: "Last night’s reminder did not come: the computer was asleep."""
    days = (night - mark.night).days
    item = schedule.item(mark.rule)
    which = "" if item is None or mark.rule == STRETCH else item.name if item.own else _(item.name)
    if days == 0:
        said = _("Tonight’s reminder did not come")
        said = _("Tonight’s reminder “{name}” did not come").format(name=which) if which else said
    elif days == 1:
        said = _("Last night’s reminder did not come")
        said = _("Last night’s reminder “{name}” did not come").format(name=which) if which else said
    else:
        said = _("The reminder of {day} did not come").format(day=day_name(mark.night.weekday()))
    if mark.why is None:
        return _("{what}.").format(what=said)
    return _("{what}: {why}.").format(what=said, why=_(mark.why.value))


# -------------------------------------------------------------------- parts


def _week() -> list[int]:
    """The weekdays, 0 for Monday, in the order of this country."""
    first = QLocale().firstDayOfWeek().value - 1
    return [(first + number) % 7 for number in range(7)]


def _day(evening: Evening, day: int) -> DayView:
    short = QLocale().standaloneDayName(day + 1, QLocale.FormatType.ShortFormat)
    bedtime = "" if evening.bedtime is None else clock_text(evening.bedtime)
    return DayView(day, day_name(day), short, bedtime, evening.on and evening.bedtime is not None)


def _aside(schedule: Schedule) -> str:
    """Which evenings are off: "Sunday is off"."""
    off = [day for day in _week() if not schedule.evenings[day].on or schedule.evenings[day].bedtime is None]
    names = [day_name(day) for day in off]
    if not off:
        return ""
    if len(off) == 1:
        return _("{day} is off").format(day=names[0])
    if len(off) == 2:
        return _("{day} and {other} are off").format(day=names[0], other=names[1])
    return ngettext("{n} evening is off", "{n} evenings are off", len(off)).format(n=len(off))


def _midnight(day: int, bedtime: time) -> str:
    if bedtime.hour >= 12:
        return ""
    words = _("Already {next} by the calendar; it still ends {day} evening.")
    return words.format(next=day_name((day + 1) % 7), day=day_name(day))


def _items(schedule: Schedule, day: int, bedtime: time) -> tuple[ItemView, ...]:
    """The items of an evening in the order of their times."""
    night = _MONDAY + timedelta(days=day)
    placed: list[tuple[datetime, ItemView]] = []
    for item in schedule.items:
        slot = schedule.evenings[day].slots.get(item.id)
        if slot is None:
            continue
        if slot.at is not None:
            when = wall(night, slot.at)
            # Its own stepper shows the time already.
            clock = _("next day") if minutes_of(slot.at) >= 12 * 60 else ""
        else:
            assert slot.before is not None
            when = wall(night, bedtime) - timedelta(minutes=slot.before)
            clock = clock_text(when.time())
        placed.append((when, _item(item, slot, clock)))
    return tuple(view for _when, view in sorted(placed, key=lambda pair: pair[0]))


def _item(item: Item, slot: Slot, clock: str) -> ItemView:
    # What is said about magnesium is said whether it is on or not (evidence 9).
    always = item.id == MAGNESIUM
    detail = "" if item.own else _(item.detail)
    return ItemView(
        item.id,
        item.name if item.own else _(item.name),
        item_icon(item.id),
        detail="" if always else detail,
        note=detail if always else "",
        on=slot.on,
        bell=slot.bell,
        before=slot.before,
        at=slot.at,
        clock=clock,
        own=item.own,
        main=item.id == STRETCH,
    )


def _night(day: date) -> tuple[str, str]:
    return day.isoformat(), date_words(day)
