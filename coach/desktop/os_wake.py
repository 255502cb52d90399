"""Has the system wake the app for its reminders when it is not running: `coach remind fire`, at set times.

Whether it is on is told by files, and a change of the times is handed on in the background: no page waits for
the system. Only who presses the switch does, for some seconds at most.

It leaves out which times those are and whether the user wants it. It never wakes a computer that sleeps.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QProcess, QTimer

from coach.desktop.autostart import name_for, read_plist, replace_file, take_away, unwritable
from coach.desktop.qt_time import monotonic_ns
from coach.i18n import N_, Line, render
from coach.paths import APP_ID, Paths
from coach.services.ports import Adapter, Enrolment

log = logging.getLogger("coach")

FIRE = ("remind", "fire")
# What the tools of the system may take in all, in seconds; they answer within a tenth of one. Who pressed the
# switch waits so long, a command in a terminal may wait longer, and in the background that is for each tool.
PRESSED = 3.0
TYPED = 10.0
UNSEEN = 30.0

_NO_ANSWER = N_("it did not answer")
_NOT_TAKEN = N_("{system} did not take it over: {reason}. Let Stretch Coach start at login instead.")
_STILL_THERE = N_(
    "{system} did not answer and may still wake Stretch Coach. Switch this on and off again later."
)

Times = Sequence[tuple[int, time]]
"""Local clock times, each with its weekday by the calendar, 0 Monday to 6: 00:30 on Tuesday is (1, 00:30)."""


class OsWake(Enrolment, Protocol):
    """An enrolment that follows the schedule."""

    def follow(self, times: Times) -> Line | None:
        """Wake at these times from now on, if it is on; what is known to have gone wrong, or None."""


@dataclass(frozen=True)
class Ran:
    """How a tool of the system ended: its exit code (negative: it did not), and what it wrote.

    `late` is one that took too long.
    """

    code: int
    out: str = ""
    error: str = ""
    late: bool = False

    @property
    def reason(self) -> str:
        """The first thing it said, as part of a sentence."""
        for line in (*self.error.splitlines(), *self.out.splitlines()):
            if line.strip():
                return line.strip().rstrip(".")
        return N_("it gave no reason")


Run = Callable[[Sequence[str], float], Ran]
"""Runs a tool and waits for it, for so many seconds at most. It never raises."""


def _ended_well(ran: Ran) -> bool:
    return ran.code == 0


def _whatever(_ran: Ran) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """A tool of the system to be run, and whether it may go on after what it answered.

    The answer to one that `asks` is no reason that a user could read.
    """

    command: tuple[str, ...]
    fine: Callable[[Ran], bool] = _ended_well
    asks: bool = False

    def stopped(self, ran: Ran) -> Ran | None:
        """The answer, if nothing may follow after it."""
        if ran.late:
            return ran
        if self.fine(ran):
            return None
        return Ran(ran.code) if self.asks else ran


def os_wake_for_this_system(
    paths: Paths, command: Sequence[str], background: Background | None = None
) -> OsWake:
    """The way of this platform; `command` starts the app (see autostart.command_for).

    Without a `background`, which needs Qt's loop, `follow` waits for the system.
    """
    fire = (*command, *FIRE)
    name = "stretch-coach-reminder" + name_for(paths).removeprefix(APP_ID).replace(".", "-")
    if sys.platform == "win32":
        return WindowsWake(paths.state, name, fire, run, background)
    if sys.platform == "darwin":
        folder = Path.home() / "Library" / "LaunchAgents"
        return MacWake(folder, f"{name_for(paths)}.reminder", fire, run, background, uid=os.getuid())
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    manager = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere") / "systemd"
    there = bool(shutil.which("systemctl")) and manager.is_dir()
    return SystemdWake(folder, name, fire, run, background, there=there)


# -------------------------------------------------------------------- running tools


def run(command: Sequence[str], seconds: float) -> Ran:
    """Run a tool of the system and wait so long at most. It never raises."""
    import subprocess

    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return Ran(-1, error=_NO_ANSWER, late=True)
    except (OSError, ValueError) as error:
        return Ran(-1, error=(error.strerror if isinstance(error, OSError) else None) or str(error))
    return Ran(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def run_all(run: Run, steps: Sequence[Step], seconds: float) -> Ran | None:
    """Run them one after another, within so many seconds in all; the answer that stopped it, or None."""
    end = monotonic_ns() + int(seconds * 1e9)
    for step in steps:
        left = (end - monotonic_ns()) / 1e9
        ran = run(step.command, left) if left > 0 else Ran(-1, error=_NO_ANSWER, late=True)
        stopped = step.stopped(ran)
        if stopped is not None:
            return stopped
    return None


class Background:
    """Runs tools of the system beside Qt's loop, one after another.

    What is begun while something runs comes after it, and of several such only the last. The app does not end
    over it: then it is waited for, as long as for a switch. Building it starts nothing.
    """

    def __init__(self, seconds: float = UNSEEN) -> None:
        """`seconds` is what one tool may take."""
        self._milliseconds = int(seconds * 1000)
        self._programs: set[QProcess] = set()  # those that are being ended, too
        self._process: QProcess | None = None
        self._steps: list[Step] = []
        self._then: Callable[[Ran | None], None] | None = None
        self._next: tuple[list[Step], Callable[[Ran | None], None]] | None = None
        self._watches = False

    def begin(self, steps: Sequence[Step], then: Callable[[Ran | None], None]) -> None:
        """Run them, and call `then` with the answer that stopped it, or None; unless others come first."""
        app = QCoreApplication.instance()
        if not self._watches and app is not None:
            self._watches = True
            app.aboutToQuit.connect(self.finish)
        self._next = (list(steps), then)
        if self._process is None:
            self._take_next()

    def drop(self) -> None:
        """Forget what was begun."""
        self._steps, self._then, self._next = [], None, None
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def finish(self) -> None:
        """Wait for what was begun, for a short while; the loop has ended."""
        end = QDeadlineTimer(int(PRESSED * 1000))
        while self._process is not None and self._process.waitForFinished(max(end.remainingTime(), 1)):
            pass
        self.drop()

    def _take_next(self) -> None:
        if self._next is not None:
            (self._steps, self._then), self._next = self._next, None
            self._run_next()

    def _run_next(self) -> None:
        if not self._steps:
            self._over(None)
            return
        process = self._process = QProcess()
        self._programs.add(process)
        process.setStandardInputFile(QProcess.nullDevice())
        process.finished.connect(lambda *_: self._ended(process))
        process.errorOccurred.connect(lambda error: self._broken(process, error))
        deadline = QTimer(process)
        deadline.setSingleShot(True)
        deadline.timeout.connect(lambda: self._late(process))
        deadline.start(self._milliseconds)
        program, *words = self._steps[0].command
        process.start(program, words)

    def _ended(self, process: QProcess) -> None:
        self._forget(process)
        crashed = process.exitStatus() is QProcess.ExitStatus.CrashExit
        out, error = process.readAllStandardOutput().data(), process.readAllStandardError().data()
        ran = Ran(
            -1 if crashed else process.exitCode(),
            bytes(out).decode(errors="replace"),
            bytes(error).decode(errors="replace"),
        )
        self._heard(process, ran)

    def _broken(self, process: QProcess, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:  # after any other error it also finishes
            self._forget(process)
            self._heard(process, Ran(-1, error=process.errorString()))

    def _forget(self, process: QProcess) -> None:
        self._programs.discard(process)
        process.deleteLater()

    def _late(self, process: QProcess) -> None:
        if process is self._process:
            process.kill()  # its end is not waited for
            self._heard(process, Ran(-1, error=_NO_ANSWER, late=True))

    def _heard(self, process: QProcess, ran: Ran) -> None:
        if process is not self._process:
            return
        self._process = None
        stopped = self._steps.pop(0).stopped(ran)
        if stopped is not None:
            self._over(stopped)
        else:
            self._run_next()

    def _over(self, stopped: Ran | None) -> None:
        then, self._then, self._steps = self._then, None, []
        if self._next is not None:  # what came of it does not matter any more
            self._take_next()
        elif then is not None:
            then(stopped)


# -------------------------------------------------------------------- what all have in common


class _Wake:
    """Some files that the system is told to take in. Either all is in force or nothing is left."""

    system = ""

    def __init__(
        self, name: str, command: Sequence[str], run: Run, background: Background | None = None
    ) -> None:
        self._name = name
        self._command = tuple(command)
        self._run = run
        self._background = background
        self._times: tuple[tuple[int, time], ...] = ()

    @property
    def can(self) -> Adapter:
        path = str(self._files()[-1])
        return Adapter(True, Line(N_("Kept in {path}."), (("path", path),)))

    def is_on(self) -> bool:
        """Whether it is on, as far as files tell; the system itself is not asked."""
        return self._is_written()

    def turn_on(self) -> Line | None:
        """Write it, and wait for the system to say that it is in force."""
        if not self.can.works:
            return self.can.what
        self._drop()
        wrong = self._write()
        if wrong is not None:
            self._leave_nothing()
            return wrong
        return self._settle(run_all(self._run, (*self._take_in(), *self._asks()), PRESSED))

    def turn_off(self) -> Line | None:
        """Take it away, and wait for the system to forget it."""
        self._drop()
        if not any(_is_there(path) for path in self._traces()):
            return None
        wrong = self._take_away()
        stopped = run_all(self._run, self._forget(), PRESSED)
        if wrong is None and stopped is not None and stopped.late:
            wrong = Line(_STILL_THERE, (("system", self.system),))
        return wrong

    def follow(self, times: Times) -> Line | None:
        """Write the times at once if they are others; the system takes them in, in the background if it can.

        What it refuses then is in the log, and it is off.
        """
        self._times = tuple(sorted(set(times)))
        if not self.is_on() or self._is_as_wanted():
            return None
        wrong = self._write()
        if wrong is not None:  # the app was moved to a place that cannot be written down, or the disk is full
            self._leave_nothing()
            return wrong
        steps = (*self._asks_before(), *self._take_in(), *self._asks())
        if self._background is None:
            return self._settle(run_all(self._run, steps, TYPED))
        self._background.begin(steps, self._followed)
        return None

    def _followed(self, stopped: Ran | None) -> None:
        wrong = self._settle(stopped)
        if wrong is not None:
            log.warning("the system was not told when to wake: %s", render(wrong))

    def _settle(self, stopped: Ran | None) -> Line | None:
        """Either all is in force or nothing is left."""
        if stopped is None:
            return None
        self._leave_nothing()
        return Line(_NOT_TAKEN, (("system", self.system), ("reason", stopped.reason)))

    def _leave_nothing(self) -> None:
        self._take_away()
        if self._background is None:
            run_all(self._run, self._forget(), PRESSED)
        else:
            self._background.begin(self._forget(), lambda _stopped: None)

    def _drop(self) -> None:
        if self._background is not None:
            self._background.drop()

    def _is_as_wanted(self) -> bool:
        try:
            return all(_bytes(path) == text for path, text in self._texts().items())
        except ValueError:
            return False

    def _write(self) -> Line | None:
        path = self._files()[-1]
        try:
            for path, text in self._texts().items():
                replace_file(path, text)
        except (OSError, ValueError) as error:
            return unwritable(path, error)
        return None

    def _take_away(self) -> Line | None:
        wrong = [line for path in self._traces() if (line := take_away(path)) is not None]
        return wrong[0] if wrong else None

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

    def _traces(self) -> tuple[Path, ...]:
        """All that may be of ours on the disk."""
        return self._files()

    def _take_in(self) -> tuple[Step, ...]:
        """Have the system take in what the files say."""
        raise NotImplementedError

    def _asks(self) -> tuple[Step, ...]:
        """Whether it is in force."""
        raise NotImplementedError

    def _asks_before(self) -> tuple[Step, ...]:
        """Whether it is still in force: what the user switched off elsewhere stays off."""
        return self._asks()

    def _forget(self) -> tuple[Step, ...]:
        """Have the system forget it; the files are gone."""
        raise NotImplementedError


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


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

    def __init__(
        self,
        folder: Path,
        name: str,
        command: Sequence[str],
        run: Run,
        background: Background | None = None,
        *,
        there: bool,
    ) -> None:
        super().__init__(name, command, run, background)
        self._folder = folder
        self._there = there
        self._timer = f"{name}.timer"
        self._link = folder / "timers.target.wants" / self._timer  # what `systemctl enable` makes

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

    def is_on(self) -> bool:
        return self._there and self._is_written() and _is_there(self._link)

    def _traces(self) -> tuple[Path, ...]:
        return (self._link, *self._files())

    def _take_in(self) -> tuple[Step, ...]:
        return tuple(
            self._systemctl(*words)
            for words in (("daemon-reload",), ("enable", self._timer), ("restart", self._timer))
        )

    def _asks(self) -> tuple[Step, ...]:
        return (self._question("is-enabled", "enabled"), self._question("is-active", "active"))

    def _asks_before(self) -> tuple[Step, ...]:
        return ()  # the link tells

    def _forget(self) -> tuple[Step, ...]:
        return (
            self._systemctl("stop", self._timer, fine=_whatever),
            self._systemctl("daemon-reload", fine=_whatever),
        )

    def _question(self, word: str, wanted: str) -> Step:
        command = ("systemctl", "--user", word, self._timer)
        return Step(command, lambda ran: ran.out.strip() == wanted, asks=True)

    def _systemctl(self, *words: str, fine: Callable[[Ran], bool] = _ended_well) -> Step:
        return Step(("systemctl", "--user", *words), fine)


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

    def __init__(
        self,
        folder: Path,
        name: str,
        command: Sequence[str],
        run: Run,
        background: Background | None = None,
    ) -> None:
        super().__init__(name, command, run, background)
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

    def _take_in(self) -> tuple[Step, ...]:
        return (Step(("schtasks", "/Create", "/TN", self._name, "/XML", str(self._path), "/F")),)

    def _asks(self) -> tuple[Step, ...]:
        return (Step(("schtasks", "/Query", "/TN", self._name, "/XML"), self._is_enabled, asks=True),)

    @staticmethod
    def _is_enabled(ran: Ran) -> bool:
        # Redirected, it may come with two bytes a letter.
        return ran.code == 0 and "<Enabled>false</Enabled>" not in ran.out.replace("\0", "")

    def _forget(self) -> tuple[Step, ...]:
        return (Step(("schtasks", "/Delete", "/TN", self._name, "/F"), _whatever),)


# -------------------------------------------------------------------- macOS


class MacWake(_Wake):
    """A launch agent with calendar times, in the session of the user `uid`."""

    system = "launchd"

    def __init__(
        self,
        folder: Path,
        name: str,
        command: Sequence[str],
        run: Run,
        background: Background | None = None,
        *,
        uid: int,
    ) -> None:
        super().__init__(name, command, run, background)
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

    def is_on(self) -> bool:
        return self._is_written() and read_plist(self._path).get("Disabled") is not True

    def _take_in(self) -> tuple[Step, ...]:
        # Without what was there before, if anything.
        return (*self._forget(), Step(("launchctl", "bootstrap", self._domain, str(self._path))))

    def _asks(self) -> tuple[Step, ...]:
        return (Step(("launchctl", "print", f"{self._domain}/{self._name}"), asks=True),)

    def _forget(self) -> tuple[Step, ...]:
        return (Step(("launchctl", "bootout", f"{self._domain}/{self._name}"), _whatever),)
