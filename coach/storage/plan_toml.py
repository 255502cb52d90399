"""Plans in TOML: reads one strictly, with the exercises and pictures it brings along.

It leaves out where plans are kept (see plan_saving), and other programs' files (see plan_imports).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

from coach.domain import plan as rules
from coach.domain.exercise import Exercise, Posture, Side
from coach.domain.plan import LONGEST_NAME, LONGEST_NOTE, MOST_STEPS, Extra, Plan, Step
from coach.i18n import N_, Line
from coach.services.ports import PlanFileError
from coach.storage import plan_pictures
from coach.storage.exercise_toml import exercise_of
from coach.storage.toml_reading import LARGEST_NUMBER, Table, TomlFile, named

FORMAT = 1
ENDINGS = (".stretchplan.toml", ".toml")
# Exercises a plan may bring along.
MOST_OWN = 100
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
# What the values of a step without a slip look like, for a short way through many steps.
_PLAIN_STEP: Mapping[str, type] = {
    "exercise": str, "seconds": int, "wait": bool, "sides": str, "rounds": int, "rest": int, "extra": dict,
    "posture": str, "note": str,
}  # fmt: skip
_PLAIN_SIDES = {word.value: sides for word, sides in _SIDES.items()}
_PLAIN_SIDE = {side.value: side for side in Side}
_PLAIN_POSTURES = {posture.value: posture for posture in Posture}
# So many unknown exercises are told what might be meant; to look for more would take seconds.
_MOST_SUGGESTIONS = 20


def load(
    path: Path,
    exercises: Mapping[str, Exercise],
    data: bytes | None = None,
    pictures: plan_pictures.Check | None = None,
) -> Plan:
    """The plan in the file `path`, ready to run. Raises PlanFileError with every problem in it.

    `data` stands for what is in the file, and `pictures` for the pictures beside it.
    """
    file = TomlFile(path, data)
    root = file.root
    root.only(_PLAN_KEYS, N_("a plan"))
    root.need("format", "name", "steps")
    if "format" in root and (root.whole("format") or FORMAT) != FORMAT:
        sentence = N_("“format” must be 1. This plan is for another version of Stretch Coach.")
        root.wrong("format", Line(sentence))
    own = _own(root, exercises, pictures or plan_pictures.beside(path)) if "exercises" in root else ()
    tables = root.tables("steps")
    steps = [_step(table) for table in tables[:MOST_STEPS]]
    plan = Plan(
        id=_id(root, path),
        name=root.text("name", LONGEST_NAME, empty=False),
        steps=tuple(steps),
        description=root.text("description", LONGEST_NOTE),
        rest=root.whole("rest") or 0,
        exercises=own,
    )
    if len(tables) > MOST_STEPS:
        # Only counted: what is in so many of them is not looked at.
        plan = replace(plan, steps=(*steps, Step(steps[0].exercise)))
    known = rules.known_to(plan, exercises)
    try:
        if "steps" in root:
            _check(plan, root, tables, known)
        file.finish()
    except PlanFileError as error:
        raise PlanFileError(error.problems, _steps_as_read(file, steps, known)) from None
    return plan


def _check(plan: Plan, root: Table, tables: list[Table], known: Mapping[str, Exercise]) -> None:
    """Note what the rules for plans say against this one, each at its key."""
    harmless = next(iter(known), "")
    suggestions = 0
    steps: list[Step] = []
    for step, table in zip(plan.steps, tables, strict=False):
        steps.append(step)
        if step.exercise in known:
            continue
        # Its other keys are still to be checked.
        steps[-1] = replace(step, exercise=harmless, posture=None)
        if step.exercise:
            suggestions += 1
            near = suggestions <= _MOST_SUGGESTIONS
            table.wrong("exercise", rules.unknown_exercise(step.exercise, known if near else ()))
    bare = replace(plan, exercises=(), steps=tuple(steps))
    for number, line in rules.problems(bare, known):
        if number is None:
            root.wrong(_key_of_plan(bare, line, known), line)
        elif number < len(tables) and known:
            tables[number].wrong(_key_of_step(steps[number], line, known), line)


def _steps_as_read(
    file: TomlFile, steps: list[Step], known: Mapping[str, Exercise]
) -> list[tuple[str, bool]]:
    """The steps of a file with slips, by name, and which of them are fine."""
    return [
        (
            known[step.exercise].name if step.exercise in known else step.exercise,
            bool(step.exercise) and not file.is_wrong_at(("steps", number)),
        )
        for number, step in enumerate(steps)
    ]


def _own(
    root: Table, exercises: Mapping[str, Exercise], pictures: plan_pictures.Check
) -> tuple[Exercise, ...]:
    """The plan's own exercises; one with a slip is still known, so that its steps are not wrong as well."""
    tables = root.tables("exercises")
    if len(tables) > MOST_OWN:
        fields = (("most", str(MOST_OWN)),)
        root.wrong("exercises", Line(N_("A plan may bring {most} exercises of its own at most."), fields))
        tables = tables[:MOST_OWN]
    found: dict[str, Exercise] = {}
    for table in tables:
        one = exercise_of(table)
        if one.picture and (wrong := pictures(one.picture)) is not None:
            table.wrong("picture", wrong)
        for key, texts in (("stop", one.stop), ("cues", (one.cues.release,))):
            # They would be taken for fields to be filled in.
            if any("{" in text or "}" in text for text in texts):
                table.wrong(key, Line(N_("The braces { and } cannot be used here.")))
        if one.id in exercises:
            sentence = N_("The app has an exercise “{word}” already. Give yours another id.")
            table.wrong("id", Line(sentence, (("word", one.id),)))
        elif one.id in found:
            sentence = N_("There are two exercises with the id “{word}”. Give one of them another id.")
            table.wrong("id", Line(sentence, (("word", one.id),)))
        elif one.id:
            found[one.id] = one
    return tuple(found.values())


def _step(table: Table) -> Step:
    values = table.plain(_PLAIN_STEP)
    return (_plain_step(values) if values is not None else None) or _checked_step(table)


def _plain_step(values: Mapping[str, Any]) -> Step | None:
    """The step in `values`, all of the right type, or None when anything in it needs a closer look.

    Most steps take this way, and a thousand of them cost less than parsing them.
    """
    exercise, note, wait = values.get("exercise", ""), values.get("note", ""), values.get("wait", False)
    sides = _PLAIN_SIDES.get(values.get("sides", "both"))
    posture = _PLAIN_POSTURES.get(values.get("posture", ""))
    if sides is None or (posture is None and "posture" in values) or (wait and "seconds" in values):
        return None
    for text, longest in ((exercise, LONGEST_NAME), (note, LONGEST_NOTE)):
        if len(text) > longest or not text.isprintable():
            return None
    seconds, rounds, rest = values.get("seconds"), values.get("rounds", 1), values.get("rest", 0)
    numbers = (seconds or 0, rounds, rest)
    if not exercise.strip() or max(numbers) > LARGEST_NUMBER or min(numbers) < -LARGEST_NUMBER:
        return None
    extra = None
    if "extra" in values:
        given = values["extra"]
        word, more = given.get("side"), given.get("seconds")
        if type(word) is not str or word not in _PLAIN_SIDE:
            return None
        if len(given) != 2 or type(more) is not int or abs(more) > LARGEST_NUMBER:
            return None
        extra = Extra(_PLAIN_SIDE[word], more)
    return Step(exercise, seconds, wait, sides, rounds, rest, extra, posture, note)


def _checked_step(table: Table) -> Step:
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
    return default_id(path)


def is_id(word: str) -> bool:
    """Whether `word` can be the id of a plan."""
    return len(word) <= LONGEST_NAME and bool(_ID.fullmatch(word))


def default_id(path: Path) -> str:
    """The id of a plan that gives none: the name of its file without the ending."""
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
