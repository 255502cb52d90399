"""What the library shows of each exercise, and the words and icons for what becomes of a move.

It leaves out how it is drawn and where it comes from (library_words makes it).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from coach.i18n import _
from coach.ui.icons import Icon

__all__ = ["Choice", "Fate", "LibraryItem", "LibraryView", "fate_icon", "fate_words"]


class Fate(Enum):
    """What becomes of a move for this person: its icon and the words on its card."""

    AS_IS = "as it is"
    LIGHTER = "lighter"
    SWAPPED = "swapped"
    HIDDEN = "hidden"
    KEPT = "kept"
    OUT = "left out"
    OUT_TONIGHT = "left out tonight"

    @property
    def is_out(self) -> bool:
        """Whether it will not be done as it is."""
        return self in (Fate.SWAPPED, Fate.HIDDEN, Fate.OUT, Fate.OUT_TONIGHT)


class Choice(Enum):
    """What can be decided about a move."""

    OUT_TONIGHT = "out tonight"
    OUT_ALWAYS = "out always"
    KEEP = "keep"
    UNKEEP = "unkeep"
    BRING_BACK = "bring back"
    ANSWER_AGAIN = "answer again"


@dataclass(frozen=True)
class LibraryItem:
    """One exercise in the user's words.

    `kind`, `region_keys` and `position_keys` are what the filters go by, `search` is what a search looks
    through. `steps`, `easier`, `leave_out` and `lighter` (sentences), `mistakes`, `dose` and the evidence are
    left away when empty. `reason` says why its `fate` is not AS_IS; `instead` is what is done in its place.
    """

    id: str
    name: str
    regions: str
    kind: str
    region_keys: tuple[str, ...] = ()
    position_keys: tuple[str, ...] = ()
    figure_id: str = ""
    tags: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    dose: str = ""
    easier: str = ""
    leave_out: tuple[str, ...] = ()
    lighter: tuple[str, ...] = ()
    mistakes: str = ""
    evidence: str = ""
    source: str = ""
    search: str = ""
    fate: Fate = Fate.AS_IS
    reason: str = ""
    instead_id: str = ""
    instead: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class LibraryView:
    """All exercises in the order they are shown, and the options of the three filters: (key, label)."""

    items: tuple[LibraryItem, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    regions: tuple[tuple[str, str], ...] = ()
    positions: tuple[tuple[str, str], ...] = ()


def fate_icon(fate: Fate) -> Icon | None:
    """The icon that goes with `fate_words`."""
    return {
        Fate.LIGHTER: Icon.LIGHTER,
        Fate.SWAPPED: Icon.SWAP,
        Fate.HIDDEN: Icon.HIDDEN,
        Fate.KEPT: Icon.SHIELD,
        Fate.OUT: Icon.HIDDEN,
        Fate.OUT_TONIGHT: Icon.TONIGHT,
    }.get(fate)


def fate_words(fate: Fate) -> str:
    """What a card says about a move that is not done as it is."""
    return {
        Fate.AS_IS: "",
        Fate.LIGHTER: _("Lighter for you"),
        Fate.SWAPPED: _("Swapped for you"),
        Fate.HIDDEN: _("Hidden for you"),
        Fate.KEPT: _("From your clinician"),
        Fate.OUT: _("Left out"),
        Fate.OUT_TONIGHT: _("Left out tonight"),
    }[fate]
