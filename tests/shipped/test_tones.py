"""The tones are soft, alike in loudness and known apart with closed eyes; the glides are quieter still."""

from __future__ import annotations

import cmath
import math
import runpy
import wave
from array import array
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from coach.desktop.audio import read_wav
from coach.domain.cues import TONE_LEAD, Tone
from coach.paths import assets_dir

FOLDER = assets_dir() / "sounds"
RATE = 22_050
FULL = 32_768.0
# Sounded with every stroke and breath, up to 30 times a minute each.
GLIDES = (Tone.RISE, Tone.FALL)
CHIMES = tuple(tone for tone in Tone if tone not in GLIDES)


def samples(tone: Tone) -> array[int]:
    return read_wav(FOLDER / f"{tone.value}.wav")


def rms(values: array[int]) -> float:
    return math.sqrt(sum(value * value for value in values) / len(values)) / FULL


def decibels(value: float) -> float:
    return 20 * math.log10(value)


def pitches(tone: Tone) -> list[int]:
    """The loudest of a few candidate pitches in every tenth of a second of the body, 0 where it is quiet."""
    candidates = (330, 392, 440, 495, 523, 587, 659, 784, 879)
    sound = samples(tone)
    found = []
    for start in range(0, int(TONE_LEAD * RATE), RATE // 10):
        piece = sound[start : start + RATE // 10]
        power = {
            pitch: abs(sum(v * cmath.exp(-2j * math.pi * pitch * i / RATE) for i, v in enumerate(piece)))
            for pitch in candidates
        }
        best = max(power, key=lambda pitch: power[pitch])
        found.append(best if rms(piece) > 0.35 * rms(sound[: int(TONE_LEAD * RATE)]) else 0)
    return found


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_is_a_short_mono_recording_that_needs_no_conversion(tone: Tone) -> None:
    with wave.open(str(FOLDER / f"{tone.value}.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert TONE_LEAD <= file.getnframes() / RATE <= 1.0


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_rises_slowly_and_ends_without_a_click(tone: Tone) -> None:
    sound = samples(tone)
    peak = max(abs(value) for value in sound)
    first = max(abs(value) for value in sound[: RATE * 10 // 1000])
    assert first < 0.25 * peak  # after 10 ms it has hardly begun
    assert max(abs(value) for value in sound[: RATE * 20 // 1000]) < 0.7 * peak
    assert abs(sound[0]) <= 1
    assert abs(sound[-1]) <= 3
    ends = [max(abs(v) for v in sound[-n:]) for n in (RATE // 200, RATE // 20)]
    assert ends[0] < 0.01 * peak
    assert ends[1] < 0.06 * peak


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_is_soft_and_leaves_room_for_the_first_word(tone: Tone) -> None:
    sound = samples(tone)
    assert decibels(max(abs(value) for value in sound) / FULL) <= -12.0
    body, tail = sound[: int(TONE_LEAD * RATE)], sound[int(TONE_LEAD * RATE) :]
    assert decibels(rms(tail)) <= decibels(rms(body)) - 4.0


def loudness(tone: Tone) -> float:
    """The level over the half second before the words, in dB under full scale."""
    return decibels(rms(samples(tone)[: int(TONE_LEAD * RATE)]))


@pytest.mark.parametrize("alike", [CHIMES, GLIDES])
def test_tones_of_a_kind_are_about_equally_loud(alike: tuple[Tone, ...]) -> None:
    levels = [loudness(tone) for tone in alike]
    assert max(levels) - min(levels) <= 2.0


def test_the_glides_of_strokes_and_breaths_are_clearly_quieter_than_every_chime() -> None:
    assert max(loudness(tone) for tone in GLIDES) <= min(loudness(tone) for tone in CHIMES) - 6.0
    assert min(loudness(tone) for tone in GLIDES) >= -36.0  # and still heard at a whisper


def crossings(tone: Tone) -> list[float]:
    """The pitch of a hummed tone in Hz, from one upward zero crossing to the next, where it can be heard."""
    sound = samples(tone)
    peak = max(abs(value) for value in sound)
    ups = [i for i in range(1, len(sound)) if sound[i - 1] < 0 <= sound[i]]
    return [
        RATE / (after - before)
        for before, after in pairwise(ups)
        if max(abs(value) for value in sound[before:after]) > 0.1 * peak
    ]


def test_one_glide_only_rises_and_the_other_only_falls_by_a_fifth() -> None:
    up, down = crossings(Tone.RISE), crossings(Tone.FALL)
    for before, after in pairwise(up):
        assert after >= before * 0.97  # a sample more or less is the grid of the recording
    for before, after in pairwise(down):
        assert after <= before * 1.03
    assert up[-1] / up[0] == pytest.approx(1.5, abs=0.15)
    assert down[0] / down[-1] == pytest.approx(1.5, abs=0.15)


def test_a_glide_swells_and_sinks_once_and_never_strikes() -> None:
    for tone in GLIDES:
        sound = samples(tone)
        levels = [rms(sound[start : start + RATE // 50]) for start in range(0, len(sound), RATE // 50)]
        top = levels.index(max(levels))
        assert 0.2 < top * 0.02 < 0.35  # seconds: no sharp beginning
        assert levels[:top] == sorted(levels[:top])
        assert levels[top + 1 :] == sorted(levels[top + 1 :], reverse=True)


def test_no_two_tones_have_the_same_shape() -> None:
    shapes = {tone: pitches(tone) for tone in Tone}
    for one, other in combinations(Tone, 2):
        different = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
        assert different >= 2, (one, other, shapes[one], shapes[other])


def test_beginning_goes_up_and_ending_goes_down() -> None:
    up = [pitch for pitch in pitches(Tone.BEGIN) if pitch]
    down = [pitch for pitch in pitches(Tone.END) if pitch]
    assert up == sorted(up)
    assert len(set(up)) >= 3
    assert down == sorted(down, reverse=True)
    assert len(set(down)) >= 3


def test_ten_seconds_is_struck_twice() -> None:
    sound = samples(Tone.TEN)
    levels = [rms(sound[start : start + 441]) for start in range(0, int(TONE_LEAD * RATE), 441)]
    peaks = [
        i
        for i in range(1, len(levels) - 1)
        if levels[i - 1] < levels[i] >= levels[i + 1] and levels[i] > 0.05
    ]
    assert len(peaks) == 2


def test_the_shipped_tones_are_those_the_script_makes(tmp_path: Path) -> None:
    script = runpy.run_path(str(Path(__file__).parents[2] / "packaging" / "sounds" / "make_tones.py"))
    everything = script["every_tone"]()
    assert set(everything) == {tone.value for tone in Tone}
    for name, drawn in everything.items():
        script["write"](tmp_path / "a.wav", drawn)
        made, kept = read_wav(tmp_path / "a.wav"), samples(Tone(name))
        assert len(made) == len(kept)
        # One step of 16 bits is left to another machine's arithmetic.
        assert max(abs(a - b) for a, b in zip(made, kept, strict=True)) <= 1
