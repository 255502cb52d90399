"""Settings: groups at the left, one row a setting, a search over all of them, and a sample to hear or see.

It leaves out which settings there are (the rows follow domain.settings), storing and every decision: it shows
a SettingsView and says what the user chose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from coach.domain.profile import FLAGS
from coach.domain.settings import Group, Settings, Spec, specs
from coach.i18n import N_, _, ngettext
from coach.ui.controls import Button, Card, Kind, Mark, NavItem, ScrollArea, Text, pass_on
from coach.ui.fields import DropDown, MenuButton, MenuEntry, Option, SearchField
from coach.ui.icons import Icon
from coach.ui.setting_rows import RING_ROOM, VOICE, ActionRow, DutyRow, Row, SettingRow
from coach.ui.theme import Look, Role

__all__ = ["SAMPLE", "DutyLine", "Place", "Section", "SettingsPage", "SettingsView"]

SAMPLE = N_("Lean in slowly. Let the heel sink.")
"""What the voice says to be heard."""
SIDE_BY_SIDE = 980
"""From this width on (px at scale 1) the groups stand at the left; else they are a drop-down."""
SPACIOUS = 1000
"""From this width (px at scale 1) the page has the margins of a large window."""
RESET_ALL = "reset"


class Section(Enum):
    """The groups of the page, in its order."""

    APPEARANCE = "appearance"
    SESSION = "session"
    VOICE = "voice"
    EVENING = "evening"
    BODY = "body"
    DATA = "data"
    ABOUT = "about"

    @property
    def label(self) -> str:
        return _(_SECTIONS[self][0])

    @property
    def icon(self) -> Icon:
        return _SECTIONS[self][1]

    @property
    def group(self) -> Group | None:
        """Its settings in the schema, where it has some."""
        return _SECTIONS[self][2]


_SECTIONS: dict[Section, tuple[str, Icon, Group | None]] = {
    Section.APPEARANCE: (Group.APPEARANCE.value, Icon.HALF, Group.APPEARANCE),
    Section.SESSION: (Group.SESSION.value, Icon.CLOCK, Group.SESSION),
    Section.VOICE: (Group.VOICE.value, Icon.VOICE, Group.VOICE),
    Section.EVENING: (Group.EVENING.value, Icon.BELL, Group.EVENING),
    Section.BODY: (N_("My body"), Icon.SHIELD, None),
    Section.DATA: (N_("Data"), Icon.FOLDER, None),
    Section.ABOUT: (N_("About"), Icon.NOTE, None),
}


@dataclass(frozen=True)
class Place:
    """A folder or file of the user's: what is in it, where it is, and how large it is in words."""

    key: str
    title: str
    where: str
    size: str = ""


@dataclass(frozen=True)
class DutyLine:
    """Something the system does for us: whether it is on, why it cannot be had here, and where it is kept."""

    on: bool = False
    why_not: str = ""
    place: str = ""


@dataclass(frozen=True)
class SettingsView:
    """All that the page shows. Texts are translated.

    `changed` are the names of settings that are not as usual. `status` is what happened last, "Undone.";
    `can_undo` whether there is something to take back. `repairs` say what was wrong in the stored file.
    `voices` are ids and names, None until they are known; `voice_state` says whether the voice works.
    """

    settings: Settings = field(default_factory=Settings)
    changed: frozenset[str] = frozenset()
    status: str = ""
    can_undo: bool = False
    repairs: tuple[str, ...] = ()
    voices: tuple[Option, ...] | None = None
    voice_works: bool = True
    voice_state: str = ""
    startup: DutyLine = DutyLine()
    wake: DutyLine = DutyLine()
    places: tuple[Place, ...] = ()
    version: str = ""


# ---------------------------------------------------------------- the groups at the left


class _GroupItem(NavItem):
    """A group; the dot at its end says that something in it was changed."""

    def __init__(self, icon: Icon, label: str) -> None:
        self._changed = False
        super().__init__(icon, label)

    def set_changed(self, changed: bool) -> None:
        if changed != self._changed:
            self._changed = changed
            self._name()
            self.update()

    def _name(self) -> None:
        super()._name()
        if self._changed:
            self.setAccessibleName(_("{name}, changed").format(name=self.accessibleName()))

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + self._touch.look.px(20), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._changed:
            look = self._touch.look
            side = look.px(8)
            mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            x = look.px(13) if mirrored else self.width() - look.px(13) - side
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.theme.gfx)
            painter.drawEllipse(QRectF(x, (self.height() - side) / 2, side, side))
            painter.end()


class _Foot(QWidget):
    """What happened last, and the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Text("", Role.SMALL, "text3")
        self.undo = Button(_("Undo"), Kind.GHOST, icon=Icon.UNDO, size=QSize(0, 44), role=Role.SMALL_STRONG)
        self.undo.setAccessibleDescription(_("Key: {key}").format(key=_("Ctrl+Z")))
        self._line = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._line.addWidget(self.words, 1)
        self._line.addWidget(self.undo)

    def show_status(self, status: str, *, can_undo: bool) -> None:
        self.words.setText(status or _("Everything is saved as you change it."))
        self.undo.setVisible(can_undo)

    def lie_down(self, lying: bool) -> None:
        """Stand the button beside the words, or below them."""
        self._line.setDirection(
            QBoxLayout.Direction.LeftToRight if lying else QBoxLayout.Direction.TopToBottom
        )
        self._line.setAlignment(
            self.undo, Qt.AlignmentFlag.AlignVCenter if lying else Qt.AlignmentFlag.AlignLeft
        )

    def set_look(self, look: Look) -> None:
        pass_on(look, self)
        self._line.setContentsMargins(RING_ROOM, RING_ROOM, RING_ROOM, RING_ROOM)
        self.words.setContentsMargins(look.px(8), 0, look.px(8), 0)
        self._line.setSpacing(look.px(2))


class _Bar(QWidget):
    """The groups as a drop-down, and what happened last beside it."""

    rings_outside = True


# ---------------------------------------------------------------- samples


class _Wave(QWidget):
    """The shape of a spoken sentence; it fills while the sentence is heard. Screen readers skip it."""

    BARS = (2, 4, 6, 4, 9, 12, 9, 12, 5, 3, 9, 13, 5, 3, 7, 10, 5, 7, 3)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._part = 0.0
        self._run = QVariantAnimation(self)
        self._run.setStartValue(0.0)
        self._run.setEndValue(1.0)
        self._run.valueChanged.connect(self._set)
        self._run.finished.connect(lambda: self._set(0.0))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def play(self, seconds: float) -> None:
        self._run.stop()
        if self._look.reduced_motion or not self.isVisible():
            return
        self._run.setDuration(max(200, round(seconds * 1000)))
        self._run.start()

    def _set(self, part: object) -> None:
        assert isinstance(part, float)
        self._part = part
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(8 * len(self.BARS) - 4), self._look.px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        count, unit = len(self.BARS), self.width() / (2 * len(self.BARS) - 1)
        for number, height in enumerate(self.BARS):
            spoken = number < self._part * count
            painter.setBrush(look.theme.gfx if spoken else look.theme.edge)
            tall = look.px(28) * height / 13
            painter.drawRoundedRect(
                QRectF(2 * unit * number, (self.height() - tall) / 2, unit, tall), unit / 2, unit / 2
            )
        painter.end()


class _VoiceSample(Card):
    """Hear the voice say a sentence, and read whether it works at all."""

    def __init__(self) -> None:
        super().__init__()
        self.hear = Button(_("Hear it"), Kind.SECONDARY, icon=Icon.PLAY, size=QSize(0, 56))
        self.wave = _Wave()
        self.sentence = Text(_("“{words}”").format(words=_(SAMPLE)), Role.BODY, "text2")
        self.mark = Mark(Icon.CHECK, "ok", side=18)
        self.state = Text("", Role.SMALL_MEDIUM, "ok")
        self._words = QVBoxLayout()
        self._words.addWidget(self.wave)
        self._words.addWidget(self.sentence)
        self._state = QHBoxLayout()
        self._state.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignVCenter)
        self._state.addWidget(self.state, 1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.addWidget(self.hear)
        self._row.addLayout(self._words, 1)
        self._row.addLayout(self._state)

    def show_state(self, works: bool, words: str) -> None:
        self.mark.set_icon(Icon.CHECK if works else Icon.WARNING)
        self.mark.setVisible(bool(words))
        self.state.setVisible(bool(words))
        self.state.setText(words)
        self.state.set_token("ok" if works else "text2")
        self._arrange()

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        side = look.px(24)
        self._row.setContentsMargins(side, look.px(20), side, look.px(20))
        self._row.setSpacing(look.px(18))
        self._words.setSpacing(look.px(6))
        self._state.setSpacing(look.px(8))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        # A reason why it does not work is a sentence: it stands below.
        look = self.look
        state = QFontMetrics(look.font(Role.SMALL_MEDIUM)).horizontalAdvance(self.state.text())
        beside = self.hear.sizeHint().width() + look.px(48 + 36 + 260 + 26) + state <= self.width()
        self.state.setWordWrap(not beside)
        self._row.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )


class _TextSample(Card):
    """How a session reads in this light and this size of text."""

    def __init__(self) -> None:
        super().__init__()
        self._leg = Text(_("Left leg"), Role.PLAN, wrap=False)
        self._words = Text(_(SAMPLE), Role.LEAD, "text2")
        self._digits = Text(f"{27}", Role.PLAN, "accent", wrap=False)
        self._column = QVBoxLayout()
        self._column.addWidget(self._leg)
        self._column.addWidget(self._words)
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._column, 1)
        self._row.addWidget(self._digits)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        side = look.px(24)
        self._row.setContentsMargins(side, look.px(18), side, look.px(18))
        self._row.setSpacing(look.px(18))
        self._column.setSpacing(look.px(2))


# ---------------------------------------------------------------- the groups' contents


class _Rows(Card):
    """Rows of one group; only those that are found while something is searched for."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows = list(rows)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        for row in rows:
            self._column.addWidget(row)

    def show_found(self, match: str) -> int:
        """Show the rows with `match` in them, all for an empty one; returns how many."""
        shown = [row for row in self.rows if not match or row.has_words(match)]
        for row in self.rows:
            row.setVisible(row in shown)
            row.set_match(match)
            row.first = bool(shown) and row is shown[0]
            row.update()
        return len(shown)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        side = look.px(24) - RING_ROOM
        self._column.setContentsMargins(side, look.px(8), side, look.px(8))


class _Part(QWidget):
    """One group on the page: a sample, and its rows; its name above while something is searched for."""

    def __init__(self, section: Section, rows: Sequence[Row], sample: QWidget | None) -> None:
        super().__init__()
        self.section = section
        self.rows = _Rows(rows)
        self._sample = sample
        self._heading = Text(section.label, Role.SMALL_STRONG, "text3")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._heading)
        if sample is not None:
            self._column.addWidget(sample)
        self._column.addWidget(self.rows)

    def show_found(self, match: str) -> int:
        """Show what is found, or with an empty `match` everything; returns how many rows are shown."""
        found = self.rows.show_found(match)
        self._heading.setVisible(bool(match))
        if self._sample is not None:
            self._sample.setVisible(not match)
        return found

    def set_look(self, look: Look) -> None:
        pass_on(look, self)
        self._column.setSpacing(look.px(16))
        self._heading.setContentsMargins(look.px(24), 0, look.px(24), 0)


class _Repairs(Card):
    """What was wrong in the stored settings, and a button to have it put in order."""

    def __init__(self) -> None:
        super().__init__("error_bg", radius=16)
        self._mark = Mark(Icon.WARNING, "error")
        self._words = Text("", Role.SMALL, "text2")
        self.tidy = Button(_("Put in order"), Kind.OUTLINE, size=QSize(0, 44), role=Role.SMALL_STRONG)
        self.tidy.setAccessibleDescription(_("Saves the settings as they are now, and says this no more."))
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self.tidy, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_repairs(self, repairs: Sequence[str]) -> None:
        self._words.setText("\n".join(repairs))
        self.setVisible(bool(repairs))

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        side = look.px(20)
        self._row.setContentsMargins(side, look.px(14), look.px(14), look.px(14))
        self._row.setSpacing(look.px(14))


class SettingsPage(QWidget):
    """Every setting as a row. The app calls `show_settings` before it is seen and after every change."""

    change_asked = Signal(str, object)
    """A setting's name and its new value."""
    loudness_moved = Signal(str, int)
    """The setting of a loudness is on its way to this value, which is not to be kept yet."""
    reset_asked = Signal(str)
    """The usual value of this setting."""
    group_reset_asked = Signal(object)
    """A Group: all its usual values."""
    undo_asked = Signal()
    tidy_asked = Signal()
    """Have the stored settings put in order."""
    hear_asked = Signal(str)
    """Say this sentence."""
    tone_asked = Signal()
    startup_asked = Signal(bool)
    """Start at login, or no more."""
    wake_asked = Signal(bool)
    """Have the system start reminders, or no more."""
    reminders_asked = Signal()
    """The user wants the page of the reminders."""
    folder_asked = Signal(str)
    """Open the place with this key."""
    copy_asked = Signal(str)
    """Copy where the place with this key is."""
    group_shown = Signal(str)
    """The key of a Section that is seen now."""

    def __init__(self, body: QWidget, places: Sequence[Place] = (), parent: QWidget | None = None) -> None:
        """`body` is what the group My body shows; it may have `set_side` and `focus_first`."""
        super().__init__(parent)
        self._look = Look()
        self._view = SettingsView()
        self._section = Section.APPEARANCE
        self._narrow: bool | None = None
        self._body = body
        self._make_head()
        self._make_groups()
        self._make_parts(places)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(body)
        self._beside = QHBoxLayout()
        self._left_line = QVBoxLayout()
        self._left_line.addWidget(self._left)
        self._beside.addLayout(self._left_line)
        self._right = QVBoxLayout()
        self._right.addWidget(self._bar)
        self._right.addWidget(self._stack, 1)
        self._beside.addLayout(self._right, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._repairs_line)
        self._column.addLayout(self._beside, 1)
        self._arrange()
        self._show_section()

    # ------------------------------------------------------------ making

    def _make_head(self) -> None:
        self._title = Text(_("Settings"), Role.TITLE, wrap=False)
        self.search = SearchField(_("Find a setting"))
        self.search.textChanged.connect(lambda _words: self._show_section())
        self.menu = MenuButton(_("Reset"))
        self.menu.picked.connect(self._menu_picked)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        # Before the search, which stays in its place when there is nothing to reset.
        self._head.addWidget(self.menu, 0, Qt.AlignmentFlag.AlignVCenter)
        self._head.addWidget(self.search, 0, Qt.AlignmentFlag.AlignVCenter)
        self._repairs = _Repairs()
        self._repairs.hide()
        self._repairs.tidy.clicked.connect(self.tidy_asked)
        self._repairs_line = QHBoxLayout()
        self._repairs_line.addWidget(self._repairs)

    def _make_groups(self) -> None:
        self._left = Card()
        self._left.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.items: dict[Section, _GroupItem] = {}
        self._nav = QVBoxLayout()
        for section in Section:
            item = _GroupItem(section.icon, section.label)
            item.clicked.connect(lambda _on=False, chosen=section: self.show_section(chosen))
            self.items[section] = item
            self._nav.addWidget(item)
        self._foot = _Foot()
        self._foot.undo.clicked.connect(self._undo)
        self._left_column = QVBoxLayout(self._left)
        self._left_column.addLayout(self._nav)
        self._left_column.addStretch(1)
        self._left_column.addWidget(self._foot)
        self._bar = _Bar()
        self.chooser = DropDown(_("Group"), [(section.value, section.label) for section in Section])
        self.chooser.chosen.connect(lambda key: self.show_section(_section(key)))
        self._bar_row = QHBoxLayout(self._bar)
        self._bar_row.addWidget(self.chooser)

    def _make_parts(self, places: Sequence[Place]) -> None:
        self.rows: dict[str, SettingRow] = {}
        self._places: dict[str, ActionRow] = {}
        self.voice_sample = _VoiceSample()
        self.voice_sample.hear.clicked.connect(lambda: self._tried("voice"))
        samples: Mapping[Section, QWidget] = {
            Section.APPEARANCE: _TextSample(),
            Section.VOICE: self.voice_sample,
        }
        made: dict[Section, list[Row]] = {section: [] for section in Section}
        for spec in specs():
            section = next(
                (one for one in Section if spec.group is not None and one.group is spec.group), None
            )
            if section is not None:
                made[section].append(self._setting_row(spec))
        made[Section.EVENING] = [self._link(), *made[Section.EVENING], *self._duty_rows()]
        made[Section.BODY].append(self._body_row())
        made[Section.DATA] += [self._place_row(place) for place in places]
        made[Section.ABOUT] += self._about_rows()
        self.parts = {section: _Part(section, made[section], samples.get(section)) for section in Section}
        self._nothing = Text(_("Nothing called that. Try: voice, bedtime"), Role.LEAD, "text2")
        content = QWidget()
        self._parts_column = QVBoxLayout(content)
        self._parts_column.addWidget(self._nothing)
        for part in self.parts.values():
            self._parts_column.addWidget(part)
            for row in part.rows.rows:
                row.search_asked.connect(self.start_search)
                row.undo_asked.connect(self._undo)
        self._parts_column.addStretch(1)
        self._content = content
        self._scroll = ScrollArea(content, takes_keys=False)
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._show_margins())

    def _setting_row(self, spec: Spec) -> SettingRow:
        row = SettingRow(spec)
        row.changed_to.connect(self.change_asked)
        row.moved_to.connect(self.loudness_moved)
        row.reset_asked.connect(self.reset_asked)
        row.tried.connect(self._tried)
        self.rows[spec.name] = row
        return row

    def _tried(self, what: str) -> None:
        self.settle()
        if what == "tone":
            self.tone_asked.emit()
        else:
            self.hear_asked.emit(_(SAMPLE))

    def _link(self) -> Row:
        link = ActionRow(
            _("Bedtime and reminders"),
            _("Your evening and what rings in it have a page of their own."),
            [("open", _("Open Reminders"))],
        )
        link.picked.connect(lambda _key: self.reminders_asked.emit())
        return link

    def _duty_rows(self) -> list[Row]:
        self.startup = DutyRow(
            _("Start at login"),
            _("Stretch Coach waits in the background after you log in, so that no reminder is missed."),
        )
        self.startup.turned.connect(self.startup_asked)
        self.wake = DutyRow(
            _("Reminders without the app"),
            _("Have the system start the reminder at its time, also when Stretch Coach is not running."),
        )
        self.wake.turned.connect(self.wake_asked)
        return [self.startup, self.wake]

    def _body_row(self) -> Row:
        """What a search finds of My body; the group itself shows all of it."""
        row = ActionRow(
            _("My body"),
            _("Tick what applies to you: replaced joints, surgery, pregnancy, circulation and more."),
            [("open", _("Open"))],
            also=[_(one.title) for one in FLAGS],
        )
        row.picked.connect(lambda _key: self.show_section(Section.BODY))
        return row

    def _place_row(self, place: Place) -> Row:
        row = ActionRow(place.title, "", [("open", _("Open the folder")), ("copy", _("Copy the path"))])
        row.picked.connect(lambda action, key=place.key: self._place_used(action, key))
        self._places[place.key] = row
        self._say_place(place)
        return row

    def _say_place(self, place: Place) -> None:
        words = f"{place.where} ({place.size})" if place.size else place.where
        self._places[place.key].set_words(words)

    def _place_used(self, action: str, key: str) -> None:
        (self.folder_asked if action == "open" else self.copy_asked).emit(key)

    def _about_rows(self) -> list[Row]:
        self._version = ActionRow(_("Stretch Coach"), "")
        return [
            self._version,
            ActionRow(
                _("General wellbeing help, not medical advice"),
                _(
                    "It does not diagnose anything. Stop if it hurts, and check with a professional if you "
                    "have a condition, are pregnant, or are unsure."
                ),
            ),
            ActionRow(
                _("Where it comes from"),
                _(
                    "Each exercise in the Library says what it may help with, how good the evidence is, and "
                    "names its source."
                ),
            ),
            ActionRow(
                _("Stays on this computer"),
                _("What you enter is kept in files of yours. Nothing is sent anywhere."),
            ),
            ActionRow(
                _("Free software"),
                _(
                    "Licence: GPL-3.0-or-later. The embedded voice is eSpeak NG (GPL-3.0-or-later); the "
                    "typeface is Manrope (OFL)."
                ),
            ),
        ]

    # ------------------------------------------------------------ showing

    def show_settings(self, view: SettingsView) -> None:
        """Show `view` from now on; group, search, focus and scroll position stay."""
        before, self._view = self._view, view
        for name, row in self.rows.items():
            row.show_value(getattr(view.settings, name), changed=name in view.changed)
            needs = row.spec.needs
            off = bool(needs) and not getattr(view.settings, needs)
            switch = self.rows[needs].name.words if needs else ""
            row.set_needed(_("Turn on “{name}” first.").format(name=switch) if off else "")
        now = self._focus_here()  # a row keeps its own
        if view.voices is not None and view.voices != before.voices:
            self.rows[VOICE].set_voices(view.voices)
        self.voice_sample.show_state(view.voice_works, view.voice_state)
        for duty, line in ((self.startup, view.startup), (self.wake, view.wake)):
            duty.show_duty(line.on, line.why_not, line.place)
        for place in view.places:
            if place.key in self._places:
                self._say_place(place)
        self._version.set_words(_("Version {version}").format(version=view.version))
        self._repairs.show_repairs(view.repairs)
        self._repairs_line.setEnabled(bool(view.repairs))
        self._foot.show_status(view.status, can_undo=view.can_undo)
        for section, item in self.items.items():
            item.set_changed(bool(self._changed_in(section)))
        self._show_menu()
        self._show_margins()
        self._keep_focus(now)

    def _focus_here(self) -> QWidget | None:
        now = self.window().focusWidget()
        return now if now is not None and self.isAncestorOf(now) and now.isVisible() else None

    def _keep_focus(self, before: QWidget | None) -> None:
        """What had the focus may be gone: then the group has it, not whatever comes next in the window."""
        if before is not None and not before.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed_in(self, section: Section) -> list[str]:
        rows = self.parts[section].rows.rows
        return [
            row.spec.name
            for row in rows
            if isinstance(row, SettingRow) and row.spec.name in self._view.changed
        ]

    def _show_menu(self) -> None:
        changed = self._changed_in(self._section)
        if self.menu.is_open:
            return
        name = self._section.label
        words = ngettext("Reset {n} setting of “{name}”", "Reset all {n} of “{name}”", len(changed))
        self.menu.set_entries([MenuEntry(RESET_ALL, words.format(n=len(changed), name=name), Icon.UNDO)])
        self.menu.set_name(_("More about “{name}”").format(name=name))
        self.menu.setVisible(bool(changed) and not self.search.text().strip())

    def _menu_picked(self, _key: str) -> None:
        group = self._section.group
        self.settle()
        if group is not None:
            self.group_reset_asked.emit(group)

    @property
    def section(self) -> Section:
        """The group that is chosen."""
        return self._section

    def settle(self) -> None:
        """Say now what the user is just choosing with a slider or a stepper, if they are."""
        for row in self.rows.values():
            row.settle()

    def show_section(self, section: Section) -> None:
        """Show one group; a search is over."""
        self.settle()
        now = self._focus_here()
        walks = now is self.items[self._section]
        self._section = section
        self._scroll.verticalScrollBar().setValue(0)
        if self.search.text():
            self.search.clear()
        else:
            self._show_section()
        if walks:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._keep_focus(now)
        self.group_shown.emit(section.value)

    def show_group(self, key: str) -> None:
        """Show the group with this key."""
        self.show_section(_section(key))

    def show_setting(self, name: str) -> None:
        """Show the group of this setting, and put the keyboard on it if it is there already."""
        section = next((one for one in Section if self.rows.get(name) in self.parts[one].rows.rows), None)
        if section is not None and not self.search.text() and section is not self._section:
            self.show_section(section)
        if section is not None and self.isVisible():
            self._scroll.ensureWidgetVisible(self.rows[name], 0, self._look.px(16))

    def play(self, seconds: float) -> None:
        """The sentence is being heard, for so long."""
        self.voice_sample.wave.play(seconds)

    def _show_section(self) -> None:
        match = " ".join(self.search.text().split())
        # While all groups are searched none of them is the current one.
        for item in self.items.values():
            item.setAutoExclusive(not match)
        self.items[self._section].setChecked(not match)
        self.chooser.choose(self._section.value)
        self.chooser.setVisible(not match)
        found = 0
        for section, part in self.parts.items():
            if match:
                n = part.show_found(match)
                part.setVisible(n > 0)
                found += n
            else:
                part.show_found("")
                part.setVisible(section is self._section)
        self._nothing.setVisible(bool(match) and not found)
        whole_body = self._section is Section.BODY and not match
        self._stack.setCurrentWidget(self._body if whole_body else self._scroll)
        if match:
            self._scroll.verticalScrollBar().setValue(0)
        self._show_menu()
        self._show_margins()
        self._order_stops()

    # ------------------------------------------------------------ keys

    def start_search(self) -> None:
        """Put the keyboard into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _undo(self) -> None:
        self.settle()
        if self._view.can_undo:
            self.undo_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if not held and event.text() == "/":
            self.start_search()
        elif held == Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_Z:
            self._undo()
        elif not held and key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif held or not self._moved(key):
            super().keyPressEvent(event)

    def _moved(self, key: int) -> bool:
        """Take an arrow; False when it leads nowhere."""
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self._walk(key == Qt.Key.Key_Down)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            return self._cross((key == Qt.Key.Key_Right) != mirrored)
        return False

    def _stops(self) -> list[list[QWidget]]:
        """What the keyboard stops at, row by row, as they are seen."""
        rows = [row for part in self.parts.values() for row in part.rows.rows if row.isVisible()]
        return [row.stops for row in rows if row.stops]

    def _walk(self, down: bool) -> bool:
        """To the next row or the one before; from the search to the first."""
        stops = self._stops()
        now = self.window().focusWidget()
        if self._stack.currentWidget() is not self._scroll or not stops:
            return False
        at = next((n for n, row in enumerate(stops) if now in row), None)
        if at is None and (now is not self.search or not down):
            return False
        target = 0 if at is None else at + (1 if down else -1)
        if target < 0:
            self.start_search()
        elif target < len(stops):
            self._go(self._control(stops[target]))
        return True

    def _cross(self, ahead: bool) -> bool:
        """From the groups into the rows, and back."""
        now = self.window().focusWidget()
        stops = self._stops()
        if now is None or self._narrow:
            return False
        if ahead and now in self.items.values():
            if self._stack.currentWidget() is self._body:
                self._focus_body()
            elif stops:
                self._go(self._control(stops[0]))
            return True
        if not ahead and self._stack.isAncestorOf(now):
            self._go(self.items[self._section])
            return True
        return False

    def _focus_body(self) -> None:
        focus = getattr(self._body, "focus_first", None)
        if focus is not None:
            focus()

    def _control(self, stops: Sequence[QWidget]) -> QWidget:
        """The control of a row, not the "Reset" before it."""
        resets = [row.reset for row in self.rows.values()]
        return next((one for one in stops if one not in resets), stops[0])

    def _go(self, to: QWidget) -> None:
        to.setFocus(Qt.FocusReason.TabFocusReason)
        if self._content.isAncestorOf(to):
            self._scroll.ensureWidgetVisible(to, 0, self._look.px(24))

    def focusNextPrevChild(self, forward: bool) -> bool:
        moved = super().focusNextPrevChild(forward)
        now = self.window().focusWidget()
        if moved and now is not None and self._content.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now, 0, self._look.px(24))
        return moved

    def _order_stops(self) -> None:
        """Let Tab follow reading order; Qt takes none of widgets that were never shown."""
        if not self.isVisible():
            return
        stops: list[QWidget] = [
            self.menu,
            self.search,
            self._repairs.tidy,
            *self.items.values(),
            self.chooser,
        ]
        stops += [self._foot.undo, self.voice_sample.hear]
        stops += [one for row in self._stops() for one in row]
        for one, after in pairwise(stops):
            QWidget.setTabOrder(one, after)

    # ------------------------------------------------------------ looks

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        self._look = look
        for part in (
            self._title,
            self.search,
            self.menu,
            self._repairs,
            self._left,
            self._foot,
            self._scroll,
        ):
            part.set_look(look)
        self.chooser.set_look(look)
        self._nothing.set_look(look)
        for one in self.parts.values():
            one.set_look(look)
        take = getattr(self._body, "set_look", None)
        if take is not None:
            take(look)
        self._narrow = None
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_stops()
        self.group_shown.emit(self._section.value)

    def focusInEvent(self, event: object) -> None:
        """The page itself never keeps the focus."""
        group = self.chooser if self._narrow else self.items[self._section]
        (group if group.isVisible() else self.search).setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        look = self._look
        narrow = self.width() < SIDE_BY_SIDE * look.factor
        if narrow != self._narrow:
            self._narrow = narrow
            self._left.setVisible(not narrow)
            self._bar.setVisible(narrow)
            (self._bar_row if narrow else self._left_column).addWidget(self._foot)
            if narrow:
                self._bar_row.setStretchFactor(self._foot, 1)
            self._foot.set_look(look)
            self._foot.lie_down(narrow)
            self._foot.show()
            for row in self.rows.values():
                row.set_narrow(narrow)
        self._left.setFixedWidth(
            max(look.px(248), max(item.sizeHint().width() for item in self.items.values()) + 2 * look.px(14))
        )
        pad = look.px(14)
        self._left_column.setContentsMargins(pad, pad, pad, pad)
        self._nav.setSpacing(look.px(4))
        self._bar_row.setSpacing(look.px(12))
        self._show_margins()

    def _show_margins(self) -> None:
        look = self._look
        side = look.px(36 if self.width() >= SPACIOUS * look.factor else 28)
        self._head.setContentsMargins(side, 0, side, 0)
        self._head.setSpacing(look.px(12))
        self._repairs_line.setContentsMargins(side, 0, side, 0)
        self.search.setFixedWidth(look.px(300))
        self._column.setContentsMargins(0, look.px(28), 0, 0)
        self._column.setSpacing(look.px(16))
        body = self._stack.currentWidget() is self._body
        front = look.px(9) if self.chooser.isHidden() else 0  # its words then begin with those below
        self._bar_row.setContentsMargins(front, 0, 0 if body else 14, 0)
        self._beside.setContentsMargins(side, 0, side if body else side - 14, 0)
        self._left_line.setContentsMargins(0, 0, 0, look.px(32))
        self._left_column.setSpacing(look.px(8))
        self._beside.setSpacing(look.px(16))
        self._right.setSpacing(look.px(10))
        # The bar of the scrolling takes the room that is there without it.
        scrolls = self._scroll.verticalScrollBar().maximum() > 0
        self._parts_column.setContentsMargins(0, 0, 0 if scrolls else 14, look.px(28))
        self._parts_column.setSpacing(look.px(16))
        self._nothing.setContentsMargins(look.px(24), look.px(24), look.px(24), look.px(24))
        set_side = getattr(self._body, "set_side", None)
        if set_side is not None:
            set_side(0)


def _section(key: str) -> Section:
    return next((one for one in Section if one.value == key), Section.APPEARANCE)
