"""What the tests of widgets share: the app's typeface, so that what is measured is what users see.

It makes no widgets and holds no fakes.
"""

import pytest
from PySide6.QtWidgets import QApplication

from coach.ui.theme import load_fonts


@pytest.fixture(scope="session", autouse=True)
def typeface(qapp: QApplication) -> None:
    """The application looks as it does for users."""
    qapp.setStyle("Fusion")
    assert load_fonts()
