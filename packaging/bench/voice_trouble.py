"""Kills, freezes and takes away the voice of a running session and prints what that does to its cues.

Killed and frozen: every voice process, 0.12 s after its start; stuck: at its start.

Run on Linux: .venv/bin/python packaging/bench/voice_trouble.py [SECONDS]
Goal: no cue moves by more than 20 ms, and tones take over within 2 s. It leaves out judging: it prints.
Each session has an empty folder, so that nothing is there from before, and no sound device.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COACH = [sys.executable, "-m", "coach"]
RUN = ["run", "five-stretches", "--terminal"]


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def session(trouble: str, seconds: float) -> list[dict[str, object]]:
    """The events of the first `seconds` of a session whose voice is in `trouble`."""
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        events = Path(folder) / "events"
        environment = dict(os.environ)
        if trouble == "missing":
            environment["COACH_SPEECH_ENGINE"] = "none"
        process = subprocess.Popen(
            [*COACH, "--data-dir", folder, *RUN, "--events", str(events)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        frozen: set[int] = set()
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end and process.poll() is None:
                time.sleep(0.001 if not frozen else 0.02)
                if trouble in ("stuck", "frozen", "killed"):
                    for child in set(children(process.pid)) - frozen:
                        time.sleep(0.0 if trouble == "stuck" else 0.12)  # in the middle of its work
                        frozen.add(child)
                        os.kill(child, signal.SIGKILL if trouble == "killed" else signal.SIGSTOP)
            process.send_signal(signal.SIGINT)
            process.wait(10)
        finally:
            process.kill()
            for child in frozen:
                try:
                    os.kill(child, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        return [json.loads(line) for line in events.read_text("utf-8").splitlines()]


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    for trouble in ("none", "missing", "killed", "frozen", "stuck"):
        events = session(trouble, seconds)
        timed = [event for event in events if event["event"] in ("cue", "segment")]
        late = [(float(str(event["t"])) - float(str(event["due"]))) * 1000 for event in timed]
        cues = [event for event in timed if event["event"] == "cue"]
        spoken = sum(bool(event["spoken"]) for event in cues)
        toned = sum(not event["spoken"] and event["sound"] is not None for event in cues)
        print(
            f"voice trouble {trouble:8} {len(cues):3} cues: {spoken} spoken, {toned} as a tone instead, "
            f"{len(cues) - spoken - toned} as caption only; late by at most {max(late):.1f} ms"
        )


if __name__ == "__main__":
    main()
