"""The app's own reminder cards as a person meets them: they come quietly, say what to do, and never pile up.

It leaves out when reminders come (tests/services) and how the page shows an example (test_reminders_page).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from coach.services.ports import Act, Note, Notifier
from coach.ui import reminder_card
from coach.ui.controls import Button
from coach.ui.reminder_card import CardNotifier, NoteCard, ReminderCard
from coach.ui.theme import THEMES, Look
from tests.finding import clipped, named, nameless, shown_words
from tests.ui.album import Album

ACTS = ((Act.START, "Start"), (Act.SNOOZE, "In 10 minutes"), (Act.SKIP, "Not tonight"))
STRETCH = Note(
    "stretch 2026-11-20",
    "stretch",
    "Stretch Coach, 22:15",
    "Time for your legs",
    "Quiet legs, 14 minutes",
    ACTS,
    figure="ham_floor",
)
LATE = Note(
    "stretch 2026-11-20",
    "stretch",
    "It is 22:31",
    "Your stretch was at 22:15",
    "Eight minutes still fit before lights out. Tomorrow is fine too.",
    ((Act.START, "Short one, 8 min"), (Act.SKIP, "Not tonight")),
)
QUIET = Note(
    "screens 2026-11-20",
    "screens",
    "",
    "Last screens in 5 minutes",
    "From here on by voice.",
    ((Act.DONE, "Done"), (Act.SKIP, "Not tonight")),
    stays=False,
)


class Cards:
    """A notifier, and what the user answered."""

    def __init__(self, album: Album) -> None:
        self.look = Look(reduced_motion=True)
        self.album = album
        self.notifier = CardNotifier(lambda: self.look, album)
        self.answers: list[tuple[str, Act]] = []
        self.notifier.answered.subscribe(self.answers.append)

    @property
    def titles(self) -> list[str]:
        return [card.note.title for card in self.notifier.cards]

    def only(self) -> ReminderCard:
        (card,) = self.notifier.cards
        return card


@pytest.fixture
def cards(album: Album, qtbot: QtBot) -> Iterator[Cards]:
    made = Cards(album)
    yield made
    made.notifier.close()


@pytest.fixture
def work(qtbot: QtBot) -> Callable[[], QWidget]:
    """Brings what the user works on to the front; a screen that is none gives the focus to whatever comes."""
    window = QWidget()
    qtbot.addWidget(window)

    def bring() -> QWidget:
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return bring


def front(card: ReminderCard, qtbot: QtBot) -> None:
    """The user clicks on the card, beside its buttons."""
    with qtbot.waitActive(card):
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(8, card.height() // 2))


def press(card: ReminderCard, key: Qt.Key) -> None:
    QTest.keyClick(card.focusWidget() or card, key)


# ---------------------------------------------------------------- what it says


def test_a_reminder_shows_its_words_its_figure_and_three_things_to_do(cards: Cards) -> None:
    cards.notifier.show(STRETCH)
    card = cards.only()
    assert shown_words(card) == ["Stretch Coach, 22:15", "Time for your legs", "Quiet legs, 14 minutes"]
    assert [button.label for button in card.card.buttons] == ["Start", "In 10 minutes", "Not tonight"]
    start, snooze, skip = card.card.buttons
    assert start.y() < snooze.y() == skip.y(), "the main one stands alone above the others"
    card.grab()
    assert cards.album.asked == [("ham_floor", "dark")]
    assert nameless(card) == []


def test_a_late_reminder_has_its_two_things_side_by_side_and_no_figure(cards: Cards) -> None:
    cards.notifier.show(LATE)
    start, skip = cards.only().card.buttons
    assert start.y() == skip.y()
    cards.only().grab()
    assert cards.album.asked == []


def test_by_day_the_card_is_light(cards: Cards) -> None:
    cards.look = Look(THEMES["light"])
    cards.notifier.show(STRETCH)
    card = cards.only()
    face = card.grab().toImage().pixelColor(card.width() // 2, 10)
    assert face == THEMES["light"].s1
    assert cards.album.asked == [("ham_floor", "light")]


@pytest.mark.parametrize("note", [STRETCH, LATE, QUIET], ids=["reminder", "late", "quiet"])
@pytest.mark.parametrize("factor", [0.86, 1.0, 1.3, 1.5])
def test_nothing_is_cut_off_however_large_the_text_is(cards: Cards, note: Note, factor: float) -> None:
    cards.look = Look(factor=factor)
    longer = replace(note, title=f"{note.title}, and a title that goes on", body=f"{note.body} " * 3)
    cards.notifier.show(longer)
    assert clipped(cards.only()) == []
    for button in cards.only().card.buttons:
        assert button.height() >= 44
        assert button.toolTip() == "", "its words are not cut off"


def test_no_button_is_cramped_and_those_that_can_be_are_alike(cards: Cards) -> None:
    for note in (STRETCH, LATE, QUIET):
        cards.notifier.show(note)
        buttons = next(one for one in cards.notifier.cards if one.note is note).card.buttons
        for button in buttons:
            words = sum(button._parts())
            assert button.width() - words >= 24, f"{button.label} has {button.width() - words} px to spare"
        if note is not LATE:
            first, second = buttons[-2:]
            assert abs(first.width() - second.width()) <= 1
        cards.notifier.withdraw(note.key)


def test_long_buttons_stand_below_each_other(cards: Cards) -> None:
    long = "Not on this particular evening, thank you"
    cards.notifier.show(replace(STRETCH, acts=((Act.START, "Start"), (Act.SNOOZE, long), (Act.SKIP, long))))
    _start, snooze, skip = cards.only().card.buttons
    assert snooze.y() < skip.y()
    assert snooze.toolTip() == ""


# ---------------------------------------------------------------- where and how it comes


def test_a_card_comes_in_the_corner_on_top_and_asks_for_no_focus(cards: Cards) -> None:
    cards.notifier.show(STRETCH)
    card = cards.only()
    assert card.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    flags = card.windowFlags()
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert flags & Qt.WindowType.FramelessWindowHint
    assert card.windowType() is Qt.WindowType.Tool, "it is in no task list"
    room = QGuiApplication.primaryScreen().availableGeometry()
    assert room.contains(card.geometry())
    assert room.right() - card.geometry().right() < 30
    assert room.bottom() - card.geometry().bottom() < 30


def test_a_card_never_ends_the_app_when_it_goes(cards: Cards) -> None:
    cards.notifier.show(STRETCH)
    assert not cards.only().testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(("name", "act"), [("Start", Act.START), ("In 10 minutes", Act.SNOOZE)])
def test_a_click_answers_and_the_card_is_gone(cards: Cards, name: str, act: Act) -> None:
    cards.notifier.show(STRETCH)
    QTest.mouseClick(named(cards.only(), name, Button), Qt.MouseButton.LeftButton)
    assert cards.answers == [(STRETCH.key, act)]
    assert cards.notifier.cards == ()


@pytest.mark.parametrize(
    ("key", "act"),
    [
        (Qt.Key.Key_Return, Act.START),
        (Qt.Key.Key_Enter, Act.START),
        (Qt.Key.Key_S, Act.SNOOZE),
        (Qt.Key.Key_K, Act.SKIP),
    ],
)
def test_once_the_card_is_clicked_on_keys_answer(cards: Cards, qtbot: QtBot, key: Qt.Key, act: Act) -> None:
    cards.notifier.show(STRETCH)
    front(cards.only(), qtbot)
    press(cards.only(), key)
    assert cards.answers == [(STRETCH.key, act)]


def test_a_key_for_what_is_not_offered_does_nothing(cards: Cards, qtbot: QtBot) -> None:
    cards.notifier.show(LATE)
    front(cards.only(), qtbot)
    press(cards.only(), Qt.Key.Key_S)
    assert cards.answers == []
    assert cards.titles == [LATE.title]


def test_buttons_can_be_reached_by_tab(cards: Cards, qtbot: QtBot) -> None:
    cards.notifier.show(STRETCH)
    card = cards.only()
    front(card, qtbot)
    card.card.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    press(card, Qt.Key.Key_Tab)
    press(card, Qt.Key.Key_Tab)
    press(card, Qt.Key.Key_Return)
    assert cards.answers == [(STRETCH.key, Act.SKIP)]


def test_put_away_by_escape_it_says_nothing(cards: Cards, qtbot: QtBot) -> None:
    cards.notifier.show(STRETCH)
    front(cards.only(), qtbot)
    press(cards.only(), Qt.Key.Key_Escape)
    assert cards.notifier.cards == ()
    assert cards.answers == []


# ---------------------------------------------------------------- never a pile


def test_a_note_takes_the_place_of_the_one_with_its_key(cards: Cards) -> None:
    cards.notifier.show(STRETCH)
    cards.notifier.show(LATE)
    assert cards.titles == [LATE.title]


def test_quiet_notes_replace_each_other_and_stand_above_what_waits(cards: Cards) -> None:
    cards.notifier.show(STRETCH)
    cards.notifier.show(QUIET)
    cards.notifier.show(replace(QUIET, key="dim 2026-11-20", title="Dim the lights"))
    assert cards.titles == [STRETCH.title, "Dim the lights"]
    waiting, quiet = cards.notifier.cards
    assert not waiting.geometry().intersects(quiet.geometry())


def test_withdrawn_notes_are_gone_and_withdrawing_twice_is_harmless(cards: Cards) -> None:
    cards.notifier.show(STRETCH)
    cards.notifier.withdraw(STRETCH.key)
    cards.notifier.withdraw(STRETCH.key)
    assert cards.notifier.cards == ()
    assert cards.answers == []


def test_a_quiet_note_leaves_by_itself_and_a_reminder_stays(
    cards: Cards, work: Callable[[], QWidget], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminder_card, "QUIET_MS", 30)
    cards.notifier.show(STRETCH)
    cards.notifier.show(QUIET)
    work()
    qtbot.waitUntil(lambda: cards.titles == [STRETCH.title])
    assert cards.answers == []


def test_a_quiet_note_does_not_leave_from_under_the_keyboard(cards: Cards, qtbot: QtBot) -> None:
    cards.notifier.show(QUIET)
    card = cards.only()
    front(card, qtbot)
    card._leave()
    assert cards.titles == [QUIET.title]


def test_cards_are_a_notifier_like_any_other(album: Album) -> None:
    notifier: Notifier = CardNotifier(Look, album)
    notifier.withdraw("nothing")
    notifier.close()


def test_a_card_without_anything_to_do_is_only_words(album: Album, qtbot: QtBot) -> None:
    card = NoteCard(replace(QUIET, acts=()), album)
    qtbot.addWidget(card)
    assert card.buttons == []
    assert card.accessibleName() == QUIET.title
    assert card.accessibleDescription() == QUIET.body
