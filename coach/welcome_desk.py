"""The first run, behind the window: what was answered is kept, and then the app is as it always is.

It leaves out the page itself, and what follows from the answers later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from coach.compose import Core
from coach.domain.evening import with_bedtime
from coach.domain.settings import Settings
from coach.i18n import Line, _, render
from coach.services.evenings import Evenings
from coach.services.ports import Adapter, Call, Enrolment, Time
from coach.services.topic import Topic
from coach.ui.main_window import MainWindow
from coach.ui.tonight_page import Pictures
from coach.ui.tonight_words import promise_words
from coach.ui.welcome_page import NORMAL, SENTENCE, SOFT, Answers, WelcomePage, WelcomeView

if TYPE_CHECKING:
    from datetime import time

BREATHING = "breathing"
"""The plan for tonight when one of the signs is true."""
LOUDNESS = {SOFT: 30, NORMAL: 60}
"""What Soft and Normal set the volume to, in percent."""
VOICE_WAIT = 4.0
"""So many seconds after the sentence was asked for it is said if the voice cannot be heard."""


class WelcomeDesk:
    """Asks once and keeps the answers. Before Done nothing is kept, but for the loudness being tried."""

    def __init__(
        self,
        window: MainWindow,
        core: Core,
        clock: Time,
        evenings: Evenings,
        *,
        startup: Enrolment,
        hear: Callable[[str], None],
        voice_state: Callable[[], Adapter],
        done: Callable[[], None],
        to_body: Callable[[], None],
        to_help: Callable[[], None],
        began: Topic[float] | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        """`hear` says a sentence, `began` tells its length in seconds when it begins to be heard.

        `done` is called when the page is over, answered or put off; `to_body` and `to_help` lead elsewhere,
        and `show` comes back to what was answered so far.
        """
        self._window = window
        self._core = core
        self._clock = clock
        self._evenings = evenings
        self._startup = startup
        self._hear = hear
        self._voice_state = voice_state
        self._done = done
        self._waiting: Call | None = None
        self._problems: tuple[str, ...] = ()
        self._volume = core.preferences.settings.volume
        page = WelcomePage(pictures)
        page.finished.connect(self._finished)
        page.skipped.connect(self._skipped)
        page.hear_asked.connect(self._hear_asked)
        page.loudness_chosen.connect(self._loudness_chosen)
        page.help_asked.connect(to_help)
        page.body_asked.connect(to_body)
        self.page = page
        if began is not None:
            began.subscribe(self._began)

    def show(self) -> None:
        """Cover the window with the page; what was answered on it stays."""
        self._draw()
        self._window.cover(self.page)

    def _draw(self) -> None:
        schedule = self._evenings.schedule
        usual = WelcomeView()
        bedtimes = [evening.bedtime for evening in schedule.evenings if evening.bedtime is not None]
        bedtime: time = bedtimes[0] if bedtimes else usual.bedtime
        self.page.show_welcome(
            WelcomeView(
                bedtime=bedtime,
                promise=lambda at: promise_words(
                    self._evenings.schedule, at, self._clock.now(), self._clock.local
                ),
                asks_start=self._startup.can.works and not self._startup.is_on(),
                silent=self._silence(),
                problems=self._problems,
            )
        )

    # ---------------------------------------------------------------- the voice

    def _silence(self) -> str:
        """Why the voice cannot be heard, as a sentence; empty while it can."""
        state = self._voice_state()
        return "" if state.works else render(state.what)

    def _hear_asked(self) -> None:
        self._hear(_(SENTENCE))
        self._stop_waiting()
        self._waiting = self._clock.call_later(VOICE_WAIT, self._waited)

    def _waited(self) -> None:
        self._waiting = None
        self.page.show_silent(self._silence())

    def _began(self, seconds: float) -> None:
        if self.page.isVisible():
            self.page.begin_sentence(seconds)

    def _loudness_chosen(self, key: str) -> None:
        # At once, so that the next Play is as loud as it will be.
        self._core.preferences.change("volume", LOUDNESS[key])

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    # ---------------------------------------------------------------- the answers

    def _finished(self, answers: Answers) -> None:
        wrong = [line for line in self._kept(answers) if line is not None]
        if wrong and not self._problems:
            # Said once, on the page; the second Done goes on without.
            self._problems = tuple(render(line) for line in wrong)
            self._draw()
            return
        self._leave()

    def _kept(self, answers: Answers) -> list[Line | None]:
        """Keep what was answered; what went wrong, with None for what went well."""
        core = self._core
        change = core.preferences.change
        found: list[Line | None] = []
        if answers.clear:
            if not core.safety.profile.asked and core.preferences.settings.plan == BREATHING:
                found.append(change("plan", Settings().plan))  # a sign was true the last time
            core.safety.set_asked()
        else:
            # What applies to the body is asked before the first session all the same, and the warning signs
            # before the first massage.
            found.append(change("plan", BREATHING))
        if answers.bedtime is not None:
            found.append(
                self._evenings.change(with_bedtime(self._evenings.schedule, range(7), answers.bedtime))
            )
        if answers.start:
            found.append(self._startup.turn_on())
        found.append(change("voice", answers.sound))
        return found

    def _skipped(self) -> None:
        """Nothing was answered, and nothing stays of what was tried."""
        self._core.preferences.change("volume", self._volume)
        self._leave()

    def _leave(self) -> None:
        self._stop_waiting()
        self._window.uncover()
        self._done()
