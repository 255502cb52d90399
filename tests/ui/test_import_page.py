"""Bringing in a plan file as the user sees it: what is in a good one, and what is wrong with a broken one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from coach.domain.exercise import Side
from coach.domain.plan import Step
from coach.domain.timeline import build
from coach.i18n import Line
from coach.services.ports import PlanFileError, Preview, Problem
from coach.ui.import_page import BrokenView, ImportPage, PreviewView, Slip, broken_view, preview_view
from coach.ui.theme import Look, browsing_factor
from tests.finding import clipped, named, nameless, names, shown_words
from tests.script import EXERCISES, plan

PATH = Path("/somewhere/slow-evening.toml")
FORTY = Slip(
    14,
    "“seconds” is the word “forty”. It must be a whole number from 5 to 1800, for example 40.",
    ((13, 'exercise = "ham_floor"'), (14, 'seconds = "forty"'), (15, "")),
    (10, 17),
)
CALV = Slip(
    20,
    "There is no exercise called “calv”. Did you mean “calf”?",
    ((19, "[[steps]]"), (20, 'exercise = "calv"')),
    (11, 17),
)
BROKEN = BrokenView(PATH, (FORTY, CALV, Slip(0, "“name” is missing.")), (("Calf", True), ("Ham", False)))
GOOD = PreviewView(
    PATH,
    "Slow evening",
    "14 minutes, 7 steps",
    "For nights after long flights.",
    (("Calf stretch", "Both legs, 30 s"), ("Breathing", "3 min")),
)
SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]


@pytest.fixture
def page(qtbot: QtBot) -> ImportPage:
    made = ImportPage()
    qtbot.addWidget(made)
    made.set_look(Look(reduced_motion=True))
    made.resize(1048, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def focused(page: ImportPage) -> QWidget | None:
    return page.window().focusWidget()


def test_one_mistake_is_said_in_one_sentence_with_its_line(page: ImportPage) -> None:
    page.show_broken(replace(BROKEN, slips=(FORTY,)))
    assert "This plan has one mistake" in shown_words(page)
    assert "slow-evening.toml" in shown_words(page)
    assert f"Line 14. {FORTY.sentence}" in names(page)
    code: QWidget = named(page, "The lines around it")
    assert code.accessibleDescription().splitlines()[1] == 'Line 14: seconds = "forty"'
    assert "Nothing was imported. Your own plans are unchanged." in shown_words(page)


def test_of_several_mistakes_the_first_is_open_and_the_others_can_be_shown(page: ImportPage) -> None:
    page.show_broken(BROKEN)
    assert "This plan has 3 mistakes" in shown_words(page)
    assert f"Line 14. {FORTY.sentence}" in names(page)
    assert f"Line 20. {CALV.sentence}" in shown_words(page)
    assert "“name” is missing." in shown_words(page)
    QTest.mouseClick(named(page, "Show line 20"), Qt.MouseButton.LeftButton)
    assert 'Line 20: exercise = "calv"' in named(page, "The lines around it").accessibleDescription()
    assert f"Line 14. {FORTY.sentence}" in shown_words(page)


def test_very_many_mistakes_are_counted(page: ImportPage) -> None:
    slips = tuple(Slip(number, f"Wrong {number}.") for number in range(1, 201))
    page.show_broken(BrokenView(PATH, slips))
    assert "and 193 more" in shown_words(page)
    assert "Rest of the file" not in shown_words(page)


def test_a_file_that_holds_no_plan_is_not_called_a_plan(page: ImportPage) -> None:
    page.show_broken(BrokenView(PATH, (Slip(0, "The file is larger than 1 MiB."),)))
    assert "This file cannot be imported" in shown_words(page)
    assert "The file is larger than 1 MiB." in names(page)


def test_the_rest_of_the_file_shows_which_steps_are_fine(page: ImportPage) -> None:
    page.show_broken(BROKEN)
    assert "1 of 2 steps are fine. It is imported once every step is." in shown_words(page)
    said = [one.accessibleName() for one in page.findChildren(QLabel) if one.isVisible()]
    assert "Calf: fine" in said
    assert "Ham: not right yet" in said


def test_another_file_is_one_press_of_enter_away(page: ImportPage, qtbot: QtBot) -> None:
    page.show_broken(BROKEN)
    qtbot.waitUntil(lambda: focused(page) is named(page, "Choose another file"))
    with qtbot.waitSignal(page.another_asked):
        QTest.keyClick(named(page, "Choose another file"), Qt.Key.Key_Return)


def test_the_file_can_be_opened_and_the_report_copied(page: ImportPage, qtbot: QtBot) -> None:
    page.show_broken(BROKEN)
    with qtbot.waitSignal(page.open_asked) as asked:
        QTest.mouseClick(named(page, "Open the file"), Qt.MouseButton.LeftButton)
    assert asked.args == [PATH]
    with qtbot.waitSignal(page.report_asked) as asked:
        QTest.mouseClick(named(page, "Copy this report"), Qt.MouseButton.LeftButton)
    assert asked.args == [
        f"slow-evening.toml:14: {FORTY.sentence}\n"
        f"slow-evening.toml:20: {CALV.sentence}\n"
        "slow-evening.toml: “name” is missing."
    ]


def test_a_file_that_is_not_there_is_not_offered_to_be_opened(page: ImportPage) -> None:
    page.show_broken(BrokenView(PATH, (Slip(0, "There is no such file."),), there=False))
    assert "Open the file" not in names(page)
    assert {"Choose another file", "Copy this report"} <= set(names(page))


def test_a_good_file_shows_what_is_in_it_before_anything_is_stored(page: ImportPage, qtbot: QtBot) -> None:
    page.show_preview(GOOD)
    words = shown_words(page)
    for expected in ("Slow evening", "14 minutes, 7 steps", "For nights after long flights.", "Calf stretch"):
        assert expected in words
    assert "Import as a copy" not in names(page)
    qtbot.waitUntil(lambda: focused(page) is named(page, "Import"))
    with qtbot.waitSignal(page.import_asked):
        QTest.keyClick(named(page, "Import"), Qt.Key.Key_Return)


def test_what_would_be_replaced_is_said_and_a_copy_offered(page: ImportPage, qtbot: QtBot) -> None:
    page.show_preview(replace(GOOD, replaces="Slow evening"))
    words = "You have a plan “Slow evening” already. Import replaces it; it is kept among the backups."
    assert words in shown_words(page)
    with qtbot.waitSignal(page.copy_asked), qtbot.assertNotEmitted(page.import_asked):
        QTest.mouseClick(named(page, "Import as a copy"), Qt.MouseButton.LeftButton)


def test_what_cannot_be_taken_over_is_listed(page: ImportPage) -> None:
    lost = tuple(f"Sound {number} is left out." for number in range(8))
    page.show_preview(replace(GOOD, source="Workrave", lost=lost, place="1 of 2"))
    words = shown_words(page)
    assert "slow-evening.toml, from Workrave" in words
    assert "Sound 5 is left out." in words
    assert "Sound 6 is left out." not in words
    assert "and 2 more" in words
    assert "1 of 2" in words


def test_a_thousand_steps_are_counted_not_listed(page: ImportPage) -> None:
    page.show_preview(replace(GOOD, steps=GOOD.steps * 500))
    assert "and 960 more" in shown_words(page)


@pytest.mark.parametrize("way", ["Cancel", "Back to the plans", "Esc"])
def test_leaving_imports_nothing(way: str, page: ImportPage, qtbot: QtBot) -> None:
    page.show_preview(GOOD)
    with qtbot.waitSignal(page.left), qtbot.assertNotEmitted(page.import_asked):
        if way == "Esc":
            QTest.keyClick(named(page, "Import"), Qt.Key.Key_Escape)
        else:
            QTest.mouseClick(named(page, way), Qt.MouseButton.LeftButton)


def test_one_file_follows_another(page: ImportPage) -> None:
    page.show_broken(BROKEN)
    page.show_preview(GOOD)
    assert "Rest of the file" not in shown_words(page)
    page.show_broken(replace(BROKEN, steps=()))
    assert "Slow evening" not in shown_words(page)
    assert "Steps" not in shown_words(page)


def test_views_are_made_from_what_the_library_says() -> None:
    problem = Problem(PATH, 3, Line("“{key}” is missing.", (("key", "name"),)), ((3, "x"),), (0, 1))
    view = broken_view(PlanFileError([problem], [("Calf", True)]), PATH)
    assert view == BrokenView(PATH, (Slip(3, "“name” is missing.", ((3, "x"),), (0, 1)),), (("Calf", True),))
    made = replace(plan("calf", Step("ham", wait=True, sides=(Side.LEFT,)), "breath"), description="Why")
    preview = Preview(made, PATH, lost=(Line("A sound is left out."),), source="Workrave")
    seen = preview_view(preview, build(made, EXERCISES), replaces="Old", place="1 of 2")
    assert (seen.name, seen.description, seen.source, seen.replaces) == ("Test", "Why", "Workrave", "Old")
    assert seen.steps[0] == ("Calf stretch", "Both legs, 30 s")
    assert seen.steps[1] == ("Hamstring", "Left leg, as long as you like")
    assert seen.lost == ("A sound is left out.",)
    assert preview_view(replace(preview, source="Stretch Coach"), build(made, EXERCISES)).source == ""


def test_words_from_a_file_are_never_taken_for_markup(page: ImportPage) -> None:
    page.show_preview(replace(GOOD, name="<img src=file:///etc/passwd><b>x</b>", lost=("<i>no</i>",)))
    assert "<img src=file:///etc/passwd><b>x</b>" in shown_words(page)
    assert all(one.textFormat() is Qt.TextFormat.PlainText for one in page.findChildren(QLabel))


def test_everything_that_takes_the_focus_has_a_name(page: ImportPage) -> None:
    page.show_broken(BROKEN)
    assert nameless(page) == []


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
@pytest.mark.parametrize("good", [True, False], ids=["good", "broken"])
def test_no_word_is_clipped(
    good: bool, width: int, height: int, text_size: int, page: ImportPage, qtbot: QtBot
) -> None:
    if good:
        page.show_preview(replace(GOOD, replaces="Slow evening", lost=("A sound is left out." * 5,)))
    else:
        page.show_broken(BROKEN)
    page.set_look(Look(factor=browsing_factor(width, height, text_size), reduced_motion=True))
    sidebar = 232 if width * 100 / text_size >= 1100 else 96
    page.resize(width - sidebar, height)

    def fits() -> None:
        assert clipped(page) == []
        large = [one for one in page.findChildren(QWidget) if one.accessibleName().startswith("Line 14.")]
        for one in large:
            if one.isVisible() and one.hasHeightForWidth():
                assert one.height() >= one.heightForWidth(one.width())

    qtbot.waitUntil(fits, timeout=1000)
