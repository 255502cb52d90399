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
        ("x", Input.DROP),
        ("y", None),
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


# ---------------------------------------------------------------- strokes, breaths, presses


def whole(name: str, until: float) -> list[str]:
    """The lines of a session up to a second, drawn ten times a second, without captions."""
    session = Session(timeline(name))
    out = io.StringIO()
    front = TerminalFront(out, live=False, captions=False)
    session.feed(Input.START, 0.0)
    for tenth in range(round(until * 10)):
        session.advance(tenth / 10)
        front.show(session.snapshot(tenth / 10))
    return lines(out)


def counting(name: str, at: float) -> str:
    """The line that counts, at a second."""
    session = Session(timeline(name))
    play(session, until="0:00")
    out = io.StringIO()
    while (deadline := session.deadline()) is not None and deadline <= at:
        session.advance(deadline)
    TerminalFront(out, live=True, captions=False).show(session.snapshot(at))
    return out.getvalue().split("\x1b[K")[-1].split("    ")[0]


def test_strokes_are_told_every_ten_seconds_and_not_each() -> None:
    told = whole("glide", 98)
    assert told[:2] == ["[1/1] Get ready: Calf glide, left leg", "[1/1] Calf glide, left leg, 90 s"]
    assert told[2:] == [f"  Both sides: stroke {n} of 12" for n in (1, 2, 3, 5, 6, 7, 9, 10, 11)]


def test_breaths_are_told_every_ten_seconds() -> None:
    told = whole("slow", 60)
    assert told[1:] == ["[1/1] Slow breaths, 90 s", *(f"  breath {n} of 9" for n in range(1, 7))]


def test_each_press_and_each_rest_is_told() -> None:
    assert whole("spot", 95)[2:] == [
        "  press 1 of 3, 30 s",
        "  let go, 10 s",
        "  press 2 of 3, 30 s",
        "  let go, 10 s",
        "  press 3 of 3, 30 s",
    ]


def test_tensing_letting_go_and_places_are_told() -> None:
    assert whole("letgo", 60)[2:] == [
        "  Shins: tense gently, 5 s",
        "  Shins: let go, 15 s",
        "  Shins: tense gently, 5 s",
        "  Shins: let go, 15 s",
        "  Calves: 20 s",
    ]


@pytest.mark.parametrize(
    ("name", "at", "line"),
    [
        ("glide", 25.0, "Left leg  stroke 3 of 12"),
        ("slow", 9.5, "Slow breaths  breathe in 2  breath 1 of 9"),
        ("slow", 25.0, "Slow breaths  breathe out 4  breath 2 of 9"),
        ("spot", 10.0, "Left leg  press 1 of 3, 28"),
        ("spot", 40.0, "Left leg  let go, 8"),
        ("letgo", 10.0, "Tense, let go  Shins: tense gently, 3"),
        ("letgo", 15.0, "Tense, let go  Shins: let go, 13"),
        ("letgo", 50.0, "Tense, let go  Calves: 18"),
        ("calf", 30.0, "Left leg  20"),
    ],
)
def test_on_a_terminal_the_line_counts_in_the_rhythm_of_the_exercise(name: str, at: float, line: str) -> None:
    assert counting(name, at) == line


def test_a_pause_in_a_massage_counts_in_seconds_again() -> None:
    session = Session(timeline("glide"))
    play(session, "0:25 pause\n0:30 resume", until="0:31")
    out = io.StringIO()
    TerminalFront(out, live=True, captions=False).show(session.snapshot(31))
    assert "Left leg  2 " in out.getvalue()
