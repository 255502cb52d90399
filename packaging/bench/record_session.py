"""Records the first minute of a real session from a virtual sound card and compares it with the plan.

Run: .venv/bin/python packaging/bench/record_session.py [--seconds 60] [--out first-minute.wav] [-- COMMAND]
Needs pulseaudio and parec. Prints, for every cue, when it was planned, handed to the mixer and heard.
It leaves out judging. COMMAND is "run five-stretches --terminal" if not given; the voice is on.
"""

from __future__ import annotations

import argparse
import array
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
RATE = 22_050
# One look at the loudness takes this many samples: 2 ms.
FRAME = RATE // 500
# Sample value above which something is heard, and how long before it must have been quiet, in seconds.
LOUD, QUIET_BEFORE = 150, 0.03
# Where a cue is looked for around its planned instant, in seconds.
EARLIEST, LATEST = 0.1, 1.0
PAREC = ["--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=10"]
COACH = [sys.executable, "-m", "coach"]


@dataclass
class Recording:
    """What the virtual card played, and at which instant of the monotonic clock it began."""

    data: bytearray = field(default_factory=bytearray)
    began: float = float("inf")

    def read(self, pipe: IO[bytes]) -> None:
        descriptor = pipe.fileno()
        while piece := os.read(descriptor, 65_536):
            self.data += piece
            # Samples arrive late, never early: the earliest reckoning of the beginning is the best.
            self.began = min(self.began, time.monotonic() - len(self.data) / 2 / RATE)

    def save(self, path: Path) -> None:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(bytes(self.data))

    def onsets(self) -> list[float]:
        """Instants at which sound sets in after quiet, on the monotonic clock."""
        samples = array.array("h", bytes(self.data[: len(self.data) // 2 * 2]))
        needed = round(QUIET_BEFORE * RATE / FRAME)
        quiet, found = needed, []
        for start in range(0, len(samples) - FRAME, FRAME):
            piece = samples[start : start + FRAME]
            if max(piece) > LOUD or min(piece) < -LOUD:
                if quiet >= needed:
                    found.append(self.began + start / RATE)
                quiet = 0
            else:
                quiet += 1
        return found


@dataclass
class Events:
    """The events of the session and when each was read."""

    lines: list[tuple[float, dict[str, object]]] = field(default_factory=list)

    def read(self, pipe: IO[str]) -> None:
        for line in pipe:
            self.lines.append((time.monotonic(), json.loads(line)))

    @property
    def zero(self) -> float:
        """The instant of session second 0: the earliest reckoning, as lines may be read late."""
        return min(read - number(event, "t") for read, event in self.lines)


def number(event: dict[str, object], key: str) -> float:
    value = event[key]
    assert isinstance(value, (int, float))
    return float(value)


def wait_for(path: Path, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > end:
            sys.exit(f"{path} did not appear")
        time.sleep(0.02)


def record(command: list[str], seconds: float, folder: Path) -> tuple[Recording, Events]:
    """Run `command` for `seconds` on a sound server of its own."""
    socket, fifo = folder / "sound", folder / "events"
    os.mkfifo(fifo)
    environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_SERVER": f"unix:{socket}",
    }
    modules = [f"module-native-protocol-unix socket={socket}", "module-null-sink sink_name=card"]
    server = subprocess.Popen(
        ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        + [part for module in modules for part in ("-L", module)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    started = [server]
    try:
        wait_for(socket)
        parec = subprocess.Popen(
            ["parec", "--device=card.monitor", "--raw", *PAREC],
            env=environment,
            stdout=subprocess.PIPE,
        )
        started.append(parec)
        assert parec.stdout is not None
        recording, events = Recording(), Events()
        threading.Thread(target=recording.read, args=(parec.stdout,), daemon=True).start()
        while len(recording.data) < RATE // 5:  # a virtual card takes up to 2 s to wake up
            time.sleep(0.05)
        session = subprocess.Popen(
            [*COACH, "--data-dir", str(folder / "data"), *command, "--events", str(fifo)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        started.append(session)
        with fifo.open(encoding="utf-8") as pipe:
            reader = threading.Thread(target=events.read, args=(pipe,), daemon=True)
            reader.start()
            end = time.monotonic() + seconds
            while time.monotonic() < end and session.poll() is None:
                time.sleep(0.1)
            session.send_signal(signal.SIGINT)
            session.wait(10)
            reader.join(2)
        return recording, events
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--out", type=Path, default=Path("first-minute.wav"))
    parser.add_argument("command", nargs="*", default=["run", "five-stretches", "--terminal"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        recording, events = record(options.command, options.seconds, Path(folder))
    recording.save(options.out)
    if not events.lines:
        sys.exit("the session wrote no events")
    heard, zero = recording.onsets(), events.zero
    print("planned s   handed over ms late   heard ms late   cue")
    handed, sounded = [], []
    for _read, event in events.lines:
        if event["event"] != "cue" or number(event, "due") > options.seconds - 2:
            continue
        due, given = number(event, "due"), (number(event, "t") - number(event, "due")) * 1000
        near = [at - zero - due for at in heard if -EARLIEST <= at - zero - due <= LATEST]
        late = near[0] * 1000 if near else None
        handed.append(given)
        if late is not None:
            sounded.append(late)
        shown = "not found" if late is None else f"{late:9.0f}"
        print(f"{due:9.2f}   {given:19.2f}   {shown:>13}   {event['sound'] or '-':6} {event['text']}")
    for name, values in (("handed over", handed), ("heard", sounded)):
        if values:
            ordered = sorted(values)
            p99 = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
            print(
                f"{name}: {len(values)} of {len(handed)} cues, late by "
                f"p50 {statistics.median(ordered):.2f} ms, p99 {p99:.2f} ms, max {ordered[-1]:.2f} ms"
            )
    print("A cue without a tone begins with the run-in of the voice, about 60 ms of silence.")


if __name__ == "__main__":
    main()
