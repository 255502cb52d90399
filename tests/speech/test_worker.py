"""The speech process, started for real with the engine that ships with the app."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path

import pytest

from coach.speech import protocol
from coach.speech.engines import EngineError, open_engine, pick_voice, wav_seconds
from coach.speech.protocol import Failed, Made, NoEngine, Ready, Reply, Request, VoiceInfo


def converse(lines: list[str], *, voice: str = "", rate: int = 140, engine: str = "") -> list[Reply]:
    """Everything the process answers to these lines; it must end by itself when they end."""
    done = subprocess.run(
        protocol.worker_command(voice, rate, "en-us", engine),
        cwd=protocol.worker_folder(),
        input="".join(lines),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode in (0, protocol.NO_ENGINE_EXIT), done.stderr
    return [protocol.decode_reply(line) for line in done.stdout.splitlines()]


def ask(number: int, text: str, path: Path) -> str:
    return protocol.encode_request(Request(number, text, str(path)))


def test_every_sentence_becomes_a_file_and_nothing_else_is_said(tmp_path: Path) -> None:
    lines = [ask(i, f"Sentence {i}. Breathe out.", tmp_path / f"{i}.wav") for i in range(12)]
    ready, *made = converse(lines)
    assert isinstance(ready, Ready)
    assert ready.voice == "gmw/en-us"
    for number, reply in enumerate(made):
        assert isinstance(reply, Made)
        assert reply.id == number
        seconds = wav_seconds(tmp_path / f"{number}.wav")
        assert seconds is not None
        assert math.isclose(seconds, reply.seconds, abs_tol=1e-6)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{i}.wav" for i in range(12))


def test_a_faster_voice_takes_less_time(tmp_path: Path) -> None:
    text = "Bend the right knee slowly until you feel a mild pull."
    lengths = []
    for rate in (120, 200):
        reply = converse([ask(1, text, tmp_path / f"{rate}.wav")], rate=rate)[1]
        assert isinstance(reply, Made)
        lengths.append(reply.seconds)
    assert lengths[1] < 0.75 * lengths[0]


def test_lines_that_are_no_requests_are_answered_and_the_next_one_is_served(tmp_path: Path) -> None:
    _ready, *replies = converse(["garbage\n", "{}\n", "\n", ask(4, "Still here.", tmp_path / "a.wav")])
    assert [reply.reason for reply in replies if isinstance(reply, Failed)] == ["line"] * 3
    assert isinstance(replies[-1], Made)


def test_a_place_that_cannot_be_written_is_reported_as_that(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    _ready, failed, made = converse(
        [ask(1, "Nowhere to go.", tmp_path / "file" / "a.wav"), ask(2, "Here.", tmp_path / "b.wav")]
    )
    assert isinstance(failed, Failed)
    assert failed.reason == "path"
    assert isinstance(made, Made)


def test_an_unknown_voice_id_is_not_swallowed() -> None:
    (ready,) = converse([], voice="gmw/klingon")
    assert isinstance(ready, Ready)
    assert not ready.found
    assert ready.voice == "gmw/en-us"


def test_a_known_voice_id_is_taken() -> None:
    (ready,) = converse([], voice="gmw/en-gb-scotland")
    assert isinstance(ready, Ready)
    assert ready.found
    assert ready.voice == "gmw/en-gb-scotland"


def test_without_an_engine_the_process_says_so_and_ends() -> None:
    (reply,) = converse([], engine="none")
    assert isinstance(reply, NoEngine)
    assert "none" in reply.detail


def test_an_engine_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(EngineError, match="no such engine"):
        open_engine("music", "", 140, "en")


VOICES = [
    VoiceInfo("a/de", "German", "de"),
    VoiceInfo("a/en-gb", "British", "en-gb"),
    VoiceInfo("a/en-us", "American", "en-us"),
    VoiceInfo("a/pt-br", "Brazilian", "pt-br"),
]


@pytest.mark.parametrize(
    ("language", "usual", "voice"),
    [
        ("en-us", "a/de", "a/en-us"),
        ("en-au", "a/en-us", "a/en-us"),  # the family's usual voice
        ("en", "a/de", "a/en-gb"),
        ("pt", "a/de", "a/pt-br"),
        ("fi", "a/de", "a/en-gb"),  # no Finnish here: English
    ],
)
def test_the_voice_fits_the_language(language: str, usual: str, voice: str) -> None:
    assert pick_voice(VOICES, language, usual) == voice


def test_a_file_that_is_no_recording_has_no_length(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    assert wav_seconds(path) is None
    path.write_bytes(b"")
    assert wav_seconds(path) is None
    path.write_bytes(b"FORM????AIFF")
    assert wav_seconds(path) is None
