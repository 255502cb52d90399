"""Trying the voice and the loudness before a session."""

from __future__ import annotations

from coach.domain.cues import Tone
from coach.services.hearing import Hearing
from tests.fakes import FakeSound, FakeTime, FakeVoice

SENTENCE = "Lean in slowly. Let the heel sink."


class Room:
    """A quiet room with a voice, a loudspeaker and perhaps a session."""

    def __init__(self, *, instant: bool = True) -> None:
        self.voice = FakeVoice(instant=instant)
        self.loudspeaker = FakeSound(FakeTime())
        self.in_session = False
        self.hearing = Hearing(self.voice, self.loudspeaker, busy=lambda: self.in_session)
        self.lengths: list[float] = []
        self.hearing.began.subscribe(self.lengths.append)

    @property
    def heard(self) -> list[object]:
        return [one.what for one in self.loudspeaker.heard]


def test_a_sentence_is_heard_and_the_device_is_let_go() -> None:
    room = Room()
    room.hearing.say(SENTENCE)
    assert room.heard == [SENTENCE]
    assert len(room.lengths) == 1
    assert room.loudspeaker.closing_when_quiet


def test_a_sentence_that_is_still_made_is_heard_when_it_is_ready() -> None:
    room = Room(instant=False)
    room.hearing.say(SENTENCE)
    assert room.heard == []
    room.voice.make()
    assert room.heard == [SENTENCE]


def test_only_the_sentence_asked_for_last_is_heard() -> None:
    room = Room(instant=False)
    room.hearing.say("One.")
    room.hearing.say("Two.")
    room.voice.make()
    assert room.heard == ["Two."]


def test_a_tone_is_heard() -> None:
    room = Room()
    room.hearing.sound(Tone.BEGIN)
    assert room.heard == [Tone.BEGIN]
    assert room.loudspeaker.closing_when_quiet


def test_nothing_is_tried_out_over_a_session() -> None:
    room = Room(instant=False)
    room.hearing.say(SENTENCE)
    room.in_session = True
    room.voice.make()
    room.hearing.say(SENTENCE)
    room.hearing.sound(Tone.BEGIN)
    assert room.heard == []


def test_what_cannot_be_heard_is_said() -> None:
    room = Room()
    assert room.hearing.state == room.voice.state
    told: list[None] = []
    room.hearing.changed.subscribe(told.append)
    room.voice.fail("The voice is gone.")
    assert len(told) == 1
    assert room.hearing.state.what.template == "The voice is gone."
    room.loudspeaker.fail("Sound is gone.")
    assert room.hearing.state.what.template == "Sound is gone." and len(told) == 2
