"""The settings as a person meets them: groups, rows made from the schema, search, undo and reset.

Leaves out what a setting does and where it is kept (tests/services, tests/ui/test_settings_desk).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from coach.domain.profile import Profile
from coach.domain.settings import Group, Settings, Spec, find, specs
from coach.ui.fields import DropDown, Segmented, Stepper
from coach.ui.my_body_page import BodyContent
from coach.ui.my_body_words import body_view
from coach.ui.setting_rows import SettingRow, control_for
from coach.ui.settings_page import DutyLine, Place, Section, SettingsPage, SettingsView
from coach.ui.switches import SETTLE_MS, ClockStepper, Slider, Switch
from coach.ui.theme import Look, browsing_factor
from tests.finding import clipped, cut_rings, named, nameless, names, shown_words
from tests.ui.album import Album

SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]
PLACES = (
    Place("data", "Plans and journal", "/home/anna/.local/share/stretch-coach", "1.2 MB"),
    Place("log", "Log", "/home/anna/.local/state/stretch-coach/coach.log"),
)
PLAIN = SettingsView(places=PLACES, version="0.1.0", voice_state="Voice works")


@pytest.fixture
def page(album: Album, qtbot: QtBot) -> SettingsPage:
    """A wide page with everything as usual, in an active window."""
    body = BodyContent(album)
    body.show_body(body_view(Profile(), ()))
    made = SettingsPage(body, PLACES)
    qtbot.addWidget(made)
    made.set_look(Look(reduced_motion=True))
    made.show_settings(PLAIN)
    made.resize(1068, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def view(settings: Settings | None = None, **more: object) -> SettingsView:
    settings = settings or Settings()
    changed = frozenset(one.name for one in specs() if getattr(settings, one.name) != one.default)
    return replace(PLAIN, settings=settings, changed=changed, **more)  # type: ignore[arg-type]


def focused(page: QWidget) -> QWidget:
    widget = page.window().focusWidget()
    assert widget is not None
    return widget


def press(page: QWidget, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(focused(page), key, held)


def click(page: QWidget, name: str) -> None:
    QTest.mouseClick(named(page, name, QPushButton), Qt.MouseButton.LeftButton)


def seen_rows(page: SettingsPage) -> list[str]:
    return [row.name.words for part in page.parts.values() for row in part.rows.rows if row.isVisible()]


def spec(name: str) -> Spec:
    found = find(name)
    assert found is not None
    return found


# ---------------------------------------------------------------- rows made from the schema


def test_every_setting_of_the_schema_has_a_row_in_its_group(page: SettingsPage) -> None:
    for section in Section:
        page.show_section(section)
        wanted = [one.label for one in specs() if one.group is not None and one.group is section.group]
        assert [name for name in seen_rows(page) if name in wanted] == wanted


def test_the_control_follows_the_type_of_the_setting(qtbot: QtBot) -> None:
    kinds = {
        "voice": Switch,
        "theme": DropDown,
        "text_size": Segmented,
        "volume": Slider,
        "voice_rate": Stepper,
        "snooze_minutes": Stepper,
        "whisper_from": ClockStepper,
        "voice_id": DropDown,
    }
    for name, kind in kinds.items():
        control = control_for(spec(name))
        qtbot.addWidget(control)
        assert isinstance(control, kind), name
        assert isinstance(control, ClockStepper) is (kind is ClockStepper), name


@pytest.mark.parametrize(
    ("name", "other"),
    [(one.name, True) for one in specs() if one.default is False and one.group]
    + [("text_size", 130), ("theme", "dark"), ("voice_detail", "few"), ("snooze_times", 0)]
    + [
        ("volume", 35),
        ("voice_rate", 155),
        ("grace_minutes", 0),
        ("chime_until", "01:15"),
        ("voice_id", "x"),
    ],
)
def test_every_kind_of_row_shows_a_value_without_saying_it_again(
    page: SettingsPage, qtbot: QtBot, name: str, other: object
) -> None:
    row = page.rows[name]
    with qtbot.assertNotEmitted(page.change_asked):
        page.show_settings(view(Settings(**{name: other})))  # type: ignore[arg-type]
    control = row.control
    if isinstance(control, Switch):
        assert control.isChecked() is other
    elif isinstance(control, ClockStepper):
        assert control.at_time.strftime("%H:%M") == other
    elif isinstance(control, (Stepper, Slider)):
        assert control.value() == other
    else:
        assert control.key == str(other)


def test_a_switch_is_told_by_mouse_and_by_space(page: SettingsPage, qtbot: QtBot) -> None:
    page.show_section(Section.VOICE)
    switch = named(page, "Spoken guidance", Switch)
    with qtbot.waitSignal(page.change_asked) as said:
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert said.args == ["voice", False]
    switch.setFocus()
    with qtbot.waitSignal(page.change_asked) as said:
        press(page, Qt.Key.Key_Space)
    assert said.args == ["voice", True]


def test_choices_amounts_and_times_are_told_with_values_of_their_type(
    page: SettingsPage, qtbot: QtBot
) -> None:
    page.show_section(Section.VOICE)
    for name, kind, key, wanted in (
        ("Voice volume", Slider, Qt.Key.Key_Right, ["volume", 65]),
        ("Speed of speech", Stepper, Qt.Key.Key_Up, ["voice_rate", 145]),
        ("Whisper from", ClockStepper, Qt.Key.Key_Up, ["whisper_from", "23:15"]),
    ):
        named(page, name, kind).setFocus()
        with qtbot.waitSignal(page.change_asked) as said:
            press(page, key)
        assert said.args == wanted
    with qtbot.waitSignal(page.change_asked) as said:
        QTest.mouseClick(named(page, "How much it says: All"), Qt.MouseButton.LeftButton)
    assert said.args == ["voice_detail", "all"]
    page.show_section(Section.APPEARANCE)
    with qtbot.waitSignal(page.change_asked) as said:
        QTest.mouseClick(named(page, "Text size: 130 %"), Qt.MouseButton.LeftButton)
    assert said.args == ["text_size", 130]
    press(page, Qt.Key.Key_Tab)
    light = named(page, "Light", DropDown)
    light.setFocus()
    press(page, Qt.Key.Key_Return, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.change_asked) as said:
        press(page, Qt.Key.Key_Return)
    assert said.args == ["theme", "light"]


def test_a_slider_that_is_dragged_says_where_it_was_let_go_and_nothing_before(
    page: SettingsPage, qtbot: QtBot
) -> None:
    page.show_section(Section.VOICE)
    said: list[tuple[str, object]] = []
    heard: list[int] = []
    page.change_asked.connect(lambda name, value: said.append((name, value)))
    page.loudness_moved.connect(lambda _name, value: heard.append(value))
    slider = named(page, "Voice volume", Slider)
    places = [QPoint(x, slider.height() // 2) for x in (80, 100, 120, 60)]
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(slider, place)
        qtbot.wait(0)
        assert slider.isSliderDown()
        assert f"{slider.value()} %" == slider.accessibleDescription()
        page.show_settings(view())  # a sentence begins, say
    qtbot.wait(SETTLE_MS + 100)
    assert said == [] and len(heard) == 4 and heard[-1] == slider.value() != 60
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=places[-1])
    assert said == [("volume", heard[-1])]


def test_steps_right_after_each_other_are_one_change(page: SettingsPage, qtbot: QtBot) -> None:
    page.show_section(Section.VOICE)
    said: list[tuple[str, object]] = []
    page.change_asked.connect(lambda name, value: said.append((name, value)))
    for name, kind, last in (
        ("Voice volume", Slider, ("volume", 75)),
        ("Speed of speech", Stepper, ("voice_rate", 155)),
        ("Whisper from", ClockStepper, ("whisper_from", "23:45")),
    ):
        said.clear()
        named(page, name, kind).setFocus()
        for _step in range(3):
            press(page, Qt.Key.Key_Up)
        assert said == []
        qtbot.waitUntil(lambda: bool(said))
        assert said == [last]


def leaves_by_tab(page: SettingsPage) -> None:
    press(page, Qt.Key.Key_Tab)


def leaves_for_a_group(page: SettingsPage) -> None:
    page.show_section(Section.SESSION)


def leaves_the_page(page: SettingsPage) -> None:
    page.hide()


def closes_the_window(page: SettingsPage) -> None:
    page.window().close()


def tries_it(page: SettingsPage) -> None:
    named(page, "Hear it").click()


@pytest.mark.parametrize(
    "leave", [leaves_by_tab, leaves_for_a_group, leaves_the_page, closes_the_window, tries_it]
)
def test_whoever_goes_on_at_once_loses_nothing(
    page: SettingsPage, leave: Callable[[SettingsPage], None]
) -> None:
    page.show_section(Section.VOICE)
    said: list[tuple[str, object]] = []
    page.change_asked.connect(lambda name, value: said.append((name, value)))
    page.hear_asked.connect(lambda _text: said.append(("hear", "")))
    page.show_settings(view(voices=(("a", "Warm"),), voice_works=True))
    stepper = named(page, "Speed of speech", Stepper)
    if leave is leaves_by_tab:
        stepper.setFocus()
    stepper.setValue(145)
    assert said == []
    leave(page)
    assert said[0] == ("voice_rate", 145) and len(said) == (2 if leave is tries_it else 1)


def test_what_is_put_back_before_it_was_told_is_no_change(page: SettingsPage, qtbot: QtBot) -> None:
    page.show_section(Section.VOICE)
    named(page, "Speed of speech", Stepper).setFocus()
    with qtbot.assertNotEmitted(page.change_asked, wait=SETTLE_MS + 100):
        press(page, Qt.Key.Key_Up, Qt.Key.Key_Down)


def test_minutes_typed_as_they_are_shown_stay_minutes(page: SettingsPage, qtbot: QtBot) -> None:
    page.show_section(Section.EVENING)
    snooze = named(page, "Snooze", Stepper)
    assert snooze.text() == "10 min"
    snooze.setFocus()
    snooze.selectAll()
    QTest.keyClicks(snooze, "15 min")
    with qtbot.waitSignal(page.change_asked) as said:
        press(page, Qt.Key.Key_Return)
    assert said.args == ["snooze_minutes", 15]


def test_voices_come_late_and_one_that_is_gone_is_still_shown(page: SettingsPage, qtbot: QtBot) -> None:
    page.show_section(Section.VOICE)
    voice = named(page, "Voice", DropDown)
    page.show_settings(view(Settings(voice_id="gone")))
    assert (voice.key, voice.count()) == ("gone", 2)
    page.show_settings(view(Settings(voice_id="b"), voices=(("a", "Warm"), ("b", "Clear"))))
    assert voice.currentText() == "Clear"
    assert [voice.itemText(n) for n in range(voice.count())] == ["The usual one", "Warm", "Clear"]
    voice.setFocus()
    press(page, Qt.Key.Key_Return, Qt.Key.Key_Up)
    with qtbot.waitSignal(page.change_asked) as said:
        press(page, Qt.Key.Key_Return)
    assert said.args == ["voice_id", "a"]


def test_the_longest_name_of_a_voice_leaves_room_for_the_row(page: SettingsPage) -> None:
    page.show_section(Section.VOICE)
    page.show_settings(view(voices=(("a", "English (Received Pronunciation) (en-gb-x-rp) " * 2),)))
    assert not page.rows["voice_id"].is_stacked
    assert page.rows["voice_id"].control.width() <= 280


# ---------------------------------------------------------------- changed, reset, undo


def test_a_changed_setting_has_a_dot_and_a_reset_and_its_group_says_so(
    page: SettingsPage, qtbot: QtBot
) -> None:
    page.show_section(Section.VOICE)
    assert "Reset “Voice volume”" not in names(page)
    page.show_settings(view(Settings(volume=30)))
    assert page.rows["volume"].dot.isVisible() and not page.rows["chimes"].dot.isVisible()
    assert page.items[Section.VOICE].accessibleName() == "Voice and sound, current page, changed"
    with qtbot.waitSignal(page.reset_asked) as said:
        click(page, "Reset “Voice volume”")
    assert said.args == ["volume"]
    page.show_settings(view())
    assert "changed" not in page.items[Section.VOICE].accessibleName()
    assert not page.rows["volume"].dot.isVisible()


def test_del_resets_what_has_the_focus_and_only_if_it_was_changed(page: SettingsPage, qtbot: QtBot) -> None:
    page.show_section(Section.VOICE)
    for name, label, kind in (
        ("volume", "Voice volume", Slider),
        ("voice_rate", "Speed of speech", Stepper),
        ("voice_id", "Voice", DropDown),
        ("captions", "Captions", Switch),
    ):
        page.show_setting(name)
        named(page, label, kind).setFocus()
        with qtbot.assertNotEmitted(page.reset_asked):
            press(page, Qt.Key.Key_Delete)
        changed = {"volume": 5, "voice_rate": 200, "voice_id": "x", "captions": False}
        page.show_settings(view(Settings(**{name: changed[name]})))  # type: ignore[arg-type]
        with qtbot.waitSignal(page.reset_asked) as said:
            press(page, Qt.Key.Key_Delete)
        assert said.args == [name]
        page.show_settings(view())


def test_the_focus_is_not_lost_with_the_reset(page: SettingsPage) -> None:
    page.show_section(Section.VOICE)
    page.show_settings(view(Settings(volume=30)))
    named(page, "Reset “Voice volume”").setFocus()
    page.show_settings(view())
    assert focused(page) is page.rows["volume"].control


def test_the_focus_stays_on_the_page_when_what_had_it_is_gone(page: SettingsPage) -> None:
    page.show_section(Section.VOICE)
    page.rows["volume"].control.setFocus()
    page.show_section(Section.DATA)
    assert focused(page) is page.items[Section.DATA]
    page.show_settings(view(Settings(volume=30), can_undo=True))
    named(page, "Undo").setFocus()
    page.show_settings(view())
    assert focused(page) is page.items[Section.DATA]
    page.show_section(Section.ABOUT)
    assert focused(page) is page.items[Section.ABOUT]


def test_a_group_can_be_reset_whole_from_its_menu(page: SettingsPage, qtbot: QtBot) -> None:
    page.show_section(Section.VOICE)
    assert not page.menu.isVisible()
    page.show_settings(view(Settings(volume=30, chimes=5, theme="dark")))
    page.menu.setFocus()
    press(page, Qt.Key.Key_Return)
    assert "Reset all 2 of “Voice and sound”" in names(page)
    with qtbot.waitSignal(page.group_reset_asked) as said:
        press(page, Qt.Key.Key_Return)
    assert said.args == [Group.VOICE]
    page.show_section(Section.SESSION)
    assert not page.menu.isVisible()


def test_the_last_change_is_said_and_can_be_taken_back_by_button_and_key(
    page: SettingsPage, qtbot: QtBot
) -> None:
    assert "Everything is saved as you change it." in shown_words(page)
    with qtbot.assertNotEmitted(page.undo_asked):
        press(page, Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    page.show_settings(view(Settings(volume=30), status="“Voice volume” changed.", can_undo=True))
    assert "“Voice volume” changed." in shown_words(page)
    with qtbot.waitSignal(page.undo_asked):
        click(page, "Undo")
    page.show_section(Section.VOICE)
    for name in ("volume", "voice_id", "voice_rate", "voice", "whisper_from"):
        page.rows[name].control.setFocus()
        with qtbot.waitSignal(page.undo_asked):
            press(page, Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)


# ---------------------------------------------------------------- search


def test_a_search_finds_rows_of_all_groups_and_underlines_the_match(page: SettingsPage) -> None:
    press(page, Qt.Key.Key_Slash)
    assert focused(page) is page.search
    QTest.keyClicks(page.search, "CHIME")
    assert seen_rows(page) == ["Chimes", "Whisper late", "Soft chime", "Chime until"]
    assert "Voice and sound" in shown_words(page) and "Evening" in shown_words(page)
    assert page.rows["chimes"].name.text() == "<u>Chime</u>s"
    assert page.rows["whisper"].name.text() == "Whisper late"
    press(page, Qt.Key.Key_Down)
    assert focused(page) is page.rows["chimes"].control
    press(page, Qt.Key.Key_Slash, Qt.Key.Key_Escape)
    assert page.search.text() == "" and page.rows["chimes"].name.text() == "Chimes"
    assert seen_rows(page)[0] == "Light"


def test_the_search_can_be_reached_from_every_control(page: SettingsPage) -> None:
    page.show_section(Section.VOICE)
    for name in ("volume", "voice_id", "voice_rate", "voice", "whisper_from"):
        page.rows[name].control.setFocus()
        press(page, Qt.Key.Key_Slash)
        assert focused(page) is page.search and page.search.text() == ""
    assert named(page, "Speed of speech", Stepper).text() == "140"


def test_a_search_that_finds_nothing_gives_words_that_do(page: SettingsPage) -> None:
    page.search.setText("quantum")
    assert "Nothing called that. Try: voice, bedtime" in shown_words(page)
    for words in ("voice", "bedtime", "  less   motion ", "knee", "daylight"):
        page.search.setText(words)
        assert seen_rows(page), words
    page.search.setText("<u>")
    assert not seen_rows(page)


def test_ticks_and_choices_are_found_by_their_words_too(page: SettingsPage) -> None:
    page.search.setText("knee repl")
    assert seen_rows(page) == ["My body"]
    page.search.setText("breaths")
    assert seen_rows(page) == ["Count holds in"]


def test_what_means_nothing_without_a_switch_is_out_of_use_and_says_why(page: SettingsPage) -> None:
    page.show_section(Section.VOICE)
    page.show_settings(view(Settings(whisper=False)))
    for name in ("Whisper from", "Whisper until"):
        stepper = named(page, name, ClockStepper)
        assert not stepper.isEnabled() and stepper.toolTip() == "Turn on “Whisper late” first."
    page.show_settings(view())
    assert named(page, "Whisper from", ClockStepper).isEnabled()


def test_choosing_a_group_ends_the_search(page: SettingsPage) -> None:
    page.search.setText("voice")
    assert not any(item.isChecked() for item in page.items.values())
    QTest.mouseClick(page.items[Section.SESSION], Qt.MouseButton.LeftButton)
    assert not page.search.text() and "Wait for me" in seen_rows(page)
    assert [one for one, item in page.items.items() if item.isChecked()] == [Section.SESSION]
    page.search.setText("replaced joints")
    click(page, "Open: My body")
    assert named(page, "Hip replacement").isVisible()


# ---------------------------------------------------------------- keys


def test_arrows_walk_through_groups_and_rows(page: SettingsPage, qtbot: QtBot) -> None:
    assert focused(page) is page.items[Section.APPEARANCE]
    with qtbot.waitSignal(page.group_shown) as said:
        press(page, Qt.Key.Key_Down)
    assert said.args == ["session"] and "Wait for me" in seen_rows(page)
    assert focused(page) is page.items[Section.SESSION]
    press(page, Qt.Key.Key_Right)
    assert focused(page) is page.rows["wait_for_me"].control
    page.rows["captions"].control.setFocus()
    press(page, Qt.Key.Key_Down)
    assert focused(page) is page.rows["pause_players"].control
    press(page, Qt.Key.Key_Down)
    assert focused(page) is page.rows["pause_players"].control
    press(page, Qt.Key.Key_Left)
    assert focused(page) is page.items[Section.SESSION]
    press(page, Qt.Key.Key_Right, Qt.Key.Key_Up)
    assert focused(page) is page.search
    QTest.mouseClick(page.items[Section.BODY], Qt.MouseButton.LeftButton)
    page.items[Section.BODY].setFocus()
    press(page, Qt.Key.Key_Right)
    assert focused(page) is named(page, "Hip replacement")
    press(page, Qt.Key.Key_Left)
    assert focused(page) is page.items[Section.BODY]


def test_tab_goes_from_the_search_through_groups_to_the_rows_in_order(page: SettingsPage) -> None:
    page.show_settings(view(Settings(volume=30), can_undo=True))
    page.show_section(Section.VOICE)
    page.menu.setFocus()
    seen = []
    for _step in range(12):
        press(page, Qt.Key.Key_Tab)
        seen.append(focused(page).accessibleName())
    assert seen[:5] == [
        "Find a setting",
        "Voice and sound, current page, changed",
        "Undo",
        "Hear it",
        "Spoken guidance",
    ]
    assert seen.index("Reset “Voice volume”") + 1 == seen.index("Voice volume")


# ---------------------------------------------------------------- samples, links and places


def test_the_voice_can_be_heard_from_its_card_and_beside_its_volume(page: SettingsPage, qtbot: QtBot) -> None:
    page.show_section(Section.VOICE)
    assert "Voice works" in shown_words(page) and "“Lean in slowly. Let the heel sink.”" in shown_words(page)
    for name in ("Hear it", "Hear “Voice volume”"):
        with qtbot.waitSignal(page.hear_asked) as said:
            click(page, name)
        assert said.args == ["Lean in slowly. Let the heel sink."]
    with qtbot.waitSignal(page.tone_asked):
        click(page, "Hear “Chimes”")
    page.show_settings(view(voice_works=False, voice_state="The voice is not available here."))
    assert "The voice is not available here." in shown_words(page)


def test_the_wave_fills_while_the_sentence_is_heard_and_rests_with_less_motion(
    page: SettingsPage, qtbot: QtBot
) -> None:
    page.show_section(Section.VOICE)
    wave = page.voice_sample.wave
    page.play(0.2)
    assert wave._part == 0.0
    wave.set_look(Look())
    page.play(0.2)
    qtbot.waitUntil(lambda: wave._part > 0.3)
    qtbot.waitUntil(lambda: wave._part == 0.0)


def test_reminders_and_what_the_system_does_for_us_are_in_the_evening(
    page: SettingsPage, qtbot: QtBot
) -> None:
    page.show_section(Section.EVENING)
    with qtbot.waitSignal(page.reminders_asked):
        click(page, "Open Reminders: Bedtime and reminders")
    with qtbot.waitSignal(page.startup_asked) as said:
        named(page, "Start at login", Switch).click()
    assert said.args == [True]
    with qtbot.waitSignal(page.wake_asked) as said:
        named(page, "Reminders without the app", Switch).click()
    assert said.args == [True]
    page.show_settings(
        view(startup=DutyLine(True, place="/home/anna/x"), wake=DutyLine(False, "This needs systemd."))
    )
    startup = named(page, "Start at login", Switch)
    assert startup.isChecked() and startup.toolTip() == "/home/anna/x"
    wake = named(page, "Reminders without the app", Switch)
    assert not wake.isEnabled() and not wake.isChecked() and wake.toolTip() == "This needs systemd."
    assert "This needs systemd." in shown_words(page)


def test_the_places_of_the_data_are_shown_opened_and_copied(page: SettingsPage, qtbot: QtBot) -> None:
    page.show_section(Section.DATA)
    assert "/home/anna/.local/share/stretch-coach (1.2 MB)" in shown_words(page)
    with qtbot.waitSignal(page.folder_asked) as said:
        click(page, "Open the folder: Plans and journal")
    assert said.args == ["data"]
    with qtbot.waitSignal(page.copy_asked) as said:
        click(page, "Copy the path: Log")
    assert said.args == ["log"]
    grown = replace(PLACES[0], size="3 MB")
    page.show_settings(replace(PLAIN, places=(grown, Place("other", "Not shown", "/"))))
    assert "/home/anna/.local/share/stretch-coach (3 MB)" in shown_words(page)


def test_about_says_what_it_is_and_what_it_is_not(page: SettingsPage) -> None:
    page.show_section(Section.ABOUT)
    words = "\n".join(shown_words(page))
    for said in ("Version 0.1.0", "General wellbeing help, not medical advice", "GPL-3.0-or-later"):
        assert said in words


def test_what_was_wrong_in_the_file_is_said_at_the_top_until_it_is_put_in_order(
    page: SettingsPage, qtbot: QtBot
) -> None:
    page.show_settings(view(repairs=("“volume” must be a whole number.", "<b>kept</b>")))
    assert "“volume” must be a whole number.\n<b>kept</b>" in shown_words(page)
    with qtbot.waitSignal(page.tidy_asked):
        click(page, "Put in order")
    page.show_settings(view())
    assert "Put in order" not in names(page)


# ---------------------------------------------------------------- shapes


def test_in_a_narrow_window_the_groups_are_a_drop_down_and_a_slider_goes_under_its_name(
    page: SettingsPage,
) -> None:
    def below() -> list[str]:
        return [name for name in ("volume", "chimes", "voice") if page.rows[name].is_stacked]

    page.show_section(Section.VOICE)
    assert not below()
    page.resize(780, 560)
    assert not page.items[Section.VOICE].isVisible()
    assert below() == ["volume", "chimes"]
    chooser = named(page, "Group", DropDown)
    assert chooser.currentText() == "Voice and sound"
    chooser.setFocus()
    press(page, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert "Snooze" in seen_rows(page)
    page.setFocus()
    assert focused(page) is chooser
    page.resize(1068, 800)
    assert page.items[Section.EVENING].isVisible() and page.items[Section.EVENING].isChecked()


@pytest.mark.parametrize(("width", "height", "text"), SIZES)
def test_everything_fits_and_has_a_name(page: SettingsPage, width: int, height: int, text: int) -> None:
    look = Look(factor=browsing_factor(width, height, text), reduced_motion=True)
    folded = width * 100 / text < 1100
    page.set_look(look)
    page.resize(QSize(width - (look.px(72) if folded else look.px(212)), height))
    changed = Settings(volume=35, text_size=130, whisper_from="21:15", setup_time=150, voice_detail="few")
    page.show_settings(view(changed, can_undo=True, repairs=("Something was wrong.",)))
    for section in Section:
        page.show_section(section)
        for _turn in range(6):  # rows find their heights one after the other
            QApplication.processEvents()
        assert clipped(page) == []
        assert nameless(page) == []


def test_a_row_is_at_least_68_px_high(page: SettingsPage) -> None:
    page.show_section(Section.VOICE)
    rows = [row for row in page.parts[Section.VOICE].rows.rows if isinstance(row, SettingRow)]
    assert all(row.height() >= 68 for row in rows)


def test_in_a_narrow_window_left_and_right_lead_nowhere_and_down_from_the_body_neither(
    page: SettingsPage,
) -> None:
    page.resize(780, 560)
    page.show_section(Section.SESSION)
    page.rows["captions"].control.setFocus()
    press(page, Qt.Key.Key_Left)
    assert focused(page) is page.rows["captions"].control
    page.show_section(Section.ABOUT)
    page.search.setFocus()
    press(page, Qt.Key.Key_Down)
    assert focused(page) is page.search


def test_in_a_window_from_right_to_left_everything_is_mirrored_and_arrows_turn_round(
    page: SettingsPage,
) -> None:
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    page.show_section(Section.VOICE)
    page.show_settings(view(Settings(volume=30)))
    page.items[Section.VOICE].setFocus()
    press(page, Qt.Key.Key_Left)
    assert focused(page) is page.rows["voice"].control
    assert not page.grab().isNull()
    row = page.rows["volume"]
    assert row.control.mapTo(page, row.control.rect().center()).x() < page.width() / 2


@pytest.mark.parametrize("section", list(Section))
def test_the_outline_of_the_focus_is_whole_wherever_tab_goes(page: SettingsPage, section: Section) -> None:
    page.show_settings(view(Settings(volume=30, snooze_minutes=5), can_undo=True))
    page.show_section(section)
    QApplication.processEvents()
    assert cut_rings(page) == []
