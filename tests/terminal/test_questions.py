"""Before the first massage the terminal asks, and every change of a plan is said with its reason."""

from __future__ import annotations

from io import StringIO

import pytest

from coach.domain.exercise import Flag
from coach.domain.plan import Plan
from coach.domain.profile import AREA_QUESTIONS, HELP_QUESTIONS, Adapted, Decision, Verdict
from coach.i18n import Line, render
from coach.terminal.questions import UNANSWERED, ask_before_massage, in_words, nothing_left
from tests.script import CALF, HAM


@pytest.mark.parametrize(
    ("typed", "clear"),
    [("no\n", True), ("N\n", True), ("yes\n", False), ("y\n", False), ("perhaps\nno\n", True), ("", None)],
)
def test_a_warning_sign_takes_massage_out_and_no_answer_leaves_it_open(
    typed: str, clear: bool | None
) -> None:
    assert ask_before_massage(StringIO(typed), StringIO()) is clear


def test_every_warning_sign_is_read_out_before_the_answer() -> None:
    out = StringIO()
    ask_before_massage(StringIO("no\n"), out)
    for text in (*HELP_QUESTIONS, *AREA_QUESTIONS):
        assert text in out.getvalue()
    assert "massage out" not in out.getvalue()


def test_a_yes_says_what_to_do() -> None:
    out = StringIO()
    ask_before_massage(StringIO("yes\n"), out)
    assert "have somebody look at it" in out.getvalue()


def test_who_cannot_answer_is_told_how_to() -> None:
    assert "--yes" in render(UNANSWERED)


def test_changes_are_said_with_their_reason() -> None:
    why = Line("You ticked something.")
    swapped = Decision(CALF, Verdict.SWAPPED, HAM, why, Flag.BALANCE)
    assert render(in_words(swapped)) == "Calf stretch becomes Hamstring. You ticked something."
    assert render(in_words(Decision(CALF, Verdict.LIGHTER, CALF, why))) == (
        "Calf stretch is lighter. You ticked something."
    )
    assert render(in_words(Decision(CALF, Verdict.HIDDEN, None, why))) == (
        "Calf stretch is left out. You ticked something."
    )


def test_a_plan_of_which_nothing_is_left_names_the_reason_and_a_way_on() -> None:
    adapted = Adapted(Plan("p", "Rubbing", ()), (Decision(CALF, Verdict.HIDDEN, None, Line("Because.")),))
    said = render(nothing_left(adapted))
    assert "“Rubbing”" in said and "Because." in said and "coach run breathing" in said
    assert "“Empty”" in render(nothing_left(Adapted(Plan("p", "Empty", ()))))
