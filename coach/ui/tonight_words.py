"""What the Tonight page says about a plan and about the evening, as one view.

It leaves out how the page looks, and where plans, settings and the time come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QDate, QLocale

from coach.domain.evening import (
    MAGNESIUM,
    STRETCH,
    Due,
    Entry,
    Fate,
    Item,
    Mark,
    Schedule,
    State,
    Zone,
    dues,
    with_bedtime,
)
from coach.domain.exercise import Exercise, Posture, Region
from coach.domain.night import night_of
from coach.domain.plan import Plan, known_to
from coach.domain.settings import Settings
from coach.domain.timeline import Timeline
from coach.i18n import N_, _, ngettext
from coach.services.library import COVER
from coach.ui.evening_card import EveningLine, EveningView, Promise, Undo
from coach.ui.icons import Icon
from coach.ui.tonight_page import (
    PlanChoice,
    StepLine,
    TonightView,
    clock_text,
    done_text,
    greeting,
    length_text,
    step_text,
)

_PLACES = {
    Posture.STANDING: N_("standing"),
    Posture.CHAIR: N_("on a chair"),
    Posture.FLOOR: N_("on the mat"),
    Posture.BED: N_("in bed"),
}


def tonight_view(
    plan: Plan | None,
    plans: Sequence[tuple[Plan, Timeline]],
    exercises: Mapping[str, Exercise],
    now: datetime,
    *,
    unfinished: str | None = None,
    notices: Sequence[str] = (),
    error: str = "",
    restless: Timeline | None = None,
    waiting: bool = False,
    evening: EveningView | None = None,
    lights_out: datetime | None = None,
) -> TonightView:
    """The page for `plan` among `plans`, seen at local `now`. `restless` is the plan for relief right now.

    While `waiting` for the other plans the page keeps their places free. `evening` is made by `evening_view`;
    `lights_out` is tonight's bedtime (see `lights_out_of`).
    """
    hello = greeting(now.time())
    day = day_line(now, lights_out)
    choices = tuple(
        PlanChoice(one.id, _(one.name), length_text(laid.seconds, len(one.steps))) for one, laid in plans
    )
    laid = next((laid for one, laid in plans if plan is not None and one.id == plan.id), None)
    if plan is None or laid is None:
        return TonightView(hello, day, plans=choices, notices=tuple(notices), error=error, evening=evening)
    known = known_to(plan, exercises)
    figures = [known[step.exercise].figure or "" for step in plan.steps]
    return TonightView(
        hello,
        day,
        plan_id=plan.id,
        plan_name=_(plan.name),
        description=_(plan.description),
        length=length_text(laid.seconds, len(plan.steps)),
        done_at=done_text((now + timedelta(seconds=laid.seconds)).time()),
        postures=places(laid),
        figure_id=COVER if COVER in figures else next(filter(None, figures), ""),
        steps=tuple(
            StepLine(
                _(exercise.name),
                step_text(
                    [side.value for side in step.sides] if exercise.sided else [],
                    None if step.wait else step.seconds or exercise.seconds,
                    step.rounds,
                ),
                exercise.figure or "",
            )
            for step, exercise in ((step, known[step.exercise]) for step in plan.steps)
        ),
        plans=choices,
        unfinished=unfinished,
        notices=tuple(notices),
        error=error,
        muscles=_muscles(plan, known),
        restless="\N{NO-BREAK SPACE}" if waiting else _relief(restless),
        waiting=waiting,
        evening=evening,
    )


def _muscles(plan: Plan, known: Mapping[str, Exercise]) -> str:
    """The parts of the body the plan is for, each once: "Calf, back of thigh, hip"."""
    regions = [region for step in plan.steps for region in known[step.exercise].regions]
    both = {Region.THIGH_FRONT, Region.THIGH_BACK} <= set(regions)
    words = [
        _("Thighs") if both and region in (Region.THIGH_FRONT, Region.THIGH_BACK) else _(region.word)
        for region in regions
        if region is not Region.WHOLE
    ]
    words = list(dict.fromkeys(words))[:4]
    return ", ".join([*words[:1], *(word[:1].lower() + word[1:] for word in words[1:])])


def _relief(restless: Timeline | None) -> str:
    if restless is None:
        return ""
    minutes = max(1, round(restless.seconds / 60))
    return ngettext("{n} gentle minute, dim.", "{n} gentle minutes, dim.", minutes).format(n=minutes)


def places(timeline: Timeline) -> str:
    """Where the plan takes place, each place once: "Standing and on the mat"."""
    seen = list(dict.fromkeys(segment.posture for segment in timeline.segments))
    words = [_(_PLACES[posture]) for posture in seen]
    if len(words) > 1:
        words = [_("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])]
    text = words[0] if words else ""
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- the evening

_ICONS = {
    "morning": Icon.SUNRISE,
    "caffeine": Icon.CUP,
    MAGNESIUM: Icon.PILL,
    "dim": Icon.LAMP,
    STRETCH: Icon.LEG,
    "screens": Icon.SCREEN,
    "massage": Icon.HAND,
}
_MINUTES_TOLD = 90
"""So many minutes before lights out they are counted; earlier the time says more."""


def day_line(now: datetime, lights_out: datetime | None) -> str:
    """The day, and how long it is until lights out: "Saturday. Lights out in 57 minutes."."""
    day = _day_name(now.date())
    if lights_out is None or lights_out <= now:
        return day
    left = round((lights_out - now).total_seconds() / 60)
    if left > _MINUTES_TOLD:
        return _("{day}. Lights out at {time}.").format(day=day, time=clock_text(lights_out.time()))
    words = ngettext("{day}. Lights out in {n} minute.", "{day}. Lights out in {n} minutes.", max(1, left))
    return words.format(day=day, n=max(1, left))


def lights_out_of(entries: Sequence[Entry]) -> datetime | None:
    """Tonight's bedtime among the entries of its timeline."""
    return next((entry.at for entry in entries if entry.item is None), None)


def evening_view(
    entries: Sequence[Entry],
    now: datetime,
    schedule: Schedule,
    settings: Settings,
    *,
    night: date,
    quiet: bool = False,
    upcoming: Due | None = None,
    missed: Sequence[Mark] = (),
    seconds: float = 0.0,
    promise: Promise | None = None,
) -> EveningView:
    """The card of the evening at local `now`.

    `entries` are the timeline of `night`; `upcoming` is the next reminder of any night; `quiet` tells that
    tonight's are silenced, `missed` are those that did not come. `seconds` is the length of tonight's plan.
    `promise` is asked when a first bedtime is chosen, which may be much later.
    """
    if not schedule.is_set:
        nothing = EveningView(has_bedtime=False)
        return nothing if promise is None else replace(nothing, promise=promise)
    silent, undo = _silence(schedule, night, quiet)
    lines = tuple(_line(entry, now, seconds, quiet=bool(silent)) for entry in entries)
    coming = [line for line in lines if not line.over and not line.done]
    stretch = next((line for line in lines if line.id == STRETCH), None)
    return EveningView(
        lines=lines,
        now=_("Now, {time}").format(time=clock_text(now.time())) if lines else "",
        now_at=sum(entry.at <= now for entry in entries),
        next=_next_words(coming[0]) if coming else "",
        # Folded, the stretch and lights out matter most.
        later=tuple(line for line in coming[1:] if line.main or not line.id),
        empty="" if lines else _empty(upcoming, night, undo),
        foot=_foot(entries, settings),
        quiet=silent,
        undo=undo,
        may_skip=not quiet and any(_may_ring(entry, now) for entry in entries),
        stretch="" if stretch is None else stretch.id,
        stretch_done=stretch is not None and stretch.done,
        missed=missed_words(missed, night, schedule),
    )


def promise_words(
    schedule: Schedule, bedtime: time, now: datetime, zone: Zone, *, every: bool = False
) -> str:
    """When the stretch reminder comes with this bedtime on all evenings, chosen at local `now`.

    `every` says so too where it comes each evening at the same time.
    """
    schedule = with_bedtime(schedule, range(7), bedtime)
    night = night_of(now)
    first = night if schedule.paused_until is None else max(night, schedule.paused_until)
    week = [due for number in range(-1, 8) for due in dues(schedule, first + timedelta(days=number), zone)]
    # What stands at a time that is over when the bedtime is set does not come tonight (moved_into_past).
    coming = sorted((one for one in week if one.rule == STRETCH and one.at > now), key=lambda one: one.at)
    if not coming:
        return _("The stretch has no reminder. You can turn it on under “Reminders”.")
    at = coming[0].at
    days = (at.date() - now.date()).days if coming[0].night > night else 0  # tonight goes on past midnight
    if days > 1:
        words = _("Your stretch reminder comes at {time}, from {day} on.")
    elif days == 1:
        words = _("Your stretch reminder comes at {time}, from tomorrow on.")
    elif every and len(coming) > 6 and len({due.at.time() for due in coming}) == 1:
        words = _("Your stretch reminder comes at {time}, every evening.")
    else:
        words = _("Your stretch reminder comes at {time}.")
    day = QLocale().toString(QDate(at.year, at.month, at.day), _("dddd d MMMM"))
    return words.format(time=clock_text(at.time()), day=day)


def _may_ring(entry: Entry, now: datetime) -> bool:
    """Whether a reminder of this entry may still come, for the first time or again."""
    if not entry.rings or entry.state is State.DONE:
        return False
    return entry.mark.fate.is_open if entry.mark is not None else entry.at > now


def _line(entry: Entry, now: datetime, seconds: float, *, quiet: bool) -> EveningLine:
    at, item = clock_text(entry.at.time()), entry.item
    over = entry.at <= now
    if item is None:
        return EveningLine(_("Lights out"), at, Icon.BED, _("Your bedtime"), over=over)
    return EveningLine(
        item.name if item.own else _(item.name),
        at,
        _ICONS.get(item.id, Icon.CLOCK),
        _detail(entry, item, seconds),
        id=item.id,
        done=entry.state is State.DONE,
        over=over,
        rings=_may_ring(entry, now) and not quiet,
        main=item.id == STRETCH,
    )


def _detail(entry: Entry, item: Item, seconds: float) -> str:
    """The small words below the name of an item."""
    mark = entry.mark
    if entry.state is State.DONE:
        return _("Taken") if item.id == MAGNESIUM else _("Done")
    if mark is not None and mark.fate is Fate.SNOOZED:
        return _("comes again at {time}").format(time=clock_text(mark.at.time()))
    if mark is not None and mark.fate is Fate.HELD:
        return _("waits, so as not to disturb")
    if mark is not None and mark.fate is Fate.SKIPPED:
        return _("Not tonight")
    if item.id == STRETCH and seconds > 0:
        end = entry.at + timedelta(seconds=seconds)
        return _("until about {time}").format(time=clock_text(end.time()))
    if item.id == MAGNESIUM:
        return _("Your own choice")
    return item.detail if item.own or not item.detail else _(item.detail)


def _next_words(line: EveningLine) -> str:
    """A line in the middle of a sentence; the user's own words stay as they are."""
    ours = not line.id or line.id in _ICONS
    name = line.name[:1].lower() + line.name[1:] if ours else line.name
    return _("{name} {time}").format(name=name, time=line.time)


def _silence(schedule: Schedule, night: date, quiet: bool) -> tuple[str, Undo]:
    until = schedule.paused_until
    if until is not None and night < until:
        far = until - night >= timedelta(days=7)
        day = _date_name(until) if far else _day_name(until)
        return _("Paused until {day}.").format(day=day), Undo.PAUSE
    if quiet:
        return _("Quiet tonight."), Undo.QUIET
    return "", Undo.NOTHING


def _foot(entries: Sequence[Entry], settings: Settings) -> str:
    """What the reminders of tonight sound like, where any comes."""
    if not any(entry.rings for entry in entries):
        return _("No reminders tonight.") if entries else ""
    if not settings.reminder_chime:
        return _("Reminders make no sound.")
    at = datetime.strptime(settings.chime_until, "%H:%M").time()
    return _("No sounds after {time}.").format(time=clock_text(at))


def _empty(upcoming: Due | None, night: date, undo: Undo) -> str:
    if undo is Undo.PAUSE:
        return _("Your bedtime and your reminders are kept.")
    if upcoming is None:
        return _("Nothing is planned for tonight.")
    is_tomorrow = upcoming.night == night + timedelta(days=1)
    return _("Nothing is planned for tonight. Next: {day} {time}.").format(
        day=_("tomorrow") if is_tomorrow else _day_name(upcoming.night),
        time=clock_text(upcoming.at.time()),
    )


def missed_words(missed: Sequence[Mark], night: date, schedule: Schedule) -> str:
    """One kind sentence about the reminders that did not come, the latest night's; empty without any."""
    if not missed:
        return ""
    latest = max(mark.night for mark in missed)
    marks = [mark for mark in missed if mark.night == latest]
    mark = next((one for one in marks if one.rule == STRETCH), marks[0])
    why = _(mark.why.value) if mark.why is not None else ""
    several = len(marks) > 1
    if latest == night:
        said = ngettext("Tonight’s reminder did not come", "Tonight’s reminders did not come", 1 + several)
    elif latest == night - timedelta(days=1):
        said = ngettext(
            "Last night’s reminder did not come", "Last night’s reminders did not come", 1 + several
        )
    else:
        said = ngettext(
            "The reminder of {day} did not come", "The reminders of {day} did not come", 1 + several
        ).format(day=_day_name(latest))
    item = schedule.item(mark.rule)
    if not several and item is not None and mark.rule != STRETCH:
        said = f"{said} ({item.name if item.own else _(item.name)})"
    return _("{said}: {why}.").format(said=said, why=why) if why else _("{said}.").format(said=said)


def _day_name(day: date) -> str:
    return QLocale().standaloneDayName(QDate(day.year, day.month, day.day).dayOfWeek())


def _date_name(day: date) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)
