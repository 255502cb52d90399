"""What a person ticked decides what becomes of each move, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from coach.domain.exercise import Caution, Cues, Exercise, Flag, Kind, Posture, Region, Side
from coach.domain.plan import Extra, Plan, Step
from coach.domain.profile import (
    FLAGS,
    RED_FLAGS,
    Adapted,
    Decision,
    MassageCheck,
    Profile,
    Verdict,
    adapt,
    decide,
    in_words,
    lighter,
    needs_massage_check,
    nothing_left,
    restored,
    stored,
)
from coach.i18n import Line, render

TONIGHT = date(2026, 11, 20)

TOWEL = Exercise(
    id="towel",
    name="Calf with a towel",
    short_name="Towel",
    kind=Kind.STRETCH,
    postures=(Posture.BED,),
    sided=True,
    setup=20,
    seconds=30,
    cues=Cues(("Sit up.",)),
    regions=(Region.CALF,),
    skip_if=(Caution(Flag.SCIATICA, "It pulls on the nerve."),),
)
WALL = replace(
    TOWEL,
    id="wall",
    name="Calf at the wall",
    postures=(Posture.STANDING,),
    variants=("gone", "towel"),
    skip_if=(
        Caution(Flag.BALANCE, "It is done standing."),
        Caution(Flag.ACUTE_INJURY, "It pulls on the calf."),
    ),
    lighter_if=(Caution(Flag.HYPERMOBILE, "Middle of the range only."),),
)
HIP = replace(
    TOWEL,
    id="hip",
    name="Hip",
    postures=(Posture.FLOOR,),
    regions=(Region.HIP,),
    variants=("knee", "lying"),
    skip_if=(Caution(Flag.HIP_REPLACEMENT, "It crosses the middle."),),
)
KNEE = replace(TOWEL, id="knee", name="Knee to chest", regions=(Region.HIP,), skip_if=())
LYING = replace(KNEE, id="lying", name="Lying figure-four", lighter_if=WALL.lighter_if)
GLIDE = replace(
    TOWEL,
    id="glide",
    name="Calf glide",
    kind=Kind.MASSAGE,
    pressure=(2, 3),
    skip_if=(Caution(Flag.VEINS, "It presses on the veins."),),
    lighter_if=(Caution(Flag.PREGNANT, "Light hands only."),),
)
PUMP = replace(TOWEL, id="pump", postures=(Posture.STANDING, Posture.CHAIR), skip_if=())
ALL = {one.id: one for one in (TOWEL, WALL, HIP, KNEE, LYING, GLIDE, PUMP)}
CLEAR = Profile(massage=MassageCheck.CLEAR)


def having(*flags: Flag, **changes: object) -> Profile:
    return replace(CLEAR, flags=frozenset(flags), **changes)  # type: ignore[arg-type]


def plan(*names: str | Step) -> Plan:
    return Plan("mine", "Mine", tuple(Step(name) if isinstance(name, str) else name for name in names))


def test_who_ticked_nothing_does_everything_as_it_is() -> None:
    for exercise in ALL.values():
        assert decide(exercise, CLEAR, ALL).verdict is Verdict.AS_IS
    adapted = adapt(plan(*ALL), CLEAR, ALL)
    assert adapted.plan == plan(*ALL)
    assert adapted.decisions == () and adapted.remarks == {} and not adapted.is_empty


def test_a_move_that_does_not_suit_is_swapped_and_the_reason_is_said() -> None:
    decision = decide(WALL, having(Flag.BALANCE), ALL)
    assert (decision.verdict, decision.use, decision.flag) == (Verdict.SWAPPED, TOWEL, Flag.BALANCE)
    assert decision.reason is not None
    assert render(decision.reason) == "You ticked “Unsteady, or a fall this year”. It is done standing."


def test_a_move_without_a_variant_that_suits_is_hidden() -> None:
    decision = decide(WALL, having(Flag.BALANCE, Flag.SCIATICA), ALL)
    assert (decision.verdict, decision.use) == (Verdict.HIDDEN, None)


def test_variants_that_lead_in_a_circle_end_in_nothing() -> None:
    a = replace(WALL, id="a", variants=("b",))
    b = replace(WALL, id="b", variants=("a",))
    assert decide(a, having(Flag.BALANCE), {"a": a, "b": b}).verdict is Verdict.HIDDEN


def test_a_variant_that_is_not_in_the_plan_anyway_comes_first() -> None:
    profile = having(Flag.HIP_REPLACEMENT)
    assert decide(HIP, profile, ALL).use == KNEE
    assert decide(HIP, profile, ALL, taken={"knee"}).use == LYING
    assert decide(HIP, profile, ALL, taken={"knee", "lying"}).use == KNEE


def test_an_injury_hides_only_the_part_of_the_body_it_is_in() -> None:
    assert decide(WALL, having(Flag.ACUTE_INJURY), ALL).verdict is Verdict.SWAPPED
    calf = having(Flag.ACUTE_INJURY, regions=frozenset({Region.CALF}))
    assert decide(WALL, calf, ALL).verdict is Verdict.SWAPPED
    hip = having(Flag.ACUTE_INJURY, regions=frozenset({Region.HIP}))
    fresh = replace(TOWEL, skip_if=WALL.skip_if)
    assert decide(fresh, hip, ALL).verdict is Verdict.AS_IS


def test_an_injury_hides_what_pulls_on_it_from_next_to_it_but_not_a_hand_there() -> None:
    foot = having(Flag.ACUTE_INJURY, regions=frozenset({Region.FOOT}))
    assert decide(replace(TOWEL, skip_if=WALL.skip_if), foot, ALL).verdict is Verdict.HIDDEN
    assert decide(replace(GLIDE, skip_if=WALL.skip_if), foot, ALL).verdict is Verdict.AS_IS


def test_nobody_stands_on_a_leg_that_is_hurt() -> None:
    for region in (Region.FOOT, Region.THIGH_FRONT, Region.HIP):
        hurt = having(Flag.ACUTE_INJURY, regions=frozenset({region}))
        assert decide(WALL, hurt, ALL).verdict is not Verdict.AS_IS


def test_what_is_for_the_whole_body_is_also_for_the_part_that_is_hurt() -> None:
    whole = replace(KNEE, regions=(Region.WHOLE,), lighter_if=(Caution(Flag.ACUTE_INJURY, "Imagine it."),))
    hurt = having(Flag.ACUTE_INJURY, regions=frozenset({Region.CALF}))
    assert decide(whole, hurt, ALL).verdict is Verdict.LIGHTER


def test_a_lighter_move_says_so_and_gets_the_time_to_say_it() -> None:
    decision = decide(WALL, having(Flag.HYPERMOBILE), ALL)
    assert decision.verdict is Verdict.LIGHTER
    assert decision.use == lighter(WALL, ["Middle of the range only."])
    assert decision.use.cues.setup[-1] == "Middle of the range only."
    assert decision.use.setup == WALL.setup + 5
    hand = decide(GLIDE, having(Flag.PREGNANT), ALL).use
    assert hand is not None and hand.pressure == (2, 2)
    assert hand.cues.setup[-1] == "Touch only lightly, hands only."


def test_advice_too_long_to_be_heard_becomes_a_short_sentence() -> None:
    long = replace(WALL, lighter_if=(Caution(Flag.HYPERMOBILE, "Stay in the middle" + " of it" * 9 + "."),))
    use = decide(long, having(Flag.HYPERMOBILE), ALL).use
    assert use is not None and use.cues.setup[-1] == "Go only half as far today."


def test_with_two_ticks_both_kinds_of_care_are_said() -> None:
    cautions = (Caution(Flag.PREGNANT, "Prop yourself up."), Caution(Flag.SCIATICA, "Knee bent."))
    use = decide(replace(KNEE, lighter_if=cautions), having(Flag.PREGNANT, Flag.SCIATICA), ALL).use
    assert use is not None and use.cues.setup[-2:] == ("Prop yourself up.", "Knee bent.")
    assert use.setup == KNEE.setup + 10


def test_what_a_clinician_gave_stays_whatever_is_ticked() -> None:
    profile = having(Flag.BALANCE, kept=frozenset({"wall", "pump"}))
    assert decide(WALL, profile, ALL).verdict is Verdict.AS_IS
    assert adapt(plan("wall", "pump"), profile, ALL).plan == plan("wall", "pump")


def test_a_warning_sign_takes_massage_out_even_if_a_clinician_gave_it() -> None:
    profile = replace(CLEAR, massage=MassageCheck.FLAGGED, kept=frozenset({"glide"}))
    assert decide(GLIDE, profile, ALL).verdict is Verdict.HIDDEN
    assert decide(WALL, profile, ALL).verdict is Verdict.AS_IS


def test_massage_waits_for_its_questions() -> None:
    assert decide(GLIDE, Profile(), ALL).verdict is Verdict.HIDDEN
    assert needs_massage_check(plan("wall", "glide"), Profile(), ALL)
    assert not needs_massage_check(plan("wall"), Profile(), ALL)
    assert not needs_massage_check(plan("glide"), CLEAR, ALL)


def test_what_was_left_out_stays_out_for_the_night_or_always() -> None:
    always = replace(CLEAR, left_out=frozenset({"wall"}))
    assert decide(WALL, always, ALL, tonight=TONIGHT).verdict is Verdict.HIDDEN
    once = replace(CLEAR, tonight=TONIGHT, tonight_out=frozenset({"wall"}))
    assert decide(WALL, once, ALL, tonight=TONIGHT).verdict is Verdict.HIDDEN
    assert decide(WALL, once, ALL, tonight=date(2026, 11, 21)).verdict is Verdict.AS_IS
    assert decide(WALL, once, ALL).verdict is Verdict.AS_IS
    assert decide(TOWEL, once, ALL, tonight=TONIGHT).verdict is Verdict.AS_IS


def test_standing_is_left_out_for_who_may_fall_even_in_a_move_of_ones_own() -> None:
    own = replace(WALL, id="own", own=True, skip_if=(), variants=())
    for flag in (Flag.BALANCE, Flag.DROWSY, Flag.NUMB_FEET):
        assert decide(own, having(flag), ALL).verdict is Verdict.HIDDEN


def test_moves_of_ones_own_are_done_lightly_by_the_general_rules() -> None:
    hand = replace(GLIDE, id="own", own=True, skip_if=(), lighter_if=())
    assert decide(hand, having(Flag.BLOOD_THINNERS), ALL).verdict is Verdict.LIGHTER
    pull = replace(KNEE, id="own", own=True)
    assert decide(pull, having(Flag.HYPERMOBILE), ALL).verdict is Verdict.LIGHTER
    breath = replace(KNEE, id="own", own=True, kind=Kind.BREATHING)
    assert decide(breath, having(Flag.HYPERMOBILE), ALL).verdict is Verdict.AS_IS
    assert decide(hand, having(Flag.HYPERMOBILE), ALL).verdict is Verdict.AS_IS
    assert decide(pull, having(Flag.GLAUCOMA), ALL).verdict is Verdict.AS_IS


def test_a_plan_keeps_its_order_sides_and_extra_when_a_move_is_swapped() -> None:
    worse = Extra(Side.LEFT, 10)
    step = Step("wall", seconds=45, rounds=2, extra=worse, posture=Posture.STANDING)
    adapted = adapt(plan("knee", step, "hip"), having(Flag.BALANCE), ALL)
    assert adapted.plan.steps == (
        Step("knee"),
        Step("towel", seconds=45, rounds=2, extra=worse),
        Step("hip"),
    )
    assert {number: render(line) for number, line in adapted.remarks.items()} == {
        1: "In place of: Calf at the wall."
    }
    assert [one.verdict for one in adapted.decisions] == [Verdict.SWAPPED]


def test_a_swap_to_another_kind_of_move_takes_that_moves_own_time() -> None:
    glide = replace(WALL, id="rub", variants=("glide",))
    adapted = adapt(plan(Step("rub", seconds=45)), having(Flag.BALANCE), {**ALL, "rub": glide})
    assert adapted.plan.steps == (Step("glide"),)


def test_nothing_is_done_twice_because_of_a_swap() -> None:
    adapted = adapt(plan("wall", "towel", "wall"), having(Flag.BALANCE), ALL)
    assert adapted.plan.steps == (Step("towel"),)


def test_two_moves_swapped_for_the_same_one_are_done_once() -> None:
    other = replace(WALL, id="other", name="Another at the wall")
    adapted = adapt(plan("wall", "other", "wall"), having(Flag.BALANCE), {**ALL, "other": other})
    assert adapted.plan.steps == (Step("towel"), Step("towel"))
    assert [one.exercise.id for one in adapted.decisions] == ["wall", "other"]


def test_a_plan_of_which_nothing_is_left_is_empty() -> None:
    assert adapt(plan("glide"), having(Flag.VEINS), ALL).is_empty


def test_a_lighter_move_comes_into_the_plan_as_a_copy_of_its_own() -> None:
    adapted = adapt(plan("wall"), having(Flag.HYPERMOBILE), ALL)
    assert adapted.plan.exercises == (lighter(WALL, ["Middle of the range only."]),)
    assert render(adapted.remarks[0]) == "Lighter for you."


def test_who_may_fall_sits_where_a_move_can_be_done_sitting() -> None:
    adapted = adapt(plan("pump", Step("pump", posture=Posture.CHAIR)), having(Flag.DROWSY), ALL)
    assert [step.posture for step in adapted.plan.steps] == [Posture.CHAIR, Posture.CHAIR]


def test_who_may_fall_is_on_a_chair_or_in_bed_rather_than_on_the_floor() -> None:
    fold = replace(KNEE, id="fold", postures=(Posture.FLOOR, Posture.BED, Posture.CHAIR))
    known = {**ALL, "fold": fold}
    adapted = adapt(plan("fold", "pump", "fold"), having(Flag.BALANCE), known)
    assert [step.posture for step in adapted.plan.steps] == [Posture.BED, Posture.CHAIR, None]
    assert adapt(plan("fold"), CLEAR, known).plan == plan("fold")


def test_every_flag_is_asked_once_and_explained() -> None:
    assert sorted(info.flag.value for info in FLAGS) == sorted(flag.value for flag in Flag)
    for info in FLAGS:
        assert info.explanation.endswith(".")


def test_the_warning_signs_begin_with_the_most_urgent() -> None:
    assert [urgency.key for urgency in RED_FLAGS] == ["emergency", "today", "visit"]
    assert all(bold and rest for urgency in RED_FLAGS for bold, rest in urgency.lines)


profiles = st.builds(
    Profile,
    flags=st.frozensets(st.sampled_from(Flag)),
    regions=st.frozensets(st.sampled_from(Region)),
    kept=st.frozensets(st.sampled_from(sorted(ALL))),
    left_out=st.frozensets(st.sampled_from(sorted(ALL))),
    tonight=st.none() | st.just(TONIGHT),
    tonight_out=st.frozensets(st.sampled_from(sorted(ALL))),
    massage=st.sampled_from(MassageCheck),
    asked=st.booleans(),
)


@given(profiles)
def test_a_profile_comes_back_as_it_was_stored(profile: Profile) -> None:
    assert restored(stored(profile)) == (profile, [])


@given(profiles, st.lists(st.sampled_from(sorted(ALL)), min_size=1))
def test_what_is_done_in_the_end_suits_the_person(profile: Profile, names: list[str]) -> None:
    adapted = adapt(plan(*names), profile, ALL, tonight=TONIGHT)
    for step in adapted.plan.steps:
        assert decide(ALL[step.exercise], profile, ALL, tonight=TONIGHT).verdict in (
            Verdict.AS_IS,
            Verdict.LIGHTER,
        )


def test_damaged_ticks_are_said_and_the_good_ones_are_kept() -> None:
    profile, lines = restored(
        {
            "flags": ["balance", "werewolf", 7],
            "regions": "calf",
            "tonight": "soon",
            "massage": "maybe",
            "asked": "yes",
        }
    )
    assert profile == Profile(flags=frozenset({Flag.BALANCE}))
    assert [render(line).split("“")[2].split("”")[0] for line in lines] == [
        "flags",
        "regions",
        "tonight",
        "massage",
    ]


def test_changes_are_said_with_their_reason() -> None:
    why = Line("You ticked something.")
    swapped = Decision(WALL, Verdict.SWAPPED, TOWEL, why, Flag.BALANCE)
    assert render(in_words(swapped)) == "Calf at the wall becomes Calf with a towel. You ticked something."
    assert render(in_words(Decision(WALL, Verdict.LIGHTER, WALL, why))) == (
        "Calf at the wall is lighter. You ticked something."
    )
    assert render(in_words(Decision(WALL, Verdict.HIDDEN, None, why))) == (
        "Calf at the wall is left out. You ticked something."
    )


def test_a_plan_of_which_nothing_is_left_names_the_reason_and_a_way_on() -> None:
    adapted = Adapted(Plan("p", "Rubbing", ()), (Decision(WALL, Verdict.HIDDEN, None, Line("Because.")),))
    said = render(nothing_left(adapted))
    assert "“Rubbing”" in said and "Because." in said and "breathing" in said
    assert "“Empty”" in render(nothing_left(Adapted(Plan("p", "Empty", ()))))
