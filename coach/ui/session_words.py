"""What the session screen says about a moment: one set of words for each thing the user can be doing.

It leaves out where the words stand, and knows nothing of Qt.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto

from coach.domain.exercise import Exercise, Kind, Posture, Side
from coach.domain.pacing import Beat, BeatKind
from coach.domain.session import Kept, Phase, Snapshot, digits
from coach.domain.timeline import Segment, SegmentKind
from coach.i18n import N_, _, ngettext, render

__all__ = [
    "BreathWords",
    "Display",
    "Mode",
    "PressWords",
    "StrokeWords",
    "Words",
    "breath_words",
    "calm_line",
    "caption_of",
    "display_of",
    "ending",
    "goes_down",
    "kept_line",
    "leaving_lead",
    "leg",
    "mode_of",
    "paused_at",
    "press_words",
    "pressure_line",
    "small_leg",
    "stroke_words",
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
    DROPPING = auto()
    LEAVING = auto()
    END = auto()

    @property
    def waits_for_space(self) -> bool:
        """Whether Space says "I am ready"."""
        return self in (Mode.READY, Mode.WAIT)


_BY_KIND = {
    SegmentKind.READY: Mode.READY,
    SegmentKind.HOLD: Mode.HOLD,
    SegmentKind.STROKE: Mode.HOLD,
    SegmentKind.BREATH: Mode.HOLD,
    SegmentKind.SWITCH: Mode.SWITCH,
    SegmentKind.REST: Mode.REST,
    SegmentKind.WAIT: Mode.WAIT,
}


class Display(Enum):
    """What stands for the time of a side: the seconds, or what is done in their rhythm."""

    RING = auto()
    STROKES = auto()
    PRESSES = auto()
    BREATHS = auto()
    BEATS = auto()


_DISPLAYS = {
    BeatKind.STROKE: Display.STROKES,
    BeatKind.BREATH: Display.BREATHS,
    BeatKind.PRESS: Display.PRESSES,
}


def display_of(snapshot: Snapshot) -> Display:
    """How the side that runs is paced; a quiet hold by its seconds alone."""
    segment, beat = snapshot.segment, snapshot.beat
    if segment is None or beat is None or not segment.kind.is_timed_work:
        return Display.RING
    if beat.kind is BeatKind.REST and _between_presses(snapshot, beat):
        return Display.PRESSES
    if beat.kind is BeatKind.STROKE and segment.exercise.kind is Kind.RELAXATION:
        return Display.BEATS  # a single slow movement between tensing and letting go
    return _DISPLAYS.get(beat.kind, Display.BEATS)


def _between_presses(snapshot: Snapshot, rest: Beat) -> bool:
    around = [one.kind for one in snapshot.beats if one.kind is not BeatKind.REST and one.at < rest.at]
    return bool(around) and around[-1] is BeatKind.PRESS and snapshot.beats[-1].at > rest.at


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
    if whole >= 120 and whole % 60 == 0:
        return ngettext("{n} minute", "{n} minutes", whole // 60).format(n=whole // 60)
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
            return _work_headline(snapshot, segment, name)


def _work_headline(snapshot: Snapshot, segment: Segment, name: str) -> tuple[str, str]:
    """Which leg works; where a beat asks for something else at once, that instead."""
    side, beat = segment.side, snapshot.beat
    usual = (name, leg(side)) if side else ("", name)
    if beat is None or not segment.kind.is_timed_work:
        return usual
    about = _with_leg(name, side)
    match beat.kind:
        case BeatKind.STROKE if segment.exercise.kind is Kind.RELAXATION:
            return (about, _(beat.place)) if beat.place else usual
        case BeatKind.STROKE | BeatKind.PRESS:
            return usual
        case BeatKind.BREATH:
            out = snapshot.beat_elapsed >= beat.go + beat.lift
            return about, _("Breathe out") if out else _("Breathe in")
        case BeatKind.REST:
            return about, _("Let go") if _between_presses(snapshot, beat) else _("Rest")
        case BeatKind.TENSE:
            return _with_leg(_(beat.place), side) if beat.place else about, _("Tense gently")
        case BeatKind.EASE:
            return _with_leg(_(beat.place), side) if beat.place else about, _("Let go")
        case BeatKind.STAY:
            return (about, _(beat.place)) if beat.place else usual


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
            parts.append(_amount(segment, snapshot.seconds or segment.seconds))
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


def _amount(segment: Segment, seconds: float) -> str:
    """How much there is to do in a side, in words."""
    found = Counter(beat.kind for beat in segment.beats)
    time = _seconds(seconds)
    if n := found[BeatKind.PRESS]:
        return ngettext("{n} press, {time}", "{n} presses, {time}", n).format(n=n, time=time)
    if n := found[BeatKind.STROKE]:
        if segment.exercise.kind is Kind.MASSAGE:
            return ngettext("{n} stroke, {time}", "{n} strokes, {time}", n).format(n=n, time=time)
        return ngettext("{n} time, {time}", "{n} times, {time}", n).format(n=n, time=time)
    if segment.kind is SegmentKind.BREATH:
        n = found[BeatKind.BREATH]
        return ngettext("{n} breath, {time}", "{n} breaths, {time}", n).format(n=n, time=time)
    return time if segment.beats else _("Hold for {seconds}").format(seconds=time)


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
    return first + "\n" + _amount(coming, coming.seconds) + "."


_PAUSED_AT = {
    BeatKind.STROKE: N_("Paused at {n} of {count}"),
    BeatKind.BREATH: N_("Paused at breath {n} of {count}"),
    BeatKind.PRESS: N_("Paused at press {n} of {count}"),
}


def paused_at(snapshot: Snapshot) -> str:
    """Where the session stands while the user decides."""
    if snapshot.remaining is None or snapshot.segment is None or not snapshot.segment.kind.is_work:
        return _("Paused")
    beat = snapshot.beat
    if beat is not None and beat.kind in _PAUSED_AT:
        return _(_PAUSED_AT[beat.kind]).format(n=beat.number, count=beat.count)
    if snapshot.remaining > 99:
        return _("Paused at {time}").format(time=digits(snapshot.remaining))
    return _("Paused at {seconds}").format(seconds=_seconds(snapshot.remaining))


def leaving_lead(snapshot: Snapshot) -> str:
    """What leaving now would keep, said kindly."""
    if not snapshot.would_keep:
        return _("It was less than a minute, so nothing is kept. That is all right.")
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


# ---------------------------------------------------------------- strokes, presses, breaths


@dataclass(frozen=True)
class StrokeWords:
    """The panel of a stroke: `number` large, `unit` beside it, the ends of the way and how fast it goes."""

    number: int
    count: int
    unit: str
    start: str
    end: str
    pace: str
    foot: str
    spoken: str


def stroke_words(snapshot: Snapshot) -> StrokeWords:
    """For a moment in which a stroke runs."""
    segment, beat = snapshot.segment, snapshot.beat
    if segment is None or beat is None:
        raise ValueError("no stroke is running")
    exercise, n = segment.exercise, beat.count
    if exercise.kind is Kind.MASSAGE:
        unit = ngettext("of {n} stroke", "of {n} strokes", n).format(n=n)
        spoken = _("Stroke {n} of {count}").format(n=beat.number, count=n)
    else:
        unit = ngettext("of {n} time", "of {n} times", n).format(n=n)
        spoken = _("{n} of {count}").format(n=beat.number, count=n)
    foot = "  ·  ".join(part for part in (_(beat.place), pressure_line(exercise.pressure)) if part)
    start, end = _(exercise.start), _(exercise.end)
    return StrokeWords(beat.number, n, unit, start, end, _pace(beat), foot, spoken)


def _pace(beat: Beat) -> str:
    """How fast a stroke goes, worked out from the beat itself: "5 seconds up, lift, return"."""
    go, back = _halves(beat.go), _halves(beat.back)
    if beat.lift > 0:
        return ngettext("{n} second up, lift, return", "{n} seconds up, lift, return", _plural(go)).format(
            n=f"{go:g}"
        )
    if back == 0:
        return ngettext("{n} second each", "{n} seconds each", _plural(go)).format(n=f"{go:g}")
    if abs(go - back) < 0.75:
        return ngettext("{n} second each way", "{n} seconds each way", _plural(go)).format(n=f"{go:g}")
    return ngettext("{n} second there, {m} back", "{n} seconds there, {m} back", _plural(go)).format(
        n=f"{go:g}", m=f"{back:g}"
    )


def _halves(seconds: float) -> float:
    return max(round(seconds * 2) / 2, 0.5) if seconds > 0 else 0.0


def _plural(seconds: float) -> int:
    """The number that decides between singular and plural: one and a half are many."""
    return 1 if seconds == 1 else max(math.ceil(seconds), 2)


def pressure_line(pressure: tuple[int, ...]) -> str:
    """How hard to press, of 10, from where it begins to where it ends; empty where nothing is pressed."""
    if not pressure:
        return ""
    first, last = pressure[0], pressure[-1]
    if first == last:
        return _("Pressure {n} of 10").format(n=first)
    if first > last:
        return _("Pressure from {first} down to {last} of 10").format(first=first, last=last)
    return _("Pressure {first} to {last} of 10").format(first=first, last=last)


@dataclass(frozen=True)
class PressWords:
    """The panel of a tender spot: which press of how many, what comes after it, and how it should feel.

    `ladder` holds the levels from first to last, `level` is the place in it that is expected now, None while
    letting go; `easing` says the same in words.
    """

    number: int
    count: int
    line: str
    ladder: tuple[int, ...]
    level: int | None
    easing: str
    resting: bool


def press_words(snapshot: Snapshot) -> PressWords:
    """For a moment in which a press runs, or the rest after one."""
    segment, beat = snapshot.segment, snapshot.beat
    if segment is None or beat is None:
        raise ValueError("no press is running")
    pressure = segment.exercise.pressure
    first, last = (pressure[0], pressure[-1]) if pressure else (0, 0)
    ladder = tuple(range(first, last - 1, -1)) if first > last else ()
    easing = _("from {first} down to {last}").format(first=first, last=last) if ladder else ""
    resting = beat.kind is BeatKind.REST
    presses = [one for one in snapshot.beats if one.kind is BeatKind.PRESS]
    if resting:
        coming = next((one for one in presses if one.at > beat.at), None)
        number = sum(1 for one in presses if one.at < beat.at)
        line = _("Rest")
        if coming is not None:
            line = _("Rest, then press {n} of {count}").format(n=coming.number, count=coming.count)
        return PressWords(number, len(presses), line, ladder, None, easing, resting)
    after = next((one for one in snapshot.beats if one.at > beat.at), None)
    line = _("Press {n} of {count}").format(n=beat.number, count=beat.count)
    if after is not None and after.kind is BeatKind.REST:
        line = _("Press {n} of {count}, then rest {seconds} s").format(
            n=beat.number, count=beat.count, seconds=round(after.seconds)
        )
    share = min(snapshot.beat_elapsed / beat.seconds, 0.999) if beat.seconds else 0.0
    level = int(share * len(ladder)) if ladder else None
    return PressWords(beat.number, beat.count, line, ladder, level, easing, resting)


@dataclass(frozen=True)
class BreathWords:
    """Which breath of how many, and how long in and out."""

    line: str
    lengths: str


def breath_words(snapshot: Snapshot) -> BreathWords:
    """For a moment in which a breath runs."""
    beat = snapshot.beat
    if beat is None:
        raise ValueError("no breath is running")
    return BreathWords(
        _("Breath {n} of {count}").format(n=beat.number, count=beat.count),
        _("In {go}, out {back}").format(go=f"{_halves(beat.go):g}", back=f"{_halves(beat.back):g}"),
    )


def calm_line(exercise: Exercise) -> str:
    """What calm exercises say all the time: lying still is never asked for (content.md 4.3)."""
    calm = exercise.kind in (Kind.BREATHING, Kind.RELAXATION)
    return _("Moving is fine at any time.") if calm else ""
