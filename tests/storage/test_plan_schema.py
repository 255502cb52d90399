"""The published schema and the loader agree: what ships passes both, what is broken passes neither."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from coach.paths import assets_dir
from coach.services.ports import PlanFileError
from coach.storage.plan_toml import load
from tests.storage.plan_samples import EXERCISES, HEAD, OWN, OWN_STEP, STEP, png, written

SCHEMA = json.loads((assets_dir() / "plan.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SHIPPED = sorted((assets_dir() / "plans").glob("*.toml"))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SHIPPED


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
def test_every_shipped_plan_fits_the_schema(path: Path) -> None:
    VALIDATOR.validate(tomllib.loads(path.read_text("utf-8")))


FULL_STEP = (
    'sides = "left"\nrounds = 10\nrest = 120\nextra = { side = "right", seconds = 0 }\nposture = "standing"\n'
    'note = "Slowly."\n'
)
GOOD = {
    "the least": HEAD + STEP,
    "everything": HEAD
    + 'id = "a.b-c_1"\ndescription = "For long days."\nrest = 120\n'
    + STEP
    + "seconds = 1800\n"
    + FULL_STEP
    + STEP
    + "wait = true\n"
    + OWN_STEP
    + OWN
    + 'kind = "massage"\npostures = ["bed"]\nsides = true\nseconds = 5\nstop = ["pain"]\n'
    + 'picture = "a b.JPEG.png"\n',
    "cues in a table": HEAD
    + STEP
    + OWN.replace('["Sit tall."]', '{ setup = ["Sit."], hold = ["Stay."], release = "Up." }'),
    "wait may be false": HEAD + STEP + "wait = false\nseconds = 30\n",
    "a side in the cues": HEAD + STEP + OWN.replace("Sit tall", "Bend the {side} knee") + "sides = true\n",
}
BROKEN = {
    "nothing": "",
    "no steps": HEAD,
    "empty steps": HEAD + "steps = []\n",
    "steps as a number": HEAD + "steps = 3\n",
    "a step as text": HEAD + 'steps = ["calf_wall"]\n',
    "another format": HEAD.replace("1", "2") + STEP,
    "the format as text": HEAD.replace("1", '"1"') + STEP,
    "an empty name": HEAD.replace("Mine", "") + STEP,
    "a blank name": HEAD.replace("Mine", " ") + STEP,
    "a long name": HEAD.replace("Mine", "x" * 81) + STEP,
    "a name with a mark that reorders": HEAD.replace("Mine", "a\\u202eb") + STEP,
    "an id with a slash": HEAD + 'id = "a/b"\n' + STEP,
    "an id with two dots first": HEAD + 'id = "..a"\n' + STEP,
    "a long description": HEAD + f'description = "{"x" * 501}"\n' + STEP,
    "too long a rest": HEAD + "rest = 121\n" + STEP,
    "another key": HEAD + 'colour = "red"\n' + STEP,
    "a step without an exercise": HEAD + "[[steps]]\nseconds = 30\n",
    "a step with another key": HEAD + STEP + "secnds = 30\n",
    "too few seconds": HEAD + STEP + "seconds = 4\n",
    "too many seconds": HEAD + STEP + "seconds = 1801\n",
    "half a second": HEAD + STEP + "seconds = 30.5\n",
    "seconds as text": HEAD + STEP + 'seconds = "forty"\n',
    "seconds that are true": HEAD + STEP + "seconds = true\n",
    "seconds and wait": HEAD + STEP + "seconds = 30\nwait = true\n",
    "wait as a number": HEAD + STEP + "wait = 1\n",
    "another side": HEAD + STEP + 'sides = "lft"\n',
    "no rounds": HEAD + STEP + "rounds = 0\n",
    "too many rounds": HEAD + STEP + "rounds = 11\n",
    "a rest below nothing": HEAD + STEP + "rest = -1\n",
    "extra without seconds": HEAD + STEP + 'extra = { side = "left" }\n',
    "extra for both": HEAD + STEP + 'extra = { side = "both", seconds = 5 }\n',
    "too much extra": HEAD + STEP + 'extra = { side = "left", seconds = 1801 }\n',
    "another position": HEAD + STEP + 'posture = "kneeling"\n',
    "a long note": HEAD + STEP + f'note = "{"x" * 501}"\n',
    "1,001 steps": HEAD + STEP * 1001,
    "an exercise without cues": HEAD + STEP + OWN.replace('cues = ["Sit tall."]\n', ""),
    "an exercise without a name": HEAD + STEP + OWN.replace('name = "Towel pull"\n', ""),
    "an exercise's id with a dot": HEAD + STEP + OWN.replace('"towel"', '"to.wel"'),
    "another kind": HEAD + STEP + OWN + 'kind = "yoga"\n',
    "a position twice": HEAD + STEP + OWN + 'postures = ["bed", "bed"]\n',
    "thirteen cues": HEAD + STEP + OWN.replace('["Sit tall."]', str(["Sit."] * 13).replace("'", '"')),
    "a long cue": HEAD + STEP + OWN.replace("Sit tall.", "x" * 201),
    "an empty cue": HEAD + STEP + OWN.replace("Sit tall.", ""),
    "braces in a cue": HEAD + STEP + OWN.replace("Sit tall.", "{side:>9}"),
    "braces in a stop sign": HEAD + STEP + OWN + 'stop = ["{side}"]\n',
    "a picture in a folder": HEAD + STEP + OWN + 'picture = "b/a.png"\n',
    "a picture of another kind": HEAD + STEP + OWN + 'picture = "a.gif"\n',
    "101 exercises": HEAD + STEP + "".join(OWN.replace("towel", f"t{n}") for n in range(101)),
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_the_loader_takes_fits_the_schema(text: str, tmp_path: Path) -> None:
    written(tmp_path / "a b.JPEG.png", png())
    load(written(tmp_path / "a.toml", text), EXERCISES)
    VALIDATOR.validate(tomllib.loads(text))


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_refused_by_both(text: str, tmp_path: Path) -> None:
    with pytest.raises(PlanFileError):
        load(written(tmp_path / "a.toml", text), EXERCISES)
    assert not VALIDATOR.is_valid(tomllib.loads(text))
