"""The Plans page as its users meet it: by name, by key, by mouse, and with files let go over it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDropEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from coach.domain.exercise import Posture
from coach.domain.timeline import build
from coach.ui.plan_rows import Filmstrip, PlanItem, PlanLine, plan_line
from coach.ui.plans_page import BrokenFile, PlansPage, PlansView
from coach.ui.theme import Look, Theme, browsing_factor
from tests.finding import clipped, named, nameless, names, shown_words
from tests.script import EXERCISES, plan

UPRIGHT, LYING = frozenset({Posture.STANDING}), frozenset({Posture.BED})


def line(plan_id: str, name: str, **more: object) -> PlanLine:
    made = PlanLine(plan_id, name, "On the mat", "7 min", "7 min, 5 steps", ("calf_wall", "ham"), UPRIGHT)
    return replace(made, **more)  # type: ignore[arg-type]


VIEW = PlansView(
    mine=(line("quiet", "Quiet legs", mine=True), line("five", "Five stretches", mine=True, changed=True)),
    shipped=(line("bedtime", "Bedtime"), line("bed-only", "Bed only", postures=LYING)),
    tonight="quiet",
    cramp="Opens in the dark",
    restless="Five minutes, dim",
)
SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]


class Album:
    """Pictures that are only asked for."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def pixmap(
        self, figure_id: str | None, side: str | None, size: QSize, theme: Theme, *, ratio: float = 1.0
    ) -> QPixmap:
        self.asked.append(figure_id)
        return QPixmap(size * ratio)


@pytest.fixture
def album() -> Album:
    return Album()


@pytest.fixture
def page(qtbot: QtBot, album: Album) -> PlansPage:
    made = PlansPage(album)
    qtbot.addWidget(made)
    made.set_look(Look(reduced_motion=True))
    made.resize(1068, 800)
    made.show_plans(VIEW)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def focused(page: PlansPage) -> QWidget:
    widget = page.window().focusWidget()
    assert widget is not None
    return widget


def row(page: PlansPage, plan_id: str) -> PlanItem:
    return next(one for one in page.findChildren(PlanItem) if one.line.id == plan_id)


def go_to(page: PlansPage, plan_id: str, qtbot: QtBot) -> PlanItem:
    """Give the focus to a row as the keyboard does, and wait until it shows what can be done."""
    item = row(page, plan_id)
    item.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(item.more.isVisible)
    return item


def pick(item: PlanItem, words: str) -> None:
    """Open the menu of a row and choose from it."""
    item.more.click()
    QTest.mouseClick(named(item.window(), words), Qt.MouseButton.LeftButton)


def test_tonights_plan_stands_first_with_its_length(page: PlansPage) -> None:
    assert "Tonight’s plan: Quiet legs" in names(page)
    assert shown_words(page).count("7 min, 5 steps") == 1


def test_a_row_tells_a_screen_reader_everything_in_it(page: PlansPage) -> None:
    assert row(page, "five").accessibleName() == "Five stretches, 7 min, 5 steps, On the mat, Changed"
    assert row(page, "quiet").accessibleName().endswith("tonight’s plan")


def test_another_plan_is_used_tonight_with_arrows_and_enter(page: PlansPage, qtbot: QtBot) -> None:
    for _press in range(3):
        QTest.keyClick(focused(page), Qt.Key.Key_Down)
    assert focused(page) is row(page, "bedtime")
    with qtbot.waitSignal(page.tonight_chosen) as chosen:
        QTest.keyClick(focused(page), Qt.Key.Key_Return)
    assert chosen.args == ["bedtime"]


def test_arrows_go_up_and_across_and_stop_at_the_ends(page: PlansPage) -> None:
    QTest.keyClick(focused(page), Qt.Key.Key_Up)
    assert focused(page) is row(page, "bed-only")
    QTest.keyClick(focused(page), Qt.Key.Key_Down)
    assert focused(page) is row(page, "bed-only")
    QTest.keyClick(focused(page), Qt.Key.Key_Left)
    assert focused(page) is row(page, "five")
    QTest.keyClick(focused(page), Qt.Key.Key_Right)
    assert focused(page) is row(page, "bed-only")


def test_a_plan_can_be_come_back_to(page: PlansPage) -> None:
    page.focus_plan("bedtime")
    assert focused(page) is row(page, "bedtime")
    page.focus_plan("gone")
    assert focused(page) is row(page, "bedtime")


def test_many_ready_made_plans_scroll_in_their_card_and_leave_relief_in_sight(page: PlansPage) -> None:
    page.show_plans(replace(VIEW, shipped=tuple(line(f"p{n}", f"Plan {n}") for n in range(30))))
    QTest.keyClick(focused(page), Qt.Key.Key_Up)
    last = row(page, "p29")
    assert focused(page) is last
    assert not last.visibleRegion().isEmpty()
    cramp: QWidget = named(page, "Cramp now")
    assert cramp.visibleRegion().boundingRect() == cramp.rect()


def test_figures_make_room_for_the_words_of_a_plan(page: PlansPage) -> None:
    figures = ("a", "b", "c", "d")
    wordy = "In bed, standing and on a chair, then on the mat"
    page.show_plans(
        replace(
            VIEW,
            shipped=(
                line("bedtime", "Bedtime", figures=figures),
                line("morning", "Morning", detail=wordy, figures=figures),
            ),
        )
    )
    strips = [row(page, name).findChildren(Filmstrip)[0] for name in ("bedtime", "morning")]
    widths = [strip.sizeHint().width() for strip in strips]
    assert widths[0] > widths[1] > 0


def test_another_plan_is_used_tonight_with_the_mouse(page: PlansPage, qtbot: QtBot) -> None:
    item = row(page, "bedtime")
    assert not item.use.isVisible()
    with qtbot.assertNotEmitted(page.tonight_chosen):
        QTest.mouseClick(item, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    qtbot.waitUntil(item.use.isVisible)
    with qtbot.waitSignal(page.tonight_chosen) as chosen:
        QTest.mouseClick(item.use, Qt.MouseButton.LeftButton)
    assert chosen.args == ["bedtime"]


def test_tonights_plan_is_not_offered_for_tonight_again(page: PlansPage, qtbot: QtBot) -> None:
    item = go_to(page, "quiet", qtbot)
    assert not item.use.isVisible()
    with qtbot.assertNotEmitted(page.tonight_chosen):
        QTest.keyClick(item, Qt.Key.Key_Return)


def test_a_row_that_loses_the_focus_shows_its_minutes_again(page: PlansPage, qtbot: QtBot) -> None:
    item = go_to(page, "bedtime", qtbot)
    go_to(page, "bed-only", qtbot)
    qtbot.waitUntil(lambda: not item.use.isVisible())


@pytest.mark.parametrize(
    ("words", "signal"),
    [
        ("Play now", "play_asked"),
        ("I have 5 minutes", "short_asked"),
        ("Edit", "edit_asked"),
        ("Copy and edit", "copy_asked"),
        ("Save as a file", "save_asked"),
    ],
)
def test_the_menu_of_a_row(words: str, signal: str, page: PlansPage, qtbot: QtBot) -> None:
    page.show_plans(replace(VIEW, tonight=""))
    item = go_to(page, "bedtime", qtbot)
    with qtbot.waitSignal(getattr(page, signal)) as asked:
        pick(item, words)
    assert asked.args == ["bedtime"]


@pytest.mark.parametrize("opened_by", ["the mouse", "the menu key"])
def test_the_menu_of_a_ready_made_plan_stays_until_something_is_picked(
    opened_by: str, page: PlansPage, qtbot: QtBot
) -> None:
    item = go_to(page, "bedtime", qtbot)
    if opened_by == "the mouse":
        QTest.mouseClick(item.more, Qt.MouseButton.LeftButton)
    else:
        QTest.keyClick(item, Qt.Key.Key_Menu)
    # The row looks again who holds the focus once all that is pending has been dealt with.
    QTest.qWait(20)
    assert item.more.isVisible()
    assert "Copy and edit" in names(page)
    QTest.keyClick(focused(page), Qt.Key.Key_Escape)
    assert focused(page) is item.more
    go_to(page, "quiet", qtbot)
    qtbot.waitUntil(lambda: not item.more.isVisible())


def test_only_ones_own_plans_can_be_removed_and_the_page_asks_once(page: PlansPage, qtbot: QtBot) -> None:
    item = go_to(page, "bedtime", qtbot)
    item.more.click()
    assert "Remove" not in names(page)
    QTest.keyClick(focused(page), Qt.Key.Key_Escape)
    item = go_to(page, "quiet", qtbot)
    with qtbot.assertNotEmitted(page.remove_asked):
        pick(item, "Remove")
        assert "Remove “Quiet legs”?" in names(page)
        QTest.mouseClick(named(page, "Keep it"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.remove_asked) as asked:
        QTest.keyClick(item, Qt.Key.Key_Delete)
        QTest.keyClick(focused(page), Qt.Key.Key_Return)
    assert asked.args == ["quiet"]


def test_a_changed_plan_goes_back_to_its_original(page: PlansPage, qtbot: QtBot) -> None:
    item = go_to(page, "five", qtbot)
    with qtbot.waitSignal(page.restore_asked) as asked:
        pick(item, "Restore the original")
        QTest.mouseClick(named(page, "Restore the original"), Qt.MouseButton.LeftButton)
    assert asked.args == ["five"]


def test_e_edits_the_row_in_use_or_tonights_plan(page: PlansPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.edit_asked) as asked:
        QTest.keyClick(focused(page), Qt.Key.Key_E)
    assert asked.args == ["quiet"]
    go_to(page, "bed-only", qtbot)
    with qtbot.waitSignal(page.edit_asked) as asked:
        QTest.keyClick(focused(page), Qt.Key.Key_E)
    assert asked.args == ["bed-only"]


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_N, "new_asked"),
        (Qt.Key.Key_C, "cramp_asked"),
        (Qt.Key.Key_R, "restless_asked"),
    ],
)
def test_keys_of_the_page(key: Qt.Key, signal: str, page: PlansPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.keyClick(focused(page), key)


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("New plan", "new_asked"),
        ("Cramp now", "cramp_asked"),
        ("Restless now", "restless_asked"),
        ("Choose", "file_asked"),
    ],
)
def test_buttons_of_the_page(name: str, signal: str, page: PlansPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.mouseClick(named(page, name), Qt.MouseButton.LeftButton)


def test_tonights_plan_is_edited_and_saved_as_a_file_from_its_card(page: PlansPage, qtbot: QtBot) -> None:
    for name, signal in (("Edit", page.edit_asked), ("Save as a file", page.save_asked)):
        with qtbot.waitSignal(signal) as asked:
            QTest.mouseClick(named(page, name), Qt.MouseButton.LeftButton)
        assert asked.args == ["quiet"]


def test_plans_for_right_now_that_are_missing_are_not_offered(page: PlansPage, qtbot: QtBot) -> None:
    page.show_plans(replace(VIEW, cramp="", restless=""))
    assert "Cramp now" not in names(page)
    assert "For right now" not in shown_words(page)
    with qtbot.assertNotEmitted(page.cramp_asked), qtbot.assertNotEmitted(page.restless_asked):
        QTest.keyClick(focused(page), Qt.Key.Key_C)
        QTest.keyClick(focused(page), Qt.Key.Key_R)


def test_a_position_leaves_only_plans_that_stay_in_it(page: PlansPage) -> None:
    QTest.mouseClick(named(page, "Position"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(named(page, "Chair only"), Qt.MouseButton.LeftButton)
    assert "No ready-made plan fits. “Any position” shows them all." in shown_words(page)
    QTest.mouseClick(named(page, "Position"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(named(page, "Bed only"), Qt.MouseButton.LeftButton)
    assert [one.line.id for one in page.findChildren(PlanItem) if one.isVisible() and not one.line.mine] == [
        "bed-only"
    ]


def test_without_own_plans_the_page_says_how_to_get_one(page: PlansPage) -> None:
    page.show_plans(replace(VIEW, mine=(), tonight=""))
    assert "Copy one of the ready-made plans, or start with New plan." in shown_words(page)
    assert "No plan for tonight" in shown_words(page)
    assert "Edit" not in names(page)


def test_broken_files_are_named_kindly_and_can_be_looked_at(page: PlansPage, qtbot: QtBot) -> None:
    broken = tuple(
        BrokenFile(Path(f"plan{n}.toml"), f"plan{n}.toml:{n}", "“seconds” must be a whole number.")
        for n in range(1, 6)
    )
    page.show_plans(replace(VIEW, broken=broken))
    words = shown_words(page)
    assert "plan1.toml:1" in words
    assert "“seconds” must be a whole number." in words
    assert "plan4.toml:4" not in words
    assert "and 2 more files that cannot be read" in words
    with qtbot.waitSignal(page.broken_asked) as asked:
        QTest.mouseClick(named(page, "Show what is wrong in plan2.toml:2"), Qt.MouseButton.LeftButton)
    assert asked.args == [Path("plan2.toml")]
    page.show_plans(VIEW)
    assert "plan1.toml:1" not in shown_words(page)


def test_a_notice_is_shown_until_it_is_gone(page: PlansPage) -> None:
    page.show_plans(replace(VIEW, notice="“Short one” was removed."))
    assert "“Short one” was removed." in shown_words(page)
    page.show_plans(VIEW)
    assert "“Short one” was removed." not in shown_words(page)


def test_files_can_be_let_go_anywhere_on_the_page(page: PlansPage, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/a.toml"), QUrl("https://example.org/b.toml")])
    event = QDropEvent(
        QPointF(40, 40),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(page.files_dropped) as dropped:
        page.dropEvent(event)
    assert dropped.args == [[Path("/tmp/a.toml")]]


def test_the_question_goes_with_the_page(page: PlansPage, qtbot: QtBot) -> None:
    pick(go_to(page, "quiet", qtbot), "Remove")
    page.hide()
    page.show()
    assert "Remove “Quiet legs”?" not in names(page)


def test_pictures_come_one_by_one_after_the_page_was_painted(
    page: PlansPage, album: Album, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: {"calf_wall", "ham"} <= set(album.asked))
    qtbot.waitUntil(lambda: len(album.asked) >= 6)
    count = len(album.asked)
    page.show_plans(replace(VIEW, notice="Nothing about figures"))
    page.grab()
    qtbot.wait(20)
    assert len(album.asked) == count


def test_everything_that_takes_the_focus_has_a_name(page: PlansPage, qtbot: QtBot) -> None:
    go_to(page, "bedtime", qtbot)
    assert nameless(page) == []


def test_a_line_is_made_from_a_plan() -> None:
    made = plan("calf", "quad", "ham", "calf")
    found = plan_line(made, build(made, EXERCISES), EXERCISES, mine=True)
    assert (found.id, found.name, found.minutes, found.length) == ("test", "Test", "6 min", "6 min, 4 steps")
    assert found.detail == "Standing and on the mat"
    assert found.postures == {Posture.STANDING, Posture.FLOOR}
    assert found.mine and not found.changed


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
def test_no_word_is_clipped(width: int, height: int, text_size: int, page: PlansPage, qtbot: QtBot) -> None:
    broken = BrokenFile(Path("a.toml"), "a-very-long-name-of-a-file.toml:14", "“seconds” is not a number.")
    page.show_plans(replace(VIEW, broken=(broken,), notice="“Short one” was removed. A copy is kept."))
    page.set_look(Look(factor=browsing_factor(width, height, text_size), reduced_motion=True))
    sidebar = 232 if width * 100 / text_size >= 1100 else 96
    page.resize(width - sidebar, height)

    def fits() -> None:
        assert clipped(page) == []

    qtbot.waitUntil(fits, timeout=1000)
