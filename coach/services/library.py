"""The plans and exercises the user can choose from, and how to find one by name.

It leaves out files and everything that happens once a plan runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from coach.domain import plan as plan_rules
from coach.domain import timeline as timeline_rules
from coach.domain.exercise import Exercise
from coach.domain.plan import Plan
from coach.domain.timeline import Timeline
from coach.i18n import N_, Line
from coach.services.ports import ExerciseSource, PlanFileError, PlanSource, Problem


class NotFoundError(Exception):
    """Nothing has that name; `line` says so and names the nearest one."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.template)
        self.line = line


class Library:
    """Everything there is to do, read on first use."""

    def __init__(self, exercises: ExerciseSource, plans: PlanSource) -> None:
        self._exercise_source = exercises
        self._plan_source = plans
        self._exercises: Mapping[str, Exercise] | None = None
        self._shipped: Sequence[Plan] | None = None

    def exercises(self) -> Mapping[str, Exercise]:
        """All exercises by id."""
        if self._exercises is None:
            self._exercises = self._exercise_source.exercises()
        return self._exercises

    def exercise(self, word: str) -> Exercise:
        """The exercise with this id. Raises NotFoundError."""
        found = self.exercises().get(word)
        if found is None:
            raise NotFoundError(
                _unknown(
                    word,
                    plan_rules.nearest(word, self.exercises()),
                    N_("There is no exercise called “{word}”."),
                    N_("There is no exercise called “{word}”. Did you mean “{near}”?"),
                )
            )
        return found

    def plans(self) -> tuple[list[Plan], Sequence[Problem]]:
        """The user's plans, then the shipped ones they do not replace; and what is wrong with the rest."""
        if self._shipped is None:
            self._shipped = self._plan_source.shipped()
        mine, wrong = self._plan_source.mine()
        taken = {plan.id for plan in mine}
        return [*mine, *(plan for plan in self._shipped if plan.id not in taken)], wrong

    def find(self, word: str) -> Plan:
        """The plan with this id, or in the file of this name. Raises NotFoundError or PlanFileError."""
        plans, wrong = self.plans()
        for plan in plans:
            if plan.id == word:
                return plan
        broken = [one for one in wrong if one.path.name.split(".")[0] == word]
        if broken:
            raise PlanFileError(broken)
        if "/" in word or "\\" in word or word.endswith(".toml"):
            return self.load(Path(word))
        raise NotFoundError(
            _unknown(
                word,
                plan_rules.nearest(word, [plan.id for plan in plans]),
                N_("There is no plan called “{word}”. “coach plans list” shows them all."),
                N_("There is no plan called “{word}”. Did you mean “{near}”?"),
            )
        )

    def load(self, path: Path) -> Plan:
        """The plan in a file. Raises PlanFileError with every problem in it."""
        return self._plan_source.load(path)

    def can_run(self, plan: Plan) -> bool:
        """Whether everything in a plan that was stored earlier is still there."""
        return not plan_rules.problems(plan, self.exercises())

    def timeline(self, plan: Plan) -> Timeline:
        """The plan laid out in time."""
        return timeline_rules.build(plan, self.exercises())


def _unknown(word: str, near: str | None, plain: str, suggesting: str) -> Line:
    if near is None:
        return Line(plain, (("word", word),))
    return Line(suggesting, (("word", word), ("near", near)))
