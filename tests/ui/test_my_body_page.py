"""My body as a person meets it: sixteen ticks, what each means, and at once what it changes.

Leaves out which moves a tick speaks against (tests/domain) and where ticks are kept (tests/services).
"""

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from coach.domain.exercise import Caution, Cues, Exercise, Flag, Kind, Posture, Region
from coach.domain.profile import FLAGS, MassageCheck, Profile, decide
from coach.ui.fields import CheckTile
from coach.ui.library_view import Fate
from coach.ui.my_body_page import BodyView, Change, MyBodyPage, effect_words
from coach.ui.my_body_words import body_view
from coach.ui.theme import Look, Theme, browsing_factor
from tests.finding import clipped, named, nameless, names, shown_words

SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]
CHANGES = (
    Change("calf_wall", "Standing calf", "calf_wall", Fate.SWAPPED, "Done standing.", "Calf in bed", "x"),
    Change("ham_floor", "Seated hamstring", "ham_floor", Fate.SWAPPED, "Rounds the back.", "On a chair", "y"),
    Change("legs_wall", "Legs up the wall", "legs_wall", Fate.HIDDEN, "It can raise eye pressure."),
    Change("quad_stand", "Standing quadriceps", "quad_stand", Fate.LIGHTER, "Middle of the range only."),
    Change("child", "Child’s pose", "child", Fate.HIDDEN, "The head is low."),
)  # fmt: skip


class Album:
    """Pictures that are only asked for."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def pixmap(
        self, figure_id: str | None, side: str | None, size: QSize, theme: Theme, *, ratio: float = 1.0
    ) -> QPixmap:
        self.asked.append(figure_id)
        picture = QPixmap(size * ratio)
        picture.fill(theme.gfx)
        return picture


def view_of(profile: Profile | None = None, changes: tuple[Change, ...] = (), **more: bool) -> BodyView:
    return replace(body_view(profile or Profile(), (), **more), changes=changes)


@pytest.fixture
def album() -> Album:
    return Album()


@pytest.fixture
def page(album: Album, qtbot: QtBot) -> MyBodyPage:
    """A wide page with nothing ticked, in an active window."""
    made = MyBodyPage(album)
    qtbot.addWidget(made)
    made.set_look(Look(reduced_motion=True))
    made.show_body(view_of())
    made.resize(1068, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def focused(page: QWidget) -> QWidget:
    widget = page.window().focusWidget()
    assert widget is not None
    return widget


def press(page: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focused(page), key)


def tick(page: MyBodyPage, name: str) -> CheckTile:
    return named(page, name, CheckTile)


# ---------------------------------------------------------------- ticks


def test_sixteen_ticks_stand_in_two_groups_and_none_is_ticked_before(page: MyBodyPage) -> None:
    tiles = [one for one in page.findChildren(CheckTile) if one.isVisible()]
    assert [one.label for one in tiles] == [info.title for info in FLAGS]
    assert not any(one.isChecked() for one in tiles)
    words = shown_words(page)
    assert "Joints and muscles" in words
    assert "Nerves, balance, circulation" in words
    assert "Stays on this computer" in words


def test_a_tick_is_told_at_once_by_mouse_and_by_space(page: MyBodyPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.ticked) as said:
        QTest.mouseClick(tick(page, "Glaucoma"), Qt.MouseButton.LeftButton)
    assert said.args == [Flag.GLAUCOMA, True]
    tick(page, "Hip replacement").setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(page.ticked) as said:
        press(page, Qt.Key.Key_Space)
    assert said.args == [Flag.HIP_REPLACEMENT, True]
    with qtbot.waitSignal(page.ticked) as said:
        press(page, Qt.Key.Key_Space)
    assert said.args == [Flag.HIP_REPLACEMENT, False]


def test_the_page_shows_what_is_known_without_telling_it_again(page: MyBodyPage, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.ticked):
        page.show_body(view_of(Profile(flags=frozenset({Flag.PREGNANT}))))
    assert [one.label for one in page.findChildren(CheckTile) if one.isChecked()] == ["Pregnant"]


def test_arrows_walk_through_the_ticks(page: MyBodyPage) -> None:
    assert focused(page) is tick(page, "Hip replacement")
    press(page, Qt.Key.Key_Down)
    assert focused(page) is tick(page, "Knee replacement")
    press(page, Qt.Key.Key_Right)
    assert focused(page) is tick(page, "Medicine that makes me drowsy")
    press(page, Qt.Key.Key_Up, Qt.Key.Key_Left)
    assert focused(page) is tick(page, "Hip replacement")
    press(page, Qt.Key.Key_Up, Qt.Key.Key_Left)
    assert focused(page) is tick(page, "Hip replacement")


def test_tab_follows_reading_order(page: MyBodyPage) -> None:
    page.show_body(view_of(Profile(flags=frozenset({Flag.RECENT_SURGERY})), changes=CHANGES))
    tick(page, "Surgery in the last 12 weeks").setFocus(Qt.FocusReason.TabFocusReason)
    seen = []
    for _step in range(26):
        seen.append(focused(page).accessibleName())
        press(page, Qt.Key.Key_Tab)
    assert seen[1] == "Foot"
    assert seen.index("Lower back") < seen.index("Torn muscle, fracture, hot joint")
    assert seen.index("Pregnant") + 1 == seen.index("Unsteady, or a fall this year")
    assert seen[-5:-1] == [
        "Standing calf, swapped for Calf in bed",
        "Seated hamstring, swapped for On a chair",
        "Legs up the wall, Hidden for you",
        "Standing quadriceps, Lighter for you",
    ]
    assert seen[-1] == "and 1 more"


def test_in_one_column_arrows_go_on_into_the_next_group(page: MyBodyPage) -> None:
    page.resize(620, 800)
    tick(page, "Pregnant").setFocus(Qt.FocusReason.TabFocusReason)
    press(page, Qt.Key.Key_Down)
    assert focused(page) is tick(page, "Unsteady, or a fall this year")
    press(page, Qt.Key.Key_Up)
    assert focused(page) is tick(page, "Pregnant")


def test_f1_on_a_line_explains_it_in_one_sentence_and_goes_no_further(page: MyBodyPage, qtbot: QtBot) -> None:
    keys: list[int] = []

    def note(event: QKeyEvent) -> None:
        keys.append(event.key())

    page.keyPressEvent = note  # type: ignore[method-assign]
    line = tick(page, "Glaucoma")
    line.setFocus(Qt.FocusReason.TabFocusReason)
    press(page, Qt.Key.Key_F1)
    assert line.detail.startswith("Moves with the head low")
    assert line.accessibleDescription() == line.detail == line.toolTip()
    press(page, Qt.Key.Key_F1)
    assert line.detail == ""
    assert keys == []
    named(page, "When to get help").setFocus(Qt.FocusReason.TabFocusReason)
    press(page, Qt.Key.Key_F1)
    assert keys == [Qt.Key.Key_F1]


@pytest.mark.parametrize(
    ("flags", "asked"),
    [
        (frozenset[Flag](), False),
        (frozenset({Flag.RECENT_SURGERY}), True),
        (frozenset({Flag.ACUTE_INJURY}), True),
        (frozenset({Flag.RECENT_SURGERY, Flag.ACUTE_INJURY}), True),
        (frozenset({Flag.GLAUCOMA}), False),
    ],
    ids=["nothing", "surgery", "injury", "both", "glaucoma"],
)
def test_where_a_surgery_or_injury_is_gets_asked_once(
    flags: frozenset[Flag], asked: bool, page: MyBodyPage
) -> None:
    page.show_body(view_of(Profile(flags=flags)))
    assert names(page).count("Where?") == (1 if asked else 0)
    assert names(page).count("Calf") == (1 if asked else 0)
    assert "Whole body" not in names(page)


def test_parts_of_the_body_are_told_one_by_one(page: MyBodyPage, qtbot: QtBot) -> None:
    profile = Profile(flags=frozenset({Flag.ACUTE_INJURY}), regions=frozenset({Region.CALF}))
    page.show_body(view_of(profile))
    assert named(page, "Calf", QPushButton).isChecked()
    with qtbot.waitSignal(page.region_ticked) as said:
        QTest.mouseClick(named(page, "Hip"), Qt.MouseButton.LeftButton)
    assert said.args == [Region.HIP, True]
    page.show_body(view_of(replace(profile, regions=frozenset({Region.CALF, Region.HIP}))))
    with qtbot.waitSignal(page.region_ticked) as said:
        QTest.mouseClick(named(page, "Calf"), Qt.MouseButton.LeftButton)
    assert said.args == [Region.CALF, False]


# ---------------------------------------------------------------- the effect


def test_the_effect_is_counted_and_shown_as_pairs(page: MyBodyPage, qtbot: QtBot) -> None:
    assert "All moves stay as they are" in shown_words(page)
    page.show_body(view_of(changes=CHANGES))
    assert "2 moves swapped, 1 lighter, 2 hidden" in shown_words(page)
    assert "Standing calf, swapped for Calf in bed" in names(page)
    assert "Legs up the wall, Hidden for you" in names(page)
    assert named(page, "Legs up the wall, Hidden for you").toolTip() == "It can raise eye pressure."
    assert "Nothing here is a diagnosis. You can bring a hidden move back from the library." in shown_words(
        page
    )
    with qtbot.waitSignal(page.exercise_asked) as said:
        QTest.mouseClick(named(page, "Standing calf, swapped for Calf in bed"), Qt.MouseButton.LeftButton)
    assert said.args == ["calf_wall"]


def test_what_has_no_room_is_one_click_away(page: MyBodyPage, qtbot: QtBot) -> None:
    page.show_body(view_of(changes=CHANGES))
    assert "Child’s pose, Hidden for you" not in names(page)
    QTest.mouseClick(named(page, "and 1 more"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.exercise_asked) as said:
        QTest.mouseClick(named(page, "Child’s pose, Hidden for you"), Qt.MouseButton.LeftButton)
    assert said.args == ["child"]
    assert "Child’s pose, Hidden for you" not in names(page)


def test_in_a_small_window_the_effect_stays_at_the_bottom_edge(page: MyBodyPage) -> None:
    page.show_body(view_of(Profile(flags=frozenset({Flag.ACUTE_INJURY})), changes=CHANGES))
    page.set_look(Look(factor=0.86, reduced_motion=True))
    page.resize(804, 600)
    see = named(page, "See which", QPushButton)
    bottom = see.mapTo(page, see.rect().bottomLeft()).y()
    assert page.height() - 40 < bottom < page.height()
    assert "2 moves swapped, 1 lighter, 2 hidden" in shown_words(page)
    QTest.mouseClick(see, Qt.MouseButton.LeftButton)
    assert "Child’s pose, Hidden for you" in names(page)


@pytest.mark.parametrize(
    ("fates", "words"),
    [
        ((), "All moves stay as they are"),
        ((Fate.SWAPPED,), "1 move swapped"),
        ((Fate.HIDDEN, Fate.HIDDEN), "2 moves hidden"),
        ((Fate.LIGHTER,), "1 move lighter"),
        ((Fate.SWAPPED, Fate.SWAPPED, Fate.HIDDEN), "2 moves swapped, 1 hidden"),
    ],
)
def test_the_effect_is_counted_in_words(fates: tuple[Fate, ...], words: str) -> None:
    assert effect_words(tuple(Change("a", "A", "a", fate) for fate in fates)) == words


def test_pictures_come_one_by_one_and_then_nothing_runs(page: MyBodyPage, album: Album, qtbot: QtBot) -> None:
    page.show_body(view_of(changes=CHANGES))
    assert album.asked == []
    qtbot.waitUntil(lambda: {"calf_wall", "x", "ham_floor", "y", "legs_wall"} <= set(album.asked))
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in page.findChildren(QTimer)))
    album.asked.clear()
    page.show_body(view_of(changes=CHANGES))
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in page.findChildren(QTimer)))
    assert album.asked == []


# ---------------------------------------------------------------- ways on


def test_help_is_one_click_away(page: MyBodyPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.help_asked):
        QTest.mouseClick(named(page, "When to get help"), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("size", [QSize(1068, 800), QSize(620, 600)], ids=["wide", "small"])
def test_the_first_time_there_is_a_sentence_and_done(size: QSize, page: MyBodyPage, qtbot: QtBot) -> None:
    assert "Done" not in names(page)
    page.resize(size)
    page.show_body(view_of(first_time=True))
    assert "Before you begin" in shown_words(page)
    assert any(words.startswith("Tick what applies to you, and every evening") for words in shown_words(page))
    with qtbot.waitSignal(page.done_asked):
        QTest.mouseClick(named(page, "Done"), Qt.MouseButton.LeftButton)
    page.show_body(view_of())
    assert "Done" not in names(page)
    assert "My body" in shown_words(page)


@pytest.mark.parametrize("size", [QSize(1068, 800), QSize(620, 600)], ids=["wide", "small"])
def test_one_enter_too_many_ticks_nothing_and_is_not_yet_done(
    size: QSize, page: MyBodyPage, qtbot: QtBot
) -> None:
    page.resize(size)
    page.show_body(view_of(first_time=True))
    first = tick(page, "Hip replacement")
    first.setFocus()
    with qtbot.assertNotEmitted(page.ticked), qtbot.assertNotEmitted(page.done_asked):
        QTest.keyClick(first, Qt.Key.Key_Return)
    assert not first.isChecked()
    with qtbot.waitSignal(page.done_asked):
        QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Return)


def test_everything_that_takes_the_focus_has_a_name(page: MyBodyPage) -> None:
    page.show_body(view_of(Profile(flags=frozenset({Flag.ACUTE_INJURY})), changes=CHANGES, first_time=True))
    assert nameless(page) == []


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
@pytest.mark.parametrize("longer", [False, True], ids=["english", "longer words"])
def test_no_word_is_clipped(
    width: int, height: int, text_size: int, longer: bool, page: MyBodyPage, qtbot: QtBot
) -> None:
    def grown(text: str) -> str:
        # Other languages need 40 % more room (DESIGN.md 9).
        return text + " " + "morewords "[: round(len(text) * 0.4)] if longer else text

    view = view_of(Profile(flags=frozenset({Flag.RECENT_SURGERY})), changes=CHANGES, first_time=True)
    groups = tuple(
        replace(group, ticks=tuple(replace(one, title=grown(one.title)) for one in group.ticks))
        for group in view.groups
    )
    regions = tuple((region, grown(words)) for region, words in view.regions)
    page.show_body(BodyView())
    page.show_body(replace(view, groups=groups, regions=regions))
    sidebar = 212 if width * 100 / text_size >= 1100 else 96
    page.set_look(Look(factor=browsing_factor(width, height, text_size)))
    page.resize(width - sidebar, height)

    def fits() -> None:
        assert clipped(page) == []

    qtbot.waitUntil(fits, timeout=1000)


# ---------------------------------------------------------------- the words


def test_the_view_tells_only_what_the_ticks_change_and_why() -> None:
    wall = Exercise(
        "legs_wall", "Legs up the wall", "Legs up", Kind.STRETCH, (Posture.FLOOR,), False, 20, 60,
        Cues(("Up.",)),
        skip_if=(Caution(Flag.GLAUCOMA, "It can raise eye pressure."),),
        figure="legs_wall",
    )  # fmt: skip
    other = replace(wall, id="other", name="Other", skip_if=(), variants=())
    swapped = replace(wall, id="swapped", name="Swapped", variants=("other",))
    lighter = replace(
        wall, id="lighter", name="Lighter", skip_if=(), lighter_if=(Caution(Flag.GLAUCOMA, "Half as far."),)
    )
    known = {one.id: one for one in (wall, other, swapped, lighter)}
    profile = Profile(flags=frozenset({Flag.GLAUCOMA}), left_out=frozenset({"x"}), massage=MassageCheck.CLEAR)
    view = body_view(profile, [decide(one, profile, known) for one in known.values()])
    assert [(change.name, change.fate, change.reason, change.instead) for change in view.changes] == [
        ("Swapped", Fate.SWAPPED, "It can raise eye pressure.", "Other"),
        ("Legs up the wall", Fate.HIDDEN, "It can raise eye pressure.", ""),
        ("Lighter", Fate.LIGHTER, "Half as far.", ""),
    ]


def test_a_warning_sign_before_massage_counts_as_what_is_hidden() -> None:
    rub = Exercise(
        "rub", "Calf stroke", "Calf", Kind.MASSAGE, (Posture.FLOOR,), False, 20, 60, Cues(("Rub.",))
    )
    known = {rub.id: rub}
    for answer, hidden in (
        (MassageCheck.FLAGGED, ["Calf stroke"]),
        (MassageCheck.NOT_ASKED, []),
        (MassageCheck.CLEAR, []),
    ):
        profile = Profile(massage=answer)
        view = body_view(profile, [decide(rub, profile, known)])
        assert [change.name for change in view.changes] == hidden
