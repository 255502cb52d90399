"""What ships is whole and safe to say: exercises, plans, their words, paces and what they cite.

Names, flags, paces and stop signs follow content.md 2 to 4 and 7; the studies are those whose identifier was
checked (evidence.md 2 to 7). Sounds have tests of their own, and so has how figures look.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import pytest

from coach.domain.cues import CueKind, cues_for, unfitting
from coach.domain.exercise import Exercise, Flag, Kind, Posture, Side
from coach.domain.pacing import BeatKind, Part
from coach.domain.plan import Plan, Step, problems
from coach.domain.profile import (
    AREA_QUESTIONS,
    FLAGS,
    HELP_QUESTIONS,
    RED_FLAGS,
    MassageCheck,
    Profile,
    adapt,
    decide,
)
from coach.domain.timeline import Segment, SegmentKind, Timeline, build
from coach.paths import assets_dir
from coach.storage.exercise_toml import ExerciseFiles
from coach.storage.exercise_toml import load as load_exercise
from coach.storage.plan_folder import ORDER, PlanFiles
from coach.storage.plan_toml import load as load_plan

EXERCISE_FILES = sorted((assets_dir() / "exercises").glob("*.toml"))
PLAN_FILES = sorted((assets_dir() / "plans").glob("*.toml"))
EXERCISES = {path.stem: load_exercise(path) for path in EXERCISE_FILES}
PLANS = {path.stem: load_plan(path, EXERCISES) for path in PLAN_FILES}
CORE = ("calf_wall", "ham_floor", "quad_stand", "glute_floor", "knee_chest")
CALM = {name for name, one in EXERCISES.items() if one.kind in (Kind.BREATHING, Kind.RELAXATION)}
# In a cramp nobody has time to listen.
CRAMPS = {name for name in EXERCISES if name.startswith("cramp_")}
PACED = {name for name, one in EXERCISES.items() if one.parts}

every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES.keys())
every_plan = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())


def kind_of(*kinds: Kind) -> pytest.MarkDecorator:
    """Every exercise of these kinds."""
    chosen = {name: one for name, one in EXERCISES.items() if one.kind in kinds}
    return pytest.mark.parametrize("exercise", chosen.values(), ids=chosen.keys())


every_stretch = kind_of(Kind.STRETCH)
every_massage = kind_of(Kind.MASSAGE)
every_calm_exercise = kind_of(Kind.BREATHING, Kind.RELAXATION)

BANNED = re.compile(
    r"\b(cure[sd]?|curing|treat(s|ed|ing|ment)?|proven|clinical(ly)?|detox\w*|relieves? RLS)\b"
    r"|boosts? circulation",
    re.IGNORECASE,
)
# A hard push of the toes away from the shin, or curling them, can set off a cramp (evidence.md 2).
TOES_AWAY = re.compile(
    r"\bpoint\w*\b[^.]*\b(toes?|foot|feet)\b|\b(toes?|foot|feet)\b[^.]*\bpoint\w*\b(?! up)|\bcurl",
    re.IGNORECASE,
)
STOP_SIGNS = {
    "sharp pain",
    "pain in a joint",
    "numbness or tingling",
    "new swelling or heat in the calf",
    "dizziness",
    "a cramp",
}
CALM_STOP_SIGNS = {"light-headedness", "tingling", "not getting enough air", "panic"}
URGE = "If the urge comes, move. Then come back."
# Content.md 2.0, 2.2, 2.3, 3.0 and 3.1: what each tick must hide, at the least.
HIDDEN_BY: Mapping[Flag, set[str]] = {
    Flag.HIP_REPLACEMENT: {
        "ham_floor", "ham_chair", "glute_floor", "knee_chest", "fig4_chair", "fig4_lying", "child",
        "lunge_low", "knees_hug", "twist_lying", "butterfly", "glute_ball",
    },
    Flag.KNEE_REPLACEMENT: {"child", "lunge_low", "quad_stand", "quad_roll"},
    Flag.ACHILLES: {"calf_wall", "soleus_wall", "ankle_achilles"},
    Flag.OSTEOPOROSIS: {"ham_floor", "child", "knees_hug", "twist_lying"},
    Flag.PREGNANT: {"ham_floor", "glute_floor", "knee_chest", "knees_hug", "legs_wall", "twist_lying"},
    Flag.SCIATICA: {"ham_floor", "calf_towel", "ham_roll", "glute_ball"},
    Flag.NUMB_FEET: {"foot_ball", "toe_plantar", "child", "lunge_low"},
    Flag.GLAUCOMA: {"legs_wall", "child"},
    Flag.HEART_FAILURE: {"legs_wall", "child"},
    Flag.VEINS: {"calf_glide", "calf_knead", "calf_trigger", "legs_wall", "ham_roll", "quad_roll"},
}  # fmt: skip
# What is made lighter rather than left out.
LIGHTER_FOR: Mapping[Flag, set[str]] = {
    Flag.HIP_REPLACEMENT: {"calf_towel", "ham_strap", "soleus_chair", "quad_stand", "legs_wall"},
    Flag.KNEE_REPLACEMENT: {"quad_side", "knee_chest"},
    Flag.ACHILLES: {"calf_towel", "soleus_chair"},
    Flag.PREGNANT: {"child", "ham_strap", "calf_glide", "pmr_legs", "pmr_short", "body_scan", "breathe_slow"},
    Flag.SCIATICA: {"ham_strap", "ham_chair", "ham_chair_back", "glute_floor", "fig4_lying"},
    Flag.NUMB_FEET: {"calf_towel", "ham_strap"},
    Flag.OSTEOPOROSIS: {"knee_chest", "calf_glide"},
}
# Firm tools: who is to be touched lightly leaves them (content.md 3.0).
FIRM = ("calf_trigger", "foot_ball", "ham_roll", "quad_roll", "glute_ball")
LIGHT_TOUCH = {Flag.BLOOD_THINNERS, Flag.OSTEOPOROSIS, Flag.PREGNANT, Flag.NUMB_FEET, Flag.HEART_FAILURE}
# Exercises that share the figure of another one.
SHARED_FIGURES = {
    "count_breaths": "breathe_slow",
    "cramp_foot": "walk_spot",
    "cramp_thigh_back": "ham_chair_back",
    "cramp_thigh_front": "quad_side",
    "pmr_short": "pmr_legs",
}
# Citation: its identifier, seen together with its main result. Others may not be printed.
CHECKED = {
    "Bertolasi 1993, PMID 8434879",
    "Black 2015, PMID 25686304",
    "Garber 2011, doi 10.1249/MSS.0b013e318213fefb",
    "Hallegraeff 2012, PMID 22341378",
    "Silber 2021, PMID 34218864",
    "Tsai 2015, PMID 25234581",
    "Yuksel, preprint, doi 10.22541/au.167368683.36924943/v1",
}
# The warning signs of content.md 5 by urgency, and the gate of 3.0: none may get lost.
SIGNS: Mapping[str, tuple[str, ...]] = {
    "emergency": (
        "breathlessness", "chest pain", "coughing blood", "collapse", "weakness or numbness", "face", "arm",
        "speaking", "genitals", "bottom", "sexual numbness", "urine or stool", "both legs weak", "back pain",
        "cold", "pale or blue", "unable to move", "injury", "out of shape", "extremely tight", "dark urine",
    ),
    "today": (
        "One calf or thigh", "swollen", "throbbing", "warm", "red or darker", "tender veins", "clot",
        "surgery", "bed rest", "long travel", "cancer", "pregnancy", "birth", "hormones", "redness", "fever",
        "wound",
        "foot ulcer with diabetes", "snap", "put weight", "weakness that grows fast", "foot drops",
        "over 10 minutes", "poisoning", "vomiting", "diarrhoea", "confusion", "harming yourself",
        "crisis line",
    ),
    "visit": (
        "more than twice a week", "sleep, mood, driving or work", "ferritin", "transferrin", "morning",
        "no iron for 24 hours", "never start iron untested", "allergy", "colds", "travel sickness", "mood",
        "nausea", "antipsychotics", "lithium", "water tablets", "statins", "inhalers",
        "Do not stop it yourself", "dopamine", "earlier, spread or get worse",
        "Calf or buttock pain", "leg hangs down", "do not heal",
        "one side", "constant", "daytime", "numb", "burning", "shrinking", "unsteady", "down the leg",
        "Both legs swelling", "breathless", "kidney", "dialysis", "diabetes", "thyroid", "Parkinson",
        "heavy periods", "blood donation", "vegan", "gut surgery", "snoring", "child or teenager",
        "weight loss", "night sweats", "several nights a week", "other parts", "quinine", "tonic water",
        "six weeks", "supplements", "ulcer", "blood thinners",
    ),
    "help": ("swelling", "heat", "redness", "one calf", "spreads, with fever", "weakness", "cold or pale"),
    "ask": (
        "wound", "ulcer", "burn", "rash", "infected", "fracture", "may be", "tear", "bruise", "scar",
        "varicose", "painful", "lump", "tumour", "radiation", "new joint", "stent", "graft", "unknown reason",
        "clot",
    ),
}  # fmt: skip
# Exercise and place: strokes, circles or breaths a minute (content.md 3.1, 4.1; leg_rub is ours).
PACES: Mapping[tuple[str, str], tuple[float, float]] = {
    ("calf_glide", ""): (8, 10),
    ("calf_knead", "*"): (20, 25),
    ("calf_trigger", "Whole calf"): (8, 10),
    ("shin_glide", ""): (8, 8),
    ("foot_ball", ""): (15, 15),
    ("foot_hands", ""): (15, 15),
    # 10 to 15 passes a minute, and there and back are two.
    ("ham_roll", ""): (5, 7.5),
    ("quad_roll", ""): (5, 7.5),
    ("quad_glide", "*"): (8, 10),
    ("glute_ball", "Circles"): (20, 20),
    ("ankle_achilles", "Tendon"): (10, 10),
    ("ankle_achilles", "*"): (20, 30),
    ("leg_rub", "*"): (20, 30),
    ("ankle_pump_circle", "Pumps"): (30, 30),
    # 6 to 8 seconds a circle
    ("ankle_pump_circle", "*"): (7.5, 10),
    ("breathe_slow", ""): (6, 6),
    ("breathe_easy", ""): (7.5, 7.5),
    ("pmr_legs", "*"): (6, 12),
    ("pmr_short", "*"): (6, 6),
}


def words(exercise: Exercise) -> list[str]:
    """What is said while an exercise is done."""
    cues = exercise.cues
    said = [text for part in exercise.parts for text in (part.say, part.then)]
    return [text for text in (*cues.setup, *cues.hold, cues.release, *said) if text]


def texts(exercise: Exercise) -> list[str]:
    """Everything that can be read of an exercise."""
    evidence = exercise.evidence
    return [
        exercise.name,
        exercise.short_name,
        exercise.dose,
        exercise.easier,
        evidence.purpose if evidence else "",
        exercise.start,
        exercise.end,
        *words(exercise),
        *(part.place for part in exercise.parts),
        *exercise.mistakes,
        *exercise.stop,
        *exercise.muscles,
        *(caution.reason for caution in (*exercise.skip_if, *exercise.lighter_if)),
    ]


def skipped_for(name: str) -> set[Flag]:
    return {caution.flag for caution in EXERCISES[name].skip_if}


def lighter_for(name: str) -> set[Flag]:
    return {caution.flag for caution in EXERCISES[name].lighter_if}


def timeline(plan: Plan) -> Timeline:
    return build(plan, EXERCISES)


def work(plan: Plan) -> list[Segment]:
    return [one for one in timeline(plan).segments if one.kind.is_work]


def alone(exercise: Exercise) -> Timeline:
    return timeline(Plan("alone", "Alone", (Step(exercise.id),)))


# ---------------------------------------------------------------- plans


def test_what_the_app_loads_is_every_file_there_is() -> None:
    exercises = ExerciseFiles(assets_dir() / "exercises")
    plans = PlanFiles(assets_dir() / "plans", Path("there-is-none"), exercises)
    assert set(exercises.exercises()) == set(EXERCISES)
    assert tuple(exercises.exercises())[:5] == CORE
    assert {plan.id for plan in plans.shipped()} == {path.stem for path in PLAN_FILES}
    assert list(PLANS) == [plan.id for plan in PLANS.values()]


def test_the_ready_made_plans_begin_with_the_five_and_end_with_those_for_right_now() -> None:
    exercises = ExerciseFiles(assets_dir() / "exercises")
    shipped = PlanFiles(assets_dir() / "plans", Path("there-is-none"), exercises).shipped()
    assert [plan.id for plan in shipped] == list(ORDER)
    assert ORDER[:2] == ("five-stretches", "bedtime")
    assert ORDER[-3:] == ("cramp-now", "restless-now", "restless-lying")


def test_the_five_are_called_as_the_articles_call_them() -> None:
    assert [(EXERCISES[one].name, EXERCISES[one].short_name) for one in CORE] == [
        ("Wall calf stretch", "Calf"),
        ("Seated hamstring", "Hamstring"),
        ("Standing quadriceps", "Quad"),
        ("Seated hip and glute", "Hip and glute"),
        ("Lying single knee to chest", "Knee to chest"),
    ]


def test_no_two_exercises_have_the_same_name() -> None:
    for names in (
        [one.name for one in EXERCISES.values()],
        [one.short_name for one in EXERCISES.values()],
    ):
        assert sorted(names) == sorted(set(names))


def test_five_stretches_is_each_side_thirty_seconds_once() -> None:
    assert PLANS["five-stretches"].name == "Five stretches"
    assert [(one.exercise.id, one.side, one.seconds) for one in work(PLANS["five-stretches"])] == [
        (name, side, 30.0) for name in CORE for side in (Side.LEFT, Side.RIGHT)
    ]


def test_bedtime_is_the_five_twice_and_then_breathing() -> None:
    assert PLANS["bedtime"].name == "Bedtime"
    assert [(one.exercise.id, one.seconds) for one in work(PLANS["bedtime"])] == [
        *((name, 30.0) for name in CORE for _turn in range(4)),
        ("breathe_slow", 90.0),
    ]
    assert 14 * 60 <= timeline(PLANS["bedtime"]).seconds <= 16 * 60


@pytest.mark.parametrize(
    ("name", "exercises"),
    [
        ("bedtime-massage", [*CORE, "calf_glide", "calf_knead", "breathe_slow"]),
        ("bed-only", ["ankle_pump_circle", "calf_towel", "ham_strap", "knee_chest", "quad_side", "calf_glide",
                      "quad_glide", "pmr_short"]),
        ("chair", ["ham_chair", "soleus_chair", "fig4_chair", "toe_plantar", "calf_glide", "shin_glide"]),
        ("morning", ["ankle_pump_circle", "calf_wall", "soleus_wall", "ham_chair"]),
        ("restless-now", ["walk_spot", "calf_wall", "ham_chair", "leg_rub", "quiet_mind", "breathe_slow"]),
        ("restless-lying", ["ankle_pump_circle", "calf_towel", "calf_glide"]),
        ("calm-down", ["pmr_legs"]),
        ("breathing", ["breathe_slow"]),
    ],
)  # fmt: skip
def test_a_flow_has_the_moves_of_the_dossier(name: str, exercises: list[str]) -> None:
    assert [step.exercise for step in PLANS[name].steps] == exercises


def test_cramp_evening_is_the_one_of_the_trial() -> None:
    """Hallegraeff 2012: calf, then hamstring, three times ten seconds with ten seconds of rest."""
    plan = PLANS["cramp-evening"]
    assert [(one.exercise.id, one.side, one.seconds) for one in work(plan)] == [
        (name, side, 10.0)
        for name in ("calf_wall", "ham_chair")
        for _turn in range(3)
        for side in (Side.LEFT, Side.RIGHT)
    ]
    rests = [one.seconds for one in timeline(plan).segments if one.kind is SegmentKind.REST]
    assert rests == [10.0] * 4


def test_in_a_cramp_the_first_words_say_what_to_do_and_it_lasts_as_long_as_it_takes() -> None:
    line = timeline(PLANS["cramp-now"])
    said = [cue for cue in cues_for(line, line.segments[0]) if cue.kind is CueKind.SETUP]
    assert [cue.line.template for cue in said] == ["Straighten the knee.", "Pull the toes towards you."]
    assert said[0].at < 3
    assert line.segments[1].kind is SegmentKind.WAIT


@pytest.mark.parametrize("name", ["bed-only", "restless-lying", "something-small", "calm-down", "breathing"])
def test_who_is_in_bed_need_not_get_up(name: str) -> None:
    assert {one.posture for one in timeline(PLANS[name]).segments} == {Posture.BED}


def test_who_sits_on_a_chair_stays_there() -> None:
    assert {one.posture for one in timeline(PLANS["chair"]).segments} == {Posture.CHAIR}


def test_something_small_is_three_minutes() -> None:
    assert 150 <= timeline(PLANS["something-small"]).seconds <= 200


@every_plan
def test_massage_is_ten_minutes_at_most(plan: Plan) -> None:
    rubbed = sum(one.seconds for one in work(plan) if one.exercise.kind is Kind.MASSAGE)
    assert rubbed <= 600


@every_plan
def test_both_legs_get_the_same_seconds(plan: Plan) -> None:
    seconds: Counter[tuple[str, Side | None]] = Counter()
    for segment in work(plan):
        seconds[segment.exercise.id, segment.side] += round(segment.seconds * 1000)
    for name in {step.exercise for step in plan.steps}:
        if EXERCISES[name].sided:
            assert seconds[name, Side.LEFT] == seconds[name, Side.RIGHT] > 0


@every_plan
def test_no_work_begins_before_the_time_to_get_into_position_is_over(plan: Plan) -> None:
    line = timeline(plan)
    for segment in line.segments:
        if segment.kind.is_work:
            before = line.segments[segment.index - 1]
            assert before.kind in (SegmentKind.READY, SegmentKind.SWITCH)
            if before.kind is SegmentKind.READY:
                assert before.seconds >= segment.exercise.setup


@every_plan
def test_a_plan_is_ready_to_run_and_says_what_it_is(plan: Plan) -> None:
    assert problems(plan, EXERCISES) == []
    assert plan.description.endswith(".")
    assert plan.description.count(".") == 1
    assert not re.search(r"\d|minute", plan.name)


# ---------------------------------------------------------------- words


@every_plan
@pytest.mark.parametrize("rate", [120, 140, 200])
def test_no_sentence_runs_into_the_next(plan: Plan, rate: int) -> None:
    assert unfitting(timeline(plan), rate) == []


@every_exercise
def test_no_sentence_runs_into_the_next_whatever_was_done_before(exercise: Exercise) -> None:
    longest = max(EXERCISES.values(), key=lambda one: len(one.cues.release))
    for posture in exercise.postures:
        steps = [Step(exercise.id, posture=posture)]
        if exercise.id not in CRAMPS:
            steps = [Step(longest.id), *steps, Step(exercise.id, rounds=2)]
        assert unfitting(timeline(Plan("any", "Any", tuple(steps)))) == []


@every_plan
def test_every_hold_says_how_to_do_it_well(plan: Plan) -> None:
    line = timeline(plan)
    for segment in line.segments:
        if segment.kind is SegmentKind.HOLD and not segment.beats:
            said = [cue.line.template for cue in cues_for(line, segment) if cue.kind is CueKind.ADVICE]
            hold = list(segment.exercise.cues.hold)
            if segment.round:
                assert said == hold[-1:]
            elif segment.seconds < 20:
                assert said == hold[: len(said)] and said
            else:
                assert said == hold


@every_exercise
def test_every_part_says_what_it_is_there_to_say(exercise: Exercise) -> None:
    line = alone(exercise)
    for segment in line.segments:
        if segment.beats:
            said = {cue.line.template for cue in cues_for(line, segment)}
            wanted = {text for part in exercise.parts for text in (part.say, part.then)}
            assert wanted - {""} <= said


@every_exercise
def test_cues_are_short_sentences(exercise: Exercise) -> None:
    cues = exercise.cues
    if exercise.id in CRAMPS:
        assert len(cues.setup) == 2
    else:
        assert 3 <= len(cues.setup) <= 4
    assert cues.hold or exercise.parts
    assert "{side}" not in cues.release
    for text in words(exercise):
        assert re.fullmatch(r"[A-Z].{2,48}\.", text), text
        assert set(re.findall(r"\{.*?\}", text)) <= {"{side}"}


@every_exercise
def test_the_leg_is_named_while_getting_in(exercise: Exercise) -> None:
    assert any("{side}" in text for text in exercise.cues.setup) == exercise.sided
    if not exercise.sided:
        assert not any("{side}" in text for text in words(exercise))


@every_exercise
def test_nothing_promises_or_shouts(exercise: Exercise) -> None:
    for text in texts(exercise):
        assert not BANNED.search(text), text
        assert "!" not in text


@every_plan
def test_no_plan_promises_or_shouts(plan: Plan) -> None:
    for text in (plan.name, plan.description, *(step.note for step in plan.steps)):
        assert not BANNED.search(text), text
        assert "!" not in text


def test_the_search_for_promises_finds_them() -> None:
    for text in (
        "It cures cramps.",
        "A proven way.",
        "Boosts circulation.",
        "Treat your legs.",
        "Clinically.",
    ):
        assert BANNED.search(text), text
    assert not BANNED.search("Stand secure, on the street.")


@every_exercise
def test_nobody_is_told_to_push_the_toes_away_or_to_curl_them(exercise: Exercise) -> None:
    for text in words(exercise):
        assert not TOES_AWAY.search(text), text


def test_the_search_for_pushing_toes_away_finds_it() -> None:
    for text in ("Point your toes.", "Toes point down.", "Now point the foot.", "Curl the toes."):
        assert TOES_AWAY.search(text), text
    for text in ("Toes point up.", "Knee points down, tailbone tucked under.", "Pull the toes towards you."):
        assert not TOES_AWAY.search(text), text


@every_calm_exercise
def test_lying_still_is_never_asked_for(exercise: Exercise) -> None:
    said = [cue.line.template for one in alone(exercise).segments for cue in cues_for(alone(exercise), one)]
    assert URGE in said
    assert not any(re.search(r"\b(lie|keep|stay|be) still\b", text, re.IGNORECASE) for text in said)


@every_plan
def test_that_moving_is_allowed_is_said_in_every_calm_part_of_a_plan(plan: Plan) -> None:
    line = timeline(plan)
    for number, step in enumerate(plan.steps):
        if step.exercise in CALM:
            said = [
                cue.line.template
                for segment in line.segments
                if segment.step == number
                for cue in cues_for(line, segment)
            ]
            assert URGE in said


# ---------------------------------------------------------------- what stands around an exercise


@every_exercise
def test_an_exercise_is_explained_for_everyone(exercise: Exercise) -> None:
    assert exercise.dose.endswith(".")
    assert exercise.easier.endswith(".")
    assert len(exercise.mistakes) >= 3
    assert all(text.endswith(".") for text in exercise.mistakes)
    assert exercise.muscles
    assert exercise.regions
    assert len(exercise.short_name) <= 20


@every_exercise
def test_an_exercise_has_a_figure(exercise: Exercise) -> None:
    assert exercise.figure == SHARED_FIGURES.get(exercise.id, exercise.id)
    assert (assets_dir() / "poses" / f"{exercise.figure}.json").is_file()
    assert (assets_dir() / "figures" / f"{exercise.figure}.webp").is_file()


@every_exercise
def test_an_exercise_says_when_to_stop(exercise: Exercise) -> None:
    if exercise.id in CALM:
        assert set(exercise.stop) == CALM_STOP_SIGNS
    elif exercise.kind is Kind.MASSAGE:
        assert set(exercise.stop) == STOP_SIGNS | {"a pulse under the finger"}
    else:
        assert set(exercise.stop) == STOP_SIGNS


@every_exercise
def test_only_studies_that_were_looked_up_are_cited(exercise: Exercise) -> None:
    evidence = exercise.evidence
    assert evidence is not None
    assert evidence.purpose
    assert evidence.citation in CHECKED | {""}
    if evidence.grade.value != "experience":
        assert evidence.citation


def test_every_study_that_was_looked_up_is_used() -> None:
    assert {one.evidence.citation for one in EXERCISES.values() if one.evidence} == CHECKED | {""}


@every_massage
def test_massage_is_said_to_be_for_comfort(exercise: Exercise) -> None:
    assert exercise.evidence is not None
    assert exercise.evidence.grade.value == "experience"
    assert "comfort" in exercise.evidence.purpose
    assert "not been shown" in exercise.evidence.purpose


# ---------------------------------------------------------------- for whom it is not


@pytest.mark.parametrize("flag", HIDDEN_BY, ids=lambda flag: flag.value)
def test_a_tick_hides_what_could_hurt(flag: Flag) -> None:
    assert HIDDEN_BY[flag] <= {name for name in EXERCISES if flag in skipped_for(name)}


@pytest.mark.parametrize("flag", LIGHTER_FOR, ids=lambda flag: flag.value)
def test_a_tick_makes_lighter_what_can_be_done_with_care(flag: Flag) -> None:
    assert LIGHTER_FOR[flag] <= {name for name in EXERCISES if flag in lighter_for(name)}


@every_exercise
def test_every_reason_is_one_sentence(exercise: Exercise) -> None:
    for caution in (*exercise.skip_if, *exercise.lighter_if):
        assert re.fullmatch(r"[A-Z][^.]{8,100}\.", caution.reason), caution.reason


@every_exercise
def test_no_flag_both_hides_and_lightens(exercise: Exercise) -> None:
    assert not skipped_for(exercise.id) & lighter_for(exercise.id)


@kind_of(Kind.STRETCH, Kind.MASSAGE, Kind.MOBILITY)
def test_what_was_just_operated_or_hurt_is_left_alone(exercise: Exercise) -> None:
    assert {Flag.RECENT_SURGERY, Flag.ACUTE_INJURY} <= skipped_for(exercise.id)


@every_exercise
def test_who_may_fall_is_offered_nothing_standing(exercise: Exercise) -> None:
    if Posture.STANDING in exercise.postures:
        assert {Flag.BALANCE, Flag.DROWSY, Flag.NUMB_FEET} <= skipped_for(exercise.id)


@every_exercise
def test_who_may_fall_need_not_get_up_from_the_floor(exercise: Exercise) -> None:
    if exercise.postures == (Posture.FLOOR,):
        assert {Flag.BALANCE, Flag.DROWSY, Flag.NUMB_FEET} <= skipped_for(exercise.id)


@every_stretch
def test_very_flexible_joints_are_stretched_less_far(exercise: Exercise) -> None:
    if exercise.id not in CRAMPS:
        assert Flag.HYPERMOBILE in lighter_for(exercise.id)


@every_massage
def test_who_bruises_or_feels_little_is_touched_lightly_with_hands_alone(exercise: Exercise) -> None:
    if exercise.id in FIRM:
        assert skipped_for(exercise.id) >= LIGHT_TOUCH
    else:
        assert lighter_for(exercise.id) >= LIGHT_TOUCH
    assert Flag.VEINS in skipped_for(exercise.id) | lighter_for(exercise.id)


@every_exercise
def test_a_variant_is_for_the_same_part_of_the_body_and_no_harder(exercise: Exercise) -> None:
    for name in exercise.variants:
        variant = EXERCISES[name]
        # By hand the front of the thigh is reached, the back is not.
        assert exercise.kind is Kind.MASSAGE or set(variant.regions) & set(exercise.regions)
        assert Posture.STANDING not in variant.postures
        suits_more = skipped_for(exercise.id) - skipped_for(name)
        assert suits_more or skipped_for(name) <= skipped_for(exercise.id), name


@every_exercise
def test_of_the_variants_one_suits_somebody_the_exercise_does_not(exercise: Exercise) -> None:
    if exercise.variants and exercise.skip_if:
        assert any(skipped_for(exercise.id) - skipped_for(name) for name in leads_to(exercise.id))


def leads_to(name: str) -> Iterator[str]:
    """Everything the variants of an exercise lead to, followed one after the other."""
    for variant in EXERCISES[name].variants:
        yield variant
        yield from leads_to(variant)


@every_exercise
def test_variants_never_lead_back(exercise: Exercise) -> None:
    assert exercise.id not in leads_to(exercise.id)


@pytest.mark.parametrize("name", ["five-stretches", "bedtime", "morning", "restless-now"])
@pytest.mark.parametrize("flag", [Flag.BALANCE, Flag.DROWSY, Flag.NUMB_FEET], ids=lambda flag: flag.value)
def test_who_may_fall_finds_something_else_for_everything_standing(name: str, flag: Flag) -> None:
    for step in PLANS[name].steps:
        if flag in skipped_for(step.exercise):
            assert any(flag not in skipped_for(variant) for variant in leads_to(step.exercise)), step.exercise


def adapted(plan: Plan, *flags: Flag) -> Plan:
    """The plan as somebody who ticked `flags` does it."""
    return adapt(plan, Profile(flags=frozenset(flags), massage=MassageCheck.CLEAR), EXERCISES).plan


@every_plan
@pytest.mark.parametrize("flag", [Flag.HIP_REPLACEMENT, Flag.KNEE_REPLACEMENT], ids=lambda flag: flag.value)
def test_who_has_a_new_hip_or_knee_need_not_get_up_from_the_floor(plan: Plan, flag: Flag) -> None:
    postures = {segment.posture for segment in timeline(adapted(plan, flag)).segments}
    assert Posture.FLOOR not in postures


def test_restless_now_takes_about_seven_minutes_and_not_more() -> None:
    """Five minutes of doing, the rest to get into position and to hear how (content.md 7)."""
    plan = PLANS["restless-now"]
    assert sum(one.seconds for one in work(plan)) == 300
    assert timeline(plan).seconds <= 430


def done_by(exercise: Exercise, *flags: Flag) -> Exercise | None:
    """What somebody who ticked `flags` does in place of an exercise, if anything."""
    return decide(exercise, Profile(flags=frozenset(flags), massage=MassageCheck.CLEAR), EXERCISES).use


@every_exercise
def test_a_new_hip_is_never_told_or_shown_to_lean_forward(exercise: Exercise) -> None:
    use = done_by(exercise, Flag.HIP_REPLACEMENT)
    for text in words(use) if use else []:
        bends = re.search(r"\bforward\b|\btip\b|\bfold\b", text, re.IGNORECASE)
        assert not bends or "never" in text or "hips glide forward" in text, text
    assert use is None or use.figure != "ham_chair"


def test_the_search_for_leaning_forward_would_find_the_chair_hamstring() -> None:
    assert any("Tip from the hips" in text for text in words(EXERCISES["ham_chair"]))
    use = done_by(EXERCISES["ham_chair"], Flag.HIP_REPLACEMENT)
    assert use is not None and use.id == "ham_chair_back"


@every_exercise
@pytest.mark.parametrize("flag", [Flag.BALANCE, Flag.DROWSY, Flag.NUMB_FEET], ids=lambda flag: flag.value)
def test_who_may_fall_is_not_told_to_stand_up(exercise: Exercise, flag: Flag) -> None:
    use = done_by(exercise, flag)
    for text in words(use) if use else []:
        assert not re.search(r"\bstand\b", text, re.IGNORECASE) or re.search("If you are steady|before", text)


@kind_of(Kind.STRETCH, Kind.MOBILITY, Kind.BREATHING, Kind.RELAXATION)
def test_what_to_do_with_care_is_said_and_not_only_written(exercise: Exercise) -> None:
    for caution in exercise.lighter_if:
        use = done_by(exercise, caution.flag)
        assert use is not None
        if caution.flag is Flag.HYPERMOBILE:
            assert use.cues.setup[-1] == "Go only half as far today."
        else:
            assert use.cues.setup[-1] == caution.reason


@every_massage
def test_by_hand_only_is_said_before_a_light_massage(exercise: Exercise) -> None:
    for flag in lighter_for(exercise.id) & LIGHT_TOUCH:
        use = done_by(exercise, flag)
        assert use is not None and max(use.pressure) <= 2
        assert use.cues.setup[-1] == "Touch only lightly, hands only."


@every_plan
def test_whatever_two_things_are_ticked_nothing_stays_that_they_speak_against(plan: Plan) -> None:
    for flags in combinations(Flag, 2):
        for step in adapted(plan, *flags).steps:
            assert not skipped_for(step.exercise) & set(flags), (step.exercise, flags)


@every_plan
@pytest.mark.parametrize("flag", Flag, ids=lambda flag: flag.value)
def test_every_sentence_fits_for_whoever_ticked_something(plan: Plan, flag: Flag) -> None:
    made = adapted(plan, flag)
    if made.steps:
        assert unfitting(timeline(made)) == []


@every_exercise
@pytest.mark.parametrize("rate", [120, 140, 200])
def test_what_is_added_for_several_ticks_has_its_time(exercise: Exercise, rate: int) -> None:
    for flags in combinations(Flag, 2):
        made = adapted(Plan("alone", "Alone", (Step(exercise.id),)), *flags)
        if made.steps:
            assert unfitting(timeline(made), rate) == [], flags


@pytest.mark.parametrize(
    ("name", "posture"),
    [
        ("bed-only", Posture.BED),
        ("restless-lying", Posture.BED),
        ("something-small", Posture.BED),
        ("chair", Posture.CHAIR),
    ],
)
def test_a_tick_sends_nobody_out_of_bed_or_off_the_chair(name: str, posture: Posture) -> None:
    for flag in Flag:
        for segment in timeline(adapted(PLANS[name], flag)).segments:
            assert segment.posture is posture, (flag, segment.exercise.id)


@pytest.mark.parametrize("group", SIGNS)
def test_no_warning_sign_of_the_dossier_is_lost(group: str) -> None:
    said = {one.key: " ".join(f"{bold} {rest}" for bold, rest in one.lines) for one in RED_FLAGS}
    said |= {"help": " ".join(HELP_QUESTIONS), "ask": " ".join(AREA_QUESTIONS)}
    assert [sign for sign in SIGNS[group] if sign.lower() not in said[group].lower()] == []


def test_no_warning_sign_and_no_tick_promises_or_shouts() -> None:
    lines = [text for one in RED_FLAGS for pair in one.lines for text in pair]
    for text in (
        *lines,
        *HELP_QUESTIONS,
        *AREA_QUESTIONS,
        *(info.title + info.explanation for info in FLAGS),
    ):
        assert not BANNED.search(text), text
        assert "!" not in text


# ---------------------------------------------------------------- strokes, breaths and pressure


def pace_of(name: str, place: str) -> tuple[float, float]:
    return PACES.get((name, place)) or PACES[name, "*"]


def is_paced(kind: BeatKind) -> bool:
    return kind in (BeatKind.STROKE, BeatKind.BREATH)


@pytest.mark.parametrize("name", sorted(PACED))
def test_strokes_and_breaths_have_the_pace_of_the_dossier(name: str) -> None:
    for part in EXERCISES[name].parts:
        if is_paced(part.kind):
            low, high = pace_of(name, part.place)
            assert low - 1e-6 <= part.a_minute <= high + 1e-6, part


@every_plan
def test_a_plan_keeps_the_pace_when_it_takes_less_time(plan: Plan) -> None:
    for segment in work(plan):
        for beat in segment.beats:
            if is_paced(beat.kind):
                low, high = pace_of(segment.exercise.id, beat.place)
                assert low * 0.95 <= 60 / beat.seconds <= high + 1e-6, segment.exercise.id


@every_plan
def test_every_place_is_reached_when_a_plan_takes_less_time(plan: Plan) -> None:
    for segment in work(plan):
        if segment.exercise.kind is Kind.MASSAGE and segment.seconds >= 60:
            reached = {beat.place for beat in segment.beats}
            assert {part.place for part in segment.exercise.parts} <= reached


@every_massage
def test_strokes_go_towards_the_heart(exercise: Exercise) -> None:
    """Circles and the way along the sole have no such direction."""
    if exercise.id != "glute_ball":
        order = ["Heel", "Ball of the foot", "Ankle", "Calf", "Knee", "Buttock", "Hip"]
        assert order.index(exercise.start) < order.index(exercise.end)


@every_massage
def test_the_way_back_is_never_slower_than_the_way_to_the_heart(exercise: Exercise) -> None:
    for part in exercise.parts:
        if part.kind is BeatKind.STROKE:
            assert part.back <= part.go


@every_massage
def test_pressure_stays_low(exercise: Exercise) -> None:
    assert len(exercise.pressure) == 2
    assert max(exercise.pressure) <= (5 if exercise.id == "calf_trigger" else 4)


@pytest.mark.parametrize("name", ["bedtime-massage", "self-massage", "bed-only", "chair", "restless-lying"])
def test_at_bedtime_the_pressure_is_two_to_four(name: str) -> None:
    for step in PLANS[name].steps:
        if EXERCISES[step.exercise].kind is Kind.MASSAGE:
            low, high = EXERCISES[step.exercise].pressure
            assert 2 <= low <= high <= 4


def test_a_tender_point_is_held_three_times_and_eases() -> None:
    exercise = EXERCISES["calf_trigger"]
    press = exercise.parts[0]
    assert (press.kind, press.count, press.rest) == (BeatKind.PRESS, 3, 10.0)
    assert 20 <= press.go <= 30
    assert exercise.pressure == (5, 2)
    assert exercise.parts[-1].kind is BeatKind.STROKE and exercise.parts[-1].count == 3


def test_slow_breathing_is_four_in_and_six_out_without_a_hold() -> None:
    assert EXERCISES["breathe_slow"].parts == (
        Part(BeatKind.BREATH, 4.0, back=6.0, count=18, say="In through the nose."),
    )


@pytest.mark.parametrize("seconds", [60, 90, 180, 300, 600])
def test_slow_breathing_is_made_of_whole_breaths_however_long_it_is(seconds: int) -> None:
    line = timeline(Plan("b", "B", (Step("breathe_slow", seconds=seconds),)))
    beats = line.segments[-1].beats
    assert [beat.kind for beat in beats] == [BeatKind.BREATH] * (seconds // 10)


def test_tensing_takes_five_seconds_and_letting_go_fifteen() -> None:
    for name in ("pmr_legs", "pmr_short"):
        tense = [part for part in EXERCISES[name].parts if part.kind is BeatKind.TENSE]
        assert {(part.go, part.rest) for part in tense} == {(5.0, 15.0)}


def test_letting_go_has_the_order_that_does_not_cramp() -> None:
    places = [part.place for part in EXERCISES["pmr_legs"].parts if part.place]
    assert list(dict.fromkeys(places)) == [
        "Shins",
        "Front of the thighs",
        "Back of the thighs",
        "Buttocks",
        "Inner thighs",
        "Calves",
        "Feet",
        "Belly",
        "Hands",
        "Shoulders",
        "Face",
    ]
    calves = [part.kind for part in EXERCISES["pmr_legs"].parts if part.place == "Calves"]
    assert BeatKind.TENSE not in calves


def test_ankles_are_pumped_thirty_times_and_circled_five_times_each_way() -> None:
    assert [part.count for part in EXERCISES["ankle_pump_circle"].parts] == [30, 5, 5]
