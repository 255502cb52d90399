"""What the use cases need from the outside world, as small Protocols.

It leaves out every implementation: those are the adapters, and the fakes of the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from coach.i18n import Line
from coach.services.topic import Topic

if TYPE_CHECKING:  # only named here; whoever makes one has loaded it
    from coach.domain.cues import Tone
    from coach.domain.exercise import Exercise
    from coach.domain.night import HoldRecord, SessionRecord, Unfinished
    from coach.domain.plan import Plan


class Call(Protocol):
    """Something that will be called later."""

    def cancel(self) -> None:
        """Do not call it any more; harmless when it was called already."""


class Time(Protocol):
    """The only clock there is."""

    def now(self) -> datetime:
        """The aware local wall-clock time."""

    def local(self, naive: datetime) -> datetime:
        """The instant of a naive local time by the rules of the zone the computer is in just now.

        A time in a gap moves forward, a doubled one is its first. It has a fixed offset.
        """

    def monotonic(self) -> float:
        """Seconds that never go back and go on while the machine sleeps, where the system can tell."""

    def call_later(self, seconds: float, function: Callable[[], None]) -> Call:
        """Call `function` once after `seconds` (0 or more), on the thread that asked."""


class WallAlarm(Protocol):
    """Wakes at an instant of the wall clock, and whenever that instant must be worked out anew.

    That is: the clock was set, the zone changed, or the machine woke up. It never wakes for nothing else.
    """

    @property
    def rings(self) -> Topic[None]:
        """Published at the instant or whenever the clock moved; ask the time, and set it again."""

    def set(self, when: datetime | None) -> None:
        """Ring at aware `when`, at once if that is over; None rings only when the clock moved."""

    def close(self) -> None:
        """Ring no more."""


@dataclass(frozen=True)
class Clip:
    """A rendered sentence: its WAV file and its length in seconds."""

    path: Path
    seconds: float


@dataclass(frozen=True)
class Adapter:
    """Whether something works, and the sentence that says what it is or why it does not."""

    works: bool
    what: Line


@dataclass(frozen=True)
class Finding:
    """One part of the computer as the doctor found it: its key, its name, and what to do about it."""

    what: str
    title: str
    works: bool
    found: Line
    advice: Line | None = None


class Voice(Protocol):
    """Sentences made into clips ahead of time. It never blocks and never raises once it is built."""

    @property
    def state(self) -> Adapter:
        """Whether sentences are being spoken at all."""

    @property
    def changed(self) -> Topic[Adapter]:
        """Published when `state` changes."""

    @property
    def made(self) -> Topic[str]:
        """Published with the text whenever a clip is ready."""

    def prepare(self, texts: Sequence[str]) -> None:
        """Make clips of these texts, first one first; what is still waiting from before is forgotten."""

    def clip(self, text: str) -> Clip | None:
        """The clip of `text` if it is ready."""

    def shutdown(self) -> None:
        """End the child process and drop what is waiting."""


class Sound(Protocol):
    """Plays clips and tones. It never blocks and never raises once it is built."""

    @property
    def state(self) -> Adapter:
        """Whether anything can be heard; silent is a fine state."""

    @property
    def changed(self) -> Topic[Adapter]:
        """Published when `state` changes."""

    def open(self) -> None:
        """Open the device and prime it with silence, so that the first sound is not late."""

    def tone(self, tone: Tone) -> None:
        """Sound a tone now."""

    def speak(self, clip: Clip, after: float = 0.0) -> None:
        """Play a clip `after` seconds from now; what is being said fades out first."""

    def hush(self) -> None:
        """Fade out what is being said and forget what waits."""

    def set_volume(self, volume: float, tones: float = 1.0) -> None:
        """Loudness of everything, 0.0 (silent) to 1.0, and that of the tones as a share of it, 0.0 to 1.0."""

    def close(self, *, when_quiet: bool = False) -> None:
        """Close the device, at once or when the last sound has faded."""


class Awake(Protocol):
    """Keeps the display from sleeping."""

    def hold(self) -> None:
        """Keep it awake; asking twice is harmless."""

    def release(self) -> None:
        """Let it sleep again; harmless when it was not held."""


class Act(Enum):
    """What the user can do with a reminder."""

    START = "start"
    SNOOZE = "snooze"
    SKIP = "skip"
    DONE = "done"
    OPEN = "open"


@dataclass(frozen=True)
class Note:
    """A reminder as it is shown. Texts are plain; `rule` is the evening item it is about.

    `heading` is the small line above ("Stretch Coach, 22:15"). `stays` keeps it until it is answered, else it
    leaves by itself. `acts` are its buttons in order, the first one the main one. `figure` is a picture of an
    exercise. A note with the same key takes the place of the one before it.
    """

    key: str
    rule: str
    heading: str
    title: str
    body: str
    acts: tuple[tuple[Act, str], ...] = ()
    stays: bool = True
    figure: str = ""


class Notifier(Protocol):
    """Shows reminders. It never blocks and never raises once it is built."""

    @property
    def answered(self) -> Topic[tuple[str, Act]]:
        """Published with the key of a note and what the user chose. A note put away says nothing."""

    def show(self, note: Note) -> None:
        """Show a note, in place of the one with its key; notes that do not stay replace each other."""

    def withdraw(self, key: str) -> None:
        """Take a note away; harmless when it is gone."""

    def close(self) -> None:
        """Take all notes away and listen no more."""


class Quiet(Protocol):
    """Whether the desktop wants no notes just now: do not disturb, or a film that keeps the screen awake."""

    def ask(self, then: Callable[[bool], None], *, films: bool, dnd: bool = True) -> None:
        """Call `then` once with the answer, False where nobody can tell.

        `films` counts what keeps the screen awake, `dnd` a desktop that was told not to disturb.
        """


class Enrolment(Protocol):
    """Something of ours that the system keeps: starting at login, or waking for a reminder."""

    @property
    def can(self) -> Adapter:
        """Whether this system can do it at all, and in which file or place it is kept."""

    def is_on(self) -> bool:
        """Whether it is in force, read back from the system."""

    def turn_on(self) -> Line | None:
        """Write it and read it back; what went wrong, or None."""

    def turn_off(self) -> Line | None:
        """Take it away and look again; what went wrong, or None."""


class SessionLog(Protocol):
    """The running session, written as it goes, so that a crash loses the running segment at most."""

    def begin(self, running: Unfinished) -> None:
        """Start a new log over any old one."""

    def at(self, position: int, when: datetime) -> None:
        """Segment `position` has begun."""

    def held(self, hold: HoldRecord, when: datetime) -> None:
        """A hold is over."""

    def clear(self) -> None:
        """The session is in the journal, or was forgotten."""

    def read(self) -> Unfinished | None:
        """The session that broke off, if there is one that can be read."""


class Journal(Protocol):
    """Sessions that are kept."""

    def add_session(self, record: SessionRecord) -> None:
        """Keep a session. Raises StoreError with a sentence when that is impossible."""

    def sessions(self) -> Sequence[SessionRecord]:
        """All sessions, oldest first."""

    def sessions_of(self, night: date) -> Sequence[SessionRecord]:
        """The sessions of one night, without those of its morning, oldest first. Raises StoreError."""


class Store(Protocol):
    """One small JSON file of named values."""

    def load(self) -> tuple[Mapping[str, object], Line | None]:
        """The stored values, and a sentence when the file was damaged and has been put aside."""

    def save(self, values: Mapping[str, object]) -> None:
        """Replace the file. Raises StoreError with a sentence when that is impossible."""


class StoreError(Exception):
    """Something could not be stored; `line` says what, where and what to do."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.template)
        self.line = line


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file: `line_number` counts from 1, 0 where no line can be named.

    `around` are that line and those near it with their numbers, fit to be shown; `mark` is the first and the
    last column (exclusive, from 0) of what is wrong in that line.
    """

    path: Path
    line_number: int
    text: Line
    around: tuple[tuple[int, str], ...] = field(default=(), compare=False)
    mark: tuple[int, int] | None = field(default=None, compare=False)


class PlanFileError(Exception):
    """A plan file cannot be used; every problem at once.

    `steps` are the steps of the file as far as it could be read: a name, and whether the step is fine.
    """

    def __init__(self, problems: Sequence[Problem], steps: Sequence[tuple[str, bool]] = ()) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)
        self.steps = tuple(steps)


class ExerciseSource(Protocol):
    """The exercises that ship with the app."""

    def exercises(self) -> Mapping[str, Exercise]:
        """All of them by id, in the order they are listed."""


@dataclass(frozen=True)
class Preview:
    """A plan that could be brought in from `path`; nothing is written yet.

    `source` is the name of the program that wrote it, `lost` says what cannot be taken over, `exists` whether
    a plan with its id is there already. `others` are further plans in the same file, each to be brought in by
    itself. `text` (the file as it was written, where it is one of ours) and `pictures` go into the new file.
    """

    plan: Plan
    path: Path
    exists: bool = False
    lost: tuple[Line, ...] = ()
    source: str = "Stretch Coach"
    others: tuple[Preview, ...] = ()
    text: str = field(default="", repr=False)
    pictures: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


class PlanSource(Protocol):
    """Plans in files. Everything is written below the folder of the user's own plans, but for exports."""

    def shipped(self) -> Sequence[Plan]:
        """The plans that ship with the app, in the order they are listed."""

    def shipped_plan(self, plan_id: str) -> Plan | None:
        """The plan that ships under this id, found without reading the others; None without one."""

    def mine(self) -> tuple[Sequence[Plan], Sequence[Problem]]:
        """The user's own plans, and what is wrong with those that cannot be read."""

    def load(self, path: Path) -> Plan:
        """The plan in one file. Raises PlanFileError."""

    def save(self, plan: Plan) -> None:
        """Keep a plan of the user's own; what was there under its id is backed up. Raises StoreError."""

    def remove(self, plan_id: str) -> None:
        """Move the user's own plan into the backups; harmless when there is none. Raises StoreError."""

    def bring_back(self, plan_id: str) -> Plan | None:
        """Put the newest backup of a plan that is gone in its place; None without one. Raises StoreError."""

    def preview(self, path: Path) -> Preview:
        """What is in a file from anywhere. Raises PlanFileError."""

    def bring_in(self, preview: Preview) -> Plan:
        """Keep a previewed plan and its pictures as the user's own. Raises StoreError."""

    def export(self, plan: Plan, path: Path) -> Path:
        """Write a plan into one file, with pictures into a zip, and say which. Raises StoreError."""

    def picture(self, plan: Plan, exercise: Exercise) -> Path | None:
        """The picture of a plan's own exercise, if it has one that can be shown."""
