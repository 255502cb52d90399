"""Finding plans and exercises by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coach.domain.plan import Plan
from coach.i18n import Line, render
from coach.services.library import Library, NotFoundError
from coach.services.ports import PlanFileError, Problem
from tests.fakes import FakeExercises, FakePlans
from tests.script import EXERCISES, plan

BEDTIME = replace(plan("calf", "ham"), id="bedtime", name="Bedtime")
MINE = replace(plan("quad"), id="mine", name="Mine")


def library(*, mine: tuple[Plan, ...] = (), wrong: tuple[Problem, ...] = ()) -> Library:
    return Library(FakeExercises(EXERCISES), FakePlans([BEDTIME], mine, wrong))


def test_my_plans_come_first_and_replace_shipped_ones_of_the_same_name() -> None:
    changed = replace(BEDTIME, name="Bedtime, changed")
    plans, wrong = library(mine=(MINE, changed)).plans()
    assert [one.name for one in plans] == ["Mine", "Bedtime, changed"] and wrong == ()


def test_a_plan_is_found_by_its_name() -> None:
    assert library().find("bedtime") is BEDTIME
    assert library(mine=(MINE,)).find("mine") is MINE


def test_an_unknown_plan_suggests_the_nearest() -> None:
    with pytest.raises(NotFoundError) as caught:
        library().find("bedtme")
    assert render(caught.value.line) == "There is no plan called “bedtme”. Did you mean “bedtime”?"
    with pytest.raises(NotFoundError) as caught:
        library().find("xyz")
    assert "coach plans list" in render(caught.value.line)


def test_a_broken_plan_of_mine_says_what_is_wrong_instead() -> None:
    wrong = Problem(Path("/home/me/legs.toml"), 3, Line("A hold of 0 seconds is not possible."))
    with pytest.raises(PlanFileError) as caught:
        library(wrong=(wrong,)).find("legs")
    assert caught.value.problems == (wrong,)


def test_a_path_is_loaded_as_a_file() -> None:
    plans = FakePlans([BEDTIME])
    plans.files[Path("here/legs.toml")] = MINE
    found = Library(FakeExercises(EXERCISES), plans)
    assert found.find("here/legs.toml") is MINE
    with pytest.raises(PlanFileError):
        found.find("legs.toml")
    with pytest.raises(PlanFileError):
        found.find("c:\\legs")


def test_exercises_are_found_or_the_nearest_is_named() -> None:
    assert library().exercise("calf").id == "calf"
    with pytest.raises(NotFoundError, match="near"):
        library().exercise("calve")


def test_a_plan_is_laid_out_with_the_known_exercises() -> None:
    assert library().timeline(BEDTIME).steps == 2


def test_a_plan_whose_exercise_is_gone_cannot_run() -> None:
    assert library().can_run(BEDTIME)
    assert not library().can_run(plan("gone"))
