"""Painted controls behave like the widgets they are: keyboard, mouse, names, sizes.

Leaves out how they look to the pixel.
"""

from collections.abc import Callable
from typing import Protocol

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from coach.ui.controls import (
    Button,
    FocusRing,
    IconButton,
    Kind,
    NavItem,
    RadioRow,
    ScrollArea,
    Segments,
    SessionControl,
    Sheet,
    Text,
)
from coach.ui.icons import Icon, pixmap
from coach.ui.theme import THEMES, Look, Role
from tests.finding import clipped, nameless

MAKERS: dict[str, Callable[[], QAbstractButton]] = {
    "button": lambda: Button("Start", Kind.PRIMARY, key="Enter"),
    "outline": lambda: Button("Change plan", Kind.OUTLINE, icon=Icon.PLANS),
    "ghost": lambda: Button("Leave and forget this session", Kind.GHOST),
    "icon": lambda: IconButton(Icon.CLOSE, "Leave"),
    "session": lambda: SessionControl(Icon.BACK, "Back", "←"),
    "main": lambda: SessionControl(Icon.PAUSE, "Pause", "Space", main=True),
    "words": lambda: SessionControl(None, "10 s", "+", name="Ten seconds more", words="+10 s"),
    "nav": lambda: NavItem(Icon.TONIGHT, "Tonight"),
    "radio": lambda: RadioRow("Wait for me", "Starts when you press a key"),
}
LOOKS = [Look(THEMES["dark"], 0.86), Look(THEMES["light"], 1.0), Look(THEMES["night"], 1.5, True)]


def give(widget: QWidget, look: Look) -> None:
    widget.set_look(look)  # type: ignore[attr-defined]


class Show(Protocol):
    def __call__(self, *widgets: QWidget) -> QWidget: ...


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Shows widgets one below the other in an active window, which it returns."""
    kept: list[QWidget] = []

    def show_in_window(*widgets: QWidget) -> QWidget:
        window = QWidget()
        kept.append(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return show_in_window


def ring_shown(window: QWidget) -> bool:
    return any(ring.isVisible() for ring in window.findChildren(FocusRing))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_each_control_says_what_it_is_called(make: Callable[[], QAbstractButton], show: Show) -> None:
    window = show(make())
    assert nameless(window) == []


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.theme.name)
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_each_control_can_be_hit_and_shows_all_its_words(
    make: Callable[[], QAbstractButton], look: Look, show: Show
) -> None:
    control = make()
    give(control, look)
    window = show(control)
    assert control.width() >= 44
    assert control.height() >= 44
    assert clipped(window) == []
    assert not window.grab().isNull()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_each_control_works_from_the_keyboard(
    make: Callable[[], QAbstractButton], key: Qt.Key, show: Show, qtbot: QtBot
) -> None:
    control = make()
    show(control)
    with qtbot.waitSignal(control.clicked):
        QTest.keyClick(control, key)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_each_control_works_with_the_mouse(
    make: Callable[[], QAbstractButton], show: Show, qtbot: QtBot
) -> None:
    control = make()
    show(control)
    with qtbot.waitSignal(control.clicked):
        QTest.mouseClick(control, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_disabled_control_does_nothing(
    make: Callable[[], QAbstractButton], show: Show, qtbot: QtBot
) -> None:
    control = make()
    control.setEnabled(False)
    show(control)
    with qtbot.assertNotEmitted(control.clicked):
        QTest.keyClick(control, Qt.Key.Key_Return)
        QTest.mouseClick(control, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_the_focus_is_outlined_for_the_keyboard_and_not_for_the_mouse(
    make: Callable[[], QAbstractButton], show: Show
) -> None:
    first, control = Button("First"), make()
    window = show(first, control)
    assert ring_shown(window)
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert first.hasFocus()
    assert not ring_shown(window)
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert control.hasFocus()
    assert ring_shown(window)
    control.clearFocus()
    assert not ring_shown(window)
    control.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not ring_shown(window)


def test_the_outline_lies_round_its_control_and_moves_with_it(show: Show) -> None:
    button = Button("Start")
    window = show(button)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    ring = window.findChildren(FocusRing)[0]
    button.move(40, 60)
    assert ring.geometry() == button.geometry().adjusted(-6, -6, 6, 6)


def test_the_outline_moves_with_its_control_on_a_page_that_is_not_shown_yet(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    button = Button("Start", parent=page)
    ring = FocusRing(button, lambda: (button.rect(), 8.0))
    ring.show_in(QColor("black"))
    button.move(40, 60)
    page.show()
    assert ring.geometry() == button.geometry().adjusted(-6, -6, 6, 6)


def test_the_pointer_lightens_a_button_at_once_when_motion_is_reduced(show: Show) -> None:
    button = Button("Start", Kind.SECONDARY)
    give(button, Look(THEMES["dark"], reduced_motion=True))
    show(button)
    spot = QPoint(8, button.height() // 2)
    before = QColor(button.grab().toImage().pixelColor(spot))
    QTest.mouseMove(button, button.rect().center())
    after = QColor(button.grab().toImage().pixelColor(spot))
    assert before == THEMES["dark"].s3
    assert after == THEMES["dark"].hovered(THEMES["dark"].s3)


def test_words_that_do_not_fit_are_a_tool_tip(show: Show) -> None:
    button = Button("Start the evening programme for restless legs")
    show(button)
    assert button.toolTip() == ""
    button.resize(120, button.height())
    assert button.toolTip() == "Start the evening programme for restless legs"
    button.resize(button.sizeHint())
    assert button.toolTip() == ""


def test_a_new_label_is_read_out_too(qtbot: QtBot) -> None:
    control = SessionControl(Icon.VOICE, "Voice on", "V")
    qtbot.addWidget(control)
    control.set_label("Voice off")
    assert control.accessibleName() == "Voice off"
    assert "V" in control.accessibleDescription()


def test_the_current_page_is_said(qtbot: QtBot) -> None:
    item = NavItem(Icon.TONIGHT, "Tonight")
    qtbot.addWidget(item)
    assert item.accessibleName() == "Tonight"
    item.setChecked(True)
    assert item.accessibleName() == "Tonight, current page"


def test_a_folded_page_keeps_its_name_as_a_tool_tip(qtbot: QtBot) -> None:
    item = NavItem(Icon.TONIGHT, "Tonight")
    qtbot.addWidget(item)
    wide = item.sizeHint().width()
    item.set_folded(True)
    assert item.toolTip() == "Tonight"
    assert item.sizeHint().width() < wide


def test_a_long_choice_wraps_and_grows(qtbot: QtBot) -> None:
    row = RadioRow("A name that is so long that it will never ever fit into one line of this row", "Below")
    qtbot.addWidget(row)
    assert row.heightForWidth(240) > row.heightForWidth(900) >= 72


def test_arrows_walk_through_choices_that_exclude_each_other(show: Show) -> None:
    first, second = RadioRow("Wait for me"), RadioRow("Count 20 seconds")
    show(first, second)
    first.setChecked(True)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.isChecked()
    assert not first.isChecked()


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down])
def test_arrows_on_a_button_are_left_to_the_page(key: Qt.Key, show: Show) -> None:
    class Page(QWidget):
        keys: list[int] = []  # noqa: RUF012

        def keyPressEvent(self, event: QKeyEvent) -> None:
            self.keys.append(event.key())

    page = Page()
    column = QVBoxLayout(page)
    first, second = Button("Back"), Button("Skip")
    column.addWidget(first)
    column.addWidget(second)
    show(page)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first, key)
    assert page.keys == [key]
    assert first.hasFocus()
    page.keys.clear()


def test_names_from_files_are_never_taken_for_mark_up(qtbot: QtBot) -> None:
    text = Text("<b>Legs</b> & more")
    qtbot.addWidget(text)
    assert text.textFormat() == Qt.TextFormat.PlainText
    assert text.text() == "<b>Legs</b> & more"


def test_progress_says_the_step(qtbot: QtBot) -> None:
    bar = Segments()
    qtbot.addWidget(bar)
    bar.set_progress(1, 7, 0.5)
    assert bar.accessibleName() == "Step 2 of 7"
    assert (bar.value(), bar.maximum()) == (1, 7)
    bar.set_progress(7, 7, 0.0)
    assert bar.accessibleName() == "Step 7 of 7"


@pytest.mark.parametrize(
    ("current", "count", "part"), [(0, 1, 0.0), (2, 7, 0.4), (7, 7, 1.0), (999, 1000, 1.0)]
)
def test_progress_is_drawn_for_any_number_of_steps(
    current: int, count: int, part: float, qtbot: QtBot
) -> None:
    bar = Segments()
    bar.resize(600, 10)
    qtbot.addWidget(bar)
    bar.set_progress(current, count, part)
    colours = {bar.grab().toImage().pixelColor(x, 5).name() for x in range(2, 598)}
    theme = THEMES["dark"]
    assert (theme.gfx.name() in colours) == (part > 0 and current < count)
    assert (theme.edge.name() in colours) == (current > 0)


@pytest.mark.parametrize("icon", Icon)
def test_each_icon_shows_something_inside_its_square(icon: Icon) -> None:
    picture = pixmap(icon, 48, QColor("#FFFFFF")).toImage()
    inked = [(x, y) for x in range(48) for y in range(48) if picture.pixelColor(x, y).alpha() > 40]
    assert len(inked) > 40
    edge = [(x, y) for x, y in inked if x in (0, 47) or y in (0, 47)]
    assert edge == []


def open_sheet(show: Show) -> tuple[QWidget, Button, Sheet, list[RadioRow]]:
    below = Button("Below")
    window = show(below)
    window.resize(900, 600)
    below.setFocus(Qt.FocusReason.TabFocusReason)
    sheet = Sheet("Plan for tonight", window, Look())
    rows = [RadioRow("Bedtime"), RadioRow("Five stretches")]
    for row in rows:
        row.setAutoExclusive(False)
        sheet.body.addWidget(row)
    sheet.open(rows[0])
    return window, below, sheet, rows


def test_a_title_of_two_lines_takes_no_room_from_what_the_sheet_asks(show: Show, qtbot: QtBot) -> None:
    window = show(Button("Below"))
    window.resize(1000, 700)
    sheet = Sheet("Restore the original of “A plan with a rather long name for the evening”?", window, Look())
    keep = Button("Keep it")
    sheet.body.addWidget(keep)
    sheet.open(keep)
    qtbot.waitUntil(keep.isVisible)
    assert keep.visibleRegion().boundingRect() == keep.rect()


def test_a_sheet_that_becomes_smaller_leaves_no_edge_behind(show: Show, qtbot: QtBot) -> None:
    window, _below, sheet, rows = open_sheet(show)
    window.grab()
    repainted = QRect()

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            nonlocal repainted
            if isinstance(event, QPaintEvent):
                repainted = repainted.united(event.rect())
            return False

    watch = Watch()
    sheet.installEventFilter(watch)
    QTest.qWait(50)
    before = sheet.card.geometry()
    repainted = QRect()
    rows[1].hide()
    sheet.set_look(Look())
    qtbot.waitUntil(lambda: sheet.card.height() < before.height() and not repainted.isNull())
    assert repainted.contains(before.adjusted(-2, -2, 2, 2))


def test_a_sheet_keeps_the_focus_until_escape_gives_it_back(show: Show, qtbot: QtBot) -> None:
    window, below, sheet, rows = open_sheet(show)
    seen = []
    for _step in range(3):
        seen.append(window.focusWidget().accessibleName())
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert seen == ["Bedtime", "Five stretches", "Close"]
    assert rows[0].hasFocus()
    QTest.keyClick(rows[0], Qt.Key.Key_Backtab)
    assert window.focusWidget().accessibleName() == "Close"
    with qtbot.waitSignal(sheet.closed):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert below.hasFocus()


def test_arrows_walk_through_a_sheet_and_no_key_reaches_the_page_below(show: Show) -> None:
    window, _below, _sheet, rows = open_sheet(show)
    QTest.keyClick(rows[0], Qt.Key.Key_Down)
    assert rows[1].hasFocus()
    QTest.keyClick(rows[1], Qt.Key.Key_Up)
    assert rows[0].hasFocus()
    keys: list[int] = []
    window.keyPressEvent = lambda event: keys.append(event.key())  # type: ignore[method-assign]
    QTest.keyClick(rows[0], Qt.Key.Key_N)
    assert keys == []


def test_a_click_beside_a_sheet_closes_it_and_one_on_it_does_not(show: Show, qtbot: QtBot) -> None:
    _window, _below, sheet, _rows = open_sheet(show)
    with qtbot.assertNotEmitted(sheet.closed):
        QTest.mouseClick(
            sheet, Qt.MouseButton.LeftButton, pos=sheet.card.geometry().topLeft() + QPoint(30, 12)
        )
    with qtbot.waitSignal(sheet.closed):
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_a_sheet_taller_than_the_window_scrolls(show: Show, qtbot: QtBot) -> None:
    window = show(Button("Below"))
    window.resize(500, 300)
    sheet = Sheet("Keys", window, Look(factor=1.5))
    labels: list[QLabel] = [Text(f"Line {n}", Role.BODY) for n in range(30)]
    for label in labels:
        sheet.body.addWidget(label)
    sheet.open()
    assert window.rect().contains(sheet.card.geometry())
    qtbot.waitUntil(lambda: labels[-1].mapTo(window, QPoint(0, 0)).y() > window.height())
    assert labels[0].height() >= QFontMetrics(labels[0].font()).height()
    before = labels[0].mapTo(window, QPoint(0, 0)).y()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    assert labels[0].mapTo(window, QPoint(0, 0)).y() < before


def test_the_answers_of_a_sheet_that_scrolls_stay_in_sight_and_in_its_tab_order(show: Show) -> None:
    window = show(Button("Below"))
    window.resize(500, 300)
    sheet = Sheet("Questions", window, Look(factor=1.5))
    for number in range(30):
        sheet.body.addWidget(Text(f"Line {number}", Role.BODY))
    answer = Button("None of this", Kind.OUTLINE)
    row = QVBoxLayout()
    row.addWidget(answer)
    sheet.pin(row)
    sheet.open()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert answer.hasFocus()
    seen = QRect(answer.mapTo(window, QPoint(0, 0)), answer.size())
    assert sheet.card.geometry().contains(seen)
    assert not answer.visibleRegion().isEmpty()
    ring = next(one for one in sheet.findChildren(FocusRing) if one.isVisible())
    assert ring.size().height() > answer.height() and ring.visibleRegion().boundingRect() == ring.rect()


def test_arrows_scroll_a_sheet_that_has_one_button_only(show: Show, qtbot: QtBot) -> None:
    window = show(Button("Below"))
    window.resize(500, 300)
    sheet = Sheet("Keys", window, Look(factor=1.5))
    labels = [Text(f"Line {number}", Role.BODY) for number in range(30)]
    for label in labels:
        sheet.body.addWidget(label)
    sheet.body.addWidget(Button("When to get help", Kind.OUTLINE))
    sheet.open()
    qtbot.waitUntil(lambda: labels[-1].mapTo(window, QPoint(0, 0)).y() > window.height())
    before = labels[0].mapTo(window, QPoint(0, 0)).y()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    assert labels[0].mapTo(window, QPoint(0, 0)).y() < before


def test_the_start_button_keeps_its_size(qtbot: QtBot) -> None:
    start = Button("Start", Kind.PRIMARY, icon=Icon.PLAY, role=Role.START, size=QSize(250, 80), radius=20)
    qtbot.addWidget(start)
    assert start.sizeHint() == QSize(250, 80)


def test_tab_from_elsewhere_scrolls_to_where_the_focus_goes(qtbot: QtBot) -> None:
    window, content = QWidget(), QWidget()
    qtbot.addWidget(window)
    buttons = [Button(f"Line {n}") for n in range(30)]
    inner = QVBoxLayout(content)
    for button in buttons:
        inner.addWidget(button)
    elsewhere = Button("Elsewhere")
    area = ScrollArea(content)
    column = QVBoxLayout(window)
    column.addWidget(area)
    column.addWidget(elsewhere)
    window.resize(300, 200)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(elsewhere, Qt.Key.Key_Backtab)
    assert window.focusWidget() is buttons[-1]
    assert buttons[-1].visibleRegion().boundingRect() == buttons[-1].rect()
