"""The evenings: keeps the schedule, reminds once and on time, and keeps what became of every reminder.

It leaves out how a note looks and rings (Notifier, chime), and the rules themselves (domain/evening).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from coach.domain.evening import Due, Entry, Mark, Schedule
from coach.i18n import Line
from coach.services.ports import Act, Notifier, Quiet, Store, Time, WallAlarm
from coach.services.preferences import Preferences
from coach.services.topic import Topic


class Done(Enum):
    """How much of a night's routine was done."""

    NO = "no"
    PARTLY = "partly"
    WHOLE = "whole"


@dataclass(frozen=True)
class Offer:
    """A plan a reminder offers: its translated name and remark, its length, the exercise of its picture.

    `remark` says that the plan that was chosen is gone and this one takes its place.
    """

    plan_id: str
    name: str
    seconds: float
    figure: str
    remark: str = ""


def _clock(when: datetime) -> str:
    return when.strftime("%H:%M")


class Evenings:
    """The one scheduler of reminders. Building it starts nothing and reads nothing."""

    def __init__(
        self,
        time: Time,
        alarm: WallAlarm,
        schedule: Store,
        marks: Store,
        preferences: Preferences,
        notifier: Notifier,
        quiet: Quiet,
        *,
        done: Callable[[date], Done],
        busy: Callable[[], bool],
        offer: Callable[[float | None], Offer | None],
        chime: Callable[[], None],
        clock: Callable[[datetime], str] = _clock,
    ) -> None:
        self.changed: Topic[None] = Topic()
        self.notices: Topic[Line] = Topic()
        self.wanted: Topic[tuple[Act, str]] = Topic()

    @property
    def repairs(self) -> Sequence[Line]:
        raise NotImplementedError

    @property
    def schedule(self) -> Schedule:
        raise NotImplementedError

    def change(self, schedule: Schedule) -> Line | None:
        raise NotImplementedError

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def wake(self) -> None:
        raise NotImplementedError

    def tonight(self) -> list[Entry]:
        raise NotImplementedError

    def night(self) -> date:
        raise NotImplementedError

    def next_due(self) -> Due | None:
        raise NotImplementedError

    def open_mark(self) -> Mark | None:
        raise NotImplementedError

    def may_snooze(self) -> bool:
        raise NotImplementedError

    def snooze(self) -> Line | None:
        raise NotImplementedError

    def skip_tonight(self) -> None:
        raise NotImplementedError

    def undo_skip(self) -> None:
        raise NotImplementedError

    @property
    def is_quiet_tonight(self) -> bool:
        raise NotImplementedError

    def tick(self, rule: str, done: bool) -> None:
        raise NotImplementedError

    def pause_until(self, night: date | None) -> Line | None:
        raise NotImplementedError

    def missed(self) -> list[Mark]:
        raise NotImplementedError

    def acknowledge(self) -> None:
        raise NotImplementedError

    def preview(self) -> None:
        raise NotImplementedError
