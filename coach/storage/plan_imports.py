"""Plans from elsewhere: our own files and zips, and the files of three other programs.

It leaves out writing them down (see plan_folder); of other programs' files it says what is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NoReturn

from coach.domain import plan as rules
from coach.domain.exercise import LONGEST_HOLD, SHORTEST_HOLD, Cues, Exercise, Kind, Posture
from coach.domain.plan import LONGEST_NAME, LONGEST_REST, MOST_ROUNDS, MOST_STEPS, Plan, Step
from coach.i18n import N_, Line, language
from coach.services.ports import PlanFileError, Preview, Problem
from coach.storage import plan_pictures, plan_saving, plan_toml, plan_zip, toml_reading

# The programs whose files are understood.
WORKOUT_TIMER, EXERCISE_TIMER, WORKRAVE = "Just Another Workout Timer", "Exercise Timer", "Workrave"
# Plans that are taken from one file, and how deep its brackets may nest.
MOST_PLANS, _DEEPEST = 50, 30
# Steps of all plans in one file, and sentences about what is lost from one plan.
_MOST_STEPS_TOGETHER, _MOST_LOST = 3000, 40
_LONGEST_CUE, _MOST_CUES = 200, 12
# Texts (an open one to its end) and brackets.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
# Names of moves that are asked about before a first massage.
_RUBBING = re.compile(r"massag|masaj|foam|roller|rolling|knead|trigger", re.IGNORECASE)
# Words that stand for a pause in lists of exercises, as their authors write them.
_PAUSES = frozenset(
    {
        "rest", "pause", "break", "recover", "recovery", "ruhe", "erholung", "repos", "descanso", "pausa",
        "riposo", "rust", "przerwa", "отдых",
    }
)  # fmt: skip

_GENERAL = N_(
    "Such files do not say how to lie, sit or stand, which leg works, or when to stop. Their exercises are "
    "taken as done once, on a chair: look them over."
)


def preview(path: Path, exercises: Mapping[str, Exercise]) -> Preview:
    """What is in the file `path`, whichever program wrote it. Raises PlanFileError."""
    name = path.name.lower()
    if name.endswith(".zip"):
        return _from_zip(path, exercises)
    if name.endswith(".json"):
        return _chosen(path, _from_json(path, exercises))
    if name.endswith(".xml"):
        return _from_workrave(path, exercises)
    data = toml_reading.read(path)
    plan = plan_toml.load(path, exercises, data)
    return Preview(
        _with_plain_id(plan), path, text=data.decode("utf-8-sig"), pictures=_pictures_beside(path, plan)
    )


def _with_plain_id(plan: Plan) -> Plan:
    """The plan with an id that can be the name of a file, where its file gave none."""
    return plan if plan_toml.is_id(plan.id) else replace(plan, id=rules.slug(plan.id))


def _pictures_beside(path: Path, plan: Plan) -> tuple[tuple[str, bytes], ...]:
    found: dict[str, bytes] = {}
    for one in plan.exercises:
        data = plan_pictures.contents(path.parent / one.picture) if one.picture else None
        if isinstance(data, bytes):
            found[one.picture] = data
    return tuple(found.items())


def _from_zip(path: Path, exercises: Mapping[str, Exercise]) -> Preview:
    held = plan_zip.unpack(path)
    # Problems are told with the name of the zip and that of the plan in it.
    place = path / held.name
    plan = plan_toml.load(place, exercises, held.plan, plan_pictures.within(held.pictures))
    used = {one.picture for one in plan.exercises if one.picture}
    unused = [*held.unused, *(name for name in held.pictures if name not in used)]
    lost = tuple(
        Line(N_("“{name}” is not used by the plan."), (("name", toml_reading.shortened(name)),))
        for name in unused[:20]
    )
    return Preview(
        _with_plain_id(plan),
        path,
        lost=lost,
        text=held.plan.decode("utf-8-sig"),
        pictures=tuple((name, data) for name, data in held.pictures.items() if name in used),
    )


# -------------------------------------------------------------------- what all other programs share


@dataclass
class _Taking:
    """A plan that is being put together from another program's file, and what was lost on the way."""

    title: str
    exercises: Mapping[str, Exercise]
    steps: list[Step] = field(default_factory=list)
    own: dict[str, Exercise] = field(default_factory=dict)
    lost: list[Line] = field(default_factory=list)
    rest: int = 0
    pictures: dict[str, bytes] = field(default_factory=dict)
    made: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    @cached_property
    def ours(self) -> Mapping[str, Exercise]:
        """The exercises of the app by their names."""
        return {one.name.casefold(): one for one in self.exercises.values()}

    def lose(self, template: str, **fields: str) -> None:
        shown = tuple((key, toml_reading.shortened(value)) for key, value in fields.items())
        line = Line(template, shown)
        if len(self.lost) < _MOST_LOST and line not in self.lost:
            self.lost.append(line)

    def text(self, value: object, longest: int) -> str:
        """`value` as text that can be shown on one line."""
        if not isinstance(value, str):
            return ""
        plain = (
            toml_reading.showable(" ".join(value[: 50 * longest].split())).replace("{", "(").replace("}", ")")
        )
        if len(plain) > longest:
            self.lose(N_("“{text}” is cut short."), text=plain)
            plain = plain[: longest - 1].rstrip() + "…"
        return plain

    def seconds(self, value: object, name: str) -> int:
        """A length as a hold may have it."""
        given = whole(value)
        if given is None:
            self.lose(N_("“{name}” has no usable length: taken as 30 seconds."), name=name)
            return 30
        if not SHORTEST_HOLD <= given <= LONGEST_HOLD:
            self.lose(N_("“{name}” lasts 5 to 1,800 seconds here."), name=name)
        return min(max(given, SHORTEST_HOLD), LONGEST_HOLD)

    def exercise(self, name: str, cues: Sequence[str] = (), picture: str = "") -> str:
        """The id of the exercise called `name`: ours when it has exactly that name, else one of its own.

        It is "" when there is no room for more.
        """
        wanted = name.casefold()
        ours = self.ours.get(wanted)
        if ours is not None:
            if ours.sided:
                self.lose(N_("“{name}” is known: it is led for each leg in turn."), name=ours.name)
            return ours.id
        if (wanted, tuple(cues)) in self.made:
            return self.made[wanted, tuple(cues)]
        if len(self.own) >= plan_toml.MOST_OWN:
            return ""
        base = f"own-{rules.slug(name)}"
        word, number = base, 1
        while word in self.own or word in self.exercises:
            number += 1
            word = f"{base}-{number}"
        self.made[wanted, tuple(cues)] = word
        self.own[word] = Exercise(
            id=word,
            name=name,
            short_name=name,
            kind=Kind.MASSAGE if _RUBBING.search(name) else Kind.STRETCH,
            postures=(Posture.CHAIR,),
            sided=False,
            setup=20,
            seconds=30,
            cues=Cues(tuple(cues)),
            picture=picture,
            own=True,
        )
        return word

    def add(self, step: Step) -> bool:
        """One more step; False when the plan is full."""
        if len(self.steps) >= MOST_STEPS or not step.exercise:
            self.lose(N_("Only the first steps are taken: a plan has room for 1,000, of 100 new exercises."))
            return False
        self.steps.append(step)
        return True

    def preview(self, path: Path, source: str) -> Preview | None:
        """The plan, if it has steps."""
        used = {step.exercise for step in self.steps}
        own = tuple(one for word, one in self.own.items() if word in used)
        steps = tuple(self.steps)
        if not steps:
            return None
        if own:
            self.lose(_GENERAL)
        name = self.title or N_("Imported plan")
        plan = Plan(rules.slug(name), name, steps, rest=self.rest, exercises=own)
        # As it will be read once it is kept.
        text = plan_saving.as_text(plan)
        plan = plan_toml.load(path, self.exercises, text.encode(), lambda _picture: None)
        pictures = tuple((one.picture, self.pictures[one.picture]) for one in own if one.picture)
        return Preview(
            plan, path, lost=tuple(self.lost), source=source, pictures=tuple(dict(pictures).items())
        )


def whole(value: object) -> int | None:
    """A length of seconds or a count, however it is written: 30, 30.4, "30"."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}(\.\d{1,9})?\s*", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not -1e9 < value < 1e9:  # also NaN
        return None
    return max(min(round(value), 10**9), -(10**9))


def _stop(path: Path, template: str, **fields: str) -> NoReturn:
    shown = tuple((key, toml_reading.shortened(value)) for key, value in fields.items())
    line = Line(template, (("name", toml_reading.named(path)), *shown))
    raise PlanFileError([Problem(path, 0, line)])


def _chosen(path: Path, found: Sequence[Preview]) -> Preview:
    if not found:
        _stop(path, N_("There is nothing in “{name}” that can be done step by step."))
    return replace(found[0], others=tuple(found[1:]))


# -------------------------------------------------------------------- JSON


def _from_json(path: Path, exercises: Mapping[str, Exercise]) -> list[Preview]:
    value, is_latin = _json(path)
    if isinstance(value, dict) and isinstance(value.get("workouts"), list):
        given, make, source = value["workouts"], _workout, WORKOUT_TIMER
    elif isinstance(value, dict) and isinstance(value.get("sets"), list):
        given, make, source = [value], _workout, WORKOUT_TIMER
    else:
        presets = value if isinstance(value, list) else [value]
        if not any(isinstance(one, dict) and _EXERCISE_KEYS & one.keys() for one in presets):
            _stop(
                path,
                N_("“{name}” is no list that is known. Known are {first} and {second}."),
                first=WORKOUT_TIMER,
                second=EXERCISE_TIMER,
            )
        given, make, source = presets, _preset, EXERCISE_TIMER
    found: list[Preview] = []
    taken = 0
    for one in given[:MOST_PLANS]:
        if sum(len(done.plan.steps) for done in found) >= _MOST_STEPS_TOGETHER:
            break
        taken += 1
        taking = _Taking("", exercises)
        if is_latin:
            taking.lose(N_("The file is not in UTF-8: unusual letters may look wrong."))
        if isinstance(one, dict):
            make(taking, one)
        made = taking.preview(path, source)
        if made is not None:
            found.append(made)
    if taken < len(given) and found:
        line = Line(N_("Only the first {most} plans of the file are taken."), (("most", str(taken)),))
        found[0] = replace(found[0], lost=(*found[0].lost, line))
    return _with_own_ids(found)


def _with_own_ids(found: Sequence[Preview]) -> list[Preview]:
    taken: set[str] = set()
    made: list[Preview] = []
    for one in found:
        word, number = one.plan.id, 1
        while word in taken:
            number += 1
            word = f"{one.plan.id}-{number}"
        taken.add(word)
        made.append(replace(one, plan=replace(one.plan, id=word)))
    return made


def _json(path: Path) -> tuple[object, bool]:
    """The value in a JSON file, and whether it had to be read as Latin-1."""
    data = toml_reading.read(path)
    is_latin = False
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Just Another Workout Timer writes its backups so.
        text, is_latin = data.decode("latin-1"), True
    if text.startswith("'") and text.rstrip().endswith("'"):
        # As “gsettings get” prints the presets of Exercise Timer.
        text = text.strip()[1:-1].replace("\\'", "'")
    if _too_deep(text):
        _stop(path, N_("Lists or tables are nested too deeply to be read."))
    try:
        return json.loads(text, parse_constant=_no_constant), is_latin
    except json.JSONDecodeError as error:
        line = Line(N_("This is not valid JSON: {reason}."), (("reason", error.msg),))
        around = toml_reading.lines_around(text, error.lineno)
        raise PlanFileError([Problem(path, error.lineno, line, around=around)]) from None
    except (ValueError, RecursionError):
        _stop(path, N_("“{name}” holds numbers that cannot be used."))


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _too_deep(text: str) -> bool:
    """Whether brackets nest deeper than any of the lists that are known; those in texts do not count."""
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth += 1 if match[0] in "[{" else -1 if match[0] in "]}" else 0
        if depth > _DEEPEST:
            return True
    return False


def _workout(taking: _Taking, value: Mapping[str, object]) -> None:
    """A workout: sets that are repeated, each a list of exercises with their seconds."""
    taking.title = taking.text(value.get("title"), LONGEST_NAME)
    pauses: list[int] = []
    sets = value.get("sets")
    for one in sets if isinstance(sets, list) else []:
        if not isinstance(one, dict) or not isinstance(one.get("exercises"), list):
            taking.lose(N_("A set without a list of exercises is left out."))
            continue
        if one.get("name"):
            taking.lose(N_("The names of sets are not taken over."))
        times = whole(one.get("repetitions", 1))
        times = 1 if times is None else times
        listed = [entry for entry in one["exercises"] if isinstance(entry, dict)]
        if times < 1 or not listed:
            taking.lose(N_("A set that is repeated no times, or is empty, is left out."))
            continue
        if not _set(taking, listed, times, pauses):
            break
    if pauses:
        common = max(set(pauses), key=lambda one: (pauses.count(one), -one))
        taking.rest = min(max(common, 0), LONGEST_REST)
        if len(set(pauses)) > 1 or common > LONGEST_REST:
            taking.lose(
                N_("Pauses become a rest of {seconds} seconds between all steps."), seconds=str(taking.rest)
            )
        else:
            taking.lose(
                N_("Pauses become the rest between steps ({seconds} seconds)."), seconds=str(taking.rest)
            )


def _set(taking: _Taking, listed: Sequence[Mapping[str, object]], times: int, pauses: list[int]) -> bool:
    """The steps of one set; False when the plan is full."""
    made: list[Step] = []
    for entry in listed:
        name = taking.text(entry.get("name"), LONGEST_NAME) or N_("Exercise")
        if name.casefold().strip(" .!") in _PAUSES:
            pauses.append(whole(entry.get("duration")) or 0)
            continue
        made.append(Step(taking.exercise(name), seconds=taking.seconds(entry.get("duration"), name)))
    if len(made) == 1 and len(listed) == 1:
        while times > 0:
            if not taking.add(replace(made[0], rounds=min(times, MOST_ROUNDS))):
                return False
            times -= MOST_ROUNDS
        return True
    return all(taking.add(step) for _turn in range(times if made else 0) for step in made)


# Every name that a version of Exercise Timer gave them.
_NAMES = ("name", "Name", "title", "Title")
_SETS = ("sets", "Sets")
_EXERCISE_S = ("exercise_s", "ExerciseSec", "exercise-sec")
_REST_S = ("rest_s", "RestSec", "rest-sec")
_WARMUP_S = ("warmup_s", "prepare_s", "WarmupSec", "PreparationSec", "warmup-sec", "preparation-sec")
_EXERCISE_KEYS = frozenset(_EXERCISE_S)


def _preset(taking: _Taking, value: Mapping[str, object]) -> None:
    """A preset: the same exercise so many times, with a rest between."""

    def given(keys: Sequence[str]) -> object:
        return next((value[key] for key in keys if key in value), None)

    if given(_EXERCISE_S) is None:
        return
    taking.title = taking.text(given(_NAMES), LONGEST_NAME)
    name = taking.title or N_("Exercise")
    seconds = taking.seconds(given(_EXERCISE_S), name)
    rest = whole(given(_REST_S)) or 0
    if not 0 <= rest <= LONGEST_REST:
        taking.lose(N_("The rest is {most} seconds at most here."), most=str(LONGEST_REST))
    rest = min(max(rest, 0), LONGEST_REST)
    if whole(given(_WARMUP_S)):
        taking.lose(N_("The warm-up time is not taken over: there is time to get ready before every step."))
    sets = whole(given(_SETS))
    if sets is None or sets < 1:
        taking.lose(N_("The number of sets is not usable: taken as 1."))
        sets = 1
    if sets > MOST_ROUNDS:
        taking.lose(N_("A step has 10 rounds at most: the sets become several steps."))
    if sets > 100:
        taking.lose(N_("Only the first 100 sets are taken."))
        sets = 100
    word = taking.exercise(name)
    taking.rest = rest if sets > MOST_ROUNDS else 0
    while sets > 0:
        taking.add(Step(word, seconds=seconds, rounds=min(sets, MOST_ROUNDS), rest=rest))
        sets -= MOST_ROUNDS


# -------------------------------------------------------------------- Workrave


def _from_workrave(path: Path, exercises: Mapping[str, Exercise]) -> Preview:
    data = toml_reading.read(path)
    events = plan_pictures.xml_events(data)
    if events is None:
        _stop(path, N_("“{name}” is not plain XML. Files with a document type or entities are not opened."))
    if not events or events[0][1] != "exercises":
        _stop(path, N_("“{name}” is no list of exercises from {first}."), first=WORKRAVE)
    taking = _Taking(N_("Workrave exercises"), exercises)
    for one in _workrave_exercises(events):
        if not _workrave_step(taking, one, path):
            break
    taking.lose(N_("Workrave shuffles its exercises: here they come in the order of the file."))
    return _chosen(path, [made for made in [taking.preview(path, WORKRAVE)] if made is not None])


@dataclass
class _Listed:
    """One exercise as Workrave lists it; texts come with their language, "" where none is given."""

    titles: list[tuple[str, str]] = field(default_factory=list)
    descriptions: list[tuple[str, str]] = field(default_factory=list)
    seconds: str = ""
    images: list[str] = field(default_factory=list)
    mirrored: bool = False


def _workrave_exercises(events: Sequence[tuple[str, str, dict[str, str], str]]) -> Iterator[_Listed]:
    current = _Listed()
    tongues: list[str] = []
    for event, tag, attributes, text in events:
        if event == "start":
            tongues.append(
                next((value for key, value in attributes.items() if key.endswith("}lang")), "").lower()
            )
            match tag:
                case "exercise":
                    current = _Listed()
                case "sequence":
                    current.seconds = current.seconds or attributes.get("duration", "")
                case "image":
                    current.images.append(attributes.get("src", ""))
                    mirror = attributes.get("mirrorx") or attributes.get("mirrox") or ""
                    current.mirrored = current.mirrored or mirror.lower() in ("yes", "true", "1")
        else:
            tongue = tongues.pop()
            match tag:
                case "exercise":
                    yield current
                case "title":
                    current.titles.append((tongue, text))
                case "description":
                    current.descriptions.append((tongue, text))


def _workrave_step(taking: _Taking, listed: _Listed, path: Path) -> bool:
    if len(listed.titles) > 1:
        taking.lose(N_("Of several languages one is taken."))
    name = taking.text(_in_our_language(listed.titles), LONGEST_NAME)
    if not name:
        taking.lose(N_("An exercise without a title is left out."))
        return True
    cues = _sentences(taking, _in_our_language(listed.descriptions), name)
    if listed.mirrored:
        taking.lose(N_("Mirrored pictures are not taken over."))
    if len(listed.images) > 1:
        taking.lose(N_("Only the first picture of each exercise is taken; series of pictures stand still."))
    picture = _picture(taking, listed.images[0], path) if listed.images else ""
    word = taking.exercise(name, cues, picture)
    return taking.add(Step(word, seconds=taking.seconds(listed.seconds, name)))


def _in_our_language(texts: Sequence[tuple[str, str]]) -> str:
    """The text in the language of the app, else in none in particular, else the first."""
    ours = language().split("-")[0]
    for wanted in (ours, ""):
        for tongue, text in texts:
            if re.split("[-_]", tongue)[0] == wanted:
                return text
    return texts[0][1] if texts else ""


def _sentences(taking: _Taking, text: str, name: str) -> list[str]:
    plain = taking.text(text, 4000)
    parts = [part for part in re.split(r"(?<=[.!?…])\s+", plain) if part]
    if len(parts) > _MOST_CUES:
        taking.lose(N_("Only the first sentences about “{name}” are taken."), name=name)
    return [taking.text(part, _LONGEST_CUE) for part in parts[:_MOST_CUES]]


def _picture(taking: _Taking, name: str, path: Path) -> str:
    if plan_pictures.name_problem(name) is None and toml_reading.showable(name) == name:
        data = plan_pictures.contents(path.parent / name)
        room = plan_pictures.LARGEST_TOGETHER - sum(len(one) for one in taking.pictures.values())
        if isinstance(data, bytes) and plan_pictures.problem(name, data) is None and len(data) <= room:
            taking.pictures[name] = data
            return name
    taking.lose(N_("The picture “{name}” is not there or cannot be used."), name=name)
    return ""
