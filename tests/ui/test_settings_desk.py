"""The settings behind the window: what is chosen on the page is kept at once, undone, reset and said.

Leaves out how the page looks (test_settings_page) and what each part of the app does with a setting.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from coach import compose
from coach.body_desk import BodyDesk
from coach.domain.exercise import Flag
from coach.i18n import Line
from coach.paths import locate
from coach.services.ports import Adapter
from coach.settings_desk import SettingsDesk
from coach.ui.fields import CheckTile, DropDown, SearchField
from coach.ui.icons import Icon
from coach.ui.main_window import MainWindow
from coach.ui.switches import Slider, Switch
from tests.fakes import FakeEnrolment, FakeTime
from tests.finding import named, names, shown_words
from tests.ui.album import Album

CONTROL = Qt.KeyboardModifier.ControlModifier


class Room:
    """A window with Tonight (empty) and Settings, over one person's folders."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.home = home
        self.time = FakeTime()
        self.core = compose.build(locate(home))
        self.window = MainWindow(reduced_motion=True)
        qtbot.addWidget(self.window)
        self.startup = FakeEnrolment()
        self.wake = FakeEnrolment(works=False)
        self.heard: list[str] = []
        self.tones = 0
        self.loudness: list[tuple[int, int]] = []
        self.looked_at: list[str] = []
        self.asked_for_voices: list[Callable[[Sequence[tuple[str, str]]], None]] = []
        self.voice = Adapter(True, Line("The voice gets ready."))
        self.opened: list[Path] = []
        self.opens = True
        self.body = BodyDesk(
            self.window,
            self.core,
            self.time,
            Album(),
            place=1,
            look_at=self.looked_at.append,
        )
        self.desk = SettingsDesk(
            self.window,
            self.core,
            self.time,
            body=self.body,
            startup=self.startup,
            os_wake=self.wake,
            hear=self.heard.append,
            tone=self._tone,
            voices=self.asked_for_voices.append,
            voice_state=lambda: self.voice,
            open_folder=self._open,
            try_on=lambda settings: self.loudness.append((settings.volume, settings.chimes)),
        )
        self.page = self.desk.page
        self.window.add_page(Icon.TONIGHT, "Tonight", QWidget())
        self.window.add_page(Icon.SETTINGS, "Settings", self.page)
        self.window.page_shown.connect(lambda number: self.desk.show() if number else None)
        self.window.show()
        self.window.show_page(1)
        self.time.advance(0.0)

    def _tone(self) -> None:
        self.tones += 1

    def _open(self, path: Path) -> bool:
        self.opened.append(path)
        return self.opens

    def stored(self) -> dict[str, object]:
        values: dict[str, object] = json.loads((self.home / "config" / "settings.json").read_text("utf-8"))
        return {name: value for name, value in values.items() if name != "version"}

    def click(self, name: str) -> None:
        QTest.mouseClick(named(self.window, name, QPushButton), Qt.MouseButton.LeftButton)

    def says(self, words: str) -> bool:
        return words in shown_words(self.window)


def slide(room: Room, name: str, *values: int) -> None:
    """Drag a slider over these values and let it go."""
    slider = named(room.window, name, Slider)
    slider.setSliderDown(True)
    for value in values:
        slider.setValue(value)
    slider.setSliderDown(False)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Room:
    return Room(qtbot, tmp_path)


# ---------------------------------------------------------------- changing


def test_a_change_is_kept_at_once_said_and_taken_back(room: Room) -> None:
    seen: list[bool] = []
    room.core.preferences.changed.subscribe(lambda settings: seen.append(settings.voice))
    room.desk.show_group("voice")
    named(room.window, "Spoken guidance", Switch).click()
    assert room.stored() == {"voice": False} and seen == [False]
    assert room.says("“Spoken guidance” changed.")
    room.desk.show_group("session")
    room.click("Undo")
    assert room.stored() == {} and seen == [False, True]
    assert room.says("Undone.") and "Undo" not in names(room.window)
    # Where it was undone is shown.
    assert named(room.window, "Spoken guidance", Switch).isChecked()


def test_one_setting_and_a_whole_group_go_back_to_what_is_usual(room: Room) -> None:
    room.desk.show_group("voice")
    slide(room, "Voice volume", 20)
    slide(room, "Chimes", 10)
    named(room.window, "Count the end aloud", Switch).click()
    room.click("Reset “Voice volume”")
    assert room.stored() == {"chimes": 10, "count_last": True}
    room.page.menu.picked.emit("reset")
    assert room.stored() == {} and room.says("2 settings are as usual again.")
    room.click("Undo")
    assert room.stored() == {"chimes": 10, "count_last": True}


def test_a_drag_is_one_change_that_is_written_once_and_heard_meanwhile(room: Room) -> None:
    seen: list[int] = []
    room.core.preferences.changed.subscribe(lambda settings: seen.append(settings.volume))
    room.desk.show_group("voice")
    slide(room, "Voice volume", 55, 50, 45, 40)
    assert seen == [40] and room.stored() == {"volume": 40}
    assert room.loudness == [(55, 100), (50, 100), (45, 100), (40, 100)]
    room.click("Undo")
    assert room.stored() == {} and "Undo" not in names(room.window)


@pytest.mark.parametrize("way", ["undo", "reset", "all"])
def test_a_step_not_told_yet_is_kept_before_anything_is_taken_back(room: Room, way: str) -> None:
    room.desk.show_group("voice")
    slider = named(room.window, "Voice volume", Slider)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    if way == "undo":
        QTest.keyClick(slider, Qt.Key.Key_Z, CONTROL)
    elif way == "reset":
        QTest.keyClick(slider, Qt.Key.Key_Delete)
    else:
        room.page.menu.picked.emit("reset")
    assert slider.value() == 60
    room.page.settle()
    assert room.stored() == {} and slider.value() == 60


def test_folders_are_measured_only_where_that_is_seen_and_in_small_turns(room: Room) -> None:
    folder = room.core.paths.data
    folder.mkdir(parents=True)
    for number in range(450):
        (folder / f"{number}.toml").write_bytes(bytes(10))
    room.desk.show()
    room.time.advance(0.0)
    assert not any("4.5 kB" in words for words in shown_words(room.window))
    room.desk.show_group("data")
    turns: list[bool] = []

    def others() -> None:
        turns.append(any("4.5 kB" in words for words in shown_words(room.window)))
        if not turns[-1]:
            room.time.call_later(0.0, others)

    others()
    room.time.advance(0.0)
    assert turns == [False, False, False, True], "all others have their turn in between"
    assert any("4.5 kB" in words for words in shown_words(room.window))
    # Kept while the page is open, and found out anew the next time.
    (folder / "more").write_bytes(bytes(1000))
    room.desk.show_group("voice")
    room.desk.show_group("data")
    room.time.advance(0.0)
    assert any("4.5 kB" in words for words in shown_words(room.window))
    room.desk.show()
    room.time.advance(0.0)
    assert any("5.5 kB" in words for words in shown_words(room.window))


def test_whoever_leaves_the_page_stops_the_measuring(room: Room) -> None:
    room.desk.show_group("data")
    room.window.show_page(0)
    room.time.advance(0.0)
    assert room.desk._measuring is None and room.time.waiting == []


def test_what_is_changed_elsewhere_is_shown_here(room: Room) -> None:
    room.desk.show_group("appearance")
    room.core.preferences.change("theme", "night")
    assert named(room.window, "Light", DropDown).currentText() == "Night"


def test_a_change_that_cannot_be_stored_is_said(room: Room) -> None:
    (room.home / "config").write_text("in the way", "utf-8")
    room.desk.show_group("voice")
    named(room.window, "Spoken guidance", Switch).click()
    assert any("config" in words for words in shown_words(room.window))
    assert not room.core.preferences.settings.voice


def test_a_damaged_file_is_said_at_the_top_and_put_in_order(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.json").write_text(
        '{"version": 1, "volume": "loud", "chimes": 5, "bells": 2}', "utf-8"
    )
    room = Room(qtbot, tmp_path)
    assert any("“volume” must be a whole number." in words for words in shown_words(room.window))
    room.click("Put in order")
    assert room.stored() == {"chimes": 5} and room.says("The settings are in order.")
    assert "Put in order" not in names(room.window)


# ---------------------------------------------------------------- the voice


def test_voices_are_looked_for_when_their_group_is_first_seen(room: Room) -> None:
    assert room.asked_for_voices == []
    room.desk.show_group("voice")
    room.desk.show_group("session")
    room.desk.show_group("voice")
    assert len(room.asked_for_voices) == 1 and not room.says("Voice works")
    room.asked_for_voices[0]([("a", "Warm, English"), ("b", "Clear, English")])
    assert room.says("Voice works")
    room.desk.show_group("voice")
    assert len(room.asked_for_voices) == 1
    named(room.window, "Voice", DropDown).chosen.emit("b")
    assert room.stored() == {"voice_id": "b"}


def test_without_a_voice_that_is_said_and_it_is_looked_for_again(room: Room) -> None:
    room.desk.show_group("voice")
    room.asked_for_voices[0]([])
    assert room.says("No voice was found here. Tones and captions lead you.")
    room.desk.show_group("voice")
    assert len(room.asked_for_voices) == 2
    room.voice = Adapter(False, Line("There is no sound on this computer."))
    room.desk.voice_changed()
    assert room.says("There is no sound on this computer.")


def test_the_voice_and_a_tone_are_heard(room: Room, qtbot: QtBot) -> None:
    room.desk.show_group("voice")
    room.click("Hear it")
    room.click("Hear “Chimes”")
    assert room.heard == ["Lean in slowly. Let the heel sink."] and room.tones == 1
    room.page.voice_sample.wave.set_look(room.window.browsing_look.__class__())
    room.desk.heard(0.2)
    wave = room.page.voice_sample.wave
    qtbot.waitUntil(lambda: wave._part > 0.0)
    qtbot.waitUntil(lambda: wave._part == 0.0)


# ---------------------------------------------------------------- what the system does for us


def test_start_at_login_shows_what_the_system_says_not_what_was_wanted(room: Room) -> None:
    room.desk.show_group("evening")
    switch = named(room.window, "Start at login", Switch)
    switch.click()
    assert room.startup.on and switch.isChecked()
    room.startup.broken = True
    switch.click()
    assert room.startup.on and switch.isChecked() and room.says("It could not be written.")
    wake = named(room.window, "Reminders without the app", Switch)
    assert not wake.isEnabled() and room.says("A place for tests.")


def test_reminders_without_the_app_can_be_turned_on_where_the_system_can(room: Room) -> None:
    room.wake._can = Adapter(True, Line("A timer."))
    room.desk.show()
    room.time.advance(0.0)
    room.desk.show_group("evening")
    named(room.window, "Reminders without the app", Switch).click()
    assert room.wake.on
    named(room.window, "Reminders without the app", Switch).click()
    assert not room.wake.on


# ---------------------------------------------------------------- the body


def test_the_ticks_are_a_group_of_the_settings_and_change_at_once(room: Room) -> None:
    room.desk.show_group("body")
    QTest.mouseClick(named(room.window, "Glaucoma", CheckTile), Qt.MouseButton.LeftButton)
    assert Flag.GLAUCOMA in room.core.safety.profile.flags
    assert "Done" not in names(room.window)
    room.body.content.exercise_asked.emit("calf_wall")
    assert room.looked_at == ["calf_wall"]


def test_the_first_time_the_ticks_have_a_page_with_done_and_help_leads_back_to_the_settings(
    room: Room,
) -> None:
    then: list[str] = []
    room.body.ask_ticks(lambda: then.append("go"))
    assert room.says("Before you begin")
    room.click("Done")
    assert then == ["go"] and room.core.safety.profile.asked
    room.body.show_help()
    assert not room.page.isVisible()
    room.window.show_page(1)
    assert room.page.isVisible()


# ---------------------------------------------------------------- the data


def test_folders_are_opened_and_their_paths_copied(room: Room) -> None:
    data = room.home / "data"
    room.desk.show_group("data")
    room.click("Open the folder: Plans and journal")
    assert not room.opened and any("not there yet" in words for words in shown_words(room.window))
    data.mkdir()
    (data / "plan.toml").write_text("x" * 1500, "utf-8")
    (room.home / "state").mkdir()
    (room.home / "state" / "coach.log").write_text("yy", "utf-8")
    room.click("Open the folder: Plans and journal")
    room.click("Open the folder: Log")
    assert room.opened == [data, room.home / "state"]
    room.opens = False
    room.click("Open the folder: Log")
    assert room.says("The folder cannot be opened from here. Copy its path instead.")
    room.click("Copy the path: Plans and journal")
    assert QGuiApplication.clipboard().text() == str(data) and room.says("Copied.")
    room.desk.show()
    room.time.advance(0.0)
    assert room.says(f"{data} (1.5 kB)") and room.says(f"{room.home / 'state' / 'coach.log'} (2 bytes)")


def test_a_search_over_all_groups_finds_the_bedtime(room: Room) -> None:
    named(room.window, "Find a setting", SearchField).setText("bedtime")
    assert "Open Reminders: Bedtime and reminders" in names(room.window)
