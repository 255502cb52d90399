"""What an exercise is: its sides, its posture, its words and its safety notes.

It leaves out how exercises are stored, drawn or ordered into plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from coach.i18n import N_

# A hold shorter than this cannot carry a cue; longer than half an hour is a typing slip.
SHORTEST_HOLD, LONGEST_HOLD = 5, 1800


class Kind(Enum):
    """What sort of thing the user does."""

    STRETCH = "stretch"
    MASSAGE = "massage"
    MOBILITY = "mobility"
    BREATHING = "breathing"
    RELAXATION = "relaxation"


class Posture(Enum):
    """How the body is supported; it decides how long a change takes."""

    STANDING = "standing"
    CHAIR = "chair"
    FLOOR = "floor"
    BED = "bed"

    @property
    def is_low(self) -> bool:
        """Whether getting in or out means going down or up."""
        return self in (Posture.FLOOR, Posture.BED)


class Side(Enum):
    """The leg that works."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def word(self) -> str:
        """The side inside a sentence, to be translated: "left"."""
        return N_("left") if self is Side.LEFT else N_("right")

    @property
    def leg(self) -> str:
        """The side as a title, to be translated: "Left leg"."""
        return N_("Left leg") if self is Side.LEFT else N_("Right leg")

    @property
    def other(self) -> Side:
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Grade(Enum):
    """How well studies support an exercise, always said together with what for."""

    GOOD = "good"
    SOME = "some"
    EXPERIENCE = "experience"


@dataclass(frozen=True)
class Evidence:
    """`grade` for `purpose`, with a `citation` that was checked, or none."""

    grade: Grade
    purpose: str
    citation: str = ""


@dataclass(frozen=True)
class Cues:
    """Short sentences with `{side}` in them, in the order they are said.

    `setup` leads into the position, `hold` is said while holding, `release` leads out of it.
    """

    setup: tuple[str, ...]
    hold: tuple[str, ...] = ()
    release: str = ""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `setup` and `seconds` are in seconds; `postures` lists the best one first."""

    id: str
    name: str
    short_name: str
    kind: Kind
    postures: tuple[Posture, ...]
    sided: bool
    setup: float
    seconds: int
    cues: Cues
    dose: str = ""
    mistakes: tuple[str, ...] = ()
    easier: str = ""
    skip_if: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    muscles: tuple[str, ...] = ()
    figure: str | None = None
    evidence: Evidence | None = None
