"""What an exercise is: its sides, its posture, its words and its safety notes.

It leaves out how exercises are stored, drawn or ordered into plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from coach.domain.pacing import Part
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


class Region(Enum):
    """The part of the body an exercise is for."""

    FOOT = "foot"
    CALF = "calf"
    SHIN = "shin"
    THIGH_FRONT = "thigh_front"
    THIGH_BACK = "thigh_back"
    HIP = "hip"
    BACK = "back"
    WHOLE = "whole"

    @property
    def word(self) -> str:
        """As a short title, to be translated: "Calf"."""
        return _REGIONS[self]


_REGIONS = {
    Region.FOOT: N_("Foot"),
    Region.CALF: N_("Calf"),
    Region.SHIN: N_("Shin"),
    Region.THIGH_FRONT: N_("Front of thigh"),
    Region.THIGH_BACK: N_("Back of thigh"),
    Region.HIP: N_("Hip"),
    Region.BACK: N_("Lower back"),
    Region.WHOLE: N_("Whole body"),
}


class Flag(Enum):
    """What can make an exercise unsuitable for a person (content.md 2.0 and 3.0)."""

    HIP_REPLACEMENT = "hip_replacement"
    KNEE_REPLACEMENT = "knee_replacement"
    RECENT_SURGERY = "recent_surgery"
    ACUTE_INJURY = "acute_injury"
    ACHILLES = "achilles_problem"
    OSTEOPOROSIS = "osteoporosis"
    HYPERMOBILE = "hypermobile"
    PREGNANT = "pregnant"
    BALANCE = "balance"
    DROWSY = "drowsy"
    SCIATICA = "sciatica"
    NUMB_FEET = "numb_feet"
    GLAUCOMA = "glaucoma"
    HEART_FAILURE = "heart_failure"
    BLOOD_THINNERS = "blood_thinners"
    VEINS = "varicose_veins"


@dataclass(frozen=True)
class Caution:
    """Why a flag speaks against an exercise, in one short sentence."""

    flag: Flag
    reason: str


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
    """One exercise. `setup` and `seconds` are in seconds; `postures` lists the best one first.

    `parts` are the strokes, breaths or presses of a side; without them a side is one quiet hold. `start` and
    `end` name the two ends of a stroke ("Ankle", "Knee"), `pressure` is 0 (touch) to 10 (pain) from where it
    begins to where it ends. Whoever has a flag of `skip_if` is led to the first of `variants` that suits
    them, or is shown nothing in its place; a flag of `lighter_if` keeps the exercise and takes half of it.
    `lying` tells that nobody needs to look up from the mat. `picture` is a file beside an own plan.
    """

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
    variants: tuple[str, ...] = ()
    skip_if: tuple[Caution, ...] = ()
    lighter_if: tuple[Caution, ...] = ()
    stop: tuple[str, ...] = ()
    muscles: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    parts: tuple[Part, ...] = ()
    start: str = ""
    end: str = ""
    pressure: tuple[int, ...] = ()
    figure: str | None = None
    picture: str = ""
    lying: bool = False
    evidence: Evidence | None = None
    own: bool = False
