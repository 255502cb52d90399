"""A short run of the fuzzer over everything that reads plan files.

packaging/fuzz/plans.py does longer ones.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_broken_or_hostile_file_is_handled_badly() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "fuzz" / "plans.py"), "--examples", "300"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    counts = {name: int(count) for name, count in re.findall(r"  (\w+ \w+) +(\d+)", done.stdout)}
    assert sum(counts.values()) >= 300
    # It is a test of both ways only while some of what it makes is still good.
    for kind in ("toml", "json", "xml", "zip"):
        assert counts.get(f"{kind} taken", 0) and counts.get(f"{kind} refused", 0), done.stdout
