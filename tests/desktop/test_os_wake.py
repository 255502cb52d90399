"""Woken by the system for a reminder: at the times of the schedule, all in force or nothing left behind."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pytestqt.qtbot import QtBot

from coach.desktop import os_wake
from coach.desktop.os_wake import (
    Background,
    MacWake,
    OsWake,
    Ran,
    Step,
    SystemdWake,
    WindowsWake,
    exec_start,
    os_wake_for_this_system,
    run,
    run_all,
)
from coach.i18n import Line, render
from coach.paths import locate
from tests.conftest import ExpectWarning
from tests.desktop.test_autostart import ODD_NAMES, program

NAME = "stretch-coach-reminder"
FIRE = ("/opt/coach", "remind", "fire")
MONDAY, TUESDAY, SUNDAY = 0, 1, 6
WEEK = [(MONDAY, time(22)), (TUESDAY, time(22)), (SUNDAY, time(0, 30))]
TASK = {"t": WindowsWake.SPACE}


class FakeSystem:
    """systemctl, schtasks and launchctl by hand: they keep what they took in, as text, by name.

    `refuses` is what they say when they take nothing in; those that `forget` say nothing.
    """

    def __init__(self) -> None:
        self.taken: dict[str, str] = {}
        self.active: set[str] = set()
        self.calls: list[tuple[str, ...]] = []
        self.refuses = ""
        self.forget = False
        self.hangs = False
        self.patience: list[float] = []
        self.folder = Path()

    def link(self, unit: str) -> Path:
        return self.folder / "timers.target.wants" / unit

    def switch_off(self) -> None:
        """As the user does it with the system's own tools."""
        for name in self.taken:
            self.link(name).unlink(missing_ok=True)
        self.taken.clear()
        self.active.clear()

    def __call__(self, command: Sequence[str], seconds: float) -> Ran:
        self.calls.append(tuple(command))
        self.patience.append(seconds)
        if self.hangs:
            return Ran(-1, error="it did not answer", late=True)
        match command:
            case ("systemctl", "--user", "daemon-reload"):
                for unit in [one for one in self.taken if not (self.folder / one).exists()]:
                    del self.taken[unit]
                return Ran(0)
            case ("systemctl", "--user", "enable", unit):
                ran = self._take(unit, self.folder / unit)
                if unit in self.taken:
                    self.link(unit).parent.mkdir(exist_ok=True)
                    self.link(unit).unlink(missing_ok=True)
                    self.link(unit).symlink_to(self.folder / unit)
                return ran
            case ("systemctl", "--user", "restart", unit):
                self.active.add(unit)
                return Ran(0)
            case ("systemctl", "--user", "is-enabled", unit):
                return Ran(0, "enabled\n") if self.link(unit).exists() else Ran(1, "disabled\n")
            case ("systemctl", "--user", "is-active", unit):
                return Ran(0, "active\n") if unit in self.active else Ran(3, "inactive\n")
            case ("systemctl", "--user", "stop", unit):
                self.active.discard(unit)
                return Ran(0)
            case ("schtasks", "/Create", "/TN", name, "/XML", path, "/F"):
                return self._take(name, Path(path), "utf-16")
            case ("schtasks", "/Query", "/TN", name, "/XML"):
                return Ran(0, self.taken[name]) if name in self.taken else Ran(1, error="ERROR: no such task")
            case ("schtasks", "/Delete", "/TN", name, "/F"):
                return self._drop(name)
            case ("launchctl", "bootstrap", "gui/501", path):
                return self._take(Path(path).stem, Path(path))
            case ("launchctl", "print", target):
                return Ran(0 if target.removeprefix("gui/501/") in self.taken else 113)
            case ("launchctl", "bootout", target):
                return self._drop(target.removeprefix("gui/501/"))
        raise AssertionError(f"nobody expects {command}")

    def _take(self, name: str, path: Path, encoding: str = "utf-8") -> Ran:
        if self.refuses:
            return Ran(1, error=self.refuses)
        if not path.exists():
            return Ran(1, error=f"Unit file {path} does not exist.\n")
        if not self.forget:
            self.taken[name] = path.read_text(encoding)
        return Ran(0)

    def _drop(self, name: str) -> Ran:
        return Ran(0 if self.taken.pop(name, None) else 1)


Make = Callable[[], OsWake]


@pytest.fixture
def system(tmp_path: Path) -> FakeSystem:
    fake = FakeSystem()
    fake.folder = tmp_path / "units"
    return fake


def systemd(system: FakeSystem, background: Background | None = None) -> SystemdWake:
    return SystemdWake(system.folder, NAME, FIRE, system, background, there=True)


@pytest.fixture(params=["Linux", "Windows", "macOS"])
def make(request: pytest.FixtureRequest, system: FakeSystem, tmp_path: Path) -> Make:
    """Makes the way of a system, as each start of the app does."""

    def one() -> OsWake:
        match request.param:
            case "Linux":
                return systemd(system)
            case "Windows":
                return WindowsWake(tmp_path / "state", NAME, FIRE, system)
            case _:
                return MacWake(tmp_path / "LaunchAgents", NAME, FIRE, system, uid=501)

    return one


def said(line: Line | None) -> str | None:
    return None if line is None else render(line)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# ------------------------------------------------------------------------ the same on every system


def test_it_is_off_until_the_user_wants_it(make: Make, system: FakeSystem, tmp_path: Path) -> None:
    wake = make()
    assert wake.can.works and not wake.is_on()
    assert said(wake.follow(WEEK)) is None
    assert not wake.is_on() and system.calls == [] and files(tmp_path) == []


def test_switched_on_it_is_taken_in_and_seen_by_the_next_start(make: Make, system: FakeSystem) -> None:
    wake = make()
    wake.follow(WEEK)
    assert said(wake.turn_on()) is None
    assert wake.is_on() and make().is_on() and len(system.taken) == 1


def test_it_follows_the_schedule(make: Make, system: FakeSystem) -> None:
    wake = make()
    wake.follow(WEEK)
    wake.turn_on()
    (before,) = system.taken.values()
    assert said(wake.follow([(MONDAY, time(21, 15))])) is None
    (after,) = system.taken.values()
    assert before != after and "21" in after and "15" in after and wake.is_on()


def test_a_schedule_that_did_not_change_asks_nothing_of_the_system(make: Make, system: FakeSystem) -> None:
    wake = make()
    wake.follow(WEEK)
    wake.turn_on()
    system.calls.clear()
    assert said(make().follow(list(reversed(WEEK)))) is None
    assert system.calls == []


def test_what_the_user_switched_off_elsewhere_stays_off(make: Make, system: FakeSystem) -> None:
    wake = make()
    wake.follow(WEEK)
    wake.turn_on()
    system.switch_off()
    wake.follow([(SUNDAY, time(20))])
    assert system.taken == {} and not wake.is_on()
    assert said(wake.turn_on()) is None and wake.is_on()


def test_whether_it_is_on_is_told_by_files_alone(make: Make, system: FakeSystem) -> None:
    wake = make()
    assert not wake.is_on()
    wake.turn_on()
    system.calls.clear()
    assert wake.is_on() and make().is_on() and system.calls == []


def test_who_presses_the_switch_waits_three_seconds_in_all(make: Make, system: FakeSystem) -> None:
    wake = make()
    assert said(wake.turn_on()) is None
    assert all(0 < one <= 3 for one in system.patience)
    assert system.patience == sorted(system.patience, reverse=True)  # each has what the others left
    system.patience.clear()
    assert said(wake.turn_off()) is None
    assert system.patience and all(0 < one <= 3 for one in system.patience)


def test_a_system_that_hangs_is_said_and_nothing_is_left(
    make: Make, system: FakeSystem, tmp_path: Path
) -> None:
    wake = make()
    system.hangs = True
    assert "did not take it over: it did not answer. Let Stretch Coach start" in str(said(wake.turn_on()))
    assert not wake.is_on() and files(tmp_path) == []


def test_a_system_that_hangs_when_it_is_to_forget_is_said(
    make: Make, system: FakeSystem, tmp_path: Path
) -> None:
    wake = make()
    wake.turn_on()
    system.hangs = True
    assert "did not answer and may still wake Stretch Coach. Switch this on and off" in str(
        said(wake.turn_off())
    )
    assert not wake.is_on() and files(tmp_path) == []


def test_time_that_was_spent_is_not_given_twice(system: FakeSystem) -> None:
    steps = [Step(("systemctl", "--user", "daemon-reload"))] * 2
    stopped = run_all(system, steps, 0.0)
    assert stopped is not None and stopped.late and system.calls == []


def test_switched_off_it_leaves_nothing_behind(make: Make, system: FakeSystem, tmp_path: Path) -> None:
    wake = make()
    wake.follow(WEEK)
    wake.turn_on()
    assert said(wake.turn_off()) is None
    assert not wake.is_on() and system.taken == {} and files(tmp_path) == []
    assert said(wake.turn_off()) is None


def test_without_a_bedtime_it_can_be_on_and_waits(make: Make) -> None:
    wake = make()
    assert said(wake.turn_on()) is None and wake.is_on()
    assert said(wake.follow(WEEK)) is None and wake.is_on()
    assert said(wake.follow([])) is None and wake.is_on()


def test_a_system_that_refuses_says_why_and_nothing_is_left(
    make: Make, system: FakeSystem, tmp_path: Path
) -> None:
    system.refuses = "Failed to connect to bus: No medium found\n"
    wake = make()
    assert said(wake.turn_on()) in {
        f"{name} did not take it over: Failed to connect to bus: No medium found. "
        "Let Stretch Coach start at login instead."
        for name in ("Systemd", "The task scheduler", "Launchd")
    }
    assert not wake.is_on() and system.taken == {} and files(tmp_path) == []


def test_a_change_that_is_refused_leaves_nothing_of_the_old_times(
    make: Make, system: FakeSystem, tmp_path: Path
) -> None:
    wake = make()
    wake.turn_on()
    system.refuses = "no"
    assert "did not take it over: no. " in str(said(wake.follow(WEEK)))
    assert not wake.is_on() and system.taken == {} and files(tmp_path) == []


def test_a_system_that_forgets_is_found_out(make: Make, system: FakeSystem, tmp_path: Path) -> None:
    system.forget = True
    line = said(make().turn_on())
    assert line is not None and "did not take it over: it gave no reason. " in line
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_named(system: FakeSystem) -> None:
    system.folder.write_text("not a folder")
    wake = systemd(system)
    assert said(wake.turn_on()) == (
        f"“{system.folder}/{NAME}.service” cannot be changed: File exists. "
        "Allow writing there, then try again."
    )
    assert system.taken == {}


# ------------------------------------------------------------------------ Linux


def test_each_time_names_its_days_by_the_calendar(system: FakeSystem) -> None:
    wake = systemd(system)
    wake.follow(WEEK)
    wake.turn_on()
    lines = (system.folder / f"{NAME}.timer").read_text().splitlines()
    assert [line for line in lines if line.startswith("OnCalendar=")] == [
        "OnCalendar=Sun *-*-* 00:30:00",
        "OnCalendar=Mon,Tue *-*-* 22:00:00",
    ]
    assert {"Persistent=true", "AccuracySec=30s", "WantedBy=timers.target"} <= set(lines)


def test_without_a_systemd_for_users_it_says_so_and_writes_nothing(
    system: FakeSystem, tmp_path: Path
) -> None:
    wake = SystemdWake(system.folder, NAME, FIRE, system, there=False)
    sentence = "There is no systemd for users here. Let Stretch Coach start at login instead."
    assert not wake.can.works and render(wake.can.what) == sentence == said(wake.turn_on())
    assert files(tmp_path) == [] and system.calls == []


@pytest.mark.skipif(not shutil.which("systemctl"), reason="needs systemctl")
def test_the_real_systemctl_without_a_manager_leaves_nothing_behind(fresh_home: Path) -> None:
    folder = fresh_home / "config" / "systemd" / "user"
    wake = SystemdWake(folder, NAME, FIRE, run, there=True)
    wake.follow(WEEK)
    line = said(wake.turn_on())
    assert line is not None and line.startswith("Systemd did not take it over: ")
    assert not wake.is_on() and files(fresh_home) == []


def test_a_command_line_is_quoted_as_systemd_wants_it() -> None:
    assert exec_start(("/opt/my coach", "100 %", 'a"b\\c')) == r'"/opt/my coach" "100 %%" "a\"b\\c"'
    assert exec_start(("/opt/$HOME/coach", "remind")) == ':"/opt/$HOME/coach" "remind"'
    wrapped = exec_start(("/opt/it's", "fire"))
    assert wrapped == r':"/bin/sh" "-c" "exec \"$0\" \"$@\"" "/opt/it' + "'" + r's" "fire"'


@pytest.fixture
def verify(fresh_home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")

    def one(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60, env=os.environ
        )

    return one


@pytest.mark.parametrize("name", ODD_NAMES)
def test_systemd_finds_no_fault_in_the_units(
    name: str, verify: Callable[..., subprocess.CompletedProcess[str]], system: FakeSystem, tmp_path: Path
) -> None:
    command = (program(tmp_path, name), "--data-dir", name, "remind", "fire")
    wake = SystemdWake(system.folder, NAME, command, system, there=True)
    wake.follow(WEEK)
    assert wake.turn_on() is None
    done = verify("--user", "verify", *(str(path) for path in files(system.folder)))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_would_find_a_fault(
    verify: Callable[..., subprocess.CompletedProcess[str]], system: FakeSystem
) -> None:
    wake = SystemdWake(system.folder, NAME, ("/nowhere/coach",), system, there=True)
    assert wake.turn_on() is None
    assert verify("--user", "verify", str(system.folder / f"{NAME}.service")).returncode != 0


def test_systemd_understands_the_times(
    verify: Callable[..., subprocess.CompletedProcess[str]], system: FakeSystem
) -> None:
    wake = systemd(system)
    wake.turn_on()
    never = (system.folder / f"{NAME}.timer").read_text()
    wake.follow([(day, time(day, 59)) for day in range(7)])
    text = never + (system.folder / f"{NAME}.timer").read_text()
    times = [line.partition("=")[2] for line in text.splitlines() if line.startswith("OnCalendar=")]
    assert len(times) == 8
    assert verify("calendar", *times).returncode == 0


# ------------------------------------------------------------------------ Windows


def task_in(path: Path) -> ElementTree.Element:
    data = path.read_bytes()
    assert data.startswith((b"\xff\xfe", b"\xfe\xff")) and "UTF-16" in data.decode("utf-16")[:60].upper()
    return ElementTree.fromstring(data)


def test_the_task_has_a_weekly_trigger_for_each_time(system: FakeSystem, tmp_path: Path) -> None:
    command = (r"C:\Program Files\coach.exe", "--data-dir", r"D:\my data", "remind", "fire")
    wake = WindowsWake(tmp_path, NAME, command, system)
    wake.follow(WEEK)
    wake.turn_on()
    task = task_in(tmp_path / f"{NAME}.xml")
    assert task.tag == f"{{{WindowsWake.SPACE}}}Task"
    # In the order of the schema of the task scheduler.
    parts = [child.tag.partition("}")[2] for child in task]
    assert parts == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    found = {}
    for trigger in task.findall("t:Triggers/t:CalendarTrigger", TASK):
        assert [one.tag.partition("}")[2] for one in trigger] == [
            *("StartBoundary", "Enabled"),
            "ScheduleByWeek",
        ]
        days = trigger.find("t:ScheduleByWeek/t:DaysOfWeek", TASK)
        assert days is not None
        start = trigger.findtext("t:StartBoundary", "", TASK)
        found[start] = [day.tag.partition("}")[2] for day in days]
    assert found == {
        "2026-01-05T00:30:00": ["Sunday"],
        "2026-01-05T22:00:00": ["Monday", "Tuesday"],
    }
    assert task.findtext("t:Actions/t:Exec/t:Command", "", TASK) == r"C:\Program Files\coach.exe"
    arguments = task.findtext("t:Actions/t:Exec/t:Arguments", "", TASK)
    assert arguments == r'--data-dir "D:\my data" remind fire'
    assert task.findtext("t:Settings/t:StartWhenAvailable", "", TASK) == "true"


def test_a_task_that_was_switched_off_is_off(system: FakeSystem, tmp_path: Path) -> None:
    wake = WindowsWake(tmp_path, NAME, FIRE, system)
    wake.turn_on()
    enabled = system.taken[NAME]
    system.taken[NAME] = enabled.replace("<Enabled>true</Enabled>", "<Enabled>false</Enabled>")
    assert enabled != system.taken[NAME]
    wake.follow(WEEK)
    assert not wake.is_on() and system.taken == {}


def test_a_name_with_angle_brackets_stays_what_it_is(system: FakeSystem, tmp_path: Path) -> None:
    wake = WindowsWake(tmp_path, NAME, ("coach & <co>.exe", "remind", "fire"), system)
    wake.turn_on()
    task = task_in(tmp_path / f"{NAME}.xml")
    assert task.findtext("t:Actions/t:Exec/t:Command", "", TASK) == "coach & <co>.exe"


# ------------------------------------------------------------------------ macOS


def test_launchd_counts_the_days_from_sunday(system: FakeSystem, tmp_path: Path) -> None:
    wake = MacWake(tmp_path, NAME, FIRE, system, uid=501)
    wake.follow(WEEK)
    wake.turn_on()
    agent = plistlib.loads((tmp_path / f"{NAME}.plist").read_bytes())
    assert agent["Label"] == NAME and agent["ProgramArguments"] == list(FIRE) and not agent["RunAtLoad"]
    assert agent["StartCalendarInterval"] == [
        {"Weekday": 1, "Hour": 22, "Minute": 0},
        {"Weekday": 2, "Hour": 22, "Minute": 0},
        {"Weekday": 0, "Hour": 0, "Minute": 30},
    ]


# ------------------------------------------------------------------------ this computer


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the systemd of Linux")
def test_on_linux_the_units_belong_to_the_user_and_call_remind_fire(fresh_home: Path) -> None:
    (fresh_home / "run" / "systemd").mkdir()
    wake = os_wake_for_this_system(locate(), ("/opt/coach",))
    if not shutil.which("systemctl"):
        assert not wake.can.works
        return
    assert wake.can.works and str(fresh_home / "config" / "systemd" / "user") in render(wake.can.what)


def test_a_tool_that_is_not_there_is_an_answer_too() -> None:
    ran = run(["/nowhere/tool"], 5.0)
    assert ran.code < 0 and ran.reason == "No such file or directory"


def test_a_tool_tells_how_it_ended() -> None:
    ran = run([sys.executable, "-c", "import sys; print('out'); sys.exit('bad luck.')"], 5.0)
    assert (ran.code, ran.out.strip(), ran.reason) == (1, "out", "bad luck")


def test_a_tool_that_hangs_is_given_up_on() -> None:
    ran = run([sys.executable, "-c", "import signal; signal.pause()"], 0.2)
    assert ran.late and ran.code < 0 and ran.reason == "it did not answer"


# ------------------------------------------------------------------------ beside the window

posix = pytest.mark.skipif(sys.platform == "win32", reason="the tools are scripts of a shell")


class Tool:
    """A `systemctl` that can hang or refuse, and notes how it was called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.units = folder / "units"
        self._log = folder / "log"
        self._log.touch()
        self.path = folder / "systemctl"
        self.path.write_text(
            f"""#!/bin/sh
echo "$*" >> {self._log}
[ -e {folder}/hang ] && exec sleep 60
[ -e {folder}/refuse ] && {{ echo 'It is full.' >&2; exit 1; }}
case "$2" in is-enabled) echo enabled;; is-active) echo active;; esac
exit 0
"""
        )
        self.path.chmod(0o755)

    def set(self, what: str, *, on: bool = True) -> None:
        (self.folder / what).touch() if on else (self.folder / what).unlink()

    @property
    def calls(self) -> list[str]:
        return [line.removeprefix("--user ") for line in self._log.read_text().splitlines()]

    def wake(self, background: Background | None) -> SystemdWake:
        """One that is on, with a link as systemctl makes it."""
        wake = SystemdWake(self.units, NAME, FIRE, run, background, there=True)
        assert wake.turn_on() is None
        link = self.units / "timers.target.wants" / f"{NAME}.timer"
        link.parent.mkdir()
        link.symlink_to(self.units / f"{NAME}.timer")
        assert wake.is_on()
        self._log.write_text("")
        return wake

    @property
    def timer(self) -> str:
        return (self.units / f"{NAME}.timer").read_text()


ROUND = ["daemon-reload", f"enable {NAME}.timer", f"restart {NAME}.timer"]
ASKS = [f"is-enabled {NAME}.timer", f"is-active {NAME}.timer"]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return Tool(tmp_path)


@posix
def test_a_new_bedtime_is_written_at_once_and_taken_in_later(qtbot: QtBot, tool: Tool) -> None:
    wake = tool.wake(Background())
    assert wake.follow([(MONDAY, time(21, 15))]) is None
    assert "Mon *-*-* 21:15:00" in tool.timer and len(tool.calls) <= 1
    qtbot.waitUntil(lambda: tool.calls == ROUND + ASKS)
    assert wake.is_on()


@posix
def test_many_steps_of_a_bedtime_are_told_twice_at_most(qtbot: QtBot, tool: Tool) -> None:
    wake = tool.wake(Background())
    for minute in range(0, 60, 5):
        assert wake.follow([(MONDAY, time(21, minute))]) is None
    assert "21:55:00" in tool.timer
    qtbot.waitUntil(lambda: tool.calls == (ROUND + ASKS) * 2)


@posix
def test_a_system_that_hangs_holds_no_window_up(
    qtbot: QtBot, tool: Tool, expected_warnings: ExpectWarning
) -> None:
    background = Background(0.5)
    wake = tool.wake(background)
    tool.set("hang")
    expected_warnings("did not take it over: it did not answer")
    assert wake.follow(WEEK) is None and wake.is_on()
    assert len(tool.calls) <= 1  # nothing was waited for
    qtbot.waitUntil(lambda: not wake.is_on())
    assert files(tool.units) == []
    background.drop()
    qtbot.waitUntil(lambda: not background._programs)


@posix
def test_what_the_system_refuses_later_is_in_the_log_and_off(
    qtbot: QtBot, tool: Tool, expected_warnings: ExpectWarning
) -> None:
    wake = tool.wake(Background())
    tool.set("refuse")
    expected_warnings("Systemd did not take it over: It is full. Let Stretch Coach start at login instead.")
    wake.follow(WEEK)
    qtbot.waitUntil(lambda: tool.calls == ["daemon-reload", f"stop {NAME}.timer", "daemon-reload"])
    assert not wake.is_on() and files(tool.units) == []


@posix
def test_a_tool_that_went_away_is_in_the_log(
    qtbot: QtBot, tool: Tool, expected_warnings: ExpectWarning, monkeypatch: pytest.MonkeyPatch
) -> None:
    wake = tool.wake(Background())
    monkeypatch.setenv("PATH", "/nowhere")
    expected_warnings("did not take it over")
    wake.follow(WEEK)
    qtbot.waitUntil(lambda: not wake.is_on())


@posix
def test_the_switch_comes_before_what_runs_in_the_background(qtbot: QtBot, tool: Tool) -> None:
    background = Background()
    wake = tool.wake(background)
    tool.set("hang")
    wake.follow(WEEK)
    qtbot.waitUntil(lambda: tool.calls == ROUND[:1])
    tool.set("hang", on=False)
    assert said(wake.turn_off()) is None
    assert files(tool.units) == [] and tool.calls == [ROUND[0], f"stop {NAME}.timer", "daemon-reload"]
    qtbot.waitUntil(lambda: not background._programs)
    assert len(tool.calls) == 3  # nothing enables it again


@posix
def test_a_switch_that_failed_does_not_wait_for_the_tidying(
    qtbot: QtBot, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os_wake, "PRESSED", 0.2)
    background = Background()
    wake = SystemdWake(tool.units, NAME, FIRE, run, background, there=True)
    tool.set("hang")
    assert "it did not answer" in str(said(wake.turn_on()))
    assert tool.calls[:1] == ROUND[:1] and len(tool.calls) <= 2 and files(tool.units) == []
    background.drop()
    qtbot.waitUntil(lambda: not background._programs)


QUITS = """
import sys
from datetime import time
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from coach.desktop.os_wake import Background, SystemdWake, run
app = QCoreApplication([])
fire = ("/opt/coach", "remind", "fire")
wake = SystemdWake(Path(sys.argv[1]), sys.argv[2], fire, run, Background(), there=True)
def change():
    wake.follow([(0, time(21))])
    app.quit()
QTimer.singleShot(0, change)
app.exec()
"""


@posix
def test_an_app_that_ends_right_after_a_change_still_tells_it(tool: Tool) -> None:
    tool.wake(None)
    done = subprocess.run(
        [sys.executable, "-c", QUITS, str(tool.units), NAME], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert tool.calls == ROUND + ASKS and "Mon *-*-* 21:00:00" in tool.timer
