"""A plan: the exercises of an evening in their order, with sides, seconds and rounds.

It leaves out files (see storage) and the clock times of each segment (see timeline).
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from coach.domain.exercise import LONGEST_HOLD, SHORTEST_HOLD, Exercise, Posture, Side
from coach.i18n import N_, Line

LONGEST_REST = 120
MOST_ROUNDS = 10
MOST_STEPS = 1000
LONGEST_NAME = 80
LONGEST_NOTE = 500
# Control characters, line and paragraph separators, and marks that reorder text.
UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Extra:
    """More seconds for the leg that needs them, added to each of its holds."""

    side: Side
    seconds: int


@dataclass(frozen=True)
class Step:
    """One exercise in a plan.

    `seconds` None takes the exercise's own; `wait` makes it untimed: the user says when to go on.
    `sides` are done in this order in every round; an exercise without sides ignores them.
    `rest` in seconds lies between rounds.
    """

    exercise: str
    seconds: int | None = None
    wait: bool = False
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)
    rounds: int = 1
    rest: int = 0
    extra: Extra | None = None
    posture: Posture | None = None
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """An ordered evening. `rest` in seconds lies between steps. `exercises` are the plan's own."""

    id: str
    name: str
    steps: tuple[Step, ...]
    description: str = ""
    rest: int = 0
    exercises: tuple[Exercise, ...] = ()


def slug(name: str) -> str:
    """An id that looks like `name`: "Slow evening" becomes "slow-evening"."""
    import re
    import unicodedata  # only a new plan needs it

    plain = unicodedata.normalize("NFKD", name[:LONGEST_NAME].replace("ß", "ss"))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    return "-".join(words)[:60].strip("-") or "plan"


def known_to(plan: Plan, exercises: Mapping[str, Exercise]) -> Mapping[str, Exercise]:
    """All exercises a plan may name: its own stand before others of the same id.

    Nothing is copied: `exercises` may be a mapping that loads each one when it is asked for.
    """
    if not plan.exercises:
        return exercises
    return ChainMap({own.id: own for own in plan.exercises}, cast(dict[str, Exercise], exercises))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, or None when nothing is near."""
    import difflib  # only a slip needs it

    found = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.5)
    return found[0] if found else None


def problems(plan: Plan, exercises: Mapping[str, Exercise]) -> list[tuple[int | None, Line]]:
    """Everything that keeps a plan from running: (step number from 0, or None for the plan; sentence).

    The sentences name what is wrong and what is allowed; an empty list means the plan is ready.
    """
    found: list[tuple[int | None, Line]] = []
    known = known_to(plan, exercises)
    if not plan.steps:
        found.append((None, Line(N_("The plan has no steps. Add at least one exercise."))))
    if len(plan.steps) > MOST_STEPS:
        found.append((None, Line(N_("The plan has more than 1,000 steps. Split it into several plans."))))
    if not 0 <= plan.rest <= LONGEST_REST:
        found.append((None, Line(N_("The rest between steps must be 0 to 120 seconds."))))
    for number, step in enumerate(plan.steps):
        found.extend((number, line) for line in _step_problems(step, known))
    return found


def unknown_exercise(word: str, known: Iterable[str]) -> Line:
    """The sentence about an exercise that is none of `known`; it names the nearest one."""
    near = nearest(word, known)
    if near is None:
        return Line(N_("There is no exercise called “{word}”."), (("word", word),))
    fields = (("word", word), ("near", near))
    return Line(N_("There is no exercise called “{word}”. Did you mean “{near}”?"), fields)


def _step_problems(step: Step, known: Mapping[str, Exercise]) -> list[Line]:
    lines: list[Line] = []
    if step.exercise not in known:
        lines.append(unknown_exercise(step.exercise, known))
    elif step.posture is not None and step.posture not in known[step.exercise].postures:
        exercise = known[step.exercise]
        allowed = ", ".join(posture.value for posture in exercise.postures)
        lines.append(
            Line(
                N_("“{word}” cannot be done in the position {posture}. Allowed: {allowed}."),
                (("word", exercise.name), ("posture", step.posture.value), ("allowed", allowed)),
            )
        )
    if step.seconds is not None and not SHORTEST_HOLD <= step.seconds <= LONGEST_HOLD:
        lines.append(
            Line(
                N_("A hold of {seconds} seconds is not possible. Allowed: 5 to 1800."),
                (("seconds", str(step.seconds)),),
            )
        )
    if not step.sides or len(set(step.sides)) != len(step.sides):
        lines.append(Line(N_("The sides must be “left”, “right” or “both”.")))
    if not 1 <= step.rounds <= MOST_ROUNDS:
        lines.append(Line(N_("The rounds must be 1 to 10.")))
    if not 0 <= step.rest <= LONGEST_REST:
        lines.append(Line(N_("The rest between rounds must be 0 to 120 seconds.")))
    if step.extra is not None and not 0 <= step.extra.seconds <= LONGEST_HOLD:
        lines.append(Line(N_("The extra seconds must be 0 to 1800.")))
    return lines
