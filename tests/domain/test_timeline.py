"""How a plan is laid out in time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.exercise import Posture, Side
from coach.domain.plan import Extra, Plan, Step
from coach.domain.timeline import Manner, SegmentKind, Timeline, build, change_seconds, resume_at
from tests.script import EXERCISES, timeline


def shape(laid: Timeline) -> list[str]:
    return [
        f"{s.kind.value} {s.exercise.id}{' ' + s.side.value if s.side else ''} {s.seconds:g}"
        for s in laid.segments
    ]


def test_both_sides_get_their_full_hold_and_the_changeover_lies_between() -> None:
    assert shape(timeline("calf")) == [
        "ready calf left 20",
        "hold calf left 30",
        "switch calf right 5",
        "hold calf right 30",
    ]


def test_sides_run_left_right_within_each_round_and_later_rounds_have_changeover_only() -> None:
    assert shape(timeline(Step("ham", seconds=10, rounds=2))) == [
        "ready ham left 8",
        "hold ham left 10",
        "switch ham right 8",
        "hold ham right 10",
        "switch ham left 8",
        "hold ham left 10",
        "switch ham right 8",
        "hold ham right 10",
    ]


def test_rests_lie_between_rounds_and_between_steps() -> None:
    laid = timeline(Step("seat", seconds=10, rounds=2, rest=15), "breath", rest=7)
    assert shape(laid) == [
        "ready seat left 8",
        "hold seat left 10",
        "switch seat right 5",
        "hold seat right 10",
        "rest seat left 15",
        "switch seat left 5",
        "hold seat left 10",
        "switch seat right 5",
        "hold seat right 10",
        "rest breath 7",
        "ready breath 20",
        "hold breath 90",
    ]


def test_one_side_alone_can_be_asked_for() -> None:
    assert shape(timeline(Step("calf", sides=(Side.RIGHT,)))) == ["ready calf right 20", "hold calf right 30"]


def test_an_untimed_step_waits_and_takes_no_planned_time() -> None:
    assert shape(timeline(Step("calf", wait=True, sides=(Side.LEFT,)))) == [
        "ready calf left 20",
        "wait calf left 0",
    ]


def test_extra_seconds_go_to_the_leg_that_asked() -> None:
    laid = timeline(Step("calf", rounds=2, extra=Extra(Side.LEFT, 15)))
    assert [s.seconds for s in laid.segments if s.kind is SegmentKind.HOLD] == [45, 30, 45, 30]


@pytest.mark.parametrize(
    ("leaving", "entering", "seconds"),
    [
        (None, Posture.FLOOR, 8),
        (Posture.FLOOR, Posture.FLOOR, 8),
        (Posture.STANDING, Posture.CHAIR, 12),
        (Posture.CHAIR, Posture.STANDING, 12),
        (Posture.STANDING, Posture.FLOOR, 20),
        (Posture.BED, Posture.CHAIR, 20),
        (Posture.FLOOR, Posture.BED, 20),
    ],
)
def test_a_change_of_posture_gets_the_time_it_needs(
    leaving: Posture | None, entering: Posture, seconds: float
) -> None:
    assert change_seconds(leaving, entering) == seconds


def test_setting_up_takes_the_longer_of_the_words_and_the_way_down() -> None:
    ready = [s for s in timeline("calf", "ham", "ham").segments if s.kind is SegmentKind.READY]
    assert [s.seconds for s in ready] == [20, 20, 8]
    assert [s.leaving for s in ready] == [None, Posture.STANDING, Posture.FLOOR]


def test_nobody_has_to_get_up_for_an_exercise_that_also_works_where_they_are() -> None:
    laid = timeline(Step("ham", posture=Posture.BED), "breath")
    assert {s.posture for s in laid.segments} == {Posture.BED}


def test_the_note_of_a_step_is_shown_while_getting_ready() -> None:
    laid = timeline(Step("calf", note="Slowly."))
    assert [s.note for s in laid.segments] == ["Slowly.", "", "", ""]


def test_going_on_after_a_break_begins_with_time_to_get_into_position() -> None:
    whole = timeline("calf", "quad")
    left = resume_at(whole, 3)
    assert shape(left)[:3] == ["ready calf right 20", "hold calf right 30", "ready quad left 20"]
    assert left.segments[0].start == 0 and left.segments[-1].end == left.seconds
    assert [s.index for s in left.segments] == list(range(len(left.segments)))


def test_going_on_in_the_middle_of_a_changeover_begins_with_the_side_to_come() -> None:
    assert shape(resume_at(timeline("calf"), 2)) == ["ready calf right 20", "hold calf right 30"]


def test_nothing_is_left_after_the_last_segment() -> None:
    assert resume_at(timeline("calf"), 4).segments == ()
    assert resume_at(timeline("calf"), 4).seconds == 0
    assert resume_at(timeline("calf"), 4).steps == 0


steps = st.builds(
    Step,
    exercise=st.sampled_from(sorted(EXERCISES)),
    seconds=st.none() | st.integers(5, 1800),
    wait=st.booleans(),
    rounds=st.integers(1, 10),
    rest=st.integers(0, 120),
)


@given(st.lists(steps, min_size=1, max_size=12), st.integers(0, 120))
def test_left_and_right_are_equal_unless_extra_was_asked(many: list[Step], rest: int) -> None:
    laid = timeline(*many, rest=rest)
    held = dict.fromkeys(Side, 0.0)
    for segment in laid.segments:
        if segment.kind is SegmentKind.HOLD and segment.side is not None:
            held[segment.side] += segment.seconds
    assert held[Side.LEFT] == held[Side.RIGHT]


@given(st.lists(steps, min_size=1, max_size=12), st.integers(0, 120))
def test_segments_follow_each_other_without_gaps_and_every_hold_is_led_into(
    many: list[Step], rest: int
) -> None:
    laid = timeline(*many, rest=rest)
    clock = 0.0
    for number, segment in enumerate(laid.segments):
        assert (segment.index, segment.start) == (number, clock)
        clock = segment.end
        if segment.kind.is_work:
            before = laid.segments[number - 1]
            assert before.kind in (SegmentKind.READY, SegmentKind.SWITCH)
            assert before.side is segment.side
            step = many[segment.step]
            assert segment.seconds == (0 if step.wait else step.seconds or segment.exercise.seconds)
    assert laid.seconds == clock
    assert laid.steps == len(many)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("glide", SegmentKind.STROKE),
        ("slow", SegmentKind.BREATH),
        ("spot", SegmentKind.HOLD),
        ("letgo", SegmentKind.HOLD),
        ("calf", SegmentKind.HOLD),
    ],
)
def test_a_side_is_named_after_what_it_begins_with(name: str, kind: SegmentKind) -> None:
    work = timeline(name).segments[1]
    assert work.kind is kind
    assert bool(work.beats) is (name != "calf")


def test_both_sides_of_a_massage_are_the_same_unless_one_leg_gets_more() -> None:
    left, right = (s for s in timeline("glide").segments if s.kind.is_work)
    assert left.beats == right.beats
    worse = Step("glide", extra=Extra(Side.RIGHT, 15))
    left, right = (s for s in timeline(worse).segments if s.kind.is_work)
    assert (len(left.beats), len(right.beats)) == (12, 14)


def test_beats_lie_inside_the_side_only() -> None:
    laid = timeline("glide", "spot", rest=10)
    assert all(not s.beats for s in laid.segments if not s.kind.is_work)
    for side in (s for s in laid.segments if s.kind.is_work):
        assert side.beats[-1].end == pytest.approx(side.seconds)


def test_going_on_after_a_break_off_keeps_the_strokes() -> None:
    laid = timeline("glide")
    rest = resume_at(laid, laid.segments[3].index)
    assert not rest.segments[0].beats
    assert rest.segments[1].beats == laid.segments[3].beats


def test_who_wants_longer_to_get_ready_has_it_also_after_a_break() -> None:
    laid = build(Plan("p", "P", (Step("calf"),)), EXERCISES, Manner(setup=1.5))
    assert shape(laid)[:2] == ["ready calf left 30", "hold calf left 30"]
    assert shape(resume_at(laid, 2)) == ["ready calf right 30", "hold calf right 30"]
