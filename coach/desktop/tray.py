"""The icon in the tray with its menu: what is next, and what can be begun from there.

It leaves out when a reminder is due and what is done about a wish; where there is no tray it waits for one.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QGuiApplication, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from coach.desktop.bus import Bus
from coach.i18n import N_, _
from coach.paths import assets_dir
from coach.services.topic import Topic

if TYPE_CHECKING:
    from jeepney import Message

APP_NAME = "Stretch Coach"
WATCHER = "org.kde.StatusNotifierWatcher"

# Drawn beforehand by packaging/desktop/draw_tray_icons.py. Drawing them here takes the namespace Qt, which
# costs 17 ms of the 20 a start may take more; Qt's SVG module would stay in memory all evening.
SIZES = (16, 22, 24, 32, 48)


class TrayState(Enum):
    """What the icon tells: nothing special, a session is running, or no reminder comes tonight."""

    IDLE = "idle"
    RUNNING = "running"
    QUIET = "quiet"


class Wish(Enum):
    """What the user wants, chosen in the menu or by a click on the icon (OPEN)."""

    START = "start"
    RESTLESS = "restless"
    CRAMP = "cramp"
    SNOOZE = "snooze"
    SKIP = "skip"
    REMIND = "remind"
    OPEN = "open"
    QUIT = "quit"


@dataclass(frozen=True)
class TrayView:
    """What the tray shows. `title` names what is next ("Bedtime at 22:00"), `detail` says more about it.

    `can_snooze`: a reminder waits and may be put off; `snooze` are the words for that. `can_skip`: "Not
    tonight" would silence something; `quiet_tonight`: that was chosen. While a session is running (`state`)
    nothing can be begun.
    """

    title: str = ""
    detail: str = ""
    state: TrayState = TrayState.IDLE
    can_snooze: bool = False
    snooze: str = ""
    can_skip: bool = True
    quiet_tonight: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the menu in the user's words; without a wish it only tells. `gap` draws a line above it."""

    words: str
    wish: Wish | None = None
    enabled: bool = True
    gap: bool = False


def entries(view: TrayView) -> list[Entry]:
    """The menu, also for a menu of the window where there is no tray."""
    idle = view.state is not TrayState.RUNNING
    found = [Entry(words, enabled=False) for words in (view.title, view.detail) if words]
    found += [
        Entry(_("Start now"), Wish.START, idle, gap=bool(found)),
        Entry(_("Restless now"), Wish.RESTLESS, idle),
        Entry(_("Cramp now"), Wish.CRAMP, idle),
    ]
    rest: list[tuple[str, Wish]] = []
    if view.can_snooze:
        rest.append((view.snooze or _("In 10 minutes"), Wish.SNOOZE))
    if view.quiet_tonight:
        rest.append((_("Remind me tonight after all"), Wish.REMIND))
    elif view.can_skip:
        rest.append((_("Not tonight"), Wish.SKIP))
    rest.append((_("Open Stretch Coach"), Wish.OPEN))
    found += [Entry(words, wish, gap=number == 0) for number, (words, wish) in enumerate(rest)]
    found.append(Entry(_("Quit (no reminders)"), Wish.QUIT, gap=True))
    return found


# What a tooltip says besides, so that the colour of the icon is never all there is.
_STATES = {TrayState.RUNNING: N_("A session is running"), TrayState.QUIET: N_("Quiet tonight")}


def tooltip(view: TrayView) -> str:
    """What is next, in one or two lines; a state that the icon shows by its colour is named too."""
    lines = [view.title or APP_NAME, view.detail]
    state = _(_STATES.get(view.state, ""))
    if state and state not in lines:
        lines.insert(0, state)
    return "\n".join(line for line in lines if line)


# -------------------------------------------------------------------- the icon


def icon(folder: Path, state: TrayState, *, light_panel: bool = False) -> QIcon:
    """The ring with a bent leg in one colour, from `folder`. It can be read on light and dark panels alike.

    On macOS the idle icon is a mask that the menu bar tints. It never carries a badge or a number.
    """
    mask = sys.platform == "darwin" and state is TrayState.IDLE
    panel = "-light-panel" if light_panel else "-dark-panel"
    name = "mask" if mask else state.value + (panel if state is not TrayState.QUIET else "")
    made = QIcon()
    for side in SIZES:
        made.addFile(str(folder / f"{name}-{side}.png"), QSize(side, side))
    made.setIsMask(mask)
    return made


def _follows_windows() -> bool:
    """Whether panels are coloured as windows are; elsewhere nothing tells, and most panels are dark."""
    return sys.platform == "win32" or "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")


def _light_panel() -> bool:
    return _follows_windows() and QGuiApplication.styleHints().colorScheme().name == "Light"


# -------------------------------------------------------------------- the tray


class Tray:
    """The app in the tray. Nothing is there before `start`; nothing wakes the program but events."""

    def __init__(self, bus: Bus, icons: Path | None = None) -> None:
        """`icons` is the folder of the pictures, else the one that ships with the app."""
        self.wanted: Topic[Wish] = Topic()
        self.there_changed: Topic[bool] = Topic()
        self._bus = bus
        self._icons = icons or assets_dir() / "icons" / "tray"
        self._view = TrayView()
        self._icon: QSystemTrayIcon | None = None
        self._menu: TrayMenu | None = None
        self._drawn: tuple[TrayState, bool] | None = None
        self._started = False
        self._cut_off = False  # Qt finds a bus that was restarted never again

    @property
    def is_there(self) -> bool:
        """Whether there is a tray, with our icon in it."""
        return self._icon is not None

    def start(self) -> None:
        """Put the icon into the tray, now or whenever one comes."""
        if self._started:
            return
        self._started = True
        if _follows_windows():
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._draw)
        self._look()
        if sys.platform not in ("win32", "darwin"):
            self._listen()
            self._look()  # it may have come while nobody listened

    def show(self, view: TrayView) -> None:
        """Show another view; a menu that is open just now changes when it is closed."""
        self._view = view
        self._look()  # old kinds of trays come unannounced
        self._draw()
        if self._menu is not None:
            self._menu.show_view(view)

    def close(self) -> None:
        """Take the icon away for good."""
        if self._started and _follows_windows():
            QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._draw)
        self._started = False
        self._vanish()

    def _look(self) -> None:
        if self._started and self._icon is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._appear()

    def _listen(self) -> None:
        try:
            from jeepney import MatchRule
        except ImportError:
            return
        rule = MatchRule(
            type="signal",
            sender="org.freedesktop.DBus",
            interface="org.freedesktop.DBus",
            member="NameOwnerChanged",
        )
        rule.add_arg_condition(0, WATCHER)
        self._bus.listen(rule, self._owner_changed)
        self._bus.returned.subscribe(lambda _none: self._bus_returned())

    def _bus_returned(self) -> None:
        if not self._started or QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._cut_off = True
        if self.is_there:
            self._vanish()
            self.there_changed.publish(False)

    def _owner_changed(self, message: Message) -> None:
        if not self._started or message.body[0] != WATCHER:
            return
        was = self.is_there
        # Another host knows nothing of what was registered with the one before.
        self._vanish()
        if message.body[2] and not self._cut_off:
            self._appear(tell=False)
        if self.is_there != was:
            self.there_changed.publish(self.is_there)

    def _appear(self, *, tell: bool = True) -> None:
        if self._menu is None:
            self._menu = TrayMenu()
            self._menu.wanted.subscribe(self.wanted.publish)
            self._menu.show_view(self._view)
        self._icon = QSystemTrayIcon()
        self._drawn = None
        self._draw()
        self._icon.setContextMenu(self._menu.menu)
        self._icon.activated.connect(self._clicked)
        self._icon.show()
        if tell:
            self.there_changed.publish(True)

    def _vanish(self) -> None:
        gone, self._icon = self._icon, None
        if gone is not None:
            gone.hide()
            gone.deleteLater()

    def _draw(self) -> None:
        if self._icon is None:
            return
        wanted = (self._view.state, _light_panel())
        if wanted != self._drawn:
            self._drawn = wanted
            self._icon.setIcon(icon(self._icons, wanted[0], light_panel=wanted[1]))
        if self._icon.toolTip() != (words := tooltip(self._view)):
            self._icon.setToolTip(words)

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.wanted.publish(Wish.OPEN)


class TrayMenu:
    """The menu of the icon. Its lines are made once and only change their words, never while it is open."""

    def __init__(self) -> None:
        self.wanted: Topic[Wish] = Topic()
        self.menu = QMenu()
        self._open = False
        self._shown: list[Entry] = []
        self._waiting: list[Entry] = []
        self._told = [self._told_line() for _line in range(2)]
        self._gaps: dict[Wish, QAction] = {}
        self._actions: dict[Wish, QAction] = {}
        for wish in Wish:
            self._gaps[wish] = self.menu.addSeparator()
            self._actions[wish] = self.menu.addAction("")
            self._actions[wish].triggered.connect(lambda _on=False, wish=wish: self.wanted.publish(wish))
        self.menu.aboutToShow.connect(self._opening)
        self.menu.aboutToHide.connect(self._closed)

    def show_view(self, view: TrayView) -> None:
        """Show a view, at once or when the open menu is closed."""
        self._waiting = entries(view)
        if not self._open:
            self._fill()

    def _told_line(self) -> QAction:
        action = self.menu.addAction("")
        action.setEnabled(False)
        return action

    def _opening(self) -> None:
        self._fill()  # not every host tells when it closed the menu before
        self._open = True

    def _closed(self) -> None:
        self._open = False
        self._fill()

    def _fill(self) -> None:
        if self._shown == self._waiting:
            return
        self._shown = self._waiting
        told = [entry for entry in self._shown if entry.wish is None]
        for number, action in enumerate(self._told):
            action.setText(_plain(told[number].words) if number < len(told) else "")
            action.setVisible(number < len(told))
        there = {entry.wish: entry for entry in self._shown if entry.wish is not None}
        for wish, action in self._actions.items():
            entry = there.get(wish)
            action.setVisible(entry is not None)
            self._gaps[wish].setVisible(entry is not None and entry.gap)
            if entry is not None:
                action.setText(_plain(entry.words))
                action.setEnabled(entry.enabled)


def _plain(words: str) -> str:
    """Words of a file or the user in a menu, where "&" would mark a key and a tab a column."""
    return " ".join(words.split()).replace("&", "&&")
