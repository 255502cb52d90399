"""Starting at login, on three systems: what is switched on is in force, what is off leaves nothing."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.desktop import autostart
from coach.desktop.autostart import (
    LinuxAutostart,
    MacAutostart,
    NoAutostart,
    WindowsAutostart,
    arguments,
    autostart_for_this_system,
    command_for,
    desktop_entry,
    entry_values,
    name_for,
    quoted,
)
from coach.i18n import Line, render
from coach.paths import APP_ID, locate
from coach.services.ports import Enrolment

ODD_NAMES = (
    "coach",
    "stretch coach",
    "100 % legs",
    'say "ah"',
    "back\\slash",
    "dollar$HOME",
    "tick`s`",
    "it's",
    "a=b;c&d|e",
    "~*?#()<>",
    "Бедро 腿",
    "new\nline\tand tab",
    " leading",
)


class FakeRegistry:
    """As much of the module winreg as is used, over a dictionary of keys of the current user."""

    HKEY_CURRENT_USER = object()
    REG_SZ = 1
    KEY_READ, KEY_SET_VALUE = 0x20019, 0x2

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, object]] = {}
        self.locked = False
        self.deaf = False

    @contextmanager
    def OpenKey(self, root: object, key: str, reserved: int = 0, access: int = KEY_READ) -> Iterator[str]:
        assert root is self.HKEY_CURRENT_USER and reserved == 0
        if key not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        if access == self.KEY_SET_VALUE:
            self._may_write()
        yield key

    @contextmanager
    def CreateKey(self, root: object, key: str) -> Iterator[str]:
        assert root is self.HKEY_CURRENT_USER
        self._may_write()
        self.keys.setdefault(key, {})
        yield key

    def SetValueEx(self, key: str, name: str, reserved: int, kind: int, value: str) -> None:
        assert kind == self.REG_SZ and reserved == 0
        if not self.deaf:
            self.keys[key][name] = value

    def QueryValueEx(self, key: str, name: str) -> tuple[object, int]:
        if name not in self.keys[key]:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return self.keys[key][name], self.REG_SZ

    def DeleteValue(self, key: str, name: str) -> None:
        if name not in self.keys[key]:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        del self.keys[key][name]

    def _may_write(self) -> None:
        if self.locked:
            raise PermissionError(13, "Access is denied")


def said(line: Line | None) -> str | None:
    return None if line is None else render(line)


def program(folder: Path, name: str = "coach") -> str:
    """A program that is really there, under an odd name."""
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


Make = Callable[[Sequence[str]], Enrolment]


@pytest.fixture(params=["Linux", "Windows", "macOS"])
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Makes the enrolment of a system for a command; what is kept stays from one to the next."""
    registry = FakeRegistry()

    def make(command: Sequence[str]) -> Enrolment:
        match request.param:
            case "Linux":
                return LinuxAutostart(tmp_path / "autostart", APP_ID, command)
            case "Windows":
                return WindowsAutostart(registry, APP_ID, command)
            case _:
                return MacAutostart(tmp_path / "LaunchAgents", APP_ID, command)

    return make


# ------------------------------------------------------------------------ the same on every system


def test_at_first_it_is_off_and_can_be_switched_on(system: Make, tmp_path: Path) -> None:
    startup = system((program(tmp_path), "--background"))
    assert startup.can.works and not startup.is_on()
    assert said(startup.turn_on()) is None
    assert startup.is_on()
    assert render(startup.can.what).startswith("Kept in ")


def test_the_next_start_of_the_app_still_sees_it(system: Make, tmp_path: Path) -> None:
    command = (program(tmp_path), "--background")
    assert said(system(command).turn_on()) is None
    assert system(command).is_on()


def test_switched_off_it_leaves_nothing_behind(system: Make, tmp_path: Path) -> None:
    startup = system((program(tmp_path), "--background"))
    before = sorted(tmp_path.rglob("*.*"))
    assert said(startup.turn_on()) is None
    assert said(startup.turn_off()) is None
    assert not startup.is_on() and sorted(tmp_path.rglob("*.*")) == before
    assert said(startup.turn_off()) is None  # once more does no harm


def test_switching_it_on_twice_is_the_same_as_once(system: Make, tmp_path: Path) -> None:
    startup = system((program(tmp_path), "--background"))
    assert said(startup.turn_on()) is None and said(startup.turn_on()) is None and startup.is_on()
    assert said(startup.turn_off()) is None and not startup.is_on()


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids such names")
def test_a_program_in_an_odd_place_is_started_all_the_same(system: Make, tmp_path: Path, name: str) -> None:
    startup = system((program(tmp_path, name), "--data-dir", f"/somewhere/{name}", "--background"))
    assert said(startup.turn_on()) is None
    assert startup.is_on()


# ------------------------------------------------------------------------ Linux


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    return tmp_path / "autostart" / f"{APP_ID}.desktop"


@pytest.fixture
def linux(tmp_path: Path) -> LinuxAutostart:
    return LinuxAutostart(tmp_path / "autostart", APP_ID, (program(tmp_path), "--background"))


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_settings_of_the_desktop_switched_off_is_off(
    linux: LinuxAutostart, entry: Path, line: str
) -> None:
    assert linux.turn_on() is None
    key = line.partition("=")[0]
    kept = [one for one in entry.read_text().splitlines() if not one.startswith(key)]
    entry.write_text("\n".join([*kept, line]) + "\n")
    assert not linux.is_on()
    assert linux.turn_on() is None and linux.is_on()


def test_a_program_that_is_gone_is_not_started(linux: LinuxAutostart, tmp_path: Path) -> None:
    assert linux.turn_on() is None
    (tmp_path / "coach").unlink()
    assert not linux.is_on()
    assert said(linux.turn_on()) == (
        f"It was written to {tmp_path}/autostart/{APP_ID}.desktop, but is not in force. "
        "Look for Stretch Coach in the autostart settings of your desktop."
    )


@pytest.mark.parametrize(
    "text", ["", "nonsense", '[Desktop Entry]\nExec="/bin/sh\n', "\xff", "[Other]\nExec=sh"]
)
def test_an_entry_that_cannot_be_read_is_off_and_can_be_replaced(
    linux: LinuxAutostart, entry: Path, text: str
) -> None:
    entry.parent.mkdir()
    entry.write_bytes(text.encode("latin-1"))
    assert not linux.is_on()
    assert linux.turn_on() is None and linux.is_on()


def test_a_place_that_cannot_be_written_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("not a folder")
    startup = LinuxAutostart(tmp_path / "autostart", APP_ID, (program(tmp_path),))
    assert said(startup.turn_on()) == (
        f"“{tmp_path}/autostart/{APP_ID}.desktop” cannot be changed: File exists. "
        "Allow writing there, then try again."
    )
    assert not startup.is_on()


def test_a_folder_whose_name_is_no_text_is_said(tmp_path: Path) -> None:
    startup = LinuxAutostart(tmp_path / "autostart", APP_ID, ("/opt/\udcff/coach", "--background"))
    assert said(startup.turn_on()) == (
        f"A folder of Stretch Coach has a name that does not fit into {tmp_path}/autostart/{APP_ID}.desktop. "
        "Give it a plainer one."
    )
    assert list(tmp_path.rglob("*.desktop*")) == []


def test_a_link_among_the_dotfiles_stays_one(linux: LinuxAutostart, entry: Path, tmp_path: Path) -> None:
    entry.parent.mkdir()
    entry.symlink_to(tmp_path / "dotfiles.desktop")
    assert linux.turn_on() is None
    assert entry.is_symlink() and (tmp_path / "dotfiles.desktop").exists()


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="needs desktop-file-validate")
def test_the_entry_is_valid(tmp_path: Path, name: str) -> None:
    path = tmp_path / "entry.desktop"
    path.write_text(desktop_entry((f"/opt/{name}/coach", "--data-dir", name, "--background")))
    done = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (0, "")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_any_command_comes_back_from_the_file_as_it_was(command: list[str]) -> None:
    assert arguments(entry_values(desktop_entry(command))["Exec"]) == tuple(command)


@pytest.mark.skipif(not shutil.which("sh"), reason="needs a shell")
def test_a_shell_understands_the_quotes_as_the_desktop_does() -> None:
    # Within double quotes both give a meaning to the same four characters.
    names = [name for name in ODD_NAMES if "%" not in name]
    line = " ".join(["printf", "'%s\\0'", *map(quoted, names)])
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.split("\0")[:-1] == names


def test_field_codes_of_others_are_no_arguments() -> None:
    assert arguments("coach %U --background") == ("coach", "--background")


# ------------------------------------------------------------------------ Windows


def test_what_the_task_manager_switched_off_is_off_until_it_is_switched_on_again() -> None:
    registry = FakeRegistry()
    startup = WindowsAutostart(registry, APP_ID, (r"C:\Program Files\coach.exe", "--background"))
    assert startup.turn_on() is None
    assert registry.keys[WindowsAutostart.RUN] == {APP_ID: r'"C:\Program Files\coach.exe" --background'}
    registry.keys[WindowsAutostart.APPROVED] = {APP_ID: bytes([3]) + bytes(11)}
    assert not startup.is_on()
    assert startup.turn_on() is None and startup.is_on()
    registry.keys[WindowsAutostart.APPROVED] = {APP_ID: bytes([2]) + bytes(11)}
    assert startup.is_on()


def test_a_locked_registry_is_said_in_one_sentence() -> None:
    registry = FakeRegistry()
    startup = WindowsAutostart(registry, APP_ID, ("coach.exe",))
    registry.locked = True
    sentence = f"“HKEY_CURRENT_USER\\{WindowsAutostart.RUN}” cannot be changed: Access is denied. "
    assert said(startup.turn_on()) == sentence + "Allow writing there, then try again."
    registry.locked = False
    assert startup.turn_on() is None
    registry.locked = True
    assert said(startup.turn_off()) == sentence + "Allow writing there, then try again."


def test_a_registry_that_forgets_is_found_out() -> None:
    registry = FakeRegistry()
    registry.deaf = True
    assert said(WindowsAutostart(registry, APP_ID, ("coach.exe",)).turn_on()) == (
        f"It was written to HKEY_CURRENT_USER\\{WindowsAutostart.RUN}, but is not in force. "
        "Look for Stretch Coach in Settings, Apps, Startup."
    )


def test_a_command_longer_than_windows_takes_is_refused() -> None:
    registry = FakeRegistry()
    line = WindowsAutostart(registry, APP_ID, ("C:\\" + "x" * 260,)).turn_on()
    assert said(line) == (
        "The folder of Stretch Coach has too long a name to be started at login. "
        "Move the app to a shorter one."
    )
    assert registry.keys == {}


# ------------------------------------------------------------------------ macOS


def test_the_launch_agent_says_what_launchd_needs(tmp_path: Path) -> None:
    command = (program(tmp_path), "--background")
    assert MacAutostart(tmp_path, APP_ID, command).turn_on() is None
    agent = plistlib.loads((tmp_path / f"{APP_ID}.plist").read_bytes())
    assert agent["Label"] == APP_ID and agent["ProgramArguments"] == list(command)
    assert agent["RunAtLoad"] is True


@pytest.mark.parametrize("key, value", [("Disabled", True), ("RunAtLoad", False), ("ProgramArguments", "x")])
def test_an_agent_that_was_switched_off_is_off(tmp_path: Path, key: str, value: object) -> None:
    startup = MacAutostart(tmp_path, APP_ID, (program(tmp_path), "--background"))
    assert startup.turn_on() is None
    path = tmp_path / f"{APP_ID}.plist"
    path.write_bytes(plistlib.dumps(plistlib.loads(path.read_bytes()) | {key: value}))
    assert not startup.is_on()


@pytest.mark.parametrize("data", [b"", b"<plist>", b"\xff\xfe", b"<plist version='1.0'><array/></plist>"])
def test_an_agent_that_cannot_be_read_is_off(tmp_path: Path, data: bytes) -> None:
    (tmp_path / f"{APP_ID}.plist").write_bytes(data)
    assert not MacAutostart(tmp_path, APP_ID, (program(tmp_path),)).is_on()


# ------------------------------------------------------------------------ this computer


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the folder of Linux")
def test_on_linux_it_is_kept_in_the_users_autostart_folder(fresh_home: Path) -> None:
    paths = locate()
    startup = autostart_for_this_system(paths, command_for(paths))
    assert startup.turn_on() is None
    text = (fresh_home / "config" / "autostart" / f"{APP_ID}.desktop").read_text()
    assert arguments(entry_values(text)["Exec"]) == (sys.executable, "-P", "-m", "coach", "--background")


def test_a_run_over_other_folders_has_an_entry_of_its_own(tmp_path: Path) -> None:
    mine, other = locate(), locate(tmp_path)
    assert name_for(mine) == APP_ID and name_for(other).startswith(f"{APP_ID}.")
    assert name_for(other) == name_for(locate(tmp_path)) != name_for(locate(tmp_path / "x"))
    assert command_for(other)[-2:] == ("--data-dir", str(tmp_path))


def test_an_appimage_is_started_by_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPIMAGE", "/home/me/Stretch Coach.AppImage")
    monkeypatch.setenv("APPDIR", str(Path(autostart.__file__).parents[2]))
    assert command_for(locate()) == ("/home/me/Stretch Coach.AppImage",)


@pytest.mark.parametrize("unpacked", ["/tmp/.mount_editor", ""])
def test_the_appimage_of_the_terminal_it_was_started_from_is_not_ours(
    monkeypatch: pytest.MonkeyPatch, unpacked: str
) -> None:
    monkeypatch.setenv("APPIMAGE", "/home/me/editor.AppImage")
    monkeypatch.setenv("APPDIR", unpacked)
    assert command_for(locate())[-2:] == ("-m", "coach")


@pytest.mark.skipif(sys.platform == "win32", reason="tried as it would be started on Linux")
def test_the_command_does_start_the_app(tmp_path: Path) -> None:
    (tmp_path / "coach").mkdir()  # a folder of the user's that is called as the app
    done = subprocess.run(
        [*command_for(locate(tmp_path)), "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env=os.environ,
    )
    assert done.returncode == 0 and done.stdout.strip(), done.stderr


def test_in_a_sandbox_it_says_who_can_do_it() -> None:
    startup = NoAutostart()
    assert not startup.can.works and not startup.is_on() and startup.turn_off() is None
    assert said(startup.turn_on()) == "In a Flatpak the desktop starts programs: add Stretch Coach there."
