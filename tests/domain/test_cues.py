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
from coach.domain.exercise import Cues, Side
from coach.domain.plan import Plan, Step
from coach.domain.timeline import SegmentKind, build
from coach.i18n import render
from tests.script import CALF, EXERCISES, timeline


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
