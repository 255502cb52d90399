"""The plan editor as its users meet it: rows by mouse and by keyboard, undo, adding, and leaving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from coach.domain.exercise import Kind, Posture, Side
from coach.domain.plan import Extra, Plan, Step
from coach.domain.timeline import build
from coach.ui.controls import RING_GAP, RING_WIDTH
from coach.ui.plan_editor import EditorView, PlanEditor, clock_words, step_view
from coach.ui.plan_rows import holds_focus
from coach.ui.step_rows import StepRow
from coach.ui.theme import Look, Theme, browsing_factor
from tests.finding import clipped, named, nameless, names, shown_words
from tests.script import CALF, EXERCISES, plan

RUB = replace(CALF, id="rub", name="Calf strokes", kind=Kind.MASSAGE, postures=(Posture.CHAIR,))
KNOWN = {**{name: EXERCISES[name] for name in ("calf", "quad", "ham", "seat", "breath")}, "rub": RUB}
FIVE = replace(plan("calf", "quad", "ham", "seat", "breath"), id="mine", name="Quiet legs")
SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]
CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Album:
    """No pictures at all."""

    def pixmap(
        self, figure_id: str | None, side: str | None, size: QSize, theme: Theme, *, ratio: float = 1.0
    ) -> QPixmap:
        return QPixmap()


def view(edited: Plan = FIVE, notes: Mapping[str, str] | None = None, **more: bool) -> EditorView:
    return EditorView(edited, KNOWN, notes or {}, **more)


@pytest.fixture
def editor(qtbot: QtBot) -> PlanEditor:
    """The page in an active window as wide as beside the sidebar of 1280 x 800."""
    made = PlanEditor(Album(), lambda one: build(one, KNOWN).seconds)
    qtbot.addWidget(made)
    made.set_look(Look(reduced_motion=True))
    made.resize(1048, 800)
    made.show_plan(view())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus(Qt.FocusReason.TabFocusReason)
    return made


def focused(editor: PlanEditor) -> QWidget:
    widget = editor.window().focusWidget()
    assert widget is not None
    return widget


def press(
    editor: PlanEditor, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(focused(editor), key, held)


def order(editor: PlanEditor) -> str:
    return " ".join(step.exercise for step in editor.plan.steps)


def row(editor: PlanEditor, index: int) -> StepRow:
    return next(one for one in editor.findChildren(StepRow) if one.isVisible() and one.index == index)


def in_use(editor: PlanEditor) -> int:
    """The step whose row or part has the focus."""
    return next(one.index for one in editor.findChildren(StepRow) if holds_focus(one))


def fold(editor: PlanEditor, qtbot: QtBot) -> None:
    """Make it as small as in the smallest window."""
    editor.set_look(Look(factor=browsing_factor(900, 600), reduced_motion=True))
    editor.resize(828, 600)
    qtbot.waitUntil(lambda: "Add a step" in names(editor))


# ---------------------------------------------------------------- what is shown


def test_the_page_says_how_long_the_whole_plan_takes(editor: PlanEditor) -> None:
    assert clock_words(build(FIVE, KNOWN).seconds) in shown_words(editor)
    assert "5 steps" in shown_words(editor)
    assert "Ready to use" in shown_words(editor)
    press(editor, Qt.Key.Key_Plus)
    assert clock_words(build(FIVE, KNOWN).seconds + 10) in shown_words(editor)


@pytest.mark.parametrize(("seconds", "words"), [(65, "1:05"), (840, "14:00"), (3600, "1:00:00")])
def test_lengths_are_written_like_a_clock(seconds: float, words: str) -> None:
    assert clock_words(seconds) == words


def test_a_row_tells_a_screen_reader_everything_in_it(editor: PlanEditor) -> None:
    assert row(editor, 0).accessibleName() == "Calf stretch, step 1 of 5, Both legs, 30 s"
    assert row(editor, 4).accessibleName() == "Breathing, step 5 of 5, 90 s"


def test_a_row_says_what_is_special_about_a_step() -> None:
    step = Step(
        "ham",
        rounds=2,
        sides=(Side.LEFT,),
        extra=Extra(Side.LEFT, 10),
        posture=Posture.BED,
        note="Towel",
    )
    shown = step_view(step, KNOWN["ham"])
    assert shown.detail == "2 rounds, left 10 s more, In bed, note"
    assert shown.sides == "left"
    assert step_view(Step("nothing", seconds=40), None).name == "nothing"


def test_what_the_safety_profile_says_stands_in_the_row(editor: PlanEditor) -> None:
    editor.show_plan(view(notes={"quad": "Lighter for you: balance."}))
    assert row(editor, 1).accessibleDescription() == "Lighter for you: balance."
    assert row(editor, 1).height() > row(editor, 0).height()


# ---------------------------------------------------------------- order, by keyboard


def test_the_ring_of_the_first_step_is_whole(editor: PlanEditor) -> None:
    first = row(editor, 0)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    assert first.y() >= RING_GAP + RING_WIDTH


def test_a_step_moves_with_alt_and_arrows_keeps_the_focus_and_it_is_said(editor: PlanEditor) -> None:
    assert in_use(editor) == 0
    press(editor, Qt.Key.Key_Down, ALT)
    press(editor, Qt.Key.Key_Down, ALT)
    assert order(editor) == "quad ham calf seat breath"
    assert in_use(editor) == 2
    assert "Calf stretch moved to 3 of 5" in shown_words(editor)
    press(editor, Qt.Key.Key_Up, ALT)
    assert order(editor) == "quad calf ham seat breath"
    press(editor, Qt.Key.Key_End, ALT)
    assert order(editor) == "quad ham seat breath calf"
    press(editor, Qt.Key.Key_Home, ALT)
    assert order(editor) == "calf quad ham seat breath"


def test_a_step_at_the_end_stays_there(editor: PlanEditor) -> None:
    press(editor, Qt.Key.Key_Up, ALT)
    assert editor.plan == FIVE
    assert not editor.has_changes


def test_arrows_walk_from_step_to_step(editor: PlanEditor) -> None:
    press(editor, Qt.Key.Key_Down)
    assert in_use(editor) == 1
    press(editor, Qt.Key.Key_End)
    assert in_use(editor) == 4
    press(editor, Qt.Key.Key_Down)
    assert in_use(editor) == 4
    press(editor, Qt.Key.Key_Home)
    press(editor, Qt.Key.Key_Up)
    assert in_use(editor) == 0


def test_moving_works_from_inside_a_row_too(editor: PlanEditor) -> None:
    row(editor, 0).seconds.setFocus(Qt.FocusReason.TabFocusReason)
    press(editor, Qt.Key.Key_Down, ALT)
    assert order(editor) == "quad calf ham seat breath"


def test_tab_goes_through_one_row_and_then_on(editor: PlanEditor, qtbot: QtBot) -> None:
    qtbot.waitUntil(row(editor, 0).more.isVisible)
    seen = []
    for _press in range(6):
        seen.append(focused(editor).accessibleName())
        press(editor, Qt.Key.Key_Tab)
    assert seen == [
        "Calf stretch, step 1 of 5, Both legs, 30 s",
        "Both legs",
        "Seconds of Calf stretch",
        "Remove Calf stretch",
        "More for Calf stretch",
        "Search",
    ]
    for _press in range(2):
        press(editor, Qt.Key.Key_Backtab)
    assert in_use(editor) == 0


# ---------------------------------------------------------------- order, by mouse


def drag(editor: PlanEditor, index: int, by: int) -> None:
    """Take a row at its grip and let it go further down or up."""
    taken, where = row(editor, index), QPoint(20, 20)
    QTest.mousePress(taken, Qt.MouseButton.LeftButton, pos=where)
    target = taken.mapToGlobal(where + QPoint(0, by))
    QTest.mouseMove(taken, taken.mapFromGlobal(target))
    QTest.mouseMove(taken, taken.mapFromGlobal(target))


def test_a_row_is_dragged_to_another_place(editor: PlanEditor) -> None:
    each = row(editor, 1).y() - row(editor, 0).y()
    drag(editor, 0, 2 * each + 4)
    assert row(editor, 0).floating
    assert row(editor, 1).y() < row(editor, 0).y()
    QTest.mouseRelease(row(editor, 0), Qt.MouseButton.LeftButton)
    assert order(editor) == "quad ham calf seat breath"
    assert "Calf stretch moved to 3 of 5" in shown_words(editor)
    drag(editor, 4, -5 * each)
    QTest.mouseRelease(row(editor, 4), Qt.MouseButton.LeftButton)
    assert order(editor) == "breath quad ham calf seat"


def test_a_row_let_go_where_it_was_changes_nothing(editor: PlanEditor) -> None:
    drag(editor, 1, 10)
    QTest.mouseRelease(row(editor, 1), Qt.MouseButton.LeftButton)
    assert not editor.has_changes
    assert not row(editor, 1).floating


def test_escape_puts_a_dragged_row_back(editor: PlanEditor, qtbot: QtBot) -> None:
    drag(editor, 0, 200)
    with qtbot.assertNotEmitted(editor.left):
        QTest.keyClick(row(editor, 0), Qt.Key.Key_Escape)
    QTest.mouseRelease(row(editor, 0), Qt.MouseButton.LeftButton)
    assert order(editor) == "calf quad ham seat breath"


def test_a_row_at_the_edge_scrolls_the_list(editor: PlanEditor, qtbot: QtBot) -> None:
    editor.show_plan(view(replace(FIVE, steps=FIVE.steps * 8)))
    before = row(editor, 0).mapTo(editor, QPoint(0, 0)).y()
    drag(editor, 2, 640)
    qtbot.waitUntil(lambda: editor._list.mapTo(editor, QPoint(0, 0)).y() < before - 200)
    QTest.mouseRelease(row(editor, 2), Qt.MouseButton.LeftButton)
    assert editor.plan.steps[2].exercise != "ham"


# ---------------------------------------------------------------- what a step is like


def test_seconds_change_by_keys_and_keep_their_limits(editor: PlanEditor) -> None:
    for key, held, seconds in (
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.NoModifier, 35),
        (Qt.Key.Key_Plus, SHIFT, 45),
        (Qt.Key.Key_Equal, Qt.KeyboardModifier.NoModifier, 50),
        (Qt.Key.Key_Minus, Qt.KeyboardModifier.NoModifier, 45),
        (Qt.Key.Key_Underscore, SHIFT, 35),
    ):
        press(editor, key, held)
        assert editor.plan.steps[0].seconds == seconds
    for _press in range(9):
        press(editor, Qt.Key.Key_Underscore, SHIFT)
    assert editor.plan.steps[0].seconds == 5


def test_seconds_change_in_their_field(editor: PlanEditor) -> None:
    seconds = named(editor, "Seconds of Quad stretch", QSpinBox)
    seconds.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(seconds, Qt.Key.Key_Up)
    assert editor.plan.steps[1].seconds == 35
    assert editor.plan.steps[0].seconds is None


def test_the_side_is_chosen_in_the_row(editor: PlanEditor) -> None:
    left = next(
        part for part in row(editor, 1).findChildren(QRadioButton) if part.accessibleName() == "Left leg"
    )
    QTest.mouseClick(left, Qt.MouseButton.LeftButton)
    assert editor.plan.steps[1].sides == (Side.LEFT,)
    editor.undo()
    assert editor.plan == FIVE
    assert row(editor, 1).sides.key == "both"


def test_in_a_small_window_the_sides_are_a_menu(editor: PlanEditor, qtbot: QtBot) -> None:
    fold(editor, qtbot)
    QTest.mouseClick(row(editor, 0).sides_menu, Qt.MouseButton.LeftButton)
    QTest.mouseClick(named(editor, "Right"), Qt.MouseButton.LeftButton)
    assert editor.plan.steps[0].sides == (Side.RIGHT,)


def test_with_large_text_in_a_small_window_sides_and_seconds_go_below_the_name(
    editor: PlanEditor, qtbot: QtBot
) -> None:
    before = row(editor, 0).height()
    editor.set_look(Look(factor=browsing_factor(900, 600, 150), reduced_motion=True))
    editor.resize(814, 600)
    first = row(editor, 0)
    qtbot.waitUntil(lambda: first.height() > 1.8 * before)
    assert first.seconds.y() > first.remove.geometry().bottom()
    press(editor, Qt.Key.Key_Plus)
    assert editor.plan.steps[0].seconds == 35


def test_a_step_is_removed_doubled_and_brought_back(editor: PlanEditor) -> None:
    press(editor, Qt.Key.Key_Down)
    press(editor, Qt.Key.Key_Delete)
    assert order(editor) == "calf ham seat breath"
    assert in_use(editor) == 1
    press(editor, Qt.Key.Key_D, CONTROL | SHIFT)
    assert order(editor) == "calf ham ham seat breath"
    assert in_use(editor) == 2
    for _press in range(2):
        press(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.plan == FIVE
    assert not editor.has_changes
    press(editor, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert order(editor) == "calf ham seat breath"


def test_a_step_is_removed_with_the_mouse(editor: PlanEditor, qtbot: QtBot) -> None:
    row(editor, 2).setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(row(editor, 2).remove.isVisible)
    QTest.mouseClick(named(editor, "Remove Hamstring"), Qt.MouseButton.LeftButton)
    assert order(editor) == "calf quad seat breath"


def test_without_steps_the_page_says_what_to_do(editor: PlanEditor) -> None:
    for _press in range(5):
        editor.remove_step(0)
    assert "No steps yet. Pick the first one from “Add a step”." in shown_words(editor)
    assert not named(editor, "Save", QPushButton).isEnabled()
    press(editor, Qt.Key.Key_Z, CONTROL)
    assert order(editor) == "breath"


def test_everything_else_about_a_step_is_behind_enter(editor: PlanEditor) -> None:
    press(editor, Qt.Key.Key_End)
    press(editor, Qt.Key.Key_Up)
    press(editor, Qt.Key.Key_Up)
    press(editor, Qt.Key.Key_Return)
    named(editor, "Rounds", QSpinBox).setValue(3)
    named(editor, "Rest between rounds", QSpinBox).setValue(20)
    QTest.mouseClick(named(editor, "More time for one leg"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(named(editor, "Left leg", QPushButton), Qt.MouseButton.LeftButton)
    named(editor, "Seconds more", QSpinBox).setValue(15)
    QTest.mouseClick(named(editor, "Position"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(named(editor, "In bed"), Qt.MouseButton.LeftButton)
    note = named(editor, "Note", QLineEdit)
    note.setText("Towel \u202e round the foot")
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert editor.plan.steps[2] == Step(
        "ham",
        rounds=3,
        rest=20,
        extra=Extra(Side.LEFT, 15),
        posture=Posture.BED,
        note="Towel round the foot",
    )
    named(editor, "Wait for me").setFocus(Qt.FocusReason.TabFocusReason)
    press(editor, Qt.Key.Key_Space)
    assert editor.plan.steps[2].wait
    press(editor, Qt.Key.Key_Escape)
    assert in_use(editor) == 2


@pytest.mark.parametrize(
    ("button", "after"),
    [
        ("Duplicate", "calf quad quad ham seat breath"),
        ("Move up", "quad calf ham seat breath"),
        ("Move down", "calf ham quad seat breath"),
        ("Remove", "calf ham seat breath"),
    ],
)
def test_a_step_can_be_moved_and_removed_from_its_sheet(button: str, after: str, editor: PlanEditor) -> None:
    editor.open_step(1)
    QTest.mouseClick(named(editor, button, QPushButton), Qt.MouseButton.LeftButton)
    assert order(editor) == after
    assert "Duplicate" not in names(editor)


# ---------------------------------------------------------------- adding


def test_an_exercise_is_added_at_the_end_with_the_mouse(editor: PlanEditor) -> None:
    named(editor, "Search", QLineEdit).setFocus()
    QTest.mouseClick(named(editor, "Add Calf strokes"), Qt.MouseButton.LeftButton)
    assert order(editor) == "calf quad ham seat breath rub"
    assert "Calf strokes added as step 6" in shown_words(editor)


def test_an_exercise_is_found_and_added_by_keyboard(editor: PlanEditor) -> None:
    press(editor, Qt.Key.Key_Insert)
    assert focused(editor).accessibleName() == "Search"
    QTest.keyClicks(focused(editor), "stro")
    assert [name for name in names(editor) if name.startswith("Add ")] == ["Add Calf strokes"]
    press(editor, Qt.Key.Key_Return)
    assert order(editor) == "calf quad ham seat breath rub"
    press(editor, Qt.Key.Key_Down)
    assert focused(editor).accessibleName() == "Add Calf strokes"
    press(editor, Qt.Key.Key_Return)
    assert order(editor) == "calf quad ham seat breath rub rub"
    press(editor, Qt.Key.Key_Up)
    assert focused(editor).accessibleName() == "Search"
    QTest.keyClicks(focused(editor), "zzz")
    assert "Nothing is called that. Try: calf, hip, breath." in shown_words(editor)


def test_a_kind_narrows_the_exercises(editor: PlanEditor) -> None:
    QTest.mouseClick(named(editor, "Massage"), Qt.MouseButton.LeftButton)
    assert [name for name in names(editor) if name.startswith("Add ")] == ["Add Calf strokes"]


def test_the_list_of_exercises_is_one_stop_for_tab(editor: PlanEditor) -> None:
    named(editor, "All").setFocus(Qt.FocusReason.TabFocusReason)
    press(editor, Qt.Key.Key_Tab)
    assert focused(editor).accessibleName() == "Add Calf stretch"
    press(editor, Qt.Key.Key_Down)
    assert focused(editor).accessibleName() == "Add Quad stretch"
    press(editor, Qt.Key.Key_Tab)
    assert focused(editor).accessibleName() == "I have 5 minutes"
    press(editor, Qt.Key.Key_Backtab)
    assert focused(editor).accessibleName() == "Add Calf stretch"
    press(editor, Qt.Key.Key_Backtab)
    assert focused(editor).accessibleName() == "All"


def test_an_exercise_from_the_library_goes_after_the_step_in_use(editor: PlanEditor) -> None:
    editor.add("rub")
    assert order(editor) == "calf rub quad ham seat breath"
    assert in_use(editor) == 1


def test_in_a_small_window_the_exercises_are_in_a_sheet(editor: PlanEditor, qtbot: QtBot) -> None:
    fold(editor, qtbot)
    assert "Search" not in names(editor)
    for count in (6, 7):
        press(editor, Qt.Key.Key_Insert)
        assert focused(editor).accessibleName() == "Search"
        QTest.mouseClick(named(editor, "Add Calf strokes"), Qt.MouseButton.LeftButton)
        assert len(editor.plan.steps) == count
        assert "Search" not in names(editor)
        assert editor.plan.steps[in_use(editor)].exercise == "rub"
    editor.set_look(Look(reduced_motion=True))
    editor.resize(1048, 800)
    qtbot.waitUntil(lambda: "Search" in names(editor))


def test_tab_stays_in_the_sheet_of_exercises(editor: PlanEditor, qtbot: QtBot) -> None:
    fold(editor, qtbot)
    press(editor, Qt.Key.Key_Insert)
    seen: list[str] = []
    while "Search" not in seen and len(seen) < 20:
        press(editor, Qt.Key.Key_Tab)
        seen.append(focused(editor).accessibleName())
    assert seen[0] == "All"
    assert seen[-3:] == ["Add Calf stretch", "Close", "Search"]


# ---------------------------------------------------------------- the plan as a whole


def test_the_name_is_written_over_in_place(editor: PlanEditor) -> None:
    name = named(editor, "Name of the plan", QLineEdit)
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "Slow evening")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert editor.plan.name == "Slow evening"
    name.clear()
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert name.text() == "Slow evening"
    QTest.keyClicks(name, " forgotten")
    QTest.keyClick(name, Qt.Key.Key_Escape)
    assert editor.plan.name == "Slow evening"


def test_a_name_still_being_typed_is_saved_too(editor: PlanEditor, qtbot: QtBot) -> None:
    name = named(editor, "Name of the plan", QLineEdit)
    name.setFocus()
    QTest.keyClicks(name, " two")
    with qtbot.waitSignal(editor.save_asked) as asked:
        QTest.keyClick(name, Qt.Key.Key_S, CONTROL)
    assert asked.args is not None
    assert "two" in asked.args[0].name


def test_the_rest_between_steps(editor: PlanEditor) -> None:
    rest = named(editor, "Rest between steps", QSpinBox)
    rest.setValue(10)
    assert editor.plan.rest == 10
    editor.undo()
    assert rest.value() == 0


def test_fewer_get_ups_are_offered_only_where_there_are_some(editor: PlanEditor) -> None:
    assert "You get up once." in shown_words(editor)
    editor.show_plan(view(plan("calf", "seat", "ham")))
    assert "Fewest get-ups" not in names(editor)
    editor.show_plan(view(plan("ham", "calf", "ham", "quad", "breath")))
    assert "You get up 2 times." in shown_words(editor)
    QTest.mouseClick(named(editor, "Fewest get-ups"), Qt.MouseButton.LeftButton)
    assert order(editor) == "calf quad ham ham breath"
    assert "Fewest get-ups" not in names(editor)
    editor.undo()
    assert order(editor) == "ham calf ham quad breath"


def test_i_have_five_minutes(editor: PlanEditor) -> None:
    QTest.mouseClick(named(editor, "I have 5 minutes"), Qt.MouseButton.LeftButton)
    assert build(editor.plan, KNOWN).seconds <= 300
    assert editor.has_changes
    short = editor.plan
    QTest.mouseClick(named(editor, "I have 5 minutes"), Qt.MouseButton.LeftButton)
    assert editor.plan == short
    assert "This plan takes no more than 5 minutes." in shown_words(editor)


def pick(editor: PlanEditor, words: str) -> None:
    QTest.mouseClick(named(editor, "More for this plan"), Qt.MouseButton.LeftButton)
    found = [
        one for one in editor.findChildren(QPushButton) if one.accessibleName() == words and one.isVisible()
    ]
    QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def test_one_leg_gets_more_in_the_whole_plan(editor: PlanEditor) -> None:
    pick(editor, "More time for one leg")
    named(editor, "Seconds more", QSpinBox).setValue(20)
    QTest.mouseClick(named(editor, "Use it"), Qt.MouseButton.LeftButton)
    twenty = Extra(Side.LEFT, 20)
    assert [step.extra for step in editor.plan.steps] == [twenty] * 4 + [None]
    pick(editor, "More time for one leg")
    QTest.mouseClick(named(editor, "Both legs the same"), Qt.MouseButton.LeftButton)
    assert editor.plan == FIVE


def test_the_description_is_written(editor: PlanEditor) -> None:
    pick(editor, "Description")
    named(editor, "Description", QLineEdit).setText("For work nights")
    QTest.mouseClick(named(editor, "Use it"), Qt.MouseButton.LeftButton)
    assert editor.plan.description == "For work nights"


def test_the_original_is_restored_after_one_question(editor: PlanEditor, qtbot: QtBot) -> None:
    editor.show_plan(view(has_original=True))
    with qtbot.assertNotEmitted(editor.restore_asked):
        pick(editor, "Restore the original")
        QTest.mouseClick(named(editor, "Keep mine"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(editor.restore_asked) as asked:
        pick(editor, "Restore the original")
        QTest.mouseClick(named(editor, "Restore the original"), Qt.MouseButton.LeftButton)
    assert asked.args == ["mine"]


def test_the_plan_can_be_tried_as_it_stands(editor: PlanEditor, qtbot: QtBot) -> None:
    press(editor, Qt.Key.Key_Delete)
    with qtbot.waitSignal(editor.try_asked) as asked:
        QTest.mouseClick(named(editor, "Try this plan"), Qt.MouseButton.LeftButton)
    assert asked.args == [editor.plan]


# ---------------------------------------------------------------- problems


def test_a_step_that_cannot_be_is_named_and_one_click_away(editor: PlanEditor, qtbot: QtBot) -> None:
    editor.show_plan(view(replace(FIVE, steps=(*FIVE.steps * 6, Step("calv")))))
    assert not named(editor, "Save", QPushButton).isEnabled()
    assert not named(editor, "Try this plan", QPushButton).isEnabled()
    with qtbot.assertNotEmitted(editor.save_asked), qtbot.assertNotEmitted(editor.try_asked):
        press(editor, Qt.Key.Key_S, CONTROL)
    QTest.mouseClick(named(editor, "1 step needs attention"), Qt.MouseButton.LeftButton)
    assert in_use(editor) == 30
    wrong = row(editor, 30)
    assert wrong.accessibleDescription() == "There is no exercise called “calv”. Did you mean “calf”?"
    assert not wrong.visibleRegion().isEmpty()
    press(editor, Qt.Key.Key_Delete)
    assert "Ready to use" in shown_words(editor)
    assert named(editor, "Save", QPushButton).isEnabled()


# ---------------------------------------------------------------- saving and leaving


def test_saving_is_possible_once_something_changed(editor: PlanEditor, qtbot: QtBot) -> None:
    save = named(editor, "Save", QPushButton)
    assert not save.isEnabled()
    assert "Not saved yet" not in shown_words(editor)
    press(editor, Qt.Key.Key_Delete)
    assert "Not saved yet" in shown_words(editor)
    with qtbot.waitSignal(editor.save_asked) as asked:
        QTest.mouseClick(save, Qt.MouseButton.LeftButton)
    assert asked.args == [editor.plan]
    editor.saved(editor.plan)
    assert not editor.has_changes
    assert "Not saved yet" not in shown_words(editor)
    assert not save.isEnabled()
    assert editor.window().focusWidget() is row(editor, 0)
    editor.undo()
    assert editor.has_changes


def test_a_new_plan_keeps_the_id_it_gets_when_it_is_saved(editor: PlanEditor) -> None:
    editor.show_plan(view(replace(FIVE, id=""), saved=False))
    assert editor.has_changes
    press(editor, Qt.Key.Key_Delete)
    editor.saved(replace(editor.plan, id="quiet-legs"))
    editor.undo()
    assert editor.plan == replace(FIVE, id="quiet-legs")


def test_a_failed_save_says_so_and_can_be_tried_again(editor: PlanEditor, qtbot: QtBot) -> None:
    press(editor, Qt.Key.Key_Delete)
    editor.show_error("The disk is full. Make room and save again.")
    assert "The disk is full. Make room and save again." in shown_words(editor)
    with qtbot.waitSignal(editor.save_asked):
        QTest.mouseClick(named(editor, "Try again"), Qt.MouseButton.LeftButton)
    editor.saved(editor.plan)
    assert "Try again" not in names(editor)


def test_leaving_without_changes_asks_nothing(editor: PlanEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.left):
        QTest.mouseClick(named(editor, "Back to the plans"), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("answer", ["Stay here", "Leave without saving", "Save and leave"])
def test_leaving_with_changes_asks_once(answer: str, editor: PlanEditor, qtbot: QtBot) -> None:
    left: list[bool] = []
    editor.left.connect(lambda: left.append(True))
    saves: list[Plan] = []
    editor.save_asked.connect(saves.append)
    press(editor, Qt.Key.Key_Delete)
    press(editor, Qt.Key.Key_Escape)
    assert left == []
    QTest.mouseClick(named(editor, answer), Qt.MouseButton.LeftButton)
    assert left == ([True] if answer == "Leave without saving" else [])
    assert saves == ([editor.plan] if answer == "Save and leave" else [])
    editor.saved(editor.plan)
    assert left == ([] if answer == "Stay here" else [True])


def test_a_plan_that_cannot_be_saved_can_only_be_left(editor: PlanEditor) -> None:
    editor.change_step(0, {"exercise": "nothing"})
    editor.leave()
    assert "Save and leave" not in names(editor)
    assert "Leave without saving" in names(editor)


# ---------------------------------------------------------------- many steps


def test_a_thousand_steps_need_no_more_rows_than_can_be_seen(editor: PlanEditor) -> None:
    editor.show_plan(view(replace(FIVE, steps=FIVE.steps * 200)))
    assert "1000 steps" in shown_words(editor)
    editor.setFocus(Qt.FocusReason.TabFocusReason)
    press(editor, Qt.Key.Key_End)
    assert in_use(editor) == 999
    assert not row(editor, 999).visibleRegion().isEmpty()
    press(editor, Qt.Key.Key_Up, ALT)
    assert in_use(editor) == 998
    press(editor, Qt.Key.Key_Home)
    assert in_use(editor) == 0
    assert len(editor.findChildren(StepRow)) < 30
    editor.add("rub")
    assert "A plan has at most 1,000 steps." in shown_words(editor)
    assert len(editor.plan.steps) == 1000


def test_rows_are_used_again_while_scrolling(editor: PlanEditor) -> None:
    editor.show_plan(view(replace(FIVE, steps=FIVE.steps * 20)))
    bar = editor._scroll.verticalScrollBar()
    for value in range(0, bar.maximum(), 90):
        bar.setValue(value)
    bar.setValue(bar.maximum())
    shown = sorted(one.index for one in editor.findChildren(StepRow) if one.isVisible())
    assert shown[-1] == 99
    assert row(editor, 99).accessibleName().startswith("Breathing, step 100 of 100")
    assert len(editor.findChildren(StepRow)) < 30


# ---------------------------------------------------------------- looks


def test_everything_that_takes_the_focus_has_a_name(editor: PlanEditor, qtbot: QtBot) -> None:
    qtbot.waitUntil(row(editor, 0).more.isVisible)
    assert nameless(editor) == []
    editor.open_step(0)
    assert nameless(editor) == []


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
def test_no_word_is_clipped(
    width: int, height: int, text_size: int, editor: PlanEditor, qtbot: QtBot
) -> None:
    steps = (Step("ham"), Step("calf", rounds=3), Step("ham"), Step("quad"), Step("breath"))
    editor.show_plan(view(replace(FIVE, steps=steps), notes={"quad": "Lighter for you: balance." * 6}))
    editor.set_look(Look(factor=browsing_factor(width, height, text_size), reduced_motion=True))
    sidebar = 232 if width * 100 / text_size >= 1100 else 96
    editor.resize(width - sidebar, height)

    def fits() -> None:
        assert clipped(editor) == []

    qtbot.waitUntil(fits, timeout=1000)
