"""Exercises in TOML: those that ship with the app, one a file, and those a plan brings along.

It leaves out the pictures beside a plan, and everything an exercise is used for.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path

from coach.domain.cues import BREATH, TONE_LEAD, spoken_seconds
from coach.domain.exercise import (
    LONGEST_HOLD,
    SHORTEST_HOLD,
    Caution,
    Cues,
    Evidence,
    Exercise,
    Flag,
    Grade,
    Kind,
    Posture,
    Region,
)
from coach.domain.pacing import BeatKind, Part, seconds_of
from coach.domain.plan import nearest
from coach.i18n import N_, Line, render
from coach.services.ports import PlanFileError
from coach.storage.toml_reading import Table, TomlFile

log = logging.getLogger(__name__)

LONGEST_SETUP = 120
# Seconds to get into an exercise of one's own: as long as the shipped ones take, longer for many words.
OWN_SETUP = 20
# The five of the articles come first; the others follow by their ids.
FIRST = ("calf_wall", "ham_floor", "quad_stand", "glute_floor", "knee_chest")
# One beat of a part in seconds: quicker than this nobody rubs, longer than this it is a hold.
SHORTEST_BEAT, LONGEST_BEAT, MOST_BEATS = 0.2, 600.0, 200
STRONGEST = 10
_NAME, _SENTENCE, _MOST = 80, 200, 12
_KEYS = (
    "id", "name", "short_name", "kind", "postures", "sides", "setup", "seconds", "dose", "mistakes",
    "easier", "variants", "skip_if", "lighter_if", "stop", "muscles", "regions", "parts", "start", "end",
    "pressure", "figure", "lying", "cues", "evidence",
)  # fmt: skip
_OWN_KEYS = ("id", "name", "kind", "postures", "sides", "seconds", "cues", "stop", "picture")
_PART_KEYS = ("kind", "go", "lift", "back", "rest", "count", "place", "say", "then")
_CUE_KEYS = ("setup", "hold", "release")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class _PartKind(Enum):
    """The beats a file may ask for; letting go comes by itself after tensing."""

    STROKE = "stroke"
    BREATH = "breath"
    PRESS = "press"
    REST = "rest"
    TENSE = "tense"
    STAY = "stay"


class ExerciseFiles:
    """The exercise files of one folder, read when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self._exercises = _Shelf(folder)

    def exercises(self) -> Mapping[str, Exercise]:
        """All of them by id: `FIRST`, then by id. A file that is wrong is left out and logged.

        Each file is read when its exercise is first asked for: an evening needs six of fifty.
        """
        return self._exercises


class _Shelf(Mapping[str, Exercise]):
    """The exercises of a folder; `None` stands for a file that cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Exercise | None] = {}
        self._names: list[str] | None = None

    def __getitem__(self, name: str) -> Exercise:
        if name not in self._read:
            path = self._folder / f"{name}.toml"
            self._read[name] = _or_none(path) if _ID.fullmatch(name) and path.is_file() else None
        found = self._read[name]
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        if self._names is None:
            found = sorted(path.stem for path in self._folder.glob("*.toml"))
            self._names = sorted(found, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
        return (name for name in self._names if name in self)

    def __len__(self) -> int:
        return sum(1 for _name in self)


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
    parts = tuple(_part(table) for table in root.tables("parts"))
    exercise = Exercise(
        id=name,
        name=root.text("name", _NAME, empty=False),
        short_name=root.text("short_name", _NAME, empty=False),
        kind=root.choice("kind", Kind) or Kind.STRETCH,
        postures=root.choices("postures", Posture),
        sided=root.flag("sides"),
        setup=_between(root, "setup", 0, LONGEST_SETUP),
        seconds=_between(root, "seconds", SHORTEST_HOLD, LONGEST_HOLD),
        cues=_cues(root.table("cues"), parts),
        dose=root.text("dose", _SENTENCE),
        mistakes=root.texts("mistakes", _SENTENCE, _MOST),
        easier=root.text("easier", _SENTENCE),
        variants=root.texts("variants", _NAME, _MOST),
        skip_if=_cautions(root, "skip_if"),
        lighter_if=_cautions(root, "lighter_if"),
        stop=root.texts("stop", _SENTENCE, _MOST),
        muscles=root.texts("muscles", _NAME, _MOST),
        regions=root.choices("regions", Region),
        parts=parts,
        start=root.text("start", _NAME),
        end=root.text("end", _NAME),
        pressure=_pressure(root),
        figure=figure or None,
        lying=root.flag("lying"),
        evidence=_evidence(root.table("evidence")),
    )
    for key, values in (("postures", exercise.postures), ("stop", exercise.stop)):
        if key in root and not values and file.is_fine:
            root.wrong(key, Line(N_("“{key}” needs at least one entry."), (("key", key),)))
    both = {one.flag for one in exercise.skip_if} & {one.flag for one in exercise.lighter_if}
    for flag in sorted(flag.value for flag in both):
        sentence = N_("“{flag}” stands in “skip_if” and in “lighter_if”. Remove one.")
        root.wrong("lighter_if", Line(sentence, (("flag", flag),)))
    if parts and file.is_fine and abs(seconds_of(parts) - exercise.seconds) > 1e-6:
        fields = (("total", f"{seconds_of(parts):g}"), ("seconds", str(exercise.seconds)))
        sentence = N_("The parts take {total} seconds together, “seconds” says {seconds}. Make them equal.")
        root.wrong("seconds", Line(sentence, fields))
    file.finish()
    return exercise


def exercise_of(table: Table) -> Exercise:
    """An exercise of the user's own, from one table below `exercises` of a plan.

    Slips are noted in the file of the table; `picture` is only the text that stands there. Its cues are a
    list of sentences, all said while getting into position, or a table as in the shipped files.
    """
    table.only(_OWN_KEYS, N_("an exercise of one's own"))
    table.need("id", "name", "cues")
    name = table.text("id", _NAME, empty=False)
    if name and not _ID.fullmatch(name):
        sentence = N_("“id” may have letters, digits, “-” and “_”, a letter or digit first.")
        table.wrong("id", Line(sentence))
        name = ""
    title = table.text("name", _NAME, empty=False)
    sided = table.flag("sides")
    cues = _own_cues(table, sided)
    seconds = _between(table, "seconds", SHORTEST_HOLD, LONGEST_HOLD) or 30
    return Exercise(
        id=name,
        name=title,
        short_name=title,
        kind=table.choice("kind", Kind) or Kind.STRETCH,
        postures=table.choices("postures", Posture) or (Posture.CHAIR,),
        sided=sided,
        setup=_setup_for(title, cues),
        seconds=seconds,
        cues=cues,
        stop=table.texts("stop", _SENTENCE, _MOST),
        picture=table.text("picture", _SENTENCE),
        own=True,
    )


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


def _cues(table: Table | None, parts: Sequence[Part] = ()) -> Cues:
    if table is None:
        return Cues(())
    table.only(_CUE_KEYS, N_("the cues"))
    table.need("setup")
    if not parts:
        table.need("hold")
    return Cues(
        table.texts("setup", _SENTENCE, _MOST),
        table.texts("hold", _SENTENCE, _MOST),
        table.text("release", _SENTENCE),
    )


def _own_cues(table: Table, sided: bool) -> Cues:
    inner = None if table.is_list("cues") else table.table("cues")
    if inner is None:
        cues = Cues(table.texts("cues", _SENTENCE, _MOST)) if table.is_list("cues") else Cues(())
    else:
        inner.only(_CUE_KEYS, N_("the cues"))
        cues = Cues(
            inner.texts("setup", _SENTENCE, _MOST),
            inner.texts("hold", _SENTENCE, _MOST),
            inner.text("release", _SENTENCE),
        )
    # {side} becomes the leg; any other brace would be taken for a field of that kind.
    for text in (*cues.setup, *cues.hold):
        rest = text.replace("{side}", "") if sided else text
        if "{" in rest or "}" in rest:
            sentence = N_("The braces { and } may only be used as {side}, and only with “sides = true”.")
            table.wrong("cues", Line(sentence))
            return Cues(())
    return cues


def _setup_for(title: str, cues: Cues) -> float:
    """Enough seconds to hear the words that lead into an exercise, at the slowest voice."""
    texts = [f"Next: {title}. Right leg.", *(text.replace("{side}", "right") for text in cues.setup)]
    # What ends the exercise before it is said first: "Done. Lower it slowly."
    before = TONE_LEAD + spoken_seconds("Done. " + "x" * 40 + ".")
    spoken = before + sum(spoken_seconds(text) + BREATH for text in texts) + 2 * BREATH
    return max(OWN_SETUP, round(spoken + 0.5))


def _part(table: Table) -> Part:
    table.only(_PART_KEYS, N_("a part"))
    table.need("kind", "go")
    chosen = table.choice("kind", _PartKind)
    kind = BeatKind.STAY if chosen is None else BeatKind(chosen.value)
    fits = {
        BeatKind.STROKE: ("lift", "back"),
        BeatKind.BREATH: ("back",),
        BeatKind.PRESS: ("rest",),
        BeatKind.TENSE: ("rest",),
    }.get(kind, ())
    for key in ("lift", "back", "rest"):
        if chosen is not None and key in table and key not in fits:
            fields = (("key", key), ("kind", chosen.value))
            table.wrong(key, Line(N_("A part of kind “{kind}” has no “{key}”."), fields))
    if kind in (BeatKind.BREATH, BeatKind.TENSE):
        table.need(*fits)
    count = 1
    if "count" in table:
        count = _between(table, "count", 1, MOST_BEATS) or 1
    return Part(
        kind=kind,
        go=_span(table, "go"),
        lift=_span(table, "lift"),
        back=_span(table, "back"),
        rest=_span(table, "rest"),
        count=count,
        place=table.text("place", _NAME),
        say=table.text("say", _SENTENCE),
        then=table.text("then", _SENTENCE),
    )


def _span(table: Table, key: str) -> float:
    """Seconds of a piece of a beat; 0 when it is missing."""
    value = table.number(key)
    if value is None or SHORTEST_BEAT <= value <= LONGEST_BEAT:
        return value or 0.0
    fields = (("key", key), ("low", f"{SHORTEST_BEAT:g}"), ("high", f"{LONGEST_BEAT:g}"))
    table.wrong(key, Line(N_("“{key}” must be {low} to {high}."), fields))
    return 0.0


def _pressure(root: Table) -> tuple[int, ...]:
    values = root.wholes("pressure", 2)
    if all(0 <= value <= STRONGEST for value in values):
        return values
    root.wrong("pressure", Line(N_("“pressure” must be one or two whole numbers from 0 to 10.")))
    return ()


def _cautions(root: Table, key: str) -> tuple[Caution, ...]:
    table = root.table(key)
    if table is None:
        return ()
    known = {flag.value: flag for flag in Flag}
    cautions: list[Caution] = []
    for word in table.names():
        if word in known:
            cautions.append(Caution(known[word], table.text(word, _SENTENCE, empty=False)))
            continue
        near = nearest(word, known) if len(word) <= _NAME else None
        fields = [("flag", word[:_NAME]), ("allowed", ", ".join(known))]
        sentence = N_("There is no reason called “{flag}”. Allowed: {allowed}.")
        if near is not None:
            sentence = N_("There is no reason called “{flag}”. Did you mean “{near}”? Allowed: {allowed}.")
            fields.append(("near", near))
        table.wrong(word, Line(sentence, tuple(fields)))
    return tuple(cautions)


def _evidence(table: Table | None) -> Evidence | None:
    if table is None:
        return None
    table.only(("grade", "purpose", "citation"), N_("the evidence"))
    table.need("grade", "purpose")
    grade = table.choice("grade", Grade)
    purpose = table.text("purpose", _SENTENCE, empty=False)
    citation = table.text("citation", _SENTENCE)
    return None if grade is None else Evidence(grade, purpose, citation)
