"""The night: the unit of the journal, and what is written about a session in it.

It leaves out storage, ratings and charts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever has a hold has loaded what it is about; the reminders need none of it
    from coach.domain.exercise import Side
    from coach.domain.plan import Plan
    from coach.domain.session import Held

# The plans for right now: they begin at once, ask nothing, and are no part of a night's routine.
CRAMP, RESTLESS = "cramp-now", "restless-now"
RIGHT_NOW = (CRAMP, RESTLESS)
# The plan of a session that tries a single move of the library; it is no part of the routine either.
ONE_MOVE = "one-move"
# An unfinished session is offered again within this many minutes (architecture 2).
OFFERED_FOR = timedelta(minutes=60)


class Outcome(Enum):
    """How a session ended."""

    FINISHED = "finished"
    PARTIAL = "partial"


@dataclass(frozen=True)
class HoldRecord:
    """Seconds really held in one hold; `planned` as the plan said, `extra` what + added."""

    step: int
    exercise: str
    side: Side | None
    round: int
    planned: float
    held: float
    extra: float
    how: str

    @classmethod
    def of(cls, held: Held) -> HoldRecord:
        segment = held.segment
        return cls(
            segment.step,
            segment.exercise.id,
            segment.side,
            segment.round,
            held.planned,
            round(held.seconds, 3),
            held.added,
            held.how.value,
        )


@dataclass(frozen=True)
class SessionRecord:
    """A finished or partial session as the journal keeps it. Instants are aware."""

    plan_id: str
    plan_name: str
    started: datetime
    ended: datetime
    outcome: Outcome
    planned: float
    holds: tuple[HoldRecord, ...]

    @property
    def night(self) -> date:
        return night_of(self.started)

    @property
    def is_morning(self) -> bool:
        return is_morning(self.started)

    @property
    def held(self) -> float:
        return sum(hold.held for hold in self.holds)


@dataclass(frozen=True)
class Unfinished:
    """A session that broke off: `position` is the segment that was running, `last` when it was last seen."""

    plan: Plan
    started: datetime
    last: datetime
    position: int
    planned: float
    holds: tuple[HoldRecord, ...]

    def is_offered(self, now: datetime) -> bool:
        """Whether going on still makes sense: within the hour and in the same night."""
        return timedelta(0) <= now - self.last <= OFFERED_FOR and night_of(now) == night_of(self.started)

    def as_partial(self) -> SessionRecord:
        """What the journal keeps when nobody goes on."""
        return SessionRecord(
            self.plan.id, self.plan.name, self.started, self.last, Outcome.PARTIAL, self.planned, self.holds
        )


def night_of(when: datetime) -> date:
    """The night a local instant belongs to: noon to noon, named by its evening (architecture 3)."""
    return (when - timedelta(hours=12)).date()


def is_morning(when: datetime) -> bool:
    """Whether a session that starts then is a morning session: from 04:00 to noon (architecture 3)."""
    return 4 <= when.hour < 12
