"""What is said, and that it fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.domain.cues import (
    CueKind,
    Tone,
    cues_for,
    finish,
    resume,
    spoken_seconds,
    unfitting,
)
from coach.domain.exercise import Cues, Exercise, Side
from coach.domain.pacing import BeatKind, Part
from coach.domain.plan import Plan, Step
from coach.domain.timeline import Detail, Manner, SegmentKind, build
from coach.i18n import render
from tests.script import CALF, EXERCISES, GLIDE, LETGO, SLOW, SPOT, timeline


def said(step: Step | str, kind: SegmentKind, round: int = 0) -> list[tuple[float, str]]:
    laid = timeline(step)
    segment = next(s for s in laid.segments if s.kind is kind and s.round == round)
    return [(cue.at, render(cue.line)) for cue in cues_for(laid, segment)]


def test_short_holds_are_not_halved_or_counted() -> None:
    assert said(Step("calf", seconds=10), SegmentKind.HOLD)[0] == (0.0, "Hold.")
    words = [text for _at, text in said(Step("calf", seconds=19), SegmentKind.HOLD)]
    assert "Half-way." not in words and "10 seconds." not in words


def test_holds_of_twenty_seconds_are_halved_and_from_twenty_five_counted() -> None:
    assert (10.0, "Half-way.") in said(Step("calf", seconds=20), SegmentKind.HOLD)
    assert (15.0, "10 seconds.") in said(Step("calf", seconds=25), SegmentKind.HOLD)
    assert (15.0, "10 seconds.") not in said(Step("calf", seconds=20), SegmentKind.HOLD)


def kinds(step: Step, manner: Manner, kind: SegmentKind, round: int = 0) -> list[CueKind]:
    laid = build(Plan("p", "P", (step,)), EXERCISES, manner)
    segment = next(s for s in laid.segments if s.kind is kind and s.round == round)
    return [cue.kind for cue in cues_for(laid, segment)]


def test_who_wants_few_words_hears_names_sides_and_counts_only() -> None:
    few = Manner(detail=Detail.FEW)
    assert kinds(Step("calf"), few, SegmentKind.READY) == [CueKind.NAME]
    assert kinds(Step("calf"), few, SegmentKind.HOLD) == [CueKind.BEGIN, CueKind.HALF, CueKind.TEN]
    assert kinds(Step("calf", wait=True), few, SegmentKind.WAIT) == [CueKind.WAIT]


def test_who_wants_all_words_hears_the_whole_advice_in_every_round() -> None:
    step = Step("calf", seconds=60, rounds=2)
    chatty = replace(CALF, cues=replace(CALF.cues, hold=("Heel heavy.", "Breathe out.")))
    for detail, count in ((Detail.NORMAL, 1), (Detail.ALL, 2)):
        laid = build(Plan("p", "P", (step,)), {"calf": chatty}, Manner(detail=detail))
        later = next(s for s in laid.segments if s.kind is SegmentKind.HOLD and s.round == 1)
        assert [cue.kind for cue in cues_for(laid, later)].count(CueKind.ADVICE) == count


def test_the_end_of_a_hold_is_counted_aloud_for_those_who_want_it() -> None:
    counting = Manner(counts=True)
    laid = build(Plan("p", "P", (Step("calf", seconds=30),)), EXERCISES, counting)
    hold = next(s for s in laid.segments if s.kind is SegmentKind.HOLD)
    last = cues_for(laid, hold)[-1]
    assert render(last.line) == "Three, two, one."
    assert last.at + spoken_seconds("Three, two, one.") <= 30
    assert kinds(Step("calf", seconds=9), counting, SegmentKind.HOLD).count(CueKind.COUNT) == 0
    assert kinds(Step("calf", seconds=30), Manner(), SegmentKind.HOLD).count(CueKind.COUNT) == 0


@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("counts", [False, True])
@pytest.mark.parametrize("seconds", [10, 19, 20, 25, 30, 60])
def test_whatever_is_said_fits(detail: Detail, counts: bool, seconds: int) -> None:
    steps = tuple(Step(one, seconds=seconds, rounds=2) for one in ("calf", "ham"))
    laid = build(Plan("p", "P", steps), EXERCISES, Manner(1.5, detail, counts))
    assert unfitting(laid) == []


def test_later_rounds_repeat_only_the_last_advice() -> None:
    chatty = replace(CALF, cues=replace(CALF.cues, hold=("Heel heavy.", "Breathe out.")))
    laid = build(Plan("p", "P", (Step("calf", rounds=2),)), {"calf": chatty})
    words = [
        [render(cue.line) for cue in cues_for(laid, s) if cue.kind is CueKind.ADVICE]
        for s in laid.segments
        if s.kind is SegmentKind.HOLD and s.side is Side.LEFT
    ]
    assert words == [["Heel heavy.", "Breathe out."], ["Breathe out."]]


def test_advice_that_fits_nowhere_is_left_unsaid() -> None:
    long = replace(CALF, cues=replace(CALF.cues, hold=("This is very long. " * 20,)))
    laid = build(Plan("p", "P", (Step("calf"),)), {"calf": long})
    assert all(cue.kind is not CueKind.ADVICE for cue in cues_for(laid, laid.segments[1]))


def test_waiting_steps_give_their_advice_slowly() -> None:
    cues = said(Step("calf", wait=True), SegmentKind.WAIT)
    assert cues[0] == (0.0, "Take your time. Press Space to go on.")
    assert cues[1][1] == "Heel heavy." and cues[1][0] > spoken_seconds(cues[0][1])


def test_a_rest_is_announced() -> None:
    assert said(Step("calf", rounds=2, rest=10), SegmentKind.REST, 1) == [(0.0, "Rest.")]


def test_after_a_rest_nothing_is_called_done_twice() -> None:
    laid = timeline("calf", "quad", rest=10)
    ready = next(s for s in laid.segments if s.kind is SegmentKind.READY and s.step == 1)
    assert cues_for(laid, ready)[0].kind is CueKind.NAME


def test_a_way_out_without_words_is_simply_done() -> None:
    quiet = replace(CALF, cues=replace(CALF.cues, release=""))
    laid = build(Plan("p", "P", (Step("calf"), Step("calf"))), {"calf": quiet})
    ready = laid.segments[4]
    assert render(cues_for(laid, ready)[0].line) == "Done."


def test_every_tone_that_marks_something_is_there_without_words_too() -> None:
    laid = timeline("calf")
    for segment in laid.segments:
        for cue in cues_for(laid, segment):
            if cue.tone is not None:
                assert cue.alone is cue.tone and cue.lead > 0
    assert finish().tone is Tone.END and resume().tone is Tone.NEXT


def test_the_name_has_a_tone_when_it_cannot_be_spoken() -> None:
    laid = timeline("calf")
    assert cues_for(laid, laid.segments[0])[0].alone is Tone.NEXT


@pytest.mark.parametrize("rate", [120, 140, 200])
def test_sentences_take_longer_at_a_slower_rate(rate: int) -> None:
    assert spoken_seconds("Hold.", rate) == pytest.approx(spoken_seconds("Hold.") * 120 / rate)


def test_a_cue_that_does_not_fit_is_found() -> None:
    crowded = replace(
        CALF, setup=9, cues=Cues(setup=("This sentence goes on for quite a while, too long.",) * 3)
    )
    laid = build(Plan("p", "P", (Step("calf"),)), {"calf": crowded})
    assert {cue.kind for _segment, cue in unfitting(laid)} >= {CueKind.SETUP}


def test_what_fits_is_not_complained_about_even_in_an_untimed_step() -> None:
    roomy = {**EXERCISES, "calf": replace(CALF, setup=30)}
    laid = build(Plan("p", "P", (Step("calf", wait=True), Step("calf"))), roomy)
    assert unfitting(laid) == []


# ---------------------------------------------------------------- strokes, breaths, presses

Led = list[tuple[float, str, str]]


def led(exercise: Exercise, *, seconds: int | None = None, longer: float | None = None) -> Led:
    """What leads the first side: the second, the tone and the words, advice left out."""
    step = Step(exercise.id, seconds=seconds)
    laid = build(Plan("p", "P", (step,)), {exercise.id: exercise})
    segment = laid.segments[1]
    return [
        (round(cue.at, 2), cue.tone.value if cue.tone else "", render(cue.line))
        for cue in cues_for(laid, segment, longer)
        if cue.kind is CueKind.BEAT
    ]


def glide(**how: object) -> Exercise:
    return replace(GLIDE, parts=(replace(GLIDE.parts[0], **how),))  # type: ignore[arg-type]


def test_a_tone_goes_up_with_every_stroke_and_down_with_every_return() -> None:
    cues = led(GLIDE)
    assert [at for at, tone, _words in cues if tone == "rise"] == [7.5 * turn for turn in range(12)]
    assert [at for at, tone, _words in cues if tone == "fall"] == [7.5 * turn + 5.5 for turn in range(12)]


def test_the_voice_leads_the_first_stroke_the_middle_and_the_last() -> None:
    assert [(at, words) for at, _tone, words in led(GLIDE) if words] == [
        (0, "Glide up, slow."),
        (45, "Half-way."),
        (82.5, "Last one."),
    ]


def test_a_short_return_has_no_tone_of_its_own() -> None:
    assert {tone for _at, tone, _words in led(glide(go=2, lift=0, back=1.4))} == {"rise"}


def test_strokes_without_words_of_their_own_are_begun() -> None:
    assert led(glide(say=""))[0] == (0, "rise", "Begin.")


def test_few_strokes_and_short_sides_are_not_counted_aloud() -> None:
    assert [words for _at, _tone, words in led(GLIDE, seconds=15) if words] == ["Glide up, slow."]
    assert [words for _at, _tone, words in led(GLIDE, seconds=23) if words] == [
        "Glide up, slow.",
        "Last one.",
    ]


def test_half_way_goes_unsaid_where_the_exercise_speaks_itself() -> None:
    low, high = (replace(GLIDE.parts[0], count=6, say=say) for say in ("Below.", "Above."))
    words = [words for _at, _tone, words in led(replace(GLIDE, parts=(low, high))) if words]
    assert words == ["Below.", "Above.", "Last one."]


def test_breaths_are_led_four_times_and_then_by_tones_alone() -> None:
    cues = led(SLOW)
    words = [words for _at, _tone, words in cues]
    assert words[:8] == [
        "Let the belly rise.", "And slowly out.", "Breathe in.", "And slowly out.",
        "Breathe in.", "And slowly out.", "Breathe in.", "And slowly out.",
    ]  # fmt: skip
    assert [(at, said) for (at, _tone, said) in cues[8:] if said] == [(64, "If you want more air, take it.")]
    assert [tone for _at, tone, _words in cues] == ["rise", "fall"] * 9


def test_once_a_minute_the_voice_comes_back_with_another_kind_word() -> None:
    chatty = replace(SLOW, cues=Cues(setup=(), hold=("No effort.", "If the urge comes, move.")))
    said = [(at, words) for at, _tone, words in led(chatty, seconds=240) if words][8:]
    assert said == [(64, "No effort."), (124, "If the urge comes, move."), (184, "No effort.")]


def test_breaths_without_kind_words_are_led_by_tones() -> None:
    quiet = replace(SLOW, cues=Cues(setup=(), hold=()))
    assert not any(words for _at, _tone, words in led(quiet, seconds=240)[8:])


def test_what_is_left_after_breaths_is_breathed_as_it_comes() -> None:
    assert led(SLOW, seconds=96)[-1] == (90, "end", "Breathe as it comes.")


def test_a_rest_too_short_for_words_is_silent() -> None:
    assert led(SLOW, seconds=91)[-1][1] == "fall"


def test_presses_and_the_rests_between_them_are_called() -> None:
    assert led(SPOT) == [
        (0, "begin", "Press and stay."),
        (30, "end", "Let go. Shake it out."),
        (40, "begin", "Press again."),
        (70, "end", "Let go."),
        (80, "begin", "Press again."),
    ]


def test_a_press_without_words_and_a_rest_at_the_end_have_the_usual_ones() -> None:
    plain = replace(SPOT, parts=(Part(BeatKind.PRESS, 20, rest=10, count=2),))
    assert led(plain, seconds=60) == [
        (0, "begin", "Press and stay still."),
        (20, "end", "Let go."),
        (30, "begin", "Press again."),
        (50, "end", "Rest."),
    ]


def test_tensing_and_letting_go_are_called_every_time() -> None:
    assert led(LETGO) == [
        (0, "next", "Draw the feet up."),
        (5, "fall", "And soften."),
        (20, "next", "And again."),
        (25, "fall", "Let go."),
        (40, "next", "Do nothing."),
    ]


def test_staying_without_words_is_silent() -> None:
    assert led(replace(LETGO, parts=(Part(BeatKind.STAY, 30),)), seconds=30) == []


def test_ten_seconds_more_are_led_as_well() -> None:
    assert led(GLIDE, longer=100)[-4:] == [
        (88, "fall", ""),
        (90, "rise", "Last one."),
        (95.5, "fall", ""),
        (97.5, "end", "Rest."),
    ]


def test_advice_is_said_between_the_words_of_strokes() -> None:
    laid = timeline("glide")
    advice = [cue for cue in cues_for(laid, laid.segments[1]) if cue.kind is CueKind.ADVICE]
    assert [render(cue.line) for cue in advice] == ["Lighter on the way back."]


def test_a_cue_that_only_sounds_has_no_words_and_takes_no_time_from_others() -> None:
    laid = timeline("glide")
    quiet = [cue for cue in cues_for(laid, laid.segments[1]) if not cue.has_words]
    assert quiet and all(cue.tone is cue.alone and cue.tone is not None for cue in quiet)
    assert unfitting(laid) == []


@pytest.mark.parametrize("exercise", [GLIDE, SPOT, SLOW, LETGO], ids=lambda one: one.id)
def test_with_closed_eyes_no_beat_of_work_begins_unheard(exercise: Exercise) -> None:
    laid = timeline(exercise.id)
    segment = laid.segments[1]
    heard = {cue.at for cue in cues_for(laid, segment) if cue.kind is CueKind.BEAT}
    assert {beat.at for beat in segment.beats} <= heard
