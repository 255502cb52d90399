"""When to get help, and the questions before the first massage, as somebody in a hurry meets them.

Leaves out which signs there are (domain.profile) and what is done with an answer.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from coach.domain.profile import AREA_QUESTIONS, HELP_QUESTIONS, RED_FLAGS
from coach.ui.help_page import (
    HelpPage,
    MassageSheet,
    emergency_number,
    help_document,
    help_view,
    print_help,
)
from coach.ui.theme import THEMES, Look, browsing_factor
from tests.finding import clipped, named, nameless, names, shown_words

SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]
GROUPS = ["Emergency call. 112 or your local number. Do not wait.", "Today. Urgent clinic or advice line",
          "Book a visit. In the next days or weeks"]  # fmt: skip


@pytest.fixture
def page(qtbot: QtBot) -> HelpPage:
    """A wide page in an active window, for somebody in Germany."""
    made = HelpPage()
    qtbot.addWidget(made)
    made.set_look(Look(reduced_motion=True))
    made.show_help(help_view("DE"))
    made.resize(1068, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def focused(page: QWidget) -> QWidget:
    widget = page.window().focusWidget()
    assert widget is not None
    return widget


def at(page: QWidget, name: str) -> QPoint:
    return named(page, name).mapTo(page, QPoint(0, 0))


def lines_of(page: HelpPage) -> list[str]:
    """All the lines that are shown, in their order."""
    said = {f"{bold} {rest}" for urgency in RED_FLAGS for bold, rest in urgency.lines}
    return [name for name in names(page) if name in said]


# ---------------------------------------------------------------- the signs


def test_all_signs_are_there_most_urgent_first(page: HelpPage) -> None:
    assert lines_of(page) == [f"{bold} {rest}" for urgency in RED_FLAGS for bold, rest in urgency.lines]
    assert [name for name in names(page) if name in GROUPS] == GROUPS
    assert "Do not stretch or massage first. Stop here and read this." in shown_words(page)


def test_in_a_wide_window_the_groups_stand_side_by_side(page: HelpPage) -> None:
    places = [at(page, name) for name in GROUPS]
    assert len({place.y() for place in places}) == 1
    assert places[0].x() < places[1].x() < places[2].x()


def test_in_a_small_window_they_stand_in_one_column_and_headings_stay_in_view(page: HelpPage) -> None:
    page.set_look(Look(factor=0.86, reduced_motion=True))
    page.resize(804, 500)
    QApplication.processEvents()
    places = [at(page, name) for name in GROUPS]
    assert len({place.x() for place in places}) == 1
    assert places[0].y() < places[1].y() < places[2].y()
    bar = max(page.findChildren(QScrollBar), key=lambda one: one.maximum())
    bar.setValue(120)
    assert at(page, GROUPS[0]).y() < places[0].y() - 100
    shot = page.grab().toImage()
    # The heading of the group that is being read has its colour at the top of what scrolls.
    seen = {shot.pixelColor(places[0].x() + 8, y).name() for y in range(places[0].y(), places[0].y() + 40)}
    assert seen == {THEMES["dark"].error_bg.name()}


@pytest.mark.parametrize(
    ("key", "name"), list(zip([Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3], GROUPS, strict=True))
)
@pytest.mark.parametrize("size", [(1068, 800), (640, 500)], ids=["wide", "small"])
def test_a_digit_jumps_to_its_group(key: Qt.Key, name: str, size: tuple[int, int], page: HelpPage) -> None:
    page.resize(*size)
    QTest.keyClick(focused(page), key)
    assert focused(page).accessibleName() == name
    assert not focused(page).visibleRegion().isEmpty()
    assert 0 <= at(page, name).y() < 400


def test_arrows_scroll_the_group_with_the_focus(page: HelpPage) -> None:
    page.resize(1068, 500)
    QTest.keyClick(focused(page), Qt.Key.Key_3)
    bars = [bar for bar in focused(page).findChildren(QScrollBar) if bar.maximum() > 0]
    assert len(bars) == 1
    QTest.keyClick(focused(page), Qt.Key.Key_Down)
    assert bars[0].value() > 0
    QTest.keyClick(focused(page), Qt.Key.Key_PageUp)
    assert bars[0].value() == 0


def test_escape_and_the_arrow_go_back(page: HelpPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.back_asked):
        QTest.keyClick(focused(page), Qt.Key.Key_Escape)
    with qtbot.waitSignal(page.back_asked):
        QTest.mouseClick(named(page, "Back"), Qt.MouseButton.LeftButton)


def test_what_a_diary_entry_was_like_comes_first(page: HelpPage) -> None:
    bold, rest = RED_FLAGS[1].lines[3]
    page.show_help(help_view("DE", matched=("today", 3)))
    before = len(RED_FLAGS[0].lines)
    assert lines_of(page)[before] == f"{bold} {rest}"
    assert len(lines_of(page)) == sum(len(urgency.lines) for urgency in RED_FLAGS)


def test_nobody_is_asked_unless_the_page_asks(page: HelpPage, qtbot: QtBot) -> None:
    assert "None of this is true for me" not in names(page)
    page.show_help(help_view("DE", asks=True))
    page.hide()
    page.show()
    assert focused(page).accessibleName() == "None of this is true for me"
    with qtbot.waitSignal(page.none_asked):
        QTest.keyClick(focused(page), Qt.Key.Key_Return)


def test_no_button_of_the_page_is_filled_with_amber(page: HelpPage) -> None:
    page.show_help(help_view("DE", asks=True))
    amber = THEMES["dark"].fill
    for button in page.findChildren(QPushButton):
        if button.isVisible():
            middle = QColor(button.grab().toImage().pixelColor(4, button.height() // 2))
            assert middle != amber, button.accessibleName()


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("DE", "112"),
        ("us", "911"),
        ("GB", "999"),
        ("AU", "000"),
        ("NZ", "111"),
        ("JP", "119"),
        ("CN", "120"),
        ("NO", "113"),
        ("CH", "144"),
        ("FR", "112"),
    ],
)
def test_the_number_is_that_of_the_country(country: str, number: str) -> None:
    assert emergency_number(country) == f"{number} or your local number"
    assert help_view(country).groups[0].when == f"{number} or your local number. Do not wait."


@pytest.mark.parametrize("country", ["", "XX", "QQ", "ZA", "ID", "KE", "AR", "SM"])
def test_without_a_known_country_the_common_numbers_are_named(country: str) -> None:
    assert emergency_number(country) == "112, 911 or 999"


def test_no_country_has_two_numbers() -> None:
    from coach.ui.help_page import _NUMBERS

    countries = [one for line in _NUMBERS.values() for one in line.split()]
    assert len(countries) == len(set(countries))
    assert all(len(one) == 2 and one.isupper() for one in countries)


def test_it_prints_every_line_black_on_white(tmp_path: Path, qtbot: QtBot) -> None:
    view = help_view("GB")
    document = help_document(view)
    words = document.toPlainText()
    for group in view.groups:
        assert group.title in words
        assert all(f"{bold} {rest}" in words for bold, rest in group.lines)
    block = document.begin()
    while block.isValid():
        formats = [one.format.foreground().color().name() for one in block.textFormats()]
        assert set(formats) <= {"#000000"}
        block = block.next()
    target = tmp_path / "help.pdf"
    writer = QPdfWriter(str(target))
    print_help(view, writer)
    del writer
    assert target.read_bytes().startswith(b"%PDF")


def test_tab_follows_reading_order(page: HelpPage) -> None:
    page.show_help(help_view("DE", asks=True))
    named(page, "Back").setFocus(Qt.FocusReason.TabFocusReason)
    seen = []
    for _step in range(6):
        seen.append(focused(page).accessibleName())
        QTest.keyClick(focused(page), Qt.Key.Key_Tab)
    assert seen == ["Back", "Print", *GROUPS, "None of this is true for me"]


def test_everything_that_takes_the_focus_has_a_name(page: HelpPage) -> None:
    page.show_help(help_view("DE", asks=True))
    assert nameless(page) == []


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
def test_no_word_is_clipped(width: int, height: int, text_size: int, page: HelpPage, qtbot: QtBot) -> None:
    page.show_help(help_view("", asks=True))
    sidebar = 212 if width * 100 / text_size >= 1100 else 96
    page.set_look(Look(factor=browsing_factor(width, height, text_size)))
    page.resize(width - sidebar, height)

    def fits() -> None:
        found = [line for line in clipped(page) if not any(line.startswith(f"'{name}") for name in GROUPS)]
        assert found == []

    qtbot.waitUntil(fits, timeout=1000)


# ---------------------------------------------------------------- before the first massage


@pytest.fixture
def sheet(qtbot: QtBot) -> MassageSheet:
    """The questions over a window of 1280 x 800."""
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(QPushButton("Below"))
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    made = MassageSheet(window, Look(reduced_motion=True))
    made.open()
    return made


def test_all_questions_are_asked_and_nothing_is_answered_before(sheet: MassageSheet) -> None:
    assert [one for one in names(sheet) if one in (*HELP_QUESTIONS, *AREA_QUESTIONS)] == [
        *HELP_QUESTIONS,
        *AREA_QUESTIONS,
    ]
    assert "Get help, do not massage" in shown_words(sheet)
    assert focused(sheet).accessibleName() == "Close"


def test_none_of_this_is_one_answer(sheet: MassageSheet, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sheet.answered) as said, qtbot.waitSignal(sheet.closed):
        QTest.mouseClick(named(sheet, "None of this is true for me"), Qt.MouseButton.LeftButton)
    assert said.args == [True]


def test_one_of_these_leaves_massage_out_and_says_what_to_do(sheet: MassageSheet, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sheet.answered) as said, qtbot.assertNotEmitted(sheet.closed):
        QTest.mouseClick(named(sheet, "One of these is true"), Qt.MouseButton.LeftButton)
    assert said.args == [False]
    assert "Massage is left out from now on." in shown_words(sheet)
    assert any("Get help today" in words for words in shown_words(sheet))
    assert "None of this is true for me" not in names(sheet)
    with qtbot.waitSignal(sheet.help_asked), qtbot.waitSignal(sheet.closed):
        QTest.keyClick(focused(sheet), Qt.Key.Key_Return)


def test_closing_answers_nothing(sheet: MassageSheet, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(sheet.answered), qtbot.waitSignal(sheet.closed):
        QTest.keyClick(focused(sheet), Qt.Key.Key_Escape)


def test_going_on_without_massage_closes_it(sheet: MassageSheet, qtbot: QtBot) -> None:
    QTest.mouseClick(named(sheet, "One of these is true"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(sheet.closed), qtbot.assertNotEmitted(sheet.help_asked):
        QTest.mouseClick(named(sheet, "Go on without massage"), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
@pytest.mark.parametrize("yes", [False, True], ids=["asking", "told"])
def test_no_word_of_the_questions_is_clipped(
    width: int, height: int, text_size: int, yes: bool, sheet: MassageSheet, qtbot: QtBot
) -> None:
    window = sheet.parentWidget()
    assert window is not None
    window.resize(width, height)
    sheet.set_look(Look(factor=browsing_factor(width, height, text_size)))
    if yes:
        named(sheet, "One of these is true", QPushButton).click()
    assert nameless(sheet) == []

    def fits() -> None:
        assert clipped(sheet) == []

    qtbot.waitUntil(fits, timeout=1000)
