"""What the Tonight page says about a plan, as one view.

It leaves out how the page looks, and where plans, settings and the time come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QLocale

from coach.domain.exercise import Exercise, Posture, Region
from coach.domain.plan import Plan, known_to
from coach.domain.timeline import Timeline
from coach.i18n import N_, _, ngettext
from coach.ui.tonight_page import (
    PlanChoice,
    StepLine,
    TonightView,
    done_text,
    greeting,
    length_text,
    step_text,
)

_PLACES = {
    Posture.STANDING: N_("standing"),
    Posture.CHAIR: N_("on a chair"),
    Posture.FLOOR: N_("on the mat"),
    Posture.BED: N_("in bed"),
}

# The seated hamstring shows best what an evening of stretching looks like (DESIGN 8).
_COVER = "ham_floor"


def tonight_view(
    plan: Plan | None,
    plans: Sequence[tuple[Plan, Timeline]],
    exercises: Mapping[str, Exercise],
    now: datetime,
    *,
    unfinished: str | None = None,
    notices: Sequence[str] = (),
    error: str = "",
    restless: Timeline | None = None,
    waiting: bool = False,
) -> TonightView:
    """The page for `plan` among `plans`, seen at local `now`. `restless` is the plan for relief right now.

    While `waiting` for the other plans the page keeps their places free.
    """
    hello = greeting(now.time())
    day = QLocale().standaloneDayName(QDate(now.year, now.month, now.day).dayOfWeek())
    choices = tuple(
        PlanChoice(one.id, _(one.name), length_text(laid.seconds, len(one.steps))) for one, laid in plans
    )
    laid = next((laid for one, laid in plans if plan is not None and one.id == plan.id), None)
    if plan is None or laid is None:
        return TonightView(hello, day, plans=choices, notices=tuple(notices), error=error)
    known = known_to(plan, exercises)
    figures = [known[step.exercise].figure or "" for step in plan.steps]
    return TonightView(
        hello,
        day,
        plan_id=plan.id,
        plan_name=_(plan.name),
        description=_(plan.description),
        length=length_text(laid.seconds, len(plan.steps)),
        done_at=done_text((now + timedelta(seconds=laid.seconds)).time()),
        postures=places(laid),
        figure_id=_COVER if _COVER in figures else next(filter(None, figures), ""),
        steps=tuple(
            StepLine(
                _(exercise.name),
                step_text(
                    [side.value for side in step.sides] if exercise.sided else [],
                    None if step.wait else step.seconds or exercise.seconds,
                    step.rounds,
                ),
                exercise.figure or "",
            )
            for step, exercise in ((step, known[step.exercise]) for step in plan.steps)
        ),
        plans=choices,
        unfinished=unfinished,
        notices=tuple(notices),
        error=error,
        muscles=_muscles(plan, known),
        restless="\N{NO-BREAK SPACE}" if waiting else _relief(restless),
        waiting=waiting,
    )


def _muscles(plan: Plan, known: Mapping[str, Exercise]) -> str:
    """The parts of the body the plan is for, each once: "Calf, back of thigh, hip"."""
    regions = [region for step in plan.steps for region in known[step.exercise].regions]
    both = {Region.THIGH_FRONT, Region.THIGH_BACK} <= set(regions)
    words = [
        _("Thighs") if both and region in (Region.THIGH_FRONT, Region.THIGH_BACK) else _(region.word)
        for region in regions
        if region is not Region.WHOLE
    ]
    words = list(dict.fromkeys(words))[:4]
    return ", ".join([*words[:1], *(word[:1].lower() + word[1:] for word in words[1:])])


def _relief(restless: Timeline | None) -> str:
    if restless is None:
        return ""
    minutes = max(1, round(restless.seconds / 60))
    return ngettext("{n} gentle minute, dim.", "{n} gentle minutes, dim.", minutes).format(n=minutes)


def places(timeline: Timeline) -> str:
    """Where the plan takes place, each place once: "Standing and on the mat"."""
    seen = list(dict.fromkeys(segment.posture for segment in timeline.segments))
    words = [_(_PLACES[posture]) for posture in seen]
    if len(words) > 1:
        words = [_("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])]
    text = words[0] if words else ""
    return text[:1].upper() + text[1:]
