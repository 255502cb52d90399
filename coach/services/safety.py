"""Keeps what a person ticked about their body, and adapts every plan to it.

It leaves out the rules themselves (see domain.profile) and how anything is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from coach.domain import profile as rules
from coach.domain.exercise import Exercise, Flag, Region
from coach.domain.plan import Plan
from coach.domain.profile import Adapted, Decision, MassageCheck, Profile
from coach.i18n import Line
from coach.services.library import Library
from coach.services.ports import Store, StoreError
from coach.services.topic import Topic


class Safety:
    """The profile: read on first use, kept at once whenever it changes.

    A `night` is named by its evening’s date (see domain.night): what was left out for it is back the next.
    """

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library
        self._profile: Profile | None = None
        self._repairs: list[Line] = []
        self.changed: Topic[Profile] = Topic()
        self.notices: Topic[Line] = Topic()

    @property
    def profile(self) -> Profile:
        """What is known now."""
        if self._profile is None:
            values, damaged = self._store.load()
            self._profile, wrong = rules.restored(values)
            self._repairs = [*([damaged] if damaged else []), *wrong]
        return self._profile

    @property
    def repairs(self) -> Sequence[Line]:
        """What was wrong in the stored profile, for saying so once."""
        _loaded = self.profile
        return tuple(self._repairs)

    # ---------------------------------------------------------------- what follows from it

    def decide(self, exercise: Exercise, night: date) -> Decision:
        """What becomes of one exercise, for looking at; massage is shown before it was asked about."""
        return rules.decide(exercise, self._as_answered(), self._library.exercises(), tonight=night)

    def adapt(self, plan: Plan, night: date, *, massage_is_fine: bool = False) -> Adapted:
        """The plan as this person does it in that night.

        `massage_is_fine` stands for an answer given for this once and not kept; it never overrules a warning
        sign that was ticked.
        """
        profile = self._as_answered() if massage_is_fine else self.profile
        return rules.adapt(plan, profile, self._library.exercises(), tonight=night)

    def as_done(self, plan: Plan, night: date) -> Plan:
        """The plan for showing what will be done; massage counts as if its questions were answered with no.

        A plan of which nothing is left stands as it is until it is begun.
        """
        adapted = self.adapt(plan, night, massage_is_fine=True)
        return plan if adapted.is_empty else adapted.plan

    def needs_massage_check(self, plan: Plan) -> bool:
        """Whether the questions before the first massage have to be asked before this plan."""
        return rules.needs_massage_check(plan, self.profile, self._library.exercises())

    def _as_answered(self) -> Profile:
        """The profile as if the questions that were not asked yet had all been answered with no."""
        if self.profile.massage is MassageCheck.NOT_ASKED:
            return replace(self.profile, massage=MassageCheck.CLEAR)
        return self.profile

    # ---------------------------------------------------------------- what the person says

    def set_flag(self, flag: Flag, on: bool) -> None:
        """Tick or untick; where it is goes with the last tick that needs it."""
        flags = self.profile.flags | {flag} if on else self.profile.flags - {flag}
        regions = self.profile.regions if flags & rules.REGIONAL else frozenset[Region]()
        self._keep(replace(self.profile, flags=flags, regions=regions))

    def set_region(self, region: Region, on: bool) -> None:
        """Say where a surgery or injury is, or is not."""
        regions = self.profile.regions | {region} if on else self.profile.regions - {region}
        self._keep(replace(self.profile, regions=regions))

    def keep(self, exercise_id: str, on: bool) -> None:
        """“My clinician gave me this”: the move stays whatever is ticked."""
        kept = self.profile.kept | {exercise_id} if on else self.profile.kept - {exercise_id}
        self._keep(replace(self.profile, kept=kept))

    def leave_out(self, exercise_id: str, night: date | None = None) -> None:
        """Leave a move out, for that night or, without one, always."""
        profile = self.profile
        if night is not None:
            before = profile.tonight_out if profile.tonight == night else frozenset[str]()
            self._keep(replace(profile, tonight=night, tonight_out=before | {exercise_id}))
        else:
            self._keep(replace(profile, left_out=profile.left_out | {exercise_id}))

    def bring_back(self, exercise_id: str) -> None:
        """Take a move in again that was left out."""
        profile = self.profile
        self._keep(
            replace(
                profile,
                left_out=profile.left_out - {exercise_id},
                tonight_out=profile.tonight_out - {exercise_id},
            )
        )

    def answer_massage(self, clear: bool) -> None:
        """How the questions before the first massage were answered; they can be answered again."""
        answer = MassageCheck.CLEAR if clear else MassageCheck.FLAGGED
        self._keep(replace(self.profile, massage=answer))

    def set_asked(self) -> None:
        """The ticks were seen and are as they should be."""
        self._keep(replace(self.profile, asked=True))

    def _keep(self, profile: Profile) -> None:
        if profile == self.profile:
            return
        self._profile = profile
        self.changed.publish(profile)
        try:
            self._store.save(rules.stored(profile))
        except StoreError as error:
            self.notices.publish(error.line)
