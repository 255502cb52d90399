"""What every voice promises, and how the real one comes through a process that dies, hangs or lies."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QProcess
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from coach.desktop.voice_process import GONE, NO_FOLDER, VoiceProcess, ask_for_voices
from coach.services.ports import Adapter, Voice
from coach.speech import protocol
from coach.speech.protocol import Ready, VoiceInfo, encode_reply
from tests.fakes import FakeVoice

SENTENCES = ["Calf stretch. Left leg.", "Hands on the wall.", "Hold.", "Half-way.", "10 seconds."]
SCRIPT = Path(__file__).with_name("scripted_worker.py")

Make = Callable[..., VoiceProcess]


def worker(fault: str, argument: str = "") -> Callable[[str, int, str], list[str]]:
    """A command for a process with this fault."""
    code = f"import runpy, sys; sys.argv[1:] = [{fault!r}, {argument!r}]; runpy.run_path({str(SCRIPT)!r}, "
    return lambda _voice, _rate, _language: [sys.executable, "-c", code + "run_name='__main__')"]


@pytest.fixture
def make_voice(tmp_path: Path, qtbot: QtBot) -> Iterator[Make]:
    """Voices that are shut down at the end; recordings are kept in `tmp_path / "voice"`."""
    made: list[VoiceProcess] = []

    def make(**options: object) -> VoiceProcess:
        folder = options.pop("folder", tmp_path / "voice")
        assert isinstance(folder, Path)
        voice = VoiceProcess(folder, **options)  # type: ignore[arg-type]
        made.append(voice)
        return voice

    yield make
    for voice in made:
        voice.shutdown()


def ready(qtbot: QtBot, voice: Voice, texts: Sequence[str]) -> None:
    qtbot.waitUntil(lambda: all(voice.clip(text) for text in texts), timeout=10_000)


def told(voice: Voice) -> list[Adapter]:
    states: list[Adapter] = []
    voice.changed.subscribe(states.append)
    return states


def process_id(voice: VoiceProcess) -> int:
    assert voice._process is not None
    return voice._process.processId()


# ---------------------------------------------------------------------- every voice


@pytest.fixture(params=["fake", "process"])
def voice(request: pytest.FixtureRequest, make_voice: Make) -> Voice:
    return FakeVoice() if request.param == "fake" else make_voice()


def test_nothing_is_there_before_it_is_asked_for(voice: Voice) -> None:
    assert voice.clip("Hold.") is None


def test_all_that_was_asked_for_is_made_in_its_order_and_told(voice: Voice, qtbot: QtBot) -> None:
    order: list[str] = []
    voice.made.subscribe(order.append)
    voice.prepare(SENTENCES)
    ready(qtbot, voice, SENTENCES)
    assert order == SENTENCES
    for text in SENTENCES:
        clip = voice.clip(text)
        assert clip is not None
        assert clip.seconds > 0.2
    assert voice.state.works


def test_blank_and_doubled_texts_do_no_harm(voice: Voice, qtbot: QtBot) -> None:
    order: list[str] = []
    voice.made.subscribe(order.append)
    voice.prepare(["", "  ", "Hold.", "Hold."])
    ready(qtbot, voice, ["Hold."])
    qtbot.waitUntil(lambda: bool(order))  # the recording is on the disk before it is told
    assert order == ["Hold."]


def test_the_next_session_may_ask_for_other_words(voice: Voice, qtbot: QtBot) -> None:
    voice.prepare(["Hold."])
    voice.prepare(["Switch."])
    ready(qtbot, voice, ["Switch."])


def test_a_voice_may_be_shut_down_at_any_time(voice: Voice) -> None:
    voice.prepare(SENTENCES)
    voice.shutdown()
    voice.shutdown()


# ---------------------------------------------------------------------- recordings


def test_building_a_voice_starts_nothing(make_voice: Make, tmp_path: Path) -> None:
    voice = make_voice()
    assert voice._process is None
    assert list(tmp_path.iterdir()) == []


def test_recordings_of_another_day_need_no_process(make_voice: Make, qtbot: QtBot) -> None:
    first = make_voice()
    first.prepare(SENTENCES)
    ready(qtbot, first, SENTENCES)
    first.shutdown()
    second = make_voice(command=worker("nobody"))
    second.prepare(SENTENCES)
    assert all(second.clip(text) for text in SENTENCES)
    assert second.state.works


def test_another_rate_or_voice_makes_other_recordings(make_voice: Make, qtbot: QtBot) -> None:
    voice = make_voice(rate=120)
    voice.prepare(["Bend the knee slowly."])
    ready(qtbot, voice, ["Bend the knee slowly."])
    slow = voice.clip("Bend the knee slowly.")
    voice.set_voice("gmw/en-gb-scotland", 200)
    voice.prepare(["Bend the knee slowly."])
    assert voice.clip("Bend the knee slowly.") is None
    ready(qtbot, voice, ["Bend the knee slowly."])
    fast = voice.clip("Bend the knee slowly.")
    assert slow is not None
    assert fast is not None
    assert fast.seconds < slow.seconds
    assert slow.path.exists()


def test_an_unknown_voice_is_said_and_the_usual_one_speaks(make_voice: Make, qtbot: QtBot) -> None:
    voice = make_voice(voice="klingon")
    voice.prepare(["Hold."])
    ready(qtbot, voice, ["Hold."])
    assert voice.state.works
    assert "“{asked}” is not here" in voice.state.what.template


@pytest.mark.parametrize("damage", [b"", b"RIFF", None])
def test_a_broken_recording_is_made_again(make_voice: Make, qtbot: QtBot, damage: bytes | None) -> None:
    voice = make_voice()
    voice.prepare(["Hold."])
    ready(qtbot, voice, ["Hold."])
    clip = voice.clip("Hold.")
    assert clip is not None
    good = clip.path.read_bytes()
    voice.shutdown()
    clip.path.write_bytes(good[: len(good) // 2] if damage is None else damage)
    again = make_voice()
    again.prepare(["Hold."])
    assert again.clip("Hold.") is None
    ready(qtbot, again, ["Hold."])
    assert clip.path.read_bytes() == good


def test_the_folder_keeps_within_its_bounds_and_keeps_what_is_used(
    make_voice: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "voice"
    folder.mkdir()
    for number in range(10):
        (folder / f"old{number}.wav").write_bytes(bytes(1000))
        os.utime(folder / f"old{number}.wav", (number, number))
    (folder / "half.part.wav").write_bytes(bytes(1000))
    voice = make_voice(idle=1, cache_bytes=3000)
    voice.prepare(SENTENCES)
    ready(qtbot, voice, SENTENCES)
    qtbot.waitUntil(lambda: not (folder / "half.part.wav").exists(), timeout=5000)
    assert sorted(path.name for path in folder.glob("old*")) == ["old7.wav", "old8.wav", "old9.wav"]
    assert all(voice.clip(text) for text in SENTENCES)


def test_a_folder_that_cannot_be_made_is_replaced_by_a_temporary_one(
    make_voice: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    voice = make_voice(folder=tmp_path / "file" / "voice")
    voice.prepare(["Hold."])
    ready(qtbot, voice, ["Hold."])
    clip = voice.clip("Hold.")
    assert clip is not None
    voice.shutdown()
    assert not clip.path.parent.exists()


def test_without_any_folder_the_user_is_told(
    make_voice: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    voice = make_voice(folder=tmp_path / "file" / "voice")
    states = told(voice)
    voice.prepare(["Hold."])
    assert states == [Adapter(False, NO_FOLDER)]


def test_a_folder_that_fills_up_is_left_for_a_temporary_one(
    make_voice: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    voice = make_voice(command=worker("unwritable", str(tmp_path)), folder=tmp_path / "voice")
    voice.prepare(["Hold."])
    ready(qtbot, voice, ["Hold."])
    assert voice.state.works


def test_when_every_folder_is_full_the_user_is_told(make_voice: Make, qtbot: QtBot) -> None:
    voice = make_voice(command=worker("unwritable", "/"))
    voice.prepare(["Hold."])
    qtbot.waitUntil(lambda: voice.state == Adapter(False, NO_FOLDER), timeout=5000)


def test_an_engine_that_was_exchanged_makes_its_own_recordings(make_voice: Make, qtbot: QtBot) -> None:
    first = make_voice()
    first.prepare(["Hold."])
    ready(qtbot, first, ["Hold."])
    old = first.clip("Hold.")
    first.shutdown()
    second = make_voice(command=worker("other"))
    second.prepare(["Hold.", "Switch."])  # the second is new, so the process is asked
    ready(qtbot, second, ["Switch."])
    ready(qtbot, second, ["Hold."])
    new = second.clip("Hold.")
    assert old is not None
    assert new is not None
    assert new.path != old.path


# ---------------------------------------------------------------------- the process


def test_the_process_ends_when_there_is_nothing_to_do_and_comes_back(make_voice: Make, qtbot: QtBot) -> None:
    voice = make_voice(idle=1)
    voice.prepare(["Hold."])
    ready(qtbot, voice, ["Hold."])
    qtbot.waitUntil(lambda: voice._process is None and not voice._leaving, timeout=5000)
    voice.prepare(["Switch."])
    ready(qtbot, voice, ["Switch."])
    assert voice.state.works


def test_a_killed_process_costs_no_sentence(make_voice: Make, qtbot: QtBot) -> None:
    voice = make_voice()
    texts = [f"This is sentence number {number}." for number in range(30)]
    voice.prepare(texts)
    ready(qtbot, voice, texts[:5])
    os.kill(process_id(voice), signal.SIGKILL)
    ready(qtbot, voice, texts)
    assert voice.state.works


def test_a_frozen_process_is_replaced_after_the_deadline(make_voice: Make, qtbot: QtBot) -> None:
    voice = make_voice(phrase_deadline=200)
    texts = [f"This is sentence number {number}." for number in range(30)]
    voice.prepare(texts)
    ready(qtbot, voice, texts[:5])
    frozen = process_id(voice)
    os.kill(frozen, signal.SIGSTOP)
    ready(qtbot, voice, texts)
    assert process_id(voice) != frozen
    with pytest.raises(ProcessLookupError):
        os.kill(frozen, 0)


def test_a_sentence_that_kills_every_process_is_left_out(make_voice: Make, qtbot: QtBot) -> None:
    voice = make_voice(command=worker("poison"))
    voice.prepare(["Hold.", "Poison.", "Switch."])
    ready(qtbot, voice, ["Hold.", "Switch."])
    assert voice.clip("Poison.") is None
    assert voice.state.works


@pytest.mark.parametrize("fault", ["crash", "garbage", "nobody", "flood", "silent"])
def test_a_voice_that_never_works_is_given_up_with_one_sentence(
    make_voice: Make, qtbot: QtBot, fault: str
) -> None:
    voice = make_voice(command=worker(fault))
    states = told(voice)
    voice.prepare(SENTENCES)
    qtbot.waitUntil(lambda: not voice.state.works, timeout=10_000)
    assert states[-1] == Adapter(False, GONE)
    assert sum(not state.works for state in states) == 1
    assert all(voice.clip(text) is None for text in SENTENCES)


def test_an_engine_that_hangs_again_and_again_loses_no_sentence(make_voice: Make, qtbot: QtBot) -> None:
    voice = make_voice(command=worker("hang"), phrase_deadline=100)
    voice.prepare(SENTENCES)
    # Every process makes one sentence and hangs at the next.
    ready(qtbot, voice, SENTENCES)
    assert voice.state.works


def test_a_missing_program_is_given_up(make_voice: Make, qtbot: QtBot) -> None:
    voice = make_voice(command=lambda *_: ["/nowhere/python"])
    voice.prepare(["Hold."])
    qtbot.waitUntil(lambda: voice.state == Adapter(False, GONE), timeout=5000)


def test_the_next_session_tries_again(make_voice: Make, qtbot: QtBot) -> None:
    commands = [worker("nobody"), protocol.worker_command]
    voice = make_voice(command=lambda *settings: commands[0](*settings))
    voice.prepare(["Hold."])
    qtbot.waitUntil(lambda: not voice.state.works, timeout=5000)
    commands.pop(0)
    voice.prepare(["Hold."])
    ready(qtbot, voice, ["Hold."])
    assert voice.state.works


def test_a_process_that_never_greets_holds_nobody_up(make_voice: Make) -> None:
    voice = make_voice(command=worker("mute"))
    voice.prepare(SENTENCES)
    assert voice.clip("Hold.") is None
    voice.shutdown()  # ends it at once
    assert voice._leaving == set()


# ---------------------------------------------------------------------- which voices there are


def asked(qtbot: QtBot, *words: str, language: str = "en") -> list[tuple[str, str]]:
    found: list[Sequence[tuple[str, str]]] = []
    ask_for_voices(found.append, language=language, command=lambda _voice, _rate, _language: list(words))
    qtbot.waitUntil(lambda: bool(found), timeout=5000)
    assert len(found) == 1
    return list(found[0])


def test_the_voices_of_the_users_language_come_first(qtbot: QtBot) -> None:
    voices = tuple(VoiceInfo(f"gmw/{tag}", tag.upper(), tag) for tag in ("de", "en-GB", "nl", "en-US"))
    greeting = encode_reply(Ready("espeak", "gmw/en-GB", True, voices))
    program = f"import sys; sys.stdin.read(); print('noise'); sys.stdout.write({greeting!r})"
    found = asked(qtbot, sys.executable, "-c", program)
    assert [name for name, _words in found] == ["gmw/en-GB", "gmw/en-US", "gmw/de", "gmw/nl"]
    assert found[0][1] == "EN-GB (en-GB)"


@pytest.mark.parametrize("words", [("/no/such/program",), (sys.executable, "-c", "raise SystemExit(3)")])
def test_a_computer_without_voices_has_none_to_choose_from(qtbot: QtBot, words: tuple[str, ...]) -> None:
    assert asked(qtbot, *words) == []


@pytest.mark.qt_log_ignore("QProcess: Destroyed while process")
def test_who_leaves_before_the_voices_are_known_is_not_answered(qtbot: QtBot) -> None:
    window = QObject()
    found: list[Sequence[tuple[str, str]]] = []
    slow = [sys.executable, "-c", "import select; select.select([], [], [], 60)"]
    ask_for_voices(found.append, command=lambda _voice, _rate, _language: slow, parent=window)
    process = window.findChild(QProcess)
    assert process is not None
    qtbot.waitUntil(lambda: process.state() is QProcess.ProcessState.Running, timeout=5000)
    delete(window)  # Qt ends the process with it, and tells that it finished
    assert found == []
