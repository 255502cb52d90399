"""The plans and exercises the user can choose from, and how to find one by name.

It leaves out files and everything that happens once a plan runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from coach.domain import plan as plan_rules
from coach.domain import timeline as timeline_rules
from coach.domain.exercise import Exercise
from coach.domain.night import CRAMP
from coach.domain.plan import Plan
from coach.domain.timeline import Manner, Timeline
from coach.i18n import N_, Line, render
from coach.services.ports import ExerciseSource, PlanFileError, PlanSource, Preview, Problem, StoreError

# The seated hamstring shows best what an evening of stretching looks like (DESIGN 8).
COVER = "ham_floor"


class NotFoundError(Exception):
    """Nothing has that name; `line` says so and names the nearest one."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.template)
        self.line = line


class Library:
    """Everything there is to do, read on first use."""

    def __init__(
        self, exercises: ExerciseSource, plans: PlanSource, manner: Callable[[], Manner] = Manner
    ) -> None:
        """`manner` is asked anew for every lay-out: how this person is led."""
        self._exercise_source = exercises
        self._plan_source = plans
        self._exercises: Mapping[str, Exercise] | None = None
        self._shipped: Sequence[Plan] | None = None
        self._manner = manner
        self._seconds: dict[str, tuple[Plan, Manner, float]] = {}

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
        mine, wrong = self._plan_source.mine()
        taken = {plan.id for plan in mine}
        return [*mine, *(plan for plan in self._all_shipped() if plan.id not in taken)], wrong

    def _all_shipped(self) -> Sequence[Plan]:
        if self._shipped is None:
            self._shipped = self._plan_source.shipped()
        return self._shipped

    def find(self, word: str) -> Plan:
        """The plan with this id, or in the file of this name. Raises NotFoundError or PlanFileError."""
        mine, wrong = self._plan_source.mine()
        for plan in mine:
            if plan.id == word:
                return plan
        shipped = self.shipped_plan(word)
        if shipped is not None:
            return shipped
        broken = [one for one in wrong if one.path.name.split(".")[0] == word]
        if broken:
            raise PlanFileError(broken)
        if "/" in word or "\\" in word or word.endswith(".toml"):
            return self.load(Path(word))
        raise NotFoundError(
            _unknown(
                word,
                plan_rules.nearest(word, [plan.id for plan in self.plans()[0]]),
                N_("There is no plan called “{word}”. “coach plans list” shows them all."),
                N_("There is no plan called “{word}”. Did you mean “{near}”?"),
            )
        )

    def tonights(self, chosen: str, usual: str) -> tuple[Plan, Line | None]:
        """The plan chosen for tonight; when it is gone or broken the usual one, and why in a sentence.

        Raises NotFoundError or PlanFileError, about the chosen one, when neither can be had.
        """
        try:
            return self.find(chosen), None
        except (NotFoundError, PlanFileError) as error:
            try:
                plan = self.find(usual)
            except (NotFoundError, PlanFileError):
                raise error from None
        sentence = N_("The plan “{name}” is not there any more. “{other}” takes its place.")
        return plan, Line(sentence, (("name", chosen), ("other", plan.name)))

    def load(self, path: Path) -> Plan:
        """The plan in a file. Raises PlanFileError with every problem in it."""
        return self._plan_source.load(path)

    def can_run(self, plan: Plan) -> bool:
        """Whether everything in a plan that was stored earlier is still there."""
        return not plan_rules.problems(plan, self.exercises())

    def exercises_of(self, plan: Plan) -> Mapping[str, Exercise]:
        """All exercises a plan may name: those of the app and its own."""
        return plan_rules.known_to(plan, self.exercises())

    def timeline(self, plan: Plan) -> Timeline:
        """The plan laid out in time, as this person is led; what helps right now waits for nobody."""
        manner = self._manner()
        if plan.id == CRAMP:
            manner = replace(manner, setup=1.0)
        return timeline_rules.build(plan, self.exercises(), manner)

    def cover(self, plan: Plan) -> str:
        """The figure that stands for a plan; empty for one of own exercises only."""
        known = self.exercises_of(plan)
        figures = [known[step.exercise].figure or "" for step in plan.steps]
        return COVER if COVER in figures else next(filter(None, figures), "")

    def seconds(self, plan: Plan) -> float:
        """How long a plan takes; untimed steps count as nothing."""
        manner = self._manner()
        known = self._seconds.get(plan.id)
        if known is None or known[0] is not plan or known[1] != manner:
            known = self._seconds[plan.id] = (plan, manner, self.timeline(plan).seconds)
        return known[2]

    def picture_of(self, plan: Plan, exercise: Exercise) -> Path | None:
        """The picture of a plan's own exercise, if it has one that can be shown."""
        return self._plan_source.picture(plan, exercise)

    # ---------------------------------------------------------------- plans of one's own

    def own_ids(self) -> frozenset[str]:
        """The ids of the user's plans, of their own making or changed ones of the app's."""
        return frozenset(plan.id for plan in self._plan_source.mine()[0])

    def is_mine(self, plan_id: str) -> bool:
        """Whether the user has a plan with this id; of many plans at once ask `own_ids`."""
        return plan_id in self.own_ids()

    def is_changed(self, plan_id: str) -> bool:
        """Whether this is the user's version of a plan that ships."""
        return self.shipped_plan(plan_id) is not None and self.is_mine(plan_id)

    def shipped_plan(self, plan_id: str) -> Plan | None:
        """The plan as it ships, whatever the user made of it."""
        return self._plan_source.shipped_plan(plan_id)

    def new_id(self, name: str) -> str:
        """An id for a new plan of this name, that no plan has yet."""
        taken = {plan.id.lower() for plan in self.plans()[0]}
        base = plan_rules.slug(name)
        word, number = base, 1
        while word in taken:
            number += 1
            word = f"{base}-{number}"
        return word

    def save(self, plan: Plan) -> None:
        """Keep a plan as the user's own; of a plan that ships this is the user's version.

        What was kept under its id before goes into the backups. Raises StoreError, also for a plan that
        cannot run.
        """
        for number, line in plan_rules.problems(plan, self.exercises()):
            if number is None:
                raise StoreError(line)
            fields = (("number", str(number + 1)), ("reason", render(line)))
            raise StoreError(Line(N_("Step {number} is not right yet. {reason}"), fields))
        self._plan_source.save(plan)

    def remove(self, plan_id: str) -> None:
        """Move a plan of the user's own into the backups. Raises NotFoundError or StoreError."""
        if not self.is_mine(plan_id):
            raise NotFoundError(
                Line(N_("“{word}” is no plan of yours: there is nothing to remove."), (("word", plan_id),))
            )
        self._plan_source.remove(plan_id)

    def restore(self, plan_id: str) -> Plan:
        """The plan as it was: a changed one as it ships, a removed one as it was last.

        The user's version of a plan that ships goes into the backups. Raises NotFoundError or StoreError.
        """
        original = self.shipped_plan(plan_id)
        if original is not None:
            self._plan_source.remove(plan_id)
            return original
        if self.is_mine(plan_id):
            raise NotFoundError(
                Line(N_("“{word}” is your own plan, not a changed one of the app’s."), (("word", plan_id),))
            )
        found = self._plan_source.bring_back(plan_id)
        if found is None:
            return self.find(plan_id)  # it is none at all: say which one may be meant
        return found

    # ---------------------------------------------------------------- files

    def preview(self, path: Path) -> Preview:
        """What is in a file that could be brought in. Raises PlanFileError with every problem in it."""
        found = self._plan_source.preview(path)
        taken = {plan.id for plan in self.plans()[0]}
        others = tuple(replace(one, exists=one.plan.id in taken) for one in found.others)
        return replace(found, exists=found.plan.id in taken, others=others)

    def beside(self, preview: Preview) -> Preview:
        """The same plan under an id that is free, so that nothing is replaced."""
        plan = replace(preview.plan, id=self.new_id(preview.plan.name))
        return replace(preview, plan=plan, exists=False)

    def bring_in(self, preview: Preview, *, replace: bool) -> Plan:
        """Keep a previewed plan as the user's own. Its `others` are brought in one by one.

        A plan with its id is replaced only with `replace`, and goes into the backups. Raises StoreError.
        """
        if not replace and any(plan.id == preview.plan.id for plan in self.plans()[0]):
            fields = (("name", preview.plan.name),)
            raise StoreError(Line(N_("There is a plan “{name}” already. Nothing was replaced."), fields))
        return self._plan_source.bring_in(preview)

    def export(self, plan_id: str, path: Path) -> Path:
        """Write a plan (its id or its file) into one file for others, and say which; with pictures a zip.

        Raises NotFoundError, PlanFileError or StoreError.
        """
        return self._plan_source.export(self.find(plan_id), path)


def _unknown(word: str, near: str | None, plain: str, suggesting: str) -> Line:
    if near is None:
        return Line(plain, (("word", word),))
    return Line(suggesting, (("word", word), ("near", near)))
