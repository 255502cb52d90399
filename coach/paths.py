"""Where things are: the user's folders and the files that ship with the app.

It leaves out reading and writing them, and creates nothing.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

APP = "stretch-coach"
_IS_LINUX = sys.platform == "linux"
# The name of the desktop entry, and of what else the desktop knows the app by.
APP_ID = "io.github.stretch_coach.StretchCoach"


@dataclass(frozen=True)
class Paths:
    """The four folders the app writes to.

    `config` holds what the user chose, `data` what must not be lost, `state` what the program noticed,
    `cache` what can be made again.
    """

    config: Path
    data: Path
    state: Path
    cache: Path

    @property
    def settings(self) -> Path:
        return self.config / "settings.json"

    @property
    def profile(self) -> Path:
        return self.config / "profile.json"

    @property
    def evenings(self) -> Path:
        return self.config / "evenings.json"

    @property
    def reminders(self) -> Path:
        return self.state / "reminders.json"

    @property
    def window(self) -> Path:
        return self.state / "window.json"

    @property
    def journal(self) -> Path:
        return self.data / "journal.sqlite3"

    @property
    def plans(self) -> Path:
        return self.data / "plans"

    @property
    def running_session(self) -> Path:
        return self.state / "session.jsonl"

    @property
    def voice_cache(self) -> Path:
        return self.cache / "voice"

    @property
    def log(self) -> Path:
        return self.state / "coach.log"


def locate(data_dir: Path | None = None) -> Paths:
    """The user's folders: below `data_dir` if one is given, else where the platform keeps them."""
    if data_dir is not None:
        root = data_dir.expanduser().absolute()
        return Paths(root / "config", root / "data", root / "state", root / "cache")
    if _IS_LINUX:  # as platformdirs has it, without the 20 ms that loading it takes
        return Paths(
            _xdg("XDG_CONFIG_HOME", ".config"),
            _xdg("XDG_DATA_HOME", ".local/share"),
            _xdg("XDG_STATE_HOME", ".local/state"),
            _xdg("XDG_CACHE_HOME", ".cache"),
        )
    import platformdirs

    dirs = platformdirs.PlatformDirs(APP, appauthor=False)
    return Paths(
        dirs.user_config_path,
        dirs.user_data_path,
        dirs.user_state_path,
        dirs.user_cache_path,
    )


def _xdg(variable: str, usual: str) -> Path:
    """A folder of ours by the XDG base directory rules: what the variable says if it is absolute."""
    given = Path(os.environ.get(variable, ""))
    return (given if given.is_absolute() else Path.home() / usual) / APP


def assets_dir() -> Path:
    """The shipped files: beside the package in a source tree, inside it once installed."""
    inside = Path(__file__).resolve().parent / "assets"
    return inside if inside.is_dir() else inside.parent.parent / "assets"
