"""The library as a person meets it: found by filters or words, read in full, tried, kept or left out.

Leaves out what suits whom (tests/domain) and which exercises there are (tests/shipped).
"""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from coach.domain.exercise import (
    Caution,
    Cues,
    Evidence,
    Exercise,
    Flag,
    Grade,
    Kind,
    Posture,
    Region,
)
from coach.domain.pacing import BeatKind, Part
from coach.domain.profile import MassageCheck, Profile, decide
from coach.ui.fields import DropDown
from coach.ui.library_page import LibraryPage
from coach.ui.library_view import Choice, Fate, LibraryItem, LibraryView
from coach.ui.library_words import library_item, library_view
from coach.ui.theme import THEMES, Look, browsing_factor
from tests.finding import clipped, named, nameless, names, shown_words
from tests.ui.album import Album

TONIGHT = date(2026, 11, 20)
ITEMS = (
    LibraryItem(
        "calf_wall",
        "Wall calf stretch",
        "Calf",
        "stretch",
        ("calf",),
        ("standing",),
        "calf_wall",
        ("Calf", "Standing", "30 s each leg"),
        ("Hands on the wall.", "Step your right leg back.", "Lean in until the calf pulls gently."),
        "30 seconds a side, twice.",
        "Take a shorter step, or use a towel sitting.",
        ("Achilles tendon problem: it bends the ankle far.", "Stop at sharp pain, dizziness."),
        ("Very flexible joints: middle of the range only.",),
        "The heel lifts. Bouncing.",
        "Some evidence: fewer night cramps",
        "Hallegraeff 2012, PMID 22341378",
        "Wall calf stretch gastrocnemius",
        choices=(Choice.OUT_TONIGHT, Choice.OUT_ALWAYS),
    ),
    LibraryItem(
        "ham_floor", "Seated hamstring", "Back of thigh", "stretch", ("thigh_back",), ("floor",), "ham_floor",
        search="Seated hamstring",
    ),
    LibraryItem(
        "calf_glide", "Calf gliding strokes", "Calf", "massage", ("calf",), ("floor", "bed"), "calf_glide",
        search="Calf gliding strokes",
    ),
    LibraryItem(
        "legs_wall", "Legs up the wall", "Whole body", "stretch", ("whole",), ("floor",), "legs_wall",
        search="Legs up the wall",
        fate=Fate.HIDDEN,
        reason="You ticked “Glaucoma”. Lying with the legs up can raise eye pressure.",
        choices=(Choice.KEEP,),
    ),
    LibraryItem(
        "quad_stand", "Standing quadriceps", "Front of thigh", "stretch", ("thigh_front",), ("standing",),
        "quad_stand",
        search="Standing quadriceps",
        fate=Fate.SWAPPED,
        reason="You ticked “Unsteady, or a fall this year”. It is done standing.",
        instead_id="ham_floor",
        instead="Seated hamstring",
        choices=(Choice.KEEP, Choice.OUT_TONIGHT, Choice.OUT_ALWAYS),
    ),
)  # fmt: skip
VIEW = LibraryView(
    ITEMS,
    (("stretch", "Stretch"), ("massage", "Massage")),
    (("calf", "Calf"), ("thigh_back", "Back of thigh"), ("thigh_front", "Front of thigh")),
    (("standing", "Standing"), ("floor", "On the mat"), ("bed", "In bed")),
)
SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]


@pytest.fixture
def page(album: Album, qtbot: QtBot) -> LibraryPage:
    """A wide page with five exercises, in an active window."""
    made = LibraryPage(album)
    qtbot.addWidget(made)
    made.set_look(Look(reduced_motion=True))
    made.show_library(VIEW)
    made.resize(1068, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def small(page: LibraryPage) -> LibraryPage:
    """The page in the smallest window."""
    page.set_look(Look(factor=0.86, reduced_motion=True))
    page.resize(804, 600)
    return page


def focused(page: QWidget) -> QWidget:
    widget = page.window().focusWidget()
    assert widget is not None
    return widget


def press(page: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focused(page), key)


def cards(page: LibraryPage) -> list[str]:
    """The names of the cards that are shown."""
    return [item.name for item in ITEMS if any(name.startswith(f"{item.name}. ") for name in names(page))]


def ready(page: LibraryPage) -> bool:
    """Whether the exercise on show can be started."""
    return named(page, "Try it").isEnabled()


def card(page: LibraryPage, number: int) -> QPushButton:
    item = ITEMS[number]
    found = [
        one
        for one in page.findChildren(QPushButton)
        if one.accessibleName().startswith(f"{item.name}. {item.regions}") and one.isVisible()
    ]
    assert len(found) == 1
    return found[0]


def drop_down(page: LibraryPage, name: str) -> DropDown:
    return named(page, name, DropDown)


# ---------------------------------------------------------------- finding


def test_all_exercises_are_there_and_counted(page: LibraryPage) -> None:
    assert cards(page) == [item.name for item in ITEMS]
    assert "5 exercises" in shown_words(page)
    assert "Library" in shown_words(page)


def test_filters_and_search_combine(page: LibraryPage, qtbot: QtBot) -> None:
    QTest.mouseClick(named(page, "Stretch"), Qt.MouseButton.LeftButton)
    assert "Calf gliding strokes" not in cards(page)
    assert "4 exercises" in shown_words(page)
    drop_down(page, "Position").showPopup()
    QTest.mouseClick(named(page.window(), "On the mat"), Qt.MouseButton.LeftButton)
    assert cards(page) == ["Seated hamstring", "Legs up the wall"]
    drop_down(page, "Body part").showPopup()
    QTest.mouseClick(named(page.window(), "Back of thigh"), Qt.MouseButton.LeftButton)
    assert cards(page) == ["Seated hamstring"]
    assert "1 exercise" in shown_words(page)
    press(page, Qt.Key.Key_Slash)
    QTest.keyClicks(focused(page), "gastro")
    assert cards(page) == []


def test_slash_searches_by_name_and_muscle_in_any_order(page: LibraryPage) -> None:
    press(page, Qt.Key.Key_Slash)
    assert focused(page) is page.search
    QTest.keyClicks(page.search, "GASTRO calf")
    assert cards(page) == ["Wall calf stretch"]
    press(page, Qt.Key.Key_Escape)
    assert cards(page) == [item.name for item in ITEMS]


def test_letters_in_the_search_try_nothing(page: LibraryPage, qtbot: QtBot) -> None:
    press(page, Qt.Key.Key_Slash)
    with qtbot.assertNotEmitted(page.try_asked), qtbot.assertNotEmitted(page.add_asked):
        QTest.keyClicks(page.search, "ta")
    assert page.search.text() == "ta"


def test_when_nothing_fits_the_page_says_so_and_one_key_shows_all_again(page: LibraryPage) -> None:
    page.search.setText("pilates")
    assert "Nothing fits all of that. Choose fewer filters, or search for another word." in shown_words(page)
    QTest.mouseClick(named(page, "Show all exercises"), Qt.MouseButton.LeftButton)
    assert cards(page) == [item.name for item in ITEMS]
    named(page, "Stretch", QPushButton).click()
    assert "Calf gliding strokes" not in cards(page)
    press(page, Qt.Key.Key_Escape)
    assert "Calf gliding strokes" in cards(page)


def test_enter_in_the_search_opens_the_first_that_fits(page: LibraryPage) -> None:
    press(page, Qt.Key.Key_Slash)
    QTest.keyClicks(page.search, "seated")
    press(page, Qt.Key.Key_Return)
    assert focused(page).accessibleName() == "Try it"
    assert "Seated hamstring" in shown_words(page)


# ---------------------------------------------------------------- reading


def test_an_exercise_is_read_in_full_in_its_order(page: LibraryPage) -> None:
    words = shown_words(page)
    order = [
        "Wall calf stretch",
        "30 s each leg",
        "Step your right leg back.",
        "Easier",
        "Take a shorter step, or use a towel sitting.",
        "Leave it out",
        "Achilles tendon problem: it bends the ankle far.",
        "Stop at sharp pain, dizziness.",
        "Take it lighter",
        "Some evidence: fewer night cramps",
        "Hallegraeff 2012, PMID 22341378",
    ]
    assert [one for one in words if one in order] == order


def test_arrows_walk_through_the_cards_and_show_each_in_full(page: LibraryPage) -> None:
    assert focused(page) is card(page, 0)
    press(page, Qt.Key.Key_Right)
    assert focused(page) is card(page, 1)
    assert "Seated hamstring" in shown_words(page)
    press(page, Qt.Key.Key_Down)
    assert focused(page) is card(page, 4)
    press(page, Qt.Key.Key_Up)
    assert focused(page) is card(page, 1)
    press(page, Qt.Key.Key_Home)
    assert focused(page) is card(page, 0)
    press(page, Qt.Key.Key_Left)
    assert focused(page) is card(page, 0)
    press(page, Qt.Key.Key_End)
    assert focused(page) is card(page, 4)


def test_the_cards_are_one_stop_of_tab(page: LibraryPage) -> None:
    seen = []
    for _step in range(4):
        seen.append(focused(page).accessibleName().split(".")[0])
        press(page, Qt.Key.Key_Tab)
    assert seen == ["Wall calf stretch", "Leave this out", "Try it", "Add to plan"]
    assert focused(page) is page.search


def test_enter_goes_from_a_card_to_its_buttons(page: LibraryPage, qtbot: QtBot) -> None:
    press(page, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert focused(page).accessibleName() == "Try it"
    with qtbot.waitSignal(page.try_asked) as said:
        press(page, Qt.Key.Key_Return)
    assert said.args == ["ham_floor"]


def test_t_tries_and_a_adds_what_is_shown(page: LibraryPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.try_asked) as said:
        press(page, Qt.Key.Key_T)
    assert said.args == ["calf_wall"]
    press(page, Qt.Key.Key_Right)
    with qtbot.waitSignal(page.add_asked) as said:
        press(page, Qt.Key.Key_A)
    assert said.args == ["ham_floor"]
    with qtbot.waitSignal(page.add_asked):
        QTest.mouseClick(named(page, "Add to plan"), Qt.MouseButton.LeftButton)


def test_in_a_small_window_an_exercise_is_a_page_with_a_way_back(small: LibraryPage, qtbot: QtBot) -> None:
    assert card(small, 0).x() < card(small, 1).x()
    assert card(small, 0).y() == card(small, 1).y() < card(small, 2).y()
    assert "Try it" not in names(small)
    press(small, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert "Back to the library" in names(small)
    assert cards(small) == []
    with qtbot.waitSignal(small.try_asked) as said:
        press(small, Qt.Key.Key_T)
    assert said.args == ["ham_floor"]
    press(small, Qt.Key.Key_Escape)
    assert focused(small) is card(small, 1)
    assert "Back to the library" not in names(small)
    QTest.mouseClick(card(small, 2), Qt.MouseButton.LeftButton)
    QTest.mouseClick(named(small, "Back to the library"), Qt.MouseButton.LeftButton)
    assert focused(small) is card(small, 2)


def test_an_exercise_that_is_open_stays_open_when_the_window_grows(small: LibraryPage) -> None:
    press(small, Qt.Key.Key_Right, Qt.Key.Key_Return)
    small.resize(1400, 800)
    assert "Back to the library" not in names(small)
    assert len(cards(small)) == 5
    assert "Try it" in names(small)


def test_another_page_can_open_an_exercise_whatever_the_filters_are(page: LibraryPage) -> None:
    page.search.setText("hamstring")
    page.open_exercise("calf_glide")
    assert "Calf gliding strokes" in shown_words(page)
    assert len(cards(page)) == 5
    page.open_exercise("nothing like it")
    assert "Calf gliding strokes" in shown_words(page)


# ---------------------------------------------------------------- what suits


def test_a_hidden_move_says_so_in_words_and_why_and_cannot_be_started(
    page: LibraryPage, qtbot: QtBot
) -> None:
    assert card(page, 3).accessibleName() == "Legs up the wall. Whole body. Hidden for you"
    QTest.mouseClick(card(page, 3), Qt.MouseButton.LeftButton)
    reason = "You ticked “Glaucoma”. Lying with the legs up can raise eye pressure."
    assert "Hidden for you" in shown_words(page)
    assert reason in shown_words(page)
    assert not ready(page)
    assert reason in [one.toolTip() for one in page.findChildren(QPushButton) if one.isVisible()]
    with qtbot.assertNotEmitted(page.try_asked), qtbot.assertNotEmitted(page.add_asked):
        press(page, Qt.Key.Key_T, Qt.Key.Key_A)


def test_what_a_clinician_gave_can_be_kept_after_reading_why(page: LibraryPage, qtbot: QtBot) -> None:
    QTest.mouseClick(card(page, 3), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.keep_asked) as said:
        QTest.mouseClick(named(page, "My clinician gave me this"), Qt.MouseButton.LeftButton)
    assert said.args == ["legs_wall", True]
    kept = replace(ITEMS[3], fate=Fate.KEPT, reason="", choices=(Choice.UNKEEP, Choice.OUT_ALWAYS))
    page.show_library(replace(VIEW, items=(*ITEMS[:3], kept, ITEMS[4])))
    assert "From your clinician" in shown_words(page)
    assert ready(page)
    with qtbot.waitSignal(page.keep_asked) as said:
        QTest.mouseClick(named(page, "No longer from my clinician"), Qt.MouseButton.LeftButton)
    assert said.args == ["legs_wall", False]


def test_a_swapped_move_leads_to_what_is_done_in_its_place(page: LibraryPage) -> None:
    QTest.mouseClick(card(page, 4), Qt.MouseButton.LeftButton)
    assert "In its place: Seated hamstring." in shown_words(page)
    QTest.mouseClick(named(page, "Show Seated hamstring"), Qt.MouseButton.LeftButton)
    assert ready(page)
    assert "In its place: Seated hamstring." not in shown_words(page)


@pytest.mark.parametrize(
    ("entry", "tonight"), [("Leave this out tonight", True), ("Leave this out always", False)]
)
def test_a_move_is_left_out_in_two_clicks(entry: str, tonight: bool, page: LibraryPage, qtbot: QtBot) -> None:
    QTest.mouseClick(named(page, "Leave this out"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.leave_out_asked) as said:
        QTest.mouseClick(named(page.window(), entry), Qt.MouseButton.LeftButton)
    assert said.args == ["calf_wall", tonight]


def test_a_move_that_was_left_out_can_be_brought_back(page: LibraryPage, qtbot: QtBot) -> None:
    out = replace(ITEMS[0], fate=Fate.OUT, reason="You left this out.", choices=(Choice.BRING_BACK,))
    page.show_library(replace(VIEW, items=(out, *ITEMS[1:])))
    assert "You left this out." in shown_words(page)
    with qtbot.waitSignal(page.bring_back_asked) as said:
        QTest.mouseClick(named(page, "Bring it back"), Qt.MouseButton.LeftButton)
    assert said.args == ["calf_wall"]


def test_a_new_view_keeps_the_place_the_filters_and_the_focus(page: LibraryPage) -> None:
    QTest.mouseClick(named(page, "Stretch"), Qt.MouseButton.LeftButton)
    card(page, 3).setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(focused(page), Qt.Key.Key_Space)
    before = focused(page)
    page.show_library(replace(VIEW, items=(replace(ITEMS[0], name="Calf at the wall"), *ITEMS[1:])))
    assert focused(page) is before
    assert "Legs up the wall" in shown_words(page)
    assert "4 exercises" in shown_words(page)
    page.show_library(replace(VIEW, items=ITEMS[:3]))
    assert "2 exercises" in shown_words(page)
    assert "Wall calf stretch" in shown_words(page)


# ---------------------------------------------------------------- pictures and pace


def many(count: int) -> LibraryView:
    items = tuple(
        replace(ITEMS[0], id=f"move{n}", name=f"Move {n}", figure_id=f"figure{n}") for n in range(count)
    )
    return replace(VIEW, items=items)


def test_only_pictures_in_sight_are_fetched_one_a_turn_and_after_the_first_paint(
    album: Album, qtbot: QtBot
) -> None:
    page = LibraryPage(album)
    qtbot.addWidget(page)
    page.show_library(many(60))
    fetched_before_paint: list[int] = []

    class PaintWatch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                fetched_before_paint.append(len(album.asked))
            return False

    watch = PaintWatch()
    page.search.installEventFilter(watch)
    page.resize(1068, 800)
    page.show()
    qtbot.waitUntil(lambda: bool(fetched_before_paint))
    assert fetched_before_paint[0] == 0
    qtbot.waitUntil(lambda: ("figure8", "dark") in album.asked)
    qtbot.waitUntil(lambda: not any(one.isActive() for one in page.findChildren(QTimer)))
    asked = {figure for figure, _light in album.asked}
    assert 9 <= len(asked) < 20
    assert "figure59" not in asked


def test_pictures_come_once_scrolling_stops(page: LibraryPage, album: Album, qtbot: QtBot) -> None:
    page.show_library(many(60))
    qtbot.waitUntil(lambda: ("figure8", "dark") in album.asked)
    press(page, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: ("figure59", "dark") in album.asked)
    assert ("figure30", "dark") not in album.asked


def test_another_light_draws_the_pictures_anew(page: LibraryPage, album: Album, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: ("quad_stand", "dark") in album.asked)
    page.set_look(Look(THEMES["light"], reduced_motion=True))
    qtbot.waitUntil(lambda: ("quad_stand", "light") in album.asked)


def test_nothing_runs_while_the_page_only_stands_there(page: LibraryPage, album: Album, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in page.findChildren(QTimer)))
    album.asked.clear()
    page.show_library(replace(VIEW))
    assert not any(timer.isActive() for timer in page.findChildren(QTimer))
    assert album.asked == []


# ---------------------------------------------------------------- words that fit


def test_everything_that_takes_the_focus_has_a_name(page: LibraryPage) -> None:
    assert nameless(page) == []
    QTest.mouseClick(card(page, 4), Qt.MouseButton.LeftButton)
    assert nameless(page) == []


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
@pytest.mark.parametrize("opened", [False, True], ids=["list", "opened"])
@pytest.mark.parametrize("longer", [False, True], ids=["english", "longer words"])
def test_no_word_is_clipped(
    width: int, height: int, text_size: int, opened: bool, longer: bool, page: LibraryPage, qtbot: QtBot
) -> None:
    def grown(text: str) -> str:
        # Other languages need 40 % more room (DESIGN.md 9).
        return text + " " + "morewords "[: round(len(text) * 0.4)] if longer else text

    items = tuple(
        replace(item, name=grown(item.name), regions=grown(item.regions), reason=grown(item.reason))
        for item in ITEMS
    )
    page.show_library(replace(VIEW, items=items))
    sidebar = 212 if width * 100 / text_size >= 1100 else 96
    page.set_look(Look(factor=browsing_factor(width, height, text_size)))
    page.resize(width - sidebar, height)
    if opened:
        page.open_exercise("quad_stand")

    def fits() -> None:
        assert clipped(page) == []

    qtbot.waitUntil(fits, timeout=1000)


# ---------------------------------------------------------------- the words of an exercise

CALF = Exercise(
    "calf_wall",
    "Wall calf stretch",
    "Calf",
    Kind.STRETCH,
    (Posture.STANDING,),
    True,
    20,
    30,
    Cues(("Hands on the wall.", "Step your {side} leg back."), ("Heel heavy.",), "Step back in."),
    easier="Take a shorter step.",
    variants=("calf_towel",),
    skip_if=(
        Caution(Flag.ACHILLES, "It bends the ankle far."),
        Caution(Flag.BALANCE, "It is done standing."),
        Caution(Flag.DROWSY, "It is done standing."),
    ),
    lighter_if=(Caution(Flag.HYPERMOBILE, "Middle of the range only."),),
    stop=("sharp pain", "dizziness"),
    muscles=("gastrocnemius",),
    regions=(Region.CALF, Region.THIGH_BACK),
    figure="calf_wall",
    evidence=Evidence(Grade.SOME, "fewer night cramps", "Hallegraeff 2012, PMID 22341378"),
)
TOWEL = replace(CALF, id="calf_towel", name="Seated calf with towel", postures=(Posture.BED,), skip_if=())
GLIDE = replace(
    CALF,
    id="calf_glide",
    name="Calf gliding strokes",
    kind=Kind.MASSAGE,
    parts=(Part(BeatKind.STROKE, 5, 0.5, 2, say="Glide up, slow."),),
    skip_if=(),
    evidence=Evidence(Grade.EXPERIENCE, "settling the legs"),
)
KNOWN = {one.id: one for one in (CALF, TOWEL, GLIDE)}


def item_for(exercise: Exercise, profile: Profile) -> LibraryItem:
    decision = decide(exercise, profile, KNOWN, tonight=TONIGHT)
    return library_item(exercise, decision, profile, TONIGHT)


CLEAR = Profile(massage=MassageCheck.CLEAR)


def test_an_exercise_is_told_in_plain_words() -> None:
    item = item_for(CALF, CLEAR)
    assert item.regions == "Calf, back of thigh"
    assert item.tags == ("Calf", "Back of thigh", "Standing", "30 s each leg")
    assert item.steps == ("Hands on the wall.", "Step your right leg back.", "Heel heavy.", "Step back in.")
    assert item.leave_out == (
        "Achilles tendon problem: it bends the ankle far.",
        "Unsteady, or a fall this year; Medicine that makes me drowsy: it is done standing.",
        "Stop at sharp pain, dizziness.",
    )
    assert item.lighter == ("Very flexible joints: middle of the range only.",)
    assert (item.evidence, item.source) == (
        "Some evidence: fewer night cramps",
        "Hallegraeff 2012, PMID 22341378",
    )
    assert "gastrocnemius" in item.search


def test_when_to_stop_is_told_as_people_wrote_it_in_their_own_plans() -> None:
    own = replace(CALF, skip_if=(), stop=("numbness", "Stop if it hurts."))
    assert item_for(own, CLEAR).leave_out == ("Stop at numbness.", "Stop if it hurts.")
    own = replace(own, stop=("Stop if it hurts.",))
    assert item_for(own, CLEAR).leave_out == ("Stop if it hurts.",)


def test_experience_alone_is_called_so_and_names_no_study() -> None:
    item = item_for(GLIDE, CLEAR)
    assert item.evidence == "Experience only: settling the legs"
    assert item.source == "No study to name: this rests on practice."
    assert "Glide up, slow." in item.steps


@pytest.mark.parametrize(
    ("exercise", "profile", "fate", "choices"),
    [
        (CALF, CLEAR, Fate.AS_IS, (Choice.OUT_TONIGHT, Choice.OUT_ALWAYS)),
        (
            CALF,
            replace(CLEAR, flags=frozenset({Flag.BALANCE})),
            Fate.SWAPPED,
            (Choice.KEEP, Choice.OUT_TONIGHT, Choice.OUT_ALWAYS),
        ),
        (
            CALF,
            replace(CLEAR, flags=frozenset({Flag.BALANCE}), left_out=frozenset({"calf_towel"})),
            Fate.HIDDEN,
            (Choice.KEEP,),
        ),
        (
            CALF,
            replace(CLEAR, flags=frozenset({Flag.HYPERMOBILE})),
            Fate.LIGHTER,
            (Choice.KEEP, Choice.OUT_TONIGHT, Choice.OUT_ALWAYS),
        ),
        (
            CALF,
            replace(CLEAR, flags=frozenset({Flag.BALANCE}), kept=frozenset({"calf_wall"})),
            Fate.KEPT,
            (Choice.UNKEEP, Choice.OUT_TONIGHT, Choice.OUT_ALWAYS),
        ),
        (CALF, replace(CLEAR, left_out=frozenset({"calf_wall"})), Fate.OUT, (Choice.BRING_BACK,)),
        (
            CALF,
            replace(CLEAR, tonight=TONIGHT, tonight_out=frozenset({"calf_wall"})),
            Fate.OUT_TONIGHT,
            (Choice.BRING_BACK,),
        ),
        (GLIDE, Profile(massage=MassageCheck.FLAGGED), Fate.HIDDEN, (Choice.ANSWER_AGAIN,)),
    ],
    ids=lambda value: value.value if isinstance(value, Fate) else "",
)
def test_each_fate_has_its_choices_and_its_reason(
    exercise: Exercise, profile: Profile, fate: Fate, choices: tuple[Choice, ...]
) -> None:
    item = item_for(exercise, profile)
    assert item.fate is fate
    assert item.choices == choices
    assert bool(item.reason) == (fate not in (Fate.AS_IS, Fate.KEPT))
    assert item.instead == ("Seated calf with towel" if fate is Fate.SWAPPED else "")


def test_the_filters_offer_only_what_there_is() -> None:
    view = library_view(
        KNOWN.values(), lambda one: decide(one, CLEAR, KNOWN, tonight=TONIGHT), CLEAR, TONIGHT
    )
    assert view.kinds == (("stretch", "Stretch"), ("massage", "Massage"))
    assert view.positions == (("standing", "Standing"), ("bed", "In bed"))
    assert view.regions == (("calf", "Calf"), ("thigh_back", "Back of thigh"))
    assert [item.id for item in view.items] == ["calf_wall", "calf_towel", "calf_glide"]


def test_massage_that_needs_answers_again_says_so(page: LibraryPage, qtbot: QtBot) -> None:
    item = item_for(GLIDE, Profile(massage=MassageCheck.FLAGGED))
    page.show_library(replace(VIEW, items=(item,)))
    with qtbot.waitSignal(page.massage_check_asked):
        QTest.mouseClick(named(page, "Answer the questions again"), Qt.MouseButton.LeftButton)
