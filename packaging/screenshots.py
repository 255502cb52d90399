"""Makes the pictures of the README from the running app: real window, real session, no sound, no desktop.

Run: .venv/bin/python packaging/screenshots.py               the README's, into packaging/pictures
     .venv/bin/python packaging/screenshots.py FOLDER [LIGHT] every screen in two sizes and every light, or in
                                                             dark, light or night alone; as PNG
It needs no screen (Qt draws offscreen), takes some minutes, and leaves out judging the result.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pretend_evening(hour: int = 21, minute: int = 48) -> None:
    """Move this process into the time zone where it is a quarter to ten in the evening now."""
    utc = time.gmtime()
    ahead = ((hour - utc.tm_hour) * 60 + minute - utc.tm_min + 720) % 1440 - 720
    sign, (hours, minutes) = "-" if ahead >= 0 else "+", divmod(abs(ahead), 60)
    os.environ["TZ"] = f"EVE{sign}{hours:02d}:{minutes:02d}"
    time.tzset()


pretend_evening()

from PIL import Image  # noqa: E402
from PySide6.QtCore import QEventLoop, QPoint, QRect, QSize, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPixmap  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget  # noqa: E402

from coach import compose, paths  # noqa: E402
from coach.desktop.qt_time import QtTime  # noqa: E402
from coach.desktop.tray import TrayMenu, TrayState, TrayView, icon  # noqa: E402
from coach.domain import evening  # noqa: E402
from coach.domain.evening import MAGNESIUM, STRETCH, Evening, Schedule, Slot, Why  # noqa: E402
from coach.domain.exercise import Flag, Side  # noqa: E402
from coach.domain.night import night_of  # noqa: E402
from coach.domain.pacing import BeatKind  # noqa: E402
from coach.domain.plan import Extra, Plan, Step  # noqa: E402
from coach.domain.session import Input, Phase, Snapshot  # noqa: E402
from coach.domain.timeline import SegmentKind  # noqa: E402
from coach.resident import Resident, World  # noqa: E402
from coach.services.player import Player  # noqa: E402
from coach.services.ports import Act, Note  # noqa: E402
from coach.staging import Stage  # noqa: E402
from coach.storage.json_store import JsonStore  # noqa: E402
from coach.ui.figure_view import Stills  # noqa: E402
from coach.ui.reminder_card import ReminderCard  # noqa: E402
from coach.ui.theme import THEMES, Look  # noqa: E402
from tests.fakes import FakeAlarm, FakeEnrolment, FakeNotifier, FakeQuiet  # noqa: E402
from tests.ui.house import FakeSleep, FakeTray, FakeWaking  # noqa: E402

LARGE, SMALL = QSize(1280, 800), QSize(900, 600)
# The places of pages in the sidebar.
_REMINDERS, _SETTINGS = 3, 4

MY_PLAN = Plan(
    "after-the-shift",
    "After the shift",
    (
        Step("calf_wall", 45, extra=Extra(Side.LEFT, 10), note="Heel down first."),
        Step("quad_stand", 30),
        Step("ham_floor", 30, rounds=2),
        Step("calf_glide"),
        Step("knee_chest", 30),
        Step("breathe_slow", 180),
    ),
    description="For days on my feet.",
)

FROM_A_THERAPIST = """\
format = 1
name = "Plan of 12 November"
description = "Twice a day, and once more before bed."

[[steps]]
exercise = "calf_wall"
seconds = 45
rounds = 2

[[steps]]
exercise = "towel_pull"
note = "Only as far as it is easy."

[[steps]]
exercise = "breathe_slow"

[[exercises]]
id = "towel_pull"
name = "Towel pull, lying"
kind = "stretch"
postures = ["bed"]
sides = true
seconds = 30
stop = ["sharp pain"]

[exercises.cues]
setup = ["Lie down, towel round your {side} foot."]
hold = ["Draw the toes towards you, gently."]
"""

WITH_SLIPS = """\
format = 1
name = "Slow evening"

[[steps]]
exercise = "calf_wall"
seconds = 30

[[steps]]
exercise = "quad_stand"

[[steps]]
exercise = "ham_flor"
sides = "both"
seconds = "forty"

[[steps]]
exercise = "glute_floor"
"""


def tonight() -> datetime:
    """The local time of the pictures."""
    return QtTime().now()


def my_evenings() -> Schedule:
    """A week with three bedtimes and a free evening; tonight the coffee was the last one."""
    night = night_of(tonight())
    days = [Evening(clock_time(22, 30))] * 7
    days[night.weekday()] = Evening(clock_time(22, 45))
    days[night.weekday() - 1] = Evening(clock_time(23, 15))
    days[(night.weekday() + 1) % 7] = Evening(clock_time(22, 15), on=False)
    schedule = Schedule(tuple(days))
    return evening.with_slot(schedule, range(7), "caffeine", Slot(before=9 * 60))


class Photographer:
    """The app in a home of its own with nothing of a desktop around it, and a camera in front of it."""

    def __init__(
        self,
        folder: Path,
        theme: str,
        size: QSize,
        speed: float = 1.0,
        *,
        text_size: int = 100,
        still: bool = False,
        evenings: Schedule | None = None,
        first: bool = False,
        missed: bool = False,
        tray: bool = True,
    ) -> None:
        """`still` takes motion out, as the setting does. `evenings` are those of `my_evenings` if left out.

        `first` is the first start of all, `missed` has a reminder of the night before that never came, and
        `tray` tells whether there is one.
        """
        self.folder = folder
        self.home = Path(tempfile.mkdtemp(prefix="coach-pictures-"))
        where = paths.locate(self.home)
        JsonStore(where.evenings).save(evening.values_of(my_evenings() if evenings is None else evenings))
        JsonStore(where.reminders).save(_marks(missed=missed))
        self.core = core = compose.build(where)
        core.preferences.change("theme", theme)
        core.preferences.change("text_size", text_size)
        if not first:
            core.preferences.change("plan", "five-stretches")
            core.preferences.change("reduced_motion", still)
            core.safety.set_asked()
        request = compose.Request(mute=True, speed=speed)
        self.tray = FakeTray()
        self.tray.is_there = tray
        world = World(
            alarm=FakeAlarm(),
            notifier=FakeNotifier(),
            quiet=FakeQuiet(),
            tray=self.tray,
            sleep=FakeSleep(),
            startup=FakeEnrolment(),
            os_wake=FakeWaking(),
            sessions_of=lambda _night: (),
            make_stage=lambda: Stage.build(core, request, None),
            follow=lambda _stage, _raise: None,
        )
        self.resident = Resident(core, request, QtTime(), world, lambda: None)
        self.resident.begin()
        desk = self.resident._desk
        assert desk is not None
        self.desk = desk
        self.window = self.desk._window
        self.window.resize(size)
        self.wait(0.6)

    def wait(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def wait_for(self, wanted: Callable[[Snapshot], bool], patience: float = 60.0) -> None:
        """Let the session run until a moment is there."""
        for _ in range(round(patience / 0.05)):
            moment = self.player.snapshot()
            if moment is not None and wanted(moment):
                self.wait(0.15)
                return
            self.wait(0.05)
        raise TimeoutError("the session never came to that moment")

    @property
    def player(self) -> Player:
        return self.desk._get_stage().player

    def start(self, plan: Plan | None = None) -> None:
        """Begin a session without sound, but shown as it is with its voice on."""
        self.desk.lead(plan or self.core.library.find("five-stretches"))
        self.player.send(Input.VOICE)

    def start_move(self, exercise: str, seconds: int | None = None) -> None:
        """Begin a session of one move, past the way into it."""
        name = self.core.library.exercise(exercise).name
        self.start(Plan("one-move", name, (Step(exercise, seconds),)))
        self.wait(0.5)
        self.player.send(Input.READY)

    def wait_for_beat(self, kind: BeatKind, number: int, elapsed: float) -> None:
        """Let the rhythm come to a beat, and so many seconds into it."""
        self.wait_for(
            lambda m: (
                m.beat is not None
                and m.beat.kind is kind
                and m.beat.number == number
                and m.beat_elapsed >= elapsed
            )
        )

    def show(self, page: int, seconds: float = 1.2) -> None:
        """Turn to a page of the sidebar and let its pictures arrive."""
        self.window.show_page(page)
        self.wait(seconds)

    def settings_group(self, key: str, seconds: float = 0.6) -> None:
        """Turn to one group of the settings."""
        self.show(_SETTINGS, 0.3)
        self.desk._settings.show_group(key)
        self.wait(seconds)

    def scroll_down(self) -> None:
        """Show the end of what is longer than the window."""
        for area in self.window.findChildren(QAbstractScrollArea):
            if area.isVisible():
                area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())

    def shoot(self, name: str, *, touch: bool = False) -> None:
        """Take a picture; a `touch` of the mouse brings a session's controls back before."""
        page = self.window.centralWidget()
        if touch and page is not None:
            for y in (4, 12):  # a move to where it is would not be noticed
                QTest.mouseMove(page, QPoint(self.window.width() // 2, y))
        self.wait(0.6)
        path = self.folder / f"{name}.png"
        self.window.grab().save(str(path))
        print(path, flush=True)

    def put_away(self) -> None:
        self.resident._leaving = True  # it closes without a word
        self.resident.shutdown()
        self.window.set_guard(None)
        self.window.leave_session()
        self.window.close()
        self.window.deleteLater()
        shutil.rmtree(self.home, ignore_errors=True)


def _marks(*, missed: bool) -> dict[str, object]:
    """What became of reminders so far: the last coffee was ticked, and one may have been missed."""
    now = tonight()
    night = night_of(now)
    before = night - timedelta(days=1)

    def mark(rule: str, of: object, due: datetime, fate: evening.Fate) -> dict[str, object]:
        at = due.isoformat()
        return {"rule": rule, "night": str(of), "due": at, "fate": fate.value, "at": at}

    coffee = now.replace(hour=13, minute=45, second=0, microsecond=0)
    last_night = (now - timedelta(days=1)).replace(hour=22, minute=30, second=0, microsecond=0)
    usual = mark(STRETCH, before, last_night, evening.Fate.STARTED)
    gone = {**mark(STRETCH, before, last_night, evening.Fate.MISSED), "why": Why.ASLEEP.name}
    marks = [mark("caffeine", night, coffee, evening.Fate.DONE), gone if missed else usual]
    return {"began": (now - timedelta(days=9)).isoformat(), "marks": marks}


def session_pictures(folder: Path, theme: str, size: QSize, mark: str) -> None:
    """Tonight, get ready, hold, paused, leave this out, switch and the way down, in one theme and size."""
    camera = Photographer(folder, theme, size)
    camera.shoot(f"tonight{mark}")
    camera.start()
    camera.wait(2.5)
    camera.shoot(f"session_first{mark}", touch=True)
    camera.player.send(Input.READY)
    camera.wait_for(lambda moment: moment.elapsed >= 12.0)
    camera.shoot(f"session{mark}", touch=True)
    camera.player.send(Input.PAUSE)
    camera.wait(0.5)
    camera.shoot(f"session_paused{mark}", touch=True)
    QTest.keyClick(camera.desk._get_sessions().page, Qt.Key.Key_X)
    camera.wait(0.5)
    camera.shoot(f"session_leave_out{mark}")
    QTest.keyClick(camera.desk._get_sessions().page, Qt.Key.Key_Escape)
    camera.player.send(Input.RESUME)
    camera.wait_for(lambda moment: moment.phase is Phase.RUNNING)
    camera.player.send(Input.SKIP)
    camera.wait_for(lambda moment: moment.elapsed >= 1.8)
    camera.shoot(f"session_switch{mark}", touch=True)
    camera.wait_for(lambda m: m.segment is not None and m.segment.kind is SegmentKind.HOLD)
    camera.player.send(Input.SKIP)
    camera.wait(6.0)
    camera.shoot(f"session_getready{mark}", touch=True)
    camera.put_away()


def leaving_pictures(folder: Path, theme: str, size: QSize, mark: str) -> None:
    """Leaving in the third stretch, with what was done so far, and the quiet end; reached at high speed."""
    camera = Photographer(folder, theme, size, speed=12.0)
    camera.start()
    camera.wait_for(lambda m: m.segment is not None and m.segment.step == 2 and m.segment.kind.is_work)
    camera.wait_for(lambda m: m.elapsed >= 14.0)
    camera.player.send(Input.ASK_LEAVE)
    camera.wait(0.8)
    camera.shoot(f"session_exit{mark}")
    camera.player.send(Input.LEAVE)
    camera.wait(0.8)
    camera.shoot(f"session_end{mark}")
    camera.put_away()


def page_pictures(folder: Path, theme: str, size: QSize, mark: str) -> None:
    """Plans, the editor, files, the library, one's body and when to get help."""
    camera = Photographer(folder, theme, size)
    camera.core.library.save(MY_PLAN)
    camera.show(1)
    camera.shoot(f"plans{mark}")
    plans = camera.desk._plans
    plans._edit(camera.core.library.find(MY_PLAN.id))
    camera.wait(1.2)
    camera.shoot(f"editor{mark}")
    row = next(one for one in camera.window.findChildren(QWidget) if getattr(one, "index", None) == 3)
    _drag(row, -130)
    camera.wait(0.3)
    camera.shoot(f"editor_dragging{mark}")
    QTest.keyClick(row, Qt.Key.Key_Escape)
    QTest.mouseRelease(row, Qt.MouseButton.LeftButton)  # or it would hold the mouse of all that follow
    plan = camera.home / "plan-of-12-november.stretchplan.toml"
    plan.write_text(FROM_A_THERAPIST, encoding="utf-8")
    plans.bring_in([plan])
    camera.wait(0.8)
    camera.shoot(f"import_preview{mark}")
    plan = camera.home / "slow-evening.toml"
    plan.write_text(WITH_SLIPS, encoding="utf-8")
    plans.bring_in([plan])
    camera.wait(0.8)
    camera.shoot(f"plan_error{mark}")
    camera.show(2, 2.0)
    camera.shoot(f"library{mark}")
    camera.desk._look_at("calf_glide")
    camera.wait(1.2)
    camera.shoot(f"library_detail{mark}")
    camera.core.safety.set_flag(Flag.BALANCE, True)
    camera.core.safety.set_flag(Flag.GLAUCOMA, True)
    camera.settings_group("body", 1.2)
    camera.shoot(f"my_body{mark}")
    camera.desk._body.show_help()
    camera.wait(0.8)
    camera.shoot(f"red_flags{mark}")
    camera.show(0)
    camera.desk._body.ask_massage(lambda: None)
    camera.wait(0.8)
    camera.shoot(f"massage_check{mark}")
    sheet = camera.desk._body._sheet
    if sheet is not None:
        sheet.finish()
    camera.put_away()


def _drag(row: QWidget, by: int) -> None:
    """Take a row of the editor at its grip and hold it `by` px further down."""
    where = QPoint(20, 20)
    QTest.mousePress(row, Qt.MouseButton.LeftButton, pos=where)
    target = row.mapToGlobal(where + QPoint(0, by))
    QTest.mouseMove(row, row.mapFromGlobal(target))
    QTest.mouseMove(row, row.mapFromGlobal(target))


def pace_pictures(folder: Path, theme: str, size: QSize, mark: str) -> None:
    """A stroke, a tender spot, a breath, and tensing and letting go."""
    for name, exercise, kind, number, elapsed in (
        ("session_massage", "calf_glide", BeatKind.STROKE, 2, 2.6),
        ("session_trigger", "calf_trigger", BeatKind.PRESS, 1, 8.0),
        ("session_breathing", "breathe_slow", BeatKind.BREATH, 2, 2.4),
        ("session_pmr", "pmr_short", BeatKind.TENSE, 1, 2.0),
        ("session_letting_go", "pmr_short", BeatKind.EASE, 1, 5.0),
    ):
        camera = Photographer(folder, theme, size)
        camera.core.safety.answer_massage(True)
        camera.start_move(exercise)
        camera.wait_for_beat(kind, number, elapsed)
        camera.shoot(f"{name}{mark}", touch=True)
        camera.put_away()
    camera = Photographer(folder, theme, size, still=True)
    camera.start_move("breathe_slow")
    camera.wait_for_beat(BeatKind.BREATH, 2, 2.4)
    camera.shoot(f"session_breathing_reduced{mark}", touch=True)
    camera.put_away()


def welcome_pictures(folder: Path, theme: str, size: QSize, mark: str, text_size: int = 100) -> None:
    """The first run, before anything was answered and when it is ready."""
    camera = Photographer(folder, theme, size, first=True, evenings=Schedule(), text_size=text_size)
    camera.wait(0.8)
    camera.shoot(f"welcome{mark}")
    page = camera.desk._welcome.page
    page._clear.setChecked(True)
    page.begin_sentence(3.0)
    camera.wait(1.2)
    camera.shoot(f"welcome_ready{mark}")
    camera.scroll_down()
    camera.shoot(f"welcome_end{mark}")
    camera.window.uncover()
    camera.window.show_keys()
    camera.wait(0.4)
    camera.shoot(f"keys{mark}")
    camera.put_away()


def evening_pictures(folder: Path, theme: str, size: QSize, mark: str, text_size: int = 100) -> None:
    """Tonight with its evening, and the page of the reminders: before a bedtime, set, paused and missed."""
    camera = Photographer(folder, theme, size, evenings=Schedule(), text_size=text_size)
    camera.shoot(f"tonight_first{mark}")
    camera.desk._tonight.set_bedtime()
    camera.wait(0.6)
    camera.shoot(f"tonight_bedtime{mark}")
    QTest.keyClick(camera.window.focusWidget() or camera.window, Qt.Key.Key_Escape)
    camera.wait(0.4)
    camera.show(_REMINDERS)
    camera.shoot(f"reminders_first{mark}")
    camera.put_away()

    camera = Photographer(folder, theme, size, text_size=text_size)
    camera.shoot(f"tonight_evening{mark}")
    camera.desk.said_once("tray", camera.resident._next_words())
    camera.wait(0.6)
    camera.shoot(f"closing_tray{mark}")
    QTest.keyClick(camera.window.focusWidget() or camera.window, Qt.Key.Key_Escape)
    camera.wait(0.4)
    camera.show(_REMINDERS)
    camera.shoot(f"reminders{mark}")
    camera.scroll_down()
    camera.shoot(f"reminders_end{mark}")
    full = my_evenings()
    full = evening.with_slot(full, range(7), MAGNESIUM, Slot(before=90, on=True))
    full, _own = evening.with_own(full, "Warm socks, and the blanket out of the cupboard", Slot(before=75))
    camera.resident.evenings.change(full)
    camera.show(0)
    camera.shoot(f"tonight_full{mark}")
    camera.show(_REMINDERS)
    camera.shoot(f"reminders_own{mark}")
    camera.resident.evenings.skip_tonight()
    camera.show(0)
    camera.shoot(f"tonight_quiet{mark}")
    camera.resident.evenings.undo_skip()
    camera.resident.evenings.pause_until(night_of(tonight()) + timedelta(days=7))
    camera.show(_REMINDERS)
    camera.shoot(f"reminders_paused{mark}")
    camera.put_away()

    camera = Photographer(folder, theme, size, missed=True, tray=False, text_size=text_size)
    camera.shoot(f"tonight_missed{mark}")
    camera.show(_REMINDERS)
    camera.shoot(f"reminders_missed{mark}")
    camera.show(0)
    camera.desk.said_once("no-tray", camera.resident._next_words())
    camera.wait(0.6)
    camera.shoot(f"closing_no_tray{mark}")
    camera.put_away()


def settings_pictures(folder: Path, theme: str, size: QSize, mark: str, text_size: int = 100) -> None:
    """Every group of the settings, some of them changed, and what a search finds."""
    camera = Photographer(folder, theme, size, text_size=text_size)
    change = camera.core.preferences.change
    for name, value in (("voice_detail", "few"), ("chimes", 35), ("setup_time", 150), ("snooze_minutes", 5)):
        change(name, value)
    for group in ("appearance", "session", "voice", "evening", "body", "data", "about"):
        camera.settings_group(group, 2.5 if group == "voice" else 0.6)
        camera.shoot(f"settings_{group}{mark}")
        if group in ("session", "voice", "evening"):
            camera.scroll_down()
            camera.shoot(f"settings_{group}_end{mark}")
    page = camera.desk._settings.page
    page.start_search()
    for name, words in (("found", "quiet"), ("nothing", "penguins")):
        page.search.setText(words)
        camera.wait(0.4)
        camera.shoot(f"settings_{name}{mark}")
    camera.put_away()


def notes() -> tuple[Note, ...]:
    """Reminders as the app words them: the usual one, a late one, the last of an evening, a quiet one."""
    skip = (Act.SKIP, "Not tonight")
    usual = Note(
        "stretch",
        STRETCH,
        "Stretch Coach, 22:00",
        "Time for your legs",
        "Five stretches, 7 minutes",
        ((Act.START, "Start"), (Act.SNOOZE, "In 10 minutes"), skip),
        figure="ham_floor",
    )
    late = replace(
        usual,
        heading="It is 22:41",
        title="Your stretch was at 22:00",
        body="3 minutes still fit before lights out. Tomorrow is fine too.",
        acts=((Act.START, "Short one, 3 min"), skip),
        figure="",
    )
    last = replace(
        usual,
        heading="Stretch Coach, 22:20",
        acts=(usual.acts[0], skip),
    )
    quiet = Note(
        "screens",
        "screens",
        "Stretch Coach, 22:15",
        "Last screens",
        "From here on by voice",
        ((Act.DONE, "Done"), skip),
        stays=False,
    )
    return usual, late, last, quiet


def card_pictures(folder: Path, theme: str, mark: str, text_size: int = 100) -> None:
    """The app's own reminder cards on a wallpaper, two in a row."""
    pictures = Stills(ROOT / "assets" / "figures", room=8)
    look = Look(THEMES[theme], text_size / 100)
    shots = [_grab(ReminderCard(note, look, pictures)) for note in notes()]
    gap, width = 40, max(one.width() for one in shots)
    heights = [max(one.height() for one in shots[:2]), max(one.height() for one in shots[2:])]
    wall = _wallpaper(QSize(2 * width + 3 * gap, sum(heights) + 3 * gap))
    painter = QPainter(wall)
    for number, shot in enumerate(shots):
        row, column = divmod(number, 2)
        painter.drawPixmap(gap + column * (width + gap), gap + row * (heights[0] + gap), shot)
    painter.end()
    _keep(wall, folder / f"reminder_cards{mark}.png")


def _grab(card: ReminderCard) -> QPixmap:
    card.show()
    QApplication.processEvents()
    for button in card.card.buttons:  # on a desktop it comes without the focus
        button.clearFocus()
    shot = card.grab()
    card.leave()
    return shot


def tray_pictures(folder: Path) -> None:
    """The icon in its three states on two kinds of panels, and its menu as Qt draws it; desktops differ."""
    menu = TrayMenu()
    menu.show_view(TrayView("Stretch at 22:00", "Lights out 22:45", can_snooze=True, snooze="In 10 minutes"))
    menu.menu.popup(QPoint(0, 0))
    QApplication.processEvents()
    shot = menu.menu.grab()
    menu.menu.hide()
    wall = _wallpaper(QSize(shot.width() + 80, shot.height() + 100))
    painter = QPainter(wall)
    for half, colour in enumerate(("#1F2328", "#E8E8E6")):
        panel = QRect(half * wall.width() // 2, 0, wall.width() // 2 + 1, 36)
        painter.fillRect(panel, QColor(colour))
        for number, state in enumerate(TrayState):
            one = icon(ROOT / "assets" / "icons" / "tray", state, light_panel=half == 1)
            painter.drawPixmap(panel.right() - 34 * (number + 1), 6, one.pixmap(24, 24))
    painter.drawPixmap(40, 60, shot)
    painter.end()
    _keep(wall, folder / "tray_menu.png")


def _keep(picture: QPixmap, path: Path) -> None:
    picture.save(str(path))
    print(path, flush=True)


def _wallpaper(size: QSize) -> QPixmap:
    wall = QPixmap(size)
    shade = QLinearGradient(0, 0, 0, size.height())
    shade.setColorAt(0, QColor("#4E5158"))
    shade.setColorAt(1, QColor("#34373B"))
    painter = QPainter(wall)
    painter.fillRect(wall.rect(), shade)
    painter.end()
    return wall


def large_text_pictures(folder: Path, theme: str, size: QSize, mark: str) -> None:
    """Every kind of page, and a hold, with text at 150 percent."""
    camera = Photographer(folder, theme, size, text_size=150)
    camera.core.library.save(MY_PLAN)
    camera.shoot(f"text_150_tonight{mark}")
    camera.show(1)
    camera.shoot(f"text_150_plans{mark}")
    camera.desk._plans._edit(camera.core.library.find(MY_PLAN.id))
    camera.wait(1.2)
    camera.shoot(f"text_150_editor{mark}")
    camera.show(2, 2.0)
    camera.shoot(f"text_150_library{mark}")
    camera.settings_group("body", 1.2)
    camera.shoot(f"text_150_my_body{mark}")
    camera.core.safety.answer_massage(True)
    camera.start_move("calf_glide")
    camera.wait_for_beat(BeatKind.STROKE, 1, 3.0)
    camera.shoot(f"text_150_massage{mark}", touch=True)
    camera.put_away()


def animation(folder: Path) -> None:
    """Twelve seconds of a session as a small animated picture: into the hold, then the other leg."""
    camera = Photographer(folder, "dark", LARGE)
    camera.start()
    camera.wait(1.0)
    frames: list[Image.Image] = []

    def take(seconds: float) -> None:
        for _ in range(round(seconds * 8)):
            frames.append(
                _as_image(camera.window.grab().toImage()).resize((800, 500), Image.Resampling.LANCZOS)
            )
            camera.wait(0.1)

    take(3)
    camera.player.send(Input.READY)
    take(5)
    camera.player.send(Input.SKIP)
    take(4)
    path = folder / "session.webp"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=125, loop=0, quality=70, method=6)
    print(path, f"{path.stat().st_size // 1024} KiB")
    camera.put_away()


def _as_image(picture: QImage) -> Image.Image:
    picture = picture.convertToFormat(QImage.Format.Format_RGB888)
    size = (picture.width(), picture.height())
    return Image.frombytes("RGB", size, bytes(picture.constBits()), "raw", "RGB", picture.bytesPerLine())


SIZES = ((LARGE, ""), (SMALL, "_small"))
LIGHTS = {"dark": "", "light": "_light", "night": "_night"}

# What the README shows: the screens, and in which light and size they are taken.
README = (
    "tonight", "tonight_small", "session_getready", "session_switch",
    "session_exit", "session_light", "session_night", "session_hold", "session_leave_out",
    "session_massage", "session_trigger", "session_breathing", "session_letting_go", "plans",
    "editor_dragging", "import_preview", "plan_error", "library", "library_light", "library_detail",
    "my_body", "red_flags", "massage_check", "text_150_editor", "welcome_ready", "welcome_ready_light",
    "tonight_bedtime", "reminders", "reminders_light", "reminder_cards", "settings_voice", "settings_found",
    "settings_voice_light", "reminder_cards_light", "closing_tray", "tray_menu",
)  # fmt: skip


def _every_screen(folder: Path, lights: Sequence[str]) -> None:
    for light in lights:
        for size, small in SIZES:
            mark = LIGHTS[light] + small
            for take in (
                page_pictures,
                pace_pictures,
                large_text_pictures,
                session_pictures,
                leaving_pictures,
                welcome_pictures,
                evening_pictures,
                settings_pictures,
            ):
                take(folder, light, size, mark)
            for large in (welcome_pictures, evening_pictures, settings_pictures):
                large(folder, light, size, f"{mark}_150", 150)
        card_pictures(folder, light, LIGHTS[light])
        card_pictures(folder, light, f"{LIGHTS[light]}_150", 150)
    tray_pictures(folder)


def _readme(folder: Path) -> None:
    """The README's pictures, each as small as it can be without losing what it shows."""
    shown = ROOT / "packaging" / "pictures"
    shown.mkdir(exist_ok=True)
    page_pictures(folder, "dark", LARGE, "")
    page_pictures(folder, "light", LARGE, "_light")
    pace_pictures(folder, "dark", LARGE, "")
    large_text_pictures(folder, "dark", LARGE, "")
    leaving_pictures(folder, "dark", LARGE, "")
    tray_pictures(folder)
    for light in ("dark", "light"):
        settings_pictures(folder, light, LARGE, LIGHTS[light])
        card_pictures(folder, light, LIGHTS[light])
        welcome_pictures(folder, light, LARGE, LIGHTS[light])
        evening_pictures(folder, light, LARGE, LIGHTS[light])
    for light, mark in LIGHTS.items():
        session_pictures(folder, light, LARGE, mark)
    session_pictures(folder, "dark", SMALL, "_small")
    animation(folder)
    (folder / "session.png").rename(folder / "session_hold.png")
    for name in README:
        with Image.open(folder / f"{name}.png") as picture:
            picture.convert("RGB").save(shown / f"{name}.webp", quality=86, method=6)
    shutil.move(folder / "session.webp", shown / "session.webp")


def main(target: Path | None, lights: Sequence[str]) -> None:
    folder = target or Path(tempfile.mkdtemp(prefix="coach-pictures-"))
    folder.mkdir(parents=True, exist_ok=True)
    qt = QApplication(["coach"])
    qt.setStyle("Fusion")
    from coach.ui import theme

    theme.load_fonts()
    if target is None:
        _readme(folder)
        shutil.rmtree(folder)
    else:
        _every_screen(folder, lights)
        animation(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None, sys.argv[2:] or tuple(LIGHTS))
