"""A session in the terminal: keys go to the player, the player's moments to the text front.

It leaves out how moments look as text (see terminal.front) and every rule of a session.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer

from coach.compose import Core, Request
from coach.desktop.bus import Bus
from coach.desktop.keys import Ending, TerminalKeys, one_key_at_a_time
from coach.desktop.sleep_watch import SleepWatch
from coach.domain.night import RIGHT_NOW, Unfinished
from coach.domain.profile import Adapted, in_words, nothing_left
from coach.domain.session import Input, Snapshot
from coach.i18n import N_, Line, _, render
from coach.live import Door, ElsewhereError, session_of
from coach.staging import EventFile, Stage, follow
from coach.terminal import questions
from coach.terminal.front import TerminalFront, intention

if TYPE_CHECKING:
    from coach.domain.plan import Plan
    from coach.services.evenings import Evenings

IN_TERMINAL = N_("A session is running in a terminal. End it there, or with “coach stop”.")

# Milliseconds the last words need before the terminal session gives the prompt back.
LAST_WORDS_MS = 4_000
# Milliseconds between two looks at the clock while something counts in the terminal.
GLANCE_MS = 100


def run_in_terminal(core: Core, request: Request, events: EventFile | None, door: Door | None = None) -> int:
    """Lead one session of `request.plan`; returns the exit code. BrokenPipeError when nobody reads."""
    assert request.plan is not None
    _ask_about_massage(core, request)
    app = QCoreApplication.instance() or QCoreApplication([])
    bus, system_bus = Bus(), Bus("SYSTEM")
    stage = Stage.build(core, request, events, bus)
    adapted = stage.adapt(request.plan)
    if adapted.is_empty:
        stage.shutdown()
        print(render(nothing_left(adapted)), file=sys.stderr)
        return 1
    live = sys.stdout.isatty()
    front = TerminalFront(sys.stdout, live=live, captions=core.preferences.settings.captions)
    session = _TerminalSession(stage, adapted, front, app.quit)
    follow(stage, bus, lambda: None)
    sleep = SleepWatch(system_bus)
    sleep.asleep.subscribe(lambda asleep: stage.player.send(Input.PAUSE) if asleep else None)
    ending = Ending()
    ending.asked.connect(session.end)
    keys = TerminalKeys()
    keys.pressed.connect(session.key)
    glance = QTimer(app)
    glance.setInterval(GLANCE_MS)
    glance.timeout.connect(stage.player.tick)
    try:
        with one_key_at_a_time():
            ending.watch()
            keys.start()
            sleep.start()
            stage.set_loudness()
            for line in (*core.preferences.repairs, *core.safety.repairs):
                front.notice(line)
            QTimer.singleShot(0, session.begin)
            if door is not None:
                door.open_to(_TerminalLive(stage, session))
            if live:
                glance.start()
            app.exec()
    finally:
        glance.stop()
        ending.stop()
        stage.shutdown()
        sleep.close()
        for one in (bus, system_bus):
            one.close()
        front.end()
    if front.is_gone:
        raise BrokenPipeError
    return 0


def _ask_about_massage(core: Core, request: Request) -> None:
    """Before the first massage, ask; where nobody can answer, massage is left out, and that is said."""
    assert request.plan is not None
    if request.massage_is_fine or not core.safety.needs_massage_check(request.plan):
        return
    if request.plan.id in RIGHT_NOW:
        return  # whoever has a cramp is not asked anything
    if sys.stdin is None or not sys.stdin.isatty():
        print(render(questions.UNANSWERED), file=sys.stderr)
        return
    clear = questions.ask_before_massage(sys.stdin, sys.stdout)
    if clear is not None:
        core.safety.answer_massage(clear)


class _TerminalSession:
    """What happens in a terminal session, from the first question to the prompt."""

    def __init__(
        self, stage: Stage, adapted: Adapted, front: TerminalFront, leave: Callable[[], None]
    ) -> None:
        self._stage = stage
        self._adapted = adapted
        self._front = front
        self._leave = leave
        self.plan_id = adapted.plan.id
        self._offered: Unfinished | None = None
        self._over = False
        stage.player.moments.subscribe(self._show)
        stage.player.notices.subscribe(front.notice)

    def begin(self) -> None:
        """Start, unless a session that broke off can be gone on with and somebody is there to say so."""
        self._offered = self._stage.unfinished() if sys.stdin and sys.stdin.isatty() else None
        if self._offered is None:
            self._start(None)
        else:
            self._front.ask(self._stage.where_stopped(self._offered))

    def key(self, key: str) -> None:
        """A key of the terminal."""
        if self._offered is not None:
            offered, self._offered = self._offered, None
            self._start(offered if key in ("\r", "\n", " ") else None)
            return
        moment = self._stage.player.snapshot()
        given = intention(key, moment) if moment is not None else None
        if given is Input.DROP and moment is not None and moment.segment is not None:
            self._stage.leave_out_tonight(moment.segment.exercise.id)
        if given is not None:
            self._stage.player.send(given)

    def end(self, _signal: int) -> None:
        """Ctrl+C, the system, or nobody there to read: keep what was done and go."""
        try:
            self._stage.player.stop()
        finally:
            self._leave()

    def _start(self, carried: Unfinished | None) -> None:
        plan = carried.plan if carried else self._adapted.plan
        self.plan_id = plan.id
        self._front.begin(_(plan.name), self._stage.core.library.timeline(plan).seconds)
        if carried is None:
            for decision in self._adapted.decisions:
                self._front.notice(in_words(decision))
        self._stage.start(plan, carried)

    def _show(self, moment: Snapshot) -> None:
        self._front.show(moment)
        if self._front.is_gone and not self._over:
            self._over = True
            QTimer.singleShot(0, lambda: self.end(0))
        if moment.phase.is_over and not self._over:
            self._over = True
            quiet = self._stage.request.mute or not self._stage.sound.state.works
            QTimer.singleShot(0 if quiet else LAST_WORDS_MS, self._leave)


class _TerminalLive:
    """What other commands may do with a session in the terminal: see live.Live."""

    def __init__(self, stage: Stage, session: _TerminalSession) -> None:
        self._stage = stage
        self._session = session
        self.core = stage.core

    @property
    def evenings(self) -> Evenings:
        raise ElsewhereError  # nobody watches the reminders here

    def open(self, token: str) -> Line | None:
        return Line(IN_TERMINAL)

    def open_file(self, path: Path, token: str) -> Line | None:
        return Line(IN_TERMINAL)

    def lead(self, plan: Plan, token: str) -> Line | None:
        return Line(IN_TERMINAL)

    def right_now(self, plan_id: str, token: str) -> Line | None:
        return Line(IN_TERMINAL)

    def status(self) -> dict[str, object]:
        session = session_of(self._stage.player.snapshot(), self._session.plan_id)
        return {"session": session, "next": None, "window": False}

    def send(self, given: Input) -> bool:
        before = self._stage.player.snapshot()
        self._stage.player.send(given)
        after = self._stage.player.snapshot()
        return before is not None and after is not None and before.phase is not after.phase

    def quit(self) -> None:
        self._session.end(0)
