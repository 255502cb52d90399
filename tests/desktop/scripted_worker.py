"""A speech process that does wrong what its first argument says; for tests of its supervisor.

hang        greets, makes one recording, then never answers
mute        never even greets
crash       greets and dies at every request
poison      dies at the text "Poison." only
garbage     answers with noise
flood       writes without end and without a newline
nobody      reports that there is no engine
unwritable  reports that no file in the second argument's folder can be written
silent      reports of every text that no sound came out
other       greets under another name than before and makes recordings
"""

from __future__ import annotations

import os
import signal
import sys
import wave

from coach.speech import protocol
from coach.speech.protocol import Failed, Made, NoEngine, Ready, VoiceInfo


def say(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()


def make(path: str) -> None:
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22050)
        file.writeframes(bytes(22050))


def main() -> None:
    fault, argument = sys.argv[1], sys.argv[2]
    if fault == "mute":
        signal.pause()
    if fault == "nobody":
        say(protocol.encode_reply(NoEngine("nothing here")))
        sys.exit(protocol.NO_ENGINE_EXIT)
    if fault == "flood":
        while True:
            say("x" * 10_000)
    name = "Other" if fault == "other" else "Scripted"
    say(protocol.encode_reply(Ready(name, "v", True, (VoiceInfo("v", "Vera", "en"),))))
    for number, line in enumerate(sys.stdin):
        request = protocol.decode_request(line)
        if fault == "hang" and number == 1:
            signal.pause()
        if fault == "crash" or (fault == "poison" and request.text == "Poison."):
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "garbage":
            say("\x00\xff not for you\n")
        elif fault == "silent":
            say(protocol.encode_reply(Failed(request.id, "engine", "no sound came out")))
        elif fault == "unwritable" and request.path.startswith(argument):
            say(protocol.encode_reply(Failed(request.id, "path", "disk full")))
        else:
            make(request.path)
            say(protocol.encode_reply(Made(request.id, 0.5)))


if __name__ == "__main__":
    main()
