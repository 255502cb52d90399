"""One running session as a table-driven machine: inputs and instants in, effects out.

Theory of operation. The session clock runs with the monotonic clock and stands still in a pause, so that
every planned instant stays `due` however late the machine is woken: nothing is ever counted down and nothing
drifts. `feed` takes what the user does, `advance` lets time pass, `deadline` says when it wants to be woken.
An input that the table does not list for the phase changes nothing. A wake later than `LATE` means that the
machine slept: the session pauses where it was last seen instead of rattling through old cues.

It leaves out reading clocks, making sound and keeping records: those follow from the effects.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import assert_never

from coach.domain import cues as cue_rules
from coach.domain import pacing
from coach.domain.cues import Cue, CueKind
from coach.domain.exercise import LONGEST_HOLD, Exercise, Side
from coach.domain.pacing import Beat
from coach.domain.timeline import Segment, SegmentKind, Timeline
from coach.i18n import Line

# Seconds a wake may be late before it counts as sleep; a busy machine was seen 0.03 s late (budgets 4).
LATE = 2.0
# Seconds counted in after a pause, outside the hold (architecture 2).
COUNT_IN = 3.0
# Back within this many seconds goes to the hold before (architecture 2).
JUST_BEGUN = 3.0
# What + adds, in seconds.
ADDED = 10
# A session with fewer held seconds than this is not kept when the user leaves (DESIGN 8).
LEAST_KEPT = 60.0


class Phase(Enum):
    """Where a session is in its life."""

    NEW = auto()
    RUNNING = auto()
    PAUSED = auto()
    COUNT_IN = auto()
    LEAVING = auto()
    FINISHED = auto()
    LEFT = auto()

    @property
    def is_over(self) -> bool:
        return self in (Phase.FINISHED, Phase.LEFT)


# A slow breath, 4 s in and 6 s out (content 4.1); who counts in breaths counts these.
ONE_BREATH = 10.0


class Input(Enum):
    """What the user can do."""

    START = auto()
    PAUSE = auto()
    RESUME = auto()
    READY = auto()
    SKIP = auto()
    DROP = auto()
    BACK = auto()
    ADD = auto()
    WAIT_FOR_ME = auto()
    COUNT_FOR_ME = auto()
    VOICE = auto()
    ASK_LEAVE = auto()
    STAY = auto()
    LEAVE = auto()
    FORGET = auto()


class How(Enum):
    """How a hold came to its end."""

    FULL = "full"
    SKIPPED = "skipped"
    LEFT_OUT = "left out"
    RESTARTED = "restarted"
    LEFT = "left"


@dataclass(frozen=True)
class Held:
    """Seconds really held in one segment; `planned` without and `added` with what + brought."""

    segment: Segment
    seconds: float
    planned: float
    added: float
    how: How


@dataclass(frozen=True)
class Began:
    """A segment began at session second `at`, where `due` was planned."""

    segment: Segment
    due: float
    at: float


@dataclass(frozen=True)
class Beaten:
    """A beat of the running side began at session second `at`, where `due` was planned."""

    beat: Beat
    segment: Segment
    due: float
    at: float


@dataclass(frozen=True)
class Say:
    """A cue is due: its tone now and its words after it."""

    cue: Cue
    segment: Segment | None
    due: float
    at: float


@dataclass(frozen=True)
class Ended:
    """A work segment is over."""

    held: Held


@dataclass(frozen=True)
class Hush:
    """Whatever is being said no longer fits."""


@dataclass(frozen=True)
class Moved:
    """The phase changed; `slept` when a late wake paused the session."""

    phase: Phase
    slept: bool = False
    kept: bool = True


Effect = Began | Beaten | Say | Ended | Hush | Moved


@dataclass(frozen=True)
class Snapshot:
    """Everything a front needs to draw one moment. Times are in seconds.

    `seconds` is None where the session waits for the user. `minutes_left` counts what is planned from here
    on, rounded up. `count_in` is what is left of the count after a pause, else None.
    """

    phase: Phase
    segment: Segment | None
    clock: float
    elapsed: float
    seconds: float | None
    added: float
    count_in: float | None
    left: float
    next_work: Segment | None
    after_that: Segment | None
    progress: tuple[float, ...]
    caption: Line | None
    voice: bool
    waits: bool
    held: tuple[Held, ...]
    held_before: float
    beats: tuple[Beat, ...] = ()

    @property
    def beat(self) -> Beat | None:
        """The stroke, breath or press that runs, None in a quiet hold and between."""
        return pacing.beat_at(self.beats, self.elapsed)

    @property
    def beat_elapsed(self) -> float:
        """Seconds since that beat began."""
        beat = self.beat
        return self.elapsed - beat.at if beat else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds left in this segment, or None where it waits."""
        return None if self.seconds is None else max(self.seconds - self.elapsed, 0.0)

    @property
    def minutes_left(self) -> int:
        return max(math.ceil(self.left / 60 - 1e-6), 1)

    @property
    def held_seconds(self) -> float:
        return sum(one.seconds for one in self.held)

    @property
    def would_keep(self) -> bool:
        """Whether leaving now would keep what was done."""
        return self.held_before + self.held_seconds >= LEAST_KEPT


@dataclass(frozen=True)
class Kept:
    """What was done of one exercise: its sides in order and the seconds of all of them."""

    exercise: Exercise
    sides: tuple[Side, ...]
    seconds: float


def kept(held: Sequence[Held]) -> list[Kept]:
    """Holds put together by step, in the order they were done."""
    found: dict[int, Kept] = {}
    for one in held:
        if one.seconds <= 0:
            continue
        side = (one.segment.side,) if one.segment.side else ()
        known = found.get(one.segment.step)
        if known is None:
            found[one.segment.step] = Kept(one.segment.exercise, side, one.seconds)
        else:
            sides = known.sides + tuple(s for s in side if s not in known.sides)
            found[one.segment.step] = replace(known, sides=sides, seconds=known.seconds + one.seconds)
    return list(found.values())


def digits(remaining: float) -> str:
    """The seconds left as they are shown: rounded up, never 0; from 100 s on as m:ss."""
    whole = max(math.ceil(remaining - 1e-6), 1)
    return str(whole) if whole < 100 else f"{whole // 60}:{whole % 60:02d}"


def breaths_left(remaining: float) -> int:
    """The slow breaths left, rounded up, never 0."""
    return max(math.ceil(remaining / ONE_BREATH - 1e-6), 1)


def go_or_pause(snapshot: Snapshot) -> Input | None:
    """What the one big key means at this moment: it starts what waits, and pauses what runs."""
    match snapshot.phase:
        case Phase.NEW:
            return Input.START
        case Phase.PAUSED:
            return Input.RESUME
        case Phase.LEAVING:
            return Input.STAY
        case Phase.COUNT_IN:
            return Input.PAUSE
        case Phase.RUNNING:
            kind = snapshot.segment.kind if snapshot.segment else None
            return Input.READY if kind in (SegmentKind.READY, SegmentKind.WAIT) else Input.PAUSE
        case Phase.FINISHED | Phase.LEFT:
            return None
        case _ as never:
            assert_never(never)


# Which inputs each phase listens to.
TRANSITIONS: dict[Phase, frozenset[Input]] = {
    Phase.NEW: frozenset({Input.START, Input.VOICE}),
    Phase.RUNNING: frozenset(
        {
            Input.PAUSE,
            Input.READY,
            Input.SKIP,
            Input.DROP,
            Input.BACK,
            Input.ADD,
            Input.WAIT_FOR_ME,
            Input.COUNT_FOR_ME,
            Input.VOICE,
            Input.ASK_LEAVE,
        }
    ),
    Phase.COUNT_IN: frozenset(
        {Input.PAUSE, Input.SKIP, Input.DROP, Input.BACK, Input.ADD, Input.VOICE, Input.ASK_LEAVE}
    ),
    Phase.PAUSED: frozenset(
        {Input.RESUME, Input.SKIP, Input.DROP, Input.BACK, Input.ADD, Input.VOICE, Input.ASK_LEAVE}
    ),
    Phase.LEAVING: frozenset({Input.STAY, Input.LEAVE, Input.FORGET}),
    Phase.FINISHED: frozenset(),
    Phase.LEFT: frozenset(),
}


class Session:
    """A session over one timeline. All instants `at` are monotonic seconds and never go back."""

    def __init__(
        self,
        timeline: Timeline,
        *,
        voice: bool = True,
        waits: bool = False,
        held_before: float = 0.0,
        late: float = LATE,
    ) -> None:
        """`held_before` are the seconds held before a break-off, which count when leaving. A wake later than
        `late` seconds means that the machine slept."""
        if not timeline.segments:
            raise ValueError("a session needs at least one segment")
        self.timeline = timeline
        self._phase = Phase.NEW
        self._voice = voice
        self._waits = waits
        self._origin = 0.0  # the monotonic instant at which the session clock showed _base
        self._base = 0.0
        self._seen = 0.0  # the last session second anybody looked at
        self._counting_until = 0.0
        self._segment = timeline.segments[0]
        self._begun = 0.0
        self._length = self._segment.seconds
        self._added = 0.0
        self._beats: tuple[Beat, ...] = ()
        self._to_come: list[Beat] = []
        self._cues: list[Cue] = []
        self._said: list[Cue] = []
        self._caption: Line | None = None
        self._held: list[Held] = []
        self._held_before = held_before
        self._late = late

    # ---------------------------------------------------------------- what fronts ask

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def voice(self) -> bool:
        return self._voice

    @property
    def segment(self) -> Segment:
        return self._segment

    @property
    def held(self) -> tuple[Held, ...]:
        return tuple(self._held)

    def clock(self, at: float) -> float:
        """The session second at monotonic `at`."""
        if self._phase is Phase.RUNNING:
            return self._base + max(at - self._origin, 0.0)
        return self._base

    def deadline(self) -> float | None:
        """The monotonic instant of the next thing to do, or None when only the user can go on."""
        if self._phase is Phase.COUNT_IN:
            return self._counting_until
        due = self._next_due()
        if self._phase is not Phase.RUNNING or due is None:
            return None
        return self._origin + due - self._base

    def snapshot(self, at: float) -> Snapshot:
        """The moment `at`, for drawing."""
        clock = self.clock(at)
        over = self._phase.is_over
        elapsed = max(clock - self._begun, 0.0)
        if not self._endless():
            elapsed = min(elapsed, self._length)
        next_work = self.timeline.next_work(self._segment.index)
        return Snapshot(
            phase=self._phase,
            segment=None if over else self._segment,
            clock=clock,
            elapsed=elapsed,
            seconds=None if self._endless() else self._length,
            added=self._added,
            count_in=max(self._counting_until - at, 0.0) if self._phase is Phase.COUNT_IN else None,
            left=self._left(elapsed),
            next_work=next_work,
            after_that=self.timeline.next_work(next_work.index) if next_work else None,
            progress=self._progress(elapsed),
            caption=self._caption,
            voice=self._voice,
            waits=self._waits,
            held=self._held_so_far(elapsed),
            held_before=self._held_before,
            beats=() if over else self._beats,
        )

    # ---------------------------------------------------------------- what happens

    def feed(self, given: Input, at: float) -> list[Effect]:
        """Take an input at monotonic `at`. One the phase does not listen to changes nothing."""
        if given not in TRANSITIONS[self._phase]:
            return []
        effects = self.advance(at)
        if given not in TRANSITIONS[self._phase]:  # what was due first may have changed the phase
            return effects
        clock = self.clock(at)
        self._seen = clock
        effects.extend(_HANDLERS[given](self, at, clock))
        return effects

    def advance(self, at: float) -> list[Effect]:
        """Do everything that is due by monotonic `at`."""
        effects: list[Effect] = []
        deadline = self.deadline()
        if deadline is not None and at - deadline > self._late:
            return self._slept()
        while deadline is not None and deadline <= at:
            if self._phase is Phase.COUNT_IN:
                self._phase = Phase.RUNNING
                self._origin = self._counting_until
                effects.append(Moved(Phase.RUNNING))
            else:
                effects.extend(self._do_next(self.clock(at)))
            deadline = self.deadline()
        self._seen = max(self._seen, self.clock(at))
        return effects

    def _do_next(self, clock: float) -> list[Effect]:
        """Begin the next beat, say the next cue or end the segment, whichever is due first."""
        if self._to_come and (not self._cues or self._to_come[0].at <= self._cues[0].at):
            beat = self._to_come.pop(0)
            return [Beaten(beat, self._segment, self._begun + beat.at, clock)]
        if self._cues and (self._endless() or self._cues[0].at < self._length):
            cue = self._cues.pop(0)
            return [self._say(cue, self._begun + cue.at, clock)]
        end = self._begun + self._length
        return [*self._close(How.FULL, end), *self._go(self._segment.index + 1, end, clock)]

    def _say(self, cue: Cue, due: float, clock: float) -> Say:
        self._said.append(cue)
        if cue.has_words:
            self._caption = cue.line
        return Say(cue, self._segment, due, clock)

    def _slept(self) -> list[Effect]:
        if self._phase is Phase.RUNNING:
            self._base = self._seen
        self._phase = Phase.PAUSED
        return [Hush(), Moved(Phase.PAUSED, slept=True)]

    def _next_due(self) -> float | None:
        end = None if self._endless() else self._begun + self._length
        waiting = [one[0].at for one in (self._to_come, self._cues) if one]
        if waiting:
            due = self._begun + min(waiting)
            return due if end is None else min(due, end)
        return end

    def _endless(self) -> bool:
        """Whether this segment lasts until the user says so."""
        kind = self._segment.kind
        return kind is SegmentKind.WAIT or (kind is SegmentKind.READY and self._waits)

    def _close(self, how: How, clock: float) -> list[Effect]:
        """Record what was held in the segment that ends at session second `clock`."""
        if not self._segment.kind.is_work:
            return []
        seconds = max(clock - self._begun, 0.0)
        planned = self._segment.seconds
        held = Held(self._segment, seconds, planned, self._added, how)
        self._held.append(held)
        return [Ended(held)]

    def _go(
        self, index: int, due: float, clock: float, *, segment: Segment | None = None, after_work: bool = True
    ) -> list[Effect]:
        """Begin segment `index` (or a variant of it) at its due second, or finish."""
        if index >= len(self.timeline.segments):
            self._base = due
            self._phase = Phase.FINISHED
            self._cues, self._to_come, self._beats = [], [], ()
            last = cue_rules.finish()
            self._caption = last.line
            return [Say(last, None, due, clock), Moved(Phase.FINISHED)]
        self._segment = segment or self.timeline.segments[index]
        self._begun = due
        self._length = self._segment.seconds
        self._added = 0.0
        self._said = []
        self._beats = self._segment.beats
        self._to_come = list(self._beats)
        self._cues = cue_rules.cues_for(self.timeline, self._segment, after_work=after_work)
        return [Began(self._segment, due, clock)]

    def _jump(
        self, at: float, clock: float, index: int, *, segment: Segment | None = None, after_work: bool = True
    ) -> list[Effect]:
        """Begin another segment now because the user asked for it; a pause stays a pause."""
        if self._phase is Phase.COUNT_IN:
            self._phase = Phase.RUNNING
        self._stamp(at, clock)
        effects = self._go(index, clock, clock, segment=segment, after_work=after_work)
        return [Hush(), *effects, *self.advance(at)]

    def _stamp(self, at: float, clock: float) -> None:
        self._origin, self._base = at, clock

    # ---------------------------------------------------------------- inputs, by name

    def _start(self, at: float, _clock: float) -> list[Effect]:
        self._phase = Phase.RUNNING
        self._stamp(at, 0.0)
        return [Moved(Phase.RUNNING), *self._go(0, 0.0, 0.0), *self.advance(at)]

    def _pause(self, at: float, clock: float) -> list[Effect]:
        self._stamp(at, clock)
        self._phase = Phase.PAUSED
        return [Hush(), Moved(Phase.PAUSED)]

    def _resume(self, at: float, clock: float) -> list[Effect]:
        if self._segment.kind.is_timed_work and clock > self._begun:
            self._phase = Phase.COUNT_IN
            self._counting_until = at + COUNT_IN
            cue = cue_rules.resume()
            self._caption = cue.line
            return [Moved(Phase.COUNT_IN), Say(cue, self._segment, clock, clock)]
        self._phase = Phase.RUNNING
        self._stamp(at, clock)
        return [Moved(Phase.RUNNING), *self.advance(at)]

    def _ready(self, at: float, clock: float) -> list[Effect]:
        if self._segment.kind is SegmentKind.READY or self._segment.kind is SegmentKind.WAIT:
            closed = self._close(How.FULL, clock)
            return [*closed, *self._jump(at, clock, self._segment.index + 1)]
        return []

    def _skip(self, at: float, clock: float) -> list[Effect]:
        now = self._segment
        if now.kind.is_work:
            closed = self._close(How.SKIPPED, clock)
            return [*closed, *self._jump(at, clock, now.index + 1)]
        target = self.timeline.next_work(now.index)
        after = self.timeline.next_work(target.index) if target else None
        if after is None:
            return [*self._jump(at, clock, len(self.timeline.segments))]
        index = self._lead_in(after)
        lead = self.timeline.segments[index]
        if now.kind is SegmentKind.READY and lead.step == now.step:
            # The person is not in position yet, so a bare change-over would be too short.
            lead = replace(lead, kind=SegmentKind.READY, end=lead.start + now.seconds, leaving=now.leaving)
        return [*self._jump(at, clock, index, segment=lead, after_work=False)]

    def _drop(self, at: float, clock: float) -> list[Effect]:
        """Leave out what is left of this step."""
        now = self._segment
        closed = self._close(How.LEFT_OUT, clock)
        later = next((s for s in self.timeline.segments if s.step > now.step), None)
        index = later.index if later else len(self.timeline.segments)
        return [*closed, *self._jump(at, clock, index, after_work=False)]

    def _back(self, at: float, clock: float) -> list[Effect]:
        closed = self._close(How.RESTARTED, clock)
        index = self._segment.index
        if clock - self._begun >= JUST_BEGUN or index == 0:
            return [*closed, *self._jump(at, clock, index, segment=self._segment)]
        before = [s for s in self.timeline.segments[: self._lead_in(self._segment)] if s.kind.is_work]
        target = self._lead_in(before[-1]) if before else 0
        return [*closed, *self._jump(at, clock, target, after_work=False)]

    def _lead_in(self, segment: Segment) -> int:
        """The index at which getting ready for `segment` begins: every work has a lead-in before it."""
        return segment.index - 1 if segment.kind.is_work else segment.index

    def _add(self, _at: float, clock: float) -> list[Effect]:
        if not self._segment.kind.is_timed_work or self._length + ADDED > LONGEST_HOLD:
            return []
        self._length += ADDED
        self._added += ADDED
        elapsed = clock - self._begun
        if self._beats:
            self._beats = pacing.lengthened(self._segment.beats, self._length)
            self._to_come = [beat for beat in self._beats if beat.at > elapsed]
        said = {cue.line for cue in self._said if cue.kind not in (CueKind.TEN, CueKind.COUNT, CueKind.BEAT)}
        halved = any(cue.kind is CueKind.HALF for cue in self._said)
        self._cues = [
            cue
            for cue in cue_rules.cues_for(self.timeline, self._segment, self._length)
            if cue.at > elapsed and cue.line not in said and not (halved and cue.kind is CueKind.HALF)
        ]
        return []

    def _wait_for_me(self, _at: float, _clock: float) -> list[Effect]:
        self._waits = True
        return []

    def _count_for_me(self, _at: float, clock: float) -> list[Effect]:
        if self._waits and self._segment.kind is SegmentKind.READY:
            # The full set-up time counts from the choice; what was already said is not said again.
            gone = clock - self._begun
            self._length = gone + self._segment.seconds
        self._waits = False
        return []

    def _turn_voice(self, _at: float, _clock: float) -> list[Effect]:
        self._voice = not self._voice
        return [] if self._voice else [Hush()]

    def _ask_leave(self, at: float, clock: float) -> list[Effect]:
        self._stamp(at, clock)
        self._phase = Phase.LEAVING
        return [Hush(), Moved(Phase.LEAVING)]

    def _leave(self, _at: float, clock: float) -> list[Effect]:
        closed = self._close(How.LEFT, clock)
        self._phase = Phase.LEFT
        enough = self._held_before + sum(one.seconds for one in self._held) >= LEAST_KEPT
        return [*closed, Moved(Phase.LEFT, kept=enough)]

    def _forget(self, _at: float, _clock: float) -> list[Effect]:
        self._phase = Phase.LEFT
        return [Moved(Phase.LEFT, kept=False)]

    # ---------------------------------------------------------------- figures for the snapshot

    def _held_so_far(self, elapsed: float) -> tuple[Held, ...]:
        if self._phase.is_over or not self._segment.kind.is_work or elapsed <= 0:
            return tuple(self._held)
        running = Held(self._segment, elapsed, self._segment.seconds, self._added, How.LEFT)
        return (*self._held, running)

    def _left(self, elapsed: float) -> float:
        if self._phase.is_over:
            return 0.0
        later = sum(s.seconds for s in self.timeline.segments[self._segment.index + 1 :])
        here = 0.0 if self._endless() else self._length - elapsed
        return max(here, 0.0) + later

    def _progress(self, elapsed: float) -> tuple[float, ...]:
        """How much of each step is done, 0 to 1, by work alone."""
        now = self._segment
        if self._phase.is_over:
            return (1.0,) * self.timeline.steps
        done: list[float] = []
        for step in range(self.timeline.steps):
            if step != now.step:
                done.append(1.0 if step < now.step else 0.0)
                continue
            work = [s for s in self.timeline.segments if s.step == step and s.kind.is_work]
            before = sum(1 for s in work if s.index < now.index)
            share = elapsed / self._length if now.kind.is_timed_work and self._length else 0.0
            done.append(min((before + share) / max(len(work), 1), 1.0))
        return tuple(done)


# What each input does, given the monotonic instant and the session second.
_HANDLERS: dict[Input, Callable[[Session, float, float], list[Effect]]] = {
    Input.START: Session._start,
    Input.PAUSE: Session._pause,
    Input.RESUME: Session._resume,
    Input.STAY: Session._resume,
    Input.READY: Session._ready,
    Input.SKIP: Session._skip,
    Input.DROP: Session._drop,
    Input.BACK: Session._back,
    Input.ADD: Session._add,
    Input.WAIT_FOR_ME: Session._wait_for_me,
    Input.COUNT_FOR_ME: Session._count_for_me,
    Input.VOICE: Session._turn_voice,
    Input.ASK_LEAVE: Session._ask_leave,
    Input.LEAVE: Session._leave,
    Input.FORGET: Session._forget,
}
