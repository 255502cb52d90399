"""Plans, library, body and help in the whole app: what a person asks for on a page really happens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from coach.compose import Request
from coach.desk import Desk
from coach.domain.evening import with_bedtime
from coach.domain.exercise import Flag
from coach.domain.profile import MassageCheck
from coach.domain.session import Phase
from coach.ui.fields import CheckTile
from coach.ui.plan_rows import PlanItem
from coach.ui.switches import Slider
from coach.ui.tonight_page import clock_text
from tests.ui.house import House, click, phase, press, words

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
RUB = 'format = 1\nname = "Rub"\n[[steps]]\nexercise = "calf_glide"\n[[steps]]\nexercise = "knee_chest"\n'


def go(desk: Desk, number: int) -> None:
    """To a page by its key."""
    press(desk, Qt.Key(Qt.Key.Key_0 + number), CTRL)


def steps(desk: Desk) -> list[str]:
    moment = desk._stage.player.snapshot() if desk._stage else None
    assert moment is not None
    session = desk._get_stage().player._session
    assert session is not None
    return list(dict.fromkeys(segment.exercise.id for segment in session.timeline.segments))


def tick(desk: Desk, title: str) -> CheckTile:
    return next(one for one in desk._window.findChildren(CheckTile) if one.accessibleName() == title)


# ---------------------------------------------------------------- what keeps people safe


def test_before_the_very_first_session_the_ticks_are_asked_for_once(house: House) -> None:
    desk = house.open(first_time=True)
    press(desk, Qt.Key.Key_Escape)  # the first page can be put off
    press(desk, Qt.Key.Key_Return)
    assert phase(desk) is None and "Hip replacement" in words(desk)
    QTest.mouseClick(tick(desk, "Unsteady, or a fall this year"), Qt.MouseButton.LeftButton)
    click(desk, "Done")
    assert phase(desk) is Phase.RUNNING
    assert "calf_wall" not in steps(desk) and "calf_towel" in steps(desk)
    assert desk._core.safety.profile.asked


def test_a_plan_asked_for_by_name_starts_at_once(house: House) -> None:
    plan = house.open()._core.library.find("five-stretches")
    desk = house.open(Request(plan=plan), first_time=True)
    assert phase(desk) is Phase.RUNNING


def test_before_the_first_massage_the_warning_signs_are_asked_and_a_yes_takes_it_out(house: House) -> None:
    desk = house.open()
    desk.lead(desk._core.library.find("bedtime-massage"))
    assert phase(desk) is None and "A blood clot now" in words(desk)
    click(desk, "One of these is true")
    click(desk, "Go on without massage")
    assert phase(desk) is Phase.RUNNING
    assert not any(name.startswith("calf_glide") for name in steps(desk))
    assert desk._core.safety.profile.massage is MassageCheck.FLAGGED


def test_who_answers_no_gets_the_massage_and_is_not_asked_again(house: House) -> None:
    desk = house.open()
    desk.lead(desk._core.library.find("bedtime-massage"))
    click(desk, "None of this is true for me")
    assert phase(desk) is Phase.RUNNING and "calf_glide" in steps(desk)
    assert not house.open()._core.safety.needs_massage_check(
        desk._core.library.find("self-massage"),
    )


def test_who_wants_to_know_more_first_is_shown_when_to_get_help_and_nothing_starts(house: House) -> None:
    desk = house.open()
    desk.lead(desk._core.library.find("self-massage"))
    click(desk, "One of these is true")
    click(desk, "When to get help")
    assert phase(desk) is None and "Emergency call" in words(desk)


def test_help_is_one_click_away_on_every_page(house: House) -> None:
    desk = house.open()
    for number in (1, 2, 3, 4, 5):
        go(desk, number)
        click(desk, "When to get help")
        assert "Emergency call" in words(desk)


def test_in_a_session_help_is_behind_f1_and_the_session_waits(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    press(desk, Qt.Key.Key_F1)
    click(desk, "When to get help")
    assert phase(desk) is Phase.PAUSED
    assert "Leg suddenly cold, pale or blue" in words(desk)


def test_relief_right_now_asks_nothing_even_the_first_time(house: House) -> None:
    desk = house.open(first_time=True)
    press(desk, Qt.Key.Key_Escape)
    press(desk, Qt.Key.Key_R)
    assert phase(desk) is Phase.RUNNING and "walk_spot" in steps(desk)


def test_a_cramp_opens_in_the_dark(house: House) -> None:
    desk = house.open(first_time=True)
    press(desk, Qt.Key.Key_Escape)
    press(desk, Qt.Key.Key_C)
    assert phase(desk) is Phase.RUNNING and desk._window.theme.is_night
    assert steps(desk)[0] == "cramp_calf"


def test_a_plan_of_which_nothing_is_left_is_said_and_not_begun(house: House, tmp_path: Path) -> None:
    desk = house.open()
    desk._core.safety.set_flag(Flag.VEINS, True)
    desk._core.safety.answer_massage(True)
    path = tmp_path / "rub.toml"
    path.write_text('format = 1\nname = "Rub"\n[[steps]]\nexercise = "calf_glide"\n', "utf-8")
    desk.lead(desk._core.library.load(path))
    assert phase(desk) is None
    assert "Nothing of “Rub” is left for you" in words(desk)
    desk._core.safety.set_flag(Flag.VEINS, False)
    go(desk, 2)
    go(desk, 1)
    assert "Nothing of “Rub” is left for you" not in words(desk)


def test_leaving_a_move_out_in_the_session_holds_from_then_on(house: House) -> None:
    desk = house.open()
    press(desk, Qt.Key.Key_Return)
    house.time.advance(25)
    press(desk, Qt.Key.Key_X)
    click(desk, "Leave it out always")
    assert "calf_wall" in desk._core.safety.profile.left_out
    moment = desk._get_stage().player.snapshot()
    assert moment is not None and moment.segment is not None
    assert moment.segment.exercise.id == "ham_floor"


# ---------------------------------------------------------------- the library


def test_a_move_can_be_tried_from_the_library_by_keyboard(house: House) -> None:
    desk = house.open()
    go(desk, 3)
    desk._look_at("calf_wall")
    press(desk, Qt.Key.Key_T)
    assert phase(desk) is Phase.RUNNING and steps(desk) == ["calf_wall"]


def test_a_move_goes_from_the_library_into_a_new_plan(house: House) -> None:
    desk = house.open()
    go(desk, 3)
    desk._look_at("butterfly")
    press(desk, Qt.Key.Key_A)
    press(desk, Qt.Key.Key_Return)
    editor = desk._plans._get_editor()
    assert desk._window.page is editor
    assert [step.exercise for step in editor.plan.steps] == ["butterfly"]


def test_a_move_of_ones_own_can_be_kept_although_a_tick_speaks_against_it(
    house: House, tmp_path: Path
) -> None:
    path = tmp_path / "given.toml"
    path.write_text(
        'format = 1\nname = "Given"\n[[steps]]\nexercise = "stand"\n[[exercises]]\nid = "stand"\n'
        'name = "Stand on one leg"\nkind = "stretch"\npostures = ["standing"]\nsides = true\nseconds = 20\n'
        'cues = ["Hold on to the sink."]\nstop = ["dizziness"]\n',
        "utf-8",
    )
    desk = house.open()
    desk._core.safety.set_flag(Flag.BALANCE, True)
    desk._core.library.bring_in(desk._core.library.preview(path), replace=False)
    desk.lead(desk._core.library.find("given"))
    assert phase(desk) is None and "Nothing of “Given” is left for you" in words(desk)
    desk._look_at("stand")
    assert "Stand on one leg" in words(desk)
    desk._library.page.keep_asked.emit("stand", True)
    press(desk, Qt.Key.Key_T)
    assert phase(desk) is Phase.RUNNING and steps(desk) == ["stand"]


# ---------------------------------------------------------------- plans


def test_reordering_saving_and_starting_by_keyboard_alone(house: House) -> None:
    desk = house.open()
    desk._change("plan", "five-stretches")
    go(desk, 2)
    press(desk, Qt.Key.Key_E)
    press(desk, Qt.Key.Key_Down, ALT)
    press(desk, Qt.Key.Key_S, CTRL)
    go(desk, 1)
    press(desk, Qt.Key.Key_Return)
    assert phase(desk) is Phase.RUNNING
    assert steps(desk)[:2] == ["ham_floor", "calf_wall"]
    assert desk._core.library.is_changed("five-stretches")


def test_leaving_the_editor_with_changes_asks_once_and_can_save(house: House) -> None:
    desk = house.open()
    desk._change("plan", "five-stretches")
    go(desk, 2)
    press(desk, Qt.Key.Key_E)
    press(desk, Qt.Key.Key_Delete)
    go(desk, 3)
    assert desk._window.page is desk._plans._get_editor()
    click(desk, "Save and leave")
    assert "Library" in words(desk)
    assert len(desk._core.library.find("five-stretches").steps) == 4
    go(desk, 2)
    assert desk._window.page is not desk._plans._get_editor()


def test_back_from_the_editor_the_plan_that_was_looked_at_has_the_focus(house: House) -> None:
    desk = house.open()
    go(desk, 2)
    desk._plans.page.focus_plan("bed-only")
    press(desk, Qt.Key.Key_E)
    assert desk._window.page is desk._plans._get_editor()
    press(desk, Qt.Key.Key_Escape)
    focused = desk._window.focusWidget()
    assert isinstance(focused, PlanItem) and focused.line.id == "bed-only"


def test_a_changed_plan_can_be_as_it_was(house: House) -> None:
    desk = house.open()
    plans = desk._plans
    go(desk, 2)
    press(desk, Qt.Key.Key_E)
    press(desk, Qt.Key.Key_Delete)
    press(desk, Qt.Key.Key_S, CTRL)
    changed = desk._core.preferences.settings.plan
    assert desk._core.library.is_changed(changed)
    go(desk, 2)
    plans.page.restore_asked.emit(changed)
    assert not desk._core.library.is_changed(changed)
    assert "The original is back." in words(desk)


def test_a_draft_can_be_tried_without_being_saved_and_is_still_there_after(house: House) -> None:
    desk = house.open()
    go(desk, 2)
    press(desk, Qt.Key.Key_E)
    press(desk, Qt.Key.Key_Delete)
    editor = desk._plans._get_editor()
    click(desk, "Try this plan")
    assert phase(desk) is Phase.RUNNING
    desk._get_stage().player.stop()
    desk._window.leave_session()
    assert desk._window.page is editor and editor.has_changes


def test_a_good_file_is_shown_first_and_then_kept(house: House, tmp_path: Path) -> None:
    path = tmp_path / "rub.stretchplan.toml"
    path.write_text(RUB, "utf-8")
    house.files.opened = [path]
    desk = house.open()
    go(desk, 2)
    desk._plans.page.file_asked.emit()
    assert "Rub" in words(desk) and not desk._core.library.is_mine("rub")
    click(desk, "Import")
    assert desk._core.library.is_mine("rub")
    assert "“Rub” is among your plans now." in words(desk)


def test_several_files_come_one_after_the_other_and_a_broken_one_says_what_is_wrong(
    house: House, tmp_path: Path
) -> None:
    good, bad = tmp_path / "rub.toml", tmp_path / "bad.toml"
    good.write_text(RUB, "utf-8")
    bad.write_text(RUB.replace("calf_glide", "calf_glied"), "utf-8")
    desk = house.open()
    go(desk, 2)
    desk._plans.bring_in([bad, good])
    assert "Did you mean “calf_glide”?" in words(desk)
    desk._plans._get_imports().left.emit()
    click(desk, "Import")
    assert desk._core.library.is_mine("rub")


def test_only_a_file_that_is_there_is_offered_to_be_opened(house: House, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(RUB.replace("calf_glide", "calf_glied"), "utf-8")
    desk = house.open()
    go(desk, 2)
    desk._plans.bring_in([bad])
    assert "Open the file" in words(desk)
    bad.unlink()
    desk._plans.bring_in([bad])
    assert "Choose another file" in words(desk) and "Open the file" not in words(desk)


def test_a_file_with_the_name_of_a_plan_replaces_it_only_when_told_to(house: House, tmp_path: Path) -> None:
    path = tmp_path / "bedtime.toml"
    path.write_text(RUB.replace("Rub", "Bedtime"), "utf-8")
    desk = house.open()
    go(desk, 2)
    desk._plans.bring_in([path])
    click(desk, "Import as a copy")
    assert len(desk._core.library.find("bedtime").steps) == 6
    assert len(desk._core.library.find("bedtime-2").steps) == 2
    desk._plans.bring_in([path])
    desk._plans._get_imports().import_asked.emit()
    assert len(desk._core.library.find("bedtime").steps) == 2


def test_a_file_given_on_the_command_line_is_shown(house: House, tmp_path: Path) -> None:
    path = tmp_path / "rub.toml"
    path.write_text(RUB, "utf-8")
    desk = house.open(Request(opened=path))
    house.qtbot.waitUntil(lambda: desk._window.page is desk._plans._get_imports())


def test_a_plan_is_saved_as_a_file_where_the_user_says(house: House, tmp_path: Path) -> None:
    house.files.target = tmp_path / "for-a-friend.stretchplan.toml"
    desk = house.open()
    go(desk, 2)
    desk._plans.page.save_asked.emit("bedtime")
    assert house.files.suggested == ["bedtime.stretchplan.toml"]
    assert 'name = "Bedtime"' in house.files.target.read_text("utf-8")
    house.files.target = house.files.target / "below-a-file.toml"
    desk._plans.page.save_asked.emit("bedtime")
    assert "cannot be saved" in words(desk)


def test_five_minutes_of_any_plan_is_one_choice(house: House) -> None:
    desk = house.open()
    go(desk, 2)
    desk._plans.page.short_asked.emit("bedtime")
    moment = desk._get_stage().player.snapshot()
    assert moment is not None and moment.left <= 300


def test_a_plan_that_is_gone_by_now_is_said(house: House) -> None:
    desk = house.open()
    go(desk, 2)
    desk._plans.page.play_asked.emit("never-was")
    assert "There is no plan called “never-was”." in words(desk)


# ---------------------------------------------------------------- my body


def test_ticks_change_the_pages_at_once_and_are_kept(house: House) -> None:
    desk = house.open()
    go(desk, 5)
    desk._settings.show_group("body")
    desk._body.content.ticked.emit(Flag.BALANCE, True)
    assert "moves swapped" in words(desk)
    kept = json.loads((house.home / "config" / "profile.json").read_text("utf-8"))
    assert kept["flags"] == ["balance"]
    go(desk, 1)
    assert "Seated calf with towel" in words(desk)


def test_damaged_ticks_are_said_on_tonight(house: House) -> None:
    path = house.home / "config" / "profile.json"
    path.parent.mkdir(parents=True)
    path.write_text("{", "utf-8")
    desk = house.open()
    assert "profile.json" in words(desk)


# ---------------------------------------------------------------- reminders


def test_the_reminders_can_be_taken_to_the_phone(house: House, tmp_path: Path) -> None:
    desk = house.open()
    evenings = house.residents[0].evenings
    evenings.change(with_bedtime(evenings.schedule, range(7), time(22, 45)))
    go(desk, 4)
    house.files.target = tmp_path / "evenings.ics"
    desk._reminders.page.calendar_asked.emit()
    assert house.files.suggested == ["stretch-coach.ics"]
    assert "SUMMARY:Stretch" in house.files.target.read_text()
    house.files.target = tmp_path / "evenings.ics" / "below"
    desk._reminders.page.calendar_asked.emit()
    assert "cannot be saved" in words(desk)
    house.files.target = None
    desk._reminders.page.calendar_asked.emit()
    assert "cannot be saved" not in words(desk)


def test_a_first_bedtime_is_promised_for_tonight_as_the_clock_stands(house: House) -> None:
    desk = house.open()
    house.time.set_clock(datetime(2026, 11, 20, 20, 30, tzinfo=UTC))
    click(desk, "Set my bedtime")
    assert f"comes at {clock_text(time(22, 0))}, every evening." in words(desk)
    press(desk, Qt.Key.Key_Escape)
    house.time.set_clock(datetime(2026, 11, 20, 21, 30, tzinfo=UTC))
    click(desk, "Set my bedtime")
    assert f"comes at {clock_text(time(22, 0))}, from tomorrow on." in words(desk)


def test_what_is_being_heard_follows_a_slider_before_its_value_is_kept(house: House) -> None:
    desk = house.open()
    go(desk, 5)
    slider = desk._settings.page.rows["volume"].control
    assert isinstance(slider, Slider)
    slider.setSliderDown(True)
    slider.setValue(25)
    assert house.taken_over[-1].volume == 25 and desk._core.preferences.settings.volume == 60
    slider.setSliderDown(False)
    assert desk._core.preferences.settings.volume == 25
