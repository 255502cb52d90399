"""What the library says about each exercise, as one view.

It leaves out how the page looks, what suits whom (domain.profile decides), and where exercises come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from coach.domain.exercise import Caution, Evidence, Exercise, Flag, Grade, Kind, Posture, Region
from coach.domain.profile import FLAGS, Decision, MassageCheck, Profile, Verdict
from coach.i18n import N_, _, render
from coach.ui.fields import seconds_words
from coach.ui.library_view import Choice, Fate, LibraryItem, LibraryView

__all__ = ["evidence_words", "library_item", "library_view", "region_words", "step_words"]

_KINDS = (
    ("stretch", N_("Stretch"), (Kind.STRETCH,)),
    ("massage", N_("Massage"), (Kind.MASSAGE,)),
    ("mobility", N_("Movement"), (Kind.MOBILITY,)),
    ("breathing", N_("Calming"), (Kind.BREATHING, Kind.RELAXATION)),
)
_POSITIONS = {
    Posture.STANDING: N_("Standing"),
    Posture.CHAIR: N_("On a chair"),
    Posture.FLOOR: N_("On the mat"),
    Posture.BED: N_("In bed"),
}
_GRADES = {
    Grade.GOOD: N_("Good evidence: {purpose}"),
    Grade.SOME: N_("Some evidence: {purpose}"),
    Grade.EXPERIENCE: N_("Experience only: {purpose}"),
}


def library_view(
    exercises: Iterable[Exercise], decide: Callable[[Exercise], Decision], profile: Profile, tonight: date
) -> LibraryView:
    """The library for this person in the night of `tonight`; `decide` is Safety.decide for that night."""
    known = sorted(exercises, key=_order)
    items = tuple(library_item(one, decide(one), profile, tonight) for one in known)
    kinds = {one.kind for one in known}
    regions = {region for one in known for region in one.regions}
    positions = {posture for one in known for posture in one.postures}
    return LibraryView(
        items,
        tuple((key, _(label)) for key, label, members in _KINDS if not kinds.isdisjoint(members)),
        tuple((region.value, _(region.word)) for region in Region if region in regions),
        tuple((posture.value, _(words)) for posture, words in _POSITIONS.items() if posture in positions),
    )


# What the articles call the core comes first, in their order; what is for the moment of a cramp comes last.
_CORE = ("calf_wall", "ham_floor", "quad_stand", "glute_floor", "knee_chest")


_LAST = ("cramp_calf", "cramp_foot", "cramp_thigh_back", "cramp_thigh_front")


def _order(exercise: Exercise) -> tuple[int, int, str]:
    kinds = [members for _key, _label, members in _KINDS]
    group = next(n for n, members in enumerate(kinds) if exercise.kind in members)
    core = _CORE.index(exercise.id) if exercise.id in _CORE else len(_CORE)
    core += exercise.id in _LAST
    return group, core, _(exercise.name).casefold()


def library_item(exercise: Exercise, decision: Decision, profile: Profile, tonight: date) -> LibraryItem:
    """One exercise and what becomes of it for this person."""
    fate = fate_of(decision, profile, tonight)
    key, group, _members = next(kind for kind in _KINDS if exercise.kind in kind[2])
    positions = tuple(_(_POSITIONS[posture]) for posture in exercise.postures)
    regions = region_words(exercise)
    words = (
        _(exercise.name),
        _(exercise.short_name),
        _(group),
        regions,
        *positions,
        *map(_, exercise.muscles),
    )
    instead = decision.use if fate is Fate.SWAPPED else None
    return LibraryItem(
        id=exercise.id,
        name=_(exercise.name),
        regions=regions,
        kind=key,
        region_keys=tuple(region.value for region in exercise.regions),
        position_keys=tuple(posture.value for posture in exercise.postures),
        figure_id=exercise.figure or "",
        tags=_tags(exercise),
        steps=step_words(exercise),
        dose=_(exercise.dose),
        easier=_(exercise.easier),
        leave_out=_leave_out(exercise),
        lighter=_cautions(exercise.lighter_if),
        mistakes=" ".join(_(one) for one in exercise.mistakes),
        evidence=evidence_words(exercise.evidence),
        source=_source(exercise.evidence),
        search=" ".join(words),
        fate=fate,
        reason=render(decision.reason) if decision.reason is not None and fate is not Fate.KEPT else "",
        instead_id=instead.id if instead is not None else "",
        instead=_(instead.name) if instead is not None else "",
        choices=_choices(exercise, fate, profile),
    )


def fate_of(decision: Decision, profile: Profile, tonight: date) -> Fate:
    """What the decision means for the person, who may have made it."""
    name = decision.exercise.id
    if decision.verdict is Verdict.HIDDEN and decision.flag is None:
        if name in profile.left_out:
            return Fate.OUT
        if name in profile.tonight_out and profile.tonight == tonight:
            return Fate.OUT_TONIGHT
    if decision.verdict is Verdict.AS_IS:
        return Fate.KEPT if name in profile.kept else Fate.AS_IS
    return {
        Verdict.LIGHTER: Fate.LIGHTER,
        Verdict.SWAPPED: Fate.SWAPPED,
        Verdict.HIDDEN: Fate.HIDDEN,
    }[decision.verdict]


def _choices(exercise: Exercise, fate: Fate, profile: Profile) -> tuple[Choice, ...]:
    out = (Choice.OUT_TONIGHT, Choice.OUT_ALWAYS)
    match fate:
        case Fate.AS_IS:
            return out
        case Fate.KEPT:
            return (Choice.UNKEEP, *out)
        case Fate.LIGHTER | Fate.SWAPPED:
            return (Choice.KEEP, *out)
        case Fate.OUT | Fate.OUT_TONIGHT:
            return (Choice.BRING_BACK,)
        case _:
            flagged = exercise.kind is Kind.MASSAGE and profile.massage is MassageCheck.FLAGGED
            return (Choice.ANSWER_AGAIN,) if flagged else (Choice.KEEP,)


def region_words(exercise: Exercise) -> str:
    """The parts of the body it is for: "Calf, back of thigh"."""
    names = [_(region.word) for region in exercise.regions]
    return ", ".join([*names[:1], *(name[:1].lower() + name[1:] for name in names[1:])])


def _tags(exercise: Exercise) -> tuple[str, ...]:
    regions = [_(region.word) for region in exercise.regions]
    positions = [_(_POSITIONS[posture]) for posture in exercise.postures]
    length = seconds_words(exercise.seconds)
    if exercise.sided:
        length = _("{length} each leg").format(length=length)
    return (*regions, *positions, length)


def step_words(exercise: Exercise) -> tuple[str, ...]:
    """What to do, one sentence after the other, for the right leg: the one the picture shows."""
    said = [part.say for part in exercise.parts if part.say]
    doing = [*exercise.cues.hold, *said]
    release = [exercise.cues.release] if exercise.cues.release else []
    lines = dict.fromkeys([*exercise.cues.setup, *doing, *release])
    return tuple(_(line).replace("{side}", _("right")) for line in lines)


def _leave_out(exercise: Exercise) -> tuple[str, ...]:
    """Who leaves it out, one line each, and when to stop."""
    lines = _cautions(exercise.skip_if)
    if not exercise.stop:
        return lines
    signs = [_(sign) for sign in exercise.stop]
    sentences = tuple(sign for sign in signs if sign.endswith("."))  # as people write them in own plans
    words = ", ".join(sign for sign in signs if not sign.endswith("."))
    return (*lines, *((_("Stop at {signs}.").format(signs=words),) if words else ()), *sentences)


def _cautions(cautions: Iterable[Caution]) -> tuple[str, ...]:
    """Who is meant and why, one line a reason."""
    titles = {info.flag: info.title for info in FLAGS}
    by_reason: dict[str, list[Flag]] = {}
    for caution in cautions:
        by_reason.setdefault(caution.reason, []).append(caution.flag)
    return tuple(
        _("{who}: {reason}").format(
            who=_joined(_(titles[flag]) for flag in flags), reason=_lowered(_(reason))
        )
        for reason, flags in by_reason.items()
    )


def _joined(titles: Iterable[str]) -> str:
    return "; ".join(titles)


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def evidence_words(evidence: Evidence | None) -> str:
    """The grade, always with what for."""
    if evidence is None:
        return ""
    return _(_GRADES[evidence.grade]).format(purpose=_(evidence.purpose))


def _source(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    return evidence.citation or _("No study to name: this rests on practice.")
