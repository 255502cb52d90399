"""Has the system wake the app for its reminders when it is not running: `coach remind fire`, at set times.

It leaves out which times those are and whether the user wants it. It never wakes a computer that sleeps.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Protocol

from coach.desktop.autostart import name_for, read_plist, replace_file, take_away, unwritable
from coach.i18n import N_, Line
from coach.paths import APP_ID, Paths
from coach.services.ports import Adapter, Enrolment

FIRE = ("remind", "fire")
# What the tools of the system may take, in seconds; they answer within a tenth of one.
DEADLINE = 5.0

Times = Sequence[tuple[int, time]]
"""Local clock times, each with its weekday by the calendar, 0 Monday to 6: 00:30 on Tuesday is (1, 00:30)."""


class OsWake(Enrolment, Protocol):
    """An enrolment that follows the schedule."""

    def follow(self, times: Times) -> Line | None:
        """Wake at these times from now on, if it is on; what went wrong, or None."""


@dataclass(frozen=True)
class Ran:
    """How a tool of the system ended: its exit code (negative: it did not), and what it wrote."""

    code: int
    out: str = ""
    error: str = ""

    @property
    def reason(self) -> str:
        """The first thing it said, as part of a sentence."""
        for line in (*self.error.splitlines(), *self.out.splitlines()):
            if line.strip():
                return line.strip().rstrip(".")
        return N_("it gave no reason")


Run = Callable[[Sequence[str]], Ran]


def os_wake_for_this_system(paths: Paths, command: Sequence[str]) -> OsWake:
    """The way of this platform; `command` starts the app (see autostart.command_for)."""
    fire = (*command, *FIRE)
    name = "stretch-coach-reminder" + name_for(paths).removeprefix(APP_ID).replace(".", "-")
    if sys.platform == "win32":
        return WindowsWake(paths.state, name, fire, run)
    if sys.platform == "darwin":
        folder = Path.home() / "Library" / "LaunchAgents"
        return MacWake(folder, f"{name_for(paths)}.reminder", fire, run, os.getuid())
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    manager = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere") / "systemd"
    return SystemdWake(folder, name, fire, run, there=bool(shutil.which("systemctl")) and manager.is_dir())


def run(command: Sequence[str]) -> Ran:
    """Run a tool of the system within the deadline. It never raises."""
    import subprocess

    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=DEADLINE,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return Ran(-1, error=N_("it did not answer"))
    except (OSError, ValueError) as error:
        return Ran(-1, error=(error.strerror if isinstance(error, OSError) else None) or str(error))
    return Ran(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


# -------------------------------------------------------------------- what all have in common


class _Wake:
    """Some files that the system is told to take in. Either all is in force or nothing is left."""

    system = ""

    def __init__(self, name: str, command: Sequence[str], run: Run) -> None:
        self._name = name
        self._command = tuple(command)
        self._run = run
        self._times: tuple[tuple[int, time], ...] = ()

    @property
    def can(self) -> Adapter:
        path = str(self._files()[-1])
        return Adapter(True, Line(N_("Kept in {path}."), (("path", path),)))

    def is_on(self) -> bool:
        return self._is_written() and self._is_taken_in()

    def turn_on(self) -> Line | None:
        if not self.can.works:
            return self.can.what
        try:
            for path, text in self._texts().items():
                replace_file(path, text)
        except (OSError, ValueError) as error:
            self.turn_off()
            return unwritable(path, error)
        ran = self._take_in()
        if ran.code == 0 and self._is_taken_in():
            return None
        self.turn_off()
        return Line(
            N_("{system} did not take it over: {reason}. Let Stretch Coach start at login instead."),
            (("system", self.system), ("reason", ran.reason)),
        )

    def turn_off(self) -> Line | None:
        written = any(path.exists() for path in self._files())
        if written:
            self._let_go()
        wrong = [line for path in self._files() if (line := take_away(path)) is not None]
        if written:
            self._gone()
        return wrong[0] if wrong else None

    def follow(self, times: Times) -> Line | None:
        self._times = tuple(sorted(set(times)))
        if not self._is_written():
            return None
        try:
            wanted = self._texts()
        except ValueError:  # the app was moved to a place that cannot be written down
            return self.turn_on()
        same = all(_bytes(path) == text for path, text in wanted.items())
        return None if same or not self._is_taken_in() else self.turn_on()

    def _is_written(self) -> bool:
        return all(path.exists() for path in self._files())

    def _by_time(self) -> dict[time, list[int]]:
        found: dict[time, list[int]] = {}
        for day, at in sorted(self._times, key=lambda one: (one[1], one[0])):
            found.setdefault(at, []).append(day)
        return found

    def _files(self) -> tuple[Path, ...]:
        """All files there may be of ours, the one that sets the times last."""
        raise NotImplementedError

    def _texts(self) -> Mapping[Path, bytes]:
        """What belongs into those files. Raises ValueError when it cannot be written down."""
        raise NotImplementedError

    def _take_in(self) -> Ran:
        raise NotImplementedError

    def _is_taken_in(self) -> bool:
        raise NotImplementedError

    def _let_go(self) -> None:
        """Tell the system to forget it, while the files are still there."""

    def _gone(self) -> None:
        """The files are gone now."""


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


# -------------------------------------------------------------------- Linux


class SystemdWake(_Wake):
    """A timer of the user's own systemd. `there` tells whether that runs here."""

    system = "systemd"
    # A timer must have a time; before there is a bedtime it has this one.
    NEVER = "2199-12-31 00:00:00"
    DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

    def __init__(self, folder: Path, name: str, command: Sequence[str], run: Run, *, there: bool) -> None:
        super().__init__(name, command, run)
        self._folder = folder
        self._there = there
        self._timer = f"{name}.timer"

    @property
    def can(self) -> Adapter:
        if self._there:
            return super().can
        return Adapter(
            False,
            Line(N_("There is no systemd for users here. Let Stretch Coach start at login instead.")),
        )

    def _files(self) -> tuple[Path, ...]:
        return (self._folder / f"{self._name}.service", self._folder / self._timer)

    def _texts(self) -> Mapping[Path, bytes]:
        service, timer = self._files()
        return {service: service_text(self._command).encode(), timer: self._timer_text().encode()}

    def _timer_text(self) -> str:
        times = [
            f"{','.join(self.DAYS[day] for day in days)} *-*-* {at:%H:%M:%S}"
            for at, days in self._by_time().items()
        ]
        return "\n".join(
            (
                "[Unit]",
                "Description=Times of the reminders of Stretch Coach",
                "",
                "[Timer]",
                *(f"OnCalendar={one}" for one in times or [self.NEVER]),
                "Persistent=true",
                "AccuracySec=30s",
                "",
                "[Install]",
                "WantedBy=timers.target",
                "",
            )
        )

    def _take_in(self) -> Ran:
        ran = Ran(0)
        for words in (("daemon-reload",), ("enable", self._timer), ("restart", self._timer)):
            ran = self._systemctl(*words)
            if ran.code:
                break
        return ran

    def _is_taken_in(self) -> bool:
        enabled = self._systemctl("is-enabled", self._timer).out.strip() == "enabled"
        return enabled and self._systemctl("is-active", self._timer).out.strip() == "active"

    def _let_go(self) -> None:
        self._systemctl("disable", "--now", self._timer)
        # Without a manager nobody takes the link away that enables the timer.
        take_away(self._folder / "timers.target.wants" / self._timer)

    def _gone(self) -> None:
        self._systemctl("daemon-reload")

    def _systemctl(self, *words: str) -> Ran:
        return self._run(("systemctl", "--user", *words))


def service_text(command: Sequence[str]) -> str:
    """The unit that runs `command`."""
    return "\n".join(
        (
            "[Unit]",
            "Description=A reminder of Stretch Coach",
            "",
            "[Service]",
            "Type=simple",
            f"ExecStart={exec_start(command)}",
            # What it starts in the background goes on.
            "KillMode=process",
            "",
        )
    )


def exec_start(command: Sequence[str]) -> str:
    """A command line as systemd.service(5) and systemd.syntax(7) want it."""
    if any(one in "\"'\\" or not one.isprintable() for one in command[0]):
        # systemd refuses such a name of a program, though not as an argument.
        command = ("/bin/sh", "-c", 'exec "$0" "$@"', *command)
    words = " ".join(_unit_quoted(one) for one in command)
    # A colon keeps "$" from being looked up; doubling it would not do in the name of the program.
    return f":{words}" if any("$" in one for one in command) else words


_UNIT_ESCAPES = {"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _unit_quoted(argument: str) -> str:
    letters = (
        _UNIT_ESCAPES.get(one, one if one >= " " and one != "\x7f" else f"\\x{ord(one):02x}")
        for one in argument
    )
    return f'"{"".join(letters)}"'


# -------------------------------------------------------------------- Windows


class WindowsWake(_Wake):
    """A task of the task scheduler; its XML is kept to see whether the schedule has changed."""

    system = N_("The task scheduler")
    SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
    DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    # Weekly triggers need a day to begin with; one that is over.
    SINCE = "2026-01-05"

    def __init__(self, folder: Path, name: str, command: Sequence[str], run: Run) -> None:
        super().__init__(name, command, run)
        self._path = folder / f"{name}.xml"

    def _files(self) -> tuple[Path, ...]:
        return (self._path,)

    def _texts(self) -> Mapping[Path, bytes]:
        return {self._path: self._xml()}

    def _xml(self) -> bytes:
        from subprocess import list2cmdline
        from xml.etree import ElementTree

        def add(parent: ElementTree.Element, name: str, text: str = "") -> ElementTree.Element:
            child = ElementTree.SubElement(parent, name)
            child.text = text or None
            return child

        task = ElementTree.Element("Task", {"version": "1.2", "xmlns": self.SPACE})
        add(add(task, "RegistrationInfo"), "Description", "Reminders of Stretch Coach")
        triggers = add(task, "Triggers")
        for at, days in self._by_time().items():
            trigger = add(triggers, "CalendarTrigger")
            add(trigger, "StartBoundary", f"{self.SINCE}T{at:%H:%M:%S}")
            add(trigger, "Enabled", "true")
            week = add(trigger, "ScheduleByWeek")
            names = add(week, "DaysOfWeek")
            for day in days:
                add(names, self.DAYS[day])
            add(week, "WeeksInterval", "1")
        principal = add(add(task, "Principals"), "Principal")
        principal.set("id", "Author")
        add(principal, "LogonType", "InteractiveToken")
        add(principal, "RunLevel", "LeastPrivilege")
        settings = add(task, "Settings")
        for name, value in (
            ("MultipleInstancesPolicy", "IgnoreNew"),
            ("DisallowStartIfOnBatteries", "false"),
            ("StopIfGoingOnBatteries", "false"),
            ("StartWhenAvailable", "true"),
            ("Enabled", "true"),
            ("WakeToRun", "false"),
            ("ExecutionTimeLimit", "PT0S"),
        ):
            add(settings, name, value)
        actions = add(task, "Actions")
        actions.set("Context", "Author")
        action = add(actions, "Exec")
        add(action, "Command", self._command[0])
        add(action, "Arguments", list2cmdline(self._command[1:]))
        made: bytes = ElementTree.tostring(task, encoding="utf-16", xml_declaration=True)
        return made

    def _take_in(self) -> Ran:
        return self._schtasks("/Create", "/TN", self._name, "/XML", str(self._path), "/F")

    def _is_taken_in(self) -> bool:
        ran = self._schtasks("/Query", "/TN", self._name, "/XML")
        # Redirected, it may come with two bytes a letter.
        return ran.code == 0 and "<Enabled>false</Enabled>" not in ran.out.replace("\0", "")

    def _let_go(self) -> None:
        self._schtasks("/Delete", "/TN", self._name, "/F")

    def _schtasks(self, *words: str) -> Ran:
        return self._run(("schtasks", *words))


# -------------------------------------------------------------------- macOS


class MacWake(_Wake):
    """A launch agent with calendar times, in the session of the user `uid`."""

    system = "launchd"

    def __init__(self, folder: Path, name: str, command: Sequence[str], run: Run, uid: int) -> None:
        super().__init__(name, command, run)
        self._path = folder / f"{name}.plist"
        self._domain = f"gui/{uid}"

    def _files(self) -> tuple[Path, ...]:
        return (self._path,)

    def _texts(self) -> Mapping[Path, bytes]:
        import plistlib

        # launchd counts from Sunday.
        times = [{"Weekday": (day + 1) % 7, "Hour": at.hour, "Minute": at.minute} for day, at in self._times]
        agent = {
            "Label": self._name,
            "ProgramArguments": list(self._command),
            "RunAtLoad": False,
            "ProcessType": "Interactive",
            "AbandonProcessGroup": True,  # what it starts in the background goes on
            **({"StartCalendarInterval": times} if times else {}),
        }
        return {self._path: plistlib.dumps(agent)}

    def _take_in(self) -> Ran:
        self._launchctl("bootout", f"{self._domain}/{self._name}")  # what was there before, if anything
        return self._launchctl("bootstrap", self._domain, str(self._path))

    def _is_taken_in(self) -> bool:
        loaded = self._launchctl("print", f"{self._domain}/{self._name}").code == 0
        return loaded and read_plist(self._path).get("Disabled") is not True

    def _let_go(self) -> None:
        self._launchctl("bootout", f"{self._domain}/{self._name}")

    def _launchctl(self, *words: str) -> Ran:
        return self._run(("launchctl", *words))
