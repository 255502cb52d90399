"""What keeps a plan from running, said in sentences."""

from __future__ import annotations

import pytest

from coach.domain.exercise import Posture, Side
from coach.domain.plan import Extra, Plan, Step, nearest, problems
from coach.i18n import render
from tests.script import EXERCISES, plan


def sentences(made: Plan) -> list[str]:
    return [render(line) for _step, line in problems(made, EXERCISES)]


def test_a_good_plan_has_no_problems() -> None:
    assert sentences(plan("calf", Step("ham", posture=Posture.BED, extra=Extra(Side.LEFT, 10)))) == []


def test_an_empty_plan_says_what_to_add() -> None:
    assert sentences(plan()) == ["The plan has no steps. Add at least one exercise."]


def test_too_many_steps_are_named() -> None:
    assert "more than 1,000 steps" in sentences(plan(*["calf"] * 1001))[0]


def test_the_nearest_exercise_is_suggested() -> None:
    assert sentences(plan("calv")) == ["There is no exercise called “calv”. Did you mean “calf”?"]
    assert sentences(plan("xyz")) == ["There is no exercise called “xyz”."]
    assert nearest("zzz", []) is None


@pytest.mark.parametrize("seconds", [0, 4, 1801, 10_000, -5])
def test_impossible_holds_are_refused_with_the_limits(seconds: int) -> None:
    assert sentences(plan(Step("calf", seconds=seconds))) == [
        f"A hold of {seconds} seconds is not possible. Allowed: 5 to 1800."
    ]


def test_every_limit_has_its_sentence() -> None:
    found = sentences(
        plan(
            Step("calf", sides=(), rounds=11, rest=121, extra=Extra(Side.LEFT, 1801), posture=Posture.BED),
            Step("calf", sides=(Side.LEFT, Side.LEFT), rounds=0, rest=-1, extra=Extra(Side.LEFT, -1)),
            rest=121,
        )
    )
    assert found == [
        "The rest between steps must be 0 to 120 seconds.",
        "“Calf stretch” cannot be done in the position bed. Allowed: standing.",
        "The sides must be “left”, “right” or “both”.",
        "The rounds must be 1 to 10.",
        "The rest between rounds must be 0 to 120 seconds.",
        "The extra seconds must be 0 to 1800.",
        "The sides must be “left”, “right” or “both”.",
        "The rounds must be 1 to 10.",
        "The rest between rounds must be 0 to 120 seconds.",
        "The extra seconds must be 0 to 1800.",
    ]


def test_sides_have_words_and_an_other_side() -> None:
    assert (Side.LEFT.other, Side.RIGHT.other) == (Side.RIGHT, Side.LEFT)
    assert (Side.LEFT.word, Side.RIGHT.word) == ("left", "right")
    assert (Side.LEFT.leg, Side.RIGHT.leg) == ("Left leg", "Right leg")
