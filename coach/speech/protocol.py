"""The words that the app and its speech process exchange: one JSON object a line.

It leaves out pipes and processes. Both sides refuse what they do not understand with a ProtocolError.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

VERSION = 1
# A line longer than this many characters is refused: the list of all eSpeak voices takes 12,000.
LONGEST_LINE = 200_000
# Sentences are short; a text of more characters than this is refused.
LONGEST_TEXT = 1_000
# A recording that is not longer than this, in seconds, went wrong (architecture 4).
SHORTEST_CLIP = 0.2
# Exit code of a speech process that found no engine.
NO_ENGINE_EXIT = 3


class ProtocolError(ValueError):
    """A line that is not part of the protocol."""


@dataclass(frozen=True)
class VoiceInfo:
    """A voice an engine offers; `language` is a lower-case tag such as "en-gb", empty if unknown."""

    id: str
    name: str
    language: str


@dataclass(frozen=True)
class Request:
    """Make a WAV of `text` at `path`; `id` comes back with the reply."""

    id: int
    text: str
    path: str


@dataclass(frozen=True)
class Ready:
    """The engine is up. `voice` speaks; `found` is False when another voice had been asked for."""

    engine: str
    voice: str
    found: bool
    voices: tuple[VoiceInfo, ...]


@dataclass(frozen=True)
class Made:
    """The WAV of request `id` is in its place and lasts `seconds`."""

    id: int
    seconds: float


@dataclass(frozen=True)
class Failed:
    """Request `id` (-1 if it could not be read) was not carried out.

    `reason` is "line" (not understood), "path" (cannot be written) or "engine" (no sound came out).
    """

    id: int
    reason: str
    detail: str


@dataclass(frozen=True)
class NoEngine:
    """There is no engine that starts; the process ends."""

    detail: str


Reply = Ready | Made | Failed | NoEngine
_REPLIES: dict[str, type[Reply]] = {"ready": Ready, "made": Made, "failed": Failed, "no-engine": NoEngine}
_NAMES = {kind: name for name, kind in _REPLIES.items()}


def encode_request(request: Request) -> str:
    """`request` as one line, with its newline."""
    return _line({"v": VERSION, **asdict(request)})


def decode_request(line: str) -> Request:
    """The request in `line`. Raises ProtocolError."""
    found = _fields(line)
    request = Request(_typed(found, "id", int), _typed(found, "text", str), _typed(found, "path", str))
    if not request.text.strip() or len(request.text) > LONGEST_TEXT:
        raise ProtocolError(f"text must have 1 to {LONGEST_TEXT} characters")
    if not request.path.endswith(".wav"):
        raise ProtocolError("path must end in .wav")
    return request


def encode_reply(reply: Reply) -> str:
    """`reply` as one line, with its newline."""
    return _line({"v": VERSION, "event": _NAMES[type(reply)], **asdict(reply)})


def decode_reply(line: str) -> Reply:
    """The reply in `line`. Raises ProtocolError."""
    found = _fields(line)
    match found.get("event"):
        case "ready":
            voices = _typed(found, "voices", list)
            return Ready(
                _typed(found, "engine", str),
                _typed(found, "voice", str),
                _typed(found, "found", bool),
                tuple(_voice(one) for one in voices),
            )
        case "made":
            return Made(_typed(found, "id", int), float(_typed(found, "seconds", (int, float))))
        case "failed":
            return Failed(
                _typed(found, "id", int), _typed(found, "reason", str), _typed(found, "detail", str)
            )
        case "no-engine":
            return NoEngine(_typed(found, "detail", str))
        case other:
            raise ProtocolError(f"unknown event {other!r}")


def worker_command(voice: str, rate: int, language: str, engine: str = "") -> list[str]:
    """The command that starts a speech process with these settings, in a frozen app too.

    An empty `voice` or `engine` leaves the choice to the process. Run it in `worker_folder()`.
    """
    entry = ["--tts-worker"] if getattr(sys, "frozen", False) else ["-m", "coach.speech.worker"]
    options = ["--voice", voice, "--rate", str(rate), "--language", language, "--engine", engine]
    return [sys.executable, *entry, *options]


def worker_folder() -> Path:
    """Where `-m coach.speech.worker` is found, and no stray module of the user's current folder is."""
    return Path(__file__).resolve().parent.parent.parent


def spoken_language(wanted: Sequence[str], texts: str = "en") -> str:
    """The tag of the voice to look for, when the texts are in language `texts`.

    `wanted` holds POSIX locale names, most wanted first. A user of another language hears the texts in
    their own language all the same; a region of the right language (en_US) is kept.
    """
    for name in wanted:
        tag = name.partition(".")[0].partition("@")[0].replace("_", "-").lower()
        if tag.partition("-")[0] == texts:
            return tag
    return texts


def _line(fields: dict[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")) + "\n"


def _fields(line: str) -> dict[str, object]:
    if len(line) > LONGEST_LINE:
        raise ProtocolError("line too long")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ProtocolError("not an object")
    if found.get("v") != VERSION:
        raise ProtocolError(f"version {found.get('v')!r} instead of {VERSION}")
    return found


def _typed(found: dict[str, object], name: str, kind: type[T] | tuple[type[T], ...]) -> T:
    value = found.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ProtocolError(f"{name} is {value!r}")
    return value


def _voice(found: object) -> VoiceInfo:
    if not isinstance(found, dict):
        raise ProtocolError("a voice is not an object")
    return VoiceInfo(*(_typed(found, name, str) for name in ("id", "name", "language")))
