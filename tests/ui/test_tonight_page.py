"""The Tonight page as a person meets it: one key to start, another plan in three, and words that all fit.

Leaves out which plan it is and when it will be done; the app says that.
"""

from dataclasses import replace
from datetime import time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from coach.ui.icons import Icon
from coach.ui.main_window import MainWindow
from coach.ui.theme import THEMES, Look, browsing_factor
from coach.ui.tonight_page import (
    LatePictures,
    PlanChoice,
    StepLine,
    TonightPage,
    TonightView,
    clock_text,
    done_text,
    greeting,
    length_text,
    step_text,
)
from tests.finding import clipped, named, nameless, names, shown_words
from tests.ui.album import Album

STEPS = tuple(
    StepLine(name, "Both legs, 30 s × 2", figure)
    for name, figure in (
        ("Wall calf stretch", "calf_wall"),
        ("Seated hamstring", "ham_floor"),
        ("Standing quadriceps", "quad_stand"),
        ("Seated hip and glute", "glute_floor"),
        ("Lying single knee to chest", "knee_chest"),
        ("Slow breathing", "breathe_slow"),
    )
)
VIEW = TonightView(
    "Good evening",
    "Saturday",
    plan_id="bedtime",
    plan_name="Bedtime",
    description="The five stretches, two rounds each.",
    length="15 minutes, 6 steps",
    done_at="Done at about 22:10",
    muscles="Calves, hamstrings, hips",
    postures="Standing to lying down",
    figure_id="ham_floor",
    steps=STEPS,
    plans=(
        PlanChoice("bedtime", "Bedtime", "15 minutes, 6 steps"),
        PlanChoice("five-stretches", "Five stretches", "7 minutes, 5 steps"),
    ),
    restless="5 gentle minutes, dim.",
)
SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]


@pytest.fixture
def page(qtbot: QtBot, album: Album) -> TonightPage:
    """The page in an active window of 1280 x 800, seen by evening light."""
    made = TonightPage(album)
    qtbot.addWidget(made)
    made.set_look(Look())
    made.resize(1068, 800)
    made.show_tonight(VIEW)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def focused(page: TonightPage) -> QWidget:
    widget = page.window().focusWidget()
    assert widget is not None
    return widget


def test_one_press_of_enter_starts_tonights_plan(page: TonightPage, qtbot: QtBot) -> None:
    assert focused(page).accessibleName() == "Start"
    with qtbot.waitSignal(page.start_asked) as asked:
        QTest.keyClick(focused(page), Qt.Key.Key_Return)
    assert asked.args == ["bedtime"]


def test_enter_starts_when_nothing_on_the_page_has_the_focus(page: TonightPage, qtbot: QtBot) -> None:
    focused(page).clearFocus()
    with qtbot.waitSignal(page.start_asked):
        QTest.keyClick(page, Qt.Key.Key_Enter)


def test_a_held_enter_starts_once(page: TonightPage, qtbot: QtBot) -> None:
    started: list[str] = []
    page.start_asked.connect(started.append)
    for repeated in (False, True, True):
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", repeated
        )
        QCoreApplication.sendEvent(focused(page), event)
    assert started == ["bedtime"]


def test_start_works_with_the_mouse(page: TonightPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.start_asked):
        QTest.mouseClick(named(page, "Start"), Qt.MouseButton.LeftButton)


def test_the_page_says_what_the_evening_holds(page: TonightPage) -> None:
    words = shown_words(page)
    for text in (
        "Good evening",
        "Saturday",
        "Bedtime",
        "15 minutes, 6 steps",
        "Done at about 22:10",
        "Calves, hamstrings, hips",
        "Standing to lying down",
    ):
        assert words.count(text) == 1, text
    for step in STEPS:
        assert f"{step.name}. {step.detail}" in names(page)


def test_the_finishing_time_moves_on(page: TonightPage) -> None:
    page.show_tonight(replace(VIEW, done_at="Done at about 22:11"))
    assert "Done at about 22:11" in shown_words(page)
    assert "Done at about 22:10" not in shown_words(page)
    assert focused(page).accessibleName() == "Start"


def test_another_plan_is_three_keys_away(page: TonightPage, qtbot: QtBot) -> None:
    QTest.keyClick(focused(page), Qt.Key.Key_P)
    assert focused(page).accessibleName() == "Bedtime"
    QTest.keyClick(focused(page), Qt.Key.Key_Down)
    assert focused(page).accessibleName() == "Five stretches"
    with qtbot.waitSignal(page.plan_chosen) as chosen:
        QTest.keyClick(focused(page), Qt.Key.Key_Return)
    assert chosen.args == ["five-stretches"]
    assert focused(page).accessibleName() == "Start"


def test_the_list_of_plans_opens_on_the_one_for_tonight(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(replace(VIEW, plan_id="five-stretches", plan_name="Five stretches"))
    QTest.mouseClick(named(page, "Change plan"), Qt.MouseButton.LeftButton)
    assert focused(page).accessibleName() == "Five stretches"
    assert named(page, "Five stretches", QRadioButton).isChecked()
    with qtbot.waitSignal(page.plan_chosen) as chosen:
        QTest.mouseClick(named(page, "Bedtime", QRadioButton), Qt.MouseButton.LeftButton)
    assert chosen.args == ["bedtime"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_looking_at_the_plans_changes_nothing(key: Qt.Key, page: TonightPage, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.plan_chosen), qtbot.assertNotEmitted(page.start_asked):
        QTest.keyClick(focused(page), Qt.Key.Key_P)
        QTest.keyClick(focused(page), key)
    assert focused(page).accessibleName() == "Start"


def test_the_list_of_plans_can_be_opened_again(page: TonightPage) -> None:
    for _time in range(2):
        QTest.keyClick(focused(page), Qt.Key.Key_P)
        assert focused(page).accessibleName() == "Bedtime"
        QTest.keyClick(focused(page), Qt.Key.Key_Escape)


def test_the_list_of_plans_goes_with_the_page_and_takes_its_light(album: Album, qtbot: QtBot) -> None:
    window = MainWindow(reduced_motion=True)
    qtbot.addWidget(window)
    page, session = TonightPage(album), QLineEdit()
    window.add_page(Icon.TONIGHT, "Tonight", page)
    window.set_session_page(session)
    page.show_tonight(VIEW)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    page.choose_plan()
    window.set_theme(THEMES["light"])
    row = named(window, "Bedtime", QRadioButton)
    soft = THEMES["light"].soft
    assert row.grab().toImage().pixelColor(row.width() // 2, 8) == soft
    window.show_session()
    assert "Plan for tonight" not in names(window)
    assert session.hasFocus()


def test_one_plan_alone_offers_no_change(page: TonightPage) -> None:
    page.show_tonight(replace(VIEW, plans=VIEW.plans[:1]))
    assert "Change plan" not in names(page)


def test_a_session_that_broke_off_can_go_on(page: TonightPage, qtbot: QtBot) -> None:
    assert "Go on" not in names(page)
    page.show_tonight(replace(VIEW, unfinished="A session broke off. Go on from there?"))
    assert "A session broke off. Go on from there?" in shown_words(page)
    with qtbot.waitSignal(page.go_on_asked):
        QTest.mouseClick(named(page, "Go on"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.go_on_declined):
        QTest.mouseClick(named(page, "Start afresh"), Qt.MouseButton.LeftButton)
    page.show_tonight(VIEW)
    assert "Go on" not in names(page)


def test_enter_on_go_on_goes_on_and_does_not_start(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(replace(VIEW, unfinished="A session broke off. Go on from there?"))
    named(page, "Go on").setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.assertNotEmitted(page.start_asked), qtbot.waitSignal(page.go_on_asked):
        QTest.keyClick(focused(page), Qt.Key.Key_Return)


@pytest.mark.parametrize(("key", "name"), [(Qt.Key.Key_R, "Relief now"), (Qt.Key.Key_C, "Cramp now")])
def test_relief_is_one_key_or_one_click_away(key: Qt.Key, name: str, page: TonightPage, qtbot: QtBot) -> None:
    signal = page.restless_asked if key is Qt.Key.Key_R else page.cramp_asked
    with qtbot.waitSignal(signal):
        QTest.keyClick(focused(page), key)
    with qtbot.waitSignal(signal):
        named(page, name, QPushButton).click()


def test_relief_keeps_all_its_words_however_long_they_are(page: TonightPage) -> None:
    page.show_tonight(replace(VIEW, restless="Seventeen gentle minutes, dim. Stand, stroke, breathe slowly."))
    for width in range(660, 1300, 40):
        page.resize(width, 800)
        QCoreApplication.processEvents()
        for name in ("Cramp now", "Relief now"):
            button = named(page, name, QPushButton)
            assert button.width() >= button.sizeHint().width(), (width, name)


def test_without_such_a_plan_relief_is_not_promised(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(replace(VIEW, restless=""))
    assert "Relief now" not in names(page)
    with qtbot.assertNotEmitted(page.restless_asked):
        QTest.keyClick(focused(page), Qt.Key.Key_R)


def test_in_a_small_window_relief_stands_in_for_the_steps(page: TonightPage) -> None:
    page.resize(828, 600)
    assert "Relief now" in names(page)
    assert "Wall calf stretch. Both legs, 30 s × 2" not in names(page)
    page.resize(1068, 800)
    assert "Wall calf stretch. Both legs, 30 s × 2" in names(page)


def test_notices_are_said_in_words(page: TonightPage) -> None:
    page.show_tonight(replace(VIEW, notices=("No sound device was found.", "A setting was repaired.")))
    assert "No sound device was found.\nA setting was repaired." in shown_words(page)


def test_without_a_plan_start_is_off_and_says_why(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(TonightView("Good evening", error="The plan cannot be read. Choose another."))
    start = named(page, "Start", QPushButton)
    assert not start.isEnabled()
    assert start.toolTip() == "The plan cannot be read. Choose another."
    assert "The plan cannot be read. Choose another." in shown_words(page)
    with qtbot.assertNotEmitted(page.start_asked):
        QTest.keyClick(page, Qt.Key.Key_Return)
        QTest.keyClick(page, Qt.Key.Key_P)
    page.show_tonight(VIEW)
    assert named(page, "Start", QPushButton).isEnabled()
    assert start.toolTip() == ""


def test_a_long_plan_shows_some_steps_and_counts_the_rest(page: TonightPage) -> None:
    page.show_tonight(replace(VIEW, steps=STEPS * 100))
    shown = [name for name in names(page) if name.endswith("Both legs, 30 s × 2")]
    assert 4 <= len(shown) < 12
    assert f"and {600 - len(shown)} more" in shown_words(page)


def test_pictures_come_after_the_first_paint_and_in_the_light_of_the_page(qtbot: QtBot, album: Album) -> None:
    page = TonightPage(album)
    qtbot.addWidget(page)
    page.set_look(Look(THEMES["light"]))
    page.show_tonight(VIEW)
    seen_before_paint: list[int] = []

    class PaintWatch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                seen_before_paint.append(len(album.asked))
            return False

    watch = PaintWatch()
    page.resize(1068, 800)
    page.show()
    named(page, "Bedtime").installEventFilter(watch)
    qtbot.waitUntil(lambda: len(album.asked) >= 7)
    assert seen_before_paint[0] == 0
    assert {name for name, _light in album.asked} == {step.figure_id for step in STEPS}
    assert {light for _name, light in album.asked} == {"light"}
    album.asked.clear()
    page.set_look(Look(THEMES["night"]))
    qtbot.waitUntil(lambda: ("ham_floor", "night") in album.asked)


def test_pictures_follow_what_changed_while_the_page_was_hidden(
    page: TonightPage, album: Album, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: len(album.asked) >= 7)
    page.hide()
    album.asked.clear()
    page.show_tonight(replace(VIEW, steps=(StepLine("Other", "", "other_figure"), *STEPS)))
    page.show()
    qtbot.waitUntil(lambda: ("other_figure", "dark") in album.asked)


def test_dragging_the_window_larger_draws_pictures_once_at_the_end(
    page: TonightPage, album: Album, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: len(album.asked) >= 7)
    album.asked.clear()
    for width in range(1069, 1089):
        page.resize(width, 800)
        page.grab()
    assert album.asked == []
    qtbot.waitUntil(lambda: ("ham_floor", "dark") in album.asked)
    assert album.asked.count(("calf_wall", "dark")) == 1


def test_the_source_of_pictures_is_made_for_the_first_one(album: Album) -> None:
    made: list[Album] = []

    def make() -> Album:
        made.append(album)
        return album

    late = LatePictures(make)
    assert made == []
    for _time in range(2):
        late.pixmap("calf_wall", "right", QSize(10, 10), THEMES["dark"])
    assert made == [album]
    assert album.asked == [("calf_wall", "dark")] * 2


def test_nothing_runs_while_the_page_only_stands_there(page: TonightPage, album: Album, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in page.findChildren(QTimer)))
    album.asked.clear()
    page.show_tonight(replace(VIEW))
    assert not any(timer.isActive() for timer in page.findChildren(QTimer))
    assert album.asked == []


def test_everything_that_takes_the_focus_has_a_name(page: TonightPage) -> None:
    page.show_tonight(replace(VIEW, unfinished="Go on?", notices=("A notice.",)))
    assert nameless(page) == []
    QTest.keyClick(focused(page), Qt.Key.Key_P)
    assert nameless(page) == []


def test_tab_goes_from_start_to_the_other_plans_and_round_the_window(album: Album, qtbot: QtBot) -> None:
    window = MainWindow(reduced_motion=True)
    qtbot.addWidget(window)
    page = TonightPage(album)
    window.add_page(Icon.TONIGHT, "Tonight", page)
    page.show_tonight(VIEW)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    seen = []
    for _step in range(7):
        seen.append(focused(page).accessibleName())
        QTest.keyClick(focused(page), Qt.Key.Key_Tab)
    sidebar = ["Tonight, current page", "Evening light"]
    assert seen == ["Start", "Change plan", "Cramp now", "Relief now", *sidebar, "Start"]


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
@pytest.mark.parametrize("longer", [False, True], ids=["english", "longer words"])
def test_no_word_is_clipped(
    width: int, height: int, text_size: int, longer: bool, page: TonightPage, qtbot: QtBot
) -> None:
    def grown(text: str) -> str:
        # Other languages need 40 % more room (DESIGN.md 9).
        return text + " " + "morewords "[: round(len(text) * 0.4)] if longer else text

    view = replace(
        VIEW,
        greeting=grown(VIEW.greeting),
        plan_name=grown("Quiet legs before bed"),
        length=grown(VIEW.length),
        done_at=grown("Done at about 10:10 PM"),
        muscles=grown(VIEW.muscles),
        postures=grown(VIEW.postures),
        unfinished=grown("A session from 21:30 broke off at Seated hamstring. Go on from there?"),
        notices=(grown("The voice cannot be heard: no sound device was found."),),
    )
    page.show_tonight(view)
    sidebar = 212 if width * 100 / text_size >= 1100 else 96
    page.set_look(Look(factor=browsing_factor(width, height, text_size)))
    page.resize(width - sidebar, height)

    def fits() -> None:
        assert clipped(page) == []

    qtbot.waitUntil(fits, timeout=1000)


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
def test_start_is_on_the_screen_without_scrolling(
    width: int, height: int, text_size: int, page: TonightPage, qtbot: QtBot
) -> None:
    page.set_look(Look(factor=browsing_factor(width, height, text_size)))
    page.resize(width - 96, height)
    start: QWidget = named(page, "Start")
    qtbot.waitUntil(lambda: start.visibleRegion().boundingRect() == start.rect(), timeout=1000)


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (4, "Good evening"),
        (5, "Good morning"),
        (11, "Good morning"),
        (12, "Good afternoon"),
        (17, "Good evening"),
        (23, "Good evening"),
    ],
)
def test_each_hour_has_its_greeting_and_none_scolds(hour: int, words: str) -> None:
    assert greeting(time(hour)) == words


@pytest.mark.parametrize(
    ("language", "shown"), [("de_DE", "22:05"), ("en_GB", "22:05"), ("en_US", "10:05\u00a0PM")]
)
def test_times_are_written_as_the_users_country_writes_them(language: str, shown: str) -> None:
    assert clock_text(time(22, 5), QLocale(language)) == shown
    assert done_text(time(22, 5), QLocale(language)) == f"Done at about {shown}"


def test_lengths_and_steps_are_said_plainly() -> None:
    assert length_text(899, 6) == "15 minutes, 6 steps"
    assert length_text(20, 1) == "1 minute, 1 step"
    assert step_text(("left", "right"), 30, 2) == "Both legs, 30 s × 2"
    assert step_text(("right", "left"), 45) == "Both legs, 45 s"
    assert step_text(("left",), 30) == "Left leg, 30 s"
    assert step_text((), 180) == "3 min"
    assert step_text((), 90) == "90 s"
    assert step_text(("right",), None) == "Right leg, as long as you like"
