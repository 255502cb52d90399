"""Turns a plan into segments with absolute start and end on the session clock.

It leaves out what is said in them (see cues) and everything the user does while they run (see session).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from coach.domain.exercise import Exercise, Posture, Side
from coach.domain.pacing import Beat, BeatKind, beats
from coach.domain.plan import Plan, Step, known_to

# Seconds to change from one posture to another (architecture 2).
SAME_POSTURE = 8.0
STANDING_TO_CHAIR = 12.0
DOWN_OR_UP = 20.0
# Seconds to change over to the other leg, upright and low (architecture 2).
SWITCH_UPRIGHT = 5.0
SWITCH_LOW = 8.0


class SegmentKind(Enum):
    """What the user does in a segment."""

    READY = "ready"
    HOLD = "hold"
    STROKE = "stroke"
    BREATH = "breath"
    SWITCH = "switch"
    REST = "rest"
    WAIT = "wait"

    @property
    def is_work(self) -> bool:
        """Whether this is the exercise itself, so that the seconds count as held."""
        return self.is_timed_work or self is SegmentKind.WAIT

    @property
    def is_timed_work(self) -> bool:
        """Work that ends by itself."""
        return self in (SegmentKind.HOLD, SegmentKind.STROKE, SegmentKind.BREATH)


@dataclass(frozen=True)
class Segment:
    """A stretch of the session clock in which one thing happens.

    `start` and `end` are planned seconds from the start; an untimed WAIT has `end == start`.
    `step`, `round` count from 0. `leaving` is the posture before a READY, None at the very start.
    In a SWITCH, REST or READY, `side` is the side that comes next. `beats` are the strokes, breaths or
    presses inside; a quiet hold has none. What kind of work it is follows from its first beat.
    """

    index: int
    kind: SegmentKind
    step: int
    exercise: Exercise
    side: Side | None
    round: int
    start: float
    end: float
    posture: Posture
    leaving: Posture | None = None
    extra: int = 0
    note: str = ""
    beats: tuple[Beat, ...] = ()

    @property
    def seconds(self) -> float:
        return self.end - self.start


class Detail(Enum):
    """How much is said: only names, sides and counts; the usual; or the whole advice in every round."""

    FEW = "few"
    NORMAL = "normal"
    ALL = "all"


@dataclass(frozen=True)
class Manner:
    """How this person is led: `setup` times the usual time to get ready (1.0 or more), how much is said, and
    whether the end of a hold is counted aloud."""

    setup: float = 1.0
    detail: Detail = Detail.NORMAL
    counts: bool = False


@dataclass(frozen=True)
class Timeline:
    """The segments of one plan, in order and without gaps, and the manner they are led in."""

    plan_id: str
    plan_name: str
    segments: tuple[Segment, ...]
    manner: Manner = Manner()

    @property
    def seconds(self) -> float:
        """Planned length in seconds; untimed steps count as nothing."""
        return self.segments[-1].end if self.segments else 0.0

    @property
    def steps(self) -> int:
        return 1 + max((segment.step for segment in self.segments), default=-1)

    def next_work(self, index: int) -> Segment | None:
        """The first hold or wait after segment `index`."""
        return next((s for s in self.segments[index + 1 :] if s.kind.is_work), None)


def change_seconds(leaving: Posture | None, entering: Posture) -> float:
    """Seconds a change of posture takes; None before it means nothing is known yet."""
    if leaving is None or leaving is entering:
        return SAME_POSTURE
    if leaving.is_low or entering.is_low:
        return DOWN_OR_UP
    return STANDING_TO_CHAIR


def posture_of(step: Step, exercise: Exercise, before: Posture | None) -> Posture:
    """The posture of a step: as the plan says, else unchanged if that is possible, else the best one."""
    if step.posture is not None:
        return step.posture
    if before is not None and before in exercise.postures:
        return before
    return exercise.postures[0]


def build(plan: Plan, exercises: Mapping[str, Exercise], manner: Manner = Manner()) -> Timeline:
    """Lay out a plan that has no problems (see `plan.problems`).

    Every side gets its full hold: set-up, change-over and rest lie between holds, never inside them.
    """
    known = known_to(plan, exercises)
    segments: list[Segment] = []
    clock = 0.0
    before: Posture | None = None

    def add(
        kind: SegmentKind,
        side: Side | None,
        lap: int,
        seconds: float,
        extra: int = 0,
        paced: tuple[Beat, ...] = (),
    ) -> None:
        nonlocal clock
        is_ready = kind is SegmentKind.READY
        segments.append(
            Segment(
                index=len(segments),
                kind=kind,
                step=number,
                exercise=exercise,
                side=side,
                round=lap,
                start=clock,
                end=clock + seconds,
                posture=posture,
                leaving=before if is_ready else None,
                extra=extra,
                note=step.note if is_ready else "",
                beats=paced,
            )
        )
        clock += seconds

    for number, step in enumerate(plan.steps):
        exercise = known[step.exercise]
        posture = posture_of(step, exercise, before)
        sides: tuple[Side | None, ...] = step.sides if exercise.sided else (None,)
        if number and plan.rest:
            add(SegmentKind.REST, sides[0], 0, plan.rest)
        for turn, (lap, side) in enumerate(_turns(step.rounds, sides)):
            if turn == 0:
                usual = max(exercise.setup, change_seconds(before, posture))
                add(SegmentKind.READY, side, lap, usual * manner.setup)
            else:
                if step.rest and side is sides[0]:
                    add(SegmentKind.REST, side, lap, step.rest)
                add(SegmentKind.SWITCH, side, lap, SWITCH_LOW if posture.is_low else SWITCH_UPRIGHT)
            if step.wait:
                add(SegmentKind.WAIT, side, lap, 0.0)
            else:
                extra = step.extra.seconds if step.extra and side is step.extra.side else 0
                seconds = (step.seconds or exercise.seconds) + extra
                paced = beats(exercise.parts, seconds) if exercise.parts else ()
                add(_kind_of(paced), side, lap, seconds, extra, paced)
        before = posture
    return Timeline(plan.id, plan.name, tuple(segments), manner)


def _kind_of(paced: tuple[Beat, ...]) -> SegmentKind:
    kinds = {BeatKind.STROKE: SegmentKind.STROKE, BeatKind.BREATH: SegmentKind.BREATH}
    return kinds.get(paced[0].kind, SegmentKind.HOLD) if paced else SegmentKind.HOLD


def _turns(rounds: int, sides: tuple[Side | None, ...]) -> Iterator[tuple[int, Side | None]]:
    for lap in range(rounds):
        for side in sides:
            yield lap, side


def resume_at(timeline: Timeline, index: int) -> Timeline:
    """What is left from segment `index` on, begun with time to get into position again.

    Used after a crash or a power cut: the person has left the position in the meantime.
    """
    rest = timeline.segments[index:]
    work = next((segment for segment in rest if segment.kind.is_work), None)
    if work is None:
        return replace(timeline, segments=())
    setup = max(work.exercise.setup, SAME_POSTURE) * timeline.manner.setup
    kept = [segment for segment in rest if segment.index >= work.index]
    ready = replace(
        work, kind=SegmentKind.READY, start=0.0, end=setup, leaving=None, extra=0, note="", beats=()
    )
    segments: list[Segment] = []
    clock = 0.0
    for number, segment in enumerate([ready, *kept]):
        segments.append(replace(segment, index=number, start=clock, end=clock + segment.seconds))
        clock += segment.seconds
    return replace(timeline, segments=tuple(segments))
