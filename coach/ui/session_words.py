"""What the session screen says about a moment: one set of words for each thing the user can be doing.

It leaves out where the words stand, and knows nothing of Qt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto

from coach.domain.exercise import Exercise, Kind, Posture, Side
from coach.domain.session import Kept, Phase, Snapshot, digits
from coach.domain.timeline import Segment, SegmentKind
from coach.i18n import _, ngettext, render

__all__ = [
    "Mode",
    "Words",
    "caption_of",
    "ending",
    "goes_down",
    "kept_line",
    "leaving_lead",
    "leg",
    "mode_of",
    "paused_at",
    "small_leg",
    "switch_advice",
    "words_of",
]


class Mode(Enum):
    """What the screen shows; one more than the kinds of a segment for what stands still."""

    READY = auto()
    HOLD = auto()
    SWITCH = auto()
    REST = auto()
    WAIT = auto()
    PAUSED = auto()
    COUNT_IN = auto()
    LEAVING = auto()
    END = auto()

    @property
    def waits_for_space(self) -> bool:
        """Whether Space says "I am ready"."""
        return self in (Mode.READY, Mode.WAIT)


_BY_KIND = {
    SegmentKind.READY: Mode.READY,
    SegmentKind.HOLD: Mode.HOLD,
    SegmentKind.SWITCH: Mode.SWITCH,
    SegmentKind.REST: Mode.REST,
    SegmentKind.WAIT: Mode.WAIT,
}


@dataclass(frozen=True)
class Words:
    """`name` stands over `big`, the words to be read from three metres. `status` is read out when it changes.

    `next_label` and `next_text` announce what comes; both are empty where nothing is to be announced.
    """

    name: str
    big: str
    status: str
    next_label: str = ""
    next_text: str = ""
    next_segment: Segment | None = None


def mode_of(snapshot: Snapshot) -> Mode:
    """What the screen shows for a moment."""
    segment = snapshot.segment
    if snapshot.phase.is_over or segment is None:
        return Mode.END
    if snapshot.phase is Phase.LEAVING:
        return Mode.LEAVING
    if snapshot.phase is Phase.PAUSED:
        return Mode.PAUSED
    if snapshot.phase is Phase.COUNT_IN:
        return Mode.COUNT_IN
    return _BY_KIND[segment.kind]


def goes_down(segment: Segment) -> bool:
    """Whether getting ready means going down to the floor, so that the way down is shown.

    Bed plans skip it (DESIGN 8), and so does a step that stays down.
    """
    is_ready = segment.kind is SegmentKind.READY
    return is_ready and segment.posture is Posture.FLOOR and not (segment.leaving and segment.leaving.is_low)


def leg(side: Side) -> str:
    """The side as a title: "Left leg"."""
    return _(side.leg)


def small_leg(side: Side) -> str:
    """The side inside a line: "left leg"."""
    return _("left leg") if side is Side.LEFT else _("right leg")


def _with_leg(name: str, side: Side | None) -> str:
    return _("{name}, {leg}").format(name=name, leg=small_leg(side)) if side else name


def _seconds(amount: float) -> str:
    whole = max(math.ceil(amount - 1e-6), 1)
    return ngettext("{n} second", "{n} seconds", whole).format(n=whole)


def words_of(snapshot: Snapshot) -> Words:
    """The words for a moment that is not over."""
    segment = snapshot.segment
    if segment is None:
        raise ValueError("a session that is over has only its ending")
    name = _(segment.exercise.name)
    title, big = _headline(snapshot, segment, name)
    label, text, coming = _announced(snapshot, segment)
    return Words(title, big, _status(snapshot, segment, title, big), label, text, coming)


def _headline(snapshot: Snapshot, segment: Segment, name: str) -> tuple[str, str]:
    side = segment.side
    match mode_of(snapshot):
        case Mode.PAUSED | Mode.LEAVING:
            return _with_leg(name, side), _("Paused")
        case Mode.COUNT_IN:
            return _with_leg(name, side), _("Going on")
        case Mode.REST:
            return name, _("Rest")
        case Mode.SWITCH if side and _changes_side(snapshot):
            return _("Switch to your"), small_leg(side)
        case Mode.SWITCH:
            return _("Once more"), leg(side) if side else name
        case Mode.READY:
            if side is None:
                return _("Get ready"), name
            return _("Get ready: {name}").format(name=name), leg(side)
        case _:
            return (name, leg(side)) if side else ("", name)


def _changes_side(snapshot: Snapshot) -> bool:
    """Whether the leg that worked last is the other one."""
    segment = snapshot.segment
    done = [one.segment for one in snapshot.held]
    if segment is None or not done or done[-1].step != segment.step:
        return True
    return done[-1].side is not segment.side


def _announced(snapshot: Snapshot, segment: Segment) -> tuple[str, str, Segment | None]:
    """The label and the text of what comes, and its segment."""
    if segment.kind is SegmentKind.SWITCH:
        coming, label = snapshot.after_that, _("After that")
    elif segment.kind.is_work:
        coming, label = snapshot.next_work, _("Next")
    else:
        coming, label = snapshot.next_work, _("Then")
    if coming is None:
        return "", _("Last one for tonight"), None
    return label, _with_leg(_(coming.exercise.short_name), coming.side), coming


def _status(snapshot: Snapshot, segment: Segment, title: str, big: str) -> str:
    """What a screen reader says when the moment begins."""
    parts = [part for part in (title, big) if part]
    match mode_of(snapshot):
        case Mode.HOLD:
            length = snapshot.seconds or segment.seconds
            parts.append(_("Hold for {seconds}").format(seconds=_seconds(length)))
        case Mode.READY if snapshot.waits:
            parts.append(_("Press Space when you are ready"))
        case Mode.WAIT:
            parts.append(_("Press Space to go on"))
        case Mode.READY | Mode.REST:
            parts.append(_seconds(snapshot.seconds or segment.seconds))
        case Mode.LEAVING:
            parts = [_("Leave for tonight?"), _("Enter leaves, Space goes on")]
        case _:
            pass
    return ". ".join(parts) + "."


def caption_of(snapshot: Snapshot) -> str:
    """The caption: word for word what was said last, or what stands there while nothing is said."""
    mode = mode_of(snapshot)
    if mode is Mode.PAUSED:
        return _("Take your time. The countdown waits.") if snapshot.seconds else _("Take your time.")
    if mode is Mode.LEAVING:
        return _("Take your time. Nothing runs while you decide.")
    if snapshot.caption is None or mode is Mode.END:
        return ""
    return _("“{words}”").format(words=render(snapshot.caption))


def switch_advice(snapshot: Snapshot) -> str:
    """What the other side will be like."""
    coming = snapshot.next_work
    if coming is None:
        return ""
    other = _changes_side(snapshot) and coming.side is not None
    if coming.exercise.kind is Kind.STRETCH:
        first = _("Same stretch, other side.") if other else _("Same stretch again.")
    else:
        first = _("The same on the other side.") if other else _("The same again.")
    if coming.kind is SegmentKind.WAIT:
        return first + "\n" + _("Hold as long as you like.")
    return first + "\n" + _("Hold for {seconds}.").format(seconds=_seconds(coming.seconds))


def paused_at(snapshot: Snapshot) -> str:
    """Where the session stands while the user decides."""
    if snapshot.remaining is None or snapshot.segment is None or not snapshot.segment.kind.is_work:
        return _("Paused")
    if snapshot.remaining > 99:
        return _("Paused at {time}").format(time=digits(snapshot.remaining))
    return _("Paused at {seconds}").format(seconds=_seconds(snapshot.remaining))


def leaving_lead(snapshot: Snapshot) -> str:
    """What leaving now would keep, said kindly."""
    if not snapshot.would_keep:
        return _("You held for less than a minute, so nothing is kept. That is all right.")
    minutes = int((snapshot.held_before + snapshot.held_seconds) // 60)
    small = {
        1: _("One minute is a session too."),
        2: _("Two minutes are a session too."),
        3: _("Three minutes are a session too."),
    }
    first = small.get(minutes) or ngettext(
        "{n} minute is a session too.", "{n} minutes are a session too.", minutes
    ).format(n=minutes)
    return first + "\n" + _("This is what goes into your journal:")


def kept_line(one: Kept) -> tuple[str, str]:
    """One exercise that is kept: its name with the sides, and its time as m:ss."""
    whole = max(round(one.seconds), 1)
    time = f"{whole // 60}:{whole % 60:02d}"
    return _sides(one.exercise, one.sides), time


def _sides(exercise: Exercise, sides: tuple[Side, ...]) -> str:
    name = _(exercise.name)
    if len(sides) == 2:
        return _("{name}, both legs").format(name=name)
    return _with_leg(name, sides[0]) if sides else name


def ending(snapshot: Snapshot, *, forgotten: bool) -> str:
    """The sentence under "That is all for tonight."; the same calm words for a session left early."""
    kept = not forgotten and (snapshot.phase is Phase.FINISHED or snapshot.would_keep)
    if not kept:
        return _("Nothing was kept in your journal.")
    minutes = round(snapshot.clock / 60)
    if minutes < 1:
        return _("Kept in your journal.")
    return ngettext(
        "{n} minute, kept in your journal.", "{n} minutes, kept in your journal.", minutes
    ).format(n=minutes)
