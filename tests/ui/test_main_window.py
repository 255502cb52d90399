"""The window round the pages: where it opens, what its keys do, and that a session is never closed by chance.

Leaves out what the pages show.
"""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QAbstractAnimation, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from coach.ui.controls import NavItem
from coach.ui.fields import MenuEntry
from coach.ui.icons import Icon
from coach.ui.main_window import SMALLEST, MainWindow
from coach.ui.theme import THEMES, Look
from tests.finding import clipped, named, nameless, names, shown_words


class Page(QWidget):
    """A page that remembers its looks."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.looks: list[Look] = []
        self.button = QPushButton("Inside", self)
        self.button.setAccessibleName("Inside")
        self.setFocusProxy(self.button)
        QVBoxLayout(self).addWidget(self.button)

    def set_look(self, look: Look) -> None:
        self.looks.append(look)


Open = Callable[..., MainWindow]


@pytest.fixture
def opened(qtbot: QtBot) -> Open:
    """Opens a window with a Tonight page and a session page, 1280 x 800, without fades unless asked."""
    kept: list[MainWindow] = []

    def open_window(width: int = 1280, height: int = 800, **options: Any) -> MainWindow:
        window = MainWindow(**{"reduced_motion": True, **options})
        kept.append(window)
        qtbot.addWidget(window)
        window.add_page(Icon.TONIGHT, "Tonight", Page("tonight"))
        window.set_session_page(Page("session"))
        window.resize(width, height)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return open_window


def page(window: MainWindow, name: str) -> Page:
    return next(one for one in window.findChildren(Page) if one.name == name)


def session_page(window: MainWindow) -> Page:
    return page(window, "session")


def tonight(window: MainWindow) -> Page:
    return page(window, "tonight")


def press(
    window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(window.focusWidget() or window, key, held)


# ---------------------------------------------------------------- the sidebar


def test_the_sidebar_names_the_page_and_the_light(opened: Open) -> None:
    window = opened()
    assert "Tonight, current page" in names(window)
    assert "Evening light" in names(window)
    assert nameless(window) == []


def test_a_narrow_window_keeps_icons_with_tool_tips(opened: Open) -> None:
    window = opened()
    item = named(window, "Tonight, current page", QPushButton)
    assert item.toolTip() == ""
    wide = item.width()
    window.resize(1099, 800)
    assert item.toolTip() == "Tonight"
    assert item.width() < wide
    window.resize(1100, 800)
    assert item.toolTip() == ""


def test_a_page_added_to_a_folded_sidebar_is_folded_too(opened: Open) -> None:
    window = opened(1000, 700)
    window.add_page(Icon.PLANS, "Plans", QWidget())
    added = next(item for item in window.findChildren(NavItem) if item.label == "Plans")
    assert added.toolTip() == "Plans"


def test_a_menu_that_stays_gives_no_page_another_look(opened: Open) -> None:
    window = opened()
    entries = [MenuEntry("skip", "Not tonight")]
    window.offer_menu((), lambda _key: None)
    window.offer_menu(entries, lambda _key: None)
    before = len(tonight(window).looks)
    window.offer_menu([*entries, MenuEntry("open", "Open")], lambda _key: None)
    assert len(tonight(window).looks) == before, "each step of a time would lay out all pages anew"
    window.offer_menu((), lambda _key: None)
    window.offer_menu((), lambda _key: None)
    assert len(tonight(window).looks) == before + 1


def test_help_in_the_sidebar_leaves_it_as_wide_as_it_was(opened: Open) -> None:
    window = opened()
    before = page(window, "tonight").width()
    window.offer_help()
    assert page(window, "tonight").width() == before == 1280 - 212


def test_large_text_folds_the_sidebar_sooner(opened: Open) -> None:
    window = opened(1280, 800, text_size=150)
    assert named(window, "Tonight, current page", QPushButton).toolTip() == "Tonight"


@pytest.mark.parametrize(("width", "height"), [(900, 600), (1280, 800)])
@pytest.mark.parametrize("text_size", [100, 150])
def test_nothing_in_the_sidebar_is_clipped(width: int, height: int, text_size: int, opened: Open) -> None:
    window = opened(width, height, text_size=text_size)
    assert clipped(window) == []
    for item in ("Tonight, current page", "Evening light"):
        assert min(named(window, item).width(), named(window, item).height()) >= 44


# ---------------------------------------------------------------- looks


def test_pages_grow_by_the_root_and_sessions_in_full(opened: Open) -> None:
    window = opened(1920, 1200)
    assert tonight(window).looks[-1] == Look(THEMES["dark"], 1.225, True)
    assert session_page(window).looks[-1] == Look(THEMES["dark"], 1.5, True)


def test_a_new_light_reaches_every_page(opened: Open) -> None:
    window = opened()
    window.set_theme(THEMES["light"])
    assert tonight(window).looks[-1].theme.is_light
    assert session_page(window).looks[-1].theme.is_light
    assert "Daylight" in names(window)
    assert window.palette().window().color() == THEMES["light"].bg


def test_pages_hear_of_their_look_only_when_it_changes(opened: Open) -> None:
    window = opened()
    before = len(tonight(window).looks)
    window.resize(1281, 800)
    window.set_theme(THEMES["dark"])
    assert len(tonight(window).looks) == before


def test_night_sessions_keep_still(opened: Open) -> None:
    window = opened(reduced_motion=False)
    assert not session_page(window).looks[-1].reduced_motion
    window.set_theme(THEMES["night"])
    assert session_page(window).looks[-1].reduced_motion
    assert not tonight(window).looks[-1].reduced_motion


def test_larger_text_and_less_motion_reach_the_pages(opened: Open) -> None:
    window = opened(reduced_motion=False)
    window.set_text_size(130)
    window.set_reduced_motion(True)
    assert tonight(window).looks[-1] == Look(THEMES["dark"], 1.3, True)


def running(window: MainWindow) -> list[object]:
    timers: list[object] = [one for one in window.findChildren(QTimer) if one.isActive()]
    moving = QAbstractAnimation.State.Running
    return timers + [one for one in window.findChildren(QAbstractAnimation) if one.state() == moving]


def test_a_new_light_fades_in_and_then_nothing_moves(opened: Open, qtbot: QtBot) -> None:
    window = opened(reduced_motion=False)
    window.set_theme(THEMES["light"])
    assert running(window) != []
    qtbot.waitUntil(lambda: running(window) == [], timeout=3000)


def test_with_reduced_motion_nothing_fades(opened: Open) -> None:
    window = opened()
    window.set_theme(THEMES["light"])
    window.show_session()
    window.leave_session()
    assert running(window) == []


# ---------------------------------------------------------------- sessions


def test_a_session_covers_the_whole_window(opened: Open) -> None:
    window = opened()
    window.show_session()
    assert window.in_session
    assert session_page(window).isVisible()
    assert session_page(window).size() == window.size()
    assert "Tonight, current page" not in names(window)
    assert session_page(window).button.hasFocus()


def test_after_a_session_the_page_before_it_is_back(opened: Open) -> None:
    window = opened()
    window.show_session()
    window.leave_session()
    assert not window.in_session
    assert tonight(window).isVisible()
    assert "Tonight, current page" in names(window)
    assert tonight(window).button.hasFocus()


def test_closing_during_a_session_asks_and_keeps_the_window(opened: Open, qtbot: QtBot) -> None:
    window = opened()
    window.show_session()
    with qtbot.waitSignal(window.close_asked), qtbot.assertNotEmitted(window.closing):
        window.close()
    assert window.isVisible()


def test_closing_without_a_session_closes(opened: Open, qtbot: QtBot) -> None:
    window = opened()
    with qtbot.waitSignal(window.closing), qtbot.assertNotEmitted(window.close_asked):
        window.close()
    assert not window.isVisible()


def test_no_page_can_be_opened_over_a_session(opened: Open) -> None:
    window = opened()
    window.add_page(Icon.PLANS, "Plans", Page("plans"))
    window.show_session()
    press(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert session_page(window).isVisible()
    assert not page(window, "plans").isVisible()


# ---------------------------------------------------------------- keys


def test_control_and_a_number_open_a_page(opened: Open, qtbot: QtBot) -> None:
    window = opened()
    plans = Page("plans")
    window.add_page(Icon.PLANS, "Plans", plans)
    qtbot.waitUntil(lambda: "Plans" in names(window))
    press(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert plans.isVisible()
    assert "Plans, current page" in names(window)
    press(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert tonight(window).isVisible()
    press(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    assert tonight(window).isVisible()


@pytest.mark.parametrize(("now", "wanted"), [("dark", "night"), ("night", "light"), ("light", "dark")])
def test_control_d_and_the_sidebar_ask_for_the_next_light(
    now: str, wanted: str, opened: Open, qtbot: QtBot
) -> None:
    window = opened(theme=THEMES[now])
    with qtbot.waitSignal(window.light_asked) as asked:
        press(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [wanted]
    light = {"dark": "Evening light", "night": "Night light", "light": "Daylight"}[now]
    with qtbot.waitSignal(window.light_asked) as asked:
        QTest.mouseClick(named(window, light), Qt.MouseButton.LeftButton)
    assert asked.args == [wanted]


def test_n_turns_to_the_night_light_and_back(opened: Open) -> None:
    window = opened(theme=THEMES["light"])
    window.light_asked.connect(lambda name: window.set_theme(THEMES[name]))
    press(window, Qt.Key.Key_N)
    assert window.theme.is_night
    press(window, Qt.Key.Key_N)
    assert window.theme.is_light


@pytest.mark.parametrize("key", [Qt.Key.Key_F, Qt.Key.Key_F11])
def test_f_fills_the_screen_and_gives_it_back(key: Qt.Key, opened: Open) -> None:
    window = opened()
    press(window, key)
    assert window.isFullScreen()
    press(window, key)
    assert not window.isFullScreen()
    press(window, key)
    press(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_f1_shows_the_keys_until_escape(opened: Open) -> None:
    window = opened()
    tonight(window).setFocus()
    press(window, Qt.Key.Key_F1)
    assert "Keys" in shown_words(window)
    assert "Ctrl+D: Change the light" in names(window)
    assert "Space: Pause, go on" in names(window)
    press(window, Qt.Key.Key_Escape)
    assert "Keys" not in shown_words(window)
    assert tonight(window).button.hasFocus()


@pytest.mark.parametrize(
    ("width", "height", "text_size"), [(1280, 800, 100), (900, 600, 100), (900, 600, 150)]
)
def test_no_key_is_clipped_in_the_list(
    width: int, height: int, text_size: int, opened: Open, qtbot: QtBot
) -> None:
    window = opened(width, height, text_size=text_size)
    press(window, Qt.Key.Key_F1)

    def fits() -> None:
        assert clipped(window) == []

    qtbot.waitUntil(fits, timeout=1000)


@pytest.mark.parametrize("key", [Qt.Key.Key_Q, Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_F5])
def test_any_other_key_does_nothing(key: Qt.Key, opened: Open, qtbot: QtBot) -> None:
    window = opened()
    before = (window.size(), window.isFullScreen(), names(window))
    with qtbot.assertNotEmitted(window.light_asked), qtbot.assertNotEmitted(window.closing):
        press(window, key)
    assert (window.size(), window.isFullScreen(), names(window)) == before


# ---------------------------------------------------------------- size and place


def test_the_window_is_never_smaller_than_its_pages_can_be(opened: Open) -> None:
    window = opened()
    room = QGuiApplication.primaryScreen().availableGeometry().size()
    assert window.minimumSize() == SMALLEST.boundedTo(room)


def on_screen(window: MainWindow) -> bool:
    return QGuiApplication.primaryScreen().availableGeometry().contains(window.geometry())


def test_the_window_opens_where_it_was(opened: Open) -> None:
    room = QGuiApplication.primaryScreen().availableGeometry()
    first = opened()
    place = QRect(room.x(), room.y(), min(900, room.width()), min(600, room.height()))
    first.setGeometry(place)
    second = opened()
    second.restore_window(first.window_state())
    assert second.geometry() == place


def test_a_maximised_window_opens_maximised(opened: Open) -> None:
    first = opened()
    first.showMaximized()
    state = first.window_state()
    assert state["maximised"] is True
    second = opened()
    second.restore_window(state)
    assert second.isMaximized()


def test_full_screen_is_left_behind(opened: Open) -> None:
    first = opened()
    first.toggle_full_screen()
    second = opened()
    second.restore_window(first.window_state())
    assert not second.isFullScreen()
    assert not second.isMaximized()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"x": "left", "y": None, "width": [], "height": {}},
        {"x": 1.5, "y": True, "width": 900, "height": 600},
        {"x": 0, "y": 0, "width": -5, "height": 0, "screen": "", "maximised": "yes"},
        {"x": 10**12, "y": 0, "width": 10**12, "height": 1},
        {"x": 40_000, "y": 40_000, "width": 900, "height": 600, "screen": "gone", "maximised": False},
        {"x": -5_000, "y": 0, "width": 1000, "height": 700, "screen": 7},
        {"width": 50_000, "height": 50_000, "x": 0, "y": 0},
    ],
    ids=lambda state: str(state)[:40],
)
def test_a_place_that_makes_no_sense_gives_a_window_on_the_screen(
    state: dict[str, object], opened: Open
) -> None:
    window = opened()
    window.restore_window(state)
    assert on_screen(window)
    assert not window.isMaximized()
    room = QGuiApplication.primaryScreen().availableGeometry().size()
    assert window.width() >= min(900, room.width())
    assert window.height() >= min(600, room.height())


def test_a_place_beyond_the_edge_of_a_known_screen_is_centred(opened: Open) -> None:
    window = opened()
    name = QGuiApplication.primaryScreen().name()
    window.restore_window({"x": 9_000, "y": 9_000, "width": 900, "height": 600, "screen": name})
    assert on_screen(window)


# -------------------------------------------------------------------- pages behind pages, and leaving


def with_plans(opened: Open) -> tuple[MainWindow, Page]:
    window = opened()
    plans = Page("plans")
    window.add_page(Icon.TONIGHT, "Plans", plans)
    return window, plans


def item(window: MainWindow, name: str) -> NavItem:
    return next(one for one in window.findChildren(NavItem) if one.label == name)


def test_a_page_behind_another_keeps_the_place_in_the_sidebar(opened: Open) -> None:
    window, plans = with_plans(opened)
    editor = QWidget()
    window.add_page_behind(editor)
    window.show_page_of(1, editor)
    assert window.page is editor
    assert item(window, "Plans").isChecked()
    window.show_page(1)
    assert window.page is plans


def test_a_page_that_is_not_to_be_left_yet_stays_and_can_be_left_later(opened: Open) -> None:
    window, plans = with_plans(opened)
    later: list[Callable[[], None]] = []

    def ask(go: Callable[[], None]) -> bool:
        later.append(go)
        return False

    window.set_guard(ask)
    item(window, "Plans").click()
    assert window.page is tonight(window)
    assert item(window, "Tonight").isChecked() and not item(window, "Plans").isChecked()
    later[0]()
    assert window.page is plans and item(window, "Plans").isChecked()


def test_the_window_asks_before_it_closes_and_closes_when_it_may(opened: Open, qtbot: QtBot) -> None:
    window, _plans = with_plans(opened)
    later: list[Callable[[], None]] = []

    def ask(go: Callable[[], None]) -> bool:
        later.append(go)
        return False

    window.set_guard(ask)
    assert not window.close()
    window.set_guard(None)
    later[0]()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_a_page_is_told_before_it_is_seen(opened: Open) -> None:
    window, _plans = with_plans(opened)
    seen: list[int] = []
    window.page_shown.connect(seen.append)
    window.show_page(1)
    assert seen == [1]


def test_help_is_one_click_away_once_it_is_offered(opened: Open) -> None:
    window, _plans = with_plans(opened)
    asked: list[bool] = []
    window.help_asked.connect(lambda: asked.append(True))
    assert not item(window, "When to get help").isVisible()
    window.offer_help()
    item(window, "When to get help").click()
    assert asked == [True]


def test_after_a_session_even_a_page_behind_is_back(opened: Open) -> None:
    window, _plans = with_plans(opened)
    editor = QWidget()
    window.add_page_behind(editor)
    window.show_page_of(1, editor)
    window.show_session()
    assert window.page is editor
    window.leave_session()
    assert window.page is editor
