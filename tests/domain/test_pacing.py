"""The rhythm inside one side: it covers the side exactly, and both sides get the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.exercise import Side
from coach.domain.pacing import Beat, BeatKind, Part, beat_at, beats, lengthened, seconds_of
from coach.domain.plan import Plan, Step
from coach.domain.timeline import build
from tests.script import HAM

GLIDE = Part(BeatKind.STROKE, 5, 0.5, 2, count=12, place="Calf", say="Glide up.")
BREATH = Part(BeatKind.BREATH, 4, 0, 6, count=9)
PRESS = Part(BeatKind.PRESS, 20, rest=10, count=3, say="Press.", then="Let go.")
TENSE = Part(BeatKind.TENSE, 5, rest=15, count=2, place="Shins", say="Lift.", then="Soften.")
STAY = Part(BeatKind.STAY, 40, place="Feet", say="Feel the feet.")


def halves(least: float, most: float) -> st.SearchStrategy[float]:
    """Seconds in steps of a half, as exercises give them."""
    return st.integers(round(least * 2), round(most * 2)).map(lambda n: n / 2)


def a_part(kind: BeatKind) -> st.SearchStrategy[Part]:
    turns = kind in (BeatKind.STROKE, BeatKind.BREATH)
    return st.builds(
        Part,
        kind=st.just(kind),
        go=halves(0.5, 40),
        lift=halves(0, 2) if turns else st.just(0.0),
        back=halves(0, 10) if turns else st.just(0.0),
        rest=halves(0, 15),
        count=st.integers(1, 20),
        say=st.sampled_from(["", "Slowly."]),
    )


WORK = [BeatKind.STROKE, BeatKind.BREATH, BeatKind.PRESS, BeatKind.TENSE, BeatKind.STAY]
PARTS = st.lists(st.sampled_from(WORK).flatmap(a_part), min_size=1, max_size=5)
SECONDS = st.integers(5, 1800)


def covers(found: tuple[Beat, ...], seconds: float) -> None:
    """Asserts that the beats lie one after the other from 0 to `seconds`."""
    assert found[0].at == 0
    for before, after in pairwise(found):
        assert after.at == pytest.approx(before.end, abs=1e-6)
    assert found[-1].end == pytest.approx(seconds, abs=1e-5)
    for beat in found:
        assert beat.seconds > 0
        assert beat.go + beat.lift + beat.back == pytest.approx(beat.seconds)


@given(PARTS, SECONDS)
def test_beats_cover_a_side_exactly_without_gaps_or_overlap(parts: list[Part], seconds: int) -> None:
    covers(beats(parts, seconds), seconds)


@given(PARTS, SECONDS)
def test_beats_of_a_kind_are_counted_from_one_to_their_number(parts: list[Part], seconds: int) -> None:
    found = beats(parts, seconds)
    for kind in BeatKind:
        numbers = [(beat.number, beat.count) for beat in found if beat.kind is kind]
        assert numbers == [(turn, len(numbers)) for turn in range(1, len(numbers) + 1)]


@given(PARTS, SECONDS)
def test_the_first_beat_is_the_first_part_whatever_time_there_is(parts: list[Part], seconds: int) -> None:
    assert beats(parts, seconds)[0].kind is parts[0].kind


@given(PARTS, SECONDS)
def test_both_sides_have_the_same_beats(parts: list[Part], seconds: int) -> None:
    paced = replace(HAM, id="paced", parts=tuple(parts))
    laid = build(Plan("p", "P", (Step("paced", seconds=seconds),)), {"paced": paced})
    left, right = (next(s for s in laid.segments if s.kind.is_work and s.side is side) for side in Side)
    assert left.beats == right.beats
    assert left.seconds == right.seconds == seconds


@given(PARTS, SECONDS, st.integers(1, 6))
def test_more_time_keeps_what_was_planned_and_covers_the_rest(
    parts: list[Part], seconds: int, more: int
) -> None:
    planned = beats(parts, seconds)
    longer = lengthened(planned, seconds + 10 * more)
    covers(longer, seconds + 10 * more)
    kept = planned[:-1]
    assert [(one.kind, one.at, one.seconds) for one in longer[: len(kept)]] == [
        (one.kind, one.at, one.seconds) for one in kept
    ]


@given(PARTS, SECONDS, st.floats(0, 1))
def test_at_every_instant_exactly_one_beat_runs(parts: list[Part], seconds: int, share: float) -> None:
    found = beats(parts, seconds)
    at = share * seconds
    running = beat_at(found, at)
    assert running is not None
    assert running.at <= at + 1e-6
    assert at <= running.end + 1e-5


def test_strokes_are_laid_out_as_the_exercise_describes_them() -> None:
    found = beats((GLIDE,), 90)
    assert [beat.at for beat in found] == [7.5 * turn for turn in range(12)]
    assert {(beat.go, beat.lift, beat.back) for beat in found} == {(5, 0.5, 2)}
    assert [beat.say for beat in found] == ["Glide up."] + [""] * 11
    assert {beat.place for beat in found} == {"Calf"}


def test_strokes_slow_down_a_little_to_fill_what_is_left_over() -> None:
    found = beats((GLIDE,), 94)
    assert len(found) == 12
    assert found[0].seconds == pytest.approx(94 / 12)
    assert found[0].back / found[0].go == pytest.approx(2 / 5)


def test_one_stroke_in_a_long_time_is_followed_by_rest_instead_of_creeping() -> None:
    held = (replace(GLIDE, count=1), replace(STAY, go=10))
    found = beats(held, 60)
    assert [(beat.kind, beat.seconds) for beat in found] == [
        (BeatKind.STROKE, 7.5),
        (BeatKind.STAY, 10),
        (BeatKind.REST, 42.5),
    ]


def test_more_time_repeats_the_last_strokes_breaths_and_presses() -> None:
    assert len(beats((GLIDE,), 180)) == 24
    assert len(beats((BREATH,), 180)) == 18
    presses = [beat for beat in beats((PRESS,), 140) if beat.kind is BeatKind.PRESS]
    assert len(presses) == 5


def test_less_time_does_fewer_of_each_part() -> None:
    both = (replace(GLIDE, count=8), replace(GLIDE, count=8, place="Shin"))
    found = beats(both, 60)
    assert [beat.place for beat in found] == ["Calf"] * 4 + ["Shin"] * 4


def test_still_less_time_drops_parts_from_the_end() -> None:
    places = [beat.place for beat in beats((TENSE, replace(TENSE, place="Thighs")), 25)]
    assert set(places) == {"Shins", ""}


def test_what_does_not_fit_even_once_is_done_faster() -> None:
    found = beats((PRESS,), 10)
    assert [beat.kind for beat in found] == [BeatKind.PRESS]
    assert found[0].seconds == pytest.approx(10)


def test_what_is_left_after_breaths_is_rest() -> None:
    found = beats((BREATH,), 97)
    assert [beat.kind for beat in found] == [BeatKind.BREATH] * 9 + [BeatKind.REST]
    assert found[-1].seconds == pytest.approx(7)


def test_a_press_rests_between_presses_and_not_after_the_last() -> None:
    found = beats((PRESS,), PRESS.seconds)
    press, rest = BeatKind.PRESS, BeatKind.REST
    assert [beat.kind for beat in found] == [press, rest, press, rest, press]
    assert [beat.say for beat in found] == ["Press.", "Let go.", "", "", ""]
    assert (PRESS.seconds, seconds_of((PRESS, GLIDE))) == (80, 170)


def test_tensing_is_always_followed_by_letting_go() -> None:
    found = beats((TENSE,), TENSE.seconds)
    assert [(beat.kind, beat.seconds) for beat in found] == [
        (BeatKind.TENSE, 5),
        (BeatKind.EASE, 15),
    ] * 2
    assert [beat.say for beat in found] == ["Lift.", "Soften.", "", ""]
    assert TENSE.seconds == 40


def test_ten_seconds_more_bring_another_stroke_and_rest_for_what_is_left() -> None:
    longer = lengthened(beats((GLIDE,), 90), 100)
    assert [beat.kind for beat in longer[11:]] == [BeatKind.STROKE, BeatKind.STROKE, BeatKind.REST]
    assert longer[12].number == longer[12].count == 13
    assert longer[-1].seconds == pytest.approx(2.5)


def test_a_rest_at_the_end_gives_way_to_another_breath() -> None:
    longer = lengthened(beats((BREATH,), 95), 105)
    assert [beat.kind for beat in longer[9:]] == [BeatKind.BREATH, BeatKind.REST]
    assert longer[-1].seconds == pytest.approx(5)


def test_more_time_makes_no_press_longer() -> None:
    longer = lengthened(beats((PRESS,), 80), 90)
    assert [(beat.kind, beat.seconds) for beat in longer[-2:]] == [
        (BeatKind.PRESS, 20),
        (BeatKind.REST, 10),
    ]


def test_more_time_makes_a_stay_longer() -> None:
    longer = lengthened(beats((STAY,), 40), 50)
    assert [(beat.kind, beat.seconds) for beat in longer] == [(BeatKind.STAY, 50)]
    assert lengthened(beats((STAY,), 40), 40) == beats((STAY,), 40)


def test_without_beats_none_runs() -> None:
    assert beat_at((), 3.0) is None


def test_the_pace_is_given_in_beats_a_minute() -> None:
    assert GLIDE.a_minute == 8
    assert BREATH.a_minute == 6


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (BeatKind.STROKE, "stroke"),
        (BeatKind.BREATH, "breath"),
        (BeatKind.PRESS, "hold"),
        (BeatKind.TENSE, "hold"),
        (BeatKind.STAY, "hold"),
        (BeatKind.REST, "rest"),
        (BeatKind.EASE, "rest"),
    ],
)
def test_an_events_file_has_four_words_for_beats(kind: BeatKind, word: str) -> None:
    assert kind.event == word
