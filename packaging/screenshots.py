"""Makes the pictures of the README from the running app: real window, real session, no sound.

Run: .venv/bin/python packaging/screenshots.py               the README's, into packaging/pictures
     .venv/bin/python packaging/screenshots.py FOLDER        every screen in every light and two sizes
It needs no screen (Qt draws offscreen), takes about three or six minutes, and leaves out judging the result.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
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

from PySide6.QtCore import QEventLoop, QPoint, QSize, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from coach import compose, paths  # noqa: E402
from coach.desk import Desk  # noqa: E402
from coach.desktop.qt_time import QtTime  # noqa: E402
from coach.domain.session import Input, Phase, Snapshot  # noqa: E402
from coach.domain.timeline import SegmentKind  # noqa: E402
from coach.services.player import Player  # noqa: E402
from coach.staging import Stage  # noqa: E402

LARGE, SMALL = QSize(1280, 800), QSize(900, 600)


class Photographer:
    """A desk in a home of its own, and a camera in front of it."""

    def __init__(self, folder: Path, theme: str, size: QSize, speed: float = 1.0) -> None:
        self.folder = folder
        self._home = Path(tempfile.mkdtemp(prefix="coach-pictures-"))
        core = compose.build(paths.locate(self._home))
        core.preferences.change("theme", theme)
        core.preferences.change("plan", "five-stretches")
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

    def start(self) -> None:
        """Begin the session without sound, but shown as it is with its voice on."""
        self.desk._start_asked("five-stretches")
        self.player.send(Input.VOICE)

    def shoot(self, name: str) -> None:
        page = self.window.centralWidget()
        if page is not None:  # a touch of the mouse brings the controls back
            QTest.mouseMove(page, QPoint(self.window.width() // 2, 8 + len(name)))
            self.wait(0.6)
        path = self.folder / f"{name}.png"
        self.window.grab().save(str(path))
        print(path)

    def put_away(self) -> None:
        self.desk.shutdown()
        self.window.leave_session()
        self.window.close()
        shutil.rmtree(self._home, ignore_errors=True)


def session_pictures(folder: Path, theme: str, size: QSize, mark: str) -> None:
    """Tonight, get ready, hold, paused, switch and the way down, in one theme and size."""
    camera = Photographer(folder, theme, size)
    camera.shoot(f"tonight{mark}")
    camera.start()
    camera.wait(2.5)
    camera.shoot(f"session_first{mark}")
    camera.player.send(Input.READY)
    camera.wait_for(lambda moment: moment.elapsed >= 12.0)
    camera.shoot(f"session{mark}")
    camera.player.send(Input.PAUSE)
    camera.wait(0.5)
    camera.shoot(f"session_paused{mark}")
    camera.player.send(Input.RESUME)
    camera.wait_for(lambda moment: moment.phase is Phase.RUNNING)
    camera.player.send(Input.SKIP)
    camera.wait_for(lambda moment: moment.elapsed >= 1.8)
    camera.shoot(f"session_switch{mark}")
    camera.wait_for(lambda m: m.segment is not None and m.segment.kind is SegmentKind.HOLD)
    camera.player.send(Input.SKIP)
    camera.wait(6.0)
    camera.shoot(f"session_getready{mark}")
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


def animation(folder: Path) -> None:
    """Twelve seconds of a session as a small animated picture: into the hold, then the other leg."""
    from PIL import Image

    camera = Photographer(folder, "dark", LARGE)
    camera.start()
    camera.wait(1.0)
    frames: list[Image.Image] = []

    def take(seconds: float) -> None:
        for _ in range(round(seconds * 8)):
            picture = camera.window.grab().toImage().convertToFormat(_rgb())
            raw = bytes(picture.constBits())
            whole = Image.frombytes(
                "RGB", (picture.width(), picture.height()), raw, "raw", "RGB", picture.bytesPerLine()
            )
            frames.append(whole.resize((800, 500), Image.Resampling.LANCZOS))
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


def _rgb() -> object:
    from PySide6.QtGui import QImage

    return QImage.Format.Format_RGB888


README_PICTURES = [
    "tonight",
    "tonight_small",
    "session",
    "session_getready",
    "session_switch",
    "session_paused",
    "session_exit",
    "session_light",
    "session_night",
]


def main(target: Path | None) -> None:
    folder = target or Path(tempfile.mkdtemp(prefix="coach-pictures-"))
    folder.mkdir(parents=True, exist_ok=True)
    qt = QApplication(["coach"])
    qt.setStyle("Fusion")
    from coach.ui import theme

    theme.load_fonts()
    sizes = ((LARGE, ""), (SMALL, "_small"))
    for name, mark in (("dark", ""), ("light", "_light"), ("night", "_night")):
        for size, small in sizes:
            if target is None and name != "dark" and small:
                continue
            session_pictures(folder, name, size, mark + small)
            leaving_pictures(folder, name, size, mark + small)
    animation(folder)
    if target is None:
        shown = ROOT / "packaging" / "pictures"
        shown.mkdir(exist_ok=True)
        for picture in [*(f"{name}.png" for name in README_PICTURES), "session.webp"]:
            shutil.move(folder / picture, shown / picture)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
