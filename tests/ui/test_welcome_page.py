"""The first page as a new user meets it: nothing is ticked, nothing is forced, and a minute is enough.

Leaves out what is kept (see the tests of the welcome desk).
"""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from coach.domain.evening import Schedule, in_zone
from coach.ui.theme import THEMES, Look, Role, browsing_factor
from coach.ui.tonight_page import clock_text
from coach.ui.tonight_words import promise_words
from coach.ui.welcome_page import Answers, WelcomePage, WelcomeView
from tests.finding import clipped, cut_rings, named, nameless, names, shown_words
from tests.ui.album import Album

CLEAR = "None of this is true for me today"
FLAGGED = "One of these is true"
SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]


@pytest.fixture
def page(qtbot: QtBot, album: Album) -> WelcomePage:
    """The page in an active window of 1280 x 800."""
    made = WelcomePage(album)
    qtbot.addWidget(made)
    made.set_look(Look(reduced_motion=True))
    made.resize(1280, 800)
    made.show_welcome(WelcomeView(promise=promise))
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def promise(bedtime: time) -> str:
    """What is promised to a new user in the early evening."""
    now = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    return promise_words(Schedule(), bedtime, now, in_zone(UTC))


def focused(page: WelcomePage) -> QWidget:
    widget = page.window().focusWidget()
    assert widget is not None
    return widget


def press(page: WelcomePage, key: Qt.Key) -> None:
    QTest.keyClick(focused(page), key)


def comes_at(hour: int, minute: int) -> str:
    """The promise, with the time as this computer writes it."""
    return f"Your stretch reminder comes at {clock_text(time(hour, minute))}."


def tick(page: WelcomePage, name: str) -> None:
    named(page, name, QCheckBox).click()


def click(page: WelcomePage, name: str) -> None:
    QTest.mouseClick(named(page, name, QPushButton), Qt.MouseButton.LeftButton)


def test_nothing_is_ticked_and_done_waits_for_the_first_tick(page: WelcomePage) -> None:
    ticks = [
        one for one in page.findChildren(QCheckBox) if one.accessibleName() != "Remind me in the evening"
    ]
    assert len(ticks) == 3
    assert not any(one.isChecked() for one in ticks)
    for name in ("Done", "Continue without sound"):
        button = named(page, name, QPushButton)
        assert not button.isEnabled()
        assert "Before you start" in button.toolTip()
    tick(page, CLEAR)
    for name in ("Done", "Continue without sound"):
        assert named(page, name, QPushButton).isEnabled()
        assert named(page, name, QPushButton).toolTip() == ""


def test_its_large_title_leaves_the_words_of_a_session_as_large_as_they_are(page: WelcomePage) -> None:
    page.set_look(Look())
    assert Look().font(Role.LEG).pixelSize() == 76


def test_one_tick_and_enter_are_enough(page: WelcomePage, qtbot: QtBot) -> None:
    assert focused(page).accessibleName() == CLEAR
    press(page, Qt.Key.Key_Space)
    with qtbot.waitSignal(page.finished) as finished:
        press(page, Qt.Key.Key_Return)
    assert finished.args == [Answers(clear=True, bedtime=time(22, 45), start=False, sound=True)]


def test_enter_does_nothing_before_the_first_tick(page: WelcomePage, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.finished):
        press(page, Qt.Key.Key_Return)
    assert not named(page, CLEAR, QCheckBox).isChecked()


@pytest.mark.parametrize("way", ["key", "button"])
def test_all_of_it_can_wait(page: WelcomePage, qtbot: QtBot, way: str) -> None:
    with qtbot.waitSignal(page.skipped), qtbot.assertNotEmitted(page.finished):
        if way == "key":
            press(page, Qt.Key.Key_Escape)
        else:
            click(page, "Not now")


def test_a_sign_shows_what_to_do_and_what_stays_open(page: WelcomePage, qtbot: QtBot) -> None:
    assert "When to get help" not in names(page)
    tick(page, CLEAR)
    tick(page, FLAGGED)
    assert not named(page, CLEAR, QCheckBox).isChecked()
    advice = next(words for words in shown_words(page) if "doctor before you stretch" in words)
    assert "Slow breathing stays open" in advice
    assert "gentle stroking" in advice
    with qtbot.waitSignal(page.help_asked):
        click(page, "When to get help")
    with qtbot.waitSignal(page.finished) as finished:
        click(page, "Done")
    assert finished.args is not None
    assert not finished.args[0].clear
    tick(page, CLEAR)
    assert not named(page, FLAGGED, QCheckBox).isChecked()
    assert "When to get help" not in names(page)


def test_taking_the_tick_back_closes_the_door_again(page: WelcomePage) -> None:
    tick(page, CLEAR)
    tick(page, CLEAR)
    assert not named(page, "Done", QPushButton).isEnabled()


def test_what_else_applies_leads_to_my_body(page: WelcomePage, qtbot: QtBot) -> None:
    row = next(name for name in names(page) if name.startswith("Pregnant, a joint replaced"))
    with qtbot.waitSignal(page.body_asked):
        click(page, row)


def test_the_bedtime_says_when_the_reminder_comes(page: WelcomePage, qtbot: QtBot) -> None:
    assert comes_at(22, 0) in shown_words(page)
    click(page, "More")
    assert comes_at(22, 15) in shown_words(page)
    tick(page, CLEAR)
    tick(page, "Start when I log in, so that it can come")
    with qtbot.waitSignal(page.finished) as finished:
        click(page, "Done")
    assert finished.args == [Answers(clear=True, bedtime=time(23, 0), start=True, sound=True)]


def test_a_bedtime_that_is_still_being_typed_counts(page: WelcomePage, qtbot: QtBot) -> None:
    tick(page, CLEAR)
    clock = next(one for one in page.findChildren(QWidget) if one.accessibleName() == "Lights out")
    clock.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(clock, "23:30")
    with qtbot.waitSignal(page.finished) as finished:
        click(page, "Done")
    assert finished.args is not None
    assert finished.args[0].bedtime == time(23, 30)


def test_without_a_reminder_neither_bedtime_nor_start_is_asked_for(page: WelcomePage, qtbot: QtBot) -> None:
    tick(page, "Start when I log in, so that it can come")
    tick(page, "Remind me in the evening")
    assert "Start when I log in, so that it can come" not in names(page)
    assert "No reminder comes." in shown_words(page)
    tick(page, CLEAR)
    with qtbot.waitSignal(page.finished) as finished:
        click(page, "Done")
    assert finished.args == [Answers(clear=True, bedtime=None, start=False, sound=True)]


def test_where_starting_at_login_is_impossible_it_is_not_asked(page: WelcomePage) -> None:
    page.show_welcome(WelcomeView(asks_start=False, promise=promise))
    assert "Start when I log in, so that it can come" not in names(page)


def test_the_sentence_is_shown_and_can_be_heard_again(page: WelcomePage, qtbot: QtBot) -> None:
    assert "“Lean in slowly. Let the heel sink.”" in shown_words(page)
    with qtbot.waitSignal(page.hear_asked):
        click(page, "Play")
    with qtbot.waitSignal(page.hear_asked):
        click(page, "Play again")


def test_the_wave_shows_where_the_sentence_is(page: WelcomePage, qtbot: QtBot) -> None:
    page.begin_sentence(0.2)
    assert page._wave.lit == 0
    qtbot.waitUntil(lambda: 0 < page._wave.lit < 20)
    qtbot.waitUntil(lambda: page._wave.lit == 20)
    page.begin_sentence(60)
    assert page._wave.lit == 0


@pytest.mark.parametrize(("label", "key"), [("Volume: Soft", "soft"), ("Volume: Normal", "normal")])
def test_the_volume_has_two_steps(page: WelcomePage, qtbot: QtBot, label: str, key: str) -> None:
    page.choose_loudness("soft" if key == "normal" else "normal")
    with qtbot.waitSignal(page.loudness_chosen) as chosen:
        named(page, label, QRadioButton).click()
    assert chosen.args == [key]


def test_a_silent_computer_is_said_with_the_way_out(page: WelcomePage, qtbot: QtBot) -> None:
    page.show_silent("No sound device was found.")
    assert "No sound device was found. Every word can also be read, as here." in shown_words(page)
    page.begin_sentence(1.0)
    assert not any("No sound device" in words for words in shown_words(page))
    tick(page, CLEAR)
    with qtbot.waitSignal(page.finished) as finished:
        click(page, "Continue without sound")
    assert finished.args == [Answers(clear=True, bedtime=time(22, 45), start=False, sound=False)]


def test_problems_are_said_and_the_answers_stay(page: WelcomePage) -> None:
    tick(page, CLEAR)
    click(page, "More")
    page.show_welcome(replace(WelcomeView(promise=promise), problems=("It could not be written.",)))
    assert "It could not be written." in shown_words(page)
    assert named(page, CLEAR, QCheckBox).isChecked()
    assert comes_at(22, 15) in shown_words(page)


def test_what_the_app_is_not_stands_on_the_page_in_every_size(page: WelcomePage) -> None:
    for width, height in ((1280, 800), (900, 600)):
        page.resize(width, height)
        page.set_look(Look(factor=browsing_factor(width, height)))
        said = [words for words in shown_words(page) if words.startswith("General wellbeing help")]
        assert len(said) == 1


def test_in_a_small_window_the_panel_with_the_figure_gives_way(page: WelcomePage) -> None:
    title = "Calmer legs,\nquieter nights."
    assert title in shown_words(page)
    page.resize(900, 600)
    page.set_look(Look(factor=browsing_factor(900, 600)))
    assert title not in shown_words(page)


def test_the_figure_is_drawn_in_the_light_of_the_page(page: WelcomePage, album: Album) -> None:
    page.set_look(Look(THEMES["night"]))
    page.grab()
    assert ("breathe_slow", "night") in album.asked


def test_tab_walks_down_the_page_and_ends_at_done(page: WelcomePage) -> None:
    tick(page, FLAGGED)
    seen = []
    while (name := focused(page).accessibleName()) not in seen:
        seen.append(name)
        press(page, Qt.Key.Key_Tab)
    row = next(name for name in seen if name.startswith("Pregnant"))
    assert seen == [
        CLEAR,
        FLAGGED,
        "When to get help",
        row,
        "Lights out",
        "Remind me in the evening",
        "Start when I log in, so that it can come",
        "Play",
        "Volume: Soft",
        "Not now",
        "Continue without sound",
        "Done",
    ]


def test_everything_that_takes_the_focus_has_a_name(page: WelcomePage) -> None:
    tick(page, FLAGGED)
    page.show_silent("No sound device was found.")
    assert nameless(page) == []


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
@pytest.mark.parametrize("flagged", [False, True], ids=["clear", "flagged"])
def test_no_word_is_clipped(
    width: int, height: int, text_size: int, flagged: bool, page: WelcomePage, qtbot: QtBot
) -> None:
    if flagged:
        tick(page, FLAGGED)
        page.show_silent("No sound device was found, and this sentence goes on to be a rather long one.")
        page.show_welcome(
            replace(WelcomeView(promise=promise), problems=("The file could not be written. Make room.",) * 2)
        )
    click(page, "Play")
    page.set_look(Look(factor=browsing_factor(width, height, text_size), reduced_motion=True))
    page.resize(width, height)

    def fits() -> None:
        assert clipped(page) == []

    qtbot.waitUntil(fits, timeout=1000)


def test_everything_is_on_the_screen_without_scrolling_at_the_size_of_the_design(page: WelcomePage) -> None:
    for name in ("Play", "Done", CLEAR):
        widget: QWidget = named(page, name)
        assert widget.visibleRegion().boundingRect() == widget.rect(), name


@pytest.mark.parametrize("size", [(1280, 800), (900, 600)])
def test_the_outline_of_the_focus_is_whole_wherever_it_goes(page: WelcomePage, size: tuple[int, int]) -> None:
    page.resize(*size)
    tick(page, "One of these is true")
    assert cut_rings(page) == []
