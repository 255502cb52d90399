"""What the user sees and does on the session screen, with a real session behind it.

Leaves out the player, the sound, and how it looks to the pixel.
"""

import random
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from coach.domain.exercise import Exercise, Kind, Posture
from coach.domain.pacing import BeatKind, Part
from coach.domain.plan import Step
from coach.domain.session import Input, Phase, Session, digits
from coach.domain.timeline import SegmentKind, Timeline, build
from coach.i18n import render
from coach.paths import assets_dir
from coach.ui.controls import FocusRing, RadioRow
from coach.ui.figure_view import FigureView
from coach.ui.ring import Ring
from coach.ui.session_paces import BreathDisc, BreathTile, PressPanel, StrokePanel, stroke_place
from coach.ui.session_page import Patience, SessionPage
from coach.ui.session_panels import Curtain, NextTile, Note, SetupStrip
from coach.ui.session_words import Mode
from coach.ui.theme import THEMES, Look
from tests.finding import W, clipped, named, nameless, names, shown_words
from tests.script import BREATH, CALF, EXERCISES, GLIDE, HAM, LETGO, SLOW, plan, timeline

FOREVER = Patience(controls=3600, pointer=3600, note=3600, notice=3600, dark=3600)
SIZES = [QSize(1280, 800), QSize(900, 600), QSize(1920, 1080)]


@dataclass
class Evening:
    """A session, the page that shows it, and the hand of the user. Time passes only in `pass_`."""

    page: SessionPage
    session: Session
    at: float = 0.0
    asked: list[Input] = field(default_factory=list)
    left_out: list[tuple[str, bool]] = field(default_factory=list)
    closed: int = 0

    def feed(self, given: Input) -> None:
        self.asked.append(given)
        self.session.feed(given, self.at)
        self.show()

    def show(self) -> None:
        self.page.show_moment(self.session.snapshot(self.at))

    def pass_(self, seconds: float) -> None:
        """Let time pass, ten moments a second, as the app does."""
        for _tenth in range(round(seconds * 10)):
            self.at = round(self.at + 0.1, 3)
            self.session.advance(self.at)
            self.show()

    def until(self, kind: SegmentKind, plus: float = 0.0, number: int = 0) -> None:
        """Into the `number`th segment of a kind, from 0, and `plus` seconds on, without drawing."""
        found = [one for one in self.session.timeline.segments if one.kind is kind][number]
        while self.session.segment.index < found.index:
            self.at += 0.5
            self.session.advance(self.at)
        while (gone := self.session.snapshot(self.at).elapsed) < plus - 1e-6:
            self.at += min(0.5, plus - gone)
            self.session.advance(self.at)
        self.show()

    def begin(self, session: Session) -> None:
        """Another session on the same page."""
        self.session = session
        self.session.feed(Input.START, self.at)
        self.show()

    def press(self, key: Qt.Key) -> None:
        target = self.page.focusWidget() or self.page
        QTest.keyClick(target, key)

    def send(self, event: QKeyEvent) -> None:
        QApplication.sendEvent(self.page.focusWidget() or self.page, event)

    def click(self, name: str) -> None:
        QTest.mouseClick(named(self.page, name, QAbstractButton), Qt.MouseButton.LeftButton)

    def click_at(self, where: QPoint) -> None:
        QTest.mouseClick(self.page, Qt.MouseButton.LeftButton, pos=where)

    def mode(self) -> Mode | None:
        return self.page.mode

    @property
    def words(self) -> list[str]:
        return shown_words(self.page)

    @property
    def ring(self) -> Ring:
        return next(one for one in self.page.findChildren(Ring) if one.isVisible())


class Start(Protocol):
    def __call__(
        self,
        lines: Timeline | None = None,
        *,
        size: QSize = ...,
        theme: str = ...,
        patience: Patience = ...,
        text: int = ...,
        waits: bool = ...,
        moving: bool = ...,
    ) -> Evening: ...


@pytest.fixture
def start(qtbot: QtBot) -> Start:
    """Begins a session on a page that is shown."""

    def make(
        lines: Timeline | None = None,
        *,
        size: QSize = SIZES[0],
        theme: str = "dark",
        patience: Patience = FOREVER,
        text: int = 100,
        waits: bool = False,
        moving: bool = False,
    ) -> Evening:
        page = SessionPage(
            lambda parent: FigureView(assets_dir() / "figures", parent),
            Look(THEMES[theme], reduced_motion=not moving),
            patience=patience,
        )
        page.set_text_size(text)
        page.resize(size)
        qtbot.addWidget(page)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        session = Session(lines or timeline("calf", "ham"), waits=waits)
        evening = Evening(page, session)

        def note_close() -> None:
            evening.closed += 1

        page.asked.connect(evening.feed)
        page.leave_out_asked.connect(lambda one, tonight: evening.left_out.append((one, tonight)))
        page.closed.connect(note_close)
        session.feed(Input.START, 0.0)
        evening.show()
        return evening

    return make


# ---------------------------------------------------------------- what is seen


def test_a_hold_shows_which_leg_the_exercise_and_the_seconds(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    assert {"Calf stretch", "Left leg"} <= set(evening.words)
    assert evening.ring.shown_digits == "18"


def test_an_exercise_without_sides_shows_its_name_large(start: Start) -> None:
    evening = start(timeline("breath"))
    evening.until(SegmentKind.HOLD, 5)
    assert "Breathing" in evening.words
    assert not {"Left leg", "Right leg"} & set(evening.words)


def test_the_caption_is_word_for_word_what_is_said(start: Start) -> None:
    evening = start(timeline("calf"))
    heard = set()
    while not evening.session.phase.is_over:
        evening.pass_(0.5)
        said = evening.session.snapshot(evening.at).caption
        if said is not None and not evening.session.phase.is_over:
            assert f"“{render(said)}”" in evening.words
            heard.add(render(said))
    assert {"Heel heavy.", "Half-way.", "10 seconds.", "Switch. Right leg."} <= heard


def test_the_digits_are_the_seconds_of_the_session(start: Start) -> None:
    evening = start(timeline("calf"))
    evening.until(SegmentKind.HOLD)
    for _second in range(28):
        evening.pass_(1)
        remaining = evening.session.snapshot(evening.at).remaining
        assert remaining is not None
        assert evening.ring.shown_digits == digits(remaining)


def test_the_minutes_that_are_left_go_down(start: Start) -> None:
    evening = start(timeline("calf", "ham", "calf"))
    assert "6 min left" in evening.words or "5 min left" in evening.words
    evening.until(SegmentKind.HOLD, 25, number=5)
    assert "1 min left" in evening.words


@pytest.mark.parametrize(
    ("kind", "number", "told"),
    [
        (SegmentKind.READY, 0, "Then: Calf, left leg"),
        (SegmentKind.HOLD, 0, "Next: Calf, right leg"),
        (SegmentKind.SWITCH, 0, "After that: Ham, left leg"),
        (SegmentKind.HOLD, 1, "Next: Ham, left leg"),
        (SegmentKind.HOLD, 3, "Last one for tonight"),
    ],
)
def test_what_comes_next_is_announced(start: Start, kind: SegmentKind, number: int, told: str) -> None:
    evening = start()
    evening.until(kind, 1, number)
    assert named(evening.page, told, NextTile)


def test_the_switch_names_the_leg_the_side_done_and_how_long_to_hold(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.SWITCH, 2)
    assert {"Switch to your", "right leg"} <= set(evening.words)
    assert "Same stretch, other side.\nHold for 30 seconds." in evening.words
    assert evening.ring.shown_digits == "3"


def test_a_second_round_of_one_side_does_not_claim_to_switch(start: Start) -> None:
    lines = build(plan(Step("breath", rounds=2)), EXERCISES)
    evening = start(lines)
    evening.until(SegmentKind.SWITCH, 2)
    assert {"Once more", "Breathing"} <= set(evening.words)
    assert "Switch to your" not in evening.words


def test_a_rest_says_so_and_counts(start: Start) -> None:
    evening = start(timeline("calf", "ham", rest=20))
    evening.until(SegmentKind.REST, 5)
    assert "Rest" in evening.words
    assert evening.ring.shown_digits == "15"


def test_a_pause_replaces_the_leg_and_the_countdown_stands(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    evening.press(Qt.Key.Key_Space)
    evening.pass_(60)
    assert {"Paused", "Take your time. The countdown waits."} <= set(evening.words)
    assert "Left leg" not in evening.words
    assert evening.ring.shown_digits == "18"


def test_going_on_counts_three_before_the_hold(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    evening.press(Qt.Key.Key_Space)
    evening.press(Qt.Key.Key_Space)
    seen = [evening.ring.shown_digits]
    for _second in range(2):
        evening.pass_(1)
        seen.append(evening.ring.shown_digits)
    assert seen == ["3", "2", "1"]
    assert "Going on" in evening.words
    evening.pass_(1.1)
    assert "Left leg" in evening.words
    assert evening.ring.shown_digits == "18"


def test_an_untimed_step_waits_for_the_user(start: Start) -> None:
    evening = start(build(plan(Step("calf", wait=True)), EXERCISES))
    evening.until(SegmentKind.WAIT, 3)
    assert evening.mode() is Mode.WAIT
    assert "Left leg" in evening.words
    evening.click("Go on")
    assert evening.asked == [Input.READY]
    assert evening.mode() is Mode.SWITCH


def test_nothing_is_shown_as_one_second_before_the_session_begins(start: Start) -> None:
    evening = start()
    fresh = Session(timeline("calf"))
    evening.page.show_moment(fresh.snapshot(0.0))
    assert evening.ring.shown_digits == "20"


# ---------------------------------------------------------------- getting ready


def test_getting_ready_names_the_leg_and_counts_the_real_seconds(start: Start) -> None:
    evening = start()
    evening.pass_(6)
    assert {"Get ready: Calf stretch", "Left leg"} <= set(evening.words)
    assert evening.ring.shown_digits == "14"
    assert {"I’m ready", "Wait for me", "Count 20 seconds"} <= set(names(evening.page))


def test_the_way_down_to_the_floor_is_shown_in_three_figures(start: Start) -> None:
    evening = start()
    seen = []
    evening.until(SegmentKind.READY, 0.5, number=1)
    strip = evening.page.findChild(SetupStrip)
    assert isinstance(strip, SetupStrip)
    assert strip.isVisible()
    for _third in range(3):
        seen.append(strip.accessibleName())
        evening.pass_(6.7)
    assert [name.split(": ")[1] for name in seen] == [
        "Hold on to something",
        "One knee down",
        "Sit, legs long",
    ]


@pytest.mark.parametrize("posture", [Posture.BED, Posture.STANDING])
def test_no_way_down_is_shown_where_nobody_goes_down(start: Start, posture: Posture) -> None:
    there = replace(HAM, postures=(posture,))
    evening = start(build(plan("ham"), {**EXERCISES, "ham": there}))
    evening.pass_(1)
    strip = evening.page.findChild(SetupStrip)
    assert isinstance(strip, SetupStrip)
    assert not strip.isVisible()


@pytest.mark.parametrize("how", ["mouse", "keyboard", "letter"])
def test_the_user_can_have_the_app_wait(start: Start, how: str) -> None:
    evening = start()
    row = named(evening.page, "Wait for me", RadioRow)
    if how == "mouse":
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    elif how == "keyboard":
        row.setFocus(Qt.FocusReason.TabFocusReason)
        evening.press(Qt.Key.Key_Return)
    else:
        evening.press(Qt.Key.Key_W)
    assert evening.asked == [Input.WAIT_FOR_ME]
    evening.pass_(60)
    assert evening.mode() is Mode.READY
    assert row.isChecked()
    evening.click("Count 20 seconds")
    assert evening.asked[-1] is Input.COUNT_FOR_ME
    evening.pass_(20.1)
    assert evening.mode() is Mode.HOLD


def test_whoever_gives_the_page_the_keyboard_gives_it_to_ready(start: Start) -> None:
    evening = start()
    evening.page.setFocus()
    holder = evening.page.focusWidget()
    assert holder is not None and holder.accessibleName() == "I’m ready"


def test_ready_begins_the_hold_at_once(start: Start) -> None:
    evening = start()
    evening.press(Qt.Key.Key_Space)
    assert evening.mode() is Mode.HOLD
    evening.until(SegmentKind.READY, 2, number=1)
    evening.click("I’m ready")
    assert evening.asked == [Input.READY, Input.READY]


# ---------------------------------------------------------------- keys and mouse


@pytest.mark.parametrize(
    ("key", "given"),
    [
        (Qt.Key.Key_Space, Input.PAUSE),
        (Qt.Key.Key_Left, Input.BACK),
        (Qt.Key.Key_Right, Input.SKIP),
        (Qt.Key.Key_Plus, Input.ADD),
        (Qt.Key.Key_Equal, Input.ADD),
        (Qt.Key.Key_V, Input.VOICE),
        (Qt.Key.Key_Escape, Input.ASK_LEAVE),
    ],
)
def test_each_key_does_one_thing(start: Start, key: Qt.Key, given: Input) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    evening.press(key)
    assert evening.asked == [given]


def test_plus_on_the_keypad_adds_ten_seconds(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    keypad = Qt.KeyboardModifier.KeypadModifier
    evening.send(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Plus, keypad, "+"))
    assert evening.ring.shown_digits == "28"


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_F, "fullscreen_asked"),
        (Qt.Key.Key_N, "light_asked"),
        (Qt.Key.Key_F1, "help_asked"),
    ],
)
def test_keys_for_the_window_are_passed_on(start: Start, qtbot: QtBot, key: Qt.Key, signal: str) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    with qtbot.waitSignal(getattr(evening.page, signal), timeout=1000):
        evening.press(key)
    assert evening.asked == []


@pytest.mark.parametrize(("key", "step"), [(Qt.Key.Key_Up, 5), (Qt.Key.Key_Down, -5)])
def test_up_and_down_change_the_volume_and_say_so(start: Start, qtbot: QtBot, key: Qt.Key, step: int) -> None:
    evening = start()
    evening.page.volume_asked.connect(lambda by: evening.page.show_volume(60 + by))
    evening.press(key)
    assert f"Volume {60 + step} %" in names(evening.page)


def test_a_note_leaves_by_itself(start: Start, qtbot: QtBot) -> None:
    evening = start(patience=replace(FOREVER, note=0.02))
    evening.page.show_volume(60)
    qtbot.waitUntil(lambda: "Volume 60 %" not in names(evening.page))


def test_a_notice_is_shown_and_stays_long_enough_to_be_read(start: Start, qtbot: QtBot) -> None:
    evening = start(patience=replace(FOREVER, note=0.001))
    evening.page.show_notice("No sound can be heard.")
    qtbot.wait(30)
    assert "No sound can be heard." in names(evening.page)


@pytest.mark.parametrize("theme", ["dark", "night"])
def test_a_notice_keeps_its_room_when_text_grows_and_when_the_session_ends(start: Start, theme: str) -> None:
    evening = start(theme=theme)
    evening.until(SegmentKind.HOLD, 2)
    evening.page.show_notice("No sound device was found. The session goes on with captions.")
    note = next(one for one in evening.page.findChildren(Note) if one.words.startswith("No sound"))
    height = note.height()
    evening.page.set_text_size(150)
    assert note.height() > 1.3 * height
    evening.feed(Input.ASK_LEAVE)
    evening.feed(Input.LEAVE)
    close = named(evening.page, "Close", QAbstractButton)
    assert evening.mode() is Mode.END and note.isVisible()
    assert not note.geometry().intersects(close.geometry())


def test_captions_can_be_turned_off_and_stay_off(start: Start, qtbot: QtBot) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    with qtbot.waitSignal(evening.page.caption_toggled, check_params_cb=lambda on: on is False):
        evening.press(Qt.Key.Key_C)
    evening.pass_(10)
    assert not [one for one in evening.words if one.startswith("“")]
    evening.press(Qt.Key.Key_C)
    assert [one for one in evening.words if one.startswith("“")]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Back", Input.BACK),
        ("Ten seconds more", Input.ADD),
        ("Pause", Input.PAUSE),
        ("Skip", Input.SKIP),
        ("Voice on", Input.VOICE),
        ("Leave the session", Input.ASK_LEAVE),
    ],
)
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_each_control_works_by_mouse_and_by_keyboard(start: Start, name: str, given: Input, by: str) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    if by == "mouse":
        evening.click(name)
    else:
        named(evening.page, name, QAbstractButton).setFocus(Qt.FocusReason.TabFocusReason)
        evening.press(Qt.Key.Key_Return)
    assert evening.asked == [given]


def test_space_pauses_wherever_the_keyboard_is(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    named(evening.page, "Skip", QAbstractButton).setFocus(Qt.FocusReason.TabFocusReason)
    evening.press(Qt.Key.Key_Space)
    assert evening.asked == [Input.PAUSE]


def test_the_voice_control_says_whether_it_speaks(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    evening.press(Qt.Key.Key_V)
    assert "Voice off" in names(evening.page)
    evening.press(Qt.Key.Key_V)
    assert "Voice on" in names(evening.page)


def test_ten_seconds_can_only_be_added_where_they_help(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.SWITCH, 1)
    control = named(evening.page, "Ten seconds more", QAbstractButton)
    assert not control.isEnabled()
    assert control.toolTip()
    evening.until(SegmentKind.HOLD, 1, number=1)
    assert control.isEnabled()


def test_a_click_on_the_figure_pauses_and_goes_on(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    evening.click_at(QPoint(300, 300))
    evening.click_at(QPoint(300, 300))
    assert evening.asked == [Input.PAUSE, Input.RESUME]


def test_a_click_beside_the_figure_does_nothing(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    evening.click_at(QPoint(1260, 640))
    assert evening.asked == []


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_V]
)
def test_a_key_that_is_held_down_counts_once(start: Start, key: Qt.Key) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    for _again in range(20):
        none = Qt.KeyboardModifier.NoModifier
        evening.send(QKeyEvent(QEvent.Type.KeyPress, key, none, "", autorep=True))
    assert evening.asked == []


def test_shortcuts_of_the_window_are_left_to_the_window(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 12)
    for key in (Qt.Key.Key_V, Qt.Key.Key_C, Qt.Key.Key_Right, Qt.Key.Key_D):
        QTest.keyClick(evening.page, key, Qt.KeyboardModifier.ControlModifier)
    assert evening.asked == []


def test_two_hundred_stray_keys_change_nothing(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.HOLD, 2)
    known = {
        Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_Equal,
        Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab,
    }  # fmt: skip
    stray = [key for key in Qt.Key if key not in known and 0x20 <= key.value <= 0x01000057]
    dice = random.Random(7)
    for _turn in range(200):
        evening.press(dice.choice(stray))
    assert evening.asked == []
    assert evening.session.phase is Phase.RUNNING


def test_two_hundred_keys_of_the_session_never_end_it(start: Start) -> None:
    evening = start(timeline(*["calf"] * 100))
    dice = random.Random(11)
    keys = [
        Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_V, Qt.Key.Key_C,
        Qt.Key.Key_W, Qt.Key.Key_X, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Tab,
    ]  # fmt: skip
    for _turn in range(200):
        evening.press(dice.choice(keys))
        evening.pass_(dice.choice([0, 0, 0.2, 1]))
        assert not evening.session.phase.is_over
    assert not {Input.LEAVE, Input.FORGET} & set(evening.asked)


# ---------------------------------------------------------------- leaving


def leaving(start: Start, *, held: float = 90.0) -> Evening:
    evening = start(timeline("calf", "ham", "calf"))
    evening.until(SegmentKind.HOLD, held % 30, number=int(held // 30))
    evening.press(Qt.Key.Key_Escape)
    return evening


def test_leaving_asks_once_and_lists_what_is_kept(start: Start) -> None:
    evening = leaving(start, held=100)
    assert evening.mode() is Mode.LEAVING
    assert "Leave for tonight?" in evening.words
    assert "One minute is a session too.\nThis is what goes into your journal:" in evening.words
    assert evening.page.kept_rows == [("Calf stretch, both legs", "1:00"), ("Hamstring, both legs", "0:40")]
    assert "Paused at 20 seconds" in names(evening.page)
    assert [one for one in QApplication.topLevelWidgets() if one.isVisible()] == [evening.page]


@pytest.mark.parametrize(
    ("key", "given"),
    [
        (Qt.Key.Key_Return, Input.LEAVE),
        (Qt.Key.Key_Enter, Input.LEAVE),
        (Qt.Key.Key_Space, Input.STAY),
        (Qt.Key.Key_Escape, Input.STAY),
    ],
)
def test_leaving_is_answered_by_a_key(start: Start, key: Qt.Key, given: Input) -> None:
    evening = leaving(start)
    evening.press(key)
    assert evening.asked == [Input.ASK_LEAVE, given]


def test_tab_reaches_leaving_without_a_trace(start: Start) -> None:
    evening = leaving(start)
    for _step in range(20):
        holder = evening.page.focusWidget()
        if holder is not None and holder.accessibleName() == "Leave and forget this session":
            break
        evening.press(Qt.Key.Key_Tab)
    evening.press(Qt.Key.Key_Return)
    assert evening.asked == [Input.ASK_LEAVE, Input.FORGET]
    assert "Nothing was kept in your journal." in evening.words


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Leave and keep this", Input.LEAVE),
        ("Go on", Input.STAY),
        ("Leave and forget this session", Input.FORGET),
    ],
)
def test_leaving_is_answered_by_mouse(start: Start, name: str, given: Input) -> None:
    evening = leaving(start)
    evening.click(name)
    assert evening.asked == [Input.ASK_LEAVE, given]


def test_under_one_minute_nothing_is_kept_and_it_says_so(start: Start) -> None:
    evening = leaving(start, held=20)
    assert any("nothing is kept" in one for one in evening.words)
    assert evening.page.kept_rows == []
    assert "Leave and forget this session" not in names(evening.page)
    evening.press(Qt.Key.Key_Return)
    assert evening.asked[-1] is Input.LEAVE
    assert "Nothing was kept in your journal." in evening.words


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_V])
def test_nothing_else_happens_while_the_user_decides(start: Start, key: Qt.Key) -> None:
    evening = leaving(start)
    evening.press(key)
    evening.click_at(QPoint(300, 300))
    assert evening.asked == [Input.ASK_LEAVE]


def test_a_long_list_folds_instead_of_running_out_of_the_window(start: Start) -> None:
    evening = start(timeline(*["calf", "ham"] * 8), size=SIZES[1])
    evening.until(SegmentKind.HOLD, 10, number=30)
    evening.press(Qt.Key.Key_Escape)
    rows = evening.page.kept_rows
    assert 1 <= len(rows) < 8
    assert rows[0][0].endswith("exercises")
    minutes = [time.split(":") for _name, time in rows]
    assert sum(int(m) * 60 + int(s) for m, s in minutes) == 30 * 30 + 10


# ---------------------------------------------------------------- the end


def ended(start: Start, **how: object) -> Evening:
    evening = start(timeline("calf", "ham"), **how)  # type: ignore[arg-type]
    evening.until(SegmentKind.HOLD, 29, number=3)
    evening.pass_(2)
    return evening


def test_the_end_is_one_quiet_sentence(start: Start) -> None:
    evening = ended(start)
    assert evening.mode() is Mode.END
    assert {"That is all for tonight.", "3 minutes, kept in your journal."} <= set(evening.words)
    assert "!" not in "".join(evening.words)


def test_the_end_has_the_keyboard_on_close_without_drawing_attention(start: Start) -> None:
    evening = ended(start)
    holder = evening.page.focusWidget()
    assert holder is not None and holder.accessibleName() == "Close"
    assert not [ring for ring in evening.page.findChildren(FocusRing) if ring.isVisible()]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_end_is_left_by_a_key(start: Start, key: Qt.Key) -> None:
    evening = ended(start)
    evening.press(key)
    assert evening.closed == 1


def test_the_end_is_left_by_mouse(start: Start) -> None:
    evening = ended(start)
    evening.click("Close")
    assert evening.closed == 1


def test_the_end_is_not_left_by_space(start: Start) -> None:
    evening = ended(start)
    evening.press(Qt.Key.Key_Space)
    assert evening.closed == 0


def test_after_a_while_the_end_goes_dark_and_any_key_brings_it_back(start: Start, qtbot: QtBot) -> None:
    evening = ended(start, patience=replace(FOREVER, dark=0.05))
    curtain = evening.page.findChild(Curtain)
    assert isinstance(curtain, Curtain)
    qtbot.waitUntil(curtain.isVisible)
    assert curtain.geometry() == evening.page.rect()
    QTest.keyClick(curtain, Qt.Key.Key_A)
    assert not curtain.isVisible()
    qtbot.waitUntil(curtain.isVisible)
    QTest.keyClick(curtain, Qt.Key.Key_Escape)
    assert evening.closed == 1


def test_another_session_begins_afresh(start: Start) -> None:
    evening = leaving(start)
    evening.click("Leave and forget this session")
    evening.begin(Session(timeline("ham")))
    assert evening.mode() is Mode.READY
    evening.until(SegmentKind.HOLD, 29.5, number=1)
    evening.pass_(1)
    assert (
        "1 minute, kept in your journal." in evening.words
        or "2 minutes, kept in your journal." in evening.words
    )


# ---------------------------------------------------------------- night


def test_at_night_there_are_no_buttons_and_no_time_of_day(start: Start) -> None:
    evening = start(theme="night")
    evening.until(SegmentKind.HOLD, 12)
    assert {"Left leg", "Heel heavy.", "1 of 2", "Space to pause"} <= set(evening.words)
    assert not [one for one in evening.page.findChildren(QAbstractButton) if one.isVisible()]
    assert not [one for one in evening.words if re.search(r"\d\d?:\d\d|\b[ap]m\b", one)]


def test_at_night_a_click_anywhere_pauses_and_goes_on(start: Start) -> None:
    evening = start(theme="night")
    evening.until(SegmentKind.HOLD, 12)
    evening.click_at(QPoint(1200, 40))
    assert "Space to go on" in evening.words
    evening.click_at(QPoint(640, 780))
    assert evening.asked == [Input.PAUSE, Input.RESUME]


def test_at_night_the_mouse_alone_can_leave(start: Start) -> None:
    evening = start(theme="night")
    evening.until(SegmentKind.HOLD, 12)
    evening.click_at(QPoint(1200, 40))
    evening.click("Leave the session")
    evening.click("Leave")
    assert evening.asked == [Input.PAUSE, Input.ASK_LEAVE, Input.LEAVE]
    evening.click_at(QPoint(600, 100))
    assert evening.closed == 1


def test_at_night_the_pointer_hides_and_returns(start: Start, qtbot: QtBot) -> None:
    evening = start(theme="night", patience=replace(FOREVER, pointer=0.02))
    evening.until(SegmentKind.HOLD, 12)
    qtbot.waitUntil(lambda: evening.page.cursor().shape() is Qt.CursorShape.BlankCursor)
    move(evening.page)
    assert evening.page.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_at_night_in_a_small_window_the_figure_hides_first(start: Start) -> None:
    evening = start(theme="night", size=SIZES[1])
    evening.until(SegmentKind.HOLD, 12)
    figure = evening.page.findChild(FigureView)
    assert isinstance(figure, FigureView)
    assert not figure.isVisible()
    assert "Left leg" in evening.words


def test_the_light_can_change_in_the_middle(start: Start) -> None:
    evening = start()
    evening.until(SegmentKind.READY, 5, number=1)
    for theme in ("night", "light", "dark"):
        evening.page.set_look(Look(THEMES[theme]))
        evening.pass_(0.2)
        assert "Left leg" in evening.words
    assert {"I’m ready", "Wait for me"} <= set(names(evening.page))


# ---------------------------------------------------------------- fading


def move(page: QWidget) -> None:
    """The pointer moves a little."""
    at = QPointF(page.rect().center())
    none = Qt.MouseButton.NoButton
    still = Qt.KeyboardModifier.NoModifier
    where = QPointF(page.mapToGlobal(at))
    QApplication.sendEvent(page, QMouseEvent(QEvent.Type.MouseMove, at, where, none, none, still))


@pytest.mark.parametrize("how", ["key", "movement"])
def test_controls_fade_while_nobody_touches_anything_and_return(start: Start, qtbot: QtBot, how: str) -> None:
    evening = start(patience=replace(FOREVER, controls=0.03))
    evening.until(SegmentKind.HOLD, 12)
    qtbot.waitUntil(lambda: evening.page.controls_shown == pytest.approx(0.35))
    caption = [one for one in evening.words if one.startswith("“")]
    assert caption
    if how == "key":
        evening.press(Qt.Key.Key_A)
    else:
        move(evening.page)
    assert evening.page.controls_shown == 1.0


def test_in_a_pause_the_controls_stay(start: Start, qtbot: QtBot) -> None:
    evening = start(patience=replace(FOREVER, controls=0.01))
    evening.until(SegmentKind.HOLD, 12)
    evening.press(Qt.Key.Key_Space)
    qtbot.wait(80)
    assert evening.page.controls_shown == 1.0


# ---------------------------------------------------------------- strokes, presses, breaths


def panel(evening: Evening, kind: type[W]) -> W:
    """The one panel of this kind that is seen."""
    found = [one for one in evening.page.findChildren(kind) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def rings(evening: Evening) -> list[Ring]:
    return [one for one in evening.page.findChildren(Ring) if one.isVisible()]


def test_a_massage_shows_the_number_of_the_stroke_instead_of_seconds(start: Start) -> None:
    evening = start(timeline("glide"))
    evening.until(SegmentKind.STROKE, 16)
    assert {"Calf glide", "Left leg"} <= set(evening.words)
    shown = panel(evening, StrokePanel)
    assert shown.accessibleName() == "Stroke 3 of 12"
    assert shown.accessibleDescription() == (
        "5 seconds up, lift, return, Both sides  ·  Pressure 2 to 3 of 10"
    )
    assert rings(evening) == []


def test_the_pace_bar_goes_up_stays_while_the_hand_lifts_and_comes_back(start: Start) -> None:
    evening = start(timeline("glide"))
    evening.until(SegmentKind.STROKE, 0.1)
    bar = panel(evening, StrokePanel).bar
    places = []
    for _half in range(15):
        places.append(bar.place)
        evening.pass_(0.5)
    up, lifted, back = places[:10], places[10], places[11:]
    assert up == sorted(up) and up[0] < 0.01
    assert lifted == 1.0
    assert back == sorted(back, reverse=True)
    assert places[5] == pytest.approx(0.53, abs=0.03)  # eased: half the way after half the time


def test_with_reduced_motion_the_pace_goes_in_ten_steps(start: Start) -> None:
    evening = start(timeline("glide"))
    evening.until(SegmentKind.STROKE, 0.1)
    bar = panel(evening, StrokePanel).bar
    seen = set()
    for _tenth in range(55):
        seen.add(bar.step)
        evening.pass_(0.1)
    assert seen == set(range(10))
    assert not evening.page.moves


@pytest.mark.parametrize(("step", "kind"), [("glide", SegmentKind.STROKE), ("slow", SegmentKind.BREATH)])
def test_what_moves_stands_still_in_a_pause_and_while_nobody_can_see_it(
    start: Start, step: str, kind: SegmentKind
) -> None:
    evening = start(timeline(step, "calf"), moving=True)
    evening.until(kind, 2)
    seen = [evening.page.moves]
    evening.press(Qt.Key.Key_Space)
    seen.append(evening.page.moves)
    evening.press(Qt.Key.Key_Space)
    evening.pass_(4)
    seen.append(evening.page.moves)
    evening.page.hide()
    seen.append(evening.page.moves)
    evening.page.show()
    seen.append(evening.page.moves)
    evening.press(Qt.Key.Key_N)
    evening.page.set_look(Look(THEMES["night"]))
    seen.append(evening.page.moves)
    assert seen == [True, False, True, False, True, False]


def test_the_bar_and_the_disc_move_between_two_moments_and_never_run_away(start: Start, qtbot: QtBot) -> None:
    evening = start(timeline("glide"), moving=True)
    evening.until(SegmentKind.STROKE, 2)
    bar = panel(evening, StrokePanel).bar
    before = bar.place
    qtbot.waitUntil(lambda: bar.place > before + 0.005)
    qtbot.wait(400)
    # A quarter of a second on, and then it waits for the next moment.
    assert bar.place == pytest.approx(stroke_place(evening.session.snapshot(evening.at).beats[0], 2.25))


def test_strokes_of_a_movement_are_counted_as_times(start: Start) -> None:
    pump = replace(GLIDE, kind=Kind.MOBILITY, parts=(Part(BeatKind.STROKE, 2, 0, 2, count=5),), pressure=())
    evening = start(build(plan("glide"), {"glide": pump}))
    evening.until(SegmentKind.STROKE, 5)
    shown = panel(evening, StrokePanel)
    assert shown.accessibleName().startswith("2 of ")
    assert shown.accessibleDescription() == "2 seconds each way"


def test_a_tender_spot_shows_the_seconds_of_the_press_and_how_it_should_feel(start: Start) -> None:
    evening = start(timeline("spot"))
    evening.until(SegmentKind.HOLD, 50)
    shown = panel(evening, PressPanel)
    assert "Left leg" in evening.words
    assert shown.accessibleName() == "Press 2 of 3, then rest 10 s"
    assert shown.accessibleDescription() == "from 5 down to 2"
    assert shown.shows_ladder
    assert evening.ring.shown_digits == "20"


def test_between_two_presses_it_says_let_go(start: Start) -> None:
    evening = start(timeline("spot"))
    evening.until(SegmentKind.HOLD, 33)
    assert {"Tender spot, left leg", "Let go"} <= set(evening.words)
    assert "Left leg" not in evening.words
    assert panel(evening, PressPanel).accessibleName() == "Rest, then press 2 of 3"
    assert evening.ring.shown_digits == "7"


def test_in_a_small_window_the_ladder_becomes_words(start: Start) -> None:
    evening = start(timeline("spot"), size=QSize(900, 600))
    evening.until(SegmentKind.HOLD, 5)
    assert not panel(evening, PressPanel).shows_ladder


def test_breathing_says_in_and_out_and_counts_the_seconds(start: Start) -> None:
    evening = start(timeline("slow"))
    evening.until(SegmentKind.BREATH, 0.5)
    disc = panel(evening, BreathDisc)
    heard = []
    for _second in range(10):
        big = next(one for one in evening.words if one.startswith("Breathe"))
        heard.append((big, disc.second))
        evening.pass_(1)
    assert heard == [("Breathe in", n) for n in (1, 2, 3, 4)] + [("Breathe out", n) for n in range(1, 7)]
    assert disc.segments == (4, 6)
    assert panel(evening, BreathTile).accessibleName() == "Breath 2 of 9. In 4, out 6"


def test_the_disc_swells_on_the_way_in_and_sinks_on_the_way_out(start: Start) -> None:
    evening = start(timeline("slow"), moving=True)
    evening.until(SegmentKind.BREATH, 0.1)
    disc = panel(evening, BreathDisc)
    sizes = []
    for _second in range(10):
        sizes.append(disc.size_of_disc)
        evening.pass_(1)
    assert sizes[:4] == sorted(sizes[:4])
    assert sizes[4:] == sorted(sizes[4:], reverse=True)
    assert min(sizes) < 0.05 and max(sizes) > 0.95


def test_tensing_and_letting_go_are_words_to_be_read_from_the_mat(start: Start) -> None:
    evening = start(timeline("letgo"))
    evening.until(SegmentKind.HOLD, 2)
    seen = [(set(evening.words) & {"Shins", "Tense gently", "Let go"}, evening.ring.shown_digits)]
    evening.pass_(5)
    seen.append((set(evening.words) & {"Shins", "Tense gently", "Let go"}, evening.ring.shown_digits))
    assert seen == [({"Shins", "Tense gently"}, "3"), ({"Shins", "Let go"}, "13")]
    evening.until(SegmentKind.HOLD, 45)
    assert "Calves" in evening.words


def test_a_name_above_the_large_words_gets_its_room_when_it_comes_later(start: Start) -> None:
    def large_words(*parts: Part) -> QRect:
        settling = replace(LETGO, parts=(*parts, *LETGO.parts), seconds=60 + 5 * len(parts))
        evening = start(build(plan("letgo"), {"letgo": settling}))
        evening.until(SegmentKind.HOLD, 2)
        evening.pass_(5 * len(parts))
        return next(
            one.geometry()
            for one in evening.page.findChildren(QLabel)
            if one.isVisible() and one.text() == "Tense gently"
        )

    assert large_words(Part(BeatKind.STAY, 5, say="Settle.")) == large_words()


@pytest.mark.parametrize("step", ["slow", "letgo"])
def test_calm_exercises_say_that_moving_is_fine(start: Start, step: str) -> None:
    evening = start(timeline(step, "calf"))
    evening.until(SegmentKind.BREATH if step == "slow" else SegmentKind.HOLD, 2)
    assert "Moving is fine at any time." in evening.words
    evening.until(SegmentKind.READY, 2, number=1)
    assert "Moving is fine at any time." not in evening.words


def test_a_swapped_step_says_why(start: Start) -> None:
    evening = start(timeline("calf", "ham"))
    evening.page.set_remarks({1: "Seated tonight, because of the balance."})
    evening.until(SegmentKind.HOLD, 2)
    assert not any("balance" in one for one in evening.words)
    evening.until(SegmentKind.READY, 2, number=1)
    assert "Seated tonight, because of the balance." in evening.words
    evening.until(SegmentKind.HOLD, 2, number=2)
    assert "Seated tonight, because of the balance." in evening.words


@pytest.mark.parametrize(
    ("step", "kind", "words"),
    [
        ("glide", SegmentKind.STROKE, "Calf glide. Left leg. 12 strokes, 90 seconds."),
        ("spot", SegmentKind.HOLD, "Tender spot. Left leg. 3 presses, 110 seconds."),
        ("slow", SegmentKind.BREATH, "Slow breaths. Breathe in. 9 breaths, 90 seconds."),
    ],
)
def test_a_screen_reader_is_told_how_much_there_is_to_do(
    start: Start, step: str, kind: SegmentKind, words: str
) -> None:
    evening = start(timeline(step))
    evening.until(kind, 0.2)
    assert words in names(evening.page)


def test_the_other_side_of_a_massage_is_announced_in_strokes(start: Start) -> None:
    evening = start(timeline("glide"))
    evening.until(SegmentKind.SWITCH, 2)
    assert "The same on the other side.\n12 strokes, 90 seconds." in evening.words


def test_ten_seconds_can_be_added_to_a_massage(start: Start) -> None:
    evening = start(timeline("glide"))
    evening.until(SegmentKind.STROKE, 12)
    evening.press(Qt.Key.Key_Plus)
    assert evening.asked == [Input.ADD]
    assert panel(evening, StrokePanel).accessibleName() == "Stroke 2 of 13"


@pytest.mark.parametrize(
    ("exercise", "kind"),
    [
        (replace(GLIDE, figure="calf_glide"), SegmentKind.STROKE),
        (replace(SLOW, figure="breathe_slow"), SegmentKind.BREATH),
    ],
    ids=["stroke", "breath"],
)
def test_the_hands_and_the_breath_of_the_figure_go_with_the_words(
    start: Start, qtbot: QtBot, exercise: Exercise, kind: SegmentKind
) -> None:
    evening = start(build(plan(exercise.id), {exercise.id: exercise}), moving=True)
    figure = evening.page.findChild(FigureView)
    assert isinstance(figure, FigureView)
    evening.until(kind, 1)
    qtbot.waitUntil(lambda: not figure.animating and not figure.busy, timeout=5000)

    def wait_past(drawn: int) -> None:
        qtbot.waitUntil(lambda: figure.drawn > drawn)

    for into in (1.5, 3.0, 5.0, 7.0):
        drawn = figure.drawn
        evening.until(kind, into)
        wait_past(drawn)


def test_an_exercise_of_ones_own_shows_the_picture_that_belongs_to_it(start: Start, tmp_path: Path) -> None:
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    assert image.save(str(tmp_path / "mine.png"))
    own = replace(CALF, id="own", figure=None, picture="mine.png", own=True)
    evening = start(build(plan("own", "ham"), {**EXERCISES, "own": own}))
    asked: list[str] = []

    def picture_of(exercise: Exercise) -> Path | None:
        asked.append(exercise.id)
        return tmp_path / exercise.picture if exercise.picture else None

    evening.page.set_pictures(picture_of)
    evening.until(SegmentKind.SWITCH, 1)
    figure = evening.page.findChild(FigureView)
    assert isinstance(figure, FigureView)
    middle = figure.grab().toImage().pixelColor(figure.rect().center())
    assert middle.blue() > 200 > middle.red()
    evening.until(SegmentKind.HOLD, 1, number=2)
    middle = figure.grab().toImage().pixelColor(figure.rect().center())
    assert middle.blue() < 200
    assert set(asked) == {"own", "ham"}


# ---------------------------------------------------------------- leaving an exercise out


def test_leaving_out_asks_first_and_the_session_waits(start: Start) -> None:
    evening = start(timeline("glide", "calf"))
    evening.until(SegmentKind.STROKE, 12)
    evening.click("Leave this exercise out")
    assert evening.mode() is Mode.DROPPING
    assert evening.asked == [Input.PAUSE]
    assert "Leave this out?" in evening.words
    evening.pass_(60)
    assert evening.session.segment.kind is SegmentKind.STROKE


@pytest.mark.parametrize(
    ("button", "tonight"), [("Leave it out tonight", True), ("Leave it out always", False)]
)
def test_leaving_out_goes_on_with_the_next_exercise(start: Start, button: str, tonight: bool) -> None:
    evening = start(timeline("glide", "calf"))
    evening.until(SegmentKind.STROKE, 12)
    evening.press(Qt.Key.Key_X)
    evening.click(button)
    assert evening.left_out == [("glide", tonight)]
    assert evening.asked == [Input.PAUSE, Input.DROP, Input.RESUME]
    assert evening.session.segment.exercise.id == "calf"
    assert evening.session.phase is Phase.RUNNING


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_keeping_it_goes_on_where_it_was(start: Start, key: Qt.Key) -> None:
    evening = start(timeline("glide"))
    evening.until(SegmentKind.STROKE, 12)
    evening.press(Qt.Key.Key_X)
    evening.press(key)
    assert evening.left_out == []
    assert evening.asked == [Input.PAUSE, Input.RESUME]
    evening.pass_(3.2)
    assert evening.mode() is Mode.HOLD


def test_who_was_paused_before_stays_paused_after(start: Start) -> None:
    evening = start(timeline("glide", "calf"))
    evening.until(SegmentKind.STROKE, 12)
    evening.press(Qt.Key.Key_Space)
    evening.press(Qt.Key.Key_X)
    evening.press(Qt.Key.Key_Space)
    assert evening.mode() is Mode.PAUSED
    assert evening.asked == [Input.PAUSE]
    evening.press(Qt.Key.Key_X)
    evening.press(Qt.Key.Key_Return)
    assert evening.left_out == [("glide", True)]
    assert evening.mode() is Mode.PAUSED


def test_an_exercise_can_be_left_out_before_it_begins(start: Start) -> None:
    evening = start(timeline("calf", "glide"))
    evening.pass_(2)
    evening.press(Qt.Key.Key_X)
    evening.click("Leave it out tonight")
    assert evening.left_out == [("calf", True)]
    assert evening.session.segment.exercise.id == "glide"


def test_leaving_the_last_one_out_ends_quietly(start: Start) -> None:
    evening = start(timeline("calf"))
    evening.until(SegmentKind.HOLD, 5)
    evening.press(Qt.Key.Key_X)
    evening.click("Leave it out tonight")
    assert evening.mode() is Mode.END


def test_nothing_else_happens_while_the_question_stands(start: Start) -> None:
    evening = start(timeline("glide", "calf"))
    evening.until(SegmentKind.STROKE, 12)
    evening.press(Qt.Key.Key_X)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_X):
        evening.press(key)
    assert evening.asked == [Input.PAUSE]
    # Somebody goes on by another way, such as a media key: the question goes with it.
    evening.feed(Input.RESUME)
    assert evening.mode() is Mode.COUNT_IN


def test_at_night_an_exercise_is_left_out_by_key(start: Start) -> None:
    evening = start(timeline("glide", "calf"), theme="night")
    evening.until(SegmentKind.STROKE, 12)
    evening.press(Qt.Key.Key_X)
    assert "Leave this out?" in evening.words
    evening.press(Qt.Key.Key_Return)
    assert evening.left_out == [("glide", True)]


# ---------------------------------------------------------------- sizes and names

# Where to: a kind of segment, seconds into it, which one of its kind, and what the user does there.
SCENES: dict[str, tuple[SegmentKind, float, int, tuple[Input, ...]]] = {
    "ready": (SegmentKind.READY, 5, 0, ()),
    "way down": (SegmentKind.READY, 5, 1, ()),
    "hold": (SegmentKind.HOLD, 12, 0, ()),
    "switch": (SegmentKind.SWITCH, 2, 0, ()),
    "rest": (SegmentKind.REST, 2, 0, ()),
    "paused": (SegmentKind.HOLD, 12, 0, (Input.PAUSE,)),
    "count in": (SegmentKind.HOLD, 12, 0, (Input.PAUSE, Input.RESUME)),
    "leaving": (SegmentKind.HOLD, 12, 3, (Input.ASK_LEAVE,)),
    "leaving early": (SegmentKind.HOLD, 12, 0, (Input.ASK_LEAVE,)),
    "end": (SegmentKind.HOLD, 12, 5, (Input.SKIP,)),
}
# The same of strokes, presses and breaths.
PACED: dict[str, tuple[str, SegmentKind, float, tuple[Input, ...]]] = {
    "stroke": ("glide", SegmentKind.STROKE, 12, ()),
    "stroke paused": ("glide", SegmentKind.STROKE, 12, (Input.PAUSE,)),
    "press": ("spot", SegmentKind.HOLD, 12, ()),
    "let go": ("spot", SegmentKind.HOLD, 34, ()),
    "breath": ("slow", SegmentKind.BREATH, 12, ()),
    "tense": ("letgo", SegmentKind.HOLD, 2, ()),
    "stay": ("letgo", SegmentKind.HOLD, 45, ()),
}
LONG = replace(HAM, name="Lying single knee to chest", short_name="Knee to chest")


@pytest.mark.parametrize("theme", ["dark", "night"])
@pytest.mark.parametrize("text", [100, 150])
@pytest.mark.parametrize(
    "size", [*SIZES, QSize(1366, 768), QSize(800, 520)], ids=lambda s: f"{s.width()}x{s.height()}"
)
def test_everything_has_a_name_and_room_for_its_words(
    start: Start, size: QSize, text: int, theme: str
) -> None:
    lines = build(plan("calf", "ham", "calf", rest=10), {**EXERCISES, "ham": LONG})
    for name, (kind, plus, number, inputs) in SCENES.items():
        evening = start(lines, size=size, text=text, theme=theme)
        evening.until(kind, plus, number)
        for given in inputs:
            evening.feed(given)
        assert nameless(evening.page) == [], name
        assert clipped(evening.page) == [], name
        for control in evening.page.findChildren(QAbstractButton):
            if control.isVisible():
                assert min(control.width(), control.height()) >= 44, (name, control.accessibleName())
        for label in evening.page.findChildren(QWidget):
            if label.isVisible():
                assert label.font().pixelSize() >= 13 or label.font().pixelSize() == -1
        evening.page.close()


@pytest.mark.parametrize("theme", ["dark", "night"])
@pytest.mark.parametrize("text", [100, 150])
@pytest.mark.parametrize(
    "size", [*SIZES, QSize(1366, 768), QSize(800, 520)], ids=lambda s: f"{s.width()}x{s.height()}"
)
def test_strokes_presses_and_breaths_have_room_in_every_window(
    start: Start, size: QSize, text: int, theme: str
) -> None:
    for name, (step, kind, plus, inputs) in PACED.items():
        evening = start(timeline(step, "calf"), size=size, text=text, theme=theme)
        evening.page.set_remarks({0: "The easier one tonight, because of the knee."})
        evening.until(kind, plus)
        for given in inputs:
            evening.feed(given)
        assert nameless(evening.page) == [], name
        assert clipped(evening.page) == [], name
        evening.press(Qt.Key.Key_X)
        assert clipped(evening.page) == [], f"leaving out of {name}"
        evening.page.close()


@pytest.mark.parametrize("theme", ["dark", "night"])
@pytest.mark.parametrize("size", [*SIZES, QSize(3840, 2160)], ids=lambda s: f"{s.width()}x{s.height()}")
def test_the_digits_take_a_quarter_of_the_windows_short_side(start: Start, size: QSize, theme: str) -> None:
    evening = start(size=size, theme=theme)
    evening.until(SegmentKind.HOLD, 12)
    assert evening.ring.digit_height >= 0.25 * min(size.width(), size.height()) - 0.5


def test_larger_text_makes_the_words_larger(start: Start) -> None:
    sizes = []
    for text in (100, 150):
        evening = start(text=text)
        evening.until(SegmentKind.HOLD, 12)
        word = next(
            one for one in evening.page.findChildren(QWidget) if getattr(one, "text", str)() == "Left leg"
        )
        sizes.append(word.font().pixelSize())
    assert sizes[1] > sizes[0]


def test_a_screen_reader_is_told_what_to_do_now(start: Start) -> None:
    evening = start()
    told = []
    for kind in (SegmentKind.READY, SegmentKind.HOLD, SegmentKind.SWITCH):
        evening.until(kind, 1)
        told.append(next(name for name in names(evening.page) if name.endswith(".")))
    evening.feed(Input.PAUSE)
    told.append(next(name for name in names(evening.page) if name.endswith("Paused.")))
    assert told == [
        "Get ready: Calf stretch. Left leg. 20 seconds.",
        "Calf stretch. Left leg. Hold for 30 seconds.",
        "Switch to your. right leg.",
        "Calf stretch, right leg. Paused.",
    ]


def test_the_figure_is_named_with_its_side(start: Start) -> None:
    evening = start(build(plan("calf"), {"calf": replace(CALF, figure="calf_wall")}))
    evening.until(SegmentKind.HOLD, 2)
    assert "Calf stretch, Left leg" in names(evening.page)
    evening.until(SegmentKind.HOLD, 2, number=1)
    assert "Calf stretch, Right leg" in names(evening.page)


def test_breathing_counts_minutes_smaller(start: Start) -> None:
    evening = start(build(plan("breath"), {"breath": replace(BREATH, seconds=180)}))
    evening.until(SegmentKind.HOLD, 70)
    large = evening.ring.digit_height
    assert evening.ring.shown_digits == "1:50"
    evening.until(SegmentKind.HOLD, 90)
    assert evening.ring.shown_digits == "90"
    assert evening.ring.digit_height > large
