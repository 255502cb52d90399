"""The exercises that ship with the app, read from their TOML files.

It leaves out what users write themselves, and everything an exercise is used for.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from coach.domain.exercise import LONGEST_HOLD, SHORTEST_HOLD, Cues, Evidence, Exercise, Grade, Kind, Posture
from coach.i18n import N_, Line, render
from coach.services.ports import PlanFileError
from coach.storage.toml_reading import Table, TomlFile

log = logging.getLogger(__name__)

# What the profile may hide an exercise for (content.md 2.0).
SKIP_FLAGS = frozenset(
    {
        "achilles_problem",
        "acute_injury",
        "balance",
        "glaucoma",
        "heart_failure",
        "hip_replacement",
        "hypermobile",
        "knee_replacement",
        "numb_feet",
        "osteoporosis",
        "pregnant",
        "recent_surgery",
        "sciatica",
    }
)
LONGEST_SETUP = 120
_NAME, _SENTENCE, _MOST = 80, 200, 12
_KEYS = (
    "id", "name", "short_name", "kind", "postures", "sides", "setup", "seconds", "dose", "mistakes",
    "easier", "skip_if", "stop", "muscles", "figure", "cues", "evidence",
)  # fmt: skip


class ExerciseFiles:
    """The exercise files of one folder, read when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._exercises: dict[str, Exercise] | None = None

    def exercises(self) -> Mapping[str, Exercise]:
        """All of them by id: by kind, then by id. A file that is wrong is left out and logged."""
        if self._exercises is None:
            found = [one for path in sorted(self._folder.glob("*.toml")) if (one := _or_none(path))]
            kinds = list(Kind)
            found.sort(key=lambda one: kinds.index(one.kind))
            self._exercises = {one.id: one for one in found}
        return self._exercises


def load(path: Path) -> Exercise:
    """The exercise in one file. Raises PlanFileError with every problem."""
    file = TomlFile(path)
    root = file.root
    root.only(_KEYS, N_("an exercise"))
    root.need("id", "name", "short_name", "kind", "postures", "sides", "setup", "seconds", "cues", "stop")
    name = root.text("id", _NAME, empty=False)
    if name and name != path.stem:
        root.wrong("id", Line(N_("“id” must be the name of the file.")))
    figure = root.text("figure", _NAME)
    exercise = Exercise(
        id=name,
        name=root.text("name", _NAME, empty=False),
        short_name=root.text("short_name", _NAME, empty=False),
        kind=root.choice("kind", Kind) or Kind.STRETCH,
        postures=root.choices("postures", Posture),
        sided=root.flag("sides"),
        setup=_between(root, "setup", 0, LONGEST_SETUP),
        seconds=_between(root, "seconds", SHORTEST_HOLD, LONGEST_HOLD),
        cues=_cues(root.table("cues")),
        dose=root.text("dose", _SENTENCE),
        mistakes=root.texts("mistakes", _SENTENCE, _MOST),
        easier=root.text("easier", _SENTENCE),
        skip_if=root.texts("skip_if", _NAME, len(SKIP_FLAGS)),
        stop=root.texts("stop", _SENTENCE, _MOST),
        muscles=root.texts("muscles", _NAME, _MOST),
        figure=figure or None,
        evidence=_evidence(root.table("evidence")),
    )
    for key, values in (("postures", exercise.postures), ("stop", exercise.stop)):
        if key in root and not values and file.is_fine:
            root.wrong(key, Line(N_("“{key}” needs at least one entry."), (("key", key),)))
    for flag in exercise.skip_if:
        if flag not in SKIP_FLAGS:
            root.wrong("skip_if", Line(N_("There is no reason to skip called “{flag}”."), (("flag", flag),)))
    file.finish()
    return exercise


def _or_none(path: Path) -> Exercise | None:
    try:
        return load(path)
    except PlanFileError as error:
        for problem in error.problems:
            log.error("%s:%d: %s", problem.path, problem.line_number, render(problem.text))
        return None


def _between(table: Table, key: str, low: int, high: int) -> int:
    value = table.whole(key)
    if value is None or low <= value <= high:
        return value or 0
    fields = (("key", key), ("low", str(low)), ("high", str(high)))
    table.wrong(key, Line(N_("“{key}” must be {low} to {high}."), fields))
    return 0


def _cues(table: Table | None) -> Cues:
    if table is None:
        return Cues(())
    table.only(("setup", "hold", "release"), N_("the cues"))
    table.need("setup", "hold")
    return Cues(
        table.texts("setup", _SENTENCE, _MOST),
        table.texts("hold", _SENTENCE, _MOST),
        table.text("release", _SENTENCE),
    )


def _evidence(table: Table | None) -> Evidence | None:
    if table is None:
        return None
    table.only(("grade", "purpose", "citation"), N_("the evidence"))
    table.need("grade", "purpose")
    grade = table.choice("grade", Grade)
    purpose = table.text("purpose", _SENTENCE, empty=False)
    citation = table.text("citation", _SENTENCE)
    return None if grade is None else Evidence(grade, purpose, citation)
