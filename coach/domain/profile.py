"""What a person ticked about their body, and what becomes of each move: kept, lighter, swapped or hidden.

The rules and wordings follow content.md 2.0, 3.0 and 5. It leaves out where the ticks are stored and how they
are asked for; and it never says what somebody has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from coach.domain.exercise import Caution, Exercise, Flag, Kind, Posture, Region
from coach.domain.plan import Plan, Step, known_to
from coach.domain.timeline import posture_of
from coach.i18n import N_, Line, render

# Seconds added to the set-up of a move that is made lighter, for each sentence that says how.
LIGHTER_SETUP = 5.0
# How many characters of advice fit into that time.
MOST_SAID = 50
# A light hand stays at this on the scale of 0 (touch) to 10 (pain) (content.md 3.0).
LIGHT_PRESSURE = 2

# Who ticked one of these stands up as little as possible at night (content.md 2.0).
FALL_RISKS = (Flag.BALANCE, Flag.DROWSY, Flag.NUMB_FEET)
# Down to the floor and up again bends a new hip far and makes a new knee kneel.
OFF_FLOOR = (Flag.HIP_REPLACEMENT, Flag.KNEE_REPLACEMENT)
# These speak only against the part of the body they are about.
REGIONAL = frozenset({Flag.RECENT_SURGERY, Flag.ACUTE_INJURY})
# Muscles cross the joints: what is fresh in one part is pulled by stretches of the parts next to it as well.
NEXT_TO: Mapping[Region, frozenset[Region]] = {
    Region.FOOT: frozenset({Region.CALF, Region.SHIN}),
    Region.CALF: frozenset({Region.FOOT, Region.SHIN, Region.THIGH_BACK}),
    Region.SHIN: frozenset({Region.FOOT, Region.CALF, Region.THIGH_FRONT}),
    Region.THIGH_FRONT: frozenset({Region.SHIN, Region.HIP}),
    Region.THIGH_BACK: frozenset({Region.CALF, Region.HIP}),
    Region.HIP: frozenset({Region.THIGH_FRONT, Region.THIGH_BACK, Region.BACK}),
    Region.BACK: frozenset({Region.HIP, Region.THIGH_BACK}),
}
# Who ticked one of these is touched lightly, with hands alone (content.md 3.0).
LIGHT_TOUCH = (
    Flag.BLOOD_THINNERS,
    Flag.OSTEOPOROSIS,
    Flag.PREGNANT,
    Flag.NUMB_FEET,
    Flag.HEART_FAILURE,
    Flag.VEINS,
)


class MassageCheck(Enum):
    """How the questions before the first massage were answered."""

    NOT_ASKED = "not asked"
    CLEAR = "clear"
    FLAGGED = "flagged"


@dataclass(frozen=True)
class Profile:
    """What is known. Nothing is ticked to begin with.

    `regions` says where a surgery or injury is; none means anywhere. `kept` are moves a clinician gave,
    `left_out` those the person does not want, `tonight_out` those not wanted in the night of `tonight`.
    `asked` is true once the ticks were seen and left as they are wanted.
    """

    flags: frozenset[Flag] = frozenset()
    regions: frozenset[Region] = frozenset()
    kept: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    tonight: date | None = None
    tonight_out: frozenset[str] = frozenset()
    massage: MassageCheck = MassageCheck.NOT_ASKED
    asked: bool = False


class Verdict(Enum):
    """What becomes of a move."""

    AS_IS = "as it is"
    LIGHTER = "lighter"
    SWAPPED = "swapped"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Decision:
    """`use` is what is done in place of `exercise`: itself, a lighter copy, another one, or nothing."""

    exercise: Exercise
    verdict: Verdict
    use: Exercise | None
    reason: Line | None = None
    flag: Flag | None = None


@dataclass(frozen=True)
class Adapted:
    """A plan as this person does it. `decisions` lists what changed, `remarks` says it by step number."""

    plan: Plan
    decisions: tuple[Decision, ...] = ()
    remarks: Mapping[int, Line] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the plan is left."""
        return not self.plan.steps


def decide(
    exercise: Exercise,
    profile: Profile,
    exercises: Mapping[str, Exercise],
    *,
    tonight: date | None = None,
    taken: Collection[str] = (),
) -> Decision:
    """What becomes of `exercise` in the night of `tonight`. `taken` are better not used in its place."""
    return _decide(exercise, profile, exercises, tonight, taken, frozenset({exercise.id}))


def _decide(
    exercise: Exercise,
    profile: Profile,
    exercises: Mapping[str, Exercise],
    tonight: date | None,
    taken: Collection[str],
    seen: frozenset[str],
) -> Decision:
    refusal = _refusal(exercise, profile, tonight)
    if refusal is not None:
        return Decision(exercise, Verdict.HIDDEN, None, refusal)
    if exercise.id in profile.kept:
        return Decision(exercise, Verdict.AS_IS, exercise)
    against = _ticked(_against(exercise), exercise, profile)
    if against:
        caution = against[0]
        reason = _because(caution)
        use = _instead(exercise, profile, exercises, tonight, taken, seen)
        verdict = Verdict.HIDDEN if use is None else Verdict.SWAPPED
        return Decision(exercise, verdict, use, reason, caution.flag)
    careful = _ticked(_careful(exercise), exercise, profile)
    if careful:
        said = tuple(dict.fromkeys(_advice(exercise, caution) for caution in careful))
        use = lighter(exercise, said)
        return Decision(exercise, Verdict.LIGHTER, use, _because(careful[0]), careful[0].flag)
    return Decision(exercise, Verdict.AS_IS, exercise)


def _refusal(exercise: Exercise, profile: Profile, tonight: date | None) -> Line | None:
    """What keeps even a move that a clinician gave out of the plan."""
    if exercise.kind is Kind.MASSAGE and profile.massage is MassageCheck.FLAGGED:
        return Line(N_("You ticked a warning sign. Leave massage until somebody has looked at it."))
    if exercise.kind is Kind.MASSAGE and profile.massage is MassageCheck.NOT_ASKED:
        return Line(N_("Massage comes after a short safety check."))
    if exercise.id in profile.left_out:
        return Line(N_("You left this out."))
    if tonight is not None and profile.tonight == tonight and exercise.id in profile.tonight_out:
        return Line(N_("You left this out for tonight."))
    return None


def _against(exercise: Exercise) -> Iterable[Caution]:
    """What speaks against an exercise: its own cautions, and for what nobody checked the general rule."""
    yield from exercise.skip_if
    if set(exercise.postures) == {Posture.STANDING}:
        said = {caution.flag for caution in exercise.skip_if}
        for flag in FALL_RISKS:
            if flag not in said:
                yield Caution(flag, N_("It is done standing."))


def _careful(exercise: Exercise) -> Iterable[Caution]:
    yield from exercise.lighter_if
    if exercise.own:
        if exercise.kind is Kind.MASSAGE:
            for flag in LIGHT_TOUCH:
                yield Caution(flag, N_("A light touch is enough."))
        elif exercise.kind is Kind.STRETCH:
            yield Caution(Flag.HYPERMOBILE, N_("Middle of the range only."))


def _ticked(cautions: Iterable[Caution], exercise: Exercise, profile: Profile) -> tuple[Caution, ...]:
    """Those of the cautions that are about this person, in their order."""
    return tuple(
        caution
        for caution in cautions
        if caution.flag in profile.flags
        and (caution.flag not in REGIONAL or _touches(exercise, profile.regions))
    )


def _touches(exercise: Exercise, hurt: frozenset[Region]) -> bool:
    """Whether a move rubs, pulls or loads a part that is hurt; with none named it may be any."""
    own = set(exercise.regions)
    if not hurt or Region.WHOLE in hurt | own or hurt & own:
        return True
    if set(exercise.postures) == {Posture.STANDING} and hurt - {Region.BACK}:
        return True  # who stands has all the weight on the leg
    return exercise.kind is Kind.STRETCH and any(NEXT_TO[one] & own for one in hurt)


def _because(caution: Caution) -> Line:
    title = next(info.title for info in FLAGS if info.flag is caution.flag)
    return Line(N_("You ticked “{title}”. {reason}"), (("title", title), ("reason", caution.reason)))


def _instead(
    exercise: Exercise,
    profile: Profile,
    exercises: Mapping[str, Exercise],
    tonight: date | None,
    taken: Collection[str],
    seen: frozenset[str],
) -> Exercise | None:
    """The first variant that suits, one that is not in the plan anyway before one that is."""
    found: list[Exercise] = []
    for name in exercise.variants:
        variant = exercises.get(name)
        if variant is None or name in seen:
            continue
        use = _decide(variant, profile, exercises, tonight, taken, seen | {name}).use
        if use is not None:
            found.append(use)
    fresh = [one for one in found if one.id not in taken]
    return next(iter([*fresh, *found]), None)


def _advice(exercise: Exercise, caution: Caution) -> str:
    """What is said to somebody who does a move with care: how, if that is short enough to be heard."""
    if exercise.kind is Kind.MASSAGE:
        by_hand = caution.flag not in (Flag.HIP_REPLACEMENT, Flag.KNEE_REPLACEMENT)
        return N_("Touch only lightly, hands only.") if by_hand else caution.reason
    return caution.reason if len(caution.reason) <= MOST_SAID else N_("Go only half as far today.")


def lighter(exercise: Exercise, said: Sequence[str] = (N_("Go only half as far today."),)) -> Exercise:
    """The same move, less firm, and saying how: each sentence of `said` comes last while getting in."""
    cues = replace(exercise.cues, setup=(*exercise.cues.setup, *said))
    pressure = tuple(min(value, LIGHT_PRESSURE) for value in exercise.pressure)
    setup = exercise.setup + LIGHTER_SETUP * len(said)
    return replace(exercise, cues=cues, setup=setup, pressure=pressure)


def adapt(
    plan: Plan,
    profile: Profile,
    exercises: Mapping[str, Exercise],
    *,
    tonight: date | None = None,
) -> Adapted:
    """The plan as this person does it: the same order, with moves swapped, made lighter or left out.

    A move that is swapped for one the plan has anyway, or got for another one, is left out rather than done
    twice.
    """
    known = known_to(plan, exercises)
    named = {step.exercise for step in plan.steps}
    steps: list[Step] = []
    decisions: dict[str, Decision] = {}
    changed = {own.id: own for own in plan.exercises}
    remarks: dict[int, Line] = {}
    stands_for: dict[str, str] = {}
    before: Posture | None = None
    for step in plan.steps:
        exercise = known[step.exercise]
        decision = decisions.get(exercise.id)
        if decision is None:
            decision = decide(exercise, profile, known, tonight=tonight, taken=named)
            decisions[exercise.id] = decision
        use = decision.use
        if use is None:
            continue
        if decision.verdict is Verdict.SWAPPED and (
            use.id in named or stands_for.setdefault(use.id, exercise.id) != exercise.id
        ):
            continue
        if use != known.get(use.id):
            changed[use.id] = use
        if decision.verdict is not Verdict.AS_IS and decision.reason is not None:
            remarks[len(steps)] = _remark(decision, decision.reason)
        steps.append(_fitting(step, exercise, use, profile, before))
        before = posture_of(steps[-1], use, before)
    found = tuple(one for one in decisions.values() if one.verdict is not Verdict.AS_IS)
    return Adapted(replace(plan, steps=tuple(steps), exercises=tuple(changed.values())), found, remarks)


def _remark(decision: Decision, reason: Line) -> Line:
    if decision.verdict is Verdict.LIGHTER:
        return Line(N_("Lighter for you."))
    return Line(N_("In place of: {name}."), (("name", decision.exercise.name),))


def _fitting(step: Step, exercise: Exercise, use: Exercise, profile: Profile, before: Posture | None) -> Step:
    """The step with what is done in its place; who may fall stays on a chair or in bed where it can be done,
    and who has a new hip or knee stays off the floor.

    `before` is the posture the person is in: who is in bed already is not sent to a chair.
    """
    if use.id != exercise.id:
        quiet = not use.parts and not exercise.parts and use.kind is exercise.kind
        step = replace(step, exercise=use.id, posture=None, seconds=step.seconds if quiet else None)
    safe = [one for one in use.postures if one in (Posture.CHAIR, Posture.BED)]
    may_fall = not profile.flags.isdisjoint(FALL_RISKS) and exercise.id not in profile.kept
    bends = not profile.flags.isdisjoint(OFF_FLOOR) and exercise.id not in profile.kept
    now = posture_of(step, use, before)
    if safe and ((may_fall and now not in safe) or (bends and now is Posture.FLOOR)):
        step = replace(step, posture=safe[0])
    return step


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
        N_("Nothing of “{name}” is left for you. {why} Slow breathing is always there."),
        (("name", adapted.plan.name), ("why", why)),
    )


def needs_massage_check(plan: Plan, profile: Profile, exercises: Mapping[str, Exercise]) -> bool:
    """Whether the questions before the first massage have to be asked now."""
    if profile.massage is not MassageCheck.NOT_ASKED:
        return False
    known = known_to(plan, exercises)
    return any(known[step.exercise].kind is Kind.MASSAGE for step in plan.steps)


# ---------------------------------------------------------------- stored values


def stored(profile: Profile) -> dict[str, object]:
    """The profile as JSON values; what is as usual is left out."""
    values: dict[str, object] = {
        "flags": sorted(flag.value for flag in profile.flags),
        "regions": sorted(region.value for region in profile.regions),
        "kept": sorted(profile.kept),
        "left_out": sorted(profile.left_out),
        "tonight_out": sorted(profile.tonight_out),
    }
    values = {key: value for key, value in values.items() if value}
    if profile.tonight is not None:
        values["tonight"] = profile.tonight.isoformat()
    if profile.massage is not MassageCheck.NOT_ASKED:
        values["massage"] = profile.massage.value
    if profile.asked:
        values["asked"] = True
    return values


def restored(values: Mapping[str, object]) -> tuple[Profile, list[Line]]:
    """The profile from stored values, and a sentence for each that could not be understood.

    Of a list the entries that make sense are kept: a tick must not be lost because another is unknown.
    """
    wrong: list[str] = []

    def texts(key: str) -> frozenset[str]:
        given = values.get(key, [])
        if not isinstance(given, list):
            wrong.append(key)
            return frozenset()
        good = frozenset(one for one in given if isinstance(one, str) and one.isprintable())
        if len(good) != len(given):
            wrong.append(key)
        return good

    def among(key: str, allowed: Iterable[str]) -> frozenset[str]:
        given = texts(key)
        good = given & frozenset(allowed)
        if good != given:
            wrong.append(key)
        return good

    flags = frozenset(Flag(one) for one in among("flags", (flag.value for flag in Flag)))
    regions = frozenset(Region(one) for one in among("regions", (region.value for region in Region)))
    try:
        night = date.fromisoformat(str(values["tonight"])) if "tonight" in values else None
    except ValueError:
        wrong.append("tonight")
        night = None
    try:
        massage = MassageCheck(values.get("massage", MassageCheck.NOT_ASKED.value))
    except ValueError:
        wrong.append("massage")
        massage = MassageCheck.NOT_ASKED
    profile = Profile(
        flags=flags,
        regions=regions,
        kept=texts("kept"),
        left_out=texts("left_out"),
        tonight=night,
        tonight_out=texts("tonight_out"),
        massage=massage,
        asked=values.get("asked") is True,
    )
    lines = [
        Line(N_("In “My body” the entry “{key}” could not be read. Look whether your ticks are right."),
             (("key", key),))
        for key in dict.fromkeys(wrong)
    ]  # fmt: skip
    return profile, lines


# ---------------------------------------------------------------- words


@dataclass(frozen=True)
class FlagInfo:
    """A tick as it is asked: its group, its title and one sentence that explains it."""

    flag: Flag
    group: str
    title: str
    explanation: str


JOINTS, NERVES = N_("Joints and muscles"), N_("Nerves, balance, circulation")

FLAGS = (
    FlagInfo(Flag.HIP_REPLACEMENT, JOINTS, N_("Hip replacement"),
        N_("Your surgeon’s rules come first. Deep bends, crossing the legs and twists are left out.")),
    FlagInfo(Flag.KNEE_REPLACEMENT, JOINTS, N_("Knee replacement"),
        N_("Nothing kneeling, and the knee bends only as far as it likes to.")),
    FlagInfo(Flag.RECENT_SURGERY, JOINTS, N_("Surgery in the last 12 weeks"),
        N_("Also later, until you are cleared: moves for that part, and what pulls on it, are left out.")),
    FlagInfo(Flag.ACUTE_INJURY, JOINTS, N_("Torn muscle, fracture, hot joint"),
        N_("Moves for that part, and what pulls on it, are left out until it has settled.")),
    FlagInfo(Flag.ACHILLES, JOINTS, N_("Achilles tendon problem"),
        N_("Deep bends of the ankle are left out; a sore tendon after an antibiotic counts too.")),
    FlagInfo(Flag.OSTEOPOROSIS, JOINTS, N_("Osteoporosis, spine fracture"),
        N_("Deep rounding and twisting of the back are left out, and massage stays light.")),
    FlagInfo(Flag.HYPERMOBILE, JOINTS, N_("Very flexible joints"),
        N_("Stretches stay in the middle of the range.")),
    FlagInfo(Flag.PREGNANT, JOINTS, N_("Pregnant"),
        N_("Nothing flat on the back for long, no end of range, no deep twist, light massage only.")),
    FlagInfo(Flag.BALANCE, NERVES, N_("Unsteady, or a fall this year"),
        N_("Standing moves are swapped for ones on a chair or in bed.")),
    FlagInfo(Flag.DROWSY, NERVES, N_("Medicine that makes me drowsy"),
        N_("Also if you feel faint on standing up: standing moves are swapped for a chair or the bed.")),
    FlagInfo(Flag.SCIATICA, NERVES, N_("Sciatica or back-nerve pain"),
        N_("Straight-leg pulls are left out or done with a bent knee. Stop at tingling.")),
    FlagInfo(Flag.NUMB_FEET, NERVES, N_("Numb feet, or diabetes"),
        N_("Look at your feet first. No hard ball, nothing standing, light hands.")),
    FlagInfo(Flag.GLAUCOMA, NERVES, N_("Glaucoma"),
        N_("Moves with the head low or the legs up are left out: they can raise eye pressure.")),
    FlagInfo(Flag.HEART_FAILURE, NERVES, N_("Heart failure, high pressure, reflux"),
        N_("Also poor leg arteries or kidney disease: no legs up the wall, no low head, light hands only.")),
    FlagInfo(Flag.BLOOD_THINNERS, NERVES, N_("Blood thinners, easy bruising"),
        N_("Also thin skin, cancer care or lymph swelling: light hands only, no roller, ball or pressing.")),
    FlagInfo(Flag.VEINS, NERVES, N_("Varicose veins, earlier clot"),
        N_("Calf massage is left out; ask first whether massage is right for you.")),
)  # fmt: skip

HELP_QUESTIONS = (
    N_("New swelling, heat or redness in a leg, or pain in one calf"),
    N_("Hot skin that spreads, with fever"),
    N_("Sudden weakness in a leg"),
    N_("A cold or pale leg or foot"),
)
"""Who answers yes to one of these should not massage and should get help (content.md 3.0)."""

AREA_QUESTIONS = (
    N_("An open wound, ulcer, burn, rash or infected skin on the legs"),
    N_("A fracture, or one that may be; a fresh tear, bruise or healing scar"),
    N_("Varicose, painful or swollen veins"),
    N_("A lump nobody has looked at, a tumour, or an area under radiation"),
    N_("A new joint, stent or graft, or a leg swollen for an unknown reason"),
    N_("A blood clot now"),
)
"""Who answers yes to one of these leaves massage out and asks first (content.md 3.0)."""


@dataclass(frozen=True)
class Urgency:
    """One group of warning signs: each line is what stands out, and the rest of the sentence."""

    key: str
    title: str
    when: str
    lines: tuple[tuple[str, str], ...]


RED_FLAGS = (
    Urgency("emergency", N_("Emergency call"), N_("Do not wait."), (
        (N_("Swollen or painful leg with"), N_("breathlessness, chest pain, coughing blood or collapse")),
        (N_("Sudden weakness or numbness"), N_("of a leg, with or without face, arm or trouble speaking")),
        (N_("Numb between the legs,"),
            N_("at the genitals or bottom, sexual numbness, new trouble passing or holding urine or stool, "
               "or both legs weak or painful with back pain")),
        (N_("Leg suddenly cold,"), N_("pale or blue, numb, very painful or unable to move")),
        (N_("Severe injury,"),
            N_("a leg out of shape, or calf or thigh extremely tight and painful after a blow or hard "
               "effort; dark urine")),
    )),
    Urgency("today", N_("Today"), N_("Urgent clinic or advice line"), (
        (N_("One calf or thigh"), N_("newly swollen, throbbing, warm, red or darker, or with tender veins: "
            "it may be a clot, more so after surgery, bed rest, long travel, in pregnancy or after a birth, "
            "with cancer, hormones or an earlier clot")),
        (N_("Hot, spreading redness,"), N_("fever, or an infected wound; a foot ulcer with diabetes")),
        (N_("A snap at the heel,"), N_("cannot put weight on the leg, foot drops, weakness that grows fast")),
        (N_("A cramp over 10 minutes"),
            N_("that does not ease; or cramps with vomiting, diarrhoea or confusion, or after poisoning or a "
               "dirty wound")),
        (N_("Despair"), N_("or thoughts of harming yourself from lost sleep: a crisis line, not a stretch")),
    )),
    Urgency("visit", N_("Book a visit"), N_("In the next days or weeks"), (
        (N_("Restless legs more than twice a week,"),
            N_("or spoiling sleep, mood, driving or work. Ask about ferritin and transferrin saturation (in "
               "the morning, no iron for 24 hours); never start iron untested")),
        (N_("New or worse after a medicine,"),
            N_("such as some for sleep, colds, allergy, travel sickness, mood or nausea, antipsychotics or "
               "lithium; for cramps water tablets, statins, some inhalers. Do not stop it yourself; tell who "
               "prescribed it")),
        (N_("On a dopamine medicine for restless legs"),
            N_("and they start earlier, spread or get worse: tell who prescribed it")),
        (N_("Calf or buttock pain on walking"),
            N_("that stops with rest; foot pain at night that eases when the leg hangs down; sores that "
               "do not heal")),
        (N_("Only one side,"), N_("one fixed place, constant, or in the daytime; numb, burning, unsteady, "
            "muscle shrinking, back pain down the leg")),
        (N_("Both legs swelling, or breathless;"), N_("weight loss, night sweats, snoring with pauses")),
        (N_("Pregnancy, a child or teenager,"), N_("kidney disease, dialysis, diabetes, thyroid or "
            "Parkinson’s disease; heavy periods, blood donation, vegan diet or gut surgery (iron)")),
        (N_("Cramps several nights a week,"),
            N_("very painful, or in other parts. No quinine or tonic water as a remedy on your own: "
               "rarely, they set off a dangerous blood reaction")),
        (N_("Before supplements or pain relief,"),
            N_("ask a pharmacist or doctor, more so with kidney, heart or muscle disease, an ulcer, "
               "blood thinners or other tablets")),
        (N_("No better"), N_("after six weeks of the plan")),
    )),
)  # fmt: skip
"""When to get help, most urgent first (content.md 5, evidence.md 5)."""
