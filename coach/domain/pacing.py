"""The beats inside one side of an exercise: strokes, breaths, presses, tensing and letting go.

It leaves out what is said on a beat (see cues) and where an exercise stands in a plan (see timeline).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum


class BeatKind(Enum):
    """What the body does for the length of a beat."""

    STROKE = "stroke"
    BREATH = "breath"
    PRESS = "press"
    REST = "rest"
    TENSE = "tense"
    EASE = "ease"
    STAY = "stay"

    @property
    def event(self) -> str:
        """Its word in an events file (architecture 7): "stroke", "breath", "hold" or "rest"."""
        match self:
            case BeatKind.STROKE:
                return "stroke"
            case BeatKind.BREATH:
                return "breath"
            case BeatKind.PRESS | BeatKind.TENSE | BeatKind.STAY:
                return "hold"
            case _:
                return "rest"


@dataclass(frozen=True)
class Part:
    """`count` equal beats of one kind, as an exercise describes them. All lengths are in seconds.

    `go`, `lift` and `back` are the way there, the turn and the way back of a STROKE; of a BREATH `go` is the
    way in and `back` the way out; of everything else `go` is the whole. `rest` lies between presses, and
    after every TENSE (letting go). `say` is said on the first beat, `then` on the first rest.
    `place` names where the hands are: a lane or a station.
    """

    kind: BeatKind
    go: float
    lift: float = 0.0
    back: float = 0.0
    rest: float = 0.0
    count: int = 1
    place: str = ""
    say: str = ""
    then: str = ""

    @property
    def beat(self) -> float:
        """Seconds of one beat without its rest."""
        return self.go + self.lift + self.back

    @property
    def seconds(self) -> float:
        """Seconds of all of it. A press rests only between two presses."""
        rests = self.count if self.kind is BeatKind.TENSE else self.count - 1
        return self.count * self.beat + rests * self.rest

    @property
    def a_minute(self) -> float:
        """Beats a minute."""
        return 60.0 / self.beat


@dataclass(frozen=True)
class Beat:
    """One beat: `at` seconds after its side began. `number` of `count` counts beats of its kind in the side.

    `go`, `lift`, `back` are the seconds of its three thirds as in Part; they add up to `seconds`.
    `opens` is true on the first beat of a part (and on its first rest): then `say` is not empty.
    """

    kind: BeatKind
    at: float
    seconds: float
    number: int
    count: int
    go: float
    lift: float
    back: float
    place: str = ""
    say: str = ""

    @property
    def end(self) -> float:
        return self.at + self.seconds


def seconds_of(parts: Sequence[Part]) -> float:
    """How long all parts take."""
    return sum(part.seconds for part in parts)


def beats(parts: Sequence[Part], seconds: float) -> tuple[Beat, ...]:
    """The parts laid out over exactly `seconds`, without gaps.

    More time than the parts take repeats the last strokes, breaths or presses; less time does fewer of
    each, then drops parts from the end. Strokes slow down a little to fill what is left over; after breaths
    and spoken parts what is left over is rest.
    """
    chosen = _fitted(parts, seconds)
    found: list[Beat] = []
    at = 0.0
    for part in chosen:
        for turn in range(part.count):
            say = part.say if turn == 0 else ""
            found.append(
                Beat(part.kind, at, part.beat, 0, 0, part.go, part.lift, part.back, part.place, say),
            )
            at += part.beat
            if part.rest and (part.kind is BeatKind.TENSE or turn + 1 < part.count):
                kind = BeatKind.EASE if part.kind is BeatKind.TENSE else BeatKind.REST
                then = part.then if turn == 0 else ""
                found.append(Beat(kind, at, part.rest, 0, 0, part.rest, 0.0, 0.0, part.place, then))
                at += part.rest
    return _numbered(_filled(found, seconds))


def _fitted(parts: Sequence[Part], seconds: float) -> list[Part]:
    """As many beats as fit into `seconds`, at least one."""
    total = seconds_of(parts)
    chosen = list(parts)
    if total > seconds:
        share = seconds / total
        chosen = [replace(part, count=max(int(part.count * share), 1)) for part in parts]
        while len(chosen) > 1 and seconds_of(chosen) > seconds:
            chosen.pop()
        if seconds_of(chosen) > seconds:
            # Not even one beat fits: it is done as fast as that; a plan cannot ask for less than 5 seconds.
            first, factor = chosen[0], seconds / seconds_of(chosen)
            chosen = [
                replace(
                    first,
                    go=first.go * factor,
                    lift=first.lift * factor,
                    back=first.back * factor,
                    rest=first.rest * factor,
                )
            ]
    last = chosen[-1]
    if last.kind in (BeatKind.STROKE, BeatKind.BREATH, BeatKind.PRESS) and last.beat > 0:
        more = int((seconds - seconds_of(chosen) + 1e-6) / (last.beat + last.rest))
        if more > 0:
            chosen[-1] = replace(last, count=last.count + more)
    return chosen


def _filled(found: list[Beat], seconds: float) -> list[Beat]:
    """Fill what is left over: strokes get slower, everything else is followed by rest."""
    left = seconds - found[-1].end
    if left < 1e-6:
        return found
    strokes = [beat for beat in found if beat.kind is BeatKind.STROKE]
    if not strokes or left > sum(beat.seconds for beat in strokes) / 2:
        return [*found, Beat(BeatKind.REST, found[-1].end, left, 0, 0, left, 0.0, 0.0)]
    factor = 1 + left / sum(beat.seconds for beat in strokes)
    stretched: list[Beat] = []
    at = 0.0
    for beat in found:
        if beat.kind is BeatKind.STROKE:
            go, lift, back = beat.go * factor, beat.lift * factor, beat.back * factor
            beat = replace(beat, seconds=beat.seconds * factor, go=go, lift=lift, back=back)
        stretched.append(replace(beat, at=at))
        at += beat.seconds
    return stretched


def _numbered(found: Sequence[Beat]) -> tuple[Beat, ...]:
    counts = {kind: sum(1 for beat in found if beat.kind is kind) for kind in BeatKind}
    seen = dict.fromkeys(BeatKind, 0)
    numbered: list[Beat] = []
    for beat in found:
        seen[beat.kind] += 1
        numbered.append(replace(beat, number=seen[beat.kind], count=counts[beat.kind]))
    return tuple(numbered)


def lengthened(found: Sequence[Beat], seconds: float) -> tuple[Beat, ...]:
    """Beats that already run, made to last `seconds` in all: what was planned stays, more is added after it.

    More of the last stroke or breath, or a longer stay; whatever else is left over is rest, so that nothing
    is pressed or tensed for longer than it should be.
    """
    more = list(found)
    model = next((one for one in reversed(more) if one.kind is not BeatKind.REST), more[-1])
    if more[-1].kind is BeatKind.REST and more[-1] is not model:
        more.pop()
    if model.kind in (BeatKind.STROKE, BeatKind.BREATH):
        while more[-1].end + model.seconds <= seconds + 1e-6:
            more.append(replace(model, at=more[-1].end, say=""))
    elif model.kind is BeatKind.STAY and found[-1] is model and seconds > model.end:
        more[-1] = replace(model, seconds=seconds - model.at, go=seconds - model.at)
    left = seconds - more[-1].end
    if left > 1e-6:
        more.append(Beat(BeatKind.REST, more[-1].end, left, 0, 0, left, 0.0, 0.0))
    return _numbered(more)


def beat_at(found: Sequence[Beat], elapsed: float) -> Beat | None:
    """The beat that runs `elapsed` seconds after the side began; None without beats."""
    current = None
    for beat in found:
        if beat.at > elapsed + 1e-9:
            break
        current = beat
    return current
