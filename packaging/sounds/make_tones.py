"""Writes the eight soft tones of the app to assets/sounds as WAV, 22,050 Hz, mono, 16 bit.

It leaves out every other sound. Standard library only; run it again after changing a tone:
    python packaging/sounds/make_tones.py
"""

from __future__ import annotations

import array
import math
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

RATE = 22_050
# Slow enough that nobody is startled in a quiet room, in seconds.
ATTACK = 0.035
# The loudest sample of every tone, and the level over its first half second, full scale = 1.
PEAK = 10 ** (-12.5 / 20)
LEVEL = 10 ** (-22 / 20)
# Level counts over the time before the words begin.
BODY = 0.5
FADE_OUT = 0.08


@dataclass(frozen=True)
class Note:
    """A struck note: pitch in Hz, start and time to fade to a third in seconds, share of the loudness."""

    pitch: float
    start: float
    decay: float
    share: float = 1.0


A4, C5, D5, E5, G5 = 440.0, 523.25, 587.33, 659.26, 783.99
LOW_G = 392.0

# Each has its own shape, to be known with closed eyes: up, one, two short, a wide step, down, one low.
TONES: dict[str, tuple[float, tuple[Note, ...]]] = {
    "begin": (0.85, (Note(C5, 0.0, 0.12), Note(E5, 0.13, 0.12), Note(G5, 0.26, 0.14))),
    "half": (0.80, (Note(E5, 0.0, 0.20),)),
    "ten": (0.60, (Note(D5, 0.0, 0.08), Note(D5, 0.22, 0.08))),
    "switch": (0.85, (Note(A4, 0.0, 0.12), Note(E5 * 4 / 3, 0.22, 0.15))),
    "end": (0.95, (Note(G5, 0.0, 0.12), Note(E5, 0.13, 0.12), Note(C5, 0.26, 0.20))),
    "next": (0.70, (Note(LOW_G, 0.0, 0.18),)),
}


@dataclass(frozen=True)
class Glide:
    """A hummed tone that slides from one pitch to another, in Hz, swelling and sinking once."""

    start: float
    end: float


# Led strokes and breaths: the hand goes up with the one and comes back with the other. They come up to 30
# times a minute: so they are a fifth wide, without the stroke of a bell, and far quieter than any chime.
GLIDES: dict[str, tuple[float, Glide]] = {
    "rise": (0.55, Glide(330.0, 495.0)),
    "fall": (0.55, Glide(495.0, 330.0)),
}
GLIDE_LEVEL = 10 ** (-31 / 20)
# A breath of the octave, so that the small loudspeakers of a laptop carry it.
GLIDE_PARTIALS = ((1.0, 1.0), (2.0, 0.18), (3.0, 0.05))
# A soft bell: the fundamental with a little of its octave and twelfth, which fade sooner.
PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.22, 0.6), (3.0, 0.07, 0.4))


def shape(seconds: float, notes: tuple[Note, ...]) -> list[float]:
    """The samples of a tone at the common level."""
    count = round(seconds * RATE)
    samples = [0.0] * count
    for note in notes:
        for i in range(round(note.start * RATE), count):
            t = i / RATE - note.start
            rise = 0.5 - 0.5 * math.cos(math.pi * min(t / ATTACK, 1.0))
            for times, share, life in PARTIALS:
                samples[i] += (
                    note.share
                    * rise
                    * share
                    * math.exp(-t / (note.decay * life))
                    * math.sin(2 * math.pi * note.pitch * times * t)
                )
    fade = round(FADE_OUT * RATE)
    for i in range(fade):
        samples[count - 1 - i] *= 0.5 - 0.5 * math.cos(math.pi * i / fade)
    body = samples[: round(BODY * RATE)]
    level = math.sqrt(sum(value * value for value in body) / len(body))
    gain = min(LEVEL / level, PEAK / max(abs(value) for value in samples))
    return [value * gain for value in samples]


def slide(seconds: float, glide: Glide) -> list[float]:
    """The samples of a glide: it swells and sinks once, and moves in the middle."""
    count = round(seconds * RATE)
    samples = [0.0] * count
    phase = 0.0
    for i in range(count):
        t = i / count
        moved = 0.5 - 0.5 * math.cos(math.pi * min(max((t - 0.12) / 0.76, 0.0), 1.0))
        phase += 2 * math.pi * glide.start * (glide.end / glide.start) ** moved / RATE
        swell = math.sin(math.pi * t) ** 2.5
        samples[i] = swell * sum(share * math.sin(times * phase) for times, share in GLIDE_PARTIALS)
    body = samples[: round(BODY * RATE)]
    gain = GLIDE_LEVEL / math.sqrt(sum(value * value for value in body) / len(body))
    return [value * gain for value in samples]


def every_tone() -> dict[str, list[float]]:
    """The samples of all tones by name."""
    made = {name: shape(seconds, notes) for name, (seconds, notes) in TONES.items()}
    return made | {name: slide(seconds, glide) for name, (seconds, glide) in GLIDES.items()}


def write(path: Path, samples: list[float]) -> None:
    frames = array.array("h", (round(value * 32767) for value in samples))
    if sys.byteorder == "big":
        frames.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames.tobytes())


def main() -> None:
    folder = Path(__file__).resolve().parents[2] / "assets" / "sounds"
    folder.mkdir(parents=True, exist_ok=True)
    for name, samples in every_tone().items():
        write(folder / f"{name}.wav", samples)


if __name__ == "__main__":
    main()
