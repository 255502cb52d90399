"""Tells whether there is a screen to open a window on, before any toolkit is loaded.

It leaves out what is shown on it. It imports no Qt, because Qt ends the process where no screen answers.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from coach.i18n import N_, Line


def missing_screen(environment: Mapping[str, str], platform: str = sys.platform) -> Line | None:
    """Why no window can be opened, or None if one can.

    Windows and macOS always have a screen. Elsewhere DISPLAY or WAYLAND_DISPLAY must be set and must answer;
    QT_QPA_PLATFORM set by hand is taken at its word.
    """
    if platform in ("win32", "darwin") or environment.get("QT_QPA_PLATFORM"):
        return None
    wayland, display = environment.get("WAYLAND_DISPLAY"), environment.get("DISPLAY")
    if not wayland and not display:
        return Line(N_("There is no screen here."))
    if wayland and _answers(_wayland_socket(wayland, environment)):
        return None
    if display and _x_answers(display):
        return None
    if display:
        return Line(N_("The screen {name} does not answer."), (("name", display),))
    return Line(N_("The screen {name} does not answer."), (("name", wayland or ""),))


def _wayland_socket(name: str, environment: Mapping[str, str]) -> str:
    return name if name.startswith("/") else str(Path(environment.get("XDG_RUNTIME_DIR", "/")) / name)


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
        peer.settimeout(1.0)
        try:
            peer.connect(address)
        except OSError:
            return False
    return True


def _x_answers(display: str) -> bool:
    host, _colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdigit():
        return False
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"
        return _answers(path) or (sys.platform == "linux" and _answers("\0" + path))
    try:
        with socket.create_connection((host.strip("[]"), 6000 + int(number)), timeout=1.0):
            return True
    except (OSError, OverflowError):
        return False
