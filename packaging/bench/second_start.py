"""Times a second start of `coach`, which only raises the window of the first one.

Run: .venv/bin/python packaging/bench/second_start.py [ROUNDS]
Goal: at most 60 ms from just before exec to its end. The first one is the real app, without a screen to show
it on. It leaves out judging: it prints, and asserts nothing.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def milliseconds(command: list[str], environment: dict[str, str]) -> float:
    """How long a command takes; it must succeed."""
    begun = time.monotonic_ns()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return (time.monotonic_ns() - begun) / 1e6


def told(name: str, times: list[float]) -> str:
    """One line of the table."""
    return f"{name:<26} {statistics.median(times):5.1f}  ({min(times):.1f} to {max(times):.1f})"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        run = Path(folder) / "run"
        run.mkdir(mode=0o700)
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(run), "QT_QPA_PLATFORM": "offscreen"}
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPATH"] = str(ROOT)
        coach = [sys.executable, "-m", "coach", "--data-dir", folder]
        first = subprocess.Popen(coach, env=environment, stderr=subprocess.DEVNULL)
        try:
            while not list(run.glob("*.sock")):
                time.sleep(0.05)
            for words in ((), ("status",)):  # once for the byte code
                subprocess.run([*coach, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
            bare, second, status = [], [], []
            for _round in range(rounds):
                bare.append(milliseconds([sys.executable, "-c", "pass"], environment))
                second.append(milliseconds(coach, environment))
                status.append(milliseconds([*coach, "status"], environment))
        finally:
            first.terminate()
            first.wait(20)
    print(f"ms, median (least to most) of {rounds}")
    print(told("python -c pass", bare))
    print(told("coach, the second time", second))
    print(told("coach status", status))


if __name__ == "__main__":
    main()
