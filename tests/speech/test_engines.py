"""The traps of pyttsx3, set on purpose by an engine that goes wrong as it does."""

from __future__ import annotations

import struct
import wave
from dataclasses import dataclass
from pathlib import Path

import pytest

from coach.speech.engines import EngineError, PathError, SpeechEngine, aiff_to_wav, wav_seconds


@dataclass(frozen=True)
class Offered:
    id: str
    name: str
    languages: tuple[str, ...]


class Proxy:
    def __init__(self) -> None:
        self.busy = True

    def setBusy(self, busy: bool) -> None:
        self.busy = busy


class FaultyEngine:
    """Like pyttsx3: properties wait while it is busy, and a recording comes out as long as `lengths` say."""

    def __init__(self, *lengths: float | None) -> None:
        self.proxy = Proxy()
        self.lengths = list(lengths)
        self.set: list[tuple[str, object]] = []
        self._waiting = ("", "")

    def getProperty(self, name: str) -> object:
        voices = [Offered("gmw/en", "English", ("en_GB",)), Offered("gmw/de", "German", ("de",))]
        return {"voices": voices, "voice": "gmw/en"}[name]

    def setProperty(self, name: str, value: object) -> None:
        assert not self.proxy.busy, "the property would wait in the queue"
        self.set.append((name, value))

    def save_to_file(self, text: str, path: str) -> None:
        assert self.proxy.busy, "a Windows voice would end its loop before it begins"
        self._waiting = (text, path)

    def runAndWait(self) -> None:
        length = self.lengths.pop(0)
        if length is None:
            return  # the error was swallowed, as in pyttsx3
        with wave.open(self._waiting[1], "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(22050)
            file.writeframes(bytes(2 * int(22050 * length)))


def engine(*lengths: float | None, voice: str = "") -> tuple[SpeechEngine, FaultyEngine]:
    faulty = FaultyEngine(*lengths)
    return SpeechEngine("Faulty", faulty, voice, 140, "en"), faulty


def test_voice_and_rate_are_set_once_and_take_effect_at_once() -> None:
    speech, faulty = engine(1.0, 1.0, voice="gmw/de")
    assert faulty.set == [("voice", "gmw/de"), ("rate", 140)]
    assert speech.found
    assert [voice.language for voice in speech.voices] == ["en-gb", "de"]


def test_an_empty_recording_is_made_again(tmp_path: Path) -> None:
    speech, faulty = engine(0.0, 1.0)
    assert speech.make("Hold.", tmp_path / "a.wav") == pytest.approx(1.0)
    assert wav_seconds(tmp_path / "a.wav") == pytest.approx(1.0)
    assert faulty.lengths == []


@pytest.mark.parametrize("lengths", [(0.1, 0.1), (None, None), (0.2, 0.0)])
def test_a_recording_that_fails_twice_leaves_nothing_behind(
    tmp_path: Path, lengths: tuple[float | None, ...]
) -> None:
    speech, faulty = engine(*lengths)
    with pytest.raises(EngineError):
        speech.make("Hold.", tmp_path / "a.wav")
    assert list(tmp_path.iterdir()) == []
    assert faulty.lengths == []


def test_a_failure_leaves_the_old_recording_as_it_was(tmp_path: Path) -> None:
    speech, _faulty = engine(1.0, None, None)
    speech.make("Hold.", tmp_path / "a.wav")
    with pytest.raises(EngineError):
        speech.make("Hold.", tmp_path / "a.wav")
    assert wav_seconds(tmp_path / "a.wav") == pytest.approx(1.0)


def test_a_place_that_cannot_be_written_is_found_before_the_engine_swallows_it(tmp_path: Path) -> None:
    speech, faulty = engine(1.0)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PathError):
        speech.make("Hold.", tmp_path / "file" / "a.wav")
    assert faulty.lengths == [1.0]


@pytest.mark.parametrize(("kind", "order"), [("NONE", ">"), ("sowt", "<")])
def test_what_macos_writes_becomes_a_wav_file(tmp_path: Path, kind: str, order: str) -> None:
    samples = [0, 1000, -1000, 32767, -32768]
    common = struct.pack(">hIhHQ", 1, len(samples), 16, 16383 + 14, 22050 << 49) + kind.encode() + b"\0\0"
    sound = bytes(8) + struct.pack(f"{order}5h", *samples)
    body = b"".join(
        struct.pack(">4sI", name, len(data)) + data + bytes(len(data) % 2)
        for name, data in ((b"FVER", bytes(4)), (b"COMM", common), (b"SSND", sound))
    )
    path = tmp_path / "a.wav"
    path.write_bytes(struct.pack(">4sI4s", b"FORM", len(body) + 4, b"AIFC") + body)
    aiff_to_wav(path)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22050)
        assert list(struct.unpack("<5h", file.readframes(9))) == samples


@pytest.mark.parametrize("data", [b"", b"FORM", b"FORM" + bytes(40), b"RIFF" + bytes(40)])
def test_any_other_file_is_left_as_it_is(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    aiff_to_wav(path)
    assert path.read_bytes() == data


def test_a_recording_cut_short_has_no_length(tmp_path: Path) -> None:
    speech, _faulty = engine(1.0)
    speech.make("Hold.", tmp_path / "a.wav")
    data = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(data[: len(data) // 2])
    assert wav_seconds(tmp_path / "a.wav") is None
