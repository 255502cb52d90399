"""The speech process: reads requests from stdin, writes WAV files and answers on what was its stdout.

It leaves out queues, deadlines and retries, which are the app's side; it ends when stdin ends.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from coach.speech import protocol
from coach.speech.engines import EngineError, PathError, SpeechEngine, open_engine
from coach.speech.protocol import Failed, Made, NoEngine, ProtocolError, Ready


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stdin ends; exit code 0, or NO_ENGINE_EXIT where nothing can speak."""
    parser = argparse.ArgumentParser(prog="coach --tts-worker")
    parser.add_argument("--voice", default="")
    parser.add_argument("--rate", type=int, default=140)
    parser.add_argument("--language", default="en")
    parser.add_argument("--engine", default="")
    options = parser.parse_args(arguments)
    replies = _reply_channel()
    choice = options.engine or os.environ.get("COACH_SPEECH_ENGINE", "")
    try:
        engine = open_engine(choice, options.voice, options.rate, options.language)
    except EngineError as error:
        _answer(replies, NoEngine(str(error)))
        return protocol.NO_ENGINE_EXIT
    _answer(replies, Ready(engine.name, engine.voice, engine.found, engine.voices))
    while line := sys.stdin.buffer.readline(protocol.LONGEST_LINE):
        _answer(replies, _serve(engine, line.decode("utf-8", "replace")))
    return 0


def _reply_channel() -> TextIO:
    """What was stdout; from now on the libraries' own prints go to stderr and spoil no reply."""
    channel = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(channel, "w", encoding="utf-8", newline="\n")


def _answer(replies: TextIO, reply: protocol.Reply) -> None:
    replies.write(protocol.encode_reply(reply))
    replies.flush()


def _serve(engine: SpeechEngine, line: str) -> Made | Failed:
    try:
        request = protocol.decode_request(line)
    except ProtocolError as error:
        return Failed(-1, "line", str(error)[:500])
    try:
        return Made(request.id, engine.make(request.text, Path(request.path)))
    except PathError as error:
        return Failed(request.id, "path", str(error))
    except Exception as error:  # a driver may raise anything; the next phrase may work
        return Failed(request.id, "engine", f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    sys.exit(main())
