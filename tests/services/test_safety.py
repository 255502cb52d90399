"""What a person ticks is kept at once and holds for every plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from coach.domain.exercise import Caution, Flag, Kind, Region
from coach.domain.profile import MassageCheck, Profile, Verdict
from coach.i18n import Line, render
from coach.services.library import Library
from coach.services.safety import Safety
from tests.fakes import FakeExercises, FakePlans, FakeStore
from tests.script import CALF, HAM, plan

WALL = replace(CALF, skip_if=(Caution(Flag.BALANCE, "It is done standing."),), variants=("ham",))
RUB = replace(HAM, id="rub", name="Rub", kind=Kind.MASSAGE)


TONIGHT, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)


def safety(store: FakeStore | None = None) -> Safety:
    exercises = FakeExercises({one.id: one for one in (WALL, HAM, RUB)})
    return Safety(store or FakeStore(), Library(exercises, FakePlans([])))


def test_nothing_is_ticked_to_begin_with() -> None:
    assert safety().profile == Profile() and safety().repairs == ()


def test_a_tick_is_kept_told_and_holds_for_plans() -> None:
    store = FakeStore()
    one = safety(store)
    told: list[Profile] = []
    one.changed.subscribe(told.append)
    one.set_flag(Flag.BALANCE, True)
    one.set_flag(Flag.BALANCE, True)
    assert store.values == {"flags": ["balance"]} and len(told) == 1
    assert one.decide(WALL, TONIGHT).verdict is Verdict.SWAPPED
    assert [step.exercise for step in one.adapt(plan("calf"), TONIGHT).plan.steps] == ["ham"]
    assert safety(store).profile == one.profile
    one.set_flag(Flag.BALANCE, False)
    assert store.values == {}


def test_where_an_injury_is_goes_with_its_tick() -> None:
    one = safety()
    one.set_flag(Flag.ACUTE_INJURY, True)
    one.set_region(Region.CALF, True)
    one.set_region(Region.FOOT, True)
    one.set_region(Region.FOOT, False)
    assert one.profile.regions == {Region.CALF}
    one.set_flag(Flag.ACUTE_INJURY, False)
    assert one.profile.regions == frozenset()


def test_what_a_clinician_gave_is_remembered() -> None:
    one = safety()
    one.set_flag(Flag.BALANCE, True)
    one.keep("calf", True)
    assert one.decide(WALL, TONIGHT).verdict is Verdict.AS_IS
    one.keep("calf", False)
    assert one.decide(WALL, TONIGHT).verdict is Verdict.SWAPPED


def test_left_out_for_tonight_is_back_the_next_night() -> None:
    one = safety()
    one.leave_out("calf", TONIGHT)
    one.leave_out("ham", TONIGHT)
    assert one.adapt(plan("calf", "ham"), TONIGHT).is_empty
    assert one.decide(WALL, TOMORROW).verdict is Verdict.AS_IS
    one.leave_out("ham", TOMORROW)
    assert one.profile.tonight_out == {"ham"}


def test_left_out_always_comes_back_when_asked_for() -> None:
    one = safety()
    one.leave_out("calf")
    assert one.decide(WALL, TONIGHT).verdict is Verdict.HIDDEN
    one.bring_back("calf")
    assert one.decide(WALL, TONIGHT).verdict is Verdict.AS_IS


def test_massage_waits_for_an_answer_but_can_be_looked_at() -> None:
    one = safety()
    assert one.needs_massage_check(plan("rub"))
    assert one.decide(RUB, TONIGHT).verdict is Verdict.AS_IS
    assert one.adapt(plan("rub"), TONIGHT).is_empty
    assert not one.adapt(plan("rub"), TONIGHT, massage_is_fine=True).is_empty
    one.answer_massage(True)
    assert not one.needs_massage_check(plan("rub"))
    assert not one.adapt(plan("rub"), TONIGHT).is_empty


def test_a_plan_is_shown_as_it_will_be_done_and_as_it_is_when_nothing_is_left_of_it() -> None:
    one = safety()
    assert one.as_done(plan("calf", "rub"), TONIGHT) == plan("calf", "rub")
    one.leave_out("calf")
    assert [step.exercise for step in one.as_done(plan("calf", "ham"), TONIGHT).steps] == ["ham"]
    assert one.as_done(plan("calf"), TONIGHT) == plan("calf")


def test_a_warning_sign_holds_even_against_a_word_for_once() -> None:
    one = safety()
    one.answer_massage(False)
    assert one.profile.massage is MassageCheck.FLAGGED
    assert one.adapt(plan("rub"), TONIGHT, massage_is_fine=True).is_empty
    one.answer_massage(True)
    assert not one.adapt(plan("rub"), TONIGHT).is_empty


def test_the_set_up_is_asked_once() -> None:
    store = FakeStore()
    safety(store).set_asked()
    assert safety(store).profile.asked


def test_ticks_that_cannot_be_kept_hold_for_now_and_are_said() -> None:
    store = FakeStore()
    store.broken = True
    one = safety(store)
    said: list[str] = []
    one.notices.subscribe(lambda line: said.append(render(line)))
    one.set_flag(Flag.BALANCE, True)
    assert said == ["The settings cannot be written."]
    assert one.profile.flags == {Flag.BALANCE}


def test_damage_is_said() -> None:
    one = safety(FakeStore({"flags": "all"}, Line("The file was damaged.")))
    said = [render(line)[:26] for line in one.repairs]
    assert said == ["The file was damaged.", "In “My body” the entry “fl"]
