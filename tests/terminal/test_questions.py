"""Before the first massage the terminal asks."""

from __future__ import annotations

from io import StringIO

import pytest

from coach.domain.profile import AREA_QUESTIONS, HELP_QUESTIONS
from coach.i18n import render
from coach.terminal.questions import UNANSWERED, ask_before_massage


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
