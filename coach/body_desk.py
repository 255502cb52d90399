"""What keeps people safe, behind the window: the ticks, the questions before massage, and when to get help.

It leaves out the pages themselves and the rules (see domain.profile).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import QLocale

from coach.compose import Core
from coach.domain.night import night_of
from coach.services.ports import Time
from coach.ui.help_page import HelpPage, HelpSheet, MassageSheet, help_view
from coach.ui.main_window import MainWindow
from coach.ui.my_body_page import BodyContent, MyBodyPage
from coach.ui.my_body_words import body_view
from coach.ui.tonight_page import Pictures


class BodyDesk:
    """Asks and shows. `place` is the number of the settings in the sidebar, which hold `content`.

    The page with a title stands behind them, for the first time. `look_at` opens a move.
    """

    def __init__(
        self,
        window: MainWindow,
        core: Core,
        clock: Time,
        pictures: Pictures,
        *,
        place: int,
        look_at: Callable[[str], None],
    ) -> None:
        self._window = window
        self._core = core
        self._clock = clock
        self._pictures = pictures
        self._place = place
        self._look_at = look_at
        self._content: BodyContent | None = None
        self._then: Callable[[], None] | None = None
        self._help: HelpPage | None = None
        self._sheet: MassageSheet | None = None
        page = MyBodyPage(pictures)
        page.ticked.connect(core.safety.set_flag)
        page.region_ticked.connect(core.safety.set_region)
        page.exercise_asked.connect(look_at)
        page.help_asked.connect(self.show_help)
        page.done_asked.connect(self._done)
        core.safety.changed.subscribe(lambda _profile: self.show())
        self.page = page
        window.add_page_behind(page)

    @cached_property
    def content(self) -> BodyContent:
        """The same ticks without a title, as a part of another page."""
        content = BodyContent(self._pictures)
        content.ticked.connect(self._core.safety.set_flag)
        content.region_ticked.connect(self._core.safety.set_region)
        content.exercise_asked.connect(self._look_at)
        self._content = content
        self.show()
        return content

    # ---------------------------------------------------------------- the ticks

    def show(self) -> None:
        """Draw the ticks and what they change."""
        safety, night = self._core.safety, night_of(self._clock.now())
        decisions = [safety.decide(one, night) for one in self._core.library.exercises().values()]
        self.page.show_body(body_view(safety.profile, decisions, first_time=not safety.profile.asked))
        if self._content is not None:
            self._content.show_body(body_view(safety.profile, decisions))

    def ask_ticks(self, then: Callable[[], None]) -> None:
        """Ask what applies, and do `then` when the user is done."""
        self._then = then
        self.show()
        self._window.show_page_of(self._place, self.page)

    def _done(self) -> None:
        then, self._then = self._then, None
        self._core.safety.set_asked()
        if then is not None:
            then()
        else:
            self._window.show_page(0)

    # ---------------------------------------------------------------- before the first massage

    def ask_massage(self, then: Callable[[], None]) -> None:
        """Ask for warning signs, and do `then` whatever the answer. Unanswered, massage stays out for now."""
        if self._sheet is not None:
            return
        sheet = MassageSheet(self._window, self._window.browsing_look)
        sheet.answered.connect(self._core.safety.answer_massage)
        sheet.help_asked.connect(self.show_help)
        helped = False

        def to_help() -> None:
            nonlocal helped
            helped = True

        def closed() -> None:
            self._sheet = None
            if not helped:
                then()

        sheet.help_asked.connect(to_help)
        sheet.closed.connect(closed)
        self._sheet = sheet
        sheet.open()

    # ---------------------------------------------------------------- when to get help

    def show_help(self) -> None:
        """Show the warning signs, most urgent first: as a page, or a sheet over what covers the window."""
        country = QLocale.territoryToCode(QLocale().territory())
        if self._window.in_session or self._window.is_covered:
            HelpSheet(help_view(country), self._window, self._window.browsing_look).open()
            return
        if self._help is None:
            self._help = HelpPage()
            self._help.back_asked.connect(lambda: self._window.show_page(self._place))
            self._window.add_page_behind(self._help)
        self._help.show_help(help_view(country))
        self._window.show_page_of(self._place, self._help)
