"""Finding plans and exercises by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coach.domain.night import CRAMP
from coach.domain.plan import Plan
from coach.domain.timeline import Manner, SegmentKind
from coach.i18n import Line, render
from coach.services.library import COVER, Library, NotFoundError
from coach.services.ports import PlanFileError, Preview, Problem, StoreError
from tests.fakes import FakeExercises, FakePlans
from tests.script import EXERCISES, plan

BEDTIME = replace(plan("calf", "ham"), id="bedtime", name="Bedtime")
MINE = replace(plan("quad"), id="mine", name="Mine")


def library(*, mine: tuple[Plan, ...] = (), wrong: tuple[Problem, ...] = ()) -> Library:
    return Library(FakeExercises(EXERCISES), FakePlans([BEDTIME], mine, wrong))


def test_my_plans_come_first_and_replace_shipped_ones_of_the_same_name() -> None:
    changed = replace(BEDTIME, name="Bedtime, changed")
    plans, wrong = library(mine=(MINE, changed)).plans()
    assert [one.name for one in plans] == ["Mine", "Bedtime, changed"] and wrong == ()


def test_a_plan_is_found_by_its_name() -> None:
    assert library().find("bedtime") is BEDTIME
    assert library(mine=(MINE,)).find("mine") is MINE


def test_an_unknown_plan_suggests_the_nearest() -> None:
    with pytest.raises(NotFoundError) as caught:
        library().find("bedtme")
    assert render(caught.value.line) == "There is no plan called “bedtme”. Did you mean “bedtime”?"
    with pytest.raises(NotFoundError) as caught:
        library().find("xyz")
    assert "coach plans list" in render(caught.value.line)


def test_a_broken_plan_of_mine_says_what_is_wrong_instead() -> None:
    wrong = Problem(Path("/home/me/legs.toml"), 3, Line("A hold of 0 seconds is not possible."))
    with pytest.raises(PlanFileError) as caught:
        library(wrong=(wrong,)).find("legs")
    assert caught.value.problems == (wrong,)


def test_a_path_is_loaded_as_a_file() -> None:
    plans = FakePlans([BEDTIME])
    plans.files[Path("here/legs.toml")] = MINE
    found = Library(FakeExercises(EXERCISES), plans)
    assert found.find("here/legs.toml") is MINE
    with pytest.raises(PlanFileError):
        found.find("legs.toml")
    with pytest.raises(PlanFileError):
        found.find("c:\\legs")


def test_exercises_are_found_or_the_nearest_is_named() -> None:
    assert library().exercise("calf").id == "calf"
    with pytest.raises(NotFoundError, match="near"):
        library().exercise("calve")


def test_a_plan_is_laid_out_with_the_known_exercises() -> None:
    assert library().timeline(BEDTIME).steps == 2


def test_a_plan_whose_exercise_is_gone_cannot_run() -> None:
    assert library().can_run(BEDTIME)
    assert not library().can_run(plan("gone"))


# -------------------------------------------------------------------- plans of one's own


CHANGED = replace(BEDTIME, name="Bedtime, changed")


def with_files(*mine: Plan) -> tuple[Library, FakePlans]:
    files = FakePlans([BEDTIME], mine)
    return Library(FakeExercises(EXERCISES), files), files


def test_whose_a_plan_is_can_be_told() -> None:
    found = library(mine=(MINE, CHANGED))
    assert [found.is_mine(one) for one in ("mine", "bedtime", "nothing")] == [True, True, False]
    assert [found.is_changed(one) for one in ("mine", "bedtime", "nothing")] == [False, True, False]
    assert found.shipped_plan("bedtime") is BEDTIME and found.shipped_plan("mine") is None


def test_a_new_plan_gets_an_id_that_no_plan_has() -> None:
    found = library(mine=(MINE, replace(MINE, id="mine-2")))
    assert [found.new_id(name) for name in ("Bedtime", "Mine", "Été à Nîmes!", "日本")] == [
        "bedtime-2",
        "mine-3",
        "ete-a-nimes",
        "plan",
    ]


def test_saving_a_shipped_plan_makes_it_mine_until_it_is_restored() -> None:
    found, files = with_files()
    found.save(CHANGED)
    assert found.find("bedtime") is CHANGED and found.is_changed("bedtime")
    assert found.restore("bedtime") is BEDTIME
    assert found.find("bedtime") is BEDTIME and files.backups == [CHANGED]
    assert found.restore("bedtime") is BEDTIME


def test_a_plan_that_cannot_run_is_not_saved() -> None:
    found, files = with_files()
    with pytest.raises(StoreError) as caught:
        found.save(replace(MINE, steps=(*MINE.steps, replace(MINE.steps[0], rounds=0))))
    assert render(caught.value.line) == "Step 2 is not right yet. The rounds must be 1 to 10."
    with pytest.raises(StoreError) as caught:
        found.save(replace(MINE, steps=()))
    assert render(caught.value.line) == "The plan has no steps. Add at least one exercise."
    assert files.kept == {}


def test_a_removed_plan_comes_back_as_it_was() -> None:
    found, _files = with_files(MINE)
    found.remove("mine")
    assert not found.is_mine("mine")
    assert found.restore("mine") is MINE
    assert found.find("mine") is MINE


def test_what_is_not_mine_cannot_be_removed_and_what_is_only_mine_has_no_original() -> None:
    found, _files = with_files(MINE)
    with pytest.raises(NotFoundError) as caught:
        found.remove("bedtime")
    assert "nothing to remove" in render(caught.value.line)
    with pytest.raises(NotFoundError) as caught:
        found.restore("mine")
    assert "your own plan" in render(caught.value.line)
    with pytest.raises(NotFoundError) as caught:
        found.restore("bedtme")
    assert "Did you mean “bedtime”?" in render(caught.value.line)


def test_a_preview_tells_what_would_be_replaced_and_nothing_is_without_asking() -> None:
    found, files = with_files()
    path = Path("bedtime.toml")
    other = Preview(MINE, path)
    files.previews[path] = Preview(CHANGED, path, others=(other,))
    preview = found.preview(path)
    assert preview.exists and not preview.others[0].exists
    with pytest.raises(StoreError) as caught:
        found.bring_in(preview, replace=False)
    assert "Nothing was replaced" in render(caught.value.line) and files.kept == {}
    assert found.bring_in(found.beside(preview), replace=False).id == "bedtime-changed"
    assert found.bring_in(preview, replace=True) is CHANGED
    assert found.bring_in(preview.others[0], replace=False) is MINE
    assert found.preview(path).others[0].exists


def test_a_plan_is_handed_out_by_its_id() -> None:
    found, files = with_files(CHANGED)
    assert found.export("bedtime", Path("out.toml")) == Path("out.toml")
    assert files.exported == {Path("out.toml"): CHANGED}
    with pytest.raises(NotFoundError):
        found.export("nothing", Path("out.toml"))


def test_a_plan_is_measured_once() -> None:
    found = library()
    assert found.seconds(BEDTIME) == found.timeline(BEDTIME).seconds == found.seconds(BEDTIME)
    assert found.seconds(replace(BEDTIME, steps=BEDTIME.steps[:1])) < found.seconds(BEDTIME)


def test_a_plan_brings_its_own_exercises_and_their_pictures() -> None:
    own = replace(EXERCISES["calf"], id="towel", own=True, picture="towel.png")
    found, files = with_files()
    files.pictures["towel.png"] = Path("plans/towel.png")
    mine = replace(MINE, exercises=(own,))
    assert found.exercises_of(BEDTIME) is found.exercises()
    assert found.exercises_of(mine) == {**EXERCISES, "towel": own}
    assert found.picture_of(mine, own) == Path("plans/towel.png")
    assert found.picture_of(mine, EXERCISES["calf"]) is None


def test_who_needs_longer_to_get_ready_sees_the_length_it_really_takes() -> None:
    manner = Manner()
    slow = Library(FakeExercises(EXERCISES), FakePlans([BEDTIME]), lambda: manner)
    usual = slow.seconds(BEDTIME)
    manner = Manner(setup=2.0)
    ready = sum(s.seconds for s in slow.timeline(BEDTIME).segments if s.kind is SegmentKind.READY)
    assert slow.seconds(BEDTIME) == pytest.approx(usual + ready / 2)
    assert slow.timeline(BEDTIME).manner is manner


def test_a_cramp_waits_for_nobody() -> None:
    cramp = replace(BEDTIME, id=CRAMP)
    slow = Library(FakeExercises(EXERCISES), FakePlans([cramp]), lambda: Manner(setup=2.0))
    assert slow.seconds(cramp) == Library(FakeExercises(EXERCISES), FakePlans([cramp])).seconds(cramp)


def test_a_plan_for_tonight_that_is_gone_is_replaced_and_said() -> None:
    assert library(mine=(MINE,)).tonights("mine", "bedtime") == (MINE, None)
    plan, why = library().tonights("mine", "bedtime")
    assert plan is BEDTIME and why is not None
    assert render(why) == "The plan “mine” is not there any more. “Bedtime” takes its place."
    with pytest.raises(NotFoundError) as caught:
        library().tonights("mine", "gone")
    assert "“mine”" in render(caught.value.line)


def test_the_seated_hamstring_stands_for_a_plan_that_has_it() -> None:
    seated = replace(EXERCISES["calf"], figure=COVER)
    other = replace(EXERCISES["ham"], figure="other")
    bare = replace(EXERCISES["quad"], figure=None)
    found = Library(FakeExercises({"calf": seated, "ham": other, "quad": bare}), FakePlans([]))
    assert found.cover(plan("ham", "calf")) == COVER
    assert found.cover(plan("quad", "ham")) == "other"
    assert found.cover(plan("quad")) == ""
