"""What the commands may do with the app that is running: a small Protocol, and how it is asked.

It leaves out who implements it (the window's resident, a session in the terminal), and the commands.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from coach.desktop.single_instance import Instance, Reply, Request

if TYPE_CHECKING:
    from coach.compose import Core
    from coach.domain.plan import Plan
    from coach.domain.session import Input, Snapshot
    from coach.i18n import Line
    from coach.services.evenings import Evenings


class ElsewhereError(Exception):
    """The running app has no part in this: whoever asked does it, as if nobody were running."""


class Live(Protocol):
    """The running app. A `token` lets the desktop bring a window to the front; it may be empty.

    What returns a Line returns None when it was done, else the sentence that says why not. A session in a
    terminal, which has neither window nor reminders, raises ElsewhereError for what it has no part in.
    """

    @property
    def core(self) -> Core:
        """Where things are, what there is to do and what the user chose."""

    @property
    def evenings(self) -> Evenings:
        """The reminders that are being watched."""

    def open(self, token: str) -> Line | None:
        """Show the window and bring it to the front."""

    def open_file(self, path: Path, token: str) -> Line | None:
        """Show a plan file (absolute path) in the window before it is brought in or not."""

    def lead(self, plan: Plan, token: str) -> Line | None:
        """Begin a session of this plan at once, unless one is running."""

    def right_now(self, plan_id: str, token: str) -> Line | None:
        """Begin one of the plans for right now (services.library.RIGHT_NOW), asking nothing."""

    def status(self) -> dict[str, object]:
        """What goes on, fit for JSON.

        `session`: None, or exercise, side, kind, left (seconds), paused and plan; `next`: None, or rule and
        due (ISO with offset); `waiting`: None, or the state of tonight's stretch reminder (shown, snoozed)
        and since or until when (at); `window`: whether one is open.
        """

    def send(self, given: Input) -> bool:
        """Hand an input to the session; False when there is none or it means nothing just now."""

    def quit(self) -> None:
        """End the app, keeping what was done."""


Answer = Callable[[Request, Live], Reply]
"""How a command that came from another process is carried out on the running app."""


class Door:
    """The way in for other processes. It is closed until somebody is there to be spoken to."""

    def __init__(self, claim: Callable[[], Instance | None], answer: Answer) -> None:
        """`claim` gets the right to be the running app, when the door is opened; None when another has it."""
        self._claim = claim
        self._answer = answer
        self._instance: Instance | None = None

    def open_to(self, live: Live) -> None:
        """Let commands reach `live` from now on; those that came early have waited."""
        self._instance = self._claim()
        if self._instance is not None:
            self._instance.serve(lambda request: self._answer(request, live))

    def close(self) -> None:
        """Let another one be the running app."""
        if self._instance is not None:
            self._instance.close()


def session_of(moment: Snapshot | None, plan_id: str) -> dict[str, object] | None:
    """The `session` of a status: None without one that runs. `left` is None where it waits for the user."""
    if moment is None or moment.segment is None or moment.phase.is_over:
        return None
    from coach.domain.session import Phase  # whoever has a moment has loaded it

    segment = moment.segment
    return {
        "plan": plan_id,
        "exercise": segment.exercise.id,
        "side": segment.side.value if segment.side else None,
        "kind": segment.kind.value,
        "left": None if moment.remaining is None else math.ceil(moment.remaining),
        "minutes_left": moment.minutes_left,
        "paused": moment.phase in (Phase.PAUSED, Phase.LEAVING),
    }
