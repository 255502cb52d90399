"""Puts the adapters of a session together: time, voice, sound, display, diary and player.

It leaves out both fronts, the terminal's (see app) and the window's (see desk), and starts nothing.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from coach.compose import Core, Request
from coach.desktop.audio import sound_for_this_system
from coach.desktop.awake import awake_for_this_system
from coach.desktop.bus import Bus
from coach.desktop.qt_time import QtTime
from coach.desktop.voice_process import VoiceProcess
from coach.domain.night import Unfinished, night_of
from coach.domain.plan import Plan
from coach.domain.profile import Adapted
from coach.domain.session import Snapshot
from coach.domain.settings import Settings, whispers
from coach.i18n import N_, Line, _, language, languages, render
from coach.paths import assets_dir
from coach.services.diary import Diary
from coach.services.hearing import Hearing
from coach.services.pace import Faster
from coach.services.player import News, Player, describe
from coach.services.ports import Sound, StoreError, Time
from coach.speech.protocol import spoken_language
from coach.storage.journal_sqlite import SqliteJournal
from coach.storage.session_log import SessionLogFile
from coach.terminal.front import where

log = logging.getLogger("coach")

# The loudest the night is, of 1.0 (DESIGN 8: a whisper).
WHISPER = 0.25


@dataclass
class Stage:
    """The adapters and services of sessions, built together and let go together."""

    core: Core
    request: Request
    time: Time
    sound: Sound
    diary: Diary
    player: Player
    hearing: Hearing
    take_over: Callable[[Settings], None]
    """Has voice and sound follow changed settings."""
    close: Callable[[], None]
    plan_id: str = ""
    """The plan of the session that was begun last."""

    @classmethod
    def build(cls, core: Core, request: Request, events: EventFile | None, bus: Bus | None = None) -> Stage:
        """Put everything together; nothing is started. `bus` is the session bus if there is one already."""
        settings = core.preferences.settings
        time: Time = QtTime()
        if request.speed != 1.0:
            time = Faster(time, request.speed)
        voice = VoiceProcess(
            core.paths.voice_cache,
            voice=settings.voice_id,
            rate=settings.voice_rate,
            language=spoken_language(languages(), language()),
        )
        sound = sound_for_this_system(assets_dir() / "sounds")
        sound.set_volume(settings.volume / 100, settings.chimes / 100)
        journal = SqliteJournal(
            core.paths.journal,
            today=lambda: time.now().date(),
            report=lambda line: diary.notices.publish(line),
        )
        diary = Diary(time, SessionLogFile(core.paths.running_session), journal)
        own_bus = bus is None
        bus = bus or Bus()
        player = Player(time, voice, sound, awake_for_this_system(bus), diary)
        if events is not None:
            player.news.subscribe(events.write)

        spoken = (settings.voice_id, settings.voice_rate)

        def take_over(settings: Settings) -> None:
            nonlocal spoken
            wanted = (settings.voice_id, settings.voice_rate)
            if wanted != spoken:
                spoken = wanted
                voice.set_voice(*wanted)
                player.prepare_anew()
            if not player.is_running:  # a session sets its own loudness
                sound.set_volume(settings.volume / 100, settings.chimes / 100)

        def close() -> None:
            journal.close()
            if own_bus:
                bus.close()

        hearing = Hearing(voice, sound, busy=lambda: player.is_running)
        return cls(core, request, time, sound, diary, player, hearing, take_over, close)

    def unfinished(self) -> Unfinished | None:
        """The session to offer to go on with; one whose exercises are gone is kept as it is."""
        found = self.diary.unfinished()
        if found is not None and not self.core.library.can_run(found.plan):
            self.diary.decline()
            return None
        return found

    def where_stopped(self, unfinished: Unfinished) -> str:
        """Where a session broke off, in words: the exercise and the side that come next."""
        timeline = self.core.library.timeline(unfinished.plan)
        work = next((s for s in timeline.segments[unfinished.position :] if s.kind.is_work), None)
        if work is None:
            return _("Your session had just ended.")
        place = Line(N_("Your session stopped at: {where}."), (("where", where(work)),))
        return render(place)

    def adapt(self, plan: Plan) -> Adapted:
        """The plan as this person does it tonight; one with an exercise that is gone stays as it is."""
        if not self.core.library.can_run(plan):
            return Adapted(plan)
        night = night_of(self.time.now())
        return self.core.safety.adapt(plan, night, massage_is_fine=self.request.massage_is_fine)

    def leave_out_tonight(self, exercise_id: str) -> None:
        """Leave a move out for the rest of this night."""
        self.core.safety.leave_out(exercise_id, night_of(self.time.now()))

    def start(self, plan: Plan, carried: Unfinished | None = None) -> None:
        """Begin a session of `plan`, adapted already, or go on with `carried`."""
        settings = self.core.preferences.settings
        self.plan_id = plan.id
        self.player.start(
            plan,
            self.core.library.timeline(plan),
            voice=settings.voice and self.request.speed == 1.0,
            waits=settings.wait_for_me,
            quiet=self.request.mute,
            carried=carried,
            speed=self.request.speed,
        )

    def set_loudness(self, *, dark: bool = False) -> None:
        """The user's volume; late, and in a `dark` window, no louder than a whisper and without chimes."""
        settings = self.core.preferences.settings
        quiet = dark or whispers(settings, self.time.now().time())
        volume = settings.volume / 100
        self.sound.set_volume(min(volume, WHISPER) if quiet else volume, settings.chimes / 100)
        self.player.set_chimes(not quiet)

    def shutdown(self) -> None:
        """End what runs, keeping it, and let go of processes, devices and files."""
        self.player.shutdown()
        self.close()


def follow(stage: Stage, bus: Bus, raise_window: Callable[[], None]) -> None:
    """Let media keys, headset and phone drive the sessions of `stage`, and pause other players for them."""
    from coach.desktop.mpris import Mpris, OtherPlayers

    others = OtherPlayers(bus)
    running = False

    def watch(moment: Snapshot) -> None:
        nonlocal running
        if running != moment.phase.is_over:
            return
        running = not running
        if not running:
            others.go_on()
        elif stage.core.preferences.settings.pause_players:
            others.pause()

    stage.player.moments.subscribe(watch)
    Mpris(bus, stage.player, raise_window)  # it listens to the player, and lives as long


class EventFile:
    """Every segment and cue as one JSON object a line, written at once."""

    def __init__(self, out: TextIO) -> None:
        self._out: TextIO | None = out

    @classmethod
    def open(cls, path: Path) -> EventFile:
        """Begin the file anew. Raises StoreError with a sentence."""
        try:
            return cls(path.open("w", encoding="utf-8", buffering=1))
        except OSError as error:
            raise StoreError(
                Line(
                    N_("{path} cannot be written: {reason}. Choose another file for --events."),
                    (("path", str(path)), ("reason", error.strerror or str(error))),
                )
            ) from error

    def write(self, news: News) -> None:
        """Add one event; a disk that fills up ends the file and not the session."""
        line = describe(news)
        if self._out is None or line is None:
            return
        try:
            self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            log.info("the events file ended: %s", error)
            self.close()

    def close(self) -> None:
        """End the file; what a full disk did not take is lost."""
        if self._out is not None:
            with contextlib.suppress(OSError):
                self._out.close()
            self._out = None
