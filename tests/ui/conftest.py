"""What the tests of widgets share: the app's typeface, and one person's computer with the whole app on it.

It holds no fakes (see tests.fakes and tests.ui.house).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from coach.ui.theme import load_fonts
from tests.ui.album import Album
from tests.ui.house import House


@pytest.fixture
def album() -> Album:
    """Figures that are only asked for."""
    return Album()


@pytest.fixture
def house(qtbot: QtBot, tmp_path: Path) -> Iterator[House]:
    """A computer that is put away after the test."""
    house = House(qtbot, tmp_path / "home")
    yield house
    house.close()


@pytest.fixture(scope="session", autouse=True)
def typeface(qapp: QApplication) -> None:
    """The application looks as it does for users."""
    qapp.setStyle("Fusion")
    assert load_fonts()
