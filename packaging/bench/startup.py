"""Times the start of the app against a bare Qt window, interleaved, and prints the ratio.

Run on a screen: xvfb-run -a .venv/bin/python packaging/bench/startup.py [ROUNDS]
Goal: painted in at most 1.20 times the bare window. It leaves out judging: it prints, and asserts nothing.
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
sys.path.insert(0, str(ROOT))

from coach import compose, paths  # noqa: E402

BARE = """
import os, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel

class First(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not First.seen:
            First.seen = True
            QTimer.singleShot(0, done)
        return False

def done():
    with open(os.environ["COACH_STARTUP_MARKS"], "a") as marks:
        marks.write(f"painted {time.monotonic_ns()}\\n")
    app.exit()

app = QApplication([])
window = QLabel("hello")
window.resize(1280, 800)
first = First()
window.installEventFilter(first)
window.show()
app.exec()
"""


def milliseconds(command: list[str], mark: str) -> float:
    """From just before exec until the mark, in ms; the program is ended then."""
    with tempfile.TemporaryDirectory() as folder:
        marks = Path(folder) / "marks"
        environment = {**os.environ, "COACH_STARTUP_MARKS": str(marks)}
        begun = time.monotonic_ns()
        program = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            while time.monotonic_ns() - begun < 20e9:
                lines = marks.read_text().splitlines() if marks.exists() else []
                found = [line.split() for line in lines if line.startswith(mark)]
                if found:
                    return (int(found[0][1]) - begun) / 1e6
                time.sleep(0.005)
        finally:
            program.terminate()
            program.wait()
    raise TimeoutError(f"{command} never came to “{mark}”")


def main(rounds: int) -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # users' starts find the compiled modules
    with tempfile.TemporaryDirectory() as home:
        compose.build(paths.locate(Path(home))).safety.set_asked()  # every start but the very first one
        ours = [sys.executable, "-m", "coach", "--data-dir", home]
        times: dict[str, list[float]] = {"bare window": [], "coach painted": [], "coach interactive": []}
        for round_ in range(rounds + 1):
            seen = {
                "bare window": milliseconds([sys.executable, "-c", BARE], "painted"),
                "coach painted": milliseconds(ours, "painted"),
                "coach interactive": milliseconds(ours, "interactive"),
            }
            if round_:  # the first round warms the caches
                for name, took in seen.items():
                    times[name].append(took)
    base = statistics.median(times["bare window"])
    for name, took in times.items():
        middle = statistics.median(took)
        print(f"{name:18} {middle:6.0f} ms ({min(took):.0f}-{max(took):.0f})  ratio {middle / base:.2f}")


if __name__ == "__main__":
    os.chdir(ROOT)
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
