"""With eyes closed: from what is heard alone follow exercise, side and phase, for every second of every plan.

The listener below knows the names of the exercises and the few words and tones of the app, and nothing of
plans or timelines. It leaves out how the tones sound, and sessions that are paused or changed on the way.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import pytest

from coach.domain import timeline as timeline_rules
from coach.domain.pacing import BeatKind
from coach.domain.plan import Plan, Step
from coach.domain.session import Input, Phase
from coach.domain.timeline import Segment, SegmentKind
from coach.paths import assets_dir
from coach.services.diary import Diary
from coach.services.player import CueGiven, News, Player, describe
from coach.storage.exercise_toml import ExerciseFiles
from coach.storage.plan_folder import PlanFiles
from tests.fakes import FakeAwake, FakeJournal, FakeSessionLog, FakeSound, FakeTime, FakeVoice

SOURCE = ExerciseFiles(assets_dir() / "exercises")
EXERCISES = SOURCE.exercises()
PLANS = {plan.id: plan for plan in PlanFiles(assets_dir() / "plans", Path("there-is-none"), SOURCE).shipped()}
# Every exercise there is, twice, so that its second round is heard as well.
PLANS["each"] = Plan("each", "Each", tuple(Step(name, rounds=2, rest=5) for name in EXERCISES), rest=5)

# How long the simulated person stays in a step that waits for them, in seconds.
PATIENCE = 21.0
# A stroke may begin this much beside its instant, in seconds.
ONSET = 0.03


class Doing(Enum):
    """What somebody with closed eyes has to know they are to do."""

    GET_READY = "get ready"
    WORK = "work"
    SWITCH = "switch"
    REST = "rest"
    WAIT = "wait"


@dataclass(frozen=True)
class Heard:
    """One line of the cue log: seconds into the session, words and tone (either may be missing)."""

    t: float
    text: str
    sound: str


@dataclass(frozen=True)
class Span:
    """From `start` until the next one: which exercise, which leg ("left", "right" or None), doing what."""

    start: float
    exercise: str
    side: str | None
    doing: Doing


class LostError(Exception):
    """What was heard makes no sense."""


def listen(log: Sequence[Heard], names: Sequence[str]) -> list[Span]:
    """What the cue log tells, in order; the last span marks the end of the session.

    A rest, and getting ready after “Done”, are told before the exercise or leg they lead to: both are filled
    in from what is heard next.
    """
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    named = re.compile(rf"(?:Next: )?({known})\.(?: (Left|Right) leg\.)?")
    switched = re.compile(r"(?:Switch|Again)\. (Left|Right) leg\.|And once more\.")
    spans: list[Span] = []

    def add(t: float, doing: Doing, exercise: str = "", side: str | None = "?") -> None:
        if not exercise and spans:
            exercise = spans[-1].exercise
        if side == "?":
            side = spans[-1].side if spans else None
        spans.append(Span(t, exercise, side, doing))

    def fill(exercise: str | None, side: str | None) -> None:
        """Name what has just been opened: a rest before it belongs to it as well."""
        number = len(spans) - 1
        while number >= 0 and spans[number].doing in (Doing.REST, Doing.GET_READY, Doing.SWITCH):
            spans[number] = replace(spans[number], side=side, exercise=exercise or spans[number].exercise)
            number -= 1

    for cue in log:
        doing = spans[-1].doing if spans else None
        name, turn = named.fullmatch(cue.text), switched.fullmatch(cue.text)
        if cue.sound == "end" and cue.text.startswith("Done. That is all"):
            add(cue.t, Doing.REST, side=None)
            return spans
        if cue.sound == "end" and cue.text.startswith("Done."):
            add(cue.t, Doing.GET_READY)
        elif cue.sound == "end" and cue.text == "Rest." and doing is Doing.WORK:
            add(cue.t, Doing.REST)
        elif name is not None and not cue.sound:
            if doing is not Doing.GET_READY:
                add(cue.t, Doing.GET_READY)
            fill(name[1], name[2].lower() if name[2] else None)
        elif cue.sound == "switch":
            if turn is None:
                raise LostError(f"{cue.t}: a switch to what? “{cue.text}”")
            add(cue.t, Doing.SWITCH)
            fill(None, turn[1].lower() if turn[1] else None)
        elif doing in (Doing.GET_READY, Doing.SWITCH) and cue.sound in ("begin", "rise", "next"):
            add(cue.t, Doing.WAIT if cue.text.startswith("Take your time.") else Doing.WORK)
        elif doing is None:
            raise LostError(f"{cue.t}: no exercise was named before “{cue.text}”")
    raise LostError("nobody said that it is over")


class Night:
    """A simulated session of a plan: its cue log as an events file has it, and what really happened."""

    def __init__(self, plan: Plan) -> None:
        self.timeline = timeline_rules.build(plan, EXERCISES)
        self._begins: list[float] = []
        waited = 0.0
        for segment in self.timeline.segments:
            self._begins.append(segment.start + waited)
            waited += PATIENCE if segment.kind is SegmentKind.WAIT else 0.0
        # Seconds on the session clock.
        self.end = self.timeline.seconds + waited
        time = FakeTime()
        player = Player(
            time,
            FakeVoice(),
            FakeSound(time),
            FakeAwake(),
            Diary(time, FakeSessionLog(), FakeJournal()),
        )
        news: list[News] = []
        player.news.subscribe(news.append)
        player.start(plan, self.timeline)
        for segment in self.timeline.segments:
            if segment.kind is SegmentKind.WAIT:
                time.advance(segment.start + PATIENCE - time.monotonic())
                player.send(Input.READY)
        time.advance(self.end + 10 - time.monotonic())
        moment = player.snapshot()
        assert moment is not None
        assert moment.phase is Phase.FINISHED
        self.cues = [one for one in news if isinstance(one, CueGiven)]
        lines = [describe(one) for one in self.cues]
        self.log = [
            Heard(float(str(line["t"])), str(line["text"]), str(line["sound"] or ""))
            for line in lines
            if line is not None
        ]

    def begins(self, segment: Segment) -> float:
        """When a segment begins on the session clock, with what was waited before it."""
        return self._begins[segment.index]

    def truth(self, at: float) -> tuple[str, str | None, Doing]:
        """Exercise, leg and what to do, from the timeline."""
        segment = self.timeline.segments[bisect_right(self._begins, at) - 1]
        side = segment.side.value if segment.side else None
        return segment.exercise.name, side, _DOING.get(segment.kind, Doing.WORK)


_DOING = {
    SegmentKind.READY: Doing.GET_READY,
    SegmentKind.SWITCH: Doing.SWITCH,
    SegmentKind.REST: Doing.REST,
    SegmentKind.WAIT: Doing.WAIT,
}


def missed(night: Night, log: Sequence[Heard]) -> list[str]:
    """Every second that the listener gets wrong, and whether the end is heard when it is there."""
    try:
        spans = listen(log, [exercise.name for exercise in EXERCISES.values()])
    except LostError as error:
        return [str(error)]
    wrong: list[str] = []
    starts = [span.start for span in spans]
    for second in range(int(night.end)):
        at = second + 0.25
        number = bisect_right(starts, at) - 1
        span = spans[number] if number >= 0 else None
        guess = None if span is None else (span.exercise, span.side, span.doing)
        if guess != night.truth(at):
            wrong.append(f"{second} s: {guess} instead of {night.truth(at)}")
    if abs(spans[-1].start - night.end) > ONSET:
        wrong.append(f"the end is heard at {spans[-1].start}, not at {night.end}")
    return wrong


@pytest.fixture(scope="module")
def nights() -> dict[str, Night]:
    """Every plan, played once."""
    return {name: Night(plan) for name, plan in PLANS.items()}


every_plan = pytest.mark.parametrize("name", PLANS)


@every_plan
def test_who_only_listens_knows_exercise_leg_and_phase_at_every_second(
    name: str, nights: dict[str, Night]
) -> None:
    assert missed(nights[name], nights[name].log) == []


@every_plan
def test_everything_is_said_in_words_and_on_time(name: str, nights: dict[str, Night]) -> None:
    for cue in nights[name].cues:
        assert cue.spoken or not cue.text, cue
        assert abs(cue.t - cue.due) <= ONSET, cue


@every_plan
def test_every_stroke_and_breath_is_heard_when_it_begins(name: str, nights: dict[str, Night]) -> None:
    night = nights[name]
    planned = [
        night.begins(segment) + beat.at
        for segment in night.timeline.segments
        for beat in segment.beats
        if beat.kind in (BeatKind.STROKE, BeatKind.BREATH)
    ]
    heard = [cue.t for cue in night.log if cue.sound == "rise"]
    assert heard == pytest.approx(planned, abs=ONSET)


@every_plan
def test_every_press_and_every_letting_go_is_heard(name: str, nights: dict[str, Night]) -> None:
    night = nights[name]
    heard = {round(cue.t, 2) for cue in night.log if cue.text}
    for segment in night.timeline.segments:
        for beat in segment.beats:
            if beat.kind in (BeatKind.PRESS, BeatKind.TENSE, BeatKind.EASE):
                begins = night.begins(segment) + beat.at
                if beat.kind is not BeatKind.TENSE or beat.say:
                    assert round(begins, 2) in heard, (segment.exercise.id, beat)


# ---------------------------------------------------------------- the listener can be fooled, and it shows


def without(log: Sequence[Heard], sound: str, text: str) -> list[Heard]:
    """The log without the first cue of this tone that begins with these words."""
    number = next(n for n, cue in enumerate(log) if cue.sound == sound and cue.text.startswith(text))
    return [*log[:number], *log[number + 1 :]]


def said_otherwise(log: Sequence[Heard], old: str, new: str) -> list[Heard]:
    number = next(n for n, cue in enumerate(log) if old in cue.text)
    return [
        *log[:number],
        replace(log[number], text=log[number].text.replace(old, new)),
        *log[number + 1 :],
    ]


def later(log: Sequence[Heard], sound: str, seconds: float) -> list[Heard]:
    number = next(n for n, cue in enumerate(log) if cue.sound == sound)
    return [*log[:number], replace(log[number], t=log[number].t + seconds), *log[number + 1 :]]


BREAKS: dict[str, Callable[[Sequence[Heard]], list[Heard]]] = {
    "no word of the first exercise": lambda log: list(log[1:]),
    "no word of the other leg": lambda log: without(log, "switch", "Switch."),
    "the wrong leg": lambda log: said_otherwise(log, "Right leg", "Left leg"),
    "the wrong exercise": lambda log: said_otherwise(log, "Seated hamstring", "Standing quadriceps"),
    "an exercise nobody knows": lambda log: said_otherwise(log, "Seated hamstring", "Sitting"),
    "no word that it begins": lambda log: without(log, "begin", "Hold."),
    "no word that it is done": lambda log: without(log, "end", "Done."),
    "no word that it is over": lambda log: list(log[:-1]),
    "a second too late": lambda log: later(log, "begin", 1.0),
    "strokes that begin too soon": lambda log: later(log, "rise", -2.0),
    "silence": lambda log: [],
}


@pytest.mark.parametrize("broken", BREAKS)
def test_a_log_with_a_hole_is_noticed(broken: str, nights: dict[str, Night]) -> None:
    night = nights["bedtime-massage"]
    assert missed(night, BREAKS[broken](night.log)) != []


@pytest.mark.parametrize("name", ["five-stretches", "chair", "self-massage"])
def test_no_cue_that_opens_a_phase_can_be_missing(name: str, nights: dict[str, Night]) -> None:
    """Take away each cue that leads into something else, one after the other."""
    night = nights[name]
    begins = {round(night.begins(one), 2) for one in night.timeline.segments}
    opening = [n for n, cue in enumerate(night.log) if cue.sound and round(cue.t, 2) in begins]
    assert len(opening) > len(night.timeline.segments) / 2
    for number in opening:
        assert missed(night, [*night.log[:number], *night.log[number + 1 :]]) != [], night.log[number]
