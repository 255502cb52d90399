"""The icon in the tray: what its menu offers, that any panel can show it, and that it comes with a tray."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, new_method_call, new_signal
from jeepney.io.blocking import open_dbus_connection
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from coach.desktop.bus import Bus
from coach.desktop.tray import (
    WATCHER,
    Entry,
    Tray,
    TrayMenu,
    TrayState,
    TrayView,
    Wish,
    entries,
    icon,
    tooltip,
)
from coach.paths import assets_dir

ROOT = Path(__file__).resolve().parents[2]
ICONS = assets_dir() / "icons" / "tray"
HOST = Path(__file__).with_name("tray_host.py")
TONIGHT = TrayView("Bedtime at 22:00", "15 minutes, lights out 22:45")
PANELS = ("#1F2024", "#F2F2F2", "#000000", "#FFFFFF")  # the panels of the icon sheet, and the two extremes

# ------------------------------------------------------------------------ the menu


def words(view: TrayView) -> list[str]:
    return [entry.words for entry in entries(view)]


def test_the_menu_names_the_next_thing_first_and_offers_what_can_be_done() -> None:
    assert words(TONIGHT) == [
        "Bedtime at 22:00",
        "15 minutes, lights out 22:45",
        "Start now",
        "Restless now",
        "Cramp now",
        "Not tonight",
        "Open Stretch Coach",
        "Quit (no reminders)",
    ]
    assert [entry.words for entry in entries(TONIGHT) if not entry.enabled] == words(TONIGHT)[:2]
    assert [entry.words for entry in entries(TONIGHT) if entry.gap] == [
        "Start now",
        "Not tonight",
        "Quit (no reminders)",
    ]


def test_ten_more_minutes_are_offered_only_while_a_reminder_waits() -> None:
    waiting = TrayView("Bedtime at 22:00", can_snooze=True)
    assert Entry("In 10 minutes", Wish.SNOOZE, gap=True) in entries(waiting)
    assert Wish.SNOOZE not in {entry.wish for entry in entries(TONIGHT)}
    assert "In 5 minutes" in words(TrayView(can_snooze=True, snooze="In 5 minutes"))


def test_a_quiet_night_can_be_taken_back() -> None:
    quiet = TrayView("Quiet tonight", state=TrayState.QUIET, quiet_tonight=True)
    offered = {entry.wish: entry.words for entry in entries(quiet)}
    assert offered[Wish.REMIND] == "Remind me tonight after all" and Wish.SKIP not in offered


def test_without_a_reminder_there_is_nothing_to_be_quiet_about() -> None:
    first = entries(TrayView(can_skip=False))
    assert first[0] == Entry("Start now", Wish.START)
    assert {Wish.SKIP, Wish.REMIND, Wish.SNOOZE}.isdisjoint({entry.wish for entry in first})


def test_nothing_is_begun_while_a_session_is_running() -> None:
    running = entries(TrayView("Wall calf", state=TrayState.RUNNING))
    asleep = {entry.wish for entry in running if entry.wish and not entry.enabled}
    assert asleep == {Wish.START, Wish.RESTLESS, Wish.CRAMP}


def test_the_tooltip_says_what_is_next_and_names_the_state_in_words() -> None:
    assert tooltip(TONIGHT) == "Bedtime at 22:00\n15 minutes, lights out 22:45"
    assert tooltip(TrayView()) == "Stretch Coach"
    assert tooltip(TrayView("Wall calf", state=TrayState.RUNNING)) == "A session is running\nWall calf"
    assert tooltip(TrayView("Quiet tonight", state=TrayState.QUIET)) == "Quiet tonight"


def shown(menu: TrayMenu) -> list[str]:
    return [one.text() for one in menu.menu.actions() if one.isVisible() and not one.isSeparator()]


def choose(menu: TrayMenu, text: str) -> None:
    next(one for one in menu.menu.actions() if one.text() == text).trigger()


def test_a_choice_says_what_the_user_wants(qtbot: QtBot) -> None:
    menu, wanted = TrayMenu(), list[Wish]()
    menu.wanted.subscribe(wanted.append)
    menu.show_view(TONIGHT)
    assert shown(menu) == words(TONIGHT)
    for text in ("Start now", "Restless now", "Cramp now", "Not tonight", "Open Stretch Coach"):
        choose(menu, text)
    menu.show_view(TrayView(can_snooze=True, quiet_tonight=True))
    for text in ("In 10 minutes", "Remind me tonight after all", "Quit (no reminders)"):
        choose(menu, text)
    assert wanted == [
        *(Wish.START, Wish.RESTLESS, Wish.CRAMP, Wish.SKIP, Wish.OPEN),
        *(Wish.SNOOZE, Wish.REMIND, Wish.QUIT),
    ]


def test_an_open_menu_stays_as_it_is_until_it_is_closed(qtbot: QtBot) -> None:
    menu = TrayMenu()
    menu.show_view(TONIGHT)
    menu.menu.popup(menu.menu.pos())
    menu.show_view(TrayView("Quiet tonight", quiet_tonight=True))
    assert shown(menu) == words(TONIGHT)
    menu.menu.close()
    qtbot.waitUntil(lambda: shown(menu)[0] == "Quiet tonight", timeout=2000)
    assert "Not tonight" not in shown(menu)


def test_a_menu_whose_end_nobody_told_is_up_to_date_when_it_opens_again(qtbot: QtBot) -> None:
    menu = TrayMenu()
    menu.show_view(TONIGHT)
    menu.menu.aboutToShow.emit()
    menu.show_view(TrayView("Bedtime at 22:30"))
    menu.menu.aboutToShow.emit()
    assert shown(menu)[0] == "Bedtime at 22:30"


def test_the_lines_of_the_menu_are_the_same_ones_all_evening(qtbot: QtBot) -> None:
    menu = TrayMenu()
    menu.show_view(TONIGHT)
    before = menu.menu.actions()
    menu.show_view(TrayView(can_snooze=True, quiet_tonight=True, state=TrayState.RUNNING))
    assert menu.menu.actions() == before


def test_a_plan_with_odd_characters_in_its_name_is_shown_as_it_is(qtbot: QtBot) -> None:
    menu = TrayMenu()
    menu.show_view(TrayView("Legs & feet\tat\n22:00"))
    assert shown(menu)[0] == "Legs && feet at 22:00"


# ------------------------------------------------------------------------ the icon


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def tones(state: TrayState, light_panel: bool) -> list[QColor]:
    """Every colour of the icon that covers its pixel wholly."""
    image = icon(ICONS, state, light_panel=light_panel).pixmap(48).toImage()
    pixels = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
    return [colour for colour in pixels if colour.alpha() == 255]


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("light_panel", [False, True])
@pytest.mark.parametrize("state", TrayState)
def test_the_icon_can_be_read_on_every_panel(
    state: TrayState, light_panel: bool, panel: str, qtbot: QtBot
) -> None:
    clear = [colour for colour in tones(state, light_panel) if contrast(colour, QColor(panel)) >= 3]
    assert len(clear) > 150  # the strokes cover about 370 of the 2304 pixels


def test_a_running_session_shows_in_the_accent_and_a_quiet_night_is_dim(qtbot: QtBot) -> None:
    assert "#f2a65a" in {colour.name() for colour in tones(TrayState.RUNNING, False)}
    idle, quiet = tones(TrayState.IDLE, False), tones(TrayState.QUIET, False)
    assert max(map(luminance, quiet)) < 0.4 * max(map(luminance, idle))


def test_the_icon_has_every_size_panels_ask_for(qtbot: QtBot) -> None:
    for state in TrayState:
        sides = [size.width() for size in icon(ICONS, state).availableSizes()]
        assert sides == [16, 22, 24, 32, 48]


def test_the_menu_bar_of_macos_gets_a_mask_to_tint(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert icon(ICONS, TrayState.IDLE).isMask() and not icon(ICONS, TrayState.RUNNING).isMask()
    assert {colour.name() for colour in tones(TrayState.IDLE, False)} == {"#000000"}


# ------------------------------------------------------------------------ a tray on a real bus

needs_desktop = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("dbus-daemon") or not shutil.which("Xvfb"),
    reason="needs dbus-daemon and Xvfb",
)

# The app as far as its tray goes. "Not tonight" makes it quiet, as the app would.
PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication
from coach.desktop.bus import Bus
from coach.desktop.tray import Tray, TrayState, TrayView, Wish

app = QApplication([])
app.setQuitOnLastWindowClosed(False)
tray = Tray(Bus())

def wanted(wish):
    print("wish", wish.value, flush=True)
    if wish is Wish.SKIP:
        tray.show(TrayView("Quiet tonight", state=TrayState.QUIET, quiet_tonight=True))
    if wish is Wish.QUIT:
        tray.close()
        app.quit()

tray.wanted.subscribe(wanted)
tray.there_changed.subscribe(lambda there: print("there" if there else "gone", flush=True))
tray.show(TrayView("Bedtime at 22:00", "15 minutes, lights out 22:45"))
tray.start()
print("started", "with" if tray.is_there else "without", flush=True)
app.exec()
"""


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")  # there is no such tray off screen
def test_when_the_bus_was_restarted_the_icon_is_known_to_be_gone(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = True
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: there)
    bus = Bus()
    tray = Tray(bus)
    told: list[bool] = []
    tray.there_changed.subscribe(told.append)
    tray.start()
    bus.returned.publish(None)  # only our own connection was cut
    assert told == [True]
    there = False
    bus.returned.publish(None)
    watcher = DBusAddress("/org/freedesktop/DBus", interface="org.freedesktop.DBus")
    tray._owner_changed(new_signal(watcher, "NameOwnerChanged", "sss", (WATCHER, "", ":1.2")))
    assert not tray.is_there and told == [True, False]
    tray.close()
    bus.close()


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A screen and a session bus of our own; yields the address of the bus."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "320x240x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with daemon, screen:
        assert daemon.stdout is not None and screen.stdout is not None
        address = daemon.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("DISPLAY", f":{screen.stdout.readline().strip()}")
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        try:
            yield address
        finally:
            screen.terminate()
            daemon.terminate()


@pytest.fixture
def host(desktop: str, tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts the tray; what came into it is in tmp_path/"tray"."""
    started: list[subprocess.Popen[bytes]] = []
    log = tmp_path / "tray"
    log.touch()

    def start() -> subprocess.Popen[bytes]:
        ready = log.read_text().count("ready")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started.append(subprocess.Popen([sys.executable, str(HOST), str(log)], env=environment))
        qtbot.waitUntil(lambda: log.read_text().count("ready") > ready, timeout=10_000)
        return started[-1]

    yield start
    for one in started:
        one.terminate()
        one.wait(10)


@pytest.fixture
def app(desktop: str) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts the program; what it says comes on its standard output."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield start
    for one in started:
        one.terminate()
        assert one.stdout is not None
        one.stdout.close()
        one.wait(10)


def line(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


class Item:
    """The icon as a panel uses it."""

    def __init__(self, address: str, owner: str) -> None:
        self._connection = open_dbus_connection(address)
        self._owner = owner

    def call(self, path: str, interface: str, method: str, signature: str, *body: object) -> Any:
        address = DBusAddress(path, self._owner, interface)
        message = new_method_call(address, method, signature or None, body)
        return self._connection.send_and_get_reply(message, timeout=5).body

    def click(self, method: str) -> None:
        self.call("/StatusNotifierItem", "org.kde.StatusNotifierItem", method, "ii", 0, 0)

    def tooltip(self) -> str:
        body = self.call(
            "/StatusNotifierItem",
            "org.freedesktop.DBus.Properties",
            "Get",
            "ss",
            "org.kde.StatusNotifierItem",
            "ToolTip",
        )
        return str(body[0][1][2])

    def menu(self) -> dict[str, int]:
        """The visible lines and their numbers."""
        body = self.call("/MenuBar", "com.canonical.dbusmenu", "GetLayout", "iias", 0, -1, [])
        found = {}
        for _signature, (number, properties, _children) in body[1][2]:
            label = properties.get("label", ("s", ""))[1]
            if label and properties.get("visible", ("b", True))[1]:
                found[label] = number
        return found

    def choose(self, label: str) -> None:
        number = self.menu()[label]
        self.call("/MenuBar", "com.canonical.dbusmenu", "Event", "isvu", number, "clicked", ("s", ""), 0)

    def close(self) -> None:
        self._connection.close()


def owners(log: Path) -> list[str]:
    return [row.split()[1] for row in log.read_text().splitlines() if row.startswith("seen")]


@needs_desktop
def test_the_panel_shows_the_menu_and_hands_on_what_was_chosen(
    desktop: str,
    host: Callable[[], subprocess.Popen[bytes]],
    app: Callable[[], subprocess.Popen[str]],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    host()
    program = app()
    assert [line(program), line(program)] == ["there", "started with"]
    qtbot.waitUntil(lambda: len(owners(tmp_path / "tray")) == 1, timeout=10_000)
    item = Item(desktop, owners(tmp_path / "tray")[0])
    try:
        assert list(item.menu()) == words(TONIGHT)
        assert item.tooltip().splitlines() == [TONIGHT.title, TONIGHT.detail]
        item.click("Activate")
        assert line(program) == "wish open"
        item.click("SecondaryActivate")  # the middle button does nothing
        item.choose("Cramp now")
        assert line(program) == "wish cramp"
        item.choose("Not tonight")
        assert line(program) == "wish skip"
        qtbot.waitUntil(lambda: "Remind me tonight after all" in item.menu(), timeout=5000)
        assert item.tooltip() == "Quiet tonight"
        item.choose("Quit (no reminders)")
        assert line(program) == "wish quit"
        assert program.wait(10) == 0
    finally:
        item.close()


@needs_desktop
def test_a_tray_that_comes_later_or_comes_back_gets_the_icon(
    host: Callable[[], subprocess.Popen[bytes]],
    app: Callable[[], subprocess.Popen[str]],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    program = app()
    assert line(program) == "started without"
    panel = host()
    assert line(program) == "there"
    qtbot.waitUntil(lambda: len(owners(tmp_path / "tray")) == 1, timeout=10_000)
    panel.kill()
    assert line(program) == "gone"
    host()
    assert line(program) == "there"
    qtbot.waitUntil(lambda: len(owners(tmp_path / "tray")) == 2, timeout=10_000)
