"""Mixing sample by sample, every loudspeaker's promises, and a device that comes, dies and goes."""

from __future__ import annotations

import array
import math
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from coach.desktop import audio
from coach.desktop.audio import (
    ATTACK,
    CUT,
    HUSH,
    LOST,
    NO_DEVICE,
    NO_PLAYER,
    NOT_YET,
    RATE,
    Mixer,
    Mixing,
    PlayerProcess,
    Shelf,
    read_wav,
)
from coach.domain.cues import Tone
from coach.paths import assets_dir
from coach.services.ports import Adapter, Clip, Sound
from tests.conftest import ExpectWarning
from tests.fakes import FakeSound

TONES = assets_dir() / "sounds"


def level(seconds: float, height: int = 10_000) -> array.array[int]:
    return array.array("h", [height] * round(seconds * RATE))


def heard(mixing: Mixing, seconds: float, block: int = 882) -> list[int]:
    """What comes out in the next `seconds`, drawn in blocks as a device does."""
    data = b"".join(mixing.render(block) for _ in range(math.ceil(seconds * RATE / block)))
    return list(array.array("h", data))[: round(seconds * RATE)]


def write_wav(path: Path, frames: bytes, *, rate: int = RATE, width: int = 2, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(frames)
    return path


def at(seconds: float) -> int:
    return round(seconds * RATE)


# ---------------------------------------------------------------------- mixing


def test_nothing_to_play_is_silence() -> None:
    assert heard(Mixing(), 0.1) == [0] * at(0.1)


def test_every_sound_rises_slowly_enough_to_startle_nobody() -> None:
    mixing = Mixing()
    mixing.play(level(0.5))
    out = heard(mixing, 0.2)
    assert out[0] == 0
    assert out[at(ATTACK / 2)] == pytest.approx(5000, abs=50)
    assert out[at(ATTACK) + 1] == 10_000
    assert max(b - a for a, b in pairwise(out)) <= 10_000 / (ATTACK * RATE) + 1
    assert ATTACK >= 0.03


def test_a_sound_can_be_softer_than_the_rest() -> None:
    mixing = Mixing()
    mixing.play(level(0.2), level=0.25)
    assert max(heard(mixing, 0.2)) == max(level(0.2)) // 4
    mixing.play(level(0.2), level=0.0)
    assert heard(mixing, 0.2) == [0] * at(0.2)


def test_a_sound_ends_where_it_ends() -> None:
    mixing = Mixing()
    mixing.play(level(0.1))
    out = heard(mixing, 0.2)
    assert out[at(0.1) - 1] == 10_000
    assert not any(out[at(0.1) :])
    assert mixing.quiet


@pytest.mark.parametrize("block", [1, 100, 882, 5000])
def test_the_size_of_a_block_changes_nothing(block: int) -> None:
    def play(size: int) -> list[int]:
        mixing = Mixing()
        mixing.play(level(0.2))
        mixing.play(level(0.2), 0.05, speech=True)
        return heard(mixing, 0.3, size)

    assert all(abs(a - b) <= 1 for a, b in zip(play(block), play(441), strict=True))


def test_words_begin_to_the_sample_when_they_were_asked_for() -> None:
    mixing = Mixing()
    mixing.play(level(0.2), 0.5, speech=True)
    out = heard(mixing, 0.8)
    assert not any(out[: at(0.5) + 1])
    assert out[at(0.5) + 2] > 0


def test_two_sounds_add_up_and_never_wrap_round() -> None:
    mixing = Mixing()
    mixing.play(level(0.2, 20_000))
    mixing.play(level(0.2, 20_000))
    out = heard(mixing, 0.1)
    assert out[-1] == 32_767
    mixing = Mixing()
    mixing.play(level(0.2, -20_000))
    mixing.play(level(0.2, -20_000))
    assert heard(mixing, 0.1)[-1] == -32_768


def test_a_new_sentence_takes_the_place_of_the_old_one_softly() -> None:
    mixing = Mixing()
    mixing.play(level(1.0), speech=True)
    heard(mixing, 0.2)
    mixing.play(level(1.0), 0.5, speech=True)
    out = heard(mixing, 0.6, 441)
    assert out[0] > 9_000
    assert not any(out[at(CUT) + 2 : at(0.5)])
    assert out[-1] == 10_000


def test_a_sentence_that_waits_is_forgotten_for_a_newer_one() -> None:
    mixing = Mixing()
    mixing.play(level(0.2), 0.2, speech=True)
    mixing.play(level(0.2), 0.6, speech=True)
    out = heard(mixing, 1.0)
    assert not any(out[: at(0.6)])
    assert any(out[at(0.6) :])


def test_a_hush_fades_the_words_and_leaves_the_tone() -> None:
    mixing = Mixing()
    mixing.play(level(1.0, 1_000))
    mixing.play(level(1.0, 10_000), speech=True)
    heard(mixing, 0.2)
    mixing.hush()
    out = heard(mixing, 0.4, 441)
    assert out[at(HUSH / 2)] == pytest.approx(6_000, abs=100)
    assert out[at(HUSH) + 2] == 1_000
    assert HUSH >= 0.2


def test_loudness_moves_without_a_jump() -> None:
    mixing = Mixing(1.0)
    mixing.play(level(1.0))
    heard(mixing, 0.2)
    mixing.set_gain(0.0)
    out = heard(mixing, 0.1, 882)
    assert max(abs(b - a) for a, b in pairwise(out)) <= 12
    assert out[-1] == 0


def test_a_sound_that_waits_keeps_the_mixer_busy() -> None:
    mixing = Mixing()
    mixing.play(level(0.1), 0.5, speech=True)
    assert not mixing.quiet
    heard(mixing, 0.3)
    assert not mixing.quiet
    heard(mixing, 0.4)
    assert mixing.quiet


# ---------------------------------------------------------------------- files


def test_recordings_of_any_kind_are_understood(tmp_path: Path) -> None:
    plain = array.array("h", [1000, -1000, 2000, -2000])
    two = array.array("h", [value for value in plain for _ in range(2)])
    assert read_wav(write_wav(tmp_path / "a.wav", plain.tobytes())) == plain
    assert read_wav(write_wav(tmp_path / "b.wav", two.tobytes(), channels=2)) == plain
    wide = b"".join(b"\x55" + value.to_bytes(2, "little", signed=True) for value in plain)
    assert read_wav(write_wav(tmp_path / "c.wav", wide, width=3)) == plain
    narrow = bytes([128, 255, 0])
    assert list(read_wav(write_wav(tmp_path / "d.wav", narrow, width=1))) == [0, 127 << 8, -32768]


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_another_sample_rate_keeps_length_and_pitch(tmp_path: Path, rate: int) -> None:
    wave_form = [round(8000 * math.sin(2 * math.pi * 440 * i / rate)) for i in range(rate)]
    samples = read_wav(write_wav(tmp_path / "a.wav", array.array("h", wave_form).tobytes(), rate=rate))
    assert len(samples) == pytest.approx(RATE, abs=5)
    crossings = sum(a < 0 <= b for a, b in pairwise(samples))
    assert crossings == pytest.approx(440, abs=2)


def test_a_damaged_tone_is_silent_and_logged(tmp_path: Path, expected_warnings: ExpectWarning) -> None:
    (tmp_path / "begin.wav").write_bytes(b"RIFF")
    expected_warnings("tone begin cannot be read")
    shelf = Shelf(tmp_path)
    assert shelf.tone(Tone.BEGIN) is None
    assert shelf.tone(Tone.BEGIN) is None


def test_only_a_few_recordings_are_kept_in_memory(tmp_path: Path) -> None:
    shelf = Shelf(TONES, clips=2)
    paths = [write_wav(tmp_path / f"{i}.wav", bytes(200)) for i in range(4)]
    for path in paths:
        assert shelf.clip(path) is not None
    assert len(shelf._clips) == 2
    assert shelf.clip(tmp_path / "missing.wav") is None


# ---------------------------------------------------------------------- every loudspeaker


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    return Clip(write_wav(tmp_path / "clip.wav", level(0.3).tobytes()), 0.3)


@pytest.fixture
def player(tmp_path: Path) -> Path:
    """A player program that writes down what it is given, instead of playing it."""
    program = tmp_path / "player.py"
    program.write_text(
        "import sys, wave\n"
        "file = wave.open(sys.argv[1])\n"
        "frames = file.readframes(file.getnframes())\n"
        "peak = max(abs(int.from_bytes(frames[i:i+2], 'little', signed=True))"
        " for i in range(0, len(frames), 2))\n"
        f"open({str(tmp_path / 'played')!r}, 'a').write(f'{{peak}}\\n')\n"
    )
    return program


@pytest.fixture(params=["fake", "null device", "player process", "silence"])
def sound(request: pytest.FixtureRequest, qtbot: QtBot, player: Path) -> Iterator[Sound]:
    made: dict[str, Callable[[], Sound]] = {
        "fake": FakeSound,
        "null device": lambda: Mixer(TONES, backends=("NULL",)),
        "player process": lambda: PlayerProcess(TONES, [sys.executable, str(player)]),
        "silence": lambda: PlayerProcess(TONES, []),
    }
    one = made[request.param]()
    yield one
    one.close()


def test_a_whole_evening_of_sound_raises_nothing(sound: Sound, clip: Clip) -> None:
    sound.set_volume(0.4)
    sound.open()
    sound.open()
    for tone in Tone:
        sound.tone(tone)
    sound.speak(clip, 0.5)
    sound.speak(clip)
    sound.hush()
    sound.set_volume(7.0)
    sound.close(when_quiet=True)
    sound.open()
    sound.speak(Clip(Path("/nowhere.wav"), 1.0))
    sound.close()
    sound.close()


def test_before_it_is_opened_and_after_it_is_closed_nothing_breaks(sound: Sound, clip: Clip) -> None:
    sound.tone(Tone.END)
    sound.speak(clip)
    sound.hush()
    sound.close(when_quiet=True)
    sound.close()
    sound.tone(Tone.END)


# ---------------------------------------------------------------------- the device


@pytest.fixture
def mixer(qtbot: QtBot) -> Iterator[Mixer]:
    one = Mixer(TONES, backends=("NULL",), watch=100)
    yield one
    one.close()


def opened(qtbot: QtBot, mixer: Mixer) -> None:
    mixer.open()
    qtbot.waitUntil(lambda: mixer._device is not None and mixer._mixing.blocks > 0, timeout=5000)


def test_building_a_mixer_opens_and_loads_nothing(mixer: Mixer) -> None:
    assert mixer._device is None
    assert mixer.state.works


def test_an_open_device_asks_for_sound_all_the_time(mixer: Mixer, qtbot: QtBot) -> None:
    opened(qtbot, mixer)
    blocks = mixer._mixing.blocks
    qtbot.waitUntil(lambda: mixer._mixing.blocks >= blocks + 5, timeout=2000)
    assert mixer.state.works


def test_the_device_closes_when_the_last_sound_has_faded(mixer: Mixer, qtbot: QtBot, clip: Clip) -> None:
    opened(qtbot, mixer)
    mixer.speak(clip)
    mixer.close(when_quiet=True)
    mixing = mixer._mixing
    qtbot.waitUntil(lambda: mixer._device is None, timeout=5000)
    assert mixing.blocks * 0.04 > clip.seconds


def test_a_device_that_is_to_close_is_kept_when_the_next_session_begins(mixer: Mixer, qtbot: QtBot) -> None:
    opened(qtbot, mixer)
    device = mixer._device
    mixer.close(when_quiet=True)
    mixer.open()
    blocks = mixer._mixing.blocks
    qtbot.waitUntil(lambda: mixer._mixing.blocks >= blocks + 25, timeout=5000)
    assert mixer._device is device


def test_a_mixer_closed_while_it_opens_leaves_no_device_behind(mixer: Mixer, qtbot: QtBot) -> None:
    mixer.open()
    mixer.close()
    assert mixer._device is None
    assert mixer._opening is None
    assert not any(thread.is_alive() for thread in mixer._closers)


def test_without_a_device_every_session_is_silent_and_says_so_once(qtbot: QtBot) -> None:
    states: list[Adapter] = []
    mixer = Mixer(TONES, backends=("JACK",))  # there is no such server here
    mixer.changed.subscribe(states.append)
    mixer.open()
    qtbot.waitUntil(lambda: bool(states), timeout=5000)
    assert states == [Adapter(False, NO_DEVICE)]
    mixer.open()
    assert mixer.state.works  # nobody knows yet
    qtbot.waitUntil(lambda: mixer._opening is None, timeout=5000)
    assert states[1:] == [Adapter(True, NOT_YET), Adapter(False, NO_DEVICE)]
    mixer.close()


def test_a_device_that_comes_later_is_found_at_the_next_session(qtbot: QtBot) -> None:
    mixer = Mixer(TONES, backends=("JACK",))
    mixer.open()
    qtbot.waitUntil(lambda: not mixer.state.works, timeout=5000)
    mixer._backends = ("NULL",)
    mixer.open()
    qtbot.waitUntil(lambda: mixer.state.works, timeout=5000)
    mixer.close()


def test_a_device_that_falls_silent_is_opened_again(
    mixer: Mixer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "WAKING", 200)
    opened(qtbot, mixer)
    dead = mixer._device
    assert dead is not None
    dead._device.callback_generator = None  # as when a sound server dies: no error, no more calls
    qtbot.waitUntil(lambda: mixer._device not in (None, dead), timeout=5000)
    blocks = mixer._mixing.blocks
    qtbot.waitUntil(lambda: mixer._mixing.blocks > blocks, timeout=2000)
    assert mixer.state.works


def test_a_device_that_stays_away_is_given_up_with_one_sentence(
    mixer: Mixer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "WAKING", 200)
    monkeypatch.setattr(audio, "BACK_OFF", (10, 10))
    states: list[Adapter] = []
    opened(qtbot, mixer)
    mixer.changed.subscribe(states.append)
    device = mixer._device
    assert device is not None
    mixer._backends = ("JACK",)
    device._device.callback_generator = None
    qtbot.waitUntil(lambda: not mixer.state.works, timeout=5000)
    assert states == [Adapter(False, LOST)]


# ---------------------------------------------------------------------- without miniaudio


def test_the_tones_of_a_player_process_can_be_softer_than_its_words(
    qtbot: QtBot, tmp_path: Path, player: Path, clip: Clip
) -> None:
    sound = PlayerProcess(clip.path.parent, [sys.executable, str(player)])
    (clip.path.parent / "begin.wav").write_bytes(clip.path.read_bytes())
    sound.set_volume(1.0, 0.0)
    sound.open()
    sound.tone(Tone.BEGIN)  # not to be heard at all
    sound.set_volume(1.0, 0.5)
    sound.tone(Tone.BEGIN)
    played = tmp_path / "played"
    qtbot.waitUntil(lambda: played.exists() and played.read_text() != "", timeout=5000)
    assert played.read_text() == "2500\n"
    sound.close()


def test_a_player_process_plays_at_the_volume_that_was_set(
    qtbot: QtBot, tmp_path: Path, player: Path, clip: Clip
) -> None:
    sound = PlayerProcess(TONES, [sys.executable, str(player)])
    sound.set_volume(0.5)
    sound.open()
    sound.speak(clip)
    played = tmp_path / "played"
    qtbot.waitUntil(lambda: played.exists() and played.read_text() != "", timeout=5000)
    assert played.read_text() == "2500\n"  # a quarter of 10,000
    sound.close()


def test_words_that_wait_are_not_played_after_a_hush(
    qtbot: QtBot, tmp_path: Path, player: Path, clip: Clip
) -> None:
    sound = PlayerProcess(TONES, [sys.executable, str(player)])
    sound.open()
    sound.speak(clip, 0.05)
    sound.hush()
    sound.tone(Tone.END)
    qtbot.waitUntil(lambda: not sound._running, timeout=5000)
    assert len((tmp_path / "played").read_text().split()) == 1
    sound.close()


def test_a_player_that_is_missing_is_said_once(qtbot: QtBot, clip: Clip) -> None:
    sound = PlayerProcess(TONES, ["/nowhere/player"])
    states: list[Adapter] = []
    sound.changed.subscribe(states.append)
    sound.open()
    sound.speak(clip)
    sound.tone(Tone.END)
    qtbot.waitUntil(lambda: bool(states), timeout=5000)
    assert states == [Adapter(False, NO_PLAYER)]
    sound.close()


def test_without_anything_that_plays_it_is_silent_and_says_what_to_install() -> None:
    assert PlayerProcess(TONES, []).state == Adapter(False, NO_PLAYER)


def test_the_sound_library_brings_nothing_along_that_is_not_needed_and_hides_nothing() -> None:
    code = (
        "import sys; from coach.desktop.audio import _import_miniaudio; _import_miniaudio(); "
        "found = {'numpy', 'urllib.request', 'ssl'} & set(sys.modules); "
        "import urllib.request; print(found, urllib.request.urlopen.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set() urlopen\n"
