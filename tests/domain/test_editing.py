"""What changing a plan does, and that every change can be taken back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain import editing
from coach.domain.editing import History
from coach.domain.exercise import Kind, Posture, Side
from coach.domain.plan import Extra, Plan, Step, problems
from coach.domain.timeline import SegmentKind, build
from tests.script import BREATH, CALF, EXERCISES, plan

RUB = replace(EXERCISES["seat"], id="rub", name="Rub", kind=Kind.MASSAGE, seconds=90)
CALM = replace(BREATH, id="calm", name="Calm", kind=Kind.BREATHING, postures=(Posture.CHAIR,))
REST = replace(BREATH, id="rest", name="Rest", kind=Kind.RELAXATION, postures=(Posture.BED, Posture.FLOOR))
SOFA = replace(CALF, id="sofa", name="Sofa", postures=(Posture.BED,))
PLAIN = {name: EXERCISES[name] for name in ("calf", "quad", "ham", "seat", "breath")}
KNOWN = {**PLAIN, **{one.id: one for one in (RUB, CALM, REST, SOFA)}}

both = (Side.LEFT, Side.RIGHT)
steps = st.builds(
    Step,
    exercise=st.sampled_from(sorted(KNOWN)),
    seconds=st.none() | st.integers(5, 1800),
    wait=st.booleans(),
    sides=st.sampled_from([both, (Side.LEFT,), (Side.RIGHT,)]),
    rounds=st.integers(1, 10),
    rest=st.integers(0, 120),
    extra=st.none() | st.builds(Extra, st.sampled_from(Side), st.integers(0, 100)),
)
plans = st.builds(
    lambda made, rest: Plan("p", "P", tuple(made), rest=rest),
    st.lists(steps, min_size=1, max_size=12),
    st.integers(0, 120),
)


def order(made: Plan) -> str:
    return " ".join(step.exercise for step in made.steps)


# ---------------------------------------------------------------- steps

FOUR = plan("calf", "quad", "ham", "seat")


@pytest.mark.parametrize(
    ("at", "to", "after"),
    [
        (0, 2, "quad ham calf seat"),
        (3, 0, "seat calf quad ham"),
        (1, 1, "calf quad ham seat"),
        (0, 99, "quad ham seat calf"),
        (2, -1, "ham calf quad seat"),
    ],
)
def test_a_step_goes_where_it_is_put(at: int, to: int, after: str) -> None:
    assert order(editing.move(FOUR, at, to)) == after


@given(made=plans, data=st.data())
def test_moving_there_and_back_changes_nothing(made: Plan, data: st.DataObject) -> None:
    places = st.integers(0, len(made.steps) - 1)
    at, to = data.draw(places), data.draw(places)
    moved = editing.move(made, at, to)
    assert moved.steps[to] == made.steps[at]
    assert editing.move(moved, to, at) == made


def test_a_step_is_removed_doubled_and_put_in() -> None:
    assert order(editing.remove(FOUR, 1)) == "calf ham seat"
    assert order(editing.duplicate(FOUR, 3)) == "calf quad ham seat seat"
    assert order(editing.insert(FOUR, 0, "breath")) == "breath calf quad ham seat"
    assert order(editing.insert(FOUR, 4, "breath")) == "calf quad ham seat breath"
    assert editing.insert(FOUR, 4, "breath").steps[4] == Step("breath")


@given(made=plans, data=st.data())
def test_removing_a_double_changes_nothing(made: Plan, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(made.steps) - 1))
    assert editing.remove(editing.duplicate(made, at), at) == made


def test_one_step_changes_and_the_others_stay() -> None:
    changed = editing.set_step(FOUR, 2, seconds=45, rounds=2, note=" Both\nheels\u202e down ")
    assert changed.steps[2] == Step("ham", seconds=45, rounds=2, note="Both heels down")
    assert editing.set_step(changed, 2, seconds=None, rounds=1, note="") == FOUR


def test_seconds_grow_from_those_of_the_exercise_and_keep_their_limits() -> None:
    def seconds(by: int, step: Step) -> int | None:
        return editing.lengthen(plan(step), EXERCISES, 0, by).steps[0].seconds

    assert seconds(5, Step("calf")) == 35
    assert seconds(-10, Step("calf", seconds=40)) == 30
    assert seconds(-1, Step("calf", seconds=5)) == 5
    assert seconds(10, Step("calf", seconds=1795)) == 1800
    assert seconds(5, Step("calf", wait=True)) is None
    assert seconds(5, Step("nothing")) == 10


# ---------------------------------------------------------------- the plan


def test_a_name_is_one_short_line_and_never_empty() -> None:
    assert editing.rename(FOUR, "  Quiet \t legs ").name == "Quiet legs"
    assert editing.rename(FOUR, " \u2067\n ").name == "Test"
    assert editing.rename(FOUR, "x" * 100).name == "x" * 80
    assert editing.describe(FOUR, "One\rline").description == "One line"
    assert editing.describe(FOUR, "").description == ""


@given(st.text(max_size=700), st.integers(1, 600))
def test_what_is_kept_of_a_text_is_short_and_stays_the_same(text: str, longest: int) -> None:
    kept = editing.showable(text, longest)
    assert len(kept) <= longest
    assert editing.showable(kept, longest) == kept


@pytest.mark.parametrize(("asked", "rest"), [(-5, 0), (0, 0), (30, 30), (121, 120)])
def test_the_rest_between_steps_keeps_its_limits(asked: int, rest: int) -> None:
    assert editing.set_rest(FOUR, asked).rest == rest


def test_the_worse_leg_gets_more_wherever_it_works() -> None:
    made = plan(
        "calf",
        "breath",
        Step("ham", sides=(Side.RIGHT,)),
        Step("quad", wait=True),
        "nothing",
        Step("seat", extra=Extra(Side.RIGHT, 5)),
    )
    more = editing.worse_leg(made, EXERCISES, Side.LEFT, 10)
    ten = Extra(Side.LEFT, 10)
    assert [step.extra for step in more.steps] == [ten, None, None, None, None, ten]
    none = editing.worse_leg(more, EXERCISES, Side.LEFT, 0)
    assert all(step.extra is None for step in none.steps)
    most = editing.worse_leg(plan("calf"), EXERCISES, Side.LEFT, 99_999)
    assert problems(most, EXERCISES) == []


# ---------------------------------------------------------------- getting up


@pytest.mark.parametrize(
    ("made", "count"),
    [
        (plan(), 0),
        (plan("calf", "seat", "ham"), 0),
        (plan("ham", "calf"), 1),
        (plan("seat", "calf"), 1),
        (plan("ham", "seat", "ham", "calf"), 2),
        (plan(Step("ham", posture=Posture.FLOOR), "sofa"), 1),
        (plan("sofa", "ham"), 0),
        (plan("sofa", Step("ham", posture=Posture.FLOOR)), 1),
        (plan("ham", "nothing", "calf"), 1),
    ],
)
def test_getting_up_is_counted(made: Plan, count: int) -> None:
    assert editing.get_ups(made, KNOWN) == count


def test_the_fewest_get_ups_go_from_standing_to_lying_in_the_old_order() -> None:
    made = plan("breath", "ham", "calf", "seat", "quad", "rub", "sofa")
    assert order(editing.fewest_get_ups(made, KNOWN)) == "calf quad seat rub breath ham sofa"


def test_breathing_stays_last_where_it_can() -> None:
    assert order(editing.fewest_get_ups(plan("rest", "ham", "calf"), KNOWN)) == "calf ham rest"
    # On a chair only, breathing last would mean getting up for it.
    assert order(editing.fewest_get_ups(plan("ham", "calm", "calf"), KNOWN)) == "calf calm ham"


def test_an_order_that_cannot_get_better_stays() -> None:
    made = plan("quad", "nothing", "calf", "calm", "ham")
    assert editing.fewest_get_ups(made, KNOWN) is made


def test_an_unknown_exercise_is_no_reason_not_to_sort() -> None:
    assert order(editing.fewest_get_ups(plan("ham", "nothing", "calf"), KNOWN)) == "nothing calf ham"


@given(plans)
def test_sorting_keeps_every_step_and_never_adds_getting_up(made: Plan) -> None:
    sorted_plan = editing.fewest_get_ups(made, KNOWN)
    assert Counter(sorted_plan.steps) == Counter(made.steps)
    assert editing.get_ups(sorted_plan, KNOWN) <= editing.get_ups(made, KNOWN)
    assert editing.fewest_get_ups(sorted_plan, KNOWN) is sorted_plan


# ---------------------------------------------------------------- I have 5 minutes


def length(made: Plan) -> float:
    return build(made, KNOWN).seconds


def test_a_plan_that_is_short_enough_stays() -> None:
    made = plan("calf", "breath")
    assert editing.shortened(made, KNOWN) is made


def test_rounds_go_first() -> None:
    made = plan(Step("calf", rounds=5), Step("quad"), rest=5)
    assert editing.shortened(made, KNOWN, 320) == plan(Step("calf", rounds=3), Step("quad"), rest=5)


def test_then_rests_get_shorter_and_go() -> None:
    made = plan(*["calf"] * 3, rest=30)
    assert length(made) == 315
    assert editing.shortened(made, KNOWN) == plan(*["calf"] * 3, rest=10)
    assert editing.shortened(made, KNOWN, 255).rest == 0


def test_then_seconds_in_whole_fives() -> None:
    short = editing.shortened(plan(*["calf"] * 4), KNOWN)
    assert [step.seconds for step in short.steps] == [25] * 4
    assert length(short) == 300


def test_then_steps_from_the_end_and_the_others_take_the_room() -> None:
    short = editing.shortened(plan(*["calf"] * 5, "quad", "ham"), KNOWN)
    assert order(short) == "calf calf calf calf calf"
    assert [step.seconds for step in short.steps] == [15] * 5
    assert length(short) == 275


def test_one_step_is_always_left() -> None:
    short = editing.shortened(plan("calf", "quad"), KNOWN, 10)
    assert order(short) == "calf"
    assert short.steps[0].seconds == 15


def test_breathing_and_massage_keep_more_than_a_stretch() -> None:
    short = editing.shortened(plan(Step("calm", seconds=600), Step("rub", seconds=400)), KNOWN, 150)
    assert [step.seconds for step in short.steps] == [60, 30]


def test_extra_for_the_worse_leg_shrinks_along_and_untimed_steps_stay() -> None:
    made = plan(Step("calf", seconds=120, extra=Extra(Side.LEFT, 60)), Step("quad", wait=True), "ham")
    short = editing.shortened(made, KNOWN)
    assert short.steps[0] == Step("calf", seconds=75, extra=Extra(Side.LEFT, 35))
    assert short.steps[1] == made.steps[1]
    none = editing.shortened(plan(Step("calf", seconds=120, extra=Extra(Side.LEFT, 5))), KNOWN, 120)
    assert none.steps[0].extra is None


@settings(deadline=None)
@given(made=plans, seconds=st.integers(30, 1200))
def test_a_shortened_plan_runs_keeps_both_sides_and_fits_unless_one_step_cannot(
    made: Plan, seconds: int
) -> None:
    short = editing.shortened(made, KNOWN, seconds)
    assert problems(short, KNOWN) == []
    assert length(short) <= max(seconds, length(made)) and length(short) <= length(made)
    assert len(short.steps) == 1 or length(short) <= seconds
    assert [step.exercise for step in short.steps] == [s.exercise for s in made.steps[: len(short.steps)]]
    assert [step.sides for step in short.steps] == [s.sides for s in made.steps[: len(short.steps)]]
    for step, before in zip(short.steps, made.steps, strict=False):
        own = editing.seconds_of(before, KNOWN[before.exercise])
        assert editing.seconds_of(step, KNOWN[step.exercise]) >= min(15, own)
    holds = [s for s in build(short, KNOWN).segments if s.kind is SegmentKind.HOLD]
    assert all(hold.seconds >= 5 for hold in holds)


# ---------------------------------------------------------------- history


def named(number: int) -> Plan:
    return replace(FOUR, name=str(number))


def test_a_change_is_taken_back_and_made_again() -> None:
    history = History(named(0)).change(named(1)).change(named(2))
    back = history.undo()
    assert back.present == named(1)
    assert back.redo() == history
    assert back.undo().undo().present == named(0)
    assert history.redo() == history


def test_a_new_change_forgets_what_was_taken_back() -> None:
    history = History(named(0)).change(named(1)).undo().change(named(2))
    assert history.redo().present == named(2)
    assert history.undo().present == named(0)


def test_the_same_plan_again_is_no_change() -> None:
    history = History(named(0)).change(named(1)).undo()
    assert history.change(named(0)) is history


def test_fifty_changes_are_kept() -> None:
    history = History(named(0))
    for number in range(1, 61):
        history = history.change(named(number))
    for _time in range(70):
        history = history.undo()
    assert history.present == named(10)
    for _time in range(70):
        history = history.redo()
    assert history.present == named(60)
    assert len(history.past) == 50


@given(st.lists(st.sampled_from(["change", "undo", "redo"]), max_size=80))
def test_any_mixture_of_changes_can_be_taken_back_in_order(moves: list[str]) -> None:
    history, trail, at = History(named(0)), [0], 0
    for number, kind in enumerate(moves, 1):
        if kind == "change":
            history, trail = history.change(named(number)), [*trail[: at + 1], number]
            at += 1
        elif kind == "undo":
            history, at = history.undo(), max(at - 1, 0)
        else:
            history, at = history.redo(), min(at + 1, len(trail) - 1)
        trail, at = trail[max(0, at - 50) :], min(at, 50)
        assert history.present == named(trail[at])
