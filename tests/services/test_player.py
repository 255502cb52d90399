"""A session with everything around it: voice, sound, display and diary, all played by fakes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from coach.domain.cues import Tone
from coach.domain.night import Outcome, Unfinished
from coach.domain.plan import Plan, Step
from coach.domain.session import Input, Phase, Snapshot
from coach.domain.timeline import build
from coach.i18n import render
from coach.services.diary import Diary
from coach.services.pace import Faster
from coach.services.player import (
    PATIENCE,
    BeatBegan,
    CueGiven,
    News,
    PhaseChanged,
    Player,
    SegmentBegan,
    describe,
    first_sentences,
    sentences,
)
from tests.fakes import FakeAwake, FakeJournal, FakeSessionLog, FakeSound, FakeTime, FakeVoice
from tests.script import EXERCISES, plan, timeline


class Evening:
    """A player among fakes, and everything it says."""

    def __init__(self, *, instant: bool = True, voice_works: bool = True, sound_works: bool = True) -> None:
        self.time = FakeTime()
        self.voice = FakeVoice(instant=instant, works=voice_works)
        self.sound = FakeSound(self.time, works=sound_works)
        self.awake = FakeAwake()
        self.log = FakeSessionLog()
        self.journal = FakeJournal()
        self.diary = Diary(self.time, self.log, self.journal)
        self.player = Player(self.time, self.voice, self.sound, self.awake, self.diary)
        self.news: list[News] = []
        self.notices: list[str] = []
        self.moments: list[Snapshot] = []
        self.player.news.subscribe(self.news.append)
        self.player.notices.subscribe(lambda line: self.notices.append(render(line)))
        self.player.moments.subscribe(self.moments.append)

    def start(self, made: Plan, **how: object) -> None:
        self.player.start(made, build(made, EXERCISES), **how)  # type: ignore[arg-type]

    @property
    def phase(self) -> Phase:
        moment = self.player.snapshot()
        assert moment is not None
        return moment.phase

    def heard(self) -> list[Tone | str]:
        return [sound.what for sound in self.sound.heard]

    def words(self) -> list[str]:
        return [one.text for one in self.news if isinstance(one, CueGiven)]


def test_the_whole_session_is_spoken_and_sounded_on_time() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    evening.time.advance(200)
    assert evening.phase is Phase.FINISHED
    cues = [one for one in evening.news if isinstance(one, CueGiven)]
    assert all(cue.t == cue.due and cue.spoken for cue in cues)
    heard = evening.heard()
    assert Tone.SWITCH in heard and "Switch. Right leg." in heard and Tone.BEGIN in heard
    assert evening.words()[-1] == "Done. That is all for tonight."


def test_the_words_come_after_their_tone() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    evening.time.advance(60)
    heard = {sound.what: sound.at for sound in evening.sound.heard}
    assert heard["Switch. Right leg."] - heard[Tone.SWITCH] == pytest.approx(0.5)


def test_start_waits_for_the_first_words_but_not_for_ever() -> None:
    evening = Evening(instant=False)
    evening.start(plan("calf"))
    seen = [evening.phase]
    evening.time.advance(PATIENCE)
    assert [*seen, evening.phase] == [Phase.NEW, Phase.RUNNING]


def test_start_goes_on_as_soon_as_the_first_words_are_there() -> None:
    evening = Evening(instant=False)
    made = plan("calf")
    evening.start(made)
    evening.voice.make(len(first_sentences(timeline("calf"))))
    assert evening.moments[-1].phase is Phase.RUNNING
    assert evening.time.monotonic() == 0


def test_words_that_are_not_ready_become_their_tone_at_once() -> None:
    evening = Evening(instant=False)
    evening.start(plan("calf"))
    evening.time.advance(1)
    first = next(one for one in evening.news if isinstance(one, CueGiven))
    assert (first.spoken, first.tone) == (False, Tone.NEXT)
    assert evening.heard() == [Tone.NEXT]


def test_a_voice_that_breaks_is_said_once_and_tones_take_over() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    evening.voice.fail("The voice is not there.")
    evening.voice.fail("The voice is not there.")
    evening.time.advance(200)
    assert evening.notices == ["The voice is not there."]
    assert evening.phase is Phase.FINISHED


def test_a_voice_that_never_worked_holds_nothing_up() -> None:
    evening = Evening(voice_works=False)
    evening.start(plan("calf"))
    assert (evening.phase, len(evening.notices)) == (Phase.RUNNING, 1)


def test_a_silent_computer_is_said_once_and_the_session_runs() -> None:
    evening = Evening(sound_works=False)
    evening.start(plan("calf"))
    evening.time.advance(200)
    assert len(evening.notices) == 1
    assert evening.phase is Phase.FINISHED


def test_nothing_is_said_of_sound_outside_a_session() -> None:
    evening = Evening()
    evening.voice.fail("Gone.")
    assert evening.notices == []


def test_a_mute_session_opens_no_device_and_makes_no_words() -> None:
    evening = Evening()
    evening.start(plan("calf"), quiet=True)
    evening.player.send(Input.VOICE)
    evening.voice.fail("Gone.")
    evening.time.advance(200)
    assert evening.sound.heard == [] and evening.voice.prepared == [] and evening.notices == []
    assert evening.words()[0] == "Calf stretch. Left leg."


def test_with_the_voice_off_tones_lead() -> None:
    evening = Evening()
    evening.start(plan("calf"), voice=False)
    evening.time.advance(60)
    assert all(isinstance(what, Tone) for what in evening.heard())
    assert Tone.SWITCH in evening.heard()


def test_turning_the_voice_on_in_the_middle_finds_its_words() -> None:
    evening = Evening()
    evening.start(plan("calf"), voice=False)
    evening.time.advance(2)
    evening.player.send(Input.VOICE)
    evening.time.advance(60)
    assert "Switch. Right leg." in evening.heard()


def test_another_voice_in_the_middle_makes_what_is_still_to_be_said() -> None:
    evening = Evening()
    evening.player.prepare_anew()  # nothing is said just now
    assert evening.voice.prepared == []
    evening.start(plan("calf"))
    evening.time.advance(2)
    evening.voice._clips.clear()  # as another voice has none of them
    evening.player.prepare_anew()
    evening.time.advance(60)
    assert "Switch. Right leg." in evening.heard()


def test_the_display_stays_awake_only_while_something_runs() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    evening.time.advance(5)
    seen = [evening.awake.held]
    evening.player.send(Input.PAUSE)
    seen.append(evening.awake.held)
    evening.player.send(Input.RESUME)
    seen.append(evening.awake.held)
    evening.time.advance(200)
    assert [*seen, evening.awake.held] == [True, False, True, False]


def test_pausing_hushes_what_is_being_said() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    evening.time.advance(1)
    evening.player.send(Input.PAUSE)
    assert evening.sound.hushes == [1.0]


def test_a_finished_session_goes_into_the_journal_with_the_seconds_really_held() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    evening.time.advance(25)
    evening.player.send(Input.ADD)
    evening.time.advance(200)
    (record,) = evening.journal.records
    assert record.outcome is Outcome.FINISHED
    assert [(hold.side.value, hold.held, hold.extra) for hold in record.holds if hold.side] == [
        ("left", 40, 10),
        ("right", 30, 0),
    ]
    assert evening.log.read() is None


def test_leaving_early_keeps_a_partial_session() -> None:
    evening = Evening()
    evening.start(plan(Step("calf", seconds=90)))
    evening.time.advance(100)
    evening.player.send(Input.ASK_LEAVE)
    evening.player.send(Input.LEAVE)
    (record,) = evening.journal.records
    assert (record.outcome, record.held) == (Outcome.PARTIAL, 80)
    assert not evening.awake.held


def test_leaving_within_a_minute_leaves_no_trace() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    evening.time.advance(30)
    evening.player.stop()
    assert evening.journal.records == [] and evening.log.read() is None


def test_a_broken_off_session_goes_on_at_its_segment_with_what_was_done() -> None:
    evening = Evening()
    evening.start(plan("calf", "quad"))
    evening.time.advance(60)
    unfinished = evening.diary.unfinished()
    assert isinstance(unfinished, Unfinished) and unfinished.position == 3

    later = Evening()
    later.log = evening.log
    later.diary = Diary(later.time, later.log, later.journal)
    later.player = Player(later.time, later.voice, later.sound, later.awake, later.diary)
    later.start(plan("calf", "quad"), carried=unfinished)
    moment = later.player.snapshot()
    assert moment is not None and moment.segment is not None and moment.segment.side is not None
    assert (moment.segment.exercise.id, moment.segment.side.value) == ("calf", "right")
    later.time.advance(21)
    again = later.log.read()
    assert again is not None and again.position == 3
    later.time.advance(400)
    (record,) = later.journal.records
    assert [hold.held for hold in record.holds] == [30, 30, 30, 30]
    assert record.started == unfinished.started


def test_a_broken_off_session_with_nothing_left_is_kept_and_a_new_one_begins() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    evening.time.advance(60)
    unfinished = evening.diary.unfinished()
    assert unfinished is not None
    later = Evening()
    later.log.begin(replace(unfinished, holds=unfinished.holds * 3))
    later.start(plan("calf"), carried=replace(unfinished, position=99))
    assert [record.outcome for record in later.journal.records] == [Outcome.PARTIAL]
    moment = later.player.snapshot()
    assert moment is not None and moment.segment is not None and moment.segment.index == 0


def test_a_machine_that_slept_says_so_and_waits() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    evening.time.advance(30)
    evening.time.suspend(3600)
    evening.player.tick()
    assert evening.phase is Phase.PAUSED
    assert "asleep" in evening.notices[0]
    assert [one.slept for one in evening.news if isinstance(one, PhaseChanged)] == [False, True]


def test_a_busy_moment_of_a_session_looked_through_a_hundredfold_is_no_sleep() -> None:
    evening = Evening()
    evening.start(plan("calf"), speed=100.0)
    phases = []
    for seconds in (10, 3600):
        evening.time.suspend(seconds)
        evening.player.tick()
        phases.append(evening.phase)
    assert phases == [Phase.RUNNING, Phase.PAUSED]


def test_an_input_before_the_first_words_begins_the_session() -> None:
    evening = Evening(instant=False)
    evening.start(plan("calf"))
    evening.player.send(Input.PAUSE)
    assert evening.phase is Phase.PAUSED


def test_without_a_session_nothing_happens() -> None:
    evening = Evening()
    evening.player.send(Input.PAUSE)
    evening.player.tick()
    evening.player.shutdown()
    assert evening.player.snapshot() is None and evening.moments == [] and not evening.player.is_running


def test_shutting_down_keeps_what_was_done_and_lets_go_of_everything() -> None:
    evening = Evening()
    evening.start(plan(Step("calf", seconds=90)))
    evening.time.advance(100)
    evening.player.shutdown()
    assert len(evening.journal.records) == 1
    assert not evening.awake.held and evening.voice.shut_down
    assert evening.time.waiting == []


def test_a_second_start_keeps_the_first_session() -> None:
    evening = Evening()
    evening.start(plan(Step("calf", seconds=90)))
    evening.time.advance(100)
    evening.start(plan("quad"))
    assert len(evening.journal.records) == 1
    assert evening.player.is_running


def test_only_one_timer_waits_at_a_time() -> None:
    evening = Evening()
    evening.start(plan("calf"))
    for _ in range(20):
        evening.time.advance(0.1)
        evening.player.tick()
        assert len(evening.time.waiting) == 1


def test_every_event_can_be_written_down() -> None:
    evening = Evening()
    evening.start(plan("calf", "breath"))
    evening.time.advance(400)
    lines = [line for line in map(describe, evening.news) if line]
    assert {line["event"] for line in lines} == {"segment", "cue", "phase"}
    segment = next(line for line in lines if line["event"] == "segment" and line["kind"] == "hold")
    assert segment == {
        "event": "segment",
        "t": 20.0,
        "due": 20.0,
        "kind": "hold",
        "exercise": "calf",
        "side": "left",
        "seconds": 30.0,
        "step": 1,
        "round": 1,
    }
    assert any(line["event"] == "segment" and line["side"] is None for line in lines)
    assert any(line["event"] == "cue" and line["sound"] is None for line in lines)
    assert isinstance(evening.news[0], (SegmentBegan, PhaseChanged))


def test_all_sentences_are_listed_once_and_in_order() -> None:
    texts = sentences(timeline("calf"))
    assert texts[0] == "Calf stretch. Left leg." and len(texts) == len(set(texts))
    assert first_sentences(timeline("calf")) == texts[: len(first_sentences(timeline("calf")))]


def test_a_faster_clock_shows_a_session_sooner() -> None:
    time = FakeTime()
    time.advance(5)
    faster = Faster(time, 10)
    called: list[float] = []
    faster.call_later(20, lambda: called.append(faster.monotonic()))
    time.advance(2)
    assert called == [20] and faster.now() == time.now()
    with pytest.raises(ValueError, match="speed"):
        Faster(time, 0)


def test_a_trial_run_lives_in_the_same_zone() -> None:
    time = FakeTime()
    local = datetime(2026, 11, 20, 22, 0)
    assert Faster(time, 10).local(local) == time.local(local)


# ---------------------------------------------------------------- strokes and breaths


def test_every_stroke_is_handed_over_at_its_due_instant() -> None:
    evening = Evening()
    evening.start(plan("glide"))
    evening.time.advance(300)
    begun = [one for one in evening.news if isinstance(one, BeatBegan)]
    assert len(begun) == 24
    assert all(one.t == pytest.approx(one.due, abs=0.001) for one in begun)
    rises = [one for one in evening.news if isinstance(one, CueGiven) and one.tone is Tone.RISE]
    assert [one.due for one in rises] == [one.due for one in begun]
    assert all(one.t == pytest.approx(one.due, abs=0.001) for one in rises)


def test_a_stroke_without_words_is_a_tone_and_no_request_to_the_voice() -> None:
    evening = Evening()
    evening.start(plan("glide"))
    evening.time.advance(60)
    assert all("" not in texts for texts in evening.voice.prepared)
    assert {Tone.RISE, Tone.FALL} <= set(evening.heard())
    assert "" not in evening.heard()
    quiet = next(one for one in evening.news if isinstance(one, CueGiven) and not one.text)
    assert (quiet.spoken, quiet.tone) == (False, Tone.FALL)


def test_at_night_strokes_keep_their_tones_where_there_are_no_words() -> None:
    evening = Evening()
    evening.player.set_chimes(False)
    evening.start(plan("glide"))
    evening.time.advance(30)
    heard = evening.heard()
    assert Tone.FALL in heard
    assert Tone.NEXT not in heard


def test_an_events_file_has_one_line_for_each_stroke_and_none_for_the_side() -> None:
    evening = Evening()
    evening.start(plan("glide"))
    evening.time.advance(300)
    lines = [line for line in map(describe, evening.news) if line and line["event"] == "segment"]
    kinds = [line["kind"] for line in lines]
    assert kinds == ["ready", *["stroke"] * 12, "switch", *["stroke"] * 12]
    assert lines[3] == {
        "event": "segment",
        "t": 23.0,
        "due": 23.0,
        "kind": "stroke",
        "exercise": "glide",
        "side": "left",
        "seconds": 7.5,
        "step": 1,
        "round": 1,
        "beat": "stroke",
        "number": 3,
        "count": 12,
    }


def test_an_events_file_tells_presses_and_rests_apart() -> None:
    evening = Evening()
    evening.start(plan("spot"))
    evening.time.advance(125)
    found = [describe(one) for one in evening.news if isinstance(one, BeatBegan)]
    assert [(line["kind"], line["beat"], line["number"]) for line in found if line] == [
        ("hold", "press", 1),
        ("rest", "rest", 1),
        ("hold", "press", 2),
        ("rest", "rest", 2),
        ("hold", "press", 3),
    ]


def test_a_step_that_is_left_out_is_passed_over_at_once() -> None:
    evening = Evening()
    evening.start(plan("glide", "calf"))
    evening.time.advance(30)
    evening.player.send(Input.DROP)
    moment = evening.player.snapshot()
    assert moment is not None and moment.segment is not None
    assert moment.segment.exercise.id == "calf"
    assert moment.held[-1].seconds == pytest.approx(22)
