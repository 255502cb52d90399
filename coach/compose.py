"""Puts storage and services together for everything that works without a screen.

It leaves out Qt, sound, voice and windows (see app), and starts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coach.domain.plan import Plan
from coach.domain.settings import Settings
from coach.domain.timeline import Detail, Manner
from coach.i18n import _
from coach.paths import Paths, assets_dir
from coach.services.library import Library, NotFoundError
from coach.services.ports import PlanFileError
from coach.services.preferences import Preferences
from coach.services.safety import Safety
from coach.storage.exercise_toml import ExerciseFiles
from coach.storage.json_store import JsonStore
from coach.storage.plan_folder import PlanFiles

if TYPE_CHECKING:  # only named here
    from datetime import datetime

    from coach.domain.evening import Schedule


@dataclass(frozen=True)
class Core:
    """What every command needs: where things are, what there is to do and what the user chose."""

    paths: Paths
    library: Library
    preferences: Preferences
    safety: Safety


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
    assets = assets_dir()
    exercises = ExerciseFiles(assets / "exercises")
    preferences = Preferences(JsonStore(paths.settings))

    def manner() -> Manner:
        chosen = preferences.settings
        return Manner(chosen.setup_time / 100, Detail(chosen.voice_detail), chosen.count_last)

    library = Library(exercises, PlanFiles(assets / "plans", paths.plans, exercises), manner)
    return Core(paths, library, preferences, Safety(JsonStore(paths.profile), library))


def calendar_text(core: Core, schedule: Schedule, now: datetime) -> str:
    """The reminders as a calendar file (see storage.calendar_ics), with the length of tonight's plan."""
    from coach.domain.evening import STRETCH
    from coach.domain.night import night_of
    from coach.storage import calendar_ics

    lengths: dict[str, int] = {}
    try:
        plan, _replaced = core.library.tonights(core.preferences.settings.plan, Settings().plan)
        lengths[STRETCH] = max(round(core.library.seconds(plan) / 60), 1)
    except (NotFoundError, PlanFileError):
        pass  # the reminder comes without a length
    names = {item.id: item.name if item.own else _(item.name) for item in schedule.items}
    return calendar_ics.calendar(schedule, now, night_of(now), names, lengths)
