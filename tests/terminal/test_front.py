"""The session in plain text."""

from __future__ import annotations

import io

import pytest

from coach.domain.plan import Step
from coach.domain.session import Input, Phase, Session
from coach.i18n import Line
from coach.terminal.front import TerminalFront, intention
from tests.script import play, timeline


def lines(front_out: io.StringIO) -> list[str]:
    return front_out.getvalue().splitlines()


def shown(session: Session, script: str, *moments: float, captions: bool = True) -> list[str]:
    out = io.StringIO()
    front = TerminalFront(out, live=False, captions=captions)
    play(session, script, until="0:00")
    for at in moments:
        session.advance(at)
        front.show(session.snapshot(at))
    return lines(out)


def test_the_first_line_names_the_plan_and_its_length() -> None:
    out = io.StringIO()
    TerminalFront(out, live=False).begin("Five stretches", 444)
    TerminalFront(out, live=True).begin("Short", 20)
    assert lines(out)[:2] == ["Five stretches, 7 minutes.", "Short, 1 minute."]
    assert "Space pauses" in lines(out)[2]


def test_every_segment_and_every_caption_has_its_line() -> None:
    session = Session(timeline(Step("calf", rounds=2, rest=5), Step("breath", wait=True)))
    out = io.StringIO()
    front = TerminalFront(out, live=False)
    session.feed(Input.START, 0.0)
    front.show(session.snapshot(0.0))
    while (deadline := session.deadline()) is not None and session.clock(deadline) < 220:
        session.advance(deadline)
        front.show(session.snapshot(deadline))
    text = lines(out)
    assert text[:3] == [
        "[1/2] Get ready: Calf stretch, left leg",
        "  “Calf stretch. Left leg.”",
        "  “Step your left leg back.”",
    ]
    for part in (
        "[1/2] Hold: Calf stretch, left leg, 30 s",
        "[1/2] Switch: Calf stretch, right leg",
        "[1/2] Rest",
        "[2/2] In your own time: Breathing. Space goes on.",
    ):
        assert part in text


def test_captions_can_be_off() -> None:
    assert shown(Session(timeline("calf")), "", 0.0, captions=False) == [
        "[1/1] Get ready: Calf stretch, left leg"
    ]


def test_pausing_and_leaving_say_what_goes_on() -> None:
    session = Session(timeline(Step("calf", seconds=90)))
    play(session, "1:30 pause\n1:31 ask_leave", until="1:31")
    out = io.StringIO()
    TerminalFront(out, live=False).show(session.snapshot(91))
    assert lines(out)[0] == "  Calf stretch, left leg: 70 s"
    assert "F forgets it" in lines(out)[1]
    session.feed(Input.LEAVE, 92)
    TerminalFront(out, live=False).show(session.snapshot(92))
    assert "Good night." in lines(out)


def test_under_a_minute_it_says_that_nothing_is_kept() -> None:
    session = Session(timeline("breath"))
    play(session, "0:30 ask_leave", until="0:30")
    out = io.StringIO()
    TerminalFront(out, live=False).show(session.snapshot(30))
    assert lines(out)[0] == "  Breathing: 22 s"
    assert "Under a minute is not kept" in lines(out)[1]


def test_a_pause_is_said() -> None:
    session = Session(timeline("calf"))
    play(session, "0:30 pause", until="0:30")
    out = io.StringIO()
    TerminalFront(out, live=False).show(session.snapshot(30))
    assert "countdown waits" in lines(out)[0]


def test_on_a_terminal_one_line_counts() -> None:
    session = Session(timeline("calf"))
    play(session, until="0:30")
    out = io.StringIO()
    front = TerminalFront(out, live=True)
    for at in (30.0, 30.05, 31.0):
        front.show(session.snapshot(at))
    front.notice(Line("The voice is gone."))
    session.feed(Input.PAUSE, 32)
    front.show(session.snapshot(32))
    session.feed(Input.RESUME, 33)
    front.show(session.snapshot(33.5))
    front.ask("Your session stopped at: calf.")
    front.end()
    written = out.getvalue()
    assert written.count("Left leg  20 ") == 1 and written.count("Left leg  19 ") == 1
    assert "(The voice is gone.)" in written and "paused" in written and "Left leg  3 " in written
    front.end()


def test_waiting_is_shown_in_words() -> None:
    session = Session(timeline("breath"), waits=True)
    play(session, until="0:05")
    out = io.StringIO()
    TerminalFront(out, live=True).show(session.snapshot(5))
    assert "Breathing  waits for you" in out.getvalue()


@pytest.mark.parametrize(
    ("key", "given"),
    [
        (" ", Input.PAUSE),
        ("\x1b[C", Input.SKIP),
        ("\x1b[D", Input.BACK),
        ("+", Input.ADD),
        ("V", Input.VOICE),
        ("q", Input.ASK_LEAVE),
        ("\x1b", Input.ASK_LEAVE),
        ("w", Input.WAIT_FOR_ME),
        ("x", None),
        ("\r", None),
    ],
)
def test_keys_mean_what_the_first_lines_say(key: str, given: Input | None) -> None:
    session = Session(timeline("calf"))
    play(session, until="0:30")
    assert intention(key, session.snapshot(30)) is given


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("\r", Input.LEAVE),
        ("\n", Input.LEAVE),
        (" ", Input.STAY),
        ("\x1b", Input.STAY),
        ("f", Input.FORGET),
        ("x", None),
    ],
)
def test_leaving_takes_its_own_keys(key: str, given: Input | None) -> None:
    session = Session(timeline("calf"))
    play(session, "0:30 ask_leave", until="0:31")
    assert session.phase is Phase.LEAVING
    assert intention(key, session.snapshot(31)) is given


def test_w_goes_back_to_counting() -> None:
    session = Session(timeline("calf"), waits=True)
    play(session, until="0:05")
    assert intention("w", session.snapshot(5)) is Input.COUNT_FOR_ME
