"""Runs one session: wakes it when something is due and turns its effects into sound, records and news.

It leaves out every rule of a session (see domain.session) and everything a front shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from coach.domain import cues as cue_rules
from coach.domain import timeline as timeline_rules
from coach.domain.cues import Tone
from coach.domain.night import Outcome, Unfinished
from coach.domain.pacing import Beat
from coach.domain.plan import Plan
from coach.domain.session import (
    LATE,
    Beaten,
    Began,
    Effect,
    Ended,
    Hush,
    Input,
    Moved,
    Phase,
    Say,
    Session,
    Snapshot,
)
from coach.domain.timeline import Segment, Timeline
from coach.i18n import N_, Line, render
from coach.services.diary import Diary
from coach.services.ports import Adapter, Awake, Call, Sound, Time, Voice
from coach.services.topic import Topic

# Start waits this long, in seconds, for the words of the first step (architecture 4).
PATIENCE = 0.3


@dataclass(frozen=True)
class SegmentBegan:
    """A segment began. `t` and `due` are session seconds: when it happened and when it was planned."""

    t: float
    due: float
    segment: Segment


@dataclass(frozen=True)
class BeatBegan:
    """A stroke, breath, press or rest began inside the running side."""

    t: float
    due: float
    segment: Segment
    beat: Beat


@dataclass(frozen=True)
class CueGiven:
    """A cue was handed to the mixer: `spoken` tells whether its words could be."""

    t: float
    due: float
    text: str
    tone: Tone | None
    spoken: bool


@dataclass(frozen=True)
class PhaseChanged:
    """The session paused, went on or ended; `slept` when the machine had been asleep."""

    t: float
    phase: Phase
    slept: bool = False


News = SegmentBegan | BeatBegan | CueGiven | PhaseChanged


def describe(news: News) -> dict[str, object] | None:
    """One line of an events file (architecture 7); None for a side that is told beat by beat."""
    match news:
        case SegmentBegan(_t, _due, segment) if segment.beats:
            return None
        case SegmentBegan(t, due, segment):
            return _segment(t, due, segment, segment.kind.value, segment.seconds)
        case BeatBegan(t, due, segment, beat):
            line = _segment(t, due, segment, beat.kind.event, round(beat.seconds, 4))
            return {**line, "beat": beat.kind.value, "number": beat.number, "count": beat.count}
        case CueGiven(t, due, text, tone, spoken):
            return {
                "event": "cue",
                "t": round(t, 4),
                "due": round(due, 4),
                "text": text,
                "sound": tone.value if tone else None,
                "spoken": spoken,
            }
        case PhaseChanged(t, phase, slept):
            return {"event": "phase", "t": round(t, 4), "phase": phase.name.lower(), "slept": slept}
        case _ as never:
            assert_never(never)


def _segment(t: float, due: float, segment: Segment, kind: str, seconds: float) -> dict[str, object]:
    return {
        "event": "segment",
        "t": round(t, 4),
        "due": round(due, 4),
        "kind": kind,
        "exercise": segment.exercise.id,
        "side": segment.side.value if segment.side else None,
        "seconds": seconds,
        "step": segment.step + 1,
        "round": segment.round + 1,
    }


def sentences(timeline: Timeline, from_segment: int = 0) -> list[str]:
    """Everything that is said in a timeline from a segment on, in order, each sentence once."""
    segments = timeline.segments[from_segment:]
    lines = [cue.line for segment in segments for cue in cue_rules.cues_for(timeline, segment)]
    lines += [cue_rules.finish().line, cue_rules.resume().line]
    return _once(lines)


def _once(lines: Iterable[Line]) -> list[str]:
    """Rendered, each once, without the cues that only sound."""
    return list(dict.fromkeys(render(line) for line in lines if line.template))


def first_sentences(timeline: Timeline) -> list[str]:
    """What is said until the first hold or wait is over."""
    until = next((s.index for s in timeline.segments if s.kind.is_work), 0)
    lines = [
        cue.line
        for segment in timeline.segments[: until + 1]
        for cue in cue_rules.cues_for(timeline, segment)
    ]
    return _once(lines)


class Player:
    """Leads sessions, one after the other. Building it starts nothing."""

    def __init__(self, time: Time, voice: Voice, sound: Sound, awake: Awake, diary: Diary) -> None:
        self._time = time
        self._voice = voice
        self._sound = sound
        self._awake = awake
        self._diary = diary
        self._session: Session | None = None
        self._timer: Call | None = None
        self._armed: float | None = None
        self._awaiting: set[str] = set()
        self._quiet = False
        self._chimes = True
        self._told: set[str] = set()
        self.moments: Topic[Snapshot] = Topic()
        self.news: Topic[News] = Topic()
        self.notices: Topic[Line] = Topic()
        voice.changed.subscribe(self._adapter_changed)
        sound.changed.subscribe(self._adapter_changed)
        voice.made.subscribe(self._clip_made)
        diary.notices.subscribe(self.notices.publish)

    @property
    def is_running(self) -> bool:
        """Whether a session is under way, be it paused."""
        return self._session is not None and not self._session.phase.is_over

    @property
    def plan_name(self) -> str:
        """The name of the plan under way or led last, to be translated; empty before the first."""
        return self._session.timeline.plan_name if self._session is not None else ""

    def start(
        self,
        plan: Plan,
        timeline: Timeline,
        *,
        voice: bool = True,
        waits: bool = False,
        quiet: bool = False,
        carried: Unfinished | None = None,
        speed: float = 1.0,
    ) -> None:
        """Begin a session over `timeline`, the lay-out of `plan`.

        `voice` speaks, `waits` begins each exercise at the user's word, `quiet` opens no sound device.
        `carried` is a broken-off session of the same plan: it goes on at its segment. The time port runs
        `speed` times as fast as the wall: a busy machine is that much later by its seconds.
        """
        self.stop()
        offset = 0
        if carried is not None:
            rest = timeline_rules.resume_at(timeline, carried.position)
            if rest.segments:
                offset = len(timeline.segments) - len(rest.segments)
                timeline = rest
            else:  # nothing was left to do: that session is complete as it is
                self._diary.decline()
                carried = None
        self._quiet = quiet
        self._told = set()
        before = sum(hold.held for hold in carried.holds) if carried else 0.0
        late = LATE * max(speed, 1.0)
        session = Session(timeline, voice=voice and not quiet, waits=waits, held_before=before, late=late)
        self._session = session
        self._diary.begin(plan, timeline.seconds, carried, offset)
        self._awake.hold()
        if not quiet:
            self._sound.open()
            self._tell(self._sound.state)
        if session.voice:
            self._prepare(timeline)
            self._awaiting = {text for text in first_sentences(timeline) if self._voice.clip(text) is None}
        self._publish(session)
        if self._awaiting and self._voice.state.works:
            self._timer = self._time.call_later(PATIENCE, lambda: self._begin(session))
        else:
            self._begin(session)

    def send(self, given: Input) -> None:
        """The user did something; a session that still waits for its first words begins with it."""
        session = self._session
        if session is None:
            return
        if session.phase is Phase.NEW:
            self._begin(session)
        self._do(session, session.feed(given, self._time.monotonic()))
        if given is Input.VOICE and session.voice and not self._quiet:
            self._prepare(session.timeline, from_segment=session.segment.index)

    def prepare_anew(self) -> None:
        """The voice is another one from now on: what is still to be said has to be made by it."""
        session = self._session
        if session is not None and not session.phase.is_over and session.voice and not self._quiet:
            self._prepare(session.timeline, from_segment=session.segment.index)

    def set_chimes(self, on: bool) -> None:
        """Sound tones beside the words, or, by night, only where words are missing."""
        self._chimes = on

    def tick(self) -> None:
        """A front draws: let what is due happen and publish the moment."""
        if self._session is not None:
            self._do(self._session, self._session.advance(self._time.monotonic()))

    def snapshot(self) -> Snapshot | None:
        """The moment, without letting anything happen."""
        return self._session.snapshot(self._time.monotonic()) if self._session else None

    def stop(self) -> None:
        """End at once, keeping what was done; for closing the app or starting another session."""
        if self.is_running:
            self.send(Input.ASK_LEAVE)
            self.send(Input.LEAVE)

    def shutdown(self) -> None:
        """Stop and let go of everything."""
        self.stop()
        self._cancel()
        self._awake.release()
        self._sound.close()
        self._voice.shutdown()

    # ---------------------------------------------------------------- inside

    def _prepare(self, timeline: Timeline, from_segment: int = 0) -> None:
        """Ask for everything that is still to be said."""
        self._voice.prepare(sentences(timeline, from_segment))
        self._tell(self._voice.state)

    def _begin(self, session: Session) -> None:
        self._cancel()
        self._awaiting = set()
        self._do(session, session.feed(Input.START, self._time.monotonic()))

    def _clip_made(self, text: str) -> None:
        if self._awaiting and self._session is not None:
            self._awaiting.discard(text)
            if not self._awaiting:
                self._begin(self._session)

    def _wake(self) -> None:
        self._timer = None
        self.tick()

    def _do(self, session: Session, effects: list[Effect]) -> None:
        for effect in effects:
            self._carry_out(effect)
        for effect in effects:  # a slow disk must not hold up a sound
            self._write_down(effect)
        self._arm(session)
        self._publish(session)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Say():
                self._say(effect)
            case Began(segment, due, _at):
                self.news.publish(SegmentBegan(self._now(), due, segment))
            case Beaten(beat, segment, due, _at):
                self.news.publish(BeatBegan(self._now(), due, segment, beat))
            case Hush():
                self._sound.hush()
            case Moved():
                self._moved(effect)
            case Ended():
                pass
            case _ as never:
                assert_never(never)

    def _write_down(self, effect: Effect) -> None:
        match effect:
            case Began(segment, _due, _at):
                self._diary.began(segment)
            case Ended(held):
                self._diary.held(held)
            case Moved(Phase.FINISHED):
                self._diary.finish(Outcome.FINISHED)
            case Moved(Phase.LEFT, kept=True):
                self._diary.finish(Outcome.PARTIAL)
            case Moved(Phase.LEFT):
                self._diary.forget()
            case _:
                pass

    def _say(self, say: Say) -> None:
        text = render(say.cue.line)
        wants_words = self._session is not None and self._session.voice
        clip = self._voice.clip(text) if wants_words and text else None
        tone = say.cue.alone if clip is None else say.cue.tone if self._chimes else None
        if not self._quiet:
            if tone is not None:
                self._sound.tone(tone)
            if clip is not None:
                self._sound.speak(clip, say.cue.lead)
        t = max(self._now(), say.due)
        self.news.publish(CueGiven(t, say.due, text, tone, clip is not None))

    def _moved(self, moved: Moved) -> None:
        self.news.publish(PhaseChanged(self._now(), moved.phase, moved.slept))
        if moved.slept:
            self.notices.publish(Line(N_("The computer was asleep. The session waits where it stopped.")))
        if moved.phase in (Phase.RUNNING, Phase.COUNT_IN):
            self._awake.hold()
        else:
            self._awake.release()
        if moved.phase.is_over:
            self._sound.close(when_quiet=True)

    def _now(self) -> float:
        return self._session.clock(self._time.monotonic()) if self._session else 0.0

    def _arm(self, session: Session) -> None:
        """Arm one timer for the next deadline, unless it is armed for that already."""
        deadline = session.deadline()
        if self._timer is not None and deadline == self._armed:
            return
        self._cancel()
        if deadline is not None:
            self._armed = deadline
            self._timer = self._time.call_later(max(deadline - self._time.monotonic(), 0.0), self._wake)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _publish(self, session: Session) -> None:
        self.moments.publish(session.snapshot(self._time.monotonic()))

    def _adapter_changed(self, adapter: Adapter) -> None:
        if self.is_running and not self._quiet:
            self._tell(adapter)

    def _tell(self, adapter: Adapter) -> None:
        """Say once a session what does not work."""
        if not adapter.works and adapter.what.template not in self._told:
            self._told.add(adapter.what.template)
            self.notices.publish(adapter.what)
