"""Finds an engine that turns sentences into WAV files, and hides the traps of pyttsx3 behind one call.

It leaves out the channel to the app (see worker) and playing. It runs only in the speech process, where
changing the environment and loading libraries harms nobody.
"""

from __future__ import annotations

import array
import ctypes
import os
import struct
import sys
import tempfile
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coach.speech.protocol import SHORTEST_CLIP, VoiceInfo

# In order of preference. On Linux our own eSpeak NG comes first: lengths and sound are those we measured.
_CHOICES = {"win32": ("sapi5", "embedded", "espeak"), "darwin": ("nsss", "embedded", "espeak")}
_LINUX = ("embedded", "espeak")
# Known to start and then make empty files on some machines (pyttsx3#142, #251, #419): tried out first.
_DOUBTFUL = ("sapi5", "nsss")


class EngineError(Exception):
    """No engine, or no sound from it; the message says why, for a log."""


class PathError(Exception):
    """The WAV file cannot be written where it was asked for."""


class SpeechEngine:
    """One engine of pyttsx3 with one voice and one rate.

    Both are set once: changing the rate inside one process spoiled 48 of 120 phrases (pyttsx3 2.99).
    """

    def __init__(self, name: str, engine: Any, voice: str, rate: int, language: str) -> None:
        self.name = name
        self._engine = engine
        self.voices = tuple(_voices(engine))
        if not self.voices:
            raise EngineError(f"{name} has no voices")
        # Properties wait in a queue while the driver counts as busy, which it does until its first run.
        engine.proxy.setBusy(False)
        usual = str(engine.getProperty("voice") or "")
        self.found = not voice or any(one.id == voice for one in self.voices)
        self.voice = voice if voice and self.found else pick_voice(self.voices, language, usual)
        engine.setProperty("voice", self.voice)
        engine.setProperty("rate", rate)
        engine.proxy.setBusy(True)

    def make(self, text: str, path: Path) -> float:
        """Write `text` to `path` and return its length in seconds; a spoiled recording is made again once.

        Raises PathError and EngineError. No half-written file is ever left at `path`.
        """
        part = path.with_name(path.name.removesuffix(".wav") + ".part.wav")
        try:
            # The engine swallows errors of writing: find out before it tries.
            part.write_bytes(b"")
        except OSError as error:
            raise PathError(error.strerror or str(error)) from error
        try:
            for _attempt in range(2):
                self._engine.save_to_file(text, str(part))
                self._engine.runAndWait()
                aiff_to_wav(part)
                seconds = wav_seconds(part)
                if seconds is not None and seconds > SHORTEST_CLIP:
                    part.replace(path)
                    return seconds
            raise EngineError("no sound came out")
        except OSError as error:
            raise PathError(error.strerror or str(error)) from error
        finally:
            part.unlink(missing_ok=True)


def open_engine(choice: str, voice: str, rate: int, language: str) -> SpeechEngine:
    """The first engine that starts, or the one called `choice` (embedded, espeak, sapi5 or nsss).

    Raises EngineError that names every engine that was tried.
    """
    reasons = []
    for name in (choice,) if choice else _CHOICES.get(sys.platform, _LINUX):
        try:
            title, engine = _start(name)
            found = SpeechEngine(title, engine, voice, rate, language)
            if name in _DOUBTFUL:
                with tempfile.TemporaryDirectory() as folder:
                    found.make("Hold.", Path(folder) / "hold.wav")
            return found
        except Exception as error:  # drivers raise whatever their libraries raise
            reasons.append(f"{name}: {type(error).__name__}: {error}")
    raise EngineError("; ".join(reasons))


def pick_voice(voices: Sequence[VoiceInfo], language: str, usual: str) -> str:
    """The id of the voice for `language`: the exact tag, its family, then English, then the `usual` one.

    Within a family the engine's usual voice is preferred, and then the one with the shortest tag.
    """
    for wanted in (language.lower(), "en"):
        exact = [one for one in voices if one.language == wanted]
        if exact:
            return exact[0].id
        family = [one for one in voices if one.language.partition("-")[0] == wanted.partition("-")[0]]
        if any(one.id == usual for one in family):
            return usual
        if family:
            return min(family, key=lambda one: len(one.language)).id
    return usual if any(one.id == usual for one in voices) else voices[0].id


def wav_seconds(path: Path) -> float | None:
    """How long the WAV file lasts, or None if it is missing, broken or cut short."""
    try:
        with wave.open(str(path), "rb") as file:
            frames, rate = file.getnframes(), file.getframerate()
            size = frames * file.getsampwidth() * file.getnchannels()
        if rate <= 0 or path.stat().st_size < size:
            return None
        return frames / rate
    except (OSError, EOFError, wave.Error):
        return None


def aiff_to_wav(path: Path) -> None:
    """Make a WAV file of what may be an AIFF file of 16 bit samples: macOS writes that under any name.

    Any other file, and a damaged one, is left as it is.
    """
    with path.open("rb") as file:
        if file.read(4) != b"FORM":
            return
    data = path.read_bytes()
    chunks = {}
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from(">4sI", data, at)
        chunks[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2  # chunks are padded to even sizes
    common, sound = chunks.get(b"COMM", b""), chunks.get(b"SSND", b"")
    if len(common) < 18 or len(sound) < 8:
        return
    channels, _frames, bits, exponent, mantissa = struct.unpack_from(">hIhHQ", common)
    if bits != 16 or channels < 1:
        return
    samples = array.array("h", sound[8 : len(sound) - len(sound) % 2])
    little = common[18:22] == b"sowt"
    if little != (sys.byteorder == "little"):
        samples.byteswap()
    if sys.byteorder == "big":
        samples.byteswap()  # WAV is little-endian
    with wave.open(str(path), "wb") as file_out:
        file_out.setnchannels(channels)
        file_out.setsampwidth(2)
        # The rate is an 80 bit floating-point number.
        file_out.setframerate(round(mantissa * 2.0 ** (exponent - 16383 - 63)))
        file_out.writeframes(samples.tobytes())


def _start(name: str) -> tuple[str, Any]:
    if name == "embedded":
        return _embedded()
    if name not in ("espeak", "sapi5", "nsss"):
        raise EngineError("there is no such engine")
    import pyttsx3

    titles = {"espeak": "eSpeak NG", "sapi5": "Windows speech", "nsss": "macOS speech"}
    return titles[name], pyttsx3.init(name)


def _embedded() -> tuple[str, Any]:
    """eSpeak NG from the espeakng-loader package."""
    import espeakng_loader

    os.environ["ESPEAK_DATA_PATH"] = str(Path(espeakng_loader.get_data_path()).parent)
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    with _espeak_library(library):
        import pyttsx3

        engine = pyttsx3.init("espeak")
    library.espeak_Info.restype = ctypes.c_char_p
    version = library.espeak_Info(None).decode("ascii", "replace").split(" ")[0]
    return f"eSpeak NG {version}", engine


@contextmanager
def _espeak_library(library: ctypes.CDLL) -> Iterator[None]:
    """While this lasts, whoever loads a library gets ours: pyttsx3 looks for eSpeak in fixed places only."""
    loader: Any = ctypes.cdll
    loader.LoadLibrary = lambda _path: library
    try:
        yield
    finally:
        del loader.LoadLibrary


def _voices(engine: Any) -> Iterator[VoiceInfo]:
    for voice in engine.getProperty("voices") or ():
        tags = [str(tag) for tag in (getattr(voice, "languages", None) or ()) if tag]
        language = tags[0].replace("_", "-").lower() if tags else ""
        yield VoiceInfo(str(voice.id), str(voice.name or voice.id).strip(), language)
