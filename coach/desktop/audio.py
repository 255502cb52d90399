"""Sound: one device kept open during a session, and our own mixing of tones and sentences into it.

It leaves out what is sounded when, and making the recordings. Where miniaudio is missing, a player process
per sound takes its place; where there is no device, silence that says so.
"""

from __future__ import annotations

import array
import ctypes
import importlib.util
import logging
import math
import shutil
import sys
import tempfile
import threading
import wave
from collections import OrderedDict, deque
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from PySide6.QtCore import QProcess, Qt, QTimer

from coach.domain.cues import Tone
from coach.i18n import N_, Line
from coach.services.ports import Adapter, Clip, Sound
from coach.services.topic import Topic

log = logging.getLogger(__name__)

# The rate of eSpeak's recordings and of our tones, in Hz: nothing has to be resampled by us.
RATE = 22_050
# The device asks for this many ms at a time; a sound starts with the next block.
BLOCK = 40
# Ramps in seconds: a start that startles nobody, the end of an interrupted sentence, and a hush.
ATTACK, CUT, HUSH = 0.03, 0.08, 0.2
# The device is called dead when it asked for nothing for a whole period of this many ms.
WATCH = 1000
# A device that was asleep may need more time before it asks regularly: a virtual one took 2 s.
WAKING_BLOCKS, WAKING = 5, 4000
# How long after the last sample the device is closed, in ms: its own buffers must run out first.
TAIL = 400
CLOSING = 100  # ms between two looks whether it is quiet
# Waits before the device is opened again after it died, in ms.
BACK_OFF = (200, 1000, 2000)
# A recording of more bytes than this is not one of ours.
LARGEST_CLIP = 20_000_000

NOT_YET = Line(N_("Sound is ready when a session begins."))
HEARD = Line(N_("Sound goes to {name}."))
NO_DEVICE = Line(N_("No sound device was found. The session goes on with captions."))
LOST = Line(N_("The sound device is gone. The session goes on with captions."))
NO_PLAYER = Line(
    N_("No sound can be played here: install “miniaudio”, pw-play, paplay or aplay. Captions lead you.")
)

Samples = array.array  # of "h": 16 bit, mono, at RATE


def sound_for_this_system(tones: Path) -> Sound:
    """The best way to make sound here: our mixer, else a player process, else silence with a reason.

    `tones` is the folder with one WAV for each Tone. Nothing is opened or loaded yet.
    """
    if importlib.util.find_spec("miniaudio") is not None:
        return Mixer(tones)
    return PlayerProcess(tones, find_player())


def look_for_sound() -> Adapter:
    """For the doctor: open what a session would open, for a moment. Blocks until the device has answered."""
    if importlib.util.find_spec("miniaudio") is None:
        player = find_player()
        if not player:
            return Adapter(False, NO_PLAYER)
        return Adapter(True, Line(HEARD.template, (("name", player[0]),)))
    try:
        device = _Device(Mixing(), ())
    except Exception as trouble:  # the library's own errors, OSError, ImportError of a broken build
        log.info("no sound device: %s", trouble)
        return Adapter(False, NO_DEVICE)
    name = device.name
    device.close()
    return Adapter(True, Line(HEARD.template, (("name", name),)))


def read_wav(path: Path) -> Samples[int]:
    """The samples of a WAV file of any rate, width and number of channels, as 16 bit mono at RATE.

    Raises OSError, EOFError or wave.Error.
    """
    if path.stat().st_size > LARGEST_CLIP:
        raise wave.Error("larger than any of our recordings")
    with wave.open(str(path), "rb") as file:
        channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
        data = file.readframes(file.getnframes())
    data = data[: len(data) - len(data) % (width * channels)]
    if width == 1:  # unsigned
        samples = array.array("h", ((byte - 128) << 8 for byte in data))
    else:  # signed, little-endian: the two upper bytes of each sample
        upper = (
            data
            if width == 2
            else b"".join(data[i + width - 2 : i + width] for i in range(0, len(data), width))
        )
        samples = array.array("h", upper)
        if sys.byteorder == "big":
            samples.byteswap()
    if channels > 1:
        samples = array.array(
            "h", (sum(samples[i : i + channels]) // channels for i in range(0, len(samples), channels))
        )
    return samples if rate == RATE else _resampled(samples, rate)


def _resampled(samples: Samples[int], rate: int) -> Samples[int]:
    last = len(samples) - 1
    if last < 1 or rate <= 0:
        return samples
    made = array.array("h")
    for i in range(int(last * RATE / rate) + 1):
        place = i * rate / RATE
        whole = min(int(place), last - 1)
        part = place - whole
        made.append(round(samples[whole] * (1 - part) + samples[whole + 1] * part))
    return made


# ---------------------------------------------------------------------- mixing


class _Playing:
    """A sound on its way out: `position` is negative while it waits to start, `level` its own loudness."""

    def __init__(self, samples: Samples[int], delay: int, *, speech: bool, level: float = 1.0) -> None:
        self.samples = samples
        self.position = -delay
        self.speech = speech
        self.gain = 0.0
        self.goal = level
        self.slope = max(level, 1e-6) / (ATTACK * RATE)

    @property
    def over(self) -> bool:
        return self.position >= len(self.samples) or (self.goal == 0.0 and self.gain <= 0.0)

    def fade(self, seconds: float) -> None:
        """Fall silent within `seconds`; what has not begun does not begin."""
        self.goal = 0.0
        self.slope = 1.0 / (seconds * RATE)

    def add_to(self, block: list[float]) -> None:
        at = 0
        if self.position < 0:
            at = min(-self.position, len(block))
            self.position += at
        while at < len(block) and not self.over:
            count = min(len(block) - at, len(self.samples) - self.position)
            rising = self.goal > self.gain
            if self.gain != self.goal:
                count = min(count, max(math.ceil(abs(self.goal - self.gain) / self.slope), 1))
            step = 0.0 if self.gain == self.goal else self.slope if rising else -self.slope
            gain = self.gain
            piece = self.samples[self.position : self.position + count]
            if step:
                block[at : at + count] = [
                    old + sample * (gain + step * i)
                    for i, (old, sample) in enumerate(zip(block[at : at + count], piece, strict=True))
                ]
                self.gain = gain + step * count
                if (self.gain >= self.goal) == rising:
                    self.gain = self.goal
            else:
                block[at : at + count] = [
                    old + sample * gain for old, sample in zip(block[at : at + count], piece, strict=True)
                ]
            at += count
            self.position += count


class Mixing:
    """Sums what plays into blocks of samples. `render` is for the audio thread, all else for the others.

    They meet in a queue of orders, so that nobody waits for a lock.
    """

    def __init__(self, gain: float = 1.0) -> None:
        self._orders: deque[tuple[str, Any]] = deque()
        self._playing: list[_Playing] = []
        self._gain = self._goal = gain
        self._silence = b""
        self.blocks = 0

    @property
    def quiet(self) -> bool:
        """Whether nothing plays, waits or is ordered."""
        return not self._orders and not self._playing

    def play(
        self, samples: Samples[int], after: float = 0.0, *, speech: bool = False, level: float = 1.0
    ) -> None:
        """Begin `after` seconds from the next block; a sentence takes the place of the one before.

        `level` is the sound's own amplitude, 0.0 to 1.0, below that of everything.
        """
        delay = round(max(after, 0.0) * RATE)
        self._orders.append(("play", _Playing(samples, delay, speech=speech, level=level)))

    def hush(self) -> None:
        """Fade out what is being said."""
        self._orders.append(("hush", HUSH))

    def set_gain(self, gain: float) -> None:
        self._orders.append(("gain", gain))

    def render(self, frames: int) -> bytes:
        """The next `frames` samples, 16 bit mono."""
        while self._orders:
            self._obey(*self._orders.popleft())
        self.blocks += 1
        if not self._playing or frames <= 0:
            self._gain = self._goal
            if len(self._silence) != 2 * frames:
                self._silence = bytes(2 * max(frames, 0))
            return self._silence
        block = [0.0] * frames
        for sound in self._playing:
            sound.add_to(block)
        self._playing = [sound for sound in self._playing if not sound.over]
        if self._gain == self._goal:
            gain = self._gain
            block = [value * gain for value in block]
        else:
            start, step = self._gain, (self._goal - self._gain) / frames
            block = [value * (start + step * i) for i, value in enumerate(block)]
            self._gain = self._goal
        if max(block) > 32767 or min(block) < -32768:
            block = [min(max(value, -32768.0), 32767.0) for value in block]
        return array.array("h", map(int, block)).tobytes()

    def _obey(self, order: str, what: Any) -> None:
        if order == "gain":
            self._goal = what
            return
        if order == "hush" or what.speech:
            for sound in self._playing:
                if sound.speech:
                    sound.fade(HUSH if order == "hush" else CUT)
            self._playing = [sound for sound in self._playing if not sound.over]
        if order == "play":
            self._playing.append(what)


# ---------------------------------------------------------------------- the device


class _Device:
    """An open device of miniaudio that draws from a Mixing. Opening and closing may take their time."""

    def __init__(self, mixing: Mixing, backends: tuple[str, ...]) -> None:
        """Raises whatever the library raises when there is no device."""
        miniaudio = _import_miniaudio()
        self._library = miniaudio.lib
        with _QuietAlsa():
            self._device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=RATE,
                buffersize_msec=BLOCK,
                backends=[miniaudio.Backend[name] for name in backends],
                app_name="Stretch Coach",
            )
        self.name: str = self._device.backend
        stream = _stream(mixing)
        next(stream)
        if self.name == "Null" and "NULL" not in backends:
            self.close()
            raise OSError("only the null device is there")
        self._device.start(stream)

    def close(self) -> None:
        context = self._device._context
        self._device.close()
        # The library keeps its connection to the sound server otherwise.
        self._library.ma_context_uninit(context)


def _stream(mixing: Mixing) -> Generator[bytes, int, None]:
    frames = yield b""
    while True:
        frames = yield mixing.render(frames)


def _import_miniaudio() -> Any:
    """miniaudio without the modules that it would load for nothing we need.

    It looks for numpy (we hand it plain bytes) and for urllib, as it can play internet radio too: together
    20 MiB and 60 ms where numpy is installed, 3 MiB where it is not.
    """
    spared: dict[str, ModuleType | None] = {"numpy": None, "urllib.request": ModuleType("urllib.request")}
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    absent = {name: stand_in for name, stand_in in spared.items() if name not in modules}
    modules.update(absent)
    try:
        import miniaudio
    finally:
        for name in absent:
            del modules[name]
    return miniaudio


class _QuietAlsa:
    """Keeps ALSA from writing to the terminal what it misses; the user gets one sentence instead."""

    def __enter__(self) -> None:
        self._library: Any = None
        if sys.platform == "linux":
            try:
                self._library = ctypes.CDLL("libasound.so.2")
            except OSError:
                return
            texts = (ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
            self._handler = ctypes.CFUNCTYPE(None, *texts)(lambda *_args: None)
            self._library.snd_lib_error_set_handler(self._handler)

    def __exit__(self, *_error: object) -> None:
        if self._library is not None:
            self._library.snd_lib_error_set_handler(None)


class _Opening:
    """Opens a device on a thread of its own: loading the library and waking a sound server take too long."""

    def __init__(self, mixing: Mixing, backends: tuple[str, ...]) -> None:
        self.device: _Device | None = None
        self.error = ""
        self.done = False
        self._abandoned = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(
            target=self._run, args=(mixing, backends), name="open-sound", daemon=True
        )
        self._thread.start()

    def abandon(self) -> None:
        """Nobody waits for it any more; the thread closes what it opens."""
        with self._lock:
            self._abandoned = True
            device, self.device = self.device, None
        if device is not None:
            device.close()

    def _run(self, mixing: Mixing, backends: tuple[str, ...]) -> None:
        device, error = None, ""
        try:
            device = _Device(mixing, backends)
        except Exception as trouble:  # the library's own errors, OSError, ImportError of a broken build
            error = f"{type(trouble).__name__}: {trouble}"
        with self._lock:
            if not self._abandoned:
                self.device, self.error, self.done = device, error, True
                return
        if device is not None:
            device.close()


class Mixer:
    """The Sound port on miniaudio. Building it loads and opens nothing.

    `tones` is the folder of the tones; `backends` are names of miniaudio's backends, all of them if empty.
    """

    def __init__(self, tones: Path, *, backends: tuple[str, ...] = (), watch: int = WATCH) -> None:
        self._shelf = Shelf(tones)
        self._backends = backends
        self._gain = self._tones = 1.0
        self._mixing = Mixing(self._gain)
        self._state = Adapter(True, NOT_YET)
        self.changed: Topic[Adapter] = Topic()
        self._device: _Device | None = None
        self._opening: _Opening | None = None
        self._closers: list[threading.Thread] = []
        self._wanted = False
        self._closing = False
        self._quiet_for = 0
        self._deaths = 0
        self._seen = -1  # blocks at the last look, ms without a new one, looks that found some
        self._still = self._moves = 0
        self._watch_period = watch
        self._poll = QTimer()
        self._poll.setInterval(10)
        self._poll.timeout.connect(self._look_at_opening)
        self._watch = QTimer()
        self._watch.setTimerType(Qt.TimerType.CoarseTimer)
        self._watch.timeout.connect(self._look_at_device)
        self._again = QTimer()
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._open_device)

    @property
    def state(self) -> Adapter:
        return self._state

    def open(self) -> None:
        """Open the device; it plays silence until there is something to play."""
        self._closing = False
        if self._wanted and (self._device is not None or self._opening is not None or self._again.isActive()):
            if self._device is not None:
                self._watch.start(self._watch_period)
            return
        self._wanted = True
        self._deaths = 0
        if not self._state.works:  # what was missing last time may be there now
            self._set_state(Adapter(True, NOT_YET))
        self._shelf.load_tones()
        self._open_device()

    def tone(self, tone: Tone) -> None:
        samples = self._shelf.tone(tone)
        if samples is not None and self._hears:
            self._mixing.play(samples, level=self._tones)

    def speak(self, clip: Clip, after: float = 0.0) -> None:
        samples = self._shelf.clip(clip.path)
        if samples is not None and self._hears:
            self._mixing.play(samples, after, speech=True)

    def hush(self) -> None:
        self._mixing.hush()

    def set_volume(self, volume: float, tones: float = 1.0) -> None:
        """0.0 to 1.0, as the ear hears it: the amplitude is its square."""
        self._gain = min(max(volume, 0.0), 1.0) ** 2
        self._tones = min(max(tones, 0.0), 1.0) ** 2
        self._mixing.set_gain(self._gain)

    def close(self, *, when_quiet: bool = False) -> None:
        if when_quiet and self._device is not None:
            self._closing, self._quiet_for = True, 0
            self._watch.start(CLOSING)
            return
        self._wanted = self._closing = False
        self._drop()
        if not when_quiet:  # the program may end now, and no thread of ours may outlive it
            for thread in self._closers:
                thread.join(1.0)
        self._closers = [thread for thread in self._closers if thread.is_alive()]

    @property
    def _hears(self) -> bool:
        return self._device is not None or self._opening is not None

    def _open_device(self) -> None:
        self._opening = _Opening(self._mixing, self._backends)
        self._poll.start()

    def _look_at_opening(self) -> None:
        opening = self._opening
        if opening is None or not opening.done:
            return
        self._poll.stop()
        self._opening = None
        if opening.device is not None:
            self._device = opening.device
            self._seen, self._still, self._moves = -1, 0, 0
            self._watch.start(self._watch_period)
            self._set_state(Adapter(True, Line(HEARD.template, (("name", opening.device.name),))))
            return
        log.info("no sound device: %s", opening.error)
        self._mixing = Mixing(self._gain)
        if self._deaths:
            self._revive()
            return
        self._wanted = False
        self._set_state(Adapter(False, NO_DEVICE))

    def _look_at_device(self) -> None:
        moves = self._mixing.blocks != self._seen
        self._still = 0 if moves else self._still + self._watch.interval()
        self._seen = self._mixing.blocks
        patience = self._watch_period if self._seen > WAKING_BLOCKS else max(self._watch_period, WAKING)
        if self._closing:
            self._quiet_for = self._quiet_for + CLOSING if self._mixing.quiet else 0
            if self._quiet_for >= TAIL or self._still >= patience:
                self._wanted = self._closing = False
                self._drop()
        elif moves:
            self._moves += 1
            if self._moves > 2:  # it lives, so a next death counts from the beginning
                self._deaths = 0
        elif self._still >= patience:
            # The library goes on saying that it runs: only the missing calls tell (technology 2).
            log.info("the sound device asks for nothing any more")
            self._drop()
            self._revive()

    def _revive(self) -> None:
        if self._deaths < len(BACK_OFF):
            self._again.start(BACK_OFF[self._deaths])
            self._deaths += 1
            return
        self._wanted = False
        self._set_state(Adapter(False, LOST))

    def _drop(self) -> None:
        """Let go of the device, on a thread of its own because that may take a block's time or hang."""
        for timer in (self._poll, self._watch, self._again):
            timer.stop()
        opening, self._opening = self._opening, None
        device, self._device = self._device, None
        self._closers = [thread for thread in self._closers if thread.is_alive()]
        for close in (opening.abandon if opening else None, device.close if device else None):
            if close is not None:
                thread = threading.Thread(target=close, name="close-sound", daemon=True)
                thread.start()
                self._closers.append(thread)
        # The old device may ask for one more block: it shares nothing with the next one.
        self._mixing = Mixing(self._gain)

    def _set_state(self, state: Adapter) -> None:
        if state != self._state:
            self._state = state
            self.changed.publish(state)


class Shelf:
    """Decoded tones and the few clips used last, ready to be mixed."""

    def __init__(self, folder: Path, clips: int = 6) -> None:
        self._folder = folder
        self._tones: dict[Tone, Samples[int]] = {}
        self._clips: OrderedDict[Path, Samples[int]] = OrderedDict()
        self._most = clips

    def load_tones(self) -> None:
        for tone in Tone:
            self.tone(tone)

    def tone(self, tone: Tone) -> Samples[int] | None:
        """The samples of a tone, or None (and a warning in the log) when its file is damaged."""
        if tone not in self._tones:
            samples = self._read(self._folder / f"{tone.value}.wav")
            if samples is None:
                log.warning("the tone %s cannot be read", tone.value)
                samples = array.array("h")
            self._tones[tone] = samples
        return self._tones[tone] or None

    def clip(self, path: Path) -> Samples[int] | None:
        """The samples of a recording, or None when it cannot be read."""
        if path in self._clips:
            self._clips.move_to_end(path)
            return self._clips[path]
        samples = self._read(path)
        if samples is not None:
            self._clips[path] = samples
            while len(self._clips) > self._most:
                self._clips.popitem(last=False)
        return samples

    def _read(self, path: Path) -> Samples[int] | None:
        try:
            return read_wav(path)
        except (OSError, EOFError, wave.Error) as error:
            log.info("cannot play %s: %s", path, error)
            return None


# ---------------------------------------------------------------------- without miniaudio

_PLAYERS: dict[str, tuple[str, ...]] = {
    "pw-play": (),
    "paplay": (),
    "aplay": ("-q",),
    "afplay": (),
}


def find_player() -> list[str]:
    """The command of a program that plays a WAV file, empty if there is none."""
    for name, options in _PLAYERS.items():
        found = shutil.which(name)
        if found:
            return [found, *options]
    return []


class PlayerProcess:
    """The Sound port by one player process per sound, for systems without miniaudio.

    `command` gets the path of a WAV file at its end; empty means silence. Loudness is written into a copy
    of each sound; a sentence is cut, not faded.
    """

    def __init__(self, tones: Path, command: list[str]) -> None:
        self._tones = tones
        self._command = command
        self._volume = self._tone_volume = 1.0
        self._open = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._speech: QProcess | None = None
        self._running: set[QProcess] = set()
        self._next: Clip | None = None
        self._later = QTimer()
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._speak_now)
        player = Line(HEARD.template, (("name", Path(command[0]).name),)) if command else NO_PLAYER
        self._state = Adapter(bool(command), player)
        self.changed: Topic[Adapter] = Topic()

    @property
    def state(self) -> Adapter:
        return self._state

    def open(self) -> None:
        self._open = bool(self._command)

    def tone(self, tone: Tone) -> None:
        self._play(self._tones / f"{tone.value}.wav", self._tone_volume)

    def speak(self, clip: Clip, after: float = 0.0) -> None:
        self.hush()
        self._next = clip
        self._later.start(round(max(after, 0.0) * 1000))

    def hush(self) -> None:
        self._later.stop()
        self._next = None
        if self._speech is not None:
            self._speech.terminate()
            self._speech = None

    def set_volume(self, volume: float, tones: float = 1.0) -> None:
        self._volume = min(max(volume, 0.0), 1.0)
        self._tone_volume = self._volume * min(max(tones, 0.0), 1.0)

    def close(self, *, when_quiet: bool = False) -> None:
        self._open = False
        if when_quiet:
            return
        self.hush()
        for process in tuple(self._running):
            process.kill()
            process.waitForFinished(500)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _speak_now(self) -> None:
        clip, self._next = self._next, None
        if clip is not None:
            self._speech = self._play(clip.path, self._volume)

    def _play(self, path: Path, volume: float) -> QProcess | None:
        loud = self._scaled(path, volume) if self._open and volume > 0 else None
        if loud is None:
            return None
        process = QProcess()
        process.setStandardErrorFile(QProcess.nullDevice())
        process.setStandardOutputFile(QProcess.nullDevice())
        self._running.add(process)
        process.finished.connect(lambda: self._ended(process))
        process.errorOccurred.connect(lambda error: self._failed(process, error))
        process.start(self._command[0], [*self._command[1:], str(loud)])
        return process

    def _ended(self, process: QProcess) -> None:
        self._running.discard(process)
        if self._speech is process:
            self._speech = None
        process.deleteLater()

    def _failed(self, process: QProcess, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._ended(process)
            if self._state.works:
                self._state = Adapter(False, NO_PLAYER)
                self.changed.publish(self._state)

    def _scaled(self, path: Path, volume: float) -> Path | None:
        """A copy of the sound at this volume; copies are kept until the sound is closed."""
        gain = volume**2
        try:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="stretch-coach-sound-")
            target = Path(self._folder.name) / f"{path.stem}-{round(volume * 100)}.wav"
            if not target.exists():
                samples = array.array("h", (int(value * gain) for value in read_wav(path)))
                if sys.byteorder == "big":
                    samples.byteswap()
                with wave.open(str(target), "wb") as file:
                    file.setnchannels(1)
                    file.setsampwidth(2)
                    file.setframerate(RATE)
                    file.writeframes(samples.tobytes())
        except (OSError, EOFError, wave.Error) as error:
            log.info("cannot play %s: %s", path, error)
            return None
        return target
