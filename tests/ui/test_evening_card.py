"""The evening on Tonight: what is done, now and next; a first bedtime in three steps; and quiet when wanted.

Leaves out when reminders are due (see tests of the domain); the clock here is 21:48 on a Saturday.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from coach.domain import evening as rules
from coach.domain.evening import ITEMS, Due, Evening, Fate, Mark, Schedule, Slot, Why, in_zone
from coach.domain.settings import Settings
from coach.ui.evening_card import EveningLine, EveningView, Undo
from coach.ui.icons import Icon
from coach.ui.main_window import MainWindow
from coach.ui.theme import THEMES, Look, browsing_factor
from coach.ui.tonight_page import PlanChoice, StepLine, TonightPage, TonightView, clock_text
from coach.ui.tonight_words import day_line, evening_view, lights_out_of, missed_words, promise_words
from tests.finding import clipped, cut_rings, named, nameless, names, shown_words
from tests.ui.album import Album

SATURDAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 21, 48, tzinfo=UTC)
EVERY_DAY = range(7)
LINES = (
    EveningLine("Magnesium", "21:15", Icon.PILL, "Your own choice", id="magnesium", over=True),
    EveningLine("Stretch", "22:00", Icon.LEG, "until about 22:15", id="stretch", rings=True, main=True),
    EveningLine("Last screens", "22:15", Icon.SCREEN, "From here on by voice", id="screens"),
    EveningLine("Lights out", "22:45", Icon.BED, "Your bedtime"),
)
EVENING = EveningView(
    lines=LINES,
    now="Now, 21:48",
    now_at=1,
    next="stretch 22:00",
    later=LINES[3:],
    foot="No sounds after 22:00.",
    may_skip=True,
    stretch="stretch",
)
VIEW = TonightView(
    "Good evening",
    "Saturday. Lights out in 57 minutes.",
    plan_id="bedtime",
    plan_name="Bedtime",
    length="15 minutes, 6 steps",
    done_at="Done at about 22:10",
    muscles="Calf, thighs, hip",
    postures="Standing and on the mat",
    figure_id="ham_floor",
    steps=tuple(StepLine(f"Step {n}", "Both legs, 30 s", "calf_wall") for n in range(6)),
    plans=(PlanChoice("bedtime", "Bedtime", ""), PlanChoice("five", "Five", "")),
    restless="7 gentle minutes, dim.",
    evening=EVENING,
)


def promise(bedtime: time) -> str:
    """What is promised to a new user at 21:40."""
    return promise_words(Schedule(), bedtime, NOW, in_zone(UTC), every=True)


WITHOUT_BEDTIME = replace(VIEW, evening=EveningView(has_bedtime=False, promise=promise))
SIZES = [(900, 600, 100), (1280, 800, 100), (1920, 1080, 100), (900, 600, 150), (1280, 800, 150)]


@pytest.fixture(autouse=True)
def british() -> Iterator[None]:
    """Names of days and dates as they are in Britain."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def page(qtbot: QtBot, album: Album) -> TonightPage:
    """Tonight in an active window of 1280 x 800."""
    made = TonightPage(album)
    qtbot.addWidget(made)
    made.set_look(Look(reduced_motion=True))
    made.resize(1068, 800)
    made.show_tonight(VIEW)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def focused(page: TonightPage) -> QWidget:
    widget = page.window().focusWidget()
    assert widget is not None
    return widget


def press(page: TonightPage, key: Qt.Key) -> None:
    QTest.keyClick(focused(page), key)


def click(page: TonightPage, name: str) -> None:
    QTest.mouseClick(named(page, name, QPushButton), Qt.MouseButton.LeftButton)


def clock(hour: int, minute: int) -> str:
    """A time of day as this computer writes it."""
    return clock_text(time(hour, minute))


def bedtime_at(at: time) -> Schedule:
    return rules.with_bedtime(Schedule(), EVERY_DAY, at)


def at(hour: int, minute: int = 0, *, day: int = 21) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def view_of(
    schedule: Schedule,
    now: datetime = NOW,
    *,
    marks: Mapping[str, Mark] | None = None,
    done: bool = False,
    quiet: bool = False,
    upcoming: Due | None = None,
    missed: Sequence[Mark] = (),
    settings: Settings | None = None,
    seconds: float = 900,
) -> EveningView:
    entries = rules.timeline(schedule, SATURDAY, in_zone(UTC), now, marks or {}, done=done)
    return evening_view(
        entries,
        now,
        schedule,
        settings or Settings(),
        night=SATURDAY,
        quiet=quiet,
        upcoming=upcoming,
        missed=missed,
        seconds=seconds,
    )


# ---------------------------------------------------------------- the first bedtime


def test_a_new_user_sets_an_evening_reminder_in_three_clicks(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(WITHOUT_BEDTIME)
    with qtbot.waitSignal(page.bedtime_set) as chosen:
        click(page, "Set my bedtime")
        click(page, "More")
        click(page, "Remind me")
    assert chosen.args == [time(23, 0)]


def test_by_keyboard_it_is_no_longer(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(WITHOUT_BEDTIME)
    named(page, "Set my bedtime").setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(page.bedtime_set) as chosen:
        press(page, Qt.Key.Key_Return)
        press(page, Qt.Key.Key_Down)
        press(page, Qt.Key.Key_Tab)
        press(page, Qt.Key.Key_Return)
    assert chosen.args == [time(22, 30)]


def test_a_bedtime_can_be_typed_and_is_seen_before_enter_confirms_it(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(WITHOUT_BEDTIME)
    set_at: list[object] = []
    page.bedtime_set.connect(set_at.append)
    click(page, "Set my bedtime")
    field = page.window().focusWidget()
    assert field is not None
    QTest.keyClicks(field, "23:20")
    press(page, Qt.Key.Key_Return)
    assert set_at == []
    assert f"Your stretch reminder comes at {clock(22, 35)}, every evening." in shown_words(page)
    press(page, Qt.Key.Key_Return)
    assert set_at == [time(23, 20)]


def test_whoever_goes_to_bed_at_the_proposed_time_confirms_at_once(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(WITHOUT_BEDTIME)
    click(page, "Set my bedtime")
    assert f"Your stretch reminder comes at {clock(22, 0)}, every evening." in shown_words(page)
    with qtbot.waitSignal(page.bedtime_set) as chosen:
        click(page, "Remind me")
    assert chosen.args == [time(22, 45)]
    assert "Remind me" not in names(page)


def test_the_sheet_says_when_the_reminder_comes_for_every_bedtime(page: TonightPage) -> None:
    page.show_tonight(WITHOUT_BEDTIME)
    click(page, "Set my bedtime")
    for _step in range(7):
        press(page, Qt.Key.Key_Up)
    assert f"Your stretch reminder comes at {clock(23, 45)}, every evening." in shown_words(page)


def test_one_enter_too_many_after_setting_a_bedtime_starts_nothing(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(WITHOUT_BEDTIME)
    page.bedtime_set.connect(lambda _at: page.show_tonight(VIEW))
    click(page, "Set my bedtime")
    press(page, Qt.Key.Key_Tab)
    with qtbot.assertNotEmitted(page.start_asked):
        press(page, Qt.Key.Key_Return)
        assert focused(page).accessibleName() == "Change"
        press(page, Qt.Key.Key_Return)


def test_closing_the_sheet_sets_nothing_and_it_can_be_opened_again(page: TonightPage, qtbot: QtBot) -> None:
    page.show_tonight(WITHOUT_BEDTIME)
    with qtbot.assertNotEmitted(page.bedtime_set):
        for _time in range(2):
            click(page, "Set my bedtime")
            press(page, Qt.Key.Key_Escape)
    assert focused(page).accessibleName() == "Set my bedtime"


@pytest.mark.parametrize(("bedtime", "expected"), [(time(22, 45), (22, 0)), (time(0, 15), (23, 30))])
def test_the_reminder_comes_before_the_bedtime_also_past_midnight(
    bedtime: time, expected: tuple[int, int]
) -> None:
    assert promise(bedtime) == f"Your stretch reminder comes at {clock(*expected)}, every evening."


@pytest.mark.parametrize(
    ("now", "when"),
    [
        (at(21, 59), ", every evening."),
        (at(22, 0), ", from tomorrow on."),
        (at(23, 30), ", from tomorrow on."),
        (at(0, 30, day=22), ", every evening."),
        (at(9, 0, day=22), ", every evening."),
    ],
)
def test_what_is_over_tonight_is_promised_for_tomorrow(now: datetime, when: str) -> None:
    said = promise_words(Schedule(), time(22, 45), now, in_zone(UTC), every=True)
    assert said == f"Your stretch reminder comes at {clock(22, 0)}{when}"
    # And so it is, once it is set.
    due = rules.upcoming(bedtime_at(time(22, 45)), now + timedelta(seconds=1), in_zone(UTC))[0]
    assert ((due.at.date() - now.date()).days == 1) == ("tomorrow" in when)


def test_a_reminder_past_midnight_is_still_tonight() -> None:
    said = promise_words(Schedule(), time(1, 30), at(23, 50), in_zone(UTC))
    assert said == f"Your stretch reminder comes at {clock(0, 45)}."
    said = promise_words(Schedule(), time(1, 30), at(0, 50, day=22), in_zone(UTC))
    assert said == f"Your stretch reminder comes at {clock(0, 45)}, from tomorrow on."


def test_a_stretch_at_a_clock_time_is_promised_for_that_time() -> None:
    clocked = rules.with_slot(Schedule(), EVERY_DAY, "stretch", rules.Slot(at=time(19, 15), bell=True))
    for bedtime in (time(22, 45), time(0, 15)):
        said = promise_words(clocked, bedtime, at(18), in_zone(UTC), every=True)
        assert said == f"Your stretch reminder comes at {clock(19, 15)}, every evening."
    some = rules.with_slot(Schedule(), [5], "stretch", rules.Slot(at=time(19, 15), bell=True))
    said = promise_words(some, time(22, 45), at(18), in_zone(UTC), every=True)
    assert said == f"Your stretch reminder comes at {clock(19, 15)}."


def test_in_a_pause_and_without_a_bell_nothing_is_promised_for_tonight() -> None:
    paused = replace(Schedule(), paused_until=SATURDAY + timedelta(days=9))
    said = promise_words(paused, time(22, 45), NOW, in_zone(UTC), every=True)
    assert said == f"Your stretch reminder comes at {clock(22, 0)}, from Monday 30 November on."
    silent = rules.with_slot(Schedule(), EVERY_DAY, "stretch", rules.Slot(before=45))
    assert "no reminder" in promise_words(silent, time(22, 45), NOW, in_zone(UTC))


def test_what_is_promised_is_what_the_clock_says_when_it_is_asked(page: TonightPage) -> None:
    """The card may be shown for hours before a bedtime is chosen; nothing on it changes meanwhile."""
    late = EveningView(has_bedtime=False, promise=lambda _bedtime: "Tomorrow.")
    assert late == EveningView(has_bedtime=False)
    page.show_tonight(replace(VIEW, evening=late))
    click(page, "Set my bedtime")
    assert "Tomorrow." in shown_words(page)


def test_without_a_bedtime_there_is_one_button_and_no_timeline(page: TonightPage) -> None:
    page.show_tonight(WITHOUT_BEDTIME)
    assert "A gentle reminder in the evening?" in shown_words(page)
    assert "Change" not in names(page)
    assert "Stretch" not in shown_words(page)


# ---------------------------------------------------------------- the timeline


def test_the_evening_is_shown_with_now_among_its_lines(page: TonightPage) -> None:
    tops = [_top_of(page, label) for label in ("Magnesium", "Now, 21:48", "Stretch", "Lights out")]
    assert tops == sorted(tops)
    assert len(set(tops)) == 4


def _top_of(page: TonightPage, words: str) -> int:
    label = next(one for one in page.findChildren(QLabel) if one.isVisible() and one.text() == words)
    return label.mapTo(page, QPoint(0, 0)).y()


def test_a_minute_later_now_has_moved_and_the_focus_stays(page: TonightPage, qtbot: QtBot) -> None:
    tile = named(page, "Stretch, 22:00", QPushButton)
    tile.setFocus(Qt.FocusReason.TabFocusReason)
    page.show_tonight(replace(VIEW, evening=replace(EVENING, now="Now, 22:01", now_at=2)))
    qtbot.waitUntil(lambda: _top_of(page, "Now, 22:01") > _top_of(page, "Stretch"))
    assert focused(page) is tile


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_an_item_is_ticked_by_a_key_on_its_tile(page: TonightPage, qtbot: QtBot, key: Qt.Key) -> None:
    named(page, "Last screens, 22:15").setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(page.item_ticked) as ticked:
        press(page, key)
    assert ticked.args == ["screens", True]


def test_a_tick_is_taken_back_the_same_way(page: TonightPage, qtbot: QtBot) -> None:
    lines = (replace(LINES[0], done=True, detail="Taken"), *LINES[1:])
    page.show_tonight(replace(VIEW, evening=replace(EVENING, lines=lines)))
    tile = named(page, "Magnesium, 21:15", QPushButton)
    assert tile.isChecked()
    with qtbot.waitSignal(page.item_ticked) as ticked:
        QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert ticked.args == ["magnesium", False]


def test_a_tile_shows_what_is_so_not_what_was_clicked(page: TonightPage) -> None:
    tile = named(page, "Stretch, 22:00", QPushButton)
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert not tile.isChecked()


def test_lights_out_cannot_be_ticked(page: TonightPage) -> None:
    assert "Lights out, 22:45" not in names(page)


def test_what_is_done_and_what_rings_is_told_by_more_than_colour(page: TonightPage) -> None:
    tile = named(page, "Stretch, 22:00", QPushButton)
    assert tile.accessibleDescription() == "until about 22:15. A reminder comes. I did it already"
    before = tile.grab().toImage()
    lines = (LINES[0], replace(LINES[1], done=True, detail="Done"), *LINES[2:])
    page.show_tonight(replace(VIEW, evening=replace(EVENING, lines=lines)))
    assert tile.isChecked()
    assert "Done" in shown_words(page)
    assert tile.grab().toImage() != before
    bells = [
        one for one in page.findChildren(QWidget) if one.toolTip() == "A reminder comes" and one.isVisible()
    ]
    assert len(bells) == 1


def test_change_opens_the_reminders(page: TonightPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.evening_change_asked):
        click(page, "Change")


def test_the_stretch_can_be_reported_or_left_out_from_the_menu(page: TonightPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.item_ticked) as ticked:
        click(page, "More about tonight")
        click(page, "I did it already")
    assert ticked.args == ["stretch", True]
    with qtbot.waitSignal(page.skip_asked):
        click(page, "More about tonight")
        click(page, "Not tonight")


def test_without_anything_to_say_there_is_no_menu(page: TonightPage) -> None:
    page.show_tonight(replace(VIEW, evening=replace(EVENING, may_skip=False, stretch="")))
    assert "More about tonight" not in names(page)


def test_quiet_and_pause_are_said_with_a_way_back(page: TonightPage, qtbot: QtBot) -> None:
    quiet = replace(EVENING, quiet="Quiet tonight.", undo=Undo.QUIET, may_skip=False)
    page.show_tonight(replace(VIEW, evening=quiet))
    assert "Quiet tonight." in shown_words(page)
    assert "No sounds after 22:00." not in shown_words(page)
    with qtbot.waitSignal(page.quiet_undone), qtbot.assertNotEmitted(page.pause_ended):
        click(page, "Undo")
    paused = EveningView(empty="All is kept.", quiet="Paused until Monday.", undo=Undo.PAUSE)
    page.show_tonight(replace(VIEW, evening=paused))
    assert "All is kept." in shown_words(page)
    with qtbot.waitSignal(page.pause_ended), qtbot.assertNotEmitted(page.quiet_undone):
        click(page, "End the pause")


def test_a_missed_reminder_is_said_once_and_put_away(page: TonightPage, qtbot: QtBot) -> None:
    said = "Last night’s reminder did not come: the computer was asleep."
    page.show_tonight(replace(VIEW, evening=replace(EVENING, missed=said)))
    assert shown_words(page).count(said) == 1
    with qtbot.waitSignal(page.missed_seen):
        click(page, "Put this away")
    page.show_tonight(VIEW)
    assert said not in shown_words(page)


def test_a_very_full_evening_scrolls_to_where_it_stands(page: TonightPage) -> None:
    many = tuple(EveningLine(f"Item {n}", f"{n:02}:00", Icon.NOTE, id=f"own-{n}") for n in range(57))
    page.show_tonight(replace(VIEW, evening=replace(EVENING, lines=many, now_at=40)))
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    page.show_tonight(replace(VIEW, evening=replace(EVENING, lines=many, now_at=41)))
    now = next(one for one in page.findChildren(QWidget) if getattr(one, "text", str)() == "Now, 21:48")
    assert not now.visibleRegion().isEmpty()


def test_a_scroll_bar_takes_no_room_from_the_lines(page: TonightPage, qtbot: QtBot) -> None:
    def widths(count: int) -> set[int]:
        lines = tuple(EveningLine(f"Item {n}", f"{n:02}:00", Icon.NOTE, id=f"own-{n}") for n in range(count))
        page.show_tonight(replace(VIEW, evening=replace(EVENING, lines=lines, now_at=1)))
        bar = page._evening._scroll.verticalScrollBar()
        qtbot.waitUntil(lambda: (bar.maximum() > 0) is (count > 9))
        tile = named(page, "Item 1, 01:00", QPushButton)
        row = tile.parentWidget()
        assert row is not None
        return {row.width(), tile.mapTo(page, QPoint(0, 0)).x()}

    assert widths(4) == widths(40)


def test_without_an_evening_there_is_no_card(page: TonightPage) -> None:
    page.show_tonight(replace(VIEW, evening=None))
    assert "Your evening" not in shown_words(page)


# ---------------------------------------------------------------- small windows


def test_in_a_small_window_the_evening_is_one_line_that_unfolds(page: TonightPage) -> None:
    page.resize(828, 600)
    folded = named(page, "Your evening. Next: stretch 22:00", QPushButton)
    assert folded.accessibleDescription() == "Lights out 22:45"
    assert "Magnesium" not in shown_words(page)
    QTest.mouseClick(folded, Qt.MouseButton.LeftButton)
    assert "Magnesium" in shown_words(page)
    assert focused(page).accessibleName() == "Show less"
    press(page, Qt.Key.Key_Return)
    assert focused(page).accessibleName() == "Your evening. Next: stretch 22:00"


def test_a_small_window_says_when_the_evening_is_quiet(page: TonightPage) -> None:
    page.resize(828, 600)
    page.show_tonight(replace(VIEW, evening=replace(EVENING, quiet="Quiet tonight.", undo=Undo.QUIET)))
    assert "Your evening. Quiet tonight." in names(page)


def test_a_small_window_invites_in_one_row(page: TonightPage, qtbot: QtBot) -> None:
    page.resize(828, 600)
    page.show_tonight(WITHOUT_BEDTIME)
    with qtbot.waitSignal(page.bedtime_set):
        click(page, "Set my bedtime")
        click(page, "Remind me")


def test_the_steps_stay_a_click_away_in_a_small_window(page: TonightPage) -> None:
    assert "Show the steps" not in names(page)
    page.resize(828, 600)
    assert "Step 0. Both legs, 30 s" not in names(page)
    click(page, "Show the steps")
    assert "Step 0. Both legs, 30 s" in names(page)
    press(page, Qt.Key.Key_Escape)
    assert "Step 0. Both legs, 30 s" not in names(page)


@pytest.mark.parametrize("narrow", [False, True], ids=["beside", "below"])
def test_tab_follows_what_is_seen(album: Album, qtbot: QtBot, narrow: bool) -> None:
    window = MainWindow(reduced_motion=True)
    qtbot.addWidget(window)
    page = TonightPage(album)
    window.add_page(Icon.TONIGHT, "Tonight", page)
    window.add_page(Icon.PLANS, "Plans", QPushButton("Elsewhere"))
    page.show_tonight(replace(VIEW, evening=replace(EVENING, lines=LINES[1:])))
    window.resize(900 if narrow else 1280, 600 if narrow else 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    # A line more than at first: its tile was made last of all.
    page.show_tonight(replace(VIEW, evening=replace(EVENING, quiet="Quiet tonight.", undo=Undo.QUIET)))
    if narrow:
        named(page, "Your evening. Quiet tonight.", QPushButton).click()
    plan = ["Start", *(["Show the steps"] if narrow else []), "Change plan"]
    relief = ["Cramp now", "Relief now"]
    evening = [
        "More about tonight",
        "Change",
        *(["Show less"] if narrow else []),
        "Magnesium, 21:15",
        "Stretch, 22:00",
        "Last screens, 22:15",
        "Undo",
    ]
    named(page, "Start").setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[str] = []
    for _step in range(len([*plan, *relief, *evening])):
        seen.append(focused(page).accessibleName())
        press(page, Qt.Key.Key_Tab)
    assert seen == ([*plan, *evening, *relief] if narrow else [*plan, *relief, *evening])


def test_everything_that_takes_the_focus_has_a_name(page: TonightPage) -> None:
    assert nameless(page) == []
    page.show_tonight(WITHOUT_BEDTIME)
    click(page, "Set my bedtime")
    assert nameless(page) == []


@pytest.mark.parametrize(("width", "height", "text_size"), SIZES)
@pytest.mark.parametrize("longer", [False, True], ids=["english", "longer words"])
@pytest.mark.parametrize("which", ["evening", "unfolded", "invitation", "paused"])
def test_no_word_is_clipped(
    width: int, height: int, text_size: int, longer: bool, which: str, page: TonightPage, qtbot: QtBot
) -> None:
    def grown(text: str) -> str:
        return text + " " + "morewords "[: round(len(text) * 0.4)] if longer else text

    lines = tuple(
        replace(one, name=grown(one.name), detail=grown(one.detail), time="10:45 PM") for one in LINES
    )
    evening = replace(EVENING, lines=lines, now="Now, 10:48 PM", next=grown("last screens 10:15 PM"))
    if which == "invitation":
        evening = EveningView(has_bedtime=False)
    elif which == "paused":
        evening = EveningView(
            empty=grown("Your bedtime and your reminders are kept."),
            quiet=grown("Paused until Wednesday."),
            undo=Undo.PAUSE,
        )
    page.show_tonight(replace(VIEW, evening=evening))
    sidebar = 212 if width * 100 / text_size >= 1100 else 96
    page.set_look(Look(factor=browsing_factor(width, height, text_size), reduced_motion=True))
    page.resize(width - sidebar, height)
    folded = [
        one for one in page.findChildren(QPushButton) if one.accessibleName().startswith("Your evening. ")
    ]
    if which == "unfolded" and folded[0].isVisible():
        folded[0].click()

    def fits() -> None:
        assert clipped(page) == []

    qtbot.waitUntil(fits, timeout=1000)


@pytest.mark.parametrize("light", ["light", "night"])
def test_tonights_stretch_stands_out_in_every_light(page: TonightPage, light: str) -> None:
    page.set_look(Look(THEMES[light], reduced_motion=True))
    tile = named(page, "Stretch, 22:00", QPushButton)
    assert tile.grab().toImage().pixelColor(tile.width() // 2, 4) == THEMES[light].soft


# ---------------------------------------------------------------- words


def test_the_day_counts_the_minutes_until_lights_out() -> None:
    assert day_line(NOW, at(22, 45)) == "Saturday. Lights out in 57 minutes."
    assert day_line(at(22, 44), at(22, 45)) == "Saturday. Lights out in 1 minute."
    assert day_line(at(15), at(22, 45)) == f"Saturday. Lights out at {clock(22, 45)}."
    assert day_line(at(23), at(22, 45)) == "Saturday"
    assert day_line(NOW, None) == "Saturday"


def test_the_evening_of_a_bedtime_is_told_in_words() -> None:
    schedule = bedtime_at(time(22, 45))
    view = view_of(schedule)
    assert [(line.name, line.time) for line in view.lines] == [
        ("Dim the lights", clock(21, 45)),
        ("Stretch", clock(22, 0)),
        ("Last screens", clock(22, 15)),
        ("Lights out", clock(22, 45)),
    ]
    assert (view.now, view.now_at) == (f"Now, {clock(21, 48)}", 1)
    assert view.next == f"stretch {clock(22, 0)}"
    assert view.later == view.lines[3:]
    assert view.lines[1].detail == f"until about {clock(22, 15)}"
    assert [line.rings for line in view.lines] == [False, True, False, False]
    assert view.may_skip
    entries = rules.timeline(schedule, SATURDAY, in_zone(UTC), NOW, {})
    assert lights_out_of(entries) == at(22, 45)


def test_folded_the_stretch_follows_what_comes_first() -> None:
    view = view_of(bedtime_at(time(22, 45)), at(21, 30))
    assert view.next == f"dim the lights {clock(21, 45)}"
    assert [(line.name, line.time) for line in view.later] == [
        ("Stretch", clock(22, 0)),
        ("Lights out", clock(22, 45)),
    ]


def test_times_after_midnight_belong_to_the_evening_before() -> None:
    view = view_of(bedtime_at(time(0, 30)), at(0, 10, day=22))
    assert view.now_at == 3
    assert view.next == f"lights out {clock(0, 30)}"


def test_what_was_done_is_ticked_and_cannot_be_skipped() -> None:
    view = view_of(bedtime_at(time(22, 45)), done=True)
    stretch = view.lines[1]
    assert (stretch.done, stretch.detail) == (True, "Done")
    assert view.stretch_done
    assert not view.may_skip
    assert view.next == f"last screens {clock(22, 15)}"


def test_magnesium_is_the_users_own_choice_and_was_taken() -> None:
    schedule = rules.with_slot(bedtime_at(time(22, 45)), EVERY_DAY, "magnesium", Slot(before=90))
    assert view_of(schedule).lines[0].detail == "Your own choice"
    taken = Mark("magnesium", SATURDAY, at(21, 15), Fate.DONE, at(21, 20))
    assert view_of(schedule, marks={"magnesium": taken}).lines[0].detail == "Taken"


def test_a_reminder_that_waits_says_until_when() -> None:
    waits = Mark("stretch", SATURDAY, at(22), Fate.SNOOZED, at(22, 20), 1)
    view = view_of(bedtime_at(time(22, 45)), at(22, 12), marks={"stretch": waits})
    assert next(line for line in view.lines if line.main).detail == f"comes again at {clock(22, 20)}"
    assert view.may_skip
    held = replace(waits, fate=Fate.HELD)
    view = view_of(bedtime_at(time(22, 45)), at(22, 12), marks={"stretch": held})
    assert next(line for line in view.lines if line.main).detail == "waits, so as not to disturb"
    over = replace(waits, fate=Fate.UNANSWERED)
    assert not view_of(bedtime_at(time(22, 45)), at(22, 12), marks={"stretch": over}).may_skip


def test_own_words_stay_as_they_were_written() -> None:
    schedule, own = rules.with_own(bedtime_at(time(22, 45)), "Feed <b>Kater</b>", Slot(before=40))
    line = next(line for line in view_of(schedule).lines if line.id == own)
    assert line.name == "Feed <b>Kater</b>"
    coming = view_of(schedule, at(22, 1))
    assert coming.next == f"Feed <b>Kater</b> {clock(22, 5)}"


def test_the_foot_says_what_reminders_sound_like() -> None:
    schedule = bedtime_at(time(22, 45))
    assert view_of(schedule).foot == f"No sounds after {clock(22, 0)}."
    assert (
        view_of(schedule, settings=Settings(chime_until="21:30")).foot == f"No sounds after {clock(21, 30)}."
    )
    assert view_of(schedule, settings=Settings(reminder_chime=False)).foot == "Reminders make no sound."
    silent = rules.with_slot(schedule, EVERY_DAY, "stretch", Slot(before=45))
    assert view_of(silent).foot == "No reminders tonight."


def test_no_bell_is_left_where_no_reminder_will_come_any_more() -> None:
    assert not any(line.rings for line in view_of(bedtime_at(time(22, 45)), done=True).lines)
    assert not any(line.rings for line in view_of(bedtime_at(time(22, 45)), at(22, 30)).lines)


def test_quiet_tonight_can_be_undone_but_not_asked_for_again() -> None:
    view = view_of(bedtime_at(time(22, 45)), quiet=True)
    assert (view.quiet, view.undo, view.may_skip) == ("Quiet tonight.", Undo.QUIET, False)
    assert not any(line.rings for line in view.lines)


def test_a_pause_names_the_day_it_ends() -> None:
    schedule = replace(bedtime_at(time(22, 45)), paused_until=SATURDAY + timedelta(days=2))
    view = view_of(schedule)
    assert (view.quiet, view.undo) == ("Paused until Monday.", Undo.PAUSE)
    assert view.lines == ()
    far = view_of(replace(schedule, paused_until=SATURDAY + timedelta(days=10)))
    assert far.quiet == "Paused until 01/12/2026."


def test_an_evening_off_says_what_comes_next() -> None:
    schedule = rules.with_on(bedtime_at(time(22, 45)), [SATURDAY.weekday()], False)
    assert view_of(schedule).empty == "Nothing is planned for tonight."
    tomorrow = Due("stretch", SATURDAY + timedelta(days=1), at(22, day=22))
    assert (
        view_of(schedule, upcoming=tomorrow).empty
        == f"Nothing is planned for tonight. Next: tomorrow {clock(22, 0)}."
    )
    monday = Due("stretch", SATURDAY + timedelta(days=2), at(22, day=23))
    assert (
        view_of(schedule, upcoming=monday).empty
        == f"Nothing is planned for tonight. Next: Monday {clock(22, 0)}."
    )


def test_without_a_bedtime_the_proposal_keeps_to_the_users_own_lead() -> None:
    assert view_of(Schedule()) == EveningView(has_bedtime=False)
    early = Schedule(
        (Evening(slots={**{k: s for k, (_i, s) in ITEMS.items()}, "stretch": Slot(before=60, bell=True)}),)
        * 7
    )
    said = promise_words(early, time(23, 0), at(20), in_zone(UTC))
    assert said == f"Your stretch reminder comes at {clock(22, 0)}."


def missed(rule: str, nights_ago: int, why: Why | None = Why.ASLEEP) -> Mark:
    night = SATURDAY - timedelta(days=nights_ago)
    due = NOW - timedelta(days=nights_ago)
    return Mark(rule, night, due, Fate.MISSED, due, why=why)


def test_missed_reminders_are_one_kind_sentence() -> None:
    schedule = Schedule()
    assert missed_words([], SATURDAY, schedule) == ""
    asleep = missed_words([missed("stretch", 1)], SATURDAY, schedule)
    assert asleep.startswith("Last night’s reminder did not come: the computer was asleep")
    off = missed_words([missed("stretch", 0, Why.OFF)], SATURDAY, schedule)
    assert off == "Tonight’s reminder did not come: the computer or Stretch Coach was off."
    older = missed_words([missed("stretch", 2, None)], SATURDAY, schedule)
    assert older == "The reminder of Thursday did not come."
    two = missed_words([missed("screens", 1, None), missed("stretch", 1, None)], SATURDAY, schedule)
    assert two == "Last night’s reminders did not come."
    other = missed_words([missed("screens", 1, None)], SATURDAY, schedule)
    assert other == "Last night’s reminder did not come (Last screens)."


@pytest.mark.parametrize("size", [(1068, 800), (828, 600)])
def test_the_outline_of_the_focus_is_whole_wherever_it_goes(page: TonightPage, size: tuple[int, int]) -> None:
    page.resize(*size)
    QApplication.processEvents()
    assert cut_rings(page) == []
    page.show_tonight(WITHOUT_BEDTIME)
    QApplication.processEvents()
    assert cut_rings(page) == []
