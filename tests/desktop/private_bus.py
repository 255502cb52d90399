"""A bus of our own for tests, which can be killed and come back; the real one is never reached.

It leaves out who is on it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

needs_a_bus = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("dbus-daemon"), reason="D-Bus is for Linux and the like"
)


class PrivateBus:
    """A dbus-daemon at a socket in `folder`; after `kill` it can be started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "bus"
        self._process: subprocess.Popen[str] | None = None
        self.address = f"unix:path={self._socket}"
        self.start()

    def start(self) -> None:
        """Start it, and return once it listens."""
        self._socket.unlink(missing_ok=True)
        command = ["dbus-daemon", "--session", "--nofork", "--print-address", "--address", self.address]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline()

    def kill(self) -> None:
        """End it at once; harmless when it is gone."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
