"""The words of leaving count what was done before a break-off too."""

from __future__ import annotations

from coach.domain.session import Session
from coach.ui.session_words import ending, leaving_lead
from tests.script import play, timeline


def test_a_session_that_goes_on_counts_the_minutes_from_before() -> None:
    session = Session(timeline("calf"), held_before=150)
    play(session, "0:05 ask_leave", until="0:05")
    assert leaving_lead(session.snapshot(5)).startswith("Two minutes are a session too.")


def test_a_session_of_less_than_a_minute_is_not_scolded() -> None:
    session = Session(timeline("calf"))
    play(session, "0:05 ask_leave", until="0:05")
    moment = session.snapshot(5)
    assert "That is all right." in leaving_lead(moment)
    assert ending(moment, forgotten=False) == "Nothing was kept in your journal."
