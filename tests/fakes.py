"""Hand-written stand-ins for the ports: a clock that stands still, a voice, a loudspeaker and a display.

It leaves out expectations: a test looks at what a fake remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path

from coach.domain.cues import Tone, spoken_seconds
from coach.domain.evening import fixed, in_zone
from coach.domain.exercise import Exercise
from coach.domain.night import HoldRecord, SessionRecord, Unfinished
from coach.domain.plan import Plan
from coach.domain.settings import DEFAULT_RATE
from coach.i18n import Line
from coach.services.ports import Act, Adapter, Clip, Note, PlanFileError, Preview, Problem, StoreError
from coach.services.topic import Topic

EVENING = datetime(2026, 11, 20, 22, 0, tzinfo=timezone(timedelta(hours=1)))


@dataclass(eq=False)
class FakeCall:
    """A call that waits in a FakeTime."""

    due: float
    function: Callable[[], None]
    waiting: bool = True

    def cancel(self) -> None:
        self.waiting = False


class FakeTime:
    """A clock that stands still until `advance`; then due calls happen in order, each at its due instant.

    `now` may be of any zone: the wall follows its rules, and `travel` and `set_clock` move it.
    """

    def __init__(self, now: datetime = EVENING) -> None:
        if now.tzinfo is None:
            raise ValueError("the wall clock needs an aware time")
        self._start = now.astimezone(UTC)
        self._zone: tzinfo = now.tzinfo
        self._passed = 0.0
        self._calls: list[FakeCall] = []
        self.moved: Topic[None] = Topic()

    def now(self) -> datetime:
        return fixed((self._start + timedelta(seconds=self._passed)).astimezone(self._zone))

    def local(self, naive: datetime) -> datetime:
        return in_zone(self._zone)(naive)

    def set_clock(self, to: datetime) -> None:
        """Somebody sets the wall clock to aware `to`; the time that passes is not touched."""
        self._start = to.astimezone(UTC) - timedelta(seconds=self._passed)
        self.moved.publish(None)

    def travel(self, zone: tzinfo) -> None:
        """The computer is in another zone now."""
        self._zone = zone
        self.moved.publish(None)

    def monotonic(self) -> float:
        return self._passed

    def call_later(self, seconds: float, function: Callable[[], None]) -> FakeCall:
        if seconds < 0:
            raise ValueError(f"{seconds} seconds from now is in the past")
        call = FakeCall(self._passed + seconds, function)
        self._calls.append(call)
        return call

    @property
    def waiting(self) -> list[float]:
        """The instants, on `monotonic`, at which something is still to be called, soonest first."""
        return sorted(call.due for call in self._calls if call.waiting)

    def advance(self, seconds: float) -> None:
        """Let time pass. What is called on the way may ask for more calls on the way."""
        if seconds < 0:
            raise ValueError("time does not go back")
        end = self._passed + seconds
        while (call := self._next(end)) is not None:
            self._passed = max(self._passed, call.due)
            call.function()
        self._passed = end

    def suspend(self, seconds: float) -> None:
        """The machine sleeps: time passes, what fell due on the way is called after."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._passed += seconds
        self.advance(0.0)

    def _next(self, end: float) -> FakeCall | None:
        self._calls = [call for call in self._calls if call.waiting]
        due = min(self._calls, key=lambda call: call.due, default=None)
        if due is None or due.due > end:
            return None
        due.waiting = False
        return due


class FakeAlarm:
    """A wall alarm; with a FakeTime it rings by itself when that advances, and when its clock is moved."""

    def __init__(self, time: FakeTime | None = None) -> None:
        self._time = time
        self._call: FakeCall | None = None
        self._rings: Topic[None] = Topic()
        self.when: datetime | None = None
        self.closed = False
        if time is not None:
            time.moved.subscribe(lambda _none: self._moved())

    @property
    def rings(self) -> Topic[None]:
        return self._rings

    def set(self, when: datetime | None) -> None:
        if when is not None and when.tzinfo is None:
            raise ValueError("an alarm needs an aware time")
        self.when = when
        if self._call is not None:
            self._call.cancel()
            self._call = None
        if when is not None and self._time is not None:
            wait = (when - self._time.now()).total_seconds()
            self._call = self._time.call_later(max(wait, 0.0), self.ring)

    def ring(self) -> None:
        """It is time, or the clock moved."""
        if not self.closed:
            self._rings.publish(None)

    def close(self) -> None:
        self.set(None)
        self.closed = True

    def _moved(self) -> None:
        self.set(self.when)
        self.ring()


class FakeNotifier:
    """Remembers every note in `shown`, and in `there` those that are on the screen, by key."""

    def __init__(self) -> None:
        self._answered: Topic[tuple[str, Act]] = Topic()
        self.shown: list[Note] = []
        self.there: dict[str, Note] = {}
        self.withdrawn: list[str] = []
        self.closed = False

    @property
    def answered(self) -> Topic[tuple[str, Act]]:
        return self._answered

    def show(self, note: Note) -> None:
        self.shown.append(note)
        if not note.stays:
            self.there = {key: one for key, one in self.there.items() if one.stays}
        self.there[note.key] = note

    def withdraw(self, key: str) -> None:
        self.withdrawn.append(key)
        self.there.pop(key, None)

    def close(self) -> None:
        self.there.clear()
        self.closed = True

    def answer(self, key: str, act: Act) -> None:
        """The user chooses; the note leaves the screen, as it does on a real desktop."""
        self.there.pop(key, None)
        self._answered.publish((key, act))


class FakeQuiet:
    """Answers at once what `quiet` and `film` say, or (`instant=False`) when the test says so by `tell`."""

    def __init__(self, *, quiet: bool = False, film: bool = False, instant: bool = True) -> None:
        self.quiet = quiet
        self.film = film
        self._instant = instant
        self.asked: list[bool] = []
        self.waiting: list[Callable[[bool], None]] = []

    def ask(self, then: Callable[[bool], None], *, films: bool, dnd: bool = True) -> None:
        self.asked.append(films)
        if self._instant:
            then((dnd and self.quiet) or (films and self.film))
        else:
            self.waiting.append(then)

    def tell(self, quiet: bool) -> None:
        """Answer the question that waits longest."""
        self.waiting.pop(0)(quiet)


class FakeEnrolment:
    """Something the system keeps. `broken` makes every change fail and change nothing."""

    def __init__(self, *, on: bool = False, works: bool = True) -> None:
        self.on = on
        self.broken = False
        self._can = Adapter(works, Line("A place for tests."))

    @property
    def can(self) -> Adapter:
        return self._can

    def is_on(self) -> bool:
        return self.on

    def turn_on(self) -> Line | None:
        return self._turn(True)

    def turn_off(self) -> Line | None:
        return self._turn(False)

    def _turn(self, on: bool) -> Line | None:
        if self.broken or not self._can.works:
            return Line("It could not be written.")
        self.on = on
        return None


class FakeVoice:
    """Makes clips at once, or (`instant=False`) only when the test says so by `make`.

    The path of a clip is its text, so that FakeSound can tell what was said.
    """

    def __init__(self, *, instant: bool = True, works: bool = True, rate: int = DEFAULT_RATE) -> None:
        self._instant = instant
        self._rate = rate
        self._clips: dict[str, Clip] = {}
        self._state = Adapter(works, Line("A voice for tests."))
        self._changed: Topic[Adapter] = Topic()
        self._made: Topic[str] = Topic()
        self.prepared: list[tuple[str, ...]] = []
        self.waiting: list[str] = []
        self.shut_down = False

    @property
    def state(self) -> Adapter:
        return self._state

    @property
    def changed(self) -> Topic[Adapter]:
        return self._changed

    @property
    def made(self) -> Topic[str]:
        return self._made

    def prepare(self, texts: Sequence[str]) -> None:
        self.prepared.append(tuple(texts))
        self.waiting = [text for text in dict.fromkeys(texts) if text.strip() and text not in self._clips]
        if self._instant and self._state.works:
            self.make()

    def clip(self, text: str) -> Clip | None:
        return self._clips.get(text)

    def shutdown(self) -> None:
        self.waiting = []
        self.shut_down = True

    def make(self, count: int | None = None) -> None:
        """Finish the next `count` clips that wait, or all of them."""
        for _ in range(len(self.waiting) if count is None else min(count, len(self.waiting))):
            text = self.waiting.pop(0)
            self._clips[text] = Clip(Path(text), spoken_seconds(text, self._rate))
            self._made.publish(text)

    def fail(self, sentence: str = "The voice is gone.") -> None:
        """Give up, as after a broken engine; clips that are made stay."""
        self.waiting = []
        self._state = Adapter(False, Line(sentence))
        self._changed.publish(self._state)


@dataclass(frozen=True)
class Heard:
    """A sound and the instant, on the clock of the test, at which it began."""

    at: float
    what: Tone | str


class FakeSound:
    """Remembers what is to be heard; `heard` holds tones, and clips as their text."""

    def __init__(self, time: FakeTime | None = None, *, works: bool = True) -> None:
        self._time = time or FakeTime()
        self._state = Adapter(works, Line("Sound for tests."))
        self._changed: Topic[Adapter] = Topic()
        self.heard: list[Heard] = []
        self.hushes: list[float] = []
        self.volume = self.tones = 1.0
        self.is_open = False
        self.closing_when_quiet = False

    @property
    def state(self) -> Adapter:
        return self._state

    @property
    def changed(self) -> Topic[Adapter]:
        return self._changed

    def open(self) -> None:
        self.is_open = True
        self.closing_when_quiet = False

    def tone(self, tone: Tone) -> None:
        self._hear(0.0, tone)

    def speak(self, clip: Clip, after: float = 0.0) -> None:
        self._forget()
        self._hear(after, str(clip.path))

    def hush(self) -> None:
        self._forget()
        self.hushes.append(self._time.monotonic())

    def set_volume(self, volume: float, tones: float = 1.0) -> None:
        self.volume = min(max(volume, 0.0), 1.0)
        self.tones = min(max(tones, 0.0), 1.0)

    def close(self, *, when_quiet: bool = False) -> None:
        self.closing_when_quiet = when_quiet
        self.is_open = False

    def fail(self, sentence: str = "Sound is gone.") -> None:
        """Fall silent, as when the device is unplugged."""
        self._state = Adapter(False, Line(sentence))
        self._changed.publish(self._state)

    def _hear(self, after: float, what: Tone | str) -> None:
        if self.is_open:
            self.heard.append(Heard(self._time.monotonic() + max(after, 0.0), what))

    def _forget(self) -> None:
        now = self._time.monotonic()
        self.heard = [sound for sound in self.heard if isinstance(sound.what, Tone) or sound.at <= now]


class FakeAwake:
    """Remembers whether the display is kept awake."""

    def __init__(self) -> None:
        self.held = False
        self.holds = 0

    def hold(self) -> None:
        self.holds += not self.held
        self.held = True

    def release(self) -> None:
        self.held = False


class FakeSessionLog:
    """A running session in memory. `broken` makes every write fail, as on a full disk."""

    def __init__(self) -> None:
        self.kept: Unfinished | None = None
        self.broken = False

    def begin(self, running: Unfinished) -> None:
        self._write()
        self.kept = running

    def at(self, position: int, when: datetime) -> None:
        self._write()
        if self.kept is not None:
            self.kept = replace(self.kept, position=position, last=when)

    def held(self, hold: HoldRecord, when: datetime) -> None:
        self._write()
        if self.kept is not None:
            self.kept = replace(self.kept, holds=(*self.kept.holds, hold), last=when)

    def clear(self) -> None:
        self._write()
        self.kept = None

    def read(self) -> Unfinished | None:
        return self.kept

    def _write(self) -> None:
        if self.broken:
            raise StoreError(Line("The disk is full."))


class FakeJournal:
    """Sessions in memory."""

    def __init__(self) -> None:
        self.records: list[SessionRecord] = []
        self.broken = False

    def add_session(self, record: SessionRecord) -> None:
        if self.broken:
            raise StoreError(Line("The journal cannot be written."))
        self.records.append(record)

    def sessions(self) -> Sequence[SessionRecord]:
        return tuple(self.records)

    def sessions_of(self, night: date) -> Sequence[SessionRecord]:
        return [one for one in self.records if one.night == night and not one.is_morning]


class FakeStore:
    """Named values in memory, or a damaged file."""

    def __init__(self, values: Mapping[str, object] | None = None, damaged: Line | None = None) -> None:
        self.values = dict(values or {})
        self.damaged = damaged
        self.broken = False

    def load(self) -> tuple[Mapping[str, object], Line | None]:
        return self.values, self.damaged

    def save(self, values: Mapping[str, object]) -> None:
        if self.broken:
            raise StoreError(Line("The settings cannot be written."))
        self.values = dict(values)


class FakePlans:
    """Plans in memory, among them files that cannot be used."""

    def __init__(
        self, shipped: Sequence[Plan], mine: Sequence[Plan] = (), wrong: Sequence[Problem] = ()
    ) -> None:
        self._shipped = shipped
        self._wrong = wrong
        self.kept: dict[str, Plan] = {plan.id: plan for plan in mine}
        self.backups: list[Plan] = []
        self.files: dict[Path, Plan] = {}
        self.previews: dict[Path, Preview] = {}
        self.exported: dict[Path, Plan] = {}
        self.pictures: dict[str, Path] = {}
        self.broken = False

    def shipped(self) -> Sequence[Plan]:
        return self._shipped

    def shipped_plan(self, plan_id: str) -> Plan | None:
        return next((plan for plan in self._shipped if plan.id == plan_id), None)

    def mine(self) -> tuple[Sequence[Plan], Sequence[Problem]]:
        return tuple(self.kept.values()), self._wrong

    def load(self, path: Path) -> Plan:
        if path not in self.files:
            raise PlanFileError([Problem(path, 0, Line("There is no such file."))])
        return self.files[path]

    def save(self, plan: Plan) -> None:
        self._write()
        self._back_up(plan.id)
        self.kept[plan.id] = plan

    def remove(self, plan_id: str) -> None:
        self._write()
        self._back_up(plan_id)
        self.kept.pop(plan_id, None)

    def bring_back(self, plan_id: str) -> Plan | None:
        self._write()
        found = next((plan for plan in reversed(self.backups) if plan.id == plan_id), None)
        if found is not None:
            self.kept[plan_id] = found
        return found

    def preview(self, path: Path) -> Preview:
        return self.previews[path] if path in self.previews else Preview(self.load(path), path)

    def bring_in(self, preview: Preview) -> Plan:
        self.save(preview.plan)
        return preview.plan

    def export(self, plan: Plan, path: Path) -> Path:
        self._write()
        self.exported[path] = plan
        return path

    def picture(self, plan: Plan, exercise: Exercise) -> Path | None:
        return self.pictures.get(exercise.picture)

    def _back_up(self, plan_id: str) -> None:
        if plan_id in self.kept:
            self.backups.append(self.kept[plan_id])

    def _write(self) -> None:
        if self.broken:
            raise StoreError(Line("The disk is full."))


class FakeExercises:
    """Exercises in memory."""

    def __init__(self, exercises: Mapping[str, Exercise]) -> None:
        self._exercises = exercises

    def exercises(self) -> Mapping[str, Exercise]:
        return self._exercises
