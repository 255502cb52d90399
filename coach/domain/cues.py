"""What is said and sounded in a segment, and when.

It leaves out how a sentence becomes sound, and whether the user wants to hear it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from coach.domain.exercise import Exercise
from coach.domain.pacing import Beat, BeatKind, lengthened
from coach.domain.settings import SLOWEST_RATE
from coach.domain.timeline import Detail, Manner, Segment, SegmentKind, Timeline
from coach.i18n import N_, Line, render

# A tone is sounded this long before its words, in seconds: its body must not cover the first syllable.
TONE_LEAD = 0.5
# Holds of this many seconds and more are halved aloud, and counted from ten (architecture 2).
SHORTEST_HALVED, SHORTEST_COUNTED = 20.0, 25.0
# The end of a hold of so many seconds and more can be counted aloud: shorter ones have no room for it.
SHORTEST_ENDED = 10.0
LAST_SECONDS = 10.0
# Silence kept between two sentences, and before the end of a segment, in seconds.
BREATH = 0.3
# So many breaths are led by the voice, then tones lead and the voice comes back once a minute (content 4.1).
LED_BREATHS = 4
# A way back shorter than this, in seconds, has no tone of its own: two would run together.
SHORTEST_FALL = 1.5


class Tone(Enum):
    """The soft tones; each has its own shape so that it is known with closed eyes."""

    BEGIN = "begin"
    HALF = "half"
    TEN = "ten"
    SWITCH = "switch"
    END = "end"
    NEXT = "next"
    RISE = "rise"
    FALL = "fall"


class CueKind(Enum):
    """Why something is said."""

    DONE = "done"
    NAME = "name"
    SETUP = "setup"
    BEGIN = "begin"
    ADVICE = "advice"
    HALF = "half"
    TEN = "ten"
    COUNT = "count"
    BEAT = "beat"
    SWITCH = "switch"
    REST = "rest"
    WAIT = "wait"
    RESUME = "resume"
    FINISH = "finish"


@dataclass(frozen=True)
class Cue:
    """One sentence with its tone, `at` seconds from the start of its segment.

    `alone` is the tone that stands in when the words cannot be spoken. A cue of a stroke or breath that only
    sounds has an empty line.
    """

    at: float
    kind: CueKind
    line: Line
    tone: Tone | None = None
    alone: Tone | None = None

    @property
    def lead(self) -> float:
        """Seconds between the cue and its first word."""
        return TONE_LEAD if self.tone else 0.0

    @property
    def has_words(self) -> bool:
        return bool(self.line.template)


def spoken_seconds(text: str, rate: int = SLOWEST_RATE) -> float:
    """An upper estimate, in seconds, of how long `text` takes at `rate` words a minute.

    Fitted to eSpeak NG 1.52 (British and American English, 120 to 200 words a minute) from above: 70 ms a
    letter and 100 ms more a digit, 0.8 s a full stop or colon, 0.5 s a comma, 0.2 s for run-in and run-out.
    Every sentence of the shipped plans takes 66 to 98 % of it (tests/shipped/test_spoken_lengths.py).
    """
    stops = len(re.findall(r"[.:;?…]", text))
    commas = text.count(",")
    digits = len(re.findall(r"\d", text))
    seconds = 0.2 + 0.07 * len(text) + 0.1 * digits + 0.8 * stops + 0.5 * commas
    return seconds * SLOWEST_RATE / rate


def _about(exercise: Exercise, segment: Segment, template: str) -> Line:
    side = (("side", segment.side.word),) if segment.side else ()
    return Line(template, side)


def _name(segment: Segment, first: bool) -> Line:
    fields = [("name", segment.exercise.name)]
    if segment.side is None:
        template = N_("{name}.") if first else N_("Next: {name}.")
    else:
        fields.append(("leg", segment.side.leg))
        template = N_("{name}. {leg}.") if first else N_("Next: {name}. {leg}.")
    return Line(template, tuple(fields))


def _spread(lines: Sequence[tuple[CueKind, Line, Tone | None, Tone | None]], seconds: float) -> list[Cue]:
    """Lay sentences out over `seconds` so that the pauses between them are equal."""
    spoken = [
        spoken_seconds(render(line)) + (TONE_LEAD if tone else 0.0) for _kind, line, tone, _alone in lines
    ]
    pause = max((seconds - BREATH - sum(spoken)) / max(len(lines), 1), BREATH)
    cues: list[Cue] = []
    at = 0.0
    for (kind, line, tone, alone), length in zip(lines, spoken, strict=True):
        cues.append(Cue(at, kind, line, tone, alone))
        at += length + pause
    return cues


def cues_for(
    timeline: Timeline, segment: Segment, seconds: float | None = None, *, after_work: bool = True
) -> list[Cue]:
    """The cues of `segment` in order.

    `seconds` overrides its length when the user added time; `after_work` is False when the hold before it
    was passed over, so that nothing is called done that was not begun.
    """
    length = segment.seconds if seconds is None else seconds
    match segment.kind:
        case SegmentKind.READY:
            return _ready(timeline, segment, length, after_work=after_work)
        case SegmentKind.SWITCH:
            if segment.side is None:
                line = Line(N_("And once more."))
            elif timeline.segments[segment.index - 1].side is segment.side:
                line = Line(N_("Again. {leg}."), (("leg", segment.side.leg),))
            else:
                line = Line(N_("Switch. {leg}."), (("leg", segment.side.leg),))
            return [Cue(0.0, CueKind.SWITCH, line, Tone.SWITCH, Tone.SWITCH)]
        case SegmentKind.REST:
            return [Cue(0.0, CueKind.REST, Line(N_("Rest.")), Tone.END, Tone.END)]
        case SegmentKind.WAIT:
            return _wait(segment, timeline.manner)
        case SegmentKind.HOLD | SegmentKind.STROKE | SegmentKind.BREATH:
            manner = timeline.manner
            return _paced(segment, length, manner) if segment.beats else _hold(segment, length, manner)
        case _ as never:
            assert_never(never)


def _ready(timeline: Timeline, segment: Segment, length: float, *, after_work: bool) -> list[Cue]:
    lines: list[tuple[CueKind, Line, Tone | None, Tone | None]] = []
    first = segment.index == 0
    if not first and after_work:
        before = timeline.segments[segment.index - 1]
        if before.kind.is_work:
            release = before.exercise.cues.release
            line = Line(N_("Done. {release}"), (("release", release),)) if release else Line(N_("Done."))
            lines.append((CueKind.DONE, line, Tone.END, Tone.END))
    lines.append((CueKind.NAME, _name(segment, first), None, Tone.NEXT))
    if timeline.manner.detail is not Detail.FEW:
        lines.extend(
            (CueKind.SETUP, _about(segment.exercise, segment, text), None, None)
            for text in segment.exercise.cues.setup
        )
    return _spread(lines, length)


def _wait(segment: Segment, manner: Manner) -> list[Cue]:
    begin = Cue(0.0, CueKind.WAIT, Line(N_("Take your time. Press Space to go on.")), Tone.BEGIN, Tone.BEGIN)
    cues = [begin]
    at = begin.lead + spoken_seconds(render(begin.line)) + 1.0
    for text in () if manner.detail is Detail.FEW else segment.exercise.cues.hold:
        line = _about(segment.exercise, segment, text)
        cues.append(Cue(at, CueKind.ADVICE, line))
        at += spoken_seconds(render(line)) + 2.0
    return cues


def _said_in(segment: Segment, manner: Manner) -> Sequence[str]:
    """The advice of a hold: whole in the first round, the last of it later, unless other is wanted."""
    advice = segment.exercise.cues.hold
    match manner.detail:
        case Detail.FEW:
            return ()
        case Detail.NORMAL:
            return advice[-1:] if segment.round else advice
        case Detail.ALL:
            return advice
        case _ as never:
            assert_never(never)


def _hold(segment: Segment, length: float, manner: Manner) -> list[Cue]:
    begin = Cue(0.0, CueKind.BEGIN, Line(N_("Hold.")), Tone.BEGIN, Tone.BEGIN)
    if segment.side is None:
        begin = Cue(0.0, CueKind.BEGIN, Line(N_("Begin.")), Tone.BEGIN, Tone.BEGIN)
    marks: list[Cue] = []
    if length >= SHORTEST_HALVED:
        marks.append(Cue(length / 2, CueKind.HALF, Line(N_("Half-way.")), Tone.HALF, Tone.HALF))
    if length >= SHORTEST_COUNTED:
        marks.append(Cue(length - LAST_SECONDS, CueKind.TEN, Line(N_("10 seconds.")), Tone.TEN, Tone.TEN))
    if manner.counts and length >= SHORTEST_ENDED:
        line = Line(N_("Three, two, one."))
        marks.append(Cue(length - spoken_seconds(render(line)) - BREATH, CueKind.COUNT, line))
    fixed = [begin, *marks]
    advice = _said_in(segment, manner)
    return sorted([*fixed, *_advice(segment, advice, fixed, length)], key=lambda cue: cue.at)


def _paced(segment: Segment, length: float, manner: Manner) -> list[Cue]:
    """The cues of strokes, breaths and presses: a tone a beat, and words where something changes."""
    beats = segment.beats if length == segment.seconds else lengthened(segment.beats, length)
    made = [cue for beat in beats for cue in _beat(segment, beat, beats)]
    if segment.kind is SegmentKind.BREATH:
        return made
    worded = [cue for cue in made if cue.has_words]
    advice = _said_in(segment, manner)
    return sorted([*made, *_advice(segment, advice, worded, length)], key=lambda cue: cue.at)


def _beat(segment: Segment, beat: Beat, beats: Sequence[Beat]) -> Iterator[Cue]:
    match beat.kind:
        case BeatKind.STROKE:
            yield from _stroke(segment, beat, beats)
        case BeatKind.BREATH:
            yield from _breath(segment, beat)
        case BeatKind.PRESS:
            text = beat.say or (N_("Press and stay still.") if beat.number == 1 else N_("Press again."))
            yield _worded(segment, beat, text, Tone.BEGIN)
        case BeatKind.REST:
            last = beat is beats[-1]
            usual = N_("Breathe as it comes.") if segment.kind is SegmentKind.BREATH else N_("Rest.")
            text = usual if last else N_("Let go.")
            if beat.seconds >= spoken_seconds(beat.say or text) + TONE_LEAD:
                yield _worded(segment, beat, beat.say or text, Tone.END)
        case BeatKind.TENSE:
            yield _worded(segment, beat, beat.say or N_("And again."), Tone.NEXT)
        case BeatKind.STAY:
            if beat.say:
                yield _worded(segment, beat, beat.say, Tone.NEXT)
        case BeatKind.EASE:
            yield _worded(segment, beat, beat.say or N_("Let go."), Tone.FALL)
        case _ as never:
            assert_never(never)


def _worded(segment: Segment, beat: Beat, text: str, tone: Tone) -> Cue:
    return Cue(beat.at, CueKind.BEAT, _about(segment.exercise, segment, text), tone, tone)


def _stroke(segment: Segment, beat: Beat, beats: Sequence[Beat]) -> Iterator[Cue]:
    """A tone up, a tone back; words on the first stroke of a place, half-way and on the last one."""
    text = beat.say
    if not text and segment.seconds >= SHORTEST_HALVED:
        if beat.number == beat.count and beat.count > 2:
            text = N_("Last one.")
        elif beat.number == beat.count // 2 + 1 and beat.count > 3 and not _says_soon(beat, beats):
            text = N_("Half-way.")
    if beat.at == 0.0 and not text:
        text = N_("Begin.")
    line = _about(segment.exercise, segment, text) if text else Line("")
    yield Cue(beat.at, CueKind.BEAT, line, Tone.RISE, Tone.RISE)
    if beat.back >= SHORTEST_FALL:
        yield Cue(beat.at + beat.go + beat.lift, CueKind.BEAT, Line(""), Tone.FALL, Tone.FALL)


def _says_soon(beat: Beat, beats: Sequence[Beat]) -> bool:
    """Whether a sentence of the exercise itself is near, so that half-way can go unsaid."""
    return any(one.say and abs(one.at - beat.at) < 6.0 for one in beats)


def _breath(segment: Segment, beat: Beat) -> Iterator[Cue]:
    """In and out: led by the voice at first, then by tones; once a minute a kind word on the way out."""
    words_in, words_out = "", ""
    if beat.number == 1:
        words_in, words_out = beat.say or N_("Let the belly rise."), N_("And slowly out.")
    elif beat.number <= LED_BREATHS:
        words_in, words_out = N_("Breathe in."), N_("And slowly out.")
    elif segment.exercise.cues.hold and int(beat.at // 60) != int((beat.at - beat.seconds) // 60):
        turn = int(beat.at // 60) - 1
        words_out = segment.exercise.cues.hold[turn % len(segment.exercise.cues.hold)]
    for at, words, tone in (
        (beat.at, words_in, Tone.RISE),
        (beat.at + beat.go + beat.lift, words_out, Tone.FALL),
    ):
        line = _about(segment.exercise, segment, words) if words else Line("")
        yield Cue(at, CueKind.BEAT, line, tone, tone)


def _advice(segment: Segment, texts: Sequence[str], fixed: Sequence[Cue], length: float) -> Iterator[Cue]:
    """Place advice in the free room between the fixed cues; what fits nowhere is left unsaid."""
    free = []
    for number, cue in enumerate(fixed):
        start = cue.at + cue.lead + spoken_seconds(render(cue.line)) + 1.0
        end = fixed[number + 1].at if number + 1 < len(fixed) else length
        free.append([start, end - BREATH])
    for text in texts:
        line = _about(segment.exercise, segment, text)
        need = spoken_seconds(render(line))
        for room in free:
            if room[1] - room[0] >= need:
                yield Cue(room[0], CueKind.ADVICE, line)
                room[0] += need + max(length / 20, 1.5)
                break


def resume() -> Cue:
    """The cue that counts in a hold after a pause."""
    return Cue(0.0, CueKind.RESUME, Line(N_("Going on in 3.")), Tone.NEXT, Tone.NEXT)


def finish() -> Cue:
    """The last cue of a finished session."""
    return Cue(0.0, CueKind.FINISH, Line(N_("Done. That is all for tonight.")), Tone.END, Tone.END)


def unfitting(timeline: Timeline, rate: int = SLOWEST_RATE) -> list[tuple[Segment, Cue]]:
    """Cues whose words would run into the next cue or past the end of their segment at `rate`."""
    found: list[tuple[Segment, Cue]] = []
    for segment in timeline.segments:
        cues = [cue for cue in cues_for(timeline, segment) if cue.has_words]
        for number, cue in enumerate(cues):
            if segment.kind is SegmentKind.WAIT and number + 1 == len(cues):
                continue
            end = cues[number + 1].at if number + 1 < len(cues) else segment.seconds
            if cue.at + cue.lead + spoken_seconds(render(cue.line), rate) > end + 1e-6:
                found.append((segment, cue))
    return found
