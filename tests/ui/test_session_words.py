"""Words of leaving count what was done before a break-off; strokes, presses and breaths have their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.domain.exercise import Exercise, Kind
from coach.domain.pacing import BeatKind, Part
from coach.domain.plan import Plan, Step
from coach.domain.session import Session, Snapshot
from coach.domain.timeline import build
from coach.ui.session_words import (
    Display,
    breath_words,
    calm_line,
    display_of,
    ending,
    leaving_lead,
    paused_at,
    press_words,
    pressure_line,
    stroke_words,
    words_of,
)
from tests.script import CALF, GLIDE, LETGO, SLOW, SPOT, play, timeline


def test_a_session_that_goes_on_counts_the_minutes_from_before() -> None:
    session = Session(timeline("calf"), held_before=150)
    play(session, "0:05 ask_leave", until="0:05")
    assert leaving_lead(session.snapshot(5)).startswith("Two minutes are a session too.")


def test_a_session_of_less_than_a_minute_is_not_scolded() -> None:
    session = Session(timeline("calf"))
    play(session, "0:05 ask_leave", until="0:05")
    moment = session.snapshot(5)
    assert "That is all right." in leaving_lead(moment)
    assert ending(moment, forgotten=False) == "Nothing was kept in your journal."


def moment(exercise: Exercise, into: float) -> Snapshot:
    """Some seconds into the first side of an exercise."""
    laid = build(Plan("p", "P", (Step(exercise.id), Step("calf"))), {exercise.id: exercise, "calf": CALF})
    session = Session(laid)
    begins = laid.segments[1].start
    play(session, until="0:00")
    while (deadline := session.deadline()) is not None and deadline <= begins + into:
        session.advance(deadline)
    return session.snapshot(begins + into)


def stroke(go: float, lift: float = 0.0, back: float = 0.0, **how: object) -> Exercise:
    part = Part(BeatKind.STROKE, go, lift, back, count=4, place="Inner lane")
    return replace(GLIDE, parts=(part,), seconds=round(4 * part.beat), **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("exercise", "pace"),
    [
        (stroke(5, 0.5, 2), "5 seconds up, lift, return"),
        (stroke(1, 1, 1), "1 second up, lift, return"),
        (stroke(5, 0, 5), "5 seconds each way"),
        (stroke(3), "3 seconds each"),
        (stroke(4, 0, 2), "4 seconds there, 2 back"),
        (stroke(1.5, 0.5, 1), "1.5 seconds up, lift, return"),
    ],
)
def test_the_pace_of_a_stroke_is_said_from_the_stroke_itself(exercise: Exercise, pace: str) -> None:
    assert stroke_words(moment(exercise, 0.5)).pace == pace


def test_a_stroke_that_is_slowed_a_little_is_said_in_halves_of_seconds() -> None:
    slower = replace(stroke(5, 0.5, 2), seconds=31)
    assert stroke_words(moment(slower, 0.5)).pace == "5 seconds up, lift, return"


@pytest.mark.parametrize(
    ("pressure", "line"),
    [
        ((), ""),
        ((3,), "Pressure 3 of 10"),
        ((2, 3), "Pressure 2 to 3 of 10"),
        ((5, 2), "Pressure from 5 down to 2 of 10"),
    ],
)
def test_how_hard_is_said_of_ten(pressure: tuple[int, ...], line: str) -> None:
    assert pressure_line(pressure) == line


def test_where_the_hands_are_stands_beside_how_hard() -> None:
    words = stroke_words(moment(stroke(5, 0.5, 2), 9))
    assert (words.number, words.count, words.unit) == (2, 4, "of 4 strokes")
    assert (words.start, words.end, words.foot) == ("Ankle", "Knee", "Inner lane  ·  Pressure 2 to 3 of 10")


def test_a_movement_is_counted_in_times() -> None:
    words = stroke_words(moment(stroke(2, 0, 2, kind=Kind.MOBILITY, pressure=()), 5))
    assert (words.unit, words.spoken, words.foot) == ("of 4 times", "2 of 4", "Inner lane")


def test_a_press_eases_down_its_ladder() -> None:
    assert press_words(moment(SPOT, 0)).ladder == (5, 4, 3, 2)
    levels = [press_words(moment(SPOT, into)).level for into in (0, 8, 16, 29.9)]
    assert levels == [0, 1, 2, 3]
    assert press_words(moment(SPOT, 85)).line == "Press 3 of 3"


def test_a_press_that_is_to_feel_the_same_has_no_ladder() -> None:
    words = press_words(moment(replace(SPOT, pressure=(4,)), 5))
    assert (words.ladder, words.level, words.easing) == ((), None, "")


def test_letting_go_between_presses_announces_the_next() -> None:
    words = press_words(moment(SPOT, 32))
    assert (words.resting, words.number, words.line) == (True, 1, "Rest, then press 2 of 3")
    assert words_of(moment(SPOT, 32)).big == "Let go"


@pytest.mark.parametrize(
    ("exercise", "into", "display", "big"),
    [
        (CALF, 5, Display.RING, "Left leg"),
        (GLIDE, 5, Display.STROKES, "Left leg"),
        (SPOT, 5, Display.PRESSES, "Left leg"),
        (SPOT, 32, Display.PRESSES, "Let go"),
        (SLOW, 3, Display.BREATHS, "Breathe in"),
        (SLOW, 5, Display.BREATHS, "Breathe out"),
        (replace(SLOW, seconds=97), 94, Display.BEATS, "Rest"),
        (LETGO, 2, Display.BEATS, "Tense gently"),
        (LETGO, 7, Display.BEATS, "Let go"),
        (LETGO, 45, Display.BEATS, "Calves"),
        (replace(LETGO, parts=(Part(BeatKind.STAY, 60),)), 5, Display.BEATS, "Tense, let go"),
        (replace(LETGO, parts=(Part(BeatKind.STROKE, 5, 0, 5, place="Calves"),)), 5, Display.BEATS, "Calves"),
    ],
)
def test_each_rhythm_has_its_display_and_its_large_words(
    exercise: Exercise, into: float, display: Display, big: str
) -> None:
    now = moment(exercise, into)
    assert (display_of(now), words_of(now).big) == (display, big)


def test_getting_ready_has_no_rhythm_yet() -> None:
    session = Session(timeline("glide"))
    play(session, until="0:02")
    assert display_of(session.snapshot(2)) is Display.RING


def test_breaths_are_numbered_with_their_lengths() -> None:
    words = breath_words(moment(SLOW, 62))
    assert (words.line, words.lengths) == ("Breath 7 of 9", "In 4, out 6")


@pytest.mark.parametrize(
    ("exercise", "into", "words"),
    [
        (GLIDE, 10, "Paused at 2 of 12"),
        (SPOT, 45, "Paused at press 2 of 3"),
        (SLOW, 12, "Paused at breath 2 of 9"),
        (SPOT, 32, "Paused at 78 seconds"),
        (CALF, 12, "Paused at 18 seconds"),
    ],
)
def test_a_pause_says_where_it_stands(exercise: Exercise, into: float, words: str) -> None:
    assert paused_at(moment(exercise, into)) == words


def test_only_calm_exercises_say_that_moving_is_fine() -> None:
    assert calm_line(SLOW) == calm_line(LETGO) == "Moving is fine at any time."
    assert calm_line(GLIDE) == calm_line(CALF) == ""
