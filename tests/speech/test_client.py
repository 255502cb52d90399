"""`coach say` and `coach voices`: one short process each, and a clear sentence when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.i18n import render
from coach.speech.client import SpeechError, find_voice, list_voices, render_once
from coach.speech.engines import wav_seconds


def sentence(error: pytest.ExceptionInfo[SpeechError]) -> str:
    return render(error.value.line)


def test_the_user_gets_a_recording_where_they_asked_for_it(tmp_path: Path) -> None:
    seconds = render_once("Good evening.", tmp_path / "hello", language="en-us")
    assert [path.name for path in tmp_path.iterdir()] == ["hello"]
    assert wav_seconds(tmp_path / "hello") == pytest.approx(seconds)


def test_the_user_may_name_a_voice_as_they_like() -> None:
    ready = list_voices()
    assert len(ready.voices) > 50
    for wanted in ("gmw/de", "German", "de", "GERMAN"):
        voice = find_voice(ready.voices, wanted)
        assert voice is not None
        assert voice.id == "gmw/de"
    assert find_voice(ready.voices, "Klingonish") is None


def test_an_unknown_voice_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(SpeechError) as error:
        render_once("Hello.", tmp_path / "a.wav", "nobody")
    assert "no voice “nobody”" in sentence(error)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpeechError) as error:
        render_once("Hello.", tmp_path / "file" / "a.wav")
    assert str(tmp_path / "file" / "a.wav") in sentence(error)
    assert "another place" in sentence(error)


@pytest.mark.parametrize(("text", "part"), [("  ", "nothing to say"), ("a" * 1001, "too long")])
def test_text_that_cannot_be_said_is_refused(text: str, part: str, tmp_path: Path) -> None:
    with pytest.raises(SpeechError) as error:
        render_once(text, tmp_path / "a.wav")
    assert part in sentence(error)


def test_without_an_engine_the_user_learns_what_to_install() -> None:
    with pytest.raises(SpeechError) as error:
        list_voices(engine="none")
    assert "Install" in sentence(error)


def test_a_voice_that_does_not_answer_is_not_waited_for() -> None:
    with pytest.raises(SpeechError) as error:
        list_voices(timeout=0.001)
    assert "did not answer" in sentence(error)
