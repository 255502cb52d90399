"""Makes the pictures of the README from the running app: real window, real session, no sound.

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
from PySide6.QtCore import QEventLoop, QPoint, QSize, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from coach import compose, paths  # noqa: E402
from coach.desk import Desk  # noqa: E402
from coach.desktop.qt_time import QtTime  # noqa: E402
from coach.domain.exercise import Flag, Side  # noqa: E402
from coach.domain.pacing import BeatKind  # noqa: E402
from coach.domain.plan import Extra, Plan, Step  # noqa: E402
from coach.domain.session import Input, Phase, Snapshot  # noqa: E402
from coach.domain.timeline import SegmentKind  # noqa: E402
from coach.services.player import Player  # noqa: E402
from coach.staging import Stage  # noqa: E402

LARGE, SMALL = QSize(1280, 800), QSize(900, 600)

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


class Photographer:
    """A desk in a home of its own, and a camera in front of it."""

    def __init__(
        self,
        folder: Path,
        theme: str,
        size: QSize,
        speed: float = 1.0,
        *,
        text_size: int = 100,
        still: bool = False,
    ) -> None:
        """`still` takes motion out, as the setting does."""
        self.folder = folder
        self.home = Path(tempfile.mkdtemp(prefix="coach-pictures-"))
        self.core = core = compose.build(paths.locate(self.home))
        core.preferences.change("theme", theme)
        core.preferences.change("plan", "five-stretches")
        core.preferences.change("text_size", text_size)
        core.preferences.change("reduced_motion", still)
        core.safety.set_asked()
        request = compose.Request(mute=True, speed=speed)
        self.desk = Desk(core, request, QtTime(), lambda: Stage.build(core, request, None))
        self.desk.open()
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
        self.desk.shutdown()
        self.window.set_guard(None)
        self.window.leave_session()
        self.window.close()
        shutil.rmtree(self.home, ignore_errors=True)


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
    camera.show(3)
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
    camera.show(3)
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
    "my_body", "red_flags", "massage_check", "text_150_editor",
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
            ):
                take(folder, light, size, mark)


def _readme(folder: Path) -> None:
    """The README's pictures, each as small as it can be without losing what it shows."""
    shown = ROOT / "packaging" / "pictures"
    shown.mkdir(exist_ok=True)
    page_pictures(folder, "dark", LARGE, "")
    page_pictures(folder, "light", LARGE, "_light")
    pace_pictures(folder, "dark", LARGE, "")
    large_text_pictures(folder, "dark", LARGE, "")
    leaving_pictures(folder, "dark", LARGE, "")
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
