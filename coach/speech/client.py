"""Speech for commands that wait for their result: list the voices, put one sentence into a file.

It leaves out sessions, which must never wait (see desktop.voice_process). Each call is one short process.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from coach.domain.settings import DEFAULT_RATE
from coach.i18n import N_, Line
from coach.services.ports import Finding
from coach.speech import protocol
from coach.speech.protocol import Failed, Made, NoEngine, ProtocolError, Ready, Request, VoiceInfo

# Seconds; a cold start from a slow disk included. Drivers are known to hang for good.
TIMEOUT = 20.0


class SpeechError(Exception):
    """Speech did not work; `line` says what, and what to do."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.template)
        self.line = line


def list_voices(*, language: str = "en", engine: str = "", timeout: float = TIMEOUT) -> Ready:
    """The engine's name, the voice it would use for `language`, and all its voices. Raises SpeechError."""
    return _ask(protocol.worker_command("", DEFAULT_RATE, language, engine), None, timeout)[0]


def find_voice(voices: tuple[VoiceInfo, ...], wanted: str) -> VoiceInfo | None:
    """The voice with this id, name or language tag, whatever its case."""
    low = wanted.lower()
    for voice in voices:
        if low in (voice.id.lower(), voice.name.lower(), voice.language):
            return voice
    return None


def render_once(
    text: str,
    out_path: Path,
    voice: str = "",
    rate: int = DEFAULT_RATE,
    *,
    language: str = "en",
    engine: str = "",
    timeout: float = TIMEOUT,
) -> float:
    """Write `text` as WAV to `out_path` and return its length in seconds. Raises SpeechError.

    `voice` is an id, name or language of `list_voices`, or empty for the usual one; `rate` is in words a
    minute.
    """
    if not text.strip():
        raise SpeechError(Line(N_("There is nothing to say: the text is empty.")))
    if len(text) > protocol.LONGEST_TEXT:
        raise SpeechError(
            Line(N_("The text is too long. {most} characters fit."), (("most", str(protocol.LONGEST_TEXT)),))
        )
    if voice:
        known = find_voice(list_voices(language=language, engine=engine, timeout=timeout).voices, voice)
        if known is None:
            raise SpeechError(
                Line(N_("There is no voice “{name}” here. See: coach voices"), (("name", voice),))
            )
        voice = known.id
    path = out_path.expanduser().absolute()
    # The worker tells WAV paths by their ending; any other name gets its file at the end.
    target = path if path.suffix == ".wav" else path.with_name(path.name + ".wav")
    command = protocol.worker_command(voice, rate, language, engine)
    _ready, reply = _ask(command, Request(1, text, str(target)), timeout)
    match reply:
        case Made(_, seconds):
            if target != path:
                try:
                    target.replace(path)
                except OSError as error:
                    raise _unwritable(path, error.strerror or str(error)) from error
            return seconds
        case Failed(_, "path", detail):
            raise _unwritable(path, detail)
        case _:
            raise SpeechError(Line(N_("The voice made no sound of this text.")))


def _unwritable(path: Path, detail: str) -> SpeechError:
    return SpeechError(
        Line(
            N_("{path} cannot be written: {reason}. Choose another place."),
            (("path", str(path)), ("reason", detail)),
        )
    )


def _ask(command: list[str], request: Request | None, timeout: float) -> tuple[Ready, protocol.Reply | None]:
    silent = Line(N_("The voice did not answer within {seconds} seconds."), (("seconds", f"{timeout:g}"),))
    missing = Line(
        N_("There is no voice on this computer. Install the package “espeakng-loader” or espeak-ng.")
    )
    try:
        done = subprocess.run(
            command,
            cwd=protocol.worker_folder(),
            input=protocol.encode_request(request) if request else "",
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SpeechError(silent) from None
    except OSError as error:
        raise SpeechError(missing) from error
    replies: list[protocol.Reply] = []
    for line in done.stdout.splitlines():
        try:
            replies.append(protocol.decode_reply(line))
        except ProtocolError:
            continue
    ready = next((one for one in replies if isinstance(one, Ready)), None)
    if ready is None:
        if any(isinstance(one, NoEngine) for one in replies):
            raise SpeechError(missing)
        raise SpeechError(Line(N_("The voice stopped unexpectedly. Please try again.")))
    return ready, next((one for one in replies if not isinstance(one, Ready)), None)


def examine() -> list[Finding]:
    """For the doctor: ask for the engine, and let it say one sentence into a file that is thrown away."""
    engine, voice = N_("Speech engine"), N_("Voice")
    install = Line(N_("Install eSpeak NG with your package manager, or run “bash packaging/run.sh” again."))
    try:
        ready = list_voices()
    except SpeechError as error:
        captions = Line(N_("Tones and captions lead the session."))
        return [
            Finding("engine", engine, False, error.line, install),
            Finding("voice", voice, False, captions, install),
        ]
    found = Line(
        N_("Speaks by {engine}, {n} voices."), (("engine", ready.engine), ("n", str(len(ready.voices))))
    )
    findings = [Finding("engine", engine, True, found)]
    with tempfile.TemporaryDirectory(prefix="coach-doctor-") as folder:
        try:
            seconds = render_once("Hold.", Path(folder) / "hold.wav")
        except SpeechError as error:
            return [*findings, Finding("voice", voice, False, error.line, install)]
    spoken = Line(N_("Speaks: “Hold.” took {seconds} s."), (("seconds", f"{seconds:.1f}"),))
    return [*findings, Finding("voice", voice, True, spoken)]
