"""Says what works on this computer, and what to do where something does not.

It leaves out mending anything, and loads no Qt of its own at import, so that it can tell about a broken Qt.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from coach.desktop.screen import missing_screen
from coach.i18n import N_, Line
from coach.paths import Paths
from coach.services.ports import Finding

# Seconds a part may take to answer before it counts as not there.
PATIENCE = 20.0

_RUN_SH = N_("“bash packaging/run.sh” installs what is missing.")


def examine(paths: Paths) -> list[Finding]:
    """Look at everything a session uses but the voice (see speech.client), as a user would miss it."""
    return [
        _screen(),
        _toolkit(),
        _sound(),
        _bus_name(
            "tray",
            N_("Tray"),
            "org.kde.StatusNotifierWatcher",
            N_("Without a tray the window stays where it is; nothing is lost."),
        ),
        _bus_name(
            "notifications",
            N_("Notifications"),
            "org.freedesktop.Notifications",
            N_("Reminders need a notification service or a small window of our own."),
        ),
        *(_folder(name, title, folder) for name, title, folder in _folders(paths)),
        Finding("log", N_("Log"), True, Line("{path}", (("path", str(paths.log)),))),
    ]


def _folders(paths: Paths) -> list[tuple[str, str, Path]]:
    return [
        ("data", N_("Data folder"), paths.data),
        ("settings", N_("Settings folder"), paths.config),
        ("state", N_("State folder"), paths.state),
        ("cache", N_("Cache folder"), paths.cache),
    ]


def _screen() -> Finding:
    why = missing_screen(os.environ)
    if why is None:
        return Finding("screen", N_("Screen"), True, Line(N_("A window can be opened.")))
    advice = Line(N_("Sessions run in the terminal here: “coach run --terminal”."))
    return Finding("screen", N_("Screen"), False, why, advice)


def _toolkit() -> Finding:
    """Load Qt and make an application in a child, because a broken platform plug-in ends its process."""
    code = (
        "import PySide6, PySide6.QtWidgets as w; a = w.QApplication([]); "
        "print(PySide6.__version__, a.platformName())"
    )
    environment = dict(os.environ)
    if missing_screen(environment) is not None:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(
            "toolkit", N_("Window toolkit"), False, Line("{reason}", (("reason", str(error)),)), Line(_RUN_SH)
        )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1][:200]
        return Finding(
            "toolkit", N_("Window toolkit"), False, Line("{reason}", (("reason", last),)), Line(_RUN_SH)
        )
    return Finding(
        "toolkit", N_("Window toolkit"), True, Line("Qt {version}", (("version", done.stdout.strip()),))
    )


def _sound() -> Finding:
    title = N_("Sound")
    advice = Line(N_("Connect a loudspeaker or start the sound service (PipeWire or PulseAudio)."))
    try:
        from coach.desktop.audio import look_for_sound
    except ImportError as error:
        return Finding("sound", title, False, Line("{reason}", (("reason", str(error)),)), Line(_RUN_SH))
    state = look_for_sound()
    return Finding("sound", title, state.works, state.what, None if state.works else advice)


def _bus_name(what: str, title: str, name: str, advice: str) -> Finding:
    """Whether somebody on the session bus answers to a name."""
    try:
        from jeepney import DBusAddress, new_method_call
        from jeepney.io.blocking import open_dbus_connection

        bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        with open_dbus_connection(bus="SESSION") as connection:
            call = new_method_call(bus, "NameHasOwner", "s", (name,))
            (owned,) = connection.send_and_get_reply(call, timeout=3.0).body
            starts = new_method_call(bus, "ListActivatableNames")
            (startable,) = connection.send_and_get_reply(starts, timeout=3.0).body
    except ImportError:
        return Finding(what, title, False, Line(N_("Not looked at on this system.")), None)
    except (KeyError, OSError, ValueError):
        return Finding(what, title, False, Line(N_("There is no session bus.")), Line(advice))
    if owned or name in startable:
        return Finding(what, title, True, Line(N_("Answers.")))
    return Finding(what, title, False, Line(N_("Nobody answers.")), Line(advice))


def _folder(what: str, title: str, folder: Path) -> Finding:
    """Whether files can be made in a folder, or in the nearest one above it that exists."""
    shown = Line("{path}", (("path", str(folder)),))
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    try:
        with tempfile.TemporaryFile(dir=nearest):
            return Finding(what, title, True, shown)
    except OSError:  # rights alone do not tell: the disk may be full or read-only
        pass
    return Finding(
        what,
        title,
        False,
        Line(N_("{path} cannot be written to."), (("path", str(folder)),)),
        Line(N_("Make it writable, or choose another place: “coach --data-dir DIR”.")),
    )
