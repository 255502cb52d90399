"""Starts the app in the background at login: written where the system looks for it, and read back from there.

It leaves out whether the user wants that. Every system's way takes its folder or registry as an argument.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coach.i18n import N_, Line
from coach.paths import APP_ID, Paths, locate
from coach.services.ports import Adapter, Enrolment

APP_NAME = "Stretch Coach"
BACKGROUND = "--background"
# What is larger was not written by us, in bytes.
LARGEST = 64 * 1024

_NOT_IN_FORCE = N_("It was written to {path}, but is not in force. Look for Stretch Coach in {where}.")
_STILL_THERE = N_("It could not be taken out of {path}. Look for Stretch Coach in {where}.")
_DESKTOP = N_("the autostart settings of your desktop")
_WINDOWS = N_("Settings, Apps, Startup")
_MAC = N_("System Settings, General, Login Items")


def autostart_for_this_system(paths: Paths, command: Sequence[str]) -> Enrolment:
    """The Enrolment port for starting at login; `command` starts the app (see `command_for`)."""
    name = name_for(paths)
    background = (*command, BACKGROUND)
    if sys.platform == "win32":
        import winreg

        return WindowsAutostart(winreg, name, background)
    if sys.platform == "darwin":
        return MacAutostart(Path.home() / "Library" / "LaunchAgents", name, background)
    if Path("/.flatpak-info").exists():
        return NoAutostart()
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart"
    return LinuxAutostart(folder, name, background)


def command_for(paths: Paths) -> tuple[str, ...]:
    """How this program is started again, over the same folders."""
    data = () if paths == locate() else ("--data-dir", str(paths.config.parent))
    image, unpacked = os.environ.get("APPIMAGE"), os.environ.get("APPDIR")
    # Both are handed on to every program that is started from an AppImage, such as an editor's terminal.
    if image and unpacked and Path(__file__).resolve().is_relative_to(Path(unpacked).resolve()):
        return (image, *data)
    if getattr(sys, "frozen", False):
        return (sys.executable, *data)
    python = Path(sys.executable)
    windowed = python.with_name("pythonw.exe")  # opens no console
    # -P: a folder called coach in the user's home is not the app.
    return (str(windowed if windowed.exists() else python), "-P", "-m", "coach", *data)


def name_for(paths: Paths) -> str:
    """What the system calls our entry: the app's id; a run over other folders gets an entry of its own."""
    if paths == locate():
        return APP_ID
    import zlib

    return f"{APP_ID}.{zlib.crc32(os.fsencode(paths.config)):08x}"


# -------------------------------------------------------------------- Linux


class LinuxAutostart:
    """A desktop entry in the autostart folder, as the XDG Desktop Application Autostart Specification has it.

    What the desktop's own settings do to the entry counts: Hidden, X-GNOME-Autostart-enabled.
    """

    def __init__(self, folder: Path, name: str, command: Sequence[str]) -> None:
        self._path = folder / f"{name}.desktop"
        self._command = tuple(command)

    @property
    def can(self) -> Adapter:
        return Adapter(True, _kept_in(self._path))

    def is_on(self) -> bool:
        return bool(self._starts())

    def turn_on(self) -> Line | None:
        try:
            replace_file(self._path, desktop_entry(self._command).encode())
        except (OSError, ValueError) as error:
            return unwritable(self._path, error)
        if self._starts() != self._command:
            return _failed(_NOT_IN_FORCE, self._path, _DESKTOP)
        return None

    def turn_off(self) -> Line | None:
        return take_away(self._path)

    def _starts(self) -> tuple[str, ...]:
        """What the entry starts at login; empty when that is nothing."""
        values = entry_values(read_text(self._path))
        if values.get("Hidden") == "true" or values.get("X-GNOME-Autostart-enabled") == "false":
            return ()
        command = arguments(values.get("Exec", ""))
        needed = [*command[:1], values.get("TryExec", "")]
        if not command or not all(shutil.which(one) for one in needed if one):
            return ()
        return command


def desktop_entry(command: Sequence[str]) -> str:
    """The autostart entry of `command`. Raises ValueError when it cannot be written into one."""
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.4",  # what validators of 2023 know; nothing here is newer
        f"Name={APP_NAME}",
        "Comment=Waits in the background for the evening",
        f"Exec={_escaped(' '.join(quoted(one) for one in command))}",
        f"TryExec={_escaped(command[0])}",
        f"Icon={APP_ID}",
        "Terminal=false",
        "StartupNotify=false",
        "X-GNOME-Autostart-enabled=true",
    )
    return "\n".join(lines) + "\n"


# The characters that must be quoted in an Exec line, by the Desktop Entry Specification 1.5.
_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_UNESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def quoted(argument: str) -> str:
    """One argument of an Exec line, before the escapes that every text in a desktop entry has."""
    argument = argument.replace("%", "%%")
    if argument and _RESERVED.isdisjoint(argument):
        return argument
    return '"' + "".join(f"\\{one}" if one in '"`$\\' else one for one in argument) + '"'


def arguments(value: str) -> tuple[str, ...]:
    """The arguments of an Exec line without its field codes; empty when it is broken."""
    found: list[str] = []
    current: str | None = None
    inside = False
    letters = iter(value)
    for letter in letters:
        if letter == '"':
            inside = not inside
            current = current or ""
        elif letter == "\\" and inside:
            current = (current or "") + next(letters, "")
        elif letter == " " and not inside:
            if current is not None:
                found.append(current)
            current = None
        elif letter == "%":
            if next(letters, "") == "%":
                current = (current or "") + "%"
        else:
            current = (current or "") + letter
    if inside:
        return ()
    if current is not None:
        found.append(current)
    return tuple(found)


def entry_values(text: str) -> dict[str, str]:
    """The values of the group [Desktop Entry], their escapes undone."""
    values: dict[str, str] = {}
    group = ""
    for line in text.split("\n"):
        line = line.strip(" \t\r")
        if line.startswith("["):
            group = line
        elif group == "[Desktop Entry]" and "=" in line and not line.startswith("#"):
            key, _equals, value = line.partition("=")
            values[key.rstrip(" \t")] = _unescaped(value.lstrip(" \t"))
    return values


def _escaped(text: str) -> str:
    text = "".join(_ESCAPES.get(one, one) for one in text)
    return "\\s" + text[1:] if text.startswith(" ") else text


def _unescaped(text: str) -> str:
    letters = iter(text)
    return "".join(_UNESCAPES.get(next(letters, ""), "") if one == "\\" else one for one in letters)


# -------------------------------------------------------------------- Windows


class WindowsAutostart:
    """A value under the user's Run key. `winreg` is that module. The task manager's own switch counts."""

    RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
    APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
    # Of the Run key's documentation: "no longer than 260 characters".
    LONGEST = 260

    def __init__(self, winreg: Any, name: str, command: Sequence[str]) -> None:
        self._registry = winreg
        self._name = name
        self._command = tuple(command)

    @property
    def can(self) -> Adapter:
        return Adapter(True, _kept_in(self._where))

    def is_on(self) -> bool:
        approved = self._value(self.APPROVED)
        # Twelve bytes, of which the first is odd when the entry was switched off by the user.
        if isinstance(approved, bytes) and approved[:1] and approved[0] & 1:
            return False
        return bool(self._value(self.RUN))

    def turn_on(self) -> Line | None:
        from subprocess import list2cmdline

        line = list2cmdline(self._command)
        if len(line) > self.LONGEST:
            return Line(
                N_(
                    "The folder of Stretch Coach has too long a name to be started at login. "
                    "Move the app to a shorter one."
                )
            )
        try:
            self._remove(self.APPROVED)
            with self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, self.RUN) as key:
                self._registry.SetValueEx(key, self._name, 0, self._registry.REG_SZ, line)
        except OSError as error:
            return unwritable(self._where, error)
        if not self.is_on() or self._value(self.RUN) != line:
            return _failed(_NOT_IN_FORCE, self._where, _WINDOWS)
        return None

    def turn_off(self) -> Line | None:
        try:
            self._remove(self.RUN)
        except OSError as error:
            return unwritable(self._where, error)
        return _failed(_STILL_THERE, self._where, _WINDOWS) if self.is_on() else None

    @property
    def _where(self) -> str:
        return f"HKEY_CURRENT_USER\\{self.RUN}"

    def _value(self, key: str) -> object:
        try:
            with self._registry.OpenKey(self._registry.HKEY_CURRENT_USER, key) as opened:
                value: object = self._registry.QueryValueEx(opened, self._name)[0]
                return value
        except OSError:
            return None

    def _remove(self, key: str) -> None:
        try:
            with self._registry.OpenKey(
                self._registry.HKEY_CURRENT_USER, key, 0, self._registry.KEY_SET_VALUE
            ) as opened:
                self._registry.DeleteValue(opened, self._name)
        except FileNotFoundError:  # neither the key nor the value must be there
            return


# -------------------------------------------------------------------- macOS


class MacAutostart:
    """A launch agent that runs at login."""

    def __init__(self, folder: Path, name: str, command: Sequence[str]) -> None:
        self._path = folder / f"{name}.plist"
        self._name = name
        self._command = tuple(command)

    @property
    def can(self) -> Adapter:
        return Adapter(True, _kept_in(self._path))

    def is_on(self) -> bool:
        return bool(self._starts())

    def turn_on(self) -> Line | None:
        import plistlib

        agent = {
            "Label": self._name,
            "ProgramArguments": list(self._command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }
        try:
            replace_file(self._path, plistlib.dumps(agent))
        except (OSError, ValueError) as error:
            return unwritable(self._path, error)
        if self._starts() != self._command:
            return _failed(_NOT_IN_FORCE, self._path, _MAC)
        return None

    def turn_off(self) -> Line | None:
        return take_away(self._path)

    def _starts(self) -> tuple[str, ...]:
        agent = read_plist(self._path)
        command = agent.get("ProgramArguments")
        if agent.get("Disabled") is True or agent.get("RunAtLoad") is not True:
            return ()
        if not isinstance(command, list) or not all(isinstance(one, str) for one in command):
            return ()
        return tuple(command) if command and shutil.which(command[0]) else ()


class NoAutostart:
    """In a sandbox, from which no other program's start can be arranged by a file."""

    @property
    def can(self) -> Adapter:
        return Adapter(False, Line(N_("In a Flatpak the desktop starts programs: add Stretch Coach there.")))

    def is_on(self) -> bool:
        return False

    def turn_on(self) -> Line | None:
        return self.can.what

    def turn_off(self) -> Line | None:
        return None


# -------------------------------------------------------------------- small files of the system


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file, whole or not at all. Raises OSError, ValueError for a NUL."""
    path = Path(os.path.realpath(path))  # a link among someone's dotfiles stays one
    new = path.with_name(f"{path.name}.new-{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def take_away(path: Path) -> Line | None:
    """Remove the file; what went wrong, or None, also when it was not there."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        return unwritable(path, error)
    return None


def read_text(path: Path) -> str:
    """The text of a small file; empty when there is none that can be read."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        return data.decode() if len(data) <= LARGEST else ""
    except (OSError, ValueError):
        return ""


def read_plist(path: Path) -> dict[str, object]:
    """The values of a property list; empty when there is none that can be read."""
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        values = plistlib.loads(read_text(path).encode())
    except (ExpatError, plistlib.InvalidFileException, ValueError, TypeError, AttributeError, IndexError):
        return {}
    return values if isinstance(values, dict) else {}


def unwritable(place: Path | str, error: OSError | ValueError) -> Line:
    """What went wrong at `place`, and what to do."""
    where = ("path", _shown(place))
    if isinstance(error, ValueError):  # bytes that are no text, control characters
        return Line(
            N_("A folder of Stretch Coach has a name that does not fit into {path}. Give it a plainer one."),
            (where,),
        )
    fields = (where, ("reason", error.strerror or str(error)))
    return Line(N_("“{path}” cannot be changed: {reason}. Allow writing there, then try again."), fields)


def _kept_in(place: Path | str) -> Line:
    return Line(N_("Kept in {path}."), (("path", _shown(place)),))


def _failed(sentence: str, place: Path | str, where: str) -> Line:
    return Line(sentence, (("path", _shown(place)), ("where", where)))


def _shown(place: Path | str) -> str:
    return "".join(one if one.isprintable() else "?" for one in str(place))
