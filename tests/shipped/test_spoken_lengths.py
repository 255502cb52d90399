"""Every sentence of every shipped plan and exercise, really spoken, fits into the time reserved for it.

It leaves out how the sentences are spread (see domain.cues); it needs the engine that ships with the app.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from coach.domain import timeline as timeline_rules
from coach.domain.cues import spoken_seconds, unfitting
from coach.domain.plan import Plan, Step
from coach.domain.settings import DEFAULT_RATE, FASTEST_RATE, SLOWEST_RATE
from coach.domain.timeline import Timeline
from coach.paths import assets_dir
from coach.services.player import sentences
from coach.speech import protocol
from coach.speech.protocol import Made, Request
from coach.storage.exercise_toml import ExerciseFiles
from coach.storage.plan_folder import PlanFiles

EXERCISES = ExerciseFiles(assets_dir() / "exercises")
PLANS = PlanFiles(assets_dir() / "plans", Path("nowhere"), EXERCISES).shipped()


# Every exercise after another one, so that “Next” and “Done” are said of it too.
EACH = Plan("each", "Each", tuple(Step(name) for name in EXERCISES.exercises()))


def laid_out(plan: Plan) -> Timeline:
    return timeline_rules.build(plan, EXERCISES.exercises())


def spoken(texts: list[str], rate: int, language: str, folder: Path) -> dict[str, float]:
    """How long each text really takes, in seconds."""
    requests = [
        protocol.encode_request(Request(number, text, str(folder / f"{number}.wav")))
        for number, text in enumerate(texts)
    ]
    done = subprocess.run(
        protocol.worker_command("", rate, language, "embedded"),
        cwd=protocol.worker_folder(),
        input="".join(requests),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    replies = [protocol.decode_reply(line) for line in done.stdout.splitlines()]
    return {texts[reply.id]: reply.seconds for reply in replies if isinstance(reply, Made)}


def test_there_are_plans_to_look_at() -> None:
    assert {plan.id for plan in PLANS} >= {"five-stretches", "bedtime"}


@pytest.mark.parametrize("language", ["en", "en-us"])
@pytest.mark.parametrize("rate", [SLOWEST_RATE, DEFAULT_RATE, FASTEST_RATE])
def test_no_sentence_takes_longer_than_estimated(rate: int, language: str, tmp_path: Path) -> None:
    texts = list(dict.fromkeys(text for plan in (*PLANS, EACH) for text in sentences(laid_out(plan))))
    real = spoken(texts, rate, language, tmp_path)
    assert set(real) == set(texts)
    too_long = [
        f"{seconds:.2f} s instead of {spoken_seconds(text, rate):.2f} s: {text}"
        for text, seconds in real.items()
        if seconds > spoken_seconds(text, rate)
    ]
    assert too_long == []


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.id)
@pytest.mark.parametrize("rate", [SLOWEST_RATE, DEFAULT_RATE, FASTEST_RATE])
def test_no_sentence_runs_into_the_next_one(plan: Plan, rate: int) -> None:
    assert [(segment.index, cue.line.template) for segment, cue in unfitting(laid_out(plan), rate)] == []
