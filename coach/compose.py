"""Puts storage and services together for everything that works without a screen.

It leaves out Qt, sound, voice and windows (see app), and starts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from coach.i18n import _
from coach.paths import Paths, assets_dir

if TYPE_CHECKING:  # whoever waits in the background needs little of it, so all is loaded when it is asked for
    from datetime import datetime

    from coach.domain.evening import Schedule
    from coach.domain.plan import Plan
    from coach.domain.timeline import Manner
    from coach.services.library import Library
    from coach.services.preferences import Preferences
    from coach.services.safety import Safety


class Core:
    """What every command needs: where things are, what there is to do and what the user chose."""

    def __init__(self, paths: Paths) -> None:
        """Nothing is read or written yet, nor loaded: the icon in the tray comes before all of it."""
        self.paths = paths

    @cached_property
    def preferences(self) -> Preferences:
        """What the user chose."""
        from coach.services.preferences import Preferences
        from coach.storage.json_store import JsonStore

        return Preferences(JsonStore(self.paths.settings))

    @cached_property
    def library(self) -> Library:
        """The plans and exercises, laid out as this person is led."""
        from coach.services.library import Library
        from coach.storage.exercise_toml import ExerciseFiles
        from coach.storage.plan_folder import PlanFiles

        assets = assets_dir()
        exercises = ExerciseFiles(assets / "exercises")
        return Library(exercises, PlanFiles(assets / "plans", self.paths.plans, exercises), self._manner)

    @cached_property
    def safety(self) -> Safety:
        """What keeps this person safe."""
        from coach.services.safety import Safety
        from coach.storage.json_store import JsonStore

        return Safety(JsonStore(self.paths.profile), self.library)

    def _manner(self) -> Manner:
        from coach.domain.timeline import Detail, Manner

        chosen = self.preferences.settings
        return Manner(chosen.setup_time / 100, Detail(chosen.voice_detail), chosen.count_last)


@dataclass(frozen=True)
class Request:
    """What the command line asked for. `plan` None opens the Tonight page.

    `opened` is a plan file to be shown before it is brought in or not.
    `massage_is_fine` answers the questions before a massage with no, for this once.
    `right_now` begins `plan` and asks nothing. In the `background` there is no window until it is asked for,
    and with `once` it ends by itself when tonight's reminder is settled.
    """

    plan: Plan | None = None
    terminal: bool = False
    speed: float = 1.0
    mute: bool = False
    events: Path | None = None
    opened: Path | None = None
    verbose: bool = False
    massage_is_fine: bool = False
    right_now: bool = False
    background: bool = False
    once: bool = False


def build(paths: Paths) -> Core:
    """The core over these folders. Nothing is read or written yet."""
    return Core(paths)


def calendar_text(core: Core, schedule: Schedule, now: datetime) -> str:
    """The reminders as a calendar file (see storage.calendar_ics), with the length of tonight's plan."""
    from coach.domain.evening import STRETCH
    from coach.domain.night import night_of
    from coach.domain.settings import Settings
    from coach.services.library import NotFoundError
    from coach.services.ports import PlanFileError
    from coach.storage import calendar_ics

    lengths: dict[str, int] = {}
    try:
        plan, _replaced = core.library.tonights(core.preferences.settings.plan, Settings().plan)
        lengths[STRETCH] = max(round(core.library.seconds(plan) / 60), 1)
    except (NotFoundError, PlanFileError):
        pass  # the reminder comes without a length
    names = {item.id: item.name if item.own else _(item.name) for item in schedule.items}
    return calendar_ics.calendar(schedule, now, night_of(now), names, lengths)
