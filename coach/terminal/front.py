"""The text front of a session: one line that counts, and a line for everything that is said.

It leaves out reading the keyboard, which is the desktop's, and every rule of a session.
"""

from __future__ import annotations

import shutil
from typing import TextIO

from coach.domain.pacing import Beat, BeatKind
from coach.domain.session import Input, Phase, Snapshot, digits, go_or_pause, kept
from coach.domain.timeline import Segment, SegmentKind
from coach.i18n import Line, _, ngettext, render

_CLEAR = "\r\x1b[K"
# Where every line stays, strokes and breaths are told no more often than this, in seconds of the session.
TOLD_EVERY = 10.0

_ARROWS = {"\x1b[C": Input.SKIP, "\x1b[D": Input.BACK}
_LETTERS = {
    "n": Input.SKIP,
    "b": Input.BACK,
    "+": Input.ADD,
    "=": Input.ADD,
    "v": Input.VOICE,
    "w": Input.WAIT_FOR_ME,
    "x": Input.DROP,
    "q": Input.ASK_LEAVE,
    "\x1b": Input.ASK_LEAVE,
}


def intention(key: str, moment: Snapshot) -> Input | None:
    """What a key means at this moment; None for the keys that mean nothing."""
    if moment.phase is Phase.LEAVING:
        if key in ("\r", "\n"):
            return Input.LEAVE
        if key in (" ", "\x1b", "q"):
            return Input.STAY
        return Input.FORGET if key == "f" else None
    if key == " ":
        return go_or_pause(moment)
    given = _ARROWS.get(key) or _LETTERS.get(key.lower())
    if given is Input.WAIT_FOR_ME and moment.waits:
        return Input.COUNT_FOR_ME
    return given


def where(segment: Segment) -> str:
    """Exercise and side in words."""
    name = _(segment.exercise.name)
    return name if segment.side is None else f"{name}, {_(segment.side.leg).lower()}"


def _in_words(beat: Beat) -> str:
    """What is done in a beat: "stroke 6 of 12", "press 2 of 3, 30 s"."""
    counted = {"n": beat.number, "count": beat.count, "seconds": round(beat.seconds)}
    match beat.kind:
        case BeatKind.STROKE:
            words = _("stroke {n} of {count}")
        case BeatKind.BREATH:
            words = _("breath {n} of {count}")
        case BeatKind.PRESS:
            words = _("press {n} of {count}, {seconds} s")
        case BeatKind.REST | BeatKind.EASE:
            words = _("let go, {seconds} s")
        case BeatKind.TENSE:
            words = _("tense gently, {seconds} s")
        case BeatKind.STAY:
            words = _("{seconds} s")
    said = words.format(**counted)
    return f"{_(beat.place)}: {said}" if beat.place else said


def _beat_left(beat: Beat, elapsed: float) -> str:
    """The same while it runs, with what is left of it; the seconds of a breath are counted up."""
    if beat.kind is BeatKind.STROKE:
        return _("stroke {n} of {count}").format(n=beat.number, count=beat.count)
    if beat.kind is BeatKind.BREATH:
        out = elapsed >= beat.go + beat.lift
        second = int(elapsed - (beat.go + beat.lift if out else 0.0)) + 1
        words = _("breathe out {second}") if out else _("breathe in {second}")
        return words.format(second=second) + "  " + _in_words(beat)
    left = digits(beat.seconds - elapsed)
    match beat.kind:
        case BeatKind.PRESS:
            return _("press {n} of {count}, {left}").format(n=beat.number, count=beat.count, left=left)
        case BeatKind.TENSE:
            words = _("tense gently, {left}").format(left=left)
        case BeatKind.STAY:
            words = left
        case _:
            words = _("let go, {left}").format(left=left)
    return f"{_(beat.place)}: {words}" if beat.place else words


class TerminalFront:
    """Writes a session to `out`. `live` redraws one line each second; otherwise every line stays."""

    def __init__(self, out: TextIO, *, live: bool, captions: bool = True) -> None:
        self._out = out
        self._live = live
        self._captions = captions
        self._line = ""
        self._heading: tuple[object, ...] = ()
        self._beat: tuple[object, ...] = ()
        self._beat_told = -TOLD_EVERY
        self._caption: Line | None = None
        self._phase = Phase.NEW
        self.is_gone = False  # whoever read the output has gone away

    def begin(self, name: str, seconds: float) -> None:
        """The first lines: what comes, how long it takes and which keys there are."""
        n = max(round(seconds / 60), 1)
        minutes = ngettext("{n} minute", "{n} minutes", n).format(n=n)
        self._say(f"{name}, {minutes}.")
        if self._live:
            self._say(
                _(
                    "Space pauses. Arrows go back and skip. + adds ten seconds. "
                    "V voice, W wait for me, X leaves this exercise out, Q leaves."
                )
            )

    def ask(self, text: str) -> None:
        """Offer to go on with a session that broke off."""
        self._say(text + " " + _("Enter goes on there, any other key begins anew."))

    def show(self, moment: Snapshot) -> None:
        """Draw a moment; what has not changed is not drawn again."""
        if moment.phase is not self._phase:
            self._phase = moment.phase
            self._turn(moment)
        segment = moment.segment
        if segment is not None and moment.phase is not Phase.NEW:
            heading = (segment.index, segment.kind, segment.side)
            if heading != self._heading:
                self._heading = heading
                self._say(self._title(moment, segment))
                self._beat_told = -TOLD_EVERY
            if not self._live and moment.phase is Phase.RUNNING:
                self._tell_beat(moment, segment)
        if moment.caption is not None and moment.caption is not self._caption:
            self._caption = moment.caption
            if self._captions:
                self._say(f"  “{render(moment.caption)}”")
        if self._live and segment is not None and moment.phase is not Phase.NEW:
            self._count(moment, segment)

    def notice(self, line: Line) -> None:
        """Something the user should know once."""
        self._say(f"  ({render(line)})")

    def end(self) -> None:
        """Leave the terminal tidy."""
        if self._live and self._line:
            self._line = ""
            self._write("\n")

    def _title(self, moment: Snapshot, segment: Segment) -> str:
        place = f"[{segment.step + 1}/{len(moment.progress)}]"
        match segment.kind:
            case SegmentKind.HOLD | SegmentKind.STROKE | SegmentKind.BREATH if segment.beats:
                return _("{place} {what}, {seconds} s").format(
                    place=place, what=where(segment), seconds=round(segment.seconds)
                )
            case SegmentKind.HOLD | SegmentKind.STROKE | SegmentKind.BREATH:
                return _("{place} Hold: {what}, {seconds} s").format(
                    place=place, what=where(segment), seconds=round(segment.seconds)
                )
            case SegmentKind.READY:
                return _("{place} Get ready: {what}").format(place=place, what=where(segment))
            case SegmentKind.SWITCH:
                return _("{place} Switch: {what}").format(place=place, what=where(segment))
            case SegmentKind.REST:
                return _("{place} Rest").format(place=place)
            case SegmentKind.WAIT:
                return _("{place} In your own time: {what}. Space goes on.").format(
                    place=place, what=where(segment)
                )

    def _tell_beat(self, moment: Snapshot, segment: Segment) -> None:
        """A line for each press, rest and place; strokes and breaths only every ten seconds."""
        beat = moment.beat
        if beat is None:
            return
        key = (segment.index, beat.kind, beat.number, beat.at)
        if key == self._beat:
            return
        often = beat.kind in (BeatKind.STROKE, BeatKind.BREATH)
        if often and moment.clock - self._beat_told < TOLD_EVERY:
            return
        self._beat = key
        if often:
            self._beat_told = moment.clock
        self._say("  " + _in_words(beat))

    def _turn(self, moment: Snapshot) -> None:
        match moment.phase:
            case Phase.PAUSED:
                self._say(_("Paused. Take your time, the countdown waits. Space goes on."))
            case Phase.LEAVING:
                for one in kept(moment.held):
                    sides = ", ".join(_(side.leg).lower() for side in one.sides)
                    name = _(one.exercise.name) + (f", {sides}" if sides else "")
                    self._say(f"  {name}: {round(one.seconds)} s")
                if moment.would_keep:
                    self._say(
                        _("Leave for tonight? Enter leaves and keeps this, Space goes on, F forgets it.")
                    )
                else:
                    self._say(
                        _("Leave for tonight? Under a minute is not kept. Enter leaves, Space goes on.")
                    )
            case Phase.LEFT:
                self._say(_("Good night."))
            case _:
                pass

    def _count(self, moment: Snapshot, segment: Segment) -> None:
        if moment.phase is Phase.COUNT_IN and moment.count_in is not None:
            left = digits(moment.count_in)
        elif moment.remaining is not None:
            left = digits(moment.remaining)
        else:
            left = _("waits for you")
        beat = moment.beat
        if beat is not None and moment.phase is not Phase.COUNT_IN and segment.kind.is_timed_work:
            left = _beat_left(beat, moment.beat_elapsed)
        side = _(segment.side.leg) if segment.side else _(segment.exercise.name)
        minutes = _("{n} min left").format(n=moment.minutes_left)
        state = "  " + _("paused") if moment.phase in (Phase.PAUSED, Phase.LEAVING) else ""
        line = f"{side}  {left}{state}    {minutes}"[: shutil.get_terminal_size().columns - 1]
        if line != self._line:
            self._line = line
            self._write(_CLEAR + line)

    def _say(self, text: str) -> None:
        clear = _CLEAR if self._live and self._line else ""
        self._line = ""
        self._write(clear + text + "\n")

    def _write(self, text: str) -> None:
        if self.is_gone:
            return
        try:
            self._out.write(text)
            self._out.flush()
        except OSError:
            self.is_gone = True
