"""Changes to a plan as pure functions, and the history that takes them back.

It leaves out saving, and how a change is asked for: a page or a command does that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from coach.domain.exercise import LONGEST_HOLD, SHORTEST_HOLD, Exercise, Kind, Posture, Side
from coach.domain.plan import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_REST,
    UNSHOWABLE,
    Extra,
    Plan,
    Step,
    known_to,
)
from coach.domain.timeline import build, posture_of

MOST_UNDO = 50
"""So many changes can be taken back."""
SHORT_PLAN = 300
"""What "I have 5 minutes" allows, in seconds."""

# Nothing is made shorter than this by `shortened`, in seconds; a side that is shorter already stays as it is.
_LEAST = {
    Kind.STRETCH: 15,
    Kind.MOBILITY: 15,
    Kind.MASSAGE: 30,
    Kind.BREATHING: 60,
    Kind.RELAXATION: 60,
}
_CALM = (Kind.BREATHING, Kind.RELAXATION)
# From upright to lying: going along this list never means getting up.
_WAY_DOWN = (Posture.STANDING, Posture.CHAIR, Posture.FLOOR, Posture.BED)


class StepChanges(TypedDict, total=False):
    """The fields of a Step that can be changed."""

    exercise: str
    seconds: int | None
    wait: bool
    sides: tuple[Side, ...]
    rounds: int
    rest: int
    extra: Extra | None
    posture: Posture | None
    note: str


# ---------------------------------------------------------------- steps


def move(plan: Plan, at: int, to: int) -> Plan:
    """Step `at` taken out and put in as step `to`, both from 0; `to` past an end means that end."""
    steps = list(plan.steps)
    step = steps.pop(at)
    steps.insert(max(to, 0), step)
    return replace(plan, steps=tuple(steps))


def remove(plan: Plan, at: int) -> Plan:
    """The plan without step `at`; it may then have none left, which is one of its problems."""
    return replace(plan, steps=(*plan.steps[:at], *plan.steps[at + 1 :]))


def duplicate(plan: Plan, at: int) -> Plan:
    """Step `at` twice, one after the other."""
    return replace(plan, steps=(*plan.steps[: at + 1], *plan.steps[at:]))


def insert(plan: Plan, at: int, exercise_id: str) -> Plan:
    """An exercise put in as step `at` (0 to the number of steps), with its own seconds and both sides."""
    return replace(plan, steps=(*plan.steps[:at], Step(exercise_id), *plan.steps[at:]))


def set_step(plan: Plan, at: int, **changes: Unpack[StepChanges]) -> Plan:
    """Step `at` with some of its fields changed; a note loses what no file may hold."""
    if "note" in changes:
        changes["note"] = showable(changes["note"], LONGEST_NOTE)
    step = replace(plan.steps[at], **changes)
    return replace(plan, steps=(*plan.steps[:at], step, *plan.steps[at + 1 :]))


def seconds_of(step: Step, exercise: Exercise | None) -> int:
    """Seconds of one side of a step: its own, else those of its exercise."""
    return step.seconds or (exercise.seconds if exercise is not None else SHORTEST_HOLD)


def lengthen(plan: Plan, exercises: Mapping[str, Exercise], at: int, by: int) -> Plan:
    """Step `at` longer by so many seconds (shorter below 0), within 5 to 1800; an untimed step stays."""
    step = plan.steps[at]
    if step.wait:
        return plan
    seconds = seconds_of(step, known_to(plan, exercises).get(step.exercise)) + by
    return set_step(plan, at, seconds=min(max(seconds, SHORTEST_HOLD), LONGEST_HOLD))


# ---------------------------------------------------------------- the plan as a whole


def rename(plan: Plan, name: str) -> Plan:
    """Another name of 1 to 80 characters; a name of nothing but spaces changes nothing."""
    return replace(plan, name=showable(name, LONGEST_NAME) or plan.name)


def describe(plan: Plan, description: str) -> Plan:
    """Another description, up to 500 characters."""
    return replace(plan, description=showable(description, LONGEST_NOTE))


def set_rest(plan: Plan, seconds: int) -> Plan:
    """Another rest between steps, within 0 to 120 seconds."""
    return replace(plan, rest=min(max(seconds, 0), LONGEST_REST))


def showable(text: str, longest: int) -> str:
    """`text` as one line of at most `longest` characters, without marks that reorder text."""
    return " ".join(UNSHOWABLE.sub(" ", text).split())[:longest].rstrip()


def worse_leg(plan: Plan, exercises: Mapping[str, Exercise], side: Side, seconds: int) -> Plan:
    """So many seconds more for the leg that needs them, in every timed step that works on it; 0 takes away
    what any leg had.
    """
    known = known_to(plan, exercises)

    def changed(step: Step) -> Step:
        if seconds <= 0:
            return replace(step, extra=None)
        exercise = known.get(step.exercise)
        if exercise is None or not exercise.sided or step.wait or side not in step.sides:
            return step
        return replace(step, extra=Extra(side, min(seconds, LONGEST_HOLD)))

    return replace(plan, steps=tuple(changed(step) for step in plan.steps))


# ---------------------------------------------------------------- getting up


def get_ups(plan: Plan, exercises: Mapping[str, Exercise]) -> int:
    """How often the plan makes one get up: out of the bed, from the floor, from the chair.

    Postures are those of the timeline; steps with an unknown exercise are passed over.
    """
    known = known_to(plan, exercises)
    before: Posture | None = None
    count = 0
    for step in plan.steps:
        exercise = known.get(step.exercise)
        if exercise is None:
            continue
        now = posture_of(step, exercise, before)
        if before is not None and _gets_up(before, now):
            count += 1
        before = now
    return count


def _gets_up(before: Posture, now: Posture) -> bool:
    if (before, now) == (Posture.FLOOR, Posture.BED):
        return True  # nobody crawls there
    return _WAY_DOWN.index(now) < _WAY_DOWN.index(before)


def fewest_get_ups(plan: Plan, exercises: Mapping[str, Exercise]) -> Plan:
    """The same steps from standing over the chair to lying, in their old order otherwise.

    Breathing and relaxation stay last unless that costs getting up once more. A plan that cannot get better
    stays as it is.
    """
    known = known_to(plan, exercises)

    def down(step: Step) -> int:
        exercise = known.get(step.exercise)
        if exercise is None:
            return 0
        return _WAY_DOWN.index(step.posture or exercise.postures[0])

    def calm(step: Step) -> bool:
        exercise = known.get(step.exercise)
        return exercise is not None and exercise.kind in _CALM

    lower_last = tuple(sorted(plan.steps, key=down))
    calm_last = tuple(sorted(plan.steps, key=lambda step: (calm(step), down(step))))
    orders = (plan, replace(plan, steps=calm_last), replace(plan, steps=lower_last))
    return min(orders, key=lambda one: get_ups(one, exercises))


# ---------------------------------------------------------------- shorter


def shortened(plan: Plan, exercises: Mapping[str, Exercise], seconds: int = SHORT_PLAN) -> Plan:
    """The plan in at most so many seconds of its timeline, where that is possible; for a plan without
    problems.

    First rounds go, then rests, then seconds (a stretch keeps 15), then steps from the end, but one is always
    left. Both sides stay.
    """
    known = known_to(plan, exercises)

    def fits(one: Plan) -> bool:
        return build(one, exercises).seconds <= seconds

    if fits(plan):
        return plan
    for laps in range(max(step.rounds for step in plan.steps) - 1, 0, -1):
        steps = tuple(replace(step, rounds=min(step.rounds, laps)) for step in plan.steps)
        plan = replace(plan, steps=steps)
        if fits(plan):
            return plan
    for rest in (10, 0):
        steps = tuple(replace(step, rest=min(step.rest, rest)) for step in plan.steps)
        plan = replace(plan, steps=steps, rest=min(plan.rest, rest))
        if fits(plan):
            return plan

    def part(count: int, percent: int) -> Plan:
        steps = (_shorter(step, known[step.exercise], percent) for step in plan.steps[:count])
        return replace(plan, steps=tuple(steps))

    # As many steps as fit when all are as short as they may be, and those as long as still fits.
    count = _largest(1, len(plan.steps), lambda number: fits(part(number, 0)))
    return part(count, _largest(0, 99, lambda percent: fits(part(count, percent))))


def _shorter(step: Step, exercise: Exercise, percent: int) -> Step:
    """A step with so many percent of its seconds, in whole fives, never below what its kind keeps."""
    if step.wait:
        return step
    now = seconds_of(step, exercise)
    least = min(now, _LEAST[exercise.kind])
    extra = step.extra
    if extra is not None:
        fewer = extra.seconds * percent // 500 * 5
        extra = Extra(extra.side, fewer) if fewer else None
    return replace(step, seconds=max(least, now * percent // 500 * 5), extra=extra)


def _largest(least: int, most: int, fits: Callable[[int], bool]) -> int:
    """The largest number that fits where all smaller ones do; `least` when none does."""
    while least < most:
        middle = (least + most + 1) // 2
        if fits(middle):
            least = middle
        else:
            most = middle - 1
    return least


# ---------------------------------------------------------------- history


@dataclass(frozen=True)
class History:
    """A plan under change: `present`, with the last 50 versions before it and those taken back."""

    present: Plan
    past: tuple[Plan, ...] = ()
    future: tuple[Plan, ...] = ()

    def change(self, new: Plan) -> History:
        """`new` as the present; what was taken back is forgotten. The same plan again is no change."""
        if new == self.present:
            return self
        return History(new, (*self.past, self.present)[-MOST_UNDO:])

    def undo(self) -> History:
        """One change taken back, if there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redo(self) -> History:
        """One change made again, if one was taken back."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present)[-MOST_UNDO:], self.future[1:])
