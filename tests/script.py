"""Sessions written as little scripts: what the user does when, and what follows.

It leaves out sound and records: those have their own fakes.
"""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

from coach.domain.exercise import Cues, Exercise, Kind, Posture
from coach.domain.pacing import BeatKind, Part
from coach.domain.plan import Plan, Step
from coach.domain.session import Beaten, Began, Effect, Ended, Hush, Input, Moved, Say, Session
from coach.domain.timeline import Timeline, build
from coach.i18n import render

CALF = Exercise(
    id="calf",
    name="Calf stretch",
    short_name="Calf",
    kind=Kind.STRETCH,
    postures=(Posture.STANDING,),
    sided=True,
    setup=20,
    seconds=30,
    cues=Cues(setup=("Step your {side} leg back.",), hold=("Heel heavy.",), release="Stand tall."),
)
QUAD = replace(CALF, id="quad", name="Quad stretch", short_name="Quad")
HAM = replace(
    CALF, id="ham", name="Hamstring", short_name="Ham", postures=(Posture.FLOOR, Posture.BED), setup=8
)
SEAT = replace(CALF, id="seat", name="Seat", postures=(Posture.CHAIR,), setup=0)
BREATH = replace(
    HAM, id="breath", name="Breathing", sided=False, seconds=90, cues=Cues(setup=(), hold=("Slowly out.",))
)
GLIDE = replace(
    HAM,
    id="glide",
    name="Calf glide",
    short_name="Glide",
    kind=Kind.MASSAGE,
    seconds=90,
    cues=Cues(setup=("Hands round the ankle.",), hold=("Lighter on the way back.",)),
    parts=(Part(BeatKind.STROKE, 5, 0.5, 2, count=12, place="Both sides", say="Glide up, slow."),),
    start="Ankle",
    end="Knee",
    pressure=(2, 3),
)
SPOT = replace(
    GLIDE,
    id="spot",
    name="Tender spot",
    short_name="Spot",
    seconds=110,
    parts=(Part(BeatKind.PRESS, 30, rest=10, count=3, say="Press and stay.", then="Let go. Shake it out."),),
    pressure=(5, 2),
)
SLOW = replace(
    BREATH,
    id="slow",
    name="Slow breaths",
    short_name="Breaths",
    kind=Kind.BREATHING,
    parts=(Part(BeatKind.BREATH, 4, 0, 6, count=9),),
    cues=Cues(setup=(), hold=("If you want more air, take it.",)),
)
LETGO = replace(
    BREATH,
    id="letgo",
    name="Tense, let go",
    kind=Kind.RELAXATION,
    seconds=60,
    parts=(
        Part(BeatKind.TENSE, 5, rest=15, count=2, place="Shins", say="Draw the feet up.", then="And soften."),
        Part(BeatKind.STAY, 20, place="Calves", say="Do nothing."),
    ),
    cues=Cues(setup=(), hold=()),
)
EXERCISES = {one.id: one for one in (CALF, QUAD, HAM, SEAT, BREATH, GLIDE, SPOT, SLOW, LETGO)}


def plan(*steps: Step | str, rest: int = 0) -> Plan:
    """A plan of steps or exercise ids."""
    made = tuple(step if isinstance(step, Step) else Step(step) for step in steps)
    return Plan("test", "Test", made, rest=rest)


def timeline(*steps: Step | str, rest: int = 0) -> Timeline:
    """A plan laid out in time."""
    return build(plan(*steps, rest=rest), EXERCISES)


def seconds(stamp: str) -> float:
    """ "1:05" or "1:05.5" as seconds."""
    minutes, _colon, rest = stamp.partition(":")
    return int(minutes) * 60 + float(rest)


def stamp(clock: float) -> str:
    """Seconds as "1:05", with tenths only where there are any."""
    minutes, rest = divmod(round(clock, 1), 60)
    return f"{int(minutes)}:{rest:04.1f}".removesuffix(".0")


def written(effect: Effect) -> str:
    """One effect as a line of a script."""
    match effect:
        case Began(segment, due, _at):
            side = f" {segment.side.value}" if segment.side else ""
            return f"{stamp(due)} {segment.kind.value} {segment.exercise.id}{side}"
        case Beaten(beat, _segment, due, _at):
            return f"{stamp(due)} {beat.kind.value} {beat.number} of {beat.count}"
        case Say(cue, _segment, due, _at) if not cue.has_words:
            return f"{stamp(due)} {cue.tone.value if cue.tone else 'nothing'}"
        case Say(cue, _segment, due, _at):
            return f"{stamp(due)} “{render(cue.line)}”"
        case Ended(held):
            added = f" +{held.added:.0f}" if held.added else ""
            return f"held {held.seconds:.1f}{added} {held.how.value}".replace(".0 ", " ")
        case Hush():
            return "hush"
        case Moved(phase, slept, kept):
            return phase.name.lower() + (" slept" if slept else "") + ("" if kept else " not kept")


def play(session: Session, script: str = "", *, until: str = "99:00") -> list[Effect]:
    """Run a session in simulated time: every deadline is met exactly, inputs come at their instants.

    A script is "M:SS input" lines; its instants are of the wall, so that a pause takes time.
    """
    moves = [("0:00", "start")]
    moves += [(line.split()[0], line.split()[1]) for line in dedent(script).strip().splitlines()]
    effects: list[Effect] = []
    for when, name in moves:
        at = seconds(when)
        _pass(session, at, effects)
        effects += session.feed(Input[name.upper()], at)
    _pass(session, seconds(until), effects)
    return effects


def _pass(session: Session, until: float, effects: list[Effect]) -> None:
    while (deadline := session.deadline()) is not None and deadline < until:
        effects += session.advance(deadline)


def trace(session: Session, script: str = "", *, until: str = "99:00", words: bool = True) -> str:
    """What a script leads to, as text."""
    effects = play(session, script, until=until)
    lines = [written(effect) for effect in effects if words or not isinstance(effect, (Say, Hush))]
    return "\n".join(lines)


def text(expected: str) -> str:
    """An expected trace without its indentation."""
    return dedent(expected).strip()
