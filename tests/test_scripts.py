"""The scripts that run the tests: nothing is skipped unseen because something is not installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts are for bash")

SETUP = Path(__file__).parents[1] / "packaging" / "setup.sh"
TOOLS = ("bash", "cat", "sed", "tr", "uname")


class Machine:
    """A computer with `installed` packages, and with or without apt; the user has the number `uid`."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.list = folder / "packages.txt"
        self.list.write_text("# a comment\n\ndunst\nlibfoo2t64|libfoo2  # by either name\n")
        for tool in TOOLS:
            path = shutil.which(tool)
            assert path is not None
            (self.bin / tool).symlink_to(path)

    def has(self, *installed: str, uid: int = 0) -> None:
        lines = "".join(f"installed {name}\\n" for name in installed)
        self._program("dpkg-query", f"printf '{lines}config-files xdotool\\n'")
        self._program("apt-get", "exit 0")
        self._program("apt-cache", "exit 1")
        self._program("id", f"echo {uid}")

    def _program(self, name: str, script: str) -> None:
        (self.bin / name).write_text(f"#!{self.bin / 'bash'}\n{script}\n")
        (self.bin / name).chmod(0o755)

    def check(self) -> tuple[bool, str]:
        """Whether all is well, and what was said."""
        done = subprocess.run(
            ["bash", "-c", 'source "$0"; all_installed "$1"', str(SETUP), str(self.list)],
            capture_output=True,
            text=True,
            timeout=30,
            env={"PATH": str(self.bin)},
        )
        return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_with_everything_there_nothing_is_said(machine: Machine) -> None:
    machine.has("dunst", "libfoo2")
    assert machine.check() == (True, "")


def test_what_root_could_have_installed_must_be_there(machine: Machine) -> None:
    machine.has("libfoo2t64")
    well, said = machine.check()
    assert not well and said.strip() == "Not installed, so that tests are skipped: dunst"


def test_elsewhere_it_is_only_said(machine: Machine) -> None:
    machine.has("libfoo2t64", uid=1000)
    well, said = machine.check()
    assert well and "dunst" in said


def test_a_system_without_apt_is_told_what_that_means(machine: Machine) -> None:
    well, said = machine.check()
    assert well and "no apt" in said and "skipped" in said
