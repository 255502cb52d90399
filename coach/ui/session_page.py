"""The session screen: which leg, the seconds, the figure and the words, to be followed from the floor.

It shows the moments it is given and says what the user asks for; it decides nothing. Its timers fade the
controls, hide the pointer, darken the screen after the end, and move the pace bar and the disc between two
moments; all that counts comes with the moments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, cast

from PySide6.QtCore import (
    QEasingCurve,
    QElapsedTimer,
    QEvent,
    QObject,
    QRect,
    QSize,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from coach.domain.exercise import Exercise, Posture
from coach.domain.pacing import Beat, BeatKind
from coach.domain.session import COUNT_IN, Input, Phase, Snapshot, breaths_left, kept
from coach.domain.timeline import Segment, SegmentKind
from coach.i18n import _, ngettext
from coach.ui.controls import Button, IconButton, Kind, Segments, SessionControl
from coach.ui.figure_view import Framing
from coach.ui.icons import Icon
from coach.ui.ring import NIGHT_SHAPE, PLAIN_SHAPE, Ring, Tone
from coach.ui.session_layout import Places, lay_out, lay_out_night
from coach.ui.session_paces import BreathDisc, BreathTile, PressPanel, StrokePanel, stroke_place
from coach.ui.session_panels import (
    Curtain,
    DropPanel,
    EndPanel,
    FitLabel,
    LeavePanel,
    NextTile,
    Note,
    ReadyPanel,
    SetupStrip,
    SwitchPanel,
)
from coach.ui.session_words import (
    Display,
    Mode,
    Words,
    breath_words,
    calm_line,
    caption_of,
    display_of,
    ending,
    goes_down,
    kept_line,
    leaving_lead,
    mode_of,
    paused_at,
    press_words,
    stroke_words,
    switch_advice,
    words_of,
)
from coach.ui.theme import Look, Role, Theme, session_factor, window_factor

__all__ = ["Patience", "SessionPage", "Stage"]

FADED = 0.35
FADE_MS = 400
VOLUME_STEP = 5
# Milliseconds between two pictures of what moves in the rhythm of a stroke or a breath.
PACE_MS = 40
# Between two moments the rhythm runs on by itself this long, in seconds, and then waits for the next one.
RUN_ON = 0.25
_POSTURES = {
    Posture.STANDING: Icon.STANDING,
    Posture.CHAIR: Icon.CHAIR,
    Posture.FLOOR: Icon.FLOOR,
    Posture.BED: Icon.BED,
}


class Stage(Protocol):
    """What the page needs of the figure's view, which is a QWidget besides."""

    def set_theme(self, theme: Theme) -> None: ...
    def show_figure(self, figure_id: str | None, side: str | None, *, entering: bool = ...) -> None: ...
    def show_own(self, picture: Path | None, icon: Icon) -> None: ...
    def lead(self, *, stroke: float | None = ..., breath: float | None = ...) -> None: ...
    def set_marks(self, *, arrow: bool, spot: bool) -> None: ...
    def set_dimmed(self, dimmed: bool) -> None: ...
    def set_motion(self, reduced: bool) -> None: ...
    def set_running(self, running: bool) -> None: ...
    def set_framed(self, framed: bool) -> None: ...
    def preload(self, ids: Iterable[str]) -> None: ...
    def still(
        self,
        figure_id: str | None,
        side: str | None,
        size: QSize,
        theme: Theme,
        *,
        framing: Framing | None = ...,
    ) -> QPixmap: ...


@dataclass(frozen=True)
class Patience:
    """Seconds without input until controls fade, the pointer hides by night, a note or a notice leaves, and,
    after the end, the screen goes dark (DESIGN 8)."""

    controls: float = 6.0
    pointer: float = 2.0
    note: float = 2.0
    notice: float = 8.0
    dark: float = 60.0


@dataclass(frozen=True)
class _Scene:
    """What stands on the screen until something other than the time changes."""

    mode: Mode
    segment: Segment | None
    kind: SegmentKind | None
    waits: bool
    night: bool
    display: Display = Display.RING


class SessionPage(QWidget):
    """Show it moments by `show_moment`; it asks for everything else by its signals.

    `figure_view_factory` makes the figure's view for a parent. `set_text_size` takes the user's percent.
    """

    asked = Signal(Input)
    leave_out_asked = Signal(str, bool)  # the exercise's id, and whether for tonight only
    volume_asked = Signal(int)
    caption_toggled = Signal(bool)
    light_asked = Signal()
    fullscreen_asked = Signal()
    help_asked = Signal()
    closed = Signal()

    def __init__(
        self,
        figure_view_factory: Callable[[QWidget], QWidget],
        look: Look,
        parent: QWidget | None = None,
        *,
        patience: Patience | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._text_size = 100
        self._patience = patience or Patience()
        self._moment: Snapshot | None = None
        self._scene: _Scene | None = None
        self._words: Words | None = None
        self._captions = True
        self._in_breaths = False
        self._forgotten = False
        self._elapsed = 0.0
        self._progress_state: tuple[int, int, float] | None = None
        self._staged: tuple[str | None, str | None, str] | None = None
        self._remarks: Mapping[int, str] = {}
        self._picture_of: Callable[[Exercise], Path | None] = _no_picture
        self._dropping = False
        self._was_paused = False
        self._said_beat: Beat | None = None
        self._since = QElapsedTimer()
        self._turn = 0
        self._places = lay_out(1280, 800, 1.0)

        # It takes the keys when no control has them, but Tab has nothing to stop for here.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(_("Session"))
        self._close = IconButton(Icon.CLOSE, _("Leave the session"), parent=self)
        self._progress = Segments(self)
        self._left = FitLabel(Role.SECTION, "text2", align=_end(), parent=self)
        self._figure = figure_view_factory(self)
        self._stage = cast(Stage, self._figure)
        self._strip = SetupStrip(self._stage.still, look, self)
        self._name = FitLabel(Role.EXERCISE, "text2", parent=self)
        self._big = FitLabel(Role.LEG, focusable=True, parent=self)
        self._ring = Ring(look, self)
        self._strokes = StrokePanel(look, self)
        self._presses = PressPanel(look, self)
        self._disc = BreathDisc(look, self)
        self._breath = BreathTile(look, self)
        at_foot = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        self._foot = FitLabel(Role.SMALL, "text2", align=at_foot, parent=self)
        self._foot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._ready = ReadyPanel(look, self)
        self._switch = SwitchPanel(look, self)
        self._leave = LeavePanel(look, self)
        self._drop = DropPanel(look, self)
        self._paused_at = Note(look, self, role=Role.CARD_TITLE)
        self._caption = FitLabel(Role.CAPTION, parent=self)
        self._back = SessionControl(Icon.BACK, _("Back"), "←", parent=self)
        self._plus = SessionControl(
            None, _("10 s"), "+", name=_("Ten seconds more"), words=_("+10 s"), parent=self
        )
        self._main = SessionControl(Icon.PAUSE, _("Pause"), _("Space"), main=True, parent=self)
        self._skip = SessionControl(Icon.SKIP, _("Skip"), "→", parent=self)
        self._voice = SessionControl(Icon.VOICE, _("Voice on"), "V", parent=self)
        self._out = SessionControl(
            Icon.HIDDEN, _("Leave out"), "X", name=_("Leave this exercise out"), parent=self
        )
        self._forget = Button(_("Leave and forget this session"), Kind.GHOST, parent=self)
        self._next = NextTile(self._stage.still, look, self)
        self._night_step = FitLabel(Role.BODY, "text3", align=_start(), parent=self)
        self._night_hint = FitLabel(Role.BODY, "text3", parent=self)
        self._night_voice = FitLabel(Role.BODY, "text3", align=_end(), parent=self)
        self._end = EndPanel(self._stage.still, look, self)
        self._note = Note(look, self)
        self._curtain = Curtain(self)
        self._controls = (self._back, self._plus, self._main, self._skip, self._voice, self._out)

        self._fade_timer = _single_shot(self, self._patience.controls, self._fade_controls)
        self._pointer_timer = _single_shot(self, self._patience.pointer, self._hide_pointer)
        self._note_timer = _single_shot(self, self._patience.note, self._note.hide)
        self._dark_timer = _single_shot(self, self._patience.dark, self._go_dark)
        self._pace_timer = QTimer(self)
        self._pace_timer.setInterval(PACE_MS)
        self._pace_timer.timeout.connect(self._move)
        self._shown = 1.0
        self._fade = QVariantAnimation(self)
        self._fade.setDuration(FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutQuad)
        self._fade.valueChanged.connect(self._set_shown)

        self._close.clicked.connect(lambda: self._ask(Input.ASK_LEAVE))
        self._back.clicked.connect(lambda: self._ask(Input.BACK))
        self._plus.clicked.connect(lambda: self._ask(Input.ADD))
        self._main.clicked.connect(self._space)
        self._skip.clicked.connect(lambda: self._ask(Input.SKIP))
        self._voice.clicked.connect(lambda: self._ask(Input.VOICE))
        self._out.clicked.connect(self._ask_out)
        self._drop.chosen.connect(self._leave_out)
        self._drop.kept.connect(self._keep_in)
        self._ready.ready.connect(lambda: self._ask(Input.READY))
        self._ready.waits_chosen.connect(self._choose_waiting)
        self._leave.left.connect(lambda: self._ask(Input.LEAVE))
        self._leave.stayed.connect(lambda: self._ask(Input.STAY))
        self._forget.clicked.connect(lambda: self._ask(Input.FORGET))
        self._end.closed.connect(self._leave_end)
        self._curtain.touched.connect(self._draw_curtain_aside)
        self._curtain.closed.connect(self._leave_end)
        self._watch()
        self.set_look(look)
        self._show_parts()

    # ---------------------------------------------------------------- what the app tells

    @property
    def mode(self) -> Mode | None:
        """What the screen shows, None before the first moment."""
        return self._scene.mode if self._scene else None

    @property
    def captions(self) -> bool:
        return self._captions

    @property
    def kept_rows(self) -> list[tuple[str, str]]:
        """What the list of leaving shows: names and times."""
        return self._leave.rows

    def set_look(self, look: Look) -> None:
        """The theme and whether motion is reduced; the scale follows from the page's own size."""
        self._look = look
        self._refresh_look()

    def set_text_size(self, percent: int) -> None:
        """The user's text size, 100 to 150."""
        if percent != self._text_size:
            self._text_size = percent
            self._refresh_look()

    def set_captions(self, on: bool) -> None:
        """Show what is said in words, or not."""
        self._captions = on
        self._show_caption()

    def set_counting(self, in_breaths: bool) -> None:
        """Count the end of quiet holds in slow breaths instead of seconds."""
        self._in_breaths = in_breaths

    def set_remarks(self, remarks: Mapping[int, str]) -> None:
        """A short line for each step (from 0) that was swapped or made lighter, before the session begins."""
        self._remarks = dict(remarks)
        self._show_foot()

    def set_pictures(self, picture_of: Callable[[Exercise], Path | None]) -> None:
        """Where the picture of an exercise without a figure lies; None when it has none."""
        self._picture_of = picture_of

    def show_volume(self, percent: int) -> None:
        """A short note of the loudness, 0 to 100, after the user asked to change it."""
        self._say(_("Volume {n} %").format(n=percent))

    def show_notice(self, text: str) -> None:
        """Something to know, such as that no sound can be heard; it leaves by itself."""
        self._say(text, self._patience.notice)
        self._announce(text)

    def show_moment(self, snapshot: Snapshot) -> None:
        """Draw a moment. Cheap enough for ten times a second: only what changed is painted again."""
        before = self._moment
        if snapshot.phase in (Phase.NEW, Phase.RUNNING) and before is not None and before.phase.is_over:
            self._begin_again()
        self._moment = snapshot
        self._since.start()
        mode = mode_of(snapshot)
        if self._dropping and mode is not Mode.PAUSED:
            self._dropping = False  # somebody went on in another way
        scene = _Scene(
            Mode.DROPPING if self._dropping else mode,
            snapshot.segment,
            snapshot.segment.kind if snapshot.segment else None,
            snapshot.waits,
            self._look.theme.is_night,
            display_of(snapshot),
        )
        again = snapshot.elapsed < self._elapsed - 0.5
        self._elapsed = snapshot.elapsed
        if scene != self._scene or again:
            self._compose(scene, again=again)
        self._tick(snapshot)
        if before is None or before.voice != snapshot.voice:
            self._show_voice(snapshot.voice)

    def preload(self, ids: Iterable[str]) -> None:
        """Figures that will be needed soon."""
        self._stage.preload(ids)

    # ---------------------------------------------------------------- a new scene

    def _begin_again(self) -> None:
        self._scene = None
        self._moment = None
        self._staged = None
        self._forgotten = False
        self._dropping = False
        self._said_beat = None
        self._elapsed = 0.0
        self._dark_timer.stop()
        self._curtain.hide()

    def _compose(self, scene: _Scene, *, again: bool) -> None:
        """Everything that stands until the next change of the scene."""
        before, self._scene = self._scene, scene
        snapshot = self._moment
        assert snapshot is not None
        if scene.mode is Mode.END:
            self._compose_end(snapshot)
            return
        self._words = words = words_of(snapshot)
        self._name.set_words(words.name)
        self._big.set_words(words.big)
        self._big.set_token("accent" if scene.mode is Mode.SWITCH else "text1")
        self._big.setAccessibleName(words.status)
        coming = words.next_segment
        self._next.show_next(
            words.next_label,
            words.next_text,
            coming.exercise.figure if coming else None,
            coming.side if coming else None,
        )
        self._show_stage(scene, before, again=again)
        if scene.mode.waits_for_space:
            self._compose_ready(snapshot)
        elif scene.mode is Mode.SWITCH:
            self._compose_switch(snapshot)
        elif scene.mode is Mode.LEAVING:
            rows = [kept_line(one) for one in kept(snapshot.held)] if snapshot.would_keep else []
            self._leave.show_kept(leaving_lead(snapshot), rows)
        elif scene.mode is Mode.DROPPING and scene.segment is not None:
            self._drop.show_exercise(_(scene.segment.exercise.name))
        paused = scene.mode is Mode.PAUSED
        self._main.set_icon(Icon.PLAY if paused else Icon.PAUSE)
        self._main.set_label(_("Go on") if paused else _("Pause"))
        holding = scene.kind is not None and scene.kind.is_timed_work
        still = scene.mode is not Mode.HOLD
        self._strokes.set_dimmed(still)
        self._disc.set_dimmed(still)
        self._plus.setEnabled(holding)
        self._plus.setToolTip("" if holding else _("Ten seconds can be added while an exercise runs."))
        self._place()
        self._show_parts()
        self._choose_focus(scene, before)
        self._show_night_words()
        self._show_foot()
        if before is None or scene.mode is not before.mode or scene.segment is not before.segment:
            self._announce(words.status)
        if not self._may_fade():
            self._wake()

    def _compose_ready(self, snapshot: Snapshot) -> None:
        segment = snapshot.segment
        assert segment is not None
        waiting = segment.kind is SegmentKind.WAIT
        self._ready.show_choice(
            waits=snapshot.waits or waiting,
            seconds=segment.seconds,
            label=_("Go on") if waiting else _("I’m ready"),
            chooses=not waiting,
        )

    def _compose_switch(self, snapshot: Snapshot) -> None:
        segment = snapshot.segment
        assert segment is not None
        side = segment.side
        changes = side is not None and self._words is not None and self._words.big != _(side.leg)
        self._switch.show_sides(
            side.other if changes and side is not None else None, side, switch_advice(snapshot)
        )

    def _compose_end(self, snapshot: Snapshot) -> None:
        self._end.show_end(ending(snapshot, forgotten=self._forgotten))
        self._stage.set_running(False)
        self._place()
        self._show_parts()
        self._wake()
        # By this reason the outline stays away until a key is used: the end is to be quiet.
        self._end.close_button.setFocus(Qt.FocusReason.PopupFocusReason)
        self._announce(_("That is all for tonight.") + " " + self._end.kept_words)
        self._dark_timer.start()

    def _show_stage(self, scene: _Scene, before: _Scene | None, *, again: bool) -> None:
        segment = scene.segment
        if segment is None:
            return
        still = scene.mode in (Mode.PAUSED, Mode.DROPPING, Mode.LEAVING)
        exercise = segment.exercise
        on_the_way_down = scene.mode is Mode.READY and goes_down(segment) and not scene.night
        if on_the_way_down:
            self._strip.show_way(segment.side, self._way_step(), lying=exercise.lying)
        side_word = segment.side.value if segment.side else None
        wanted = (exercise.figure, side_word, "" if exercise.figure else exercise.id)
        if not on_the_way_down and (wanted != self._staged or again):
            known = self._staged is not None and self._staged[0] == wanted[0]
            # Another side of the same stretch turns; another stretch is entered from its neutral pose.
            entering = not known or (again and scene.mode is Mode.READY)
            if exercise.figure is None:
                self._stage.show_own(self._picture_of(exercise), _POSTURES[segment.posture])
            else:
                self._stage.show_figure(exercise.figure, side_word, entering=entering)
            self._staged = wanted
            side = segment.side
            name = _(exercise.name)
            self._figure.setAccessibleName(f"{name}, {_(side.leg)}" if side else name)
        if on_the_way_down:
            self._staged = None
        self._stage.set_dimmed(still)
        self._stage.set_running(scene.mode in (Mode.HOLD, Mode.WAIT))
        self._mark_stage(scene)
        if before is None or before.segment is not segment:
            coming = self._words.next_segment if self._words else None
            ids = [s.exercise.figure for s in (segment, coming) if s and s.exercise.figure]
            self._stage.preload(dict.fromkeys(ids))

    def _mark_stage(self, scene: _Scene) -> None:
        """The arrow while it is stroked, the spot while it is pressed."""
        beat = self._moment.beat if self._moment else None
        pressed = scene.display is Display.PRESSES and beat is not None and beat.kind is BeatKind.PRESS
        self._stage.set_marks(arrow=scene.display is Display.STROKES, spot=pressed)
        if scene.display not in (Display.STROKES, Display.BREATHS) or scene.mode is not Mode.HOLD:
            self._stage.lead()

    def _way_step(self) -> int:
        """Which figure of the way down the user should be at: a third of the set-up time each."""
        snapshot = self._moment
        if snapshot is None or snapshot.segment is None or not snapshot.segment.seconds:
            return 0
        return min(int(snapshot.elapsed * 3 / snapshot.segment.seconds), 2)

    def _choose_focus(self, scene: _Scene, before: _Scene | None) -> None:
        """Put the keyboard where the scene's answer is; otherwise leave it where the user took it."""
        if before is not None and before.mode is scene.mode and before.segment is scene.segment:
            return
        if scene.mode is Mode.LEAVING:
            self._leave.keep.setFocus(Qt.FocusReason.OtherFocusReason)
        elif scene.mode is Mode.DROPPING:
            self._drop.tonight.setFocus(Qt.FocusReason.OtherFocusReason)
        elif scene.mode.waits_for_space and not scene.night:
            self._ready.button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            holder = self.focusWidget()
            if (
                holder is None
                or not holder.isVisibleTo(self)
                or before is None
                or before.mode in (Mode.LEAVING, Mode.DROPPING, Mode.READY, Mode.WAIT)
            ):
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---------------------------------------------------------------- ten times a second

    def _tick(self, snapshot: Snapshot) -> None:
        scene = self._scene
        if scene is None or scene.mode is Mode.END or snapshot.segment is None or self._words is None:
            return
        self._follow_beat(snapshot, scene)
        about = ", ".join(part for part in (self._words.name, self._words.big) if part)
        remaining, total = snapshot.remaining, snapshot.seconds or 0.0
        mode = scene.mode
        beat = snapshot.beat
        if scene.display is Display.BEATS and beat is not None:
            remaining, total = max(beat.seconds - snapshot.beat_elapsed, 0.0), beat.seconds
        if mode is Mode.COUNT_IN:
            remaining, total = snapshot.count_in, COUNT_IN
        elif snapshot.phase is Phase.NEW:
            remaining = total = snapshot.segment.seconds
        if mode is Mode.READY:
            self._ready.show_time(remaining, total, about)
        if mode is Mode.READY and self._strip.isVisibleTo(self):
            lying = snapshot.segment.exercise.lying
            self._strip.show_way(snapshot.segment.side, self._way_step(), lying=lying)
        if mode is Mode.SWITCH:
            self._switch.show_time(remaining, total, about)
        tone = Tone.HOLD
        if mode in (Mode.PAUSED, Mode.DROPPING, Mode.LEAVING):
            tone = Tone.PAUSED
        elif mode in (Mode.REST, Mode.READY) or (beat is not None and beat.kind is BeatKind.REST):
            tone = Tone.QUIET
        if beat is not None and mode is not Mode.COUNT_IN:
            self._show_beat(snapshot, scene, beat, tone, about)
        breaths = self._in_breaths and mode in (Mode.HOLD, Mode.PAUSED, Mode.LEAVING) and beat is None
        breaths = breaths and snapshot.segment.kind is SegmentKind.HOLD and remaining is not None
        word = ""
        if breaths and remaining is not None:
            word = ngettext("breath", "breaths", breaths_left(remaining))
        self._ring.show_time(remaining, total, tone=tone, word=word, about=about, breaths=breaths)
        self._run_pace()
        self._show_progress(snapshot)
        left = _("{n} min left").format(n=snapshot.minutes_left)
        self._left.set_words(left)
        self._show_caption()

    def _follow_beat(self, snapshot: Snapshot, scene: _Scene) -> None:
        """The large words change within a side where a beat asks for something else."""
        words = words_of(snapshot)
        if self._words is None or (words.name, words.big) == (self._words.name, self._words.big):
            return
        named = bool(self._words.name)
        self._words = words
        self._name.set_words(words.name)
        self._big.set_words(words.big)
        self._big.setAccessibleName(words.status)
        if named != bool(words.name):
            self._place()  # large words without a name above them take its room
        self._mark_stage(scene)
        if snapshot.beat is not self._said_beat and scene.display is not Display.BREATHS:
            self._said_beat = snapshot.beat
            self._announce(words.big)

    def _show_beat(self, snapshot: Snapshot, scene: _Scene, beat: Beat, tone: Tone, about: str) -> None:
        """What stands in the ring's place, and the timer that moves it."""
        match scene.display:
            case Display.STROKES:
                self._strokes.show_stroke(stroke_words(snapshot))
                self._strokes.show_beat(beat, snapshot.beat_elapsed)
            case Display.PRESSES:
                self._presses.show_press(press_words(snapshot))
                left = max(beat.seconds - snapshot.beat_elapsed, 0.0)
                self._presses.show_time(left, beat.seconds, tone=tone, about=about)
            case Display.BREATHS:
                self._disc.show_beat(beat, snapshot.beat_elapsed)
                self._breath.show_breath(breath_words(snapshot))
                if self._foot.isVisibleTo(self):
                    self._show_foot()
            case _:
                pass

    @property
    def moves(self) -> bool:
        """Whether something on the screen moves between two moments."""
        scene = self._scene
        if scene is None or scene.mode is not Mode.HOLD or self._is_still() or not self.isVisible():
            return False
        return scene.display in (Display.STROKES, Display.BREATHS) and not self.window().isMinimized()

    def _is_still(self) -> bool:
        """Reduced motion, which the night has by itself."""
        return self._look.reduced_motion or self._look.theme.is_night

    def _move(self) -> None:
        """Twenty-five times a second while a stroke or a breath is shown: where it is between two moments."""
        snapshot, scene = self._moment, self._scene
        if not self.moves or snapshot is None or scene is None:
            self._pace_timer.stop()
            return
        beat = snapshot.beat
        if beat is None:
            return
        self._turn = (self._turn + 1) % 3  # the figure at a third of the rate: its pictures cost more
        elapsed = min(snapshot.beat_elapsed + min(self._since.elapsed() / 1000, RUN_ON), beat.seconds)
        if scene.display is Display.STROKES:
            self._strokes.show_beat(beat, elapsed)
            if self._turn == 0:
                self._stage.lead(stroke=stroke_place(beat, elapsed))
        elif beat.kind is BeatKind.BREATH:
            self._disc.show_beat(beat, elapsed)
            out = beat.lift + beat.back
            share = 0.4 * min(elapsed / beat.go, 1.0) if beat.go else 0.4
            if elapsed > beat.go and out:
                share = 0.4 + 0.6 * (elapsed - beat.go) / out
            if self._turn == 0:
                self._stage.lead(breath=share)

    def _run_pace(self) -> None:
        """The timer runs only while something moves and can be seen."""
        if self.moves != self._pace_timer.isActive():
            if self._pace_timer.isActive():
                self._pace_timer.stop()
            else:
                self._pace_timer.start()

    def _show_foot(self) -> None:
        """The quiet line at the foot of the stage: why it is another exercise, and that moving is fine."""
        snapshot = self._moment
        if snapshot is None or snapshot.segment is None or self._scene is None:
            return
        segment = snapshot.segment
        parts = [self._remarks.get(segment.step, "")]
        if self._scene.mode in (Mode.HOLD, Mode.WAIT, Mode.COUNT_IN):
            if self._scene.display is Display.BREATHS and self._places.small:
                breath = breath_words(snapshot)
                parts.append(f"{breath.line}  ·  {breath.lengths}")
            parts.append(calm_line(segment.exercise))
        self._foot.set_words("\n".join(part for part in parts if part))
        self._foot.setVisible(bool(self._foot.text()) and self._has_foot(self._scene))

    def _has_foot(self, scene: _Scene) -> bool:
        ended = scene.mode in (Mode.END, Mode.LEAVING, Mode.DROPPING, Mode.PAUSED)
        return not ended and not scene.night and not self._places.stage.isEmpty()

    def _show_progress(self, snapshot: Snapshot) -> None:
        """Steps of work; a change that is not one pixel wide is not drawn."""
        segment = snapshot.segment
        if segment is None:
            return
        part = round(snapshot.progress[segment.step], 3) if segment.step < len(snapshot.progress) else 0.0
        state = (segment.step, len(snapshot.progress), part)
        if state != self._progress_state:
            self._progress_state = state
            self._progress.set_progress(*state)

    def _show_caption(self) -> None:
        snapshot = self._moment
        if snapshot is None or self._scene is None or self._scene.mode is Mode.END:
            return
        words = caption_of(snapshot)
        spoken = self._scene.mode not in (Mode.PAUSED, Mode.DROPPING, Mode.LEAVING)
        if spoken and not self._captions:
            words = ""
        if self._look.theme.is_night:
            words = words.strip("“”")
        self._caption.set_token("text1" if spoken and not self._look.theme.is_night else "text2")
        self._caption.set_words(words)

    def _show_voice(self, on: bool) -> None:
        self._voice.set_icon(Icon.VOICE if on else Icon.VOICE_OFF)
        self._voice.set_label(_("Voice on") if on else _("Voice off"))
        self._show_night_words()
        self._place_controls()

    def _show_night_words(self) -> None:
        snapshot, scene = self._moment, self._scene
        if snapshot is None or scene is None or snapshot.segment is None:
            return
        step = _("{n} of {count}").format(n=snapshot.segment.step + 1, count=len(snapshot.progress))
        self._night_step.set_words(step)
        self._night_voice.set_words(_("Voice whispering") if snapshot.voice else _("Voice off"))
        hints = {
            Mode.PAUSED: _("Space to go on"),
            Mode.READY: _("Space when you are ready"),
            Mode.WAIT: _("Space to go on"),
        }
        self._night_hint.set_words(hints.get(scene.mode, _("Space to pause")))

    # ---------------------------------------------------------------- where everything stands

    def _refresh_look(self) -> None:
        factor = session_factor(max(self.width(), 1), max(self.height(), 1), self._text_size)
        self._look = look = replace(self._look, factor=factor)
        night = look.theme.is_night
        chrome = window_factor(max(self.width(), 1), max(self.height(), 1))
        self._close.set_look(replace(look, factor=chrome))
        self._progress.set_look(replace(look, factor=chrome))
        for part in (
            self._left,
            self._strip,
            self._name,
            self._big,
            self._ring,
            self._ready,
            self._switch,
            self._leave,
            self._drop,
            self._breath,
            self._foot,
            self._paused_at,
            self._caption,
            self._forget,
            self._next,
            self._night_step,
            self._night_hint,
            self._night_voice,
            self._end,
            self._note,
        ):
            cast(Any, part).set_look(look)
        still = self._is_still()
        self._strokes.set_look(look, still=still, text=self._text_size / 100)
        self._disc.set_look(look, still=still)
        self._ring.set_shape(NIGHT_SHAPE if night else PLAIN_SHAPE)
        self._stage.set_theme(look.theme)
        self._stage.set_motion(look.reduced_motion or night)
        self._stage.set_framed(not night)
        self._run_pace()
        if self._scene is not None and self._scene.night != night:
            self._note.hide()
            self._compose(replace(self._scene, night=night), again=False)
            self._show_caption()
        self._place()
        self._show_parts()
        self._wake()
        self.update()

    def _place(self) -> None:
        width, height = self.width(), self.height()
        night = self._look.theme.is_night
        places = (lay_out_night if night else lay_out)(width, height, self._look.factor)
        self._places = places
        for control in self._controls:
            control.set_look(replace(self._look, factor=places.control_factor))
        for widget, rect in (
            (self._close, places.close),
            (self._progress, places.progress),
            (self._left, places.left),
            (self._figure, self._stage_rect(places)),
            (self._strip, self._strip_rect(places)),
            (self._ring, places.ring),
            (self._caption, places.caption),
        ):
            widget.setGeometry(rect)
        # The typeface's lines are taller than the design's: the labels overlap, their words do not.
        inset, tall = 12, round(places.leg_px * 0.15)
        self._name.setGeometry(places.name.adjusted(inset, -8, -inset, 8))
        big = places.leg
        if self._words is not None and not self._words.name:
            big = places.name.united(places.leg)
            inset = round(28 * min(self._look.factor, 1.2))
        self._big.setGeometry(big.adjusted(inset, -tall, -inset, tall))
        self._name.set_pixels(places.name_px)
        self._big.set_pixels(places.leg_px)
        self._caption.set_pixels(places.caption_px)
        self._left.set_pixels(round(18 * self._look.factor))
        small_text = round(20 * self._look.factor)
        for label in (self._night_step, self._night_hint, self._night_voice):
            label.set_pixels(small_text)
        if night:
            # Seen in a pause only, so that the mouse alone can leave as well.
            side = self._close.sizeHint().width()
            self._close.setGeometry(places.close.left(), round(36 * places.control_factor), side, side)
            self._progress.setGeometry(QRect())
            self._left.setGeometry(QRect())
        self._night_step.setGeometry(places.close)
        self._night_hint.setGeometry(places.progress)
        self._night_voice.setGeometry(places.left)
        self._place_paces(places, night=night)
        room = self._below_words(places)
        self._ready.setGeometry(room)
        self._switch.setGeometry(room)
        self._leave.setGeometry(self._leave_rect(places))
        self._drop.setGeometry(self._leave_rect(places))
        if self._moment is not None and self._scene is not None and self._scene.mode is Mode.LEAVING:
            stage = self._stage_rect(places)
            below = stage.bottom() - round(16 * self._look.factor)
            self._paused_at.set_words(paused_at(self._moment), stage, below)
        self._strip.set_alone(places.small)
        self._end.setGeometry(self.rect())
        self._curtain.setGeometry(self.rect())
        if places.low:
            for part in (
                self._name,
                self._big,
                self._ring,
                self._strokes,
                self._presses,
                self._disc,
                self._ready,
                self._switch,
                self._leave,
                self._drop,
            ):
                part.raise_()
        self._place_controls()
        if self._note.isVisible():
            self._place_note(self._note.words)
        self._note.raise_()
        self._curtain.raise_()

    def _place_paces(self, places: Places, *, night: bool) -> None:
        """The panels of strokes, presses and breaths, in the room of the ring and beside it."""
        ring, side = places.ring, places.side
        self._disc.setGeometry(ring)
        wide = min(side.width() - 40, round(ring.height() * 1.62))
        if places.low:
            wide = min(side.width(), wide)
        left = side.left() + (side.width() - wide) // 2
        bottom = ring.bottom() if night or places.low else max(side.bottom(), ring.bottom())
        room = QRect(left, ring.top(), wide, bottom - ring.top())
        self._strokes.setGeometry(room)
        compact = places.small or night or self._large_text()
        self._presses.set_look(self._look, compact=compact, large=self._large_text())
        self._presses.setGeometry(room)
        stage = self._stage_rect(places)
        f = self._look.factor
        tall = round(76 * max(f, 1.0))
        self._foot.set_pixels(round(16 * f))
        inset = round(16 * f)
        below = stage.bottom() - round(14 * f)
        self._foot.setGeometry(stage.left() + inset, below - tall, stage.width() - 2 * inset, tall)
        self._foot.raise_()

    def _strip_rect(self, places: Places) -> QRect:
        """The stage; a remark takes its foot from the way down."""
        segment = self._scene.segment if self._scene else None
        remark = self._remarks.get(segment.step, "") if segment else ""
        foot = round(60 * max(self._look.factor, 1.0)) if remark else 0
        return self._stage_rect(places).adjusted(0, 0, 0, -foot)

    def _stage_rect(self, places: Places) -> QRect:
        """The stage; in a very low window it makes way for everything but the ring."""
        ringed = (Mode.HOLD, Mode.PAUSED, Mode.REST, Mode.COUNT_IN)
        if not places.low or self._scene is None:
            return places.stage
        if self._scene.mode in ringed and self._scene.display in (Display.RING, Display.BEATS):
            return places.stage
        return places.stage.adjusted(0, 0, -places.side.width() - 32, 0)

    def _below_words(self, places: Places) -> QRect:
        """The room for the panels that stand in the ring's place."""
        f = self._look.factor
        side = places.side
        top = places.leg.bottom() + 1 + round((8 if places.small else 20) * min(f, 1.2))
        width = min(side.width() - 32, round(max(432 * f, side.width() * 0.76)))
        bottom = max(places.ring.bottom(), side.bottom())
        left = side.left() + (side.width() - width) // 2
        return QRect(left, top, width, max(bottom - top, 1))

    def _leave_rect(self, places: Places) -> QRect:
        f = self._look.factor
        if self._look.theme.is_night:
            width, height = min(round(620 * f), self.width() - 48), round(self.height() * 0.72)
            return QRect((self.width() - width) // 2, round(self.height() * 0.1), width, height)
        side = places.side
        right = self.width() - places.close.left() + 6
        left = side.left() + (10 if places.small else round(26 * f))
        bottom = places.caption.bottom() if self._large_text() else side.bottom()
        top = places.stage.top() if places.low else side.top()
        return QRect(left, top, max(right - left, 1), bottom - top)

    def _large_text(self) -> bool:
        """Whether the answers to "leave?" need the caption's room."""
        return self._text_size > 115

    def _place_controls(self) -> None:
        """The controls in a row with equal gaps, in the middle unless the next tile needs the room."""
        places = self._places
        forget = self._forget.sizeHint()
        row = places.controls if not places.controls.isEmpty() else places.progress
        self._forget.setGeometry(
            row.center().x() - forget.width() // 2,
            row.center().y() - forget.height() // 2,
            forget.width(),
            forget.height(),
        )
        if places.controls.isEmpty():
            return
        chrome = window_factor(max(self.width(), 1), max(self.height(), 1))
        scene = self._scene
        shown = [c for c in self._controls if scene is None or self._has_control(scene, c)]
        sizes = {control: control.sizeHint() for control in shown}
        gap = round((16 if places.small else 18) * chrome)
        plain = max([round(84 * chrome), *(sizes[c].width() for c in shown if c is not self._main)])
        slots = [max(sizes[c].width(), round(152 * chrome)) if c is self._main else plain for c in shown]
        total = sum(slots) + gap * (len(shown) - 1)
        middle = places.controls.center().x()
        x = middle - total // 2
        right = places.next.right() + 1
        if not places.next.isEmpty():
            self._next.set_pictured(not places.small)
            wanted = min(self._next.needed_width(), places.next.width())
            x = max(places.controls.left(), min(x, right - wanted - 20 - total))
        self._place_breath_tile(x)
        for control, slot in zip(shown, slots, strict=True):
            size = sizes[control]
            at = x + (slot - size.width()) // 2
            control.setGeometry(at, places.controls.top(), size.width(), size.height())
            x += slot + gap
        if not places.next.isEmpty():
            left = max(places.next.left(), x - gap + 12)
            self._next.setGeometry(QRect(left, places.next.top(), right - left, places.next.height()))

    def _place_breath_tile(self, first: int) -> None:
        """At the foot on the left, where the controls leave it room."""
        row = self._places.controls
        tall = round(64 * self._look.factor)
        room = first - row.left() - 12
        fits = self._breath.needed_width() <= room and not self._places.small
        top = row.top() + (row.height() - tall) // 2
        self._breath.setGeometry(row.left(), top, max(room, 1) if fits else 0, tall)

    def _has_control(self, scene: _Scene, control: SessionControl) -> bool:
        if scene.night or scene.mode in (Mode.LEAVING, Mode.DROPPING, Mode.END):
            return False
        return not (scene.mode.waits_for_space and control in (self._plus, self._main))

    def _show_parts(self) -> None:
        """Which parts are seen in this scene."""
        scene = self._scene
        night = self._look.theme.is_night
        mode = scene.mode if scene else None
        ended = mode is Mode.END
        leaving = mode is Mode.LEAVING
        dropping = mode is Mode.DROPPING
        asking = leaving or dropping
        display = scene.display if scene else Display.RING
        if mode is Mode.COUNT_IN:
            display = Display.RING
        down = (
            mode is Mode.READY
            and scene is not None
            and scene.segment is not None
            and goes_down(scene.segment)
        )
        panel = mode is not None and mode.waits_for_space and not night
        stage = not ended and not self._places.stage.isEmpty() and not (asking and night)
        switch = mode is Mode.SWITCH and not night
        timed = scene is not None and not (ended or asking or panel or switch)
        tile = display is Display.BREATHS and not night and not self._places.small
        for widget, seen in (
            (self._close, not ended and (not night or mode is Mode.PAUSED)),
            (self._progress, not ended and not night),
            (self._left, not ended and not night),
            (self._figure, stage and (not down or night)),
            (self._strip, stage and down and not night),
            (self._name, not ended and not asking),
            (self._big, not ended and not asking),
            (self._ring, timed and display in (Display.RING, Display.BEATS)),
            (self._strokes, timed and display is Display.STROKES),
            (self._presses, timed and display is Display.PRESSES),
            (self._disc, timed and display is Display.BREATHS),
            (self._breath, timed and tile),
            (self._ready, panel),
            (self._switch, switch),
            (self._leave, leaving),
            (self._drop, dropping),
            (self._paused_at, leaving and not night),
            (self._caption, not ended and not (asking and (night or self._large_text()))),
            (self._forget, leaving and self._moment is not None and self._moment.would_keep),
            (self._next, not (ended or asking or night or self._places.next.isEmpty())),
            (self._night_step, night and not ended and not asking),
            (self._night_hint, night and not ended and not asking),
            (self._night_voice, night and not ended and not asking),
            (self._end, ended),
        ):
            widget.setVisible(seen)
        for control in self._controls:
            control.setVisible(scene is not None and self._has_control(scene, control))
        self._foot.setVisible(bool(self._foot.text()) and scene is not None and self._has_foot(scene))
        self._run_pace()

    # ---------------------------------------------------------------- what the user does

    def _ask(self, given: Input) -> None:
        if given is Input.FORGET:
            self._forgotten = True
        elif given is Input.LEAVE:
            self._forgotten = False
        self._wake()
        self.asked.emit(given)

    def _choose_waiting(self, waits: bool) -> None:
        self._ask(Input.WAIT_FOR_ME if waits else Input.COUNT_FOR_ME)

    def _space(self) -> None:
        """Ready, pause or go on, whatever the moment offers."""
        if self._dropping:
            self._keep_in()
            return
        given = {
            Mode.READY: Input.READY,
            Mode.WAIT: Input.READY,
            Mode.PAUSED: Input.RESUME,
            Mode.LEAVING: Input.STAY,
        }.get(self._scene.mode if self._scene else Mode.END, Input.PAUSE)
        if self._is_under_way():
            self._ask(given)

    def _pause_or_go_on(self) -> None:
        """A click on the stage: it pauses whatever runs."""
        asking = (Mode.LEAVING, Mode.DROPPING)
        if self._scene is None or self._scene.mode in asking or not self._is_under_way():
            return
        self._ask(Input.RESUME if self._scene.mode is Mode.PAUSED else Input.PAUSE)

    # ---------------------------------------------------------------- leaving an exercise out

    def _ask_out(self) -> None:
        """Pause and ask whether to leave the exercise out, tonight or always."""
        snapshot = self._moment
        if snapshot is None or snapshot.segment is None or self._dropping or not self._is_under_way():
            return
        if snapshot.phase in (Phase.NEW, Phase.LEAVING):
            return
        self._was_paused = snapshot.phase is Phase.PAUSED
        if not self._was_paused:
            self._ask(Input.PAUSE)
        if self._moment is not None and self._moment.phase is Phase.PAUSED:
            self._dropping = True
            self.show_moment(self._moment)

    def _leave_out(self, tonight: bool) -> None:
        snapshot = self._moment
        if not self._dropping or snapshot is None or snapshot.segment is None:
            return
        self.leave_out_asked.emit(snapshot.segment.exercise.id, tonight)
        self._dropping = False
        self._ask(Input.DROP)
        self._go_on()

    def _keep_in(self) -> None:
        if self._dropping:
            self._dropping = False
            self._go_on()

    def _go_on(self) -> None:
        """As it was before the question: running, or paused."""
        if self._moment is not None and not self._was_paused and self._moment.phase is Phase.PAUSED:
            self._ask(Input.RESUME)
        elif self._moment is not None:
            self.show_moment(self._moment)

    def _is_under_way(self) -> bool:
        return self._moment is not None and not self._moment.phase.is_over

    def _key(self, event: QKeyEvent) -> bool:
        """Whether the key was one of the session's; any other does nothing here."""
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if held != Qt.KeyboardModifier.NoModifier:
            return False
        self._wake()
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.volume_asked.emit(VOLUME_STEP if key is Qt.Key.Key_Up else -VOLUME_STEP)
            return True
        if event.isAutoRepeat():
            return key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._enter()
        if self._scene is not None and self._scene.mode is Mode.END:
            if key is Qt.Key.Key_Escape:
                self._leave_end()
            return key in (Qt.Key.Key_Escape, Qt.Key.Key_Space)
        actions: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Space: self._space,
            Qt.Key.Key_Left: lambda: self._ask_running(Input.BACK),
            Qt.Key.Key_Right: lambda: self._ask_running(Input.SKIP),
            Qt.Key.Key_Plus: lambda: self._ask_running(Input.ADD),
            Qt.Key.Key_Equal: lambda: self._ask_running(Input.ADD),
            Qt.Key.Key_V: lambda: self._ask_running(Input.VOICE),
            Qt.Key.Key_W: self._turn_waiting,
            Qt.Key.Key_X: self._ask_out,
            Qt.Key.Key_C: self._turn_captions,
            Qt.Key.Key_F: self.fullscreen_asked.emit,
            Qt.Key.Key_F1: self.help_asked.emit,
            Qt.Key.Key_N: self.light_asked.emit,
            Qt.Key.Key_Escape: self._escape,
        }
        action = actions.get(key)
        if action is None:
            return False
        action()
        return True

    def _ask_running(self, given: Input) -> None:
        """Ask, unless the user is deciding whether to leave: then nothing runs on."""
        asking = (Mode.LEAVING, Mode.DROPPING)
        if self._is_under_way() and self._scene is not None and self._scene.mode not in asking:
            self._ask(given)

    def _enter(self) -> bool:
        """Enter uses what the keyboard is on; else it answers "leave?" with yes, and closes the end."""
        holder = self.focusWidget()
        if isinstance(holder, QAbstractButton) and holder.isVisibleTo(self) and holder.isEnabled():
            holder.click()
            return True
        if self._scene is not None and self._scene.mode is Mode.LEAVING:
            self._ask(Input.LEAVE)
        elif self._scene is not None and self._scene.mode is Mode.END:
            self._leave_end()
        return True

    def _escape(self) -> None:
        if self._scene is None or not self._is_under_way():
            return
        if self._dropping:
            self._keep_in()
            return
        self._ask(Input.STAY if self._scene.mode is Mode.LEAVING else Input.ASK_LEAVE)

    def _turn_waiting(self) -> None:
        if self._scene is not None and self._scene.mode is Mode.READY:
            self._choose_waiting(not self._scene.waits)

    def _turn_captions(self) -> None:
        self.set_captions(not self._captions)
        self._say(_("Captions on") if self._captions else _("Captions off"))
        self.caption_toggled.emit(self._captions)

    def _leave_end(self) -> None:
        self._dark_timer.stop()
        self._curtain.hide()
        self.closed.emit()

    # ---------------------------------------------------------------- fading, pointer, dark

    def _watch(self) -> None:
        """Hear every key and movement, wherever the keyboard or the pointer is."""
        self.setMouseTracking(True)
        for child in self.findChildren(QWidget):
            if child is self._curtain:
                continue
            child.setMouseTracking(True)
            child.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseMove:
            self._wake()
        elif kind == QEvent.Type.KeyPress:
            return self._key(cast(QKeyEvent, event))
        elif kind == QEvent.Type.KeyRelease:
            # A button that saw no press must not act on the release.
            return cast(QKeyEvent, event).key() == Qt.Key.Key_Space
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._wake()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press that no control took: on the stage, or anywhere by night, it pauses and goes on."""
        self._wake()
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._look.theme.is_night and self._scene is not None and self._scene.mode is Mode.END:
            self._leave_end()
        elif self._look.theme.is_night or self._places.stage.contains(event.position().toPoint()):
            self._pause_or_go_on()

    def _wake(self) -> None:
        """Somebody is there: show controls and pointer, and wait anew."""
        self._fade.stop()
        self._set_shown(1.0)
        if self.cursor().shape() == Qt.CursorShape.BlankCursor:
            self.unsetCursor()
        if not self.isVisible():
            return
        self._fade_timer.start()
        if self._look.theme.is_night:
            self._pointer_timer.start()
        if self._dark_timer.isActive():
            self._dark_timer.start()

    def _may_fade(self) -> bool:
        """Only while the session runs by itself: in a pause the way on has to be seen."""
        running = (Mode.HOLD, Mode.SWITCH, Mode.REST, Mode.COUNT_IN)
        return self._scene is not None and self._scene.mode in running

    def _fade_controls(self) -> None:
        if not self._may_fade():
            self._fade_timer.start()
            return
        if self._look.reduced_motion:
            self._set_shown(FADED)
            return
        self._fade.setStartValue(self._shown)
        self._fade.setEndValue(FADED)
        self._fade.start()

    def _set_shown(self, shown: object) -> None:
        share = float(cast(float, shown))
        if share != self._shown:
            self._shown = share
            for control in self._controls:
                control.set_fade(share)

    @property
    def controls_shown(self) -> float:
        """How clearly the controls are seen, 0 to 1."""
        return self._shown

    def _hide_pointer(self) -> None:
        if self._look.theme.is_night:
            self.setCursor(Qt.CursorShape.BlankCursor)

    def _go_dark(self) -> None:
        if self._scene is None or self._scene.mode is not Mode.END:
            return
        self._curtain.setGeometry(self.rect())
        self._curtain.raise_()
        self._curtain.show()
        self._curtain.setFocus()

    def _draw_curtain_aside(self) -> None:
        self._curtain.hide()
        self._end.close_button.setFocus(Qt.FocusReason.PopupFocusReason)
        self._dark_timer.start()

    def _say(self, words: str, seconds: float | None = None) -> None:
        """A quiet note at the foot of the stage, clear of the ring; it leaves by itself."""
        self._place_note(words)
        self._note.raise_()
        self._note.show()
        self._note_timer.start(round((seconds or self._patience.note) * 1000))

    def _place_note(self, words: str) -> None:
        """Give the note its room: at the foot of the stage, or above what the foot of the page holds."""
        places = self._places
        ended = self._scene is not None and self._scene.mode is Mode.END
        shown = self._scene is not None and not ended and not places.stage.isEmpty()
        room = self._stage_rect(places) if shown else self.rect()
        bottom = room.bottom() - 12 if shown else places.caption.top() - 8
        if ended:
            room, bottom = self.rect(), self._end.close_button.y() - 12
        elif self._look.theme.is_night:
            room, bottom = self.rect(), places.progress.top() - 6
        self._note.set_words(words, room, bottom)

    def _announce(self, words: str) -> None:
        """Tell a screen reader what changed."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    # ---------------------------------------------------------------- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh_look()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Who opens the page gives it the focus; what Space does then is to be seen.
        scene = self._scene
        if scene is not None and scene.mode.waits_for_space and not scene.night:
            self._ready.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wake()
        self._run_pace()
        if self.focusWidget() is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for timer in (self._fade_timer, self._pointer_timer, self._note_timer, self._dark_timer):
            timer.stop()
        self._fade.stop()
        self._pace_timer.stop()
        self._note.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._look.theme.bg)
        painter.end()


def _no_picture(_exercise: Exercise) -> Path | None:
    return None


def _single_shot(parent: QObject, seconds: float, done: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(round(seconds * 1000))
    timer.timeout.connect(done)
    return timer


def _start() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _end() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
