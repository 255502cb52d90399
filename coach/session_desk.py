"""The session behind the window: its page's intentions go to the player, the player's moments to the page.

It leaves out the rest of the window (see desk) and every rule. It is loaded after the first picture.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from coach.domain.night import Unfinished
from coach.domain.profile import Adapted
from coach.domain.session import Input, Phase, Snapshot
from coach.domain.settings import Settings
from coach.i18n import render
from coach.paths import assets_dir
from coach.staging import Stage
from coach.ui.bridge import PlayerBridge
from coach.ui.figure_view import FigureView
from coach.ui.main_window import MainWindow
from coach.ui.session_page import SessionPage

# Milliseconds between two looks at the clock while something counts on the screen (DESIGN 6: the ring).
GLANCE_MS = 100


class SessionDesk:
    """Leads the sessions of one window.

    `change` stores a setting, `note` keeps a notice for Tonight, `leave_out` leaves an exercise out from now
    on, for tonight or always.
    """

    def __init__(
        self,
        window: MainWindow,
        stage: Stage,
        *,
        change: Callable[[str, object], None],
        note: Callable[[str], None],
        leave_out: Callable[[str, bool], None],
        closed: Callable[[], None],
    ) -> None:
        self._core = stage.core
        self._request = stage.request
        self._window = window
        self._stage = stage
        self._change = change
        self._note = note
        self._closed = closed
        self._glance = QTimer(window)
        self._glance.setInterval(GLANCE_MS)
        self._glance.timeout.connect(self._look)
        figures = assets_dir() / "figures"
        settings = stage.core.preferences.settings
        page = SessionPage(lambda parent: FigureView(figures, parent), window.session_look)
        self.page = page
        self._take_over(settings)
        page.asked.connect(self._asked)
        page.volume_asked.connect(self._volume_asked)
        page.caption_toggled.connect(lambda on: change("captions", on))
        page.light_asked.connect(window.change_night)
        page.fullscreen_asked.connect(window.toggle_full_screen)
        page.help_asked.connect(window.show_keys)
        page.leave_out_asked.connect(leave_out)
        page.closed.connect(self._page_closed)
        stage.core.preferences.changed.subscribe(self._take_over)
        self._bridge = PlayerBridge(stage.player)
        self._bridge.snapshot.connect(self._show_moment)
        self._bridge.notice.connect(self._notice)
        window.set_session_page(page)

    def begin(self, adapted: Adapted, carried: Unfinished | None = None) -> None:
        """Start a session of the plan, or go on with `carried`, and cover the window with it."""
        plan = adapted.plan
        timeline = self._core.library.timeline(plan)
        self.page.set_remarks({step: render(line) for step, line in adapted.remarks.items()})
        self.page.set_pictures(lambda exercise: self._core.library.picture_of(plan, exercise))
        self.page.preload(dict.fromkeys(s.exercise.figure for s in timeline.segments if s.exercise.figure))
        self.set_loudness()
        self._stage.start(plan, carried)
        self._window.show_session()

    def ask_to_leave(self) -> bool:
        """Ask as Esc does. False when the question stands already, or there is nothing to ask."""
        moment = self._stage.player.snapshot()
        if moment is None or moment.phase.is_over or moment.phase is Phase.LEAVING:
            return False
        self._stage.player.send(Input.ASK_LEAVE)
        return True

    def set_loudness(self) -> None:
        """As loud as the user wants it, and by night no louder than a whisper."""
        self._stage.set_loudness(dark=self._window.theme.is_night)

    def _take_over(self, settings: Settings) -> None:
        """What the user just chose, in this session too."""
        self.page.set_text_size(settings.text_size)
        self.page.set_captions(settings.captions)
        self.page.set_counting(settings.count_in == "breaths")
        self.set_loudness()

    def shutdown(self) -> None:
        """Listen and look no more."""
        self._glance.stop()
        self._bridge.release()

    def _show_moment(self, moment: Snapshot) -> None:
        self.page.show_moment(moment)
        counts = moment.phase in (Phase.NEW, Phase.RUNNING, Phase.COUNT_IN)
        if counts != self._glance.isActive():
            if counts:
                self._glance.start()
            else:
                self._glance.stop()

    def _look(self) -> None:
        """Ten times a second while something counts and somebody can see it."""
        if not self._window.isMinimized():
            self._stage.player.tick()

    def _notice(self, text: str) -> None:
        self._note(text)
        self.page.show_notice(text)

    def _asked(self, given: Input) -> None:
        player = self._stage.player
        player.send(given)
        moment = player.snapshot()
        if moment is None or self._request.mute or self._request.speed != 1.0:
            return  # a trial run changes no setting
        if given is Input.VOICE:
            self._change("voice", moment.voice)
        elif given in (Input.WAIT_FOR_ME, Input.COUNT_FOR_ME):
            self._change("wait_for_me", moment.waits)

    def _volume_asked(self, step: int) -> None:
        volume = min(max(self._core.preferences.settings.volume + step, 0), 100)
        self._change("volume", volume)
        self.set_loudness()
        self.page.show_volume(volume)

    def _page_closed(self) -> None:
        self._glance.stop()
        self._window.leave_session()
        self._closed()
