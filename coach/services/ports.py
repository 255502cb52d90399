"""What the use cases need from the outside world, as small Protocols.

It leaves out every implementation: those are the adapters, and the fakes of the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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

    def monotonic(self) -> float:
        """Seconds that never go back and go on while the machine sleeps, where the system can tell."""

    def call_later(self, seconds: float, function: Callable[[], None]) -> Call:
        """Call `function` once after `seconds` (0 or more), on the thread that asked."""


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

    def set_volume(self, volume: float) -> None:
        """Loudness of everything, 0.0 (silent) to 1.0."""

    def close(self, *, when_quiet: bool = False) -> None:
        """Close the device, at once or when the last sound has faded."""


class Awake(Protocol):
    """Keeps the display from sleeping."""

    def hold(self) -> None:
        """Keep it awake; asking twice is harmless."""

    def release(self) -> None:
        """Let it sleep again; harmless when it was not held."""


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
    """What is wrong in a file: `line_number` counts from 1, 0 where no line can be named."""

    path: Path
    line_number: int
    text: Line


class PlanFileError(Exception):
    """A plan file cannot be used; every problem at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


class ExerciseSource(Protocol):
    """The exercises that ship with the app."""

    def exercises(self) -> Mapping[str, Exercise]:
        """All of them by id, in the order they are listed."""


class PlanSource(Protocol):
    """Plans in files."""

    def shipped(self) -> Sequence[Plan]:
        """The plans that ship with the app, in the order they are listed."""

    def mine(self) -> tuple[Sequence[Plan], Sequence[Problem]]:
        """The user's own plans, and what is wrong with those that cannot be read."""

    def load(self, path: Path) -> Plan:
        """The plan in one file. Raises PlanFileError."""
