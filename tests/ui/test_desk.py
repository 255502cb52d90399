"""The whole app from its window: real pages, player and files; time, voice, sound and display are fakes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from coach import compose
from coach.compose import Request
from coach.desktop import voice_process
from coach.domain.night import Outcome
from coach.domain.session import Phase
from coach.paths import locate
from coach.ui.ring import Ring
from tests.fakes import FakeSound
from tests.ui.house import House, click, phase, press, words


def test_one_key_starts_tonights_plan(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    assert phase(desk) is Phase.RUNNING and desk._window.in_session


def test_a_whole_session_by_keyboard_ends_in_the_journal_and_on_tonight(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    house.time.advance(30)
    press(desk, Qt.Key.Key_Space)
    assert phase(desk) is Phase.PAUSED and not house.awake.held
    press(desk, Qt.Key.Key_Space)
    house.time.advance(2000)
    assert phase(desk) is Phase.FINISHED
    assert [record.outcome for record in house.journal.records] == [Outcome.FINISHED]
    press(desk, Qt.Key.Key_Escape)
    assert not desk._window.in_session


def test_leaving_early_by_mouse_keeps_what_was_done(house: House) -> None:
    desk = house.open()
    click(desk, "Start")
    house.time.advance(130)
    click(desk, "Leave the session")
    assert phase(desk) is Phase.LEAVING
    press(desk, Qt.Key.Key_Return)
    assert phase(desk) is Phase.LEFT
    assert [record.outcome for record in house.journal.records] == [Outcome.PARTIAL]


def test_closing_the_window_asks_first_and_then_keeps(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    house.time.advance(130)
    desk._window.close()
    assert phase(desk) is Phase.LEAVING and desk._window.isVisible()
    desk._window.close()
    house.qtbot.waitUntil(lambda: not desk._window.isVisible())
    assert len(house.journal.records) == 1


def test_after_a_power_cut_the_session_goes_on_where_it_was(house: House) -> None:
    before = house.open()
    press(before, Qt.Key.Key_Return)
    house.time.advance(130)
    again = house.open()
    house.qtbot.waitUntil(lambda: "Your session stopped at" in words(again))
    click(again, "Go on")
    moment = again._stage.player.snapshot()  # type: ignore[union-attr]
    assert moment is not None and moment.held_before >= 60


def test_starting_afresh_keeps_what_was_done_before(house: House) -> None:
    before = house.open()
    press(before, Qt.Key.Key_Return)
    house.time.advance(130)
    again = house.open()
    house.qtbot.waitUntil(lambda: "Your session stopped at" in words(again))
    click(again, "Start afresh")
    assert [record.outcome for record in house.journal.records] == [Outcome.PARTIAL]
    assert "Your session stopped at" not in words(again)


def test_another_plan_is_remembered(house: House) -> None:
    desk = house.open()
    desk._tonight.plan_chosen.emit("five-stretches")
    assert "Five stretches" in words(desk)
    assert house.open()._core.preferences.settings.plan == "five-stretches"


def test_a_plan_that_is_gone_is_replaced_and_said(house: House) -> None:
    first = house.open()
    first._core.preferences.change("plan", "granny")
    desk = house.open()
    assert "Bedtime" in words(desk) and "granny" in words(desk)


def test_volume_voice_and_captions_are_remembered(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    press(desk, Qt.Key.Key_Down)
    press(desk, Qt.Key.Key_V)
    press(desk, Qt.Key.Key_C)
    settings = house.open()._core.preferences.settings
    assert (settings.volume, settings.voice, settings.captions) == (55, False, False)


def test_the_light_is_remembered_but_that_of_a_session_is_for_the_session(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    press(desk, Qt.Key.Key_N)
    assert desk._window.theme.is_night and desk._core.preferences.settings.theme == "auto"
    desk.leave()
    desk = house.open()
    press(desk, Qt.Key.Key_N)
    assert house.open()._core.preferences.settings.theme == "night"


def test_a_session_after_a_cramp_has_the_light_of_the_evening_again(house: House) -> None:
    desk = house.open()
    desk.right_now("cramp-now")
    assert desk._window.theme.is_night
    assert desk._stage is not None
    desk._stage.player.stop()  # its last page is still there
    desk.start_tonight()
    assert phase(desk) is Phase.RUNNING and not desk._window.theme.is_night


def test_the_night_whispers_and_rings_no_chimes_beside_words(house: House) -> None:
    desk = house.open()
    desk._core.preferences.change("volume", 90)
    press(desk, Qt.Key.Key_Return)
    assert house.sound.volume == pytest.approx(0.9)
    press(desk, Qt.Key.Key_N)
    assert house.sound.volume == pytest.approx(0.25)


def test_late_in_the_evening_the_voice_whispers_by_itself(house: House) -> None:
    desk = house.open()
    house.time.advance(90 * 60)  # 23:30
    press(desk, Qt.Key.Key_Return)
    assert house.sound.volume == 0.25
    desk._core.preferences.change("whisper", False)
    assert house.sound.volume == 0.6


def test_what_is_changed_in_the_settings_holds_in_the_running_session(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    for name, value in (("chimes", 30), ("count_in", "breaths"), ("volume", 40)):
        desk._core.preferences.change(name, value)
    assert (house.sound.volume, house.sound.tones) == (0.4, 0.3)
    press(desk, Qt.Key.Key_Space)  # ready: a hold of thirty seconds begins
    rings = desk._window.findChildren(Ring)
    assert [ring.shown_digits for ring in rings if ring.isVisible()] == ["3"]


def test_wait_for_me_is_remembered(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    press(desk, Qt.Key.Key_W)
    assert desk._core.preferences.settings.wait_for_me


def test_run_goes_straight_into_the_session(house: House) -> None:
    plan = compose.build(locate(house.home)).library.find("five-stretches")
    desk = house.open(Request(plan=plan))
    assert desk._window.in_session and phase(desk) is Phase.RUNNING


def test_a_missing_sound_device_is_said_in_the_session_and_afterwards(house: House) -> None:
    house.sound = FakeSound(house.time, works=False)
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    assert "Sound for tests." in words(desk)
    assert "Sound for tests." in desk._notices


def test_the_finishing_time_moves_with_the_clock(house: House) -> None:
    desk = house.open()
    before = words(desk)
    house.time.advance(60)
    assert words(desk) != before


def test_a_minimised_window_rests_and_is_right_when_it_comes_back(house: House) -> None:
    desk = house.open()
    before = words(desk)
    desk._window.showMinimized()
    house.time.advance(600)
    assert house.time.waiting == []
    desk._window.showNormal()
    house.qtbot.waitUntil(lambda: words(desk) not in ("", before))
    assert len(house.time.waiting) == 1


def test_the_window_comes_back_where_it_was(house: House) -> None:
    desk = house.open()
    desk._window.resize(desk._window.width(), 651)
    desk._window.close()
    assert house.open()._window.height() == 651


def test_what_the_system_ends_is_kept(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    house.time.advance(130)
    desk.leave()
    assert len(house.journal.records) == 1 and not desk._window.isVisible()


def test_damaged_settings_are_said_on_tonight(house: House) -> None:
    settings = house.home / "config" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text("not json", encoding="utf-8")
    desk = house.open()
    assert "settings" in words(desk).lower()


def test_a_plan_that_breaks_while_the_window_is_open_is_said(house: House) -> None:
    desk = house.open()
    desk._start_asked("nobody")
    assert not desk._window.in_session and "nobody" in words(desk)


def test_a_voice_that_fails_is_said_where_it_was_tried(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_process, "ask_for_voices", lambda then: then([("a", "Warm, English")]))
    desk = house.open()
    press(desk, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    desk._settings.show_group("voice")
    assert "Voice works" in words(desk) and "The voice is gone." not in words(desk)
    house.voice.fail("The voice is gone.")
    assert "The voice is gone." in words(desk)
