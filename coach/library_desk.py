"""The library behind the window: its page's intentions become trials, plans and choices about a move.

It leaves out the page itself, what suits whom (see services.safety) and the session that follows.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.compose import Core
from coach.domain.exercise import Exercise
from coach.domain.night import ONE_MOVE, night_of
from coach.domain.plan import Plan, Step
from coach.i18n import _
from coach.services.ports import Time
from coach.ui.library_page import LibraryPage
from coach.ui.library_words import library_view
from coach.ui.tonight_page import Pictures


class LibraryDesk:
    """Shows all exercises. `lead` begins a session, `add` puts a move into a plan."""

    def __init__(
        self,
        core: Core,
        clock: Time,
        pictures: Pictures,
        *,
        lead: Callable[[Plan], None],
        add: Callable[[str], None],
        ask_massage: Callable[[], None],
    ) -> None:
        self._core = core
        self._clock = clock
        self._lead = lead
        page = LibraryPage(pictures)
        page.try_asked.connect(self._try)
        page.add_asked.connect(add)
        page.leave_out_asked.connect(self._leave_out)
        page.keep_asked.connect(core.safety.keep)
        page.bring_back_asked.connect(core.safety.bring_back)
        page.massage_check_asked.connect(ask_massage)
        core.safety.changed.subscribe(lambda _profile: self.show())
        self.page = page

    def show(self) -> None:
        """Draw the library for this person and this night."""
        night = night_of(self._clock.now())
        safety = self._core.safety
        self.page.show_library(
            library_view(
                self._exercises().values(),
                lambda exercise: safety.decide(exercise, night),
                safety.profile,
                night,
            )
        )

    def _exercises(self) -> dict[str, Exercise]:
        """Those of the app, and those that the user's plans bring along: about these too one can decide."""
        plans, _wrong = self._core.library.plans()
        own = {one.id: one for plan in plans for one in plan.exercises}
        return {**own, **self._core.library.exercises()}

    def _try(self, exercise_id: str) -> None:
        exercise = self._exercises()[exercise_id]
        own = (exercise,) if exercise.own else ()
        self._lead(Plan(ONE_MOVE, _(exercise.name), (Step(exercise.id),), exercises=own))

    def _leave_out(self, exercise_id: str, tonight: bool) -> None:
        self._core.safety.leave_out(exercise_id, night_of(self._clock.now()) if tonight else None)
