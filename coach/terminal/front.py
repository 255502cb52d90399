"""The text front of a session: one line that counts, and a line for everything that is said.

It leaves out reading the keyboard, which is the desktop's, and every rule of a session.
"""

from __future__ import annotations

import shutil
from typing import TextIO

from coach.domain.session import Input, Phase, Snapshot, digits, go_or_pause, kept
from coach.domain.timeline import Segment, SegmentKind
from coach.i18n import Line, _, ngettext, render

_CLEAR = "\r\x1b[K"

_ARROWS = {"\x1b[C": Input.SKIP, "\x1b[D": Input.BACK}
_LETTERS = {
    "n": Input.SKIP,
    "b": Input.BACK,
    "+": Input.ADD,
    "=": Input.ADD,
    "v": Input.VOICE,
    "w": Input.WAIT_FOR_ME,
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


class TerminalFront:
    """Writes a session to `out`. `live` redraws one line each second; otherwise every line stays."""

    def __init__(self, out: TextIO, *, live: bool, captions: bool = True) -> None:
        self._out = out
        self._live = live
        self._captions = captions
        self._line = ""
        self._heading: tuple[object, ...] = ()
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
                    "V voice, W wait for me, Q leaves."
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
            case SegmentKind.HOLD:
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
