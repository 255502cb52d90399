"""The Reminders page as a person meets it: a bedtime for each day, what counts back from it, and pauses.

It leaves out keeping schedules (test_evening_desk) and when reminders come (tests/services).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from coach.domain import evening as rules
from coach.domain.evening import MAGNESIUM, STRETCH, Fate, Mark, Schedule, Slot, Why
from coach.domain.settings import Settings
from coach.services.ports import Act
from coach.ui.controls import Button
from coach.ui.fields import CheckTile, Stepper
from coach.ui.reminders_page import DayView, RemindersPage, RemindersView, ToggleView, before_words
from coach.ui.reminders_words import PROPOSED, example_note, missed_words, reminders_view
from coach.ui.switches import ClockStepper, Switch
from coach.ui.theme import THEMES, Look, browsing_factor
from tests.finding import clipped, cut_rings, named, nameless, names, shown_words
from tests.ui.album import Album

SATURDAY = date(2026, 11, 21)
LATE = datetime(2026, 11, 20, 22, tzinfo=UTC)
SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]
EXAMPLE = example_note("Quiet legs", 840, "ham_floor", time(22), Settings())


def bedtimes() -> Schedule:
    """22:30, on Fridays 23:15, on Saturdays 22:45; Sunday is off."""
    schedule = rules.with_bedtime(Schedule(), range(7), time(22, 30))
    schedule = rules.with_bedtime(schedule, [4], time(23, 15))
    schedule = rules.with_bedtime(schedule, [5], time(22, 45))
    return rules.with_on(schedule, [6], False)


class Room:
    """The page in a window, and everything the user asked it for, in order."""

    def __init__(self, qtbot: QtBot, album: Album, schedule: Schedule, size: tuple[int, int]) -> None:
        self.page = RemindersPage(album)
        self.said: list[tuple[Any, ...]] = []
        self.album = album
        page = self.page
        for name in (
            "day_chosen", "day_switched", "bedtime_changed", "first_bedtime", "item_switched",
            "bell_switched", "item_moved", "own_added", "own_renamed", "own_removed", "copy_asked",
            "usual_asked", "setting_changed", "login_switched", "wake_switched", "preview_asked",
            "calendar_asked", "skip_asked", "pause_asked", "ring_asked", "missed_seen", "undo_asked",
            "redo_asked",
        ):  # fmt: skip
            getattr(page, name).connect(lambda *args, name=name: self.said.append((name, *args)))
        qtbot.addWidget(page)
        page.set_look(Look(reduced_motion=True))
        self.show(schedule)
        page.resize(*size)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()

    def show(self, schedule: Schedule, chosen: int = 5, **more: Any) -> None:
        more.setdefault("example", EXAMPLE)
        view = reminders_view(schedule, chosen, Settings(), SATURDAY, **more)
        self.page.show_reminders(view)

    @property
    def focus(self) -> QWidget:
        widget = self.page.window().focusWidget()
        assert widget is not None
        return widget

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, modifier)

    def click(self, name: str) -> None:
        QTest.mouseClick(named(self.page.window(), name, QPushButton), Qt.MouseButton.LeftButton)

    def pick(self, entry: str) -> None:
        """An entry of the menu of the chosen evening."""
        self.click("What to do with this evening")
        self.click(entry)


@pytest.fixture
def room(qtbot: QtBot, album: Album) -> Room:
    """A wide page with Saturday evening."""
    return Room(qtbot, album, bedtimes(), (1068, 1400))


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "at lights out"),
        (45, "45 min before"),
        (60, "1 h before"),
        (90, "1 h 30 before"),
        (65, "1 h 05 before"),
    ],
)
def test_offsets_are_said_as_people_say_them(minutes: int, words: str) -> None:
    assert before_words(minutes) == words


def mark(why: Why | None, night: date, rule: str = STRETCH) -> Mark:
    return Mark(rule, night, LATE, Fate.MISSED, LATE, why=why)


@pytest.mark.parametrize(
    ("rule", "night", "begins"),
    [
        (STRETCH, date(2026, 11, 20), "Last night’s reminder did not come: the computer was asleep"),
        (STRETCH, SATURDAY, "Tonight’s reminder did not come: the computer was asleep"),
        ("dim", date(2026, 11, 20), "Last night’s reminder “Dim the lights” did not come: the computer"),
        (STRETCH, date(2026, 11, 19), "The reminder of Thursday did not come: the computer was asleep"),
    ],
)
def test_a_missed_reminder_is_told_kindly_with_its_reason(rule: str, night: date, begins: str) -> None:
    said = missed_words(mark(Why.ASLEEP, night, rule), bedtimes(), SATURDAY)
    assert said.startswith(begins)
    assert said.endswith(".")
    assert missed_words(mark(None, SATURDAY), bedtimes(), SATURDAY) == "Tonight’s reminder did not come."


def test_the_example_offers_no_snooze_where_there_is_none() -> None:
    acts = [act for act, _label in example_note("P", 60, "", time(22), Settings(snooze_times=0)).acts]
    assert acts == [Act.START, Act.SKIP]
    labels = [label for _act, label in example_note("P", 60, "", time(22), Settings(snooze_minutes=15)).acts]
    assert labels == ["Start", "In 15 minutes", "Not tonight"]


def test_the_week_begins_as_in_this_country() -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale("en_US"))
        week = [day.name for day in reminders_view(bedtimes(), 5, Settings(), SATURDAY).days]
    finally:
        QLocale.setDefault(before)
    assert (week[0], week[-1]) == ("Sunday", "Saturday")


# ---------------------------------------------------------------- the first time


def test_before_any_bedtime_there_is_one_question_and_one_button(qtbot: QtBot, album: Album) -> None:
    room = Room(qtbot, album, Schedule(), (1068, 800))
    words = shown_words(room.page)
    assert "When do you turn out the light?" in words
    assert "Lights out" not in words
    assert "Not tonight" not in names(room.page)
    assert room.focus.accessibleName() == "Remind me every evening", "Enter is enough"
    place = named(room.page, "Bedtime", ClockStepper)
    assert place.at_time == PROPOSED
    place.setFocus(Qt.FocusReason.TabFocusReason)
    room.press(Qt.Key.Key_Up)
    room.click("Remind me every evening")
    assert room.said == [("first_bedtime", time(23))]


def test_once_set_the_week_takes_the_place_of_the_question(qtbot: QtBot, album: Album) -> None:
    room = Room(qtbot, album, Schedule(), (1068, 800))
    room.show(bedtimes())
    assert "When do you turn out the light?" not in shown_words(room.page)
    assert room.focus.accessibleName() == "Saturday, lights out 22:45"


# ---------------------------------------------------------------- the week


def test_each_day_says_its_bedtime_and_a_day_that_is_off_says_so(room: Room) -> None:
    tiles = [one.accessibleName() for one in room.page.findChildren(QRadioButton)]
    assert tiles == [
        "Monday, lights out 22:30",
        "Tuesday, lights out 22:30",
        "Wednesday, lights out 22:30",
        "Thursday, lights out 22:30",
        "Friday, lights out 23:15",
        "Saturday, lights out 22:45",
        "Sunday, off",
    ]
    assert "Sunday is off" in shown_words(room.page)


def test_a_click_on_a_day_shows_its_evening_and_its_switch_turns_it_off(room: Room) -> None:
    QTest.mouseClick(
        named(room.page, "Friday, lights out 23:15"), Qt.MouseButton.LeftButton, pos=QPoint(20, 20)
    )
    QTest.mouseClick(named(room.page, "Reminders on Monday", Switch), Qt.MouseButton.LeftButton)
    assert room.said == [("day_chosen", 4), ("day_switched", 0, False)]


def test_arrows_go_from_day_to_day_and_space_turns_one_off(room: Room) -> None:
    assert room.focus.accessibleName() == "Saturday, lights out 22:45"
    room.press(Qt.Key.Key_Left)
    room.show(bedtimes(), chosen=4)
    assert room.focus.accessibleName() == "Friday, lights out 23:15"
    room.press(Qt.Key.Key_Space)
    room.press(Qt.Key.Key_Right)
    room.show(bedtimes(), chosen=5)
    room.press(Qt.Key.Key_Right)
    room.show(bedtimes(), chosen=6)
    room.press(Qt.Key.Key_Right)
    room.press(Qt.Key.Key_Space)
    assert room.said == [
        ("day_chosen", 4),
        ("day_switched", 4, False),
        ("day_chosen", 5),
        ("day_chosen", 6),
        ("day_switched", 6, True),
    ]


def test_up_and_down_on_a_day_move_its_bedtime(room: Room) -> None:
    room.press(Qt.Key.Key_Up)
    room.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert room.said == [("bedtime_changed", 5, time(23)), ("bedtime_changed", 5, time(22, 55))]


def test_showing_a_view_asks_for_nothing(room: Room) -> None:
    schedule = rules.with_slot(bedtimes(), [5], STRETCH, Slot(before=20, bell=False))
    room.show(rules.with_bedtime(schedule, [5], time(0, 30)))
    assert room.said == []


def test_a_bedtime_after_midnight_still_ends_the_evening_before(room: Room) -> None:
    assert not any("calendar" in words for words in shown_words(room.page))
    room.show(rules.with_bedtime(bedtimes(), [5], time(0, 30)))
    assert "Already Sunday by the calendar; it still ends Saturday evening." in shown_words(room.page)


# ---------------------------------------------------------------- the evening


def rows(room: Room) -> list[str]:
    """The items on show, from the top down."""
    layout = room.page.evening.layout()
    assert layout is not None
    layout.activate()
    seen = [row for row in room.page.evening.rows.values() if row.isVisible()]
    return [row.item.name for row in sorted(seen, key=lambda row: row.y())]


def test_what_is_on_stands_in_order_of_time_with_where_and_when(room: Room) -> None:
    assert rows(room) == ["Dim the lights", "Stretch", "Last screens"]
    words = shown_words(room.page)
    assert [one for one in words if one in ("21:45", "22:00", "22:15")] == ["21:45", "22:00", "22:15"]
    assert named(room.page, "When: Stretch", Stepper).text() == "45 min before"


def test_only_the_stretch_reminds_until_another_bell_is_switched_on(room: Room) -> None:
    bells = {name: named(room.page, f"Remind me: {name}", QPushButton).isChecked() for name in rows(room)}
    assert bells == {"Dim the lights": False, "Stretch": True, "Last screens": False}
    room.click("Remind me: Last screens")
    assert room.said == [("bell_switched", "screens", True)]


def test_an_item_is_moved_by_steps_and_by_typing(room: Room) -> None:
    place = named(room.page, "When: Stretch", Stepper)
    place.setFocus(Qt.FocusReason.TabFocusReason)
    room.press(Qt.Key.Key_Up)
    room.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    for typed in ("1 h 30", "1:15", "20"):
        place.selectAll()
        QTest.keyClicks(place, typed)
        room.press(Qt.Key.Key_Return)
    moves = [said[2] for said in room.said]
    assert moves == [50, 35, 90, 75, 20]
    assert all(said[:2] == ("item_moved", STRETCH) for said in room.said)


def test_more_for_the_evening_waits_behind_a_button(room: Room) -> None:
    room.click("More for the evening (4)")
    assert rows(room) == [
        "Last coffee or tea", "Magnesium", "Dim the lights", "Stretch", "Last screens", "Massage",
        "Morning stretch",
    ]  # fmt: skip
    QTest.mouseClick(named(room.page, "Massage", Switch), Qt.MouseButton.LeftButton)
    assert room.said == [("item_switched", "massage", True)]
    room.click("Show less")
    assert rows(room) == ["Dim the lights", "Stretch", "Last screens"]


def test_an_item_that_is_switched_off_stays_in_sight_until_another_day_is_chosen(room: Room) -> None:
    off = rules.with_slot(bedtimes(), [5], "dim", Slot(before=60, on=False))
    room.show(off)
    assert "Dim the lights" in rows(room)
    assert "When: Dim the lights" not in names(room.page), "it is nowhere while it is off"
    room.show(off, chosen=4)
    room.show(off, chosen=5)
    assert "Dim the lights" not in rows(room)


def test_what_is_moved_stays_in_its_row_under_the_hand(room: Room) -> None:
    moved = rules.with_slot(bedtimes(), [5], "screens", Slot(before=120))
    room.show(moved)
    assert rows(room) == ["Dim the lights", "Stretch", "Last screens"]
    room.show(moved, chosen=4)
    room.show(moved, chosen=5)
    assert rows(room) == ["Last screens", "Dim the lights", "Stretch"]


def test_magnesium_is_off_and_says_what_is_known_without_a_dose(room: Room) -> None:
    room.click("More for the evening (4)")
    row = room.page.evening.rows[MAGNESIUM]
    assert not row.item.on
    said = " ".join(shown_words(row))
    assert "Your own choice. Unlikely to prevent cramps in older adults" in said
    assert "mg" not in said.casefold().replace("magnesium", "")
    room.show(rules.with_slot(bedtimes(), [5], MAGNESIUM, Slot(before=90)))
    assert any("Unlikely to prevent cramps" in words for words in shown_words(row)), "on or off"


def test_an_item_by_the_clock_has_a_clock_and_says_when_it_is_the_next_day(room: Room) -> None:
    room.show(rules.with_slot(bedtimes(), [5], "morning", Slot(at=time(7, 30))))
    place = named(room.page, "When: Morning stretch", ClockStepper)
    assert place.at_time == time(7, 30)
    assert "next day" in shown_words(room.page)
    place.setFocus(Qt.FocusReason.TabFocusReason)
    room.press(Qt.Key.Key_Down)
    assert room.said == [("item_moved", "morning", time(7, 15))]


def test_lights_out_is_moved_in_its_row(room: Room) -> None:
    place = named(room.page, "Bedtime, Saturday", ClockStepper)
    place.setFocus(Qt.FocusReason.TabFocusReason)
    room.press(Qt.Key.Key_Up)
    assert room.said == [("bedtime_changed", 5, time(23))]


# ---------------------------------------------------------------- items of one's own


def test_an_item_of_ones_own_is_added_by_its_name(room: Room) -> None:
    room.click("Add your own")
    assert isinstance(room.focus, QLineEdit)
    QTest.keyClicks(room.focus, "  A warm bath ")
    room.press(Qt.Key.Key_Return)
    assert room.said == [("own_added", "A warm bath")]


def test_without_a_name_nothing_is_added_and_the_page_says_what_to_do(room: Room) -> None:
    room.click("Add your own")
    room.press(Qt.Key.Key_Return)
    assert room.said == []
    assert "Give it a name, such as “A warm bath”." in shown_words(room.page)
    room.press(Qt.Key.Key_Escape)


def test_ones_own_item_is_renamed_and_removed(room: Room) -> None:
    schedule, own = rules.with_own(bedtimes(), "A warm bath", Slot(before=75))
    room.show(schedule)
    room.click("Rename or remove A warm bath")
    assert isinstance(room.focus, QLineEdit)
    room.focus.selectAll()
    QTest.keyClicks(room.focus, "Cold feet")
    room.click("Save")
    room.click("Rename or remove A warm bath")
    room.click("Remove")
    assert room.said == [("own_renamed", own, "Cold feet"), ("own_removed", own)]


@pytest.mark.parametrize("width", [1068, 820])
def test_a_name_without_any_space_still_fits(room: Room, qtbot: QtBot, width: int) -> None:
    schedule, _own = rules.with_own(bedtimes(), "w" * 80, Slot(before=75))
    room.show(schedule)
    room.page.resize(width, 800)

    def fits() -> None:
        assert clipped(room.page) == []

    qtbot.waitUntil(fits)


# ---------------------------------------------------------------- copying


def test_an_evening_is_copied_to_weekdays_to_all_and_back_to_the_usual(room: Room) -> None:
    room.pick("Copy to weekdays")
    room.pick("Copy to every evening")
    room.pick("Use the usual times again")
    assert room.said == [
        ("copy_asked", [0, 1, 2, 3, 4]),
        ("copy_asked", [0, 1, 2, 3, 4, 6]),
        ("usual_asked",),
    ]


def test_an_evening_is_copied_to_some_days(room: Room) -> None:
    room.pick("Copy to …")
    copy = named(room.page, "Copy", Button)
    assert not copy.isEnabled(), "to none is no copy"
    for day in ("Monday", "Sunday"):
        named(room.page, day, CheckTile).click()
    room.click("Copy")
    assert room.said == [("copy_asked", [0, 6])]


# ---------------------------------------------------------------- quiet and missed


def test_not_tonight_is_asked_for_and_undone_with_words_for_it(room: Room) -> None:
    room.click("Not tonight")
    room.show(bedtimes(), skipped=True)
    assert "Quiet tonight. Tomorrow they come again." in shown_words(room.page)
    assert not room.page.skip.isVisible()
    room.click("Remind me tonight after all")
    assert room.said == [("skip_asked",), ("ring_asked",)]


def test_a_pause_ends_on_the_evening_that_is_chosen(room: Room) -> None:
    room.click("Pause until …")
    room.click("A week")
    room.click("Pause")
    assert room.said == [("pause_asked", date(2026, 11, 28))]


def test_a_pause_is_told_with_its_end(room: Room) -> None:
    paused = Schedule(bedtimes().evenings, paused_until=date(2026, 11, 30))
    room.show(paused)
    assert "Paused until Monday 30 November." in shown_words(room.page)
    room.click("End the pause")
    assert room.said == [("ring_asked",)]
    assert not room.page.pause.isVisible()
    room.show(Schedule(bedtimes().evenings, paused_until=SATURDAY))
    assert not any("Paused" in words for words in shown_words(room.page)), "it is over"


def test_a_missed_reminder_is_shown_until_it_is_seen(room: Room) -> None:
    room.show(bedtimes(), missed=[mark(Why.OFF, date(2026, 11, 20))])
    assert any(words.startswith("Last night’s reminder did not come") for words in shown_words(room.page))
    room.click("OK")
    assert room.said == [("missed_seen",)]


def test_what_could_not_be_kept_is_said(room: Room) -> None:
    room.show(bedtimes(), wrong="The disk is full.")
    assert "The disk is full." in shown_words(room.page)


# ---------------------------------------------------------------- manners


def test_snoozing_has_its_length_and_its_number(room: Room, qtbot: QtBot) -> None:
    minutes = named(room.page, "Snooze", Stepper)
    assert (minutes.text(), named(room.page, "At most", Stepper).text()) == ("10 min", "2 times")
    minutes.setFocus(Qt.FocusReason.TabFocusReason)
    room.press(Qt.Key.Key_Up)
    named(room.page, "At most", Stepper).setFocus(Qt.FocusReason.TabFocusReason)
    assert room.said == [("setting_changed", "snooze_minutes", 15)]
    room.press(Qt.Key.Key_Down)
    room.show(bedtimes())  # what the user is choosing stays
    assert named(room.page, "At most", Stepper).value() == 1 and len(room.said) == 1
    qtbot.waitUntil(lambda: len(room.said) == 2)
    assert room.said[1] == ("setting_changed", "snooze_times", 1)


def test_steps_of_a_snooze_right_after_each_other_are_one_change(room: Room) -> None:
    named(room.page, "Snooze", Stepper).setFocus(Qt.FocusReason.TabFocusReason)
    for _step in range(3):
        room.press(Qt.Key.Key_Up)
    assert room.said == []
    room.page.hide()
    assert room.said == [("setting_changed", "snooze_minutes", 25)]


def test_the_example_is_one_picture_with_words_for_those_who_cannot_see_it(room: Room) -> None:
    example = named(room.page, "Example of a reminder", QWidget)
    assert "Time for your legs" in example.accessibleDescription()
    assert "Start" not in names(room.page), "it is no button"
    example.grab()
    assert ("ham_floor", "dark") in room.album.asked


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Soft chime", ("setting_changed", "reminder_chime", False)),
        ("Wait during films and calls", ("setting_changed", "wait_for_films", False)),
        ("Start when I log in", ("login_switched", True)),
        ("Respect Do not disturb", ("setting_changed", "wait_when_quiet", False)),
        ("Partly done is done", ("setting_changed", "partly_counts", False)),
        ("Remind me when the app is closed", ("wake_switched", True)),
    ],
)
def test_each_switch_says_what_it_is_for(room: Room, name: str, said: tuple[object, ...]) -> None:
    room.click("More settings")
    QTest.mouseClick(named(room.page, name, Switch), Qt.MouseButton.LeftButton)
    assert room.said == [said]


def test_late_reminders_and_the_calendar_are_under_more(room: Room) -> None:
    room.show(bedtimes(), has_calendar=True)
    assert "For my phone’s calendar" not in names(room.page)
    room.click("More settings")
    room.click("For my phone’s calendar")
    named(room.page, "Late reminders, up to", Stepper).setFocus(Qt.FocusReason.TabFocusReason)
    room.press(Qt.Key.Key_Down)
    room.click("Show me one now")
    assert room.said == [("calendar_asked",), ("setting_changed", "grace_minutes", 105), ("preview_asked",)]


def test_what_the_system_refused_is_said_in_its_row_and_what_it_cannot_do_is_off(room: Room) -> None:
    room.show(
        bedtimes(),
        login=ToggleView(detail="so reminders can arrive", wrong="The folder is read-only."),
        wake=ToggleView(detail="There is no systemd here.", enabled=False),
    )
    room.click("More settings")
    assert "The folder is read-only." in shown_words(room.page)
    wake = named(room.page, "Remind me when the app is closed", Switch)
    assert not wake.isEnabled()
    assert wake.toolTip() == "There is no systemd here."


# ---------------------------------------------------------------- keys, names and room


def test_control_z_takes_back_and_with_shift_makes_again(room: Room) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    named(room.page, "When: Stretch", Stepper).setFocus(Qt.FocusReason.TabFocusReason)
    room.press(Qt.Key.Key_Z, control)
    room.press(Qt.Key.Key_Z, control | shift)
    room.press(Qt.Key.Key_Y, control)
    assert room.said == [("undo_asked",), ("redo_asked",), ("redo_asked",)]
    assert "Undo" not in names(room.page)
    room.show(bedtimes(), may_undo=True)
    room.click("Undo")
    assert room.said[-1] == ("undo_asked",)


def test_tab_follows_reading_order_also_through_rows_that_came_later(room: Room) -> None:
    schedule, _own = rules.with_own(bedtimes(), "A warm bath", Slot(before=75))
    room.show(schedule)
    room.page.week.chosen_tile.setFocus(Qt.FocusReason.TabFocusReason)
    seen = []
    for _step in range(30):
        room.press(Qt.Key.Key_Tab)
        seen.append(room.focus.accessibleName())
    wanted = [
        "What to do with this evening", "When: Dim the lights", "Remind me: Dim the lights", "Dim the lights",
        "When: Stretch", "Stretch", "When: Last screens", "Last screens", "Rename or remove A warm bath",
        "When: A warm bath", "A warm bath", "Bedtime, Saturday", "Add your own", "Snooze", "At most",
        "Show me one now", "Soft chime", "More settings",
    ]  # fmt: skip
    assert [name for name in seen if name in wanted][: len(wanted)] == wanted


@pytest.mark.parametrize(("width", "height", "text"), SIZES)
@pytest.mark.parametrize("theme", ["dark", "light", "night"])
def test_everything_fits_and_has_a_name_in_every_window(
    room: Room, qtbot: QtBot, width: int, height: int, text: int, theme: str
) -> None:
    schedule, _own = rules.with_own(bedtimes(), "A warm bath with a long name to it", Slot(before=75))
    schedule = rules.with_bedtime(schedule, [5], time(0, 30))
    room.show(schedule, skipped=True, missed=[mark(Why.OFF, date(2026, 11, 20))], has_calendar=True)
    room.page.resize(width - (212 if width * 100 / text >= 1100 else 96), height)
    room.page.set_look(Look(THEMES[theme], browsing_factor(width, height, text), True))
    room.click("More settings")
    room.click("More for the evening (4)")

    def fits() -> None:
        assert clipped(room.page) == []

    qtbot.waitUntil(fits)
    assert nameless(room.page) == []


def test_in_a_small_window_the_example_folds_into_its_button(room: Room) -> None:
    assert "Example of a reminder" in names(room.page)
    room.page.resize(820, 600)
    assert "Example of a reminder" not in names(room.page)
    assert "Show me one now" in names(room.page)


def test_a_long_time_fits_into_its_tile(room: Room) -> None:
    days = tuple(DayView(day, f"Day {day}", f"D{day}", "10:30 PM", on=True) for day in range(7))
    room.page.week.show_week(RemindersView(days=days))
    tile = room.page.week.tiles[1]
    tile.switch.hide()
    picture = tile.grab().toImage()
    face = picture.pixelColor(2, tile.height() // 2)
    edges = (0, 1, tile.width() - 2, tile.width() - 1)
    assert all(picture.pixelColor(x, y) == face for x in edges for y in range(20, tile.height() - 20))


def test_all_bedtimes_of_the_week_are_written_alike(room: Room, qtbot: QtBot) -> None:
    days = tuple(
        DayView(day, f"Day {day}", f"D{day}", "10:30 PM" if day else "1:00 AM", on=True) for day in range(7)
    )
    room.page.week.show_week(RemindersView(days=days))
    for width in range(1000, 1080, 3):  # the tiles of a row are not all equally wide
        room.page.resize(width, 800)
        tops = set()
        for tile in room.page.week.tiles:
            tile.switch.hide()
            picture = tile.grab().toImage()
            face = picture.pixelColor(tile.width() // 2, 3)
            rows, columns = range(tile.height() // 3, tile.height() - 6), range(8, tile.width() - 8)
            tops.add(next(y for y in rows if any(picture.pixelColor(x, y) != face for x in columns)))
        assert len(tops) == 1, f"{tops} at {width}"


def test_the_evening_fits_a_usual_window_without_scrolling(room: Room, qtbot: QtBot) -> None:
    room.show(bedtimes())
    room.page.resize(1068, 800)
    bar = room.page._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_a_note_goes_below_its_row_instead_of_into_a_thin_column(room: Room, qtbot: QtBot) -> None:
    schedule = rules.with_slot(bedtimes(), range(7), MAGNESIUM, Slot(before=90, on=True))
    room.show(schedule)
    room.page.resize(1068, 800)
    note = next(one for one in room.page.findChildren(QLabel) if one.text().startswith("Your own choice"))
    qtbot.waitUntil(lambda: note.width() > 400)
    assert note.height() <= 2 * note.fontMetrics().lineSpacing() + 4


def test_the_button_for_a_first_bedtime_is_whole_in_a_small_window(
    room: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("en_US"))
    room.show(Schedule())
    room.page.resize(804, 600)
    room.page.set_look(Look(factor=browsing_factor(900, 600, 150)))
    begin = room.page.first.begin
    qtbot.waitUntil(lambda: begin.geometry().right() < room.page.first.width())
    assert room.page.first.width() <= 804
    assert clipped(room.page.first) == []


@pytest.mark.parametrize("size", [(1068, 800), (828, 600)])
def test_the_outline_of_the_focus_is_whole_wherever_tab_goes(room: Room, size: tuple[int, int]) -> None:
    schedule, _own = rules.with_own(bedtimes(), "Warm socks", Slot(before=75))
    room.show(schedule)
    room.page.resize(*size)
    assert cut_rings(room.page) == []
