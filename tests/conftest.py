"""What every test stands on: an empty home of its own, no screen, and no warning that goes by unseen.

It holds no fakes (tests/fakes.py) and no app to test against. Python's own warnings are errors by the
`filterwarnings` of pyproject.toml, Qt's by its `qt_log_level_fail`; the log's are caught here.
"""

import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

# Before anything makes a QApplication. A run with QT_QPA_PLATFORM=xcb still shows the windows.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["pytester"]

# Other people's loggers that warn of what no test can help; pattern of "logger: message", and the reason.
EXCUSED_LOG_LINES: dict[str, str] = {}

HOME_VARIABLES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
XDG_VARIABLES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@pytest.fixture(autouse=True)
def fresh_home(request: pytest.FixtureRequest) -> Iterator[Path]:
    """An empty home directory for each test, with the XDG folders inside it; yields its path.

    Not under tmp_path: the socket in XDG_RUNTIME_DIR must stay within the 107 bytes a socket's path may have.
    """
    home = Path(tempfile.mkdtemp(prefix="coach-"))
    values = dict.fromkeys(HOME_VARIABLES, home) | {
        name: home / name.removeprefix("XDG_").removesuffix("_HOME").lower() for name in XDG_VARIABLES
    }
    values["XDG_RUNTIME_DIR"] = home / "run"
    values["XDG_RUNTIME_DIR"].mkdir(mode=0o700)
    before = {name: os.environ.get(name) for name in values}
    os.environ.update({name: str(path) for name, path in values.items()})
    yield home
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    shutil.rmtree(home, ignore_errors=True)


class ExpectWarning(Protocol):
    """How a test says which log warning it is about."""

    def __call__(self, pattern: str) -> None:
        """Excuse log lines that match the regular expression; the test fails if none comes."""


class _WarningCatcher(logging.Handler):
    """Keeps every record from "warning" up, once, however many loggers hand it over."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.expected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not any(seen is record for seen in self.records):
            self.records.append(record)

    def expect(self, pattern: str) -> None:
        self.expected.append(pattern)

    def complaints(self) -> list[str]:
        lines = [f"{record.name}: {record.getMessage()}" for record in self.records]
        welcome = [*self.expected, *EXCUSED_LOG_LINES]
        unexpected = [line for line in lines if not any(re.search(pattern, line) for pattern in welcome)]
        missing = [p for p in self.expected if not any(re.search(p, line) for line in lines)]
        return [f"unexpected warning in the log: {line}" for line in unexpected] + [
            f"expected a warning in the log that never came: {pattern}" for pattern in missing
        ]


@pytest.fixture(autouse=True)
def _log_guard(fresh_home: Path) -> Iterator[_WarningCatcher]:
    catcher = _WarningCatcher()
    # The app's own logger too: it may be told not to hand its records on to the root.
    watched = [logging.getLogger(), logging.getLogger("coach")]
    for logger in watched:
        logger.addHandler(catcher)
    yield catcher
    for logger in watched:
        logger.removeHandler(catcher)
    if complaints := catcher.complaints():
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture
def expected_warnings(_log_guard: _WarningCatcher) -> ExpectWarning:
    """For a test about a log warning: `expected_warnings("settings.json .* repaired")` before it happens.

    For a message of Qt itself use `@pytest.mark.qt_log_ignore("pattern")` of pytest-qt.
    """
    return _log_guard.expect
