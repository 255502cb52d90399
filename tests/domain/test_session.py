"""A session as the user lives through it, second by second."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from coach.domain.exercise import LONGEST_HOLD, Side
from coach.domain.pacing import BeatKind
from coach.domain.plan import Step
from coach.domain.session import (
    LATE,
    TRANSITIONS,
    Beaten,
    Began,
    Effect,
    Ended,
    Held,
    How,
    Input,
    Moved,
    Phase,
    Session,
    digits,
    go_or_pause,
    kept,
)
from coach.domain.timeline import SegmentKind, Timeline
from tests.script import play, text, timeline, trace, written


def test_a_stretch_is_led_from_the_name_to_the_end() -> None:
    assert trace(Session(timeline("calf"))) == text(
        """
        running
        0:00 ready calf left
        0:00 “Calf stretch. Left leg.”
        0:10.2 “Step your left leg back.”
        0:20 hold calf left
        0:20 “Hold.”
        0:22.9 “Heel heavy.”
        0:35 “Half-way.”
        0:40 “10 seconds.”
        held 30 full
        0:50 switch calf right
        0:50 “Switch. Right leg.”
        0:55 hold calf right
        0:55 “Hold.”
        0:57.9 “Heel heavy.”
        1:10 “Half-way.”
        1:15 “10 seconds.”
        held 30 full
        1:25 “Done. That is all for tonight.”
        finished
        """
    )


def test_the_next_step_is_announced_after_the_way_out_of_the_last() -> None:
    lines = trace(Session(timeline(Step("calf", seconds=5), "quad"))).splitlines()
    begin = lines.index("0:35 ready quad left")
    assert lines[begin + 1] == "0:35 “Done. Stand tall.”"
    assert lines[begin + 2].endswith("“Next: Quad stretch. Left leg.”")


def test_an_exercise_without_sides_names_none() -> None:
    lines = trace(Session(timeline("breath", Step("breath", rounds=2, seconds=10))))
    assert "“Breathing.”" in lines
    assert "“Next: Breathing.”" in lines
    assert "“Done.”" in lines
    assert "“Begin.”" in lines
    assert "“And once more.”" in lines


def test_one_side_in_two_rounds_is_called_again_not_switch() -> None:
    lines = trace(Session(timeline(Step("calf", sides=(Side.LEFT,), rounds=2, seconds=10))))
    assert "“Again. Left leg.”" in lines
    assert "Switch" not in lines


def test_a_pause_stops_the_clock_and_going_on_counts_in_outside_the_hold() -> None:
    assert trace(
        Session(timeline("calf")),
        """
        0:30 pause
        5:00 resume
        """,
        until="5:20",
        words=False,
    ) == text(
        """
        running
        0:00 ready calf left
        0:20 hold calf left
        paused
        count_in
        running
        """
    )
    session = Session(timeline("calf"))
    effects = play(session, "0:30 pause\n5:00 resume")
    held = [effect.held.seconds for effect in effects if isinstance(effect, Ended)]
    assert held == pytest.approx([30, 30])


def test_a_pause_while_getting_ready_goes_on_without_counting_in() -> None:
    assert "count_in" not in trace(Session(timeline("calf")), "0:05 pause\n0:09 resume", until="0:40")


def test_pausing_the_count_keeps_the_hold_where_it_was() -> None:
    session = Session(timeline("calf"))
    play(session, "0:30 pause\n0:40 resume\n0:42 pause", until="1:00")
    moment = session.snapshot(60)
    assert (moment.phase, moment.elapsed, moment.count_in) == (Phase.PAUSED, 10, None)


def test_the_count_shows_what_is_left_of_it() -> None:
    session = Session(timeline("calf"))
    play(session, "0:30 pause\n0:40 resume", until="0:41")
    assert session.snapshot(41.0).count_in == 2.0
    assert session.deadline() == 43.0


def test_skip_goes_to_the_other_side_and_records_what_was_held() -> None:
    lines = trace(Session(timeline("calf")), "0:32 skip", until="0:58", words=False)
    assert lines == text(
        """
        running
        0:00 ready calf left
        0:20 hold calf left
        held 12 skipped
        0:32 switch calf right
        0:37 hold calf right
        """
    )


def test_skip_while_getting_ready_leaves_time_to_get_into_the_other_side() -> None:
    lines = trace(Session(timeline("calf")), "0:10 skip", until="0:31")
    assert "0:10 ready calf right" in lines
    assert "0:30 hold calf right" in lines
    assert "Done" not in lines


def test_skip_in_a_changeover_goes_to_the_next_step_and_calls_nothing_done() -> None:
    lines = trace(Session(timeline("calf", "quad")), "0:52 skip", until="0:56")
    assert "0:52 ready quad left" in lines
    assert "Done" not in lines


def test_skip_past_the_last_side_ends_the_session() -> None:
    assert trace(Session(timeline("calf")), "0:52 skip").endswith("finished")
    assert trace(Session(timeline("calf")), "1:00 skip").endswith("finished")


def test_back_restarts_a_hold_and_in_its_first_seconds_goes_to_the_one_before() -> None:
    restarted = trace(Session(timeline("calf")), "1:05 back", until="1:10", words=False)
    assert restarted.endswith("1:05 hold calf right")
    before = trace(Session(timeline("calf")), "0:57 back", until="1:00", words=False)
    assert before.endswith("0:57 ready calf left")


def test_back_at_the_very_start_begins_again() -> None:
    assert trace(Session(timeline("calf")), "0:02 back", until="0:03", words=False).endswith(
        "0:02 ready calf left"
    )


def test_back_within_the_first_hold_returns_to_getting_ready() -> None:
    assert trace(Session(timeline("calf")), "0:21 back", until="0:22", words=False).endswith(
        "0:21 ready calf left"
    )


def test_ten_more_seconds_lengthen_this_hold_only_and_are_logged_as_extra() -> None:
    lines = trace(Session(timeline("calf")), "0:41 add", words=False)
    assert "held 40 +10 full" in lines
    assert "1:00 switch calf right" in lines
    assert lines.count("+10") == 1


def test_ten_more_seconds_count_down_anew_but_say_nothing_else_twice() -> None:
    lines = trace(Session(timeline("calf")), "0:41 add", until="1:00")
    assert lines.count("10 seconds.") == 2
    assert lines.count("Half-way.") == 1
    assert lines.count("Heel heavy.") == 1


def test_ten_more_seconds_before_the_half_move_it() -> None:
    lines = trace(Session(timeline("calf")), "0:25 add", until="0:55")
    assert "0:40 “Half-way.”" in lines
    assert "0:50 “10 seconds.”" in lines


def test_plus_does_nothing_outside_a_hold_or_past_half_an_hour() -> None:
    session = Session(timeline(Step("calf", seconds=1795)))
    play(session, "0:05 add\n0:25 add", until="0:26")
    assert session.snapshot(26).seconds == 1795


def test_wait_for_me_begins_only_when_the_user_is_ready() -> None:
    session = Session(timeline("calf"), waits=True)
    lines = trace(session, "3:00 ready", until="3:01", words=False)
    assert lines.endswith("3:00 hold calf left")
    assert trace(Session(timeline("calf"), waits=True), until="9:00", words=False).endswith(
        "0:00 ready calf left"
    )


def test_counting_again_gives_the_full_time_from_then_on() -> None:
    session = Session(timeline("calf"))
    assert trace(session, "0:05 wait_for_me\n2:00 count_for_me", until="2:21", words=False).endswith(
        "2:20 hold calf left"
    )
    unchanged = Session(timeline("calf"))
    assert trace(unchanged, "0:25 count_for_me", until="0:51", words=False).endswith("0:50 switch calf right")


def test_while_it_waits_nothing_counts() -> None:
    session = Session(timeline("calf"), waits=True)
    play(session, until="0:30")
    moment = session.snapshot(30.0)
    assert moment.waits and moment.seconds is None and moment.remaining is None
    assert moment.left == 65
    assert session.deadline() is None


def test_ready_early_begins_the_hold_at_once() -> None:
    assert trace(Session(timeline("calf")), "0:04 ready", until="0:05", words=False).endswith(
        "0:04 hold calf left"
    )
    assert trace(Session(timeline("calf")), "0:24 ready", until="0:25", words=False).endswith(
        "0:20 hold calf left"
    )


def test_an_untimed_step_lasts_until_the_user_goes_on_and_counts_as_held() -> None:
    lines = trace(Session(timeline(Step("calf", wait=True, sides=(Side.LEFT,)))), "2:00 ready")
    assert "“Take your time. Press Space to go on.”" in lines
    assert "held 100 full" in lines
    assert lines.endswith("finished")


def test_the_voice_can_be_turned_off_and_on() -> None:
    session = Session(timeline("calf"))
    play(session, "0:05 voice", until="0:06")
    assert not session.voice and not session.snapshot(6).voice
    session.feed(Input.VOICE, 7)
    assert session.voice


def test_leaving_is_asked_once_and_keeps_what_was_done() -> None:
    lines = trace(
        Session(timeline(Step("calf", seconds=90))), "1:23 ask_leave\n2:00 stay\n2:01 ask_leave\n2:11 leave"
    )
    assert lines.count("leaving") == 2
    assert lines.endswith("held 63 left\nleft")


def test_under_a_minute_nothing_is_kept_and_the_user_is_told_before() -> None:
    session = Session(timeline("calf"))
    play(session, "0:49 ask_leave", until="0:50")
    assert not session.snapshot(50).would_keep
    assert session.feed(Input.LEAVE, 51)[-1] == Moved(Phase.LEFT, kept=False)


def test_from_a_minute_on_leaving_keeps() -> None:
    session = Session(timeline(Step("calf", seconds=90)))
    play(session, "1:25 ask_leave", until="1:26")
    assert session.snapshot(86).would_keep
    assert session.feed(Input.LEAVE, 87)[-1] == Moved(Phase.LEFT, kept=True)


def test_what_was_held_before_a_break_off_counts_when_leaving() -> None:
    session = Session(timeline("calf"), held_before=60)
    play(session, "0:05 ask_leave", until="0:06")
    assert session.snapshot(6).would_keep
    assert session.feed(Input.LEAVE, 7)[-1] == Moved(Phase.LEFT, kept=True)


def test_leave_and_forget_keeps_nothing() -> None:
    session = Session(timeline(Step("calf", seconds=90)))
    play(session, "1:25 ask_leave", until="1:26")
    assert session.feed(Input.FORGET, 87) == [Moved(Phase.LEFT, kept=False)]


def test_a_machine_that_slept_wakes_to_a_session_paused_where_it_was() -> None:
    session = Session(timeline("calf"))
    play(session, until="0:30")
    session.advance(30.0)
    effects = session.advance(3630.0)
    assert [written(effect) for effect in effects] == ["hush", "paused slept"]
    moment = session.snapshot(3630.0)
    assert (moment.segment.kind, moment.elapsed) == (SegmentKind.HOLD, 10.0)  # type: ignore[union-attr]


def test_sleep_during_the_count_is_a_pause_too() -> None:
    session = Session(timeline("calf"))
    play(session, "0:30 pause\n0:40 resume", until="0:41")
    assert session.advance(500.0)[-1] == Moved(Phase.PAUSED, slept=True)
    assert session.snapshot(500.0).elapsed == 10.0


def test_a_key_pressed_after_sleep_only_finds_the_pause() -> None:
    session = Session(timeline("calf"))
    play(session, until="0:30")
    assert session.feed(Input.ASK_LEAVE, 4000.0)[-1] == Moved(Phase.LEAVING)
    assert session.feed(Input.STAY, 4001.0)
    assert session.snapshot(4001.0).elapsed < 11


def test_a_key_that_fits_no_pause_does_nothing_after_sleep() -> None:
    session = Session(timeline("calf"))
    play(session, until="0:30")
    assert session.feed(Input.READY, 4000.0)[-1] == Moved(Phase.PAUSED, slept=True)


def test_a_wake_that_is_a_little_late_moves_no_planned_second() -> None:
    session = Session(timeline("calf"))
    session.feed(Input.START, 100.0)
    dues = []
    while (deadline := session.deadline()) is not None:
        for effect in session.advance(deadline + LATE / 2):
            if isinstance(effect, Began):
                dues.append(effect.due)
    assert dues == [20, 50, 55]


def test_an_early_wake_does_nothing() -> None:
    session = Session(timeline("calf"))
    session.feed(Input.START, 0.0)
    deadline = session.deadline()
    assert session.advance(5.0) == [] and session.deadline() == deadline


def test_inputs_that_do_not_fit_change_nothing() -> None:
    session = Session(timeline("calf"))
    assert session.feed(Input.RESUME, 0.0) == []
    assert session.phase is Phase.NEW and session.deadline() is None
    play(session, "0:30 pause", until="0:31")
    assert session.feed(Input.READY, 31.0) == []
    assert session.feed(Input.LEAVE, 31.0) == []


def test_a_session_without_segments_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one segment"):
        Session(Timeline("x", "X", ()))


def test_skipping_in_a_pause_moves_on_and_stays_paused() -> None:
    session = Session(timeline("calf"))
    play(session, "0:30 pause\n0:31 skip", until="0:40")
    moment = session.snapshot(40.0)
    assert moment.phase is Phase.PAUSED
    assert moment.segment is not None and moment.segment.kind is SegmentKind.SWITCH
    session.feed(Input.RESUME, 41.0)
    assert session.phase is Phase.RUNNING


def test_skipping_while_it_counts_in_goes_on_at_once() -> None:
    session = Session(timeline("calf"))
    play(session, "0:30 pause\n0:31 resume\n0:32 skip", until="0:33")
    assert session.phase is Phase.RUNNING


def test_the_moment_tells_what_comes_next() -> None:
    session = Session(timeline("calf", "quad"))
    play(session, until="0:30")
    moment = session.snapshot(30.0)
    assert moment.next_work is not None and moment.next_work.side is Side.RIGHT
    assert moment.after_that is not None and moment.after_that.exercise.id == "quad"
    assert moment.minutes_left == 3
    assert moment.progress == pytest.approx((10 / 60, 0))


def test_after_the_end_there_is_nothing_left() -> None:
    session = Session(timeline("calf"))
    play(session)
    moment = session.snapshot(9999)
    assert (moment.segment, moment.left, moment.progress, moment.next_work) == (None, 0, (1.0,), None)
    assert session.held == moment.held and moment.held_seconds == 60
    assert session.segment.side is Side.RIGHT


def test_progress_counts_work_and_not_getting_ready() -> None:
    session = Session(timeline("calf"))
    play(session, until="0:35")
    assert session.snapshot(20.0).progress == (0.0,)
    assert session.snapshot(35.0).progress == (0.25,)


@pytest.mark.parametrize(
    ("remaining", "shown"),
    [(30, "30"), (29.9, "30"), (0.2, "1"), (0, "1"), (99, "99"), (99.5, "1:40"), (125, "2:05")],
)
def test_digits_are_rounded_up_and_never_zero(remaining: float, shown: str) -> None:
    assert digits(remaining) == shown


def test_what_was_done_is_put_together_by_step() -> None:
    calf, quad = timeline("calf", "quad").segments[1], timeline("calf", "quad").segments[5]
    right = timeline("calf").segments[3]
    done = kept(
        [
            Held(calf, 30, 30, 0, How.FULL),
            Held(right, 12, 30, 0, How.SKIPPED),
            Held(right, 8, 30, 0, How.FULL),
            Held(quad, 0, 30, 0, How.SKIPPED),
        ]
    )
    assert [(one.exercise.id, one.sides, one.seconds) for one in done] == [
        ("calf", (Side.LEFT, Side.RIGHT), 50)
    ]


def test_the_big_key_starts_what_waits_and_pauses_what_runs() -> None:
    session = Session(timeline(Step("calf", seconds=10)))
    seen = [go_or_pause(session.snapshot(0))]
    for asked, at in (
        (Input.START, 0),
        (Input.READY, 1),
        (Input.PAUSE, 5),
        (Input.RESUME, 6),
        (Input.ASK_LEAVE, 7),
        (Input.LEAVE, 8),
    ):
        session.feed(asked, at)
        seen.append(go_or_pause(session.snapshot(at)))
    assert seen == [
        Input.START,
        Input.READY,
        Input.PAUSE,
        Input.RESUME,
        Input.PAUSE,
        Input.STAY,
        None,
    ]


class AnyButtons(RuleBasedStateMachine):
    """Somebody presses buttons for ever: the machine keeps its promises."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(timeline(Step("calf", rounds=2), Step("ham", wait=True), "breath", rest=5))
        self.at = 0.0
        self.clock = 0.0

    @rule(given=st.sampled_from(Input))
    def press(self, given: Input) -> None:
        phase = self.session.phase
        self.session.feed(given, self.at)
        if given not in TRANSITIONS[phase]:
            assert self.session.phase is phase

    @rule(seconds=st.floats(0, 40))
    def time_passes(self, seconds: float) -> None:
        end = self.at + seconds
        while (deadline := self.session.deadline()) is not None and deadline <= end:
            assert deadline >= self.at - 1e-6
            self.at = max(self.at, deadline)
            self.session.advance(self.at)
        self.at = end
        self.session.advance(self.at)

    @rule(seconds=st.floats(3, 10_000))
    def machine_sleeps(self, seconds: float) -> None:
        running = self.session.phase in (Phase.RUNNING, Phase.COUNT_IN)
        deadline = self.session.deadline()
        self.at += seconds
        self.session.advance(self.at)
        if running and deadline is not None and self.at - deadline > LATE:
            assert self.session.phase is Phase.PAUSED

    @invariant()
    def the_clock_never_goes_back(self) -> None:
        clock = self.session.clock(self.at)
        assert clock >= self.clock - 1e-6
        self.clock = clock

    @invariant()
    def the_moment_is_sound(self) -> None:
        moment = self.session.snapshot(self.at)
        assert all(0 <= share <= 1 for share in moment.progress)
        assert moment.left >= 0 and moment.elapsed >= 0
        if moment.remaining is not None:
            assert moment.remaining <= (moment.seconds or 0)
        assert all(one.seconds >= 0 for one in moment.held)
        if self.session.phase in (Phase.PAUSED, Phase.LEAVING, Phase.NEW) or self.session.phase.is_over:
            assert self.session.deadline() is None


AnyButtons.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyButtons = AnyButtons.TestCase


# ---------------------------------------------------------------- strokes, breaths, presses


def beats_of(effects: list[Effect]) -> list[Beaten]:
    return [one for one in effects if isinstance(one, Beaten)]


def test_a_side_of_massage_is_led_stroke_by_stroke() -> None:
    lines = trace(Session(timeline(Step("glide", seconds=15)))).splitlines()
    begin = lines.index("0:08 stroke glide left")
    assert lines[begin : begin + 8] == [
        "0:08 stroke glide left",
        "0:08 stroke 1 of 2",
        "0:08 “Glide up, slow.”",
        "0:12.1 “Lighter on the way back.”",
        "0:13.5 fall",
        "0:15.5 stroke 2 of 2",
        "0:15.5 rise",
        "0:21 fall",
    ]
    assert lines[begin + 8] == "held 15 full"


@pytest.mark.parametrize("name", ["glide", "spot", "slow", "letgo"])
def test_every_beat_begins_at_its_planned_second(name: str) -> None:
    laid = timeline(name)
    session = Session(laid)
    found = beats_of(play(session))
    planned = [(s.index, s.start + beat.at) for s in laid.segments for beat in s.beats]
    assert [(one.segment.index, one.due) for one in found] == planned
    assert all(one.at == pytest.approx(one.due) for one in found)


@given(st.lists(st.tuples(st.sampled_from(list(Input)), st.floats(0.01, 40)), max_size=25), st.data())
def test_whatever_the_user_does_no_beat_is_late_or_out_of_turn(
    moves: list[tuple[Input, float]], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["glide", "spot", "slow", "letgo"]))
    session = Session(timeline(name, "glide"))
    session.feed(Input.START, 0.0)
    at = 0.0
    for given_input, later in moves:
        until = at + later
        found: list[Effect] = []
        while (deadline := session.deadline()) is not None and deadline <= until:
            found += session.advance(deadline)
        at = until
        found += session.feed(given_input, at)
        for one in beats_of(found):
            assert one.at == pytest.approx(one.due, abs=1e-6)
            assert 0 <= one.beat.at <= LONGEST_HOLD
        moment = session.snapshot(at)
        beat = moment.beat
        if moment.segment is not None and moment.segment.beats and not moment.phase.is_over:
            assert beat is not None
            assert -1e-6 <= moment.beat_elapsed <= beat.seconds + 1e-5
        else:
            assert beat is None and moment.beat_elapsed == 0


def test_a_moment_tells_which_stroke_runs_and_how_far_it_is() -> None:
    session = Session(timeline("glide"))
    play(session, until="0:25")
    moment = session.snapshot(25.0)
    assert moment.beat is not None
    assert (moment.beat.number, moment.beat.count) == (3, 12)
    assert moment.beat_elapsed == pytest.approx(2)


def test_a_pause_stops_the_stroke_where_it_is() -> None:
    session = Session(timeline("glide"))
    play(session, "0:25 pause", until="3:00")
    assert session.snapshot(180).beat_elapsed == pytest.approx(2)
    lines = trace(Session(timeline("glide")), "0:25 pause\n1:00 resume", until="1:12").splitlines()
    # The clock of the session stood still: the third stroke's end is planned where it was.
    assert lines[-4:] == ["running", "0:28.5 fall", "0:30.5 stroke 4 of 12", "0:30.5 rise"]


def test_plus_brings_more_strokes_and_begins_none_twice() -> None:
    session = Session(timeline(Step("glide", sides=(Side.LEFT,))))
    found = beats_of(play(session, "0:25 add\n0:26 add"))
    numbers = [one.beat.number for one in found if one.beat.kind is BeatKind.STROKE]
    assert numbers == list(range(1, 15))
    assert [one.due - found[0].due for one in found[:14]] == [7.5 * turn for turn in range(14)]


def test_back_begins_the_strokes_again() -> None:
    found = beats_of(play(Session(timeline("glide")), "0:25 back", until="0:35"))
    assert [one.beat.number for one in found] == [1, 2, 3, 1, 2]


def test_leaving_the_rest_of_a_step_out_goes_to_the_next_one() -> None:
    session = Session(timeline("glide", "calf"))
    lines = trace(session, "0:25 drop", until="0:30").splitlines()
    assert "held 17 left out" in lines
    assert "0:25 ready calf left" in lines
    assert not any(line.endswith("“Done.”") for line in lines)


def test_leaving_the_last_step_out_ends_the_session() -> None:
    session = Session(timeline("calf", "glide"))
    play(session, "1:35 drop", until="1:36")
    assert session.phase is Phase.FINISHED


def test_a_step_can_be_left_out_before_it_begins_and_while_paused() -> None:
    session = Session(timeline("calf", "glide", "ham"))
    play(session, "0:05 drop\n0:06 pause\n0:07 drop", until="0:20")
    assert session.segment.exercise.id == "ham"
    assert session.phase is Phase.PAUSED
