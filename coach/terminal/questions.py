"""What the terminal asks before a session, and how it says what was changed for safety.

It leaves out the rules (see domain.profile) and remembering the answers.
"""

from __future__ import annotations

from typing import TextIO

from coach.domain.profile import AREA_QUESTIONS, HELP_QUESTIONS, Adapted, Decision, Verdict
from coach.i18n import N_, Line, _, render

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


def in_words(decision: Decision) -> Line:
    """One change of the plan as a sentence: what was changed, and why."""
    reason = render(decision.reason) if decision.reason else ""
    fields = (("name", decision.exercise.name), ("reason", reason))
    match decision.verdict:
        case Verdict.SWAPPED if decision.use is not None:
            return Line(N_("{name} becomes {other}. {reason}"), (*fields, ("other", decision.use.name)))
        case Verdict.LIGHTER:
            return Line(N_("{name} is lighter. {reason}"), fields)
        case _:
            return Line(N_("{name} is left out. {reason}"), fields)


def nothing_left(adapted: Adapted) -> Line:
    """Why a plan cannot be done at all, and what to do instead."""
    why = render(in_words(adapted.decisions[0])) if adapted.decisions else ""
    return Line(
        N_("Nothing of “{name}” is left for you. {why} Try “coach run breathing”."),
        (("name", adapted.plan.name), ("why", why)),
    )
