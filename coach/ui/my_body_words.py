"""What My body says: the ticks in their groups and what they do to each move, as one view.

It leaves out how the page looks and the rules themselves (domain.profile).
"""

from __future__ import annotations

from collections.abc import Iterable

from coach.domain.exercise import Kind, Region
from coach.domain.profile import FLAGS, REGIONAL, Decision, MassageCheck, Profile, Verdict
from coach.i18n import Line, _, render
from coach.ui.library_view import Fate
from coach.ui.my_body_page import BodyView, Change, TickGroup, TickLine

__all__ = ["body_view"]

_FATES = {
    Verdict.SWAPPED: Fate.SWAPPED,
    Verdict.LIGHTER: Fate.LIGHTER,
    Verdict.HIDDEN: Fate.HIDDEN,
}
_ORDER = (Verdict.SWAPPED, Verdict.HIDDEN, Verdict.LIGHTER)


def body_view(profile: Profile, decisions: Iterable[Decision], *, first_time: bool = False) -> BodyView:
    """The page for `profile`; `decisions` are those about every move of the library."""
    titles = dict.fromkeys(info.group for info in FLAGS)
    groups = tuple(
        TickGroup(
            _(title),
            tuple(
                TickLine(
                    info.flag,
                    _(info.title),
                    _(info.explanation),
                    info.flag in profile.flags,
                    info.flag in REGIONAL,
                )
                for info in FLAGS
                if info.group == title
            ),
        )
        for title in titles
    )
    # A warning sign ticked before a massage is no flag, but it hides moves just the same.
    warned = profile.massage is MassageCheck.FLAGGED
    changed = [
        one
        for one in decisions
        if one.verdict in _ORDER and (one.flag is not None or (warned and one.exercise.kind is Kind.MASSAGE))
    ]
    changed.sort(key=lambda one: _ORDER.index(one.verdict))
    regions = tuple((region, _(region.word)) for region in Region if region is not Region.WHOLE)
    return BodyView(groups, regions, profile.regions, tuple(_change(one) for one in changed), first_time)


def _change(decision: Decision) -> Change:
    exercise = decision.exercise
    use = decision.use if decision.verdict is Verdict.SWAPPED else None
    return Change(
        exercise.id,
        _(exercise.name),
        exercise.figure or "",
        _FATES[decision.verdict],
        _why(decision.reason),
        _(use.name) if use is not None else "",
        (use.figure or "") if use is not None else "",
    )


def _why(reason: Line | None) -> str:
    """The reason without the tick it comes from: the tick is on the same page."""
    if reason is None:
        return ""
    why = dict(reason.fields).get("reason")
    return _(why) if why else render(reason)
