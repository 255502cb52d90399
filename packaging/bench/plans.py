"""Times loading and checking plans of 60 and 1,000 steps against bare tomllib on the same text, in one run.

Run: .venv/bin/python packaging/bench/plans.py [ROUNDS]
Goal (budgets 7, after import): 60 steps in at most 5 ms, 1,000 in at most 60 ms; checking is to cost well
under parsing. Rounds of both alternate, so that a busy machine slows both; the ratio of the best ones counts.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from coach.paths import assets_dir  # noqa: E402
from coach.storage import plan_saving, plan_toml  # noqa: E402
from coach.storage.exercise_toml import ExerciseFiles  # noqa: E402

GOALS = {60: 5.0, 1000: 60.0}  # milliseconds


def text_of(steps: int, names: list[str]) -> str:
    """A plan as an editor writes it, with most keys used: about 190 characters a step."""
    lines = ["format = 1", 'name = "Bench"', "rest = 5", ""]
    for number in range(steps):
        lines += [
            "[[steps]]",
            f'exercise = "{names[number % len(names)]}"',
            f"seconds = {30 + number % 30}",
            'sides = "both"',
            "rounds = 2",
            "rest = 5",
            'extra = { side = "left", seconds = 10 }',
            f'note = "Slowly, step {number}, and breathe out while you go into it."',
            "",
        ]
    return "\n".join(lines)


def main() -> int:
    """Print milliseconds and ratios; 1 when a goal is missed."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    exercises = ExerciseFiles(assets_dir() / "exercises").exercises()
    code = 0
    print("steps     tomllib  load+check  (best / median ms)   ratio  save as new text")
    with tempfile.TemporaryDirectory() as folder:
        for steps, goal in GOALS.items():
            text = text_of(steps, sorted(exercises))
            path = Path(folder) / "bench.toml"
            path.write_text(text, encoding="utf-8")
            bare: list[float] = []
            whole: list[float] = []
            gc.collect()
            for _round in range(rounds):
                began = time.perf_counter()
                tomllib.loads(text)
                middle = time.perf_counter()
                plan = plan_toml.load(path, exercises)
                bare.append(1000 * (middle - began))
                whole.append(1000 * (time.perf_counter() - middle))
            began = time.perf_counter()
            plan_saving.as_text(plan)
            saving = 1000 * (time.perf_counter() - began)
            met = min(whole) <= goal
            code |= not met
            print(
                f"{steps:5}  {min(bare):5.1f} / {statistics.median(bare):5.1f}"
                f"  {min(whole):5.1f} / {statistics.median(whole):5.1f}  {'':12}"
                f"  {min(whole) / min(bare):.2f}  {saving:5.1f} ms"
                f"  goal {goal:.0f} ms: {'met' if met else 'MISSED'}"
            )
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
