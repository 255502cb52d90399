"""What the terminal asks before the first massage.

It leaves out the questions themselves (see domain.profile) and remembering the answers.
"""

from __future__ import annotations

from typing import TextIO

from coach.domain.profile import AREA_QUESTIONS, HELP_QUESTIONS
from coach.i18n import N_, Line, _

UNANSWERED = Line(
    N_(
        "Massage is left out: nobody is here to answer the safety questions. If none of the warning signs is "
        "true for you (“coach run” in a terminal lists them), add --yes."
    )
)
_STOP = N_(
    "Then leave massage out for now and have somebody look at it: today if a leg is newly swollen, hot, red, "
    "weak or cold. With chest pain or trouble breathing call the emergency number at once."
)


def ask_before_massage(answers: TextIO, out: TextIO) -> bool | None:
    """Ask whether a warning sign is true. True when none is, None when there was no answer."""
    print(_("Before the first massage. Is one of these true for you?"), file=out)
    for text in (*HELP_QUESTIONS, *AREA_QUESTIONS):
        print(f"  - {_(text)}", file=out)
    yes, no = _("yes"), _("no")
    for _turn in range(3):
        print(_("Answer {yes} or {no}: ").format(yes=yes, no=no), end="", file=out, flush=True)
        answer = answers.readline().strip().lower()
        if answer and yes.startswith(answer):
            print(_(_STOP), file=out)
            return False
        if answer and no.startswith(answer):
            return True
    print(file=out)
    return None
