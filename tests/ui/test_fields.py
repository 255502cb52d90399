"""Painted fields behave like the widgets they are: keyboard, mouse, names, sizes, and what they say.

Leaves out how they look to the pixel.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from coach.ui.controls import Button, FocusRing, Kind
from coach.ui.fields import (
    CheckTile,
    Chip,
    ChipRow,
    DropDown,
    DropZone,
    Flow,
    MenuButton,
    MenuEntry,
    SearchField,
    Segmented,
    Stepper,
    Tag,
    TextField,
    seconds_words,
)
from coach.ui.theme import THEMES, Look
from tests.finding import clipped, named, nameless, names, shown_words

KINDS = (("all", "All"), ("stretch", "Stretch"), ("massage", "Massage"))
PARTS = (("", "Any body part"), ("calf", "Calf"), ("hip", "Hip"))
SIDES = (("left", "L"), ("right", "R"), ("both", "Both"))

MAKERS: dict[str, Callable[[], QWidget]] = {
    "chip": lambda: Chip("Stretch"),
    "chips": lambda: ChipRow("Kind", KINDS),
    "several": lambda: ChipRow("Where?", PARTS, several=True),
    "drop down": lambda: DropDown("Body part", PARTS),
    "outlined": lambda: DropDown("Body part", PARTS, outlined=True),
    "menu": lambda: MenuButton("More", (MenuEntry("copy", "Copy and edit"),)),
    "search": lambda: SearchField("Find an exercise"),
    "words": lambda: TextField("Name", "Quiet legs"),
    "stepper": lambda: Stepper("Seconds", 5, 1800),
    "segmented": lambda: Segmented("Sides", SIDES),
    "check": lambda: CheckTile("Hip replacement", "One or both sides"),
    "tag": lambda: Tag("Standing"),
    "drop zone": lambda: DropZone("Drop a plan file here", "It is checked first.", "Choose"),
}
LOOKS = [Look(THEMES["dark"], 0.86), Look(THEMES["light"], 1.0), Look(THEMES["night"], 1.5, True)]


class Show(Protocol):
    def __call__(self, *widgets: QWidget, look: Look = ...) -> QWidget: ...


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Shows widgets one below the other in an active window, which it returns."""
    kept: list[QWidget] = []

    def show_in_window(*widgets: QWidget, look: Look = LOOKS[0]) -> QWidget:
        window = QWidget()
        kept.append(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            widget.set_look(look)  # type: ignore[attr-defined]
            column.addWidget(widget)
        column.addStretch(1)
        window.setMinimumSize(640, 400)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return show_in_window


def lines(window: QWidget) -> list[str]:
    """The entries of the open list."""
    found = [one for one in window.findChildren(QPushButton) if hasattr(one, "entry") and one.isVisible()]
    return [one.accessibleName() for one in found]


def shown_value(field: Stepper) -> str:
    return field.lineEdit().text()


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_each_field_says_what_it_is_called(make: Callable[[], QWidget], show: Show) -> None:
    assert nameless(show(make())) == []


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.theme.name)
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_each_field_can_be_hit_and_shows_all_its_words(
    make: Callable[[], QWidget], look: Look, show: Show
) -> None:
    field = make()
    window = show(field, look=look)
    assert clipped(window) == []
    assert not window.grab().isNull()
    small = [
        (one.accessibleName(), one.size())
        for one in (field, *field.findChildren(QWidget))
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        if one.height() < 44 or one.width() < 40
    ]
    assert small == []


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_the_focus_is_outlined_when_the_keyboard_brings_it(make: Callable[[], QWidget], show: Show) -> None:
    field = make()
    window = show(Button("Before"), field)
    if isinstance(field, Tag):
        pytest.skip("a tag takes no focus")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    focus = window.focusWidget()
    assert focus is field or field.isAncestorOf(focus)
    rings = [ring for ring in window.findChildren(FocusRing) if ring.isVisible()]
    assert len(rings) == 1
    place = focus.mapTo(window, QPoint(0, 0))
    assert rings[0].mapTo(window, QPoint(0, 0)).x() == place.x() - 6


def test_the_outline_of_what_stands_in_a_flow_is_seen_whole_and_goes_with_it(show: Show) -> None:
    flow = Flow()
    button = Button("Bring it back", Kind.OUTLINE)
    flow.set_parts([button])
    window = show(Button("Before"), flow)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    (ring,) = [ring for ring in window.findChildren(FocusRing) if ring.isVisible()]

    def lies_round_the_button() -> bool:
        place = button.mapTo(window, QPoint(0, 0))
        return ring.mapTo(window, QPoint(6, 6)) == place

    assert lies_round_the_button()
    assert ring.visibleRegion().boundingRect() == ring.rect()
    flow.move(flow.x() + 20, flow.y() - 4)
    assert lies_round_the_button()
    flow.hide()
    assert not ring.isVisible()


# ---------------------------------------------------------------- chips


def test_one_chip_of_a_row_is_chosen_and_arrows_choose_the_next(show: Show, qtbot: QtBot) -> None:
    row = ChipRow("Kind", KINDS)
    window = show(row)
    assert row.key == "all"
    row.chip("all").setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(row.chosen) as said:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    assert said.args == ["stretch"]
    assert row.keys == {"stretch"}
    with qtbot.waitSignal(row.chosen):
        QTest.mouseClick(row.chip("massage"), Qt.MouseButton.LeftButton)
    assert row.keys == {"massage"}
    with qtbot.assertNotEmitted(row.chosen):
        QTest.keyClick(row.chip("massage"), Qt.Key.Key_Right)
        row.choose("all")
    assert row.key == "all"


def test_several_chips_can_be_chosen_with_space(show: Show, qtbot: QtBot) -> None:
    row = ChipRow("Where?", PARTS, several=True)
    window = show(row)
    row.chip("").setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    assert row.keys == frozenset()
    with qtbot.waitSignal(row.changed):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert row.keys == {"calf", "hip"}
    row.choose_all(["hip"])
    assert row.keys == {"hip"}


def test_chips_that_do_not_fit_go_into_a_second_line(qtbot: QtBot) -> None:
    row = ChipRow("Kind", KINDS)
    qtbot.addWidget(row)
    assert row.heightForWidth(200) > row.heightForWidth(600) >= 44
    row.resize(200, row.heightForWidth(200))
    row.show()
    assert row.chip("massage").y() > row.chip("all").y()


def test_other_chips_keep_what_was_chosen(qtbot: QtBot) -> None:
    row = ChipRow("Kind", KINDS)
    qtbot.addWidget(row)
    row.choose("massage")
    row.set_options((*KINDS[2:], ("breathing", "Breathing")))
    assert row.key == "massage"
    row.set_options(KINDS[:2])
    assert row.key == "all"


# ---------------------------------------------------------------- drop-downs and menus


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_F4])
def test_a_drop_down_opens_from_the_keyboard_and_enter_chooses(key: Qt.Key, show: Show, qtbot: QtBot) -> None:
    field = DropDown("Body part", PARTS)
    window = show(field)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(field, key)
    assert lines(window) == ["Any body part", "Calf", "Hip"]
    assert named(window, "Any body part", QPushButton).isChecked()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    with qtbot.waitSignal(field.chosen) as said:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert said.args == ["calf"]
    assert field.key == "calf"
    assert field.currentText() == "Calf"
    assert lines(window) == []
    assert field.hasFocus()


def test_a_drop_down_is_left_as_it_was_by_escape_and_by_a_click_beside_it(show: Show, qtbot: QtBot) -> None:
    field = DropDown("Body part", PARTS, outlined=True)
    window = show(field)
    with qtbot.assertNotEmitted(field.chosen):
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        assert len(lines(window)) == 3
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
        assert lines(window) == []
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        assert len(lines(window)) == 3
        beside = QPoint(630, 390)
        over = window.childAt(beside)
        assert over is not None
        QTest.mouseClick(over, Qt.MouseButton.LeftButton, pos=beside)
        assert lines(window) == []
    assert field.key == ""


def test_typing_jumps_in_an_open_list(show: Show) -> None:
    field = DropDown("Body part", PARTS)
    window = show(field)
    field.showPopup()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_H)
    assert window.focusWidget().accessibleName() == "Hip"


def test_no_key_reaches_the_page_below_an_open_list(show: Show) -> None:
    field = DropDown("Body part", PARTS)
    window = show(field)
    keys: list[int] = []
    window.keyPressEvent = lambda event: keys.append(event.key())  # type: ignore[method-assign]
    field.showPopup()
    for key in (Qt.Key.Key_N, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Tab, Qt.Key.Key_F1):
        QTest.keyClick(window.focusWidget(), key)
    assert keys == []
    assert len(lines(window)) == 3


def test_a_list_without_room_below_opens_upwards_and_stays_in_the_window(show: Show) -> None:
    field = DropDown("Number", [(str(n), f"Line {n}") for n in range(60)])
    window = show(field)
    field.move(10, 340)
    field.showPopup()
    for entry in window.findChildren(QPushButton):
        if hasattr(entry, "entry") and not entry.visibleRegion().isEmpty():
            bottom = entry.mapTo(window, entry.visibleRegion().boundingRect().bottomLeft()).y()
            assert 0 <= bottom < window.height()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_End)
    assert window.focusWidget().accessibleName() == "Line 59"
    assert not window.focusWidget().visibleRegion().isEmpty()


def test_the_wheel_over_a_value_scrolls_the_page_and_changes_nothing(show: Show) -> None:
    for field in (DropDown("Body part", PARTS), Stepper("Seconds", 5, 60)):
        show(field)
        wheel = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        before = field.currentText() if isinstance(field, DropDown) else str(field.value())
        QApplication.sendEvent(field, wheel)
        after = field.currentText() if isinstance(field, DropDown) else str(field.value())
        assert before == after
        assert not wheel.isAccepted()


def test_other_options_keep_the_chosen_one_where_it_still_exists(qtbot: QtBot) -> None:
    field = DropDown("Body part", PARTS)
    qtbot.addWidget(field)
    field.choose("hip")
    with qtbot.assertNotEmitted(field.chosen):
        field.set_options(PARTS[1:])
        assert field.key == "hip"
        field.set_options(PARTS[:2])
        assert field.key == ""


def test_a_menu_says_what_was_picked_and_why_an_entry_is_off(show: Show, qtbot: QtBot) -> None:
    menu = MenuButton(
        "More",
        (MenuEntry("copy", "Copy"), MenuEntry("remove", "Remove", enabled=False, why="It came with the app")),
    )
    window = show(menu)
    menu.click()
    assert lines(window) == ["Copy", "Remove"]
    assert named(window, "Remove").toolTip() == "It came with the app"
    assert not named(window, "Copy", QPushButton).isCheckable()
    with qtbot.waitSignal(menu.picked) as said:
        QTest.mouseClick(named(window, "Copy"), Qt.MouseButton.LeftButton)
    assert said.args == ["copy"]
    assert lines(window) == []


def test_a_list_closes_when_its_page_is_left(show: Show, qtbot: QtBot) -> None:
    field = DropDown("Body part", PARTS)
    window = show(field)
    field.showPopup()
    field.hide()
    assert lines(window) == []


# ---------------------------------------------------------------- words


def test_escape_empties_the_search_first_and_then_belongs_to_the_page(show: Show) -> None:
    field = SearchField("Find an exercise")
    window = show(field)
    keys: list[int] = []
    window.keyPressEvent = lambda event: keys.append(event.key())  # type: ignore[method-assign]
    field.setFocus(Qt.FocusReason.ShortcutFocusReason)
    QTest.keyClicks(field, "calf")
    assert field.text() == "calf"
    assert "Clear the search" in names(window)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert keys == []
    assert "Clear the search" not in names(window)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert keys == [Qt.Key.Key_Escape, Qt.Key.Key_Down]


def test_the_cross_empties_the_search(show: Show) -> None:
    field = SearchField("Find an exercise")
    window = show(field)
    field.setText("calf")
    QTest.mouseClick(named(window, "Clear the search"), Qt.MouseButton.LeftButton)
    assert field.text() == ""


def test_a_wrong_name_is_said_below_the_field_and_to_screen_readers(show: Show) -> None:
    field = TextField("Name")
    window = show(field)
    before = field.height()
    field.set_error("A plan needs a name. Type one.")
    QApplication.processEvents()
    assert "A plan needs a name. Type one." in shown_words(window)
    assert named(window, "Name").accessibleDescription() == "A plan needs a name. Type one."
    assert field.sizeHint().height() > before
    assert clipped(window) == []
    field.set_error("")
    assert shown_words(window) == []


def test_only_the_user_s_own_typing_is_told(show: Show, qtbot: QtBot) -> None:
    field = TextField("Name", limit=10)
    show(field)
    with qtbot.assertNotEmitted(field.edited):
        field.set_text("Quiet legs")
    field.set_text("")
    heard: list[str] = []
    field.edited.connect(heard.append)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(field.line, "Legs at rest and more")
    assert heard[-1] == field.text() == "Legs at re"


# ---------------------------------------------------------------- numbers


def test_a_stepper_steps_by_keys_and_by_its_two_sides(show: Show) -> None:
    field = Stepper("Seconds", 5, 60, step=5, big_step=10)
    window = show(field)
    field.setValue(30)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    for key, held, seen in (
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, "35 s"),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.NoModifier, "40 s"),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier, "45 s"),
        (Qt.Key.Key_Minus, Qt.KeyboardModifier.NoModifier, "40 s"),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, "30 s"),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier, "40 s"),
    ):
        QTest.keyClick(field, key, held)
        assert shown_value(field) == seen
    QTest.mouseClick(named(window, "More"), Qt.MouseButton.LeftButton)
    assert field.value() == 45
    QTest.mouseClick(named(window, "Less"), Qt.MouseButton.LeftButton)
    assert field.value() == 40


def enabled(window: QWidget) -> set[str]:
    return {name for name in ("Less", "More") if named(window, name).isEnabled()}


def test_a_stepper_in_use_shows_its_value_plainly_until_somebody_types(show: Show) -> None:
    field = Stepper("Hold", 5, 300)
    window = show(field, Chip("Other"))
    window.findChild(Chip).setFocus(Qt.FocusReason.TabFocusReason)  # type: ignore[union-attr]
    before = field.lineEdit().grab().toImage()
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert field.lineEdit().grab().toImage() == before, "no block of colour, no cursor, nothing that jumps"
    QTest.keyClick(field, Qt.Key.Key_7)
    assert field.lineEdit().grab().toImage() != before


def test_a_stepper_s_side_is_off_at_its_limit(show: Show) -> None:
    field = Stepper("Seconds", 5, 20)
    window = show(field)
    field.setValue(20)
    assert enabled(window) == {"Less"}
    field.setValue(5)
    assert enabled(window) == {"More"}
    field.setValue(10)
    assert enabled(window) == {"Less", "More"}


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("45", 45, "45 s"),
        ("180", 180, "3 min"),
        ("2 min", 120, "2 min"),
        ("1:30", 90, "90 s"),
        ("9", 9, "9 s"),
    ],
)
def test_a_value_can_be_typed(typed: str, value: int, shown: str, show: Show) -> None:
    field = Stepper("Seconds", 5, 1800)
    show(field)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    field.selectAll()
    QTest.keyClicks(field.lineEdit(), typed)
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    assert field.value() == value
    assert shown_value(field) == shown


@pytest.mark.parametrize(("typed", "value"), [("9999", 60), ("1", 5), ("soon", 30), ("", 30)])
def test_what_cannot_be_is_brought_back_into_limits(typed: str, value: int, show: Show) -> None:
    field = Stepper("Seconds", 5, 60)
    show(field)
    field.setValue(30)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    field.selectAll()
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Backspace)
    QTest.keyClicks(field.lineEdit(), typed)
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    assert field.value() == value
    assert shown_value(field) == f"{value} s"


@pytest.mark.parametrize("key", [Qt.Key.Key_Up, Qt.Key.Key_Down])
def test_moving_a_step_with_alt_is_not_taken_by_a_stepper(key: Qt.Key, show: Show) -> None:
    field = Stepper("Seconds", 5, 60)
    window = show(field)
    keys: list[int] = []

    def note(event: QKeyEvent) -> None:
        keys.append(event.key())

    window.keyPressEvent = note  # type: ignore[method-assign]
    field.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(field, key, Qt.KeyboardModifier.AltModifier)
    assert keys[-1] == key
    assert field.value() == 5


def test_lengths_are_said_in_whole_minutes_from_two_on() -> None:
    assert [seconds_words(n) for n in (5, 60, 90, 120, 150, 600)] == [
        "5 s",
        "60 s",
        "90 s",
        "2 min",
        "150 s",
        "10 min",
    ]


# ---------------------------------------------------------------- choices, files


def test_sides_are_chosen_by_mouse_and_arrows_and_only_the_user_is_told(show: Show, qtbot: QtBot) -> None:
    field = Segmented("Sides", SIDES)
    window = show(field)
    with qtbot.assertNotEmitted(field.chosen):
        field.choose("both")
    assert field.key == "both"
    with qtbot.waitSignal(field.chosen) as said:
        QTest.mouseClick(named(window, "Sides: L"), Qt.MouseButton.LeftButton)
    assert said.args == ["left"]
    with qtbot.waitSignal(field.chosen) as said:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    assert said.args == ["right"]
    assert window.focusWidget().accessibleName() == "Sides: R"


def test_a_tick_works_anywhere_on_its_line_and_by_space(show: Show) -> None:
    field = CheckTile("Hip replacement")
    show(field)
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(field.width() - 4, 5))
    assert field.isChecked()
    QTest.keyClick(field, Qt.Key.Key_Space)
    assert not field.isChecked()
    assert field.accessibleName() == "Hip replacement"


def test_a_long_tick_wraps_and_ticking_moves_nothing(qtbot: QtBot) -> None:
    field = CheckTile("Heart failure, high blood pressure, reflux or anything else like that")
    qtbot.addWidget(field)
    assert field.heightForWidth(200) > field.heightForWidth(900) == 44
    before = field.heightForWidth(320)
    field.setChecked(True)
    assert field.heightForWidth(320) == before


def dragged(*urls: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def drop(field: DropZone, data: QMimeData) -> bool:
    """Drag `data` over the field and let it go; whether it was taken."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(field, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(field, event)
    return event.isAccepted()


def test_files_let_go_over_the_zone_are_handed_on(show: Show, qtbot: QtBot) -> None:
    field = DropZone("Drop a plan file here", "It is checked first.", "Choose")
    window = show(field)
    with qtbot.waitSignal(field.dropped) as said:
        assert drop(field, dragged("file:///tmp/a.toml", "file:///tmp/b.toml", "https://example.org/c.toml"))
    assert said.args == [[Path("/tmp/a.toml"), Path("/tmp/b.toml")]]
    with qtbot.assertNotEmitted(field.dropped):
        assert not drop(field, dragged("https://example.org/c.toml"))
    with qtbot.waitSignal(field.asked):
        QTest.mouseClick(named(window, "Choose"), Qt.MouseButton.LeftButton)
