"""What comes out of the sound server, recorded: a virtual sound card of our own, and its death."""

from __future__ import annotations

import array
import math
import os
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

from coach.desktop import audio
from coach.desktop.audio import LOST, RATE, Mixer
from coach.domain.cues import TONE_LEAD, Tone
from coach.paths import assets_dir
from coach.services.ports import Adapter, Clip

pytestmark = pytest.mark.skipif(
    not (shutil.which("pulseaudio") and shutil.which("parec")),
    reason="pulseaudio is not installed (packaging/test.sh installs it)",
)

# A tone peaks below this sample value, the burst that stands for words above it.
LOUD = 12_000


class Recorder:
    """Records the virtual card; `position` is how many samples have arrived up to now."""

    def __init__(self, server: str) -> None:
        self._data = bytearray()
        self._process = QProcess()
        self._process.readyReadStandardOutput.connect(self._read)
        options = ["--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=10"]
        self._process.start("parec", [f"--server={server}", "--device=test.monitor", *options])

    def _read(self) -> None:
        self._data += bytes(self._process.readAllStandardOutput().data())

    @property
    def position(self) -> int:
        return len(self._data) // 2

    def samples(self, start: int = 0) -> array.array[int]:
        return array.array("h", bytes(self._data[2 * start : 2 * self.position]))

    def first(self, height: int, start: int = 0) -> int | None:
        """The first sample from `start` on that is louder than `height`."""
        return next((start + i for i, v in enumerate(self.samples(start)) if abs(v) > height), None)

    def stop(self) -> None:
        self._process.kill()
        self._process.waitForFinished(1000)


@pytest.fixture
def server(
    fresh_home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[subprocess.Popen[bytes]]:
    """A sound server with one virtual card."""
    socket = fresh_home / "run" / "sound"
    modules = [f"module-native-protocol-unix socket={socket}", "module-null-sink sink_name=test"]
    options = [part for module in modules for part in ("-L", module)]
    monkeypatch.setenv("PULSE_SERVER", f"unix:{socket}")
    with subprocess.Popen(
        ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", *options],
        stderr=subprocess.DEVNULL,
    ) as process:
        qtbot.waitUntil(socket.exists, timeout=10_000)
        yield process
        process.kill()


@pytest.fixture
def recorder(server: object) -> Iterator[Recorder]:
    one = Recorder(os.environ["PULSE_SERVER"])
    yield one
    one.stop()


@pytest.fixture
def mixer(server: object) -> Iterator[Mixer]:
    one = Mixer(assets_dir() / "sounds", watch=300)
    yield one
    one.close()


def flowing(qtbot: QtBot, mixer: Mixer) -> None:
    mixer.open()
    qtbot.waitUntil(lambda: mixer._mixing.blocks > 10, timeout=10_000)


def test_a_tone_is_heard_when_it_is_asked_for_and_the_words_half_a_second_later(
    mixer: Mixer, recorder: Recorder, qtbot: QtBot, tmp_path: Path
) -> None:
    burst = array.array("h", [round(20_000 * math.sin(i * 0.3)) for i in range(RATE // 5)])
    with wave.open(str(tmp_path / "burst.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(burst.tobytes())
    qtbot.waitUntil(lambda: recorder.position > RATE // 10, timeout=10_000)
    flowing(qtbot, mixer)
    before = recorder.position
    mixer.tone(Tone.BEGIN)
    mixer.speak(Clip(tmp_path / "burst.wav", 0.2), TONE_LEAD)
    qtbot.waitUntil(lambda: recorder.first(LOUD, before) is not None, timeout=5000)
    assert recorder.first(200, 0) is not None
    onset, words = recorder.first(200, before), recorder.first(LOUD, before)
    assert onset is not None
    assert words is not None
    assert not any(abs(value) > 200 for value in recorder.samples()[:before])
    assert (onset - before) / RATE < 0.12
    # The burst is past LOUD about 18 ms into its rise; the tone is past 200 some ms into its own.
    assert (words - onset) / RATE == pytest.approx(TONE_LEAD + 0.01, abs=0.02)


def test_when_the_sound_server_dies_the_user_is_told_and_nothing_hangs(
    mixer: Mixer, server: subprocess.Popen[bytes], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "BACK_OFF", (10, 50))
    states: list[Adapter] = []
    recorder = Recorder(os.environ["PULSE_SERVER"])  # keeps the virtual card awake
    flowing(qtbot, mixer)
    mixer.changed.subscribe(states.append)
    recorder.stop()
    server.kill()
    qtbot.waitUntil(lambda: bool(states), timeout=10_000)
    assert states == [Adapter(False, LOST)]
    mixer.tone(Tone.END)


def test_when_the_sound_server_comes_back_so_does_the_sound(
    mixer: Mixer, recorder: Recorder, qtbot: QtBot
) -> None:
    flowing(qtbot, mixer)
    device = mixer._device
    assert device is not None
    device._device.callback_generator = None  # the library has lost its stream and does not say so
    qtbot.waitUntil(lambda: mixer._device not in (None, device), timeout=10_000)
    qtbot.waitUntil(lambda: mixer._mixing.blocks > 10, timeout=10_000)
    start = recorder.position
    mixer.tone(Tone.HALF)
    qtbot.waitUntil(lambda: recorder.first(200, start) is not None, timeout=5000)
