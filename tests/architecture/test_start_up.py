"""What a command may load before its work is done: a check of a plan needs no Qt, a version number nothing.

A second start only hands over, and loads neither Qt nor its own command line.

Leaves out times: they depend on the machine, what is loaded does not.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

QT_AND_DEVICES = {"PySide6", "shiboken6", "pyttsx3", "miniaudio", "jeepney"}
HEAVY = QT_AND_DEVICES | {
    "asyncio",
    "importlib.metadata",
    "json",
    "logging",
    "platformdirs",
    "sqlite3",
    "subprocess",
    "tomlkit",
    "tomllib",
}


def loaded_by(*arguments: str) -> set[str]:
    """The modules that `coach` loads for these arguments, with the packages they are in; it must exit 0."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "coach", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    said: list[str] = []
    lines: list[str] = []
    for line in ended.stderr.splitlines():
        (lines if line.startswith("import time:") else said).append(line)
    assert ended.returncode == 0, "\n".join([ended.stdout, *said])
    names = {line.rpartition("|")[2].strip() for line in lines}
    return names | {name.partition(".")[0] for name in names}


def loaded_by_python_itself() -> set[str]:
    """What an interpreter of this environment loads in any case (the .pth files of packages, for one)."""
    ended = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(ended.stdout.split())


def test_asking_for_the_version_loads_nothing_heavy() -> None:
    loaded = loaded_by("--version")
    assert "coach.cli" in loaded
    assert loaded & HEAVY - loaded_by_python_itself() == set()


def test_checking_a_plan_loads_no_qt_and_opens_no_device() -> None:
    loaded = loaded_by("plans", "check", str(ROOT / "assets" / "plans" / "five-stretches.toml"))
    assert "tomllib" in loaded
    assert loaded & QT_AND_DEVICES == set()


@pytest.mark.parametrize("words", [(), ("--background",), ("run", "bedtime"), ("status",), ("legs.toml",)])
def test_a_second_start_loads_nothing_but_what_handing_over_takes(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    first = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "desktop" / "instance_peer.py"), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    try:
        assert first.stdout.readline().startswith("first; ")
        assert first.stdout.readline().startswith("serving; ")
        loaded = loaded_by("--data-dir", str(tmp_path), *words)
    finally:
        first.kill()
        first.wait(10)
        first.stdout.close()
    needed = {"json"}
    assert "coach.desktop.single_instance" in loaded
    assert (
        loaded & (HEAVY | {"argparse", "hashlib", "threading"}) - needed - loaded_by_python_itself() == set()
    )


def test_whether_somebody_is_running_is_asked_before_qt_is_loaded(tmp_path: Path) -> None:
    loaded = loaded_by("--data-dir", str(tmp_path), "status")
    assert "coach.desktop.single_instance" in loaded
    assert loaded & QT_AND_DEVICES == set()
