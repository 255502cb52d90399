"""The guards of tests/conftest.py do bite: each is shown a test that it must fail.

Leaves out Python's own warnings and exceptions lost in threads, which pytest itself turns into failures.
"""

import os
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

OFFENDERS = """
import logging
from pathlib import Path
from PySide6.QtCore import qWarning


def test_a_warning_in_the_log():
    logging.getLogger("coach.anything").warning("the disk is odd")


def test_a_warning_of_a_logger_that_keeps_to_itself():
    logger = logging.getLogger("coach")
    logger.propagate = False
    try:
        logger.error("the voice is gone")
    finally:
        logger.propagate = True


def test_an_expected_warning_that_never_comes(expected_warnings):
    expected_warnings("never said")


def test_a_warning_of_qt():
    qWarning("a widget is odd")
"""

LAW_ABIDING = """
import logging
from pathlib import Path
import pytest
from PySide6.QtCore import qWarning


def test_a_calm_log_line():
    logging.getLogger("coach").info("all is well")


def test_an_expected_warning(expected_warnings):
    expected_warnings("disk is .dd")
    logging.getLogger("coach").warning("the disk is odd")


def test_known_noise_of_the_offscreen_screen():
    qWarning("This plugin does not support raise()")


@pytest.mark.qt_log_ignore("widget is odd")
def test_an_expected_warning_of_qt():
    qWarning("a widget is odd")


@pytest.mark.parametrize("visit", [1, 2])
def test_an_empty_home_each_time(visit):
    assert list(Path.home().iterdir()) == [Path.home() / "run"]
    (Path.home() / "left-over").touch()
"""


def run_guarded(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    """Run `source` as a test file of its own, under our conftest and the Qt settings of pyproject.toml."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text("utf-8"))
    level, noise = options["qt_log_level_fail"], "\n    ".join(options["qt_log_ignore"])
    pytester.makeini(f"[pytest]\nqt_log_level_fail = {level}\nqt_log_ignore =\n    {noise}\n")
    pytester.makepyfile(source)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider")


def test_every_unseen_warning_fails_its_test(pytester: pytest.Pytester) -> None:
    result = run_guarded(pytester, OFFENDERS)
    result.assert_outcomes(passed=3, errors=3, failed=1)
    result.stdout.fnmatch_lines_random(
        [
            "unexpected warning in the log: coach.anything: the disk is odd",
            "unexpected warning in the log: coach: the voice is gone",
            "expected a warning in the log that never came: never said",
            "*QtWarningMsg: a widget is odd",
        ]
    )


def test_what_is_expected_or_known_noise_passes(pytester: pytest.Pytester) -> None:
    run_guarded(pytester, LAW_ABIDING).assert_outcomes(passed=6)


def test_no_test_sees_a_real_home_or_screen(fresh_home: Path) -> None:
    assert Path.home() == fresh_home
    assert len(os.fsencode(os.environ["XDG_RUNTIME_DIR"])) < 60
    assert os.environ["QT_QPA_PLATFORM"]
