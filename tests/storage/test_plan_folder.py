"""Plans are kept in the user's folder: words of a hand-written file stay, older versions are backed up."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain.exercise import Cues, Exercise, Kind, Posture, Side
from coach.domain.plan import Extra, Plan, Step
from coach.i18n import render
from coach.services.ports import StoreError
from coach.storage import plan_saving
from coach.storage.plan_folder import PlanFiles
from coach.storage.plan_toml import load
from tests.storage.plan_samples import EXERCISES, HEAD, OWN, OWN_STEP, STEP, Known, png, written

HAND_WRITTEN = """\
# My evening.
format = 1
name = "Mine"   # for now
rest = 10

# First the calf.
[[steps]]
exercise = "calf_wall"
seconds = 45  # the doctor said so

# Then the back of the thigh,
# slowly.
[[steps]]
exercise = "ham_floor"
posture = "bed"
extra = { side = "left", seconds = 10 } # the bad one

# and once more
[[steps]]
exercise = "calf_wall"
rounds = 2
# the end
"""


def files(folder: Path) -> PlanFiles:
    (folder / "shipped").mkdir(parents=True, exist_ok=True)
    return PlanFiles(folder / "shipped", folder / "own", Known())


def kept(folder: Path) -> list[str]:
    """Every file below the user's folder."""
    own = folder / "own"
    return sorted(path.relative_to(own).as_posix() for path in own.rglob("*") if path.is_file())


def text_of(folder: Path, name: str = "mine.toml") -> str:
    return (folder / "own" / name).read_text("utf-8")


def hand_written(folder: Path) -> tuple[PlanFiles, Plan]:
    written(folder / "own" / "mine.toml", HAND_WRITTEN)
    source = files(folder)
    return source, source.mine()[0][0]


def test_the_plans_of_the_user_are_read_and_the_broken_ones_are_named(tmp_path: Path) -> None:
    source = PlanFiles(tmp_path / "shipped", tmp_path / "own", Known())
    assert source.mine() == ([], [])
    (tmp_path / "own").mkdir()
    good = written(tmp_path / "own" / "a.toml", HEAD + STEP)
    broken = written(tmp_path / "own" / "b.toml", HEAD)
    twin = written(tmp_path / "own" / "c.stretchplan.toml", 'id = "a"\n' + HEAD + STEP)
    written(tmp_path / "own" / "notes.txt", "not a plan")
    plans, problems = source.mine()
    assert [plan.id for plan in plans] == ["a"]
    assert source.load(good) == plans[0]
    assert [(one.path, render(one.text)) for one in problems] == [
        (broken, "“steps” is missing."),
        (twin, "The id “a” is taken by “a.toml”. Give this plan another one."),
    ]


def test_a_plans_folder_that_is_none_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    plans, problems = PlanFiles(tmp_path, written(tmp_path / "mine.toml", "x"), Known()).mine()
    assert plans == []
    assert render(problems[0].text).startswith("“mine.toml” cannot be read: ")


def test_a_broken_shipped_plan_is_left_out_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    written(tmp_path / "good.toml", HEAD + STEP)
    written(tmp_path / "wrong.toml", HEAD)
    with caplog.at_level("CRITICAL", logger="coach.storage.plan_folder"):
        plans = PlanFiles(tmp_path, tmp_path / "own", Known()).shipped()
    assert [plan.id for plan in plans] == ["good"]


def test_a_file_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    assert source.mine()[0][0] is plan
    written(tmp_path / "own" / "mine.toml", HAND_WRITTEN.replace("45", "50"))
    assert source.mine()[0][0].steps[0].seconds == 50


def test_a_picture_that_broke_is_noticed(tmp_path: Path) -> None:
    written(tmp_path / "own" / "a.png", png())
    written(tmp_path / "own" / "a.toml", HEAD + OWN_STEP + OWN + 'picture = "a.png"\n')
    source = files(tmp_path)
    assert len(source.mine()[0]) == 1
    written(tmp_path / "own" / "a.png", png()[:-1])
    plans, problems = source.mine()
    assert plans == [] and "not a whole picture" in render(problems[0].text)


# -------------------------------------------------------------------- saving


def test_a_new_plan_becomes_a_file_that_says_the_same(tmp_path: Path) -> None:
    source = files(tmp_path)
    plan = Plan(
        "late-night",
        'Late "night" \\ walk',
        (
            Step("calf_wall", 45, note="Heel down."),
            Step("ham_floor", None, True, (Side.RIGHT,), 3, 5, Extra(Side.RIGHT, 10), Posture.BED),
            Step("towel"),
        ),
        "For long days.",
        20,
        (
            Exercise(
                "towel",
                "Towel pull",
                "Towel pull",
                Kind.MOBILITY,
                (Posture.BED,),
                True,
                20,
                40,
                Cues(("Towel round the {side} foot.",), ("Pull.",), "Let go."),
                stop=("a sharp pain",),
                own=True,
            ),
        ),
    )
    source.save(plan)
    assert kept(tmp_path) == ["late-night.stretchplan.toml"]
    (again,) = files(tmp_path).mine()[0]
    assert plan_saving.canonical(again) == plan_saving.canonical(plan)


def test_saving_without_a_change_keeps_every_byte(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    source.save(plan)
    assert text_of(tmp_path) == HAND_WRITTEN


def test_a_changed_value_is_changed_in_its_line_and_comments_stay(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    steps = (replace(plan.steps[0], seconds=50, rounds=3), *plan.steps[1:])
    source.save(replace(plan, name="Evening", steps=steps))
    expected = (
        HAND_WRITTEN.replace('"Mine"', '"Evening"')
        .replace("= 45 ", "= 50 ")
        .replace("said so\n", "said so\nrounds = 3\n")
    )
    assert text_of(tmp_path) == expected


def test_a_value_that_goes_back_to_its_default_is_taken_out(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    steps = (plan.steps[0], replace(plan.steps[1], extra=None), plan.steps[2])
    source.save(replace(plan, steps=steps, rest=0))
    text = text_of(tmp_path)
    assert "extra" not in text and "rest" not in text and "# First the calf." in text


def test_a_moved_step_takes_its_comments_along(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    source.save(replace(plan, steps=(plan.steps[1], plan.steps[2], plan.steps[0])))
    text = text_of(tmp_path)
    order = [
        "# My evening.",
        "# Then the back",
        "# the bad one",
        "# and once more",
        "# First the calf.",
        "doctor",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert files(tmp_path).mine()[0][0].steps == (plan.steps[1], plan.steps[2], plan.steps[0])


def test_a_step_can_go_and_another_come(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    shorter = replace(plan, steps=(plan.steps[0], plan.steps[2]))
    source.save(shorter)
    assert "# First the calf." in text_of(tmp_path) and "slowly" not in text_of(tmp_path)
    source.save(replace(shorter, steps=(*shorter.steps, Step("ham_floor", 60))))
    text = text_of(tmp_path)
    assert text.endswith('# the end\n\n[[steps]]\nexercise = "ham_floor"\nseconds = 60\n')


def test_line_ends_of_windows_stay(tmp_path: Path) -> None:
    written(tmp_path / "own" / "mine.toml", HAND_WRITTEN.replace("\n", "\r\n"))
    source = files(tmp_path)
    plan = source.mine()[0][0]
    source.save(replace(plan, steps=(*plan.steps, Step("calf_wall"))))
    data = (tmp_path / "own" / "mine.toml").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") and b"# slowly." in data


@pytest.mark.parametrize(
    "text",
    [
        HEAD + 'steps = [{ exercise = "calf_wall" }, { exercise = "ham_floor" }]\n',
        HEAD + STEP + "[steps.extra]\nside = 'left'\nseconds = 5\n\n[[steps]]\nexercise = 'ham_floor'\n",
        HEAD + STEP + '"rounds" = 2\n' + '[["steps"]]\n"exercise" = "ham_floor"\n',
        OWN.replace("[[exercises]]", HEAD + "[[exercises]]") + STEP + "[[steps]]\nexercise = 'ham_floor'\n",
        "steps = [{ exercise = 'calf_wall' }, { exercise = 'ham_floor' }]\n" + HEAD,
    ],
)
def test_however_a_file_is_written_what_is_saved_is_what_is_read(tmp_path: Path, text: str) -> None:
    written(tmp_path / "own" / "mine.toml", text)
    source = files(tmp_path)
    plan = source.mine()[0][0]
    changed = replace(
        plan,
        name="Other",
        steps=(replace(plan.steps[1], seconds=55), replace(plan.steps[0], rounds=4, extra=None)),
    )
    source.save(changed)
    assert files(tmp_path).mine()[0][0] == changed


def test_a_changed_shipped_plan_is_the_users_own_under_its_id(tmp_path: Path) -> None:
    written(tmp_path / "shipped" / "bedtime.toml", HEAD + "# calm\n" + STEP)
    source = files(tmp_path)
    plan = source.shipped()[0]
    source.save(replace(plan, name="Later"))
    assert kept(tmp_path) == ["bedtime.stretchplan.toml"]
    assert "# calm" in text_of(tmp_path, "bedtime.stretchplan.toml")
    assert (tmp_path / "shipped" / "bedtime.toml").read_text() == HEAD + "# calm\n" + STEP


def test_the_version_before_is_backed_up_and_the_last_twenty_stay(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    for seconds in range(60, 85):
        source.save(replace(plan, steps=(Step("calf_wall", seconds),)))
    backups = [name for name in kept(tmp_path) if name.startswith("backups/")]
    assert len(backups) == 20
    assert backups[-1] == "backups/000025-mine.stretchplan.toml"
    assert "seconds = 83" in (tmp_path / "own" / backups[-1]).read_text()


def test_a_plan_is_never_written_over_a_file_of_another(tmp_path: Path) -> None:
    broken = written(tmp_path / "own" / "legs.stretchplan.toml", "this is no plan")
    source = files(tmp_path)
    source.save(Plan("legs", "Legs", (Step("calf_wall"),)))
    assert broken.read_text() == "this is no plan"
    assert [plan.id for plan in source.mine()[0]] == ["legs"]
    assert kept(tmp_path) == ["legs-2.stretchplan.toml", "legs.stretchplan.toml"]


def test_a_plan_that_cannot_be_read_back_is_not_saved(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    with pytest.raises(StoreError) as caught:
        source.save(replace(plan, name="x" * 81))
    assert "cannot be saved" in render(caught.value.line) and "81 characters" in render(caught.value.line)
    assert kept(tmp_path) == ["mine.toml"] and text_of(tmp_path) == HAND_WRITTEN


@pytest.mark.parametrize("name", ["con", "NUL", "com1.x"])
def test_no_file_gets_a_name_that_windows_keeps_for_itself(tmp_path: Path, name: str) -> None:
    source = files(tmp_path)
    source.save(Plan(name, "Console", (Step("calf_wall"),)))
    assert kept(tmp_path) == [f"plan-{name}.stretchplan.toml"]
    assert source.mine()[0][0].id == name


def test_a_full_or_closed_folder_is_a_sentence(tmp_path: Path) -> None:
    written(tmp_path / "own", "a file where the folder should be")
    with pytest.raises(StoreError) as caught:
        files(tmp_path).save(Plan("legs", "Legs", (Step("calf_wall"),)))
    assert "cannot be saved" in render(caught.value.line)


# -------------------------------------------------------------------- outside stays outside


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    elsewhere = written(tmp_path / "elsewhere.toml", HAND_WRITTEN)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.toml").symlink_to(elsewhere)
    source = files(tmp_path)
    source.save(replace(source.mine()[0][0], name="Changed"))
    assert elsewhere.read_text() == HAND_WRITTEN
    assert not (tmp_path / "own" / "mine.toml").is_symlink() and "Changed" in text_of(tmp_path)


def test_backups_are_not_written_through_a_link(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "own" / "backups").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError) as caught:
        source.save(replace(plan, name="Changed"))
    assert "is a link" in render(caught.value.line)
    assert list((tmp_path / "elsewhere").iterdir()) == [] and text_of(tmp_path) == HAND_WRITTEN


# -------------------------------------------------------------------- removing and bringing back


def test_a_removed_plan_is_in_the_backups_and_can_come_back(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    source.remove("mine")
    source.remove("mine")
    assert source.mine()[0] == [] and kept(tmp_path) == ["backups/000001-mine.stretchplan.toml"]
    assert source.bring_back("mine") == plan
    assert text_of(tmp_path, "mine.stretchplan.toml") == HAND_WRITTEN
    assert source.bring_back("nothing") is None


def test_a_removed_plan_takes_its_pictures_along_and_back(tmp_path: Path) -> None:
    for name in ("a.png", "shared.png"):
        written(tmp_path / "own" / name, png(extra=name.encode()))
    with_both = OWN + 'picture = "a.png"\n' + OWN.replace("towel", "other") + 'picture = "shared.png"\n'
    written(tmp_path / "own" / "a.toml", HEAD + OWN_STEP + with_both)
    written(tmp_path / "own" / "b.toml", HEAD + OWN_STEP + OWN + 'picture = "shared.png"\n')
    source = files(tmp_path)
    source.remove("a")
    assert kept(tmp_path) == ["b.toml", "backups/000001-a.zip", "shared.png"]
    plan = source.bring_back("a")
    assert plan is not None and [one.picture for one in plan.exercises] == ["a.png", "shared.png"]
    assert kept(tmp_path)[:2] == ["a.png", "a.stretchplan.toml"]
    assert source.picture(plan, plan.exercises[0]) == tmp_path / "own" / "a.png"


# -------------------------------------------------------------------- bringing in and handing out


def incoming(folder: Path, picture: bytes, name: str = "in") -> Path:
    written(folder / name / "a.png", picture)
    return written(folder / name / "in.toml", HEAD + "# by hand\n" + OWN_STEP + OWN + 'picture = "a.png"\n')


def test_a_file_from_elsewhere_comes_in_as_it_was_written(tmp_path: Path) -> None:
    source = files(tmp_path)
    path = incoming(tmp_path, png())
    plan = source.bring_in(source.preview(path))
    assert kept(tmp_path) == ["a.png", "in.stretchplan.toml"]
    assert text_of(tmp_path, "in.stretchplan.toml") == path.read_text()
    assert source.mine()[0] == [plan]


def test_a_picture_of_the_same_name_is_never_written_over(tmp_path: Path) -> None:
    first, second = png(extra=b"first"), png(extra=b"second")
    source = files(tmp_path)
    source.bring_in(source.preview(incoming(tmp_path, first)))
    again = source.preview(incoming(tmp_path, second, "other"))
    plan = source.bring_in(replace(again, plan=replace(again.plan, id="other")))
    assert plan.exercises[0].picture == "a-2.png"
    assert (tmp_path / "own" / "a.png").read_bytes() == first
    assert (tmp_path / "own" / "a-2.png").read_bytes() == second
    assert "# by hand" in text_of(tmp_path, "other.stretchplan.toml")


def test_what_is_replaced_is_backed_up_with_its_pictures(tmp_path: Path) -> None:
    source = files(tmp_path)
    source.bring_in(source.preview(incoming(tmp_path, png(extra=b"first"))))
    source.bring_in(source.preview(incoming(tmp_path, png(extra=b"second"))))
    assert kept(tmp_path) == ["a-2.png", "backups/000001-in.zip", "in.stretchplan.toml"]
    with zipfile.ZipFile(tmp_path / "own" / "backups" / "000001-in.zip") as archive:
        assert archive.read("a.png") == png(extra=b"first")


def test_a_plan_that_cannot_be_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    source = files(tmp_path)
    preview = source.preview(incoming(tmp_path, png()))
    with pytest.raises(StoreError):
        source.bring_in(replace(preview, plan=replace(preview.plan, name="")))
    assert kept(tmp_path) == []


def test_a_plan_handed_out_is_one_file_that_comes_in_again(tmp_path: Path) -> None:
    source, plan = hand_written(tmp_path)
    path = source.export(plan, tmp_path / "for-you")
    assert path == tmp_path / "for-you.stretchplan.toml"
    assert load(path, EXERCISES) == plan and "# slowly." in path.read_text()
    other = files(tmp_path / "another")
    assert other.bring_in(other.preview(path)) == plan


def test_a_plan_with_pictures_is_handed_out_as_a_zip_whatever_its_name(tmp_path: Path) -> None:
    source = files(tmp_path)
    plan = source.bring_in(source.preview(incoming(tmp_path, png())))
    (tmp_path / "out").mkdir()
    assert source.export(plan, tmp_path / "out") == tmp_path / "out" / "in.zip"
    assert source.export(plan, tmp_path / "out" / "b.toml") == tmp_path / "out" / "b.zip"
    with zipfile.ZipFile(tmp_path / "out" / "in.zip") as archive:
        assert archive.namelist() == ["in.stretchplan.toml", "a.png"]
    other = files(tmp_path / "another")
    assert other.bring_in(other.preview(tmp_path / "out" / "b.zip")) == plan


def test_a_shipped_plan_can_be_handed_out_too(tmp_path: Path) -> None:
    written(tmp_path / "shipped" / "bedtime.toml", HEAD + STEP)
    source = files(tmp_path)
    path = source.export(source.shipped()[0], tmp_path / "b.toml")
    assert load(path, EXERCISES).id == "bedtime"


def test_a_picture_that_is_gone_or_became_a_link_is_not_shown(tmp_path: Path) -> None:
    source = files(tmp_path)
    plan = source.bring_in(source.preview(incoming(tmp_path, png())))
    own = plan.exercises[0]
    place = tmp_path / "own" / "a.png"
    assert source.picture(plan, own) == place
    assert source.picture(plan, EXERCISES["calf_wall"]) is None
    place.unlink()
    assert source.picture(plan, own) is None
    place.symlink_to(tmp_path / "in" / "a.png")
    assert source.picture(plan, own) is None


# -------------------------------------------------------------------- whatever is changed


texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
steps = st.builds(
    Step,
    exercise=st.sampled_from(sorted(EXERCISES)),
    seconds=st.none() | st.integers(5, 1800),
    sides=st.sampled_from([(Side.LEFT, Side.RIGHT), (Side.LEFT,), (Side.RIGHT,)]),
    rounds=st.integers(1, 3),
    rest=st.integers(0, 3),
    extra=st.none() | st.builds(Extra, st.sampled_from(Side), st.integers(0, 60)),
    note=st.just("") | texts,
)
plans = st.builds(
    Plan,
    id=st.just("mine"),
    name=texts,
    steps=st.lists(steps, min_size=1, max_size=5).map(tuple),
    description=st.just("") | texts,
    rest=st.integers(0, 3),
)


@settings(deadline=None, max_examples=60)
@given(before=plans, after=plans, order=st.randoms(use_true_random=False))
def test_whatever_is_changed_what_is_saved_is_what_is_read(
    before: Plan, after: Plan, order: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("plans")
    source = files(folder)
    source.save(before)
    mixed = [*before.steps, *after.steps]
    order.shuffle(mixed)  # type: ignore[attr-defined]
    changed = replace(after, steps=tuple(mixed))
    source.save(changed)
    assert files(folder).mine()[0] == [changed]
    assert kept(folder) == ["backups/000001-mine.stretchplan.toml", "mine.stretchplan.toml"]
