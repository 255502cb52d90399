"""The window: a sidebar with pages, a session that covers everything, and the keys that work everywhere.

It leaves out what the pages show, where anything is stored, and every decision: it says what was asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEasingCurve, QPoint, QRect, QRectF, QSize, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from coach.i18n import N_, _
from coach.ui import theme as looks
from coach.ui.controls import Button, KeyCap, Kind, NavItem, Sheet, Text, needed_width, pass_on
from coach.ui.icons import Icon
from coach.ui.theme import DESIGN_SIZE, FOLD_WIDTH, THEMES, Look, Role, Theme

if TYPE_CHECKING:  # loaded where there is no tray, after the first picture
    from coach.ui.fields import MenuEntry, MenuItem

__all__ = ["SMALLEST", "LatePage", "MainWindow"]

SMALLEST = QSize(900, 600)
"""The least size of the window, in px."""
PAGE_MS = 220
THEME_MS = 700

_LIGHTS = ("light", "dark", "night")
_LIGHT_NAMES = {"light": N_("Daylight"), "dark": N_("Evening light"), "night": N_("Night light")}
_LIGHT_ICONS = {"light": Icon.SUN, "dark": Icon.TONIGHT, "night": Icon.NIGHT}

_KEY_COLUMNS = ((3, 980), (2, 660))
"""So many columns of keys where the window is at least so wide, in px of the design."""
_COLUMN_STARTS = {1: (0,), 2: (0, 5), 3: (0, 3, 6)}
"""With which group a column begins."""
_KEYS = (
    (
        N_("Everywhere"),
        (
            (N_("Ctrl+1 …"), N_("Tonight, Plans, Library, Reminders, Settings")),
            (N_("Ctrl+D"), N_("Change the light")),
            (N_("N"), N_("Night light")),
            (N_("F"), N_("Full screen")),
            (N_("F1"), N_("These keys")),
        ),
    ),
    (
        N_("Tonight"),
        (
            (N_("Enter"), N_("Start")),
            (N_("P"), N_("Change the plan")),
            (N_("R"), N_("Restless now")),
            (N_("C"), N_("Cramp now")),
        ),
    ),
    (
        N_("Library"),
        (
            (N_("/"), N_("Search")),
            (N_("Enter"), N_("Open")),
            (N_("T"), N_("Try it")),
            (N_("A"), N_("Add to a plan")),
        ),
    ),
    (
        N_("Plans"),
        (
            (N_("Enter"), N_("Use tonight")),
            (N_("E"), N_("Edit")),
            (N_("N"), N_("New plan")),
        ),
    ),
    (
        N_("Changing a plan"),
        (
            (N_("Alt+↑ ↓"), N_("Move a step")),
            (N_("− +"), N_("Seconds")),
            (N_("Shift −"), N_("Ten seconds at once")),
            (N_("Del"), N_("Remove a step")),
            (N_("Insert"), N_("Add a step")),
            (N_("Ctrl+Z"), N_("Undo, with Shift redo")),
            (N_("Ctrl+S"), N_("Save")),
            (N_("Esc"), N_("Back, asks once")),
        ),
    ),
    (
        N_("Reminders"),
        (
            (N_("← →"), N_("Another evening")),
            (N_("Space"), N_("This evening on or off")),
            (N_("↑ ↓"), N_("15 minutes, with Shift 5")),
            (N_("Ctrl+Z"), N_("Undo, with Shift redo")),
            (N_("Enter S K"), N_("On the card: start, in 10 minutes, not tonight")),
        ),
    ),
    (
        N_("Settings"),
        (
            (N_("/"), N_("Search")),
            (N_("Arrows"), N_("Groups and rows")),
            (N_("Del"), N_("The usual value again")),
            (N_("Ctrl+Z"), N_("Undo")),
        ),
    ),
    (
        N_("In a session"),
        (
            (N_("Space"), N_("Pause, go on")),
            (N_("←"), N_("Back")),
            (N_("→"), N_("Skip")),
            (N_("+"), N_("Ten seconds more")),
            (N_("↑ ↓"), N_("Louder, quieter")),
            (N_("X"), N_("Leave this out")),
            (N_("V"), N_("Voice on or off")),
            (N_("C"), N_("Captions on or off")),
            (N_("Esc"), N_("Leave, asks once")),
        ),
    ),
)


class _Logo(QWidget):
    """The ring of the countdown and the name of the app; the name goes when the sidebar is folded."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self._folded = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Stretch Coach"))

    def set_folded(self, folded: bool) -> None:
        self._folded = folded
        self.updateGeometry()
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = self._look
        words = (
            0 if self._folded else look.px(40) + needed_width(_("Stretch Coach"), look.font(Role.BODY_STRONG))
        )
        return QSize(max(look.px(28), words), look.px(36))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._look, self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, pen = look.px(28), look.px(4)
        x = (self.width() - side) / 2 if self._folded else look.px(12)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if mirrored and not self._folded:
            x = self.width() - x - side
        ring = QRectF(x, (self.height() - side) / 2, side, side).adjusted(
            pen / 2, pen / 2, -pen / 2, -pen / 2
        )
        painter.setPen(QPen(theme.s3, pen))
        painter.drawEllipse(ring)
        painter.setPen(QPen(theme.accent, pen, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(ring, 90 * 16, -250 * 16)
        if not self._folded:
            painter.setPen(theme.text1)
            painter.setFont(look.font(Role.BODY_STRONG))
            room = QRectF(look.px(52), 0, self.width() - look.px(52), self.height())
            leading = Qt.AlignmentFlag.AlignLeft
            if mirrored:
                room.moveRight(self.width() - look.px(52))
                leading = Qt.AlignmentFlag.AlignRight
            flags = Qt.AlignmentFlag.AlignVCenter | leading | Qt.AlignmentFlag.AlignAbsolute
            painter.drawText(room, flags, _("Stretch Coach"))
        painter.end()


class _Sidebar(QWidget):
    """The pages at the top and the light at the bottom."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self._folded = False
        self.items: list[NavItem] = []
        self._logo = _Logo(self)
        self.help = NavItem(Icon.PHONE, _("When to get help"), checkable=False, parent=self)
        self.help.hide()
        self.light = NavItem(Icon.TONIGHT, "", checkable=False)
        self._menu: MenuItem | None = None
        self._nav = QVBoxLayout()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._logo)
        self._column.addLayout(self._nav)
        self._column.addStretch(1)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self.help)
        self._foot.addWidget(self.light)
        self._column.addLayout(self._foot)

    def add(self, icon: Icon, name: str) -> NavItem:
        item = NavItem(icon, name, parent=self)
        item.set_folded(self._folded)
        self.items.append(item)
        self._nav.addWidget(item)
        return item

    def set_menu(self, entries: Sequence[MenuEntry], picked: Callable[[str], None]) -> bool:
        """Offer these; returns whether the line for them came or went."""
        was = self._menu is not None and not self._menu.isHidden()
        if self._menu is None and entries:
            from coach.ui.fields import MenuItem

            self._menu = MenuItem(Icon.MORE, _("Quick menu"), parent=self)
            self._menu.picked.connect(picked)
            self._menu.set_folded(self._folded)
            self._menu.set_look(self._look)
            self._foot.insertWidget(0, self._menu)
        if self._menu is not None:
            self._menu.set_entries(entries)
            self._menu.setVisible(bool(entries))
            self._order()
        return was != bool(entries)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order()  # Qt takes no tab order of widgets that were never shown

    def _lines(self) -> list[NavItem]:
        """All its lines from top to bottom."""
        return [*self.items, *([self._menu] if self._menu is not None else []), self.help, self.light]

    def _order(self) -> None:
        for item, after in itertools.pairwise(self._lines()):
            QWidget.setTabOrder(item, after)

    def set_folded(self, folded: bool) -> None:
        self._folded = folded
        self._logo.set_folded(folded)
        for item in self._lines():
            item.set_folded(folded)

    def set_look(self, look: Look) -> None:
        self._look = look
        pass_on(look, self)
        side = look.px(16)
        if self._folded:
            tile = self.light.sizeHint().width()
            self.setFixedWidth(tile + 24)
            self._column.setContentsMargins(12, look.px(20), 12, look.px(16))
        else:
            widest = max(one.sizeHint().width() for one in (self._logo, *self._lines()))
            self.setFixedWidth(max(look.px(212), widest + 2 * side))
            self._column.setContentsMargins(side, look.px(24), side, look.px(24))
        self._column.setSpacing(look.px(22))
        self._nav.setSpacing(look.px(4))
        self._foot.setSpacing(look.px(4))
        name = look.theme.name
        self.light.set_entry(_LIGHT_ICONS[name], _(_LIGHT_NAMES[name]))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.s1)
        painter.end()


class _Fade(QWidget):
    """The window as it was, laid over the new one and fading away."""

    over = Signal()

    def __init__(self, over: QWidget, picture: QPixmap, ms: int, curve: QEasingCurve.Type) -> None:
        super().__init__(over)
        self._picture = picture
        self._shown = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(over.rect())
        self._run = QVariantAnimation(self)
        self._run.setDuration(ms)
        self._run.setEasingCurve(curve)
        self._run.setStartValue(1.0)
        self._run.setEndValue(0.0)
        self._run.valueChanged.connect(self._set)
        self._run.finished.connect(self.over)

    def start(self) -> None:
        self.show()
        self.raise_()
        self._run.start()

    def _set(self, shown: object) -> None:
        self._shown = cast(float, shown)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(self._shown)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()


@dataclass(frozen=True)
class _Page:
    widget: QWidget
    item: NavItem


Guard = Callable[[Callable[[], None]], bool]
"""Asked before a page is left: True when it may be, else it asks the user and calls what it was given."""


class LatePage(QWidget):
    """A place in the sidebar whose page is made when it is first wanted, so that the start does not wait."""

    def __init__(self, make: Callable[[], QWidget]) -> None:
        super().__init__()
        self._make = make
        self._page: QWidget | None = None
        self._look: Look | None = None
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)

    def fill(self) -> None:
        """Make the page, if it is not there yet."""
        if self._page is None:
            self._page = self._make()
            self._whole.addWidget(self._page)
            self.setFocusProxy(self._page)
            if self._look is not None:
                _give(self._look, self._page)

    def set_look(self, look: Look) -> None:
        """Hand the look on, now or when the page is made."""
        self._look = look
        if self._page is not None:
            _give(look, self._page)


class MainWindow(QMainWindow):
    """Holds the pages and the session. Building it shows and starts nothing.

    Pages and the session page may have `set_look(look)`; it is called before they are seen and whenever the
    light or the scale changes.
    """

    light_asked = Signal(str)
    """The user wants this light: "light", "dark" or "night". Answer with `set_theme`."""
    close_asked = Signal()
    """The window was to be closed while a session runs; it stays open."""
    closing = Signal()
    """The window closes; read `window_state` now."""
    page_shown = Signal(int)
    """A page of the sidebar is about to be seen: fill it."""
    help_asked = Signal()
    """The user wants to know when to get help."""

    def __init__(
        self,
        theme: Theme = THEMES["dark"],
        *,
        text_size: int = 100,
        reduced_motion: bool = False,
        icon: QIcon | None = None,
    ) -> None:
        """`text_size` is in percent, 100 to 150."""
        super().__init__()
        self._theme = theme
        self._before_night = "dark"
        self._text_size = text_size
        self._reduced_motion = reduced_motion
        self._pages: list[_Page] = []
        self._pages_behind: list[QWidget] = []
        self._number = 0
        self._guard: Guard | None = None
        self._may_close: Callable[[], bool] = lambda: True
        self._cover: QWidget | None = None
        self._offers_help = False
        self._session_page: QWidget | None = None
        self._in_session = False
        self._before_session: QWidget | None = None
        self._folded: bool | None = None
        self._browsing_look: Look | None = None
        self._session_look: Look | None = None
        self._fade: _Fade | None = None
        self._keys: Sheet | None = None
        self._was_maximised = False
        self.setWindowTitle(_("Stretch Coach"))
        if icon is not None and not icon.isNull():
            self.setWindowIcon(icon)
        self._whole = QWidget()
        self._whole.setAutoFillBackground(True)
        self._sidebar = _Sidebar(self._whole)
        self._stack = QStackedWidget()
        row = QHBoxLayout(self._whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._sidebar)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(self._whole)
        self._sidebar.light.clicked.connect(self.change_light)
        self._sidebar.help.clicked.connect(lambda: self._unless_guarded(self.help_asked.emit))
        self._fit_screen()
        self._colour()

    # ------------------------------------------------------------ pages

    def add_page(self, icon: Icon, name: str, page: QWidget) -> None:
        """Add a page to the sidebar; the first one is shown."""
        item = self._sidebar.add(icon, name)
        self._pages.append(_Page(page, item))
        self._stack.addWidget(page)
        number = len(self._pages) - 1
        item.clicked.connect(lambda: self._item_clicked(number))
        if number == 0:
            item.setChecked(True)
        self._browsing_look = None
        self._relook()

    def add_page_behind(self, page: QWidget) -> None:
        """Add a page that is reached from another one and has no place of its own in the sidebar."""
        self._pages_behind.append(page)
        self._stack.addWidget(page)
        self._browsing_look = None
        self._relook()

    def offer_help(self) -> None:
        """Keep “When to get help” one click away on every page, and among the keys in a session."""
        self._offers_help = True
        self._sidebar.help.show()
        self._browsing_look = None
        self._relook()

    def offer_menu(self, entries: Sequence[MenuEntry], picked: Callable[[str], None]) -> None:
        """A menu at the foot of the sidebar, where there is no tray to hold it; without entries none."""
        # The evening tells of each of its changes: only a line that comes or goes needs a place.
        if self._sidebar.set_menu(entries, picked):
            self._browsing_look = None
            self._relook()

    def set_closing(self, may_close: Callable[[], bool]) -> None:
        """Have `may_close` asked last before the window closes; False keeps it."""
        self._may_close = may_close

    def cover(self, page: QWidget) -> None:
        """Show `page` alone, without the sidebar, until `uncover`."""
        if self._stack.indexOf(page) < 0:
            self._pages_behind.append(page)
            self._stack.addWidget(page)
            _give(self.browsing_look, page)
        self._cover = page
        self._sidebar.hide()
        self._turn_to(page)

    def uncover(self) -> None:
        """Show the sidebar and the page it stands for again."""
        if self._cover is None:
            return
        self._cover = None
        self._sidebar.show()
        self._go_to_page(self._number)

    @property
    def is_covered(self) -> bool:
        """Whether a page stands alone."""
        return self._cover is not None

    def set_session_page(self, page: QWidget) -> None:
        """The page that covers the whole window while a session runs."""
        self._session_page = page
        self._stack.addWidget(page)
        self._session_look = None
        self._relook()

    def show_page(self, number: int) -> None:
        """Show a page, counted from 0; nothing happens during a session or when there is no such page."""
        if self._in_session or self._cover is not None or not 0 <= number < len(self._pages):
            return
        self._unless_guarded(lambda: self._go_to_page(number))

    def show_page_of(self, number: int, page: QWidget) -> None:
        """Show a page that was added behind page `number`, wherever the user comes from."""
        if not self._in_session:
            self._number = number
            self._pages[number].item.setChecked(True)
            self._turn_to(page)

    @property
    def page(self) -> QWidget | None:
        """The page that is seen, or that comes back after the session."""
        return self._before_session if self._in_session else self._stack.currentWidget()

    def set_guard(self, guard: Guard | None) -> None:
        """Have `guard` asked before the page is left or the window closed; None asks nobody."""
        self._guard = guard

    def _item_clicked(self, number: int) -> None:
        self._pages[self._number].item.setChecked(True)  # until the page may really be left
        self.show_page(number)

    def _unless_guarded(self, go: Callable[[], None]) -> None:
        if self._guard is None or self._guard(go):
            go()

    def _go_to_page(self, number: int) -> None:
        page = self._pages[number]
        self._number = number
        page.item.setChecked(True)
        if isinstance(page.widget, LatePage):
            page.widget.fill()
        self.page_shown.emit(number)
        self._turn_to(page.widget)

    def _turn_to(self, page: QWidget) -> None:
        if self._stack.currentWidget() is not page:
            self._change(lambda: self._stack.setCurrentWidget(page), PAGE_MS)
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_session(self) -> None:
        """Cover the window with the session page."""
        session = self._session_page
        if session is None or self._in_session:
            return
        if self._keys is not None:
            self._keys.finish()

        self._before_session = self._stack.currentWidget()

        def cover() -> None:
            self._in_session = True
            self._sidebar.hide()
            self._stack.setCurrentWidget(session)

        self._change(cover, PAGE_MS)
        session.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_session(self) -> None:
        """Uncover the page that was there before the session."""
        if not self._in_session:
            return

        def uncover() -> None:
            self._in_session = False
            self._sidebar.setVisible(self._cover is None)
            if self._before_session is not None:
                self._stack.setCurrentWidget(self._before_session)

        self._change(uncover, PAGE_MS)
        shown = self._stack.currentWidget()
        if shown is not None:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def in_session(self) -> bool:
        """Whether the session page covers the window."""
        return self._in_session

    # ------------------------------------------------------------ looks

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def browsing_look(self) -> Look:
        """The look of pages and sheets."""
        width, height = self.width(), self.height()
        return Look(
            self._theme,
            round(looks.browsing_factor(width, height, self._text_size), 3),
            self._reduced_motion,
        )

    @property
    def session_look(self) -> Look:
        """The look of the session page; night keeps still by itself."""
        width, height = self.width(), self.height()
        still = self._reduced_motion or self._theme.is_night
        return Look(self._theme, round(looks.session_factor(width, height, self._text_size), 3), still)

    def set_theme(self, theme: Theme) -> None:
        """Change the light; the old one fades away when motion is welcome."""
        if theme == self._theme:
            return
        if not self._theme.is_night:
            self._before_night = self._theme.name

        def change() -> None:
            self._theme = theme
            self._colour()
            self._relook()

        self._change(change, THEME_MS, QEasingCurve.Type.InOutSine)

    def set_text_size(self, text_size: int) -> None:
        """Change the size of all text, in percent, 100 to 150."""
        self._text_size = text_size
        self._relook()

    def set_reduced_motion(self, reduced: bool) -> None:
        self._reduced_motion = reduced
        self._relook()

    def change_light(self) -> None:
        """Ask for the next light."""
        self.light_asked.emit(_LIGHTS[(_LIGHTS.index(self._theme.name) + 1) % len(_LIGHTS)])

    def change_night(self) -> None:
        """Ask for the night light, or for the light before it."""
        self.light_asked.emit(self._before_night if self._theme.is_night else "night")

    def _colour(self) -> None:
        colours = looks.palette(self._theme)
        self.setPalette(colours)
        QToolTip.setPalette(colours)

    def _relook(self) -> None:
        """Tell everyone their look, where it changed."""
        folded = self.width() * 100 / self._text_size < FOLD_WIDTH
        look = self.browsing_look
        if folded != self._folded or look != self._browsing_look:
            if folded != self._folded:
                self._folded = folded
                self._sidebar.set_folded(folded)
            self._browsing_look = look
            QToolTip.setFont(look.font(Role.SMALL))
            self._sidebar.set_look(look)
            for page in (*(one.widget for one in self._pages), *self._pages_behind):
                _give(look, page)
            if self._keys is not None:
                self._keys.set_look(look)
        session = self.session_look
        if session != self._session_look and self._session_page is not None:
            self._session_look = session
            _give(session, self._session_page)

    def _change(
        self, change: Callable[[], None], ms: int, curve: QEasingCurve.Type = QEasingCurve.Type.OutCubic
    ) -> None:
        if self._reduced_motion or not self.isVisible() or self.isMinimized():
            change()
            return
        self._end_fade()
        picture = self._whole.grab()
        change()
        self._fade = _Fade(self._whole, picture, ms, curve)
        self._fade.over.connect(self._end_fade)
        self._fade.start()

    def _end_fade(self) -> None:
        if self._fade is not None:
            self._fade.hide()
            self._fade.deleteLater()
            self._fade = None

    # ------------------------------------------------------------ keys

    def show_keys(self) -> None:
        """Show what the keys do."""
        if self._keys is not None:
            self._keys.finish()
            return
        look = self.browsing_look
        # Side by side they fit on the screen; with large text in a small window they scroll.
        columns = next((n for n, least in _KEY_COLUMNS if self.width() >= look.px(least)), 1)
        sheet = Sheet(_("Keys"), self, look, width=60 + 345 * columns)
        beside = QHBoxLayout()
        beside.setSpacing(look.px(24))
        sheet.body.addLayout(beside)
        starts = _COLUMN_STARTS[columns]
        for number, (heading, keys) in enumerate(_KEYS):
            if number in starts:
                column = QVBoxLayout()
                column.setSpacing(look.px(6))
                beside.addLayout(column, 1)
            else:
                column.addSpacing(look.px(14))
            column.addWidget(Text(_(heading), Role.SMALL_STRONG, "text3"))
            for key, does in keys:
                column.addWidget(_KeyRow(_(key), _(does)))
            if number + 1 in starts:
                column.addStretch(1)
        if self._offers_help:
            button = Button(_("When to get help"), Kind.OUTLINE, icon=Icon.PHONE, size=QSize(0, 44))
            button.clicked.connect(sheet.finish)
            button.clicked.connect(lambda: self._unless_guarded(self.help_asked.emit))
            column.addSpacing(look.px(14))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        sheet.closed.connect(self._keys_closed)
        self._keys = sheet
        sheet.open()

    def _keys_closed(self) -> None:
        self._keys = None

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back to how the window was."""
        if self.isFullScreen():
            if self._was_maximised:
                self.showMaximized()
            else:
                self.showNormal()
        else:
            self._was_maximised = self.isMaximized()
            self.showFullScreen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no page has used. A key without a meaning does nothing."""
        key = event.key()
        held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        control = held == Qt.KeyboardModifier.ControlModifier
        number = key - Qt.Key.Key_1
        if control and 0 <= number < len(self._pages):
            self.show_page(number)
        elif control and key == Qt.Key.Key_D:
            self.change_light()
        elif not held and key == Qt.Key.Key_N:
            self.change_night()
        elif not held and key in (Qt.Key.Key_F, Qt.Key.Key_F11):
            self.toggle_full_screen()
        elif not held and key == Qt.Key.Key_F1:
            self.show_keys()
        elif not held and key == Qt.Key.Key_Escape and self.isFullScreen() and not self._in_session:
            self.toggle_full_screen()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ size and place

    def window_state(self) -> dict[str, object]:
        """Size, place, screen and maximised state, to be stored and given to `restore_window`."""
        maximised = self.isMaximized() or (self.isFullScreen() and self._was_maximised)
        frame = self.normalGeometry() if maximised or self.isFullScreen() else self.geometry()
        screen = self.screen()
        return {
            "x": frame.x(),
            "y": frame.y(),
            "width": frame.width(),
            "height": frame.height(),
            "screen": screen.name() if screen is not None else "",
            "maximised": maximised,
        }

    def restore_window(self, state: Mapping[str, object]) -> None:
        """Put the window where it was. Values that make no sense, or a screen that is gone, give 1280 x 800
        px in the middle of the main screen, or less where that is too large.
        """
        screens = QGuiApplication.screens()
        named = next((one for one in screens if one.name() == state.get("screen")), None)
        numbers = [state.get(name) for name in ("x", "y", "width", "height")]
        known = [n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and abs(n) < 100_000]
        wanted = QRect(*known) if len(known) == 4 else QRect()
        screen = named or QGuiApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else QRect(QPoint(0, 0), DESIGN_SIZE)
        least = SMALLEST.boundedTo(room.size())
        seen = wanted.intersected(room)
        if named is None or wanted.isEmpty() or seen.width() < 200 or seen.height() < 100:
            size = DESIGN_SIZE if wanted.isEmpty() else wanted.size()
            wanted = QRect(QPoint(0, 0), size.boundedTo(room.size()).expandedTo(least))
            wanted.moveCenter(room.center())
        else:
            wanted.setSize(wanted.size().boundedTo(room.size()).expandedTo(least))
        self.setGeometry(wanted)
        if state.get("maximised") is True:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)

    def _fit_screen(self) -> None:
        screen = self.screen()
        room = screen.availableGeometry().size() if screen is not None else DESIGN_SIZE
        self.setMinimumSize(SMALLEST.boundedTo(room))
        self.resize(DESIGN_SIZE.boundedTo(room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._end_fade()
        self._relook()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._in_session:
            event.ignore()
            self.close_asked.emit()
            return
        if self._guard is not None and not self._guard(lambda: QTimer.singleShot(0, self.close)):
            event.ignore()
            return
        if not self._may_close():
            event.ignore()
            return
        self.closing.emit()
        event.accept()


def _give(look: Look, page: QWidget) -> None:
    take = getattr(page, "set_look", None)
    if take is not None:
        cast(Callable[[Look], None], take)(look)


class _KeyRow(QWidget):
    """A key and what it does."""

    def __init__(self, key: str, does: str) -> None:
        super().__init__()
        self._cap = KeyCap(key)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._column = QWidget()
        inner = QHBoxLayout(self._column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._cap)
        inner.addStretch(1)
        self._row.addWidget(self._column)
        self._row.addWidget(Text(does, Role.SMALL_MEDIUM, "text2"), 1)
        self.setAccessibleName(f"{key}: {does}")

    def set_look(self, look: Look) -> None:
        self._column.setFixedWidth(look.px(84))
        self._row.setSpacing(look.px(6))
        self._cap.set_look(look)
        pass_on(look, self)
