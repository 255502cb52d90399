"""Writes a session down while it runs and into the journal when it is over.

It leaves out ratings and nights (they come with the journal page) and how either file looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from coach.domain.night import HoldRecord, Outcome, SessionRecord, Unfinished
from coach.domain.plan import Plan
from coach.domain.session import LEAST_KEPT, Held
from coach.domain.timeline import Segment
from coach.i18n import Line
from coach.services.ports import Journal, SessionLog, StoreError, Time
from coach.services.topic import Topic

_Write = Callable[[Unfinished], None]


class Diary:
    """Keeps sessions. A store that fails is said once per session and never stops it."""

    def __init__(self, time: Time, log: SessionLog, journal: Journal) -> None:
        self._time = time
        self._log = log
        self._journal = journal
        self._running: Unfinished | None = None
        self._offset = 0
        self._complained = False
        self.notices: Topic[Line] = Topic()

    def unfinished(self) -> Unfinished | None:
        """The session to go on with. One that is too old goes into the journal as partial instead."""
        try:
            found = self._log.read()
            if found is None:
                return None
            if found.is_offered(self._time.now()):
                return found
            self._keep(found.as_partial())
            self._log.clear()
        except StoreError as error:
            self._complain(error)
        return None

    def decline(self) -> None:
        """The user does not want to go on: what was done becomes a partial session."""
        try:
            found = self._log.read()
            if found is not None:
                self._keep(found.as_partial())
            self._log.clear()
        except StoreError as error:
            self._complain(error)

    def begin(self, plan: Plan, planned: float, carried: Unfinished | None = None, offset: int = 0) -> None:
        """A session begins; `carried` is the broken-off one it goes on with, `offset` where in its plan."""
        now = self._time.now()
        self._complained = False
        if carried is None:
            self.decline()  # one that broke off before must not be written over
        self._offset = offset
        if carried is None:
            self._running = Unfinished(plan, now, now, 0, planned, ())
        else:
            self._running = replace(carried, plan=plan, last=now)
        self._try(self._log.begin)

    def began(self, segment: Segment) -> None:
        """A segment begins."""
        self._try(lambda _running: self._log.at(segment.index + self._offset, self._time.now()))

    def held(self, held: Held) -> None:
        """A hold is over."""
        record = HoldRecord.of(held)
        running = self._running
        if running is not None:
            self._running = replace(running, holds=(*running.holds, record))
        self._try(lambda _running: self._log.held(record, self._time.now()))

    def finish(self, outcome: Outcome) -> None:
        """The session is over and is kept."""

        def write(running: Unfinished) -> None:
            self._keep(
                SessionRecord(
                    running.plan.id,
                    running.plan.name,
                    running.started,
                    self._time.now(),
                    outcome,
                    running.planned,
                    running.holds,
                )
            )
            self._log.clear()

        self._try(write)
        self._running = None

    def forget(self) -> None:
        """The session is over and leaves no trace."""
        self._try(lambda _running: self._log.clear())
        self._running = None

    def _keep(self, record: SessionRecord) -> None:
        if record.held >= LEAST_KEPT or record.outcome is Outcome.FINISHED:
            self._journal.add_session(record)

    def _try(self, write: _Write) -> None:
        if self._running is None:
            return
        try:
            write(self._running)
        except StoreError as error:
            self._complain(error)

    def _complain(self, error: StoreError) -> None:
        if not self._complained:
            self._complained = True
            self.notices.publish(error.line)
