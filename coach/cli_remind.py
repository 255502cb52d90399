"""The commands about reminders: list, set, off, next, snooze, skip, ics, fire; alone or in the running app.

It leaves out the rules (see domain.evening) and keeping them (see services.evenings).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.command import DONE, WRONG, core_of, nobody, print_json, shown
from coach.i18n import N_, Line, _, render

if TYPE_CHECKING:
    from coach.compose import Core
    from coach.domain.evening import Schedule, Slot, Zone
    from coach.live import Live
    from coach.services.evenings import Evenings
    from coach.services.ports import Time

Verb = Callable[[argparse.Namespace, "Core", "Evenings", "Time"], int]

# So many reminders `next` prints at most.
MOST = 10_000
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NO_TIME = N_("“{text}” is not a time. Write it as 22:45.")
_NO_DAYS = N_("“{text}” are no days. Write mon-fri, or sat,sun, or all.")
_NO_ITEM = N_("There is nothing called “{name}” in the evening. There are: {names}.")


def add_to(
    verbs: Any,
    common: argparse.ArgumentParser,
    data: argparse.ArgumentParser,
    fire: Callable[[argparse.Namespace], int],
) -> None:
    """Give the command line the noun `remind`.

    `data` brings --json, `common` what every command has; `fire` starts the app for one reminder.
    """
    remind = verbs.add_parser("remind", help=_("list, set, silence or export the reminders"))
    below = remind.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    def verb(
        name: str, parent: argparse.ArgumentParser, work: Verb, help_: str, *, reads: bool = False
    ) -> argparse.ArgumentParser:
        """One that only `reads` what is kept does so here: no answer is too long, and no window waits."""
        made: argparse.ArgumentParser = below.add_parser(name, parents=[parent], help=help_)

        def run(options: argparse.Namespace) -> int:
            core = core_of(options)
            clock = _clock()
            evenings = _alone(core, clock)
            code = work(options, core, evenings, clock)
            if not reads:
                _tell_system(core, evenings.schedule)
            return code

        def live(options: argparse.Namespace, live: Live) -> int:
            return work(options, live.core, live.evenings, _clock())

        made.set_defaults(run=run, **({} if reads else {"live": live}))
        return made

    verb("list", data, _list, _("print the week: bedtimes, and what stands before them"), reads=True)
    one = verb("set", common, _set, _("set a bedtime, or where something stands and whether it rings"))
    one.add_argument("what", metavar="WHAT", help=_("bedtime, or an item such as stretch"))
    one.add_argument("at", nargs="?", metavar="HH:MM", help=_("the bedtime"))
    place = one.add_mutually_exclusive_group()
    place.add_argument("--before", type=int, metavar="MINUTES", help=_("minutes before lights out"))
    place.add_argument("--at", dest="clock", metavar="HH:MM", help=_("a time of the clock instead"))
    bell = one.add_mutually_exclusive_group()
    bell.add_argument("--bell", action="store_true", default=None, help=_("remind of it"))
    bell.add_argument("--no-bell", dest="bell", action="store_false", help=_("only show it in the evening"))
    _days_option(one)
    one = verb("off", common, _off, _("switch an item off, or with no item whole evenings"))
    one.add_argument("what", nargs="?", metavar="WHAT", help=_("an item such as stretch"))
    _days_option(one)
    one = verb(
        "next", data, _next, _("print when the next reminders are due, by the rules alone"), reads=True
    )
    one.add_argument("--count", type=int, default=1, metavar="N", help=_("how many"))
    one.add_argument("--from", dest="start", metavar="ISO", help=_("from this time on instead of now"))
    one.add_argument("--tz", metavar="ZONE", help=_("in this time zone, such as Europe/Berlin"))
    one = verb("snooze", common, _snooze, _("have the reminder on the screen come again in a while"))
    one.set_defaults(run=nobody)  # it would not come again
    verb("skip", common, _skip, _("no more reminders tonight"))
    one = verb("ics", common, _ics, _("write the reminders as a calendar file for your phone"), reads=True)
    one.add_argument("-o", "--output", type=Path, metavar="FILE", help=_("into this file instead of here"))
    one = below.add_parser("fire", parents=[common], help=_("look now whether a reminder is due, then end"))
    one.set_defaults(run=fire, live=_fire_live)


def _days_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--days", metavar="DAYS", help=_("the evenings meant: mon-fri, or sat,sun; all if left out")
    )


# -------------------------------------------------------------------- what they work on


def _clock() -> Time:
    from coach.desktop.qt_time import QtTime

    return QtTime()


def _alone(core: Core, clock: Time) -> Evenings:
    """The reminders as they are kept, while no app is running that shows them."""
    from coach.services.evenings import Done, Evenings
    from coach.storage.json_store import JsonStore

    nothing = _Nothing()
    return Evenings(
        clock,
        nothing,
        JsonStore(core.paths.evenings),
        JsonStore(core.paths.reminders),
        core.preferences,
        nothing,
        nothing,
        done=lambda _night: Done.NO,
        busy=lambda: False,
        offer=lambda _left: None,
        chime=lambda: None,
    )


def _tell_system(core: Core, schedule: Schedule) -> None:
    """Have the system wake the app at these times, if it is to; an app that runs does that by itself."""
    from coach.desktop.autostart import command_for
    from coach.desktop.os_wake import os_wake_for_this_system
    from coach.domain.evening import STRETCH, weekly

    wrong = os_wake_for_this_system(core.paths, command_for(core.paths)).follow(weekly(schedule, STRETCH))
    if wrong is not None:
        print(render(wrong), file=sys.stderr)


class _Nothing:
    """Neither an alarm nor a screen: these commands change what is kept, and end."""

    def __init__(self) -> None:
        from coach.services.topic import Topic

        self.rings: Topic[None] = Topic()
        self.answered: Topic[Any] = Topic()

    def set(self, when: datetime | None) -> None: ...

    def close(self) -> None: ...

    def show(self, note: object) -> None: ...

    def withdraw(self, key: str) -> None: ...

    def ask(self, then: Callable[[bool], None], *, films: bool, dnd: bool = True) -> None: ...


class _WrongError(ValueError):
    """The input is wrong; `line` says how."""

    def __init__(self, template: str, **fields: str) -> None:
        super().__init__(template)
        self.line = Line(template, tuple(fields.items()))


def _said(wrong: Line | None, done: str = "") -> int:
    if wrong is not None:
        print(render(wrong), file=sys.stderr)
        return WRONG
    if done:
        print(done)
    return DONE


def _time_in(text: str) -> time:
    try:
        at = time.fromisoformat(text if len(text.partition(":")[0]) == 2 else f"0{text}")
    except ValueError:
        raise _WrongError(_NO_TIME, text=shown(text)) from None
    if at.tzinfo is not None or at.second or at.microsecond:
        raise _WrongError(_NO_TIME, text=shown(text))
    return at


def _days_in(text: str | None) -> list[int]:
    """The weekdays named, 0 for Monday; a range may go over Sunday."""
    if text is None or text.strip().lower() == "all":
        return list(range(7))
    found: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = (word.strip()[:3] for word in part.partition("-"))
        if first not in _WEEK or (dash and last not in _WEEK):
            raise _WrongError(_NO_DAYS, text=shown(text))
        start = _WEEK.index(first)
        length = (_WEEK.index(last) - start) % 7 if dash else 0
        found.update((start + number) % 7 for number in range(length + 1))
    return sorted(found)


def _days_words(days: Sequence[int]) -> str:
    return _("every evening") if len(days) == 7 else ", ".join(_WEEK[day] for day in days)


def _item_named(schedule: Schedule, word: str) -> str:
    """The id of the item meant: by its id, or by the name the user gave it."""
    for item in schedule.items:
        if word == item.id or word.casefold() == (item.name if item.own else _(item.name)).casefold():
            return item.id
    names = ", ".join(item.id for item in schedule.items)
    raise _WrongError(_NO_ITEM, name=shown(word), names=names)


# -------------------------------------------------------------------- the commands


def _list(options: argparse.Namespace, core: Core, evenings: Evenings, clock: Time) -> int:
    for line in evenings.repairs:
        print(render(line), file=sys.stderr)
    schedule = evenings.schedule
    if options.json:
        print_json([_evening_row(schedule, day) for day in range(7)])
        return DONE
    if not schedule.is_set:
        print(_("No bedtime is set, so no reminder comes. Set one: coach remind set bedtime 22:45"))
        return DONE
    if schedule.paused_until is not None:
        print(_("Quiet until {day}.").format(day=schedule.paused_until.isoformat()))
    for day, evening in enumerate(schedule.evenings):
        bedtime = "-" if evening.bedtime is None else f"{evening.bedtime:%H:%M}"
        print(f"{_WEEK[day]}  {bedtime:<6}{'' if evening.on else _('off')}")
        for item in schedule.items:
            slot = evening.slots[item.id]
            if slot.on and evening.on:
                bell = _("rings") if slot.bell else ""
                print(f"     {item.id:<10} {_place_words(slot):<24} {bell}".rstrip())
    return DONE


def _place_words(slot: Slot) -> str:
    if slot.at is not None:
        return f"{slot.at:%H:%M}"
    return _("{n} min before").format(n=slot.before)


def _evening_row(schedule: Schedule, day: int) -> dict[str, object]:
    evening = schedule.evenings[day]
    return {
        "day": _WEEK[day],
        "bedtime": None if evening.bedtime is None else f"{evening.bedtime:%H:%M}",
        "on": evening.on,
        "items": [
            {
                "item": item.id,
                "name": item.name if item.own else _(item.name),
                "before": evening.slots[item.id].before,
                "at": None if (at := evening.slots[item.id].at) is None else f"{at:%H:%M}",
                "on": evening.slots[item.id].on,
                "bell": evening.slots[item.id].bell,
            }
            for item in schedule.items
        ],
    }


def _set(options: argparse.Namespace, core: Core, evenings: Evenings, clock: Time) -> int:
    from coach.domain.evening import with_bedtime

    try:
        days = _days_in(options.days)
        if options.what.lower() != "bedtime":
            return _set_item(options, evenings, days)
        if options.at is None or options.before is not None or options.clock or options.bell is not None:
            raise _WrongError(N_("Say when you turn out the light: coach remind set bedtime 22:45"))
        at = _time_in(options.at)
    except _WrongError as error:
        return _said(error.line)
    done = _("Lights out {days} at {time}.").format(days=_days_words(days), time=f"{at:%H:%M}")
    return _said(evenings.change(with_bedtime(evenings.schedule, days, at)), done)


def _set_item(options: argparse.Namespace, evenings: Evenings, days: Sequence[int]) -> int:
    from dataclasses import replace

    from coach.domain.evening import FARTHEST, Slot, with_slot

    schedule = evenings.schedule
    item = _item_named(schedule, options.what)
    if options.before is not None and not 0 <= options.before <= FARTHEST:
        raise _WrongError(N_("--before takes 0 to {most} minutes."), most=str(FARTHEST))
    if options.at is not None:
        raise _WrongError(N_("Only the bedtime takes a time like that. Use --before or --at."))
    at = None if options.clock is None else _time_in(options.clock)
    for day in days:
        was = schedule.evenings[day].slots[item]
        bell = was.bell if options.bell is None else options.bell
        if options.before is not None:
            place = Slot(before=options.before, bell=bell)
        elif at is not None:
            place = Slot(at=at, bell=bell)
        else:
            place = replace(was, on=True, bell=bell)
        schedule = with_slot(schedule, [day], item, place)
    done = _("{item}, {days}: {place}.").format(
        item=item, days=_days_words(days), place=_place_words(schedule.evenings[days[0]].slots[item])
    )
    wrong = evenings.change(schedule)
    if wrong is None and not schedule.is_set:
        done += " " + _("It comes once a bedtime is set.")
    return _said(wrong, done)


def _off(options: argparse.Namespace, core: Core, evenings: Evenings, clock: Time) -> int:
    from dataclasses import replace

    from coach.domain.evening import with_on, with_slot

    schedule = evenings.schedule
    try:
        days = _days_in(options.days)
        if options.what is None:
            done = _("No reminders: {days}.").format(days=_days_words(days))
            return _said(evenings.change(with_on(schedule, days, False)), done)
        item = _item_named(schedule, options.what)
    except _WrongError as error:
        return _said(error.line)
    for day in days:
        slot = replace(schedule.evenings[day].slots[item], on=False)
        schedule = with_slot(schedule, [day], item, slot)
    done = _("{item} is off: {days}.").format(item=item, days=_days_words(days))
    return _said(evenings.change(schedule), done)


def _next(options: argparse.Namespace, core: Core, evenings: Evenings, clock: Time) -> int:
    from coach.domain.evening import upcoming

    try:
        if not 1 <= options.count <= MOST:
            raise _WrongError(N_("--count takes 1 to {most}."), most=str(MOST))
        zone, there = _zone(options.tz, clock)
        start = there(clock.now()) if options.start is None else _instant(options.start, zone, there)
    except _WrongError as error:
        return _said(error.line)
    found = upcoming(evenings.schedule, start, zone, options.count)
    if options.json:
        print_json([{"rule": due.rule, "due": due.at.isoformat()} for due in found])
        return DONE
    if not found:
        print(_("No reminder is due. Set a bedtime: coach remind set bedtime 22:45"))
    for due in found:
        print(f"{_WEEK[due.at.weekday()]} {due.at:%Y-%m-%d %H:%M} {due.at:%z}  {due.rule}")
    return DONE


def _zone(name: str | None, clock: Time) -> tuple[Zone, Callable[[datetime], datetime]]:
    """The zone meant, and what puts an aware instant on its wall clock."""
    from coach.domain.evening import fixed, in_zone

    if name is None:
        return clock.local, lambda instant: instant.astimezone()
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sentence = N_("There is no time zone called “{name}”. Write it as Europe/Berlin.")
        raise _WrongError(sentence, name=shown(name)) from None
    return in_zone(zone), lambda instant: fixed(instant.astimezone(zone))


def _instant(text: str, zone: Zone, there: Callable[[datetime], datetime]) -> datetime:
    """An ISO time as an instant; a naive one is in the zone. The first and last year are out of reach."""
    try:
        found = datetime.fromisoformat(text)
        if not datetime.min.year < found.year < datetime.max.year:
            raise ValueError(text)
        return zone(found) if found.tzinfo is None else there(found)
    except (ValueError, OverflowError):
        sentence = N_("“{text}” is no time. Write it as 2026-11-20T21:00.")
        raise _WrongError(sentence, text=shown(text)) from None


def _snooze(options: argparse.Namespace, core: Core, evenings: Evenings, clock: Time) -> int:
    wrong, mark = evenings.snooze(), evenings.open_mark()
    if wrong is not None or mark is None:
        return _said(wrong)
    return _said(None, _("It comes again at {time}.").format(time=f"{mark.at:%H:%M}"))


def _skip(options: argparse.Namespace, core: Core, evenings: Evenings, clock: Time) -> int:
    evenings.skip_tonight()
    return _said(None, _("No more reminders tonight."))


def _ics(options: argparse.Namespace, core: Core, evenings: Evenings, clock: Time) -> int:
    from coach import compose
    from coach.services.ports import StoreError
    from coach.storage import calendar_ics

    if not evenings.schedule.is_set:
        return _said(Line(N_("No bedtime is set, so there is nothing to write.")))
    text = compose.calendar_text(core, evenings.schedule, clock.now())
    if options.output is None:
        sys.stdout.write(text.replace("\r\n", "\n") if sys.stdout.isatty() else text)
        return DONE
    path = options.cwd / options.output.expanduser()
    if not path.parent.is_dir():  # writing would make it, and a slip of the pen would not be seen
        sentence = N_("The folder “{path}” is not there. Make it, or write the file somewhere else.")
        return _said(Line(sentence, (("path", shown(path.parent)),)))
    try:
        calendar_ics.write(path, text)
    except StoreError as error:
        return _said(error.line)
    sentence = _("{path} is written. Open it on your phone to take the reminders over.")
    return _said(None, sentence.format(path=shown(path)))


def _fire_live(_options: argparse.Namespace, live: Live) -> int:
    live.evenings.wake()
    return DONE
