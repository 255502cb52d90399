"""Lets the user hear one sentence or one tone, to try the voice and the loudness.

It leaves out sessions: while one is running nothing else is heard.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.domain.cues import Tone
from coach.services.ports import Adapter, Sound, Voice
from coach.services.topic import Topic


class Hearing:
    """Says or sounds one thing at a time, and closes the device behind it. Building it starts nothing."""

    def __init__(self, voice: Voice, sound: Sound, *, busy: Callable[[], bool]) -> None:
        """`busy` tells whether a session is running."""
        self._voice = voice
        self._sound = sound
        self._busy = busy
        self._waiting = ""
        self.began: Topic[float] = Topic()
        """Published with the length of the sentence in seconds when it begins to be heard."""
        self.changed: Topic[None] = Topic()
        """Published when `state` may have changed."""
        voice.made.subscribe(self._made)
        for one in (voice.changed, sound.changed):
            one.subscribe(lambda _state: self.changed.publish(None))

    @property
    def state(self) -> Adapter:
        """Whether the voice can be heard, or why not; a silent computer is said before a silent voice."""
        return self._sound.state if not self._sound.state.works else self._voice.state

    def say(self, text: str) -> None:
        """Say `text` as soon as it is made; a sentence asked for before is forgotten."""
        if self._busy():
            return
        self._waiting = text
        self._voice.prepare([text])
        self._made(text)

    def sound(self, tone: Tone) -> None:
        """Sound a tone."""
        if self._busy():
            return
        self._sound.open()
        self._sound.tone(tone)
        self._sound.close(when_quiet=True)

    def _made(self, text: str) -> None:
        if text != self._waiting or self._busy():
            return
        clip = self._voice.clip(text)
        if clip is None:
            return
        self._waiting = ""
        self._sound.open()
        self._sound.speak(clip)
        self._sound.close(when_quiet=True)
        self.began.publish(clip.seconds)
