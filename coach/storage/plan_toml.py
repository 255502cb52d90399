"""Plans in TOML files: reads one strictly, and finds those that ship and those of the user.

It leaves out which of two plans with the same id wins, and saving.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path

from coach.domain import plan as rules
from coach.domain.exercise import Exercise, Posture, Side
from coach.domain.plan import LONGEST_NAME, LONGEST_NOTE, MOST_STEPS, Extra, Plan, Step
from coach.i18n import N_, Line, render
from coach.services.ports import ExerciseSource, PlanFileError, Problem
from coach.storage.toml_reading import Table, TomlFile, named

log = logging.getLogger(__name__)

FORMAT = 1
ENDINGS = (".stretchplan.toml", ".toml")
_PLAN_KEYS = ("format", "name", "id", "description", "rest", "steps", "exercises")
_STEP_KEYS = ("exercise", "seconds", "wait", "sides", "rounds", "rest", "extra", "posture", "note")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class _Sides(Enum):
    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"


_SIDES = {
    _Sides.BOTH: (Side.LEFT, Side.RIGHT),
    _Sides.LEFT: (Side.LEFT,),
    _Sides.RIGHT: (Side.RIGHT,),
}


class PlanFiles:
    """The plan files of two folders: `shipped` with the app, `own` of the user (it need not exist)."""

    def __init__(self, shipped: Path, own: Path, exercises: ExerciseSource) -> None:
        self._shipped = shipped
        self._own = own
        self._exercises = exercises

    def shipped(self) -> Sequence[Plan]:
        """The plans that ship, by file name. One that is wrong is left out and logged."""
        plans, problems = self._all(self._shipped)
        for problem in problems:
            log.error("%s:%d: %s", problem.path, problem.line_number, render(problem.text))
        return plans

    def mine(self) -> tuple[Sequence[Plan], Sequence[Problem]]:
        """The user's own plans by file name, and what is wrong with the others."""
        return self._all(self._own)

    def load(self, path: Path) -> Plan:
        """The plan in the file `path`. Raises PlanFileError with every problem."""
        return load(path, self._exercises.exercises())

    def _all(self, folder: Path) -> tuple[list[Plan], list[Problem]]:
        plans: list[Plan] = []
        problems: list[Problem] = []
        origin: dict[str, str] = {}
        try:
            paths = sorted(path for path in folder.iterdir() if path.name.endswith(".toml"))
        except FileNotFoundError:
            return plans, problems
        except OSError as error:
            fields = (("name", named(folder)), ("reason", error.strerror or str(error)))
            return plans, [Problem(folder, 0, Line(N_("“{name}” cannot be read: {reason}."), fields))]
        for path in paths:
            try:
                plan = self.load(path)
            except PlanFileError as error:
                problems.extend(error.problems)
                continue
            if plan.id in origin:
                fields = (("id", plan.id), ("name", origin[plan.id]))
                line = Line(N_("The id “{id}” is taken by “{name}”. Give this plan another one."), fields)
                problems.append(Problem(path, 0, line))
                continue
            origin[plan.id] = named(path)
            plans.append(plan)
        return plans, problems


def load(path: Path, exercises: Mapping[str, Exercise]) -> Plan:
    """The plan in the file `path`, ready to run. Raises PlanFileError with every problem in it."""
    file = TomlFile(path)
    root = file.root
    root.only(_PLAN_KEYS, N_("a plan"))
    root.need("format", "name", "steps")
    if "format" in root and (root.whole("format") or FORMAT) != FORMAT:
        sentence = N_("“format” must be 1. This plan is for another version of Stretch Coach.")
        root.wrong("format", Line(sentence))
    if "exercises" in root:
        root.wrong("exercises", Line(N_("Exercises of one's own cannot be used in a plan yet.")))
    tables = root.tables("steps")
    steps = [_step(table) for table in tables[:MOST_STEPS]]
    plan = Plan(
        id=_id(root, path),
        name=root.text("name", LONGEST_NAME, empty=False),
        steps=tuple(steps),
        description=root.text("description", LONGEST_NOTE),
        rest=root.whole("rest") or 0,
    )
    if len(tables) > MOST_STEPS:
        # Only counted: what is in so many of them is not looked at.
        plan = replace(plan, steps=(*steps, Step(steps[0].exercise)))
    if "steps" in root:
        for number, line in rules.problems(plan, exercises):
            if number is None:
                root.wrong(_key_of_plan(plan, line, exercises), line)
            elif number < len(steps) and steps[number].exercise:
                tables[number].wrong(_key_of_step(steps[number], line, exercises), line)
    file.finish()
    return plan


def _step(table: Table) -> Step:
    table.only(_STEP_KEYS, N_("a step"))
    table.need("exercise")
    wait = table.flag("wait")
    if wait and "seconds" in table:
        table.wrong("wait", Line(N_("A step has “seconds” or “wait = true”, not both. Remove one.")))
    rounds = table.whole("rounds")
    return Step(
        exercise=table.text("exercise", LONGEST_NAME, empty=False),
        seconds=table.whole("seconds"),
        wait=wait,
        sides=_SIDES[table.choice("sides", _Sides) or _Sides.BOTH],
        rounds=1 if rounds is None else rounds,
        rest=table.whole("rest") or 0,
        extra=_extra(table.table("extra")),
        posture=table.choice("posture", Posture),
        note=table.text("note", LONGEST_NOTE),
    )


def _extra(table: Table | None) -> Extra | None:
    if table is None:
        return None
    table.only(("side", "seconds"), N_("“extra”"))
    table.need("side", "seconds")
    side, seconds = table.choice("side", Side), table.whole("seconds")
    return None if side is None or seconds is None else Extra(side, seconds)


def _id(root: Table, path: Path) -> str:
    """The id in the file, or else the name of the file without its ending."""
    if "id" in root:
        given = root.text("id", LONGEST_NAME, empty=False)
        if given and not _ID.fullmatch(given):
            sentence = N_("“id” may have letters, digits, “-”, “_” and “.”, a letter or digit first.")
            root.wrong("id", Line(sentence))
        return given
    name = named(path)
    ending = next((one for one in ENDINGS if name.lower().endswith(one)), "")
    return name[: len(name) - len(ending)][:LONGEST_NAME] or "plan"


def _key_of_plan(plan: Plan, line: Line, exercises: Mapping[str, Exercise]) -> str:
    """The key that a sentence about the whole plan speaks of: without it the sentence is gone."""
    return "steps" if (None, line) in rules.problems(replace(plan, rest=0), exercises) else "rest"


def _key_of_step(step: Step, line: Line, exercises: Mapping[str, Exercise]) -> str:
    """The key that a sentence about a step speaks of: without it the sentence is gone."""
    without = {
        "seconds": replace(step, seconds=None),
        "rounds": replace(step, rounds=1),
        "rest": replace(step, rest=0),
        "extra": replace(step, extra=None),
        "posture": replace(step, posture=None),
    }
    for key, other in without.items():
        if (0, line) not in rules.problems(Plan("", "", (other,)), exercises):
            return key
    return "exercise"
