"""The settings behind the window: what is chosen on their page is kept at once, undone and reset.

It leaves out the page itself, what a setting does (each part of the app follows Preferences.changed) and the
rules (see domain.settings).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLocale, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from coach import __version__
from coach.body_desk import BodyDesk
from coach.compose import Core
from coach.domain.settings import Group, Settings, find, specs
from coach.i18n import Line, _, ngettext, render
from coach.services.ports import Adapter, Enrolment, Time
from coach.ui.main_window import MainWindow
from coach.ui.settings_page import DutyLine, Place, Section, SettingsPage, SettingsView

Voices = Sequence[tuple[str, str]]
"""Ids and names."""

# So many files of a folder are counted for its size; one with more is not measured.
_MOST_FILES = 20_000
# In one turn of the event loop so many files are looked at, or so many seconds are spent on it.
_FILES_A_TURN = 200
_TURN = 0.004


def _open_folder(path: Path) -> bool:
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class SettingsDesk:
    """Shows the settings and keeps what is chosen. Building it reads and starts nothing.

    `hear` says a sentence and `tone` sounds one; `voices` finds the voices of this computer and hands them to
    what it is given, later; `voice_state` tells whether the voice works. `startup` and `os_wake` are kept by
    the system. `open_folder` shows a folder to the user and returns whether that worked. `try_on` takes
    settings with a loudness that is not kept yet: what is being heard follows it.
    """

    def __init__(
        self,
        window: MainWindow,
        core: Core,
        clock: Time,
        *,
        body: BodyDesk,
        startup: Enrolment,
        os_wake: Enrolment,
        hear: Callable[[str], None],
        tone: Callable[[], None],
        voices: Callable[[Callable[[Voices], None]], None],
        voice_state: Callable[[], Adapter] | None = None,
        open_folder: Callable[[Path], bool] = _open_folder,
        try_on: Callable[[Settings], None] = lambda _settings: None,
    ) -> None:
        self._window = window
        self._core = core
        self._clock = clock
        self._startup = startup
        self._os_wake = os_wake
        self._fetch_voices = voices
        self._voice_state = voice_state
        self._open_folder = open_folder
        self._voices: tuple[tuple[str, str], ...] | None = None
        self._fetching = False
        self._status = ""
        self._duties = (DutyLine(), DutyLine())
        self._sizes: dict[str, str] = {}
        self._measuring: Iterator[None] | None = None
        self._is_measured = False
        self._changing = False
        page = SettingsPage(body.content, self._places())
        page.change_asked.connect(self._change)
        page.loudness_moved.connect(
            lambda name, value: try_on(replace(core.preferences.settings, **{name: value}))
        )
        page.reset_asked.connect(self._reset)
        page.group_reset_asked.connect(self._reset_group)
        page.undo_asked.connect(self._undo)
        page.tidy_asked.connect(self._tidy)
        page.hear_asked.connect(hear)
        page.tone_asked.connect(tone)
        page.startup_asked.connect(lambda on: self._turn(startup, on))
        page.wake_asked.connect(lambda on: self._turn(os_wake, on))
        page.folder_asked.connect(self._show_folder)
        page.copy_asked.connect(self._copy_path)
        page.group_shown.connect(self._group_shown)
        core.preferences.changed.subscribe(lambda _settings: self._draw())
        self.page = page
        self._body = body

    def show(self) -> None:
        """Draw the settings as they stand; what takes long to find out follows."""
        self._status = ""
        self._body.show()
        self._draw()
        self._clock.call_later(0.0, self._look_around)
        self._is_measured = False
        if self.page.section is Section.DATA:
            self._measure()

    def show_group(self, name: str) -> None:
        """Show one group of the page: the value of a ui.settings_page.Section, such as "body"."""
        self.page.show_group(name)

    def heard(self, seconds: float) -> None:
        """A sentence begins to be heard, for so long."""
        self.page.play(seconds)
        self._draw()

    def voice_changed(self) -> None:
        """Whether the voice works has changed."""
        self._draw()

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        if self._changing:
            return  # drawn once it is over
        preferences = self._core.preferences
        works, state = self._voice_words()
        startup, wake = self._duties
        self.page.show_settings(
            SettingsView(
                settings=preferences.settings,
                changed=frozenset(one.name for one in specs() if preferences.is_changed(one.name)),
                status=self._status,
                can_undo=bool(preferences.last_change),
                repairs=tuple(render(line) for line in preferences.repairs),
                voices=self._voices,
                voice_works=works,
                voice_state=state,
                startup=startup,
                wake=wake,
                places=self._places(),
                version=__version__,
            )
        )

    def _voice_words(self) -> tuple[bool, str]:
        state = self._voice_state() if self._voice_state is not None else None
        if state is not None and not state.works:
            return False, render(state.what)
        if self._voices is None:
            return True, ""
        if not self._voices:
            return False, _("No voice was found here. Tones and captions lead you.")
        return True, _("Voice works")

    def _places(self) -> tuple[Place, ...]:
        paths = self._core.paths
        named = (
            ("data", _("Plans and journal"), paths.data),
            ("config", _("Settings and what you ticked"), paths.config),
            ("cache", _("Spoken sentences"), paths.cache),
            ("log", _("Log"), paths.log),
        )
        return tuple(Place(key, title, str(path), self._sizes.get(key, "")) for key, title, path in named)

    def _look_around(self) -> None:
        """What the system keeps for us."""
        self._duties = (_duty(self._startup), _duty(self._os_wake))
        self._draw()

    # ---------------------------------------------------------------- sizes

    def _measure(self) -> None:
        """Find out how large the folders are, once while the page is open, a little at a time."""
        if self._is_measured or self._measuring is not None:
            return
        self._measuring = self._sizes_found()
        self._clock.call_later(0.0, self._measure_on)

    def _measure_on(self) -> None:
        if self._measuring is None:
            return
        if not self.page.isVisible():
            self._measuring = None
            return
        until = self._clock.monotonic() + _TURN
        for _number in range(_FILES_A_TURN):
            if next(self._measuring, self) is self:
                self._measuring, self._is_measured = None, True
                self._draw()
                return
            if self._clock.monotonic() >= until:
                break
        self._clock.call_later(0.0, self._measure_on)

    def _sizes_found(self) -> Iterator[None]:
        """Measure place after place; it pauses after each file."""
        for place in self._places():
            size = yield from _size_of(Path(place.where))
            self._sizes[place.key] = _size_words(size)

    # ---------------------------------------------------------------- voices

    def _group_shown(self, key: str) -> None:
        if key == Section.VOICE.value and not self._voices and not self._fetching:
            self._fetching = True
            self._fetch_voices(self._voices_found)
        if key == Section.DATA.value:
            self._measure()

    def _voices_found(self, voices: Voices) -> None:
        self._fetching = False
        self._voices = tuple(voices)
        self._draw()

    # ---------------------------------------------------------------- changing

    def _change(self, name: str, value: object) -> None:
        self._do(lambda: self._core.preferences.change(name, value), _changed_words(name))

    def _reset(self, name: str) -> None:
        self._do(lambda: self._core.preferences.reset(name), _changed_words(name))

    def _reset_group(self, group: Group) -> None:
        preferences = self._core.preferences
        n = sum(one.group is group and preferences.is_changed(one.name) for one in specs())
        words = ngettext("{n} setting is as usual again.", "{n} settings are as usual again.", n)
        self._do(lambda: preferences.reset_group(group), words.format(n=n))

    def _undo(self) -> None:
        names = self._core.preferences.last_change
        self._do(self._core.preferences.undo, _("Undone."))
        for name in names[:1]:
            self.page.show_setting(name)

    def _tidy(self) -> None:
        self._do(self._core.preferences.tidy, _("The settings are in order."))

    def _do(self, change: Callable[[], Line | None], done: str) -> None:
        self._changing = True
        try:
            wrong = change()
        finally:
            self._changing = False
        self._status = done if wrong is None else render(wrong)
        self._draw()

    def _turn(self, enrolment: Enrolment, on: bool) -> None:
        wrong = enrolment.turn_on() if on else enrolment.turn_off()
        # Shown as the system tells it, not as it was wanted.
        self._duties = (_duty(self._startup), _duty(self._os_wake))
        self._status = render(wrong) if wrong is not None else ""
        self._draw()

    # ---------------------------------------------------------------- folders

    def _show_folder(self, key: str) -> None:
        path = next(Path(one.where) for one in self._places() if one.key == key)
        folder = path.parent if key == "log" else path
        if not folder.is_dir():
            self._status = _("That folder is not there yet. It comes with the first thing to keep.")
        elif self._open_folder(folder):
            self._status = ""
        else:
            self._status = _("The folder cannot be opened from here. Copy its path instead.")
        self._draw()

    def _copy_path(self, key: str) -> None:
        where = next(one.where for one in self._places() if one.key == key)
        QGuiApplication.clipboard().setText(where)
        self._status = _("Copied.")
        self._draw()


def _changed_words(name: str) -> str:
    spec = find(name)
    return _("“{name}” changed.").format(name=_(spec.label) if spec is not None else name)


def _duty(enrolment: Enrolment) -> DutyLine:
    can = enrolment.can
    if not can.works:
        return DutyLine(why_not=render(can.what))
    return DutyLine(on=enrolment.is_on(), place=render(can.what))


def _size_of(path: Path) -> Generator[None, None, int | None]:
    """The bytes of a file, or of all files of a folder, with a pause after each; None where it is unknown."""
    size, seen, folders = 0, 0, [path]
    try:
        if path.is_file():
            return path.stat().st_size
        while folders:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    seen += 1
                    if seen > _MOST_FILES:
                        return None
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    elif entry.is_file():
                        size += entry.stat(follow_symlinks=False).st_size
                    yield
    except OSError:
        return None
    return size if seen else None


def _size_words(size: int | None) -> str:
    if size is None:
        return ""
    return QLocale.system().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
