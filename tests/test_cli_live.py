"""Commands that the running app carries out: they reach it, come back with its words, or are done here.

The app is a fake that notes what it was asked for; sockets, processes and the command line are real.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from coach import app, cli, cli_live, cli_remind, compose
from coach.cli_live import HERE, LIVE_WORDS, answer, first_word, hand_over
from coach.desktop.single_instance import Instance, InstanceError, Reply, Request
from coach.domain.evening import Slot, with_own
from coach.domain.plan import Plan
from coach.domain.session import Input
from coach.i18n import Line
from coach.live import Door, ElsewhereError, Live
from coach.paths import locate
from coach.services.evenings import Evenings

ROOT = Path(__file__).parents[1]
PEER = Path(__file__).with_name("desktop") / "instance_peer.py"
LEGS = 'format = 1\nname = "Legs"\n[[steps]]\nexercise = "calf_wall"\n'
SESSION: dict[str, object] = {
    "plan": "bedtime",
    "exercise": "calf_wall",
    "side": "left",
    "kind": "hold",
    "left": 23,
    "paused": False,
}


class FakeLive:
    """The running app as commands know it; `does` are the inputs that mean something just now."""

    def __init__(self, folder: Path) -> None:
        self.core = compose.build(locate(folder))
        self.asked: list[tuple[object, ...]] = []
        self.session: dict[str, object] | None = None
        self.does: set[Input] = set()
        self.no: Line | None = None
        self.rule = "stretch"
        self.kept = cli_remind._alone(self.core, cli_remind._clock())

    @property
    def evenings(self) -> Evenings:
        return self.kept

    def open(self, token: str) -> Line | None:
        self.asked.append(("open", token))
        return self.no

    def open_file(self, path: Path, token: str) -> Line | None:
        self.asked.append(("open file", path, token))
        return self.no

    def lead(self, plan: Plan, token: str) -> Line | None:
        self.asked.append(("lead", plan.id, token))
        return self.no

    def right_now(self, plan_id: str, token: str) -> Line | None:
        self.asked.append(("right now", plan_id, token))
        return self.no

    def status(self) -> dict[str, object]:
        due = {"rule": self.rule, "due": "2026-11-21T22:00:00+01:00"}
        return {"session": self.session, "next": due, "window": True}

    def send(self, given: Input) -> bool:
        self.asked.append(("send", given))
        if given in self.does and self.session is not None and given in (Input.PAUSE, Input.RESUME):
            self.session = self.session | {"paused": given is Input.PAUSE}
        return given in self.does

    def quit(self) -> None:
        self.asked.append(("quit",))


@pytest.fixture
def live(tmp_path: Path) -> FakeLive:
    return FakeLive(tmp_path)


def told(live: Live, *words: str, cwd: str | None = None) -> Reply:
    """What the running app answers to a command line."""
    return answer(cli.parser_of_words(), Request(words, cwd or str(Path.cwd()), "tok"), live)


# -------------------------------------------------------------------- the window


def test_a_second_start_brings_the_window_to_the_front(live: FakeLive) -> None:
    assert told(live) == Reply(0)
    assert live.asked == [("open", "tok")]


def test_a_second_start_in_the_background_has_nothing_to_do(live: FakeLive) -> None:
    assert told(live, "--background") == Reply(0)
    assert live.asked == []


def test_a_plan_file_is_meant_where_it_was_typed(live: FakeLive, tmp_path: Path) -> None:
    assert told(live, "mine/legs.stretchplan.toml", cwd=str(tmp_path)).code == 0
    assert told(live, "--data-dir", "x", "/else/where.ZIP", cwd=str(tmp_path)).code == 0
    assert [one[1] for one in live.asked] == [
        tmp_path / "mine" / "legs.stretchplan.toml",
        Path("/else/where.ZIP"),
    ]


def test_what_the_app_cannot_do_is_a_sentence_and_wrong(live: FakeLive) -> None:
    live.no = Line("A session is running in a terminal.")
    assert told(live) == Reply(1, err="A session is running in a terminal.\n")
    assert told(live, "now", "restless").code == told(live, "run").code == told(live, "a.toml").code == 1


# -------------------------------------------------------------------- sessions


def test_run_leads_the_plan_in_the_app(live: FakeLive, tmp_path: Path) -> None:
    (tmp_path / "legs.toml").write_text(LEGS, encoding="utf-8")
    for words in (("bedtime",), (), ("legs.toml",), ("./legs.toml", "--yes"), (str(tmp_path / "legs.toml"),)):
        assert told(live, "run", *words, cwd=str(tmp_path)) == Reply(0)
    chosen = live.core.preferences.settings.plan
    assert live.asked == [("lead", plan, "tok") for plan in ("bedtime", chosen, "legs", "legs", "legs")]


def test_a_plan_that_is_not_there_is_said_as_ever(live: FakeLive, tmp_path: Path) -> None:
    reply = told(live, "run", "bedtme")
    assert reply.code == 1 and "Did you mean “bedtime”?" in reply.err
    (tmp_path / "bad.toml").write_text("format = 1\n", encoding="utf-8")
    reply = told(live, "run", "./bad.toml", cwd=str(tmp_path))
    assert reply.code == 1 and str(tmp_path / "bad.toml") in reply.err
    assert live.asked == []


@pytest.mark.parametrize("words", [("--speed", "2"), ("--mute",), ("--events", "e.jsonl")])
def test_a_session_of_another_make_needs_an_app_of_its_own(live: FakeLive, words: tuple[str, ...]) -> None:
    reply = told(live, "run", "bedtime", *words)
    assert reply.code == 1 and "open already" in reply.err and "--data-dir" in reply.err
    assert live.asked == []


def test_the_terminal_leads_its_own_session_unless_one_is_running(live: FakeLive) -> None:
    assert told(live, "run", "--terminal").code == HERE
    live.session = SESSION
    reply = told(live, "run", "--terminal")
    assert reply.code == 1 and "coach stop" in reply.err


@pytest.mark.parametrize(("word", "plan"), [("cramp", "cramp-now"), ("restless", "restless-now")])
def test_help_for_right_now_begins_at_once(live: FakeLive, word: str, plan: str) -> None:
    assert told(live, "now", word) == Reply(0)
    assert live.asked == [("right now", plan, "tok")]


@pytest.mark.parametrize("words", [("now", "toothache"), ("now",), ("run", "--speed", "x"), ("dance",)])
def test_wrong_use_is_explained_to_whoever_typed_it(live: FakeLive, words: tuple[str, ...]) -> None:
    reply = told(live, *words)
    assert reply.code == 2 and "usage: coach" in reply.err and live.asked == []


def test_pause_resume_and_stop_drive_the_session(live: FakeLive) -> None:
    live.session, live.does = SESSION, {Input.PAUSE, Input.RESUME, Input.ASK_LEAVE, Input.LEAVE}
    assert [told(live, word).code for word in ("pause", "resume", "stop")] == [0, 0, 0]
    given = [one[1] for one in live.asked]
    assert given == [Input.PAUSE, Input.STAY, Input.RESUME, Input.ASK_LEAVE, Input.LEAVE]


def test_what_is_so_already_is_fine(live: FakeLive) -> None:
    live.session = SESSION | {"paused": True}
    assert told(live, "pause") == Reply(0)
    live.session = SESSION
    assert told(live, "resume") == Reply(0)


@pytest.mark.parametrize("word", ["pause", "resume", "stop"])
def test_without_a_session_there_is_nothing_to_drive(live: FakeLive, word: str) -> None:
    assert told(live, word) == Reply(1, err="There is no session just now.\n")
    assert live.asked == []


@pytest.mark.parametrize("word", ["pause", "resume", "stop"])
def test_what_does_not_fit_the_moment_is_a_sentence(live: FakeLive, word: str) -> None:
    live.session = SESSION | {"paused": word == "resume"}
    reply = told(live, word)
    assert reply.code == 1 and reply.err.endswith("at this moment.\n")


def test_the_status_is_said_in_words_or_as_data(live: FakeLive) -> None:
    assert (
        told(live, "status").out == "Stretch Coach is running.\nNext reminder: Stretch, 2026-11-21 22:00.\n"
    )
    live.session = SESSION | {"paused": True}
    assert "Wall calf stretch, left, 23 s left, paused.\n" in told(live, "status").out
    live.session = SESSION | {"exercise": "of-mine", "side": None, "left": None}
    assert "\nof-mine.\n" in told(live, "status").out
    data = json.loads(told(live, "status", "--json").out)
    assert data == {"running": True, **live.status()}


def test_the_next_reminder_has_the_name_the_user_gave_it(live: FakeLive) -> None:
    schedule, live.rule = with_own(live.evenings.schedule, "Foot bath", Slot(before=90))
    assert live.evenings.change(schedule) is None
    assert "Next reminder: Foot bath, 2026-11-21 22:00.\n" in told(live, "status").out
    live.rule = "own-99"  # taken away just now
    assert "Next reminder: own-99, " in told(live, "status").out


# -------------------------------------------------------------------- who does what


@pytest.mark.parametrize(
    "words", [("plans", "list"), ("plans", "restore", "bedtime"), ("say", "x", "-o", "x.wav"), ("doctor",)]
)
def test_other_commands_are_never_carried_out_for_strangers(live: FakeLive, words: tuple[str, ...]) -> None:
    assert told(live, *words) == Reply(HERE)


class InTerminal(FakeLive):
    """A session in a terminal: nobody watches the reminders there."""

    @property
    def evenings(self) -> Evenings:
        raise ElsewhereError


def test_what_the_app_has_no_part_in_is_left_to_the_caller(tmp_path: Path) -> None:
    def parse(_words: object, _cwd: Path, _token: str) -> argparse.Namespace:
        return argparse.Namespace(live=lambda _options, live: live.evenings)

    assert answer(parse, Request((), "/"), InTerminal(tmp_path)).code == HERE


def test_reminders_are_changed_in_the_app_and_read_by_who_asks(tmp_path: Path) -> None:
    """Three years of reminders are more than an answer may hold, and would keep the window waiting."""
    live = FakeLive(tmp_path)
    assert told(live, "remind", "set", "bedtime", "22:45").code == told(live, "remind", "skip").code == 0
    assert live.evenings.is_quiet_tonight and live.evenings.schedule.is_set
    for words in (("next", "--count", "1095", "--json"), ("list", "--json"), ("ics",)):
        assert told(live, "remind", *words) == Reply(HERE)


def test_a_fault_is_not_taken_for_wrong_input(live: FakeLive) -> None:
    def parse(_words: object, _cwd: Path, _token: str) -> argparse.Namespace:
        raise KeyError("a fault")

    with pytest.raises(KeyError):
        answer(parse, Request((), "/"), live)


def leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parsers of all commands, those below a noun too."""
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    for action in below:
        for one in action.choices.values():
            yield from leaves(one)
    if not below:
        yield parser


def test_every_verb_for_the_running_app_is_looked_for_there() -> None:
    live = {one.prog.split()[1] for one in leaves(cli._parser()) if one.get_default("live") is not None}
    assert live == LIVE_WORDS


@pytest.mark.parametrize(
    ("words", "verb", "folder"),
    [
        ([], None, None),
        (["--verbose"], None, None),
        (["run", "bedtime"], "run", None),
        (["--data-dir", "run", "status"], "status", "run"),
        (["--data-dir=a", "--verbose", "now", "cramp", "--data-dir", "b"], "now", "b"),
        (["--data-dir"], None, None),
        (["pause", "--data-dir=a", "--", "--data-dir=b"], "pause", "a"),
    ],
)
def test_verb_and_folder_are_found_without_a_parser(
    words: list[str], verb: str | None, folder: str | None
) -> None:
    place = first_word(words)
    assert (words[place] if place < len(words) else None) == verb
    assert cli_live._data_dir(words) == (None if folder is None else Path(folder))


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--background"],
        ["--verbose", "--data-dir", "a folder"],
        ["--data-dir=", "--background", "--background"],
        ["--data-dir=a=b", "--data-dir", "c"],
    ],
)
def test_a_plain_start_means_the_same_without_the_whole_command_line(words: list[str]) -> None:
    assert cli._plain(words) == cli._parser().parse_args(words)


@pytest.mark.parametrize(
    "words",
    [["status"], ["--data-dir"], ["--data-dir", "-x"], ["--help"], ["--background=1"], ["--back"], ["--"]],
)
def test_anything_else_takes_the_whole_command_line(words: list[str]) -> None:
    assert cli._plain(words) is None


def test_an_option_is_only_known_by_its_whole_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Or --data-di would lead to another app than the one that is asked."""
    for words in (["--data-di", "x", "status"], ["status", "--data-di", "x"]):
        with pytest.raises(SystemExit) as leaving:
            cli.parser_of_words()(words, Path.cwd(), "")
        assert leaving.value.code == 2
    capsys.readouterr()


# -------------------------------------------------------------------- through the socket


class Served:
    """The fake app behind a real door, and commands as processes of their own."""

    def __init__(self, qtbot: QtBot, live: FakeLive) -> None:
        self.qtbot = qtbot
        self.live = live
        instance = Instance.claim(live.core.paths)
        assert instance is not None
        self.door = Door(lambda: instance, partial(answer, cli.parser_of_words()))
        self.door.open_to(live)

    def coach(self, *words: str, cwd: Path = ROOT, **environment: str) -> tuple[int, str, str]:
        """A command over the same folders."""
        folder = str(self.live.core.paths.data.parent)
        command = subprocess.Popen(
            [sys.executable, "-m", "coach", "--data-dir", folder, *words],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.qtbot.waitUntil(lambda: command.poll() is not None, timeout=20_000)
        out, err = command.communicate()
        return command.returncode, out, err


@pytest.fixture
def served(qtbot: QtBot, live: FakeLive) -> Iterator[Served]:
    made = Served(qtbot, live)
    yield made
    made.door.close()


def test_commands_reach_the_app_from_anywhere(served: Served, tmp_path: Path) -> None:
    assert served.coach(XDG_ACTIVATION_TOKEN="raise-me") == (0, "", "")
    assert served.coach(DESKTOP_STARTUP_ID="raise-me-too") == (0, "", "")
    assert served.coach("legs.toml", cwd=tmp_path)[0] == 0
    assert served.live.asked == [
        ("open", "raise-me"),
        ("open", "raise-me-too"),
        ("open file", tmp_path / "legs.toml", ""),
    ]
    served.live.session = SESSION
    assert served.coach("status")[1].startswith("Stretch Coach is running.\nWall calf stretch, left")
    assert served.coach("run", "nothing")[0] == 1
    code, out, err = served.coach("now", "what")
    assert (code, out) == (2, "") and "usage: coach now" in err


def test_other_commands_are_done_here_though_the_app_is_running(served: Served) -> None:
    code, out, _err = served.coach("plans", "list")
    assert code == 0 and "bedtime" in out
    assert "usage: coach run" in served.coach("run", "--help")[1]
    assert served.live.asked == []


Coach = Callable[..., tuple[int, str, str]]


@pytest.fixture
def coach(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Coach:
    """Runs a command in this process over a folder where no app is running."""

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.main(["--data-dir", str(tmp_path), *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_where_nobody_is_running_that_is_said(coach: Coach) -> None:
    assert coach("status") == (0, "Stretch Coach is not running.\n", "")
    assert json.loads(coach("status", "--json")[1]) == {
        "running": False,
        "session": None,
        "next": None,
        "waiting": None,
        "window": False,
    }
    for word in ("pause", "resume", "stop"):
        assert coach(word) == (1, "", "Stretch Coach is not running.\n")


class Opened:
    """What the app was started with, and whether it was the first one before and after its door was open."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.wishes: list[compose.Request] = []
        self.was_first: list[tuple[bool, bool]] = []
        self._folder = folder
        monkeypatch.setattr(app, "run", self._run)

    def _run(self, _core: compose.Core, wish: compose.Request, door: Door) -> int:
        self.wishes.append(wish)
        before = self.is_there()
        door.open_to(FakeLive(self._folder))
        self.was_first.append((before, self.is_there()))
        return 0

    def is_there(self) -> bool:
        """Whether somebody is the running app now."""
        try:
            instance = Instance.claim(locate(self._folder))
        except InstanceError:
            return False
        if instance is not None:
            instance.close()
        return instance is None


@pytest.fixture
def opened(qapp: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Opened:
    return Opened(monkeypatch, tmp_path)


def test_a_window_is_the_running_app_from_its_start_to_its_end(coach: Coach, opened: Opened) -> None:
    assert coach()[0] == coach("--background")[0] == coach("run", "bedtime", "--mute")[0] == 0
    assert opened.was_first == [(True, True)] * 3 and not opened.is_there()
    assert [one.background for one in opened.wishes] == [False, True, False]
    assert [one.plan.id if one.plan else None for one in opened.wishes] == [None, None, "bedtime"]
    assert [one.mute for one in opened.wishes] == [False, False, True]


def test_a_session_in_the_terminal_is_the_running_app_once_it_begins(coach: Coach, opened: Opened) -> None:
    assert coach("run", "bedtime", "--terminal")[0] == 0
    assert opened.was_first == [(False, True)] and not opened.is_there()


def test_help_for_right_now_starts_the_app_where_none_is_running(coach: Coach, opened: Opened) -> None:
    assert coach("now", "cramp")[0] == 0
    (wish,) = opened.wishes
    assert wish.plan is not None and wish.plan.id == "cramp-now"
    assert wish.right_now and not wish.terminal


def test_without_a_screen_relief_comes_in_the_terminal_and_reminders_cannot(
    coach: Coach, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, _out, err = coach("now", "restless")
    assert code == 0 and "in the terminal" in err
    assert opened.wishes[0].terminal and opened.wishes[0].right_now
    code, _out, err = coach("--background")
    assert code == 1 and err.startswith("There is no screen here.") and len(opened.wishes) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there the state folder is the place")
def test_where_nobody_can_be_first_the_terminal_still_works_and_the_window_says_why(
    coach: Coach, opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert coach("run", "bedtime", "--terminal") == (0, "", "")
    assert opened.was_first == [(False, False)]
    for words in ((), ("run", "bedtime")):
        code, _out, err = coach(*words)
        assert code == 1 and "XDG_RUNTIME_DIR" in err and err.count("\n") == 1
    assert len(opened.wishes) == 1


def test_a_reminder_is_silent_while_a_session_runs_in_a_terminal(served: Served) -> None:
    assert served.coach("remind", "fire", QT_QPA_PLATFORM="offscreen") == (0, "", "")


def test_who_loses_the_race_at_the_last_moment_lets_the_winner_do_it(
    coach: Coach, opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Between the first question and the claim another start may have been quicker."""
    monkeypatch.setattr(cli, "hand_over", lambda _words: None)
    winner = subprocess.Popen(
        [sys.executable, str(PEER), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert winner.stdout is not None
    try:
        assert winner.stdout.readline().startswith("first") and winner.stdout.readline().startswith("serving")
        assert coach() == (0, f"{winner.pid} heard --data-dir", "")
        assert opened.wishes == []
        assert coach("run", "bedtime", "--terminal")[0] == 0  # it needs nobody's leave
        assert [one.terminal for one in opened.wishes] == [True]
    finally:
        winner.kill()
        winner.wait(10)
        winner.stdout.close()


def test_commands_that_need_no_app_do_not_wait_for_one(tmp_path: Path) -> None:
    """The app that has the place here never answers."""
    first = Instance.claim(locate(tmp_path))
    assert first is not None
    for words in (["plans", "list"], ["exercises", "list"], ["run", "--help"], ["--version"]):
        assert hand_over(["--data-dir", str(tmp_path), *words]) is None
    first.close()
