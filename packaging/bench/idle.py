"""Measures the app hidden in the tray with nothing due, against a bare hidden Qt program in a tray.

Run: .venv/bin/python packaging/bench/idle.py [--seconds 60] [--rest 15] [--starts 8] [--calibrate]
It brings its own screen (Xvfb), session bus and tray. Goals (budgets 3, issue): 0 wake-ups, CPU at most 1 ms,
memory and start to tray at most 1.15 times the bare program. It leaves out judging: it only prints.
The bare program wakes three times in its first 75 s, when Qt empties its cache of pixmaps.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = ROOT / "tests" / "desktop" / "tray_host.py"
# CPU, RSS and what a program wrote itself stay steady while other programs run; the clock and PSS do not.
GOALS = {"start to tray": "<= 1.15", "PSS": "<= 1.15", "voluntary": "0", "CPU ms": "<= 1"}
# So long may a start take, in seconds.
PATIENCE = 30

BARE = """
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

app = QApplication([])
app.setQuitOnLastWindowClosed(False)
picture = QPixmap(24, 24)
picture.fill(Qt.GlobalColor.white)
menu = QMenu()
for number in range(6):
    menu.addAction(f"line {number}")
icon = QSystemTrayIcon(QIcon(picture))
icon.setContextMenu(menu)
icon.setToolTip("bare")
icon.show()
app.exec()
"""


Programs = dict[str, list[str]]
Figures = dict[str, dict[str, list[float]]]
"""By what was measured, then by program. Each list has one figure a round, or one."""


@contextmanager
def running(command: list[str], **options: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, text=True, stderr=subprocess.DEVNULL, **options) as program:  # type: ignore[call-overload]
        try:
            yield program
        finally:
            program.terminate()
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                program.kill()


@contextmanager
def desktop(folder: Path) -> Iterator[tuple[dict[str, str], Path]]:
    """A screen, a session bus, a home and a tray; yields the environment and the tray's log."""
    environment = {**os.environ, "HOME": str(folder), "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME", "RUNTIME_DIR"):
        environment[f"XDG_{name}"] = str(folder / name.lower())
        (folder / name.lower()).mkdir(mode=0o700)
    environment.pop("WAYLAND_DISPLAY", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed app is compiled once, not at every start
    log = folder / "tray"
    log.touch()
    with ExitStack() as stack:
        for variable, before, words in (
            ("DISPLAY", ":", ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]),
            ("DBUS_SESSION_BUS_ADDRESS", "", ["dbus-daemon", "--session", "--nofork", "--print-address"]),
        ):
            program = stack.enter_context(running(words, stdout=subprocess.PIPE))
            assert program.stdout is not None
            environment[variable] = before + program.stdout.readline().strip()
        stack.enter_context(running([sys.executable, str(HOST), str(log)], env=environment))
        wait_for(log, "ready", 1)
        yield environment, log


def wait_for(log: Path, word: str, count: int, program: subprocess.Popen[str] | None = None) -> None:
    """Wait until the tray has said `word` so many times."""
    begun = time.monotonic()
    while sum(line.startswith(word) for line in log.read_text().splitlines()) < count:
        if program is not None and program.poll() is not None:
            raise SystemExit(f"The program ended with {program.returncode} before it came into the tray.")
        if time.monotonic() - begun > PATIENCE:
            raise SystemExit(f"Nothing came into the tray within {PATIENCE} s.")
        time.sleep(0.002)


@contextmanager
def in_tray(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator[tuple[subprocess.Popen[str], float, float]]:
    """The program once it is in the tray, and how long that took in ms: by the clock, and of CPU."""
    before = log.read_text().count("item")
    begun = time.monotonic_ns()
    with running(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) as program:
        wait_for(log, "item", before + 1, program)
        took = (time.monotonic_ns() - begun) / 1e6
        worked = counts(program.pid)[2]
        wait_for(log, "seen", before + 1, program)
        yield program, took, worked


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*"):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def counts(pid: int) -> tuple[float, float, float]:
    """Voluntary and involuntary switches, and ms of CPU, of the process and all below it."""
    voluntary = involuntary = 0
    cpu = 0.0
    for one in family(pid):
        for task in Path(f"/proc/{one}/task").glob("*"):
            for line in (task / "status").read_text().splitlines():
                key, _colon, value = line.partition(":")
                if key == "voluntary_ctxt_switches":
                    voluntary += int(value)
                elif key == "nonvoluntary_ctxt_switches":
                    involuntary += int(value)
            try:
                cpu += int((task / "schedstat").read_text().split()[0]) / 1e6
            except OSError:  # a kernel without it counts in ticks
                stat = (task / "stat").read_text().rpartition(")")[2].split()
                cpu += (int(stat[11]) + int(stat[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return voluntary, involuntary, cpu


def memory(pid: int, kind: str) -> float:
    """A line of smaps_rollup ("Pss", "Private_Dirty"), of the process and all below it, in MiB."""
    kib = 0
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{kind}:"):
                kib += int(line.split()[1])
    return kib / 1024


def starts(programs: Programs, environment: dict[str, str], log: Path, rounds: int) -> Figures:
    clock, cpu = "start to tray, ms", "CPU until then, ms"
    found: Figures = {clock: {}, cpu: {}} if rounds else {}
    for round_ in range(rounds + 1):
        for which, command in programs.items():
            with in_tray(command, environment, log) as (_program, took, worked):
                if round_:  # the first round warms the caches
                    found[clock].setdefault(which, []).append(took)
                    found[cpu].setdefault(which, []).append(worked)
    return found


def sizes(programs: Programs, environment: dict[str, str], log: Path, rest: float) -> Figures:
    """Memory, of each program while the other is not there: what two share is counted in part."""
    kinds = {
        f"PSS after {rest:.0f} s, MiB": "Pss",
        "RSS, MiB": "Rss",
        "written by itself, MiB": "Private_Dirty",
    }
    found: Figures = {name: {} for name in kinds}
    for which, command in programs.items():
        with in_tray(command, environment, log) as (program, _took, _worked):
            time.sleep(rest)
            for name, kind in kinds.items():
                found[name][which] = [memory(program.pid, kind)]
    return found


def idle(programs: Programs, environment: dict[str, str], log: Path, rest: float, seconds: float) -> Figures:
    """What they do, both at the same time: what the machine does to one it does to the other."""
    names = [
        f"{what} in {seconds:.0f} s" for what in ("voluntary switches", "involuntary switches", "CPU ms")
    ]
    found: Figures = {name: {} for name in names}
    with ExitStack() as stack:
        pids = {
            which: stack.enter_context(in_tray(command, environment, log))[0].pid
            for which, command in programs.items()
        }
        time.sleep(rest)
        before = {which: counts(pid) for which, pid in pids.items()}
        time.sleep(seconds)
        for which, pid in pids.items():
            for name, first, last in zip(names, before[which], counts(pid), strict=True):
                found[name][which] = [last - first]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long each program is watched")
    parser.add_argument("--rest", type=float, default=15, help="seconds before that, in which it settles")
    parser.add_argument("--starts", type=int, default=8, help="rounds of starts, besides a first one")
    parser.add_argument("--calibrate", action="store_true", help="the bare program in both places")
    options = parser.parse_args()
    bare = [sys.executable, "-c", BARE]
    with tempfile.TemporaryDirectory() as name, desktop(Path(name)) as (environment, log):
        coach = [sys.executable, "-m", "coach", "--data-dir", f"{name}/coach"]
        programs = {"bare": bare, "coach": bare if options.calibrate else [*coach, "--background"]}
        if not options.calibrate:
            # A reminder twelve hours away: armed, but not due.
            bedtime = f"{datetime.now() + timedelta(hours=12, minutes=45):%H:%M}"
            done = subprocess.run(
                [*coach, "remind", "set", "bedtime", bedtime],
                env=environment,
                cwd=ROOT,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                print(f"Without a bedtime, as none could be set: {done.stderr.strip()}", file=sys.stderr)
        found = starts(programs, environment, log, options.starts)
        found |= sizes(programs, environment, log, options.rest)
        found |= idle(programs, environment, log, options.rest, options.seconds)
    print(f"{'':34}{'bare':>18}{'coach':>18}{'ratio':>8}   goal")
    for what, figures in found.items():
        row(what, figures["bare"], figures["coach"])


def row(what: str, bare: list[float], coach: list[float]) -> None:
    def cell(values: list[float]) -> str:
        middle = statistics.median(values)
        several = f"{middle:.0f} ({min(values):.0f}-{max(values):.0f})"
        return f"{middle:.1f}" if len(values) == 1 else several

    base = statistics.median(bare)
    ratio = f"{statistics.median(coach) / base:8.2f}" if base and " in " not in what else " " * 8
    goal = next((goal for start, goal in GOALS.items() if what.startswith(start)), "")
    print(f"{what:34}{cell(bare):>18}{cell(coach):>18}{ratio}   {goal}")


if __name__ == "__main__":
    main()
